"""Who has management authority (管理权限) over an official or an organ on a day: what a person
registered, never guessed.

S 13 to 17 let only the organ with management authority decide. Which one that is follows from the
rules on cadres, post by post; the registry keeps each such decision with its basis. Where it keeps
none, the answer is that it is not known.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from dengwen.organs.dated_rows import on_day
from dengwen.organs.models import Appointment, Management, Official, Organ


@dataclass(frozen=True, slots=True)
class Authority:
    """The organs with management authority over an official on a day, each with the post it follows
    from.

    `left` says that the official holds no post on the day: then the last post counts, as managed on
    the day. `unknown` are posts held for which nobody registered who manages them.
    """

    managers: tuple[tuple[Organ, Appointment], ...]
    unknown: tuple[Appointment, ...]
    left: bool

    def includes(self, organ: int | None) -> bool:
        """Say whether this organ is one of them."""
        return any(manager.pk == organ for manager, _ in self.managers)

    @property
    def only(self) -> Organ | None:
        """The one organ, None where none or more than one is registered: a person chooses then."""
        found = {manager.pk: manager for manager, _ in self.managers}
        return next(iter(found.values())) if len(found) == 1 else None


def authority_over(official: Official, day: date) -> Authority:
    """Return who may decide on an official on `day`: by the posts held now, wherever the conduct
    was (S 17).

    Who moved to another place is managed there now; who left or retired, by whoever manages the
    last post.
    """
    held = list(_posts(official).filter(on_day(day), on_day(day, "post__")))
    left = not held
    if left:
        ended = _posts(official).filter(valid_from__lte=day).order_by("-valid_to", "-pk")
        held = list(ended[:1])
    rows = (
        Management.objects.on(day)
        .filter(post__in=[a.post_id for a in held])
        .select_related("manager")
    )
    by_post = {row.post_id: row.manager for row in rows}
    managers = tuple((by_post[a.post_id], a) for a in held if a.post_id in by_post)
    return Authority(managers, tuple(a for a in held if a.post_id not in by_post), left)


def _posts(official: Official) -> QuerySet[Appointment]:
    return (
        Appointment.objects.filter(official=official)
        .select_related("post", "post__organ")
        .order_by("pk")
    )


def manager_of_official(official: Official, day: date) -> Organ | None:
    """Return the one organ with management authority over an official on `day`; None where it is
    not registered."""
    return authority_over(official, day).only


def manager_of_organ(organ: Organ, day: date) -> Organ | None:
    """Return the organ with management authority over an organ on `day`; None where nobody
    registered it."""
    row = Management.objects.on(day).filter(organ=organ).select_related("manager").first()
    return None if row is None else row.manager
