"""What a period is counted from, in English; packs say it in the words of the text, which are
Chinese."""

from __future__ import annotations

STARTS = {
    "收到": "receipt",
    "受理": "acceptance",
    "受理之日": "the day of acceptance",
    "日历年": "the calendar year",
    "收到转送、交办的信访事项": "receipt of the matter forwarded or assigned",
    "收到处分决定": "receipt of the decision on the sanction",
    "诫勉": "the admonition",
    "知道或者应当知道行政行为": "the day the administrative act was or should have been known",
    "督办": "the supervision",
    "收到直接提出的信访事项": "receipt of a matter raised directly",
    "收到申请（条文未写起点，官方问答为收到）": (
        "receipt of the application (the text names no start; official answers say receipt)"
    ),
    "收到建议": "receipt of the suggestion",
    "收到复核请求": "receipt of the request for re-examination",
    "收到复查请求": "receipt of the request for review",
    "收到信访事项": "receipt of the petition matter",
    "收到书面答复": "receipt of the written reply",
    "收到书面复查答复": "receipt of the written reply on review",
    "接到申请": "receipt of the application",
    "作出决定": "the decision",
    "交办": "the assignment",
    "知道人事处理": "the day the personnel measure was known",
    "知悉": "the day it was known",
    "督办函、催办函": "the supervision letter or reminder",
    "督办函": "the supervision letter",
    "登记": "registration",
    "月": "the month",
    "收到问责决定": "receipt of the accountability decision",
    "收到督查结论": "receipt of the inspection conclusion",
    "收到申请（资料只写一个月内作出，没有写起点）": (
        "receipt of the application (the source says within a month and names no start)"
    ),
    "收到申请": "receipt of the application",
    "收到建议意见": "receipt of suggestions and opinions",
    "收到复核决定": "receipt of the decision on reconsideration",
    "收到复审决定": "receipt of the decision on review",
    "接到问责决定": "receipt of the accountability decision",
    "接到报告": "receipt of the report",
    "接到复核决定": "receipt of the decision on reconsideration",
    "季度": "the quarter",
    "周期": "the cycle",
    "发生": "the occurrence",
    "办结": "conclusion",
    "依该途径": "as that path says",
    "作出问责决定": "the accountability decision",
    "作出措施": "the measure",
}
"""English words for every start a pack names (a test compares)."""


def start_in_english(start: str) -> str:
    """Return the start of a period in English; its own words where none are known yet, never
    nothing."""
    return STARTS.get(start, start) if start else "the event"
