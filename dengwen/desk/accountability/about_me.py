"""What concerns the person at the desk himself: inquiries about him, what he was told, his answer,
and the decision.

He stands behind the wall of the inquiry and never reads its file. Here he reads what was disclosed
to him: that an
inquiry runs, the leads about him, the facts told, the evidence that names nobody sealed, and his
own answers (PSL 43).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from dengwen.access.read_log import open_logged
from dengwen.accountability.inquiry.disclosure_to_person import (
    Disclosed,
    clean,
    concerning,
    disclosed,
    sealed_words,
    sources_of,
)
from dengwen.accountability.inquiry.report import KINDS, RESULTS, STANDS
from dengwen.accountability.leads.queries import DECLINED, about
from dengwen.accountability.measures.queries import KIND as MEASURES
from dengwen.cases.models import Case
from dengwen.cases.read.case_view import cited, read_file
from dengwen.cases.wall.visibility import for_user
from dengwen.desk.accountability.inquiries import case_words
from dengwen.desk.accountability.leads import spoken
from dengwen.desk.shell.act.act_refusals import UNPROCESSABLE
from dengwen.desk.shell.act.forms import ACCEPT, Filled, kept_files, read_papers
from dengwen.desk.shell.act.submit import write
from dengwen.desk.shell.case.protected_text import opening
from dengwen.desk.shell.frame.seat import Seat, at_desk, case_href, uid_of
from dengwen.law.duties.step import FieldValue, Step
from dengwen.law.liability.attribution import RESPONSIBILITIES
from dengwen.organs.models import Official
from dengwen.ui.components import Choice, FormField, Link

PAGE = "about_me"
STAND_EN = {"agree": "agrees", "partly": "agrees in part", "disagree": "disagrees"}
RESULT_EN = {"upheld": "accepted", "partly": "accepted in part", "rejected": "not well founded"}


@require_safe
@at_desk
def about_me(seat: Seat) -> HttpResponse:
    """List the inquiries about the person at the desk, and the files of accountability he was
    told of."""
    official = seat.user.official_id
    lines = []
    for case in concerning(official) if official else ():
        seen = disclosed(case, official or 0)
        lines.append(
            {
                "number": case.number,
                "href": reverse("desk:about_me_inquiry", args=[case.number]),
                "opened": case.opened_on,
                "told": seen.told.day if seen.told else None,
                "until": date.fromisoformat(str(seen.told.data["answer_by"]))
                if seen.told
                else None,
                "concluded": seen.concluded is not None,
            }
        )
    return seat.page(
        "accountability/about_me.html", PAGE, lines=lines, files=_files(seat), official=official
    )


def _files(seat: Seat) -> list[tuple[Link, str]]:
    """Return the files in which the person was told, each with its kind: he reads those
    themselves."""
    if not seat.user.official_id:
        return []
    rows = for_user(seat.viewer, seat.today).filter(
        parties__role="told_person", parties__official_id=seat.user.official_id
    )
    return [
        (Link(case.number, _file_href(case)), case_words(case, seat.language))
        for case in rows.distinct().order_by("-opened_on", "-pk")
    ]


def _file_href(case: Case) -> str:
    return (
        reverse("desk:measure", args=[case.number])
        if case.kind == MEASURES
        else case_href(case.number)
    )


def _own(seat: Seat, number: str) -> tuple[Case, int]:
    """Return an inquiry about the person at the desk; any other number is the same 404."""
    official = seat.user.official_id
    case = next((c for c in concerning(official) if c.number == number), None) if official else None
    if case is None or official is None:
        raise Http404
    return case, official


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def inquiry(seat: Seat, number: str) -> HttpResponse:
    """Show what was disclosed to the person concerned, and take his points, his evidence, his
    request for recusal."""
    case, official = _own(seat, number)
    if seat.request.method != "POST":
        return _page(seat, case, official, Filled())
    filled = Filled()
    papers = read_papers(seat, "papers", filled)
    seen = disclosed(case, official)
    steps = _steps(seat, seen, official, tuple(p.digest for p in papers))
    if filled.errors or not steps:
        why = () if filled.errors else (_("没有填写任何内容。"),)
        return _page(seat, case, official, filled, why)
    back = reverse("desk:about_me_inquiry", args=[number])
    return write(
        seat,
        steps,
        lambda why: _page(seat, case, official, filled, why),
        back,
        [("papers", p) for p in papers],
    )


def _steps(seat: Seat, seen: Disclosed, official: int, papers: tuple[str, ...]) -> list[Step]:
    """Return what was handed in: one point a line of the answer, evidence with what it shows, a
    request for recusal."""
    post, number = seat.request.POST, seen.made.number
    steps = []
    points = [line.strip() for line in post.get("defence", "").splitlines() if line.strip()]
    for n, text in enumerate(points, len(seen.made.points) + 1):
        fields: dict[str, FieldValue] = {
            "official": official,
            "point": n,
            "stand": post.get("stand", "disagree"),
        }
        steps.append(Step(act="defend", case=number, fields=fields, texts={"defence": text}))
    shows = post.get("shows", "").strip()
    if papers or shows:
        given: dict[str, FieldValue] = {"official": official}
        if papers:
            given["papers"] = papers
        steps.append(
            Step(act="hand_in", case=number, fields=given, texts={"shows": shows} if shows else {})
        )
    who, ground = post.get("recuse", ""), post.get("ground", "").strip()
    if who.isdecimal() and ground:
        asked: dict[str, FieldValue] = {"official": int(who)}
        steps.append(Step(act="ask_recusal", case=number, fields=asked, texts={"ground": ground}))
    return steps


def _page(
    seat: Seat, case: Case, official: int, filled: Filled, why: Sequence[str] = ()
) -> HttpResponse:
    names = ("told_facts", "evidence", "answers")
    role = next(iter(sorted(seat.roles)), "-")
    with transaction.atomic(durable=True):
        seen = open_logged(
            opening(seat, case, "D5", names, role, "own"), lambda: disclosed(case, official)
        )
    index, made = int(seat.language != "zh"), seen.made
    file = read_file(case, seat.now)
    rules = file.kind.acts["defend"].basis
    running = seen.concluded is None and case.state == "opened"
    people = dict(Official.objects.filter(pk__in=made.investigators).values_list("pk", "name"))
    bad = bool(why or filled.errors)
    return seat.page(
        "accountability/about_me_inquiry.html",
        PAGE,
        UNPROCESSABLE if bad else 200,
        number=case.number,
        seen=seen,
        why=why,
        running=running,
        opened=case.opened_on,
        article=cited(rules, file.installed, seat.language),
        uid=uid_of(seat),
        points=[
            _point(p.number, p.told.texts.get("defence", ""), p.told.data["stand"], p.answer, index)
            for p in seen.points
        ],
        lines=[_line(t, index) for t in seen.lines],
        leads=_leads(seat, seen, official),
        investigators=people.values(),
        until=date.fromisoformat(seen.told.data["answer_by"]) if seen.told else None,
        fields=_fields(seat, filled, people) if running else [],
        may_answer=running and seen.told is not None,
        outcome=_outcome(seen),
    )


def _outcome(seen: Disclosed) -> str:
    if seen.concluded is None:
        return ""
    words = {
        "propose": _("已向有管理权限的机关提出建议；决定由该机关作出"),
        "no_responsibility": _("不予追责"),
    }
    return words[str(seen.concluded.data["outcome"])]


def _point(number: int, text: str, stand: object, answer: object, index: int) -> dict[str, object]:
    data, texts = (
        (getattr(answer, "data", {}), getattr(answer, "texts", {})) if answer else ({}, {})
    )
    result = str(data.get("result", ""))
    return {
        "number": number,
        "said": text,
        "stand": STAND_EN[str(stand)] if index else STANDS[str(stand)],
        "result": (RESULT_EN[result] if index else RESULTS[result]) if result else "",
        "reasons": texts.get("reasons", ""),
    }


def _line(told: object, index: int) -> dict[str, object]:
    data, texts = getattr(told, "data", {}), getattr(told, "texts", {})
    kind = str(data["kind"])
    return {
        "ground": data["ground"],
        "kind": KINDS[kind] if not index else f"{kind} responsibility",
        "found": RESPONSIBILITIES[str(data["responsibility"])][index],
        "reasons": texts.get("reasons", ""),
    }


def _leads(seat: Seat, seen: Disclosed, official: int) -> list[dict[str, object]]:
    """Return the leads about the person: those in hand while an inquiry runs, the declined ones
    at its end."""
    leads = about(official=official, units=[])
    numbers = {lead.about for lead in leads} | {
        item.case for lead in leads for item in lead.evidence
    }
    sealed = sealed_words([*sources_of(seen.made), *Case.objects.filter(number__in=numbers)])
    return [
        {
            "day": lead.raised_on,
            "declined": lead.state == DECLINED,
            "facts": spoken(seat, lead.facts, "\n") if clean(lead.facts, sealed) else "",
            "reason": lead.reason if clean(lead.reason, sealed) else "",
        }
        for lead in leads
    ]


def _fields(seat: Seat, filled: Filled, people: dict[int, str]) -> list[FormField]:
    post, index = seat.request.POST, int(seat.language != "zh")
    stand = post.get("stand", "disagree")
    words = ("认可", "部分认可", "不认可"), ("agree", "agree in part", "disagree")
    choices = tuple(
        Choice(w, words[index][n], w == stand)
        for n, w in enumerate(("agree", "partly", "disagree"))
    )
    recuse = tuple(Choice(str(o), n, str(o) == post.get("recuse", "")) for o, n in people.items())
    return [
        FormField("stand", "code", _("对告知的事实"), choices=choices),
        FormField(
            "defence",
            "text",
            pgettext("about_me", "陈述、申辩"),
            value=post.get("defence", ""),
            rows=6,
            hint=_("一点一行；每一点都必须得到答复，不会因为申辩而加重"),
        ),
        FormField(
            "papers",
            "digests",
            _("提交证据"),
            accept=ACCEPT,
            errors=tuple(filled.errors.get("papers", ())),
            kept=kept_files(filled.kept.get("papers", ())),
        ),
        FormField("shows", "person", _("证据证明什么"), value=post.get("shows", "")),
        FormField("recuse", "official", _("申请回避的核查人员"), choices=recuse),
        FormField("ground", "text", _("回避的理由"), value=post.get("ground", ""), rows=2),
    ]
