"""The write door, one question at a time: what a step names, what history may bring, what an act
follows on, and what one person alone may do."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from dengwen.cases.write import (
    check,
    references,
)
from dengwen.law.duties.act_record import CORRECT, ActRecord, Refusal
from dengwen.law.duties.admissibility import Actor
from dengwen.law.duties.late_entry import SECOND, SECOND_PERSON
from dengwen.law.duties.proposal import PROPOSE
from dengwen.law.duties.step import Step
from dengwen.law.packs.vocabulary import KEEP_STATE
from tests.cases.bare_rules import bare_act, codes

NOW = datetime(2025, 3, 18, 4, tzinfo=UTC)
TODAY = date(2025, 3, 18)
DAY = timedelta(days=1)
NOBODY: Any = SimpleNamespace(organ=None, user=None)
NONE: Any = None


# --- what a step names ----------------------------------------------------------------------------
OFFICE, PETITION_OFFICE, ORGAN = references.OFFICE, references.PETITION_OFFICE, references.ORGAN


@pytest.mark.parametrize(
    ("rule", "given", "refused_for"),
    [
        (bare_act(), None, ()),  # no act for one kind of office
        (bare_act(only_if={OFFICE: (PETITION_OFFICE,)}), None, ("organ",)),
        (bare_act(only_if={OFFICE: (ORGAN,)}), None, ("office",)),
        (bare_act(only_if={OFFICE: (ORGAN, PETITION_OFFICE)}), None, ()),
        (bare_act(sets={OFFICE: ORGAN}), None, ("office",)),
        (bare_act(sets={OFFICE: PETITION_OFFICE}, only_if={OFFICE: (ORGAN,)}), None, ("organ",)),
        (bare_act(names={OFFICE: 1}), PETITION_OFFICE, ("organ",)),
        (bare_act(names={OFFICE: 1}), ORGAN, ("office",)),
        (bare_act(names={OFFICE: 1}, only_if={OFFICE: (ORGAN,)}), None, ("office",)),
        (bare_act(), PETITION_OFFICE, ()),  # forged: the act has no such field
    ],
)
def test_the_registry_says_which_kind_of_office_acts(
    rule: Any, given: str | None, refused_for: tuple[str, ...]
) -> None:
    organs = {
        1: SimpleNamespace(pk=1, is_petition_office=True, name_zh="信访局"),
        2: SimpleNamespace(pk=2, is_petition_office=False, name_zh="水务局"),
    }
    call: Any = SimpleNamespace(organ=organs.get)
    step = Step(act="forward", fields={} if given is None else {OFFICE: given})

    def refused(pk: int) -> list[Refusal]:
        return list(references._office(step, rule, Actor(9, pk, frozenset()), call))

    assert codes(refused(1)) == (["wrong-office"] if "office" in refused_for else [])
    assert codes(refused(2)) == (["wrong-office"] if "organ" in refused_for else [])
    assert refused(3) == []  # the core says that there is no such organ
    field = OFFICE if given and rule.names else ""
    assert {one.field for one in refused(1) + refused(2)} <= {field}
    for one in refused(1):
        assert "不作为有权处理的机关" in one.zh
        assert "its role" in one.en or "petition department" in one.en
    for one in refused(2):
        assert "不是信访部门" in one.zh


@pytest.mark.parametrize(
    ("kind", "state", "running"),
    [
        ("petition", "accepted", True),
        ("petition", "ended", False),
        ("petition", "unknown", True),
        ("review", "accepted", False),
        ("gone", "accepted", False),
    ],
)
def test_a_matter_to_be_joined_is_one_still_being_handled(
    kind: str, state: str, *, running: bool
) -> None:
    states = {
        "accepted": SimpleNamespace(zh="已受理", en="accepted", final=False),
        "ended": SimpleNamespace(zh="已办结", en="ended", final=True),
    }
    known = SimpleNamespace(states=states)
    book: Any = SimpleNamespace(kinds=("petition", "review"), kind=lambda _name: known)
    other: Any = SimpleNamespace(kind=kind, number="N")
    call: Any = SimpleNamespace(view_of_case=lambda _case: SimpleNamespace(state=state))
    field: Any = SimpleNamespace(zh="并入", en="attach to", name="other")
    refused = references._not_running(bare_act(), field, other, "petition", book, call)
    assert (refused is None) is running
    if refused is not None and kind == "petition":
        assert "已办结" in refused.zh
        assert refused.en.endswith("ended")
    if refused is not None and kind == "gone":
        assert refused.en.endswith("accepted")


@pytest.mark.parametrize(
    ("done", "outcome", "ordered"),
    [
        (("sign",), "order_anew", True),
        (("sign",), "confirm", False),
        ((), "order_anew", False),  # drafted and not decided
        (("sign",), None, False),
    ],
)
def test_new_handling_is_ordered_by_a_decided_review_alone(
    done: tuple[str, ...], outcome: str | None, *, ordered: bool
) -> None:
    view: Any = SimpleNamespace(done=done, facts={"outcome": outcome} if outcome else {})
    assert references._ordered_anew(view) is ordered


def office(pk: int, *, petition: bool = False) -> Any:
    return SimpleNamespace(pk=pk, is_petition_office=petition)


@pytest.mark.parametrize(
    ("mine", "held", "above"),
    [
        (office(1), office(12), True),
        (office(2), office(12), False),
        (office(12), office(12), False),
        (None, office(12), False),
        (office(1), None, False),
        (office(7, petition=True), office(12), True),  # the office of the government above
        (office(7), office(12), False),  # any other organ of that government
        (office(7, petition=True), office(1), True),  # of the very organ that holds it
        (office(8, petition=True), office(12), False),
        (office(9, petition=True), office(12), False),  # works for nobody known
    ],
)
def test_who_stands_above_the_holder_of_a_matter(
    mine: Any, held: Any, monkeypatch: pytest.MonkeyPatch, *, above: bool
) -> None:
    works_for = {7: [office(1), office(0)], 8: [office(2), office(1)]}
    monkeypatch.setattr(
        references, "distances_above", lambda one, _d: {1: 1} if one.pk == 12 else {}
    )
    monkeypatch.setattr(references, "line_above", lambda one, _d, _l: works_for.get(one.pk, []))
    assert references._is_superior(mine, held, TODAY) is above


CASE: Any = SimpleNamespace(number="N1", kind="petition")


@pytest.mark.parametrize(
    ("stands", "number", "code"),
    [
        ((), "N2", ""),
        ((), "N9", "no-case"),
        ((), "N1", "same-case"),
        (("open",), "N2", "not-running"),
        (("held_below",), "N2", "no-superior"),
        (("ordered_anew",), "N2", "not-ordered"),
        (("open", "held_below", "ordered_anew"), "N3", ""),
    ],
)
def test_what_another_case_must_be_to_be_named(
    stands: tuple[str, ...], number: str, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = {
        one: SimpleNamespace(number=one, kind="petition", holder_id=5) for one in ("N1", "N2", "N3")
    }
    good = "N3"

    def known(asked: str, *_: Any, **__: Any) -> Any:
        return cases.get(asked)

    says = Refusal("not-running", "", "")
    monkeypatch.setattr(references, "_known", known)
    monkeypatch.setattr(
        references, "_not_running", lambda _r, _f, other, *_: None if other.number == good else says
    )
    monkeypatch.setattr(references, "_is_superior", lambda *_: number == good)
    monkeypatch.setattr(references, "_ordered_anew", lambda _view: number == good)
    call: Any = SimpleNamespace(organ=lambda _pk: None, view_of_case=lambda _case: None)
    field: Any = SimpleNamespace(stands=stands, zh="", en="", name="other")
    found = references._case(
        bare_act(), field, number, CASE, NONE, NOBODY, TODAY, call, by_effect=False
    )
    assert codes(found) == ([code] if code else [])


@pytest.mark.parametrize(
    ("type_", "value", "stands", "asked"),
    [
        ("case", "N2", ("open",), "case"),
        ("case", 7, ("open",), ""),  # forged: no number of a case
        ("organ", 7, ("below",), "organ"),
        ("organ", "N2", ("below",), ""),
        ("case", "N2", (), ""),
        ("organ", None, ("below",), ""),
        ("text", "N2", ("open",), ""),
    ],
)
def test_only_cases_and_organs_that_must_stand_somehow_are_looked_up(
    type_: str, value: Any, stands: Any, asked: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(references, "_office", lambda *_: iter(()))
    monkeypatch.setattr(references, "_case", lambda *_, **__: [Refusal("case", "", "")])
    holders: list[Any] = []

    def organ(_r: Any, _f: Any, _v: Any, acting: Any, *_: Any) -> list[Refusal]:
        holders.append(acting)
        return [Refusal("organ", "", "")]

    monkeypatch.setattr(references, "_organ", organ)
    field = SimpleNamespace(name="f", stands=stands, type=type_)
    step = Step(act="forward", fields={} if value is None else {"f": value})
    view: Any = SimpleNamespace(holder=6)
    for mine in (5, None):
        actor = Actor(9, mine, frozenset())
        found = references.referring(
            step, bare_act(fields=(field,)), view, CASE, NONE, actor, TODAY, NONE, by_effect=False
        )
        assert codes(found) == ([asked] if asked else [])
    assert holders == ([5, 6] if asked == "organ" else [])


def test_no_correction_makes_an_organ_another_kind_of_office() -> None:
    organs = {2: SimpleNamespace(pk=2, is_petition_office=False, name_zh="水务局")}
    call: Any = SimpleNamespace(organ=organs.get)
    rule = bare_act(names={OFFICE: 1})
    actor = Actor(9, 1, frozenset())

    def refused(name: str, new: str) -> list[Refusal]:
        step = Step(act=CORRECT, fields={"new": new})
        return references.corrected(step, rule, name, 2, actor, call)

    assert codes(refused(OFFICE, PETITION_OFFICE)) == ["wrong-office"]
    assert refused(OFFICE, PETITION_OFFICE)[0].field == "new"
    assert refused(OFFICE, ORGAN) == []
    assert codes(refused("unbound", "true")) == ["no-field"]
    assert codes(refused("own_notice_rules", "true")) == ["no-field"]
    assert refused("path", PETITION_OFFICE) == []


# --- history and order ----------------------------------------------------------------------------
def imported(*flags: bool) -> list[ActRecord]:
    return [ActRecord(n, "register", NOW, NOW, imported=one) for n, one in enumerate(flags, 1)]


@pytest.mark.parametrize(
    ("step_imported", "records", "owed", "refused"),
    [
        (True, [False], [False], True),
        (False, [False], [False], False),
        (True, [], [False], False),
        (True, [True, False], [False], False),
        (True, [False], [True, True], False),  # nothing is owed but by history
        (True, [False], [True, False], True),
        (True, [False], [], False),
    ],
)
def test_history_ends_nothing_that_is_owed_in_a_case_opened_here(
    records: list[bool], owed: list[bool], *, step_imported: bool, refused: bool
) -> None:
    view: Any = SimpleNamespace(open_duties=lambda: [SimpleNamespace(imported=one) for one in owed])
    step = Step(act="note", imported=step_imported)
    found = check._brought_over(step, bare_act(), view, imported(*records))
    assert codes(found) == (["imported"] if refused else [])


@pytest.mark.parametrize(
    ("history", "step_imported", "records", "refused"),
    [
        (False, False, [False], False),
        (True, True, [True], False),
        (True, True, [False], True),
        (True, False, [True], True),
        (True, True, [], True),
    ],
)
def test_an_act_of_history_ends_no_live_matter(
    records: list[bool], *, history: bool, step_imported: bool, refused: bool
) -> None:
    step = Step(act="note", imported=step_imported)
    found = check._of_history(step, bare_act(history=history), imported(*records))
    assert codes(found) == (["history-only"] if refused else [])


@pytest.mark.parametrize(
    ("rule", "step", "claimed", "refused"),
    [
        (bare_act(), Step(act="forward"), TODAY, False),
        (bare_act(), Step(act="forward"), TODAY - DAY, True),
        (bare_act(to=KEEP_STATE), Step(act="note"), TODAY - DAY, False),
        (bare_act(), Step(act=CORRECT), TODAY - DAY, False),
        (bare_act(), Step(act="forward", imported=True), TODAY - DAY, False),
        (bare_act(within="handle"), Step(act="forward"), TODAY + DAY, True),
        (bare_act(within="handle"), Step(act="forward"), TODAY + 2 * DAY, False),
        (bare_act(within="gone"), Step(act="forward"), TODAY, False),
        (bare_act(within="gone"), Step(act="forward"), TODAY - DAY, True),
    ],
)
def test_an_act_follows_on_what_it_starts_from(
    rule: Any, step: Step, claimed: date, *, refused: bool
) -> None:
    def duty(days: int, id_: str = "handle") -> Any:
        return SimpleNamespace(rule=SimpleNamespace(id=id_), opened_on=TODAY + days * DAY)

    view: Any = SimpleNamespace(
        moved_on=TODAY, duties=[duty(9, "other"), duty(1), duty(2), duty(5, "x")]
    )
    found = check._order(step, rule, view, claimed)
    assert codes(found) == (["out-of-order"] if refused else [])
    unmoved: Any = SimpleNamespace(moved_on=None, duties=[])
    assert check._order(step, rule, unmoved, claimed) == []


# --- alone ----------------------------------------------------------------------------------------
SECONDED = Refusal(SECOND_PERSON, "", "")


@pytest.mark.parametrize(
    ("step", "rule", "found", "administered", "refused"),
    [
        (Step(act="note"), bare_act(), [], True, False),
        (Step(act="grant"), bare_act(two_persons=True), [], True, True),
        (
            Step(act="grant"),
            bare_act(two_persons=True),
            [],
            False,
            False,
        ),  # before there is anybody
        (Step(act="grant"), bare_act(two_persons=True), [SECONDED], True, False),  # said already
        (Step(act="grant", imported=True), bare_act(two_persons=True), [], True, False),
        (Step(act="note", second=9), bare_act(), [], True, True),
        (Step(act=CORRECT, fields={SECOND: 9}), bare_act(), [], True, True),
        (Step(act="note", fields={SECOND: 9}), bare_act(), [], True, False),
        (Step(act=CORRECT), bare_act(), [Refusal("other", "", "")], True, False),
        (Step(act="note", second=9), bare_act(), [Refusal("other", "", "")], True, True),
        (Step(act="note", fields={"why": 1}), bare_act(two_persons_if=("why",)), [], True, True),
        (Step(act="note", texts={"why": "x"}), bare_act(two_persons_if=("why",)), [], True, True),
        (Step(act="note"), bare_act(two_persons_if=("why",)), [], True, False),
    ],
)
def test_nobody_signs_for_a_second_person(
    step: Step,
    rule: Any,
    found: list[Refusal],
    monkeypatch: pytest.MonkeyPatch,
    *,
    administered: bool,
    refused: bool,
) -> None:
    monkeypatch.setattr(check, "has_administrators", lambda: administered)
    assert codes(check._alone(step, rule, found)) == ([SECOND_PERSON] if refused else [])


def test_what_the_rules_do_not_know_is_refused_and_old_packs_are_named() -> None:
    book: Any = SimpleNamespace(
        title="规则", kinds={"petition": SimpleNamespace(acts={"note": bare_act()})}
    )

    def reason(kind: str, name: str) -> Refusal:
        case: Any = SimpleNamespace(kind=kind)
        with pytest.raises(check.Refused) as refused:
            check._rule_of(Step(act=name), case, book)
        return refused.value.reasons[0]

    assert "“forged”" in reason("petition", "forged").zh
    assert "“gone”" in reason("gone", "note").zh
    assert reason("petition", "forged").remedy_zh == ""
    assert "dengwen pack install" in reason("petition", PROPOSE).remedy_zh


def test_a_call_has_steps_a_zone_and_a_usable_key() -> None:
    steps = [Step(act="note")]
    check.check_call(steps, NOW, "a" * 100)
    for uid in ("", "a" * 101, "a b", "登记"):
        with pytest.raises(ValueError, match="uid"):
            check.check_call(steps, NOW, uid)
    with pytest.raises(ValueError, match="step"):
        check.check_call([], NOW, "a")
    with pytest.raises(ValueError, match="aware"):
        check.check_call(steps, NOW.replace(tzinfo=None), "a")
    view: Any = SimpleNamespace()
    with pytest.raises(ValueError, match="aware"):
        check._instants(
            Step(act="note", occurred_at=NOW.replace(tzinfo=None)), bare_act(), CASE, view, NOW
        )


@pytest.mark.parametrize(
    ("type_", "value", "unknown"),
    [
        ("organ", 5, 0),
        ("organ", 99, 1),
        ("organs", (5, 99, 98), 2),
        ("official", 7, 0),
        ("official", 99, 1),
        ("organ", "x", 0),  # the core says that this is no organ
        ("number", 99, 0),
        ("organ", None, 0),
    ],
)
def test_whom_an_act_names_stands_in_the_registry(type_: str, value: Any, unknown: int) -> None:
    organs = {5: object()}
    unit = SimpleNamespace(exists=lambda _model, _column, pk: pk == 7)
    call: Any = SimpleNamespace(organ=organs.get, unit=unit)
    field = SimpleNamespace(name="f", type=type_, zh="去向", en="to")
    step = Step(act="forward", fields={} if value is None else {"f": value})
    found = check._unknown(step, bare_act(fields=(field,)), call)
    assert codes(found) == ["no-entry"] * unknown
    words = {"official": "人员"}.get(type_, "机关、单位")
    assert all(words in one.zh and one.field == "f" for one in found)
