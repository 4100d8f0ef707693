"""`dengwen leads find`: let the finders look through the records, and raise what is new as leads.

dengwen leads find --by supervisor
dengwen leads find --by supervisor --finder not_handled --raise

Shown is what lies in the area of the asking petition department; what concerns itself is for the
one above (S 17).
"""

from __future__ import annotations

import argparse
from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from dengwen.access.grants import grants_of
from dengwen.accountability.finders import FINDERS, STRENGTHS, Evidence, Finding, find
from dengwen.accountability.leads.new_lead import Raised, fits, key_of, raise_all, raised_already
from dengwen.cases.write.perform import By
from dengwen.cli.shell.account import acting, user_named
from dengwen.cli.shell.answer import now_of
from dengwen.cli.shell.output import OK, USAGE, CommandError, tell, tell_json
from dengwen.law.duties.act_record import civil
from dengwen.organs.models import Organ

NEEDED = "account"
"""The compartment without which nobody learns of a lead (access model, D7)."""
ACCUSATIONS = "accuse"
"""The compartment without which the number of an accusation stays hidden."""
SEALED = "（检举控告件 / an accusation）"


def run_find(args: argparse.Namespace) -> int:
    """List what the finders see for a petition department; with `--raise`, make leads of what is
    new."""
    now = now_of(args)
    day = civil(now)
    by = acting(args.by, args.organ, day)
    held = _compartments(args.by, by, day)
    office = _office(by, held)
    found = fits(find(now=now, only=args.finder or None), office, day)
    known = raised_already()
    new = [finding for finding in found if key_of(finding) not in known]
    done = raise_all(new, by=by, now=now) if args.raise_leads else None
    sealed = ACCUSATIONS not in held
    if args.json:
        findings = [_data(finding, known, sealed=sealed) for finding in found]
        raised, refused = (done.numbers, done.refused) if done else ([], [])
        tell_json({"findings": findings, "raised": raised, "refused": refused})
        return OK
    for finding in found:
        _show(finding, known, sealed=sealed)
    tell(
        f"发现 / findings {len(found)}，尚未提出 / not raised yet {len(new)}。"
        "线索不是认定 / a lead is no verdict"
    )
    return OK if done is None else _show_raised(done)


def _compartments(username: str, by: By, day: date) -> set[str]:
    """Return the compartments an account is cleared for in the organ it acts for."""
    grants = grants_of(user_named(username), day)
    return {grant.compartment for grant in grants if grant.organ_id == by.organ}


def _office(by: By, held: Collection[str]) -> Organ:
    """Return the petition department that asks; CommandError where it is none or not cleared."""
    office = Organ.objects.filter(pk=by.organ or 0, is_petition_office=True).first()
    if office is None or NEEDED not in held:
        raise CommandError(
            what=(
                "线索由获准办理责任追究的信访部门人员查看 / leads are for people of a petition department cleared "
                "for them"
            ),
            where="--by",
            mend="--by supervisor",
        )
    return office


def _show_raised(done: Raised) -> int:
    """Print what became of raising leads, and return the exit code."""
    tell(
        f"提出线索 / leads raised {len(done.numbers)}，应由别的信访部门提出 / for another department "
        f"{done.elsewhere}"
    )
    for line in done.refused:
        tell(f"没有提出 / refused: {line}")
    return USAGE if done.refused else OK


def _show(finding: Finding, known: frozenset[str], *, sealed: bool) -> None:
    """Print a finding, with the innocent explanation it may have."""
    number = SEALED if finding.protected and sealed else finding.case
    mark = "已提出 / raised" if key_of(finding) in known else "新 / new"
    finder = FINDERS[finding.finder]
    tell(
        f"{finding.day}　{finder.zh} / {finder.en}　{finding.unit} {finding.official}　{number}　{mark}"
    )
    tell(f"  {finding.zh}\n  {finding.en}")
    tell(
        f"  可能符合 / may meet: {'、'.join(finding.situations) or '—'}"
        f"　{' / '.join(STRENGTHS[finding.strength])}"
    )
    for claim in finding.claims:
        tell(f"  {claim.zh}\n  {claim.en}")
    tell(f"  {finding.innocent_zh}\n  {finding.innocent_en}")


def _data(finding: Finding, known: frozenset[str], *, sealed: bool) -> dict[str, Any]:
    """Return a finding as plain data."""
    hidden = finding.protected and sealed
    return {
        "finder": finding.finder,
        "case": "" if hidden else finding.case,
        "cases": [] if hidden else list(finding.cases),
        "unit": finding.unit,
        "official": finding.official,
        "day": finding.day.isoformat(),
        "zh": finding.zh,
        "en": finding.en,
        "innocent_zh": finding.innocent_zh,
        "innocent_en": finding.innocent_en,
        "situations": list(finding.situations),
        "strength": finding.strength,
        "protected": finding.protected,
        "raised": key_of(finding) in known,
        "evidence": _items(finding.evidence, hidden=hidden),
        "claims": _items(finding.claims, hidden=hidden),
    }


def _items(found: Iterable[Evidence], *, hidden: bool) -> list[dict[str, Any]]:
    """Return what a finding rests on, or what is claimed, as plain data."""
    return [
        {"case": "" if hidden else e.case, "act": e.act, "duty": e.duty, "zh": e.zh, "en": e.en}
        for e in found
    ]
