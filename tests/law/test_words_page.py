"""docs/how-to/lawyer/packs.*.md explain every word a pack may use, in both languages."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from dengwen.law import build, elsewhere, pack, reading, scenarios, words

ROOT = Path(__file__).resolve().parents[2]
PAGES = ROOT / "docs" / "how-to" / "lawyer"
CHINESE, ENGLISH = ((PAGES / f"packs.{language}.md").read_text(encoding="utf-8") for language in ("zh", "en"))

VOCABULARY = {
    "units": words.UNITS,
    "terms": words.TERM_KEYS,
    "periods": words.PERIODS,
    "field types": words.FIELD_TYPES,
    "data classes": words.DATA_CLASSES,
    "by": words.BY,
    "holders": words.HOLDERS,
    "whose": words.OF,
    "applies": words.APPLIES,
    "capacities": words.CAPACITIES,
    "parties": words.PARTY_ROLES,
    "links": words.LINKS,
    "states": (words.OPENING_STATE, words.ANY_STATE, words.EVERY_STATE, words.KEEP_STATE),
    "pack": pack.PACK_KEYS,
    "instrument": pack.INSTRUMENT_KEYS,
    "kind": pack.KIND_KEYS,
    "remove": pack.REMOVE_KEYS,
    "calendar": pack.CALENDAR_KEYS,
    "sections": pack.SECTIONS,
    "basis": reading.BASIS_KEYS,
    "laying": reading.LAYING_KEYS,
    "field": build.FIELD_KEYS,
    "act": build.ACT_KEYS,
    "clock": build.CLOCK_KEYS,
    "duty": build.DUTY_KEYS,
    "document": build.DOCUMENT_KEYS,
    "state": build.STATE_KEYS,
    "fact": build.FACT_KEYS,
    "interpretation": build.INTERPRETATION_KEYS,
    "extension": build.EXTENSION_KEYS,
    "exclusion": build.EXCLUSION_KEYS,
    "cap": build.CAP_KEYS,
    "limit": build.LIMIT_KEYS,
    "option": build.OPTION_KEYS,
    "closed_by": build.CLOSED_BY_KEYS,
    "scenario": scenarios.SCENARIO_KEYS,
    "count": scenarios.COUNT_KEYS,
    "force": scenarios.FORCE_KEYS,
    "scenario act": scenarios.ACT_KEYS,
    "expect": scenarios.EXPECT_KEYS,
    "elsewhere": elsewhere.ELSEWHERE_KEYS,
    "codes": {
        tomllib.loads(p.read_text(encoding="utf-8"))["code"]
        for p in (ROOT / "packs" / "bad").glob("*/expect.toml")
    },
}


def explained(text: str) -> set[str]:
    """Every word in code marks, also those a longer piece of code begins with (`replaces = true`)."""
    prose = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    return {piece for code in re.findall(r"`([^`]+)`", prose) for piece in (code, code.split(" ")[0])}


@pytest.mark.parametrize("page", [CHINESE, ENGLISH], ids=["zh", "en"])
@pytest.mark.parametrize("group", VOCABULARY)
def test_each_word_is_explained(group: str, page: str) -> None:
    assert set(VOCABULARY[group]) - explained(page) == set()


def test_codes_of_refusal_in_scenarios_are_explained() -> None:
    used = {
        a["refused"]
        for _, e in scenarios.read_scenarios(ROOT / "packs")
        for a in e.get("acts", ())
        if "refused" in a
    }
    assert len(used) > 10
    assert used <= explained(CHINESE) & explained(ENGLISH)
