"""The petition's own tables: what was handed in, who asks (indexes only), each request.

Written only by `effects.py`, inside the transaction of the act; texts and identities lie in
`cases.Content`.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from dengwen.cases.models import Case
from dengwen.organs.models import Organ


class Petition(models.Model):
    """What was handed in (信访事项): its intake case, its channel, the outside number, and the query
    code as a digest.

    `outside_index` is a keyed digest of the number another system gave the same matter, unique per
    source.
    """

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="petition")
    channel = models.CharField(max_length=16)
    received_on = models.DateField()
    outside_source = models.CharField(max_length=24, blank=True)
    outside_index = models.CharField(max_length=64, blank=True)
    code_digest = models.CharField(max_length=64, blank=True)
    act = models.BigIntegerField()

    class_of: ClassVar[dict[str, str]] = {
        "id": "D1",
        "case": "D1",
        "channel": "D1",
        "received_on": "D1",
        "outside_source": "D1",
        "outside_index": "D1",
        "code_digest": "D10",
        "act": "D1",
    }

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["outside_source", "outside_index"],
                condition=~Q(outside_index=""),
                name="petitions_outside_once",
            ),
        ]

    def __str__(self) -> str:
        return str(self.case_id)


class Petitioner(models.Model):
    """A person who stands in a case as petitioner, as keyed indexes for look-up; the identity
    itself is sealed Content.

    `name_index` is truncated on purpose (access model 6): it finds too much, and what it finds is
    compared after opening. There is no profile of a person here: a row per case, nothing that
    counts or ranks.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="petitioners")
    role = models.CharField(max_length=16)
    name_index = models.CharField(max_length=16, blank=True)
    phone_index = models.CharField(max_length=32, blank=True)
    act = models.BigIntegerField()

    class_of: ClassVar[dict[str, str]] = {
        "id": "D1",
        "case": "D1",
        "role": "D1",
        "name_index": "D2",
        "phone_index": "D2",
        "act": "D1",
    }

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["name_index", "phone_index"],
                condition=~Q(name_index=""),
                name="petitions_person_lookup",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.role}"


class Member(models.Model):
    """A member of a group that came together, by the place on its list; name and address are sealed
    Content only.

    The indexes find a person again for staff, as those of `Petitioner` do; `code_digest` lets the
    member follow the matter with a code of the own. A row per case: nothing here counts or ranks a
    person.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="members")
    place = models.PositiveIntegerField()
    name_index = models.CharField(max_length=16, blank=True)
    phone_index = models.CharField(max_length=32, blank=True)
    representative = models.BooleanField(default=False)
    code_digest = models.CharField(max_length=64, blank=True)
    act = models.BigIntegerField()

    class_of: ClassVar[dict[str, str]] = {
        "id": "D1",
        "case": "D1",
        "place": "D1",
        "name_index": "D2",
        "phone_index": "D2",
        "representative": "D1",
        "code_digest": "D10",
        "act": "D1",
    }

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["case", "place"], name="petitions_member_place"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["name_index", "phone_index"],
                condition=~Q(name_index=""),
                name="petitions_member_lookup",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.place}"


class Request(models.Model):
    """One single thing asked (诉求): its class, path, outcome, promise and proof of execution.
    "Closed" is not "solved".

    Class and path are those of the matter until an act gave the request its own (`class_act`).
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="requests")
    number = models.PositiveSmallIntegerField()
    class_code = models.CharField(max_length=16, blank=True)
    path = models.CharField(max_length=8, blank=True)
    class_act = models.BigIntegerField(null=True)
    outcome = models.CharField(max_length=16, blank=True)
    promised_on = models.DateField(null=True)
    proved_on = models.DateField(null=True)
    entered_act = models.BigIntegerField()
    outcome_act = models.BigIntegerField(null=True)
    promise_act = models.BigIntegerField(null=True)
    proof_act = models.BigIntegerField(null=True)

    class_of: ClassVar[dict[str, str]] = {
        "id": "D1",
        "case": "D1",
        "number": "D1",
        "class_code": "D1",
        "path": "D1",
        "class_act": "D1",
        "outcome": "D6",
        "promised_on": "D1",
        "proved_on": "D1",
        "entered_act": "D1",
        "outcome_act": "D1",
        "promise_act": "D1",
        "proof_act": "D1",
    }

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["case", "number"], name="petitions_request_number"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.number}"


class Evaluation(models.Model):
    """A satisfaction evaluation of one matter: whom it is of, the digest of its code, and the
    rating once it is given.

    Nothing says who rated or from where; `own_network` is the one thing kept of an address. The
    code's digest goes when the rating comes. Levels are read in sums only, never singly by the
    rated.
    """

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="evaluation")
    petition = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="evaluated_by")
    competent = models.ForeignKey(Organ, on_delete=models.PROTECT, related_name="+")
    department = models.ForeignKey(Organ, on_delete=models.PROTECT, related_name="+", null=True)
    opened_on = models.DateField()
    code_digest = models.CharField(max_length=64, blank=True)
    competent_level = models.CharField(max_length=16, blank=True)
    department_level = models.CharField(max_length=16, blank=True)
    channel = models.CharField(max_length=8, blank=True)
    own_network = models.BooleanField(default=False)
    rated_on = models.DateField(null=True)

    class_of: ClassVar[dict[str, str]] = {
        "id": "D1",
        "case": "D1",
        "petition": "D1",
        "competent": "D1",
        "department": "D1",
        "opened_on": "D1",
        "code_digest": "D10",
        "competent_level": "D5",
        "department_level": "D5",
        "channel": "D5",
        "own_network": "D5",
        "rated_on": "D5",
    }

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["code_digest"], condition=~Q(code_digest=""), name="petitions_rating_code"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.opened_on}"


class Sketch(models.Model):
    """What look-alikes are found by: keyed digests of a matter's three-character pieces and of the
    days it names.

    Matters only: nothing here is about a person. A row exists for petitions that are not protected,
    and goes the moment one proves to be an accusation. `pieces` is how many distinct pieces the
    text has; `body` keeps at most `lookalikes.KEPT` of their digests, the smallest ones, four bytes
    each in ascending order; `days` likewise.
    """

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="sketch")
    received_on = models.DateField()
    pieces = models.PositiveIntegerField()
    body = models.BinaryField()
    days = models.BinaryField()

    class_of: ClassVar[dict[str, str]] = {
        "id": "D1",
        "case": "D1",
        "received_on": "D1",
        "pieces": "D3",
        "body": "D3",
        "days": "D3",
    }

    def __str__(self) -> str:
        return f"{self.case_id} {self.pieces}"


class SketchKey(models.Model):
    """One entry of the index into sketches: a digest that stands for its text, the smallest of one
    bin."""

    sketch = models.ForeignKey(Sketch, on_delete=models.CASCADE, related_name="keys")
    key = models.BigIntegerField()

    class_of: ClassVar[dict[str, str]] = {"id": "D1", "sketch": "D1", "key": "D3"}

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["key", "sketch"], name="petitions_sketch_key"),
        ]

    def __str__(self) -> str:
        return f"{self.sketch_id} {self.key}"


class ImportedRow(models.Model):
    """A row of an imported file: from which source and number it came, and which case it became.

    `key` is the digest of source and source number, `digest` that of what the row says, so that the
    same row is known again and another text under a used number is noticed. `replied` says whether
    its reply is entered.
    """

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="imported_row")
    key = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    replied = models.BooleanField(default=False)

    class_of: ClassVar[dict[str, str]] = {
        "id": "D1",
        "case": "D1",
        "key": "D1",
        "digest": "D3",
        "replied": "D1",
    }

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["key"], name="petitions_import_once"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.key[:12]}"
