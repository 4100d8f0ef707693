"""Who enters a case with an act, and whose standing in it ends."""

from __future__ import annotations

from collections.abc import Iterable

from dengwen.cases.models import Act, Case, CaseLink, Party
from dengwen.cases.write.call_context import CallContext
from dengwen.law.duties.act_record import CaseView, civil
from dengwen.law.duties.step import Facts, Step
from dengwen.law.packs.rules import ActRule
from dengwen.store.row_tables import new
from dengwen.store.unit_of_work import UnitOfWork

_ENDED = (
    "UPDATE cases_party SET until = %s WHERE case_id = %s AND role = %s AND until IS NULL "
    "AND (organ_id IS NULL OR organ_id <> %s)"
)


def enter_parties(
    step: Step, rule: ActRule, case: Case, act: Act, view: CaseView, call: CallContext
) -> None:
    """Record who entered the case: those the step names, a new holder, an addressee, an
    assisting organ; and what the case is linked to."""
    rows = _named_parties(step, case, act)
    rows += _moved_parties(rule, case, act, view, call.unit)
    assisting = {
        duty.holder
        for duty in view.duties
        if duty.opened_by == act.pk and duty.rule.named_by and duty.holder
    }
    rows += [_party(case, act, "assisting_organ", one) for one in assisting]
    call.unit.add(*rows)
    for kind, other in step.links:
        found = call.case_numbered(other)
        if found is None:
            raise Case.DoesNotExist(other)
        link = new(CaseLink, case_id=case.pk, other_id=found.pk, kind=kind, act_id=act.pk)
        call.unit.add(link)


def enter_in_role(
    facts: Facts,
    role: str,
    *,
    organs: Iterable[int] = (),
    officials: Iterable[int] = (),
    case: int | None = None,
) -> None:
    """Let organs and officials stand in a role of the case from the act on, as its effects ask;
    `case` is another one that the act is about. Who stands so already is for the caller to leave
    out."""
    entered = [{"organ_id": one} for one in sorted(set(organs))]
    entered += [{"official_id": one} for one in sorted(set(officials))]
    Party.objects.bulk_create(
        Party(
            case_id=case or facts.case_id,
            role=role,
            act_id=facts.act_id,
            since=facts.day,
            **who,
        )
        for who in entered
    )


def _party(case: Case, act: Act, role: str, organ_id: int) -> Party:
    """Return the row of an organ that enters the case with an act, on the day the act was done."""
    return new(
        Party,
        case_id=case.pk,
        role=role,
        organ_id=organ_id,
        act_id=act.pk,
        since=civil(act.occurred_at),
    )


def _named_parties(step: Step, case: Case, act: Act) -> list[Party]:
    """Return the rows of those the step names."""
    day = civil(act.occurred_at)
    return [
        new(
            Party,
            case_id=case.pk,
            role=party.role,
            organ_id=party.organ,
            official_id=party.official,
            person=party.person,
            act_id=act.pk,
            since=day,
        )
        for party in step.parties
    ]


def _moved_parties(
    rule: ActRule, case: Case, act: Act, view: CaseView, unit: UnitOfWork
) -> list[Party]:
    """Return the rows of a new holder and an addressee, and end what those before them had.

    Whoever it was sent to before has nothing more to do with it: its view ends like that of a
    former holder.
    """
    if not (rule.takes or rule.addresses):
        return []
    rows = []
    in_hand = case.seq > 0
    if in_hand:
        unit.flush_for(Party)  # of an earlier step of the call
    if rule.takes and act.organ_id is not None and case.holder_id != act.organ_id:
        if in_hand:
            _end_parties(case, act, "holder", unit, save_for=0)
        rows.append(_party(case, act, "holder", act.organ_id))
    if in_hand:
        taker = (act.organ_id or 0) if rule.takes else 0
        _end_parties(case, act, "addressee", unit, save_for=taker)
    if rule.addresses and view.addressee is not None:
        rows.append(_party(case, act, "addressee", view.addressee))
    return rows


def _end_parties(case: Case, act: Act, role: str, unit: UnitOfWork, *, save_for: int) -> None:
    """End the standing of all in a role on the day of an act, save for one organ (0: for none)."""
    day = civil(act.occurred_at).isoformat()
    unit.run(_ENDED, [day, case.pk, role, save_for])
