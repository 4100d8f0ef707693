"""A year of duties copied by SQL from one prototype, and the time to freeze them."""

from __future__ import annotations

import time
import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from django.conf import settings
from django.db import connection

from bench.office import World, at, intake
from dengwen.assessment.frozen.freeze import Run, freeze
from dengwen.assessment.frozen.manifest import scheme_body
from dengwen.cases.models import Duty
from dengwen.cli.office.data_folder import PRACTICE_ORIGIN
from dengwen.cli.office.init import prepare
from dengwen.ledger import sequencer
from dengwen.oversight.statistics import newest_position
from dengwen.petitions.intake.intake import register

DAY = date(2025, 3, 3)


def run(folder: Path, rows: int) -> tuple[float, float]:
    """Copy the duties, freeze them, and return the seconds of freezing and of a plain count in SQL.

    The copies have acts without events, so the condition on the ledger position is asked once, not
    for each row.
    """
    for _ in prepare(PRACTICE_ORIGIN, collect=False):
        pass
    _copy(_prototype(), rows)
    starting = Path(settings.ROOT) / "packs/schemes/starting.toml"
    body = scheme_body(tomllib.loads(starting.read_text(encoding="utf-8")))
    asked = Run(body, date(2025, 1, 1), date(2025, 12, 31), newest_position())
    plain = _plain_count()
    began = time.perf_counter()
    frozen = freeze(asked, folder / "frozen")
    took = time.perf_counter() - began
    if frozen.manifest["rows"] < rows:
        raise AssertionError(f"{frozen.manifest['rows']} facts frozen of {rows} duties")
    return took, plain


def _prototype() -> Duty:
    """Register a matter, and return the duty that is copied."""
    world = World()
    register(intake(1), by=world.by("clerk"), now=at(DAY), uid=world.uid())
    sequencer.tick(now=at(DAY))
    duty = Duty.objects.filter(rule="sort").order_by("pk").last()
    if duty is None:
        raise LookupError("the registered matter opened no duty")
    return duty


def _plain_count() -> float:
    """Count the duties by organ and timeliness, and return the seconds it took."""
    began = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute("SELECT holder_id, timeliness, count(*) FROM cases_duty GROUP BY 1, 2")
        cursor.fetchall()
    return time.perf_counter() - began


def _copy(duty: Duty, rows: int) -> None:
    """Copy the act that opened a duty, and the duty, so many times."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(id) FROM cases_act")
        top = cursor.fetchone()[0]
    act_id = f"{top} + i"
    acts = {"id": act_id, "seq": "1000 + i", "uid": "'copy/' || i"}
    _copy_row("cases_act", duty.opened_by_id, acts, rows)
    _copy_row("cases_duty", duty.pk, {"id": None, "opened_by_id": act_id}, rows)


def _copy_row(table: str, given: int, own: Mapping[str, str | None], rows: int) -> None:
    """Copy one row so many times; `own` are the columns that differ as SQL of the number `i`, None
    for one the database fills in."""
    numbers = (
        f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {int(rows)})"  # noqa: S608  # a number
    )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT name FROM pragma_table_info('{table}')")  # noqa: S608  # a table of ours
        columns = [name for (name,) in cursor.fetchall() if own.get(name, "") is not None]
        values = ", ".join(str(own.get(column) or f'o."{column}"') for column in columns)
        names = ", ".join(f'"{column}"' for column in columns)
        source = f"SELECT {values} FROM n, {table} o WHERE o.id = %s"  # noqa: S608  # names of tables and columns
        cursor.execute(f"{numbers} INSERT INTO {table} ({names}) {source}", [given])
