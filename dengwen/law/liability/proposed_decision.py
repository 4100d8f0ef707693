"""Is a proposed decision on accountability one that may be made? Every refusal cites its rule (S
12–17 and the laws).

`refusals` looks at one proposal for one person or organ: are the measures in the list for them, is
the rung open, does
the deciding organ have authority over the person on the day of the decision, is what must come
along there, and do the
measures go together. It decides nothing. The list and the ladder are those of the seed: `rules` are
those of
a place where it holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from dengwen.law.duties.act_record import Refusal
from dengwen.law.liability.ladder import Earlier, Gravity, rungs
from dengwen.law.liability.provisions import Liability, MeasureRule
from dengwen.law.packs.rules import Basis

PERSON, ORGAN = "person", "organ"
HONOURED = ("area", "department", "unit")
"""Whose comprehensive honours of the year an admonition cancels, all at the same time (S 14)."""

REMOVALS = frozenset({"removal", "gov_removal", "gov_dismissal", "unit_removal", "unit_dismissal"})
BY_CONSTITUTION = frozenset({"reorganisation"})
"""Decided by the party constitution, never under the seed (AC19 8; PD23 9)."""
SANCTIONS = frozenset({"government", "unit"})
NO_FINDING = Gravity()


@dataclass(frozen=True)
class Subject:
    """Who is to answer: a person or an organ, and what changes which measures are possible."""

    on: str = PERSON
    retired: bool = False
    elected: bool = False
    removed_by_law: bool = False
    """Of an elected or congress-appointed person: the legal procedure of removal is done."""
    party_organisation: bool = False


@dataclass(frozen=True)
class Chosen:
    """One measure proposed: for which act (deed), and as which kind it was entered ("" = the
    kind of the catalogue)."""

    measure: str
    act: str = ""
    entered_as: str = ""


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
    minor: bool = False
    crime_suspected: bool = False
    closed_as_transferred: bool = False
    responsible_members: tuple[str, ...] = ()


def refusals(rules: Liability, proposal: Proposal) -> list[Refusal]:
    """Return every reason why this decision may not be made so; empty where none was found."""
    return [found for check in _CHECKS for found in check(rules, proposal)]


def _refusal(
    code: str, basis: Basis, zh: str, en: str, mend: tuple[str, str] = ("", "")
) -> Refusal:
    return Refusal(code, zh, en, basis, mend[0], mend[1])


def _known(rules: Liability, proposal: Proposal) -> list[tuple[Chosen, MeasureRule]]:
    return [
        (c, rules.measures[c.measure]) for c in proposal.measures if c.measure in rules.measures
    ]


def _listed(rules: Liability, proposal: Proposal) -> Iterator[Refusal]:
    """S 12: the list for persons is closed; measures of the joint conference (R22 39(3)) are not
    in it."""
    for chosen in proposal.measures:
        rule = rules.measures.get(chosen.measure)
        if rule is None:
            yield _no_such_measure(chosen.measure)
        elif rule.id in BY_CONSTITUTION:
            yield _by_constitution(rule)
        elif rule.kind == "supervision":
            yield _not_accountability(rule)
        elif proposal.subject.on not in rule.on:
            yield _not_for_this_subject(rule, proposal.subject.on)


def _no_such_measure(name: str) -> Refusal:
    return _refusal(
        "not-a-measure",
        Basis("S", "12"),
        f"没有名为“{name}”的措施",
        f"there is no measure “{name}”",
    )


def _by_constitution(rule: MeasureRule) -> Refusal:
    return _refusal(
        "by-constitution",
        Basis("AC19", "8", note="PD23 9；S 12"),
        f"“{rule.zh}”由党章规定的程序决定，不是细则第十二条的措施",
        f"“{rule.en}” is decided by the procedure of the party constitution, and is "
        "no measure of S 12",
        ("报请有权的党组织依照党章办理", "report it to the competent party organisation"),
    )


def _not_accountability(rule: MeasureRule) -> Refusal:
    cited = f"{rule.basis.law} {rule.basis.article}"
    return _refusal(
        "not-accountability",
        Basis("S", "12", note=cited),
        f"“{rule.zh}”不在细则第十二条的措施之内，是督促，不是责任追究",
        f"“{rule.en}” is not in the list of S 12: it is supervision, not accountability",
        (f"依 {cited} 另办", f"under {cited}"),
    )


def _not_for_this_subject(rule: MeasureRule, on: str) -> Refusal:
    whom = ("个人", "a person") if on == PERSON else ("机关", "an organ")
    return _refusal(
        "wrong-subject",
        Basis("S", "12"),
        f"“{rule.zh}”不能对{whom[0]}使用",
        f"“{rule.en}” is not for {whom[1]}",
    )


def _kinds(rules: Liability, proposal: Proposal) -> Iterator[Refusal]:
    """S 12, AC19 8, OT21 3: each measure is of the kind the texts list it under."""
    for chosen, rule in _known(rules, proposal):
        if chosen.entered_as and chosen.entered_as != rule.kind:
            yield _refusal(
                "wrong-kind",
                Basis("S", "12", note="AC19 8；OT21 3"),
                f"“{rule.zh}”不是所录的种类，条文单列",
                f"“{rule.en}” is not of the kind entered; the texts list it apart",
            )


def _rungs(rules: Liability, proposal: Proposal) -> Iterator[Refusal]:
    """S 13–15: the rung of each measure must be open."""
    for answer in rungs(rules, proposal.gravity, proposal.earlier, proposal.on):
        used = [c for c in proposal.measures if c.measure in answer.rung.measures]
        if used and not answer.open:
            code = "reasons-needed" if answer.ground else "rung-closed"
            yield _refusal(code, answer.basis, answer.zh, answer.en)


def _brings(rules: Liability, proposal: Proposal) -> Iterator[Refusal]:
    """S 13, 14: a date by which to rectify, and with an admonition the honours of this year."""
    for rung in rules.rungs.values():
        if not [c for c in proposal.measures if c.measure in rung.measures]:
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
        missing = [w for w in HONOURED if (w, proposal.on.year) not in proposal.honours]
        if "honours" in rung.comes_with and missing:
            yield _refusal(
                "honours-missing",
                rung.basis,
                "诫勉须同时取消该地区、部门、单位本年度综合性荣誉称号资格",
                "an admonition cancels this year's comprehensive honours of area, department "
                "and unit at the same time",
            )
        strange = [h for h in proposal.honours if h[1] != proposal.on.year or h[0] not in HONOURED]
        if "honours" in rung.comes_with and strange:
            yield _refusal(
                "honours-beyond",
                rung.basis,
                "只取消地区、部门、单位作出决定当年的综合性荣誉称号资格",
                "only the comprehensive honours of area, department and unit, and of the "
                "year of the decision",
            )


def _authority(rules: Liability, proposal: Proposal) -> Iterator[Refusal]:
    """S 13–17: a person decides, for the organ with authority on that day; a petition department
    only proposes."""
    if not proposal.decider:
        yield _refusal(
            "nobody-decided",
            Basis("S", "17", note="S 14"),
            "没有人作出决定；整改不到位只是重新决定的理由，系统不得自行升级",
            "nobody decided; a missed goal is only a ground for a new decision, the system "
            "never climbs by itself",
        )
    managers = [r for _, r in _known(rules, proposal) if r.by == "manager"]
    if (
        managers
        and proposal.decider_is_petition_department
        and proposal.decided_by != proposal.managed_by
    ):
        yield _refusal(
            "proposal-only",
            Basis("S", "17"),
            "信访部门调查核实、提出建议，不作出追究决定",
            "a petition department investigates and proposes; it does not impose",
            (f"向{proposal.managed_by}提出建议", f"propose to {proposal.managed_by}"),
        )
    elif managers and proposal.decided_by != proposal.managed_by:
        yield _refusal(
            "no-authority",
            Basis("S", "13" if any(r.id == "circular" for r in managers) else "17"),
            f"{proposal.decided_by}在决定当日对该人没有管理权限",
            f"{proposal.decided_by} has no management authority over the person on the day "
            "of the decision",
            (f"向{proposal.managed_by}提出建议", f"propose to {proposal.managed_by}"),
        )


def _together(rules: Liability, proposal: Proposal) -> Iterator[Refusal]:
    """PSL 12, 16; CSL 61(2): measures that do not go together for the same act."""
    known = _known(rules, proposal)
    for combination in rules.combinations:
        if combination.minor and not proposal.minor:
            continue
        acts = {c.act for c, r in known if r.kind == combination.first}
        if any(c.act in acts and r.kind in combination.second for c, r in known):
            yield _refusal(combination.id, combination.basis, combination.zh, combination.en)


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
        if subject.elected and not subject.removed_by_law and rule.id in REMOVALS:
            note = "" if rule.kind in SANCTIONS else "免职作为组织处理，同理，依任免的法律"
            yield _refusal(
                "elected",
                Basis("PSL", "50", note=note),
                "由人民代表大会及其常务委员会选举、任命的，先依法罢免、撤销或者免去职务",
                "elected or appointed by a people's congress: removed by the legal procedure first",
            )


def _beside(_rules: Liability, proposal: Proposal) -> Iterator[Refusal]:
    """S 12 para. 2: crime runs beside; AC19 6(2): an organisation's responsible members answer
    too."""
    if proposal.crime_suspected and proposal.closed_as_transferred:
        yield _refusal(
            "closed-as-transferred",
            Basis("S", "12", note="PSL 49"),
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
    _together,
    _person,
    _beside,
)


@dataclass(frozen=True)
class Correction:
    """Setting a wrong accountability right: who decides it, and to whom it was said then and is
    said now."""

    decider: str
    told_then: frozenset[str]
    told_now: frozenset[str]


def correction_refusals(correction: Correction) -> list[Refusal]:
    """Say what is missing of a correction: a person's decision, and that all who were told hear
    of it (AC19 21)."""
    found = []
    if not correction.decider:
        found.append(
            _refusal(
                "nobody-decided",
                Basis("AC19", "21"),
                "错误的问责应当纠正，由作出决定的机关或者其上级决定",
                "wrong accountability is corrected by the deciding organ or its superior",
            )
        )
    if left := sorted(correction.told_then - correction.told_now):
        found.append(
            _refusal(
                "said-less-widely",
                Basis("AC19", "21", note="与原通报同样范围：本系统的要求"),
                "更正的范围小于原来的范围，还没有告知：" + "、".join(left),
                "said less widely than the accountability was; not told yet: " + ", ".join(left),
            )
        )
    return found
