"""Reading a file of misconduct: what is ordered, and what is wrong with it, said with entry,
reason and mend."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from dengwen.practice.misconduct.catalogue import KINDS, PATTERN, Kind
from dengwen.practice.misconduct.errors import MisconductError

INJECT, INNOCENT = "inject", "innocent"
SORTS: Mapping[str, tuple[str, str]] = {INJECT: ("kind", "how"), INNOCENT: ("like", "because")}
SHARED = frozenset({"organ", "count", "from", "until", "size"})
MOST = 100_000


@dataclass(frozen=True, slots=True)
class Order:
    """One entry: `sort` inject or innocent, kind, the way or reason ("" = all in turn), how
    many, where, when."""

    sort: str
    place: int
    kind: str
    how: str
    count: int
    organs: tuple[str, ...]
    first: date | None
    last: date | None
    size: int

    @property
    def named(self) -> str:
        """Return the name of the entry in the file."""
        return f"[[{self.sort}]] {self.place}"


@dataclass(frozen=True, slots=True)
class Orders:
    """The entries of a file, and the SHA-256 of its bytes."""

    entries: tuple[Order, ...]
    digest: str
    name: str


def read_orders(path: Path, organs: Collection[str] | None) -> Orders:
    """Read a file of misconduct; `organs` are the codes it may name, None where they are not known
    yet.

    MisconductError says what is wrong in which entry.
    """
    try:
        body = path.read_bytes()
    except OSError as error:
        raise MisconductError(
            "no-file",
            where=str(path),
            zh=f"读不到文件：{error.strerror}",
            en=f"cannot be read: {error.strerror}",
            mend_zh="核对路径",
            mend_en="check the path",
        ) from error
    try:
        told = tomllib.loads(body.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise MisconductError(
            "not-toml",
            where=str(path),
            zh=f"不是 TOML：{error}",
            en=f"is no TOML: {error}",
            mend_zh="按 docs/how-to/developer/practice.md 的格式书写",
            mend_en="write it as docs/how-to/developer/practice.md says",
        ) from error
    reader = _Reader(path.name, organs)
    if strange := sorted(set(told) - set(SORTS)):
        raise reader.wrong(
            "unknown-table",
            strange[0],
            f"没有“{strange[0]}”这一项",
            f"there is no {strange[0]!r}",
            "只写 [[inject]] 和 [[innocent]]",
            "write [[inject]] and [[innocent]] only",
        )
    entries = [
        reader.order(sort, n, raw)
        for sort in SORTS
        for n, raw in enumerate(reader.tables(told, sort), 1)
    ]
    if not entries:
        raise reader.wrong(
            "empty",
            "-",
            "没有一项",
            "orders nothing",
            "至少写一项 [[inject]]",
            "write one [[inject]] at least",
        )
    return Orders(tuple(entries), hashlib.sha256(body).hexdigest(), path.name)


@dataclass(frozen=True)
class _Reader:
    file: str
    organs: Collection[str] | None

    def wrong(
        self, code: str, entry: str, zh: str, en: str, mend_zh: str, mend_en: str
    ) -> MisconductError:
        return MisconductError(
            code, where=f"{self.file} · {entry}", zh=zh, en=en, mend_zh=mend_zh, mend_en=mend_en
        )

    def tables(self, told: Mapping[str, Any], sort: str) -> Sequence[Mapping[str, Any]]:
        found = told.get(sort, [])
        if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
            raise self.wrong(
                "not-a-list",
                sort,
                "应为一项一项的表",
                "is a list of tables",
                f"写成 [[{sort}]]",
                f"write [[{sort}]]",
            )
        return found

    def order(self, sort: str, place: int, raw: Mapping[str, Any]) -> Order:
        entry, (name, way) = f"[[{sort}]] {place}", SORTS[sort]
        known = {name, way} | SHARED
        if strange := sorted(set(raw) - known):
            raise self.wrong(
                "unknown-key",
                entry,
                f"不认识“{strange[0]}”",
                f"does not know {strange[0]!r}",
                f"可写：{'、'.join(sorted(known))}",
                f"one of: {', '.join(sorted(known))}",
            )
        word = raw.get(name)
        if word not in KINDS:
            raise self.wrong(
                "unknown-kind",
                entry,
                f"{name} = {word!r} 不是一种失职行为",
                f"{name} = {word!r} is no kind",
                f"可写：{'、'.join(KINDS)}",
                f"one of: {', '.join(KINDS)}",
            )
        kind = KINDS[str(word)]
        first, last = self._day(entry, raw, "from"), self._day(entry, raw, "until")
        if first and last and first > last:
            raise self.wrong(
                "no-days",
                entry,
                f"from {first} 晚于 until {last}",
                f"from {first} is after until {last}",
                "对调",
                "swap them",
            )
        how = self._how(entry, way, kind.ways if sort == INJECT else kind.innocent, raw)
        return Order(
            sort,
            place,
            str(word),
            how,
            self._number(entry, raw, "count", 1, MOST),
            self._organs(entry, raw),
            first,
            last,
            self._size(entry, sort, kind, raw),
        )

    def _how(self, entry: str, way: str, ways: Mapping[str, Any], raw: Mapping[str, Any]) -> str:
        how = raw.get(way, "")
        if how and how not in ways:
            raise self.wrong(
                "unknown-way",
                entry,
                f"{way} = {how!r} 不适用于这一种",
                f"{way} = {how!r} does not go with this kind",
                f"可写：{'、'.join(ways)}",
                f"one of: {', '.join(ways)}",
            )
        return str(how)

    def _size(self, entry: str, sort: str, kind: Kind, raw: Mapping[str, Any]) -> int:
        if "size" not in raw:
            return kind.size
        if kind.match != PATTERN or (sort == INNOCENT and kind is not KINDS["closing_burst"]):
            raise self.wrong(
                "no-size",
                entry,
                "只有成批的才有 size",
                "only patterns have a size",
                "去掉 size",
                "leave size out",
            )
        return self._number(entry, raw, "size", kind.least, 100)

    def _number(self, entry: str, raw: Mapping[str, Any], name: str, least: int, most: int) -> int:
        value = raw.get(name)
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise self.wrong(
                "no-number",
                entry,
                f"{name} = {value!r} 应为 {least} 至 {most} 的整数",
                f"{name} = {value!r} is no whole number from {least} to {most}",
                "写一个整数",
                "write a whole number",
            )
        return value

    def _day(self, entry: str, raw: Mapping[str, Any], name: str) -> date | None:
        value = raw.get(name)
        if value is None or (isinstance(value, date) and not isinstance(value, datetime)):
            return value
        raise self.wrong(
            "no-day",
            entry,
            f"{name} = {value!r} 不是日期",
            f"{name} = {value!r} is no day",
            "不加引号写 2025-03-01",
            "write 2025-03-01 without quotes",
        )

    def _organs(self, entry: str, raw: Mapping[str, Any]) -> tuple[str, ...]:
        value = raw.get("organ", [])
        codes = [value] if isinstance(value, str) else value
        if not isinstance(codes, list) or not all(isinstance(c, str) for c in codes):
            raise self.wrong(
                "no-organ",
                entry,
                "organ 应为代码或者代码的列表",
                "organ is a code or a list of codes",
                '写成 "YJ12" 或者 ["YJ12", "YJ13"]',
                'write "YJ12" or ["YJ12", "YJ13"]',
            )
        if self.organs is not None and (strange := [c for c in codes if c not in self.organs]):
            known = sorted(self.organs)
            raise self.wrong(
                "unknown-organ",
                entry,
                f"没有代码为“{strange[0]}”的单位",
                f"there is no organ {strange[0]!r}",
                f"可写：{'、'.join(known)}",
                f"one of: {', '.join(known)}",
            )
        return tuple(codes)
