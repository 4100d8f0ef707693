"""Administrative divisions, and the tray in which a list of them waits for its act."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from dengwen.organs.dated_rows import PERIOD_CLASSES, Dated, DatedQuerySet, listed, one_open
from dengwen.organs.kinds import LEVELS


class Division(Dated):
    """An administrative division (行政区划) by its code, with the codes that follow it when it ends."""

    code = models.CharField(max_length=20)
    name = models.CharField(max_length=100)
    level = models.CharField(max_length=12)
    parent_code = models.CharField(max_length=20, blank=True)
    successors = models.JSONField(default=list, blank=True)

    objects: ClassVar[DatedQuerySet[Division]] = DatedQuerySet.as_manager()  # type: ignore[assignment]
    class_of: ClassVar[dict[str, str]] = PERIOD_CLASSES | {
        "code": "D0",
        "name": "D0",
        "level": "D0",
        "parent_code": "D0",
        "successors": "D0",
    }

    class Meta(Dated.Meta):
        abstract = False
        constraints: ClassVar[list[Any]] = [
            *Dated.Meta.constraints,
            one_open("code", name="organs_division_one_open"),
            listed("level", LEVELS, "organs_division_level"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["parent_code"], name="organs_division_parent"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class DivisionStage(models.Model):
    """Rows of a division list waiting for the act that names their digest and count; no
    evidence, only a tray."""

    digest = models.CharField(max_length=64)
    row = models.PositiveIntegerField()
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=100)
    level = models.CharField(max_length=12)
    parent_code = models.CharField(max_length=20, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    successors = models.JSONField(default=list, blank=True)

    class_of: ClassVar[dict[str, str]] = {
        "id": "D0",
        "digest": "D0",
        "row": "D0",
        "code": "D0",
        "name": "D0",
        "level": "D0",
        "parent_code": "D0",
        "valid_from": "D0",
        "valid_to": "D0",
        "successors": "D0",
    }

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["digest", "row"], name="organs_stage_row"),
        ]

    def __str__(self) -> str:
        return f"{self.digest[:8]} {self.row} {self.code}"
