"""Local targets: the day an office set itself where the text says only 及时 or 定期. Never statutory
(design 1.3)."""

from __future__ import annotations

from datetime import date, timedelta

from dengwen.cases import rulebooks
from dengwen.cases.rulebooks import Rules
from dengwen.law.duties.act_record import DutyView

HOURS = "_hours"
"""How the name of a local setting ends that counts in hours; all others count days."""


def local_day(duty: DutyView, rules: Rules = rulebooks) -> date | None:
    """Return the last day of the local target of a duty, from the setting in force when it
    opened; None without one. `rules` are those of a running call."""
    if not duty.rule.local:
        return None
    target = rules.local_settings(duty.rule.local).on(duty.rule.local, duty.holder, duty.opened_on)
    if target is None or not target.value.isdigit():
        return None
    amount = int(target.value)
    return duty.opened_on + timedelta(
        days=amount // 24 if duty.rule.local.endswith(HOURS) else amount
    )
