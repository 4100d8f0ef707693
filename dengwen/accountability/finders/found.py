"""What a finder hands over: a finding, its evidence, and what innocence would look like.

A finding is no verdict and blames nobody: it says which acts of the ledger a person should look at,
and which circumstance of the rules they may meet once every result element is shown (S 11). Nothing
is counted per petitioner, and officials are never ranked: a finding names one occurrence, with its
day.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from dengwen.law.duties.excuse import Excuse

STRENGTHS: dict[str, tuple[str, str]] = {
    "ledger": ("存证记录本身", "the record of the ledger itself"),
    "acts": ("几项行为相互印证或者矛盾", "several acts that agree or contradict"),
    "statement": ("一方的说法", "what one side says"),
}
"""How strong a proof is, strongest first: a recorded breach; acts beside each other; a statement or
a reading aid."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing a finding rests on: a case by number, an act and a duty by row id (None where there
    is none)."""

    case: str
    act: int | None
    duty: int | None
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What one finder found: where it rests, whom it may concern, and the other explanation.

    `case` is the number of the main case, `cases` all of them with the main one first; `act` and
    `duty` are row ids; `unit` and `official` are codes of the registry ("" where the records name
    no official). `situations` are ids of circumstances whose conduct this may be. `key` is the same
    whenever the same thing is found again. `protected` says that the main case is an accusation:
    only cleared people may learn of the finding. `claims` are the excuses that were entered after
    the day for which they count: they excuse nothing here, and whoever judges sees them.
    """

    finder: str
    case: str
    cases: tuple[str, ...]
    act: int | None
    duty: int | None
    unit: str
    official: str
    day: date
    zh: str
    en: str
    evidence: tuple[Evidence, ...]
    innocent_zh: str
    innocent_en: str
    situations: tuple[str, ...]
    strength: str
    key: str
    protected: bool = False
    claims: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Finder:
    """One finder: its id and name, the conducts it looks for, and what it would see if all were
    innocent."""

    id: str
    zh: str
    en: str
    conduct: tuple[str, ...]
    innocent_zh: str
    innocent_en: str
    strength: str
    look: Callable[..., list[Seen]]


@dataclass(frozen=True, slots=True)
class Seen:
    """What a finder saw, in row ids; `finders.find` makes a `Finding` of it. `cases` are row ids,
    the main one first.

    `mark` tells apart what a finder sees more than once in one case: the finding raised once keeps
    it.
    """

    cases: tuple[int, ...]
    unit: int
    day: date
    zh: str
    en: str
    evidence: tuple[Evidence, ...]
    mark: str
    official: int | None = None
    act: int | None = None
    duty: int | None = None
    protected: bool = False
    claims: tuple[Excuse, ...] = ()
