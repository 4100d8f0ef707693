"""Finding a person again without keeping the identity open: blind indexes over whole values.

An index is a keyed digest of the normalised value, cut short. Names are cut to 16 bits, so that an
index alone says little: a search decrypts what it found and compares (access model 6). There is no
index for accusations (D4).
"""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

from dengwen.access.keys.keyring import KeyRing

Field = Literal["name", "phone", "id_number"]

DIGITS: dict[Field, int] = {"name": 4, "phone": 16, "id_number": 16}
"""How many hexadecimal digits of the digest are kept, four bits each, by field."""

_COUNTRY_CODE = re.compile(r"^(?:\+|00)86")


def normalised(field: Field, value: str) -> str:
    """Return the form in which two ways of writing the same thing are equal."""
    plain = unicodedata.normalize("NFKC", value)
    plain = "".join(ch for ch in plain if not ch.isspace() and unicodedata.category(ch) != "Cf")
    if field == "name":
        return plain.replace("·", "").casefold()
    if field == "id_number":
        return re.sub(r"[^0-9A-Z]", "", plain.upper())
    return re.sub(r"\D", "", _COUNTRY_CODE.sub("", plain))


def blind_index(ring: KeyRing, field: Field, value: str, data_class: str = "D2") -> str:
    """Return the index of a value as hex, or "" for an empty value; ValueError for a class that
    is never indexed."""
    if data_class != "D2":
        raise ValueError(f"class {data_class} is never indexed: an index would say that it exists")
    plain = normalised(field, value)
    return ring.digest("index", field, plain)[: DIGITS[field]] if plain else ""


def same(field: Field, one: str, other: str) -> bool:
    """Say whether two opened values are the same: the comparison after a search by a short
    index."""
    return normalised(field, one) == normalised(field, other) != ""
