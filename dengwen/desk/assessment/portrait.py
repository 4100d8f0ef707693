"""The portrait of an organ on its page of an assessment: bars with the table of the same numbers
behind each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

from dengwen.assessment.facts.entry_modes import Tally
from dengwen.assessment.frozen.freeze import Frozen
from dengwen.assessment.portrait import Portrait, portrait
from dengwen.cases.wall.visibility import for_user
from dengwen.desk.assessment.scoreboard import bars
from dengwen.desk.shell.frame.seat import Seat
from dengwen.oversight.inspections.queries import KIND

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

STEPS: Mapping[str, StrPromise] = {
    "matters": pgettext_lazy("step of a matter", "涉及的件"),
    "told": pgettext_lazy("step of a matter", "告知受理"),
    "concluded": pgettext_lazy("step of a matter", "办结"),
    "in_time": pgettext_lazy("step of a matter", "按期办结"),
    "settled": pgettext_lazy("step of a matter", "按期并一次化解"),
}
MOST_PLACES = 12


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


@dataclass(frozen=True, slots=True)
class _Subject:
    """What a picture shows, in words: its title, a note on how it counts, and the head of the
    first column."""

    id: str
    title: str
    note: str
    head: str


@dataclass(frozen=True, slots=True)
class _Bar:
    """One bar: its label, its number, and in words what of the number is counted apart."""

    label: str
    number: int
    apart: str


def pictures(seat: Seat, frozen: Frozen, organ: int, last: date) -> list[Picture]:
    """Return the pictures of an organ that have anything to show; inspections are always shown."""
    inspected = for_user(seat.viewer, seat.today).filter(kind=KIND)
    found = portrait(frozen, organ, inspected)
    shown = []
    for picture in (_funnel(found), _ages(found, last), _places(found)):
        if any(number for _label, number, _share, _apart in picture.rows):
            shown.append(picture)
    shown.append(_inspected(found))
    return shown


def apart(number: Tally) -> str:
    """Say how many of a number were entered late and how many imported, "" where none was."""
    said = []
    if number.late:
        said.append(_("其中补录 %(late)s") % {"late": number.late})
    if number.imported:
        said.append(_("其中历史导入 %(imported)s") % {"imported": number.imported})
    return _("，").join(said)


# --- the four pictures ----------------------------------------------------------------------------
def _funnel(found: Portrait) -> Picture:
    """Draw how far the matters came; shares are of the first step."""
    subject = _Subject(
        "funnel",
        _("各环节的件数"),
        _("本期涉及的件走到了哪一步；每一步都在上一步之内。"),
        pgettext("portrait", "环节"),
    )
    rows = [_bar(str(STEPS[step]), number) for step, number in found.funnel]
    whole = rows[0].number if rows else 0
    return _picture(subject, rows, whole)


def _ages(found: Portrait, last: date) -> Picture:
    """Draw how old the matters are that were open on the last day."""
    subject = _Subject(
        "ages",
        _("未办结的件放了多久"),
        _("截至 %(last)s，自开始办理之日起算。") % {"last": last.isoformat()},
        pgettext("portrait", "时间"),
    )
    rows = []
    for (low, high), number in found.ages:
        rows.append(_bar(_age(low, high), number))
    return _picture(subject, rows, _sum(rows))


def _age(low: int, high: int) -> str:
    """Return a span of days in words; `high` is 0 where it has no upper end."""
    if high:
        return _("%(low)s–%(high)s 天") % {"low": low, "high": high}
    return _("%(low)s 天以上") % {"low": low}


def _places(found: Portrait) -> Picture:
    """Draw where matters are from, the places after the first MOST_PLACES taken together."""
    subject = _Subject(
        "places",
        _("件从哪里来"),
        _("按登记的地方；从不按数量排名。"),
        pgettext("portrait", "地方"),
    )
    rows = []
    for name, number in found.places[:MOST_PLACES]:
        rows.append(_bar(name or _("未记载"), number))
    others = [number for _name, number in found.places[MOST_PLACES:]]
    if others:
        rows.append(_bar(_("其他"), _together(others)))
    return _picture(subject, rows, _sum(rows))


def _together(numbers: Sequence[Tally]) -> Tally:
    """Return several numbers as one."""
    return Tally(
        sum(one.number for one in numbers),
        sum(one.late for one in numbers),
        sum(one.imported for one in numbers),
    )


def _inspected(found: Portrait) -> Picture:
    """Draw in which years the organ was inspected; prompt inspections stand beside the special
    ones."""
    note = _("每年至少一次专项督查。只数办结的专项督查；及时督查另列，不能代替。")
    subject = _Subject(
        "inspected",
        pgettext("portrait", "督查覆盖"),
        note + _sampled(found.sampled),
        pgettext("portrait", "年份"),
    )
    rows = []
    for year, number in found.inspections:
        prompt = found.prompt[year].number
        beside = _("另有及时督查 %(n)s") % {"n": prompt} if prompt else ""
        rows.append(_bar(str(year), number, beside))
    return _picture(subject, rows, _sum(rows))


def _sampled(number: Tally) -> str:
    """Say how many replies were sampled."""
    own = apart(number)
    if own:
        own = _("（%(own)s）") % {"own": own}
    return _("本期抽查答复 %(replies)s 件%(own)s。") % {"replies": number.number, "own": own}


# --- bars and their table -------------------------------------------------------------------------
def _bar(label: str, number: Tally, beside: str = "") -> _Bar:
    """Return a bar; `beside` is one more thing to be said of its number."""
    parts = [part for part in (apart(number), beside) if part]
    return _Bar(label, number.number, _("，").join(parts))


def _sum(rows: Iterable[_Bar]) -> int:
    """Return the numbers of all bars together."""
    return sum(row.number for row in rows)


def _picture(subject: _Subject, rows: Sequence[_Bar], whole: int) -> Picture:
    """Return a picture with its table; shares are of `whole`."""
    table = []
    for row in rows:
        share = _share(row.number, whole)
        table.append((row.label, row.number, share, row.apart))
    return Picture(
        id=subject.id,
        title=subject.title,
        note=subject.note,
        head=subject.head,
        drawn=_drawn(subject, rows),
        rows=tuple(table),
    )


def _drawn(subject: _Subject, rows: Iterable[_Bar]) -> SafeString:
    """Draw the bars, with the same numbers as their description."""
    plain = []
    described = []
    for row in rows:
        plain.append((row.label, row.number))
        described.append(_described(row))
    said = (subject.title, _("；").join(described))
    return mark_safe(bars(subject.id, plain, said))  # noqa: S308  # our own SVG


def _described(row: _Bar) -> str:
    """Return a bar as the description of the picture says it."""
    more = _("（%(more)s）") % {"more": row.apart} if row.apart else ""
    return f"{row.label} {row.number}{more}"


def _share(number: int, whole: int) -> str:
    """Return a number as per cent of the whole, a dash where there is none."""
    return f"{100 * number / whole:.0f}%" if whole else "—"
