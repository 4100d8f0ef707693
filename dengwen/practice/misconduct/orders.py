"""Reading a file of misconduct: what it orders, or what is wrong with it.

Every error names the entry, the reason and the mend.
"""

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
    body = _body(path)
    tables = _parsed(path, body)
    reader = _Reader(path.name, organs)
    reader.check_tables(tables)
    entries: list[Order] = []
    for sort in SORTS:
        for place, raw in enumerate(reader.tables(tables, sort), 1):
            entries.append(reader.order(sort, place, raw))
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


def _body(path: Path) -> bytes:
    """Return the bytes of a file; MisconductError where it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise MisconductError(
            "no-file",
            where=str(path),
            zh=f"读不到文件：{error.strerror}",
            en=f"cannot be read: {error.strerror}",
            mend_zh="核对路径",
            mend_en="check the path",
        ) from error


def _parsed(path: Path, body: bytes) -> dict[str, Any]:
    """Return what a file says as TOML; MisconductError where it is none."""
    try:
        return tomllib.loads(body.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise MisconductError(
            "not-toml",
            where=str(path),
            zh=f"不是 TOML：{error}",
            en=f"is no TOML: {error}",
            mend_zh="按 docs/how-to/developer/practice.zh.md 的格式书写",
            mend_en="write it as docs/how-to/developer/practice.en.md says",
        ) from error


@dataclass(frozen=True)
class _Reader:
    file: str
    organs: Collection[str] | None

    def wrong(
        self, code: str, entry: str, zh: str, en: str, mend_zh: str, mend_en: str
    ) -> MisconductError:
        """Return an error about an entry of the file."""
        return MisconductError(
            code, where=f"{self.file} · {entry}", zh=zh, en=en, mend_zh=mend_zh, mend_en=mend_en
        )

    def check_tables(self, tables: Mapping[str, Any]) -> None:
        """Refuse tables that are neither of the two sorts."""
        if strange := sorted(set(tables) - set(SORTS)):
            raise self.wrong(
                "unknown-table",
                strange[0],
                f"没有“{strange[0]}”这一项",
                f"there is no {strange[0]!r}",
                "只写 [[inject]] 和 [[innocent]]",
                "write [[inject]] and [[innocent]] only",
            )

    def tables(self, written: Mapping[str, Any], sort: str) -> Sequence[Mapping[str, Any]]:
        """Return the entries of one sort; refuse what is no list of tables."""
        found = written.get(sort, [])
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
        """Read one entry, the `place`-th of its sort."""
        entry = f"[[{sort}]] {place}"
        name, way = SORTS[sort]
        self._check_keys(entry, raw, {name, way} | SHARED)
        word = self._kind(entry, raw, name)
        kind = KINDS[word]
        first, last = self._days(entry, raw)
        how = self._how(entry, way, kind.ways if sort == INJECT else kind.innocent, raw)
        return Order(
            sort=sort,
            place=place,
            kind=word,
            how=how,
            count=self._number(entry, raw, "count", 1, MOST),
            organs=self._organs(entry, raw),
            first=first,
            last=last,
            size=self._size(entry, sort, kind, raw),
        )

    def _check_keys(self, entry: str, raw: Mapping[str, Any], known: set[str]) -> None:
        """Refuse a key that an entry cannot have."""
        if strange := sorted(set(raw) - known):
            raise self.wrong(
                "unknown-key",
                entry,
                f"不认识“{strange[0]}”",
                f"does not know {strange[0]!r}",
                f"可写：{'、'.join(sorted(known))}",
                f"one of: {', '.join(sorted(known))}",
            )

    def _kind(self, entry: str, raw: Mapping[str, Any], name: str) -> str:
        """Read the kind of misconduct an entry is about."""
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
        return str(word)

    def _days(self, entry: str, raw: Mapping[str, Any]) -> tuple[date | None, date | None]:
        """Read the first and the last day of an entry, None where it leaves them open."""
        first = self._day(entry, raw, "from")
        last = self._day(entry, raw, "until")
        if first and last and first > last:
            raise self.wrong(
                "no-days",
                entry,
                f"from {first} 晚于 until {last}",
                f"from {first} is after until {last}",
                "对调",
                "swap them",
            )
        return first, last

    def _how(self, entry: str, way: str, ways: Mapping[str, Any], raw: Mapping[str, Any]) -> str:
        """Read the way or the reason of an entry, "" for all in turn."""
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
        """Read the size of a pattern; nothing else has one."""
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
        """Read a whole number between two bounds; the least where there is none."""
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
        """Read a day, None where there is none."""
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
        """Read the organs an entry names by code: one, several, or none."""
        value = raw.get("organ", [])
        codes = [value] if isinstance(value, str) else value
        if not isinstance(codes, list) or not all(isinstance(code, str) for code in codes):
            raise self.wrong(
                "no-organ",
                entry,
                "organ 应为代码或者代码的列表",
                "organ is a code or a list of codes",
                '写成 "YJ12" 或者 ["YJ12", "YJ13"]',
                'write "YJ12" or ["YJ12", "YJ13"]',
            )
        self._check_known(entry, codes)
        return tuple(codes)

    def _check_known(self, entry: str, codes: Sequence[str]) -> None:
        """Refuse the code of an organ that the office does not have."""
        if self.organs is None:
            return
        strange = [code for code in codes if code not in self.organs]
        if strange:
            known = sorted(self.organs)
            raise self.wrong(
                "unknown-organ",
                entry,
                f"没有代码为“{strange[0]}”的单位",
                f"there is no organ {strange[0]!r}",
                f"可写：{'、'.join(known)}",
                f"one of: {', '.join(known)}",
            )
