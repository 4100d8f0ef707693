"""Who may bear which responsibility in an inquiry, as the law core says (S 11 para. 2).

Registry, minutes and duty rows are put to it. Posts and fields of work are those of the day of the
decision or deed, not of today; positions come from the minutes. What comes out is proposed, line by
line, with its sentence; `line_confirmed` lets a person confirm or change it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from dengwen.accountability.inquiry.queries import DECISION, Inquiry, Item
from dengwen.cases import rulebooks
from dengwen.cases.models import Act, Case, Duty
from dengwen.cases.write.late_check import WINDOW
from dengwen.editions.as_of import setting
from dengwen.law.duties.act_record import civil
from dengwen.law.duties.excuse import Excuse, known_in_time
from dengwen.law.liability import attribution
from dengwen.law.liability.attribution import Decision, Deed, Line, Note, Order
from dengwen.organs.models import Appointment, Official, Portfolio, Substitute
from dengwen.oversight.inspections.queries import Told
from dengwen.prevention.models import Position
from dengwen.prevention.positions import STANDS

ROLE_OF = {
    "principal": attribution.HEAD,
    "deputy": attribution.MEMBER,
    "member": attribution.MEMBER,
}
STANCE_OF = {
    "for": "for",
    "objection": "objected",
    "reservation": "reserved",
    "abstained": "abstained",
}
"""How the minutes' words stand in the law core; every other stand is silence."""
FREEING = frozenset({"objection", "reservation", "abstained"})
"""Stands that may free whoever took them, and so are weighed by when they were entered."""
CLAIMED, UNRECORDED = "claimed", "record"
"""The notes that something was claimed afterwards, and that dissent is not on record."""
NOT_ADOPTED = frozenset({"rejected", "deferred"})
"""Outcomes of an item by which an objection was followed: nothing was decided against it."""


@dataclass(frozen=True, slots=True)
class Ground:
    """One decision or deed of an inquiry with the lines proposed for it; officials are row ids.

    `objectors` are the leaders whose clear objection is on record and was not followed: they bear
    no leadership responsibility for it, whatever else is found (S 11 para. 2).
    """

    number: int
    told: Told
    organ: int
    on: date
    lines: tuple[Line, ...]
    objectors: frozenset[int]

    @property
    def collective(self) -> bool:
        """Whether it is a collective decision."""
        return self.told.act == DECISION

    def line(self, official: int, kind: str) -> Line | None:
        """Return the line proposed for somebody."""
        return next((x for x in self.lines if x.official == str(official) and x.kind == kind), None)


def grounds_of(made: Inquiry) -> dict[int, Ground]:
    """Return what is proposed for every decision and deed of an inquiry, by its number, from the
    registry as it is."""
    return {number: _ground(made, number, told) for number, told in made.grounds.items()}


def _ground(made: Inquiry, number: int, told: Told) -> Ground:
    """Return what is proposed for one decision or deed of an inquiry."""
    if told.act == DECISION:
        return _ground_of_decision(made, number, told)
    return _ground_of_deed(made, number, told)


def _ground_of_decision(made: Inquiry, number: int, told: Told) -> Ground:
    """Return the lines proposed for a collective decision, by its minutes."""
    decision, late = _decision(made, told)
    organ = int(decision.organ or 0)
    lines = attribution.attribute(
        rulebooks.library(), posts_of(organ), portfolios_of(organ), [decision], place=made.place
    )
    objectors = [int(position.official) for position in decision.positions if objected(position)]
    return Ground(
        number=number,
        told=told,
        organ=organ,
        on=decision.on,
        lines=_with_substitutes_noted(_with_claims_noted(lines, late), organ, decision.on),
        objectors=frozenset(objectors),
    )


def _ground_of_deed(made: Inquiry, number: int, told: Told) -> Ground:
    """Return the lines proposed for what one person did, with diligence as weighed so far."""
    deed = _deed(told)
    organ = int(deed.organ)
    lines = attribution.attribute(
        rulebooks.library(),
        posts_of(organ),
        portfolios_of(organ),
        deeds=[deed],
        diligence=made.tested(number),
        place=made.place,
    )
    return Ground(
        number=number,
        told=told,
        organ=organ,
        on=deed.on,
        lines=_with_substitutes_noted(lines, organ, deed.on),
        objectors=frozenset(int(official) for official in deed.objected),
    )


def objected(position: attribution.Position) -> bool:
    """Say whether a position frees from leadership responsibility: a clear objection, on record,
    not followed."""
    return position.stance == "objected" and position.recorded and not position.followed


# --- from the registry ----------------------------------------------------------------------------
def posts_of(organ: int) -> list[attribution.Post]:
    """Return every post anybody held in an organ, with its days; a post of no leading rank is
    staff."""
    rows = Appointment.objects.filter(post__organ_id=organ).select_related("post")
    return [
        attribution.Post(
            str(row.official_id),
            str(organ),
            ROLE_OF.get(row.post.leading, attribution.STAFF),
            row.valid_from,
            row.valid_to,
        )
        for row in rows.order_by("valid_from", "pk")
    ]


def portfolios_of(organ: int) -> list[attribution.Portfolio]:
    """Return every division of work of an organ, with its days (S 7)."""
    rows = Portfolio.objects.filter(organ_id=organ).order_by("valid_from", "pk")
    return [
        attribution.Portfolio(str(r.official_id), str(organ), r.field, r.valid_from, r.valid_to)
        for r in rows
    ]


def _with_substitutes_noted(lines: Iterable[Line], organ: int, on: date) -> tuple[Line, ...]:
    """Add a note to the lines of officials who had a substitute on that day; a person decides who
    acted, and sees where that was entered only afterwards."""
    rows = [
        row
        for row in Substitute.objects.on(on).select_related("substitute").order_by("pk")
        if row.organ_id in (None, organ)
    ]
    recorded = _recorded(row.act for row in rows)
    notes: dict[str, list[Note]] = defaultdict(list)
    for row in rows:
        if row.act in recorded:
            note = _stood_in(row.substitute.name, recorded[row.act], on)
            notes[str(row.official_id)].append(note)
    return tuple(replace(line, notes=(*line.notes, *notes[line.official])) for line in lines)


def _recorded(acts: Iterable[int]) -> dict[int, datetime]:
    """Return when the ledger got these acts."""
    return dict(Act.objects.filter(pk__in=set(acts)).values_list("pk", "recorded_at"))


def _stood_in(name: str, recorded: datetime, on: date) -> Note:
    """Return the note that somebody stood in on the day, as a claim where it was entered after
    it."""
    stood = Excuse(f"当日由{name}代行职责", f"{name} stood in on that day", recorded, on)
    zh, en = (stood.zh, stood.en) if stood.known else stood.claimed
    return Note(
        "substitute",
        "weigh",
        f"{zh}：谁实际作为，由认定的人写明理由",
        f"{en}: who acted is found with reasons",
    )


def _with_claims_noted(lines: Iterable[Line], late: Mapping[str, Excuse]) -> list[Line]:
    """Add to the lines of those whose dissent was entered too late what they claim: it frees nobody
    by itself, and whoever finds the line weighs it."""
    found = []
    for line in lines:
        claimed = late.get(line.official)
        if claimed is None:
            found.append(line)
            continue
        zh, en = claimed.claimed
        note = Note(
            CLAIMED,
            "weigh",
            f"{zh}：不当然免责，由认定的人写明理由",
            f"{en}; it frees nobody by itself and is weighed with reasons",
        )
        others = tuple(one for one in line.notes if one.standard != UNRECORDED)
        found.append(replace(line, notes=(*others, note)))
    return found


# --- from the minutes -----------------------------------------------------------------------------
def _decision(made: Inquiry, told: Told) -> tuple[Decision, dict[str, Excuse]]:
    """Return a decision as the minutes of its meeting have it (an empty one without a meeting), and
    by official the dissent that was entered too late to free anybody."""
    number, item = str(told.data["meeting"]), int(told.data["item"])
    meeting = Case.objects.filter(number=number, kind="meeting").first()
    if meeting is None:
        return Decision("0", "", told.day), {}
    held, outcome = _minutes(meeting, item)
    rows = list(Position.objects.filter(meeting=meeting, item=item).order_by("line"))
    due = max(_minutes_due(meeting, held), _nothing_held_until(made, number, item))
    late = _entered_too_late(rows, held, due)
    positions = [
        position_of(
            str(row.official_id), row.stand, outcome, known=str(row.official_id) not in late
        )
        for row in rows
    ]
    decision = Decision(
        str(meeting.holder_id or 0),
        str(told.data["work"]),
        held,
        tuple(positions),
        major=bool(told.data.get("major")) or _is_major(number),
    )
    return decision, late


def _minutes_due(meeting: Case, held: date) -> date:
    """Return the day until which minutes are entered in time: that of the meeting, and the local
    window for entries after it."""
    window = setting(WINDOW, meeting.holder_id, held)
    days = int(window.value) if window is not None and window.value.isdigit() else 0
    return held + timedelta(days=days)


def _nothing_held_until(made: Inquiry, meeting: str, item: int) -> date:
    """Return the last day on which nothing was held against anybody yet: before the lead, before
    the breaches on the board, before any inquiry into this item was opened.

    Minutes are often written the day after; nobody who objected loses by that.
    """
    asked = Act.objects.filter(
        act="consider_decision", data__meeting=meeting, data__item=item
    ).values_list("case__number", flat=True)
    numbers = {made.number, made.lead, made.based_on, *asked}
    leads = Act.objects.filter(case__number__in=numbers, data__has_key="lead")
    numbers |= set(leads.values_list("data__lead", flat=True))
    days = [act.occurred_at for act in map(_breach, _from_cases(made)) if act is not None]
    days += Act.objects.filter(case__number__in=numbers).values_list("occurred_at", flat=True)
    return min((civil(day) for day in days), default=date.min) - timedelta(days=1)


def _from_cases(made: Inquiry) -> list[Item]:
    """Return the evidence that is an act of another case."""
    return [item for item in made.items.values() if item.source]


def _entered_too_late(rows: Iterable[Position], held: date, due: date) -> dict[str, Excuse]:
    """Return by official the dissent of a meeting's minutes that was entered after the day until
    which it is in time."""
    freeing = [row for row in rows if row.stand in FREEING]
    recorded = _recorded(row.act for row in freeing)
    found = {}
    for row in freeing:
        zh, en = STANDS[row.stand]
        said = f"会议记录中的“{zh}”", f"“{en}” in the minutes"
        if not known_in_time(recorded[row.act], due):
            found[str(row.official_id)] = Excuse(*said, recorded[row.act], held)
    return found


def _minutes(meeting: Case, item: int) -> tuple[date, str]:
    """Return the day a meeting was held and the outcome of one of its items."""
    held, outcome = meeting.opened_on, ""
    for act in Act.objects.filter(case=meeting, act__in=("call", "record_item")).order_by("seq"):
        if act.act == "call":
            held = date.fromisoformat(act.data["held_on"])
        elif act.data.get("item") == item:
            outcome = str(act.data.get("outcome", ""))
    return held, outcome


def position_of(
    official: str, stand: str, outcome: str, *, known: bool = True
) -> attribution.Position:
    """Return a position of the minutes as the law core asks. It is on record, for the minutes say
    it, unless they said so only afterwards (`known`)."""
    there = stand != "absent"
    return attribution.Position(
        official,
        present=there,
        took_part=there,
        stance=STANCE_OF.get(stand, "silent"),
        recorded=known,
        followed=outcome in NOT_ADOPTED,
    )


def _is_major(meeting: str) -> bool:
    """Say whether a registered major decision (MAD) was taken in this meeting."""
    decided = Act.objects.filter(
        act__in=("decide", "decide_without"), case__kind="decision", data__meeting=meeting
    )
    return decided.exists()


def _deed(told: Told) -> Deed:
    """Return what one person did, as the law core asks."""
    data = told.data
    codes = [str(word) for word in data.get("objected", ())]
    objectors = Official.objects.filter(code__in=codes).values_list("pk", flat=True)
    return Deed(
        str(data["official"]),
        str(data["organ"]),
        str(data["work"]),
        date.fromisoformat(str(data["on"])),
        _order(data),
        tuple(str(pk) for pk in objectors),
    )


def _order(data: Mapping[str, Any]) -> Order | None:
    """Return the order of a superior that a deed followed, None where there was none (CSL 60)."""
    if "superior" not in data:
        return None
    return Order(
        str(data["superior"]),
        told_wrong=bool(data.get("told_wrong")),
        insisted=bool(data.get("insisted")),
        obviously_illegal=bool(data.get("obviously_illegal")),
    )


# --- who owed the duty ----------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Owing:
    """Who owed a duty whose breach lies on the board: a hint for entering a deed, never a
    finding."""

    item: int
    organ: int
    official: int | None
    on: date
    rule: str


def owing(made: Inquiry) -> list[Owing]:
    """Return the bearers of the duties whose recorded breaches lie on the evidence board."""
    found = []
    for item in _from_cases(made):
        act = _breach(item)
        duty = Duty.objects.filter(breach=act).first() if act else None
        if act is not None and duty is not None and duty.holder_id is not None:
            on = duty.due or civil(act.occurred_at)
            found.append(Owing(item.number, duty.holder_id, duty.official_id, on, duty.rule))
    return found


def _breach(item: Item) -> Act | None:
    """Return the breach that a piece of evidence is, None where it is another act."""
    return Act.objects.filter(case__number=item.source, seq=item.at, act="breach").first()


def names_of(grounds: Mapping[int, Ground], more: Iterable[int] = ()) -> dict[int, str]:
    """Return the names of everybody who stands in a line, by row id."""
    wanted = set(more)
    for ground in grounds.values():
        wanted |= {int(line.official) for line in ground.lines}
    return dict(Official.objects.filter(pk__in=wanted).values_list("pk", "name"))
