"""Examining a sample and ending an inspection: printed pack, one case at a time, the organ's
answers, the report."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dengwen.cases.models import Case
from dengwen.cases.wall.visibility import for_user
from dengwen.desk.oversight.inspections import (
    CARRY_DAYS,
    Page,
    can,
    carried,
    inspection_href,
    page_of,
    show,
    type_words,
)
from dengwen.desk.shell.act.act_refusals import UNPROCESSABLE
from dengwen.desk.shell.act.field_choices import organ_choices
from dengwen.desk.shell.act.forms import ACCEPT, Filled, kept_files, read_day, read_papers
from dengwen.desk.shell.act.submit import write
from dengwen.desk.shell.case.protected_text import texts_of
from dengwen.desk.shell.case.reply_aids import aids_beside
from dengwen.desk.shell.frame.seat import Seat, at_desk, case_href, organ_name, uid_of
from dengwen.law.duties.step import FieldValue, Step
from dengwen.law.packs.rules import FieldRule
from dengwen.organs.models import Official
from dengwen.oversight.inspections.draws import PlannedDraw, named_on_paper, others_of
from dengwen.oversight.inspections.published_plan import labels_of
from dengwen.oversight.inspections.queries import ANSWERS, Item
from dengwen.ui.components import Choice, FormField


def _seen(seat: Seat, page: Page) -> dict[str, Case]:
    """Return the drawn cases this seat may see now: what became an accusation meanwhile is not
    there."""
    found = for_user(seat.viewer, seat.today).filter(number__in=page.made.drawn, protected=False)
    return {case.number: case for case in found}


# --- the pack for the visit -----------------------------------------------------------------------
@require_POST
@at_desk
def take(seat: Seat, number: str) -> HttpResponse:
    """Sign for a numbered pack that is to be returned by a day, then print it."""
    page = page_of(seat, number)
    by, copy = read_day(seat.request.POST.get("return_by", "")), max(page.made.packs, default=0) + 1
    if by is None or seat.user.official_id is None or not can(seat, page, "take_pack"):
        return redirect("desk:inspection", number)
    fields: dict[str, FieldValue] = {"copy": copy, "taker": seat.user.official_id, "return_by": by}
    back = reverse("desk:inspection_pack", args=[number, copy])
    return write(
        seat,
        [Step(act="take_pack", case=number, fields=fields)],
        lambda why: show(seat, page, why),
        back,
    )


@require_safe
@at_desk
def pack(seat: Seat, number: str, copy: int) -> HttpResponse:
    """Print a pack: numbers, days and the checklist of each drawn case, and nobody's name but
    the taker's."""
    page = page_of(seat, number)
    taken = page.made.packs.get(copy)
    if taken is None or page.file.case.holder_id != (seat.organ.pk if seat.organ else 0):
        raise Http404
    seen, labels = _seen(seat, page), labels_of(page.made)
    taker = (
        Official.objects.filter(pk=taken.data["taker"]).values_list("name", flat=True).first() or ""
    )
    return seat.page(
        "oversight/inspection_pack.html",
        "inspections",
        case=page.file.case,
        copy=copy,
        taken=taken.day,
        taker=taker,
        return_by=date.fromisoformat(taken.data["return_by"]),
        to=page.name(page.made.to),
        items=page.made.items,
        by=organ_name(seat.organ, seat.language),
        back=inspection_href(number),
        cases=[
            (place, seen[n], labels[n]) for place, n in enumerate(page.made.drawn, 1) if n in seen
        ],
    )


# --- one case -------------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def examine(seat: Seat, number: str, subject: str) -> HttpResponse:
    """Answer the checklist for one drawn case: one click an item, the clause beside it, proof
    for every “no”."""
    page = page_of(seat, number)
    case = _seen(seat, page).get(subject)
    if case is None or not can(seat, page, "check_case"):
        raise Http404
    if seat.request.method != "POST":
        return _case_page(seat, page, case, Filled())
    post, filled = seat.request.POST, Filled()
    papers = read_papers(seat, "evidence", filled)
    if filled.errors:
        return _case_page(seat, page, case, filled)
    answers = tuple(post.get(f"item-{i.number}", "") for i in page.made.items)
    fields: dict[str, FieldValue] = {"subject": subject, "answers": answers}
    if post.get("reply"):
        fields["reply"] = post["reply"]
    if papers:
        fields["evidence"] = tuple(p.digest for p in papers)
    remarks = post.get("remarks", "").strip()
    step = Step(
        act="check_case", case=number, fields=fields, texts={"remarks": remarks} if remarks else {}
    )
    following = [n for n in page.made.drawn if n not in page.made.checks and n != subject]
    back = (
        reverse("desk:inspection_case", args=[number, following[0]])
        if following
        else inspection_href(number)
    )
    return write(
        seat,
        [step],
        lambda why: _case_page(seat, page, case, filled, why),
        back,
        [("evidence", p) for p in papers],
    )


def _case_page(
    seat: Seat, page: Page, case: Case, filled: Filled, why: Sequence[str] = ()
) -> HttpResponse:
    post, done = seat.request.POST, page.made.checks.get(case.number)
    index = seat.language != "zh"
    known = list(done.data["answers"]) if done else []
    words = {"yes": ("是", "yes"), "no": ("否", "no"), "na": ("不适用", "not applicable")}
    rows = []
    for item in page.made.items:
        name = f"item-{item.number}"
        now = post.get(name, known[item.number - 1] if item.number <= len(known) else "")
        rows.append(
            FormField(
                name,
                "code",
                f"{item.number}　{item.question}",
                required=True,
                hint=item.clause,
                choices=tuple(Choice(a, words[a][index], a == now) for a in ANSWERS),
            )
        )
    rule = page.file.kind.acts["check_case"].field_rule("reply")
    reply = post.get("reply", str(done.data.get("reply", "")) if done else "")
    grades = (
        tuple(Choice(o, rule.option_names[o][index], o == reply) for o in rule.options)
        if rule
        else ()
    )
    noted = post.get("remarks", page.texts.of(done.pk, "remarks") if done else "")
    more = [
        FormField("reply", "code", _("答复质量"), choices=grades),
        FormField(
            "remarks",
            "text",
            pgettext("inspection_pack", "事实和出处"),
            value=noted,
            rows=3,
            hint=_("有答“否”的必须写明，或者附上材料"),
        ),
        FormField(
            "evidence",
            "digests",
            _("证明材料"),
            accept=ACCEPT,
            errors=tuple(filled.errors.get("evidence", ())),
            kept=kept_files(filled.kept.get("evidence", ())),
        ),
    ]
    bad = bool(why or filled.errors)
    place = page.made.drawn.index(case.number) + 1
    return seat.page(
        "oversight/inspection_case.html",
        "inspections",
        UNPROCESSABLE if bad else 200,
        case=page.file.case,
        subject=case,
        rows=rows,
        more=more,
        why=why,
        uid=uid_of(seat),
        back=inspection_href(page.file.case.number),
        place=place,
        of=len(page.made.drawn),
        href=case_href(case.number),
        reply_aids=aids_beside(seat, case, texts_of(seat, case)),
        grades=bool(grades),
    )


SAID = ("satisfied", "basically", "dissatisfied")


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def call(seat: Seat, number: str, subject: str) -> HttpResponse:
    """Record a call by one button: what was answered with consent, that it was declined, or that
    nobody was reached."""
    page = page_of(seat, number)
    case = _seen(seat, page).get(subject)
    if case is None or not can(seat, page, "call_petitioner"):
        raise Http404
    if seat.request.method != "POST":
        return _call_page(seat, page, case)
    result, said = seat.request.POST.get("result", ""), seat.request.POST.get("said", "").strip()
    fields: dict[str, FieldValue] = {
        "subject": subject,
        "reached": "talked" if result in SAID else result,
    }
    if result in SAID:
        fields |= {"consent": True, "says": result}
    step = Step(
        act="call_petitioner", case=number, fields=fields, texts={"said": said} if said else {}
    )
    return write(seat, [step], lambda why: _call_page(seat, page, case, why), inspection_href)


def _call_page(seat: Seat, page: Page, case: Case, why: Sequence[str] = ()) -> HttpResponse:
    rule, index = page.file.kind.acts["call_petitioner"], seat.language != "zh"
    names = {o: n[index] for f in rule.fields for o, n in f.option_names.items()}
    said = FormField(
        "said", "text", _("信访人的话"), rows=3, value=seat.request.POST.get("said", "")
    )
    return seat.page(
        "oversight/inspection_call.html",
        "inspections",
        UNPROCESSABLE if why else 200,
        case=page.file.case,
        subject=case,
        said=said,
        why=why,
        uid=uid_of(seat),
        back=inspection_href(page.file.case.number),
        href=case_href(case.number),
        agreed=[(o, names[o]) for o in SAID],
        other=[(o, names[o]) for o in ("declined", "not_reached")],
        own=seat.user.pk in page.made.did("check_case", case.number),
    )


# --- what the organ says --------------------------------------------------------------------------
def _noted(seat: Seat, page: Page) -> list[tuple[str, str, Item, str]]:
    """Return every “no”: a key, the case, the item and what was seen."""
    seen = _seen(seat, page)
    return [
        (f"{place}-{item.number}", number, item, page.texts.of(check.pk, "remarks"))
        for place, number in enumerate(page.made.drawn, 1)
        if number in seen and (check := page.made.checks.get(number))
        for item, answer in zip(page.made.items, check.data["answers"], strict=False)
        if answer == "no"
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def answers(seat: Seat, number: str) -> HttpResponse:
    """Let the organ inspected answer each finding, all in one call."""
    page = page_of(seat, number)
    if not can(seat, page, "answer_finding"):
        return redirect("desk:inspection", number)
    noted = _noted(seat, page)
    stand = page.file.kind.acts["answer_finding"].field_rule("stand")
    if seat.request.method != "POST":
        return _answers_page(seat, page, noted, stand)
    post = seat.request.POST
    steps = []
    for key, subject, item, _seen_there in noted:
        if text := post.get(f"answer-{key}", "").strip():
            fields: dict[str, FieldValue] = {"subject": subject, "item": item.number}
            fields["stand"] = post.get(f"stand-{key}", "agree")
            steps.append(
                Step(act="answer_finding", case=number, fields=fields, texts={"answer": text})
            )
    if text := post.get("answer-all", "").strip():
        whole: dict[str, FieldValue] = {"stand": post.get("stand-all", "agree")}
        steps.append(Step(act="answer_finding", case=number, fields=whole, texts={"answer": text}))
    if not steps:
        return _answers_page(seat, page, noted, stand, [_("请至少写一条说明。")])
    return write(
        seat, steps, lambda why: _answers_page(seat, page, noted, stand, why), inspection_href
    )


def _answers_page(
    seat: Seat,
    page: Page,
    noted: Sequence[tuple[str, str, Item, str]],
    stand: FieldRule | None,
    why: Sequence[str] = (),
) -> HttpResponse:
    post, index = seat.request.POST, seat.language != "zh"

    def pair(key: str) -> tuple[FormField, FormField]:
        chosen = post.get(f"stand-{key}", "agree")
        choices = (
            tuple(Choice(o, stand.option_names[o][index], o == chosen) for o in stand.options)
            if stand
            else ()
        )
        return (
            FormField(f"stand-{key}", "code", pgettext("inspection_pack", "意见"), choices=choices),
            FormField(
                f"answer-{key}",
                "text",
                pgettext("inspection_pack", "说明"),
                value=post.get(f"answer-{key}", ""),
                rows=2,
            ),
        )

    return seat.page(
        "oversight/inspection_answers.html",
        "inspections",
        UNPROCESSABLE if why else 200,
        case=page.file.case,
        why=why,
        rows=[(subject, item, seen, *pair(key)) for key, subject, item, seen in noted],
        whole=pair("all"),
        uid=uid_of(seat),
        back=inspection_href(page.file.case.number),
    )


# --- report ---------------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def report(seat: Seat, number: str) -> HttpResponse:
    """Put the findings on the rectification list and conclude within a stated scope, in one call
    (S 9; case G13)."""
    page = page_of(seat, number)
    if not can(seat, page, "conclude") or page.made.sent is None:
        return redirect("desk:inspection", number)
    noted = _noted(seat, page)
    if seat.request.method != "POST":
        return _report_page(seat, page, noted)
    post = seat.request.POST
    until = seat.today + timedelta(days=CARRY_DAYS)
    steps = carried(seat, page.made.to or 0, until, into=page.made)
    line = max(page.made.lines, default=0) + len(steps)
    for key, subject, item, _remarks in noted:
        by, owner = read_day(post.get(f"until-{key}", "")), post.get(f"owner-{key}", "")
        what = post.get(f"what-{key}", "").strip()
        if what and by and owner.isdecimal():
            line += 1
            fields: dict[str, FieldValue] = {
                "line": line,
                "subject": subject,
                "item": item.number,
                "owner": int(owner),
                "until": by,
            }
            steps.append(Step(act="list_finding", case=number, fields=fields, texts={"what": what}))
    end: dict[str, FieldValue] = {"type": page.made.type}
    if post.get("circular_scope"):
        end["circular_scope"] = post["circular_scope"]
    texts = {
        name: text
        for name in ("findings", "scope_text", "draws")
        if (text := post.get(name, "").strip())
    }
    steps.append(Step(act="conclude", case=number, fields=end, texts=texts))
    return write(seat, steps, lambda why: _report_page(seat, page, noted, why), inspection_href)


def _report_page(
    seat: Seat, page: Page, noted: Sequence[tuple[str, str, Item, str]], why: Sequence[str] = ()
) -> HttpResponse:
    post, index = seat.request.POST, seat.language != "zh"
    until = (seat.today + timedelta(days=CARRY_DAYS)).isoformat()
    to = str(page.made.to or 0)
    rows = []
    for key, subject, item, remarks in noted:
        what = f"{item.clause}{'：' if item.clause else ''}{item.question}——否。{remarks}"
        rows.append(
            (
                subject,
                _heard(page, subject, item),
                [
                    FormField(
                        f"what-{key}",
                        "text",
                        _("问题"),
                        value=post.get(f"what-{key}", what),
                        rows=2,
                    ),
                    FormField(
                        f"owner-{key}",
                        "organ",
                        _("整改责任单位"),
                        required=True,
                        choices=organ_choices(seat, None, [post.get(f"owner-{key}", to)]),
                    ),
                    FormField(
                        f"until-{key}",
                        "date",
                        pgettext("inspection_pack", "整改期限"),
                        required=True,
                        value=post.get(f"until-{key}", until),
                    ),
                ],
            )
        )
    rule = page.file.kind.acts["conclude"].field_rule("circular_scope")
    scopes = [(o, rule.option_names[o][index]) for o in rule.options] if rule else []
    size = len(page.made.drawn)
    words = _("抽查%(size)s件，发现问题%(len)s项。") % {"size": size, "len": len(noted)}
    findings = FormField(
        "findings",
        "text",
        _("督查发现和反馈"),
        required=True,
        rows=5,
        value=post.get("findings", words),
    )
    scope_text = FormField(
        "scope_text",
        "text",
        _("另行写明的通报范围"),
        rows=2,
        value=post.get("scope_text", ""),
        hint=_("选“另行写明”的必填"),
    )
    others = named_on_paper(_others(seat, page), seat.today)
    draws = FormField(
        "draws",
        "text",
        _("一年内对该单位的其他抽样"),
        rows=3,
        value=post.get("draws", others),
        hint=_("写入结论和通报，不能删"),
    )
    along = [
        step.texts["what"] for step in carried(seat, page.made.to or 0, seat.today, into=page.made)
    ]
    return seat.page(
        "oversight/inspection_report.html",
        "inspections",
        UNPROCESSABLE if why else 200,
        case=page.file.case,
        rows=rows,
        findings=findings,
        scope_text=scope_text,
        draws=draws if others else None,
        scopes=scopes,
        why=why,
        along=along,
        along_by=seat.today + timedelta(days=CARRY_DAYS),
        uid=uid_of(seat),
        back=inspection_href(page.file.case.number),
        type=type_words(page.made),
    )


def _others(seat: Seat, page: Page) -> list[PlannedDraw]:
    return others_of(page.made.case.number, page.made.case.holder_id, page.made.to, seat.today)


def _heard(page: Page, subject: str, item: Item) -> str:
    """Return what the organ said to a finding, to stand beside it."""
    found = [
        t
        for t in page.made.answers
        if t.data.get("subject") == subject and t.data.get("item") == item.number
    ]
    return page.texts.of(found[-1].pk, "answer") if found else ""
