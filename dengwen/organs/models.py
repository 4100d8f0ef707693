"""The tables of the registry, each row valid on the days [valid_from, valid_to).

Who was in charge on a day is evidence. So no row is ever deleted or overwritten: a change ends one
row and
begins another, and both name the act that did it. Only `organs/effects.py` writes here (a test
reads the source
to make sure). An end equal to the beginning means the row never applied: a mistake, corrected in
the open.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from dengwen.organs.dated_rows import PERIOD_CLASSES, Dated, DatedQuerySet, listed, one_open
from dengwen.organs.kinds import ABSENCES, AXES, ENDINGS, KINDS, LEVELS, PURPOSES, RANKS


class Division(Dated):
    """An administrative division (行政区划) by its code, with the codes that follow it when it ends."""

    code = models.CharField(max_length=20)
    name = models.CharField(max_length=100)
    level = models.CharField(max_length=12)
    parent_code = models.CharField(max_length=20, blank=True)
    successors = models.JSONField(default=list, blank=True)

    objects: ClassVar[DatedQuerySet[Division]] = DatedQuerySet.as_manager()  # type: ignore[assignment]
    class_of: ClassVar[dict[str, str]] = PERIOD_CLASSES | {
        "code": "D0",
        "name": "D0",
        "level": "D0",
        "parent_code": "D0",
        "successors": "D0",
    }

    class Meta(Dated.Meta):
        abstract = False
        constraints: ClassVar[list[Any]] = [
            *Dated.Meta.constraints,
            one_open("code", name="organs_division_one_open"),
            listed("level", LEVELS, "organs_division_level"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["parent_code"], name="organs_division_parent"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class DivisionStage(models.Model):
    """Rows of a division list waiting for the act that names their digest and count; no
    evidence, only a tray."""

    digest = models.CharField(max_length=64)
    row = models.PositiveIntegerField()
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=100)
    level = models.CharField(max_length=12)
    parent_code = models.CharField(max_length=20, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    successors = models.JSONField(default=list, blank=True)

    class_of: ClassVar[dict[str, str]] = {
        "id": "D0",
        "digest": "D0",
        "row": "D0",
        "code": "D0",
        "name": "D0",
        "level": "D0",
        "parent_code": "D0",
        "valid_from": "D0",
        "valid_to": "D0",
        "successors": "D0",
    }

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["digest", "row"], name="organs_stage_row"),
        ]

    def __str__(self) -> str:
        return f"{self.digest[:8]} {self.row} {self.code}"


class Organ(Dated):
    """An organ or unit (机关、单位), by a code that stands in case numbers.

    Name, parents and division here are those of the last act; `OrganName`, `Line` and `Seat` keep
    them by period.
    `registry_case` is the number of the case whose acts write this organ.
    """

    code = models.CharField(max_length=20, unique=True)
    name_zh = models.CharField(max_length=100)
    name_en = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=24)
    level = models.CharField(max_length=12)
    division_code = models.CharField(max_length=20, blank=True)
    is_petition_office = models.BooleanField(default=False)
    is_joint_conference = models.BooleanField(default=False)
    territorial_parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="territorial_children"
    )
    vertical_parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="vertical_children"
    )
    registry_case = models.CharField(max_length=40, blank=True)

    objects: ClassVar[DatedQuerySet[Organ]] = DatedQuerySet.as_manager()  # type: ignore[assignment]
    class_of: ClassVar[dict[str, str]] = PERIOD_CLASSES | {
        "code": "D0",
        "name_zh": "D0",
        "name_en": "D0",
        "kind": "D0",
        "level": "D0",
        "division_code": "D0",
        "is_petition_office": "D0",
        "is_joint_conference": "D0",
        "territorial_parent": "D0",
        "vertical_parent": "D0",
        "registry_case": "D1",
    }

    class Meta(Dated.Meta):
        abstract = False
        constraints: ClassVar[list[Any]] = [
            *Dated.Meta.constraints,
            models.CheckConstraint(condition=~Q(code=""), name="organs_organ_code"),
            models.CheckConstraint(condition=~Q(name_zh=""), name="organs_organ_name"),
            listed("kind", KINDS, "organs_organ_kind"),
            listed("level", LEVELS, "organs_organ_level"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["division_code", "kind"], name="organs_organ_division"),
        ]

    def __str__(self) -> str:
        return self.name_zh


class OrganName(Dated):
    """A name an organ bore; `short` marks a registered short name (简称) beside the full one."""

    organ = models.ForeignKey(Organ, on_delete=models.PROTECT, related_name="names")
    zh = models.CharField(max_length=100)
    en = models.CharField(max_length=200, blank=True)
    short = models.BooleanField(default=False)

    objects: ClassVar[DatedQuerySet[OrganName]] = DatedQuerySet.as_manager()  # type: ignore[assignment]
    class_of: ClassVar[dict[str, str]] = PERIOD_CLASSES | {
        "organ": "D0",
        "zh": "D0",
        "en": "D0",
        "short": "D0",
    }

    class Meta(Dated.Meta):
        abstract = False
        constraints: ClassVar[list[Any]] = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(
                fields=["organ"],
                condition=Q(valid_to__isnull=True, short=False),
                name="organs_name_one_full",
            ),
            models.CheckConstraint(condition=~Q(zh=""), name="organs_name_zh"),
        ]

    def __str__(self) -> str:
        return self.zh


class Line(Dated):
    """The organ above an organ, on the territorial or the vertical axis, by period."""

    organ = models.ForeignKey(Organ, on_delete=models.PROTECT, related_name="lines")
    axis = models.CharField(max_length=12)
    parent = models.ForeignKey(Organ, on_delete=models.PROTECT, related_name="lines_below")

    objects: ClassVar[DatedQuerySet[Line]] = DatedQuerySet.as_manager()  # type: ignore[assignment]
    class_of: ClassVar[dict[str, str]] = PERIOD_CLASSES | {
        "organ": "D0",
        "axis": "D0",
        "parent": "D0",
    }

    class Meta(Dated.Meta):
        abstract = False
        constraints: ClassVar[list[Any]] = [
            *Dated.Meta.constraints,
            one_open("organ", "axis", name="organs_line_one_open"),
            listed("axis", AXES, "organs_line_axis"),
            models.CheckConstraint(condition=~Q(organ=F("parent")), name="organs_line_not_itself"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["parent", "axis"], name="organs_line_parent"),
        ]

    def __str__(self) -> str:
        return f"{self.organ_id} {self.axis} {self.parent_id}"


class Seat(Dated):
    """The division an organ belongs to, by period: divisions are redrawn while organs go on."""

    organ = models.ForeignKey(Organ, on_delete=models.PROTECT, related_name="seats")
    division_code = models.CharField(max_length=20)

    objects: ClassVar[DatedQuerySet[Seat]] = DatedQuerySet.as_manager()  # type: ignore[assignment]
    class_of: ClassVar[dict[str, str]] = PERIOD_CLASSES | {"organ": "D0", "division_code": "D0"}

    class Meta(Dated.Meta):
        abstract = False
        constraints: ClassVar[list[Any]] = [
            *Dated.Meta.constraints,
            one_open("organ", name="organs_seat_one_open"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["division_code"], name="organs_seat_division"),
        ]

    def __str__(self) -> str:
        return f"{self.organ_id} {self.division_code}"


class OrganSuccession(models.Model):
    """Powers passing on: merged, split, abolished, or designated under R22 24(2).

    `to` is empty where the organ ended and nobody was named to continue its powers.
    """

    organ = models.ForeignKey(Organ, on_delete=models.PROTECT, related_name="successions")
    to = models.ForeignKey(
        Organ, null=True, blank=True, on_delete=models.PROTECT, related_name="predecessions"
    )
    how = models.CharField(max_length=12)
    day = models.DateField()
    powers = models.CharField(max_length=500, blank=True)
    act = models.BigIntegerField()

    class_of: ClassVar[dict[str, str]] = {
        "id": "D1",
        "organ": "D0",
        "to": "D0",
        "how": "D0",
        "day": "D0",
        "powers": "D1",
        "act": "D1",
    }

    class Meta:
        constraints: ClassVar[list[Any]] = [
            listed("how", ENDINGS, "organs_succession_how"),
            models.UniqueConstraint(fields=["organ", "to", "how"], name="organs_succession_once"),
            models.CheckConstraint(
                condition=~Q(organ=F("to")), name="organs_succession_not_itself"
            ),
            models.CheckConstraint(
                condition=Q(how="abolished") | Q(to__isnull=False),
                name="organs_succession_names_heir",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organ_id} {self.how} {self.to_id}"


class Competence(Dated):
    """What an organ may decide: a content category, in a division. An empty division means its
    own."""

    organ = models.ForeignKey(Organ, on_delete=models.PROTECT, related_name="competences")
    category = models.CharField(max_length=40)
    division_code = models.CharField(max_length=20)

    objects: ClassVar[DatedQuerySet[Competence]] = DatedQuerySet.as_manager()  # type: ignore[assignment]
    class_of: ClassVar[dict[str, str]] = PERIOD_CLASSES | {
        "organ": "D0",
        "category": "D0",
        "division_code": "D0",
    }

    class Meta(Dated.Meta):
        abstract = False
        constraints: ClassVar[list[Any]] = [
            *Dated.Meta.constraints,
            one_open("organ", "category", "division_code", name="organs_competence_one_open"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["division_code", "category"], name="organs_competence_where"),
        ]

    def __str__(self) -> str:
        return f"{self.organ_id} {self.category} {self.division_code}"


class Superior(Dated):
    """The human decision which organ is the next higher one, and for what.

    R22 35 and 36 say "next higher organ" and do not choose between superior department and
    own-level
    government (cases B25, B26); so the answer is entered by a person with its basis, never
    computed.
    """

    organ = models.ForeignKey(Organ, on_delete=models.PROTECT, related_name="superiors")
    purpose = models.CharField(max_length=12)
    superior = models.ForeignKey(Organ, on_delete=models.PROTECT, related_name="superior_of")
    basis = models.CharField(max_length=100)
    decision_act = models.BigIntegerField()

    objects: ClassVar[DatedQuerySet[Superior]] = DatedQuerySet.as_manager()  # type: ignore[assignment]
    class_of: ClassVar[dict[str, str]] = PERIOD_CLASSES | {
        "organ": "D0",
        "purpose": "D0",
        "superior": "D0",
        "basis": "D0",
        "decision_act": "D1",
    }

    class Meta(Dated.Meta):
        abstract = False
        constraints: ClassVar[list[Any]] = [
            *Dated.Meta.constraints,
            one_open("organ", "purpose", name="organs_superior_one_open"),
            listed("purpose", PURPOSES, "organs_superior_purpose"),
            models.CheckConstraint(
                condition=~Q(organ=F("superior")), name="organs_superior_not_itself"
            ),
            models.CheckConstraint(condition=~Q(basis=""), name="organs_superior_basis"),
        ]

    def __str__(self) -> str:
        return f"{self.organ_id} {self.purpose} {self.superior_id}"


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
    cadres, so it is entered
    by a person with its basis and its day, never computed. Exactly one of `post` and `organ` is
    given.
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
    The account of
    an official points here (`access.User.official`), never the other way round.
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


class HandlingList(Dated):
    """An organ's list for lawful classified handling (依法分类处理清单, seed art. 5) by version; `digest`
    ties its rows.

    In force from the day it is published or a later one, never an earlier: what was proposed on a
    day was proposed by
    the list of that day.
    """

    organ = models.ForeignKey(Organ, on_delete=models.PROTECT, related_name="handling_lists")
    version = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)

    objects: ClassVar[DatedQuerySet[HandlingList]] = DatedQuerySet.as_manager()  # type: ignore[assignment]
    class_of: ClassVar[dict[str, str]] = PERIOD_CLASSES | {
        "organ": "D0",
        "version": "D0",
        "digest": "D0",
    }

    class Meta(Dated.Meta):
        abstract = False
        constraints: ClassVar[list[Any]] = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(fields=["organ", "version"], name="organs_list_version"),
            one_open("organ", name="organs_list_one_open"),
        ]

    def __str__(self) -> str:
        return f"{self.organ_id} {self.version}"


class HandlingEntry(models.Model):
    """One row of a list: demand type → lawful path → procedure → time limit → basis, under the
    digest of its list."""

    digest = models.CharField(max_length=64)
    row = models.PositiveIntegerField()
    category = models.CharField(max_length=24)
    demand = models.CharField(max_length=200)
    path = models.CharField(max_length=24)
    procedure = models.CharField(max_length=200)
    term = models.CharField(max_length=60)
    basis = models.CharField(max_length=200)

    class_of: ClassVar[dict[str, str]] = dict.fromkeys(
        ("id", "digest", "row", "category", "demand", "path", "procedure", "term", "basis"), "D0"
    )

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["digest", "row"], name="organs_list_row"),
        ]

    def __str__(self) -> str:
        return f"{self.digest[:8]} {self.row}"
