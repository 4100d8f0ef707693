"""A file of accountability read from its acts: subject, measures, dates, goals.

Everything is derived; nothing is stored apart from acts. Nothing here decides: what is expired,
corrected or set aside stays in the file and is only left out of what is in force.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from dengwen.cases.models import Act, Case
from dengwen.law.duties.act_record import CORRECT, civil
from dengwen.law.liability import influence_period, provisions
from dengwen.law.liability.conduct_words import HONOURS
from dengwen.law.liability.influence_period import Imposed, Influence
from dengwen.law.liability.ladder import ESPECIALLY, NEITHER, SERIOUS, Earlier, Gravity
from dengwen.law.liability.proposed_decision import ORGAN, PERSON
from dengwen.law.liability.provisions import Liability, MeasureRule
from dengwen.law.packs.library import Library

KIND, APPEAL = "accountability", "accountability_appeal"
OTHER = "other_measure"
"""The field in which a decision names a measure that stands in no list (等)."""
MEMBER = "party_member"
"""The field in which it is said whether a person is a member of the Party."""
GRADES = {"none": NEITHER, "serious": SERIOUS, "especially": ESPECIALLY}
ISSUED = (
    "order_self_criticism",
    "issue_organ_circular",
    "issue_circular",
    "issue_admonition",
    "issue_treatment",
    "issue_other_measure",
    "issue_sanction",
    "issue_party_decision",
)
"""Acts that give a decided measure its paper; they come with the decision and never alone."""
RECORDED = "—"
"""Stands for the goal of a rectification, whose words are not needed to say that there is one."""
VERDICTS = ("accept_rectification", "reject_rectification")
"""Acts that say whether the goal of a rectification was met."""
DEADLINES = ("decide", "extend_rectification")
"""Acts that set until when the goal of a rectification has to be met, the newest one alone."""
OPENING = ("receive_proposal", "open_own", "receive_hand_over")


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure on one person or organ, as its acts tell it."""

    case: str
    place: str
    official: int | None
    organ: int | None
    measure: str
    decided: date
    decided_by: int | None
    decision: int
    """Row id of the act `decide` it comes from."""
    deadline: date | None = None
    served: date | None = None
    met: bool | None = None
    corrected: date | None = None
    instead: str = ""
    """What it was changed to on appeal, "" where it stands or was revoked."""
    appeal: str = ""
    months: int = 0
    """The months of a period that the decision itself states, 0 where it states none."""
    said: str = ""
    """What its decision calls another measure of an open list; of a listed one it says nothing."""

    def rule(self, rules: Liability) -> MeasureRule | None:
        """Return the rule of the measure, of another one under its own name; None where these
        rules know neither."""
        return rules.measure(self.measure, self.said)

    @property
    def stands(self) -> bool:
        """Whether nobody corrected or revoked it."""
        return self.corrected is None


@dataclass(frozen=True, slots=True)
class HonourBan:
    """The comprehensive honours of one year that an organ cannot get: as area, department or unit
    (S 14)."""

    case: str
    organ: int
    as_: str
    year: int
    decided: date
    lifted: date | None


@dataclass(slots=True)
class AccountFile:
    """One file of accountability as its acts tell it."""

    case: Case
    acts: tuple[Act, ...]
    official: int | None = None
    organ: int | None = None
    inquiry: str = ""
    from_office: int | None = None
    situations: tuple[str, ...] = ()
    proposed: tuple[str, ...] = ()
    gravity: str = ""
    party_member: str = ""
    """Whether the person is a member of the Party, as it was said when the file was opened."""
    decisions: list[Act] = field(default_factory=list)
    served: list[Act] = field(default_factory=list)
    deadline: date | None = None
    met: bool | None = None
    corrected: list[Act] = field(default_factory=list)
    changed: list[Act] = field(default_factory=list)
    honours: list[Act] = field(default_factory=list)
    appeals: list[Act] = field(default_factory=list)
    notified: list[Act] = field(default_factory=list)
    transferred: list[Act] = field(default_factory=list)

    @property
    def on(self) -> str:
        """Whether it concerns a person or an organ."""
        return PERSON if self.official is not None else ORGAN

    @property
    def decision(self) -> Act | None:
        """The newest decision, None before the first."""
        return self.decisions[-1] if self.decisions else None

    @property
    def opening(self) -> Act | None:
        """The act that opened the file: a proposal, a hand-over, or the organ's own."""
        return next((act for act in self.acts if act.act in OPENING), None)

    @property
    def circulated(self) -> frozenset[str]:
        """Every organ (by code) to which a measure of the file was made known."""
        return frozenset(
            str(code) for act in self.decisions for code in act.data.get("circulated_to", ())
        )

    @property
    def scopes(self) -> frozenset[str]:
        """Every scope within which a measure of the file was made known."""
        return frozenset(str(act.data["scope"]) for act in self.decisions if act.data.get("scope"))

    def last(self, act: str) -> Act | None:
        """Return the newest act of a kind."""
        return next((a for a in reversed(self.acts) if a.act == act), None)


def read_file(case: Case, *, before: int | None = None) -> AccountFile:
    """Read a file the caller was let through to; `before` leaves out the act with that row id and
    what came later."""
    acts = Act.objects.filter(case=case).order_by("seq")
    rows = tuple(a for a in acts if before is None or a.pk < before)
    file = AccountFile(case, rows)
    for act in rows:
        _read(file, act)
    return file


def _read(file: AccountFile, act: Act) -> None:
    """Take one act into the file, in the order of the acts."""
    file.party_member = _membership(act) or file.party_member
    if act.act in OPENING:
        _read_opening(file, act.data)
    elif act.act == "decide":
        file.decisions.append(act)
        file.deadline, file.met = _day(act.data.get("deadline")), None
    elif act.act == "extend_rectification":
        file.deadline = _day(act.data.get("deadline"))
    elif act.act in VERDICTS:
        file.met = act.act == "accept_rectification"
    elif act.act in _LISTS:
        getattr(file, _LISTS[act.act]).append(act)


def _membership(act: Act) -> str:
    """Return what an act, or a correction of one, says of membership in the Party; "" for
    nothing."""
    if act.act == CORRECT:
        return str(act.data.get("new") or "") if act.data.get("field") == MEMBER else ""
    return str(act.data.get(MEMBER) or "")


def _read_opening(file: AccountFile, data: Mapping[str, Any]) -> None:
    """Take in whom the file concerns, and what was proposed where it began with a proposal."""
    file.official = data.get("subject_official")
    file.organ = data.get("subject_organ")
    file.inquiry = str(data.get("inquiry", ""))
    file.from_office = data.get("from_office")
    file.situations = tuple(data.get("situations", ()))
    file.proposed = tuple(data.get("measures", ()))
    file.gravity = str(data.get("gravity", ""))


_LISTS = {
    "serve_decision": "served",
    "correct_wrongful": "corrected",
    "set_aside": "changed",
    "cancel_honours": "honours",
    "note_appeal": "appeals",
    "notify_personnel": "notified",
    "hand_over_crime": "transferred",
}


def _day(value: object) -> date | None:
    """Return the day a value of an act stands for, None where it says none."""
    return date.fromisoformat(value) if isinstance(value, str) and value else None


def measures_in(file: AccountFile) -> list[Measure]:
    """Return every measure decided in a file, the earliest first, those undone since with the day
    on which."""
    found: list[Measure] = []
    for number, act in enumerate(file.decisions):
        until = file.decisions[number + 1].seq if number + 1 < len(file.decisions) else None
        outcome = _outcome(file, act.seq, until)
        for measure in act.data.get("measures", ()):
            found.append(_measure(file, act, str(measure), outcome))
    return found


def _measure(file: AccountFile, decision: Act, measure: str, outcome: _Outcome) -> Measure:
    """Return one measure of a decision, with what became of it."""
    undone = _undone(file, decision.seq, measure)
    return Measure(
        case=file.case.number,
        place=file.case.place,
        official=file.official,
        organ=file.organ,
        measure=measure,
        decided=civil(decision.occurred_at),
        decided_by=decision.organ_id,
        decision=decision.pk,
        deadline=outcome.deadline,
        served=outcome.served,
        met=outcome.met,
        corrected=civil(undone.occurred_at) if undone else None,
        instead=str(undone.data.get("instead", "")) if undone else "",
        appeal=str(undone.data.get("appeal", "")) if undone else "",
        months=months_of(decision.data),
        said=str(decision.data.get(OTHER, "")),
    )


def months_of(data: Mapping[str, Any]) -> int:
    """Return the months of a period that a decision states, 0 where it states none."""
    value = data.get("months")
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What became of a decision: its last day to rectify, the day of service, whether the goal was
    met."""

    deadline: date | None
    served: date | None
    met: bool | None


def _outcome(file: AccountFile, seq: int, until: int | None) -> _Outcome:
    """Say what became of a decision before the next one."""
    after = [a for a in file.acts if a.seq >= seq and (until is None or a.seq < until)]
    deadlines = [act.data["deadline"] for act in after if act.data.get("deadline")]
    services = [act for act in after if act.act == "serve_decision"]
    verdicts = [act.act for act in after if act.act in VERDICTS]
    return _Outcome(
        deadline=_day(deadlines[-1]) if deadlines else None,
        served=_day(services[0].data.get("received_on")) if services else None,
        met=verdicts[-1] == "accept_rectification" if verdicts else None,
    )


def _undone(file: AccountFile, seq: int, measure: str) -> Act | None:
    """Return the first act that corrected, changed or revoked a measure decided by the act with
    this number.

    An appeal and a correction name the measure and not the decision: of a measure decided more than
    once in a file, every decision before is undone, and none stands that may have been meant.
    """
    for act in file.acts:
        if act.seq <= seq:
            continue
        if act.act == "set_aside" and act.data.get("measure") == measure:
            return act
        if act.act == "correct_wrongful" and measure in act.data.get("measures", ()):
            return act
    return None


def appealable(file: AccountFile) -> list[Measure]:
    """Return the measures on a person that can be appealed against: every one that stands and was
    served, of one decided more than once the newest."""
    if file.official is None:
        return []
    standing = {one.measure: one for one in measures_in(file) if one.stands}
    return [one for one in standing.values() if one.served is not None]


def measures_of(official: int) -> list[Measure]:
    """Return every measure ever decided on an official, expired and undone ones too, the earliest
    first."""
    return _sorted(read_file(case) for case in _files("subject_official", official))


def files_on(file: AccountFile) -> list[AccountFile]:
    """Return every file about the subject of a file, itself among them as it was read, the earliest
    first."""
    if file.official is not None:
        cases = _files("subject_official", file.official)
    else:
        cases = _files("subject_organ", file.organ or 0)
    return [file if case.pk == file.case.pk else read_file(case) for case in cases]


def _files(column: str, pk: int) -> Sequence[Case]:
    """Return the files about a subject, in the order in which they were opened."""
    opened = Act.objects.filter(case__kind=KIND, act__in=OPENING, **{f"data__{column}": pk})
    return list(Case.objects.filter(pk__in=opened.values("case")).order_by("opened_at", "pk"))


def _sorted(files: Iterable[AccountFile]) -> list[Measure]:
    """Return the measures of these files, the earliest first."""
    found: list[Measure] = []
    for file in files:
        found += measures_in(file)
    return sorted(found, key=lambda one: (one.decided, one.case, one.decision))


def honour_bans(organ: int, year: int) -> list[HonourBan]:
    """Return the bans of an organ's comprehensive honours of a year, lifted ones too, the earliest
    first (S 14)."""
    found: list[HonourBan] = []
    rows = Act.objects.filter(case__kind=KIND, act="cancel_honours", data__year=year)
    for act in rows.select_related("case").order_by("occurred_at", "pk"):
        named = [name for name in HONOURS if act.data.get(name) == organ]
        if not named:
            continue
        undone = _undone(read_file(act.case), act.seq, "admonition")
        lifted = civil(undone.occurred_at) if undone else None
        decided = civil(act.occurred_at)
        for name in named:
            found.append(HonourBan(act.case.number, organ, name, year, decided, lifted))
    return found


def gravity_of(data: Mapping[str, Any], reasons: str) -> Gravity:
    """Return the finding of gravity that a decision states."""
    return Gravity(
        bool(data.get("light")),
        GRADES[str(data.get("harm") or "none")],
        GRADES[str(data.get("influence") or "none")],
        reasons,
    )


def earlier_of(file: AccountFile, rules: Liability) -> tuple[Earlier, ...]:
    """Return the measures decided before in the same file as grounds of the ladder (S 14, 15).

    A date was only accepted together with a goal, whose words stay sealed. A corrected or revoked
    measure is no ground.
    """
    found = []
    for one in measures_in(file):
        rung = _rung_of(one.measure, rules)
        if rung and one.stands:
            goal = RECORDED if one.deadline else ""
            found.append(Earlier(rung, one.decided, goal, one.deadline, one.met))
    return tuple(found)


def _rung_of(measure: str, rules: Liability) -> str:
    """Return the rung of the ladder a measure stands on, "" where it stands on none."""
    for rung in rules.rungs.values():
        if measure in rules.on_rung(rung):
            return rung.id
    return ""


def influences_of(
    measures: Iterable[Measure], library: Library, convention: str = ""
) -> list[Influence]:
    """Return the effects of the measures that stand, or of the lighter ones they became, each from
    its decision."""
    found: list[Influence] = []
    for one in measures:
        measure = one.measure if one.stands else one.instead
        if measure:
            rules = provisions.in_force(library, one.decided, one.place)
            found += influence_period.influences(
                rules, [Imposed(measure, one.decided, one.months)], convention
            )
    return found
