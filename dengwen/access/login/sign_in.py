"""Signing in by name and password, without telling who exists and without locking anybody else out.

The password is verified first, so the right one is taken at once whatever was guessed before. Wrong
guesses count against the pair of name and address (or the known device) and against the address,
and are told to wait. The work is the same whether the name exists or not, and stays within the
budget of `hash_budget`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.http import HttpRequest

from dengwen.access.grants import roles_of
from dengwen.access.keys.keyring import KeyRing, key_ring
from dengwen.access.keys.randomness import token_bytes
from dengwen.access.login import throttle
from dengwen.access.login.hash_budget import BusyError, Caller, budget
from dengwen.access.models import Device, SignInLog, User
from dengwen.access.roles import conflicts
from dengwen.access.statements import Statement
from dengwen.organs.models import Official

SHANGHAI = ZoneInfo("Asia/Shanghai")
DEVICE_BYTES = 32
MOST_NAME = 80
"""Characters of a user name that are looked at."""

Outcome = Literal["ok", "refused", "wait", "conflict", "busy"]


@dataclass(frozen=True, slots=True)
class SignIn:
    """What came of an attempt. `device` is a new token to keep in the browser, given once after
    success."""

    outcome: Outcome
    user: User | None = None
    until: datetime | None = None
    device: str = ""


def sign_in(
    username: str,
    password: str,
    *,
    source: str,
    now: datetime,
    device: str = "",
    ring: KeyRing | None = None,
) -> SignIn:
    """Judge an attempt from `source` (an address) at `now`; call it outside a transaction, for its
    counters must stay.

    `refused` covers unknown names, wrong passwords and closed accounts alike, `wait` the same after
    too many of them; `conflict` is told only to somebody who knows the password: the roles held
    exclude each other; `busy` says that no password was tried, for too many are being tried at
    this moment.
    """
    keys = ring or key_ring()
    name = _stored_name(username)
    user = User.objects.filter(username=name).first()
    known = _known(keys, user, device)
    guess = _guess_key(keys, name, source, device if known else "")
    throttled = throttle.blocked_until(guess, now) is not None
    caller = Caller(keys.digest("recognise", "source", source), known, throttled)
    try:
        with budget().place(caller):
            fits = _password_fits(user, password)
    except BusyError:
        return SignIn("busy")
    if not fits or user is None or not user.is_active:
        return _refused(keys, user, name, source, guess, now)
    if conflicts(roles_of(user, now.astimezone(SHANGHAI).date())):
        _log(keys, user, name, source, "conflict", now)
        return SignIn("conflict")
    with transaction.atomic():
        throttle.succeeded(guess)
        _log(keys, user, name, source, "ok", now)
        token = "" if known else _new_device(keys, user, now)
    return SignIn("ok", user, device=token)


def _stored_name(username: str) -> str:
    """Return a name as accounts have it: normalised, short, without NUL, which PostgreSQL stores
    nowhere."""
    typed = username.replace("\x00", "").strip()
    return User.normalize_username(typed)[:MOST_NAME]


def _refused(
    keys: KeyRing, user: User | None, name: str, source: str, guess: str, now: datetime
) -> SignIn:
    """Count a wrong attempt, or tell it to wait: then nothing is written, so that a flood of
    them leaves no trail."""
    wide = keys.digest("recognise", "guesses of a source", source)
    found = throttle.wrong({guess: throttle.FREE, wide: throttle.FREE_OF_A_SOURCE}, now)
    if not found.counted:
        return SignIn("wait", until=found.until)
    closed = user is not None and not user.is_active
    _log(keys, user, name, source, "inactive" if closed else "refused", now)
    return SignIn("refused", until=found.until)


class PasswordBackend:
    """Django's way in: `authenticate(request, username=…, password=…, source=…, now=…)`; no
    permissions here."""

    def authenticate(
        self,
        request: HttpRequest | None,
        *,
        username: str,
        password: str,
        source: str,
        now: datetime,
        device: str = "",
    ) -> User | None:
        """Return the user where the attempt succeeds, else None."""
        del request
        return sign_in(username, password, source=source, now=now, device=device).user

    def get_user(self, user_id: int) -> User | None:
        """Return the account of a session; a closed account ends its sessions at once."""
        user = _ACCOUNT.first(User, ((user_id,),))
        if user is not None and user.official_id is not None:
            user.official = _OFFICIAL.first(Official, ((user.official_id,),))
        return user


_ACCOUNT = Statement(
    lambda groups, _day, _text: User.objects.filter(pk=groups[0][0], is_active=True)
)
_OFFICIAL = Statement(lambda groups, _day, _text: Official.objects.filter(pk=groups[0][0]))


def _password_fits(user: User | None, password: str) -> bool:
    if user is None or not user.has_usable_password():
        make_password(password)  # the same work as for a known name, so that time tells nothing
        return False
    return user.check_password(password)


def _known(keys: KeyRing, user: User | None, device: str) -> bool:
    if user is None or not device:
        return False
    return Device.objects.filter(
        user=user, token_digest=keys.digest("recognise", "device", device)
    ).exists()


def _guess_key(keys: KeyRing, name: str, source: str, device: str) -> str:
    if device:
        return keys.digest("recognise", "guess on a device", name, device)
    return keys.digest("recognise", "guess", name, source)


def _new_device(keys: KeyRing, user: User, now: datetime) -> str:
    token = token_bytes(DEVICE_BYTES).hex()
    Device.objects.create(
        user=user, token_digest=keys.digest("recognise", "device", token), issued_at=now
    )
    return token


def _log(
    keys: KeyRing, user: User | None, name: str, source: str, result: str, now: datetime
) -> None:
    SignInLog.objects.create(
        at=now,
        user=user,
        name_digest=keys.digest("recognise", "name", name),
        source_digest=keys.digest("recognise", "source", source),
        result=result,
    )
