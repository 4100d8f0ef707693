"""One unreadable row ends no check: table and row are named, nothing of what it holds, and all
else is still found."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from django.conf import settings as configured
from django.db import connection, transaction

from dengwen.access.models import ReadLog
from dengwen.access.read_log import Opening, open_logged
from dengwen.cases import record_proof, replay
from dengwen.cases.models import Act, Case, Content, Document, Duty
from dengwen.cases.read_log_act import seal
from dengwen.ledger import guards, sequencer
from dengwen.ledger.models import Event
from dengwen.ledger.unreadable_rows import readable
from dengwen.worker import night_check
from tests.world import World, at

SECRET = "示例秘密二三四"
SQLITE = connection.vendor == "sqlite"


@dataclass(frozen=True)
class Plant:
    """A row made unreadable: the statement, what the finding must name, and on which databases
    it can be planted."""

    table: str
    statement: str
    names: str = ""
    sqlite: bool = True
    postgres: bool = True

    def __str__(self) -> str:
        return (
            self.statement.split(" SET ")[0].removeprefix("UPDATE ")
            + " "
            + self.statement.split(" SET ")[-1][:40]
        )


def set_(
    table: str, change: str, *, names: str = "", sqlite: bool = True, postgres: bool = True
) -> Plant:
    return Plant(table, f"UPDATE {table} SET {change} WHERE id = %s", names, sqlite, postgres)


PLANTS = (
    set_("cases_act", f"data = '{{\"{SECRET}'", postgres=False),
    set_("cases_act", f"data = '\"{SECRET}\"'"),
    set_("cases_act", f"data = '[\"{SECRET}\"]'"),
    set_("cases_act", f"act = '{SECRET}'"),
    set_("cases_act", "rules_id = 999999"),
    set_("cases_act", "case_id = 999999"),
    set_("cases_act", f"occurred_at = '{SECRET}'", postgres=False),
    set_("cases_act", "occurred_at = '20000-01-01 00:00:00+00'"),
    set_("cases_act", "recorded_at = CAST(x'ff00ff' AS TEXT)", postgres=False),
    set_("cases_case", f"kind = '{SECRET}'", names="cases_act"),
    set_("cases_case", f"next_due = '{SECRET}'", postgres=False),
    set_("cases_case", "opened_on = '20000-01-01'"),
    set_("cases_duty", f"due = '{SECRET}'", postgres=False),
    set_("cases_duty", "raw = '20000-01-01'"),
    set_("cases_content", "body = substr(body, 1, 20)"),
    set_("cases_content", f"body = '{SECRET}'", postgres=False),
    set_("cases_content", "act_id = 999999"),
    set_("ledger_event", f"disclosures = '!{SECRET}!'"),
    set_("ledger_event", f"promise = '{SECRET}'"),
    set_("ledger_event", f"manifest = '{SECRET}'", postgres=False),
    set_("ledger_event", "recorded_at = '20000-01-01 00:00:00+00'"),
    set_(
        "access_readlog", f"fields = '{{\"{SECRET}'", names="access_readlog", postgres=False
    ),  # named by its hour
    set_("access_readlog", f"case_number = '{SECRET}'", names="access_readlog"),
)


@contextmanager
def no_constraints() -> Iterator[None]:
    """Whoever owns the database is not held by foreign keys, nor a damaged file by checks of
    columns."""
    off, on = "SET session_replication_role = replica", "SET session_replication_role = origin"
    if SQLITE:
        off = "PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON"
        on = "PRAGMA ignore_check_constraints = OFF; PRAGMA foreign_keys = ON"
    with connection.cursor() as cursor:
        for statement in off.split("; "):
            cursor.execute(statement)
        try:
            yield
        finally:
            for statement in on.split("; "):
                cursor.execute(statement)


@pytest.fixture
def busy(durable_world: World) -> World:
    """Two petitions, one of them read, all sealed."""
    number = durable_world.to_accepted("2025-03-03")
    durable_world.to_accepted("2025-03-03")
    asked = Opening(
        at=at("2025-03-05"),
        user=durable_world.office.users["handler"],
        role="R6",
        organ=durable_world.organ("YJ02"),
        case_number=number,
        data_class="D2",
        fields=("name",),
        purpose="handle",
        request_id="示例",
    )
    with transaction.atomic():
        open_logged(asked, lambda: None)
    seal(now=at("2025-03-05", 12))
    sequencer.tick(now=at("2025-03-05", 12))
    assert list(record_proof.prove()) == []
    return durable_world


def victim(table: str) -> int:
    """Return a row of the first petition: a sealed text, an act in the middle, a duty, its
    event, the reading."""
    first = Case.objects.filter(kind="petition").order_by("pk")[0]
    act = Act.objects.filter(case=first, act="classify")[0]
    return {
        "cases_act": lambda: act.pk,
        "cases_case": lambda: first.pk,
        "cases_duty": lambda: Duty.objects.filter(case=first).order_by("pk")[0].pk,
        "cases_content": lambda: (
            Content.objects.filter(case_id=first.pk, sealed=True).order_by("pk")[0].pk
        ),
        "cases_document": lambda: Document.objects.order_by("pk")[0].pk,
        "ledger_event": lambda: Event.objects.get(uid=act.uid).pk,
        "access_readlog": lambda: ReadLog.objects.order_by("pk")[0].pk,
    }[table]()


def plant(one: Plant) -> int:
    pk = victim(one.table)
    with (
        guards.lifted(connection, configured.APPEND_ONLY_TABLES),
        no_constraints(),
        connection.cursor() as cursor,
    ):
        cursor.execute(one.statement, [pk])
    return pk


@pytest.mark.long(keep=5)
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "one", [p for p in PLANTS if (p.sqlite if SQLITE else p.postgres)], ids=str
)
def test_every_check_comes_to_its_end_and_names_the_row(busy: World, one: Plant) -> None:
    """An altered duty of another case and a deleted text are found beside it, by the night and
    by the commands."""
    other = Case.objects.filter(kind="petition").order_by("pk")[1]
    duty = Duty.objects.filter(case=other, rule="handle").get()
    Duty.objects.filter(pk=duty.pk).update(state="met")
    text = Content.objects.filter(case_id=other.pk).order_by("pk")[0]
    with guards.lifted(connection, configured.APPEND_ONLY_TABLES), connection.cursor() as cursor:
        cursor.execute("UPDATE cases_content SET digest = %s WHERE id = %s", ["0" * 64, text.pk])
    row = plant(one)
    found = list(record_proof.prove())
    lines = [line for _, line in found]
    assert any(f"{one.names or one.table} " in line for line in lines), lines
    assert one.names or any(f"{one.table} {row}" in line or str(row) in line for line in lines), (
        lines
    )
    assert any(line.startswith(f"cases_duty {duty.pk} state") for line in lines)
    assert f"cases_content {text.pk} body" in lines
    assert not any(" check: " in line for line in lines), f"a whole check broke off: {lines}"
    assert not [line for line in lines if SECRET in line and line.startswith("L0")]
    night = night_check.prove(at("2025-03-06").date())
    assert {name for name, _ in found} <= set(record_proof.CHECKS)
    assert night.findings == len(found)


@pytest.mark.django_db(transaction=True)
def test_a_check_that_breaks_off_is_named_and_the_others_run(
    busy: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> list[str]:
        raise RuntimeError(SECRET)

    monkeypatch.setattr(record_proof, "CHECKS", {**record_proof.CHECKS, record_proof.TEXTS: broken})
    Duty.objects.filter(rule="handle").update(state="met")
    night = night_check.prove(at("2025-03-06").date())
    assert any("cases_duty" in line for line in night.first)
    assert any(line.startswith("L0 texts") and "RuntimeError" in line for line in night.first)
    assert SECRET not in "".join(night.first)


@pytest.mark.django_db(transaction=True)
def test_a_case_that_cannot_be_read_holds_up_no_calendar(busy: World) -> None:
    plant(set_("cases_act", f"act = '{SECRET}'"))
    other = Case.objects.filter(kind="petition").order_by("pk")[1]
    Duty.objects.filter(case=other, rule="handle").update(state="met")
    assert replay.follow_calendar() == 1
    assert {d.table for d in replay.check()} == {"cases_act"}


def test_readable_yields_every_row_once_in_order(world: World) -> None:
    world.to_accepted("2025-03-03")
    keys = [
        row.pk for row in readable(Act.objects.select_related("case"), 2) if isinstance(row, Act)
    ]
    assert keys == sorted(Act.objects.values_list("pk", flat=True))
    assert len(list(readable(Act.objects.filter(act="classify")))) == 1
