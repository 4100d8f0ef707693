"""A manifest counted again: what differs is named piece by piece, what cannot be read is said, and
the rest is compared all the same; and the pictures of an organ. Nothing is read from disk but what
a test wrote."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from dengwen.assessment import portrait
from dengwen.assessment.engines import EngineError
from dengwen.assessment.facts.entry_modes import Tally
from dengwen.assessment.frozen import recomputation, result_check
from dengwen.assessment.frozen.frozen_tables import FILES, MARKS, Fact, sha256_of
from dengwen.assessment.frozen.manifest import FORMAT, text_of
from dengwen.assessment.frozen.manifest_check import Difference
from dengwen.assessment.frozen.manifest_digest import COMMON, HEAD, LISTS, left_out
from dengwen.law.errors import PackError
from dengwen.oversight.inspections.inspection_facts import PROMPT, SPECIAL
from tests.invented_rows import table

FIRST, LAST = date(2025, 1, 1), date(2025, 3, 31)
HERE, THERE = 1, 2
NOTHING: Any = None


# --- results --------------------------------------------------------------------------------------
SAME: dict[str, Any] = {
    **{name: [[HERE, "i", 1]] for name in result_check.PARTS},
    "exclusions": [{"fact": 5, "indicator": "i", "number": 1, "clause": "S 10", "organ": HERE,
                    "effect": []}],
    "scores": {"figures": [{"organ": HERE, "indicator": "i", "rank": 1, "score": "9"}],
               "totals": [{"organ": HERE, "total": "9", "alike": 1}]},
    "scores_sha256": "x",
}  # fmt: skip


def results(anew: dict[str, Any] | None = None, **said: Any) -> list[str]:
    found = result_check.result_differences({**SAME, **said}, {**SAME, **(anew or {})})
    return [f"{one.what} {one.where}" for one in found]


def figures(**more: Any) -> dict[str, Any]:
    [one] = SAME["scores"]["figures"]
    return {**SAME["scores"], "figures": [{**one, **more}]}


@pytest.mark.parametrize(
    ("said", "differs"),
    [
        ({}, []),
        ({"counts": [[HERE, "i", 2]]}, ["integers counts 1 i"]),
        ({"counts": [[HERE, "i", 1], [THERE, "i", 1]]}, ["integers counts"]),
        ({"counts": None}, ["integers counts 1 i"]),
        ({"flags": []}, ["integers flags 1 i"]),
        ({"flags": [], "part_of": HERE}, []),  # flags rest on other organs
        ({"scores": figures(score="8")}, ["scores figures 1 i"]),
        ({"scores": figures(rank=2)}, ["scores figures 1 i"]),
        ({"scores": figures(rank=2), "part_of": HERE}, []),
        ({"scores": figures(score="8"), "part_of": HERE}, ["scores figures 1 i"]),
        ({"scores": {**SAME["scores"], "totals": []}}, ["scores totals 1"]),
        ({"scores": {**SAME["scores"], "more": 1}}, ["scores scores"]),
        ({"scores": []}, ["scores figures 1 i", "scores totals 1"]),
        ({"scores": {"figures": ["x"], "totals": []}}, ["scores figures 1 i", "scores totals 1"]),
        ({"scores_sha256": "y"}, ["scores scores_sha256"]),
        ({"scores_sha256": "y", "part_of": HERE}, []),
    ],
)
def test_what_follows_from_the_files_is_compared(said: dict[str, Any], differs: list[str]) -> None:
    assert results(**said) == differs


@pytest.mark.parametrize(
    ("change", "differs"),
    [
        ({"organ": THERE}, ["exclusions exclusions 5 effect"]),
        ({"effect": ["x"]}, ["exclusions exclusions 5 effect"]),
        ({"number": 2}, []),  # another one: the lists of exclusions are compared elsewhere
        ({"clause": "S 11"}, []),
    ],
)
def test_an_exclusion_has_the_effect_that_its_fact_gives(
    change: dict[str, Any], differs: list[str]
) -> None:
    [one] = SAME["exclusions"]
    assert results(exclusions=[{**one, **change}]) == differs


def test_the_first_twenty_rows_and_a_row_of_flags_are_named() -> None:
    anew = [[n, "i", 1] for n in range(25)]
    assert len(results({"counts": anew}, counts=[])) == 20 == result_check.MOST_NAMED
    flag = {"organ": HERE, "watch": "w"}
    assert results({"flags": [flag]}, flags=[]) == ["integers flags 1 w"]
    many = {
        "figures": [{"organ": n, "indicator": "i", "score": "1"} for n in range(25)],
        "totals": [],
    }
    assert len(results({"scores": many}, scores={})) == 20


# --- manifests ------------------------------------------------------------------------------------
WHOLE: dict[str, Any] = {
    **dict.fromkeys((*HEAD, *COMMON, *LISTS, "files", "scores", "sections", "salts", "rows")),
    "format": FORMAT,
}


@pytest.mark.parametrize(
    "name", [*HEAD, *COMMON, *LISTS, "files", "scores", "sections", "salts", "rows"]
)
def test_a_manifest_has_all_its_parts(name: str) -> None:
    assert recomputation._manifest(json.dumps(WHOLE).encode()) == WHOLE
    lacking = {key: value for key, value in WHOLE.items() if key != name}
    with pytest.raises(ValueError, match="考核清单" if name == "format" else f"'{name}'"):
        recomputation._manifest(json.dumps(lacking).encode())


@pytest.mark.parametrize("text", [b"[]", b"3", b"{}", b'{"format": "other/1"}', b"{"])
def test_what_is_no_manifest_is_refused(text: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        recomputation._manifest(text)


def test_files_that_are_missing_or_others_are_named(tmp_path: Path) -> None:
    for name in FILES:
        (tmp_path / name).write_bytes(name.encode())
    digests = {name: sha256_of(tmp_path / name) for name in FILES}
    assert list(recomputation._files(tmp_path, {"files": digests})) == []
    (tmp_path / MARKS).write_bytes(b"x")
    (tmp_path / FILES[0]).unlink()
    found = [(one.what, one.where) for one in recomputation._files(tmp_path, {"files": digests})]
    assert found == [("missing", FILES[0]), ("marks of facts", MARKS)]


def scheme(**indicators: tuple[str, int]) -> Any:
    return SimpleNamespace(
        digest="d",
        indicators=[
            SimpleNamespace(id=name, weight=weight, floor=floor, zh="指标", en="indicator")
            for name, (weight, floor) in indicators.items()
        ],
    )


def test_a_weight_that_is_another_is_named_then_and_now() -> None:
    held = scheme(a=("0.5", 10), b=("0.5", 5))
    assert list(recomputation._weights([["a", "0.5", 10], ["b", "0.5", 5]], held)) == []
    found = list(recomputation._weights([["a", "0.4", 9], ["c", "0.1", 1]], held))
    assert [(one.what, one.where) for one in found] == [
        ("weight", "weights a"),
        ("floor", "weights a"),
        ("weight", "weights b"),
        ("floor", "weights b"),
        ("weight", "weights c"),
        ("floor", "weights c"),
    ]
    assert "（a）的权重：冻结时 0.4，方案正文 0.5" in found[0].zh
    assert "floor of indicator “indicator” (a): 9 when frozen, 10 in the scheme" in found[1].en
    assert "冻结时 —" in found[2].zh
    assert "指标“c”（c）" in found[4].zh
    assert "方案正文 —" in found[4].zh


@pytest.mark.parametrize(
    ("sha256", "broken", "where"),
    [("d", False, []), ("x", False, ["scheme.body"]), ("d", True, ["scheme.body"])],
)
def test_a_scheme_has_its_digest(
    sha256: str, where: list[str], monkeypatch: pytest.MonkeyPatch, *, broken: bool
) -> None:
    def scheme_of(_body: str) -> Any:
        if broken:
            raise PackError(
                "no", file="s", entry="i", zh="甲", en="a", mend_zh="补", mend_en="mend"
            )
        return scheme()

    monkeypatch.setattr(recomputation, "scheme_of", scheme_of)
    said = {"scheme": {"body": "b", "sha256": sha256}, "weights": []}
    found, wrong = recomputation._scheme(said)
    assert ((found is None), [one.where for one in wrong]) == (broken, where)


@pytest.mark.parametrize("error", [ValueError, KeyError, TypeError, EngineError])
def test_a_frozen_file_that_cannot_be_read_is_said(
    error: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> Any:
        raise error("no")

    monkeypatch.setattr(recomputation, "_population", broken)
    if error is EngineError:
        with pytest.raises(EngineError):
            recomputation._contents(Path(), {}, NOTHING, "abacus")
        return
    [wrong] = recomputation._contents(Path(), {}, NOTHING, "duckdb")
    assert (wrong.what, "cannot be read" in wrong.en) == ("facts", True)


def test_exclusions_of_manifest_file_and_list_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    one = {"number": 1, "fact": 5, "clause": "S 10", "reason": "r"}
    two = {**one, "number": 2, "fact": 6}
    assert recomputation._unlike([one, two], [one]) == [two]
    assert recomputation._unlike([one], [one, two]) == [two]
    assert recomputation._unlike([one], [two]) == [one, two]
    listed = left_out([one, two])
    said = {"exclusions": [one, two], "left_out": listed}
    assert list(recomputation._listed_exclusions(said)) == []
    taken = list(recomputation._listed_exclusions({**said, "exclusions": [one]}))
    assert [("被删去或者改动" in d.zh, d.where) for d in taken] == [(True, "exclusions 6")]
    added = list(recomputation._listed_exclusions({**said, "left_out": listed[1:]}))
    assert [("不是冻结时的" in d.zh, d.where) for d in added] == [(True, "exclusions 5")]
    monkeypatch.setattr(recomputation, "decided", lambda _said: ({}, [one]))
    monkeypatch.setattr(recomputation, "exclusions_in", lambda _folder: [])
    assert [d.where for d in recomputation._exclusions(Path(), said)] == ["exclusions 5"]


def verification(digest: str = "", **said: Any) -> Any:
    text = text_of(said)
    return recomputation._Verification(Path("x"), text, said, (), "duckdb", digest)


def test_a_section_that_cannot_be_read_is_said_by_its_kind_of_error_alone() -> None:
    one = verification()

    def broken() -> Any:
        raise LookupError("王示例")

    assert one._read("code", broken, "otherwise") == "otherwise"
    [wrong] = one.found
    assert (wrong.what, wrong.where) == ("unreadable", "code")
    assert "LookupError" in wrong.zh
    assert "王示例" not in wrong.zh + wrong.en

    def absent() -> Any:
        raise EngineError("no")

    with pytest.raises(EngineError):
        one._read("code", absent, None)


@pytest.mark.parametrize(
    ("given", "part", "differs"),
    [("", False, False), ("whole", False, False), ("x", False, True),
     ("head", True, False), ("whole", True, True)],
)  # fmt: skip
def test_a_digest_that_was_given_is_compared(
    given: str, monkeypatch: pytest.MonkeyPatch, *, part: bool, differs: bool
) -> None:
    monkeypatch.setattr(recomputation, "digest_of", lambda _said: "whole")
    monkeypatch.setattr(recomputation, "head_digest", lambda _said: "head")
    one = verification(given, **({"part_of": HERE} if part else {}))
    assert one._compare_digest() == ("head" if part else "whole")
    assert bool(one.found) is differs
    one._compare_form()
    assert len(one.found) == int(differs)
    other = recomputation._Verification(Path("x"), b"{ }", {}, (), "duckdb", "")
    other._compare_form()
    assert [wrong.what for wrong in other.found] == ["form"]


@pytest.mark.parametrize(
    ("there", "missing", "compared"),
    [(True, False, True), (False, False, False), (True, True, False)],
)
def test_contents_are_compared_where_files_and_scheme_are_there(
    monkeypatch: pytest.MonkeyPatch, *, there: bool, missing: bool, compared: bool
) -> None:
    asked: list[bool] = []

    def contents(*_: Any) -> list[Difference]:
        asked.append(True)
        return []

    monkeypatch.setattr(recomputation, "_contents", contents)
    one = verification()
    one.found.append(Difference("missing" if missing else "form", "", "", ""))
    one._compare_contents(scheme() if there else None)
    assert bool(asked) is compared
    assert not recomputation.Verdict(tuple(one.found), "", 0, ()).sound
    assert recomputation.Verdict((), "", 0, ()).sound


# --- pictures -------------------------------------------------------------------------------------
def fact(case: int, kind: str, outcome: str, sort: str = "", entered: str = "timely") -> Fact:
    return Fact(case, kind, HERE, case, FIRST, outcome, sort, "", entered)


def test_a_matter_of_the_period_is_no_review_and_has_a_case() -> None:
    for kind in ("registration", "notification", "conclusion"):
        assert portrait._is_matter(fact(1, kind, "in_time"))
        assert not portrait._is_matter(fact(0, kind, "in_time"))
        for sort in ("review", "recheck"):
            assert not portrait._is_matter(fact(1, kind, "in_time", sort))
        assert portrait._is_matter(fact(1, kind, "in_time", "again"))
    assert not portrait._is_matter(fact(1, "rating", "in_time"))


def test_how_old_open_matters_are_is_counted_from_when_their_handling_began(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    begun = [(1, LAST - timedelta(days=30)), (2, LAST - timedelta(days=31)), (3, LAST)]
    monkeypatch.setattr(portrait, "Duty", table(*begun))
    found = dict(portrait._ages({1: "timely", 2: "late", 3: "timely"}, HERE, LAST))
    assert found[0, 30] == Tally(2, 0, 0)
    assert found[31, 60] == Tally(1, 1, 0)
    assert sum(one.number for one in found.values()) == 3


def test_places_stand_by_number_and_name_and_one_without_a_name_by_its_code(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    places = {1: "50", 2: "51", 3: "51", 4: "", 5: "99"}
    monkeypatch.setattr(portrait, "_place_codes", lambda _cases: places)
    monkeypatch.setattr(portrait, "Division", table(("50", "甲"), ("51", "乙")))
    found = portrait._places(dict.fromkeys(places, "timely"))
    assert [(name, one.number) for name, one in found] == [("乙", 2), ("", 1), ("99", 1), ("甲", 1)]


def test_a_place_is_what_the_petitioner_named_else_where_the_matter_is_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(portrait, "Act", table((1, {"place": "50"}), (2, {}), (2, {"place": ""})))
    monkeypatch.setattr(portrait, "Case", table((1, "99"), (2, "51")))
    assert portrait._place_codes([1, 2, 3]) == {1: "50", 2: "51", 3: ""}


def test_inspections_of_five_years_are_shown_special_and_prompt_apart(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen = [(2025, SPECIAL, "timely"), (2021, SPECIAL, "late"),
            (2020, SPECIAL, "timely"), (2025, PROMPT, "timely")]  # fmt: skip
    monkeypatch.setattr(portrait, "coverage", lambda *_: seen)
    special, prompt = portrait._inspected(HERE, NOTHING, 2025)
    assert [year for year, _ in special] == [2021, 2022, 2023, 2024, 2025]
    assert [one.number for _, one in special] == [1, 0, 0, 0, 1]
    assert {year: one.number for year, one in prompt.items() if one.number} == {2025: 1}


def test_the_funnel_narrows_step_by_step() -> None:
    facts = [
        *(fact(n, "registration", "in_time") for n in (1, 2, 3, 4)),
        fact(1, "notification", "late"),
        fact(2, "conclusion", "in_time"),
        fact(3, "conclusion", "late"),
        fact(4, "conclusion", "open"),
        fact(2, "resolution", "settled"),
        fact(3, "resolution", "settled"),
        fact(9, "conclusion", "in_time"),
    ]
    matters = dict.fromkeys((1, 2, 3, 4), "timely")
    found = {name: one.number for name, one in portrait._funnel(facts, matters).items()}
    assert tuple(found) == portrait.STEPS
    assert found == {"matters": 4, "told": 3, "concluded": 2, "in_time": 1, "settled": 1}
