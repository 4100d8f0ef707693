"""`dengwen case show NUMBER`: what happened, what is owed and how each day was computed, what can
be done now.

No text of the petitioner is shown: reading those is a page's business, with its line in the read
log.
"""

from __future__ import annotations

import argparse
from datetime import date
from typing import Any

from dengwen.cases import rulebooks
from dengwen.cases.act_records import records_of, view_of
from dengwen.cases.models import Case
from dengwen.cases.wall.accused_addressee import ADVICE, is_sent_to_accused
from dengwen.cli.cases.act import find_case
from dengwen.cli.shell.account import acting
from dengwen.cli.shell.answer import now_of
from dengwen.cli.shell.output import OK, CommandError, tell, tell_json
from dengwen.law.duties.act_record import ActRecord, CaseView, DutyView, civil
from dengwen.law.duties.admissibility import refusals
from dengwen.law.duties.explanation import explain
from dengwen.organs.models import Organ

MACHINE = frozenset({"breach", "lapse"})


def run_show(args: argparse.Namespace) -> int:
    """Show one case the account may see."""
    now = now_of(args)
    case = find_case(args.number, args.by, now, "show")
    records = records_of(case)
    view = view_of(case.kind, records)
    names = dict(Organ.objects.values_list("pk", "name_zh"))
    data = {
        "number": case.number,
        "kind": case.kind,
        "state": view.state,
        "opened_on": view.opened_on,
        "holder": names.get(view.holder or 0),
        "next_due": view.next_due(),
        "sent_to_accused": is_sent_to_accused(case, civil(now)),
        "timeline": [_act(case, record, names) for record in records],
        "duties": [_duty(duty, names) for duty in view.duties],
        "acts_now": _possible(case, view, args, civil(now)),
    }
    if args.json:
        tell_json(data)
    else:
        _tell(data)
    return OK


def _act(case: Case, record: ActRecord, names: dict[int, str]) -> dict[str, Any]:
    """Return an act as plain data, with the article it rests on."""
    book = rulebooks.by_row(record.rules)
    rule = book.kind(case.kind).acts[record.act]
    return {
        "id": record.id,
        "act": record.act,
        "zh": rule.zh,
        "en": rule.en,
        "day": record.day,
        "recorded_on": civil(record.recorded),
        "organ": names.get(record.organ or 0),
        "basis": rule.basis.cite(book.instruments),
        "duty": record.duty,
        "rules": book.title,
    }


def _duty(duty: DutyView, names: dict[int, str]) -> dict[str, Any]:
    """Return a duty as plain data, with how its day was computed."""
    told = explain(duty, rulebooks.by_row(duty.rules))
    return {
        "rule": duty.rule.id,
        "zh": duty.rule.zh,
        "en": duty.rule.en,
        "holder": names.get(duty.holder or 0),
        "right": duty.rule.right,
        "state": duty.state,
        "raw": duty.raw,
        "due": duty.due,
        "provisional": duty.provisional,
        "closed_on": duty.closed_on,
        "timeliness": duty.timeliness,
        "breached": duty.breach is not None,
        "by_claim": duty.rests_on_claim,
        "original_due": duty.original_due,
        "article": told.article,
        "statutory": told.statutory,
        "otherwise": told.otherwise,
        "computed": [{"step": step, "day": day, "text": text} for step, day, text in told.lines],
        "calendar": told.calendar,
    }


def _possible(
    case: Case, view: CaseView, args: argparse.Namespace, now_day: date
) -> list[dict[str, Any]]:
    """Return every act of the procedure: possible for this account now, or the sentence why not."""
    now = now_of(args)
    kind = rulebooks.in_force(now_day, case.place, now).book.kind(case.kind)
    try:
        by = acting(args.by, "", now_day)
    except (
        CommandError
    ):  # works in several organs; without one chosen nobody can say what is possible
        return []
    found = []
    for rule in kind.acts.values():
        if rule.id in MACHINE or rule.history:
            continue
        against = refusals(kind, rule, view, by.actor(None), now_day)
        found.append(
            {"act": rule.id, "zh": rule.zh, "possible": not against, "why": [r.zh for r in against]}
        )
    return found


def _tell(data: dict[str, Any]) -> None:
    """Print a case in words."""
    due = data["next_due"] or "—"
    tell(
        f"{data['number']}  {data['kind']} · {data['state']}  {data['holder'] or ''}  下一期限 / "
        f"next: {due}"
    )
    if data["sent_to_accused"]:
        tell(" / ".join(ADVICE))
    tell("经过 / timeline")
    for act in data["timeline"]:
        _tell_act(act)
    tell("责任与期限 / duties")
    for duty in data["duties"]:
        _tell_duty(duty)
    possible = [act for act in data["acts_now"] if act["possible"]]
    tell("现在可做 / possible now: " + "、".join(f"{a['zh']}({a['act']})" for a in possible))


def _tell_act(act: dict[str, Any]) -> None:
    """Print an act, and the day of its entry where that is another one."""
    entered = act["recorded_on"]
    day, organ = act["day"], act["organ"] or ""
    late = "" if day == entered else f"（{entered} 录入 / entered）"
    tell(f"  {day} {act['zh']} {act['duty']} {organ}{late}  {act['basis']}")


def _tell_duty(duty: dict[str, Any]) -> None:
    """Print a duty: its day, its words, its bearer, how it stands, and how the day was computed."""
    day = duty["due"] or duty["raw"] or "—"
    words = f"{duty['zh']}（{duty['article']}）"
    holder = duty["holder"] or ""
    end = duty["timeliness"] or duty["state"]
    mark = " 逾期 / breached" if duty["breached"] else ""
    if duty["by_claim"]:
        mark += f" 仅凭事后主张，原到期 {duty['original_due'] or '—'} / by claim only"
    tell(f"  {day} {words}{holder} {end}{mark}")
    for line in duty["computed"]:
        tell(f"      {line['day'] or '—'} {line['text']}")
