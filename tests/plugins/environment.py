"""Loaded before Django: gives the tests an installation of their own and keeps them on this
machine.

`DENGWEN_TEST_DB` chooses the database: `sqlite` (default; a file in a fresh folder, as in an
office) or `postgres`
(at `DENGWEN_DATABASE_URL`, which `make test` points at a throw-away server).
"""

from __future__ import annotations

import atexit
import gc
import ipaddress
import os
import shutil
import socket
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest

YOUNG = 20_000
"""How many objects more than went come into being before the youngest are looked through."""


def prepare() -> None:
    """Set the environment that config/settings.py reads; raise UsageError for an unknown or
    missing database."""
    folder = Path(tempfile.mkdtemp(prefix="dengwen-tests-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    (folder / "static").mkdir()  # whitenoise warns where there is none, and warnings are errors
    os.environ["DENGWEN_DATA"] = str(folder)
    os.environ["DENGWEN_SECRET_KEY"] = "only for tests, never in an office"
    for name in ("DENGWEN_HOSTS", "DENGWEN_HTTPS", "DENGWEN_BEHIND_PROXY", "DENGWEN_DEBUG"):
        os.environ.pop(name, None)
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = (
        "true"  # the browser's driver runs an event loop beside the ORM
    )
    match os.environ.setdefault("DENGWEN_TEST_DB", "sqlite"):
        case "sqlite":
            os.environ.pop("DENGWEN_DATABASE_URL", None)
        case "postgres" if not os.environ.get("DENGWEN_DATABASE_URL"):
            raise pytest.UsageError(
                "DENGWEN_TEST_DB=postgres without DENGWEN_DATABASE_URL. Mend: make test-postgres, "
                "or start a server with tools/postgres.sh start and give its address."
            )
        case "postgres":
            pass
        case other:
            raise pytest.UsageError(
                f"DENGWEN_TEST_DB={other!r} is unknown. Mend: sqlite or postgres."
            )


def is_loopback(address: Any) -> bool:
    """Whether a socket address stays on this machine: a Unix socket or a loopback host."""
    if not isinstance(address, tuple):
        return True
    host = str(address[0])
    if host in {"", "localhost", "localhost."}:
        return True
    try:
        return ipaddress.ip_address(host.split("%", maxsplit=1)[0]).is_loopback
    except ValueError:
        return False


class OutsideWorldError(RuntimeError):
    """A test tried to speak to another machine."""


def refuse_outside(event: str, arguments: tuple[Any, ...]) -> None:
    """Python's audit hook: refuse every connection, datagram and look-up that would leave the
    machine."""
    if event in {"socket.connect", "socket.sendto", "socket.sendmsg"}:
        address = arguments[1]
    elif event in {"socket.getaddrinfo", "socket.gethostbyname"}:
        address = (arguments[0] if arguments[0] is not None else "",)
    else:
        return
    if address is not None and not is_loopback(address):
        raise OutsideWorldError(
            f"a test asked for {address!r}; tests may only speak to this machine. "
            "Mend: hand the code a local stand-in, as the office itself would sit on a "
            "closed network."
        )


def pytest_collection_finish() -> None:
    """Let the garbage collector leave in peace what stays for the whole run, and look at the rest
    less often: Python else walks through half a million objects again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, 20, 20)


prepare()
sys.addaudithook(refuse_outside)
socket.setdefaulttimeout(30)
