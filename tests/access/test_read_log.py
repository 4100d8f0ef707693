"""No row, no data: every opening of protected data is logged in its own transaction."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from dengwen.access.errors import UnloggedReadError
from dengwen.access.models import APPEND_ONLY, ReadLog
from dengwen.access.read_log import (
    Opening,
    Quota,
    log_denied,
    open_logged,
    open_now,
    quota,
    who_viewed,
)
from dengwen.access.read_log_root import hour_root, root_between
from dengwen.ledger import guards

from .conftest import NOW


@pytest.fixture
def opening(user, organ):
    return Opening(
        at=NOW,
        user=user(),
        role="R6",
        organ=organ.pk,
        case_number="YJ01-2026-123456789-0",
        data_class="D2",
        fields=("name", "phone"),
        purpose="handle",
        request_id="req-1",
    )


def test_an_opening_leaves_one_row_without_content(opening):
    assert open_logged(opening, lambda: "王示例") == "王示例"
    row = ReadLog.objects.get()
    assert (row.role, row.fields, row.purpose, row.result) == (
        "R6",
        "name,phone",
        "handle",
        "granted",
    )
    assert "王示例" not in "".join(str(value) for value in ReadLog.objects.values_list()[0])


def test_outside_a_transaction_nothing_is_opened(transactional_db):
    read = []
    opening = Opening(
        at=NOW,
        user=None,
        role="R1",
        organ=None,
        case_number="X",
        data_class="D3",
        fields=("text",),
        purpose="own",
        request_id="r",
    )
    with pytest.raises(UnloggedReadError) as error:
        open_logged(opening, lambda: read.append(1))
    assert error.value.where == "transaction"
    assert read == []
    assert not ReadLog.objects.exists()
    assert open_now(opening, lambda: "text") == "text"
    assert ReadLog.objects.count() == 1
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        open_now(opening, lambda: "text")


def test_if_the_row_cannot_be_written_nothing_is_read(transactional_db):
    read = []
    opening = Opening(
        at=NOW,
        user=None,
        role="R1",
        organ=None,
        case_number="X",
        data_class="D1",
        fields=("text",),
        purpose="own",
        request_id="r",
    )
    with pytest.raises(IntegrityError):
        open_now(opening, lambda: read.append(1))
    assert read == []


@pytest.mark.parametrize(
    "change",
    [
        {"purpose": "curiosity"},
        {"purpose": ""},
        {"fields": ()},
        {"request_id": ""},
        {"case_number": ""},
    ],
)
def test_an_opening_says_what_for(opening, change):
    read = []
    with pytest.raises(UnloggedReadError):
        open_logged(replace(opening, **change), lambda: read.append(1))
    assert read == []
    assert not ReadLog.objects.exists()


def test_a_denied_attempt_is_logged_too(opening):
    log_denied(opening)
    assert ReadLog.objects.get().result == "denied"
    assert who_viewed(opening.case_number, "R1") == ()


def test_the_log_cannot_be_changed(opening):
    guards.install(connection, APPEND_ONLY)
    open_logged(opening, lambda: None)
    for change in (
        lambda: ReadLog.objects.update(role="R1"),
        lambda: ReadLog.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert ReadLog.objects.get().role == "R6"


def test_the_petitioner_sees_who_looked_but_no_names(opening, enter):
    open_logged(opening, lambda: None)
    open_logged(replace(opening, purpose="own", role="R1", user=None), lambda: None)
    open_logged(replace(opening, data_class="D3"), lambda: None)
    [seen] = who_viewed(opening.case_number, "R1")
    assert (seen.role, seen.organ, seen.purpose_zh, seen.name) == ("R6", "示例区信访办", "办理", "")
    [named] = who_viewed(opening.case_number, "R17")
    assert named.name == "wang.shili"


def test_many_identities_in_an_hour_are_over_the_limit(opening):
    for n in range(29):
        open_logged(replace(opening, at=NOW + timedelta(minutes=n)), lambda: None)
    assert not quota(opening.user, NOW + timedelta(minutes=30)).over
    open_logged(replace(opening, at=NOW + timedelta(minutes=29)), lambda: None)
    assert quota(opening.user, NOW + timedelta(minutes=30)).over
    later = quota(opening.user, NOW + timedelta(hours=2))
    assert (later.hour, later.day, later.over) == (0, 30, False)


@pytest.mark.parametrize(
    ("hour", "day", "over"),
    [(29, 99, False), (30, 30, True), (31, 99, True), (0, 100, True), (29, 101, True)],
)
def test_the_limit_is_thirty_an_hour_and_a_hundred_a_day(hour, day, over):
    assert Quota(hour, day).over is over


def test_an_altered_or_removed_reading_changes_the_root_of_its_hour(opening):
    for n in range(5):
        open_logged(replace(opening, at=NOW + timedelta(minutes=15 * n)), lambda: None)
    root = hour_root(NOW)
    assert (root.count, root.end) == (4, NOW + timedelta(hours=1))
    assert hour_root(NOW) == root
    with guards.lifted(connection, APPEND_ONLY):  # a dishonest operator
        ReadLog.objects.filter(at=NOW).update(purpose="serve")
        altered = hour_root(NOW)
        ReadLog.objects.filter(at=NOW).delete()
        removed = hour_root(NOW)
        # PostgreSQL puts no guard back while references wait to be checked
        connection.check_constraints()
    assert len({root.root, altered.root, removed.root}) == 3
    assert (altered.count, removed.count) == (4, 3)
    assert hour_root(NOW + timedelta(hours=5)).count == 0
    with pytest.raises(ValueError, match="full hour"):
        hour_root(NOW + timedelta(minutes=1))


@pytest.mark.parametrize("hours", [0, -1])
def test_a_root_covers_an_hour_or_more(db, hours):
    assert root_between(NOW, NOW + timedelta(hours=2)).count == 0
    with pytest.raises(ValueError, match="full hour"):
        root_between(NOW, NOW + timedelta(hours=hours))
