"""Words of documents: what the common layout says, whom a document addresses in English;
`headings` has the rest."""

from __future__ import annotations

from dataclasses import dataclass

from dengwen.documents.accountability_wordings import HELD_TO_ACCOUNT
from dengwen.documents.layout_words import Wording
from dengwen.documents.oversight_wordings import OVERSIGHT
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


_INCIDENT = ("happened", "scene", "crowd", "cause", "measures", "trend", "request")
"""What an urgent report says (list of documents, D26)."""


def _report(zh: str, en: str) -> Wording:
    opening = f"现将重大、紧急信访信息（登记编号{{case}}）{zh}如下。"
    return Wording(opening, f"Urgent petition information (number {{case}}) {en}.", _INCIDENT)


# By number in the list, or by the id of a rule where one number has several.
COMMON: dict[str, Wording] = {
    "D01": Wording(letter=False, table=True, declared=True),
    "D02": Wording(
        "您提出的信访事项已于{day}登记，登记编号为{case}。请妥善保存登记编号和登记时交给您的查询码。",
        "Your petition was registered on {day} under number {case}. "
        "Please keep this number and the query code "
        "that was handed to you at registration.",
        after_zh="凭登记编号和查询码，可以查询办理情况、接收告知并作出评价。查询码不印在本单上，请勿告诉他人。",
        after_en="With number and query code you can follow the handling, receive notices and "
        "evaluate it. The query code is not printed here; please do not pass it on.",
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
    "D61": ("to", "uphold_on", "lighten_on", "revoke_on", "decision", "measure", "instead"),
}
"""What a document may print beside what its rule needs and the common layout lists. Nothing else
ever reaches a page: a case knows names, notes and accusations that are not for every addressee."""

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


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided on the day of a document, and which contents say so."""

    zh: str
    en: str
    contents: tuple[str, ...]


_RETURN_IT = Decided(
    "同意你单位的异议，请将材料交还我单位。",
    "We agree; please return the material to us.",
    ("verified",),
)
DECIDED: dict[str, dict[str, Decided]] = {
    "D61": {
        "uphold_on": Decided(
            "维持原决定。", "The decision is upheld.", ("decision", "measure", "reasons")
        ),
        "lighten_on": Decided(
            "变更为较轻的措施。",
            "It is changed to a lighter measure.",
            ("decision", "measure", "instead", "reasons"),
        ),
        "revoke_on": Decided(
            "撤销下列措施。",
            "The measure below is revoked.",
            ("decision", "measure", "reasons"),
        ),
    },
    "D10": {
        "agree_return_on": _RETURN_IT,
        "agree_return_within_on": _RETURN_IT,
        "refuse_return_on": Decided(
            "不同意你单位的异议，该事项仍由你单位负责办理。",
            "We do not agree; the matter remains with you.",
            ("reasons",),
        ),
    },
}
"""What was decided on the day of the document, by the name of the act's day."""

PLAIN = Wording("事项编号：{case}。", "Number: {case}.")


def wording_of(rule: DocumentRule) -> Wording:
    """Return what the common layout says for a rule: its own words, else those of its number,
    else the plain ones."""
    return COMMON.get(rule.id) or COMMON.get(rule.number, PLAIN)


SIGNED_BY_PARTIES = frozenset({"D13", "D14"})
"""Documents of the common layout that the persons concerned sign."""

NAMED_ADDRESSEE = frozenset({"D03", "D04", "D24", "D25", "D30", "D31", "D33", "D36", "D60", "D61"})
"""Documents that go to the organ their act names as `to`."""

ADDRESSED = "addressed"
"""The name of the person a paper of accountability goes to, where its rule says no more than
that it is the person."""
THE_PERSON = ("本人", "申诉人", "被问责的党组织、党员领导干部", "被追究的机关、单位或者本人")
THE_ORGAN_ORDERED = "被责令的机关、单位"
"""The addressee that the act names as the organ ordered."""
THE_DECIDING_ORGAN = "作出决定的机关"
"""The addressee that holds the file the paper is written in."""
HOLDER = "holder_organ"
"""The organ that holds a file, by name."""
NAMED_BY = {THE_ORGAN_ORDERED: "rectifier", THE_DECIDING_ORGAN: HOLDER}
"""By which content a paper names its addressee, by the words of its rule."""

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
