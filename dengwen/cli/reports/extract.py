"""`dengwen personnel extract CODE --request NUMBER`: what is on record of an official, for the
opinion of S 10(2)."""

from __future__ import annotations

import argparse
from datetime import date, datetime

from dengwen.access.grants import grants_of
from dengwen.access.keys.randomness import token_bytes
from dengwen.access.models import User
from dengwen.access.read_log import Opening
from dengwen.accountability.personnel.cadre_opinion import (
    exempted_words,
    in_force_words,
    looked_up,
    performance_words,
)
from dengwen.accountability.personnel.extracts import Extract
from dengwen.accountability.personnel.notification import OPINION
from dengwen.cases.models import Act, Case
from dengwen.cases.wall.visibility import ACCOUNT, find, viewer_of
from dengwen.cli.shell.account import official_named, user_named
from dengwen.cli.shell.answer import now_of
from dengwen.cli.shell.output import OK, CommandError, tell
from dengwen.law.duties.act_record import civil


def run_extract(args: argparse.Namespace) -> int:
    """Print the extract of an official for a request that the account may answer; every look is
    logged."""
    now = now_of(args)
    on = _day(args.on, "--on") or civil(now)
    last = _day(args.last, "--to") or on
    first = _day(args.first, "--from") or date(on.year - 1, 1, 1)
    if on > civil(now):
        raise CommandError(what="还没有到的一天 / a day that has not come yet", where="--on")
    user, cadre = user_named(args.by), official_named(args.official, "CODE")
    case = _request(args.request, user, cadre.pk, civil(now))
    role, organ = _cleared(user, civil(now))
    try:
        made = looked_up(
            case, cadre, first, last, on, lambda one: _opening(one, user, role, organ, now)
        )
    except ValueError as error:
        raise CommandError(
            what=f"日期没有先后 / the days are in no order: {error}",
            where="--from --to --on",
            mend="--from ≤ --to ≤ --on",
        ) from error
    if args.json:
        tell(made.canonical().decode())
    else:
        _tell(made)
    return OK


def _day(text: str, where: str) -> date | None:
    """Return a day, None where none is given; CommandError for what is no date."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise CommandError(
            what=f"不是日期 / no date: {text}", where=where, mend="2025-12-31"
        ) from error


def _request(number: str, user: User, cadre: int, day: date) -> Case:
    """Return the request for an opinion on this official; hidden, missing and about somebody
    else are the same."""
    case = find(viewer_of(user, day), day, number)
    asked = Act.objects.filter(case=case, act="ask", data__cadre=cadre).exists() if case else False
    if case is None or case.kind != OPINION or not asked:
        raise CommandError(
            what="没有这样的征求意见 / there is no such request for an opinion on this official",
            where="--request",
            mend="先由组织人事部门征求意见 / let the personnel department ask first",
        )
    return case


def _cleared(user: User, day: date) -> tuple[str, int | None]:
    """Return the role and the organ in which an account is cleared for files of accountability."""
    for grant in grants_of(user, day):
        if grant.compartment == ACCOUNT:
            return grant.role, grant.organ_id
    raise CommandError(
        what=f"{user.username} 没有追责密级 / is not cleared for accountability",
        where="--by",
        mend="dengwen account grant … --compartment account",
    )


def _opening(case: Case, user: User, role: str, organ: int | None, now: datetime) -> Opening:
    """Return the line of the read log that this look-up leaves."""
    return Opening(
        at=now,
        user=user,
        role=role,
        organ=organ,
        case_number=case.number,
        data_class="D7",
        fields=("look-up",),
        purpose="account",
        request_id=token_bytes(16).hex(),
    )


def _tell(made: Extract) -> None:
    """Print an extract in words."""
    tell(
        f"{made.name}（{made.code}）{made.first} – {made.last}，{made.on} 的情况 / as of {made.on}"
    )
    tell(performance_words(made))
    tell(f"影响期内的措施 / measures in force\n{in_force_words(made)}")
    tell(f"认定的免责 / exemptions found\n{exempted_words(made)}")
    tell(f"SHA-256 {made.digest}")
