"""What can be done in a case now, why not the rest, and what an act would change."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import pgettext

from dengwen.cases.act_records import view_of
from dengwen.cases.read.act_words import BETWEEN_SENTENCES
from dengwen.cases.read.case_view import CaseFile, cited
from dengwen.cases.rulebooks import Installed
from dengwen.law.bilingual import Language, headline, words_in
from dengwen.law.duties.act_record import OPEN, ActRecord, CaseView, DutyView, Refusal, civil
from dengwen.law.duties.admissibility import Actor, refusals
from dengwen.law.duties.proposal import PROPOSAL_ACTS
from dengwen.law.duties.step import FieldValue
from dengwen.law.packs.rules import ActRule, DutyRule
from dengwen.ui.components import NotPossible, Possible

FAR = frozenset({"state", "capacity", "organ"})
"""Reasons that lie with the stage of the case or with who asks, not with what is still lacking."""
WITHOUT_REMEDY = frozenset({"state", "capacity"})
"""Reasons beside which nothing is said of what to do instead."""


@dataclass(frozen=True, slots=True)
class Steps:
    """The acts of a kind as somebody stands to them now: possible, refused for a near reason,
    refused by the stage."""

    can: tuple[Possible, ...]
    cannot: tuple[NotPossible, ...]
    later: tuple[NotPossible, ...]


def steps(
    file: CaseFile, actor: Actor, now: datetime, language: Language, href: Callable[[str, str], str]
) -> Steps:
    """Say for every act of the kind whether it can be done now, and for those that cannot, the
    reason and article."""
    can: list[tuple[int, Possible]] = []
    cannot: list[NotPossible] = []
    later: list[NotPossible] = []
    owed = _owed_order(file.view)
    for rule in file.kind.acts.values():
        if not _is_chosen(rule):
            continue
        against = refusals(file.kind, rule, file.view, actor, civil(now))
        if not against:
            possible = _possible(file, rule, language, href)
            rest = len(owed) if possible.detail else len(owed) + 1
            can.append((owed.get(rule.id, rest), possible))
            continue
        refused = not_possible(file.installed, rule, against, language)
        if any(reason.code in FAR for reason in against):
            later.append(refused)
        else:
            cannot.append(refused)
    can.sort(key=lambda pair: pair[0])
    return Steps(tuple(one for _place, one in can), tuple(cannot), tuple(later))


def _is_chosen(rule: ActRule) -> bool:
    """Say whether people do an act in a case that is open: it is none of the system, of an opening
    or of imported history."""
    if rule.id in PROPOSAL_ACTS:
        return False  # decided on the page of the second person
    return rule.by != "system" and rule.after != ("new",) and not rule.history


def _owed_order(view: CaseView) -> dict[str, int]:
    """Return the acts that settle an open duty, those of the next duty first."""
    settling: dict[str, None] = {}
    for duty in view.open_duties():
        if not duty.rule.right:
            settling |= dict.fromkeys(duty.rule.closes)
    return {act: place for place, act in enumerate(settling)}


def _possible(
    file: CaseFile, rule: ActRule, language: Language, href: Callable[[str, str], str]
) -> Possible:
    """Return an act that can be done, with its address, what it changes, and its article."""
    return Possible(
        headline(rule, language),
        href(file.case.number, rule.id),
        _detail(file, rule, language),
        cited(rule.basis, file.installed, language),
    )


def not_possible(
    installed: Installed, rule: ActRule, against: Sequence[Refusal], language: Language
) -> NotPossible:
    """Return a refused act in words: the first reason stands for all, its article and what
    remains beside it."""
    first = against[0]
    remedy = words_in((first.remedy_zh, first.remedy_en), language)
    return NotPossible(
        title=headline(rule, language),
        reason=words_in(BETWEEN_SENTENCES, language).join(
            words_in(reason, language) for reason in against
        ),
        basis=cited(first.basis or rule.basis, installed, language),
        remedy="" if first.code in WITHOUT_REMEDY else remedy,
    )


def _detail(file: CaseFile, rule: ActRule, language: Language) -> str:
    """Say which duties an act closes and which it opens."""
    closes = [
        headline(duty.rule, language)
        for duty in file.view.open_duties()
        if rule.id in duty.rule.closes and not _is_closed_by_holder_alone(duty, file.view)
    ]
    opens = [
        headline(duty, language)
        for duty in file.kind.duties.values()
        if rule.id in duty.opens and _may_apply(duty, file.view)
    ]
    parts = []
    if closes:
        duties = "、".join(dict.fromkeys(closes))
        parts.append(pgettext("act", "了结：{duties}").format(duties=duties))
    if opens:
        duties = "、".join(dict.fromkeys(opens))
        parts.append(pgettext("act", "开启：{duties}").format(duties=duties))
    if not parts:
        return ""
    said = "。".join(parts)
    return words_in((f"{said}。", said), language)


def _is_closed_by_holder_alone(duty: DutyView, view: CaseView) -> bool:
    """Say whether only its holder could close a duty, and that is not who holds the case."""
    return duty.rule.close_by_holder and duty.holder != view.holder


def _may_apply(duty: DutyRule, view: CaseView) -> bool:
    """Say whether nothing that is known of the case speaks against a duty."""
    known = {name: values for name, values in duty.where.items() if name in view.facts}
    return view.matches(known)


# --- looking ahead --------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Ahead:
    """What an act would do: duties it would close, duties it would open with their dates, and
    the state after it."""

    closed: tuple[DutyView, ...]
    opened: tuple[DutyView, ...]
    state: str


FORESEEN = -1
"""The id of an act that has not happened."""


def look_ahead(
    file: CaseFile,
    rule: ActRule,
    data: Mapping[str, FieldValue],
    actor: Actor,
    occurred: datetime,
    now: datetime,
) -> Ahead:
    """Return what the act would change, by deriving the case with the act put after its acts;
    nothing is written."""
    record = ActRecord(
        id=FORESEEN,
        act=rule.id,
        occurred=occurred,
        recorded=now,
        organ=actor.organ,
        actor=actor.user,
        data=dict(data),
        rules=str(file.installed.row),
    )
    after = view_of(file.case.kind, [*file.records, record])
    before = {(d.rule.id, d.opened_by) for d in file.view.duties if d.state == OPEN}
    closed = tuple(
        d for d in after.duties if (d.rule.id, d.opened_by) in before and d.state != OPEN
    )
    opened = tuple(d for d in after.duties if d.opened_by == FORESEEN)
    return Ahead(closed, opened, after.state)
