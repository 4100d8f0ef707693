"""The opening that travels in a receipt: the manifest, and the disclosures its holder may see."""

from __future__ import annotations

import json
from dataclasses import dataclass

from dengwen.merkle.disclosure import JsonValue, event_hash, open_event, read_manifest
from dengwen.merkle.errors import RejectedError


@dataclass(frozen=True, slots=True)
class Opening:
    """What is needed to recompute an event hash and to read part of the event."""

    manifest: bytes
    disclosures: tuple[str, ...]

    def encode(self) -> bytes:
        """The bytes carried in the ``extra`` line of a receipt."""
        whole = {"manifest": self.manifest.decode("ascii"), "disclosures": list(self.disclosures)}
        return json.dumps(whole, ensure_ascii=False).encode("utf-8")

    @classmethod
    def decode(cls, data: bytes) -> Opening:
        """Read those bytes; raise ``RejectedError`` for anything ``encode`` would not have
        written."""
        try:
            whole = json.loads(data.decode("utf-8"))
            opening = cls(whole["manifest"].encode("ascii"), tuple(whole["disclosures"]))
            same = opening.encode() == data
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            same = False
        if not same:
            raise RejectedError("the opening is not a manifest with its disclosures")
        return opening

    def event_hash(self) -> bytes:
        """Hash of the event this opens."""
        return event_hash(self.manifest)

    def fields(self) -> dict[str, JsonValue]:
        """The opened fields; raise ``RejectedError`` if a disclosure is not part of the
        manifest."""
        return open_event(self.manifest, self.disclosures)

    def hidden(self) -> int:
        """How many fields are fixed by the manifest and not shown."""
        return len(read_manifest(self.manifest)) - len(self.disclosures)
