"""Queueing notices and bringing them out: level-triggered, each step a compare-and-set on the row.

A notice is written in the transaction of its act, so there is none for an act that was rolled back.
Sending is at least once: a worker claims a row (which also sets when it is due again), sends, marks
it sent. Whoever dies between sending and marking makes the notice go out a second time, and its
neutral sentence does no harm twice. Proof of service is an act in `cases`, not here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from django.db.models import F, Q, QuerySet

from dengwen.notices.models import CODE, RECIPIENTS, Outbox
from dengwen.notices.neutral_sentence import SENTENCES, sentence

FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(days=1)
_DOUBLINGS = 11  # 1 minute doubled eleven times is more than a day


class NoticeError(ValueError):
    """A notice cannot be queued as asked; the message says what and the mend in both languages."""


class ChannelError(Exception):
    """A channel could not send. `code` is a word of our own: what the other side answered may
    hold a number or name."""

    def __init__(self, code: str) -> None:
        self.code = _code(code)
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class Notice:
    """What a channel gets: ids and the neutral sentence."""

    id: int
    case_number: str
    document_number: str | None
    recipient: str
    recipient_ref: str
    body: str
    tries: int

    @classmethod
    def of(cls, row: Outbox) -> Notice:
        """Return the notice of a row."""
        return cls(
            row.pk,
            row.case_number,
            row.document_number,
            row.recipient,
            row.recipient_ref,
            row.body,
            row.tries,
        )


class Channel(Protocol):
    """A way to tell somebody. `by_hand`: a person does it from a list, no worker sends."""

    code: str
    by_hand: bool

    def send(self, notice: Notice, now: datetime) -> None:
        """Send one notice; raise ChannelError with a code word if it could not be sent."""


@dataclass(frozen=True, slots=True)
class Round:
    """What one round of sending did, by number of notices."""

    sent: int = 0
    failed: int = 0
    withheld: int = 0
    taken_by_others: int = 0


def _code(code: str) -> str:
    if not re.fullmatch(CODE, code):
        raise NoticeError(
            f"“{code[:40]}”不是代码（小写字母和下划线，至多 40 个）/ not a code (small letters and underscores,"
            " at most 40)"
        )
    return code


def compose(
    *,
    uid: str,
    case_number: str,
    channel: str,
    recipient: str,
    now: datetime,
    recipient_ref: str = "",
    document_number: str | None = None,
    not_before: datetime | None = None,
    language: str = "zh",
) -> Outbox:
    """Return a notice that is not written yet. There is no way to pass a text: the sentence is
    always the neutral one.

    Raises NoticeError for an unknown kind of recipient or language, or an organ or official without
    a ref.
    """
    if recipient not in RECIPIENTS or language not in SENTENCES:
        raise NoticeError(
            f"不认识的接收人类别或语言：{recipient}、{language}；用 {'、'.join(RECIPIENTS)}，zh、en / "
            f"unknown recipient or language: {recipient}, {language}; "
            f"use {', '.join(RECIPIENTS)} and zh, en"
        )
    if recipient != "petitioner" and not recipient_ref:
        raise NoticeError(
            f"{recipient} 必须写明是哪一个（recipient_ref）/ a notice to an {recipient} must say which"
        )
    return Outbox(
        uid=uid,
        case_number=case_number,
        document_number=document_number,
        channel=_code(channel),
        recipient=recipient,
        recipient_ref=recipient_ref,
        body=sentence(case_number, language),
        created_at=now,
        not_before=not_before or now,
    )


def queue(
    *,
    uid: str,
    case_number: str,
    channel: str,
    recipient: str,
    now: datetime,
    recipient_ref: str = "",
    document_number: str | None = None,
    not_before: datetime | None = None,
    language: str = "zh",
) -> Outbox:
    """Put a notice into the outbox, once for each `uid`; return its row, the earlier one if it is
    there already.

    Call it in the transaction of the act. Raises NoticeError as `compose` does.
    """
    row = compose(
        uid=uid,
        case_number=case_number,
        channel=channel,
        recipient=recipient,
        now=now,
        recipient_ref=recipient_ref,
        document_number=document_number,
        not_before=not_before,
        language=language,
    )
    Outbox.objects.bulk_create([row], ignore_conflicts=True)
    return Outbox.objects.get(uid=uid)


def _open() -> QuerySet[Outbox]:
    return Outbox.objects.filter(sent_at__isnull=True, withheld_at__isnull=True)


def due(now: datetime, limit: int, channels: Iterable[str] | None = None) -> list[Outbox]:
    """Return up to `limit` notices to be sent by now, the longest waiting first, of the channels
    named or of all."""
    wanted = Q() if channels is None else Q(channel__in=list(channels))
    return list(_open().filter(wanted, not_before__lte=now).order_by("not_before", "id")[:limit])


def wait_after(tries: int) -> timedelta:
    """Return how long to wait after the `tries`-th attempt: 1, 2, 4 … minutes, at most a day."""
    doublings = min(max(tries - 1, 0), _DOUBLINGS)
    return min(FIRST_WAIT * (1 << doublings), LONGEST_WAIT)


def claim(row: Outbox, now: datetime) -> bool:
    """Take a due notice for sending; False if another worker has it. It is due again later
    unless marked sent."""
    taken = (
        _open()
        .filter(pk=row.pk, tries=row.tries, not_before__lte=now)
        .update(tries=F("tries") + 1, not_before=now + wait_after(row.tries + 1))
    )
    return taken == 1


def mark_sent(notice: int, now: datetime) -> bool:
    """Mark a notice sent; False if it already was, or was withheld. The first instant stands."""
    return _open().filter(pk=notice).update(sent_at=now, last_error="") == 1


def mark_failed(notice: int, now: datetime, error: str) -> bool:
    """Note why a claimed notice could not be sent and when it is due again; the same call twice is
    as once.

    `error` is a code word (NoticeError otherwise). False if the notice was sent or withheld
    meanwhile.
    """
    row = _open().filter(pk=notice).first()
    if row is None:
        return False
    same = _open().filter(pk=notice, tries=row.tries)
    return same.update(last_error=_code(error), not_before=now + wait_after(row.tries)) == 1


def withhold(notice: int, now: datetime) -> bool:
    """Close a notice unsent: its recipient may not know of the case any more. False if it was
    already closed."""
    return _open().filter(pk=notice).update(withheld_at=now) == 1


def send_due(
    now: datetime, limit: int, channels: Mapping[str, Channel], cleared: Callable[[Notice], bool]
) -> Round:
    """Send what is due over the channels that need no hand; `cleared` is the wall, asked at the
    time of sending.

    One channel's failure does not stop the round. Any error that is no ChannelError is a mistake in
    the channel and is noted as `channel_broken`, so that one bad channel cannot stop the worker.
    """
    automatic = {code: channel for code, channel in channels.items() if not channel.by_hand}
    sent = failed = withheld = others = 0
    for row in due(now, limit, automatic):
        notice = Notice.of(row)
        if not cleared(notice):
            withheld += withhold(row.pk, now)
        elif not claim(row, now):
            others += 1
        elif error := _sent(automatic[row.channel], notice, now):
            failed += mark_failed(row.pk, now, error)
        else:
            sent += mark_sent(row.pk, now)
    return Round(sent, failed, withheld, others)


def _sent(channel: Channel, notice: Notice, now: datetime) -> str:
    """Send over a channel; return "" or the code of what went wrong."""
    try:
        channel.send(notice, now)
    except ChannelError as error:
        return error.code
    except Exception:  # noqa: BLE001 — a channel is foreign ground; its text may hold data and is not kept
        return "channel_broken"
    return ""


def stuck(tries: int = 8) -> QuerySet[Outbox]:
    """Return the open notices that were tried at least so often; they go on being tried once a
    day."""
    return _open().filter(tries__gte=tries).order_by("id")
