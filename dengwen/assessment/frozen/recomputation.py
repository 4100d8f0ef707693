"""Computing a result again from its manifest and frozen files, and saying exactly what differs.

Nothing is trusted but the bytes: the files against their digests, every fact against its mark, the
scheme against its own, the integers against the files, the scores against the integers, rulings
against the facts, every section against the digest that the act of freezing keeps, the ledger
position against the signed checkpoint. Without a database; what only the ledger can show is said
beside the result. One organ's part is verified in the same way.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
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
from dengwen.assessment.frozen.result_check import result_differences
from dengwen.assessment.frozen.result_notes import Note, notes_of
from dengwen.law.errors import PackError
from dengwen.law.indicators.indicator import Indicator, Scheme
from dengwen.merkle.note import VerifierKey

WORDS = {
    FACTS: ("事实", "facts"),
    ORGANS: ("被考核单位", "organs"),
    EXCLUSIONS: ("排除", "exclusions"),
    PAST: ("以往的事实", "past facts"),
    MARKS: ("事实的标记", "marks of facts"),
}
WEIGHTED = (("weight", "权重", "weight"), ("floor", "最低数量", "floor"))
"""What is listed of every indicator beside the scheme, in the order of the list."""
UNREADABLE = (
    duckdb.Error,
    sqlite3.Error,
    pa.ArrowException,
    ValueError,
    KeyError,
    TypeError,
)
"""What is raised over a frozen file that cannot be read."""
_T = TypeVar("_T")


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
    circulated. Raises `ValueError` where the file is no manifest at all or the engine is not there,
    `OSError` where it cannot be read.
    """
    engine_of(engine)
    text = path.read_bytes().rstrip(b"\n")
    return _Verification(path, text, _manifest(text), keys, engine, digest).verdict()


@dataclass(frozen=True)
class _Verification:
    """A manifest being verified section by section: one that cannot be read is a difference, and
    the others are compared."""

    path: Path
    text: bytes
    said: Mapping[str, Any]
    keys: Sequence[VerifierKey]
    engine: str
    digest: str
    found: list[Difference] = field(default_factory=list)

    def verdict(self) -> Verdict:
        """Verify every section and say what differs."""
        said = self.said
        self._compare("files", lambda: _files(self.path.parent, said))
        scheme, of_scheme = self._read_scheme()
        signed_by, of_ledger = self._read_ledger()
        self.found.extend([*of_scheme, *of_ledger])
        self._compare("sections", lambda: sealed_differences(said))
        self._compare_contents(scheme)
        self._compare_form()
        held = self._compare_digest()
        no_notes: tuple[Note, ...] = ()
        notes = self._read("code", self._notes, no_notes)
        position = self._read("ledger.size", lambda: int(said["ledger"]["size"]), -1)
        return Verdict(
            tuple(self.found), held, position, signed_by, notes, part_of=said.get("part_of")
        )

    def _read_scheme(self) -> tuple[Scheme | None, list[Difference]]:
        """Return the scheme as its text says it, None where it cannot be read, and what is wrong
        with it."""
        nothing: tuple[Scheme | None, list[Difference]] = (None, [])
        return self._read("scheme", lambda: _scheme(self.said), nothing)

    def _read_ledger(self) -> tuple[tuple[str, ...], list[Difference]]:
        """Return who signed the checkpoint of the ledger position, and what is wrong with it."""
        nobody: tuple[list[Difference], tuple[str, ...]] = ([], ())
        wrong, signed_by = self._read(
            "ledger", lambda: ledger_differences(self.said["ledger"], self.keys), nobody
        )
        return signed_by, wrong

    def _compare_contents(self, scheme: Scheme | None) -> None:
        """Compare what the files hold, where all are there and the scheme can be read."""
        if scheme is None or any(difference.what == "missing" for difference in self.found):
            return
        folder = self.path.parent
        self._compare("contents", lambda: _contents(folder, self.said, scheme, self.engine))

    def _compare_form(self) -> None:
        """Compare the bytes with the canonical form."""
        if self.text != text_of(self.said):
            zh, en = "清单不是规范写法", "the manifest is not in canonical form"
            self.found.append(Difference("form", self.path.name, zh, en))

    def _compare_digest(self) -> str:
        """Return the digest of the manifest; compare it with the one given."""
        head_of = head_digest if "part_of" in self.said else digest_of
        held = self._read("digest", lambda: head_of(self.said), "")
        if self.digest and self.digest != held:
            zh = f"清单的摘要是 {held}，不是给出的那个"
            en = f"the manifest has the digest {held}, not the one given"
            self.found.append(Difference("digest", self.path.name, zh, en))
        return held

    def _notes(self) -> tuple[Note, ...]:
        """Return what this verification proves only with more."""
        return tuple(notes_of(self.said, self.keys, self.digest))

    def _compare(self, section: str, compare: Callable[[], Iterable[Difference]]) -> None:
        """Note the differences of a section; where it cannot be read further, those found so far
        stay."""
        self._read(section, lambda: self.found.extend(compare()), None)

    def _read(self, section: str, read: Callable[[], _T], otherwise: _T) -> _T:
        """Return what is read of a section; where it is not built as it should be, note that and
        return `otherwise`.

        The exception is named by its class alone: its text may quote what the section holds.
        """
        try:
            return read()
        except EngineError:
            raise
        except Exception as error:  # noqa: BLE001  # a verifier says what is wrong and goes on to the next section
            why = type(error).__name__
            zh = f"这一部分读不出（{why}），其余的照常核对"
            en = f"this section cannot be read ({why}); the others were compared"
            self.found.append(Difference("unreadable", section, zh, en))
            return otherwise


def _manifest(text: bytes) -> dict[str, Any]:
    """Return a manifest from its text; ValueError where it is none."""
    said = loads(text)
    if not isinstance(said, dict) or said.get("format") != FORMAT:
        raise ValueError(f"不是考核清单 / no manifest of an assessment ({FORMAT})")
    missing = {*HEAD, *COMMON, *LISTS, "files", "scores", "sections", "salts", "rows"} - set(said)
    if missing:
        raise ValueError(f"清单缺少 / the manifest lacks {sorted(missing)}")
    return said


def _files(folder: Path, said: Mapping[str, Any]) -> Iterator[Difference]:
    """Name the files that are missing, and those that are not the frozen ones."""
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
    """Return the scheme of a manifest, None where its text is none, with what is wrong with it."""
    try:
        scheme = scheme_of(said["scheme"]["body"])
    except (PackError, ValueError, KeyError, TypeError) as error:
        zh, en = f"方案读不出：{error}", f"the scheme cannot be read: {error}"
        return None, [Difference("scheme", "scheme.body", zh, en)]
    found = []
    if scheme.digest != said["scheme"].get("sha256"):
        zh = "方案（指标或者权重）与其摘要不符"
        en = "the scheme (indicators or weights) does not have its digest"
        found.append(Difference("scheme", "scheme.body", zh, en))
    return scheme, [*found, *_weights(said["weights"], scheme)]


def _weights(listed: Sequence[Sequence[Any]], scheme: Scheme) -> Iterator[Difference]:
    """Name every indicator whose weight or floor is not the one listed when it was frozen."""
    indicators = {one.id: one for one in scheme.indicators}
    held = {row[0]: row[1:] for row in listed}
    none: Sequence[object] = ["—", "—"]
    for name in sorted(held.keys() | indicators.keys()):
        frozen = held.get(name, none)
        written = none
        if name in indicators:
            indicator = indicators[name]
            written = [str(indicator.weight), indicator.floor]
        for place, weighted in enumerate(WEIGHTED):
            if frozen[place] != written[place]:
                what = *weighted, frozen[place], written[place]
                yield _other_weight(name, indicators.get(name), what)


def _other_weight(
    name: str, indicator: Indicator | None, what: tuple[str, str, str, object, object]
) -> Difference:
    """Say that weight or floor of an indicator is another one: what, in words, then, and now."""
    code, zh, en, was, is_now = what
    name_zh, name_en = (indicator.zh, indicator.en) if indicator else (name, name)
    return Difference(
        code,
        f"weights {name}",
        f"指标“{name_zh}”（{name}）的{zh}：冻结时 {was}，方案正文 {is_now}",
        f"{en} of indicator “{name_en}” ({name}): {was} when frozen, {is_now} in the scheme",
    )


def _contents(
    folder: Path, said: Mapping[str, Any], scheme: Scheme, engine: str
) -> list[Difference]:
    """Compare what the files hold, and what follows from them, with what the manifest says."""
    try:
        found = [
            *_population(folder, said),
            *_exclusions(folder, said),
            *_listed_exclusions(said),
            *fact_differences(folder, said, scheme),
            *ruling_differences(folder, said),
        ]
        anew = recount(folder, scheme, period_of(said), engine, past_of(said))
    except EngineError:
        raise
    except UNREADABLE as error:
        zh, en = f"冻结的文件读不出：{error}", f"a frozen file cannot be read: {error}"
        return [Difference("facts", FACTS, zh, en)]
    return [*found, *result_differences(said, anew)]


def _population(folder: Path, said: Mapping[str, Any]) -> Iterator[Difference]:
    """Compare the organs of the file with those of the manifest."""
    if [asdict(o) for o in organs_in(folder)] != said["population"]:
        zh = "清单上的被考核单位与文件不符"
        en = "the population of the manifest is not that of the file"
        yield Difference("organs", "population", zh, en)


def _exclusions(folder: Path, said: Mapping[str, Any]) -> Iterator[Difference]:
    """Name every exclusion that the manifest and its file do not both hold."""
    _corrected, listed = decided(said)
    held = [asdict(e) for e in exclusions_in(folder)]
    for one in _unlike(listed, held):
        number, fact = one["number"], one["fact"]
        clause, reason = one["clause"], one["reason"]
        zh = f"清单和文件不一致：第 {number} 项排除，事实 {fact}，依据 {clause}，理由：{reason}"
        en = (
            f"manifest and file differ: exclusion {number} of fact {fact}, "
            f"clause {clause}, reason: {reason}"
        )
        yield Difference("exclusions", f"exclusions {fact}", zh, en)


def _listed_exclusions(said: Mapping[str, Any]) -> Iterator[Difference]:
    """Name every exclusion that was taken out or changed since its digest was listed, or added."""
    kept = {e["sha256"]: e for e in said["left_out"]}
    here = {e["sha256"]: e for e in left_out(said["exclusions"])}
    every = {**here, **kept}
    for digest in sorted(kept.keys() ^ here.keys(), key=lambda d: every[d]["number"]):
        one = every[digest]
        number, fact, clause = one["number"], one["fact"], one["clause"]
        if digest in kept:
            what_zh, what_en = "被删去或者改动", "taken out or changed"
        else:
            what_zh, what_en = "不是冻结时的", "not what was frozen"
        zh = f"第 {number} 项排除（事实 {fact}，依据 {clause}）{what_zh}"
        en = f"exclusion {number} (fact {fact}, clause {clause}): {what_en}"
        yield Difference("exclusions", f"exclusions {fact}", zh, en)


def _unlike(first: Sequence[Any], second: Sequence[Any]) -> list[Any]:
    """Return what only one of two lists holds, the first before the second."""
    only_first = [one for one in first if one not in second]
    only_second = [one for one in second if one not in first]
    return only_first + only_second
