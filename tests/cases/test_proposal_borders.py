"""What a proposal says and who may decide on it; who enters a case with an act and who leaves it;
what a row keeps of an act."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from dengwen.cases.write import (
    case_parties,
    check,
    proposed_step,
    record,
    second_person,
)
from dengwen.law.duties.act_record import CORRECT, ActRecord, Refusal
from dengwen.law.duties.late_entry import SECOND_PERSON
from dengwen.law.duties.proposal import APPROVE, OF, PAPERS, PROPOSE, SAYS
from dengwen.law.duties.step import PartyEntry, Step
from tests.cases.bare_rules import bare_act, codes

NOW = datetime(2025, 3, 18, 4, tzinfo=UTC)
TODAY = date(2025, 3, 18)
DAY = timedelta(days=1)
NOBODY: Any = SimpleNamespace(organ=None, user=None)
NONE: Any = None


# --- proposals ------------------------------------------------------------------------------------
CLASSES = {
    "name": "D2",
    "note": "D3",
    "accuses": "D4",
    "opinion": "D6",
    "sealed": "D7",
    "open": "D1",
}
TYPES = {"paper": "digest", "papers": "digests", "day": "date", "path": "word"}
PROPOSED: Any = bare_act(
    "extend",
    names={
        **{name: SimpleNamespace(data_class=one, type="text") for name, one in CLASSES.items()},
        **{name: SimpleNamespace(data_class="", type=one) for name, one in TYPES.items()},
    },
)
STEP = Step(
    act="extend",
    case="N1",
    fields={"day": TODAY, "path": "31(6)", "paper": "11", "papers": ("22", "11"), "other": "33"},
    texts={**{name: name for name in CLASSES}, "unknown": "x"},
    occurred_at=NOW - DAY,
    organ=5,
    parties=(PartyEntry(role="accused_person", official=7),),
    links=(("N2", "about"),),
    late_reason="停电",
    paper="44",
)


def test_a_proposal_is_read_back_as_the_step_it_puts_before_a_second_person() -> None:
    proposal = proposed_step.proposing(STEP, PROPOSED)
    assert (proposal.act, proposal.case, proposal.fields[OF]) == (PROPOSE, "N1", "extend")
    assert proposal.fields[PAPERS] == ("44", "11", "22")
    said = proposed_step.said_by(proposal.texts)
    assert said.act == "extend"
    assert said.step(PROPOSED, "N1") == STEP
    row: Any = None
    waits = proposed_step.Proposed(row, said)
    assert proposed_step.same(waits, STEP, PROPOSED)
    for other in (
        replace(STEP, fields={**STEP.fields, "path": "31(5)"}),
        replace(STEP, texts={}),
        replace(STEP, occurred_at=None),
        replace(STEP, organ=None),
        replace(STEP, parties=()),
        replace(STEP, links=()),
        replace(STEP, late_reason=""),
        replace(STEP, paper=""),
    ):
        assert not proposed_step.same(waits, other, PROPOSED)
        again = proposed_step.said_by(proposed_step.proposing(other, PROPOSED).texts)
        assert again.step(PROPOSED, "N1") == other


def test_each_text_of_a_proposal_lies_with_those_of_its_class() -> None:
    texts = proposed_step.proposing(STEP, PROPOSED).texts
    for name, data_class in CLASSES.items():
        place = "texts_" + data_class.lower() if data_class != "D1" else SAYS
        assert f'"{name}":"{name}"' in texts[place]
        assert sum(f'"{name}":"{name}"' in text for text in texts.values()) == 1
    assert '"unknown":"x"' in texts[SAYS]
    plain = proposed_step.proposing(Step(act="extend", case="N1"), PROPOSED)
    assert set(plain.texts) == {SAYS}
    assert PAPERS not in plain.fields


@pytest.mark.parametrize("text", ["", "[]", "1", '{"act":"x"}', '{"texts":3}'])
def test_what_is_no_proposal_cannot_be_read_as_one(text: str) -> None:
    with pytest.raises((ValueError, TypeError, KeyError)):
        proposed_step.said_by({SAYS: text})
    with pytest.raises((ValueError, TypeError, KeyError)):
        proposed_step.said_by({})


def asked(
    rule: Any, *, capacities: frozenset[str] = frozenset(), organ: int = 5, user: int | None = 1
) -> Any:
    by = SimpleNamespace(user=user, organ=organ, capacities=capacities)
    held = SimpleNamespace(case=SimpleNamespace(number="N1"))
    return SimpleNamespace(by=by, rule=lambda _act: rule, held=held)


def proposal_of(actor: int, **fields: Any) -> Any:
    """Return a proposal that somebody of organ 5 made."""

    def step(_rule: Any, case: str) -> Step:
        return Step(act="extend", case=case, fields=fields)

    return SimpleNamespace(act="extend", row=SimpleNamespace(actor=actor, organ_id=5), step=step)


@pytest.mark.parametrize(
    ("more", "two_persons", "code"),
    [
        ({"capacities": frozenset({"handler"})}, False, ""),
        ({"capacities": frozenset({"head"})}, False, ""),  # any second person of the organ
        ({"capacities": frozenset({"auditor"})}, False, "capacity"),
        ({"capacities": frozenset()}, False, "capacity"),
        ({"capacities": frozenset({"handler"}), "organ": 6}, False, "organ"),
        ({"capacities": frozenset({"handler"}), "user": None}, False, "second-person"),
        ({"capacities": frozenset({"auditor"})}, True, ""),
        ({"capacities": frozenset({"auditor"}), "organ": 6}, True, ""),
        ({"capacities": frozenset({"handler"})}, True, ""),
        ({"capacities": frozenset({"clerk"})}, True, "capacity"),
    ],
)
def test_who_may_decide_on_a_proposal(
    more: dict[str, Any], code: str, monkeypatch: pytest.MonkeyPatch, *, two_persons: bool
) -> None:
    monkeypatch.setattr(second_person, "_same_person", lambda user, other: user == other)
    proposed = proposal_of(2)
    rule = bare_act(two_persons=two_persons)
    found = second_person._against(proposed, asked(rule, **more))
    assert codes(found) == ([code] if code else [])
    own = proposal_of(1)
    assert codes(second_person._against(own, asked(rule, **more))) == ["second-person"]
    if more.get("user", 1) is not None:
        assert second_person._against(proposed, asked(None, **more)) == []


@pytest.mark.parametrize(
    ("said", "capacity", "organ", "code"),
    [
        (True, "handler", 5, ""),
        (True, "head", 5, "capacity"),  # who does such acts, not any second person
        (True, "auditor", 5, "capacity"),
        (True, "handler", 6, "organ"),
        (False, "head", 5, ""),
    ],
)
def test_who_may_decide_on_an_act_that_takes_two_for_what_it_says(
    said: bool, capacity: str, organ: int, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(second_person, "_same_person", lambda user, other: user == other)
    rule = bare_act(two_persons_if=("excuse",))
    proposed = proposal_of(2, excuse=said)
    by = asked(rule, capacities=frozenset({capacity}), organ=organ)
    assert codes(second_person._against(proposed, by)) == ([code] if code else [])


def admitted(
    patch: pytest.MonkeyPatch,
    inner: Step,
    waiting: int,
    *,
    alone: str = SECOND_PERSON,
    same: bool = False,
) -> str:
    patch.setattr(second_person, "_must_see", lambda *_: None)
    patch.setattr(second_person, "_read", lambda *_: None)
    patch.setattr(second_person, "same", lambda *_: same)
    records = [ActRecord(n, PROPOSE, NOW, NOW, data={OF: "extend"}) for n in range(1, waiting + 1)]
    held = SimpleNamespace(records=records)
    question: Any = SimpleNamespace(by=None, held=held, rule=lambda _act: bare_act("extend"))
    step = Step(act=PROPOSE)

    def refuse() -> None:
        if alone:
            raise check.Refused(step, [Refusal("field", "", ""), Refusal(alone, "", "")])

    try:
        second_person.admit(step, inner, question, alone=refuse, together=lambda: None)
    except check.Refused as refused:
        return refused.reasons[0].code
    return ""


def test_a_proposal_is_admitted_once_and_where_it_is_needed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    extend = Step(act="extend")
    most = second_person.MOST_WAITING
    assert admitted(monkeypatch, extend, 0) == ""
    assert admitted(monkeypatch, extend, most - 1) == ""
    assert admitted(monkeypatch, extend, most) == "too-many-waiting"
    assert admitted(monkeypatch, extend, 1, same=True) == "waits-already"
    assert admitted(monkeypatch, Step(act="other"), 1, same=True) == ""
    assert admitted(monkeypatch, Step(act=APPROVE), 0) == "no-proposal"
    assert admitted(monkeypatch, replace(extend, imported=True), 0) == "no-proposal"
    assert admitted(monkeypatch, extend, 0, alone="") == "no-second-needed"
    assert admitted(monkeypatch, extend, 0, alone="other") == "no-second-needed"


# --- parties --------------------------------------------------------------------------------------
class _Unit:
    """A unit of work that notes what is asked of it."""

    def __init__(self) -> None:
        self.ended: list[tuple[str, int]] = []
        self.flushed = 0

    def flush_for(self, _model: Any) -> None:
        self.flushed += 1

    def run(self, _sql: str, values: list[Any]) -> None:
        assert values[0] == "2025-03-18"
        self.ended.append((values[2], values[3]))


@pytest.mark.parametrize(
    ("takes", "addresses", "seq", "organ", "entered", "ended"),
    [
        (False, False, 1, 5, [], []),
        (True, False, 0, 5, [("holder", 5)], []),  # a new case: there is nobody to end
        (True, False, 1, 5, [("holder", 5)], [("holder", 0), ("addressee", 5)]),
        (True, False, 1, 6, [], [("addressee", 6)]),  # it holds the case already
        (True, False, 1, None, [], [("addressee", 0)]),
        (False, True, 1, 5, [("addressee", 8)], [("addressee", 0)]),
        (False, True, 0, 5, [("addressee", 8)], []),
        (True, True, 1, 5, [("holder", 5), ("addressee", 8)], [("holder", 0), ("addressee", 5)]),
    ],
)
def test_a_new_holder_and_addressee_end_those_before_them(
    seq: int,
    organ: int | None,
    entered: list[Any],
    ended: list[Any],
    *,
    takes: bool,
    addresses: bool,
) -> None:
    case: Any = SimpleNamespace(pk=1, seq=seq, holder_id=6)
    row: Any = SimpleNamespace(pk=2, organ_id=organ, occurred_at=NOW)
    view: Any = SimpleNamespace(addressee=8)
    unit: Any = _Unit()
    rule = bare_act(takes=takes, addresses=addresses)
    found = case_parties._moved_parties(rule, case, row, view, unit)
    assert [(one.role, one.organ_id) for one in found] == entered
    assert unit.ended == ended
    assert unit.flushed == int(bool(seq and (takes or addresses)))
    nowhere: Any = SimpleNamespace(addressee=None)
    addressing, other = bare_act(addresses=True), unit
    to_nobody = case_parties._moved_parties(addressing, case, row, nowhere, other)
    assert to_nobody == []


def test_whoever_is_named_to_assist_enters_the_case_once() -> None:
    def helps(opened_by: int, named_by: str, holder: int | None) -> Any:
        return SimpleNamespace(
            opened_by=opened_by, rule=SimpleNamespace(named_by=named_by), holder=holder
        )

    duties = [
        helps(2, "to", 7),
        helps(2, "to", 7),
        helps(2, "", 8),
        helps(1, "to", 9),
        helps(2, "to", None),
    ]
    added: list[Any] = []
    unit = SimpleNamespace(add=lambda *rows: added.extend(rows))
    call: Any = SimpleNamespace(unit=unit, case_numbered={"N2": SimpleNamespace(pk=44)}.get)
    case: Any = SimpleNamespace(pk=1, seq=1, holder_id=6)
    row: Any = SimpleNamespace(pk=2, organ_id=5, occurred_at=NOW)
    view: Any = SimpleNamespace(duties=duties, addressee=None)
    step = Step(act="assist", links=(("about", "N2"),))
    case_parties.enter_parties(step, bare_act(), case, row, view, call)
    parties, links = added[:-1], added[-1]
    assert [(one.role, one.organ_id) for one in parties] == [("assisting_organ", 7)]
    assert (links.case_id, links.other_id, links.kind, links.act_id) == (1, 44, "about", 2)
    with pytest.raises(Exception, match="N3"):
        case_parties.enter_parties(
            Step(act="assist", links=(("about", "N3"),)), bare_act(), case, row, view, call
        )


# --- rows -----------------------------------------------------------------------------------------
def test_what_a_row_sorts_by_is_its_day_its_own_target_or_the_day_beside_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    beside = {
        "sort": SimpleNamespace(due=None, raw=TODAY),
        "tell": SimpleNamespace(due=TODAY + DAY, raw=TODAY),
    }
    view: Any = SimpleNamespace(find_open=beside.get)

    def day(due: date | None, raw: date | None, own: date | None, alongside: str) -> date | None:
        monkeypatch.setattr(record, "local_day", lambda *_: own)
        one: Any = SimpleNamespace(due=due, raw=raw, rule=SimpleNamespace(alongside=alongside))
        return record._sort_day(one, view, NONE)

    later = TODAY + 9 * DAY
    assert day(later, TODAY, TODAY, "sort") == later
    assert day(None, later, TODAY, "sort") == later
    assert day(None, None, later, "sort") == later
    assert day(None, None, None, "sort") == TODAY
    assert day(None, None, None, "tell") == TODAY + DAY
    assert day(None, None, None, "gone") is None
    assert day(None, None, None, "") is None


@pytest.mark.parametrize(
    ("place", "office", "found"),
    [
        ("530100", "530102", "530100"),
        ("", "530102", "530102"),
        (None, "530102", "530102"),
        (None, None, ""),
    ],
)
def test_a_new_case_follows_the_rules_of_its_place_or_of_its_office(
    place: str | None, office: str | None, found: str
) -> None:
    organ: Any = SimpleNamespace(division_code=office) if office else None
    fields = {} if place is None else {"place": place}
    assert record.place_of_new(fields, organ) == found


def test_an_instant_is_kept_to_the_millisecond() -> None:
    exact = NOW.replace(microsecond=123_999)
    assert record.to_ledger_precision(exact) == NOW.replace(microsecond=123_000)


def test_a_receipt_opens_no_number_of_other_cases() -> None:
    """The serial counts the cases of an office, and row ids count everything."""
    for name in ("note", CORRECT, "meet"):
        assert not {"serial", "opened_by"} & record.handed_out(name)
    assert "data" in record.handed_out("note")
    assert "data" not in record.handed_out(CORRECT)
    assert "data" not in record.handed_out("meet")
    row: Any = SimpleNamespace(
        act="note",
        occurred_at=NOW,
        organ_id=5,
        actor=9,
        capacity="clerk",
        rules_id=1,
        calendar="1",
        data={},
        content="",
        paper="",
        imported=False,
        duty="",
        opened_by_id=None,
        call="c",
    )
    bound = set(record.event_columns(row, "petition")) | {"duties", "ruleset", "documents"}
    assert bound - {"opened_by"} <= record.handed_out("note")
