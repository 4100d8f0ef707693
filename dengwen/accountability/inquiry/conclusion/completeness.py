"""What an inquiry still lacks before it can be concluded (S 11, 17; PSL 42, 43).

Nothing is concluded before everybody was told and heard and every point of a defence is answered.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from dengwen.accountability.inquiry.conclusion.odd_findings import unreasoned
from dengwen.accountability.inquiry.queries import DEED, SHOWN, Inquiry, refs
from dengwen.accountability.inquiry.responsibility import Ground
from dengwen.accountability.inquiry.rules import Mend, refused
from dengwen.law.liability import conduct_words
from dengwen.law.liability.attribution import NONE
from dengwen.law.liability.provisions import Liability, TriggerRule
from dengwen.law.liability.triggers import REASONS
from dengwen.oversight.inspections.queries import Told


def complete(
    made: Inquiry,
    rules: Liability,
    grounds: Mapping[int, Ground],
    outcome: str,
    today: date,
) -> None:
    """Refuse to conclude while anything is missing; the error names all of it (S 11, 17; PSL 42,
    43)."""
    lacking = list(dict.fromkeys(missing(made, rules, grounds, outcome, today)))
    if lacking:
        zh, en = zip(*lacking, strict=True)
        raise refused(
            "not-complete",
            "outcome",
            "还不能作结论：" + "；".join(zh),
            "not to be concluded yet: " + "; ".join(en),
            ("逐项补齐", "complete what is missing"),
            under="complete",
        )


def missing(
    made: Inquiry,
    rules: Liability,
    grounds: Mapping[int, Ground],
    outcome: str,
    today: date,
) -> Iterator[Mend]:
    """Yield everything an inquiry still lacks before this outcome can be concluded, in both
    languages."""
    yield from _facts(made, rules)
    for official in made.officials:
        yield from _person(made, official)
        yield from _time_and_record(made, official, today)
    for point in made.unanswered():
        yield (
            f"第{point.number}点申辩没有答复",
            f"point {point.number} of the defence is not answered",
        )
    for number, ground in grounds.items():
        if not _confirmed(made, number, ground):
            yield f"第{number}项有责任认定没有确认", f"number {number}: a line is not confirmed"
    for one in unreasoned(made, grounds):
        yield f"有矛盾没有写明理由：{one.zh}", f"a contradiction is not reasoned: {one.en}"
    yield from _of_outcome(made, rules, outcome)


def _confirmed(made: Inquiry, number: int, ground: Ground) -> bool:
    """Say whether every line computed for a decision or deed is confirmed."""
    keys = [(int(line.official), number, line.kind) for line in ground.lines]
    return all(key in made.lines for key in keys)


# --- facts ----------------------------------------------------------------------------------------
def _facts(made: Inquiry, rules: Liability) -> Iterator[Mend]:
    """Yield the circumstances, conducts and elements on which there is no finding."""
    for trigger in made.situations:
        rule = rules.triggers.get(trigger)
        if rule is None:
            yield f"{made.day}没有“{trigger}”这一情形", f"there was no {trigger} on {made.day}"
        else:
            yield from _not_found(made, rules, rule, trigger)


def _not_found(made: Inquiry, rules: Liability, rule: TriggerRule, trigger: str) -> Iterator[Mend]:
    """Yield what one circumstance asks for and on which there is no finding."""
    cite_zh = rule.basis.cite(rules.instruments, "zh")
    cite_en = rule.basis.cite(rules.instruments, "en")
    if not any((trigger, conduct) in made.findings for conduct in rule.conduct):
        yield f"{cite_zh}：没有认定行为", f"{cite_en}: no finding on the conduct"
    for element in _asked_of(made, rule, trigger):
        if (trigger, element) not in made.findings:
            zh, en = conduct_words.ELEMENTS[element]
            yield f"{cite_zh}：没有认定“{zh}”", f"{cite_en}: no finding on “{en}”"


def _asked_of(made: Inquiry, rule: TriggerRule, trigger: str) -> tuple[str, ...]:
    """Return the elements a finding is needed on: those of all, and what a conduct shown asks for
    itself."""
    shown = set(made.shown(trigger))
    own = [e for c in rule.conduct if c in shown for e in rule.of_conduct.get(c, ())]
    return (*rule.elements, *own)


def circumstances_met(made: Inquiry, rules: Liability) -> tuple[str, ...]:
    """Return the circumstances of which a conduct and every element are found to be shown (S 11,
    each separately)."""
    found = []
    for trigger, rule in rules.triggers.items():
        shown = set(made.shown(trigger))
        shown |= {conduct_words.IMPLIES[e] for e in shown if e in conduct_words.IMPLIES}
        reasoned = (not rule.open or REASONS in shown) and not rule.partly_seen
        if shown & set(rule.conduct) and not rule.lacking(shown) and reasoned:
            found.append(trigger)
    return tuple(found)


# --- people ---------------------------------------------------------------------------------------
def _person(made: Inquiry, official: int) -> Iterator[Mend]:
    """Yield why somebody was not told or heard, or not again after something was held against them
    later (PSL 43)."""
    told, heard = made.told.get(official), made.heard.get(official)
    if told is None:
        yield "有被核查人员没有告知", "a person concerned was not told"
    if heard is None:
        yield "有被核查人员没有听取", "a person concerned was not heard"
        return
    if told is not None and heard.seq < told.seq:
        yield "重新告知以后没有再次听取本人", "a person was told anew and not heard since"
    if _deed_since(made, official, heard.seq):
        yield (
            "听取以后又列入了本人的行为，须重新告知、听取",
            "a deed was entered after the person was heard: tell and hear again",
        )
    if _found_since(made, heard.seq):
        yield (
            "听取以后又认定了新的事实，须重新告知、听取",
            "a fact was found after the person was heard: tell and hear again",
        )
    if told is not None and _rests_on_later(made, official, told.seq):
        yield (
            "认定所依据的证据、决策是告知以后才有的，须重新告知、听取",
            (
                "it rests on evidence or a decision entered after the person was told: tell "
                "and hear again"
            ),
        )


def _time_and_record(made: Inquiry, official: int, today: date) -> Iterator[Mend]:
    """Yield that somebody may still answer, or that what was said in person is signed by nobody
    (PSL 43)."""
    until = made.answer_until(official, today)
    if until is not None:
        yield (
            f"本人可以陈述、申辩到{until}，还没有期满，本人也没有表示不再补充",
            f"a person may answer until {until} and did not say that nothing more comes",
        )
    if official in made.heard and not made.hearing_stands(official):
        yield (
            "当面听取的笔录本人没有签名，也没有两名核查人员记明拒绝签名",
            "a hearing in person is neither countersigned nor its refusal recorded by two",
        )


def _deed_since(made: Inquiry, official: int, since: int) -> bool:
    """Say whether a deed of somebody was entered after a place in the inquiry."""
    return any(
        told.seq > since and told.act == DEED and told.data["official"] == official
        for told in made.grounds.values()
    )


def _found_since(made: Inquiry, since: int) -> bool:
    """Say whether a conduct or element was found to be shown for the first time after a place in
    the inquiry: nobody was heard on it."""
    shown_before = {
        (act.data["trigger"], act.data["element"])
        for act in made.acts
        if act.act == "establish" and act.seq < since and act.data["finding"] == SHOWN
    }
    return any(
        told.seq > since and told.data["finding"] == SHOWN and key not in shown_before
        for key, told in made.findings.items()
    )


def _rests_on_later(made: Inquiry, official: int, since: int) -> bool:
    """Say whether what is held against somebody rests on anything that came after they were told
    (PSL 43).

    What is held: circumstances shown, the gravity unless light, their own lines that bear a
    responsibility.
    """
    mine = [
        told
        for (who, _, _), told in made.lines.items()
        if who == official and told.data["responsibility"] != NONE
    ]
    if any(int(told.data["ground"]) > since for told in mine):
        return True
    grave = [told for told in made.gravities[-1:] if not told.data.get("light")]
    shown = [told for told in made.findings.values() if told.data["finding"] == SHOWN]
    return any(_pinned_later(made, told, since) for told in (*shown, *grave, *mine))


def _pinned_later(made: Inquiry, told: Told, since: int) -> bool:
    """Say whether an act rests on evidence that the investigators pinned after a place."""
    return any(n > since and n in made.items and not made.items[n].own for n in refs(told))


# --- the outcome ----------------------------------------------------------------------------------
def _of_outcome(made: Inquiry, rules: Liability, outcome: str) -> Iterator[Mend]:
    """Yield what contradicts the outcome itself."""
    met = circumstances_met(made, rules)
    if outcome == "propose":
        if not met:
            yield (
                "没有一种情形的行为和各项要件都得到证明",
                "no circumstance is shown in conduct and every element",
            )
        if made.gravity is None:
            yield "没有认定情节", "the gravity is not found"
    elif outcome == "no_responsibility" and met and _somebody_bears(made):
        yield (
            "情形成立、有人承担责任，不能作“不予追责”的结论",
            (
                "a circumstance is met and somebody bears responsibility: “no responsibility” is "
                "no conclusion"
            ),
        )


def _somebody_bears(made: Inquiry) -> bool:
    """Say whether a line was confirmed by which somebody bears a responsibility."""
    return any(told.data["responsibility"] != NONE for told in made.lines.values())
