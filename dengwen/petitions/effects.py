"""What registering and classing a petition set in motion: its rows, and the wall of an accusation.

Each function is an effect `(step, facts) -> steps`, named in `config.effects`, run inside the
transaction. Those of single requests are in `request_effects`, the linked cases law asks for in
`linked_case_effects`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from dengwen.access.keys.blind_index import blind_index
from dengwen.access.keys.keyring import key_ring
from dengwen.cases.act_records import view_of
from dengwen.cases.models import Act, Case, CaseLink, Party
from dengwen.cases.wall.propagation import ABOUT, spread
from dengwen.cases.write import contents
from dengwen.cases.write.call_context import call_of
from dengwen.cases.write.record import ACCUSED
from dengwen.law.duties.step import Facts, PartyEntry, Step
from dengwen.petitions.errors import PetitionError
from dengwen.petitions.intake import accused, groups, lookalikes
from dengwen.petitions.intake.inheritance import SPLIT_FROM
from dengwen.petitions.models import Member, Petition, Petitioner
from dengwen.petitions.request_effects import follow_matter


# --- registration ---------------------------------------------------------------------------------
def registered(step: Step, facts: Facts) -> Sequence[Step]:
    """Write the petition and the look-up indexes of the petitioner when a matter is registered (R22
    22, 23)."""
    received = step.fields.get("received_on")
    received_on = received if isinstance(received, date) else facts.day
    # The case was opened a moment ago, so the only thing that can stand in the way is the outside
    # number.
    if not call_of(facts).unit.add_unless_taken(_petition(step, facts, received_on)):
        raise PetitionError(
            "outside-number",
            where=facts.case,
            zh="这一外部编号已登记过",
            en="this outside number is registered already",
            mend_zh="查找已有登记，按重复件处理",
            mend_en="look it up and attach this as a repeat",
        )
    keep_petitioner(step, facts)
    lookalikes.enter(step, facts, received_on)
    return groups.incident_of(step, facts)


def _petition(step: Step, facts: Facts, received_on: date) -> Petition:
    """Return the row of a petition.

    A protected matter takes no part in the numbers of other systems: a conflict would tell that it
    exists.
    """
    accuses = any(party.role in ACCUSED for party in step.parties)
    outside = "" if accuses else str(step.fields.get("outside_no", ""))
    return Petition(
        case_id=facts.case_id,
        channel=str(step.fields["channel"]),
        received_on=received_on,
        outside_source=str(step.fields.get("outside_source", "")) if outside else "",
        outside_index=outside,
        code_digest=str(step.fields.get("code_digest", "")),
        act=facts.act_id,
    )


def keep_petitioner(step: Step, facts: Facts) -> None:
    """Write the look-up indexes of whoever asks; nothing where no name is given."""
    name = step.texts.get("petitioner", "").strip()
    phone = step.texts.get("phone", "").strip()
    if not name:
        return
    ring = key_ring()
    person = Petitioner(
        case_id=facts.case_id,
        role="petitioner",
        act=facts.act_id,
        name_index=blind_index(ring, "name", name),
        phone_index=blind_index(ring, "phone", phone) if phone else "",
    )
    call_of(facts).unit.add(person)


# --- classes and accusations ----------------------------------------------------------------------
def classified(step: Step, facts: Facts) -> Sequence[Step]:
    """Shut a matter that proves to be an accusation off from the accused side, and out of the
    look-alikes (4.1)."""
    if step.fields.get("class") == "accusation":
        accused.close(step, facts)
        _sealed(facts)
    follow_matter(facts)
    return ()


def corrected(step: Step, facts: Facts) -> Sequence[Step]:
    """Do for a class corrected to accusation what `classified` does for one found at once."""
    if (step.fields.get("field"), step.fields.get("new")) == ("class", "accusation"):
        as_found = Step(act="classify", case=facts.case, fields={"class": "accusation"})
        return classified(as_found, facts)
    if step.fields.get("field") in ("class", "path"):
        follow_matter(facts)
    return ()


def superior_is_no_party(step: Step, facts: Facts) -> Sequence[Step]:
    """Refuse a dispute of competence laid before one of its parties (R22 24(1)): the common
    superior decides, or the joint conference."""
    if step.fields.get("superior") not in (step.fields.get("other"), facts.organ):
        return ()
    raise PetitionError(
        "decided-by-a-party",
        where="superior",
        zh="争议的一方不能决定争议",
        en="a party to the dispute cannot decide it",
        mend_zh="报共同的上一级机关、单位；没有的，报信访工作联席会议",
        mend_en="name the common superior, or the joint conference where there is none",
    )


def contact_added(step: Step, facts: Facts) -> Sequence[Step]:
    """Refuse to make a known name and address unknown by adding to them: the notices that are owed
    to whoever can be told would end by one hand (R22 23(2), R05 22(2))."""
    if step.fields.get("address_clear") is not False:
        return ()
    call, case = call_of(facts), Case.objects.get(pk=facts.case_id)
    before = [act for act in call.acts_of(case) if act.id != facts.act_id]
    if view_of(case.kind, before, rules=call.rules).facts.get("address_clear") != "true":
        return ()
    raise PetitionError(
        "clear-already",
        where="address_clear",
        zh="姓名（名称）、住址已经清楚，补记不能改成不清楚",
        en="name and address are known; adding to them does not make them unknown",
        mend_zh="登记有误，或者退信查明住址不清的，更正原来的登记，由第二人同意",
        mend_en="where they were entered wrongly, or a letter came back, correct that act, "
        "which a second person approves",
    )


def accused_named(step: Step, facts: Facts) -> Sequence[Step]:
    """Put an accused person or unit that became known later behind the wall (R22 30(3), R05 23)."""
    accused.named(step, facts)
    _sealed(facts)
    return ()


def _sealed(facts: Facts) -> None:
    """Take an accusation, and the mixed letter that holds the same words (case B10), out of what is
    compared."""
    call = call_of(facts)
    _forget(facts.case_id)
    case, act = Case.objects.get(pk=facts.case_id), Act.objects.get(pk=facts.act_id)
    spread(case, act, facts.recorded_at, call.keys)
    _forget_about(facts.case_id)
    letters = CaseLink.objects.filter(case_id=facts.case_id, kind=SPLIT_FROM)
    for link in letters.select_related("other"):
        # The running call may hold the letter: what it writes of it from now on is sealed as well.
        _close_over(call.case_numbered(link.other.number) or link.other, facts)


def _forget(case: int) -> None:
    """Take a matter out of what other registrations are compared with: look-alikes, outside
    numbers, members."""
    lookalikes.leave(case)
    Member.objects.filter(case_id=case).update(name_index="", phone_index="")
    Petition.objects.filter(case_id=case).update(outside_source="", outside_index="")


def _forget_about(case: int) -> None:
    """Forget what members of a group asked for themselves: it was sealed with the matter of the
    group."""
    about = CaseLink.objects.filter(other_id=case, kind=ABOUT, case__kind="petition")
    for own in about.values_list("case", flat=True):
        _forget(own)


def _close_over(letter: Case, facts: Facts) -> None:
    """Seal a mixed letter and put the accused of its part on the accused side of the whole."""
    keys = call_of(facts).keys
    contents.protect(letter, facts.recorded_at, keys)
    letter.save(update_fields=["protected", "title"])
    _forget(letter.pk)
    side = Party.objects.filter(case_id=facts.case_id, role__in=ACCUSED)
    entries = [PartyEntry(role=p.role, organ=p.organ_id, official=p.official_id) for p in side]
    accused.enter(letter, entries, facts)
    spread(letter, Act.objects.get(pk=facts.act_id), facts.recorded_at, keys)
    _forget_about(letter.pk)
