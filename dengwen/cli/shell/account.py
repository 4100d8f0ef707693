"""Who acts at the command line: an account of this office with what it holds on the day."""

from __future__ import annotations

from datetime import date

from dengwen.access.grants import grants_of
from dengwen.access.models import User
from dengwen.access.roles import capacities
from dengwen.cases.write.perform import By
from dengwen.cli.shell.output import CommandError
from dengwen.organs.models import Official, Organ


def user_named(username: str, where: str = "--by") -> User:
    """Return an active account; CommandError where there is none."""
    user = User.objects.filter(username=username, is_active=True).first()
    if user is None:
        raise CommandError(
            what=f"没有账号“{username}” / there is no account {username!r}",
            where=where,
            mend="dengwen account create …",
        )
    return user


def acting(username: str, organ: str, day: date) -> By:
    """Return an account as an actor in one of its organs; `organ` chooses where it works in
    several."""
    user = user_named(username)
    grants = grants_of(user, day)
    places = sorted({g.organ.code for g in grants if g.organ})
    code = organ or (places[0] if len(places) == 1 else "")
    if not code and places:
        raise CommandError(
            what=f"{username} 在多个机关任职：{'、'.join(places)} / works in several organs",
            where="--organ",
            mend=f"--organ {places[0]}",
        )
    roles = frozenset(g.role for g in grants if g.organ is None or g.organ.code == code)
    return By(user.pk, organ_named(code, "--organ").pk if code else None, capacities(roles))


def administrator(username: str) -> By:
    """Return an administrator as a registrar; without a name, whoever prepares an office that has
    no accounts yet.

    What may be done without one is decided by the acts themselves (the first two administrators, no
    more).
    """
    return By(user_named(username).pk if username else None, None, frozenset({"registrar"}))


def registrar(username: str, day: date) -> By:
    """Return an account as an actor of registry acts, with the capacities it really holds."""
    user = user_named(username)
    return By(user.pk, None, capacities(frozenset(g.role for g in grants_of(user, day))))


def organ_named(code: str, where: str) -> Organ:
    """Return the organ with a code; CommandError where there is none."""
    organ = Organ.objects.filter(code=code).first()
    if organ is None:
        raise CommandError(
            what=f"没有代码为“{code}”的机关、单位 / there is no organ {code!r}",
            where=where,
            mend="dengwen organ import …",
        )
    return organ


def official_named(code: str, where: str) -> Official:
    """Return the official with a code; CommandError where there is none."""
    official = Official.objects.filter(code=code).first()
    if official is None:
        raise CommandError(
            what=f"没有代码为“{code}”的人员 / there is no official {code!r}",
            where=where,
            mend="先登记人员 / register the person first",
        )
    return official
