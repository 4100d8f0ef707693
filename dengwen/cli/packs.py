"""`dengwen pack`: checking rule packs, and installing one into the office.

The folder `calendar` of the office is never touched: notices are entered by an act (`dengwen calendar publish`).
"""

from __future__ import annotations

import argparse
import os
import shutil
import tempfile
from pathlib import Path

from config.effects import EFFECTS
from dengwen.cli.beginnings import data_folder, is_prepared
from dengwen.cli.law import packs_folder
from dengwen.cli.speaking import OK, WRONG, CommandError, complain, tell, tell_json
from dengwen.law.errors import PackError
from dengwen.law.library import Library

PACK, CALENDAR = "pack.toml", "calendar"


def run_check(args: argparse.Namespace) -> int:
    """Load a folder of packs with everything the office has beside it, and say what is refused."""
    own = data_folder() / "packs"
    folder = (
        Path(args.folder)
        if args.folder
        else (own if is_prepared(data_folder()) and own.is_dir() else packs_folder())
    )
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
            f"{folder}：{len(library.packs)} 个规则包无误 / packs are sound；日历 / calendar {library.calendar.version}"
        )
    return OK


def _with_the_rest(folder: Path) -> Library:
    """Load a whole folder of packs, or one pack among those it builds on."""
    if (folder / CALENDAR).is_dir():
        return Library.load(folder, EFFECTS)
    return overlaid(found_packs(folder))


def overlaid(packs: list[tuple[Path, Path]]) -> Library:
    """Load the packs of this office as they would be with these in place; PackError says what would be refused."""
    own = data_folder() / "packs"
    with tempfile.TemporaryDirectory(prefix="dengwen-packs-") as scratch:
        tree = Path(scratch) / "packs"
        shutil.copytree(own if own.is_dir() else packs_folder(), tree)
        for source, place in packs:
            shutil.rmtree(tree / place, ignore_errors=True)
            shutil.copytree(source, tree / place)
        return Library.load(tree, EFFECTS)


def found_packs(folder: Path) -> list[tuple[Path, Path]]:
    """Return the packs in a folder with their place (name/date); CommandError where there are none."""
    if (folder / PACK).is_file():
        resolved = folder.resolve()
        return [(folder, Path(resolved.parent.name) / resolved.name)]
    found = [(p.parent, p.parent.relative_to(folder)) for p in sorted(folder.glob(f"*/*/{PACK}"))]
    if not found:
        raise CommandError(
            what="没有规则包 / no pack here",
            where=str(folder),
            mend="给出含 pack.toml 的文件夹，如 beijing/2006-01-01 / name a folder that holds pack.toml",
        )
    return found


def run_install(args: argparse.Namespace) -> int:
    """Check the pack among the installed ones, then put it in place; the calendar folder stays as it is."""
    folder, own = Path(args.folder), data_folder() / "packs"
    packs = found_packs(folder)
    overlaid(packs)
    for source, place in packs:
        put_in_place(source, own / place)
        tell(f"已安装 / installed: {place}")
    if (folder / CALENDAR).is_dir():
        tell(
            "日历未动：放假通知用 dengwen calendar publish 录入 / the calendar was left alone: notices are entered by an act"
        )
    tell(
        "重启网页与值守后生效；已办的行为仍按当时的规则 / takes effect after a restart; acts done keep their rules"
    )
    return OK


def put_in_place(source: Path, target: Path) -> None:
    """Replace one pack folder so that there is never half of one."""
    fresh, old = (
        target.with_name(f"{target.name}.{os.getpid()}.new"),
        target.with_name(f"{target.name}.{os.getpid()}.old"),
    )
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copytree(source, fresh, ignore=shutil.ignore_patterns("scenarios", "bad", "__pycache__"))
    if target.exists():
        target.rename(old)
    fresh.rename(target)
    shutil.rmtree(old, ignore_errors=True)
