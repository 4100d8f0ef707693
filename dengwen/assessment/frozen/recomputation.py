"""Computing a result again from its manifest and frozen files, and saying exactly what differs.

Nothing is trusted but the bytes: the files against their digests, every fact against its mark, the
scheme against its
own, the integers against the files, the scores against the integers, rulings against the facts,
every section against
the digest that the act of freezing keeps, the ledger position against the signed checkpoint.
Without a database; what
only the ledger can show is said beside the result. One organ's part is verified in the same way.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from json import loads
from pathlib import Path
from typing import Any, TypeVar

import duckdb
import pyarrow as pa

from dengwen.assessment.engines import DEFAULT, EngineError, engine_of
from dengwen.assessment.frozen.fact_check import fact_differences, ruling_differences
from dengwen.assessment.frozen.frozen_tables import (
    EXCLUSIONS,
    FACTS,
    FILES,
    MARKS,
    ORGANS,
    PAST,
    sha256_of,
)
from dengwen.assessment.frozen.manifest import (
    FORMAT,
    code,
    decided,
    digest_of,
    exclusions_in,
    organs_in,
    past_of,
    period_of,
    recount,
    scheme_of,
    text_of,
)
from dengwen.assessment.frozen.manifest_check import (
    Difference,
    ledger_differences,
    sealed_differences,
)
from dengwen.assessment.frozen.manifest_digest import COMMON, HEAD, LISTS, head_digest, left_out
from dengwen.law.errors import PackError
from dengwen.law.indicators.indicator import Scheme
from dengwen.law.indicators.score import canonical_json
from dengwen.merkle.note import VerifierKey

WORDS = {
    FACTS: ("事实", "facts"),
    ORGANS: ("被考核单位", "organs"),
    EXCLUSIONS: ("排除", "exclusions"),
    PAST: ("以往的事实", "past facts"),
    MARKS: ("事实的标记", "marks of facts"),
}
PARTS = {
    "counts": ("整数", "integers"),
    "watches": ("观察数", "watched integers"),
    "effects": ("排除的影响", "effect of exclusions"),
    "past_watches": ("以往的观察数", "watched integers of the past"),
    "flags": ("异常提示", "flags"),
}
AMONG = frozenset({"rank", "alike", "saturated"})
"""What is said of a figure among others: it cannot be computed from one organ's part."""
MOST_NAMED = 20
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Note:
    """Something that is no difference and has to be known with the result, in both languages."""

    what: str
    zh: str
    en: str


@dataclass(frozen=True)
class Verdict:
    """What verification found: without differences the result follows from the frozen facts, byte
    for byte.

    `part_of` is the organ whose part this is, None for the whole; `notes` say what this proves only
    with more.
    """

    differences: tuple[Difference, ...]
    digest: str
    position: int
    signed_by: tuple[str, ...]
    notes: tuple[Note, ...] = ()
    part_of: int | None = None

    @property
    def sound(self) -> bool:
        """Whether everything is as the manifest says."""
        return not self.differences


def verify(
    path: Path, keys: Sequence[VerifierKey] = (), engine: str = DEFAULT, digest: str = ""
) -> Verdict:
    """Verify a manifest with the files beside it, counted by an engine (`engines.ENGINES`).

    `keys` are the public keys the asker trusts (else those inside), `digest` the one that was
    circulated. Raises
    `ValueError` where the file is no manifest at all or the engine is not there, `OSError` where it
    cannot be read.
    """
    engine_of(engine)
    text = path.read_bytes().rstrip(b"\n")
    return _verdict(path, text, _manifest(text), keys, engine, digest)


def _verdict(
    path: Path,
    text: bytes,
    said: Mapping[str, Any],
    keys: Sequence[VerifierKey],
    engine: str,
    digest: str,
) -> Verdict:
    """Verify every section, each on its own: one that cannot be read is a difference, and the
    others are compared."""
    found: list[Difference] = []
    _read(found, "files", lambda: found.extend(_files(path.parent, said)), None)
    no_scheme: tuple[Scheme | None, list[Difference]] = (None, [])
    nobody: tuple[list[Difference], tuple[str, ...]] = ([], ())
    scheme, wrong = _read(found, "scheme", lambda: _scheme(said), no_scheme)
    ledger, signed_by = _read(
        found, "ledger", lambda: ledger_differences(said["ledger"], keys), nobody
    )
    found += [*wrong, *ledger]
    _read(found, "sections", lambda: found.extend(sealed_differences(said)), None)
    if scheme is not None and not any(d.what == "missing" for d in found):
        found += _read(found, "contents", lambda: _contents(path.parent, said, scheme, engine), [])
    if text != text_of(said):
        found.append(
            Difference(
                "form", path.name, "清单不是规范写法", "the manifest is not in canonical form"
            )
        )
    held = _read(
        found, "digest", lambda: head_digest(said) if "part_of" in said else digest_of(said), ""
    )
    if digest and digest != held:
        zh, en = (
            f"清单的摘要是 {held}，不是给出的那个",
            f"the manifest has the digest {held}, not the one given",
        )
        found.append(Difference("digest", path.name, zh, en))
    none: tuple[Note, ...] = ()
    notes = _read(found, "code", lambda: (*_notes(said, keys, digest), *_code(said)), none)
    position = _read(found, "ledger.size", lambda: int(said["ledger"]["size"]), -1)
    return Verdict(tuple(found), held, position, signed_by, notes, said.get("part_of"))


def _read(found: list[Difference], section: str, read: Callable[[], _T], otherwise: _T) -> _T:
    """Return what is read of a section; where it is not built as it should be, note that and return
    `otherwise`.

    The exception is named by its class alone: its text may quote what the section holds.
    """
    try:
        return read()
    except EngineError:
        raise
    except Exception as error:  # noqa: BLE001  # a verifier says what is wrong and goes on to the next section
        why = type(error).__name__
        zh, en = (
            f"这一部分读不出（{why}），其余的照常核对",
            f"this section cannot be read ({why}); the others were compared",
        )
        found.append(Difference("unreadable", section, zh, en))
        return otherwise


def _manifest(text: bytes) -> dict[str, Any]:
    said = loads(text)
    if not isinstance(said, dict) or said.get("format") != FORMAT:
        raise ValueError(f"不是考核清单 / no manifest of an assessment ({FORMAT})")
    missing = {*HEAD, *COMMON, *LISTS, "files", "scores", "sections", "salts", "rows"} - set(said)
    if missing:
        raise ValueError(f"清单缺少 / the manifest lacks {sorted(missing)}")
    return said


def _files(folder: Path, said: Mapping[str, Any]) -> Iterator[Difference]:
    for name in FILES:
        zh, en = WORDS[name]
        if not (folder / name).is_file():
            yield Difference("missing", name, f"缺少{zh}文件", f"the file of {en} is missing")
        elif sha256_of(folder / name) != said["files"].get(name):
            yield Difference(
                en,
                name,
                f"{zh}文件与清单上的摘要不符",
                f"the file of {en} is not the one of the manifest",
            )


def _scheme(said: Mapping[str, Any]) -> tuple[Scheme | None, list[Difference]]:
    try:
        scheme = scheme_of(said["scheme"]["body"])
    except (PackError, ValueError, KeyError, TypeError) as error:
        return None, [
            Difference(
                "scheme",
                "scheme.body",
                f"方案读不出：{error}",
                f"the scheme cannot be read: {error}",
            )
        ]
    found = []
    if scheme.digest != said["scheme"].get("sha256"):
        zh, en = (
            "方案（指标或者权重）与其摘要不符",
            "the scheme (indicators or weights) does not have its digest",
        )
        found.append(Difference("scheme", "scheme.body", zh, en))
    held = {row[0]: row[1:] for row in said["weights"]}
    now = {one.id: [str(one.weight), one.floor] for one in scheme.indicators}
    names = {one.id: one for one in scheme.indicators}
    for name in sorted(held.keys() | now.keys()):
        was, is_now = held.get(name, ["—", "—"]), now.get(name, ["—", "—"])
        words = (names[name].zh, names[name].en) if name in names else (name, name)
        for place, (what, zh, en) in enumerate(
            (("weight", "权重", "weight"), ("floor", "最低数量", "floor"))
        ):
            if was[place] != is_now[place]:
                found.append(
                    Difference(
                        what,
                        f"weights {name}",
                        f"指标“{words[0]}”（{name}）的{zh}：冻结时 {was[place]}，方案正文 {is_now[place]}",
                        f"{en} of indicator “{words[1]}” ({name}): "
                        f"{was[place]} when frozen, {is_now[place]} in the scheme",
                    )
                )
    return scheme, found


def _contents(
    folder: Path, said: Mapping[str, Any], scheme: Scheme, engine: str
) -> list[Difference]:
    """Compare what the files hold, and what follows from them, with what the manifest says."""
    try:
        found = [
            *_tables(folder, said),
            *fact_differences(folder, said, scheme),
            *ruling_differences(folder, said),
        ]
        anew = recount(folder, scheme, period_of(said), engine, past_of(said))
    except EngineError:
        raise
    except (
        duckdb.Error,
        sqlite3.Error,
        pa.ArrowException,
        ValueError,
        KeyError,
        TypeError,
    ) as error:
        return [
            Difference(
                "facts",
                FACTS,
                f"冻结的文件读不出：{error}",
                f"a frozen file cannot be read: {error}",
            )
        ]
    part = "part_of" in said
    for name in PARTS:
        if not (part and name == "flags"):
            found += _integers(name, said.get(name), anew[name])
    if said["exclusions"] != anew["exclusions"]:
        found += _effects(said["exclusions"], anew["exclusions"])
    if part:
        return found + _scores(said["scores"], anew["scores"], AMONG)
    if canonical_json(said["scores"]) != canonical_json(anew["scores"]):
        found += _scores(said["scores"], anew["scores"])
    elif said.get("scores_sha256") != anew["scores_sha256"]:
        zh, en = "得分的摘要与得分不符", "the digest of the scores is not theirs"
        found.append(Difference("scores", "scores_sha256", zh, en))
    return found


def _tables(folder: Path, said: Mapping[str, Any]) -> Iterator[Difference]:
    if [asdict(o) for o in organs_in(folder)] != said["population"]:
        zh, en = (
            "清单上的被考核单位与文件不符",
            "the population of the manifest is not that of the file",
        )
        yield Difference("organs", "population", zh, en)
    _corrected, listed = decided(said)
    held = [asdict(e) for e in exclusions_in(folder)]
    for one in _unlike(listed, held):
        where = f"exclusions {one['fact']}"
        zh = (
            f"清单和文件不一致：第 {one['number']} 项排除，事实 {one['fact']}，依据 {one['clause']}，理由："
            f"{one['reason']}"
        )
        en = (
            f"manifest and file differ: exclusion {one['number']} of fact {one['fact']}, "
            f"clause {one['clause']}, "
            f"reason: {one['reason']}"
        )
        yield Difference("exclusions", where, zh, en)

    kept = {e["sha256"]: e for e in said["left_out"]}
    here = {e["sha256"]: e for e in left_out(said["exclusions"])}
    for name in sorted(kept.keys() ^ here.keys(), key=lambda n: (kept.get(n) or here[n])["number"]):
        one, gone = kept.get(name) or here[name], name in kept
        zh = (
            f"第 {one['number']} 项排除（事实 {one['fact']}，依据 {one['clause']}）"
            f"{'被删去或者改动' if gone else '不是冻结时的'}"
        )
        en = (
            f"exclusion {one['number']} (fact {one['fact']}, clause {one['clause']}): "
            f"{'taken out or changed' if gone else 'not what was frozen'}"
        )
        yield Difference("exclusions", f"exclusions {one['fact']}", zh, en)


def _unlike(first: Sequence[Any], second: Sequence[Any]) -> list[Any]:
    return [x for x in first if x not in second] + [x for x in second if x not in first]


def _effects(
    said: Sequence[Mapping[str, Any]], anew: Sequence[Mapping[str, Any]]
) -> Iterator[Difference]:
    """Name the exclusions whose organ or effect is not what the facts give."""
    held = {(e.get("fact"), e.get("indicator"), e.get("number")): e for e in said}
    for one in anew:
        was = held.get((one["fact"], one["indicator"], one["number"]))
        if was is not None and (was.get("organ"), was.get("effect")) != (
            one["organ"],
            one["effect"],
        ):
            where = f"exclusions {one['fact']} effect"
            zh = (
                f"第 {one['number']} 项排除（依据 {one['clause']}）的影响不符，应为 {one['effect']}"
            )
            en = (
                f"effect of exclusion {one['number']} (clause {one['clause']}) differs, should "
                f"be {one['effect']}"
            )
            yield Difference("exclusions", where, zh, en)


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
            Difference(
                "integers",
                f"{part} {organ} {name}",
                f"{zh}不符：机关 {organ}、指标 {name}，应为 {row}",
                f"{en} differ: organ {organ}, indicator {name}, should be {row}",
            )
        )
    more = Difference(
        "integers", part, f"{zh}有多出的行", f"{en}: there are more rows than the facts give"
    )
    return found or [more]


def _scores(
    said: Any,  # noqa: ANN401  # whatever JSON holds
    anew: Mapping[str, Any],
    apart: frozenset[str] = frozenset(),
) -> list[Difference]:
    """Name the figures and totals that are not what the integers give, `apart` from some of
    their words."""
    found = []
    for part in ("figures", "totals"):
        listed = said.get(part, []) if isinstance(said, dict) else []
        held = {(r.get("organ"), r.get("indicator")): r for r in listed if isinstance(r, dict)}
        for row in anew[part]:
            key = row["organ"], row.get("indicator")
            wrong = [n for n in row if n not in apart and held.get(key, {}).get(n) != row[n]]
            if wrong:
                place = f"{part} {row['organ']} {row.get('indicator', '')}".strip()
                found.append(
                    Difference(
                        "scores",
                        place,
                        f"得分不符：{'、'.join(wrong)}",
                        f"differs: {', '.join(wrong)}",
                    )
                )
    rest = Difference(
        "scores", "scores", "得分与整数算出的不同", "the scores are not those of the integers"
    )
    return found[:MOST_NAMED] or ([] if apart else [rest])


# --- what has to be known with the result ---------------------------------------------------------
def _notes(said: Mapping[str, Any], keys: Sequence[VerifierKey], digest: str) -> Iterator[Note]:
    if not keys:
        yield Note(
            "key",
            "检查点只按清单自带的公钥核对；用 --key 给出公报或回执上印的公钥",
            "the checkpoint was checked by the key the manifest itself names; "
            "give the printed one with --key",
        )
    if not digest:
        yield Note(
            "digest",
            "没有核对清单是不是冻结时的那一份：连同摘要一起改写的清单也自相一致；"
            "用 --digest 给出通报上印的摘要",
            "not checked that this is the manifest that was frozen: one rewritten with all "
            "its digests agrees "
            "with itself; give the digest printed in the circular with --digest",
        )
    if "part_of" in said:
        yield Note(
            "part",
            "这是一个机关自己的部分：位次、并列、饱和和异常提示要看其他机关，这里只核对它们没有被改动",
            "one organ's own part: place, ties, saturation and flags rest on other organs; "
            "here it is only "
            "checked that they were not changed",
        )
    yield Note(
        "ledger",
        "没有证明的：事实与存证是否一致，要在有数据库的地方按同一位置重新冻结来比较（dengwen assess freeze --at）",
        "not proved: that the facts are those of the ledger; "
        "freeze again at this position where the database "
        "is (dengwen assess freeze --at)",
    )


def _code(said: Mapping[str, Any]) -> Iterator[Note]:
    """Say where the code that computes here is another than the one the result was frozen by."""
    then = said["code"] if isinstance(said["code"], dict) else {}
    now = code(str(then.get("dengwen", "")))
    if then.get("source") == now["source"]:
        return
    held = then.get("sources")
    was: dict[str, Any] = held if isinstance(held, dict) else {}
    files = sorted(n for n in {*was, *now["sources"]} if was.get(n) != now["sources"].get(n))
    shown = ", ".join(files[:MOST_NAMED])
    yield Note(
        "code",
        f"冻结时的程序与这里的不同（{shown}）；以上是用这里的程序重新计算的结果",
        f"the code it was frozen by is not the one here ({shown}); "
        "the above was computed by the code here",
    )
