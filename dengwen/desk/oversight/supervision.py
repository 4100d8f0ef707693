"""Supervision from the breach list (journey 7): an order in two clicks from a line, reminders
with previews."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from dengwen.cases.read.case_view import CaseFile, blank_file, cited
from dengwen.cases.wall.visibility import for_user
from dengwen.cases.write.perform import Call, perform_many
from dengwen.desk.shell.act.act_page import Way, answer
from dengwen.desk.shell.act.act_refusals import as_reason
from dengwen.desk.shell.act.forms import read_day
from dengwen.desk.shell.frame.seat import SUPERVISORS, TAKING_IN, Seat, at_desk, organ_name, uid_of
from dengwen.desk.shell.worklist.duty_pages import page_of
from dengwen.documents.document_words import wording_of
from dengwen.documents.headings import heading
from dengwen.law.bilingual import headline, words_in
from dengwen.law.packs.rules import ActRule
from dengwen.organs.models import Official, Organ
from dengwen.organs.structure.relations import in_system_of
from dengwen.oversight.supervision_letters import (
    KIND,
    LateLine,
    find_line,
    given_for,
    late_duties,
    letter_step,
    lines_of,
    writable,
)

MOST_LETTERS = 20
"""Letters of one batch: as many as the breach list shows on a page."""
CARRIED = ("defect", "demand")


def may_supervise(seat: Seat) -> bool:
    """Say whether somebody at this seat can send letters: a supervisor of a petition department
    or a system."""
    return (
        seat.organ is not None
        and bool(seat.roles & SUPERVISORS)
        and bool(seat.capacities & TAKING_IN)
    )


def letter_act(seat: Seat, file: CaseFile, holder: Organ | None, wanted: str) -> ActRule | None:
    """Return the act by which this organ writes to `holder`: an order or reminder, or an urging
    down the own system."""
    if seat.organ is None:
        return None
    if seat.organ.is_petition_office:
        return file.kind.acts.get(wanted)
    below = holder is not None and in_system_of(holder, seat.organ.pk, seat.today)
    return file.kind.acts.get("urge") if below else None


def _file(seat: Seat) -> CaseFile:
    return blank_file(KIND, seat.organ.division_code if seat.organ else "", seat.now)


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def order(seat: Seat) -> HttpResponse:
    """Ask for an order with the model text filled in from a line of the breach list, or send it."""
    line = find_line(for_user(seat.viewer, seat.today), seat.request.GET.get("line", ""))
    if line is None or not may_supervise(seat):
        raise Http404
    file = _file(seat)
    rule = letter_act(seat, file, Organ.objects.filter(pk=line.row.holder_id or 0).first(), "order")
    if rule is None:
        raise Http404
    way = Way(reverse("desk:breaches"), f"{_('逾期')} {line.row.case.number}", kind=KIND)
    return answer(seat, file, rule, way, given_for(line, seat.organ, seat.today))


# --- batches --------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Preview:
    """One letter of a batch as it will go out."""

    key: str
    to: str
    leader: str
    subject: str
    opening: str
    parts: tuple[tuple[str, str], ...]
    given: dict[str, str]


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def reminders(seat: Seat) -> HttpResponse:
    """Show every letter of a batch before it goes, or send them all; one that is refused does
    not hold the others."""
    if not may_supervise(seat):
        raise Http404
    asked = seat.request.POST if seat.request.method == "POST" else seat.request.GET
    lines = _chosen(seat, asked.getlist("line"), everyone="all" in asked)
    reply_by = read_day(asked.get("reply_by", ""))
    file = _file(seat)
    letters = [(line, rule) for line in lines if (rule := _reminder(seat, file, line)) is not None]
    previews = [_preview(seat, file, line, rule, reply_by) for line, rule in letters]
    if (
        seat.request.method == "POST"
        and "send" in asked
        and previews
        and all("reply_by" in p.given for p in previews)
    ):
        return _send(seat, [(p, rule) for p, (_line, rule) in zip(previews, letters, strict=True)])
    first = previews[0].given.get("reply_by", "") if previews else ""
    lacking = "send" in asked and bool(previews) and not first
    return seat.page(
        "oversight/reminders.html",
        "breaches",
        422 if lacking else 200,
        previews=previews,
        uid=uid_of(seat),
        lacking=lacking,
        reply_by=asked.get("reply_by", "") or first,
        today=seat.today,
        article=cited(letters[0][1].basis, file.installed, seat.language) if letters else "",
    )


def _chosen(seat: Seat, keys: list[str], *, everyone: bool) -> list[LateLine]:
    cases = for_user(seat.viewer, seat.today)
    if everyone:
        return lines_of(page_of(writable(late_duties(cases)), "", MOST_LETTERS).duties)
    found = [find_line(cases, key) for key in dict.fromkeys(keys[:MOST_LETTERS])]
    return [line for line in found if line is not None]


def _reminder(seat: Seat, file: CaseFile, line: LateLine) -> ActRule | None:
    holder = Organ.objects.filter(pk=line.row.holder_id or 0).first()
    if holder is None or (seat.organ is not None and holder.pk == seat.organ.pk):
        return None  # nobody writes to himself
    return letter_act(seat, file, holder, "remind")


def _preview(
    seat: Seat, file: CaseFile, line: LateLine, rule: ActRule, reply_by: date | None
) -> Preview:
    given = given_for(line, seat.organ, seat.today, reminder=True)
    given |= {"reply_by": reply_by.isoformat()} if reply_by else {}
    document = file.kind.documents[rule.documents[0]]
    wording = wording_of(document)
    leader = (
        Official.objects.filter(pk=given.get("to_leader", "0"))
        .values_list("name", flat=True)
        .first()
        or ""
    )
    return Preview(
        key=line.key,
        to=organ_name(Organ.objects.filter(pk=given.get("to", "0")).first(), seat.language),
        leader=leader,
        subject=f"{headline(rule, 'zh')}　{line.row.case.number}",
        opening=wording.zh,
        parts=tuple(
            (heading(name, "zh"), given[name]) for name in (*CARRIED, "reply_by") if name in given
        ),
        given=given,
    )


def _send(seat: Seat, letters: list[tuple[Preview, ActRule]]) -> HttpResponse:
    uid = uid_of(seat)
    calls = [
        Call((letter_step(preview.given, rule),), seat.by, seat.now, f"{uid}/{place}")
        for place, (preview, rule) in enumerate(letters, 1)
    ]
    outcomes = perform_many(calls)
    sent = sum(o.performed is not None for o in outcomes)
    if sent:
        words = ngettext(
            "已发出 %(sent)s 份催办函，写入存证。", "已发出 %(sent)s 份催办函，写入存证。", sent
        )
        messages.success(seat.request, words % {"sent": sent})
    for (preview, rule), outcome in zip(letters, outcomes, strict=True):
        if outcome.error is not None:
            why = as_reason(outcome.error, rule)
            reason = words_in(why, seat.language)
            messages.warning(
                seat.request, _("没有发给%(to)s：%(why)s") % {"to": preview.to, "why": reason}
            )
    return redirect("desk:breaches")
