"""A decision as the law core is asked about it: who decides, on whom, by which registry.

What stands in the registry on that day is what counts. Only what people state or register enters;
nothing about a person is guessed.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from dengwen.accountability.errors import AccountabilityError
from dengwen.accountability.measures.queries import (
    MEMBER,
    OTHER,
    AccountFile,
    earlier_of,
    gravity_of,
    months_of,
)
from dengwen.cases import rulebooks
from dengwen.law.duties.step import Facts, Step
from dengwen.law.liability import provisions
from dengwen.law.liability.conduct_words import HONOURS
from dengwen.law.liability.proposed_decision import (
    ORGAN,
    PERSON,
    Chosen,
    Proposal,
    Subject,
)
from dengwen.law.liability.provisions import Liability
from dengwen.organs.kinds import KINDS
from dengwen.organs.models import Official, Organ
from dengwen.organs.structure.management import Authority, authority_over, manager_of_organ
from dengwen.organs.structure.posts_held import led_on

SAID = {"yes": True, "no": False}
"""What was said, yes or no; what nobody said is neither."""
NOT_REGISTERED = "（没有登记管理权限）"


def rules_for(day: date, place: str) -> Liability:
    """Return the rules on accountability in force on a day at a place; procedure follows the day it
    is done."""
    return provisions.in_force(rulebooks.library(), day, place)


def proposal_of(
    step: Step,
    file: AccountFile,
    facts: Facts,
    rules: Liability,
    *,
    closed_as_transferred: bool = False,
    approved_by: str = "",
) -> Proposal:
    """Return a decision as the law core judges it, from the step, the file, and the registry of the
    day."""
    organ = Organ.objects.filter(pk=facts.organ or 0).first()
    deadline = step.fields.get("deadline")
    return Proposal(
        subject=_subject(step, file, facts.day),
        measures=tuple(_chosen(step, approved_by)),
        on=facts.day,
        decided_by=organ.name_zh if organ else "",
        managed_by=_managed_by(file, organ, facts.day),
        decider=str(facts.actor or ""),
        decider_is_petition_department=bool(organ and organ.is_petition_office),
        gravity=gravity_of(step.fields, step.texts.get("reasons", "")),
        earlier=earlier_of(file, rules),
        goal=step.texts.get("goal", ""),
        deadline=deadline if isinstance(deadline, date) else None,
        honours=tuple(_honours(step)),
        honours_left_out=tuple(_left_out(step)),
        minor=step.fields.get("minor") is True,
        crime_suspected=closed_as_transferred or _crime_suspected(step, file),
        closed_as_transferred=closed_as_transferred,
        responsible_members=_members(step, file, facts.day),
    )


def _crime_suspected(step: Step, file: AccountFile) -> bool:
    """Say whether a crime is suspected by the step, or was handed over from the file."""
    if step.fields.get("crime_suspected") is True:
        return True
    return any(act.data.get("matter") == "crime" for act in file.transferred)


def _chosen(step: Step, approved_by: str) -> Iterable[Chosen]:
    """Yield the measures of a decision, each with its deed and kind where they are stated; what is
    said of another measure (等) is read by the core for that one alone."""
    deeds, kinds = _pairs(step, "deeds"), _pairs(step, "entered_as")
    measures = step.fields.get("measures")
    for measure in measures if isinstance(measures, tuple) else ():
        yield Chosen(
            str(measure),
            deeds.get(str(measure), ""),
            kinds.get(str(measure), ""),
            words=str(step.fields.get(OTHER) or ""),
            reasons=step.texts.get("other_reasons", ""),
            approved_by=approved_by,
            months=months_of(step.fields),
            removes=SAID.get(str(step.fields.get("other_takes_post") or "")),
        )


def _pairs(step: Step, name: str) -> dict[str, str]:
    """Read words of the form measure=word."""
    value = step.fields.get(name)
    found = {}
    for pair in value if isinstance(value, tuple) else ():
        measure, _, word = str(pair).partition("=")
        found[measure] = word
    return found


def _honours(step: Step) -> Iterable[tuple[str, int]]:
    """Yield the honours a decision cancels: whose they are, and of which year."""
    year = step.fields.get("year")
    if isinstance(year, int) and not isinstance(year, bool):
        for name in HONOURS:
            if isinstance(step.fields.get(name), int):
                yield name, year


def _left_out(step: Step) -> Iterable[tuple[str, str]]:
    """Yield the honours a decision leaves out, each with its reasons."""
    for name in HONOURS:
        reasons = step.texts.get(f"{name}_left_out", "")
        if reasons.strip() and name not in step.fields:
            yield name, reasons


def _managed_by(file: AccountFile, organ: Organ | None, day: date) -> str:
    """Return the name of the organ with management authority on the day; the own one where it is
    among several."""
    if file.official is not None:
        authority = authority_over(Official.objects.get(pk=file.official), day)
        if organ is not None and authority.includes(organ.pk):
            return organ.name_zh
        return "、".join(m.name_zh for m, _ in authority.managers) or NOT_REGISTERED
    manager = manager_of_organ(Organ.objects.get(pk=file.organ or 0), day)
    return manager.name_zh if manager else NOT_REGISTERED


def _subject(step: Step, file: AccountFile, day: date) -> Subject:
    """Return whom a decision is about, as the law core distinguishes them."""
    if file.official is None:
        organ = Organ.objects.get(pk=file.organ or 0)
        group = KINDS[organ.kind].group
        return Subject(ORGAN, group=group, party_organisation=group == "party")
    authority: Authority = authority_over(Official.objects.get(pk=file.official), day)
    return Subject(
        PERSON,
        party_member=SAID.get(file.party_member or str(step.fields.get(MEMBER) or "")),
        retired=step.fields.get("retired") is True or authority.left,
        elected=step.fields.get("elected") is True,
        removed_by_law=step.fields.get("removed_by_law") is True,
    )


def _members(step: Step, file: AccountFile, day: date) -> tuple[str, ...]:
    """Return the members of the leading body held accountable too; each must belong to it on the
    day (AC19 6(2))."""
    value = step.fields.get("members")
    codes = tuple(str(v) for v in value) if isinstance(value, tuple) else ()
    if file.organ is None or not codes:
        return codes
    body = {a.official.code for a in led_on(Organ.objects.get(pk=file.organ or 0), day)}
    strange = sorted(set(codes) - body)
    if strange:
        shown = "、".join(strange)
        raise AccountabilityError(
            "not-a-member",
            where="members",
            zh=f"{shown}不是该单位今天的领导班子成员（问责条例第六条第二款）",
            en=f"{shown} is no member of its leading body today (AC19 6(2))",
            mend_zh="写班子成员的人员代码",
            mend_en="give staff codes of members of the leading body",
        )
    return codes
