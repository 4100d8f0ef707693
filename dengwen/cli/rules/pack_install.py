"""`dengwen pack`: checking rule packs, and installing one into the office.

The folder `calendar` of the office is never touched: notices are entered by an act (`dengwen
calendar publish`).
"""

from __future__ import annotations

import argparse
import os
import shutil
import tempfile
from datetime import date
from pathlib import Path

from config.effects import EFFECTS
from dengwen.cli.office.data_folder import data_folder, is_prepared
from dengwen.cli.rules.delivered_packs import packs_folder
from dengwen.cli.shell.output import OK, WRONG, CommandError, complain, tell, tell_json
from dengwen.law import published_report
from dengwen.law.errors import PackError
from dengwen.law.indicators.scheme_file import SCHEMES_FOLDER, load_schemes
from dengwen.law.packs.coverage import CASES_FILE, case_lines
from dengwen.law.packs.library import Library
from dengwen.law.packs.pack import read_toml
from dengwen.law.packs.sentences import SENTENCES_FILE, read_sentences

PACK, CALENDAR = "pack.toml", "calendar"
LISTS = (SCHEMES_FOLDER, published_report.FOLDER)
ALONE = (SENTENCES_FILE, CASES_FILE)
Piece = tuple[Path, Path]
"""What is to be installed, and its place among the packs."""


def _installed() -> Path:
    """Return the packs of the office, the delivered ones where it has none of its own."""
    own = data_folder() / "packs"
    return own if is_prepared(data_folder()) and own.is_dir() else packs_folder()


def run_check(args: argparse.Namespace) -> int:
    """Load a folder of packs with everything the office has beside it, and say what is refused."""
    folder = Path(args.folder) if args.folder else _installed()
    try:
        library = _with_the_rest(folder)
    except PackError as error:
        if args.json:
            tell_json({"folder": str(folder), "sound": False, "error": str(error)})
        else:
            complain(str(error))
        return WRONG
    if args.json:
        tell_json(
            {
                "folder": str(folder),
                "sound": True,
                "calendar": library.calendar.version,
                "packs": [p.id for p in library.packs],
            }
        )
    else:
        tell(
            f"{folder}：{len(library.packs)} 个规则包无误 / packs are sound；"
            f"日历 / calendar {library.calendar.version}"
        )
    return OK


def _with_the_rest(folder: Path) -> Library:
    """Load a whole folder of packs, or one pack among those it builds on."""
    if (folder / CALENDAR).is_dir():
        return Library.load(folder, EFFECTS)
    return overlaid(*found(folder))


def overlaid(packs: list[Piece], lists: list[Piece]) -> Library:
    """Load what this office has as it would be with these in place; PackError says what would be
    refused."""
    own = data_folder() / "packs"
    with tempfile.TemporaryDirectory(prefix="dengwen-packs-") as scratch:
        tree = Path(scratch) / "packs"
        shutil.copytree(own if own.is_dir() else packs_folder(), tree)
        for source, place in packs:
            shutil.rmtree(tree / place, ignore_errors=True)
            shutil.copytree(source, tree / place)
        for source, place in lists:
            (tree / place).parent.mkdir(exist_ok=True)
            shutil.copyfile(source, tree / place)
        library = Library.load(tree, EFFECTS)
        _check_lists(tree, {place for _, place in lists})
        return library


def _check_lists(tree: Path, places: set[Path]) -> None:
    """Read the lists that are to be replaced, as those who use them will; PackError names what
    cannot be."""
    if any(place.parts[0] == SCHEMES_FOLDER for place in places):
        load_schemes(tree)
    if Path(SENTENCES_FILE) in places:
        read_sentences(tree)
    if Path(CASES_FILE) in places:
        case_lines(tree, (), {})
    if any(place.parts[0] == published_report.FOLDER for place in places):
        published_report.read_tables(tree / published_report.FOLDER)


def found(given: Path) -> tuple[list[Piece], list[Piece]]:
    """Return the packs (folders) and the lists (files) of what is named, each with its place among
    the packs.

    Named may be a pack, a whole folder of packs, `schemes` or `reports`, or one file of these,
    `sentences.toml` or `cases.toml`; a name that is not here is looked for among the delivered
    packs. CommandError where there is none.
    """
    folder = given if given.exists() else packs_folder() / given
    if folder.is_file():
        lists = _lists_in(folder.resolve().parent, folder.name)
        packs: list[Piece] = []
    elif (folder / PACK).is_file():
        packs, lists = [(folder, _place_of(folder.resolve()))], []
    elif folder.resolve().name in LISTS:
        packs, lists = [], _lists_in(folder.resolve(), "*.toml")
    else:
        packs = [
            (p.parent, p.parent.relative_to(folder)) for p in sorted(folder.glob(f"*/*/{PACK}"))
        ]
        lists = [one for name in (*LISTS, *ALONE) for one in _lists_in(folder, name)]
    if not packs and not lists:
        raise CommandError(
            what="没有规则包，也没有考核方案、报表或者句子表 / "
            "neither a pack nor a scheme, report or list of sentences",
            where=str(given),
            mend="给出含 pack.toml 的文件夹，如 packs/beijing/2006-01-01；或者 packs/schemes、"
            "packs/schemes/….toml、packs/sentences.toml / name a folder that holds pack.toml, "
            "or packs/schemes, a file in it, or packs/sentences.toml",
        )
    return packs, lists


def _place_of(folder: Path) -> Path:
    """Return where a pack goes: its family and first day, whatever the folder it comes in is
    called."""
    head = read_toml(folder / PACK).get("pack", {})
    family, since = head.get("family"), head.get("from")
    if isinstance(family, str) and isinstance(since, date) and family.isidentifier():
        return Path(family) / since.isoformat()
    return Path(folder.parent.name) / folder.name


def _lists_in(folder: Path, pattern: str) -> list[Piece]:
    """Return the files of a folder that are lists, with their places; a scheme or report is
    known by its content."""
    paths = folder / pattern if (folder / pattern).is_dir() else None
    made = sorted(paths.glob("*.toml") if paths else folder.glob(pattern))
    return [(path, place) for path in made if (place := _list_place(path)) is not None]


def _list_place(path: Path) -> Path | None:
    """Return where a list goes among the packs, None where the file is no list."""
    if path.suffix != ".toml":
        return None
    if path.name in ALONE:
        return Path(path.name)
    raw = read_toml(path, path.name)
    if "scheme" in raw:
        return Path(SCHEMES_FOLDER) / path.name
    return Path(published_report.FOLDER) / path.name if "rule" in raw and "match" in raw else None


def run_install(args: argparse.Namespace) -> int:
    """Check what is named among what is installed, then put it in place; the calendar folder
    stays as it is."""
    folder, own = Path(args.folder), data_folder() / "packs"
    packs, lists = found(folder)
    overlaid(packs, lists)
    for source, place in packs:
        put_in_place(source, own / place)
        tell(f"已安装 / installed: {place}")
    for source, place in lists:
        _put_list(source, own / place)
        tell(f"已安装 / installed: {place}")
    if (folder / CALENDAR).is_dir():
        tell(
            "日历未动：放假通知用 dengwen calendar publish 录入 / the calendar was left alone: notices "
            "are entered by an act"
        )
    tell(
        "重启网页与值守后生效；已办的行为仍按当时的规则 / takes effect after a restart; acts done keep their rules"
    )
    return OK


def put_in_place(source: Path, target: Path) -> None:
    """Replace one pack folder so that there is never half of one.

    What is half done lies beside the packs, not among them: a program that starts meanwhile must
    not read it.
    """
    fresh, old = (data_folder() / f"packs.{os.getpid()}.{word}" for word in ("new", "old"))
    shutil.rmtree(fresh, ignore_errors=True)
    try:
        shutil.copytree(
            source, fresh, ignore=shutil.ignore_patterns("scenarios", "bad", "__pycache__")
        )
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.exists():
            target.rename(old)
        fresh.rename(target)
    finally:
        if old.exists() and not target.exists():
            old.rename(target)
        for left in (fresh, old):
            shutil.rmtree(left, ignore_errors=True)


def _put_list(source: Path, target: Path) -> None:
    """Replace one file whole."""
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = data_folder() / f"packs.{os.getpid()}.list"
    shutil.copyfile(source, fresh)
    fresh.replace(target)
