"""Pages of the desk whose cost must not grow with the office: home, breaches and ratings, as a
supervisor reads them.

Through all middleware, without a socket. Nothing here names how a page asks its questions: the same
file measures the
code before a change and after it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from unittest import mock

from django.test import Client

from bench.cpu import Meter
from bench.lists import times
from bench.office import World, at
from bench.seeding import TODAY
from dengwen.desk.shell.frame import clock

READER = "supervisor"
"""Deputy head of the petition office: the own matters, and those of the area that were classed."""
PAGES = (
    ("主页 home", "/desk/"),
    ("逾期 breaches", "/desk/oversight/breaches/"),
    ("评价 ratings", "/desk/petitions/ratings/"),
)


@dataclass(frozen=True, slots=True)
class Read:
    """How long one page takes: median and 99th percentile in milliseconds, CPU ms (the
    database's server counted)."""

    name: str
    middle: float
    p99: float
    cpu_ms: float


def read_all(world: World, count: int, roots: Sequence[int]) -> Iterator[Read]:
    """Read each page `count` times on the day of the seeding, once before that to warm up."""
    client = Client(headers={"accept-language": "zh-hans", "host": "localhost"})
    client.force_login(world.office.users[READER])
    for name, path in PAGES:

        def read(_number: int, path: str = path) -> None:
            answer = client.get(path)
            if answer.status_code != 200:
                raise RuntimeError(
                    f"{path} answers {answer.status_code} {answer.headers.get('Location', '')}"
                )

        with mock.patch.object(clock, "now", return_value=at(TODAY)):
            read(0)
            meter = Meter(roots)
            middle, p99 = times(read, count)
            _, cpu = meter.read()
        yield Read(name, middle, p99, cpu / count * 1e3)
