"""The closed vocabulary of accountability: conducts, result elements, consequences, measures'
kinds, capacities.

A pack may use these words and no others (as in `words`); each is an assertion that somebody must
show with evidence.
"""

from __future__ import annotations

CONDUCTS = {
    "wrong_decision": ("决策失误", "wrong decision"),
    "dereliction": ("工作失职", "dereliction"),
    "no_risk_assessment": (
        "没有按规定进行社会稳定风险评估",
        "prescribed stability-risk assessment not carried out",
    ),
    "not_registered": ("没有按规定登记", "not registered as prescribed"),
    "not_accepted": ("没有按规定受理", "not accepted as prescribed"),
    "not_assigned": ("没有按规定交办", "not assigned as prescribed"),
    "not_forwarded": ("没有按规定转送", "not forwarded as prescribed"),
    "not_handled": ("没有按规定办理", "not handled as prescribed"),
    "not_supervised": ("没有按规定督办", "not supervised as prescribed"),
    "not_told_acceptance": ("没有按期告知是否受理", "not told in time whether accepted"),
    "supported_claim_refused": (
        "应当支持的请求没有支持",
        "a claim that should be supported was not",
    ),
    "opinion_not_executed": ("不执行信访处理意见", "handling opinion not executed"),
    "shirking": ("消极应付、推诿", "passive coping or shirking"),
    "rough_treatment": ("态度恶劣、作风粗暴", "bad attitude, rough treatment"),
    "collective_visit_mishandled": ("集体访处置不力", "collective visit handled poorly"),
    "large_collective_visit_mishandled": (
        "规模性集体访处置不力",
        "large-scale collective visit handled poorly",
    ),
    "opinion_mishandled": ("负面舆情处置不力", "negative opinion handled poorly"),
    "extreme_act_mishandled": (
        "个人极端事件处置不力",
        "extreme act of an individual handled poorly",
    ),
    "suggestion_ignored": (
        "对改进工作、完善政策的建议重视不够、落实不力",
        "suggestions to improve work or complete policy not taken seriously or poorly implemented",
    ),
    "sanction_suggestion_ignored": (
        "对给予处分的建议重视不够、落实不力",
        "suggestion to give sanctions not taken seriously or poorly implemented",
    ),
    "fraud": ("弄虚作假、欺上瞒下", "fraud, deceiving above and below"),
    "concealment": (
        "隐瞒、谎报、缓报重大紧急事项或者信息",
        "major urgent matters or information hidden, misreported, delayed",
    ),
    "concealment_directed": (
        "授意他人隐瞒、谎报、缓报",
        "others directed to hide, misreport or delay",
    ),
    "no_measures_in_time": ("没有依法及时采取必要措施", "necessary measures not taken in time"),
    "leak": (
        "把检举控告材料或者情况透露、转给被检举控告的人或者单位",
        "accusation material or facts passed to the accused",
    ),
    "retaliation": ("打击报复信访人", "retaliation against the petitioner"),
    "extortion": ("吃拿卡要、谋取私利", "extortion, private gain"),
    "excess_of_power": ("超越或者滥用职权", "excess or abuse of power"),
    "omission": ("应当作为而不作为", "omission where action was owed"),
    "wrong_law": ("适用法律错误或者违反法定程序", "wrong law or breach of procedure"),
    "poor_performance": (
        "履行信访工作职责不力、存在严重问题",
        "duties performed poorly, serious problems",
    ),
    "other_dereliction": (
        "其他应当追究责任的失职失责情形",
        "other dereliction for which responsibility should be pursued",
    ),
}
"""What somebody did or failed to do."""

ELEMENTS = {
    "claim_due": (
        "诉求合理合法、应当解决",
        "the claim was reasonable, lawful and should have been solved",
    ),
    "interests_harmed": ("群众利益受到损害", "interests of the masses harmed"),
    "rights_harmed": ("侵害合法权益", "lawful rights infringed"),
    "rights_seriously_harmed": (
        "严重损害信访人合法权益",
        "lawful rights of petitioners seriously harmed",
    ),
    "petition_problem": ("导致信访问题、信访事项发生", "a petition problem arose from it"),
    "relations_harmed": ("损害党群干群关系", "relations between Party, cadres and masses harmed"),
    "escalated": ("导致事态扩大", "the situation escalated"),
    "bad_influence": ("造成不良影响", "bad influence"),
    "unsolved_long": ("问题长期得不到解决", "the problem stayed unsolved for a long time"),
    "retaliation_happened": (
        "信访人遭受打击报复或者陷害",
        "the petitioner suffered retaliation, revenge or framing",
    ),
    "serious_consequences": ("造成严重后果", "serious consequences"),
}
"""What must have come of it; each is shown separately, with evidence."""

IMPLIES = {"rights_seriously_harmed": "rights_harmed"}
"""An element that is shown shows this one too."""

CONSEQUENCES = {
    "ladder": ("按情节依第十二条至第十六条追究", "pursued by gravity under articles 12 to 16"),
    "correction": ("由上级机关责令改正", "the superior organ orders correction"),
    "persons": (
        "对直接负责的主管人员和其他直接责任人员依规依纪依法严肃处理",
        "persons directly in charge and other directly responsible persons are dealt with strictly",
    ),
    "crime": ("构成犯罪的，依法追究刑事责任", "criminal liability where it is a crime"),
    "conference": (
        "信访工作联席会议约谈、通报、挂牌督办、责令限期整改",
        "talk, circular, listed supervision or ordered rectification by the joint conference",
    ),
}
"""What the text says follows."""

WHO = ("any", "petition_department", "competent_organ", "leading_body")
"""Whose conduct a trigger is about; `leading_body` a leading body or leading cadre."""

MEASURE_KINDS = {
    "supervision": ("督促", "supervision"),
    "organ": ("对机关的责任追究", "accountability of an organ"),
    "accountability": ("问责", "accountability"),
    "admonition": ("诫勉", "admonition"),
    "organisational": ("组织调整或者组织处理", "organisational adjustment or treatment"),
    "party": ("党纪处分", "party sanction"),
    "government": ("政务处分", "sanction by a supervisory organ"),
    "unit": ("处分（任免机关）", "sanction by the appointing organ"),
}
"""Legal kinds of measures; they differ in who decides, how long they work and where one appeals."""

GROUNDS = ("collective", "individual")
"""On what somebody answers: a decision taken together, or what one person did."""

PARTS = (
    "head",
    "in_charge",
    "took_part",
    "stood_apart",
    "doer",
    "leader",
    "obeyed",
    "ordered",
    "obeyed_illegal",
)
"""In which part somebody answers: principal head, leader directly in charge, other member who took
part or stood apart; who did it, the leaders over them; who obeyed an order after objecting, the
superior who insisted on it, who obeyed an obviously illegal one."""

RESPONSIBILITIES: dict[str, tuple[str, str]] = {
    "main": ("主要领导责任", "main leadership responsibility"),
    "important": ("重要领导责任", "important leadership responsibility"),
    "leadership": ("领导责任", "leadership responsibility"),
    "direct": ("直接责任", "direct responsibility"),
    "superior": ("由上级承担的责任", "answers as the superior who insisted on the order"),
    "none": ("不承担责任", "no responsibility"),
}
"""What somebody can bear."""

STANCES = ("for", "objected", "reserved", "different", "abstained", "silent")
"""How somebody stood in a decision: for it; clearly against; with a reservation; of a different
opinion; abstained; silent. An abstention is none of the others."""

DISSENT_EFFECTS = ("frees", "may", "by_rules", "none", "gap")
"""What dissent gives: no leadership responsibility; exemption at discretion; less by rules;
nothing under any standard; a gap in the record to be verified."""

WEIGHED = ("frees", "weigh")
"""What diligence or absence gives: it frees, or somebody weighs it with reasons."""

DILIGENCE_TESTS = ("done_in_time", "procedure_sound", "nothing_concealed", "cause_elsewhere")
"""Items of which a test of diligence is made, by their names in the file."""

BETWEEN = ("any", "one")
"""What a finding between two classes must have to reach a rung with reasons: anything, or at least
one of both adjectives."""

LAST_DAYS = ("day_before", "corresponding")
"""The two conventions for the last day of a period of months."""

SANCTIONS = ("warning", "demerit", "major_demerit", "grade_down", "removal", "dismissal")
"""The six sanctions as they are called in every system of them."""

ORGAN_GROUPS = (
    "party",
    "congress",
    "government",
    "department",
    "cppcc",
    "supervisory",
    "court",
    "procuratorate",
    "dispatched",
    "direct_institution",
    "other_institution",
    "mass",
    "enterprise",
    "conference",
    "unlisted",
)
"""The groups by which articles on scope speak of organs; every kind of the registry is in one."""

ORGAN_WORDS = (*ORGAN_GROUPS, "discipline", "joint_conference")
"""What a rule on authority may name: groups, and the kinds that are more than their group."""

PETITIONERS = ("citizen", "foreigner")
"""Petitioners, as articles on scope speak of them: at home, and from abroad."""

LEVELS = ("national", "province", "prefecture", "county", "township", "village")
"""Levels of organs, as the registry has them."""

DEGREES = ("direct", "applies", "by_reference", "none")
"""How an instrument binds an organ."""

ON = ("organ", "person")
DECIDERS = (
    "manager",
    "party",
    "constitution",
    "supervisory",
    "appointing",
    "superior",
    "joint_conference",
)
"""Who decides a measure: the organ with management authority, a party organisation by its rules
or by the procedure of the party constitution, the supervisory organ, the appointing organ or unit,
the superior organ, the joint conference."""

GRAVITIES = ("light", "serious", "especially_serious")
"""The three classes the ladder names; anything between them is for a reasoned decision of a
person."""

HONOURS = ("area", "department", "unit")
"""Whose comprehensive honours a rung can cancel, by the names they have in a decision."""

COMES_WITH = ("rectification", "honours")
"""What a rung brings along: a date by which to rectify; the honours of the year."""

STATUSES = ("civil_servant", "soe_manager", "institution_staff", "other_official")
"""What a person is employed as, for the ways to appeal."""
