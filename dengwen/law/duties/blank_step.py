"""A step that says nothing: an act that wants at least one of some fields (`ActRule.one_of`) was
given none of them.

A rule of the house, not of the law: the write door asks it, scenarios of the law do not.
"""

from __future__ import annotations

from collections.abc import Mapping

from dengwen.law.duties.act_record import Refusal
from dengwen.law.duties.blank_text import is_blank
from dengwen.law.duties.step import FieldValue
from dengwen.law.packs.rules import ActRule


def empty_refusals(
    rule: ActRule, fields: Mapping[str, FieldValue], texts: Mapping[str, str]
) -> list[Refusal]:
    """Return why a step is refused that gives none of the fields of which its act wants one; empty
    = it gives some.

    The last of them is where it is said why there is nothing.
    """
    if not rule.one_of or _given(fields, texts) & set(rule.one_of):
        return []
    named = [field for field in rule.fields if field.name in rule.one_of]
    zh = "、".join(f"“{field.zh}”" for field in named)
    en = ", ".join(f"“{field.en}”" for field in named)
    why_nothing = rule.field_rule(rule.one_of[-1])
    mend_zh = mend_en = place = ""
    if why_nothing is not None:
        mend_zh = f"写上内容；确实没有的，写明“{why_nothing.zh}”再办（本地要求）"
        mend_en = (
            f"give the content, or say “{why_nothing.en}” where there is none (a local requirement)"
        )
        place = why_nothing.name
    return [
        Refusal(
            "nothing-given",
            f"“{rule.zh}”没有任何内容：{zh}至少要有一项",
            f"“{rule.en}” says nothing: at least one of {en} is needed",
            rule.basis,
            mend_zh,
            mend_en,
            place,
        )
    ]


def _given(fields: Mapping[str, FieldValue], texts: Mapping[str, str]) -> set[str]:
    """Return the names of the fields and texts that a step fills in."""
    filled = {name for name, text in texts.items() if not is_blank(text)}
    filled |= {name for name, value in fields.items() if value not in ("", ())}
    return filled
