"""The keys of a log: files in the data folder, one for checkpoints and one for promises.

The log key signs checkpoints only and belongs to the sequencer; the promise key is online, beside
the pages. A stolen promise key can promise falsely but cannot make a false log (ledger.md section
6).
"""

from __future__ import annotations

import os
import secrets
import stat
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from dengwen.ledger.errors import KeyFileError
from dengwen.merkle.checkpoint import ORIGIN
from dengwen.merkle.errors import RejectedError
from dengwen.merkle.note import SignerKey, VerifierKey
from dengwen.merkle.promise import KEY_SUFFIX

_LOG, _PROMISE = "log", "promise"
FILES = (f"{_LOG}.key", f"{_LOG}.vkey", f"{_PROMISE}.key", f"{_PROMISE}.vkey")
"""The files of a log's two key pairs."""


@dataclass(frozen=True, slots=True)
class Keys:
    """What a process needs of the keys. The log key is read only when asked for, by the
    sequencer."""

    folder: Path
    origin: str
    promise: SignerKey
    log_public: VerifierKey

    @classmethod
    def load(cls, folder: Path) -> Keys:
        """Read ``folder/keys``.

        Raises ``KeyFileError`` for a file that is missing, that others may read, or that does not
        fit its neighbours, and when both keys are the same.
        """
        promise = _read_signer(folder / "keys" / f"{_PROMISE}.key")
        public = _read_public(folder / "keys" / f"{_LOG}.vkey")
        origin = public.name
        if promise.name != origin + KEY_SUFFIX:
            raise KeyFileError(
                f"{folder / 'keys'}: key {promise.name!r} does not promise for log {origin!r}"
                ". Mend: "
                "put the pair made together back in place"
            )
        if promise.public.public_key == public.public_key:
            raise KeyFileError(
                f"{folder / 'keys'}: the log key and the promise key are one. "
                "Mend: restore both from the backup"
            )
        return cls(folder, origin, promise, public)

    def log_signer(self) -> SignerKey:
        """The log key itself; raise ``KeyFileError`` where it may not be read (as in the web
        tier)."""
        file = self.folder / "keys" / f"{_LOG}.key"
        signer = _read_signer(file)
        if signer.public != self.log_public:
            raise KeyFileError(
                f"{file} does not belong to the public key beside it. Mend: restore the pair"
            )
        return signer

    def vkeys(self) -> tuple[VerifierKey, VerifierKey]:
        """The public keys to print in the gazette and on the slip: log, promise."""
        return self.log_public, self.promise.public

    @property
    def is_practice(self) -> bool:
        """Whether this log is for practice and has no force."""
        return self.origin.startswith("practice.")


def create_keys(folder: Path, origin: str) -> Keys:
    """Make the two key pairs of a new log in ``folder/keys`` and read them back.

    ``origin`` is ``xf.<domain>/<year of start>``; one for practice begins with ``practice.``.
    Raises ``ValueError`` for any other origin and ``KeyFileError`` if keys are there already: they
    are never overwritten.
    """
    if not ORIGIN.fullmatch(origin):
        raise ValueError(f"origin {origin!r} is not xf.<domain>/<year> or practice.<domain>/<year>")
    keys = folder / "keys"
    keys.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in FILES:
        if (keys / name).exists():
            raise KeyFileError(
                f"{keys / name} exists already. Mend: a new log needs a new data folder"
            )
    for kind, name in ((_LOG, origin), (_PROMISE, origin + KEY_SUFFIX)):
        signer = SignerKey.of(name, secrets.token_bytes(32))
        _write(keys / f"{kind}.key", signer.private_text(), 0o400)
        _write(keys / f"{kind}.vkey", str(signer.public), 0o444)
    _sync_folder(keys)
    return Keys.load(folder)


def renew_unbound(folder: Path, origin: str) -> Keys:
    """Make the key pairs of a log anew where a first start was cut off among them.

    Only for a folder whose keys signed nothing yet: what lies there half made is removed. Raises as
    `create_keys`.
    """
    for name in FILES:
        (folder / "keys" / name).unlink(missing_ok=True)
    return create_keys(folder, origin)


def is_whole(folder: Path) -> bool:
    """Say whether all four files of a log's keys lie in the folder."""
    return all((folder / "keys" / name).exists() for name in FILES)


def current() -> Keys:
    """The keys of this installation (``settings.DATA``), read once per folder and process."""
    return _loaded(settings.DATA)


@lru_cache(maxsize=64)
def _loaded(folder: Path | str) -> Keys:
    return Keys.load(Path(folder))


def _read_signer(file: Path) -> SignerKey:
    text = _read(file, private=True)
    try:
        return SignerKey.parse(text)
    except RejectedError as error:
        raise KeyFileError(f"{file}: {error}. Mend: restore it from the key backup") from None


def _read_public(file: Path) -> VerifierKey:
    try:
        return VerifierKey.parse(_read(file, private=False))
    except RejectedError as error:
        raise KeyFileError(f"{file}: {error}. Mend: restore it from the key backup") from None


def _read(file: Path, *, private: bool) -> str:
    try:
        mode = file.stat().st_mode
        text = file.read_text(encoding="ascii").removesuffix("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise KeyFileError(
            f"{file} cannot be read ({error}). Mend: restore it from the key backup, or "
            "bring it from another node "
            "with dengwen join"
        ) from None
    if private and os.name == "posix" and stat.S_IMODE(mode) & 0o077:
        raise KeyFileError(
            f"{file} may be read by other users of this machine. Mend: chmod 400 {file}"
        )
    return text


def _write(file: Path, text: str, mode: int) -> None:
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(handle, "w", encoding="ascii") as stream:
        stream.write(text + "\n")
        stream.flush()
        os.fsync(stream.fileno())


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
