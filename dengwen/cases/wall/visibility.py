"""Who may see which case: `for_user` is the one way in for every door (access model 3 N1, 4.1, 4.4
point 1).

Two questions, the second always wins: has the user's organ a standing in the case (or a
compartment), and is the user on the accused side? What is hidden is missing: lists, counts,
look-ups and errors all come from here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, NoReturn

from django.db.models import Exists, OuterRef, Q, QuerySet

from dengwen.access.grants import grants_of
from dengwen.access.models import RoleGrant, User
from dengwen.access.roles import capacities
from dengwen.access.statements import Groups, Statement, kept
from dengwen.cases.models import Act, Case, Duty, Party
from dengwen.organs.models import Appointment, Post, Substitute
from dengwen.organs.structure.line_index import LineBook
from dengwen.organs.structure.relations import supervised_by

SCOPE_ROLES = ("holder", "addressee", "assisting_organ", "supervising_organ")
"""Standings that let an organ's people see a case."""
LEADER_ROLE = "leader_in_charge"
"""The standing of a leader before whom a matter was laid: it is the person's, not the organ's
(access model 3 N7)."""
LOOK_BACK = timedelta(days=5 * 365 + 1)
"""A former member of an accused unit stays behind the wall for five years (access model 4.1; a
local setting)."""
AFTER_HAND_OVER = timedelta(days=30)
"""How long an organ that passed a case on still sees that it did (access model 3 N2)."""
WORKING_ROLES = frozenset(f"R{n}" for n in range(3, 12))
"""Roles that work on cases; R12–R20 see none through these doors."""
SUPERVISING = frozenset({"R9", "R10"})
"""Roles that read the matters of their area (access model, section 2: scope R); they act in none
of them by that."""
SUPERVISED_KINDS = ("petition", "review", "recheck")
ACCOUNT_KINDS = ("lead", "inquiry", "accountability", "accountability_appeal")
"""Files of accountability (D7): an organ's standing opens them only to its people with the
compartment `account`."""
ACCOUNT, ACCUSE = "account", "accuse"
VIEWER_GROUPS = 8
"""Groups of ids that say what the wall asks by of a viewer (`as_groups`)."""
PERSONNEL_KINDS = ("personnel_notice", "personnel_opinion", "honour_query")
"""What organisation and personnel departments are told and ask (S 10(2), 14, 18): for their R12,
and where an organ has another standing in it, for its people with the compartment `account`."""
PERSONNEL_ROLE = "R12"


@dataclass(frozen=True)
class Viewer:
    """What the wall needs to know about a user on a day: organs worked for, organs behind the
    wall, compartments."""

    user: int | None
    official: int | None
    organs: frozenset[int]
    walled_organs: frozenset[int]
    compartments: frozenset[str]
    capacities: dict[int, frozenset[str]] = field(default_factory=dict)
    stands_for: frozenset[int] = frozenset()
    """Officials this one stands in for: delegation never crosses the wall (access model 4.1
    point 4)."""
    scope: frozenset[int] = frozenset()
    """Organs whose classed, unprotected matters the viewer supervises: read, never act."""
    personnel: frozenset[int] = frozenset()
    """Organs for which the viewer is an organisation and personnel officer (R12): of their cases
    those alone."""


def viewer_of(user: User, day: date, grants: tuple[RoleGrant, ...] | None = None) -> Viewer:
    """Gather what the wall needs for a user on a day; four or five queries, none of them about
    cases.

    Walled with the organs worked for is everything above them: an accusation of a unit walls the
    units below it.

    `grants` are those of the day, for a caller that has just read them.
    """
    grants = grants_of(user, day) if grants is None else grants
    working = [grant for grant in grants if grant.role in WORKING_ROLES]
    organs = frozenset(grant.organ_id for grant in working if grant.organ_id is not None)
    stands_for, lines = _stands_for(user.official_id, day), LineBook.read(day - LOOK_BACK)
    past: frozenset[int] = frozenset()
    if user.official_id:
        past = _organs_of({user.official_id, *stands_for}, day)
    personnel = frozenset(
        grant.organ_id
        for grant in grants
        if grant.role == PERSONNEL_ROLE and grant.organ_id is not None
    )
    return Viewer(
        user=user.pk,
        official=user.official_id,
        organs=organs,
        walled_organs=lines.ever_above(organs | past | personnel),
        compartments=frozenset(grant.compartment for grant in working if grant.compartment),
        capacities={organ: _capacities_in(organ, working) for organ in organs},
        stands_for=stands_for,
        scope=scope_of(working, day, lines),
        personnel=personnel,
    )


def _capacities_in(organ: int, grants: Iterable[RoleGrant]) -> frozenset[str]:
    """Return what somebody can be for the law in an organ, by the roles held there."""
    return capacities(frozenset(grant.role for grant in grants if grant.organ_id == organ))


def scope_of(
    grants: Iterable[RoleGrant], day: date, lines: LineBook | None = None
) -> frozenset[int]:
    """Return the organs these grants let somebody supervise on `day`: the area, or the own
    system (R22 40, S 5)."""
    offices = {g.organ for g in grants if g.role in SUPERVISING and g.organ is not None}
    return frozenset().union(*(supervised_by(office, day, lines) for office in offices))


def _stands_for(official: int | None, day: date) -> frozenset[int]:
    """Return the officials whom somebody stands in for on `day`."""
    return frozenset() if official is None else _STANDS_FOR.ids(((official,),), day)


_STANDS_FOR = Statement(
    lambda groups, day, _: (
        Substitute.objects.on(day).filter(substitute_id=groups[0][0]).values_list("official_id")
    )
)


def viewer_of_organ(organ: int, day: date) -> Viewer:
    """Return an organ as such, for what is addressed to it: it hears of what its cleared staff
    may."""
    own = frozenset({organ})
    return Viewer(None, None, own, _above(own, day), frozenset({ACCUSE, ACCOUNT}), personnel=own)


def viewer_of_official(official: int, day: date) -> Viewer:
    """Return an official as such, for what is about to be laid before them: with or without an
    account, no clearance."""
    stands_for = _stands_for(official, day)
    past = _organs_of({official, *stands_for}, day)
    return Viewer(
        None, official, frozenset(), _above(past, day), frozenset(), stands_for=stands_for
    )


def _above(organs: frozenset[int], day: date) -> frozenset[int]:
    """Return the organs and everything above them on either line: an accusation of a unit walls
    the units below it."""
    return LineBook.read(day - LOOK_BACK).ever_above(organs)


def _organs_of(officials: Iterable[int], day: date) -> frozenset[int]:
    """Return the organs in which officials held a post within the last five years."""
    return _ORGANS_OF.ids((tuple(officials),), day)


def _ask_for_organs(groups: Groups, day: date, _: str) -> QuerySet[Any]:
    lately = Q(valid_to__isnull=True) | Q(valid_to__gt=day - LOOK_BACK)
    posts = Appointment.objects.filter(lately, official_id__in=groups[0])
    return Post.objects.filter(pk__in=posts.values("post_id")).values_list("organ_id")


_ORGANS_OF = Statement(_ask_for_organs, LOOK_BACK)


def not_walled(viewer: Viewer, case: str = "pk") -> Q:
    """Return the anti-join on parties: true for cases whose accused side the viewer does not
    stand on."""
    return _off_side(
        viewer.walled_organs, frozenset({viewer.official or 0, *viewer.stands_for}), case
    )


@kept(512)
def _off_side(walled_organs: frozenset[int], side: frozenset[int], case: str) -> Q:
    accused = Party.objects.filter(case=OuterRef(case)).filter(
        Q(role="accused_unit", organ_id__in=walled_organs)
        | Q(role="accused_person", official_id__in=side)
        | Q(role="recused", official_id__in=side, until__isnull=True)
        | Q(role="concerned_unit", organ_id__in=walled_organs, until__isnull=True)
        | Q(role="concerned_person", official_id__in=side, until__isnull=True)
    )
    return Q(~Exists(accused))


def _cleared(viewer: Viewer, case: str = "pk", kind: str = "kind") -> Q:
    """Return the condition that files of accountability need: the compartment, or to be told
    what concerns oneself."""
    if ACCOUNT in viewer.compartments:
        return Q()
    closed = Q(**{f"{kind}__in": (*ACCOUNT_KINDS, *PERSONNEL_KINDS)})
    return ~closed | Q(Exists(_told(viewer).filter(case=OuterRef(case))))


def _told(viewer: Viewer) -> QuerySet[Party]:
    """Return the standings by which a viewer was told of what concerns the own organ or the own
    person."""
    own = (viewer.official or 0) if viewer.organs else 0
    return Party.objects.filter(
        Q(role="told_unit", organ_id__in=viewer.organs) | Q(role="told_person", official_id=own)
    )


def is_told(viewer: Viewer, case: Case) -> bool:
    """Say whether a file of accountability concerns the viewer's own organ or person, who was
    told of it."""
    return _told(viewer).filter(case=case).exists()


class Seen(QuerySet[Case]):
    """Cases that the wall let through. They never stand as a list in another question: `among` asks
    for each row.

    In `__in` the wall is asked about every case there is before the first row is found, so that a
    page of twenty lines grew with the office; as a condition on each row it is asked about the rows
    of the page alone.
    """

    def resolve_expression(self, *_args: Any, **_kwargs: Any) -> NoReturn:  # noqa: ANN401  # as Django calls it
        """Refuse to stand on the right of a look-up; TypeError names the two ways there are."""
        raise TypeError(
            'cases.wall: 看得见的办理件不能放进 __in（每次都要读遍全部办理件）：请用 among(cases, "case_id")；确知只有几件的用 '
            "cases.few() / cases a viewer may see do not stand in __in, for then every case "
            "is read: write "
            'filter(among(cases, "case_id")), or cases.few() where they are known to be a handful'
        )

    def few(self) -> QuerySet[Case]:
        """Return the same cases as a list that may stand in `__in`: for a handful found by an
        index of their own."""
        plain: QuerySet[Case] = QuerySet(self.model, self.query.chain())
        return plain


def among(cases: QuerySet[Case], case: str = "case_id", *, by: str = "pk") -> Q:
    """Return the condition on a row that its case is one of `cases`: the one way to ask for rows of
    visible cases.

    `case` is the column that names the case; `by` is what it names it by. One correlated EXISTS, so
    that whoever reads a page in the order of an index asks the wall about as many rows as the page
    needs.
    """
    return _in_row(cases, case, by)


def _in_row(cases: QuerySet[Case], case: str, by: str) -> Q:
    return Q(Exists(cases.filter(**{by: OuterRef(case)})))


def for_user(viewer: Viewer, day: date) -> Seen:
    """Return the cases a viewer may see on `day`.

    A case of an accusation needs the compartment `accuse` as well; without a working role nothing
    is visible. A leader sees the matters laid before them as long as they work somewhere. A file of
    accountability needs the compartment `account`, save for the person and the unit it concerns
    once they were told. Organisation and personnel officers see what their department was told or
    asked.
    """
    return _seen(as_groups(viewer), day).all()


@kept(128)
def _seen(groups: Groups, day: date) -> Seen:
    """Build the question of `for_user`, which is asked several times in a request: it is never
    asked itself."""
    viewer = of_groups(groups)
    standing = Party.objects.filter(
        Q(role__in=(*SCOPE_ROLES, "told_unit"), organ_id__in=viewer.organs)
        | Q(
            role__in=(LEADER_ROLE, "told_person"),
            official_id=(viewer.official or 0) if viewer.organs else 0,
        ),
        Q(until__isnull=True) | Q(until__gte=day - AFTER_HAND_OVER),
        case=OuterRef("pk"),
    )
    seen = Q(Exists(standing)) | _in_scope(viewer) if viewer.scope else Q(Exists(standing))
    seen = (
        seen & _cleared(viewer) | _personnel(viewer)
        if viewer.personnel
        else seen & _cleared(viewer)
    )
    cases = Seen(Case).filter(seen).filter(not_walled(viewer))
    return cases if ACCUSE in viewer.compartments else cases.filter(protected=False)


def _personnel(viewer: Viewer) -> Q:
    """Return what organisation and personnel officers see: what their department was told or
    asked, nothing else."""
    own = Party.objects.filter(
        role__in=SCOPE_ROLES, organ_id__in=viewer.personnel, case=OuterRef("pk")
    )
    return Q(Exists(own), kind__in=PERSONNEL_KINDS)


def _in_scope(viewer: Viewer) -> Q:
    """Return what a supervisor reads of the area: never what is protected, or not classed yet
    (access model 4.1)."""
    classed = Q(kind__in=SUPERVISED_KINDS[1:]) | Q(
        Exists(Act.objects.filter(case=OuterRef("pk"), act="classify"))
    )
    return Q(protected=False, kind__in=SUPERVISED_KINDS, holder_id__in=viewer.scope) & classed


def countable(viewer: Viewer) -> Seen:
    """Return the cases that may enter a figure shown to a viewer: none that is protected, none
    behind their wall.

    A figure is no look into a case, so nobody's standing is asked; accusations enter no figure at
    all.
    """
    return Seen(Case).filter(protected=False).filter(not_walled(viewer))


def duties_for_user(viewer: Viewer) -> QuerySet[Duty]:
    """Return the open duties of the viewer's organs in cases the viewer may see: the work list,
    unsorted.

    One index scan over (holder, day) with the wall as an anti-join per row.
    """
    mine = Q(holder_id__in=viewer.organs) & _cleared(viewer, "case_id", "case__kind")
    if viewer.personnel:
        mine |= Q(holder_id__in=viewer.personnel, case__kind__in=PERSONNEL_KINDS)
    duties = Duty.objects.filter(mine, state="open", right=False).filter(
        not_walled(viewer, "case_id")
    )
    if ACCUSE not in viewer.compartments:
        duties = duties.filter(case__protected=False)
    return duties.select_related("case")


def only_supervises(viewer: Viewer, day: date, number: str) -> bool:
    """Say whether a viewer sees a case by supervision alone: then they read it and do nothing
    in it."""
    return bool(viewer.scope) and find(replace(viewer, scope=frozenset()), day, number) is None


def find(viewer: Viewer, day: date, number: str) -> Case | None:
    """Return the case with this number if the viewer may see it; hidden and missing are the same
    None."""
    return _FIND.first(Case, as_groups(viewer), day, number)


def as_groups(viewer: Viewer) -> Groups:
    """Return what the wall asks by as a `Statement` is asked with it: a viewer, less who it is
    and by which roles."""
    return (
        tuple(viewer.organs),
        tuple(viewer.walled_organs),
        () if viewer.official is None else (viewer.official,),
        tuple(viewer.stands_for),
        tuple(viewer.scope),
        tuple(viewer.personnel),
        # compartments are words: the length of a group says whether one is held
        (0,) * (ACCOUNT in viewer.compartments),
        (0,) * (ACCUSE in viewer.compartments),
    )


def of_groups(groups: Groups) -> Viewer:
    """Return the viewer that `as_groups` was given, as far as the wall asks by it; what follows
    is the caller's own."""
    organs, walled, official, stands_for, scope, personnel, account, accuse = groups[:VIEWER_GROUPS]
    held = ([ACCOUNT] if account else []) + ([ACCUSE] if accuse else [])
    return Viewer(
        user=None,
        official=official[0] if official else None,
        organs=frozenset(organs),
        walled_organs=frozenset(walled),
        compartments=frozenset(held),
        stands_for=frozenset(stands_for),
        scope=frozenset(scope),
        personnel=frozenset(personnel),
    )


def _ask_for_one(groups: Groups, day: date, number: str) -> QuerySet[Case]:
    return for_user(of_groups(groups), day).filter(number=number)


_FIND = Statement(_ask_for_one, AFTER_HAND_OVER)
