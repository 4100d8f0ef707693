"""Supervision from the breach list (journey 7): an order from a line, reminders in a batch."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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
from dengwen.desk.shell.act.act_refusals import UNPROCESSABLE, as_reason
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
from dengwen.ui.form_fields import AskedForm, Day, Ticked, Word

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


def letters_to(seat: Seat, holders: Iterable[Organ]) -> frozenset[int | None]:
    """Return the ids of those organs to which this seat can write an order or urging, so that a
    link to a letter leads somewhere; None among them where it can also write to one that is yet
    to be named."""
    if not may_supervise(seat):
        return frozenset()
    file = _file(seat)
    asked: list[Organ | None] = [None, *holders]
    found = [holder for holder in asked if letter_act(seat, file, holder, "order") is not None]
    return frozenset(holder.pk if holder is not None else None for holder in found)


def _file(seat: Seat) -> CaseFile:
    """Return a supervision before its first act, under the rules of this place."""
    return blank_file(KIND, seat.organ.division_code if seat.organ else "", seat.now)


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def order(seat: Seat) -> HttpResponse:
    """Ask for an order with the model text filled in from a line of the breach list, or send it."""
    line = find_line(for_user(seat.viewer, seat.today), seat.request.GET.get("line", ""))
    if line is None or not may_supervise(seat):
        raise Http404
    file = _file(seat)
    holder = Organ.objects.filter(pk=line.row.holder_id or 0).first()
    rule = letter_act(seat, file, holder, "order")
    if rule is None:
        raise Http404
    title = f"{_('逾期')} {line.row.case.number}"
    way = Way(reverse("desk:breaches"), title, kind=KIND)
    return answer(seat, file, rule, way, given_for(line, seat.organ, seat.today))


# --- batches --------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Preview:
    """One letter of a batch as it will go out, with the act that sends it."""

    rule: ActRule
    key: str
    to: str
    leader: str
    subject: str
    opening: str
    parts: tuple[tuple[str, str], ...]
    given: dict[str, str]


class BatchForm(AskedForm):
    """The lines a batch of letters is about, by when the replies are due, and the button that
    sends them."""

    line = Ticked()
    all = Word()
    reply_by = Day()
    send = Word()


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def reminders(seat: Seat) -> HttpResponse:
    """Show every letter of a batch before it goes, or send them all; one that is refused does
    not hold the others."""
    if not may_supervise(seat):
        raise Http404
    form = BatchForm(seat.request.POST if seat.request.method == "POST" else seat.request.GET)
    asked = form.understood
    lines = _chosen(seat, list(asked.get("line", ())), everyone=bool(form.at("all").typed))
    file = _file(seat)
    previews = _previews(seat, file, lines, asked.get("reply_by"))
    dated = bool(previews) and all("reply_by" in one.given for one in previews)
    if seat.request.method == "POST" and form.at("send").typed and dated:
        return _send(seat, previews)
    return _reminders_page(seat, file, previews, form)


def _chosen(seat: Seat, keys: list[str], *, everyone: bool) -> list[LateLine]:
    """Return the late lines a batch is about: those named, or the first page of all."""
    cases = for_user(seat.viewer, seat.today)
    if everyone:
        page = page_of(writable(late_duties(cases)), "", MOST_LETTERS)
        return lines_of(page.duties)
    found = [find_line(cases, key) for key in dict.fromkeys(keys[:MOST_LETTERS])]
    return [line for line in found if line is not None]


def _previews(
    seat: Seat, file: CaseFile, lines: Sequence[LateLine], reply_by: date | None
) -> list[Preview]:
    """Return the letters of a batch; a line about which this organ writes none is left out."""
    previews = []
    for line in lines:
        rule = _reminder(seat, file, line)
        if rule is not None:
            previews.append(_preview(seat, file, line, rule, reply_by))
    return previews


def _reminder(seat: Seat, file: CaseFile, line: LateLine) -> ActRule | None:
    """Return the act that reminds the organ of a line; None for one's own duty."""
    holder = Organ.objects.filter(pk=line.row.holder_id or 0).first()
    if holder is None or (seat.organ is not None and holder.pk == seat.organ.pk):
        return None
    return letter_act(seat, file, holder, "remind")


def _preview(
    seat: Seat, file: CaseFile, line: LateLine, rule: ActRule, reply_by: date | None
) -> Preview:
    """Return a letter as it will go out."""
    given = given_for(line, seat.organ, seat.today, reminder=True)
    if reply_by is not None:
        given["reply_by"] = reply_by.isoformat()
    document = file.kind.documents[rule.documents[0]]
    addressee = Organ.objects.filter(pk=given.get("to", "0")).first()
    leader = Official.objects.filter(pk=given.get("to_leader", "0")).first()
    shown = [name for name in (*CARRIED, "reply_by") if name in given]
    return Preview(
        rule=rule,
        key=line.key,
        to=organ_name(addressee, seat.language),
        leader=leader.name if leader is not None else "",
        subject=f"{headline(rule, 'zh')}　{line.row.case.number}",
        opening=wording_of(document).zh,
        parts=tuple((heading(name, "zh"), given[name]) for name in shown),
        given=given,
    )


def _reminders_page(
    seat: Seat, file: CaseFile, previews: Sequence[Preview], form: BatchForm
) -> HttpResponse:
    """Show the letters of a batch, and ask for the day of the reply where none is proposed."""
    proposed = previews[0].given.get("reply_by", "") if previews else ""
    lacking = bool(form.at("send").typed and previews) and not proposed
    article = cited(previews[0].rule.basis, file.installed, seat.language) if previews else ""
    return seat.page(
        "oversight/reminders.html",
        "breaches",
        UNPROCESSABLE if lacking else 200,
        previews=previews,
        uid=uid_of(seat),
        lacking=lacking,
        reply_by=form.typed("reply_by") or proposed,
        today=seat.today,
        article=article,
    )


def _send(seat: Seat, previews: Sequence[Preview]) -> HttpResponse:
    """Send every letter in a call of its own, and say how many went and which were refused."""
    uid = uid_of(seat)
    calls = [
        Call((letter_step(one.given, one.rule),), seat.by, seat.now, f"{uid}/{place}")
        for place, one in enumerate(previews, 1)
    ]
    outcomes = perform_many(calls)
    sent = len([outcome for outcome in outcomes if outcome.performed is not None])
    if sent:
        words = ngettext(
            "已发出 %(sent)s 份催办函，写入存证。", "已发出 %(sent)s 份催办函，写入存证。", sent
        )
        messages.success(seat.request, words % {"sent": sent})
    for one, outcome in zip(previews, outcomes, strict=True):
        if outcome.error is not None:
            reason = words_in(as_reason(outcome.error, one.rule), seat.language)
            words = _("没有发给%(to)s：%(why)s") % {"to": one.to, "why": reason}
            messages.warning(seat.request, words)
    return redirect("desk:breaches")
