"""Findings that are known and not mended yet, each with its reason: a list that may only shrink."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from dengwen.law.errors import PackError
from dengwen.law.packs.entry import Entry
from dengwen.law.packs.pack import read_toml
from dengwen.law.soundness.defect import Finding

FILE = "open_findings.toml"
KEYS = ("key", "zh", "en")


@dataclass(frozen=True)
class Known:
    """Why a finding stands open."""

    key: str
    zh: str
    en: str


def read_known(folder: Path) -> dict[str, Known]:
    """Read the findings that stand open in a folder of packs; none where it has no such list."""
    path = folder / FILE
    if not path.is_file():
        return {}
    found = {}
    for raw in read_toml(path, FILE).get("open", []):
        entry = Entry(raw, "open", FILE)
        entry.known(KEYS)
        known = Known(entry.text("key"), entry.text("zh"), entry.text("en"))
        found[known.key] = known
    return found


def unknown(findings: Iterable[Finding], known: Mapping[str, Known]) -> list[PackError]:
    """Return the findings that nobody gave a reason for, and the reasons that nothing needs."""
    keys = {finding.key for finding in findings}
    fresh = [finding.error for finding in findings if finding.key not in known]
    return fresh + [_stale(one) for key, one in known.items() if key not in keys]


def _stale(known: Known) -> PackError:
    return PackError(
        "mended",
        file=FILE,
        entry=f"open {known.key}",
        zh="这一条已经不再发现",
        en="this is no longer found",
        mend_zh="从清单里删去：清单只会变短",
        mend_en="remove it: the list only gets shorter",
    )
