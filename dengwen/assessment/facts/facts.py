"""What an assessment counts, drawn from acts and duties as the ledger held them at a position.

Every fact is known by the act it rests on: `id` = act × 32 + a slot for what is counted (what is
frozen and shown
bears another name: `naming`). A period of any size is drawn with the memory of a few portions.
Matters of accusations
enter no fact (access model 4.2); ratings name no case, and their day is the last of the month, so
that no rater can be
picked out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import chain, islice
from typing import Any

from django.db.models import QuerySet

from dengwen.assessment.facts.duty_facts import (
    COLUMNS,
    OWN,
    PORTION,
    SLOTS,
    Draw,
    duties,
    ended,
    judged,
)
from dengwen.assessment.facts.inspection_findings import demanded, rectified, sampled, unregistered
from dengwen.assessment.facts.recoded import CORRECTED, recoded
from dengwen.assessment.frozen.frozen_tables import Assessed, Fact
from dengwen.cases.models import Act, Case, CaseLink, Duty
from dengwen.law.duties.act_record import BY_CLAIM, CLOSED, LAPSED, OPEN, civil
from dengwen.organs.kinds import KINDS
from dengwen.organs.models import Organ
from dengwen.oversight.statistics import span
from dengwen.petitions.history.timeliness import brought_in
from dengwen.petitions.models import Evaluation

__all__ = ("PORTION", "SLOTS", "Draw", "draw", "group_words", "judged", "level_words", "population")

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class TimedRule:
    """A duty with a day: which kind of fact it makes, in which slot, and the sort it bears."""

    rule: str
    kind: str
    slot: int
    case: str = "petition"
    sort: str = ""


TIMED = (
    TimedRule("sort", "registration", 1),
    TimedRule("sort_again", "registration", 2, sort="again"),
    TimedRule("direct_notice", "notification", 3),
    TimedRule("notify_transferred", "notification", 4),
    TimedRule("direct_again", "notification", 5, sort="again"),
    TimedRule("handle", "conclusion", 6),
    TimedRule("review_decide", "conclusion", 7, "review", "review"),
    TimedRule("recheck_decide", "conclusion", 8, "recheck", "recheck"),
    TimedRule("perform_or_answer", "conclusion", 9, sort="31(5)"),
)
"""Duties that are in time, late, missed or open, by the day on which they fall due."""
EXECUTE, FEEDBACK, OBJECT, BACKLOG, LEADER = (20, 21, 22, 24, 25)
"""Slots of the other facts that rest on a duty."""
BROUGHT = 26
"""The slot of a conclusion that was imported with its reply."""

DONE = {"in_time": "done"}
REVIEWED = {"uphold": "upheld", "change": "changed", "revoke": "revoked", "order_anew": "revoked"}
SUGGESTED = {"adopted": "adopted", "partly": "partly", "not": "refused"}
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


def draw(asked: Draw) -> Iterator[Fact]:
    """Yield the facts of a period, kind after kind."""
    return chain(
        *(_timed(asked, rule) for rule in TIMED),
        _leaders(asked),
        _executed(asked),
        _feedback(asked),
        _objected(asked),
        rectified(asked),
        demanded(asked),
        sampled(asked),
        unregistered(asked),
        _backlog(asked),
        _brought(asked),
        recoded(asked),
        _acts(asked),
    )


PETITION_OFFICE = "petition_office"
"""The kind under which petition departments are grouped."""
OFFICE_WORDS = ("信访部门", "petition department")


def population(organs: frozenset[int]) -> list[Assessed]:
    """Return the organs with their names, in order of id; organs of one kind and level are
    compared.

    Petition departments are a kind of their own, whatever kind of organ they are registered as:
    what they do (register,
    forward, be rated as the department) no other organ does.
    """
    rows = Organ.objects.filter(pk__in=organs).order_by("pk")
    said = rows.values_list("pk", "name_zh", "kind", "level", "is_petition_office")
    return [
        Assessed(pk, name, f"{PETITION_OFFICE if office else kind}/{level}")
        for pk, name, kind, level, office in said
    ]


def group_words(group: str, *, zh: bool) -> str:
    """Return a group of comparable organs in words."""
    kind, _slash, level = group.partition("/")
    known = KINDS.get(kind)
    names = OFFICE_WORDS if kind == PETITION_OFFICE else (known.zh, known.en) if known else None
    word = level_words(level)[0 if zh else 1]
    if names is None:
        return group
    return f"{word}{names[0]}" if zh else f"{names[1]}, {word} level"


def level_words(level: str) -> tuple[str, str]:
    """Return a level of organs in words, Chinese and English."""
    words = {
        "national": "全国",
        "province": "省级",
        "prefecture": "地级",
        "county": "县级",
        "township": "乡级",
        "village": "村级",
    }
    return words.get(level, level), level


# --- duties ---------------------------------------------------------------------------------------
def _timed(asked: Draw, rule: TimedRule) -> Iterator[Fact]:
    later = ended(asked)
    rows = duties(asked, rule.rule, rule.case, "opened_by__data").filter(
        due__gte=asked.first, due__lte=asked.last
    )
    for row in rows.iterator(chunk_size=PORTION):
        found = judged(row, later)
        if found is None:
            continue
        channel = str(row[11].get("channel", "")) if rule.kind == "registration" else ""
        number = row[0] * SLOTS + rule.slot
        yield Fact(
            number, rule.kind, row[2], row[1], row[3], found[0], rule.sort, channel, found[1]
        )


def _leaders(asked: Draw) -> Iterator[Fact]:
    later = ended(asked)
    rows = (
        Duty.objects.filter(
            asked.sealed("opened_by__uid"),
            asked.whose("holder"),
            asked.resting("opened_by"),
            case__kind="register",
            official__isnull=False,
            due__gte=asked.first,
            due__lte=asked.last,
        )
        .order_by("opened_by_id")
        .values_list(*COLUMNS, "rule")
    )
    for row in rows.iterator(chunk_size=PORTION):
        found = judged(row, later)
        if found is not None:
            yield Fact(
                row[0] * SLOTS + LEADER,
                "leader_duty",
                row[2],
                row[1],
                row[3],
                found[0],
                row[11],
                "",
                found[1],
            )


def _executed(asked: Draw) -> Iterator[Fact]:
    later = ended(asked)
    rows = duties(asked, "execute", "petition").filter(due__gte=asked.first, due__lte=asked.last)
    for row in rows.iterator(chunk_size=PORTION):
        found = judged(row, later)
        if found is not None:
            outcome = DONE.get(found[0], found[0])
            yield Fact(
                row[0] * SLOTS + EXECUTE,
                "execution",
                row[2],
                row[1],
                row[3],
                outcome,
                entered=found[1],
            )


def _feedback(asked: Draw) -> Iterator[Fact]:
    """Suggestions by the day they were made; R22 40(4) gives no days, so one without an answer
    is open."""
    later = ended(asked)
    rows = duties(asked, "feedback", "suggestion", "closed_by__data", "opened_by__act").filter(
        opened_on__gte=asked.first,
        opened_on__lte=asked.last,
        opened_by__act__in=("make", "make_policy"),
    )
    for row in rows.iterator(chunk_size=PORTION):
        answered = row[5] == CLOSED and row[9] not in later
        missed = row[10] is not None and row[10] not in later
        said = SUGGESTED.get(str((row[11] or {}).get("adopted", "")), "refused")
        outcome = said if answered else "unanswered" if missed else "open"
        entered = "imported" if row[7] else "late" if answered and row[6] == BY_CLAIM else "timely"
        yield Fact(
            row[0] * SLOTS + FEEDBACK,
            "suggestion",
            row[2],
            row[1],
            row[4],
            outcome,
            row[12],
            "",
            entered,
        )


def _objected(asked: Draw) -> Iterator[Fact]:
    """Objections to a forwarding, in the figure of the sender who has to answer (R22 23(3))."""
    later = ended(asked)
    rows = duties(asked, "answer_objection", "petition", "closed_by__act").filter(
        opened_on__gte=asked.first, opened_on__lte=asked.last
    )
    for row in rows.iterator(chunk_size=PORTION):
        answered = row[5] == CLOSED and row[9] not in later
        outcome = ("refused" if row[11] == "refuse_return" else "upheld") if answered else "open"
        entered = "imported" if row[7] else "timely"
        yield Fact(
            row[0] * SLOTS + OBJECT, "objection", row[2], row[1], row[4], outcome, entered=entered
        )


def _backlog(asked: Draw) -> Iterator[Fact]:
    """Matters whose handling was not finished on the last day of the period: only watched."""
    later = ended(asked)
    rows = duties(asked, "handle", "petition", "opened_by__paper").filter(opened_on__lte=asked.last)
    for row in rows.iterator(chunk_size=PORTION):
        done = row[5] != OPEN and row[9] not in later and (row[8] is None or row[8] <= asked.last)
        if not done:
            entered = "imported" if row[7] else "late" if row[11] else "timely"
            yield Fact(
                row[0] * SLOTS + BACKLOG,
                "backlog",
                row[2],
                row[1],
                asked.last,
                "open",
                entered=entered,
            )


def _brought(asked: Draw) -> Iterator[Fact]:
    """Replies of imported history, as far as the days alone say whether they came in time (R05
    33, R22 34)."""
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
    answered = rows.iterator(chunk_size=PORTION)
    while some := list(islice(answered, PORTION)):
        said = dict(brought_in(Case.objects.filter(pk__in=[row[1] for row in some])))
        for act, case, organ, occurred in some:
            if case in said:
                yield Fact(
                    act * SLOTS + BROUGHT,
                    "conclusion",
                    organ,
                    case,
                    civil(occurred),
                    said.pop(case),
                    entered="imported",
                )


# --- acts -----------------------------------------------------------------------------------------
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


def _acts(asked: Draw) -> Iterator[Fact]:
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
    repeated = frozenset(
        map(
            str,
            Act.objects.filter(asked.sealed("uid"), act="attach_repeat").values_list(
                "data__running", flat=True
            ),
        )
    )
    waiting: list[_Did] = []
    for pk, act, case, number, kind, organ, occurred, data, paper, imported in rows.iterator(
        chunk_size=PORTION
    ):
        entered = "imported" if imported else "late" if paper else "timely"
        waiting.append(_Did(pk, act, case, number, kind, organ, civil(occurred), data, entered))
        if len(waiting) == PORTION:
            yield from _told(asked, waiting, repeated)
            waiting = []
    yield from _told(asked, waiting, repeated)


def _told(asked: Draw, some: list[_Did], repeated: frozenset[str]) -> Iterator[Fact]:
    """Yield the facts of a portion of acts: look-ups are made once for all of them."""
    after = _After.of(asked, some, repeated)
    for did in some:
        for fact in _facts_of(did, after, asked):
            if asked.organs is None or fact.organ in asked.organs:
                yield fact


def _facts_of(did: _Did, after: _After, asked: Draw) -> Iterator[Fact]:
    if did.kind == "evaluation":
        yield from _rated(did, asked, after)
        return
    if did.organ is None:
        return
    if did.act in WATCHED:
        yield _own(did, WATCHED[did.act], did.act, did.kind)
    elif did.act == "correct" and did.data.get("field") in CORRECTED:
        yield _own(did, "recoding", str(did.data["field"]))
    elif did.act == "register" and did.data.get("outside_source"):
        yield _own(did, "contact", "registered", str(did.data["outside_source"]))
    elif did.act in SIGNED and did.kind == "petition":
        yield _own(did, "resolution", after.resolution(did))
    elif did.act == "sign" and did.case in after.reviewed:
        outcome = REVIEWED.get(str(did.data.get("outcome")), "open")
        yield replace(_own(did, "review", outcome, did.kind), organ=after.reviewed[did.case])


def _own(did: _Did, kind: str, outcome: str, sort: str = "") -> Fact:
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
    """An invitation and its ratings, of the department and of the competent organ apart, naming
    no case."""
    month = min(_month_end(did.day), asked.last)
    for slot, side in enumerate(SIDES, start=1):
        organ = after.evaluated.get((did.case, side))
        if organ is None:
            continue
        level = str(did.data.get(f"{side}_level") or "")
        if did.act == "rate" and level:
            channel = str(did.data.get("channel", ""))
            yield Fact(
                did.pk * SLOTS + slot, "rating", organ, 0, month, level, side, channel, did.entered
            )
        elif did.act == "invite":
            said = "rated" if (did.case, side) in after.rated else "unrated"
            yield Fact(
                did.pk * SLOTS + slot, "invitation", organ, 0, month, said, side, "", did.entered
            )


def _month_end(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1) - DAY


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
        signed = [d for d in some if d.act in SIGNED and d.kind == "petition"]
        cases = [d.case for d in signed]
        seen = Act.objects.filter(asked.sealed("uid"))
        asked_anew = seen.filter(case__in=cases, act="request_review").values_list(
            "case_id", flat=True
        )
        filed = seen.filter(case__in=cases, act__in=FILED).values_list("case_id", flat=True)
        lapsed = Duty.objects.filter(case__in=cases, rule="review_request", state=LAPSED)
        return _After(
            frozenset(asked_anew),
            repeated,
            frozenset(filed) | frozenset(lapsed.values_list("case_id", flat=True)),
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
    rows = (
        Evaluation.objects.filter(case__in=cases, petition__protected=False)
        if cases
        else Evaluation.objects.none()
    )
    found: dict[tuple[int, str], int] = {}
    for case, competent, department in rows.values_list("case_id", "competent_id", "department_id"):
        found |= {
            (case, side): organ
            for side, organ in zip(SIDES, (competent, department), strict=True)
            if organ
        }
    return found


def _rated_sides(seen: QuerySet[Act], some: list[_Did]) -> frozenset[tuple[int, str]]:
    """Return (evaluation, side) of those invitations that were followed by a rating of that
    side."""
    asked = [d.case for d in some if d.act == "invite"]
    rates = seen.filter(case__in=asked, act="rate").values_list("case_id", "data") if asked else ()
    return frozenset(
        (case, side) for case, data in rates for side in SIDES if data.get(f"{side}_level")
    )


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
