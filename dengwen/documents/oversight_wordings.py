"""What the common layout says on papers of supervision, the three suggestions, the joint conference
and the annual report."""

from __future__ import annotations

from dengwen.documents.layout_words import Wording

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
        "{under}现将责任追究情况通报你们。请签收；作为绩效考评、奖惩、选拔任用的重要依据使用的，请记录使用情况。"
        "影响期满的不再使用。",
        "This notifies you of an accountability result{under}. "
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
