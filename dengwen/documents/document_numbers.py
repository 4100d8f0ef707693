"""Numbers of documents (发文字号): office word, series word, year in 〔 〕, serial without leading zeros,
号.

GB/T 9704-2012 puts the year in 〔 〕, writes no 第 and no leading zeros. A series has one
character, so word and series can always be told apart and two offices never write the same number.
Documents of protected cases are in a series of their own whatever they are (access model, 4.4 point
4): a gap in an ordinary series would tell that a sealed case exists. For the same reason what is
issued with the registration itself, before anybody could know that a case must be sealed, bears the
case number (nine random digits) and no serial.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any

from django.db import connection

from dengwen.documents.errors import DocumentError
from dengwen.documents.models import OfficeWord, Series

SERIES = {
    "D03": "转",
    "D04": "交",
    "D05": "建",
    "D06": "受",
    "D07": "告",
    "D08": "途",
    "D09": "异",
    "D10": "答",
    "D11": "不",
    "D12": "止",
    "D13": "听",
    "D14": "协",
    "D15": "延",
    "D16": "意",
    "D17": "结",
    "D18": "执",
    "D19": "送",
    "D21": "查",
    "D22": "核",
    "D23": "复",
    "D25": "报",
    "D26": "急",
    "D30": "督",
    "D31": "改",
    "D32": "策",
    "D33": "责",
    "D34": "馈",
    "D36": "联",
    "D37": "考",
    "D38": "察",
    "D39": "年",
}
"""Series word of each document of the list; other documents are counted in 文."""
OTHER, PROTECTED = "文", "专"
BY_CASE = {"D01": "登", "D02": "码", "D20": "申"}
"""Documents that bear the case number: issued with the registration, or written by the petitioner,
whose own paper takes no number of an organ."""

_TAKE = """
INSERT INTO documents_series (office, year, series, last) VALUES (%s, %s, %s, 1)
ON CONFLICT (office, year, series) DO UPDATE SET last = documents_series.last + 1 RETURNING last
"""

_PLACE = re.compile(
    r".{1,5}?(?:特别行政区|自治区|自治州|自治县|自治旗|地区|街道|省|市|(?<!社)区|县|州|盟|旗|(?<!城)镇|(?<!城)乡)"
)
_PARTY = re.compile(r"^(?:中国共产党|中共)")
_ENDING = re.compile(r"(?:委员会|办公室|管理局|局|厅|部|处|院|所|中心|办)$")
_GOVERNMENT = "人民政府"


def word_candidates(name: str, code: str) -> Iterator[str]:
    """Yield words for an organ, shortest first: 云岭市信访局 → 云信访; the code, which is unique, comes
    last."""
    rest, places = _PARTY.sub("", name.strip()), ""
    while (found := _PLACE.match(rest)) and found.end() < len(rest):
        places, rest = places + found[0][0], rest[found.end() :]
    rest = rest.replace(_GOVERNMENT, "府")
    stem = _ENDING.sub("", rest) or rest
    for length in (2, 4, 6):
        if stem:
            yield places[-2:] + stem[:length]
    yield code


Ask = Callable[[Sequence[tuple[str, Sequence[str | int]]]], Sequence[Sequence[tuple[Any, ...]]]]
"""What runs statements in their order and returns the rows of each."""

_SETTLE = "INSERT INTO documents_officeword (office, word) VALUES (%s, %s) ON CONFLICT DO NOTHING"
_WORD = "SELECT word FROM documents_officeword WHERE office = %s"


def one_by_one(
    statements: Sequence[tuple[str, Sequence[str | int]]],
) -> list[Sequence[tuple[Any, ...]]]:
    """Run statements through Django's cursor."""
    found: list[Sequence[tuple[Any, ...]]] = []
    for statement, values in statements:
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            found.append(cursor.fetchall() if cursor.description else [])
    return found


def word_and_serial(
    code: str, name: str, year: int, series: str, ask: Ask = one_by_one
) -> tuple[str, int]:
    """Return the word of an office and the next number of its series; the row stays locked until
    the transaction ends.

    The word is settled at the first document: the first candidate no other office has. The same is
    asked whether it is settled or not, so that nobody can tell from the first paper they issue
    whether their office issued one before in a case that is hidden from them. Raises DocumentError
    where every word is taken, and outside a transaction.
    """
    _require_transaction(code, year, series)
    taken = 0
    for word in word_candidates(name, code):
        wanted: list[tuple[str, Sequence[str | int]]] = [(_SETTLE, [code, word]), (_WORD, [code])]
        found = ask(wanted if taken else [*wanted, (_TAKE, [code, year, series])])
        taken = taken or int(found[2][0][0])
        if found[1]:
            return str(found[1][0][0]), taken
    raise DocumentError(
        "no_office_word",
        where=code,
        zh="机关代字都已被其他机关使用",
        en="every word for this office is taken by another",
        mend_zh="用 agree_word 登记该机关核定的代字",
        mend_en="enter the office's approved word with agree_word",
    )


def agree_word(*, office: str, word: str) -> None:
    """Enter the word (机关代字) an office was given, before or instead of the derived one.

    Raises DocumentError if another office has it, or if documents already went out under an earlier
    word.
    """
    if OfficeWord.objects.filter(word=word).exclude(office=office).exists():
        raise DocumentError(
            "word_taken",
            where=word,
            zh="该代字已属另一机关",
            en="another office has this word",
            mend_zh="换一个代字",
            mend_en="choose another word",
        )
    other = OfficeWord.objects.filter(office=office).exclude(word=word).exists()
    if other and Series.objects.filter(office=office).exists():
        raise DocumentError(
            "word_in_use",
            where=word,
            zh="该机关已用原代字发文，改字会使同一系列出现两种写法",
            en="documents went out under the earlier word; a change would split the series in two",
            mend_zh="在登记首份文书之前核定代字",
            mend_en="settle the word before the first document",
        )
    OfficeWord.objects.update_or_create(office=office, defaults={"word": word})


def _require_transaction(office: str, year: int, series: str) -> None:
    if not connection.in_atomic_block:
        raise DocumentError(
            "no_transaction",
            where=f"{office} {series}〔{year}〕",
            zh="在事务之外取号会留下空号",
            en="a number taken outside a transaction could be lost",
            mend_zh="在写入行为的同一事务内签发",
            mend_en="issue inside the transaction that writes the act",
        )


def next_serial(office: str, year: int, series: str, ask: Ask = one_by_one) -> int:
    """Take the next number of a series; its row stays locked until the transaction ends.

    Raises DocumentError outside a transaction, where a number could be lost.
    """
    _require_transaction(office, year, series)
    return int(ask([(_TAKE, [office, year, series])])[0][0][0])


def next_number(
    *,
    document: str,
    organ_code: str,
    organ_name: str,
    day: date,
    protected: bool,
    case_number: str,
    ask: Ask = one_by_one,
) -> str:
    """Return the number of a new document of the list entry `document` ("D03"), as it is
    printed."""
    if document in BY_CASE:
        serial = (
            next_serial(case_number, day.year, BY_CASE[document], ask) if document == "D20" else 1
        )
        return f"{BY_CASE[document]}{serial if serial > 1 else ''} {case_number}"
    series = PROTECTED if protected or document == "D24" else SERIES.get(document, OTHER)
    word, serial = word_and_serial(organ_code, organ_name, day.year, series, ask)
    return f"{word}{series}〔{day.year}〕{serial}号"
