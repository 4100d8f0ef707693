"""The recorded run of the tests: which passed, and which cases and sentences they declare."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dengwen.cli.rules.delivered_packs import packs_folder
from dengwen.law.errors import StatedError


class RecordedRunError(StatedError):
    """There is no record of a test run, or it cannot be read."""


def recorded_run() -> Path:
    """Return where the last run of the tests is recorded: `DENGWEN_TESTS_PASSED`, or
    `build/tests-passed.json` beside the packs."""
    named = os.environ.get("DENGWEN_TESTS_PASSED")
    return Path(named) if named else packs_folder().parent / "build" / "tests-passed.json"


def require_recorded_run() -> None:
    """Raise RecordedRunError where no run is recorded: coverage would call everything missing that
    only tests show."""
    path = recorded_run()
    if path.is_file():
        return
    raise RecordedRunError(
        "no-recorded-run",
        where=str(path),
        zh="没有测试运行的记录；有些案例和句子只由测试演示，没有记录就说不出哪些已经演示",
        en="no run of the tests is recorded; some cases and sentences are shown by tests "
        "alone, and without the record nobody can say which",
        mend_zh=_MEND_ZH,
        mend_en=_MEND_EN,
    )


_MEND_ZH = (
    "先在程序的源码文件夹里运行 make test；记录在别处的，用 DENGWEN_TESTS_PASSED 写明那个文件"
)
_MEND_EN = (
    "run make test in the folder of the source first; where the record lies elsewhere, name that "
    "file in DENGWEN_TESTS_PASSED"
)


def passed_tests(mark: str = "cases") -> dict[str, list[str]]:
    """Return the tests that passed in the recorded run with the ids they declare, none where no run
    is recorded.

    `mark` is `cases` for acceptance cases, `sentences` for sentences of the procedure. Raises
    RecordedRunError where the record cannot be read.
    """
    path = recorded_run()
    if not path.exists():
        return {}
    return {
        str(node): list(marks.get(mark, ()))
        for node, marks in _read(path).items()
        if isinstance(marks, Mapping)
    }


def _read(path: Path) -> Mapping[str, Any]:
    """Return what the record says of each test."""
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise _unreadable(path, str(error)) from None
    tests = raw.get("tests", raw) if isinstance(raw, Mapping) else None
    if not isinstance(tests, Mapping):
        raise _unreadable(path, "not a table of tests")
    return tests


def _unreadable(path: Path, why: str) -> RecordedRunError:
    return RecordedRunError(
        "bad-recorded-run",
        where=str(path),
        zh=f"测试运行的记录读不出来：{why}",
        en=f"the record of the test run cannot be read: {why}",
        mend_zh=_MEND_ZH,
        mend_en=_MEND_EN,
    )
