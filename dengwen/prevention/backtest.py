"""Trying the detectors on old messages in the order of their days: what was warned of, how early,
and what falsely.

Nothing is looked at before its day. A hot matter is one that people named in the file
(`hot_issue_*`); its peak is the day by which the most of its messages lay within one window of the
detector. A warning is false where no named matter holds half of what it rests on: the file names
only the greatest matters, so this is a severe count.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
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
    rows = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip():
            rows.append(json.loads(line))
    rows.sort(key=lambda row: str(row["time"]))
    return [_message(key, row) for key, row in enumerate(rows)]


def _message(key: int, row: Mapping[str, object]) -> Message:
    """Return one row of the file as a message; one without a user is somebody of their own."""
    text = f"{row.get('subject') or ''}\n{row.get('body') or ''}"
    place = PLACE.search(text)
    return Message(
        key=key,
        day=date.fromisoformat(str(row["time"])[:10]),
        who=str(row.get("user") or key),
        text=text,
        place=place[0] if place else "",
        hot=_hot_names(row),
    )


def _hot_names(row: Mapping[str, object]) -> tuple[str, ...]:
    """Return the hot matters a row was counted to, by name and number."""
    found = []
    for column, value in row.items():
        if not column.startswith(HOT) or value is None:
            continue
        name = column.removeprefix(HOT)
        found.append(f"{name}-{value}")
    return tuple(sorted(found))


def try_same_matter(messages: Sequence[Message], limits: Thresholds | None = None) -> Tried:
    """Let the first detector see the messages in order, and compare what it says with the named
    matters."""
    limits = limits or STANDARD
    detector = SameMatter(limits.people, limits.days)
    found = []
    for message in messages:
        pieces = pieces_of(message.text, _RING)
        finding = detector.see(Seen(message.key, message.day, message.who, pieces))
        if finding is not None:
            found.append(finding)
    return _judged("same_matter", messages, found, limits.days)


def try_inflow(messages: Sequence[Message], limits: Thresholds | None = None) -> Tried:
    """Let the second detector see the messages of each place in order; the file has no
    categories."""
    limits = limits or STANDARD
    detector = Inflow(limits.inflow_least, limits.inflow_odds)
    found = []
    for message in messages:
        if not message.place:
            continue
        finding = detector.see(message.key, message.day, (message.place,))
        if finding is not None:
            found.append(finding)
    return _judged("inflow", messages, found, limits.days)


def _judged(
    detector: str, messages: Sequence[Message], found: Sequence[Finding], window: int
) -> Tried:
    """Compare what a detector found with the named matters."""
    by_key = {message.key: message for message in messages}
    first: dict[str, date] = {}
    false = 0
    for finding in found:
        names = _half(finding.keys, by_key)
        if not names:
            false += 1
        for name in names:
            first.setdefault(name, finding.day)
    hot = []
    for name, ones in sorted(_by_name(messages).items()):
        hot.append(_hot(name, ones, first.get(name), window))
    return Tried(
        detector,
        warnings=len(found),
        false=false,
        months=_months(messages),
        hot=tuple(hot),
    )


def _by_name(messages: Iterable[Message]) -> dict[str, list[Message]]:
    """Return the messages of each named matter."""
    named: dict[str, list[Message]] = defaultdict(list)
    for message in messages:
        for name in message.hot:
            named[name].append(message)
    return named


def _months(messages: Sequence[Message]) -> float:
    """Return the months that messages cover, without the few that lie far outside (one in a
    hundred at each end)."""
    if not messages:
        return 0.0
    edge = len(messages) // 100
    first, last = messages[edge], messages[len(messages) - 1 - edge]
    return ((last.day - first.day).days + 1) / DAYS_A_MONTH


def _half(keys: Sequence[int], by_key: Mapping[int, Message]) -> list[str]:
    """Return the named matters that hold at least half of the messages a warning rests on."""
    counts: Counter[str] = Counter()
    for key in keys:
        counts.update(by_key[key].hot)
    half = len(keys) / 2
    return [name for name, number in counts.items() if number >= half]


def _hot(name: str, ones: Sequence[Message], warned: date | None, window: int) -> Hot:
    """Return a named matter with its peak: the first day by which most of its messages lay within
    one window."""
    most, peak = 0, ones[0].day
    for one in ones:
        inside = _within(ones, one.day, window)
        if inside > most:
            most, peak = inside, one.day
    return Hot(name, len(ones), most, peak, warned)


def _within(ones: Iterable[Message], day: date, window: int) -> int:
    """Count the messages of the days up to `day` that lie within one window."""
    count = 0
    for one in ones:
        before = (day - one.day).days
        if 0 <= before < window:
            count += 1
    return count


def as_dict(tried: Tried) -> dict[str, object]:
    """Return the result as plain data for the report."""
    return {
        "detector": tried.detector,
        "basis": ARTICLE,
        "warnings": tried.warnings,
        "false": tried.false,
        "months": round(tried.months, 1),
        "false_a_month": round(tried.false_a_month, 2),
        "hot": [_hot_as_dict(hot) for hot in tried.hot],
    }


def _hot_as_dict(hot: Hot) -> dict[str, object]:
    """Return a named matter as plain data."""
    return {
        "name": hot.name,
        "messages": hot.messages,
        "most_in_window": hot.in_window,
        "peak": hot.peak.isoformat(),
        "warned": hot.warned.isoformat() if hot.warned else None,
        "days_before_peak": hot.days_before,
    }
