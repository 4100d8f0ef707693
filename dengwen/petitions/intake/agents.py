"""Who acts for, or after, a petitioner: agent, guardian, heir (代理人、监护人、继承人).

The regulations have no article on them: what is kept is the office's own practice and says so. A
row finds the person again for staff; "same person" goes by the petitioner, or by the heir who went
on (practice rule: the principal counts).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from dengwen.access.keys.blind_index import blind_index
from dengwen.access.keys.keyring import key_ring
from dengwen.cases.models import Case, Content, Party
from dengwen.cases.write.call_context import CallContext
from dengwen.cases.write.contents import open_package
from dengwen.law.duties.step import Facts, FieldValue, Step
from dengwen.petitions.errors import PetitionError
from dengwen.petitions.intake.inheritance import as_system
from dengwen.petitions.models import Petitioner

NAMED = "name_agent"
STANDINGS = ("agent", "guardian", "heir")


def agent_named(step: Step, facts: Facts) -> Sequence[Step]:
    """Write the look-up row and the party of whoever acts for the petitioner from now on."""
    begins, ends = step.fields.get("agent_from"), step.fields.get("agent_until")
    since = begins if isinstance(begins, date) else facts.day
    until = ends if isinstance(ends, date) else None
    if until is not None and until < since:
        raise PetitionError(
            "agent-days",
            where="agent_until",
            zh="截止日期早于起始日期",
            en="the last day lies before the first",
            mend_zh="核对委托书上的日期",
            mend_en="check the days on the mandate",
        )
    standing = str(step.fields["stands_as"])
    person = _agent_row(step, facts, standing)
    Party.objects.create(
        case_id=facts.case_id,
        role=standing,
        person=person.pk,
        act_id=facts.act_id,
        since=since,
        until=until,
    )
    return ()


def _agent_row(step: Step, facts: Facts, standing: str) -> Petitioner:
    """Write the look-up row of whoever acts for the petitioner."""
    ring = key_ring()
    name = step.texts.get("agent", "").strip()
    phone = step.texts.get("agent_phone", "").strip()
    return Petitioner.objects.create(
        case_id=facts.case_id,
        role=standing,
        act=facts.act_id,
        name_index=blind_index(ring, "name", name),
        phone_index=blind_index(ring, "phone", phone) if phone else "",
    )


def agent_ended(step: Step, facts: Facts) -> Sequence[Step]:
    """End the party of whoever stands; the row stays, for staff find the matter by that name as
    before."""
    newest = Party.objects.filter(case_id=facts.case_id, role__in=STANDINGS).order_by("-pk").first()
    ended = step.fields.get("ended_on")
    day = ended if isinstance(ended, date) else facts.day
    if newest is None:
        return ()
    if day < newest.since:
        raise PetitionError(
            "agent-days",
            where="ended_on",
            zh="终止日期早于起始日期",
            en="it would end before it began",
            mend_zh=f"不早于 {newest.since}",
            mend_en=f"not before {newest.since}",
        )
    if newest.until is None or day < newest.until:
        newest.until = day
        newest.save(update_fields=["until"])
    return ()


def carried_agent(
    case: Case, now: datetime, actor: int | None, organ: int | None, call: CallContext
) -> Step | None:
    """Return the step that names whoever stands in `case` again in a matter that comes from it,
    None where nobody does.

    Inside the transaction of the caller: the name goes from one sealed package into another, logged
    as the system's. `call` is the running call, or one outside.
    """
    if call.view_of_case(case).facts.get("represented") != "true":
        return None
    act = next(a for a in reversed(call.acts_of(case)) if a.act == NAMED)
    row = Content.objects.filter(act_id=act.id, data_class="D2").select_related("act").first()
    texts = (
        {}
        if row is None
        else as_system(case, ("agent",), "D2", now, actor, organ, lambda: open_package(row))
    )
    fields: dict[str, FieldValue] = dict(act.data)
    return Step(act=NAMED, organ=organ, fields=fields, texts=texts)
