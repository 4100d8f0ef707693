"""What petitioners do in their own matter: remedies until the last day, withdrawing, an address."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from dengwen.cases import rulebooks
from dengwen.cases.models import Act, CaseLink
from dengwen.petitions.own_matter import find
from tests.portal.course import accepted, decided, served
from tests.portal.petitioner import Petitioner
from tests.world import PAPER, World, at


def ask(petitioner: Petitioner, number: str, code: str, act: str, **answers: str) -> str:
    """Begin an own step on the page of the matter and send it; twice, as impatient people do."""
    petitioner.page = petitioner.client.post(
        "/follow/ask/", {"number": number, "code": code, "act": act}
    )
    form = petitioner.form()
    given = {**form.fields, **answers, "go": "send"}
    petitioner.client.post(form.action, given)
    petitioner.page = petitioner.client.post(form.action, given)
    return petitioner.text()


@pytest.mark.sentence("P9.1", "P9.2")
def test_review_is_asked_for_until_its_last_day(
    petitioner: Petitioner, world: World, today: Any
) -> None:
    number, code = petitioner.submit()
    accepted(world, number)
    decided(world, number)
    served(world, number)
    today("2025-03-20")
    assert "最迟 2025-04-14，还有 25 天" in petitioner.follow(
        number, code
    )  # 12 April is a Saturday
    text = ask(petitioner, number, code, "request_review", request="复查", reasons="赔偿没有答复")
    assert "已经收下并登记" in text
    review = CaseLink.objects.get(other__number=number, kind="reviews").case
    assert review.holder_id == world.organ("SZJ")
    assert review.number in text
    assert "示例市住房城乡建设委" in text
    assert Act.objects.filter(case__number=number, act="request_review").count() == 1
    assert find(review.number, code) == review


@pytest.mark.sentence("P9.3", "P9.4")
def test_re_examination_follows_with_the_same_code(
    petitioner: Petitioner, world: World, today: Any
) -> None:
    number, code = petitioner.submit()
    accepted(world, number)
    decided(world, number)
    served(world, number)
    today("2025-03-20")
    ask(petitioner, number, code, "request_review", request="复查", reasons="不服")
    review = CaseLink.objects.get(other__number=number, kind="reviews").case.number
    said = {
        "facts_reasons": "清楚",
        "findings": "清楚",
        "opinion": "维持",
        "legal_basis": "示例",
        "claim": "修复",
    }
    rule = (
        rulebooks.in_force(date(2025, 3, 20), "", at("2025-03-20"))
        .book.kind("review")
        .acts["draft"]
    )
    texts = {f.name: said.get(f.name, "示例") for f in rule.fields if f.type == "text"}
    world.act("reviewer", "draft", review, on="2025-03-25", outcome="uphold", texts=texts)
    world.act("review-checker", "check", review, on="2025-03-26")
    world.act("review-head", "sign", review, on="2025-03-26", outcome="uphold")
    world.act(
        "reviewer",
        "serve",
        review,
        on="2025-03-27",
        way="direct",
        proof=PAPER,
        texts={"witness": "王示例"},
    )
    today("2025-04-01")
    text = ask(petitioner, review, code, "request_recheck", request="复核", reasons="仍然不服")
    assert "已经收下并登记" in text
    recheck = CaseLink.objects.get(other__number=review, kind="rechecks").case
    assert recheck.holder_id == world.organ("SZF")
    assert find(recheck.number, code) == recheck
    assert recheck.number in petitioner.follow(number, code)


def test_a_late_request_needs_its_good_reason(
    petitioner: Petitioner, world: World, today: Any
) -> None:
    number, code = petitioner.submit()
    accepted(world, number)
    decided(world, number)
    served(world, number)
    today("2025-04-15")
    text = ask(petitioner, number, code, "request_review", request="复查", reasons="住院")
    assert "没有正当理由不能再提出" in text
    assert not CaseLink.objects.filter(other__number=number, kind="reviews").exists()
    text = ask(
        petitioner,
        number,
        code,
        "request_review",
        request="复查",
        reasons="住院",
        good_reason="true",
    )
    assert "已经收下并登记" in text


def test_review_before_service_is_refused_with_its_article(
    petitioner: Petitioner, world: World
) -> None:
    number, code = petitioner.submit()
    text = petitioner.follow(number, code)
    assert "“请求复查”只能在这些状态下进行" in text
    petitioner.client.post(
        "/follow/ask/",
        {
            "number": number,
            "code": code,
            "act": "request_review",
            "go": "send",
            "request": "x",
            "reasons": "x",
        },
    )
    assert world.case(number).state == "registered"


def test_withdrawing_and_adding_an_address(petitioner: Petitioner, world: World) -> None:
    number, code = petitioner.submit(address="")
    assert world.case(number).acts.get(act="register").data["address_clear"] is False
    ask(petitioner, number, code, "add_contact", address="示例路2号", phone="")
    added = Act.objects.get(case__number=number, act="add_contact")
    assert added.data["address_clear"] is True
    assert "示例路2号" not in str(added.data)
    ask(petitioner, number, code, "withdraw", reason="")
    assert world.case(number).state == "withdrawn"


def test_an_address_makes_nobody_known(petitioner: Petitioner, world: World) -> None:
    number, code = petitioner.submit(identity="anonymous")
    ask(petitioner, number, code, "add_contact", address="示例路2号", phone="")
    assert Act.objects.get(case__number=number, act="add_contact").data["address_clear"] is False


@pytest.mark.parametrize("act", ["sign", "classify", "note", "", "request_review\x00"])
def test_no_other_act_can_be_asked_for(petitioner: Petitioner, world: World, act: str) -> None:
    number, code = petitioner.submit()
    before = Act.objects.count()
    petitioner.client.post(
        "/follow/ask/",
        {"number": number, "code": code, "act": act, "go": "send", "request": "x", "reasons": "x"},
    )
    assert Act.objects.count() == before
