"""Conditions of the write door and of what is read for it, one by one: what stands around each is
invented."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from dengwen.access.keys.sealed_values import COMPARTMENT_OF
from dengwen.cases import placed_fields, rulebooks
from dengwen.cases.read import duty_lines, waiting_proposals
from dengwen.cases.wall import visibility
from dengwen.cases.wall.visibility import VIEWER_GROUPS
from dengwen.cases.write import (
    contents,
    correction,
    correction_check,
    first_query,
    handover,
    list_entry,
    recipients,
    record,
    references,
    running_call,
)
from dengwen.cases.write.call_context import CallContext
from dengwen.cases.write.papers import draft, issue, paper_contents
from dengwen.cases.write.running_call import RunningCall
from dengwen.documents.document_words import HOLDER, THE_DECIDING_ORGAN
from dengwen.law.duties.act_record import CORRECT
from dengwen.law.duties.proposal import PROPOSE
from dengwen.law.duties.step import Step
from dengwen.organs.lists.organ_list import OrganPreview
from tests.invented_rows import table

DAY = timedelta(days=1)
TODAY = date(2025, 3, 18)
NOW = datetime(2025, 3, 18, 2, tzinfo=UTC)
NOTHING: Any = None


def given(**what: Any) -> Any:
    return SimpleNamespace(**what)


def never(*_: Any, **__: Any) -> Any:
    raise AssertionError("not to be asked")


# --- papers ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("kind", "number", "organ", "remedy"),
    [
        ("petition", "D16", 3, "review"),
        ("petition", "D21", 3, "review"),
        ("review", "D21", 3, "recheck"),
        ("petition", "D14", 3, None),  # a paper that names no remedy
        ("recheck", "D21", 3, None),  # nothing comes after a re-examination
        ("petition", "D16", None, None),
    ],
)
def test_papers_name_the_next_remedy_where_there_is_one(
    kind: str, number: str, organ: int | None, remedy: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: Any = []
    for name in ("_of_case", "_of_act", "known"):
        monkeypatch.setattr(issue, name, lambda *_: {})
    monkeypatch.setattr(issue, "_wanted", lambda _documents: set())
    monkeypatch.setattr(issue, "_lacks_petitioner", lambda *_: False)
    monkeypatch.setattr(issue, "served_by", lambda *_: "")
    monkeypatch.setattr(issue, "_remedy", lambda remedy, *_: asked.append(remedy) or {})
    rule = given(acts={"sign": given(documents=("paper",))},
                 documents={"paper": given(number=number, to="信访人")})  # fmt: skip
    case: Any = given(kind=kind, seq=4)
    view: Any = given(facts={})
    holder: Any = None if organ is None else given(pk=organ)
    issue.gather(Step(act="sign"), rule, case, view, holder, TODAY, {}, (), NOTHING)
    assert asked == ([remedy] if remedy else [])


@pytest.mark.parametrize(("to", "said"), [(THE_DECIDING_ORGAN, "示例局"), ("信访人", None)])
def test_a_paper_to_the_deciding_organ_names_it(
    to: str, said: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("_of_case", "_of_act", "known"):
        monkeypatch.setattr(issue, name, lambda *_: {})
    monkeypatch.setattr(issue, "_wanted", lambda _documents: set())
    monkeypatch.setattr(issue, "_lacks_petitioner", lambda *_: False)
    monkeypatch.setattr(issue, "served_by", lambda *_: "")
    kind = given(acts={"sign": given(documents=("paper",))},
                 documents={"paper": given(number="D14", to=to)})  # fmt: skip
    case, view = given(kind="petition", seq=4, holder_id=3), given(facts={})
    call: Any = given(organ=lambda _pk: given(name_zh="示例局"))
    found = issue.gather(Step(act="sign"), kind, case, view, NOTHING, TODAY, {}, (), call)
    assert found.get(HOLDER) == said


@pytest.mark.parametrize("declared", [True, False])
def test_what_a_paper_declares_is_said_where_its_wording_asks(
    monkeypatch: pytest.MonkeyPatch, *, declared: bool
) -> None:
    issued: Any = []

    def changed(document: Any, **what: Any) -> Any:
        return given(name=document.name, **what)

    def keep(document: Any, *_: Any) -> Any:
        issued.append(document)
        return given(rule="paper", number="D16", digest="d")

    monkeypatch.setattr(issue, "gather", lambda *_, **__: {})
    monkeypatch.setattr(issue, "without_names", lambda *_: {})
    monkeypatch.setattr(issue, "wording_of", lambda _document: given(declared=declared))
    monkeypatch.setattr(issue, "limits_of", lambda *_: "")
    monkeypatch.setattr(issue, "on_record", lambda _rule: "on record")
    monkeypatch.setattr(issue, "replace", changed)
    monkeypatch.setattr(issue, "_issue", keep)
    kind = given(documents={"paper": given(name="paper", declared="as the pack says")})
    book: Any = given(kind=lambda _kind: kind)
    rule: Any = given(documents=("paper",))
    case, act, view = given(kind="petition"), given(occurred_at=NOW, pk=1), given(facts={})
    call: Any = given(unit=given(add=lambda *_: None))
    issue.issue_all(Step(act="sign"), rule, case, act, view, book, NOTHING, NOW, {}, (), call)
    assert issued[0].declared == ("on record" if declared else "as the pack says")


@pytest.mark.parametrize(
    ("number", "answers"),
    [(name, True) for name in ("D14", "D16", "D21", "D22", "D23")] + [("D01", False)],
)
def test_which_papers_answer_the_petitioner(number: str, *, answers: bool) -> None:
    assert (number in paper_contents.ANSWERS) is answers


@pytest.mark.parametrize(("served", "found"), [("示例", {"served": "示例"}), ("", {})])
def test_what_is_not_known_is_not_said(
    served: str, found: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paper_contents, "corrected", lambda records: records)
    monkeypatch.setattr(paper_contents, "_served", lambda *_: served)
    said = paper_contents.known({"D19"}, NOTHING, NOTHING, NOTHING, NOTHING, (), None, NOTHING)
    assert said == found


@pytest.mark.parametrize(
    ("holder", "office"), [(given(name_zh="示例局"), "示例局"), (None, "YJ01")]
)
def test_a_draft_is_of_its_holder_or_of_the_office(
    holder: Any, office: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: Any = []
    issuing = given(id="sign", documents=("paper",))
    monkeypatch.setattr(draft, "issuing_rule", lambda *_: issuing)
    monkeypatch.setattr(draft, "gather", lambda *_: {})
    monkeypatch.setattr(draft, "without_names", lambda *_: {})
    monkeypatch.setattr(draft, "limits_of", lambda *_: "")
    monkeypatch.setattr(draft, "_preview", lambda _d, _b, _n, office, *_: seen.append(office))
    monkeypatch.setattr(draft, "_digest", lambda *_: "")
    kind = given(documents={"paper": NOTHING})
    case: Any = given(kind="petition", number="N", office="YJ01")
    book, view = given(kind=lambda _kind: kind), given(holder=3, facts={})
    call: Any = given(organ=lambda _pk: holder)
    draft.draft_of(case, given(id="submit"), view, book, TODAY, {}, (), None, call)
    assert seen == [office]


@pytest.mark.parametrize(
    ("documents", "imported", "issued"),
    [(("paper",), False, ["issued"]), ((), False, []), (("paper",), True, [])],
)
def test_history_and_acts_without_papers_issue_none(
    documents: tuple[str, ...],
    issued: list[str],
    monkeypatch: pytest.MonkeyPatch,
    *,
    imported: bool,
) -> None:
    monkeypatch.setattr(record, "issue_all", lambda *_: ["issued"])
    held: Any = given(case=NOTHING, view=NOTHING, uids={}, records=())
    call: Any = given(organ=lambda _pk: NOTHING)
    step = Step(act="sign", imported=imported)
    rule: Any = given(documents=documents)
    act: Any = given(organ_id=3, recorded_at=NOW)
    found: Any = record._issue_documents(step, rule, held, act, given(book=NOTHING), call)
    assert found == issued


@pytest.mark.parametrize(("compartment", "protected"), [("D4", True), ("D3", False)])
def test_a_sealed_package_is_opened_at_its_place(
    compartment: str, monkeypatch: pytest.MonkeyPatch, *, protected: bool
) -> None:
    monkeypatch.setattr(contents, "_place", lambda _row, _uid, protected: protected)
    monkeypatch.setattr(contents, "key_ring", lambda: NOTHING)
    monkeypatch.setattr(contents, "unseal", lambda _ring, _case, place, *_: place)
    row: Any = given(body=b"x", sealed=True, compartment=COMPARTMENT_OF[compartment], case_id=1)
    found: Any = contents._body(row, "uid")
    assert found is protected


# --- corrections ----------------------------------------------------------------------------------
@pytest.mark.parametrize(("from_today", "judged"), [(True, TODAY - 9 * DAY), (False, TODAY)])
def test_a_corrected_day_is_judged_by_the_day_of_its_act_or_by_now(
    judged: date, monkeypatch: pytest.MonkeyPatch, *, from_today: bool
) -> None:
    days: Any = []
    declared = given(zh="字段", en="field", from_today=from_today)
    monkeypatch.setattr(correction, "value_of", lambda _declared, text: text)
    monkeypatch.setattr(correction, "value_refusals", lambda *asked: days.append(asked[-1]) or [])
    rule = given(field_rule=lambda _name: declared, basis=NOTHING)
    target: Any = given(act="register", day=TODAY - 9 * DAY, data={})
    kind: Any = given(acts={"register": rule})
    step = Step(act=CORRECT, fields={"new": "x"})
    assert correction._given(step, kind, NOTHING, target, "x", NOW) == []
    assert days == [judged]


@pytest.mark.parametrize(
    ("wrong", "late", "said", "asked"),
    [
        (["wrong"], [], ["wrong"], False),  # what is wrong anyhow is not asked for its duties
        ([], ["late"], ["late"], True),
        ([], [], [], True),
    ],
)
def test_a_correction_that_comes_late_is_refused_for_that(
    wrong: list[str],
    late: list[str],
    said: list[str],
    monkeypatch: pytest.MonkeyPatch,
    *,
    asked: bool,
) -> None:
    was_asked: Any = []
    module: Any = correction_check
    monkeypatch.setattr(module.correction, "as_kept_step", lambda step, _declared: step)
    monkeypatch.setattr(module.correction, "refusals", lambda *_: list(wrong))
    monkeypatch.setattr(module.correction, "standing", lambda *_: NOTHING)
    monkeypatch.setattr(module.references, "corrected", lambda *_: [])
    monkeypatch.setattr(module, "_moved_late", lambda *_: was_asked.append(True) or late)
    monkeypatch.setattr(module.late_entry, "refusals", lambda _rule, found, *_: list(found))
    monkeypatch.setattr(module, "_needs_second", lambda *_: False)
    rule = given(field_rule=lambda _name: given(type="date"))
    kind: Any = given(id="petition", acts={CORRECT: given(basis=NOTHING), "note": rule})
    records: Any = [given(id=7, act="note", organ=3)]
    step = Step(act=CORRECT, fields={"target": 7, "field": "x"})
    support: Any = given(second=False)
    entry: Any = given(
        step=step,
        kind=kind,
        rule=kind.acts[CORRECT],
        records=records,
        actor=NOTHING,
        view=NOTHING,
        now=NOW,
        today=NOW.date(),
        call=NOTHING,
        case=NOTHING,
        book=NOTHING,
    )
    found: Any = module.correction_refusals(entry, support)
    assert (found, bool(was_asked)) == (said, asked)


# --- lists ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(("enter", "asked"), [(True, 3), (False, 1)])
def test_a_rehearsal_asks_about_the_first_row(
    asked: int, monkeypatch: pytest.MonkeyPatch, *, enter: bool
) -> None:
    sizes: Any = []
    preview = OrganPreview("utf-8", (NOTHING,) * 3, ())
    monkeypatch.setattr(list_entry, "_read", lambda *_: preview)
    monkeypatch.setattr(list_entry, "stored", lambda _key: None)
    monkeypatch.setattr(list_entry, "_calls", lambda *_: [1, 2, 3])
    monkeypatch.setattr(
        list_entry, "perform_all", lambda calls, **_: sizes.append(len(calls)) or []
    )
    monkeypatch.setattr(list_entry, "_refused", lambda *_: [])
    monkeypatch.setattr(list_entry, "in_order", lambda errors, _headings: errors)
    form: Any = given(divisions=False, headings={})
    taken = list_entry.take_list(b"", form, by=NOTHING, now=NOW, day=TODAY, uid="u", enter=enter)
    assert (sizes, taken.entered) == ([asked], 3 if enter else 0)


def test_a_row_that_only_misses_one_refused_above_it_is_not_named_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    errors = [given(code="unknown", value="YJ09"), given(code="unknown", value="YJ01"),
              given(code="failed", value="YJ01")]  # fmt: skip
    monkeypatch.setattr(list_entry, "_row_error", lambda row, *_: errors[row])
    rows: Any = tuple(given(row=n, code=f"YJ0{n + 1}") for n in range(3))
    preview = OrganPreview("utf-8", rows, ())
    outcomes: Any = [given(error=ValueError())] * 3
    found = list_entry._refused(preview, [NOTHING] * 3, outcomes)
    assert found == [errors[0], errors[2]]
    one: Any = given()  # a list of divisions is one call
    assert list_entry._refused(one, [NOTHING], outcomes[:1]) == [errors[1]]


# --- who is told, and what is asked ---------------------------------------------------------------
@pytest.mark.parametrize(("actor", "left_out"), [(6, 6), (None, 0)])
def test_whoever_acts_is_not_told_of_it(
    actor: int | None, left_out: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    users = table(given(pk=8))
    monkeypatch.setattr(recipients, "User", users)
    assert list(recipients._accounts([3], actor)) == ["8"]
    assert users.objects.asked["pk"] == left_out


def test_a_step_that_names_no_case_looks_for_none() -> None:
    assert first_query.named_cases([Step(act="register")]) == set()
    linked = Step(act="register", links=(("repeats", "N2"), ("about", "")))
    assert first_query.named_cases([Step(act="note", case="N1"), linked]) == {"N1", "N2"}


@pytest.mark.parametrize(
    ("done", "can"),
    [(("accept",), True), (("accept", "note"), True), ((), False), (("note",), False)],
)
def test_what_a_handing_over_needs_must_be_done(
    done: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, *, can: bool
) -> None:
    rule = given(handler=True, needs_act=("accept",))
    file = given(kind=given(acts={handover.HAND_OVER: rule}), view=given(done=done))
    monkeypatch.setattr(handover, "read_file", lambda *_: file)
    monkeypatch.setattr(handover, "states_after", lambda *_: {"accepted"})
    case: Any = given(state="accepted")
    assert handover.can_be_handed_over(case, NOW) is can


@pytest.mark.parametrize(
    ("scope", "seen_without", "alone"),
    [({5}, False, True), ({5}, True, False), (set(), False, False), (set(), True, False)],
)
def test_who_sees_a_case_by_supervision_alone(
    scope: set[int], monkeypatch: pytest.MonkeyPatch, *, seen_without: bool, alone: bool
) -> None:
    monkeypatch.setattr(visibility, "replace", lambda viewer, **_: viewer)
    monkeypatch.setattr(visibility, "find", lambda *_: given() if seen_without else None)
    viewer: Any = given(scope=frozenset(scope))
    assert visibility.only_supervises(viewer, TODAY, "N") is alone


@pytest.mark.parametrize(
    ("state", "said"), [(given(zh="已办结", en="closed", final=True), "已办结"), (None, "unheard")]
)
def test_a_case_that_is_over_is_named_by_its_state(
    state: Any, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(references, "_say", lambda _rule, _code, zh, en, _name: (zh, en))
    other: Any = given(kind="petition", number="N")
    states = {"unheard": state} if state else {}
    book: Any = given(kinds={"petition": 1}, kind=lambda _kind: given(states=states))
    call: Any = given(view_of_case=lambda _case: given(state="unheard"))
    field: Any = given(zh="在办件", en="running", name="running")
    wanted = "petition" if state else "review"
    zh, en = references._not_running(NOTHING, field, other, wanted, book, call)  # type: ignore[misc]  # as said above
    assert zh.endswith(f"N现为“{said}”")
    assert en.endswith("N is: closed" if state else "N is: unheard")


@pytest.mark.parametrize(
    ("counted", "fixed", "as_text"), [(None, None, False), (1, None, True), (None, TODAY, True)]
)
def test_a_duty_without_a_number_has_a_bar_of_its_local_target(
    counted: Any, fixed: Any, monkeypatch: pytest.MonkeyPatch, *, as_text: bool
) -> None:
    monkeypatch.setattr(duty_lines, "bar_of", lambda *_: "by the text")
    duty: Any = given(counted=counted, fixed=fixed, start=TODAY)
    bar: Any = duty_lines.duty_bar(duty, TODAY, NOTHING, TODAY + DAY)
    if as_text:
        assert bar == "by the text"
        return
    assert (bar.due, bar.statutory) == (TODAY + DAY, False)


def test_fifty_proposals_are_on_one_page(monkeypatch: pytest.MonkeyPatch) -> None:
    many = given(values_list=lambda _name: list(range(60)))
    monkeypatch.setattr(waiting_proposals, "of_groups", lambda _groups: NOTHING)
    monkeypatch.setattr(waiting_proposals, "of_organ", lambda *_: many)
    groups: Any = [()] * VIEWER_GROUPS + [(3,)]
    found: Any = waiting_proposals._ask_in_organ(groups, TODAY, "")
    assert len(found) == 50


def test_calendars_that_are_kept_are_not_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: Any = given()
    monkeypatch.setattr(rulebooks, "_stand", lambda *_: ("stand",))
    monkeypatch.setattr(rulebooks, "_calendars", {"stand": kept})
    monkeypatch.setattr(rulebooks, "_read_calendars", never)
    monkeypatch.setattr(rulebooks, "connection", given(in_atomic_block=True))
    assert rulebooks.calendars() is kept


def test_places_of_fields_are_those_of_the_newest_pack_of_no_place(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    packs = [given(since=since, kinds=kinds, place=place) for since, kinds, place in (
        (1, ("petition",), ""), (2, ("petition",), ""), (3, ("petition",), "110000"),
        (4, ("incident",), ""))]  # fmt: skip
    asked: Any = []
    field = given(name="channel", section="how")
    rule = given(fields=(field, given(name="other", section="")))
    book = given(kind=lambda _kind: given(acts={"register": rule}))

    def rulebook(since: int) -> Any:
        asked.append(since)
        return book

    monkeypatch.setattr(placed_fields, "load_packs", lambda _path: packs)
    monkeypatch.setattr(placed_fields, "Library", lambda *_: given(rulebook=rulebook))
    delivered = placed_fields._delivered.__wrapped__
    assert delivered("register") == {"channel": field}
    assert delivered("unheard of") == {}
    assert asked == [2, 2]


# --- the running call -----------------------------------------------------------------------------
def test_a_case_that_is_held_is_not_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dengwen.cases.write.call_context.view_of", lambda *_, **__: "read anew")
    call: Any = given(cases={"N": given(view="held")}, acts_of=lambda _case: [], rules=NOTHING)
    for number, view in (("N", "held"), ("M", "read anew")):
        case: Any = given(number=number, kind="petition")
        found: Any = CallContext.view_of_case(call, case)
        assert found == view


@pytest.mark.parametrize("papers", [(), ("paper",)])
def test_papers_go_to_the_first_case_touched(papers: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    handed: Any = []
    monkeypatch.setattr(running_call, "hand_in", lambda case, *_: handed.append(case))
    call: Any = given(
        written=[given(case="N")], hand=given(now=NOW),
        context=given(cases={"N": given(case="case", key="key")}, keys=NOTHING),
    )  # fmt: skip
    RunningCall.hand_in(call, papers)
    assert handed == (["case"] if papers else [])


def test_without_a_case_nothing_is_locked() -> None:
    call: Any = given(context=given(unit=given(read=never, drop_ids=never)), _hold=never)
    RunningCall.lock(call, [Step(act="register")])


@pytest.mark.parametrize("behalf", [True, False])
def test_a_proposal_on_behalf_asks_whether_it_may(
    monkeypatch: pytest.MonkeyPatch, *, behalf: bool
) -> None:
    asked: Any = []
    at: Any = given(held=NOTHING, book=NOTHING, now=NOW)
    for name in ("Asked", "inner_step", "admit"):
        monkeypatch.setattr(running_call, name, lambda *_, **__: NOTHING)
    call: Any = given(
        hand=given(by=NOTHING), context=NOTHING,
        _circumstances=lambda *_, **__: given(behalf=behalf),
        _may_stand_in=lambda *_: asked.append("stands in"),
        _rehearse=lambda *_: asked.append("rehearsed"),
    )  # fmt: skip
    assert RunningCall._decided(call, Step(act=PROPOSE), at) is None
    assert asked == [*(["stands in"] if behalf else []), "rehearsed"]


@pytest.mark.parametrize(("act", "states"), [(CORRECT, True), ("note", False)])
def test_a_correction_states_what_it_replaces(
    act: str, monkeypatch: pytest.MonkeyPatch, *, states: bool
) -> None:
    monkeypatch.setattr(running_call, "stated", lambda *_: "stated")
    at: Any = given(
        behalf=False, seconded=None, by_effect=False, now=NOW, kind_id="petition",
        book=given(kind=lambda _kind: NOTHING), held=given(records=(), view=NOTHING),
    )  # fmt: skip
    call: Any = given(
        hand=given(by=given(organ=3)), context=given(rules=NOTHING),
        _rests_on_claim=lambda *_: False,
    )  # fmt: skip
    done: Any = RunningCall._completed(call, Step(act=act), NOTHING, at)
    assert (done == "stated") is states
