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
    given = {name for name, text in texts.items() if not is_blank(text)} | {
        name for name, value in fields.items() if value not in ("", ())
    }
    if not rule.one_of or given & set(rule.one_of):
        return []
    named = [field for field in rule.fields if field.name in rule.one_of]
    why = rule.field_rule(rule.one_of[-1])
    zh = "、".join(f"“{field.zh}”" for field in named)
    en = ", ".join(f"“{field.en}”" for field in named)
    return [
        Refusal(
            "nothing-given",
            f"“{rule.zh}”没有任何内容：{zh}至少要有一项",
            f"“{rule.en}” says nothing: at least one of {en} is needed",
            rule.basis,
            f"写上内容；确实没有的，写明“{why.zh}”再办（本地要求）" if why else "",
            f"give the content, or say “{why.en}” where there is none (a local requirement)"
            if why
            else "",
            why.name if why else "",
        )
    ]
