"""A second node on one PostgreSQL: taken in by `join` with the keys of the office, or not at
all."""

from __future__ import annotations

import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.cli.conftest import REPOSITORY, Dengwen
from tests.cli.test_keeping_on_postgres import Server, started

pytestmark = pytest.mark.postgres
ORIGIN = "xf.yunjiang.example/2026"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with an office in its first database; further ones are empty."""
    for made in started(tmp_path_factory.mktemp("server")):
        made.on("first")("init", "--origin", ORIGIN)
        yield made


@pytest.fixture
def office(server: Server) -> Dengwen:
    """The first node."""
    return server.on("first")


def node(server: Server, folder: Path) -> Dengwen:
    """Another folder on the database of the office."""
    server.programs.append(Dengwen(folder, server.on("first").environment))
    return server.programs[-1]


def prints(server: Server, name: str = "first") -> list[tuple[str, str]]:
    with psycopg.connect(server.url(name)) as database:
        rows = database.execute(
            "SELECT key, fingerprint FROM access_keyprint ORDER BY key"
        ).fetchall()
    return [(str(key), str(fingerprint)) for key, fingerprint in rows]


def test_an_empty_folder_makes_no_keys_on_a_database_that_has_an_office(
    server: Server, office: Dengwen, tmp_path: Path
) -> None:
    before = prints(server)
    second = node(server, tmp_path / "second")
    told = second("init", "--origin", ORIGIN, code=1).err
    assert "dengwen join" in told
    assert str(office.folder) in told  # where the keys are
    assert all(fingerprint[:16] in told for key, fingerprint in before if key in {"log", "tenant"})
    assert not second.folder.exists()
    assert prints(server) == before


def test_join_takes_a_node_in_and_both_stand_the_checks(
    server: Server, office: Dengwen, tmp_path: Path
) -> None:
    second = node(server, tmp_path / "second")
    second("join", str(office.folder))
    for path in (second.folder / "keys").iterdir():
        assert stat.S_IMODE(path.stat().st_mode) in {0o400, 0o600}
    assert (second.folder / "static" / "staticfiles.json").exists()
    assert "joined before" in second("join", str(office.folder)).out
    second("account", "create", "security")
    second("account", "grant", "security", "R15")
    for one in (second, office):
        one("ledger", "tick")
        one("ledger", "check")
        assert "✓ fingerprints" in one("doctor", code=None).out
    assert sorted(p.name for p in tmp_path.iterdir()) == ["second"]


def test_join_by_a_file_of_keys_and_never_by_one_others_may_read(
    server: Server, office: Dengwen, tmp_path: Path
) -> None:
    file = tmp_path / "keys.tgz"
    office("backup", "--keys", str(file))
    file.chmod(0o644)
    third = node(server, tmp_path / "third")
    assert "chmod 600" in third("join", str(file), code=2).err
    file.chmod(0o600)
    third("join", str(file))
    third("ledger", "check")
    assert not (third.folder / "dengwen.sqlite3").exists()


@pytest.mark.parametrize(
    "spoilt", ["tenant", "log.vkey", "kek-ident-1", "recognise", "promise.key", "none"]
)
def test_join_with_wrong_keys_leaves_nothing_behind(
    server: Server, office: Dengwen, tmp_path: Path, spoilt: str
) -> None:
    source = tmp_path / "source"
    shutil.copytree(office.folder, source, ignore=shutil.ignore_patterns("static", "packs"))
    if spoilt == "none":
        shutil.rmtree(source / "keys")
    else:
        (source / "keys" / spoilt).unlink()
        (source / "keys" / spoilt).write_text(
            "00" * (8 if spoilt == "tenant" else 32), encoding="ascii"
        )
        (source / "keys" / spoilt).chmod(0o400)
    second = node(server, tmp_path / "second")
    answer = second("join", str(source), code=None)
    assert answer.code in {1, 2}
    assert "Traceback" not in answer.err
    assert sorted(p.name for p in tmp_path.iterdir()) == ["source"]


def test_of_two_foundings_at_once_one_stands_and_the_other_leaves_nothing(
    server: Server, tmp_path: Path
) -> None:
    environment = server.on("second").environment
    begun = [
        subprocess.Popen(
            [
                sys.executable,
                "-m",
                "dengwen.cli.main",
                "init",
                "--origin",
                f"xf.city{n}.example/2026",
            ],
            env={**environment, "DENGWEN_DATA": str(tmp_path / f"node{n}")},
            cwd=REPOSITORY,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for n in range(2)
    ]
    told = [one.communicate(timeout=180) for one in begun]
    codes = [one.returncode for one in begun]
    assert sorted(codes) == [0, 1], told
    assert "Traceback" not in "".join(err for _, err in told)
    assert [p.name for p in tmp_path.iterdir()] == [f"node{codes.index(0)}"]
    assert len({key for key, _ in prints(server, "second")}) == len(prints(server, "second"))


def test_the_pages_and_the_worker_refuse_a_folder_of_another_office(
    server: Server, office: Dengwen, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    shutil.copytree(office.folder, other)
    (other / "keys" / "tenant").unlink()
    (other / "keys" / "tenant").write_text("00" * 8, encoding="ascii")
    (other / "keys" / "tenant").chmod(0o400)
    environment = {**node(server, other).environment, "DENGWEN_DATA": str(other)}
    for words in (("-c", "import config.wsgi"), ("-m", "dengwen.cli.main", "worker")):
        done = subprocess.run(
            [sys.executable, *words],
            env=environment,
            cwd=REPOSITORY,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 1
        assert "tenant" in done.stderr
        assert "dengwen join" in done.stderr
        assert "Traceback" not in done.stderr
