"""Entries of the registry made afterwards: two registrars of an organ, of whom one proposes and the
other approves."""

from __future__ import annotations

from datetime import date, datetime

from dengwen.access.models import RoleGrant, User
from dengwen.cases.write.perform import By
from dengwen.cases.write.proposal_doors import approve, digest_of_proposal, propose
from dengwen.law.duties.step import Step

SINCE = date(2020, 1, 1)


def registrars(organ: int) -> tuple[By, By]:
    """Return two registrars of an organ, the same two each time."""
    found = []
    for name in ("registrar-one", "registrar-other"):
        user, is_new = User.objects.get_or_create(username=name)
        if is_new:
            RoleGrant.objects.create(user=user, role="R12", organ_id=organ, valid_from=SINCE, act=1)
        found.append(By(user.pk, organ, frozenset({"registrar"})))
    return found[0], found[1]


def enter_by_two(step: Step, organ: int, now: datetime) -> None:
    """Enter something late: one registrar proposes, the other approves."""
    one, other = registrars(organ)
    waits = propose(step, by=one, now=now, uid=f"late/{now.date()}/{step.act}").acts[0].act_id
    seen = digest_of_proposal(waits)
    approve(step.case, waits, seen, by=other, now=now, uid=f"late/{waits}/approved")
