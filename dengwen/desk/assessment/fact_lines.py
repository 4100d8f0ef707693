"""Facts of an assessment as lines of a page: what was left out of a figure and why, pages of long
lists, in words.

A case number is shown only where the wall lets it be seen; the number of the fact is the
assessment's own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from dengwen.assessment.facts.fact_words import outcome_words
from dengwen.assessment.frozen.frozen_tables import Fact
from dengwen.assessment.inputs import ASSESSMENT, Assessment, assessment_of, indicator_named
from dengwen.assessment.interim_figures import facts_named, figures_of
from dengwen.cases.models import Case
from dengwen.cases.wall.visibility import for_user
from dengwen.desk.shell.frame.seat import Seat, organ_name
from dengwen.organs.models import Organ
from dengwen.oversight.statistics import newest_position
from dengwen.ui.dates import numeric

KINDS: Mapping[str, tuple[str, str]] = {
    "registration": ("登记", "registration"),
    "notification": ("告知", "notification"),
    "conclusion": ("办结", "conclusion"),
    "leader_duty": ("领导责任", "duty of a leader"),
    "objection": ("转送异议", "objection to a forwarding"),
    "resolution": ("一次化解", "resolution"),
    "review": ("复查", "review"),
    "execution": ("执行", "execution"),
    "suggestion": ("建议", "suggestion"),
    "invitation": ("邀请评价", "invitation to rate"),
    "rating": ("评价", "rating"),
    "finding": ("督查问题", "finding of an inspection"),
    "reply_sample": ("答复抽查", "reply by sample"),
}


def _pair(seat: Seat, zh: str, en: str) -> str:
    return zh if seat.language == "zh" else en


@dataclass(frozen=True, slots=True)
class Pages:
    """Which facts of a long list are shown, and links to the rest: (number, address, whether it
    is this one)."""

    first: int
    last: int
    links: tuple[tuple[int, str, bool], ...]


def pages_of(seat: Seat, indicator: str, count: int, size: int) -> Pages:
    """Return the page of one indicator's list that the address asks for; the first where it asks
    for none."""
    asked = seat.request.GET
    page, most = 1, max(1, -(-count // size))
    if asked.get("of") == indicator and asked.get("page", "").isdecimal():
        page = min(max(1, int(asked["page"][:9])), most)
    kept = {name: asked[name] for name in ("quarter", "lists") if asked.get(name)}
    links = tuple(
        (n, f"?{urlencode({**kept, 'of': indicator, 'page': n})}#{indicator}", n == page)
        for n in range(1, most + 1)
    )
    return Pages((page - 1) * size, min(page * size, count), links if most > 1 else ())


def excluded(said: Mapping[str, Any], indicator: str) -> dict[int, str]:
    """Return by fact why it is left out of an indicator: clause, reason, persons, and what it
    takes out."""
    return {
        e["fact"]: _why(e, indicator)
        for e in said["exclusions"]
        if e["indicator"] in ("", indicator)
    }


def _why(one: Mapping[str, Any], indicator: str) -> str:
    taken = next(
        (x for x in one["effect"] if x["indicator"] == indicator),
        {"numerator": 0, "denominator": 0},
    )
    effect = f"{taken['numerator']}/{taken['denominator']}".replace("-", "−")
    return _(
        "已排除，依据 %(value)s：%(value_2)s（%(value_3)s提出，%(value_4)s确认）；分子/分母 %(effect)s"
    ) % {
        "value": one["clause"],
        "value_2": one["reason"],
        "value_3": one["proposer"],
        "value_4": one["second"],
        "effect": effect,
    }


def words_of_value(seat: Seat, case: Case, name: str, value: str) -> str:
    """Return the name of an indicator, or a fact in words after its number; "" for whatever else
    a form carries."""
    if case.kind != ASSESSMENT:
        return ""
    if name == "indicator":
        return indicator_named(assessment_of(case), value)[seat.language != "zh"]
    if name == "fact" and value.isdecimal():
        known = told(seat, assessment_of(case), [int(value)]).get(int(value), "")
        return f"{value}　{known}".strip()
    return ""


def told(seat: Seat, one: Assessment, ids: Sequence[int]) -> dict[int, str]:
    """Return facts in words, as far as this seat may read them: organ, kind, day, outcome, and
    the case if seen."""
    own = seat.organ is not None and one.case.holder_id == seat.organ.pk
    mine = seat.organ.pk if seat.organ else 0
    facts = facts_named(figures_of(one, newest_position()), set(ids))
    read = {n: f for n, f in facts.items() if own or f.organ == mine}
    visible = for_user(seat.viewer, seat.today).filter(
        protected=False, pk__in={f.case for f in read.values()}
    )
    numbers = dict(visible.values_list("pk", "number"))
    organs = {
        o.pk: organ_name(o, seat.language)
        for o in Organ.objects.filter(pk__in={f.organ for f in read.values()})
    }
    return {
        n: _told(seat, f, organs.get(f.organ, ""), numbers.get(f.case, "")) for n, f in read.items()
    }


def _told(seat: Seat, fact: Fact, organ: str, number: str) -> str:
    chinese = seat.language == "zh"
    parts = [
        organ,
        _pair(seat, *KINDS.get(fact.kind, (fact.kind, fact.kind))),
        numeric(fact.day, seat.language),
        outcome_words(fact.kind, fact.outcome, zh=chinese),
        number,
    ]
    return _("，").join(p for p in parts if p)
