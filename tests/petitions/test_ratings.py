"""Satisfaction evaluation: who is invited, one code and one rating, and nothing of a single
rating for the rated."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from dengwen.access.models import User
from dengwen.cases.models import Act, Case, Content, Document
from dengwen.cases.wall.visibility import find as find_for
from dengwen.cases.wall.visibility import viewer_of
from dengwen.cases.write.check import Refused
from dengwen.cases.write.perform import By
from dengwen.ledger.models import Event
from dengwen.petitions import ratings
from dengwen.petitions.errors import PetitionError
from dengwen.petitions.intake.online_submission import by_petitioner
from dengwen.petitions.models import Evaluation
from dengwen.petitions.ratings import Rating
from tests.world import ACCUSATION, PAPER, World, at

OPINION = {
    "claim": "修复屋面",
    "facts_reasons": "经查属实",
    "opinion": "支持",
    "legal_basis": "示例条例第一条",
}
SATISFIED = Rating("satisfied", "basically")


def served(world: World, number: str = "") -> str:
    """Bring a claim to the service of its opinion on 2025-03-13."""
    number = number or world.to_accepted()
    world.act("handler", "draft", number, on="2025-03-10", outcome="support", texts=OPINION)
    world.act("checker", "check", number, on="2025-03-11")
    world.act("head", "sign", number, on="2025-03-12")
    world.act(
        "handler",
        "serve",
        number,
        on="2025-03-13",
        way="direct",
        proof=PAPER,
        texts={"witness": "王示例"},
    )
    return number


def invited(world: World) -> tuple[Evaluation, str]:
    """Return an open evaluation and its code, taken at the portal."""
    row = ratings.open_for(world.case(served(world)))
    assert row is not None
    return row, ratings.give_code(
        row, way="portal", by=by_petitioner(), now=at("2025-03-14"), uid="code"
    )


def rate(row: Evaluation, uid: str = "r", address: str = "203.0.113.9", **more: Any) -> None:
    """Rate `on` a day, 2025-03-15 if none is given."""
    now = at(more.pop("on", "2025-03-15"))
    ratings.rate(row, more.pop("rating", SATISFIED), address=address, now=now, uid=uid, **more)


@pytest.mark.case("C05")
@pytest.mark.sentence("P15.2", "P15.4", "P15.8")
def test_the_service_of_the_opinion_invites_and_the_rating_changes_nothing_else(
    world: World,
) -> None:
    row, code = invited(world)
    assert (row.competent.code, row.department.code if row.department else "") == ("YJ02", "YJ01")
    found = ratings.find(code.lower().replace("-", " "))
    assert found is not None
    before = world.case(row.petition.number).state
    rate(found, rating=Rating("dissatisfied", "satisfied"))
    row.refresh_from_db()
    assert (row.competent_level, row.department_level, row.channel) == (
        "dissatisfied",
        "satisfied",
        "portal",
    )
    assert world.case(row.petition.number).state == before == "served"
    assert world.duty(row.petition.number, "review_request").state == "open"
    assert ratings.remedy_day(row) == world.duty(row.petition.number, "review_request").due
    assert ratings.find(code) is None


@pytest.mark.case("C06")
@pytest.mark.sentence("P15.3")
@pytest.mark.parametrize(
    ("link", "kind"),
    [
        ("repeats", "government_department"),
        ("new_facts_after", "government_department"),
        ("", "court"),
    ],
)
def test_what_is_repeated_or_a_courts_is_not_invited_and_the_refusal_cites_the_rule(
    world: World, link: str, kind: str
) -> None:
    number, other = world.to_accepted(), world.register("2025-03-03")
    case = world.case(number)
    if link:
        first = Act.objects.filter(case=case).order_by("seq").first()
        assert first is not None
        case.links.create(other=world.case(other), kind=link, act=first)
    assert case.holder is not None
    case.holder.kind = kind
    case.holder.save(update_fields=["kind"])
    served(world, number)
    assert not Evaluation.objects.exists()
    with pytest.raises(PetitionError, match="第四条"):
        world.act("handler", "open_evaluation", number, on="2025-03-14")
    assert not Act.objects.filter(act="open_evaluation").exists()


@pytest.mark.case("C06")
def test_a_matter_for_litigation_or_an_accusation_is_refused_with_the_article(world: World) -> None:
    number = world.register("2025-03-03")
    world.act("clerk", "classify", number, on="2025-03-03", **ACCUSATION)
    with pytest.raises(Refused) as refused:
        world.act("clerk", "open_evaluation", number, on="2025-03-04")
    assert {r.basis.law for r in refused.value.reasons if r.basis} == {"SE14"}
    assert ratings.open_for(world.case(number)) is None


@pytest.mark.sentence("P15.5")
def test_the_petitioner_or_the_department_that_sent_it_on_gets_a_code_and_the_last_counts(
    world: World,
) -> None:
    row, first = invited(world)
    with pytest.raises(PetitionError, match="不经手"):
        ratings.give_code(
            row, way="paper", by=clerk_of(world, "YJ02"), now=at("2025-03-14"), uid="own"
        )
    with pytest.raises(PetitionError, match="不经手"):
        ratings.give_code(
            row, way="portal", by=clerk_of(world, "YJ02"), now=at("2025-03-14"), uid="own2"
        )
    second = ratings.give_code(
        row, way="paper", by=clerk_of(world, "YJ01"), now=at("2025-03-14"), uid="office"
    )
    assert ratings.find(first) is None
    assert ratings.find(second) == row
    assert (
        ratings.give_code(
            row, way="paper", by=clerk_of(world, "YJ01"), now=at("2025-03-14"), uid="office"
        )
        == ""
    )


def clerk_of(world: World, organ: str) -> By:
    """Return a clerk of an organ."""
    return By(None, world.organ(organ), frozenset({"clerk"}))


def test_the_code_stands_nowhere_but_on_its_sheet(world: World) -> None:
    row, code = invited(world)
    plain = code.replace("-", "")
    held = [
        repr(list(model.objects.all().values()))
        for model in (Act, Event, Document, Evaluation, Case)
    ]
    held += [bytes(c.body).decode(errors="replace") for c in Content.objects.all()]
    assert row.pk
    assert not any(code in text or plain in text for text in held)


def test_nobody_of_the_rated_organs_can_open_the_evaluation(world: World) -> None:
    row, _code = invited(world)
    rate(row)
    day = at("2025-03-20").date()
    for user in User.objects.all():
        assert find_for(viewer_of(user, day), day, row.case.number) is None, user.username


def test_of_an_address_only_own_network_yes_or_no_is_kept(world: World) -> None:
    for organ, text in (("YJ02", "10.2.0.0/16, nonsense 2001:db8:2::/48"), ("", "0.0.0.0/0")):
        given: dict[str, Any] = {"from": at("2025-01-06").date()}
        given |= {"organ": world.organ(organ)} if organ else {}
        world.act(
            "admin",
            "set_local_target",
            kind="edition",
            on="2025-01-06",
            key="evaluation.networks",
            value=text,
            **given,
        )
    row, _code = invited(world)
    seen = [
        ratings.in_own_network(row, a, at("2025-03-15").date())
        for a in ("10.2.3.4", "2001:db8:2::7", "10.3.0.1", "203.0.113.9", "", "x")
    ]
    assert seen == [True, True, False, False, False, False]
    rate(row, address="10.2.3.4")
    row.refresh_from_db()
    assert row.own_network
    assert "10.2.3.4" not in repr(list(Act.objects.filter(act="rate").values()))


@pytest.mark.sentence("P15.7")
def test_the_period_is_a_local_setting_and_without_one_none_ends(world: World) -> None:
    row, _code = invited(world)
    assert ratings.last_day(row) is None
    given: dict[str, Any] = {
        "key": "evaluation.days",
        "value": "1",
        "from": at("2025-01-06").date(),
    }
    world.act("admin", "set_local_target", kind="edition", on="2025-01-06", **given)
    with pytest.raises(PetitionError, match="本地设置，非法定期限"):
        rate(row)


@pytest.mark.parametrize(("more", "open_"), [(0, True), (1, False)])
def test_the_last_day_of_the_period_is_in_it(world: World, more: int, open_: bool) -> None:
    row, _code = invited(world)
    given: dict[str, Any] = {
        "key": "evaluation.days",
        "value": "30",
        "from": at("2025-01-06").date(),
    }
    world.act("admin", "set_local_target", kind="edition", on="2025-01-06", **given)
    last = ratings.last_day(row)
    assert last is not None
    on = (last + timedelta(days=more)).isoformat()
    if open_:
        rate(row, on=on)
        return
    with pytest.raises(PetitionError, match="本地设置，非法定期限"):
        rate(row, on=on)


def test_by_telephone_or_paper_only_an_organ_enters_it_that_is_not_rated(world: World) -> None:
    row, _code = invited(world)
    for organ, channel in (("YJ02", "phone"), ("YJ01", "paper"), ("YJ03", "portal")):
        with pytest.raises(PetitionError, match="未被评价"):
            rate(row, uid=f"{organ}", by=clerk_of(world, organ), channel=channel)
    with pytest.raises(PetitionError, match="未被评价"):
        rate(row, uid="self", channel="phone")
    with pytest.raises(PetitionError, match="分别评价"):
        rate(row, uid="one", rating=Rating("satisfied"))
    rate(row, uid="good", by=clerk_of(world, "YJ03"), channel="phone")
    row.refresh_from_db()
    assert (row.channel, row.own_network) == ("phone", False)


def test_two_ratings_at_once_with_one_code_keep_one(durable_world: World) -> None:
    row, code = invited(durable_world)
    barrier, said = threading.Barrier(2), []

    def submit(uid: str, level: str) -> None:
        try:
            found = ratings.find(code)
            assert found is not None
            barrier.wait()
            rate(found, uid=uid, rating=Rating(level, "satisfied"))
            said.append("kept")
        except Refused as refused:
            said.append(refused.reasons[0].code)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=submit, args=pair)
        for pair in (("a", "satisfied"), ("b", "dissatisfied"))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said) == ["kept", "state"]
    assert Act.objects.filter(act="rate", case=row.case).count() == 1
