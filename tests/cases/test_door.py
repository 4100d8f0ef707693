"""The write door: all or nothing, once per key, in order, with a promise for every act."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection
from django.db.models import Model
from django.test.utils import CaptureQueriesContext

from dengwen.cases import rulebooks
from dengwen.cases.act_records import records_of, view_of
from dengwen.cases.case_numbers import check_digit, read_number
from dengwen.cases.models import Act, Case, Content, Document, Duty, Party, Serial
from dengwen.cases.write.call_context import Held
from dengwen.cases.write.check import Refused
from dengwen.cases.write.papers.draft import newest_digest
from dengwen.cases.write.perform import By, Call, perform, perform_many
from dengwen.cases.write.record import add_record
from dengwen.law.duties.act_record import CaseView
from dengwen.law.duties.step import Step
from dengwen.ledger.models import Event, Pending
from dengwen.store import driver
from dengwen.store.pipeline import Rows, send
from tests.world import CLAIM, World, at

TEXTS = {"content": "路灯不亮"}
FIELDS = {"channel": "phone", "office": "petition_office"}


def test_the_same_key_twice_writes_once(world: World) -> None:
    one = Step(act="register", kind="petition", fields=FIELDS, texts=TEXTS)
    first = perform(one, by=world.by("clerk"), now=at("2025-03-03"), uid="form-1")
    again = perform(one, by=world.by("clerk"), now=at("2025-03-03", 11), uid="form-1")
    assert again.repeated
    assert [a.hash for a in again.acts] == [a.hash for a in first.acts]
    assert [a.promise for a in again.acts] == [a.promise for a in first.acts]
    assert Case.objects.filter(kind="petition").count() == 1


def test_the_same_key_from_two_threads_registers_once(durable_world: World) -> None:
    results: list[str] = []
    by, barrier = durable_world.by("clerk"), threading.Barrier(2)

    def submit() -> None:
        try:
            barrier.wait()
            one = Step(act="register", kind="petition", fields=FIELDS, texts=TEXTS)
            results.append(perform(one, by=by, now=at("2025-03-03"), uid="double-click").case)
        finally:
            connection.close()

    threads = [threading.Thread(target=submit) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 2
    assert len(set(results)) == 1
    assert Case.objects.filter(kind="petition").count() == 1


def test_two_clerks_on_one_case_do_not_both_forward_it(durable_world: World) -> None:
    number = durable_world.register("2025-03-03")
    durable_world.act("clerk", "classify", number, on="2025-03-03", **CLAIM)
    by, barrier, seen = durable_world.by("router"), threading.Barrier(2), []

    def send(name: str, organ: int) -> None:
        try:
            barrier.wait()
            perform(
                Step(act="forward", case=number, fields={"to": organ}),
                by=by,
                now=at("2025-03-04"),
                uid=name,
            )
            seen.append("done")
        except Refused as refused:
            seen.append(refused.reasons[0].code)
        finally:
            connection.close()

    organs = (durable_world.organ("YJ02"), durable_world.organ("YJ03"))
    threads = [
        threading.Thread(target=send, args=(f"send-{i}", organ)) for i, organ in enumerate(organs)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(seen) == ["done", "state"]
    assert Act.objects.filter(case__number=number, act="forward").count() == 1


def test_a_refused_second_step_takes_the_first_with_it(world: World) -> None:
    steps = (
        Step(act="register", kind="petition", open_as="c", fields=FIELDS, texts=TEXTS),
        Step(act="accept", ref="c"),
    )
    counts = (
        Act.objects.count(),
        Event.objects.count(),
        Case.objects.count(),
        Serial.objects.count(),
    )
    with pytest.raises(Refused):
        perform(*steps, by=world.by("clerk"), now=at("2025-03-03"), uid="two-steps")
    assert (
        Act.objects.count(),
        Event.objects.count(),
        Case.objects.count(),
        Serial.objects.count(),
    ) == counts


def test_perform_many_rolls_a_bad_row_back_to_its_savepoint(world: World) -> None:
    good = Step(act="register", kind="petition", fields=FIELDS, texts=TEXTS)
    bad = Step(
        act="register",
        kind="petition",
        fields={"channel": "pigeon", "office": "organ"},
        texts=TEXTS,
    )
    calls = [
        Call((s,), world.by("clerk"), at("2025-03-03"), f"row-{i}")
        for i, s in enumerate((good, bad, good))
    ]
    outcomes = perform_many(calls)
    assert [o.error is None for o in outcomes] == [True, False, True]
    assert Case.objects.filter(kind="petition").count() == 2
    assert sorted(Case.objects.filter(kind="petition").values_list("serial", flat=True)) == [1, 2]


def test_a_call_that_fails_after_it_wrote_leaves_the_others_whole(world: World) -> None:
    good = Step(act="register", kind="petition", fields=FIELDS, texts=TEXTS, open_as="it")
    bad = (
        good,
        Step(act="serve", ref="it", texts={}, fields={}),
    )  # registered, and then not possible
    calls = [
        Call(s, world.by("clerk"), at("2025-03-03"), f"b-{i}")
        for i, s in enumerate(((good,), bad, (good,)))
    ]
    outcomes = perform_many(calls)
    assert [type(o.error) for o in outcomes] == [type(None), Refused, type(None)]
    numbers = {o.performed.case for o in outcomes if o.performed}
    assert set(Case.objects.filter(kind="petition").values_list("number", flat=True)) == numbers
    assert sorted(Case.objects.filter(kind="petition").values_list("serial", flat=True)) == [1, 2]
    assert Pending.objects.count() == Event.objects.count() == Act.objects.count()


def test_calls_that_share_a_commit_have_no_savepoints_and_their_events_are_written_together(
    world: World,
) -> None:
    step = Step(act="register", kind="petition", fields=FIELDS, texts=TEXTS)
    world.register("2025-03-03")  # the rules of the day are kept at their first use
    calls = [Call((step,), world.by("clerk"), at("2025-03-03"), f"c-{i}") for i in range(3)]
    with CaptureQueriesContext(connection) as seen:
        outcomes = perform_many([*calls, calls[0]])
    said = [query["sql"] for query in seen]
    assert (
        sum(sql.startswith("SAVEPOINT") for sql in said) <= 1
    )  # that of the batch inside the test
    assert [o.performed.repeated for o in outcomes if o.performed] == [False, False, False, True]
    assert sum('INSERT INTO "ledger_event"' in sql for sql in said) == 1


def test_a_case_followed_act_by_act_is_the_case_derived_from_all(world: World) -> None:
    case = Case.objects.get(number=world.to_accepted())
    records = records_of(case)
    held = Held(case, [], CaseView(case.kind))
    for record in records:
        add_record(held, record)
        assert held.view == view_of(case.kind, held.records)
    assert len(held.view.duties) > 3


def test_every_act_has_one_event_and_a_chain(world: World) -> None:
    number = world.to_accepted()
    events = list(Event.objects.filter(case_key=number).order_by("case_seq"))
    assert [e.case_seq for e in events] == list(range(1, len(events) + 1))
    assert all(bytes(b.prev) == bytes(a.hash) for a, b in itertools.pairwise(events))
    assert bytes(Case.objects.get(number=number).head) == bytes(events[-1].hash)
    assert Pending.objects.count() == Event.objects.count() == Act.objects.count()


def test_an_act_row_holds_no_text(world: World) -> None:
    number = world.register("2025-03-03")
    row = Act.objects.get(case__number=number)
    assert "渗水" not in str(row.data)
    assert "王示例" not in str(row.data)
    assert len(row.content) == 64


def test_the_future_and_the_past_before_1949_are_refused(world: World) -> None:
    for claimed, code in (
        (at("2025-03-05"), "future"),
        (datetime(1948, 1, 1, tzinfo=UTC), "too-early"),
    ):
        step = Step(
            act="register", kind="petition", fields=FIELDS, texts=TEXTS, occurred_at=claimed
        )
        with pytest.raises((Refused, ValueError)) as refused:
            perform(step, by=world.by("clerk"), now=at("2025-03-03"), uid=f"x-{code}")
        if isinstance(refused.value, Refused):
            assert refused.value.reasons[0].code in (code, "no-rule")


def test_numbers_say_nothing_and_catch_a_slip_of_the_pen(world: World) -> None:
    number = world.register("2025-03-03")
    assert read_number(f" {number.lower()} ") == number
    office, year, digits, digit = number.split("-")
    assert check_digit(office + year + digits) == digit
    for place, right in enumerate(
        digits
    ):  # every single wrong digit is caught; most, not all, changes of place
        wrong = digits[:place] + str((int(right) + 1 + place) % 10) + digits[place + 1 :]
        if wrong != digits:
            with pytest.raises(ValueError, match="校验位"):
                read_number(f"{office}-{year}-{wrong}-{digit}")


def test_a_case_runs_on_under_the_rules_of_its_acts_when_a_newer_pack_is_installed(
    world: World,
) -> None:
    number = world.to_accepted("2025-03-03")
    before = world.duty(number, "handle").due
    rulebooks.forget()
    assert (
        rulebooks.by_row(world.duty(number, "handle").rules_id)
        .kind("petition")
        .duties["handle"]
        .clock.term
        is not None
    )
    world.act(
        "head",
        "extend",
        number,
        on="2025-04-01",
        days=30,
        told_petitioner=True,
        texts={"reason": "复杂"},
    )
    assert world.duty(number, "handle").original_due == before


def test_a_number_that_is_taken_is_drawn_anew(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken, free = world.register("2025-03-03"), "YJ01-2025-483907215-0"
    drawn = iter([taken, taken, free])
    monkeypatch.setattr(
        "dengwen.cases.write.record.free_number", lambda _office, _year: next(drawn)
    )
    assert world.register("2025-03-04") == free
    assert Case.objects.filter(kind="petition").count() == 2
    row = Case.objects.get(number=free)
    assert Serial.objects.get(office=row.office, year=row.year).last == row.serial  # no gap in it


ROAD: list[tuple[str, str, dict[str, object]]] = [
    ("YJ01", "register", {**FIELDS, "address_clear": True}),
    ("YJ01", "classify", CLAIM),
    ("YJ01", "forward", {}),
    ("YJ02", "receive", {}),
    ("YJ02", "accept", {}),
]


def test_steps_of_one_call_leave_what_they_leave_one_by_one(world: World) -> None:
    everything = By(
        world.by("clerk").user,
        None,
        world.by("clerk").capacities
        | world.by("router").capacities
        | world.by("handler").capacities,
    )
    steps = []
    for office, act, fields in ROAD:
        given: dict[str, Any] = {
            **fields,
            **({"to": world.organ("YJ02")} if act == "forward" else {}),
        }
        texts = {"register": TEXTS, "accept": {"procedure": "信访程序", "contact": "李样本"}}.get(
            act, {}
        )
        steps.append(Step(act=act, organ=world.organ(office), fields=given, texts=texts))
    now = at("2025-03-03")
    opening = replace(steps[0], kind="petition", open_as="it")
    together = perform(
        opening, *(replace(s, ref="it") for s in steps[1:]), by=everything, now=now, uid="all"
    ).case
    alone = perform(opening, by=everything, now=now, uid="one").case
    for n, step in enumerate(steps[1:]):
        perform(replace(step, case=alone), by=everything, now=now, uid=f"one/{n}")
    assert [_left(together, model) for model in (Case, Act, Duty, Party, Content, Document)] == [
        _left(alone, model) for model in (Case, Act, Duty, Party, Content, Document)
    ]


def _left(number: str, model: type[Model]) -> list[dict[str, object]]:
    """Return the rows of a case without what tells one case from another."""
    rows: Any = model._default_manager.filter(
        **{"number" if model is Case else "case__number": number}
    ).order_by("id")
    own = {"number", "serial", "head", "digest", "body", "content", "uid", "call", "case_id"}
    acts = list(Act.objects.filter(case__number=number).order_by("id").values_list("id", flat=True))
    links = (
        {"id", "act_id", "opened_by_id", "closed_by_id", "breach_id"}
        if model is not Case
        else {"id"}
    )
    return [
        {
            k: acts.index(v) if k in links and v in acts else v
            for k, v in row.items()
            if k not in own and k != "id"
        }
        for row in rows.values()
    ]


def test_a_step_waits_for_the_server_a_few_times(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    if connection.vendor != "postgresql":  # nothing is waited for
        return
    opinion = dict.fromkeys(("claim", "facts_reasons", "opinion", "legal_basis"), "示例")
    before, number = world.to_accepted(), world.to_accepted()
    world.act("handler", "draft", before, on="2025-03-10", outcome="support", texts=opinion)
    shown = newest_digest(before, "check", at("2025-03-11"), date(2025, 3, 11))
    world.act(
        "checker", "check", before, on="2025-03-11", shown=shown
    )  # calls like these are known from now on
    waited: list[int] = []

    def counted(link: object, statements: Sequence[tuple[str, Sequence[object]]]) -> list[Rows]:
        waited.append(len(statements))
        return send(link, statements)  # type: ignore[arg-type]  # the driver's own

    monkeypatch.setattr(driver, "send", counted)
    world.act("handler", "draft", number, on="2025-03-10", outcome="support", texts=opinion)
    assert len(waited) == 2  # what it needs to begin, and all its rows
    shown = newest_digest(number, "check", at("2025-03-11"), date(2025, 3, 11))
    waited.clear()
    world.act("checker", "check", number, on="2025-03-11", shown=shown)
    assert (
        len(waited) == 2
    )  # what the paper says, which must be the one that was shown, is part of the beginning
