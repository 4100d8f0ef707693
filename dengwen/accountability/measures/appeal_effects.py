"""What an appeal sets in motion, and when it is refused.

It goes the measure's own way, suspends nothing and never makes anything worse. An appeal changes
nothing in the file it is about: every duty there runs on. Only what is decided on it is noted
there, and then a person corrects, as widely as it was made known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from dengwen.access.models import User
from dengwen.accountability.measures.decision_door import SANCTIONS
from dengwen.accountability.measures.law_question import rules_for
from dengwen.accountability.measures.parties import tell
from dengwen.accountability.measures.queries import (
    APPEAL,
    KIND,
    AccountFile,
    Measure,
    measures_in,
    read_file,
)
from dengwen.accountability.measures.refusals import refuse, refuse_as
from dengwen.cases import rulebooks
from dengwen.cases.models import Act, Case, CaseLink
from dengwen.cases.write.right_notices import tell_of_right
from dengwen.law.duties.act_record import Refusal
from dengwen.law.duties.step import Facts, FieldValue, Step
from dengwen.law.liability import influence_period
from dengwen.law.liability.influence_period import Imposed, route_refusal
from dengwen.law.liability.proposed_decision import BY_CONSTITUTION
from dengwen.law.liability.provisions import Liability
from dengwen.law.packs.rules import Basis
from dengwen.law.time import due_date

FIRST, SECOND, DIRECT = "first", "second", "direct"
DIRECTLY = frozenset({"csl"})
"""Ways on which one may complain elsewhere at once, without asking the deciding organ first."""
ELSEWHERE_TOO = frozenset({"party"})
"""Ways whose first instance may also be another organ than the deciding one: upward."""
MILD = frozenset({"accountability", "admonition"})
"""Kinds of measures that are neither a treatment nor a sanction: circular and admonition (S 13,
14)."""


# --- appealing ------------------------------------------------------------------------------------
def appealed(step: Step, facts: Facts) -> Sequence[Step]:
    """Take an appeal of the person concerned by the measure's own way and in time; nothing stops by
    it."""
    file = _decision(step)
    appellant = _appellant(step, facts, file)
    measure = _measure(step, file)
    rules = rules_for(measure.decided, measure.place)
    route = str(step.fields["route"])
    _right_way(file, measure, route, rules)
    before = _instance(step, measure, route)
    _addressee(step, file, route)
    _in_time(step, facts, rules, measure, before)
    CaseLink.objects.create(
        case_id=facts.case_id, other=file.case, kind="concerns", act_id=facts.act_id
    )
    tell(facts, (appellant,))
    noted = [_noting(step, facts, "note_appeal", file.case.number, {"route": route})]
    if before is not None:
        noted.append(_noting(step, facts, "note_second_appeal", str(step.fields["before"]), {}))
    return noted


def _appellant(step: Step, facts: Facts, file: AccountFile) -> int:
    """Return the person held to account, who alone may appeal and does so by their own sign-in."""
    official = file.official
    named = official is not None and official == step.fields.get("appellant")
    if official is None or not named or not _is(facts.actor, official):
        raise refuse(
            "not-the-subject",
            "appellant",
            ("只有被追究责任的本人可以申诉", "only the person held to account may appeal"),
            ("由本人登录提出", "appeal with the own sign-in"),
        )
    return official


def _right_way(file: AccountFile, measure: Measure, route: str, rules: Liability) -> None:
    """Refuse a way to appeal that is not the measure's own."""
    status = str(file.decision.data.get("status") or "") if file.decision else ""
    wrong = route_refusal(rules, measure.measure, status, route)
    if wrong is not None:
        raise refuse_as([wrong], "route", rules)


def _noting(
    step: Step, facts: Facts, act: str, number: str, fields: Mapping[str, FieldValue]
) -> Step:
    """Return the step that notes something of this appeal in the file it is about."""
    return Step(
        act=act,
        case=number,
        organ=facts.organ,
        fields={**fields, "appeal": facts.case},
        occurred_at=step.occurred_at,
    )


def _is(user: int | None, official: int) -> bool:
    """Say whether an account is that of an official."""
    return User.objects.filter(pk=user or 0, official_id=official).exists()


def _decision(step: Step) -> AccountFile:
    """Return the file an appeal is about, refuse one whose decision was not served."""
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
    """Return the measure an appeal is about, refuse one that does not stand."""
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


def _instance(step: Step, measure: Measure, route: str) -> Act | None:
    """Return the decision of the first instance for an appeal of the second; refuse a second
    without it."""
    if step.fields["instance"] in (FIRST, DIRECT):
        return None
    number = str(step.fields.get("before", ""))
    opened = Act.objects.filter(case__number=number, case__kind=APPEAL, act="appeal").first()
    endings = Act.objects.filter(case__number=number, act__in=("uphold", "lighten"))
    decided = endings.order_by("-seq").first()
    if opened is None or decided is None or not _about(opened, measure, route):
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


def _about(opened: Act, measure: Measure, route: str) -> bool:
    """Say whether an appeal is about this measure, by this way."""
    data = opened.data
    about = (data["decision"], data["measure"], data["route"])
    return about == (measure.case, measure.measure, route)


def _addressee(step: Step, file: AccountFile, route: str) -> None:
    """Refuse a first instance that is not the deciding organ where it must be, and a second that
    is."""
    own = step.fields["to"] == file.case.holder_id
    if step.fields["instance"] == FIRST:
        right = own or route in ELSEWHERE_TOO
        words = (
            "第一级向作出决定的机关提出；不经复核直接申诉的，写直接申诉",
            "the first instance is the deciding organ; elsewhere at once is a direct complaint",
        )
    elif step.fields["instance"] == DIRECT:
        right = not own and route in DIRECTLY
        words = (
            "只有公务员法第九十五条规定可以直接申诉，向同级公务员主管部门或者上一级机关提出，不向原机关",
            "only the Civil Servants Law (CSL 95) allows a direct complaint, and to another organ",
        )
    else:
        right = not own
        words = (
            "第二级向上一级提出，不向原机关",
            "the second instance is the next higher organ, not the deciding one",
        )
    if not right:
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
    start = one.served if before is None else _received(before)
    place = 0 if before is None else 1
    if way is None or start is None or len(way.steps) <= place:
        return None
    clock = way.steps[place].apply
    if not clock:
        return None
    answer = due_date.ask(rulebooks.library(), clock, start)
    if answer.counted is None or not answer.clock.basis.verified:
        return None
    return answer.counted.due


def _received(before: Act) -> date | None:
    """Return the day on which the decision of the first instance was received, None while it is
    not served: then no time has begun."""
    services = Act.objects.filter(case_id=before.case_id, act="serve_appeal_decision")
    served = services.order_by("-seq").first()
    return date.fromisoformat(served.data["received_on"]) if served is not None else None


# --- deciding on it -------------------------------------------------------------------------------
def appeal_decided(step: Step, facts: Facts) -> Sequence[Step]:
    """Let a person decide an appeal: upheld, lighter or revoked, and never worse (PSL 56(2), CSL
    96(3))."""
    _by_own_hand(step, facts)
    opened = Act.objects.get(case_id=facts.case_id, act="appeal")
    tell_of_right(facts, (int(opened.data["appellant"]),))
    if step.act == "uphold":
        return ()
    measure, number = str(opened.data["measure"]), str(opened.data["decision"])
    case = Case.objects.get(number=number)
    fields: dict[str, FieldValue] = {"measure": measure, "result": "revoke"}
    if step.act == "lighten":
        instead = str(step.fields["instead"])
        _refuse_heavier(rules_for(facts.day, case.place), instead, measure, facts.day)
        fields |= {"result": "lighter", "instead": instead}
    return [_noting(step, facts, "set_aside", number, fields)]


def _by_own_hand(step: Step, facts: Facts) -> None:
    """Refuse a decision that the person named does not take by their own sign-in."""
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


def _refuse_heavier(rules: Liability, instead: str, measure: str, day: date) -> None:
    """Refuse to change a measure to one that is not lighter (PSL 56(2), CSL 96(3))."""
    if lighter(rules, instead, measure, day):
        return
    wrong = Refusal(
        "aggravates",
        "不是较轻的措施：不因申诉加重",
        "not a lighter measure: nothing is aggravated because of an appeal",
        Basis("PSL", "56", note="CSL 96(3)"),
        "改为较轻的，或者维持",
        "a lighter one, or uphold",
    )
    raise refuse_as([wrong], "instead", rules)


def lighter(rules: Liability, instead: str, measure: str, day: date) -> bool:
    """Say whether a measure is lighter than another: a lower rung, a shorter influence of its kind,
    no sanction at all.

    A sanction becomes a circular or an admonition (PSL 12), never an organisational treatment; what
    only urges is no measure that could become another (PSL 56(2), CSL 96(3)).
    """
    new, old = rules.measures.get(instead), rules.measure(measure)
    if new is None or old is None or BY_CONSTITUTION in (new.by, old.by):
        return False
    if new.kind == old.kind and new.kind not in MILD and measure not in rules.open_lists:
        return _months(rules, instead, day) < _months(rules, measure, day)
    places = _places(rules)
    if instead in places and measure in places:
        return places[instead] < places[measure]
    return old.kind in SANCTIONS and new.kind in MILD


def _places(rules: Liability) -> dict[str, int]:
    """Return by measure the place of its rung on the ladder, from below."""
    places = {}
    order = list(rules.rungs)
    for rung in rules.rungs.values():
        for measure in rules.on_rung(rung):
            places[measure] = order.index(rung.id)
    return places


def _months(rules: Liability, measure: str, day: date) -> date:
    """Return the last day of its influence; what ends service or membership for good has no number
    and is heaviest."""
    effects = influence_period.influences(rules, [Imposed(measure, day)])
    longest = influence_period.longest(effects)
    if longest is None or longest.last is None:
        return date.max
    return longest.last
