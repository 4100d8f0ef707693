"""Registers: duties that come back open by calendar, are met by acts elsewhere, warned of,
breached once, passed on."""

from __future__ import annotations

import threading
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from dengwen.access.models import RoleGrant
from dengwen.cases import replay
from dengwen.cases.act_records import records_of, view_of
from dengwen.cases.duties.registers import Kept, keep
from dengwen.cases.duties.sweep import sweep
from dengwen.cases.models import Act, Case, Duty
from dengwen.cases.write.perform import By, perform
from dengwen.cases.write.proposal_doors import approve, digest_of_proposal, propose
from dengwen.law.duties.step import Step
from dengwen.practice.year.registers_office import (
    Area,
    enter,
    found_area,
    replace_leader,
    set_interval,
)
from tests.world import at, prepare

FOUNDED = at("2024-12-30")
COUNT = iter(range(1_000_000))


@pytest.fixture
def area(db: None, tmp_path: Path, settings: Any) -> Area:  # pytest-django's settings wrapper
    """Two departments of an invented area in Chongqing, three leaders each; monthly receptions,
    quarterly hearings."""
    prepare(tmp_path, settings)
    return found_area(2, 4, FOUNDED, {"register.hear_report": "quarter"})


def duties(organ: str, rule: str) -> list[Duty]:
    """Return the duties of a rule of an organ, in order of their beginning."""
    return list(
        Duty.objects.filter(holder__code=organ, rule=rule, case__kind="register").order_by(
            "start", "pk"
        )
    )


def inspect(
    area: Area, organ: str, on: str, kind: str = "special", entered: str = "", **fields: Any
) -> str:
    """Bring over an inspection held on paper, which needs no sample drawn here, and return the
    number of its case."""
    step = Step(
        act="conclude",
        kind="inspection",
        fields={"type": kind, "circular_scope": "system", **fields},
        texts={"findings": "示例"},
        occurred_at=at(on) if entered else None,
        imported=True,
    )
    by = By(None, area.organs[organ].pk, frozenset({"clerk"}))
    return perform(step, by=by, now=at(entered or on), uid=f"t/{next(COUNT)}").case


def sound() -> None:
    """Rows equal replay."""
    assert list(replay.check()) == []


@pytest.mark.case("D01")
def test_the_year_opens_warns_and_breaches_once(area: Area) -> None:
    first = keep(now=at("2025-01-02"))
    assert first["open_register"] >= 2
    [duty] = duties("RG02", "special_inspection")
    assert (duty.start, duty.due, duty.state, duty.statutory) == (
        date(2025, 1, 1),
        date(2025, 12, 31),
        "open",
        True,
    )
    assert keep(now=at("2025-01-03")).counts == {}
    keep(now=at("2025-10-31"))
    assert not Act.objects.filter(act="warn", duty="special_inspection").exists()
    keep(now=at("2025-11-01"))
    keep(now=at("2025-11-03"))
    assert (
        Act.objects.filter(
            act="warn", duty="special_inspection", opened_by=duty.opened_by_id
        ).count()
        == 1
    )
    keep(now=at("2025-12-31", 23))
    assert duties("RG02", "special_inspection")[0].breach_id is None
    keep(now=at("2026-01-01", 0))
    keep(now=at("2026-01-09"))
    breach = duties("RG02", "special_inspection")[0].breach
    assert breach is not None
    assert breach.occurred_at == at("2026-01-01", 0)
    assert Act.objects.filter(act="breach", duty="special_inspection", case=duty.case).count() == 1
    sound()


def test_an_act_elsewhere_meets_it_on_its_own_day_and_never_touches_the_register(
    area: Area,
) -> None:
    keep(now=at("2025-01-02"))
    before = Case.objects.get(kind="register", holder__code="RG02", handler=None).seq
    number = inspect(area, "RG02", "2025-06-10")
    assert Case.objects.get(kind="register", holder__code="RG02", handler=None).seq == before
    keep(now=at("2025-06-20"))
    [duty] = duties("RG02", "special_inspection")
    assert (duty.state, duty.closed_on, duty.timeliness) == ("closed", date(2025, 6, 10), "in_time")
    assert duty.closed_by is not None
    assert duty.closed_by.data["evidence"] == Act.objects.get(case__number=number).pk
    assert duties("RG01", "special_inspection")[0].state == "open"
    sound()


@pytest.mark.case("G12")
def test_prompt_inspections_do_not_count(area: Area) -> None:
    keep(now=at("2025-01-02"))
    for month in ("03", "06", "09"):
        inspect(area, "RG02", f"2025-{month}-10", "prompt")
    keep(now=at("2026-01-02"))
    assert duties("RG02", "special_inspection")[0].breach_id is not None


def test_what_lies_behind_the_wall_does_not_count(area: Area) -> None:
    keep(now=at("2025-01-02"))
    number = inspect(area, "RG02", "2025-06-10")
    Case.objects.filter(number=number).update(protected=True)
    keep(now=at("2025-06-20"))
    assert duties("RG02", "special_inspection")[0].state == "open"


def test_a_week_without_worker_over_the_new_year(area: Area) -> None:
    keep(now=at("2025-12-20"))
    inspect(area, "RG02", "2025-12-30")
    done = keep(now=at("2026-01-06"))
    [old, new] = duties("RG02", "special_inspection")
    assert (old.state, old.timeliness, old.breach_id) == ("closed", "in_time", None)
    assert (new.start, new.due) == (date(2026, 1, 1), date(2026, 12, 31))
    assert done["breach"] >= 1  # the other department
    sound()


def test_what_is_entered_after_the_year_for_a_day_in_it_is_by_claim_only(area: Area) -> None:
    keep(now=at("2025-12-20"))
    keep(now=at("2026-01-02"))
    inspect(area, "RG02", "2025-12-30", entered="2026-01-05")
    keep(now=at("2026-01-06"))
    duty = duties("RG02", "special_inspection")[0]
    assert (duty.state, duty.timeliness, duty.breach_id is not None) == ("closed", "by_claim", True)
    inspect(area, "RG01", "2025-12-29", entered="2026-01-07")
    sound()


def test_by_claim_is_breached_also_where_the_worker_slept(area: Area) -> None:
    keep(now=at("2025-12-20"))
    inspect(area, "RG02", "2025-12-30", entered="2026-01-05")
    keep(now=at("2026-01-06"))
    keep(now=at("2026-01-07"))
    duty = duties("RG02", "special_inspection")[0]
    assert (duty.state, duty.timeliness, duty.breach_id is not None) == ("closed", "by_claim", True)
    assert Act.objects.filter(act="breach", case=duty.case, duty="special_inspection").count() == 1


def test_made_up_for_in_the_next_year_by_a_second_inspection(area: Area) -> None:
    keep(now=at("2025-12-20"))
    keep(now=at("2026-01-02"))
    inspect(area, "RG02", "2026-02-01")
    keep(now=at("2026-02-02"))
    assert [d.state for d in duties("RG02", "special_inspection")] == ["open", "closed"]
    inspect(area, "RG02", "2026-03-01")
    keep(now=at("2026-03-02"))
    old, new = duties("RG02", "special_inspection")
    assert (old.timeliness, old.closed_on, old.breach_id is not None) == (
        "late",
        date(2026, 3, 1),
        True,
    )
    assert (new.timeliness, new.closed_on) == ("in_time", date(2026, 2, 1))
    sound()


def test_a_corrected_act_opens_the_duty_again(area: Area, django_user_model: Any) -> None:
    keep(now=at("2025-01-02"))
    number = inspect(area, "RG02", "2025-06-10")
    keep(now=at("2025-06-11"))
    pair = [django_user_model.objects.create(username=name) for name in ("first", "other")]
    for user in pair:
        RoleGrant.objects.create(
            user=user, role="R3", organ=area.organs["RG02"], valid_from=date(2025, 1, 1), act=1
        )
    act = Act.objects.get(case__number=number)
    step = Step(
        act="correct",
        case=number,
        texts={"reason": "录错"},
        fields={
            "target": act.pk,
            "field": "type",
            "old": "special",
            "new": "prompt",
        },
    )
    first, other = (By(user.pk, area.organs["RG02"].pk, frozenset({"clerk"})) for user in pair)
    now = at("2025-07-01")
    waits = propose(step, by=first, now=now, uid="correct/1").acts[0].act_id
    seen = digest_of_proposal(waits)
    approve(number, waits, seen, by=other, now=now, uid="correct/2")
    assert keep(now=at("2025-07-02"))["reopen"] == 1
    assert keep(now=at("2025-07-03")).counts == {}
    assert duties("RG02", "special_inspection")[0].state == "open"
    sound()


@pytest.mark.case("G01")
def test_a_local_interval_is_breached_as_local_and_a_changed_one_counts_from_the_next_period(
    area: Area,
) -> None:
    keep(now=at("2025-01-02"))
    [duty] = duties("RG02", "hear_report")
    assert (duty.due, duty.statutory) == (date(2025, 3, 31), False)
    set_interval("register.hear_report", "month", at("2025-02-10"), date(2025, 2, 10), "t/interval")
    keep(now=at("2025-02-11"))
    assert [d.due for d in duties("RG02", "hear_report")] == [date(2025, 3, 31)]
    keep(now=at("2025-05-02"))
    found = duties("RG02", "hear_report")
    assert [(d.start.month, d.due and d.due.month) for d in found] == [(1, 3), (4, 4), (5, 5)]
    assert [d.breach_id is not None for d in found] == [True, True, False]
    assert not Duty.objects.filter(
        rule="analyse"
    ).exists()  # nobody set an interval, and the text has none
    sound()


def test_nothing_is_opened_for_periods_over_before_registers_were_kept(area: Area) -> None:
    set_interval("register.hear_report", "month", at("2025-01-01"), date(2025, 1, 1), "t/monthly")
    keep(now=at("2025-06-12"))
    assert [d.start for d in duties("RG02", "hear_report")] == [date(2025, 6, 1)]
    keep(now=at("2025-09-01"))
    assert [d.start.month for d in duties("RG02", "hear_report")] == [6, 7, 8, 9]


def test_an_organ_founded_in_mid_year_owes_from_its_first_day(area: Area) -> None:
    keep(now=at("2025-01-02"))
    fields: dict[str, Any] = {
        "code": "RG90",
        "kind": "government_department",
        "level": "county",
        "division": "500000",
        "territorial_parent": "RG00",
        "from": date(2025, 7, 1),
    }
    step = Step(
        act="found_organ", kind="registry", fields=fields, texts={"name_zh": "云渡区新局（虚构）"}
    )
    perform(step, by=By(None, None, frozenset({"registrar"})), now=at("2025-07-01"), uid="t/found")
    keep(now=at("2025-07-20"))
    [duty] = duties("RG90", "special_inspection")
    assert (duty.start, duty.due) == (date(2025, 7, 1), date(2025, 12, 31))
    [report] = duties("RG90", "hear_report")
    assert (report.start, report.due) == (date(2025, 7, 1), date(2025, 9, 30))


def test_an_organ_that_ends_owes_nothing_more(area: Area) -> None:
    keep(now=at("2025-01-02"))
    case = area.organs["RG02"].registry_case
    enter("merge", at("2025-07-01"), "t/merge", "", case, organ="RG02", into="RG01")
    keep(now=at("2025-07-02"))
    [duty] = duties("RG02", "special_inspection")
    assert (duty.state, duty.breach_id) == ("void", None)
    keep(now=at("2026-01-02"))
    assert duties("RG02", "special_inspection")[0].breach_id is None
    sound()


@pytest.mark.parametrize(
    ("ends", "state"),
    [("2025-12-30", "void"), ("2025-12-31", "void"), ("2026-01-01", "open")],
)
def test_a_period_an_organ_outlived_is_owed_and_no_other(area: Area, ends: str, state: str) -> None:
    keep(now=at("2025-01-02"))
    case = area.organs["RG02"].registry_case
    enter("merge", at(ends, 0), "t/merge", "", case, organ="RG02", into="RG01")
    keep(now=at("2026-01-02"))
    [duty] = [d for d in duties("RG02", "special_inspection") if d.start.year == 2025]
    assert duty.state == state
    assert (duty.breach_id is not None) == (state == "open")


def test_what_an_organ_owes_ends_on_its_day_and_not_before(area: Area) -> None:
    keep(now=at("2025-01-02"))
    case = area.organs["RG02"].registry_case
    enter("merge", at("2025-07-01", 0), "t/m", "", case, organ="RG02", into="RG01")
    keep(now=at("2025-06-30"))  # a clock put back
    assert duties("RG02", "special_inspection")[0].state == "open"
    keep(now=at("2025-07-01", 1))
    assert duties("RG02", "special_inspection")[0].state == "void"


def test_the_last_day_of_a_period_is_in_time(area: Area) -> None:
    keep(now=at("2025-12-20"))
    inspect(area, "RG02", "2025-12-31")
    inspect(area, "RG01", "2026-01-01")
    keep(now=at("2026-01-02"))
    old, _new = duties("RG02", "special_inspection")
    assert (old.state, old.timeliness, old.breach_id) == ("closed", "in_time", None)
    late = duties("RG01", "special_inspection")[0]
    assert late.breach_id is not None


def test_a_change_of_holder_is_noted_once_and_on_the_first_day_too(area: Area) -> None:
    set_interval("register.receive", "month", at("2025-01-01"), date(2025, 1, 1), "t/receive")
    organ, old = area.organs["RG02"], area.officials["RG02-1"]
    keep(now=at("2025-06-01"))
    noted = Act.objects.filter(act="pass_on", data__rule="receive", case__handler=old)
    replace_leader(organ, "RG02-RG02-1", "RG02-1", "RG02-8", at("2025-06-01"), date(2025, 6, 1))
    keep(now=at("2025-06-01", 12))
    first_day = noted.count()
    replace_leader(organ, "RG02-RG02-1", "RG02-8", "RG02-9", at("2025-06-15"), date(2025, 6, 15))
    for day in ("2025-06-15", "2025-06-16", "2025-06-30"):
        keep(now=at(day))
        assert noted.count() == first_day + 1, day
    sound()


@pytest.mark.case("G06")
def test_a_portfolio_that_passes_on_leaves_the_old_breach_where_it_was(area: Area) -> None:
    set_interval(
        "register.receive_in_charge", "month", at("2025-01-01"), date(2025, 1, 1), "t/charge"
    )
    case, a, b = (
        area.organs["RG02"].registry_case,
        area.officials["RG02-1"],
        area.officials["RG02-2"],
    )
    enter(
        "divide_work",
        at("2025-05-01"),
        "t/a",
        "",
        case,
        organ="RG02",
        field="petitions",
        official=a.code,
    )
    keep(now=at("2025-06-01"))
    enter(
        "divide_work",
        at("2025-07-01"),
        "t/b",
        "",
        case,
        organ="RG02",
        field="petitions",
        official=b.code,
    )
    keep(now=at("2025-07-02"))
    june, july = duties("RG02", "receive_in_charge")
    assert (june.official_id, june.due, june.breach_id is not None) == (
        a.pk,
        date(2025, 6, 30),
        True,
    )
    assert (july.official_id, july.start, july.breach_id) == (b.pk, date(2025, 7, 1), None)
    assert june.case.handler_id == a.pk
    assert july.case.handler_id == b.pk
    sound()


def test_a_period_over_a_change_of_holder_lists_each_with_their_days(area: Area) -> None:
    set_interval("register.receive", "month", at("2025-01-01"), date(2025, 1, 1), "t/receive")
    organ, old = area.organs["RG02"], area.officials["RG02-1"]
    keep(now=at("2025-06-02"))
    replace_leader(organ, "RG02-RG02-1", "RG02-1", "RG02-9", at("2025-06-15"), date(2025, 6, 15))
    keep(now=at("2025-07-03"))
    mine = [d for d in duties("RG02", "receive") if d.case.handler_id == old.pk]
    [june] = mine
    view = view_of("register", records_of(june.case))
    [shown] = [d for d in view.duties if d.rule.id == "receive"]
    new = june.official_id
    assert new != old.pk
    assert shown.leaders == [(old.pk, date(2025, 6, 1)), (new, date(2025, 6, 15))]
    assert Act.objects.filter(act="breach", case=june.case, duty="receive").count() == 1
    later = [
        d for d in duties("RG02", "receive") if d.official_id == new and d.start == date(2025, 7, 1)
    ]
    assert [d.case.handler_id for d in later] == [new]
    sound()


def test_a_holder_between_two_turns_of_the_worker_is_noted(area: Area) -> None:
    set_interval("register.receive", "month", at("2025-01-01"), date(2025, 1, 1), "t/receive")
    organ, old = area.organs["RG02"], area.officials["RG02-1"]
    keep(now=at("2025-06-02"))
    replace_leader(organ, "RG02-RG02-1", "RG02-1", "RG02-8", at("2025-06-10"), date(2025, 6, 10))
    for act, code in (("relieve", "RG02-8"), ("appoint", "RG02-1")):
        who: dict[str, Any] = {"official": code, "post": "RG02-RG02-1"}
        since = {"from": date(2025, 6, 20)}
        enter(act, at("2025-06-20"), f"t/{act}", "", organ.registry_case, **who, **since)
    keep(now=at("2025-06-25"))
    [june] = [d for d in duties("RG02", "receive") if d.case.handler_id == old.pk]
    [shown] = [
        duty
        for duty in view_of("register", records_of(june.case)).duties
        if duty.rule.id == "receive"
    ]
    days = [date(2025, 6, 1), date(2025, 6, 10), date(2025, 6, 20)]
    assert [since for _, since in shown.leaders] == days
    assert shown.leaders[0][0] == shown.leaders[2][0] == old.pk != shown.leaders[1][0]
    assert june.official_id == old.pk
    before = Act.objects.count()
    keep(now=at("2025-06-26"))
    assert Act.objects.count() == before
    sound()


def test_a_clock_put_back_records_nothing(area: Area) -> None:
    keep(now=at("2025-04-02"))
    before = Act.objects.count()
    keep(now=at("2025-02-01"))
    assert Act.objects.count() == before
    keep(now=at("2025-04-02"))
    assert Act.objects.count() == before


def test_the_sweep_leaves_registers_alone(area: Area) -> None:
    keep(now=at("2025-01-02"))
    sweep(now=at("2026-02-01"))
    assert not Act.objects.filter(act="breach", case__kind="register").exists()


def test_two_workers_record_nothing_twice(
    transactional_db: None, tmp_path: Path, settings: Any
) -> None:
    prepare(tmp_path, settings)
    found_area(2, 4, FOUNDED, {"register.hear_report": "quarter"})
    results: list[Kept] = []

    def work() -> None:
        try:
            results.append(keep(now=at("2025-04-02")))
            results.append(keep(now=at("2025-04-02") + timedelta(hours=1)))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 6
    registers = Case.objects.filter(kind="register")
    assert registers.count() == len({(c.holder_id, c.handler_id) for c in registers})
    found = [(d.case_id, d.rule, d.start) for d in Duty.objects.filter(case__kind="register")]
    assert len(found) == len(set(found)) > 2
    assert Act.objects.filter(act="breach").count() == len(
        set(Act.objects.filter(act="breach").values_list("duty", "opened_by"))
    )
    assert list(replay.check()) == []


def test_a_worker_that_slept_a_whole_year_finds_what_was_owed_in_it(area: Area) -> None:
    keep(now=at("2024-12-31"))
    keep(now=at("2026-01-09"))
    old, new = [d for d in duties("RG02", "special_inspection") if d.start.year > 2024]
    assert (old.start, old.due) == (date(2025, 1, 1), date(2025, 12, 31))
    assert old.breach is not None
    assert old.breach.occurred_at == at("2026-01-01", 0)
    assert (new.start, new.breach_id) == (date(2026, 1, 1), None)
    sound()


def test_an_office_that_begins_in_january_owes_nothing_of_the_year_before(area: Area) -> None:
    keep(now=at("2026-01-09"))
    assert [d.start.year for d in duties("RG02", "special_inspection")] == [2026]
    assert not Case.objects.filter(kind="register", opened_on__year=2025).exists()
