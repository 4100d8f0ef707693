"""Indexes in the order in which lists are read, so that a page reads the rows it shows and none beside them.

The work list by organ and day (with the id that breaks ties: PostgreSQL sorted every open duty of an organ), what is
late and still open over all organs, what was entered late and rests on a claim, and the cases of one kind by the instant they were opened.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """One index instead of the work list's old one, and three more."""

    dependencies: ClassVar[list[Any]] = [("cases", "0003_file_keys")]
    operations: ClassVar[list[Any]] = [
        migrations.RemoveIndex("duty", "cases_duty_worklist"),
        migrations.AddIndex(
            "duty",
            models.Index(fields=["holder", "sort_day", "id"], condition=Q(state="open"), name="cases_duty_open_by_day"),
        ),
        migrations.AddIndex(
            "duty",
            models.Index(
                fields=["sort_day", "id"],
                condition=Q(state="open", breach__isnull=False),
                name="cases_duty_late_by_day",
            ),
        ),
        migrations.AddIndex(
            "duty",
            models.Index(
                fields=["closed_on", "id"],
                condition=Q(timeliness="by_claim", breach__isnull=False),
                name="cases_duty_claims_by_day",
            ),
        ),
        migrations.AddIndex("case", models.Index(fields=["kind", "opened_at"], name="cases_case_kind")),
    ]
