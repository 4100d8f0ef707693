"""Names of facts that say nothing: what an organ is shown carries neither order nor count of the
office's rows.

A fact rests on a row, and rows are numbered as they come: from two numbers an organ could tell how
much came in between, accusations among it (access model 4.2). So every run gives facts and cases
other numbers, by a keyed permutation of 36 bits (four rounds of a Feistel network, each a BLAKE2b
under a key of the installation): nothing can be told from them without the key, no two meet, and
the office finds the row again. The same run gives the same numbers. 36 bits hold two thousand
million acts, and are a number of eleven digits that can be typed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dengwen.access.keys import keyring

HALF = 18
MASK = (1 << HALF) - 1
MOST = 1 << (2 * HALF)
ROUNDS = 4
FACT, CASE = b"fact", b"case"


@dataclass(frozen=True, slots=True)
class Naming:
    """The permutation of one run."""

    key: bytes

    @classmethod
    def of(cls, case: str, scheme: str, first: str, last: str) -> Naming:
        """Return the naming of an assessment, or of a trial without a case (by scheme digest and
        days)."""
        said = ("case", case) if case else ("trial", scheme, first, last)
        return cls(bytes.fromhex(keyring.key_ring().digest("recognise", "assessment", *said)))

    @classmethod
    def of_manifest(cls, said: Mapping[str, Any]) -> Naming:
        """Return the naming a manifest of this office was frozen with."""
        case, days = str(said.get("assessment", {}).get("case", "")), said["period"]
        return cls.of(case, said["scheme"]["sha256"], days["first"], days["last"])

    def hide(self, number: int, what: bytes = FACT) -> int:
        """Return the name of a number (0 to 2**36 - 1); 0 stays 0, for it stands for nothing."""
        if not 0 <= number < MOST:
            raise ValueError(f"{number} has no name of 36 bits")
        if not number:
            return 0
        name = number
        while True:  # whatever is named 0 is named again: 0 is no name
            left, right = name >> HALF, name & MASK
            for turn in range(ROUNDS):
                left, right = right, left ^ self._turn(turn, right, what)
            name = left << HALF | right
            if name:
                return name

    def reveal(self, name: int, what: bytes = FACT) -> int:
        """Return the number that a name stands for."""
        if not name:
            return 0
        number = name
        while True:
            left, right = number >> HALF, number & MASK
            for turn in reversed(range(ROUNDS)):
                left, right = right ^ self._turn(turn, left, what), left
            number = left << HALF | right
            if number:
                return number

    def salt(self, organ: int) -> str:
        """Return what makes the digest of an organ's part say nothing to those who would guess
        its few numbers."""
        return hashlib.blake2b(
            organ.to_bytes(8, "big"), key=self.key, digest_size=16, person=b"part"
        ).hexdigest()

    def _turn(self, turn: int, half: int, what: bytes) -> int:
        """Return what one round mixes into the other half."""
        made = hashlib.blake2b(
            half.to_bytes(4, "big"), key=self.key, digest_size=4, person=what, salt=bytes([turn])
        )
        return int.from_bytes(made.digest(), "big") & MASK
