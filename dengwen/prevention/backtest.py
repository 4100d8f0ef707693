"""Trying the detectors on old messages in the order of their days: what was warned of, how early,
and what falsely.

Nothing is looked at before its day. A hot matter is one that people named in the file
(`hot_issue_*`); its peak is the
day by which the most of its messages lay within one window of the detector. A warning is false
where no named matter
holds half of what it rests on: the file names only the greatest matters, so this is a severe count.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from dengwen.access.keys.keyring import KeyRing
from dengwen.petitions.intake.lookalikes import pieces_of
from dengwen.prevention.detectors import STANDARD, Finding, Inflow, SameMatter, Seen, Thresholds

HOT = "hot_issue_"
PLACE = re.compile(r"[A-Z]\d{1,2}(?:区|县|市)")
"""Places as the masked messages write them: A3区, A7县."""
DAYS_A_MONTH = 365.25 / 12
ARTICLE = "S 4(2)"
_RING = KeyRing("00", {}, {"index": b"a key that opens nothing, for old messages"})


@dataclass(frozen=True, slots=True)
class Message:
    """One old message: its place in time order, day, whose, text, place, and the hot matters it
    was counted to."""

    key: int
    day: date
    who: str
    text: str
    place: str
    hot: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hot:
    """A hot matter: how many messages, its peak, when it was first warned of, and how many days
    before the peak."""

    name: str
    messages: int
    in_window: int
    peak: date
    warned: date | None

    @property
    def days_before(self) -> int | None:
        """Days from the first warning to the peak; negative where it came after, None where
        there was none."""
        return None if self.warned is None else (self.peak - self.warned).days


@dataclass(frozen=True, slots=True)
class Tried:
    """What one detector did on the file."""

    detector: str
    warnings: int
    false: int
    months: float
    hot: tuple[Hot, ...]

    @property
    def false_a_month(self) -> float:
        """False warnings a month."""
        return self.false / self.months if self.months else 0.0


def read_messages(path: Path) -> list[Message]:
    """Read messages in JSON lines (subject, body, user, time, hot_issue_*), in the order of
    their time."""
    rows = [
        json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()
    ]
    rows.sort(key=lambda row: str(row["time"]))
    messages = []
    for key, row in enumerate(rows):
        text = f"{row.get('subject') or ''}\n{row.get('body') or ''}"
        found = PLACE.search(text)
        hot = tuple(
            sorted(
                f"{name[len(HOT) :]}-{value}"
                for name, value in row.items()
                if name.startswith(HOT) and value is not None
            )
        )
        day = date.fromisoformat(str(row["time"])[:10])
        messages.append(
            Message(key, day, str(row.get("user") or key), text, found[0] if found else "", hot)
        )
    return messages


def try_same_matter(messages: Sequence[Message], limits: Thresholds | None = None) -> Tried:
    """Let the first detector see the messages in order, and compare what it says with the named
    matters."""
    limits = limits or STANDARD
    detector = SameMatter(limits.people, limits.days)
    found = [
        f
        for m in messages
        if (f := detector.see(Seen(m.key, m.day, m.who, pieces_of(m.text, _RING))))
    ]
    return _judged("same_matter", messages, found, limits.days)


def try_inflow(messages: Sequence[Message], limits: Thresholds | None = None) -> Tried:
    """Let the second detector see the messages of each place in order; the file has no
    categories."""
    limits = limits or STANDARD
    detector = Inflow(limits.inflow_least, limits.inflow_odds)
    found = [f for m in messages if m.place and (f := detector.see(m.key, m.day, (m.place,)))]
    return _judged("inflow", messages, found, limits.days)


def _judged(
    detector: str, messages: Sequence[Message], found: Sequence[Finding], window: int
) -> Tried:
    by_key = {m.key: m for m in messages}
    named: dict[str, list[Message]] = defaultdict(list)
    for message in messages:
        for name in message.hot:
            named[name].append(message)
    first: dict[str, date] = {}
    false = 0
    for finding in found:
        hits = _half(finding.keys, by_key)
        false += not hits
        for name in hits:
            first.setdefault(name, finding.day)
    hot = tuple(_hot(name, ones, first.get(name), window) for name, ones in sorted(named.items()))
    months = _months(messages)
    return Tried(detector, len(found), false, months, hot)


def _months(messages: Sequence[Message]) -> float:
    """Return the months that messages cover, without the few that lie far outside (one in a
    hundred at each end)."""
    if not messages:
        return 0.0
    edge = len(messages) // 100
    return ((messages[len(messages) - 1 - edge].day - messages[edge].day).days + 1) / DAYS_A_MONTH


def _half(keys: Iterable[int], by_key: Mapping[int, Message]) -> list[str]:
    """Return the named matters that hold at least half of the messages a warning rests on."""
    keys = list(keys)
    counts: dict[str, int] = defaultdict(int)
    for key in keys:
        for name in by_key[key].hot:
            counts[name] += 1
    return [name for name, n in counts.items() if 2 * n >= len(keys)]


def _hot(name: str, ones: Sequence[Message], warned: date | None, window: int) -> Hot:
    most, peak = 0, ones[0].day
    for one in ones:
        inside = sum(0 <= (one.day - other.day).days < window for other in ones)
        if inside > most:
            most, peak = inside, one.day
    return Hot(name, len(ones), most, peak, warned)


def as_dict(tried: Tried) -> dict[str, object]:
    """Return the result as plain data for the report."""
    return {
        "detector": tried.detector,
        "basis": ARTICLE,
        "warnings": tried.warnings,
        "false": tried.false,
        "months": round(tried.months, 1),
        "false_a_month": round(tried.false_a_month, 2),
        "hot": [
            {
                "name": h.name,
                "messages": h.messages,
                "most_in_window": h.in_window,
                "peak": h.peak.isoformat(),
                "warned": h.warned.isoformat() if h.warned else None,
                "days_before_peak": h.days_before,
            }
            for h in tried.hot
        ],
    }
