"""The linked cases that acts of a petition open: parts, review, new handling, new facts.

What is opened takes over who asks and whose rules bind, each behind the same wall.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dengwen.cases.models import Case, CaseLink, Party
from dengwen.cases.wall.identity import HIDDEN
from dengwen.cases.wall.propagation import WALLED
from dengwen.cases.write.call_context import CallContext, call_of
from dengwen.law.duties.step import Facts, FieldValue, PartyEntry, Step
from dengwen.organs.models import Organ
from dengwen.organs.structure.jurisdiction import next_higher
from dengwen.petitions.effects import keep_petitioner
from dengwen.petitions.errors import PetitionError
from dengwen.petitions.intake.agents import carried_agent
from dengwen.petitions.intake.inheritance import (
    ANEW_AFTER,
    NEW_FACTS_AFTER,
    REGISTER,
    SPLIT_FROM,
    TAKE_UP_ANEW,
    carried_facts,
    carried_identity,
)
from dengwen.petitions.intake.intake import first_line
from dengwen.petitions.models import Member, Petition, Petitioner

LEAST_PARTS = 2


# --- parts ----------------------------------------------------------------------------------------
def split(step: Step, facts: Facts) -> Sequence[Step]:
    """Refuse to end a mixed matter whose sub-matters were not opened by the same call (R22 28(2);
    case B10).

    They are opened by `intake.split`, each with its own text: a letter is never copied whole into
    its parts, least of all the accusation into the claim.
    """
    links = CaseLink.objects.filter(other_id=facts.case_id, kind=SPLIT_FROM, act__act="register")
    numbers = links.values_list("case__number", flat=True)
    call = call_of(facts)
    opened = len([number for number in numbers if call.opened_here(number)])
    if opened < LEAST_PARTS or step.fields.get("parts") != opened:
        raise PetitionError(
            "no-parts",
            where=facts.case,
            zh="分件须在同一次办理中把各件立起来，各有类别和正文（信访工作条例第二十八条第二款）",
            en="a matter is split only where its sub-matters are opened in the same call, each "
            "with its class and text (R22 28(2))",
            mend_zh="在“分件”页逐件填写类别、正文和诉求，至少两件；命令行用 dengwen split",
            mend_en="fill in class, text and requests of each part on the page of splitting, two "
            "parts at least; on the command line use dengwen split",
        )
    return ()


# --- review and re-examination --------------------------------------------------------------------
def open_review(step: Step, facts: Facts) -> Sequence[Step]:
    """Open the linked review case with the organ asked, or with the next higher one on record (R22
    35)."""
    return [_lodge(step, facts, kind="review", purpose="review", link="reviews")]


def open_recheck(step: Step, facts: Facts) -> Sequence[Step]:
    """Open the linked re-examination case with the next higher organ of the review organ (R22
    36)."""
    return [_lodge(step, facts, kind="recheck", purpose="recheck", link="rechecks")]


def _lodge(step: Step, facts: Facts, *, kind: str, purpose: str, link: str) -> Step:
    """Return the step that lodges a request with the organ asked, or with the next higher one."""
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
    """Return the fields of a lodged request: the days run from its receipt (R22 35, 36), which the
    post can delay."""
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
    """Return the next higher organ on record; PetitionError where there is none, for nobody chooses
    it."""
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
    link = _reviewed(facts.case_id)
    if link is None:
        return ()
    root = _root(link.other)
    stage = "review" if link.kind == "reviews" else "recheck"
    noted = Step(
        act="note_review",
        case=root.number,
        organ=facts.organ,
        fields={"stage": stage, "result": outcome, "review_case": facts.case},
    )
    if outcome == "order_anew" and root.holder_id is not None:
        return [noted, *_anew(step, facts, root)]
    return [noted]


def _reviewed(case: int) -> CaseLink | None:
    """Return the link from a review or re-examination to the case it is about, None for any
    other."""
    links = CaseLink.objects.filter(case_id=case, kind__in=("reviews", "rechecks"))
    return links.select_related("other").first()


def _root(case: Case) -> Case:
    """Return the petition case a review or re-examination goes back to."""
    link = _reviewed(case.pk)
    return case if link is None else _root(link.other)


# --- new handling ---------------------------------------------------------------------------------
def _anew(step: Step, facts: Facts, root: Case) -> list[Step]:
    """Return what opens the case of the new handling: what was at fault, by when, where, who asks,
    and for whom."""
    fields: dict[str, FieldValue] = {"review_case": facts.case}
    for name in ("fault", "anew_by"):
        if name in step.fields:
            fields[name] = step.fields[name]
    if root.place:
        # the rules of the place of the matter bind the new handling, too
        fields["place"] = root.place
    first = Step(
        act=TAKE_UP_ANEW,
        kind="petition",
        open_as=facts.act_uid,
        organ=root.holder_id,
        fields=fields,
        texts=carried_identity(root, facts, TAKE_UP_ANEW),
        parties=_walled(root),
        links=((ANEW_AFTER, root.number),),
    )
    call = call_of(facts)
    agent = carried_agent(root, facts.recorded_at, facts.actor, facts.organ, call)
    if agent is None:
        return [first]
    return [first, replace(agent, ref=facts.act_uid, organ=root.holder_id)]


def _walled(case: Case) -> tuple[PartyEntry, ...]:
    """Return those whom the wall of a case keeps out now."""
    side = Party.objects.filter(case=case, role__in=WALLED, until__isnull=True)
    return tuple(PartyEntry(role=p.role, organ=p.organ_id, official=p.official_id) for p in side)


def taken_up_anew(step: Step, facts: Facts) -> Sequence[Step]:
    """Write the petition of a new handling and the look-up indexes of who asks, as they were in the
    first one."""
    earlier = Petition.objects.filter(
        case__in=CaseLink.objects.filter(case_id=facts.case_id, kind=ANEW_AFTER).values("other")
    ).first()
    channel = earlier.channel if earlier else "letter"
    Petition.objects.create(
        case_id=facts.case_id, channel=channel, received_on=facts.day, act=facts.act_id
    )
    keep_petitioner(step, facts)
    return ()


# --- new facts ------------------------------------------------------------------------------------
def new_matter(step: Step, facts: Facts) -> Sequence[Step]:
    """Register the new matter on new facts, linked to the old one, with sorting and clocks of its
    own (case C08).

    Who asks, how, where and about what stay as they were; the day of receipt is that of the new
    facts.
    """
    call = call_of(facts)
    case = call.case_numbered(facts.case) or Case.objects.get(pk=facts.case_id)
    fields = _fields_on_new_facts(case, facts)
    parties = _walled(case)
    agent = carried_agent(case, facts.recorded_at, facts.actor, facts.organ, call)
    text = step.texts.get("what_is_new", "")
    first = Step(
        act=REGISTER,
        kind="petition",
        open_as=facts.act_uid,
        organ=facts.organ,
        fields=fields,
        texts={
            **carried_identity(case, facts, REGISTER),
            "content": text,
            "subject": first_line(text),
        },
        parties=parties,
        links=((NEW_FACTS_AFTER, case.number),),
        occurred_at=step.occurred_at,
    )
    return [first] if agent is None else [first, replace(agent, ref=facts.act_uid)]


def _fields_on_new_facts(case: Case, facts: Facts) -> dict[str, FieldValue]:
    """Return the fields of a registration on new facts, as the old matter has them."""
    petition = Petition.objects.filter(case=case).first()
    return {
        "channel": petition.channel if petition else "letter",
        **carried_facts(case, call_of(facts).view_of_case(case), facts.recorded_at),
        "office": _office(facts.organ),
        "new_facts": True,
        "received_on": facts.day,
    }


def _office(organ: int | None) -> str:
    """Return what kind of organ registers: a petition office, or another one."""
    is_office = Organ.objects.filter(pk=organ or 0, is_petition_office=True).exists()
    return "petition_office" if is_office else "organ"


# --- repeats --------------------------------------------------------------------------------------
def same_petitioner(step: Step, facts: Facts) -> Sequence[Step]:
    """Refuse to attach a matter to that of somebody else: what other people raise about the same
    matter is their own, with its own notice and its own answer (R22 21(2), 23(2)).

    All who ask must be among those of the running case. Compared by the indexes of names, where
    both are known; not where a name of either case is kept back, since the answer would tell it.
    """
    number = step.fields.get("running")
    call = call_of(facts)
    running = call.case_numbered(number) if isinstance(number, str) else None
    own = call.case_numbered(facts.case)
    if running is None or own is None or any(_is_hidden(case, call) for case in (own, running)):
        return ()
    ours, theirs = _who_asks(own.pk), _who_asks(running.pk)
    if not ours or not theirs or ours <= theirs:
        return ()
    raise PetitionError(
        "another-petitioner",
        where=facts.case,
        zh="在办件是别人提出的：同一件事、不同的人，不是重复件",
        en="the running case is somebody else's: the same matter by other people is no repeat",
        mend_zh="单独登记、告知、办理；姓名录错的，先更正",
        mend_en="register, tell and handle it by itself; correct the name first if it is wrong",
    )


def _is_hidden(case: Case, call: CallContext) -> bool:
    """Say whether the name of whoever asks is kept from the handling organ, as the case stands."""
    return call.view_of_case(case).facts.get("identity") == HIDDEN


def _who_asks(case_id: int) -> set[str]:
    """Return the indexes of the names of those who ask: the petitioner or heir, and members."""
    people = Petitioner.objects.filter(case_id=case_id, role__in=("petitioner", "heir"))
    members = Member.objects.filter(case_id=case_id)
    names = [*people.values_list("name_index", flat=True)]
    return {name for name in (*names, *members.values_list("name_index", flat=True)) if name}
