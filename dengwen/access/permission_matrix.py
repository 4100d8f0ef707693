"""What each role may do with each data class: the table of the access model, section 2, as data.

The wall is asked after this table and always wins; assignment, purpose and session come on top
(need-to-know rules). A cell reads `actions scope`: C create, R read, M read masked, W append, A
approve, X export.
"""

from __future__ import annotations

from dataclasses import dataclass

from dengwen.access.roles import ROLES

CLASSES = ("D1", "D2", "D3", "D4", "D5", "D6", "D7", "D8")
"""The classes of the table; D0 is public, D9 and D10 are nobody's to read."""

_CELLS = """
R1  | R own | RW own | RC own | RC own | - | R own | R notice | R summary
R2  | R own | R own | R own | R own | - | R own | - | -
R3  | CR counter | CM counter | C counter | C blind | - | - | - | -
R4  | R counter | M counter | R counter | - | - | R counter | - | -
R5  | RW unit | M unit | R unit | R compartment | W unit | R unit | - | -
R6  | RW own | RM own | R own | R named | RW own | C own | - | -
R7  | RA unit | M unit | R own | R named | R own | A unit | - | -
R8  | RW own | M own | R own | R named | RW own | CA own | - | -
R9  | R scope | M scope | R scope | R named | RW scope | R scope | C proposal | -
R10 | R scope | M scope | R scope | - count | R scope | R scope | RW scope | -
R11 | RW accuse | R logged | R accuse | RW accuse | RW accuse | R accuse | RW accuse | R unit
R12 | - | - | - | - | - | - | R decided | -
R13 | - aggregated | - | - | - | - | - | - aggregated | -
R14 | - config | - | - | - | - | - | - | -
R15 | W roles | - | - | - | - | - | - | R security
R16 | - | - | - | - | - | - | - | R all
R17 | R rights | R rights | - | - | - | - | - | R all
R18 | R closed | M closed | R closed | R package | R closed | R closed | R package | -
R19 | X audit | - | - | - | - | - | - | R roots
R20 | - | - | - | - | - | - | - | -
"""


@dataclass(frozen=True, slots=True)
class Right:
    """What a role may do with a class, and within which scope. No actions: nothing at all."""

    actions: frozenset[str]
    scope: str

    def may(self, action: str) -> bool:
        """Say whether `action` (one of C R M W A X) is allowed; reading in clear is more than
        reading masked."""
        return action in self.actions or (action == "M" and "R" in self.actions)


NOTHING = Right(frozenset(), "")


def _read_table(text: str) -> dict[tuple[str, str], Right]:
    table: dict[tuple[str, str], Right] = {}
    for line in text.strip().splitlines():
        role, *cells = (cell.strip() for cell in line.split("|"))
        for data_class, cell in zip(CLASSES, cells, strict=True):
            actions, _, scope = cell.partition(" ")
            table[role, data_class] = Right(frozenset(actions.replace("-", "")), scope)
    return table


TABLE: dict[tuple[str, str], Right] = _read_table(_CELLS)
"""Every cell of the table, by role and class."""


def right(role: str, data_class: str) -> Right:
    """Return what `role` may do with `data_class`; KeyError for an unknown role. D0 may be read
    by everybody."""
    if role not in ROLES:
        raise KeyError(role)
    if data_class == "D0":
        return Right(frozenset("R"), "public")
    return TABLE.get((role, data_class), NOTHING)
