"""Mutants: what is changed in a text, under which name, how it is put into a running process, and
what is said of it."""

from __future__ import annotations

import ast
import gc
import json
import sys
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

import pytest

from tools.mutants import __main__ as command
from tools.mutants import exchange, verdict
from tools.mutants.edits import mutants
from tools.mutants.exchange import ColdError, Process
from tools.mutants.mutant import Mutant, files
from tools.mutants.trials import KILLED, SURVIVED, Result

FILE = Path("dengwen/access/invented.py")
TEXT = '''"""A docstring with 3 < 4 in it."""
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

DAYS = 5
ROLES = frozenset({"R1", "R2"})
WORDS = "清单"


def is_late(day, until, names):
    """Say whether 1 < 2."""
    assert day != until
    if day <= until and not names:
        return False
    log.info("%s", day == until)
    return any(one for one in names if one in ROLES) or day is None


class Door:
    def opens(self, count):
        return 1 if count > DAYS else 0
'''


def told(text: str = TEXT) -> list[tuple[str, str, bool]]:
    return [(m.within, m.change, m.guards) for m in mutants(FILE, text)]


def test_comparisons_conditions_and_constants_are_changed_and_nothing_else() -> None:
    assert sorted(told()) == sorted(
        [
            ("DAYS", "5 → 6", False),
            ("DAYS", "5 → 50", False),
            ("ROLES", 'without "R1"', False),
            ("ROLES", 'without "R2"', False),
            ("is_late", "never", True),
            ("is_late", "always", True),
            ("is_late", "and → or", False),
            ("is_late", "<= → <", True),
            ("is_late", "<= → >", True),
            ("is_late", "not dropped", False),
            ("is_late", "never", True),
            ("is_late", "always", True),
            ("is_late", "or → and", False),
            ("is_late", "is → is not", False),
            ("Door.opens", "never", True),
            ("Door.opens", "always", True),
            ("Door.opens", "> → >=", True),
        ]
    )


def test_every_mutant_is_a_text_python_reads_and_another_one() -> None:
    for mutant in mutants(FILE, TEXT):
        assert mutant.mutated(TEXT) != TEXT
        compile(mutant.mutated(TEXT), str(FILE), "exec")


def test_a_name_outlives_moved_lines_and_tells_mutants_apart() -> None:
    names = [mutant.name for mutant in mutants(FILE, TEXT)]
    moved = TEXT.replace("def is_late", "OTHER = ()\n\n\ndef is_late")
    assert len(set(names)) == len(names)
    assert set(names) <= {mutant.name for mutant in mutants(FILE, moved)}


def test_places_narrow_the_files() -> None:
    all_files = files()
    assert {path.parts[path.parts.index("dengwen") + 1] for path in all_files} == {
        "access",
        "cases",
        "petitions",
        "accountability",
        "assessment",
    }
    assert not [path for path in all_files if "migrations" in path.parts]
    assert [path.name for path in files(("cases/wall/identity.py",))] == ["identity.py"]
    assert set(files(("access",))) < set(all_files)


@pytest.fixture
def invented(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """A module of this process in a file, and another one that imported from it by name."""
    file = tmp_path / FILE
    file.parent.mkdir(parents=True)
    file.write_text(TEXT, encoding="utf-8")
    module = ModuleType("dengwen.access.invented")
    module.__file__ = str(file)
    exec(compile(TEXT, str(file), "exec"), vars(module))
    user = ModuleType("dengwen.access.user")
    vars(user).update(is_late=module.is_late, DAYS=module.DAYS, HELD=module.ROLES)
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setitem(sys.modules, user.__name__, user)
    monkeypatch.setattr(exchange, "ROOT", tmp_path)
    return user


def one(within: str, change: str, ordinal: int = 1) -> Mutant:
    [found] = [
        mutant
        for mutant in mutants(FILE, TEXT)
        if (mutant.within, mutant.change, mutant.ordinal) == (within, change, ordinal)
    ]
    return found


def test_a_change_reaches_names_imported_elsewhere(invented: ModuleType) -> None:
    assert invented.is_late(1, 2, ()) is False
    Process().put_in(one("is_late", "<= → >"))
    with pytest.raises(NameError):  # it goes on to the line after
        invented.is_late(1, 2, ())


def test_a_constant_is_bound_anew_wherever_it_was(invented: ModuleType) -> None:
    door = sys.modules["dengwen.access.invented"].Door()
    assert door.opens(6) == 1
    Process().put_in(one("DAYS", "5 → 6"))
    assert (invented.DAYS, door.opens(6)) == (6, 0)
    Process().put_in(one("ROLES", 'without "R1"'))
    assert {"R2"} == invented.HELD


def test_a_change_is_taken_out_again(invented: ModuleType) -> None:
    home = sys.modules["dengwen.access.invented"]
    process = Process()
    take_out = process.put_in(one("is_late", "<= → >"))
    take_out()
    assert invented.is_late(1, 2, ()) is False
    take_out = process.put_in(one("ROLES", 'without "R1"'))
    assert {"R2"} == invented.HELD
    take_out()
    assert {"R1", "R2"} == invented.HELD == home.ROLES


def test_a_function_that_the_tests_froze_is_changed_too(invented: ModuleType) -> None:
    gc.freeze()  # as the tests do once they are collected
    Process().put_in(one("is_late", "<= → >"))
    with pytest.raises(NameError):
        invented.is_late(1, 2, ())


def test_a_constant_that_cannot_be_made_leaves_nothing_behind(invented: ModuleType) -> None:
    home = sys.modules["dengwen.access.invented"]
    tree = ast.parse("DAYS = 7\nTWICE = DAYS / 0\n")
    vars(home)["TWICE"] = 10
    with pytest.raises(ZeroDivisionError):
        exchange.rebind(home, tree, "DAYS")
    assert (invented.DAYS, home.DAYS) == (5, 5)


def test_what_no_function_runs_needs_a_fresh_import(invented: ModuleType) -> None:
    process = Process()
    process.functions.clear()
    with pytest.raises(ColdError):
        process.put_in(one("is_late", "<= → <"))
    assert isinstance(invented.is_late, FunctionType)


def kept_names() -> list[str]:
    if not verdict.RESULTS.exists():
        return []
    return [json.loads(line)["name"] for line in verdict.RESULTS.read_text("utf-8").splitlines()]


def test_a_file_that_changed_since_it_was_listed_is_neither_tried_nor_recorded(
    invented: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert invented.DAYS == 5
    monkeypatch.setattr("tools.mutants.mutant.ROOT", tmp_path)
    monkeypatch.setattr(verdict, "RESULTS", tmp_path / "results.jsonl")
    first, second = one("DAYS", "5 → 6"), one("DAYS", "5 → 50")
    queue = command.until([first, second], 0)
    assert next(queue) == first
    command.tell(first, Result(KILLED, "tests/x.py::test_y"))
    assert kept_names() == [first.name]

    file = tmp_path / FILE
    file.write_text(f"# One line more.\n{TEXT}", encoding="utf-8")  # between two trials
    assert list(queue) == []
    command.tell(second, Result(SURVIVED))  # while one was tried
    assert kept_names() == [first.name]

    file.unlink()
    command.tell(second, Result(SURVIVED))
    assert kept_names() == [first.name]

    file.write_text(TEXT, encoding="utf-8")
    assert list(command.until([second], 0)) == [second]


def test_an_entry_whose_mutant_is_gone_another_or_noticed_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mutant = one("DAYS", "5 → 6")
    file = tmp_path / "equivalent.toml"
    monkeypatch.setattr(verdict, "EQUIVALENT", file)

    def wrong(result: str, **more: str) -> list[str]:
        entry = {**mutant.told(), "name": mutant.name, "proof": "示例", **more}
        words = "".join(
            f"{key} = {json.dumps(entry[key], ensure_ascii=False)}\n"
            for key in ("name", "file", "within", "change", "proof")
        )
        file.write_text(f"[[mutant]]\n{words}", encoding="utf-8")
        return list(verdict.stale([mutant], {mutant.name: Result(result, "tests/x.py::test_y")}))

    assert wrong(SURVIVED) == []
    assert "noticed by tests/x.py::test_y" in wrong(KILLED)[0]
    assert "no mutant any more" in wrong(SURVIVED, name="0000000000")[0]
    assert "another mutant" in wrong(SURVIVED, within="OTHER")[0]


@pytest.mark.parametrize(
    ("survived", "guarding", "wrong"), [(5, 0, 0), (6, 0, 1), (1, 1, 1), (6, 2, 2), (0, 0, 0)]
)
def test_more_than_one_in_twenty_or_one_that_guards_is_too_many(
    survived: int, guarding: int, wrong: int
) -> None:
    numbers = {"tried": 100, "survived": survived, "guards_survived": guarding}
    assert len(verdict.failures({"packages": {"access": numbers}})) == wrong


def test_many_that_guard_hide_no_others_that_survive() -> None:
    numbers = {"tried": 100, "guards_tried": 80, "survived": 2, "guards_survived": 0}
    assert verdict.failures({"packages": {"access": numbers}})
    one_fewer = {**numbers, "survived": 1}
    assert not verdict.failures({"packages": {"access": one_fewer}})


def test_the_page_is_what_was_recorded_and_every_proof_is_of_a_recorded_survivor() -> None:
    record: dict[str, Any] = json.loads(verdict.RECORDED.read_text(encoding="utf-8"))
    assert verdict.PAGE.read_text(encoding="utf-8") == verdict.page(record)
    survivors = {one["name"] for one in record["survivors"]}
    assert set(verdict.equivalent()) <= survivors
    assert list(verdict.stale_names()) == []
