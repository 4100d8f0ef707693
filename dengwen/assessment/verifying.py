"""Computing a result again from its manifest and frozen files, and saying exactly what differs.

Nothing is trusted but the bytes: the files against their digests, the scheme against its own, the integers against the
files, the scores against the integers, the ledger position against the signed checkpoint. Without a database.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from dengwen.assessment.engines import DEFAULT, EngineError, engine_of
from dengwen.assessment.manifest import (
    FORMAT,
    exclusions_in,
    organs_in,
    past_of,
    period_of,
    recount,
    scheme_of,
    text_of,
)
from dengwen.assessment.tables import EXCLUSIONS, FACTS, FILES, ORGANS, PAST, sha256_of
from dengwen.law.errors import PackError
from dengwen.law.indicators import Scheme
from dengwen.law.indicators_scoring import canonical_json
from dengwen.merkle.checkpoint import Checkpoint
from dengwen.merkle.note import VerifierKey, open_note, split_note
from dengwen.merkle.rejected import RejectedError

WORDS = {FACTS: ("事实", "facts"), ORGANS: ("被考核单位", "organs"), EXCLUSIONS: ("排除", "exclusions"),
         PAST: ("以往的事实", "past facts")}  # fmt: skip
PARTS = {
    "counts": ("整数", "integers"), "watches": ("观察数", "watched integers"), "effects": ("排除的影响", "effect of exclusions"),
    "past_watches": ("以往的观察数", "watched integers of the past"), "flags": ("异常提示", "flags"),
}  # fmt: skip
FIGURE = ("ratio", "low", "high", "points", "weight", "standing", "rank", "numerator", "denominator", "total", "good",
          "counted", "covered", "saturated", "alike")  # fmt: skip
MOST_NAMED = 20


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as the manifest says: `what` is a stable word, then the sentence in both languages."""

    what: str
    where: str
    zh: str
    en: str


@dataclass(frozen=True)
class Verdict:
    """What verification found: without differences the result follows from the frozen facts, byte for byte."""

    differences: tuple[Difference, ...]
    digest: str
    position: int
    signed_by: tuple[str, ...]

    @property
    def sound(self) -> bool:
        """Whether everything is as the manifest says."""
        return not self.differences


def verify(path: Path, keys: Sequence[VerifierKey] = (), engine: str = DEFAULT) -> Verdict:
    """Verify a manifest with the files beside it, counted by an engine (`engines.ENGINES`).

    `keys` are the public keys the asker trusts (else those inside). Raises `ValueError` where the file is no manifest
    at all or the engine is not there, `OSError` where it cannot be read.
    """
    engine_of(engine)
    text = path.read_bytes().rstrip(b"\n")
    said = _manifest(text)
    found = list(_files(path.parent, said))
    scheme, wrong = _scheme(said)
    ledger, signed_by = _ledger(said, keys)
    found += [*wrong, *ledger]
    if scheme is not None and not any(d.what == "missing" for d in found):
        found += _contents(path.parent, said, scheme, engine)
    if text != text_of(said):
        found.append(Difference("form", path.name, "清单不是规范写法", "the manifest is not in canonical form"))
    return Verdict(tuple(found), hashlib.sha256(text).hexdigest(), int(said["ledger"]["size"]), signed_by)


def _manifest(text: bytes) -> dict[str, Any]:
    said = json.loads(text)
    if not isinstance(said, dict) or said.get("format") != FORMAT:
        raise ValueError(f"不是考核清单 / no manifest of an assessment ({FORMAT})")
    needed = {"scheme", "period", "population", "exclusions", "files", "ledger", "counts", "scores", "past"}
    missing = needed - set(said)
    if missing:
        raise ValueError(f"清单缺少 / the manifest lacks {sorted(missing)}")
    return said


def _files(folder: Path, said: Mapping[str, Any]) -> Iterator[Difference]:
    for name in FILES:
        zh, en = WORDS[name]
        if not (folder / name).is_file():
            yield Difference("missing", name, f"缺少{zh}文件", f"the file of {en} is missing")
        elif sha256_of(folder / name) != said["files"].get(name):
            yield Difference(en, name, f"{zh}文件与清单上的摘要不符", f"the file of {en} is not the one of the manifest")


def _scheme(said: Mapping[str, Any]) -> tuple[Scheme | None, list[Difference]]:
    try:
        scheme = scheme_of(said["scheme"]["body"])
    except (PackError, ValueError, KeyError, TypeError) as error:
        return None, [Difference("scheme", "scheme.body", f"方案读不出：{error}", f"the scheme cannot be read: {error}")]
    if scheme.digest != said["scheme"].get("sha256"):
        zh, en = "方案（指标或者权重）与其摘要不符", "the scheme (indicators or weights) does not have its digest"
        return scheme, [Difference("scheme", "scheme.body", zh, en)]
    return scheme, []


def _ledger(said: Mapping[str, Any], keys: Sequence[VerifierKey]) -> tuple[list[Difference], tuple[str, ...]]:
    """Compare the position with the checkpoint, and the checkpoint with the keys."""
    ledger = said["ledger"]
    if not ledger.get("checkpoint"):
        return [], ()
    try:
        head = Checkpoint.parse(split_note(ledger["checkpoint"])[0])
        known = list(keys) or [VerifierKey.parse(k) for k in ledger.get("keys", ())]
        note = open_note(ledger["checkpoint"], known) if known else None
    except RejectedError as error:
        zh, en = f"检查点的签名不成立：{error}", f"the checkpoint's signature does not hold: {error}"
        return [Difference("ledger", "ledger.checkpoint", zh, en)], ()
    found = []
    if (head.origin, head.size, head.root.hex()) != (ledger["origin"], ledger["size"], ledger["root"]):
        zh = f"存证位置 {ledger['size']} 与签名的检查点（{head.size}）不符"
        en = f"ledger position {ledger['size']} is not that of the signed checkpoint ({head.size})"
        found.append(Difference("ledger", "ledger.size", zh, en))
    return found, tuple(s.key.name for s in note.signatures) if note else ()


def _contents(folder: Path, said: Mapping[str, Any], scheme: Scheme, engine: str) -> list[Difference]:
    """Compare what the files hold, and what follows from them, with what the manifest says."""
    try:
        found = list(_tables(folder, said))
        anew = recount(folder, scheme, period_of(said), engine, past_of(said))
    except EngineError:
        raise
    except (duckdb.Error, sqlite3.Error, pa.ArrowException, ValueError, KeyError, TypeError) as error:
        return [Difference("facts", FACTS, f"冻结的文件读不出：{error}", f"a frozen file cannot be read: {error}")]
    for part in PARTS:
        found += _integers(part, said.get(part), anew[part])
    scores = canonical_json(anew["scores"])
    if canonical_json(said["scores"]) != scores:
        found += _scores(said["scores"], anew["scores"])
    elif said.get("scores_sha256") != anew["scores_sha256"]:
        zh, en = "得分的摘要与得分不符", "the digest of the scores is not theirs"
        found.append(Difference("scores", "scores_sha256", zh, en))
    return found


def _tables(folder: Path, said: Mapping[str, Any]) -> Iterator[Difference]:
    if [asdict(o) for o in organs_in(folder)] != said["population"]:
        zh, en = "清单上的被考核单位与文件不符", "the population of the manifest is not that of the file"
        yield Difference("organs", "population", zh, en)
    held = [asdict(e) for e in exclusions_in(folder)]
    for one in _unlike(said["exclusions"], held):
        fact = one.get("fact")
        zh, en = f"清单和文件不一致：事实 {fact} 的排除", f"exclusion of fact {fact}: manifest and file differ"
        yield Difference("exclusions", f"exclusions {fact}", zh, en)


def _unlike(first: Sequence[Any], second: Sequence[Any]) -> list[Any]:
    return [x for x in first if x not in second] + [x for x in second if x not in first]


def _integers(part: str, said: Any, anew: Sequence[Any]) -> list[Difference]:  # noqa: ANN401  # whatever JSON holds
    if said == anew:
        return []
    zh, en = PARTS[part]
    listed = said if isinstance(said, list) else []
    found = []
    for row in [r for r in anew if r not in listed][:MOST_NAMED]:
        of = row.get("indicator", row.get("watch")) if isinstance(row, dict) else row[1]
        organ, name = (row["organ"], of) if isinstance(row, dict) else (row[0], of)
        found.append(
            Difference("integers", f"{part} {organ} {name}", f"{zh}不符：机关 {organ}、指标 {name}，应为 {row}",
                       f"{en} differ: organ {organ}, indicator {name}, should be {row}")
        )  # fmt: skip
    more = Difference("integers", part, f"{zh}有多出的行", f"{en}: there are more rows than the facts give")
    return found or [more]


def _scores(said: Any, anew: Mapping[str, Any]) -> list[Difference]:  # noqa: ANN401  # whatever JSON holds
    """Name the figures and totals that are not what the integers give."""
    found = []
    for part in ("figures", "totals"):
        listed = said.get(part, []) if isinstance(said, dict) else []
        held = {(r.get("organ"), r.get("indicator")): r for r in listed if isinstance(r, dict)}
        for row in anew[part]:
            key = row["organ"], row.get("indicator")
            wrong = [n for n in row if held.get(key, {}).get(n) != row[n]]
            if wrong:
                place = f"{part} {row['organ']} {row.get('indicator', '')}".strip()
                found.append(Difference("scores", place, f"得分不符：{'、'.join(wrong)}", f"differs: {', '.join(wrong)}"))
    rest = Difference("scores", "scores", "得分与整数算出的不同", "the scores are not those of the integers")
    return found[:MOST_NAMED] or [rest]
