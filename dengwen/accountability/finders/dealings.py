"""Finders over decisions without an assessment and suggestions without an answer (S 11(1), (5))."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from dengwen.accountability.finders.found import Evidence, Finder, Seen
from dengwen.accountability.finders.material import Did, Material, Owed
from dengwen.law.duties.act_record import CLOSED, LATE, OPEN
from dengwen.law.duties.excuse import Excuse, applies, claims

FEEDBACK_DAYS = 90
"""Days after which a suggestion without an answer is worth a look; local, R22 40(4) names no
number."""
UNSOLVED_DAYS = 180
"""Days after an adopted suggestion from which the problem it named, still unsolved, is worth a
look; local: the text says only 长期."""
SUGGESTIONS = ("feedback", "feedback_government")
"""The duties to answer a suggestion."""
SAID: dict[str, tuple[str, str]] = {
    "assess": ("已做社会稳定风险评估", "the risks had been assessed"),
    "assess_late": ("补做了社会稳定风险评估", "the risks were assessed afterwards"),
    "need_none": ("写明不须评估", "it was found that no assessment was needed"),
}
"""What speaks for a decision, and how it is called in a claim."""
AFTERWARDS = frozenset({"assess_late"})
TAKEN = {
    "decide_without": ("没有评估就作了决定", "decided without the assessment"),
    "decide": ("作出的决定", "the decision taken"),
}
NOT_ASSESSED = {
    "decide_without": (
        "应当评估而没有评估就作了决定",
        "decided without the assessment that was needed",
    ),
    "decide": (
        "作出决定当日既没有评估，也没有不须评估的记录",
        "on the day of the decision neither an assessment nor that none was needed was on record",
    ),
}
"""What is seen of a decision, by the act that enters it."""
WORK_OWED = ("handle", "execute", "perform_or_answer")
"""The duties whose being open leaves the problem of a suggestion unsolved."""


# --- decisions without the assessment -------------------------------------------------------------
def no_risk_assessment(material: Material) -> list[Seen]:
    """Look for decisions taken without the prescribed risk assessment that petitions were traced
    back to (S 4, 11(1)).

    An assessment, and a reasoned finding that none is needed, leave another trace where they were
    on record by the day of the decision; entered after it they are claims.
    """
    said = material.by_case(*SAID)
    traced = _traced_to_decisions(material)
    received = {did.case: did for did in material.acts("register")}
    found = []
    for decision in material.acts("decide", "decide_without"):
        if decision.organ is None or material.matters[decision.case].kind != "decision":
            continue
        decided = _date(decision.data.get("decided_on")) or decision.day
        excuses = _said_before(said.get(decision.case, ()), decision, decided)
        if applies(excuses):
            continue
        traces = traced.get(material.matters[decision.case].number, ())
        after = [trace for trace in traces if _came_after(trace, decided, received)]
        if after:
            seen = _unassessed(material, decision, decision.organ, decided, after)
            found.append(replace(seen, claims=claims(excuses)))
    return found


def _traced_to_decisions(material: Material) -> dict[str, list[Did]]:
    """Return the acts that trace a petition to a decision, by the number of the decision."""
    traced: dict[str, list[Did]] = defaultdict(list)
    for did in material.acts("trace_cause"):
        traced[str(did.data.get("decision", ""))].append(did)
    return traced


def _said_before(said: Iterable[Did], decision: Did, decided: date) -> list[Excuse]:
    """Return the assessments entered before a decision, and the findings that none was needed."""
    excuses = []
    for did in said:
        if did.pk < decision.pk or did.act in AFTERWARDS:
            excuses.append(Excuse(*SAID[did.act], did.recorded, decided, did.case, did.pk))
    return excuses


def _came_after(trace: Did, decided: date, received: Mapping[int, Did]) -> bool:
    """Say whether the petition traced to a decision was not received before its day."""
    return trace.case not in received or received[trace.case].day >= decided


def _unassessed(
    material: Material, decision: Did, organ: int, decided: date, traces: Sequence[Did]
) -> Seen:
    """Return what is seen of a decision without assessment and the petitions traced to it."""
    number = material.matters[decision.case].number
    evidence = [Evidence(number, decision.pk, None, *TAKEN[decision.act])]
    zh, en = NOT_ASSESSED[decision.act]
    for trace in traces:
        petition = material.matters[trace.case].number
        evidence.append(
            Evidence(
                petition, trace.pk, None, "信访事项起因于这一决定", "a petition was traced to it"
            )
        )
    return Seen(
        cases=(decision.case, *dict.fromkeys(trace.case for trace in traces)),
        unit=organ,
        day=decided,
        zh=f"{zh}，此后有 {len(traces)} 件信访事项起因于此",
        en=f"{en}; {len(traces)} petitions were traced to it",
        evidence=tuple(evidence),
        mark=f"decision/{decision.pk}",
        official=_leader(material, decision.case),
        act=decision.pk,
    )


def _leader(material: Material, case: int) -> int | None:
    """Return the leader whom the entry of a decision names."""
    for entered in material.by_case("enter").get(case, ()):
        leader = entered.data.get("leader")
        if leader:
            known = isinstance(leader, int) and leader in material.officials
            return leader if known else None
    return None


def _date(value: object) -> date | None:
    """Return the day a value of an act stands for, None where it says none."""
    return date.fromisoformat(value) if isinstance(value, str) and value else None


# --- suggestions ----------------------------------------------------------------------------------
def suggestion_unanswered(material: Material) -> list[Seen]:
    """Look for suggestions of a petition department that got no answer, or one after long (R22
    40(4), R05 36(2)), and for adopted ones whose problem stays unsolved for long (S 11(5)).

    A suggestion refused with reasons is answered.
    """
    wait = timedelta(days=material.local("suggestion_days", FEEDBACK_DAYS))
    found = []
    for duty in material.duties(*SUGGESTIONS):
        if duty.holder is None or duty.state not in (OPEN, CLOSED):
            continue
        last = duty.due or duty.opened_on + wait
        if _answered_late(duty, last, material.today):
            found.append(_unanswered(material, duty, duty.holder, last))
    return found + list(_unsolved(material))


def _answered_late(duty: Owed, last: date, today: date) -> bool:
    """Say whether a suggestion was answered after its last day, or is open past it."""
    if duty.state == CLOSED and duty.due:
        return duty.timeliness == LATE
    ended = duty.closed_on or today
    return ended > last


def _unanswered(material: Material, duty: Owed, organ: int, last: date) -> Seen:
    """Return what is seen of a suggestion that got its answer late or none."""
    number = material.matters[duty.case].number
    answered_zh = f"，{duty.closed_on} 才答复" if duty.closed_on else "，至今没有答复"
    answered_en = f", answered on {duty.closed_on}" if duty.closed_on else ", not answered yet"
    evidence = [Evidence(number, duty.opened_by, duty.pk, "建议", "the suggestion")]
    if duty.closed_by:
        evidence.append(Evidence(number, duty.closed_by, duty.pk, "答复", "the answer"))
    return Seen(
        cases=(duty.case,),
        unit=organ,
        day=last,
        zh=f"{duty.opened_on} 提出的建议{answered_zh}",
        en=f"a suggestion of {duty.opened_on}{answered_en}",
        evidence=tuple(evidence),
        mark=f"{duty.rule}/{duty.opened_by}",
        act=duty.opened_by,
        duty=duty.pk,
    )


@dataclass(frozen=True, slots=True)
class _Supervised:
    """Where the matter behind a suggestion is found: the procedure that made the suggestion came of
    supervising it."""

    cases: Mapping[str, int]
    suggested: Mapping[int, Did]
    urged: Mapping[int, str]
    open_work: Mapping[int, Owed]

    @classmethod
    def read(cls, material: Material) -> _Supervised:
        """Read the numbers, the suggestions made, what was supervised, and the work still open."""
        work = material.duties(*WORK_OWED)
        urging = material.acts("order", "remind")
        return cls(
            cases={matter.number: matter.pk for matter in material.matters.values()},
            suggested={did.case: did for did in material.acts("make")},
            urged={did.case: str(did.data.get("about", "")) for did in urging},
            open_work={duty.case: duty for duty in work if duty.state == OPEN},
        )

    def work_behind(self, suggestion: int) -> Owed | None:
        """Return the open work in the supervised matter that a suggestion is about, if any."""
        made = self.suggested.get(suggestion)
        if made is None:
            return None
        supervision = self.cases.get(str(made.data.get("about", "")), 0)
        matter = self.cases.get(self.urged.get(supervision, ""), 0)
        return self.open_work.get(matter)


def _unsolved(material: Material) -> Iterator[Seen]:
    """Yield adopted suggestions that came of supervising a matter in which the work owed is open
    long after."""
    wait = timedelta(days=material.local("unsolved_days", UNSOLVED_DAYS))
    supervised = _Supervised.read(material)
    adopted = {
        did.pk: did
        for did in material.acts("answer")
        if did.data.get("adopted") in ("adopted", "partly")
    }
    for duty in material.duties(*SUGGESTIONS):
        answer = adopted.get(duty.closed_by or 0)
        if answer is None or duty.holder is None:
            continue
        still = supervised.work_behind(duty.case)
        if still is None or still.due is None:
            continue
        since = answer.day + wait
        if since < material.today and still.due < material.today:
            yield _still_open(material, duty, duty.holder, answer, still, since)


def _still_open(
    material: Material, duty: Owed, organ: int, answer: Did, still: Owed, since: date
) -> Seen:
    """Return what is seen of an adopted suggestion whose matter is still unsolved."""
    number = material.matters[duty.case].number
    unsolved = material.matters[still.case].number
    return Seen(
        cases=(duty.case, still.case),
        unit=organ,
        day=since,
        zh=f"{answer.day} 采纳的建议，所指的事项至今没有解决",
        en=f"a suggestion adopted on {answer.day}; the matter it is about is still unsolved",
        evidence=(
            Evidence(number, duty.opened_by, duty.pk, "建议", "the suggestion"),
            Evidence(number, answer.pk, duty.pk, "采纳", "adopted"),
            Evidence(unsolved, still.opened_by, still.pk, "至今没有办结", "still open"),
        ),
        mark=f"unsolved/{duty.opened_by}",
        act=answer.pk,
        duty=still.pk,
    )


FINDERS = (
    Finder(
        "no_risk_assessment",
        "没有风险评估",
        "no risk assessment",
        ("no_risk_assessment",),
        "如果情有可原，会看到：决定当日以前录入的评估，或者写明理由的不需要评估；以后才录入的只是主张",
        "if it were innocent: an assessment, or a reasoned finding that none was needed, on record "
        "by the day of the decision; what was entered later is a claim",
        "ledger",
        no_risk_assessment,
    ),
    Finder(
        "suggestion_unanswered",
        "建议没有答复、长期没有落实",
        "suggestion unanswered, or unsolved for long",
        ("suggestion_ignored", "sanction_suggestion_ignored"),
        "如果情有可原，会看到：按期的采纳反馈，或者写明理由的不采纳",
        "if it were innocent: an answer in time, or a refusal with reasons",
        "ledger",
        suggestion_unanswered,
    ),
)
