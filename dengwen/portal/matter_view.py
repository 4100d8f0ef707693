"""A followed matter in the parts of a page: date, history, requests, papers, and what can be
done now."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Literal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext, pgettext_lazy

from dengwen.access.read_log import Viewed
from dengwen.access.roles import ROLES
from dengwen.cases import rulebooks
from dengwen.cases.models import Document, File
from dengwen.cases.read.case_view import own_target
from dengwen.cases.read.duty_lines import place_of
from dengwen.cases.read.interpretations import answers_on
from dengwen.law.bilingual import headline, words_in
from dengwen.law.duties.act_record import DutyView, civil
from dengwen.law.duties.explanation import explain
from dengwen.law.packs.rules import DutyRule
from dengwen.petitions.intake.intake import PAPERS
from dengwen.petitions.models import Request
from dengwen.petitions.own_matter import Followed, Happened, OwnStep
from dengwen.portal.page import organ_name
from dengwen.portal.reasons import all_reasons
from dengwen.ui import components
from dengwen.ui.dates import page_language


@dataclass(frozen=True)
class Shown:
    """One matter on the page: words, parts of the page, and the number its forms carry."""

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
    "R3": pgettext_lazy("reader", "登记人员"),
    "R4": pgettext_lazy("reader", "登记负责人"),
    "R5": pgettext_lazy("reader", "转送交办人员"),
    "R6": pgettext_lazy("reader", "承办人员"),
    "R7": pgettext_lazy("reader", "单位负责人"),
    "R8": pgettext_lazy("reader", "复查复核人员"),
    "R9": pgettext_lazy("reader", "督查人员"),
    "R10": pgettext_lazy("reader", "联席会议办公室"),
    "R11": pgettext_lazy("reader", "纪检监察人员"),
    "R17": pgettext_lazy("reader", "个人信息保护负责人"),
    "R18": pgettext_lazy("reader", "档案人员"),
}
"""Roles as the petitioner reads them who asks who looked at the identity."""


def shown(followed: Followed, now: datetime) -> Shown:
    """Return a followed matter ready for the page, in its language."""
    if followed.neutral:
        return _shown_neutrally(followed, now)
    today = civil(now)
    kind = followed.book.kind(followed.case.kind)
    duty = _next(followed)
    state = kind.states.get(followed.view.state)
    return Shown(
        number=followed.case.number,
        kind=words_in(kind, page_language()),
        since=followed.since,
        state=words_in(state, page_language()) if state else "",
        holder=organ_name(followed.case.holder),
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


def _shown_neutrally(followed: Followed, now: datetime) -> Shown:
    """Return a matter of which the page says only that it is registered, under way or closed."""
    return Shown(
        number=followed.case.number,
        kind=words_in(followed.book.kind(followed.case.kind), page_language()),
        state=_neutral(followed),
        holder="",
        since=followed.since,
        neutral=True,
        rail=_no_date(civil(now)),
        also=tuple(shown(one, now) for one in followed.also),
    )


def _neutral(followed: Followed) -> str:
    """Return the state in the few words that betray nothing."""
    state = followed.book.kind(followed.case.kind).states.get(followed.view.state)
    if followed.view.state == "registered":
        return _("已经登记")
    if state is not None and state.final and followed.view.state != "referred_out":
        return _("已经办结")
    return _("依规定办理中")


def _next(followed: Followed) -> DutyView | None:
    """Return the duty whose date is shown: the next of an organ, else the petitioner's own; one
    that the text gives no number of days only where nothing has a date."""
    duties = followed.open_duties()
    dated = [duty for duty in duties if duty.due or duty.fixed or duty.raw]
    shown = dated or duties
    of_organs = [duty for duty in shown if not duty.rule.right]
    return next(iter(of_organs or shown), None)


def _no_date(today: date) -> components.DateRail:
    return components.DateRail(
        _("下一个法定日期"),
        today,
        none_why=_("现在没有这样的日期"),
    )


def _rail(duty: DutyView, followed: Followed, today: date) -> components.DateRail:
    """Return the date of a duty, or that the text sets no number of days."""
    what = words_in(duty.rule, page_language())
    label = _("您的期限") if duty.rule.right else _("下一个法定日期")
    day, raw = duty.due or duty.fixed, duty.raw or duty.fixed
    if day is None and raw is None:
        return components.DateRail(
            label,
            today,
            what=what,
            none_why=_("%(what)s：条文没有规定天数") % {"what": what},
            own=own_target(duty, page_language()),
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
    """Return the id on the page of the computation of a date."""
    place = place_of(duty, followed.view)
    return f"how-{followed.case.number}-{duty.rule.id.replace('_', '-')}-{place}"


def _how(duty: DutyView, followed: Followed, today: date) -> components.HowComputed | None:
    """Return how a date was computed, with answers on how to read the rule; None without a date."""
    if duty.raw is None and duty.fixed is None:
        return None
    explained = explain(duty, rulebooks.by_row(duty.rules), page_language())
    bar = components.bar_of(duty, today, rulebooks.calendars().newest)
    how = components.how_from(explained, bar, _uid(duty, followed), page_language())
    answers = answers_on({duty.rule.id}, today, page_language()).get(duty.rule.id, ())
    return replace(how, interpretations=(*how.interpretations, *answers))


# --- history --------------------------------------------------------------------------------------
def _duty_of(one: Happened) -> DutyRule | None:
    """Return the rule of the duty that an act is about, None where it is about none."""
    kind = one.book.kind(one.row.case.kind)
    return kind.duties.get(one.duty) if one.duty else None


def _title(one: Happened) -> str:
    """Return what was done, and the duty it is about."""
    title = headline(one.rule, page_language())
    duty = _duty_of(one)
    if duty is None:
        return title
    return _("%(title)s：%(duty)s") % {"title": title, "duty": words_in(duty, page_language())}


def _history(followed: Followed) -> tuple[components.TimelineEntry, ...]:
    """Return what happened in the matter, act by act."""
    names = _organ_names(followed)
    return tuple(_entry(one, names) for one in followed.happened)


def _entry(one: Happened, names: dict[int, str]) -> components.TimelineEntry:
    """Return one act: its day, what was done, by whom, its article and its place in the ledger."""
    rule = _duty_of(one) or one.rule
    own = pgettext("matter_view", "信访人") if one.row.capacity == "petitioner" else ""
    return components.TimelineEntry(
        day=one.record.day,
        title=_title(one),
        basis=rule.basis.cite(one.book.instruments, page_language()),
        who=names.get(one.row.organ_id or 0, own),
        kind="breach" if one.row.act == "breach" else "act",
        leaf=one.leaf,
        digest=one.digest,
        href="#proof",
        recorded=civil(one.row.recorded_at),
        note=_note(one, names),
    )


def _note(one: Happened, names: dict[int, str]) -> str:
    """Say whom it was sent to, which the petitioner must be able to see (R22 23(1)), or which
    request it is about."""
    request = one.record.data.get("request")
    if isinstance(request, int):
        return _("第 %(request)s 项") % {"request": request}
    papers = one.record.data.get(PAPERS)
    if isinstance(papers, tuple | list) and papers:
        words = ngettext("材料 %(count)s 个", "材料 %(count)s 个", len(papers))
        return words % {"count": len(papers)}
    target = one.record.data.get(one.rule.addresses) if one.rule.addresses else None
    name = names.get(target, "") if isinstance(target, int) else ""
    return _("转到：%(name)s") % {"name": name} if name else ""


def _organ_names(followed: Followed) -> dict[int, str]:
    """Return the names of the organs in a matter, by row id."""
    found = followed.organs().items()
    return {pk: words_in((zh, en or zh), page_language()) for pk, (zh, en) in found}


# --- requests -------------------------------------------------------------------------------------
OUTCOMES = {
    "support": pgettext_lazy("request outcome", "予以支持"),
    "explain": pgettext_lazy("request outcome", "作出解释"),
    "not_support": pgettext_lazy("request outcome", "不予支持"),
}


def _path(followed: Followed, row: Request) -> str:
    """Return class and path of a request in words, once it or the matter was sorted."""
    rule = followed.book.kind(followed.case.kind).acts.get("classify")
    known = followed.view.facts
    if row.class_code:
        sorted_as = {"class": row.class_code, "path": row.path}
    else:
        sorted_as = {name: known.get(name, "") for name in ("class", "path")}
    words = []
    for name, value in sorted_as.items():
        field = rule.field_rule(name) if rule else None
        if field is not None and value in field.option_names:
            words.append(words_in(field.option_names[value], page_language()))
    return _("，").join(words)


def _requests(followed: Followed, today: date) -> tuple[components.RequestLine, ...]:
    """Return each thing asked with its path, outcome and execution."""
    lines = []
    for asked in followed.asked:
        words = OUTCOMES.get(asked.outcome, "")
        execution, stands = _execution(asked.row, today)
        line = components.RequestLine(
            asked.row.number,
            asked.text,
            state=stands or ("said" if words else "none"),
            outcome=str(words),
            outcome_note=asked.answer,
            execution=execution,
            path=_path(followed, asked.row),
        )
        lines.append(line)
    return tuple(lines)


def _execution(row: Request, today: date) -> tuple[str, Literal["done", "late"] | None]:
    """Say whether what was decided is carried out: proved, promised, or promised and late."""
    if row.proved_on:
        return _("%(proved_on)s 已证明落实") % {"proved_on": row.proved_on}, "done"
    if row.promised_on is None:
        return "", None
    promised = _("承诺 %(promised_on)s 前落实") % {"promised_on": row.promised_on}
    if row.promised_on < today:
        return promised + _("，已过期"), "late"
    return promised, None


# --- what can be done -----------------------------------------------------------------------------
def _can(followed: Followed, today: date) -> tuple[OwnAct, ...]:
    """Return what the petitioner can do now, giving up last; nothing for one member of a group."""
    if followed.member:
        return ()
    possible = [step for step in followed.steps if not step.against or step.late]
    found = [_own(step, followed, today) for step in possible]
    kind = followed.book.kind(followed.case.kind)
    state = kind.states.get(followed.view.state)
    if state is not None and not state.final:
        for name, title, detail in _additions():
            rule = kind.acts.get(name)
            if rule is not None:
                cite = rule.basis.cite(followed.book.instruments, page_language())
                found.append(OwnAct(name, title, detail, cite))
    return tuple(sorted(found, key=lambda one: one.act == "withdraw"))


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
    """Return one thing the petitioner can do, with its last day."""
    rule = step.rule
    return OwnAct(
        rule.id,
        headline(rule, page_language()),
        _own_detail(step, today),
        rule.basis.cite(followed.book.instruments, page_language()),
        step.late,
    )


def _own_detail(step: OwnStep, today: date) -> str:
    """Say until when a step can be taken, or that it is late and needs a good reason."""
    if step.late:
        return _("期限已过；有正当理由的，写明理由仍可以提出。")
    if step.until is None:
        return ""
    left = (step.until - today).days
    detail = _("最迟 %(until)s，还有 %(left)s 天。") % {"until": step.until, "left": left}
    if step.provisional:
        words = _("%(year)s 年放假安排还没有公布，可能顺延，请按这天准备。")
        detail += words % {"year": step.until.year}
    return detail


def _cannot(followed: Followed) -> tuple[components.NotPossible, ...]:
    """Return what the petitioner cannot do now, with every reason and the article."""
    found = []
    for step in followed.steps:
        if step.against and not step.late:
            title = headline(step.rule, page_language())
            cite = step.rule.basis.cite(followed.book.instruments, page_language())
            found.append(components.NotPossible(title, all_reasons(step.against), cite))
    return tuple(found)


def who(viewed: Viewed) -> tuple[str, str, str]:
    """Return a line of "who looked at my identity": role, organ, purpose."""
    unnamed = viewed.role if viewed.role in ROLES else ""
    role = str(ROLE_WORDS.get(viewed.role, unnamed))
    purpose = words_in((viewed.purpose_zh, viewed.purpose_en), page_language())
    return role, viewed.organ, purpose
