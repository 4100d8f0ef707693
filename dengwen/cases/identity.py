"""Who may know who the petitioner is, where the petitioner asked that only the registering office does.

The fact `identity = hidden` is set at registration. Every reader of D2 asks here: documents (`issuing`), and every
door before it opens an identity. It is a promise to the petitioner, so an unknown organ counts as another one.
"""

from __future__ import annotations

from collections.abc import Mapping

from dengwen.cases.models import Case

NAMING = frozenset({"petitioner", "address", "phone", "witness"})
"""Texts that say who the petitioner is."""
OWN_PAPERS = frozenset({"信访人", "本机关存档"})
"""Whom a paper of the registering office may be for, to carry the name: the petitioner, or the office's own file."""


def hidden_from(case: Case, facts: Mapping[str, str], organ_code: str) -> bool:
    """Say whether the identity in `case` is kept from the organ with this code (its registering office knows it)."""
    return facts.get("identity") == "hidden" and organ_code != case.office


def without_names(
    values: Mapping[str, str], case: Case, facts: Mapping[str, str], organ_code: str, to: str
) -> Mapping[str, str]:
    """Return what a document addressed `to` may print, issued by that organ: no names where they are hidden."""
    if facts.get("identity") != "hidden" or (organ_code == case.office and to in OWN_PAPERS):
        return values
    return {name: value for name, value in values.items() if name not in NAMING}
