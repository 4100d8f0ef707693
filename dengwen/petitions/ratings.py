"""Satisfaction evaluation (满意度评价): who is invited, the one-time code, and the rating.

No organ sees a rating singly. An invitation follows from the reply by itself, so nobody chooses who
is asked. The code lies on an own sheet: the reply and its digest in the ledger know nothing of it.
A rating is a case without a holder: no desk opens it. It is never a remedy; that is the review,
with its own period (R22 35). Rules of 2014 and 2022, both seen at second hand only.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from dengwen.access.keys.keyring import key_ring
from dengwen.access.keys.receipt_codes import code_digest, new_code, plain_code
from dengwen.cases.models import Case, CaseLink, Duty
from dengwen.cases.write.call_context import CallContext, call_of
from dengwen.cases.write.perform import By, Performed, perform, stored
from dengwen.editions.as_of import setting, settings_of
from dengwen.law.duties.act_record import civil
from dengwen.law.duties.admissibility import Actor, refusals
from dengwen.law.duties.step import Facts, FieldValue, Step
from dengwen.organs.models import Organ
from dengwen.petitions.errors import PetitionError
from dengwen.petitions.intake.online_submission import by_petitioner
from dengwen.petitions.models import Evaluation

KIND, OPEN = "evaluation", "open_evaluation"
CLOSED_TO = frozenset({"congress", "court", "procuratorate"})
"""Kinds of organs whose matters are not evaluated (国信发〔2014〕16号 art. 4)."""
NOT_FIRST = ("repeats", "anew_after", "new_facts_after")
"""Links that say a matter is not registered for the first time."""
DAYS = "evaluation.days"
"""Local setting: how many days an evaluation stays open. The period of the rules was not found;
none set, none ends."""
NETWORKS = "evaluation.networks"
"""Local setting of an organ: its networks, such as "10.2.0.0/16 2001:db8::/48"."""
CODE_PLACE = "evaluation"
"""What binds the digest of an evaluation code, so that no query code can be one."""


def digest_of(code: str) -> str:
    """Return what is kept of an evaluation code: a keyed digest that only this installation can
    make."""
    return code_digest(key_ring(), CODE_PLACE, code)


# --- effects --------------------------------------------------------------------------------------
def reply_given(step: Step, facts: Facts) -> Sequence[Step]:
    """Open the evaluation when a reply is given, where the pack lets it: nobody chooses who is
    asked."""
    case, call = _case(facts), call_of(facts)
    if step.imported or _shut(case, call):
        return ()
    kind = call.rules.in_force(facts.day, case.place, facts.recorded_at).book.kind(case.kind)
    rule = kind.acts.get(OPEN)
    view = call.view_of_case(case)
    actor = Actor(facts.actor, facts.organ, frozenset({"clerk"}))
    if rule is None or refusals(kind, rule, view, actor, facts.day):
        return ()
    return [Step(act=OPEN, case=case.number, organ=facts.organ, occurred_at=step.occurred_at)]


def evaluation_opened(step: Step, facts: Facts) -> Sequence[Step]:
    """Open the linked evaluation case, which belongs to nobody; PetitionError where the matter is
    out of scope."""
    case, call = _case(facts), call_of(facts)
    if why := _shut(case, call):
        raise PetitionError(
            "not-evaluated",
            where=case.number,
            zh=f"{why[0]}，不在评价范围（国信发〔2014〕16号第四条，未核原文）",
            en=f"{why[1]}, which is not evaluated (rules of 2014 art. 4, text not seen)",
            mend_zh="评价不是救济途径，不影响复查等权利",
            mend_en="an evaluation is no remedy; review and other rights stay as they are",
        )
    if case.holder_id is None:
        raise LookupError(f"{case.number} has no holder")
    fields: dict[str, FieldValue] = {"competent": case.holder_id}
    department = _department(case, call)
    if department is not None:
        fields["department"] = department
    return [
        Step(
            act="invite",
            kind=KIND,
            organ=facts.organ,
            fields=fields,
            occurred_at=step.occurred_at,
            links=(("concerns", case.number),),
        )
    ]


def _case(facts: Facts) -> Case:
    """Return the case of a running act."""
    case = call_of(facts).case_numbered(facts.case)
    if case is None:
        raise Case.DoesNotExist(facts.case)
    return case


def _shut(case: Case, call: CallContext) -> tuple[str, str] | None:
    """Return why a matter is out of scope by what it is tied to, beyond the facts that the pack
    reads; or None."""
    if case.protected:
        return "检举控告事项不宜公开", "an accusation is not for publication"
    holder = call.organ(case.holder_id)
    if holder is not None and holder.kind in CLOSED_TO:
        return "人大、法院、检察院的事项", "a matter of a people's congress, court or procuratorate"
    if any(link.kind in NOT_FIRST for link in call.unit.read(CaseLink, "case", case.pk)):
        return "不是初次信访事项", "the matter is not registered for the first time"
    return None


def _department(case: Case, call: CallContext) -> int | None:
    """Return the petition department that handled the matter first, unless it gave the reply
    itself."""
    acted = dict.fromkeys(act.organ for act in call.acts_of(case))
    rows = (call.organ(pk) for pk in acted if pk != case.holder_id)
    return next((row.pk for row in rows if row is not None and row.is_petition_office), None)


def invited(step: Step, facts: Facts) -> Sequence[Step]:
    """Keep whom an evaluation is of, and of which matter."""
    matter = next(number for kind, number in step.links if kind == "concerns")
    department, call = step.fields.get("department"), call_of(facts)
    row = Evaluation(
        case_id=facts.case_id,
        petition=call.case_numbered(matter),
        competent_id=_organ(step, "competent"),
        department_id=department if isinstance(department, int) else None,
        opened_on=facts.day,
    )
    call.unit.add(row)
    return ()


def _organ(step: Step, name: str) -> int:
    """Return the organ a field names."""
    value = step.fields[name]
    if not isinstance(value, int):
        raise TypeError(f"{name} is an organ: the write door checked it")
    return value


def rating_code_given(step: Step, facts: Facts) -> Sequence[Step]:
    """Keep the digest of the code; one given before no longer opens anything. The rated organ never
    prints one."""
    row = Evaluation.objects.get(case_id=facts.case_id)
    way = step.fields["way"]
    printed = way == "paper" and facts.organ is not None and facts.organ == row.department_id
    if not printed and not (way == "portal" and facts.organ is None):
        raise PetitionError(
            "not-its-printer",
            where=facts.case,
            zh="评价码由信访人自行取得，或者由转送的信访部门另纸打印，有权处理的机关、单位不经手",
            en="the petitioner takes the evaluation code, or the petition department that sent "
            "the matter on prints it; the competent organ has no hand in it",
            mend_zh="凭编号和查询码在网上取得，或者请转送的信访部门打印",
            mend_en=(
                "take it online with number and query code, or ask the petition department that "
                "sent it on"
            ),
        )
    row.code_digest = str(step.fields["code_digest"])
    row.save(update_fields=["code_digest"])
    return ()


def rated(step: Step, facts: Facts) -> Sequence[Step]:
    """Keep the rating. Who asks by telephone or enters a paper is neither of the rated; the code is
    used up."""
    row = Evaluation.objects.get(case_id=facts.case_id)
    channel = str(step.fields["channel"])
    _both_apart(row, step)
    _independent(row, channel, facts.organ)
    _still_open(row, facts)
    row.competent_level = str(step.fields["competent_level"])
    row.department_level = str(step.fields.get("department_level", ""))
    row.channel = channel
    row.own_network = step.fields["own_network"] is True
    row.rated_on = facts.day
    row.code_digest = ""
    row.save()
    return ()


def _both_apart(row: Evaluation, step: Step) -> None:
    """Refuse a rating that does not rate each of the rated, or rates one there is not."""
    both = row.department_id is not None
    if (step.fields.get("department_level") is not None) == both:
        return
    if both:
        raise PetitionError(
            "both-apart",
            where="department_level",
            zh="信访部门和有权处理的机关、单位分别评价",
            en="petition department and competent organ are evaluated apart",
            mend_zh="各选一档",
            mend_en="choose one level each",
        )
    raise PetitionError(
        "both-apart",
        where="department_level",
        zh="本件没有经信访部门转送，只评价有权处理的机关、单位",
        en="no petition department sent this matter on; only the competent organ is evaluated",
        mend_zh="只选一项",
        mend_en="choose one only",
    )


def _independent(row: Evaluation, channel: str, organ: int | None) -> None:
    """Refuse a rating entered by one of the rated, or by an organ in the petitioner's place."""
    rated_ones = {row.competent_id, row.department_id} - {None}
    by_petitioner_alone = organ is None
    if (channel == "portal") != by_petitioner_alone or organ in rated_ones:
        raise PetitionError(
            "not-independent",
            where="channel",
            zh="电话询问和纸质评价，由未被评价的机关、单位录入；网上评价由信访人自己作出",
            en=(
                "telephone and paper ratings are entered by an organ that is not rated; "
                "online the petitioner rates"
            ),
            mend_zh="请未被评价的机关、单位录入",
            mend_en="let an organ that is not rated enter it",
        )


def _still_open(row: Evaluation, facts: Facts) -> None:
    """Refuse a rating after the last day of the local setting."""
    last = last_day(row)
    if last is not None and facts.day > last:
        raise PetitionError(
            "evaluation-over",
            where=facts.case,
            zh=f"评价到 {last} 为止（本地设置，非法定期限）",
            en=f"the evaluation was open until {last} (a local setting, no statutory period)",
            mend_zh="评价不是救济途径；对答复不服的，依告知的途径和期限提出",
            mend_en=(
                "an evaluation is no remedy; the remedies and their periods are those of the notice"
            ),
        )


# --- what a door asks for -------------------------------------------------------------------------
def last_day(row: Evaluation) -> date | None:
    """Return the last day of an evaluation by the local setting of its opening day; None where none
    is set."""
    found = setting(DAYS, row.competent_id, row.opened_on)
    if found is None or not found.value.isdigit():
        return None
    return row.opened_on + timedelta(days=int(found.value))


def open_for(matter: Case) -> Evaluation | None:
    """Return the evaluation of a matter that waits for its rating, or None. Never for a matter that
    is protected."""
    rows = Evaluation.objects.filter(petition=matter, petition__protected=False, rated_on=None)
    return rows.select_related("case", "competent", "department").first()


def find(code: str) -> Evaluation | None:
    """Return the evaluation a one-time code opens; None for a wrong, replaced or used code
    alike."""
    if not plain_code(code):
        return None
    rows = Evaluation.objects.filter(code_digest=digest_of(code), petition__protected=False)
    return rows.select_related("case", "petition", "competent", "department").first()


def give_code(row: Evaluation, *, way: str, by: By, now: datetime, uid: str) -> str:
    """Give a fresh code and return it, to be shown this once; "" where this call was done before.

    Raises `Refused` where the rating was given, `PetitionError` where this organ may not print it.
    """
    code = new_code()
    step = Step(
        act="give_code", case=row.case.number, fields={"way": way, "code_digest": digest_of(code)}
    )
    return "" if perform(step, by=by, now=now, uid=uid).repeated else code


@dataclass(frozen=True, slots=True)
class Rating:
    """What a petitioner says: a level for the competent organ, one for the petition department
    where there is one.

    Beside them, where the petitioner wants to say it: whether anybody made contact, and whether
    staff were rude.
    """

    competent: str
    department: str = ""
    contacted: bool | None = None
    rude: bool | None = None


def rate(
    row: Evaluation,
    rating: Rating,
    *,
    address: str,
    now: datetime,
    uid: str,
    channel: str = "portal",
    by: By | None = None,
) -> Performed:
    """Write a rating. Of `address` only "from a network of a rated organ, yes or no" is kept, and
    only online.

    Raises `Refused` where it was rated already (two at once: one is kept), `PetitionError` where
    the period is over or somebody enters it who is rated.
    """
    fields: dict[str, FieldValue] = {
        "competent_level": rating.competent,
        "channel": channel,
        "own_network": channel == "portal" and in_own_network(row, address, civil(now)),
    }
    if rating.department:
        fields["department_level"] = rating.department
    said = {"contacted": rating.contacted, "rude": rating.rude}
    fields |= {name: value for name, value in said.items() if value is not None}
    return perform(
        Step(act="rate", case=row.case.number, fields=fields),
        by=by or by_petitioner(),
        now=now,
        uid=uid,
    )


def in_own_network(row: Evaluation, address: str, day: date) -> bool:
    """Say whether an address lies in a network that a rated organ has on record (local setting of
    that organ)."""
    try:
        source = ipaddress.ip_address(address)
    except ValueError:
        return False
    held = settings_of(NETWORKS)
    for pk in {row.competent_id, row.department_id} - {None}:
        found = held.on(NETWORKS, pk, day)
        if (
            found is None or found.organ != pk
        ):  # what holds for the whole installation is nobody's own network
            continue
        for text in found.value.replace(",", " ").split():
            try:
                if source in ipaddress.ip_network(text, strict=False):
                    return True
            except ValueError:  # a line that is no network excludes nobody
                continue
    return False


def done_before(uid: str) -> bool:
    """Say whether a form with this idempotency key was carried out already."""
    return stored(uid) is not None


def remedy_day(row: Evaluation) -> date | None:
    """Return the last day to ask for review or re-examination of the matter, where that period runs
    (R22 35, 36)."""
    cases = [
        row.petition_id,
        *CaseLink.objects.filter(other=row.petition_id).values_list("case_id", flat=True),
    ]
    rules = ("review_request", "recheck_request")
    duty = (
        Duty.objects.filter(case_id__in=cases, rule__in=rules, state="open").order_by("id").last()
    )
    return (duty.due or duty.raw) if duty is not None else None


def organ_named(organ: Organ | None) -> tuple[str, str]:
    """Return the names of a rated organ, Chinese and English."""
    return ("", "") if organ is None else (organ.name_zh, organ.name_en or organ.name_zh)
