"""Which organs and officials of the registry a text names: the wall's over-approximation.

Until the discipline organ confirms who is accused, every official and organ found in the text of an
accusation by name counts as accused (access model 4.1). So this errs on the side of finding: former
names, ended organs and officials without a post count as well, and spaces or full-width letters do
not hide a name.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from dengwen.organs.models import Official, OrganName

SHORTEST_NAME = 2
"""Names of one character would be found in every text."""


_BETWEEN = re.compile(r"[\s、，,；;。]+")
"""What stands between the names of a list."""


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


def words_naming_nobody(text: str, day: date) -> tuple[str, ...]:
    """Return the words of a list of names, as they were typed, in which nothing of the registry
    occurs; an English name may run over several words."""
    words = [word for word in _BETWEEN.split(text) if _plain(word)]
    plain = "".join(map(_plain, words))
    named = _places_named(plain, day)
    lost, start = [], 0
    for word in words:
        end = start + len(_plain(word))
        if named.isdisjoint(range(start, end)):
            lost.append(word)
        start = end
    return tuple(dict.fromkeys(lost))


def _places_named(plain: str, day: date) -> set[int]:
    """Return the places of the characters in which a name of the registry occurs."""
    organs = OrganName.objects.filter(valid_from__lte=day).values_list("zh", "en")
    people = Official.objects.values_list("name", flat=True)
    found: set[int] = set()
    for name in (*(one for pair in organs.iterator() for one in pair), *people.iterator()):
        if not _occurs(name, plain):
            continue
        wanted = _plain(name)
        start = plain.find(wanted)
        while start >= 0:
            found |= set(range(start, start + len(wanted)))
            start = plain.find(wanted, start + 1)
    return found


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
