"""C2SP signed notes: a text, a blank line, and lines of signatures by named keys.

Signature types: 0x01 Ed25519 over the text, and 0x04 the timestamped cosignature of a witness (C2SP
tlog-cosignature). Lines of unknown keys are ignored, as the format wants: they are other people's
business.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from dengwen.merkle import ed25519
from dengwen.merkle.errors import RejectedError
from dengwen.merkle.strict_base64 import from_base64, to_base64

ED25519 = 0x01
COSIGNATURE = 0x04
MOST_SIGNATURES = 100
LONGEST_NOTE = 1 << 20

_PRIVATE = "PRIVATE+KEY+"
_CONTROL = re.compile("[\x00-\x09\x0b-\x1f]")
_KEY_ID = re.compile("[0-9a-f]{8}")


class MalformedError(RejectedError):
    """The text is no signed note."""


class BadSignatureError(RejectedError):
    """A key we know is named, and its signature does not hold."""


class UnverifiedError(RejectedError):
    """No key we know has signed."""


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key with its name, as written in a C2SP vkey line."""

    name: str
    kind: int
    public_key: bytes
    key_id: bytes

    @classmethod
    def of(cls, name: str, kind: int, public_key: bytes) -> VerifierKey:
        """Make one and compute its id; raise ``RejectedError`` for a name, kind or key that is
        not acceptable."""
        check_key_name(name)
        if kind not in (ED25519, COSIGNATURE):
            raise RejectedError(f"key {name!r}: signature type {kind:#04x} is not known here")
        ed25519.check_public_key(public_key)
        hashed = sha256(name.encode() + b"\n" + bytes([kind]) + public_key).digest()
        return cls(name, kind, public_key, hashed[:4])

    @classmethod
    def parse(cls, text: str) -> VerifierKey:
        """Read ``name+id+base64``; raise ``RejectedError`` unless every part fits the others."""
        name, key_id, key = _three_parts(text)
        if len(key) != 33:
            raise RejectedError(f"key {name!r}: {len(key)} bytes where 33 are needed")
        made = cls.of(name, key[0], key[1:])
        if made.key_id.hex() != key_id:
            raise RejectedError(f"key {name!r}: the id {key_id} does not belong to it")
        return made

    def __str__(self) -> str:
        """The vkey line."""
        return f"{self.name}+{self.key_id.hex()}+{to_base64(bytes([self.kind]) + self.public_key)}"


@dataclass(frozen=True, slots=True)
class SignerKey:
    """An Ed25519 private key with its name. Its text form is the secret itself: it has no useful
    ``repr``."""

    name: str
    seed: bytes = field(repr=False)
    public: VerifierKey
    _sign: Callable[[bytes], bytes] = field(repr=False, compare=False)

    @classmethod
    def of(cls, name: str, seed: bytes) -> SignerKey:
        """Make one of a 32-byte seed; raise ``RejectedError`` for a bad name or length."""
        if len(seed) != 32:
            raise RejectedError(f"key {name!r}: a seed of {len(seed)} bytes where 32 are needed")
        public = VerifierKey.of(name, ED25519, ed25519.public_key_of(seed))
        return cls(name, seed, public, ed25519.load_private(seed).sign)

    @classmethod
    def parse(cls, text: str) -> SignerKey:
        """Read ``PRIVATE+KEY+name+id+base64``; raise ``RejectedError`` (without the secret) if
        it is not one."""
        if not text.startswith(_PRIVATE):
            raise RejectedError("not a private key file: it does not begin with PRIVATE+KEY+")
        name, key_id, key = _three_parts(text[len(_PRIVATE) :])
        if len(key) != 33 or key[0] != ED25519:
            raise RejectedError(f"key {name!r}: not an Ed25519 seed")
        made = cls.of(name, key[1:])
        if made.public.key_id.hex() != key_id:
            raise RejectedError(f"key {name!r}: the id {key_id} does not belong to it")
        return made

    def private_text(self) -> str:
        """The secret text form, for a file only its owner may read."""
        return (
            f"{_PRIVATE}{self.name}+{self.public.key_id.hex()}"
            f"+{to_base64(bytes([ED25519]) + self.seed)}"
        )

    def sign_line(self, text: str) -> str:
        """The signature line over a note text. Deterministic: the same text gives the same line."""
        return f"— {self.name} {to_base64(self.public.key_id + self._sign(text.encode()))}\n"


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature that held: whose, and for a witness the second it was made (Unix time)."""

    key: VerifierKey
    timestamp: int | None


@dataclass(frozen=True, slots=True)
class Note:
    """An opened note: its text, and the known keys that signed it, each once, in the order of
    the lines."""

    text: str
    signatures: tuple[Signature, ...]

    def signed_by(self, name: str) -> bool:
        """Whether a key of this name signed the text itself (a witness's cosignature does not
        count)."""
        return any(held.key.name == name and held.key.kind == ED25519 for held in self.signatures)

    def witnesses(self) -> tuple[Signature, ...]:
        """The cosignatures that held."""
        return tuple(held for held in self.signatures if held.key.kind == COSIGNATURE)


def sign_note(text: str, *signers: SignerKey) -> str:
    """Make a signed note of a text that ends with a newline; ValueError for a text no note can
    carry."""
    if not text.endswith("\n") or _CONTROL.search(text):
        raise ValueError("a note text ends with a newline and holds no control characters")
    return text + "\n" + "".join(signer.sign_line(text) for signer in signers)


def open_note(data: str | bytes, keys: Sequence[VerifierKey]) -> Note:
    """Check a note against known keys.

    Raises ``MalformedError``, ``BadSignatureError`` when a known key's signature fails (even if
    another one holds), and
    ``UnverifiedError`` when no known key has signed.
    """
    text, lines = split_note(data)
    known = {(key.name, key.key_id): key for key in keys}
    held: dict[tuple[str, bytes], Signature] = {}
    for name, raw in [_read_line(line) for line in lines]:
        place = (name, raw[:4])
        if place in known and place not in held:
            held[place] = _verify(known[place], text, raw[4:])
    if not held:
        raise UnverifiedError("no key known here has signed this note")
    return Note(text, tuple(held.values()))


def split_note(data: str | bytes) -> tuple[str, list[str]]:
    """Text and signature lines of a note, unverified; raise ``MalformedError`` if it has not
    that shape."""
    if len(data) > LONGEST_NOTE:
        raise MalformedError(f"note of {len(data)} bytes, {LONGEST_NOTE} are allowed")
    try:
        whole = data if isinstance(data, str) else data.decode("utf-8")
        whole.encode("utf-8")
    except UnicodeError:
        raise MalformedError("note is not UTF-8") from None
    if _CONTROL.search(whole):
        raise MalformedError("note with control characters")
    text, blank, tail = whole.rpartition("\n\n")
    if not blank or not tail.endswith("\n"):
        raise MalformedError("note without a blank line and signature lines after its text")
    lines = tail[:-1].split("\n")
    if len(lines) > MOST_SIGNATURES:
        raise MalformedError(f"note with {len(lines)} signatures, {MOST_SIGNATURES} are allowed")
    return text + "\n", lines


def check_key_name(name: str) -> None:
    """Raise ``RejectedError`` for a name that is empty or holds a space, a plus or a control
    character."""
    if not name or "+" in name or any(char.isspace() or char < " " for char in name):
        raise RejectedError(
            f"key name {name!r} is empty or holds a space, a plus or a control character"
        )


def _three_parts(text: str) -> tuple[str, str, bytes]:
    parts = text.split("+", 2)
    if len(parts) != 3 or not _KEY_ID.fullmatch(parts[1]):
        raise RejectedError(
            "a key is written name+id+base64, with an id of eight hexadecimal digits"
        )
    return parts[0], parts[1], from_base64(parts[2])


def _read_line(line: str) -> tuple[str, bytes]:
    dash, space, rest = line.partition(" ")
    name, middle, encoded = rest.partition(" ")
    if dash != "—" or not space or not middle:
        raise MalformedError(f"not a signature line: {line[:60]!r}")
    try:
        check_key_name(name)
        raw = from_base64(encoded)
    except RejectedError as error:
        raise MalformedError(str(error)) from None
    if len(raw) < 5:
        raise MalformedError(f"signature line of {name!r} is too short")
    return name, raw


def _verify(key: VerifierKey, text: str, raw: bytes) -> Signature:
    timestamp: int | None = None
    message = text.encode()
    if key.kind == COSIGNATURE:
        timestamp = int.from_bytes(raw[:8], "big")
        message, raw = f"cosignature/v1\ntime {timestamp}\n".encode() + message, raw[8:]
    if not ed25519.verify(key.public_key, message, raw) or timestamp == 0:
        raise BadSignatureError(f"the signature of {key.name!r} does not hold")
    return Signature(key, timestamp)
