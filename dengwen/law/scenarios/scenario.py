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
from dataclasses import dataclass
from datetime import date
from itertools import product
from typing import Any

from dengwen.law.duties import recurrence
from dengwen.law.duties.act_record import DutyView
from dengwen.law.errors import PackError
from dengwen.law.packs.library import Library
from dengwen.law.packs.pack import Pack
from dengwen.law.scenarios.cited_passages import run_cited
from dengwen.law.scenarios.expectation import differences
from dengwen.law.scenarios.field_borders import run_borders
from dengwen.law.scenarios.hands import run_may, run_owes
from dengwen.law.scenarios.played_case import begin, finish, play_act
from dengwen.law.scenarios.played_entries import NOTHING_PLAYED, PlayedEntries, played_entries
from dengwen.law.scenarios.question_scenario import (
    QUESTION_KEYS,
    question_failures,
    question_lines,
)
from dengwen.law.scenarios.table_columns import run_column
from dengwen.law.scenarios.written_days import with_days
from dengwen.law.time.calendar import DAY
from dengwen.law.time.due_date import DueAnswer, DueError, ask


@dataclass(frozen=True)
class Outcome:
    """The result of one scenario or count: where it stands, which cases and sentences it is for,
    what went wrong."""

    file: str
    title: str
    cases: tuple[str, ...]
    failures: tuple[str, ...]
    sentences: tuple[str, ...] = ()
    played: PlayedEntries = NOTHING_PLAYED

    @property
    def passed(self) -> bool:
        """Whether everything was as expected."""
        return not self.failures


def run(library: Library, file: str, entry: Mapping[str, Any]) -> Outcome:
    """Run one scenario or count on the pure core."""
    cases = tuple(entry.get("case", ()))
    title = title_of(entry)
    played = NOTHING_PLAYED
    try:
        failures, played = _run_section(library, with_days(entry))
    except PackError as error:
        failures = (str(error),)
    except (TypeError, ValueError, AttributeError) as error:
        failures = (f"写法不对：{error} / not written as a scenario is: {error}",)
    except KeyError as error:
        failures = (f"本规则包里没有 {error} / not in these packs: {error}",)
    return Outcome(file, title, cases, failures, tuple(entry.get("sentence", ())), played)


def title_of(entry: Mapping[str, Any]) -> str:
    """Return by what a scenario, count or list is called: its words, else what it is about."""
    if entry["section"] == "cited":
        return f"{entry['law']} {entry['article']}"
    named = next((entry[key] for key in ("zh", "clock", "pack", "duty") if entry.get(key)), "")
    if not named and entry["section"] == "column":
        return f"{entry['table']}.{entry['word']}"
    return str(named or "?")


def _run_section(
    library: Library, entry: Mapping[str, Any]
) -> tuple[tuple[str, ...], PlayedEntries]:
    """Run an entry as its section asks; return what went wrong and what was played."""
    if entry["section"] == "scenario":
        return _run_scenario(library, entry)
    if entry["section"] in QUESTION_KEYS:
        return tuple(question_failures(library, entry)), NOTHING_PLAYED
    return tuple(_RUNS[entry["section"]](library, entry)), NOTHING_PLAYED


def _run_count(library: Library, entry: Mapping[str, Any]) -> Iterator[str]:
    clock, refused = entry["clock"], entry.get("refused")
    try:
        answer = _asked(library, entry)
    except DueError as error:
        if not refused:
            yield f"{clock}: {error}"
        return
    if refused:
        yield f"{clock}: 应当拒绝而没有拒绝 / should have been refused"
        return
    found = answer.as_dict()
    for key in ("raw", "due"):
        if key not in entry:
            continue
        wanted = entry[key].isoformat() if isinstance(entry[key], date) else None
        if found[key] != wanted:
            yield f"{clock} {entry['on']}: {key} = {found[key]}，应为 {wanted} / expected {wanted}"
    times = library.clocks[clock][0].at_least
    if "at_least" in entry and times != entry["at_least"]:
        yield f"{clock}: 至少{times}次，应为{entry['at_least']}次 / expected so many times"
    for key in ("provisional", "verified"):
        if key in entry and found[key] is not entry[key]:
            yield f"{clock}: {key} = {found[key]}"


def _asked(library: Library, entry: Mapping[str, Any]) -> DueAnswer:
    """Ask for the end of a time limit as a count writes it; DueError where it has no answer."""
    extend, exclude = entry.get("extend", 0), entry.get("exclude", 0)
    return ask(library, entry["clock"], entry["on"], extend=extend, exclude=exclude)


def _run_force(library: Library, entry: Mapping[str, Any]) -> Iterator[str]:
    """Check the first and the last day of an edition."""
    pack = next((p for p in library.packs if p.id == entry["pack"]), None)
    if pack is None:
        yield f"没有规则包 {entry['pack']} / no such pack"
        return
    first, until = entry["from"], entry.get("until")
    if not pack.covers(first, pack.place) or pack.covers(first - DAY, pack.place):
        yield f"{pack.id}: 施行日应为 {first} / should be in force from {first}"
    if pack.until != until or (until and not _ends_on(pack, until)):
        yield f"{pack.id}: 应施行至 {until}（不含当日） / should be in force until {until}, exclusive"


def _ends_on(pack: Pack, until: date) -> bool:
    return pack.covers(until - DAY, pack.place) and not pack.covers(until, pack.place)


def _run_bears(library: Library, entry: Mapping[str, Any]) -> Iterator[str]:
    """Check whether a recurring duty holds for an organ, or for a post in it."""
    kind = library.rulebook(entry["on"], entry.get("place", "")).kind(recurrence.REGISTER)
    duty, of = kind.duties[entry["duty"]], entry["of"]
    for facts in _each(entry.get("facts", {})):
        borne = recurrence.holds_for(duty, of, facts)
        if borne and not entry["bears"]:
            yield f"{duty.id}: 不应由其承担 / should not be borne: {of} {facts}"
        if entry["bears"] and not borne:
            yield f"{duty.id}: 应由其承担 / should be borne: {of} {facts}"


def _each(facts: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    """Yield facts as rules compare them; where several values stand in a list, each of them."""
    several = [value if isinstance(value, list) else [value] for value in facts.values()]
    for chosen in product(*several):
        words = (str(one).lower() if isinstance(one, bool) else str(one) for one in chosen)
        yield dict(zip(facts, words, strict=True))


_RUNS: Mapping[str, Callable[[Library, Mapping[str, Any]], Iterator[str]]] = {
    "count": _run_count,
    "force": _run_force,
    "bears": _run_bears,
    "border": run_borders,
    "column": run_column,
    "cited": run_cited,
    "may": run_may,
    "owes": run_owes,
}
"""How the sections are run that ask the rules one question and play no case."""


def _run_scenario(
    library: Library, entry: Mapping[str, Any]
) -> tuple[tuple[str, ...], PlayedEntries]:
    """Play a case act by act and compare it with what is expected; the first act that goes wrong
    ends it."""
    case = begin(library, entry)
    for raw in entry["acts"]:
        failure = play_act(case, raw)
        if failure:
            return (failure,), NOTHING_PLAYED
    failures = [*finish(case, entry)]
    view = case.view()
    for wanted in entry.get("expect", []):
        failures += differences(case, view, wanted)
    return tuple(failures), played_entries(case, view)


def play(library: Library, file: str, entry: Mapping[str, Any]) -> dict[str, Any]:
    """Run a scenario or count and return what came out, line by line, for `law explain`."""
    outcome = run(library, file, entry)
    told = question_lines if entry["section"] in QUESTION_KEYS else _no_lines
    lines_of = _LINES.get(entry["section"], told)
    return {
        "file": file,
        "title": title_of(entry),
        "passed": outcome.passed,
        "lines": lines_of(library, entry),
        "failures": outcome.failures,
    }


def _scenario_lines(library: Library, entry: Mapping[str, Any]) -> list[str]:
    """Return the acts of a scenario up to the first that is refused, then its duties."""
    case = begin(library, entry)
    for raw in entry["acts"]:
        if play_act(case, raw):
            break
    for _failure in finish(case, entry):
        pass  # `run` has told of it
    lines = [f"{act.day} {act.act} {case.cast.name(act.organ)}" for act in case.acts]
    return [*lines, *map(_duty_line, case.view().duties)]


def _duty_line(duty: DutyView) -> str:
    rule, traced = duty.rule, duty.counted.trace if duty.counted else ()
    trace = "；".join(f"{line.day or ''} {line.zh}" for line in traced)
    return (
        f"责任 {rule.zh}（{rule.basis.law} {rule.basis.article}）："
        f"{duty.state}，到期 {duty.due or '—'}；{trace}"
    )


def _count_lines(library: Library, entry: Mapping[str, Any]) -> list[str]:
    try:
        answer = _asked(library, entry)
    except DueError as error:
        return [str(error)]
    return [f"{line.day or ''} {line.zh}" for line in answer.trace]


def _no_lines(_library: Library, _entry: Mapping[str, Any]) -> list[str]:
    """Return no lines: what only asks the rules one question plays nothing to be told."""
    return []


_LINES: Mapping[str, Callable[[Library, Mapping[str, Any]], list[str]]] = {
    "scenario": _scenario_lines,
    "count": _count_lines,
}
"""What is told, line by line, of the sections that play or count something."""
