"""The file that a review or re-examination decides on: read by those who decide it, while it is
theirs to decide.

Whoever decides sees what the decision is about (R22 35, 36). Reading follows the assignment (access
model 3 N1, N2): reviewers and the head of the organ that holds the review, from the day it came
until the opinion is issued; its handler where one is named; who may check the draft while one waits
for the check. It is no standing in the file: nothing is done there, it enters no list, no count, no
search, and ends by itself. Never across the wall, neither that of the file nor that of the review,
and nothing that is protected.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from dengwen.access.roles import ROLES
from dengwen.access.statements import DAY, Groups, Statement
from dengwen.cases.models import Case, CaseLink, Duty
from dengwen.cases.wall.visibility import VIEWER_GROUPS, Viewer, as_groups, not_walled, of_groups

DECIDERS = frozenset({"R7", "R8"})
"""The head who issues the opinion, and reviewers (access model, section 2)."""
DECIDING_KINDS = ("review", "recheck")
"""Procedures in which another organ's opinion is decided on."""
TO_DECIDE = ("review_decide", "recheck_decide")
"""Duties that are open as long as an opinion is owed: from the request until it is issued,
refused or withdrawn."""
TO_CHECK = "check_draft"
REVIEWS, RECHECKS = "reviews", "rechecks"


@dataclass(frozen=True, slots=True)
class Decider:
    """Somebody who may have a review to decide: as the wall sees them, in the organ sat down for,
    by which roles."""

    viewer: Viewer
    organ: int | None
    roles: frozenset[str]

    @property
    def handles(self) -> bool:
        """Whether one of the roles drafts and checks opinions."""
        return any("handler" in ROLES[role].capacities for role in self.roles if role in ROLES)


def find_decided_on(decider: Decider, number: str) -> Case | None:
    """Return the case with this number where it is the file of a review this person decides now;
    else None.

    Hidden and missing are the same None, after the same one query; none where the roles decide
    nothing.
    """
    decides, handles = bool(decider.roles & DECIDERS), decider.handles
    if (
        decider.organ is None
        or decider.organ not in decider.viewer.organs
        or not (decides or handles)
    ):
        return None
    groups = (*as_groups(decider.viewer), (decider.organ,), (0,) * decides, (0,) * handles)
    return _FIND.first(Case, groups, DAY, number)


def decided_on(decider: Decider) -> QuerySet[Case]:
    """Return the files of the reviews and re-examinations this person decides now."""
    return _decided_on(
        decider.viewer,
        decider.organ,
        decides=bool(decider.roles & DECIDERS),
        handles=decider.handles,
    )


def _decided_on(
    viewer: Viewer, organ: int | None, *, decides: bool, handles: bool
) -> QuerySet[Case]:
    mine = CaseLink.objects.filter(
        _theirs(viewer, organ, decides=decides, handles=handles),
        kind__in=(REVIEWS, RECHECKS),
        case__protected=False,
        case__holder_id=organ,
    ).filter(not_walled(viewer, "case_id"))
    direct = mine.filter(other=OuterRef("pk"))
    # A re-examination decides on the review and on the opinion before it.
    before = CaseLink.objects.filter(Exists(mine.filter(other=OuterRef("case_id"), kind=RECHECKS)))
    through = before.filter(other=OuterRef("pk"), kind=REVIEWS)
    seen = Q(Exists(direct)) | Q(Exists(through))
    return Case.objects.filter(seen, protected=False).filter(not_walled(viewer))


def _theirs(viewer: Viewer, organ: int | None, *, decides: bool, handles: bool) -> Q:
    """Return the condition on a link that its review is this person's to decide or to check now."""
    open_duties = Duty.objects.filter(case=OuterRef("case_id"), state="open", holder_id=organ)
    to_decide = Q(Exists(open_duties.filter(rule__in=TO_DECIDE)))
    theirs = Q(pk=0)
    if decides:
        theirs |= to_decide
    if handles:
        theirs |= to_decide & Q(Exists(open_duties.filter(rule=TO_CHECK)))
        theirs |= to_decide & Q(case__handler_id=viewer.official or 0)
    return theirs


def _ask_for_one(groups: Groups, _: date, number: str) -> QuerySet[Case]:
    (organ,), decides, handles = groups[VIEWER_GROUPS:]
    found = _decided_on(of_groups(groups), organ, decides=bool(decides), handles=bool(handles))
    return found.filter(number=number).order_by("pk")[:1]


_FIND = Statement(_ask_for_one)
