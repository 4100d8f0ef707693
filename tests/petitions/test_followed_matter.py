"""What is shown of the own matter and asked for in it, piece by piece; figures of a quarter; and
what is said of a row that was refused. Tables, packs and the door are invented."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from dengwen.cases.write.check import Refused
from dengwen.law.duties.act_record import BREACH
from dengwen.law.duties.step import Step
from dengwen.petitions import own_matter, rating_figures
from dengwen.petitions.errors import PetitionError
from dengwen.petitions.history import message_row, row_errors
from dengwen.petitions.history.message_file import ColumnMap, RowError
from dengwen.petitions.intake.intake import PAPERS
from dengwen.petitions.rating_figures import _Alike, _Span
from tests.invented_rows import table

TODAY = date(2025, 3, 18)
NOW = datetime(2025, 3, 18, 2, tzinfo=UTC)
NOTHING: Any = None


# --- what the petitioner can do -------------------------------------------------------------------
@pytest.mark.parametrize(
    ("against", "unless", "within", "expected"),
    [
        # (nothing stands against it, until, provisional, late)
        (False, "", "", (True, None, False, False)),
        (True, "", "", (False, None, False, False)),
        (True, "good_reason", "", (False, None, False, True)),
        (False, "good_reason", "", (True, None, False, False)),
        (False, "", "review_request", (True, TODAY, True, False)),
        (False, "", "unheard of", (True, None, False, False)),
    ],
)
def test_a_step_of_the_petitioner_has_its_period_and_its_excuse(
    unless: str,
    within: str,
    expected: tuple[Any, ...],
    monkeypatch: pytest.MonkeyPatch,
    *,
    against: bool,
) -> None:
    def refusals(_kind: Any, _rule: Any, _view: Any, _actor: Any, _day: date, *excuse: str) -> Any:
        return ["too late"] if against and not excuse else []

    monkeypatch.setattr(own_matter, "refusals", refusals)
    duties = [
        SimpleNamespace(rule=SimpleNamespace(id=name), due=due, raw=TODAY, provisional=True)
        for name, due in (("review_request", TODAY - timedelta(days=9)), ("handle", TODAY),
                          ("review_request", None))
    ]  # fmt: skip
    rule: Any = SimpleNamespace(unless=unless, within=within)
    view: Any = SimpleNamespace(duties=duties)
    found = own_matter._own_step(NOTHING, rule, view, TODAY)
    assert (not found.against, found.until, found.provisional, found.late) == expected


@pytest.mark.parametrize(
    ("state", "steps"),
    [
        ("accepted", ["request_review", "withdraw"]),
        ("closed", ["request_review"]),  # what is over is not withdrawn
    ],
)
def test_the_steps_of_a_petitioner_are_those_of_the_pack(
    state: str, steps: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    acts = {name: name for name in ("request_review", "withdraw", "sign")}
    states = {"a": SimpleNamespace(id="accepted", final=False),
              "c": SimpleNamespace(id="closed", final=True)}  # fmt: skip
    book: Any = SimpleNamespace(kind=lambda _kind: SimpleNamespace(acts=acts, states=states))
    monkeypatch.setattr(own_matter, "_own_step", lambda _kind, rule, *_: rule)
    case: Any = SimpleNamespace(kind="petition")
    view: Any = SimpleNamespace(state=state)
    found: Any = own_matter._steps(case, view, book, TODAY)
    assert list(found) == steps


@pytest.mark.parametrize("act", ["request_review", "request_recheck", "withdraw", "sign"])
def test_only_remedies_are_asked_for(act: str, monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[Step] = []
    monkeypatch.setattr(own_matter, "perform", lambda step, **_: steps.append(step))
    case: Any = SimpleNamespace(number="N")
    for reason in (True, False):
        given: dict[str, Any] = {"request": "r", "reasons": "s", "now": NOW, "uid": "u"}
        if act not in ("request_review", "request_recheck"):
            with pytest.raises(ValueError, match="not a remedy"):
                own_matter.ask(case, act, good_reason=reason, **given)
            continue
        own_matter.ask(case, act, good_reason=reason, **given)
        assert steps[-1].fields == ({"good_reason": True} if reason else {})


def test_what_comes_later_is_handed_in_as_far_as_it_says_anything(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    steps: list[Step] = []
    monkeypatch.setattr(own_matter, "perform", lambda step, **_: steps.append(step))
    case: Any = SimpleNamespace(number="N", holder_id=5)
    paper: Any = SimpleNamespace(digest="d")
    own_matter.add_material(case, papers=[paper], note="补充", now=NOW, uid="u")
    own_matter.add_material(case, papers=[], note="", now=NOW, uid="u")
    own_matter.withdraw(case, reason="已解决", now=NOW, uid="u")
    own_matter.withdraw(case, reason="", now=NOW, uid="u")
    assert [(one.fields, one.texts) for one in steps] == [
        ({PAPERS: ("d",)}, {"note": "补充"}),
        ({}, {}),
        ({}, {"reason": "已解决"}),
        ({}, {}),
    ]


@pytest.mark.parametrize(
    ("facts", "address", "clear"),
    [
        ({"anonymous": "false"}, "路1号", True),
        ({"anonymous": "false"}, "", False),
        ({"anonymous": "false", "address_clear": "true"}, "", True),
        ({"anonymous": "true"}, "路1号", False),  # an address alone makes nobody known
        ({"anonymous": "true", "address_clear": "true"}, "", False),
        ({}, "路1号", True),
    ],
)
def test_an_address_that_comes_later_is_clear_where_the_petitioner_is_named(
    facts: dict[str, str], address: str, monkeypatch: pytest.MonkeyPatch, *, clear: bool
) -> None:
    steps: list[Step] = []
    monkeypatch.setattr(own_matter, "perform", lambda step, **_: steps.append(step))
    view = SimpleNamespace(view=SimpleNamespace(facts=facts))
    monkeypatch.setattr(own_matter, "follow", lambda *_: view)
    case: Any = SimpleNamespace(number="N", holder_id=5)
    own_matter.add_contact(case, address=address, phone="", now=NOW, uid="u")
    assert steps[0].fields == {"address_clear": clear}
    assert steps[0].texts == ({"address": address} if address else {})


# --- what the petitioner sees ---------------------------------------------------------------------
@pytest.mark.parametrize("served", [True, False])
def test_an_answer_is_shown_once_it_was_served(
    monkeypatch: pytest.MonkeyPatch, *, served: bool
) -> None:
    asks = [SimpleNamespace(entered_act=1, outcome_act=3, outcome="support"),
            SimpleNamespace(entered_act=2, outcome_act=None, outcome="")]  # fmt: skip
    opened: list[Any] = []
    monkeypatch.setattr(own_matter, "Request", table(*asks))
    monkeypatch.setattr(own_matter, "_opening", lambda *given: given)
    words = {1: {"asks": "甲"}, 3: {"answer": "乙"}}

    def texts(acts: list[int]) -> dict[int, dict[str, str]]:
        opened.append(acts)
        return words

    monkeypatch.setattr(own_matter, "_texts_of", texts)

    def open_now(opening: Any, read: Any) -> Any:
        opened.append(opening[3])
        return read()

    monkeypatch.setattr(own_matter, "open_now", open_now)
    found = own_matter._asked(NOTHING, NOW, served=served)
    shown = [(one.text, one.outcome, one.answer) for one in found]
    assert shown == (
        [("甲", "support", "乙"), ("", "", "")] if served else [("甲", "", ""), ("", "", "")]
    )
    assert opened == ([("asks", "answer"), [1, 2, 3]] if served else [("asks",), [1, 2]])
    monkeypatch.setattr(own_matter, "Request", table())
    assert own_matter._asked(NOTHING, NOW, served=served) == ()
    assert len(opened) == 2  # where nothing was asked nothing is opened


@pytest.mark.parametrize(
    ("act", "to", "served", "shown"),
    [
        ("sign", "信访人", True, True),
        ("sign", "信访人", False, False),
        ("sign", "双方当事人", True, True),
        ("forward", "信访人", False, True),
        ("forward", "有关机关", True, False),
        ("request_review", "有关机关", False, True),  # the petitioner's own paper
        ("forward", None, True, False),
    ],
)
def test_a_paper_is_shown_to_whom_it_is_addressed(
    act: str, to: str | None, monkeypatch: pytest.MonkeyPatch, *, served: bool, shown: bool
) -> None:
    documents = {} if to is None else {"d": SimpleNamespace(to=to)}
    kind = SimpleNamespace(documents=documents)
    book = SimpleNamespace(kind=lambda _kind: kind)
    monkeypatch.setattr(own_matter, "rulebooks", SimpleNamespace(by_row=lambda _row: book))
    row: Any = SimpleNamespace(act=SimpleNamespace(act=act, rules_id="r"), rule="d")
    case: Any = SimpleNamespace(kind="petition")
    assert own_matter._for_petitioner(row, case, served=served) is shown


def test_only_files_handed_in_by_the_petitioner_are_the_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows: Any = [SimpleNamespace(call=n, act=act) for n, act in
                 enumerate(("register", "note", "add_material"))]  # fmt: skip
    files = [SimpleNamespace(call=0, field=PAPERS), SimpleNamespace(call=0, field="scan"),
             SimpleNamespace(call=1, field=PAPERS),
             SimpleNamespace(call=2, field=PAPERS)]  # fmt: skip
    monkeypatch.setattr(own_matter, "files_of", lambda _case: files)
    found: Any = own_matter._own_files(NOTHING, rows)
    assert list(found) == [files[0], files[3]]


def test_a_chain_of_matters_is_followed_as_deep_as_chains_go(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(own_matter, "CaseLink", table(SimpleNamespace(case="next")))
    asked: list[int] = []

    def follow(case: Any, _now: Any, *, depth: int) -> Any:
        asked.append(depth)
        return own_matter._also(case, NOW, depth)

    monkeypatch.setattr(own_matter, "follow", follow)
    own_matter._also(NOTHING, NOW, 0)
    # petition, review, re-examination, new handling
    assert asked == [1, 2, 3]


def test_an_act_is_shown_with_its_place_in_the_ledger(monkeypatch: pytest.MonkeyPatch) -> None:
    kind = SimpleNamespace(acts={"register": "rule"})
    book = SimpleNamespace(kind=lambda _kind: kind)
    monkeypatch.setattr(own_matter, "rulebooks", SimpleNamespace(by_row=lambda _row: book))
    monkeypatch.setattr(own_matter, "_leaves", lambda _rows: {"a": (7, "abcd")})
    rows: Any = [
        SimpleNamespace(act=act, uid=uid, rules_id="r", duty=duty)
        for act, uid, duty in (("register", "a", ""), ("draft", "b", ""), ("register", "c", ""),
                               (BREACH, "d", "check_draft"))
    ]  # fmt: skip
    case: Any = SimpleNamespace(kind="petition")
    found = own_matter._happened(case, rows, rows)
    assert [(one.row.uid, one.leaf, one.digest) for one in found] == [
        ("a", 7, "abcd"),
        ("c", None, ""),
    ]


def test_a_paper_is_opened_by_its_number(monkeypatch: pytest.MonkeyPatch) -> None:
    paper = SimpleNamespace(number="P1", rule="d")
    monkeypatch.setattr(own_matter, "follow", lambda *_: SimpleNamespace(papers=(paper,)))
    monkeypatch.setattr(own_matter, "open_logged", lambda _opening, read: read())
    monkeypatch.setattr(own_matter, "_opening", lambda *_: None)
    monkeypatch.setattr(own_matter, "open_body", lambda _row: "body")

    class Atomic:
        def __enter__(self) -> None:
            return None

        def __exit__(self, *_: object) -> None:
            return None

    transaction = SimpleNamespace(atomic=lambda **_: Atomic())
    monkeypatch.setattr(own_matter, "transaction", transaction)
    found: Any = own_matter.open_paper(NOTHING, "P1", NOW)
    assert found == (paper, "body")
    assert own_matter.open_paper(NOTHING, "P2", NOW) is None


@pytest.mark.parametrize("there", [True, False])
def test_a_receipt_is_of_an_event_in_the_ledger(
    monkeypatch: pytest.MonkeyPatch, *, there: bool
) -> None:
    asked: list[str] = []

    def find(uid: str) -> str | None:
        asked.append(uid)
        return "event" if there else None

    monkeypatch.setattr(own_matter, "Act", table(*(["u"] if there else [])))
    monkeypatch.setattr(own_matter, "event_log", SimpleNamespace(find=find))
    monkeypatch.setattr(own_matter, "handed_out", lambda _act: ())
    for name in ("promised", "proven"):
        monkeypatch.setattr(own_matter, name, lambda event, **_: event)
    monkeypatch.setattr(own_matter, "stored", lambda _uid: "call" if there else None)
    assert own_matter.done_before("u") is there
    case: Any = SimpleNamespace(number="N")
    if there:
        found: Any = own_matter.receipt_files(case)
        assert (found, asked) == (("event", "event"), ["u"])
        return
    with pytest.raises(LookupError, match="N has no event"):
        own_matter.receipt_files(case)


# --- figures of a quarter -------------------------------------------------------------------------
SPAN = _Span(2024, 3, date(2024, 7, 1), date(2024, 9, 30), date(2024, 12, 31))


def quarter(*some: tuple[str, int, bool], floor: int = 3, own: bool = False) -> Any:
    mine = [_Alike(level, "portal", own, 0, counted, n) for level, n, counted in some]
    return rating_figures._quarter(SPAN, "competent", mine, floor)


def test_a_quarter_is_shown_where_it_gives_no_single_rating_away() -> None:
    shown = quarter(("satisfied", 2, True), ("dissatisfied", 1, True), ("", 4, False))
    assert (shown.hidden, shown.invited, shown.rated) == (False, 7, 3)
    assert shown.levels == (("satisfied", 2), ("basically", 0), ("dissatisfied", 1))
    assert (shown.channels, shown.own_network) == ((("portal", 3),), 0)
    assert quarter(("satisfied", 2, True), ("dissatisfied", 1, True), own=True).own_network == 3
    few = quarter(("satisfied", 1, True), ("dissatisfied", 1, True))
    assert (few.hidden, few.levels, few.rated) == (True, (), 2)
    assert quarter(("satisfied", 3, True)).hidden  # everybody said the same
    assert not quarter(("satisfied", 3, True), ("", 1, False)).hidden
    late = quarter(("satisfied", 3, False), ("dissatisfied", 3, True))
    assert (late.rated, late.levels) == (
        3,
        (("satisfied", 0), ("basically", 0), ("dissatisfied", 3)),
    )


@pytest.mark.parametrize(
    ("value", "floor"), [(None, 10), ("20", 20), ("5", 10), ("ten", 10), ("10", 10)]
)
def test_an_office_may_ask_for_more_ratings_than_the_house_and_never_fewer(
    value: str | None, floor: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = None if value is None else SimpleNamespace(value=value)
    monkeypatch.setattr(rating_figures, "setting", lambda *_: found)
    assert rating_figures.floor_on(1, TODAY) == floor


@pytest.mark.parametrize(
    ("rated_on", "level", "said"), [(TODAY, "satisfied", 2), (TODAY, "", 0), (None, "satisfied", 0)]
)
def test_a_rating_is_said_of_each_side_without_its_day(
    rated_on: date | None, level: str, said: int
) -> None:
    row: Any = SimpleNamespace(
        competent_id=5, competent_level=level, department_id=4, department_level=level,
        rated_on=rated_on, channel="portal", pk=1,
    )  # fmt: skip
    found = list(rating_figures._ratings(row))
    assert len(found) == said
    assert {one[1] for one in found} <= {date(2025, 3, 1)}
    row.department_id = None
    assert len(list(rating_figures._ratings(row))) == said // 2


# --- rows that were refused -----------------------------------------------------------------------
def refused(act: str, field: str, remedy: str = "") -> Refused:
    reasons = [SimpleNamespace(zh=zh, en=en, remedy_zh=remedy, remedy_en=remedy, field=field)
               for zh, en in (("甲", "a"), ("乙", "b"))]  # fmt: skip
    error = Refused.__new__(Refused)
    said: Any = error
    said.step, said.reasons = SimpleNamespace(act=act), tuple(reasons)
    return error


ROW: Any = SimpleNamespace(row=4, number="7")
MAPPING = ColumnMap({"received": "来信", "replied": "答复"})


@pytest.mark.parametrize(
    ("act", "field", "column"),
    [
        ("register", "", "来信"),
        ("register", "received", "来信"),
        ("register", "replied", "答复"),
        ("register", "content", "content"),
        ("import_reply", "content", "答复"),
    ],
)
def test_what_the_door_refused_is_said_of_its_column(act: str, field: str, column: str) -> None:
    error = row_errors.as_row_error(ROW, MAPPING, refused(act, field))
    assert (error.row, error.field, error.zh, error.en) == (4, column, "甲；乙", "a; b")
    assert (error.mend_zh, error.mend_en) == ("核对这一行", "check this row")
    mended = row_errors.as_row_error(ROW, MAPPING, refused(act, field, "补上"))
    assert (mended.mend_zh, mended.mend_en) == ("补上", "补上")


def test_other_errors_of_a_row_are_said_in_their_own_words() -> None:
    own = PetitionError("code", where="w", zh="甲", en="a", mend_zh="补", mend_en="mend")
    assert row_errors.as_row_error(ROW, MAPPING, own) == RowError(
        4, "code", "甲", "a", "补", "mend"
    )
    other = row_errors.as_row_error(ROW, MAPPING, ValueError("broken"))
    assert (other.field, other.zh) == ("", "未能登记：broken")
    assert row_errors.reused(ROW, "第2行", "row 2").field == "number"


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2019-04-24", datetime(2019, 4, 24, 4, tzinfo=UTC)),  # noon in China
        ("2019-04-24 16:03", datetime(2019, 4, 24, 8, 3, tzinfo=UTC)),
        ("2019-04-24 16:03:40", datetime(2019, 4, 24, 8, 3, 40, tzinfo=UTC)),
        ("2019-04-24T16:03:40Z", datetime(2019, 4, 24, 16, 3, 40, tzinfo=UTC)),
        ("2019-04-24T16:03:40+01:00", datetime(2019, 4, 24, 15, 3, 40, tzinfo=UTC)),
    ],
)
def test_a_time_without_a_zone_is_that_of_china(text: str, instant: datetime) -> None:
    assert message_row._parsed(text)[1] == instant


@pytest.mark.parametrize(
    ("content", "subject", "taken"),
    [("正文", "题", True), ("正文", "", True), ("", "题", True), (" ", "\u3000", False),
     (None, None, False)],
)  # fmt: skip
def test_a_message_says_something(content: str | None, subject: str | None, *, taken: bool) -> None:
    def refuse(target: str, *_: str) -> Exception:
        return LookupError(target)

    given: Any = SimpleNamespace(said={"content": content, "subject": subject}, refuse=refuse)
    if not taken:
        with pytest.raises(LookupError, match="content"):
            message_row._words_of(given)
        return
    assert message_row._words_of(given) == (subject or "", content or "")
