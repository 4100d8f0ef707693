"""A letter before a leader: the original first, then the file, then the comment, signed by the
leader's own sign-in.

Three clicks for a letter (journey 6, step 7). A secretary lays letters before leaders and may
prepare the words; who
signs is the leader (S 7(1)). Reading the letter writes the read log like any other reading.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dengwen.cases.models import Case
from dengwen.cases.read.case_view import (
    CaseFile,
    blank_file,
    history,
    next_duty,
    read_file,
    state_words,
)
from dengwen.cases.write.check import Refused
from dengwen.cases.write.perform import perform
from dengwen.desk.leadership.overview import may_lead
from dengwen.desk.shell.act.act_page import article_of
from dengwen.desk.shell.act.act_refusals import (
    EFFECT_ERRORS,
    UNPROCESSABLE,
    as_reason,
    sort_reasons,
)
from dengwen.desk.shell.act.forms import Filled, read_day
from dengwen.desk.shell.case.case_links import file_links
from dengwen.desk.shell.case.protected_text import Texts, texts_of
from dengwen.desk.shell.case.request_lines import request_lines
from dengwen.desk.shell.frame.seat import Seat, at_desk, case_href, organ_name, uid_of
from dengwen.law.bilingual import headline
from dengwen.law.duties.act_record import Refusal as Reason
from dengwen.law.duties.step import Step
from dengwen.leadership.roster import leaders_of, matter_of
from dengwen.organs.models import Official, Organ
from dengwen.organs.structure.lines import organs_on
from dengwen.organs.structure.posts_held import appointments_on, organs_of
from dengwen.ui.components import Choice, FormField, TimelineEntry

KIND, PRESENT, READ, COMMENT = "instruction", "present", "read", "comment"
LAST_STEPS = 6
"""How many of the newest steps of the matter stand under the letter; the rest is on its own
page."""
REPORT_IN = timedelta(days=10)
"""The day for the report a new comment proposes; a leader changes it freely, and it is no period
of the law."""


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
    step = Step(act=act, case=number, fields=filled.fields, texts=filled.texts)
    return _signed(seat, file, step, filled)


def _signed(seat: Seat, file: CaseFile, step: Step, filled: Filled) -> HttpResponse:
    rule = file.kind.acts[step.act]
    try:
        done = perform(step, by=seat.by, now=seat.now, uid=uid_of(seat))
    except Refused as refused:
        return _letter(seat, file, filled, refused.reasons, UNPROCESSABLE, step.act)
    except EFFECT_ERRORS as error:
        return _letter(seat, file, filled, (as_reason(error, rule),), UNPROCESSABLE, step.act)
    zh = seat.language == "zh"
    words = (
        f"已写入存证：{rule.zh}，{done.case}。"
        if zh
        else f"Written to the ledger: {rule.en}, {done.case}."
    )
    messages.success(seat.request, words)
    return redirect("desk:leader" if may_lead(seat) else "desk:home")


def _typed(seat: Seat, act: str) -> Filled:
    """Read what the leader typed; who signs is the leader at the desk, never a name chosen in a
    form."""
    post, filled = seat.request.POST, Filled()
    if seat.user.official_id is not None:
        filled.fields["leader"] = seat.user.official_id
    text = post.get("text", "").replace("\r\n", "\n").strip()
    if text:
        filled.texts["text" if act == COMMENT else "remark"] = text
    if act == READ:
        return filled
    if seat.organ is not None:
        filled.fields["organ"] = seat.organ.pk
    to, due, staff = post.get("to", ""), post.get("due", "").strip(), post.get("staff", "")
    if to.isdecimal() and len(to) < 12:
        filled.fields["to"] = int(to)
    if staff.isdecimal() and len(staff) < 12:
        filled.fields["staff"] = int(staff)
        if filled.fields.get("to") not in organs_of_staff(seat, int(staff)):
            filled.wrong("staff", _("此人不在批给的单位任职。"))
    day = read_day(due) if due else None
    if due and day is None:
        filled.wrong("due", _("日期请写成 2026-11-24 这样。"))
    elif day is not None:
        filled.fields["due"] = day
    return filled


def organs_of_staff(seat: Seat, official: int) -> frozenset[int]:
    """Return the organs in which an official holds a post today, none for nobody."""
    found = Official.objects.filter(pk=official).first()
    return organs_of(found, seat.today) if found is not None else frozenset()


def _letter(
    seat: Seat,
    file: CaseFile,
    filled: Filled,
    reasons: Sequence[Reason] = (),
    status: int = 200,
    act: str = COMMENT,
) -> HttpResponse:
    matter = matter_of(file.case, seat.viewer, seat.today)
    about = read_file(matter, seat.now) if matter is not None else None
    own = texts_of(seat, file.case)
    texts = texts_of(seat, matter) if matter is not None else None
    refused = sort_reasons(seat, file, file.kind.acts[act], filled, reasons)
    open_for_comment = file.view.state in ("presented", "read") and may_lead(seat)
    return seat.page(
        "leadership/letter.html",
        "leader",
        status,
        case=file.case,
        number=file.case.number,
        state=state_words(file, seat.language),
        matter=matter,
        matter_href=case_href(matter.number) if matter is not None else "",
        content=texts.newest("content") if texts is not None else "",
        originals=file_links(seat, matter) if matter is not None else [],
        requests=request_lines(seat, about, texts)
        if about is not None and texts is not None
        else (),
        next_step=_next(seat, about),
        entries=_last(seat, about),
        said_before=[
            t for t in own.opened if t.field != "text" or _act_of(file, t.act) != "prepare"
        ],
        asks=_asks(seat, file, matter, own, filled) if open_for_comment else (),
        may_read=file.view.state == "presented" and may_lead(seat),
        article=article_of(seat, file, file.kind.acts[COMMENT]),
        case_href=case_href(file.case.number),
        refused=refused,
        uid=uid_of(seat),
    )


def _act_of(file: CaseFile, act: int) -> str:
    return next((r.act for r in file.rows if r.pk == act), "")


def _next(seat: Seat, about: CaseFile | None) -> tuple[str, date | None]:
    duty = next_duty(about.view) if about is not None else None
    return (
        (headline(duty.rule, seat.language), duty.due or duty.raw)
        if duty is not None
        else ("", None)
    )


def _last(seat: Seat, about: CaseFile | None) -> list[TimelineEntry]:
    if about is None:
        return []
    number = about.case.number
    shown = history(about, seat.language, lambda seq: reverse("desk:proof", args=[number, seq]))
    done = [one for one in shown if one.kind != "next"]
    return done[-LAST_STEPS:]


def _asks(
    seat: Seat, file: CaseFile, matter: Case | None, own: Texts, filled: Filled
) -> tuple[FormField, ...]:
    """Return the fields of a comment: the words prepared by the secretary, the organ that has
    the matter, a day."""
    post = seat.request.POST
    drafts = [t.text for t in own.opened if _act_of(file, t.act) == "prepare"]
    hint = (_("秘书代拟，签署前请改定")) if drafts else ""
    chosen = post.get("to") or str(matter.holder_id or "" if matter is not None else "")
    offered = [
        o
        for o in organs_on(seat.today).order_by("code")
        if o.pk != (seat.organ.pk if seat.organ else 0)
    ]
    people = [
        (a.official, a.post)
        for o in offered
        if str(o.pk) == chosen
        for a in appointments_on(o, seat.today).select_related("official", "post")
    ]
    whom = post.get("staff", "")
    due = post.get("due") or (seat.today + REPORT_IN).isoformat()
    errors = {name: tuple(found) for name, found in filled.errors.items()}
    own_day = _("由您指定，不是法定期限")
    return (
        FormField(
            "text",
            "text",
            _("批示"),
            required=True,
            rows=4,
            hint=hint,
            value=post.get("text", drafts[-1] if drafts else ""),
            errors=errors.get("text", ()),
        ),
        FormField(
            "to",
            "organ",
            _("批给"),
            required=True,
            value=chosen,
            choices=tuple(
                Choice(str(o.pk), organ_name(o, seat.language), str(o.pk) == chosen)
                for o in offered
            ),
            errors=errors.get("to", ()),
        ),
        FormField(
            "staff",
            "official",
            _("具体经办人"),
            value=whom,
            hint=_("可以不指定，由该单位自定"),
            choices=tuple(
                Choice(str(p.pk), f"{p.name}，{x.title_zh}", str(p.pk) == whom) for p, x in people
            ),
            errors=errors.get("staff", ()),
        ),
        FormField(
            "due",
            "date",
            _("报告日期"),
            required=True,
            value=due,
            hint=own_day,
            errors=errors.get("due", ()),
        ),
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
    rule = blank.kind.acts[PRESENT]
    filled = Filled()
    if seat.request.method != "POST":
        return _present(seat, matter, blank, filled)
    chosen = next(
        (x for x in leaders_of(seat.organ, seat.today) if x.key == seat.request.POST.get("leader")),
        None,
    )
    if chosen is not None:
        filled.fields = {"leader": chosen.official.pk, "organ": chosen.organ.pk}
    filled.fields["petition"] = number
    note = seat.request.POST.get("note", "").strip()
    filled.texts = {"note": note} if note else {}
    step = Step(act=PRESENT, kind=KIND, fields=filled.fields, texts=filled.texts)
    try:
        done = perform(step, by=seat.by, now=seat.now, uid=uid_of(seat))
    except Refused as refused:
        return _present(seat, matter, blank, filled, refused.reasons)
    except EFFECT_ERRORS as error:
        return _present(seat, matter, blank, filled, (as_reason(error, rule),))
    messages.success(seat.request, _("已呈阅，%(case)s。") % {"case": done.case})
    return redirect(case_href(matter.number))


def _present(
    seat: Seat, matter: Case, blank: CaseFile, filled: Filled, reasons: Sequence[Reason] = ()
) -> HttpResponse:
    rule = blank.kind.acts[PRESENT]
    refused = sort_reasons(seat, blank, rule, filled, reasons)
    leaders = leaders_of(seat.organ, seat.today) if isinstance(seat.organ, Organ) else ()
    typed = seat.request.POST.get("leader", "")
    choices = tuple(
        Choice(one.key, f"{one.official.name}，{one.title}", one.key == typed) for one in leaders
    )
    fields = (
        FormField(
            "leader",
            "official",
            _("呈给哪位领导"),
            required=True,
            choices=choices,
            errors=tuple(filled.errors.get("leader", ())),
        ),
        FormField("note", "text", _("呈阅说明"), value=seat.request.POST.get("note", ""), rows=3),
    )
    return seat.page(
        "leadership/present.html",
        "",
        UNPROCESSABLE if reasons else 200,
        matter=matter,
        back=case_href(matter.number),
        fields=fields,
        refused=refused,
        uid=uid_of(seat),
        article=article_of(seat, blank, rule),
        title=headline(rule, seat.language),
    )
