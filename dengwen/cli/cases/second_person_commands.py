"""`dengwen second`: what waits for a second person, and the decision on it.

dengwen second list --by head
dengwen second approve YJ01-2026-483907215-0 4 --by head
dengwen second refuse YJ01-2026-483907215-0 4 --by head --why …
dengwen second take-back YJ01-2026-483907215-0 4 --by handler
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from dengwen.access.keys.randomness import token_bytes
from dengwen.cases.case_numbers import read_number
from dengwen.cases.models import Act, Case
from dengwen.cases.read.case_view import read_file
from dengwen.cases.read.waiting_proposals import MOST, changes, made_by, of_house, of_organ
from dengwen.cases.wall.visibility import Viewer, viewer_of
from dengwen.cases.write import proposal_doors
from dengwen.cases.write.call_context import Held, outside
from dengwen.cases.write.check import HOUSE_KINDS, Refused
from dengwen.cases.write.perform import By
from dengwen.cases.write.proposed_step import read_proposal
from dengwen.cases.write.second_person import Asked, may_decide
from dengwen.cli.cases.act import find_case
from dengwen.cli.shell.account import acting, user_named
from dengwen.cli.shell.answer import now_of
from dengwen.cli.shell.output import OK, tell, tell_json
from dengwen.law.duties.act_record import civil
from dengwen.law.duties.proposal import PROPOSE
from dengwen.law.duties.step import Step

ADMINISTER = frozenset({"registrar", "auditor"})
"""Who decides on what the house itself registers."""


def run_list(args: argparse.Namespace) -> int:
    """Print what waits for an account, and what it proposed."""
    now = now_of(args)
    by = acting(args.by, args.organ, civil(now))
    viewer = _viewer(by, args)
    waiting = [row for row in _standing(viewer, by, civil(now)) if _may(row, by, args)]
    mine = list(made_by(by.user or 0, viewer, civil(now))[:MOST])
    said = {
        "waiting": [_said(row, args) for row in waiting],
        "proposed": [_said(row, args) for row in mine],
    }
    if args.json:
        tell_json(said)
        return OK
    for words, lines in (("等您同意 / to approve", waiting), ("您提出的 / proposed", mine)):
        tell(f"{words}: {len(lines)}")
        for row in lines:
            tell(f"  {row.case.number} 第{row.seq}步 {row.data.get('of')}")
    return OK


def _standing(viewer: Viewer, by: By, day: date) -> Iterable[Act]:
    """Return what stands in the organ of an account, and in the registers of the house for their
    administrators."""
    rows = [*of_organ(viewer, by.organ, day)[:MOST]] if by.organ else []
    if by.capacities & ADMINISTER:
        rows += of_house()[:MOST]
    return {row.pk: row for row in rows}.values()


def _case(args: argparse.Namespace, by: By) -> Case:
    """Return the case of a proposal; house registers stand open to their administrators."""
    house = Case.objects.filter(number=read_number(args.case), kind__in=HOUSE_KINDS).first()
    if house is not None and by.capacities & ADMINISTER:
        return house
    return find_case(args.case, args.by, now_of(args), args.decision)


def _viewer(by: By, args: argparse.Namespace) -> Viewer:
    """Return what the wall needs to know of the account in the organ it acts for."""
    viewer = viewer_of(user_named(args.by), civil(now_of(args)))
    return replace(viewer, organs=viewer.organs & frozenset({by.organ or 0}))


def _may(row: Act, by: By, args: argparse.Namespace) -> bool:
    """Say whether the account may decide on a proposal."""
    now = now_of(args)
    file = read_file(row.case, now)
    held = Held(file.case, list(file.records), file.view)
    asked = Asked(held, file.installed.book, by, now, outside())
    return may_decide(read_proposal(row), asked)


def _said(row: Act, args: argparse.Namespace) -> dict[str, Any]:
    """Return a proposal as data: never its texts, which are read on the page and logged."""
    now = now_of(args)
    file = read_file(row.case, now)
    proposed = read_proposal(row)
    rule = file.kind.acts.get(proposed.act)
    step = proposed.step(rule, row.case.number) if rule else Step(act=proposed.act)
    lines = changes(file, step, row, now, "zh") if rule else []
    return {
        "case": row.case.number,
        "seq": row.seq,
        "act": proposed.act,
        "changes": [{"what": one.what, "now": one.now, "after": one.after} for one in lines],
    }


def run_decide(args: argparse.Namespace) -> int:
    """Approve, refuse or take back one proposal."""
    now = now_of(args)
    by = acting(args.by, args.organ, civil(now))
    case = _case(args, by)
    row = Act.objects.filter(case=case, seq=args.seq, act=PROPOSE).first()
    if row is None:
        raise Refused.no_case(Step(act=args.decision, case=case.number), case.number)
    uid = args.uid or f"cli/second/{token_bytes(8).hex()}"
    if args.decision == "approve":
        done = proposal_doors.approve(case.number, row.pk, row.content, by=by, now=now, uid=uid)
        tell(f"{case.number} 已同意 / approved：{done.acts[-1].act}")
    elif args.decision == "refuse":
        proposal_doors.refuse(case.number, row.pk, args.why, by=by, now=now, uid=uid)
        tell(f"{case.number} 已退回 / refused")
    else:
        proposal_doors.take_back(case.number, row.pk, by=by, now=now, uid=uid)
        tell(f"{case.number} 已撤回 / taken back")
    return OK
