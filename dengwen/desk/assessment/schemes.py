"""One scheme at the desk: its indicators, what it would reward, who would gain by which trick; and
its draft to edit.

What is typed is checked before anything is written; a draft with a refused indicator can be kept,
never approved.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy
from django.views.decorators.http import require_http_methods

from dengwen.assessment.frozen import manifest
from dengwen.assessment.inputs import SCHEME, Drafted, drafted, published
from dengwen.assessment.scheme_effects import approves_as
from dengwen.cases.models import Case
from dengwen.cases.read.case_view import CaseFile, read_file, state_words
from dengwen.cases.wall.visibility import find
from dengwen.desk.assessment.assessments import assessing_organ
from dengwen.desk.assessment.fact_lines import said_entry, said_outcome
from dengwen.desk.assessment.scheme_form import (
    Raw,
    SchemeFields,
    asks_whole,
    scheme_fields,
    scheme_form,
    tables_typed,
)
from dengwen.desk.shell.act.act_refusals import UNPROCESSABLE
from dengwen.desk.shell.act.submit import may, write
from dengwen.desk.shell.frame.seat import TAKING_IN, Seat, at_desk, case_href, uid_of
from dengwen.law.bilingual import headline, words_in
from dengwen.law.duties.step import FieldValue, Step
from dengwen.law.indicators.indicator import (
    HIGHER,
    SCORED_KINDS,
    WATCHED_KINDS,
    Indicator,
    Scheme,
    Selector,
    Watch,
)
from dengwen.law.indicators.lint import REFUSE, Finding, lint, refused
from dengwen.law.indicators.scheme_toml import scheme_text
from dengwen.law.indicators.tricks import SHARES, Gain, simulate
from dengwen.ui.components import Link
from dengwen.ui.form_fields import AskedField, AskedForm, pressed

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

ORDER = {**SCORED_KINDS, **WATCHED_KINDS}
STEPS = ("consult", "comment", "approve", "put_in_force", "end", "drop")
"""What comes after a draft, by the people the pack names; trying it is a page of its own."""
KINDS: Mapping[str, StrPromise] = {
    "contact": pgettext_lazy("what a watch counts", "外部可见的接触"),
    "registration": pgettext_lazy("what a watch counts", "登记"),
    "conclusion": pgettext_lazy("what a watch counts", "办结"),
    "split": pgettext_lazy("what a watch counts", "拆分"),
    "link": pgettext_lazy("what a watch counts", "并联"),
    "recoding": pgettext_lazy("what a watch counts", "改类别等"),
    "extension": pgettext_lazy("what a watch counts", "延期"),
    "redirect": pgettext_lazy("what a watch counts", "转出"),
    "invitation": pgettext_lazy("what a watch counts", "邀请评价"),
    "refusal": pgettext_lazy("what a watch counts", "不予受理"),
    "withdrawal": pgettext_lazy("what a watch counts", "撤回"),
    "backlog": pgettext_lazy("what a watch counts", "期末未办结"),
    "excuse": pgettext_lazy("what a watch counts", "事后录入的事由"),
    "execution": pgettext_lazy("what a watch counts", "执行责任"),
    "review": pgettext_lazy("what a watch counts", "复查"),
}
"""What a watch of a scheme counts, in words."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One indicator in words: what counts as good, out of what; its weight and floor, as they are
    and as they are asked; and where it rests."""

    id: str
    title: str
    good: str
    whole: str
    weight: str
    floor: str
    basis: str
    asks: Sequence[AskedField]


@dataclass(frozen=True, slots=True)
class Paid:
    """What one trick would pay at each share of the load, whether that moves a total, and which
    rate looks for it."""

    trick: str
    gains: tuple[tuple[str, bool], ...]
    watched: str


@dataclass(frozen=True, slots=True)
class _Shown:
    """A draft as the page shows it: its case, the tables written or typed, the form, and why what
    was typed is no scheme where that is about no field.

    `typed`: something was typed and is shown instead of what is written.
    """

    one: Drafted
    file: CaseFile
    raw: Raw
    form: AskedForm
    why: Sequence[str] = ()
    typed: bool = False

    @property
    def wrong(self) -> bool:
        """Whether what was typed is no scheme, or was not written."""
        return bool(self.why or self.form.errors)


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def scheme(seat: Seat, number: str) -> HttpResponse:
    """Show a scheme and what it would reward; check or write a changed draft."""
    case = _scheme_case(seat, number)
    one = drafted(case)
    raw = json.loads(one.body)
    form = scheme_form(seat.request, raw, seat.language)
    written = _Shown(one, read_file(case, seat.now), raw, form)
    if seat.request.method != "POST":
        return _page(seat, written)
    if not may(seat, written.file, "draft"):
        raise Http404
    return _checked(seat, written)


def _checked(seat: Seat, written: _Shown) -> HttpResponse:
    """Check what was typed and show it, or write it where that was asked for and it is a scheme."""
    raw, why = tables_typed(written.form, written.raw, seat.language)
    if raw is None:
        return _page(seat, replace(written, why=why, typed=True))
    typed = replace(written, raw=raw, typed=True)
    if pressed(seat.request) != "write":
        return _page(seat, typed)

    def again(refusal: Sequence[str]) -> HttpResponse:
        return _page(seat, replace(written, why=refusal, typed=True))

    number = written.one.case.number
    step = _redraft(number, raw, written.form.value("changes"))
    back = reverse("desk:scheme", args=[number])
    return write(seat, [step], again, back, form=written.form)


def _scheme_case(seat: Seat, number: str) -> Case:
    """Return the case of a scheme that is published to this organ or that the wall lets be seen;
    404 for every other."""
    organ = assessing_organ(seat)
    case = published(organ).filter(number=number).first() or seat.case(number)
    if case.kind != SCHEME:
        raise Http404
    return case


def _redraft(number: str, raw: Raw, changes: str) -> Step:
    """Return the step that writes the tables typed as the new draft, with what changed in words."""
    body = manifest.scheme_body(raw)
    made = manifest.scheme_of(body)
    texts = {"subject": made.zh, "body": body}
    if said := changes.strip():
        texts["changes"] = said
    fields: dict[str, FieldValue] = {"scheme": made.id, "digest": made.digest}
    return Step(act="draft", case=number, fields=fields, texts=texts)


# --- the page -------------------------------------------------------------------------------------
def _page(seat: Seat, page: _Shown) -> HttpResponse:
    """Render a scheme; where what was typed is no scheme, the written one is measured and what
    was typed kept."""
    one = page.one
    body = manifest.scheme_body(page.raw)
    measured = manifest.scheme_of(body)
    fields = scheme_fields(page.form, page.raw, seat.language)
    may_draft = may(seat, page.file, "draft")
    drawn = tuple(fields) if may_draft else ()
    return seat.page(
        "assessment/scheme.html",
        "assessments",
        UNPROCESSABLE if page.wrong else 200,
        one=one,
        scheme=measured,
        why=[*page.form.complaints_elsewhere(drawn), *page.why],
        fields=fields,
        drawn=drawn,
        may_draft=may_draft,
        text=scheme_text(page.raw),
        opened=asks_whole(page.form),
        uid=uid_of(seat),
        state=state_words(page.file, seat.language),
        title=words_in(measured, seat.language),
        paper=words_in((measured.paper_zh, measured.paper_en), seat.language),
        unwritten=page.typed and not page.wrong and body != one.body,
        indicators=[_measured(seat, one, page.raw, fields) for one in measured.indicators],
        watches=[_watch_words(seat, watch) for watch in measured.watches],
        paid=_paid(seat, measured),
        shares=[str(int(100 * share)) for share in SHARES],
        whole=_whole(seat, one),
        **_found(seat, measured),
        **_steps_on(seat, page),
    )


def _found(seat: Seat, measured: Scheme) -> dict[str, Any]:
    """Return what the check of a scheme found, and whether that refuses it."""
    findings = lint(measured)
    return {
        "findings": [_finding_words(seat, measured, finding) for finding in findings],
        "refused": refused(findings),
    }


def _steps_on(seat: Seat, page: _Shown) -> dict[str, Any]:
    """Return what can be done with a scheme: its next acts, trying it, and drafting one like it."""
    case = page.one.case
    holder = seat.organ.pk if seat.organ else 0
    tries = case.holder_id == holder and bool(seat.capacities & TAKING_IN)
    return {
        "steps": _step_links(seat, page),
        "tries": tries,
        "again": tries and case.state not in ("drafted", "consulted"),
    }


def _step_links(seat: Seat, page: _Shown) -> list[Link]:
    """Return the acts this seat can do next with a scheme."""
    links = []
    for act in STEPS:
        if may(seat, page.file, act):
            words = headline(page.file.kind.acts[act], seat.language)
            links.append(Link(words, _step_href(page.one, act)))
    return links


def _whole(seat: Seat, one: Drafted) -> str:
    """Return the address of the file of a scheme, "" for whom it is only published to."""
    if find(seat.viewer, seat.today, one.case.number) is None:
        return ""
    return case_href(one.case.number)


def _step_href(one: Drafted, act: str) -> str:
    """Return where a step is taken; an approval names the text it approves, and as which body
    the organ does."""
    href = case_href(one.case.number, act)
    if act != "approve":
        return href
    kind = one.case.holder.kind if one.case.holder else ""
    query = urlencode({"digest": one.digest, "body": approves_as(kind)})
    return f"{href}?{query}"


# --- indicators and watches in words --------------------------------------------------------------
def _measured(seat: Seat, one: Indicator, raw: Mapping[str, Any], fields: SchemeFields) -> Measured:
    """Return an indicator in words, weight and floor as they were typed."""
    typed = _entry_of(raw, one.id)
    good = _outcomes(seat, one.numerator)
    if one.direction != HIGHER:
        good += _("（越少越好）")
    return Measured(
        id=one.id,
        title=words_in(one, seat.language),
        good=good,
        whole=_outcomes(seat, one.denominator),
        weight=str(typed.get("weight", one.weight)),
        floor=str(typed.get("floor", one.floor)),
        basis=f"{one.basis.law} {one.basis.article}" if one.basis else _("本地"),
        asks=fields.measures.get(one.id, ()),
    )


def _entry_of(raw: Mapping[str, Any], indicator: str) -> Raw:
    """Return the table of an indicator, an empty one where it has none."""
    entries: Sequence[Raw] = raw.get("indicator", ())
    for entry in entries:
        if entry.get("id") == indicator:
            return entry
    return {}


def _watch_words(seat: Seat, watch: Watch) -> tuple[str, str, str]:
    """Return a watch in words: its name, what it counts, out of what."""
    return (
        words_in(watch, seat.language),
        _selected(seat, watch.numerator),
        _selected(seat, watch.denominator),
    )


def _outcomes(seat: Seat, selector: Selector) -> str:
    """Return the outcomes a selector takes, in their usual order; "all" where it takes every
    one."""
    words = []
    for outcome in ORDER.get(selector.kind, selector.outcome):
        if outcome in selector.outcome:
            words.append(said_outcome(seat, selector.kind, outcome))
    return _("、").join(words) or _("全部")


def _selected(seat: Seat, selector: Selector) -> str:
    """Return what a watch counts, in words."""
    kind = str(KINDS.get(selector.kind, selector.kind))
    more = []
    if selector.outcome:
        more.append(_outcomes(seat, selector))
    for entered in selector.entered:
        more.append(said_entry(seat, entered))
    if selector.last_days:
        more.append(_("最后 %(last_days)s 日") % {"last_days": selector.last_days})
    if not more:
        return kind
    return kind + _("（") + pgettext("schemes", "，").join(more) + _("）")


# --- what the check finds, and what tricks would pay ----------------------------------------------
def _finding_words(seat: Seat, measured: Scheme, finding: Finding) -> tuple[bool, str, str, str]:
    """Return a finding in words: whether it refuses the scheme, what it is about, why, the
    mend."""
    return (
        finding.grade == REFUSE,
        _entry(seat, measured, finding),
        words_in(finding, seat.language),
        words_in((finding.mend_zh, finding.mend_en), seat.language),
    )


def _entry(seat: Seat, measured: Scheme, finding: Finding) -> str:
    """Return what a finding is about in words: an indicator, a trick, or the scheme as a whole."""
    for indicator in measured.indicators:
        if indicator.id == finding.entry:
            return words_in(indicator, seat.language)
    for gain in simulate(measured):
        if gain.trick == finding.entry:
            return words_in(gain, seat.language)
    return _("整个方案")


def _paid(seat: Seat, measured: Scheme) -> list[Paid]:
    """Return what each trick pays, the most profitable first."""
    tricks: dict[str, list[Gain]] = {}
    for gain in simulate(measured):
        tricks.setdefault(gain.trick, []).append(gain)
    rows = sorted(tricks.values(), key=_most_gained, reverse=True)
    return [_paid_by(seat, measured, gains) for gains in rows]


def _most_gained(gains: Iterable[Gain]) -> Decimal:
    """Return what a trick gains at the share of the load where it pays most."""
    return max(one.gain for one in gains)


def _paid_by(seat: Seat, measured: Scheme, gains: Sequence[Gain]) -> Paid:
    """Return what one trick pays at each share of the load."""
    least = measured.rounding.resolution
    names = {watch.id: words_in(watch, seat.language) for watch in measured.watches}
    watched = [names[watch] for watch in gains[0].watches]
    paid = []
    for one in gains:
        moves_a_total = one.gain >= least
        paid.append((f"{one.gain:+}", moves_a_total))
    return Paid(
        trick=words_in(gains[0], seat.language),
        gains=tuple(paid),
        watched=_("、").join(watched),
    )
