"""A unit without accounts: whoever sent it the matter writes its acts down from its paper, and
nobody else does."""

from __future__ import annotations

import pytest

from dengwen.cases import replay
from dengwen.cases.models import Act
from dengwen.cases.projections import projections
from dengwen.cases.read.case_history import history
from dengwen.cases.read.case_view import read_file
from dengwen.cases.write.check import Refused
from dengwen.cases.write.papers.draft import newest_digest
from dengwen.cases.write.perform import By, perform
from dengwen.law.duties.step import Step
from dengwen.ledger.tamper_check import check
from dengwen.organs.models import Organ
from dengwen.practice.district.founder import Founder, OrganPlan
from tests.world import CLAIM, FOUNDED, World, at

PAPER = "cd" * 32
SCHOOL = "YJ77"
WORDS = {"claim": "甲", "facts_reasons": "乙", "opinion": "丙", "legal_basis": "丁"}


def unit() -> int:
    """Return the row of the school."""
    return Organ.objects.get(code=SCHOOL).pk


@pytest.fixture
def school(world: World) -> int:
    """A public institution of the district in which nobody has an account."""
    plan = OrganPlan(
        SCHOOL,
        "云江区示例中学",
        "Example School",
        "direct_institution",
        "county",
        territorial="YJQ",
        division="500199",
    )
    return Founder(FOUNDED, "school").found(plan).pk


@pytest.fixture
def sent(world: World, school: int) -> str:
    """A claim forwarded to the school."""
    number = world.register("2025-03-03", channel="letter")
    world.act("router", "classify", number, on="2025-03-03", **CLAIM)
    world.act("router", "forward", number, on="2025-03-04", to=school)
    return number


def entered(
    world: World,
    number: str,
    act: str,
    on: str,
    who: str = "router",
    paper: str = PAPER,
    **more: object,
) -> None:
    """Write down an act of the school on a day."""
    texts = more.pop("texts", {})
    if act in ("check", "sign") and (shown := newest_digest(number, act, at(on))):
        more["shown"] = shown
    step = Step(act=act, case=number, organ=unit(), fields=more, texts=texts, paper=paper)  # type: ignore[arg-type]
    perform(step, by=world.by(who), now=at(on), uid=f"behalf/{number}/{act}")


def test_every_step_of_the_unit_is_written_down_and_its_duties_run(world: World, sent: str) -> None:
    entered(world, sent, "receive", "2025-03-06")
    assert world.case(sent).holder_id == unit()
    entered(world, sent, "accept", "2025-03-10", texts={"procedure": "信访程序"})
    duty = world.duty(sent, "handle")
    assert (duty.holder_id, duty.state) == (unit(), "open")
    entered(world, sent, "draft", "2025-03-20", outcome="not_support", texts=WORDS)
    entered(world, sent, "check", "2025-03-20")
    heard = {"said": "屋面渗水多年"}
    entered(world, sent, "hear_petitioner", "2025-03-20", how="phone", texts=heard)
    entered(world, sent, "sign", "2025-03-21")
    entered(world, sent, "serve", "2025-03-24", way="direct", proof=PAPER)
    assert world.duty(sent, "handle").state == "closed"
    rows = [
        row
        for row in Act.objects.filter(case__number=sent, organ=unit())
        if "entered_by" in row.data
    ]
    steps = ["receive", "accept", "draft", "check", "hear_petitioner", "sign", "serve"]
    assert [row.act for row in rows] == steps
    assert {(row.data["entered_by"], row.paper) for row in rows} == {(world.organ("YJ01"), PAPER)}
    assert list(replay.check()) == []
    assert list(check(projections())) == []
    told = [
        e.who
        for e in history(read_file(world.case(sent), at("2025-03-25")), "zh", str)
        if e.kind == "act"
    ]
    assert sum("云江区示例中学（云江区信访局 " in who and "代录" in who for who in told) == 7


def test_it_needs_the_paper(world: World, sent: str) -> None:
    with pytest.raises(Refused) as refused:
        entered(world, sent, "receive", "2025-03-06", paper="")
    [reason] = refused.value.reasons
    assert (reason.code, reason.field, reason.basis is not None) == ("paper", "paper", True)
    assert reason.remedy_zh


def test_an_organ_with_accounts_enters_its_own(world: World, school: int) -> None:
    number = world.register("2025-03-03", channel="letter")
    world.act("router", "classify", number, on="2025-03-03", **CLAIM)
    world.act("router", "forward", number, on="2025-03-04", to=world.organ("YJ02"))
    step = Step(act="receive", case=number, organ=world.organ("YJ02"), paper=PAPER)
    with pytest.raises(Refused) as refused:
        perform(step, by=world.by("router"), now=at("2025-03-06"), uid="own")
    assert "有自己的账号" in refused.value.reasons[0].zh
    assert refused.value.reasons[0].basis is not None


@pytest.mark.parametrize("who", ["handler", "handler2", "reviewer"])
def test_nobody_else_writes_for_it(world: World, sent: str, who: str) -> None:
    with pytest.raises(Refused) as refused:
        entered(world, sent, "receive", "2025-03-06", who=who)
    assert refused.value.reasons[0].code == "organ"


def test_a_case_that_is_not_there_and_one_of_others_are_refused_alike(
    world: World, sent: str
) -> None:
    said = []
    for number in (sent, "50019900-2025-000000000-0"):
        with pytest.raises(Refused) as refused:
            entered(world, number, "receive", "2025-03-06", who="handler")
        said.append(refused.value.reasons)
    assert said[0] == said[1]


def test_whoever_may_only_look_writes_for_nobody(world: World, sent: str) -> None:
    by = world.by("router")
    with pytest.raises(Refused) as refused:
        perform(
            Step(act="receive", case=sent, organ=unit(), paper=PAPER),
            by=By(by.user, by.organ, frozenset({"head"})),
            now=at("2025-03-06"),
            uid="looks",
        )
    assert refused.value.reasons[0].code == "capacity"
