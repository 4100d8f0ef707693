"""Rule packs (规则包) on disk: one folder per edition, `family/date/`, one file per procedure.

    packs/national/2022-05-01/pack.toml      what it is, from when, which instruments it cites
    packs/national/2022-05-01/petition.toml  one procedure: states, acts, duties, documents together
    packs/national/2022-05-01/accountability_rules.toml  triggers, measures, rungs, appeals (read by
    `liability`)
    packs/national/2022-05-01/clocks.toml    time limits of procedures not modelled yet
    packs/calendar/2025.toml                 rest days and make-up working days of a year

A pack is read as data here and becomes rules in `library`, where editions and overlays are laid
together.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any

from dengwen.law.errors import PackError
from dengwen.law.packs.entry import FILE_KEY, Entry
from dengwen.law.packs.rules import Instrument
from dengwen.law.time.calendar import Calendar, YearTable, expand
from dengwen.law.time.provisional_years import kept_years

SECTIONS = ("state", "act", "duty", "document", "fact")
PACK_FILE = "pack.toml"
CALENDAR_FOLDER = "calendar"
LIABILITY_FILE = "accountability_rules.toml"
NOT_PROCEDURES = frozenset({PACK_FILE, LIABILITY_FILE})
PROCEDURE_TABLES = frozenset({"kind", "clock", "interpretation", "remove", *SECTIONS})
NOT_PACKS = frozenset({"scenarios", "bad", CALENDAR_FOLDER})
ANY_KIND = "*"
PACK_KEYS = (
    "family",
    "edition",
    "zh",
    "en",
    "from",
    "until",
    "extends",
    "place",
    "verified",
    "note",
)
INSTRUMENT_KEYS = ("id", "zh", "en", "from", "until", "verified", "items", "place")
KIND_KEYS = ("id", "zh", "en", "nobody_told")
REMOVE_KEYS = ("section", "id", "basis")
CALENDAR_KEYS = ("year", "off", "work", "source", "verified", "version")
DAY = "$day"
"""Key of a date in the JSON of a pack, which has no dates of its own."""


@dataclass(frozen=True)
class RawKind:
    """The entries one pack states for one kind, untouched, by section and in the order of the
    text."""

    head: Mapping[str, Any]
    entries: Mapping[str, tuple[Mapping[str, Any], ...]]
    removed: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True)
class Pack:
    """One dated edition of one family, for the whole country or a place (`place` = prefix of
    division codes)."""

    id: str
    family: str
    edition: str
    zh: str
    en: str
    since: date
    until: date | None
    extends: tuple[str, ...]
    place: str
    verified: bool
    note: str
    folder: Path
    instruments: Mapping[str, Instrument]
    kinds: Mapping[str, RawKind] = field(default_factory=dict)
    clocks: tuple[Mapping[str, Any], ...] = ()
    interpretations: tuple[Mapping[str, Any], ...] = ()
    digest: str = ""

    @cached_property
    def text(self) -> str:
        """The pack as canonical JSON, made once: it stands in the rulebooks of many days
        (`stored` reads it)."""
        return json.dumps(
            _plain(_as_dict(self)), ensure_ascii=False, sort_keys=True, separators=(",", ":")
        )

    def covers(self, day: date, place: str) -> bool:
        """Say whether this edition is in force on `day` in the division with code `place`."""
        return (
            self.since <= day
            and (self.until is None or day < self.until)
            and place.startswith(self.place)
        )


def _plain(value: object) -> object:
    if isinstance(value, date):
        return {DAY: value.isoformat()}
    if isinstance(value, Mapping):
        return {k: _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    return value


def _as_dict(pack: Pack) -> dict[str, Any]:
    return {
        "id": pack.id,
        "family": pack.family,
        "edition": pack.edition,
        "zh": pack.zh,
        "en": pack.en,
        "since": pack.since,
        "until": pack.until,
        "extends": pack.extends,
        "place": pack.place,
        "verified": pack.verified,
        "note": pack.note,
        "digest": pack.digest,
        "clocks": pack.clocks,
        "interpretations": pack.interpretations,
        "instruments": {
            k: {
                "id": i.id,
                "zh": i.zh,
                "en": i.en,
                "since": i.since,
                "until": i.until,
                "verified": i.verified,
                "items": i.items,
                "place": i.place,
            }
            for k, i in pack.instruments.items()
        },
        "kinds": {
            k: {"head": r.head, "entries": r.entries, "removed": r.removed}
            for k, r in pack.kinds.items()
        },
    }


def read_toml(path: Path, shown: str = "") -> dict[str, Any]:
    """Read a TOML file; PackError names file (as `shown` says, or its path), line and mend where
    it is not TOML."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PackError(
            "not-toml",
            file=shown or str(path),
            entry="(file)",
            zh=f"不是合格的 TOML：{error}",
            en=f"not valid TOML: {error}",
            mend_zh="按所示行列改正，文件用 UTF-8 编码",
            mend_en="mend the line shown; save as UTF-8",
        ) from None


def load_pack(folder: Path, root: Path) -> Pack:
    """Read one edition folder."""
    raws = _read_files(folder, root)
    name = (folder / PACK_FILE).relative_to(root).as_posix()
    head = _head(raws[name], name)
    since = _first_day(head)
    kinds, clocks, interpretations = _read_procedures(raws)
    return Pack(
        id=folder.relative_to(root).as_posix(),
        family=head.text("family"),
        edition=head.text("edition"),
        zh=head.text("zh"),
        en=head.text("en"),
        since=since,
        until=head.day("until"),
        extends=head.words("extends"),
        place=head.text("place", ""),
        verified=head.flag("verified", True),
        note=head.text("note", ""),
        folder=folder,
        instruments=_instruments(raws[name], name),
        kinds=kinds,
        clocks=tuple(clocks),
        interpretations=tuple(interpretations),
        digest=_digest_of(raws),
    )


def _read_files(folder: Path, root: Path) -> dict[str, dict[str, Any]]:
    """Return what the files of an edition say, by their names below `root`."""
    found = {}
    for path in sorted(folder.glob("*.toml")):
        name = path.relative_to(root).as_posix()
        found[name] = read_toml(path, name)
    return found


def _head(raw: Mapping[str, Any], file: str) -> Entry:
    """Return what an edition says of itself; PackError for a table or a word nobody knows."""
    _only_known(raw, file, {"pack", "instrument"})
    head = Entry(raw.get("pack", {}), "pack", file)
    head.known(PACK_KEYS)
    return head


def _first_day(head: Entry) -> date:
    since = head.day("from")
    if since is None:
        raise head.refuse(
            "missing",
            "没有施行日期",
            "no day of entry into force",
            "写上 from = 2022-05-01",
            "write from = 2022-05-01",
        )
    return since


def _digest_of(raws: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the SHA-256 (hex) of what the files of a pack say."""
    text = json.dumps(raws, sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _instruments(raw: Mapping[str, Any], file: str) -> dict[str, Instrument]:
    found: dict[str, Instrument] = {}
    for table in raw.get("instrument", []):
        entry = Entry(table, "instrument", file)
        entry.known(INSTRUMENT_KEYS)
        found[entry.text("id")] = Instrument(
            entry.text("id"),
            entry.text("zh"),
            entry.text("en"),
            entry.day("from"),
            entry.day("until"),
            entry.flag("verified", True),
            entry.words("items"),
            entry.text("place", ""),
        )
    return found


def _only_known(raw: Mapping[str, Any], file: str, allowed: Collection[str]) -> None:
    """Refuse a table that no reader of packs knows."""
    words = sorted(allowed)
    for key in raw:
        if key not in allowed:
            raise PackError(
                "unknown-word",
                file=file,
                entry=f"[{key}]",
                zh=f"不认识的表“{key}”",
                en=f"unknown table “{key}”",
                mend_zh="改用：" + "、".join(words),
                mend_en="use one of: " + ", ".join(words),
            )


def _read_procedures(
    raws: Mapping[str, Mapping[str, Any]],
) -> tuple[dict[str, RawKind], list[Mapping[str, Any]], list[Mapping[str, Any]]]:
    """Return the kinds, the clocks and the interpretations in the files of procedures."""
    kinds: dict[str, RawKind] = {}
    clocks: list[Mapping[str, Any]] = []
    interpretations: list[Mapping[str, Any]] = []
    for file, raw in raws.items():
        if PurePosixPath(file).name in NOT_PROCEDURES:
            continue
        _only_known(raw, file, PROCEDURE_TABLES)
        clocks += _all_placed(raw, "clock", file)
        interpretations += _all_placed(raw, "interpretation", file)
        if "kind" in raw:
            head = Entry(raw["kind"], "kind", file)
            head.known(KIND_KEYS)
            kinds[head.text("id")] = _raw_kind(raw, file)
        else:
            _refuse_without_kind(raw, file)
    return kinds, clocks, interpretations


def _refuse_without_kind(raw: Mapping[str, Any], file: str) -> None:
    """Refuse acts, duties and their like in a file that does not say of which procedure."""
    if any(section in raw for section in SECTIONS):
        raise PackError(
            "missing",
            file=file,
            entry="(file)",
            zh="有条目而没有 [kind]",
            en="entries without a [kind]",
            mend_zh='在文件开头写 [kind] id = "…"',
            mend_en='begin the file with [kind] id = "…"',
        )


def _raw_kind(raw: Mapping[str, Any], file: str) -> RawKind:
    entries = {section: _all_placed(raw, section, file) for section in SECTIONS}
    return RawKind(_placed(raw["kind"], file), entries, _all_placed(raw, "remove", file))


def _all_placed(raw: Mapping[str, Any], key: str, file: str) -> tuple[dict[str, Any], ...]:
    return tuple(_placed(entry, file) for entry in raw.get(key, []))


def _placed(entry: Mapping[str, Any], file: str) -> dict[str, Any]:
    return {**entry, FILE_KEY: file}


def load_packs(root: Path) -> list[Pack]:
    """Read every edition folder below `root`, in the order of family and date."""
    folders = sorted(
        p.parent for p in root.rglob(PACK_FILE) if not NOT_PACKS & set(p.relative_to(root).parts)
    )
    return [load_pack(f, root) for f in folders]


def load_calendar(root: Path) -> Calendar:
    """Read the years under `root/calendar`, with earlier years from the kept library where no
    notice is held."""
    years = kept_years()
    for path in sorted((root / CALENDAR_FOLDER).glob("*.toml")):
        table = year_table(read_toml(path), path.relative_to(root).as_posix())
        years[table.year] = table
    return Calendar(years)


def year_table(raw: Mapping[str, Any], file: str) -> YearTable:
    """Read the notice of one year; PackError where a day lies outside it or is both off and
    worked."""
    entry = Entry(raw, "calendar", file)
    entry.known(CALENDAR_KEYS)
    year = entry.number("year")
    try:
        off, work = expand(raw.get("off", ())), expand(raw.get("work", ()))
    except ValueError as error:
        raise entry.refuse(
            "not-a-date",
            f"日期写法有误：{error}",
            f"a bad date: {error}",
            '写成 "2025-10-01/2025-10-08"',
            'write "2025-10-01/2025-10-08"',
        ) from None
    strange = [d for d in off | work if d.year != year]
    if strange or off & work:
        bad = min(strange or off & work)
        raise entry.refuse(
            "clash",
            f"{bad} 不属于{year}年，或同时列为放假和上班",
            f"{bad} lies outside {year} or is both off and worked",
            "每一天只列一次，跨年的日子写进它自己的年份",
            "list a day once, in its own year",
        )
    return YearTable(
        year,
        off,
        work,
        entry.text("source"),
        entry.flag("verified", True),
        version=entry.number("version", 1),
    )
