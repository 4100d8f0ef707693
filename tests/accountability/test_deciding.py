"""Who may decide which measure on whom, what must come along, and which paper each measure gets."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dengwen.accountability.errors import AccountabilityError
from dengwen.accountability.measures.effects import managers_of
from dengwen.accountability.measures.queries import (
    honour_bans,
    influences_of,
    measures_of,
    read_file,
)
from dengwen.cases import rulebooks
from dengwen.cases.duties.sweep import sweep
from dengwen.cases.models import Act, Case, Document, Duty, Party
from dengwen.cases.wall.visibility import find, viewer_of
from dengwen.cases.write.check import Refused
from dengwen.cases.write.perform import By, perform
from dengwen.law.duties.step import Step
from dengwen.organs.models import Official, Organ
from dengwen.organs.structure.management import (
    authority_over,
    manager_of_official,
    manager_of_organ,
)
from tests.accountability.measuring import (
    DEADLINE,
    GRAVE,
    GRAVEST,
    LIGHT,
    SAID,
    circular,
    decide,
    found_here,
    heard_again,
    honours,
    official,
    opened,
    opened_bare,
    opened_bare_on_organ,
    opened_on_organ,
    rectified,
    refused,
    serve,
)
from tests.world import World, at

SCOPE: dict[str, Any] = {"scope": "system"}


def papers(number: str) -> list[str]:
    found = (
        Document.objects.filter(case__number=number).exclude(rule="proposal_answer").order_by("pk")
    )
    kinds = rulebooks.in_force(date(2025, 4, 1), "500199", at("2025-04-01")).book.kinds[
        "accountability"
    ]
    return [kinds.documents[rule].number for rule in found.values_list("rule", flat=True)]


def sanctioned(world: World, *measures: str, find: bool = True, **more: Any) -> str:
    """Let the discipline and supervision commission open a file of its own on the head of a
    bureau and decide."""
    number = opened_bare(world, on="2025-03-04", by="sanction-officer")
    if find:
        found_here(world, number)
    decide(world, number, *measures, who="sanction-head", by="YJ09-Q", **LIGHT, **more)
    return number


@pytest.mark.sentence("S13.1", "S13.2", "S17.1")
def test_a_circular_gets_its_paper_its_scope_and_its_day(world: World) -> None:
    number = opened(world)
    made = circular(world, number)
    assert [w.act for w in made.acts] == ["decide", "issue_circular"]
    assert papers(number) == ["D52"]
    duty = world.duty(number, "rectify")
    assert (duty.due, duty.official_id, duty.holder_id) == (
        DEADLINE,
        official("YJ02-Z"),
        world.organ("YJ02"),
    )
    (one,) = measures_of(official("YJ02-Z"))
    assert (one.measure, one.decided, one.deadline, one.met, one.stands) == (
        "circular",
        date(2025, 4, 1),
        DEADLINE,
        None,
        True,
    )


@pytest.mark.case("E13")
@pytest.mark.sentence("S13.2")
def test_a_circular_without_goal_or_date_is_refused_and_nothing_is_written(world: World) -> None:
    number = opened(world)
    with refused("no-rectification"):
        decide(world, number, "circular", **LIGHT, **SCOPE, rectifier=world.organ("YJ02"))
    with refused("no-rectification"):
        decide(world, number, "circular", **LIGHT, **SCOPE, **rectified(world), texts={"goal": ""})
    with refused("no-scope"):
        decide(world, number, "circular", **LIGHT, **rectified(world))
    with refused("no-scope"):
        decide(world, number, "circular", **LIGHT, **rectified(world), scope="other")
    with refused("no-rectifier"):
        decide(world, number, "circular", **LIGHT, **SCOPE, deadline=DEADLINE)
    assert not Act.objects.filter(case__number=number, act="decide").exists()
    assert papers(number) == []


@pytest.mark.case("E17")
@pytest.mark.sentence("S14.2", "S14.3")
def test_an_admonition_cancels_the_honours_of_area_department_and_unit_in_the_same_call(
    world: World,
) -> None:
    number = opened(world)
    with refused("honours-missing"):
        decide(world, number, "admonition", **GRAVE, **rectified(world))
    for gap in ("area", "department", "unit"):
        part = {k: v for k, v in honours(world).items() if k != gap}
        with refused("honours-missing"):
            decide(world, number, "admonition", **GRAVE, **rectified(world), **part)
    with refused("honours-missing"):
        decide(world, number, "admonition", **GRAVE, **rectified(world), **honours(world, 2026))
    made = decide(world, number, "admonition", **GRAVE, **rectified(world), **honours(world))
    assert [w.act for w in made.acts] == ["decide", "issue_admonition", "cancel_honours"]
    assert papers(number) == ["D53", "D54"]
    assert [b.as_ for b in honour_bans(world.organ("YJ02"), 2025)] == ["department", "unit"]
    assert [b.as_ for b in honour_bans(world.organ("YJQ"), 2025)] == ["area"]
    assert honour_bans(world.organ("YJ02"), 2026) == []
    ban = world.duty(number, "honour_ban")
    assert (ban.due, ban.right, ban.state) == (date(2025, 12, 31), True, "open")
    sweep(now=at("2026-01-05"))
    ban = world.duty(number, "honour_ban")
    assert (ban.state, ban.breach_id) == ("lapsed", None)


@pytest.mark.case("E15")
@pytest.mark.sentence("S15.1", "S15.2")
def test_the_gravest_conduct_opens_article_15_directly(world: World) -> None:
    number = opened(world)
    with refused("rung-closed"):
        decide(world, number, "removal", **GRAVE)
    made = decide(world, number, "removal", **GRAVEST)
    assert [w.act for w in made.acts] == ["decide", "issue_treatment"]
    assert papers(number) == ["D55"]
    effects = influences_of(measures_of(official("YJ02-Z")), rulebooks.library())
    assert [(e.measure, e.last) for e in effects] == [
        ("removal", date(2026, 3, 31)),
        ("removal", date(2027, 3, 31)),
    ]


@pytest.mark.case("E14")
@pytest.mark.sentence("S14.1")
def test_a_missed_goal_is_only_a_ground_for_a_new_decision(world: World) -> None:
    number = opened(world)
    circular(world, number)
    serve(world, number)
    with refused("not-over"):
        world.act(
            "committee", "reject_rectification", number, on="2025-06-30", texts={"why": "没有办结"}
        )
    sweep(now=at("2025-07-02"))
    assert [m.measure for m in measures_of(official("YJ02-Z"))] == ["circular"]
    world.act(
        "committee", "reject_rectification", number, on="2025-07-03", texts={"why": "两件没有办结"}
    )
    assert world.case(number).state == "not_met"
    sweep(now=at("2025-12-01"))
    assert [m.measure for m in measures_of(official("YJ02-Z"))] == ["circular"]
    heard_again(world, number, "2025-07-04")
    again: dict[str, Any] = {**LIGHT, **rectified(world, date(2025, 9, 30)), **honours(world)}
    with pytest.raises(Refused, match="own sign-in"):
        perform(
            Step(
                act="decide",
                case=number,
                fields={"decider": official("YJW-S"), "measures": ("admonition",), **again},
                texts=SAID,
                organ=world.organ("YJW"),
            ),
            by=By(world.office.users["committee"].pk, world.organ("YJW"), frozenset({"head"})),
            now=at("2025-07-04"),
            uid="x/1",
        )
    decide(world, number, "admonition", on="2025-07-04", **again)
    assert [(m.measure, m.met) for m in measures_of(official("YJ02-Z"))] == [
        ("circular", False),
        ("admonition", None),
    ]


def test_a_goal_that_was_met_is_no_ground(world: World) -> None:
    number = opened(world)
    circular(world, number)
    serve(world, number)
    world.act(
        "head",
        "report_rectification",
        number,
        on="2025-05-06",
        texts={"done": "三件都已办结"},
        subject_official=official("YJ02-Z"),
    )
    assert papers(number)[-1] == "D59"
    world.act(
        "committee",
        "accept_rectification",
        number,
        on="2025-05-08",
        texts={"seen": "三件的处理意见书和送达回证"},
    )
    (one,) = measures_of(official("YJ02-Z"))
    assert (one.met, world.case(number).state) == (True, "met")
    with pytest.raises(Refused):
        decide(
            world,
            number,
            "admonition",
            on="2025-05-09",
            **LIGHT,
            **rectified(world),
            **honours(world),
        )


@pytest.mark.case("E18")
@pytest.mark.sentence("S12.2")
def test_an_admonition_entered_as_organisational_treatment_is_refused(world: World) -> None:
    number = opened(world)
    given: dict[str, Any] = {**GRAVE, **rectified(world), **honours(world)}
    with refused("wrong-kind"):
        decide(world, number, "admonition", **given, entered_as=("admonition=organisational",))
    decide(world, number, "admonition", **given, entered_as=("admonition=admonition",))


@pytest.mark.case("E20")
@pytest.mark.sentence("S12.3")
def test_an_admonition_is_the_substitute_where_the_sanction_is_waived(world: World) -> None:
    number = opened(world)
    given: dict[str, Any] = {**GRAVE, **rectified(world), **honours(world)}
    with refused("substitute"):
        decide(world, number, "admonition", "gov_warning", **given, minor=True)
    with refused("both-sanctions"):
        decide(world, number, "gov_warning", "unit_warning", **given)
    deeds = ("admonition=甲事", "unit_warning=乙事")
    with refused("sanction-apart"):
        decide(world, number, "admonition", "unit_warning", **given, minor=True, deeds=deeds)
    made = decide(world, number, "admonition", **given, minor=True)
    assert {w.act for w in made.acts} == {"decide", "issue_admonition", "cancel_honours"}


@pytest.mark.sentence("S16.1")
def test_a_sanction_is_handed_to_the_competent_body_and_given_there(world: World) -> None:
    number = opened(world)
    with refused("sanction-apart") as error:
        decide(world, number, "gov_demerit", **LIGHT)
    assert "D60" in error.value.mend_zh
    assert "细则第十六条" in error.value.zh
    world.act(
        "committee",
        "hand_over_crime",
        number,
        on="2025-03-10",
        to=world.organ("YJ09"),
        matter="sanction",
        texts={"suspected": "应当给予政务处分"},
    )
    assert papers(number) == ["D60"]
    other = sanctioned(world, "gov_demerit")
    assert papers(other) == ["D56"]
    with refused("no-authority"):
        sanctioned(world, "circular", **SCOPE, **rectified(world))


def test_what_is_handed_over_arrives_at_the_supervisory_organ_and_goes_on_apart(
    world: World,
) -> None:
    number = opened(world)
    world.act(
        "committee",
        "hand_over_crime",
        number,
        on="2025-03-10",
        to=world.organ("YJ09"),
        matter="sanction",
        texts={"suspected": "应当给予政务处分"},
    )
    arrived = Case.objects.get(kind="accountability", holder__code="YJ09")
    made = read_file(arrived)
    assert (arrived.state, made.official, made.from_office) == (
        "handed",
        official("YJ02-Z"),
        world.organ("YJW"),
    )
    assert world.duty(arrived.number, "open_handed").state == "open"
    assert Case.objects.get(number=number).state == "considering"
    for username, seen in (
        ("sanction-officer", True),
        ("committee", False),
        ("discipline", False),
        ("head", False),
    ):
        found = find(
            viewer_of(world.office.users[username], date(2025, 3, 11)),
            date(2025, 3, 11),
            arrived.number,
        )
        assert (found is not None) == seen, username
    world.act(
        "committee",
        "hand_over_crime",
        number,
        on="2025-03-11",
        to=world.organ("YJ02"),
        matter="crime",
        texts={"suspected": "另案"},
    )
    assert (
        Case.objects.filter(kind="accountability").count() == 2
    )  # another body is written to on paper
    texts = {"reasons": "事实不清"}
    with pytest.raises(Refused):
        world.act(
            "sanction-officer",
            "decline_handed",
            arrived.number,
            on="2025-03-12",
            texts=texts,
            decider=official("YJ09-G"),
        )
    head = official("YJ09-Q")
    world.act(
        "sanction-head",
        "decline_handed",
        arrived.number,
        on="2025-03-12",
        texts=texts,
        decider=head,
    )
    assert world.case(arrived.number).state == "not_opened"


def test_no_sanction_before_the_person_was_told_and_heard(world: World) -> None:
    with refused("not-complete") as error:
        sanctioned(world, "gov_demerit", find=False)
    assert "政务处分法第四十二条、第四十三条" in str(error.value)
    number = Case.objects.get(kind="accountability").number
    found_here(world, number)
    decide(world, number, "gov_demerit", who="sanction-head", by="YJ09-Q", **LIGHT)
    assert papers(number) == ["D56"]


def test_nobody_decides_alone_on_what_he_opened_or_heard(world: World) -> None:
    given: dict[str, Any] = {
        "subject_official": official("YJ02-Z"),
        "situations": ("S.11.2",),
        "unit": world.organ("YJ02"),
        "day_of_conduct": date(2025, 2, 3),
    }
    both = By(
        world.office.users["sanction-head"].pk, world.organ("YJ09"), frozenset({"head", "clerk"})
    )
    step = Step(act="open_own", kind="accountability", fields=given, texts={"facts": SAID["facts"]})
    number = perform(step, by=both, now=at("2025-03-04"), uid="alone/1").case
    found_here(world, number)
    given = {
        "decider": official("YJ09-Q"),
        "measures": ("gov_demerit",),
        "status": "civil_servant",
        **LIGHT,
    }
    none: dict[str, Any] = {"decider": official("YJ09-Q"), "ground": "not_shown"}
    for act, fields in (("decide", given), ("decide_none", none)):
        step = Step(
            act=act,
            case=number,
            fields=fields,
            texts=SAID if act == "decide" else {"reasons": "示例"},
        )
        with pytest.raises(Refused, match="another person"):
            perform(step, by=both, now=at("2025-04-01"), uid=f"alone/{act}")


@pytest.mark.case("E22")
def test_two_sanctions_for_two_acts_are_both_papers_and_the_longer_influence_counts(
    world: World,
) -> None:
    number = sanctioned(
        world, "gov_demerit", "gov_major_demerit", deeds=("gov_demerit=甲", "gov_major_demerit=乙")
    )
    assert papers(number) == ["D56", "D56"]
    effects = influences_of(measures_of(official("YJ02-Z")), rulebooks.library())
    assert max(e.last for e in effects if e.last) == date(2026, 9, 30)


@pytest.mark.case("E23")
def test_who_retired_gets_no_sanction_and_is_decided_on_by_whoever_manages_the_last_post(
    world: World,
) -> None:
    number = opened(world)
    registry = Organ.objects.get(code="YJ02").registry_case
    ended: dict[str, Any] = {"from": date(2025, 3, 10)}
    world.act(
        "admin",
        "relieve",
        registry,
        on="2025-03-10",
        official="YJ02-Z",
        post="YJ02-YJ02-Z",
        **ended,
    )
    authority = authority_over(Official.objects.get(code="YJ02-Z"), date(2025, 4, 1))
    assert (authority.left, authority.only and authority.only.code) == (True, "YJW")
    with refused("retired"):
        decide(world, number, "unit_demerit", **LIGHT)
    circular(world, number)
    assert papers(number) == ["D52"]


@pytest.mark.case("E24", "G21")
@pytest.mark.sentence("S17.1")
def test_only_the_organ_with_authority_on_the_day_decides(world: World) -> None:
    number = opened(world)
    registry = Organ.objects.get(code="YJ02").registry_case
    with refused("no-authority"):
        opened_bare(world, by="clerk")
    moved: dict[str, Any] = {"from": date(2025, 3, 20)}
    world.act(
        "admin",
        "relieve",
        registry,
        on="2025-03-20",
        official="YJ02-Z",
        post="YJ02-YJ02-Z",
        **moved,
    )
    housing = Organ.objects.get(code="SZJ").registry_case
    world.act(
        "admin",
        "found_post",
        housing,
        on="2025-03-20",
        organ="SZJ",
        code="SZJ-N",
        leading="deputy",
        texts={"title_zh": "副主任"},
        **moved,
    )
    world.act(
        "admin", "appoint", housing, on="2025-03-20", official="YJ02-Z", post="SZJ-N", **moved
    )
    with refused("no-authority") as error:
        circular(world, number)
    assert "没有登记管理权限" in error.value.mend_zh
    world.act(
        "admin",
        "set_management",
        housing,
        on="2025-03-20",
        post="SZJ-N",
        manager="SZF",
        basis="示例：市管",
        **moved,
    )
    with refused("no-authority") as error:
        circular(world, number)
    assert "示例市人民政府" in error.value.mend_zh
    assert managers_of(official("YJ02-Z"), None, date(2025, 4, 1)) == {
        world.organ("SZF"): "示例市人民政府"
    }
    assert manager_of_official(
        Official.objects.get(code="YJ02-Z"), date(2025, 3, 10)
    ) == Organ.objects.get(code="YJW")


def test_management_is_never_guessed_and_takes_one_of_post_and_organ(world: World) -> None:
    assert manager_of_organ(Organ.objects.get(code="SZF"), date(2025, 4, 1)) is None
    assert manager_of_official(Official.objects.get(code="SZF-T"), date(2025, 4, 1)) is None
    registry = Organ.objects.get(code="SZF").registry_case
    wrong: tuple[dict[str, Any], ...] = ({}, {"post": "SZF-SZF-T", "organ": "SZF"})
    for both in wrong:
        with pytest.raises(Exception, match="either a post or an organ"):
            world.act(
                "admin",
                "set_management",
                registry,
                on="2025-03-20",
                manager="YJW",
                basis="示例",
                **both,
            )
    number = opened_bare(world, "SZF-T")
    with refused("no-authority"):
        circular(world, number)


@pytest.mark.sentence("S17.2")
def test_a_petition_department_proposes_and_does_not_impose(world: World) -> None:
    number = opened_bare(world, "YJ01-Q", by="clerk")
    assert manager_of_official(
        Official.objects.get(code="YJ01-Q"), date(2025, 4, 1)
    ) == Organ.objects.get(code="YJ01")
    registry = Organ.objects.get(code="YJ01").registry_case
    moved: dict[str, Any] = {"from": date(2025, 3, 20)}
    world.act(
        "admin",
        "set_management",
        registry,
        on="2025-03-20",
        post="YJ01-YJ01-Q",
        manager="YJW",
        basis="示例",
        **moved,
    )
    by = By(world.office.users["supervisor"].pk, world.organ("YJ01"), frozenset({"head"}))
    fields = {
        "decider": official("YJ01-Z"),
        "measures": ("circular",),
        **LIGHT,
        **rectified(world),
        **SCOPE,
    }
    with refused("proposal-only"):
        perform(
            Step(act="decide", case=number, fields=fields, texts=SAID),
            by=by,
            now=at("2025-04-01"),
            uid="x/1",
        )


@pytest.mark.case("E27")
@pytest.mark.sentence("S12.4")
def test_a_transfer_runs_beside_and_closes_nothing(world: World) -> None:
    number = opened(world)
    world.act(
        "committee",
        "hand_over_crime",
        number,
        on="2025-03-10",
        to=world.organ("YJ09"),
        matter="crime",
        texts={"suspected": "涉嫌玩忽职守"},
    )
    assert papers(number) == ["D60"]
    assert world.case(number).state == "considering"
    circular(world, number, crime_suspected=True)
    serve(world, number)
    world.act(
        "committee",
        "notify_personnel",
        number,
        on="2025-04-04",
        organisation=world.organ("YJW"),
        personnel=world.organ("YJ04"),
        texts={"facts": "未按期办理"},
    )
    world.act(
        "head",
        "report_rectification",
        number,
        on="2025-05-06",
        texts={"done": "已办结"},
        subject_official=official("YJ02-Z"),
    )
    world.act(
        "committee", "accept_rectification", number, on="2025-05-08", texts={"seen": "送达回证"}
    )
    with refused("closed-as-transferred"):
        world.act("committee", "close", number, on="2025-05-09", ending="transferred")
    world.act("committee", "close", number, on="2025-05-09", ending="done")


@pytest.mark.case("E28")
def test_who_is_elected_is_removed_by_law_first(world: World) -> None:
    number = opened(world)
    with refused("elected"):
        decide(world, number, "removal", **GRAVEST, elected=True)
    decide(world, number, "removal", **GRAVEST, elected=True, removed_by_law=True)


@pytest.mark.case("E32")
@pytest.mark.sentence("S12.1")
def test_a_party_organisation_is_not_held_accountable_alone(world: World) -> None:
    party = opened_bare_on_organ(world, "YJ01")
    given: dict[str, Any] = {"scope": "system", "status": "other"}
    with refused("members-too"):
        decide(world, party, "organ_circular", **given)
    with refused("not-a-member"):
        decide(world, party, "organ_circular", **given, members=("YJ02-Z",))
    with refused("not-complete"):
        decide(world, party, "organ_circular", **given, members=("YJ01-Z",))
    number = opened_on_organ(world)
    made = decide(
        world, number, "organ_circular", "self_criticism", **given, rectifier=world.organ("YJ02")
    )
    assert [w.act for w in made.acts] == ["decide", "issue_organ_circular", "order_self_criticism"]
    assert papers(number) == ["D52", "D51"]
    serve(world, number)
    with refused("not-the-subject"):
        world.act(
            "clerk", "hand_in_self_criticism", number, on="2025-04-10", texts={"text": "检查"}
        )
    world.act("handler", "hand_in_self_criticism", number, on="2025-04-10", texts={"text": "检查"})
    assert papers(number)[-1] == "D51"


@pytest.mark.case("G20")
@pytest.mark.sentence("S12.2")
def test_a_talk_is_no_measure_of_article_12(world: World) -> None:
    number = opened(world)
    with refused("not-accountability") as error:
        decide(world, number, "talk", **LIGHT)
    assert "R22 39(3)" in error.value.mend_zh
    with refused("not-a-measure"):
        decide(world, number, "scolding", **LIGHT)
    with refused("wrong-subject"):
        decide(world, number, "organ_circular", **LIGHT, **SCOPE)
    with refused("wrong-subject"):
        decide(world, opened_bare_on_organ(world), "circular", **LIGHT, **SCOPE, **rectified(world))


def test_what_lies_between_is_decided_with_reasons(world: World) -> None:
    number = opened(world)
    half: dict[str, Any] = {"harm": "serious", "influence": "none"}
    with refused("rung-closed"):
        decide(world, number, "removal", **half)
    circular_: dict[str, Any] = {**half, **rectified(world), **SCOPE}
    decide(world, number, "circular", **circular_)


def test_no_measure_with_its_ground_is_a_paper_too(world: World) -> None:
    number = opened(world)
    by = By(world.office.users["committee"].pk, world.organ("YJW"), frozenset({"head"}))
    fields: dict[str, Any] = {"decider": official("YJW-S"), "ground": "dissent"}
    step = Step(
        act="decide_none", case=number, fields=fields, texts={"reasons": "会议记录载明明确反对"}
    )
    with pytest.raises(Refused, match="own sign-in"):
        perform(step, by=by, now=at("2025-04-01"), uid="x/1")
    world.act(
        "decider",
        "decide_none",
        number,
        on="2025-04-01",
        decider=official("YJW-S"),
        ground="dissent",
        texts={"reasons": "会议记录载明明确反对，没有被采纳"},
    )
    assert papers(number) == ["D57"]
    assert measures_of(official("YJ02-Z")) == []


def test_whom_it_concerns_sees_nothing_before_it_is_served_and_the_file_afterwards(
    world: World,
) -> None:
    number = opened(world)
    day = date(2025, 4, 10)
    people = ("head", "handler", "committee", "decider", "conference")
    viewers = {name: viewer_of(world.office.users[name], day) for name in people}
    circular(world, number)
    assert {n: find(v, day, number) is not None for n, v in viewers.items()} == {
        "head": False,
        "handler": False,
        "committee": True,
        "decider": True,
        "conference": False,
    }
    assert Party.objects.filter(
        case__number=number, role="concerned_person", until__isnull=True
    ).exists()
    serve(world, number)
    assert {n: find(v, day, number) is not None for n, v in viewers.items()} == {
        "head": True,
        "handler": False,
        "committee": True,
        "decider": True,
        "conference": False,
    }


def test_a_new_date_is_later_reasoned_and_a_persons(world: World) -> None:
    number = opened(world)
    circular(world, number)
    serve(world, number)
    given: dict[str, Any] = {
        "decider": official("YJW-S"),
        "rectifier": world.organ("YJ02"),
        "subject_official": official("YJ02-Z"),
        "texts": {"reasons": "一件须等法院裁判"},
    }
    with refused("no-later-date"):
        world.act(
            "decider",
            "extend_rectification",
            number,
            on="2025-06-01",
            deadline=date(2025, 6, 20),
            **given,
        )
    world.act(
        "decider",
        "extend_rectification",
        number,
        on="2025-06-01",
        deadline=date(2025, 8, 29),
        **given,
    )
    duties = Duty.objects.filter(case__number=number, rule="rectify").order_by("pk")
    assert [(d.state, d.due) for d in duties] == [("void", DEADLINE), ("open", date(2025, 8, 29))]
    assert read_file(world.case(number)).deadline == date(2025, 8, 29)


ACTS = (
    "decide",
    "issue_circular",
    "issue_admonition",
    "issue_treatment",
    "issue_sanction",
    "issue_party_decision",
    "issue_organ_circular",
    "order_self_criticism",
    "cancel_honours",
    "decide_none",
    "set_aside",
)
MEASURES = ("circular", "admonition", "removal", "gov_warning", "party_warning")


@given(
    act=st.sampled_from(ACTS),
    measure=st.sampled_from(MEASURES),
    who=st.sampled_from(["system", "committee", "supervisor", "head", "admin", "as-head"]),
    gravity=st.sampled_from([LIGHT, GRAVE, GRAVEST]),
)
@settings(
    max_examples=120,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
def test_nobody_but_the_person_named_imposes_anything(
    world: World, act: str, measure: str, who: str, gravity: dict[str, Any]
) -> None:
    """Whatever the worker, a consequence or somebody else asks for, no measure and no ban comes
    of it."""
    if not Case.objects.filter(kind="accountability").exists():
        opened(world)
    number = Case.objects.get(kind="accountability").number
    kind = rulebooks.in_force(date(2025, 4, 1), "500199", at("2025-04-01")).book.kinds[
        "accountability"
    ]
    known = {f.name for f in kind.acts[act].fields}
    everything: dict[str, Any] = {
        "decider": official("YJW-S"),
        "measures": (measure,),
        "measure": measure,
        "status": "civil_servant",
        "scope": "system",
        "period": "—",
        "appeal_route": "—",
        "person": "王示例",
        "ground": "other",
        "subject_official": official("YJ02-Z"),
        "until": date(2025, 12, 31),
        "appeal": number,
        "result": "revoke",
        **gravity,
        **rectified(world),
        **honours(world),
    }
    step = Step(
        act=act,
        case=number,
        fields={n: v for n, v in everything.items() if n in known},
        texts={n: t for n, t in SAID.items() if n in known},
    )
    by = (
        By.system()
        if who == "system"
        else (
            By(
                world.office.users["committee"].pk,
                world.organ("YJW"),
                frozenset({"head", "system"}),
            )
            if who == "as-head"
            else world.by(who)
        )
    )
    world.count += 1
    with pytest.raises((Refused, AccountabilityError)):
        perform(step, by=by, now=at("2025-04-01"), uid=f"p/{world.count}")
    assert measures_of(official("YJ02-Z")) == []
    assert honour_bans(world.organ("YJ02"), 2025) == []
