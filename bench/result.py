"""What a measurement found, as it travels from the measuring process to the report."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: figures of the full path, the raw limit of the same shape in the same
    run, the bar.

    `rate` and `limit` are in `unit` (per second, or milliseconds for `ms`); `bar` in words; `met`
    None without a bar.
    """

    shape: str
    unit: str
    rate: float
    limit: float
    limit_name: str
    cpu_ms: float | None = None
    p99: float | None = None
    bar: str = ""
    met: bool | None = None

    @property
    def share(self) -> float:
        """How much of the raw limit the full path reaches: of a rate the quotient, of a time its
        reverse."""
        if not self.rate or not self.limit:
            return 0.0
        return self.limit / self.rate if self.unit == "ms" else self.rate / self.limit


@dataclass
class Found:
    """Everything one process measured on one database."""

    database: str
    version: str
    rows: list[Row] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    profiles: dict[str, list[tuple[str, float, int]]] = field(default_factory=dict)
    load: Sequence[float] = ()
    ended: int = 0
    """Exit code of the measuring process: anything but 0 means that it did not come to its end."""

    def write(self, path: Path) -> None:
        """Write it as JSON."""
        path.write_text(json.dumps(asdict(self), ensure_ascii=False), encoding="utf-8")

    @staticmethod
    def read(path: Path) -> Found:
        """Read it back."""
        raw: Mapping[str, object] = json.loads(path.read_text(encoding="utf-8"))
        found = Found(**raw)  # type: ignore[arg-type]  # written by `write`
        found.rows = [Row(**row) for row in found.rows]  # type: ignore[arg-type]  # plain data until here
        return found
