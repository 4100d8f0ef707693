"""Watching an office: its open matters as the detectors see them, and the warnings that follow.

Read are matters that are not protected, nothing else: an accusation never counts, neither in what
is found nor in how
much (access model 4.2). Finding is the machine's; what follows is a duty of a person to acknowledge
and to answer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta

from django.db.models import Count, Q

from dengwen.access.keys.keyring import key_ring
from dengwen.cases import rulebooks
from dengwen.cases.models import Act, Case
from dengwen.cases.write.perform import By, perform
from dengwen.editions.as_of import setting
from dengwen.law.duties.act_record import civil
from dengwen.law.duties.step import FieldValue, Step
from dengwen.organs.models import Organ
from dengwen.organs.structure.lines import organs_on, seated_in
from dengwen.petitions.intake.lookalikes import Pieces, unpack
from dengwen.petitions.models import Petitioner, Sketch
from dengwen.prevention.detectors import (
    PAST_WEEKS,
    WEEK,
    Finding,
    Inflow,
    SameMatter,
    Seen,
    Thresholds,
    Waiting,
    unanswered,
)
from dengwen.prevention.models import Evidence, RaisedWarning

KIND = "warning"
SETTING = "warning."
ANSWERS = frozenset(
    {
        "accept",
        "notify_received",
        "notify_path",
        "inform_duty",
        "reply_suggestion",
        "refuse",
        "object",
        "settle",
        "sign",
        "no_longer_accept",
        "import_reply",
    }
)
"""Acts by which an organ first says anything to what it got."""
QUIET = timedelta(days=30)
"""The same thing about the same place, category or organ is not said again within so many days."""


@dataclass(frozen=True, slots=True)
class _Matter:
    """One open matter: its case, day, place, category, holder, and whom it speaks for."""

    key: int
    number: str
    office: str
    day: date
    place: str
    category: str
    holder: int | None
    persons: int


def thresholds(day: date, organ: int | None = None) -> Thresholds:
    """Return the thresholds in force on `day`: local settings `warning.*`, the standard ones
    where none is set."""
    chosen = {}
    for one in fields(Thresholds):
        found = setting(SETTING + one.name, organ, day)
        if found is not None and str(found.value).isdigit() and int(found.value) > 0:
            chosen[one.name] = int(found.value)
    return Thresholds(**chosen)


def watch(now: datetime) -> int:
    """Let every detector look at the office on the day of `now`; raise what is new, and return how
    many warnings.

    The same finding is raised once: its key of idempotency names what it is about and rests on.
    """
    day = civil(now)
    limits = thresholds(day)
    matters = _matters(day - timedelta(days=(PAST_WEEKS + 2) * WEEK))
    found = [
        *_same_matter(matters, day, limits),
        *_inflow(matters, day, limits),
        *_unanswered(matters, day, limits),
    ]
    by_key = {m.key: m for m in matters}
    return sum(_raise(finding, [by_key[k] for k in finding.keys], now) for finding in found)


def _matters(since: date) -> list[_Matter]:
    """Return the petitions received since a day, in the order of their days; protected ones are
    not among them."""
    rows = Case.objects.filter(kind="petition", protected=False, petition__received_on__gte=since)
    data = dict(Act.objects.filter(case__in=rows, act="register").values_list("case_id", "data"))
    found = []
    for pk, number, office, place, holder, day in rows.order_by(
        "petition__received_on", "pk"
    ).values_list("pk", "number", "office", "place", "holder_id", "petition__received_on"):
        said: Mapping[str, object] = data.get(pk, {})
        persons = said.get("persons")
        count = persons if isinstance(persons, int) and persons > 0 else 1
        found.append(
            _Matter(pk, number, office, day, place, str(said.get("category") or ""), holder, count)
        )
    return found


# --- the three detectors on an office -------------------------------------------------------------
def _same_matter(matters: Sequence[_Matter], day: date, limits: Thresholds) -> list[Finding]:
    begin = day - timedelta(days=limits.days)
    window = [m for m in matters if m.day > begin]
    keys = [m.key for m in window]
    sketches = {
        row.case_id: Pieces(row.pieces, unpack(row.body), unpack(row.days))
        for row in Sketch.objects.filter(case_id__in=keys)
    }
    whose = {
        case: f"{name}/{phone}"
        for case, name, phone in Petitioner.objects.filter(case_id__in=keys, role="petitioner")
        .exclude(name_index="")
        .values_list("case_id", "name_index", "phone_index")
    }
    told = set(
        Evidence.objects.filter(
            digest__in=RaisedWarning.objects.filter(detector="same_matter").values("digest"),
            case_id__in=keys,
        ).values_list("case_id", flat=True)
    )
    detector = SameMatter(limits.people, limits.days, told=told)
    seen = (
        Seen(m.key, m.day, whose.get(m.key, f"case {m.key}"), sketches[m.key], m.persons)
        for m in window
        if m.key in sketches
    )
    return [finding for one in seen if (finding := detector.see(one))]


def _inflow(matters: Sequence[_Matter], day: date, limits: Thresholds) -> list[Finding]:
    detector = Inflow(limits.inflow_least, limits.inflow_odds)
    found = [
        finding
        for m in matters
        if m.category and (finding := detector.see(m.key, m.day, (m.place, m.category)))
    ]
    return [f for f in found if (day - f.day).days < WEEK]


def _unanswered(matters: Sequence[_Matter], day: date, limits: Thresholds) -> list[Finding]:
    held = {m.key: m for m in matters if m.holder is not None}
    first: dict[int, date] = {}
    for case, occurred in (
        Act.objects.filter(case_id__in=held, act__in=ANSWERS)
        .order_by("-seq")
        .values_list("case_id", "occurred_at")
    ):
        first[case] = civil(occurred)
    groups: dict[int, list[Waiting]] = defaultdict(list)
    for m in held.values():
        groups[m.holder or 0].append(Waiting(m.key, m.day, first.get(m.key)))
    return [
        f
        for organ, ones in sorted(groups.items())
        if (f := unanswered(str(organ), ones, day, limits))
    ]


# --- raising --------------------------------------------------------------------------------------
def _raise(finding: Finding, matters: Sequence[_Matter], now: datetime) -> bool:
    day = civil(now)
    about = _about(finding, matters)
    office = _office_of(matters, day)
    if office is None or _said_already(finding, about, day):
        return False
    place = about.get("place") or office.division_code
    if KIND not in rulebooks.in_force(day, str(place), now).book.kinds:
        return False  # the edition of that place knows no warnings
    digest = _tray(matters)
    values: dict[str, FieldValue] = {
        "detector": finding.detector,
        "days": finding.days,
        "threshold": finding.threshold,
        "evidence": digest,
        **about,
    }
    step = Step(act="raise", kind=KIND, organ=office.pk, fields=values)
    done = perform(
        step,
        by=By.system(),
        now=now,
        uid=f"warning/{finding.detector}/{digest[:40]}/{day.isoformat()}",
    )
    return not done.repeated


def _about(finding: Finding, matters: Sequence[_Matter]) -> dict[str, FieldValue]:
    """Return what a warning names: codes only, and only what all of its matters share."""
    about: dict[str, FieldValue] = {}
    for name in ("place", "category"):
        values = {getattr(m, name) for m in matters}
        if finding.detector != "unanswered" and len(values) == 1 and "" not in values:
            about[name] = values.pop()
    if finding.detector == "unanswered":
        about["organ"] = int(finding.subject[0])
    return about


def _office_of(matters: Sequence[_Matter], day: date) -> Organ | None:
    """Return the petition office that took in most of the matters, else that of their place,
    else any."""
    offices = organs_on(day).filter(is_petition_office=True).order_by("code")
    counts: dict[str, int] = defaultdict(int)
    for m in matters:
        counts[m.office] += 1
    known = {o.code: o for o in offices.filter(code__in=counts)}
    if known:
        return known[max(known, key=lambda code: (counts[code], code))]
    here = (
        seated_in(matters[0].place, day).filter(is_petition_office=True).first()
        if matters[0].place
        else None
    )
    return here or offices.first()


def _said_already(finding: Finding, about: Mapping[str, FieldValue], day: date) -> bool:
    """Say whether the same was said lately. The same matter by many is told apart by its matters
    instead."""
    if finding.detector == "same_matter":
        return False
    subject = "|".join(str(about.get(name, "")) for name in ("place", "category", "organ"))[:64]
    lately = RaisedWarning.objects.filter(
        detector=finding.detector, subject=subject, raised_on__gt=day - QUIET
    )
    return lately.exists()


def _tray(matters: Sequence[_Matter]) -> str:
    """Lay the matters into the tray and return their keyed digest, from which no number can be
    guessed."""
    numbers = sorted(m.number for m in matters)
    digest = key_ring().digest("index", "warning", *numbers)
    Evidence.objects.bulk_create(
        [Evidence(digest=digest, case_id=m.key) for m in matters], ignore_conflicts=True
    )
    return digest


# --- how often such warnings were right -----------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Record:
    """How warnings of one detector turned out: raised, answered, and of these how many were
    right."""

    detector: str
    raised: int
    answered: int
    right: int

    @property
    def share(self) -> int | None:
        """The share of answered warnings that were right, in per cent; None before any was
        answered."""
        return round(100 * self.right / self.answered) if self.answered else None


def records(
    detectors: Iterable[str] = ("same_matter", "inflow", "unanswered"),
) -> dict[str, Record]:
    """Return how the warnings of each detector turned out, over the whole office."""
    rows = {
        row["detector"]: row
        for row in RaisedWarning.objects.values("detector").annotate(
            raised=Count("id"),
            answered=Count("id", filter=~Q(verdict="")),
            right=Count("id", filter=Q(verdict="right")),
        )
    }
    empty = {"raised": 0, "answered": 0, "right": 0}
    return {
        name: Record(
            name, *(rows.get(name, empty)[part] for part in ("raised", "answered", "right"))
        )
        for name in detectors
    }
