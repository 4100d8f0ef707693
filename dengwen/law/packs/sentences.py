"""Which sentences of the procedure the packs carry, and what shows it.

`packs/sentences.toml` lists every sentence of the procedure (sections 1–12 and 14 of the
description of the law, ids P1.1 …) and of articles 1–20 of the responsibility rules (sections
S1–S20, ids S1.1 …) in words of its own, with the acts, duties, documents … that carry it, or with
the reason why nothing does yet:

    [[sentence]]
    id = "P2.1"
    section = "2"
    item = 1
    zh = "收到的每一件都登记"
    en = "every matter received is registered"
    acts = ["petition.register"]

A scenario (`sentence = ["P2.1"]`) or a test (`@pytest.mark.sentence("P2.1")`) says that it shows
the sentence.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dengwen.law.errors import PackError
from dengwen.law.packs.library import Library
from dengwen.law.packs.pack import Pack, read_toml
from dengwen.law.scenarios.scenario import Outcome

SENTENCES_FILE = "sentences.toml"
SECTIONS = {"acts": "act", "duties": "duty", "documents": "document", "states": "state"}
"""Keys whose ids are `procedure.entry`, with the section of a pack that holds them."""
CARRIERS = (*SECTIONS, "fields", "clocks", "tables", "modules")
"""Keys that name what carries a sentence: entries of packs, then tables and modules of the
house."""
SENTENCE_KEYS = {"id", "section", "item", "zh", "en", "why", "packs", *CARRIERS}


@dataclass(frozen=True)
class Sentence:
    """One sentence: its place (section, and which item of it), our words, what carries it, or why
    nothing shows it.

    `packs` limits the entries named to these packs; empty means any. `why` is a pair zh, en, empty
    where not needed.
    """

    id: str
    section: str
    item: int
    zh: str
    en: str
    carriers: Mapping[str, tuple[str, ...]]
    packs: tuple[str, ...] = ()
    why: tuple[str, str] = ("", "")

    @property
    def carried(self) -> bool:
        """Whether anything in the packs or the house carries it."""
        return bool(self.carriers)


@dataclass(frozen=True)
class SentenceLine:
    """A sentence with the scenarios and tests that ran for it and passed."""

    sentence: Sentence
    scenarios: tuple[str, ...]
    tests: tuple[str, ...]

    @property
    def answered(self) -> bool:
        """Whether something that passed shows it, or it says why nothing does."""
        return bool(self.scenarios or self.tests or self.sentence.why[0])


def _refuse(entry: str, zh: str, en: str) -> PackError:
    return PackError(
        "unknown-word",
        file=SENTENCES_FILE,
        entry=entry,
        zh=zh,
        en=en,
        mend_zh="改用：" + "、".join(sorted(SENTENCE_KEYS)),
        mend_en="use: " + ", ".join(sorted(SENTENCE_KEYS)),
    )


def read_sentences(root: Path) -> list[Sentence]:
    """Read the sentences below `root`; PackError for an unknown key, a missing one or an id that
    comes twice."""
    found: dict[str, Sentence] = {}
    for raw in read_toml(root / SENTENCES_FILE).get("sentence", []):
        sentence = _sentence(raw)
        if sentence.id in found:
            raise _refuse(sentence.id, "编号重复", "the id comes twice")
        found[sentence.id] = sentence
    return list(found.values())


def _sentence(raw: Mapping[str, Any]) -> Sentence:
    """Read one sentence; PackError for an unknown key or a missing one."""
    name = str(raw.get("id", "?"))
    if strange := sorted(set(raw) - SENTENCE_KEYS):
        raise _refuse(name, f"不认识的词“{strange[0]}”", f"unknown word “{strange[0]}”")
    if missing := sorted({"id", "section", "item", "zh", "en"} - set(raw)):
        raise _refuse(name, f"缺“{missing[0]}”", f"“{missing[0]}” is missing")
    why = raw.get("why", {})
    return Sentence(
        name,
        raw["section"],
        raw["item"],
        raw["zh"],
        raw["en"],
        {key: tuple(raw[key]) for key in CARRIERS if raw.get(key)},
        tuple(raw.get("packs", ())),
        (str(why.get("zh", "")), str(why.get("en", ""))),
    )


def sentence_lines(
    root: Path, outcomes: Iterable[Outcome], tests: Mapping[str, Iterable[str]]
) -> list[SentenceLine]:
    """Return every sentence with the scenarios (that passed just now) and the tests (of the last
    run) that show it.

    `tests` maps a test that passed to the sentences it declares. A sentence with a failing scenario
    lists no scenario.
    """
    played, tested = _played_for(outcomes), _tested_for(tests)
    return [
        SentenceLine(
            sentence,
            tuple(played.get(sentence.id, ())),
            tuple(sorted(tested.get(sentence.id, ()))),
        )
        for sentence in read_sentences(root)
    ]


def _played_for(outcomes: Iterable[Outcome]) -> dict[str, list[str]]:
    """Return the scenarios by the sentences they are for; none where a scenario for the sentence
    failed."""
    failed: set[str] = set()
    found: dict[str, list[str]] = {}
    for outcome in outcomes:
        if not outcome.passed:
            failed.update(outcome.sentences)
        for sentence in dict.fromkeys(outcome.sentences):
            found.setdefault(sentence, []).append(f"{outcome.file}: {outcome.title}")
    return {sentence: shown for sentence, shown in found.items() if sentence not in failed}


def _tested_for(tests: Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
    """Return the tests by the sentences they declare."""
    found: dict[str, list[str]] = {}
    for test, sentences in tests.items():
        for sentence in set(sentences):
            found.setdefault(sentence, []).append(test)
    return found


def as_dict(lines: Iterable[SentenceLine]) -> list[dict[str, Any]]:
    """Return the lines as plain data."""
    return [
        {
            "id": line.sentence.id,
            "section": line.sentence.section,
            "zh": line.sentence.zh,
            "en": line.sentence.en,
            **_plain_carriers(line.sentence),
            "why": {"zh": line.sentence.why[0], "en": line.sentence.why[1]}
            if line.sentence.why[0]
            else None,
            "scenarios": list(line.scenarios),
            "tests": list(line.tests),
        }
        for line in lines
    ]


def _plain_carriers(sentence: Sentence) -> dict[str, list[str]]:
    return {key: list(ids) for key, ids in sentence.carriers.items()}


def unshown(lines: Iterable[SentenceLine]) -> list[str]:
    """Return the ids that nothing shows and that do not say why."""
    return [line.sentence.id for line in lines if not line.answered]


def unknown_ids(library: Library, sentence: Sentence) -> list[str]:
    """Return what a sentence names that no pack (of those it is limited to) states."""
    packs = [p for p in library.packs if not sentence.packs or p.id in sentence.packs]
    known: dict[str, set[str]] = {key: set() for key in (*SECTIONS, "fields")}
    for pack in packs:
        for key, ids in _stated(pack):
            known[key].add(ids)
    known["clocks"] = {clock for clock, (_, pack) in library.clocks.items() if pack in packs}
    strange = sorted(set(sentence.packs) - {p.id for p in packs})
    for key, stated in known.items():
        strange += [
            f"{key}: {name}" for name in sentence.carriers.get(key, ()) if name not in stated
        ]
    return strange


def _stated(pack: Pack) -> Iterator[tuple[str, str]]:
    """Yield the key and the id of every entry and field a pack states, as sentences name them."""
    for kind, raw in pack.kinds.items():
        for key, section in SECTIONS.items():
            for entry in raw.entries[section]:
                yield key, f"{kind}.{entry['id']}"
        for act in raw.entries["act"]:
            for field in (*act.get("fields", ()), *act.get("more", {}).get("fields", ())):
                yield "fields", f"{kind}.{act['id']}.{field['name']}"
