"""A throw-away PostgreSQL that waits for the disk: the one of the tests, started again with
fsync on."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
TOOL = ROOT / "tools" / "postgres.sh"


@contextmanager
def postgresql(scratch: Path) -> Iterator[tuple[str, int]]:
    """Yield the address of a durable server and its process id; it is removed afterwards.

    Raises RuntimeError with the tool's own words where there is no PostgreSQL.
    """
    record = scratch / "postgres.record"
    environment = {**os.environ, "DENGWEN_POSTGRES_RECORD": str(record)}
    started = subprocess.run(
        [TOOL, "start"], env=environment, capture_output=True, text=True, check=False
    )
    if started.returncode:
        raise RuntimeError(started.stderr.strip())
    try:
        folder, owner, programs, url = record.read_text(encoding="utf-8").splitlines()[:4]
        _durable(Path(folder), owner, programs, urlsplit(url).port or 0)
        yield url, int((Path(folder) / "data" / "postmaster.pid").read_text().split()[0])
    finally:
        subprocess.run([TOOL, "stop"], env=environment, check=False)


def _durable(folder: Path, owner: str, programs: str, port: int) -> None:
    """Start the server again so that a commit means what it says."""
    settings = (
        "listen_addresses=127.0.0.1",
        "fsync=on",
        "full_page_writes=on",
        "max_connections=60",
    )
    options = " ".join([f"-p {port} -k {folder}", *(f"-c {one}" for one in settings)])
    command = [
        f"{programs}/pg_ctl",
        "-D",
        f"{folder}/data",
        "-l",
        f"{folder}/log",
        "-w",
        "-m",
        "fast",
    ]
    command += ["-o", options, "restart"]
    if os.geteuid() == 0 and pwd.getpwnam(owner).pw_uid != 0:
        runuser = shutil.which("runuser") or "runuser"
        command = [runuser, "-u", owner, "--", *command]
    subprocess.run(command, check=True, cwd="/", stdout=subprocess.DEVNULL)
