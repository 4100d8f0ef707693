"""What the columns of this package say, for the ledger to compare with what was sealed
(`ledger.check`)."""

from __future__ import annotations

from collections.abc import Iterator

from dengwen.cases.models import Act, Content, Document
from dengwen.cases.wall.system import acts_to_check
from dengwen.cases.write.contents import intact
from dengwen.cases.write.record import event_columns
from dengwen.ledger.findings import Finding, Projection
from dengwen.ledger.unreadable_rows import readable, unreadable

ACT = "cases_act"


def projections() -> Iterator[Projection | Finding]:
    """Yield every act with the columns its ledger event discloses; an act that cannot be read as
    the finding it is."""
    for act in acts_to_check():
        if isinstance(act, Finding):
            yield act
            continue
        try:
            yield Projection(uid=act.uid, table=ACT, row=act.pk, columns=columns_of(act))
        except Exception as error:  # noqa: BLE001  # the next act is read whatever this one holds
            yield unreadable(ACT, act.pk, error)


def columns_of(act: Act) -> dict[str, object]:
    """Return the columns of an act by the names of its disclosures."""
    return {**event_columns(act, act.case.kind), "case_no": act.case.number, "case_seq": act.seq}


def broken_contents() -> Iterator[str]:
    """Yield every stored text and document whose digest no longer fits what its act keeps, or
    that cannot be read."""
    for row in readable(Content.objects.select_related("act")):
        if isinstance(row, Finding):
            yield str(row)
            continue
        try:
            whole = intact(row)
        except Exception as error:  # noqa: BLE001  # a seal that does not open, a blob that was cut: found and named
            yield str(unreadable("cases_content", row.pk, error, "body"))
            continue
        if not whole:
            yield f"cases_content {row.pk} body"
    for document in readable(Document.objects.all()):
        if isinstance(document, Finding):
            yield str(document)
        elif not document.digest:
            yield f"cases_document {document.pk} digest"
