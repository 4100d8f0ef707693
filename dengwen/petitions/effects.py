"""What acts of the petition procedure set in motion: rows of this package, and the linked cases law
asks for.

Each function is an effect `(step, facts) -> steps`, named in `config.effects`, run inside the
transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from dengwen.access.keys.blind_index import blind_index
from dengwen.access.keys.keyring import key_ring
from dengwen.cases.models import Act, Case, CaseLink, Party
from dengwen.cases.wall.propagation import ABOUT, WALLED, spread
from dengwen.cases.write import call_context, contents
from dengwen.cases.write.record import ACCUSED
from dengwen.law.duties.step import Facts, FieldValue, PartyEntry, Step
from dengwen.organs.models import Organ
from dengwen.organs.structure.jurisdiction import next_higher
from dengwen.petitions.errors import PetitionError
from dengwen.petitions.intake import accused, groups, lookalikes
from dengwen.petitions.intake.agents import carried_agent
from dengwen.petitions.intake.inheritance import (
    ANEW_AFTER,
    NEW_FACTS_AFTER,
    SPLIT_FROM,
    carried_facts,
    carried_identity,
)
from dengwen.petitions.intake.intake import first_line
from dengwen.petitions.models import Member, Petition, Petitioner, Request
from dengwen.store.row_tables import new
from dengwen.store.rows import later, unless_taken, write_waiting

LEAST_PARTS = 2


# --- registration ---------------------------------------------------------------------------------
def registered(step: Step, facts: Facts) -> Sequence[Step]:
    """Write the petition and the look-up indexes of the petitioner when a matter is registered
    (R22 22, 23)."""
    received = step.fields.get("received_on")
    # A protected matter takes no part in the numbers of other systems: a conflict would tell that
    # it exists.
    accuses = any(party.role in ACCUSED for party in step.parties)
    outside = "" if accuses else str(step.fields.get("outside_no", ""))
    source = str(step.fields.get("outside_source", "")) if outside else ""
    received_on = received if isinstance(received, date) else facts.day
    petition = new(
        Petition,
        case_id=facts.case_id,
        channel=str(step.fields["channel"]),
        received_on=received_on,
        outside_source=source,
        outside_index=outside,
        code_digest=str(step.fields.get("code_digest", "")),
        act=facts.act_id,
    )
    # The case was opened a moment ago, so the only thing that can stand in the way is the outside
    # number.
    if not unless_taken(petition):
        raise PetitionError(
            "outside-number",
            where=facts.case,
            zh="这一外部编号已登记过",
            en="this outside number is registered already",
            mend_zh="查找已有登记，按重复件处理",
            mend_en="look it up and attach this as a repeat",
        )
    _person(step, facts)
    lookalikes.enter(step, facts, received_on)
    return groups.incident_of(step, facts)


def classified(step: Step, facts: Facts) -> Sequence[Step]:
    """Shut a matter that proves to be an accusation off from the accused side, and out of the
    look-alikes (4.1)."""
    if step.fields.get("class") == "accusation":
        accused.close(step, facts)
        _sealed(facts)
    _class_of_requests(facts)
    return ()


def corrected(step: Step, facts: Facts) -> Sequence[Step]:
    """Do for a class corrected to accusation what `classified` does for one found at once."""
    if (step.fields.get("field"), step.fields.get("new")) == ("class", "accusation"):
        return classified(
            Step(act="classify", case=facts.case, fields={"class": "accusation"}), facts
        )
    if step.fields.get("field") in ("class", "path"):
        _class_of_requests(facts)
    return ()


def accused_named(step: Step, facts: Facts) -> Sequence[Step]:
    """Put an accused person or unit that became known later behind the wall (R22 30(3), R05 23)."""
    accused.named(step, facts)
    _sealed(facts)
    return ()


def _sealed(facts: Facts) -> None:
    """Take an accusation, and the mixed letter that holds the same words (case B10), out of what
    is compared."""
    _forget(facts.case_id)
    spread(Case.objects.get(pk=facts.case_id), Act.objects.get(pk=facts.act_id), facts.recorded_at)
    _forget_about(facts.case_id)
    for link in CaseLink.objects.filter(case_id=facts.case_id, kind=SPLIT_FROM).select_related(
        "other"
    ):
        # The running call may hold the letter: what it writes of it from now on is sealed as well.
        _close_over(call_context.case_numbered(link.other.number) or link.other, facts)


def _forget(case: int) -> None:
    """Take a matter out of what other registrations are compared with: look-alikes, outside
    numbers, members."""
    lookalikes.leave(case)
    Member.objects.filter(case_id=case).update(name_index="", phone_index="")
    Petition.objects.filter(case_id=case).update(outside_source="", outside_index="")


def _forget_about(case: int) -> None:
    """Forget what members of a group asked for themselves: it was sealed with the matter of the
    group."""
    for own in CaseLink.objects.filter(
        other_id=case, kind=ABOUT, case__kind="petition"
    ).values_list("case", flat=True):
        _forget(own)


def _close_over(letter: Case, facts: Facts) -> None:
    """Seal a mixed letter and put the accused of its part on the accused side of the whole."""
    contents.protect(letter, facts.recorded_at)
    letter.save(update_fields=["protected", "title"])
    _forget(letter.pk)
    side = Party.objects.filter(case_id=facts.case_id, role__in=ACCUSED)
    entries = [PartyEntry(role=p.role, organ=p.organ_id, official=p.official_id) for p in side]
    accused.enter(letter, entries, facts)
    spread(letter, Act.objects.get(pk=facts.act_id), facts.recorded_at)
    _forget_about(letter.pk)


def _person(step: Step, facts: Facts) -> None:
    name, phone = step.texts.get("petitioner", "").strip(), step.texts.get("phone", "").strip()
    if not name:
        return
    ring = key_ring()
    person = new(
        Petitioner,
        case_id=facts.case_id,
        role="petitioner",
        act=facts.act_id,
        name_index=blind_index(ring, "name", name),
        phone_index=blind_index(ring, "phone", phone) if phone else "",
    )
    later(person)


# --- requests -------------------------------------------------------------------------------------
def _number(step: Step, facts: Facts) -> int:
    value = step.fields.get("request")
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise PetitionError(
            "no-number",
            where=facts.case,
            zh="没有写明第几项诉求",
            en="the number of the request is missing",
            mend_zh="填写诉求序号",
            mend_en="give the number of the request",
        )
    return value


def _request(step: Step, facts: Facts) -> Request:
    number = _number(step, facts)
    found = Request.objects.filter(case_id=facts.case_id, number=number).first()
    if found is None:
        raise PetitionError(
            "no-request",
            where=facts.case,
            zh=f"没有第{number}项诉求",
            en=f"there is no request {number}",
            mend_zh="先列明诉求",
            mend_en="enter the request first",
        )
    return found


def request_entered(step: Step, facts: Facts) -> Sequence[Step]:
    """Write a row for one thing asked; its number is given once and never reused."""
    number = _number(step, facts)
    own = isinstance(step.fields.get("request_class"), str)
    chosen, path = _own_class(step) if own else _class_of_matter(facts)
    request = new(
        Request,
        case_id=facts.case_id,
        number=number,
        entered_act=facts.act_id,
        class_code=chosen,
        path=path,
        class_act=facts.act_id if own else None,
    )
    if not unless_taken(request):
        raise PetitionError(
            "request-taken",
            where=facts.case,
            zh=f"第{number}项诉求已列明",
            en=f"request {number} is entered already",
            mend_zh="用下一个序号",
            mend_en="use the next number",
        )
    return ()


def request_classed(step: Step, facts: Facts) -> Sequence[Step]:
    """Give one request a class and a path of its own (R22 29-31), whatever the matter as a whole
    is."""
    request = _request(step, facts)
    request.class_code, request.path = _own_class(step)
    request.class_act = facts.act_id
    request.save(update_fields=["class_code", "path", "class_act"])
    return ()


def _own_class(step: Step) -> tuple[str, str]:
    chosen, path = (
        str(step.fields.get("request_class", "")),
        str(step.fields.get("request_path", "")),
    )
    if path and chosen != "claim":
        raise PetitionError(
            "path-of-claims",
            where="request_path",
            zh="途径只有申诉求决类才选（信访工作条例第三十一条）",
            en="only a claim has a path (R22 31)",
            mend_zh="不选途径，或者类别选申诉求决",
            mend_en="leave the path out, or choose the class of claims",
        )
    return chosen, path


def _class_of_matter(facts: Facts) -> tuple[str, str]:
    """Return class and path of the matter as it stands, "" while it is not sorted."""
    case = call_context.case_numbered(facts.case)
    known = call_context.view_of_case(case).facts if case is not None else {}
    chosen = known.get("class", "")
    return chosen, known.get("path", "") if chosen == "claim" else ""


def _class_of_requests(facts: Facts) -> None:
    """Let the requests that have no class of their own follow that of the matter."""
    write_waiting(Request)
    chosen, path = _class_of_matter(facts)
    Request.objects.filter(case_id=facts.case_id, class_act__isnull=True).update(
        class_code=chosen, path=path
    )


def requests_answered(_step: Step, facts: Facts) -> Sequence[Step]:
    """Refuse to issue an opinion that leaves a request without an outcome (R22 32(1), R05 34)."""
    left = Request.objects.filter(case_id=facts.case_id, outcome="").order_by("number")
    numbers = list(left.values_list("number", flat=True))
    if numbers:
        named = "、".join(map(str, numbers))
        raise PetitionError(
            "requests-open",
            where=facts.case,
            zh=f"第{named}项诉求还没有结论：书面答复、处理意见须逐项回应诉求（信访工作条例第三十二条第一款，"
            "二〇〇五年条例第三十四条）",
            en=f"no outcome yet for request {', '.join(map(str, numbers))}: the opinion answers what is asked "
            "(R22 32(1), R05 34)",
            mend_zh="逐项答复以后再签发；已审核的，重新拟制时逐项答复",
            mend_en="decide each request, then issue; where it was checked already, with a new draft",
        )
    return ()


def as_drafted(step: Step, facts: Facts) -> Sequence[Step]:
    """Refuse to issue another result than the one that was drafted and checked: its text says
    something else."""
    case = call_context.case_numbered(facts.case)
    acts = call_context.acts_of(case) if case is not None else ()
    drafted = next((a.data.get("outcome") for a in reversed(acts) if a.act == "draft"), None)
    if drafted is not None and step.fields.get("outcome") != drafted:
        raise PetitionError(
            "not-as-drafted",
            where="outcome",
            zh="签发的结论和拟制、审核的不一致，意见书的正文是按拟制的结论写的"
            "（信访工作条例第三十五条、第三十六条，二〇〇五年条例第三十四条、第三十五条）",
            en="the result differs from the one drafted and checked, which the text of the opinion gives reasons for "
            "(R22 35, 36; R05 34, 35)",
            mend_zh="按拟制的结论签发，或者重新拟制、审核",
            mend_en="issue it as drafted, or have it drafted and checked anew",
        )
    return ()


def request_decided(step: Step, facts: Facts) -> Sequence[Step]:
    """Write the outcome of one request (R22 32: supported, explained, not supported)."""
    request = _request(step, facts)
    request.outcome, request.outcome_act = str(step.fields["request_outcome"]), facts.act_id
    request.save(update_fields=["outcome", "outcome_act"])
    return ()


def request_promised(step: Step, facts: Facts) -> Sequence[Step]:
    """Write what was promised for a request and until when (R22 32(2)); one for the whole matter
    has no number."""
    if step.fields.get("request") is None:
        return ()
    request, until = _request(step, facts), step.fields["execute_by"]
    request.promised_on = until if isinstance(until, date) else None
    request.promise_act = facts.act_id
    request.save(update_fields=["promised_on", "promise_act"])
    return ()


def request_proved(step: Step, facts: Facts) -> Sequence[Step]:
    """Write that a promise was carried out and proved; only now is the request solved."""
    if step.fields.get("request") is None:
        return ()
    request = _request(step, facts)
    request.proved_on, request.proof_act = facts.day, facts.act_id
    request.save(update_fields=["proved_on", "proof_act"])
    return ()


# --- linked cases ---------------------------------------------------------------------------------
def split(step: Step, facts: Facts) -> Sequence[Step]:
    """Refuse to end a mixed matter whose sub-matters were not opened by the same call (R22 28(2);
    case B10).

    They are opened by `dividing.split`, each with its own text: a letter is never copied whole into
    its parts, least
    of all the accusation into the claim.
    """
    links = CaseLink.objects.filter(other_id=facts.case_id, kind=SPLIT_FROM, act__act="register")
    opened = sum(
        call_context.opened_here(number) for number in links.values_list("case__number", flat=True)
    )
    if opened < LEAST_PARTS or step.fields.get("parts") != opened:
        raise PetitionError(
            "no-parts",
            where=facts.case,
            zh="分件须在同一次办理中把各件立起来，各有类别和正文（信访工作条例第二十八条第二款）",
            en="a matter is split only where its sub-matters are opened in the same call, each with its class and text "
            "(R22 28(2))",
            mend_zh="在“分件”页逐件填写类别、正文和诉求，至少两件；命令行用 dengwen split",
            mend_en="fill in class, text and requests of each part on the page of splitting, two parts at least; "
            "on the command line use dengwen split",
        )
    return ()


def open_review(step: Step, facts: Facts) -> Sequence[Step]:
    """Open the linked review case with the organ asked, or with the next higher one on record
    (R22 35)."""
    return [_lodge(step, facts, kind="review", purpose="review", link="reviews")]


def open_recheck(step: Step, facts: Facts) -> Sequence[Step]:
    """Open the linked re-examination case with the next higher organ of the review organ (R22
    36)."""
    return [_lodge(step, facts, kind="recheck", purpose="recheck", link="rechecks")]


def _lodge(step: Step, facts: Facts, *, kind: str, purpose: str, link: str) -> Step:
    case = Case.objects.get(pk=facts.case_id)
    organ = step.fields.get("organ")
    if not isinstance(organ, int):
        organ = _superior(case, purpose, facts)
    return Step(
        act="lodge",
        kind=kind,
        organ=organ,
        fields=_lodged(case, step, facts, kind),
        texts={k: v for k, v in step.texts.items() if k in ("request", "reasons")},
        occurred_at=step.occurred_at,
        links=((link, facts.case),),
    )


def _lodged(case: Case, step: Step, facts: Facts, kind: str) -> dict[str, FieldValue]:
    """Return the fields of a lodged request: the days run from its receipt (R22 35, 36), which
    the post can delay."""
    received = step.fields.get("received_on", facts.day)
    fields: dict[str, FieldValue] = {"received_on": received, "original": _root(case).number}
    if case.place:
        fields["place"] = case.place
    if kind == "recheck":
        fields["review_case"] = case.number
    if step.fields.get("good_reason") is True:
        fields |= {"late": True, "good_reason": True}
    return fields


def _superior(case: Case, purpose: str, facts: Facts) -> int:
    if case.holder_id is None:
        raise LookupError(f"{case.number} has no holder")
    answer = next_higher(Organ.objects.get(pk=case.holder_id), purpose, facts.day)
    if answer.organ is None:
        raise PetitionError(
            "no-superior",
            where=case.number,
            zh="上一级机关、单位尚未确定，条例没有代为选择（第三十五条）",
            en=(
                "the next higher organ is not on record, and the regulation does not choose one "
                "(R22 35)"
            ),
            mend_zh="由人决定后登记，或者在请求中写明复查机关",
            mend_en="let a person decide and register it, or name the organ in the request",
        )
    return answer.organ.pk


def after_review(step: Step, facts: Facts) -> Sequence[Step]:
    """Note the result in the reviewed case; where new handling was ordered, open the linked new
    case (case C12)."""
    outcome = str(step.fields.get("outcome", "not_taken"))  # withdrawn, or refused as too late
    link = (
        CaseLink.objects.filter(case_id=facts.case_id, kind__in=("reviews", "rechecks"))
        .select_related("other")
        .first()
    )
    if link is None:
        return ()
    root = _root(link.other)
    stage = "review" if link.kind == "reviews" else "recheck"
    steps = [
        Step(
            act="note_review",
            case=root.number,
            organ=facts.organ,
            fields={"stage": stage, "result": outcome, "review_case": facts.case},
        )
    ]
    if outcome == "order_anew" and root.holder_id is not None:
        steps += _anew(step, facts, root)
    return steps


def _anew(step: Step, facts: Facts, root: Case) -> list[Step]:
    """Return what opens the case of the new handling: what was at fault, by when, where, who
    asks, and for whom."""
    fields: dict[str, FieldValue] = {"review_case": facts.case}
    fields |= {name: step.fields[name] for name in ("fault", "anew_by") if name in step.fields}
    if root.place:
        fields["place"] = (
            root.place
        )  # the rules of the place of the matter bind the new handling, too
    side = Party.objects.filter(case=root, role__in=WALLED, until__isnull=True)
    first = Step(
        act="take_up_anew",
        kind="petition",
        open_as=facts.act_uid,
        organ=root.holder_id,
        fields=fields,
        texts=carried_identity(root, facts),
        parties=tuple(
            PartyEntry(role=p.role, organ=p.organ_id, official=p.official_id) for p in side
        ),
        links=((ANEW_AFTER, root.number),),
    )
    agent = carried_agent(root, facts.recorded_at, facts.actor, facts.organ)
    return (
        [first]
        if agent is None
        else [first, replace(agent, ref=facts.act_uid, organ=root.holder_id)]
    )


def taken_up_anew(step: Step, facts: Facts) -> Sequence[Step]:
    """Write the petition of a new handling and the look-up indexes of who asks, as they were in
    the first one."""
    earlier = Petition.objects.filter(
        case__in=CaseLink.objects.filter(case_id=facts.case_id, kind=ANEW_AFTER).values("other")
    ).first()
    channel = earlier.channel if earlier else "letter"
    later(Petition(case_id=facts.case_id, channel=channel, received_on=facts.day, act=facts.act_id))
    _person(step, facts)
    return ()


def _root(case: Case) -> Case:
    """Return the petition case a review or re-examination goes back to."""
    link = (
        CaseLink.objects.filter(case=case, kind__in=("reviews", "rechecks"))
        .select_related("other")
        .first()
    )
    return case if link is None else _root(link.other)


def new_matter(step: Step, facts: Facts) -> Sequence[Step]:
    """Register the new matter on new facts, linked to the old one, with sorting and clocks of its
    own (case C08).

    Who asks, how, where and about what stay as they were; the day of receipt is that of the new
    facts.
    """
    case = call_context.case_numbered(facts.case) or Case.objects.get(pk=facts.case_id)
    petition = Petition.objects.filter(case=case).first()
    text = step.texts.get("what_is_new", "")
    fields: dict[str, FieldValue] = {
        "channel": petition.channel if petition else "letter",
        **carried_facts(case, facts.recorded_at),
        "office": _office(facts.organ),
        "new_facts": True,
        "received_on": facts.day,
    }
    side = Party.objects.filter(case=case, role__in=WALLED, until__isnull=True)
    agent = carried_agent(case, facts.recorded_at, facts.actor, facts.organ)
    steps = [
        Step(
            act="register",
            kind="petition",
            open_as=facts.act_uid,
            organ=facts.organ,
            fields=fields,
            texts={**carried_identity(case, facts), "content": text, "subject": first_line(text)},
            parties=tuple(
                PartyEntry(role=p.role, organ=p.organ_id, official=p.official_id) for p in side
            ),
            links=((NEW_FACTS_AFTER, case.number),),
            occurred_at=step.occurred_at,
        )
    ]
    return steps if agent is None else [*steps, replace(agent, ref=facts.act_uid)]


def _office(organ: int | None) -> str:
    is_office = Organ.objects.filter(pk=organ or 0, is_petition_office=True).exists()
    return "petition_office" if is_office else "organ"
