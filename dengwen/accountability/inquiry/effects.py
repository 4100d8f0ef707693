"""What acts of an inquiry (核查) set in motion: evidence, hearing, attribution.

The packs say who may do what after what; what needs rows, the registry or the ledger is asked here,
and a refusal rolls the whole call back (S 11, 12, 17; PSL 42, 43, 47).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from dengwen.accountability.inquiry import line_rules, rules
from dengwen.accountability.inquiry.diligence_record import answered_by_ledger, ledger_words
from dengwen.accountability.inquiry.disclosure_to_person import sources_of
from dengwen.accountability.inquiry.evidence_sources import bound_of, source
from dengwen.accountability.inquiry.hearing_effects import in_person
from dengwen.accountability.inquiry.identity_release import shown_to_person
from dengwen.accountability.inquiry.inquiry_before import (
    evidence_given,
    inquiry_before,
    investigated,
    row_id,
    rules_of_day,
)
from dengwen.accountability.inquiry.posts_on_day import refuse_stranger
from dengwen.accountability.inquiry.queries import GRADES, Inquiry
from dengwen.accountability.inquiry.responsibility import grounds_of
from dengwen.accountability.inquiry.rules import refused
from dengwen.accountability.measures.refusals import in_words
from dengwen.cases.models import Case
from dengwen.cases.write.right_notices import tell_of_right
from dengwen.law.duties.act_record import civil
from dengwen.law.duties.step import Facts, FieldValue, Step
from dengwen.law.liability.ladder import Gravity
from dengwen.organs.models import Official


# --- evidence and facts ---------------------------------------------------------------------------
def evidence_pinned(step: Step, facts: Facts) -> Sequence[Step]:
    """Bind evidence to its place in the ledger, or to a paper; what touches a sealed identity is
    never disclosed."""
    made = investigated(facts)
    case = _source_of(made, step, facts)
    if step.fields["disclose"] == "open":
        known = sources_of(made)
        if case is not None:
            known.append(case)
        shown_to_person(made, facts, [step.texts["shows"]], "shows", known)
    return ()


def _source_of(made: Inquiry, step: Step, facts: Facts) -> Case | None:
    """Return the case evidence comes from, bound to an act of it; None where it is a paper."""
    number = str(step.fields.get("source", ""))
    if not number:
        if not step.fields.get("papers"):
            raise refused(
                "no-source",
                "source",
                "证据没有出处（政务处分法第四十二条）",
                "the evidence comes from nowhere (PSL 42)",
                (
                    "写明出自哪一件的第几个行为，或者附上材料",
                    "name case and act, or attach the paper",
                ),
            )
        return None
    case = source(made, number, facts.actor, facts.day)
    bound = bound_of(case, row_id(step.fields.get("place"))) if case else ""
    if case is None or not bound or step.fields.get("bound") != bound:
        raise refused(
            "not-there",
            "source",
            "没有这个行为，或者摘要与存证不一致",
            "there is no such act, or the digest is not that of the ledger",
            (
                "从证据板页面固定；出自密封件的，附不含身份的摘录",
                "pin it from the board; of a sealed case, attach an extract",
            ),
        )
    return case


def element_found(step: Step, facts: Facts) -> Sequence[Step]:
    """Find one element by itself, shown only on evidence that is not the person's own word (S 11;
    PSL 42)."""
    made = investigated(facts)
    rules.element_known(
        made, rules_of_day(made), str(step.fields["trigger"]), str(step.fields["element"])
    )
    shown = step.fields["finding"] == "shown"
    rules.on_the_board(
        made,
        evidence_given(step),
        needed=shown,
        why=("认定已证明须有证据", "“shown” needs evidence"),
    )
    return ()


# --- told and heard -------------------------------------------------------------------------------
def person_told(step: Step, facts: Facts) -> Sequence[Step]:
    """Tell a person concerned the facts and grounds, and nothing by which a petitioner could be
    known (PSL 43; S 8)."""
    made = investigated(facts)
    _concerned(made, row_id(step.fields["official"]))
    in_words(step, "facts", "grounds")
    rules.can_still_answer(step.fields["answer_by"], civil(facts.recorded_at))
    rules.told_something(made)
    shown_to_person(made, facts, step.texts.values())
    tell_of_right(facts, (row_id(step.fields["official"]),))
    return ()


def _concerned(made: Inquiry, official: int) -> None:
    """Refuse to tell or hear somebody whom the inquiry is not about."""
    if official not in made.officials:
        raise rules.person_not_concerned()


def person_defended(step: Step, facts: Facts) -> Sequence[Step]:
    """Take one point of a defence from the person, or as entered by an investigator; points are
    numbered in order."""
    made = inquiry_before(facts)
    in_person(made, facts, row_id(step.fields["official"]))
    rules.next_point(made, step.fields["point"])
    return ()


def person_handed_in(step: Step, facts: Facts) -> Sequence[Step]:
    """Take evidence from the person: it stands on the board, and nothing is found against them on
    it alone."""
    in_person(inquiry_before(facts), facts, row_id(step.fields["official"]))
    return ()


def person_heard(step: Step, facts: Facts) -> Sequence[Step]:
    """Hear a person who was told; "no answer" only after the day until which they may answer (PSL
    43)."""
    made, official = investigated(facts), row_id(step.fields["official"])
    rules.was_told(made, official)
    rules.earlier_signed(made, official)
    in_words(step, "statement")
    how = str(step.fields["how"])
    rules.record_there(how, recorded=bool(step.fields.get("record")))
    rules.may_be_silent(made, official, how, facts.day, recorded=bool(step.fields.get("record")))
    if how == "written":
        rules.answered_in_writing(made, official)
    return ()


def point_answered(step: Step, facts: Facts) -> Sequence[Step]:
    """Answer one point of a defence with reasons and the evidence looked at (PSL 43)."""
    made = investigated(facts)
    in_words(step, "reasons")
    rules.point_open(made, step.fields["point"])
    shown_to_person(made, facts, step.texts.values(), "reasons")
    rules.on_the_board(made, evidence_given(step), needed=False, why=("", ""))
    return ()


# --- attribution ----------------------------------------------------------------------------------
def decision_considered(step: Step, facts: Facts) -> Sequence[Step]:
    """Consider an item of a meeting whose minutes an investigator may see (S 11 para. 2)."""
    made, number = investigated(facts), str(step.fields["meeting"])
    meeting = source(made, number, facts.actor, facts.day)
    item = row_id(step.fields["item"])
    known = (
        meeting is not None
        and meeting.kind == "meeting"
        and meeting.positions.filter(item=item).exists()
    )
    if not known:
        raise refused(
            "no-minutes",
            "meeting",
            "没有这次会议的这一项议题，或者没有记录各人的态度（重大行政决策程序暂行条例第三十条第三款）",
            "there is no such item with recorded positions (MAD 30(3))",
            (
                "核对会议和议题；没有记录的，请单位如实补记",
                "check meeting and item; have the positions recorded truthfully",
            ),
        )
    return ()


def deed_considered(step: Step, facts: Facts) -> Sequence[Step]:
    """Consider what one person did; an objection of leaders needs its record, a deed after a
    hearing new evidence."""
    made, official = investigated(facts), row_id(step.fields["official"])
    given, on = evidence_given(step), step.fields["on"]
    day = on if isinstance(on, date) else facts.day
    refuse_stranger(official, {row_id(step.fields["organ"])}, day, "official")
    objected = step.fields.get("objected", ())
    rules.on_the_board(
        made,
        given,
        needed=bool(objected),
        why=("领导明确反对要有记录", "a leader's objection needs its record"),
    )
    _refuse_unknown_codes(objected)
    if made.first_defence(official) is not None:
        line_rules.not_for_defending(made, official, given)
    return ()


def _refuse_unknown_codes(objected: FieldValue) -> None:
    """Refuse staff codes of objecting leaders that the registry does not have."""
    codes = {str(code) for code in objected} if isinstance(objected, tuple) else set()
    known = Official.objects.filter(code__in=codes).values_list("code", flat=True)
    strange = codes - set(known)
    if strange:
        raise refused(
            "no-official",
            "objected",
            f"没有人员代码“{min(strange)}”",
            f"there is no staff code {min(strange)}",
            ("在名录里查人员代码", "look the code up in the registry"),
        )


def diligence_weighed(step: Step, facts: Facts) -> Sequence[Step]:
    """Weigh the test of diligence, each answer on evidence (S 11 para. 2)."""
    made = investigated(facts)
    ledger = answered_by_ledger(made, row_id(step.fields["ground"]))
    if any(step.fields.get(name) != answer for name, answer in ledger.items()):
        raise refused(
            "other-ledger",
            "ledger_in_time",
            "存证记录的回答由系统取得，与填写的不同",
            "what the ledger answers is taken from it, and this is not what it answers",
            ledger_words(ledger),
            under="attribution",
        )
    line_rules.diligence_may(
        made, row_id(step.fields["official"]), row_id(step.fields["ground"]), step.fields
    )
    return ()


def line_confirmed(step: Step, facts: Facts) -> Sequence[Step]:
    """Confirm a line as computed from posts, fields of work and minutes of the day, or change it
    with reasons."""
    made = investigated(facts)
    rules.on_the_board(made, evidence_given(step), needed=False, why=("", ""))
    shown_to_person(made, facts, step.texts.values(), "reasons")
    ground = grounds_of(made).get(row_id(step.fields["ground"]))
    line_rules.line_may(
        made,
        ground,
        row_id(step.fields["official"]),
        str(step.fields["kind"]),
        step.fields,
        step.texts.get("reasons", ""),
    )
    return ()


def gravity_found(step: Step, facts: Facts) -> Sequence[Step]:
    """Find the gravity, a person's reasoned statement; the ladder of S 13–15 reads it."""
    made, data = investigated(facts), step.fields
    found = Gravity(
        bool(data.get("light")), GRADES[str(data["harm"])], GRADES[str(data["influence"])]
    )
    line_rules.gravity_may(made, found, evidence_given(step))
    return ()
