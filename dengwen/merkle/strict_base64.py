"""Strict base64: one byte string has exactly one accepted spelling.

Lenient decoders ignore stray characters and unused bits, so two different texts could stand for one
signature or one disclosure. Every decoder here refuses a text that does not come out of the
encoder.
"""

from __future__ import annotations

import binascii

from dengwen.merkle.errors import RejectedError

_TO_URL = bytes.maketrans(b"+/", b"-_")
_FROM_URL = bytes.maketrans(b"-_", b"+/")


def to_base64(data: bytes) -> str:
    """Encode in the standard alphabet of RFC 4648 section 4, with padding."""
    return binascii.b2a_base64(data, newline=False).decode("ascii")


def from_base64(text: str) -> bytes:
    """Decode standard base64; raise ``RejectedError`` unless the text is the one canonical
    spelling."""
    try:
        data = binascii.a2b_base64(text.encode("ascii"), strict_mode=True)
    except (UnicodeEncodeError, binascii.Error, ValueError):
        raise RejectedError(f"not base64: {text[:40]!r}") from None
    if to_base64(data) != text:
        raise RejectedError(f"base64 is not canonical: {text[:40]!r}")
    return data


def to_base64url(data: bytes) -> str:
    """Encode in the URL alphabet of RFC 4648 section 5, without padding (as RFC 9901 disclosures
    are)."""
    return binascii.b2a_base64(data, newline=False).translate(_TO_URL, b"=").decode("ascii")


def from_base64url(text: str) -> bytes:
    """Decode unpadded base64url; raise ``RejectedError`` unless the text is the one canonical
    spelling."""
    try:
        padded = text.encode("ascii").translate(_FROM_URL) + b"=" * (-len(text) % 4)
        data = binascii.a2b_base64(padded, strict_mode=True)
    except (UnicodeEncodeError, binascii.Error, ValueError):
        raise RejectedError(f"not base64url: {text[:40]!r}") from None
    if to_base64url(data) != text:
        raise RejectedError(f"base64url is not canonical: {text[:40]!r}")
    return data


def hash_from_base64(text: str) -> bytes:
    """Decode one SHA-256 value; raise ``RejectedError`` unless it is 32 bytes in canonical
    base64."""
    data = from_base64(text)
    if len(data) != 32:
        raise RejectedError(f"a hash of {len(data)} bytes where SHA-256 gives 32: {text[:60]!r}")
    return data
