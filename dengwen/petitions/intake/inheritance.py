"""What a sub-matter or a new matter takes over: who asks, how, where.

The identity goes from one sealed package into another; the system reads it for that alone and logs
it as such, in the transaction of the caller. Nothing of the text is taken over here: each matter
has only the words that belong to it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime
from typing import TypeVar

from dengwen.access.keys.randomness import token_bytes
from dengwen.access.models import User
from dengwen.access.read_log import Opening, open_logged
from dengwen.cases import rulebooks
from dengwen.cases.models import Case, Content
from dengwen.cases.placed_fields import placed
from dengwen.cases.write.contents import open_package
from dengwen.law.duties.act_record import CaseView, civil
from dengwen.law.duties.field_values import value_of
from dengwen.law.duties.step import Facts, FieldValue
from dengwen.law.packs.rules import ActRule
from dengwen.law.packs.vocabulary import TEXT_TYPES

SPLIT_FROM = "split_from"
NEW_FACTS_AFTER = "new_facts_after"
ANEW_AFTER = "anew_after"
CARRIED_ON = frozenset({SPLIT_FROM, NEW_FACTS_AFTER})
"""Links of a matter that was not handed in by itself: nobody came again for it."""
CARRIED_SECTIONS = frozenset({"how", "who", "visit", "where"})
"""Parts of the form of registration whose facts, as they stand now, are taken over."""
IDENTITY = "D2"
"""The data class of the texts that say who asks."""
REGISTER, TAKE_UP_ANEW = "register", "take_up_anew"
NAMED_IN = (REGISTER, TAKE_UP_ANEW, "add_contact")
"""Acts whose texts say who the petitioner is; the newest word stands."""

T = TypeVar("T")


def carried_facts(case: Case, view: CaseView, now: datetime) -> dict[str, FieldValue]:
    """Return the facts a matter hands on as it stands (`view`), as fields of `register`; a later
    edition may know fewer of them."""
    known = view.facts
    rule = _rule(case, REGISTER, now)
    found: dict[str, FieldValue] = {}
    for declared in placed(rule):
        text = known.get(declared.name)
        if text and declared.fact and declared.section in CARRIED_SECTIONS:
            found[declared.name] = value_of(declared, text)
    return found


def _rule(case: Case, act: str, now: datetime) -> ActRule:
    """Return an act of petitions in the edition in force now."""
    book = rulebooks.in_force(civil(now), case.place, now).book
    return book.kind("petition").acts[act]


def identity_names(case: Case, act: str, now: datetime) -> tuple[str, ...]:
    """Return the texts of an act that say who asks, as the edition in force now has them."""
    return tuple(
        field.name
        for field in _rule(case, act, now).fields
        if field.data_class == IDENTITY and field.type in TEXT_TYPES
    )


def carried_identity(case: Case, facts: Facts, act: str) -> dict[str, str]:
    """Return name, address and telephone for `act`, as an effect of this act opens it; read by the
    system and logged."""
    now = facts.recorded_at
    names = identity_names(case, act, now)
    return as_system(
        case, names, IDENTITY, now, facts.actor, facts.organ, lambda: identity_in(case, names)
    )


def identity_in(case: Case, names: Collection[str]) -> dict[str, str]:
    """Return name, address and telephone (the texts of these names) as they stand now. For callers
    that wrote the read log first."""
    rows = Content.objects.filter(
        case=case, data_class=IDENTITY, act__act__in=NAMED_IN
    ).select_related("act")
    found: dict[str, str] = {}
    for row in rows.order_by("act__seq"):
        found |= {name: text for name, text in open_package(row).items() if name in names and text}
    return found


def as_system(
    case: Case,
    fields: tuple[str, ...],
    data_class: str,
    now: datetime,
    actor: int | None,
    organ: int | None,
    read: Callable[[], T],
) -> T:
    """Read for the work of the system itself, logged as such, inside the transaction of the
    caller."""
    opening = Opening(
        at=now,
        user=User.objects.filter(pk=actor or 0).first(),
        role="-",
        organ=organ,
        case_number=case.number,
        data_class=data_class,
        fields=fields,
        purpose="system",
        request_id=token_bytes(16).hex(),
    )
    return open_logged(opening, read)
