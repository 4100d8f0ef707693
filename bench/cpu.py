"""CPU time of processes from /proc, in seconds: of this one, of a PostgreSQL server, of a server
of pages."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

_TICK = os.sysconf("SC_CLK_TCK")
_PROC = Path("/proc")


def of_trees(roots: Iterable[int]) -> float:
    """Return what processes and their children have used so far, ended children included (CPU
    seconds)."""
    parents: dict[int, int] = {}
    used: dict[int, int] = {}
    for entry in _PROC.iterdir():
        if not entry.name.isdigit():
            continue
        try:
            pid, parent, ticks = _read(entry)
        except OSError:  # ended meanwhile
            continue
        parents[pid] = parent
        used[pid] = ticks
    wanted = set(roots)
    while more := {pid for pid, parent in parents.items() if parent in wanted} - wanted:
        wanted |= more
    return sum(used[pid] for pid in wanted if pid in used) / _TICK


def _read(entry: Path) -> tuple[int, int, int]:
    """Return process, parent and ticks used, ended children included; OSError where it ended."""
    fields = (entry / "stat").read_text().rpartition(")")[2].split()
    own = int(fields[11]) + int(fields[12])
    ended = int(fields[13]) + int(fields[14])
    return int(entry.name), int(fields[1]), own + ended


@dataclass
class Meter:
    """Wall and CPU time since it was made: this process (if asked), and the trees of others."""

    roots: tuple[int, ...] = ()
    own: bool = True
    started: float = field(default_factory=time.perf_counter)
    before: float = 0.0

    def __post_init__(self) -> None:
        self.before = self._cpu()

    def _cpu(self) -> float:
        return (time.process_time() if self.own else 0.0) + (
            of_trees(self.roots) if self.roots else 0.0
        )

    def read(self) -> tuple[float, float]:
        """Return wall and CPU seconds."""
        wall = time.perf_counter() - self.started
        return wall, self._cpu() - self.before
