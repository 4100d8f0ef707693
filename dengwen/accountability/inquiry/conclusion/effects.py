"""What ends an inquiry: conclusion, hand-over of a possible offence, proposal (S 12, 17).

A proposal opens the case of accountability at the organ with management authority; it is never a
measure.
"""

from __future__ import annotations

from collections.abc import Sequence

from dengwen.accountability.inquiry import rules
from dengwen.accountability.inquiry.conclusion.completeness import complete
from dengwen.accountability.inquiry.conclusion.proposal_check import found_so
from dengwen.accountability.inquiry.disclosure_to_person import sealed_words, sources_of
from dengwen.accountability.inquiry.hearing_effects import signs_themselves
from dengwen.accountability.inquiry.inquiry_before import (
    acting_official,
    investigated,
    row_id,
    rules_of_day,
)
from dengwen.accountability.inquiry.queries import Inquiry
from dengwen.accountability.inquiry.report import (
    letter_digest,
    proposal_text,
    report_digest,
    report_texts,
)
from dengwen.accountability.inquiry.responsibility import grounds_of, names_of
from dengwen.accountability.inquiry.rules import refused
from dengwen.accountability.measures.opening_effects import SUBJECTS
from dengwen.accountability.measures.refusals import in_words
from dengwen.accountability.measures.sanction_handover import SUPERVISORY, handed_by_inquiry
from dengwen.cases import rulebooks
from dengwen.law.duties.step import Facts, FieldValue, Step
from dengwen.law.liability.provisions import in_force
from dengwen.organs.models import Organ

ACCOUNT = "accountability"


def inquiry_concluded(step: Step, facts: Facts) -> Sequence[Step]:
    """Conclude only when all is found, everybody heard, each point answered; the report says what
    the acts say."""
    made = investigated(facts)
    liability, grounds = rules_of_day(made), grounds_of(made)
    complete(made, liability, grounds, str(step.fields["outcome"]), facts.day)
    composed = report_texts(made, liability, grounds, names_of(grounds, made.officials))
    for name, text in composed.items():
        if step.texts[name] != text:
            raise refused(
                "other-report",
                name,
                "报告的这一部分与已经认定、答复的不一致（文书 D50）",
                "this part of the report is not what the acts say (D50)",
                ("从核查页面作结论", "conclude from the page of the inquiry"),
            )
    _signed_by_another(made, step, facts)
    return ()


def _signed_by_another(made: Inquiry, step: Step, facts: Facts) -> None:
    """Refuse a conclusion that another investigator did not sign word for word (PSL 42)."""
    said, acting = report_digest(str(step.fields["outcome"]), step.texts), acting_official(facts)
    for told in made.signatures:
        who = int(told.data["investigator"])
        if who != acting and who in made.investigators and told.data["report"] == said:
            return
    raise refused(
        "one-signature",
        "findings",
        "结论要两名核查人员签名：另一名核查人员还没有签同样的报告（政务处分法第四十二条）",
        "two investigators sign: no other one signed this report word for word (PSL 42)",
        ("请另一名核查人员先签名", "let the other investigator sign first"),
    )


def report_signed(step: Step, facts: Facts) -> Sequence[Step]:
    """Take an investigator's signature under the report as the acts give it now, once all is
    found."""
    made = investigated(facts)
    in_words(step, "findings")
    liability, grounds = rules_of_day(made), grounds_of(made)
    outcome = str(step.fields["outcome"])
    complete(made, liability, grounds, outcome, facts.day)
    signs_themselves(step, facts)
    composed = report_texts(made, liability, grounds, names_of(grounds, made.officials))
    whole = {**composed, "findings": step.texts["findings"]}
    if step.fields["report"] != report_digest(outcome, whole):
        raise refused(
            "other-report",
            "report",
            "签的不是现在的报告（文书 D50）",
            "this is not the report as the acts give it now (D50)",
            ("从核查页面签名", "sign from the page of the inquiry"),
        )
    return ()


def sealed_over(step: Step, facts: Facts) -> Sequence[Step]:
    """Hand over what may be an offence, sealed; accountability goes on beside it (S 12 para. 2;
    case E27 by text)."""
    made = investigated(facts)
    to = Organ.objects.get(pk=row_id(step.fields["to"]))
    if step.fields["nature"] != "crime" and to.kind not in SUPERVISORY:
        raise refused(
            "wrong-body",
            "to",
            f"涉嫌违纪、职务违法犯罪的移送纪检监察机关，{to.name_zh}不是",
            "discipline and duty-related offences go to the discipline and supervisory organs",
            ("写有管辖权的纪检监察机关", "name the discipline or supervisory organ"),
            under="transfer_body",
        )
    return handed_by_inquiry(made, step, facts)


def measure_proposed(step: Step, facts: Facts) -> Sequence[Step]:
    """Open the case of accountability at the organ with management authority: a proposal, never a
    measure (S 17)."""
    made = investigated(facts)
    subject = _one_subject(step)
    if row_id(step.fields["to"]) == facts.organ:
        raise refused(
            "proposal-only",
            "to",
            "信访部门调查核实、提出建议，不作出追究决定",
            "a petition department investigates and proposes; it does not impose",
            ("写有管理权限的机关", "name the organ with management authority"),
            under="proposes_only",
        )
    found_so(made, step, subject, facts.day)
    # whom it concerns reads the proposal
    rules.no_identity(step.texts.values(), sealed_words(sources_of(made)))
    letter = _letter(made, step, subject, facts)
    if step.texts["proposal"] != letter:
        raise refused(
            "other-letter",
            "proposal",
            "建议书的内容与核查认定的不一致（文书 D33）",
            "the letter does not say what was found (D33)",
            ("从核查页面提出建议", "propose from the page of the inquiry"),
        )
    return [_proposal(step, facts, subject, letter)]


def _one_subject(step: Step) -> str:
    """Return the field that names the person or organ a proposal is about; it names one of both."""
    named = [name for name in SUBJECTS if name in step.fields]
    if len(named) != 1:
        raise refused(
            "one-subject",
            "subject_official",
            "一项建议只对一个人或者一个机关",
            "one proposal is about one person or one organ",
            ("填写其中一项", "name one of them"),
            under="measures",
        )
    return named[0]


def _letter(made: Inquiry, step: Step, subject: str, facts: Facts) -> str:
    """Return what the letter of proposal has to say by what was found (D33)."""
    today = in_force(rulebooks.library(), facts.day, made.place)
    asked = step.fields["measures"]
    measures = [str(measure) for measure in asked] if isinstance(asked, tuple) else []
    whom = {subject: row_id(step.fields[subject])}
    return proposal_text(made, rules_of_day(made), today, whom, measures)


def _proposal(step: Step, facts: Facts, subject: str, letter: str) -> Step:
    """Return the act by which the organ with management authority receives the proposal."""
    fields: dict[str, FieldValue] = {
        "inquiry": facts.case,
        "from_office": facts.organ or 0,
        subject: step.fields[subject],
        "letter": letter_digest(letter),
    }
    for name in ("situations", "gravity", "measures"):
        fields[name] = step.fields[name]
    return Step(
        act="receive_proposal",
        kind=ACCOUNT,
        organ=row_id(step.fields["to"]),
        fields=fields,
        texts={name: step.texts[name] for name in ("facts", "reasons")},
        links=(("concerns", facts.case),),
        occurred_at=step.occurred_at,
    )
