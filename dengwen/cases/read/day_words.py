"""What moved the last day of a duty, in words: extensions, corrections, and what was entered too
late to move it."""

from __future__ import annotations

from dengwen.law.duties.act_record import DutyView


def moves_in_words(duty: DutyView, language: str) -> list[str]:
    """Return a sentence for each thing that moved the last day of a duty, or only claims to
    (design 1.6)."""
    zh = language == "zh"
    was = duty.original_due.isoformat() if duty.original_due else "—"
    parts = []
    if duty.extended:
        zh_said = f"原到期日 {was}，已延长 {duty.extended} 日"
        parts.append(zh_said if zh else f"first due {was}, extended by {duty.extended}")
    elif duty.first_start is not None and duty.original_due != duty.due:
        parts.append(
            f"首次到期日 {was}，经更正移动" if zh else f"first due {was}, moved by a correction"
        )
    if duty.claims:
        until = duty.claimed_due.isoformat() if duty.claimed_due else "—"
        zh_said = f"期满后补录的延期、不计入时间只作声称，不改变期限（声称至 {until}）"
        en_said = (
            f"what was entered after the day is a claim and moves nothing (claimed until {until})"
        )
        parts.append(zh_said if zh else en_said)
    if duty.missed is not None and duty.missed != duty.due:
        zh_said = f"更正录入时 {duty.missed} 已过，逾期不因更正消除"
        en_said = f"{duty.missed} had passed when the correction was entered; it cures no breach"
        parts.append(zh_said if zh else en_said)
    return parts
