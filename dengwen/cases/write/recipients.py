"""Who is told of an act: whoever got a duty by it or a paper, a leader it was laid before, a
petitioner it answers.

Notices are rows of the outbox in the transaction of the act, with the neutral sentence and the
number alone. The worker asks the wall when it sends, and the desk when it shows; nobody on an
accused side is told of what accuses them. Nobody is told of the own act. What was imported happened
long ago, and recurring duties are announced by their register.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dengwen.access.models import User
from dengwen.cases.models import Act, Case, Party
from dengwen.cases.write.call_context import CallContext
from dengwen.law.duties.act_record import OPEN, CaseView, DutyView
from dengwen.law.duties.recurrence import REGISTER
from dengwen.law.packs.rules import ActRule, KindRule
from dengwen.notices.models import Outbox
from dengwen.notices.outbox import compose

CHANNEL = "screen"
LEADER, PETITIONER = "leader_in_charge", "信访人"
"""The standing that a leader gets by a letter or an order, and to whom a paper goes, in the
words of the packs."""


def tell(
    case: Case, act: Act, view: CaseView, kind: KindRule, rule: ActRule, call: CallContext
) -> None:
    """Queue the notices of one act, after its effects; an act that tells nobody costs no
    statement."""
    if act.imported or case.kind == REGISTER:
        return
    fresh = [duty for duty in view.duties if _is_fresh(duty, act)]
    officials = _officials(act, rule, fresh)
    organs = _organs(act, view, rule, fresh)
    if act.seq > 1 and any(kind.documents[name].to == PETITIONER for name in rule.documents):
        call.unit.add(_notice(case, act, "petitioner", ""))
    notices = [_notice(case, act, "organ", code) for code in _codes(organs, call)]
    notices += [
        _notice(case, act, "official", account) for account in _accounts(officials, act.actor)
    ]
    call.unit.add(*notices)


def _is_fresh(duty: DutyView, act: Act) -> bool:
    """Say whether a duty is owed since this act: opened by it and open still, and no mere right."""
    return duty.opened_by == act.pk and duty.state == OPEN and not duty.rule.right


def _officials(act: Act, rule: ActRule, fresh: Iterable[DutyView]) -> set[int]:
    """Return the officials with a fresh duty, and the leaders the matter was laid before."""
    officials = {duty.official for duty in fresh if duty.official is not None}
    if rule.effects and any(f.type == "official" and act.data.get(f.name) for f in rule.fields):
        stood = Party.objects.filter(act=act, role=LEADER, official__isnull=False)
        officials.update(stood.values_list("official_id", flat=True))
    return officials


def _organs(act: Act, view: CaseView, rule: ActRule, fresh: Iterable[DutyView]) -> set[int]:
    """Return the organs with a fresh duty and the addressee, less the organ that acted."""
    organs = {duty.holder for duty in fresh if duty.holder is not None}
    if rule.addresses and view.addressee is not None:
        organs.add(view.addressee)
    organs.discard(act.organ_id or 0)
    return organs


def _codes(organs: Iterable[int], call: CallContext) -> Iterator[str]:
    """Yield the codes of organs, in order of id."""
    for pk in sorted(organs):
        found = call.organ(pk)
        if found is not None:
            yield found.code


def _accounts(officials: Iterable[int], actor: int | None) -> Iterator[str]:
    """Yield the ids of the accounts of officials, the one who acts left out."""
    wanted = sorted(officials)
    if not wanted:
        return
    users = User.objects.filter(official_id__in=wanted, is_active=True)
    for user in users.exclude(pk=actor or 0):
        yield str(user.pk)


def _notice(case: Case, act: Act, recipient: str, ref: str) -> Outbox:
    return compose(
        uid=f"{case.number}/{act.seq}/{recipient}/{ref}",
        case_number=case.number,
        channel=CHANNEL,
        recipient=recipient,
        recipient_ref=ref,
        now=act.recorded_at,
    )
