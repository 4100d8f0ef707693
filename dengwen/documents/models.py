"""The tables of `documents`: how far each series is counted, and the word an office writes
before its numbers."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q


class Series(models.Model):
    """A gapless series of document numbers: one office, one year, one series word; `last` is the
    last one given.

    Only `numbering.py` writes here. The row is locked from the taking of a number until the
    transaction ends,
    so a number whose document is rolled back is given again and no number is ever missing.
    """

    office = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField()
    series = models.CharField(max_length=8)
    last = models.PositiveIntegerField(default=0)

    class_of: ClassVar[dict[str, str]] = {
        "id": "D1",
        "office": "D1",
        "year": "D1",
        "series": "D1",
        "last": "D1",
    }

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["office", "year", "series"], name="documents_series_one"
            ),
            models.CheckConstraint(
                condition=~Q(office="") & ~Q(series=""), name="documents_series_named"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.office} {self.series}〔{self.year}〕{self.last}"


class OfficeWord(models.Model):
    """The word (机关代字) an office writes before its document numbers; no two offices share one."""

    office = models.CharField(max_length=40, unique=True)
    word = models.CharField(max_length=40, unique=True)

    class_of: ClassVar[dict[str, str]] = {"id": "D0", "office": "D0", "word": "D0"}

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=~Q(office="") & ~Q(word=""), name="documents_word_named"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.office} {self.word}"
