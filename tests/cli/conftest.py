"""The command line as an administrator has it: a program of its own, on a data folder of its
own."""

from __future__ import annotations

import atexit
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
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

    Once the office is there, a process with everything loaded forks for each command. The program
    sees the instant that the test's own clock of the command line shows, `tests.days.DAY` unless
    the test set another.
    """

    folder: Path
    environment: dict[str, str]
    servers: list[subprocess.Popen[str]] = field(default_factory=list, compare=False)

    def __call__(self, *words: str, given: str = "", code: int | None = 0) -> Answer:
        """Run a command; asserts its exit code unless `code` is None."""
        ready = (self.folder / "keys" / "secret-key").exists() and words[0] not in {
            "init",
            "demo",
            "restore",
        }
        answer = self._fork(words, given) if ready else self._start(words, given)
        assert code is None or answer.code == code, f"{words} → {answer}"
        return answer

    def found(self, *words: str) -> Answer:
        """Run a command that founds the office, in a database whose tables are laid ready: what
        makes them is asked of the fixture `founded`, which begins with nothing.
        """
        answer = self._start(words, "", {forking.MIGRATED: str(migrated.place())})
        assert answer.code == 0, f"{words} → {answer}"
        return answer

    def _start(
        self, words: tuple[str, ...], given: str, also: Mapping[str, str] = MappingProxyType({})
    ) -> Answer:
        done = subprocess.run(
            self.command(*words),
            input=given,
            capture_output=True,
            text=True,
            env={**self.own(), **also},
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

    def _fork(self, words: tuple[str, ...], given: str) -> Answer:
        if not self.servers:
            started = subprocess.Popen(
                [sys.executable, "-m", "tests.cli.forking"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                env=self.own(),
                cwd=REPOSITORY,
            )
            self.servers.append(started)
            atexit.register(started.kill)
        server = self.servers[0]
        assert server.stdin is not None
        assert server.stdout is not None
        server.stdin.write(
            json.dumps({"words": words, "given": given, "now": clock.now().isoformat()}) + "\n"
        )
        server.stdin.flush()
        return Answer(**json.loads(server.stdout.readline()))

    def close(self) -> None:
        """End the process that forks."""
        while self.servers:
            with self.servers.pop() as server:
                assert server.stdin is not None
                server.stdin.close()


def on(folder: Path) -> Dengwen:
    """`dengwen` on a folder."""
    return Dengwen(folder, {k: v for k, v in os.environ.items() if k not in KEPT_OUT})


@pytest.fixture
def dengwen(tmp_path: Path) -> Iterator[Dengwen]:
    """The program on a folder that does not exist yet."""
    program = on(tmp_path / "office")
    yield program
    program.close()


@pytest.fixture(scope="session")
def practice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dengwen]:
    """A small practice office for all tests that leave it as sound as they found it."""
    program = on(tmp_path_factory.mktemp("practice") / "office")
    program.found("demo", "--petitions", "4", "--seed", "5")
    yield program
    program.close()


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a real office as `init` leaves it, made once and only copied."""
    folder = tmp_path_factory.mktemp("founded") / "office"
    on(folder)("init", "--origin", "xf.yunjiang.example/2026")
    return folder


@pytest.fixture
def empty(founded: Path, tmp_path: Path) -> Iterator[Dengwen]:
    """A real office without anybody in it."""
    shutil.copytree(founded, tmp_path / "empty", ignore=shutil.ignore_patterns("static"))
    (tmp_path / "empty" / "static").mkdir()
    program = on(tmp_path / "empty")
    yield program
    program.close()


@pytest.fixture
def another() -> Iterator[Callable[[Path], Dengwen]]:
    """The program on further folders."""
    made: list[Dengwen] = []

    def make(folder: Path) -> Dengwen:
        made.append(on(folder))
        return made[-1]

    yield make
    for program in made:
        program.close()
