"""May this act be done now, by this actor? Every "no" cites its rule and says what is possible.

`refusals` answers for the pages (可以 / 不可以，为什么) and for the write door alike, so both say the same.
What the fields of a step may hold is asked in `step_fields`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from dengwen.law.duties.act_record import (
    LAPSED,
    CaseView,
    DutyView,
    Refusal,
    fact_text,
    refusal_under,
)
from dengwen.law.duties.field_words import fact_condition
from dengwen.law.duties.running_terms import foreseen
from dengwen.law.duties.step import FieldValue
from dengwen.law.packs.rules import ActRule, DutyRule, KindRule
from dengwen.law.packs.soundness import states_after
from dengwen.law.packs.vocabulary import BY

OWN_HAND = "own-hand"
"""Code of the refusal that an act needs the leader's own sign-in."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks for a step: user and organ ids, the capacities (`words.CAPACITIES`) held there,
    the official they are."""

    user: int | None
    organ: int | None
    capacities: frozenset[str]
    official: int | None = None


def refusals(
    kind: KindRule,
    rule: ActRule,
    view: CaseView,
    actor: Actor,
    day: date,
    given: Iterable[str] = (),
) -> list[Refusal]:
    """Return why `rule` cannot be done on the case now (empty = it can), apart from its fields.

    `given` are the names of fields the step carries, for conditions that one of them lifts.
    """
    return [
        *_wrong_state(kind, rule, view),
        *_wrong_actor(rule, view, actor),
        *_not_own_hand(rule, view.facts.get(rule.own_hand), actor),
        *_out_of_time(kind, rule, view, day, set(given)),
        *_missing_facts(kind, rule, view),
        *_barring_facts(kind, rule, view),
        *_same_person(kind, rule, view, actor),
        *_out_of_turn(kind, rule, view),
        *_duties_open(kind, rule, view, day),
        *_nothing_asked(kind, rule, view),
        *_past_already(kind, rule, view, day),
    ]


# --- state ----------------------------------------------------------------------------------------
def _wrong_state(kind: KindRule, rule: ActRule, view: CaseView) -> list[Refusal]:
    allowed = states_after(kind, rule)
    if view.state in allowed:
        return []
    names = [_state_names(kind, state) for state in sorted(allowed)]
    zh = "、".join(chinese for chinese, _ in names)
    en = ", ".join(english for _, english in names)
    now_zh, now_en = _state_names(kind, view.state)
    return [
        refusal_under(
            rule,
            "state",
            f"“{rule.zh}”只能在这些状态下进行：{zh}；本件现为“{now_zh}”",
            f"“{rule.en}” is possible only when: {en}; this case is: {now_en}",
        )
    ]


def _state_names(kind: KindRule, state: str) -> tuple[str, str]:
    found = kind.states.get(state)
    if found is None:
        return "尚未登记", "not yet registered"
    return found.zh, found.en


# --- actor ----------------------------------------------------------------------------------------
_CAPACITY_ZH = {
    "petitioner": "信访人",
    "clerk": "登记人员",
    "router": "转送交办人员",
    "handler": "承办人员",
    "head": "本机关、单位负责人",
    "registrar": "机构编制登记人员",
    "personnel": "组织人事人员",
    "system": "系统",
    "reviewer": "复查复核人员",
    "auditor": "审计管理员",
}
_RELATION = {
    "holder": ("持有本件的机关、单位", "the organ that holds the case"),
    "addressee": ("收到转送、交办的机关、单位", "the organ it was sent to"),
    "sender": ("转送、交办的机关、单位", "the organ that sent it"),
    "named": ("先前行为中载明的机关、单位", "an organ named in an earlier act"),
}


def _wrong_actor(rule: ActRule, view: CaseView, actor: Actor) -> list[Refusal]:
    """Refuse somebody without the capacity the act needs, then an organ that does not stand to the
    case as it must."""
    capacities, relation = BY[rule.by]
    if not capacities & actor.capacities:
        return [_without_capacity(rule, capacities)]
    organs = _related_organs(view, relation, rule.named_in)
    if organs is None or actor.organ in organs:
        return []
    zh, en = _RELATION[relation]
    return [refusal_under(rule, "organ", f"“{rule.zh}”须由{zh}办理", f"“{rule.en}” is for {en}")]


def _without_capacity(rule: ActRule, capacities: frozenset[str]) -> Refusal:
    needed = sorted(capacities)
    zh = "或".join(_CAPACITY_ZH[capacity] for capacity in needed)
    return refusal_under(
        rule,
        "capacity",
        f"“{rule.zh}”须由{zh}办理",
        f"“{rule.en}” is for: {', '.join(needed)}",
    )


def _related_organs(view: CaseView, relation: str, named_in: str = "") -> set[int | None] | None:
    """Return the organs that stand in a relation to the case; None where any organ may act.

    `named_in` is the field that alone says which named organ is meant.
    """
    if relation == "holder":
        return None if view.holder is None else {view.holder}
    if relation == "addressee":
        return {view.addressee}
    if relation == "sender":
        return {view.sender}
    if relation == "named":
        return set(view.named_in.get(named_in, ()) if named_in else view.named)
    return None


# --- the leader's own hand ------------------------------------------------------------------------
def hand_refusals(rule: ActRule, actor: Actor, fields: Mapping[str, FieldValue]) -> list[Refusal]:
    """Return why this actor cannot sign for the official whom the fields of the step name (seed
    art. 7)."""
    named = fields.get(rule.own_hand) if rule.own_hand else None
    return _not_own_hand(rule, None if named is None else fact_text(named), actor)


def _not_own_hand(rule: ActRule, named: str | None, actor: Actor) -> list[Refusal]:
    """A leader's act is signed by the leader's own sign-in; others prepare it and nobody signs
    in the leader's name."""
    if not rule.own_hand or named is None:
        return []
    if actor.official is not None and named == str(actor.official):
        return []
    return [
        refusal_under(
            rule,
            OWN_HAND,
            f"“{rule.zh}”须由载明的领导本人登录签署，他人只能代拟",
            f"“{rule.en}” is signed by the leader named, with the leader's own sign-in; "
            "others only prepare it",
        )
    ]


# --- time -----------------------------------------------------------------------------------------
def _out_of_time(
    kind: KindRule, rule: ActRule, view: CaseView, day: date, given: set[str]
) -> list[Refusal]:
    """Refuse an act outside the period within which alone it is possible."""
    if not rule.within or given & set(rule.unless):
        return []
    duty = view.find_open(rule.within) or _lapsed(view, rule.within)
    if duty is None:
        return [_no_period(rule, kind.duties[rule.within])]
    if duty.due is None or day <= duty.due:
        return []
    return [
        Refusal(
            "too-late",
            f"“{rule.zh}”应在{duty.due}前（含当日）提出，{day}已逾期",
            f"“{rule.en}” was possible until {duty.due} inclusive; {day} is too late",
            duty.rule.basis,
            rule.remedy_zh,
            rule.remedy_en,
        )
    ]


def _no_period(rule: ActRule, limit: DutyRule) -> Refusal:
    return refusal_under(
        rule,
        "not-begun",
        f"“{limit.zh}”的期限尚未开始或已经了结，“{rule.zh}”无从提出",
        f"the period for “{limit.en}” has not begun or is over, so “{rule.en}” is not possible",
    )


def _lapsed(view: CaseView, rule: str) -> DutyView | None:
    """Return the newest duty of a rule that lapsed, or None."""
    for duty in reversed(view.duties):
        if duty.rule.id == rule and duty.state == LAPSED:
            return duty
    return None


def _past_already(kind: KindRule, rule: ActRule, view: CaseView, day: date) -> list[Refusal]:
    """Refuse an act that would open a duty after its last day: nobody could do it in time."""
    found = []
    for name in rule.in_time_for:
        duty = kind.duties[name]
        last = foreseen(view, duty, day)
        if last is not None and last < day:
            zh = f"“{duty.zh}”的末日{last}已过，不能再“{rule.zh}”"
            en = f"the last day of “{duty.en}” was {last}, so “{rule.en}” is too late"
            found.append(Refusal("too-late", zh, en, duty.basis, rule.remedy_zh, rule.remedy_en))
    return found


# --- facts ----------------------------------------------------------------------------------------
def _missing_facts(kind: KindRule, rule: ActRule, view: CaseView) -> list[Refusal]:
    """Refuse an act whose facts are not those of the case."""
    found = []
    for name, wanted in rule.only_if.items():
        now = view.facts.get(name)
        if now in wanted:
            continue
        zh, en = fact_condition(kind, name, wanted)
        now_zh, now_en = fact_condition(kind, name, [now])
        found.append(
            refusal_under(
                rule,
                "facts",
                f"{zh}的才可以“{rule.zh}”；本件{now_zh}",
                f"“{rule.en}” is possible where {en}; here {now_en}",
            )
        )
    return found


def _barring_facts(kind: KindRule, rule: ActRule, view: CaseView) -> list[Refusal]:
    """Refuse an act that a fact of the case forbids."""
    found = []
    for name, barred in rule.never_if.items():
        now = view.facts.get(name)
        if now not in barred:
            continue
        zh, en = fact_condition(kind, name, [now])
        found.append(
            refusal_under(
                rule,
                "facts",
                f"本件{zh}，不得“{rule.zh}”",
                f"here {en}, so “{rule.en}” is barred",
            )
        )
    return found


# --- what was done before -------------------------------------------------------------------------
def _same_person(kind: KindRule, rule: ActRule, view: CaseView, actor: Actor) -> list[Refusal]:
    """Refuse whoever did an act that must have been done by somebody else."""
    found = []
    for name in rule.other_person_than:
        if name not in view.last_actor or view.last_actor[name] != actor.user:
            continue
        other = kind.acts[name]
        found.append(
            refusal_under(
                rule,
                "same-person",
                f"“{rule.zh}”不得与“{other.zh}”由同一人办理",
                f"“{rule.en}” needs another person than “{other.en}”",
            )
        )
    return found


def _out_of_turn(kind: KindRule, rule: ActRule, view: CaseView) -> list[Refusal]:
    """Refuse an act before those it follows, and a second time where once is all."""
    found = []
    for name in rule.needs_act:
        if name not in view.done:
            needed = kind.acts[name]
            zh, en = f"须先“{needed.zh}”", f"“{needed.en}” must come first"
            found.append(refusal_under(rule, "not-yet", zh, en))
    if rule.not_twice and rule.id in view.done:
        zh, en = f"“{rule.zh}”只能进行一次", f"“{rule.en}” is possible only once"
        found.append(refusal_under(rule, "twice", zh, en))
    return found


def _duties_open(kind: KindRule, rule: ActRule, view: CaseView, day: date) -> list[Refusal]:
    """Refuse an act while a duty is open that must be closed first, and one that claims a day on
    which it was still open."""
    found = []
    for name in rule.needs_closed:
        duty = kind.duties[name]
        over = _over_after(view, name, day)
        if view.find_open(name):
            zh, en = f"“{duty.zh}”尚未了结", f"“{duty.en}” is still open"
            found.append(refusal_under(rule, "duty-open", zh, en))
        elif over is not None:
            zh = f"“{duty.zh}”{over}才了结，{day}尚未了结"
            en = f"“{duty.en}” was over on {over} only, so on {day} it was still open"
            found.append(refusal_under(rule, "duty-open", zh, en))
    return found


def _over_after(view: CaseView, name: str, day: date) -> date | None:
    """Return the last day on which a duty of a rule was over that stood open on `day`, None where
    none did. A right that ran out was over after its last day, whenever a sweep recorded it."""
    days = []
    for duty in view.duties:
        if duty.rule.id != name or duty.imported or duty.opened_on > day:
            continue
        over = duty.closed_on
        if duty.state == LAPSED and duty.due is not None:
            over = duty.due + timedelta(days=1)
        if over is not None and over > day:
            days.append(over)
    return max(days, default=None)


def _nothing_asked(kind: KindRule, rule: ActRule, view: CaseView) -> list[Refusal]:
    """Refuse an act that answers a duty which is not open."""
    found = []
    for name in rule.needs_open:
        if view.find_open(name) is None:
            duty = kind.duties[name]
            zh, en = (
                f"没有待办的“{duty.zh}”",
                f"“{duty.en}” is not open, so there is nothing to answer",
            )
            found.append(refusal_under(rule, "nothing-asked", zh, en))
    return found
