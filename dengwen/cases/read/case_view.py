"""What a page shows of a case: its acts read once, and from them duties, dates, steps and history
in words.

Callers hand in cases they got from the wall (`for_user`, `find`, `duties_for_user`); nothing here
looks a case up by
itself. Texts and identities are not read here: they need the read log (`opening`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from dengwen.access.models import User
from dengwen.cases import rulebooks
from dengwen.cases.act_records import record_of, view_of
from dengwen.cases.duties.local_targets import local_day
from dengwen.cases.models import Act, Case, Duty
from dengwen.cases.read.act_words import field_notes
from dengwen.cases.read.day_words import moves_in_words
from dengwen.cases.read.interpretations import answers_on
from dengwen.cases.read.titles import title_of
from dengwen.cases.rulebooks import Installed
from dengwen.cases.write.correction import of_breaches
from dengwen.cases.write.entry_on_behalf import ENTERED_BY
from dengwen.law.bilingual import Language, headline, words_in
from dengwen.law.duties.act_record import (
    BREACH,
    LAPSE,
    OPEN,
    ActRecord,
    CaseView,
    DutyView,
    Refusal,
    civil,
)
from dengwen.law.duties.admissibility import Actor, refusals
from dengwen.law.duties.explanation import explain
from dengwen.law.duties.fold import derive
from dengwen.law.duties.step import FieldValue
from dengwen.law.packs.rules import ActRule, Basis, DutyRule, KindRule
from dengwen.law.time.calendar import Calendar
from dengwen.ledger.models import Event
from dengwen.organs.models import Organ
from dengwen.ui import dates
from dengwen.ui.components import (
    Button,
    DateRail,
    DutyLine,
    HowComputed,
    NotPossible,
    Possible,
    TermBar,
    TimelineEntry,
    bar_of,
    how_from,
)

SHORT_DIGEST = 8
LEAST_NOTICE = 6
"""Characters below which the remark of a clock is a key word and no sentence."""


@dataclass(frozen=True)
class CaseFile:
    """A case with its acts, and how it stands after them; `installed` are the rules in force
    today at its place."""

    case: Case
    rows: tuple[Act, ...]
    records: tuple[ActRecord, ...]
    view: CaseView
    installed: Installed

    @property
    def kind(self) -> KindRule:
        """The procedure by the rules in force today."""
        return self.installed.book.kind(self.case.kind)


def read_file(case: Case, now: datetime) -> CaseFile:
    """Read a case the wall let through, with all its acts."""
    rows = tuple(Act.objects.filter(case=case).order_by("seq"))
    records = tuple(record_of(row, case.kind) for row in rows)
    installed = rulebooks.in_force(civil(now), case.place, now)
    return CaseFile(case, rows, records, view_of(case.kind, records), installed)


def blank_file(kind: str, place: str, now: datetime) -> CaseFile:
    """Return the file of a case that is yet to be opened, so that its first act can be asked and
    looked ahead to."""
    installed = rulebooks.in_force(civil(now), place, now)
    return CaseFile(Case(kind=kind, place=place), (), (), CaseView(kind), installed)


def registry_file(number: str, now: datetime) -> CaseFile | None:
    """Return the registry case of an organ; it is about offices, not about petitions, so no wall
    stands before it."""
    case = Case.objects.filter(number=number, kind="registry").first()
    return None if case is None else read_file(case, now)


def cited(basis: Basis | None, file_book: Installed, language: Language) -> str:
    """Return a citation as people write it, "" without one."""
    return basis.cite(file_book.book.instruments, language) if basis else ""


def state_words(file: CaseFile, language: Language) -> str:
    """Return the state of the case in words."""
    state = file.kind.states.get(file.view.state)
    return "" if state is None else (words_in(state, language))


# --- duties ---------------------------------------------------------------------------------------
def duty_bar(
    duty: DutyView, today: date, calendar: Calendar, target: date | None = None
) -> TermBar:
    """Return the term bar of a duty; `target` is the local target of a duty to which the text
    gives no number."""
    if duty.counted is None and duty.fixed is None:
        return TermBar(
            start=duty.start,
            raw=target,
            due=target,
            today=today,
            calendar=calendar,
            unit="fixed",
            statutory=False,
        )
    return bar_of(duty, today, calendar)


@dataclass(frozen=True)
class Listed:
    """The duties of one page of a work list, with the acts their cases stand on, read in one
    query."""

    duties: Sequence[Duty]
    views: Mapping[int, CaseView]
    calendar: Calendar


def listed(duties: Sequence[Duty]) -> Listed:
    """Read what the lines of a page of duties show; one query for the acts of all their cases."""
    kinds = {d.case_id: d.case.kind for d in duties}
    grouped: dict[int, list[ActRecord]] = {pk: [] for pk in kinds}
    for row in Act.objects.filter(case_id__in=kinds).order_by("case_id", "seq"):
        grouped[row.case_id].append(record_of(row, kinds[row.case_id]))
    calendars = rulebooks.calendars()
    views = {
        pk: derive(kinds[pk], records, rulebooks.by_row, calendars)
        for pk, records in grouped.items()
    }
    return Listed(duties, views, calendars.newest)


def duty_lines(
    page: Listed, actor: Actor, now: datetime, language: Language, href: Callable[[str, str], str]
) -> list[DutyLine]:
    """Return the lines of a work list; `href` gives the address of a case, or of an act of it."""
    lines = []
    for row in page.duties:
        view = page.views[row.case_id]
        duty = next(
            (d for d in view.duties if d.rule.id == row.rule and d.opened_by == row.opened_by_id),
            None,
        )
        if duty is not None:
            lines.append(_duty_line(row, duty, view, page.calendar, actor, now, language, href))
    return lines


def _duty_line(
    row: Duty,
    duty: DutyView,
    view: CaseView,
    calendar: Calendar,
    actor: Actor,
    now: datetime,
    language: Language,
    href: Callable[[str, str], str],
) -> DutyLine:
    today, rule, case = civil(now), duty.rule, row.case
    book = rulebooks.by_row(duty.rules)
    target = row.sort_day if duty.counted is None else None
    explained = explain(duty, book, language)
    otherwise = explained.otherwise
    if otherwise and explained.otherwise_article:
        otherwise = (
            f"{otherwise}（{explained.otherwise_article}）"
            if language == "zh"
            else (f"{otherwise} ({explained.otherwise_article})")
        )
    return DutyLine(
        uid=f"d-{case.number}-{place_of(duty, view)}",
        title=headline(rule, language),
        href=href(case.number, ""),
        bar=duty_bar(duty, today, calendar, target),
        case_title=title_of(case, language) or headline(book.kind(case.kind), language),
        case_number=case.number,
        why=_why(duty, target, today, language),
        basis=_with_term(explained.article, duty, language),
        otherwise=otherwise,
        button=_button(row, rule, view, actor, now, language, href),
        note=_silence(duty, view, target, language),
    )


def _silence(duty: DutyView, view: CaseView, target: date | None, language: Language) -> str:
    """Say where the day of a duty without a number comes from."""
    if duty.rule.of and duty.rule.clock.none:
        return "本地目标" if language == "zh" else "local target"
    if duty.counted is not None or duty.fixed is not None:
        return ""
    if target is None:
        return "条例没有天数" if language == "zh" else "no number in the text"
    other = view.find_open(duty.rule.alongside) if duty.rule.alongside else None
    if other is not None and target in (other.due, other.raw):
        name = headline(other.rule, language)
        return (
            f"条例没有天数，随“{name}”的期限"
            if language == "zh"
            else f"no number in the text; by the day of “{name}”"
        )
    return "本地目标" if language == "zh" else "local target"


def _why(duty: DutyView, target: date | None, today: date, language: Language) -> str:
    zh, parts = language == "zh", []
    day = duty.due or target
    if duty.breach is not None:
        parts.append("已记为逾期，仍须补办" if zh else "recorded as late; it must still be done")
    elif day is not None and day < today and duty.counted is not None:
        parts.append(
            "期限已过，即将记为逾期" if zh else "the day has passed; it will be recorded as late"
        )
    parts += moves_in_words(duty, language)
    if duty.provisional:
        parts.append(
            "放假安排尚未公布，公布之前不会记为逾期"
            if zh
            else "no calendar is published yet; not late before that"
        )
    if zh and len(duty.rule.clock.notice) >= LEAST_NOTICE:
        parts.append(duty.rule.clock.notice)
    return "；".join(parts) if zh else "; ".join(parts)


def _with_term(article: str, duty: DutyView, language: Language) -> str:
    term = duty.rule.clock.term
    if term is None:
        return article
    sep = "，" if language == "zh" else ", "
    if term.unit in ("calendar", "working"):
        return f"{article}{sep}{dates.days(term.amount, language, term.unit)}"
    return article


def _button(
    row: Duty,
    rule: DutyRule,
    view: CaseView,
    actor: Actor,
    now: datetime,
    language: Language,
    href: Callable[[str, str], str],
) -> Button:
    """Lead straight to the act that closes the duty where the law knows only one, else to the case.

    A recurring duty is met in other cases, so its button leads to the register.
    """
    comma = "，" if language == "zh" else ", "
    about = headline(rule, language) + comma + (title_of(row.case, language) or row.case.number)
    if rule.of:
        return Button(
            "看台账" if language == "zh" else "See register", href(row.case.number, ""), about
        )
    kind = rulebooks.in_force(civil(now), row.case.place, now).book.kind(row.case.kind)
    closing = [kind.acts[a] for a in rule.closes if a in kind.acts]
    able = (
        [a for a in closing if not refusals(kind, a, view, actor, civil(now))]
        if len(closing) == 1
        else []
    )
    late = row.due is not None and row.due <= civil(now)
    if len(able) == 1:
        return Button(
            headline(able[0], language), href(row.case.number, able[0].id), about, main=late
        )
    return Button(
        "去办理" if language == "zh" else "Open to act",
        href(row.case.number, "") + "#steps",
        about,
        main=late,
    )


# --- the date of a case ---------------------------------------------------------------------------
def next_duty(view: CaseView) -> DutyView | None:
    """Return the open duty with the earliest day, a right only where nothing else is open."""
    found = view.open_duties()
    return next((d for d in found if not d.rule.right), None) or next(iter(found), None)


def rail(file: CaseFile, today: date, language: Language) -> DateRail:
    """Return the date at the top right of a case page."""
    label = "下一个法定日期" if language == "zh" else "Next legal date"
    duty = next_duty(file.view)
    if duty is None:
        why = "没有未了结的期限" if language == "zh" else "no open time limit"
        return DateRail(label, today, none_why=why)
    if duty.due is None and duty.raw is None:
        colon, why = (
            ("：", "条文没有规定天数")
            if language == "zh"
            else (": ", "the text sets no number of days")
        )
        what = headline(duty.rule, language)
        return DateRail(
            label, today, what=what, none_why=f"{what}{colon}{why}", own=own_target(duty, language)
        )
    what = words_in(duty.rule, language)
    statutory = duty.rule.clock.mode in ("period", "frequency")
    if not statutory:
        label = "下一个日期" if language == "zh" else "Next date"
    return DateRail(
        label,
        today,
        duty.due,
        duty.raw,
        what,
        f"#{how_uid(duty, file.view)}",
        statutory=statutory,
    )


def own_target(duty: DutyView, language: Language) -> str:
    """Return the sentence that says by when the office itself wants a duty done that has no
    number in law, or ""."""
    day = local_day(duty)
    if day is None:
        return ""
    said_day = dates.with_weekday(day, language)
    return f"本地目标：{said_day} 以前" if language == "zh" else f"local target: by {said_day}"


def place_of(duty: DutyView, view: CaseView) -> int:
    """Return which duty of its case this is, counted from 1: an id for pages that tells nothing of
    other cases.

    A row id would: it counts everything that was written in between, protected cases included
    (access model 4.2).
    """
    return 1 + next(n for n, one in enumerate(view.duties) if one is duty)


def how_uid(duty: DutyView, view: CaseView) -> str:
    """Return the id of the explanation of a duty on a case page."""
    return f"how-{duty.rule.id.replace('_', '-')}-{place_of(duty, view)}"


def explanations(
    file: CaseFile, today: date, language: Language
) -> list[tuple[DutyView, HowComputed]]:
    """Return how the date of each open duty was computed, the next one unfolded."""
    first = next_duty(file.view)
    calendar = rulebooks.calendars().newest
    found = []
    answers = answers_on({duty.rule.id for duty in file.view.open_duties()}, today, language)
    for duty in file.view.open_duties():
        explained = explain(duty, rulebooks.by_row(duty.rules), language)
        bar = duty_bar(duty, today, calendar) if duty.raw or duty.fixed else None
        opened = duty is first
        how = how_from(explained, bar, how_uid(duty, file.view), language, opened=opened)
        found.append(
            (
                duty,
                replace(
                    how, interpretations=(*how.interpretations, *answers.get(duty.rule.id, ()))
                ),
            )
        )
    return sorted(found, key=lambda pair: pair[0] is not first)


# --- what can be done -----------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Steps:
    """The acts of a kind as somebody stands to them now: possible, refused for a near reason,
    refused by the stage."""

    can: tuple[Possible, ...]
    cannot: tuple[NotPossible, ...]
    later: tuple[NotPossible, ...]


def steps(
    file: CaseFile, actor: Actor, now: datetime, language: Language, href: Callable[[str, str], str]
) -> Steps:
    """Say for every act of the kind whether it can be done now, and for those that cannot, the
    reason and article."""
    can: list[tuple[int, Possible]] = []
    cannot: list[NotPossible] = []
    later: list[NotPossible] = []
    owed = _owed_order(file.view)
    for rule in file.kind.acts.values():
        if rule.by == "system" or rule.after == ("new",) or rule.history:
            continue
        against = refusals(file.kind, rule, file.view, actor, civil(now))
        if not against:
            address = href(file.case.number, rule.id)
            detail = _detail(file, rule, language)
            place = owed.get(rule.id, len(owed) if detail else len(owed) + 1)
            can.append(
                (
                    place,
                    Possible(
                        headline(rule, language), address, detail, _cite(file, rule, language)
                    ),
                )
            )
            continue
        far = {r.code for r in against} & {"state", "capacity", "organ"}
        (later if far else cannot).append(not_possible(file.installed, rule, against, language))
    can.sort(key=lambda pair: pair[0])
    return Steps(tuple(one for _place, one in can), tuple(cannot), tuple(later))


def _owed_order(view: CaseView) -> dict[str, int]:
    """Return the acts that settle an open duty, those of the next duty first."""
    settling = [
        act for duty in view.open_duties() if not duty.rule.right for act in duty.rule.closes
    ]
    return {act: place for place, act in enumerate(dict.fromkeys(settling))}


def not_possible(
    installed: Installed, rule: ActRule, against: Sequence[Refusal], language: Language
) -> NotPossible:
    """Return a refused act in words: the first reason stands for all, its article and what
    remains beside it."""
    first = against[0]
    zh = language == "zh"
    return NotPossible(
        title=headline(rule, language),
        reason=("；".join(r.zh for r in against) if zh else "; ".join(r.en for r in against)),
        basis=cited(first.basis or rule.basis, installed, language),
        remedy=(first.remedy_zh if zh else first.remedy_en)
        if first.code not in ("state", "capacity")
        else "",
    )


def _cite(file: CaseFile, rule: ActRule, language: Language) -> str:
    return cited(rule.basis, file.installed, language)


def _detail(file: CaseFile, rule: ActRule, language: Language) -> str:
    zh = language == "zh"
    closes = [
        headline(d.rule, language)
        for d in file.view.open_duties()
        if rule.id in d.rule.closes
        and not (d.rule.close_by_holder and d.holder != file.view.holder)
    ]
    opens = [
        headline(d, language)
        for d in file.kind.duties.values()
        if rule.id in d.opens
        and file.view.matches({k: v for k, v in d.where.items() if k in file.view.facts})
    ]
    parts = []
    if closes:
        parts.append(("了结：" if zh else "Closes: ") + "、".join(dict.fromkeys(closes)))
    if opens:
        parts.append(("开启：" if zh else "Opens: ") + "、".join(dict.fromkeys(opens)))
    return "。".join(parts) + ("。" if zh and parts else "")


# --- looking ahead --------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Ahead:
    """What an act would do: duties it would close, duties it would open with their dates, and
    the state after it."""

    closed: tuple[DutyView, ...]
    opened: tuple[DutyView, ...]
    state: str


FORESEEN = -1
"""The id of an act that has not happened."""


def look_ahead(
    file: CaseFile,
    rule: ActRule,
    data: Mapping[str, FieldValue],
    actor: Actor,
    occurred: datetime,
    now: datetime,
) -> Ahead:
    """Return what the act would change, by deriving the case with the act put after its acts;
    nothing is written."""
    record = ActRecord(
        id=FORESEEN,
        act=rule.id,
        occurred=occurred,
        recorded=now,
        organ=actor.organ,
        actor=actor.user,
        data=dict(data),
        rules=str(file.installed.row),
    )
    after = view_of(file.case.kind, [*file.records, record])
    before = {(d.rule.id, d.opened_by) for d in file.view.duties if d.state == OPEN}
    closed = tuple(
        d for d in after.duties if (d.rule.id, d.opened_by) in before and d.state != OPEN
    )
    opened = tuple(d for d in after.duties if d.opened_by == FORESEEN)
    return Ahead(closed, opened, after.state)


# --- history --------------------------------------------------------------------------------------
def history(file: CaseFile, language: Language, proof: Callable[[int], str]) -> list[TimelineEntry]:
    """Return every act with its article, who did it and its place in the ledger, then the open
    duties as next steps."""
    leaves = {
        uid: (idx, bytes(digest).hex()[:SHORT_DIGEST])
        for uid, idx, digest in Event.objects.filter(
            uid__in=[r.uid for r in file.rows]
        ).values_list("uid", "leaf__idx", "hash")
    }
    people = _people(file.rows, language)
    entries = [
        _entry(file, row, record, language, leaves, people, proof)
        for row, record in zip(file.rows, file.records, strict=True)
    ]
    for duty in file.view.open_duties():
        day = duty.due or duty.raw
        if day is not None and not duty.rule.right:
            basis = duty.rule.basis.cite(rulebooks.by_row(duty.rules).instruments, language)
            entries.append(
                TimelineEntry(
                    day=day,
                    title=headline(duty.rule, language),
                    basis=basis,
                    kind="next",
                    who=people.organs.get(duty.holder or 0, ""),
                )
            )
    return entries


@dataclass(frozen=True, slots=True)
class _Names:
    organs: Mapping[int, str]
    people: Mapping[int, str]


def _people(rows: Sequence[Act], language: Language) -> _Names:
    """Return the names of the organs and people in acts, in three queries."""
    organs: set[int] = {r.organ_id for r in rows if r.organ_id}
    for row in rows:
        for value in row.data.values():
            organs |= {
                v for v in (value if isinstance(value, list) else [value]) if isinstance(v, int)
            }
    known = Organ.objects.filter(pk__in=organs).values_list("pk", "name_zh", "name_en")
    names = {pk: en if language == "en" and en else zh for pk, zh, en in known}
    users = User.objects.filter(pk__in={r.actor for r in rows if r.actor}).select_related(
        "official"
    )
    return _Names(names, {u.pk: u.official.name if u.official else u.username for u in users})


def _entry(
    file: CaseFile,
    row: Act,
    record: ActRecord,
    language: Language,
    leaves: Mapping[str, tuple[int | None, str]],
    names: _Names,
    proof: Callable[[int], str],
) -> TimelineEntry:
    book = rulebooks.by_row(row.rules_id)
    rule = book.kind(file.case.kind).acts[row.act]
    leaf, digest = leaves.get(row.uid, (None, ""))
    title, basis = headline(rule, language), rule.basis
    if row.act in (BREACH, LAPSE):
        duty = book.kind(file.case.kind).duties.get(row.duty)
        about = headline(duty, language) if duty else row.duty
        title, basis = (
            f"{title}：{about}" if language == "zh" else f"{title}: {about}",
            duty.basis if duty else basis,
        )
    note = field_notes(
        book.kind(file.case.kind), rule, record, names.organs, file.case.place, language
    )
    if row.act == BREACH:
        note = _mended(file, row.pk, language) or note
    who = names.organs.get(row.organ_id or 0, "") or ("系统" if language == "zh" else "the system")
    person = names.people.get(row.actor or 0, "")
    if writer := names.organs.get(int(row.data.get(ENTERED_BY) or 0), ""):
        paper = row.paper[:SHORT_DIGEST].upper()
        words = (
            f"（{writer} {person} 凭其纸质材料 {paper} 代录）",
            f" (entered by {writer}, {person}, from its paper {paper})",
        )
        who, person = f"{who}{words[0] if language == 'zh' else words[1]}", ""
    return TimelineEntry(
        day=record.day,
        title=title,
        basis=basis.cite(book.instruments, language),
        who=f"{who}{'，' if language == 'zh' else ', '}{person}" if person else who,
        kind="breach" if row.act == BREACH else "act",
        leaf=leaf,
        digest=digest,
        href=proof(row.seq),
        recorded=civil(row.recorded_at),
        note=note,
    )


def _mended(file: CaseFile, breach: int, language: Language) -> str:
    """Point from a breach, which stays, to the corrections that touch it."""
    places = {act.id: place for place, act in enumerate(file.records, 1)}
    named = [
        (places[act.id], act.day.isoformat()) for act in of_breaches(file.records).get(breach, ())
    ]
    if language == "zh":
        return "；".join(
            f"已由{day}的更正（第{place}个行为）说明，记录保留" for place, day in named
        )
    return "; ".join(
        f"touched by the correction of {day} (act {place}); the record stays"
        for place, day in named
    )
