"""The finder over several complaints about the conduct of one official or unit (S 8, 11(3))."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from dengwen.accountability.finders.found import Evidence, Finder, Seen
from dengwen.accountability.finders.material import Did, Material, grouped
from dengwen.accountability.finders.runs import runs
from dengwen.law.duties.excuse import Excuse, applies, claims
from dengwen.petitions.models import Evaluation

COMPLAINTS, COMPLAINTS_WITHIN = 3, timedelta(days=60)
REFUTED_WITHIN = timedelta(days=60)
"""How long after a complaint its refutation may be entered to be known in time; local, as long as a
matter may be handled. What is refuted later is a claim."""
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
    """One complaint: the petition, where it is in the ledger (case and act), its day, by which
    road it came."""

    case: int
    kept: int
    act: int
    day: date
    road: str
    refuted: tuple[Excuse, ...] = ()
    """What says that it is untrue, whenever it was entered."""

    @property
    def stands(self) -> bool:
        """Whether nothing known in time refutes it."""
        return not applies(self.refuted)


def rough_treatment(material: Material) -> list[Seen]:
    """Look for several complaints about the conduct of one official or one unit within a short time
    (S 11(3), 8).

    A complaint that was looked into and refuted in time does not count, nor does praise. Complaints
    are counted by whom they are about, never by who makes them.
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
        number = material.matters[complaint.kept].number
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
        claims=claims(one for complaint in run for one in complaint.refuted),
    )


def _complaints(material: Material) -> dict[_Accused, list[_Complaint]]:
    """Return the complaints that stand, by the official they name, and by the unit where they name
    none."""
    refuted = _refuted(material)
    found: dict[_Accused, list[_Complaint]] = defaultdict(list)
    for accused, complaint in _registered(material, refuted):
        if complaint.stands:
            found[accused].append(complaint)
    for accused, complaint in _said_when_rating(material, refuted):
        if complaint.stands:
            found[accused].append(complaint)
    return found


Refutations = Mapping[int, Sequence[Did]]
"""By petition the acts that say its complaint is untrue."""


def _refuted(material: Material) -> Refutations:
    """Return by petition the acts that say its complaint is untrue."""
    found = [did for did in material.acts("note_conduct") if did.data.get("result") == "refuted"]
    return grouped(found)


def _excuses(refuted: Refutations, petition: int, day: date) -> tuple[Excuse, ...]:
    """Return what refutes a complaint of a day, whenever it was entered."""
    return tuple(
        Excuse(
            "反映经核实不属实",
            "the complaint was found untrue",
            did.recorded,
            day + REFUTED_WITHIN,
            did.case,
            did.pk,
        )
        for did in refuted.get(petition, ())
    )


def _registered(material: Material, refuted: Refutations) -> Iterator[tuple[_Accused, _Complaint]]:
    """Yield the complaints that were registered as petitions."""
    for did in material.acts("register"):
        if did.data.get("about_conduct") is not True:
            continue
        unit = did.data.get("conduct_organ")
        if unit not in material.organs:
            continue
        road = "window" if did.data.get("channel") == "visit" else "letter"
        accused = _Accused(int(str(unit)), _named_official(material, did))
        untrue = _excuses(refuted, did.case, did.day)
        yield accused, _Complaint(did.case, did.case, did.pk, did.day, road, untrue)


def _named_official(material: Material, registered: Did) -> int | None:
    """Return the official a registered complaint names, where the registry knows them."""
    official = registered.data.get("conduct_official")
    known = isinstance(official, int) and official in material.officials
    return official if known else None


def _said_when_rating(
    material: Material, refuted: Refutations
) -> Iterator[tuple[_Accused, _Complaint]]:
    """Yield the complaints of rudeness made with a rating: they name the unit alone."""
    rude = {did.case: did for did in material.acts("rate") if did.data.get("rude") is True}
    rows = Evaluation.objects.filter(case__protected=False, petition__protected=False).values_list(
        "case_id", "petition_id", "competent_id"
    )
    for case, petition, unit in rows.iterator(chunk_size=2000):
        said = rude.get(case)
        if said is not None:
            untrue = _excuses(refuted, petition, said.day)
            complaint = _Complaint(petition, case, said.pk, said.day, "rating", untrue)
            yield _Accused(unit, None), complaint


FINDERS = (
    Finder(
        "rough_treatment",
        "态度、作风",
        "rough treatment",
        ("rough_treatment",),
        "如果情有可原，会看到：六十日以内查明不属实的反映，或者表扬；以后才录入的只是主张",
        "if it were innocent: complaints found untrue within sixty days, or praise; what was "
        "entered later is a claim",
        "statement",
        rough_treatment,
    ),
)
