"""Every draw that was planned, as its acts tell it: opened, used, left unused, lapsed; for the
public and the file.

An inspector who dislikes a sample could plan anew. That cannot be forbidden, for there may be
reasons; so it is seen:
each filed plan stays here with its digest, and the paper that ends an inspection names the others
of the same organ.
Only fields of acts are read, never a text: no case number, no scope, no person.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from dengwen.cases.models import Act, Case
from dengwen.law.duties.act_record import civil
from dengwen.oversight.inspections.queries import KIND

YEAR = timedelta(days=366)
"""How long an earlier draw of the same organ is named beside a later one."""
_TOLD = ("plan", "file_plan", "open_secret", "lapse_plan", "draw", "conclude")
STATES = {
    "waiting": ("待公开秘密数", "secret awaited"),
    "overdue": ("逾期没有公开秘密数", "secret not opened in time"),
    "lapsed": ("方案已失效，没有抽取", "plan lapsed, nothing drawn"),
    "opened": ("秘密数已公开，待抽取", "secret opened, to be drawn"),
    "drawn": ("已抽取，检查中", "drawn, being examined"),
    "unused": ("没有办结，此后另行制定了方案", "not concluded; another plan was filed afterwards"),
    "concluded": ("已抽取，督查已办结", "drawn, inspection concluded"),
}
"""What can have become of a draw, in both languages."""


@dataclass(slots=True)
class PlannedDraw:
    """One filed plan: its place among those of its inspection (from 1), the organs, the days,
    the secret if opened."""

    inspection: str
    place: int
    case: int
    inspecting: int
    inspected: int
    depositor: int
    filed: date
    open_by: date
    population: int
    sample: int
    digest: str
    order: int
    uid: str
    secret: str = ""
    lapsed: date | None = None
    drawn: date | None = None
    concluded: date | None = None
    followed: bool = False

    def state(self, today: date) -> str:
        """Return which of `STATES` it is in."""
        if self.lapsed:
            return "lapsed"
        if self.concluded:
            return "concluded"
        if not self.secret:
            return "overdue" if today > self.open_by else "waiting"
        if self.followed:
            return "unused"
        return "drawn" if self.drawn else "opened"

    def public(self, today: date) -> bool:
        """Whether everybody may see it: the secret was opened, or the day for it has passed."""
        return self.state(today) != "waiting"


def planned_draws(
    *, inspected: int | None = None, inspecting: int | None = None
) -> list[PlannedDraw]:
    """Return the filed plans in the order of filing: all, those of an inspecting organ, those of
    an organ inspected."""
    cases = Case.objects.filter(kind=KIND, protected=False)
    if inspecting is not None:
        cases = cases.filter(holder_id=inspecting)
    filed = Act.objects.filter(act="file_plan", case__in=cases)
    rows = Act.objects.filter(case__in=filed.values("case_id"), act__in=_TOLD).select_related(
        "case"
    )
    found: list[PlannedDraw] = []
    named: dict[int, int] = {}
    for row in rows.order_by("pk"):
        _tell(row, found, named)
    found = [one for one in found if inspected in (None, one.inspected)]
    for place, one in enumerate(found):
        one.followed = any(
            later.case != one.case
            and (later.inspecting, later.inspected) == (one.inspecting, one.inspected)
            for later in found[place + 1 :]
        )
    return found


def _tell(row: Act, found: list[PlannedDraw], named: dict[int, int]) -> None:
    """Note what one act says about the plans of its case."""
    own = [one for one in found if one.case == row.case_id]
    if row.act == "plan":
        named[row.case_id] = int(row.data.get("to") or 0)
    elif row.act == "file_plan":
        found.append(_filed(row, len(own) + 1, len(found), named.get(row.case_id, 0)))
    elif own:
        _continue(own[-1], row)


def _filed(row: Act, place: int, order: int, inspected: int) -> PlannedDraw:
    """Return the draw that an act plans: its place in its inspection, and in the order of all."""
    data = row.data
    return PlannedDraw(
        row.case.number,
        place,
        row.case_id,
        row.organ_id or 0,
        inspected,
        int(data["depositor"]),
        civil(row.occurred_at),
        date.fromisoformat(data["open_by"]),
        int(data["population"]),
        int(data["sample"]),
        str(data["plan"]),
        order,
        row.uid,
    )


def _continue(draw: PlannedDraw, row: Act) -> None:
    """Note what became of a planned draw."""
    day = civil(row.occurred_at)
    if row.act == "open_secret":
        draw.secret = str(row.data["secret"])
    elif row.act == "lapse_plan":
        draw.lapsed = day
    elif row.act == "draw":
        draw.drawn = day
    elif row.act == "conclude" and draw.drawn:
        draw.concluded = day


def others_of(
    number: str, inspecting: int | None, inspected: int | None, today: date
) -> list[PlannedDraw]:
    """Return the draws beside the newest one of an inspection: its lapsed ones, those of the
    organ within a year."""
    if inspecting is None or inspected is None:
        return []
    every = planned_draws(inspecting=inspecting, inspected=inspected)
    newest = max((one.order for one in every if one.inspection == number), default=0)
    return [one for one in every if one.order != newest and one.filed >= today - YEAR]


def short(digest: str) -> str:
    """Return the part of a digest by which a paper names a plan."""
    return digest[:16]


def named_on_paper(draws: Sequence[PlannedDraw], today: date) -> str:
    """Return the words with which a conclusion names the other draws of the organ, one a line,
    in Chinese."""
    return "\n".join(
        f"{one.inspection} 第 {one.place} 次方案，{one.filed.isoformat()}，摘要 {short(one.digest)}："
        f"{STATES[one.state(today)][0]}"
        for one in draws
    )
