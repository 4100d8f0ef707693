"""The government of the invented district assesses its organs once: from a scheme file to frozen
files.

Every step goes through the write door, by the persons who may take it: scheme drafted, tried,
consulted on, approved,
in force; facts drawn, one left out by two persons, sent, one objected to and put right, frozen.
Organs have their days
to comment and to object. Since all of it comes after the period assessed, the scheme is one
approved afterwards, and
the manifest says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from dengwen.access.roles import capacities
from dengwen.assessment.frozen.freeze import Frozen, Run, freeze, home
from dengwen.assessment.frozen.frozen_tables import FACTS, Fact, read
from dengwen.assessment.frozen.manifest import scheme_body, scheme_of
from dengwen.assessment.inputs import assessment_of, drafted, run_of
from dengwen.assessment.interim_figures import outcomes_open_to, position_of, trial
from dengwen.cases.models import Case
from dengwen.cases.write.perform import By, perform
from dengwen.law.duties.act_record import civil
from dengwen.law.duties.step import FieldValue, Step
from dengwen.law.packs.pack import read_toml
from dengwen.ledger import sequencer
from dengwen.oversight.statistics import newest_position
from dengwen.practice.district.staff import Staff

GOVERNMENT, CLERK, SECOND, HEAD = "YJQ", "secretary", "reviewer2", "review-head2"
DAY = timedelta(days=1)
WINDOW = 5
"""Days the organs have to object: a local number, as all windows of an assessment are."""
COMMENTS = 7
"""Days the organs have to comment on the scheme, a local number too."""
APPROVED_BY = "ab" * 32
"""Digest of the invented approval paper."""


@dataclass
class _Government:
    """Who acts for the government of the district, on which day it is."""

    now: datetime
    staff: Staff
    count: int = 0
    sealing: datetime | None = None

    def who(self, username: str, code: str = GOVERNMENT) -> By:
        """Return somebody of an organ as an actor of the write door."""
        held = capacities(self.staff.roles[code][username])
        return By(self.staff.users[username], self.staff.organs[code], held)

    def do(
        self,
        by: By,
        act: str,
        case: str = "",
        *,
        kind: str = "",
        texts: Mapping[str, str] | None = None,
        **fields: FieldValue,
    ) -> str:
        """Do one act and return its case."""
        self.count += 1
        step = Step(act=act, case=case, kind=kind, fields=fields, texts=dict(texts or {}))
        return perform(
            step, by=by, now=self.now, uid=f"assess/{self.now:%Y%m%dT%H%M%S}/{self.count}"
        ).case

    def scheme(self, file: Path, first: date, last: date) -> tuple[str, str]:
        """Bring a scheme file into force over a period; returns its case and digest."""
        body = scheme_body(read_toml(file))
        scheme = scheme_of(body)
        clerk = self.who(CLERK)
        case = self.do(
            clerk,
            "draft",
            kind="scheme",
            texts={"subject": scheme.zh, "body": body},
            scheme=scheme.id,
            digest=scheme.digest,
        )
        sequencer.tick(now=self.sealing or self.now)
        self.consult(case, self.try_out(case, body, first, last))
        self.approve(case, scheme.digest)
        self.now += DAY
        until = max(last, civil(self.now) + timedelta(days=WINDOW + 1))
        self.do(clerk, "put_in_force", case, first=first, last=until)
        return case, scheme.digest

    def try_out(self, case: str, body: str, first: date, last: date) -> tuple[int, ...]:
        """Try a drafted scheme over a period; returns the organs it would assess."""
        tried = trial(Run(body, first, last, newest_position()))
        self.do(
            self.who(CLERK),
            "dry_run",
            case,
            texts={"moves": "第一个方案，没有可比的"},
            first=first,
            last=last,
            position=newest_position(),
            scores=str(tried.manifest["scores_sha256"]),
        )
        return _population(tried)

    def consult(self, case: str, organs: tuple[int, ...]) -> None:
        """Ask the organs for their comments on a scheme, and let the days for them pass."""
        answer_by = civil(self.now) + timedelta(days=COMMENTS)
        self.do(self.who(CLERK), "consult", case, organs=organs, answer_by=answer_by)
        self.now += timedelta(days=COMMENTS + 1)

    def approve(self, case: str, digest: str) -> None:
        """Approve a scheme by the government."""
        self.do(
            self.who(HEAD),
            "approve",
            case,
            body="government",
            digest=digest,
            approval=APPROVED_BY,
        )

    def exclude(self, case: str, fact: int) -> None:
        """Leave a fact out of an assessment, on the word of two persons."""
        self.do(
            self.who(CLERK),
            "exclude",
            case,
            texts={"reason": "系统停机（虚构）"},
            number=1,
            fact=fact,
            clause="S 10",
        )
        self.do(self.who(SECOND), "confirm_exclusion", case, number=1)

    def send(self, case: str) -> None:
        """Send the facts of an assessment to the organs, which may object from then on."""
        until = civil(self.now) + timedelta(days=WINDOW)
        self.do(self.who(CLERK), "send", case, object_by=until, position=newest_position())

    def freeze(self, case: str) -> Frozen:
        """Freeze an assessment as it was sent, and return what was frozen."""
        made = freeze(run_of(assessment_of(Case.objects.get(number=case)), _sent(case)), home(case))
        self.do(
            self.who(HEAD),
            "freeze",
            case,
            position=_sent(case),
            manifest=made.digest,
            scores=str(made.manifest["scores_sha256"]),
        )
        return made

    def handler(self, organ: int) -> By | None:
        """Return who answers for an organ assessed, where it has somebody."""
        try:
            return self.staff.by(self.staff.codes[organ], "handler")
        except LookupError:
            return None


def assess(
    file: Path, first: date, last: date, now: datetime, sealing: datetime | None = None
) -> Frozen:
    """Assess the organs of the district over a period by a scheme file, and return what was frozen.

    `now` is an instant after the period; the steps take a few days from it. LookupError where no
    fact was drawn.
    `sealing` is the instant the ledger seals at, where a history is written after the fact.
    """
    government = _Government(now, Staff.load(civil(now)), sealing=sealing)
    scheme, digest = government.scheme(file, first, last)
    sequencer.tick(now=sealing or government.now)
    case = _open(government, scheme, digest, first, last)
    facts = [Fact(**row) for row in read(_draft(case).folder / FACTS, FACTS)]
    out = _first(facts, "conclusion") or facts[0]
    government.exclude(case, out.id)
    sequencer.tick(now=sealing or government.now)
    government.send(case)
    _object(government, case, [fact for fact in facts if fact.id != out.id])
    government.now += timedelta(days=WINDOW + 1)
    return government.freeze(case)


def _open(government: _Government, scheme: str, digest: str, first: date, last: date) -> str:
    """Open an assessment of every organ the scheme counts facts of; LookupError where there is
    none."""
    body = drafted(Case.objects.get(number=scheme)).body
    organs = _population(trial(Run(body, first, last, newest_position())))
    if not organs:
        raise LookupError(f"no fact from {first} to {last}")
    return government.do(
        government.who(CLERK),
        "open",
        kind="assessment",
        texts={"subject": f"{first} 至 {last} 考核"},
        first=first,
        last=last,
        scheme=scheme,
        digest=digest,
        organs=organs,
    )


def _population(made: Frozen) -> tuple[int, ...]:
    """Return the organs a run assesses."""
    return tuple(one["organ"] for one in made.manifest["population"])


def _draft(case: str) -> Frozen:
    return trial(run_of(assessment_of(Case.objects.get(number=case)), newest_position()))


def _sent(case: str) -> int:
    return position_of(assessment_of(Case.objects.get(number=case)), newest_position())


def _first(facts: Iterable[Fact], kind: str) -> Fact | None:
    return next((f for f in facts if f.kind == kind), None)


def _object(government: _Government, case: str, facts: list[Fact]) -> None:
    """Let an organ object to a late conclusion (else to any fact of its own), and put the fact
    right."""
    scheme = scheme_of(_draft(case).manifest["scheme"]["body"])
    for fact in sorted(facts, key=_worth_objecting):
        handler = government.handler(fact.organ)
        possible = outcomes_open_to(scheme, fact)
        if handler is None or not possible:
            continue
        outcome = "in_time" if "in_time" in possible else possible[0]
        given: dict[str, Any] = {"objection": 1, "fact": fact.id}
        government.do(handler, "object", case, texts={"reasons": "当日已经出具（虚构）"}, **given)
        government.do(
            government.who(SECOND),
            "rule",
            case,
            texts={"reasons": "签发记录在（虚构）"},
            objection=1,
            ruling="upheld",
            outcome=outcome,
        )
        return


def _worth_objecting(fact: Fact) -> tuple[bool, bool]:
    """Return the key that puts conclusions first, and of each kind what fell short."""
    return fact.kind != "conclusion", fact.outcome not in ("late", "missed")
