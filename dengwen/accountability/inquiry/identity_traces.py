"""By what a petitioner could be known from a text: their name taken apart, initials, nicknames,
pieces of an address, a telephone number.

A text that carries the name, number or address itself is never shown. A trace may be an accident
(another person of the same surname), so a second investigator reads it and releases it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from itertools import pairwise

NICKNAMES = ("老", "小", "阿", "大")
"""What stands before a surname in a nickname."""
TITLES = (
    *("某", "先生", "女士", "大爷", "大妈", "大姐", "大哥", "师傅", "同志", "姐", "哥", "叔"),
    *("姨", "婶", "嫂", "家", "老汉", "老太", "总", "老师", "氏"),
    *("主任", "书记", "经理", "医生", "婆婆", "爷爷", "奶奶", "阿姨", "叔叔", "伯伯", "老人"),
)
"""What stands behind a surname where somebody is not named in full."""
NAME_LENGTH, ADDRESS_PIECE, NUMBER, TAIL = 4, 4, 7, 4
"""Longest name, shortest telling piece of an address, shortest number, telling end of a number."""
FILLING = 6
"""How many other characters may stand between those of a name that is taken apart."""
_NOISE = re.compile(r"[\W_]+")
_NUMERALS = str.maketrans("〇零一二三四五六七八九幺壹贰叁肆伍陆柒捌玖", "001234567891123456789")
_LETTERS = re.compile(r"[A-Za-z][A-Za-z.\s·-]*")
_BORDERS = (
    *((0xB0A1, "a"), (0xB0C5, "b"), (0xB2C1, "c"), (0xB4EE, "d"), (0xB6EA, "e"), (0xB7A2, "f")),
    *((0xB8C1, "g"), (0xB9FE, "h"), (0xBBF7, "j"), (0xBFA6, "k"), (0xC0AC, "l"), (0xC2E8, "m")),
    *((0xC4C3, "n"), (0xC5B6, "o"), (0xC5BE, "p"), (0xC6DA, "q"), (0xC8BB, "r"), (0xC8F6, "s")),
    *((0xCBFA, "t"), (0xCDDA, "w"), (0xCEF4, "x"), (0xD1B9, "y"), (0xD4D1, "z"), (0xD7FA, "")),
)
"""Where the common characters of GB 2312, which stand in the order of their sounds, change the
letter they begin with."""


def bare(text: str) -> str:
    """Return a text as it is compared: one width, no spaces, marks or letters one cannot see."""
    return _NOISE.sub("", unicodedata.normalize("NFKC", text)).casefold()


def carries(text: str, sealed: Iterable[str]) -> bool:
    """Say whether a text carries one of these words as it is, or taken apart by spaces and
    marks."""
    plain, digits = bare(text), _digits(text)
    return any(_within(word, text, plain, digits) for word in sealed)


def _within(word: str, text: str, plain: str, digits: str) -> bool:
    """Say whether one word stands in a text; numbers also in other figures."""
    number = _digits(word) if _is_number(word) else ""
    said = bare(word)
    return word in text or (len(said) > 1 and said in plain) or bool(number and number in digits)


def _is_number(word: str) -> bool:
    """Say whether a word is a telephone or identity number."""
    return len(re.findall(r"\d", word)) >= NUMBER and not re.search(r"[一-鿿]", word)


def _digits(text: str) -> str:
    """Return the figures of a text one after the other, Chinese ones too."""
    said = unicodedata.normalize("NFKC", text).translate(_NUMERALS)
    return re.sub(r"\D", "", re.sub(r"(?<=\d)[\s\W_]+(?=\d)", "", said))


# --- traces ---------------------------------------------------------------------------------------
def traces(text: str, sealed: Iterable[str]) -> frozenset[str]:
    """Return by what kinds of traces one of these words could be known from a text."""
    plain = bare(text)
    found = set()
    for word in sealed:
        said = bare(word)
        if _is_number(word):
            found |= {"number"} if _number_told(text, _digits(word)) else set()
        elif not re.search(r"[一-鿿]", said):
            continue
        elif len(said) <= NAME_LENGTH:
            found |= set(_of_name(text, plain, said))
        elif any(said[n : n + ADDRESS_PIECE] in plain for n in range(len(said) - 3)):
            found.add("address")
    return frozenset(found)


def _number_told(text: str, number: str) -> bool:
    """Say whether the end of a number, or most of it, stands in a text."""
    said = unicodedata.normalize("NFKC", text).translate(_NUMERALS)
    runs = re.findall(r"\d+", re.sub(r"(?<=\d)[ \t.-]+(?=\d)", "", said))
    return any(len(run) >= TAIL and (run in number) and _telling(run, number) for run in runs)


def _telling(run: str, number: str) -> bool:
    """Say whether a run of figures tells a number: its end, or at least six of it."""
    return number.endswith(run) or len(run) >= TAIL + 2


def _of_name(text: str, plain: str, name: str) -> Iterable[str]:
    """Yield by what a name could be known."""
    if _taken_apart(plain, name):
        yield "split"
    if _nicknamed(plain, name):
        yield "nickname"
    if _initials(text, name):
        yield "initials"


def _taken_apart(plain: str, name: str) -> bool:
    """Say whether the characters of a name stand one after the other with a few between."""
    if len(name) < 2:
        return False
    between = f".{{0,{FILLING}}}?"
    return re.search(between.join(map(re.escape, name)), plain) is not None


def _nicknamed(plain: str, name: str) -> bool:
    """Say whether somebody is called by surname or given name alone."""
    surname, given = name[0], name[1:]
    called = [before + surname for before in NICKNAMES]
    called += [surname + behind for behind in TITLES]
    called.append(f"姓{surname}")
    called += [before + given[-1] for before in NICKNAMES[:3] if given]
    if len(given) > 1:
        called.append(given)
    return any(one in plain for one in called)


def _initials(text: str, name: str) -> bool:
    """Say whether Latin letters in a text begin like the sounds of a name, written out or not."""
    wanted = "".join(first_letter(one) for one in name)
    if len(wanted) < 2:
        return False
    said = unicodedata.normalize("NFKC", text)
    for run in _LETTERS.findall(said):
        letters = re.sub(r"[^a-z]", "", run.casefold())
        if letters.startswith(wanted[0]) and re.search(".*?".join(wanted), letters):
            return True
    return bool(re.search(rf"(?<![a-z]){wanted[0]}\s*某", said.casefold()))


def first_letter(character: str) -> str:
    """Return the letter the sound of a common Chinese character begins with, "" for others."""
    try:
        place = int.from_bytes(character.encode("gb2312"))
    except UnicodeEncodeError:
        return ""
    for (start, letter), (end, _next) in pairwise(_BORDERS):
        if start <= place < end:
            return letter
    return ""
