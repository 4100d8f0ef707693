"""Scenarios as data: after these acts, these duties. Lawyers write them, everyone runs them.

    [[scenario]]
    case = ["A04"]
    sentence = ["P4.7"]
    zh = "春节前转送，异议期五个工作日，调休日计入"
    acts = [{at = 2025-01-24, act = "receive", by = "县住建局"}]
    expect = [{duty = "object", due = 2025-02-07}]

    [[count]]
    case = ["A01"]
    clock = "r22.handle.petition_procedure"
    on = 2023-10-01
    raw = 2023-11-30
    due = 2023-11-30

A scenario file needs no database: it runs on the pure core. Every act is checked as the write door
checks it;
one that must be refused says with which code.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from dengwen.law.duties import late_entry, recurrence
from dengwen.law.duties.act_record import (
    BREACH,
    CHINA,
    LAPSE,
    ActRecord,
    CaseView,
    DutyView,
    Refusal,
)
from dengwen.law.duties.admissibility import Actor, hand_refusals, refusals
from dengwen.law.duties.fold import BookOf, derive
from dengwen.law.duties.step import FieldValue
from dengwen.law.duties.step_fields import field_refusals
from dengwen.law.errors import PackError
from dengwen.law.packs.library import Library, Rulebook
from dengwen.law.packs.pack import read_toml
from dengwen.law.packs.rules import ActRule, KindRule
from dengwen.law.packs.vocabulary import BY, TEXT_TYPES
from dengwen.law.scenarios.defaults import fill, implied_given
from dengwen.law.scenarios.other_cases import deeds_of
from dengwen.law.scenarios.written_days import instant_of, with_days
from dengwen.law.time.calendar import DAY, CalendarHistory
from dengwen.law.time.due_date import DueError, ask

FORCE_KEYS = {"pack", "zh", "from", "until", "case", "sentence"}
SCENARIO_KEYS = {
    "case",
    "sentence",
    "zh",
    "en",
    "kind",
    "place",
    "given",
    "acts",
    "elsewhere",
    "expect",
    "today",
}
COUNT_KEYS = {
    "case",
    "sentence",
    "zh",
    "clock",
    "on",
    "extend",
    "exclude",
    "raw",
    "due",
    "provisional",
    "refused",
    "verified",
}
ACT_KEYS = {"at", "act", "by", "who", "as", "entered", "refused", "imported", "cites"}
EXPECT_KEYS = {
    "duty",
    "opened",
    "raw",
    "due",
    "holder",
    "official",
    "state",
    "closed",
    "met",
    "absent",
    "count",
    "breach",
    "provisional",
    "case_state",
    "case_holder",
    "can",
    "cannot",
    "why",
    "at",
    "by",
    "as",
    "who",
    "article",
    "law",
    "number",
    "fact",
    "is",
    "original",
    "right",
}


@dataclass(frozen=True)
class Outcome:
    """The result of one scenario or count: where it stands, which cases and sentences it is for,
    what went wrong."""

    file: str
    title: str
    cases: tuple[str, ...]
    failures: tuple[str, ...]
    sentences: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether everything was as expected."""
        return not self.failures


@dataclass
class _Cast:
    """The organs and persons of a scenario, numbered in order of appearance."""

    ids: dict[str, int] = field(default_factory=dict)

    def id(self, name: str) -> int:
        return self.ids.setdefault(name, len(self.ids) + 1)

    def name(self, number: int | None) -> str:
        return next((k for k, v in self.ids.items() if v == number), "")


def scenario_files(folder: Path) -> list[Path]:
    """Return every scenario file below a folder: TOML files in folders called `scenarios`, or
    the folder's own."""
    found = sorted(
        p for p in folder.rglob("*.toml") if "scenarios" in p.parts and "bad" not in p.parts
    )
    return found or sorted(folder.glob("*.toml"))


def read_scenarios(folder: Path) -> list[tuple[str, dict[str, Any]]]:
    """Read all scenarios and counts below `folder`, each with the name of its file."""
    found: list[tuple[str, dict[str, Any]]] = []
    for path in scenario_files(folder):
        raw = read_toml(path)
        shown = path.relative_to(folder).as_posix()
        for section, keys in (
            ("scenario", SCENARIO_KEYS),
            ("count", COUNT_KEYS),
            ("force", FORCE_KEYS),
        ):
            for entry in raw.get(section, []):
                strange = sorted(set(entry) - keys)
                if strange:
                    raise PackError(
                        "unknown-word",
                        file=shown,
                        entry=str(entry.get("zh") or entry.get("clock") or entry.get("pack")),
                        zh=f"不认识的词“{strange[0]}”",
                        en=f"unknown word “{strange[0]}”",
                        mend_zh="改用：" + "、".join(sorted(keys)),
                        mend_en="use one of: " + ", ".join(sorted(keys)),
                    )
                found.append((shown, {**entry, "section": section}))
    return found


def run(library: Library, file: str, entry: Mapping[str, Any]) -> Outcome:
    """Run one scenario or count on the pure core."""
    cases = tuple(entry.get("case", ()))
    title = str(entry.get("zh") or entry.get("clock") or entry.get("pack") or "?")
    runner = {"count": _run_count, "force": _run_force}.get(entry["section"], _run_scenario)
    try:
        failures = tuple(runner(library, with_days(entry)))
    except PackError as error:
        failures = (str(error),)
    except (TypeError, ValueError, AttributeError) as error:
        failures = (f"写法不对：{error} / not written as a scenario is: {error}",)
    except KeyError as error:
        failures = (f"本规则包里没有 {error} / not in these packs: {error}",)
    return Outcome(file, title, cases, failures, tuple(entry.get("sentence", ())))


def _run_count(library: Library, entry: Mapping[str, Any]) -> Iterator[str]:
    try:
        answer = ask(
            library,
            entry["clock"],
            entry["on"],
            extend=entry.get("extend", 0),
            exclude=entry.get("exclude", 0),
        )
    except DueError as error:
        if not entry.get("refused"):
            yield f"{entry['clock']}: {error}"
        return
    if entry.get("refused"):
        yield f"{entry['clock']}: 应当拒绝而没有拒绝 / should have been refused"
        return
    found = answer.as_dict()
    for key in ("raw", "due"):
        if key in entry:
            wanted = entry[key].isoformat() if isinstance(entry[key], date) else None
            if found[key] != wanted:
                yield (
                    f"{entry['clock']} {entry['on']}: {key} = {found[key]}，应为 {wanted} / "
                    f"expected {wanted}"
                )
    for key in ("provisional", "verified"):
        if key in entry and found[key] is not entry[key]:
            yield f"{entry['clock']}: {key} = {found[key]}"


def _run_force(library: Library, entry: Mapping[str, Any]) -> Iterator[str]:
    """Check the first and the last day of an edition."""
    pack = next((p for p in library.packs if p.id == entry["pack"]), None)
    if pack is None:
        yield f"没有规则包 {entry['pack']} / no such pack"
        return
    first, until = entry["from"], entry.get("until")
    if not pack.covers(first, pack.place) or pack.covers(first - DAY, pack.place):
        yield f"{pack.id}: 施行日应为 {first} / should be in force from {first}"
    if pack.until != until or (
        until and (pack.covers(until, pack.place) or not pack.covers(until - DAY, pack.place))
    ):
        yield f"{pack.id}: 应施行至 {until}（不含当日） / should be in force until {until}, exclusive"


@dataclass
class _Stage:
    """A scenario being played: the acts so far and the rulebooks they were judged by."""

    library: Library
    kind: str
    place: str
    history: CalendarHistory
    cast: _Cast = field(default_factory=_Cast)
    acts: list[ActRecord] = field(default_factory=list)
    books: dict[str, Rulebook] = field(default_factory=dict)
    given: Mapping[str, Any] = field(default_factory=dict)

    def book(self, day: date) -> Rulebook:
        found = self.library.rulebook(day, self.place)
        self.books[found.digest] = found
        return found

    def view(self, extra: ActRecord | None = None) -> CaseView:
        acts = [*self.acts, *([extra] if extra else [])]
        return derive_given(
            self.kind, acts, self.books.__getitem__, self.history, self.given, self.cast.id
        )


def derive_given(
    kind: str,
    acts: list[ActRecord],
    book: BookOf,
    history: CalendarHistory,
    given: Mapping[str, Any],
    id_of: Callable[[str], int],
) -> CaseView:
    """Derive from acts that begin in the middle of a procedure: `given` is how the case stood
    before them."""
    view = CaseView(kind)
    if not given:
        return derive(kind, acts, book, history)
    view.state = given.get("state", view.state)
    for name in ("holder", "sender", "addressee"):
        if name in given:
            setattr(view, name, id_of(given[name]))
    view.facts.update({k: str(v) for k, v in given.get("facts", {}).items()})
    return derive(kind, acts, book, history, begin=view)


def _run_scenario(library: Library, entry: Mapping[str, Any]) -> Iterator[str]:
    stage = _stage(library, entry)
    for raw in entry["acts"]:
        failure = _play(stage, raw)
        if failure:
            yield failure
            return
    yield from _elsewhere(stage, entry)
    if "today" in entry:
        _sweep(stage, entry["today"])
    view = stage.view()
    for wanted in entry.get("expect", []):
        strange = sorted(set(wanted) - EXPECT_KEYS)
        if strange:
            yield f"expect: 不认识的词 {strange} / unknown words {strange}"
            continue
        yield from _compare(stage, view, wanted)


def _stage(library: Library, entry: Mapping[str, Any]) -> _Stage:
    history = CalendarHistory.of(library.calendar)
    stage = _Stage(library, entry.get("kind", "petition"), entry.get("place", ""), history)
    first = next(iter(entry["acts"]), None)
    if "given" in entry or first is None or "refused" in first:
        stage.given = entry.get("given", {})
    else:
        kind = stage.book(instant_of(first["at"]).astimezone(CHINA).date()).kind(stage.kind)
        stage.given = implied_given(kind.acts[first["act"]], first)
    return stage


def _play(stage: _Stage, raw: Mapping[str, Any]) -> str:
    at = instant_of(raw["at"])
    day = at.astimezone(CHINA).date()
    book = stage.book(day)
    kind = book.kind(stage.kind)
    rule = kind.acts[raw["act"]]
    actor, fields, texts = _actor(stage, rule, raw), *_values(stage, rule, raw)
    if "refused" not in raw:
        fill(rule, fields, texts)
    view, wanted = stage.view(), raw.get("refused")
    entered = instant_of(raw.get("entered", raw["at"]))
    found = [
        *refusals(kind, rule, view, actor, day, {*fields, *texts}),
        *hand_refusals(rule, actor, fields),
        *field_refusals(rule, view, fields, texts, day),
        *(
            late_entry.unsupported(kind, rule, view, fields, day, entered.astimezone(CHINA).date())
            if wanted
            else ()
        ),
    ]
    if wanted:
        return _refused(rule, raw, found, wanted)
    if found:
        return f"{day} {rule.id}: 被拒绝 / refused: " + "; ".join(
            f"[{r.code}] {r.zh}" for r in found
        )
    stage.acts.append(
        ActRecord(
            id=len(stage.acts) + 1,
            act=rule.id,
            occurred=at,
            recorded=entered,
            organ=actor.organ,
            actor=actor.user,
            data=fields,
            imported=bool(raw.get("imported")),
            rules=book.digest,
        )
    )
    return ""


def _refused(rule: ActRule, raw: Mapping[str, Any], found: list[Refusal], wanted: str) -> str:
    hits = [r for r in found if r.code == wanted]
    if not hits:
        return (
            f"{rule.id}: 应以“{wanted}”拒绝，得到 {[r.code for r in found]} / should be refused with "
            f"“{wanted}”"
        )
    cites = raw.get("cites")
    if cites and not any(r.basis and f"{r.basis.law} {r.basis.article}" == cites for r in hits):
        return f"{rule.id}: 拒绝应引 {cites} / the refusal should cite {cites}"
    return ""


def _actor(stage: _Stage, rule: ActRule, raw: Mapping[str, Any]) -> Actor:
    organ = raw.get("by", "")
    capacities, _ = BY[rule.by]
    default = "petitioner" if organ == "信访人" else min(capacities)
    person = stage.cast.id(raw.get("who", f"{organ}经办"))
    return Actor(
        person,
        stage.cast.id(organ) if organ else None,
        frozenset({raw.get("as", default)}),
        official=person,
    )


def _values(
    stage: _Stage, rule: ActRule, raw: Mapping[str, Any]
) -> tuple[dict[str, FieldValue], dict[str, str]]:
    fields: dict[str, FieldValue] = {}
    texts: dict[str, str] = {}
    for name, value in raw.items():
        if name in ACT_KEYS:
            continue
        declared = rule.field_rule(name)
        kind = declared.type if declared else "text"
        if (declared is not None and kind in TEXT_TYPES) or (
            declared is None and isinstance(value, str)
        ):
            texts[name] = value
        elif kind in ("organ", "official"):
            fields[name] = stage.cast.id(value)
        elif kind == "organs":
            fields[name] = tuple(stage.cast.id(v) for v in value)
        else:
            fields[name] = tuple(value) if isinstance(value, list) else value
    return fields, texts


def _elsewhere(stage: _Stage, entry: Mapping[str, Any]) -> Iterator[str]:
    """Let the acts in other cases meet the duties of a register, as the worker does."""
    deeds, wrong = deeds_of(entry.get("elsewhere", ()), stage.book, stage.cast.id, instant_of)
    yield from wrong
    for duty, deed in recurrence.met_by(stage.view().duties, deeds):
        stage.acts.append(_met(stage, duty, deed))


def _met(stage: _Stage, duty: DutyView, deed: recurrence.Deed) -> ActRecord:
    data: dict[str, FieldValue] = {"rule": duty.rule.id, "seat": duty.seat, "first": duty.start}
    return ActRecord(
        id=len(stage.acts) + 1,
        act=recurrence.MEET,
        occurred=instant_of(deed.day),
        recorded=instant_of(deed.recorded),
        data={**data, "evidence": deed.id, "recorded": deed.recorded},
        rules=stage.book(deed.day).digest,
    )


def _sweep(stage: _Stage, today: date) -> None:
    """Record what a worker would record on `today`: each breach and each lapse once."""
    for duty in stage.view().duties:
        act = (
            BREACH
            if duty.unrecorded_breach(today)
            else LAPSE
            if duty.unrecorded_lapse(today)
            else ""
        )
        if act:
            stage.acts.append(
                ActRecord(
                    len(stage.acts) + 1,
                    act,
                    instant_of(today),
                    instant_of(today),
                    rules=stage.book(today).digest,
                    duty=duty.rule.id,
                    opened_by=duty.opened_by,
                )
            )


def _compare(stage: _Stage, view: CaseView, wanted: Mapping[str, Any]) -> Iterator[str]:
    if "case_state" in wanted and view.state != wanted["case_state"]:
        yield f"状态为 {view.state}，应为 {wanted['case_state']} / state should be {wanted['case_state']}"
    if "case_holder" in wanted and stage.cast.name(view.holder) != wanted["case_holder"]:
        yield f"持有机关为 {stage.cast.name(view.holder)}，应为 {wanted['case_holder']} / holder differs"
    if "fact" in wanted and view.facts.get(wanted["fact"]) != wanted["is"]:
        yield (
            f"{wanted['fact']} = {view.facts.get(wanted['fact'])}，应为 {wanted['is']} / fact "
            "differs"
        )
    if "can" in wanted or "cannot" in wanted:
        yield from _compare_possible(stage, view, wanted)
    if "duty" in wanted:
        yield from _compare_duty(stage, view, wanted)


def _compare_possible(stage: _Stage, view: CaseView, wanted: Mapping[str, Any]) -> Iterator[str]:
    day = wanted.get("at") or stage.acts[-1].day
    kind: KindRule = stage.book(day).kind(stage.kind)
    name = wanted.get("can") or wanted["cannot"]
    rule = kind.acts[name]
    found = refusals(kind, rule, view, _actor(stage, rule, wanted), day)
    if "can" in wanted and found:
        yield f"{name}: 应当可以 / should be possible: {[(r.code, r.zh) for r in found]}"
    if "cannot" in wanted and not [r for r in found if r.code == wanted.get("why", r.code)]:
        yield (
            f"{name}: 应当以“{wanted.get('why')}”不可以，得到 {[r.code for r in found]} / should not be "
            "possible"
        )


def _compare_duty(stage: _Stage, view: CaseView, wanted: Mapping[str, Any]) -> Iterator[str]:
    name = wanted["duty"]
    found = [
        d
        for d in view.duties
        if d.rule.id == name and ("opened" not in wanted or d.opened_on == wanted["opened"])
    ]
    if wanted.get("absent"):
        if found:
            yield f"{name}: 不应有这项责任 / this duty should not exist"
        return
    if "count" in wanted and len(found) != wanted["count"]:
        yield (
            f"{name}: 有{len(found)}项，应为{wanted['count']}项 / {len(found)} of them, expected "
            f"{wanted['count']}"
        )
    if not found:
        yield f"{name}: 没有这项责任 / no such duty"
        return
    actual = _shown(stage, found[-1])
    for key, value in wanted.items():
        if key in actual and actual[key] != (value if value != "" else None):
            yield f"{name}: {key} = {actual[key]}，应为 {value} / expected {value}"


def _shown(stage: _Stage, duty: DutyView) -> dict[str, Any]:
    return {
        "raw": duty.raw,
        "due": duty.due,
        "holder": stage.cast.name(duty.holder) or None,
        "state": duty.state,
        "closed": duty.closed_on,
        "met": duty.timeliness,
        "breach": duty.breach is not None,
        "provisional": duty.provisional,
        "law": duty.rule.basis.law,
        "article": duty.rule.basis.article,
        "number": duty.rule.clock.mode != "none",
        "official": stage.cast.name(duty.official) or None,
        "original": duty.original_due,
        "right": duty.rule.right,
    }


def play(library: Library, file: str, entry: Mapping[str, Any]) -> dict[str, Any]:
    """Run a scenario or count and return what came out, line by line, for `law explain`."""
    outcome = run(library, file, entry)
    title = str(entry.get("zh") or entry.get("clock"))
    if entry["section"] == "count":
        return {
            "file": file,
            "title": title,
            "passed": outcome.passed,
            "lines": _count_lines(library, entry),
            "failures": outcome.failures,
        }
    stage = _stage(library, entry)
    for raw in entry["acts"]:
        if _play(stage, raw):
            break
    list(_elsewhere(stage, entry))
    if "today" in entry:
        _sweep(stage, entry["today"])
    lines = [f"{a.day} {a.act} {stage.cast.name(a.organ)}" for a in stage.acts]
    for duty in stage.view().duties:
        trace = "；".join(
            f"{t.day or ''} {t.zh}" for t in (duty.counted.trace if duty.counted else ())
        )
        lines.append(
            f"责任 {duty.rule.zh}（{duty.rule.basis.law} {duty.rule.basis.article}）："
            f"{duty.state}，到期 {duty.due or '—'}；{trace}"
        )
    return {
        "file": file,
        "title": title,
        "passed": outcome.passed,
        "lines": lines,
        "failures": outcome.failures,
    }


def _count_lines(library: Library, entry: Mapping[str, Any]) -> list[str]:
    try:
        answer = ask(
            library,
            entry["clock"],
            entry["on"],
            extend=entry.get("extend", 0),
            exclude=entry.get("exclude", 0),
        )
    except DueError as error:
        return [str(error)]
    return [f"{t.day or ''} {t.zh}" for t in answer.trace]
