"""Facts of an assessment in words: their outcomes and how they came in, as people say them in
both languages."""

from __future__ import annotations

from collections.abc import Mapping

_TIMELY = {
    "in_time": ("按期", "in time"),
    "late": ("逾期完成", "done late"),
    "missed": ("逾期未完成", "overdue, not done"),
    "done": ("已执行", "carried out"),
}
_OPEN = ("尚未了结", "open")
_OWN: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "objection": {
        "upheld": ("异议成立", "objection upheld"),
        "refused": ("异议不成立", "objection not upheld"),
    },
    "resolution": {
        "settled": ("一次化解", "settled at the first attempt"),
        "reviewed": ("申请了复查", "taken to review"),
        "repeated": ("重复信访", "raised again"),
    },
    "review": {
        "upheld": ("维持", "upheld"),
        "changed": ("变更", "changed"),
        "revoked": ("撤销", "revoked"),
    },
    "suggestion": {
        "adopted": ("采纳", "adopted"),
        "partly": ("部分采纳", "adopted in part"),
        "refused": ("未采纳", "not adopted"),
        "unanswered": ("逾期未反馈", "not answered"),
    },
    "invitation": {"rated": ("已评价", "rated"), "unrated": ("未评价", "not rated")},
    "rating": {
        "satisfied": ("满意", "satisfied"),
        "basically": ("基本满意", "basically satisfied"),
        "dissatisfied": ("不满意", "dissatisfied"),
    },
    "finding": {
        "rectified": ("整改到位", "put right"),
        "overdue": ("整改逾期", "overdue"),
        "open": ("整改中", "open"),
    },
    "excuse": {
        "extension": ("事后延期", "extended afterwards"),
        "withdrawal": ("事后撤回", "withdrawn afterwards"),
        "leave": ("事后补假", "leave entered afterwards"),
    },
    "reply_sample": {"good": ("好", "good"), "fair": ("一般", "fair"), "poor": ("差", "poor")},
}
_ENTERED = {
    "timely": ("当时录入", "at the time"),
    "late": ("补录", "entered late"),
    "imported": ("历史导入", "imported"),
}


def outcome_pair(kind: str, outcome: str) -> tuple[str, str]:
    """Return an outcome of a kind of facts in words, Chinese and English; the code itself where it
    has none."""
    own = _OWN.get(kind, {})
    if outcome in own:
        return own[outcome]
    if outcome in _TIMELY:
        return _TIMELY[outcome]
    return _OPEN if outcome == "open" else (outcome, outcome)


def entered_pair(entered: str) -> tuple[str, str]:
    """Return how a fact came in, in words, Chinese and English."""
    return _ENTERED.get(entered, (entered, entered))
