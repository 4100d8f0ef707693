"""Raising a lead from a finding: by a person of the petition department, once, with its evidence.

The finder's words are facts and the other explanation, and no judgement; what follows is decided by
people (S 17 para. 2).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from dengwen.access.keys.keyring import key_ring
from dengwen.accountability.finders import Evidence, Finding
from dengwen.accountability.inquiry.posts_on_day import held_post
from dengwen.cases import rulebooks
from dengwen.cases.models import Act
from dengwen.cases.write.check import Refused
from dengwen.cases.write.perform import By, perform
from dengwen.law.duties.act_record import civil
from dengwen.law.duties.step import FieldValue, Step
from dengwen.law.errors import StatedError
from dengwen.law.liability.provisions import in_force
from dengwen.law.liability.triggers import of_ladder
from dengwen.organs.models import Official, Organ
from dengwen.organs.structure.lines import organs_on
from dengwen.organs.structure.relations import supervised_by

KIND = "lead"
MOST_EVIDENCE = 60
"""Items one lead carries; a longer list is cut, and the facts say how many there are."""
OF_RATINGS = frozenset({"network_satisfaction"})
"""Finders of ratings alone: their leads name no petition, so that nobody learns which matter was
rated so."""
PERSON = "person"
"""What `finder` says where a person raised the lead and no finder did."""


@dataclass(slots=True)
class Raised:
    """What a run raised: numbers of new leads, how many findings were raised before, and what was
    refused."""

    numbers: list[str] = field(default_factory=list)
    known: int = 0
    elsewhere: int = 0
    refused: list[str] = field(default_factory=list)


def key_of(finding: Finding) -> str:
    """Return the mark of a finding: the same thing found again has the same; keyed, so that it
    gives no case away."""
    return key_ring().digest("index", KIND, finding.key)[:32]


def raised_already() -> frozenset[str]:
    """Return the marks of the findings that were raised, taken, declined or not."""
    return frozenset(
        str(key)
        for key in Act.objects.filter(act="raise_lead").values_list("data__key", flat=True)
        if key
    )


def office_for(unit: Organ, day: date) -> Organ | None:
    """Return the nearest petition department in whose area a unit lies; never the unit's own (S 17
    para. 2)."""
    nearest: Organ | None = None
    smallest = (0, 0)
    for office in organs_on(day).filter(is_petition_office=True):
        area = supervised_by(office, day)
        size = (len(area), office.pk)
        if unit.pk in area and (nearest is None or size < smallest):
            nearest, smallest = office, size
    return nearest


def steps_of(finding: Finding, office: int) -> list[Step]:
    """Return the acts that raise a finding as a lead of the petition department with this row
    id."""
    # what was claimed afterwards may take half, and what the evidence leaves: neither crowds out
    # the other
    room = MOST_EVIDENCE - min(len(finding.evidence), MOST_EVIDENCE // 2)
    claimed = finding.claims[:room]
    shown = [*finding.evidence[: MOST_EVIDENCE - len(claimed)], *claimed]
    named = {item.act for item in shown if item.act}
    uids = dict(Act.objects.filter(pk__in=named).values_list("pk", "uid"))
    steps = [_raising(finding, office)]
    for item in shown:
        steps.append(
            Step(
                act="add_evidence",
                ref=KIND,
                organ=office,
                # of an accusation nothing is named here, neither its number nor an act of it
                fields={} if finding.protected else _place(item, uids),
                texts={"what": f"{item.zh} / {item.en}"},
            )
        )
    return steps


def _open_clauses(day: date, unit: Organ) -> tuple[str, ...]:
    """Return the open circumstances of a place on a day, for what fits no other."""
    rules = in_force(rulebooks.library(), day, unit.division_code or "")
    return tuple(rule.id for rule in of_ladder(rules) if rule.open)


def _raising(finding: Finding, office: int) -> Step:
    """Return the act that opens the lead, with what the finder saw and the other explanation."""
    organ = Organ.objects.get(code=finding.unit)
    unit = organ.pk
    fields: dict[str, FieldValue] = {
        "finder": finding.finder,
        "key": key_of(finding),
        "unit": unit,
        "situations": finding.situations or _open_clauses(finding.day, organ),
        "strength": finding.strength,
        "day_of_conduct": finding.day,
    }
    official = Official.objects.filter(code=finding.official).values_list("pk", flat=True).first()
    if official is not None and held_post(official, {unit}, finding.day):
        fields["official"] = official
    texts = {
        "facts": f"{finding.zh}\n{finding.en}",
        "innocent": f"{finding.innocent_zh}\n{finding.innocent_en}",
    }
    if finding.protected:
        texts["sealed_matter"] = finding.case
    elif finding.finder not in OF_RATINGS:
        fields["about"] = finding.case
    return Step(act="raise_lead", kind=KIND, open_as=KIND, organ=office, fields=fields, texts=texts)


def _place(item: Evidence, uids: Mapping[int, str]) -> dict[str, FieldValue]:
    """Return where evidence stands: its case, and the act where there is one."""
    place: dict[str, FieldValue] = {"from": item.case}
    if item.act is not None and item.act in uids:
        place |= {"act": item.act, "uid": uids[item.act]}
    return place


def raise_all(findings: Iterable[Finding], *, by: By, now: datetime) -> Raised:
    """Raise what is new among findings about units in the area of the acting petition department.

    What belongs to another department is counted, not raised; a refused one does not hold the
    others.
    """
    done, known, day = Raised(), raised_already(), civil(now)
    offices: dict[str, Organ | None] = {}
    for finding in findings:
        if finding.unit not in offices:
            offices[finding.unit] = office_for(Organ.objects.get(code=finding.unit), day)
        office = offices[finding.unit]
        if office is None or office.pk != by.organ:
            done.elsewhere += 1
        elif key_of(finding) in known:
            done.known += 1
        else:
            _raise(finding, by, now, done)
    return done


def _raise(finding: Finding, by: By, now: datetime, done: Raised) -> None:
    """Raise one finding as a lead, or note why it was refused."""
    try:
        performed = perform(
            *steps_of(finding, by.organ or 0), by=by, now=now, uid=f"lead/{key_of(finding)}"
        )
    except (Refused, StatedError) as error:
        done.refused.append(f"{finding.case}: {error}")
        return
    done.numbers.append(performed.case)


def fits(findings: Sequence[Finding], office: Organ, day: date) -> list[Finding]:
    """Return the findings about units in the area of a petition department, and not about
    itself."""
    area = supervised_by(office, day)
    codes = frozenset(organs_on(day).filter(pk__in=area).values_list("code", flat=True))
    return [f for f in findings if f.unit in codes]
