"""Intake over HTTP: the office's own server, and petitioners who send a filled form as fast as
they are answered."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from urllib.parse import urlencode

from django.conf import settings

from bench.cpu import Meter
from bench.office import TEXT
from dengwen.petitions.intake.online_submission import new_token

HOST = "127.0.0.1"
CLIENTS = 8
COOKIE = "b" * 32
"""A petitioner's CSRF secret: the form repeats what the cookie says, as a page's form does."""
START_SECONDS = 60


@contextmanager
def server() -> Iterator[tuple[int, int]]:
    """Serve this office as `dengwen demo --serve` does; yields port and process id."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port = int(probe.getsockname()[1])
    options = {
        "--interface": "wsgi",
        "--host": HOST,
        "--port": str(port),
        "--workers": "1",
        "--blocking-threads": "4",
        "--backpressure": "64",
        "--log-level": "warning",
    }
    words = [word for pair in options.items() for word in pair]
    running = subprocess.Popen(
        [sys.executable, "-m", "granian", *words, "config.wsgi:application"],
        cwd=settings.ROOT,
        env=dict(os.environ),
    )
    try:
        _wait(port)
        yield port, running.pid
    finally:
        running.terminate()
        running.wait(timeout=30)


def _wait(port: int) -> None:
    """Wait until the server of pages answers; RuntimeError where it does not."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        try:
            if _get(port) == 200:
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("the server of pages did not start")


def _get(port: int) -> int:
    link = HTTPConnection(HOST, port, timeout=20)
    link.request("GET", "/")
    status = link.getresponse().status
    link.close()
    return status


def submit_all(
    port: int, pid: int, seconds: float, roots: tuple[int, ...]
) -> tuple[float, float, list[float]]:
    """Let eight petitioners submit for some seconds; returns per second, server CPU ms each, and
    all times in ms."""
    taken: list[float] = []
    failed: list[str] = []
    until = time.perf_counter() + seconds
    threads = [
        threading.Thread(target=_petitioner, args=(port, n, until, taken, failed))
        for n in range(CLIENTS)
    ]
    meter = Meter((pid, *roots), own=False)
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    wall, cpu = meter.read()
    if failed or not taken:
        raise RuntimeError(f"intake over HTTP: {len(failed)} failed, first: {failed[:1]}")
    return len(taken) / wall, cpu / len(taken) * 1e3, taken


def _petitioner(port: int, who: int, until: float, taken: list[float], failed: list[str]) -> None:
    """Submit one petition after another until an instant, and note milliseconds and failures."""
    link = HTTPConnection(HOST, port, timeout=30)
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Cookie": f"{settings.CSRF_COOKIE_NAME}={COOKIE}",
    }
    count = 0
    while time.perf_counter() < until:
        count += 1
        form = {
            "csrfmiddlewaretoken": COOKIE,
            "token": new_token(),
            "kind": "claim",
            "step": "check",
            "go": "send",
            "story": f"第{who}-{count}件。{TEXT}{TEXT}",
            "request-1": "修复屋面",
            "identity": "open",
            "name": "王示例",
            "address": "示例路1号",
            "phone": "13800000000",
        }
        begun = time.perf_counter()
        link.request("POST", "/submit/", urlencode(form), headers)
        answer = link.getresponse()
        body = answer.read().decode()
        if answer.status != 200 or ("xf-receipt" not in body and "receipt" not in body):
            failed.append(f"{answer.status} {body[:200]}")
            break
        taken.append((time.perf_counter() - begun) * 1e3)
    link.close()
