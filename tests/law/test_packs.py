"""The delivered packs: they load, scenarios pass, bad packs are refused, numbers are those of
the shared law."""

from __future__ import annotations

import ast
import re
import shutil
import tomllib
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from config.effects import EFFECTS
from dengwen.cases.write.papers.paper_contents import GATHERED
from dengwen.law.errors import PackError
from dengwen.law.packs import coverage
from dengwen.law.packs.builder import build_duty, build_standalone_clock
from dengwen.law.packs.library import Library
from dengwen.law.packs.rules import ClockRule
from dengwen.law.scenarios import scenario, scenario_file
from dengwen.law.scenarios.unplayed import unplayed
from dengwen.law.time.due_date import ask

TESTS = Path(__file__).resolve().parents[1]
PACKS = TESTS.parent / "packs"
BAD = sorted(p for p in (PACKS / "bad").iterdir() if p.is_dir())
LIBRARY = Library.load(PACKS, EFFECTS)
PLAYED = scenario_file.read_scenarios(PACKS)


def named(value: tuple[str, dict[str, Any]]) -> str:
    file, entry = value
    return f"{file}: {entry.get('zh') or entry.get('clock') or entry.get('pack')}"


@pytest.mark.parametrize("played", PLAYED, ids=named)
def test_each_scenario_passes(played: tuple[str, dict[str, Any]]) -> None:
    outcome = scenario.run(LIBRARY, *played)
    assert outcome.passed, "\n".join(outcome.failures)


def test_a_wrong_expectation_is_noticed() -> None:
    file, entry = next(
        p
        for p in PLAYED
        if p[1]["section"] == "count" and p[1].get("due") and not p[1].get("provisional")
    )
    wrong = {**entry, "due": entry["due"] + timedelta(days=1)}
    assert not scenario.run(LIBRARY, file, wrong).passed


@pytest.mark.parametrize("folder", BAD, ids=lambda p: p.name)
def test_a_bad_pack_is_refused_with_place_reason_and_mend(folder: Path) -> None:
    expected = tomllib.loads((folder / "expect.toml").read_text(encoding="utf-8"))
    with pytest.raises(PackError) as caught:
        _refuse(folder)
    error = caught.value
    assert (error.code, error.entry) == (expected["code"], expected["entry"])
    assert error.file == expected["file"]
    assert (folder / error.file).is_file(), "a file that is there"
    assert error.zh
    assert error.en
    assert error.mend_zh
    assert error.mend_en


def _refuse(folder: Path) -> None:
    """Check a folder of packs as `law check` does, and raise the first thing that is wrong."""
    library = Library.load(folder, EFFECTS)
    _ = library.clocks
    outcomes = [scenario.run(library, *one) for one in scenario_file.read_scenarios(folder)]
    if outcomes:  # most bad packs are about one mistake and have no scenarios
        raise unplayed(library, outcomes)[0]


def test_every_act_and_duty_of_the_delivered_packs_is_played() -> None:
    outcomes = [scenario.run(LIBRARY, *one) for one in PLAYED]
    assert [str(error) for error in unplayed(LIBRARY, outcomes)] == []


def test_without_the_scenarios_of_a_place_its_own_entries_are_unplayed() -> None:
    outcomes = [scenario.run(LIBRARY, *one) for one in PLAYED if not one[0].startswith("beijing")]
    left = unplayed(LIBRARY, outcomes)
    assert left
    assert {error.file.split("/")[0] for error in left} == {"beijing"}


@pytest.mark.parametrize(
    "act",
    [
        {"at": date(2025, 7, 3), "act": "lapse", "on_duty": "review_request"},
        {"at": date(2025, 7, 4), "act": "breach", "on_duty": "review_request"},
        {"at": date(2025, 7, 4), "act": "lapse", "on_duty": "recheck_request"},
        {"at": date(2025, 7, 4), "act": "note", "text": "x", "on_duty": "review_request"},
    ],
    ids=["the last day is not over", "a right", "another duty", "no act about a duty"],
)
def test_a_scenario_cannot_mark_what_no_worker_would(act: dict[str, Any]) -> None:
    served = {"at": date(2025, 6, 3), "act": "serve", "by": "甲", "way": "direct", "proof": "00"}
    given = {"state": "decided", "holder": "甲"}
    entry = {"section": "scenario", "zh": "x", "given": given, "acts": [served, act]}
    outcome = scenario.run(LIBRARY, "x", entry)
    assert not outcome.passed
    assert not outcome.played.done


def test_bad_packs_show_every_code() -> None:
    shown = {tomllib.loads((p / "expect.toml").read_text(encoding="utf-8"))["code"] for p in BAD}
    assert shown >= {
        "missing",
        "missing-basis",
        "unknown-word",
        "unknown-effect",
        "unreachable",
        "unplayed",
        "played",
        "clash",
        "invented-number",
        "bad-term",
        "not-toml",
        "not-a-number",
        "not-a-flag",
        "not-a-date",
        "not-a-list",
        "not-a-table",
    }


def shared_clocks(shared: Path) -> dict[str, dict[str, Any]]:
    raw = tomllib.loads((shared / "law" / "clocks.toml").read_text(encoding="utf-8"))
    return {c["id"]: c for c in raw["clock"]}


def stated_clocks() -> list[tuple[ClockRule, bool]]:
    """Every clock as stated, with whether its pack was read in full, so that one stated twice is
    seen twice."""
    found = []
    for pack in LIBRARY.packs:
        found += [(build_standalone_clock(raw, pack.edition), pack.verified) for raw in pack.clocks]
        for kind in pack.kinds.values():
            duties = (d for d in kind.entries["duty"] if d.get("clock") and not d.get("amends"))
            found += [(build_duty(raw, pack.edition).clock, pack.verified) for raw in duties]
    return found


def test_every_clock_of_the_shared_law_is_stated_exactly_once(shared: Path) -> None:
    times = Counter(clock.id for clock, _ in stated_clocks())
    assert times == Counter(dict.fromkeys(shared_clocks(shared), 1))


def test_each_clock_says_what_the_shared_law_says(shared: Path) -> None:
    wanted = shared_clocks(shared)
    for clock, read in stated_clocks():
        source = wanted[clock.id]
        most = clock.extension.most if clock.extension else 0
        assert (amount_of(clock), most) == ((source["days"], source["unit"]), source["ext_max"]), (
            clock.id
        )
        named = source["article"]  # some name the text before the article
        assert clock.basis.article in {named, named.rpartition("art. ")[2]}, clock.id
        assert (clock.basis.verified and read) is source["verified"], clock.id
        assert clock.edition == source["edition"], clock.id
        assert clock.basis.note, clock.id


def amount_of(clock: ClockRule) -> tuple[int, str]:
    if clock.term:
        return clock.term.amount, clock.term.unit
    return (clock.at_least, clock.per) if clock.per else (-1, "none")


@pytest.mark.sentence("P9.6")
def test_only_the_re_examination_leaves_time_uncounted() -> None:
    excluding = {clock.id for clock, _ in stated_clocks() if clock.exclusion}
    assert excluding == {"r22.recheck.decide", "r05.recheck.decide"}


def test_every_case_a_scenario_names_is_listed() -> None:
    listed = {line.id for line in coverage.case_lines(PACKS, [], {})}
    assert {c for _, entry in PLAYED for c in entry.get("case", ())} <= listed


def test_the_list_of_cases_is_that_of_the_shared_law(shared: Path) -> None:
    text = (shared / "law" / "cases.md").read_text(encoding="utf-8")
    wanted = {
        line.split("|")[1].strip()
        for line in text.splitlines()
        if line[:2] == "| " and line[2:3] in "ABCDEFG" and line[3:5].isdigit()
    }
    assert {line.id for line in coverage.case_lines(PACKS, [], {})} == wanted


def test_every_case_of_the_law_is_played_by_a_scenario_or_a_test() -> None:
    played = {case for _, entry in PLAYED for case in entry.get("case", ())}
    for path in TESTS.rglob("test_*.py"):
        played |= cases_marked(path.read_text(encoding="utf-8"))
    assert {line.id for line in coverage.case_lines(PACKS, [], {})} <= played


def cases_marked(source: str) -> set[str]:
    return {
        argument.value
        for call in ast.walk(ast.parse(source))
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "pytest.mark.case"
        for argument in call.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    }


@pytest.mark.case("F07")
def test_the_chongqing_petition_regulation_is_not_installed() -> None:
    titles = {i.zh for pack in LIBRARY.packs for i in pack.instruments.values()}
    assert "重庆市信访条例" not in titles
    book = LIBRARY.rulebook(date(2025, 3, 3), "500000")
    laws = {
        a.basis.law for k in ("petition", "review", "recheck") for a in book.kinds[k].acts.values()
    }
    assert laws <= {"R22", "CC", "V14", "SK", "E22", "SE14", "S"}


@pytest.mark.sentence("P9.12")
@pytest.mark.case("C11")
def test_no_act_leads_to_court_against_the_opinion() -> None:
    book = LIBRARY.rulebook(date(2025, 3, 3))
    for kind in ("petition", "review", "recheck"):
        for act in book.kinds[kind].acts.values():
            assert "诉讼" not in act.zh
            assert "起诉" not in act.zh


@pytest.mark.sentence("P9.8")
@pytest.mark.case("B25")
def test_no_pack_chooses_the_review_organ() -> None:
    for day in (date(2019, 3, 4), date(2025, 3, 3)):
        for place in ("", "110000", "310000", "500000"):
            act = LIBRARY.rulebook(day, place).kinds["petition"].acts["request_review"]
            organ = act.field_rule("organ")
            assert organ is not None
            assert not organ.required
            assert not organ.options


@pytest.mark.case("F05")
def test_the_responsibility_rules_add_only_records_to_a_petition() -> None:
    day = date(2025, 3, 3)
    here, elsewhere = (LIBRARY.rulebook(day, place).kinds["petition"] for place in ("500000", ""))
    added = {name: act for name, act in here.acts.items() if name not in elsewhere.acts}
    assert added.keys() == {"explain_talk", "report_up", "propose_improvement", "trace_cause"}
    assert {(act.basis.law, act.to, act.takes, act.addresses) for act in added.values()} == {
        ("S", "=", False, "")
    }
    assert here.duties == elsewhere.duties


def test_states_of_2005_exist_in_2022() -> None:
    old, new = LIBRARY.rulebook(date(2022, 4, 30)), LIBRARY.rulebook(date(2022, 5, 1))
    for kind in ("petition", "review", "recheck"):
        assert old.kinds[kind].states.keys() <= new.kinds[kind].states.keys()


def test_every_entry_speaks_both_languages_and_is_short() -> None:
    for day in (date(2019, 3, 4), date(2025, 3, 3)):
        for kind in LIBRARY.rulebook(day).kinds.values():
            entries: list[Any] = [
                *kind.acts.values(),
                *kind.duties.values(),
                *kind.documents.values(),
                *kind.states.values(),
            ]
            for entry in entries:
                assert entry.zh, (kind.id, entry.id)
                assert entry.en, (kind.id, entry.id)
                assert len(entry.zh) <= 60, (kind.id, entry.id)


def test_documents_are_numbered_as_in_the_shared_list(shared: Path) -> None:
    text = (shared / "law" / "documents.md").read_text(encoding="utf-8")
    listed = {line.split("|")[1].strip() for line in text.splitlines() if line.startswith("| D")}
    kinds = LIBRARY.rulebook(date(2025, 3, 3)).kinds
    numbers = {
        d.number for k in ("petition", "review", "recheck") for d in kinds[k].documents.values()
    }
    assert numbers <= listed
    assert numbers >= {f"D{n:02}" for n in range(1, 26)}


@pytest.mark.parametrize("day", [date(2019, 3, 4), date(2022, 6, 1), date(2025, 3, 3)], ids=str)
def test_what_a_document_needs_is_always_given(day: date) -> None:
    """A document must never refuse an act whose form was filled in as the form asked."""
    kinds = LIBRARY.rulebook(day).kinds
    for name in ("petition", "review", "recheck"):
        acts = kinds[name].acts
        asked_anywhere = {f.name for a in acts.values() for f in a.fields if f.required}
        for act in acts.values():
            own = {f.name: f.required for f in act.fields}
            for need in (n for d in act.documents for n in kinds[name].documents[d].needs):
                assert own.get(need) or need in asked_anywhere | GATHERED, (name, act.id, need)


def test_a_mistake_in_the_real_packs_is_named_by_its_file(tmp_path: Path) -> None:
    """Duties here name listed limits, which the small bad packs do not."""
    copy = tmp_path / "packs"
    shutil.copytree(PACKS, copy, ignore=shutil.ignore_patterns("bad", "scenarios"))
    file = copy / "national" / "2022-05-01" / "suggestion.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(
        re.sub(r"\neffects = \[.*?\]", '\neffects = ["no.such_effect"]', text, count=1),
        encoding="utf-8",
    )
    with pytest.raises(PackError) as caught:
        Library.load(copy, EFFECTS).rulebook(date(2025, 3, 3), "500000")
    assert (caught.value.code, caught.value.file) == (
        "unknown-effect",
        "national/2022-05-01/suggestion.toml",
    )


def test_an_answer_on_a_limit_is_shown_with_it(tmp_path: Path) -> None:
    copy = tmp_path / "packs"
    shutil.copytree(PACKS, copy, ignore=shutil.ignore_patterns("bad", "scenarios"))
    with (copy / "national" / "2022-05-01" / "clocks.toml").open("a", encoding="utf-8") as file:
        file.write(
            '\n[[interpretation]]\ndate = 2024-01-31\norgan = "示例机关"\nquestion = "是否计入？"\n'
            'answer = "不计入。"\n'
            'rules = ["r22.petition_dept.sort"]\nbasis = {law = "R22", article = "49", note '
            '= "示例"}\n'
        )
    library = Library.load(copy, EFFECTS)
    lines = [
        t
        for t in ask(library, "r22.petition_dept.sort", date(2025, 3, 3)).trace
        if t.step == "interpretation"
    ]
    assert [(t.day, "是否计入？" in t.zh, "不计入。" in t.en) for t in lines] == [
        (date(2024, 1, 31), True, True)
    ]
    other = ask(library, "r22.review.request", date(2025, 3, 3))
    assert not [t for t in other.trace if t.step == "interpretation"]
