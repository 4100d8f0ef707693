"""What the acts of a register carry, said in words: which duty, whose seat, which local interval.

The acts keep ids, so that a later name of a duty or post changes nothing of the past; people read
names.
"""

from __future__ import annotations

from dengwen.cases.duties.bearers import FIELD, POST
from dengwen.law.bilingual import Language, words_in
from dengwen.law.duties.recurrence import REGISTER
from dengwen.law.duties.step import FieldValue
from dengwen.law.packs.rules import FieldRule, KindRule
from dengwen.organs.models import Post

FIELDS = {"petitions": ("信访工作", "petition work")}
"""Fields of work that rules name, in words; any other is shown as the registry has it."""
PERIODS = {
    "week": ("每周", "weekly"),
    "month": ("每月", "monthly"),
    "quarter": ("每季度", "quarterly"),
    "half_year": ("每半年", "half-yearly"),
    "year": ("每年", "yearly"),
}


def seat_words(seat: str, language: Language) -> str:
    """Return whose seat a duty lies in: the title of a post, or the field of work somebody has
    in charge.

    Papers ask in both languages, so `language` may differ from that of the page.
    """
    if seat.startswith(POST):
        code = seat.removeprefix(POST)
        row = Post.objects.filter(code=code).values_list("title_zh", "title_en").first()
        zh, en = row or (code, "")
        return words_in((zh, en or zh), language)
    return field_words(seat.removeprefix(FIELD), language)


def field_words(work: str, language: Language) -> str:
    """Return a field of work that somebody has in charge, in words."""
    zh, en = FIELDS.get(work, (work, work))
    return words_in((f"分管：{zh}", f"in charge of: {en}"), language)


def in_words(kind: KindRule, field: FieldRule, value: FieldValue, language: Language) -> str:
    """Return the words for a field of a register's act that holds an id, or "" for every other
    field."""
    if kind.id != REGISTER or field.type != "word":
        return ""
    text = str(value)
    if field.name == "rule" and text in kind.duties:
        return words_in(kind.duties[text], language)
    if field.name == "seat":
        return seat_words(text, language)
    if field.name == "local":
        return words_in(PERIODS.get(text.partition("=")[2], (text, text)), language)
    return ""
