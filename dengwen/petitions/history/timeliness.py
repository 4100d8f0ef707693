"""How long people waited for an answer, and what can be said about the sixty days (R05 33, R22 34).

The sixty days run from acceptance. A matter whose acceptance was done here is judged by its duty.
Of imported history nobody knows the day of acceptance, only the message and the reply, so three
things can be said:

- *in time*: answered by the due day counted from the message itself, the earliest acceptance can
  have come;
- *late*: answered after the due day counted from the last day acceptance could lawfully have come
  (its own notice period, rolled as any last day), lengthened by the longest extension: no lawful
  course ends there;
- *cannot tell*: answered between the two.

Days in law come from the rules the matter was registered under and the calendars in use; nothing is
counted here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import Any

from django.db.models import QuerySet

from dengwen.cases import rulebooks
from dengwen.cases.act_records import records_of
from dengwen.cases.models import Act, Case, Duty
from dengwen.law.duties.act_record import BY_CLAIM, CORRECT, IN_TIME, LATE, civil
from dengwen.law.duties.corrected_acts import corrected
from dengwen.law.duties.running_terms import count_clock
from dengwen.law.packs.rules import Basis, DutyRule
from dengwen.law.time.calendar import Calendar
from dengwen.organs.models import Organ

KIND = "petition"
CHUNK = 1000
LIMIT = 60
"""The plain days of `over_60_days`: a waiting time as people count it, no verdict."""
UNKNOWN = "unknown"
HANDLE = "handle"
"""The duty of the sixty days, under the same id in every edition."""
NOTICE = ("direct_notice", "notify_transferred")
"""The duties whose period ends on the last day acceptance could lawfully have come."""
ANSWERS = (
    "import_reply",
    "sign",
    "settle",
    "decide_simple",
    "reply_suggestion",
    "feed_back",
    "inform_duty",
)
"""Acts that answer: an opinion, an agreement, the answer in simplified handling, a reply by the
rules of its class or path (R22 29–31)."""
REFUSALS = ("refuse", "no_longer_accept")
READ = (*ANSWERS, *REFUSALS, "register", "take_up_anew", "classify", CORRECT)
COUNTS = ("registered", "refused", "answered", "over_60_days", "in_time", "late", "cannot_tell")


@dataclass(slots=True)
class Figures:
    """The seven figures of one group. Answered = in_time + late + cannot_tell + those no sixty days
    apply to."""

    registered: int = 0
    refused: int = 0
    answered: int = 0
    over_60_days: int = 0
    in_time: int = 0
    late: int = 0
    cannot_tell: int = 0

    def add(self, names: Sequence[str]) -> None:
        """Count one matter under each of the figures named."""
        for name in names:
            setattr(self, name, getattr(self, name) + 1)

    def as_dict(self) -> dict[str, int]:
        """Return the figures by name."""
        return {name: getattr(self, name) for name in COUNTS}


@dataclass(slots=True)
class Report:
    """The figures of all matters, by edition, organ, category and class, and the rules they rest
    on.

    `rules` is keyed by edition: the period, its extension and the period before it, each with law
    and article. `not_judged` says why answered matters have no verdict, by reason; `by_claim`
    counts those in time by what was entered late: recorded after their day, or with a day that a
    late entry moved (design 1.6); and `imported` the
    registered ones that are imported history.
    """

    total: Figures = field(default_factory=Figures)
    groups: dict[str, dict[str, Figures]] = field(
        default_factory=lambda: {name: {} for name in ("edition", "organ", "category", "class")}
    )
    rules: dict[str, dict[str, Any]] = field(default_factory=dict)
    not_judged: dict[str, int] = field(default_factory=dict)
    by_claim: int = 0
    imported: int = 0

    def as_dict(self) -> dict[str, Any]:
        """Return the seven figures, then the same `by_edition`, `by_organ`, `by_category`,
        `by_class`, then `rules`."""
        made: dict[str, Any] = dict(self.total.as_dict())
        for name, groups in self.groups.items():
            by_key = sorted(groups.items())
            made[f"by_{name}"] = {key: figures.as_dict() for key, figures in by_key}
        made["rules"] = self.rules
        made["not_judged"] = dict(sorted(self.not_judged.items()))
        made["by_claim"] = self.by_claim
        made["imported"] = self.imported
        return made

    def add(self, matter: Matter, names: Sequence[str]) -> None:
        """Count a matter in the total and in each of its groups."""
        self.total.add(names)
        keys = {
            "edition": matter.edition,
            "organ": matter.organ,
            "category": matter.category,
            "class": matter.class_,
        }
        for name, key in keys.items():
            self.groups[name].setdefault(key or UNKNOWN, Figures()).add(names)


@dataclass(slots=True)
class Matter:
    """What the acts of one case say about its waiting time."""

    case: int
    organ: str
    imported: bool
    edition: str = ""
    rules: str = ""
    received: date | None = None
    answered: date | None = None
    refused: bool = False
    category: str = ""
    class_: str = ""
    path: str = ""
    duty: tuple[str, str] | None = None
    by_claim: bool = False
    """Whether the answer is in time by what was entered late alone."""


def timeliness(cases: QuerySet[Case]) -> Report:
    """Return the report over those of `cases` that are petitions: what the asker may see, or all
    for the office.

    Reads act and duty rows in chunks of a thousand cases, whatever their number; writes nothing.
    """
    report, judge = Report(), _Judge(rulebooks.calendars().newest)
    organs = dict(Organ.objects.values_list("pk", "code"))
    ids = (
        cases.filter(kind=KIND)
        .order_by("pk")
        .values_list("pk", "holder_id", "imported")
        .iterator(chunk_size=CHUNK)
    )
    while some := list(islice(ids, CHUNK)):
        for matter in _matters(some, organs, judge):
            _count(report, matter, judge)
    report.rules = {edition: judge.rules[edition] for edition in sorted(judge.rules)}
    return report


def brought_in(cases: QuerySet[Case]) -> Iterator[tuple[int, str]]:
    """Yield (case, in_time or late) for imported matters among `cases` whose answer can be judged
    by its days alone.

    Those of which it cannot be told are left out, as are those that a duty of this office judges.
    """
    judge = _Judge(rulebooks.calendars().newest)
    ids = (
        cases.filter(kind=KIND, imported=True)
        .order_by("pk")
        .values_list("pk", "holder_id", "imported")
    )
    for matter in _matters(list(ids), {}, judge):
        if matter.duty is None and matter.answered is not None:
            verdict = judge.verdict(matter)
            if verdict in ("in_time", "late"):
                yield matter.case, verdict


def _count(report: Report, matter: Matter, judge: _Judge) -> None:
    """Count one matter under every figure it belongs to."""
    names = ["registered"]
    if matter.imported:
        report.imported += 1
    if matter.refused:
        names.append("refused")
    if matter.answered is not None and matter.received is not None:
        names.append("answered")
        if (matter.answered - matter.received).days > LIMIT:
            names.append("over_60_days")
        verdict = judge.verdict(matter)
        if verdict in COUNTS:
            names.append(verdict)
            if matter.by_claim:
                report.by_claim += 1
        else:
            report.not_judged[verdict] = report.not_judged.get(verdict, 0) + 1
    report.add(matter, names)


def _matters(
    some: Sequence[tuple[int, int | None, bool]], organs: Mapping[int, str], judge: _Judge
) -> Iterator[Matter]:
    """Yield the matters of a chunk of cases: two queries, and one more per corrected case."""
    found = {pk: Matter(pk, organs.get(holder or 0, ""), imported) for pk, holder, imported in some}
    for pk in _read_acts(found):
        found[pk] = _as_corrected(found[pk])
    duties = Duty.objects.filter(case__in=list(found), rule=HANDLE, state="closed").order_by("pk")
    columns = ("case_id", "state", "timeliness", "by_claim")
    for case, state, timely, claimed in duties.values_list(*columns):
        found[case].duty = state, timely
        found[case].by_claim = timely == BY_CLAIM or (claimed and timely == IN_TIME)
    for matter in found.values():
        if matter.rules:
            matter.edition = judge.edition(matter.rules)
        yield matter


def _read_acts(found: Mapping[int, Matter]) -> set[int]:
    """Let the acts of each matter say what they say; returns the cases that have a correction."""
    mended: set[int] = set()
    acts = Act.objects.filter(case__in=list(found), act__in=READ).order_by("case_id", "seq")
    for case, act, occurred, rules, data in acts.values_list(
        "case_id", "act", "occurred_at", "rules_id", "data"
    ):
        if act == CORRECT:
            mended.add(case)
        else:
            _read(found[case], act, civil(occurred), str(rules), data)
    return mended


def _as_corrected(matter: Matter) -> Matter:
    """Return a matter read anew from its acts as corrections leave them."""
    anew = Matter(matter.case, matter.organ, matter.imported)
    for record in corrected(records_of(Case.objects.get(pk=matter.case))):
        _read(anew, record.act, record.day, record.rules, record.data)
    return anew


def _read(matter: Matter, act: str, day: date, rules: str, data: Mapping[str, Any]) -> None:
    """Let one act tell what it says: received, sorted, refused or answered."""
    if act in ("register", "take_up_anew"):
        matter.rules, matter.received = rules, _day(data.get("received_on"), day)
        matter.category = str(data.get("category", ""))
    elif act == "classify":
        matter.class_, matter.path = str(data.get("class", "")), str(data.get("path", ""))
    elif act in REFUSALS:
        matter.refused = True
    elif act in ANSWERS and matter.answered is None:
        matter.answered = _day(data.get("replied_on"), day)


def _day(value: object, otherwise: date) -> date:
    """Return the day a value of an act stands for, another where it says none."""
    if isinstance(value, date):
        return value
    return date.fromisoformat(value) if isinstance(value, str) and value else otherwise


@dataclass
class _Judge:
    """Counts due days by the rules of each edition; every day of receipt is counted once and
    remembered."""

    calendar: Calendar
    rules: dict[str, dict[str, Any]] = field(default_factory=dict)
    duties: dict[str, tuple[DutyRule, DutyRule, bool]] = field(default_factory=dict)
    dates: dict[tuple[str, date], tuple[date, date | None]] = field(default_factory=dict)

    def edition(self, rules: str) -> str:
        """Return the edition of the sixty days in a rulebook, noting the rules its figures rest
        on."""
        if rules not in self.duties:
            kind = rulebooks.by_row(rules).kind(KIND)
            notice = next(kind.duties[name] for name in NOTICE if name in kind.duties)
            self.duties[rules] = kind.duties[HANDLE], notice, "classify" in kind.acts
        handle, notice, _ = self.duties[rules]
        edition = handle.clock.edition
        self.rules.setdefault(edition, _stated(handle, notice))
        return edition

    def verdict(self, matter: Matter) -> str:
        """Return in_time, late or cannot_tell for an answered matter, or why none can be given."""
        if matter.duty is not None:
            return "late" if matter.duty[1] == LATE else "in_time"
        _, _, by_class = self.duties[matter.rules]
        if by_class and matter.class_ != "claim":
            return "no_class" if not matter.class_ else f"no_limit_{matter.class_}"
        if by_class and matter.path not in ("", "31(6)"):
            return "other_path"
        return self._by_dates(matter)

    def _by_dates(self, matter: Matter) -> str:
        """Return the verdict on a matter that no duty of this office judges."""
        if matter.received is None or matter.answered is None:
            return UNKNOWN
        surely, at_last = self._days(matter.rules, matter.received)
        if matter.answered <= surely:
            return "in_time"
        # Without a published calendar the last lawful day is open: nobody is called late by a
        # guess.
        return "late" if at_last is not None and matter.answered > at_last else "cannot_tell"

    def _days(self, rules: str, received: date) -> tuple[date, date | None]:
        """Return the last day that is surely in time, and the last day that can be lawful at
        all."""
        if (rules, received) not in self.dates:
            handle, notice, _ = self.duties[rules]
            plain = count_clock(handle.clock, received, self.calendar)
            before = count_clock(notice.clock, received, self.calendar)
            if plain is None or plain.raw is None or before is None:
                raise LookupError(
                    f"{handle.id} and {notice.id} of rulebook {rules} give no number of days"
                )
            at_last = self._longest(handle, before.due) if before.due else None
            self.dates[rules, received] = plain.due or plain.raw, at_last
        return self.dates[rules, received]

    def _longest(self, handle: DutyRule, accepted: date) -> date | None:
        """Return the last day of the sixty with the longest extension; None without a calendar."""
        longest = handle.clock.extension.most if handle.clock.extension else 0
        latest = count_clock(handle.clock, accepted, self.calendar, extend=longest)
        return latest.due if latest else None


def _stated(handle: DutyRule, notice: DutyRule) -> dict[str, Any]:
    """Return the rules the figures of an edition rest on, as the packs state them."""
    extension = handle.clock.extension
    term, before = handle.clock.term, notice.clock.term
    return {
        "sixty_days": {
            **_cite(handle.basis),
            "clock": handle.clock.id,
            "days": term.amount if term else None,
        },
        "extension": {**_cite(handle.basis), "most": extension.most if extension else 0},
        "acceptance": {
            **_cite(notice.basis),
            "clock": notice.clock.id,
            "days": before.amount if before else None,
        },
    }


def _cite(basis: Basis) -> dict[str, str]:
    """Return law and article of a rule."""
    return {"law": basis.law, "article": basis.article}
