"""`dengwen leads score`: how well the finders found what was injected into a practice office."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from django.conf import settings

from dengwen.accountability.finders import find
from dengwen.cli.shell.answer import instant_of
from dengwen.cli.shell.output import OK, WRONG, CommandError, complain, tell, tell_json
from dengwen.editions.models import LocalSetting
from dengwen.practice.district.staff import NotPracticeError
from dengwen.practice.misconduct.answer_key import Key, read_key
from dengwen.practice.misconduct.catalogue import KINDS
from dengwen.practice.misconduct.finder_score import score, table
from dengwen.practice.misconduct.injection import KEPT_KEY


def run_score(args: argparse.Namespace) -> int:
    """Run the finders as of the end of the load, compare with the key, print the table. The
    digests come first."""
    if not settings.PRACTICE:
        raise NotPracticeError.at(str(settings.DATA))
    only = _kinds(args.only)
    key, ordinary = read_key(Path(args.key))
    if not args.json:
        tell(f"答案 SHA-256 / key: {key.digest}")
        tell(f"失职文件 SHA-256 / file: {key.head['file_sha256']}")
    if not _is_in_ledger(key.digest):
        complain(
            "答案与存证里记下的摘要不符，不计分 / the key is not the one whose digest stands in the ledger: "
            "not scored\n"
            f"  在 / at: {args.key}\n  办法 / mend: 用写入这一文件夹时产生的答案 / give the key written with "
            "this folder"
        )
        return WRONG
    until = _until(args.clock, key)
    scores = score(key, ordinary, find(now=until, only=only or None), only)
    if args.json:
        tell_json(
            {
                "key_sha256": key.digest,
                "file_sha256": key.head["file_sha256"],
                "now": until.isoformat(),
                "scores": [s.as_dict() for s in scores],
            }
        )
    else:
        tell(table(scores))
    return OK


def _kinds(only: Sequence[str]) -> list[str]:
    """Return the kinds to be scored; CommandError names one that is none."""
    for name in only:
        if name not in KINDS:
            raise CommandError(
                what=f"没有“{name}”这一种 / there is no kind {name!r}",
                where="--only",
                mend=f"可写 / one of: {', '.join(KINDS)}",
            )
    return list(only)


def _is_in_ledger(digest: str) -> bool:
    """Say whether the digest of a key was entered when the load was written."""
    kept = LocalSetting.objects.filter(key=KEPT_KEY).order_by("pk").values_list("value", flat=True)
    return any(value.split()[0] == digest for value in kept)


def _until(clock: str | None, key: Key) -> datetime:
    """Return the instant as of which the finders look: the one given, else the end of the load."""
    if clock:
        return instant_of(clock, "--clock")
    return datetime.fromisoformat(str(key.head["until"]))
