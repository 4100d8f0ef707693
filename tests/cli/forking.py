"""The program `dengwen` with its clock set by a test, never by the day on which the test runs.

`python -m tests.cli.forking INSTANT WORD …` is the program itself. Without words it is a server
that has the command line loaded and forks for each command, as fresh as a new program, and quicker:
it reads one JSON object a line (`words`, `given`, `now`, `environment`), answers one (`code`,
`out`, `err`). It opens no database, and each command reads the settings anew: nothing is shared.

An office that is founded with MIGRATED in the environment finds its tables made: a copy of that
file, which the first of a run makes.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import sys
import tempfile
import time
import traceback
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from dengwen.cli import main
from dengwen.cli.office import data_folder
from dengwen.cli.shell import clock
from tests import kept_library

LOADED = (
    "shell.answer",
    "cases.act",
    "cases.show",
    "record.ledger",
    "record.rederive",
    "rules.calendar_notice",
    "cases.registry",
    "office.worker",
    "office.doctor",
    "cases.history",
    "office.backup",
)


MIGRATED = "DENGWEN_TEST_MIGRATED"
"""Names the file with the migrated database (tests/migrated.py)."""


def lay_tables(file: Path) -> None:
    """Let the command line find the tables made as soon as Django knows the data folder."""
    set_up = data_folder.set_up

    def and_lay() -> None:
        set_up()
        migrated = importlib.import_module(
            "tests.migrated"
        )  # like all that needs Django: after its set-up
        connection = importlib.import_module("django.db").connection
        database = Path(connection.settings_dict["NAME"])
        if not database.exists() and not migrated.lay(database, file):
            importlib.import_module("django.core.management").call_command("migrate", verbosity=0)
            migrated.keep(connection, file)

    data_folder.set_up = and_lay


def set_clock(instant: str) -> None:
    """Let the command line see an instant; its clock goes on from there."""
    start, begun = datetime.fromisoformat(instant), time.monotonic()
    clock.now = lambda: start + timedelta(seconds=time.monotonic() - begun)


def serve() -> None:
    """Answer commands until standard input ends; the office it was loaded with is none of
    theirs."""
    data_folder.set_up()
    for name in LOADED:
        importlib.import_module(f"dengwen.cli.{name}")
    importlib.import_module(
        "dengwen.cases.rulebooks"
    ).library()  # read once; it comes from files alone
    gc.collect()
    gc.freeze()  # a collection in a child would copy every page of memory it looks at
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), flush=True)


def answer(asked: dict[str, Any]) -> dict[str, Any]:
    """Run one command in a child and return what it answered."""
    with (
        tempfile.TemporaryFile() as given,
        tempfile.TemporaryFile() as out,
        tempfile.TemporaryFile() as err,
    ):
        given.write(asked["given"].encode())
        given.seek(0)
        child = os.fork()
        if child == 0:
            for place, stream in enumerate((given, out, err)):
                os.dup2(stream.fileno(), place)
            set_clock(asked["now"])
            settle_anew(asked["environment"])
            os._exit(run(asked["words"]))
        _, status = os.waitpid(child, 0)
        out.seek(0)
        err.seek(0)
        code = os.waitstatus_to_exitcode(status)
        return {"code": code, "out": out.read().decode(), "err": err.read().decode()}


def settle_anew(environment: dict[str, str]) -> None:
    """Let Django read the settings again, from this environment; it has opened nothing with the
    ones the server was loaded with."""
    os.environ.clear()
    os.environ.update(environment)
    if MIGRATED in environment:
        lay_tables(Path(environment[MIGRATED]))
    del sys.modules["config.settings"]
    conf = importlib.import_module("django.conf")
    conf.settings._wrapped = conf.empty  # as before anybody asked for a setting
    databases = importlib.import_module("django.db").connections
    databases.__dict__.pop("settings")
    databases.__init__()


def run(words: list[str]) -> int:
    """Run a command as the program would, with its exit code."""
    sys.stdin = os.fdopen(0, closefd=False)
    try:
        code = main.main(words)
    except SystemExit as left:
        code = left.code if isinstance(left.code, int) else 1
    except BaseException:  # noqa: BLE001  # whatever it was, it is told like a program's end
        traceback.print_exc()
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    return code


if __name__ == "__main__":
    kept_library.serve()
    if len(sys.argv) == 1:
        serve()
    else:
        set_clock(sys.argv[1])
        if MIGRATED in os.environ:
            lay_tables(Path(os.environ[MIGRATED]))
        sys.exit(main.main(sys.argv[2:]))
