"""What is said of a row of history that was not taken: used before, or refused at the door."""

from __future__ import annotations

from dengwen.cases.write.check import Refused
from dengwen.petitions.errors import PetitionError
from dengwen.petitions.history.message_file import ColumnMap, RowError
from dengwen.petitions.history.message_row import MessageRow


def reused(row: MessageRow, zh: str, en: str) -> RowError:
    """Return the error of a source number used before with another text; `zh` and `en` say by
    what."""
    return RowError(
        row.row,
        "number",
        f"来源编号“{row.number}”已被{zh}使用，内容不同",
        f"source number “{row.number}” is used by {en}, with another text",
        "核对来源，给这一行另一个编号",
        "check the source and give this row another number",
    )


def as_row_error(row: MessageRow, mapping: ColumnMap, error: Exception | None) -> RowError:
    """Return what the write door said about a row, as an error of that row."""
    if isinstance(error, Refused):
        first = error.reasons[0]
        return RowError(
            row.row,
            _column_of(error, mapping),
            "；".join(r.zh for r in error.reasons),
            "; ".join(r.en for r in error.reasons),
            first.remedy_zh or "核对这一行",
            first.remedy_en or "check this row",
        )
    if isinstance(error, PetitionError):
        return RowError(row.row, error.code, error.zh, error.en, error.mend_zh, error.mend_en)
    return RowError(
        row.row,
        "",
        f"未能登记：{error}",
        f"not registered: {error}",
        "核对这一行",
        "check this row",
    )


def _column_of(refused: Refused, mapping: ColumnMap) -> str:
    """Return the column a refusal is about: of the reply, the field it names, else of the time."""
    field_ = refused.reasons[0].field
    if refused.step.act == "import_reply":
        return mapping.column("replied")
    if not field_ or field_ == "received":
        return mapping.column("received")
    return mapping.column("replied") if field_ == "replied" else field_
