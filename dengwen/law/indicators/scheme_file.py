"""Reading scheme files (`packs/schemes/*.toml`): closed vocabulary, errors that name file,
entry, reason and mend."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from dengwen.law.indicators.indicator import (
    BY_DAY,
    DIRECTIONS,
    ENTERED,
    HIGHER,
    IMPORTED,
    LATE_ENTERED,
    PERIODS,
    SCORED_KINDS,
    WATCHED_KINDS,
    Group,
    Indicator,
    Rounding,
    Scheme,
    Selector,
    Watch,
)
from dengwen.law.packs.entry import Entry
from dengwen.law.packs.pack import read_toml

SCHEMES_FOLDER = "schemes"
SCHEME_KEYS = (
    "id",
    "zh",
    "en",
    "edition",
    "from",
    "until",
    "basis",
    "paper_zh",
    "paper_en",
    "ratio_places",
    "point_places",
    "resolution",
    "z",
    "saturation",
    "least_weight",
    "alpha",
    "late_entered",
    "imported",
    "past_years",
)
GROUP_KEYS = ("id", "zh", "en", "organs", "kinds", "levels")
MEASURE_KEYS = ("id", "zh", "en", "numerator", "denominator", "period", "direction", "groups")
INDICATOR_KEYS = (*MEASURE_KEYS, "floor", "weight", "basis", "local")
WATCH_KEYS = (*MEASURE_KEYS, "trick", "margin", "ratio")
SELECTOR_KEYS = ("kind", "outcome", "sort", "channel", "entered", "last_days")
KINDS: Mapping[str, tuple[str, ...]] = {**SCORED_KINDS, **WATCHED_KINDS}
SCHEME_TABLES = ("scheme", "group", "indicator", "watch")


def load_schemes(root: Path) -> dict[str, Scheme]:
    """Read every scheme below `root`/schemes by its id; PackError for the first thing that
    cannot be."""
    found: dict[str, Scheme] = {}
    for path in sorted((root / SCHEMES_FOLDER).glob("*.toml")):
        scheme = load_scheme(path, path.relative_to(root).as_posix())
        if scheme.id in found:
            raise Entry({"id": scheme.id}, "scheme", scheme.file).refuse(
                "clash",
                f"方案编号已用于 {found[scheme.id].file}",
                f"the id is used by {found[scheme.id].file}",
                "换一个编号",
                "give it another id",
            )
        found[scheme.id] = scheme
    return found


def load_scheme(path: Path, shown: str = "") -> Scheme:
    """Read one scheme file; `shown` is its name in errors. Raises PackError."""
    return build_scheme(read_toml(path), shown or str(path))


def build_scheme(raw: Mapping[str, Any], file: str) -> Scheme:
    """Build a scheme from its tables (as TOML gives them); PackError names what cannot be.

    The digest is that of the tables, so that the same content has the same digest wherever it is
    kept.
    """
    head = _head(Entry(raw, "(file)", file))
    groups = tuple(_group(e) for e in _tables(raw, "group", file))
    names = [g.id for g in groups]
    scheme = Scheme(
        id=head.text("id"),
        zh=head.text("zh"),
        en=head.text("en"),
        edition=head.text("edition"),
        since=_first_day(head),
        until=head.day("until"),
        basis=head.basis(),
        paper_zh=head.text("paper_zh"),
        paper_en=head.text("paper_en"),
        rounding=_rounding(head),
        late_entered=head.choice("late_entered", LATE_ENTERED),
        imported=head.choice("imported", IMPORTED),
        groups=groups,
        indicators=tuple(_indicator(e, names) for e in _tables(raw, "indicator", file)),
        watches=tuple(_watch(e, names) for e in _tables(raw, "watch", file)),
        digest=_digest_of(raw),
        file=file,
        past_years=_whole(head, "past_years", 0, 10, 0),
    )
    _check(scheme, head)
    return scheme


def _head(whole: Entry) -> Entry:
    """Return what a scheme says of itself; PackError where it says nothing, or a word unknown."""
    whole.known(SCHEME_TABLES)
    head = whole.table("scheme", "scheme")
    if head is None:
        raise whole.refuse(
            "missing", "没有 [scheme]", "no [scheme]", "文件开头写 [scheme]", "begin with [scheme]"
        )
    head.known(SCHEME_KEYS)
    return head


def _first_day(head: Entry) -> date:
    since = head.day("from")
    if since is None:
        raise head.refuse(
            "missing",
            "没有起用日期",
            "no first day",
            "写上 from = 2026-01-01",
            "write from = 2026-01-01",
        )
    return since


def _digest_of(raw: Mapping[str, Any]) -> str:
    """Return the SHA-256 (hex) of the tables in canonical JSON."""
    text = json.dumps(raw, sort_keys=True, default=str, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _tables(raw: Mapping[str, Any], key: str, file: str) -> list[Entry]:
    return [Entry(e.raw, key, file) for e in Entry(raw, "(file)", file).tables(key, key)]


def _group(entry: Entry) -> Group:
    entry.known(GROUP_KEYS)
    said = [tuple(entry.words(key)) for key in ("organs", "kinds", "levels")]
    return Group(entry.text("id"), entry.text("zh"), entry.text("en"), *said)


def _decimal(entry: Entry, key: str, low: str, high: str) -> Decimal:
    """Return a number written as text (`"0.15"`): TOML numbers with a point are floats and are
    refused."""
    value = entry.raw.get(key)
    try:
        number = Decimal(value) if isinstance(value, str) else None
    except InvalidOperation:
        number = None
    if number is None or not number.is_finite() or not Decimal(low) <= number <= Decimal(high):
        raise entry.refuse(
            "not-a-decimal",
            f"{key} 应为 {low} 到 {high} 之间、写在引号里的数",
            f"{key} must be a number from {low} to {high} in quotes",
            f'写成 {key} = "{high}"',
            f'write {key} = "{high}"',
        )
    return number


def _whole(entry: Entry, key: str, low: int, high: int, default: int | None = None) -> int:
    number = entry.number(key, default)
    if not low <= number <= high:
        raise entry.refuse(
            "out-of-range",
            f"{key} = {number}，应在 {low} 到 {high} 之间",
            f"{key} = {number} is not {low} to {high}",
            f"改为 {low} 到 {high} 之间的整数",
            f"use a whole number from {low} to {high}",
        )
    return number


def _rounding(head: Entry) -> Rounding:
    return Rounding(
        ratio_places=_whole(head, "ratio_places", 1, 8),
        point_places=_whole(head, "point_places", 0, 6),
        resolution=_decimal(head, "resolution", "0", "10"),
        z=_decimal(head, "z", "1", "5"),
        saturation=_decimal(head, "saturation", "0.5", "1"),
        least_weight=_decimal(head, "least_weight", "0", "1"),
        alpha=_decimal(head, "alpha", "0.0000001", "0.05"),
    )


def _selector(entry: Entry, key: str) -> Selector:
    inner = entry.table(key, key)
    if inner is None:
        raise entry.refuse(
            "missing",
            f"缺少“{key}”",
            f"“{key}” is missing",
            f'写上 {key} = {{kind = "conclusion"}}',
            f'write {key} = {{kind = "conclusion"}}',
        )
    inner.known(SELECTOR_KEYS)
    kind = inner.choice("kind", sorted(KINDS))
    return Selector(
        kind,
        _outcomes(inner, kind),
        tuple(sorted(inner.words("sort"))),
        tuple(sorted(inner.words("channel"))),
        _listed(inner, "entered", ENTERED),
        _whole(inner, "last_days", 0, 366, 0),
    )


def _outcomes(entry: Entry, kind: str) -> tuple[str, ...]:
    return _listed(entry, "outcome", KINDS[kind])


def _listed(entry: Entry, key: str, allowed: Sequence[str]) -> tuple[str, ...]:
    words = entry.words(key)
    for word in words:
        if word not in allowed:
            raise entry.refuse(
                "unknown-word",
                f"{key} = “{word}”不在词表内",
                f"{key} = “{word}” is not a known word",
                "改用：" + ("、".join(allowed) or "（不写）"),
                "use one of: " + (", ".join(allowed) or "(nothing)"),
            )
    return tuple(sorted(set(words)))


def _groups(entry: Entry, names: Sequence[str]) -> tuple[str, ...]:
    return _listed(entry, "groups", names)


def _indicator(entry: Entry, names: Sequence[str]) -> Indicator:
    entry.known(INDICATOR_KEYS)
    local = entry.text("local", "")
    return Indicator(
        entry.text("id"),
        entry.text("zh"),
        entry.text("en"),
        _selector(entry, "numerator"),
        _selector(entry, "denominator"),
        entry.choice("period", PERIODS, BY_DAY),
        _whole(entry, "floor", 1, 1_000_000),
        entry.choice("direction", DIRECTIONS),
        _decimal(entry, "weight", "0.001", "1"),
        _groups(entry, names),
        entry.basis() if "basis" in entry.raw or not local else None,
        local,
    )


def _watch(entry: Entry, names: Sequence[str]) -> Watch:
    entry.known(WATCH_KEYS)
    return Watch(
        entry.text("id"),
        entry.text("trick"),
        entry.text("zh"),
        entry.text("en"),
        _selector(entry, "numerator"),
        _selector(entry, "denominator"),
        entry.choice("direction", DIRECTIONS, HIGHER),
        _decimal(entry, "margin", "0", "1"),
        _decimal(entry, "ratio", "1", "100"),
        entry.choice("period", PERIODS, BY_DAY),
        _groups(entry, names),
    )


def _check(scheme: Scheme, head: Entry) -> None:
    """Refuse what only shows in the whole: no indicators, an id used twice, weights that are not
    one, days reversed."""
    ids = [one.id for one in scheme.indicators] + [one.id for one in scheme.watches]
    for name in ids:
        if ids.count(name) > 1:
            raise head.refuse(
                "clash",
                f"编号“{name}”用了两次",
                f"the id “{name}” is used twice",
                "换一个编号",
                "give it another id",
            )
    weight = sum((one.weight for one in scheme.indicators), Decimal(0))
    if weight != 1:
        raise head.refuse(
            "weights",
            f"各项权重合计 {weight}，应为 1",
            f"the weights add up to {weight}, not 1",
            "调整 weight，使合计为 1",
            "change the weights so that they add up to 1",
        )
    if scheme.until is not None and scheme.until <= scheme.since:
        raise head.refuse(
            "clash",
            "until 不在 from 之后",
            "until is not after from",
            "改正起止日期",
            "mend the two days",
        )
