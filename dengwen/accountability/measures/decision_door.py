"""What a decision may rest on, how heavy it may be, and who may not take it.

Pages show the same beforehand; here it is asked of every caller, and a refusal rolls the whole call
back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from dengwen.access.models import User
from dengwen.accountability.inquiry.conflicts import in_the_matter
from dengwen.accountability.inquiry.line_rules import Bearing, heavier
from dengwen.accountability.inquiry.queries import Inquiry
from dengwen.accountability.inquiry.responsibility import CLAIMED
from dengwen.accountability.measures.grounds import (
    Finding,
    after_failure,
    answers_for,
    confirmed,
    decided_before,
    finding_of,
    missed_goal,
    number_of,
)
from dengwen.accountability.measures.management_authority import managers_of
from dengwen.accountability.measures.queries import AccountFile, earlier_of, files_on
from dengwen.accountability.measures.refusals import Words, refuse, says_something
from dengwen.accountability.measures.sanction_handover import SUPERVISORY
from dengwen.cases.models import Act, Case, Party
from dengwen.law.duties.act_record import civil
from dengwen.law.duties.step import Facts, Step
from dengwen.law.liability.ladder import BY_FAILURE, Gravity, rungs
from dengwen.law.liability.measure_names import bare_name
from dengwen.law.liability.proposed_decision import Proposal, Subject, once_only
from dengwen.law.liability.provisions import Liability, MeasureRule
from dengwen.organs.models import Official, Organ
from dengwen.organs.structure.posts_held import organs_of

SANCTIONS = frozenset({"party", "government", "unit"})
"""Kinds of sanctions under rules of their own (PD23, PSL, CSL, SOE24): no measures of S 13–15 (S
16)."""
PROCEDURES = {
    "party": ("中国共产党纪律处分条例", "the party's rules on discipline (PD23)"),
    "government": ("政务处分法", "the PSL"),
    "unit": ("公务员法、国有企业管理人员处分条例等", "the CSL, SOE24 and the like"),
}
STANDARDS = {
    "AC19": ("问责条例第十七条（一）（裁量）", "AC19 17(1) (discretion)"),
    "MAD": (
        "重大行政决策程序暂行条例第三十八条第三款（按规定减免）",
        "MAD 38(3) (reduced or exempted by rules)",
    ),
    CLAIMED: ("事后才录入的不同意见（主张）", "dissent entered afterwards (a claim)"),
}
WALLED = ("concerned_person", "accused_person", "petitioner", "recused", "investigator")
"""Roles in a matter in which nobody decides on it (PSL 47)."""

PREPARED = frozenset(
    {"open_own", "open_handed", "open_inquiry", "add_person", "pin_evidence", "establish"}
    | {"tell_person", "hear", "defend", "answer_point", "consider_decision", "consider_deed"}
    | {"weigh_diligence", "confirm_line", "find_gravity", "conclude", "propose_measure", "hand_in"}
    | {"reject_rectification", "say_nothing_more", "sign_hearing", "refuse_signature"}
    | {"release_text", "reason_contradiction", "sign_report"}
)
"""Acts after any of which, by whatever account, nobody decides on what they prepared themselves
(after PSL 42, 47)."""


def timely(facts: Facts) -> None:
    """Refuse a decision that claims another day than the one on which it is signed (S 13–17).

    Authority, hearing, dates and the year of the honours are asked on its day; it is signed with
    the own sign-in, so there is no paper to enter afterwards.
    """
    if facts.day != civil(facts.recorded_at):
        raise refuse(
            "entered-late",
            facts.case,
            (
                f"决定由本人登录签署，日期就是今天（{civil(facts.recorded_at)}），不得倒填为{facts.day}",
                (f"a decision is signed with the own sign-in, today, and never dated {facts.day}"),
            ),
            ("不填日期，今天作出", "leave the day out and decide today"),
            under="management",
        )


# --- which procedure ------------------------------------------------------------------------------
def for_sanctions(file: AccountFile) -> bool:
    """Say whether a file is for a sanction under rules of its own (S 16): stated, handed over, or
    the organ's own."""
    opening = file.opening
    if opening is None:
        return False
    supervisory = file.case.holder is not None and file.case.holder.kind in SUPERVISORY
    return (
        supervisory
        or opening.act == "receive_hand_over"
        or opening.data.get("procedure") == "sanction"
    )


def membership_said(chosen: Iterable[MeasureRule], subject: Subject) -> None:
    """Refuse a measure for members of the Party on somebody of whom nobody said whether they are
    one."""
    for rule in chosen:
        if rule.party_members and subject.party_member is None:
            raise refuse(
                "membership-unsaid",
                "party_member",
                (
                    f"“{rule.zh}”只适用于党员，没有写明责任人是不是党员",
                    f"“{rule.en}” is for members of the Party; nobody said whether this is one",
                ),
                ("查明后写明是否党员", "find out and say so"),
            )


def apart(chosen: Iterable[MeasureRule], file: AccountFile) -> None:
    """Refuse a sanction in a file under S 13–15, and a measure of S 13–15 in a file for a sanction
    (S 16)."""
    own = for_sanctions(file)
    for rule in chosen:
        if rule.kind in SANCTIONS and not own:
            laws = PROCEDURES[rule.kind]
            raise refuse(
                "sanction-apart",
                "measures",
                (
                    f"“{rule.zh}”不是责任追究的措施，由有权机关依照{laws[0]}另件办理",
                    f"“{rule.en}” is given in a file of its own, under {laws[1]}",
                ),
                (
                    "移送有权机关（文书 D60）；本机关有权的，另行立项办理处分",
                    (
                        "hand it over to the competent body (D60); "
                        "where this organ is, open a file for the sanction"
                    ),
                ),
                under="sanctions",
            )
        if rule.kind not in SANCTIONS and own:
            raise refuse(
                "sanctions-only",
                "measures",
                (
                    f"本件办理处分，“{rule.zh}”由有管理权限的机关另件决定",
                    (
                        f"this file is for a sanction; “{rule.en}” is decided in a file of the "
                        "managing organ"
                    ),
                ),
                (
                    "另行立项，或者向有管理权限的机关提出建议",
                    "open another file, or propose to the managing organ",
                ),
                under="by_manager",
            )


def authority(file: AccountFile, facts: Facts) -> None:
    """Refuse an organ that is not registered today to manage the subject, a supervisory organ apart
    (S 13–17)."""
    if Organ.objects.filter(pk=facts.organ or 0, kind__in=SUPERVISORY).exists():
        return
    names = managers_of(file.official, file.organ, facts.day)
    if facts.organ not in names:
        shown = "、".join(names.values()) or "（没有登记管理权限）"
        raise refuse(
            "no-authority",
            facts.case,
            (
                "本机关今天对其没有管理权限",
                "this organ has no management authority today",
            ),
            (f"向{shown}提出建议", f"propose to {shown}"),
            under="management",
        )


# --- what it rests on -----------------------------------------------------------------------------
def resting(step: Step, file: AccountFile, facts: Facts) -> Finding:
    """Return the finding a decision rests on, the goal of an earlier measure missed or not (S 11,
    14, 15, 17)."""
    number = str(step.fields.get("inquiry") or "")
    if not after_failure(file, number):
        return confirmed(file, number, facts.day)
    missed_goal(file, facts.day)
    found = finding_of(file, number_of(file, file.decisions[-1]))
    if found is None:
        raise refuse(
            "no-finding",
            facts.case,
            (
                "原来的决定没有依据已确认的认定，不能据以升级",
                ("the earlier decision rests on no confirmed finding: nothing climbs from it"),
            ),
            ("先核查", "let a petition department inquire first"),
            under="climb_finding",
        )
    if file.official is not None:
        answers_for(found, file.official, "subject_official")
    return found


def opened_by(
    chosen: Sequence[MeasureRule],
    rests: Finding,
    proposal: Proposal,
    rules: Liability,
    file: AccountFile,
    step: Step,
) -> None:
    """Refuse what is heavier than the gravity found or the failure opens, and the same measure
    twice (S 13–16)."""
    _not_twice(chosen, rests, file, rules)
    _said_alone(step, chosen, rules)
    if _stated_heavier(chosen, proposal.gravity, rests.gravity, rules):
        raise refuse(
            "heavier-than-found",
            "gravity",
            (
                f"决定写的情节比{rests.number}认定的重",
                f"the gravity stated is heavier than {rests.number} found",
            ),
            (
                "写认定的或者较轻的情节；有新的证据的，另行核查",
                "state what was found or less; new evidence needs an inquiry",
            ),
            under="ladder",
        )
    if after_failure(file, str(step.fields.get("inquiry") or "")):
        _only_next(chosen, file, rules, proposal.on)


def _said_alone(step: Step, chosen: Iterable[MeasureRule], rules: Liability) -> None:
    """Refuse a sanction without the statement that no other body gave one for the same situation.

    What another body decided may stand behind a wall that the decider cannot see past: so they say
    that they asked, and the office looks by itself, whatever the wall hides (`_not_twice`).
    """
    once = once_only(rules)
    if (
        any(rule.kind in once for rule in chosen)
        and step.fields.get("no_other_sanction") is not True
    ):
        raise refuse(
            "other-sanction-unsaid",
            "no_other_sanction",
            (
                "没有写明已查明其他机关没有就同一情形给予政务处分、处分",
                "it is not said that no other body has sanctioned the same situation",
            ),
            (
                "向监察机关、任免机关查明后写明；已经给予的，不再给予",
                (
                    "ask the supervisory organ and the appointing organ, then say so; "
                    "where one was given, give no other"
                ),
            ),
            under="twice",
        )


def _stated_heavier(
    chosen: Iterable[MeasureRule], stated: Gravity, found: Gravity, rules: Liability
) -> bool:
    """Say whether a decision states more than was found; what has no rung (organs, sanctions) need
    state none."""
    on_ladder = {measure for rung in rules.rungs.values() for measure in rules.on_rung(rung)}
    if any(rule.id in on_ladder for rule in chosen):
        return heavier(stated, found)
    return stated.harm > found.harm or stated.influence > found.influence


def _only_next(
    chosen: Iterable[MeasureRule], file: AccountFile, rules: Liability, day: date
) -> None:
    """After a missed goal only the rung it opened: the gravity found was answered by the first
    decision (S 14, 15)."""
    answers = {
        measure: answer
        for answer in rungs(rules, Gravity(), earlier_of(file, rules), day)
        for measure in rules.on_rung(answer.rung)
    }
    for rule in chosen:
        answer = answers.get(rule.id)
        if answer is not None and not (answer.open and answer.ground == BY_FAILURE):
            raise refuse(
                "not-opened-by-failure",
                "measures",
                (
                    f"“{rule.zh}”不是没有达到目标所打开的一档：{answer.zh}",
                    f"the missed goal does not open “{rule.en}”: {answer.en}",
                ),
                (
                    "只用打开的一档；更重的须有新的核查",
                    "use the rung that is open; anything heavier needs a new inquiry",
                ),
                under="climb",
            )


def _not_twice(
    chosen: Iterable[MeasureRule], rests: Finding, file: AccountFile, rules: Liability
) -> None:
    """Refuse a measure, or a sanction like it, that was decided on the same finding before (S 12;
    PSL 16)."""
    before = decided_before(file, files_on(file), rests)
    given = [rule for one in before if (rule := one.rule(rules)) is not None]
    by_managers = any(one.by == "manager" for one in given)
    once = once_only(rules)
    sanctioned = any(one.kind in once for one in given)
    for rule in chosen:
        same = any(one.id == rule.id and bare_name(one.zh) == bare_name(rule.zh) for one in given)
        if same or (rule.kind in once and sanctioned):
            raise refuse(
                "twice",
                "measures",
                (
                    f"同一认定已经作出过“{rule.zh}”或者同类处分",
                    (f"“{rule.en}”, or a sanction like it, was decided on the same finding before"),
                ),
                ("不再重复；有新的事实的，另行核查", "do not repeat it; new facts need an inquiry"),
                under="twice",
            )
        if rule.by == "manager" and by_managers and not file.decisions:
            raise refuse(
                "decided-elsewhere",
                "measures",
                (
                    "同一认定已经在另一件决定过责任追究：一并决定",
                    ("accountability for the same finding was decided in another file"),
                ),
                ("在原来的件里办理", "go on with the file there is"),
                under="measures",
            )


# --- who may not decide ---------------------------------------------------------------------------
def not_the_subject(file: AccountFile, decider: int, day: date) -> None:
    """Refuse the person concerned, and somebody of the organ concerned, as decider of the own file
    (PSL 47)."""
    if file.official == decider or _of_the_organ(file.organ, decider, day):
        raise _partial(
            (
                "决定的人就是责任人，或者是责任单位的人",
                "whoever decides is the person or of the organ concerned",
            )
        )


def _of_the_organ(organ: int | None, official: int, day: date) -> bool:
    """Say whether an official holds a post on a day in the organ concerned, where there is one."""
    person = Official.objects.filter(pk=official).first()
    return organ is not None and person is not None and organ in organs_of(person, day)


def impartial(file: AccountFile, rests: Finding | None, decider: int, day: date) -> None:
    """Refuse a decider who is a party, recused, concerned, investigated or proposed it themselves
    (PSL 42, 47; S 17)."""
    not_the_subject(file, decider, day)
    numbers = {file.case.number, file.inquiry}
    if rests is not None:
        numbers.add(rests.number)
    made = rests.made if rests is not None else None
    for why in _ties(numbers - {""}, made, decider):
        raise _partial(why)


def of_the_organ(decider: int, facts: Facts) -> None:
    """Refuse a decider who holds no post today in the organ for which the decision is taken (S
    13–17)."""
    official = Official.objects.filter(pk=decider).first()
    if official is None or facts.organ not in organs_of(official, facts.day):
        raise refuse(
            "decider-elsewhere",
            "decider",
            (
                "作出决定的人今天不在本机关任职：由有管理权限的机关决定",
                ("whoever decides holds no post in this organ today"),
            ),
            (
                "由本机关的负责人本人登录决定",
                "let a head of this organ decide with the own sign-in",
            ),
            under="management",
        )


def _ties(numbers: set[str], made: Inquiry | None, decider: int) -> Iterator[Words]:
    """Yield what ties somebody to these cases and to the inquiry a decision rests on."""
    cases = Case.objects.filter(number__in=numbers)
    users = User.objects.filter(official_id=decider)
    if Act.objects.filter(case__in=cases, act__in=PREPARED, actor__in=users).exists():
        yield (
            "决定的人自己立项、核查、告知、听取、答复、验收，或者作出结论、提出建议",
            (
                "whoever decides opened, inquired, told, heard, answered, concluded or proposed "
                "in it themselves"
            ),
        )
    if Party.objects.filter(case__in=cases, role__in=WALLED, official_id=decider).exists():
        yield (
            "决定的人是本件的当事人、核查人员，或者已经回避",
            "whoever decides is a party, an investigator, or recused",
        )
    if made is not None:
        if decider in made.officials or decider in made.declared or decider in made.recused:
            yield (
                "决定的人在核查中是被核查人员、核查人员，或者已经回避",
                "whoever decides stood in the inquiry themselves",
            )
        yield from in_the_matter(decider, made)


def _partial(why: Words) -> Exception:
    """Return the refusal of a decider who must recuse."""
    return refuse(
        "not-impartial",
        "decider",
        (
            f"应当回避：{why[0]}",
            f"must recuse: {why[1]}",
        ),
        (
            "由机关的其他负责人决定，或者提请上一级",
            "let another head of the organ decide, or the organ above",
        ),
        under="recusal",
    )


# --- what it must answer --------------------------------------------------------------------------
def reasoned(step: Step) -> None:
    """Refuse reasons that say nothing: empty, or marks alone (S 12–17)."""
    for name in ("facts", "responsibility", "reasons"):
        if name in step.texts and not says_something(step.texts[name]):
            raise refuse(
                "no-reasons",
                name,
                (
                    "没有写明事实、责任或者理由：有管理权限的机关写明理由决定",
                    "facts, responsibility or reasons say nothing",
                ),
                ("写明理由", "write the reasons"),
                under="reasons",
            )


def fair(step: Step, file: AccountFile, rests: Finding) -> None:
    """Ask of a decision what it owes whom it concerns: reasons, the dissent answered, absence
    weighed (S 11 para. 2).

    Three standards, kept apart: a clear objection that was not followed frees and is never reached
    here; under AC19 17 and MAD 38(3) dissent is discretion, so the decision answers it in words.
    """
    reasoned(step)
    lines = (
        list(rests.bears(file.official)) if file.official is not None else _of_members(step, rests)
    )
    standards = list(dict.fromkeys(name for line in lines for name in line.dissent))
    if standards and not says_something(step.texts.get("dissent_answer", "")):
        zh, en = zip(*(STANDARDS[name] for name in standards), strict=True)
        raise refuse(
            "dissent-unanswered",
            "dissent_answer",
            (
                "会议记录载有不同意见，决定没有答复：" + "、".join(zh),
                "dissent is on record and not answered: " + ", ".join(en),
            ),
            ("写明为什么免予、减轻，或者为什么不", "say why it exempts or lightens, or why not"),
        )
    if any(line.absent for line in lines) and not says_something(
        step.texts.get("absence_reasons", "")
    ):
        raise refuse(
            "absence-unweighed",
            "absence_reasons",
            (
                "主要负责人、直接主管的负责人没有参加这项决策：承担责任须写明理由",
                ("the head or the leader in charge was absent: why they answer needs reasons"),
            ),
            (
                "写明理由；理由不足的，决定不予追究",
                "write them, or decide that no measure is taken",
            ),
            under="attribution",
        )


def _of_members(step: Step, rests: Finding) -> list[Bearing]:
    """Return the lines of the members named beside a party organisation; each must have been found
    (AC19 6(2))."""
    given = step.fields.get("members")
    codes = {str(code) for code in given} if isinstance(given, tuple) else set()
    members = Official.objects.filter(code__in=codes).order_by("code")
    return [line for member in members for line in answers_for(rests, member.pk, "members")]
