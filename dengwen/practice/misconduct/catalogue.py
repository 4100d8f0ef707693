"""Which misconduct can be ordered, how it can be done, and what looks like it and is none. Words
only.

Ids of kinds are shared with the finders; what a finder looks at is not known here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

CASE, PATTERN = "case", "pattern"
"""What a lead about it names: a case, or a unit over some days (a pattern of several cases)."""
Words = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of misconduct: its words, what a lead about it names, ways to do it, innocent
    look-alikes by reason.

    `size` is how many matters one pattern has unless the order says otherwise, `least` the fewest
    it may say.
    """

    zh: str
    en: str
    ways: Mapping[str, Words]
    innocent: Mapping[str, Words]
    match: str = CASE
    size: int = 0
    least: int = 0
    by_office: bool = False
    also: tuple[str, ...] = field(default=())


ILL: Words = (
    "承办人因病休假，代行已在名录登记，到期日在休假期内，回来即办",
    "on recorded leave with a substitute on the due day; done on return",
)
TYPED: Words = (
    "收到日期录错，两人共同签字更正",
    "the day of receipt was mistyped and corrected by two persons",
)
POWER: Words = (
    "停电，当日在纸上办理，来电后补录，有理由和纸质材料",
    "power cut: done on paper in time, entered later with reason and paper",
)
CALENDAR: Words = (
    "放假通知把到期日改为休息日，通知在次日才录入，逾期已被记下；次一工作日即办",
    (
        "a notice entered afterwards made the due day a rest day, a breach stands; "
        "done on the next working day"
    ),
)
MOVED: Words = (
    "不属职权，按期提出异议，经同意退回后按期转送",
    "objected in time as outside its powers, taken back and sent on in time",
)
LATE: Mapping[str, Words] = {"illness": ILL, "typing_error": TYPED, "power_cut": POWER}
"""What looks like a matter registered, sent on or accepted too late, and is none."""
EXTENDED: Words = ("负责人批准延期并告知信访人", "extended by the head, the petitioner told")

KINDS: Mapping[str, Kind] = {
    "not_registered": Kind(
        "未按期登记",
        "not registered in time",
        {
            "letter": (
                "信访部门收到来信，十五日以后才登记",
                "a petition department registers a letter after the fifteen days",
            ),
            "outside": (
                "热线转来有编号的件，十五日以后才登记",
                "a matter of the hotline, with its number, is registered after the fifteen days",
            ),
            "direct": (
                "有权机关直接收到，十五日以后才登记",
                "a competent organ registers what it received itself after the fifteen days",
            ),
        },
        {**LATE, "calendar": CALENDAR},
        by_office=True,
        also=("not_forwarded", "not_accepted"),
    ),
    "not_forwarded": Kind(
        "未按期转送、交办",
        "not forwarded in time",
        {
            "late": ("登记以后，十五日期满才转送", "registered, forwarded after the fifteen days"),
            "late_again": (
                "同意退回以后拖延，总计超过十五日才再转送",
                "taken back in time, sent on again after the fifteen days in all",
            ),
        },
        {**LATE, "lawful_transfer": MOVED, "calendar": CALENDAR},
        by_office=True,
    ),
    "not_accepted": Kind(
        "未按期告知受理",
        "acceptance not told in time",
        {
            "transferred": (
                "签收转送件，十五日期满才受理告知",
                "a matter sent on is accepted after the fifteen days",
            ),
            "direct": (
                "直接收到的件，登记后十五日期满才受理告知",
                "a matter received directly is accepted after the fifteen days",
            ),
        },
        {**LATE, "lawful_transfer": MOVED},
    ),
    "not_handled": Kind(
        "未按期办结",
        "not handled in time",
        {
            "settled_late": (
                "六十日期满才达成协议，其间已被督办",
                "settled after the sixty days; supervised meanwhile",
            ),
            "opinion_late": (
                "六十日期满才出具意见，其间已被督办",
                "the opinion is issued after the sixty days; supervised meanwhile",
            ),
        },
        {"extension": EXTENDED, "illness": ILL, "power_cut": POWER},
    ),
    "not_supervised": Kind(
        "应督办而未督办",
        "not supervised",
        {
            "never": (
                "有权机关六十日期满未办，信访部门始终没有督办、催办",
                "sixty days over, and the petition department never supervised",
            ),
            "late": ("期满后很久才督办", "supervised long after the sixty days"),
        },
        {
            "supervised": ("期满后三日内督办", "supervised within three days"),
            "reminded": ("期满后三日内催办", "reminded within three days"),
            "extension": EXTENDED,
        },
        by_office=True,
        also=("not_handled",),
    ),
    "not_executed": Kind(
        "支持的意见未执行",
        "a supporting opinion not executed",
        {
            "late": ("承诺日以后很久才提交执行证明", "proof long after the day promised"),
            "never": ("始终没有执行", "never executed"),
        },
        {
            "power_cut": POWER,
            "promise_moved": (
                "双方书面同意改期，到期前两人签字更正承诺日",
                "moved by written agreement before the day, corrected by two persons",
            ),
        },
    ),
    "no_risk_assessment": Kind(
        "未经风险评估的决策引起信访",
        "a decision without its risk assessment, then petitions",
        {
            "without": (
                "须评估而未评估即决策，随后有人来信，追溯到该决策",
                "decided without the assessment needed; petitions follow and are traced to it",
            )
        },
        {
            "not_needed": (
                "写明理由不须评估，决策后仍有来信",
                "no assessment needed, with reasons; petitions follow all the same",
            ),
            "assessed": (
                "评估风险可控后决策，仍有来信",
                "assessed as controllable before; petitions follow all the same",
            ),
            "adjusted": (
                "评估不可控，调整后再评估可控才决策",
                "uncontrollable, adjusted, assessed again, then decided",
            ),
        },
    ),
    "suggestion_unanswered": Kind(
        "三项建议长期不反馈",
        "a suggestion left unanswered",
        {
            "never": ("始终不反馈", "never answered"),
            "late": ("三个多月以后才反馈", "answered after more than three months"),
        },
        {
            "in_time": ("按期反馈采纳", "adopted and answered in time"),
            "refused": ("按期反馈不采纳并写明理由", "not adopted, answered in time with reasons"),
        },
    ),
    "report_late": Kind(
        "重大紧急信息迟报",
        "an urgent matter reported late",
        {
            "late": ("获悉后隔日以上才报告", "reported a day or more after it was known"),
            "never": ("获悉后始终不报告", "never reported"),
        },
        {
            "in_time": ("一小时内报告", "reported within the hour"),
            "phoned_first": (
                "当时电话报告，事后补录并附电话记录",
                "reported by telephone at once, entered later with the note of the call",
            ),
        },
    ),
    "measures_late": Kind(
        "事态升级后才采取措施",
        "measures only after the incident grew",
        {
            "after_growth": (
                "事态升级以后才采取措施",
                "the first measure after the trend was rising",
            ),
            "never": ("升级后仍不采取措施", "no measure even after it grew"),
        },
        {
            "before_growth": (
                "先采取措施，事态仍然升级，又加强措施",
                "measures first; it grew all the same, and more followed",
            ),
            "calmed": ("及时采取措施，事态平息", "measures in time; it calmed down"),
        },
    ),
    "shirking": Kind(
        "推诿",
        "shirking",
        {
            "refused_objections": (
                "一个单位一个月内几件异议都被认为不成立",
                "several objections of one unit within a month refused as unfounded",
            ),
            "round": ("同一件经几个单位相继推出", "the same matter goes round several organs"),
        },
        {
            "lawful_transfer": MOVED,
            "one_refused": (
                "只有一件异议未被同意，随即受理办理",
                "one objection, refused; accepted at once",
            ),
        },
        match=PATTERN,
        size=5,
        least=2,
    ),
    "rough_treatment": Kind(
        "对待信访人态度恶劣、作风粗暴",
        "rough treatment of petitioners",
        {
            "letters": (
                "两个月内几封信反映同一单位同一人",
                "several letters within two months about one person of one unit",
            ),
            "window": (
                "两个月内几人到窗口反映同一单位",
                "several people complain at the window about one unit",
            ),
            "ratings": (
                "两个月内几次评价说同一单位态度恶劣",
                "several ratings within two months say one unit was rude",
            ),
        },
        {
            "praise": ("感谢信", "a letter of thanks"),
            "refuted": ("有反映，经核实不属实", "a complaint, verified and refuted"),
        },
        match=PATTERN,
        size=4,
        least=2,
    ),
    "accused_told": Kind(
        "被检举单位的人看到检举",
        "the accused unit was shown or told",
        {
            "read": (
                "记明被检举单位以后，该单位的人打开了检举内容",
                "a member of the accused unit opened it after the unit was named",
            ),
        },
        {
            "entitled": (
                "有权办理的纪检监察人员、专办人员打开",
                "opened by discipline or sealed-desk staff",
            ),
            "named_later": (
                "打开在先，后来才知道检举的是该单位",
                "opened before anybody knew that the unit was meant",
            ),
        },
    ),
    "closed_never_contacted": Kind(
        "没有联系过信访人就办结",
        "closed without ever contacting the petitioner",
        {
            "rating": (
                "以支持办结，没有任何接谈记录，信访人评价说没有人联系过",
                "closed as supported, no contact on record, the rating says nobody made contact",
            )
        },
        {
            "contacted": (
                "有接谈记录，评价说没有人联系过",
                "contact on record, the rating says nobody made contact",
            ),
            "said_so": (
                "没有接谈记录，评价说联系过",
                "no contact on record, the rating says somebody did",
            ),
        },
    ),
    "late_entered": Kind(
        "成批事后补录",
        "many acts entered late",
        {
            "batch": (
                "一名承办人一个月内多次在期满后补录为期内",
                "one handler within a month claims many acts in time, entered after the due day",
            )
        },
        {
            "illness": ("一两件因病补录，有纸质材料", "one or two, for illness, with paper"),
            "power_cut": POWER,
        },
        match=PATTERN,
        size=7,
        least=3,
        also=("not_accepted",),
    ),
    "closing_burst": Kind(
        "突击办结",
        "a burst of closings",
        {
            "settled": (
                "一个单位在平常一日集中办结一批",
                "one unit closes a batch on an ordinary day",
            )
        },
        {
            "after_holiday": (
                "长假后头三个工作日集中办结",
                "closed on the first three working days after a long holiday",
            )
        },
        match=PATTERN,
        size=12,
        least=5,
    ),
    "visit_recoded": Kind(
        "集体访改记为个体访",
        "a group visit recoded",
        {
            "to_single": (
                "几日后把集体访更正为个体访，名单仍是多人",
                "days later corrected to a single visit; the list still has many",
            ),
            "fewer": (
                "几日后把人数更正为较少，名单仍是多人",
                "days later corrected to fewer persons; the list still has many",
            ),
        },
        {
            "typing_error": (
                "人数录错，当场两人更正，与名单一致",
                "mistyped, corrected by two persons at once, the list agrees",
            )
        },
    ),
    "forwarded_as_answer": Kind(
        "以“已转办”作为答复",
        "“forwarded” given as the answer",
        {
            "suggestion": (
                "答复建议意见时只说已转",
                "the reply to a suggestion says only that it was passed on",
            ),
            "opinion": ("处理意见只说已转", "the opinion says only that it was passed on"),
        },
        {
            "answered": ("转办并逐项答复", "passed on and answered"),
            "answered_opinion": (
                "意见书说明转办情况并答复",
                "the opinion says where it went and answers",
            ),
        },
    ),
    "network_satisfaction": Kind(
        "从被评价单位网络给自己“满意”",
        "“satisfied” given from the rated organ's network",
        {
            "own_network": (
                "满意评价来自被评价单位的网络",
                "a satisfied rating from the rated organ's network",
            )
        },
        {
            "elsewhere": ("满意评价来自别处", "satisfied, from elsewhere"),
            "dissatisfied": ("来自该网络但不满意", "from that network, but dissatisfied"),
        },
    ),
}
"""Every kind that can be ordered, by the id it shares with its finder."""
