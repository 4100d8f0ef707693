"""The opinion of the petition department on a cadre (S 10(2)): answering, recording its use.

The petition department finds a draft computed from the record; a person reads, changes and signs
it. The department that asked records how it was weighed. Every look at the extract leaves rows in
the read log; whoever decided sees them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dengwen.accountability.personnel.cadre_opinion import (
    exempted_words,
    in_force_words,
    looked_up,
    performance_words,
)
from dengwen.accountability.personnel.extracts import Extract
from dengwen.accountability.personnel.notification import OPINION
from dengwen.cases.read.case_view import CaseFile, rail, state_words
from dengwen.desk.personnel.opinion_extract import extract_in_words
from dengwen.desk.personnel.opinion_request import with_posts
from dengwen.desk.personnel.personnel_page import PAGE, case_of, first_done, looks_at, write
from dengwen.desk.shell.act.act_refusals import UNPROCESSABLE
from dengwen.desk.shell.act.submit import may
from dengwen.desk.shell.case.case_links import document_links
from dengwen.desk.shell.case.protected_text import Texts, opening, role_for, texts_of
from dengwen.desk.shell.frame.seat import Seat, at_desk, case_href, organ_name, uid_of
from dengwen.law.duties.act_record import civil
from dengwen.law.duties.step import FieldValue, Step
from dengwen.organs.models import Official, Organ
from dengwen.ui.form_fields import Area, AskedField, AskedForm, Day, Word

LOOK_UP = "look-up"
EXTRACT_CLASS = "D7"
TEXTS = ("performance", "in_force", "exempted")
MOST_ROWS = 18
"""So high is the field of a text at most, in lines."""


@dataclass(frozen=True, slots=True)
class Draft:
    """An opinion as it stands on the page: the days asked, the extract of them, the texts as
    computed or as typed."""

    first: date
    last: date
    extract: Extract
    texts: Mapping[str, str] = field(default_factory=dict)


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def opinion(seat: Seat, number: str) -> HttpResponse:
    """Show a request for an opinion: the petition department answers, the department that asked
    records its use."""
    file = case_of(seat, number, OPINION)
    if seat.request.method != "POST":
        return _opinion_page(seat, file)
    if "weighed" in seat.request.POST:
        return _record_use(seat, file)
    return _sign(seat, file)


class AnswerForm(AskedForm):
    """The answer as it is signed: from when to when, the extract it was written from, its texts;
    and how an answer was weighed."""

    first = Day()
    last = Day()
    extract = Word()
    performance = Area(needed=True)
    in_force = Area(needed=True)
    exempted = Area(needed=True)
    weighed = Area()


def _record_use(seat: Seat, file: CaseFile) -> HttpResponse:
    """Record how the opinion was weighed."""
    form = AnswerForm.of(seat.request)
    weighed = form.value("weighed")
    step = Step(act="record_use", case=file.case.number, texts={"weighed": weighed})
    return write(seat, step, lambda why: _opinion_page(seat, file, why), "personnel_opinion")


def _sign(seat: Seat, file: CaseFile) -> HttpResponse:
    """Sign the opinion with what was typed; where the record has changed since, show it again
    first."""
    draft = _draft(seat, file) if may(seat, file, "answer") else None
    if draft is None:
        raise Http404
    if AnswerForm.of(seat.request).value("extract") != draft.extract.digest:
        changed = _("摘录在这期间有变化，或者日期改过。请再看一遍，改好以后签署。")
        return _opinion_page(seat, file, [changed], draft)
    return write(
        seat,
        _answer_step(seat, file, draft),
        lambda why: _opinion_page(seat, file, why, draft),
        "personnel_opinion",
    )


def _answer_step(seat: Seat, file: CaseFile, draft: Draft) -> Step:
    """Return the step that signs the opinion, bound to the extract it was written from."""
    form = AnswerForm.of(seat.request)
    typed = {name: form.value(name) for name in TEXTS}
    fields: dict[str, FieldValue] = {
        "first": draft.first,
        "last": draft.last,
        "extract": draft.extract.digest,
    }
    texts = {name: text for name, text in typed.items() if text}
    return Step(act="answer", case=file.case.number, fields=fields, texts=texts)


# --- the draft ------------------------------------------------------------------------------------
def _draft(seat: Seat, file: CaseFile) -> Draft | None:
    """Return the draft of an opinion for the days asked (from the beginning of last year where none
    are given); None where the days are in no order."""
    given = AnswerForm(seat.request.POST if seat.request.method == "POST" else seat.request.GET)
    days = given.cleaned_data if given.is_valid() else {}
    first = days.get("first") or date(seat.today.year - 1, 1, 1)
    last = days.get("last") or seat.today
    if not first <= last <= seat.today:
        return None
    extract = _look_up(seat, file, first, last)
    texts = {
        "performance": performance_words(extract),
        "in_force": in_force_words(extract),
        "exempted": exempted_words(extract),
    }
    if given.typed("extract") == extract.digest:
        texts |= {name: given.at(name).value() for name in TEXTS if given.at(name).typed}
    return Draft(first, last, extract, texts)


def _look_up(seat: Seat, file: CaseFile, first: date, last: date) -> Extract:
    """Open the extract through the read log: a row for this request, and one for every decision it
    repeats, so that whoever decided sees that it was looked up."""
    role = role_for(seat, EXTRACT_CLASS)
    if not role:
        raise Http404
    return looked_up(
        file.case,
        _cadre(file),
        first,
        last,
        seat.today,
        lambda case: opening(seat, case, EXTRACT_CLASS, (LOOK_UP,), role, "account"),
    )


def _cadre(file: CaseFile) -> Official:
    """Return the official the request is about."""
    return Official.objects.get(pk=file.rows[0].data["cadre"])


# --- the page -------------------------------------------------------------------------------------
def _opinion_page(
    seat: Seat, file: CaseFile, why: Sequence[str] = (), draft: Draft | None = None
) -> HttpResponse:
    """Render a request for an opinion, with the draft for whoever answers it."""
    answers = may(seat, file, "answer")
    reasons = list(why)
    if answers and draft is None:
        draft = _draft(seat, file)
        if draft is None:
            reasons.append(_("日期没有先后：起始不晚于截止，截止不晚于今天。"))
    said = _request_in_words(seat, file)  # read before the looks, of which this reading is one
    return seat.page(
        "personnel/opinion.html",
        PAGE,
        UNPROCESSABLE if reasons else 200,
        case=file.case,
        why=reasons,
        uid=uid_of(seat),
        state=state_words(file, seat.language),
        rail=rail(file, seat.today, seat.language),
        draft=draft if answers else None,
        fields=_answer_fields(draft) if draft else [],
        shown=extract_in_words(seat, draft.extract) if draft else None,
        may_use=may(seat, file, "record_use"),
        papers=document_links(seat, file.case),
        whole=case_href(file.case.number),
        viewed=_looks(seat, file),
        **said,
    )


def _looks(seat: Seat, file: CaseFile) -> object:
    """Return who looked at the opinion, None for all but the department that asked."""
    own = seat.organ.pk if seat.organ else 0
    return looks_at(seat, [file.case.number]) if file.case.holder_id == own else None


def _request_in_words(seat: Seat, file: CaseFile) -> dict[str, object]:
    """Return who asked whom about whom and why, what was answered, and what became of it."""
    texts = texts_of(seat, file.case)
    asked = file.rows[0]
    office = Organ.objects.filter(pk=asked.data["to"]).first()
    return {
        "cadre": with_posts(_cadre(file), seat),
        "by": organ_name(file.case.holder, seat.language),
        "to": organ_name(office, seat.language),
        "asked": civil(asked.occurred_at),
        "purpose": texts.newest("purpose"),
        "answer": _answered(file, texts),
        "used": _used(file, texts),
    }


@dataclass(frozen=True, slots=True)
class Answered:
    """An opinion as it was signed."""

    performance: str
    in_force: str
    exempted: str
    first: date
    last: date
    on: date
    extract: str


def _answered(file: CaseFile, texts: Texts) -> Answered | None:
    """Return the opinion signed, None before."""
    act = first_done(file, "answer")
    if act is None:
        return None
    return Answered(
        performance=texts.of(act.pk, "performance"),
        in_force=texts.of(act.pk, "in_force"),
        exempted=texts.of(act.pk, "exempted"),
        first=date.fromisoformat(str(act.data["first"])),
        last=date.fromisoformat(str(act.data["last"])),
        on=civil(act.occurred_at),
        extract=act.data.get("extract", ""),
    )


def _used(file: CaseFile, texts: Texts) -> tuple[date, str] | None:
    """Return the day and the words of the use recorded, None before."""
    act = first_done(file, "record_use")
    return None if act is None else (civil(act.occurred_at), texts.of(act.pk, "weighed"))


def _answer_fields(draft: Draft) -> tuple[AskedField, ...]:
    """Return the texts of the opinion, each field as high as what stands in it."""
    labels = {
        "performance": _("履行信访工作职责的情况"),
        "in_force": _("影响期内的措施（期满的不写）"),
        "exempted": _("认定的尽职免责、不承担责任"),
    }
    form = AnswerForm(initial=dict(draft.texts))
    fields = []
    for name in TEXTS:
        rows = min(MOST_ROWS, draft.texts[name].count("\n") + 3)
        fields.append(form.at(name).but(label=labels[name], rows=rows))
    return tuple(fields)
