"""What acts of a lead (追责线索) set in motion: the wall, and the inquiry it opens.

Whether the acting organ is the petition department whose area holds the unit is a fact of the
registry, and asked here; a refusal rolls the whole call back (S 17 para. 2).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from dengwen.accountability.inquiry.posts_on_day import refuse_stranger
from dengwen.accountability.leads.new_lead import PERSON
from dengwen.accountability.measures.parties import concern
from dengwen.accountability.measures.refusals import refuse
from dengwen.cases.models import Act, Case, CaseLink
from dengwen.law.duties.step import Facts, FieldValue, Step
from dengwen.organs.models import Organ
from dengwen.organs.structure.relations import supervised_by

KIND, INQUIRY = "lead", "inquiry"
RESTS = frozenset({"act", "papers"})
"""Fields by which a lead rests on an act of the ledger, or on a paper."""
ACCUSATION = "D4"
"""The class of data of the sealed text that names an accusation."""
OWN_KINDS = frozenset({KIND, INQUIRY, "accountability"})
"""Kinds whose acts are no ground for a lead: they say what was made of it."""
CARRIED = ("unit", "official", "situations", "day_of_conduct")


def lead_raised(step: Step, facts: Facts) -> Sequence[Step]:
    """Check that the petition department of its area raises it, and shut unit and official out (S
    17 para. 2)."""
    office = Organ.objects.get(pk=facts.organ or 0)
    unit = Organ.objects.get(pk=_number(step.fields["unit"]))
    _refuse_other_area(office, unit, facts)
    officials = []
    if step.fields.get("official") is not None:
        official, conduct = _number(step.fields["official"]), step.fields["day_of_conduct"]
        day = conduct if isinstance(conduct, date) else facts.day
        refuse_stranger(official, {unit.pk}, day, "official")
        officials.append(official)
    concern(facts, officials, [unit.pk])
    number = str(step.fields.get("about", ""))
    if number:
        _tie(facts, _matter(number, "about"))
    return ()


def _refuse_other_area(office: Organ, unit: Organ, facts: Facts) -> None:
    """Refuse an organ that is no petition department, and a unit outside its area (S 17 para.
    2)."""
    if not office.is_petition_office:
        raise refuse(
            "no-petition-office",
            facts.case,
            (
                f"{office.name_zh}不是信访部门",
                f"{office.name_en or office.name_zh} is no petition department",
            ),
            ("由信访部门提出", "let a petition department raise it"),
            under="inquiry",
        )
    if unit.pk not in supervised_by(office, facts.day):
        raise refuse(
            "not-in-area",
            "unit",
            (
                f"{unit.name_zh}不在本信访部门的范围内，或者就是本机关、本级政府",
                (
                    f"{unit.name_en or unit.name_zh} is not in this department's area, or is its "
                    "own organ or government"
                ),
            ),
            ("由上一级信访部门提出", "the petition department one level up raises it"),
        )


def lead_evidence_added(step: Step, _facts: Facts) -> Sequence[Step]:
    """Check that what a lead rests on is an act of the case it names, as the ledger has it."""
    number, act = str(step.fields.get("from", "")), step.fields.get("act")
    matter = _matter(number, "from") if number else None
    if act is None:
        return ()
    row = Act.objects.filter(pk=_number(act)).first()
    if (
        row is None
        or matter is None
        or matter.kind in OWN_KINDS
        or row.case_id != matter.pk
        or row.uid != step.fields.get("uid")
    ):
        raise refuse(
            "no-such-act",
            "act",
            ("存证里没有这一行为", "the ledger has no such act"),
            ("从办理件的经过里选择", "choose it from the history of the case"),
        )
    return ()


def lead_handed_up(step: Step, facts: Facts) -> Sequence[Step]:
    """Check that a lead goes to another petition department in whose area the unit lies (S 17 para.
    2)."""
    to = Organ.objects.get(pk=_number(step.fields["to"]))
    raised = (
        Act.objects.filter(case_id=facts.case_id, act="raise_lead")
        .values_list("data", flat=True)
        .get()
    )
    if (
        to.pk == facts.organ
        or not to.is_petition_office
        or raised["unit"] not in supervised_by(to, facts.day)
    ):
        raise refuse(
            "not-above",
            "to",
            (
                f"{to.name_zh}不是范围内有所指单位的另一个信访部门",
                (
                    f"{to.name_en or to.name_zh} is no other petition department in whose area "
                    "the unit lies"
                ),
            ),
            ("选上一级信访部门", "choose the petition department above"),
        )
    return ()


def lead_taken(step: Step, facts: Facts) -> Sequence[Step]:
    """Open the inquiry in the same call, with unit, official, circumstances and day as they were
    raised; hearsay alone opens none."""
    _rests_on_something(facts)
    raised = (
        Act.objects.filter(case_id=facts.case_id, act="raise_lead")
        .values_list("data", flat=True)
        .get()
    )
    values: dict[str, FieldValue] = {"lead": facts.case}
    for name in CARRIED:
        if name in raised:
            values[name] = tuple(raised[name]) if isinstance(raised[name], list) else raised[name]
    values["day_of_conduct"] = date.fromisoformat(str(raised["day_of_conduct"]))
    return [
        Step(
            act="open_inquiry",
            kind=INQUIRY,
            organ=facts.organ,
            fields=values,
            occurred_at=step.occurred_at,
        )
    ]


def _rests_on_something(facts: Facts) -> None:
    """Refuse to take a lead that rests on no act of the ledger and on no paper (S 17 para. 2).

    What a finder found in the ledger about an accusation rests on it, though it names no act."""
    added = Act.objects.filter(case_id=facts.case_id, act="add_evidence")
    rested = [data for data in added.values_list("data", flat=True) if RESTS & data.keys()]
    if not rested and not _found_in_accusation(facts):
        raise refuse(
            "rests-on-nothing",
            facts.case,
            (
                "线索没有附一个行为或者一份材料，传闻不启动核查",
                "the lead rests on no act and on no paper; hearsay opens no inquiry",
            ),
            (
                "先附上办理件里的行为或者材料；没有的，不采用",
                "add an act of a case, or a paper; where there is none, decline the lead",
            ),
            under="inquiry",
        )


def _found_in_accusation(facts: Facts) -> bool:
    """Say whether a finder raised the lead from an accusation, named in its sealed text alone."""
    raised = Act.objects.get(case_id=facts.case_id, act="raise_lead")
    by_finder = raised.data.get("key") and raised.data.get("finder") != PERSON
    return bool(by_finder) and raised.contents.filter(data_class=ACCUSATION).exists()


def _number(value: object) -> int:
    """Return the row id a field names, 0 where it names none."""
    return value if isinstance(value, int) else 0


def _matter(number: str, where: str) -> Case:
    """Return the case a lead rests on. A protected one is refused with the words for one that is
    not there."""
    found = Case.objects.filter(number=number, protected=False).first()
    if found is None:
        raise refuse(
            "no-matter",
            where,
            ("没有这个编号的办理件", "there is no such case"),
            (
                "核对编号；检举控告件写在封存的一项里",
                "check the number; an accusation is named in the sealed field",
            ),
        )
    return found


def _tie(facts: Facts, other: Case) -> None:
    """Tie a lead to another case, once."""
    known = {"case_id": facts.case_id, "other": other, "kind": "concerns"}
    if not CaseLink.objects.filter(**known).exists():
        CaseLink.objects.create(**known, act_id=facts.act_id)
