"""Accounts, roles by period, the read log, sealed case keys, and what throttles guessing.

There is no superuser and no staff flag: what an account may do follows from its grants on the day
and nothing
else. `ReadLog` and `SignInLog` are append-only; database triggers refuse changes.
"""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce

from dengwen.access.roles import COMPARTMENTS, ROLES
from dengwen.organs.dated_rows import on_day
from dengwen.organs.models import Official, Organ

APPEND_ONLY = ("access_readlog", "access_signinlog", "access_keyprint")
"""Tables whose rows nobody may change or delete; settings hand them to the guards."""
LONGEST_FOLDER = 500
"""Characters kept of the name of a folder that held a key."""


class UserManager(BaseUserManager["User"]):
    """Makes accounts; there is no way to make a superuser."""

    def create_user(
        self, username: str, password: str | None = None, official: Official | None = None
    ) -> User:
        """Create an account; without a password nobody can sign in to it until one is set."""
        user = self.model(username=self.model.normalize_username(username), official=official)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """An account. `official` says whose it is in the registry; a petitioner's account has none."""

    username = models.CharField(max_length=80, unique=True)
    official = models.OneToOneField(
        Official, null=True, blank=True, on_delete=models.PROTECT, related_name="account"
    )
    is_active = models.BooleanField(default=True)
    password_set_at = models.DateTimeField(null=True, blank=True)
    last_login = None

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[UserManager] = UserManager()
    class_of: ClassVar[dict[str, str]] = {
        "id": "D1",
        "password": "D10",
        "username": "D1",
        "official": "D1",
        "is_active": "D1",
        "password_set_at": "D10",
    }

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(condition=~Q(username=""), name="access_user_username"),
        ]

    def __str__(self) -> str:
        return self.username


class GrantQuerySet(models.QuerySet["RoleGrant"]):
    """Grants with a period."""

    def on(self, day: date) -> GrantQuerySet:
        """Return the grants valid on `day`."""
        return self.filter(on_day(day))


class RoleGrant(models.Model):
    """A role held on the days [valid_from, valid_to), in an organ or everywhere, granted by an
    act."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="grants")
    role = models.CharField(max_length=4)
    organ = models.ForeignKey(
        Organ, null=True, blank=True, on_delete=models.PROTECT, related_name="grants"
    )
    compartment = models.CharField(max_length=12, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    act = models.BigIntegerField()
    end_act = models.BigIntegerField(null=True, blank=True)

    objects: ClassVar[GrantQuerySet] = GrantQuerySet.as_manager()  # type: ignore[assignment]
    class_of: ClassVar[dict[str, str]] = {
        "id": "D1",
        "user": "D1",
        "role": "D1",
        "organ": "D1",
        "compartment": "D1",
        "valid_from": "D1",
        "valid_to": "D1",
        "act": "D1",
        "end_act": "D1",
    }

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="access_grant_period",
            ),
            models.CheckConstraint(
                condition=Q(
                    role__in=sorted(code for code, role in ROLES.items() if role.grantable)
                ),
                name="access_grant_role",
            ),
            models.CheckConstraint(
                condition=Q(compartment__in=sorted(COMPARTMENTS)), name="access_grant_compartment"
            ),
            models.UniqueConstraint(
                "user",
                "role",
                Coalesce("organ", Value(0)),
                "compartment",
                condition=Q(valid_to__isnull=True),
                name="access_grant_one_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role} {self.organ_id or '*'}"


class ReadLog(models.Model):
    """One opening of an identity, a text or a file, or one that was denied. Never any content."""

    at = models.DateTimeField()
    user = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    role = models.CharField(max_length=12)
    organ = models.ForeignKey(
        Organ, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    case_number = models.CharField(max_length=40)
    data_class = models.CharField(max_length=4)
    fields = models.CharField(max_length=300)
    purpose = models.CharField(max_length=24)
    request_id = models.CharField(max_length=64)
    session_digest = models.CharField(max_length=64, blank=True)
    result = models.CharField(max_length=8)

    class_of: ClassVar[dict[str, str]] = {
        "id": "D8",
        "at": "D8",
        "user": "D8",
        "role": "D8",
        "organ": "D8",
        "case_number": "D8",
        "data_class": "D8",
        "fields": "D8",
        "purpose": "D8",
        "request_id": "D8",
        "session_digest": "D8",
        "result": "D8",
    }

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=Q(result__in=["denied", "granted"]), name="access_read_result"
            ),
            models.CheckConstraint(
                condition=Q(data_class__in=["D2", "D3", "D4", "D5", "D7", "D9"]),
                name="access_read_class",
            ),
            models.CheckConstraint(
                condition=~Q(purpose="") & ~Q(fields="") & ~Q(request_id=""),
                name="access_read_says_why",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["user", "at"], name="access_read_user"),
            models.Index(fields=["case_number", "at"], name="access_read_case"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.case_number} {self.data_class} {self.result}"


class CaseKey(models.Model):
    """The key of a case for one compartment, wrapped by that compartment's key-encryption key.

    `wrapped` becomes empty when the key is destroyed: what was sealed under it can then never be
    read again.
    """

    case_id = models.BigIntegerField()
    compartment = models.CharField(max_length=12)
    version = models.PositiveIntegerField(default=1)
    generation = models.PositiveIntegerField()
    wrapped = models.BinaryField()
    created_at = models.DateTimeField()
    destroyed_at = models.DateTimeField(null=True, blank=True)
    destroy_act = models.BigIntegerField(null=True, blank=True)

    class_of: ClassVar[dict[str, str]] = {
        "id": "D9",
        "case_id": "D1",
        "compartment": "D1",
        "version": "D1",
        "generation": "D1",
        "wrapped": "D9",
        "created_at": "D1",
        "destroyed_at": "D1",
        "destroy_act": "D1",
    }

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["case_id", "compartment", "version"], name="access_key_version"
            ),
            models.CheckConstraint(
                condition=Q(compartment__in=["account", "accuse", "content", "ident"]),
                name="access_key_compartment",
            ),
            models.CheckConstraint(
                condition=Q(destroyed_at__isnull=True, destroy_act__isnull=True)
                | Q(destroyed_at__isnull=False, destroy_act__isnull=False),
                name="access_key_destroyed_by_act",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.compartment} v{self.version}"


class Throttle(models.Model):
    """How often something was guessed wrongly, by the digest of who guessed what.

    Kept in the database, so that a restart forgets nothing and all workers count together.
    """

    key = models.CharField(max_length=64, unique=True)
    failures = models.PositiveIntegerField(default=0)
    since = models.DateTimeField()
    blocked_until = models.DateTimeField(null=True, blank=True)

    class_of: ClassVar[dict[str, str]] = {
        "id": "D8",
        "key": "D8",
        "failures": "D8",
        "since": "D8",
        "blocked_until": "D8",
    }

    def __str__(self) -> str:
        return f"{self.key[:8]} {self.failures}"


class Device(models.Model):
    """A browser in which an account was once signed in; guessing from elsewhere cannot block it."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="devices")
    token_digest = models.CharField(max_length=64, unique=True)
    issued_at = models.DateTimeField()

    class_of: ClassVar[dict[str, str]] = {
        "id": "D8",
        "user": "D8",
        "token_digest": "D10",
        "issued_at": "D8",
    }

    def __str__(self) -> str:
        return f"{self.user_id} {self.token_digest[:8]}"


class SignInLog(models.Model):
    """One attempt to sign in that was judged: who, from where (as digests), and what came of it."""

    at = models.DateTimeField()
    user = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    name_digest = models.CharField(max_length=64)
    source_digest = models.CharField(max_length=64)
    result = models.CharField(max_length=12)

    class_of: ClassVar[dict[str, str]] = {
        "id": "D8",
        "at": "D8",
        "user": "D8",
        "name_digest": "D8",
        "source_digest": "D8",
        "result": "D8",
    }

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=Q(result__in=["conflict", "inactive", "ok", "refused"]),
                name="access_sign_in_result",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["user", "at"], name="access_sign_in_user")
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.result}"


class KeyPrint(models.Model):
    """The fingerprint of a key this database depends on, and the folder that held the key when it
    was bound.

    One row a key, for ever: another folder with other keys is refused by it. The key itself never
    enters the database.
    """

    key = models.CharField(max_length=40)
    fingerprint = models.CharField(max_length=64)
    folder = models.CharField(max_length=LONGEST_FOLDER)
    bound_at = models.DateTimeField()

    class_of: ClassVar[dict[str, str]] = {
        "id": "D9",
        "key": "D9",
        "fingerprint": "D9",
        "folder": "D9",
        "bound_at": "D9",
    }

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["key"], name="access_keyprint_once"),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.fingerprint[:16]}"
