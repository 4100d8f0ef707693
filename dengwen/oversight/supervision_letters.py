"""Model letters of supervision: from a breached duty to the fields of a reminder or an order, facts
filled in.

A letter says what the registry and the acts say: which duty, by which article, since when, how many
days late, what
reasons are on file. It never says anything of a petitioner or of an accusation. A person reads it
before it goes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import QuerySet

from dengwen.cases import rulebooks
from dengwen.cases.models import Act, Case, Duty
from dengwen.cases.read.duty_lines import listed, place_of
from dengwen.cases.wall.visibility import SUPERVISED_KINDS, among
from dengwen.editions.as_of import setting
from dengwen.law.duties.act_record import DutyView
from dengwen.law.duties.step import FieldValue, Step
from dengwen.law.packs.rules import ActRule
from dengwen.organs.models import Organ
from dengwen.organs.structure.posts_held import principal_on

KIND = "supervision"
NUMBERS = frozenset({"to", "to_leader", "opened"})
"""Fields of a letter whose values are row ids or numbers."""
REPLY_SETTING = "supervision.reply_days"
"""The local setting for how many days a letter gives; no text has a number: without one the
clerk writes the date."""
GROUND = {"R22": "against_rules", "R05": "not_in_time"}
"""The ground a model letter proposes; the person who sends it decides (R22 40(1), R05 36(1))."""


@dataclass(frozen=True, slots=True)
class LateLine:
    """A breached duty that is still open, as a letter needs it: its row, its view, and its place
    in its case."""

    row: Duty
    duty: DutyView
    place: int

    @property
    def key(self) -> str:
        """Return the words by which addresses name the line: the case number and the place of
        the duty in it."""
        return f"{self.row.case.number}.{self.place}"


def late_duties(cases: QuerySet[Case]) -> QuerySet[Duty]:
    """Return the breached duties still open in cases the wall let through; rights lapse and are
    never late."""
    return Duty.objects.filter(
        among(cases), breach__isnull=False, right=False, state="open", case__protected=False
    ).select_related("case")


def writable(duties: QuerySet[Duty]) -> QuerySet[Duty]:
    """Return those of `duties` a letter can be about: a late reply to a letter is taken further
    in its own case."""
    return duties.filter(case__kind__in=SUPERVISED_KINDS)


def find_line(cases: QuerySet[Case], key: str) -> LateLine | None:
    """Return the late line with this key, None where it is hidden, missing or done: all the same
    to whoever asks."""
    number, _, place = key.rpartition(".")
    if not number or not place.isdecimal() or len(place) > 4:
        return None
    found = lines_of(list(writable(late_duties(cases)).filter(case__number=number)))
    return next((line for line in found if line.place == int(place)), None)


def lines_of(duties: list[Duty]) -> list[LateLine]:
    """Return duties of one page as lines, in their order."""
    views = listed(duties).views
    lines = []
    for row in duties:
        view = views[row.case_id]
        duty = next(
            (d for d in view.duties if d.rule.id == row.rule and d.opened_by == row.opened_by_id),
            None,
        )
        if duty is not None:
            lines.append(LateLine(row, duty, place_of(duty, view)))
    return lines


def given_for(
    line: LateLine, office: Organ | None, today: date, *, reminder: bool = False
) -> dict[str, str]:
    """Return the fields of a letter about a late line, as the form asks them (Chinese: letters
    are)."""
    holder = Organ.objects.filter(pk=line.row.holder_id or 0).first()
    leader = principal_on(holder, today) if holder else None
    reply_by = _reply_by(office, today)
    law = line.duty.rule.basis.law
    opener = Act.objects.filter(pk=line.row.opened_by_id).values_list("seq", flat=True).get()
    given = {
        "about": line.row.case.number,
        "duty": line.row.rule,
        "opened": str(opener),
        "to": str(holder.pk) if holder else "",
        "to_leader": str(leader.pk) if leader else "",
        "reply_by": reply_by.isoformat() if reply_by else "",
        "subject": f"{'催办' if reminder else '督办'}：{line.duty.rule.zh}",
        "defect": defect_text(line, today),
        "demand": "请说明未按期办理的原因，依法办理，于回复日期前书面回复办理情况并附证明材料。",
        "defect_ground": GROUND.get(law, "other"),
    }
    return {
        name: value
        for name, value in given.items()
        if value and not (reminder and name == "defect_ground")
    }


def letter_step(given: Mapping[str, str], rule: ActRule) -> Step:
    """Return the step that sends a letter with these fields (ISO days, ids as text), by an act
    of supervision."""
    fields: dict[str, FieldValue] = {}
    texts: dict[str, str] = {}
    for name, text in given.items():
        declared = rule.field_rule(name)
        if declared is None:
            continue
        if declared.type == "text":
            texts[name] = text
        elif declared.type == "date":
            fields[name] = date.fromisoformat(text)
        else:
            fields[name] = int(text) if name in NUMBERS else text
    return Step(act=rule.id, kind=KIND, fields=fields, texts=texts)


def _reply_by(office: Organ | None, today: date) -> date | None:
    row = setting(REPLY_SETTING, office.pk if office else None, today)
    return (
        today + timedelta(days=int(row.value)) if row is not None and row.value.isdigit() else None
    )


def defect_text(line: LateLine, today: date) -> str:
    """Return what was found, in facts: number, duty, article, start, last day, days late,
    extension."""
    duty, row = line.duty, line.row
    article = duty.rule.basis.cite(rulebooks.by_row(duty.rules).instruments)
    late = (today - row.due).days if row.due else 0
    parts = [
        (
            f"编号{row.case.number}的办理件，自{row.start.isoformat()}起，应当“{duty.rule.zh}”（{article}），"
            f"末日为{row.due.isoformat() if row.due else '未定'}，至{today.isoformat()}仍未完成，已逾期{late}日。"
        )
    ]
    if duty.extended and duty.original_due:
        parts.append(f"原末日为{duty.original_due.isoformat()}，已延长{duty.extended}日。")
    return "".join(parts)
