"""What acts of oversight set in motion, and what the registry says against them; named in
`config.effects`.

The packs say who may act in which state; whether an organ *is* a petition department, a joint
conference or the own
Party committee is a fact of the registry, and asked here. A refusal rolls the whole call back.
"""

from __future__ import annotations

from collections.abc import Sequence

from dengwen.cases.models import Case, CaseLink, Duty
from dengwen.cases.wall.visibility import SUPERVISED_KINDS
from dengwen.cases.write.case_parties import enter_in_role
from dengwen.law.duties.step import Facts, Step
from dengwen.organs.models import Official, Organ
from dengwen.organs.names_in_text import named_in
from dengwen.organs.structure.posts_held import organs_of
from dengwen.organs.structure.relations import in_system_of, own_level, purely_vertical
from dengwen.oversight.errors import OversightError


def _organ(number: object) -> Organ:
    return Organ.objects.get(pk=number if isinstance(number, int) else 0)


def _office(facts: Facts) -> Organ:
    office = _organ(facts.organ)
    if not office.is_petition_office:
        raise OversightError(
            "no-petition-office",
            where=facts.case,
            zh=f"{office.name_zh}不是党委和政府信访部门（信访工作条例第四十条）",
            en=f"{office.name_en or office.name_zh} is no petition department (R22 40)",
            mend_zh="由信访部门办理；垂直管理部门对本系统下级用“督促”",
            mend_en="let the petition department act; a vertical system urges its own lower units",
        )
    return office


# --- supervision ----------------------------------------------------------------------------------
def ordered(step: Step, facts: Facts) -> Sequence[Step]:
    """Check who orders and who is ordered (R22 40(1); S 5 para. 2), then tie the letter to
    matter and leader."""
    _office(facts)
    to = _organ(step.fields["to"])
    if purely_vertical(to, facts.day):
        raise OversightError(
            "own-system",
            where="to",
            zh=f"{to.name_zh}属垂直管理系统，由系统上级督促",
            en=(
                f"{to.name_en or to.name_zh} belongs to a vertical system: the office above it "
                "urges it"
            ),
            mend_zh="督办函发给其系统上级，由上级督促",
            mend_en="address the office above it in the system",
            under="own_system",
        )
    _tie(step, facts, to)
    return ()


def urged(step: Step, facts: Facts) -> Sequence[Step]:
    """Check that the urged unit lies below in the acting organ's own system (S 5 para. 2)."""
    to = _organ(step.fields["to"])
    if not in_system_of(to, facts.organ, facts.day):
        raise OversightError(
            "not-own-system",
            where="to",
            zh=f"{to.name_zh}不在本系统下级之列",
            en=f"{to.name_en or to.name_zh} is not below in the own system",
            mend_zh="只督促本系统下级；其他单位请信访部门督办",
            mend_en="urge only the own system; others are the petition department's",
            under="own_system",
        )
    _tie(step, facts, to)
    return ()


def _tie(step: Step, facts: Facts, to: Organ) -> None:
    """Link the supervision to its matter, and enter the leader who is served as well."""
    number = str(step.fields.get("about", ""))
    if number:
        _link(facts, _matter(number))
    leader = step.fields.get("to_leader")
    if not isinstance(leader, int):
        return
    official = Official.objects.get(pk=leader)
    if to.pk not in organs_of(official, facts.day):
        raise OversightError(
            "not-its-leader",
            where="to_leader",
            zh=f"{official.name}今天不在{to.name_zh}任职",
            en="that official holds no post in the organ today",
            mend_zh="选择该单位的负责人，或者不写",
            mend_en="choose a leader of that organ, or leave it out",
        )
    enter_in_role(facts, "leader_in_charge", officials=[leader])


def _matter(number: str) -> Case:
    """Return the matter a letter is about. A protected one is refused with the words for one
    that is not there."""
    found = Case.objects.filter(number=number, kind__in=SUPERVISED_KINDS, protected=False).first()
    if found is None:
        raise OversightError(
            "no-matter",
            where="about",
            zh="没有这个编号的信访事项，或者不在督办之列",
            en="there is no such matter, or it is not for supervision",
            mend_zh="核对编号；检举控告另依其程序",
            mend_en="check the number; accusations follow their own procedure",
        )
    return found


def _link(facts: Facts, other: Case) -> None:
    known = {"case_id": facts.case_id, "other": other, "kind": "concerns"}
    if not CaseLink.objects.filter(**known).exists():
        CaseLink.objects.create(**known, act_id=facts.act_id)


# --- the three suggestions ------------------------------------------------------------------------
def suggested(step: Step, facts: Facts) -> Sequence[Step]:
    """Note in the supervision it follows from that improvement was suggested (R22 40(1))."""
    _office(facts)
    number = str(step.fields.get("about", ""))
    if not number:
        return ()
    found = Case.objects.filter(number=number, kind="supervision", holder_id=facts.organ).first()
    if found is None:
        raise OversightError(
            "no-supervision",
            where="about",
            zh="没有这一件由本机关发起的督办",
            en="there is no such supervision of this office",
            mend_zh="核对编号，或者不写",
            mend_en="check the number, or leave it out",
        )
    _link(facts, found)
    return [
        Step(
            act="suggested",
            case=number,
            organ=facts.organ,
            fields={"suggestion": facts.case},
            occurred_at=step.occurred_at,
        )
    ]


def policy_suggested(step: Step, facts: Facts) -> Sequence[Step]:
    """Check that a policy suggestion goes to the own Party committee and government (R22 40(2),
    R05 37; case D09)."""
    known = own_level(_office(facts), facts.day)
    _addressee(step, "government", known.government, "本级政府", "own government", "40(2)")
    if "to" in step.fields:
        _addressee(step, "to", known.committee, "本级党委", "own Party committee", "40(2)")
    return ()


def _addressee(step: Step, field: str, right: Organ | None, zh: str, en: str, article: str) -> None:
    """Refuse another addressee than the one the text names, where the registry knows that one."""
    given = _organ(step.fields[field])
    if right is not None and given.pk == right.pk:
        return
    kinds = {"government": "government", "to": "party_committee", "committee": "party_committee"}
    if right is None and (
        given.is_petition_office if field == "upper" else given.kind == kinds[field]
    ):
        return  # the registry does not say which; a person chose one of the right kind
    shown = right.name_zh if right else zh
    raise OversightError(
        "wrong-addressee",
        where=field,
        zh=f"应当送{zh}，{given.name_zh}不是（信访工作条例第{article}条）",
        en=f"this goes to the {en}; {given.name_en or given.name_zh} is not it (R22 {article})",
        mend_zh=f"改为{shown}",
        mend_en=f"name {right.name_en if right and right.name_en else en}",
    )


def responsibility_proposed(step: Step, facts: Facts) -> Sequence[Step]:
    """Put everybody the text names on the accused side, so that no word of it reaches them (R22
    30(3), 40(3))."""
    office, to = _office(facts), step.fields["to"]
    named = named_in(
        " ".join((step.texts.get("verified_facts", ""), step.texts.get("responsible", ""))),
        facts.day,
    )
    enter_in_role(facts, "accused_unit", organs=named.organs - {office.pk, to})
    enter_in_role(facts, "accused_person", officials=named.officials)
    return ()


def answered(step: Step, _facts: Facts) -> Sequence[Step]:
    """A suggestion that is not adopted, or only in part, is answered with reasons (R05 36(2);
    document D34)."""
    if step.fields.get("adopted") != "adopted" and not step.texts.get("reasons", "").strip():
        raise OversightError(
            "no-reasons",
            where="reasons",
            zh="不采纳或者部分采纳的，写明理由",
            en="not adopted, or in part: give the reasons",
            mend_zh="填写理由",
            mend_en="write the reasons",
        )
    return ()


# --- the joint conference -------------------------------------------------------------------------
def by_conference(_step: Step, facts: Facts) -> Sequence[Step]:
    """Check that a joint conference acts: coordination and the measures of R22 39(3) are its
    alone."""
    organ = _organ(facts.organ)
    if not organ.is_joint_conference:
        raise OversightError(
            "no-conference",
            where=facts.case,
            zh=f"{organ.name_zh}不是信访工作联席会议（信访工作条例第三十九条第三款）",
            en=f"{organ.name_en or organ.name_zh} is no joint conference (R22 39(3))",
            mend_zh="由督办件提请联席会议",
            mend_en="refer it to the joint conference from the supervision",
        )
    return ()


def competence_decided(step: Step, facts: Facts) -> Sequence[Step]:
    """Decide in the disputed matter itself who is competent (R22 24(1)), where it was referred
    to this conference."""
    by_conference(step, facts)
    number = str(step.fields["dispute"])
    owed = Duty.objects.filter(
        case__number=number,
        case__protected=False,
        rule="decide_dispute",
        state="open",
        holder_id=facts.organ,
    )
    if not owed.exists():
        raise OversightError(
            "no-dispute",
            where="dispute",
            zh="没有这一件提请本联席会议决定的争议",
            en="no such dispute was referred to this conference",
            mend_zh="核对编号；有共同上级的由其决定",
            mend_en="check the number; a common superior decides where there is one",
        )
    _link(facts, Case.objects.get(number=number))
    return [
        Step(
            act="decide_dispute",
            case=number,
            organ=facts.organ,
            fields={"to": step.fields["to"]},
            texts={"reasons": step.texts.get("reasons", "")},
            occurred_at=step.occurred_at,
        )
    ]


def measure_taken(step: Step, facts: Facts) -> Sequence[Step]:
    """Note a measure in the supervision that asked for it (R22 39(3))."""
    by_conference(step, facts)
    number = str(step.fields.get("about", ""))
    if not number:
        return ()
    owed = Duty.objects.filter(
        case__number=number, rule="conference_take_up", state="open", holder_id=facts.organ
    ).exists()
    if not owed:
        raise OversightError(
            "not-referred",
            where="about",
            zh="没有这一件提请本联席会议的督办",
            en="no such supervision was referred to this conference",
            mend_zh="核对编号，或者不写",
            mend_en="check the number, or leave it out",
        )
    _link(facts, Case.objects.get(number=number))
    return [
        Step(
            act="conference_taken",
            case=number,
            organ=facts.organ,
            fields={"measure": facts.case},
            occurred_at=step.occurred_at,
        )
    ]


# --- reports --------------------------------------------------------------------------------------
def report_prepared(step: Step, facts: Facts) -> Sequence[Step]:
    """Refuse a report that names an official, whoever it is: figures by field and organ only (R22
    30(3), 41; D04).

    Every registered official counts, accused or not, so that a refusal tells nothing about anybody.
    """
    _office(facts)
    for name, text in step.texts.items():
        if named_in(text, facts.day).officials:
            raise OversightError(
                "names-a-person",
                where=name,
                zh="报告点了个人的名：只写领域、机关和数字，不点名个人（信访工作条例第三十条第三款、第四十一条）",
                en=(
                    "the report names a person: write of fields, organs and figures only (R22 "
                    "30(3), 41)"
                ),
                mend_zh="删去姓名",
                mend_en="take the name out",
            )
    return ()


def report_submitted(step: Step, facts: Facts) -> Sequence[Step]:
    """Check the three addressees: own Party committee, own government, petition department one
    level up (case D03)."""
    known = own_level(_office(facts), facts.day)
    _addressee(step, "committee", known.committee, "本级党委", "own Party committee", "41(1)")
    _addressee(step, "government", known.government, "本级政府", "own government", "41(1)")
    _addressee(
        step, "upper", known.upper, "上一级信访部门", "petition department one level up", "41(1)"
    )
    return ()
