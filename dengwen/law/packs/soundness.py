"""Checks over a composed rulebook: what one entry says about another must be true.

Refused here: unknown acts, duties, documents, fields, facts, instruments and effects; unreachable
states;
a number where the same passage of the same instrument has none.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from dengwen.law.errors import PackError
from dengwen.law.packs.rules import ActRule, ClockRule, DutyRule, FieldRule, Instrument, KindRule
from dengwen.law.packs.vocabulary import (
    ANY_STATE,
    APPLIES,
    EVERY_STATE,
    IN_CASE,
    KEEP_STATE,
    ON_DAY,
    OPENING_STATE,
    SHOWN,
)


def check_rulebook(
    kinds: Mapping[str, KindRule],
    clocks: Mapping[str, ClockRule],
    instruments: Mapping[str, Instrument],
    effects: frozenset[str] | None,
) -> None:
    """Raise PackError for the first unsound entry of the rulebook."""
    for kind in kinds.values():
        facts = known_facts(kind)
        _check_conditions(kind, "kind", kind.nobody_told, facts)
        for fact in kind.facts.values():
            _must_exist(kind, f"fact {fact.id}", "fact", (fact.id,), facts)
        for act in kind.acts.values():
            _check_act(kind, act, facts, effects)
        for duty in kind.duties.values():
            _check_duty(kind, duty, facts, kinds)
        for document in kind.documents.values():
            for limit in document.limits:
                _must_exist(kind, f"document {document.id}", "clock", (limit.clock,), clocks)
                _check_conditions(kind, f"document {document.id}", limit.where, facts)
        _check_states(kind)
    _check_instruments(kinds, clocks, instruments)
    _check_invented(kinds, clocks)


def known_facts(kind: KindRule) -> dict[str, frozenset[str]]:
    """Return the facts the acts of a kind can set, each with its possible codes (empty = any
    value)."""
    found: dict[str, set[str]] = {}
    for act in kind.acts.values():
        for rule in act.fields:
            if rule.fact:
                found.setdefault(rule.name, set()).update(_codes_of(rule))
        for name, value in act.sets.items():
            found.setdefault(name, set()).add(value)
    return {name: frozenset(codes) for name, codes in found.items()}


def _codes_of(rule: FieldRule) -> tuple[str, ...]:
    """Return the codes a field can hold, none where it may hold anything."""
    if rule.type in ("code", "codes"):
        return rule.options
    return ("true", "false") if rule.type == "flag" else ()


def _refuse(
    kind: KindRule, entry: str, code: str, zh: str, en: str, mend_zh: str, mend_en: str
) -> PackError:
    return PackError(
        code, file=f"kind {kind.id}", entry=entry, zh=zh, en=en, mend_zh=mend_zh, mend_en=mend_en
    )


def _must_exist(
    kind: KindRule, entry: str, what: str, names: Iterable[str], known: Collection[str]
) -> None:
    for name in names:
        if name not in known:
            allowed = sorted(known)
            raise _refuse(
                kind,
                entry,
                "unknown-word",
                f"{what}“{name}”不存在",
                f"{what} “{name}” does not exist",
                f"改用：{'、'.join(allowed) or '（无）'}",
                f"use one of: {', '.join(allowed) or '(none)'}",
            )


def _check_states(kind: KindRule) -> None:
    reached = {OPENING_STATE}
    while True:
        more = {
            a.to for a in kind.acts.values() if a.to != KEEP_STATE and _can_start(kind, a, reached)
        } - reached
        if not more:
            break
        reached |= more
    for state in kind.states:
        if state not in reached:
            raise _refuse(
                kind,
                f"state {state}",
                "unreachable",
                "没有任何行为能到达这个状态",
                "no act leads to this state",
                "补一个 to 指向它的行为，或删去它",
                "add an act whose `to` is this state, or remove it",
            )


def _can_start(kind: KindRule, act: ActRule, reached: set[str]) -> bool:
    return any(s in reached for s in states_after(kind, act))


def states_after(kind: KindRule, act: ActRule) -> frozenset[str]:
    """Return the states from which an act may be done; "*" means every state that is not final,
    "**" every state."""
    if EVERY_STATE in act.after:
        return frozenset(kind.states)
    if ANY_STATE in act.after:
        return frozenset(s.id for s in kind.states.values() if not s.final) | (
            frozenset(act.after) - {ANY_STATE}
        )
    return frozenset(act.after)


def _check_act(
    kind: KindRule,
    act: ActRule,
    facts: Mapping[str, frozenset[str]],
    effects: frozenset[str] | None,
) -> None:
    _check_act_states(kind, act)
    _check_act_names(kind, act)
    _check_act_fields(kind, act)
    entry = f"act {act.id}"
    stated = (act.only_if, act.never_if, act.must_be_unless, *(cap.where for cap in act.caps))
    for conditions in stated:
        _check_conditions(kind, entry, conditions, facts)
    if effects is not None:
        _check_effects(kind, act, effects)


def _check_act_states(kind: KindRule, act: ActRule) -> None:
    """Check the states an act starts from and leads to."""
    entry = f"act {act.id}"
    starts = (*kind.states, OPENING_STATE, ANY_STATE, EVERY_STATE)
    _must_exist(kind, entry, "state", act.after, starts)
    _must_exist(kind, entry, "state", (act.to,), (*kind.states, KEEP_STATE))
    if not act.after:
        raise _refuse(
            kind,
            entry,
            "missing",
            "没有写明 after",
            "no `after`",
            '写上 after = ["…"]',
            'write after = ["…"]',
        )


def _check_act_names(kind: KindRule, act: ActRule) -> None:
    """Check the documents, duties and other acts that an act names."""
    entry = f"act {act.id}"
    within = (act.within,) if act.within else ()
    others = (*act.other_person_than, *act.needs_act, *act.approves)
    _must_exist(kind, entry, "document", act.documents, kind.documents)
    _must_exist(kind, entry, "duty", within, kind.duties)
    _must_exist(
        kind, entry, "duty", (*act.needs_closed, *act.needs_open, *act.in_time_for), kind.duties
    )
    _must_exist(kind, entry, "act", others, kind.acts)
    if act.named_in:
        naming = {f.name for other in kind.acts.values() for f in other.fields if _names_organ(f)}
        _must_exist(kind, entry, "organ field", (act.named_in,), naming)


def _names_organ(rule: FieldRule) -> bool:
    return rule.type in ("organ", "organs") and rule.data_class != "D4"


def _check_act_fields(kind: KindRule, act: ActRule) -> None:
    """Check that the fields an act speaks of are its own."""
    entry = f"act {act.id}"
    fields = _field_names(act)
    capped = [cap.field for cap in act.caps]
    shown = (SHOWN,) if act.approves else ()
    _must_exist(kind, entry, "field", shown, fields)
    _must_exist(kind, entry, "field", (*act.unless, *act.must_be, *act.one_of, *capped), fields)
    _must_exist(kind, entry, "field", act.two_persons_if, fields)
    _must_exist(kind, entry, "field", filter(None, (act.addresses, act.handler)), fields)
    officials = {field.name for field in act.fields if field.type == "official"}
    _must_exist(kind, entry, "official field", filter(None, (act.own_hand,)), officials)
    papers = {field.name for field in act.fields if field.type in ("digest", "digests")}
    _must_exist(kind, entry, "paper field", filter(None, (act.own_paper,)), papers)
    _check_sections(kind, act)


def _check_sections(kind: KindRule, act: ActRule) -> None:
    """Check that only an act that opens a case has a form of registration."""
    placed = next((field for field in act.fields if field.section), None)
    if placed is None or OPENING_STATE in act.after:
        return
    raise _refuse(
        kind,
        f"act {act.id}",
        "unknown-word",
        f"“{placed.name}”写了 section，但这个行为不立件",
        f"“{placed.name}” has a section, but this act opens no case",
        "去掉 section",
        "remove section",
    )


def _field_names(act: ActRule) -> set[str]:
    return {field.name for field in act.fields}


def _check_effects(kind: KindRule, act: ActRule, effects: frozenset[str]) -> None:
    for effect in act.effects:
        if effect not in effects:
            raise _refuse(
                kind,
                f"act {act.id}",
                "unknown-effect",
                f"效果“{effect}”不存在",
                f"there is no effect “{effect}”",
                "改用：" + "、".join(sorted(effects)),
                "use one of: " + ", ".join(sorted(effects)),
            )


def _check_conditions(
    kind: KindRule,
    entry: str,
    conditions: Mapping[str, tuple[str, ...]],
    facts: Mapping[str, frozenset[str]],
) -> None:
    _must_exist(kind, entry, "fact", conditions, facts)
    for name, values in conditions.items():
        if facts[name]:
            _must_exist(kind, entry, f"value of {name}", values, facts[name])


def _check_duty(
    kind: KindRule,
    duty: DutyRule,
    facts: Mapping[str, frozenset[str]],
    kinds: Mapping[str, KindRule],
) -> None:
    """Check what a duty says of acts, facts, other duties and states."""
    entry = f"duty {duty.id}"
    acts = (*duty.opens, *duty.closes, *duty.voids, *duty.counts_from)
    _must_exist(kind, entry, "act", acts, kind.acts)
    if duty.of:
        _check_recurring(kind, duty, entry, kinds)
    _check_begin_and_end(kind, duty, entry)
    _check_conditions(kind, entry, duty.where, facts)
    _check_conditions(kind, entry, duty.where_not, facts)
    _check_duty_names(kind, duty, entry)
    _check_duty_fields(kind, duty, entry)
    for name in filter(None, (duty.named_by, duty.clock.by_field)):
        _check_in_every_act(kind, entry, duty.opens, name)
    _check_change_of_period(kind, duty, entry)


def _check_duty_names(kind: KindRule, duty: DutyRule, entry: str) -> None:
    """Check the duties and the final states that a duty names."""
    final = [state.id for state in kind.states.values() if state.final]
    _must_exist(kind, entry, "duty", (*duty.continues, *duty.in_place_of), kind.duties)
    _must_exist(kind, entry, "final state", duty.outlives, (*final, ANY_STATE))
    _must_exist(kind, entry, "duty", filter(None, (duty.alongside,)), kind.duties)


def _check_begin_and_end(kind: KindRule, duty: DutyRule, entry: str) -> None:
    """Check that some act opens a duty and some act closes it."""
    if not duty.opens and not duty.of:
        raise _refuse(
            kind,
            entry,
            "missing",
            "没有开启这项责任的行为",
            "no act opens this duty",
            '写上 opens = ["…"]；周期性责任写 of = "holder"',
            'write opens = ["…"]; a recurring duty says of = "holder"',
        )
    if duty.opens and not duty.closes and not duty.right:
        raise _refuse(
            kind,
            entry,
            "missing",
            "没有了结这项责任的行为",
            "no act closes this duty",
            '写上 closes = ["…"]',
            'write closes = ["…"]',
        )


def _check_in_every_act(kind: KindRule, entry: str, acts: Iterable[str], name: str) -> None:
    """Check that each of these acts has a field of that name."""
    for act in acts:
        fields = _field_names(kind.acts[act])
        _must_exist(kind, f"{entry}, act {act}", "field", (name,), fields)


def _check_recurring(
    kind: KindRule, duty: DutyRule, entry: str, kinds: Mapping[str, KindRule]
) -> None:
    """A recurring duty has a period in law or a local one, and says by which acts elsewhere it
    is met."""
    _must_exist(kind, entry, "word of applies", duty.applies, APPLIES)
    if duty.standing:
        return
    if not duty.closed_by or not (duty.clock.per or (duty.clock.none and duty.local)):
        raise _refuse(
            kind,
            entry,
            "missing",
            "周期责任须写明周期（per，或者 none 加 local）和由哪些行为了结（closed_by）",
            "a recurring duty needs a period (per, or none with local) and the acts that "
            "meet it (closed_by)",
            '写 per = "year" 或 none = true, local = "…"，并写 closed_by = [{kind = "…", act = "…"}]',
            'write per = "year", or none = true, local = "…", and closed_by = [{kind = "…", '
            'act = "…"}]',
        )
    for closing in duty.closed_by:
        other = kinds.get(closing.kind)
        if other is None:
            continue  # a kind of an edition that is not in force together with this one
        _must_exist(kind, entry, f"act of {other.id}", (closing.act,), other.acts)
        fields = {f.name: f for f in other.acts[closing.act].fields}
        named = [*closing.where, *closing.where_not]
        _must_exist(kind, entry, f"field of {other.id}.{closing.act}", named, fields)
        said = {ON_DAY, IN_CASE, *fields, *_opening_fields(other)}
        _must_exist(kind, entry, f"field of {other.id}.{closing.act}", closing.once, said)
        for name, values in [*closing.where.items(), *closing.where_not.items()]:
            if fields[name].options:
                _must_exist(kind, entry, f"value of {name}", values, fields[name].options)


def _opening_fields(kind: KindRule) -> set[str]:
    """Return the fields of the acts that open a case of a kind."""
    opening = (act for act in kind.acts.values() if OPENING_STATE in act.after)
    return {field.name for act in opening for field in act.fields}


def _check_duty_fields(kind: KindRule, duty: DutyRule, entry: str) -> None:
    if (duty.holder == "named") != bool(duty.named_by):
        raise _refuse(
            kind,
            entry,
            "missing",
            'holder = "named" 与 named_by 须同时写',
            'holder = "named" and named_by go together',
            '写 named_by = "字段名"，说明由哪一项指名',
            'write named_by = "…", the field that names the holder',
        )
    opening = {field.name: field.type for act in duty.opens for field in kind.acts[act].fields}
    officials = {name for name, kind_of in opening.items() if kind_of == "official"}
    dates = {name for name, kind_of in opening.items() if kind_of == "date"}
    _must_exist(kind, entry, "official field", filter(None, (duty.official,)), officials)
    if duty.starts_on:
        _must_exist(kind, entry, "date field", (duty.starts_on,), dates)
    if duty.matching:
        _check_in_every_act(kind, entry, (*duty.opens, *duty.closes), duty.matching)


def _check_change_of_period(kind: KindRule, duty: DutyRule, entry: str) -> None:
    extension, exclusion = duty.clock.extension, duty.clock.exclusion
    if extension and extension.act:
        _must_exist(kind, entry, "act", (extension.act,), kind.acts)
        fields = _field_names(kind.acts[extension.act])
        _must_exist(kind, entry, "field", (extension.field,), fields)
    if exclusion and exclusion.act:
        _must_exist(kind, entry, "act", (exclusion.act,), kind.acts)
        fields = _field_names(kind.acts[exclusion.act])
        _must_exist(kind, entry, "field", (exclusion.first, exclusion.last), fields)


def _check_instruments(
    kinds: Mapping[str, KindRule],
    clocks: Mapping[str, ClockRule],
    instruments: Mapping[str, Instrument],
) -> None:
    for kind in kinds.values():
        for act in kind.acts.values():
            _must_exist(
                kind,
                f"act {act.id}",
                "instrument",
                (act.basis.law, *(c.basis.law for c in act.caps)),
                instruments,
            )
        for duty in kind.duties.values():
            _must_exist(kind, f"duty {duty.id}", "instrument", (duty.basis.law,), instruments)
        for document in kind.documents.values():
            _must_exist(
                kind, f"document {document.id}", "instrument", (document.basis.law,), instruments
            )
    for clock in clocks.values():
        if clock.basis.law not in instruments:
            raise PackError(
                "unknown-word",
                file="clocks",
                entry=f"clock {clock.id}",
                zh=f"文件“{clock.basis.law}”未登记",
                en=f"instrument “{clock.basis.law}” is not listed",
                mend_zh="在 pack.toml 里写 [[instrument]]",
                mend_en="add an [[instrument]] to pack.toml",
            )


def _check_invented(kinds: Mapping[str, KindRule], clocks: Mapping[str, ClockRule]) -> None:
    """Refuse a term on a passage that the same rulebook knows to have no number (never invent law).

    Only a listed time limit (with an id) makes its passage silent: R22 23(3) gives numbers to the
    receiver and
    none to the sender's answer in the same paragraph.
    """
    stated = [*clocks.values(), *(d.clock for k in kinds.values() for d in k.duties.values())]
    silent = {(c.basis.law, c.basis.article) for c in stated if c.none and c.id}
    for clock in stated:
        if clock.term and (clock.basis.law, clock.basis.article) in silent:
            cited = f"{clock.basis.law} {clock.basis.article}"
            raise PackError(
                "invented-number",
                file="clocks",
                entry=f"{clock.id or clock.zh}",
                zh=f"{cited} 没有规定期限数字，这里却写了 {clock.term.amount}",
                en=f"{cited} has no number, but {clock.term.amount} is written here",
                mend_zh='写 none = true；内部目标用 local = "设置名"，并显示为非法定',
                mend_en=(
                    "write none = true; an internal target goes into a local setting and is "
                    "shown as local"
                ),
            )
