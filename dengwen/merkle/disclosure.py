r"""What an event commits to: salted disclosures, the manifest of their digests, the event hash, the
log entry.

A field is hidden behind a digest with 32 bytes of salt, in the manner of RFC 9901 (SD-JWT). Whoever
is shown
the manifest and some disclosures can check those and learns nothing of the rest; destroying a
disclosure
erases the field while every proof stays valid. Bytes are hashed as they are stored: nothing is ever
serialised a second time.

    disclosure  D = base64url(UTF-8(JSON [salt, name, value]))
    digest      d = SHA-256(ASCII(D))
    manifest    M = "xf-event/v1\n", then each digest in byte order as base64 and a newline
    event hash  E = SHA-256(M)
    entry         = "xfl1" || E
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from itertools import pairwise
from json.encoder import encode_basestring
from typing import TypeAlias

from dengwen.merkle.errors import RejectedError
from dengwen.merkle.strict_base64 import from_base64url, hash_from_base64, to_base64, to_base64url

JsonValue: TypeAlias = "bool | int | str | Sequence[JsonValue] | dict[str, JsonValue] | None"
"""What a field may hold. No floats: their spelling differs between machines."""

SALT_SIZE = 32
MANIFEST_VERSION = b"xf-event/v1\n"
ENTRY_PREFIX = b"xfl1"
LARGEST_INTEGER = 2**53 - 1
LONGEST_DISCLOSURE = 1 << 20


def _refuse(spelling: str) -> None:
    raise RejectedError(f"number {spelling[:40]!r}: only integers are allowed")


def _object(pairs: list[tuple[str, JsonValue]]) -> dict[str, JsonValue]:
    if len(pairs) != len(dict(pairs)):
        raise RejectedError("an object with one key twice")
    return dict(pairs)


_decode = json.JSONDecoder(
    parse_float=_refuse, parse_constant=_refuse, object_pairs_hook=_object
).decode
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode


def _spelled(name: str, value: JsonValue) -> str:
    """Return a value as JSON, spelled as `_encode` does; what most values are without its
    detours."""
    kind = type(value)
    if kind is str:
        return encode_basestring(value)  # type: ignore[arg-type]  # text
    if value is None:
        return "null"
    if kind is bool:
        return "true" if value else "false"
    _check_value(name, value)
    if kind is int:
        return str(value)
    return _encode(value)


_quoted = lru_cache(maxsize=1024)(encode_basestring)
"""The name of a field as JSON: every event has the same two dozen."""


@dataclass(frozen=True, slots=True)
class Field:
    """One opened disclosure."""

    name: str
    value: JsonValue
    salt: bytes


def disclose(name: str, value: JsonValue, salt: bytes) -> str:
    """Write the disclosure of one field; keep the text, for it cannot be written again without its
    salt.

    Raises ``ValueError`` for a salt that is not 32 bytes, an empty name, and a value JSON cannot
    carry
    safely.
    """
    if len(salt) != SALT_SIZE:
        raise ValueError(f"field {name!r}: a salt of {len(salt)} bytes, {SALT_SIZE} are needed")
    if not name:
        raise ValueError("a field without a name")
    spelled = _spelled(name, value)
    try:
        return to_base64url(f'["{to_base64url(salt)}",{_quoted(name)},{spelled}]'.encode())
    except UnicodeEncodeError:
        raise ValueError(
            f"field {name!r}: text with half a surrogate pair; it is no Unicode text"
        ) from None


def digest(disclosure: str) -> bytes:
    """SHA-256 over the disclosure text as it stands (RFC 9901 section 4.2.3)."""
    return sha256(disclosure.encode("ascii")).digest()


def manifest_of(digests: Iterable[bytes]) -> bytes:
    """Manifest over the digests of an event's fields.

    Raise ``ValueError`` for none, or for the same one twice.
    """
    ordered = sorted(digests)
    if not ordered or len(set(ordered)) != len(ordered):
        raise ValueError("an event has at least one field, and no digest twice")
    lines = "\n".join([to_base64(one) for one in ordered])
    return MANIFEST_VERSION + f"{lines}\n".encode("ascii")


def event_hash(manifest: bytes) -> bytes:
    """The 32 bytes that stand for an event everywhere."""
    return sha256(manifest).digest()


def entry_of(hashed: bytes) -> bytes:
    """The 36 bytes that go into the log for an event hash; ValueError unless the hash has 32
    bytes."""
    if len(hashed) != 32:
        raise ValueError(f"an event hash of {len(hashed)} bytes")
    return ENTRY_PREFIX + hashed


def read_manifest(manifest: bytes) -> frozenset[bytes]:
    """Digests named by a manifest.

    Raises ``RejectedError`` for an unknown version line, digests out of order or twice, none at
    all, and
    anything that is not canonical base64 of 32 bytes on a line of its own.
    """
    if not manifest.startswith(MANIFEST_VERSION):
        raise RejectedError(f"manifest does not begin with {MANIFEST_VERSION.decode().strip()!r}")
    body = manifest[len(MANIFEST_VERSION) :]
    if not body.endswith(b"\n"):
        raise RejectedError("manifest does not end with a whole line")
    try:
        lines = body[:-1].decode("ascii").split("\n")
    except UnicodeDecodeError:
        raise RejectedError("manifest is not ASCII") from None
    digests = [hash_from_base64(line) for line in lines]
    if any(left >= right for left, right in pairwise(digests)):
        raise RejectedError("manifest digests are out of order or repeated")
    return frozenset(digests)


def read_disclosure(text: str) -> Field:
    """Open one disclosure.

    Raises ``RejectedError`` unless it is canonical base64url of a JSON array ``[salt, name,
    value]`` with a
    salt of at least 32 bytes, a name, and a value without floats, huge integers or repeated object
    keys.
    """
    if len(text) > LONGEST_DISCLOSURE:
        raise RejectedError(
            f"disclosure of {len(text)} characters, {LONGEST_DISCLOSURE} are allowed"
        )
    try:
        triple = _decode(from_base64url(text).decode("utf-8"))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError):
        raise RejectedError("disclosure is not JSON") from None
    if not (isinstance(triple, list) and len(triple) == 3 and isinstance(triple[0], str)):
        raise RejectedError("disclosure is not an array of salt, name and value")
    salt, name, value = from_base64url(triple[0]), triple[1], triple[2]
    if len(salt) < SALT_SIZE:
        raise RejectedError(f"a salt of {len(salt)} bytes can be guessed, {SALT_SIZE} are needed")
    if not isinstance(name, str) or not name:
        raise RejectedError("disclosure without a name")
    try:
        _check_value(name, value)
        _check_text(name, value)
    except (ValueError, RecursionError) as error:
        raise RejectedError(str(error)) from None
    return Field(name, value, salt)


def open_event(manifest: bytes, disclosures: Iterable[str]) -> dict[str, JsonValue]:
    """The fields that a manifest and some of its disclosures prove.

    Raises ``RejectedError`` for everything ``read_manifest`` and ``read_disclosure`` refuse, for a
    disclosure the
    manifest does not name, and for two disclosures of one name.
    """
    named = read_manifest(manifest)
    fields: dict[str, JsonValue] = {}
    for text in disclosures:
        field = read_disclosure(text)
        if digest(text) not in named:
            raise RejectedError(f"field {field.name!r} does not belong to this event")
        if field.name in fields:
            raise RejectedError(f"field {field.name!r} is opened twice")
        fields[field.name] = field.value
    return fields


def _check_text(name: str, value: JsonValue) -> None:
    """Raise ``ValueError`` unless name and value can be written as UTF-8: half a surrogate pair
    cannot."""
    name.encode("utf-8")
    if isinstance(value, str):
        value.encode("utf-8")
    elif isinstance(value, list | dict):
        _encode(value).encode("utf-8")


def _check_value(name: str, value: object) -> None:
    """Raise ``ValueError`` naming the field unless the value is within what a disclosure may
    carry."""
    if value is None or isinstance(value, str | bool):
        return
    if isinstance(value, int):
        if abs(value) > LARGEST_INTEGER:
            raise ValueError(f"field {name!r}: integer {value} is beyond 2**53; write it as text")
    elif isinstance(value, list | tuple):
        for part in value:
            _check_value(name, part)
    elif isinstance(value, dict):
        for key, part in value.items():
            if not isinstance(key, str):
                raise ValueError(f"field {name!r}: object key {key!r} is not text")
            _check_value(name, part)
    else:
        raise ValueError(
            f"field {name!r}: {type(value).__name__} cannot be hashed; "
            "allowed are text, whole numbers, booleans, "
            "null, arrays and objects (write dates and amounts as text)"
        )
