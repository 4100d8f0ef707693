"""Receipt codes: the secret a petitioner keeps beside the number, to look up the own case without
an account.

Twenty characters of an alphabet without look-alikes, about 99 bits. Only a keyed digest bound to
the number is kept, so neither the database nor a backup of it opens a case.
"""

from __future__ import annotations

import hmac
import unicodedata

from dengwen.access.keys.keyring import KeyRing
from dengwen.access.keys.randomness import letters

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Digits and capitals without 0 and O, 1, I and L."""

LENGTH = 20
GROUP = 5


def new_code() -> str:
    """Return a fresh receipt code, written in groups of five."""
    return written(letters(ALPHABET, LENGTH))


def written(code: str) -> str:
    """Return a code as it is printed, such as ABCDE-FGHJK-MNPQR-STUVW."""
    plain = plain_code(code)
    return "-".join(plain[start : start + GROUP] for start in range(0, len(plain), GROUP))


def plain_code(text: str) -> str:
    """Return what somebody typed as a code: capitals, without spaces and hyphens, full-width
    letters folded."""
    folded = unicodedata.normalize("NFKC", text).upper()
    return "".join(ch for ch in folded if ch.isascii() and ch.isalnum())


def code_digest(ring: KeyRing, number: str, code: str) -> str:
    """Return what is stored: HMAC-SHA-256 of the code, bound to the number it belongs to."""
    return ring.digest("receipt", number, plain_code(code))


def fits(ring: KeyRing, number: str, code: str, stored: str) -> bool:
    """Say whether a typed code belongs to the number, in the same time whether it does or not."""
    return hmac.compare_digest(code_digest(ring, number, code), stored)
