"""The opinion of the petition department on a cadre, at the desk (S 10(2)): ask, answer, record
what became of it.

The petition department finds a draft computed from the record; a person reads, changes and signs
it. The department
that asked records how it was weighed. Every look at the extract leaves rows in the read log;
whoever decided sees them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods

from dengwen.accountability.inquiry.exemptions import GROUNDS
from dengwen.accountability.personnel.cadre_opinion import (
    RANK_WORDS,
    exempted_words,
    in_force_words,
    looked_up,
    performance_words,
)
from dengwen.accountability.personnel.extracts import STATES, Counted, Extract, Kept
from dengwen.accountability.personnel.notification import OPINION
from dengwen.cases import rulebooks
from dengwen.cases.models import Act
from dengwen.cases.read.case_view import CaseFile, rail, state_words
from dengwen.desk.personnel.notices import MOST, PAGE, asked_by, asks, case_of, viewed, write
from dengwen.desk.shell.act.act_refusals import UNPROCESSABLE
from dengwen.desk.shell.act.forms import read_day
from dengwen.desk.shell.act.submit import may
from dengwen.desk.shell.act.submit import zh as pair
from dengwen.desk.shell.case.case_links import document_links
from dengwen.desk.shell.case.protected_text import Texts, opening, role_for, texts_of
from dengwen.desk.shell.frame.seat import Seat, at_desk, case_href, organ_name, uid_of
from dengwen.law.duties.act_record import civil
from dengwen.law.duties.step import FieldValue, Step
from dengwen.law.packs.rules import Basis
from dengwen.organs.models import Official, Organ
from dengwen.organs.structure.lines import organs_on
from dengwen.organs.structure.posts_held import posts_held
from dengwen.ui.components import Choice, FormField

LOOK_UP = "look-up"
TEXTS = ("performance", "in_force", "exempted")
STATE_WORDS = {
    "met": ("按期", "met"),
    "late": ("逾期履行", "late"),
    "missed": ("未履行", "not met"),
    "excused": ("作废", "void"),
    "open": ("未到期", "not due"),
}


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def ask_opinion(seat: Seat) -> HttpResponse:
    """Ask the petition department for its opinion before an appointment, with the purpose (S
    10(2))."""
    organ = asked_by(seat)
    if not asks(seat):
        raise Http404
    if seat.request.method != "POST":
        return _ask_page(seat, organ)
    post = seat.request.POST
    found = officials_named(post.get("cadre", ""))
    errors: dict[str, str] = {}
    if not found:
        errors["cadre"] = _("名录里没有这个姓名或者人员代码。")
    elif len(found) > 1 and not any(str(o.pk) == post.get("which") for o in found):
        errors["which"] = _("有同名的人，请选择是哪一位。")
    if not post.get("purpose", "").strip():
        errors["purpose"] = _("请写明用途。")
    if errors:
        return _ask_page(seat, organ, errors, found)
    cadre = (
        found[0] if len(found) == 1 else next(o for o in found if str(o.pk) == post.get("which"))
    )
    to = post.get("to", "")
    fields: dict[str, FieldValue] = {
        "to": int(to) if to.isdecimal() and len(to) < 12 else 0,
        "cadre": cadre.pk,
    }
    step = Step(act="ask", kind=OPINION, fields=fields, texts={"purpose": post["purpose"].strip()})
    return write(
        seat, step, lambda why: _ask_page(seat, organ, {}, found, why), "personnel_opinion"
    )


def officials_named(text: str) -> list[Official]:
    """Return the officials with this staff code, else those with exactly this name."""
    wanted = text.strip()
    if not wanted:
        return []
    by_code = list(Official.objects.filter(code=wanted))
    return by_code or list(Official.objects.filter(name=wanted).order_by("code")[:MOST])


def _ask_page(
    seat: Seat,
    organ: Organ,
    errors: Mapping[str, str] | None = None,
    found: Sequence[Official] = (),
    why: Sequence[str] = (),
) -> HttpResponse:
    post, wrong = seat.request.POST, errors or {}
    offices = list(organs_on(seat.today).filter(is_petition_office=True).order_by("code"))
    offices.sort(
        key=lambda o: (o.level != organ.level, o.division_code != organ.division_code, o.code)
    )
    chosen = post.get("to", str(offices[0].pk) if offices else "")

    def error(name: str) -> tuple[str, ...]:
        return (wrong[name],) if name in wrong else ()

    fields = [
        FormField(
            "to",
            "organ",
            pgettext("opinions", "信访部门"),
            required=True,
            choices=tuple(
                Choice(str(o.pk), organ_name(o, seat.language), str(o.pk) == chosen)
                for o in offices
            ),
        ),
        FormField(
            "cadre",
            "person",
            _("考察对象"),
            required=True,
            value=post.get("cadre", ""),
            errors=error("cadre"),
            hint=_("写姓名或者人员代码"),
        ),
    ]
    if len(found) > 1:
        fields.append(
            FormField(
                "which",
                "code",
                _("同名的人中是哪一位"),
                required=True,
                errors=error("which"),
                choices=tuple(
                    Choice(str(o.pk), _with_posts(o, seat), str(o.pk) == post.get("which"))
                    for o in found
                ),
            )
        )
    usual = _("任职考察")
    fields.append(
        FormField(
            "purpose",
            "person",
            _("用途"),
            required=True,
            errors=error("purpose"),
            value=post.get("purpose", usual),
        )
    )
    status = UNPROCESSABLE if wrong or why else 200
    return seat.page("personnel/ask.html", PAGE, status, fields=fields, why=why, uid=uid_of(seat))


def _with_posts(one: Official, seat: Seat) -> str:
    posts = [
        f"{p.post.organ.name_zh}{p.post.title_zh}" for p in posts_held(one, seat.today, seat.today)
    ]
    return f"{one.name}（{'、'.join([*posts, one.code])}）"


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
        return _opinion(seat, file)
    post = seat.request.POST
    if "weighed" in post:
        step = Step(act="record_use", case=number, texts={"weighed": post["weighed"].strip()})
        return write(seat, step, lambda why: _opinion(seat, file, why), "personnel_opinion")
    return _sign(seat, file)


def _sign(seat: Seat, file: CaseFile) -> HttpResponse:
    """Sign the opinion with what was typed; where the record has changed since, show it again
    first."""
    draft = _draft(seat, file) if may(seat, file, "answer") else None
    if draft is None:
        raise Http404
    post = seat.request.POST
    if post.get("extract") != draft.extract.digest:
        changed = (
            "摘录在这期间有变化，或者日期改过。请再看一遍，改好以后签署。",
            "The extract or its days changed. Read it again, then sign.",
        )
        return _opinion(seat, file, [pair(seat, *changed)], draft)
    fields: dict[str, FieldValue] = {
        "first": draft.first,
        "last": draft.last,
        "extract": draft.extract.digest,
    }
    texts = {name: post.get(name, "").strip() for name in TEXTS}
    step = Step(
        act="answer",
        case=file.case.number,
        fields=fields,
        texts={k: v for k, v in texts.items() if v},
    )
    return write(seat, step, lambda why: _opinion(seat, file, why, draft), "personnel_opinion")


def _draft(seat: Seat, file: CaseFile) -> Draft | None:
    """Return the draft of an opinion for the days asked (from the beginning of last year where none
    are given).

    None where the days are in no order. The extract is opened through the read log: a row for this
    request, and one for
    every decision it repeats, so that whoever decided sees that it was looked up.
    """
    given = seat.request.POST if seat.request.method == "POST" else seat.request.GET
    first = read_day(given.get("first", "")) or date(seat.today.year - 1, 1, 1)
    last = read_day(given.get("last", "")) or seat.today
    if not first <= last <= seat.today:
        return None
    cadre = Official.objects.get(pk=file.rows[0].data["cadre"])
    role = role_for(seat, "D7")
    if not role:
        raise Http404
    made = looked_up(
        file.case,
        cadre,
        first,
        last,
        seat.today,
        lambda case: opening(seat, case, "D7", (LOOK_UP,), role, "account"),
    )
    computed = {
        "performance": performance_words(made),
        "in_force": in_force_words(made),
        "exempted": exempted_words(made),
    }
    typed = {
        name: given[name] for name in TEXTS if name in given and given.get("extract") == made.digest
    }
    return Draft(first, last, made, {**computed, **typed})


def _opinion(
    seat: Seat, file: CaseFile, why: Sequence[str] = (), draft: Draft | None = None
) -> HttpResponse:
    case = file.case
    answers = may(seat, file, "answer")
    mine = seat.organ.pk if seat.organ else 0
    reason = list(why)
    if answers and draft is None:
        draft = _draft(seat, file)
        if draft is None:
            wrong = (
                "日期没有先后：起始不晚于截止，截止不晚于今天。",
                "The days are in no order: first ≤ last ≤ today.",
            )
            reason.append(pair(seat, *wrong))
    texts = texts_of(seat, case)
    cadre = Official.objects.get(pk=file.rows[0].data["cadre"])
    answer = next((a for a in file.rows if a.act == "answer"), None)
    used = next((a for a in file.rows if a.act == "record_use"), None)
    to = Organ.objects.filter(pk=file.rows[0].data["to"]).first()
    return seat.page(
        "personnel/opinion.html",
        PAGE,
        UNPROCESSABLE if reason else 200,
        case=case,
        why=reason,
        uid=uid_of(seat),
        state=state_words(file, seat.language),
        rail=rail(file, seat.today, seat.language),
        cadre=_with_posts(cadre, seat),
        by=organ_name(case.holder, seat.language),
        to=organ_name(to, seat.language),
        asked=civil(file.rows[0].occurred_at),
        purpose=texts.newest("purpose"),
        draft=draft if answers else None,
        fields=_answer_fields(draft) if draft else [],
        shown=_shown(seat, draft.extract) if draft else None,
        answer=answer and _answered(answer, texts),
        used=(civil(used.occurred_at), texts.of(used.pk, "weighed")) if used else None,
        may_use=may(seat, file, "record_use"),
        papers=document_links(seat, case),
        whole=case_href(case.number),
        viewed=viewed(seat, [case.number]) if case.holder_id == mine else None,
    )


def _answered(act: Act, texts: Texts) -> dict[str, object]:
    said = {name: texts.of(act.pk, name) for name in TEXTS}
    first, last = (date.fromisoformat(str(act.data[name])) for name in ("first", "last"))
    return {
        **said,
        "first": first,
        "last": last,
        "on": civil(act.occurred_at),
        "extract": act.data.get("extract", ""),
    }


def _answer_fields(draft: Draft) -> list[FormField]:
    labels = {
        "performance": _("履行信访工作职责的情况"),
        "in_force": _("影响期内的措施（期满的不写）"),
        "exempted": _("认定的尽职免责、不承担责任"),
    }
    return [
        FormField(
            name,
            "text",
            labels[name],
            required=True,
            value=draft.texts[name],
            rows=min(18, draft.texts[name].count("\n") + 3),
        )
        for name in TEXTS
    ]


@dataclass(frozen=True, slots=True)
class ShownDuty:
    """One duty of an extract as a row: name, seat, article, and how many periods stand how."""

    title: str
    seat: str
    basis: str
    local: bool
    counts: tuple[tuple[str, int], ...]


def _shown(seat: Seat, made: Extract) -> dict[str, object]:
    """Return an extract in the language of the page, for reading beside the draft."""
    zh, index = seat.language == "zh", 0 if seat.language == "zh" else 1
    place = seat.organ.division_code if seat.organ else ""
    known = rulebooks.in_force(seat.today, place, seat.now).book.instruments

    def basis(one: Kept | Counted) -> str:
        return Basis(one.law, one.article).cite(known, seat.language)

    rows = [
        ShownDuty(
            d.zh if zh else d.en,
            d.seat if zh else d.seat_en,
            basis(d),
            d.local,
            tuple((STATE_WORDS[s][index], d.count(s)) for s in STATES),
        )
        for d in made.duties
    ]
    rows += [
        ShownDuty(
            c.zh if zh else c.en,
            "",
            basis(c),
            False,
            tuple((STATE_WORDS[s][index], getattr(c, s)) for s in STATES),
        )
        for c in made.counted
    ]
    held = [
        (
            h.what if zh or not h.what_en else h.what_en,
            h.organ,
            RANK_WORDS[h.rank][index] if h.rank else "",
            h.first,
            h.last,
        )
        for h in (*made.posts, *made.charges)
    ]
    return {
        "held": held,
        "rows": rows,
        "heads": [STATE_WORDS[s][index] for s in STATES],
        "scores": made.scores,
        "measures": [
            (m.zh if zh else m.en, m.effect_zh if zh else m.effect_en, m) for m in made.measures
        ],
        "exemptions": [(GROUNDS[e.ground][index], e) for e in made.exemptions],
        "digest": made.digest,
    }
