"""The one place where randomness comes from, so that the non-interference harness can replay a
world.

Everything unguessable is drawn here: nonces, keys, numbers, receipt codes, device tokens. Two
worlds that must look the same to somebody are run with the same `source`; in an office the source
is the operating system's.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

Source = Callable[[int], bytes]
"""Returns that many random bytes."""

_source: ContextVar[Source] = ContextVar("dengwen_randomness", default=secrets.token_bytes)


def token_bytes(count: int) -> bytes:
    """Return `count` random bytes."""
    return _source.get()(count)


def letters(alphabet: str, count: int) -> str:
    """Return `count` characters of `alphabet` (at most 256), each equally likely.

    Bytes beyond the last full round of the alphabet are thrown away; taking a remainder would
    favour its beginning.
    """
    limit = 256 - 256 % len(alphabet)
    found: list[str] = []
    while len(found) < count:
        found += [alphabet[byte % len(alphabet)] for byte in token_bytes(count) if byte < limit]
    return "".join(found[:count])


def digits(count: int) -> str:
    """Return `count` random decimal digits."""
    return letters("0123456789", count)


@contextmanager
def drawn_from(source: Source) -> Iterator[None]:
    """Draw from `source` inside the block: for the harness and for practice, never in an office."""
    token = _source.set(source)
    try:
        yield
    finally:
        _source.reset(token)
