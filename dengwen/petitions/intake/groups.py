"""People who come together (多人走访): their list, representatives, codes, and who asks something else.

The list is sealed (D2); rows hold places, indexes and digests only. A group stays a group: its kind
and number change by a correction of two persons alone. Functions that open names are for callers
that wrote the read log first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Q, QuerySet

from dengwen.access.keys.blind_index import blind_index
from dengwen.access.keys.keyring import key_ring
from dengwen.access.keys.receipt_codes import code_digest, new_code
from dengwen.access.models import User
from dengwen.cases.models import Case, Content, Party
from dengwen.cases.wall.propagation import ABOUT, WALLED
from dengwen.cases.wall.visibility import among
from dengwen.cases.write.contents import open_package
from dengwen.cases.write.perform import By, Performed, perform
from dengwen.editions.as_of import setting
from dengwen.law.duties.step import Facts, FieldValue, PartyEntry, Step
from dengwen.organs.models import Organ
from dengwen.petitions.errors import PetitionError
from dengwen.petitions.intake.inheritance import CARRIED_ON
from dengwen.petitions.intake.intake import handed_in, steps_of
from dengwen.petitions.intake.member_list import Person, people_of
from dengwen.petitions.models import Member, Petitioner

ENTERED = "enter_members"
BATCH = 100
"""People of one act and of one question: their lines stay below what a text holds, their pairs
below a statement."""
SIZE_LIMIT = "visit.size_limit"
"""Local setting: a visit of more persons opens an incident. The text has no number (seed art. 7(3),
8(3))."""
FIRST_REQUEST = 1


# --- effects --------------------------------------------------------------------------------------
def members_entered(step: Step, facts: Facts) -> Sequence[Step]:
    """Write a row for each person of the list, at the places that follow those entered before."""
    people = people_of(step.texts.get("members", ""))
    begins = Member.objects.filter(case_id=facts.case_id).count() + 1
    if step.fields.get("first") != begins or step.fields.get("count") != len(people):
        raise PetitionError(
            "member-places",
            where=facts.case,
            zh=f"名单已经记到第 {begins - 1} 位，序号接不上",
            en=f"the list already has {begins - 1} members; the places do not follow on",
            mend_zh="重新打开名单页再记",
            mend_en="open the page of the list again",
        )
    protected = Case.objects.values_list("protected", flat=True).get(pk=facts.case_id)
    Member.objects.bulk_create(
        _row(person, place, facts, indexed=not protected)
        for place, person in enumerate(people, begins)
    )
    return ()


def _row(person: Person, place: int, facts: Facts, *, indexed: bool) -> Member:
    """Return the row of a member. Nothing of an accusation is ever indexed: an index would say that
    it exists."""
    ring = key_ring()
    return Member(
        case_id=facts.case_id,
        place=place,
        act=facts.act_id,
        name_index=blind_index(ring, "name", person.name) if indexed else "",
        phone_index=blind_index(ring, "phone", person.phone) if indexed and person.phone else "",
    )


def representatives_elected(step: Step, facts: Facts) -> Sequence[Step]:
    """Mark the representatives by their places; the newest election stands (R22 20(3), R05 18)."""
    chosen = step.fields.get("which")
    places = [int(p) for p in chosen if str(p).isdecimal()] if isinstance(chosen, tuple) else []
    members = Member.objects.filter(case_id=facts.case_id)
    known = members.filter(place__in=places).count()
    if not places or not isinstance(chosen, tuple) or not len(chosen) == len(set(places)) == known:
        raise PetitionError(
            "no-member",
            where="which",
            zh="代表须是名单上的不同的人",
            en="representatives are different members of the list",
            mend_zh="按名单上的序号选",
            mend_en="choose them by their places",
        )
    members.update(representative=False)
    members.filter(place__in=places).update(representative=True)
    return ()


def member_codes_given(step: Step, facts: Facts) -> Sequence[Step]:
    """Keep the digest of each member's code; codes given before no longer open anything."""
    first, codes = step.fields.get("first"), step.fields.get("codes")
    if not isinstance(first, int) or not isinstance(codes, tuple):
        raise TypeError("first is a number and codes are digests: the write door checked them")
    rows = list(
        Member.objects.filter(case_id=facts.case_id, place__gte=first).order_by("place")[
            : len(codes)
        ]
    )
    if len(rows) != len(codes):
        raise PetitionError(
            "no-member",
            where=facts.case,
            zh="查询码比名单上的人多",
            en="there are more codes than members",
            mend_zh="先记名单",
            mend_en="enter the list first",
        )
    for row, digest in zip(rows, codes, strict=True):
        row.code_digest = str(digest)
    Member.objects.bulk_update(rows, ["code_digest"])
    return ()


def incident_of(step: Step, facts: Facts) -> Sequence[Step]:
    """Return the step that opens an incident for a visit larger than the local limit; none without
    a limit (R22 25).

    The stub stands behind the same wall as the visit: whom the visit accuses learns of neither.
    """
    persons = _group_visit(step)
    if persons is None:
        return ()
    limit = setting(SIZE_LIMIT, facts.organ, facts.day)
    if limit is None or not limit.value.isdigit() or persons <= int(limit.value):
        return ()
    what = f"{persons} 人走访，超过本地设定的 {limit.value} 人（非法定），登记编号 {facts.case}。"
    return [
        Step(
            act="open",
            kind="incident",
            organ=facts.organ,
            fields=_incident_fields(step, facts, persons),
            occurred_at=step.occurred_at,
            texts={"what": what, "subject": f"集体访 {persons} 人"},
            parties=step.parties,
            links=(("about", facts.case),),
        )
    ]


def _group_visit(step: Step) -> int | None:
    """Return how many people came as a group for a matter registered now; None for any other.

    Of a matter carried on, people came once: for the one it comes from.
    """
    fields = step.fields
    if step.imported or fields.get("visit_kind") != "group" or fields.get("channel") != "visit":
        return None
    if any(kind in CARRIED_ON for kind, _ in step.links):
        return None
    persons = fields.get("persons")
    return persons if isinstance(persons, int) else None


def _incident_fields(step: Step, facts: Facts, persons: int) -> dict[str, FieldValue]:
    """Return the fields of the incident: how many, where, known by whom."""
    is_office = Organ.objects.filter(pk=facts.organ or 0, is_petition_office=True).exists()
    fields: dict[str, FieldValue] = {
        "type": "collective_visit",
        "office": "petition_office" if is_office else "organ",
        "persons": persons,
    }
    if step.fields.get("place"):
        fields["place"] = step.fields["place"]
    actor = User.objects.filter(pk=facts.actor or 0)
    official = actor.values_list("official_id", flat=True).first()
    if official:
        fields["known_by"] = official
    return fields


# --- what a door asks for -------------------------------------------------------------------------
def enter(case: Case, people: Sequence[Person], *, by: By, now: datetime, uid: str) -> Performed:
    """Enter people after those on the list already, in one call. Raises `Refused` and
    `PetitionError`."""
    begins = case.members.count() + 1
    steps = []
    for start in range(0, len(people), BATCH):
        some = people[start : start + BATCH]
        text = "\n".join(person.line() for person in some)
        fields: dict[str, FieldValue] = {"first": begins + start, "count": len(some)}
        steps.append(Step(act=ENTERED, case=case.number, fields=fields, texts={"members": text}))
    return perform(*steps, by=by, now=now, uid=uid)


def give_codes(case: Case, *, by: By, now: datetime, uid: str) -> tuple[Performed, tuple[str, ...]]:
    """Give every member a fresh code; returns them in order of the list, to be printed once, or
    none when repeated."""
    codes = [new_code() for _ in range(case.members.count())]
    digests = [code_digest(key_ring(), "", code) for code in codes]
    steps = [
        Step(
            act="give_member_codes",
            case=case.number,
            fields={"first": start + 1, "codes": tuple(digests[start : start + BATCH])},
        )
        for start in range(0, len(digests), BATCH)
    ]
    performed = perform(*steps, by=by, now=now, uid=uid)
    return performed, () if performed.repeated else tuple(codes)


@dataclass(frozen=True, slots=True)
class OwnCase:
    """A matter of one member's own: the place on the list, its number, and its code as printed
    once."""

    place: int
    number: str
    code: str


def ask(
    case: Case,
    common: Sequence[str],
    also: Mapping[int, str],
    people: Mapping[int, Person],
    *,
    by: By,
    now: datetime,
    uid: str,
) -> tuple[Performed, tuple[OwnCase, ...]]:
    """Enter what all ask for, and register a linked matter of the own for each member who asks
    something else.

    `people` are the members named in `also`. Raises `Refused` and `PetitionError`; nothing is
    written then.
    """
    steps = _common_requests(case, common)
    codes = []
    for place, text in also.items():
        more, code = _own(case, people[place], text, now)
        steps += more
        codes.append((place, code))
    performed = perform(*steps, by=by, now=now, uid=uid)
    if performed.repeated:
        return performed, ()
    opened = [act.case for act in performed.acts if act.act == "register"]
    own = []
    for (place, code), number in zip(codes, opened, strict=True):
        own.append(OwnCase(place, number, code))
    return performed, tuple(own)


def _common_requests(case: Case, texts: Sequence[str]) -> list[Step]:
    """Return the steps that enter what all ask for, after the requests there are."""
    steps = []
    for number, text in enumerate(texts, case.requests.count() + FIRST_REQUEST):
        fields: dict[str, FieldValue] = {"request": number}
        steps.append(
            Step(act="enter_request", case=case.number, fields=fields, texts={"asks": text})
        )
    return steps


def _own(case: Case, person: Person, text: str, now: datetime) -> tuple[list[Step], str]:
    """Return the steps of one member's own matter behind the wall of the group's, and its code."""
    office = Organ.objects.get(pk=case.holder_id or 0)
    handed = handed_in(
        channel=case.petition.channel,
        content=text,
        requests=(text,),
        petitioner=person.name,
        phone=person.phone,
        address=person.address,
        visit_kind="single",
        persons=1,
        received_on=case.petition.received_on,
    )
    (first, *rest), code = steps_of(handed, office, now)
    side = Party.objects.filter(case=case, role__in=WALLED, until__isnull=True)
    walled = tuple(PartyEntry(role=p.role, organ=p.organ_id, official=p.official_id) for p in side)
    return [replace(first, links=((ABOUT, case.number),), parties=walled), *rest], code


# --- reading, behind the read log -----------------------------------------------------------------
def people_on(case: Case) -> dict[int, Person]:
    """Open the list: everybody by place. For callers that wrote the read log first."""
    rows = Content.objects.filter(case=case, data_class="D2", act__act=ENTERED).select_related(
        "act"
    )
    people: list[Person] = []
    for row in rows.order_by("act__seq"):
        people += people_of(open_package(row).get("members", ""))
    return dict(enumerate(people, 1))


def also_in(case: Case, visible: QuerySet[Case]) -> dict[int, list[str]]:
    """Return where members may stand in other matters: place to the numbers of visible cases, found
    by index alone.

    For staff only; both name and telephone must agree, and nothing is opened. "May": a name index
    is short on purpose.
    """
    members = list(case.members.exclude(name_index="").exclude(phone_index="").order_by("place"))
    others = visible.exclude(pk=case.pk)
    numbers: dict[tuple[str, str], set[str]] = defaultdict(set)
    for start in range(0, len(members), BATCH):
        for name, phone, number in _standing(members[start : start + BATCH], others):
            numbers[name, phone].add(number)
    found = {}
    for member in members:
        also = numbers.get((member.name_index, member.phone_index))
        if also:
            found[member.place] = sorted(also)
    return found


def _standing(members: Sequence[Member], others: QuerySet[Case]) -> Iterator[tuple[str, str, str]]:
    """Yield name index, telephone index and number of other matters in which these may stand."""
    either = Q()
    for member in members:
        either |= Q(name_index=member.name_index, phone_index=member.phone_index)
    columns = ("name_index", "phone_index", "case__number")
    yield from Petitioner.objects.filter(either, among(others), role="petitioner").values_list(
        *columns
    )
    yield from Member.objects.filter(either, among(others)).values_list(*columns)
