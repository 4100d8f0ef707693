"""The pages of an inquiry: board, elements, roles, hearing, the end; and the own page of the
person concerned."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from dengwen.access.models import ReadLog, User
from dengwen.accountability.inquiry.queries import read_inquiry
from dengwen.cases.models import Case as Row
from dengwen.cases.write.record import handed_out
from dengwen.desk.shell.frame import clock
from dengwen.ledger.act_receipts import receipt
from dengwen.ledger.models import Event
from tests.accountability.inquiries import Case, late_matter, met, official, opened, with_leaders
from tests.world import World, at

DAY = "2025-05-06"


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hold the desk's clock still."""
    monkeypatch.setattr(clock, "now", lambda: at(DAY))


def sit(who: str, language: str = "zh-hans") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(User.objects.get(username=who))
    return client


def text(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.content.decode()


def under_way(world: World) -> tuple[Case, str]:
    """An inquiry about the handler with a leading group, a meeting and a late matter to look at."""
    with_leaders(world)
    met(world)
    late_matter(world)
    case = opened(world)
    return case, f"/desk/accountability/inquiries/{case.number}/"


def event_act(number: str, place: int) -> str:
    return Row.objects.get(number=number).acts.get(seq=place).act


def test_the_board_offers_what_there_is_and_pins_it_in_three_clicks(world: World) -> None:
    case, path = under_way(world)
    page = text(sit("supervisor"), f"{path}board/")  # one click
    keys = re.findall(r'name="pin" value="([^"]+)"', page)
    assert len(keys) >= 2
    shows = {
        key: re.search(rf'name="shows-{re.escape(key)}" value="([^"]*)"', page) for key in keys
    }
    form: dict[str, Any] = {"pin": keys[:1]} | {
        f"shows-{k}": m[1] for k, m in shows.items() if m
    }  # tick, pin
    answer = sit("supervisor").post(f"{path}board/", form)
    assert answer["Location"] == f"{path}board/"
    item = next(iter(case.made.items.values()))
    proof = sit("router").get(f"{path}board/{item.number}/")
    assert proof["Content-Type"].startswith("text/plain")
    event = Event.objects.get(case_key=item.source, case_seq=item.at)
    assert proof.content.decode() == receipt(
        event, names=handed_out(event_act(item.source, item.at))
    )
    assert sit("supervisor").post(f"{path}board/", {}).status_code == 422  # nothing ticked
    forged = sit("supervisor").post(f"{path}board/", {"pin": "x/1"}).content.decode()
    assert "可以列入的证据：请从列表中选择" in forged
    assert (
        sit("sealed").get(f"{path}board/").status_code == 404
    )  # no compartment for accountability


def test_a_step_is_asked_with_what_there_is_and_refused_with_its_rule(world: World) -> None:
    case, path = under_way(world)
    page = text(sit("supervisor"), f"{path}do/establish/?trigger=S.11.2&element=not_handled")
    assert "没有按规定办理" in page
    form = {
        "trigger": "S.11.2",
        "element": "not_handled",
        "fixed-trigger": "1",
        "fixed-element": "1",
        "finding": "shown",
        "reasons": "见记录",
    }
    answer = sit("supervisor").post(f"{path}do/establish/", form)
    assert answer.status_code == 422
    assert "政务处分法第四十二条" in answer.content.decode()
    answer = sit("supervisor").post(f"{path}do/establish/", {**form, "finding": "not_shown"})
    assert answer.status_code == 302
    assert case.made.findings["S.11.2", "not_handled"].data["finding"] == "not_shown"
    assert "没有证明" in text(sit("supervisor"), path)
    for language in ("zh-hans", "en"):
        for act in (
            "name_investigator",
            "recuse_investigator",
            "hand_up",
            "add_person",
            "consider_decision",
            "consider_deed",
            "hand_over",
        ):
            assert "<form" in text(sit("supervisor", language), f"{path}do/{act}/")
    assert sit("supervisor").get(f"{path}do/open_inquiry/").status_code == 404
    assert sit("supervisor").get(f"{path}do/nothing/").status_code == 404


def told(world: World) -> tuple[Case, str, int]:
    """Bring an inquiry to where the handler was told the facts."""
    case, path = under_way(world)
    matter = Row.objects.get(kind="petition")
    breach = matter.acts.get(act="breach").seq
    board = case.pin(matter.number, breach)
    case.pin(matter.number, 1, "来信登记，载有信访人姓名", disclose="sealed")
    case.find("S.11.2", "not_handled", board)
    case.find("S.11.2", "rights_seriously_harmed", board)
    case.deed("YJ02-L", board)
    case.tell("YJ02-L")
    return case, path, board


def test_roles_are_confirmed_with_one_click_and_changed_with_two(world: World) -> None:
    case, path, _board = told(world)
    page = text(sit("supervisor"), f"{path}roles/")
    assert "具体负责的工作人员：直接责任" in page
    assert "实施细则" in page
    ground = next(iter(case.made.grounds))
    form = {
        "official": official("YJ02-L"),
        "ground": ground,
        "kind": "individual",
        "proposed": "direct",
    }
    answer = sit("supervisor").post(
        f"{path}roles/", {**form, "responsibility": "none"}
    )  # a change without reasons
    assert answer.status_code == 422
    assert "须写明理由" in answer.content.decode()
    answer = sit("supervisor").post(f"{path}roles/", {**form, "responsibility": "direct"})
    assert answer.status_code == 302
    assert "已确认" in text(sit("router"), f"{path}roles/")
    assert "Confirmed" in text(sit("router", "en"), f"{path}roles/")


def test_the_person_concerned_reads_what_he_was_told_and_nothing_sealed_and_answers(
    world: World,
) -> None:
    case, _path, _board = told(world)
    own = f"/desk/accountability/about-me/{case.number}/"
    client = sit("handler")
    assert case.number in text(client, "/desk/accountability/about-me/")
    page = text(client, own)
    assert "二月受理的事项到期没有办理" in page
    assert "逾期没有办理" in page
    for word in ("王示例", "示例路1号", "来信登记", "13800000000"):
        assert word not in page
    assert "不能出示" in page
    log = ReadLog.objects.filter(case_number=case.number, user=world.office.users["handler"])
    assert set(log.values_list("purpose", flat=True)) == {"own"}
    for path in (
        "inquiries/{}/",
        "case/{}/",
        "inquiries/{}/board/",
        "inquiries/{}/roles/",
        "case/{}/hear/",
    ):
        assert client.get(f"/desk/{path.format(case.number)}").status_code == 404
    for other in ("checker", "head", "handler2", "clerk"):  # nobody else has this page
        assert sit(other).get(own).status_code == 404
        assert case.number not in text(sit(other), "/desk/accountability/about-me/")
    answer = client.post(
        own, {"stand": "disagree", "defence": "材料三月才转到\n有领导批示暂缓", "shows": "收件登记"}
    )
    assert answer["Location"] == own
    made = read_inquiry(world.case(case.number))
    assert sorted(made.points) == [1, 2]
    assert any(item.own for item in made.items.values())
    assert client.post(own, {"defence": ""}).status_code == 422
    case.act("answer_point", texts={"reasons": "登记显示二月已收"}, point=1, result="rejected")
    page = text(client, own)
    assert "登记显示二月已收" in page
    assert "还没有答复" in page
    answer = client.post(own, {"recuse": official("YJ01-S"), "ground": "与我有经济往来"})
    assert answer.status_code == 302
    assert world.duty(case.number, "rule_on_recusal").state == "open"
    assert "My answer" in text(sit("handler", "en"), own)


def test_the_end_says_what_is_missing_and_a_proposal_reaches_the_competent_organ(
    world: World,
) -> None:
    case, path, _board = told(world)
    for code in ("YJ02-Z", "YJ02-F"):
        case.act("add_person", texts={"reasons": "领导"}, official=official(code))
        case.tell(code)
    page = text(sit("supervisor"), f"{path}end/")
    assert "没有认定情节" in page
    answer = sit("supervisor").post(f"{path}end/", {"outcome": "propose", "findings": "见各项"})
    assert answer.status_code == 422
    for code in ("YJ02-L", "YJ02-Z", "YJ02-F"):
        case.act("hear", texts={"statement": "没有意见"}, official=official(code), how="heard")
    case.confirm_all()
    case.act("find_gravity", texts={"reasons": "初次"}, light=True, harm="none", influence="none")
    case.settle()
    for who in ("router", "supervisor"):
        assert read_inquiry(world.case(case.number)).concluded is None
        answer = sit(who).post(f"{path}end/", {"outcome": "propose", "findings": "见各项"})
    assert read_inquiry(world.case(case.number)).concluded is not None
    assert answer["Location"] == f"{path}end/"
    page = text(sit("supervisor"), f"{path}end/")
    assert "为什么其他各档没有打开" in page
    leader = official("YJ02-Z")
    form: dict[str, Any] = {
        "subject": f"person-{leader}",
        "measures": ["admonition"],
        "to": world.organ("YJW"),
        "facts": "到期没有办理",
        "reasons": "情节较轻",
    }
    answer = sit("supervisor").post(f"{path}end/", form)  # light opens the circular alone
    assert answer.status_code == 422
    assert "S 14" in answer.content.decode()
    answer = sit("supervisor").post(f"{path}end/", {**form, "measures": ["circular"]})
    assert answer.status_code == 302, answer.content.decode()
    made = Row.objects.get(kind="accountability")
    assert made.holder_id == world.organ("YJW")
    received = made.acts.get(act="receive_proposal").data
    assert (received["inquiry"], received["subject_official"], received["measures"]) == (
        case.number,
        leader,
        ["circular"],
    )
    page = text(sit("handler"), f"/desk/accountability/about-me/{case.number}/")
    assert "直接责任" in page
    assert "由该机关作出" in page
    assert (
        sit("handler")
        .post(f"/desk/accountability/about-me/{case.number}/", {"defence": "再说"})
        .status_code
        == 422
    )


def test_the_list_is_for_those_with_the_compartment_and_no_others(world: World) -> None:
    case, path = under_way(world)
    assert case.number in text(sit("supervisor"), "/desk/accountability/inquiries/")
    assert case.number not in text(sit("sealed"), "/desk/accountability/inquiries/")
    assert sit("sealed").get(path).status_code == 404
    for page in (path, f"{path}board/", f"{path}roles/", f"{path}end/"):
        assert "核查" not in re.sub(
            r"<[^>]+>|[\s]", "", text(sit("router", "en"), page).split("<main")[1]
        )
