"""The read log: whoever opens an identity, a text or a file leaves a row, or gets nothing.

The row is written in the same transaction as the reading and before it; outside a transaction
nothing is opened (fail closed, access model 7). A door sends what it read only after the
transaction has ended: `open_now` returns then.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from django.db import connection, transaction

from dengwen.access.errors import UnloggedReadError
from dengwen.access.models import ReadLog, User

T = TypeVar("T")

PURPOSES: dict[str, tuple[str, str]] = {
    "own": ("本人查阅", "own matter"),
    "register": ("登记核对", "registering and reading back"),
    "route": ("分流转送", "routing"),
    "handle": ("办理", "handling"),
    "approve": ("审批", "approving"),
    "serve": ("送达", "serving a document"),
    "review": ("复查复核", "review and re-examination"),
    "supervise": ("督查督办", "supervision"),
    "investigate": ("纪检监察调查", "investigation by the discipline organ"),
    "account": ("责任追究", "accountability"),
    "rights": ("个人信息权利请求", "request about personal data"),
    "archive": ("归档", "archiving"),
    "audit": ("审计", "audit"),
    "system": ("系统办理", "work of the system itself"),
}
"""What somebody may open protected data for, with the words shown to the petitioner."""

NAMED_TO = frozenset({"R11", "R17"})
"""Roles that see the names in "who looked at my identity"; the petitioner sees role, unit, time
and purpose."""

IDENTITIES_AN_HOUR = 30
IDENTITIES_A_DAY = 100
MOST_FIELDS = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """Who opens what of which case for what. `organ` is the id of the organ the role is held in."""

    at: datetime
    user: User | None
    role: str
    organ: int | None
    case_number: str
    data_class: str
    fields: tuple[str, ...]
    purpose: str
    request_id: str
    session_digest: str = ""


@dataclass(frozen=True, slots=True)
class Viewed:
    """One line of "who looked at my identity": names only for roles entitled to them."""

    at: datetime
    role: str
    organ: str
    purpose_zh: str
    purpose_en: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Quota:
    """How many identities a user opened in the last hour and day, and whether that is over the
    limit (N3)."""

    hour: int
    day: int

    @property
    def over(self) -> bool:
        """Whether the next opening needs a step-up and raises an alert."""
        return self.hour >= IDENTITIES_AN_HOUR or self.day >= IDENTITIES_A_DAY


def open_logged(opening: Opening, read: Callable[[], T]) -> T:
    """Log the opening, then read; both belong to the transaction around, and there must be one.

    UnloggedReadError outside a transaction, without fields, request id or a known purpose. If the
    transaction is rolled back, the row goes too: the caller must not have given the data away
    before it ended.
    """
    _check(opening)
    if not connection.in_atomic_block:
        raise _unlogged(
            "transaction",
            zh="不在事务内，读取记录无法与读取同生共死",
            en="there is no transaction around the reading",
            mend_zh="用 open_now，或在事务内调用",
            mend_en="use open_now, or call it inside a transaction",
        )
    _write(opening, "granted")
    return read()


def open_now(opening: Opening, read: Callable[[], T]) -> T:
    """Open in a transaction of its own and return the data only after the log row is committed."""
    with transaction.atomic(durable=True):
        return open_logged(opening, read)


def log_denied(opening: Opening) -> None:
    """Log an attempt that was refused; call it where no transaction will undo it."""
    _check(opening)
    _write(opening, "denied")


def who_viewed(
    case_number: str, viewer_role: str, classes: tuple[str, ...] = ("D2",)
) -> tuple[Viewed, ...]:
    """Return who opened data of `classes` of a case, newest first; the petitioner's own looks
    are left out."""
    rows = ReadLog.objects.filter(case_number=case_number, data_class__in=classes, result="granted")
    rows = (
        rows.exclude(purpose="own").select_related("organ", "user__official").order_by("-at", "-id")
    )
    named = viewer_role in NAMED_TO
    return tuple(
        Viewed(
            row.at,
            row.role,
            row.organ.name_zh if row.organ else "",
            *PURPOSES[row.purpose],
            name=_name(row) if named else "",
        )
        for row in rows
    )


def quota(user: User, now: datetime) -> Quota:
    """Return how many identities of others the user opened in the last hour and in the last day."""
    rows = ReadLog.objects.filter(
        user=user, data_class="D2", result="granted", at__lte=now
    ).exclude(purpose="own")
    return Quota(
        rows.filter(at__gt=now - timedelta(hours=1)).count(),
        rows.filter(at__gt=now - timedelta(days=1)).count(),
    )


def _check(opening: Opening) -> None:
    if opening.purpose not in PURPOSES:
        raise _unlogged(
            "purpose",
            zh=f"没有用途“{opening.purpose}”",
            en=f"{opening.purpose!r} is not a purpose",
            mend_zh="从用途表中选择",
            mend_en="choose one of " + ", ".join(PURPOSES),
        )
    fields = ",".join(opening.fields)
    if not fields or len(fields) > MOST_FIELDS or not opening.request_id or not opening.case_number:
        raise _unlogged(
            "opening",
            zh="没有写明打开哪一件的哪些内容、哪一次请求",
            en="it does not say which fields of which case, by which request",
            mend_zh="补全案号、字段和请求编号",
            mend_en="give case number, fields and request id",
        )


def _write(opening: Opening, result: str) -> None:
    ReadLog.objects.create(
        at=opening.at,
        user=opening.user,
        role=opening.role,
        organ_id=opening.organ,
        case_number=opening.case_number,
        data_class=opening.data_class,
        fields=",".join(opening.fields),
        purpose=opening.purpose,
        request_id=opening.request_id,
        session_digest=opening.session_digest,
        result=result,
    )


def _name(row: ReadLog) -> str:
    if row.user is None:
        return ""
    return row.user.official.name if row.user.official else row.user.username


def _unlogged(where: str, *, zh: str, en: str, mend_zh: str, mend_en: str) -> UnloggedReadError:
    return UnloggedReadError(
        "unlogged", where=where, zh=zh, en=en, mend_zh=mend_zh, mend_en=mend_en
    )
