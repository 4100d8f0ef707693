"""What an inquiry may not do: pure rules over what its acts say, each refusal with its article and
the mend.

As careful with exculpation as with blame: nothing is found on the word of the person alone, nothing
becomes heavier
because somebody defended himself, and nothing is concluded before every point of a defence is
answered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from dengwen.accountability.errors import AccountabilityError
from dengwen.accountability.inquiry.queries import (
    DEED,
    NEEDED,
    SHOWN,
    TESTS,
    WEIGHT,
    Inquiry,
    LineKey,
    gravity_of,
    read_acts,
    refs,
)
from dengwen.accountability.inquiry.responsibility import Ground
from dengwen.law.duties.step import FieldValue
from dengwen.law.liability import conduct_words
from dengwen.law.liability.attribution import LEADING, NONE, Line
from dengwen.law.liability.ladder import NEITHER, Gravity
from dengwen.law.liability.provisions import Liability, TriggerRule
from dengwen.law.liability.triggers import REASONS
from dengwen.oversight.inspections.queries import Told

Mend = tuple[str, str]


def refused(code: str, where: str, zh: str, en: str, mend: Mend) -> AccountabilityError:
    """Return what is refused, why by which article, and the mend."""
    return AccountabilityError(code, where=where, zh=zh, en=en, mend_zh=mend[0], mend_en=mend[1])


def reread(made: Inquiry, acts: tuple[Told, ...]) -> Inquiry:
    """Return an inquiry as only these of its acts tell it."""
    return read_acts(made.number, made.place, made.holder, acts)


# --- investigators --------------------------------------------------------------------------------
def two_investigators(made: Inquiry, official: int | None) -> None:
    """Let nothing be done before two investigators are named, and by nobody else than one of
    them (PSL 42)."""
    if len(made.investigators) < NEEDED:
        raise refused(
            "too-few",
            made.number,
            f"核查人员不足{NEEDED}人，现有{len(made.investigators)}人（政务处分法第四十二条）",
            f"an inquiry needs at least {NEEDED} investigators, here "
            f"{len(made.investigators)} (PSL 42)",
            (
                "补充没有利害关系的人员；本机关不足的，提请上一级",
                "name more without a conflict; or hand up to the next higher organ",
            ),
        )
    if official not in made.investigators:
        raise refused(
            "not-an-investigator",
            made.number,
            "只有本件的核查人员才能这样做（政务处分法第四十二条）",
            "only an investigator of this inquiry does this (PSL 42)",
            ("由核查人员办理", "let an investigator do it"),
        )


# --- evidence -------------------------------------------------------------------------------------
def on_the_board(made: Inquiry, evidence: Iterable[object], *, needed: bool, why: Mend) -> None:
    """Take only numbers of the board; where needed, at least one that the person did not hand in
    himself (PSL 43)."""
    numbers = [int(str(e)) if str(e).isdecimal() else 0 for e in evidence]
    strange = [str(e) for e, n in zip(evidence, numbers, strict=True) if n not in made.items]
    if strange:
        raise refused(
            "not-on-the-board",
            "evidence",
            f"证据板上没有第{strange[0]}号",
            f"there is no number {strange[0]} on the board",
            ("先固定证据，或者改序号", "pin it first, or mend the number"),
        )
    if needed and not any(not made.items[n].own for n in numbers):
        raise refused(
            "no-evidence",
            "evidence",
            f"{why[0]}，不能只凭本人陈述或者本人提交的材料（细则第十一条；政务处分法第四十二条、第四十三条）",
            f"{why[1]}, and not on the word of the person alone (S 11; PSL 42, 43)",
            ("在证据板上选证据", "choose evidence on the board"),
        )


def element_known(made: Inquiry, rules: Liability, trigger: str, element: str) -> None:
    """Take only circumstances in force on the day of the conduct, and only what their text asks
    for (S 11, 20)."""
    rule = rules.triggers.get(trigger)
    if rule is None:
        raise refused(
            "no-such-circumstance",
            "trigger",
            f"{made.day}在当地没有“{trigger}”这一情形（按行为发生当日的规定，细则第二十条）",
            f"on {made.day} there was no circumstance {trigger} here (grounds by the day of "
            "the conduct, S 20)",
            ("选当日有效的情形", "choose one in force on that day"),
        )
    asked = (*rule.conduct, *rule.elements, *((REASONS,) if rule.open else ()))
    if element not in asked:
        raise refused(
            "not-an-element",
            "element",
            f"“{rule.zh}”不问这一项（{rule.basis.law} {rule.basis.article}）",
            f"{rule.basis.law} {rule.basis.article} does not ask for this",
            ("选条文写明的行为或者要件", "choose a conduct or element of the text"),
        )


# --- told and heard -------------------------------------------------------------------------------
def no_identity(texts: Iterable[str], sealed: Iterable[str], where: str = "facts") -> None:
    """Let nothing that is told or disclosed carry a sealed identity, number or address (S 8,
    11(8); R22 30(3))."""
    words = sorted(sealed)
    if any(word in text for text in texts for word in words):
        raise refused(
            "sealed-identity",
            where,
            "文字里有信访人的身份、联系方式或者密封件的编号，不得告知被核查人员（细则第八条、第十一条；信访工作条例第三十条第三款）",
            "the text names a petitioner or a sealed case; "
            "never told to the person concerned (S 8, 11(8); R22 30(3))",
            ("只写事实和行为", "state facts and acts only"),
        )


def can_still_answer(answer_by: FieldValue, recorded: date) -> None:
    """Refuse to tell somebody of a time to answer that leaves no day, counted from when it was
    entered.

    No law gives a number of days; that at least the next day is left is this system's demand.
    """
    if isinstance(answer_by, date) and answer_by <= recorded:
        raise refused(
            "no-time-to-answer",
            "answer_by",
            f"录入的今天（{recorded}）以后没有留出一天陈述、申辩，也不得补录期满（政务处分法第四十三条；至少留一天是本系统的把关）",
            f"no day is left to answer after this was entered on {recorded}; "
            "it cannot be entered late "
            "(PSL 43; at least one day is this system's demand)",
            ("写明天或者以后的日期", "give tomorrow or a later day"),
        )


def told_something(made: Inquiry) -> None:
    """Refuse to tell anybody facts of which nothing stands on the board, except that a goal was
    missed (PSL 43)."""
    if not made.items and made.missed is None:
        raise refused(
            "no-evidence",
            made.number,
            "证据板上没有证据，没有可以告知的事实（政务处分法第四十二条、第四十三条）",
            "nothing is on the evidence board: there are no facts to tell (PSL 42, 43)",
            ("先固定证据", "pin evidence first"),
        )


def was_told(made: Inquiry, official: int) -> None:
    """Hear only somebody who was told the facts and grounds first (PSL 43)."""
    if official not in made.told:
        raise refused(
            "not-told",
            "official",
            "还没有向这个人告知事实和依据（政务处分法第四十三条）",
            "this person was not told facts and grounds yet (PSL 43)",
            ("先告知", "tell the person first"),
        )


def answered_in_writing(made: Inquiry, official: int) -> None:
    """Write "answered in writing" only where the person made a point since he was told last (PSL
    43)."""
    since = made.told[official].seq
    if not any(p.official == official and p.told.seq > since for p in made.points.values()):
        raise refused(
            "no-answer",
            "how",
            "告知以后本人没有书面答复（政务处分法第四十三条）",
            "the person gave no written answer since he was told (PSL 43)",
            ("当面听取，或者等期满", "hear the person, or wait until the day set"),
        )


def may_be_silent(made: Inquiry, official: int, how: str, today: date, *, recorded: bool) -> None:
    """Write "no answer" only after the day until which the person may answer, "declined" before
    only with a record."""
    if how == "absent" or (how == "declined" and not recorded):
        may_be_absent(made, official, today)


def may_be_absent(made: Inquiry, official: int, today: date) -> None:
    """Write "no answer" only after the day until which the person may answer."""
    last = date.fromisoformat(str(made.told[official].data["answer_by"]))
    if today <= last:
        raise refused(
            "may-still-answer",
            "how",
            f"本人可以陈述、申辩到{last}，还没有期满（政务处分法第四十三条）",
            f"the person may answer until {last} (PSL 43)",
            (
                "等期满，或者当面听取；本人当时就表示不陈述的，附谈话笔录",
                "wait, or hear the person; where he declined on the spot, attach the record",
            ),
        )


def next_point(made: Inquiry, point: object) -> None:
    """Number the points of a defence without gaps, so that none can be left out."""
    if point != len(made.points) + 1:
        raise refused(
            "other-point",
            "point",
            f"下一点是第{len(made.points) + 1}点",
            f"the next point is no. {len(made.points) + 1}",
            ("按顺序编号", "number them in order"),
        )


def point_open(made: Inquiry, point: object) -> None:
    """Answer a point that was made."""
    if point not in made.points:
        raise refused(
            "no-point",
            "point",
            "没有这一点申辩",
            "there is no such point",
            ("核对第几点", "check the number"),
        )


# --- lines ----------------------------------------------------------------------------------------
def line_may(
    made: Inquiry,
    ground: Ground | None,
    official: int,
    kind: str,
    fields: Mapping[str, FieldValue],
    reasons: str,
) -> None:
    """Let a line be confirmed as computed or changed with reasons, as the text leaves it to a
    person (S 11 para. 2)."""
    line = ground.line(official, kind) if ground else None
    if ground is None or line is None:
        raise refused(
            "no-line",
            "official",
            "这项决策或者行为没有对这个人提出责任认定（按当日的职务、分工和会议记录）",
            "no line is proposed for this person (posts, fields of work and minutes of that day)",
            (
                "核对人员和序号；职务、分工有误的，先更正名录",
                "check person and number; mend the registry where it is wrong",
            ),
        )
    if fields.get("proposed") != line.responsibility:
        raise refused(
            "other-proposal",
            "proposed",
            "与系统按当日职务、分工和记录提出的不同",
            "this is not what is computed for that day",
            ("重新打开页面", "open the page anew"),
        )
    found = str(fields.get("responsibility"))
    if found in LEADING and official in ground.objectors:
        raise refused(
            "objected",
            "responsibility",
            "本人明确反对、有记录、没有被采纳，不承担领导责任（细则第十一条第二款）",
            "a clear objection is on record and was not followed: no leadership "
            "responsibility (S 11 para. 2)",
            (
                "认定为不承担责任；本人另有行为的，另列入个人行为",
                "find none; what the person did himself is a deed of its own",
            ),
        )
    exempt = line.diligence is not None and line.diligence.shown and line.responsibility == NONE
    if found != NONE and line.responsibility == NONE and ground.collective:
        raise refused(
            "took-no-part",
            "responsibility",
            "没有参与决策和工作的其他成员，不承担这项集体责任（细则、实施办法第十一条第二款）",
            "another member who took no part in decision and work does not answer for it (S "
            "and P16 11 para. 2)",
            (
                "认定为不承担责任；本人另有行为的，另列入个人行为",
                "find none; what the person did himself is a deed of its own",
            ),
        )
    away = found != NONE and any(note.standard == "absent" for note in line.notes)
    if not reasons.strip() and (found != line.responsibility or exempt or away):
        raise refused(
            "reasons-needed",
            "reasons",
            "改变系统提出的认定、认定尽职免责、认定没有参加的负责人承担责任，须写明理由（细则第十一条第二款）",
            "a change, an exemption for diligence, and what is found of a leader who was "
            "absent need written reasons "
            "(S 11 para. 2)",
            ("写明理由", "write the reasons"),
        )
    if found != NONE and official not in made.officials:
        raise refused(
            "not-concerned",
            "official",
            "这个人还不是被核查人员，没有告知、没有听取，不能认定责任（政务处分法第四十三条）",
            "this person is not concerned yet: neither told nor heard (PSL 43)",
            ("先列入被核查人员，告知并听取", "add the person, tell and hear him first"),
        )
    if WEIGHT[found] > baseline(made, (official, ground.number, kind), line.responsibility):
        not_for_defending(made, official, fields.get("evidence", ()))


@dataclass(frozen=True, slots=True)
class Bearing:
    """One confirmed line of somebody that bears a responsibility, with what is computed for it
    from the record now."""

    ground: Ground
    line: Line
    told: Told

    @property
    def absent(self) -> bool:
        """Whether it is the head or the leader in charge although absent: weighed with reasons
        (S 11 para. 2)."""
        return any(note.standard == "absent" for note in self.line.notes)

    @property
    def dissent(self) -> tuple[str, ...]:
        """The standards under which dissent on record may exempt, at discretion or by rules
        (AC19 17, MAD 38(3))."""
        return tuple(note.standard for note in self.line.notes if note.standard in ("AC19", "MAD"))


def bearing(made: Inquiry, official: int, grounds: Mapping[int, Ground]) -> list[Bearing]:
    """Return the lines by which an official was found responsible and from which no law frees him.

    Read from minutes, posts and fields of work as they are now: a line computed as none frees,
    whatever was confirmed
    (clear objection, no part taken, diligence shown, order of a superior who insisted; S 11 para.
    2, CSL 60).
    """
    found = []
    for (who, number, kind), told in made.lines.items():
        ground = grounds.get(number)
        line = ground.line(who, kind) if ground is not None and who == official else None
        if (
            ground is None
            or line is None
            or NONE in (line.responsibility, told.data["responsibility"])
        ):
            continue
        if official in ground.objectors and str(told.data["responsibility"]) in LEADING:
            continue
        found.append(Bearing(ground, line, told))
    return found


def freed(official: int, grounds: Mapping[int, Ground]) -> list[Line]:
    """Return the computed lines that free an official, each with its sentence and article (S 11
    para. 2, CSL 60)."""
    lines = [
        line
        for ground in grounds.values()
        for line in ground.lines
        if line.official == str(official)
    ]
    return [line for line in lines if line.responsibility == NONE]


def baseline(made: Inquiry, key: LineKey, proposed: str) -> int:
    """Return how heavy a line was before the person was first heard: as confirmed then, else as
    computed."""
    first = made.first_defence(key[0])
    before = [
        t
        for t in made.confirmed
        if (t.data["official"], t.data["ground"], t.data["kind"]) == key
        and (first is None or t.seq < first)
    ]
    if first is None:
        return max(WEIGHT.values())
    return WEIGHT[str(before[-1].data["responsibility"])] if before else WEIGHT[proposed]


def not_for_defending(made: Inquiry, official: int | None, evidence: object) -> None:
    """Refuse to make anything heavier after a defence, unless new evidence of the investigators
    shows it (PSL 43)."""
    first = made.first_defence(official)
    given = evidence if isinstance(evidence, tuple) else ()
    new = [
        n
        for n in (int(str(e)) for e in given if str(e).isdecimal())
        if first is not None and n > first
    ]
    if first is None or any(n in made.items and not made.items[n].own for n in new):
        return
    raise refused(
        "aggravated",
        "responsibility",
        "听取陈述申辩以后比以前加重，又没有新的证据：不得因申辩而加重（政务处分法第四十三条）",
        "heavier than before the person was heard, without new evidence: defending oneself "
        "never aggravates (PSL 43)",
        ("维持原来的，或者写明以后固定的新证据", "keep what it was, or name evidence pinned since"),
    )


def diligence_may(
    made: Inquiry, official: int, number: int, fields: Mapping[str, FieldValue]
) -> None:
    """Weigh diligence for a deed of this inquiry, and say "no" only on evidence (S 11 para. 2)."""
    told = made.grounds.get(number)
    if told is None or told.act != DEED:
        raise refused(
            "no-deed",
            "ground",
            "尽职免责只用于个人责任（细则第十一条第二款）；没有这一项个人行为",
            "diligence frees from individual responsibility only (S 11 para. 2); "
            "there is no such deed",
            ("写个人行为的序号", "name the number of a deed"),
        )
    evidence = fields.get("evidence", ())
    given = evidence if isinstance(evidence, tuple) else ()
    on_the_board(made, given, needed=False, why=("", ""))
    if not given and any(fields.get(name) != "unknown" for name in TESTS):
        raise refused(
            "no-evidence",
            "evidence",
            "是或者否都要有证据；没有证据的选“没有证据”（细则第十一条第二款）",
            "yes and no both need evidence; choose “nothing shows it” without any (S 11 para. 2)",
            ("在证据板上选证据", "choose evidence on the board"),
        )
    before = made.diligence.get((official, number))
    if before is None:
        return
    worse = [name for name in TESTS if before.data[name] == "yes" and fields.get(name) != "yes"]
    if worse:
        not_for_defending(made, official, given)


def gravity_may(made: Inquiry, found: Gravity, evidence: object) -> None:
    """Let the gravity be found on evidence, and never heavier because somebody was heard (S
    13–15; PSL 43)."""
    if found.light and max(found.harm, found.influence) > NEITHER:
        raise refused(
            "at-odds",
            "light",
            "情节较轻与危害严重、影响重大不能并存（细则第十三条至第十五条）",
            "relatively light does not go with serious harm or great influence (S 13–15)",
            ("选一种", "choose one"),
        )
    given = evidence if isinstance(evidence, tuple) else ()
    on_the_board(
        made,
        given,
        needed=not found.light,
        why=("认定严重或者重大要有证据", "serious or great needs evidence"),
    )
    first = made.first_defence()
    before = [gravity_of(t) for t in made.gravities if first is None or t.seq < first]
    if first is not None and before and heavier(found, before[-1]):
        not_for_defending(made, None, given)


def heavier(found: Gravity, was: Gravity) -> bool:
    """Say whether a finding of gravity is heavier than an earlier one in any respect."""
    return (
        found.harm > was.harm or found.influence > was.influence or (was.light and not found.light)
    )


# --- the end --------------------------------------------------------------------------------------
def missing(
    made: Inquiry, rules: Liability, grounds: Mapping[int, Ground], outcome: str
) -> Iterator[Mend]:
    """Yield everything an inquiry still lacks before this outcome can be concluded, in both
    languages."""
    yield from _facts(made, rules)
    yield from _people(made)
    for point in made.unanswered():
        yield (
            f"第{point.number}点申辩没有答复",
            f"point {point.number} of the defence is not answered",
        )
    for number, ground in grounds.items():
        if any((int(line.official), number, line.kind) not in made.lines for line in ground.lines):
            yield f"第{number}项有责任认定没有确认", f"number {number}: a line is not confirmed"
    yield from _of_outcome(made, rules, outcome)


def _facts(made: Inquiry, rules: Liability) -> Iterator[Mend]:
    """Yield the circumstances, conducts and elements on which there is no finding."""
    for trigger in made.situations:
        rule = rules.triggers.get(trigger)
        if rule is None:
            yield f"{made.day}没有“{trigger}”这一情形", f"there was no {trigger} on {made.day}"
            continue
        if not any((trigger, c) in made.findings for c in rule.conduct):
            yield (
                f"{_cite(rule, rules)}：没有认定行为",
                f"{_cite(rule, rules, 'en')}: no finding on the conduct",
            )
        for element in rule.elements:
            if (trigger, element) not in made.findings:
                zh, en = conduct_words.ELEMENTS[element]
                yield (
                    f"{_cite(rule, rules)}：没有认定“{zh}”",
                    f"{_cite(rule, rules, 'en')}: no finding on “{en}”",
                )


def _cite(rule: TriggerRule, rules: Liability, language: str = "zh") -> str:
    return rule.basis.cite(rules.instruments, language)


def _people(made: Inquiry) -> Iterator[Mend]:
    """Yield who was not told or heard, or not again after something was held against him later
    (PSL 43)."""
    for official in made.officials:
        if official not in made.told:
            yield "有被核查人员没有告知", "a person concerned was not told"
        if official not in made.heard:
            yield "有被核查人员没有听取", "a person concerned was not heard"
            continue
        if official in made.told and made.heard[official].seq < made.told[official].seq:
            yield "重新告知以后没有再次听取本人", "a person was told anew and not heard since"
        later = [t for t in made.grounds.values() if t.seq > made.heard[official].seq]
        if any(t.act == DEED and t.data["official"] == official for t in later):
            yield (
                "听取以后又列入了本人的行为，须重新告知、听取",
                "a deed was entered after the person was heard: tell and hear again",
            )
        if official in made.told and _not_told_of(made, official):
            yield (
                "认定所依据的证据、决策是告知以后才有的，须重新告知、听取",
                (
                    "it rests on evidence or a decision entered after the person was told: tell "
                    "and hear again"
                ),
            )


def _not_told_of(made: Inquiry, official: int) -> bool:
    """Say whether what is held against somebody rests on anything that came after he was told (PSL
    43).

    What is held: circumstances shown, the gravity unless light, his own lines that bear a
    responsibility.
    """
    since = made.told[official].seq
    mine = [
        t
        for (who, _, _), t in made.lines.items()
        if who == official and t.data["responsibility"] != NONE
    ]
    grave = [t for t in made.gravities[-1:] if not t.data.get("light")]
    shown = [t for t in made.findings.values() if t.data["finding"] == SHOWN]
    pinned = {
        n
        for t in (*shown, *grave, *mine)
        for n in refs(t)
        if n in made.items and not made.items[n].own
    }
    return any(n > since for n in pinned) or any(int(t.data["ground"]) > since for t in mine)


def _of_outcome(made: Inquiry, rules: Liability, outcome: str) -> Iterator[Mend]:
    met = circumstances_met(made, rules)
    bearing = [t for t in made.lines.values() if t.data["responsibility"] != NONE]
    if outcome == "propose":
        if not met:
            yield (
                "没有一种情形的行为和各项要件都得到证明",
                "no circumstance is shown in conduct and every element",
            )
        if made.gravity is None:
            yield "没有认定情节", "the gravity is not found"
    elif outcome == "no_responsibility" and met and bearing:
        yield (
            "情形成立、有人承担责任，不能作“不予追责”的结论",
            (
                "a circumstance is met and somebody bears responsibility: “no responsibility” is "
                "no conclusion"
            ),
        )


def circumstances_met(made: Inquiry, rules: Liability) -> tuple[str, ...]:
    """Return the circumstances of which a conduct and every element are found to be shown (S 11,
    each separately)."""
    found = []
    for trigger, rule in rules.triggers.items():
        shown = set(made.shown(trigger))
        shown |= {conduct_words.IMPLIES[e] for e in shown if e in conduct_words.IMPLIES}
        reasoned = not rule.open or (REASONS in shown)
        if shown & set(rule.conduct) and set(rule.elements) <= shown and reasoned:
            found.append(trigger)
    return tuple(found)


def complete(made: Inquiry, rules: Liability, grounds: Mapping[int, Ground], outcome: str) -> None:
    """Refuse to conclude while anything is missing; the error names all of it (S 11, 17; PSL 42,
    43)."""
    lacking = list(dict.fromkeys(missing(made, rules, grounds, outcome)))
    if lacking:
        zh, en = zip(*lacking, strict=True)
        raise refused(
            "not-complete",
            "outcome",
            "还不能作结论（细则第十一条、第十七条；政务处分法第四十三条）：" + "；".join(zh),
            "not to be concluded yet (S 11, 17; PSL 43): " + "; ".join(en),
            ("逐项补齐", "complete what is missing"),
        )


def heaviest_allowed(
    made: Inquiry, ground: Ground, official: int, kind: str, reasons: str = "理由"
) -> int:
    """Return how heavy a responsibility could be confirmed for somebody now, on the evidence
    there is."""
    line = ground.line(official, kind)
    found = -1
    for word, weight in WEIGHT.items():
        fields: dict[str, FieldValue] = {
            "proposed": line.responsibility if line else "",
            "responsibility": word,
            "evidence": tuple(str(n) for n in made.items),
        }
        if _allowed(lambda f=fields: line_may(made, ground, official, kind, f, reasons)):  # type: ignore[misc]
            found = max(found, weight)
    return found


def _allowed(ask: Callable[[], None]) -> bool:
    try:
        ask()
    except AccountabilityError:
        return False
    return True
