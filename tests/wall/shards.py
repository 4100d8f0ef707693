"""Two cores: one half of the groups is played here, the other in a forked process with a database
of its own.

Worlds never meet, so nothing but figures and the first difference has to come back.
"""

from __future__ import annotations

import multiprocessing
import os
import shutil
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TypeVar

from django.conf import settings
from django.db import connection, transaction

from dengwen.access.keys import keyring
from dengwen.cases import rulebooks
from tests.wall.stage import Stage, build

Item = TypeVar("Item")
Answer = TypeVar("Answer")
Play = Callable[[Stage, Sequence[Item]], list[Answer]]


_INHERITED: list[object] = []
"""The other process's connection: let go of, it would be closed, and its rollback would damage
the index both share."""


def workers() -> int:
    """Return how many processes play: two on SQLite, one on PostgreSQL, whose database cannot be
    copied so easily."""
    wanted = int(os.environ.get("DENGWEN_WALL_WORKERS") or min(2, os.cpu_count() or 1))
    return wanted if connection.vendor == "sqlite" and hasattr(os, "fork") else 1


def share(
    stage: Stage, items: Sequence[Item], play: Play[Item, Answer], folder: Path
) -> list[Answer]:
    """Play all items in shares; the first share here, each other one in a process of its own."""
    count = min(workers(), len(items))
    shares = [items[n::count] for n in range(count)]
    context, waiting = multiprocessing.get_context("fork"), []
    for n in range(1, count):
        here, there = context.Pipe(duplex=False)
        child = context.Process(target=_elsewhere, args=(there, shares[n], play, _copy(folder, n)))
        child.start()
        there.close()
        waiting.append((child, here))
    answers = play(stage, shares[0])
    for child, here in waiting:
        found = here.recv()
        child.join()
        if isinstance(found, BaseException):
            raise found
        answers += found
    return answers


def _copy(folder: Path, n: int) -> Path:
    """Copy the database as last committed: migrated and empty, for the stage of this process is
    never committed."""
    name, copied = Path(connection.settings_dict["NAME"]), folder / f"wall-{n}.sqlite3"
    for end in ("", "-wal"):
        if Path(f"{name}{end}").exists():
            shutil.copyfile(f"{name}{end}", f"{copied}{end}")
    return copied


def _elsewhere(
    answer: Connection, items: Sequence[Item], play: Play[Item, Answer], database: Path
) -> None:
    """Set the stage anew in the copied database, play, send back what was found, and vanish."""
    try:
        _INHERITED.append(connection.connection)
        connection.connection = None
        connection.in_atomic_block, connection.savepoint_ids, connection.atomic_blocks = (
            False,
            [],
            [],
        )
        connection.needs_rollback, connection.commit_on_exit, connection.run_on_commit = (
            False,
            True,
            [],
        )
        connection.settings_dict["NAME"] = str(database)
        settings.DATA = Path(
            shutil.copytree(settings.DATA, database.with_suffix(""))
        )  # the keys; files of its own
        keyring.key_ring.cache_clear()
        rulebooks.forget_rows()
        whole = transaction.atomic()
        whole._from_testcase = True  # type: ignore[attr-defined]  # as in conftest
        with whole:
            found: object = play(build(), items)
            transaction.set_rollback(True)
        answer.send(found)
    except BaseException as error:  # noqa: BLE001 - told to the process that waits
        answer.send(RuntimeError(f"the other process: {error!r}"))
    finally:
        answer.close()
        os._exit(0)
