"""Assessment at the desk: choose scheme and period, try, exclude, send, rule, freeze; each organ sees its cases."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_http_methods, require_safe

from dengwen.assessment import manifest
from dengwen.assessment.errors import AssessmentError
from dengwen.assessment.facts import group_words
from dengwen.assessment.freezing import Frozen, Run, freeze, home
from dengwen.assessment.inputs import ASSESSMENT, SCHEME, Assessment, Drafted, assessment_of, drafted, run_of
from dengwen.assessment.standing import behind, figures_of, months, position_of, row_of, trial
from dengwen.cases import rulebooks
from dengwen.cases.checking import Refused
from dengwen.cases.models import Case
from dengwen.cases.perform import perform
from dengwen.cases.wall import for_user
from dengwen.desk.scoreboard import intervals, trend
from dengwen.desk.seat import ASSESSING, TAKING_IN, Seat, at_desk, case_href, organ_name, uid_of
from dengwen.law.indicators import Scheme
from dengwen.law.indicators_reading import load_schemes
from dengwen.law.pack import read_toml
from dengwen.law.steps import FieldValue, Step
from dengwen.organs.models import Organ
from dengwen.oversight.statistics import newest_position

SMALLEST = 10
"""A figure of others below this is not shown, nor a rating of anybody (access model N6)."""
RATED = frozenset({"rating", "invitation"})
MOST_LISTED = 200
PUBLIC = ("concluded",)


def _asked(seat: Seat) -> Organ:
    if seat.organ is None or not seat.roles & ASSESSING:
        raise Http404
    return seat.organ


def _pair(seat: Seat, zh: str, en: str) -> str:
    return zh if seat.language == "zh" else en


@require_safe
@at_desk
def assessments(seat: Seat) -> HttpResponse:
    """List the assessments and schemes this organ makes or stands in, and what can be begun."""
    _asked(seat)
    cases = for_user(seat.viewer, seat.today).filter(kind__in=(SCHEME, ASSESSMENT)).order_by("-opened_on", "-number")
    book = rulebooks.in_force(seat.today, seat.organ.division_code if seat.organ else "", seat.now).book
    lines = []
    for case in cases:
        kind = book.kinds.get(case.kind)
        state = kind.states.get(case.state) if kind else None
        href = reverse("desk:assessment", args=[case.number]) if _by_indicators(case) else case_href(case.number)
        word = _pair(seat, state.zh, state.en) if state else case.state
        lines.append((case.title or case.number, href, case.number, case.opened_on, word, case.kind == SCHEME))
    begins = SCHEME in book.kinds and bool(seat.capacities & TAKING_IN)
    files = load_schemes(rulebooks.packs_folder()).values() if begins else ()
    return seat.page("assessments.html", "assessments", lines=lines, files=list(files), begins=begins)


def _by_indicators(case: Case) -> bool:
    if case.kind != ASSESSMENT:
        return False
    try:
        assessment_of(case)
    except LookupError:
        return False
    return True


@require_http_methods(["POST"])
@at_desk
def draft_scheme(seat: Seat) -> HttpResponse:
    """Draft a scheme from a scheme file of the installed packs."""
    _asked(seat)
    scheme = load_schemes(rulebooks.packs_folder()).get(seat.request.POST.get("scheme", ""))
    if scheme is None or not seat.capacities & TAKING_IN:
        raise Http404
    body = manifest.scheme_body(read_toml(rulebooks.packs_folder() / scheme.file))
    texts = {"subject": scheme.zh, "body": body}
    return _do(seat, Step(act="draft", kind=SCHEME, fields={"scheme": scheme.id, "digest": scheme.digest}, texts=texts),
               reverse("desk:assessments"))  # fmt: skip


def _do(seat: Seat, step: Step, back: str) -> HttpResponse:
    """Do a step and go on to its case; a refusal is said above the page it came from."""
    try:
        done = perform(step, by=seat.by, now=seat.now, uid=uid_of(seat))
    except Refused as refused:
        said = "；".join(_pair(seat, r.zh, r.en) for r in refused.reasons)
        messages.error(seat.request, said)
        return redirect(back)
    except AssessmentError as error:
        messages.error(seat.request, f"{_pair(seat, error.zh, error.en)}　{_pair(seat, error.mend_zh, error.mend_en)}")
        return redirect(back)
    by_board = step.kind == ASSESSMENT or step.act in ("send", "freeze")
    return redirect(reverse("desk:assessment", args=[done.case]) if by_board else case_href(done.case))


# --- choosing, and trying -----------------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def choose(seat: Seat) -> HttpResponse:
    """Choose a scheme and a period, see what it would give, and open the assessment."""
    organ = _asked(seat)
    if not seat.capacities & TAKING_IN:
        raise Http404
    said = seat.request.POST if seat.request.method == "POST" else seat.request.GET
    mine = for_user(seat.viewer, seat.today).filter(kind=SCHEME, holder=organ).exclude(state__in=("dropped", "ended"))
    schemes = [drafted(case) for case in mine.order_by("-opened_on", "number")]
    one = next((s for s in schemes if s.case.number == said.get("scheme")), None)
    days = [_day(said.get(name, "")) for name in ("first", "last")]
    if seat.request.method == "POST" and one is not None and days[0] and days[1]:
        return _open(seat, one, days[0], days[1])
    shown: dict[str, Any] = {}
    if one is not None and days[0] and days[1] and days[0] <= days[1] <= seat.today:
        shown = _tried(seat, one, days[0], days[1])
    return seat.page("assessment_choose.html", "assessments", schemes=schemes, chosen=one, uid=uid_of(seat),
                     first=said.get("first", ""), last=said.get("last", ""), **shown)  # fmt: skip


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _organs(frozen: Frozen) -> tuple[int, ...]:
    return tuple(o["organ"] for o in frozen.manifest["population"])


def _tried(seat: Seat, one: Drafted, first: date, last: date) -> dict[str, Any]:
    try:
        frozen = trial(Run(one.body, first, last, newest_position()))
    except AssessmentError as error:
        return {"trouble": _pair(seat, error.zh, error.en)}
    scheme = manifest.scheme_of(one.body)
    ready = one.case.state == "in_force" and one.covers(first, last)
    return {**_board(seat, frozen, scheme, hide=False), "tried": True, "ready": ready, "scheme": scheme}


def _open(seat: Seat, one: Drafted, first: date, last: date) -> HttpResponse:
    frozen = trial(Run(one.body, first, last, newest_position()))
    fields: dict[str, FieldValue] = {
        "first": first, "last": last, "scheme": one.case.number, "digest": one.digest, "organs": _organs(frozen),
    }  # fmt: skip
    texts = {"subject": f"{first.isoformat()} 至 {last.isoformat()} 考核"}
    back = f"{reverse('desk:assessment_choose')}?{urlencode({'scheme': one.case.number, 'first': first, 'last': last})}"
    return _do(seat, Step(act="open", kind=ASSESSMENT, fields=fields, texts=texts), back)


# --- the scoreboard -----------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Cell:
    """One figure of the board, with what is to be said of it."""

    head: str
    text: str
    note: str
    small: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One organ on the board."""

    name: str
    href: str
    total: str
    interval: str
    rank: str
    cells: tuple[Cell, ...]


def _one(seat: Seat, number: str) -> Assessment:
    _asked(seat)
    case = seat.case(number)
    if case.kind != ASSESSMENT:
        raise Http404
    try:
        return assessment_of(case)
    except LookupError:
        raise Http404 from None


def _own(seat: Seat, one: Assessment) -> bool:
    return seat.organ is not None and one.case.holder_id == seat.organ.pk


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def board(seat: Seat, number: str) -> HttpResponse:
    """Show the scoreboard of an assessment, what was decided in it and what comes next; send or freeze it."""
    one = _one(seat, number)
    if seat.request.method == "POST":
        return _next(seat, one)
    frozen = figures_of(one, newest_position())
    scheme = manifest.scheme_of(frozen.manifest["scheme"]["body"])
    mine = _own(seat, one)
    if not mine and one.case.state not in PUBLIC:
        frozen = _only(seat, frozen)
    names = dict(Organ.objects.filter(pk__in=one.organs).values_list("pk", "name_zh"))
    return seat.page(
        "assessment.html", "assessments", one=one, scheme=scheme, digest=frozen.digest, mine=mine, uid=uid_of(seat),
        ledger=frozen.manifest["ledger"], effects=_effects(frozen, names, scheme, seat) if mine else [],
        objections=[(o, names.get(o.organ, "")) for o in one.objections if mine or _mine(seat, o.organ)],
        case_href=case_href(number), steps=_steps(seat, one, frozen) if mine else [], names=names,
        **_board(seat, frozen, scheme, hide=not mine, number=number),
    )  # fmt: skip


def _mine(seat: Seat, organ: int) -> bool:
    return seat.organ is not None and seat.organ.pk == organ


def _only(seat: Seat, frozen: Frozen) -> Frozen:
    """Return the figures of this seat's organ alone: before the circular nobody reads those of others."""
    said = dict(frozen.manifest)
    scores = dict(said["scores"])
    for part in ("figures", "totals"):
        scores[part] = [r for r in scores[part] if _mine(seat, r["organ"])]
    said |= {"scores": scores, "population": [o for o in said["population"] if _mine(seat, o["organ"])]}
    return replace(frozen, manifest=said)


def _next(seat: Seat, one: Assessment) -> HttpResponse:
    """Send the assessment to the organs, or freeze it: the figures come from here, never from a form."""
    number, what = one.case.number, seat.request.POST.get("what", "")
    back = reverse("desk:assessment", args=[number])
    if what == "send" and (until := _day(seat.request.POST.get("object_by", ""))):
        position = position_of(one, newest_position())
        return _do(seat, Step(act="send", case=number, fields={"object_by": until, "position": position}), back)
    if what == "freeze" and one.case.state == "sent" and "head" in seat.capacities and _own(seat, one):
        made = freeze(run_of(one, position_of(one, newest_position())), home(number))
        fields: dict[str, FieldValue] = {
            "position": made.manifest["ledger"]["size"], "manifest": made.digest,
            "scores": made.manifest["scores_sha256"],
        }  # fmt: skip
        return _do(seat, Step(act="freeze", case=number, fields=fields), back)
    zh, en = "这一步现在不能做：请核对日期、状态和由谁办理", "not possible now: check day, state and who acts"
    messages.error(seat.request, _pair(seat, zh, en))
    return redirect(back)


def _steps(seat: Seat, one: Assessment, frozen: Frozen) -> list[tuple[str, str]]:
    """Return the acts that can be begun from the board, each with what is known filled in."""
    number, state = one.case.number, one.case.state
    ahead = {"opened": ("exclude", "confirm_exclusion", "withdraw_exclusion"),
             "sent": ("exclude", "confirm_exclusion", "withdraw_exclusion", "rule"), "frozen": ("conclude",),
             "concluded": ("transmit",)}.get(state, ())  # fmt: skip
    place = seat.organ.division_code if seat.organ else ""
    kind = rulebooks.in_force(seat.today, place, seat.now).book.kind(ASSESSMENT)
    given: dict[str, dict[str, object]] = {
        "exclude": {"number": len(one.exclusions) + 1},
        "conclude": {"first": one.first, "last": one.last, "manifest": frozen.digest,
                     "subject": f"{len(one.organs)} 个机关、单位", "result": f"见考核清单，SHA-256 {frozen.digest}"},
    }  # fmt: skip
    return [
        (_pair(seat, kind.acts[a].zh, kind.acts[a].en), f"{case_href(number, a)}?{urlencode(given.get(a, {}))}")
        for a in ahead
    ]  # fmt: skip


def _effects(frozen: Frozen, names: dict[int, str], scheme: Scheme, seat: Seat) -> list[tuple[str, str, str, str]]:
    return [
        (names.get(e["organ"], ""), _said(seat, scheme, e["indicator"]), "/".join(map(str, e["before"])),
         "/".join(map(str, e["after"])))
        for e in frozen.manifest["effects"]
    ]  # fmt: skip


def _said(seat: Seat, scheme: Scheme, indicator: str) -> str:
    one = scheme.indicator(indicator)
    return _pair(seat, one.zh, one.en)


def _board(seat: Seat, frozen: Frozen, scheme: Scheme, *, hide: bool, number: str = "") -> dict[str, Any]:
    """Return the rows of the board by group, the picture of each, and the heads of the columns."""
    said = frozen.manifest
    organs = {o.pk: o for o in Organ.objects.filter(pk__in=[o["organ"] for o in said["population"]])}
    figures: dict[int, list[dict[str, Any]]] = {}
    for row in said["scores"]["figures"]:
        figures.setdefault(row["organ"], []).append(row)
    groups: dict[str, list[Row]] = {}
    drawn: dict[str, list[tuple[str, Decimal, Decimal, Decimal]]] = {}
    for total in sorted(said["scores"]["totals"], key=lambda t: (t["rank"] is None, t["rank"] or 0, t["organ"])):
        organ = organs[total["organ"]]
        name = organ_name(organ, seat.language)
        few = hide and not _mine(seat, organ.pk)
        cells = tuple(_cell(seat, scheme, f, hide=few) for f in figures.get(organ.pk, ()))
        href = reverse("desk:assessment_organ", args=[number, organ.code]) if number else ""
        rank = str(total["rank"]) if total["rank"] else _pair(seat, "不排名", "not ranked")
        interval = f"{total['low']}–{total['high']}" if total["low"] else "—"
        group = _group(seat, scheme, total["group"])
        groups.setdefault(group, []).append(Row(name, href, total["total"] or "—", interval, rank, cells))
        if total["total"]:
            line = (name, Decimal(total["low"]), Decimal(total["total"]), Decimal(total["high"]))
            drawn.setdefault(group, []).append(line)
    said_words = (_pair(seat, "总分和区间", "totals with intervals"),
                  _pair(seat, "数字在下面的表里", "the figures are in the table below"))  # fmt: skip
    charts = {g: mark_safe(intervals(rows, said_words)) for g, rows in drawn.items()}  # noqa: S308  # our own SVG
    heads = [_said(seat, scheme, i.id) for i in sorted(scheme.indicators, key=lambda i: i.id)]
    return {"groups": [(g, rows, charts.get(g, "")) for g, rows in groups.items()], "heads": heads}


def _group(seat: Seat, scheme: Scheme, group: str) -> str:
    for name, zh, en in scheme.groups:
        if name == group:
            return _pair(seat, zh, en)
    return group_words(group, zh=seat.language == "zh")


def _cell(seat: Seat, scheme: Scheme, row: dict[str, Any], *, hide: bool) -> Cell:
    rated = scheme.indicator(row["indicator"]).denominator.kind in RATED
    head = _said(seat, scheme, row["indicator"])
    if not row["denominator"]:
        return Cell(head, "—", "", small=True)
    if (hide or rated) and row["denominator"] < SMALLEST:
        return Cell(head, _pair(seat, "少于 10", "fewer than 10"), "", small=True)
    notes = [f"{row['numerator']}/{row['denominator']}"]
    if row["late_denominator"]:
        notes.append(_pair(seat, f"补录 {row['late_denominator']}", f"entered late {row['late_denominator']}"))
    if row["imported_denominator"]:
        brought = row["imported_denominator"]
        notes.append(_pair(seat, f"历史导入 {brought}", f"imported {brought}"))
    if row["saturated"]:
        notes.append(_pair(seat, "已无区分", "saturated"))
    if row["standing"] == "small":
        notes.append(_pair(seat, "数量少，不排名", "small number, not ranked"))
    text = f"{row['points']} [{row['low']}–{row['high']}]"
    return Cell(head, text, "　".join(notes), small=row["standing"] != "ranked")


# --- one organ ----------------------------------------------------------------------------------------------------
@require_safe
@at_desk
def organ_figures(seat: Seat, number: str, code: str) -> HttpResponse:
    """Show the figures of an organ and, for itself and the assessor, the cases behind each, through the wall."""
    one = _one(seat, number)
    organ = Organ.objects.filter(code=code, pk__in=one.organs).first()
    if organ is None or not (_own(seat, one) or _mine(seat, organ.pk)):
        raise Http404
    frozen = figures_of(one, newest_position())
    scheme, period = manifest.scheme_of(frozen.manifest["scheme"]["body"]), manifest.period_of(frozen.manifest)
    visible = for_user(seat.viewer, seat.today).filter(protected=False)
    sections = []
    for indicator in scheme.indicators:
        if indicator.denominator.kind in RATED:
            continue
        facts = list(behind(frozen, organ.pk, indicator, period))
        numbers = dict(visible.filter(pk__in={f.case for f, _ in facts[:MOST_LISTED]}).values_list("pk", "number"))
        lines = [
            (f, good, numbers.get(f.case, ""), case_href(numbers[f.case]) if f.case in numbers else "",
             _objecting(seat, one, organ, f.id, indicator.id))
            for f, good in facts[:MOST_LISTED]
        ]  # fmt: skip
        sections.append((_pair(seat, indicator.zh, indicator.en), len(facts), lines))
    by_month = months(frozen, organ.pk)
    words = (_pair(seat, "按月按期办结", "concluded in time by month"),
             _pair(seat, "数字在表里", "the figures are in the table"))  # fmt: skip
    return seat.page(
        "assessment_organ.html", "assessments", one=one, name=organ_name(organ, seat.language), sections=sections,
        total=row_of(frozen.manifest, organ.pk), back=reverse("desk:assessment", args=[number]),
        by_month=[(m, good, every) for m, (good, every) in by_month.items()],
        chart=mark_safe(trend(by_month, words)) if by_month else "",  # noqa: S308  # our own SVG
    )  # fmt: skip


def _objecting(seat: Seat, one: Assessment, organ: Organ, fact: int, indicator: str) -> str:
    """Return where this organ objects to a fact, or the assessor proposes to leave it out, "" where neither is open."""
    if _mine(seat, organ.pk) and one.case.state == "sent":
        query = {"objection": len(one.objections) + 1, "fact": fact, "indicator": indicator}
        return f"{case_href(one.case.number, 'object')}?{urlencode(query)}"
    if _own(seat, one) and one.case.state in ("opened", "sent"):
        query = {"number": len(one.exclusions) + 1, "fact": fact, "indicator": indicator}
        return f"{case_href(one.case.number, 'exclude')}?{urlencode(query)}"
    return ""


