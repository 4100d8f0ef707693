"""What the common layout says on papers of accountability."""

from __future__ import annotations

from dengwen.documents.layout_words import Wording

_FOUND = ("facts", "gravity", "responsibility", "kinds", "evidence", "reasons")
_ON = (
    "person",
    "measure",
    *_FOUND,
    "goal",
    "deadline",
    "period",
    "appeals",
    "appeal_route",
    "scope",
)
"""What a paper of a decision says, in this order, as far as its act has it."""
_OTHER = ("other_measure", "approved_by", *_FOUND, "other_reasons", "appeal_route")
"""What the paper of another measure (等) says."""

HELD_TO_ACCOUNT: dict[str, Wording] = {
    "D50": Wording("经核查，现将情况报告如下。", "The inquiry found what follows."),
    "self_criticism_order": Wording(
        "经研究，责令你单位就下列情况作出书面检查。",
        "You are ordered to hand in a self-criticism on what follows.",
        contents=_ON,
    ),
    "self_criticism": Wording(
        "按照责令，现提交书面检查。", "As ordered, the self-criticism is handed in."
    ),
    "organ_circular": Wording(
        "经研究，对下列情况予以通报批评。",
        "What follows is criticised by circular.",
        contents=_ON,
    ),
    "circular": Wording(
        "经研究，对下列情况予以通报。请按整改目标和期限整改。",
        "What follows is made known. Please rectify as set out below and by the date given.",
        contents=_ON,
    ),
    "correction": Wording(
        "原责任追究有误，现予纠正，并在不小于原来的范围内更正。",
        "The accountability was wrong. It is put right and said at least as widely as before.",
    ),
    "admonition_letter": Wording(
        "经研究，对你予以诫勉。请按整改目标和期限整改。",
        "You are admonished. Please rectify as set out below and by the date given.",
        contents=_ON,
    ),
    "admonition_record": Wording(
        "诫勉谈话的情况记录如下。",
        "The talk of the admonition is recorded below.",
        letter=False,
        table=True,
    ),
    "D54": Wording(
        "给予诫勉的同时，取消下列地区、部门、单位本年度综合性荣誉称号资格。",
        "Together with an admonition the comprehensive honours of this year are cancelled "
        "for those below.",
        contents=("area", "department", "unit", "year", "reasons"),
    ),
    "D55": Wording(
        "经研究，决定给予下列组织调整或者组织处理。",
        "The following organisational treatment is decided.",
        contents=_ON,
    ),
    "D56": Wording(
        "依照有关规定，决定给予下列处分。不服的，可以按下列途径和期限提出，期间不停止执行。",
        "The following sanction is decided. You may appeal as set out below; "
        "execution goes on meanwhile.",
        contents=_ON,
    ),
    "party_decision": Wording(
        "经研究，作出下列决定。不服的，可以按下列途径申诉，期间不停止执行。",
        "The following is decided. You may appeal as set out below; execution goes on meanwhile.",
        contents=_ON,
    ),
    "other_measure_decision": Wording(
        "经研究，作出下列决定，并经本机关另一名负责人批准。不服的，有申诉途径的可以按下列途径申诉，期间不停止执行。",
        "The following is decided, and approved by another head of this organ. Where a way to "
        "appeal is named you may take it; execution goes on meanwhile.",
        contents=_OTHER,
    ),
    "no_measure_decision": Wording(
        "经研究，决定不予追究责任。", "It is decided that no measure is taken."
    ),
    "rectification_report": Wording(
        "现将整改情况报告如下。", "The rectification is reported below."
    ),
    "rectification_acceptance": Wording(
        "整改情况经验收，目标达到。", "The rectification was examined; the goal is met."
    ),
    "rectification_refusal": Wording(
        "整改情况经验收，目标没有达到。", "The rectification was examined; the goal is not met."
    ),
    "D60": Wording(
        "现将下列情况移送你单位，请依法处理。",
        "What follows is handed over to you, to be dealt with by law.",
    ),
    "appeal": Wording(
        "不服下列决定和措施，现提出申诉。",
        "An appeal is made against the decision and measure below.",
    ),
    "appeal_decision": Wording(
        "申诉收悉，经审查，决定如下。", "The appeal was examined. It is decided as follows."
    ),
}
"""Papers of accountability, from the report of an inquiry to the decision on an appeal."""
