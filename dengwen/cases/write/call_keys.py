"""Under which key and at which instant a call writes each of its cases: nothing that two of them
show is the same.

Whoever may read one part of a split letter must not find another part by it (R22 30(3); access
model 4.2). So the case a call is about keeps the caller's key, and every other one gets a key
derived from it under a secret of the installation: a retry finds them all, nobody else can tell
that they belong together, how many there are, or that there is more than one. A part is recorded at
an instant of its own within the second before the call.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from dengwen.access.keys.keyring import key_ring
from dengwen.law.duties.act_record import civil

_OF_A_DOOR = re.compile(r"([a-z]+/[a-z0-9]+/)([0-9a-f]{16,32})")
"""Keys as doors make them: the door, the account or what is done, and a random number."""
DIGITS = 32
SECOND = 1000
"""Milliseconds from which the instant of a part is drawn."""


def key_of(uid: str, place: int) -> str:
    """Return the key of the `place`-th further case of a call (from 1): of the shape of the
    caller's, where a door's.

    Of a key that somebody made up nothing is kept: its words might say what the call was.
    """
    made = key_ring().digest("recognise", "call", uid, str(place))
    found = _OF_A_DOOR.fullmatch(uid)
    return made[:DIGITS] if found is None else f"{found[1]}{made[: len(found[2])]}"


def instant_of(uid: str, place: int, now: datetime, taken: set[datetime]) -> datetime:
    """Return when the ledger got the `place`-th further case: within the second before `now`, on
    the same civil day.

    No instant of `taken` is given again; it is added to them.
    """
    drawn = int(key_ring().digest("recognise", "instant", uid, str(place))[:8], 16)
    for n in range(SECOND):
        instant = now - timedelta(milliseconds=1 + (drawn + n) % (SECOND - 1))
        if instant not in taken and civil(instant) == civil(now):
            taken.add(instant)
            return instant
    return now  # the first millisecond of a day has no earlier one
