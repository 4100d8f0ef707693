"""Receipts for the people concerned: the promise at once, the proof as soon as a checkpoint covers
the event.

What a receipt is worth is judged by ``dengwen.merkle.receipt``, which needs neither this database
nor Django; its names are given here too, so that a door finds everything in one place.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from dengwen.ledger.errors import DamagedError
from dengwen.ledger.models import Checkpoint, Event, Leaf
from dengwen.ledger.stored_tree import StoredTree
from dengwen.merkle.disclosure import read_disclosure
from dengwen.merkle.opened_values import Opening
from dengwen.merkle.receipt import (
    INVALID,
    MISBEHAVIOUR,
    NOT_YET,
    OK,
    Receipt,
    Said,
    Verdict,
    compare_receipts,
    promise_receipt,
    proof_receipt,
    verify_receipt,
)
from dengwen.merkle.tree import inclusion_proof

__all__ = [
    "INVALID",
    "MISBEHAVIOUR",
    "NOT_YET",
    "OK",
    "Receipt",
    "Said",
    "Verdict",
    "compare_receipts",
    "opening_of",
    "promised",
    "proven",
    "receipt",
    "verify_receipt",
]


def opening_of(
    event: Event, *, names: Collection[str] | None = None, sealed: Sequence[str] = ()
) -> Opening:
    """The manifest with the open disclosures called ``names`` (all if None) and the ``sealed`` ones
    given.

    What the holder may see is decided by the caller. Raises ``RejectedError`` for stored text that
    is no disclosure.
    """
    lines = event.disclosures.split("\n")
    shown = [line for line in lines if names is None or read_disclosure(line).name in names]
    return Opening(bytes(event.manifest), (*shown, *sealed))


def promised(
    event: Event, *, names: Collection[str] | None = None, sealed: Sequence[str] = ()
) -> str:
    """The stage-one file: the signed promise with its opening. Hand it out after commit only."""
    return promise_receipt(event.promise, opening_of(event, names=names, sealed=sealed))


def proven(
    event: Event, *, names: Collection[str] | None = None, sealed: Sequence[str] = ()
) -> str | None:
    """The stage-two file (C2SP tlog-proof), or None while no checkpoint covers the event.

    Raises ``DamagedError`` where the stored tree has holes.
    """
    index = Leaf.objects.filter(event=event).values_list("idx", flat=True).first()
    head = Checkpoint.objects.order_by("-size").first()
    if index is None or head is None or head.size <= index:
        return None
    hashes = inclusion_proof(index, head.size, StoredTree())
    return proof_receipt(
        index=index,
        hashes=hashes,
        checkpoint=head.body,
        opening=opening_of(event, names=names, sealed=sealed),
    )


def receipt(
    event: Event, *, names: Collection[str] | None = None, sealed: Sequence[str] = ()
) -> str:
    """The best receipt there is now: the proof if a checkpoint covers the event, else the
    promise."""
    try:
        proof = proven(event, names=names, sealed=sealed)
    except DamagedError:
        proof = None  # the promise still binds the office; the check reports the damage
    return proof or promised(event, names=names, sealed=sealed)
