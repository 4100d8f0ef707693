"""Rows that hold on some days, [valid_from, valid_to): what the tables of the registry share."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, ClassVar, Self, TypeVar

from django.db import models
from django.db.models import F, Q

_M = TypeVar("_M", bound=models.Model)

PERIOD_CLASSES = {"id": "D1", "valid_from": "D1", "valid_to": "D1", "act": "D1", "end_act": "D1"}
"""Data classes of the columns that every dated row has."""


def on_day(day: date, prefix: str = "") -> Q:
    """Return the condition "valid on `day`" for a dated row, or for one reached through
    `prefix`."""
    ends = Q(**{f"{prefix}valid_to__isnull": True}) | Q(**{f"{prefix}valid_to__gt": day})
    return Q(**{f"{prefix}valid_from__lte": day}) & ends


def listed(column: str, values: Iterable[str], name: str) -> models.CheckConstraint:
    """Return the constraint that a column holds one of a closed list of words."""
    return models.CheckConstraint(condition=Q(**{f"{column}__in": sorted(values)}), name=name)


def one_open(*columns: str, name: str) -> models.UniqueConstraint:
    """Return the constraint that only one row with the same `columns` may be without an end."""
    return models.UniqueConstraint(
        fields=list(columns), condition=Q(valid_to__isnull=True), name=name
    )


class DatedQuerySet(models.QuerySet[_M]):
    """Rows with a period."""

    def on(self, day: date) -> Self:
        """Return the rows valid on `day`."""
        return self.filter(on_day(day))

    def within(self, first: date, last: date) -> Self:
        """Return the rows valid on at least one day from `first` to `last`, both included."""
        ends = Q(valid_to__isnull=True) | (Q(valid_to__gt=first) & Q(valid_to__gt=F("valid_from")))
        return self.filter(ends, valid_from__lte=last)


class Dated(models.Model):
    """A row that holds on the days [valid_from, valid_to), written by `act`, ended by `end_act`."""

    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    act = models.BigIntegerField()
    end_act = models.BigIntegerField(null=True, blank=True)

    class Meta:
        abstract = True
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="%(app_label)s_%(class)s_period",
            )
        ]

    def holds_on(self, day: date) -> bool:
        """Say whether this row is valid on `day`."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)
