"""Late entry: an act recorded after the day it claims that moves, ends or voids what somebody owes
(design 1.6).

It needs its reason, its paper and a second person. Even so it cures nothing: a breach that was
recorded, or was due
to be recorded when it was entered, stays, and the verdict is "by claim". How long after the claimed
day an entry is no
late one is a local setting and never law; past the last day of a duty every entry is late.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from dengwen.law.duties.act_record import LAPSED, OPEN, CaseView, DutyView, Refusal
from dengwen.law.duties.step import FieldValue
from dengwen.law.packs.rules import ActRule, Basis, DutyRule, KindRule

SYSTEM = "system"
"""Who does what the system does by itself."""
PETITIONER = "petitioner"
"""Holder of rights that count from the day a letter was posted: entering it later is nobody's
delay."""
SECOND_PERSON = "second-person"
"""Code of the refusal that an act waits for a second person."""
LATE_ENTRY = "late-entry"
"""Code of the refusal that a late entry lacks its reason or its paper."""
SECOND = "second"
"""The field by which an act names who signed it together with whoever entered it."""


@dataclass(frozen=True, slots=True)
class Support:
    """What a late entry rests on: whether a reason, a paper and a second person are given."""

    reason: bool
    paper: bool
    second: bool


NOTHING = Support(reason=False, paper=False, second=False)
"""A late entry that rests on its claim alone."""


def touched(
    kind: KindRule,
    rule: ActRule,
    view: CaseView,
    fields: Mapping[str, FieldValue],
    claimed: date,
    today: date,
    window: int = 0,
) -> list[DutyView]:
    """Return the duties for which an act claimed on one day and entered on `today` is a late entry.

    `window` is the local number of days after the claimed day within which an entry that crosses no
    last day is none.
    """
    return [
        duty
        for duty in view.duties
        if not duty.imported
        and duty.rule.holder != PETITIONER
        and (
            _ended_late(kind, rule, duty, claimed, today)
            or _moved_late(rule, duty, fields, claimed, today, window)
        )
    ]


def changed(rule: ActRule, before: CaseView, after: CaseView) -> list[DutyView]:
    """Return the duties that an act opens, moves, hands on, voids or closes, as they stood before
    it (as they stand after it, where it opens them).

    What it does is read from the case as it stands with the act and without, never from a list of
    acts. What petitioners do by letter is entered later by nature: what it opens for the office,
    and the own periods it ends, are no late entry.
    """
    stood = {(duty.rule.id, duty.opened_by): duty for duty in before.duties}
    found = []
    for duty in after.duties:
        was = stood.get((duty.rule.id, duty.opened_by))
        if was is not None and _counts(was) == _counts(duty):
            continue
        if duty.imported or duty.rule.of or rule.by == SYSTEM:
            continue
        own = rule.by == PETITIONER
        if own and (was is None or duty.rule.holder == PETITIONER):
            continue
        found.append(was or duty)
    return found


def _counts(duty: DutyView) -> tuple[object, ...]:
    """Return what an act can change of a duty."""
    ended = duty.state, duty.closed_on
    days = duty.start, duty.due, duty.claimed_due, len(duty.moves)
    return *ended, *days, duty.holder, duty.official


Stood = Mapping[tuple[str, int], tuple[object, ...]]
"""How duties stood at one moment, by rule and opening act, before their days are counted."""


def standing(duties: Iterable[DutyView]) -> Stood:
    """Return how duties stand now: what they are compared with after an act entered late."""
    return {(duty.rule.id, duty.opened_by): _uncounted(duty) for duty in duties}


def _uncounted(duty: DutyView) -> tuple[object, ...]:
    """Return what an act can change of a duty before its days are counted again."""
    days = duty.start, duty.fixed, tuple((move.amount, move.span) for move in duty.moves)
    return duty.state, duty.closed_on, *days, duty.holder, duty.official


def mark_claims(duties: Iterable[DutyView], stood: Stood, act: int) -> None:
    """Note an act entered late at every duty that it opened, moved, handed on or ended. What recurs
    by the calendar is recounted from the registers, which keep their own marks."""
    for duty in duties:
        same = stood.get((duty.rule.id, duty.opened_by)) == _uncounted(duty)
        if same or duty.imported or duty.rule.of or act in duty.by_claim:
            continue
        duty.by_claim.append(act)


def said_day(rule: DutyRule, fields: Mapping[str, FieldValue]) -> date | None:
    """Return the day that an act says for a duty it opens, in the field from which its time runs or
    which fixes its last day; None where it says none."""
    for name in (rule.starts_on, rule.clock.by_field):
        said = fields.get(name) if name else None
        if isinstance(said, date) and not isinstance(said, datetime):
            return said
    return None


def dated_late(
    rule: ActRule,
    fields: Mapping[str, FieldValue],
    before: CaseView,
    after: CaseView,
    today: date,
    window: int,
) -> list[DutyView]:
    """Return the duties that an act opens with a day of a field that lies before its entry by more
    than the window, or whose last day had passed when they were opened."""
    stood = {(duty.rule.id, duty.opened_by) for duty in before.duties}
    found = []
    for duty in changed(rule, before, after):
        said = said_day(duty.rule, fields)
        opened = (duty.rule.id, duty.opened_by) not in stood
        if said is not None and opened and is_late([duty], said, today, window):
            found.append(duty)
    return found


def is_late(duties: Iterable[DutyView], claimed: date, today: date, window: int) -> bool:
    """Say whether an act that changes these duties is a late entry: recorded after the local
    window, or after the last day of one of them."""
    known = list(duties)
    passed = any(duty.due is not None and claimed <= duty.due < today for duty in known)
    return bool(known) and (passed or claimed + timedelta(days=window) < today)


def _ended_late(kind: KindRule, rule: ActRule, duty: DutyView, claimed: date, today: date) -> bool:
    """Say whether the act ends a duty whose last day passed between the claimed day and its
    entry."""
    if duty.state != OPEN and not (duty.rule.right and duty.state == LAPSED):
        return False
    now = kind.duties.get(duty.rule.id, duty.rule)
    ends = {*duty.rule.closes, *duty.rule.voids, *now.closes, *now.voids}
    ended = rule.id in ends or (duty.rule.ends_with_case and kind.ends(rule.id))
    return ended and duty.due is not None and claimed <= duty.due < today


def _moved_late(
    rule: ActRule,
    duty: DutyView,
    fields: Mapping[str, FieldValue],
    claimed: date,
    today: date,
    window: int,
) -> bool:
    """Say whether the act lengthens a running term and is entered after the day it claims."""
    if duty.state != OPEN:
        return False
    extension, exclusion = duty.rule.clock.extension, duty.rule.clock.exclusion
    extends = extension is not None and extension.act == rule.id
    excludes = exclusion is not None and exclusion.act == rule.id
    if exclusion is not None and excludes:
        last = fields.get(exclusion.last)
        claimed = (
            min(claimed, last)
            if isinstance(last, date) and not isinstance(last, datetime)
            else claimed
        )
    passed = duty.due is not None and claimed <= duty.due < today
    return (extends or excludes) and (passed or claimed + timedelta(days=window) < today)


def refusals(
    rule: ActRule, late: Iterable[DutyView], today: date, support: Support
) -> list[Refusal]:
    """Return what a late entry that touches these duties still lacks; empty where it touches
    none."""
    duty = next(iter(late), None)
    if duty is None:
        return []
    return lacking(rule, duty, today, support)


def unsupported(
    kind: KindRule,
    rule: ActRule,
    view: CaseView,
    fields: Mapping[str, FieldValue],
    claimed: date,
    today: date,
) -> list[Refusal]:
    """Return what an act claimed on one day and entered on another lacks if nothing supports it
    (for scenarios)."""
    return refusals(rule, touched(kind, rule, view, fields, claimed, today), today, NOTHING)


def lacking(rule: ActRule, duty: DutyView, today: date, support: Support) -> list[Refusal]:
    """Return what a late entry that moves or ends this duty still lacks: reason and paper, a
    second person."""
    passed = duty.due is not None and duty.due < today
    zh = (
        f"“{duty.rule.zh}”{duty.due}到期，"
        if passed
        else f"“{rule.zh}”影响“{duty.rule.zh}”的期限，事后才录入，"
    )
    en = (
        f"“{duty.rule.en}” was due on {duty.due}; "
        if passed
        else f"“{rule.en}” touches the time of “{duty.rule.en}” and is entered afterwards; "
    )
    return unsupported_claim(zh, en, duty.rule.basis, support)


def unsupported_claim(zh: str, en: str, basis: Basis | None, support: Support) -> list[Refusal]:
    """Return what a late entry still lacks: reason and paper, a second person. `zh` and `en` say
    first what it touches."""
    found = []
    if not (support.reason and support.paper):
        found.append(
            Refusal(
                LATE_ENTRY,
                f"{zh}现在补录须写明理由并附纸质材料的摘要",
                f"{en}entering it now needs a reason and the digest of its paper",
                basis,
                "写明补录理由，附上当时的纸质材料；补录不改变已经过去的期限，也不消除逾期",
                "give the reason and the paper of that day; "
                "it moves no day that has passed and cures no breach",
            )
        )
    if not support.second:
        found.append(
            Refusal(
                SECOND_PERSON,
                f"{zh}补录须第二人同意",
                f"{en}a late entry needs a second person",
                basis,
                "送第二人同意：由那个人用自己的账号按；本人不能为自己作证",
                "put it before a second person, who presses from the own account; nobody is the "
                "second person to the own act",
                SECOND,
            )
        )
    return found
