"""Which organs and officials of the registry a text names: the wall's over-approximation.

Until the discipline organ confirms who is accused, every official and organ found in the text of an
accusation by name counts as accused (access model 4.1). So this errs on the side of finding: former
names, ended organs and officials without a post count as well, and spaces or full-width letters do
not hide a name.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date

from dengwen.organs.models import Official, OrganName

SHORTEST_NAME = 2
"""Names of one character would be found in every text."""


@dataclass(frozen=True, slots=True)
class Named:
    """The ids of organs and officials whose registered names occur in a text."""

    organs: frozenset[int]
    officials: frozenset[int]


def named_in(text: str, day: date) -> Named:
    """Return the organs and officials whose names, borne on `day` or before, occur in `text`."""
    plain = _plain(text)
    names = OrganName.objects.filter(valid_from__lte=day).values_list("organ_id", "zh", "en")
    organs = set()
    for organ, zh, en in names.iterator():
        if _occurs(zh, plain) or _occurs(en, plain):
            organs.add(organ)
    people = Official.objects.values_list("id", "name")
    officials = {pk for pk, name in people.iterator() if _occurs(name, plain)}
    return Named(frozenset(organs), frozenset(officials))


def _occurs(name: str, plain: str) -> bool:
    """Say whether a name long enough to mean anything occurs in a text."""
    wanted = _plain(name)
    return len(wanted) >= SHORTEST_NAME and wanted in plain


def _plain(text: str) -> str:
    """Fold what can hide a name: compatibility forms, letter case, spaces, and characters
    without width."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(
        ch for ch in folded if not ch.isspace() and unicodedata.category(ch) not in {"Cf", "Cc"}
    )
