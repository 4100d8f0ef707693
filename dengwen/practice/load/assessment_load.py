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
        clerk, texts = self.who(CLERK), {"subject": scheme.zh, "body": body}
        case = self.do(
            clerk, "draft", kind="scheme", texts=texts, scheme=scheme.id, digest=scheme.digest
        )
        sequencer.tick(now=self.sealing or self.now)
        tried = trial(Run(body, first, last, newest_position()))
        scores = str(tried.manifest["scores_sha256"])
        self.do(
            clerk,
            "dry_run",
            case,
            texts={"moves": "第一个方案，没有可比的"},
            first=first,
            last=last,
            position=newest_position(),
            scores=scores,
        )
        asked = tuple(o["organ"] for o in tried.manifest["population"])
        self.do(
            clerk,
            "consult",
            case,
            organs=asked,
            answer_by=civil(self.now) + timedelta(days=COMMENTS),
        )
        self.now += timedelta(days=COMMENTS + 1)
        self.do(
            self.who(HEAD),
            "approve",
            case,
            body="government",
            digest=scheme.digest,
            approval=APPROVED_BY,
        )
        self.now += DAY
        until = max(last, civil(self.now) + timedelta(days=WINDOW + 1))
        self.do(clerk, "put_in_force", case, first=first, last=until)
        return case, scheme.digest

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
    body = drafted(Case.objects.get(number=scheme)).body
    tried = trial(Run(body, first, last, newest_position()))
    organs = tuple(o["organ"] for o in tried.manifest["population"])
    if not organs:
        raise LookupError(f"no fact from {first} to {last}")
    clerk = government.who(CLERK)
    case = government.do(
        clerk,
        "open",
        kind="assessment",
        texts={"subject": f"{first} 至 {last} 考核"},
        first=first,
        last=last,
        scheme=scheme,
        digest=digest,
        organs=organs,
    )
    facts = [Fact(**row) for row in read(_draft(case).folder / FACTS, FACTS)]
    out = _first(facts, "conclusion") or facts[0]
    government.do(
        clerk,
        "exclude",
        case,
        texts={"reason": "系统停机（虚构）"},
        number=1,
        fact=out.id,
        clause="S 10",
    )
    government.do(government.who(SECOND), "confirm_exclusion", case, number=1)
    sequencer.tick(now=sealing or government.now)
    until = civil(government.now) + timedelta(days=WINDOW)
    government.do(clerk, "send", case, object_by=until, position=newest_position())
    _object(government, case, [f for f in facts if f.id != out.id])
    government.now += timedelta(days=WINDOW + 1)
    made = freeze(run_of(assessment_of(Case.objects.get(number=case)), _sent(case)), home(case))
    government.do(
        government.who(HEAD),
        "freeze",
        case,
        position=_sent(case),
        manifest=made.digest,
        scores=str(made.manifest["scores_sha256"]),
    )
    return made


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
    ranked = sorted(
        facts, key=lambda f: (f.kind != "conclusion", f.outcome not in ("late", "missed"))
    )
    for fact in ranked:
        handler, possible = government.handler(fact.organ), outcomes_open_to(scheme, fact)
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
