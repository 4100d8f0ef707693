"""The facts of a question on accountability, read strictly from plain data: JSON or a scenario.

Days may be TOML dates or text; a word nobody knows is refused with what could be meant.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from dengwen.law.liability import conduct_words
from dengwen.law.liability.attribution import (
    HEAD,
    MEMBER,
    STAFF,
    Decision,
    Deed,
    Diligence,
    Order,
    Portfolio,
    Position,
    Post,
)
from dengwen.law.liability.influence_period import Imposed
from dengwen.law.liability.ladder import ESPECIALLY, NEITHER, SERIOUS, Earlier, Gravity
from dengwen.law.liability.proposed_decision import Chosen, Proposal, Subject
from dengwen.law.packs.entry import Entry
from dengwen.law.time.terms import parse_day

GRADES = {"none": NEITHER, "serious": SERIOUS, "especially": ESPECIALLY}
ROLES = (HEAD, MEMBER, STAFF)
CHOSEN = (
    "measure",
    "act",
    "entered_as",
    "words",
    "reasons",
    "approved_by",
    "months",
    "removes",
)
"""What is said of one measure chosen."""
DAYS = frozenset({"on", "since", "until", "deadline", "received", "today"})
"""Keys whose text is a day."""


def facts_of(raw: Mapping[str, Any], what: str) -> Entry:
    """Return the facts of a question as a strict reader; ValueError for a text that is no day."""
    return Entry(_with_days(raw), what, what)


def _with_days(value: Any, key: str = "") -> Any:  # noqa: ANN401 — any tree of plain data
    if isinstance(value, Mapping):
        return {name: _with_days(inner, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [_with_days(inner) for inner in value]
    return parse_day(value) if key in DAYS and isinstance(value, str) and value else value


def day_in(entry: Entry, key: str) -> date:
    """Return a day that must be there."""
    found = entry.day(key)
    if found is None:
        raise entry.refuse(
            "missing",
            f"缺少日期“{key}”",
            f"the day “{key}” is missing",
            f"写上 {key}，如 2025-03-10",
            f"write {key}, such as 2025-03-10",
        )
    return found


# --- attribution ----------------------------------------------------------------------------------
def posts_of(entry: Entry) -> list[Post]:
    """Read the posts held."""
    found = []
    for one in entry.tables("posts", "post"):
        one.known(("official", "organ", "role", "since", "until"))
        found.append(
            Post(
                one.text("official"),
                one.text("organ"),
                one.choice("role", ROLES),
                day_in(one, "since"),
                one.day("until"),
            )
        )
    return found


def portfolios_of(entry: Entry) -> list[Portfolio]:
    """Read the fields of work held."""
    found = []
    for one in entry.tables("portfolios", "portfolio"):
        one.known(("official", "organ", "work", "since", "until"))
        found.append(
            Portfolio(
                one.text("official"),
                one.text("organ"),
                one.text("work"),
                day_in(one, "since"),
                one.day("until"),
            )
        )
    return found


def decisions_of(entry: Entry) -> list[Decision]:
    """Read the decisions taken together, with how everybody stood."""
    found = []
    for one in entry.tables("decisions", "decision"):
        one.known(("organ", "work", "on", "major", "positions"))
        positions = tuple(_position(inner) for inner in one.tables("positions", "position"))
        found.append(
            Decision(
                one.text("organ"),
                one.text("work"),
                day_in(one, "on"),
                positions,
                one.flag("major"),
            )
        )
    return found


def _position(one: Entry) -> Position:
    one.known(("official", "present", "took_part", "stance", "recorded", "followed"))
    present = one.flag("present", True)
    return Position(
        one.text("official"),
        present,
        one.flag("took_part", present),
        one.choice("stance", conduct_words.STANCES, "for" if present else "silent"),
        one.flag("recorded"),
        one.flag("followed"),
    )


def deeds_of(entry: Entry) -> list[Deed]:
    """Read what single persons did."""
    found = []
    for one in entry.tables("deeds", "deed"):
        one.known(("official", "organ", "work", "on", "order", "objected"))
        found.append(
            Deed(
                one.text("official"),
                one.text("organ"),
                one.text("work"),
                day_in(one, "on"),
                _order(one),
                one.words("objected"),
            )
        )
    return found


def _order(one: Entry) -> Order | None:
    inner = one.table("order", "order")
    if inner is None:
        return None
    inner.known(("superior", "told_wrong", "insisted", "obviously_illegal"))
    return Order(
        inner.text("superior"),
        inner.flag("told_wrong"),
        inner.flag("insisted"),
        inner.flag("obviously_illegal"),
    )


def diligence_of(entry: Entry) -> dict[str, Diligence]:
    """Read what is shown of somebody's diligence, by name."""
    every = entry.table("diligence", "diligence")
    found = {}
    for name in every.raw if every else ():
        one = every.table(name, name) if every else None
        if one is not None:
            one.known(conduct_words.DILIGENCE_TESTS)
            shown = {key: one.flag(key) for key in conduct_words.DILIGENCE_TESTS if key in one.raw}
            found[name] = Diligence(**shown)
    return found


# --- ladder, measures, influence ------------------------------------------------------------------
def gravity_of(entry: Entry) -> Gravity:
    """Read a finding of gravity; neither light nor grave where none is given."""
    one = entry.table("gravity", "gravity")
    if one is None:
        return Gravity()
    one.known(("light", "harm", "influence", "reasons"))
    return Gravity(
        one.flag("light"),
        GRADES[one.choice("harm", tuple(GRADES), "none")],
        GRADES[one.choice("influence", tuple(GRADES), "none")],
        one.text("reasons", ""),
    )


def earlier_of(entry: Entry) -> list[Earlier]:
    """Read the measures given before in the same matter."""
    found = []
    for one in entry.tables("earlier", "earlier"):
        one.known(("rung", "on", "goal", "deadline", "met"))
        met = one.flag("met") if "met" in one.raw else None
        found.append(
            Earlier(
                one.text("rung"),
                day_in(one, "on"),
                one.text("goal", ""),
                one.day("deadline"),
                met,
            )
        )
    return found


PROPOSED = (
    "subject",
    "measures",
    "decided_by",
    "managed_by",
    "decider",
    "petition_department",
    "gravity",
    "earlier",
    "goal",
    "deadline",
    "honours",
    "left_out",
    "minor",
    "crime_suspected",
    "closed_as_transferred",
    "members",
)
"""The words of a decision as proposed."""
SUBJECT = (
    "is",
    "group",
    "party_member",
    "retired",
    "elected",
    "removed_by_law",
    "party_organisation",
)
"""The words of whom it is about."""


def proposal_of(entry: Entry, on: date) -> Proposal:
    """Read a decision as proposed on a day."""
    decided_by = entry.text("decided_by", "")
    left_out = entry.table("left_out", "left_out")
    return Proposal(
        subject=_subject(entry),
        measures=tuple(_chosen(entry)),
        on=on,
        decided_by=decided_by,
        managed_by=entry.text("managed_by", decided_by),
        decider=entry.text("decider", ""),
        decider_is_petition_department=entry.flag("petition_department"),
        gravity=gravity_of(entry),
        earlier=tuple(earlier_of(entry)),
        goal=entry.text("goal", ""),
        deadline=entry.day("deadline"),
        honours=tuple((who, on.year) for who in entry.words("honours")),
        honours_left_out=tuple((w, left_out.text(w)) for w in left_out.raw) if left_out else (),
        minor=entry.flag("minor"),
        crime_suspected=entry.flag("crime_suspected"),
        closed_as_transferred=entry.flag("closed_as_transferred"),
        responsible_members=entry.words("members"),
    )


def _subject(entry: Entry) -> Subject:
    one = entry.table("subject", "subject")
    if one is None:
        return Subject()
    one.known(SUBJECT)
    return Subject(
        on=one.choice("is", conduct_words.ON, "person"),
        group=one.choice("group", conduct_words.ORGAN_GROUPS, ""),
        party_member=one.flag("party_member") if "party_member" in one.raw else None,
        retired=one.flag("retired"),
        elected=one.flag("elected"),
        removed_by_law=one.flag("removed_by_law"),
        party_organisation=one.flag("party_organisation", one.raw.get("group") == "party"),
    )


def _chosen(entry: Entry) -> list[Chosen]:
    """Read the measures chosen: ids, or tables with the act, the kind entered, the words."""
    listed = entry.raw.get("measures", [])
    if isinstance(listed, list) and all(isinstance(one, str) for one in listed):
        return [Chosen(one) for one in listed]
    found = []
    for one in entry.tables("measures", "measure"):
        one.known(CHOSEN)
        found.append(
            Chosen(
                one.text("measure"),
                one.text("act", ""),
                one.text("entered_as", ""),
                one.text("words", ""),
                one.text("reasons", ""),
                one.text("approved_by", ""),
                one.number("months", 0),
                one.flag("removes") if "removes" in one.raw else None,
            )
        )
    return found


def imposed_of(entry: Entry) -> list[Imposed]:
    """Read the measures imposed, each with its day and the months its decision states."""
    found = []
    for one in entry.tables("imposed", "imposed"):
        one.known(("measure", "on", "months"))
        found.append(Imposed(one.text("measure"), day_in(one, "on"), one.number("months", 0)))
    return found
