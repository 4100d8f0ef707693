"""The one table of this package: the published days of reception, as the public reads them."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from dengwen.organs.models import Official, Organ

SCHEDULED, HELD, CALLED_OFF = "scheduled", "held", "called_off"


class Slot(models.Model):
    """A day of reception (接访日) as published: who receives, when, where, for which field of work.

    Written only by effects of acts in the reception case `case` (its row id); `act` is the newest
    of them. It holds nothing about visitors: a talk is a case of its own behind the wall of the
    matter it is about.
    """

    case = models.BigIntegerField(unique=True)
    leader = models.ForeignKey(Official, on_delete=models.PROTECT, related_name="+", db_index=False)
    organ = models.ForeignKey(Organ, on_delete=models.PROTECT, related_name="+", db_index=False)
    day = models.DateField()
    hours = models.CharField(max_length=200)
    room = models.CharField(max_length=200)
    topic = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=12, default=SCHEDULED)
    changed = models.BooleanField(default=False)
    act = models.BigIntegerField()

    class_of: ClassVar[dict[str, str]] = {
        "id": "D1",
        "case": "D1",
        "leader": "D0",
        "organ": "D0",
        "day": "D0",
        "hours": "D0",
        "room": "D0",
        "topic": "D0",
        "state": "D0",
        "changed": "D0",
        "act": "D1",
    }

    class Meta:
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["day", "state"], name="leadership_slot_day"),
            models.Index(fields=["leader", "day"], name="leadership_slot_leader"),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.leader_id}"
