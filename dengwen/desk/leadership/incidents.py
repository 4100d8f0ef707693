"""The incident console: who knew when, who was told when, how long it took, what is open (S 7(3),
8(3); R22 25).

A report is typed once and given to every addressee chosen, each an act with its own paper.
Measures, trend, the
leader's part, handing on and closing are acts of the generic page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from dengwen.access.models import User
from dengwen.cases.models import Case
from dengwen.cases.read.case_view import (
    CaseFile,
    blank_file,
    cited,
    rail,
    read_file,
    state_words,
)
from dengwen.cases.wall.visibility import for_user
from dengwen.cases.write.check import Refused
from dengwen.cases.write.perform import perform
from dengwen.desk.shell.act.act_page import Way, article_of, done, step_of
from dengwen.desk.shell.act.act_refusals import UNPROCESSABLE, sort_reasons
from dengwen.desk.shell.act.forms import Filled, form_fields, read_day, read_form
from dengwen.desk.shell.case.case_links import links as linked
from dengwen.desk.shell.frame.seat import CHINA, Seat, at_desk, case_href, organ_name, uid_of
from dengwen.law.bilingual import headline
from dengwen.law.duties.admissibility import refusals
from dengwen.law.duties.step import Step
from dengwen.law.packs.rules import ActRule
from dengwen.leadership.incidents import KIND, OPENING, Chain, chain_of, in_words, reporting_acts
from dengwen.organs.models import Official, Organ
from dengwen.ui.components import Choice, FormField, Link
from dengwen.ui.dates import numeric

MOST = 50
CONTENTS = ("happened", "scene", "crowd", "cause", "measures", "trend", "request")
"""What an urgent report says (list of documents, D26)."""
ONE_LINE = frozenset({"happened", "scene", "crowd", "receiver", "subject", "source"})
ASKED_BY_PAGE = frozenset({"office"})
FOLLOWING = ("measure", "trend", "attend", "hand_on", "take_over", "close", "link", "correct")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the list: an incident, what is open in it, and the longest wait."""

    link: Link
    number: str
    kind: str
    known: str
    open: int
    wait: str
    state: str


@dataclass(frozen=True, slots=True)
class Row:
    """One duty of the chain in words."""

    title: str
    holder: str
    when: str
    entered: str
    elapsed: str
    target: str
    over: bool
    open: bool
    basis: str


# --- the list -------------------------------------------------------------------------------------
@require_safe
@at_desk
def incidents(seat: Seat) -> HttpResponse:
    """List the incidents this seat may see, those still being handled first, the newest first."""
    visible = for_user(seat.viewer, seat.today).filter(kind=KIND)
    newest = visible.order_by("-opened_at", "-pk")
    running, closed = newest.exclude(state="closed")[:MOST], newest.filter(state="closed")[:MOST]
    return seat.page(
        "leadership/incidents.html",
        "incidents",
        running=[_line(seat, c) for c in running],
        closed=[_line(seat, c) for c in closed],
        may_open=seat.organ is not None and _may_open(seat),
        most=MOST,
    )


def _line(seat: Seat, case: Case) -> Line:
    file = read_file(case, seat.now)
    chain = chain_of(file, seat.now)
    waits = chain.longest_open
    return Line(
        link=Link(seat.title(case) or case.number, reverse("desk:incident", args=[case.number])),
        number=case.number,
        kind=_type(file, seat),
        known=when(chain.known_at, seat),
        open=len(chain.open_links),
        wait="" if waits is None else in_words(waits, seat.language),
        state=state_words(file, seat.language),
    )


def _type(file: CaseFile, seat: Seat) -> str:
    asked = file.kind.acts[OPENING].field_rule("type")
    names = asked.option_names if asked else {}
    return names.get(file.view.facts.get("type", ""), ("", ""))[0 if seat.language == "zh" else 1]


def when(instant: datetime, seat: Seat) -> str:
    """Return an instant as day and time in China."""
    local = instant.astimezone(CHINA)
    return f"{numeric(local.date(), seat.language)} {local:%H:%M}"


def _may_open(seat: Seat) -> bool:
    file = blank_file(KIND, seat.organ.division_code if seat.organ else "", seat.now)
    return KIND in file.installed.book.kinds and not refusals(
        file.kind, file.kind.acts[OPENING], file.view, seat.actor, seat.today
    )


# --- first knowledge ------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def begin(seat: Seat) -> HttpResponse:
    """Ask what became known when and by whom, and open the incident at that instant."""
    if seat.organ is None or not _may_open(seat):
        return redirect("desk:incidents")
    file = blank_file(KIND, seat.organ.division_code, seat.now)
    rule = file.kind.acts[OPENING]
    if seat.request.method != "POST":
        return _begin_page(seat, file, rule, None)
    filled = read_form(seat, rule)
    filled.fields["office"] = "petition_office" if seat.organ.is_petition_office else "organ"
    filled.occurred = _instant(seat, filled, "known_on", "known_time")
    if filled.errors:
        return _begin_page(seat, file, rule, filled)
    try:
        made = perform(step_of("", rule, filled, KIND), by=seat.by, now=seat.now, uid=uid_of(seat))
    except Refused as refused:
        return _begin_page(seat, file, rule, filled, refused)
    return done(seat, Way(reverse("desk:incident", args=[made.case]), ""), rule, made)


def _begin_page(
    seat: Seat, file: CaseFile, rule: ActRule, filled: Filled | None, refused: Refused | None = None
) -> HttpResponse:
    whole = sort_reasons(seat, file, rule, filled, refused.reasons) if filled and refused else []
    given = {"known_by": str(seat.user.official_id or "")}
    fields = [
        _short(f) for f in form_fields(seat, rule, file, filled, given=given, without=ASKED_BY_PAGE)
    ]
    knowing = _time_fields(seat, filled, ("known_on", _("哪天获悉")), ("known_time", _("几点获悉")))
    status = UNPROCESSABLE if filled is not None else 200
    return seat.page(
        "leadership/incident_new.html",
        "incidents",
        status,
        fields=fields,
        knowing=knowing,
        refused=whole,
        uid=uid_of(seat),
        article=article_of(seat, file, rule),
    )


def _short(asked: FormField) -> FormField:
    """Return a field as the console asks it: one line for what fits on one, small areas for the
    rest."""
    return replace(asked, type="person") if asked.name in ONE_LINE else replace(asked, rows=2)


def _time_fields(
    seat: Seat, filled: Filled | None, day: tuple[str, str], hour: tuple[str, str]
) -> tuple[FormField, FormField]:
    post, errors = seat.request.POST if filled is not None else {}, filled.errors if filled else {}
    now = seat.now.astimezone(CHINA)
    return (
        FormField(
            day[0],
            "date",
            day[1],
            required=True,
            value=post.get(day[0], now.date().isoformat()),
            errors=tuple(errors.get(day[0], ())),
        ),
        FormField(
            hour[0],
            "word",
            hour[1],
            required=True,
            value=post.get(hour[0], f"{now:%H:%M}"),
            hint=_("二十四小时制，如 09:00"),
            errors=tuple(errors.get(hour[0], ())),
        ),
    )


def _instant(seat: Seat, filled: Filled, day: str, hour: str) -> datetime | None:
    """Read a day and a time of day; nothing typed, or the minute that is now, means now."""
    found, clock = _day(seat, filled, day), _clock(seat, filled, hour)
    if found is None or clock is None:
        return None
    instant = datetime.combine(found, clock, CHINA).astimezone(UTC)
    if instant > seat.now:
        filled.wrong(hour, _("这个时刻还没有到。请填实际获悉、报告的时刻。"))
    return None if timedelta(0) <= seat.now - instant < timedelta(minutes=1) else instant


def _day(seat: Seat, filled: Filled, name: str) -> date | None:
    found = read_day(seat.request.POST.get(name, ""))
    if found is None:
        filled.wrong(name, _("日期请写成 2026-11-24 这样，在 1949-10-01 以后。"))
    return found


def _clock(seat: Seat, filled: Filled, name: str) -> time | None:
    try:
        return time.fromisoformat(seat.request.POST.get(name, "").strip().replace("：", ":"))
    except ValueError:
        filled.wrong(name, _("时间请写成 09:00 这样。"))
        return None


# --- one incident ---------------------------------------------------------------------------------
@require_safe
@at_desk
def incident(seat: Seat, number: str) -> HttpResponse:
    """Show the chain of one incident."""
    return _page(seat, _case(seat, number))


def _case(seat: Seat, number: str) -> Case:
    case = seat.case(number)
    if case.kind != KIND:
        raise Http404
    return case


def _page(seat: Seat, case: Case) -> HttpResponse:
    file = read_file(case, seat.now)
    chain = chain_of(file, seat.now)
    names = _organs(seat, chain)
    people = _people([r.record.actor for r in chain.told] + [r.actor for r in chain.other])
    known_by = (
        Official.objects.filter(pk=chain.known_by or 0).values_list("name", flat=True).first() or ""
    )
    return seat.page(
        "leadership/incident.html",
        "incidents",
        case=case,
        type=_type(file, seat),
        state=state_words(file, seat.language),
        size=file.view.facts.get("persons", ""),
        known=when(chain.known_at, seat),
        known_by=known_by,
        knower=names.get(chain.knower or 0, ""),
        rail=rail(file, seat.today, seat.language),
        entered=""
        if abs(chain.entered_at - chain.known_at) < timedelta(minutes=1)
        else when(chain.entered_at, seat),
        rows=_rows(seat, file, chain, names),
        links=linked(seat, case),
        told=[
            (
                headline(t.rule, seat.language),
                when(t.record.occurred, seat),
                in_words(t.elapsed, seat.language),
                people.get(t.record.actor or 0, ""),
            )
            for t in chain.told
        ],
        other=[
            (
                headline(file.kind.acts[r.act], seat.language),
                when(r.occurred, seat),
                names.get(r.organ or 0, ""),
                people.get(r.actor or 0, ""),
            )
            for r in chain.other
            if r.act in file.kind.acts
        ],
        may_report=bool(_possible(seat, file)),
        following=_following(seat, file),
        whole=case_href(case.number),
    )


def _organs(seat: Seat, chain: Chain) -> dict[int, str]:
    named = (chain.knower, *(one.holder for one in chain.links), *(r.organ for r in chain.other))
    wanted = {organ for organ in named if organ}
    return {o.pk: organ_name(o, seat.language) for o in Organ.objects.filter(pk__in=wanted)}


def _people(users: Sequence[int | None]) -> dict[int, str]:
    found = User.objects.filter(pk__in={u for u in users if u}).select_related("official")
    return {u.pk: u.official.name if u.official else u.username for u in found}


def _rows(seat: Seat, file: CaseFile, chain: Chain, names: Mapping[int, str]) -> list[Row]:
    rows = []
    for link in chain.links:
        target = (
            ""
            if link.target is None
            else (_("本地目标 %(target)s 小时，非法定") % {"target": link.target})
        )
        rows.append(
            Row(
                title=headline(link.rule, seat.language),
                holder=names.get(link.holder or 0, ""),
                when="" if link.done_at is None else when(link.done_at, seat),
                entered=when(link.entered_at, seat)
                if link.entered_at and link.claimed_later
                else "",
                elapsed=in_words(link.elapsed, seat.language),
                target=target,
                over=link.over,
                open=link.done_at is None,
                basis=cited(link.rule.basis, file.installed, seat.language),
            )
        )
    return rows


def _possible(seat: Seat, file: CaseFile) -> dict[str, ActRule]:
    """Return the reports and notices this seat can give now."""
    return {
        name: rule
        for name, rule in reporting_acts(file).items()
        if not refusals(file.kind, rule, file.view, seat.actor_in(file.case), seat.today)
    }


def _following(seat: Seat, file: CaseFile) -> list[Link]:
    found = []
    for name in FOLLOWING:
        rule = file.kind.acts.get(name)
        if rule and not refusals(file.kind, rule, file.view, seat.actor_in(file.case), seat.today):
            found.append(Link(headline(rule, seat.language), case_href(file.case.number, name)))
    return found


# --- reporting ------------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def report(seat: Seat, number: str) -> HttpResponse:
    """Ask for an urgent report once and give it to everybody chosen, in one call of the write
    door."""
    file = read_file(_case(seat, number), seat.now)
    possible = _possible(seat, file)
    back = reverse("desk:incident", args=[number])
    if not possible:
        return redirect(back)
    if seat.request.method != "POST":
        return _report_page(seat, file, possible, None)
    chosen = [possible[name] for name in seat.request.POST.getlist("to") if name in possible]
    filled = read_form(seat, next(iter(possible.values())))
    filled.occurred = _instant(seat, filled, "told_on", "told_time")
    if not chosen:
        filled.wrong("to", _("请选择向谁报告、通报。"))
    if filled.errors:
        return _report_page(seat, file, possible, filled)
    steps = [
        Step(
            act=rule.id,
            case=number,
            fields=filled.fields,
            texts=filled.texts,
            occurred_at=filled.occurred,
        )
        for rule in chosen
    ]
    try:
        made = perform(*steps, by=seat.by, now=seat.now, uid=uid_of(seat))
    except Refused as refused:
        return _report_page(seat, file, possible, filled, refused)
    words = (
        "、".join(r.zh for r in chosen)
        if seat.language == "zh"
        else ", ".join(r.en for r in chosen)
    )
    messages.success(
        seat.request, _("已写入存证：%(act)s，%(number)s。") % {"act": words, "number": made.case}
    )
    return redirect(back)


def _report_page(
    seat: Seat,
    file: CaseFile,
    possible: Mapping[str, ActRule],
    filled: Filled | None,
    refused: Refused | None = None,
) -> HttpResponse:
    first = next(iter(possible.values()))
    whole = sort_reasons(seat, file, first, filled, refused.reasons) if filled and refused else []
    owed = {name for d in file.view.open_duties() for name in d.rule.closes}
    asked = set(seat.request.POST.getlist("to")) if filled is not None else owed
    choices = tuple(
        Choice(
            name,
            headline(rule, seat.language) + ("" if name in owed else _("（续报）")),
            name in asked,
        )
        for name, rule in possible.items()
    )
    to = FormField(
        "to",
        "codes",
        _("向谁"),
        required=True,
        choices=choices,
        errors=tuple(filled.errors.get("to", ())) if filled else (),
    )
    fields = [_short(f) for f in form_fields(seat, first, file, filled)]
    told = _time_fields(seat, filled, ("told_on", _("哪天报告")), ("told_time", _("几点报告")))
    return seat.page(
        "leadership/incident_report.html",
        "incidents",
        UNPROCESSABLE if filled is not None else 200,
        case=file.case,
        to=to,
        told=told,
        ways=[f for f in fields if f.name not in CONTENTS],
        contents=[f for f in fields if f.name in CONTENTS],
        refused=whole,
        uid=uid_of(seat),
        back=reverse("desk:incident", args=[file.case.number]),
        article=article_of(seat, file, first),
        rail=rail(file, seat.today, seat.language),
    )
