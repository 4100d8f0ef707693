"""Ruling on an objection, and the circular: both sides are shown, and the result is handed on."""

from __future__ import annotations

import re

import pytest

from dengwen.assessment.errors import AssessmentError
from dengwen.assessment.inputs import drafted
from dengwen.cases.models import Case
from dengwen.ledger import sequencer
from tests.assessment import quarter
from tests.desk.assessment.test_assessments import chosen, post, scheme
from tests.desk.conftest import Day, Sit
from tests.desk.schemes import CLERK, HEAD, SECOND, in_force
from tests.world import World, at

__all__ = ["scheme"]


def test_a_ruling_shows_both_sides_and_the_circular_hands_on(
    world: World, day: Day, sit: Sit, scheme: str
) -> None:
    number = chosen(sit(CLERK), scheme)
    address = f"/desk/assessment/{number}/"
    post(sit(CLERK), address, what="send", object_by="2025-07-08")
    _object(world, sit, number)
    day.set("2025-07-09")
    _rule(sit, number)
    assert "冻结（负责人）" not in sit(CLERK).get(address).content.decode()
    post(sit(HEAD), address, what="freeze")
    _refused_circulars(sit, number)
    post(
        sit(CLERK),
        f"{address}circular/now/",
        circular_scope="other",
        scope_text="区级机关和各街道",
        to=str(world.organ("YJW")),
        use="bodies,cadres",
    )
    assert Case.objects.get(number=number).state == "concluded"
    assert world.duty(number, "acknowledge_result").holder_id == world.organ("YJW")
    printed = _circular_of(sit, number)
    # every total with its interval, D37
    assert re.search(r"云江区住房建设局：[\d.]+（区间 [\d.]+–[\d.]+），", printed)
    assert "考核清单的摘要" in printed
    assert "区级机关和各街道" in printed
    assert "事后审定" not in printed


def _object(world: World, sit: Sit, number: str) -> None:
    """Object to the first fact on what was concluded in time."""
    page = sit("handler").get(f"/desk/assessment/{number}/YJ02/").content.decode()
    fact = re.findall(r"fact=(\d+)&amp;indicator=concluded_in_time", page)[0]
    world.act(
        "handler",
        "object",
        number,
        on="2025-07-02",
        objection=1,
        fact=int(fact),
        indicator="concluded_in_time",
        texts={"reasons": "当日已经出具"},
    )


def _rule(sit: Sit, number: str) -> None:
    """Rule on the objection: who objects does not rule, and reasons come first."""
    ruling = f"/desk/assessment/{number}/objections/1/"
    assert "当日已经出具" in sit(SECOND).get(ruling).content.decode()
    assert sit("handler").get(ruling).status_code == 404  # the organ that objects does not rule
    assert sit(SECOND).post(ruling, {"ruling": "refused"}).status_code == 422  # reasons first
    post(sit(SECOND), ruling, ruling="refused", reasons="没有签发记录")
    assert "不成立" in sit(SECOND).get(f"/desk/assessment/{number}/").content.decode()


def _refused_circulars(sit: Sit, number: str) -> None:
    """Circulate without saying to whom, as an organ assessed, and within a scope not written."""
    circular = f"/desk/assessment/{number}/circular/now/"
    to_nobody = sit(CLERK).post(circular, {"circular_scope": "assessed"})
    assert to_nobody.status_code == 422  # to whom: asked, not assumed
    by_another = sit("handler").post(circular, {"circular_scope": "public", "to": "later"})
    assert by_another.status_code == 404
    unsaid = sit(CLERK).post(circular, {"circular_scope": "other", "to": "later"})
    assert unsaid.status_code == 422
    assert 'name="scope_text"' in unsaid.content.decode()
    assert Case.objects.get(number=number).state == "frozen"


def _circular_of(sit: Sit, number: str) -> str:
    """Return the circular as it is printed."""
    shown = sit(CLERK).get(f"/desk/case/{number}/").content.decode()
    (paper,) = re.findall(r'href="([^"]*/assessment_circular/)"', shown)
    return sit(CLERK).get(paper).content.decode()


def test_a_scheme_approved_afterwards_is_marked_on_board_and_circular(
    world: World, day: Day, sit: Sit
) -> None:
    quarter.play(world)
    day.set("2025-07-13")
    number = opened_afterwards(world)
    address = f"/desk/assessment/{number}/"
    assert "事后审定" in sit(CLERK).get(address).content.decode()
    assert "Approved afterwards" in sit(CLERK, "en").get(address).content.decode()
    post(sit(CLERK), address, what="send", object_by="2025-07-20")
    assert "事后审定" in sit("handler").get(address).content.decode()
    refused = sit(HEAD).post(address, {"what": "freeze"})
    assert refused.status_code == 422
    assert "异议期到 2025-07-20 为止" in refused.content.decode()
    day.set("2025-07-21")
    post(sit(HEAD), address, what="freeze")
    _conclude_without_the_day_of_approval(world, number)
    post(sit(CLERK), f"{address}circular/now/", circular_scope="assessed", to="later")
    assert "事后审定：方案审定于 2025-07-11" in _circular_of(sit, number)


def _conclude_without_the_day_of_approval(world: World, number: str) -> None:
    """Conclude as if the scheme had been approved in time: refused."""
    with pytest.raises(AssessmentError, match="审定日"):
        world.act(
            CLERK,
            "conclude",
            number,
            on="2025-07-21",
            first=quarter.FIRST,
            last=quarter.LAST,
            circular_scope="assessed",
            texts={"subject": "各单位", "result": "见清单"},
        )


def opened_afterwards(world: World) -> str:
    """Approve the starting scheme on 11 July and open an assessment of the half year before
    under it."""
    scheme = in_force(world, "2025-07", quarter.LAST.replace(month=12))
    sequencer.tick(now=at("2025-07-13"))
    digest = drafted(Case.objects.get(number=scheme)).digest
    organs = (world.organ("YJ01"), world.organ("YJ02"))
    return world.act(
        CLERK,
        "open",
        kind="assessment",
        on="2025-07-13",
        first=quarter.FIRST,
        last=quarter.LAST,
        scheme=scheme,
        digest=digest,
        organs=organs,
        texts={"subject": "上半年"},
    ).case
