"""What the rules were on a day, and since when the house knew: rulebooks, calendar notices,
settings, answers.

Rows are added and never changed; a correction is a further row. Acts point at rows here, so that
anybody can
see by exactly which text, calendar and setting something was judged.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

APPEND_ONLY = (
    "editions_installedrulebook",
    "editions_calendarnotice",
    "editions_localsetting",
    "editions_interpretation",
)
"""Tables whose rows nobody may change or delete; settings hand them to the guards."""


class InstalledRulebook(models.Model):
    """The rules exactly as installed: `source` is the canonical text whose SHA-256 is `digest`."""

    digest = models.CharField(max_length=64, unique=True)
    title = models.CharField(max_length=200)
    source = models.TextField()
    installed_at = models.DateTimeField()

    class_of: ClassVar[dict[str, str]] = {
        "id": "D0",
        "digest": "D0",
        "title": "D0",
        "source": "D0",
        "installed_at": "D0",
    }

    def __str__(self) -> str:
        return f"{self.title} {self.digest[:12]}"


class CalendarNotice(models.Model):
    """The notice on rest days of one year, or its amendment (a higher `version`), as entered.

    `off` and `work` are lists of ISO days or spans "first/last"; `entered_at` is the instant from
    which the
    office knew it: verdicts before that instant stand (design 1.6).
    """

    year = models.PositiveSmallIntegerField()
    version = models.PositiveSmallIntegerField()
    off = models.JSONField()
    work = models.JSONField()
    source = models.CharField(max_length=300)
    entered_at = models.DateTimeField()
    act = models.BigIntegerField()

    class_of: ClassVar[dict[str, str]] = {
        "id": "D0",
        "year": "D0",
        "version": "D0",
        "off": "D0",
        "work": "D0",
        "source": "D0",
        "entered_at": "D0",
        "act": "D0",
    }

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["year", "version"], name="editions_notice_version"),
            models.CheckConstraint(
                condition=Q(version__gte=1), name="editions_notice_counts_from_one"
            ),
            models.CheckConstraint(condition=~Q(source=""), name="editions_notice_source"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["entered_at", "id"], name="editions_notice_order"),
        ]

    def __str__(self) -> str:
        return f"{self.year} v{self.version}"


class LocalSetting(models.Model):
    """A local target where the text gives a duty and no number; always shown as local, never as
    statutory.

    `organ` is the id of the organ it holds for, or empty for the whole installation.
    """

    key = models.CharField(max_length=80)
    organ = models.BigIntegerField(null=True, blank=True)
    value = models.CharField(max_length=200)
    valid_from = models.DateField()
    act = models.BigIntegerField(unique=True)
    local = models.BooleanField(default=True, editable=False)

    class_of: ClassVar[dict[str, str]] = {
        "id": "D0",
        "key": "D0",
        "organ": "D0",
        "value": "D0",
        "valid_from": "D0",
        "act": "D0",
        "local": "D0",
    }

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(condition=~Q(key=""), name="editions_setting_key"),
            models.CheckConstraint(condition=Q(local=True), name="editions_setting_is_local"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["key", "organ", "valid_from"], name="editions_setting_lookup"),
        ]

    def __str__(self) -> str:
        return f"{self.key} = {self.value}"


class Interpretation(models.Model):
    """An answer how to read the rules (seed art. 19: the municipal petition office explains),
    shown beside them."""

    day = models.DateField()
    organ = models.BigIntegerField()
    question = models.TextField()
    answer = models.TextField()
    rules = models.JSONField(default=list)
    act = models.BigIntegerField(unique=True)

    class_of: ClassVar[dict[str, str]] = {
        "id": "D0",
        "day": "D0",
        "organ": "D0",
        "question": "D1",
        "answer": "D1",
        "rules": "D0",
        "act": "D0",
    }

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=~Q(question="") & ~Q(answer=""), name="editions_interpretation_full"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.question[:40]}"
