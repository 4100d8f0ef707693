"""The command line as an administrator has it: a program of its own, on a data folder of its
own."""

from __future__ import annotations

import atexit
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from dengwen.cli.shell import clock
from tests import migrated
from tests.cli import forking

REPOSITORY = Path(__file__).resolve().parents[2]
KEPT_OUT = ("DENGWEN_DATABASE_URL", "DENGWEN_SECRET_KEY", "DJANGO_SETTINGS_MODULE", "DENGWEN_PACKS")


@dataclass(frozen=True)
class Answer:
    """What a command answered."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        """The answer as data."""
        return json.loads(self.out)


@dataclass(frozen=True)
class Dengwen:
    """`dengwen` on one data folder. Always SQLite: the rooms are tried on both databases by their
    own tests.

    A process with everything loaded forks for each command, save those that found an office, which
    are programs of their own. The program sees the instant that the test's own clock of the command
    line shows, `tests.days.DAY` unless the test set another.
    """

    folder: Path
    environment: dict[str, str]

    def __call__(self, *words: str, given: str = "", code: int | None = 0) -> Answer:
        """Run a command; asserts its exit code unless `code` is None."""
        founds = words[:1] in {("init",), ("demo",)}
        answer = self._start(words, given) if founds else self._fork(words, given)
        assert code is None or answer.code == code, f"{words} → {answer}"
        return answer

    def found(self, *words: str) -> Answer:
        """Run a command that founds the office, in a database whose tables are laid ready: what
        makes them is asked of the fixture `founded`, which begins with nothing.
        """
        answer = self._fork(words, "", {forking.MIGRATED: str(migrated.place())})
        assert answer.code == 0, f"{words} → {answer}"
        return answer

    def _start(self, words: tuple[str, ...], given: str) -> Answer:
        done = subprocess.run(
            self.command(*words),
            input=given,
            capture_output=True,
            text=True,
            env=self.own(),
            cwd=REPOSITORY,
            check=False,
            timeout=120,
        )
        return Answer(done.returncode, done.stdout, done.stderr)

    def command(self, *words: str) -> list[str]:
        """The program as a process of its own, with its clock set; its environment is `own()`."""
        return [sys.executable, "-m", "tests.cli.forking", clock.now().isoformat(), *words]

    def own(self) -> dict[str, str]:
        return {**self.environment, "DENGWEN_DATA": str(self.folder)}

    def _fork(
        self, words: tuple[str, ...], given: str, also: Mapping[str, str] = MappingProxyType({})
    ) -> Answer:
        asked = {
            "words": words,
            "given": given,
            "now": clock.now().isoformat(),
            "environment": {**self.own(), **also},
        }
        server = forking_server()
        assert server.stdin is not None
        assert server.stdout is not None
        server.stdin.write(json.dumps(asked) + "\n")
        server.stdin.flush()
        return Answer(**json.loads(server.stdout.readline()))


@cache
def forking_server() -> subprocess.Popen[str]:
    """The process that forks for each command of this run of tests, on a folder of its own."""
    folder = Path(tempfile.mkdtemp(prefix="dengwen-forking-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    (folder / "static").mkdir()
    started = subprocess.Popen(
        [sys.executable, "-m", "tests.cli.forking"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={
            **program_environment(),
            "DENGWEN_DATA": str(folder),
            "DENGWEN_SECRET_KEY": "only to load the program",
        },
        cwd=REPOSITORY,
    )
    atexit.register(end, started)
    return started


def end(server: subprocess.Popen[str]) -> None:
    """End the process that forks, and wait until it has gone."""
    server.kill()
    server.communicate()


def program_environment() -> dict[str, str]:
    """What a program of a test finds in its environment."""
    return {name: value for name, value in os.environ.items() if name not in KEPT_OUT}


def on(folder: Path) -> Dengwen:
    """`dengwen` on a folder."""
    return Dengwen(folder, program_environment())


@pytest.fixture
def dengwen(tmp_path: Path) -> Dengwen:
    """The program on a folder that does not exist yet."""
    return on(tmp_path / "office")


@pytest.fixture(scope="session")
def practice(tmp_path_factory: pytest.TempPathFactory) -> Dengwen:
    """A small practice office for all tests that leave it as sound as they found it."""
    program = on(tmp_path_factory.mktemp("practice") / "office")
    program.found("demo", "--petitions", "4", "--seed", "5")
    return program


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a real office as `init` leaves it, made once and only copied."""
    folder = tmp_path_factory.mktemp("founded") / "office"
    on(folder)("init", "--origin", "xf.yunjiang.example/2026")
    return folder


@pytest.fixture
def empty(founded: Path, tmp_path: Path) -> Dengwen:
    """A real office without anybody in it."""
    shutil.copytree(founded, tmp_path / "empty", ignore=shutil.ignore_patterns("static"))
    (tmp_path / "empty" / "static").mkdir()
    return on(tmp_path / "empty")


@pytest.fixture
def another() -> Callable[[Path], Dengwen]:
    """The program on further folders."""
    return on
