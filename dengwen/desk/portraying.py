"""The portrait of an organ on its page of an assessment: bars with the table of the same numbers behind each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.safestring import SafeString, mark_safe

from dengwen.assessment.freezing import Frozen
from dengwen.assessment.portrait import portrait
from dengwen.cases.wall import for_user
from dengwen.desk.scoreboard import bars
from dengwen.desk.seat import Seat
from dengwen.desk.writing import zh
from dengwen.oversight.inspections import KIND

STEPS = {
    "matters": ("涉及的件", "matters concerned"), "told": ("告知受理", "told of acceptance"),
    "concluded": ("办结", "concluded"), "in_time": ("按期办结", "concluded in time"),
    "settled": ("按期并一次化解", "in time and settled at once"),
}  # fmt: skip
MOST_PLACES = 12


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture: its name, what it is taken from, the drawing, and its table (label, number, share of the first)."""

    id: str
    title: str
    note: str
    head: str
    drawn: SafeString
    rows: tuple[tuple[str, int, str], ...]


def pictures(seat: Seat, frozen: Frozen, organ: int, last: date) -> list[Picture]:
    """Return the pictures of an organ that have anything to show."""
    found = portrait(frozen, organ, for_user(seat.viewer, seat.today).filter(kind=KIND))
    ages = [(zh(seat, f"{low}–{high} 天", f"{low}–{high} days") if high else
             zh(seat, f"{low} 天以上", f"{low} days and more"), number) for (low, high), number in found.ages]  # fmt: skip
    places = [(name or zh(seat, "未记载", "not on file"), number) for name, number in found.places[:MOST_PLACES]]
    rest = sum(number for _name, number in found.places[MOST_PLACES:])
    places += [(zh(seat, "其他", "elsewhere"), rest)] if rest else []
    sampled = zh(seat, f"本期抽查答复 {found.sampled} 件。", f"{found.sampled} replies were sampled in the period.")
    made = [
        _picture(seat, "funnel", ("各环节的件数", "From matter to settlement"),
                 ("本期涉及的件走到了哪一步；每一步都在上一步之内。",
                  "How far the matters of the period came; each step lies within the one before."),
                 ("环节", "step"), [(zh(seat, *STEPS[step]), number) for step, number in found.funnel]),
        _picture(seat, "ages", ("未办结的件放了多久", "How old open matters are"),
                 (f"截至 {last.isoformat()}，自开始办理之日起算。", f"On {last.isoformat()}, since handling began."),
                 ("时间", "age"), ages),
        _picture(seat, "places", ("件从哪里来", "Where matters are from"),
                 ("按登记的地方；从不按数量排名。", "By the place registered; never ranked by number."), ("地方", "place"), places),
        _picture(seat, "inspected", ("督查覆盖", "Inspection coverage"),
                 (f"细则第九条：每年至少督查一次。{sampled}", f"Article 9: inspected at least once a year. {sampled}"),
                 ("年份", "year"), [(str(year), number) for year, number in found.inspections]),
    ]  # fmt: skip
    return [p for p in made if p.id == "inspected" or any(number for _label, number, _share in p.rows)]


def _picture(
    seat: Seat, uid: str, title: tuple[str, str], note: tuple[str, str], head: tuple[str, str],
    rows: Sequence[tuple[str, int]],
) -> Picture:
    first = rows[0][1] if uid == "funnel" and rows else sum(number for _label, number in rows)
    told = zh(seat, "；", "; ").join(f"{label} {number}" for label, number in rows)
    drawn = mark_safe(bars(uid, rows, (zh(seat, *title), told)))  # noqa: S308  # our own SVG
    shares = tuple((label, number, f"{100 * number / first:.0f}%" if first else "—") for label, number in rows)
    return Picture(uid, zh(seat, *title), zh(seat, *note), zh(seat, *head), drawn, shares)
