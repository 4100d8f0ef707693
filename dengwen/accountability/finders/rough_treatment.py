"""The finder over several complaints about the conduct of one official or unit (S 8, 11(3))."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from dengwen.accountability.finders.found import Evidence, Finder, Seen
from dengwen.accountability.finders.material import Did, Material
from dengwen.accountability.finders.runs import runs
from dengwen.petitions.models import Evaluation

COMPLAINTS, COMPLAINTS_WITHIN = 3, timedelta(days=60)
ROADS = {
    "rating": ("评价时反映", "said with a rating"),
    "window": ("窗口反映", "said at the window"),
    "letter": ("来信反映", "said in a letter"),
}


@dataclass(frozen=True, slots=True)
class _Accused:
    """Whom complaints are about: a unit, and one of its officials where they name one."""

    unit: int
    official: int | None


@dataclass(frozen=True, slots=True)
class _Complaint:
    """One complaint: the petition, where it stands in the ledger (case and act), its day, by which
    road it came."""

    case: int
    stands: int
    act: int
    day: date
    road: str


def rough_treatment(material: Material) -> list[Seen]:
    """Look for several complaints about the conduct of one official or one unit within a short time
    (S 11(3), 8).

    A complaint that was looked into and refuted does not count, nor does praise. Complaints are
    counted by whom they are about, never by who makes them.
    """
    found = []
    complaints = _complaints(material)
    for accused in sorted(complaints, key=lambda a: (a.unit, a.official or 0)):
        ordered = sorted(complaints[accused], key=lambda c: (c.day, c.act))
        for run in runs(ordered, COMPLAINTS_WITHIN, lambda c: c.day, COMPLAINTS):
            found.append(_complained_of(material, accused, run))
    return found


def _complained_of(material: Material, accused: _Accused, run: Sequence[_Complaint]) -> Seen:
    """Return what is seen of several complaints about the same conduct."""
    first = run[0]
    days = (run[-1].day - first.day).days + 1
    evidence = []
    for complaint in run:
        zh, en = ROADS[complaint.road]
        number = material.matters[complaint.stands].number
        evidence.append(Evidence(number, complaint.act, None, zh, en))
    return Seen(
        cases=tuple(dict.fromkeys(complaint.case for complaint in run)),
        unit=accused.unit,
        day=first.day,
        zh=f"{days} 天内有 {len(run)} 次关于态度、作风的反映",
        en=f"{len(run)} complaints about conduct within {days} days",
        evidence=tuple(evidence),
        mark=f"conduct/{accused.official or 'unit'}/{first.act}",
        official=accused.official,
        act=first.act,
    )


def _complaints(material: Material) -> dict[_Accused, list[_Complaint]]:
    """Return the complaints that stand, by the official they name, and by the unit where they name
    none."""
    refuted = {
        did.case for did in material.acts("note_conduct") if did.data.get("result") == "refuted"
    }
    found: dict[_Accused, list[_Complaint]] = defaultdict(list)
    for accused, complaint in _registered(material, refuted):
        found[accused].append(complaint)
    for accused, complaint in _said_when_rating(material, refuted):
        found[accused].append(complaint)
    return found


def _registered(
    material: Material, refuted: Collection[int]
) -> Iterator[tuple[_Accused, _Complaint]]:
    """Yield the complaints that were registered as petitions."""
    for did in material.acts("register"):
        if did.data.get("about_conduct") is not True or did.case in refuted:
            continue
        unit = did.data.get("conduct_organ")
        if unit not in material.organs:
            continue
        road = "window" if did.data.get("channel") == "visit" else "letter"
        accused = _Accused(int(str(unit)), _named_official(material, did))
        yield accused, _Complaint(did.case, did.case, did.pk, did.day, road)


def _named_official(material: Material, registered: Did) -> int | None:
    """Return the official a registered complaint names, where the registry knows them."""
    official = registered.data.get("conduct_official")
    known = isinstance(official, int) and official in material.officials
    return official if known else None


def _said_when_rating(
    material: Material, refuted: Collection[int]
) -> Iterator[tuple[_Accused, _Complaint]]:
    """Yield the complaints of rudeness made with a rating: they name the unit alone."""
    rude = {did.case: did for did in material.acts("rate") if did.data.get("rude") is True}
    rows = Evaluation.objects.filter(case__protected=False, petition__protected=False).values_list(
        "case_id", "petition_id", "competent_id"
    )
    for case, petition, unit in rows.iterator(chunk_size=2000):
        said = rude.get(case)
        if said is not None and petition not in refuted:
            complaint = _Complaint(petition, case, said.pk, said.day, "rating")
            yield _Accused(unit, None), complaint


FINDERS = (
    Finder(
        "rough_treatment",
        "态度、作风",
        "rough treatment",
        ("rough_treatment",),
        "如果情有可原，会看到：查明不属实的反映，或者表扬",
        "if it were innocent: complaints found untrue, or praise",
        "statement",
        rough_treatment,
    ),
)
