"""A petition from registration to re-examination through the write door."""

from __future__ import annotations

from datetime import date

import pytest

from dengwen.cases import replay
from dengwen.cases.models import Act, Case, CaseLink, Document
from dengwen.cases.write.check import Refused
from tests.world import PAPER, World


@pytest.mark.sentence("P7.3.7")
def test_the_main_road(world: World) -> None:
    number = world.to_accepted("2025-03-03")
    handle = world.duty(number, "handle")
    assert (handle.raw, handle.due, handle.state) == (date(2025, 5, 2), date(2025, 5, 6), "open")
    world.act(
        "head",
        "extend",
        number,
        on="2025-04-20",
        days=30,
        told_petitioner=True,
        texts={"reason": "检测未完"},
    )
    handle = world.duty(number, "handle")
    assert (handle.raw, handle.due, handle.original_due) == (
        date(2025, 6, 1),
        date(2025, 6, 3),
        date(2025, 5, 6),
    )
    opinion = {
        "claim": "修复屋面",
        "facts_reasons": "经查属实",
        "opinion": "支持",
        "legal_basis": "示例条例第一条",
    }
    world.act("handler", "draft", number, on="2025-05-10", outcome="support", texts=opinion)
    world.act("checker", "check", number, on="2025-05-11")
    world.act("head", "sign", number, on="2025-05-12")
    world.act(
        "handler",
        "serve",
        number,
        on="2025-05-13",
        way="direct",
        proof=PAPER,
        texts={"witness": "王示例"},
    )
    assert world.duty(number, "handle").timeliness == "in_time"
    assert world.duty(number, "review_request").due == date(2025, 6, 12)
    world.act(
        "clerk",
        "request_review",
        number,
        on="2025-06-10",
        texts={"request": "复查", "reasons": "不服"},
    )
    review = CaseLink.objects.get(other__number=number, kind="reviews").case
    assert (review.kind, review.holder_id, review.state) == ("review", world.organ("SZJ"), "lodged")
    assert world.duty(review.number, "review_decide").due == date(2025, 7, 10)
    assert Document.objects.filter(case__number=number).exists()
    assert list(replay.check()) == []


def test_nobody_signs_his_own_draft(world: World) -> None:
    number = world.to_accepted()
    opinion = {
        "claim": "修复屋面",
        "facts_reasons": "经查属实",
        "opinion": "支持",
        "legal_basis": "示例条例第一条",
    }
    world.act("handler", "draft", number, on="2025-03-10", outcome="support", texts=opinion)
    with pytest.raises(Refused) as refused:
        world.act("handler", "check", number, on="2025-03-11")
    assert [r.code for r in refused.value.reasons] == ["same-person"]
    assert Act.objects.filter(case__number=number, act="check").count() == 0


def test_a_refusal_writes_nothing_and_cites_its_rule(world: World) -> None:
    number = world.register("2025-03-03")
    before = Act.objects.count(), Case.objects.count()
    with pytest.raises(Refused) as refused:
        world.act("router", "forward", number, on="2025-03-03")
    assert (Act.objects.count(), Case.objects.count()) == before
    reason = refused.value.reasons[0]
    assert reason.code == "missing-field"
    assert reason.basis is not None
    assert reason.basis.article == "22(1)(1)"
