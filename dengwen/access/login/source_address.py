"""Where a request comes from: the address of the direct peer, or what proxies that are trusted say
about it.

A header is a claim of whoever sent it. It is believed only as far as trusted addresses vouch for
it: the peer is asked first, then, from the right, what each trusted proxy wrote down, at most as
many as the office has. What stands further left was sent by the other side and may be invented.
With no trusted proxy no header is looked at.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
FORWARDED_FOR, FORWARDED = "X-Forwarded-For", "Forwarded"
HEADERS = {FORWARDED_FOR: "HTTP_X_FORWARDED_FOR", FORWARDED: "HTTP_FORWARDED"}
"""The headers a proxy may write, as they are named to an office and to Django."""
PROTOCOL = "HTTP_X_FORWARDED_PROTO"
"""The header in which a proxy that ends TLS says so, as it is named to Django."""
V6_UNIT = 64
"""Leading bits of an IPv6 address that are one source: a household or an office is given so much
and moves in it."""
LONGEST = 4096
"""Characters of a header that are read; of a longer one the right end, where the own proxies
write."""
_FOR = re.compile(r'(?:^|;)\s*for\s*=\s*("[^"]*"|[^;\s]*)', re.IGNORECASE)
_PORT = re.compile(r"^(?:\[(?P<v6>[^\]]*)\](?::\d+)?|(?P<v4>[^:]*)(?::\d+)?)$")


@dataclass(frozen=True, slots=True)
class Proxies:
    """The proxies in front of an office: their networks, how many stand in a row, and the header
    they write."""

    networks: tuple[Network, ...] = ()
    hops: int = 1
    header: str = FORWARDED_FOR

    def trusts(self, address: Address) -> bool:
        """Say whether an address is that of a proxy of this office."""
        return any(
            address.version == network.version and address in network for network in self.networks
        )


def proxies_of(networks: str, hops: str, header: str) -> Proxies:
    """Read the settings of an office; ValueError names what cannot be read.

    `networks` are addresses or networks separated by commas, `hops` a number, `header` one of
    `HEADERS`.
    """
    found = tuple(ip_network(text.strip()) for text in networks.split(",") if text.strip())
    named = {name.lower(): name for name in HEADERS}.get((header or FORWARDED_FOR).strip().lower())
    if named is None:
        raise ValueError(f"{header!r} is neither {' nor '.join(HEADERS)}")
    count = int(hops or 1)
    if count < 1:
        raise ValueError(f"{count} proxies in a row are none")
    return Proxies(found, count, named)


def source_of(request: HttpRequest) -> str:
    """Return the source of a request as counters know it: an IPv4 address, or the network of an
    IPv6 address."""
    proxies: Proxies = settings.TRUSTED_PROXIES
    peer = str(request.META.get("REMOTE_ADDR", ""))
    said = str(request.META.get(HEADERS[proxies.header], ""))
    return unit_of(address_of(peer, said, proxies))


class ProtocolOfProxies:
    """Drops what a stranger says about the protocol, before anybody asks whether a request came
    over TLS.

    `X-Forwarded-Proto` is believed from a trusted proxy; where none is named, from this machine
    alone. Stands first.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Hand the request on, without the claim of somebody who is no proxy of this office."""
        if not _is_proxy(str(request.META.get("REMOTE_ADDR", "")), settings.TRUSTED_PROXIES):
            request.META.pop(PROTOCOL, None)
        return self.get_response(request)


def _is_proxy(peer: str, proxies: Proxies) -> bool:
    address = _plain(peer)
    if address is None:
        return False
    return proxies.trusts(address) if proxies.networks else address.is_loopback


def address_of(peer: str, said: str, proxies: Proxies) -> str:
    """Return the address that trusted proxies vouch for; the peer's own where it is none of
    them."""
    believed = _plain(peer)
    if believed is None:
        return peer
    names = _named(said[-LONGEST:], proxies.header)
    for _ in range(proxies.hops):
        if not proxies.trusts(believed):
            break
        further = _plain(next(names, ""))
        if further is None:  # it says nothing that can be read: all behind it are one source
            break
        believed = further
    return str(believed)


def unit_of(address: str) -> str:
    """Return what counts as one source: an IPv6 address without the part that whoever has it
    chooses freely."""
    found = _plain(address)
    if isinstance(found, IPv6Address):
        return str(ip_network((int(found), V6_UNIT), strict=False))
    return address if found is None else str(found)


def _named(said: str, header: str) -> Iterator[str]:
    """Yield the addresses a header names, the last writer's first."""
    for part in reversed(said.split(",")):
        if header == FORWARDED_FOR:
            yield part.strip()
        else:
            found = _FOR.search(part.strip())
            yield found[1].strip('"') if found else ""


def _plain(text: str) -> Address | None:
    """Read an address, with a port or in brackets; an IPv4 address that is written as IPv6 is
    that IPv4 address."""
    try:
        found = ip_address(text.strip().partition("%")[0])
    except ValueError:
        shaped = _PORT.match(text.strip())
        if shaped is None:
            return None
        try:
            found = ip_address((shaped["v6"] or shaped["v4"] or "").partition("%")[0])
        except ValueError:
            return None
    return found.ipv4_mapped or found if isinstance(found, IPv6Address) else found
