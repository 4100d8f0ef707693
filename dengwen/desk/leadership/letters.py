"""A letter before a leader: the original first, then the file, then the comment to sign.

Three clicks for a letter (journey 6, step 7). A secretary lays letters before leaders and may
prepare the words; who signs is the leader, by their own sign-in (S 7(1)). Reading the letter writes
the read log like any other reading.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dengwen.cases.models import Case
from dengwen.cases.read.case_history import history
from dengwen.cases.read.case_view import CaseFile, blank_file, next_duty, read_file, state_words
from dengwen.cases.write.perform import Performed
from dengwen.desk.leadership.leader_cases import may_lead
from dengwen.desk.shell.act.act_page import article_of
from dengwen.desk.shell.act.act_refusals import UNPROCESSABLE, sort_reasons
from dengwen.desk.shell.act.attempt import attempt
from dengwen.desk.shell.case.case_links import file_links
from dengwen.desk.shell.case.protected_text import Texts, texts_of
from dengwen.desk.shell.case.request_lines import request_lines
from dengwen.desk.shell.frame.seat import Seat, at_desk, case_href, organ_name, uid_of
from dengwen.law.bilingual import headline, words_in
from dengwen.law.duties.act_record import Refusal as Reason
from dengwen.law.duties.step import FieldValue, Step
from dengwen.leadership.roster import Leader, leaders_of, matter_of
from dengwen.organs.models import Official, Organ
from dengwen.organs.structure.lines import organs_on
from dengwen.organs.structure.posts_held import appointments_on, organs_of
from dengwen.ui.components import TimelineEntry
from dengwen.ui.form_fields import Area, AskedForm, Day, OneOf, Row, form_of, pressed

KIND, PRESENT, READ, COMMENT = "instruction", "present", "read", "comment"
LAST_STEPS = 6
"""How many of the newest steps of the matter stand under the letter; the rest is on its own
page."""
REPORT_IN = timedelta(days=10)
"""The day for the report a new comment proposes; a leader changes it freely, and it is no period
of the law."""
NO_MATTER: dict[str, object] = {
    "matter": None,
    "matter_href": "",
    "content": "",
    "originals": [],
    "requests": (),
    "next_step": ("", None),
    "entries": [],
}
"""What stands under a letter whose matter this seat may not read."""


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def letter(seat: Seat, number: str) -> HttpResponse:
    """Show a letter with its file and ask for the comment, or sign what was written."""
    case = seat.case(number)
    if case.kind != KIND:
        raise Http404
    file = read_file(case, seat.now)
    matter = matter_of(case, seat.viewer, seat.today)
    own = texts_of(seat, case)
    form = _form(seat, file, matter, own)
    shown = Shown(file, matter, own, form)
    if not form.is_bound:
        return _letter(seat, shown)
    act = READ if pressed(seat.request) == READ else COMMENT
    if act == READ:
        for name in ("to", "staff", "due"):
            form.errors.pop(name, None)
    fields = _signed_fields(seat, form, act)
    if form.errors:
        return _letter(seat, shown, status=UNPROCESSABLE)
    text = form.value("text")
    texts = {"text" if act == COMMENT else "remark": text} if text else {}
    return _signed(seat, shown, Step(act=act, case=number, fields=fields, texts=texts))


@dataclass(frozen=True, slots=True)
class Shown:
    """What stands on the page of a letter: its file, the matter it is about, its texts, the form
    of the comment."""

    file: CaseFile
    matter: Case | None
    own: Texts
    form: AskedForm


def _signed(seat: Seat, shown: Shown, step: Step) -> HttpResponse:
    """Do what the leader signed, or show the letter again with what was refused."""
    rule = shown.file.kind.acts[step.act]
    made = attempt(seat, [step], rule)
    if not isinstance(made, Performed):
        return _letter(seat, shown, made, UNPROCESSABLE, step.act)
    words = {"act": words_in(rule, seat.language), "number": made.case}
    messages.success(seat.request, _("已写入存证：%(act)s，%(number)s。") % words)
    return redirect("desk:leader" if may_lead(seat) else "desk:home")


# --- reading what was typed -----------------------------------------------------------------------
def _signed_fields(seat: Seat, form: AskedForm, act: str) -> dict[str, FieldValue]:
    """Return the values of what the leader signs: the leader at the desk, never a name chosen in
    a form; for a comment to which organ, to whom there, and until when."""
    fields: dict[str, FieldValue] = {}
    if seat.user.official_id is not None:
        fields["leader"] = seat.user.official_id
    if act != COMMENT:
        return fields
    if seat.organ is not None:
        fields["organ"] = seat.organ.pk
    for name in ("to", "staff", "due"):
        if form.cleaned_data.get(name) is not None:
            fields[name] = form.cleaned_data[name]
    staff = form.cleaned_data.get("staff")
    if staff is not None and form.cleaned_data.get("to") not in organs_of_staff(seat, staff):
        form.wrong("staff", _("此人不在批给的单位任职。"))
    return fields


def organs_of_staff(seat: Seat, official: int) -> frozenset[int]:
    """Return the organs in which an official holds a post today, none for nobody."""
    found = Official.objects.filter(pk=official).first()
    return organs_of(found, seat.today) if found is not None else frozenset()


# --- the letter -----------------------------------------------------------------------------------
def _letter(
    seat: Seat,
    shown: Shown,
    reasons: Sequence[Reason] = (),
    status: int = 200,
    act: str = COMMENT,
) -> HttpResponse:
    """Show a letter with its matter, and what a leader can do with it."""
    file = shown.file
    refused = sort_reasons(seat, file, file.kind.acts[act], shown.form, reasons)
    said_before = [text for text in shown.own.opened if not _is_draft(file, text.act, text.field)]
    return seat.page(
        "leadership/letter.html",
        "leader",
        status,
        case=file.case,
        number=file.case.number,
        state=state_words(file, seat.language),
        said_before=said_before,
        case_href=case_href(file.case.number),
        refused=refused,
        uid=uid_of(seat),
        **_comment_part(seat, file, shown.form),
        **_matter_part(seat, shown.matter),
    )


def _comment_part(seat: Seat, file: CaseFile, form: AskedForm) -> dict[str, Any]:
    """Return what a leader can do with the letter: read it, comment on it."""
    state = file.view.state
    leads = may_lead(seat)
    open_for_comment = leads and state in ("presented", "read")
    return {
        "asks": form.asked() if open_for_comment else (),
        "may_read": leads and state == "presented",
        "article": article_of(seat, file, file.kind.acts[COMMENT]),
    }


def _matter_part(seat: Seat, matter: Case | None) -> dict[str, Any]:
    """Return what the letter is about, as far as this seat may read it: the original, the requests,
    the last steps."""
    if matter is None:
        return dict(NO_MATTER)
    about = read_file(matter, seat.now)
    texts = texts_of(seat, matter)
    return {
        "matter": matter,
        "matter_href": case_href(matter.number),
        "content": texts.newest("content"),
        "originals": file_links(seat, matter),
        "requests": request_lines(seat, about, texts),
        "next_step": _next(seat, about),
        "entries": _last(seat, about),
    }


def _is_draft(file: CaseFile, act: int, field: str) -> bool:
    """Say whether a text is the comment that a secretary prepared."""
    return field == "text" and _act_of(file, act) == "prepare"


def _act_of(file: CaseFile, act: int) -> str:
    """Return the id of the act in a row of the case, "" where it is not of this case."""
    return next((row.act for row in file.rows if row.pk == act), "")


def _next(seat: Seat, about: CaseFile) -> tuple[str, date | None]:
    """Return the next duty of the matter and its day."""
    duty = next_duty(about.view)
    if duty is None:
        return "", None
    return headline(duty.rule, seat.language), duty.due or duty.raw


def _last(seat: Seat, about: CaseFile) -> list[TimelineEntry]:
    """Return the newest steps done in the matter."""
    number = about.case.number
    shown = history(about, seat.language, lambda seq: reverse("desk:proof", args=[number, seq]))
    done = [entry for entry in shown if entry.kind != "next"]
    return done[-LAST_STEPS:]


# --- the comment ----------------------------------------------------------------------------------
def _form(seat: Seat, file: CaseFile, matter: Case | None, own: Texts) -> AskedForm:
    """Return the form of a comment: the words prepared by the secretary, the organ that has the
    matter, a day."""
    holder = str(matter.holder_id or "") if matter is not None else ""
    chosen = form_of(seat.request, {"to": Row()}, initial={"to": holder}).typed("to") or holder
    offered = _other_organs(seat)
    asked = {
        "text": _comment_asked(file, own),
        "to": Row(
            _("批给"),
            needed=True,
            initial=holder,
            choices=[(str(organ.pk), organ_name(organ, seat.language)) for organ in offered],
        ),
        "staff": Row(
            _("具体经办人"),
            type="official",
            hint=_("可以不指定，由该单位自定"),
            choices=[
                pair
                for organ in offered
                if str(organ.pk) == chosen
                for pair in _staff_offered(seat, organ)
            ],
        ),
        "due": Day(
            _("报告日期"),
            needed=True,
            initial=(seat.today + REPORT_IN).isoformat(),
            hint=_("由您指定，不是法定期限"),
        ),
    }
    return form_of(seat.request, asked)


def _other_organs(seat: Seat) -> list[Organ]:
    """Return the organs of today but this one."""
    own = seat.organ.pk if seat.organ else 0
    return [organ for organ in organs_on(seat.today).order_by("code") if organ.pk != own]


def _comment_asked(file: CaseFile, own: Texts) -> Area:
    """Return the field of the words; what a secretary prepared last is proposed."""
    drafts = [text.text for text in own.opened if _act_of(file, text.act) == "prepare"]
    return Area(
        _("批示"),
        needed=True,
        rows=4,
        hint=_("秘书代拟，签署前请改定") if drafts else "",
        initial=drafts[-1] if drafts else "",
    )


def _staff_offered(seat: Seat, organ: Organ) -> list[tuple[str, str]]:
    """Return the people of an organ to choose from, each with the post."""
    held = appointments_on(organ, seat.today).select_related("official", "post")
    return [(str(one.official.pk), f"{one.official.name}，{one.post.title_zh}") for one in held]


# --- laying a letter before a leader --------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def present(seat: Seat, number: str) -> HttpResponse:
    """Choose the leader a matter is laid before, with a note."""
    matter = seat.case(number)
    if matter.kind != "petition" or seat.organ is None or "clerk" not in seat.capacities:
        raise Http404
    blank = blank_file(KIND, seat.organ.division_code, seat.now)
    leaders = leaders_of(seat.organ, seat.today)
    form = _present_form(seat, leaders)
    if not form.is_bound or form.errors:
        return _present(seat, matter, blank, form)
    step = _presented(number, leaders, form)
    made = attempt(seat, [step], blank.kind.acts[PRESENT])
    if not isinstance(made, Performed):
        return _present(seat, matter, blank, form, made)
    messages.success(seat.request, _("已呈阅，%(case)s。") % {"case": made.case})
    return redirect(case_href(matter.number))


def _presented(number: str, leaders: Sequence[Leader], form: AskedForm) -> Step:
    """Return the act that lays the matter before a leader, with the note; without a leader it is
    refused by the rule."""
    fields: dict[str, FieldValue] = {"petition": number}
    for one in leaders:
        if one.key == form.value("leader"):
            fields |= {"leader": one.official.pk, "organ": one.organ.pk}
    note = form.value("note")
    return Step(act=PRESENT, kind=KIND, fields=fields, texts={"note": note} if note else {})


def _present(
    seat: Seat,
    matter: Case,
    blank: CaseFile,
    form: AskedForm,
    reasons: Sequence[Reason] = (),
) -> HttpResponse:
    """Ask for the leader and a note, with what was typed and refused."""
    rule = blank.kind.acts[PRESENT]
    refused = sort_reasons(seat, blank, rule, form, reasons)
    return seat.page(
        "leadership/present.html",
        "",
        UNPROCESSABLE if reasons or form.errors else 200,
        matter=matter,
        back=case_href(matter.number),
        fields=form.asked(),
        refused=refused,
        uid=uid_of(seat),
        article=article_of(seat, blank, rule),
        title=headline(rule, seat.language),
    )


def _present_form(seat: Seat, leaders: Sequence[Leader]) -> AskedForm:
    """Return the form: the leader to choose, and the note."""
    offered = [(one.key, f"{one.official.name}，{one.title}") for one in leaders]
    asked = {
        "leader": OneOf(_("呈给哪位领导"), type="official", needed=True, choices=offered),
        "note": Area(_("呈阅说明"), rows=3),
    }
    return form_of(seat.request, asked)
