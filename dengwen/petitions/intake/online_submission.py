"""Submitting over the network (R22 17, 21): received and registered by the office at once.

The act is the office's registration, done automatically: it names no official, capacity clerk,
channel `network`. A form carries one secret, its `token`. What is stored is derived from it one
way: the idempotency key (public, it stands in the ledger) and the query code (under a key outside
the database). So whoever sends the same form twice gets the same number and the same code, and
nobody else can ask for it again.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from datetime import date, datetime

from dengwen.access.keys.keyring import key_ring
from dengwen.access.keys.randomness import letters
from dengwen.access.keys.receipt_codes import ALPHABET, LENGTH
from dengwen.access.keys.receipt_codes import written as written_code
from dengwen.access.statements import Statement
from dengwen.cases import rulebooks
from dengwen.cases.write.perform import By, stored
from dengwen.organs.models import Organ
from dengwen.petitions.intake.intake import HandedIn, Registered, register

CHANNEL = "network"
OFFICE_SETTING = "portal.office"
"""Local setting: the code of the petition office that receives what comes over the network."""
LEVELS = ("township", "county", "prefecture", "province", "national")
TOKEN_LENGTH = 32
_TOKEN = re.compile(rf"[{ALPHABET}]{{{TOKEN_LENGTH}}}")


def new_token() -> str:
    """Return a fresh secret for one form, about 158 bits."""
    return letters(ALPHABET, TOKEN_LENGTH)


def is_token(text: str) -> bool:
    """Say whether a text can be the secret of a form; anything else is answered with a new form."""
    return _TOKEN.fullmatch(text) is not None


def uid_of(token: str) -> str:
    """Return the idempotency key of a form. It is public: the token cannot be had from it."""
    return f"portal/{hashlib.sha256(f'uid {token}'.encode()).hexdigest()[:40]}"


def code_of(token: str) -> str:
    """Return the query code of a form, as printed. Only the key outside the database and the token
    give it."""
    number = int(key_ring().digest("receipt", "portal form", token), 16)
    drawn = []
    for _ in range(LENGTH):
        number, place = divmod(number, len(ALPHABET))
        drawn.append(ALPHABET[place])
    return written_code("".join(drawn))


def receiving_office(day: date) -> Organ | None:
    """Return the petition office that receives online: the one set locally, else the lowest in
    level, first by code."""
    offices = [row for row in _OFFICES.rows(Organ, ()) if row.holds_on(day)]
    chosen = rulebooks.every_setting().on(OFFICE_SETTING, None, day)
    for office in offices:
        if chosen is not None and office.code == chosen.value:
            return office
    return min(
        offices,
        key=lambda o: LEVELS.index(o.level) if o.level in LEVELS else len(LEVELS),
        default=None,
    )


_OFFICES = Statement(
    lambda _groups, _day, _text: Organ.objects.filter(is_petition_office=True).order_by("code")
)


def by_office(office: Organ) -> By:
    """Return the office as it registers automatically what reached it over the network: no official
    acts."""
    return By(None, office.pk, frozenset({"clerk"}))


def by_petitioner() -> By:
    """Return the petitioner, known by number and code only: no account, no organ."""
    return By(None, None, frozenset({"petitioner"}))


def submit(handed: HandedIn, *, token: str, office: Organ, now: datetime) -> Registered:
    """Register what a petitioner sends over the network; the same token gives the same number and
    code again.

    Raises `cases.Refused`, `PetitionError` and `FileError`; nothing is written then. ValueError for
    a token that is none.
    """
    if not is_token(token):
        raise ValueError("the token of the form is not one of ours")
    code = code_of(token)
    made = register(
        replace(handed, said={**handed.said, "channel": CHANNEL}),
        by=by_office(office),
        now=now,
        uid=uid_of(token),
        organ=office.pk,
        code=code,
    )
    return replace(made, code=code)


def submitted(token: str) -> Registered | None:
    """Return what a form was registered as, with its code, or None where it was not sent."""
    earlier = stored(uid_of(token)) if is_token(token) else None
    return Registered(earlier.case, code_of(token), earlier) if earlier else None
