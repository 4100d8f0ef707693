"""The outbox: what is to be told, to which kind of recipient, over which channel, and how far it
got.

A row is the truth about its notice and nothing else is kept in memory: a worker that died, or never
ran for a day,
finds the same rows due again. No name, telephone number or address stands here; the channel asks
for it when it sends.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

RECIPIENTS = ("official", "organ", "petitioner")
CODE = r"[a-z][a-z_]{0,39}"
"""Shape of codes of channels and of errors: words of our own, never text from outside."""


class Outbox(models.Model):
    """One notice for one recipient over one channel; `uid` makes queueing it twice the same as
    once.

    `recipient_ref` is an id the layer above understands (a party, an organ code, an account),
    opaque here.
    `tries` counts the claims to send it; `last_error` is a code word. `withheld_at` is set where
    the recipient
    may no longer know of the case at the time of sending.
    """

    uid = models.CharField(max_length=120, unique=True)
    case_number = models.CharField(max_length=40)
    document_number = models.CharField(max_length=80, null=True, blank=True)  # noqa: DJ001 — none is no number
    channel = models.CharField(max_length=40)
    recipient = models.CharField(max_length=12)
    recipient_ref = models.CharField(max_length=40, blank=True)
    body = models.CharField(max_length=200)
    created_at = models.DateTimeField()
    not_before = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    withheld_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveIntegerField(default=0)
    last_error = models.CharField(max_length=40, blank=True)

    class_of: ClassVar[dict[str, str]] = {
        "id": "D1",
        "uid": "D1",
        "case_number": "D1",
        "document_number": "D1",
        "channel": "D1",
        "recipient": "D1",
        "recipient_ref": "D1",
        "body": "D1",
        "created_at": "D1",
        "not_before": "D1",
        "sent_at": "D1",
        "withheld_at": "D1",
        "tries": "D1",
        "last_error": "D1",
    }

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=Q(recipient__in=RECIPIENTS), name="notices_outbox_recipient"
            ),
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True) | Q(withheld_at__isnull=True),
                name="notices_outbox_one_end",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(  # `due` reads this, nothing else may be open
                fields=["not_before", "id"],
                condition=Q(sent_at__isnull=True, withheld_at__isnull=True),
                name="notices_outbox_due",
            ),
            models.Index(fields=["case_number", "channel"], name="notices_outbox_case"),
            models.Index(  # what somebody was told, the newest first
                fields=["recipient", "recipient_ref", "sent_at", "id"],
                condition=Q(sent_at__isnull=False),
                name="notices_outbox_told",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_number} {self.channel} {self.recipient}"
