"""The tables of cases. Acts only ever grow; what stands now (state, holder, duties) can be replayed
from them.

An act row holds ids, codes, dates and digests only. Texts and particulars are `Content`, apart, so
that they can
be sealed or destroyed without touching an act.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from dengwen.editions.models import InstalledRulebook
from dengwen.organs.models import Official, Organ

NUMBER_LENGTH = 40


class Serial(models.Model):
    """The gapless serial of an office and year; the row is locked while a case takes the next
    one."""

    office = models.CharField(max_length=20)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class_of: ClassVar[dict[str, str]] = {"id": "D8", "office": "D8", "year": "D8", "last": "D8"}

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["office", "year"], name="cases_serial_once")
        ]

    def __str__(self) -> str:
        return f"{self.office} {self.year} {self.last}"


class Case(models.Model):
    """One procedure for one sub-matter or subject (办理件). State, holder and next_due are derived
    from its acts.

    `number` is the only id people and addresses see; `serial` is gapless per office and year, for
    auditors.
    `next_due` is the day after which the sweep has something to record; `seq` and `head` are the
    end of its chain.
    """

    number = models.CharField(max_length=NUMBER_LENGTH)
    office = models.CharField(max_length=20)
    year = models.PositiveSmallIntegerField()
    serial = models.PositiveIntegerField()
    kind = models.CharField(max_length=32)
    place = models.CharField(max_length=20, blank=True)
    title = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=32)
    holder = models.ForeignKey(
        Organ, null=True, on_delete=models.PROTECT, related_name="held_cases", db_index=False
    )
    handler = models.ForeignKey(
        Official, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    opened_on = models.DateField()
    opened_at = models.DateTimeField()
    next_due = models.DateField(null=True)
    seq = models.PositiveIntegerField(default=0)
    head = models.BinaryField(max_length=32, default=bytes)
    protected = models.BooleanField(default=False)
    imported = models.BooleanField(default=False)

    class_of: ClassVar[dict[str, str]] = {
        "id": "D1",
        "number": "D1",
        "office": "D1",
        "year": "D1",
        "serial": "D8",
        "kind": "D1",
        "place": "D1",
        "title": "D3",
        "state": "D1",
        "holder": "D1",
        "handler": "D1",
        "opened_on": "D1",
        "opened_at": "D1",
        "next_due": "D1",
        "seq": "D1",
        "head": "D1",
        "protected": "D4",
        "imported": "D1",
    }

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["number"], name="cases_case_number"),
            models.UniqueConstraint(fields=["office", "year", "serial"], name="cases_case_serial"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["next_due"], condition=Q(next_due__isnull=False), name="cases_case_next_due"
            ),
            models.Index(fields=["holder", "state"], name="cases_case_holder"),
            models.Index(fields=["kind", "opened_at"], name="cases_case_kind"),
        ]

    def __str__(self) -> str:
        return self.number


class Act(models.Model):
    """An act (行为) as recorded. `occurred_at` is claimed, `recorded_at` is when the ledger got it.

    `data` holds the declared fields that are ids, codes, dates, numbers or digests; `uid` joins the
    ledger's event.
    `duty` and `opened_by` name the duty a breach or lapse is about.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="acts", db_index=False)
    seq = models.PositiveIntegerField()
    act = models.CharField(max_length=40)
    rules = models.ForeignKey(
        InstalledRulebook, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    calendar = models.CharField(max_length=24)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    organ = models.ForeignKey(
        Organ, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    actor = models.BigIntegerField(null=True)
    capacity = models.CharField(max_length=20, blank=True)
    data = models.JSONField(default=dict)
    content = models.CharField(max_length=64, blank=True)
    paper = models.CharField(max_length=64, blank=True)
    imported = models.BooleanField(default=False)
    duty = models.CharField(max_length=40, blank=True)
    opened_by = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    uid = models.CharField(max_length=128)
    call = models.CharField(max_length=120)

    class_of: ClassVar[dict[str, str]] = {
        "id": "D1",
        "case": "D1",
        "seq": "D1",
        "act": "D1",
        "rules": "D0",
        "calendar": "D0",
        "occurred_at": "D1",
        "recorded_at": "D1",
        "organ": "D1",
        "actor": "D1",
        "capacity": "D1",
        "data": "D1",
        "content": "D1",
        "paper": "D1",
        "imported": "D1",
        "duty": "D1",
        "opened_by": "D1",
        "uid": "D1",
        "call": "D1",
    }

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["case", "seq"], name="cases_act_place"),
            models.UniqueConstraint(fields=["uid"], name="cases_act_uid"),
            models.UniqueConstraint(
                fields=["case", "act", "duty", "opened_by"],
                condition=~Q(duty=""),
                name="cases_act_breach_once",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["call"], name="cases_act_call"),
            models.Index(fields=["act", "organ", "occurred_at"], name="cases_act_by_organ"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} #{self.seq} {self.act}"


class Duty(models.Model):
    """A duty (责任/期限): who owes what by when under which rule. Identity: case, rule, opening act.

    Every column but the ids is derived from acts; `replay` proves it. `due` is null while an
    unpublished calendar
    year, or the silence of the text, leaves it open; then `raw` serves reminders.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="duties", db_index=False)
    rule = models.CharField(max_length=40)
    opened_by = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="+", db_index=False)
    rules = models.ForeignKey(
        InstalledRulebook, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    holder = models.ForeignKey(
        Organ, null=True, on_delete=models.PROTECT, related_name="duties", db_index=False
    )
    official = models.ForeignKey(
        Official, null=True, on_delete=models.PROTECT, related_name="duties", db_index=False
    )
    right = models.BooleanField(default=False)
    opened_on = models.DateField()
    start = models.DateField()
    raw = models.DateField(null=True)
    due = models.DateField(null=True)
    sort_day = models.DateField(null=True)
    original_due = models.DateField(null=True)
    provisional = models.BooleanField(default=False)
    statutory = models.BooleanField(default=True)
    state = models.CharField(max_length=8)
    closed_by = models.ForeignKey(
        Act, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    closed_on = models.DateField(null=True)
    timeliness = models.CharField(max_length=10, blank=True)
    breach = models.ForeignKey(
        Act, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    calendar = models.CharField(max_length=24, blank=True)
    imported = models.BooleanField(default=False)

    class_of: ClassVar[dict[str, str]] = dict.fromkeys(
        (
            "id",
            "case",
            "rule",
            "opened_by",
            "rules",
            "holder",
            "official",
            "right",
            "opened_on",
            "start",
            "raw",
            "due",
            "sort_day",
            "original_due",
            "provisional",
            "statutory",
            "state",
            "closed_by",
            "closed_on",
            "timeliness",
            "breach",
            "calendar",
            "imported",
        ),
        "D1",
    )

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["case", "rule", "opened_by"], name="cases_duty_identity"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["holder", "sort_day", "id"],
                condition=Q(state="open"),
                name="cases_duty_open_by_day",
            ),
            models.Index(
                fields=["official", "sort_day"],
                condition=Q(state="open"),
                name="cases_duty_official",
            ),
            models.Index(
                fields=["holder", "due"],
                condition=Q(breach__isnull=False),
                name="cases_duty_breaches",
            ),
            models.Index(
                fields=["sort_day", "id"],
                condition=Q(state="open", breach__isnull=False),
                name="cases_duty_late_by_day",
            ),
            models.Index(
                fields=["closed_on", "id"],
                condition=Q(timeliness="by_claim", breach__isnull=False),
                name="cases_duty_claims_by_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.rule} {self.due}"


class Party(models.Model):
    """Who stands how to a case (相关人), from which act to which: what the wall and the duties need
    to know."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="parties", db_index=False)
    role = models.CharField(max_length=24)
    organ = models.ForeignKey(
        Organ, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    official = models.ForeignKey(
        Official, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    person = models.BigIntegerField(null=True)
    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="+", db_index=False)
    since = models.DateField()
    until = models.DateField(null=True)

    class_of: ClassVar[dict[str, str]] = {
        "id": "D1",
        "case": "D1",
        "role": "D4",
        "organ": "D4",
        "official": "D4",
        "person": "D2",
        "act": "D1",
        "since": "D1",
        "until": "D1",
    }

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["case", "role"], name="cases_party_case"),
            models.Index(
                fields=["organ", "role"], condition=Q(organ__isnull=False), name="cases_party_organ"
            ),
            models.Index(
                fields=["official", "role"],
                condition=Q(official__isnull=False),
                name="cases_party_official",
            ),
            models.Index(
                fields=["person"], condition=Q(person__isnull=False), name="cases_party_person"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.role}"


class Content(models.Model):
    """Texts and particulars of one act and data class, as a salted package; sealed for D2, D4 and
    protected cases.

    `body` is the canonical JSON of the fields with their salt, as bytes: plain, or ciphertext when
    `sealed`.
    The act carries the digest over the plain package, so content can be destroyed and the act still
    stands.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="contents")
    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="contents")
    data_class = models.CharField(max_length=4)
    compartment = models.CharField(max_length=12, blank=True)
    sealed = models.BooleanField(default=False)
    digest = models.CharField(max_length=64)
    body = models.BinaryField()

    class_of: ClassVar[dict[str, str]] = {
        "id": "D1",
        "case": "D1",
        "act": "D1",
        "data_class": "D1",
        "compartment": "D1",
        "sealed": "D1",
        "digest": "D1",
        "body": "D4",
    }

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["act", "data_class"], name="cases_content_once"),
        ]

    def __str__(self) -> str:
        return f"{self.act_id} {self.data_class}"


class CaseLink(models.Model):
    """How two cases stand to each other: split from, reviews, repeats …; linked, never merged or
    re-opened."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="links")
    other = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="linked_by")
    kind = models.CharField(max_length=24)
    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="+", db_index=False)

    class_of: ClassVar[dict[str, str]] = {
        "id": "D1",
        "case": "D1",
        "other": "D1",
        "kind": "D1",
        "act": "D1",
    }

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["case", "other", "kind"], name="cases_link_once"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind} {self.other_id}"


class Document(models.Model):
    """A document (文书) issued with an act: its number in a series, what it says, and the digest
    the ledger keeps."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="documents")
    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="documents")
    rule = models.CharField(max_length=40)
    number = models.CharField(max_length=80)
    title = models.CharField(max_length=120)
    digest = models.CharField(max_length=64)
    compartment = models.CharField(max_length=12)
    body = models.BinaryField()

    class_of: ClassVar[dict[str, str]] = {
        "id": "D1",
        "case": "D1",
        "act": "D1",
        "rule": "D1",
        "number": "D1",
        "title": "D1",
        "digest": "D1",
        "compartment": "D1",
        "body": "D6",
    }

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["act", "rule"], name="cases_document_once"),
            models.UniqueConstraint(fields=["number"], name="cases_document_number"),
        ]

    def __str__(self) -> str:
        return self.number


class File(models.Model):
    """A file handed in with an act: sealed bytes in the data folder under a random name, only ever
    a download.

    `call` joins the act (`Act.call`), `digest` the field of it that names the file. `sealed_key` is
    the file's own
    key, sealed under the case's: who destroys that one erases the file. `active` marks what can run
    something when
    opened.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="files")
    call = models.CharField(max_length=120)
    field = models.CharField(max_length=40)
    name = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    extension = models.CharField(max_length=8)
    size = models.PositiveIntegerField()
    active = models.BooleanField(default=False)
    compartment = models.CharField(max_length=12)
    sealed_key = models.BinaryField(default=b"")
    kept_at = models.DateTimeField()

    class_of: ClassVar[dict[str, str]] = {
        **dict.fromkeys(
            ("id", "case", "call", "field", "name", "digest", "extension", "size", "active"), "D1"
        ),
        "compartment": "D1",
        "kept_at": "D1",
        "sealed_key": "D9",
    }

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["name"], name="cases_file_name"),
            models.UniqueConstraint(
                fields=["case", "call", "field", "digest"], name="cases_file_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.extension} {self.digest[:8]}"


APPEND_ONLY = ("cases_act", "cases_caselink", "cases_document")
"""Tables of this package whose rows nobody may change, delete or truncate."""
