"""Acts cannot be changed, deleted or truncated, also after a migration that rebuilds their
table."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, migrations, models, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ProjectState

from dengwen.cases.models import APPEND_ONLY, Act
from dengwen.ledger import guards
from tests.world import World


def test_every_table_that_only_grows_is_named_in_the_settings() -> None:
    assert set(APPEND_ONLY) <= set(settings.APPEND_ONLY_TABLES)


@pytest.fixture
def filled(durable_world: World) -> World:
    """A world with a petition in it, committed for real."""
    durable_world.register("2025-03-03")
    return durable_world


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_the_guards_stand(filled: World, table: str) -> None:
    assert guards.missing(connection, [table]) == []


def refused(statement: str) -> bool:
    """Say whether the database refuses a statement because of the guards."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except IntegrityError as error:
        return "append-only" in str(error) or "evidence" in str(error)
    return False


def statements() -> list[str]:
    """Return the three ways of losing an act that the guards refuse on this database."""
    found = ["UPDATE cases_act SET act = 'note'", "DELETE FROM cases_act"]
    return [*found, "TRUNCATE cases_act CASCADE"] if connection.vendor == "postgresql" else found


def test_update_delete_and_truncate_are_refused(filled: World) -> None:
    count = Act.objects.count()
    assert all(refused(s) for s in statements())
    assert Act.objects.count() == count


def test_a_migrated_field_leaves_the_guards_in_place(filled: World) -> None:
    """Migrate a changed field of acts forward as a release would, then try all three."""
    executor = MigrationExecutor(connection)
    state: ProjectState = executor.loader.project_state(("cases", "0001_initial"))
    wider = migrations.AlterField("act", "capacity", models.CharField(max_length=30, blank=True))
    narrower = migrations.AlterField("act", "capacity", models.CharField(max_length=20, blank=True))
    for operation in (wider, narrower):
        after = state.clone()
        operation.state_forwards("cases", after)
        with connection.schema_editor() as editor:
            operation.database_forwards("cases", editor, state, after)
        guards.install(connection, settings.APPEND_ONLY_TABLES)
        state = after
        assert all(refused(s) for s in statements())
