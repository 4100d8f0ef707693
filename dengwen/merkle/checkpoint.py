"""C2SP tlog-checkpoint: which log, how many leaves, which root."""

from __future__ import annotations

import re
from dataclasses import dataclass

from dengwen.merkle.errors import RejectedError
from dengwen.merkle.strict_base64 import hash_from_base64, to_base64
from dengwen.merkle.tree import EMPTY_ROOT, HASH_SIZE

ORIGIN = re.compile(r"(?:practice\.|xf\.)[a-z0-9](?:[a-z0-9.-]{0,200}[a-z0-9])?/[0-9]{4}", re.ASCII)
"""How an office names its log: `xf.<domain>/<year of start>`; one for practice begins with
`practice.`."""

_NUMBER = re.compile("0|[1-9][0-9]{0,18}", re.ASCII)
LARGEST_SIZE = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The head of a log.

    ``extensions`` are lines others may add; ours never has any (witnesses refuse them).
    """

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def body(self) -> str:
        """The text that is signed; ValueError for an origin or root that cannot stand in it."""
        if not self.origin or "\n" in self.origin or len(self.root) != HASH_SIZE:
            raise ValueError(
                f"no checkpoint for origin {self.origin!r} and a root of {len(self.root)} bytes"
            )
        lines = (self.origin, str(self.size), to_base64(self.root), *self.extensions)
        return "".join(f"{line}\n" for line in lines)

    @classmethod
    def parse(cls, text: str) -> Checkpoint:
        """Read a note text.

        Raises ``RejectedError`` unless it is origin, decimal size without leading zeros, canonical
        base64
        of a 32-byte root and non-empty extension lines; a size of zero must go with the root of the
        empty tree.
        """
        if not text.endswith("\n"):
            raise RejectedError("checkpoint does not end with a whole line")
        lines = text[:-1].split("\n")
        if len(lines) < 3 or not all(lines):
            raise RejectedError("checkpoint needs an origin, a size and a root, and no empty line")
        size = parse_number(lines[1])
        root = hash_from_base64(lines[2])
        if size == 0 and root != EMPTY_ROOT:
            raise RejectedError("checkpoint of an empty log with a root that is not the empty one")
        return cls(lines[0], size, root, tuple(lines[3:]))


def parse_number(text: str) -> int:
    """A decimal without sign or leading zeros, below 2**63; raise ``RejectedError`` otherwise."""
    if not _NUMBER.fullmatch(text) or int(text) > LARGEST_SIZE:
        raise RejectedError(f"not a decimal number in its one spelling: {text[:40]!r}")
    return int(text)
