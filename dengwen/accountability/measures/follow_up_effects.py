"""What follows a decision: service, appeals told, rectification, correction, closing.

Whatever only executes or reports on a decision is refused where no such decision stands (S 13–18;
AC19 21).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from django.db.models import Q

from dengwen.access.models import User
from dengwen.accountability.measures.file_before import (
    by_own_hand,
    file_before,
    place_of,
    refuse_unknown_organs,
    words,
)
from dengwen.accountability.measures.law_question import proposal_of, rules_for
from dengwen.accountability.measures.parties import just, tell
from dengwen.accountability.measures.queries import AccountFile, measures_in
from dengwen.accountability.measures.refusals import refuse, refuse_as
from dengwen.accountability.personnel.notification import correction_steps, notice_step
from dengwen.cases import rulebooks
from dengwen.cases.models import Act, Duty
from dengwen.cases.write.right_notices import tell_of_right
from dengwen.law.duties.act_record import OPEN
from dengwen.law.duties.step import Facts, Step
from dengwen.law.liability import influence_period
from dengwen.law.liability.proposed_decision import refusals
from dengwen.law.liability.put_right import Correction, correction_refusals
from dengwen.organs.kinds import AXES
from dengwen.organs.structure.lines import line_above

FORMALITIES = ("formalities_sanction", "formalities_party", "formalities_treatment")
"""The duties to do the formalities after a measure, by the procedure under which it was decided."""
SCOPES = ("person", "other", "system", "public")
"""How widely a measure was made known, from the narrowest."""
_WIDEST = {scope: place for place, scope in enumerate(SCOPES)}


# --- service --------------------------------------------------------------------------------------
def served(step: Step, facts: Facts) -> Sequence[Step]:
    """Let the person or the organ read the file from now on, and tell every way to appeal of every
    measure."""
    file = file_before(facts)
    tell(facts, just(file.official), just(file.organ))
    tell_of_right(facts, just(file.official), just(file.organ))
    received = step.fields["received_on"]
    if file.official is None or not isinstance(received, date):
        return ()
    return [
        Step(
            act="tell_appeal",
            case=facts.case,
            organ=facts.organ,
            occurred_at=step.occurred_at,
            fields={"route": route, "subject_official": file.official, "received_on": received},
        )
        for route in _routes(file, facts, received)
    ]


def _routes(file: AccountFile, facts: Facts, received: date) -> list[str]:
    """Return the ways to appeal against the measures of the newest decision, each once."""
    decision = file.decision
    if decision is None:
        return []
    rules = rules_for(facts.day, file.case.place)
    status = str(decision.data.get("status") or "")
    routes: dict[str, None] = {}
    for measure in decision.data["measures"]:
        ways = influence_period.appeals(rulebooks.library(), rules, str(measure), status, received)
        for way in ways:
            routes[way.route.id] = None
    return list(routes)


def appeal_told(_step: Step, facts: Facts) -> Sequence[Step]:
    """Refuse to tell of an appeal where nothing was served."""
    if not file_before(facts).served:
        raise refuse(
            "not-served",
            facts.case,
            ("决定还没有送达", "the decision is not served"),
            ("先送达", "serve it first"),
        )
    return ()


# --- rectification --------------------------------------------------------------------------------
def by_subject(_step: Step, facts: Facts) -> Sequence[Step]:
    """Let only whom the file concerns report or hand in: the person with their own sign-in, or
    staff of the organ."""
    if not _concerns(file_before(facts), facts):
        raise refuse(
            "not-the-subject",
            facts.case,
            (
                "只有责任人本人、责任单位的人员可以提交",
                "only the person or the organ concerned reports",
            ),
            ("由责任人本人登录提交", "let the person concerned do it with the own sign-in"),
            under="rectification",
        )
    return ()


def _concerns(file: AccountFile, facts: Facts) -> bool:
    """Say whether whoever acts is the person concerned, or of the organ or the unit that
    rectifies."""
    if file.official is not None:
        return User.objects.filter(pk=facts.actor or 0, official_id=file.official).exists()
    rectifier = file.decision.data.get("rectifier") if file.decision is not None else None
    by_rectifier = file.decision is not None and facts.organ == rectifier
    return facts.organ == file.organ or by_rectifier


def rectification_extended(step: Step, facts: Facts) -> Sequence[Step]:
    """Set a new date by a person of the deciding organ, later than the one before and with one
    before (S 13, 14)."""
    file = file_before(facts)
    by_own_hand(step, facts)
    new = step.fields["deadline"]
    if file.deadline is None or not isinstance(new, date) or new <= file.deadline:
        raise refuse(
            "no-later-date",
            "deadline",
            (
                "没有整改期限，或者新的日期不晚于原来的日期",
                "there is no date to rectify, or the new one is not later",
            ),
            ("写晚于原期限的日期", "give a later date"),
        )
    return ()


def rectification_rejected(_step: Step, facts: Facts) -> Sequence[Step]:
    """Refuse to say that a goal was missed before its date while nobody reported; it opens no
    measure by itself."""
    file = file_before(facts)
    last = file.last("report_rectification")
    decision = file.decision
    reported = last is not None and decision is not None and last.seq > decision.seq
    if not reported and (file.deadline is None or file.deadline >= facts.day):
        raise refuse(
            "not-over",
            facts.case,
            (
                "整改期限没有过，也没有整改报告：按期",
                "the date is not over and nobody reported",
            ),
            ("等报告，或者等期限过后", "wait for the report or until the date has passed"),
            under="climb",
        )
    return ()


# --- notices --------------------------------------------------------------------------------------
def personnel_notified(step: Step, facts: Facts) -> Sequence[Step]:
    """Open the notice to both departments of the same level (S 18)."""
    notice = notice_step(
        file_before(facts).case,
        day=facts.day,
        organ=facts.organ,
        organisation=int(str(step.fields["organisation"])),
        personnel=int(str(step.fields["personnel"])),
        facts=step.texts["facts"],
    )
    return [replace(notice, occurred_at=step.occurred_at)]


def appeal_noted(step: Step, facts: Facts) -> Sequence[Step]:
    """Note an appeal that was made against this file; nothing stops by it."""
    _an_appeal(step, facts)
    return ()


def set_aside(step: Step, facts: Facts) -> Sequence[Step]:
    """Note what an appeal decided on a measure of this file; only an appeal about it can do so."""
    _an_appeal(step, facts)
    return ()


def _an_appeal(step: Step, facts: Facts) -> None:
    """Refuse a number that is no appeal against this file."""
    number = str(step.fields.get("appeal", ""))
    found = Act.objects.filter(
        case__number=number, case__kind="accountability_appeal", act="appeal"
    )
    if not any(act.data.get("decision") == facts.case for act in found):
        raise refuse(
            "no-appeal",
            "appeal",
            ("没有针对本件的这件申诉", "there is no such appeal against this file"),
            ("核对编号", "check the number"),
        )


# --- formalities ---------------------------------------------------------------------------------
def formalities_owed(step: Step, facts: Facts) -> Sequence[Step]:
    """Refuse to record or lengthen formalities that are not open for the measure named."""
    measure = str(step.fields.get("measure") or "")
    owed = Duty.objects.filter(case_id=facts.case_id, rule__in=FORMALITIES)
    of_measure = owed.filter(opened_by__data__measure=measure)
    if not of_measure.filter(Q(state=OPEN) | Q(closed_by_id=facts.act_id)).exists():
        raise refuse(
            "no-formalities",
            "measure",
            (
                "这项措施没有待办的变更手续",
                "no formalities are open for this measure",
            ),
            ("写有待办手续的措施", "name a measure whose formalities are open"),
        )
    return ()


# --- correction and closing -----------------------------------------------------------------------
def wrong_corrected(step: Step, facts: Facts) -> Sequence[Step]:
    """Correct measures by a person of the deciding organ or of one above it, said as widely as they
    were (AC19 21)."""
    file, rules = file_before(facts), rules_for(facts.day, place_of(facts))
    by_own_hand(step, facts)
    _own_or_above(file, facts)
    measures, told = words(step, "measures"), words(step, "told")
    standing = {one.measure for one in measures_in(file)}
    if not measures or set(measures) - standing:
        raise refuse(
            "not-imposed",
            "measures",
            ("本件没有这些措施", "the file has no such measures"),
            ("写本件的措施", "name measures of the file"),
        )
    refuse_unknown_organs(told, "told")
    found = correction_refusals(Correction("person", file.circulated, frozenset(told)))
    if found:
        raise refuse_as(found, facts.case, rules)
    _as_widely(file, str(step.fields["scope"]))
    return correction_steps(file.case, measures, step, facts)


def _as_widely(file: AccountFile, scope: str) -> None:
    """Refuse a correction said less widely than the circular was (AC19 21)."""
    widest = max((_WIDEST[said] for said in file.scopes), default=0)
    if _WIDEST[scope] < widest:
        raise refuse(
            "said-less-widely",
            "scope",
            (
                "更正的范围小于原来的通报范围（问责条例第二十一条；同样范围是本系统的要求）",
                (
                    "the correction is said less widely than the circular was (AC19 21; "
                    "as widely is this system's demand)"
                ),
            ),
            ("用不小于原来的范围", "use a scope at least as wide"),
        )


def _own_or_above(file: AccountFile, facts: Facts) -> None:
    """Refuse an organ that neither decided nor stands above the one that did (AC19 21)."""
    holder = file.case.holder
    allowed = {file.case.holder_id}
    if holder is not None:
        for axis in AXES:
            allowed |= {organ.pk for organ in line_above(holder, facts.day, axis)}
    if facts.organ not in allowed:
        raise refuse(
            "no-authority",
            facts.case,
            (
                "只有作出决定的机关或者其上级可以纠正（问责条例第二十一条）",
                "only the deciding organ or one above it corrects (AC19 21)",
            ),
            ("由作出决定的机关或者其上级纠正", "let the deciding organ or one above it correct"),
        )


def closing(step: Step, facts: Facts) -> Sequence[Step]:
    """Refuse to close a file as transferred: accountability runs beside a transfer (S 12 para. 2;
    PSL 49)."""
    file, rules = file_before(facts), rules_for(facts.day, place_of(facts))
    if step.fields.get("ending") == "transferred":
        proposal = proposal_of(step, file, facts, rules, closed_as_transferred=True)
        found = refusals(rules, proposal)
        wrong = [refusal for refusal in found if refusal.code == "closed-as-transferred"]
        raise refuse_as(wrong, "ending", rules)
    return ()
