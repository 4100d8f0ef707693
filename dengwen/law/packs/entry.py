"""Reading one TOML entry strictly: known keys only, right types, errors that name file, entry,
reason and mend."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from dengwen.law.errors import PackError
from dengwen.law.packs.rules import Basis
from dengwen.law.packs.vocabulary import TERM_KEYS
from dengwen.law.time.terms import Term

FILE_KEY = "__file__"
BASIS_KEYS = ("law", "article", "verified", "note")
LAYING_KEYS = ("replaces", "amends", "more")
"""How an entry stands to the same entry of the pack below: whole in its place, some keys, or
more in its lists."""


class Entry:
    """One table of a pack file with its place, handing out values by type and refusing unknown
    words."""

    def __init__(self, raw: Mapping[str, Any], what: str, file: str = "") -> None:
        self.raw = raw
        self.file = file or str(raw.get(FILE_KEY, "?"))
        named = raw.get("id", raw.get("name"))
        self.name = what if named is None else f"{what} {named!s}"

    def refuse(self, code: str, zh: str, en: str, mend_zh: str, mend_en: str) -> PackError:
        """Build the error for this entry."""
        return PackError(
            code, file=self.file, entry=self.name, zh=zh, en=en, mend_zh=mend_zh, mend_en=mend_en
        )

    def known(self, keys: Sequence[str]) -> None:
        """Refuse any key that is not in `keys` (closed vocabulary)."""
        allowed = {*keys, FILE_KEY, *LAYING_KEYS}
        for key in self.raw:
            if key not in allowed:
                close = ", ".join(sorted(allowed - {FILE_KEY}))
                raise self.refuse(
                    "unknown-word",
                    f"不认识的词“{key}”",
                    f"unknown word “{key}”",
                    f"改用：{close}",
                    f"use one of: {close}",
                )

    def text(self, key: str, default: str | None = None) -> str:
        """Return a string; refuse a missing one unless a default is given."""
        value = self.raw.get(key, default)
        if not isinstance(value, str) or (default is None and not value.strip()):
            raise self.refuse(
                "missing",
                f"缺少“{key}”",
                f"“{key}” is missing",
                f'写上 {key} = "…"',
                f'write {key} = "…"',
            )
        return value

    def choice(self, key: str, words: Sequence[str], default: str | None = None) -> str:
        """Return a word of a closed list."""
        value = self.text(key, default)
        if value not in words and not (default == "" and value == ""):
            raise self.refuse(
                "unknown-word",
                f"{key} = “{value}”不在词表内",
                f"{key} = “{value}” is not a known word",
                "改用：" + "、".join(words),
                "use one of: " + ", ".join(words),
            )
        return value

    def number(self, key: str, default: int | None = None) -> int:
        """Return a whole number."""
        value = self.raw.get(key, default)
        if not isinstance(value, int) or isinstance(value, bool):
            raise self.refuse(
                "not-a-number",
                f"{key} 应为整数",
                f"{key} must be a whole number",
                f"写成 {key} = 30",
                f"write {key} = 30",
            )
        return value

    def flag(self, key: str, default: bool = False) -> bool:
        """Return true or false."""
        value = self.raw.get(key, default)
        if not isinstance(value, bool):
            raise self.refuse(
                "not-a-flag",
                f"{key} 应为 true 或 false",
                f"{key} must be true or false",
                f"写成 {key} = true",
                f"write {key} = true",
            )
        return value

    def day(self, key: str, default: date | None = None) -> date | None:
        """Return a TOML date, or the default."""
        value = self.raw.get(key, default)
        if value is not None and not isinstance(value, date):
            raise self.refuse(
                "not-a-date",
                f"{key} 应为日期",
                f"{key} must be a date",
                f"写成 {key} = 2022-05-01（不加引号）",
                f"write {key} = 2022-05-01 without quotes",
            )
        return value

    def words(self, key: str) -> tuple[str, ...]:
        """Return a list of words; a single word is a list of one."""
        value = self.raw.get(key, [])
        value = [value] if isinstance(value, str) else value
        if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
            raise self.refuse(
                "not-a-list",
                f"{key} 应为词的列表",
                f"{key} must be a list of words",
                f'写成 {key} = ["…"]',
                f'write {key} = ["…"]',
            )
        return tuple(value)

    def tables(self, key: str, what: str) -> list[Entry]:
        """Return a list of inner tables."""
        value = self.raw.get(key, [])
        if not isinstance(value, list) or not all(isinstance(v, Mapping) for v in value):
            raise self.refuse(
                "not-a-table",
                f"{key} 应为表的列表",
                f"{key} must be a list of tables",
                f"写成 {key} = [{{…}}]",
                f"write {key} = [{{…}}]",
            )
        return [Entry(v, f"{self.name} · {what}", self.file) for v in value]

    def table(self, key: str, what: str) -> Entry | None:
        """Return an inner table, or None."""
        value = self.raw.get(key)
        if value is None:
            return None
        return Entry(self._mapping(key, value), f"{self.name} · {what}", self.file)

    def _mapping(self, key: str, value: object) -> Mapping[str, Any]:
        """Return the value as a table, or refuse it."""
        if isinstance(value, Mapping):
            return value
        raise self.refuse(
            "not-a-table",
            f"{key} 应为表",
            f"{key} must be a table",
            f"写成 {key} = {{…}}",
            f"write {key} = {{…}}",
        )

    def conditions(self, key: str) -> dict[str, tuple[str, ...]]:
        """Return conditions on facts: `{class = "claim", path = ["31(6)"]}`."""
        value = self._mapping(key, self.raw.get(key, {}))
        found: dict[str, tuple[str, ...]] = {}
        for fact, wanted in value.items():
            many = wanted if isinstance(wanted, list) else [wanted]
            found[fact] = tuple(_word(v) for v in many)
        return found

    def basis(self, key: str = "basis") -> Basis:
        """Return the basis of the entry, or of what `key` says the basis of; an entry without one
        is refused: law is never invented."""
        value = self.raw.get(key)
        if not isinstance(value, Mapping) or not value.get("law") or not value.get("article"):
            raise self.refuse(
                "missing-basis",
                "没有写明依据（文件和条款）",
                "no basis (instrument and article)",
                f'写上 {key} = {{law = "R22", article = "22(1)"}}；没有条文就不是规则',
                f'write {key} = {{law = "R22", article = "22(1)"}}; '
                "without an article it is no rule",
            )
        inner = Entry({**value}, f"{self.name} · basis", self.file)
        inner.known(BASIS_KEYS)
        return Basis(
            inner.text("law"),
            inner.text("article"),
            inner.flag("verified", True),
            inner.text("note", ""),
        )

    def term(self, key: str = "term") -> Term | None:
        """Return `term = {days = 15}` as a term; None where the entry has no such key."""
        value = self.raw.get(key)
        if not isinstance(value, Mapping):
            return None
        inner = Entry(value, f"{self.name} · {key}", self.file)
        inner.known(tuple(TERM_KEYS))
        if len(value) != 1:
            raise self.refuse(
                "bad-term",
                "一个期限只用一种单位",
                "a term has exactly one unit",
                "写成 term = {days = 15}",
                "write term = {days = 15}",
            )
        word = next(iter(value))
        amount = inner.number(word)
        if amount < 1:
            raise self.refuse(
                "bad-term",
                f"期限 {amount} 不是正数",
                f"a term of {amount} is not positive",
                "没有数字的义务写 none = true",
                "a duty without a number says none = true",
            )
        return Term(amount, TERM_KEYS[word])


def _word(value: object) -> str:
    """Return a condition value in the form facts are compared in."""
    return str(value).lower() if isinstance(value, bool) else str(value)
