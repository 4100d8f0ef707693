"""The words in which doors ask, effects answer and acts are kept: `Step`, `Facts`, `FieldValue`.

A *step* is an act somebody asks for; it becomes an act once `cases.perform` has checked and written
it.
These types live in the pure core because every package speaks them and none may import a higher
one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

FieldValue = str | int | bool | date | datetime | tuple[str, ...] | tuple[int, ...]
"""What a declared field of an act may hold: codes, ids, numbers, flags, dates, or lists of codes
or ids."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyEntry:
    """Someone who enters a case with a step: who, standing how (a role of the pack's vocabulary),
    from when.

    `organ`, `official` and `person` are row ids; exactly one of them is given, or none for somebody
    whom the registry
    does not know (an accused person or unit: the matter is sealed all the same). The wall and the
    holders
    of duties read parties, so a step that names an accused person must carry them here.
    """

    role: str
    organ: int | None = None
    official: int | None = None
    person: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """An act somebody asks for.

    `case` is the number of an existing case, or "" together with `kind` to open one; `ref` names a
    case
    opened by an earlier step of the same call (`open_as`). `fields` holds the declared fields of
    codes,
    dates, ids and numbers; `texts` the declared free texts, which go to `Content` and never into
    the act
    row. `occurred_at` is the claimed instant (UTC); None means "now". An act entered after a duty's
    last day that
    claims a day on or before it, or entered after the day on which it lengthened a term, needs
    `late_reason`, `paper`
    (SHA-256 of the paper it rests on) and a second person, before whom it is put
    (`cases.write.proposal_doors`); `second` is the row id of the official who approved it, written
    by the door, and taken from nobody else; so is `late_entry`, the mark that what the act changes
    is by claim.
    `duty` and `opened_by` name the duty that a breach or lapse is about.
    """

    act: str
    case: str = ""
    kind: str = ""
    ref: str = ""
    open_as: str = ""
    fields: Mapping[str, FieldValue] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    occurred_at: datetime | None = None
    organ: int | None = None
    parties: Sequence[PartyEntry] = ()
    links: Sequence[tuple[str, str]] = ()
    imported: bool = False
    late_reason: str = ""
    paper: str = ""
    second: int | None = None
    late_entry: bool = False
    duty: str = ""
    opened_by: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What an effect may know about the act that named it.

    `act_id` is the row id of the act just written, `case` its case's number, `organ` and `actor`
    the
    acting organ and user (`second` the user who approved it, where it took two), `day` the
    civil date (Asia/Shanghai) on which the act says it happened.
    `call` is the running call, by which an effect writes rows and asks for the cases it holds: what
    it can is said by the write door (`dengwen.cases.write.call_context`), which the core knows
    nothing of.
    """

    act_id: int
    act_uid: str
    case_id: int
    case: str
    organ: int | None
    actor: int | None
    day: date
    recorded_at: datetime
    second: int | None = None
    call: object = field(default=None, repr=False, compare=False)


NOBODY_YET = 0
"""The account of a second person (`Facts.second`) where an act is only tried before it waits:
nobody has pressed yet, and nobody is asked who it is."""
Effect = Callable[[Step, Facts], Sequence[Step]]
"""A consequence of an act in its own package: writes its tables inside the transaction, may ask
for more steps."""
