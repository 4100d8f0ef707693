"""The first pages: what one can do here, who sees it and how long it takes; how to reach the
office; how to verify."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods

from dengwen.cases import rulebooks
from dengwen.editions.as_of import setting
from dengwen.law.bilingual import words_in
from dengwen.law.duties.act_record import civil
from dengwen.law.packs.library import Rulebook
from dengwen.law.packs.rules import ClockRule
from dengwen.ledger.log_keys import current
from dengwen.organs.models import Organ
from dengwen.portal import clock
from dengwen.portal.page import office, page, show
from dengwen.portal.reach import reach_of
from dengwen.ui import dates
from dengwen.ui.dates import page_language


@dataclass(frozen=True, slots=True)
class Card:
    """One way to begin: what it is for, who will see it, how long it takes, by which articles."""

    kind: str
    title: str
    text: str
    seen_by: str
    takes: str
    basis: str
    own: str = ""


@page
@require_GET
def start(request: HttpRequest) -> HttpResponse:
    """The three cards."""
    receiving = office()
    if receiving is None:
        return show(request, "closed", {})
    moment = clock.now()
    book = rulebooks.in_force(civil(moment), receiving.division_code, moment).book
    cards = (_claim(book), _accusation(book), _suggestion(book, receiving))
    return show(
        request,
        "start",
        {"cards": cards, "reach": reach_of(receiving, civil(moment)), "office": receiving},
    )


def _term(rule: ClockRule) -> str:
    """Return the length of a term in words of the page; "" where the text has no number."""
    term = rule.term
    return dates.days(term.amount, page_language(), term.unit) if term else ""


def _cited(book: Rulebook, duties: Sequence[str]) -> str:
    """Return the articles of duties, each once."""
    rules = book.kind("petition").duties
    cites = [
        rules[name].basis.cite(book.instruments, page_language())
        for name in duties
        if name in rules
    ]
    return pgettext("start", "、").join(dict.fromkeys(cites))


def _claim(book: Rulebook) -> Card:
    """Return the card of those who want something done."""
    return Card(
        kind="claim",
        title=_("解决问题"),
        text=_("我有诉求、投诉，或者要求有关单位办一件事。"),
        seen_by=_("登记的信访部门和有权处理的单位。您可以选择不让承办单位知道姓名。"),
        takes=_claim_takes(book),
        basis=_cited(book, ("sort", "notify_transferred", "handle")),
    )


def _claim_takes(book: Rulebook) -> str:
    """Say how long a claim takes: to be sent on, to be answered what happens, to be decided."""
    rules = book.kind("petition").duties
    spans = {
        "sort": _term(rules["sort"].clock),
        "notice": _term(rules["notify_transferred"].clock),
        "handle": _term(rules["handle"].clock),
    }
    extension = rules["handle"].clock.extension
    if extension is None or extension.most <= 0:
        words = _(
            "%(sort)s内转到有权处理的单位，它收到后 %(notice)s内书面告诉您怎么办。走信访程序的，受理后 %(handle)s内答复。"
        )
        return words % spans
    more = dates.days(extension.most, page_language(), "calendar")
    words = _(
        "%(sort)s内转到有权处理的单位，它收到后 %(notice)s内书面告诉您怎么办。走信访程序的，受理后 %(handle)s内答复，复杂的最多再延 %(more)s。"
    )
    return words % {**spans, "more": more}


def _accusation(book: Rulebook) -> Card:
    """Return the card of those who accuse somebody."""
    act = (
        book.kind("petition")
        .acts["forward_accusation"]
        .basis.cite(book.instruments, page_language())
    )
    feedback = _cited(book, ("accusation_feedback",))
    real_name, cite = _real_name_notice(book)
    takes = _("由受理机关按它自己的规定办理和反馈，不适用申诉求决的期限。%(real_name)s")
    return Card(
        kind="accusation",
        title=_("检举控告"),
        text=_("我要反映单位或者人员违纪违法、失职渎职。"),
        seen_by=_("只有依权限受理的机关指定的人员。被检举的人和单位看不到，也查不到有没有这件事。"),
        takes=takes % {"real_name": real_name},
        basis=pgettext("start", "、").join(filter(None, (act, feedback, cite))),
    )


def _real_name_notice(book: Rulebook) -> tuple[str, str]:
    """Say how soon somebody who accuses under their own name is told, and by which rules; "" where
    the packs do not know it."""
    known = book.clocks.get("dcr.notice")
    if known is None:
        return "", ""
    words = _("向纪检监察机关实名检举、属其受理的，%(term)s内告知受理情况。")
    instrument = book.instruments.get(known.basis.law)
    if instrument is None:
        cite = known.basis.article
    else:
        cite = words_in((f"《{instrument.zh}》", instrument.en), page_language())
    return words % {"term": _term(known)}, cite


def _suggestion(book: Rulebook, receiving: Organ) -> Card:
    target = setting("suggestion.reply_days", receiving.pk, civil(clock.now()))
    own = ""
    if target is not None and target.value.isdigit():
        span = dates.days(int(target.value), page_language(), "calendar")
        own = _("本地目标（非法定）：%(span)s内告诉您研究到哪一步。") % {"span": span}
    return Card(
        kind="suggestion",
        title=pgettext("start", "提出建议"),
        text=_("我对公共事务有意见、办法，想让工作做得更好。"),
        seen_by=_("登记的信访部门和研究这条建议的单位。"),
        takes=_("条例没有规定天数；采纳的，应当答复您。"),
        basis=_cited(book, ("suggestion_reply",)),
        own=own,
    )


@page
@require_http_methods(["GET", "POST"])
def reach(request: HttpRequest) -> HttpResponse:
    """How to reach the office without the network."""
    receiving = office()
    return show(
        request, "reach", {"office": receiving, "reach": reach_of(receiving, civil(clock.now()))}
    )


@page
@require_http_methods(["GET", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """How anyone checks a receipt without this office, and by which public keys."""
    keys = current()
    return show(
        request, "verify", {"vkeys": [str(key) for key in keys.vkeys()], "origin": keys.origin}
    )
