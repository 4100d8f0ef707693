"""The report of a test run says what was proved, and what was not."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.plugins.reporting import CI, kept_of
from tools.slowest import slowest

MARKERS = """
[pytest]
markers =
    case(*ids): x
    sentence(*ids): x
    doc(*ids): x
    django_db: x
    extra: x
    browser: x
"""


@pytest.fixture
def run(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch):
    """Run a little test file under the plugin, as its own process; give the result and the
    merged report."""
    pytester.makefile(".ini", pytest=MARKERS)
    for name in ("CI", "DENGWEN_TEST_NUMBERS", "DENGWEN_TEST_RUN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DENGWEN_TEST_DB", "sqlite")
    monkeypatch.setenv(
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1"
    )  # Hypothesis and its like take longer than all the rest

    def go(
        source: str, *arguments: str, **environment: str
    ) -> tuple[pytest.RunResult, dict[str, Any]]:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        pytester.makepyfile(test_it=source)
        result = pytester.runpytest_subprocess(
            *("-p", "tests.plugins.reporting", "-p", "no:django", "-p", "no:playwright"), *arguments
        )
        file = pytester.path / "build" / "tests-passed.json"
        return result, json.loads(file.read_text(encoding="utf-8"))[
            "tests"
        ] if file.exists() else {}

    return go


PROVES = """
import pytest

@pytest.mark.case("C02", "A04")
@pytest.mark.sentence("S7.1")
def test_good():
    pass

@pytest.mark.case("C03")
def test_other():
    assert {other}
"""


def test_passed_tests_are_listed_with_what_they_prove(run):
    result, report = run(PROVES.format(other=True))
    assert result.ret == 0
    assert report["test_it.py::test_good"] == {
        "cases": ["A04", "C02"],
        "sentences": ["S7.1"],
        "docs": [],
        "databases": ["sqlite"],
    }
    assert result.outlines[-1] == "2 passed, 0 failed, 0 skipped"


def test_a_test_that_fails_later_leaves_the_list_and_the_others_stay(run):
    run(PROVES.format(other=True))
    result, report = run(PROVES.format(other=False), "-k", "other")
    assert list(report) == ["test_it.py::test_good"]
    assert result.outlines[-1] == "0 passed, 1 failed, 0 skipped"


def test_a_failure_after_the_test_itself_counts(run):
    result, report = run(
        """
        import pytest

        @pytest.fixture
        def untidy():
            yield
            raise RuntimeError("left behind")

        def test_x(untidy):
            pass
        """
    )
    assert report == {}
    assert result.outlines[-1] == "0 passed, 1 failed, 0 skipped"


def test_runs_on_both_databases_are_joined(run):
    source = """
    import pytest

    @pytest.mark.django_db
    def test_rows():
        pass

    def test_pure():
        pass

    @pytest.mark.django_db
    @pytest.mark.browser
    def test_page():
        pass
    """
    run(source)
    result, report = run(source, DENGWEN_TEST_DB="postgres")
    assert {test: entry["databases"] for test, entry in report.items()} == {
        "test_it.py::test_page": ["sqlite"],
        "test_it.py::test_pure": ["sqlite"],
        "test_it.py::test_rows": ["postgres", "sqlite"],
    }
    assert result.outlines[-1] == "1 passed, 0 failed, 0 skipped"


SKIPS = """
import pytest

def test_skipped():
    pytest.skip("no drum here")
"""

EXTRA = """
import pytest

@pytest.fixture
def shared():
    pytest.fail("no folder")

@pytest.mark.parametrize("n", [1, 2])
def test_on_large_data(shared, n):
    pass

def test_on_small_data():
    pass
"""


def test_what_needs_large_data_is_played_only_where_it_is_asked_for(run):
    result, report = run(EXTRA, CI="1")
    assert list(report) == ["test_it.py::test_on_small_data"]
    assert result.outlines[-1] == "1 passed, 0 failed, 0 skipped"
    result, _ = run(EXTRA, "-m", "extra")
    assert result.ret != 0  # missing data is a failure there, never a silence
    assert result.outlines[-1] == "0 passed, 2 failed, 0 skipped"


def test_a_run_without_browser_leaves_out_what_asks_for_a_page(run):
    source = """
    import pytest

    @pytest.fixture
    def page():
        pytest.fail("no browser")

    def test_page(page):
        pass

    def test_pure():
        pass
    """
    result, _ = run(source, "-m", "not browser", CI="1")
    assert result.outlines[-1] == "1 passed, 0 failed, 0 skipped"


def test_a_run_on_a_second_python_has_a_name_of_its_own_and_the_slow_are_listed(run, pytester):
    source = """
    import time

    def test_slow():
        begun = time.process_time()
        while time.process_time() < begun + 1.1:
            pass

    def test_quick():
        pass
    """
    run(source)
    _, report = run(source, DENGWEN_TEST_RUN="sqlite, Python 3.99")
    assert report["test_it.py::test_quick"]["databases"] == ["sqlite", "sqlite, Python 3.99"]
    found = slowest(pytester.path / "build" / "test-slowest.json", 10)
    assert [(test, name) for _, test, name in sorted(found, key=lambda one: one[2])] == [
        ("test_it.py::test_slow", "sqlite"),
        ("test_it.py::test_slow", "sqlite, Python 3.99"),
    ]
    assert len(slowest(pytester.path / "build" / "test-slowest.json", 1)) == 1


def test_a_skip_says_why(run):
    result, report = run(SKIPS)
    assert report == {}
    assert result.ret == 0
    assert result.outlines[-1] == "0 passed, 0 failed, 1 skipped (no drum here: 1)"


@pytest.mark.parametrize("ci", ["1", "true"])
def test_under_ci_a_skip_is_a_failure(run, ci: str):
    result, _ = run(SKIPS, CI=ci)
    assert result.ret == 1
    assert result.outlines[-1] == "0 passed, 1 failed, 0 skipped"


def test_under_ci_a_whole_file_that_skips_itself_is_a_failure(run):
    result, _ = run('import pytest\npytest.skip("not today", allow_module_level=True)\n', CI="true")
    assert result.ret != 0
    assert result.outlines[-1] == "0 passed, 1 failed, 0 skipped"


def test_a_file_that_cannot_be_read_is_a_failure(run):
    result, _ = run("import a_room_that_is_not_there\n")
    assert result.ret != 0
    assert result.outlines[-1] == "0 passed, 1 failed, 0 skipped"


def test_the_numbers_are_left_for_the_sum(run, tmp_path, monkeypatch):
    numbers = tmp_path / "numbers"
    monkeypatch.setenv("DENGWEN_TEST_NUMBERS", str(numbers))
    run(PROVES.format(other=False), DENGWEN_TEST_NUMBERS=str(numbers))
    assert numbers.read_text() == "1 1 0\n"


@pytest.mark.parametrize(
    ("words", "ordinary", "under_ci"),
    [({"keep": 1, "ci": 2}, 1, 2), ({"keep": 1}, 1, 6), ({"ci": 2}, 0, 2), ({}, 0, 6)],
)
def test_of_a_longer_run_each_kind_of_run_plays_what_its_mark_says(
    words: dict[str, int], ordinary: int, under_ci: int
) -> None:
    mark = pytest.mark.long(**words).mark
    assert [kept_of(mark, 6, run) for run in ("", CI, "1")] == [ordinary, under_ci, 6]
