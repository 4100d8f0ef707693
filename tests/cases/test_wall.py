"""The wall: the accused side sees nothing of an accusation, by any list, look-up or count."""

from __future__ import annotations

import random
from datetime import date
from typing import Any

import pytest

from dengwen.access.models import ReadLog, User
from dengwen.cases import rulebooks
from dengwen.cases.models import Act, Case, Content, Party
from dengwen.cases.wall.visibility import Viewer, duties_for_user, find, for_user, viewer_of
from dengwen.organs.models import Official, Organ
from dengwen.petitions.errors import PetitionError
from dengwen.petitions.intake.intake import handed_in, register
from dengwen.petitions.intake.split import Part, split
from tests.world import ACCUSATION, CLAIM, World, at

DAY = date(2025, 3, 10)
SECRET = "反映云江区住房建设局局长郑样例收受好处，请查处。"


def viewer(world: World, username: str) -> Viewer:
    """Return somebody of the district as the wall sees them."""
    return viewer_of(User.objects.get(username=username), DAY)


def accuse(world: World) -> str:
    """Register an accusation of the head of the housing bureau, whose name stands in the text."""
    intake = handed_in(
        channel="letter",
        content=SECRET,
        petitioner="王示例",
        address="示例路1号",
        proposed_class="accusation",
    )
    return register(intake, by=world.by("clerk"), now=at("2025-03-03"), uid="accusation").number


def plain_letter(world: World, content: str) -> str:
    """Register a letter by the bare act, as the command line does: nobody is named as accused."""
    text = {"subject": "反映问题", "content": content, "petitioner": "王示例"}
    return world.act(
        "clerk",
        "register",
        kind="petition",
        on="2025-03-03",
        texts=text,
        channel="letter",
        office="petition_office",
    ).case


@pytest.mark.sentence("P7.2.5", "P12.1")
@pytest.mark.case("B07")
def test_the_accused_side_and_the_uncleared_see_nothing(world: World) -> None:
    number = accuse(world)
    for username in (
        "handler",
        "checker",
        "head",
        "clerk",
        "router",
        "supervisor",
        "handler2",
        "reviewer",
        "admin",
    ):
        assert find(viewer(world, username), DAY, number) is None, username
        assert for_user(viewer(world, username), DAY).filter(kind="petition").count() == 0


def test_the_cleared_desk_sees_it(world: World) -> None:
    number = accuse(world)
    assert find(viewer(world, "sealed"), DAY, number) is not None


@pytest.mark.sentence("P12.1")
def test_everything_of_an_accusation_is_sealed_from_the_first_moment(world: World) -> None:
    number = accuse(world)
    case = Case.objects.get(number=number)
    assert (case.protected, case.title) == (True, "")
    for row in Content.objects.filter(case=case):
        assert row.sealed
        assert "好处".encode() not in bytes(row.body)


def test_what_is_sealed_lies_with_the_accusations_only_where_it_is_one(world: World) -> None:
    plain = plain_letter(world, "请求修路。")
    accused = accuse(world)
    sealed = Content.objects.filter(sealed=True)
    assert set(sealed.filter(case__number=plain).values_list("compartment", flat=True)) == {"ident"}
    lie_in = set(sealed.filter(case__number=accused).values_list("compartment", flat=True))
    assert lie_in == {"accuse", "ident"}


def test_a_matter_that_proves_to_be_an_accusation_is_sealed_then(world: World) -> None:
    number = world.register("2025-03-03")
    assert not Case.objects.get(number=number).protected
    world.act("clerk", "classify", number, on="2025-03-04", **ACCUSATION)
    case = Case.objects.get(number=number)
    assert case.protected
    assert all(row.sealed for row in Content.objects.filter(case=case))
    assert find(viewer(world, "clerk"), DAY, number) is None


@pytest.mark.sentence("P7.2.5", "P12.1")
def test_whoever_is_named_in_the_text_is_accused_at_whatever_door_it_is_classed(
    world: World,
) -> None:
    """Classed by the bare act, as the command line and an interface do: the effect finds the
    accused side."""
    number = plain_letter(world, SECRET)
    assert find(viewer(world, "clerk"), DAY, number) is not None
    world.act("clerk", "classify", number, on="2025-03-04", **ACCUSATION)
    accused = set(
        Party.objects.filter(case__number=number).values_list(
            "role", "official__code", "organ__code"
        )
    )
    assert {("accused_person", "YJ02-Z", None), ("accused_unit", None, "YJ02")} <= accused
    assert (
        ReadLog.objects.filter(case_number=number, purpose="system", fields="accused_side").count()
        == 1
    )
    assert find(viewer(world, "sealed"), DAY, number) is not None


def test_a_correction_of_the_class_to_accusation_closes_the_wall_too(world: World) -> None:
    number = plain_letter(world, SECRET)
    done = world.act("clerk", "classify", number, on="2025-03-04", **CLAIM)
    second = Official.objects.get(code="YJ01-S").pk
    world.act(
        "clerk",
        "correct",
        number,
        on="2025-03-05",
        texts={"reason": "实为检举"},
        target=done.acts[0].act_id,
        field="class",
        old="claim",
        new="accusation",
        second=second,
    )
    assert Case.objects.get(number=number).protected
    assert Party.objects.filter(
        case__number=number, role="accused_unit", organ__code="YJ02"
    ).exists()
    assert find(viewer(world, "clerk"), DAY, number) is None


@pytest.mark.sentence("P7.2.5", "P12.1")
def test_the_accused_is_named_by_field_or_later(world: World) -> None:
    """Classified without anybody known: sealed for whoever is meant; once named, shut off,
    cleared or not."""
    number = world.register("2025-03-03")
    world.act("clerk", "classify", number, on="2025-03-04", **ACCUSATION)
    unknown = Party.objects.filter(case__number=number, role="accused_person")
    assert [party.official for party in unknown] == [None]
    assert find(viewer(world, "sealed"), DAY, number) is not None
    sealed = Official.objects.get(code="YJ01-J").pk
    world.act("router", "name_accused", number, on="2025-03-05", accused_official=sealed)
    assert find(viewer(world, "sealed"), DAY, number) is None
    with pytest.raises(PetitionError, match="neither an accused person nor"):
        world.act("router", "name_accused", number, on="2025-03-05")
    other = world.register("2025-03-03")
    assert find(viewer(world, "clerk"), DAY, other) is not None
    world.act(
        "clerk", "name_accused", other, on="2025-03-05", accused_organs=(world.organ("YJ02"),)
    )
    assert Case.objects.get(number=other).protected  # named before it was classed: sealed at once
    assert find(viewer(world, "clerk"), DAY, other) is None
    assert all(c.sealed for c in Content.objects.filter(case__number=other))


def test_naming_the_accused_closes_the_letter_it_was_split_from(world: World) -> None:
    number = world.register("2025-03-03")
    parts = [
        Part(proposed_class="claim", path="31(6)", content=text)
        for text in ("请求修复", "反映某人")
    ]
    done = split(number, parts, by=world.by("clerk"), now=at("2025-03-04"), uid="split").performed
    part = [a.case for a in done.acts if a.act == "register"][1]
    world.act(
        "clerk",
        "name_accused",
        part,
        on="2025-03-05",
        accused_official=Official.objects.get(code="YJ02-Z").pk,
    )
    roles = set(Party.objects.filter(case__number=number).values_list("role", "official__code"))
    assert ("accused_person", "YJ02-Z") in roles
    assert Case.objects.get(number=number).protected


def test_clearance_does_not_open_the_wall_for_the_accused(world: World) -> None:
    number = register(
        handed_in(
            channel="letter", content="反映信访局纪虚构泄露举报内容", proposed_class="accusation"
        ),
        by=world.by("clerk"),
        now=at("2025-03-03"),
        uid="against-sealed",
    ).number
    assert find(viewer(world, "sealed"), DAY, number) is None
    assert find(viewer(world, "discipline"), DAY, number) is None  # not yet sent there


@pytest.mark.sentence("P7.3.14")
@pytest.mark.case("B10")
def test_a_mixed_letter_becomes_sub_matters_with_their_own_access(world: World) -> None:
    number = world.register("2025-03-03")
    parts = [
        Part(proposed_class="suggestion", content="建议增设垃圾分类点"),
        Part(proposed_class="accusation", content=SECRET),
        Part(proposed_class="claim", path="31(6)", content="请求修复屋面"),
    ]
    done = split(number, parts, by=world.by("clerk"), now=at("2025-03-04"), uid="split").performed
    numbers = list(dict.fromkeys(a.case for a in done.acts if a.act == "register"))
    assert [Case.objects.get(number=n).protected for n in numbers] == [False, True, False]
    seen = [find(viewer(world, "router"), DAY, n) is not None for n in numbers]
    assert seen == [True, False, True]
    assert Case.objects.get(number=number).protected  # the whole letter holds the accusation too
    assert find(viewer(world, "router"), DAY, number) is None
    readable = Content.objects.filter(case__kind="petition", sealed=False)
    assert "郑样例".encode() not in b"".join(bytes(c.body) for c in readable)
    assert {world.duty(n, "sort").due for n in numbers} == {date(2025, 3, 18)}


@pytest.mark.case("B08")
def test_a_claim_about_an_act_of_the_bureau_is_no_accusation_and_the_bureau_may_handle_it(
    world: World,
) -> None:
    number = world.to_accepted("2025-03-03")
    assert find(viewer(world, "handler"), DAY, number) is not None


def test_supervision_keeps_what_the_office_passed_on_and_others_lose_it_after_thirty_days(
    world: World,
) -> None:
    """Access model 2 and 3: R9 and R10 have a scope; N2 ends the sight of everybody else."""
    number = world.to_accepted("2025-03-03")
    secret = accuse(world)
    later = date(2025, 5, 10)

    def sees(username: str, case: str, day: date) -> bool:
        return find(viewer_of(User.objects.get(username=username), day), day, case) is not None

    assert sees("router", number, date(2025, 4, 1))
    assert not sees("router", number, later)
    assert sees("supervisor", number, later)
    assert not sees("supervisor", secret, later)  # a scope opens no compartment


def test_the_work_list_shows_the_own_open_duties_only(world: World) -> None:
    number = world.to_accepted("2025-03-03")
    accuse(world)
    mine = duties_for_user(viewer(world, "handler"))
    assert {d.case.number for d in mine} == {number}
    assert {d.rule for d in mine} == {"handle", "hear_petitioner"}
    assert list(duties_for_user(viewer(world, "admin"))) == []


def test_an_organ_that_passed_the_case_on_sees_it_for_thirty_days(world: World) -> None:
    number = world.to_accepted("2025-03-03")
    clerk = User.objects.get(username="clerk")
    assert find(viewer_of(clerk, date(2025, 4, 1)), date(2025, 4, 1), number) is not None
    assert find(viewer_of(clerk, date(2025, 4, 3)), date(2025, 4, 3), number) is None


def test_an_organ_whose_objection_was_agreed_to_stops_seeing_the_matter(world: World) -> None:
    number = world.register("2025-03-03")
    world.act("clerk", "classify", number, on="2025-03-03", **CLAIM)
    world.act("router", "forward", number, on="2025-03-03", to=world.organ("YJ03"))
    world.act("handler2", "receive", number, on="2025-03-03")
    world.act(
        "handler2",
        "object",
        number,
        on="2025-03-04",
        proposed=world.organ("YJ02"),
        texts={"reasons": "属住房建设局职权", "materials": "信件一份"},
    )
    world.act("router", "agree_return", number, on="2025-03-05", texts={"verified": "核实属实"})
    user = User.objects.get(username="handler2")
    assert find(viewer_of(user, date(2025, 3, 20)), date(2025, 3, 20), number) is not None
    assert find(viewer_of(user, date(2025, 4, 10)), date(2025, 4, 10), number) is None


@pytest.mark.sentence("P12.1")
@pytest.mark.parametrize(
    ("act", "more"), [("forward_accusation", {}), ("notify_cadre", {"facts": "反映作风"})]
)
def test_nothing_of_an_accusation_is_sent_to_whom_it_accuses(
    world: World, act: str, more: dict[str, str]
) -> None:
    number = accuse(world)
    world.act("sealed", "classify", number, on="2025-03-04", **ACCUSATION)
    with pytest.raises(PetitionError, match=r"30\(3\)"):
        world.act("sealed", act, number, on="2025-03-05", to=world.organ("YJ02"), texts=more)
    assert not Act.objects.filter(case__number=number, act=act).exists()
    world.act("sealed", act, number, on="2025-03-05", to=world.organ("YJ09"), texts=more)
    assert Act.objects.filter(case__number=number, act=act).exists()


def test_every_way_to_send_an_accusation_on_asks_whom_it_accuses(world: World) -> None:
    acts = rulebooks.in_force(DAY, "", at("2025-03-10")).book.kind("petition").acts
    for act in (
        "forward_accusation",
        "notify_cadre",
        "pass_on",
        "designate",
        "decide_dispute",
        "assist",
    ):
        assert "petitions.not_to_the_accused" in acts[act].effects, act


def test_a_look_up_by_number_answers_as_the_list_does(
    world: World, django_assert_num_queries: Any
) -> None:
    """Statements kept by shape: any viewer, one query, the same answer as `for_user`."""
    accuse(world)
    plain_letter(world, "请求修复小区屋面。")
    rnd = random.Random(4)
    organs = [*Organ.objects.values_list("pk", flat=True)]
    officials = [*Official.objects.values_list("pk", flat=True)]
    petitions = Case.objects.filter(kind="petition")
    numbers = [*petitions.values_list("number", flat=True), "YJ01-2025-000000000-0"]
    holders = [*petitions.values_list("holder_id", flat=True)]

    def some(ids: list[int]) -> frozenset[int]:
        return frozenset(rnd.sample(ids, rnd.randrange(min(4, len(ids) + 1))))

    seen = 0
    for _ in range(150):
        who = Viewer(
            user=1,
            official=rnd.choice([None, *officials]),
            organs=some(organs) | some(holders),
            walled_organs=some(organs),
            compartments=frozenset(c for c in ("accuse", "account") if rnd.random() < 0.5),
            stands_for=some(officials),
            scope=some(organs),
            personnel=some(organs) if rnd.random() < 0.3 else frozenset(),
        )
        number = rnd.choice(numbers)
        expected = for_user(who, DAY).filter(number=number).first()
        with django_assert_num_queries(1):
            assert find(who, DAY, number) == expected
        seen += expected is not None
    assert seen > 10
