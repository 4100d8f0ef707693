"""What concerns the person at the desk: inquiries about them, what they were told, their answer.

They stand behind the wall of the inquiry and never read its file. Nothing of it exists for them
before they are told. From then on they read here what was disclosed to them: the facts told, the
lead it began with, the evidence that names nobody sealed, and their own answers (PSL 43).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import pgettext, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from dengwen.access.read_log import open_logged
from dengwen.accountability.inquiry.disclosure_to_person import (
    Disclosed,
    clean,
    concerning,
    disclosed,
    is_answerable,
    sealed_words,
    sources_of,
)
from dengwen.accountability.inquiry.queries import Point
from dengwen.accountability.leads.queries import Lead, about
from dengwen.accountability.measures.queries import KIND as MEASURES
from dengwen.cases.files.held_files import Held
from dengwen.cases.files.paper_field import PaperField, found_in
from dengwen.cases.models import Case
from dengwen.cases.read.case_view import CaseFile, cited, read_file
from dengwen.desk.accountability.finding_words import (
    answer_word,
    line_kind_word,
    responsibility_word,
    stand_word,
)
from dengwen.desk.accountability.inquiries.inquiry_page import case_words
from dengwen.desk.accountability.leads.lead_words import spoken
from dengwen.desk.accountability.nine_steps import steps_of_disclosed
from dengwen.desk.accountability.own_rights import files_told
from dengwen.desk.shell.act.act_refusals import UNPROCESSABLE
from dengwen.desk.shell.act.submit import write
from dengwen.desk.shell.case.protected_text import opening
from dengwen.desk.shell.frame.seat import Seat, at_desk, case_href, uid_of
from dengwen.law.bilingual import headline, words_in
from dengwen.law.duties.step import FieldValue, Step
from dengwen.organs.models import Official
from dengwen.oversight.inspections.queries import Told
from dengwen.ui.cells import Part, day, number_linked
from dengwen.ui.components import Link
from dengwen.ui.form_fields import Area, Asked, AskedForm, OneOf, Tick, form_of
from dengwen.ui.list_table import Column, ListOf

PAGE = "about_me"
FACTS_CLASS = "D5"
DISCLOSED_FIELDS = ("told_facts", "evidence", "answers")
"""What the read log says was opened."""


# --- the list -------------------------------------------------------------------------------------
INQUIRIES = ListOf(
    caption=pgettext_lazy("about_me", "核查"),
    columns=(
        Column("number", _lazy("编号"), number_linked("number")),
        Column("opened", _lazy("启动"), day("opened"), sort=("opened", "number")),
        Column(
            "said", pgettext_lazy("about_me", "情况"), Part("desk/accountability/_about_me.html")
        ),
    ),
    nothing=_lazy("没有关于本人的核查。"),
)


@dataclass(frozen=True, slots=True)
class Line:
    """One inquiry about the person: when they were told, and until when they can answer."""

    number: str
    href: str
    opened: date
    told: date | None
    until: date | None
    concluded: bool


@require_safe
@at_desk
def about_me(seat: Seat) -> HttpResponse:
    """List the inquiries about the person at the desk, and the files of accountability they were
    told of."""
    official = seat.user.official_id
    cases = concerning(official) if official else []
    table = INQUIRIES.shown(seat.request.GET, [_line(case, official or 0) for case in cases])
    return seat.page(
        "accountability/about_me.html",
        PAGE,
        table.status,
        table=table,
        files=_files(seat),
        official=official,
    )


def _line(case: Case, official: int) -> Line:
    """Return the line of an inquiry, as far as it was disclosed."""
    seen = disclosed(case, official)
    return Line(
        number=case.number,
        href=reverse("desk:about_me_inquiry", args=[case.number]),
        opened=case.opened_on,
        told=seen.told.day if seen.told else None,
        until=_answer_by(seen),
        concluded=seen.concluded is not None,
    )


def _answer_by(seen: Disclosed) -> date | None:
    """Return the day until which the person can answer, None before they are told."""
    return date.fromisoformat(str(seen.told.data["answer_by"])) if seen.told else None


def _files(seat: Seat) -> list[tuple[Link, str]]:
    """Return the files in which the person was told, each with its kind: they read those
    themselves."""
    return [
        (Link(case.number, _file_href(case)), case_words(case, seat.language))
        for case in files_told(seat)
    ]


def _file_href(case: Case) -> str:
    """Return where a file is read: its own page, or the page of the case."""
    if case.kind == MEASURES:
        return reverse("desk:measure", args=[case.number])
    return case_href(case.number)


# --- one inquiry ----------------------------------------------------------------------------------
def _own(seat: Seat, number: str) -> tuple[Case, int]:
    """Return an inquiry about the person at the desk; any other number is the same 404."""
    official = seat.user.official_id
    if official:
        for case in concerning(official):
            if case.number == number:
                return case, official
    raise Http404


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def inquiry(seat: Seat, number: str) -> HttpResponse:
    """Show what was disclosed to the person concerned, and take their points, their evidence,
    their request for recusal."""
    case, official = _own(seat, number)
    seen = disclosed(case, official)
    form = _form(seat, _investigators(seen), seen, official)
    if not form.is_bound or form.errors:
        return _page(seat, case, official, form)
    papers = found_in(form, "papers")
    steps = _steps(form, seen, official, papers)
    if not steps:
        return _page(seat, case, official, form, [_("没有填写任何内容。")])
    return write(
        seat,
        steps,
        lambda why: _page(seat, case, official, form, why),
        reverse("desk:about_me_inquiry", args=[number]),
        [("papers", paper) for paper in papers],
    )


# --- what was handed in ---------------------------------------------------------------------------
def _steps(form: AskedForm, seen: Disclosed, official: int, papers: Sequence[Held]) -> list[Step]:
    """Return what was handed in: one point a line of the answer, evidence with what it shows, a
    request for recusal."""
    return [
        *_points_posted(form, seen, official),
        *_evidence_posted(form, seen, official, papers),
        *_recusal_posted(form, seen),
        *_signature_posted(form, seen, official),
    ]


def _signature_posted(form: AskedForm, seen: Disclosed, official: int) -> list[Step]:
    """Return the countersignature under the record of the hearing, and that nothing more comes;
    the latter stands last."""
    steps = []
    if form.cleaned_data.get("sign"):
        remarks = form.value("remarks")
        steps.append(
            Step(
                act="sign_hearing",
                case=seen.made.number,
                fields={"official": official},
                texts={"remarks": remarks} if remarks else {},
            )
        )
    if form.cleaned_data.get("nothing_more"):
        fields: dict[str, FieldValue] = {"official": official}
        steps.append(Step(act="say_nothing_more", case=seen.made.number, fields=fields))
    return steps


def _points_posted(form: AskedForm, seen: Disclosed, official: int) -> list[Step]:
    """Return a point for each line of the answer; numbers go on from the points there are."""
    lines = [line.strip() for line in form.value("defence").splitlines()]
    points = [line for line in lines if line]
    steps = []
    for number, text in enumerate(points, len(seen.made.points) + 1):
        fields: dict[str, FieldValue] = {
            "official": official,
            "point": number,
            "stand": form.value("stand") or "disagree",
        }
        texts = {"defence": text}
        steps.append(Step(act="defend", case=seen.made.number, fields=fields, texts=texts))
    return steps


def _evidence_posted(
    form: AskedForm, seen: Disclosed, official: int, papers: Sequence[Held]
) -> list[Step]:
    """Return the evidence handed in: papers, what they show, or both."""
    shows = form.value("shows")
    if not papers and not shows:
        return []
    fields: dict[str, FieldValue] = {"official": official}
    if papers:
        fields["papers"] = tuple(paper.digest for paper in papers)
    texts = {"shows": shows} if shows else {}
    return [Step(act="hand_in", case=seen.made.number, fields=fields, texts=texts)]


def _recusal_posted(form: AskedForm, seen: Disclosed) -> list[Step]:
    """Return the request that an investigator be recused, once both name and ground are given."""
    investigator, ground = form.value("recuse"), form.value("ground")
    if not investigator or not ground:
        return []
    fields: dict[str, FieldValue] = {"official": int(investigator)}
    return [Step(act="ask_recusal", case=seen.made.number, fields=fields, texts={"ground": ground})]


# --- the page -------------------------------------------------------------------------------------
def _page(
    seat: Seat, case: Case, official: int, form: AskedForm, why: Sequence[str] = ()
) -> HttpResponse:
    """Render what was disclosed, and the form while the inquiry runs."""
    seen = _opened(seat, case, official)
    file = read_file(case, seat.now)
    is_running = seen.concluded is None and is_answerable(case)
    return seat.page(
        "accountability/about_me_inquiry.html",
        PAGE,
        UNPROCESSABLE if why or form.errors else 200,
        number=case.number,
        steps=steps_of_disclosed(seen, official, case.opened_on, seat.today),
        seen=seen,
        why=why,
        running=is_running,
        opened=case.opened_on,
        article=cited(file.kind.acts["defend"].basis, file.installed, seat.language),
        uid=uid_of(seat),
        points=[_point(point) for point in seen.points],
        lines=[_line_found(seat, told) for told in seen.lines],
        leads=_leads(seat, seen, official),
        investigators=_investigators(seen).values(),
        hearing=[_entry(seat, file, told) for told in seen.hearing],
        until=_answer_by(seen),
        fields=form.asked() if is_running else [],
        may_answer=is_running and seen.told is not None,
        outcome=_outcome(seen),
    )


def _opened(seat: Seat, case: Case, official: int) -> Disclosed:
    """Open what was disclosed, with a row in the read log for the person's own reading."""
    role = next(iter(sorted(seat.roles)), "-")
    with transaction.atomic(durable=True):
        row = opening(seat, case, FACTS_CLASS, DISCLOSED_FIELDS, role, "own")
        return open_logged(row, lambda: disclosed(case, official))


def _investigators(seen: Disclosed) -> dict[int, str]:
    """Return the investigators by name, for the request for recusal."""
    rows = Official.objects.filter(pk__in=seen.made.investigators)
    return dict(rows.values_list("pk", "name"))


def _outcome(seen: Disclosed) -> str:
    """Say how the inquiry ended, "" while it runs."""
    if seen.concluded is None:
        return ""
    words = {
        "propose": _("已向有管理权限的机关提出建议；决定由该机关作出"),
        "no_responsibility": _("不予追责"),
    }
    return words[str(seen.concluded.data["outcome"])]


@dataclass(frozen=True, slots=True)
class PointRow:
    """A point of the own defence, where the person stands, and the answer ("" while there is
    none)."""

    number: int
    said: str
    stand: str
    result: str
    reasons: str


def _point(point: Point) -> PointRow:
    """Return a point of the own defence in words."""
    answer = point.answer
    result = str(answer.data.get("result", "")) if answer else ""
    return PointRow(
        number=point.number,
        said=point.told.texts.get("defence", ""),
        stand=stand_word(point.told.data["stand"]),
        result=answer_word(result) if result else "",
        reasons=answer.texts.get("reasons", "") if answer else "",
    )


@dataclass(frozen=True, slots=True)
class HearingEntry:
    """What was entered about the hearing: when, by whom, what, and the words of it."""

    on: date
    by: str
    words: str
    how: str
    said: tuple[str, ...]


def _entry(seat: Seat, file: CaseFile, told: Told) -> HearingEntry:
    """Return an entry about the hearing in words."""
    rule = file.kind.acts[told.act]
    how = rule.field_rule("how")
    option = how.option_names.get(str(told.data.get("how"))) if how else None
    by = Official.objects.filter(account__pk=told.actor or 0).values_list("name", flat=True).first()
    return HearingEntry(
        on=told.day,
        by=by or "",
        words=headline(rule, seat.language),
        how=words_in(option, seat.language) if option else "",
        said=tuple(text for text in told.texts.values() if text),
    )


@dataclass(frozen=True, slots=True)
class FoundLine:
    """What the person was found to answer for, on which ground."""

    ground: int
    kind: str
    found: str
    reasons: str


def _line_found(seat: Seat, told: Told) -> FoundLine:
    """Return a line found about the person in words."""
    return FoundLine(
        ground=told.data["ground"],
        kind=line_kind_word(told.data["kind"]),
        found=responsibility_word(told.data["responsibility"], seat.language),
        reasons=told.texts.get("reasons", ""),
    )


@dataclass(frozen=True, slots=True)
class LeadRow:
    """A lead about the person; a text that would show a sealed identity is left out."""

    day: date
    facts: str


def _leads(seat: Seat, seen: Disclosed, official: int) -> list[LeadRow]:
    """Return the leads about the person from which inquiries were opened that they were told
    of."""
    leads = about(official)
    numbers = {lead.about for lead in leads}
    for lead in leads:
        numbers.update(item.case for item in lead.evidence)
    sources = [*sources_of(seen.made), *Case.objects.filter(number__in=numbers)]
    sealed = sealed_words(sources)
    return [_lead_row(seat, lead, sealed) for lead in leads]


def _lead_row(seat: Seat, lead: Lead, sealed: frozenset[str]) -> LeadRow:
    """Return a lead, a text that names a sealed identity left out."""
    return LeadRow(
        day=lead.raised_on,
        facts=spoken(seat, lead.facts, "\n") if clean(lead.facts, sealed) else "",
    )


# --- the form -------------------------------------------------------------------------------------
def _form(
    seat: Seat, investigators: Mapping[int, str], seen: Disclosed, official: int
) -> AskedForm:
    """Return the form of the answer: where the person stands, their points, evidence, the request
    for recusal."""
    stands = {
        "agree": pgettext("stand chosen", "认可"),
        "partly": pgettext("stand chosen", "部分认可"),
        "disagree": pgettext("stand chosen", "不认可"),
    }
    asked: dict[str, Asked] = {
        "stand": OneOf(_("对告知的事实"), choices=stands.items(), initial="disagree"),
        "defence": Area(
            pgettext("about_me", "陈述、申辩"),
            rows=6,
            hint=_("一点一行；每一点都必须得到答复，不会因为申辩而加重"),
        ),
        "papers": PaperField(_("提交证据"), clock=lambda: seat.now),
        "shows": Asked(_("证据证明什么")),
        "recuse": OneOf(
            _("申请回避的核查人员"),
            type="official",
            choices=[(str(pk), name) for pk, name in investigators.items()],
        ),
        "ground": Area(_("回避的理由"), rows=2),
    }
    if seen.heard is not None and not seen.made.hearing_stands(official):
        asked["sign"] = Tick(_("我看过上面的笔录，签名"))
        asked["remarks"] = Area(_("对笔录的更正、补充"), rows=2)
    if seen.made.answer_until(official, seat.today) is not None:
        asked["nothing_more"] = Tick(_("我没有其他要说的，不必等到期满"))
    return form_of(seat.request, asked)
