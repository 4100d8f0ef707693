"""What a step names must stand as the law says: the other case, the organ it goes to, the office of
who acts.

The law core knows ids only; who is a petition department, who stands below whom and which cases an
actor may know is in the registry and behind the wall.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from dengwen.access.models import User
from dengwen.cases.models import Case
from dengwen.cases.scope_rules import bindings_on
from dengwen.cases.wall import visibility
from dengwen.cases.write.call_context import CallContext
from dengwen.law.duties.act_record import CaseView, Refusal
from dengwen.law.duties.admissibility import Actor
from dengwen.law.duties.step import Step
from dengwen.law.packs.library import Rulebook
from dengwen.law.packs.rules import ActRule, FieldRule
from dengwen.organs.kinds import LEVELS
from dengwen.organs.models import Competence, Organ
from dengwen.organs.structure.applicability import bound_by
from dengwen.organs.structure.lines import distances_above, line_above, seat_on, subtree

OFFICE, PETITION_OFFICE, ORGAN = "office", "petition_office", "organ"
"""The fact which kind of office holds a matter, and its values: R22 22 speaks to one, R22 23 to
the other."""
SIGN, OUTCOME, ORDER_ANEW = "sign", "outcome", "order_anew"
"""By which act a review is decided, the fact that says how, and its value for new handling."""
UNBOUND = "unbound"
"""The flag that the regulation does not bind the organ that acts; read from the registry, never
asked."""
OWN_NOTICE = "own_notice_rules"
"""The flag that the organ that acts tells petitioners by rules of its own (R22 23(4)); read from
the registry, never asked."""
FROM_REGISTRY = frozenset({UNBOUND, OWN_NOTICE})
LAW_KINDS = frozenset({"court", "procuratorate"})
OWN_RULE_KINDS = LAW_KINDS | {"discipline", "supervisory"}
"""Kinds of organs that tell petitioners by rules of their own."""
LAW_CATEGORY = "c13"
"""The content category 政法: an organ that is competent for it is a politics-and-law organ."""


def referring(
    step: Step,
    rule: ActRule,
    view: CaseView,
    case: Case,
    book: Rulebook,
    actor: Actor,
    day: date,
    call: CallContext,
    *,
    by_effect: bool,
) -> list[Refusal]:
    """Return what is wrong with whom and what a step names, by the registry and behind the wall."""
    found = [*_office(step, rule, actor, call)]
    for field in rule.fields:
        value = step.fields.get(field.name)
        if not field.stands or value is None:
            continue
        if field.type == "case" and isinstance(value, str):
            found += _case(rule, field, value, case, book, actor, day, call, by_effect=by_effect)
        elif field.type == "organ" and isinstance(value, int):
            found += _organ(rule, field, value, actor.organ or view.holder, day, call)
    return found


def with_registry_flags(
    step: Step,
    view: CaseView,
    book: Rulebook,
    kind_id: str,
    acting_id: int | None,
    day: date,
    call: CallContext,
) -> Step:
    """Set the flags of a step that the registry says; what the caller sent of them is dropped.

    `unbound` is true where R05 2 does not bind the acting organ (it binds governments, and the
    departments of county governments and above), so that no duty of R05 begins; `own_notice_rules`
    where it tells petitioners by rules of its own.
    """
    kind_rule = book.kinds.get(kind_id)
    rule = kind_rule.acts.get(step.act) if kind_rule else None
    known = {name for name in FROM_REGISTRY if rule is not None and rule.field_rule(name)}
    if not known:
        return step
    fields = {name: value for name, value in step.fields.items() if name not in known}
    acting = call.organ(acting_id)
    for name in sorted(known):
        if acting and _FLAGS[name](acting, day):
            fields[name] = True
        elif view.facts.get(name) == "true":
            fields[name] = False  # it was so of an organ before, of this one it is not
    return replace(step, fields=fields)


def _not_bound(acting: Organ, day: date) -> bool:
    """Say whether R05 2 leaves an organ out."""
    if acting.is_petition_office:
        return False
    stated = bindings_on(day, acting.division_code)
    binding = bound_by(stated, acting.kind, "R05", acting.level)
    return binding is not None and binding.degree == "none"


def _by_own_rules(acting: Organ, _day: date) -> bool:
    """Say whether an organ tells petitioners by rules of its own."""
    return acting.kind in OWN_RULE_KINDS and not acting.is_petition_office


_FLAGS = {UNBOUND: _not_bound, OWN_NOTICE: _by_own_rules}
_NOT_CORRECTED = {
    UNBOUND: (
        "本机关、单位是否受条例约束由名录认定，不能更正",
        "the registry says whether the regulation binds an organ",
    ),
    OWN_NOTICE: (
        "本机关、单位是否依自己的规定告知由名录认定，不能更正",
        "the registry says whether an organ tells petitioners by rules of its own",
    ),
}
"""Why no correction sets a flag that the registry says, in both languages."""


def _say(rule: ActRule, code: str, zh: str, en: str, field: str = "") -> Refusal:
    return Refusal(code, zh, en, rule.basis, rule.remedy_zh, rule.remedy_en, field)


# --- who acts -------------------------------------------------------------------------------------
def _office(step: Step, rule: ActRule, actor: Actor, call: CallContext) -> Iterator[Refusal]:
    """The registry says whether an organ is a petition department; no field and no act makes it
    another (R22 14)."""
    given = step.fields.get(OFFICE) if rule.field_rule(OFFICE) else None
    wanted = (str(given),) if given is not None else rule.only_if.get(OFFICE, ())
    settled = rule.sets.get(OFFICE)
    if settled is not None:
        wanted = (settled,)
    acting = call.organ(actor.organ) if wanted else None
    if acting is None:
        return
    stands_as = PETITION_OFFICE if acting.is_petition_office else ORGAN
    if stands_as in wanted:
        return
    zh, en = _wrong_office(rule, acting)
    yield _say(rule, "wrong-office", zh, en, OFFICE if given is not None else "")


def _wrong_office(rule: ActRule, acting: Organ) -> tuple[str, str]:
    """Return why an organ is no office of the kind an act is for, in both languages."""
    name = acting.name_zh
    if acting.is_petition_office:
        zh = f"“{name}”是信访部门，登记、转送、交办，不作为有权处理的机关、单位“{rule.zh}”"
        en = (
            f"this is a petition department: it registers, forwards and assigns, and “{rule.en}” "
            "is not its role"
        )
    else:
        zh = f"“{name}”不是信访部门，不能以信访部门的身份“{rule.zh}”"
        en = f"this organ is no petition department and cannot “{rule.en}” as one"
    return zh, en


def corrected(
    step: Step, rule: ActRule, name: str, acting: int | None, actor: Actor, call: CallContext
) -> list[Refusal]:
    """Return what is wrong with a correction of what the registry says of the organ that did an
    act.

    `rule` is that of the act corrected, `acting` the organ that did it: no correction makes it
    another kind of office.
    """
    if name in _NOT_CORRECTED:
        return [_say(rule, "no-field", *_NOT_CORRECTED[name], "field")]
    if name != OFFICE:
        return []
    asked = replace(step, fields={OFFICE: step.fields.get("new", "")})
    found = _office(asked, rule, replace(actor, organ=acting), call)
    return [replace(why, field="new") for why in found]


# --- the case named -------------------------------------------------------------------------------
def _case(
    rule: ActRule,
    field: FieldRule,
    number: str,
    case: Case,
    book: Rulebook,
    actor: Actor,
    day: date,
    call: CallContext,
    *,
    by_effect: bool,
) -> list[Refusal]:
    """Return what is wrong with another case that a field names; a hidden one is a missing one."""
    other = _known(number, actor, day, call, by_effect=by_effect)
    if other is None:
        zh = f"“{field.zh}”：没有编号为“{number}”的办理件"
        en = f"“{field.en}”: there is no case “{number}”"
        return [_say(rule, "no-case", zh, en, field.name)]
    if other.number == case.number:
        zh = f"“{field.zh}”不能是本件自己"
        en = f"“{field.en}” cannot be this case itself"
        return [_say(rule, "same-case", zh, en, field.name)]
    if "open" in field.stands:
        not_running = _not_running(rule, field, other, case.kind, book, call)
        if not_running is not None:
            return [not_running]
    if "held_below" in field.stands and not _is_superior(
        call.organ(actor.organ), call.organ(other.holder_id), day
    ):
        return [_no_superior(rule, field, number)]
    if "ordered_anew" in field.stands and not _ordered_anew(call.view_of_case(other)):
        return [_not_ordered(rule, field, number)]
    return []


def _ordered_anew(review: CaseView) -> bool:
    """Say whether a review was decided, and ordered new handling."""
    return SIGN in review.done and review.facts.get(OUTCOME) == ORDER_ANEW


def _not_ordered(rule: ActRule, field: FieldRule, number: str) -> Refusal:
    zh = f"“{field.zh}”须是责令重新办理的复查、复核件；{number}没有责令重新办理"
    en = f"“{field.en}” must be a review that ordered new handling; {number} ordered none"
    return _say(rule, "not-ordered", zh, en, field.name)


def _not_running(
    rule: ActRule, field: FieldRule, other: Case, kind: str, book: Rulebook, call: CallContext
) -> Refusal | None:
    """Return the refusal of a case that is over or of another kind than `kind`; None for one that
    is being handled."""
    stands = call.view_of_case(other).state
    state = book.kind(other.kind).states.get(stands) if other.kind in book.kinds else None
    is_over = state is not None and state.final
    if other.kind == kind and not is_over:
        return None
    zh = f"“{field.zh}”须是正在办理的信访事项；{other.number}现为“{state.zh if state else stands}”"
    en = (
        f"“{field.en}” must be a matter still being handled; "
        f"{other.number} is: {state.en if state else stands}"
    )
    return _say(rule, "not-running", zh, en, field.name)


def _no_superior(rule: ActRule, field: FieldRule, number: str) -> Refusal:
    zh = (
        f"不予受理的是向上级重复提出的；{number}的办理机关、单位不在本机关、单位之下，"
        "应当作为重复件并入"
    )
    en = (
        "what is not accepted was brought to a superior; "
        f"the organ of {number} is not below this one: attach it"
    )
    return _say(rule, "no-superior", zh, en, field.name)


def _known(
    number: str, actor: Actor, day: date, call: CallContext, *, by_effect: bool
) -> Case | None:
    """Return a case the actor may know of; None for one that is hidden or missing."""
    if by_effect or actor.organ is None:
        return call.case_numbered(number)
    user = User.objects.filter(pk=actor.user or 0).first()
    viewer = (
        visibility.viewer_of(user, day) if user else visibility.viewer_of_organ(actor.organ, day)
    )
    return visibility.find(viewer, day, number)


def _is_superior(mine: Organ | None, held: Organ | None, day: date) -> bool:
    """Say whether an organ, or the authority a petition department works for, stands above the
    holder of a matter."""
    if mine is None or held is None or mine.pk == held.pk:
        return False
    above = distances_above(held, day)
    works_for = line_above(mine, day, "territorial")[:1] if mine.is_petition_office else ()
    return mine.pk in above or any(one.pk in above or one.pk == held.pk for one in works_for)


# --- the organ named ------------------------------------------------------------------------------
def _organ(
    rule: ActRule,
    field: FieldRule,
    value: int,
    acting: int | None,
    day: date,
    call: CallContext,
) -> list[Refusal]:
    """Return what is wrong with an organ that a field names; that it is the acting one itself is
    said by the core already."""
    mine, named = call.organ(acting), call.organ(value)
    if "municipal_petition_office" in field.stands and named and not _heads_the_city(named):
        return [_not_of_the_city(rule, field, named)]
    if mine is None or named is None or mine.pk == named.pk:
        return []
    if "below" in field.stands and named.pk not in subtree(mine, day):
        return [_not_below(rule, field, named)]
    if "lower" in field.stands and not _elsewhere_or_lower(mine, named, day):
        return [_not_skipped(rule, field, named)]
    return _of_law(rule, field, mine, named, day)


def _of_law(rule: ActRule, field: FieldRule, mine: Organ, named: Organ, day: date) -> list[Refusal]:
    """Return what is wrong with an organ that must be one of politics and law."""
    if "politics_law" in field.stands and not _politics_law(mine, named, day):
        return [_not_politics_law(rule, field, named)]
    if "law_organ" in field.stands and not _of_politics_and_law(named, day):
        return [_not_law_organ(rule, field, named)]
    return []


def _heads_the_city(named: Organ) -> bool:
    """Say whether an organ is the petition department of a city, and not of a district of it."""
    return named.is_petition_office and LEVELS.index(named.level) < LEVELS.index("county")


def _not_of_the_city(rule: ActRule, field: FieldRule, named: Organ) -> Refusal:
    zh = f"“{field.zh}”须是市的信访部门；“{named.name_zh}”在名录里不是"
    en = f"“{field.en}” must be the petition department of the city; by the registry this is not it"
    return _say(rule, "not-interpreter", zh, en, field.name)


def _not_below(rule: ActRule, field: FieldRule, named: Organ) -> Refusal:
    zh = f"“{field.zh}”须在本系统之内、本机关、单位之下；“{named.name_zh}”不是"
    en = f"“{field.en}” must stand below this organ in its own system; the one named does not"
    return _say(rule, "not-below", zh, en, field.name)


def _not_skipped(rule: ActRule, field: FieldRule, named: Organ) -> Refusal:
    zh = f"向“{named.name_zh}”的上一级提出并不越级；能去的本来就是本级或者上一级，应当登记、转送"
    en = (
        "the visitor is at the level of that organ already and skipped none: register the "
        "matter and send it on"
    )
    return _say(rule, "not-skipped", zh, en, field.name)


def _not_politics_law(rule: ActRule, field: FieldRule, named: Organ) -> Refusal:
    zh = f"“{field.zh}”须是同级的政法部门；“{named.name_zh}”在名录里不是"
    en = (
        f"“{field.en}” must be a politics-and-law organ of the same level; "
        "by the registry this one is not"
    )
    return _say(rule, "not-politics-law", zh, en, field.name)


def _not_law_organ(rule: ActRule, field: FieldRule, named: Organ) -> Refusal:
    zh = f"“{field.zh}”须是政法部门；“{named.name_zh}”在名录里不是"
    en = f"“{field.en}” must be a politics-and-law organ; by the registry this one is not"
    return _say(rule, "not-politics-law", zh, en, field.name)


def _elsewhere_or_lower(mine: Organ, named: Organ, day: date) -> bool:
    """Say whether a visitor at `mine` can be sent to `named`: it lies lower, or at the same
    level in another place."""
    if mine.level == named.level:
        return seat_on(mine, day) != seat_on(named, day)
    return LEVELS.index(named.level) > LEVELS.index(mine.level)


def _politics_law(mine: Organ, named: Organ, day: date) -> bool:
    return mine.level == named.level and _of_politics_and_law(named, day)


def _of_politics_and_law(named: Organ, day: date) -> bool:
    """Say whether an organ is one of politics and law, by its kind or by its competence."""
    return (
        named.kind in LAW_KINDS
        or Competence.objects.on(day).filter(organ=named, category=LAW_CATEGORY).exists()
    )
