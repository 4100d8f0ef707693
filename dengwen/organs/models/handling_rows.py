"""Lists for lawful classified handling, by version, and their entries."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from dengwen.organs.dated_rows import PERIOD_CLASSES, Dated, DatedQuerySet, one_open
from dengwen.organs.models.organ_rows import Organ


class HandlingList(Dated):
    """An organ's list for lawful classified handling (依法分类处理清单, seed art. 5) by version; `digest`
    ties its rows.

    In force from the day it is published or a later one, never an earlier: what was proposed on a
    day was proposed by the list of that day.
    """

    organ = models.ForeignKey(Organ, on_delete=models.PROTECT, related_name="handling_lists")
    version = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)

    objects: ClassVar[DatedQuerySet[HandlingList]] = DatedQuerySet.as_manager()  # type: ignore[assignment]
    class_of: ClassVar[dict[str, str]] = PERIOD_CLASSES | {
        "organ": "D0",
        "version": "D0",
        "digest": "D0",
    }

    class Meta(Dated.Meta):
        abstract = False
        constraints: ClassVar[list[Any]] = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(fields=["organ", "version"], name="organs_list_version"),
            one_open("organ", name="organs_list_one_open"),
        ]

    def __str__(self) -> str:
        return f"{self.organ_id} {self.version}"


class HandlingEntry(models.Model):
    """One row of a list: demand type → lawful path → procedure → time limit → basis, under the
    digest of its list."""

    digest = models.CharField(max_length=64)
    row = models.PositiveIntegerField()
    category = models.CharField(max_length=24)
    demand = models.CharField(max_length=200)
    path = models.CharField(max_length=24)
    procedure = models.CharField(max_length=200)
    term = models.CharField(max_length=60)
    basis = models.CharField(max_length=200)

    class_of: ClassVar[dict[str, str]] = dict.fromkeys(
        ("id", "digest", "row", "category", "demand", "path", "procedure", "term", "basis"), "D0"
    )

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["digest", "row"], name="organs_list_row"),
        ]

    def __str__(self) -> str:
        return f"{self.digest[:8]} {self.row}"
