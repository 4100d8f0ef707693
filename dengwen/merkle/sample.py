"""A random sample that nobody alone can steer and anybody can draw again.

    seed = SHA-256(plan digest ‖ checkpoint root ‖ secret)          three times 32 bytes, in this
    order

The plan (population, strata, sizes, digest of the secret) is fixed first; the root comes from the
checkpoint after it;
the secret, kept by another organ until then, is opened last. Each stratum is drawn by itself,
without replacement:

    block(i) = SHA-256("dengwen-draw/1" ‖ 0x00 ‖ seed ‖ SHA-256(name of the stratum, UTF-8) ‖ i as 8
    bytes, big-endian)
    number(i) = the first 8 bytes of block(i), big-endian
    below(k): keep the lowest b bits of the next number, b the bit length of k - 1; throw it away if
    it is not below k
    for place 0 … size - 1: exchange it with place + below(population - place); the first `size`
    places are the sample

Throwing away instead of taking a remainder leaves every unit equally likely. The population is
sorted by its UTF-8
bytes before the draw, so the order in which it was gathered decides nothing.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256

from dengwen.merkle.errors import RejectedError
from dengwen.merkle.tree import HASH_SIZE

DOMAIN = b"dengwen-draw/1\x00"
_WORD = 8


def secret_digest(secret: bytes) -> bytes:
    """Return what is deposited of a secret: its SHA-256; RejectedError unless the secret has 32
    bytes."""
    _sized("secret", secret)
    return sha256(secret).digest()


def opens(secret: bytes, deposited: bytes) -> bool:
    """Say whether a secret of 32 bytes is the one whose digest was deposited."""
    return len(secret) == HASH_SIZE and hmac.compare_digest(sha256(secret).digest(), deposited)


def seed_of(plan: bytes, root: bytes, secret: bytes) -> bytes:
    """Return the seed of plan digest, checkpoint root and secret, 32 bytes each; RejectedError
    for other lengths."""
    for name, value in (("plan digest", plan), ("root", root), ("secret", secret)):
        _sized(name, value)
    return sha256(plan + root + secret).digest()


def draw(seed: bytes, stratum: str, population: Sequence[str], size: int) -> tuple[str, ...]:
    """Return `size` different units of a stratum in the order in which they were drawn.

    Raises RejectedError for a seed of another length, a unit named twice, or a size that is
    negative or above the
    population.
    """
    _sized("seed", seed)
    units = sorted(population, key=str.encode)
    if len(set(units)) != len(units):
        raise RejectedError(f"stratum {stratum!r}: a unit stands in the population twice")
    if not 0 <= size <= len(units):
        raise RejectedError(f"stratum {stratum!r}: a sample of {size} from {len(units)}")
    numbers = _numbers(seed, stratum)
    for place in range(size):
        other = place + below(numbers, len(units) - place)
        units[place], units[other] = units[other], units[place]
    return tuple(units[:size])


def draw_strata(
    seed: bytes, strata: Mapping[str, tuple[Sequence[str], int]]
) -> dict[str, tuple[str, ...]]:
    """Return the sample of every stratum; each is drawn with numbers of its own, so their order
    decides nothing."""
    return {name: draw(seed, name, population, size) for name, (population, size) in strata.items()}


def below(numbers: Iterator[int], limit: int) -> int:
    """Return the next number below `limit` (at least 1), every one equally likely, by throwing
    away what is not."""
    mask = (1 << (limit - 1).bit_length()) - 1
    return next(kept for number in numbers if (kept := number & mask) < limit)


def _numbers(seed: bytes, stratum: str) -> Iterator[int]:
    head = DOMAIN + seed + sha256(stratum.encode()).digest()
    place = 0
    while True:
        yield int.from_bytes(sha256(head + place.to_bytes(_WORD, "big")).digest()[:_WORD], "big")
        place += 1


def _sized(name: str, value: bytes) -> None:
    if len(value) != HASH_SIZE:
        raise RejectedError(f"a {name} of {len(value)} bytes where {HASH_SIZE} are needed")
