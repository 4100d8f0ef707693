"""What the finders read, in bulk: one query for each kind of row.

Everything is read once and kept for one run, so that tens of thousands of matters cost a few dozen
statements. Matters of accusations are left out of everything but the finder of leaks: a lead would
tell that they exist (access model 4.2).
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from django.db.models import Q, QuerySet

from dengwen.access.models import User
from dengwen.cases import rulebooks
from dengwen.cases.duties.leave_records import Absence, absences
from dengwen.cases.models import Act, Case, Content, Duty
from dengwen.editions.as_of import setting
from dengwen.law.duties.act_record import BY_CLAIM, CLOSED, CORRECT, LATE, OPEN, VOID, civil
from dengwen.law.duties.excuse import Excuse, applies
from dengwen.law.liability import provisions
from dengwen.law.time.calendar import Calendar
from dengwen.organs.models import Official, Organ

DAY = timedelta(days=1)
DONE_AFTER_ABSENCE = 30
"""Days after its last day within which a duty must be done for the recorded absence of its bearer
to explain it."""


ACT_COLUMNS = (
    "pk",
    "case_id",
    "act",
    "organ_id",
    "actor",
    "occurred_at",
    "recorded_at",
    "data",
    "paper",
    "imported",
)
"""What is read of an act, in the order of `Did`."""


@dataclass(frozen=True, slots=True)
class Did:
    """One act as the finders read it; `entered` is whether it came with a paper after the day it
    claims."""

    pk: int
    case: int
    act: str
    organ: int | None
    actor: int | None
    occurred: datetime
    recorded: datetime
    data: Mapping[str, Any]
    paper: str
    imported: bool

    @property
    def day(self) -> date:
        """The civil day on which it is said to have happened."""
        return civil(self.occurred)

    @property
    def entered(self) -> date:
        """The civil day on which the ledger got it."""
        return civil(self.recorded)


@dataclass(frozen=True, slots=True)
class Owed:
    """One duty as the finders read it."""

    pk: int
    case: int
    rule: str
    holder: int | None
    official: int | None
    opened_by: int
    opened_on: date
    start: date
    due: date | None
    state: str
    closed_by: int | None
    closed_on: date | None
    timeliness: str
    breach: int | None
    opened_recorded: datetime
    closed_recorded: datetime | None
    ended_by: str | None

    @property
    def ended_on(self) -> date | None:
        """The day on which it ended: as claimed where it was done, but never before its entry
        where it was ended otherwise (a withdrawal frees from nothing that was due by then)."""
        if self.state == VOID and self.closed_recorded is not None:
            return civil(self.closed_recorded)
        return self.closed_on


@dataclass(frozen=True, slots=True)
class Matter:
    """The head of a case."""

    pk: int
    number: str
    kind: str
    place: str
    holder: int | None
    handler: int | None
    protected: bool
    opened_on: date


class Material:
    """The records of an office as of an instant, read lazily and kept for one run of the
    finders."""

    def __init__(self, now: datetime, within: Collection[int] | None = None) -> None:
        """Read what was recorded by `now`: of all cases, or of those alone `within` which to
        look."""
        self.now, self.today = now, civil(now)
        self.within = within
        self._acts: dict[tuple[str, ...], list[Did]] = {}
        self._duties: dict[tuple[str, ...], list[Owed]] = {}
        self._rules: dict[tuple[date, str], Mapping[str, provisions.TriggerRule]] = {}

    def _asked(self, path: str) -> Q:
        """Return the condition that a row is of one of the cases within which to look."""
        return Q() if self.within is None else Q(**{f"{path}__in": self.within})

    # --- rows -------------------------------------------------------------------------------------
    @cached_property
    def matters(self) -> dict[int, Matter]:
        """Every case of the procedures finders look at, by row id."""
        rows = Case.objects.filter(self._asked("pk"), kind__in=KINDS).values_list(
            "pk", "number", "kind", "place", "holder_id", "handler_id", "protected", "opened_on"
        )
        return {row[0]: Matter(*row) for row in rows.iterator(chunk_size=2000)}

    def acts(self, *names: str) -> list[Did]:
        """Return the acts of these names in open matters, in the order in which they were
        recorded."""
        key = tuple(sorted(names))
        if key not in self._acts:
            rows = (
                Act.objects.filter(
                    self._asked("case"),
                    act__in=key,
                    case__kind__in=KINDS,
                    case__protected=False,
                    recorded_at__lte=self.now,
                )
                .order_by("pk")
                .values_list(*ACT_COLUMNS)
            )
            self._acts[key] = [Did(*row) for row in rows.iterator(chunk_size=2000)]
        return self._acts[key]

    def entered_late(self, wanted: Container[int]) -> Iterator[Did]:
        """Yield the wanted ones among the acts entered late: each of them rests on a paper."""
        rows = (
            Act.objects.filter(
                self._asked("case"),
                case__kind__in=KINDS,
                case__protected=False,
                recorded_at__lte=self.now,
            )
            .exclude(paper="")
            .order_by("pk")
            .values_list(*ACT_COLUMNS)
        )
        return (Did(*row) for row in rows.iterator(chunk_size=2000) if row[0] in wanted)

    def claimed(self) -> list[Owed]:
        """Return the duties met by a claim alone: recorded after their last day, said to be done on
        or before it."""
        if ("",) not in self._duties:
            rows = self._owed(Duty.objects.filter(timeliness=BY_CLAIM))
            self._duties[("",)] = rows
        return self._duties[("",)]

    @cached_property
    def by_claim(self) -> frozenset[int]:
        """The duties, by row id, that something entered late opened, moved or ended."""
        rows = Duty.objects.filter(self._asked("case"), by_claim=True, case__protected=False)
        return frozenset(rows.values_list("pk", flat=True))

    def by_case(self, *names: str) -> dict[int, list[Did]]:
        """Return the acts of these names by case."""
        return grouped(self.acts(*names))

    def duties(self, *rules: str) -> list[Owed]:
        """Return the duties of these rules in open matters, opened by the instant, imported ones
        left out."""
        key = tuple(sorted(rules))
        if key not in self._duties:
            self._duties[key] = self._owed(Duty.objects.filter(rule__in=key))
        return self._duties[key]

    def _owed(self, duties: QuerySet[Duty]) -> list[Owed]:
        """Return these duties in open matters, in the order in which they were opened."""
        rows = (
            duties.filter(
                self._asked("case"),
                right=False,
                imported=False,
                case__kind__in=KINDS,
                case__protected=False,
                opened_by__recorded_at__lte=self.now,
            )
            .order_by("pk")
            .values_list(
                "pk",
                "case_id",
                "rule",
                "holder_id",
                "official_id",
                "opened_by_id",
                "opened_on",
                "start",
                "due",
                "state",
                "closed_by_id",
                "closed_on",
                "timeliness",
                "breach_id",
                "opened_by__recorded_at",
                "closed_by__recorded_at",
                "closed_by__act",
            )
        )
        return [Owed(*row) for row in rows.iterator(chunk_size=2000)]

    def texts(self, *names: str) -> Iterator[tuple[int, int, str, dict[str, str]]]:
        """Yield (case, act, name of the act, texts) of unsealed packages of these acts, in the
        order of the acts."""
        rows = (
            Content.objects.filter(
                self._asked("case"),
                act__act__in=names,
                sealed=False,
                case__protected=False,
                case__kind__in=KINDS,
                act__recorded_at__lte=self.now,
            )
            .order_by("act_id")
            .values_list("case_id", "act_id", "act__act", "body")
        )
        for case, act, name, body in rows.iterator(chunk_size=2000):
            yield case, act, name, json.loads(bytes(body))["fields"]

    # --- the registry -----------------------------------------------------------------------------
    @cached_property
    def organs(self) -> dict[int, Organ]:
        """Every organ by row id."""
        return {organ.pk: organ for organ in Organ.objects.all()}

    @cached_property
    def officials(self) -> dict[int, tuple[str, str]]:
        """Every official by row id: code and name."""
        return {
            pk: (code, name)
            for pk, code, name in Official.objects.values_list("pk", "code", "name")
        }

    @cached_property
    def official_of(self) -> dict[int, int]:
        """The official behind each account, by row ids."""
        return dict(User.objects.filter(official__isnull=False).values_list("pk", "official_id"))

    @cached_property
    def absences(self) -> dict[int, list[Absence]]:
        """By official the days on which somebody stands in, as far as the registry had it by
        `now`."""
        return absences(Q(recorded_at__lte=self.now))

    @cached_property
    def calendar(self) -> Calendar:
        """The newest calendar of the office."""
        return rulebooks.calendars().newest

    @cached_property
    def corrections(self) -> dict[int, list[Did]]:
        """Corrections by the row id of the act they correct."""
        found: dict[int, list[Did]] = defaultdict(list)
        for did in self.acts(CORRECT):
            target = did.data.get("target")
            if isinstance(target, int):
                found[target].append(did)
        return found

    def situations(
        self, conduct: Iterable[str], day: date, place: str, unit: Organ
    ) -> tuple[str, ...]:
        """Return the circumstances in force on the day of the conduct that name it, the local ones
        first (S 11).

        Those made for a petition department or for the other organs are left out where the unit is
        none.
        """
        rules = self._triggers(day, place)
        whose = {"any", "leading_body", "competent_organ"}
        if unit.is_petition_office:
            whose = {"any", "leading_body", "petition_department"}
        names = frozenset(conduct)
        carried = {rule.implements for rule in rules.values()}
        found = []
        for rule in rules.values():
            known = rule.id not in carried and not rule.partly_seen
            if known and rule.who in whose and names & set(rule.conduct):
                found.append(rule.id)
        return tuple(sorted(found, key=lambda name: (not name.startswith("S."), name)))

    def _triggers(self, day: date, place: str) -> Mapping[str, provisions.TriggerRule]:
        """Return the circumstances in force on a day at a place."""
        if (day, place) not in self._rules:
            rules = provisions.in_force(rulebooks.library(), day, place)
            self._rules[day, place] = rules.triggers
        return self._rules[day, place]

    def local(self, name: str, standard: int) -> int:
        """Return a number the text does not give: the local setting `lead.NAME`, else what this
        house chose."""
        found = setting(f"lead.{name}", None, self.today)
        if found is None or not found.value.isdigit():
            return standard
        return int(found.value) or standard

    # --- lateness and what explains it ------------------------------------------------------------
    def is_late(self, duty: Owed) -> bool:
        """Say whether a duty was not done in time: open past its day, done after it, or ended
        otherwise only once its day was over.

        A day claimed with a paper, a date corrected, and a day moved by a calendar notice leave no
        lateness behind, although the breach that was recorded stays on the record. A longer time or
        a withdrawal entered after the day takes none away: it is a claim.
        """
        if duty.due is None or (due := self.moved(duty.due)) >= self.today:
            return False
        if duty.state == OPEN:
            return duty.breach is not None
        if duty.state == VOID:
            return duty.ended_on is not None and duty.ended_on > due
        if duty.state != CLOSED:
            return False
        if duty.timeliness == BY_CLAIM:
            return duty.closed_on is not None and duty.closed_on > due
        return duty.timeliness == LATE and (duty.closed_on is None or duty.closed_on > due)

    def moved(self, due: date) -> date:
        """Return a last day, or the working day after it where the newest calendar knows it for a
        rest day.

        A notice entered only after the day leaves the breach and the verdict of the day as they
        fell; whoever acted on the first working day after it was in time all the same (CC 203).
        """
        while self.calendar.is_working(due) is False:
            due += DAY
        return due

    def late_duties(self, *rules: str) -> Iterator[Owed]:
        """Yield the duties that are late and that nothing known in time explains."""
        for duty in self.duties(*rules):
            if duty.holder is None or not self.is_late(duty):
                continue
            if not self.explained_by_absence(duty) and not self.explained_by_objection(duty):
                yield duty

    @cached_property
    def _doers(self) -> dict[tuple[int, int], set[int]]:
        """The officials who acted in a case for an organ; only cases with somebody absent are of
        interest."""
        found: dict[tuple[int, int], set[int]] = defaultdict(set)
        users = [user for user, official in self.official_of.items() if official in self.absences]
        rows = Act.objects.filter(
            self._asked("case"), actor__in=users, organ__isnull=False, case__kind__in=KINDS
        )
        for case, organ, actor in rows.values_list("case_id", "organ_id", "actor").iterator(
            chunk_size=2000
        ):
            if actor is not None:
                found[case, organ].add(self.official_of[actor])
        return found

    def explained_by_absence(self, duty: Owed) -> bool:
        """Say whether the bearer's absence, on record by the last day, covers it, and the duty was
        done soon afterwards."""
        if duty.due is None or duty.closed_on is None or duty.state != CLOSED:
            return False
        soon = (duty.closed_on - duty.due).days <= DONE_AFTER_ABSENCE
        return soon and applies(self.absences_of(duty))

    def explained_by_objection(self, duty: Owed) -> bool:
        """Say whether a duty ended because the matter went back, objected to by its last day."""
        return duty.state == VOID and applies(self.objections_of(duty))

    def objections_of(self, duty: Owed) -> list[Excuse]:
        """Return the objections by which a matter was said to belong elsewhere, for the last day of
        a duty, whenever they were entered."""
        if duty.due is None:
            return []
        return [
            Excuse("提出过异议", "an objection was made", did.recorded, duty.due, did.case, did.pk)
            for did in self.by_case("object", "refer_dispute").get(duty.case, ())
            if did.organ == duty.holder and did.day <= duty.due
        ]

    def absences_of(self, duty: Owed) -> list[Excuse]:
        """Return the absences of who bore a duty on its last day, whenever they were entered."""
        if duty.due is None or duty.holder is None or not self.absences:
            return []
        bearers = set(self._doers.get((duty.case, duty.holder), ()))
        bearers |= {o for o in (duty.official, self.matters[duty.case].handler) if o is not None}
        day, shown = duty.due, duty.breach or duty.opened_by
        there = [one for who in sorted(bearers) for one in self.absences_on(who, day, duty.holder)]
        return [replace(one, case=duty.case, act=shown) for one in there]

    def absences_on(self, official: int, day: date, organ: int | None = None) -> list[Excuse]:
        """Return the entries by which somebody stands in for an official on a day in an organ,
        whenever they were made; without an organ, those for every post."""
        return [
            Excuse("当日有人代行", "somebody stood in that day", absence.recorded, day)
            for absence in self.absences.get(official, ())
            if absence.holds_on(day, organ)
        ]

    def away(self, official: int, day: date, organ: int | None = None) -> bool:
        """Say whether somebody stood in for an official on a day in an organ, known by that
        day."""
        return applies(self.absences_on(official, day, organ))

    def responsible(self, duty: Owed) -> int | None:
        """Return the official a duty names, else the one the case was assigned to in the same
        organ, else nobody."""
        if duty.official is not None:
            return duty.official
        matter = self.matters[duty.case]
        return (
            matter.handler if matter.handler is not None and matter.holder == duty.holder else None
        )


KINDS = (
    "petition",
    "review",
    "recheck",
    "incident",
    "decision",
    "suggestion",
    "supervision",
    "evaluation",
    "inspection",
)
"""The procedures finders look at."""


def grouped(acts: Iterable[Did]) -> dict[int, list[Did]]:
    """Return acts by case, keeping their order."""
    found: dict[int, list[Did]] = defaultdict(list)
    for did in acts:
        found[did.case].append(did)
    return found
