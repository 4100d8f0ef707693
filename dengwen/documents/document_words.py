"""Words of documents: what the common layout says, whom a document addresses in English;
`headings` has the rest."""

from __future__ import annotations

from dataclasses import dataclass

from dengwen.law.packs.rules import DocumentRule

CODED: dict[str, dict[str, tuple[str, str]]] = {
    "class": {
        "suggestion": ("建议意见", "suggestion"),
        "accusation": ("检举控告", "accusation"),
        "claim": ("申诉求决", "claim"),
    },
    "outcome": {
        "support": ("予以支持", "supported"),
        "explain": ("作出解释", "explained"),
        "not_support": ("不予支持", "not supported"),
        "uphold": ("维持", "upheld"),
        "revoke": ("撤销", "revoked"),
        "change": ("变更", "changed"),
        "order_anew": ("责令重新办理", "new handling ordered"),
    },
}
"""Facts of the case that reach a document as codes, as people read them (R22 art. 32(1) and
practice)."""


@dataclass(frozen=True, slots=True)
class Wording:
    """What the common layout says: a sentence before, which contents in which order, a sentence
    after.

    Sentences may hold {case}, {day} and {organ}. `letter` is False for forms that are kept in the
    file; `table` prints
    the contents as rows.
    """

    zh: str = ""
    en: str = ""
    contents: tuple[str, ...] = ()
    after_zh: str = ""
    after_en: str = ""
    letter: bool = True
    table: bool = False


OVERSIGHT: dict[str, Wording] = {
    "supervision_letter": Wording(
        "你单位办理的有关事项，经我单位核查，存在下列情形，现予督办。请于回复日期前书面回复办理情况。",
        "On checking the handling of a matter by you we found what follows and order supervision. "
        "Please reply in writing by the date below.",
        ("defect_ground", "defect", "demand", "reply_by", "to_leader"),
        "回复日期由本函指定。本函不涉及检举控告内容。",
        "The date is set by this letter. No accusation is dealt with here.",
    ),
    "reminder_letter": Wording(
        "你单位办理的有关事项，请抓紧办理，并于回复日期前书面回复。",
        "Please press on with the matter below and reply in writing by the date given.",
        ("defect", "demand", "reply_by", "to_leader"),
    ),
    "urging_letter": Wording(
        "你单位办理的有关事项，现由系统上级督促。请依法、及时、就地解决，并于回复日期前书面回复。",
        "The office above you in the system urges you to solve the matter below lawfully, "
        "promptly and on the spot. "
        "Please reply in writing by the date given.",
        ("defect", "demand", "reply_by", "to_leader"),
    ),
    "inspection_plan": Wording(
        "现将督查方案告知如下。样本由本方案的摘要、方案之后第一个检查点和交存的秘密数算出，任何人都可以重抽。",
        "The plan of the inspection follows. The sample is drawn from the digest of this "
        "plan, the first checkpoint "
        "after it and the secret deposited; anybody can draw it again.",
        ("scope", "checklist", "population", "sample", "open_by"),
    ),
    "inspection_conclusion": Wording(
        "督查已经结束，现将结论告知如下。",
        "The inspection has ended. Its conclusion follows.",
        ("type", "findings", "draws"),
    ),
    "inspection_circular": Wording(
        "现将督查情况在下列范围内通报。",
        "What the inspection found is circulated within the scope below.",
        ("type", "circular_scope", "scope_text", "findings", "draws"),
    ),
    "government_conclusion": Wording(
        "政府督查已经结束，现将结论反馈如下。",
        "The government inspection has ended. Its conclusion is given below.",
        ("to", "findings", "limits"),
    ),
    "D31": Wording(
        "现就改进工作提出如下建议，请研究，并书面反馈采纳情况；不采纳或者部分采纳的，请说明理由。",
        "We suggest the following improvement. Please study it and answer in writing whether it is "
        "adopted, with reasons "
        "where it is not or only in part.",
        ("problem", "root_cause", "proposal"),
    ),
    "D32": Wording(
        "工作中发现下列政策性问题，现报告，并提出完善政策、解决问题的建议。",
        "We report a problem of policy found in our work and suggest how to complete the policy.",
        ("government", "policy_problem", "policy_evidence", "proposal"),
    ),
    "D33": Wording(
        "经核实，下列情形造成严重后果。现提出追究责任的建议，请依照管理权限研究决定，并书面反馈。",
        "The following was verified and had grave consequences. We suggest that responsibility be "
        "pursued; the decision "
        "is yours. Please answer in writing.",
        ("conduct", "verified_facts", "responsible", "consequence", "clause", "proposed_kind"),
    ),
    "D34": Wording(
        "你单位所提建议收悉，经研究，现将采纳情况反馈如下。",
        "Your suggestion was studied. Our answer follows.",
        ("adopted", "reasons"),
    ),
    "talk_record": Wording(
        "信访工作联席会议就履职不力、存在严重问题进行约谈，记录如下。",
        "The joint conference held a talk on poor performance with serious problems. "
        "The record follows.",
        ("held_on", "problem", "talk_record"),
    ),
    "conference_circular": Wording(
        "现就履职不力、存在严重问题的情况通报如下。",
        "Poor performance with serious problems is made known as follows.",
        ("problem", "scope"),
    ),
    "listed_notice": Wording(
        "经信访工作联席会议决定，对下列问题挂牌督办。",
        "The joint conference puts the problem below under listed supervision.",
        ("problem", "demand", "rectify_by"),
    ),
    "rectification_order": Wording(
        "经信访工作联席会议决定，责令限期整改。",
        "The joint conference orders rectification by the date below.",
        ("problem", "demand", "rectify_by"),
    ),
    "D37": Wording(
        "现将考核结果在下列范围内通报。结果由冻结的事实和已审定的方案算出，凭考核清单可以在别处复算。",
        "The result of the assessment is circulated within the scope below. "
        "It was computed from frozen facts and an "
        "approved scheme, and can be computed again elsewhere from the manifest.",
        (
            "subject",
            "first",
            "last",
            "approved_after",
            "circular_scope",
            "scope_text",
            "result",
            "manifest",
        ),
    ),
    "D38": Wording(
        "根据你单位的征求意见，现将考察对象履行信访工作职责的情况告知如下。期满的措施不列。",
        "As you asked, this is how the cadre concerned performed petition duties. "
        "Expired measures are left out.",
        ("cadre", "first", "last", "performance", "in_force", "exempted"),
    ),
    "D58": Wording(
        "根据细则第十八条，现将责任追究情况通报你们。请签收；作为绩效考评、奖惩、选拔任用的重要依据使用的，请记录使用情况。"
        "影响期满的不再使用。",
        "This notifies you of an accountability result (S 18). "
        "Please sign for it, and record how it was used as an "
        "important basis for rating, rewards and appointment. "
        "It is not used after the influence period.",
        ("organisation", "personnel", "concerned", "facts", "measures_said", "decided"),
    ),
    "D39": Wording(
        "现将本年度信访情况报告如下。报告中的数字取自存证的同一位置，可以复核。",
        "The annual petition report follows. All figures were taken at one position of the ledger "
        "and can be recounted.",
        ("year", "position", "part_data", "part_handling", "part_suggestions", "part_other"),
    ),
}
"""Papers of supervision, the three suggestions, the joint conference and the annual report."""
HELD_TO_ACCOUNT: dict[str, Wording] = {
    "D50": Wording("经核查，现将情况报告如下。", "The inquiry found what follows."),
    "self_criticism_order": Wording(
        "经研究，责令你单位就下列情况作出书面检查。",
        "You are ordered to hand in a self-criticism on what follows.",
    ),
    "self_criticism": Wording(
        "按照责令，现提交书面检查。", "As ordered, the self-criticism is handed in."
    ),
    "organ_circular": Wording(
        "经研究，对下列情况予以通报批评。", "What follows is criticised by circular."
    ),
    "circular": Wording(
        "经研究，对下列情况予以通报。请按整改目标和期限整改。",
        "What follows is made known. Please rectify as set out below and by the date given.",
    ),
    "correction": Wording(
        "原责任追究有误，现予纠正，并在不小于原来的范围内更正。",
        "The accountability was wrong. It is put right and said at least as widely as before.",
    ),
    "admonition_letter": Wording(
        "经研究，对你予以诫勉。请按整改目标和期限整改。",
        "You are admonished. Please rectify as set out below and by the date given.",
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
    ),
    "D55": Wording(
        "经研究，决定给予下列组织调整或者组织处理。",
        "The following organisational treatment is decided.",
    ),
    "D56": Wording(
        "依照有关规定，决定给予下列处分。不服的，可以按下列途径和期限提出，期间不停止执行。",
        "The following sanction is decided. You may appeal as set out below; "
        "execution goes on meanwhile.",
    ),
    "party_decision": Wording(
        "经研究，作出下列决定。不服的，可以按下列途径申诉，期间不停止执行。",
        "The following is decided. You may appeal as set out below; execution goes on meanwhile.",
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
_INCIDENT = ("happened", "scene", "crowd", "cause", "measures", "trend", "request")
"""What an urgent report says (list of documents, D26)."""


def _report(zh: str, en: str) -> Wording:
    opening = f"现将重大、紧急信访信息（登记编号{{case}}）{zh}如下。"
    return Wording(opening, f"Urgent petition information (number {{case}}) {en}.", _INCIDENT)


COMMON: dict[
    str, Wording
] = {  # by number in the list, or by the id of a rule where one number has several
    "D01": Wording(
        contents=(
            "channel",
            "received_on",
            "petitioner",
            "address",
            "phone",
            "persons",
            "visit_kind",
            "place",
            "category",
            "subject",
            "content",
            "history",
            "no_content",
        ),
        letter=False,
        table=True,
    ),
    "D02": Wording(
        "您提出的信访事项已于{day}登记，登记编号为{case}。请妥善保存登记编号和登记时交给您的查询码。",
        "Your petition was registered on {day} under number {case}. "
        "Please keep this number and the query code "
        "that was handed to you at registration.",
        after_zh="凭登记编号和查询码，可以查询办理情况、接收告知并作出评价。查询码不印在本单上，请勿告诉他人。",
        after_en="With number and query code you can follow the handling, receive notices and evaluate it. "
        "The query code is not printed here; please do not pass it on.",
    ),
    "D05": Wording(
        "收到信访事项（登记编号{case}），情况重大、紧急，现将有关情况和建议报告如下，请决定。",
        "A petition (number {case}) concerns a major or urgent matter. "
        "Facts and proposal follow for decision.",
        ("facts_risk", "proposal"),
    ),
    "D07": Wording(
        "您提出的信访事项（登记编号{case}）已于{day}转送、交办给下列机关、单位处理，现将去向告知您。",
        "Your petition (number {case}) was sent on {day} to the organ named below for handling.",
        ("to", "deadline"),
    ),
    "competent_notice": Wording(
        "您提出的信访事项（登记编号{case}）不属于本机关、单位以及本系统的职权范围，请向下列有权处理的机关、单位提出。",
        "Your petition (number {case}) is outside the powers of this organ and its system. "
        "Please address the organ below.",
        ("organ", "procedure"),
    ),
    "D08": Wording(
        "您提出的信访事项（登记编号{case}），依法应当通过下列途径解决，现告知您。",
        "Your petition (number {case}) is to be resolved by law along the path below.",
        ("organ", "procedure", "limits"),
        "请留意该途径自身的申请期限；提出信访不中止其他法定期限。",
        "Please mind the time limits of that procedure; "
        "a petition does not stop other statutory periods.",
    ),
    "D10": Wording(
        "对信访事项（登记编号{case}）的转送、交办所提异议收悉，经核实，答复如下。",
        "Your objection to receiving petition {case} has been verified. The answer follows.",
        ("verified", "reasons"),
    ),
    "D13": Wording(
        "信访事项（登记编号{case}）的听证情况如下。",
        "The hearing on petition {case} is recorded below.",
        ("first", "last", "place_host", "rights", "minutes"),
        "工作人员与信访事项或者信访人有直接利害关系的，应当回避（{recusal}）。笔录由参加人签名。",
        "Staff with a direct interest in the matter or the petitioner must recuse ({recusal}). "
        "Those taking part sign the minutes.",
        letter=False,
        table=True,
    ),
    "D14": Wording(
        "就信访事项（登记编号{case}），争议双方当事人自愿达成如下协议。",
        "On petition {case} the parties to the dispute agree of their own will as follows.",
        ("parties_text", "terms"),
        letter=False,
    ),
    "D17": Wording(
        "你单位交办的信访事项（登记编号{case}）已经办结，现将办理结果报告如下。",
        "The petition you assigned (number {case}) has been completed. The result follows.",
        ("report", "attached", "attitude"),
    ),
    "D18": Wording(
        "信访事项（登记编号{case}）的处理意见应当执行，现将执行事项列明如下。",
        "The opinion on petition {case} is to be carried out as set out below.",
        ("request", "unit", "execute_by", "what", "proof"),
        letter=False,
        table=True,
    ),
    "D23": Wording(
        "您提出的建议、意见（登记编号{case}）已经研究，现答复如下。",
        "Your suggestion (number {case}) has been studied. The reply follows.",
        ("adopted", "reply"),
        "感谢您对工作的关心和支持。",
        "Thank you for your interest and support.",
    ),
    "D25": Wording(
        "现将涉及干部的信访情况（登记编号{case}）通报如下。",
        "A petition concerning cadres (number {case}) is notified below.",
        ("major", "facts"),
    ),
    "D26": Wording(
        "现将重大、紧急信访信息（登记编号{case}）报告如下。",
        "Urgent petition information (number {case}) is reported below.",
        ("facts", "measures"),
    ),
    **dict.fromkeys(
        ("report_own", "report_higher", "report_national"), _report("报告", "is reported below")
    ),
    **dict.fromkeys(
        ("notice_department", "notice_conference"), _report("通报", "is notified below")
    ),
}
COMMON |= OVERSIGHT | HELD_TO_ACCOUNT
SERVED_BY = "served_by"
"""Who is served in the petitioner's place: agent, guardian or heir, in words."""
TO_PETITIONER = "信访人"
OPTIONAL: dict[str, tuple[str, ...]] = {
    "D02": ("petitioner",),
    "D03": ("to", "received_on", "subject", "title", "proposal", "note", "materials"),
    "D04": ("to", "received_on", "subject", "title", "proposal", "note", "materials", "deadline"),
    "D06": (
        "petitioner",
        "received_on",
        "accept_on",
        "handle_due",
        "class",
        "path",
        "procedure",
        "contact",
    ),
    "D07": ("petitioner",),
    "D08": ("petitioner",),
    "D09": ("reasons", "proposed", "materials"),
    "D10": ("agree_return_on", "agree_return_within_on", "refuse_return_on"),
    "D11": ("petitioner", "ground", "reasons", "where_to_go"),
    "D12": ("petitioner", "recheck_no", "recheck_date", "reasons"),
    "D15": ("petitioner", "accept_on", "extend_on", "handle_due", "days", "reason"),
    "D16": (
        "petitioner",
        "accept_on",
        "review_organ",
        "claim",
        "facts_reasons",
        "opinion",
        "legal_basis",
        "assigned_by",
    ),
    "D17": ("assigned_by",),
    "D19": ("petitioner", SERVED_BY, "served", "serve_on", "way", "proof", "witness"),
    "D20": ("petitioner", "organ", "attached", "request", "reasons"),
    "D21": (
        "petitioner",
        "request",
        "findings",
        "outcome",
        "opinion",
        "legal_basis",
        "anew_by",
        "recheck_organ",
    ),
    "D22": ("petitioner", "request", "findings", "outcome", "opinion", "legal_basis", "anew_by"),
    "D23": ("petitioner",),
    "D24": ("to", "materials"),
    "D30": ("to", "to_leader"),
    "D31": ("to", "root_cause"),
    "D33": ("to", "conduct", "proposed_kind"),
    "D34": ("reasons",),
    "D36": ("to",),
    "D37": ("subject", "manifest"),
    "D38": ("exempted",),
    "D39": ("part_other",),
    "D61": ("uphold_on", "lighten_on", "revoke_on", "decision", "measure", "instead"),
}
"""What a document may print beside what its rule needs and the common layout lists. Nothing else
ever reaches a
page: a case knows names, notes and accusations that are not for every addressee."""

UNSAID: dict[str, dict[str, tuple[str, str]]] = {
    "D06": {
        "contact": (
            "没有另行填写，以本机关、单位公布的联系方式为准",
            "not stated here: as this organ has published it",
        )
    },
    "D09": {"proposed": ("没有提出", "none")},
    "competent_notice": {
        "procedure": (
            "由该机关、单位依其程序和期限处理",
            "as that organ's own procedure and periods determine",
        ),
    },
    "path_notice": {"organ": ("依该程序的规定确定", "as the rules of that procedure determine")},
    "D13": {
        "rights": (
            "本单没有列举：全国规定没有列举听证参加人的权利，依地方规定",
            "not listed here: the national text lists none, local rules do",
        ),
        "minutes": ("听证结束后形成，附卷", "made at the end of the hearing and kept in the file"),
    },
    "D17": {
        "attached": (
            "没有附：本件没有在系统内出具意见书",
            "none: no opinion was issued here in this matter",
        ),
        "attitude": ("没有填写", "not stated"),
    },
    "D18": {
        "unit": ("办理机关、单位", "the handling organ"),
        "proof": ("尚未提交", "not yet given"),
    },
    "D19": {"witness": ("见下方签名", "see the signature below")},
}
"""What a paper says where a content the list of documents asks for was not given, by number or
id of the rule."""

DECIDED: dict[str, dict[str, tuple[str, ...]]] = {
    "D61": {
        "uphold_on": ("维持原决定。", "The decision is upheld.", "decision", "measure", "reasons"),
        "lighten_on": (
            "变更为较轻的措施。",
            "It is changed to a lighter measure.",
            "decision",
            "measure",
            "instead",
            "reasons",
        ),
        "revoke_on": (
            "撤销下列措施。",
            "The measure below is revoked.",
            "decision",
            "measure",
            "reasons",
        ),
    },
    "D10": {
        "agree_return_on": (
            "同意你单位的异议，请将材料交还我单位。",
            "We agree; please return the material to us.",
            "verified",
        ),
        "agree_return_within_on": (
            "同意你单位的异议，请将材料交还我单位。",
            "We agree; please return the material to us.",
            "verified",
        ),
        "refuse_return_on": (
            "不同意你单位的异议，该事项仍由你单位负责办理。",
            "We do not agree; the matter remains with you.",
            "reasons",
        ),
    },
}
"""What was decided on the day of the document, by the name of the act's day: sentence, and its
contents."""

PLAIN = Wording("事项编号：{case}。", "Number: {case}.")


def wording_of(rule: DocumentRule) -> Wording:
    """Return what the common layout says for a rule: its own words, else those of its number,
    else the plain ones."""
    return COMMON.get(rule.id) or COMMON.get(rule.number, PLAIN)


SIGNED_BY_PARTIES = frozenset({"D13", "D14"})
"""Documents of the common layout that the persons concerned sign."""

NAMED_ADDRESSEE = frozenset({"D03", "D04", "D24", "D25", "D30", "D31", "D33", "D36", "D60"})
"""Documents that go to the organ their act names as `to`."""

ADDRESSED = "addressed"
"""The name of the person a paper of accountability goes to, where its rule says no more than
that it is the person."""
THE_PERSON = ("本人", "申诉人", "被问责的党组织、党员领导干部")

TO_EN: dict[str, str] = {
    "D01": "file",
    "D02": "the petitioner",
    "D03": "the competent organ",
    "D04": "the competent organ",
    "D05": "the Party committee and government",
    "D06": "the petitioner",
    "D07": "the petitioner",
    "D08": "the petitioner",
    "D09": "the sender",
    "D10": "the organ that objected",
    "D11": "the petitioner",
    "D12": "the petitioner",
    "D13": "those taking part in the hearing",
    "D14": "both parties",
    "D15": "the petitioner",
    "D16": "the petitioner",
    "D17": "the assigning department",
    "D18": "the executing unit",
    "D19": "file",
    "D20": "the next higher organ",
    "D21": "the petitioner",
    "D22": "the petitioner",
    "D23": "the petitioner",
    "D24": "the organ competent for the person or unit",
    "D25": "the organisation department",
    "D26": "the Party committee and government; the next higher petition department",
    "D30": "the organ supervised",
    "D31": "the organ concerned",
    "D32": "the Party committee; the government",
    "D33": "the organ with management authority",
    "D34": "the petition department",
    "D36": "the organ concerned",
    "D37": "the organs within the scope of the circular",
    "D38": "the organisation or personnel department",
    "D39": "the Party committee; the government; the next higher petition department",
    "D58": "the organisation department and the personnel department",
}
"""Addressees in English; packs name them in Chinese."""

LISTED_AS: dict[str, tuple[str, str]] = {"D24": ("密封转送函", "sealed letter of transfer")}
"""Names for lists and for the outside, where the name of the document would give its content
away."""
