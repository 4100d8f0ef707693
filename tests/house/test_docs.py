"""The pages lead to one another and name only what is there.

Every page under `docs/` is reached from `docs/index.md` or a README, no link is broken, and
whatever README,
CONTRIBUTING or a page names exists: settings, acts and other words of packs, addresses, files,
modules. That commands,
their options and targets of make exist is proved in `tests/house/test_commands_named.py`, for pages
and program alike.
Each finder is shown to find a bad example.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from pathlib import Path

import pytest
from django.urls import Resolver404, resolve

from config.settings import ROOT
from config.variables import VARIABLES
from dengwen.law.packs.library import Library

MADE = re.compile(
    r"docs/reference/(rules/.*|coverage|cli\.\w+|settings\.\w+|models|mutants)\.md"
    r"|docs/reference/rules/.*"
)
PAPERS = ("README.md", "README.zh-CN.md", "CONTRIBUTING.md")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`[^`\n]+`")
LINK = re.compile(r"\]\((?!https?:|mailto:)([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


# --- the tree of pages ----------------------------------------------------------------------------
def pages(root: Path) -> list[Path]:
    """Return the pages of a repository: README, CONTRIBUTING, CHANGELOG and whatever lies under
    `docs/`."""
    papers = (root / name for name in (*PAPERS, "CHANGELOG.md"))
    return [*(paper for paper in papers if paper.exists()), *sorted((root / "docs").rglob("*.md"))]


def links(page: Path) -> Iterator[tuple[Path, str]]:
    """Yield the file and the heading each relative link of a page leads to; links in examples of
    code are none."""
    text = CODE.sub("", FENCE.sub("", page.read_text("utf-8")))
    for link in LINK.findall(text):
        path, _, heading = link.partition("#")
        yield ((page.parent / path).resolve() if path else page), heading


def anchors(page: Path) -> set[str]:
    """Return the names by which the headings of a page are reached."""
    plain = (
        re.sub(r"[^\w\- ]", "", heading.lower())
        for heading in HEADING.findall(page.read_text("utf-8"))
    )
    return {heading.strip().replace(" ", "-") for heading in plain}


def broken_links(root: Path) -> Iterator[str]:
    """Yield the links that lead to no file, or to no heading of it."""
    for page in pages(root):
        for target, heading in links(page):
            if not target.exists():
                yield f"{page.relative_to(root)}: {target.name}"
            elif heading and heading.lower() not in anchors(target):
                yield f"{page.relative_to(root)}: {target.name}#{heading}"


def orphans(root: Path) -> list[str]:
    """Return what lies under `docs/` and is not reached by links from its index or a README."""
    starts = [root / "docs" / "index.md", root / "README.md", root / "README.zh-CN.md"]
    seen, waiting = set[Path](), [start.resolve() for start in starts if start.exists()]
    while waiting:
        page = waiting.pop()
        if page not in seen:
            seen.add(page)
            waiting += (
                [target for target, _ in links(page) if target.exists()]
                if page.suffix == ".md"
                else []
            )
    lying = (path for path in (root / "docs").rglob("*") if path.is_file())
    return sorted(str(path.relative_to(root)) for path in lying if path.resolve() not in seen)


def test_every_page_and_picture_is_reached_from_the_index_or_a_readme() -> None:
    assert orphans(ROOT) == []


def test_every_link_leads_somewhere() -> None:
    assert list(broken_links(ROOT)) == []


def test_a_page_nothing_links_to_and_a_broken_link_would_be_found(tmp_path: Path) -> None:
    for name, text in {
        "README.md": "[docs](docs/index.md)",
        "docs/index.md": (
            "[one](one.md) [gone](gone.md) [part](one.md#there) [no part](one.md#not-there) "
            "`[x](y.md)`"
        ),
        "docs/one.md": "# There\n![picture](pictures/a.png)",
        "docs/alone.md": "[index](index.md)",
        "docs/pictures/a.png": "",
        "docs/pictures/b.png": "",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert orphans(tmp_path) == ["docs/alone.md", "docs/pictures/b.png"]
    assert list(broken_links(tmp_path)) == [
        "docs/index.md: gone.md",
        "docs/index.md: one.md#not-there",
    ]


def without_sister(root: Path) -> list[str]:
    """Return the pages of one language that are not there in the other; English may do without
    its mark."""
    others = {".zh": (".en.md", ".md"), ".en": (".zh.md",)}
    return sorted(
        str(page.relative_to(root))
        for page in (root / "docs").rglob("*.md")
        for mark, ends in others.items()
        if page.stem.endswith(mark)
        and not any(page.with_name(page.stem.removesuffix(mark) + end).exists() for end in ends)
    )


def test_a_page_in_one_language_is_there_in_the_other() -> None:
    assert without_sister(ROOT) == []


def test_a_page_without_its_sister_would_be_found(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    for name in ("a.zh.md", "b.en.md", "c.zh.md", "c.en.md", "d.zh.md", "d.md", "e.md"):
        (tmp_path / "docs" / name).write_text("", encoding="utf-8")
    assert without_sister(tmp_path) == ["docs/a.zh.md", "docs/b.en.md"]


# --- what pages name ------------------------------------------------------------------------------
def written_pages() -> list[Path]:
    """Return the pages people write; those made from packs and code cannot name what is not
    there."""
    found = (page for page in pages(ROOT) if page.name != "CHANGELOG.md")
    return [page for page in found if not MADE.fullmatch(str(page.relative_to(ROOT)))]


@lru_cache
def variables() -> frozenset[str]:
    """Return the settings of an installation, and what tests, tools and make ask the environment
    for besides."""
    files = [
        ROOT / "Makefile",
        *(ROOT / "tools").glob("*.*"),
        *(ROOT / "tests").rglob("*.py"),
        ROOT / ".ci" / "run",
    ]
    names = re.compile(r"DENGWEN_[A-Z_]+")
    asked = {
        name
        for file in files
        if file.name != "test_docs.py"
        for name in names.findall(file.read_text("utf-8"))
    }
    return frozenset({*asked, "DENGWEN_APPS", *(variable.name for variable in VARIABLES)})


def wrong_settings(text: str) -> Iterator[str]:
    """Yield the settings a text names that nothing reads."""
    yield from (
        name for name in re.findall(r"\bDENGWEN_[A-Z_]+\b", text) if name not in variables()
    )


@lru_cache
def library() -> Library:
    """Return the packs of the repository."""
    return Library.load(ROOT / "packs")


@lru_cache
def acts() -> dict[str, frozenset[str]]:
    """Return the acts of every procedure, in any edition and any place."""
    found: dict[str, set[str]] = {}
    for pack in library().packs:
        for id_, kind in pack.kinds.items():
            found.setdefault(id_, set()).update(
                str(act["id"]) for act in kind.entries.get("act", ())
            )
    return {kind: frozenset(ids) for kind, ids in found.items()}


def acts_of(kind: str) -> frozenset[str]:
    """Return the acts of a procedure with those of every one; of all together where none is
    named."""
    return (
        acts().get(kind, frozenset()) | acts()["*"]
        if kind
        else frozenset[str]().union(*acts().values())
    )


ACT_COMMAND = re.compile(r"dengwen act (?:--open ([a-z_]+) ([a-z_]+)|[A-Z][\w…-]* +([a-z_]+))")


def wrong_acts(text: str) -> Iterator[str]:
    """Yield the acts that examples of `dengwen act` do, or that are named with their kind, where
    no pack has them."""
    for kind, opening, act in ACT_COMMAND.findall(text):
        if (opening or act) not in acts_of(kind):
            yield f"{kind}.{opening}" if kind else act
    for kind, act in re.findall(r"`([a-z_]+)\.([a-z_]+)`", text):
        if (
            kind in acts()
            and act not in acts_of(kind)
            and not (ROOT / "dengwen" / kind / f"{act}.py").exists()
        ):
            composed = act in words() and f"{kind}." in dotted()
            yield from () if composed or f"{kind}.{act}" in dotted() else (f"{kind}.{act}",)


NO_ADDRESS = ("/proc", "/backup", "/srv", "/media", "/path", "/dev", "/usr", "/tmp", "/var", "/etc")
PLACEHOLDER = re.compile(r"<[^>]*>|\{[^}]*\}|\b[A-Z]{2,}\b|人员代码|代码|编号")


def wrong_addresses(text: str) -> Iterator[str]:
    """Yield the addresses a text names that no page answers to, or that name an act or a kind no
    pack has."""
    for address in re.findall(r"`(/[^`\s?…]*)", text):
        if address.startswith(NO_ADDRESS):
            continue
        last = address.rpartition("/")[2]
        plain = PLACEHOLDER.sub("1", address if not last or "." in last else f"{address}/")
        try:
            asked = resolve(plain).kwargs
        except Resolver404:
            yield address
            continue
        kind, act = (asked.get(name, "1").removeprefix("1") for name in ("kind", "act"))
        if (kind and kind not in acts()) or (act and act not in acts_of(kind)):
            yield address


TOP = (
    "bench",
    "changelog.d",
    "config",
    "dengwen",
    "docs",
    "packs",
    "requirements",
    "tests",
    "tools",
)
IN_FULL = re.compile(rf"(?<![\w/.:-])(?:{'|'.join(map(re.escape, TOP))}|\.ci)/[\w./*<>{{}}-]*")
FILE = re.compile(r"`((?:[\w-]+/)*[\w-]+\.(?:py|html|css|js|sh|po))\b[^`]*`")
PLACE = re.compile(r"[<>{}]|NNNN|Dnn")
"""In a path: the place of something that is different each time."""


@lru_cache
def module_names() -> frozenset[str]:
    """Return the names of the files of code, by which a page may call one after it was named in
    full."""
    return frozenset(path.name for top in TOP for path in (ROOT / top).rglob("*.*"))


def wrong_paths(text: str) -> Iterator[str]:
    """Yield the paths a text names that lead nowhere from the root of the repository, and
    unknown files of code."""
    for found in IN_FULL.findall(text):
        path = found.rstrip(".")
        there = any(ROOT.glob(path)) if "*" in path else (ROOT / path).exists()
        if not there and not PLACE.search(path):
            yield path
    for path in FILE.findall(text):
        if PLACE.search(path) or path.startswith(tuple(f"{top}/" for top in TOP)):
            continue
        if "/" in path or path not in module_names():
            yield path


def wrong_modules(text: str) -> Iterator[str]:
    """Yield the dotted names under `dengwen` that lead to no module, or to nothing that stands
    in one."""
    for name in re.findall(r"(?<![\w./-])dengwen(?!\.sqlite3)(?:\.[A-Za-z_]\w*)+", text):
        here, parts = ROOT, name.split(".")
        while parts and (here / parts[0]).is_dir():
            here /= parts.pop(0)
        if parts and (here / f"{parts[0]}.py").is_file():
            here /= f"{parts.pop(0)}.py"
        inside = (
            here.read_text("utf-8") if here.is_file() else (here / "__init__.py").read_text("utf-8")
        )
        if not all(re.search(rf"\b{part}\b", inside) for part in parts):
            yield name


NOT_OURS = frozenset({"apsw", "faulthandler", "prepare_threshold", "workalendar"})
"""Words of other programs that pages name."""
DIGEST = re.compile(r"[0-9a-f]{64}")


@lru_cache
def sources() -> tuple[str, ...]:
    """Return what packs and program say: rules, code, templates, what is required."""
    places = (
        "packs/**/*.toml",
        "dengwen/**/*.py",
        "dengwen/**/*.html",
        "config/*.py",
        "tools/*.*",
        "bench/*.py",
    )
    more = ("tests/*.py", "tests/plugins/*.py", "requirements/*.in", "pyproject.toml", "Makefile")
    files = (path for place in (*places, *more) for path in ROOT.glob(place) if path.is_file())
    return tuple(path.read_text("utf-8") for path in files)


@lru_cache
def words() -> frozenset[str]:
    """Return every word of packs and program: ids of acts, duties, fields and kinds, names in
    code and templates."""
    return frozenset[str]().union(*(IDENTIFIER.findall(text) for text in sources()))


@lru_cache
def dotted() -> frozenset[str]:
    """Return every name of two words of packs and program, such as that of a local setting; "lead."
    where the second
    is put in (`f"lead.{name}"`).
    """
    return frozenset[str]().union(
        *(re.findall(r"\b[a-z_]+\.(?:[a-z_]+\b|(?=[{\"]))", text) for text in sources())
    )


def wrong_words(text: str) -> Iterator[str]:
    """Yield the names in code style, plain or dotted, that neither packs nor program have: acts,
    fields, functions."""
    for name in re.findall(r"`([a-z_]\w*(?:\.[a-z_]\w*)*)`", FENCE.sub("", text)):
        known = (part in words() or part in NOT_OURS for part in name.split("."))
        if not all(known) and not DIGEST.fullmatch(name):
            yield name


FINDERS: tuple[Callable[[str], Iterable[str]], ...] = (
    wrong_settings,
    wrong_acts,
    wrong_addresses,
    wrong_paths,
    wrong_modules,
    wrong_words,
)


@pytest.mark.parametrize("finder", FINDERS)
def test_whatever_a_page_names_is_there(finder: Callable[[str], Iterable[str]]) -> None:
    wrong = [
        f"{page.relative_to(ROOT)}: {one}"
        for page in written_pages()
        for one in finder(page.read_text("utf-8"))
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("finder", "text", "wrong"),
    [
        (wrong_settings, "`DENGWEN_DATA`, `DENGWEN_DATE`", ["DENGWEN_DATE"]),
        (wrong_acts, "dengwen act YJ01-2026-… clasify --by x", ["clasify"]),
        (wrong_acts, "dengwen act --open petition regster --by x", ["petition.regster"]),
        (
            wrong_acts,
            "`petition.enter`, `supervision.remind_all`",
            ["petition.enter", "supervision.remind_all"],
        ),
        (
            wrong_acts,
            "dengwen act --open petition register --by x, `petition.accept`, `warning.people`",
            [],
        ),
        (
            wrong_addresses,
            "`/desk/nowhere/` and `/folow/`, not `/proc/1`",
            ["/desk/nowhere/", "/folow/"],
        ),
        (wrong_addresses, "`/desk/case/NUMBER/clasify/`", ["/desk/case/NUMBER/clasify/"]),
        (wrong_addresses, "`/desk/open/lead/regster/`", ["/desk/open/lead/regster/"]),
        (wrong_addresses, "`/follow/`, `/desk/case/NUMBER/extend/`, `/desk/open/KIND/ACT/`", []),
        (
            wrong_paths,
            "`dengwen/law/nothing.py`, docs/gone.md",
            ["dengwen/law/nothing.py", "docs/gone.md"],
        ),
        (wrong_paths, "`packs/*/nothing.toml`", ["packs/*/nothing.toml"]),
        (
            wrong_paths,
            "`law/time/due_date.py` (in short) and `nothing.py`",
            ["law/time/due_date.py", "nothing.py"],
        ),
        (
            wrong_paths,
            "`dengwen/law/time/due_date.py`, then `due_date.py`, `packs/<family>/<date>/`",
            [],
        ),
        (
            wrong_modules,
            "`dengwen.law.nothing`, `dengwen.law.time.due_date`",
            ["dengwen.law.nothing"],
        ),
        (
            wrong_words,
            "`clasify_request`, `petition.clasify`",
            ["clasify_request", "petition.clasify"],
        ),
        (wrong_words, "`classify_request`, `registers.py`", []),
    ],
)
def test_what_is_not_there_would_be_found(
    finder: Callable[[str], Iterable[str]], text: str, wrong: list[str]
) -> None:
    assert list(finder(text)) == wrong


def test_every_variable_the_program_reads_is_listed_and_every_one_listed_is_read() -> None:
    read = re.compile(r"\"(DENGWEN_[A-Z_]+)\"")
    files = [*(ROOT / "dengwen").rglob("*.py"), *(ROOT / "config").glob("*.py")]
    code = {
        name
        for file in files
        if file.name != "variables.py"
        for name in read.findall(file.read_text("utf-8"))
    }
    assert code == {variable.name for variable in VARIABLES}
