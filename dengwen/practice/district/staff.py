"""Who acts in the invented district: clerk, router, handler, checker and head of every organ,
from the registry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from dengwen.access.models import RoleGrant, User
from dengwen.access.roles import capacities
from dengwen.cases.write.perform import By
from dengwen.organs.models import Organ

PETITION_OFFICE = "YJ01"
DISCIPLINE = "YJ09"
ACCUSE = "accuse"


class NotPracticeError(Exception):
    """Somebody asked for invented data in an office that is real. Nothing was written."""

    @staticmethod
    def at(folder: str) -> NotPracticeError:
        """Say where, why and the mend."""
        return NotPracticeError(
            f"{folder} 是真实的办公数据，不得写入演练数据；另用新文件夹 dengwen init --practice / "
            "is a real office and takes no invented data; "
            "make another folder with dengwen init --practice"
        )


@dataclass
class Staff:
    """The accounts of an office by organ and role, read once."""

    organs: dict[str, int]
    codes: dict[int, str]
    roles: dict[str, dict[str, frozenset[str]]] = field(default_factory=dict)
    users: dict[str, int] = field(default_factory=dict)
    sealed: frozenset[str] = frozenset()

    @staticmethod
    def load(day: date) -> Staff:
        """Read who holds which role in which organ on `day`."""
        organs = dict(Organ.objects.values_list("code", "pk"))
        staff = Staff(organs, {pk: code for code, pk in organs.items()})
        sealed = set()
        rows = RoleGrant.objects.on(day).filter(organ__isnull=False, user__is_active=True)
        for grant in rows.select_related("user", "organ").order_by("id"):
            code = grant.organ.code if grant.organ else ""
            held = staff.roles.setdefault(code, {})
            held[grant.user.username] = held.get(grant.user.username, frozenset()) | {grant.role}
            staff.users[grant.user.username] = grant.user.pk
            if grant.compartment == ACCUSE:
                sealed.add(grant.user.username)
        staff.sealed = frozenset(sealed)
        return staff

    def handling(self) -> Sequence[str]:
        """Return the codes of the district's organs that can handle a claim from end to end."""
        return [
            code
            for code in sorted(self.roles)
            if code[:2] == "YJ" and code[2:].isdigit() and self._whole(code)
        ]

    def _whole(self, code: str) -> bool:
        """Say whether an organ has a handler, a checker and a head."""
        held = list(self.roles[code].values())
        return (
            any({"R3", "R6"} <= h for h in held)
            and any("R6" in h and "R3" not in h for h in held)
            and any("R7" in h for h in held)
        )

    def by(self, code: str, part: str) -> By:
        """Return whoever plays `part` in the organ `code`: clerk, router, sealed, handler, checker,
        head or
        supervisor (who registers, and reads the matters of the area).

        Raises LookupError, naming both, where the organ has nobody for it.
        """
        for username, roles in self.roles.get(code, {}).items():
            if self._plays(username, roles, part):
                return By(self.users[username], self.organs[code], capacities(roles))
        raise LookupError(f"{code} has nobody who is its {part}")

    def _plays(self, username: str, roles: frozenset[str], part: str) -> bool:
        """Say whether somebody with these roles can play a part."""
        secret = username in self.sealed
        wanted = {
            "clerk": bool(roles & {"R3"}) and not secret,
            "router": bool(roles & {"R5"}) and not secret,
            "sealed": secret,
            "handler": bool(roles & {"R6", "R8"}) and bool(roles & {"R3"}),
            "checker": roles == frozenset({"R6"}) or roles == frozenset({"R7"}),
            "head": "R7" in roles,
            "supervisor": frozenset({"R4", "R9"}) <= roles,
        }
        return wanted[part]


def registrar(username: str) -> By:
    """Return an administrator as an actor of registry and edition acts."""
    user = User.objects.get(username=username)
    return By(user.pk, None, frozenset({"registrar"}))
