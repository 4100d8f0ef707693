"""What the columns of this package say, for the ledger to compare with what was sealed (`ledger.check`)."""

from __future__ import annotations

from collections.abc import Iterator

from dengwen.cases.contents import intact
from dengwen.cases.models import Act, Content, Document
from dengwen.cases.system import all_acts
from dengwen.cases.writing import event_columns
from dengwen.ledger.check import Projection


def projections() -> Iterator[Projection]:
    """Yield every act with the columns its ledger event discloses."""
    for act in all_acts():
        yield Projection(uid=act.uid, table="cases_act", row=act.pk, columns=columns_of(act))


def columns_of(act: Act) -> dict[str, object]:
    """Return the columns of an act by the names of its disclosures."""
    return {**event_columns(act, act.case.kind), "case_no": act.case.number, "case_seq": act.seq}


def broken_contents() -> Iterator[str]:
    """Yield every stored text and document whose digest no longer fits what its act keeps."""
    for row in Content.objects.select_related("act").iterator(chunk_size=500):
        if not intact(row):
            yield f"cases_content {row.pk} body"
    for document in Document.objects.iterator(chunk_size=500):
        if not document.digest:
            yield f"cases_document {document.pk} digest"
