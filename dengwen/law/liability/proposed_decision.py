"""Is a proposed decision on accountability one that may be made? Every refusal cites its rule.

`refusals` looks at one proposal for one person or organ: are the measures in the list for them, is
the rung open, does the deciding organ have authority over the person on the day of the decision,
is what must come along there, and do the measures go together. It decides nothing. List, ladder
and authority are those of `rules`, the packs of a day at a place; where no rule stands there is no
measure, and no other place's article is cited.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from dengwen.law.duties.act_record import Refusal
from dengwen.law.liability.influence_period import stated_period
from dengwen.law.liability.ladder import Earlier, Gravity, rungs
from dengwen.law.liability.open_list_check import name_refusals, post_refusals
from dengwen.law.liability.provisions import Liability, MeasureRule, RungRule
from dengwen.law.packs.rules import Basis

PERSON, ORGAN = "person", "organ"
SUPERVISION = "supervision"
"""The kind of measure that only urges: none of accountability."""
BY_CONSTITUTION = "constitution"
"""Who decides what only the procedure of the party constitution can bring about."""
MANAGER = "manager"
SANCTIONS = frozenset({"government", "unit"})
"""Kinds of sanctions of public officials."""
NO_FINDING = Gravity()


@dataclass(frozen=True)
class Subject:
    """Who is to answer: a person or an organ, and what changes which measures are possible."""

    on: str = PERSON
    group: str = ""
    """Of an organ: its group (`conduct_words.ORGAN_GROUPS`), "" where nobody said."""
    party_member: bool | None = None
    """Of a person: whether a member of the Party, None where nobody said."""
    retired: bool = False
    elected: bool = False
    removed_by_law: bool = False
    """Of an elected or congress-appointed person: the legal procedure of removal is done."""
    party_organisation: bool = False


@dataclass(frozen=True)
class Chosen:
    """One measure proposed: for which act (deed), and as which kind it was entered ("" = the
    kind of the catalogue).

    Another measure of a list the text leaves open is `measure` = the id of that list, said in
    `words`, with its reasons, who approved it, and whether it takes a post away.
    """

    measure: str
    act: str = ""
    entered_as: str = ""
    words: str = ""
    reasons: str = ""
    approved_by: str = ""
    months: int = 0
    """Of a period that the decision itself states (留党察看): its months."""
    removes: bool | None = None
    """Of another measure: whether somebody loses a post by it, None where nobody said."""


@dataclass(frozen=True)
class Proposal:
    """A decision as proposed. `decided_by` is the deciding organ, `decider` the person who decides
    for it.

    `managed_by` is the organ with management authority over the person on the day of the decision.
    """

    subject: Subject
    measures: tuple[Chosen, ...]
    on: date
    decided_by: str
    managed_by: str
    decider: str = ""
    decider_is_petition_department: bool = False
    gravity: Gravity = NO_FINDING
    earlier: tuple[Earlier, ...] = ()
    goal: str = ""
    deadline: date | None = None
    honours: tuple[tuple[str, int], ...] = ()
    """Honours cancelled: whose (area, department, unit) and of which year."""
    honours_left_out: tuple[tuple[str, str], ...] = ()
    """Whose honours are left out, each with the reasons."""
    minor: bool = False
    crime_suspected: bool = False
    closed_as_transferred: bool = False
    responsible_members: tuple[str, ...] = ()


def refusals(rules: Liability, proposal: Proposal) -> list[Refusal]:
    """Return every reason why this decision may not be made so; empty where none was found."""
    return [found for check in _CHECKS for found in check(rules, proposal)]


def _refusal(
    code: str, basis: Basis | None, zh: str, en: str, mend: tuple[str, str] = ("", "")
) -> Refusal:
    return Refusal(code, zh, en, basis, mend[0], mend[1])


def _cited(rules: Liability, key: str) -> Basis | None:
    """Return the rule of this place by which something is refused, None where it has none."""
    said = rules.cited.get(key)
    return said.basis if said else None


def _known(rules: Liability, proposal: Proposal) -> list[tuple[Chosen, MeasureRule]]:
    """Return the measures proposed that some rule knows, another one of an open list as what it
    is stated to be."""
    found = []
    for chosen in proposal.measures:
        rule = rules.measure(chosen.measure, chosen.words)
        if rule is not None:
            removes = rule.removes or chosen.removes is True
            found.append((chosen, replace(rule, removes=removes)))
    return found


def _listed(rules: Liability, proposal: Proposal) -> Iterator[Refusal]:
    """The list for a subject is closed where the text closes it; what only urges is not in it."""
    for chosen in proposal.measures:
        rule = rules.measures.get(chosen.measure)
        if rule is None and chosen.measure in rules.open_lists:
            yield from _another(rules, proposal, chosen)
        elif rule is None:
            yield _no_such_measure(rules, chosen.measure)
        elif rule.by == BY_CONSTITUTION:
            yield _by_constitution(rules, rule)
        elif rule.kind == SUPERVISION:
            yield _not_accountability(rules, rule)
        elif proposal.subject.on not in rule.on:
            yield _not_for_this_subject(rules, rule, proposal.subject.on)
        elif rule.party_members and proposal.subject.party_member is False:
            yield _refusal(
                "not-a-party-member",
                rule.basis,
                f"“{rule.zh}”只适用于党员",
                f"“{rule.en}” is for members of the Party only",
            )
        elif proposal.subject.on == ORGAN:
            yield from _not_for_this_organ(rules, rule, proposal.subject.group)


def _no_such_measure(rules: Liability, name: str) -> Refusal:
    """Refuse what no rule here knows; without any list the place has no measures at all."""
    basis = _cited(rules, "measures")
    if basis is None:
        return _refusal(
            "no-rule-here",
            None,
            f"本地没有规定“{name}”这项措施：没有规则就没有措施",
            f"no measure without a rule here: this place has no rule on “{name}”",
            ("依本地的规定办理，或者不采取措施", "use a rule of this place, or take no measure"),
        )
    return _refusal(
        "not-a-measure",
        basis,
        f"没有名为“{name}”的措施",
        f"there is no measure “{name}”",
    )


def _another(rules: Liability, proposal: Proposal, chosen: Chosen) -> Iterator[Refusal]:
    """An open list (等) lets another measure of its kind in: said in words, reasoned, approved."""
    stated = rules.open_lists[chosen.measure]
    if proposal.subject.on != stated.on:
        yield _refusal(
            "wrong-subject",
            stated.basis,
            f"“{stated.zh}”的其他措施不能对这一对象使用",
            f"another measure beside “{stated.en}” is not for this subject",
        )
    elif stated.on == ORGAN:
        rule = stated.measure(chosen.words)
        yield from _not_for_this_organ(rules, rule, proposal.subject.group)
    yield from post_refusals(rules, stated, chosen.removes)
    yield from name_refusals(rules, stated, chosen.words)
    said = (chosen.words, chosen.reasons, chosen.approved_by)
    if not all(any(c.isalnum() for c in text) for text in said):
        yield _refusal(
            "other-measure-bare",
            stated.basis,
            f"条文在“{stated.zh}”处没有列完；采取同类的其他措施，须写明是什么、理由和谁批准",
            f"the text leaves the list open after “{stated.en}”: another measure of the kind needs "
            "what it is, reasons and who approved it",
            ("写明措施、理由和批准的人", "state the measure, the reasons and who approved it"),
        )


def _by_constitution(rules: Liability, rule: MeasureRule) -> Refusal:
    decides = rules.authorities.get(BY_CONSTITUTION)
    return _refusal(
        "by-constitution",
        decides.basis if decides else rule.basis,
        f"“{rule.zh}”由党章规定的程序决定，不是责任追究的措施",
        f"“{rule.en}” is decided by the procedure of the party constitution, and is "
        "no measure of accountability",
        ("报请有权的党组织依照党章办理", "report it to the competent party organisation"),
    )


def _not_accountability(rules: Liability, rule: MeasureRule) -> Refusal:
    cited = f"{rule.basis.law} {rule.basis.article}"
    basis = _cited(rules, "measures")
    return _refusal(
        "not-accountability",
        replace(basis, note=cited) if basis else rule.basis,
        f"“{rule.zh}”不在责任追究的措施之内，是督促，不是责任追究",
        f"“{rule.en}” is not in the list of measures: it is supervision, not accountability",
        (f"依 {cited} 另办", f"under {cited}"),
    )


def _not_for_this_subject(rules: Liability, rule: MeasureRule, on: str) -> Refusal:
    whom = ("个人", "a person") if on == PERSON else ("机关", "an organ")
    return _refusal(
        "wrong-subject",
        _cited(rules, "measures") or rule.basis,
        f"“{rule.zh}”不能对{whom[0]}使用",
        f"“{rule.en}” is not for {whom[1]}",
    )


def _not_for_this_organ(rules: Liability, rule: MeasureRule, group: str) -> Iterator[Refusal]:
    """A measure fits the organs its instrument binds (villagers' committees are none of them)."""
    if not group:
        return
    stated = [b for b in rules.bindings.values() if b.law == rule.bound_by and b.degree != "none"]
    bound = {group for one in stated for group in one.groups}
    if rule.bound_by and group not in bound:
        scope = next((one.basis for one in stated), None)
        yield _refusal(
            "not-bound",
            scope or rule.basis,
            f"“{rule.zh}”只对适用这项规定的机关、单位；这一类组织没有列入适用范围",
            f"“{rule.en}” is for organs its instrument binds; this kind is not listed in its scope",
            ("依对其适用的规定办理", "use a rule that binds it"),
        )
    if rule.organs and group not in rule.organs:
        yield _refusal(
            "wrong-organ",
            rule.basis,
            f"“{rule.zh}”不适用于这一类机关、单位",
            f"“{rule.en}” does not fit this kind of organ",
        )


def _kinds(rules: Liability, proposal: Proposal) -> Iterator[Refusal]:
    """Each measure is of the kind the texts list it under."""
    for chosen, rule in _known(rules, proposal):
        if chosen.entered_as and chosen.entered_as != rule.kind:
            yield _refusal(
                "wrong-kind",
                _cited(rules, "kinds") or rule.basis,
                f"“{rule.zh}”不是所录的种类，条文单列",
                f"“{rule.en}” is not of the kind entered; the texts list it apart",
            )


def _rungs(rules: Liability, proposal: Proposal) -> Iterator[Refusal]:
    """The rung of each measure must be open."""
    for answer in rungs(rules, proposal.gravity, proposal.earlier, proposal.on):
        if _on_rung(rules, proposal, answer.rung) and not answer.open:
            code = "reasons-needed" if answer.ground else "rung-closed"
            yield _refusal(code, answer.basis, answer.zh, answer.en)


def _on_rung(rules: Liability, proposal: Proposal, rung: RungRule) -> bool:
    """Say whether a measure proposed stands on a rung, another one of its open list too."""
    return bool({c.measure for c in proposal.measures} & rules.on_rung(rung))


def _brings(rules: Liability, proposal: Proposal) -> Iterator[Refusal]:
    """What a rung brings along: a date by which to rectify, the honours of this year."""
    for rung in rules.rungs.values():
        if not _on_rung(rules, proposal, rung):
            continue
        if "rectification" in rung.comes_with and (
            proposal.deadline is None
            or proposal.deadline <= proposal.on
            or not proposal.goal.strip()
        ):
            yield _refusal(
                "no-rectification",
                rung.basis,
                f"{rung.zh}须同时写明整改目标和期限",
                f"{rung.en} comes with a goal and a date by which to rectify",
                ("写上目标和作出决定之后的日期", "state the goal and a date after the decision"),
            )
        if "honours" in rung.comes_with:
            yield from _honours(rules, proposal, rung)


def _honours(rules: Liability, proposal: Proposal, rung: RungRule) -> Iterator[Refusal]:
    """Each honour the rung cancels is named, or left out with reasons; no other, of no other
    year."""
    whose = "、".join(one.zh for one in rules.honours.values())
    whose_en = ", ".join(one.en for one in rules.honours.values())
    named = {who for who, year in proposal.honours if year == proposal.on.year}
    left_out = {who for who, why in proposal.honours_left_out if any(c.isalnum() for c in why)}
    if set(rules.honours) - named - left_out or not named & set(rules.honours):
        yield _refusal(
            "honours-missing",
            rung.basis,
            f"{rung.zh}须同时取消该{whose}本年度综合性荣誉称号资格；没有对象的，逐项写明理由",
            f"an {rung.en} cancels this year's comprehensive honours of {whose_en} at the same "
            "time; whichever is left out needs reasons",
        )
    if any(year != proposal.on.year or who not in rules.honours for who, year in proposal.honours):
        yield _refusal(
            "honours-beyond",
            rung.basis,
            f"只取消{whose}作出决定当年的综合性荣誉称号资格",
            f"only the comprehensive honours of {whose_en}, and of the year of the decision",
        )


def _authority(rules: Liability, proposal: Proposal) -> Iterator[Refusal]:
    """A person decides, for the organ with authority on that day; a petition department only
    proposes."""
    managing = rules.authorities.get(MANAGER)
    if not proposal.decider:
        yield _refusal(
            "nobody-decided",
            _cited(rules, "person_decides") or (managing.basis if managing else None),
            "没有人作出决定；整改不到位只是重新决定的理由，系统不得自行升级",
            "nobody decided; a missed goal is only a ground for a new decision, the system "
            "never climbs by itself",
        )
    managers = [rule for _, rule in _known(rules, proposal) if rule.by == MANAGER]
    if not managers or proposal.decided_by == proposal.managed_by or managing is None:
        return
    mend = (f"向{proposal.managed_by}提出建议", f"propose to {proposal.managed_by}")
    if proposal.decider_is_petition_department:
        yield _refusal(
            "proposal-only",
            managing.basis,
            "信访部门调查核实、提出建议，不作出追究决定",
            "a petition department investigates and proposes; it does not impose",
            mend,
        )
        return
    lowest = next((r.basis for r in managers if r.kind == "accountability"), managing.basis)
    yield _refusal(
        "no-authority",
        lowest,
        f"{proposal.decided_by}在决定当日对该人没有管理权限",
        f"{proposal.decided_by} has no management authority over the person on the day "
        "of the decision",
        mend,
    )


def _together(rules: Liability, proposal: Proposal) -> Iterator[Refusal]:
    """Measures that do not go together for the same act, in either order."""
    known = _known(rules, proposal)
    for combination in rules.combinations:
        if combination.minor and not proposal.minor:
            continue
        acts = {c.act for c, r in known if r.kind == combination.first}
        if any(c.act in acts and r.kind in combination.second for c, r in known):
            yield _refusal(combination.id, combination.basis, combination.zh, combination.en)


def _stated_months(rules: Liability, proposal: Proposal) -> Iterator[Refusal]:
    """A period the decision itself states is stated, within what the text allows."""
    for chosen, rule in _known(rules, proposal):
        period = stated_period(rules, rule.id)
        if period is None or period.stated is None:
            continue
        least, most = period.stated
        if not least <= chosen.months <= most:
            yield _refusal(
                "months-not-stated",
                period.basis,
                f"“{rule.zh}”须在决定中写明期限，{least}个月至{most}个月",
                f"a decision on “{rule.en}” states its period, from {least} to {most} months",
                ("写明几个月", "state the months"),
            )


def once_only(rules: Liability) -> frozenset[str]:
    """Return the kinds of which one situation has one, in whatever file and by whatever body."""
    kinds: set[str] = set()
    for combination in rules.combinations:
        if combination.once:
            kinds |= {combination.first, *combination.second}
    return frozenset(kinds)


def _person(rules: Liability, proposal: Proposal) -> Iterator[Refusal]:
    """PSL 27: no sanction on the retired; PSL 50: who is elected is removed by law first."""
    subject = proposal.subject
    for _, rule in _known(rules, proposal):
        if subject.retired and rule.kind in SANCTIONS:
            yield _refusal(
                "retired",
                Basis("PSL", "27"),
                "已退休的不再给予政务处分，可以立案调查；应当降级、撤职、开除的，按规定调整待遇",
                "no sanction on the retired; inquiry is possible, and benefits are adjusted "
                "where grade down, "
                "removal or dismissal would be due",
                (
                    "党内问责终身追究只及于性质恶劣、后果严重的失职（未核）",
                    "lifelong party accountability: grave dereliction only",
                ),
            )
        if subject.elected and not subject.removed_by_law and rule.removes:
            note = (
                "" if rule.kind in SANCTIONS else "责令辞职、免职作为组织处理，同理，依任免的法律"
            )
            yield _refusal(
                "elected",
                Basis("PSL", "50", note=note),
                "由人民代表大会及其常务委员会选举、任命的，先依法罢免、撤销或者免去职务",
                "elected or appointed by a people's congress: removed by the legal procedure first",
            )


def _beside(rules: Liability, proposal: Proposal) -> Iterator[Refusal]:
    """A suspected crime runs beside; an organisation's responsible members answer too (AC19
    6(2))."""
    if proposal.crime_suspected and proposal.closed_as_transferred:
        yield _refusal(
            "closed-as-transferred",
            _cited(rules, "crime_beside"),
            "涉嫌犯罪的移送与责任追究并行，不能以“已移送”结案",
            "transfer of a suspected crime runs beside accountability; it does not close it",
        )
    if proposal.subject.party_organisation and not proposal.responsible_members:
        yield _refusal(
            "members-too",
            Basis("AC19", "6(2)"),
            "对党组织问责的，同时对负有责任的领导班子成员问责",
            "where a party organisation is held accountable, so are the responsible members "
            "of its leading body",
        )


_CHECKS: tuple[Callable[[Liability, Proposal], Iterator[Refusal]], ...] = (
    _listed,
    _kinds,
    _rungs,
    _brings,
    _authority,
    _stated_months,
    _together,
    _person,
    _beside,
)
