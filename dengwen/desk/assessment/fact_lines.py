"""Facts of an assessment as lines of a page: what was left out of a figure and why, pages of long
lists, in words.

A case number is shown only where the wall lets it be seen; the number of the fact is the
assessment's own.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from dengwen.assessment.facts.fact_words import entered_pair, outcome_pair
from dengwen.assessment.frozen.frozen_tables import Fact
from dengwen.assessment.inputs import ASSESSMENT, Assessment, assessment_of, indicator_named
from dengwen.assessment.interim_figures import facts_named, figures_of
from dengwen.cases.models import Case
from dengwen.cases.wall.visibility import for_user
from dengwen.desk.assessment.board import organ_names
from dengwen.desk.shell.frame.seat import Seat
from dengwen.law.bilingual import words_in
from dengwen.oversight.statistics import newest_position
from dengwen.ui.dates import numeric

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

KINDS: Mapping[str, StrPromise] = {
    "registration": pgettext_lazy("kind of fact", "登记"),
    "notification": pgettext_lazy("kind of fact", "告知"),
    "conclusion": pgettext_lazy("kind of fact", "办结"),
    "leader_duty": pgettext_lazy("kind of fact", "领导责任"),
    "objection": pgettext_lazy("kind of fact", "转送异议"),
    "resolution": pgettext_lazy("kind of fact", "一次化解"),
    "review": pgettext_lazy("kind of fact", "复查"),
    "execution": pgettext_lazy("kind of fact", "执行"),
    "suggestion": pgettext_lazy("kind of fact", "建议"),
    "invitation": pgettext_lazy("kind of fact", "邀请评价"),
    "rating": pgettext_lazy("kind of fact", "评价"),
    "finding": pgettext_lazy("kind of fact", "督查问题"),
    "reply_sample": pgettext_lazy("kind of fact", "答复抽查"),
}


def kind_words(kind: str) -> str:
    """Return a kind of facts in words; the code itself where it has none."""
    return str(KINDS.get(kind, kind))


def said_outcome(seat: Seat, kind: str, outcome: str) -> str:
    """Return an outcome of a kind of facts in the language of the page."""
    return words_in(outcome_pair(kind, outcome), seat.language)


def said_entry(seat: Seat, entered: str) -> str:
    """Return how a fact came in, in the language of the page."""
    return words_in(entered_pair(entered), seat.language)


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
    most = max(1, math.ceil(count / size))
    page = min(_page_asked(seat, indicator), most)
    links: list[tuple[int, str, bool]] = []
    if most > 1:
        links = _page_links(seat, indicator, page, most)
    first = (page - 1) * size
    last = min(first + size, count)
    return Pages(first, last, tuple(links))


def _page_asked(seat: Seat, indicator: str) -> int:
    """Return the page that the address asks for, from 1."""
    asked = seat.request.GET
    page = asked.get("page", "")
    if asked.get("of") != indicator or not page.isdecimal():
        return 1
    return max(1, int(page[:9]))


def _page_links(seat: Seat, indicator: str, page: int, most: int) -> list[tuple[int, str, bool]]:
    """Return links to every page of one indicator's list; the quarter and the unfolded lists asked
    for stay."""
    kept = {}
    for name in ("quarter", "lists"):
        value = seat.request.GET.get(name)
        if value:
            kept[name] = value
    links = []
    for number in range(1, most + 1):
        query = urlencode({**kept, "of": indicator, "page": number})
        links.append((number, f"?{query}#{indicator}", number == page))
    return links


def excluded(said: Mapping[str, Any], indicator: str) -> dict[int, str]:
    """Return by fact why it is left out of an indicator: clause, reason, persons, and what it
    takes out."""
    return {
        one["fact"]: _why(one, indicator)
        for one in said["exclusions"]
        if one["indicator"] in ("", indicator)
    }


def _why(one: Mapping[str, Any], indicator: str) -> str:
    """Return an exclusion in words, with what it takes out of an indicator."""
    return _(
        "已排除，依据 %(value)s：%(value_2)s（%(value_3)s提出，%(value_4)s确认）；分子/分母 %(effect)s"
    ) % {
        "value": one["clause"],
        "value_2": one["reason"],
        "value_3": one["proposer"],
        "value_4": one["second"],
        "effect": _taken_out(one, indicator),
    }


def _taken_out(one: Mapping[str, Any], indicator: str) -> str:
    """Return what an exclusion takes out of numerator and denominator, such as 0/−1."""
    for effect in one["effect"]:
        if effect["indicator"] == indicator:
            return f"{effect['numerator']}/{effect['denominator']}".replace("-", "−")
    return "0/0"


def words_of_value(seat: Seat, case: Case, name: str, value: str) -> str:
    """Return the name of an indicator, or a fact in words after its number; "" for whatever else
    a form carries."""
    if case.kind != ASSESSMENT:
        return ""
    if name == "indicator":
        return words_in(indicator_named(assessment_of(case), value), seat.language)
    if name == "fact" and value.isdecimal():
        known = facts_in_words(seat, assessment_of(case), [int(value)]).get(int(value), "")
        return f"{value}　{known}".strip()
    return ""


def facts_in_words(seat: Seat, one: Assessment, ids: Sequence[int]) -> dict[int, str]:
    """Return facts in words, as far as this seat may read them: organ, kind, day, outcome, and
    the case if seen."""
    known = facts_named(figures_of(one, newest_position()), set(ids))
    facts = [fact for fact in known.values() if _may_read(seat, one, fact)]
    cases = case_numbers(seat, {fact.case for fact in facts})
    organs = organ_names(seat, {fact.organ for fact in facts})
    found = {}
    for fact in facts:
        organ = organs.get(fact.organ, "")
        case = cases.get(fact.case, "")
        found[fact.id] = _fact_words(seat, fact, organ, case)
    return found


def case_numbers(seat: Seat, ids: Collection[int]) -> dict[int, str]:
    """Return the numbers of the cases that the wall lets this seat see, by id."""
    visible = for_user(seat.viewer, seat.today)
    cases = visible.filter(protected=False, pk__in=ids)
    return dict(cases.values_list("pk", "number"))


def _may_read(seat: Seat, one: Assessment, fact: Fact) -> bool:
    """Say whether the seat reads a fact in words: the assessor all, an organ its own."""
    if seat.organ is None:
        return False
    return seat.organ.pk in (fact.organ, one.case.holder_id)


def _fact_words(seat: Seat, fact: Fact, organ: str, number: str) -> str:
    """Return a fact in words: the organ, the kind, the day, the outcome, and the number of the
    case."""
    parts = [
        organ,
        kind_words(fact.kind),
        numeric(fact.day, seat.language),
        said_outcome(seat, fact.kind, fact.outcome),
        number,
    ]
    return _("，").join(part for part in parts if part)
