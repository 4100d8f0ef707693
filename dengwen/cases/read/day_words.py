"""What moved the last day of a duty, in words: extensions, corrections, and what was entered too
late to move it."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from dengwen.law.duties.act_record import DutyView


def moves_in_words(duty: DutyView) -> list[str]:
    """Return a sentence for each thing that moved the last day of a duty, or only claims to
    (design 1.6)."""
    was = _iso(duty.original_due)
    parts = []
    if duty.extended:
        parts.append(_("原到期日 {was}，已延长 {days} 日").format(was=was, days=duty.extended))
    elif duty.first_start is not None and duty.original_due != duty.due:
        parts.append(_("首次到期日 {was}，经更正移动").format(was=was))
    if duty.claims:
        claim = _("期满后补录的延期、不计入时间只作事后主张，不改变期限（主张至 {until}）")
        parts.append(claim.format(until=_iso(duty.claimed_due)))
    if duty.missed is not None and duty.missed != duty.due:
        parts.append(_("更正录入时 {day} 已过，逾期不因更正消除").format(day=duty.missed))
    if duty.rests_on_claim and not duty.claims:
        parts.append(_claim())
    return parts


def claims_in_words(duty: DutyView) -> list[str]:
    """Return what of a duty rests on what was entered late, with the day that stood before."""
    if not duty.rests_on_claim:
        return []
    if duty.unclaimed_due is None:
        return [_claim()]
    return [_("原到期日 {was}").format(was=_iso(duty.unclaimed_due)), _claim()]


def _claim() -> str:
    return _("事后补录动过这一期限，只凭事后主张；算不算数，由作判断的人认定")


def _iso(day: date | None) -> str:
    return day.isoformat() if day else "—"
