"""Assessment at the desk: choose scheme and period, try, exclude, send, rule, freeze; each organ
sees its cases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from dengwen.assessment.errors import AssessmentError
from dengwen.assessment.facts.fact_words import outcome_words
from dengwen.assessment.frozen import manifest
from dengwen.assessment.frozen.freeze import Frozen, Run, freeze, home
from dengwen.assessment.inputs import (
    ASSESSMENT,
    SCHEME,
    Assessment,
    Drafted,
    Objected,
    Proposed,
    assessment_of,
    drafted,
    published,
    run_of,
)
from dengwen.assessment.interim_figures import facts_named, figures_of, position_of, trial
from dengwen.cases import rulebooks
from dengwen.cases.models import Case
from dengwen.cases.wall.visibility import among, for_user
from dengwen.desk.assessment.board import boards, is_mine, said_indicator
from dengwen.desk.assessment.circular import circular_part
from dengwen.desk.assessment.fact_lines import told
from dengwen.desk.assessment.flags import compared_with, raised, unseen
from dengwen.desk.shell.act.act_refusals import UNPROCESSABLE
from dengwen.desk.shell.act.submit import write
from dengwen.desk.shell.frame.seat import (
    ASSESSING,
    TAKING_IN,
    Seat,
    at_desk,
    case_href,
    organ_name,
    uid_of,
)
from dengwen.law.bilingual import headline, words_in
from dengwen.law.duties.step import FieldValue, Step
from dengwen.law.indicators.indicator import Scheme
from dengwen.law.indicators.scheme_file import load_schemes
from dengwen.law.packs.pack import read_toml
from dengwen.organs.models import Organ
from dengwen.oversight.statistics import newest_position
from dengwen.ui.components import Link

PUBLIC = ("concluded",)


def _asked(seat: Seat) -> Organ:
    if seat.organ is None or not seat.roles & ASSESSING:
        raise Http404
    return seat.organ


@require_safe
@at_desk
def assessments(seat: Seat) -> HttpResponse:
    """List the assessments and schemes this organ makes or stands in, and what can be begun."""
    organ, known = (
        _asked(seat),
        for_user(seat.viewer, seat.today).filter(kind__in=(SCHEME, ASSESSMENT)),
    )
    public = published(organ).exclude(among(known, "pk"))
    cases = sorted([*known, *public], key=lambda c: (c.opened_on, c.number), reverse=True)
    book = rulebooks.in_force(
        seat.today, seat.organ.division_code if seat.organ else "", seat.now
    ).book
    lines = []
    for case in cases:
        kind = book.kinds.get(case.kind)
        state = kind.states.get(case.state) if kind else None
        page = "desk:scheme" if case.kind == SCHEME else "desk:assessment"
        own_page = case.kind == SCHEME or _by_indicators(case)
        href = reverse(page, args=[case.number]) if own_page else case_href(case.number)
        word = words_in(state, seat.language) if state else case.state
        title = named(seat, drafted(case)) if case.kind == SCHEME else seat.title(case)
        lines.append(
            (title or case.number, href, case.number, case.opened_on, word, case.kind == SCHEME)
        )
    begins = SCHEME in book.kinds and bool(seat.capacities & TAKING_IN)
    files = load_schemes(rulebooks.packs_folder()).values() if begins else ()
    return seat.page(
        "assessment/assessments.html", "assessments", lines=lines, files=list(files), begins=begins
    )


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
    """Draft a scheme from a scheme file of the installed packs, or like one of the organ that is
    drafted no more."""
    organ, post = _asked(seat), seat.request.POST
    if not seat.capacities & TAKING_IN:
        raise Http404
    if like := post.get("like"):
        case = seat.case(like)
        if case.kind != SCHEME or case.holder_id != organ.pk:
            raise Http404
        body = drafted(case).body
    else:
        known = load_schemes(rulebooks.packs_folder()).get(post.get("scheme", ""))
        if known is None:
            raise Http404
        body = manifest.scheme_body(read_toml(rulebooks.packs_folder() / known.file))
    scheme = manifest.scheme_of(body)
    texts = {"subject": scheme.zh, "body": body}
    return _do(
        seat,
        Step(
            act="draft",
            kind=SCHEME,
            fields={"scheme": scheme.id, "digest": scheme.digest},
            texts=texts,
        ),
        reverse("desk:assessments"),
    )


def _do(seat: Seat, step: Step, back: str) -> HttpResponse:
    """Do a step and go on to its case; a refusal is said above the page it came from."""

    def again(why: Sequence[str]) -> HttpResponse:
        messages.error(seat.request, _("；").join(why))
        return redirect(back)

    def onward(number: str) -> str:
        if step.kind == SCHEME:
            return reverse("desk:scheme", args=[number])
        by_board = step.kind == ASSESSMENT or step.act in ("send", "freeze")
        return reverse("desk:assessment", args=[number]) if by_board else case_href(number)

    return write(seat, [step], again, onward)


# --- choosing, and trying -------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def choose(seat: Seat) -> HttpResponse:
    """Choose a scheme and a period, see what it would give, and open the assessment."""
    organ = _asked(seat)
    if not seat.capacities & TAKING_IN:
        raise Http404
    said = seat.request.POST if seat.request.method == "POST" else seat.request.GET
    mine = (
        for_user(seat.viewer, seat.today)
        .filter(kind=SCHEME, holder=organ)
        .exclude(state__in=("dropped", "ended"))
    )
    schemes = [drafted(case) for case in mine.order_by("-opened_on", "number")]
    one = next((s for s in schemes if s.case.number == said.get("scheme")), None)
    days = [day_of(said.get(name, "")) for name in ("first", "last")]
    if seat.request.method == "POST" and one is not None and days[0] and days[1]:
        return _open(seat, one, days[0], days[1])
    shown: dict[str, Any] = {}
    if one is not None and days[0] and days[1] and days[0] <= days[1] <= seat.today:
        shown = _tried(seat, one, days[0], days[1])
    listed = [Named(s, named(seat, s)) for s in schemes]
    return seat.page(
        "assessment/choose.html",
        "assessments",
        schemes=listed,
        chosen=one,
        uid=uid_of(seat),
        first=said.get("first", ""),
        last=said.get("last", ""),
        **shown,
    )


@dataclass(frozen=True, slots=True)
class Named:
    """A scheme to choose from, under the name its newest draft bears."""

    drafted: Drafted
    name: str

    @property
    def case(self) -> Case:
        """The case of the scheme."""
        return self.drafted.case


def named(seat: Seat, one: Drafted) -> str:
    """Return the name of a scheme with its edition, in the language of the page."""
    scheme = manifest.scheme_of(one.body)
    return f"{headline(scheme, seat.language)} {scheme.edition}"


def day_of(text: str) -> date | None:
    """Return the day a field of a form names, None where it is none."""
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
        return {"trouble": words_in(error, seat.language)}
    scheme = manifest.scheme_of(one.body)
    ready = one.case.state == "in_force" and one.covers(first, last)
    return {
        **boards(seat, frozen, scheme, hide=False),
        "tried": True,
        "ready": ready,
        "scheme": scheme,
        "afterwards": one.approved if one.approved and one.approved > first else None,
    }


def _open(seat: Seat, one: Drafted, first: date, last: date) -> HttpResponse:
    frozen = trial(Run(one.body, first, last, newest_position()))
    fields: dict[str, FieldValue] = {
        "first": first,
        "last": last,
        "scheme": one.case.number,
        "digest": one.digest,
        "organs": _organs(frozen),
    }
    texts = {"subject": f"{first.isoformat()} 至 {last.isoformat()} 考核"}
    back = (
        f"{reverse('desk:assessment_choose')}"
        f"?{urlencode({'scheme': one.case.number, 'first': first, 'last': last})}"
    )
    return _do(seat, Step(act="open", kind=ASSESSMENT, fields=fields, texts=texts), back)


# --- the scoreboard -------------------------------------------------------------------------------
def asked_one(seat: Seat, number: str) -> Assessment:
    """Return an assessment by indicators the wall lets this seat see; 404 for everything else."""
    _asked(seat)
    case = seat.case(number)
    if case.kind != ASSESSMENT:
        raise Http404
    try:
        return assessment_of(case)
    except LookupError:
        raise Http404 from None


def is_own(seat: Seat, one: Assessment) -> bool:
    """Say whether this seat's organ makes the assessment."""
    return seat.organ is not None and one.case.holder_id == seat.organ.pk


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def board(seat: Seat, number: str) -> HttpResponse:
    """Show the scoreboard of an assessment, what was decided in it and what comes next; send or
    freeze it."""
    one = asked_one(seat, number)
    if seat.request.method == "POST":
        return _next(seat, one)
    return board_of(seat, one)


def board_of(seat: Seat, one: Assessment, why: Sequence[str] = ()) -> HttpResponse:
    """Render the board of an assessment, with the reasons of what was just refused."""
    frozen = figures_of(one, newest_position())
    scheme = manifest.scheme_of(frozen.manifest["scheme"]["body"])
    mine = is_own(seat, one)
    if not mine and one.case.state not in PUBLIC:
        frozen = _only(seat, frozen)
    names = {o.pk: organ_name(o, seat.language) for o in Organ.objects.filter(pk__in=one.organs)}
    ends = (
        circular_part(seat)
        if mine and one.case.state == "frozen" and seat.capacities & TAKING_IN
        else {}
    )
    return seat.page(
        "assessment/board.html",
        "assessments",
        UNPROCESSABLE if why else 200,
        one=one,
        scheme=scheme,
        digest=frozen.digest,
        mine=mine,
        window=_window_words(one) if mine and one.case.state == "sent" else "",
        uid=uid_of(seat),
        answer=_answering(seat, one),
        afterwards=afterwards(frozen),
        ledger=frozen.manifest["ledger"],
        why=why,
        may_freeze="head" in seat.capacities,
        download=frozen_href(seat, one),
        effects=_effects(frozen, names, scheme, seat) if mine else [],
        exclusions=_left_out(seat, one, scheme),
        objections=_objections(seat, one, scheme, frozen, names),
        case_href=case_href(one.case.number),
        steps=_steps(seat, one) if mine else [],
        names=names,
        shows_flags=mine,
        flags_past=compared_with(frozen.manifest),
        flags=raised(seat, scheme, frozen.manifest, names) if mine else [],
        unseen=unseen(seat, scheme, frozen.manifest, names) if mine else [],
        **ends,
        **boards(seat, frozen, scheme, hide=not mine, number=one.case.number),
    )


def _answering(seat: Seat, one: Assessment) -> Link | None:
    """Return where an organ assessed answers that it objects to nothing more, while it may and
    has not."""
    organ = seat.organ.pk if seat.organ else 0
    open_to = one.case.state == "sent" and one.object_by is not None and seat.today <= one.object_by
    if not open_to or organ not in one.organs or organ in one.satisfied:
        return None
    return Link(_act_words(seat, "no_objection"), case_href(one.case.number, "no_objection"))


def frozen_href(seat: Seat, one: Assessment) -> str:
    """Return where this seat downloads what was frozen: its own making, or about its organ; ""
    where nothing is."""
    about = seat.organ is not None and (is_own(seat, one) or seat.organ.pk in one.organs)
    held = (
        one.case.state in ("frozen", "concluded")
        and (home(one.case.number) / manifest.NAME).is_file()
    )
    return reverse("desk:assessment_frozen", args=[one.case.number]) if about and held else ""


def _left_out(
    seat: Seat, one: Assessment, scheme: Scheme
) -> list[tuple[Proposed, str, str, list[Link]]]:
    """Return the exclusions of an own assessment: what is left out of which indicator, and what
    can be done."""
    if not is_own(seat, one):
        return []
    facts, found = told(seat, one, [e.fact for e in one.exclusions]), []
    for e in one.exclusions:
        what = facts.get(e.fact, "")
        ahead = (
            []
            if e.second or e.withdrawn or one.case.state != "opened"
            else ("confirm_exclusion", "withdraw_exclusion")
        )
        links = [
            Link(_act_words(seat, a), f"{case_href(one.case.number, a)}?number={e.number}")
            for a in ahead
        ]
        found.append((e, said_indicator(seat, scheme, e.indicator), what, links))
    return found


def _objections(
    seat: Seat, one: Assessment, scheme: Scheme, frozen: Frozen, names: dict[int, str]
) -> list[tuple[Objected, str, str, str, str]]:
    """Return the objections this seat may read: the organ, the indicator, the corrected outcome,
    where to rule."""
    own = is_own(seat, one)
    shown = [o for o in one.objections if own or is_mine(seat, o.organ)]
    facts, chinese = facts_named(frozen, {o.fact for o in shown}), seat.language == "zh"
    rules = own and one.case.state == "sent" and bool(seat.capacities & TAKING_IN)
    found = []
    for o in shown:
        kind = facts[o.fact].kind if o.fact in facts else ""
        href = (
            reverse("desk:assessment_ruling", args=[one.case.number, o.number])
            if rules and not o.ruling
            else ""
        )
        words = outcome_words(kind, o.outcome, zh=chinese)
        found.append(
            (o, names.get(o.organ, ""), said_indicator(seat, scheme, o.indicator), words, href)
        )
    return found


def _act_words(seat: Seat, act: str) -> str:
    place = seat.organ.division_code if seat.organ else ""
    rule = rulebooks.in_force(seat.today, place, seat.now).book.kind(ASSESSMENT).acts[act]
    return headline(rule, seat.language)


def _only(seat: Seat, frozen: Frozen) -> Frozen:
    """Return the figures of this seat's organ alone: before the circular nobody reads those of
    others."""
    said = dict(frozen.manifest)
    scores = dict(said["scores"])
    for part in ("figures", "totals"):
        scores[part] = [r for r in scores[part] if is_mine(seat, r["organ"])]
    said |= {
        "scores": scores,
        "population": [o for o in said["population"] if is_mine(seat, o["organ"])],
    }
    return replace(frozen, manifest=said)


def _next(seat: Seat, one: Assessment) -> HttpResponse:
    """Send the assessment to the organs, or freeze it: the figures come from here, never from a
    form."""
    number, what = one.case.number, seat.request.POST.get("what", "")
    back = reverse("desk:assessment", args=[number])
    if what == "send" and (until := day_of(seat.request.POST.get("object_by", ""))):
        position = position_of(one, newest_position())
        return _do(
            seat,
            Step(act="send", case=number, fields={"object_by": until, "position": position}),
            back,
        )
    if (
        what == "freeze"
        and one.case.state == "sent"
        and "head" in seat.capacities
        and is_own(seat, one)
    ):
        if one.object_by is not None and seat.today <= one.object_by and not one.all_answered:
            return board_of(seat, one, [_window_words(one)])
        made = freeze(run_of(one, position_of(one, newest_position())), home(number))
        fields: dict[str, FieldValue] = {
            "position": made.manifest["ledger"]["size"],
            "manifest": made.digest,
            "scores": made.manifest["scores_sha256"],
        }
        return _do(seat, Step(act="freeze", case=number, fields=fields), back)
    words = (
        "这一步现在不能做：请核对日期、状态和由谁办理",
        "not possible now: check day, state and who acts",
    )
    messages.error(seat.request, words_in(words, seat.language))
    return redirect(back)


def afterwards(frozen: Frozen) -> date | None:
    """Return the day on which the scheme was approved, where that is after the period began;
    None where it is not."""
    said = frozen.manifest["assessment"]
    return date.fromisoformat(said["scheme_approved"]) if said.get("retroactive") else None


def _window_words(one: Assessment) -> str:
    """Return until when organs may object, and how many of them have said that they do not."""
    said, every = len(one.satisfied & set(one.organs)), len(one.organs)
    return _(
        "异议期到 %(object_by)s 为止；%(every)s 个被考核单位中 %(said)s 个已答复没有异议。期满或者全部答复以后才能冻结。"
    ) % {"object_by": one.object_by, "every": every, "said": said}


def _steps(seat: Seat, one: Assessment) -> list[tuple[str, str]]:
    """Return the acts that can be begun from the board, each with what is known filled in."""
    number, state = one.case.number, one.case.state
    ahead = {"opened": ("exclude",), "sent": ("take_back",), "concluded": ("transmit",)}.get(
        state, ()
    )
    given = {"exclude": {"number": len(one.exclusions) + 1}}
    return [
        (_act_words(seat, a), f"{case_href(number, a)}?{urlencode(given.get(a, {}))}")
        for a in ahead
    ]


def _effects(
    frozen: Frozen, names: dict[int, str], scheme: Scheme, seat: Seat
) -> list[tuple[str, str, str, str]]:
    return [
        (
            names.get(e["organ"], ""),
            said_indicator(seat, scheme, e["indicator"]),
            "/".join(map(str, e["before"])),
            "/".join(map(str, e["after"])),
        )
        for e in frozen.manifest["effects"]
    ]
