"""C2SP tlog-proof v1: a text file that proves offline that an entry is in a log."""

from __future__ import annotations

from dataclasses import dataclass

from dengwen.merkle.checkpoint import parse_number
from dengwen.merkle.errors import RejectedError
from dengwen.merkle.strict_base64 import from_base64, hash_from_base64, to_base64

HEADER = "c2sp.org/tlog-proof@v1"
LONGEST_PROOF = 4 << 20
MOST_HASHES = 63


@dataclass(frozen=True, slots=True)
class Proof:
    """An index, the audit path from the leaf up, and the signed checkpoint verbatim.

    ``extra`` is not authenticated by the format; what it holds must prove itself.
    """

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: str
    extra: bytes | None = None

    def text(self) -> str:
        """The file."""
        extra = [] if self.extra is None else [f"extra {to_base64(self.extra)}"]
        head = [HEADER, *extra, f"index {self.index}", *map(to_base64, self.hashes), ""]
        return "".join(f"{line}\n" for line in head) + self.checkpoint

    @classmethod
    def parse(cls, text: str) -> Proof:
        """Read the file.

        Raise ``RejectedError`` for any line out of place. The checkpoint is not looked at here.
        """
        if len(text) > LONGEST_PROOF:
            raise RejectedError(f"proof of {len(text)} characters, {LONGEST_PROOF} are allowed")
        head, blank, checkpoint = text.partition("\n\n")
        lines = head.split("\n")
        if not blank or not checkpoint or lines.pop(0) != HEADER:
            raise RejectedError(f"not a {HEADER} file")
        extra = None
        if lines and lines[0].startswith("extra "):
            extra = from_base64(lines.pop(0)[len("extra ") :])
        if not lines or not lines[0].startswith("index "):
            raise RejectedError("proof without a line 'index'")
        index = parse_number(lines.pop(0)[len("index ") :])
        if len(lines) > MOST_HASHES:
            raise RejectedError(f"proof of {len(lines)} hashes, {MOST_HASHES} are allowed")
        return cls(index, tuple(hash_from_base64(line) for line in lines), checkpoint, extra)
