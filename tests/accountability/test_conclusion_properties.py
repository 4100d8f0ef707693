"""No random file of an inquiry is concluded with a contradiction nobody reasoned, before the day
set, untold, or on one investigator's word."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import pytest

from dengwen.accountability.errors import AccountabilityError
from dengwen.accountability.inquiry.conclusion.completeness import complete
from dengwen.accountability.inquiry.conclusion.odd_findings import contradictions
from dengwen.accountability.inquiry.queries import DEED, TESTS, Inquiry, read_acts
from dengwen.accountability.inquiry.responsibility import Ground
from dengwen.cases import rulebooks
from dengwen.law.liability import attribution
from dengwen.law.liability.attribution import Deed, Post
from dengwen.law.liability.provisions import in_force
from dengwen.oversight.inspections.queries import Told

PLACE, DAY = "500199", date(2025, 4, 1)
NOW, TODAY = datetime(2025, 5, 6, 2, tzinfo=UTC), date(2025, 5, 6)
HEAD, CLERK, FIRST, SECOND = 1, 5, 8, 9
SINCE = date(2020, 1, 1)
POSTS = [
    Post(str(HEAD), "9", attribution.HEAD, SINCE),
    Post(str(CLERK), "9", attribution.STAFF, SINCE),
]
CONDUCT, RESULT = "not_handled", "rights_seriously_harmed"
DRAWS, SEEDS = 100, 20
"""Files of one seed, and the seeds: 2,000 files."""


@dataclass
class Drawn:
    """A file as it is drawn: its acts, and what was left out of a sound one."""

    chance: random.Random
    acts: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def do(self, act: str, likely: float = 0.97, **data: Any) -> int:
        """Do an act, or by chance leave it out; return its place, 0 where it was left out."""
        if self.chance.random() > likely:
            return 0
        self.acts.append((act, data))
        return len(self.acts)

    @property
    def made(self) -> Inquiry:
        """The inquiry as its acts tell it."""
        told = [
            Told(n, f"u/{n}", n, name, data, {"reasons": "理由"}, 7, 1, NOW, NOW, imported=False)
            for n, (name, data) in enumerate(self.acts, 1)
        ]
        return read_acts("X", PLACE, 7, told)


def grounds_in(made: Inquiry) -> dict[int, Ground]:
    """Return what is proposed for the deeds of a file."""
    found = {}
    for number, told in made.grounds.items():
        deed = Deed(str(told.data["official"]), "9", "petitions", DAY)
        lines = attribution.attribute(
            rulebooks.library(), POSTS, [], deeds=[deed], diligence=made.tested(number), place=PLACE
        )
        found[number] = Ground(number, told, 9, DAY, tuple(lines), frozenset())
    return found


def drawn(seed: int) -> Drawn:
    """Draw a file: mostly what a sound inquiry does, each step left out or said otherwise by
    chance."""
    one = Drawn(random.Random(seed))
    chance = one.chance
    one.do(
        "open_inquiry", 1, unit=9, situations=["S.11.2"], day_of_conduct=DAY.isoformat(),
        official=CLERK,
    )  # fmt: skip
    if chance.random() < 0.5:
        one.do("add_person", official=HEAD)
    for who in (FIRST, SECOND):
        one.do("name_investigator", official=who, declared="none")
    first = one.do("pin_evidence", 1, source="A", place=1, bound="00", disclose="open")
    second = one.do("pin_evidence", 1, source="A", place=2, bound="00", disclose="open")
    for element, item in ((CONDUCT, first), (RESULT, chance.choice([first, second, second]))):
        finding = chance.choice(["shown"] * 6 + ["not_shown", "cannot"])
        one.do(
            "establish", trigger="S.11.2", element=element, finding=finding, evidence=[str(item)]
        )
    deed = one.do(
        DEED, official=CLERK, organ=9, work="petitions", on=DAY.isoformat(),
        told_wrong=chance.random() < 0.2,
    )  # fmt: skip
    _heard(one)
    if deed:
        _judged(one, deed)
    light = chance.random() < 0.5
    harm = "none" if light else chance.choice(["none", "serious"])
    one.do("find_gravity", light=light, harm=harm, influence=harm, evidence=[str(first)])
    if chance.random() < 0.2:
        _heard(one)
    _reasoned(one)
    return one


def _heard(one: Drawn) -> None:
    """Tell and hear everybody, more or less."""
    chance = one.chance
    for who in one.made.officials:
        until = chance.choice(["2025-05-05", "2025-05-06", "2025-05-20"])
        one.do("tell_person", official=who, answer_by=until)
        number = len(one.made.points) + 1
        if chance.random() < 0.5:
            stand = chance.choice(["agree", "partly", "disagree"])
            one.do("defend", 1, official=who, point=number, stand=stand)
            one.do("answer_point", point=number, result=chance.choice(["upheld", "rejected"]))
        how = chance.choice(["heard", "heard", "written", "absent", "declined"])
        one.do("hear", official=who, how=how)
        signed = chance.choice(["sign", "sign", "two", "one", "same", "none"])
        if signed == "sign":
            one.do("sign_hearing", official=who)
        for investigator in {"two": (FIRST, SECOND), "one": (FIRST,), "same": (FIRST, FIRST)}.get(
            signed, ()
        ):
            one.do("refuse_signature", official=who, investigator=investigator)
        one.do("say_nothing_more", 0.7, official=who)


def _judged(one: Drawn, deed: int) -> None:
    """Weigh diligence and confirm the lines, as proposed or not."""
    chance = one.chance
    answers = {name: chance.choice(["yes", "no", "unknown"]) for name in TESTS}
    if chance.random() < 0.3:
        answers = dict.fromkeys(TESTS, "unknown")
    by_ledger = chance.choice(["yes", "no", "unknown"])
    one.do("weigh_diligence", 0.8, official=CLERK, ground=deed, ledger_in_time=by_ledger, **answers)
    for line in grounds_in(one.made)[deed].lines:
        found = chance.choice([line.responsibility] * 4 + ["none"])
        one.do(
            "confirm_line", official=int(line.official), ground=deed, kind=line.kind,
            proposed=line.responsibility, responsibility=found,
        )  # fmt: skip


def _reasoned(one: Drawn) -> None:
    """Reason the contradictions there are, all but for some; sometimes change a finding after."""
    made = one.made
    for found in contradictions(made, grounds_in(made)):
        one.do("reason_contradiction", 0.9, contradiction=found.key)
    if one.chance.random() < 0.1 and made.gravities:
        one.do("find_gravity", 1, **{**made.gravities[-1].data, "light": True, "harm": "none"})


def concluded(made: Inquiry, grounds: Mapping[int, Ground], outcome: str) -> bool:
    """Say whether this file may be concluded now."""
    try:
        complete(made, in_force(rulebooks.library(), DAY, PLACE), grounds, outcome, TODAY)
    except AccountabilityError:
        return False
    return True


def wrong_with(made: Inquiry, one: Drawn) -> Iterator[str]:
    """Yield what is wrong with a file, read from its acts alone and in other words than the
    program's."""
    acts = list(enumerate(one.acts, 1))
    for who in made.officials:
        told = [n for n, (act, data) in acts if act == "tell_person" and data["official"] == who]
        if not told:
            yield "untold"
            continue
        until = one.acts[told[-1] - 1][1]["answer_by"]
        said = [n for n, (act, d) in acts if act == "say_nothing_more" and d["official"] == who]
        if until >= TODAY.isoformat() and not any(n > told[-1] for n in said):
            yield "before the day"
        heard = [n for n, (act, data) in acts if act == "hear" and data["official"] == who]
        if not heard or heard[-1] < told[-1]:
            yield "unheard"
        elif one.acts[heard[-1] - 1][1]["how"] == "heard":
            after = [one.acts[n] for n in range(heard[-1], len(one.acts))]
            mine = [(act, data) for act, data in after if data.get("official") == who]
            refused = {d["investigator"] for act, d in mine if act == "refuse_signature"}
            if not any(act == "sign_hearing" for act, _ in mine) and len(refused) < 2:
                yield "unsigned"
    yield from _unanswered(made, one)


def _unanswered(made: Inquiry, one: Drawn) -> Iterator[str]:
    """Yield the contradictions that stand without reasons, in plain words."""
    reasoned = {d["contradiction"].split("-")[0] for act, d in one.acts
                if act == "reason_contradiction"}  # fmt: skip
    shown = {e: t for (_t, e), t in made.findings.items() if t.data["finding"] == "shown"}
    if {CONDUCT, RESULT} <= shown.keys() and (
        shown[CONDUCT].data["evidence"] == shown[RESULT].data["evidence"]
    ):
        yield from () if "twice" in reasoned else ["the same item twice"]
    gravity = made.gravity
    if RESULT in shown and gravity is not None and (gravity.light or gravity.harm == 0):
        yield from () if "light" in reasoned else ["not serious beside seriously harmed"]
    blamed = {who for (who, _n, _k), t in made.lines.items()
              if t.data["responsibility"] != "none"}  # fmt: skip
    for point in made.points.values():
        upheld = point.answer is not None and point.answer.data["result"] == "upheld"
        if upheld and point.told.data["stand"] != "agree" and point.official in blamed:
            yield from () if "upheld" in reasoned else ["a defence upheld beside the blame"]
    for number, deed in made.grounds.items():
        line = made.lines.get((CLERK, number, "individual"))
        if line is None or line.data["responsibility"] == "none":
            continue
        if line.data["responsibility"] == "direct" and deed.data["told_wrong"]:
            yield from () if "objected" in reasoned else ["direct beside an objection"]
        if (CLERK, number) not in made.diligence:
            yield from () if "diligence" in reasoned else ["diligence unanswered"]


@pytest.mark.long(keep=1, ci=3)
@pytest.mark.parametrize("seed", range(SEEDS))
def test_no_conclusion_stands_on_an_unsound_file(seed: int) -> None:
    print(f"seed {seed}")
    sound = 0
    for draw in range(DRAWS):
        one = drawn(seed * 100_000 + draw)
        made = one.made
        grounds = grounds_in(made)
        for outcome in ("propose", "no_responsibility"):
            if concluded(made, grounds, outcome):
                sound += 1
                wrong = list(wrong_with(made, one))
                assert not wrong, (seed, draw, outcome, wrong)
    assert sound, f"seed {seed}: nothing could be concluded, so nothing was tried"


def test_reasons_answer_a_contradiction_only_while_nothing_it_is_made_of_changes() -> None:
    found = {"trigger": "S.11.2", "finding": "shown", "evidence": ["2"]}
    acts: list[tuple[str, dict[str, Any]]] = [
        ("open_inquiry", {"unit": 9, "situations": ["S.11.2"], "day_of_conduct": DAY.isoformat()}),
        ("pin_evidence", {"source": "A", "place": 1, "bound": "00", "disclose": "open"}),
        ("establish", {**found, "element": CONDUCT}),
        ("establish", {**found, "element": RESULT}),
    ]
    one = Drawn(random.Random(0), acts)
    [twice] = contradictions(one.made, {})
    one.do("reason_contradiction", 1, contradiction=twice.key)
    assert twice.key in one.made.reasoned
    one.do("establish", 1, **found, element=RESULT)
    [anew] = contradictions(one.made, {})
    assert anew.key not in one.made.reasoned
