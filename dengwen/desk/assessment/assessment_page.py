"""One assessment at the desk: its scoreboard, what was decided in it, and what comes next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dengwen.assessment.frozen import manifest
from dengwen.assessment.frozen.freeze import Frozen, freeze, home
from dengwen.assessment.inputs import (
    ASSESSMENT,
    Assessment,
    Objected,
    Proposed,
    assessment_of,
    run_of,
)
from dengwen.assessment.interim_figures import facts_named, figures_of, position_of
from dengwen.cases import rulebooks
from dengwen.desk.assessment.assessments import assessing_organ, do_step
from dengwen.desk.assessment.board import boards, is_mine, organ_names, said_indicator
from dengwen.desk.assessment.circular import circular_part
from dengwen.desk.assessment.fact_lines import facts_in_words, said_outcome
from dengwen.desk.assessment.flags import compared_with, raised, unseen
from dengwen.desk.shell.act.act_refusals import UNPROCESSABLE
from dengwen.desk.shell.frame.seat import TAKING_IN, Seat, at_desk, case_href, uid_of
from dengwen.law.bilingual import headline
from dengwen.law.duties.step import FieldValue, Step
from dengwen.law.indicators.indicator import Scheme
from dengwen.oversight.statistics import newest_position
from dengwen.ui.components import Link
from dengwen.ui.form_fields import Word, form_of, read_day

PUBLIC = ("concluded",)
"""States in which an organ assessed reads the figures of others."""
NEXT_ACTS = {"opened": ("exclude",), "sent": ("take_back",), "concluded": ("transmit",)}
"""Acts that can be begun from the board, by the state of the assessment."""


def asked_one(seat: Seat, number: str) -> Assessment:
    """Return an assessment by indicators the wall lets this seat see; 404 for everything else."""
    assessing_organ(seat)
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
    mine = is_own(seat, one)
    frozen = _figures_for(seat, one)
    scheme = manifest.scheme_of(frozen.manifest["scheme"]["body"])
    names = organ_names(seat, one.organs)
    return seat.page(
        "assessment/board.html",
        "assessments",
        UNPROCESSABLE if why else 200,
        one=one,
        scheme=scheme,
        mine=mine,
        names=names,
        why=why,
        uid=uid_of(seat),
        case_href=case_href(one.case.number),
        download=frozen_href(seat, one),
        exclusions=_left_out(seat, one, scheme),
        objections=_objections(seat, one, scheme, frozen, names),
        effects=_effects(seat, scheme, frozen, names) if mine else [],
        **_made_from(frozen),
        **_flags(seat, scheme, frozen, names, shown=mine),
        **_ahead(seat, one),
        **boards(seat, frozen, scheme, hide=not mine, number=one.case.number),
    )


def _figures_for(seat: Seat, one: Assessment) -> Frozen:
    """Return the figures this seat may read: the assessor all, an organ only its own before the
    circular."""
    frozen = figures_of(one, newest_position())
    if is_own(seat, one) or one.case.state in PUBLIC:
        return frozen
    return _only_own(seat, frozen)


def _only_own(seat: Seat, frozen: Frozen) -> Frozen:
    """Return the figures of this seat's organ alone: before the circular nobody reads those of
    others."""

    def own(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
        return [row for row in rows if is_mine(seat, row["organ"])]

    said = dict(frozen.manifest)
    scores = dict(said["scores"])
    scores["figures"] = own(scores["figures"])
    scores["totals"] = own(scores["totals"])
    said["scores"] = scores
    said["population"] = own(said["population"])
    return replace(frozen, manifest=said)


def _made_from(frozen: Frozen) -> dict[str, Any]:
    """Return what the figures rest on: their digest, the ledger, and a scheme approved late."""
    return {
        "digest": frozen.digest,
        "ledger": frozen.manifest["ledger"],
        "afterwards": afterwards(frozen),
        "flags_past": compared_with(frozen.manifest),
    }


def _flags(
    seat: Seat, scheme: Scheme, frozen: Frozen, names: Mapping[int, str], *, shown: bool
) -> dict[str, Any]:
    """Return the flags of the organs, and where a trick could stay unseen; both are shown to the
    assessor alone."""
    said = frozen.manifest
    return {
        "shows_flags": shown,
        "flags": raised(seat, scheme, said, names if shown else {}),
        "unseen": unseen(scheme, said, names) if shown else [],
    }


def frozen_href(seat: Seat, one: Assessment) -> str:
    """Return where this seat downloads what was frozen: its own making, or about its organ; ""
    where nothing is."""
    about = seat.organ is not None and (is_own(seat, one) or seat.organ.pk in one.organs)
    if not about or one.case.state not in ("frozen", "concluded"):
        return ""
    if not (home(one.case.number) / manifest.NAME).is_file():
        return ""
    return reverse("desk:assessment_frozen", args=[one.case.number])


def afterwards(frozen: Frozen) -> date | None:
    """Return the day on which the scheme was approved, where that is after the period began;
    None where it is not."""
    said = frozen.manifest["assessment"]
    return date.fromisoformat(said["scheme_approved"]) if said.get("retroactive") else None


# --- what was decided -----------------------------------------------------------------------------
def _left_out(
    seat: Seat, one: Assessment, scheme: Scheme
) -> list[tuple[Proposed, str, str, list[Link]]]:
    """Return the exclusions of an own assessment: what is left out of which indicator, and what
    can be done."""
    if not is_own(seat, one):
        return []
    facts = facts_in_words(seat, one, [exclusion.fact for exclusion in one.exclusions])
    found = []
    for exclusion in one.exclusions:
        indicator = said_indicator(seat, scheme, exclusion.indicator)
        fact = facts.get(exclusion.fact, "")
        found.append((exclusion, indicator, fact, _exclusion_links(seat, one, exclusion)))
    return found


def _exclusion_links(seat: Seat, one: Assessment, exclusion: Proposed) -> list[Link]:
    """Return the acts still open on an exclusion: confirming it as a second person, and
    withdrawing it."""
    if exclusion.second or exclusion.withdrawn or one.case.state != "opened":
        return []
    links = []
    for act in ("confirm_exclusion", "withdraw_exclusion"):
        href = f"{case_href(one.case.number, act)}?number={exclusion.number}"
        links.append(Link(_act_words(seat, act), href))
    return links


def _objections(
    seat: Seat, one: Assessment, scheme: Scheme, frozen: Frozen, names: Mapping[int, str]
) -> list[tuple[Objected, str, str, str, str]]:
    """Return the objections this seat may read: the organ, the indicator, the corrected outcome,
    where to rule."""
    shown = _objections_read(seat, one)
    facts = facts_named(frozen, {objection.fact for objection in shown})
    found = []
    for objection in shown:
        fact = facts.get(objection.fact)
        kind = fact.kind if fact is not None else ""
        found.append(
            (
                objection,
                names.get(objection.organ, ""),
                said_indicator(seat, scheme, objection.indicator),
                said_outcome(seat, kind, objection.outcome),
                _ruling_href(seat, one, objection),
            )
        )
    return found


def _objections_read(seat: Seat, one: Assessment) -> list[Objected]:
    """Return the objections this seat reads: all for the assessor, its own for an organ."""
    if is_own(seat, one):
        return list(one.objections)
    return [objection for objection in one.objections if is_mine(seat, objection.organ)]


def _ruling_href(seat: Seat, one: Assessment, objection: Objected) -> str:
    """Return where an objection is ruled on; "" where it is, or where this seat does not rule."""
    if objection.ruling or one.case.state != "sent":
        return ""
    if not is_own(seat, one) or not seat.capacities & TAKING_IN:
        return ""
    return reverse("desk:assessment_ruling", args=[one.case.number, objection.number])


def _effects(
    seat: Seat, scheme: Scheme, frozen: Frozen, names: Mapping[int, str]
) -> list[tuple[str, str, str, str]]:
    """Return what the exclusions changed: the organ, the indicator, the share before and after."""
    found = []
    for effect in frozen.manifest["effects"]:
        found.append(
            (
                names.get(effect["organ"], ""),
                said_indicator(seat, scheme, effect["indicator"]),
                _share(effect["before"]),
                _share(effect["after"]),
            )
        )
    return found


def _share(integers: Iterable[int]) -> str:
    """Return numerator and denominator as people write them."""
    return "/".join(str(integer) for integer in integers)


# --- what comes next ------------------------------------------------------------------------------
def _ahead(seat: Seat, one: Assessment) -> dict[str, Any]:
    """Return what can be done from the board: answering, the next acts, freezing, circulating."""
    shown: dict[str, Any] = {
        "answer": _answer_link(seat, one),
        "may_freeze": "head" in seat.capacities,
        "window": "",
        "steps": [],
    }
    if not is_own(seat, one):
        return shown
    shown["steps"] = _steps(seat, one)
    if one.case.state == "sent":
        shown["window"] = _window_words(one)
    if one.case.state == "frozen" and seat.capacities & TAKING_IN:
        shown |= circular_part(seat)
    return shown


def _answer_link(seat: Seat, one: Assessment) -> Link | None:
    """Return where an organ assessed answers that it objects to nothing more, while it may and
    has not."""
    organ = seat.organ.pk if seat.organ else 0
    if one.case.state != "sent" or not _window_open(seat, one):
        return None
    if organ not in one.organs or organ in one.satisfied:
        return None
    return Link(_act_words(seat, "no_objection"), case_href(one.case.number, "no_objection"))


def _window_open(seat: Seat, one: Assessment) -> bool:
    """Say whether organs may still object today."""
    return one.object_by is not None and seat.today <= one.object_by


def _window_words(one: Assessment) -> str:
    """Return until when organs may object, and how many of them have said that they do not."""
    said = len(one.satisfied & set(one.organs))
    return _(
        "异议期到 %(object_by)s 为止；%(every)s 个被考核单位中 %(said)s 个已答复没有异议。期满或者全部答复以后才能冻结。"
    ) % {"object_by": one.object_by, "every": len(one.organs), "said": said}


def _steps(seat: Seat, one: Assessment) -> list[tuple[str, str]]:
    """Return the acts that can be begun from the board, each with what is known filled in."""
    found = []
    for act in NEXT_ACTS.get(one.case.state, ()):
        given = {}
        if act == "exclude":
            given["number"] = len(one.exclusions) + 1
        href = case_href(one.case.number, act)
        found.append((_act_words(seat, act), f"{href}?{urlencode(given)}"))
    return found


def _act_words(seat: Seat, act: str) -> str:
    """Return an act on an assessment in words, by the rules in force here."""
    place = seat.organ.division_code if seat.organ else ""
    installed = rulebooks.in_force(seat.today, place, seat.now)
    acts = installed.book.kind(ASSESSMENT).acts
    return headline(acts[act], seat.language)


def _next(seat: Seat, one: Assessment) -> HttpResponse:
    """Send the assessment to the organs, or freeze it: the figures come from here, never from a
    form."""
    back = reverse("desk:assessment", args=[one.case.number])
    form = form_of(seat.request, {"what": Word(), "object_by": Word()})
    what, until = form.value("what"), read_day(form.value("object_by"))
    if what == "send" and until:
        return _send(seat, one, until, back)
    if what == "freeze" and _may_freeze(seat, one):
        return _freeze(seat, one, back)
    messages.error(seat.request, _("这一步现在不能做：请核对日期、状态和由谁办理"))
    return redirect(back)


def _send(seat: Seat, one: Assessment, until: date, back: str) -> HttpResponse:
    """Send the assessment to the organs, with the last day for objections."""
    fields: dict[str, FieldValue] = {
        "object_by": until,
        "position": position_of(one, newest_position()),
    }
    return do_step(seat, Step(act="send", case=one.case.number, fields=fields), back)


def _may_freeze(seat: Seat, one: Assessment) -> bool:
    """Say whether the head of the assessor freezes an assessment that was sent."""
    return one.case.state == "sent" and "head" in seat.capacities and is_own(seat, one)


def _freeze(seat: Seat, one: Assessment, back: str) -> HttpResponse:
    """Freeze the figures, once the window for objections is over or every organ has answered."""
    if _window_open(seat, one) and not one.all_answered:
        return board_of(seat, one, [_window_words(one)])
    number = one.case.number
    run = run_of(one, position_of(one, newest_position()))
    made = freeze(run, home(number))
    fields: dict[str, FieldValue] = {
        "position": made.manifest["ledger"]["size"],
        "manifest": made.digest,
        "scores": made.manifest["scores_sha256"],
    }
    step = Step(act="freeze", case=number, fields=fields)
    return do_step(seat, step, back)
