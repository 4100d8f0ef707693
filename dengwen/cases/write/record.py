"""How one act becomes rows: act, texts, parties, links, duties, documents, and its event in the
ledger."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError

from dengwen.cases import rulebooks
from dengwen.cases.act_records import record_of, to_row, view_of
from dengwen.cases.case_numbers import free_number
from dengwen.cases.duties.local_targets import local_day
from dengwen.cases.models import Act, Case, Duty
from dengwen.cases.rulebooks import Rules
from dengwen.cases.wall.propagation import WALLED, spread
from dengwen.cases.write.call_context import CallContext, Held
from dengwen.cases.write.case_parties import enter_parties
from dengwen.cases.write.contents import Package, digest_of, pack, protect, store
from dengwen.cases.write.papers.issue import Issued, issue_all
from dengwen.law.duties.act_record import (
    CORRECT,
    LATE_ENTRY,
    OPEN,
    ActRecord,
    CaseView,
    DutyView,
    civil,
)
from dengwen.law.duties.late_entry import SECOND
from dengwen.law.duties.step import FieldValue, Step
from dengwen.law.packs.rules import ActRule
from dengwen.ledger import event_log
from dengwen.merkle.instant import format_instant
from dengwen.organs.models import Organ
from dengwen.store.gapless_counters import counter
from dengwen.store.row_tables import new
from dengwen.store.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from dengwen.cases.rulebooks import Installed
    from dengwen.cases.write.perform import By

SYSTEM_OFFICE = "DW"
"""Office code of cases that no organ opened (none so far but the registry's first)."""
ACCUSED = frozenset({"accused_person", "accused_unit"})
TITLE_LENGTH = 200
TITLE_FIELD = "subject"
SERIALS = counter("cases_serial", "office", "year")
TRIES = 8
"""Numbers drawn for a new case before something must be wrong."""


@dataclass(frozen=True, slots=True)
class Written:
    """One act as written: its case, its place in the case, and the promise of the ledger."""

    case: str
    act_id: int
    act: str
    seq: int
    hash: bytes
    promise: str

    @staticmethod
    def of_row(row: Act, number: str) -> Written:
        """Return the answer for an act of the case `number` written earlier, from its row and
        its event."""
        event = event_log.find(row.uid)
        if event is None:
            raise LookupError(
                f"act {row.pk} has no event in the ledger: run `dengwen ledger check`"
            )
        return Written(number, row.pk, row.act, row.seq, bytes(event.hash), event.promise)


@dataclass
class Hand:
    """Who acts in a running call, when, under which key, and what it has at hand (`context`).

    `events` it writes at its end, all in one statement.
    """

    by: By
    now: datetime
    call: str
    context: CallContext
    wrote: bool = False
    events: list[event_log.Prepared] = field(default_factory=list)


def place_of_new(fields: Mapping[str, FieldValue], office: Organ | None) -> str:
    """Return the division whose local rules a new case follows: named by its first act, or its
    office's."""
    return str(fields.get("place") or (office.division_code if office else ""))


def open_case(step: Step, hand: Hand) -> Case:
    """Return a new case row, not saved yet, for the first act of a procedure."""
    by, now = hand.by, hand.now
    office = hand.context.organ(by.organ if step.organ is None else step.organ)
    code = office.code if office else SYSTEM_OFFICE
    occurred = step.occurred_at or now
    place = place_of_new(step.fields, office)
    protected = any(p.role in ACCUSED for p in step.parties)
    title = "" if protected else step.texts.get(TITLE_FIELD, "")[:TITLE_LENGTH]
    return new(
        Case,
        number="",
        office=code,
        year=civil(now).year,
        serial=0,
        kind=step.kind,
        place=place,
        title=title,
        state="",
        opened_on=civil(occurred),
        opened_at=occurred,
        protected=protected,
        imported=step.imported,
        head=event_log.NO_EVENT,
    )


def write_act(
    step: Step, rule: ActRule, held: Held, installed: Installed, hand: Hand, uid: str
) -> tuple[Act, Written]:
    """Write one checked step with everything that follows from it; `held` is the case after it.

    Its event is made and signed here and written with the others of the call (`Hand.events`).
    """
    case, call = held.case, hand.context
    hand.wrote = True
    opening = not case.number
    if opening:
        _enter(case, call)
        held.duties = {}
    act = _write_row(step, rule, held, installed, hand, uid)
    add_record(held, record_of(act, case.kind, call.rules), call.rules)
    _write_standing(step, rule, held, act, call, opening=opening)
    changed = write_duties(held, call)
    documents = _issue_documents(step, rule, held, act, installed, call)
    event = _event(step, act, held, _event_fields(act, held, installed, changed, documents))
    hand.events.append(event)
    case.seq, case.head = act.seq, event.hash
    settle(case, held.view, call.unit)
    return act, Written(case.number, act.pk, act.act, act.seq, event.hash, event.promise)


def _write_row(
    step: Step, rule: ActRule, held: Held, installed: Installed, hand: Hand, uid: str
) -> Act:
    """Write the row of an act and its texts."""
    packages = pack(rule, step.texts, step.late_reason)
    act = _act_row(step, held.case, installed, packages, hand, uid)
    hand.context.unit.add_numbered(act)
    held.uids[act.pk] = uid
    store(held.case, act, packages, hand.now, hand.context)
    return act


def _write_standing(
    step: Step, rule: ActRule, held: Held, act: Act, call: CallContext, *, opening: bool
) -> None:
    """Write who stands how to the case after an act: protection, parties, and the wall around
    what hangs together with it."""
    case, now = held.case, act.recorded_at
    was_protected = case.protected
    _protect(case, held.view, now, call)
    enter_parties(step, rule, case, act, held.view, call)
    if opening:
        return
    if case.protected != was_protected or any(party.role in WALLED for party in step.parties):
        spread(case, act, now, call.keys)


def _issue_documents(
    step: Step, rule: ActRule, held: Held, act: Act, installed: Installed, call: CallContext
) -> list[Issued]:
    """Issue the documents of an act in the name of its organ; imported history has none."""
    if not rule.documents or step.imported:
        return []
    return issue_all(
        step,
        rule,
        held.case,
        act,
        held.view,
        installed.book,
        call.organ(act.organ_id),
        act.recorded_at,
        held.uids,
        held.records,
        call,
    )


def _event(step: Step, act: Act, held: Held, open_fields: Mapping[str, Any]) -> event_log.Prepared:
    """Return the signed event of an act, which follows the last one of its case."""
    case, claimed = held.case, step.occurred_at
    draft = event_log.Draft(
        uid=act.uid,
        case_key=case.number,
        case_seq=act.seq,
        prev=bytes(case.head),
        recorded_at=act.recorded_at,
        claimed_at=None if claimed is None else to_ledger_precision(claimed),
        open_fields=open_fields,
    )
    return event_log.prepare(draft)


def _enter(case: Case, call: CallContext) -> None:
    """Write the row of a new case under a number nobody has; a second try is rare, an eighth never.

    In a hopeful call it waits for the other rows and is written as it stands at the end.
    """
    case.serial = call.unit.count_on(SERIALS, case.office, case.year)
    if call.unit.hopeful:
        case.number = free_number(case.office, case.year)
        call.unit.add_numbered(case)
        call.keys.opened(case.pk)
        return
    for _ in range(TRIES):
        case.number = free_number(case.office, case.year)
        if call.unit.insert(case, or_nothing=True):
            call.keys.opened(case.pk)
            return
    raise IntegrityError(f"no free number for {case.office} {case.year} in {TRIES} tries")


def add_record(held: Held, record: ActRecord, rules: Rules = rulebooks) -> None:
    """Put a new act after the others of a case and let the case follow it.

    The acts before it need not be read again, save when it corrects one of them.
    """
    held.records.append(record)
    if record.act == CORRECT:
        held.view = view_of(held.case.kind, held.records, rules=rules)
    else:
        held.view = view_of(held.case.kind, [record], begin=held.view, rules=rules)


def to_ledger_precision(instant: datetime) -> datetime:
    """Cut an instant down to the milliseconds that the ledger records."""
    return instant.replace(microsecond=instant.microsecond // 1000 * 1000)


def _act_row(
    step: Step, case: Case, installed: Installed, packages: Sequence[Package], hand: Hand, uid: str
) -> Act:
    by, now = hand.by, hand.now
    data = {name: to_row(value) for name, value in step.fields.items()}
    if step.second is not None:
        data[SECOND] = step.second
    if step.late_entry:
        data[LATE_ENTRY] = True
    return new(
        Act,
        case_id=case.pk,
        seq=case.seq + 1,
        act=step.act,
        rules_id=installed.row,
        calendar=hand.context.rules.calendars().newest.version,
        occurred_at=to_ledger_precision(step.occurred_at or now),
        recorded_at=now,
        organ_id=by.organ if step.organ is None else step.organ,
        actor=by.user,
        capacity=min(by.capacities, default=""),
        data=data,
        content=digest_of(list(packages)),
        paper=step.paper,
        imported=step.imported,
        duty=step.duty,
        opened_by_id=step.opened_by,
        uid=uid,
        call=hand.call,
    )


def _protect(case: Case, view: CaseView, now: datetime, call: CallContext) -> None:
    if not case.protected and (
        view.facts.get("class") == "accusation" or view.facts.get("accuses") == "true"
    ):
        protect(case, now, call.keys)


def duty_columns(duty: DutyView, view: CaseView, rules: Rules = rulebooks) -> dict[str, Any]:
    """Return the derived columns of a duty row; replay compares exactly these."""
    counted = duty.counted
    return {
        "rules_id": int(duty.rules),
        "holder_id": duty.holder,
        "official_id": duty.official,
        "right": duty.rule.right,
        "opened_on": duty.opened_on,
        "start": duty.first_day,
        "raw": duty.raw,
        "due": duty.due,
        "sort_day": _sort_day(duty, view, rules),
        "original_due": duty.original_due,
        "provisional": duty.provisional,
        "statutory": duty.rule.clock.mode in ("period", "frequency"),
        "state": duty.state,
        "closed_by_id": duty.closed_by,
        "closed_on": duty.closed_on,
        "timeliness": duty.timeliness,
        "breach_id": duty.breach,
        "by_claim": duty.rests_on_claim,
        "calendar": counted.calendar if counted else "",
        "imported": duty.imported,
    }


def _sort_day(duty: DutyView, view: CaseView, rules: Rules) -> date | None:
    """Return the day a work list sorts by: due, else raw; without a number the local target,
    else `alongside`."""
    own = duty.due or duty.raw or local_day(duty, rules)
    other = view.find_open(duty.rule.alongside) if own is None and duty.rule.alongside else None
    return own if other is None else other.due or other.raw


def by_rule_and_opening(rows: Iterable[Duty]) -> dict[tuple[str, int], Duty]:
    """Return the duty rows of a case by their rule and the id of the act that opened them."""
    return {(row.rule, row.opened_by_id): row for row in rows}


def write_duties(held: Held, call: CallContext) -> list[DutyView]:
    """Make the duty rows of a case what its acts say, and return the duties that are new or
    changed."""
    if held.duties is None:
        held.duties = by_rule_and_opening(call.unit.read(Duty, "case", held.case.pk))
    rows = held.duties
    fresh: list[Duty] = []
    changed: list[DutyView] = []
    for duty in held.view.duties:
        key = (duty.rule.id, duty.opened_by)
        columns = duty_columns(duty, held.view, call.rules)
        row = rows.get(key)
        if row is None:
            row = _new_duty(held.case, duty, columns)
            rows[key] = row
            fresh.append(row)
            changed.append(duty)
        elif _change_columns(row, columns, call.unit):
            changed.append(duty)
    call.unit.add(*fresh)
    return changed


def _new_duty(case: Case, duty: DutyView, columns: dict[str, Any]) -> Duty:
    """Return the row of a duty that an act just opened."""
    return new(Duty, case_id=case.pk, rule=duty.rule.id, opened_by_id=duty.opened_by, **columns)


def _change_columns(row: Duty, columns: dict[str, Any], unit: UnitOfWork) -> bool:
    """Put a duty row to these values and say whether that changed it; only what differs is
    written."""
    moved = [name for name, value in columns.items() if getattr(row, name) != value]
    if not moved:
        return False
    for name in moved:
        setattr(row, name, columns[name])
    unit.change(row, *moved)
    return True


def settle(case: Case, view: CaseView, unit: UnitOfWork) -> None:
    """Put state, holder, handler, next_due and the day it was opened to what the acts of a case
    say."""
    case.state, case.holder_id, case.handler_id = view.state, view.holder, view.handler
    case.next_due = view.next_due()
    if (
        view.opened_on is not None and case.opened_on != view.opened_on
    ):  # a correction moved its first act
        case.opened_on = view.opened_on
        unit.change(case, "opened_on")


def close_case_row(case: Case, unit: UnitOfWork) -> None:
    """Save the derived columns of a case after an act."""
    unit.change(case, "state", "holder", "handler", "next_due", "seq", "head", "protected", "title")


def event_columns(act: Act, kind: str) -> dict[str, Any]:
    """Return the legally relevant columns of an act as its ledger event discloses them (ledger
    invariant L5)."""
    return {
        "type": act.act,
        "kind": kind,
        "occurred_at": format_instant(act.occurred_at),
        "organ": act.organ_id,
        "actor": act.actor,
        "actor_role": act.capacity,
        "rules": act.rules_id,
        "calendar": act.calendar,
        "data": act.data,
        "content_sha256": act.content,
        "paper_sha256": act.paper,
        "imported": act.imported,
        "duty": act.duty,
        "opened_by": act.opened_by_id,
        "call": act.call,
    }


_KEPT_CLOSED = frozenset({"serial", "opened_by"})
"""What an event says that counts other cases: the gapless serial and row ids. Auditors open it,
receipts never do."""


def handed_out(act: str) -> frozenset[str]:
    """Return the fields of the event of an act that may be opened to whoever may see its case
    (access model 4.4).

    The event binds all of them; what stays closed can be opened by an auditor later. A correction
    names the act it corrects by its row id, and `meet` the act elsewhere that it rests on, so their
    data stay closed as well.
    """
    return _OPENED - {"data"} if act in ("correct", "meet") else _OPENED


_OPENED = (
    frozenset(
        {
            *event_log.SYSTEM_FIELDS,
            "type",
            "kind",
            "occurred_at",
            "organ",
            "actor",
            "actor_role",
            "rules",
            "calendar",
            "data",
            "content_sha256",
            "paper_sha256",
            "imported",
            "duty",
            "call",
            "duties",
            "ruleset",
            "documents",
        }
    )
    - _KEPT_CLOSED
)


def _event_fields(
    act: Act,
    held: Held,
    installed: Installed,
    changed: Sequence[DutyView],
    documents: Sequence[Issued],
) -> Mapping[str, Any]:
    case, places = held.case, {record.id: n for n, record in enumerate(held.records, 1)}
    duties = [
        {
            "rule": d.rule.id,
            "law": d.rule.basis.law,
            "article": d.rule.basis.article,
            "opened_by": places[d.opened_by],
            "state": "opened" if d.state == OPEN and d.opened_by == act.pk else d.state,
            "raw": _iso(d.raw),
            "due": _iso(d.due),
        }
        for d in changed
    ]
    extra: dict[str, Any] = (
        {"serial": f"{case.office}/{case.year}/{case.serial}"} if act.seq == 1 else {}
    )
    return {
        **event_columns(act, case.kind),
        **extra,
        "duties": duties,
        "ruleset": installed.book.digest,
        "documents": {d.rule: d.digest for d in documents},
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
