"""`dengwen join`: takes a further node into an office whose database is PostgreSQL.

The keys come from a node that has them, are compared with the fingerprints in the database, and
only then does the data folder appear. Asked again, it says so, or brings a key that came later.
"""

from __future__ import annotations

import argparse
import os
import shutil
from pathlib import Path

from django.db import connections

from dengwen.access import startup_check
from dengwen.access.keys import key_fingerprints
from dengwen.cli.office import node_bundle
from dengwen.cli.office.init import collect_files, install_packs
from dengwen.cli.shell.answer import now_of
from dengwen.cli.shell.output import OK, WRONG, CommandError, tell
from dengwen.ledger.log_keys import Keys

LEFTOVERS = ("ledger", "static")
"""What may lie in a folder that has no office yet."""


def run_join(args: argparse.Namespace) -> int:
    """Verify what was brought and put it in place; nothing is written where a key is not the
    database's."""
    if args.brought == args.target:
        return _again(args)
    try:
        _refuse_unfit(args.brought)
        install_packs(args.brought)
        (args.brought / "static").mkdir(exist_ok=True)
        collect_files()
        _refuse_unfit(args.brought)
        connections.close_all()
        _put_in_place(args.brought, args.target)
    finally:
        connections.close_all()
        shutil.rmtree(args.brought, ignore_errors=True)
    tell(f"已加入 / joined: {args.target} · {key_fingerprints.database()}")
    tell("files 文件夹须各节点共用 / the folder `files` must be shared by all nodes")
    return OK


def _again(args: argparse.Namespace) -> int:
    """Bring into a node that stands those keys of the database it lacks; nothing that lies there
    is changed."""
    scratch = args.target.with_name(f"{args.target.name}.joining")
    node_bundle.bring(Path(args.source), scratch)
    try:
        _refuse_unfit(scratch)
        brought = {path.name: path for path in (scratch / "keys").iterdir()}
        fresh = [name for name in sorted(brought) if not (args.target / "keys" / name).exists()]
        _refuse_other_here(args.target, brought)
        for name in fresh:
            node_bundle.put_key(brought[name], args.target / "keys" / name)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    startup_check.open_office(args.target, now_of(args))
    said = ("补入", "brought") if fresh else ("早已加入，密钥相符", "joined before; the keys agree")
    tell(f"{said[0]} / {said[1]}: {'、'.join(fresh) or args.target}")
    return OK


def _refuse_other_here(target: Path, brought: dict[str, Path]) -> None:
    """Refuse to join with a folder that holds another key under the same name: keys are never
    overwritten."""
    other = [
        name
        for name, path in sorted(brought.items())
        if name not in {node_bundle.SECRET_KEY, node_bundle.PRINTS}
        and (target / "keys" / name).exists()
        and (target / "keys" / name).read_bytes() != path.read_bytes()
    ]
    if other:
        raise CommandError(
            what=f"这里已有另外的密钥，不会覆盖：{'、'.join(other)} / other keys are here, never overwritten",
            where=str(target / "keys"),
            mend="另选空文件夹再 dengwen join / join with an empty folder (DENGWEN_DATA)",
            code=WRONG,
        )


def _refuse_unfit(folder: Path) -> None:
    """Raise unless the tables are this program's, the database is bound, and these are its keys."""
    startup_check.refuse_old_tables()
    here, there = key_fingerprints.prints_in(folder), key_fingerprints.bound()
    if not there:
        raise CommandError(
            what="数据库里还没有密钥指纹，无从核对 / the database holds no fingerprints to compare with",
            where=key_fingerprints.database(),
            mend=(
                "先在原节点运行 dengwen migrate / run dengwen migrate on the node that has the keys "
                "first"
            ),
            code=WRONG,
        )
    key_fingerprints.refuse_other(folder, here, there)
    kind = Keys.load(folder).is_practice
    if kind != (folder / node_bundle.MARKER).exists():
        raise CommandError(
            what="演练标记与存证日志不符 / the practice marker does not fit the log",
            where=str(folder),
            mend="给出完整的数据文件夹 / name a whole data folder",
            code=WRONG,
        )


def _put_in_place(brought: Path, target: Path) -> None:
    """Let the folder appear whole; a high-water mark that lies there already may be the newer
    one and stays."""
    kept = target / node_bundle.MARK
    if kept.exists():
        (brought / node_bundle.MARK).parent.mkdir(exist_ok=True)
        shutil.copyfile(kept, brought / node_bundle.MARK)
    for name in LEFTOVERS:
        shutil.rmtree(target / name, ignore_errors=True)
    if target.exists():
        target.rmdir()
    (brought / "files").mkdir(mode=0o700, exist_ok=True)
    brought.rename(target)
    handle = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
