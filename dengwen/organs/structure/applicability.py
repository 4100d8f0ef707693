"""Who is bound by what, by edition: seed art. 2, R05 arts. 2 and 15, R22 art. 2.

Pure: a kind, a level and a day in, the instruments in force and their grip out. The seed's own list
has no supervisory organs (they did not exist in 2017), R05 bound governments and the departments of
county governments and above only, R22 binds every kind of Party and state organ (law/cases B24,
F05; procedure section 0).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from dengwen.organs.kinds import COUNTY_AND_ABOVE, KINDS, LEVELS

Degree = Literal["direct", "applies", "by_reference", "none"]
Instrument = Literal["S", "R05", "R22"]

SEED_FROM = date(2017, 5, 23)
R05_FROM = date(2005, 5, 1)
R22_FROM = date(2022, 5, 1)

_SEED: dict[str, Degree] = {
    "party": "direct",
    "congress": "direct",
    "government": "direct",
    "department": "direct",
    "cppcc": "direct",
    "court": "direct",
    "procuratorate": "direct",
    "dispatched": "applies",
    "direct_institution": "applies",
    "mass": "applies",
    "enterprise": "by_reference",
}
_R22_LISTED = frozenset(
    {
        "party",
        "congress",
        "government",
        "department",
        "cppcc",
        "supervisory",
        "court",
        "procuratorate",
        "dispatched",
        "direct_institution",
        "other_institution",
        "mass",
        "enterprise",
    }
)


@dataclass(frozen=True, slots=True)
class Bound:
    """How one instrument grips: its short name, the degree, the article, and one sentence why."""

    instrument: Instrument
    degree: Degree
    article: str
    zh: str
    en: str


def binding(kind: str, day: date, level: str = "county") -> tuple[Bound, ...]:
    """Return how every instrument in force on `day` binds an organ of `kind` and `level`.

    An instrument in force that does not list the kind is returned with degree `none`; one not yet
    or no longer in force is left out. KeyError for an unknown kind, ValueError for an unknown
    level.
    """
    group = KINDS[kind].group
    if level not in LEVELS:
        raise ValueError(f"level {level!r} is not one of {', '.join(LEVELS)}")
    found: list[Bound] = []
    if day >= SEED_FROM:
        found.append(_seed(group))
    if R05_FROM <= day < R22_FROM:
        found.append(_r05(group, level))
    if day >= R22_FROM:
        found.append(_r22(group))
    return tuple(found)


def bound_by(kind: str, instrument: Instrument, day: date, level: str = "county") -> Bound | None:
    """Return how one instrument binds on `day`, or None where it was not in force."""
    return next(
        (bound for bound in binding(kind, day, level) if bound.instrument == instrument), None
    )


def petitioner_binding(*, foreign: bool, day: date) -> Bound | None:
    """Return how R22 reaches a petitioner: directly (art. 17), a foreigner by reference (art. 48;
    case B27).

    None before 2022-05-01: the text of R05 on foreigners was not read, and nothing is invented.
    """
    if day < R22_FROM:
        return None
    if foreign:
        return Bound(
            "R22", "by_reference", "48", "外国人等参照办理", "foreigners are handled by reference"
        )
    return Bound(
        "R22",
        "direct",
        "17",
        "公民、法人或者其他组织",
        "citizens, legal persons and other organisations",
    )


def _seed(group: str) -> Bound:
    degree = _SEED.get(group, "none")
    words = {
        "direct": ("实施细则所称党政机关", "a Party and government organ in the seed's own words"),
        "applies": ("适用实施细则", "the seed applies to it"),
        "by_reference": (
            "国有和国有控股企业参照执行",
            "state-owned and controlled enterprises follow by reference",
        ),
        "none": ("实施细则第二条未列明", "not listed in seed art. 2"),
    }
    zh, en = words[degree]
    return Bound("S", degree, "2", zh, en)


def _r05(group: str, level: str) -> Bound:
    if group == "government":
        return Bound("R05", "direct", "2", "各级人民政府", "a people's government")
    if group == "department" and level in COUNTY_AND_ABOVE:
        return Bound(
            "R05",
            "direct",
            "2",
            "县级以上人民政府工作部门",
            "a department of a county government or above",
        )
    if group in {"congress", "court", "procuratorate"}:
        return Bound(
            "R05",
            "none",
            "15",
            "人大、法院、检察院职权范围内的事项不在其内",
            "congresses, courts and procuratorates stood outside",
        )
    return Bound(
        "R05",
        "none",
        "2",
        "仅约束各级政府和县级以上政府工作部门",
        "bound only governments and the departments of county governments and above",
    )


def _r22(group: str) -> Bound:
    if group == "conference":
        return Bound(
            "R22", "direct", "11-13", "信访工作联席会议的职责", "the duties of the joint conference"
        )
    if group in _R22_LISTED:
        return Bound(
            "R22",
            "direct",
            "2",
            "各级党政机关、群团组织、国有企事业单位等",
            "Party and state organs, mass organisations, state enterprises and institutions",
        )
    return Bound("R22", "none", "2", "条例第二条未列明", "not listed in R22 art. 2")
