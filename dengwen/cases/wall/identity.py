"""Who may know who the petitioner is, where the petitioner asked that only the registering office
does.

The fact `identity = hidden` is set at registration. It is a promise: whoever opens an identity (D2)
asks `kept_from` first, an unknown organ counts as another one, and no document of such a matter
carries the name.
"""

from __future__ import annotations

from collections.abc import Mapping

from dengwen.cases.act_records import records_of, view_of
from dengwen.cases.models import Case
from dengwen.law.packs.rules import KindRule

NAMING = frozenset({"petitioner", "address", "phone", "id_number", "witness", "agent", "served_by"})
"""Texts that say who the petitioner is, or who acts for the petitioner."""
HIDDEN = "hidden"
REGISTER = "register"


def kept_from(case: Case, organ_code: str) -> bool:
    """Say whether the identity in `case` is kept from the organ with this code (its registering
    office knows it)."""
    if organ_code == case.office:
        return False
    return view_of(case.kind, records_of(case)).facts.get("identity") == HIDDEN


def without_names(
    values: Mapping[str, str], facts: Mapping[str, str], kind: KindRule
) -> Mapping[str, str]:
    """Return what a document may print: no names where they are hidden, for papers pass through
    many hands."""
    if facts.get("identity") != HIDDEN:
        return values
    naming = NAMING | _naming_of(kind)
    return {name: value for name, value in values.items() if name not in naming}


def _naming_of(kind: KindRule) -> frozenset[str]:
    """Return what a registration says of who asks, as the pack declares it."""
    rule = kind.acts.get(REGISTER)
    fields = rule.fields if rule else ()
    return frozenset(field.name for field in fields if field.data_class == "D2")
