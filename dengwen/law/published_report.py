"""Does a published statistics report follow from its own figures? Tables say how its figures hang
together.

    id = "weinan-mailbox"
    zh = "市长信箱季度通报"
    en = "quarterly report of a mayor's mailbox"
    reports = ["weinan-2023q2"]
    match = ["来信", "交办", "直接答复"]

    [[rule]]
    relation = "sum"
    zh = "交办加直接答复等于来信"
    en = "assigned and answered directly make up the letters"
    total = "来信"
    plus = ["交办", "直接答复"]

A figure is named by its path in the report, `类型/投诉`; `*` stands for every entry at that place.
Figures that a report
prints and its file of fields lacks (mostly percentages) stand under `printed`, in the file or in
the table; those of
the file win. All arithmetic is on exact fractions of what is printed; a share agrees where the
exact value lies within
half of the printed step, so both directions of rounding an exact half are accepted.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from dengwen.law.errors import StatedError
from dengwen.law.packs.entry import Entry
from dengwen.law.packs.pack import read_toml
from dengwen.law.report_relations import CHECKS, RELATIONS, Finding, MissingFigureError, Rule

FOLDER = "reports"
SLASH = "~1"
"""How a path writes a slash that is part of a name (as JSON pointers do)."""
TABLE_KEYS = ("id", "zh", "en", "reports", "match", "rule", "printed")


class ReportError(StatedError):
    """A report or a table that cannot be read as one."""


@dataclass(frozen=True)
class Table:
    """How the figures of a kind of report hang together, and for which reports it is known to
    hold."""

    id: str
    zh: str
    en: str
    reports: tuple[str, ...]
    match: tuple[str, ...]
    rules: tuple[Rule, ...]
    printed: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class Report:
    """A published report as figures; anything else its file says (such as checks of others) is
    never read."""

    id: str
    title: str
    fields: Mapping[str, Any]
    printed: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Verdict:
    """What checking one report found: relations that hold, those that do not, those whose
    figures are missing."""

    report: Report
    table: Table | None
    held: int = 0
    findings: tuple[Finding, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def consistent(self) -> bool:
        """Whether nothing contradicts; a report without a table or without one relation to check
        is not."""
        return self.table is not None and self.held > 0 and not self.findings

    def as_dict(self) -> dict[str, Any]:
        """Return the verdict as plain data."""
        return {
            "report": self.report.id,
            "title": self.report.title,
            "table": self.table.id if self.table else None,
            "consistent": self.consistent if self.table else None,
            "held": self.held,
            "findings": [f.as_dict() for f in self.findings],
            "missing": list(self.missing),
        }


def read_table(path: Path) -> Table:
    """Read one table of relations; PackError for a word outside the vocabulary."""
    raw = read_toml(path)
    entry = Entry(raw, "table", path.name)
    entry.known(TABLE_KEYS)
    rules = []
    for inner in entry.tables("rule", "rule"):
        relation = inner.choice("relation", tuple(RELATIONS))
        inner.known(("relation", "zh", "en", *sorted(RELATIONS[relation])))
        said = {key: inner.raw[key] for key in RELATIONS[relation] if key in inner.raw}
        rules.append(Rule(relation, inner.text("zh"), inner.text("en"), said))
    return Table(
        entry.text("id"),
        entry.text("zh"),
        entry.text("en"),
        entry.words("reports"),
        entry.words("match"),
        tuple(rules),
        raw.get("printed", {}),
    )


def read_tables(folder: Path) -> list[Table]:
    """Read every table in a folder."""
    return [read_table(path) for path in sorted(folder.glob("*.toml"))]


def read_reports(text: str, name: str) -> list[Report]:
    """Read a JSON file: one report, a list of reports, or a bare object of figures. ReportError
    where it is none."""
    try:
        data = json.loads(text, parse_float=Decimal)
    except json.JSONDecodeError as error:
        raise _unreadable(name, f"不是 JSON：{error}", f"not JSON: {error}") from None
    reports = data if isinstance(data, list) else [data]
    if not reports or not all(isinstance(r, dict) for r in reports):
        raise _unreadable(name, "不是一份或者几份通报", "neither one report nor several")
    return [_report(raw, name) for raw in reports]


def _report(raw: Mapping[str, Any], name: str) -> Report:
    if "fields" not in raw:
        return Report("", str(raw.get("title", name)), raw)
    if not isinstance(raw["fields"], dict) or not isinstance(raw.get("printed", {}), dict):
        raise _unreadable(name, "fields 和 printed 应为对象", "fields and printed must be objects")
    return Report(
        str(raw.get("id", "")), str(raw.get("title", "")), raw["fields"], raw.get("printed", {})
    )


def _unreadable(name: str, zh: str, en: str) -> ReportError:
    return ReportError(
        "unreadable",
        where=name,
        zh=zh,
        en=en,
        mend_zh='写成 {"id": …, "title": …, "fields": {…}}，或者这样的列表',
        mend_en='write {"id": …, "title": …, "fields": {…}} or a list of such',
    )


def figures_of(report: Report, table: Table | None = None) -> dict[str, Decimal]:
    """Return every number of a report by path: its fields, what its file prints beside, what the
    table carries over."""
    found: dict[str, Decimal] = {}
    carried = table.printed.get(report.id, {}) if table else {}
    for source in (carried, report.printed, report.fields):
        found.update(_flat(source, ""))
    return found


def _flat(value: Any, path: str) -> Iterator[tuple[str, Decimal]]:  # noqa: ANN401  # whatever JSON can hold
    if isinstance(value, Mapping):
        for key, inner in value.items():
            name = str(key).replace("/", SLASH)
            yield from _flat(inner, f"{path}/{name}" if path else name)
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _flat(inner, f"{path}/{number}")
    elif _is_number(value):
        yield path, Decimal(value)


def _is_number(value: object) -> bool:
    """Say whether it is a number, or a text that is nothing but one (so that `"99.0"` keeps its
    last digit)."""
    if isinstance(value, str):
        return value.strip().removeprefix("-").replace(".", "", 1).isdecimal()
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def table_for(report: Report, tables: Sequence[Table]) -> Table | None:
    """Return the table that names the report, else the only one whose figures it all has; None
    where none fits."""
    for table in tables:
        if report.id and report.id in table.reports:
            return table
    names = {prefix for path in figures_of(report) for prefix in _prefixes(path)}
    fitting = [t for t in tables if t.match and set(t.match) <= names]
    most = max((len(t.match) for t in fitting), default=0)
    best = [t for t in fitting if len(t.match) == most]
    return best[0] if len(best) == 1 else None


def _prefixes(path: str) -> Iterator[str]:
    parts = path.split("/")
    for n in range(len(parts)):
        yield "/".join(parts[: n + 1])


def check(report: Report, table: Table | None) -> Verdict:
    """Recompute every relation of the table from the figures of the report."""
    if table is None:
        return Verdict(report, None)
    figures = figures_of(report, table)
    held, findings, missing = 0, [], []
    for rule in table.rules:
        try:
            results = list(CHECKS[rule.relation](rule, figures))
        except MissingFigureError as absent:
            missing.append(f"{rule.zh}：{absent}")
            continue
        found = [r for r in results if r is not None]
        held += len(results) - len(found)
        findings += found
    return Verdict(report, table, held, tuple(findings), tuple(missing))
