"""Papers before they are issued: which act issues what another approves, what was looked at, what
a paper may print and in which words."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from dengwen.cases.write.call_context import Texts
from dengwen.cases.write.papers import draft, issue, paper_contents
from dengwen.documents.document_words import ADDRESSED
from dengwen.law.duties.act_record import CORRECT, VOID, ActRecord
from dengwen.law.duties.step import Step
from dengwen.law.packs.vocabulary import SHOWN
from tests.cases.bare_rules import bare_act

NOW = datetime(2025, 3, 18, 4, tzinfo=UTC)
TODAY = date(2025, 3, 18)
DAY = timedelta(days=1)
ORGANS = {5: SimpleNamespace(name_zh="示例局", pk=5), 6: SimpleNamespace(name_zh="示例厅", pk=6)}
CALL: Any = SimpleNamespace(organ=ORGANS.get)


# --- drafts ---------------------------------------------------------------------------------------
CHECK = bare_act("check", approves=("draft", "check"))
SIGN = bare_act("sign", approves=("draft",), documents=("opinion",))
OTHER = bare_act("reply", approves=("letter",), documents=("letter",))
KIND: Any = SimpleNamespace(
    acts={one.id: one for one in (OTHER, CHECK, SIGN)},
    duties={
        "draft": SimpleNamespace(opens=("accept", "return_draft"), closes=("draft",)),
        "reply": SimpleNamespace(opens=("return_letter",), closes=("letter",)),
    },
)


def test_the_paper_that_is_checked_is_the_one_of_the_act_that_will_issue_it() -> None:
    assert draft.issuing_rule(KIND, CHECK) is SIGN
    assert draft.issuing_rule(KIND, SIGN) is SIGN
    alone = bare_act("approve", approves=("plan",))
    assert draft.issuing_rule(KIND, alone) is alone  # nothing comes after it


@pytest.mark.parametrize(
    ("rule", "back"),
    [
        (bare_act("return_draft", approves=("draft",)), True),
        (bare_act("return_letter", approves=("draft",)), False),  # it sends another draft back
        (SIGN, False),
        (bare_act("accept"), False),  # it opens the drafting and looks at no draft
    ],
)
def test_an_act_sends_a_draft_back_where_it_opens_the_drafting_again(
    rule: Any, *, back: bool
) -> None:
    assert draft.sends_back(KIND, rule) is back


def test_a_paper_prints_the_fields_its_act_knows_and_never_the_digest_shown() -> None:
    rule: Any = SimpleNamespace(field_rule=lambda name: name in {"outcome", SHOWN})
    fields: dict[str, Any] = {"outcome": "accept", SHOWN: "00", "forged": "x"}
    assert draft._printed_fields(rule, fields) == {"outcome": "accept"}


def digest(records: list[ActRecord], values: dict[str, str]) -> str:
    papers: Any = [SimpleNamespace(rule="opinion", values=values)]
    return draft._digest(SIGN, papers, {n: f"u{n}" for n in range(9)}, records)


def test_the_digest_of_a_draft_follows_its_text_and_its_corrections_and_nothing_else() -> None:
    wrote = ActRecord(1, "draft", NOW, NOW)
    values = {"outcome": "支持"}
    seen = digest([wrote], values)
    corrected = ActRecord(2, CORRECT, NOW, NOW, data={"target": 1})
    beside = ActRecord(3, "note", NOW, NOW, data={"target": 1})
    elsewhere = ActRecord(4, CORRECT, NOW, NOW, data={"target": 3})
    assert digest([wrote, beside], values) == seen
    assert digest([wrote, beside, elsewhere], values) == seen
    others = [
        digest([wrote, corrected], values),
        digest([wrote], {"outcome": "不支持"}),
        digest([wrote, ActRecord(5, "draft", NOW, NOW)], values),
        digest([], values),
    ]
    assert len({seen, *others}) == 1 + len(others)
    assert len(seen) == 64


@pytest.mark.parametrize(
    ("shown", "code"),
    [(None, "not-shown"), ("", "not-shown"), ("aa", "look-again"), ("bb", "draft-changed")],
)
def test_why_a_name_may_not_be_put_under_a_draft(shown: str | None, code: str) -> None:
    step = Step(act="sign", fields={} if shown is None else {SHOWN: shown})
    newest = draft.Draft((), "aa")
    assert draft.refusal(step, SIGN, newest).code == code


# --- in which words -------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("kind", "value", "said"),
    [
        ("flag", True, "是"),
        ("flag", False, "否"),
        ("date", TODAY, "2025-03-18"),
        ("organ", 5, "示例局"),
        ("organ", 99, "99"),
        ("organ", "x", "x"),
        ("code", "a", "甲"),
        ("code", "z", "z"),
        ("codes", ("a", "b", "z"), "甲、乙、z"),
        ("number", 3, "3"),
    ],
)
def test_a_value_on_paper_is_read_by_people(kind: str, value: Any, said: str) -> None:
    names = {"a": ("甲", "A"), "b": ("乙", "B")}
    assert issue.shown(kind, names, value, CALL) == said


def test_an_official_is_printed_by_name_and_an_unknown_one_as_given(db: None) -> None:
    assert issue.shown("official", {}, 4_000_000, CALL) == "4000000"


@pytest.mark.parametrize(
    ("known", "said", "own", "uids", "usable"),
    [
        ({1, 2}, None, 0, {1, 2}, True),
        ({1, 2}, None, 0, {1, 2, 3}, False),  # an act came since
        ({1, 2}, {}, 3, {1, 2, 3}, True),  # the act that issues brings its texts along
        ({1, 2}, None, 3, {1, 2, 3}, False),  # once it is written nothing is opened any more
        ({1, 2}, {}, 3, {1, 2, 3, 4}, False),
        ({1, 2}, {}, 0, {1}, True),
    ],
)
def test_texts_read_before_are_used_while_they_are_all(
    known: set[int], said: dict[str, str] | None, own: int, uids: set[int], *, usable: bool
) -> None:
    kept = Texts(frozenset(known), (), said)
    assert issue._is_usable(kept, dict.fromkeys(uids, "u"), own) is usable


def superior(purpose: str, organ: int, *, holds: bool = True) -> Any:
    return SimpleNamespace(purpose=purpose, superior_id=organ, holds_on=lambda _day: holds)


@pytest.mark.parametrize(
    ("rows", "named"),
    [
        ([superior("review", 6)], {"review_organ": "示例厅"}),
        ([superior("recheck", 5), superior("review", 6)], {"review_organ": "示例厅"}),
        ([superior("review", 5, holds=False), superior("review", 6)], {"review_organ": "示例厅"}),
        ([superior("review", 99), superior("review", 6)], {}),
        ([superior("recheck", 6)], {}),
        ([], {}),
    ],
)
def test_the_organ_of_the_next_remedy_is_the_one_in_force_for_it(
    rows: list[Any], named: dict[str, str]
) -> None:
    call: Any = SimpleNamespace(organ=ORGANS.get, superiors_of=lambda _pk: rows)
    organ: Any = SimpleNamespace(pk=1)
    assert issue._remedy("review", organ, TODAY, call) == named


@pytest.mark.parametrize(
    ("values", "texts", "facts", "lacks"),
    [
        ({}, {}, {}, True),
        ({"petitioner": "王示例"}, {}, {}, False),
        ({}, {"petitioner": "王示例"}, {}, False),
        ({}, {}, {"anonymous": "true"}, False),
        ({}, {}, {"anonymous": "false"}, True),
        ({"petitioner": ""}, {}, {"anonymous": "false"}, False),
    ],
)
def test_a_petitioner_is_looked_for_where_nobody_said_who_it_is(
    values: dict[str, str], texts: dict[str, str], facts: dict[str, str], *, lacks: bool
) -> None:
    view: Any = SimpleNamespace(facts=facts)
    assert issue._lacks_petitioner(values, Step(act="sign", texts=texts), view) is lacks


def test_days_of_acts_and_duties_are_printed_under_their_names() -> None:
    duties = [
        SimpleNamespace(rule=SimpleNamespace(id="handle"), due=TODAY),
        SimpleNamespace(rule=SimpleNamespace(id="notify"), due=None),
    ]
    view: Any = SimpleNamespace(duties=duties, days={"accept": TODAY - DAY})
    assert issue._days_of(view) == {"handle_due": "2025-03-18", "accept_on": "2025-03-17"}


def limit(**more: Any) -> Any:
    plain = {
        "zh": "办理", "starts": "受理", "notice": "", "basis": SimpleNamespace(cite=lambda _i: "第三十四条"),
        "term": SimpleNamespace(amount=60, unit="calendar"),
    }  # fmt: skip
    return SimpleNamespace(**{**plain, **more})


def test_a_limit_without_a_number_is_not_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    clocks = [limit(), limit(term=None), limit(zh="复查", notice="不计送达")]
    monkeypatch.setattr(issue, "printed_limits", lambda *_: clocks)
    book: Any = SimpleNamespace(instruments={})
    document: Any = None
    view: Any = None
    lines = issue.limits_of(document, book, view, TODAY).splitlines()
    assert len(lines) == 2
    assert lines[0].startswith("办理：60")
    assert lines[0].endswith("自受理之日起算（第三十四条）。")
    assert lines[1].endswith("（第三十四条）。不计送达。")


def test_facts_are_printed_in_words_and_name_whom_a_file_is_about(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(
        issue, "liability_words", lambda _k, field, *_: "严重" if field.name == "grade" else ""
    )
    options = {"a": ("甲", "A")}

    def field(name: str, *, fact: bool = True) -> Any:
        return SimpleNamespace(name=name, fact=fact, type="code", option_names=options)

    fields = (field("grade"), field("path"), field("appellant"), field("word", fact=False))
    kind: Any = SimpleNamespace(acts={"open": SimpleNamespace(fields=fields)})
    case: Any = SimpleNamespace(place="")

    def found(**facts: str) -> dict[str, str]:
        view: Any = SimpleNamespace(facts=facts)
        return issue._facts(kind, view, case, TODAY, CALL)

    assert found(grade="3", path="a", word="a", other="a") == {
        "grade": "严重", "path": "甲", "word": "a", "other": "a",
    }  # fmt: skip
    assert found(path="") == {"path": ""}
    assert found(appellant="a") == {"appellant": "甲", ADDRESSED: "甲"}
    both = found(appellant="a", subject_official="b")
    assert both[ADDRESSED] == "b"
    assert ADDRESSED not in found(appellant="")


# --- what papers say that no act holds ------------------------------------------------------------
def test_the_day_of_receipt_is_the_one_stated_by_the_newest_act_of_this_organ() -> None:
    def got(act_: str, organ: int, days: int, **data: Any) -> ActRecord:
        return ActRecord(days, act_, NOW + days * DAY, NOW, organ=organ, data=data)

    day = paper_contents._day_received
    assert day([], 5) == ""
    assert day([got("register", 6, 1)], 5) == ""
    assert day([got("note", 5, 1)], 5) == ""
    for act_ in ("register", "receive", "receive_onward", "take_over"):
        assert day([got(act_, 5, 1)], 5) == "2025-03-19"
    acts = [got("register", 5, 1), got("receive", 5, 3), got("receive", 6, 4)]
    assert day(acts, 5) == "2025-03-21"
    assert day([got("receive", 5, 3, received_on=TODAY)], 5) == "2025-03-18"
    assert day([got("receive", 5, 3, received_on="昨天")], 5) == "2025-03-21"


def document(number: str, act_id: int = 1, rule: str = "opinion") -> Any:
    return SimpleNamespace(title="意见书", number=number, act_id=act_id, rule=rule, case_id=1)


class _Call:
    """A running call that knows one case by its rows."""

    def __init__(self, **rows: Any) -> None:
        self.tables = rows
        numbers = {"opinion": "D16", "letter": "D02"}
        documents = {name: SimpleNamespace(number=one) for name, one in numbers.items()}
        kind = SimpleNamespace(documents=documents)
        self.rules = SimpleNamespace(by_row=lambda _row: SimpleNamespace(kind=lambda _kind: kind))
        self.unit = SimpleNamespace(read_without_writing=self._rows, read=self._read)

    def _rows(self, model: Any, _column: str, _pk: int, *_: Any) -> list[Any]:
        return list(self.tables.get(model.__name__, ()))

    def _read(self, model: Any, _column: str, pk: int) -> list[Any]:
        return [one for one in self.tables.get(f"stored_{model.__name__}", ()) if one.pk == pk]

    organ = staticmethod(ORGANS.get)

    def case_numbered(self, number: str) -> Any:
        return self.tables.get("cases", {}).get(number)

    def view_of_case(self, case: Any) -> Any:
        return SimpleNamespace(facts=case.facts)

    def acts_of(self, case: Any) -> Any:
        return case.acts


CASE: Any = SimpleNamespace(pk=1, kind="petition", number="N")


def test_what_is_attached_is_the_newest_paper_that_answers() -> None:
    acts = [ActRecord(n, "sign", NOW, NOW, rules="1") for n in (1, 2, 3)]
    call: Any = _Call(Document=[document("一", 1), document("二", 2), document("三", 3, "letter")])
    assert paper_contents._opinion(CASE, acts, call) == "《意见书》（二）"
    none: Any = _Call(Document=[document("三", 3, "letter")])
    assert paper_contents._opinion(CASE, acts, none) == ""


def rule(id_: str, to: str = "", after: tuple[str, ...] = ()) -> Any:
    return SimpleNamespace(id=id_, to=to, after=after, zh=id_)


SERVING: Any = SimpleNamespace(
    acts={
        "reply": rule("reply", "answered"),
        "sign": rule("sign", "answered"),
        "accept": rule("accept", "accepted"),
        "serve": rule("serve", "answered", ("answered",)),
    }
)


@pytest.mark.parametrize(
    ("acts", "papers", "served"),
    [
        ([(1, "accept"), (2, "sign")], [("一", 2)], "《意见书》（一）"),
        (
            [(1, "sign"), (2, "reply")],
            [("一", 1)],
            "reply（2025-03-18，系统内没有另行出具编号文书）",
        ),
        ([(1, "reply"), (2, "serve")], [], "reply（2025-03-18，系统内没有另行出具编号文书）"),
        ([(1, "accept")], [("一", 1)], "《意见书》（一）"),
        ([(1, "accept")], [], ""),
        ([(1, "gone")], [], ""),
        ([(1, "sign"), (2, "note")], [("一", 1), ("二", 2)], "《意见书》（二）"),
    ],
)
def test_what_is_served_is_the_paper_of_the_answer_or_the_answer_itself(
    acts: list[tuple[int, str]], papers: list[tuple[str, int]], served: str
) -> None:
    records = [ActRecord(n, name, NOW, NOW, rules="1") for n, name in acts]
    call: Any = _Call(Document=[document(*one) for one in papers])
    step = Step(act="serve")
    assert paper_contents._served(step, SERVING, CASE, records, call) == served


def test_the_material_is_the_registration_record_and_every_file() -> None:
    files = [SimpleNamespace(extension="pdf", digest="ab" * 32)]
    record = document("登一", rule="registration_record")
    call: Any = _Call(Document=[document("一"), record], File=files)
    assert paper_contents._material(CASE, call).splitlines() == [
        "1. 《意见书》（登一）",
        "2. PDF 文件，摘要 abababababababab",
    ]
    without: Any = _Call(Document=[document("一")])
    assert paper_contents._material(CASE, without) == "1. 登记记录（N）"


def test_who_assigned_a_matter_is_named_while_its_deadline_stands() -> None:
    acts = [
        ActRecord(1, "assign", NOW, NOW, organ=5),
        ActRecord(2, "assign", NOW, NOW, organ=6),
        ActRecord(3, "assign", NOW, NOW, organ=99),
    ]

    def duty(opened_by: int, state: str = "open", id_: str = "assigned_report") -> Any:
        return SimpleNamespace(rule=SimpleNamespace(id=id_), state=state, opened_by=opened_by)

    def named(*duties: Any) -> str:
        view: Any = SimpleNamespace(duties=list(duties))
        return paper_contents._assigning_organ(view, acts, CALL)

    assert named() == ""
    assert named(duty(1)) == "示例局"
    assert named(duty(1), duty(2)) == "示例厅"
    assert named(duty(1), duty(2, VOID)) == "示例局"
    assert named(duty(1, id_="handle")) == ""
    assert named(duty(3)) == ""


@pytest.mark.parametrize(
    ("numbers", "names"),
    [
        ({"D01"}, {"received_on"}),
        ({"D03"}, {"received_on", "materials"}),
        ({"D04"}, {"received_on", "materials"}),
        ({"D06"}, {"received_on"}),
        ({"D09"}, {"materials"}),
        ({"D24"}, {"materials"}),
        ({"D16"}, {"assigned_by"}),
        ({"D17"}, {"attached", "assigned_by"}),
        ({"D20"}, {"attached"}),
        ({"D19"}, {"served"}),
        ({"D18"}, {"unit", "execute_by"}),
        ({"D02"}, set()),
    ],
)
def test_each_paper_is_told_what_its_list_of_contents_asks_of_the_case(
    numbers: set[str], names: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for one in ("_day_received", "_material", "_served", "_opinion", "_assigning_organ"):
        monkeypatch.setattr(paper_contents, one, lambda *_: "x")
    monkeypatch.setattr(paper_contents, "_promised", lambda *_: {"unit": "x", "execute_by": "y"})
    nothing: Any = None
    step = Step(act="serve")
    found = paper_contents.known(numbers, step, nothing, CASE, nothing, [], 5, nothing)
    assert set(found) == names
    assert names - {"unit", "execute_by"} <= paper_contents.GATHERED


# --- whose matter it is ---------------------------------------------------------------------------
def matter(pk: int, name: str = "", **more: Any) -> Any:
    plain = {"kind": "petition", "protected": False, "facts": {}, "number": f"N{pk}", "name": name}
    acts = [ActRecord(1, "register", NOW, NOW)]
    return SimpleNamespace(pk=pk, **{**plain, "acts": acts, **more})


def elsewhere(
    earlier: Any,
    patch: pytest.MonkeyPatch,
    *,
    kind: str = "review",
    data: Any = None,
    links: Any = (),
) -> str:
    class Call(_Call):
        def _rows(self, model: Any, column: str, pk: int, *_: Any) -> list[Any]:
            if model.__name__ == "Content":
                names = [earlier.name, ""] if earlier else []
                return [
                    SimpleNamespace(data_class=c, name=n)
                    for c, n in zip(("D2", "D2"), names, strict=False)
                ] + [SimpleNamespace(data_class="D3", name="别人")]
            return super()._rows(model, column, pk) if pk == 1 else []

    patch.setattr(
        paper_contents, "open_package", lambda row: {"petitioner": row.name} if row.name else {}
    )
    cases = {earlier.number: earlier} if earlier else {}
    rows = [SimpleNamespace(other_id=pk, kind=how) for pk, how in links]
    call: Any = Call(cases=cases, CaseLink=rows, stored_Case=[earlier] if earlier else [])
    records = [ActRecord(1, "register", NOW, NOW, data=data or {})]
    return paper_contents.petitioner_elsewhere(matter(1, kind=kind), records, call)


@pytest.mark.parametrize(
    ("kind", "data", "links", "name"),
    [
        ("review", {"original": "N2"}, (), "王示例"),
        ("recheck", {"review_case": "N2"}, (), "王示例"),
        ("petition", {}, ((2, "split_from"),), "王示例"),
        ("petition", {}, ((2, "new_facts_after"),), "王示例"),
        ("petition", {}, ((2, "anew_after"),), "王示例"),
        ("petition", {}, ((2, "about"),), ""),
        ("petition", {}, ((9, "split_from"),), ""),  # nobody has that case
        ("petition", {}, (), ""),
        ("inquiry", {"original": "N2"}, (), ""),  # what is about officials is no petitioner's
    ],
)
def test_the_petitioner_of_what_comes_after_is_the_one_of_what_was_before(
    kind: str, data: Any, links: Any, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = elsewhere(matter(2, "王示例"), monkeypatch, kind=kind, data=data, links=links)
    assert found == name


@pytest.mark.parametrize(
    "earlier",
    [
        None,
        matter(2, "王示例", protected=True),
        matter(2, "王示例", facts={"identity": "hidden"}),
    ],
)
def test_a_name_kept_from_others_is_not_carried_on(
    earlier: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert elsewhere(earlier, monkeypatch, data={"original": "N2"}) == ""
