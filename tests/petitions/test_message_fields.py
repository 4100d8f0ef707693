"""What a row of a file says in the fields of a registration: words, numbers, days, flags."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from dengwen.petitions.history import message_fields
from dengwen.petitions.history.message_file import COLUMNS, NEEDED


class _RefusedError(Exception):
    """Names the target that was refused."""


def raw(text: object) -> Any:
    def refuse(target: str, *_: str) -> Exception:
        return _RefusedError(target)

    return SimpleNamespace(said={"f": text}, refuse=refuse, mapping=SimpleNamespace(values={}))


def field(**more: Any) -> Any:
    names: Mapping[str, tuple[str, str]] = {
        "visit": ("走访", "visit"),
        "letter": ("来信", "letter"),
    }
    return SimpleNamespace(**{"name": "f", "zh": "项", "option_names": names, **more})


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3", 3),
        ("0", 0),
        ("", ""),
        ("9" * 11, 99_999_999_999),
        ("9" * 12, None),
        ("三", None),
        ("-3", None),
        ("3.5", None),
    ],
)
def test_a_number_is_whole_and_of_so_many_digits(text: str, value: object) -> None:
    if value is None:
        with pytest.raises(_RefusedError):
            message_fields._number(raw(text), field())
        return
    assert message_fields._number(raw(text), field()) == value


@pytest.mark.parametrize("text", sorted(message_fields.YES))
def test_yes_is_said_in_these_words(text: str) -> None:
    assert message_fields._flag(raw(text), field()) is True
    assert message_fields._flag(raw(text.upper()), field()) is True


@pytest.mark.parametrize("text", ["", *sorted(message_fields.NO)])
def test_no_is_said_in_these_words_or_in_none(text: str) -> None:
    assert message_fields._flag(raw(text), field()) == ""


def test_yes_and_no_are_the_words_of_both_languages_and_no_others() -> None:
    assert {"是", "yes", "true", "1"} == message_fields.YES
    assert {"否", "no", "false", "0"} == message_fields.NO
    with pytest.raises(_RefusedError):
        message_fields._flag(raw("也许"), field())


def test_a_word_is_an_option_by_its_code_or_its_chinese_name() -> None:
    assert message_fields._code(raw("visit"), field()) == "visit"
    assert message_fields._code(raw("来信"), field()) == "letter"
    assert message_fields._code(raw(""), field()) == ""
    with pytest.raises(message_fields._UnknownWord):
        message_fields._code(raw("letter "[:3]), field())


def test_a_day_is_that_of_china_and_none_is_none() -> None:
    assert message_fields._date(raw("2019-04-24 00:30"), field()) == date(2019, 4, 24)
    assert message_fields._date(raw(""), field()) == ""


def test_several_words_are_taken_apart() -> None:
    assert message_fields._split(raw("甲；乙、丙"), field()) == ["甲", "乙", "丙"]
    assert message_fields._split(raw(""), field()) == []


def test_a_column_bears_the_name_of_its_target_unless_a_map_says_otherwise() -> None:
    assert dict(COLUMNS) == {
        "number": "source_no",
        "source": "source",
        "content": "body",
        "received": "time",
        "reply": "reply",
        "replied": "reply_time",
        "petitioner": "user",
        "class": "class",
        "path": "path",
    }
    assert NEEDED == ("number", "content", "received")
