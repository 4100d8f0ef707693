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
from fractions import Fraction
from pathlib import Path
from typing import Any

from dengwen.law.errors import StatedError
from dengwen.law.packs.entry import Entry
from dengwen.law.packs.pack import read_toml

FOLDER = "reports"
SLASH = "~1"
"""How a path writes a slash that is part of a name (as JSON pointers do)."""
TABLE_KEYS = ("id", "zh", "en", "reports", "match", "rule", "printed")
RELATIONS: Mapping[str, frozenset[str]] = {
    "sum": frozenset({"total", "plus", "minus", "per"}),
    "share": frozenset({"part", "whole", "printed", "step"}),
    "quotient": frozenset({"dividend", "by", "printed", "step"}),
    "count": frozenset({"entries", "printed"}),
    "weighted": frozenset({"entries", "total"}),
    "change": frozenset({"now", "before", "printed", "step"}),
    "margins": frozenset({"cells", "total"}),
}
"""What one rule can say, and with which keys beside `relation`, `zh`, `en`:

`sum` total = plus − minus (`per`: the total is in units of so many, rounded); `share` printed % of
part in whole;
`quotient` printed = dividend / by; `count` printed = how many entries; `weighted` total = each
entry times the number
it is named by; `change` printed % = growth of now over before (without `before`: over some whole
number); `margins` in
a table of rows and columns, the row and the column called `total` are the sums of the others."""

Figures = Mapping[str, Decimal]
"""Every number of a report by its path, in the order of the report."""


class ReportError(StatedError):
    """A report or a table that cannot be read as one."""


@dataclass(frozen=True)
class Rule:
    """One relation that must hold between figures of a report."""

    relation: str
    zh: str
    en: str
    said: Mapping[str, Any]

    def words(self, key: str) -> tuple[str, ...]:
        """Return the paths under a key, none where it is not said."""
        value = self.said.get(key, ())
        return (value,) if isinstance(value, str) else tuple(value)


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
class Finding:
    """A figure that does not follow: which relation, what it gives, what is printed, and which
    figures take part."""

    rule: Rule
    figure: str
    computed: str
    printed: str
    figures: tuple[str, ...]
    note: tuple[str, str] = ("", "")

    def as_dict(self) -> dict[str, Any]:
        """Return the finding as plain data."""
        return {
            "relation": self.rule.relation,
            "zh": self.rule.zh,
            "en": self.rule.en,
            "figure": self.figure,
            "computed": self.computed,
            "printed": self.printed,
            "figures": list(self.figures),
            "note_zh": self.note[0],
            "note_en": self.note[1],
        }


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
            results = list(_CHECKS[rule.relation](rule, figures))
        except _MissingFigureError as absent:
            missing.append(f"{rule.zh}：{absent}")
            continue
        found = [r for r in results if r is not None]
        held += len(results) - len(found)
        findings += found
    return Verdict(report, table, held, tuple(findings), tuple(missing))


class _MissingFigureError(Exception):
    """A figure that a rule needs is not in the report."""


def matching(pattern: str, figures: Figures) -> list[str]:
    """Return the paths a pattern stands for; `*` is exactly one step of a path."""
    wanted = pattern.split("/")
    return [
        path
        for path in figures
        if len(parts := path.split("/")) == len(wanted)
        and all(w in ("*", p) for w, p in zip(wanted, parts, strict=True))
    ]


def _paths(patterns: Sequence[str], figures: Figures) -> list[str]:
    found: list[str] = []
    for pattern in patterns:
        paths = matching(pattern, figures)
        if not paths:
            raise _MissingFigureError(pattern)
        found += paths
    return found


def _one(pattern: str, figures: Figures) -> str:
    paths = _paths((pattern,), figures)
    if len(paths) > 1:
        raise _MissingFigureError(pattern)
    return paths[0]


def _total(paths: Sequence[str], figures: Figures) -> Fraction:
    return sum((Fraction(figures[p]) for p in paths), Fraction(0))


def _step(rule: Rule, printed: Decimal) -> Fraction:
    if "step" in rule.said:
        return Fraction(str(rule.said["step"]))
    exponent = printed.as_tuple().exponent
    return Fraction(10) ** exponent if isinstance(exponent, int) else Fraction(1)


def _agrees(exact: Fraction, printed: Decimal, step: Fraction) -> bool:
    return abs(exact - Fraction(printed)) * 2 <= step


def _shown(exact: Fraction, step: Fraction) -> str:
    """Show an exact value one digit finer than it is printed, so that one sees on which side it
    lies."""
    if exact.denominator == 1:
        return str(exact.numerator)
    digits = 1
    while step < 1:
        step, digits = step * 10, digits + 1
    return f"{float(exact):.{digits}f}"


def _check_sum(rule: Rule, figures: Figures) -> Iterator[Finding | None]:
    total = _one(rule.said["total"], figures)
    plus, minus = _paths(rule.words("plus"), figures), _paths(rule.words("minus"), figures)
    per = Fraction(rule.said.get("per", 1))
    exact = (_total(plus, figures) - _total(minus, figures)) / per
    step = _step(rule, figures[total]) if per != 1 else Fraction(0)
    if _agrees(exact, figures[total], step):
        yield None
        return
    rounded = [p for p in (*plus, *minus, total) if Fraction(figures[p]).denominator != 1]
    slack = sum((_step(rule, figures[p]) for p in rounded), Fraction(0))
    note = ("", "")
    if _agrees(exact, figures[total], slack):
        note = (
            "各数是舍入后的数，相差在舍入可能造成的范围内",
            "the figures are rounded; rounding could explain the difference",
        )
    yield Finding(
        rule,
        total,
        _shown(exact, Fraction(1, 100)),
        str(figures[total]),
        (total, *plus, *minus),
        note,
    )


def _check_share(rule: Rule, figures: Figures) -> Iterator[Finding | None]:
    whole = _paths(rule.words("whole"), figures)
    base = _total(whole, figures)
    parts, printed = _paths(rule.words("part"), figures), _paths(rule.words("printed"), figures)
    if "*" not in rule.said["printed"]:
        pairs = [(parts, printed[0])]
    else:
        by_name = {p.rsplit("/", 1)[-1]: p for p in parts}
        pairs = [([by_name[n]], p) for p in printed if (n := p.rsplit("/", 1)[-1]) in by_name]
    if not pairs or base == 0:
        raise _MissingFigureError("、".join(rule.words("whole")))
    hundred = sum((Fraction(figures[p]) for _, p in pairs), Fraction(0)) == 100
    for part, share in pairs:
        exact = _total(part, figures) * 100 / base
        step = _step(rule, figures[share])
        if _agrees(exact, figures[share], step):
            yield None
            continue
        note = (
            ("各占比相加正好是一百", "the shares add up to exactly one hundred")
            if hundred
            else ("", "")
        )
        takes_part = tuple(dict.fromkeys((share, *part, *whole)))
        yield Finding(rule, share, _shown(exact, step), str(figures[share]), takes_part, note)


def _check_quotient(rule: Rule, figures: Figures) -> Iterator[Finding | None]:
    dividend, printed = _paths(rule.words("dividend"), figures), _one(rule.said["printed"], figures)
    by = rule.said["by"]
    divisors = [] if isinstance(by, int) else _paths(rule.words("by"), figures)
    divisor = Fraction(by) if isinstance(by, int) else _total(divisors, figures)
    if divisor == 0:
        raise _MissingFigureError("、".join(divisors))
    exact, step = _total(dividend, figures) / divisor, _step(rule, figures[printed])
    if _agrees(exact, figures[printed], step):
        yield None
    else:
        yield Finding(
            rule,
            printed,
            _shown(exact, step),
            str(figures[printed]),
            (printed, *dividend, *divisors),
        )


def _check_count(rule: Rule, figures: Figures) -> Iterator[Finding | None]:
    printed, entries = _one(rule.said["printed"], figures), _paths(rule.words("entries"), figures)
    if figures[printed] == len(entries):
        yield None
    else:
        yield Finding(rule, printed, str(len(entries)), str(figures[printed]), (printed,))


def _check_weighted(rule: Rule, figures: Figures) -> Iterator[Finding | None]:
    total, entries = _one(rule.said["total"], figures), _paths(rule.words("entries"), figures)
    exact = sum(
        (Fraction(p.rsplit("/", 1)[-1]) * Fraction(figures[p]) for p in entries), Fraction(0)
    )
    if exact == Fraction(figures[total]):
        yield None
    else:
        yield Finding(
            rule, total, _shown(exact, Fraction(1)), str(figures[total]), (total, *entries)
        )


def _check_change(rule: Rule, figures: Figures) -> Iterator[Finding | None]:
    now, printed = _one(rule.said["now"], figures), _one(rule.said["printed"], figures)
    value, said, step = Fraction(figures[now]), figures[printed], _step(rule, figures[printed])
    before = _paths(rule.words("before"), figures)
    if before:
        tried = [Fraction(figures[before[0]])]
    else:
        guess = value / (1 + Fraction(said) / 100) if said > -100 else Fraction(0)
        tried = [Fraction(int(guess) + n) for n in (-1, 0, 1, 2)]
    growths = [(value / b - 1) * 100 for b in tried if b > 0]
    if not growths:
        raise _MissingFigureError(f"{now}、{printed}")
    if any(_agrees(g, said, step) for g in growths):
        yield None
        return
    nearest = min(growths, key=lambda g: abs(g - Fraction(said)))
    note = (
        ("没有一个整数的上期能得出这个增减", "no whole number before gives this change")
        if not before
        else ("", "")
    )
    yield Finding(rule, printed, _shown(nearest, step), str(said), (printed, now, *before), note)


def _check_margins(rule: Rule, figures: Figures) -> Iterator[Finding | None]:
    cells, name = rule.said["cells"], rule.said["total"]
    placed = {tuple(p.split("/")[-2:]): p for p in _paths((f"{cells}/*/*",), figures)}
    rows, columns = (tuple(dict.fromkeys(k[n] for k in placed)) for n in (0, 1))
    lines = [
        (placed.get((r, name)), [placed.get((r, c)) for c in columns if c != name]) for r in rows
    ]
    lines += [
        (placed.get((name, c)), [placed.get((r, c)) for r in rows if r != name]) for c in columns
    ]
    checkable = [(t, [p for p in parts if p]) for t, parts in lines if t]
    if not checkable:
        raise _MissingFigureError(f"{cells}/*/{name}")
    for total, parts in checkable:
        exact = _total(parts, figures)
        if exact == Fraction(figures[total]):
            yield None
        else:
            yield Finding(
                rule, total, _shown(exact, Fraction(1)), str(figures[total]), (total, *parts)
            )


_CHECKS = {
    "sum": _check_sum,
    "share": _check_share,
    "quotient": _check_quotient,
    "count": _check_count,
    "weighted": _check_weighted,
    "change": _check_change,
    "margins": _check_margins,
}
