"""What a call of the write door has at hand ends with it, and what is rolled back is learned by
nobody."""

from __future__ import annotations

import gc
from datetime import date
from pathlib import Path

import pytest
from django.db import connection, transaction

from dengwen.cases import rulebooks
from dengwen.cases.models import Act, Case
from dengwen.cases.write import first_query
from dengwen.cases.write.call_context import CallContext, call_of, outside
from dengwen.cases.write.check import Refused
from dengwen.cases.write.perform import By, Call, perform, perform_all, perform_many
from dengwen.editions.models import CalendarNotice, InstalledRulebook
from dengwen.law.duties.step import Facts, Step
from dengwen.store.driver import BeforeOthers, kept
from tests.world import World, at

ROOT = Path(__file__).resolve().parents[2]
REGISTRAR = By(None, None, frozenset({"registrar"}))
OFF = ("2027-01-01/2027-01-05",)


def notice(off: tuple[str, ...] = OFF) -> Step:
    """Return the step that enters the notice of 2027."""
    return Step(
        act="publish_calendar",
        kind="edition",
        fields={"year": 2027, "off": off, "work": ()},
        texts={"source": "示例通知"},
    )


def registration(content: str = "三号楼屋面渗水。", **more: object) -> Step:
    """Return the registration of a letter, with fields that may be wrong."""
    fields = {"channel": "letter", "office": "petition_office", **more}
    return Step(act="register", kind="petition", fields=fields, texts={"content": content})  # type: ignore[arg-type]


def test_a_calendar_notice_that_is_rolled_back_is_known_to_nobody(world: World) -> None:
    before = rulebooks.calendars().newest.version
    rehearsed = perform_all([Call((notice(),), REGISTRAR, at("2026-12-01"), "n-1")], rehearse=True)
    assert rehearsed[0].error is None
    assert not CalendarNotice.objects.exists()
    assert rulebooks.calendars().newest.version == before
    number = world.register("2026-12-20")
    assert world.duty(number, "sort").due is None
    # another notice gets the id that was given out before
    perform(notice(("2027-01-01/2027-01-04",)), by=REGISTRAR, now=at("2026-12-02"), uid="n-2")
    other = world.register("2026-12-20")
    assert world.duty(other, "sort").due == date(2027, 1, 5)


def test_a_notice_counts_for_the_next_call_of_the_same_commit(world: World) -> None:
    registered = Call((registration(),), world.by("clerk"), at("2026-12-20"), "m-1")
    entered = Call((notice(),), REGISTRAR, at("2026-12-20"), "m-2")
    after = Call((registration("另一件"),), world.by("clerk"), at("2026-12-20"), "m-3")
    outcomes = perform_many([registered, entered, after])
    assert [one.error for one in outcomes] == [None, None, None]
    first, _, last = (one.performed for one in outcomes)
    assert first is not None
    assert last is not None
    assert world.duty(first.case, "sort").due is None
    assert world.duty(last.case, "sort").due == date(2027, 1, 6)


def test_a_rulebook_put_in_by_a_transaction_that_goes_back_is_not_remembered(world: World) -> None:
    day, now = date(2025, 3, 3), at("2025-03-03")

    def install() -> int:
        with transaction.atomic():
            row = rulebooks.in_force(day, "", now).row
            assert rulebooks.by_row(row).title
            transaction.set_rollback(True)
        return row

    gone = install()
    assert not InstalledRulebook.objects.filter(pk=gone).exists()
    with pytest.raises(InstalledRulebook.DoesNotExist):
        rulebooks.by_row(gone)


def test_a_call_that_is_refused_teaches_nothing(world: World) -> None:
    world.register("2025-03-03")
    before = dict(kept(first_query._Habits).used)
    with pytest.raises(Refused):
        perform(
            registration(),
            registration(channel="pigeon"),
            by=world.by("clerk"),
            now=at("2025-03-03"),
            uid="t-1",
        )
    assert kept(first_query._Habits).used == before
    perform(
        registration(), registration("二"), by=world.by("clerk"), now=at("2025-03-03"), uid="t-2"
    )
    assert len(kept(first_query._Habits).used) == len(before) + 1


def test_nothing_of_a_call_is_left_behind(world: World) -> None:
    world.to_accepted()
    with pytest.raises(Refused):
        perform(registration(channel="x"), by=world.by("clerk"), now=at("2025-03-03"), uid="l-1")
    assert not any(isinstance(one, BeforeOthers) for one in connection.execute_wrappers)
    gc.collect()
    held = [one for one in gc.get_objects() if isinstance(one, CallContext)]
    assert held == []


def test_an_effect_outside_a_call_says_so() -> None:
    facts = Facts(
        act_id=1,
        act_uid="a/0",
        case_id=1,
        case="R1",
        organ=None,
        actor=None,
        day=date(2025, 3, 3),
        recorded_at=at("2025-03-03"),
    )
    with pytest.raises(TypeError, match="a/0"):
        call_of(facts)


def test_outside_a_call_everything_is_read_from_the_database(world: World) -> None:
    number = world.to_accepted()
    case = Case.objects.get(number=number)
    call = outside()
    assert call.case_numbered(number) == case
    assert not call.opened_here(number)
    assert [act.id for act in call.acts_of(case)] == list(
        Act.objects.filter(case=case).order_by("seq").values_list("pk", flat=True)
    )
    assert call.view_of_case(case).state == case.state


def test_no_write_path_keeps_anything_in_a_context_variable() -> None:
    """Whoever needs something of a call is handed it; what is left belongs to no call."""
    found = {
        str(file.relative_to(ROOT))
        for file in (ROOT / "dengwen").rglob("*.py")
        if "ContextVar(" in file.read_text(encoding="utf-8")
    }
    assert found == {"dengwen/access/keys/randomness.py", "dengwen/portal/page.py"}
