"""Roles R1–R20, their capacities in the rules, and which of them exclude each other. Pure words."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Role:
    """A role of the access model.

    `business` roles handle petition work, the three that `administers` exclude them and each other;
    `capacities` is what the law's actor words make of the role.
    """

    code: str
    zh: str
    en: str
    business: bool = True
    administers: bool = False
    grantable: bool = True
    capacities: frozenset[str] = frozenset()


def _role(code: str, zh: str, en: str, *capacities: str, **flags: bool) -> Role:
    return Role(code, zh, en, capacities=frozenset(capacities), **flags)


_ROLES = (
    _role("R1", "信访人", "petitioner", "petitioner", business=False),
    _role("R2", "信访代表", "representative", "petitioner", business=False),
    _role("R3", "接访登记员", "intake clerk", "clerk"),
    _role("R4", "登记主管", "intake supervisor", "clerk"),
    _role("R5", "转办员", "routing officer", "router"),
    _role("R6", "承办人", "case handler", "handler"),
    _role("R7", "单位负责人", "unit leader", "head"),
    _role("R8", "复查复核员", "reviewer", "reviewer", "handler"),
    _role("R9", "信访督查专员", "supervision inspector", "router"),
    _role("R10", "联席会议办公室", "joint-conference office", "router"),
    _role("R11", "纪检监察人员", "discipline commission officer", "handler"),
    _role("R12", "组织人事人员", "organisation and personnel officer", "registrar", "personnel"),
    _role("R13", "分析人员", "analyst"),
    _role(
        "R14", "系统管理员", "system administrator", "registrar", business=False, administers=True
    ),
    _role(
        "R15", "安全管理员", "security administrator", "registrar", business=False, administers=True
    ),
    _role("R16", "审计管理员", "audit administrator", "auditor", business=False, administers=True),
    _role("R17", "个人信息保护负责人", "data-protection officer"),
    _role("R18", "档案员", "archivist"),
    _role("R19", "外部审计、见证人", "external auditor or witness", business=False),
    _role("R20", "运维人员", "operator outside the application", business=False, grantable=False),
)

ROLES: dict[str, Role] = {role.code: role for role in _ROLES}
"""Every role by code. R20 works outside the application and can never be granted inside it."""

COMPARTMENTS = ("", "accuse", "account")
"""Compartments a grant may open beyond its role: accusations (D4) and accountability files (D7)."""


def conflicts(codes: frozenset[str]) -> tuple[tuple[str, str], ...]:
    """Return the pairs of roles that one person may not hold together.

    R14, R15 and R16 are three persons, exclusive with each other and with every business role
    (access model, section 2).
    """
    held = sorted(codes & ROLES.keys(), key=lambda code: int(code[1:]))
    return tuple(
        (first, second)
        for index, first in enumerate(held)
        for second in held[index + 1 :]
        if _exclude(ROLES[first], ROLES[second])
    )


def capacities(codes: frozenset[str]) -> frozenset[str]:
    """Return what the holder of these roles can be for the law (`law.words.CAPACITIES`)."""
    return frozenset().union(*(ROLES[code].capacities for code in codes if code in ROLES))


def _exclude(one: Role, other: Role) -> bool:
    if one.administers and other.administers:
        return True
    return (one.administers and other.business) or (other.administers and one.business)
