"""Where a request comes from: what own proxies vouch for, and nothing that anybody else wrote
into a header."""

from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpResponse
from django.test import Client, RequestFactory

from dengwen.access.login.source_address import (
    FORWARDED,
    PROTOCOL,
    ProtocolOfProxies,
    Proxies,
    address_of,
    proxies_of,
    source_of,
    unit_of,
)

ONE = proxies_of("10.0.0.5", "1", "")
TWO = proxies_of("10.0.0.0/8, fd00::/64", "2", "X-Forwarded-For")
RFC = proxies_of("10.0.0.5", "", "forwarded")
NOBODY = proxies_of("", "", "")
PEER, CLIENT, INVENTED = "10.0.0.5", "192.0.2.7", "203.0.113.66"


@pytest.mark.parametrize(
    ("proxies", "peer", "said", "expected"),
    [
        (NOBODY, CLIENT, INVENTED, CLIENT),  # no proxy is trusted: the peer itself
        (NOBODY, PEER, INVENTED, PEER),
        (ONE, CLIENT, INVENTED, CLIENT),  # past the proxy: the header is the sender's own
        (ONE, PEER, CLIENT, CLIENT),
        (
            ONE,
            PEER,
            f"{INVENTED}, {CLIENT}",
            CLIENT,
        ),  # the client sent a header along; the proxy wrote behind it
        (ONE, PEER, f"{INVENTED}, 10.0.0.5, {CLIENT}", CLIENT),
        (ONE, PEER, f"{CLIENT}, 10.0.0.5", "10.0.0.5"),  # one hop, and no more than one
        (ONE, PEER, "", PEER),
        (ONE, PEER, "unknown", PEER),
        (ONE, PEER, "<script>", PEER),
        (ONE, PEER, f"{CLIENT}:4711", CLIENT),
        (TWO, PEER, f"{INVENTED}, {CLIENT}, 10.1.2.3", CLIENT),
        (
            TWO,
            PEER,
            f"{INVENTED}, {CLIENT}",
            CLIENT,
        ),  # the second proxy is no proxy of ours: it is the source
        (TWO, "fd00::1", "2001:db8:1:2::9, 10.9.9.9", "2001:db8:1:2::9"),
        (TWO, PEER, f"{CLIENT}, not an address", PEER),
        (TWO, "::ffff:10.0.0.5", CLIENT, CLIENT),
        (RFC, PEER, f"for={INVENTED};proto=http, for={CLIENT};by=10.0.0.5", CLIENT),
        (RFC, PEER, 'for=192.0.2.1, proto=https;For="[2001:db8::17]:4711"', "2001:db8::17"),
        (RFC, PEER, "for=_hidden", PEER),
        (RFC, PEER, "for=unknown, proto=https", PEER),
    ],
)
def test_an_address_is_believed_as_far_as_trusted_proxies_vouch_for_it(
    proxies: Proxies, peer: str, said: str, expected: str
) -> None:
    assert address_of(peer, said, proxies) == expected


@pytest.mark.parametrize(
    ("address", "unit"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::9%eth0", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::9", "2001:db8:1:3::/64"),
        ("", ""),
        ("unix", "unix"),
    ],
)
def test_a_v6_network_is_one_source(address: str, unit: str) -> None:
    assert unit_of(address) == unit


def test_only_the_header_that_was_named_is_read(settings) -> None:
    headers = {
        "HTTP_X_FORWARDED_FOR": CLIENT,
        "HTTP_FORWARDED": f"for={INVENTED}",
        "HTTP_X_REAL_IP": INVENTED,
    }
    request = RequestFactory().get("/", REMOTE_ADDR=PEER)
    request.META.update(headers)
    settings.TRUSTED_PROXIES = ONE
    assert source_of(request) == CLIENT
    settings.TRUSTED_PROXIES = Proxies(ONE.networks, 1, FORWARDED)
    assert source_of(request) == INVENTED
    settings.TRUSTED_PROXIES = NOBODY
    assert source_of(request) == PEER


def test_a_very_long_header_is_read_from_its_trusted_end() -> None:
    assert address_of(PEER, f"{INVENTED}, " * 10_000 + CLIENT, ONE) == CLIENT


@pytest.mark.parametrize(
    ("networks", "hops", "header"),
    [
        ("10.0.0.5/8", "", ""),
        ("proxy.example", "", ""),
        ("", "0", ""),
        ("", "two", ""),
        ("", "", "X-Real-IP"),
    ],
)
def test_settings_that_cannot_be_read_are_refused(networks: str, hops: str, header: str) -> None:
    with pytest.raises((ValueError, ImproperlyConfigured)):
        proxies_of(networks, hops, header)


@pytest.mark.parametrize(
    ("peer", "named", "secure"),
    [
        (PEER, ONE, True),
        ("127.0.0.1", ONE, False),
        (CLIENT, ONE, False),
        ("127.0.0.1", NOBODY, True),
        ("::1", NOBODY, True),
        (PEER, NOBODY, False),
        (CLIENT, NOBODY, False),
        ("", NOBODY, False),
    ],
)
def test_only_an_own_proxy_says_that_a_request_came_over_tls(
    settings, peer: str, named: Proxies, secure: bool
) -> None:
    settings.SECURE_PROXY_SSL_HEADER = (PROTOCOL, "https")
    settings.TRUSTED_PROXIES = named
    request = RequestFactory().get("/", REMOTE_ADDR=peer, HTTP_X_FORWARDED_PROTO="https")
    ProtocolOfProxies(lambda _request: HttpResponse())(request)
    assert request.is_secure() is secure


def test_a_stranger_who_claims_tls_is_sent_to_the_encrypted_address(
    client: Client, settings
) -> None:
    settings.SECURE_PROXY_SSL_HEADER = (PROTOCOL, "https")
    settings.SECURE_SSL_REDIRECT = True
    settings.TRUSTED_PROXIES = ONE
    claimed = client.get("/", REMOTE_ADDR=CLIENT, HTTP_X_FORWARDED_PROTO="https")
    assert (claimed.status_code, claimed["Location"][:8]) == (301, "https://")
