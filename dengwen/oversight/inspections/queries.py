"""An inspection (督查) read from its acts: plan, population, secret, sample, what was found, what was
put right.

Everything here is derived; nothing is stored apart from acts and their texts. What is published of
a plan, and the
draw from it, stand in `published_plan`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from dengwen.cases.models import Act, Case, Content
from dengwen.cases.write.contents import open_package
from dengwen.law.duties.act_record import civil
from dengwen.law.duties.step import Facts

KIND = "inspection"
ANSWERS = ("yes", "no", "na")
"""What can be answered to an item of the checklist: as it should be, not as it should be, not
applicable."""
BAR = "｜"
PART_CHARACTERS = 18_000
"""Characters of one part of a population: below what a text field holds."""
MOST_ITEMS, MOST_SAMPLE = 60, 200
LISTING = ("list_finding", "carry_over")
"""Acts that put a line on the rectification list."""


@dataclass(frozen=True, slots=True)
class Told:
    """One act of an inspection with its texts opened (none of them is sealed: D1, D3 and D5 of
    an open case)."""

    pk: int
    uid: str
    seq: int
    act: str
    data: Mapping[str, Any]
    texts: Mapping[str, str]
    organ: int | None
    actor: int | None
    occurred: datetime
    recorded: datetime
    imported: bool

    @property
    def day(self) -> date:
        """The civil day on which it is said to have happened."""
        return civil(self.occurred)

    @property
    def entered(self) -> str:
        """How it came in: `imported`, `late` (entered on a later day than claimed) or `timely`."""
        if self.imported:
            return "imported"
        return "late" if civil(self.recorded) > self.day else "timely"


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a checklist: its place from 1, the clause, and the question."""

    number: int
    clause: str
    question: str


@dataclass(slots=True)
class Stratum:
    """One stratum: how many to draw, and from which numbers."""

    name: str
    size: int
    population: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Line:
    """One line of the rectification list as it stands."""

    number: int
    what: str
    owner: int
    until: date
    listed: Told
    subject: str = ""
    item: int = 0
    opened: Told | None = None
    reported: Told | None = None
    accepted: date | None = None
    carried: str = ""

    def outcome(self, today: date) -> str:
        """Return `rectified`, `overdue` or `open` as of a day."""
        return self.standing(over=today > self.until)

    def standing(self, *, over: bool) -> str:
        """Return `rectified`, `overdue` or `open`: put right counts only once it was re-checked and
        accepted.

        `over`: whether its day is past. What was reported in time waits for the re-check: it is
        open.
        """
        if self.accepted is not None:
            return "rectified" if self.accepted <= self.until or self._in_time() else "overdue"
        return "overdue" if (over or self.reported is not None) and not self._in_time() else "open"

    def _in_time(self) -> bool:
        return self.reported is not None and self.reported.day <= self.until

    @property
    def open(self) -> bool:
        """Whether it still waits to be put right or re-checked here."""
        return self.accepted is None and not self.carried


@dataclass(frozen=True, slots=True)
class Filing:
    """One filed plan with what was filed, deposited and opened for it; `lapsed` says when it
    lapsed."""

    case: Case
    plan: Told
    to: int | None
    depositor: int | None
    deposit: str
    strata: tuple[Stratum, ...]
    secret: str = ""
    lapsed: date | None = None


@dataclass(slots=True)
class Inspection:
    """One inspection as its acts tell it."""

    case: Case
    acts: tuple[Told, ...]
    to: int | None = None
    type: str = ""
    begins: str = ""
    subject: str = ""
    depositor: int | None = None
    deposit: str = ""
    lapsed: list[int] = field(default_factory=list)
    ended: list[Filing] = field(default_factory=list)
    strata: dict[str, Stratum] = field(default_factory=dict)
    plan: Told | None = None
    secret: str = ""
    drawing: Told | None = None
    drawn: tuple[str, ...] = ()
    checks: dict[str, Told] = field(default_factory=dict)
    calls: dict[str, Told] = field(default_factory=dict)
    sent: Told | None = None
    answers: list[Told] = field(default_factory=list)
    packs: dict[int, Told] = field(default_factory=dict)
    returned: dict[int, Told] = field(default_factory=dict)
    lines: dict[int, Line] = field(default_factory=dict)
    concluded: Told | None = None

    @property
    def begun(self) -> date | None:
        """The day of the first step after planning (carrying over is part of it); None while
        nothing followed."""
        return next((t.day for t in self.acts if t.act not in ("plan", "carry_over")), None)

    @property
    def filing(self) -> Filing | None:
        """The plan in force with what belongs to it."""
        return _filing(self) if self.plan else None

    @property
    def filings(self) -> tuple[Filing, ...]:
        """Every plan that was ever filed, in order: those that lapsed, and the one in force."""
        return (*self.ended, self.filing) if self.filing else tuple(self.ended)

    @property
    def items(self) -> tuple[Item, ...]:
        """The checklist of the plan in force."""
        return read_checklist(self.plan.texts.get("checklist", "")) if self.plan else ()

    def did(self, act: str, subject: str) -> frozenset[int | None]:
        """Return who ever did an act about one case of the sample (`check_case`,
        `call_petitioner`)."""
        return frozenset(
            t.actor for t in self.acts if t.act == act and t.data.get("subject") == subject
        )

    @property
    def missing(self) -> list[str]:
        """The drawn cases that nobody examined yet."""
        return [number for number in self.drawn if number not in self.checks]


def read_inspection(case: Case) -> Inspection:
    """Read an inspection the caller was let through to (or that a step of the same call
    concerns)."""
    return folded(case, acts_of(case))


def inspection_of(facts: Facts) -> Inspection:
    """Return the inspection that an act belongs to, for what the act sets in motion."""
    return read_inspection(Case.objects.get(pk=facts.case_id))


def folded(case: Case, acts: Sequence[Told]) -> Inspection:
    """Read an inspection from some of its acts, in their order: what the others say stays
    unsaid."""
    made = Inspection(case, tuple(acts))
    for told in made.acts:
        reader = _READERS.get(told.act)
        if reader is not None:
            reader(made, told)
    return made


def lines_left_open(inspecting: int | None, organ: int | None) -> list[tuple[Inspection, Line]]:
    """Return every open finding against an organ in the inspections of one inspecting organ, oldest
    first.

    For effects, which judge whoever acts; a page asks `planning.open_lines`, which keeps to what
    its reader may see.
    """
    if inspecting is None or organ is None:
        return []
    found = Case.objects.filter(kind=KIND, holder_id=inspecting, protected=False).order_by("pk")
    having = found.filter(pk__in=Act.objects.filter(act__in=LISTING).values("case_id"))
    return [
        (made, line)
        for made in map(read_inspection, having)
        for line in made.lines.values()
        if line.open and organ in (made.to, line.owner)
    ]


def acts_of(case: Case) -> list[Told]:
    """Return the acts of a case in order, each with those of its texts that are not sealed."""
    texts: dict[int, dict[str, str]] = {}
    for row in Content.objects.filter(case=case, sealed=False):
        texts.setdefault(row.act_id, {}).update(open_package(row))
    return [
        Told(
            a.pk,
            a.uid,
            a.seq,
            a.act,
            a.data,
            texts.get(a.pk, {}),
            a.organ_id,
            a.actor,
            a.occurred_at,
            a.recorded_at,
            a.imported,
        )
        for a in Act.objects.filter(case=case).order_by("seq")
    ]


# --- what each act says ---------------------------------------------------------------------------
def _planned(made: Inspection, told: Told) -> None:
    made.to, made.type = told.data.get("to"), str(told.data.get("type", ""))
    made.begins, made.subject = str(told.data.get("begins", "")), told.texts.get("subject", "")


def _asked(made: Inspection, told: Told) -> None:
    made.depositor, made.deposit = told.data["depositor"], ""


def _deposited(made: Inspection, told: Told) -> None:
    made.deposit = str(told.data["secret_digest"])


def _listed_population(made: Inspection, told: Told) -> None:
    name = str(told.data["stratum"])
    stratum = made.strata.setdefault(name, Stratum(name, 0))
    stratum.size = int(told.data["take"])
    stratum.population += told.texts.get("numbers", "").split()


def _filed(made: Inspection, told: Told) -> None:
    made.plan = told


def _filing(made: Inspection, lapsed: date | None = None) -> Filing:
    if made.plan is None:
        raise ValueError(f"{made.case.number}: no plan is filed")
    strata = tuple(made.strata.values())
    return Filing(
        made.case, made.plan, made.to, made.depositor, made.deposit, strata, made.secret, lapsed
    )


def _lapsed(made: Inspection, told: Told) -> None:
    if made.plan is not None:
        made.ended.append(_filing(made, told.day))
    if made.depositor is not None:
        made.lapsed.append(made.depositor)
    made.depositor, made.deposit, made.plan = None, "", None
    made.strata.clear()


def _opened(made: Inspection, told: Told) -> None:
    made.secret = str(told.data["secret"])


def _drew(made: Inspection, told: Told) -> None:
    made.drawing, made.drawn = told, tuple(told.texts.get("drawn", "").split())


def _checked(made: Inspection, told: Told) -> None:
    made.checks[str(told.data["subject"])] = told


def _called(made: Inspection, told: Told) -> None:
    made.calls[str(told.data["subject"])] = told


def _sent(made: Inspection, told: Told) -> None:
    made.sent = told


def _answered(made: Inspection, told: Told) -> None:
    made.answers.append(told)


def _took(made: Inspection, told: Told) -> None:
    made.packs[int(told.data["copy"])] = told


def _gave_back(made: Inspection, told: Told) -> None:
    made.returned[int(told.data["copy"])] = told


def _listed(made: Inspection, told: Told) -> None:
    data, number = told.data, int(told.data["line"])
    if number in made.lines:
        return  # a number stands for one finding; the effect refuses a second one
    made.lines[number] = Line(
        number,
        told.texts.get("what", ""),
        int(data["owner"]),
        date.fromisoformat(data["until"]),
        told,
        str(data.get("subject", "")),
        int(data.get("item", 0)),
        told,
    )


def _line(made: Inspection, told: Told) -> Line | None:
    return made.lines.get(int(told.data["line"]))


def _reported(made: Inspection, told: Told) -> None:
    if line := _line(made, told):
        line.reported = told


def _accepted(made: Inspection, told: Told) -> None:
    if line := _line(made, told):
        line.accepted = told.day


def _returned(made: Inspection, told: Told) -> None:
    if line := _line(made, told):
        line.opened, line.reported, line.until = told, None, date.fromisoformat(told.data["until"])
        line.owner = int(told.data["owner"])


def _carried(made: Inspection, told: Told) -> None:
    if line := _line(made, told):
        line.carried = str(told.data["next"])


def _concluded(made: Inspection, told: Told) -> None:
    made.concluded, made.type = told, str(told.data.get("type", made.type))


_READERS: Mapping[str, Callable[[Inspection, Told], None]] = {
    "plan": _planned,
    "ask_deposit": _asked,
    "deposit": _deposited,
    "list_population": _listed_population,
    "file_plan": _filed,
    "lapse_plan": _lapsed,
    "open_secret": _opened,
    "draw": _drew,
    "check_case": _checked,
    "call_petitioner": _called,
    "send_findings": _sent,
    "take_pack": _took,
    "return_pack": _gave_back,
    "list_finding": _listed,
    "carry_over": _listed,
    "report_rectified": _reported,
    "accept_rectified": _accepted,
    "return_rectified": _returned,
    "carried_on": _carried,
    "conclude": _concluded,
    "answer_finding": _answered,
}


# --- checklist and population ---------------------------------------------------------------------
def read_checklist(text: str) -> tuple[Item, ...]:
    """Read a checklist, one item a line, the clause before the bar; a line without one has no
    clause."""
    found: list[Item] = []
    for line in (one.strip() for one in text.splitlines()):
        if line:
            clause, bar, question = line.replace("|", BAR).partition(BAR)
            found.append(
                Item(
                    len(found) + 1,
                    clause.strip() if bar else "",
                    (question if bar else clause).strip(),
                )
            )
    return tuple(found)


def population_parts(numbers: Sequence[str]) -> list[str]:
    """Cut a sorted population into texts that a field holds, whole numbers each."""
    parts: list[list[str]] = [[]]
    size = 0
    for number in sorted(numbers, key=str.encode):
        if size + len(number) + 1 > PART_CHARACTERS:
            parts.append([])
            size = 0
        parts[-1].append(number)
        size += len(number) + 1
    return ["\n".join(part) for part in parts]
