"""A letter before a leader: the original first, then the file, then the comment to sign.

Three clicks for a letter (journey 6, step 7). A secretary lays letters before leaders and may
prepare the words; who signs is the leader, by their own sign-in (S 7(1)). Reading the letter writes
the read log like any other reading.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
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
from dengwen.desk.shell.act.filled import Filled
from dengwen.desk.shell.case.case_links import file_links
from dengwen.desk.shell.case.protected_text import Texts, texts_of
from dengwen.desk.shell.case.request_lines import request_lines
from dengwen.desk.shell.frame.seat import Seat, at_desk, case_href, organ_name, uid_of
from dengwen.law.bilingual import headline, words_in
from dengwen.law.duties.act_record import Refusal as Reason
from dengwen.law.duties.step import Step
from dengwen.leadership.roster import Leader, leaders_of, matter_of
from dengwen.organs.models import Official, Organ
from dengwen.organs.structure.lines import organs_on
from dengwen.organs.structure.posts_held import appointments_on, organs_of
from dengwen.ui.components import Choice, FormField, TimelineEntry
from dengwen.ui.form_fields import read_day

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
    if seat.request.method != "POST":
        return _letter(seat, file, Filled())
    act = READ if seat.request.POST.get("go") == READ else COMMENT
    filled = _typed(seat, act)
    if filled.errors:
        return _letter(seat, file, filled, status=UNPROCESSABLE)
    step = Step(act=act, case=number, fields=filled.values, texts=filled.texts)
    return _signed(seat, file, step, filled)


def _signed(seat: Seat, file: CaseFile, step: Step, filled: Filled) -> HttpResponse:
    """Do what the leader signed, or show the letter again with what was refused."""
    rule = file.kind.acts[step.act]
    made = attempt(seat, [step], rule)
    if not isinstance(made, Performed):
        return _letter(seat, file, filled, made, UNPROCESSABLE, step.act)
    words = {"act": words_in(rule, seat.language), "number": made.case}
    messages.success(seat.request, _("已写入存证：%(act)s，%(number)s。") % words)
    return redirect("desk:leader" if may_lead(seat) else "desk:home")


# --- reading what was typed -----------------------------------------------------------------------
def _typed(seat: Seat, act: str) -> Filled:
    """Read what the leader typed; who signs is the leader at the desk, never a name chosen in a
    form."""
    filled = Filled()
    if seat.user.official_id is not None:
        filled.values["leader"] = seat.user.official_id
    text = seat.request.POST.get("text", "").replace("\r\n", "\n").strip()
    if text:
        filled.texts["text" if act == COMMENT else "remark"] = text
    if act == COMMENT:
        _read_addressee(seat, filled)
        _read_due(seat, filled)
    return filled


def _read_addressee(seat: Seat, filled: Filled) -> None:
    """Read to which organ, and to whom there, the comment goes."""
    if seat.organ is not None:
        filled.values["organ"] = seat.organ.pk
    to = _row_id(seat, "to")
    staff = _row_id(seat, "staff")
    if to is not None:
        filled.values["to"] = to
    if staff is not None:
        filled.values["staff"] = staff
        if to not in organs_of_staff(seat, staff):
            filled.wrong("staff", _("此人不在批给的单位任职。"))


def _row_id(seat: Seat, name: str) -> int | None:
    """Return the number chosen in a field, None where it is none."""
    text = seat.request.POST.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 12 else None


def _read_due(seat: Seat, filled: Filled) -> None:
    """Read by which day the leader wants a report."""
    text = seat.request.POST.get("due", "").strip()
    if not text:
        return
    day = read_day(text)
    if day is None:
        filled.wrong("due", _("日期请写成 2026-11-24 这样。"))
    else:
        filled.values["due"] = day


def organs_of_staff(seat: Seat, official: int) -> frozenset[int]:
    """Return the organs in which an official holds a post today, none for nobody."""
    found = Official.objects.filter(pk=official).first()
    return organs_of(found, seat.today) if found is not None else frozenset()


# --- the letter -----------------------------------------------------------------------------------
def _letter(
    seat: Seat,
    file: CaseFile,
    filled: Filled,
    reasons: Sequence[Reason] = (),
    status: int = 200,
    act: str = COMMENT,
) -> HttpResponse:
    """Show a letter with its matter, and what a leader can do with it."""
    matter = matter_of(file.case, seat.viewer, seat.today)
    own = texts_of(seat, file.case)
    refused = sort_reasons(seat, file, file.kind.acts[act], filled, reasons)
    return seat.page(
        "leadership/letter.html",
        "leader",
        status,
        case=file.case,
        number=file.case.number,
        state=state_words(file, seat.language),
        said_before=[text for text in own.opened if not _is_draft(file, text.act, text.field)],
        case_href=case_href(file.case.number),
        refused=refused,
        uid=uid_of(seat),
        **_comment_part(seat, file, matter, own, filled),
        **_matter_part(seat, matter),
    )


def _comment_part(
    seat: Seat, file: CaseFile, matter: Case | None, own: Texts, filled: Filled
) -> dict[str, Any]:
    """Return what a leader can do with the letter: read it, comment on it."""
    state = file.view.state
    leads = may_lead(seat)
    open_for_comment = leads and state in ("presented", "read")
    return {
        "asks": _asks(seat, file, matter, own, filled) if open_for_comment else (),
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
def _asks(
    seat: Seat, file: CaseFile, matter: Case | None, own: Texts, filled: Filled
) -> tuple[FormField, ...]:
    """Return the fields of a comment: the words prepared by the secretary, the organ that has
    the matter, a day."""
    holder = str(matter.holder_id or "") if matter is not None else ""
    chosen = seat.request.POST.get("to") or holder
    offered = _other_organs(seat)
    fields = (
        _comment_field(seat, file, own),
        _organ_field(seat, offered, chosen),
        _staff_field(seat, offered, chosen),
        _due_field(seat),
    )
    return tuple(
        replace(field, errors=tuple(filled.errors.get(field.name, ()))) for field in fields
    )


def _other_organs(seat: Seat) -> list[Organ]:
    """Return the organs of today but this one."""
    own = seat.organ.pk if seat.organ else 0
    return [organ for organ in organs_on(seat.today).order_by("code") if organ.pk != own]


def _comment_field(seat: Seat, file: CaseFile, own: Texts) -> FormField:
    """Return the field of the words; what a secretary prepared last is proposed."""
    drafts = [text.text for text in own.opened if _act_of(file, text.act) == "prepare"]
    proposed = drafts[-1] if drafts else ""
    return FormField(
        "text",
        "text",
        _("批示"),
        required=True,
        rows=4,
        hint=_("秘书代拟，签署前请改定") if drafts else "",
        value=seat.request.POST.get("text", proposed),
    )


def _organ_field(seat: Seat, offered: Sequence[Organ], chosen: str) -> FormField:
    """Return the field of the organ the comment goes to."""
    choices = tuple(
        Choice(str(organ.pk), organ_name(organ, seat.language), str(organ.pk) == chosen)
        for organ in offered
    )
    return FormField("to", "organ", _("批给"), required=True, value=chosen, choices=choices)


def _staff_field(seat: Seat, offered: Sequence[Organ], chosen: str) -> FormField:
    """Return the field of the person in charge, from the people of the organ chosen."""
    typed = seat.request.POST.get("staff", "")
    choices = []
    for organ in offered:
        if str(organ.pk) == chosen:
            choices += _staff_choices(seat, organ, typed)
    return FormField(
        "staff",
        "official",
        _("具体经办人"),
        value=typed,
        hint=_("可以不指定，由该单位自定"),
        choices=tuple(choices),
    )


def _staff_choices(seat: Seat, organ: Organ, typed: str) -> list[Choice]:
    """Return the people of an organ to choose from, each with the post."""
    choices = []
    for held in appointments_on(organ, seat.today).select_related("official", "post"):
        official = held.official
        words = f"{official.name}，{held.post.title_zh}"
        choices.append(Choice(str(official.pk), words, str(official.pk) == typed))
    return choices


def _due_field(seat: Seat) -> FormField:
    """Return the field of the day by which a report is wanted."""
    proposed = (seat.today + REPORT_IN).isoformat()
    return FormField(
        "due",
        "date",
        _("报告日期"),
        required=True,
        value=seat.request.POST.get("due") or proposed,
        hint=_("由您指定，不是法定期限"),
    )


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
    if seat.request.method != "POST":
        return _present(seat, matter, blank, leaders, Filled())
    filled = _presented(seat, number, leaders)
    step = Step(act=PRESENT, kind=KIND, fields=filled.values, texts=filled.texts)
    made = attempt(seat, [step], blank.kind.acts[PRESENT])
    if not isinstance(made, Performed):
        return _present(seat, matter, blank, leaders, filled, made)
    messages.success(seat.request, _("已呈阅，%(case)s。") % {"case": made.case})
    return redirect(case_href(matter.number))


def _presented(seat: Seat, number: str, leaders: Sequence[Leader]) -> Filled:
    """Read before which leader the matter is laid, and the note; without a leader it is refused
    by the rule."""
    filled = Filled()
    for one in leaders:
        if one.key == seat.request.POST.get("leader"):
            filled.values |= {"leader": one.official.pk, "organ": one.organ.pk}
            break
    filled.values["petition"] = number
    note = seat.request.POST.get("note", "").strip()
    if note:
        filled.texts["note"] = note
    return filled


def _present(
    seat: Seat,
    matter: Case,
    blank: CaseFile,
    leaders: Sequence[Leader],
    filled: Filled,
    reasons: Sequence[Reason] = (),
) -> HttpResponse:
    """Ask for the leader and a note, with what was typed and refused."""
    rule = blank.kind.acts[PRESENT]
    refused = sort_reasons(seat, blank, rule, filled, reasons)
    return seat.page(
        "leadership/present.html",
        "",
        UNPROCESSABLE if reasons else 200,
        matter=matter,
        back=case_href(matter.number),
        fields=_present_fields(seat, leaders, filled),
        refused=refused,
        uid=uid_of(seat),
        article=article_of(seat, blank, rule),
        title=headline(rule, seat.language),
    )


def _present_fields(
    seat: Seat, leaders: Sequence[Leader], filled: Filled
) -> tuple[FormField, FormField]:
    """Return the leader to choose and the note."""
    post = seat.request.POST
    typed = post.get("leader", "")
    choices = tuple(
        Choice(one.key, f"{one.official.name}，{one.title}", one.key == typed) for one in leaders
    )
    leader = FormField(
        "leader",
        "official",
        _("呈给哪位领导"),
        required=True,
        choices=choices,
        errors=tuple(filled.errors.get("leader", ())),
    )
    return leader, FormField("note", "text", _("呈阅说明"), value=post.get("note", ""), rows=3)
