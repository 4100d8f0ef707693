"""The promise of stage one (``xf-promise/v1``): signed at once, an event will be in the log by a
time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from dengwen.merkle.errors import RejectedError
from dengwen.merkle.instant import format_instant, parse_instant
from dengwen.merkle.note import SignerKey, VerifierKey, open_note, sign_note
from dengwen.merkle.strict_base64 import hash_from_base64, to_base64

HEADER = "xf-promise/v1"
KEY_SUFFIX = "/promise"


@dataclass(frozen=True, slots=True)
class Promise:
    """Log ``origin`` will hold the event with this hash by ``merge_by``.

    Both instants are UTC, to the millisecond.
    """

    origin: str
    event_hash: bytes
    recorded_at: datetime
    merge_by: datetime

    def body(self) -> str:
        """The text that is signed."""
        lines = (
            HEADER,
            self.origin,
            to_base64(self.event_hash),
            format_instant(self.recorded_at),
            format_instant(self.merge_by),
        )
        return "".join(f"{line}\n" for line in lines)

    def sign(self, signer: SignerKey) -> str:
        """The signed note; ValueError for a key that is not this log's promise key."""
        if signer.name != self.origin + KEY_SUFFIX:
            raise ValueError(f"key {signer.name!r} does not promise for log {self.origin!r}")
        return sign_note(self.body(), signer)

    @classmethod
    def parse(cls, text: str) -> Promise:
        """Read a note text.

        Raise ``RejectedError`` unless it is exactly the five lines, merge_by not before
        recorded_at.
        """
        lines = text.split("\n")
        if len(lines) != 6 or lines[0] != HEADER or not lines[1] or lines[5]:
            raise RejectedError(f"not a {HEADER} text of five lines")
        promise = cls(
            lines[1], hash_from_base64(lines[2]), parse_instant(lines[3]), parse_instant(lines[4])
        )
        if promise.merge_by < promise.recorded_at:
            raise RejectedError("the promise was over before it was made")
        return promise

    @classmethod
    def open(cls, note: str, keys: Sequence[VerifierKey]) -> Promise:
        """Read a signed promise.

        Raise ``RejectedError`` unless the promise key of the log it names has signed it.
        """
        opened = open_note(note, keys)
        promise = cls.parse(opened.text)
        if not opened.signed_by(promise.origin + KEY_SUFFIX):
            raise RejectedError(f"not signed by the promise key of {promise.origin!r}")
        return promise
