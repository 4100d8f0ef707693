"""docs/how-to/lawyer/packs.*.md explain every word a pack may use, in both languages."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from dengwen.law.packs import builder, entry, field_entry, pack, vocabulary
from dengwen.law.scenarios import other_cases, question_scenario, scenario_file

ROOT = Path(__file__).resolve().parents[2]
PAGES = ROOT / "docs" / "how-to" / "lawyer"
CHINESE, ENGLISH = (
    (PAGES / f"packs.{language}.md").read_text(encoding="utf-8") for language in ("zh", "en")
)

VOCABULARY = {
    "units": vocabulary.UNITS,
    "terms": vocabulary.TERM_KEYS,
    "periods": vocabulary.PERIODS,
    "field types": vocabulary.FIELD_TYPES,
    "data classes": vocabulary.DATA_CLASSES,
    "by": vocabulary.BY,
    "holders": vocabulary.HOLDERS,
    "whose": vocabulary.OF,
    "applies": vocabulary.APPLIES,
    "capacities": vocabulary.CAPACITIES,
    "parties": vocabulary.PARTY_ROLES,
    "links": vocabulary.LINKS,
    "states": (
        vocabulary.OPENING_STATE,
        vocabulary.ANY_STATE,
        vocabulary.EVERY_STATE,
        vocabulary.KEEP_STATE,
    ),
    "pack": pack.PACK_KEYS,
    "instrument": pack.INSTRUMENT_KEYS,
    "kind": pack.KIND_KEYS,
    "remove": pack.REMOVE_KEYS,
    "calendar": pack.CALENDAR_KEYS,
    "sections": pack.SECTIONS,
    "basis": entry.BASIS_KEYS,
    "laying": entry.LAYING_KEYS,
    "field": field_entry.FIELD_KEYS,
    "act": builder.ACT_KEYS,
    "clock": builder.CLOCK_KEYS,
    "duty": builder.DUTY_KEYS,
    "document": builder.DOCUMENT_KEYS,
    "state": builder.STATE_KEYS,
    "fact": builder.FACT_KEYS,
    "interpretation": builder.INTERPRETATION_KEYS,
    "extension": builder.EXTENSION_KEYS,
    "exclusion": builder.EXCLUSION_KEYS,
    "cap": builder.CAP_KEYS,
    "limit": builder.LIMIT_KEYS,
    "option": field_entry.OPTION_KEYS,
    "closed_by": builder.CLOSED_BY_KEYS,
    "scenario": scenario_file.SCENARIO_KEYS,
    "count": scenario_file.COUNT_KEYS,
    "force": scenario_file.FORCE_KEYS,
    "scenario act": scenario_file.ACT_KEYS,
    "expect": scenario_file.EXPECT_KEYS,
    "questions": frozenset().union(*question_scenario.QUESTION_KEYS.values()),
    "elsewhere": other_cases.ELSEWHERE_KEYS,
    "codes": {
        tomllib.loads(p.read_text(encoding="utf-8"))["code"]
        for p in (ROOT / "packs" / "bad").glob("*/expect.toml")
    },
}


def explained(text: str) -> set[str]:
    """Every word in code marks, also those a longer piece of code begins with (`replaces =
    true`)."""
    prose = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    return {
        piece for code in re.findall(r"`([^`]+)`", prose) for piece in (code, code.split(" ")[0])
    }


@pytest.mark.parametrize("page", [CHINESE, ENGLISH], ids=["zh", "en"])
@pytest.mark.parametrize("group", VOCABULARY)
def test_each_word_is_explained(group: str, page: str) -> None:
    assert set(VOCABULARY[group]) - explained(page) == set()


def test_codes_of_refusal_in_scenarios_are_explained() -> None:
    used = {
        a["refused"]
        for _, e in scenario_file.read_scenarios(ROOT / "packs")
        for a in e.get("acts", ())
        if "refused" in a
    }
    assert len(used) > 10
    assert used <= explained(CHINESE) & explained(ENGLISH)
