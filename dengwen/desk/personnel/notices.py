"""Organisation and personnel departments at the desk (journey 11): what they were notified of,
queries about honours.

What they are told and ask is theirs alone (`cases.wall.PERSONNEL_KINDS`); the organ that decided
sees receipts, uses
and every look-up. Opinions on cadres stand in `desk.opinions_on_cadres`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dengwen.access.read_log import Viewed, who_viewed
from dengwen.access.roles import ROLES
from dengwen.accountability.measures.queries import HonourBan, honour_bans
from dengwen.accountability.personnel.honours import FIRST_YEAR, WHOSE, cancelled_by
from dengwen.accountability.personnel.notification import NOTICE, OPINION, QUERY, last_day
from dengwen.cases.models import Act, Case
from dengwen.cases.read.case_view import CaseFile, cited, rail, read_file, state_words
from dengwen.cases.wall.visibility import ACCOUNT, for_user
from dengwen.desk.shell.act.act_refusals import UNPROCESSABLE
from dengwen.desk.shell.act.field_choices import organ_choices
from dengwen.desk.shell.act.submit import may
from dengwen.desk.shell.act.submit import write as write_steps
from dengwen.desk.shell.case.case_links import document_links
from dengwen.desk.shell.case.protected_text import texts_of
from dengwen.desk.shell.frame.seat import (
    Seat,
    at_desk,
    case_href,
    organ_name,
    uid_of,
    viewer_reads_results,
)
from dengwen.law.duties.act_record import civil
from dengwen.law.duties.step import FieldValue, Step
from dengwen.organs.models import Organ
from dengwen.ui.components import FormField

PAGE = "personnel"
MOST = 50
"""Lines of each list: the newest; older ones are found by their number."""


def asked_by(seat: Seat) -> Organ:
    """Return the organ of a seat that works with results of accountability; 404 for everybody
    else."""
    if seat.organ is None or not viewer_reads_results(seat.viewer):
        raise Http404
    return seat.organ


def asks(seat: Seat) -> bool:
    """Say whether this seat asks for its department: an organisation and personnel officer
    (R12)."""
    return seat.organ is not None and seat.organ.pk in seat.viewer.personnel


def write(
    seat: Seat, step: Step, again: Callable[[Sequence[str]], HttpResponse], page: str
) -> HttpResponse:
    """Do a step and show its case on the page named; where it is refused, show the form again
    with every reason."""
    return write_steps(seat, [step], again, lambda number: reverse(f"desk:{page}", args=[number]))


# --- the list -------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Line:
    """One case of a list: number, address, day, whose, how it stands, and what can be done at
    once."""

    number: str
    href: str
    day: date
    whose: str
    state: str
    sign: bool = False


@require_safe
@at_desk
def personnel(seat: Seat) -> HttpResponse:
    """List the notifications, the opinions and the queries this organ has to do with, and offer
    to ask."""
    return _list(seat, asked_by(seat))


def _list(
    seat: Seat, organ: Organ, why: Sequence[str] = (), given: Mapping[str, str] | None = None
) -> HttpResponse:
    kept = given or {}
    own = cancelled_by(organ.pk) if ACCOUNT in seat.viewer.compartments else ()
    return seat.page(
        "personnel/notices.html",
        PAGE,
        UNPROCESSABLE if why else 200,
        asks=asks(seat),
        why=why,
        uid=uid_of(seat),
        notices=[_notice_line(seat, case) for case in _cases(seat, NOTICE)],
        opinions=[
            _line(seat, c, "desk:personnel_opinion", _opinion_state(seat, c))
            for c in _cases(seat, OPINION)
        ],
        queries=[_line(seat, c, "desk:honours", _query_state(c)) for c in _cases(seat, QUERY)],
        fields=_query_fields(seat, kept) if asks(seat) else [],
        bans=[_ban(seat, b) for b in own],
    )


def _cases(seat: Seat, kind: str) -> list[Case]:
    found = for_user(seat.viewer, seat.today).filter(kind=kind).select_related("holder")
    return list(found.order_by("-opened_at", "-pk")[:MOST])


def _line(seat: Seat, case: Case, page: str, state: str, *, sign: bool = False) -> Line:
    return Line(
        case.number,
        reverse(page, args=[case.number]),
        case.opened_on,
        organ_name(case.holder, seat.language),
        state,
        sign,
    )


def _notice_line(seat: Seat, case: Case) -> Line:
    acts = list(Act.objects.filter(case=case).order_by("seq"))
    newest = max((a.seq for a in acts if a.act in ("notify", "notify_correction")), default=0)
    signed = [a for a in acts if a.act == "sign_receipt" and a.seq > newest]
    mine = seat.organ is not None and any(a.organ_id == seat.organ.pk for a in signed)
    told = _departments(acts)
    to_sign = asks(seat) and not mine and seat.organ is not None and seat.organ.pk in told
    words = (
        _("待签收")
        if to_sign
        else _("已签收 %(len)s / %(len_2)s") % {"len": len(signed), "len_2": len(told)}
    )
    if case.state == "corrected":
        words = _("已更正；") + words
    return _line(seat, case, "desk:personnel_notice", words, sign=to_sign)


def _departments(acts: Sequence[Act]) -> list[int]:
    data = acts[0].data if acts else {}
    return list(dict.fromkeys(data[n] for n in ("organisation", "personnel") if n in data))


def _opinion_state(seat: Seat, case: Case) -> str:
    return state_words(read_file(case, seat.now), seat.language)


def _query_state(case: Case) -> str:
    answer = Act.objects.filter(case=case, act="answer").first()
    if answer is None:
        return "—"
    return eligible_words(eligible=bool(answer.data["eligible"]))


def eligible_words(*, eligible: bool) -> str:
    """Return the answer to a query in words."""
    if eligible:
        return _("没有取消资格的记录")
    return _("本年度资格已取消")


def _ban(seat: Seat, one: HonourBan) -> dict[str, object]:
    organ = Organ.objects.get(pk=one.organ)
    return {
        "organ": organ_name(organ, seat.language),
        "as_what": WHOSE[one.as_][seat.language != "zh"],
        "ban": one,
    }


def _query_fields(seat: Seat, kept: Mapping[str, str]) -> list[FormField]:
    return [
        FormField(
            "unit",
            "organ",
            _("地区、部门、单位"),
            required=True,
            choices=organ_choices(seat, None, [kept.get("unit", "")]),
        ),
        FormField(
            "year", "number", _("年度"), required=True, value=kept.get("year", str(seat.today.year))
        ),
        FormField(
            "award",
            "person",
            _("拟评选的综合性荣誉称号"),
            required=True,
            value=kept.get("award", ""),
        ),
    ]


# --- a notification -------------------------------------------------------------------------------
def case_of(seat: Seat, number: str, kind: str) -> CaseFile:
    """Return a case of a kind that the wall lets this seat see; 404 for everything else."""
    asked_by(seat)
    case = seat.case(number)
    if case.kind != kind:
        raise Http404
    return read_file(case, seat.now)


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def notice(seat: Seat, number: str) -> HttpResponse:
    """Show a notification: who, which measure, until when; sign for it, record its use; the
    sender sees both."""
    file = case_of(seat, number, NOTICE)
    if seat.request.method != "POST":
        return _notice(seat, file)
    post = seat.request.POST
    if "use" in post:
        fields: dict[str, FieldValue] = {"use": post["use"]}
        step = Step(
            act="record_use",
            case=number,
            fields=fields,
            texts={"weighed": post.get("weighed", "").strip()},
        )
    else:
        step = Step(act="sign_receipt", case=number)
    return write(
        seat,
        step,
        lambda why: _notice(seat, read_file(file.case, seat.now), why),
        "personnel_notice",
    )


def _notice(seat: Seat, file: CaseFile, why: Sequence[str] = ()) -> HttpResponse:
    case, acts = file.case, file.rows
    texts = texts_of(seat, case)
    first = next(a for a in acts if a.act == "notify")
    newest = max(a.seq for a in acts if a.act in ("notify", "notify_correction"))
    mine = seat.organ.pk if seat.organ else 0
    names = {
        o.pk: organ_name(o, seat.language)
        for o in Organ.objects.filter(pk__in={a.organ_id for a in acts})
    }
    told = _departments(acts)
    names |= {o.pk: organ_name(o, seat.language) for o in Organ.objects.filter(pk__in=told)}
    signed = any(a.act == "sign_receipt" and a.organ_id == mine for a in acts)
    to_sign = (
        mine in told
        and may(seat, file, "sign_receipt")
        and not any(a.act == "sign_receipt" and a.organ_id == mine and a.seq > newest for a in acts)
    )
    ends = last_day(first, seat.today)
    expired = ends is not None and ends < seat.today
    sender = case.holder_id == mine
    receipts = [(names.get(one, ""), _day_of(acts, "sign_receipt", one)) for one in told]
    use_rule = file.kind.acts["record_use"].field_rule("use")
    options = use_rule.option_names if use_rule else {}
    index = 0 if seat.language == "zh" else 1
    uses = [
        (
            names.get(a.organ_id or 0, ""),
            civil(a.occurred_at),
            options[a.data["use"]][index],
            texts.of(a.pk, "weighed"),
        )
        for a in acts
        if a.act == "record_use" and (sender or a.organ_id == mine)
    ]
    shown = [
        ("concerned", texts.of(first.pk, "concerned")),
        ("measures", texts.of(first.pk, "measures_said")),
        ("facts", texts.of(first.pk, "facts")),
    ]
    corrections = [
        (civil(a.occurred_at), texts.of(a.pk, "correction"))
        for a in acts
        if a.act == "notify_correction"
    ]
    return seat.page(
        "personnel/notice.html",
        PAGE,
        UNPROCESSABLE if why else 200,
        case=case,
        why=why,
        uid=uid_of(seat),
        state=state_words(file, seat.language),
        rail=rail(file, seat.today, seat.language),
        shown=dict(shown),
        decided=date.fromisoformat(first.data["decided"]),
        ends=ends,
        expired=expired,
        sent=civil(first.occurred_at),
        by=organ_name(case.holder, seat.language),
        receipts=receipts,
        uses=uses,
        corrections=corrections,
        to_sign=to_sign,
        may_use=signed and mine in told and not expired and may(seat, file, "record_use"),
        options=[(code, words[index]) for code, words in options.items()],
        kept=seat.request.POST,
        viewed=viewed(seat, [case.number, str(first.data["decision"])]) if sender else None,
        papers=document_links(seat, case),
        whole=case_href(case.number),
    )


def _day_of(acts: Sequence[Act], act: str, organ: int) -> date | None:
    return next(
        (civil(a.occurred_at) for a in reversed(acts) if a.act == act and a.organ_id == organ), None
    )


def viewed(seat: Seat, numbers: Sequence[str]) -> list[tuple[Viewed, str, str]]:
    """Return who looked at what was decided or notified, the newest first: what the sender may
    always see."""
    role = next(iter(sorted(seat.roles)), "-")
    found = [v for number in dict.fromkeys(numbers) for v in who_viewed(number, role, ("D7",))]
    found.sort(key=lambda v: v.at, reverse=True)
    zh = seat.language == "zh"
    organs = Organ.objects.filter(name_zh__in={v.organ for v in found})
    english = {} if zh else dict(organs.values_list("name_zh", "name_en"))
    return [
        (
            replace(v, organ=english.get(v.organ) or v.organ),
            (ROLES[v.role].zh if zh else ROLES[v.role].en) if v.role in ROLES else v.role,
            v.purpose_zh if zh else v.purpose_en,
        )
        for v in found[:MOST]
    ]


# --- queries about honours ------------------------------------------------------------------------
@require_POST
@at_desk
def ask_honours(seat: Seat) -> HttpResponse:
    """Ask whether an organ may receive comprehensive honours of a year; the register answers at
    once (S 14)."""
    organ = asked_by(seat)
    if not asks(seat):
        raise Http404
    post = {
        name: str(seat.request.POST.get(name, "")).strip() for name in ("unit", "year", "award")
    }
    unit, year = post["unit"], post["year"]
    known = unit.isdecimal() and len(unit) < 12 and Organ.objects.filter(pk=int(unit)).exists()
    if not known or not (year.isdecimal() and len(year) == 4) or not post["award"]:
        missing = _("机关、年度（%(FIRST_YEAR)s 年起）、称号都要填写。") % {
            "FIRST_YEAR": FIRST_YEAR
        }
        return _list(seat, organ, [missing], post)
    fields: dict[str, FieldValue] = {"unit": int(unit), "year": int(year)}
    step = Step(act="ask", kind=QUERY, fields=fields, texts={"award": post["award"]})
    return write(seat, step, lambda why: _list(seat, organ, why, post), "honours")


@require_safe
@at_desk
def honours(seat: Seat, number: str) -> HttpResponse:
    """Show the dated answer of the register of cancelled honours, to be printed."""
    file = case_of(seat, number, QUERY)
    asked = file.rows[0]
    answer = next((a for a in file.rows if a.act == "answer"), None)
    if answer is None:
        raise Http404
    unit = Organ.objects.get(pk=asked.data["unit"])
    named = answer.data.get("decisions", ())
    lines = [
        (b, WHOSE[b.as_][seat.language != "zh"])
        for b in honour_bans(unit.pk, asked.data["year"])
        if b.case in named
    ]
    return seat.page(
        "personnel/honours.html",
        PAGE,
        case=file.case,
        unit=organ_name(unit, seat.language),
        year=asked.data["year"],
        eligible=bool(answer.data["eligible"]),
        said=eligible_words(eligible=bool(answer.data["eligible"])),
        on=civil(answer.occurred_at),
        by=organ_name(file.case.holder, seat.language),
        lines=lines,
        award=texts_of(seat, file.case).of(asked.pk, "award"),
        whole=case_href(number),
        basis=cited(file.kind.acts["answer"].basis, file.installed, seat.language),
    )
