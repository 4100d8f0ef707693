"""The keys that never enter the database: files of mode 0400 in the data folder's `keys`.

One key-encryption key per compartment and generation (`ident`, `content`, `accuse`, `account`), one
for blind indexes, one for receipt codes, one for what may be recognised again (devices, names at
sign-in). Whoever has only the database has ciphertext. In production a key service or certified
device takes the place of these files.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from dengwen.access.errors import SealError
from dengwen.access.keys.randomness import token_bytes

COMPARTMENTS = ("ident", "content", "accuse", "account")
KEY_BYTES = 32
TENANT_BYTES = 8
_KEK = re.compile(r"kek-([a-z]+)-([0-9]+)")
_SINGLE = ("index", "receipt", "recognise")


@dataclass(frozen=True)
class KeyRing:
    """The keys of one installation. `tenant` is its random name, bound into everything sealed."""

    tenant: str
    keks: Mapping[tuple[str, int], bytes] = field(repr=False)
    single: Mapping[str, bytes] = field(repr=False)

    def newest(self, compartment: str) -> int:
        """Return the newest generation of a compartment's key; SealError where none is here."""
        generations = [number for name, number in self.keks if name == compartment]
        if not generations:
            raise _absent(f"kek-{compartment}")
        return max(generations)

    def kek(self, compartment: str, generation: int) -> bytes:
        """Return the key-encryption key of a compartment; SealError where it is not here."""
        key = self.keks.get((compartment, generation))
        if key is None:
            raise _absent(f"kek-{compartment}-{generation}")
        return key

    def digest(self, purpose: str, *parts: str) -> str:
        """Return HMAC-SHA-256 (hex) of `parts` under the key for `purpose`, bound to this
        tenant."""
        key = self.single.get(purpose)
        if key is None:
            raise _absent(purpose)
        text = "\x00".join((self.tenant, *parts))
        return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def create(folder: Path) -> KeyRing:
    """Make all keys of a new installation; SealError where there are keys already, for they are
    never overwritten."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    names = names_of_new()
    for name in names:
        if (folder / name).exists():
            raise SealError(
                "keys_exist",
                where=str(folder / name),
                zh="密钥已存在，不得覆盖",
                en="keys are here already and are never overwritten",
                mend_zh="换一个空文件夹，或沿用现有密钥",
                mend_en="use the keys that are here, or an empty folder",
            )
    for name in names:
        _write(folder / name, token_bytes(TENANT_BYTES if name == "tenant" else KEY_BYTES))
    return load(folder)


def complete(folder: Path) -> bool:
    """Make those keys of a new installation that are missing; say whether any was. Those that are
    there stay.

    Only for an office that has sealed nothing yet: a first start that was cut off is taken up by
    this.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    missing = [name for name in names_of_new() if not (folder / name).exists()]
    for name in missing:
        _write(folder / name, token_bytes(TENANT_BYTES if name == "tenant" else KEY_BYTES))
    return bool(missing)


def names_of_new() -> tuple[str, ...]:
    """Return the names of the key files of a new installation."""
    return ("tenant", *_SINGLE, *(f"kek-{name}-1" for name in COMPARTMENTS))


def load(folder: Path) -> KeyRing:
    """Read the keys; SealError where one is missing, malformed, or may be read by others of this
    machine."""
    keks: dict[tuple[str, int], bytes] = {}
    for path in folder.glob("kek-*"):
        if match := _KEK.fullmatch(path.name):
            keks[(match[1], int(match[2]))] = _read(path, KEY_BYTES)
    single = {name: _read(folder / name, KEY_BYTES) for name in _SINGLE}
    ring = KeyRing(_read(folder / "tenant", TENANT_BYTES).hex(), keks, single)
    for compartment in COMPARTMENTS:
        ring.newest(compartment)
    return ring


def add_generation(folder: Path, compartment: str) -> KeyRing:
    """Make the next key of a compartment; the old ones stay until every case key is wrapped
    anew."""
    number = load(folder).newest(compartment) + 1
    _write(folder / f"kek-{compartment}-{number}", token_bytes(KEY_BYTES))
    return load(folder)


@lru_cache(maxsize=1)
def key_ring() -> KeyRing:
    """Return the keys of this installation, from the data folder; read once per process."""
    return load(Path(settings.DATA) / "keys")


def _write(path: Path, key: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(key.hex() + "\n")
        file.flush()
        os.fsync(file.fileno())


def _read(path: Path, size: int) -> bytes:
    if not path.exists():
        raise _absent(path.name)
    if os.name == "posix" and path.stat().st_mode & 0o377:
        raise SealError(
            "open_to_others",
            where=str(path),
            zh="密钥文件权限过宽",
            en="the key file is open to more than its owner's reading",
            mend_zh=f"chmod 400 {path}",
            mend_en=f"chmod 400 {path}",
        )
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except ValueError:
        key = b""
    except OSError as error:
        raise SealError(
            "unreadable",
            where=str(path),
            zh=f"密钥文件读不出来（{error.strerror}）",
            en=f"the key file cannot be read ({error.strerror})",
            mend_zh="用运行登闻的账号读得到的权限（400）放回这个文件",
            mend_en="put it back so that the account Dengwen runs under can read it (mode 400)",
        ) from None
    if len(key) != size:
        raise SealError(
            "malformed",
            where=str(path),
            zh=f"不是{size}字节的密钥",
            en=f"does not hold a key of {size} bytes",
            mend_zh="从备份恢复",
            mend_en="restore it from the backup",
        )
    return key


def _absent(name: str) -> SealError:
    return SealError(
        "no_key",
        where=name,
        zh="没有这一密钥",
        en="this key is not here",
        mend_zh="从密钥备份恢复，或者 dengwen join 从另一节点取来",
        mend_en="restore it from the key backup, or bring it from another node with dengwen join",
    )
