"""What a new organ must be: one function, asked by the preview of a list and by the act that
registers it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from dengwen.law.duties.step import Facts, Step
from dengwen.organs.act_fields import Entry
from dengwen.organs.kinds import AXES, KINDS, LEVELS
from dengwen.organs.models import Division, Organ


@dataclass(frozen=True, slots=True)
class Wanted:
    """An organ as an act asks for it, every value checked; `above` holds its parent on each
    axis."""

    code: str
    start: date
    name_zh: str
    name_en: str
    kind: str
    level: str
    division: str
    petition_office: bool
    joint_conference: bool
    above: Mapping[str, Organ | None]


def wanted(entry: Entry) -> Wanted:
    """Return the organ that an act `found_organ` asks for; RegistryError with the first reason
    why it cannot be."""
    start, code = entry.day(), entry.fresh_code()
    division = entry.division(start)
    above = {axis: entry.organ_or_none(f"{axis}_parent", start) for axis in AXES}
    entry.text("short_name", 100, required=False)
    return Wanted(
        code=code,
        start=start,
        name_zh=entry.text("name_zh", 100),
        name_en=entry.text("name_en", 200, required=False),
        kind=entry.word("kind", KINDS),
        level=entry.word("level", LEVELS),
        division=division,
        petition_office=entry.flag("petition_office"),
        joint_conference=entry.flag("joint_conference"),
        above=above,
    )


class Foreseen:
    """The registry as it would be after the rows of a list looked at so far: read once, whatever
    the list holds."""

    def __init__(
        self, organs: Mapping[str, Organ], divisions: Mapping[str, Sequence[Division]]
    ) -> None:
        self.organs, self.divisions = dict(organs), divisions

    def organ(self, value: object) -> Organ | None:
        """Return the organ with this code, registered or seen in the list."""
        return self.organs.get(str(value))

    def taken(self, code: str) -> bool:
        """Say whether an organ has or had this code."""
        return code in self.organs

    def division(self, code: str, day: date) -> bool:
        """Say whether there is a division with this code on `day`."""
        return any(row.holds_on(day) for row in self.divisions.get(code, ()))

    def look(self, step: Step, day: date) -> None:
        """Ask of one row, entered on `day`, what its act will ask, and count it in;
        RegistryError says why not."""
        facts = Facts(
            act_id=0,
            act_uid="",
            case_id=0,
            case="",
            organ=None,
            actor=None,
            day=day,
            recorded_at=datetime.combine(day, time(), UTC),
        )
        organ = wanted(Entry(step, facts, self))
        self.organs[organ.code] = Organ(
            code=organ.code, name_zh=organ.name_zh, valid_from=organ.start
        )
