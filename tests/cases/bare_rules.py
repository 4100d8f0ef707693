"""Rules of acts as bare as a question of the write door needs them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from dengwen.cases.write.late_check import Entry
from dengwen.law.duties.act_record import Refusal
from dengwen.law.duties.admissibility import Actor
from dengwen.law.duties.step import Step


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


def bare_entry(step: Step, now: datetime, **given: Any) -> Entry:
    """Return a step about to be entered by nobody in a case of which nothing is known; `kind` and
    what else is given stands in its place."""
    kind = given.pop("kind", None) or SimpleNamespace(acts={step.act: bare_act(step.act)})
    plain: dict[str, Any] = {
        "case": SimpleNamespace(number="N1", kind="petition"),
        "view": SimpleNamespace(),
        "records": [],
        "book": SimpleNamespace(kind=lambda _: kind),
        "actor": Actor(None, None, frozenset()),
        "call": SimpleNamespace(rules=None),
    }
    return Entry(step=step, now=now, **{**plain, **given})
