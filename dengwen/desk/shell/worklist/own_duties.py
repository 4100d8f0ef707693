"""Which duties of an organ are this person's own, and what stands on lines of drafts sent back."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from django.db.models import OuterRef, Q, QuerySet, Subquery

from dengwen.cases import rulebooks
from dengwen.cases.models import Act, Duty
from dengwen.cases.wall.visibility import duties_for_user
from dengwen.cases.write.papers.draft import sends_back
from dengwen.desk.shell.case.approval import coded
from dengwen.desk.shell.frame.seat import Seat
from dengwen.law.bilingual import headline
from dengwen.law.packs.rules import DutyRule, KindRule
from dengwen.law.packs.vocabulary import BY
from dengwen.ui.components import DutyLine


def my_duties(seat: Seat, *, everyone: bool = False) -> QuerySet[Duty]:
    """Return the open duties of the organ, without those that are a colleague's unless all are
    asked for.

    A colleague's are those handed to them, and of those left with the organ (审核, 签发) what this
    person cannot do: for want of the capacity, or because the draft or the check is the own one. A
    draft that was sent back is its drafter's, and the handler's.
    """
    duties = duties_for_user(seat.viewer)
    if everyone:
        return duties
    shared, unable = _shared(seat)
    duties = duties.exclude(rule__in=unable).exclude(rule__in=shared, opened_by__actor=seat.user.pk)
    duties = _without_drafts_of_others(seat, duties)
    if seat.user.official_id is None:
        return duties
    return duties.filter(Q(official__isnull=True) | Q(official_id=seat.user.official_id))


def _without_drafts_of_others(seat: Seat, duties: QuerySet[Duty]) -> QuerySet[Duty]:
    """Leave out the drafts sent back that neither this person wrote nor handles."""
    back = _sent_back(seat)
    if not back:
        return duties
    wrote = Act.objects.filter(case=OuterRef("case"), act__in=set(back.values())).order_by("-seq")
    duties = duties.alias(wrote_by=Subquery(wrote.values("actor")[:1]))
    handles = Q(case__handler=seat.user.official_id) if seat.user.official_id else Q(pk=0)
    return duties.filter(~Q(rule__in=back) | Q(wrote_by=seat.user.pk) | handles)


def _kinds(seat: Seat) -> Sequence[KindRule]:
    """Return the procedures in force at this place today."""
    place = seat.organ.division_code if seat.organ else ""
    return list(rulebooks.in_force(seat.today, place, seat.now).book.kinds.values())


def _shared(seat: Seat) -> tuple[list[str], list[str]]:
    """Return the rules of duties that stay with an organ, and those of them that this person
    cannot fulfil."""
    wanted: dict[str, set[str]] = {}
    for kind in _kinds(seat):
        for duty in kind.duties.values():
            if duty.shared:
                wanted.setdefault(duty.id, set()).update(_closing_capacities(kind, duty))
    unable = [rule for rule, some in wanted.items() if not some & seat.capacities]
    return sorted(wanted), sorted(unable)


def _closing_capacities(kind: KindRule, duty: DutyRule) -> set[str]:
    """Return the capacities in which an act closes a duty."""
    found: set[str] = set()
    for act in duty.closes:
        found.update(BY[kind.acts[act].by][0])
    return found


def _sent_back(seat: Seat) -> dict[str, str]:
    """Return the rules of duties that a draft sent back opens, each with the act by which it is
    drafted anew."""
    found = {}
    for kind in _kinds(seat):
        redrafts = {
            rule.id: rule.approves[0]
            for rule in kind.acts.values()
            if rule.approves and sends_back(kind, rule)
        }
        for duty in kind.duties.values():
            for act in duty.opens:
                if act in redrafts:
                    found[duty.id] = redrafts[act]
    return found


# --- lines of drafts that were sent back ----------------------------------------------------------
def with_grounds(lines: list[DutyLine], duties: Sequence[Duty], seat: Seat) -> list[DutyLine]:
    """Say on the lines of drafts that were sent back, by whom and on what ground; the reasons stand
    where one drafts.

    A list shows routing data alone (access model 3 N3): the ground is a code, its reasons a text
    behind the read log.
    """
    sent_back = _sent_back(seat)
    back = {duty.opened_by_id: duty for duty in duties if duty.rule in sent_back}
    if not back:
        return lines
    grounds = _grounds(seat, back)
    titles = {headline(_rule_of(duty), seat.language) for duty in back.values()}
    found = []
    for line in lines:
        ground = grounds.get(line.case_number)
        if ground is not None and line.title in titles:
            found.append(replace(line, why="；".join(filter(None, (ground, line.why)))))
        else:
            found.append(line)
    return found


def _grounds(seat: Seat, back: Collection[int]) -> dict[str, str]:
    """Return the ground of the newest act that sent a draft back, by number of case."""
    grounds = {}
    for act in Act.objects.filter(pk__in=back).select_related("case"):
        rule = rulebooks.by_row(act.rules_id).kind(act.case.kind).acts[act.act]
        words = [text for _label, text in coded(rule, act.data, seat)]
        grounds[act.case.number] = "；".join(words)
    return grounds


def _rule_of(duty: Duty) -> DutyRule:
    """Return the rule of a duty in the rules under which it was opened."""
    return rulebooks.by_row(duty.rules_id).kind(duty.case.kind).duties[duty.rule]
