"""What a newcomer to the practice office finds of inspection and assessment: one of each, made by
its own acts.

The assessment is over and frozen: organs had their days to object, and the scheme its days of
comment. The inspection
is of today: the sample was drawn from the checkpoint that followed its plan, all cases but one are
examined, and the
last waits for whoever reads this.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from dengwen.access.models import User
from dengwen.assessment.frozen.freeze import Run
from dengwen.assessment.frozen.manifest import scheme_body
from dengwen.assessment.interim_figures import trial
from dengwen.cases import rulebooks
from dengwen.cases.models import Case
from dengwen.cases.wall.visibility import viewer_of
from dengwen.cases.write.perform import By, perform
from dengwen.law.duties.act_record import civil
from dengwen.law.duties.step import FieldValue, Step
from dengwen.law.indicators.scheme_file import load_schemes
from dengwen.law.packs.pack import read_toml
from dengwen.ledger import sequencer
from dengwen.organs.models import Organ
from dengwen.oversight.inspections.inspection_plan import filing_steps, shares, strata_of
from dengwen.oversight.inspections.published_plan import draw_now
from dengwen.oversight.inspections.queries import read_inspection
from dengwen.oversight.statistics import newest_position
from dengwen.practice.district.staff import PETITION_OFFICE, Staff
from dengwen.practice.load.assessment_load import assess

SCHEME = "starting"
SECOND = timedelta(seconds=1)
RUNS = timedelta(days=25)
"""How long before today an assessment began: its days of comment and of objection, local
numbers, are over by then."""
SAMPLE = 4
OPEN_FOR, PACK_FOR = timedelta(days=5), timedelta(days=3)
"""Days until which a secret is to be opened and a pack to be returned: local numbers, as the
acts ask for them."""
CHECKLIST = "信访工作条例第二十二条第一款｜十五日内是否告知\n细则第八条｜是否说明解释"


def assessed_period(today: date) -> tuple[date, date]:
    """Return the part of a year, in whole quarters, that was over when an assessment finished by
    today began."""
    begun = today - RUNS
    quarter = (begun.month - 1) // 3
    if not quarter:
        return date(begun.year - 1, 1, 1), date(begun.year - 1, 12, 31)
    return date(begun.year, 1, 1), date(begun.year, 3 * quarter + 1, 1) - timedelta(days=1)


def show_assessment(now: datetime) -> str:
    """Assess the organs of the district over the last whole quarters; return its number, ""
    where there is no fact."""
    known = load_schemes(rulebooks.packs_folder())[SCHEME]
    first, last = assessed_period(civil(now))
    if first < known.since or Case.objects.filter(kind="scheme").exists():
        return ""
    file = Path(rulebooks.packs_folder()) / known.file
    sequencer.tick(now=now)
    if not trial(Run(scheme_body(read_toml(file)), first, last, newest_position())).manifest[
        "population"
    ]:
        return ""
    assess(file, first, last, now - RUNS, sealing=now)
    return Case.objects.filter(kind="assessment").latest("pk").number


class _Inspector:
    """The petition office at an inspection of one organ, a second from act to act up to now."""

    def __init__(self, now: datetime) -> None:
        self.staff, self.now, self.count = Staff.load(civil(now)), now - 15 * SECOND, 0
        self.by = self.staff.by(PETITION_OFFICE, "supervisor")
        self.number = ""

    def do(
        self, by: By, act: str, *, texts: Mapping[str, str] | None = None, **fields: FieldValue
    ) -> str:
        """Do one act a second later."""
        kind = "" if self.number else "inspection"
        return self.all(
            by, Step(act=act, case=self.number, kind=kind, fields=fields, texts=dict(texts or {}))
        )

    def all(self, by: By, *steps: Step) -> str:
        """Do acts that belong together a second later."""
        self.now, self.count = self.now + SECOND, self.count + 1
        return perform(
            *steps, by=by, now=self.now, uid=f"inspect/{self.now:%Y%m%dT%H%M%S}/{self.count}"
        ).case

    def plan(self, code: str) -> None:
        """Plan the inspection of an organ; what is done from here on belongs to it."""
        self.number = self.do(
            self.by,
            "plan",
            type="special",
            to=self.staff.organs[code],
            texts={"subject": "信访事项办理情况（虚构）"},
        )

    def file(self, found: Mapping[str, list[str]]) -> None:
        """File the plan over a population by stratum: how many of each, by which checklist."""
        made = read_inspection(Case.objects.get(number=self.number))
        steps = filing_steps(
            made,
            shares(found, SAMPLE),
            inspecting=self.staff.organs[PETITION_OFFICE],
            scope="本年登记的信访事项（虚构）",
            checklist=CHECKLIST,
            open_by=civil(self.now) + OPEN_FOR,
            salt=sha256(f"salt {self.now}".encode()).hexdigest(),
        )
        self.all(self.by, *steps)

    def population(self, code: str) -> dict[str, list[str]]:
        """Return the matters of an organ of this year, by stratum."""
        day = civil(self.now)
        place = Organ.objects.get(code=PETITION_OFFICE).division_code
        petition = rulebooks.in_force(day, place, self.now).book.kinds["petition"]
        viewer = viewer_of(User.objects.get(pk=self.by.user or 0), day)
        return strata_of(viewer, day, self.staff.organs[code], petition, date(day.year, 1, 1), day)

    def largest(self) -> str:
        """Return the handling organ with most matters of this year."""
        return max(
            self.staff.handling(), key=lambda c: (sum(map(len, self.population(c).values())), c)
        )


def show_inspection(now: datetime) -> str:
    """Inspect the busiest organ of the district today; return its number, "" where it has fewer
    than two matters."""
    at = _Inspector(now)
    code = at.largest()
    found = at.population(code)
    if sum(map(len, found.values())) < 2:  # two make a sample
        return ""
    if Case.objects.filter(kind="inspection").exists():
        return ""
    other = next(c for c in at.staff.handling() if c not in (code, PETITION_OFFICE))
    depositor = at.staff.by(other, "handler")
    secret = sha256(f"secret {at.now}".encode()).digest()
    at.plan(code)
    at.do(at.by, "ask_deposit", depositor=at.staff.organs[other])
    at.do(depositor, "deposit", secret_digest=sha256(secret).hexdigest())
    at.file(found)
    sequencer.tick(now=at.now)
    at.do(depositor, "open_secret", secret=secret.hex())
    _draw_and_examine(at)
    return at.number


def _draw_and_examine(at: _Inspector) -> None:
    """Draw the sample, take the pack, and examine every case of it but the last."""
    drawn = draw_now(read_inspection(Case.objects.get(number=at.number)))
    if drawn is None:
        raise LookupError(f"{at.number}: no checkpoint follows the plan")
    at.do(
        at.by,
        "draw",
        checkpoint=drawn.checkpoint.size,
        root=bytes(drawn.checkpoint.root).hex(),
        seed=drawn.seed.hex(),
        count=len(drawn.numbers),
        texts={"drawn": "\n".join(drawn.numbers)},
    )
    taker = User.objects.get(pk=at.by.user or 0).official_id
    at.do(at.by, "take_pack", copy=1, taker=taker or 0, return_by=civil(at.now) + PACK_FOR)
    for place, subject in enumerate(drawn.numbers[:-1]):
        _examine(at, subject, faulty=place == 0)


def _examine(at: _Inspector, subject: str, *, faulty: bool) -> None:
    """Examine one case by the two questions of the checklist; a faulty one fails the second."""
    answers = ("yes", "no") if faulty else ("yes", "yes")
    texts = {"remarks": "第二项：卷内没有说明解释的记录（虚构）"} if faulty else {}
    at.do(at.by, "check_case", subject=subject, answers=answers, reply="fair", texts=texts)
