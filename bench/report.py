"""The report: one Markdown table for all databases, machine facts, checks, and where the time
goes."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from bench.result import Found, Row

HEAD = (
    "what",
    "database",
    "figure",
    "CPU ms",
    "p99 ms",
    "raw limit of this run",
    "share of the limit",
    "bar",
    "met",
)


def report(all_found: Sequence[Found], *, quick: bool, load_before: Sequence[float]) -> str:
    """Return the whole report."""
    parts = [
        f"# Dengwen 登闻 bench{' (quick: too small to judge by)' if quick else ''}\n",
        *_machine(load_before),
        "",
        *_table(all_found),
        "",
        (
            "CPU time: of one process, and of the server of PostgreSQL. "
            "Every commit waited for the disk."
        ),
        "",
    ]
    for found in all_found:
        parts += _of_database(found)
    return "\n".join(parts).rstrip() + "\n"


def _table(all_found: Sequence[Found]) -> list[str]:
    """Return the table of all rows; the rows of one kind stand together, a database a line."""
    lines = [f"| {' | '.join(HEAD)} |", f"|{'---|' * len(HEAD)}"]
    by_kind: dict[str, list[str]] = {}
    for found in all_found:
        for row in found.rows:
            by_kind.setdefault(_kind(row), []).append(_line(row, found))
    for rows in by_kind.values():
        lines += rows
    return lines


def _of_database(found: Found) -> list[str]:
    """Return the part about one database: its notes, the load, and where its time goes."""
    parts = [f"## {found.database} {found.version}", ""]
    parts += [f"- {note}" for note in found.notes]
    parts += [f"- load at the end {_load(found.load)}", ""]
    for name, hottest in found.profiles.items():
        parts += [
            f"Where {name} spends its time (cProfile over CPU time, own time of ten functions):",
            "",
            "| function | share | calls each |",
            "|---|---|---|",
        ]
        parts += [f"| `{function}` | {share:.0%} | {calls} |" for function, share, calls in hottest]
        parts.append("")
    return parts


def _kind(row: Row) -> str:
    return row.shape.split(",")[0]


def _line(row: Row, found: Found) -> str:
    """Return the line of the table of one row."""
    met = {True: "met", False: "**not met**", None: ""}[row.met]
    cells = (
        row.shape,
        found.database,
        f"{_figure(row.rate)} {row.unit}",
        "" if row.cpu_ms is None else _figure(row.cpu_ms),
        "" if row.p99 is None else _figure(row.p99),
        f"{_figure(row.limit)} {row.limit_name}",
        f"{row.share:.1%}",
        row.bar,
        met,
    )
    return f"| {' | '.join(cells)} |"


def _figure(value: float) -> str:
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def _machine(load_before: Sequence[float]) -> list[str]:
    """Return what the figures depend on: processor, system, packages, load."""
    packages = ", ".join(
        f"{name} {version(name)}" for name in ("django", "psycopg", "cryptography", "granian")
    )
    return [
        f"- processor: {_processor()}, {os.cpu_count()} cores",
        f"- system: {platform.system()} {platform.release()}, Python {platform.python_version()}",
        f"- packages: {packages}",
        (
            f"- load before: {_load(load_before)} (others work on this machine: trust CPU ms and "
            "shares before rates)"
        ),
    ]


def _load(load: Sequence[float]) -> str:
    return " ".join(f"{one:.1f}" for one in load)


def _processor() -> str:
    """Return the name of the processor, as far as the system says."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    return next(
        (line.partition(":")[2].strip() for line in lines if line.startswith("model name")),
        platform.machine(),
    )
