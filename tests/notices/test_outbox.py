"""The outbox: once per uid, neutral whatever happened, tried again with growing waits, sent by
one worker, walled."""

from __future__ import annotations

import inspect
import re
import threading
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from dengwen.notices.channels import PrintChannel, ScreenChannel
from dengwen.notices.models import Outbox
from dengwen.notices.outbox import (
    LONGEST_WAIT,
    Channel,
    ChannelError,
    Notice,
    NoticeError,
    Round,
    claim,
    due,
    mark_failed,
    mark_sent,
    queue,
    send_due,
    stuck,
    wait_after,
    withhold,
)

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
CASE = "YL01-2026-483907215-0"
pytestmark = pytest.mark.django_db


def queued(uid: str = "act-1/petitioner/screen", **changed: object) -> Outbox:
    asked: dict[str, Any] = {
        "uid": uid,
        "case_number": CASE,
        "channel": "screen",
        "recipient": "petitioner",
        "now": NOW,
        **changed,
    }
    return queue(**asked)


def everyone(_notice: Notice) -> bool:
    return True


class Flaky:
    """A channel that fails as told and remembers what it sent."""

    code = "flaky"
    by_hand = False

    def __init__(self, *troubles: Exception | None) -> None:
        self.troubles = list(troubles)
        self.sent: list[Notice] = []

    def send(self, notice: Notice, now: datetime) -> None:  # noqa: ARG002 — as every channel
        if self.troubles and (trouble := self.troubles.pop(0)):
            raise trouble
        self.sent.append(notice)


def test_the_sentence_is_neutral_and_nobody_can_change_it():
    row = queued(document_number="云信访意〔2026〕7号")
    assert row.body == f"有新进展，登记编号{CASE}。请凭登记编号查询。"
    assert (
        queued("2", language="en").body
        == f"There is news, number {CASE}. Please look it up with this number."
    )
    assert not {"body", "text", "title", "message", "subject"} & set(
        inspect.signature(queue).parameters
    )
    assert "〔" not in row.body


def test_queued_twice_is_queued_once():
    first, second = queued(), queued(now=NOW + timedelta(hours=1))
    assert first.pk == second.pk
    assert second.created_at == NOW
    assert Outbox.objects.count() == 1


def test_no_notice_without_its_act():
    def act() -> None:
        with transaction.atomic():
            queued()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        act()
    assert not Outbox.objects.exists()


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"recipient": "neighbour"}, "neighbour"),
        ({"language": "fr"}, "fr"),
        ({"recipient": "organ"}, "recipient_ref"),
        ({"channel": "SMS 13800000000"}, "not a code"),
    ],
)
def test_what_cannot_be_queued_is_refused(changed, word):
    with pytest.raises(NoticeError, match=re.escape(word)):
        queued(**changed)
    assert not Outbox.objects.exists()


def test_due_by_time_channel_and_limit():
    later = queued("later", not_before=NOW + timedelta(days=1))
    rows = [queued(f"n{i}", not_before=NOW - timedelta(minutes=i)) for i in range(3)]
    printed = queued("print", channel="print")
    assert [r.pk for r in due(NOW, 10)] == [rows[2].pk, rows[1].pk, rows[0].pk, printed.pk]
    assert [r.pk for r in due(NOW, 1)] == [rows[2].pk]
    assert [r.pk for r in due(NOW, 10, ["print"])] == [printed.pk]
    assert later.pk in [r.pk for r in due(NOW + timedelta(days=1), 10)]


def test_marks_are_idempotent_and_the_first_stands():
    row = queued()
    assert mark_sent(row.pk, NOW)
    assert not mark_sent(row.pk, NOW + timedelta(hours=1))
    assert not mark_failed(row.pk, NOW, "timeout")
    assert not withhold(row.pk, NOW)
    row.refresh_from_db()
    assert (row.sent_at, row.last_error, row.withheld_at) == (NOW, "", None)
    assert due(NOW + timedelta(days=9), 10) == []


def test_waits_double_up_to_a_day():
    waits = [wait_after(n) for n in range(1, 40)]
    assert waits[:4] == [timedelta(minutes=m) for m in (1, 2, 4, 8)]
    assert all(a <= b for a, b in pairwise(waits))
    assert waits[-1] == LONGEST_WAIT == timedelta(days=1)


def test_failed_is_noted_as_a_code_and_tried_again_later():
    row = queued(channel="flaky")
    channel = Flaky(ChannelError("gateway_busy"), ValueError("王示例 13800000000"), None)
    now, seen = NOW, []
    for _ in range(3):
        assert send_due(now - timedelta(seconds=1), 10, {"flaky": channel}, everyone) == Round()
        result = send_due(now, 10, {"flaky": channel}, everyone)
        row.refresh_from_db()
        seen.append((result.sent, result.failed, row.tries, row.last_error))
        now = row.not_before
    assert seen == [(0, 1, 1, "gateway_busy"), (0, 1, 2, "channel_broken"), (1, 0, 3, "")]
    assert row.sent_at == NOW + timedelta(minutes=1 + 2)
    assert len(channel.sent) == 1


def test_failing_twice_with_the_same_try_is_failing_once():
    row = queued()
    assert claim(row, NOW)
    for _ in range(2):
        assert mark_failed(row.pk, NOW, "timeout")
    row.refresh_from_db()
    assert (row.tries, row.not_before) == (1, NOW + timedelta(minutes=1))
    with pytest.raises(NoticeError):
        mark_failed(row.pk, NOW, "no answer from 13800000000")


def test_one_bad_channel_does_not_stop_the_others():
    queued("bad", channel="flaky", not_before=NOW - timedelta(days=1))
    queued("good")
    channels: dict[str, Channel] = {"flaky": Flaky(ZeroDivisionError()), "screen": ScreenChannel()}
    assert send_due(NOW, 10, channels, everyone) == Round(sent=1, failed=1)


def test_a_worker_that_died_leaves_the_notice_due_again():
    row = queued()
    assert claim(row, NOW)
    assert due(NOW, 10) == []
    assert [r.pk for r in due(NOW + timedelta(minutes=1), 10)] == [row.pk]


def test_only_one_of_two_readers_takes_a_row():
    queued()
    mine, theirs = due(NOW, 10)[0], due(NOW, 10)[0]
    assert claim(mine, NOW)
    assert not claim(theirs, NOW)


def test_the_wall_is_asked_at_sending_and_closes_the_notice():
    row = queued(channel="flaky", recipient="official", recipient_ref="17")
    asked: list[Notice] = []
    channel = Flaky()

    def wall(notice: Notice) -> bool:
        asked.append(notice)
        return False

    assert send_due(NOW, 10, {"flaky": channel}, wall) == Round(withheld=1)
    assert [(n.case_number, n.recipient, n.recipient_ref) for n in asked] == [
        (CASE, "official", "17")
    ]
    assert channel.sent == []
    assert send_due(NOW + timedelta(days=2), 10, {"flaky": channel}, everyone) == Round()
    row.refresh_from_db()
    assert (row.withheld_at, row.sent_at, row.tries) == (NOW, None, 0)


def test_sent_and_withheld_exclude_each_other_in_the_table():
    row = queued()
    mark_sent(row.pk, NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Outbox.objects.filter(pk=row.pk).update(withheld_at=NOW)


def test_print_list_is_marked_by_hand_only():
    rows = [queued(f"p{i}", channel="print") for i in range(3)]
    other = queued("s")
    channel = PrintChannel()
    assert send_due(NOW, 10, {"print": channel}, everyone) == Round()
    assert [n.id for n in channel.to_print(NOW, 10)] == [r.pk for r in rows]
    assert channel.printed([rows[0].pk, rows[1].pk, other.pk], NOW) == 2
    assert channel.printed([rows[0].pk], NOW) == 0
    assert [n.id for n in channel.to_print(NOW, 10)] == [rows[2].pk]
    other.refresh_from_db()
    assert other.sent_at is None
    with pytest.raises(TypeError, match="printed"):
        channel.send(Notice.of(rows[2]), NOW)


def test_screen_shows_the_petitioner_what_was_sent():
    queued("one")
    queued("two", not_before=NOW + timedelta(hours=1))
    queued("other case", case_number="YL01-2026-000000000-1")
    queued("inside", recipient="official", recipient_ref="17")
    channel = ScreenChannel()
    assert channel.shown(CASE, 10) == []
    send_due(NOW, 10, {"screen": channel}, everyone)
    assert [n.body for n in channel.shown(CASE, 10)] == [
        f"有新进展，登记编号{CASE}。请凭登记编号查询。"
    ]
    send_due(NOW + timedelta(hours=1), 10, {"screen": channel}, everyone)
    assert [n.id for n in channel.shown(CASE, 10)] == list(
        Outbox.objects.filter(uid__in=["two", "one"]).order_by("-id").values_list("pk", flat=True)
    )
    assert len(channel.shown(CASE, 1)) == 1


def test_stuck_lists_what_was_tried_often():
    row = queued(channel="flaky")
    now = NOW
    for _ in range(3):
        send_due(now, 10, {"flaky": Flaky(ChannelError("down"))}, everyone)
        row.refresh_from_db()
        now = row.not_before
    assert list(stuck(3)) == [row]
    assert list(stuck(4)) == []


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_each_notice_once():
    for i in range(20):
        queued(f"w{i}", channel="flaky")
    channel, rounds, errors = Flaky(), [], []
    barrier = threading.Barrier(2)

    def work() -> None:
        try:
            barrier.wait(timeout=20)
            rounds.append(send_due(NOW, 50, {"flaky": channel}, everyone))
        except Exception as error:  # noqa: BLE001 — seen in the main thread
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert not errors
    assert sum(r.sent for r in rounds) == 20
    assert sorted(n.id for n in channel.sent) == sorted(Outbox.objects.values_list("pk", flat=True))
    assert set(Outbox.objects.values_list("tries", flat=True)) == {1}
