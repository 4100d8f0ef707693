"""Is a step possible? The law core answers; what it cannot know (clock, second person, late
entry) is checked here."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from dengwen.access.grants import has_administrators
from dengwen.access.models import User
from dengwen.cases.models import Case
from dengwen.cases.write import late_holders, references
from dengwen.cases.write.accused_hand import corrected_to_accused, is_walled_off
from dengwen.cases.write.call_context import CallContext
from dengwen.cases.write.correction_check import correction_refusals
from dengwen.cases.write.entry_on_behalf import OTHERS
from dengwen.cases.write.late_check import Entry, late_duties, late_effect, support_of
from dengwen.cases.write.own_paper import own_paper_refusals
from dengwen.law.duties import late_entry
from dengwen.law.duties.act_record import (
    CORRECT,
    ActRecord,
    CaseView,
    Refusal,
    civil,
)
from dengwen.law.duties.admissibility import OWN_HAND, hand_refusals, refusals
from dengwen.law.duties.blank_step import empty_refusals
from dengwen.law.duties.late_entry import SECOND_PERSON
from dengwen.law.duties.proposal import PROPOSAL_ACTS
from dengwen.law.duties.step import Step
from dengwen.law.duties.step_fields import field_refusals
from dengwen.law.packs.library import Rulebook
from dengwen.law.packs.rules import ActRule, FieldRule
from dengwen.law.packs.vocabulary import KEEP_STATE
from dengwen.law.time.terms import EARLIEST
from dengwen.organs.models import Official, Organ

UID = re.compile(r"[A-Za-z0-9._:/-]{1,100}")
SKEW = timedelta(seconds=5)
ACTOR_CODES = frozenset({"capacity", "organ", OWN_HAND})
HOUSE_KINDS = frozenset({"registry", "account", "edition"})
"""Procedures of the house itself: no petitioner stands in them, so there is no wall around them."""


class Refused(Exception):  # noqa: N818  # a refusal is an answer, not a fault
    """A step is not possible: every reason, each with its rule and the mend, in both languages.
    Nothing was written."""

    def __init__(
        self, step: Step, reasons: Sequence[Refusal], act_zh: str = "", act_en: str = ""
    ) -> None:
        self.step, self.reasons = step, tuple(reasons)
        self.act_zh, self.act_en = act_zh or step.act, act_en or step.act
        super().__init__("; ".join(f"{r.zh} / {r.en}" for r in reasons))

    @staticmethod
    def wrong_organ(step: Step) -> Refused:
        """Nobody acts for another organ than the one the capacities were granted in."""
        return Refused(step, [Refusal("organ", *OTHERS)])

    @staticmethod
    def no_case(step: Step, number: str) -> Refused:
        """No such case, or none that may be seen: the answer is the same."""
        return Refused(
            step,
            [Refusal("no-case", f"没有编号为“{number}”的办理件", f"there is no case “{number}”")],
        )


def check_call(steps: Sequence[Step], now: datetime, uid: str) -> None:
    """Refuse a call that is no call: no steps, a clock without zone, an unusable idempotency key
    (ValueError)."""
    if not steps:
        raise ValueError("perform needs at least one step")
    if now.tzinfo is None:
        raise ValueError("now must be an aware instant (UTC)")
    if not UID.fullmatch(uid):
        raise ValueError(f"uid {uid[:40]!r} must be 1–100 letters, digits or ._:/-")


def check(entry: Entry, *, by_effect: bool = False, seconded: bool = False) -> ActRule:
    """Return the rule of a step, or raise `Refused` with every reason against it.

    `by_effect` leaves out who asks: the step follows from another act that was checked. `seconded`
    says that a second person approved it from the own account; a name that is typed never does.
    """
    step, records = entry.step, entry.records
    if not by_effect and is_walled_off(entry.case, entry.actor, entry.today):
        raise Refused.no_case(step, entry.case.number)
    rule = _rule_of(step, entry.case, entry.book)
    if rule.own_hand and not by_effect:
        signer = replace(entry.actor, official=_official_of(entry.actor.user))
        entry = replace(entry, actor=signer)
    reasons = _instants(step, rule, entry.case, entry.view, entry.now)
    reasons += _by_law(entry, by_effect=by_effect)
    reasons += _of_history(step, rule, records)
    if not by_effect and not step.imported:
        reasons += empty_refusals(rule, step.fields, step.texts)
    if not by_effect:
        reasons += own_paper_refusals(step, rule, entry.actor)
    reasons += _unknown(step, rule, entry.call)
    reasons += references.referring(
        step,
        rule,
        entry.view,
        entry.case,
        entry.book,
        entry.actor,
        entry.claimed,
        entry.call,
        by_effect=by_effect,
    )
    reasons += _brought_over(step, rule, entry.view, records)
    support = support_of(step, seconded=seconded)
    if by_effect:
        reasons += late_effect(entry, support)
    else:
        late = late_duties(entry, foresee=not reasons)
        reasons += late_entry.refusals(rule, late, entry.today, support)
        reasons += late_holders.refusals(entry, support)
    reasons += correction_refusals(entry, support)
    reasons += corrected_to_accused(step, entry.case, entry.kind, records, entry.today)
    if not seconded and not by_effect:
        reasons += _alone(step, rule, reasons)
    if reasons:
        raise Refused(step, reasons, rule.zh, rule.en)
    return rule


def _rule_of(step: Step, case: Case, book: Rulebook) -> ActRule:
    """Return the rule of the step; `Refused` where the rules know no such procedure or step."""
    kind = book.kinds.get(case.kind)
    rule = kind.acts.get(step.act) if kind else None
    if kind is not None and rule is not None:
        return rule
    what = case.kind if kind is None else step.act
    zh, en = f"{book.title} 没有“{what}”", f"{book.title} does not know “{what}”"
    mend = ("", "")
    if step.act in PROPOSAL_ACTS:
        mend = (
            "本处安装的规则包早于这一版：用 dengwen pack install 装上新的",
            "the packs installed here are older than this release: dengwen pack install",
        )
    raise Refused(step, [Refusal("no-rule", zh, en, None, *mend)])


def _by_law(entry: Entry, *, by_effect: bool) -> list[Refusal]:
    """Return what the law core says against a step; of an effect nobody's capacity is asked."""
    step, rule, view, day = entry.step, entry.rule, entry.view, entry.claimed
    given = {*step.fields, *step.texts}
    found = refusals(entry.kind, rule, view, entry.actor, day, given)
    if by_effect:
        found = [one for one in found if one.code not in ACTOR_CODES]
    else:
        found += hand_refusals(rule, entry.actor, step.fields)
    return found + field_refusals(rule, view, step.fields, step.texts, day)


def _official_of(user: int | None) -> int | None:
    """Return the official whose account this is: a leader's signature is the leader's own
    sign-in (seed art. 7)."""
    return (
        User.objects.filter(pk=user or 0, is_active=True)
        .values_list("official_id", flat=True)
        .first()
    )


def _instants(
    step: Step, rule: ActRule, case: Case, view: CaseView, now: datetime
) -> list[Refusal]:
    """Return what is wrong with the instant a step claims; ValueError for one without zone."""
    occurred = step.occurred_at
    if occurred is None:
        return []
    if occurred.tzinfo is None:
        raise ValueError("occurred_at must be an aware instant (UTC)")
    claimed = civil(occurred)
    if occurred > now + SKEW:
        return [
            Refusal(
                "future",
                f"发生时间{claimed}晚于现在",
                f"the claimed time {claimed} lies in the future",
                rule.basis,
            )
        ]
    if claimed < EARLIEST:
        return [
            Refusal(
                "too-early",
                f"发生时间{claimed}早于{EARLIEST}",
                f"the claimed time {claimed} is before {EARLIEST}",
                rule.basis,
            )
        ]
    if case.seq and occurred < case.opened_at and step.act != CORRECT:
        opened = civil(case.opened_at)
        return [
            Refusal(
                "before-case",
                f"发生时间{claimed}早于本件登记的{opened}",
                f"the claimed time {claimed} is before the case was opened on {opened}",
                rule.basis,
            )
        ]
    return _order(step, rule, view, claimed)


def _brought_over(
    step: Step, rule: ActRule, view: CaseView, records: Sequence[ActRecord]
) -> list[Refusal]:
    """History is brought into no case that was opened here: what is owed there would be judged
    by nobody."""
    if (
        not step.imported
        or not records
        or records[0].imported
        or all(d.imported for d in view.open_duties())
    ):
        return []
    return [
        Refusal(
            "imported",
            "本件是在这里登记的，不能用导入的历史了结或者移动它的责任",
            "this case was opened here; imported history neither ends nor moves what is owed in it",
            rule.basis,
            "作为补录办理：写明实际日期、补录理由、材料摘要，送第二人同意",
            "enter it as a late entry: its day, the reason, the digest of its paper, a "
            "second person",
        )
    ]


def _order(step: Step, rule: ActRule, view: CaseView, claimed: date) -> list[Refusal]:
    """An act that moves a case on follows the act that made the state it starts from, or the
    beginning of its period.

    What changes no state may be claimed earlier, as it happened beside the procedure; imported
    history keeps its days.
    """
    if rule.to == KEEP_STATE or step.act == CORRECT or step.imported:
        return []
    floor = _follows_on(rule, view)
    if floor is None or claimed >= floor:
        return []
    zh = f"“{rule.zh}”的时间{claimed}早于它所接续的{floor}"
    en = (
        f"the claimed day of “{rule.en}”, {claimed}, is before {floor}, on which what it follows "
        "was done"
    )
    mend_zh = "填写实际发生的那一天；前一行为的日期录错的，先更正它"
    mend_en = (
        "give the day it was done; where the day of the act before it is wrong, correct that first"
    )
    return [Refusal("out-of-order", zh, en, rule.basis, mend_zh, mend_en, "occurred_at")]


def _follows_on(rule: ActRule, view: CaseView) -> date | None:
    """Return the first day on which an act can have been done: when its newest period began, or the
    case was moved to where it stands."""
    if rule.within:
        for duty in reversed(view.duties):
            if duty.rule.id == rule.within:
                return duty.opened_on
    return view.moved_on


def _of_history(step: Step, rule: ActRule, records: Sequence[ActRecord]) -> list[Refusal]:
    """An act of imported history comes with an import, into a matter that was imported: it ends
    no live matter."""
    if not rule.history or (step.imported and records and records[0].imported):
        return []
    return [
        Refusal(
            "history-only",
            f"“{rule.zh}”只随历史数据导入，不能用来了结正在办理的事项",
            f"“{rule.en}” comes with the import of history alone; "
            "it ends no matter that is being handled",
            rule.basis,
            "按程序办理并答复信访人；历史数据用 dengwen import messages 导入",
            "handle the matter and answer the petitioner; "
            "history is brought in with dengwen import messages",
        )
    ]


_REGISTERED: dict[str, tuple[type[Organ] | type[Official], str, str]] = {
    "organ": (Organ, "机关、单位", "organ or unit"),
    "organs": (Organ, "机关、单位", "organ or unit"),
    "official": (Official, "人员", "official"),
}


def _unknown(step: Step, rule: ActRule, call: CallContext) -> list[Refusal]:
    """An organ or official that an act names must stand in the registry."""
    found = []
    for field in rule.fields:
        given = step.fields.get(field.name)
        if given is None or field.type not in _REGISTERED:
            continue
        for value in given if isinstance(given, tuple) else (given,):
            if isinstance(value, int) and not _is_registered(field, value, call):
                found.append(_not_registered(rule, field))
    return found


def _not_registered(rule: ActRule, field: FieldRule) -> Refusal:
    _, zh, en = _REGISTERED[field.type]
    return Refusal(
        "no-entry",
        f"“{field.zh}”：名录里没有这个{zh}",
        f"“{field.en}”: the registry has no such {en}",
        rule.basis,
        "请从名录中选择",
        "choose from the registry",
        field.name,
    )


def _is_registered(field: FieldRule, pk: int, call: CallContext) -> bool:
    """Say whether the registry has the organ or official that a field names by id."""
    model, _, _ = _REGISTERED[field.type]
    if model is Organ:
        return call.organ(pk) is not None
    return call.unit.exists(model, "id", pk)


def needs_second(reason: Refusal) -> bool:
    """Say whether an act was refused because it waits for a second person."""
    return reason.code == SECOND_PERSON


def _alone(step: Step, rule: ActRule, found: Sequence[Refusal]) -> list[Refusal]:
    """Return what one person alone cannot do: an act that always takes two, and signing in the name
    of a second person, who presses from the own account."""
    if any(map(needs_second, found)) or step.imported:
        return []
    named = step.act == CORRECT and late_entry.SECOND in step.fields
    if named or step.second is not None:
        return [_typed(rule)]
    if rule.two_persons and has_administrators():
        return [_always_two(rule)]
    if takes_two(step, rule):
        return [_always_two(rule)]
    return []


def takes_two(step: Step, rule: ActRule) -> bool:
    """Say whether an act waits for a second person because of what it says (`two_persons_if`)."""
    return any(step.fields.get(name) or step.texts.get(name) for name in rule.two_persons_if)


def _typed(rule: ActRule) -> Refusal:
    return Refusal(
        SECOND_PERSON,
        "写上别人的名字不算共同签字",
        "a name that is typed is no signature of a second person",
        rule.basis,
        "送第二人同意：由那个人用自己的账号按",
        "put it before the second person, who presses from the own account",
        late_entry.SECOND,
    )


def _always_two(rule: ActRule) -> Refusal:
    return Refusal(
        SECOND_PERSON,
        f"“{rule.zh}”须由两人办理",
        f"“{rule.en}” takes two persons",
        rule.basis,
        "送第二人同意：由那个人用自己的账号按",
        "put it before the second person, who presses from the own account",
        late_entry.SECOND,
    )
