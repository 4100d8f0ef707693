"""After an act: who is told of it, who may write for another unit, what the history shows, how a
call goes on in a further case, and who was first."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError

from dengwen.cases import effects
from dengwen.cases.duties import open_periods, registers
from dengwen.cases.read import case_history
from dengwen.cases.write import (
    entry_on_behalf,
    perform,
    recipients,
    record,
    references,
    running_call,
)
from dengwen.cases.write.check import Refused
from dengwen.cases.write.entry_on_behalf import ENTERED_BY
from dengwen.cases.write.papers import draft
from dengwen.law.duties.act_record import BREACH, OPEN, ActRecord, Refusal
from dengwen.law.duties.admissibility import Actor
from dengwen.law.duties.recurrence import REGISTER
from dengwen.law.duties.step import Step
from dengwen.organs.models import Organ
from tests.cases.bare_rules import bare_act, codes
from tests.invented_rows import table
from tests.world import World

NOW = datetime(2025, 3, 18, 4, tzinfo=UTC)
TODAY = date(2025, 3, 18)
DAY = timedelta(days=1)
NONE: Any = None


def act(**more: Any) -> Any:
    plain = {
        "pk": 3,
        "seq": 2,
        "imported": False,
        "organ_id": 5,
        "actor": 1,
        "data": {},
        "recorded_at": NOW,
        "occurred_at": NOW,
    }
    return SimpleNamespace(**{**plain, **more})


def owed(**more: Any) -> Any:
    rule = SimpleNamespace(right=more.pop("right", False))
    plain = {"rule": rule, "opened_by": 3, "state": OPEN, "holder": 6, "official": None}
    return SimpleNamespace(**{**plain, **more})


# --- who is told ----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("more", "fresh"),
    [({}, True), ({"opened_by": 2}, False), ({"state": "closed"}, False), ({"right": True}, False)],
)
def test_a_duty_is_told_that_the_act_laid_on_somebody(more: dict[str, Any], *, fresh: bool) -> None:
    assert recipients._is_fresh(owed(**more), act()) is fresh


@pytest.mark.parametrize(
    ("effects_", "field", "value", "told"),
    [
        (("x",), "official", 7, {8, 9}),
        ((), "official", 7, {8}),  # the act puts nobody in charge
        (("x",), "organ", 7, {8}),
        (("x",), "official", None, {8}),
    ],
)
def test_leaders_are_told_whom_a_matter_was_laid_before(
    effects_: tuple[str, ...],
    field: str,
    value: int | None,
    told: set[int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(recipients, "Party", table(9))
    rule = bare_act(effects=effects_, fields=(SimpleNamespace(type=field, name="leader"),))
    found = recipients._officials(act(data={"leader": value}), rule, [owed(official=8), owed()])
    assert found == told


@pytest.mark.parametrize(
    ("addresses", "addressee", "acting", "told"),
    [
        (False, 7, 5, {6}),
        (True, 7, 5, {6, 7}),
        (True, None, 5, {6}),
        (True, 7, 6, {7}),  # nobody is told of the own act
        (True, 7, None, {6, 7}),
    ],
)
def test_organs_are_told_of_their_duties_and_of_what_is_sent_to_them(
    addressee: int | None, acting: int | None, told: set[int], *, addresses: bool
) -> None:
    view: Any = SimpleNamespace(addressee=addressee)
    rule = bare_act(addresses=addresses)
    fresh = [owed(), owed(holder=None)]
    assert recipients._organs(act(organ_id=acting), view, rule, fresh) == told


def test_organs_are_told_by_their_codes_and_only_known_ones() -> None:
    call: Any = SimpleNamespace(
        organ={6: SimpleNamespace(code="B"), 5: SimpleNamespace(code="A")}.get
    )
    assert list(recipients._codes([6, 99, 5], call)) == ["A", "B"]


def test_nobody_is_asked_for_accounts_of_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recipients, "User", table(SimpleNamespace(pk=4), SimpleNamespace(pk=2)))
    assert list(recipients._accounts([], 1)) == []
    assert list(recipients._accounts([9], None)) == ["4", "2"]


@pytest.mark.parametrize(
    ("more", "kind", "to", "told"),
    [
        ({}, "petition", "信访人", ["petitioner", "organ"]),
        ({"seq": 1}, "petition", "信访人", ["organ"]),  # whoever registers has the paper in hand
        ({}, "petition", "机关", ["organ"]),
        ({"imported": True}, "petition", "信访人", []),
        ({}, REGISTER, "信访人", []),
    ],
)
def test_an_act_tells_petitioner_and_organs_and_history_nobody(
    more: dict[str, Any], kind: str, to: str, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    added: list[Any] = []
    monkeypatch.setattr(recipients, "_notice", lambda _case, _act, recipient, _ref: recipient)
    call: Any = SimpleNamespace(
        organ=lambda _pk: SimpleNamespace(code="A"),
        unit=SimpleNamespace(add=lambda *rows: added.extend(rows)),
    )
    view: Any = SimpleNamespace(duties=[owed()], addressee=None)
    rules: Any = SimpleNamespace(documents={"opinion": SimpleNamespace(to=to)})
    case: Any = SimpleNamespace(kind=kind)
    rule = bare_act(documents=("opinion",), effects=())
    recipients.tell(case, act(**more), view, rules, rule, call)
    assert added == told


# --- for a unit without accounts ------------------------------------------------------------------
@pytest.mark.parametrize(
    ("organ", "by_organ", "capacities", "accounts", "refused"),
    [
        (7, 5, {"clerk"}, False, ""),
        (7, 5, {"router"}, False, ""),
        (7, 5, {"handler"}, False, ""),
        (8, 5, {"clerk"}, False, ""),  # the addressee
        (7, 5, {"head"}, False, "capacity"),
        (7, 5, set(), False, "capacity"),
        (7, 6, {"clerk"}, False, "organ"),  # not who sent it
        (7, None, {"clerk"}, False, "organ"),
        (9, 5, {"clerk"}, False, "organ"),  # a unit that has nothing to do with it
        (7, 5, {"clerk"}, True, "organ"),
    ],
)
def test_who_sent_a_matter_writes_for_a_unit_without_accounts(
    organ: int,
    by_organ: int | None,
    capacities: set[str],
    refused: str,
    monkeypatch: pytest.MonkeyPatch,
    *,
    accounts: bool,
) -> None:
    monkeypatch.setattr(entry_on_behalf, "has_accounts", lambda *_: accounts)
    monkeypatch.setattr(entry_on_behalf, "Organ", table("示例站"))
    view: Any = SimpleNamespace(sender=5, holder=7, addressee=8)

    def why(paper: str, rule: Any) -> list[Refusal]:
        step = Step(act="accept", organ=organ, paper=paper)
        return entry_on_behalf.stand_in(step, rule, by_organ, frozenset(capacities), view, TODAY)

    rule = bare_act(basis="article")
    assert codes(why("ab", rule)) == ([refused] if refused else [])
    assert codes(why("", rule)) == ([refused] if refused else ["paper"])
    for one in why("", rule):
        hidden = one.zh == entry_on_behalf.OTHERS[0]
        basis: Any = one.basis  # of a case nobody may know not even a rule
        assert basis == (None if hidden else "article")
    assert {one.basis for one in why("", None)} == {None}


def test_a_unit_acts_in_whatever_capacity_its_paper_shows() -> None:
    actor = entry_on_behalf.actor_of(7)
    assert (actor.user, actor.organ) == (None, 7)
    assert actor.capacities == {"clerk", "router", "handler", "reviewer", "head"}
    assert "registrar" not in actor.capacities
    step = Step(act="accept", fields={"x": 1})
    assert entry_on_behalf.with_writer(step, 5).fields == {"x": 1, ENTERED_BY: 5}
    assert entry_on_behalf.with_writer(step, None).fields[ENTERED_BY] == 0


# --- the history ----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "mended", "kind", "note"),
    [
        ("forward", "更正", "act", "字段"),
        (BREACH, "更正", "breach", "更正"),
        (BREACH, "", "breach", "字段"),
    ],
)
def test_an_entry_says_what_was_done_and_where_it_lies(
    name: str, mended: str, kind: str, note: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    book: Any = SimpleNamespace(
        instruments={}, kind=lambda _kind: SimpleNamespace(acts={name: bare_act(name)})
    )
    basis = SimpleNamespace(cite=lambda *_: "第二十二条")
    monkeypatch.setattr(case_history, "rulebooks", SimpleNamespace(by_row=lambda _row: book))
    monkeypatch.setattr(case_history, "_title", lambda *_: ("标题", basis))
    monkeypatch.setattr(case_history, "correction_in_words", lambda record, *_: record)
    monkeypatch.setattr(case_history, "field_notes", lambda *_: "字段")
    monkeypatch.setattr(case_history, "_mended", lambda *_: mended)
    monkeypatch.setattr(case_history, "_who", lambda *_: "谁")
    file: Any = SimpleNamespace(case=SimpleNamespace(kind="petition", place=""), records=())
    names = case_history._Names({}, {})
    page = case_history._Page(file, names, {"u": (4, "abcd")}, "zh", lambda seq: f"#{seq}")

    def entry(uid: str) -> Any:
        row: Any = SimpleNamespace(
            pk=1, uid=uid, rules_id=1, act=name, seq=2, recorded_at=NOW + DAY
        )
        return case_history._entry(page, row, ActRecord(1, name, NOW, NOW + DAY))

    one = entry("u")
    assert (one.day, one.recorded, one.kind, one.note) == (TODAY, TODAY + DAY, kind, note)
    assert (one.title, one.basis, one.who, one.href) == ("标题", "第二十二条", "谁", "#2")
    assert (one.leaf, one.digest) == (4, "abcd")
    assert (entry("v").leaf, entry("v").digest) == (None, "")  # not in the ledger yet


def test_organs_and_people_are_named_from_the_acts(world: World) -> None:
    organ, other = (Organ.objects.get(code=code) for code in ("YJ01", "YJ02"))
    user = world.by("clerk").user
    rows: list[Any] = [
        SimpleNamespace(organ_id=organ.pk, actor=user, data={"to": [other.pk], "word": "x"}),
        SimpleNamespace(organ_id=None, actor=None, data={"n": 3_999_999}),
    ]
    names = case_history._names_in(rows, "zh")
    assert (names.organ(organ.pk), names.organ(other.pk)) == (organ.name_zh, other.name_zh)
    official = world.office.users["clerk"].official
    assert names.person(user) == (official.name if official else "clerk")
    english = case_history._names_in(rows, "en")
    assert english.organ(organ.pk) == (organ.name_en or organ.name_zh)
    other.name_en = ""
    other.save(update_fields=["name_en"])
    assert case_history._names_in(rows, "en").organ(other.pk) == other.name_zh


# --- who may know of a case -----------------------------------------------------------------------
@pytest.mark.parametrize(
    ("user", "organ", "by_effect", "asked"),
    [
        (1, 5, False, "user"),
        (None, 5, False, "organ"),
        (1, 5, True, "row"),  # an effect follows from what was checked
        (1, None, False, "row"),
    ],
)
def test_a_case_is_named_by_whoever_may_know_of_it(
    user: int | None,
    organ: int | None,
    asked: str,
    monkeypatch: pytest.MonkeyPatch,
    *,
    by_effect: bool,
) -> None:
    monkeypatch.setattr(references, "User", table(*([SimpleNamespace(pk=1)] if user else [])))
    wall = SimpleNamespace(
        viewer_of=lambda *_: "user",
        viewer_of_organ=lambda *_: "organ",
        find=lambda viewer, *_: viewer,
    )
    monkeypatch.setattr(references, "visibility", wall)
    call: Any = SimpleNamespace(case_numbered=lambda _number: "row")
    actor = Actor(user, organ, frozenset())
    found: Any = references._known("N", actor, TODAY, call, by_effect=by_effect)
    assert found == asked


# --- how a call goes on ---------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("unit", "wrote", "error", "spoiled"),
    [
        (None, True, ValueError("x"), False),  # behind a savepoint of its own
        ("unit", False, ValueError("x"), False),
        ("unit", True, ValueError("x"), True),
        ("unit", False, IntegrityError("x"), True),  # perhaps of a row of another call
    ],
)
def test_a_failed_call_of_a_batch_spoils_it_where_it_may_have_written(
    unit: Any, error: Exception, *, wrote: bool, spoiled: bool
) -> None:
    forgot: list[str] = []
    rules = SimpleNamespace(rolled_back=lambda: forgot.append("rules"))
    batch: Any = SimpleNamespace(unit=unit, rules=rules, organs={1: "organ"})
    if spoiled:
        with pytest.raises(perform._Spoiled):
            perform._Batch._failed(batch, error, wrote=wrote)
    else:
        perform._Batch._failed(batch, error, wrote=wrote)
    assert forgot == ([] if unit else ["rules"])
    assert batch.organs == ({1: "organ"} if unit else {})


@pytest.mark.parametrize("unit", [None, "shared"])
def test_events_are_written_once_in_the_unit_there_is(
    unit: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[Any] = []

    @contextmanager
    def own() -> Any:
        yield "own"

    monkeypatch.setattr(perform, "unit_of_work", own)
    monkeypatch.setattr(
        perform,
        "event_log",
        SimpleNamespace(write=lambda events, where: written.append((list(events), where))),
    )
    batch: Any = SimpleNamespace(unit=unit, events=[1, 2])
    perform._Batch._write_events(batch)
    assert written == [([1, 2], unit or "own")]
    assert batch.events == []


@pytest.mark.parametrize(("taken", "tries"), [(0, 1), (3, 4), (7, 8), (8, None)])
def test_a_number_that_is_taken_is_drawn_again_a_few_times(
    taken: int, tries: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[int] = []

    def number(*_: Any) -> str:
        drawn.append(len(drawn))
        return f"N{len(drawn)}"

    monkeypatch.setattr(record, "free_number", number)
    opened: list[int] = []
    unit = SimpleNamespace(
        count_on=lambda *_: 7, hopeful=False, insert=lambda _case, **_: len(drawn) > taken
    )
    call: Any = SimpleNamespace(unit=unit, keys=SimpleNamespace(opened=opened.append))
    case: Any = SimpleNamespace(pk=1, office="YJ01", year=2025, number="", serial=0)
    if tries is None:
        with pytest.raises(IntegrityError):
            record._enter(case, call)
        assert len(drawn) == 8
        return
    record._enter(case, call)
    assert (len(drawn), case.number, case.serial, opened) == (tries, f"N{tries}", 7, [1])


@pytest.mark.parametrize("own", [True, False])
def test_a_further_case_is_written_under_a_key_and_at_an_instant_of_its_own(
    monkeypatch: pytest.MonkeyPatch, *, own: bool
) -> None:
    keys = SimpleNamespace(
        key_of=lambda uid, n: f"{uid}.{n}", instant_of=lambda _uid, n, now, _known: now + n * DAY
    )
    monkeypatch.setattr(running_call, "call_keys", keys)
    hand = record.Hand(perform.By(1, 5, frozenset()), NOW, "u", NONE)
    call = running_call.RunningCall(hand)
    first, second = call._next_hand(own_instant=own), call._next_hand(own_instant=own)
    assert (first.call, second.call) == ("u.1", "u.2")
    assert (first.now, second.now) == ((NOW + DAY, NOW + 2 * DAY) if own else (NOW, NOW))


@pytest.mark.parametrize(
    ("organ", "behalf", "there"),
    [(None, False, False), (5, False, False), (6, True, True), (6, True, False)],
)
def test_whoever_writes_for_another_learns_of_no_case(
    organ: int | None, monkeypatch: pytest.MonkeyPatch, *, behalf: bool, there: bool
) -> None:
    monkeypatch.setattr(running_call, "Case", table(*([1] if there else [])))
    held = SimpleNamespace(now=None, case=SimpleNamespace(place=""))
    rules = SimpleNamespace(in_force=lambda day, *_: day)
    hand = record.Hand(perform.By(1, 5, frozenset()), NOW, "u", SimpleNamespace(rules=rules))  # type: ignore[arg-type]
    call = running_call.RunningCall(hand)
    monkeypatch.setattr(call, "_find", lambda *_, **__: held)
    step = Step(act="accept", case="N", organ=organ, occurred_at=NOW - DAY)
    if behalf and not there:
        with pytest.raises(Refused) as refused:
            call._circumstances(step, by_effect=False)
        assert codes(refused.value.reasons) == ["organ"]
        assert call._circumstances(step, by_effect=True).behalf is False
        return
    at = call._circumstances(step, by_effect=False)
    assert (at.behalf, at.day, at.now) == (behalf, TODAY - DAY, NOW)
    assert call._circumstances(Step(act="note"), by_effect=False).day == TODAY


# --- who was first --------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("number", "moved", "error", "lost"),
    [
        ("N", True, ValueError("x"), True),
        ("N", False, ValueError("x"), False),
        ("", True, ValueError("x"), True),
        ("", False, ValueError("x"), False),
        ("N", False, None, True),
    ],
)
def test_a_register_that_moved_on_was_kept_by_another_worker(
    number: str, error: Any, monkeypatch: pytest.MonkeyPatch, *, moved: bool, lost: bool
) -> None:
    rows = table(*([1] if moved else []))
    monkeypatch.setattr(registers, "Case", rows if number else table())
    monkeypatch.setattr(registers, "Act", table() if number else rows)
    call: Any = SimpleNamespace(steps=[Step(act="warn", case=number)], uid="register/4.17/ab")
    kept = registers.Kept()
    if lost:
        registers._Desk._lost(NONE, call, error, kept)
        assert kept.lost_races == 1
        return
    registers._Desk._lost(NONE, call, error, kept)
    assert (kept.lost_races, kept.faults) == (0, [error])


def test_registers_are_kept_in_one_order() -> None:
    keys = [(2, None, 2025), (1, 7, 2025), (1, None, 2025), (1, 3, 2024)]
    assert registers._ordered(keys) == [
        (1, None, 2025),
        (1, 3, 2024),
        (1, 7, 2025),
        (2, None, 2025),
    ]


@pytest.mark.parametrize(("seat", "said"), [("post:x", {"seat": "post:x"}), ("", {})])
def test_a_step_of_a_register_names_its_seat_where_there_is_one(
    seat: str, said: dict[str, str]
) -> None:
    one: Any = SimpleNamespace(seat=seat, rule="inspect", start=TODAY)
    assert open_periods._data(one, days=3) == {"rule": "inspect", "first": TODAY, **said, "days": 3}


@pytest.mark.parametrize(("value", "official"), [(7, 7), ("7", 0), (None, 0)])
def test_an_effect_reads_an_official_by_id(value: Any, official: int) -> None:
    step = Step(act="x", fields={} if value is None else {"official": value})
    assert effects._official(step, "official") == official


@pytest.mark.parametrize(("approves", "digest"), [(("draft",), "d"), ((), ""), (None, "")])
def test_only_an_act_that_approves_a_draft_has_a_newest_one(
    approves: Any, digest: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    acts = {} if approves is None else {"sign": bare_act(approves=approves)}
    days: list[date] = []

    def in_force(day: date, *_: Any) -> Any:
        days.append(day)
        return SimpleNamespace(book=SimpleNamespace(kind=lambda _kind: SimpleNamespace(acts=acts)))

    monkeypatch.setattr(draft, "Case", table(SimpleNamespace(place="", kind="petition")))
    monkeypatch.setattr(draft, "Act", table())
    monkeypatch.setattr(draft, "rulebooks", SimpleNamespace(in_force=in_force))
    monkeypatch.setattr(draft, "view_of", lambda *_: None)
    monkeypatch.setattr(draft, "draft_of", lambda *_: SimpleNamespace(digest="d"))
    assert draft.newest_digest("N", "sign", NOW) == digest
    assert draft.newest_digest("N", "sign", NOW, TODAY - DAY) == digest
    assert days == [TODAY, TODAY - DAY]
