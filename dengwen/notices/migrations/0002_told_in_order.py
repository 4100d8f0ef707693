"""An index in the order in which somebody's notices are read: the newest first, however many were ever sent."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """One index."""

    dependencies: ClassVar[list[Any]] = [("notices", "0001_initial")]
    operations: ClassVar[list[Any]] = [
        migrations.AddIndex(
            "outbox",
            models.Index(
                fields=["recipient", "recipient_ref", "sent_at", "id"],
                condition=Q(sent_at__isnull=False),
                name="notices_outbox_told",
            ),
        ),
    ]
