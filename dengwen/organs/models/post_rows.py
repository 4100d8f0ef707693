"""Posts and the people in them: who manages, holds, has charge, and stands in."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from dengwen.organs.dated_rows import PERIOD_CLASSES, Dated, DatedQuerySet, listed, one_open
from dengwen.organs.kinds import ABSENCES, RANKS
from dengwen.organs.models.organ_rows import Organ


class Post(Dated):
    """A post (岗位) in an organ; its rank says whether it belongs to the leading group."""

    code = models.CharField(max_length=40, unique=True)
    organ = models.ForeignKey(Organ, on_delete=models.PROTECT, related_name="posts")
    title_zh = models.CharField(max_length=100)
    title_en = models.CharField(max_length=200, blank=True)
    leading = models.CharField(max_length=12)

    objects: ClassVar[DatedQuerySet[Post]] = DatedQuerySet.as_manager()  # type: ignore[assignment]
    class_of: ClassVar[dict[str, str]] = PERIOD_CLASSES | {
        "code": "D1",
        "organ": "D0",
        "title_zh": "D0",
        "title_en": "D0",
        "leading": "D0",
    }

    class Meta(Dated.Meta):
        abstract = False
        constraints: ClassVar[list[Any]] = [
            *Dated.Meta.constraints,
            listed("leading", RANKS, "organs_post_leading"),
        ]

    def __str__(self) -> str:
        return self.title_zh


class Management(Dated):
    """Which organ has management authority (管理权限) over whoever holds a post, or over an organ (S
    13–17).

    No text of the seed says who manages whom: that is decided post by post under the rules on
    cadres, so it is entered by a person with its basis and its day, never computed. Exactly one of
    `post` and `organ` is given.
    """

    post = models.ForeignKey(
        Post, null=True, blank=True, on_delete=models.PROTECT, related_name="managements"
    )
    organ = models.ForeignKey(
        Organ, null=True, blank=True, on_delete=models.PROTECT, related_name="managements"
    )
    manager = models.ForeignKey(Organ, on_delete=models.PROTECT, related_name="manages")
    basis = models.CharField(max_length=100)

    objects: ClassVar[DatedQuerySet[Management]] = DatedQuerySet.as_manager()  # type: ignore[assignment]
    class_of: ClassVar[dict[str, str]] = PERIOD_CLASSES | {
        "post": "D1",
        "organ": "D0",
        "manager": "D0",
        "basis": "D0",
    }

    class Meta(Dated.Meta):
        abstract = False
        constraints: ClassVar[list[Any]] = [
            *Dated.Meta.constraints,
            one_open("post", name="organs_management_one_of_post"),
            one_open("organ", name="organs_management_one_of_organ"),
            models.CheckConstraint(
                condition=Q(post__isnull=True, organ__isnull=False)
                | Q(post__isnull=False, organ__isnull=True),
                name="organs_management_of_one",
            ),
            models.CheckConstraint(condition=~Q(basis=""), name="organs_management_basis"),
        ]

    def __str__(self) -> str:
        return f"{self.post_id or self.organ_id} {self.manager_id}"


class Official(models.Model):
    """A person who holds or held posts (人员). `code` is the staff number acts use; names are not
    unique.

    `name` is the name in office, internal metadata; nothing private about the person is kept here.
    The account of an official points here (`access.User.official`), never the other way round.
    """

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=60)
    act = models.BigIntegerField()

    class_of: ClassVar[dict[str, str]] = {"id": "D1", "code": "D1", "name": "D1", "act": "D1"}

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(condition=~Q(name=""), name="organs_official_name"),
        ]

    def __str__(self) -> str:
        return self.name


class Appointment(Dated):
    """An official holding a post (任职)."""

    official = models.ForeignKey(Official, on_delete=models.PROTECT, related_name="appointments")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="appointments")

    objects: ClassVar[DatedQuerySet[Appointment]] = DatedQuerySet.as_manager()  # type: ignore[assignment]
    class_of: ClassVar[dict[str, str]] = PERIOD_CLASSES | {"official": "D1", "post": "D1"}

    class Meta(Dated.Meta):
        abstract = False
        constraints: ClassVar[list[Any]] = [
            *Dated.Meta.constraints,
            one_open("official", "post", name="organs_appointment_one_open"),
        ]

    def __str__(self) -> str:
        return f"{self.official_id} {self.post_id}"


class Portfolio(Dated):
    """A field of work in an official's charge (分工), the duty allocation of seed art. 7."""

    official = models.ForeignKey(Official, on_delete=models.PROTECT, related_name="portfolios")
    organ = models.ForeignKey(Organ, on_delete=models.PROTECT, related_name="portfolios")
    field = models.CharField(max_length=40)

    objects: ClassVar[DatedQuerySet[Portfolio]] = DatedQuerySet.as_manager()  # type: ignore[assignment]
    class_of: ClassVar[dict[str, str]] = PERIOD_CLASSES | {
        "official": "D1",
        "organ": "D0",
        "field": "D1",
    }

    class Meta(Dated.Meta):
        abstract = False
        constraints: ClassVar[list[Any]] = [
            *Dated.Meta.constraints,
            one_open("organ", "field", name="organs_portfolio_one_open"),
        ]

    def __str__(self) -> str:
        return f"{self.organ_id} {self.field} {self.official_id}"


class Substitute(Dated):
    """Who stands in for an official; an empty organ means in every post the official holds."""

    official = models.ForeignKey(Official, on_delete=models.PROTECT, related_name="substitutes")
    substitute = models.ForeignKey(
        Official, on_delete=models.PROTECT, related_name="substitutes_for"
    )
    organ = models.ForeignKey(
        Organ, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.CharField(max_length=12)

    objects: ClassVar[DatedQuerySet[Substitute]] = DatedQuerySet.as_manager()  # type: ignore[assignment]
    class_of: ClassVar[dict[str, str]] = PERIOD_CLASSES | {
        "official": "D1",
        "substitute": "D1",
        "organ": "D0",
        "reason": "D1",
    }

    class Meta(Dated.Meta):
        abstract = False
        constraints: ClassVar[list[Any]] = [
            *Dated.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(official=F("substitute")), name="organs_substitute_not_itself"
            ),
            listed("reason", ABSENCES, "organs_substitute_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.official_id} {self.substitute_id}"
