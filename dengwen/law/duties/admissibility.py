"""May this act be done now, by this actor, with these fields? Every "no" cites its rule and says
what is possible.

`refusals` answers for the pages (可以 / 不可以，为什么) and for the write door alike, so both say the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from dengwen.law.duties import recurrence
from dengwen.law.duties.act_record import CaseView, DutyView, Refusal, fact_text
from dengwen.law.duties.blank_text import is_blank
from dengwen.law.duties.field_words import fact_condition
from dengwen.law.duties.step import FieldValue
from dengwen.law.packs.rules import ActRule, FieldRule, KindRule
from dengwen.law.packs.soundness import states_after
from dengwen.law.packs.vocabulary import BY, TEXT_TYPES
from dengwen.law.time.terms import EARLIEST

OWN_HAND = "own-hand"
"""Code of the refusal that an act needs the leader's own sign-in."""
MAX_TEXT = 20_000
"""Characters a text field may hold: about three times the longest real message seen."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks for a step: user and organ ids, the capacities (`words.CAPACITIES`) held there,
    the official he is."""

    user: int | None
    organ: int | None
    capacities: frozenset[str]
    official: int | None = None


def refusals(
    kind: KindRule,
    rule: ActRule,
    view: CaseView,
    actor: Actor,
    day: date,
    given: Iterable[str] = (),
) -> list[Refusal]:
    """Return why `rule` cannot be done on the case now (empty = it can), apart from its fields.

    `given` are the names of fields the step carries, for conditions that one of them lifts.
    """
    return [
        *_state(kind, rule, view),
        *_who(rule, view, actor),
        *_own_hand(rule, view.facts.get(rule.own_hand), actor),
        *_time(kind, rule, view, day, set(given)),
        *_facts(kind, rule, view),
        *_history(kind, rule, view, actor),
    ]


def _say(rule: ActRule, code: str, zh: str, en: str, field: str = "") -> Refusal:
    return Refusal(code, zh, en, rule.basis, rule.remedy_zh, rule.remedy_en, field)


def _state(kind: KindRule, rule: ActRule, view: CaseView) -> list[Refusal]:
    allowed = states_after(kind, rule)
    if view.state in allowed:
        return []

    def name(state: str, index: int) -> str:
        found = kind.states.get(state)
        return (
            ("尚未登记", "not yet registered")[index]
            if found is None
            else (found.zh, found.en)[index]
        )

    zh = "、".join(name(s, 0) for s in sorted(allowed))
    en = ", ".join(name(s, 1) for s in sorted(allowed))
    return [
        _say(
            rule,
            "state",
            f"“{rule.zh}”只能在这些状态下进行：{zh}；本件现为“{name(view.state, 0)}”",
            f"“{rule.en}” is possible only when: {en}; this case is: {name(view.state, 1)}",
        )
    ]


def _who(rule: ActRule, view: CaseView, actor: Actor) -> list[Refusal]:
    capacities, relation = BY[rule.by]
    if not capacities & actor.capacities:
        return [
            _say(
                rule,
                "capacity",
                f"“{rule.zh}”须由{'或'.join(_CAPACITY_ZH[c] for c in sorted(capacities))}办理",
                f"“{rule.en}” is for: {', '.join(sorted(capacities))}",
            )
        ]
    related: dict[str, set[int | None]] = {
        "holder": {view.holder},
        "addressee": {view.addressee},
        "sender": {view.sender},
        "named": set(view.named),
    }
    organs = related.get(relation)
    if organs is None or (view.holder is None and relation == "holder"):
        return []
    if actor.organ in organs:
        return []
    zh, en = _RELATION[relation]
    return [_say(rule, "organ", f"“{rule.zh}”须由{zh}办理", f"“{rule.en}” is for {en}")]


def hand_refusals(rule: ActRule, actor: Actor, fields: Mapping[str, FieldValue]) -> list[Refusal]:
    """Return why this actor cannot sign for the official whom the fields of the step name (seed
    art. 7)."""
    named = fields.get(rule.own_hand) if rule.own_hand else None
    return _own_hand(rule, None if named is None else fact_text(named), actor)


def _own_hand(rule: ActRule, named: str | None, actor: Actor) -> list[Refusal]:
    """A leader's act is signed by the leader's own sign-in; others prepare it and nobody signs
    in his name."""
    if (
        not rule.own_hand
        or named is None
        or (actor.official is not None and named == str(actor.official))
    ):
        return []
    return [
        _say(
            rule,
            OWN_HAND,
            f"“{rule.zh}”须由载明的领导本人登录签署，他人只能代拟",
            f"“{rule.en}” is signed by the leader named, with the leader's own sign-in; "
            "others only prepare it",
        )
    ]


_CAPACITY_ZH = {
    "petitioner": "信访人",
    "clerk": "登记人员",
    "router": "转送交办人员",
    "handler": "承办人员",
    "head": "本机关、单位负责人",
    "registrar": "机构编制登记人员",
    "personnel": "组织人事人员",
    "system": "系统",
    "reviewer": "复查复核人员",
}
_RELATION = {
    "holder": ("持有本件的机关、单位", "the organ that holds the case"),
    "addressee": ("收到转送、交办的机关、单位", "the organ it was sent to"),
    "sender": ("转送、交办的机关、单位", "the organ that sent it"),
    "named": ("先前行为中载明的机关、单位", "an organ named in an earlier act"),
}


def _time(
    kind: KindRule, rule: ActRule, view: CaseView, day: date, given: set[str]
) -> list[Refusal]:
    if not rule.within or given & set(rule.unless):
        return []
    duty = view.find_open(rule.within) or _lapsed(view, rule.within)
    limit = kind.duties[rule.within]
    if duty is None:
        return [
            _say(
                rule,
                "not-begun",
                f"“{limit.zh}”的期限尚未开始或已经了结，“{rule.zh}”无从提出",
                f"the period for “{limit.en}” has not begun or is over, so “{rule.en}” is "
                "not possible",
            )
        ]
    if duty.due is not None and day > duty.due:
        return [
            Refusal(
                "too-late",
                f"“{rule.zh}”应在{duty.due}前（含当日）提出，{day}已逾期",
                f"“{rule.en}” was possible until {duty.due} inclusive; {day} is too late",
                duty.rule.basis,
                rule.remedy_zh,
                rule.remedy_en,
            )
        ]
    return []


def _lapsed(view: CaseView, rule: str) -> DutyView | None:
    return next(
        (d for d in reversed(view.duties) if d.rule.id == rule and d.state == "lapsed"), None
    )


def _facts(kind: KindRule, rule: ActRule, view: CaseView) -> list[Refusal]:
    found = []
    for name, wanted in rule.only_if.items():
        if view.facts.get(name) not in wanted:
            zh, en = fact_condition(kind, name, wanted)
            now_zh, now_en = fact_condition(kind, name, [view.facts.get(name)])
            found.append(
                _say(
                    rule,
                    "facts",
                    f"{zh}的才可以“{rule.zh}”；本件{now_zh}",
                    f"“{rule.en}” is possible where {en}; here {now_en}",
                )
            )
    for name, barred in rule.never_if.items():
        if view.facts.get(name) in barred:
            zh, en = fact_condition(kind, name, [view.facts[name]])
            found.append(
                _say(
                    rule,
                    "facts",
                    f"本件{zh}，不得“{rule.zh}”",
                    f"here {en}, so “{rule.en}” is barred",
                )
            )
    return found


def _history(kind: KindRule, rule: ActRule, view: CaseView, actor: Actor) -> list[Refusal]:
    found = []
    for other in rule.other_person_than:
        if other in view.last_actor and view.last_actor[other] == actor.user:
            zh, en = kind.acts[other].zh, kind.acts[other].en
            found.append(
                _say(
                    rule,
                    "same-person",
                    f"“{rule.zh}”不得与“{zh}”由同一人办理",
                    f"“{rule.en}” needs another person than “{en}”",
                )
            )
    for needed in rule.needs_act:
        if needed not in view.done:
            found.append(
                _say(
                    rule,
                    "not-yet",
                    f"须先“{kind.acts[needed].zh}”",
                    f"“{kind.acts[needed].en}” must come first",
                )
            )
    if rule.not_twice and rule.id in view.done:
        found.append(
            _say(rule, "twice", f"“{rule.zh}”只能进行一次", f"“{rule.en}” is possible only once")
        )
    for duty in rule.needs_closed:
        if view.find_open(duty):
            found.append(
                _say(
                    rule,
                    "duty-open",
                    f"“{kind.duties[duty].zh}”尚未了结",
                    f"“{kind.duties[duty].en}” is still open",
                )
            )
    return found


def field_refusals(
    rule: ActRule,
    view: CaseView,
    fields: Mapping[str, FieldValue],
    texts: Mapping[str, str],
    day: date,
) -> list[Refusal]:
    """Return what is wrong with the fields of a step: missing, unknown, of a wrong type, over a
    cap."""
    declared = {f.name: f for f in rule.fields}
    found = [
        _say(
            rule,
            "unknown-field",
            f"“{rule.zh}”没有“{n}”这一项",
            f"“{rule.en}” has no field “{n}”",
            n,
        )
        for n in (*fields, *texts)
        if n not in declared
    ]
    for field in rule.fields:
        value: FieldValue | None = (
            texts.get(field.name) if field.type in TEXT_TYPES else fields.get(field.name)
        )
        if value is None or value in ("", ()) or (isinstance(value, str) and is_blank(value)):
            if field.required or (field.needed_if and _holds(field.needed_if, view, fields)):
                found.append(
                    _say(
                        rule,
                        "missing-field",
                        f"请填写“{field.zh}”",
                        f"please fill in “{field.en}”",
                        field.name,
                    )
                )
            continue
        found += _value(rule, field, value, day) or _beside(rule, field, value, view, fields)
    found += _caps(rule, view, fields) + _extension(rule, view, fields)
    if view.kind == recurrence.REGISTER:
        found += recurrence.refusals(rule, view, fields)
    for name in rule.must_be:
        if fields.get(name) is not True:
            zh, en = declared[name].zh, declared[name].en
            found.append(_say(rule, "must-be", f"须确认“{zh}”", f"“{en}” must be confirmed", name))
    return found


def _holds(
    wanted: Mapping[str, tuple[str, ...]], view: CaseView, fields: Mapping[str, FieldValue]
) -> bool:
    """Say whether the facts of the case, as the fields of the step change them, meet conditions."""
    facts = {**view.facts, **{k: fact_text(v) for k, v in fields.items()}}
    return all(facts.get(name) in values for name, values in wanted.items())


def _beside(
    rule: ActRule,
    field: FieldRule,
    value: FieldValue,
    view: CaseView,
    fields: Mapping[str, FieldValue],
) -> list[Refusal]:
    """Refuse a value that does not fit another field, or the organ that holds the case."""
    earlier, most = fields.get(field.not_before), fields.get(field.at_most)
    if isinstance(value, date) and isinstance(earlier, date) and value < earlier:
        other = rule.field_rule(field.not_before)
        zh, en = (other.zh, other.en) if other else (field.not_before, field.not_before)
        return [
            _say(
                rule,
                "wrong-order",
                f"“{field.zh}”{value}早于“{zh}”{earlier}",
                f"“{field.en}” {value} is before “{en}” {earlier}",
                field.name,
            )
        ]
    if isinstance(value, int) and field.least is not None and value < field.least:
        return [
            _say(
                rule,
                "too-few",
                f"“{field.zh}”最少{field.least}，现为{value}",
                f"“{field.en}” is at least {field.least}, here {value}",
                field.name,
            )
        ]
    if isinstance(value, int) and isinstance(most, int) and value > most:
        other = rule.field_rule(field.at_most)
        zh, en = (other.zh, other.en) if other else (field.at_most, field.at_most)
        return [
            _say(
                rule,
                "too-many",
                f"“{field.zh}”{value}多于“{zh}”{most}",
                f"“{field.en}” {value} is more than “{en}” {most}",
                field.name,
            )
        ]
    if field.stands and field.type == "organ" and value == view.holder:
        return [
            _say(
                rule,
                "own-organ",
                f"“{field.zh}”不能是持有本件的机关、单位自己",
                f"“{field.en}” cannot be the organ that holds the case",
                field.name,
            )
        ]
    return []


_PYTHON_TYPES: Mapping[str, type | tuple[type, ...]] = {
    "text": str,
    "person": str,
    "code": str,
    "codes": tuple,
    "organ": int,
    "organs": tuple,
    "official": int,
    "division": str,
    "date": date,
    "number": int,
    "flag": bool,
    "case": str,
    "act": int,
    "digest": str,
    "digests": tuple,
    "word": str,
    "words": tuple,
}
MAX_WORD = 200
"""Characters a `word` may hold; whoever needs more is writing text, which belongs into Content."""


def _value(rule: ActRule, field: FieldRule, value: FieldValue, day: date) -> list[Refusal]:
    if not isinstance(value, _PYTHON_TYPES[field.type]) or (
        field.type in ("number", "organ") and isinstance(value, bool)
    ):
        return [
            _say(
                rule,
                "field-type",
                f"“{field.zh}”的值不是{field.type}",
                f"“{field.en}” is not of type {field.type}",
                field.name,
            )
        ]
    most = MAX_WORD if field.type == "word" else MAX_TEXT
    if isinstance(value, str) and len(value) > most:
        return [
            _say(
                rule,
                "too-long",
                f"“{field.zh}”有{len(value)}字，最多{most}字",
                f"“{field.en}” has {len(value)} characters, at most {most}",
                field.name,
            )
        ]
    if field.options:
        chosen = value if isinstance(value, tuple) else (value,)
        strange = [str(v) for v in chosen if str(v) not in field.options]
        if strange:
            return [
                _say(
                    rule,
                    "field-option",
                    f"“{field.zh}”没有选项“{strange[0]}”，可选："
                    f"{'、'.join(n[0] for n in field.option_names.values())}",
                    f"“{field.en}” has no option “{strange[0]}”; "
                    f"options: {', '.join(field.options)}",
                    field.name,
                )
            ]
    return _day(rule, field, value, day)


def value_refusals(
    rule: ActRule, view: CaseView, data: Mapping[str, FieldValue], name: str, day: date
) -> list[Refusal]:
    """Return what is wrong with one field of `data` of an act, as if it were given anew on
    `day`."""
    declared = rule.field_rule(name)
    if declared is None:
        return []
    beside = [] if declared.stands else _beside(rule, declared, data[name], view, data)
    capped = [why for why in _caps(rule, view, data) if why.field == name]
    return [*(_value(rule, declared, data[name], day) or beside), *capped]


def _day(rule: ActRule, field: FieldRule, value: FieldValue, day: date) -> list[Refusal]:
    """Refuse a date on the wrong side of the day of the act."""
    if not isinstance(value, date) or isinstance(value, datetime):
        return []
    if value < EARLIEST:
        return [
            _say(
                rule,
                "too-early",
                f"“{field.zh}”{value}早于{EARLIEST}，不是可以办理的日期",
                f"“{field.en}” {value} is before {EARLIEST}: no day that can be worked with",
                field.name,
            )
        ]
    if field.from_today and value < day:
        zh, en = f"“{field.zh}”不得早于{day}", f"“{field.en}” must not be before {day}"
        return [_say(rule, "past-date", zh, en, field.name)]
    if field.until_today and value > day:
        return [
            _say(
                rule,
                "future-date",
                f"“{field.zh}”不得晚于{day}",
                f"“{field.en}” must not be after {day}",
                field.name,
            )
        ]
    return []


def _caps(rule: ActRule, view: CaseView, fields: Mapping[str, FieldValue]) -> list[Refusal]:
    found = []
    facts = {**view.facts, **{k: fact_text(v) for k, v in fields.items()}}
    for cap in rule.caps:
        value = fields.get(cap.field)
        amount = len(value) if isinstance(value, tuple) else value
        if (
            isinstance(amount, int)
            and amount > cap.most
            and all(facts.get(n) in w for n, w in cap.where.items())
        ):
            field = rule.field_rule(cap.field)
            zh, en = (field.zh, field.en) if field else (cap.field, cap.field)
            found.append(
                Refusal(
                    "cap",
                    f"“{zh}”最多{cap.most}，现为{amount}（{cap.basis.law} {cap.basis.article}）",
                    f"“{en}” is at most {cap.most}, here {amount} ({cap.basis.law} "
                    f"{cap.basis.article})",
                    cap.basis,
                    rule.remedy_zh,
                    rule.remedy_en,
                    cap.field,
                )
            )
    return found


def _extension(rule: ActRule, view: CaseView, fields: Mapping[str, FieldValue]) -> list[Refusal]:
    found = []
    for duty in view.open_duties():
        extension = duty.rule.clock.extension
        if extension is None or extension.act != rule.id:
            continue
        amount = fields.get(extension.field)
        if not isinstance(amount, int):
            continue
        basis = extension.basis or duty.rule.basis
        cite = f"{basis.law} {basis.article}"
        if amount < 1:
            found.append(
                Refusal(
                    "extension",
                    f"延长天数须为正数（{cite}）",
                    f"an extension must be positive ({cite})",
                    basis,
                    field=extension.field,
                )
            )
        elif 0 <= extension.most < duty.granted + amount:
            found.append(
                Refusal(
                    "extension",
                    f"延长合计不得超过{extension.most}，已延长{duty.granted}，再延长{amount}超出上限（{cite}）",
                    f"extensions sum to at most {extension.most}; "
                    f"{duty.granted} used, {amount} more is over ({cite})",
                    basis,
                    rule.remedy_zh,
                    rule.remedy_en,
                    extension.field,
                )
            )
    return found
