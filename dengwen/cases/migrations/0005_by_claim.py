"""A duty bears whether it rests on what was entered late; what an earlier version entered bears no
such mark."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """One column more in the table of duties, and an index of the few that it marks."""

    dependencies: ClassVar[list[Any]] = [("cases", "0004_lists_in_order")]
    operations: ClassVar[list[Any]] = [
        migrations.AddField(
            "duty", "by_claim", models.BooleanField(default=False, db_default=False)
        ),
        migrations.AddIndex(
            "duty",
            models.Index(fields=["id"], condition=Q(by_claim=True), name="cases_duty_by_claim"),
        ),
    ]
