"""Organs with their names, places, divisions, powers and superiors, by period."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from dengwen.organs.dated_rows import PERIOD_CLASSES, Dated, DatedQuerySet, listed, one_open
from dengwen.organs.kinds import AXES, ENDINGS, KINDS, LEVELS, PURPOSES


class Organ(Dated):
    """An organ or unit (机关、单位), by a code that stands in case numbers.

    Name, parents and division here are those of the last act; `OrganName`, `Line` and `Seat` keep
    them by period. `registry_case` is the number of the case whose acts write this organ.
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
    own-level government (cases B25, B26); so the answer is entered by a person with its basis,
    never computed.
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
