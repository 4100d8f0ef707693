"""Following by number and code: the same answer to every miss, the own matter and nothing else."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dengwen.access.login.source_address import proxies_of
from dengwen.access.models import ReadLog, Throttle
from dengwen.access.read_log import Opening, open_logged
from dengwen.cases.models import Document
from dengwen.ledger import sequencer
from dengwen.ledger.act_receipts import OK, verify_receipt
from dengwen.petitions.intake.split import Part, split
from dengwen.petitions.own_matter import find
from tests.portal.course import accepted, decided, served
from tests.portal.petitioner import ACCUSATION, Petitioner
from tests.world import World, at


@pytest.mark.sentence("P2.2", "P8.15", "P15.6")
def test_the_page_says_who_holds_it_since_when_and_what_comes_next(
    petitioner: Petitioner, world: World, today: Any
) -> None:
    number, code = petitioner.submit()
    accepted(world, number)
    today("2025-03-20")
    text = petitioner.follow(number.lower(), code.replace("-", " ").lower())
    assert "云江区住房建设局" in text
    assert "2025-03-04 起" in text
    assert (
        'datetime="2025-05-06"' in text
    )  # sixty days from 4 March, rolled over the holiday of May
    assert "第三十四条" in text
    assert "修复三号楼屋面" in text
    for day in ("2025-03-03", "2025-03-04"):  # registered and sent on, received and accepted
        assert f'datetime="{day}"' in text
    assert "转到：云江区住房建设局" in text
    assert "受理（接收）告知书" in text


def test_a_wrong_number_and_a_wrong_code_get_the_same_answer_after_the_same_work(
    petitioner: Petitioner, world: World
) -> None:
    number, code = petitioner.submit()
    other, _ = petitioner.submit()
    hidden, _ = petitioner.submit("accusation", story="收受财物", accused="云江区住房建设局")
    tries = [
        (number, "x"),
        ("YJ01-2025-000000000-0", code),
        ("x", code),
        (other, code),
        (hidden, code),
        ("", ""),
    ]
    answers: list[tuple[int, str]] = []
    works: list[int] = []
    for typed, guess in tries:
        client = Client(
            headers={"accept-language": "zh-hans"}, REMOTE_ADDR=f"10.0.0.{len(answers)}"
        )
        with CaptureQueriesContext(connection) as queries:
            answer = client.post("/follow/", {"number": typed, "code": guess})
        body = answer.content.decode().replace(f'value="{typed}"', 'value=""')
        token = body.split('csrfmiddlewaretoken" value="')
        answers.append(
            (answer.status_code, token[0] + "".join(part.split('"', 1)[1] for part in token[1:]))
        )
        works.append(len(queries))
    assert len(set(answers)) == 1
    assert len(set(works)) == 1
    assert answers[0][0] == 403


def test_hundreds_of_wrong_codes_keep_nobody_from_the_own_matter(
    petitioner: Petitioner, world: World, today: Any
) -> None:
    number, code = petitioner.submit()
    answers = [
        petitioner.client.post("/follow/", {"number": number, "code": f"wrong {n}"})
        for n in range(200)
    ]
    assert [a.status_code for a in answers] == [403] * 5 + [429] * 195
    assert "次数太多" in answers[-1].content.decode()
    assert "已登记" in petitioner.follow(number, code)
    elsewhere = Petitioner(Client(headers={"accept-language": "zh-hans"}, REMOTE_ADDR="10.9.9.9"))
    assert "已登记" in elsewhere.follow(number, code)
    assert "已登记" in petitioner.follow(number, code)
    assert Throttle.objects.count() <= 2


def test_numbers_are_guessed_no_faster_than_codes(petitioner: Petitioner, world: World) -> None:
    _number, own_code = petitioner.submit()
    told = [
        petitioner.client.post(
            "/follow/", {"number": f"YJ01-2025-{n:09}-0", "code": own_code}
        ).status_code
        for n in range(120)
    ]
    assert told[:50] == [403] * 50
    assert told[50:] == [429] * 70
    assert Throttle.objects.count() < 60
    assert petitioner.follow(_number, own_code).count("已登记")


def test_while_guesses_wait_a_known_and_an_unknown_number_read_the_same(
    petitioner: Petitioner, world: World
) -> None:
    number, _code = petitioner.submit()
    pages, works = set[str](), set[int]()
    for n, typed in enumerate((number, "YJ01-2025-000000000-0")):
        client = Client(headers={"accept-language": "zh-hans"}, REMOTE_ADDR=f"10.0.1.{n}")
        for _ in range(5):
            client.post("/follow/", {"number": typed, "code": "x"})
        with CaptureQueriesContext(connection) as queries:
            answer = client.post("/follow/", {"number": typed, "code": "x"})
        assert answer.status_code == 429
        pages.add(re.sub(r'value="[^"]*"', "", answer.content.decode()))
        works.add(len(queries))
    assert len(pages) == 1
    assert len(works) == 1


def test_a_forged_header_makes_no_new_source(
    petitioner: Petitioner, world: World, settings: Any
) -> None:
    number, _code = petitioner.submit()

    def guess(n: int, **of: str) -> int:
        client = Client(REMOTE_ADDR=of.pop("peer", "192.0.2.7"))
        headers = {
            "X-Forwarded-For": of.get("said", f"198.51.100.{n}"),
            "Forwarded": f"for=198.51.100.{n}",
        }
        return client.post("/follow/", {"number": number, "code": "x"}, headers=headers).status_code

    assert [guess(n) for n in range(7)] == [403] * 5 + [429] * 2
    settings.TRUSTED_PROXIES = proxies_of("10.0.0.0/8", "2", "")
    assert guess(7) == 429  # past the proxies
    chain = "198.51.100.{}, 203.0.113.5, 10.0.0.9"
    told = [guess(n, peer="10.0.0.5", said=chain.format(n)) for n in range(7)]
    assert told == [403] * 5 + [429] * 2  # 203.0.113.5, whatever it sent along
    assert guess(0, peer="10.0.0.5", said="203.0.113.6, 10.0.0.9") == 403
    inside = [guess(0, peer="10.0.0.5", said=f"2001:db8:1:2::{n:x}, 10.0.0.9") for n in range(1, 8)]
    assert inside == [403] * 5 + [429] * 2  # one network of IPv6 is one source
    assert guess(0, peer="10.0.0.5", said="2001:db8:1:3::1, 10.0.0.9") == 403


def test_nothing_of_another_matter_is_ever_shown(petitioner: Petitioner, world: World) -> None:
    number, code = petitioner.submit(name="王示例", story="甲的屋面", request_1="甲的请求")
    other, other_code = petitioner.submit(name="李样本乙", story="乙的工资", request_1="乙的请求")
    text = petitioner.follow(number, code)
    assert "甲的请求" in text
    assert "乙的请求" not in text
    assert other not in text
    paper = Document.objects.filter(case__number=other, rule="query_code").get().number
    answer = petitioner.client.post(
        "/follow/paper/", {"number": number, "code": code, "paper": paper}
    )
    assert "乙" not in answer.content.decode()
    for address in ("/follow/paper/", "/follow/receipt/", "/follow/ask/"):
        refused = petitioner.client.post(
            address, {"number": other, "code": code, "act": "withdraw", "go": "send"}
        )
        assert refused.status_code == 403
    assert world.case(other).state == "registered"
    assert other_code != code


def test_an_outcome_is_shown_once_it_is_served(petitioner: Petitioner, world: World) -> None:
    number, code = petitioner.submit()
    accepted(world, number)
    decided(world, number)
    before = petitioner.follow(number, code)
    assert "年底以前修复屋面" not in before
    assert "信访处理意见书" not in before.split("经过")[0].split("给您的文书")[1]
    served(world, number)
    after = petitioner.follow(number, code)
    assert "年底以前修复屋面" in after
    assert "予以支持" in after


def test_internal_steps_stay_internal(petitioner: Petitioner, world: World) -> None:
    number, code = petitioner.submit()
    accepted(world, number)
    decided(world, number)
    world.act("handler", "note", number, on="2025-03-12", texts={"text": "内部备注"})
    served(world, number)
    text = petitioner.follow(number, code)
    for internal in ("拟制处理意见", "审核", "备注", "内部", "登记表"):
        assert internal not in text


def test_a_late_organ_is_shown_with_its_article(
    petitioner: Petitioner, world: World, today: Any
) -> None:
    number, code = petitioner.submit()
    duty = world.duty(number, "sort")
    step = {"duty": "sort", "opened_by": duty.opened_by_id}
    world.act("system", "breach", number, on="2025-03-25", step=step)
    today("2025-03-26")
    text = petitioner.follow(number, code)
    assert 'class="breach' in text
    assert "第二十二条第一款" in text


def test_an_accusation_shows_a_neutral_state_and_nothing_else(
    petitioner: Petitioner, world: World
) -> None:
    number, code = petitioner.submit("accusation", story="收受财物", accused="云江区住房建设局")
    text = petitioner.follow(number, code)
    assert "已经登记" in text
    for word in ("检举", "住房建设局", "收受", "纪检", "经过", "转送"):
        assert word not in text.replace("检举控告工作规则", "")
    world.act("sealed", "classify", number, on="2025-03-03", **ACCUSATION)
    world.act("sealed", "forward_accusation", number, on="2025-03-04", to=world.organ("YJ09"))
    text = petitioner.follow(number, code)
    assert "依规定办理中" in text
    assert "纪委" not in text


@pytest.mark.sentence("P7.3.14")
def test_the_code_opens_the_parts_a_letter_was_split_into(
    petitioner: Petitioner, world: World
) -> None:
    number, code = petitioner.submit()
    parts = [
        Part(proposed_class="claim", path="31(6)", content="修复屋面", requests=[1]),
        Part(proposed_class="accusation", content="收受财物", accused_organs=[world.organ("YJ02")]),
    ]
    made = split(number, parts, by=world.by("clerk"), now=at("2025-03-04"), uid="t/split").performed
    children = sorted({one.case for one in made.acts} - {number})
    assert all(find(child, code) for child in children)
    text = petitioner.follow(number, code)
    assert all(child in text for child in children)
    assert "收受" not in text
    assert "找过物业" not in text  # the letter as a whole stays closed: it holds the accusation


def test_papers_open_and_each_opening_is_logged(petitioner: Petitioner, world: World) -> None:
    number, code = petitioner.submit()
    accepted(world, number)
    paper = Document.objects.get(case__number=number, rule="acceptance_notice")
    before = ReadLog.objects.count()
    answer = petitioner.client.post(
        "/follow/paper/", {"number": number, "code": code, "paper": paper.number}
    )
    assert "受理" in answer.content.decode()
    row = ReadLog.objects.order_by("id").last()
    assert row is not None
    assert ReadLog.objects.count() > before
    assert (row.purpose, row.role, row.user, row.fields) == (
        "own",
        "R1",
        None,
        "document acceptance_notice",
    )
    slip = Document.objects.get(case__number=number, rule="forwarding_slip")
    answer = petitioner.client.post(
        "/follow/paper/", {"number": number, "code": code, "paper": slip.number}
    )
    assert "转送单" not in answer.content.decode()


def test_who_looked_at_the_identity_is_told_by_role_and_organ(
    petitioner: Petitioner, world: World
) -> None:
    number, code = petitioner.submit()
    assert "没有人打开过" in petitioner.follow(number, code)
    person, _ = world.office.people["handler"]
    opening = Opening(
        at=at("2025-03-04"),
        user=world.office.users["handler"],
        role="R6",
        organ=world.organ("YJ02"),
        case_number=number,
        data_class="D2",
        fields=("petitioner",),
        purpose="handle",
        request_id="t",
    )
    open_logged(opening, lambda: None)
    text = petitioner.follow(number, code)
    told = text.split("谁看过我的身份")[1]
    assert "承办人员" in told
    assert "云江区住房建设局" in told
    assert person.name not in told


def test_the_second_receipt_proves_inclusion(
    petitioner: Petitioner, world: World, tmp_path: Path
) -> None:
    number, code = petitioner.submit()
    petitioner.follow(number, code)
    assert "要等下一个检查点" in petitioner.text()
    sequencer.tick(now=at("2025-03-03", 11))
    assert "已经记入存证" in petitioner.follow(number, code)
    answer = petitioner.client.post("/follow/receipt/", {"number": number, "code": code})
    keys = [(tmp_path / "keys" / f"{name}.vkey").read_text().strip() for name in ("log", "promise")]
    verdict = verify_receipt(answer.content.decode(), keys)
    assert (verdict.code, verdict.stage, verdict.fields["case_no"]) == (OK, "proof", number)


# --- remedies -------------------------------------------------------------------------------------
