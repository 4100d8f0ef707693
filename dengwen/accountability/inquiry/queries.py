"""An inquiry (核查) read from its acts: investigators, evidence, findings, answers.

Everything is derived; nothing is stored apart from acts and their texts. A piece of evidence, a
decision or a deed is named by its place in the inquiry (the number of the act that entered it), so
that pages and reports say the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from dengwen.cases.models import Case
from dengwen.law.liability.attribution import Diligence
from dengwen.law.liability.conduct_words import DILIGENCE_TESTS
from dengwen.law.liability.ladder import ESPECIALLY, NEITHER, SERIOUS, Gravity
from dengwen.oversight.inspections.queries import Told, acts_of

KIND, LEAD = "inquiry", "lead"
NEEDED = 2
"""Investigators an inquiry needs at least (PSL 42)."""
SHOWN = "shown"
DECISION, DEED = "consider_decision", "consider_deed"
DEFENCE = frozenset({"defend", "hand_in", "hear"})
"""Acts by which somebody is heard: never a ground to make anything heavier (PSL 43)."""
BROUGHT = frozenset({"defend", "hand_in"})
"""Acts by which somebody brings something, whatever they said before."""
IN_PERSON = "heard"
"""How a hearing in person is written: its record is countersigned."""
TESTS = DILIGENCE_TESTS
GRADES = {"none": NEITHER, "serious": SERIOUS, "especially": ESPECIALLY}
WEIGHT = {"none": 0, "leadership": 1, "important": 1, "main": 2, "direct": 2, "superior": 2}
"""How heavy a responsibility is beside another of the same kind, to see whether a change makes it
heavier."""


@dataclass(frozen=True, slots=True)
class Item:
    """One item of the evidence board: its place, what it shows, where it comes from, whether the
    person may see it.

    `source` and `at` name an act of another case, `bound` the digest of its ledger event; `own` =
    handed in by the person concerned (then `official` says who).
    """

    told: Told
    shows: str
    source: str = ""
    at: int = 0
    bound: str = ""
    papers: tuple[str, ...] = ()
    open: bool = True
    own: bool = False
    official: int = 0

    @property
    def number(self) -> int:
        """Its place in the inquiry, by which everything else refers to it."""
        return self.told.seq


@dataclass(frozen=True, slots=True)
class Point:
    """One point of somebody's defence and, once given, its answer."""

    number: int
    official: int
    told: Told
    answer: Told | None = None


LineKey = tuple[int, int, str]
"""Official, ground (place of the decision or deed), collective or individual."""


@dataclass(slots=True)
class Inquiry:
    """One inquiry as its acts tell it."""

    number: str
    place: str
    holder: int | None
    acts: tuple[Told, ...]
    lead: str = ""
    unit: int = 0
    day: date = date.min
    situations: tuple[str, ...] = ()
    based_on: str = ""
    """The inquiry a proposal rests on, in a file of accountability that a proposal opened."""
    missed: Told | None = None
    """In a file of accountability: the newest finding that a goal was missed (S 14, 15)."""
    officials: list[int] = field(default_factory=list)
    investigators: dict[int, Told] = field(default_factory=dict)
    declared: dict[int, str] = field(default_factory=dict)
    recused: set[int] = field(default_factory=set)
    items: dict[int, Item] = field(default_factory=dict)
    findings: dict[tuple[str, str], Told] = field(default_factory=dict)
    told: dict[int, Told] = field(default_factory=dict)
    heard: dict[int, Told] = field(default_factory=dict)
    countersigned: dict[int, Told] = field(default_factory=dict)
    refusals: list[Told] = field(default_factory=list)
    nothing_more: dict[int, Told] = field(default_factory=dict)
    releases: list[Told] = field(default_factory=list)
    reasoned: dict[str, Told] = field(default_factory=dict)
    """Contradictions that were reasoned, by their keys."""
    signatures: list[Told] = field(default_factory=list)
    points: dict[int, Point] = field(default_factory=dict)
    grounds: dict[int, Told] = field(default_factory=dict)
    diligence: dict[tuple[int, int], Told] = field(default_factory=dict)
    lines: dict[LineKey, Told] = field(default_factory=dict)
    confirmed: list[Told] = field(default_factory=list)
    gravities: list[Told] = field(default_factory=list)
    handed_over: list[Told] = field(default_factory=list)
    concluded: Told | None = None
    proposals: list[Told] = field(default_factory=list)

    @property
    def heard_anew(self) -> list[int]:
        """Return whom the file concerns who was told and heard again since the goal was missed (S
        14, 15; PSL 43)."""
        since = self.missed.seq if self.missed is not None else 0
        return [
            who
            for who in self.officials
            if who in self.told
            and who in self.heard
            and since < self.told[who].seq < self.heard[who].seq
            and self.hearing_stands(who)
        ]

    def hearing_stands(self, official: int) -> bool:
        """Say whether what was said in person is countersigned, or the refusal to sign recorded by
        two; whatever was not said in person needs no signature."""
        heard = self.heard.get(official)
        if heard is None or heard.data.get("how") != IN_PERSON:
            return heard is not None
        signed = self.countersigned.get(official)
        if signed is not None and signed.seq > heard.seq:
            return True
        return len(self.refused_before(official)) >= NEEDED

    def refused_before(self, official: int) -> set[int]:
        """Return who recorded that somebody refused to sign the record of their last hearing."""
        heard = self.heard.get(official)
        since = heard.seq if heard is not None else 0
        return {
            int(told.data["investigator"])
            for told in self.refusals
            if told.seq > since
            and told.data["official"] == official
            and told.data["investigator"] not in self.recused
        }

    def answer_until(self, official: int, today: date) -> date | None:
        """Return the day until which somebody may still answer; None once it is over, or once they
        said after they were told that nothing more comes.

        Telling somebody anew never shortens the time they were promised; what they bring after they
        said that nothing comes takes that word back.
        """
        told = self.told.get(official)
        if told is None:
            return None
        since = self._said_nothing_more(official)
        tellings = {one.seq: one for one in self.acts if one.act == "tell_person"}
        tellings[told.seq] = told
        promised = [
            date.fromisoformat(str(one.data["answer_by"]))
            for one in tellings.values()
            if one.data.get("official") == official and one.seq > since
        ]
        last = max(promised, default=None)
        return last if last is not None and today <= last else None

    def _said_nothing_more(self, official: int) -> int:
        """Return the place at which somebody said that nothing more comes from them, 0 where they
        did not or brought something afterwards."""
        said = self.nothing_more.get(official)
        if said is None:
            return 0
        brought = (
            one
            for one in self.acts
            if one.act in BROUGHT and one.data.get("official") == official and one.seq > said.seq
        )
        return 0 if next(brought, None) is not None else said.seq

    @property
    def gravity(self) -> Gravity | None:
        """The finding of gravity as it stands, None before there is one."""
        return gravity_of(self.gravities[-1]) if self.gravities else None

    def unanswered(self) -> list[Point]:
        """Return the points of defence nobody answered yet."""
        return [p for p in self.points.values() if p.answer is None]

    def first_defence(self, official: int | None = None) -> int | None:
        """Return the place of the first act by which somebody was heard (that person where one is
        named)."""
        for told in self.acts:
            if told.act in DEFENCE and (official is None or told.data.get("official") == official):
                return told.seq
        return None

    def shown(self, trigger: str) -> tuple[str, ...]:
        """Return the conducts and elements of a circumstance that are found to be shown."""
        return tuple(
            e
            for (t, e), told in self.findings.items()
            if t == trigger and told.data["finding"] == SHOWN
        )

    def tested(self, ground: int) -> dict[str, Diligence]:
        """Return the test of diligence for a deed as weighed so far, by official."""
        return {str(o): diligence_of(t) for (o, g), t in self.diligence.items() if g == ground}


def read_inquiry(case: Case) -> Inquiry:
    """Read an inquiry the caller was let through to (or that a step of the same call concerns)."""
    return read_acts(case.number, case.place, case.holder_id, acts_of(case))


def read_acts(number: str, place: str, holder: int | None, acts: Iterable[Told]) -> Inquiry:
    """Read an inquiry from acts alone; pure, so that rules about it can be asked of any history."""
    made = Inquiry(number, place, holder, tuple(acts))
    for told in made.acts:
        reader = _READERS.get(told.act)
        if reader is not None:
            reader(made, told)
    return made


def diligence_of(told: Told) -> Diligence:
    """Return a weighing as the law core asks: yes, no, or nothing shows it either way."""
    value = {"yes": True, "no": False}
    return Diligence(*(value.get(str(told.data.get(name))) for name in TESTS))


def gravity_of(told: Told) -> Gravity:
    """Return a finding of gravity as the ladder asks."""
    data = told.data
    return Gravity(
        bool(data.get("light")),
        GRADES[str(data["harm"])],
        GRADES[str(data["influence"])],
        told.texts.get("reasons", ""),
    )


def refs(told: Told) -> tuple[int, ...]:
    """Return the numbers of the board that an act rests on."""
    return tuple(int(word) for word in told.data.get("evidence", ()) if str(word).isdecimal())


# --- what each act says ---------------------------------------------------------------------------
def _opened(made: Inquiry, told: Told) -> None:
    """Read what opens an inquiry: its lead, unit, day, circumstances, and whom it concerns."""
    data = told.data
    made.lead = str(data.get("lead", ""))
    made.unit = int(data["unit"])
    made.situations = tuple(str(s) for s in data["situations"])
    made.day = date.fromisoformat(str(data["day_of_conduct"]))
    if "official" in data:
        made.officials.append(int(data["official"]))


def _file_opened(made: Inquiry, told: Told) -> None:
    """Read a file of accountability as an inquiry into one subject: its unit, its day, whom it
    concerns."""
    data = told.data
    made.based_on = str(data.get("inquiry", "")) if told.act == "receive_proposal" else ""
    made.unit = int(data.get("unit") or data.get("subject_organ") or 0)
    made.situations = tuple(str(s) for s in data.get("situations", ()))
    if "day_of_conduct" in data:
        made.day = date.fromisoformat(str(data["day_of_conduct"]))
    if "subject_official" in data:
        made.officials.append(int(data["subject_official"]))


def _hand_over_opened(made: Inquiry, told: Told) -> None:
    """Read unit and day of the conduct of what was handed over."""
    data = told.data
    made.unit = int(data["unit"])
    made.day = date.fromisoformat(str(data["day_of_conduct"]))
    named = tuple(str(situation) for situation in data.get("situations", ()))
    made.situations = named or made.situations


def _goal_missed(made: Inquiry, told: Told) -> None:
    """Read that a goal of rectification was missed."""
    made.missed = told


def _added(made: Inquiry, told: Told) -> None:
    """Read that another official is concerned."""
    if told.data["official"] not in made.officials:
        made.officials.append(int(told.data["official"]))


def _named(made: Inquiry, told: Told) -> None:
    """Read an investigator; one who recused is not named again."""
    official = int(told.data["official"])
    made.declared[official] = str(told.data["declared"])
    if official not in made.recused:
        made.investigators[official] = told


def _ruled(made: Inquiry, told: Told) -> None:
    """Read that an investigator recuses, for good."""
    if told.data["decision"] == "recuse":
        official = int(told.data["official"])
        made.recused.add(official)
        made.investigators.pop(official, None)


def _taken_over(made: Inquiry, _told: Told) -> None:
    """Read that another organ took over: it names its own investigators."""
    made.investigators.clear()


def _pinned(made: Inquiry, told: Told) -> None:
    """Read a piece of evidence the investigators pinned."""
    data = told.data
    source, place = str(data.get("source", "")), int(data.get("place", 0))
    made.items[told.seq] = Item(
        told,
        told.texts.get("shows", ""),
        source,
        place,
        str(data.get("bound", "")),
        tuple(data.get("papers", ())),
        open=data["disclose"] == "open",
    )


def _handed_in(made: Inquiry, told: Told) -> None:
    """Read a piece of evidence the person handed in."""
    made.items[told.seq] = Item(
        told,
        told.texts.get("shows", ""),
        papers=tuple(told.data.get("papers", ())),
        own=True,
        official=int(told.data["official"]),
    )


def _found(made: Inquiry, told: Told) -> None:
    """Read a finding; the newest on an element stands."""
    made.findings[str(told.data["trigger"]), str(told.data["element"])] = told


def _told_facts(made: Inquiry, told: Told) -> None:
    """Read that somebody was told the facts and grounds."""
    made.told[int(told.data["official"])] = told


def _heard(made: Inquiry, told: Told) -> None:
    """Read that somebody was heard."""
    made.heard[int(told.data["official"])] = told


def _countersigned(made: Inquiry, told: Told) -> None:
    """Read that somebody countersigned the record of their hearing."""
    made.countersigned[int(told.data["official"])] = told


def _signature_refused(made: Inquiry, told: Told) -> None:
    """Read that an investigator recorded a refusal to sign."""
    made.refusals.append(told)


def _nothing_more(made: Inquiry, told: Told) -> None:
    """Read that somebody said that nothing more comes from them."""
    made.nothing_more[int(told.data["official"])] = told


def _released(made: Inquiry, told: Told) -> None:
    """Read that an investigator released a text for the person."""
    made.releases.append(told)


def _reasoned(made: Inquiry, told: Told) -> None:
    """Read that a contradiction was reasoned in words; the newest stands."""
    made.reasoned[str(told.data["contradiction"])] = told


def _signed(made: Inquiry, told: Told) -> None:
    """Read that an investigator signed the report as it then was."""
    made.signatures.append(told)


def _defended(made: Inquiry, told: Told) -> None:
    """Read a point of a defence."""
    number = int(told.data["point"])
    made.points.setdefault(number, Point(number, int(told.data["official"]), told))


def _answered(made: Inquiry, told: Told) -> None:
    """Read the answer to a point of a defence."""
    point = made.points.get(int(told.data["point"]))
    if point is not None:
        made.points[point.number] = Point(point.number, point.official, point.told, told)


def _considered(made: Inquiry, told: Told) -> None:
    """Read a decision or deed that is considered."""
    made.grounds[told.seq] = told


def _weighed(made: Inquiry, told: Told) -> None:
    """Read a test of diligence; the newest stands."""
    made.diligence[int(told.data["official"]), int(told.data["ground"])] = told


def _confirmed(made: Inquiry, told: Told) -> None:
    """Read a line of responsibility; the newest stands, the earlier ones are kept."""
    made.lines[line_key(told)] = told
    made.confirmed.append(told)


def line_key(told: Told) -> LineKey:
    """Return which line a confirmation is about."""
    return int(told.data["official"]), int(told.data["ground"]), str(told.data["kind"])


def _gravity(made: Inquiry, told: Told) -> None:
    """Read a finding of gravity; the newest stands."""
    made.gravities.append(told)


def _over(made: Inquiry, told: Told) -> None:
    """Read that something was handed over as a possible offence."""
    made.handed_over.append(told)


def _concluded(made: Inquiry, told: Told) -> None:
    """Read the conclusion."""
    made.concluded = told


def _proposed(made: Inquiry, told: Told) -> None:
    """Read a proposal."""
    made.proposals.append(told)


_READERS: Mapping[str, Callable[[Inquiry, Told], None]] = {
    "open_inquiry": _opened,
    "receive_proposal": _file_opened,
    "open_own": _file_opened,
    "receive_hand_over": _file_opened,
    "open_handed": _hand_over_opened,
    "reject_rectification": _goal_missed,
    "add_person": _added,
    "name_investigator": _named,
    "recuse_investigator": _ruled,
    "take_over": _taken_over,
    "pin_evidence": _pinned,
    "hand_in": _handed_in,
    "establish": _found,
    "tell_person": _told_facts,
    "hear": _heard,
    "sign_hearing": _countersigned,
    "refuse_signature": _signature_refused,
    "say_nothing_more": _nothing_more,
    "release_text": _released,
    "reason_contradiction": _reasoned,
    "sign_report": _signed,
    "defend": _defended,
    "answer_point": _answered,
    DECISION: _considered,
    DEED: _considered,
    "weigh_diligence": _weighed,
    "confirm_line": _confirmed,
    "find_gravity": _gravity,
    "hand_over": _over,
    "conclude": _concluded,
    "propose_measure": _proposed,
}
