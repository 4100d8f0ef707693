"""Ed25519 as the ledger needs it: RFC 8032, and only keys every verifier agrees about.

Sign and verify come from ``cryptography``. On keys that are written in a non-canonical way or lie
in the
small subgroup, good libraries give different verdicts on the same signature, so a dishonest
operator could
show one verdict to the court and another to the petitioner. Such keys are refused before any
signature is
looked at.
"""

from __future__ import annotations

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from dengwen.merkle.errors import RejectedError

_P = 2**255 - 19
_D = -121665 * pow(121666, -1, _P) % _P
_SIGN_BIT = 1 << 255


def _square_root(square: int) -> int | None:
    """A root modulo 2**255 - 19 (a prime that is 5 modulo 8), or None for a non-residue."""
    root = pow(square, (_P + 3) // 8, _P)
    if root * root % _P != square % _P:
        root = root * pow(2, (_P - 1) // 4, _P) % _P
    return root if root * root % _P == square % _P else None


def _small_order_heights() -> frozenset[int]:
    """The y coordinates of the eight points whose order divides eight.

    Orders one and two have y of 1 and -1, order four has y of 0. A point of order eight doubles to
    one with
    y = 0, which on this curve means x*x = -y*y and hence d*y**4 + 2*y*y - 1 = 0.
    """
    heights = {0, 1, _P - 1}
    discriminant = _square_root(1 + _D)
    assert discriminant is not None
    for sign in (1, -1):
        height = _square_root((sign * discriminant - 1) * pow(_D, -1, _P) % _P)
        if height is not None:
            heights |= {height, _P - height}
    return frozenset(heights)


_SMALL_ORDER = _small_order_heights()


def check_public_key(public_key: bytes) -> None:
    """Raise ``RejectedError`` for a key of the wrong length, in a non-canonical spelling, or of
    small order."""
    _check_point(public_key, "public key")
    if int.from_bytes(public_key, "little") % _SIGN_BIT in _SMALL_ORDER:
        raise RejectedError("public key of small order: verifiers disagree about its signatures")


def public_key_of(seed: bytes) -> bytes:
    """The 32-byte public key that belongs to a 32-byte private seed."""
    private = Ed25519PrivateKey.from_private_bytes(seed)
    return private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def load_private(seed: bytes) -> Ed25519PrivateKey:
    """Make a signing object of a 32-byte seed, so that many signatures pay for it once."""
    return Ed25519PrivateKey.from_private_bytes(seed)


def verify(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the signature holds. False for anything doubtful; raises nothing."""
    try:
        check_public_key(public_key)
        if len(signature) != 64:
            return False
        _check_point(signature[:32], "signature point")
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except (RejectedError, InvalidSignature, ValueError):
        return False
    return True


def _check_point(encoded: bytes, what: str) -> None:
    if len(encoded) != 32:
        raise RejectedError(f"{what} of {len(encoded)} bytes where Ed25519 has 32")
    number = int.from_bytes(encoded, "little")
    height = number % _SIGN_BIT
    # x is zero only where y is 1 or -1, and zero has no negative.
    if height >= _P or (number >= _SIGN_BIT and height in (1, _P - 1)):
        raise RejectedError(f"{what} in a non-canonical encoding")
