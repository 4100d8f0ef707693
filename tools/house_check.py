"""The rules of the house that no ready-made linter knows: `python -m tools.house_check`.

`make lint` runs them. A line that must break a rule says so and why: `# house: <rule>: <reason>`;
without a reason it does not count.

| rule | what |
|---|---|
| `name` | no module is called utils, helpers, common, core, base, manager, service, signals … |
| `local-import` | imports stand at the head of a file, where the layers can be seen |
| `long-function` | a function has at most 60 lines |
| `long-file` | a file has at most 500 lines |
| `long-line` | a line has at most 100 characters of any script; reasons for lints may follow |
| `clock` | only the `clock.py` of a door asks what time it is; below it the time is an argument |
| `noun` | a module is a thing: its name ends in -ing only where that is one (`keyring`) |
| `one-meaning` | a module name means one thing in the whole house; only `models`, `urls` … repeat |
| `effect` | dotted names of effects stand in config/effects.py only |
| `form` | what was posted is read by a form: pages of desk and portal never look into `POST` |
| `system-read` | `cases.system` reads past the wall: only cases, worker, practice may import it |
| `local-law` | law, accountability, registry, papers and templates cite no local rule |
| `table` | a list goes through `{% list_table %}`; other tables stand in `TABLES`, with a reason |
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CHECKED = ("dengwen", "config", "tools", "tests", "bench")

REFUSED_NAMES = frozenset(
    {"utils", "helpers", "common", "core", "base", "manager", "managers", "service", "services"}
    | {"signals", "mixins", "constants"}
)
REPEATED_NAMES = frozenset(
    {"models", "urls", "nav", "effects", "queries", "rules", "errors", "forms", "apps", "__init__"}
)
"""Names that mean the same in every package, so that each may have one."""
PAGES = ("dengwen/desk/", "dengwen/portal/")
"""Where a module bears the noun of its address, whatever else is called so."""
THINGS_IN_ING = frozenset({"keyring"})
MAX_FUNCTION = 60
MAX_FILE = 500
MAX_LINE = 100
LINT_REASON = re.compile(r"  # (noqa: |type: ignore\[|house: )")
"""What a linter reads must stand on the line itself, and so must its reason."""
DOORS = frozenset({"cli", "desk", "portal", "api", "worker", "practice"})
CLOCKS = frozenset(
    {"now", "today", "utcnow", "localdate", "localtime", "time", "time_ns", "clock_gettime"}
)
CLOCK_OWNERS = frozenset({"datetime", "date", "timezone", "time"})
TIME_TAKES = {"gmtime": 1, "ctime": 1, "asctime": 1, "strftime": 2}
"""Functions of `time` that read the clock unless they are given an instant, and how many
arguments they take then."""
CLOCK_FIELDS = frozenset({"auto_now", "auto_now_add"})
MAY_READ_SYSTEM = frozenset({"cases", "worker", "practice"})
EFFECT_NAME = re.compile(r"dengwen\.\w+(\.\w+)*\.effects[.:]\w+")
TABLE_OF_LISTS = "dengwen/ui/templates/ui/_rows.html"
PAPER, MATRIX, FILE = (
    "a paper to print or sign",
    "figures with two heads, a calendar, or the table behind a picture",
    "the parts of one file, read on its page in their own order",
)
FORM = "the rows of a form, with fields in them"
DESK, DOCUMENTS = "dengwen/desk/templates/desk/", "dengwen/documents/templates/documents/"
TABLES: Mapping[str, str] = {
    f"{DESK}accountability/inquiries/board.html": FORM,
    f"{DESK}accountability/inquiries/inquiry.html": FILE,
    f"{DESK}accountability/measures/measure.html": FILE,
    f"{DESK}assessment/_portrait.html": MATRIX,
    f"{DESK}assessment/board.html": MATRIX,
    f"{DESK}assessment/compare.html": MATRIX,
    f"{DESK}assessment/organ.html": MATRIX,
    f"{DESK}assessment/scheme.html": FILE,
    f"{DESK}leadership/duties.html": MATRIX,
    f"{DESK}leadership/incidents/incident_page.html": FILE,
    f"{DESK}oversight/annual_report.html": MATRIX,
    f"{DESK}oversight/figures.html": MATRIX,
    f"{DESK}oversight/inspections/inspection_pack.html": PAPER,
    f"{DESK}oversight/inspections/inspection_page.html": FILE,
    f"{DESK}oversight/inspections/inspection_year.html": FORM,
    f"{DESK}oversight/inspections/inspections.html": MATRIX,
    f"{DESK}personnel/_scores.html": MATRIX,
    f"{DESK}personnel/opinion.html": FILE,
    f"{DESK}petitions/groups/group_mandate.html": PAPER,
    f"{DESK}petitions/rating_sheet.html": PAPER,
    f"{DESK}prevention/_problem.html": FILE,
    f"{DESK}registry/organ.html": FILE,
    f"{DOCUMENTS}D19.html": PAPER,
    f"{DOCUMENTS}D20.html": PAPER,
    f"{DOCUMENTS}common.html": PAPER,
    "dengwen/portal/templates/portal/matter.html": FILE,
    "dengwen/portal/templates/portal/timetable.html": MATRIX,
    "dengwen/ui/templates/ui/how_computed.html": FILE,
    "dengwen/ui/templates/ui/requests_table.html": FILE,
    "dengwen/ui/templates/ui/year_strip.html": MATRIX,
}
"""Templates with a table that is no list, and what it is instead."""
KNOWS_NO_PLACE = ("dengwen/law/", "dengwen/accountability/")
"""Where no code of a place may stand either."""
LOCAL_LAW = (*KNOWS_NO_PLACE, "dengwen/documents/", "dengwen/organs/", "dengwen/oversight/")
"""Where rules of one place must not stand in Python: they belong to its pack."""
LOCAL_INSTRUMENTS = frozenset({"S"})
"""Short names of instruments that bind one place only."""
LOCAL_ARTICLE = re.compile(r"细则第|\bS[ .]\d|\bseed art")
PLACE_CODE = re.compile(r"(1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5])(\d{4}(\d{3}){0,2})?")
"""A code of a division as it stands in a string of its own: of two, six, nine or twelve digits."""
WAIVER = re.compile(r"#\s*house:\s*(?P<rule>[a-z-]+):\s*\S.*")


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One broken rule: where, which, what was found and the mend."""

    file: str
    line: int
    rule: str
    text: str

    def __str__(self) -> str:
        """Show as compilers do."""
        return f"{self.file}:{self.line}: {self.rule}: {self.text}"


def _package(file: str) -> str:
    """The package of dengwen/ a file lies in, "" outside."""
    parts = Path(file).parts
    return parts[1].removesuffix(".py") if len(parts) > 1 and parts[0] == "dengwen" else ""


def _names(file: str) -> Iterator[tuple[int, str, str]]:
    """Refused names of modules and packages."""
    for part in Path(file).with_suffix("").parts:
        if part in REFUSED_NAMES:
            yield 1, "name", f"{part!r} says nothing. Mend: name the file after what it is about"


def _doings(file: str) -> Iterator[tuple[int, str, str]]:
    """Modules of the product that are called after a doing."""
    stem = Path(file).stem
    if file.startswith("dengwen/") and stem.endswith("ing") and stem not in THINGS_IN_ING:
        yield (
            1,
            "noun",
            f"{stem!r} is a doing. Mend: name the module after the thing it makes or holds",
        )


def meanings(files: Sequence[str]) -> list[Finding]:
    """Modules of the product that bear the name of another one."""
    first: dict[str, str] = {}
    found = []
    for file in sorted(files):
        stem = Path(file).stem
        of_product = file.startswith("dengwen/") and "migrations" not in Path(file).parts
        if not of_product or stem in REPEATED_NAMES or file.startswith(PAGES):
            continue
        if stem in first:
            text = (
                f"{stem!r} means {first[stem]} already. Mend: a name that says what sets this "
                "one apart"
            )
            found.append(Finding(file, 1, "one-meaning", text))
        first.setdefault(stem, file)
    return found


def _sizes(source: str, tree: ast.Module) -> Iterator[tuple[int, str, str]]:
    """Long files, long functions and long lines."""
    for number, line in enumerate(source.splitlines(), start=1):
        if len(line) > MAX_LINE and not LINT_REASON.search(line):
            yield number, "long-line", f"{len(line)} characters, at most {MAX_LINE}. Mend: break it"
    lines = source.count("\n")
    if lines > MAX_FILE:
        yield 1, "long-file", f"{lines} lines, at most {MAX_FILE}. Mend: split it by subject"
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > MAX_FUNCTION:
                text = (
                    f"{node.name} has {length} lines, at most {MAX_FUNCTION}. Mend: name its parts"
                )
                yield node.lineno, "long-function", text


def _local_imports(tree: ast.Module) -> Iterator[tuple[int, str, str]]:
    """Imports inside functions."""
    functions = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
    lines = {
        node.lineno
        for function in functions
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    for line in sorted(lines):
        yield (
            line,
            "local-import",
            "inside a function. Mend: move it up; a cycle means a wrong layer",
        )


BELOW_THE_DOORS = "asks for the time below the doors. Mend: take `now` as an argument"
AT_A_DOOR = (
    "asks for the time past the door's clock. Mend: `clock.now()` of the door, which a test "
    "can hold"
)
IN_A_TEST = (
    "makes a test depend on the day it runs on. Mend: a fixed day, or the held clock of a door "
    "(tests/days.py)"
)


def _clocks(tree: ast.Module, mend: str) -> Iterator[tuple[int, str, str]]:
    """Every way to ask for the time: calls and bare mentions alike, and fields that ask by
    themselves."""
    named = _other_names(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            for name in _imported_clocks(node):
                yield node.lineno, "clock", f"{name} of {node.module} {mend}"
        elif isinstance(node, ast.keyword) and node.arg in CLOCK_FIELDS:
            yield node.value.lineno, "clock", f"{node.arg} {mend}"
        elif isinstance(node, ast.Attribute | ast.Call | ast.Name) and (
            asked := _asks_now(node, named)
        ):
            yield node.lineno, "clock", f"{asked} {mend}"


def _imported_clocks(node: ast.ImportFrom) -> list[str]:
    """Functions that read the clock, where they are imported by name."""
    if node.module not in {"django.utils.timezone", "time"}:
        return []
    return [alias.name for alias in node.names if alias.name in CLOCKS]


def _asks_now(node: ast.Attribute | ast.Call | ast.Name, named: dict[str, str]) -> str:
    """What of an expression asks for the time, "" if it does not."""
    if isinstance(node, ast.Name):
        return node.id if node.id in {"Now", "CurrentTimestamp"} else ""
    if isinstance(node, ast.Call):
        return ast.unparse(node.func) if _reads_now(node, named) else ""
    if node.attr not in CLOCKS:
        return ""
    owner = ast.unparse(node.value).rpartition(".")[2]
    return f"{owner}.{node.attr}" if named.get(owner, owner) in CLOCK_OWNERS else ""


def _other_names(tree: ast.Module) -> dict[str, str]:
    """Names given to what is imported (`from datetime import date as d`), each with its own
    name."""
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    return {
        alias.asname: alias.name.rpartition(".")[2]
        for node in imports
        for alias in node.names
        if alias.asname
    }


def _reads_now(call: ast.Call, named: dict[str, str]) -> bool:
    """Say whether a function of `time` is called without the instant it would else take, and so
    reads the clock."""
    if not isinstance(call.func, ast.Attribute):
        return False
    owner = ast.unparse(call.func.value)
    return named.get(owner, owner) == "time" and len(call.args) < TIME_TAKES.get(call.func.attr, 0)


def _effects(tree: ast.Module) -> Iterator[tuple[int, str, str]]:
    """Dotted names of effects in string literals."""
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and EFFECT_NAME.search(node.value)
        ):
            yield node.lineno, "effect", f"{node.value!r} belongs to config/effects.py"


def _system_reads(tree: ast.Module) -> Iterator[tuple[int, str, str]]:
    """Imports of `dengwen.cases.wall.system`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            names = {f"{node.module}.{alias.name}" for alias in node.names} | {str(node.module)}
        elif isinstance(node, ast.Import):
            names = {alias.name for alias in node.names}
        else:
            continue
        if any(
            name == "dengwen.cases.wall.system" or name.startswith("dengwen.cases.wall.system.")
            for name in names
        ):
            yield (
                node.lineno,
                "system-read",
                "cases.system reads past the wall. Mend: read through for_user",
            )


def _local_law(tree: ast.Module, *, places: bool) -> Iterator[tuple[int, str, str]]:
    """Articles of local rules, citations of local instruments and codes of places in strings;
    docstrings may speak of them, and an article of a citation is no place."""
    passed = _docstrings(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("Basis"):
            passed |= {id(word) for word in ast.walk(node)}
            law = node.args[0] if node.args else None
            if isinstance(law, ast.Constant) and law.value in LOCAL_INSTRUMENTS:
                yield node.lineno, "local-law", f"cites {law.value}. Mend: a rule of the pack"
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Constant) and isinstance(node.value, str)):
            continue
        if id(node) in passed:
            continue
        if LOCAL_ARTICLE.search(node.value):
            mend = "Mend: `under=…`, and a [[cited]] of that name in the pack"
            yield node.lineno, "local-law", f"names an article of a local rule. {mend}"
        elif places and PLACE_CODE.fullmatch(node.value):
            mend = "Mend: the `place` of a pack"
            yield node.lineno, "local-law", f"{node.value!r} is a place. {mend}"


def _docstrings(tree: ast.Module) -> set[int]:
    """Strings that stand alone: docstrings, and words below a name."""
    return {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }


def _posts(tree: ast.Module) -> Iterator[tuple[int, str, str]]:
    """Reading what was posted without a form. A form is given `POST` whole, and a page may ask
    which button is in it."""
    for node in ast.walk(tree):
        taken: ast.expr | None = None
        if isinstance(node, ast.Attribute | ast.Subscript | ast.For | ast.Starred):
            taken = node.iter if isinstance(node, ast.For) else node.value
        elif isinstance(node, ast.Assign | ast.AnnAssign | ast.NamedExpr | ast.Return):
            taken = node.value
        if taken is not None and any(_is_post(part) for part in _parts_of(taken)):
            text = "looks into POST. Mend: a form of `dengwen.ui.form_fields`"
            yield taken.lineno, "form", text


def _parts_of(taken: ast.expr) -> list[ast.expr]:
    """The expressions one of which is taken: those of a pair, of a choice, or the only one."""
    if isinstance(taken, ast.Tuple):
        return taken.elts
    return [taken.body, taken.orelse] if isinstance(taken, ast.IfExp) else [taken]


def _is_post(node: ast.expr) -> bool:
    """Say whether an expression is what was posted."""
    return isinstance(node, ast.Attribute) and node.attr == "POST"


def tables(templates: Mapping[str, str]) -> list[Finding]:
    """Templates, by their path, that write a table of their own; and permissions nobody needs."""
    own = {file for file, source in templates.items() if "<table" in source}
    refused = "writes its own table. Mend: `ListOf` and {% list_table %} (docs/reference/face.md)"
    idle = "has no table any more. Mend: take it out of TABLES"
    found = [
        Finding(file, _line_of_table(templates[file]), "table", refused)
        for file in own - TABLES.keys() - {TABLE_OF_LISTS}
    ]
    found += [Finding(file, 1, "table", idle) for file in (TABLES.keys() & templates.keys()) - own]
    return sorted(found)


def local_citations(templates: Mapping[str, str]) -> list[Finding]:
    """Templates, by their path, that name an article of a local rule: outside its place no page may
    cite it."""
    mend = "Mend: `{{ cites.… }}`, and a [[cited]] of that name in the pack"
    return [
        Finding(file, number, "local-law", f"names an article of a local rule. {mend}")
        for file, source in sorted(templates.items())
        for number, line in enumerate(source.splitlines(), 1)
        if LOCAL_ARTICLE.search(line)
    ]


def _line_of_table(source: str) -> int:
    """The line of the first table of a template."""
    return source[: source.index("<table")].count("\n") + 1


def check(file: str, source: str) -> list[Finding]:
    """Findings for one Python file; `file` is its path from the root of the repository.

    A file that is no Python is a finding too. Migrations are written by Django and only their names
    are looked at.
    """
    try:
        tree = ast.parse(source)
    except SyntaxError as error:
        return [Finding(file, error.lineno or 1, "syntax", str(error))]
    found = [*_names(file), *_doings(file)]
    if "migrations" not in Path(file).parts:
        found += [*_sizes(source, tree), *_local_imports(tree), *_layers(file, tree)]
    lines = source.splitlines()
    return sorted(
        Finding(file, *entry) for entry in found if not _waived(lines, entry[0], entry[1])
    )


def _layers(file: str, tree: ast.Module) -> Iterator[tuple[int, str, str]]:
    """What a file may not ask, read or name because of the package it lies in."""
    package = _package(file)
    at_door = package in DOORS
    if package and not (at_door and Path(file).name == "clock.py"):
        yield from _clocks(tree, AT_A_DOOR if at_door else BELOW_THE_DOORS)
    elif file.startswith("tests/"):
        yield from _clocks(tree, IN_A_TEST)
    if file.startswith(PAGES):
        yield from _posts(tree)
    if file.startswith(LOCAL_LAW):
        yield from _local_law(tree, places=file.startswith(KNOWS_NO_PLACE))
    if package and package not in MAY_READ_SYSTEM:
        yield from _system_reads(tree)
    if package or (file.startswith("config/") and file != "config/effects.py"):
        yield from _effects(tree)


def _waived(lines: list[str], line: int, rule: str) -> bool:
    """Whether the line carries a reasoned exception for this rule."""
    waiver = WAIVER.search(lines[line - 1]) if line <= len(lines) else None
    return waiver is not None and waiver["rule"] == rule


def main() -> int:
    """Check the whole repository; print the findings; 1 if there are any."""
    files = sorted(file for folder in CHECKED for file in (ROOT / folder).rglob("*.py"))
    findings = [
        finding
        for file in files
        for finding in check(file.relative_to(ROOT).as_posix(), file.read_text(encoding="utf-8"))
    ]
    templates = {
        file.relative_to(ROOT).as_posix(): file.read_text(encoding="utf-8")
        for file in sorted((ROOT / "dengwen").rglob("*.html"))
    }
    findings += [*tables(templates), *local_citations(templates)]
    findings += meanings([file.relative_to(ROOT).as_posix() for file in files])
    for finding in findings:
        sys.stdout.write(f"{finding}\n")
    sys.stdout.write(f"{len(files)} files, {len(findings)} findings\n")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
