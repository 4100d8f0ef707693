"""One scheme at the desk: its indicators, what it would reward, who would gain by which trick; and
its draft to edit.

What is typed is checked before anything is written; a draft with a refused indicator can be kept,
never approved.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods

from dengwen.assessment.effects import approves_as
from dengwen.assessment.facts.fact_words import outcome_words
from dengwen.assessment.frozen import manifest
from dengwen.assessment.inputs import SCHEME, Drafted, drafted, published
from dengwen.cases.read.case_view import CaseFile, read_file, state_words
from dengwen.cases.wall.visibility import find
from dengwen.desk.shell.act_page import UNPROCESSABLE
from dengwen.desk.shell.seat import ASSESSING, TAKING_IN, Seat, at_desk, case_href, uid_of
from dengwen.desk.shell.submit import write, zh
from dengwen.law.bilingual import headline, words_in
from dengwen.law.duties.admissibility import refusals
from dengwen.law.duties.step import Step
from dengwen.law.errors import PackError
from dengwen.law.indicators.indicator import (
    HIGHER,
    SCORED_KINDS,
    WATCHED_KINDS,
    Indicator,
    Scheme,
    Selector,
)
from dengwen.law.indicators.lint import REFUSE, Finding, lint, refused
from dengwen.law.indicators.scheme_toml import scheme_text
from dengwen.law.indicators.tricks import SHARES, simulate
from dengwen.ui.components import Link

ORDER = {**SCORED_KINDS, **WATCHED_KINDS}
STEPS = ("consult", "comment", "approve", "put_in_force", "end", "drop")
"""What comes after a draft, by the people the pack names; trying it is a page of its own."""
Raw = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Measured:
    """One indicator in words: what counts as good, out of what; its weight and floor, and where
    it rests."""

    id: str
    title: str
    good: str
    whole: str
    weight: str
    floor: str
    basis: str


@dataclass(frozen=True, slots=True)
class Paid:
    """What one trick would pay at each share of the load, whether that moves a total, and which
    rate looks for it."""

    trick: str
    gains: tuple[tuple[str, bool], ...]
    watched: str


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def scheme(seat: Seat, number: str) -> HttpResponse:
    """Show a scheme and what it would reward; check or write a changed draft."""
    if seat.organ is None or not seat.roles & ASSESSING:
        raise Http404
    case = published(seat.organ).filter(number=number).first() or seat.case(number)
    if case.kind != SCHEME:
        raise Http404
    one, file = drafted(case), read_file(case, seat.now)
    if seat.request.method != "POST":
        return _page(seat, one, file, json.loads(one.body))
    if not _can(seat, file, "draft"):
        raise Http404
    post = seat.request.POST
    raw, why = _typed(seat, json.loads(one.body))
    if why or raw is None:
        return _page(seat, one, file, raw or json.loads(one.body), why, typed=True)
    body = manifest.scheme_body(raw)
    if post.get("go") != "write":
        return _page(seat, one, file, raw, typed=True)
    made = manifest.scheme_of(body)
    texts = {"subject": made.zh, "body": body}
    if changes := post.get("changes", "").strip():
        texts["changes"] = changes
    step = Step(
        act="draft", case=number, fields={"scheme": made.id, "digest": made.digest}, texts=texts
    )
    return write(
        seat,
        [step],
        lambda refusal: _page(seat, one, file, raw, refusal, typed=True),
        reverse("desk:scheme", args=[number]),
    )


def _whole(seat: Seat, one: Drafted) -> str:
    """Return the address of the file of a scheme, "" for whom it is only published to."""
    return (
        case_href(one.case.number)
        if find(seat.viewer, seat.today, one.case.number) is not None
        else ""
    )


def _can(seat: Seat, file: CaseFile, act: str) -> bool:
    rule = file.kind.acts.get(act)
    return rule is not None and not refusals(
        file.kind, rule, file.view, seat.actor_in(file.case), seat.today
    )


# --- what was typed -------------------------------------------------------------------------------
def _typed(seat: Seat, raw: Raw) -> tuple[Raw | None, list[str]]:
    """Return the tables as typed, in whole or weight by weight, and every reason they are no
    scheme."""
    post = seat.request.POST
    if "text" in post:
        try:
            raw = tomllib.loads(post["text"].replace("\r\n", "\n"))
        except tomllib.TOMLDecodeError as error:
            return None, [_("方案全文读不出：%(error)s") % {"error": error}]
    else:
        kept = []
        for entry in raw.get("indicator", []):
            weight = post.get(f"weight-{entry['id']}", str(entry["weight"])).strip()
            floor = post.get(f"floor-{entry['id']}", str(entry["floor"])).strip()
            if weight:
                kept.append(
                    {**entry, "weight": weight, "floor": int(floor) if floor.isdecimal() else floor}
                )
        raw = {**raw, "indicator": kept}
    try:
        manifest.scheme_of(manifest.scheme_body(raw))
    except PackError as error:
        where = error.entry
        return raw, [
            zh(
                seat,
                f"{where}：{error.zh}。{error.mend_zh}。",
                f"{where}: {error.en}. {error.mend_en}.",
            )
        ]
    except (ValueError, TypeError, AttributeError) as error:
        return None, [_("不是一个方案：%(error)s") % {"error": error}]
    return raw, []


# --- the page -------------------------------------------------------------------------------------
def _page(
    seat: Seat,
    one: Drafted,
    file: CaseFile,
    raw: Raw,
    why: Sequence[str] = (),
    *,
    typed: bool = False,
) -> HttpResponse:
    """Render a scheme; where what was typed is no scheme, the written one is measured and what
    was typed kept."""
    body = one.body if why else manifest.scheme_body(raw)
    shown = manifest.scheme_of(body)
    found, mine = lint(shown), one.case.holder_id == (seat.organ.pk if seat.organ else 0)
    post = seat.request.POST
    return seat.page(
        "assessment/scheme.html",
        "assessments",
        UNPROCESSABLE if why else 200,
        one=one,
        scheme=shown,
        why=why,
        uid=uid_of(seat),
        state=state_words(file, seat.language),
        title=words_in(shown, seat.language),
        paper=zh(seat, shown.paper_zh, shown.paper_en),
        unwritten=typed and not why and body != one.body,
        indicators=[_measured(seat, i, raw) for i in shown.indicators],
        watches=[
            (
                words_in(w, seat.language),
                _selected(seat, w.numerator),
                _selected(seat, w.denominator),
            )
            for w in shown.watches
        ],
        findings=[
            (
                f.grade == REFUSE,
                _entry(seat, shown, f),
                words_in(f, seat.language),
                zh(seat, f.mend_zh, f.mend_en),
            )
            for f in found
        ],
        refused=refused(found),
        paid=_paid(seat, shown),
        shares=[str(int(100 * share)) for share in SHARES],
        may_draft=_can(seat, file, "draft"),
        text=post["text"] if "text" in post else scheme_text(raw),
        opened="text" in post,
        changes=post.get("changes", ""),
        whole=_whole(seat, one),
        steps=[
            Link(headline(file.kind.acts[a], seat.language), _step_href(one, a))
            for a in STEPS
            if _can(seat, file, a)
        ],
        tries=mine and bool(seat.capacities & TAKING_IN),
        again=mine
        and bool(seat.capacities & TAKING_IN)
        and one.case.state not in ("drafted", "consulted"),
    )


def _step_href(one: Drafted, act: str) -> str:
    """Return where a step is taken; an approval names the text it approves, and as which body
    the organ does."""
    kind = one.case.holder.kind if one.case.holder else ""
    given = urlencode({"digest": one.digest, "body": approves_as(kind)})
    return case_href(one.case.number, act) + (f"?{given}" if act == "approve" else "")


def _measured(seat: Seat, one: Indicator, raw: Mapping[str, Any]) -> Measured:
    """Return an indicator in words, weight and floor as they were typed."""
    entry: dict[str, Any] = next((e for e in raw.get("indicator", ()) if e.get("id") == one.id), {})
    paper = _("本地")
    basis = f"{one.basis.law} {one.basis.article}" if one.basis else paper
    arrow = "" if one.direction == HIGHER else _("（越少越好）")
    return Measured(
        one.id,
        words_in(one, seat.language),
        _outcomes(seat, one.numerator) + arrow,
        _outcomes(seat, one.denominator),
        str(entry.get("weight", one.weight)),
        str(entry.get("floor", one.floor)),
        basis,
    )


def _outcomes(seat: Seat, selector: Selector) -> str:
    chosen = [o for o in ORDER.get(selector.kind, selector.outcome) if o in selector.outcome]
    words = [outcome_words(selector.kind, o, zh=seat.language == "zh") for o in chosen]
    return _("、").join(words) or _("全部")


def _selected(seat: Seat, selector: Selector) -> str:
    """Return what a watch counts, in words."""
    kind = zh(seat, *KINDS.get(selector.kind, (selector.kind, selector.kind)))
    more = [_outcomes(seat, selector)] if selector.outcome else []
    if selector.entered:
        more += [zh(seat, *ENTERED.get(e, (e, e))) for e in selector.entered]
    if selector.last_days:
        more.append(_("最后 %(last_days)s 日") % {"last_days": selector.last_days})
    return kind + (_("（") + pgettext("schemes", "，").join(more) + _("）") if more else "")


KINDS = {
    "contact": ("外部可见的接触", "contacts seen from outside"),
    "registration": ("登记", "registrations"),
    "conclusion": ("办结", "conclusions"),
    "split": ("拆分", "splits"),
    "link": ("并联", "links"),
    "recoding": ("改类别等", "changed codes"),
    "extension": ("延期", "extensions"),
    "redirect": ("转出", "redirects"),
    "invitation": ("邀请评价", "invitations"),
    "refusal": ("不予受理", "refusals"),
    "withdrawal": ("撤回", "withdrawals"),
    "backlog": ("期末未办结", "open at the end"),
    "execution": ("执行责任", "executions"),
    "review": ("复查", "reviews"),
}
ENTERED = {
    "late": ("补录", "entered late"),
    "imported": ("历史导入", "imported"),
    "timely": ("当时录入", "at the time"),
}


def _entry(seat: Seat, scheme: Scheme, finding: Finding) -> str:
    """Return what a finding is about in words: an indicator, a trick, or the scheme as a whole."""
    known = next(
        (words_in(i, seat.language) for i in scheme.indicators if i.id == finding.entry), ""
    )
    trick = next(
        (words_in(g, seat.language) for g in simulate(scheme) if g.trick == finding.entry), ""
    )
    return known or trick or _("整个方案")


def _paid(seat: Seat, scheme: Scheme) -> list[Paid]:
    """Return what each trick pays, the most profitable first."""
    names = {w.id: words_in(w, seat.language) for w in scheme.watches}
    tricks: dict[str, list[Any]] = {}
    for gain in simulate(scheme):
        tricks.setdefault(gain.trick, []).append(gain)
    rows = sorted(tricks.values(), key=lambda gains: -max(g.gain for g in gains))
    least = scheme.rounding.resolution
    return [
        Paid(
            words_in(gains[0], seat.language),
            tuple((f"{g.gain:+}", g.gain >= least) for g in gains),
            _("、").join(names[w] for w in gains[0].watches),
        )
        for gains in rows
    ]
