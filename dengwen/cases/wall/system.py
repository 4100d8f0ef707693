"""Reading for the system itself: sweep, sequencer, replay. Importable only by cases, worker and
practice.

No door reads through here; a lint keeps it so.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.db.models import QuerySet

from dengwen.cases.models import Act, Case
from dengwen.ledger.findings import Finding
from dengwen.ledger.unreadable_rows import readable


def due_before(day: date) -> QuerySet[Case]:
    """Return the cases with something to record before `day`: one scan of a partial index."""
    return Case.objects.filter(next_due__lt=day).order_by("next_due", "pk")


def cases_to_check() -> Iterator[Case | Finding]:
    """Yield every case, in bounded memory; a row that cannot be read comes as the finding it is."""
    yield from readable(Case.objects.all())


def acts_to_check() -> Iterator[Act | Finding]:
    """Yield every act with its case, in bounded memory; a row that cannot be read comes as the
    finding it is."""
    yield from readable(Act.objects.select_related("case"), 1000)


def long_cases(most: int) -> Iterator[str]:
    """Yield the numbers of the cases with more than `most` acts."""
    yield from (
        Case.objects.filter(seq__gt=most).order_by("pk").values_list("number", flat=True).iterator()
    )
