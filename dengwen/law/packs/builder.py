"""Raw pack entries to rules: every key known, every reference typed, every entry with its basis."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from dengwen.law.packs import vocabulary
from dengwen.law.packs.entry import Entry
from dengwen.law.packs.field_entry import build_field, options_of
from dengwen.law.packs.rules import (
    ActRule,
    Cap,
    ClockRule,
    ClosedBy,
    DocumentRule,
    DutyRule,
    Exclusion,
    Extension,
    FactRule,
    Interpretation,
    LimitRule,
    StateRule,
)

ACT_KEYS = (
    "id",
    "zh",
    "en",
    "by",
    "after",
    "to",
    "fields",
    "documents",
    "effects",
    "basis",
    "takes",
    "addresses",
    "within",
    "unless",
    "only_if",
    "never_if",
    "must_be",
    "other_person_than",
    "needs_act",
    "approves",
    "one_of",
    "history",
    "not_twice",
    "needs_closed",
    "needs_open",
    "in_time_for",
    "named_in",
    "must_be_unless",
    "tells",
    "caps",
    "sets",
    "handler",
    "own_hand",
    "two_persons",
    "own_paper",
    "two_persons_if",
    "remedy",
    "unplayed",
)
CLOCK_KEYS = (
    "id",
    "zh",
    "en",
    "actor",
    "starts",
    "basis",
    "term",
    "per",
    "at_least",
    "none",
    "by_field",
    "extension",
    "exclusion",
    "notice",
    "edition",
)
DUTY_KEYS = (
    *CLOCK_KEYS,
    "holder",
    "clock",
    "opens",
    "closes",
    "voids",
    "right",
    "counts_from",
    "where",
    "named_by",
    "close_by_holder",
    "local",
    "of",
    "closed_by",
    "applies",
    "standing",
    "outlives",
    "outlives_basis",
    "ends_with_case",
    "otherwise",
    "continues",
    "stands_still",
    "in_place_of",
    "tells",
    "starts_on",
    "matching",
    "where_not",
    "shared",
    "jointly",
    "alongside",
    "official",
)
CLOSED_BY_KEYS = ("kind", "act", "where", "where_not", "worded", "once")
EXTENSION_KEYS = ("most", "approver", "act", "field", "reason", "basis")
EXCLUSION_KEYS = ("what", "act", "first", "last")
CAP_KEYS = ("field", "most", "where", "basis")
STATE_KEYS = ("id", "zh", "en", "final")
FACT_KEYS = ("id", "zh", "en", "options")
INTERPRETATION_KEYS = ("date", "organ", "question", "answer", "rules", "basis")
DOCUMENT_KEYS = ("id", "number", "zh", "en", "basis", "needs", "layout", "to", "in_law", "limits")
LIMIT_KEYS = ("clock", "where", "from")


def _cap(entry: Entry) -> Cap:
    entry.known(CAP_KEYS)
    return Cap(entry.text("field"), entry.number("most"), entry.conditions("where"), entry.basis())


def _facts_set(entry: Entry) -> dict[str, str]:
    inner = entry.table("sets", "sets")
    return {} if inner is None else {k: str(v) for k, v in inner.raw.items()}


def _pair(entry: Entry, key: str) -> tuple[str, str]:
    inner = entry.table(key, key)
    return ("", "") if inner is None else (inner.text("zh"), inner.text("en"))


def build_act(raw: Mapping[str, Any]) -> ActRule:
    """Read one `[[act]]`."""
    entry = Entry(raw, "act")
    entry.known(ACT_KEYS)
    return _with_consequences(entry, _with_conditions(entry, _bare_act(entry)))


def _bare_act(entry: Entry) -> ActRule:
    """Read who does an act, from which states to which, and what is filled in and issued."""
    return ActRule(
        id=entry.text("id"),
        zh=entry.text("zh"),
        en=entry.text("en"),
        by=entry.choice("by", tuple(vocabulary.BY)),
        basis=entry.basis(),
        after=entry.words("after"),
        to=entry.text("to", vocabulary.KEEP_STATE),
        fields=tuple(build_field(f) for f in entry.tables("fields", "field")),
        documents=entry.words("documents"),
        effects=entry.words("effects"),
        takes=entry.flag("takes"),
        addresses=entry.text("addresses", ""),
    )


def _with_conditions(entry: Entry, rule: ActRule) -> ActRule:
    """Read under which conditions an act is possible."""
    return replace(
        rule,
        within=entry.text("within", ""),
        unless=entry.words("unless"),
        only_if=entry.conditions("only_if"),
        never_if=entry.conditions("never_if"),
        must_be=entry.words("must_be"),
        other_person_than=entry.words("other_person_than"),
        needs_act=entry.words("needs_act"),
        approves=entry.words("approves"),
        one_of=entry.words("one_of"),
        history=entry.flag("history"),
        not_twice=entry.flag("not_twice"),
        needs_closed=entry.words("needs_closed"),
        needs_open=entry.words("needs_open"),
        in_time_for=entry.words("in_time_for"),
        named_in=entry.text("named_in", ""),
        must_be_unless=entry.conditions("must_be_unless"),
        tells=entry.flag("tells"),
        caps=tuple(_cap(c) for c in entry.tables("caps", "cap")),
    )


def _with_consequences(entry: Entry, rule: ActRule) -> ActRule:
    """Read what an act settles, who signs it, and what is possible instead of it."""
    zh, en = _pair(entry, "remedy")
    return replace(
        rule,
        sets=_facts_set(entry),
        handler=entry.text("handler", ""),
        own_hand=entry.text("own_hand", ""),
        two_persons=entry.flag("two_persons"),
        own_paper=entry.text("own_paper", ""),
        two_persons_if=entry.words("two_persons_if"),
        unplayed=entry.choice("unplayed", vocabulary.UNPLAYED, ""),
        remedy_zh=zh,
        remedy_en=en,
    )


def _extension(entry: Entry) -> Extension | None:
    inner = entry.table("extension", "extension")
    if inner is None:
        return None
    inner.known(EXTENSION_KEYS)
    most = inner.number("most")
    if most == 0 or most < -1:
        raise inner.refuse(
            "bad-term",
            f"延长上限 {most} 无意义",
            f"an extension cap of {most} means nothing",
            "条文没有延长就不写 extension；没有数字写 -1",
            "leave extension out, or -1 for no number",
        )
    basis = inner.basis() if "basis" in inner.raw else None
    return Extension(
        most,
        inner.text("approver"),
        inner.text("act", ""),
        inner.text("field", ""),
        inner.flag("reason", True),
        basis,
    )


def _exclusion(entry: Entry) -> Exclusion | None:
    inner = entry.table("exclusion", "exclusion")
    if inner is None:
        return None
    inner.known(EXCLUSION_KEYS)
    return Exclusion(
        inner.text("what"), inner.text("act", ""), inner.text("first", ""), inner.text("last", "")
    )


def build_clock(entry: Entry, edition: str, clock_id: str) -> ClockRule:
    """Read the time limit of a `[[clock]]`, or of a `[[duty]]` that states its own."""
    term, per, none = entry.term(), entry.choice("per", vocabulary.PERIODS, ""), entry.flag("none")
    by_field = entry.text("by_field", "")
    if sum((term is not None, bool(per), none, bool(by_field))) != 1:
        raise entry.refuse(
            "bad-term",
            "期限要么是 term，要么是 per，要么是 by_field，要么写 none = true，只能有一个",
            "exactly one of term, per, by_field and none = true is needed",
            "原文没有数字的写 none = true，不要补数字",
            "where the text has no number say none = true, never add one",
        )
    if none and (entry.raw.get("extension") or entry.raw.get("exclusion")):
        extension = _extension(entry)
        if extension is None or extension.most != -1:
            raise entry.refuse(
                "invented-number",
                "原文没有期限数字，却写了延长的数字",
                "no number in the text, but a number for its extension",
                "写 extension = {most = -1, …} 或删去",
                "write extension = {most = -1, …} or remove it",
            )
    return ClockRule(
        id=clock_id,
        zh=entry.text("zh"),
        en=entry.text("en"),
        actor=entry.text("actor", ""),
        starts=entry.text("starts", ""),
        basis=entry.basis(),
        edition=entry.text("edition", edition),
        term=term,
        per=per,
        at_least=entry.number("at_least", 0),
        none=none,
        by_field=by_field,
        extension=_extension(entry),
        exclusion=_exclusion(entry),
        notice=entry.text("notice", ""),
    )


def build_standalone_clock(raw: Mapping[str, Any], edition: str) -> ClockRule:
    """Read one `[[clock]]`: a time limit whose procedure the packs do not model (yet)."""
    entry = Entry(raw, "clock")
    entry.known(CLOCK_KEYS)
    return build_clock(entry, edition, entry.text("id"))


def _closed_by(entry: Entry) -> ClosedBy:
    entry.known(CLOSED_BY_KEYS)
    return ClosedBy(
        entry.text("kind"),
        entry.text("act"),
        entry.conditions("where"),
        entry.conditions("where_not"),
        entry.flag("worded"),
        entry.words("once"),
    )


def build_duty(raw: Mapping[str, Any], edition: str) -> DutyRule:
    """Read one `[[duty]]`."""
    entry = Entry(raw, "duty")
    entry.known(DUTY_KEYS)
    return _with_ending(entry, _with_bearers(entry, _bare_duty(entry, edition)))


def _bare_duty(entry: Entry, edition: str) -> DutyRule:
    """Read who owes a duty by when, what opens and what closes it."""
    return DutyRule(
        id=entry.text("id"),
        zh=entry.text("zh"),
        en=entry.text("en"),
        holder=entry.choice("holder", vocabulary.HOLDERS, "holder" if "of" in entry.raw else None),
        clock=build_clock(entry, edition, entry.text("clock", "")),
        basis=entry.basis(),
        opens=entry.words("opens"),
        closes=entry.words("closes"),
        voids=entry.words("voids"),
        right=entry.flag("right"),
        counts_from=entry.words("counts_from"),
        continues=entry.words("continues"),
        stands_still=entry.flag("stands_still"),
        in_place_of=entry.words("in_place_of"),
        tells=entry.flag("tells"),
        starts_on=entry.text("starts_on", ""),
        matching=entry.text("matching", ""),
        where=entry.conditions("where"),
        where_not=entry.conditions("where_not"),
    )


def _with_bearers(entry: Entry, rule: DutyRule) -> DutyRule:
    """Read whose a duty is inside an organ, and its local target."""
    return replace(
        rule,
        named_by=entry.text("named_by", ""),
        close_by_holder=entry.flag("close_by_holder"),
        local=entry.text("local", ""),
        shared=entry.flag("shared"),
        jointly=entry.flag("jointly"),
        alongside=entry.text("alongside", ""),
        official=entry.text("official", ""),
    )


def _with_ending(entry: Entry, rule: DutyRule) -> DutyRule:
    """Read how a duty comes again, how it ends with its case, and what follows otherwise."""
    otherwise = entry.table("otherwise", "otherwise")
    return replace(
        rule,
        of=entry.choice("of", vocabulary.OF, ""),
        closed_by=tuple(_closed_by(c) for c in entry.tables("closed_by", "closed_by")),
        applies=entry.conditions("applies"),
        standing=entry.flag("standing"),
        outlives=_outlives(entry),
        outlives_basis=entry.basis("outlives_basis") if "outlives_basis" in entry.raw else None,
        ends_with_case=entry.flag("ends_with_case"),
        otherwise_zh="" if otherwise is None else otherwise.text("zh"),
        otherwise_en="" if otherwise is None else otherwise.text("en"),
        otherwise_basis=None if otherwise is None else otherwise.basis(),
    )


def _outlives(entry: Entry) -> tuple[str, ...]:
    """Read in which final states a duty goes on: those named, or all (`outlives = true`)."""
    if isinstance(entry.raw.get("outlives"), bool):
        return (vocabulary.ANY_STATE,) if entry.flag("outlives") else ()
    return entry.words("outlives")


def build_document(raw: Mapping[str, Any]) -> DocumentRule:
    """Read one `[[document]]`."""
    entry = Entry(raw, "document")
    entry.known(DOCUMENT_KEYS)
    return DocumentRule(
        id=entry.text("id"),
        number=entry.text("number"),
        zh=entry.text("zh"),
        en=entry.text("en"),
        basis=entry.basis(),
        needs=entry.words("needs"),
        layout=entry.text("layout", "common"),
        to=entry.text("to", ""),
        in_law=entry.flag("in_law"),
        limits=tuple(_limit(one) for one in entry.tables("limits", "limit")),
    )


def _limit(entry: Entry) -> LimitRule:
    entry.known(LIMIT_KEYS)
    return LimitRule(entry.text("clock"), entry.conditions("where"), entry.day("from"))


def build_state(raw: Mapping[str, Any]) -> StateRule:
    """Read one `[[state]]`."""
    entry = Entry(raw, "state")
    entry.known(STATE_KEYS)
    return StateRule(entry.text("id"), entry.text("zh"), entry.text("en"), entry.flag("final"))


def build_fact(raw: Mapping[str, Any]) -> FactRule:
    """Read one `[[fact]]`."""
    entry = Entry(raw, "fact")
    entry.known(FACT_KEYS)
    return FactRule(entry.text("id"), entry.text("zh"), entry.text("en"), options_of(entry))


def build_interpretation(raw: Mapping[str, Any]) -> Interpretation:
    """Read one `[[interpretation]]` (seed art. 19)."""
    entry = Entry(raw, "interpretation")
    entry.known(INTERPRETATION_KEYS)
    day = entry.day("date")
    if day is None:
        raise entry.refuse(
            "missing",
            "解释没有日期",
            "an interpretation has no date",
            "写上 date = 2025-01-31",
            "write date = 2025-01-31",
        )
    return Interpretation(
        day,
        entry.text("organ"),
        entry.text("question"),
        entry.text("answer"),
        entry.words("rules"),
        entry.basis(),
    )
