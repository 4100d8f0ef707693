"""What one row of a file of messages says, once it is cleaned and checked.

What a row lacks stays unknown: no name is not "anonymous", no category is not "other". A day
without an hour stands for noon in China of that day.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from dengwen.law.duties.act_record import CHINA, civil
from dengwen.law.time.terms import EARLIEST
from dengwen.petitions.history.message_file import COLUMNS, ColumnMap, RowError, RowRefused

MAX_NAME = 200
"""Characters of a name, telephone or number; the longest real name seen has 13."""
MAX_CATEGORY = 60
READ_HERE = (*COLUMNS, "subject", "place")
"""What is read of every row before the rules of its day are known."""
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
_HOUR = re.compile(
    r"[T\s]*(\d{1,2})[:：时](\d{1,2})(?:[:：分](\d{1,2})(?:\.\d+)?)?秒?\s*(Z|[+-]\d{2}:?\d{2})?"
)
_SPACES = re.compile(r"[\s\u3000\u00a0\u200b\ufeff]+")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\ufeff]")


@dataclass(frozen=True, slots=True)
class MessageRow:
    """One message as the file has it, cleaned. "" and None mean that the file does not say."""

    row: int
    source: str
    number: str
    subject: str
    content: str
    received: datetime
    reply: str
    replied: datetime | None
    place: str
    class_: str
    path: str
    cells: Mapping[str, Any]
    """The row as the file has it, by column: `message_fields` reads what else it says."""

    @property
    def key(self) -> str:
        """The digest of source and number: the same row, whenever and from whichever file it
        comes."""
        return hashlib.sha256(f"{self.source}\x00{self.number}".encode()).hexdigest()

    @property
    def digest(self) -> str:
        """The digest of what was said and when; a reply may come later and is not part of it."""
        said = [self.subject, self.content, self.received.isoformat()]
        return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class RawRow:
    """One row of a file before it is checked: its number, what each target says, the map of
    columns."""

    row: int
    said: Mapping[str, Any]
    mapping: ColumnMap

    def refuse(self, target: str, zh: str, en: str, mend_zh: str, mend_en: str) -> RowRefused:
        """Return the refusal of this row for what a target says."""
        column = self.mapping.column(target)
        return RowRefused(RowError(self.row, column, zh, en, mend_zh, mend_en))


def read_row(row: int, raw: Mapping[str, Any], mapping: ColumnMap, today: date) -> MessageRow:
    """Return a raw row cleaned and checked; RowRefused names the column, what is wrong and the
    mend."""
    said = {target: raw.get(mapping.column(target)) for target in READ_HERE}
    given = RawRow(row, said, mapping)
    received = instant_in(given, "received", today)
    if received is None:
        raise given.refuse(
            "received", "没有来信时间", "no time of the message", "补上日期", "give its day"
        )
    reply, replied = _reply(given, received, today)
    subject, content = _words_of(given)
    number = short_in(given, "number")
    if not number:
        raise given.refuse(
            "number",
            "没有来源编号，无法防止重复登记",
            "no source number, so that a repeat could not be noticed",
            "补上编号",
            "give it a number",
        )
    return MessageRow(
        row=row,
        number=number,
        subject=subject,
        content=content,
        received=received,
        reply=reply,
        replied=replied,
        source=short_in(given, "source") or mapping.source,
        place=short_in(given, "place"),
        class_=word_in(given, "class"),
        path=word_in(given, "path"),
        cells=raw,
    )


def _reply(given: RawRow, received: datetime, today: date) -> tuple[str, datetime | None]:
    """Return the reply and its instant, checked against each other and the message."""
    replied = instant_in(given, "replied", today)
    reply = text_in(given.said["reply"])
    if reply and replied is None:
        raise given.refuse(
            "replied",
            "有答复而没有答复时间",
            "a reply without its day",
            "补上答复日期，或者去掉答复",
            "give its day or leave the reply out",
        )
    if replied is not None and replied < received:
        raise given.refuse(
            "replied",
            f"答复（{civil(replied)}）早于来信（{civil(received)}）",
            f"the reply ({civil(replied)}) is earlier than the message ({civil(received)})",
            "核对两个时间",
            "check both times",
        )
    return reply, replied


def _words_of(given: RawRow) -> tuple[str, str]:
    """Return subject and content of a message; one of them says something."""
    content = text_in(given.said["content"])
    subject = one_line(given.said["subject"])
    if not content and not subject:
        raise given.refuse("content", "没有内容", "no content", "补上正文", "give the text")
    return subject, content


def text_in(value: object) -> str:
    """Return a text without what spreadsheets leave in it (`_x000D_`, stray control and zero-width
    characters)."""
    if value is None:
        return ""
    text = (
        str(value)
        .replace("_x000D_\n", "\n")
        .replace("_x000D_", "\n")
        .replace("\r\n", "\n")
        .replace("\r", "\n")
    )
    return _UNPRINTABLE.sub("", text.replace("\u00a0", " ")).strip(" \t\n\u3000")


def one_line(value: object) -> str:
    """Return a cell as one line with single blanks."""
    return _SPACES.sub(" ", text_in(value)).strip()


def short_in(given: RawRow, target: str) -> str:
    """Return a cell that holds a name, telephone or number; one that is too long is refused."""
    text = one_line(given.said[target])
    if len(text) > MAX_NAME:
        raise given.refuse(
            target,
            f"有{len(text)}个字，最多{MAX_NAME}个",
            f"{len(text)} characters, at most {MAX_NAME}",
            "核对是否串列",
            "see whether columns are mixed up",
        )
    return text


def word_in(given: RawRow, target: str) -> str:
    """Return a cell that holds a word, as the map reads it."""
    text = _SPACES.sub("", text_in(given.said[target]))[:MAX_CATEGORY]
    return given.mapping.values.get(target, {}).get(text, text)


def instant_in(given: RawRow, target: str, today: date | None) -> datetime | None:
    """Return the instant (UTC) a cell stands for, None for an empty one; a time without a zone is
    China's. After `today` is refused, where a day is given."""
    text = one_line(given.said[target])
    if not text:
        return None
    try:
        day, instant = _parsed(text)
    except ValueError:
        raise given.refuse(
            target,
            f"“{text[:30]}”不是日期",
            f"“{text[:30]}” is not a date",
            "写成 2019-04-24 或者 2019-04-24 16:03:40",
            "write 2019-04-24 or 2019-04-24 16:03:40",
        ) from None
    if today is not None and civil(instant) > today:
        raise given.refuse(
            target,
            f"{civil(instant)}在今天之后",
            f"{civil(instant)} is after today",
            "核对年份",
            "check it",
        )
    if day < EARLIEST:
        raise given.refuse(
            target,
            f"{day}早于{EARLIEST}",
            f"{day} is before {EARLIEST}",
            "核对年份",
            "check the year",
        )
    return instant


def _parsed(text: str) -> tuple[date, datetime]:
    """Return the day as written and the instant (UTC) of a time; ValueError where it is none."""
    found = _DAY.match(text)
    if found is None:
        raise ValueError(text)
    hour = _HOUR.fullmatch(text, found.end())
    if hour is None and found.end() < len(text):
        raise ValueError(text)
    day = date(int(found[1]), int(found[2]), int(found[3]))
    return day, _at(day, hour)


def _at(day: date, hour: re.Match[str] | None) -> datetime:
    """Return the instant (UTC) of a day and hour in China; noon where no hour is given."""
    if hour is None:
        return datetime.combine(day, time(12), CHINA).astimezone(UTC)
    clock = time(int(hour[1]), int(hour[2]), int(hour[3] or 0))
    if hour[4]:
        zone = hour[4].replace("Z", "+00:00")
        return datetime.fromisoformat(f"{day.isoformat()}T{clock.isoformat()}{zone}").astimezone(
            UTC
        )
    return datetime.combine(day, clock, CHINA).astimezone(UTC)
