"""Texts and particulars: packed with a salt, digested for the act, sealed where their class asks
for it.

A package is the canonical JSON of the fields of one data class of one act. The digest in the act
covers the package; destroying the package (or its key) erases the text and leaves the act and the
ledger whole.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from dengwen.access.keys.keyring import key_ring
from dengwen.access.keys.randomness import token_bytes
from dengwen.access.keys.sealed_values import COMPARTMENT_OF, CaseKeys, Place, seal, unseal
from dengwen.cases.files.held_files import reseal
from dengwen.cases.models import Act, Case, Content
from dengwen.cases.write.call_context import CallContext
from dengwen.law.packs.rules import ActRule
from dengwen.store.row_tables import new

ALWAYS_SEALED = frozenset({"D2", "D4", "D7"})
LATE_REASON = "late_reason"
SALT_BYTES = 32


@dataclass(frozen=True, slots=True)
class Package:
    """The fields of one data class of an act, ready to be stored: canonical bytes and their
    digest."""

    data_class: str
    body: bytes
    digest: str


def pack(rule: ActRule, texts: Mapping[str, str], late_reason: str = "") -> list[Package]:
    """Group the texts of a step by data class and salt each group."""
    groups: dict[str, dict[str, str]] = {}
    for name, text in texts.items():
        declared = rule.field_rule(name)
        if text and declared is not None:
            groups.setdefault(declared.data_class, {})[name] = text
    if late_reason:
        groups.setdefault("D5", {})[LATE_REASON] = late_reason
    packages = []
    for data_class, fields in sorted(groups.items()):
        salt = base64.b64encode(token_bytes(SALT_BYTES)).decode()
        body = json.dumps(
            {"fields": fields, "salt": salt},
            ensure_ascii=False,
            sort_keys=True,
            separators=(",", ":"),
        ).encode()
        packages.append(Package(data_class, body, hashlib.sha256(body).hexdigest()))
    return packages


def digest_of(packages: list[Package]) -> str:
    """Return the digest an act keeps: over the digests of its packages in order of class; ""
    without any."""
    if not packages:
        return ""
    return hashlib.sha256(
        "\n".join(f"{p.data_class} {p.digest}" for p in packages).encode()
    ).hexdigest()


def store(case: Case, act: Act, packages: list[Package], now: datetime, call: CallContext) -> None:
    """Write the packages of an act, sealed where the class or the case asks for it."""
    rows = []
    for package in packages:
        row = new(
            Content,
            case_id=case.pk,
            act_id=act.pk,
            data_class=package.data_class,
            digest=package.digest,
            body=package.body,
        )
        if package.data_class in ALWAYS_SEALED or case.protected:
            _seal(row, case, act.uid, package.body, now, call.keys)
        rows.append(row)
    call.unit.add(*rows)


def protect(case: Case, now: datetime, keys: CaseKeys) -> None:
    """Seal everything a case holds in the compartment of accusations, from the moment it proves to
    be one.

    What was sealed for identity stays sealed for identity (access model 6: D2 has its own
    compartment). `keys` are those of the running call: it alone knows of one made in it.
    """
    case.protected, case.title = True, ""
    for row in Content.objects.filter(case=case, sealed=False).select_related("act"):
        _seal(row, case, row.act.uid, bytes(row.body), now, keys)
        row.save(update_fields=["sealed", "compartment", "body"])
    reseal(case, now, keys)


def _seal(row: Content, case: Case, uid: str, body: bytes, now: datetime, keys: CaseKeys) -> None:
    """Put the sealed bytes of a package into its row."""
    place = _place(row, uid, protected=case.protected)
    row.body = seal(key_ring(), case.pk, place, body, now, keys)
    row.sealed = True
    row.compartment = place.compartment


def _place(row: Content, uid: str, *, protected: bool) -> Place:
    """Return where a package is sealed: in a protected case all that has no compartment of its own
    lies with the accusations."""
    sealed_as = row.data_class
    if protected and sealed_as not in ALWAYS_SEALED:
        sealed_as = "D4"
    return Place("cases_content", uid, row.data_class, sealed_as)


def open_package(row: Content, uid: str = "", keys: CaseKeys | None = None) -> dict[str, str]:
    """Return the fields of a stored package. Reading them is for callers that wrote the read log
    first.

    `uid` is that of its act, for callers that have it; otherwise the act is read where the package
    is sealed. `keys` are those somebody has at hand who opens several.
    """
    fields: dict[str, str] = json.loads(_body(row, uid, keys))["fields"]
    return fields


def intact(row: Content) -> bool:
    """Say whether a stored package still has the digest its act keeps; sealed ones are opened to
    see."""
    return hashlib.sha256(_body(row)).hexdigest() == row.digest


def _body(row: Content, uid: str = "", keys: CaseKeys | None = None) -> bytes:
    """Return the canonical bytes of a stored package, unsealed; `uid` is that of its act where
    known."""
    body = bytes(row.body)
    if not row.sealed:
        return body
    protected = row.compartment == COMPARTMENT_OF["D4"]
    place = _place(row, uid or row.act.uid, protected=protected)
    return unseal(key_ring(), row.case_id, place, body, keys)
