"""Journey of the assessor: choose, try, exclude by two persons, send, object, rule, freeze,
circulate, hand on."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from dengwen.assessment.frozen.manifest import NAME
from dengwen.assessment.frozen.recomputation import verify
from dengwen.cases.models import Case
from tests.assessment import quarter
from tests.desk.conftest import Day, Sit
from tests.desk.schemes import CLERK, HEAD, SECOND, in_force
from tests.world import World


def post(client: Client, path: str, **given: str) -> Any:
    """Post a form and follow it; what it says above the page is an error."""
    answer = client.post(path, given, follow=True)
    assert answer.status_code == 200, answer.status_code
    return answer


FIRST_HALF = {"first": "2025-01-01", "last": "2025-06-30"}


def chosen(client: Client, scheme: str) -> str:
    """Open the assessment of the first half of 2025 under a scheme; return its number."""
    post(client, "/desk/assessment/choose/", scheme=scheme, **FIRST_HALF)
    return Case.objects.get(kind="assessment").number


@pytest.fixture
def scheme(world: World, day: Day) -> str:
    """A quarter played, a scheme in force, everything sealed, and the day after it."""
    number = in_force(world)
    quarter.sealed(world)
    day.set("2025-07-01")
    return number


def test_an_assessment_from_choosing_to_the_receipt(
    world: World, day: Day, sit: Sit, scheme: str
) -> None:
    clerk = sit(CLERK)
    tried = clerk.get("/desk/assessment/choose/", {"scheme": scheme, **FIRST_HALF})
    assert "<svg" in tried.content.decode()
    assert "开始考核" in tried.content.decode()
    number = chosen(clerk, scheme)
    in_time, late, _again, missed = _facts_by_outcome(clerk, number)
    _exclude(world, clerk, number, missed)
    assert sit("handler").get(f"/desk/assessment/{number}/").status_code == 404
    _send(sit, number, in_time)
    day.set("2025-07-09")
    assert Case.objects.get(number=number).state == "sent"
    _object_and_freeze(world, sit, number, late)
    _frozen(world, sit, number)
    _circulated(world, sit, number)


def _facts_by_outcome(clerk: Client, number: str) -> list[int]:
    """Return the facts on what was concluded in time: one in time, one late, one in time, one
    overdue."""
    page = clerk.get(f"/desk/assessment/{number}/YJ02/").content.decode()
    part = page.split('id="concluded_in_time"', 1)[1].split("</section>", 1)[0]
    link = r"exclude/\?number=1&amp;fact=(\d+)&amp;indicator=concluded_in_time"
    rows = {}
    for row in part.split("<tr>"):
        for fact in re.findall(link, row):
            rows[int(fact)] = row
    assert len(rows) == 4
    found = []
    for word in ("按期", "逾期完成", "按期", "逾期未完成"):
        found.append(next(fact for fact, row in rows.items() if f">{word}<" in row))
    return found


def _exclude(world: World, clerk: Client, number: str, fact: int) -> None:
    """Leave a fact out by two persons; the board says so."""
    world.act(
        CLERK,
        "exclude",
        number,
        on="2025-07-01",
        number=1,
        fact=fact,
        indicator="concluded_in_time",
        clause="S 10",
        texts={"reason": "系统停机"},
    )
    world.act(SECOND, "confirm_exclusion", number, on="2025-07-01", number=1)
    assert "系统停机" in clerk.get(f"/desk/assessment/{number}/").content.decode()


def _send(sit: Sit, number: str, fact: int) -> None:
    """Send the assessment: an organ reads its own figures and facts and nobody else's."""
    address = f"/desk/assessment/{number}/"
    post(sit(CLERK), address, what="send", object_by="2025-07-08")
    own = sit("handler").get(address).content.decode()
    assert "云江区住房建设局" in own
    assert "云江区信访局" not in own.split("<main", 1)[-1]
    assert f"fact={fact}" in sit("handler").get(f"{address}YJ02/").content.decode()
    assert sit("handler").get(f"{address}YJ01/").status_code == 404


def _object_and_freeze(world: World, sit: Sit, number: str, fact: int) -> None:
    """Object to a fact and rule on it: nothing is frozen before the ruling."""
    address = f"/desk/assessment/{number}/"
    world.act(
        "handler",
        "object",
        number,
        on="2025-07-02",
        objection=1,
        fact=fact,
        indicator="concluded_in_time",
        texts={"reasons": "当日已经出具"},
    )
    post(sit(HEAD), address, what="freeze")
    assert Case.objects.get(number=number).state == "sent"  # an objection waits for its ruling
    world.act(
        SECOND,
        "rule",
        number,
        on="2025-07-09",
        objection=1,
        ruling="upheld",
        outcome="in_time",
        texts={"reasons": "签发记录在"},
    )
    post(sit(HEAD), address, what="freeze")
    assert Case.objects.get(number=number).state == "frozen"


def _frozen(world: World, sit: Sit, number: str) -> None:
    """Compute again what was frozen: the exclusion and the ruling are in it."""
    path = Path(settings.DATA) / "assessments" / number / NAME
    assert verify(path).sound
    said = json.loads(path.read_text(encoding="utf-8"))
    organ = world.organ("YJ02")
    counted = [c[2:4] for c in said["counts"] if c[:2] == [organ, "concluded_in_time"]]
    assert counted == [[3, 3]]
    assert "云江区信访局" not in _main_of(sit, number)


def _main_of(sit: Sit, number: str) -> str:
    """Return what an organ assessed reads on the board."""
    page = sit("handler").get(f"/desk/assessment/{number}/").content.decode()
    return page.split("<main", 1)[-1]


def _circulated(world: World, sit: Sit, number: str) -> None:
    """Circulate what was frozen, and hand it on."""
    world.act(
        CLERK,
        "conclude",
        number,
        on="2025-07-10",
        first=quarter.FIRST,
        last=quarter.LAST,
        circular_scope="assessed",
        texts={"subject": "各单位", "result": "见清单"},
    )
    assert "云江区信访局" in _main_of(sit, number)
    world.act(
        CLERK, "transmit", number, on="2025-07-11", to=world.organ("YJW"), use=("bodies", "cadres")
    )
    world.act("committee", "acknowledge", number, on="2025-07-12")
    assert Case.objects.get(number=number).state == "concluded"


def test_a_scheme_is_drafted_from_a_file(sit: Sit, day: Day) -> None:
    day.set("2025-07-01")
    post(sit(CLERK), "/desk/assessment/schemes/", scheme="starting")
    assert Case.objects.get(kind="scheme").state == "drafted"
    assert "起步考核方案" in sit(CLERK).get("/desk/assessment/").content.decode()


def test_english_pages_are_english(sit: Sit, day: Day, scheme: str) -> None:
    page = (
        sit(CLERK, "en")
        .get(
            "/desk/assessment/choose/",
            {"scheme": scheme, "first": "2025-01-01", "last": "2025-06-30"},
        )
        .content.decode()
    )
    assert "Open the assessment" in page
    assert "concluded in time" in page.lower()


def test_what_a_link_fills_in_is_said_on_the_form_and_not_asked_again(
    world: World, day: Day, sit: Sit, scheme: str
) -> None:
    clerk = sit(CLERK)
    number = chosen(clerk, scheme)
    organ = clerk.get(f"/desk/assessment/{number}/YJ02/").content.decode()
    href = re.findall(r'href="([^"]*exclude/[^"]*indicator=concluded_in_time)"', organ)[0].replace(
        "&amp;", "&"
    )
    form = clerk.get(href).content.decode()
    assert "<strong>按期办结</strong>" in form
    assert "concluded_in_time" not in re.sub(r"<input[^>]*>", "", form)
    carried = dict(
        re.findall(r'<input type="hidden" name="(number|fact|indicator)" value="([^"]*)"', form)
    )
    assert set(carried) == {"number", "fact", "indicator"}
    said = {**carried, "carried": list(carried), "clause": "S 10"}
    refused = clerk.post(href, said)  # no reason yet: what was carried is still there
    assert refused.status_code == 422
    assert f'name="fact" value="{carried["fact"]}"' in refused.content.decode()
    assert clerk.post(href, {**said, "reason": "系统停机"}).status_code == 302


def test_an_organ_reads_its_cases_by_quarter(world: World, day: Day, sit: Sit, scheme: str) -> None:
    clerk = sit(CLERK)
    number = chosen(clerk, scheme)
    address = f"/desk/assessment/{number}/"
    post(clerk, address, what="send", object_by="2025-07-08")
    handler = sit("handler")
    own = handler.get(f"{address}YJ02/").content.decode()
    quarters = re.findall(r'href="\?quarter=(\d{4}-\d)#concluded_in_time"[^>]*>\d+/(\d+)<', own)
    assert quarters == [("2025-2", "4")]
    assert "2025 年第一季度" in own  # other figures have facts there
    shown = handler.get(f"{address}YJ02/", {"quarter": "2025-2"}).content.decode()
    section = shown.split('id="concluded_in_time"', 1)[1].split("</section>", 1)[0]
    assert section.count("<tr>") - 1 == 4
    assert "/desk/case/" in section  # its own cases, each a link
    before = handler.get(f"{address}YJ02/", {"quarter": "2025-1"}).content.decode()
    assert 'id="concluded_in_time"' not in before
    assert handler.get(f"{address}YJ03/", {"quarter": "2025-2"}).status_code == 404
