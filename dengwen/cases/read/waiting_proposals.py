"""Proposals that wait for a second person: which of them somebody may learn of, and what each would
change.

Callers hand in a viewer; a proposal of a hidden case is missing, in lists and in counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from dengwen.access.statements import Groups, Statement
from dengwen.cases import rulebooks
from dengwen.cases.act_records import view_of
from dengwen.cases.models import Act
from dengwen.cases.read.case_view import CaseFile
from dengwen.cases.read.correction_words import correction_in_words
from dengwen.cases.read.possible_acts import FORESEEN
from dengwen.cases.wall.visibility import (
    AFTER_HAND_OVER,
    VIEWER_GROUPS,
    Viewer,
    among,
    as_groups,
    for_user,
    of_groups,
)
from dengwen.cases.write.call_context import outside
from dengwen.cases.write.check import HOUSE_KINDS
from dengwen.cases.write.late_check import Entry
from dengwen.cases.write.late_verdict import rests_on_claim
from dengwen.law.bilingual import Language, headline
from dengwen.law.duties.act_record import (
    CLOSED,
    LAPSED,
    LATE_ENTRY,
    VOID,
    ActRecord,
    DutyView,
    civil,
)
from dengwen.law.duties.admissibility import Actor
from dengwen.law.duties.proposal import DECISIONS, PROPOSE
from dengwen.law.duties.step import Step
from dengwen.ui import dates

MOST = 50
"""Proposals on one page; more than a handful wait nowhere for long."""
REGISTRY = "registry"


def standing() -> QuerySet[Act]:
    """Return the proposals on which nobody has decided, the oldest first. The wall is not asked
    here."""
    ended = Act.objects.filter(case=OuterRef("case"), opened_by=OuterRef("pk"), act__in=DECISIONS)
    waits = Act.objects.filter(~Exists(ended), act=PROPOSE)
    return waits.select_related("case").order_by("recorded_at", "pk")


def of_organ(viewer: Viewer, organ: int, day: date) -> QuerySet[Act]:
    """Return what waits in an organ in cases that a viewer may see."""
    return standing().filter(among(for_user(viewer, day)), organ_id=organ)


def found_for(viewer: Viewer, organ: int, day: date) -> list[Act]:
    """Return the first of what waits in an organ: what every home page asks, by a statement made
    once, so that it costs little where nothing waits."""
    found = _OF_ORGAN.ids((*as_groups(viewer), (organ,)), day)
    if not found:
        return []
    rows = Act.objects.filter(pk__in=found).select_related("case")
    return list(rows.order_by("recorded_at", "pk"))


def has_made(user: int, viewer: Viewer, day: date) -> bool:
    """Say whether something waits that somebody proposed."""
    return bool(_MADE_BY.ids((*as_groups(viewer), (user,)), day))


def of_house() -> QuerySet[Act]:
    """Return what waits in the registers of the house itself, for its administrators."""
    return standing().filter(case__kind__in=HOUSE_KINDS)


def of_registry() -> QuerySet[Act]:
    """Return what waits in the registry of organs and posts, for those who enter it."""
    return standing().filter(case__kind=REGISTRY)


def made_by(user: int, viewer: Viewer, day: date) -> QuerySet[Act]:
    """Return what somebody proposed and nobody has decided on."""
    seen = among(for_user(viewer, day)) | Q(case__kind__in=HOUSE_KINDS)
    return standing().filter(seen, actor=user)


def _ask_in_organ(groups: Groups, day: date, _: str) -> QuerySet[Any]:
    (organ,) = groups[VIEWER_GROUPS]
    return of_organ(of_groups(groups), organ, day).values_list("pk")[:MOST]


def _ask_made_by(groups: Groups, day: date, _: str) -> QuerySet[Any]:
    (user,) = groups[VIEWER_GROUPS]
    return made_by(user, of_groups(groups), day).values_list("pk")[:1]


_OF_ORGAN = Statement(_ask_in_organ, AFTER_HAND_OVER)
_MADE_BY = Statement(_ask_made_by, AFTER_HAND_OVER)


@dataclass(frozen=True, slots=True)
class Change:
    """One line of what an act would change: what, as it is now, as it is after it."""

    what: str
    now: str
    after: str


def changes(
    file: CaseFile, step: Step, row: Act, now: datetime, language: Language
) -> list[Change]:
    """Return what an act that waits would change in its case: the field it corrects, and every
    duty it opens, moves, hands on or ends."""
    record = ActRecord(
        id=FORESEEN,
        act=step.act,
        occurred=step.occurred_at or now,
        recorded=now,
        organ=row.organ_id if step.organ is None else step.organ,
        actor=row.actor,
        data={**step.fields, LATE_ENTRY: _is_late(file, step, row, now)},
        rules=str(file.installed.row),
    )
    found = _corrected(record, file, language)
    after = view_of(file.case.kind, [*file.records, record])
    stood = {(d.rule.id, d.opened_by): d for d in file.view.duties}
    for duty in after.duties:
        was = stood.pop((duty.rule.id, duty.opened_by), None)
        now_said = _said(was, language)
        if now_said != _said(duty, language):
            said = now_said, _claimed(duty, language)
            found.append(Change(headline(duty.rule, language), *said))
    gone = [Change(headline(d.rule, language), _said(d, language), "—") for d in stood.values()]
    return [*found, *gone]


def _is_late(file: CaseFile, step: Step, row: Act, now: datetime) -> bool:
    """Say whether the door would mark an act that waits as a late entry if it were approved now."""
    day, case = civil(step.occurred_at or now), file.case
    book = rulebooks.in_force(day, case.place, now).book
    organ = row.organ_id if step.organ is None else step.organ
    actor = Actor(row.actor, organ, frozenset())
    entry = Entry(step, case, file.view, file.records, book, actor, now, outside())
    return rests_on_claim(entry)


def _claimed(duty: DutyView, language: Language) -> str:
    """Return a duty as it would stand, and that it would stand so by claim only."""
    said = _said(duty, language)
    return _("{how}，只凭事后主张").format(how=said) if FORESEEN in duty.by_claim else said


def _corrected(record: ActRecord, file: CaseFile, language: Language) -> list[Change]:
    """Return the line of the field that a correction is about; none for any other act."""
    said = correction_in_words(record, file.records, file.case.kind, language)
    if said is record:
        return []
    target = next((act for act in file.records if act.id == record.data.get("target")), None)
    if target is None:
        return []
    name = str(record.data.get("field", ""))
    stands = target.data.get(name, target.day.isoformat())
    return [Change(str(said.data.get("field")), str(stands), str(said.data.get("new")))]


def _said(duty: DutyView | None, language: Language) -> str:
    """Return a duty in a few words: its day while it is open, how it ended afterwards."""
    if duty is None:
        return "—"
    if duty.state == VOID:
        return _("作废")
    if duty.state == LAPSED:
        return _("期满")
    day = duty.due or duty.raw
    until = dates.with_weekday(day, language) if day else pgettext("due day", "没有法定天数")
    if duty.state == CLOSED:
        return _("{how}，期限 {day}").format(how=_how()[duty.timeliness], day=until)
    if duty.claims and duty.claimed_due:
        claimed = dates.with_weekday(duty.claimed_due, language)
        return _("{day}到期；所称延到 {claimed}，只是事后主张").format(day=until, claimed=claimed)
    return _("{day}到期").format(day=until)


def _how() -> Mapping[str, str]:
    """Return how a duty was met, in words."""
    return {
        "in_time": _("按期了结"),
        "late": _("逾期了结"),
        "by_claim": _("了结，仅凭事后主张按期"),
        "imported": _("了结（历史数据）"),
        "unknown": pgettext("timeliness", "了结"),
        "": pgettext("timeliness", "了结"),
    }
