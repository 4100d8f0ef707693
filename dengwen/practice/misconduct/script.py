"""What is written for one matter: deeds on instants, by persons, each one call of the write door.

A script is planned before anything is written; what only the door knows (numbers, acts) is filled
in when its turn
comes. The clock of the door is the instant of the deed, as for everything in practice.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from dengwen.access.models import User
from dengwen.cases.write.papers.draft import newest_digest
from dengwen.cases.write.perform import By, Call, Performed
from dengwen.law.duties.step import FieldValue, PartyEntry, Step
from dengwen.law.packs.vocabulary import SHOWN
from dengwen.petitions.intake.online_submission import by_petitioner
from dengwen.practice.district.founder import REGISTRAR
from dengwen.practice.district.staff import PETITION_OFFICE, Staff

MATTER = "petition"
PETITIONER, REGISTRY = "@petitioner", "@registrar"


@dataclass(frozen=True)
class Stage:
    """Who there is to act: the staff by organ and part, and whose accounts they are."""

    staff: Staff
    official_of: Mapping[int, tuple[int, str]]
    """Row id and staff code of the official whose account it is."""

    def by(self, code: str, part: str) -> By:
        """Return who acts; petitioners and the registrar belong to no organ."""
        if code == PETITIONER:
            return by_petitioner()
        if code == REGISTRY:
            return By(None, None, REGISTRAR)
        return self.staff.by(code, part)

    def official(self, code: str, part: str) -> tuple[int, str]:
        """Return row id and staff code of whoever plays a part; LookupError where nobody's
        account it is."""
        user = self.staff.by(code, part).user
        return self.official_of[user or 0]

    @staticmethod
    def load(staff: Staff) -> Stage:
        """Read whose accounts there are."""
        rows = User.objects.filter(official__isnull=False).values_list(
            "pk", "official_id", "official__code"
        )
        return Stage(staff, {user: (pk, code) for user, pk, code in rows})


Late = Callable[["Script"], FieldValue]
"""A field whose value only the door knows: an act or case written earlier in the script."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A step to be: like `Step`, with names of cases of the script instead of numbers."""

    act: str
    on: str = MATTER
    kind: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    occurred_at: datetime | None = None
    late_reason: str = ""
    paper: str = ""
    parties: Sequence[PartyEntry] = ()
    case: Late | str = ""


APPROVING = ("check", "sign")
"""Acts under a drafted opinion: whoever does them here has read the newest draft."""


@dataclass(frozen=True, slots=True)
class Deed:
    """What somebody does at one instant: steps of one call, or `aside` from the door of writing
    (a reading)."""

    at: datetime
    code: str
    part: str
    drafts: tuple[Draft, ...] = ()
    aside: Callable[[Script, Stage, datetime], None] | None = None


@dataclass(eq=False)
class Script:
    """The deeds of one matter, how far they are done, and what the door gave back."""

    uid: str
    stage: Stage
    deeds: list[Deed] = field(default_factory=list)
    numbers: dict[str, str] = field(default_factory=dict)
    acts: dict[str, int] = field(default_factory=dict)
    shown: list[date] = field(default_factory=list)
    """Days on which a pattern shows in this matter; empty where it is no part of one."""
    done: int = 0
    broken: str = ""

    @property
    def cases(self) -> tuple[str, ...]:
        """Return the numbers of its cases, the first opened first."""
        return tuple(self.numbers.values())

    @property
    def instants(self) -> Sequence[datetime]:
        """When each deed is done, in order."""
        return [deed.at for deed in self.deeds]

    @property
    def matters(self) -> int:
        """How many petitions it registers."""
        acts = [draft.act for deed in self.deeds for draft in deed.drafts]
        return acts.count("register")

    def call(self, place: int) -> Call | None:
        """Return the call of a deed; None where it was done aside."""
        deed = self.deeds[place]
        if deed.aside is not None:
            deed.aside(self, self.stage, deed.at)
            self.done += 1
            return None
        steps = tuple(
            self._step(deed, draft, deed.drafts[:n]) for n, draft in enumerate(deed.drafts)
        )
        return Call(steps, self.stage.by(deed.code, deed.part), deed.at, f"{self.uid}/{place}")

    def after(self, place: int, performed: Performed) -> None:
        """Note what the door wrote: the number of a case opened, and the id of each act."""
        self.done += 1
        opened = [draft.on for draft in self.deeds[place].drafts if draft.kind]
        if opened:
            self.numbers[opened[0]] = performed.case
        names = {number: name for name, number in self.numbers.items()}
        for written in performed.acts:
            self.acts[f"{names.get(written.case, '')}.{written.act}"] = written.act_id

    def _step(self, deed: Deed, draft: Draft, before: Sequence[Draft]) -> Step:
        """Return the step of a draft, once the numbers and acts it refers to are known."""
        fresh = bool(draft.kind)
        within = any(one.kind and one.on == draft.on for one in before)
        case = "" if fresh or within else self._number_of(draft)
        fields = self._fields_of(draft)
        if draft.act in APPROVING and not fresh and not within:
            fields[SHOWN] = newest_digest(self.numbers[draft.on], draft.act, deed.at)
        return Step(
            act=draft.act,
            kind=draft.kind,
            open_as=draft.on if fresh else "",
            ref=draft.on if within else "",
            case=case,
            fields=fields,
            texts=draft.texts,
            occurred_at=draft.occurred_at,
            late_reason=draft.late_reason,
            paper=draft.paper,
            parties=draft.parties,
        )

    def _fields_of(self, draft: Draft) -> dict[str, Any]:
        """Return the fields of a draft, those filled in late with their values."""
        fields: dict[str, Any] = {}
        for name, value in draft.fields.items():
            fields[name] = value(self) if callable(value) else value
        return fields

    def _number_of(self, draft: Draft) -> str:
        """Return the number of the case a draft is done in."""
        number = draft.case(self) if callable(draft.case) else draft.case
        return str(number or self.numbers[draft.on])

    def second(self, place: int) -> By:
        """Return who approves what takes two: somebody else of the same organ."""
        deed = self.deeds[place]
        parts = ("router", "clerk") if deed.code == PETITION_OFFICE else ("checker", "handler")
        return self.stage.by(deed.code, next(part for part in parts if part != deed.part))


def act_of(name: str) -> Late:
    """Return the id of an act of the script, such as "petition.register"."""
    return lambda script: script.acts[name]


def number_of(name: str) -> Late:
    """Return the number of a case of the script."""
    return lambda script: script.numbers[name]
