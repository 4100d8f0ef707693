"""What opening an inquiry and naming its investigators set in motion (PSL 42, 47; S 17).

Unit and officials concerned are put behind the wall; whoever has a conflict may not investigate.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from dengwen.accountability.errors import AccountabilityError
from dengwen.accountability.inquiry.conflicts import conflicts_of
from dengwen.accountability.inquiry.inquiry_before import (
    acting_official,
    inquiry_before,
    investigated,
    row_id,
)
from dengwen.accountability.inquiry.posts_on_day import refuse_stranger, unit_and_above
from dengwen.accountability.inquiry.queries import LEAD, Inquiry
from dengwen.accountability.inquiry.responsibility import grounds_of
from dengwen.accountability.inquiry.rules import not_concerned, refused
from dengwen.cases.models import Case, CaseLink, Party
from dengwen.cases.write.case_parties import enter_in_role
from dengwen.law.duties.step import Facts, Step
from dengwen.law.liability.attribution import COLLECTIVE, INDIVIDUAL
from dengwen.organs.models import Official, Organ
from dengwen.organs.structure.lines import line_above
from dengwen.organs.structure.posts_held import organs_of
from dengwen.organs.structure.relations import upper_office


def _concern(facts: Facts, *, organ: int | None = None, official: int | None = None) -> None:
    """Enter a unit or an official as concerned, unless they stand so already."""
    role = "concerned_unit" if organ else "concerned_person"
    standing = Party.objects.filter(case_id=facts.case_id, role=role)
    known = standing.filter(organ_id=organ) if organ else standing.filter(official_id=official or 0)
    if not known.exists():
        organs, officials = [organ] if organ else [], [official] if official else []
        enter_in_role(facts, role, organs=organs, officials=officials)


# --- opening --------------------------------------------------------------------------------------
def inquiry_opened(step: Step, facts: Facts) -> Sequence[Step]:
    """Put unit and official concerned behind the wall of the inquiry, and tie it to the lead it
    comes from."""
    unit, official = row_id(step.fields["unit"]), row_id(step.fields.get("official"))
    if unit == facts.organ:
        raise refused(
            "own-inquiry",
            "unit",
            "本机关不能核查本机关（政务处分法第四十七条：调查人员应当回避）",
            "an organ does not inquire into itself (PSL 47: investigators recuse)",
            ("由上一级信访部门核查", "let the next higher petition department inquire"),
        )
    _concern(facts, organ=unit)
    if official:
        conduct = step.fields["day_of_conduct"]
        day = conduct if isinstance(conduct, date) else facts.day
        refuse_stranger(official, {unit}, day, "official")
        _concern(facts, official=official)
    number = step.fields.get("lead")
    if number:
        _tie_to_lead(facts, str(number))
    return ()


def _tie_to_lead(facts: Facts, number: str) -> None:
    """Tie the inquiry to the lead it comes from, unless it is tied already."""
    lead = Case.objects.filter(number=number, kind=LEAD).first()
    if lead is None:
        raise refused(
            "no-lead",
            "lead",
            "没有这一条线索",
            "there is no such lead",
            ("核对编号，或者不写", "check the number, or leave it out"),
        )
    tied = CaseLink.objects.filter(case_id=facts.case_id, other=lead, kind="concerns")
    if not tied.exists():
        CaseLink.objects.create(
            case_id=facts.case_id, other=lead, kind="concerns", act_id=facts.act_id
        )


# --- investigators --------------------------------------------------------------------------------
def investigator_named(step: Step, facts: Facts) -> Sequence[Step]:
    """Name an investigator of the organ that inquires, without a conflict declared or found (PSL
    42, 47; R22 28(3))."""
    made, official = inquiry_before(facts), row_id(step.fields["official"])
    person = Official.objects.get(pk=official)
    if facts.organ not in organs_of(person, facts.day):
        raise refused(
            "not-ours",
            "official",
            f"{person.name}今天不在本机关任职",
            "holds no post in this organ today",
            ("选本机关的人员；不足两人的，提请上一级", "choose somebody of this organ; or hand up"),
            under="proposes_only",
        )
    found = conflicts_of(official, made, facts.day)
    if step.fields["declared"] != "none":
        found.insert(0, ("本人声明有利害关系", "declared a conflict themselves"))
    if found:
        raise _conflicted(found)
    enter_in_role(facts, "investigator", officials=[official])
    return ()


def _conflicted(conflicts: Sequence[tuple[str, str]]) -> AccountabilityError:
    """Return the refusal of an investigator with these conflicts, each in both languages."""
    zh = "、".join(chinese for chinese, _ in conflicts)
    en = ", ".join(english for _, english in conflicts)
    return refused(
        "conflict",
        "official",
        f"应当回避：{zh}（政务处分法第四十七条；信访工作条例第二十八条第三款）",
        f"must recuse: {en} (PSL 47; R22 28(3))",
        (
            "另选人员；不足两人的，提请上一级机关核查",
            "choose somebody else; with fewer than two, hand up",
        ),
    )


def recusal_asked(step: Step, facts: Facts) -> Sequence[Step]:
    """Let a person concerned ask that an investigator recuse, or an investigator declare it
    themselves (PSL 47)."""
    made = inquiry_before(facts)
    asked, asking = row_id(step.fields["official"]), acting_official(facts)
    _refuse_no_investigator(made, asked)
    if asking not in made.officials and asking != asked and asking not in made.investigators:
        raise not_concerned()
    return ()


def _refuse_no_investigator(made: Inquiry, official: int) -> None:
    """Refuse to have somebody recuse who does not investigate here."""
    if official not in made.investigators:
        raise refused(
            "not-an-investigator",
            "official",
            "这个人不是本件的核查人员",
            "this is no investigator of the inquiry",
            ("核对人员", "check the person"),
        )


def recusal_ruled(step: Step, facts: Facts) -> Sequence[Step]:
    """Shut a recused investigator out for good; nobody decides that they themselves may stay."""
    made, official = inquiry_before(facts), row_id(step.fields["official"])
    _refuse_no_investigator(made, official)
    if step.fields["decision"] != "recuse":
        if acting_official(facts) == official:
            raise refused(
                "own-recusal",
                "official",
                "本人不决定自己不需要回避（政务处分法第四十七条）",
                "nobody decides that they themselves need not recuse (PSL 47)",
                ("由其他人决定", "let another person decide"),
            )
        return ()
    ended = Party.objects.filter(
        case_id=facts.case_id, role="investigator", official_id=official, until__isnull=True
    )
    ended.update(until=facts.day)
    enter_in_role(facts, "recused", officials=[official])
    return ()


# --- handing up -----------------------------------------------------------------------------------
def handed_up(step: Step, facts: Facts) -> Sequence[Step]:
    """Hand an inquiry to the next higher petition department, or to an organ above on the line,
    never to the unit."""
    made, to = inquiry_before(facts), Organ.objects.get(pk=row_id(step.fields["to"]))
    own = Organ.objects.get(pk=facts.organ or 0)
    upper = upper_office(own, facts.day)
    above = {organ.pk for organ in line_above(own, facts.day, "territorial")}
    if upper:
        above.add(upper.pk)
    if to.pk not in above or to.pk == made.unit:
        raise refused(
            "not-higher",
            "to",
            f"{to.name_zh}不是上一级机关，或者就是被核查单位（政务处分法第四十七条）",
            "that is not the next higher organ, or it is the unit concerned (PSL 47)",
            (
                f"写{upper.name_zh}" if upper else "写上一级信访部门",
                "name the next higher petition department",
            ),
        )
    return ()


def taken_over(_step: Step, facts: Facts) -> Sequence[Step]:
    """End the standing of the investigators of the organ that handed the inquiry up."""
    named = Party.objects.filter(case_id=facts.case_id, role="investigator", until__isnull=True)
    named.update(until=facts.day)
    return ()


# --- people concerned -----------------------------------------------------------------------------
def person_added(step: Step, facts: Facts) -> Sequence[Step]:
    """Put another official behind the wall of the inquiry, before anything is found about them."""
    made, official = investigated(facts), row_id(step.fields["official"])
    if official in made.investigators:
        raise refused(
            "conflict",
            "official",
            "这个人正在核查本件（政务处分法第四十七条）",
            "this person investigates here (PSL 47)",
            ("先决定其回避", "decide first that they recuse"),
        )
    grounds = list(grounds_of(made).values())
    units = unit_and_above(made.unit, made.day) | {ground.organ for ground in grounds}
    on_a_line = any(
        ground.line(official, COLLECTIVE) or ground.line(official, INDIVIDUAL) for ground in grounds
    )
    if not on_a_line:
        refuse_stranger(official, units, made.day, "official")
    _concern(facts, official=official)
    return ()
