"""The portrait of an organ on its page of an assessment: bars with the table of the same numbers
behind each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from dengwen.assessment.facts.entry_modes import Tally
from dengwen.assessment.frozen.freeze import Frozen
from dengwen.assessment.portrait import portrait
from dengwen.cases.wall.visibility import for_user
from dengwen.desk.assessment.scoreboard import bars
from dengwen.desk.shell.frame.seat import Seat
from dengwen.law.bilingual import words_in
from dengwen.oversight.inspections.queries import KIND

STEPS = {
    "matters": ("涉及的件", "matters concerned"),
    "told": ("告知受理", "told of acceptance"),
    "concluded": ("办结", "concluded"),
    "in_time": ("按期办结", "concluded in time"),
    "settled": ("按期并一次化解", "in time and settled at once"),
}
MOST_PLACES = 12
APART = ("number", "late", "imported")


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture: its name, what it is taken from, the drawing, and its table.

    Rows: label, number, share (of the first or of all), and in words what of the number is counted
    apart.
    """

    id: str
    title: str
    note: str
    head: str
    drawn: SafeString
    rows: tuple[tuple[str, int, str, str], ...]


def pictures(seat: Seat, frozen: Frozen, organ: int, last: date) -> list[Picture]:
    """Return the pictures of an organ that have anything to show."""
    found = portrait(frozen, organ, for_user(seat.viewer, seat.today).filter(kind=KIND))
    ages = [
        (
            _("%(low)s–%(high)s 天") % {"low": low, "high": high}
            if high
            else _("%(low)s 天以上") % {"low": low},
            number,
        )
        for (low, high), number in found.ages
    ]
    places = [(name or _("未记载"), number) for name, number in found.places[:MOST_PLACES]]
    rest = [number for _name, number in found.places[MOST_PLACES:]]
    elsewhere = Tally(*(sum(getattr(number, name) for number in rest) for name in APART))
    places += [(_("其他"), elsewhere)] if rest else []
    replies, own = found.sampled.number, apart(found.sampled)
    own = own and _("（%(own)s）") % {"own": own}
    sampled = _("本期抽查答复 %(replies)s 件%(own)s。") % {"replies": replies, "own": own}
    only = _("细则第九条：每年至少一次专项督查。只数办结的专项督查；及时督查另列，不能代替。")
    made = [
        _picture(
            seat,
            "funnel",
            ("各环节的件数", "From matter to settlement"),
            (
                "本期涉及的件走到了哪一步；每一步都在上一步之内。",
                "How far the matters of the period came; each step lies within the one before.",
            ),
            ("环节", "step"),
            [(words_in(STEPS[step], seat.language), number) for step, number in found.funnel],
        ),
        _picture(
            seat,
            "ages",
            ("未办结的件放了多久", "How old open matters are"),
            (
                f"截至 {last.isoformat()}，自开始办理之日起算。",
                f"On {last.isoformat()}, since handling began.",
            ),
            ("时间", "age"),
            ages,
        ),
        _picture(
            seat,
            "places",
            ("件从哪里来", "Where matters are from"),
            ("按登记的地方；从不按数量排名。", "By the place registered; never ranked by number."),
            ("地方", "place"),
            places,
        ),
        _picture(
            seat,
            "inspected",
            ("督查覆盖", "Inspection coverage"),
            (only + sampled, only + sampled),
            ("年份", "year"),
            [(str(year), number) for year, number in found.inspections],
            [
                _("另有及时督查 %(n)s") % {"n": n} if (n := found.prompt[year].number) else ""
                for year, _number in found.inspections
            ],
        ),
    ]
    return [p for p in made if p.id == "inspected" or any(row[1] for row in p.rows)]


def apart(number: Tally) -> str:
    """Say how many of a number were entered late and how many imported, "" where none was."""
    said = []
    if number.late:
        said.append(_("其中补录 %(late)s") % {"late": number.late})
    if number.imported:
        said.append(_("其中历史导入 %(imported)s") % {"imported": number.imported})
    return _("，").join(said)


def _picture(
    seat: Seat,
    uid: str,
    title: tuple[str, str],
    note: tuple[str, str],
    head: tuple[str, str],
    rows: Sequence[tuple[str, Tally]],
    beside: Sequence[str] = (),
) -> Picture:
    plain = [(label, number.number) for label, number in rows]
    first = plain[0][1] if uid == "funnel" and plain else sum(number for _label, number in plain)
    comma = _("，")
    aside = [
        comma.join(filter(None, (apart(number), more)))
        for (_label, number), more in zip(rows, beside or [""] * len(rows), strict=True)
    ]
    told = _("；").join(
        f"{label} {number}" + (more and _("（%(more)s）") % {"more": more})
        for (label, number), more in zip(plain, aside, strict=True)
    )
    drawn = mark_safe(bars(uid, plain, (words_in(title, seat.language), told)))  # noqa: S308  # our own SVG
    shares = tuple(
        (label, number, f"{100 * number / first:.0f}%" if first else "—", more)
        for (label, number), more in zip(plain, aside, strict=True)
    )
    return Picture(
        uid,
        words_in(title, seat.language),
        words_in(note, seat.language),
        words_in(head, seat.language),
        drawn,
        shares,
    )
