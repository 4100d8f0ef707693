"""Who is told of an act: whoever got a duty by it or a paper, a leader it was laid before, a
petitioner it answers.

Notices are rows of the outbox in the transaction of the act, with the neutral sentence and the
number alone. The worker
asks the wall when it sends, and the desk when it shows; nobody on an accused side is told of what
accuses them. Nobody
is told of the own act. What was imported happened long ago, and recurring duties are announced by
their register.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dengwen.access.models import User
from dengwen.cases.models import Act, Case, Party
from dengwen.cases.write.call_context import organ
from dengwen.law.duties.act_record import OPEN, CaseView
from dengwen.law.duties.recurrence import REGISTER
from dengwen.law.packs.rules import ActRule, KindRule
from dengwen.notices.models import Outbox
from dengwen.notices.outbox import compose
from dengwen.store.rows import later

CHANNEL = "screen"
LEADER, PETITIONER = "leader_in_charge", "信访人"
"""The standing that a leader gets by a letter or an order, and to whom a paper goes, in the
words of the packs."""


def tell(case: Case, act: Act, view: CaseView, kind: KindRule, rule: ActRule) -> None:
    """Queue the notices of one act, after its effects; an act that tells nobody costs no
    statement."""
    if act.imported or case.kind == REGISTER:
        return
    fresh = [
        d for d in view.duties if d.opened_by == act.pk and d.state == OPEN and not d.rule.right
    ]
    officials = {d.official for d in fresh if d.official is not None}
    if rule.effects and any(f.type == "official" and act.data.get(f.name) for f in rule.fields):
        stood = Party.objects.filter(act=act, role=LEADER, official__isnull=False)
        officials.update(stood.values_list("official_id", flat=True))
    organs = {d.holder for d in fresh if d.holder is not None}
    if rule.addresses and view.addressee is not None:
        organs.add(view.addressee)
    organs.discard(act.organ_id or 0)
    if act.seq > 1 and any(kind.documents[name].to == PETITIONER for name in rule.documents):
        later(_notice(case, act, "petitioner", ""))
    later(
        *(
            _notice(case, act, who, ref)
            for who, ref in (*_codes(organs), *_accounts(officials, act.actor))
        )
    )


def _codes(organs: Iterable[int]) -> Iterator[tuple[str, str]]:
    return (("organ", found.code) for pk in sorted(organs) if (found := organ(pk)) is not None)


def _accounts(officials: Iterable[int], actor: int | None) -> Iterator[tuple[str, str]]:
    """Return the accounts of officials, the one who acts left out."""
    wanted = sorted(officials)
    rows = (
        User.objects.filter(official_id__in=wanted, is_active=True).exclude(pk=actor or 0)
        if wanted
        else ()
    )
    return (("official", str(user.pk)) for user in rows)


def _notice(case: Case, act: Act, recipient: str, ref: str) -> Outbox:
    return compose(
        uid=f"{case.number}/{act.seq}/{recipient}/{ref}",
        case_number=case.number,
        channel=CHANNEL,
        recipient=recipient,
        recipient_ref=ref,
        now=act.recorded_at,
    )
