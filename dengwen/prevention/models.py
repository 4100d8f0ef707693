"""The tables of prevention: positions in meetings, disputes, who is responsible, warnings.

Written only by `effects.py` inside the transaction of the act, except `Evidence`: a tray that a
detector fills and whose digest the act `raise` names. No row is about a petitioner; words lie in
`cases.Content`.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from dengwen.cases.models import Case
from dengwen.organs.models import Official, Organ


class Position(models.Model):
    """How one person stood to one item of a meeting: `stand` is a word of `positions.STANDS`.

    The words said are line `line` of the text `positions` of the act. Later chapters read these
    rows as evidence (recorded dissent), so they are bound by the digest in the act.
    """

    meeting = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="positions")
    item = models.PositiveSmallIntegerField()
    line = models.PositiveSmallIntegerField()
    official = models.ForeignKey(Official, on_delete=models.PROTECT, related_name="positions")
    stand = models.CharField(max_length=12)
    act = models.BigIntegerField()

    class_of: ClassVar[dict[str, str]] = {
        "id": "D1",
        "meeting": "D1",
        "item": "D1",
        "line": "D1",
        "official": "D5",
        "stand": "D5",
        "act": "D1",
    }

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["meeting", "item", "official"], name="prevention_position_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.item} {self.stand}"


class Dispute(models.Model):
    """A dispute found in a round of screening: its owner, its day, and the result once reported."""

    screening = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="disputes")
    number = models.PositiveSmallIntegerField()
    category = models.CharField(max_length=24)
    owner = models.ForeignKey(Organ, on_delete=models.PROTECT, related_name="+")
    leader = models.ForeignKey(Official, null=True, on_delete=models.PROTECT, related_name="+")
    defuse_by = models.DateField()
    result = models.CharField(max_length=12, blank=True)
    act = models.BigIntegerField()
    result_act = models.BigIntegerField(null=True)

    class_of: ClassVar[dict[str, str]] = {
        "id": "D1",
        "screening": "D1",
        "number": "D1",
        "category": "D1",
        "owner": "D1",
        "leader": "D1",
        "defuse_by": "D1",
        "result": "D1",
        "act": "D1",
        "result_act": "D1",
    }

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["screening", "number"], name="prevention_dispute_number"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.screening_id} {self.number}"


class Responsible(models.Model):
    """Who is responsible for a concrete problem from a day on: organ, leader in charge, member of
    staff.

    The newest row of a record holds now; earlier ones stay, since who was responsible on a day is
    evidence.
    """

    record = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="responsible")
    organ = models.ForeignKey(Organ, on_delete=models.PROTECT, related_name="+")
    leader = models.ForeignKey(Official, on_delete=models.PROTECT, related_name="+")
    staff = models.ForeignKey(Official, on_delete=models.PROTECT, related_name="+")
    since = models.DateField()
    act = models.BigIntegerField()

    class_of: ClassVar[dict[str, str]] = {
        "id": "D1",
        "record": "D1",
        "organ": "D1",
        "leader": "D1",
        "staff": "D1",
        "since": "D1",
        "act": "D1",
    }

    def __str__(self) -> str:
        return f"{self.record_id} {self.since}"


class RaisedWarning(models.Model):
    """A warning: which detector, about what (`subject`, codes only), since when, and whether it
    proved right."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="warning")
    detector = models.CharField(max_length=16)
    subject = models.CharField(max_length=64)
    raised_on = models.DateField()
    digest = models.CharField(max_length=64)
    verdict = models.CharField(max_length=12, blank=True)
    act = models.BigIntegerField()
    answer_act = models.BigIntegerField(null=True)

    class_of: ClassVar[dict[str, str]] = {
        "id": "D1",
        "case": "D1",
        "detector": "D1",
        "subject": "D1",
        "raised_on": "D1",
        "digest": "D1",
        "verdict": "D1",
        "act": "D1",
        "answer_act": "D1",
    }

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["detector", "subject", "raised_on"], name="prevention_warning_subject"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.detector} {self.subject} {self.raised_on}"


class Evidence(models.Model):
    """One matter a warning rests on, under the keyed digest of all of them; what is protected
    later is not shown."""

    digest = models.CharField(max_length=64)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")

    class_of: ClassVar[dict[str, str]] = {"id": "D1", "digest": "D1", "case": "D1"}

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["digest", "case"], name="prevention_evidence_once"),
        ]

    def __str__(self) -> str:
        return f"{self.digest[:8]} {self.case_id}"
