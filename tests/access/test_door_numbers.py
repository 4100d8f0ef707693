"""The numbers and names the doors go by, as numbers and names: how often somebody may guess, how
much of a header is read, which hours are full."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import RequestFactory

from dengwen.access import grants, read_log
from dengwen.access.login import source_address, throttle
from dengwen.access.login.source_address import ProtocolOfProxies, address_of, proxies_of, source_of
from dengwen.access.permission_matrix import Right
from dengwen.access.read_log_root import full_hour, root_between

from .conftest import NOW

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


# --- guessing -------------------------------------------------------------------------------------
def test_five_guesses_are_free_and_waits_double_up_to_a_day(db: None) -> None:
    assert [throttle.failed("key", NOW) for _ in range(4)] == [None] * 4
    now, waits = NOW, []
    for _ in range(12):
        until = throttle.failed("key", now)
        assert until is not None
        waits.append(until - now)
        now = until
    doubled = [MINUTE * (1 << n) for n in range(11)]
    assert waits == [*doubled, DAY]


def test_of_one_address_fifty_guesses_are_free(db: None) -> None:
    assert throttle.FREE_OF_A_SOURCE - throttle.FREE == 45
    keys = {"wide": throttle.FREE_OF_A_SOURCE}
    said = [throttle.wrong(keys, NOW) for _ in range(50)]
    assert all(one.counted for one in said)
    assert [one.until for one in said] == [None] * 49 + [NOW + MINUTE]
    again = throttle.wrong(keys, NOW + MINUTE - timedelta(seconds=1))
    assert (again.counted, again.until) == (False, NOW + MINUTE)
    assert throttle.blocked_until("wide", NOW) == NOW + MINUTE
    assert throttle.blocked_until("wide", NOW + MINUTE) is None


def test_a_key_that_was_quiet_for_a_day_starts_anew(db: None) -> None:
    for _ in range(4):
        throttle.failed("key", NOW)
    assert throttle.failed("key", NOW + DAY) == NOW + DAY + MINUTE
    throttle.succeeded("key")
    for _ in range(4):
        throttle.failed("key", NOW)
    assert throttle.failed("key", NOW + DAY + timedelta(seconds=1)) is None
    assert throttle.forget(NOW + 2 * DAY + timedelta(seconds=1)) == 0
    assert throttle.forget(NOW + 2 * DAY + timedelta(seconds=2)) == 1


# --- where a request comes from -------------------------------------------------------------------
PROXY, CLIENT = "10.0.0.5", "192.0.2.7"


@pytest.mark.parametrize(
    ("header", "name"),
    [("X-Forwarded-For", "HTTP_X_FORWARDED_FOR"), ("Forwarded", "HTTP_FORWARDED")],
)
def test_a_proxy_writes_its_header_under_its_name(header: str, name: str, settings: Any) -> None:
    settings.TRUSTED_PROXIES = proxies_of(PROXY, "1", header)
    said = CLIENT if header == "X-Forwarded-For" else f"for={CLIENT}"
    request = RequestFactory().get("/", REMOTE_ADDR=PROXY)
    request.META[name] = said
    assert source_of(request) == CLIENT
    assert source_of(RequestFactory().get("/", REMOTE_ADDR=PROXY, HTTP_OTHER=said)) == PROXY


@pytest.mark.parametrize(("peer", "kept"), [(PROXY, True), (CLIENT, False)])
def test_the_protocol_is_believed_from_a_proxy_alone(
    peer: str, settings: Any, *, kept: bool
) -> None:
    settings.TRUSTED_PROXIES = proxies_of(PROXY, "1", "")
    seen: list[bool] = []

    def answer(request: Any) -> Any:
        seen.append("HTTP_X_FORWARDED_PROTO" in request.META)
        return None

    request = RequestFactory().get("/", REMOTE_ADDR=peer, HTTP_X_FORWARDED_PROTO="https")
    ProtocolOfProxies(answer)(request)
    assert seen == [kept]


@pytest.mark.parametrize(("tail", "found"), [(4094, "::"), (4095, "10.1.2.3"), (9000, "10.1.2.3")])
def test_of_a_long_header_the_right_end_is_read(tail: int, found: str) -> None:
    two = proxies_of("10.0.0.0/8", "2", "")
    end = "10.1.2.3"
    said = "::," + " " * (tail - len(end) - 1) + end
    assert address_of(PROXY, said, two) == found


def test_one_source_of_the_sixth_protocol_has_sixty_four_bits() -> None:
    assert source_address.unit_of("2001:db8:1:2:8000::1") == "2001:db8:1:2::/64"
    assert source_address.unit_of("2001:db8:1:3::1") == "2001:db8:1:3::/64"


@pytest.mark.parametrize(
    ("peer", "said", "found"),
    [
        (PROXY, "a:b:c", PROXY),  # neither an address nor one with a port
        (PROXY, "[2001:db8::1]:80", "2001:db8::1"),
        (PROXY, "", PROXY),
        (PROXY, " , ", PROXY),
        ("unix", CLIENT, "unix"),
        ("", CLIENT, ""),
    ],
)
def test_what_is_no_address_vouches_for_nobody(peer: str, said: str, found: str) -> None:
    assert address_of(peer, said, proxies_of(PROXY, "1", "")) == found
    assert address_of(peer, said, proxies_of("", "", "")) == peer


# --- full hours -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "past", [MINUTE, timedelta(seconds=1), timedelta(microseconds=1), timedelta(seconds=1.5)]
)
def test_a_stretch_of_readings_begins_and_ends_with_a_full_hour(db: None, past: timedelta) -> None:
    hour = full_hour(NOW)
    assert full_hour(hour + past) == hour
    assert root_between(hour, hour + HOUR).count == 0
    for start, end in ((hour + past, hour + HOUR), (hour, hour + HOUR + past)):
        with pytest.raises(ValueError, match="not one full hour"):
            root_between(start, end)


# --- grants ---------------------------------------------------------------------------------------
@dataclass
class _Rows:
    """Rows that note how they were narrowed."""

    rows: list[Any]
    asked: list[dict[str, Any]] = field(default_factory=list)

    def filter(self, *_: Any, **columns: Any) -> _Rows:
        self.asked.append(columns)
        return self

    def __iter__(self) -> Any:
        return iter(self.rows)


def test_grants_that_never_applied_overlap_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    day = date(2026, 3, 2)
    row = SimpleNamespace
    open_ended, one_day = (
        row(valid_from=day, valid_to=None),
        row(valid_from=day, valid_to=day + DAY),
    )
    rows = _Rows([open_ended, one_day, row(valid_from=day, valid_to=day)])
    monkeypatch.setattr(grants, "RoleGrant", SimpleNamespace(objects=rows))
    user: Any = None
    assert list(grants.overlapping(user, day, None)) == [open_ended, one_day]
    assert not any("valid_from__lt" in asked for asked in rows.asked)
    grants.overlapping(user, day, day + DAY)
    assert rows.asked[-1] == {"valid_from__lt": day + DAY}


@pytest.mark.parametrize(("post", "has"), [(5, True), (6, False), (None, False)])
def test_a_grant_rests_on_a_post_in_its_organ(
    post: int | None, monkeypatch: pytest.MonkeyPatch, *, has: bool
) -> None:
    monkeypatch.setattr(grants, "organs_of", lambda *_: {post})
    official = SimpleNamespace(pk=1) if post is not None else None
    grant: Any = SimpleNamespace(user=SimpleNamespace(official=official), organ_id=5)
    assert grants._has_post(grant, date(2026, 3, 2)) is has


# --- what a cell lets somebody do -----------------------------------------------------------------
@pytest.mark.parametrize(
    ("actions", "may"),
    [("R", "RM"), ("M", "M"), ("W", "W"), ("RW", "RMW"), ("", ""), ("CA", "CA"), ("X", "X")],
)
def test_reading_in_clear_is_more_than_reading_masked_and_nothing_else(
    actions: str, may: str
) -> None:
    right = Right(frozenset(actions), "own")
    assert {action for action in "CRMWAX" if right.may(action)} == set(may)


def test_whoever_looked_is_named_by_their_registry_name_or_their_account() -> None:
    def named(user: Any) -> str:
        row: Any = SimpleNamespace(user=user)
        return read_log._name(row)

    assert named(None) == ""
    assert named(SimpleNamespace(official=None, username="clerk")) == "clerk"
    official = SimpleNamespace(name="王示例")
    assert named(SimpleNamespace(official=official, username="clerk")) == "王示例"
