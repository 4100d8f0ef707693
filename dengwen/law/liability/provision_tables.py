"""How each table of `accountability_rules.toml` is read: known keys, known words, a basis for each.

Nothing is composed here; `provisions` lays what was read over each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from dengwen.law.errors import PackError
from dengwen.law.liability import conduct_words as breaches
from dengwen.law.liability.stated_rules import (
    AbsenceRule,
    AuthorityRule,
    BindingRule,
    CitedRule,
    CombinationRule,
    CountingRule,
    DiligenceItem,
    DiligenceRule,
    DissentRule,
    Entrance,
    HonourRule,
    LineRule,
    MeasureRule,
    OpenListRule,
    PeriodRule,
    ReadingRule,
    RouteRule,
    RouteStep,
    RungRule,
    SumRule,
    TriggerRule,
    UnseenRule,
    Words,
)
from dengwen.law.packs.entry import Entry

SAID = ("id", "zh", "en", "basis")
"""What every entry has: its id, its words, its basis."""


def _said(entry: Entry, *more: str) -> dict[str, Any]:
    """Refuse words the table does not know, and return what every entry has."""
    entry.known((*SAID, *more))
    return {
        "id": entry.text("id"),
        "zh": entry.text("zh"),
        "en": entry.text("en"),
        "basis": entry.basis(),
    }


def _words_of(entry: Entry, key: str, known: Iterable[str]) -> tuple[str, ...]:
    known = tuple(known)
    found = entry.words(key)
    for word in found:
        if word not in known:
            raise _strange(entry, key, word, known)
    return found


def _strange(entry: Entry, key: str, word: str, known: Iterable[str]) -> PackError:
    """Return the refusal of a word that the vocabulary does not have."""
    known = tuple(known)
    return entry.refuse(
        "unknown-word",
        f"{key} 里的“{word}”不在词表内",
        f"“{word}” in {key} is not a known word",
        "改用：" + "、".join(known),
        "use one of: " + ", ".join(known),
    )


def _note(entry: Entry) -> Words:
    inner = entry.table("note", "note")
    return ("", "") if inner is None else (inner.text("zh"), inner.text("en"))


def read_trigger(entry: Entry, pack: str) -> TriggerRule:
    """Read one circumstance, with the pack that states it."""
    said = _said(
        entry,
        "conduct",
        "elements",
        "follows",
        "with_serious",
        "open",
        "partly_seen",
        "of_conduct",
        "who",
        "implements",
        "note",
    )
    conduct = _words_of(entry, "conduct", breaches.CONDUCTS)
    if not conduct:
        raise entry.refuse(
            "missing", "没有写明行为", "no conduct", 'conduct = ["…"]', 'write conduct = ["…"]'
        )
    return TriggerRule(
        **said,
        conduct=conduct,
        elements=_words_of(entry, "elements", breaches.ELEMENTS),
        follows=_words_of(entry, "follows", breaches.CONSEQUENCES),
        with_serious=_words_of(entry, "with_serious", breaches.CONSEQUENCES),
        open=entry.flag("open"),
        partly_seen=entry.flag("partly_seen"),
        of_conduct=_of_conduct(entry, conduct),
        who=entry.choice("who", breaches.WHO, "any"),
        implements=entry.text("implements", ""),
        note=_note(entry),
        pack=pack,
    )


def _of_conduct(entry: Entry, conduct: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """Read what the text asks of one conduct alone: `of_conduct = {shirking = ["claim_due"]}`."""
    inner = entry.table("of_conduct", "of_conduct")
    if inner is None:
        return {}
    inner.known(conduct)
    return {
        name: _words_of(inner, name, breaches.ELEMENTS) for name in conduct if name in inner.raw
    }


def _line(entry: Entry) -> LineRule:
    return LineRule(
        **_said(entry, "ground", "who", "responsibility"),
        ground=entry.choice("ground", breaches.GROUNDS),
        who=entry.choice("who", breaches.PARTS),
        responsibility=entry.choice("responsibility", tuple(breaches.RESPONSIBILITIES)),
    )


def _dissent(entry: Entry) -> DissentRule:
    return DissentRule(
        **_said(entry, "grounds", "stances", "recorded", "major", "effect"),
        grounds=_words_of(entry, "grounds", breaches.GROUNDS),
        stances=_words_of(entry, "stances", breaches.STANCES),
        recorded=entry.flag("recorded"),
        major=entry.flag("major"),
        effect=entry.choice("effect", breaches.DISSENT_EFFECTS),
    )


def _absence(entry: Entry) -> AbsenceRule:
    return AbsenceRule(
        **_said(entry, "who", "effect"),
        who=_words_of(entry, "who", breaches.PARTS),
        effect=entry.choice("effect", breaches.WEIGHED),
    )


def _diligence(entry: Entry) -> DiligenceRule:
    items = []
    for inner in entry.tables("test", "item"):
        inner.known(("id", "zh", "en"))
        name = inner.choice("id", breaches.DILIGENCE_TESTS)
        items.append(DiligenceItem(name, inner.text("zh"), inner.text("en")))
    return DiligenceRule(
        **_said(entry, "grounds", "effect", "test"),
        grounds=_words_of(entry, "grounds", breaches.GROUNDS),
        effect=entry.choice("effect", breaches.WEIGHED),
        test=tuple(items),
    )


def _authority(entry: Entry) -> AuthorityRule:
    entry.choice("id", breaches.DECIDERS)
    return AuthorityRule(
        **_said(entry, "organs", "manages"),
        organs=_words_of(entry, "organs", breaches.ORGAN_WORDS),
        manages=entry.flag("manages"),
    )


def _binding(entry: Entry) -> BindingRule:
    return BindingRule(
        **_said(entry, "law", "groups", "levels", "degree"),
        law=entry.text("law"),
        groups=_words_of(entry, "groups", (*breaches.ORGAN_GROUPS, *breaches.PETITIONERS)),
        levels=_words_of(entry, "levels", breaches.LEVELS),
        degree=entry.choice("degree", breaches.DEGREES),
    )


def _measure(entry: Entry) -> MeasureRule:
    return MeasureRule(
        **_said(entry, "on", "kind", "by", "bound_by", "organs", "removes", "party_members"),
        on=_words_of(entry, "on", breaches.ON),
        kind=entry.choice("kind", tuple(breaches.MEASURE_KINDS)),
        by=entry.choice("by", breaches.DECIDERS),
        bound_by=entry.text("bound_by", ""),
        organs=_words_of(entry, "organs", breaches.ORGAN_GROUPS),
        removes=entry.flag("removes"),
        party_members=entry.flag("party_members"),
    )


def _rung(entry: Entry) -> RungRule:
    return RungRule(
        **_said(entry, "measures", "opens", "comes_with"),
        measures=entry.words("measures"),
        opens=tuple(_entrance(inner) for inner in entry.tables("opens", "opens")),
        comes_with=_words_of(entry, "comes_with", breaches.COMES_WITH),
    )


def _entrance(inner: Entry) -> Entrance:
    """Read one way onto a rung: `{gravity = …}`, `{failed = …}` or `{between = …}`."""
    inner.known(("gravity", "failed", "between"))
    if "gravity" in inner.raw:
        return Entrance("gravity", gravity=inner.choice("gravity", breaches.GRAVITIES))
    if "failed" in inner.raw:
        return Entrance("failed_rectification", failed=inner.text("failed"))
    return Entrance("reasons", least=inner.choice("between", breaches.BETWEEN))


def _honour(entry: Entry) -> HonourRule:
    entry.choice("id", breaches.HONOURS)
    return HonourRule(**_said(entry))


def _open_list(entry: Entry) -> OpenListRule:
    return OpenListRule(
        **_said(entry, "on", "kind", "by", "bound_by", "rung"),
        on=entry.choice("on", breaches.ON),
        kind=entry.choice("kind", tuple(breaches.MEASURE_KINDS)),
        by=entry.choice("by", breaches.DECIDERS),
        bound_by=entry.text("bound_by", ""),
        rung=entry.text("rung", ""),
    )


def _counting(entry: Entry) -> CountingRule:
    return CountingRule(
        **_said(entry, "last_day"), last_day=entry.choice("last_day", breaches.LAST_DAYS)
    )


def _sum(entry: Entry) -> SumRule:
    return SumRule(
        **_said(entry, "order", "most"),
        order=_words_of(entry, "order", breaches.SANCTIONS),
        most=entry.number("most"),
    )


def _unseen(entry: Entry) -> UnseenRule:
    return UnseenRule(**_said(entry))


def _cited(entry: Entry) -> CitedRule:
    return CitedRule(**_said(entry))


def _period(entry: Entry) -> PeriodRule:
    said = _said(entry, "measures", "months", "none", "stated", "follows")
    if entry.flag("none") + ("months" in entry.raw) + ("stated" in entry.raw) != 1:
        raise entry.refuse(
            "bad-term",
            "没有数字的写 none = true，有数字的写 months，由决定写明的写 stated",
            "a number of months, or months stated by the decision, or none = true",
            "写其中一个",
            "write one of them",
        )
    return PeriodRule(
        **said,
        measures=entry.words("measures"),
        months=entry.number("months") if "months" in entry.raw else None,
        stated=_stated(entry),
        follows=entry.text("follows", ""),
    )


def _stated(entry: Entry) -> tuple[int, int] | None:
    """Read between how many months a decision states a period."""
    inner = entry.table("stated", "stated")
    if inner is None:
        return None
    inner.known(("least", "most"))
    return inner.number("least"), inner.number("most")


def _combination(entry: Entry) -> CombinationRule:
    return CombinationRule(
        **_said(entry, "first", "second", "minor", "once"),
        first=entry.choice("first", tuple(breaches.MEASURE_KINDS)),
        second=_words_of(entry, "second", breaches.MEASURE_KINDS),
        minor=entry.flag("minor"),
        once=entry.flag("once"),
    )


def _route(entry: Entry) -> RouteRule:
    said = _said(entry, "kinds", "measures", "statuses", "from", "steps")
    steps = []
    for inner in entry.tables("steps", "step"):
        inner.known(("zh", "en", "apply", "decide"))
        steps.append(
            RouteStep(
                inner.text("zh"),
                inner.text("en"),
                inner.text("apply", ""),
                inner.text("decide", ""),
            )
        )
    return RouteRule(
        **said,
        kinds=_words_of(entry, "kinds", breaches.MEASURE_KINDS),
        measures=entry.words("measures"),
        statuses=_words_of(entry, "statuses", breaches.STATUSES),
        since=entry.day("from"),
        steps=tuple(steps),
    )


def _reading(entry: Entry) -> ReadingRule:
    entry.known(("said", "read", "en", "from", "basis"))
    return ReadingRule(
        entry.text("said"), entry.text("read"), entry.text("en"), entry.day("from"), entry.basis()
    )


NAMED: Mapping[str, tuple[str, Callable[[Entry], Any]]] = {
    "measure": ("measures", _measure),
    "rung": ("rungs", _rung),
    "line": ("lines", _line),
    "dissent": ("dissents", _dissent),
    "absence": ("absences", _absence),
    "diligence": ("diligences", _diligence),
    "authority": ("authorities", _authority),
    "binding": ("bindings", _binding),
    "honour": ("honours", _honour),
    "open_list": ("open_lists", _open_list),
    "counting": ("countings", _counting),
    "sum": ("sums", _sum),
    "unseen": ("unseen", _unseen),
    "cited": ("cited", _cited),
}
"""Tables whose entries are known by their id: where they stand in `Liability`, how one is read."""

LISTED: Mapping[str, tuple[str, Callable[[Entry], Any]]] = {
    "period": ("periods", _period),
    "combination": ("combinations", _combination),
    "route": ("routes", _route),
    "reading": ("readings", _reading),
}
"""Tables that are read in their order."""
