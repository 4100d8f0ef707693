"""Rules of acts as bare as a question of the write door needs them."""

from __future__ import annotations

from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

from dengwen.law.duties.act_record import Refusal


def bare_act(id_: str = "forward", **more: Any) -> Any:
    """Return a rule that asks nothing and does nothing but what is said; `names` are its fields by
    name."""
    plain: dict[str, Any] = {
        "zh": id_,
        "en": id_,
        "basis": None,
        "remedy_zh": "",
        "remedy_en": "",
        "to": "moved",
        "within": "",
        "history": False,
        "by": "handler",
        "two_persons": False,
        "two_persons_if": (),
        "fields": (),
        "only_if": {},
        "sets": {},
        "takes": False,
        "addresses": False,
        "names": {},
        "documents": (),
        "approves": (),
    }
    rule = SimpleNamespace(id=id_, **{**plain, **more})
    rule.field_rule = rule.names.get
    return rule


def noted(into: list[Any], what: Any, answer: Any = None) -> Any:
    """Note something and give an answer, for what stands in place of a function."""
    into.append(what)
    return answer


def codes(found: Iterable[Refusal]) -> list[str]:
    """Return the codes of refusals, in their order."""
    return [one.code for one in found]
