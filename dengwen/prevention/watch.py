"""Watching an office: its open matters as the detectors see them, and the warnings that follow.

Read are matters that are not protected, nothing else: an accusation never counts, neither in what
is found nor in how much (access model 4.2). Finding is the machine's; what follows is a duty of a
person to acknowledge and to answer.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta

from django.db.models import Count, Q, QuerySet

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
from dengwen.prevention.effects import subject_of
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
    for threshold in fields(Thresholds):
        found = setting(SETTING + threshold.name, organ, day)
        if found is None or not str(found.value).isdigit():
            continue
        if int(found.value) > 0:
            chosen[threshold.name] = int(found.value)
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
    by_key = {matter.key: matter for matter in matters}
    raised = 0
    for finding in found:
        if _raise(finding, [by_key[key] for key in finding.keys], now):
            raised += 1
    return raised


def _matters(since: date) -> list[_Matter]:
    """Return the petitions received since a day, in the order of their days; protected ones are
    not among them."""
    cases = Case.objects.filter(kind="petition", protected=False, petition__received_on__gte=since)
    registered = _registrations(cases)
    rows = cases.order_by("petition__received_on", "pk").values_list(
        "pk", "number", "office", "place", "holder_id", "petition__received_on"
    )
    found = []
    for pk, number, office, place, holder, day in rows:
        said = registered.get(pk, {})
        found.append(
            _Matter(
                key=pk,
                number=number,
                office=office,
                day=day,
                place=place,
                category=str(said.get("category") or ""),
                holder=holder,
                persons=_persons(said),
            )
        )
    return found


def _registrations(cases: QuerySet[Case]) -> dict[int, Mapping[str, object]]:
    """Return what was registered of petitions, by case."""
    acts = Act.objects.filter(case__in=cases, act="register")
    return dict(acts.values_list("case_id", "data"))


def _persons(registered: Mapping[str, object]) -> int:
    """Return for how many people a matter speaks; one where its registration says nothing."""
    persons = registered.get("persons")
    if isinstance(persons, int) and persons > 0:
        return persons
    return 1


# --- the three detectors on an office -------------------------------------------------------------
def _same_matter(matters: Sequence[_Matter], day: date, limits: Thresholds) -> list[Finding]:
    """Return where many people write about the same matter within the window of days."""
    begin = day - timedelta(days=limits.days)
    window = [matter for matter in matters if matter.day > begin]
    detector = SameMatter(
        limits.people, limits.days, told=_warned_of([matter.key for matter in window])
    )
    found = []
    for seen in _seen(window):
        finding = detector.see(seen)
        if finding is not None:
            found.append(finding)
    return found


def _seen(matters: Sequence[_Matter]) -> list[Seen]:
    """Return matters as a detector sees them; those without a sketch are left out."""
    keys = [matter.key for matter in matters]
    sketches = _sketches(keys)
    authors = _authors(keys)
    found = []
    for matter in matters:
        if matter.key not in sketches:
            continue
        found.append(
            Seen(
                key=matter.key,
                day=matter.day,
                who=authors.get(matter.key, f"case {matter.key}"),
                pieces=sketches[matter.key],
                persons=matter.persons,
            )
        )
    return found


def _sketches(cases: Collection[int]) -> dict[int, Pieces]:
    """Return the pieces of matters by case, from which what is alike is found."""
    return {
        row.case_id: Pieces(row.pieces, unpack(row.body), unpack(row.days))
        for row in Sketch.objects.filter(case_id__in=cases)
    }


def _authors(cases: Collection[int]) -> dict[int, str]:
    """Return who petitioned by case, as keyed digests of name and phone; nobody without a name."""
    petitioners = Petitioner.objects.filter(case_id__in=cases, role="petitioner")
    named = petitioners.exclude(name_index="")
    found = {}
    for case, name, phone in named.values_list("case_id", "name_index", "phone_index"):
        found[case] = f"{name}/{phone}"
    return found


def _warned_of(cases: Collection[int]) -> set[int]:
    """Return the cases that a warning of the same matter rests on already."""
    raised = RaisedWarning.objects.filter(detector="same_matter")
    evidence = Evidence.objects.filter(digest__in=raised.values("digest"), case_id__in=cases)
    return set(evidence.values_list("case_id", flat=True))


def _inflow(matters: Sequence[_Matter], day: date, limits: Thresholds) -> list[Finding]:
    """Return where the last week of a place and category is above its own past."""
    detector = Inflow(limits.inflow_least, limits.inflow_odds)
    found = []
    for matter in matters:
        if not matter.category:
            continue
        finding = detector.see(matter.key, matter.day, (matter.place, matter.category))
        if finding is not None and (day - finding.day).days < WEEK:
            found.append(finding)
    return found


def _unanswered(matters: Sequence[_Matter], day: date, limits: Thresholds) -> list[Finding]:
    """Return the organs that left much of what they got without any answer, by id."""
    found = []
    for organ, waiting in sorted(_waiting_by_organ(matters).items()):
        finding = unanswered(str(organ), waiting, day, limits)
        if finding is not None:
            found.append(finding)
    return found


def _waiting_by_organ(matters: Sequence[_Matter]) -> dict[int, list[Waiting]]:
    """Return the matters that organs hold, each with the day of its first answer."""
    first = _first_answers([matter.key for matter in matters if matter.holder is not None])
    found: dict[int, list[Waiting]] = defaultdict(list)
    for matter in matters:
        if matter.holder is not None:
            waiting = Waiting(matter.key, matter.day, first.get(matter.key))
            found[matter.holder].append(waiting)
    return found


def _first_answers(cases: Collection[int]) -> dict[int, date]:
    """Return by case the day on which its organ first said anything."""
    acts = Act.objects.filter(case_id__in=cases, act__in=ANSWERS).order_by("-seq")
    first: dict[int, date] = {}
    for case, occurred in acts.values_list("case_id", "occurred_at"):
        first[case] = civil(occurred)
    return first


# --- raising --------------------------------------------------------------------------------------
def _raise(finding: Finding, matters: Sequence[_Matter], now: datetime) -> bool:
    """Raise a warning, and say whether it is new: not said lately, and known to the rules of the
    place."""
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
    uid = f"warning/{finding.detector}/{digest[:40]}/{day.isoformat()}"
    done = perform(step, by=By.system(), now=now, uid=uid)
    return not done.repeated


def _about(finding: Finding, matters: Sequence[_Matter]) -> dict[str, FieldValue]:
    """Return what a warning names: codes only, and only what all of its matters share."""
    if finding.detector == "unanswered":
        return {"organ": int(finding.subject[0])}
    shared: dict[str, FieldValue] = {}
    for name in ("place", "category"):
        values = {getattr(matter, name) for matter in matters}
        if len(values) == 1 and "" not in values:
            shared[name] = values.pop()
    return shared


def _office_of(matters: Sequence[_Matter], day: date) -> Organ | None:
    """Return the petition office that took in most of the matters, else that of their place,
    else any."""
    offices = organs_on(day).filter(is_petition_office=True).order_by("code")
    counts = Counter(matter.office for matter in matters)
    known = {office.code: office for office in offices.filter(code__in=counts)}
    if known:
        code = max(known, key=lambda code: (counts[code], code))
        return known[code]
    here = None
    place = matters[0].place
    if place:
        here = seated_in(place, day).filter(is_petition_office=True).first()
    return here or offices.first()


def _said_already(finding: Finding, about: Mapping[str, FieldValue], day: date) -> bool:
    """Say whether the same was said lately. The same matter by many is told apart by its matters
    instead."""
    if finding.detector == "same_matter":
        return False
    lately = RaisedWarning.objects.filter(
        detector=finding.detector, subject=subject_of(about), raised_on__gt=day - QUIET
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
    counted = RaisedWarning.objects.values("detector").annotate(
        raised=Count("id"),
        answered=Count("id", filter=~Q(verdict="")),
        right=Count("id", filter=Q(verdict="right")),
    )
    found = {name: Record(name, raised=0, answered=0, right=0) for name in detectors}
    for row in counted:
        if row["detector"] in found:
            found[row["detector"]] = Record(**row)
    return found
