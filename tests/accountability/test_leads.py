"""Leads: raised once with their evidence, shut to those concerned, taken into an inquiry or
declined with reasons."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from dengwen.access.models import User
from dengwen.accountability.errors import AccountabilityError
from dengwen.accountability.finders import Evidence, find
from dengwen.accountability.inquiry.disclosure_to_person import concerning
from dengwen.accountability.leads.new_lead import Raised, office_for, raise_all, steps_of
from dengwen.accountability.leads.queries import about, inbox, read_lead
from dengwen.cases.duties.sweep import sweep
from dengwen.cases.models import Act, Case, CaseLink
from dengwen.cases.wall.visibility import for_user, viewer_of
from dengwen.cases.write.perform import perform
from dengwen.law.duties.step import Step
from dengwen.organs.models import Organ
from tests.accountability.inquiries import Case as Inquiry
from tests.accountability.inquiries import official as by_code
from tests.accountability.inquiries import refused
from tests.world import World, at

DAY = "2025-06-20"


def late(world: World) -> str:
    """Bring a claim to acceptance and let its handling run out."""
    number = world.to_accepted("2025-03-03")
    world.act(
        "handler", "assign_handler", number, on="2025-03-04", official=official(world, "handler")
    )
    sweep(now=at(DAY))
    return number


def official(world: World, username: str) -> int:
    """Return the row id of an official behind an account."""
    found = world.office.users[username].official_id
    assert found is not None
    return found


def raised(
    world: World, who: str = "supervisor", only: tuple[str, ...] = ("not_handled",)
) -> Raised:
    """Let a petition department raise what the finders see."""
    return raise_all(find(now=at(DAY), only=only), by=world.by(who), now=at(DAY))


def sees(world: World, who: str, number: str, on: str = DAY) -> bool:
    """Say whether an account gets through to a case."""
    day = date.fromisoformat(on)
    return (
        for_user(viewer_of(User.objects.get(username=who), day), day).filter(number=number).exists()
    )


def by_hand(world: World, who: str, unit: str, **more: Any) -> str:
    """Raise a lead as a person does."""
    texts = {"facts": "逾期至今", "innocent": "有替班登记"}
    return world.act(
        who,
        "raise_lead",
        kind="lead",
        on=DAY,
        texts=texts,
        unit=world.organ(unit),
        situations=("S.11.2",),
        strength="acts",
        day_of_conduct=date(2025, 5, 6),
        **{"finder": "person", **more},
    ).case


def rested(world: World, who: str, number: str) -> None:
    """Let a lead rest on a paper."""
    paper = ("cd" * 32,)
    world.act(who, "add_evidence", number, on=DAY, texts={"what": "当日的登记"}, papers=paper)


def test_a_finding_is_raised_once_with_its_evidence_in_the_ledger(world: World) -> None:
    number = late(world)
    first, again = raised(world), raised(world)
    assert (len(first.numbers), first.known, len(again.numbers), again.known) == (1, 0, 0, 1)
    lead = read_lead(Case.objects.get(number=first.numbers[0]))
    assert (lead.about, lead.unit.code, lead.state, lead.finder) == (
        number,
        "YJ02",
        "raised",
        "not_handled",
    )
    assert lead.official is not None
    assert lead.official.code == "YJ02-L"
    assert "如果情有可原" in lead.innocent
    assert [s.id for s in lead.situations] == ["S.11.2", "R22.45(1)"]
    breach = Act.objects.get(case__number=number, act="breach", duty="handle")
    assert (number, breach.seq) in {(item.case, item.seq) for item in lead.evidence}
    assert CaseLink.objects.filter(case=lead.case, other__number=number, kind="concerns").exists()


@pytest.mark.parametrize(
    ("evidence", "claims", "shown"),
    [(90, 90, (30, 30)), (5, 90, (5, 55)), (90, 2, (58, 2)), (0, 90, (0, 60)), (3, 3, (3, 3))],
)
def test_claims_leave_room_for_the_evidence(
    world: World, evidence: int, claims: int, shown: tuple[int, int]
) -> None:
    number = late(world)
    (finding,) = find(now=at(DAY), only=("not_handled",))
    finding = replace(
        finding,
        evidence=(Evidence(number, None, None, "证据", "evidence"),) * evidence,
        claims=(Evidence(number, None, None, "事后", "afterwards"),) * claims,
    )
    steps = steps_of(finding, 1)
    said = [step.texts["what"] for step in steps if step.act == "add_evidence"]
    assert (said.count("证据 / evidence"), said.count("事后 / afterwards")) == shown


def told_of(world: World, lead: str, who: str) -> None:
    """Let two investigators tell an official what the inquiry from a lead holds against them."""
    number = Act.objects.get(act="open_inquiry", data__lead=lead).case.number
    case = Inquiry(world, number, today="2025-06-21")
    for code in ("YJ01-Z", "YJ01-S"):
        case.act("name_investigator", official=by_code(code), declared="none")
    case.act("pin_evidence", texts={"shows": "到期"}, papers=("aa" * 32,), disclose="open")
    case.tell(who, until="2025-07-01")


def test_the_official_sees_nothing_of_a_lead_before_being_told(world: World) -> None:
    late(world)
    number = raised(world).numbers[0]
    handler = official(world, "handler")
    assert sees(world, "supervisor", number)
    assert not any(sees(world, who, number) for who in ("handler", "head", "clerk"))
    assert about(handler) == []
    world.act("supervisor", "take", number, on="2025-06-21", no_conflict=True)
    assert about(handler) == []  # an inquiry runs, and nobody told him
    assert concerning(handler) == []
    told_of(world, number, "YJ02-L")
    assert [lead.number for lead in about(handler)] == [number]
    assert len(concerning(handler)) == 1
    assert about(official(world, "checker")) == []


def test_taking_opens_the_inquiry_in_the_same_call(world: World) -> None:
    late(world)
    number = raised(world).numbers[0]
    done = world.act("supervisor", "take", number, on="2025-06-21", no_conflict=True)
    assert [a.act for a in done.acts] == ["take", "open_inquiry"]
    inquiry = Case.objects.get(kind="inquiry")
    data = Act.objects.get(case=inquiry, act="open_inquiry").data
    lead = read_lead(Case.objects.get(number=number))
    assert (lead.state, lead.inquiry) == ("taken", inquiry.number)
    assert (data["lead"], data["unit"], data["official"]) == (
        number,
        world.organ("YJ02"),
        official(world, "handler"),
    )
    assert (data["situations"], data["day_of_conduct"]) == (
        ["S.11.2", "R22.45(1)"],
        lead.day.isoformat(),
    )


def test_a_declined_or_waiting_lead_is_none_of_the_persons_file(world: World) -> None:
    late(world)
    taken = raised(world).numbers[0]
    handler = official(world, "handler")
    declined = by_hand(world, "supervisor", "YJ02", official=handler)
    by_hand(world, "supervisor", "YJ02", official=handler)
    world.act(
        "supervisor", "decline", declined, on="2025-06-21", texts={"reason": "同一逾期，已有线索"}
    )
    world.act("supervisor", "take", taken, on="2025-06-21", no_conflict=True)
    told_of(world, taken, "YJ02-L")
    for state in ("opened", "concluded"):
        Case.objects.filter(kind="inquiry").update(state=state)
        assert [lead.number for lead in about(handler)] == [taken]


def test_no_department_raises_a_lead_about_itself(world: World) -> None:
    with pytest.raises(AccountabilityError, match="not in this department's area"):
        by_hand(world, "supervisor", "YJ01")
    found = office_for(Organ.objects.get(code="YJ01"), date(2025, 6, 20))
    assert found is not None
    assert found.code == "SXF"
    number = by_hand(world, "city-supervisor", "YJ01")
    assert sees(world, "city-supervisor", number)
    assert not sees(world, "supervisor", number)


def test_a_lead_is_handed_to_the_department_above_and_to_no_other(world: World) -> None:
    number = by_hand(world, "supervisor", "YJ02")
    why = {"reason": "本部门的人都有利害关系"}
    for wrong in ("YJ01", "YJL", "YJ03"):
        with pytest.raises(AccountabilityError, match="no other petition department"):
            world.act("supervisor", "hand_up", number, on=DAY, texts=why, to=world.organ(wrong))
    assert not sees(world, "city-supervisor", number)
    world.act("supervisor", "hand_up", number, on=DAY, texts=why, to=world.organ("SXF"))
    assert sees(world, "city-supervisor", number)
    world.act("city-supervisor", "take_over_lead", number, on=DAY)
    with pytest.raises(AccountabilityError, match="hearsay opens no inquiry"):
        world.act("city-supervisor", "take", number, on=DAY, no_conflict=True)
    rested(world, "city-supervisor", number)
    world.act("city-supervisor", "take", number, on=DAY, no_conflict=True)
    assert Case.objects.get(kind="inquiry").holder == Organ.objects.get(code="SXF")


def test_those_rated_learn_of_no_single_rating(world: World) -> None:
    matter = late(world)
    handler = official(world, "handler")
    about_him: dict[str, Any] = {"about": matter, "official": handler}
    number = by_hand(world, "supervisor", "YJ02", finder="closed_never_contacted", **about_him)
    plain = by_hand(world, "supervisor", "YJ02", **about_him)
    for one in (number, plain):
        rested(world, "supervisor", one)
        world.act("supervisor", "take", one, on=DAY, no_conflict=True)
        told_of(world, one, "YJ02-L")
    shown = {lead.number: lead.about for lead in about(handler)}
    assert shown == {number: "", plain: matter}


def test_only_a_petition_department_raises_one_and_about_officials_of_the_unit(
    world: World,
) -> None:
    for who in ("conference", "handler"):
        with pytest.raises(AccountabilityError, match="no petition department"):
            by_hand(world, who, "YJ02")
    with pytest.raises(AccountabilityError, match="held neither a post nor a field of work"):
        by_hand(world, "supervisor", "YJ02", official=official(world, "handler2"))


def test_evidence_is_an_act_of_the_ledger_or_none(world: World) -> None:
    matter = late(world)
    number = by_hand(world, "supervisor", "YJ02", about=matter)
    act = Act.objects.filter(case__number=matter, act="accept").get()
    wrong = Step(
        act="add_evidence",
        case=number,
        fields={"from": matter, "act": act.pk, "uid": "another"},
        texts={"what": "受理"},
    )
    with pytest.raises(AccountabilityError, match="no such act"):
        perform(wrong, by=world.by("supervisor"), now=at(DAY), uid="t/wrong")
    right = replace(wrong, fields={"from": matter, "act": act.pk, "uid": act.uid})
    perform(right, by=world.by("supervisor"), now=at(DAY), uid="t/right")
    [item] = read_lead(Case.objects.get(number=number)).evidence
    assert (item.case, item.seq, item.act, item.what) == (matter, act.seq, "accept", "受理")


def test_the_inbox_shows_the_longest_waiting_first(world: World) -> None:
    late(world)
    first, second = raised(world).numbers[0], by_hand(world, "supervisor", "YJ03")
    day = date(2025, 6, 22)
    visible = for_user(viewer_of(User.objects.get(username="supervisor"), day), day)
    assert [case.number for case in inbox(visible)] == [first, second]
    world.act("supervisor", "decline", first, on="2025-06-22", texts={"reason": "已有解释"})
    assert [case.number for case in inbox(visible)] == [second]
    assert [case.number for case in inbox(visible, "declined")] == [first]


@pytest.mark.parametrize(("finder", "taken"), [("leaks", True), ("person", False)])
def test_what_a_finder_found_about_an_accusation_is_no_hearsay(
    world: World, finder: str, *, taken: bool
) -> None:
    number = world.act(
        "supervisor",
        "raise_lead",
        kind="lead",
        on=DAY,
        texts={"facts": "检举人被告知", "innocent": "经本人同意", "sealed_matter": "A-1"},
        unit=world.organ("YJ02"),
        situations=("S.11.2",),
        strength="acts",
        day_of_conduct=date(2025, 4, 1),
        finder=finder,
        key="a" * 32 if finder != "person" else "",
    ).case
    if taken:
        world.act("supervisor", "take", number, on=DAY, no_conflict=True)
        return
    with refused("rests-on-nothing"):
        world.act("supervisor", "take", number, on=DAY, no_conflict=True)
