"""What people decided in a case of assessment: schemes, exclusions by two persons, objections,
corrected facts.

Read from the acts of the case: there is no second place where an exclusion or a correction could be
entered.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from dengwen.access.models import User
from dengwen.assessment.errors import AssessmentError
from dengwen.assessment.frozen.freeze import Run
from dengwen.assessment.frozen.frozen_tables import Exclusion
from dengwen.assessment.frozen.manifest import scheme_of
from dengwen.cases.models import Act, Case, Content, Party
from dengwen.cases.write.contents import open_package
from dengwen.law.duties.act_record import civil
from dengwen.organs.models import Organ

SCHEME, ASSESSMENT = "scheme", "assessment"
PUBLISHED = ("in_force", "ended")
"""States in which a scheme can be read by those it is for."""
UPHELD = "upheld"


@dataclass(frozen=True, slots=True)
class Proposed:
    """An exclusion as proposed: number, fact, indicator, clause and reason; who proposed it, who
    confirmed it."""

    number: int
    fact: int
    indicator: str
    clause: str
    reason: str
    proposer: str
    second: str = ""
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Objected:
    """An objection of an organ to a fact, and the ruling on it, as far as there is one."""

    number: int
    organ: int
    fact: int
    indicator: str
    reasons: str
    ruling: str = ""
    outcome: str = ""
    ruled: str = ""


@dataclass(frozen=True)
class Assessment:
    """One case of assessment with everything decided in it.

    `object_by` is the last day of the window of the newest sending; `satisfied` are the organs
    whose last word since that sending is that they object to nothing more.
    """

    case: Case
    first: date
    last: date
    scheme: str
    digest: str
    organs: tuple[int, ...]
    exclusions: tuple[Proposed, ...]
    objections: tuple[Objected, ...]
    object_by: date | None = None
    satisfied: frozenset[int] = frozenset()

    @property
    def all_answered(self) -> bool:
        """Say whether every organ assessed has said since the sending that it objects to nothing
        more."""
        return self.satisfied >= set(self.organs)

    @property
    def left_out(self) -> list[Exclusion]:
        """The exclusions that count: confirmed by a second person and not withdrawn."""
        return [
            Exclusion(e.fact, e.indicator, e.clause, e.reason, e.second, e.proposer, e.number)
            for e in self.exclusions
            if e.second and not e.withdrawn
        ]

    @property
    def corrected(self) -> dict[int, str]:
        """The outcomes that rulings put right, by fact."""
        return {o.fact: o.outcome for o in self.objections if o.ruling == UPHELD and o.outcome}


def assessment_of(case: Case, before: int | None = None) -> Assessment:
    """Return an assessment as its acts say it; LookupError where it was concluded without a scheme.

    `before` is the row id of an act that is not to be looked at: what an effect asks was decided
    before its own act.
    """
    acts = [a for a in Act.objects.filter(case=case).order_by("seq") if a.pk != before]
    opened = next((a for a in acts if a.act == "open"), None)
    if opened is None:
        raise LookupError(f"{case.number} was concluded without a scheme")
    data, words = opened.data, texts_of(acts)
    return Assessment(
        case,
        date.fromisoformat(data["first"]),
        date.fromisoformat(data["last"]),
        str(data["scheme"]),
        str(data["digest"]),
        tuple(sorted(data["organs"])),
        tuple(_exclusions(acts, words)),
        tuple(_objections(acts, words)),
        *_answers(acts),
    )


def _answers(acts: Sequence[Act]) -> tuple[date | None, frozenset[int]]:
    """Return until when organs may object, and which of them said since the newest sending that
    they will not."""
    until: date | None = None
    satisfied: set[int] = set()
    for act in acts:
        if act.act == "send":
            until, satisfied = date.fromisoformat(act.data["object_by"]), set()
        elif act.act == "no_objection" and act.organ_id:
            satisfied.add(act.organ_id)
        elif act.act == "object":
            satisfied.discard(act.organ_id or 0)
    return until, frozenset(satisfied)


def texts_of(acts: Sequence[Act]) -> dict[int, dict[str, str]]:
    """Return the texts of acts that are not sealed, by act."""
    found: dict[int, dict[str, str]] = {}
    for row in Content.objects.filter(act__in=acts, sealed=False):
        found.setdefault(row.act_id, {}).update(open_package(row))
    return found


def _names(acts: Sequence[Act]) -> dict[int, str]:
    """Return the names of who did the acts, by account."""
    actors = {act.actor for act in acts if act.actor}
    names = {}
    for user in User.objects.filter(pk__in=actors).select_related("official"):
        names[user.pk] = user.official.name if user.official else user.username
    return names


def _exclusions(acts: Sequence[Act], words: Mapping[int, Mapping[str, str]]) -> list[Proposed]:
    """Return the exclusions in the order they were proposed, each as it stands now."""
    names = _names(acts)
    found: dict[int, Proposed] = {}
    for act in acts:
        number = act.data.get("number")
        if act.act == "exclude":
            found[number] = Proposed(
                number,
                act.data["fact"],
                str(act.data.get("indicator", "")),
                str(act.data["clause"]),
                words.get(act.pk, {}).get("reason", ""),
                names.get(act.actor or 0, ""),
            )
        elif act.act == "confirm_exclusion" and number in found:
            second = names.get(act.actor or 0, "")
            found[number] = replace(found[number], second=second, withdrawn=False)
        elif act.act == "withdraw_exclusion" and number in found:
            found[number] = replace(found[number], withdrawn=True)
    return list(found.values())


def _objections(acts: Sequence[Act], words: Mapping[int, Mapping[str, str]]) -> list[Objected]:
    """Return the objections in the order they were raised, each with its ruling."""
    found: dict[int, Objected] = {}
    for act in acts:
        number = act.data.get("objection")
        if act.act == "object":
            found[number] = Objected(
                number,
                act.organ_id or 0,
                act.data["fact"],
                str(act.data.get("indicator", "")),
                words.get(act.pk, {}).get("reasons", ""),
            )
        elif act.act == "rule" and number in found:
            found[number] = replace(
                found[number],
                ruling=str(act.data["ruling"]),
                outcome=str(act.data.get("outcome", "")),
                ruled=words.get(act.pk, {}).get("reasons", ""),
            )
    return list(found.values())


# --- schemes --------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Drafted:
    """The newest draft of a scheme in its case: id, digest and text; the days it is in force
    for, where it is."""

    case: Case
    scheme: str
    digest: str
    body: str
    first: date | None
    last: date | None
    approved: date | None = None

    def meets(self, first: date, last: date) -> bool:
        """Say whether the scheme is in force on any of these days."""
        return (
            self.first is not None
            and self.last is not None
            and self.first <= last
            and first <= self.last
        )

    def covers(self, first: date, last: date) -> bool:
        """Say whether the scheme is in force over the whole of these days."""
        return (
            self.first is not None
            and self.last is not None
            and self.first <= first <= last <= self.last
        )


def drafted(case: Case) -> Drafted:
    """Return the scheme of a case of the kind `scheme` as it stands now."""
    named = Act.objects.filter(case=case, act__in=("draft", "approve", "put_in_force"))
    acts = list(named.order_by("seq"))
    draft = [a for a in acts if a.act == "draft"][-1]
    approvals = [a for a in acts if a.act == "approve"]
    force: dict[str, Any] = next((a.data for a in acts if a.act == "put_in_force"), {})
    return Drafted(
        case,
        scheme=str(draft.data["scheme"]),
        digest=str(draft.data["digest"]),
        body=texts_of([draft]).get(draft.pk, {}).get("body", ""),
        first=_day_of(force, "first"),
        last=_day_of(force, "last"),
        approved=civil(approvals[-1].occurred_at) if approvals else None,
    )


def _day_of(data: Mapping[str, Any], name: str) -> date | None:
    """Return a day of an act, None where it names none."""
    return date.fromisoformat(data[name]) if name in data else None


def approved_on(one: Assessment) -> date | None:
    """Return the day on which the scheme of an assessment was approved."""
    case = Case.objects.filter(number=one.scheme, kind=SCHEME).first()
    return drafted(case).approved if case is not None else None


def is_retroactive(one: Assessment) -> bool:
    """Say whether the scheme was approved only after the period began: for some of it nobody
    could go by the scheme."""
    day = approved_on(one)
    return day is not None and day > one.first


def published(organ: Organ) -> QuerySet[Case]:
    """Return the schemes an organ may read whether it was consulted or not: in force (or ended), so
    published.

    Those of its own area, for they can assess it, and those it was assessed by (S 10: indicators
    are published).
    """
    code = organ.division_code
    area = Q(holder__division_code__in=[code[:n] for n in range(1, len(code) + 1)])
    stood = Party.objects.filter(role="assisting_organ", organ=organ, case__kind=ASSESSMENT).values(
        "case_id"
    )
    used = Act.objects.filter(act="open", case_id__in=stood).values_list("data", flat=True)
    named = Q(number__in=[str(data["scheme"]) for data in used])
    return Case.objects.filter(area | named, kind=SCHEME, state__in=PUBLISHED)


def indicator_named(one: Assessment, indicator: str) -> tuple[str, str]:
    """Return an indicator of the scheme of an assessment in words, Chinese and English; its id
    where it has none."""
    case = Case.objects.filter(number=one.scheme, kind=SCHEME).first()
    known = scheme_of(drafted(case).body).indicators if case is not None else ()
    for measure in known:
        if measure.id == indicator:
            return measure.zh, measure.en
    return indicator, indicator


def run_of(one: Assessment, position: int) -> Run:
    """Return what is to be frozen for an assessment at a ledger position."""
    case = Case.objects.filter(number=one.scheme, kind=SCHEME).first()
    scheme = drafted(case) if case is not None else None
    if scheme is None or scheme.digest != one.digest:
        raise AssessmentError(
            "no-scheme",
            where=one.case.number,
            zh=f"方案 {one.scheme} 与考核开始时的不是同一个",
            en=f"scheme {one.scheme} is not the one the assessment was opened with",
            mend_zh="核对方案的编号和摘要",
            mend_en="compare number and digest of the scheme",
        )
    said: dict[str, Any] = {
        "case": one.case.number,
        "scheme_case": one.scheme,
        "scheme_approved": scheme.approved.isoformat() if scheme.approved else "",
        "retroactive": is_retroactive(one),
    }
    return Run(
        scheme.body,
        one.first,
        one.last,
        position,
        organs=frozenset(one.organs),
        exclusions=one.left_out,
        corrections=one.corrected,
        said=said,
        objections=[_objection_said(objection) for objection in one.objections],
    )


def _objection_said(one: Objected) -> dict[str, Any]:
    """Return an objection as it is frozen: without its reasons."""
    return {
        "number": one.number,
        "organ": one.organ,
        "fact": one.fact,
        "indicator": one.indicator,
        "ruling": one.ruling,
        "outcome": one.outcome,
    }
