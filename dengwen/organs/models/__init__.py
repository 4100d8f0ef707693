"""The tables of the registry, each row valid on the days [valid_from, valid_to).

Who was in charge on a day is evidence. So no row is ever deleted or overwritten: a change ends one
row and begins another, and both name the act that did it. Only effects write here (a test reads the
source to make sure). An end equal to the beginning means the row never applied: a mistake,
corrected in the open.
"""

from __future__ import annotations

from dengwen.organs.models.division_rows import (
    Division,
    DivisionStage,
)
from dengwen.organs.models.handling_rows import (
    HandlingEntry,
    HandlingList,
)
from dengwen.organs.models.organ_rows import (
    Competence,
    Line,
    Organ,
    OrganName,
    OrganSuccession,
    Seat,
    Superior,
)
from dengwen.organs.models.post_rows import (
    Appointment,
    Management,
    Official,
    Portfolio,
    Post,
    Substitute,
)

__all__ = (
    "Appointment",
    "Competence",
    "Division",
    "DivisionStage",
    "HandlingEntry",
    "HandlingList",
    "Line",
    "Management",
    "Official",
    "Organ",
    "OrganName",
    "OrganSuccession",
    "Portfolio",
    "Post",
    "Seat",
    "Substitute",
    "Superior",
)
