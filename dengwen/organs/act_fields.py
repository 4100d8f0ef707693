"""Reading the fields of a registry act: every value is looked up, checked, and refused with its
mend."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Protocol

from dengwen.law.duties.step import Facts, Step
from dengwen.organs.errors import RegistryError
from dengwen.organs.kinds import accepted, code_of
from dengwen.organs.models import Official, Organ, Post
from dengwen.organs.structure.lines import division_on

CODE = re.compile(r"[A-Z0-9]{2,20}")
"""Codes of organs stand in case numbers: capital letters and digits only."""

LONG_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,39}")
"""Codes of posts and officials."""

WORK = re.compile(r"[A-Za-z0-9\u4e00-\u9fff][A-Za-z0-9\u4e00-\u9fff._:、·（）()-]{0,39}")
"""Fields of work as a division of work names them: a code, or the Chinese words of the paper
(城乡建设、环境保护)."""


class Registry(Protocol):
    """What an entry asks the registry: the rows themselves, or what a list will have made of
    them (`founding`)."""

    def organ(self, value: object) -> Organ | None:
        """Return the organ with this row id or code."""

    def taken(self, code: str) -> bool:
        """Say whether an organ has or had this code."""

    def division(self, code: str, day: date) -> bool:
        """Say whether there is a division with this code on `day`."""


class Rows:
    """The registry as it lies in the database; an organ that is named is locked."""

    def organ(self, value: object) -> Organ | None:
        """Return the organ with this row id or code, locked."""
        key = {"pk": value} if isinstance(value, int) else {"code": str(value)}
        return Organ.objects.select_for_update().filter(**key).first()

    def taken(self, code: str) -> bool:
        """Say whether an organ has or had this code."""
        return Organ.objects.filter(code=code).exists()

    def division(self, code: str, day: date) -> bool:
        """Say whether there is a division with this code on `day`."""
        return division_on(code, day) is not None


class Entry:
    """A step being entered: its fields by name, typed, with one way to refuse."""

    def __init__(self, step: Step, facts: Facts, registry: Registry | None = None) -> None:
        self.step, self.facts, self.registry = step, facts, registry or Rows()

    def refuse(
        self, code: str, field: str, *, zh: str, en: str, mend_zh: str, mend_en: str
    ) -> RegistryError:
        """Return the error to raise for `field` of this act."""
        where = f"{self.facts.case or '-'} · {self.step.act}" + (f" · {field}" if field else "")
        return RegistryError(code, where=where, zh=zh, en=en, mend_zh=mend_zh, mend_en=mend_en)

    def has(self, field: str) -> bool:
        """Say whether the act gives `field` a value that is not empty."""
        return self.step.fields.get(field) not in {None, ""}

    def code(self, field: str, default: str | None = None) -> str:
        """Return a code; RegistryError where it is missing without a default, or not text."""
        value = self.step.fields.get(field)
        if value is None or value == "":
            if default is None:
                raise self._missing(field)
            return default
        if not isinstance(value, str):
            raise self._wrong_type(field, "代码", "a code")
        return value

    def codes(self, field: str) -> tuple[str, ...]:
        """Return a list of codes, at least one."""
        value = self.step.fields.get(field)
        if not isinstance(value, tuple) or not value:
            raise self._missing(field)
        return tuple(str(item) for item in value)

    def word(self, field: str, words: Iterable[str], default: str | None = None) -> str:
        """Return a code that must be one of the closed list `words`; its Chinese word stands for
        it (kinds.SPOKEN)."""
        value = self.code(field, default)
        code, known = code_of(field, value), sorted(words)
        if code not in known:
            zh, en = accepted(field)
            raise self.refuse(
                "unknown_word",
                field,
                zh=f"“{value}”不在规定的词表内",
                en=f"{value!r} is not in the closed list",
                mend_zh="从下列中选择：" + (zh or "、".join(known)),
                mend_en="choose one of " + (en or ", ".join(known)),
            )
        return code

    def work(self, field: str = "field") -> str:
        """Return a field of work: a code, or Chinese words; what rules themselves name comes
        back as its code."""
        value = self.code(field).strip()
        if not WORK.fullmatch(value):
            raise self.refuse(
                "bad_work",
                field,
                zh=f"“{value}”不是分管工作的名称：最多40个汉字、字母、数字",
                en=(
                    f"{value!r} names no field of work: up to 40 Chinese characters, letters or "
                    "digits"
                ),
                mend_zh="例如 信访工作、城乡建设，写文件里的用语",
                mend_en="for example petitions, 信访工作 or 城乡建设",
            )
        return code_of(field, value)

    def flag(self, field: str) -> bool:
        """Return a yes/no field; absent means no."""
        return self.step.fields.get(field) is True

    def number(self, field: str) -> int | None:
        """Return a whole number, or None where it is absent."""
        value = self.step.fields.get(field)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int):
            raise self._wrong_type(field, "整数", "a whole number")
        return value

    def day(self, field: str = "from") -> date:
        """Return a civil date; absent means the day of the act."""
        value = self.step.fields.get(field)
        if value is None:
            return self.facts.day
        if not isinstance(value, date) or isinstance(value, datetime):
            raise self._wrong_type(field, "日期", "a date")
        return value

    def end(self, field: str, start: date) -> date | None:
        """Return an exclusive end after `start`, or None where it is absent."""
        if self.step.fields.get(field) is None:
            return None
        day = self.day(field)
        if day <= start:
            raise self.refuse(
                "ends_before_it_begins",
                field,
                zh=f"止日{day}不晚于起日{start}",
                en=f"the end {day} is not after {start}",
                mend_zh="止日是不再有效的第一天，应晚于起日",
                mend_en="give the first day on which it no longer holds",
            )
        return day

    def text(self, name: str, limit: int, *, required: bool = True) -> str:
        """Return a free text, trimmed; RegistryError where it is missing, too long, or looks
        like a formula."""
        value = self.step.texts.get(name, "").strip()
        if not value and required:
            raise self._missing(name)
        if len(value) > limit:
            raise self.refuse(
                "too_long",
                name,
                zh=f"有{len(value)}字，最多{limit}字",
                en=f"has {len(value)} characters, at most {limit}",
                mend_zh="写规范名称，不写说明",
                mend_en="give the name only, no explanation",
            )
        if value[:1] in set("=+-@") or any(ord(ch) < 32 for ch in value):
            raise self.refuse(
                "looks_like_formula",
                name,
                zh=f"“{value[:20]}”像表格公式或含控制字符",
                en=f"{value[:20]!r} looks like a spreadsheet formula or holds control characters",
                mend_zh="删去开头的符号",
                mend_en="remove the sign at its beginning",
            )
        return value

    def organ(self, field: str = "organ", on: date | None = None) -> Organ:
        """Return an organ by row id or code, locked; with `on` it must exist that day."""
        organ = self.organ_or_none(field, on)
        if organ is None:
            raise self._missing(field)
        return organ

    def organ_or_none(self, field: str, on: date | None = None) -> Organ | None:
        """Return an organ by row id or code, or None where the field is absent."""
        value = self.step.fields.get(field)
        if value is None or value == "":
            return None
        return self.organ_by(field, value, on)

    def organ_by(self, field: str, value: object, on: date | None = None) -> Organ:
        """Return the organ that `value` (id or code) names, locked; with `on` it must exist that
        day."""
        organ = self.registry.organ(value)
        if organ is None:
            raise self._unknown(field, value, "机关、单位", "organ")
        if on and not organ.holds_on(on):
            raise self.refuse(
                "not_on_that_day",
                field,
                zh=f"{organ.name_zh}在{on}不存在",
                en=f"{organ.code} does not exist on {on}",
                mend_zh="核对日期，或写承继其职权的机关",
                mend_en="check the day, or give the organ that continues it",
            )
        return organ

    def official(self, field: str = "official") -> Official:
        """Return an official by row id or staff code."""
        value = self.step.fields.get(field)
        if value is None or value == "":
            raise self._missing(field)
        key = {"pk": value} if isinstance(value, int) else {"code": str(value)}
        official = Official.objects.select_for_update().filter(**key).first()
        if official is None:
            raise self._unknown(field, value, "人员", "official")
        return official

    def post(self, field: str, on: date) -> Post:
        """Return a post by row id or code; it must exist on `on`."""
        value = self.step.fields.get(field)
        if value is None or value == "":
            raise self._missing(field)
        key = {"pk": value} if isinstance(value, int) else {"code": str(value)}
        post = Post.objects.on(on).filter(**key).select_related("organ").first()
        if post is None:
            raise self._unknown(field, value, f"{on}存在的岗位", f"post on {on}")
        return post

    def fresh_code(self) -> str:
        """Return the code of a new organ: 2–20 capitals and digits, never used before."""
        code = self.code("code")
        if not CODE.fullmatch(code):
            raise self.refuse(
                "bad_code",
                "code",
                zh=f"“{code}”不是2至20位大写字母和数字",
                en=f"{code!r} is not 2–20 capitals and digits",
                mend_zh="例如 YJ01",
                mend_en="for example YJ01",
            )
        if self.registry.taken(code):
            raise self.taken("code", code)
        return code

    def long_code(self, field: str) -> str:
        """Return the code of a post or an official."""
        code = self.code(field)
        if not LONG_CODE.fullmatch(code):
            raise self.refuse(
                "bad_code",
                field,
                zh=f"“{code}”不是字母、数字和 . _ : - 组成的代码",
                en=f"{code!r} is not a code",
                mend_zh="例如 YJ01-1",
                mend_en="for example YJ01-1",
            )
        return code

    def taken(self, field: str, code: str) -> RegistryError:
        """Return the error for a code that is or was in use."""
        return self.refuse(
            "taken",
            field,
            zh=f"代码“{code}”已使用过",
            en=f"the code {code!r} is or was in use",
            mend_zh="代码不得重复使用，另取一个",
            mend_en="codes are never used again, take another",
        )

    def division(self, day: date) -> str:
        """Return the code of a division that exists on `day`, or "" where the field is absent."""
        code = self.code("division", "")
        if code and not self.registry.division(code, day):
            raise self.refuse(
                "unknown_division",
                "division",
                zh=f"{day}没有区划{code}",
                en=f"there is no division {code} on {day}",
                mend_zh="先导入行政区划，或核对代码和日期",
                mend_en="import the divisions first, or check code and day",
            )
        return code

    def not_ahead(self) -> date:
        """Return the day of a change of the organ itself, which is entered on its day or later,
        never before."""
        start = self.day()
        if start > self.facts.day:
            raise self.refuse(
                "in_the_future",
                "from",
                zh=f"{start}尚未到来，机关的变动自发生之日起登记",
                en=f"{start} is still to come; a change of an organ is entered when it happens",
                mend_zh="到期再登记",
                mend_en="enter it on that day",
            )
        return start

    def _missing(self, field: str) -> RegistryError:
        return self.refuse(
            "missing",
            field,
            zh="没有填写",
            en="is missing",
            mend_zh="填写后再提交",
            mend_en="give a value",
        )

    def _wrong_type(self, field: str, zh: str, en: str) -> RegistryError:
        return self.refuse(
            "wrong_type",
            field,
            zh=f"应为{zh}",
            en=f"is not {en}",
            mend_zh=f"改为{zh}",
            mend_en=f"give {en}",
        )

    def _unknown(self, field: str, value: object, zh: str, en: str) -> RegistryError:
        return self.refuse(
            "unknown",
            field,
            zh=f"登记中没有{zh}“{value}”",
            en=f"the registry has no {en} {value!r}",
            mend_zh="先行登记，或核对代码",
            mend_en="register it first, or check the code",
        )
