"""A group at the desk: number first, a sealed list, at most five representatives, a slip for
each, an incident stub."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

import pytest
from django.test import Client

from dengwen.access.models import ReadLog
from dengwen.cases.models import Act, Case, CaseLink, Content, Duty
from dengwen.cases.write.check import Refused
from dengwen.cases.write.perform import perform
from dengwen.law.duties.step import PartyEntry, Step
from dengwen.petitions.intake import groups
from dengwen.petitions.intake.member_list import Person
from dengwen.petitions.models import Member, Sketch
from tests.desk.conftest import Day, Sit
from tests.leadership.people import HEAD, official, present
from tests.world import ACCUSATION, World, at

FORTY = "\n".join(f"示例{n:02d},1380000{n:04d},示例路{n}号" for n in range(1, 41))


def limit(world: World, persons: str) -> None:
    """Set the local size limit."""
    target: dict[str, Any] = {
        "key": "visit.size_limit",
        "value": persons,
        "from": at("2025-01-06").date(),
    }
    world.act("admin", "set_local_target", kind="edition", on="2025-01-06", **target)


def opened(client: Client, persons: str = "40", **more: str) -> str:
    """Register a group and return its number."""
    answer = client.post(
        "/desk/petitions/groups/",
        {"go": "register", "persons": persons, "subject": "三号楼屋面渗水多年", **more},
    )
    assert answer.status_code == 200, answer.content.decode()
    return str(answer.context["number"])


def listed(client: Client, text: str = FORTY) -> str:
    """Register a group with its list."""
    number = opened(client)
    assert (
        client.post(f"/desk/petitions/groups/{number}/members/", {"members": text}).status_code
        == 302
    )
    return number


@pytest.mark.sentence("P11.2", "P11.5")
def test_the_number_comes_first_and_the_list_is_sealed(world: World, day: Day, sit: Sit):
    client = sit("clerk")
    number = listed(client)
    case = Case.objects.get(number=number)
    assert case.members.count() == 40
    row = Content.objects.get(case=case, act__act="enter_members")
    assert row.sealed
    assert "示例01".encode() not in bytes(row.body)
    assert "示例01" not in str(Act.objects.filter(case=case).values_list("data", flat=True))
    page = client.get(f"/desk/petitions/groups/{number}/").content.decode()
    assert "示例01" not in page
    assert "示**" in page
    assert f"/desk/case/{number}/explain_talk/" in page
    assert (
        f"/desk/petitions/groups/{number}/" in client.get(f"/desk/case/{number}/").content.decode()
    )
    assert ReadLog.objects.filter(case_number=number, data_class="D2", result="granted").exists()


def test_wrong_rows_are_said_and_nothing_is_written(world: World, day: Day, sit: Sit):
    client = sit("clerk")
    number = opened(client)
    page = client.post(
        f"/desk/petitions/groups/{number}/members/", {"members": "王示例,一三八\n,2\n李样本"}
    )
    text = page.content.decode()
    assert page.status_code == 422
    assert "第 1 行" in text
    assert "第 2 行" in text
    assert "李样本" in text  # what was typed stays
    assert not Member.objects.exists()
    assert (
        client.post(f"/desk/petitions/groups/{number}/members/", {"members": ""}).status_code == 422
    )


def test_a_list_comes_as_a_file_and_goes_on_where_it_ended(world: World, day: Day, sit: Sit):
    client = sit("clerk")
    number = listed(client, "王示例,13800000001")
    from_file = {"list": _file("姓名,电话\n李样本,13800000002\n")}
    assert client.post(f"/desk/petitions/groups/{number}/members/", from_file).status_code == 302
    again = client.post(
        f"/desk/petitions/groups/{number}/members/", {"members": "王示例,13800000001"}
    )
    assert again.status_code == 422
    assert "先前已记" in again.content.decode()
    assert list(Member.objects.order_by("place").values_list("place", flat=True)) == [1, 2]


def _file(text: str) -> Any:
    data = BytesIO(text.encode("gb18030"))
    data.name = "list.csv"
    return data


@pytest.mark.sentence("P11.1")
def test_at_most_five_are_elected_and_the_article_is_said(world: World, day: Day, sit: Sit):
    client = sit("clerk")
    number = listed(client)
    path = f"/desk/petitions/groups/{number}/representatives/"
    six = client.post(path, {"which": ["1", "2", "3", "4", "5", "6"]})
    assert six.status_code == 422
    assert "第二十条第三款" in six.content.decode()
    assert client.post(path, {"which": ["99"]}).status_code == 422
    assert client.post(path, {"which": ["1", "1"]}).status_code == 422
    assert client.post(path, {}).status_code == 422
    assert client.post(path, {"which": ["1", "3", "5"]}).status_code == 302
    assert list(Member.objects.filter(representative=True).values_list("place", flat=True)) == [
        1,
        3,
        5,
    ]
    sheet = client.get(f"/desk/petitions/groups/{number}/mandate/").content.decode()
    assert number in sheet
    assert sheet.count("示**") == 3
    assert client.post(path, {"which": ["2"]}).status_code == 302  # elected anew
    assert list(Member.objects.filter(representative=True).values_list("place", flat=True)) == [2]


def test_who_asks_something_else_gets_a_linked_matter_of_the_own(world: World, day: Day, sit: Sit):
    client = sit("clerk")
    number = listed(client)
    path = f"/desk/petitions/groups/{number}/requests/"
    assert client.post(path, {"also": "99 退还押金"}).status_code == 422
    assert client.post(path, {}).status_code == 422
    page = client.post(path, {"common": "修复屋面\n公布维修资金", "also": "7 退还押金\n9 赔偿家具"})
    assert page.status_code == 200
    own = page.context["own"].lines
    assert [one.place for one in own] == [7, 9]
    assert Case.objects.get(number=number).requests.count() == 2
    for one in own:
        case = Case.objects.get(number=one.number)
        assert CaseLink.objects.filter(case=case, other__number=number, kind="about").exists()
        assert one.code in page.content.decode()
        assert case.petitioners.exists()
    assert "示例07" not in page.content.decode()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_each_member_gets_a_slip_with_an_own_code_and_sees_only_how_it_stands(
    world: World, day: Day, sit: Sit, language: str
):
    client = sit("clerk", language)
    number = listed(client)
    client.post(f"/desk/petitions/groups/{number}/representatives/", {"which": ["1", "2"]})
    client.post(f"/desk/petitions/groups/{number}/requests/", {"common": "修复屋面"})
    page = client.post(f"/desk/petitions/groups/{number}/receipts/", {})
    codes = re.findall(r'class="num code"><strong>([A-Z0-9-]+)<', page.content.decode())
    assert len(codes) == len(set(codes)) == 40
    assert "示例07" not in page.content.decode()
    member = Client(headers={"accept-language": language}).post(
        "/follow/", {"number": number, "code": codes[6]}
    )
    text = member.content.decode()
    assert member.status_code == 200
    assert number in text
    assert "修复屋面" not in text
    assert "withdraw" not in text
    assert "add_contact" not in text
    act = {
        "number": number,
        "code": codes[6],
        "act": "withdraw",
        "reason": "x",
        "go": "send",
        "token": "4" * 32,
    }
    Client().post("/follow/ask/", act)
    assert Case.objects.get(number=number).state == "registered"
    client.post(
        f"/desk/petitions/groups/{number}/receipts/", {}
    )  # given anew: the old ones open nothing
    assert Client().post("/follow/", {"number": number, "code": codes[6]}).status_code == 403


def test_a_slip_form_sent_twice_shows_no_codes_again(world: World, day: Day, sit: Sit):
    client = sit("clerk")
    number = listed(client, "王示例,13800000001")
    uid = client.get(f"/desk/petitions/groups/{number}/receipts/").context["uid"]
    assert (
        client.post(f"/desk/petitions/groups/{number}/receipts/", {"uid": uid}).status_code == 200
    )
    assert (
        client.post(f"/desk/petitions/groups/{number}/receipts/", {"uid": uid}).status_code == 302
    )
    assert Act.objects.filter(act="give_member_codes").count() == 1


@pytest.mark.sentence("S8.6")
def test_a_visit_over_the_local_limit_opens_an_incident_stub(world: World, day: Day, sit: Sit):
    limit(world, "30")
    client = sit("clerk")
    opened(client, "30")
    assert not Case.objects.filter(kind="incident").exists()
    page = client.post(
        "/desk/petitions/groups/", {"go": "register", "persons": "31", "subject": "屋面渗水"}
    )
    stub = Case.objects.get(kind="incident")
    assert CaseLink.objects.filter(
        case=stub, other__number=page.context["number"], kind="about"
    ).exists()
    assert f"/desk/leadership/incidents/{stub.number}/" in page.content.decode()
    assert Duty.objects.get(case=stub, rule="report_own").state == "open"
    assert (
        "钱虚构" in client.get(f"/desk/leadership/incidents/{stub.number}/").content.decode()
    )  # who knew first


def test_without_a_local_limit_no_number_is_invented(world: World, day: Day, sit: Sit):
    opened(sit("clerk"), "4000")
    assert not Case.objects.filter(kind="incident").exists()


def test_the_stub_of_an_accusing_visit_stands_behind_the_same_wall(
    world: World, day: Day, sit: Sit
):
    limit(world, "30")
    fields: dict[str, Any] = {
        "channel": "visit",
        "office": "petition_office",
        "persons": 40,
        "visit_kind": "group",
    }
    accused = (PartyEntry(role="accused_unit", organ=world.organ("YJ02")),)
    step = Step(
        act="register",
        kind="petition",
        fields=fields,
        parties=accused,
        texts={"content": "收受好处"},
    )
    perform(step, by=world.by("clerk"), now=at("2025-03-03"), uid="accuse")
    stub = Case.objects.get(kind="incident")
    assert stub.protected
    assert stub.parties.filter(role="accused_unit", organ=world.organ("YJ02")).exists()
    assert stub.number not in sit("clerk").get("/desk/leadership/incidents/").content.decode()


def test_a_group_that_proves_to_accuse_takes_stub_and_indexes_behind_the_wall(
    world: World, day: Day, sit: Sit
):
    limit(world, "30")
    number = listed(sit("clerk"))
    stub = Case.objects.get(kind="incident")
    assert not stub.protected
    world.act("clerk", "classify", number, on="2025-03-03", **ACCUSATION)
    stub = Case.objects.get(kind="incident")
    assert stub.protected
    assert stub.title == ""
    assert set(Member.objects.values_list("name_index", "phone_index")) == {("", "")}
    assert stub.number not in sit("clerk").get("/desk/leadership/incidents/").content.decode()


def test_what_members_ask_for_themselves_goes_behind_the_wall_with_the_group(
    world: World, day: Day, sit: Sit
):
    client = sit("clerk")
    number = listed(client, "王示例,13800000001\n李样本,13800000002")
    own = (
        client.post(f"/desk/petitions/groups/{number}/requests/", {"also": "2 退还押金"})
        .context["own"]
        .lines[0]
        .number
    )
    letter = present(world, own)
    accused = (PartyEntry(role="accused_unit", organ=world.organ("YJ02")),)
    assert sit("clerk").get(f"/desk/case/{own}/").status_code == 200
    world.act("clerk", "classify", number, on="2025-03-04", step={"parties": accused}, **ACCUSATION)
    for sealed in (own, letter):
        case = Case.objects.get(number=sealed)
        assert (case.protected, case.title) == (True, "")
        assert case.parties.filter(role="accused_unit", organ=world.organ("YJ02")).exists()
        assert sit("clerk").get(f"/desk/case/{sealed}/").status_code == 404
    assert not Sketch.objects.filter(case__number__in=(number, own)).exists()
    assert not Content.objects.filter(case__number=own, sealed=False).exists()


def test_an_own_matter_entered_later_is_sealed_from_its_first_act(world: World, day: Day, sit: Sit):
    number = listed(sit("clerk"), "王示例,13800000001")
    accused = (PartyEntry(role="accused_unit", organ=world.organ("YJ02")),)
    world.act("clerk", "classify", number, on="2025-03-03", step={"parties": accused}, **ACCUSATION)
    group, people = Case.objects.get(number=number), {1: Person("王示例", "13800000001", "")}
    _made, (own,) = groups.ask(
        group, (), {1: "退还押金"}, people, by=world.by("sealed"), now=day.now, uid="own"
    )
    case = Case.objects.get(number=own.number)
    assert case.protected
    assert case.parties.filter(role="accused_unit", organ=world.organ("YJ02")).exists()
    assert not Sketch.objects.filter(case=case).exists()


@pytest.mark.parametrize("batch", [100, 1])
def test_duplicates_in_other_matters_are_shown_to_staff_only(
    world: World, day: Day, sit: Sit, monkeypatch: pytest.MonkeyPatch, batch: int
):
    monkeypatch.setattr(groups, "BATCH", batch)
    other = world.register("2025-03-03")  # 王示例, 13800000000
    client = sit("clerk")
    number = opened(client)
    client.post(
        f"/desk/petitions/groups/{number}/members/",
        {"members": "王示例,13800000000\n李样本,13800000002"},
    )
    assert other in client.get(f"/desk/petitions/groups/{number}/").content.decode()
    page = client.post(f"/desk/petitions/groups/{number}/receipts/", {})
    assert other not in page.content.decode()


@pytest.mark.parametrize(("field", "new"), [("visit_kind", "single"), ("persons", "1")])
def test_a_group_becomes_single_only_by_two_persons_and_a_reason(
    world: World, day: Day, sit: Sit, field: str, new: str
):
    number = opened(sit("clerk"))
    first = Case.objects.get(number=number).acts.get(seq=1).pk
    fields: dict[str, Any] = {"target": first, "field": field, "new": new}
    step = Step(act="correct", case=number, fields=fields, texts={"reason": "x"})
    with pytest.raises(Refused, match="须第二人同意"):
        perform(step, by=world.by("clerk"), now=at("2025-03-03"), uid="c")


def test_a_single_visit_and_a_hidden_case_are_no_group(world: World, day: Day, sit: Sit):
    single = world.register("2025-03-03", channel="visit", visit_kind="single")
    assert sit("clerk").get(f"/desk/petitions/groups/{single}/").status_code == 404
    number = opened(sit("clerk"))
    for page in ("", "members/", "representatives/", "mandate/", "requests/", "receipts/"):
        assert sit("handler").get(f"/desk/petitions/groups/{number}/{page}").status_code == 404


@pytest.mark.sentence("P2.6")
def test_one_common_member_makes_it_the_same_person(world: World, day: Day, sit: Sit):
    story = "三号楼屋面渗水多年，墙面发霉，物业多次推诿，请求修复屋面并公布维修资金的用途。"
    client = sit("clerk")
    number = opened(client)
    assert (
        client.post(f"/desk/petitions/groups/{number}/members/", {"members": FORTY}).status_code
        == 302
    )
    letter = {"channel": "letter", "content": story, "alike": "1"}
    mine = client.post(
        "/desk/petitions/register/", letter | {"petitioner": "示例05", "phone": "13800000005"}
    )
    (found,) = mine.context["alike"]
    assert (found.number, found.why.startswith("姓名、电话相同")) == (number, True)
    strange = client.post(
        "/desk/petitions/register/", letter | {"petitioner": "赵样本", "phone": "13900000000"}
    )
    assert not [one for one in strange.context["alike"] if one.why.startswith("姓名、电话相同")]


@pytest.mark.sentence("S7.7")
def test_organs_that_deal_with_a_group_together_are_called_from_its_page(
    world: World, day: Day, sit: Sit
):
    clerk = sit("clerk")
    number = listed(clerk, "王示例,13800000001")
    call = clerk.get(f"/desk/petitions/groups/{number}/").context["call"]
    form = clerk.get(call)
    assert number in form.content.decode()
    given = {
        "leader": str(official()),
        "organ": str(world.organ("YJQ")),
        "petition": number,
        "day": "2025-03-10",
        "invited": [str(world.organ("YJ02")), str(world.organ("YJ03"))],
        "topic": "屋面修复费用",
    }
    assert clerk.post(call, given).status_code == 302
    meeting = Case.objects.get(kind="coordination")
    assert CaseLink.objects.filter(case=meeting, other__number=number, kind="about").exists()
    (shown,) = clerk.get(f"/desk/petitions/groups/{number}/").context["together"]
    assert (shown.link.href, shown.lines) == (f"/desk/case/{meeting.number}/", ())
    day.set("2025-03-10")
    lines = {
        "present": given["invited"],
        "minutes": "分两步修复",
        "what_1": "修复",
        "to_1": str(world.organ("YJ02")),
        "until_1": "2025-05-31",
    }
    assert sit(HEAD).post(f"/desk/leadership/lines/{meeting.number}/", lines).status_code == 302
    page = clerk.get(f"/desk/petitions/groups/{number}/").content.decode()
    assert '云江区住房建设局　<span class="num">2025-05-31</span>　待落实' in page
