"""The monthly table as offices count it (信访统计月报): matters, first and repeat, letters, visits in
batches and persons.

What a figure counts is one function, `matters`; the table, its drill-down, the annual report and
the command line all
add up the same rows, so a figure and the cases behind it cannot differ. Every table names the
ledger position it was
taken at: the size of the newest signed checkpoint. Acts sealed after it are not in the figures,
whoever asks later.

Accusations enter no figure here (access model 4.2). How many signers make a joint letter no text
says: a local setting.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from dengwen.cases.models import Act
from dengwen.cases.wall.visibility import Viewer, among, countable
from dengwen.editions.as_of import setting
from dengwen.law.duties.act_record import CHINA, CORRECT, OCCURRED, civil
from dengwen.ledger.models import Checkpoint, Event

KIND, REGISTER, REPEAT = "petition", "register", "attach_repeat"
JOINT_SETTING = "statistics.joint_letter_least"
JOINT_LEAST = 5
"""Signers that make a letter a joint one where the office set nothing else: a local target, no
number of law."""
DIMENSIONS = ("channel", "category", "place")
COUNTED = frozenset({"channel", "category", "place", "persons", "visit_kind", OCCURRED})
"""Fields of a registration whose corrections change a figure."""


@dataclass(frozen=True, slots=True)
class Matter:
    """One registered matter as the table counts it; `number` is the only id that leaves the
    house."""

    case: int
    number: str
    day: date
    channel: str
    category: str
    place: str
    persons: int
    group: bool
    repeat: bool
    imported: bool

    def key(self, dimension: str) -> str:
        """Return the row of a dimension (`DIMENSIONS`) the matter belongs to, "" where it was
        not registered."""
        return {"channel": self.channel, "category": self.category, "place": self.place}[dimension]


@dataclass(slots=True)
class Figures:
    """One row of the table. 件: matters, first, repeat, letters, joint_letters; 批: visits,
    collective; 人次: persons."""

    matters: int = 0
    first: int = 0
    repeat: int = 0
    letters: int = 0
    joint_letters: int = 0
    visits: int = 0
    visitors: int = 0
    collective: int = 0
    collective_visitors: int = 0
    imported: int = 0

    def add(self, matter: Matter, joint_least: int) -> None:
        """Count one matter in."""
        for name in counted_in(matter, joint_least):
            setattr(self, name, getattr(self, name) + (matter.persons if name in PERSONS else 1))


PERSONS = frozenset({"visitors", "collective_visitors"})
"""Figures that add up persons (人次); all others count matters (件) or batches (批)."""
NAMES = tuple(f.name for f in fields(Figures))


def counted_in(matter: Matter, joint_least: int) -> tuple[str, ...]:
    """Return the figures a matter enters."""
    visit, letter = matter.channel == "visit", matter.channel == "letter"
    told = {
        "matters": True,
        "first": not matter.repeat,
        "repeat": matter.repeat,
        "letters": letter,
        "joint_letters": letter and matter.persons >= joint_least,
        "visits": visit,
        "visitors": visit,
        "collective": visit and matter.group,
        "collective_visitors": visit and matter.group,
        "imported": matter.imported,
    }
    return tuple(name for name, enters in told.items() if enters)


@dataclass(frozen=True)
class Table:
    """The figures of an office and a period, by dimension and row, with the position they were
    taken at."""

    office: str
    first: date
    last: date
    position: int
    joint_least: int
    total: Figures
    rows: Mapping[str, Mapping[str, Figures]] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """Return the table as plain data: what its digest is over."""
        return {
            "office": self.office,
            "first": self.first.isoformat(),
            "last": self.last.isoformat(),
            "position": self.position,
            "joint_letter_least": self.joint_least,
            "total": asdict(self.total),
            **{name: _plain_rows(rows) for name, rows in self.rows.items()},
        }

    def digest(self) -> str:
        """Return the SHA-256 (hex) of the table in canonical JSON."""
        text = json.dumps(self.as_dict(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def _plain_rows(rows: Mapping[str, Figures]) -> dict[str, Any]:
    return {key: asdict(row) for key, row in sorted(rows.items())}


def newest_position() -> int:
    """Return the size of the newest signed checkpoint, 0 before the first one."""
    return Checkpoint.objects.order_by("-size").values_list("size", flat=True).first() or 0


def sealed_by(position: int) -> Q:
    """Return the condition on acts that the log held them at a position; before the first
    checkpoint all acts count."""
    if position <= 0:
        return Q()
    return Q(Exists(Event.objects.filter(uid=OuterRef("uid"), leaf__idx__lt=position)))


def span(first: date, last: date) -> tuple[datetime, datetime]:
    """Return the instants between which civil days of China lie, the second one exclusive."""
    begins = datetime.combine(first, time(0), CHINA).astimezone(UTC)
    return begins, datetime.combine(last + timedelta(days=1), time(0), CHINA).astimezone(UTC)


def month_of(year: int, month: int) -> tuple[date, date]:
    """Return the first and the last day of a month."""
    after = date(year + month // 12, month % 12 + 1, 1)
    return date(year, month, 1), after - timedelta(days=1)


def acts_by(
    office: int, viewer: Viewer, names: Sequence[str], first: date, last: date, position: int
) -> QuerySet[Act]:
    """Return the acts an office did in a period, as far as they may enter a figure shown to the
    viewer."""
    begins, ends = span(first, last)
    acts = Act.objects.filter(
        among(countable(viewer)), sealed_by(position), act__in=names, organ_id=office
    )
    return acts.filter(occurred_at__gte=begins, occurred_at__lt=ends)


def matters(office: int, viewer: Viewer, first: date, last: date, position: int) -> list[Matter]:
    """Return the matters an office registered from `first` to `last`, corrections sealed by then
    applied."""
    changed = _corrections(office, position)
    moved = [act for act, fields in changed.items() if OCCURRED in fields]
    registered = Act.objects.filter(
        among(countable(viewer)),
        sealed_by(position),
        act=REGISTER,
        case__kind=KIND,
        organ_id=office,
    )
    begins, ends = span(first, last)
    rows = registered.filter(Q(occurred_at__gte=begins, occurred_at__lt=ends) | Q(pk__in=moved))
    found = [
        _matter(pk, case, number, data, occurred, changed.get(pk, {}), imported=imported)
        for pk, case, number, data, occurred, imported in rows.order_by("case__number").values_list(
            "pk", "case_id", "case__number", "data", "occurred_at", "imported"
        )
    ]
    kept = [m for m in found if first <= m.day <= last]
    return _repeats_marked(kept, position)


def _matter(
    _act: int,
    case: int,
    number: str,
    data: Mapping[str, Any],
    occurred: datetime,
    changed: Mapping[str, Any],
    *,
    imported: bool,
) -> Matter:
    said = {**data, **changed}
    day = (
        date.fromisoformat(str(changed[OCCURRED])[:10]) if OCCURRED in changed else civil(occurred)
    )
    persons = str(said.get("persons", 1))
    return Matter(
        case=case,
        number=number,
        day=day,
        channel=str(said.get("channel", "")),
        category=str(said.get("category", "")),
        place=str(said.get("place", "")),
        persons=int(persons) if persons.isdigit() and int(persons) else 1,
        group=said.get("visit_kind") == "group",
        repeat=False,
        imported=imported,
    )


def _corrections(office: int, position: int) -> dict[int, dict[str, Any]]:
    """Return what corrections changed in registrations of an office, the newest word for each
    field."""
    found: dict[int, dict[str, Any]] = {}
    mine = Act.objects.filter(case=OuterRef("case"), act=REGISTER, organ_id=office)
    acts = Act.objects.filter(
        sealed_by(position), Exists(mine), act=CORRECT, case__kind=KIND
    ).order_by("pk")
    for data in acts.values_list("data", flat=True):
        if data.get("field") in COUNTED and isinstance(data.get("target"), int):
            found.setdefault(data["target"], {})[data["field"]] = data.get("new")
    return found


def _repeats_marked(found: Sequence[Matter], position: int) -> list[Matter]:
    """Mark the matters that were attached to a running one as repeats (重件); all others are first
    ones (初件)."""
    cases = [m.case for m in found]
    repeats: set[int] = set()
    for begin in range(0, len(cases), 500):
        acts = Act.objects.filter(
            sealed_by(position), act=REPEAT, case_id__in=cases[begin : begin + 500]
        )
        repeats |= set(acts.values_list("case_id", flat=True))
    return [replace(matter, repeat=matter.case in repeats) for matter in found]


def joint_least(office: int, day: date) -> int:
    """Return from how many signers on a letter counts as a joint one: the office's local
    setting."""
    row = setting(JOINT_SETTING, office, day)
    return (
        int(row.value)
        if row is not None and row.value.isdigit() and int(row.value)
        else JOINT_LEAST
    )


def table(
    office: int, code: str, viewer: Viewer, first: date, last: date, position: int | None = None
) -> Table:
    """Return the table of an office for a period, taken at a ledger position (the newest one by
    default)."""
    at = newest_position() if position is None else position
    return add_up(
        code, matters(office, viewer, first, last, at), first, last, at, joint_least(office, last)
    )


def add_up(
    code: str, found: Iterable[Matter], first: date, last: date, position: int, least: int
) -> Table:
    """Add matters up to a table. Pure."""
    total, rows = Figures(), {name: dict[str, Figures]() for name in DIMENSIONS}
    for matter in found:
        total.add(matter, least)
        for name in DIMENSIONS:
            rows[name].setdefault(matter.key(name), Figures()).add(matter, least)
    return Table(code, first, last, position, least, total, rows)


def behind(
    found: Iterable[Matter], figure: str, least: int, dimension: str = "", key: str = ""
) -> list[Matter]:
    """Return the matters behind one figure of a table: `figure` of the row `key` of `dimension`,
    or of the total."""
    return [
        m
        for m in found
        if figure in counted_in(m, least) and (not dimension or m.key(dimension) == key)
    ]
