"""Signing in by name and password, without telling who exists and without locking anybody else out.

Wrong guesses count against the pair of name and address, or against the known device: a stranger who guesses an
official's password blocks himself, not the official. The work is the same whether the name exists or not.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.http import HttpRequest

from dengwen.access import throttle
from dengwen.access.grants import roles_of
from dengwen.access.keyring import KeyRing, key_ring
from dengwen.access.models import Device, SignInLog, User
from dengwen.access.randomness import token_bytes
from dengwen.access.roles import conflicts
from dengwen.ledger.row_reading import read
from dengwen.organs.models import Official

SHANGHAI = ZoneInfo("Asia/Shanghai")
DEVICE_BYTES = 32

Outcome = Literal["ok", "refused", "wait", "conflict"]


@dataclass(frozen=True, slots=True)
class SignIn:
    """What came of an attempt. `device` is a new token to keep in the browser, given once after success."""

    outcome: Outcome
    user: User | None = None
    until: datetime | None = None
    device: str = ""


def sign_in(
    username: str, password: str, *, source: str, now: datetime, device: str = "", ring: KeyRing | None = None
) -> SignIn:
    """Judge an attempt from `source` (an address) at `now`; call it outside a transaction, for its counters must stay.

    `refused` covers unknown names, wrong passwords and closed accounts alike; `wait` says nothing about the name;
    `conflict` is told only to somebody who knows the password: the roles held exclude each other.
    """
    keys = ring or key_ring()
    name = User.normalize_username(username.replace("\x00", "").strip())[:80]  # PostgreSQL stores no NUL
    user = User.objects.filter(username=name).first()
    known = _known(keys, user, device)
    guess = _guess_key(keys, name, source, device if known else "")
    if until := throttle.blocked_until(guess, now):
        return SignIn("wait", until=until)
    if not _password_fits(user, password) or user is None or not user.is_active:
        until = throttle.failed(guess, now)
        closed = user is not None and not user.is_active
        _log(keys, None if user is None else user, name, source, "inactive" if closed else "refused", now)
        return SignIn("refused", until=until)
    if conflicts(roles_of(user, now.astimezone(SHANGHAI).date())):
        _log(keys, user, name, source, "conflict", now)
        return SignIn("conflict")
    with transaction.atomic():
        throttle.succeeded(guess)
        _log(keys, user, name, source, "ok", now)
        token = "" if known else _new_device(keys, user, now)
    return SignIn("ok", user, device=token)


class PasswordBackend:
    """Django's way in: `authenticate(request, username=…, password=…, source=…, now=…)`; no permissions here."""

    def authenticate(
        self, request: HttpRequest | None, *, username: str, password: str, source: str, now: datetime,
        device: str = "",
    ) -> User | None:
        """Return the user where the attempt succeeds, else None."""
        del request
        return sign_in(username, password, source=source, now=now, device=device).user

    def get_user(self, user_id: int) -> User | None:
        """Return the account of a session; a closed account ends its sessions at once."""
        user = next((row for row in read(User, "id", int(user_id)) if row.is_active), None)
        if user is not None:
            user.official = next(iter(read(Official, "id", user.official_id)), None) if user.official_id else None
        return user


def _password_fits(user: User | None, password: str) -> bool:
    if user is None or not user.has_usable_password():
        make_password(password)  # the same work as for a known name, so that time tells nothing
        return False
    return user.check_password(password)


def _known(keys: KeyRing, user: User | None, device: str) -> bool:
    if user is None or not device:
        return False
    return Device.objects.filter(user=user, token_digest=keys.digest("recognise", "device", device)).exists()


def _guess_key(keys: KeyRing, name: str, source: str, device: str) -> str:
    if device:
        return keys.digest("recognise", "guess on a device", name, device)
    return keys.digest("recognise", "guess", name, source)


def _new_device(keys: KeyRing, user: User, now: datetime) -> str:
    token = token_bytes(DEVICE_BYTES).hex()
    Device.objects.create(user=user, token_digest=keys.digest("recognise", "device", token), issued_at=now)
    return token


def _log(keys: KeyRing, user: User | None, name: str, source: str, result: str, now: datetime) -> None:
    SignInLog.objects.create(
        at=now, user=user, name_digest=keys.digest("recognise", "name", name),
        source_digest=keys.digest("recognise", "source", source), result=result,
    )
