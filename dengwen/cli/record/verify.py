"""`dengwen ledger verify RECEIPT`: no database, no server, no account; only the public keys its
holder trusts.

Exit codes are those of the ledger's own verifier: 0 proved, 10 not yet provable, 20 invalid, 30
misbehaviour proved.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from dengwen.cli.office.data_folder import data_folder
from dengwen.cli.shell.output import CommandError, tell, tell_json
from dengwen.merkle.errors import RejectedError
from dengwen.merkle.note import VerifierKey
from dengwen.merkle.receipt import Verdict, verify_receipt

PUBLIC = ("log.vkey", "promise.vkey")


def run_verify(args: argparse.Namespace) -> int:
    """Say what a receipt proves and what it does not."""
    text = Path(args.receipt).read_text(encoding="utf-8")
    verdict = verify_receipt(text, trusted_keys(args.key))
    if args.json:
        tell_json(as_dict(verdict))
    else:
        for name, value in (
            ("存证日志 / log", verdict.origin),
            ("序号 / index", verdict.index),
            ("记录时间 / recorded", verdict.recorded_at),
        ):
            if value not in (None, ""):
                tell(f"{name}: {value}")
        for said in verdict.proved:
            tell(f"✓ {said.zh}\n  {said.en}")
        for said in verdict.not_proved:
            tell(f"· {said.zh}\n  {said.en}")
    return verdict.code


def trusted_keys(given: list[str]) -> list[VerifierKey]:
    """Return the keys named, each as text or as a file with one a line; those of this office
    where none is named."""
    texts = [line for k in given for line in _lines(k)]
    if not given:
        files = [data_folder() / "keys" / name for name in PUBLIC]
        texts = [f.read_text(encoding="ascii").strip() for f in files if f.is_file()]
    if not texts:
        raise CommandError(
            what="没有可信的公钥 / no public key to trust",
            where="--key",
            mend="用公报或回执上印的公钥：--key <VKEY> / give the key printed in the gazette or on the slip",
        )
    try:
        return [VerifierKey.parse(text) for text in texts]
    except RejectedError as error:
        raise CommandError(what=f"公钥读不出 / not a public key: {error}", where="--key") from error


def _lines(key: str) -> list[str]:
    """Return a key, or those of the file that the word names; blank lines say nothing."""
    text = Path(key).read_text(encoding="utf-8") if Path(key).is_file() else key
    return [line.strip() for line in text.splitlines() if line.strip()]


def as_dict(verdict: Verdict) -> dict[str, object]:
    """Return a verdict as data."""
    return {
        "code": verdict.code,
        "stage": verdict.stage,
        "origin": verdict.origin,
        "event_hash": verdict.event_hash.hex(),
        "recorded_at": verdict.recorded_at,
        "index": verdict.index,
        "size": verdict.size,
        "witnesses": verdict.witnesses,
        "fields": dict(verdict.fields),
        "hidden": verdict.hidden,
        "proved": [s._asdict() for s in verdict.proved],
        "not_proved": [s._asdict() for s in verdict.not_proved],
    }
