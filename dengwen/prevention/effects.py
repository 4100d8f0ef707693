"""What acts of prevention set in motion: rows of this package, and linked records.

Each function is an effect `(step, facts) -> steps`, named in `config.effects`, run inside the
transaction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from dengwen.cases.models import Case, CaseLink
from dengwen.law.duties.step import Facts, FieldValue, Step
from dengwen.organs.kinds import LEADING_GROUP
from dengwen.organs.models import Appointment, Official, Organ
from dengwen.prevention.area import COMMITTEE, GOVERNMENT, area_of
from dengwen.prevention.errors import PreventionError
from dengwen.prevention.models import Dispute, Evidence, Position, RaisedWarning, Responsible
from dengwen.prevention.positions import Said, digest_of, read_positions

DECIDED = frozenset({"adopted", "amended", "rejected"})
"""Outcomes that somebody decided after the discussion (MAD 30)."""
TITLE = 60


def _refuse(
    code: str,
    where: str,
    zh: str,
    en: str,
    *,
    mend_zh: str = "改正后再提交",
    mend_en: str = "mend it and try again",
) -> PreventionError:
    """Return a refusal of an effect: where, why, and the mend."""
    return PreventionError(code, where=where, zh=zh, en=en, mend_zh=mend_zh, mend_en=mend_en)


def _number(step: Step, field: str) -> int:
    """Return a number of an item or a dispute, from 1; PreventionError where it is none."""
    value = step.fields.get(field)
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise _refuse("no-number", field, "序号应从 1 起", "numbers begin at 1")
    return value


def _official(code: str, field: str) -> Official:
    """Return the official of a staff code; PreventionError where there is none."""
    found = Official.objects.filter(code=code).first()
    if found is None:
        raise _refuse(
            "no-official",
            field,
            f"没有人员代码“{code}”",
            f"there is no staff code {code}",
            mend_zh="在名录里查人员代码",
            mend_en="look the code up in the registry",
        )
    return found


# --- meetings -------------------------------------------------------------------------------------
def item_recorded(step: Step, facts: Facts) -> Sequence[Step]:
    """Write each person's position on an item; count and digest in the act must be those of the
    lines."""
    item = _number(step, "item")
    _check_item_free(facts, item)
    said = read_positions(step.texts.get("positions", ""))
    _check_positions_match(step, said)
    people = {one.official: _official(one.official, "positions") for one in said}
    _check_decider(step, {people[one.official].pk: one.stand for one in said})
    Position.objects.bulk_create(
        Position(
            meeting_id=facts.case_id,
            item=item,
            line=one.line,
            official=people[one.official],
            stand=one.stand,
            act=facts.act_id,
        )
        for one in said
    )
    return ()


def _check_item_free(facts: Facts, item: int) -> None:
    """Refuse an item whose number is taken in the meeting."""
    if Position.objects.filter(meeting_id=facts.case_id, item=item).exists():
        raise _refuse(
            "item-taken",
            "item",
            f"第{item}项议题已经记录",
            f"item {item} is recorded already",
            mend_zh="用下一个序号",
            mend_en="use the next number",
        )


def _check_positions_match(step: Step, said: Sequence[Said]) -> None:
    """Refuse an act whose count or digest is not that of the positions written."""
    count = step.fields.get("count")
    if count != len(said):
        raise _refuse(
            "count",
            "count",
            f"写的是{count}人，记录的是{len(said)}人",
            f"the count says {count}, the lines are {len(said)}",
        )
    if step.fields.get("positions_digest") != digest_of(said):
        raise _refuse(
            "digest",
            "positions_digest",
            "摘要与所记的态度不符",
            "the digest is not that of the positions",
        )


def _check_decider(step: Step, stands: dict[int, str]) -> None:
    """Refuse an item that was decided without saying by whom, or by somebody who was not there."""
    decider = step.fields.get("decided_by")
    if step.fields.get("outcome") in DECIDED and decider is None:
        raise _refuse(
            "no-decider",
            "decided_by",
            "作了决定，没有写明讨论后由谁作出",
            "who decided after the discussion?",
            mend_zh="写明作出决定的人",
            mend_en="name who decided",
        )
    if decider is not None and stands.get(int(str(decider)), "absent") == "absent":
        raise _refuse(
            "decider-absent", "decided_by", "作出决定的人没有到会", "who decided was not present"
        )


# --- screening ------------------------------------------------------------------------------------
def dispute_found(step: Step, facts: Facts) -> Sequence[Step]:
    """Write the dispute, and open the record of who is responsible for it (seed art. 4 para. 2)."""
    number = _number(step, "dispute")
    if Dispute.objects.filter(screening_id=facts.case_id, number=number).exists():
        raise _refuse(
            "dispute-taken",
            "dispute",
            f"第{number}件已登记",
            f"dispute {number} is entered already",
            mend_zh="用下一个序号",
            mend_en="use the next number",
        )
    owner, until = step.fields["owner"], step.fields["defuse_by"]
    assert isinstance(owner, int)
    assert isinstance(until, date)
    leader = step.fields.get("leader")
    Dispute.objects.create(
        screening_id=facts.case_id,
        number=number,
        category=str(step.fields["category"])[:24],
        owner_id=owner,
        leader=_official(str(leader), "leader") if leader else None,
        defuse_by=until,
        act=facts.act_id,
    )
    place = Case.objects.values_list("place", flat=True).get(pk=facts.case_id)
    return [record_step(step.texts.get("what", ""), place, facts)]


def record_step(subject: str, place: str, facts: Facts) -> Step:
    """Return the step that opens a record of responsibility for a problem of a place, linked to
    the case of `facts`."""
    area = area_of(place, facts.day)
    if not area:
        raise _refuse(
            "no-area",
            "place",
            "本地区的党委、政府没有登记，无从明确责任",
            "no Party committee or government is on record there",
            mend_zh="先登记本地区的党委和政府，或者写明地区",
            mend_en="register them first, or name the place",
        )
    fields: dict[str, FieldValue] = {
        "answers": "both" if len(area) > 1 else next(iter(area)),
        **area,
    }
    if place:
        fields["place"] = place
    return Step(
        act="open_record",
        kind="responsibility_record",
        organ=facts.organ,
        fields=fields,
        texts={"subject": subject.strip()[:TITLE]},
        links=(("concerns", facts.case),),
    )


def dispute_reported(step: Step, facts: Facts) -> Sequence[Step]:
    """Write the result of a dispute; only its owner reports it."""
    number = _number(step, "dispute")
    found = (
        Dispute.objects.filter(screening_id=facts.case_id, number=number)
        .select_related("owner")
        .first()
    )
    if found is None:
        raise _refuse(
            "no-dispute", "dispute", f"没有第{number}件纠纷", f"there is no dispute {number}"
        )
    if found.owner_id != facts.organ:
        raise _refuse(
            "not-owner",
            "dispute",
            f"第{number}件由{found.owner.name_zh}负责化解，由它报告结果",
            f"dispute {number} is for {found.owner.name_en or found.owner.name_zh} to report",
        )
    found.result, found.result_act = str(step.fields["result"]), facts.act_id
    found.save(update_fields=["result", "result_act"])
    return ()


# --- who is responsible ---------------------------------------------------------------------------
def problem_put(step: Step, _facts: Facts) -> Sequence[Step]:
    """Check that the organs who must name somebody are what they are said to be."""
    answers = str(step.fields["answers"])
    for name, kind in ((COMMITTEE, "party_committee"), (GOVERNMENT, "government")):
        organ = step.fields.get(name)
        if (organ is not None) != (answers in ("both", name)):
            raise _refuse(
                "who-answers",
                name,
                "“由谁明确”与所写的党委、政府不一致",
                "`answers` and the organs do not agree",
            )
        if organ is not None and not Organ.objects.filter(pk=int(str(organ)), kind=kind).exists():
            raise _refuse(
                "wrong-kind",
                name,
                "所选的不是党委或者不是政府",
                f"the organ chosen for {name} is none",
            )
    return ()


def responsible_named(step: Step, facts: Facts) -> Sequence[Step]:
    """Write who is responsible from a day on; leader and staff must hold a post there on that
    day."""
    organ, since = step.fields["organ"], step.fields["from"]
    assert isinstance(organ, int)
    assert isinstance(since, date)
    leader = _official(str(step.fields["leader"]), "leader")
    held = Appointment.objects.on(since).filter(post__organ_id=organ)
    leading = held.filter(official=leader, post__leading__in=LEADING_GROUP)
    if not leading.exists():
        raise _no_post("leader", leader, since, "该日不是该机关的班子成员")
    staff = _official(str(step.fields["staff"]), "staff")
    if not held.filter(official=staff).exists():
        raise _no_post("staff", staff, since, "该日不在该机关任职")
    Responsible.objects.create(
        record_id=facts.case_id,
        organ_id=organ,
        leader=leader,
        staff=staff,
        since=since,
        act=facts.act_id,
    )
    return ()


def _no_post(field: str, person: Official, since: date, why: str) -> PreventionError:
    """Return the refusal of somebody who holds no such post in the organ on the day."""
    return _refuse(
        "no-post",
        field,
        f"{person.name}{why}",
        f"{person.code} holds no such post there on {since}",
        mend_zh="核对机关、人员和日期",
        mend_en="check organ, person and day",
    )


# --- warnings -------------------------------------------------------------------------------------
def raised(step: Step, facts: Facts) -> Sequence[Step]:
    """Write the warning; the matters it rests on must lie in the tray under the digest that the
    act names."""
    digest = str(step.fields["evidence"])
    if not Evidence.objects.filter(digest=digest).exists():
        raise _refuse(
            "no-evidence", "evidence", "没有所依据的办理件", "the cases it rests on are missing"
        )
    RaisedWarning.objects.create(
        case_id=facts.case_id,
        detector=str(step.fields["detector"]),
        subject=subject_of(step.fields),
        raised_on=facts.day,
        digest=digest,
        act=facts.act_id,
    )
    return ()


def subject_of(fields: Mapping[str, FieldValue]) -> str:
    """Return what a warning is about as one short code: place, category, organ."""
    codes = [str(fields.get(name, "") or "") for name in ("place", "category", "organ")]
    return "|".join(codes)[:64]


def answered(step: Step, facts: Facts) -> Sequence[Step]:
    """Write whether the warning was right: how often such warnings were right is shown with the
    next one."""
    verdict = str(step.fields["verdict"])
    RaisedWarning.objects.filter(case_id=facts.case_id).update(
        verdict=verdict, answer_act=facts.act_id
    )
    return ()


# --- from a matter back to the decision -----------------------------------------------------------
def traced(step: Step, facts: Facts) -> Sequence[Step]:
    """Link a matter to the major decision that caused it; the decision's own acts never name the
    matter.

    So whoever may not see the matter finds nothing in the register of decisions (design 1.9).
    """
    if Case.objects.filter(pk=facts.case_id, protected=True).exists():
        raise _refuse(
            "protected",
            "decision",
            "检举控告不追溯到公开登记的决策",
            "an accusation is not tied to an open register",
            mend_zh="在检举控告的办理中处理",
            mend_en="deal with it where the accusation is handled",
        )
    decision = Case.objects.filter(number=str(step.fields["decision"]), kind="decision").first()
    if decision is None:
        raise _refuse(
            "no-decision",
            "decision",
            "这个编号不是重大决策",
            "that number is no major decision",
            mend_zh="填写重大决策登记的编号",
            mend_en="give the number of a decision in the register",
        )
    CaseLink.objects.create(
        case_id=facts.case_id, other=decision, kind="caused_by", act_id=facts.act_id
    )
    return ()
