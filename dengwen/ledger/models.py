"""Tables of the ledger.

Event, Leaf, Node and Checkpoint only ever grow (see ``guards``). Every column of Event is committed
to by the event
hash or by the promise, and ``check`` compares them; ids and ``signed_at`` are not, and nothing may
rest on them.
"""

from __future__ import annotations

from django.db import models


class Event(models.Model):
    """One registered fact. Legally relevant columns are copies of disclosures."""

    uid = models.CharField(max_length=128)  # made by the client's form: a retry is the same event
    case_key = models.CharField(max_length=128)
    case_seq = models.PositiveIntegerField()
    prev = models.BinaryField(max_length=32)  # hash of the case's event before, or 32 zero bytes
    hash = models.BinaryField(max_length=32)
    manifest = models.BinaryField()
    disclosures = models.TextField()  # the exact open disclosures, one a line
    recorded_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    promise = models.TextField()  # the signed note given out for this event

    class Meta:
        constraints = [
            # Not `unique=True`: on PostgreSQL that brings a second index for LIKE, which nobody
            # needs.
            models.UniqueConstraint(fields=["uid"], name="ledger_event_uid"),
            models.UniqueConstraint(fields=["hash"], name="ledger_event_hash"),
            models.UniqueConstraint(fields=["case_key", "case_seq"], name="ledger_event_place"),
        ]

    def __str__(self) -> str:
        return f"{self.case_key} #{self.case_seq}"


class Pending(models.Model):
    """An event that waits for the sequencer. Written with the event, deleted with its leaf."""

    event = models.OneToOneField(Event, models.PROTECT, primary_key=True)

    def __str__(self) -> str:
        return f"pending {self.event_id}"


class Quarantine(models.Model):
    """An event the sequencer will not seal, and why. It needs a person; all others go on."""

    event = models.OneToOneField(Event, models.PROTECT, primary_key=True)
    reason = models.TextField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"quarantine {self.event_id}: {self.reason}"


class Leaf(models.Model):
    """One leaf of the log. ``event`` is empty only for kinds that have none (cover, lost body)."""

    idx = models.BigIntegerField(primary_key=True)
    event = models.OneToOneField(Event, models.PROTECT, null=True)
    kind = models.CharField(max_length=16, default="event")
    entry = models.BinaryField(max_length=36)
    leaf_hash = models.BinaryField(max_length=32)

    def __str__(self) -> str:
        return f"leaf {self.idx}"


class Node(models.Model):
    """Root of a complete subtree of 256**(level/8) leaves, so that proofs need few rows. Derived
    from leaves."""

    level = models.PositiveSmallIntegerField()  # 8, 16, 24 …
    index = models.BigIntegerField()
    hash = models.BinaryField(max_length=32)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["level", "index"], name="ledger_node_place")]

    def __str__(self) -> str:
        return f"node {self.level}/{self.index}"


class Tree(models.Model):
    """State of the sequencer: one row per log."""

    origin = models.CharField(max_length=255, primary_key=True)
    size = models.BigIntegerField(default=0)
    edge = models.BinaryField(default=bytes)
    root = models.BinaryField(max_length=32)
    seq_time = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.origin} {self.size}"


class Checkpoint(models.Model):
    """A signed head of the log."""

    size = models.BigIntegerField(primary_key=True)
    root = models.BinaryField(max_length=32)
    body = models.TextField()  # the signed note, whole
    signed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"checkpoint {self.size}"
