"""Which roles a user holds on a day, and what the nightly look finds wrong with them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Q

from dengwen.access.models import RoleGrant, User
from dengwen.access.roles import ROLES, capacities, conflicts
from dengwen.access.statements import Statement
from dengwen.organs.models import Organ
from dengwen.organs.structure.posts_held import organs_of


def grants_of(user: User, day: date) -> tuple[RoleGrant, ...]:
    """Return the grants of `user` on `day`; an inactive account has none. A grant that ends
    takes effect at once."""
    if not user.is_active:
        return ()
    rows = _GRANTS.rows(RoleGrant, ((user.pk,),), day)
    named = {row.organ_id for row in rows if row.organ_id is not None}
    organs = {organ.pk: organ for organ in _ORGANS.rows(Organ, (tuple(named),))}
    for row in rows:
        row.user = user
        row.organ = None if row.organ_id is None else organs[row.organ_id]
    return tuple(sorted(rows, key=lambda row: (row.role, row.pk)))


_GRANTS = Statement(lambda groups, day, _: RoleGrant.objects.on(day).filter(user=groups[0][0]))
_ORGANS = Statement(lambda groups, _day, _text: Organ.objects.filter(pk__in=groups[0]))


def roles_of(user: User, day: date) -> frozenset[str]:
    """Return the codes of all roles of `user` on `day`, wherever held."""
    return frozenset(grant.role for grant in grants_of(user, day))


def roles_in(user: User, organ: int, day: date) -> frozenset[str]:
    """Return the roles `user` holds on `day` in one organ (by id), those held everywhere
    included."""
    return frozenset(
        grant.role for grant in grants_of(user, day) if grant.organ_id in {None, organ}
    )


def has_administrators() -> bool:
    """Say whether this installation ever had its security and its audit administrator: until then
    there is no second person."""
    return all(RoleGrant.objects.filter(role=role).exists() for role in ("R15", "R16"))


def capacities_in(user: User, organ: int, day: date) -> frozenset[str]:
    """Return what `user` can be for the law in one organ on `day`: clerk, handler, head and so
    on."""
    return capacities(roles_in(user, organ, day))


def opens(user: User, compartment: str, day: date) -> bool:
    """Say whether a grant of `user` opens a compartment (`accuse`, `account`) on `day`."""
    return any(grant.compartment == compartment for grant in grants_of(user, day))


def exclusive(day: date) -> tuple[tuple[User, tuple[tuple[str, str], ...]], ...]:
    """Return the users whose roles on `day` exclude each other: asked by `dengwen doctor`,
    expected to be empty."""
    held: dict[int, set[str]] = {}
    for user, role in (
        RoleGrant.objects.on(day).filter(user__is_active=True).values_list("user_id", "role")
    ):
        held.setdefault(user, set()).add(role)
    wrong = {user: found for user, codes in held.items() if (found := conflicts(frozenset(codes)))}
    return tuple(
        (user, wrong[user.pk]) for user in User.objects.filter(pk__in=wrong).order_by("pk")
    )


def without_post(day: date) -> tuple[RoleGrant, ...]:
    """Return the grants of business roles in an organ where the user's official holds no post on
    `day`.

    A transfer must end what came with the post at once (access model 4.1); what is left over is
    shown here.
    """
    rows = RoleGrant.objects.on(day).filter(organ__isnull=False, user__is_active=True)
    rows = rows.select_related("user__official", "organ")
    business = (grant for grant in rows.order_by("id") if ROLES[grant.role].business)
    return tuple(grant for grant in business if not _has_post(grant, day))


def overlapping(user: User, start: date, end: date | None) -> Iterable[RoleGrant]:
    """Return the grants of `user` that share a day with [start, end)."""
    rows = RoleGrant.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=start), user=user)
    rows = rows.filter(valid_from__lt=end) if end else rows
    return [row for row in rows if row.valid_to is None or row.valid_to > row.valid_from]


def _has_post(grant: RoleGrant, day: date) -> bool:
    official = grant.user.official
    return official is not None and grant.organ_id in organs_of(official, day)
