"""A followed matter in the shapes of the face: date, history, requests, papers, and what can be
done now."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Literal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from dengwen.access.read_log import Viewed
from dengwen.access.roles import ROLES
from dengwen.cases import rulebooks
from dengwen.cases.models import Document, File
from dengwen.cases.read.case_view import own_target
from dengwen.cases.read.duty_lines import place_of
from dengwen.cases.read.interpretations import answers_on
from dengwen.law.bilingual import words_in
from dengwen.law.duties.act_record import DutyView, civil
from dengwen.law.duties.explanation import explain
from dengwen.petitions.intake.intake import PAPERS
from dengwen.petitions.models import Request
from dengwen.petitions.own_matter import Followed, Happened, OwnStep
from dengwen.portal.pairs import language, said
from dengwen.ui import components


@dataclass(frozen=True)
class Shown:
    """One matter on the page: words, parts of the face, and the number its forms carry."""

    number: str
    kind: str
    state: str
    holder: str
    since: date
    neutral: bool
    rail: components.DateRail
    how: components.HowComputed | None = None
    last: str = ""
    history: tuple[components.TimelineEntry, ...] = ()
    requests: tuple[components.RequestLine, ...] = ()
    papers: tuple[Document, ...] = ()
    files: tuple[OwnFile, ...] = ()
    can: tuple[OwnAct, ...] = ()
    cannot: tuple[components.NotPossible, ...] = ()
    viewed: tuple[Viewed, ...] = ()
    also: tuple[Shown, ...] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class OwnAct:
    """Something the petitioner can do now: act, words, last day, and whether it is late and
    needs a reason."""

    act: str
    title: str
    detail: str
    basis: str
    late: bool = False


@dataclass(frozen=True, slots=True)
class OwnFile:
    """A file the petitioner handed in: the day, its type and size, its digest."""

    day: date
    type: str
    size: str
    digest: str


def _file(row: File) -> OwnFile:
    return OwnFile(
        civil(row.kept_at), row.extension.upper(), components.file_size(row.size), row.digest
    )


ROLE_WORDS = {
    "R3": ("登记人员", "registering clerk"),
    "R4": ("登记负责人", "head of registration"),
    "R5": ("转送交办人员", "routing officer"),
    "R6": ("承办人员", "handler"),
    "R7": ("单位负责人", "head of the organ"),
    "R8": ("复查复核人员", "reviewer"),
    "R9": ("督查人员", "supervision inspector"),
    "R10": ("联席会议办公室", "joint conference office"),
    "R11": ("纪检监察人员", "discipline officer"),
    "R17": ("个人信息保护负责人", "data protection officer"),
    "R18": ("档案人员", "archivist"),
}
"""Roles by which the petitioner is told who looked at the identity."""


def shown(followed: Followed, now: datetime) -> Shown:
    """Return a followed matter ready for the page, in its language."""
    today = civil(now)
    kind = followed.book.kind(followed.case.kind)
    number, name = followed.case.number, words_in(kind, language())
    if followed.neutral:
        parts = tuple(shown(one, now) for one in followed.also)
        rail = _no_date(today)
        return Shown(
            number,
            name,
            _neutral(followed),
            "",
            followed.since,
            neutral=True,
            rail=rail,
            also=parts,
        )
    holder = followed.case.holder
    duty = _next(followed)
    state = kind.states.get(followed.view.state)
    return Shown(
        number=number,
        kind=name,
        since=followed.since,
        state=words_in(state, language()) if state else "",
        holder=said(holder.name_zh, holder.name_en or holder.name_zh) if holder else "",
        neutral=False,
        rail=_rail(duty, followed, today) if duty else _no_date(today),
        how=_how(duty, followed, today) if duty else None,
        last=_title(followed.happened[-1]) if followed.happened else "",
        history=_history(followed),
        requests=_requests(followed, today),
        papers=followed.papers,
        files=tuple(_file(row) for row in followed.files),
        can=_can(followed, today),
        cannot=_cannot(followed),
        viewed=followed.viewed,
        also=tuple(shown(one, now) for one in followed.also),
    )


def _neutral(followed: Followed) -> str:
    state = followed.book.kind(followed.case.kind).states.get(followed.view.state)
    if followed.view.state == "registered":
        return _("已经登记")
    if state is not None and state.final and followed.view.state != "referred_out":
        return _("已经办结")
    return _("依规定办理中")


def _next(followed: Followed) -> DutyView | None:
    duties = followed.open_duties()
    return next((d for d in duties if not d.rule.right), None) or next(iter(duties), None)


def _no_date(today: date) -> components.DateRail:
    return components.DateRail(
        _("下一个法定日期"),
        today,
        none_why=_("现在没有这样的日期"),
    )


def _rail(duty: DutyView, followed: Followed, today: date) -> components.DateRail:
    what = words_in(duty.rule, language())
    label = _("您的期限") if duty.rule.right else _("下一个法定日期")
    day, raw = duty.due or duty.fixed, duty.raw or duty.fixed
    if day is None and raw is None:
        return components.DateRail(
            label,
            today,
            what=what,
            none_why=f"{what}{said('：条文没有规定天数', ': the text sets no number of days')}",
            own=own_target(duty, language()),
        )
    return components.DateRail(
        label,
        today,
        day,
        raw,
        what,
        f"#{_uid(duty, followed)}",
        statutory=duty.rule.clock.mode in ("period", "frequency"),
    )


def _uid(duty: DutyView, followed: Followed) -> str:
    place = place_of(duty, followed.view)
    return f"how-{followed.case.number}-{duty.rule.id.replace('_', '-')}-{place}"


def _how(duty: DutyView, followed: Followed, today: date) -> components.HowComputed | None:
    if duty.raw is None and duty.fixed is None:
        return None
    explained = explain(duty, rulebooks.by_row(duty.rules), language())
    bar = components.bar_of(duty, today, rulebooks.calendars().newest)
    how = components.how_from(explained, bar, _uid(duty, followed), language())
    answers = answers_on({duty.rule.id}, today, language()).get(duty.rule.id, ())
    return replace(how, interpretations=(*how.interpretations, *answers))


# --- history --------------------------------------------------------------------------------------
def _title(one: Happened) -> str:
    title = said(one.rule.zh, one.rule.en[:1].upper() + one.rule.en[1:])
    rule = one.book.kind(one.row.case.kind).duties.get(one.duty) if one.duty else None
    return title + said(f"：{rule.zh}", f": {rule.en}") if rule else title


def _history(followed: Followed) -> tuple[components.TimelineEntry, ...]:
    names = _organ_names(followed)
    entries = []
    for one in followed.happened:
        rule = one.book.kind(followed.case.kind).duties.get(one.duty) if one.duty else None
        basis = rule.basis if rule else one.rule.basis
        entries.append(
            components.TimelineEntry(
                day=one.record.day,
                title=_title(one),
                basis=basis.cite(one.book.instruments, language()),
                who=names.get(
                    one.row.organ_id or 0,
                    pgettext("matter_view", "信访人") if one.row.capacity == "petitioner" else "",
                ),
                kind="breach" if one.row.act == "breach" else "act",
                leaf=one.leaf,
                digest=one.digest,
                href="#proof",
                recorded=civil(one.row.recorded_at),
                note=_note(one, names),
            )
        )
    return tuple(entries)


def _note(one: Happened, names: dict[int, str]) -> str:
    """Say whom it was sent to, which the petitioner must be able to see (R22 23(1)), or which
    request it is about."""
    request = one.record.data.get("request")
    if isinstance(request, int):
        return _("第 %(request)s 项") % {"request": request}
    papers = one.record.data.get(PAPERS)
    if isinstance(papers, tuple | list) and papers:
        return said(
            f"材料 {len(papers)} 个", f"{len(papers)} {'file' if len(papers) == 1 else 'files'}"
        )
    target = one.record.data.get(one.rule.addresses) if one.rule.addresses else None
    name = names.get(target, "") if isinstance(target, int) else ""
    return _("转到：%(name)s") % {"name": name} if name else ""


def _organ_names(followed: Followed) -> dict[int, str]:
    return {pk: said(zh, en or zh) for pk, (zh, en) in followed.organs().items()}


# --- requests -------------------------------------------------------------------------------------
OUTCOMES = {
    "support": ("予以支持", "supported"),
    "explain": ("作出解释", "explained"),
    "not_support": ("不予支持", "not supported"),
}


def _path(followed: Followed, row: Request) -> str:
    """Return class and path of a request in words, once it or the matter was sorted."""
    rule = followed.book.kind(followed.case.kind).acts.get("classify")
    words = []
    known = followed.view.facts
    chosen = row.class_code or known.get("class", "")
    own = {"class": chosen, "path": row.path if row.class_code else known.get("path", "")}
    for name, value in own.items():
        field = rule.field_rule(name) if rule else None
        if field is not None and value in field.option_names:
            words.append(said(*field.option_names[value]))
    return _("，").join(words)


def _requests(followed: Followed, today: date) -> tuple[components.RequestLine, ...]:
    lines = []
    for asked in followed.asked:
        row = asked.row
        words = OUTCOMES.get(asked.outcome)
        execution, late = "", False
        if row.proved_on:
            execution = _("%(proved_on)s 已证明落实") % {"proved_on": row.proved_on}
        elif row.promised_on:
            late = row.promised_on < today
            execution = _("承诺 %(promised_on)s 前落实") % {"promised_on": row.promised_on}
            execution += _("，已过期") if late else ""
        state: Literal["none", "said", "done", "late"] = "said" if words else "none"
        if late or row.proved_on:
            state = "late" if late else "done"
        lines.append(
            components.RequestLine(
                row.number,
                asked.text,
                state=state,
                outcome=said(*words) if words else "",
                outcome_note=asked.answer,
                execution=execution,
                path=_path(followed, row),
            )
        )
    return tuple(lines)


# --- what can be done -----------------------------------------------------------------------------
def _can(followed: Followed, today: date) -> tuple[OwnAct, ...]:
    if followed.member:
        return ()
    found = [
        _own(step, followed, today) for step in followed.steps if not step.against or step.late
    ]
    kind = followed.book.kind(followed.case.kind)
    state = kind.states.get(followed.view.state)
    for name, title, detail in _additions():
        rule = kind.acts.get(name)
        if rule is not None and state is not None and not state.final:
            found.append(
                OwnAct(name, title, detail, rule.basis.cite(followed.book.instruments, language()))
            )
    return tuple(sorted(found, key=lambda one: one.act == "withdraw"))  # giving up comes last


def _additions() -> tuple[tuple[str, str, str], ...]:
    """Return what can be added as long as the matter is not over: act, title, what it is for."""
    return (
        (
            "add_material",
            _("补交照片、文件"),
            _("作为这件事项的材料登记；期限不因此改变。"),
        ),
        (
            "add_contact",
            _("补充住址、电话"),
            _("写清以后，书面告知才能送到。"),
        ),
    )


def _own(step: OwnStep, followed: Followed, today: date) -> OwnAct:
    rule = step.rule
    detail = ""
    if step.late:
        detail = _("期限已过；有正当理由的，写明理由仍可以提出。")
    elif step.until is not None:
        left = (step.until - today).days
        detail = _("最迟 %(until)s，还有 %(left)s 天。") % {"until": step.until, "left": left}
        if step.provisional:
            detail += _("%(year)s 年放假安排还没有公布，可能顺延，请按这天准备。") % {
                "year": step.until.year
            }
    return OwnAct(
        rule.id,
        said(rule.zh, rule.en[:1].upper() + rule.en[1:]),
        detail,
        rule.basis.cite(followed.book.instruments, language()),
        step.late,
    )


def _cannot(followed: Followed) -> tuple[components.NotPossible, ...]:
    found = []
    for step in followed.steps:
        if step.against and not step.late:
            reasons = said(
                "；".join(r.zh for r in step.against), "; ".join(r.en for r in step.against)
            )
            cite = step.rule.basis.cite(followed.book.instruments, language())
            found.append(
                components.NotPossible(
                    said(step.rule.zh, step.rule.en[:1].upper() + step.rule.en[1:]), reasons, cite
                )
            )
    return tuple(found)


def who(viewed: Viewed) -> tuple[str, str, str]:
    """Return a line of "who looked at my identity": role, organ, purpose."""
    role = (
        said(*ROLE_WORDS[viewed.role])
        if viewed.role in ROLE_WORDS
        else (viewed.role if viewed.role in ROLES else "")
    )
    return role, viewed.organ, said(viewed.purpose_zh, viewed.purpose_en)
