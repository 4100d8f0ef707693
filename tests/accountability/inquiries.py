"""People and steps of an inquiry: a housing bureau with a leading group, its minutes, a late
matter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest

from dengwen.accountability.errors import AccountabilityError
from dengwen.accountability.inquiry.conclusion.completeness import circumstances_met
from dengwen.accountability.inquiry.conclusion.odd_findings import unreasoned
from dengwen.accountability.inquiry.conclusion.proposal_check import CLASS_OF
from dengwen.accountability.inquiry.diligence_record import answered_by_ledger
from dengwen.accountability.inquiry.evidence_sources import bound_of
from dengwen.accountability.inquiry.queries import Inquiry, read_inquiry
from dengwen.accountability.inquiry.report import proposal_text, report_digest, report_texts
from dengwen.accountability.inquiry.responsibility import Ground, grounds_of, names_of
from dengwen.cases import rulebooks
from dengwen.cases.write.perform import By, perform
from dengwen.law.duties.step import Step
from dengwen.law.liability.attribution import Line
from dengwen.law.liability.provisions import in_force
from dengwen.organs.models import Official, Organ
from dengwen.prevention.positions import digest_of, read_positions
from tests.world import World, at

RECORD = "ef" * 32
"""Digest of a record, or of a paper that somebody signed."""
SECONDS = {"supervisor": ("router", "YJ01-S")}
"""The account and the staff code of the other investigator, by who leads an inquiry."""
UNIT, OFFICE = "YJ02", "YJ01"
CONDUCT = "2025-04-01"
"""The day of the decision and of the deed of the examples."""
LEADERS = (
    ("YJ02-F", "费虚构", "deputy"),
    ("YJ02-M", "米样例", "member"),
    ("YJ02-N", "聂示例", "member"),
)
MINUTES = "YJ02-Z；同意；\nYJ02-F；同意；\nYJ02-M；明确反对；没有评估，会引发集体访\nYJ02-N；缺席；"


def official(code: str) -> int:
    """Return the row id of an official by staff code."""
    return Official.objects.get(code=code).pk


def registered(world: World, *steps: Step, on: str = "2018-02-01") -> None:
    """Enter changes of posts and fields of work of the unit as the registrar."""
    number = Organ.objects.get(code=UNIT).registry_case
    world.count += 1
    whole = [Step(act=s.act, case=number, fields=s.fields, texts=s.texts) for s in steps]
    perform(
        *whole, by=By(None, None, frozenset({"registrar"})), now=at(on), uid=f"t/reg/{world.count}"
    )


def with_leaders(world: World, since: str = "2018-02-01", charge: str = "YJ02-F") -> None:
    """Give the bureau a deputy in charge of petitions and two members."""
    day = date.fromisoformat(since)
    steps = []
    for code, name, rank in LEADERS:
        steps += [
            Step(act="enter_official", fields={"code": code, "from": day}, texts={"name": name}),
            Step(
                act="found_post",
                fields={"organ": UNIT, "code": f"{UNIT}-{code}", "leading": rank, "from": day},
                texts={"title_zh": "副局长"},
            ),
            Step(act="appoint", fields={"official": code, "post": f"{UNIT}-{code}", "from": day}),
        ]
    steps.append(
        Step(
            act="divide_work",
            fields={"organ": UNIT, "field": "petitions", "official": charge, "from": day},
        )
    )
    registered(world, *steps, on=since)


def with_staff(world: World, organ: str, *codes: str, since: str = "2018-02-01") -> None:
    """Give an organ more staff, who can be named as investigators."""
    number, day = Organ.objects.get(code=organ).registry_case, date.fromisoformat(since)
    steps = []
    for code in codes:
        steps += [
            Step(
                act="enter_official",
                case=number,
                fields={"code": code, "from": day},
                texts={"name": "李样本"},
            ),
            Step(
                act="found_post",
                case=number,
                texts={"title_zh": "干部"},
                fields={"organ": organ, "code": f"{organ}-{code}", "leading": "staff", "from": day},
            ),
            Step(
                act="appoint",
                case=number,
                fields={"official": code, "post": f"{organ}-{code}", "from": day},
            ),
        ]
    world.count += 1
    perform(
        *steps,
        by=By(None, None, frozenset({"registrar"})),
        now=at(since),
        uid=f"t/reg/{world.count}",
    )


def met(
    world: World,
    minutes: str = MINUTES,
    on: str = CONDUCT,
    outcome: str = "adopted",
    entered: str = "",
) -> str:
    """Hold a meeting of the bureau with everybody's position on one item, entered on a day."""
    texts = {"subject": "局务会", "agenda": "研究屋面维修信访问题"}
    number = world.act(
        "handler", "call", kind="meeting", on=on, texts=texts, held_on=date.fromisoformat(on)
    ).case
    said = read_positions(minutes)
    given: dict[str, Any] = {
        "item": 1,
        "outcome": outcome,
        "count": len(said),
        "positions_digest": digest_of(said),
    }
    given["decided_by"] = official("YJ02-F" if "YJ02-Z；缺席" in minutes else "YJ02-Z")
    words = {"title": "不再受理屋面维修诉求", "positions": minutes, "decision": "不再受理"}
    world.act("handler", "record_item", number, on=on, entered=entered, texts=words, **given)
    return number


def day_after(on: str) -> str:
    """Return the next day: the shortest time somebody is given to answer."""
    return (date.fromisoformat(on) + timedelta(days=1)).isoformat()


@dataclass
class Case:
    """An inquiry under way, with two investigators of the petition office."""

    world: World
    number: str
    today: str = "2025-05-06"
    by: str = "supervisor"

    @property
    def made(self) -> Inquiry:
        """The inquiry as its acts tell it now."""
        return read_inquiry(self.world.case(self.number))

    @property
    def grounds(self) -> dict[int, Ground]:
        """What is proposed for each decision and deed now."""
        return grounds_of(self.made)

    def act(
        self, act: str, who: str = "", texts: dict[str, str] | None = None, **fields: Any
    ) -> int:
        """Do an act of the inquiry and return its place in it.

        In this world whoever is heard in person has a record, and signs it on paper the same day.
        """
        in_person = act == "hear" and fields.get("how") == "heard" and "record" not in fields
        if in_person:
            fields["record"] = (RECORD,)
        place = self.done(act, who, texts, **fields)
        if in_person:
            self.done("sign_hearing", who, official=fields["official"], paper=(RECORD,))
        return place

    def done(
        self, act: str, who: str = "", texts: dict[str, str] | None = None, **fields: Any
    ) -> int:
        """Do an act of the inquiry as it stands, with nothing beside it."""
        if act == "weigh_diligence":
            fields = answered_by_ledger(self.made, fields["ground"]) | fields
        self.world.count += 1
        step = Step(act=act, case=self.number, fields=fields, texts=texts or {})
        done = perform(
            step,
            by=self.world.by(who or self.by),
            now=at(self.today),
            uid=f"t/i/{self.world.count}",
        )
        return done.acts[0].seq

    def pin(
        self,
        source: str,
        place: int,
        shows: str = "逾期没有办理",
        disclose: str = "open",
        **fields: Any,
    ) -> int:
        """Pin an act of another case to the board."""
        bound = bound_of(self.world.case(source), place)
        given: dict[str, Any] = {
            "source": source,
            "place": place,
            "bound": bound,
            "disclose": disclose,
        } | fields
        return self.act("pin_evidence", texts={"shows": shows}, **given)

    def find(self, trigger: str, element: str, evidence: int, finding: str = "shown") -> int:
        """Find one element."""
        given: dict[str, Any] = {"evidence": (str(evidence),)} if evidence else {}
        return self.act(
            "establish",
            texts={"reasons": "见证据"},
            trigger=trigger,
            element=element,
            finding=finding,
            **given,
        )

    def tell(
        self, code: str, until: str = "2025-05-20", facts: str = "二月受理的事项到期没有办理"
    ) -> int:
        """Tell a person the facts."""
        return self.act(
            "tell_person",
            texts={"facts": facts, "grounds": "细则第十一条第（二）项"},
            official=official(code),
            answer_by=date.fromisoformat(until),
        )

    def deed(self, code: str, evidence: int, on: str = CONDUCT, **fields: Any) -> int:
        """Consider what one person did."""
        return self.act(
            "consider_deed",
            texts={"deed": "到期没有办理，也没有告知"},
            official=official(code),
            organ=self.world.organ(UNIT),
            work="petitions",
            on=date.fromisoformat(on),
            evidence=(str(evidence),),
            **fields,
        )

    def confirm_all(self) -> None:
        """Confirm every line as it is proposed, with a reason."""
        for number, ground in self.grounds.items():
            for line in ground.lines:
                if self.is_confirmed(line, number, line.responsibility):
                    continue
                self.confirm(
                    int(line.official), number, line.kind, line.responsibility, line.responsibility
                )

    def confirm_all_of(self, who: str) -> None:
        """Confirm the lines of one person as proposed, and find that nobody else answers."""
        for number, ground in self.grounds.items():
            for line in ground.lines:
                found = line.responsibility if line.official == str(official(who)) else "none"
                if self.is_confirmed(line, number, found):
                    continue
                self.confirm(int(line.official), number, line.kind, line.responsibility, found)

    def is_confirmed(self, line: Line, number: int, found: str) -> bool:
        """Say whether a line was confirmed just so already."""
        told = self.made.lines.get((int(line.official), number, line.kind))
        said = (line.responsibility, found)
        return told is not None and (told.data["proposed"], told.data["responsibility"]) == said

    def confirm(
        self,
        who: int,
        ground: int,
        kind: str,
        proposed: str,
        found: str,
        reasons: str = "按记录",
        **fields: Any,
    ) -> int:
        """Confirm or change one line."""
        return self.act(
            "confirm_line",
            texts={"reasons": reasons} if reasons else {},
            official=who,
            ground=ground,
            kind=kind,
            proposed=proposed,
            responsibility=found,
            **fields,
        )

    def report(self) -> dict[str, str]:
        """Return the texts of the report the acts give."""
        made, grounds = self.made, self.grounds
        rules = in_force(rulebooks.library(), made.day, made.place)
        return {
            "findings": "见各项",
            **report_texts(made, rules, grounds, names_of(grounds, made.officials)),
        }

    def settle(self) -> None:
        """Let everybody told say on paper that nothing more comes, and reason what contradicts."""
        made = self.made
        for who in made.told:
            if made.answer_until(who, date.fromisoformat(self.today)) is not None:
                self.done("say_nothing_more", official=who, paper=(RECORD,))
        for one in unreasoned(made, self.grounds):
            texts = {"reasons": "两者可以并存，见证据"}
            self.done("reason_contradiction", contradiction=one.key, texts=texts)

    def sign(self, outcome: str = "propose", who: str = "", code: str = "", **more: str) -> int:
        """Let the other investigator sign the report as it stands."""
        texts = self.report() | more
        return self.done(
            "sign_report",
            who or SECONDS[self.by][0],
            {"findings": texts["findings"]},
            investigator=official(code or SECONDS[self.by][1]),
            outcome=outcome,
            report=report_digest(outcome, texts),
        )

    def conclude(self, outcome: str = "propose", **texts: str) -> int:
        """Settle what has to be, let the other investigator sign, and conclude with the report the
        acts give."""
        self.settle()
        self.sign(outcome)
        return self.done("conclude", texts={**self.report(), **texts}, outcome=outcome)


def proposal(case: Case, who: int, *measures: str) -> str:
    """Return what the letter about a person says, as the page composes it."""
    made = case.made
    rules = in_force(rulebooks.library(), made.day, made.place)
    today = in_force(rulebooks.library(), date.fromisoformat(case.today), made.place)
    return proposal_text(made, rules, today, {"subject_official": who}, measures)


def opened(world: World, on: str = "2025-05-06", investigators: int = 2, **fields: Any) -> Case:
    """Open an inquiry into the housing bureau and name the investigators."""
    given: dict[str, Any] = {
        "unit": world.organ(UNIT),
        "situations": ("S.11.2",),
        "official": official("YJ02-L"),
        "day_of_conduct": date.fromisoformat(CONDUCT),
    } | fields
    given = {name: value for name, value in given.items() if value is not None}
    done = world.act(
        "supervisor", "open_inquiry", kind="inquiry", on=on, texts={"matter": "逾期不办理"}, **given
    )
    case = Case(world, done.case, on)
    for code in ("YJ01-Z", "YJ01-S")[:investigators]:
        case.act("name_investigator", official=official(code), declared="none")
    return case


def late_matter(world: World, on: str = "2025-01-06") -> tuple[str, int]:
    """Bring a claim to acceptance, let its handling lapse, and return it with the place of the
    recorded breach."""
    number = world.to_accepted(on)
    duty = world.duty(number, "handle")
    last = duty.due or duty.raw
    assert last is not None
    done = world.act(
        "system",
        "breach",
        number,
        on=(last + timedelta(days=1)).isoformat(),
        step={"duty": "handle", "opened_by": duty.opened_by_id},
    )
    return number, done.acts[0].seq


# --- a whole inquiry, and what it proposes --------------------------------------------------------
LIGHT: dict[str, Any] = {"light": True, "harm": "none", "influence": "none"}
SERIOUS: dict[str, Any] = {"harm": "serious", "influence": "serious"}
GRAVEST: dict[str, Any] = {"harm": "especially", "influence": "especially"}
PAPER_SHOWN = "cd" * 32
"""Digest of a paper from outside."""


def established(case: Case, item: int, trigger: str = "S.11.2") -> None:
    """Find conduct and every result element of a circumstance on one piece of evidence."""
    rule = in_force(rulebooks.library(), case.made.day, case.made.place).triggers[trigger]
    for element in (rule.conduct[0], *rule.elements):
        case.find(trigger, element, item)


def concluded(
    world: World,
    who: str = "YJ02-Z",
    on: str = "2025-02-10",
    gravity: dict[str, Any] = GRAVEST,
    outcome: str = "propose",
    conduct: str = "2025-02-03",
    **more: Any,
) -> Case:
    """Inquire into what one person of the housing bureau did, tell and hear him, and conclude."""
    case = opened(
        world, on, official=official(who), day_of_conduct=date.fromisoformat(conduct), **more
    )
    item = case.act(
        "pin_evidence", texts={"shows": "逾期没有办理"}, papers=(PAPER_SHOWN,), disclose="open"
    )
    if outcome == "propose":
        established(case, item)
    else:
        rule = in_force(rulebooks.library(), case.made.day, case.made.place).triggers["S.11.2"]
        for element in (rule.conduct[0], *rule.elements):
            case.find("S.11.2", element, item, "not_shown")
    case.deed(who, item, on=conduct)
    case.tell(who, until=day_after(on))
    case.act("hear", texts={"statement": "没有异议"}, official=official(who), how="heard")
    case.confirm_all_of(who)
    case.act("find_gravity", texts={"reasons": "见证据"}, evidence=(str(item),), **gravity)
    case.conclude(outcome)
    return case


def propose(
    case: Case,
    *measures: str,
    who: str = "",
    organ: str = "",
    to: str = "YJW",
    on: str = "",
    by: str = "supervisor",
    reasons: str = "情形和要件都已证明",
) -> str:
    """Propose measures on a person or the organ concerned, and return the number of the file
    that is opened."""
    made = case.made
    case.today = on or case.today
    subject = (
        {"subject_official": official(who)} if who else {"subject_organ": case.world.organ(organ)}
    )
    rules = in_force(rulebooks.library(), made.day, made.place)
    today = in_force(rulebooks.library(), date.fromisoformat(case.today), made.place)
    gravity = made.gravity
    assert gravity is not None
    fields: dict[str, Any] = {
        "to": case.world.organ(to),
        "situations": circumstances_met(made, rules),
        "measures": measures,
        "gravity": CLASS_OF[gravity.classed],
        **subject,
    }
    texts = {
        "facts": "三件信访事项没有按期办理。",
        "reasons": reasons,
        "proposal": proposal_text(made, rules, today, subject, measures),
    }
    case.world.count += 1
    step = Step(act="propose_measure", case=case.number, fields=fields, texts=texts)
    done = perform(step, by=case.world.by(by), now=at(case.today), uid=f"t/i/{case.world.count}")
    return done.acts[-1].case


def refused(code: str, cites: str = "") -> Any:
    """Expect a refusal with this code that cites its rule in both languages."""

    def is_it(error: AccountabilityError) -> bool:
        return (
            error.code == code
            and cites in error.zh
            and bool(error.en and error.mend_zh and error.mend_en)
        )

    return pytest.raises(AccountabilityError, check=is_it)


def ready(world: World) -> tuple[Case, int, int]:
    """Bring an inquiry about the handler to where he is told: one deed, its element shown, on
    one piece of evidence."""
    with_leaders(world)
    matter, breach = late_matter(world)
    case = opened(world)
    board = case.pin(matter, breach)
    case.find("S.11.2", "not_handled", board)
    case.find("S.11.2", "rights_seriously_harmed", board)
    deed = case.deed("YJ02-L", board)
    case.act(
        "find_gravity", texts={"reasons": "初次，已补办"}, light=True, harm="none", influence="none"
    )
    return case, board, deed
