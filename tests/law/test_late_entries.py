"""What is entered after the day cures nothing: verdict and breach agree in every order of acts
(design 1.6)."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dengwen.law.duties.act_record import (
    BREACH,
    BY_CLAIM,
    CLOSED,
    CORRECT,
    IN_TIME,
    LATE,
    OPEN,
    VOID,
    ActRecord,
    CaseView,
    DutyView,
)
from dengwen.law.duties.fold import derive
from dengwen.law.duties.late_entry import changed, touched
from dengwen.law.duties.step import FieldValue
from dengwen.law.packs.library import Rulebook
from dengwen.law.packs.rules import DutyRule, KindRule
from dengwen.law.time.calendar import CalendarHistory
from tests.law.stage import BUREAU, LIBRARY, Played

ACCEPTED = date(2025, 3, 3)
"""Sixty days on: raw Friday 2 May, a holiday, so due on Tuesday 6 May; with thirty more, Monday
2 June."""
DAY = timedelta(days=1)
DUE = date(2025, 5, 6)
MOVES = ("extend", "correct_start", "correct_days", "sign", "withdraw", "correct_sign", "sweep")
STEPS = st.lists(
    st.tuples(st.sampled_from(MOVES), st.integers(0, 25), st.integers(0, 90), st.integers(1, 30)),
    max_size=9,
)


def after(days: int) -> str:
    """Return the day so many days after the acceptance."""
    return str(ACCEPTED + DAY * days)


def accepted() -> Played:
    return (
        Played()
        .do("register", "2025-03-03", office="organ", channel="letter")
        .do("accept", "2025-03-03")
    )


def swept(case: Played, on: str) -> Played:
    """Record every breach of a day, as the worker does."""
    for duty in case.view().duties:
        if duty.unrecorded_breach(date.fromisoformat(on)):
            case.mark(BREACH, on, duty)
    return case


def test_an_extension_entered_after_the_day_moves_nothing() -> None:
    case = accepted().do("extend", "2025-05-05", entered="2025-05-20", days=30)
    duty = case.duty("handle")
    assert (duty.due, duty.extended, duty.granted, duty.claimed_due) == (
        date(2025, 5, 6),
        0,
        30,
        date(2025, 6, 3),
    )
    assert duty.unrecorded_breach(date(2025, 5, 20))


def test_an_extension_entered_later_but_before_the_day_counts() -> None:
    duty = accepted().do("extend", "2025-04-01", entered="2025-05-06", days=30).duty("handle")
    assert (duty.due, duty.extended, duty.claims) == (date(2025, 6, 3), 30, [])


@pytest.mark.parametrize("sweeps", [False, True])
@pytest.mark.parametrize(("done", "verdict"), [("2025-05-25", BY_CLAIM), ("2025-06-20", LATE)])
def test_a_late_extension_leaves_breach_and_verdict_agreed(
    sweeps: bool, done: str, verdict: str
) -> None:
    case = accepted()
    if sweeps:
        swept(case, "2025-05-07")
    case.do("extend", "2025-05-05", entered="2025-05-20", days=30).do("sign", done)
    duty = swept(case, done).duty("handle")
    assert (duty.state, duty.timeliness, duty.breach is not None) == (CLOSED, verdict, True)


def test_hearing_days_entered_after_the_day_are_a_claim() -> None:
    case = Played("recheck").do("lodge", "2025-03-03", review_case="X-1")
    case.do(
        "hold_hearing",
        "2025-03-10",
        first=date(2025, 3, 10),
        last=date(2025, 3, 12),
        entered="2025-04-10",
    )
    duty = case.view().find_open("recheck_decide")
    assert duty is not None
    assert (duty.due, duty.excluded, duty.claimed_due) == (date(2025, 4, 2), 0, date(2025, 4, 7))


def test_a_day_corrected_after_it_had_passed_stays_missed() -> None:
    case = accepted()
    case.do(CORRECT, "2025-05-09", target=2, field="occurred_at", new="2025-03-20").do(
        "sign", "2025-05-12"
    )
    duty = case.duty("handle")
    assert (duty.due, duty.missed, duty.timeliness) == (
        date(2025, 5, 19),
        date(2025, 5, 6),
        BY_CLAIM,
    )
    assert swept(case, "2025-05-13").duty("handle").breach is not None


def test_a_closing_act_corrected_to_a_later_day_is_breached_as_well() -> None:
    case = accepted().do("sign", "2025-05-06")
    assert case.duty("handle").timeliness == IN_TIME
    case.do(CORRECT, "2025-05-10", target=3, field="occurred_at", new="2025-05-09")
    duty = swept(case, "2025-05-10").duty("handle")
    assert (duty.timeliness, duty.breach is not None) == (LATE, True)


def served(claimed: str, entered: str) -> Played:
    """Serve an opinion on one day and enter that on another."""
    return accepted().do("sign", "2025-03-10").do("serve", claimed, entered=entered)


@pytest.mark.parametrize(
    ("entered", "start", "due"),
    [
        ("2025-03-11", "2025-03-11", "2025-04-10"),  # on its day
        ("2025-04-10", "2025-03-11", "2025-04-10"),  # late, while the period still ran
        ("2025-04-11", "2025-04-11", "2025-05-12"),  # 11 May is a Sunday: the next working day
        ("2025-09-01", "2025-09-01", "2025-10-09"),  # the holidays of October roll it
    ],
)
def test_a_late_entry_never_lapses_the_period_it_begins(entered: str, start: str, due: str) -> None:
    duty = served("2025-03-11", entered).duty("review_request")
    assert (str(duty.first_day), str(duty.due)) == (start, due)
    assert (str(duty.start), str(duty.original_due)) == ("2025-03-11", "2025-04-10")
    assert not duty.unrecorded_lapse(date.fromisoformat(entered))
    assert duty.unrecorded_lapse(date.fromisoformat(due) + DAY)


def test_a_correction_never_lapses_a_period_either() -> None:
    case = served("2025-05-12", "2025-05-12")
    place = [act.act for act in case.acts].index("serve") + 1
    case.do(CORRECT, "2025-06-02", target=place, field="occurred_at", new="2025-03-11")
    duty = case.duty("review_request")
    assert not duty.unrecorded_lapse(date(2025, 6, 2))
    assert str(duty.first_day) == "2025-06-02"


def test_what_voids_a_duty_after_its_day_does_not_undo_the_breach() -> None:
    case = accepted().do("withdraw", "2025-05-20", organ=0)
    assert swept(case, "2025-05-20").duty("handle").breach is not None
    case = accepted().do("withdraw", "2025-05-06", organ=0)
    assert swept(case, "2025-05-20").duty("handle").breach is None


def test_every_act_that_lengthens_a_term_is_under_the_rule() -> None:
    """Each extension and exclusion of every edition: claimed before the last day and entered
    after it, it is late."""
    found = []
    for pack in LIBRARY.packs:
        book = LIBRARY.rulebook(max(pack.since, date(2005, 5, 1)), pack.place)
        for kind in book.kinds.values():
            for rule in kind.duties.values():
                acts = {
                    x.act
                    for x in (rule.clock.extension, rule.clock.exclusion)
                    if x is not None and x.act
                }
                for act in acts:
                    found.append((kind.id, act))
                    case = Played(kind.id).view()
                    case.duties.append(DutyView(rule, 1, ACCEPTED, ACCEPTED, book.digest, 1))
                    claimed, window = ACCEPTED, 5
                    assert touched(
                        kind, kind.acts[act], case, {}, claimed, claimed + DAY * 6, window
                    )
                    assert not touched(
                        kind, kind.acts[act], case, {}, claimed, claimed + DAY * 5, window
                    )
    names = {act for _, act in found}
    assert {
        "extend",
        "hold_hearing",
        "extend_appeal",
        "extend_soe_appeal",
        "extend_assignment",
    } <= names


def relations(rule: DutyRule) -> Iterator[tuple[str, str]]:
    """Yield what acts do to a duty, as its pack says: the relation and the act."""
    for relation in ("opens", "closes", "voids"):
        for act in getattr(rule, relation):
            yield relation, act
    if rule.clock.extension and rule.clock.extension.act:
        yield "extends", rule.clock.extension.act
    if rule.clock.exclusion and rule.clock.exclusion.act:
        yield "excludes", rule.clock.exclusion.act


def touching(book: Rulebook, kind: KindRule, rule: DutyRule, relation: str, act: str) -> int:
    """Return how many duties an act touches that stands in a relation to one: the case as it stands
    with the act is compared with the case without it."""
    facts = {name: values[0] for name, values in rule.where.items()}
    begin = CaseView(kind.id, holder=BUREAU, sender=BUREAU, addressee=BUREAU, facts=facts)
    if relation != "opens":
        begin.duties.append(DutyView(rule, 1, ACCEPTED, ACCEPTED, book.digest, BUREAU, fixed=DUE))
    history = CalendarHistory.of(LIBRARY.calendar)
    before = derive(kind.id, [], lambda _row: book, history, begin=begin)
    data: dict[str, FieldValue] = {
        field.name: ACCEPTED + DAY for field in kind.acts[act].fields if field.type == "date"
    }
    if rule.clock.extension and relation == "extends":
        data[rule.clock.extension.field] = 5
    at = datetime(2025, 3, 4, 4, tzinfo=UTC)
    one = ActRecord(2, act, at, at, BUREAU, BUREAU, data, rules=book.digest)
    after = derive(kind.id, [one], lambda _row: book, history, begin=deepcopy(before))
    return len(changed(kind.acts[act], before, after))


def test_every_act_that_touches_a_duty_is_under_the_rule() -> None:
    """Acts against what they touch, read from every pack: whatever opens, closes, voids, extends
    or excludes is a late entry when it is entered late; what petitioners do by letter opens nothing
    late, and what the system does is none."""
    under: set[tuple[str, str]] = set()
    for pack in LIBRARY.packs:
        book = LIBRARY.rulebook(max(pack.since, date(2005, 5, 1)), pack.place)
        for kind in book.kinds.values():
            rules = [rule for rule in kind.duties.values() if not rule.of]
            for rule in rules:
                assert not touching(book, kind, rule, "none", "note"), "a note touches nothing"
            for rule, (relation, act) in ((r, pair) for r in rules for pair in relations(r)):
                by = kind.acts[act].by
                own = by == "petitioner" and (relation == "opens" or rule.holder == "petitioner")
                found = touching(book, kind, rule, relation, act)
                if by == "system" or own:
                    continue
                assert found, (book.title, kind.id, rule.id, relation, act)
                under.add((relation, act))
    acts = {act for _relation, act in under}
    assert {relation for relation, _act in under} == {
        "opens",
        "closes",
        "voids",
        "extends",
        "excludes",
    }
    assert {
        "receive",
        "accept",
        "serve",
        "sign",
        "settle",
        "withdraw",
        "object",
        "assign",
        "promise",
        "extend",
        "hold_hearing",
        "appeal",
    } <= acts
    assert len(under) > 200


def play(steps: list[tuple[str, int, int, int]]) -> tuple[Played, list[DutyView]]:
    """Play acts in the order they are entered, each claimed some days before; the duty after
    each, all swept."""
    case, today, seen = accepted(), 0, []
    for act, later, before, amount in steps:
        today += later
        on, claimed = after(today), after(max(0, today - before))
        names = [a.act for a in case.acts]
        state = case.duty("handle").state
        if (
            act == "extend"
            and state == OPEN
            and (case.duty("handle").due or date.max) >= date.fromisoformat(claimed)
        ):
            case.do("extend", claimed, entered=on, days=amount)
        elif act == "correct_start":
            case.do(CORRECT, on, target=2, field="occurred_at", new=claimed)
        elif act == "correct_days" and "extend" in names:
            case.do(CORRECT, on, target=names.index("extend") + 1, field="days", new=str(amount))
        elif act in ("sign", "withdraw") and state == OPEN:
            case.do(act, claimed, entered=on)
        elif act == "correct_sign" and "sign" in names:
            case.do(CORRECT, on, target=names.index("sign") + 1, field="occurred_at", new=claimed)
        seen.append(swept(case, on).duty("handle"))
    return case, seen


@given(STEPS)
def test_verdict_and_breach_agree_in_every_order(steps: list[tuple[str, int, int, int]]) -> None:
    _, seen = play(steps)
    breach: int | None = None
    for duty in seen:
        assert breach is None or duty.breach == breach, "a breach once recorded stays"
        breach = duty.breach
        if duty.state == CLOSED:
            assert (duty.timeliness == IN_TIME) == (duty.breach is None)
            assert duty.timeliness in (IN_TIME, BY_CLAIM, LATE)
        else:
            assert duty.state in (OPEN, VOID)


@given(STEPS)
def test_a_day_that_had_passed_is_moved_by_no_extension(
    steps: list[tuple[str, int, int, int]],
) -> None:
    case, _ = play([step for step in steps if not step[0].startswith("correct")])
    days: list[tuple[date, date]] = []
    for place in range(2, len(case.acts) + 1):
        short = Played(acts=case.acts[:place], books=case.books)
        duty, entered = short.duty("handle"), case.acts[place - 1].recorded.date()
        assert duty.due is not None
        if days and days[-1][1] < entered:
            assert duty.due == days[-1][1]
        days.append((entered, duty.due))
