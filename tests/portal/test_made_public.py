"""What an office makes public: how it is reached, and the rules and periods of each class (R22
18(1))."""

from __future__ import annotations

import pytest

from dengwen.cases.write.perform import By, perform
from dengwen.law.duties.step import Step
from tests.portal.petitioner import Petitioner
from tests.world import at

DETAILS = {
    "reach.address": "示例路8号来访接待厅",
    "reach.phone": "0000-00000000",
    "reach.hours": "工作日9时至17时",
}


@pytest.mark.sentence("P1.3")
def test_address_telephone_and_hours_are_shown_as_the_office_entered_them(
    petitioner: Petitioner,
) -> None:
    before = petitioner.client.get("/reach/").content.decode()
    assert "还没有登记接待地点和电话" in before
    for key, value in DETAILS.items():
        step = Step(act="set_local_target", kind="edition", fields={"key": key, "value": value})
        perform(step, by=By(None, None, frozenset({"registrar"})), now=at("2025-03-01"), uid=key)
    after = petitioner.client.get("/reach/").content.decode()
    for value in DETAILS.values():
        assert value not in before
        assert value in after


@pytest.mark.sentence("P1.4")
def test_the_first_page_tells_the_periods_and_their_articles(petitioner: Petitioner) -> None:
    text = petitioner.client.get("/").content.decode()
    for told in (
        "15 日内转到有权处理的单位",
        "60 日内答复",
        "最多再延 30 日",
        "第二十二条",
        "第三十四条",
        "第二十九条",
    ):
        assert told in text
    assert "条例没有规定天数" in text
