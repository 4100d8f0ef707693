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

from dengwen.assessment.errors import AssessmentError
from dengwen.assessment.frozen.manifest import NAME
from dengwen.assessment.frozen.recomputation import verify
from dengwen.assessment.inputs import drafted
from dengwen.cases.models import Case
from dengwen.ledger import sequencer
from tests.assessment import quarter
from tests.desk.conftest import Day, Sit
from tests.desk.schemes import CLERK, HEAD, SECOND, in_force
from tests.world import World, at


def post(client: Client, path: str, **given: str) -> Any:
    """Post a form and follow it; what it says above the page is an error."""
    answer = client.post(path, given, follow=True)
    assert answer.status_code == 200, answer.status_code
    return answer


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
    clerk, asked = sit(CLERK), {"scheme": scheme, "first": "2025-01-01", "last": "2025-06-30"}
    tried = clerk.get("/desk/assessment/choose/", asked).content.decode()
    assert "<svg" in tried
    assert "开始考核" in tried
    post(clerk, "/desk/assessment/choose/", **asked)
    number = Case.objects.get(kind="assessment").number
    address = f"/desk/assessment/{number}/"
    page = clerk.get(f"{address}YJ02/").content.decode()
    part = page.split('id="concluded_in_time"', 1)[1].split("</section>", 1)[0]
    link = r"exclude/\?number=1&amp;fact=(\d+)&amp;indicator=concluded_in_time"
    said_of = {f: row for row in part.split("<tr>") for f in re.findall(link, row)}
    words = ("按期", "逾期完成", "按期", "逾期未完成")
    fact = [next(f for f, row in said_of.items() if f">{word}<" in row) for word in words]
    assert len(said_of) == 4
    said: dict[str, Any] = {
        "number": 1,
        "fact": int(fact[3]),
        "indicator": "concluded_in_time",
        "clause": "S 10",
    }
    world.act(CLERK, "exclude", number, on="2025-07-01", texts={"reason": "系统停机"}, **said)
    world.act(SECOND, "confirm_exclusion", number, on="2025-07-01", number=1)
    assert "系统停机" in clerk.get(address).content.decode()
    assert sit("handler").get(address).status_code == 404
    post(clerk, address, what="send", object_by="2025-07-08")
    own = sit("handler").get(address).content.decode()
    assert "云江区住房建设局" in own
    assert "云江区信访局" not in own.split("<main", 1)[-1]
    assert f"fact={fact[0]}" in sit("handler").get(f"{address}YJ02/").content.decode()
    assert sit("handler").get(f"{address}YJ01/").status_code == 404
    world.act(
        "handler",
        "object",
        number,
        on="2025-07-02",
        objection=1,
        fact=int(fact[1]),
        indicator="concluded_in_time",
        texts={"reasons": "当日已经出具"},
    )
    day.set("2025-07-09")
    assert Case.objects.get(number=number).state == "sent"
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
    _circulated(world, sit, number)


def _circulated(world: World, sit: Sit, number: str) -> None:
    """Circulate what was frozen, compute it again, and hand it on."""
    address = f"/desk/assessment/{number}/"
    path = Path(settings.DATA) / "assessments" / number / NAME
    assert verify(path).sound
    said = json.loads(path.read_text(encoding="utf-8"))
    assert [
        c[2:4]
        for c in said["counts"]
        if c[1] == "concluded_in_time" and c[0] == world.organ("YJ02")
    ] == [[3, 3]]
    assert "云江区信访局" not in sit("handler").get(address).content.decode().split("<main", 1)[-1]
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
    assert "云江区信访局" in sit("handler").get(address).content.decode().split("<main", 1)[-1]
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
    clerk, asked = sit(CLERK), {"scheme": scheme, "first": "2025-01-01", "last": "2025-06-30"}
    post(clerk, "/desk/assessment/choose/", **asked)
    number = Case.objects.get(kind="assessment").number
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
    clerk, asked = sit(CLERK), {"scheme": scheme, "first": "2025-01-01", "last": "2025-06-30"}
    post(clerk, "/desk/assessment/choose/", **asked)
    number = Case.objects.get(kind="assessment").number
    address = f"/desk/assessment/{number}/"
    post(clerk, address, what="send", object_by="2025-07-08")
    own = sit("handler").get(f"{address}YJ02/").content.decode()
    quarters = re.findall(r'href="\?quarter=(\d{4}-\d)#concluded_in_time"[^>]*>(\d+)/(\d+)<', own)
    assert [(q, every) for q, _good, every in quarters] == [("2025-2", "4")]
    assert "2025 年第一季度" in own  # other figures have facts there
    shown = sit("handler").get(f"{address}YJ02/", {"quarter": quarters[0][0]}).content.decode()
    section = shown.split('id="concluded_in_time"', 1)[1].split("</section>", 1)[0]
    assert section.count("<tr>") - 1 == int(quarters[0][2])
    assert "/desk/case/" in section  # its own cases, each a link
    assert (
        'id="concluded_in_time"'
        not in sit("handler").get(f"{address}YJ02/", {"quarter": "2025-1"}).content.decode()
    )
    assert sit("handler").get(f"{address}YJ03/", {"quarter": quarters[0][0]}).status_code == 404


def test_a_ruling_shows_both_sides_and_the_circular_hands_on(
    world: World, day: Day, sit: Sit, scheme: str
) -> None:
    clerk, asked = sit(CLERK), {"scheme": scheme, "first": "2025-01-01", "last": "2025-06-30"}
    post(clerk, "/desk/assessment/choose/", **asked)
    number = Case.objects.get(kind="assessment").number
    address = f"/desk/assessment/{number}/"
    post(clerk, address, what="send", object_by="2025-07-08")
    page = sit("handler").get(f"{address}YJ02/").content.decode()
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
    day.set("2025-07-09")
    ruling = f"{address}objections/1/"
    shown = sit(SECOND).get(ruling).content.decode()
    assert "当日已经出具" in shown
    assert sit("handler").get(ruling).status_code == 404  # the organ that objects does not rule
    assert sit(SECOND).post(ruling, {"ruling": "refused"}).status_code == 422  # reasons first
    post(sit(SECOND), ruling, ruling="refused", reasons="没有签发记录")
    assert "不成立" in sit(SECOND).get(address).content.decode()
    assert "冻结（负责人）" not in sit(CLERK).get(address).content.decode()
    post(sit(HEAD), address, what="freeze")
    circular = f"{address}circular/now/"
    assert (
        sit(CLERK).post(circular, {"circular_scope": "assessed"}).status_code == 422
    )  # to whom: asked, not assumed
    assert (
        sit("handler").post(circular, {"circular_scope": "public", "to": "later"}).status_code
        == 404
    )
    unsaid = sit(CLERK).post(circular, {"circular_scope": "other", "to": "later"})
    assert unsaid.status_code == 422
    assert 'name="scope_text"' in unsaid.content.decode()
    assert Case.objects.get(number=number).state == "frozen"
    post(
        sit(CLERK),
        circular,
        circular_scope="other",
        scope_text="区级机关和各街道",
        to=str(world.organ("YJW")),
        use="bodies,cadres",
    )
    assert Case.objects.get(number=number).state == "concluded"
    assert world.duty(number, "acknowledge_result").holder_id == world.organ("YJW")
    shown = sit(CLERK).get(f"/desk/case/{number}/").content.decode()
    (paper,) = re.findall(r'href="([^"]*/assessment_circular/)"', shown)
    printed = sit(CLERK).get(paper).content.decode()
    assert re.search(
        r"云江区住房建设局：[\d.]+（区间 [\d.]+–[\d.]+），", printed
    )  # every total with its interval, D37
    assert "考核清单的摘要" in printed
    assert "区级机关和各街道" in printed
    assert "事后审定" not in printed


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
    given: dict[str, Any] = {
        "first": quarter.FIRST,
        "last": quarter.LAST,
        "circular_scope": "assessed",
    }
    with pytest.raises(AssessmentError, match="审定日"):
        world.act(
            CLERK,
            "conclude",
            number,
            on="2025-07-21",
            texts={"subject": "各单位", "result": "见清单"},
            **given,
        )
    post(sit(CLERK), f"{address}circular/now/", circular_scope="assessed", to="later")
    shown = sit(CLERK).get(f"/desk/case/{number}/").content.decode()
    (paper,) = re.findall(r'href="([^"]*/assessment_circular/)"', shown)
    assert "事后审定：方案审定于 2025-07-11" in sit(CLERK).get(paper).content.decode()


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
