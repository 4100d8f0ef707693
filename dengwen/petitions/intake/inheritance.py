"""What a sub-matter or a new matter takes over: who asks, how, where.

The identity goes from one sealed package into another; the system reads it for that alone and logs
it as such, in the transaction of the caller. Nothing of the text is taken over here: each matter
has only the words that belong to it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from dengwen.access.keys.randomness import token_bytes
from dengwen.access.models import User
from dengwen.access.read_log import Opening, open_logged
from dengwen.cases import rulebooks
from dengwen.cases.models import Case, Content
from dengwen.cases.write.contents import open_package
from dengwen.law.duties.act_record import CaseView, civil
from dengwen.law.duties.step import Facts, FieldValue

SPLIT_FROM = "split_from"
NEW_FACTS_AFTER = "new_facts_after"
ANEW_AFTER = "anew_after"
CARRIED_ON = frozenset({SPLIT_FROM, NEW_FACTS_AFTER})
"""Links of a matter that was not handed in by itself: nobody came again for it."""
CARRIED = (
    "channel",
    "persons",
    "visit_kind",
    "representatives",
    "anonymous",
    "address_clear",
    "identity",
    "submitted_by_unit",
    "category",
    "place",
)
"""Facts of the registration, as they stand now, that are taken over."""
IDENTITY = ("petitioner", "address", "phone", "id_number")
NAMED_IN = ("register", "take_up_anew", "add_contact")
"""Acts whose texts say who the petitioner is; the newest word stands."""

T = TypeVar("T")


def carried_facts(case: Case, view: CaseView, now: datetime) -> dict[str, FieldValue]:
    """Return the facts a matter hands on as it stands (`view`), as fields of `register`; a later
    edition may know fewer of them."""
    known = view.facts
    rule = rulebooks.in_force(civil(now), case.place, now).book.kind("petition").acts["register"]
    found: dict[str, FieldValue] = {}
    for name in CARRIED:
        declared, text = rule.field_rule(name), known.get(name)
        if declared is None or not text:
            continue
        if declared.type == "flag":
            found[name] = text == "true"
        elif declared.type == "number":
            found[name] = int(text)
        else:
            found[name] = text
    return found


def carried_identity(case: Case, facts: Facts) -> dict[str, str]:
    """Return name, address and telephone for an effect of this act, read by the system and
    logged."""
    return as_system(
        case, IDENTITY, "D2", facts.recorded_at, facts.actor, facts.organ, lambda: identity_in(case)
    )


def identity_in(case: Case) -> dict[str, str]:
    """Return name, address and telephone as they stand now. For callers that wrote the read log
    first."""
    rows = Content.objects.filter(case=case, data_class="D2", act__act__in=NAMED_IN).select_related(
        "act"
    )
    found: dict[str, str] = {}
    for row in rows.order_by("act__seq"):
        found |= {
            name: text for name, text in open_package(row).items() if name in IDENTITY and text
        }
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
