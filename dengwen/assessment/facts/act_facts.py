"""Facts that are an act of the period: what was signed, reviewed, corrected, refused, rated; and
replies of imported history."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet

from dengwen.assessment.facts.duty_facts import OWN, PORTION, SLOTS, Draw
from dengwen.assessment.facts.entry_modes import IMPORTED, entry_mode
from dengwen.assessment.facts.recoded import CORRECTED
from dengwen.assessment.frozen.frozen_tables import Fact, portions
from dengwen.cases.models import Act, Case, CaseLink, Duty
from dengwen.law.duties.act_record import LAPSED, civil
from dengwen.oversight.statistics import span
from dengwen.petitions.history.timeliness import brought_in
from dengwen.petitions.models import Evaluation

DAY = timedelta(days=1)
BROUGHT = 26
"""The slot of a conclusion that was imported with its reply."""
REVIEWED = {"uphold": "upheld", "change": "changed", "revoke": "revoked", "order_anew": "revoked"}
WATCHED = {
    "extend": "extension",
    "split": "split",
    "attach_repeat": "link",
    "refuse": "refusal",
    "refuse_late": "refusal",
    "no_longer_accept": "refusal",
    "inform": "redirect",
    "notify_path": "redirect",
    "guide_visitor": "redirect",
    "guide_back": "redirect",
    "forward_litigation": "redirect",
    "leave_simple": "redirect",
    "withdraw": "withdrawal",
}
"""Acts that are only watched, never scored: the tricks by which a figure is made to look better
leave these."""
SIGNED = ("sign", "settle", "decide_simple")
FILED = ("close_lapsed", "finish")
SIDES = ("competent", "department")
"""Who is rated, apart."""
HANDLING = ("petition", "review", "recheck")


def imported_replies(asked: Draw) -> Iterator[Fact]:
    """Yield replies of imported history, as far as the days alone say whether they came in time
    (R05 33, R22 34)."""
    begins, ends = span(asked.first, asked.last)
    rows = (
        Act.objects.filter(
            asked.sealed("uid"),
            asked.whose("organ"),
            asked.resting("pk"),
            act="import_reply",
            imported=True,
            case__kind="petition",
            case__protected=False,
            occurred_at__gte=begins,
            occurred_at__lt=ends,
        )
        .order_by("pk")
        .values_list("pk", "case_id", "organ_id", "occurred_at")
    )
    for portion in portions(rows.iterator(chunk_size=PORTION), PORTION):
        verdicts = dict(brought_in(Case.objects.filter(pk__in=[row[1] for row in portion])))
        for act, case, organ, occurred in portion:
            if case in verdicts:
                yield Fact(
                    act * SLOTS + BROUGHT,
                    "conclusion",
                    organ,
                    case,
                    civil(occurred),
                    verdicts.pop(case),
                    entered=IMPORTED,
                )


@dataclass(frozen=True, slots=True)
class _Did:
    """An act of the period, as far as facts rest on it."""

    pk: int
    act: str
    case: int
    number: str
    kind: str
    organ: int | None
    day: date
    data: Mapping[str, Any]
    entered: str

    @property
    def signs_petition(self) -> bool:
        """Say whether the act decides a petition, or settles it."""
        return self.act in SIGNED and self.kind == "petition"


def own_acts(asked: Draw) -> Iterator[Fact]:
    """Yield the facts that are an act of the period themselves, in the order of the acts."""
    repeated = _repeated(asked)
    for some in portions(_acts_of_period(asked), PORTION):
        yield from _facts_of_portion(asked, some, repeated)


def _acts_of_period(asked: Draw) -> Iterator[_Did]:
    """Yield the acts of the period that facts rest on, read in portions."""
    begins, ends = span(asked.first, asked.last)
    names = (*SIGNED, *WATCHED, "correct", "register", "invite", "rate")
    rows = (
        Act.objects.filter(
            asked.sealed("uid"),
            asked.resting("pk"),
            act__in=names,
            occurred_at__gte=begins,
            occurred_at__lt=ends,
            case__protected=False,
            case__kind__in=(*HANDLING, "evaluation"),
        )
        .order_by("pk")
        .values_list(
            "pk",
            "act",
            "case_id",
            "case__number",
            "case__kind",
            "organ_id",
            "occurred_at",
            "data",
            "paper",
            "imported",
        )
    )
    for pk, act, case, number, kind, organ, occurred, data, paper, imported in rows.iterator(
        chunk_size=PORTION
    ):
        entered = entry_mode(imported=imported, late=bool(paper))
        yield _Did(pk, act, case, number, kind, organ, civil(occurred), data, entered)


def _repeated(asked: Draw) -> frozenset[str]:
    """Return the numbers of the matters to which another one was attached as a repetition."""
    attached = Act.objects.filter(asked.sealed("uid"), act="attach_repeat")
    return frozenset(map(str, attached.values_list("data__running", flat=True)))


def _facts_of_portion(asked: Draw, some: list[_Did], repeated: frozenset[str]) -> Iterator[Fact]:
    """Yield the facts of a portion of acts: look-ups are made once for all of them."""
    after = _After.of(asked, some, repeated)
    for did in some:
        for fact in _facts_of(did, after, asked):
            if asked.wants(fact.organ):
                yield fact


def _facts_of(did: _Did, after: _After, asked: Draw) -> Iterator[Fact]:
    """Yield what an act is: ratings of an evaluation, or the one fact of any other act."""
    if did.kind == "evaluation":
        yield from _rated(did, asked, after)
    elif did.organ is not None:
        fact = _fact_of(did, after)
        if fact is not None:
            yield fact


def _fact_of(did: _Did, after: _After) -> Fact | None:
    """Return the one fact an act of a petition or its review is, None where it is none."""
    if did.act in WATCHED:
        return _own(did, WATCHED[did.act], did.act, did.kind)
    if did.act == "correct" and did.data.get("field") in CORRECTED:
        return _own(did, "recoding", str(did.data["field"]))
    if did.act == "register" and did.data.get("outside_source"):
        return _own(did, "contact", "registered", str(did.data["outside_source"]))
    if did.signs_petition:
        return _own(did, "resolution", after.resolution(did))
    if did.act == "sign" and did.case in after.reviewed:
        outcome = REVIEWED.get(str(did.data.get("outcome")), "open")
        review = _own(did, "review", outcome, did.kind)
        return replace(review, organ=after.reviewed[did.case])
    return None


def _own(did: _Did, kind: str, outcome: str, sort: str = "") -> Fact:
    """Return the fact that an act itself is, in the figure of who did it."""
    channel = str(did.data.get("channel", "")) if did.act == "register" else ""
    return Fact(
        did.pk * SLOTS + OWN,
        kind,
        did.organ or 0,
        did.case,
        did.day,
        outcome,
        sort,
        channel,
        did.entered,
    )


def _rated(did: _Did, asked: Draw, after: _After) -> Iterator[Fact]:
    """Yield an invitation or a rating, of the department and of the competent organ apart, naming
    no case."""
    month = min(_month_end(did.day), asked.last)
    for slot, side in enumerate(SIDES, start=1):
        organ = after.evaluated.get((did.case, side))
        if organ is None:
            continue
        number = did.pk * SLOTS + slot
        level = str(did.data.get(f"{side}_level") or "")
        if did.act == "rate" and level:
            channel = str(did.data.get("channel", ""))
            yield Fact(number, "rating", organ, 0, month, level, side, channel, did.entered)
        elif did.act == "invite":
            outcome = "rated" if (did.case, side) in after.rated else "unrated"
            yield Fact(number, "invitation", organ, 0, month, outcome, side, "", did.entered)


def _month_end(day: date) -> date:
    """Return the last day of the month."""
    year, month = (day.year + 1, 1) if day.month == 12 else (day.year, day.month + 1)
    return date(year, month, 1) - DAY


@dataclass(frozen=True)
class _After:
    """What became of the matters of some acts: reviewed, repeated, filed; and whose opinion a
    review was about."""

    reviewing: frozenset[int]
    repeated: frozenset[str]
    filed: frozenset[int]
    reviewed: Mapping[int, int]
    evaluated: Mapping[tuple[int, str], int]
    rated: frozenset[tuple[int, str]]

    @staticmethod
    def of(asked: Draw, some: list[_Did], repeated: frozenset[str]) -> _After:
        """Look up what a portion of acts needs, with a few statements for all of them."""
        cases = [d.case for d in some if d.signs_petition]
        seen = Act.objects.filter(asked.sealed("uid"))
        asked_anew = seen.filter(case__in=cases, act="request_review").values_list(
            "case_id", flat=True
        )
        filed = seen.filter(case__in=cases, act__in=FILED).values_list("case_id", flat=True)
        lapsed = Duty.objects.filter(
            case__in=cases, rule="review_request", state=LAPSED
        ).values_list("case_id", flat=True)
        return _After(
            frozenset(asked_anew),
            repeated,
            frozenset(filed) | frozenset(lapsed),
            _reviewed(some),
            _evaluated(some),
            _rated_sides(seen, some),
        )

    def resolution(self, did: _Did) -> str:
        """Say how a matter stands that was decided or settled: once and for all, reviewed,
        repeated, or still open."""
        if did.case in self.reviewing:
            return "reviewed"
        if did.number in self.repeated:
            return "repeated"
        return "settled" if did.act == "settle" or did.case in self.filed else "open"


def _evaluated(some: list[_Did]) -> dict[tuple[int, str], int]:
    """Return by (evaluation, side) the organ it is of; matters of accusations are evaluated in
    no figure."""
    cases = [d.case for d in some if d.kind == "evaluation"]
    found: dict[tuple[int, str], int] = {}
    if not cases:
        return found
    rows = Evaluation.objects.filter(case__in=cases, petition__protected=False)
    for case, competent, department in rows.values_list("case_id", "competent_id", "department_id"):
        for side, organ in zip(SIDES, (competent, department), strict=True):
            if organ:
                found[case, side] = organ
    return found


def _rated_sides(seen: QuerySet[Act], some: list[_Did]) -> frozenset[tuple[int, str]]:
    """Return (evaluation, side) of those invitations that were followed by a rating of that
    side."""
    invited = [d.case for d in some if d.act == "invite"]
    if not invited:
        return frozenset()
    found = set()
    for case, data in seen.filter(case__in=invited, act="rate").values_list("case_id", "data"):
        for side in SIDES:
            if data.get(f"{side}_level"):
                found.add((case, side))
    return frozenset(found)


def _reviewed(some: list[_Did]) -> dict[int, int]:
    """Return by review case whose opinion was reviewed: the organ that signed in the case it is
    about."""
    cases = [d.case for d in some if d.act == "sign" and d.kind in ("review", "recheck")]
    about = dict(
        CaseLink.objects.filter(case__in=cases, kind__in=("reviews", "rechecks")).values_list(
            "case", "other"
        )
    )
    signed = Act.objects.filter(case__in=about.values(), act="sign", organ__isnull=False).order_by(
        "pk"
    )
    organs = dict(signed.values_list("case_id", "organ_id"))
    return {case: organs[other] for case, other in about.items() if other in organs}
