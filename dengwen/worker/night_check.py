"""What the worker proves every night: rows equal the replay of their acts, the ledger agrees,
readings are whole.

The outcome lies in `nightly.json` in the data folder, for `dengwen doctor` and for whoever asks
next morning. It is level-triggered as everything here: a machine that slept through the night does
it when it wakes.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from pathlib import Path

from django.conf import settings

from dengwen.cases import record_proof
from dengwen.cases.files.held_files import RESERVE
from dengwen.cases.wall.system import long_cases
from dengwen.law.duties.act_record import CHINA, civil
from dengwen.ledger.durability import has_room
from dengwen.ledger.unreadable_rows import guarded

logger = logging.getLogger(__name__)

BEGINS = 2
"""The hour of the night (Asia/Shanghai) from which the proof of the day may run."""
SHOWN = 100
MOST_ACTS = 200
"""More acts in one case are a design error that is reported (design 3)."""


@dataclass(frozen=True, slots=True)
class Night:
    """The proof of one day: how many findings there were, and the first of them in words."""

    day: date
    findings: int = 0
    first: list[str] = field(default_factory=list)
    long_cases: list[str] = field(default_factory=list)


def file() -> Path:
    """Return where the outcome of the last night lies."""
    return Path(settings.DATA) / "nightly.json"


def last_night() -> Night | None:
    """Return the last outcome, or None where there is none that can be read."""
    try:
        said = json.loads(file().read_text(encoding="utf-8"))
        return Night(
            date.fromisoformat(said["day"]), said["findings"], said["first"], said["long_cases"]
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def turn(now: datetime) -> Mapping[str, int]:
    """Prove everything once a day, from two o'clock at night; return how many findings there
    were."""
    done = last_night()
    if now.astimezone(CHINA).hour < BEGINS or (done is not None and done.day >= civil(now)):
        return {"nights": 0, "findings": 0}
    night = prove(civil(now))
    _keep(night)
    for line in night.first:
        logger.error("nightly: %s", line)
    for number in night.long_cases:
        logger.warning("nightly: %s has more than %d acts", number, MOST_ACTS)
    return {"nights": 1, "findings": night.findings}


def _keep(night: Night) -> None:
    """Write the outcome down, whole or not at all."""
    fresh = file().with_suffix(".new")
    text = json.dumps(asdict(night), ensure_ascii=False, default=str, indent=1) + "\n"
    try:
        fresh.write_text(text, encoding="utf-8")
        fresh.replace(file())
    finally:
        fresh.unlink(missing_ok=True)


def prove(day: date) -> Night:
    """Compare every row with the replay of its acts, every act with the ledger, every sealed hour
    with its rows.

    A check that breaks off, or meets a row it cannot read, does not stop the others. The office may
    be writing meanwhile, so findings are looked for a second time and only repeated ones count.
    Long cases are listed apart, once.
    """
    first = list(_findings())
    again = set(_findings()) if first else set()
    confirmed = [finding for finding in first if finding in again]
    long_cases_found = list(guarded("long cases", lambda: long_cases(MOST_ACTS), str))
    return Night(day, len(confirmed), _shown(confirmed), long_cases_found)


def _findings() -> Iterator[tuple[str, str]]:
    """Yield what is wrong: no room left, or a record that does not prove itself."""
    yield from _room()
    yield from record_proof.prove()


def _shown(found: Sequence[tuple[str, str]]) -> list[str]:
    """Return the first findings in words, some of every check that found any."""
    by_check: dict[str, list[str]] = {}
    for name, line in found:
        by_check.setdefault(name, []).append(line)
    each = SHOWN // max(1, len(by_check))
    shown: list[str] = []
    for lines in by_check.values():
        shown += lines[:each]
    return shown


def _room() -> Iterator[tuple[str, str]]:
    """Name a disk on which files are refused already, before it takes no petition either."""
    if not has_room(RESERVE):
        line = (
            f"磁盘剩余不足 {RESERVE >> 20} MB，不再收文件；请腾出空间 / less than {RESERVE >> 20} MB are left on the "
            f"disk, and no file is taken; make room ({settings.DATA})"
        )
        yield "room", line
