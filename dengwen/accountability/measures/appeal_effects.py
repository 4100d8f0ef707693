"""What an appeal sets in motion and what is said against it: the measure's own way, no suspension,
no aggravation.

An appeal changes nothing in the file it is about: every duty there runs on. Only what is decided on
it is noted there,
and then a person corrects, as widely as it was made known.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from dengwen.access.models import User
from dengwen.accountability.measures.decision_door import SANCTIONS
from dengwen.accountability.measures.law_question import rules_for
from dengwen.accountability.measures.parties import tell
from dengwen.accountability.measures.queries import (
    APPEAL,
    CONVENTION,
    KIND,
    AccountFile,
    Measure,
    measures_in,
    read_file,
)
from dengwen.accountability.measures.refusals import refuse, refuse_as
from dengwen.cases import rulebooks
from dengwen.cases.models import Act, Case, CaseLink
from dengwen.law.duties.act_record import Refusal
from dengwen.law.duties.step import Facts, Step
from dengwen.law.liability import influence_period
from dengwen.law.liability.influence_period import Imposed, route_refusal
from dengwen.law.liability.proposed_decision import BY_CONSTITUTION
from dengwen.law.liability.provisions import Liability
from dengwen.law.packs.rules import Basis
from dengwen.law.time import due_date
from dengwen.store.rows import insert

FIRST, SECOND = "first", "second"
ELSEWHERE_TOO = frozenset({"csl", "party"})
"""Ways whose first instance may also be another organ than the deciding one: a direct complaint,
or upward."""
MILD = frozenset({"accountability", "admonition"})
"""Kinds of measures that are neither a treatment nor a sanction: circular and admonition (S 13,
14)."""


def appealed(step: Step, facts: Facts) -> Sequence[Step]:
    """Take an appeal of the person concerned by the measure's own way and in time; nothing stops
    by it."""
    file = _decision(step)
    if (
        file.official is None
        or file.official != step.fields.get("appellant")
        or not _is(facts.actor, file.official)
    ):
        raise refuse(
            "not-the-subject",
            "appellant",
            ("只有被追究责任的本人可以申诉", "only the person held to account may appeal"),
            ("由本人登录提出", "appeal with the own sign-in"),
        )
    one = _measure(step, file)
    rules = rules_for(one.decided, one.place)
    status = str((file.decision.data if file.decision else {}).get("status") or "")
    route = str(step.fields["route"])
    wrong = route_refusal(rules, one.measure, status, route)
    if wrong is not None:
        raise refuse_as([wrong], "route", rules)
    before = _instance(step, one, route)
    _addressee(step, file, route)
    _in_time(step, facts, rules, one, before)
    insert(CaseLink(case_id=facts.case_id, other=file.case, kind="concerns", act_id=facts.act_id))
    tell(facts, (file.official,))
    fields = {"route": route, "appeal": facts.case}
    number = file.case.number
    return [
        Step(
            act="note_appeal",
            case=number,
            organ=facts.organ,
            fields=fields,
            occurred_at=step.occurred_at,
        )
    ]


def _is(user: int | None, official: int) -> bool:
    return User.objects.filter(pk=user or 0, official_id=official).exists()


def _decision(step: Step) -> AccountFile:
    case = Case.objects.filter(number=str(step.fields["decision"]), kind=KIND).first()
    file = read_file(case) if case is not None else None
    if file is None or not file.served:
        raise refuse(
            "no-decision",
            "decision",
            ("没有这个已送达的决定", "there is no such decision that was served"),
            ("核对编号", "check the number"),
        )
    return file


def _measure(step: Step, file: AccountFile) -> Measure:
    wanted = str(step.fields["measure"])
    standing = [m for m in measures_in(file) if m.measure == wanted and m.stands]
    if not standing:
        raise refuse(
            "not-imposed",
            "measure",
            (
                "决定里没有这项措施，或者已经纠正",
                "the decision has no such measure, or it was put right",
            ),
            ("写决定里的措施", "name a measure of the decision"),
        )
    return standing[-1]


def _instance(step: Step, one: Measure, route: str) -> Act | None:
    """Return the decision of the first instance for an appeal of the second; refuse a second
    without it."""
    if step.fields["instance"] == FIRST:
        return None
    number = str(step.fields.get("before", ""))
    opened = Act.objects.filter(case__number=number, case__kind=APPEAL, act="appeal").first()
    same = opened is not None and (
        opened.data["decision"],
        opened.data["measure"],
        opened.data["route"],
    ) == (
        one.case,
        one.measure,
        route,
    )
    decided = (
        Act.objects.filter(case__number=number, act__in=("uphold", "lighten"))
        .order_by("-seq")
        .first()
    )
    if not same or decided is None:
        raise refuse(
            "no-first-instance",
            "before",
            (
                "第二级须在第一级作出决定之后",
                "the second instance comes after the decision of the first",
            ),
            ("写第一级申诉的编号", "give the number of the appeal of the first instance"),
        )
    return decided


def _addressee(step: Step, file: AccountFile, route: str) -> None:
    own = step.fields["to"] == file.case.holder_id
    first = step.fields["instance"] == FIRST
    if (first and (own or route in ELSEWHERE_TOO)) or (not first and not own):
        return
    words = (
        ("第一级向作出决定的机关提出", "the first instance is the deciding organ")
        if first
        else (
            "第二级向上一级提出，不向原机关",
            "the second instance is the next higher organ, not the deciding one",
        )
    )
    raise refuse("wrong-addressee", "to", words, ("改正受理机关", "name the right organ"))


def _in_time(step: Step, facts: Facts, rules: Liability, one: Measure, before: Act | None) -> None:
    """Refuse an appeal after the last day where the law gives a number whose text was seen; an
    obstacle is stated."""
    last = last_day(rules, one, str(step.fields["route"]), before)
    if last is None or facts.day <= last or step.texts.get("obstacle", "").strip():
        return
    raise refuse(
        "too-late",
        "obstacle",
        (f"最后一日是{last}，现在已经过了", f"the last day was {last}"),
        (
            "有正当障碍的，写明障碍和消除的日期",
            "where something prevented it, state the obstacle and when it ended",
        ),
    )


def last_day(rules: Liability, one: Measure, route: str, before: Act | None = None) -> date | None:
    """Return the last day of an appeal, by the clock of its instance; None without a number, or
    where none was seen."""
    way = next((r for r in rules.routes if r.id == route), None)
    start = one.served if before is None else _served_on(before)
    place = 0 if before is None else 1
    if way is None or start is None or len(way.steps) <= place or not way.steps[place].apply:
        return None
    answer = due_date.ask(rulebooks.library(), way.steps[place].apply, start)
    seen = answer.clock.basis.verified and answer.counted is not None
    return answer.counted.due if seen and answer.counted else None


def _served_on(act: Act) -> date:
    return act.occurred_at.date()


def appeal_decided(step: Step, facts: Facts) -> Sequence[Step]:
    """Let a person decide an appeal: upheld, lighter or revoked, and never worse (PSL 56(2), CSL
    96(3))."""
    given = step.fields.get("decider")
    if not isinstance(given, int) or not _is(facts.actor, given):
        raise refuse(
            "nobody-decided",
            "decider",
            (
                "申诉由人作出决定，须本人登录",
                "an appeal is decided by a person with the own sign-in",
            ),
            ("由载明的人本人登录决定", "let the person named decide"),
        )
    opened = Act.objects.get(case_id=facts.case_id, act="appeal")
    measure, number = str(opened.data["measure"]), str(opened.data["decision"])
    if step.act == "uphold":
        return ()
    case = Case.objects.get(number=number)
    fields = {"appeal": facts.case, "measure": measure, "result": "revoke"}
    if step.act == "lighten":
        rules = rules_for(facts.day, case.place)
        instead = str(step.fields["instead"])
        if not lighter(rules, instead, measure, facts.day):
            basis = Basis("PSL", "56", note="CSL 96(3)")
            words = (
                "不是较轻的措施：不因申诉加重",
                "not a lighter measure: nothing is aggravated because of an appeal",
            )
            wrong = Refusal(
                "aggravates", *words, basis, "改为较轻的，或者维持", "a lighter one, or uphold"
            )
            raise refuse_as([wrong], "instead", rules)
        fields |= {"result": "lighter", "instead": instead}
    return [
        Step(
            act="set_aside",
            case=number,
            organ=facts.organ,
            fields=fields,
            occurred_at=step.occurred_at,
        )
    ]


def lighter(rules: Liability, instead: str, measure: str, day: date) -> bool:
    """Say whether a measure is lighter than another: a lower rung, a shorter influence of its kind,
    no sanction at all.

    A sanction becomes a circular or an admonition (PSL 12), never an organisational treatment; what
    only urges is no
    measure that could become another (PSL 56(2), CSL 96(3)).
    """
    new, old = rules.measures.get(instead), rules.measures.get(measure)
    if new is None or old is None or BY_CONSTITUTION & {instead, measure}:
        return False
    if new.kind == old.kind and new.kind not in MILD:
        return _months(rules, instead, day) < _months(rules, measure, day)
    order = list(rules.rungs)
    below = {m: order.index(r.id) for r in rules.rungs.values() for m in r.measures}
    if instead in below and measure in below:
        return below[instead] < below[measure]
    return old.kind in SANCTIONS and new.kind in MILD


def _months(rules: Liability, measure: str, day: date) -> date:
    """Return the last day of its influence; what ends service or membership for good has no
    number and is heaviest."""
    top = influence_period.longest(
        influence_period.influences(rules, [Imposed(measure, day)], CONVENTION)
    )
    return top.last if top is not None and top.last is not None else date.max
