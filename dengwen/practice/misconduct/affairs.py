"""Roads beside the petition itself: decisions without assessment, suggestions, incidents.

`pen.day` is the day of the decision, of the suggestion, or of first knowledge of the incident.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from dengwen.practice.district.staff import PETITION_OFFICE
from dengwen.practice.misconduct.pen import DAY, Pen, Road
from dengwen.practice.misconduct.script import Draft, number_of

DECISION, SUGGESTION, INCIDENT = "decision", "suggestion", "incident"
SUBJECTS = (
    ("project", "示例中转站选址"),
    ("price", "示例停车收费调整"),
    ("reform", "示例市场搬迁"),
    ("land", "示例地块征收"),
)
FOLLOW = 3
"""Petitions that follow a decision."""
TOLD: Mapping[str, str] = {
    "happened": "今天上午",
    "scene": "示例广场（虚构）",
    "crowd": "二十余人",
    "cause": "对搬迁补偿有意见",
    "measures": "已派员到场听取意见",
    "trend": "情绪平稳",
    "request": "请有关单位派员到场",
}
MEASURE = {"measures": "派员到场，逐一登记诉求，安排代表接谈（示例）"}


# --- decisions ------------------------------------------------------------------------------------
def _entered(pen: Pen, need: str) -> None:
    """Plan that a decision is entered and its need of an assessment said, two or three weeks
    before it is taken."""
    field, subject = pen.random.choice(SUBJECTS)
    first = pen.ground.back(pen.day - timedelta(days=pen.random.randint(28, 34)))
    texts = {"subject": f"{subject}（{pen.random.randrange(1000)}号）"}
    drafts = [Draft(act="enter", on=DECISION, kind=DECISION, fields={"field": field}, texts=texts)]
    drafts.append(
        Draft(
            act=need,
            on=DECISION,
            texts={
                "why": "影响周边居民" if need == "need_assessment" else "只调整内部分工，不影响群众"
            },
        )
    )
    pen.do(first, pen.unit, "handler", *drafts)


def _assessed(pen: Pen, days: int, result: str) -> None:
    """Plan the assessment of a decision, so many days before the day of the pen."""
    day = pen.ground.back(pen.day - timedelta(days=days))
    fields = {
        "assessed_on": day,
        "assessed_by": pen.organ(pen.unit),
        "result": result,
        "report": pen.digest(result),
    }
    texts = {"risks": "异味、车辆；密闭转运，公示监测结果（示例）"}
    pen.do(day, pen.unit, "handler", Draft(act="assess", on=DECISION, fields=fields, texts=texts))


def _taken(pen: Pen, act: str) -> None:
    """Plan the decision itself, and the petitions that follow and are traced to it."""
    day = pen.work(pen.day)
    texts = {"decision": "按示例方案实施"} | (
        {"why": "没有安排评估"} if act == "decide_without" else {}
    )
    pen.do(
        day,
        pen.unit,
        "handler",
        Draft(act=act, on=DECISION, fields={"decided_on": day}, texts=texts),
    )
    for place in range(FOLLOW):
        on = f"follows{place}"
        came = pen.after(day, 6, 40)
        traced = {"decision": number_of(DECISION)}
        drafts = (
            pen.register(
                came, on=on, subject="反对示例方案", content="示例方案影响出行，请求重新考虑。"
            ),
            Draft(act="classify", on=on, fields={"class": "claim", "path": "31(6)"}),
            Draft(act="accept", on=on, texts={"procedure": "按信访程序办理（示例）"}),
            Draft(
                act="trace_cause",
                on=on,
                fields=traced,
                texts={"why": "来信所述即该决策的影响（示例）"},
            ),
        )
        pen.do(came, pen.unit, "handler", *drafts)
        pen.do(pen.after(came, 6, 20), pen.unit, "handler", pen.settled(on))


def decided_without(pen: Pen) -> None:
    """An assessment was needed; the decision was taken without one."""
    _entered(pen, "need_assessment")
    _taken(pen, "decide_without")


def not_needed(pen: Pen) -> None:
    """No assessment was needed, as was said with reasons."""
    _entered(pen, "need_none")
    _taken(pen, "decide")


def assessed(pen: Pen) -> None:
    """Assessed as controllable before it was taken."""
    _entered(pen, "need_assessment")
    _assessed(pen, 10, "controllable")
    _taken(pen, "decide")


def adjusted(pen: Pen) -> None:
    """Not controllable at first, adjusted, assessed again, then taken."""
    _entered(pen, "need_assessment")
    _assessed(pen, 20, "uncontrollable")
    day = pen.ground.back(pen.day - timedelta(days=12))
    pen.do(
        day,
        pen.unit,
        "handler",
        Draft(act="adjust", on=DECISION, texts={"changes": "改为密闭转运（示例）"}),
    )
    _assessed(pen, 6, "controllable")
    _taken(pen, "decide")


# --- suggestions ----------------------------------------------------------------------------------
def _made(pen: Pen) -> None:
    """Plan a suggestion to the unit."""
    texts = {
        "subject": "关于到期前自查的建议（虚构）",
        "problem": "受理之后到期前没有提醒，连续几件逾期。",
        "proposal": "到期前十日由承办科室自查。",
    }
    draft = Draft(
        act="make", on=SUGGESTION, kind=SUGGESTION, fields={"to": pen.organ(pen.unit)}, texts=texts
    )
    pen.do(pen.work(pen.day), PETITION_OFFICE, "router", draft)


def _answered(pen: Pen, low: int, high: int, adopted: str) -> None:
    """Plan a suggestion and, some days after, the answer to it."""
    _made(pen)
    texts = {
        "reasons": "已列入本季度工作"
        if adopted == "adopted"
        else "现有流程已有此项提醒，重复设置增加基层负担"
    }
    draft = Draft(act="answer", on=SUGGESTION, fields={"adopted": adopted}, texts=texts)
    pen.do(pen.after(pen.day, low, high), pen.unit, "handler", draft)


def answered_late(pen: Pen) -> None:
    """Answered after more than three months."""
    _answered(pen, 100, 150, "adopted")


def answered(pen: Pen) -> None:
    """Adopted and answered within the local term."""
    _answered(pen, 5, 22, "adopted")


def refused(pen: Pen) -> None:
    """Not adopted, answered with reasons within the local term."""
    _answered(pen, 5, 22, "not")


# --- incidents ------------------------------------------------------------------------------------
def _known(pen: Pen) -> datetime:
    """Plan that an incident becomes known to the unit; returns the instant."""
    office = pen.unit == PETITION_OFFICE
    fields: dict[str, Any] = {
        "type": pen.random.choice(("collective_visit", "public_opinion", "other")),
        "persons": 24,
        "office": "petition_office" if office else "organ",
    }
    if not office:
        fields["own_powers"] = True
    day = pen.work(pen.day)
    at = pen.instant(day).replace(hour=2)
    texts = {
        "subject": "示例广场聚集（虚构）",
        "what": "示例广场有二十余人聚集，要求答复搬迁补偿。",
    }
    draft = Draft(act="open", on=INCIDENT, kind=INCIDENT, fields=fields, texts=texts)
    pen.at(at, pen.unit, _part(pen), draft)
    return at


def _part(pen: Pen) -> str:
    return "clerk" if pen.unit == PETITION_OFFICE else "handler"


def _reports(pen: Pen, at: datetime, claimed: datetime | None = None) -> None:
    """Plan every report that the unit owes, at one instant."""
    acts = ["report", "inform_conference"]
    if pen.unit == PETITION_OFFICE:
        acts += ["inform_department", "report_higher", "report_national"]
    late: dict[str, Any] = (
        {
            "occurred_at": claimed,
            "late_reason": "当时电话报告，事后补录，附电话记录（示例）",
            "paper": pen.digest("call"),
        }
        if claimed
        else {}
    )
    drafts = [Draft(act=a, on=INCIDENT, fields={"how": "phone"}, texts=TOLD, **late) for a in acts]
    pen.at(at, pen.unit, _part(pen), *drafts)


def _measure(pen: Pen, at: datetime) -> None:
    """Plan a measure at the place, with the leader who attends."""
    leader = pen.ground.stage.official(
        pen.unit, "supervisor" if pen.unit == PETITION_OFFICE else "head"
    )[0]
    attend = Draft(
        act="attend", on=INCIDENT, fields={"leader": leader, "where": "on_the_spot"}, texts=MEASURE
    )
    pen.at(at, pen.unit, _part(pen), Draft(act="measure", on=INCIDENT, texts=MEASURE), attend)


def _trend(pen: Pen, at: datetime, direction: str) -> None:
    """Plan a note on whether an incident rises or calms."""
    text = {"trend": "人数增加，情绪激动" if direction == "rising" else "代表已进入接谈室"}
    pen.at(
        at,
        pen.unit,
        _part(pen),
        Draft(act="trend", on=INCIDENT, fields={"direction": direction}, texts=text),
    )


def _over(pen: Pen, at: datetime, *, escalated: bool = False) -> None:
    """Plan the end of an incident."""
    fields = {"escalated": True} if escalated else {}
    pen.at(
        at,
        pen.unit,
        _part(pen),
        Draft(act="close", on=INCIDENT, fields=fields, texts={"result": "平息（示例）"}),
    )


def _minutes(at: datetime, low: int, pen: Pen, more: int = 10) -> datetime:
    return at + timedelta(minutes=low + pen.random.randrange(more))


def reported_late(pen: Pen) -> None:
    """Measures in time, but the reports come a day or more later."""
    at = _known(pen)
    _measure(pen, _minutes(at, 20, pen))
    _trend(pen, _minutes(at, 90, pen), "calming")
    late = at + timedelta(days=pen.random.randint(2, 4), minutes=pen.random.randrange(60))
    _reports(pen, late)
    _over(pen, _minutes(late, 15, pen))


def never_reported(pen: Pen) -> None:
    """Measures in time, but nobody is told."""
    at = _known(pen)
    _measure(pen, _minutes(at, 20, pen))
    _trend(pen, _minutes(at, 90, pen), "calming")


def reported(pen: Pen) -> None:
    """Everything within the hour."""
    at = _known(pen)
    _reports(pen, _minutes(at, 20, pen))
    _measure(pen, _minutes(at, 35, pen))
    _trend(pen, _minutes(at, 90, pen), "calming")
    _over(pen, _minutes(at, 200, pen))


def phoned(pen: Pen) -> None:
    """Told by telephone at once, entered two days later."""
    at = _known(pen)
    _measure(pen, _minutes(at, 35, pen))
    _trend(pen, _minutes(at, 90, pen), "calming")
    entered = at + 2 * DAY
    _reports(pen, entered, claimed=_minutes(at, 15, pen))
    _over(pen, _minutes(entered, 15, pen))


def _grew(first: str) -> Road:
    """Return the road of an incident that grows, by when the first measure is taken."""

    def road(pen: Pen) -> None:
        """Reported in time; the measure before the growth, after it, or not at all."""
        at = _known(pen)
        _reports(pen, _minutes(at, 20, pen))
        if first == "measure":
            _measure(pen, _minutes(at, 35, pen))
        _trend(pen, _minutes(at, 100, pen), "rising")
        if first != "never":
            _measure(pen, _minutes(at, 220, pen))
            _trend(pen, _minutes(at, 300, pen), "calming")
            _over(pen, _minutes(at, 380, pen), escalated=True)

    return road


WAYS: Mapping[str, Mapping[str, Road]] = {
    "no_risk_assessment": {"without": decided_without},
    "suggestion_unanswered": {"never": _made, "late": answered_late},
    "report_late": {"late": reported_late, "never": never_reported},
    "measures_late": {"after_growth": _grew("trend"), "never": _grew("never")},
}
INNOCENT: Mapping[str, Mapping[str, Road]] = {
    "no_risk_assessment": {"not_needed": not_needed, "assessed": assessed, "adjusted": adjusted},
    "suggestion_unanswered": {"in_time": answered, "refused": refused},
    "report_late": {"in_time": reported, "phoned_first": phoned},
    "measures_late": {"before_growth": _grew("measure"), "calmed": reported},
}
