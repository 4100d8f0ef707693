"""A log of its own for every test: fresh keys, fresh high-water mark, an invented case."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection, transaction
from pytest_django import Settings

from dengwen.ledger import event_log
from dengwen.ledger.event_log import Appended
from dengwen.ledger.log_keys import Keys, create_keys
from dengwen.merkle.disclosure import JsonValue

ORIGIN = "xf.example.gov.cn/2026"
NOW = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)

Write = Callable[..., Appended]

# SQLite has no server to send to, and on PostgreSQL nobody has to stand in line.
collect_ignore = (
    ["test_sqlite_line.py"] if connection.vendor == "postgresql" else ["test_sending.py"]
)


@pytest.fixture
def keys(tmp_path: Path, settings: Settings) -> Keys:
    settings.DATA = tmp_path
    return create_keys(tmp_path, ORIGIN)


@pytest.fixture
def write(keys: Keys) -> Write:
    """Write the next event of a case in a transaction of its own."""

    def write(case: str = "XF-0001", uid: str | None = None, **more: JsonValue) -> Appended:
        with transaction.atomic():
            head = event_log.head(case)
            return event_log.append(
                uid=uid or f"{case}/{head.case_seq + 1}",
                case_key=case,
                case_seq=head.case_seq + 1,
                prev=head.hash,
                recorded_at=NOW + timedelta(minutes=head.case_seq),
                claimed_at=NOW - timedelta(days=1),
                open_fields={"type": "register", "unit": "500112-0007", **more},
                sealed_fields={"claimant": "王示例"},
            )

    return write
