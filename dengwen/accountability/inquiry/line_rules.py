"""How responsibility is found line by line, and what may not make it heavier (S 11 para. 2, 13–15).

A line is computed from posts, fields of work and minutes of the day; a person confirms it, or
changes it with reasons. Nothing becomes heavier because somebody defended themselves (PSL 43).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from dengwen.accountability.errors import AccountabilityError
from dengwen.accountability.inquiry.queries import (
    DEED,
    TESTS,
    WEIGHT,
    Inquiry,
    LineKey,
    gravity_of,
)
from dengwen.accountability.inquiry.responsibility import CLAIMED, Ground
from dengwen.accountability.inquiry.rules import on_the_board, refused
from dengwen.law.duties.step import FieldValue
from dengwen.law.liability.attribution import LEADING, NONE, Line
from dengwen.law.liability.ladder import NEITHER, Gravity
from dengwen.oversight.inspections.queries import Told


# --- confirming a line ----------------------------------------------------------------------------
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
        raise _no_line()
    if fields.get("proposed") != line.responsibility:
        raise refused(
            "other-proposal",
            "proposed",
            "与系统按当日职务、分工和记录提出的不同",
            "this is not what is computed for that day",
            ("重新打开页面", "open the page anew"),
        )
    found = str(fields.get("responsibility"))
    _not_again(made, (official, ground.number, kind), fields)
    if found in LEADING:
        _refuse_objector(ground, official)
    if found != NONE:
        _refuse_bystander(ground, line)
    if _needs_reasons(line, found) and not reasons.strip():
        raise _reasons_needed()
    if found != NONE:
        _refuse_unheard(made, official)
    if WEIGHT[found] > baseline(made, (official, ground.number, kind), line.responsibility):
        not_for_defending(made, official, fields.get("evidence", ()))


def _not_again(made: Inquiry, key: LineKey, fields: Mapping[str, FieldValue]) -> None:
    """Refuse to confirm again what was confirmed just so: pressing twice proves nothing more (S 11
    para. 2)."""
    before = made.lines.get(key)
    if before is None:
        return
    same = all(
        str(before.data.get(name)) == str(fields.get(name))
        for name in ("proposed", "responsibility")
    )
    given = fields.get("evidence", ())
    numbers = {str(number) for number in given} if isinstance(given, tuple) else set()
    if same and numbers <= {str(number) for number in before.data.get("evidence", ())}:
        raise confirmed_before()


def confirmed_before() -> AccountabilityError:
    """Return the refusal to confirm once more what was confirmed just so."""
    return refused(
        "confirmed-before",
        "responsibility",
        "已经这样确认过：没有新的证据，不重复确认",
        "confirmed just so before: without new evidence it is not confirmed again",
        ("改变认定，或者写明新的证据", "change it, or name new evidence"),
        under="attribution",
    )


def _no_line() -> AccountabilityError:
    """Return the refusal where nothing is computed for the person."""
    return refused(
        "no-line",
        "official",
        "这项决策或者行为没有对这个人提出责任认定（按当日的职务、分工和会议记录）",
        "no line is proposed for this person (posts, fields of work and minutes of that day)",
        (
            "核对人员和序号；职务、分工有误的，先更正名录",
            "check person and number; mend the registry where it is wrong",
        ),
    )


def _refuse_objector(ground: Ground, official: int) -> None:
    """Refuse leadership responsibility of somebody whose clear objection is on record."""
    if official in ground.objectors:
        raise refused(
            "objected",
            "responsibility",
            "本人明确反对、有记录、没有被采纳，不承担领导责任",
            "a clear objection is on record and was not followed: no leadership responsibility",
            (
                "认定为不承担责任；本人另有行为的，另列入个人行为",
                "find none; what the person did themselves is a deed of its own",
            ),
            under="attribution",
        )


def _refuse_bystander(ground: Ground, line: Line) -> None:
    """Refuse responsibility of another member who took no part in a collective decision."""
    if line.responsibility == NONE and ground.collective:
        raise refused(
            "took-no-part",
            "responsibility",
            "没有参与决策和工作的其他成员，不承担这项集体责任",
            "another member who took no part in decision and work does not answer for it",
            (
                "认定为不承担责任；本人另有行为的，另列入个人行为",
                "find none; what the person did themselves is a deed of its own",
            ),
            under="attribution",
        )


def _needs_reasons(line: Line, found: str) -> bool:
    """Say whether a finding changes what is computed, exempts for diligence, or concerns somebody
    absent."""
    if found != line.responsibility:
        return True
    exempt = line.diligence is not None and line.diligence.shown and line.responsibility == NONE
    return exempt or (found != NONE and _was_absent(line))


def _was_absent(line: Line) -> bool:
    """Say whether a line is that of the head or leader in charge although absent."""
    return any(note.standard == "absent" for note in line.notes)


def _reasons_needed() -> AccountabilityError:
    """Return the refusal of a finding without its reasons."""
    return refused(
        "reasons-needed",
        "reasons",
        "改变系统提出的认定、认定尽职免责、认定没有参加的负责人承担责任，须写明理由",
        "a change, an exemption for diligence, and what is found of a leader who was "
        "absent need written reasons",
        ("写明理由", "write the reasons"),
        under="attribution",
    )


def _refuse_unheard(made: Inquiry, official: int) -> None:
    """Refuse responsibility of somebody who is not concerned yet: neither told nor heard (PSL
    43)."""
    if official not in made.officials:
        raise refused(
            "not-concerned",
            "official",
            "这个人还不是被核查人员，没有告知、没有听取，不能认定责任（政务处分法第四十三条）",
            "this person is not concerned yet: neither told nor heard (PSL 43)",
            ("先列入被核查人员，告知并听取", "add the person, tell and hear them first"),
        )


def heaviest_allowed(
    made: Inquiry, ground: Ground, official: int, kind: str, reasons: str = "理由"
) -> int:
    """Return how heavy a responsibility could be confirmed for somebody now, on the evidence there
    is."""
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
    """Say whether a rule lets something through."""
    try:
        ask()
    except AccountabilityError:
        return False
    return True


# --- who bears, and who is freed ------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Bearing:
    """One confirmed line of somebody that bears a responsibility, with what is computed for it from
    the record now."""

    ground: Ground
    line: Line
    told: Told

    @property
    def absent(self) -> bool:
        """Whether it is the head or the leader in charge although absent: weighed with reasons (S
        11 para. 2)."""
        return _was_absent(self.line)

    @property
    def dissent(self) -> tuple[str, ...]:
        """The standards under which dissent may exempt, at discretion or by rules (AC19 17, MAD
        38(3)), and dissent entered afterwards, which is a claim: each is answered in words."""
        asked = ("AC19", "MAD", CLAIMED)
        return tuple(note.standard for note in self.line.notes if note.standard in asked)


def bearing(made: Inquiry, official: int, grounds: Mapping[int, Ground]) -> list[Bearing]:
    """Return the lines by which an official was found responsible and from which no law frees them.

    Read from minutes, posts and fields of work as they are now: a line computed as none frees,
    whatever was confirmed (clear objection, no part taken, diligence shown, order of a superior who
    insisted; S 11 para. 2, CSL 60).
    """
    found = []
    for (who, number, kind), told in made.lines.items():
        ground = grounds.get(number)
        if ground is None or who != official:
            continue
        line = ground.line(who, kind)
        confirmed = str(told.data["responsibility"])
        if line is None or NONE in (line.responsibility, confirmed):
            continue
        if official in ground.objectors and confirmed in LEADING:
            continue
        found.append(Bearing(ground, line, told))
    return found


def freed(official: int, grounds: Mapping[int, Ground]) -> list[Line]:
    """Return the computed lines that free an official, each with its sentence and article (S 11
    para. 2, CSL 60)."""
    found = []
    for ground in grounds.values():
        for line in ground.lines:
            if line.official == str(official) and line.responsibility == NONE:
                found.append(line)
    return found


# --- never heavier for a defence ------------------------------------------------------------------
def baseline(made: Inquiry, key: LineKey, proposed: str) -> int:
    """Return how heavy a line was before the person was first heard: as confirmed then, else as
    computed."""
    first = made.first_defence(key[0])
    if first is None:
        return max(WEIGHT.values())
    before = [
        told
        for told in made.confirmed
        if (told.data["official"], told.data["ground"], told.data["kind"]) == key
        and told.seq < first
    ]
    return WEIGHT[str(before[-1].data["responsibility"])] if before else WEIGHT[proposed]


def not_for_defending(made: Inquiry, official: int | None, evidence: object) -> None:
    """Refuse to make anything heavier after a defence, unless new evidence of the investigators
    shows it (PSL 43)."""
    first = made.first_defence(official)
    if first is None or _new_evidence(made, evidence, first):
        return
    raise refused(
        "aggravated",
        "responsibility",
        "听取陈述申辩以后比以前加重，又没有新的证据：不得因申辩而加重（政务处分法第四十三条）",
        "heavier than before the person was heard, without new evidence: defending oneself "
        "never aggravates (PSL 43)",
        ("维持原来的，或者写明以后固定的新证据", "keep what it was, or name evidence pinned since"),
    )


def _new_evidence(made: Inquiry, evidence: object, first: int) -> bool:
    """Say whether some of the evidence was pinned by the investigators after the first defence."""
    given = evidence if isinstance(evidence, tuple) else ()
    numbers = [int(str(number)) for number in given if str(number).isdecimal()]
    return any(n > first and n in made.items and not made.items[n].own for n in numbers)


# --- diligence and gravity ------------------------------------------------------------------------
def diligence_may(
    made: Inquiry, official: int, number: int, fields: Mapping[str, FieldValue]
) -> None:
    """Weigh diligence for a deed of this inquiry, and say "no" only on evidence (S 11 para. 2)."""
    told = made.grounds.get(number)
    if told is None or told.act != DEED:
        raise refused(
            "no-deed",
            "ground",
            "尽职免责只用于个人责任；没有这一项个人行为",
            "diligence frees from individual responsibility only; there is no such deed",
            ("写个人行为的序号", "name the number of a deed"),
            under="attribution",
        )
    evidence = fields.get("evidence", ())
    given = evidence if isinstance(evidence, tuple) else ()
    on_the_board(made, given, needed=False, why=("", ""))
    if not given and any(fields.get(name) != "unknown" for name in TESTS):
        raise refused(
            "no-evidence",
            "evidence",
            "是或者否都要有证据；没有证据的选“没有证据”",
            "yes and no both need evidence; choose “nothing shows it” without any",
            ("在证据板上选证据", "choose evidence on the board"),
            under="attribution",
        )
    before = made.diligence.get((official, number))
    if before is None:
        return
    same = all(before.data.get(name) == fields.get(name) for name in TESTS)
    if same and {str(one) for one in given} <= {str(n) for n in before.data.get("evidence", ())}:
        raise confirmed_before()
    worse = [name for name in TESTS if before.data[name] == "yes" and fields.get(name) != "yes"]
    if worse:
        not_for_defending(made, official, given)


def gravity_may(made: Inquiry, found: Gravity, evidence: object) -> None:
    """Let the gravity be found on evidence, and never heavier because somebody was heard (S 13–15;
    PSL 43)."""
    if found.light and max(found.harm, found.influence) > NEITHER:
        raise refused(
            "at-odds",
            "light",
            "情节较轻与危害严重、影响重大不能并存",
            "relatively light does not go with serious harm or great influence",
            ("选一种", "choose one"),
            under="ladder",
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
