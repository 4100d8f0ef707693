"""Organisation and personnel departments at the desk (journey 11): notices, opinions on cadres, queries about honours.

What they are told and ask is theirs alone (`cases.wall.PERSONNEL_KINDS`); the organ that decided sees receipts, uses and
every look-up, the petition department answers with an extract that a person edits and signs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dengwen.access.read_log import Viewed, open_logged, who_viewed
from dengwen.accountability.extracts import STATES, Extract, extract_of
from dengwen.accountability.honours import WHOSE, HonourBan, bans
from dengwen.accountability.imposed import GROUNDS
from dengwen.accountability.notifying import FIRST_YEAR, NOTICE, OPINION, QUERY, last_day
from dengwen.accountability.opinions import RANK_WORDS, exempted_words, in_force_words, performance_words
from dengwen.cases.checking import Refused
from dengwen.cases.models import Act, Case
from dengwen.cases.perform import perform
from dengwen.cases.reading import CaseFile, rail, read_file, state_words
from dengwen.cases.wall import ACCOUNT, for_user
from dengwen.desk.acting import EFFECT_ERRORS, UNPROCESSABLE
from dengwen.desk.casepage import document_links
from dengwen.desk.forms import organ_choices, read_day
from dengwen.desk.opening import Texts, opening, role_for, texts_of
from dengwen.desk.seat import Seat, at_desk, case_href, organ_name, uid_of, viewer_reads_results
from dengwen.face.shapes import Choice, FormField
from dengwen.law.acts import refusals
from dengwen.law.record import civil
from dengwen.law.steps import FieldValue, Step
from dengwen.organs.leading import posts_held
from dengwen.organs.lines import organs_on
from dengwen.organs.models import Official, Organ

PAGE = "personnel"
LOOK_UP = "look-up"
MOST = 50
"""Lines of each list: the newest; older ones are found by their number."""
TEXTS = ("performance", "in_force", "exempted")
STATE_WORDS = {
    "met": ("按期", "met"), "late": ("逾期履行", "late"), "missed": ("未履行", "not met"), "excused": ("作废", "void"),
    "open": ("未到期", "not due"),
}  # fmt: skip


def pair(seat: Seat, zh: str, en: str) -> str:
    """Return the words in the language of the page."""
    return zh if seat.language == "zh" else en


def _asked(seat: Seat) -> Organ:
    if seat.organ is None or not viewer_reads_results(seat.viewer):
        raise Http404
    return seat.organ


def asks(seat: Seat) -> bool:
    """Say whether this seat asks for its department: an organisation and personnel officer (R12)."""
    return seat.organ is not None and seat.organ.pk in seat.viewer.personnel


def may(seat: Seat, file: CaseFile, act: str) -> bool:
    """Say whether this seat can do an act of the case now."""
    rule = file.kind.acts.get(act)
    return rule is not None and not refusals(file.kind, rule, file.view, seat.actor, seat.today)


def write(seat: Seat, step: Step, again: Callable[[Sequence[str]], HttpResponse], page: str) -> HttpResponse:
    """Do a step and show its case on the page named; where it is refused, show the form again with every reason."""
    try:
        done = perform(step, by=seat.by, now=seat.now, uid=uid_of(seat))
    except Refused as refused:
        return again([pair(seat, r.zh, r.en) for r in refused.reasons])
    except EFFECT_ERRORS as error:
        return again([pair(seat, f"{error.zh}。{error.mend_zh}。", f"{error.en}. {error.mend_en}.")])
    messages.success(seat.request, pair(seat, f"已写入存证：{done.case}。", f"Written to the ledger: {done.case}."))
    return redirect(f"desk:{page}", done.case)


# --- the list -----------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Line:
    """One case of a list: number, address, day, whose, how it stands, and what can be done at once."""

    number: str
    href: str
    day: date
    whose: str
    state: str
    sign: bool = False


@require_safe
@at_desk
def personnel(seat: Seat) -> HttpResponse:
    """List the notifications, the opinions and the queries this organ has to do with, and offer to ask."""
    return _list(seat, _asked(seat))


def _list(seat: Seat, organ: Organ, why: Sequence[str] = (), given: Mapping[str, str] | None = None) -> HttpResponse:
    kept = given or {}
    own = [b for b in bans() if b.decided_by == organ.pk] if ACCOUNT in seat.viewer.compartments else []
    return seat.page(
        "personnel.html", PAGE, UNPROCESSABLE if why else 200, asks=asks(seat), why=why, uid=uid_of(seat),
        notices=[_notice_line(seat, case) for case in _cases(seat, NOTICE)],
        opinions=[_line(seat, case, "desk:personnel_opinion", _opinion_state(seat, case)) for case in _cases(seat, OPINION)],
        queries=[_line(seat, case, "desk:honours", _query_state(seat, case)) for case in _cases(seat, QUERY)],
        fields=_query_fields(seat, kept) if asks(seat) else [], bans=[_ban(seat, b) for b in own],
    )  # fmt: skip


def _cases(seat: Seat, kind: str) -> list[Case]:
    found = for_user(seat.viewer, seat.today).filter(kind=kind).select_related("holder")
    return list(found.order_by("-opened_at", "-pk")[:MOST])


def _line(seat: Seat, case: Case, page: str, state: str, *, sign: bool = False) -> Line:
    return Line(case.number, reverse(page, args=[case.number]), case.opened_on, organ_name(case.holder, seat.language),
                state, sign)  # fmt: skip


def _notice_line(seat: Seat, case: Case) -> Line:
    acts = list(Act.objects.filter(case=case).order_by("seq"))
    newest = max((a.seq for a in acts if a.act in ("notify", "notify_correction")), default=0)
    signed = [a for a in acts if a.act == "sign_receipt" and a.seq > newest]
    mine = seat.organ is not None and any(a.organ_id == seat.organ.pk for a in signed)
    told = _departments(acts)
    to_sign = asks(seat) and not mine and seat.organ is not None and seat.organ.pk in told
    words = pair(seat, "待签收", "to be signed for") if to_sign else pair(
        seat, f"已签收 {len(signed)} / {len(told)}", f"signed for: {len(signed)} of {len(told)}"
    )
    if case.state == "corrected":
        words = pair(seat, "已更正；", "corrected; ") + words
    return _line(seat, case, "desk:personnel_notice", words, sign=to_sign)


def _departments(acts: Sequence[Act]) -> list[int]:
    data = acts[0].data if acts else {}
    return list(dict.fromkeys(data[n] for n in ("organisation", "personnel") if n in data))


def _opinion_state(seat: Seat, case: Case) -> str:
    return state_words(read_file(case, seat.now), seat.language)


def _query_state(seat: Seat, case: Case) -> str:
    answer = Act.objects.filter(case=case, act="answer").first()
    if answer is None:
        return "—"
    return eligible_words(seat, eligible=bool(answer.data["eligible"]))


def eligible_words(seat: Seat, *, eligible: bool) -> str:
    """Return the answer to a query in words."""
    if eligible:
        return pair(seat, "没有取消资格的记录", "no cancellation on record")
    return pair(seat, "本年度资格已取消", "not eligible: cancelled for the year")


def _ban(seat: Seat, one: HonourBan) -> dict[str, object]:
    organ = Organ.objects.get(pk=one.organ)
    return {"organ": organ_name(organ, seat.language), "as_what": WHOSE[one.as_what][seat.language != "zh"], "ban": one}


def _query_fields(seat: Seat, kept: Mapping[str, str]) -> list[FormField]:
    zh = seat.language == "zh"
    return [
        FormField("unit", "organ", "地区、部门、单位" if zh else "Area, department or unit", required=True,
                  choices=organ_choices(seat, None, [kept.get("unit", "")])),
        FormField("year", "number", "年度" if zh else "Year", required=True,
                  value=kept.get("year", str(seat.today.year))),
        FormField("award", "person", "拟评选的综合性荣誉称号" if zh else "Comprehensive honour to be awarded", required=True,
                  value=kept.get("award", "")),
    ]  # fmt: skip


# --- a notification -----------------------------------------------------------------------------------------------
def _case(seat: Seat, number: str, kind: str) -> CaseFile:
    _asked(seat)
    case = seat.case(number)
    if case.kind != kind:
        raise Http404
    return read_file(case, seat.now)


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def notice(seat: Seat, number: str) -> HttpResponse:
    """Show a notification: who, which measure, until when; sign for it, record its use; the sender sees both."""
    file = _case(seat, number, NOTICE)
    if seat.request.method != "POST":
        return _notice(seat, file)
    post = seat.request.POST
    if "use" in post:
        fields: dict[str, FieldValue] = {"use": post["use"]}
        step = Step(act="record_use", case=number, fields=fields, texts={"weighed": post.get("weighed", "").strip()})
    else:
        step = Step(act="sign_receipt", case=number)
    return write(seat, step, lambda why: _notice(seat, read_file(file.case, seat.now), why), "personnel_notice")


def _notice(seat: Seat, file: CaseFile, why: Sequence[str] = ()) -> HttpResponse:
    case, acts = file.case, file.rows
    texts = texts_of(seat, case)
    first = next(a for a in acts if a.act == "notify")
    newest = max(a.seq for a in acts if a.act in ("notify", "notify_correction"))
    mine = seat.organ.pk if seat.organ else 0
    names = {o.pk: organ_name(o, seat.language) for o in Organ.objects.filter(pk__in={a.organ_id for a in acts})}
    told = _departments(acts)
    names |= {o.pk: organ_name(o, seat.language) for o in Organ.objects.filter(pk__in=told)}
    signed = any(a.act == "sign_receipt" and a.organ_id == mine for a in acts)
    to_sign = mine in told and may(seat, file, "sign_receipt") and not any(
        a.act == "sign_receipt" and a.organ_id == mine and a.seq > newest for a in acts
    )
    ends = last_day(first, seat.today)
    expired = ends is not None and ends < seat.today
    sender = case.holder_id == mine
    receipts = [(names.get(one, ""), _day_of(acts, "sign_receipt", one)) for one in told]
    use_rule = file.kind.acts["record_use"].field_rule("use")
    options = use_rule.option_names if use_rule else {}
    index = 0 if seat.language == "zh" else 1
    uses = [
        (names.get(a.organ_id or 0, ""), civil(a.occurred_at), options[a.data["use"]][index], texts.of(a.pk, "weighed"))
        for a in acts if a.act == "record_use" and (sender or a.organ_id == mine)
    ]  # fmt: skip
    shown = [("concerned", texts.of(first.pk, "concerned")), ("measures", texts.of(first.pk, "measures_said")),
             ("facts", texts.of(first.pk, "facts"))]  # fmt: skip
    corrections = [(civil(a.occurred_at), texts.of(a.pk, "correction")) for a in acts if a.act == "notify_correction"]
    return seat.page(
        "personnel_notice.html", PAGE, UNPROCESSABLE if why else 200, case=case, why=why, uid=uid_of(seat),
        state=state_words(file, seat.language), rail=rail(file, seat.today, seat.language), shown=dict(shown),
        decided=date.fromisoformat(first.data["decided"]), ends=ends, expired=expired, sent=civil(first.occurred_at),
        by=organ_name(case.holder, seat.language), receipts=receipts, uses=uses, corrections=corrections,
        to_sign=to_sign, may_use=signed and mine in told and not expired and may(seat, file, "record_use"),
        options=[(code, words[index]) for code, words in options.items()], kept=seat.request.POST,
        viewed=_viewed(seat, [case.number, str(first.data["decision"])]) if sender else None,
        papers=document_links(seat, case), whole=case_href(case.number),
    )  # fmt: skip


def _day_of(acts: Sequence[Act], act: str, organ: int) -> date | None:
    return next((civil(a.occurred_at) for a in reversed(acts) if a.act == act and a.organ_id == organ), None)


def _viewed(seat: Seat, numbers: Sequence[str]) -> list[tuple[Viewed, str]]:
    """Return who looked at what was decided or notified, the newest first: what the sender may always see."""
    role = next(iter(sorted(seat.roles)), "-")
    found = [v for number in dict.fromkeys(numbers) for v in who_viewed(number, role, ("D7",))]
    found.sort(key=lambda v: v.at, reverse=True)
    return [(v, v.purpose_zh if seat.language == "zh" else v.purpose_en) for v in found[:MOST]]


# --- the opinion on a cadre ---------------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def ask_opinion(seat: Seat) -> HttpResponse:
    """Ask the petition department for its opinion before an appointment, with the purpose (S 10(2))."""
    organ = _asked(seat)
    if not asks(seat):
        raise Http404
    if seat.request.method != "POST":
        return _ask_page(seat, organ)
    post = seat.request.POST
    found = officials_named(post.get("cadre", ""))
    errors: dict[str, str] = {}
    if not found:
        errors["cadre"] = pair(seat, "名录里没有这个姓名或者人员代码。", "The registry has no such name or staff code.")
    elif len(found) > 1 and not any(str(o.pk) == post.get("which") for o in found):
        errors["which"] = pair(seat, "有同名的人，请选择是哪一位。", "Several bear this name; choose which one.")
    if not post.get("purpose", "").strip():
        errors["purpose"] = pair(seat, "请写明用途。", "Say what it is for.")
    if errors:
        return _ask_page(seat, organ, errors, found)
    cadre = found[0] if len(found) == 1 else next(o for o in found if str(o.pk) == post.get("which"))
    to = post.get("to", "")
    fields: dict[str, FieldValue] = {"to": int(to) if to.isdecimal() and len(to) < 12 else 0, "cadre": cadre.pk}
    step = Step(act="ask", kind=OPINION, fields=fields, texts={"purpose": post["purpose"].strip()})
    return write(seat, step, lambda why: _ask_page(seat, organ, {}, found, why), "personnel_opinion")


def officials_named(text: str) -> list[Official]:
    """Return the officials with this staff code, else those with exactly this name."""
    wanted = text.strip()
    if not wanted:
        return []
    return list(Official.objects.filter(code=wanted)) or list(Official.objects.filter(name=wanted).order_by("code")[:20])


def _ask_page(
    seat: Seat, organ: Organ, errors: Mapping[str, str] | None = None, found: Sequence[Official] = (),
    why: Sequence[str] = (),
) -> HttpResponse:
    post, wrong = seat.request.POST, errors or {}
    offices = list(organs_on(seat.today).filter(is_petition_office=True).order_by("code"))
    offices.sort(key=lambda o: (o.level != organ.level, o.division_code != organ.division_code, o.code))
    chosen = post.get("to", str(offices[0].pk) if offices else "")

    def error(name: str) -> tuple[str, ...]:
        return (wrong[name],) if name in wrong else ()

    zh = seat.language == "zh"
    fields = [
        FormField("to", "organ", "信访部门" if zh else "Petition department", required=True,
                  choices=tuple(Choice(str(o.pk), organ_name(o, seat.language), str(o.pk) == chosen) for o in offices)),
        FormField("cadre", "person", "考察对象" if zh else "Cadre concerned", required=True,
                  value=post.get("cadre", ""), errors=error("cadre"),
                  hint="写姓名或者人员代码" if zh else "name or staff code"),
    ]  # fmt: skip
    if len(found) > 1:
        fields.append(FormField(
            "which", "code", "同名的人中是哪一位" if zh else "Which of them", required=True, errors=error("which"),
            choices=tuple(Choice(str(o.pk), _with_posts(o, seat), str(o.pk) == post.get("which")) for o in found),
        ))  # fmt: skip
    fields.append(FormField("purpose", "person", "用途" if zh else "Purpose", required=True, errors=error("purpose"),
                            value=post.get("purpose", "任职考察" if zh else "inspection before an appointment")))  # fmt: skip
    status = UNPROCESSABLE if wrong or why else 200
    return seat.page("personnel_ask.html", PAGE, status, fields=fields, why=why, uid=uid_of(seat))


def _with_posts(one: Official, seat: Seat) -> str:
    posts = [f"{p.post.organ.name_zh}{p.post.title_zh}" for p in posts_held(one, seat.today, seat.today)]
    return f"{one.name}（{'、'.join([*posts, one.code])}）"


@dataclass(frozen=True, slots=True)
class Draft:
    """An opinion as it stands on the page: the days asked, the extract of them, the texts as computed or as typed."""

    first: date
    last: date
    extract: Extract
    texts: Mapping[str, str] = field(default_factory=dict)


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def opinion(seat: Seat, number: str) -> HttpResponse:
    """Show a request for an opinion: the petition department answers, the department that asked records its use."""
    file = _case(seat, number, OPINION)
    if seat.request.method != "POST":
        return _opinion(seat, file)
    post = seat.request.POST
    if "weighed" in post:
        step = Step(act="record_use", case=number, texts={"weighed": post["weighed"].strip()})
        return write(seat, step, lambda why: _opinion(seat, file, why), "personnel_opinion")
    return _sign(seat, file)


def _sign(seat: Seat, file: CaseFile) -> HttpResponse:
    """Sign the opinion with what was typed; where the record has changed since, show it again first."""
    draft = _draft(seat, file) if may(seat, file, "answer") else None
    if draft is None:
        raise Http404
    post = seat.request.POST
    if post.get("extract") != draft.extract.digest:
        changed = pair(seat, "摘录在这期间有变化，或者日期改过。请再看一遍，改好以后签署。",
                       "The extract has changed meanwhile, or the days were changed. Read it once more, then sign.")  # fmt: skip
        return _opinion(seat, file, [changed], draft)
    fields: dict[str, FieldValue] = {"first": draft.first, "last": draft.last, "extract": draft.extract.digest}
    texts = {name: post.get(name, "").strip() for name in TEXTS}
    step = Step(act="answer", case=file.case.number, fields=fields, texts={k: v for k, v in texts.items() if v})
    return write(seat, step, lambda why: _opinion(seat, file, why, draft), "personnel_opinion")


def _draft(seat: Seat, file: CaseFile) -> Draft | None:
    """Return the draft of an opinion for the days asked (from the beginning of last year where none are given).

    None where the days are in no order. The extract is opened through the read log: a row for this request, and one for
    every decision it repeats, so that whoever decided sees that it was looked up.
    """
    given = seat.request.POST if seat.request.method == "POST" else seat.request.GET
    first = read_day(given.get("first", "")) or date(seat.today.year - 1, 1, 1)
    last = read_day(given.get("last", "")) or seat.today
    if not first <= last <= seat.today:
        return None
    cadre = Official.objects.get(pk=file.rows[0].data["cadre"])
    made = looked_up(seat, file.case, cadre, first, last)
    computed = {"performance": performance_words(made), "in_force": in_force_words(made), "exempted": exempted_words(made)}
    typed = {name: given[name] for name in TEXTS if name in given and given.get("extract") == made.digest}
    return Draft(first, last, made, {**computed, **typed})


def looked_up(seat: Seat, case: Case, cadre: Official, first: date, last: date) -> Extract:
    """Read an extract through the read log; 404 where no role of this seat opens files of accountability."""
    role = role_for(seat, "D7")
    if not role:
        raise Http404
    with transaction.atomic(durable=True):
        row = opening(seat, case, "D7", (LOOK_UP,), role, "account")
        made = open_logged(row, lambda: extract_of(cadre, first, last, seat.today))
        numbers = {m.case for m in made.measures} | {e.case for e in made.exemptions}
        for decision in Case.objects.filter(number__in=numbers).order_by("number"):
            open_logged(opening(seat, decision, "D7", (LOOK_UP,), role, "account"), lambda: None)
    return made


def _opinion(seat: Seat, file: CaseFile, why: Sequence[str] = (), draft: Draft | None = None) -> HttpResponse:
    case = file.case
    answers = may(seat, file, "answer")
    mine = seat.organ.pk if seat.organ else 0
    reason = list(why)
    if answers and draft is None:
        draft = _draft(seat, file)
        if draft is None:
            reason.append(pair(seat, "日期没有先后：起始不晚于截止，截止不晚于今天。", "The days are in no order: first ≤ last ≤ today."))
    texts = texts_of(seat, case)
    cadre = Official.objects.get(pk=file.rows[0].data["cadre"])
    answer = next((a for a in file.rows if a.act == "answer"), None)
    used = next((a for a in file.rows if a.act == "record_use"), None)
    to = Organ.objects.filter(pk=file.rows[0].data["to"]).first()
    return seat.page(
        "personnel_opinion.html", PAGE, UNPROCESSABLE if reason else 200, case=case, why=reason, uid=uid_of(seat),
        state=state_words(file, seat.language), rail=rail(file, seat.today, seat.language), cadre=_with_posts(cadre, seat),
        by=organ_name(case.holder, seat.language), to=organ_name(to, seat.language), asked=civil(file.rows[0].occurred_at),
        purpose=texts.newest("purpose"), draft=draft if answers else None, fields=_answer_fields(seat, draft) if draft else [],
        shown=_shown(seat, draft.extract) if draft else None, answer=answer and _answered(answer, texts),
        used=(civil(used.occurred_at), texts.of(used.pk, "weighed")) if used else None,
        may_use=may(seat, file, "record_use"), papers=document_links(seat, case), whole=case_href(case.number),
        viewed=_viewed(seat, [case.number]) if case.holder_id == mine else None,
    )  # fmt: skip


def _answered(act: Act, texts: Texts) -> dict[str, object]:
    said = {name: texts.of(act.pk, name) for name in TEXTS}
    return {**said, "first": act.data["first"], "last": act.data["last"], "on": civil(act.occurred_at),
            "extract": act.data.get("extract", "")}  # fmt: skip


def _answer_fields(seat: Seat, draft: Draft) -> list[FormField]:
    zh = seat.language == "zh"
    labels = {
        "performance": "履行信访工作职责的情况" if zh else "Performance of petition duties",
        "in_force": "影响期内的措施（期满的不写）" if zh else "Measures within their influence period",
        "exempted": "认定的尽职免责、不承担责任" if zh else "Exemptions found",
    }
    return [
        FormField(name, "text", labels[name], required=True, value=draft.texts[name],
                  rows=min(18, draft.texts[name].count("\n") + 3))
        for name in TEXTS
    ]  # fmt: skip


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
    rows = [
        ShownDuty(d.zh if zh else d.en, d.seat if zh else d.seat_en, f"{d.law} {d.article}", d.local,
                  tuple((STATE_WORDS[s][index], d.count(s)) for s in STATES))
        for d in made.duties
    ]  # fmt: skip
    rows += [
        ShownDuty(c.zh if zh else c.en, "", f"{c.law} {c.article}", False,
                  tuple((STATE_WORDS[s][index], getattr(c, s)) for s in STATES))
        for c in made.counted
    ]  # fmt: skip
    held = [
        (h.what if zh or not h.what_en else h.what_en, h.organ, RANK_WORDS[h.rank][index] if h.rank else "", h.first, h.last)
        for h in (*made.posts, *made.charges)
    ]  # fmt: skip
    return {
        "held": held, "rows": rows, "heads": [STATE_WORDS[s][index] for s in STATES], "scores": made.scores,
        "measures": [(m.zh if zh else m.en, m.effect_zh if zh else m.effect_en, m) for m in made.measures],
        "exemptions": [(GROUNDS[e.ground][index], e) for e in made.exemptions], "digest": made.digest,
    }  # fmt: skip


# --- queries about honours ----------------------------------------------------------------------------------------
@require_POST
@at_desk
def ask_honours(seat: Seat) -> HttpResponse:
    """Ask whether an organ may receive comprehensive honours of a year; the register answers at once (S 14)."""
    organ = _asked(seat)
    if not asks(seat):
        raise Http404
    post = {name: str(seat.request.POST.get(name, "")).strip() for name in ("unit", "year", "award")}
    unit, year = post["unit"], post["year"]
    known = unit.isdecimal() and len(unit) < 12 and Organ.objects.filter(pk=int(unit)).exists()
    if not known or not (year.isdecimal() and len(year) == 4) or not post["award"]:
        missing = pair(seat, f"机关、年度（{FIRST_YEAR} 年起）、称号都要填写。",
                       f"Organ, year (from {FIRST_YEAR}) and honour are needed.")  # fmt: skip
        return _list(seat, organ, [missing], post)
    fields: dict[str, FieldValue] = {"unit": int(unit), "year": int(year)}
    step = Step(act="ask", kind=QUERY, fields=fields, texts={"award": post["award"]})
    return write(seat, step, lambda why: _list(seat, organ, why, post), "honours")


@require_safe
@at_desk
def honours(seat: Seat, number: str) -> HttpResponse:
    """Show the dated answer of the register of cancelled honours, to be printed."""
    file = _case(seat, number, QUERY)
    asked = file.rows[0]
    answer = next((a for a in file.rows if a.act == "answer"), None)
    if answer is None:
        raise Http404
    unit = Organ.objects.get(pk=asked.data["unit"])
    found = [b for b in bans(asked.data["year"]) if b.case in answer.data.get("decisions", ()) and b.organ == unit.pk]
    lines = [
        (b, WHOSE[b.as_what][seat.language != "zh"], organ_name(Organ.objects.filter(pk=b.decided_by).first(), seat.language))
        for b in found
    ]  # fmt: skip
    return seat.page(
        "honours.html", PAGE, case=file.case, unit=organ_name(unit, seat.language), year=asked.data["year"],
        eligible=bool(answer.data["eligible"]), said=eligible_words(seat, eligible=bool(answer.data["eligible"])),
        on=civil(answer.occurred_at), by=organ_name(file.case.holder, seat.language), lines=lines,
        award=texts_of(seat, file.case).of(asked.pk, "award"), whole=case_href(number),
    )  # fmt: skip
