"""What a decision on accountability rests on: a confirmed finding, or a goal missed.

No measure is decided on hearsay. It rests on an inquiry that was concluded, or on the same done in
the decider's own file: facts told, the person heard or the time for it over, each point answered,
evidence for each element (S 11, 17; PSL 42, 43). The recorded failure of an earlier measure's goal,
the person heard again, may stand in its place (S 14(a), 15(a)).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from dengwen.accountability.errors import AccountabilityError
from dengwen.accountability.inquiry.conclusion.completeness import circumstances_met, missing
from dengwen.accountability.inquiry.line_rules import Bearing, bearing, freed
from dengwen.accountability.inquiry.queries import KIND as INQUIRY
from dengwen.accountability.inquiry.queries import NEEDED, Inquiry, read_inquiry
from dengwen.accountability.inquiry.responsibility import Ground, grounds_of
from dengwen.accountability.measures.queries import AccountFile, Measure, measures_in
from dengwen.accountability.measures.refusals import refuse
from dengwen.cases import rulebooks
from dengwen.cases.models import Act, Case
from dengwen.law.liability.ladder import Gravity
from dengwen.law.liability.provisions import Liability, in_force
from dengwen.organs.models import Official, Organ
from dengwen.organs.structure.posts_held import led_on


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found in an inquiry, or in the decider's own file: read anew, as minutes and
    registry stand now."""

    number: str
    """The inquiry, or the file itself."""
    own: bool
    made: Inquiry
    rules: Liability
    """Those of the day of the conduct (S 20)."""
    grounds: Mapping[int, Ground]
    asked_on: date = date.min
    """The day on which it is asked whether the time to answer is over."""

    @property
    def met(self) -> tuple[str, ...]:
        """The circumstances shown in conduct and every element (S 11)."""
        return circumstances_met(self.made, self.rules)

    @property
    def gravity(self) -> Gravity:
        """The gravity found; neither light nor serious where none was."""
        return self.made.gravity or Gravity()

    def bears(self, official: int) -> list[Bearing]:
        """Return the lines by which somebody answers and from which no law frees them."""
        return bearing(self.made, official, self.grounds)

    @property
    def lacking(self) -> list[tuple[str, str]]:
        """What the own file still lacks, in both languages; empty for an inquiry, complete once
        concluded."""
        if not self.own:
            return []
        found = list(missing(self.made, self.rules, self.grounds, "propose", self.asked_on))
        if len(self.made.investigators) < NEEDED:
            found.insert(0, (f"核查人员不足{NEEDED}人", f"fewer than {NEEDED} investigators"))
        return list(dict.fromkeys(found))


def finding_of(file: AccountFile, number: str = "", asked_on: date = date.min) -> Finding | None:
    """Return the finding with this number for a file: an inquiry, or the file itself; None where
    there is none.

    Without a number it is the inquiry the file was proposed from, else the file itself.
    """
    wanted = number or file.inquiry or file.case.number
    own = wanted == file.case.number
    case = file.case if own else Case.objects.filter(number=wanted, kind=INQUIRY).first()
    if case is None:
        return None
    made = read_inquiry(case)
    if made.day == date.min:
        return None
    return Finding(
        wanted,
        own,
        made,
        in_force(rulebooks.library(), made.day, made.place),
        grounds_of(made),
        asked_on,
    )


def number_of(file: AccountFile, decision: Act) -> str:
    """Return the number of the finding an earlier decision of a file rests on."""
    return str(decision.data.get("inquiry") or file.inquiry or file.case.number)


def used_by(file: AccountFile) -> frozenset[str]:
    """Return the numbers of the findings that decisions of a file rest on already."""
    return frozenset(number_of(file, decision) for decision in file.decisions)


def after_failure(file: AccountFile, number: str) -> bool:
    """Say whether a decision rests on a missed goal: one was decided before, and no new inquiry is
    named."""
    return bool(file.decisions) and (not number or number in used_by(file))


def confirmed(file: AccountFile, number: str, day: date) -> Finding:
    """Return the confirmed finding about the subject of a file that a decision may rest on (S 11,
    17 para. 2).

    AccountabilityError: `no-finding`, `other-inquiry`, `not-concluded`, `found-none`,
    `not-complete`, `not-met`, `not-about`, `unheard`, or how a law frees the person.
    """
    if file.inquiry and number and number != file.inquiry and not file.decisions:
        raise refuse(
            "other-inquiry",
            "inquiry",
            (
                f"本件由核查{file.inquiry}的建议立项，不能另引{number}",
                (f"this file follows the proposal of inquiry {file.inquiry}, not {number}"),
            ),
            (
                "依据原来的核查；另有事实的，另行立项",
                "rest on its own inquiry; open another file for other facts",
            ),
            under="inquiry",
        )
    found = finding_of(file, number, day)
    if found is None or not names_subject(found, file):
        raise _nothing(file)
    if not found.own:
        _concluded(found)
    elif found.lacking:
        raise _incomplete(found)
    if not found.met:
        raise refuse(
            "not-met",
            "inquiry",
            (
                "没有一种情形的行为和每一项结果要件都得到证明",
                "no circumstance is shown in conduct and in every result element",
            ),
            (
                "逐项附证据认定；证明不了的，决定不予追究",
                "find each element on evidence, or decide that no measure is taken",
            ),
            under="circumstances",
        )
    about(found, file, day)
    return found


def names_subject(found: Finding, file: AccountFile) -> bool:
    """Say whether a finding is of this file at all; another inquiry is answered as one that does
    not exist."""
    if found.own or found.number == file.inquiry:
        return True
    return (
        file.official in found.made.officials
        if file.official is not None
        else found.made.unit == file.organ
    )


def _nothing(file: AccountFile) -> AccountabilityError:
    """Return the refusal where nothing is found about the subject."""
    return refuse(
        "no-finding",
        file.case.number,
        (
            "没有对这个人（单位）的已确认认定，传闻、线索不是依据",
            ("no finding about this subject is confirmed; hearsay is no basis"),
        ),
        (
            "由信访部门核查并作出结论，或者在本件内逐项认定、告知、听取、逐点答复",
            (
                "let a petition department inquire and conclude, or find, tell, hear and answer "
                "each point here"
            ),
        ),
        under="finding",
    )


def _concluded(found: Finding) -> None:
    """Refuse an inquiry that is not concluded, or that found no responsibility."""
    told = found.made.concluded
    if told is None:
        raise refuse(
            "not-concluded",
            "inquiry",
            (
                f"核查{found.number}还没有作出结论：先调查核实",
                f"inquiry {found.number} is not concluded",
            ),
            ("等核查作出结论", "wait until it is concluded"),
            under="inquiry",
        )
    if told.data.get("outcome") != "propose":
        raise refuse(
            "found-none",
            "inquiry",
            (
                f"核查{found.number}的结论是不予追责，不能据以决定措施",
                (f"inquiry {found.number} found no responsibility: no measure rests on it"),
            ),
            (
                "决定不予追究；有新事实的，另行核查",
                "decide that no measure is taken; new facts need a new inquiry",
            ),
            under="found_none",
        )


def _incomplete(found: Finding) -> AccountabilityError:
    """Return the refusal of own findings that are not complete, with all that is lacking."""
    zh, en = zip(*found.lacking, strict=True)
    return refuse(
        "not-complete",
        found.number,
        (
            "本件没有依据核查，自行认定的还不完整：" + "；".join(zh),
            "no inquiry stands behind this file; its own findings lack: " + "; ".join(en),
        ),
        (
            "逐项补齐，或者写明已作出结论的核查",
            "complete them, or name an inquiry that was concluded",
        ),
        under="own_finding",
    )


# --- about whom -----------------------------------------------------------------------------------
def about(found: Finding, file: AccountFile, day: date) -> None:
    """Refuse a finding about somebody else, or about somebody whom a law frees (S and P16 11 para.
    2)."""
    if file.official is not None:
        answers_for(found, file.official, "subject_official")
        if file.official not in found.made.told or file.official not in found.made.heard:
            raise refuse(
                "unheard",
                "inquiry",
                (
                    "没有向本人告知事实和依据、没有听取本人（政务处分法第四十三条）",
                    "the person was neither told nor heard (PSL 43)",
                ),
                ("先告知并听取", "tell and hear the person first"),
            )
        return
    if found.made.unit != file.organ:
        raise refuse(
            "not-about",
            "inquiry",
            (
                "认定的不是这个单位",
                "what was found is not about this organ",
            ),
            ("依据对这个单位的核查", "rest on an inquiry into this organ"),
            under="about_organ",
        )
    _spoken_for(found, day)


def _spoken_for(found: Finding, day: date) -> None:
    """Hear an organ through its leading body of today or of the day of the conduct (after PSL 43;
    our demand).

    That some clerk of it was heard in an inquiry is no hearing of the organ.
    """
    organ = Organ.objects.get(pk=found.made.unit)
    body = {held.official_id for on in (day, found.made.day) for held in led_on(organ, on)}
    if not body & set(found.made.heard):
        raise refuse(
            "unheard",
            found.number,
            (
                "没有听取该单位领导班子成员的陈述、申辩（取自政务处分法第四十三条）",
                "nobody of its leading body was heard for the organ (after PSL 43)",
            ),
            (
                "列入主要负责人，告知并听取；核查已经作出结论的，另行核查",
                "add its principal head, tell and hear; after a conclusion, by another inquiry",
            ),
        )


def answers_for(found: Finding, official: int, where: str) -> list[Bearing]:
    """Return the lines by which somebody answers; refuse, with the law that frees them, where there
    is none."""
    lines = found.bears(official)
    if lines:
        return lines
    name = Official.objects.filter(pk=official).values_list("name", flat=True).first() or ""
    free = freed(official, found.grounds)
    if free:
        cites = "；".join(f"{line.zh}（{line.basis.law} {line.basis.article}）" for line in free)
        said = "; ".join(f"{line.en} ({line.basis.law} {line.basis.article})" for line in free)
        raise refuse(
            "freed-by-law",
            where,
            (f"{name}：{cites}", f"the law frees this person: {said}"),
            (
                "决定不予追究；本人另有行为的，另行核查认定",
                (
                    "decide that no measure is taken; what the person did besides is found in an "
                    "inquiry"
                ),
            ),
        )
    raise refuse(
        "not-about",
        where,
        (
            f"{found.number}没有认定{name}承担责任",
            f"{found.number} found no responsibility of this person",
        ),
        (
            "只对认定承担责任的人决定；对别人先核查",
            "decide only on somebody found responsible; inquire about others first",
        ),
        under="about_person",
    )


# --- a goal that was missed -----------------------------------------------------------------------
def missed_goal(file: AccountFile, day: date) -> None:
    """Refuse to decide again unless a goal was missed, its date over, and the subject heard again
    (S 14, 15)."""
    if not any(_missed(measure, day) for measure in measures_in(file)):
        raise refuse(
            "no-failure",
            file.case.number,
            (
                "没有记载前一措施的目标、期限，期限未过，或者没有记载目标没有达到：按期",
                ("no recorded goal of an earlier measure is past its date and recorded as missed"),
            ),
            (
                "等期限过后验收并记载；有新的事实的，先核查",
                "wait for the date and record the outcome; new facts need an inquiry",
            ),
            under="climb",
        )
    made = read_inquiry(file.case)
    again = set(made.heard_anew)
    body = {file.official} if file.official is not None else _leaders(file, day)
    if not body & again or made.unanswered():
        raise refuse(
            "not-heard-again",
            file.case.number,
            (
                "目标没有达到以后没有再次告知、听取本人，或者申辩没有逐点答复",
                ("not told and heard again since the goal was missed, or a point is unanswered"),
            ),
            (
                "告知没有达到目标的事实和依据，听取并逐点答复",
                "tell that the goal was missed and why, hear, and answer each point",
            ),
            under="heard_again",
        )
    _day_over(file, made, body & again, day)


def _day_over(file: AccountFile, made: Inquiry, heard: set[int], day: date) -> None:
    """Refuse to decide again while somebody heard again may still answer (S 14, 15; PSL 43)."""
    days = [made.answer_until(who, day) for who in heard]
    last = max((one for one in days if one is not None), default=None)
    if last is not None:
        raise refuse(
            "may-still-answer",
            file.case.number,
            (
                f"告知目标没有达到以后，本人可以陈述、申辩到{last}，还没有期满",
                f"told that the goal was missed, the person may answer until {last}",
            ),
            (
                "等期满，或者由本人表示不再提交",
                "wait, or let the person say that nothing more comes",
            ),
            under="heard_again",
        )


def _missed(measure: Measure, day: date) -> bool:
    """Say whether a measure stands whose goal is recorded as missed and whose date is over."""
    if not measure.stands or measure.met is not False:
        return False
    return measure.deadline is not None and measure.deadline < day


def _leaders(file: AccountFile, day: date) -> set[int]:
    """Return the officials of the leading body of the organ concerned on a day."""
    organ = Organ.objects.get(pk=file.organ or 0)
    return {held.official_id for held in led_on(organ, day)}


# --- once only ------------------------------------------------------------------------------------
def same_matter(one: Finding, other: Finding) -> bool:
    """Say whether two findings are about the same: the same inquiry, or the same unit, day and
    circumstance."""
    if one.number == other.number:
        return True
    same_day = (one.made.unit, one.made.day) == (other.made.unit, other.made.day)
    return same_day and bool(set(one.met) & set(other.met))


def decided_before(
    file: AccountFile, files: Sequence[AccountFile], found: Finding
) -> list[Measure]:
    """Return the measures decided on this subject for the same matter, in this file and others,
    revoked ones too."""
    measures: list[Measure] = []
    for earlier in files:
        decisions = {decision.pk: decision for decision in earlier.decisions}
        for one in measures_in(earlier):
            rests = finding_of(earlier, number_of(earlier, decisions[one.decision]))
            if earlier.case.pk == file.case.pk or (rests is not None and same_matter(found, rests)):
                measures.append(one)
    return measures
