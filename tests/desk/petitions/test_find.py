"""Look-up by number, title, and name with telephone; the breach list; the registry."""

from __future__ import annotations

import base64
import hashlib
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from dengwen.access.models import ReadLog
from dengwen.cases.duties.sweep import sweep
from dengwen.organs.models import Appointment, Division, Official, Organ
from tests.desk.conftest import Day, Sit
from tests.world import World, at


def test_a_number_leads_to_its_case_however_it_is_typed(world: World, day: Day, sit: Sit):
    number = world.to_accepted("2025-03-03")
    client = sit("handler")
    for typed in (number, number.lower(), f" {number.replace('-', '－')} "):
        answer = client.get("/desk/petitions/find/", {"q": typed})
        assert answer["Location"] == f"/desk/case/{number}/"
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
    assert "校验位不对" in client.get("/desk/petitions/find/", {"q": wrong}).content.decode()


def test_words_of_the_title(world: World, day: Day, sit: Sit):
    number = world.to_accepted("2025-03-03")
    assert number in sit("handler").get("/desk/petitions/find/", {"q": "屋面"}).content.decode()
    assert (
        number not in sit("handler2").get("/desk/petitions/find/", {"q": "屋面"}).content.decode()
    )
    assert "没有找到" in sit("handler").get("/desk/petitions/find/", {"q": "电梯"}).content.decode()


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        ({}, ["name", "phone"]),
        ({"name": "王示例", "phone": "138"}, ["phone"]),
        ({"name": ["王示例", "张示例"], "phone": "13800000000"}, ["name"]),
    ],
)
def test_what_is_lacking_to_find_a_person_is_said_at_its_field(
    world: World, day: Day, sit: Sit, typed: dict[str, str], fields: list[str]
):
    page = sit("clerk").post("/desk/petitions/find/", typed)
    text = page.content.decode()
    assert page.status_code == 422
    assert re.findall(r'href="#f-(name|phone)"', text) == fields
    assert text.count('aria-invalid="true"') == len(fields)


def test_name_and_telephone_in_full_are_found_and_logged(world: World, day: Day, sit: Sit):
    number = world.to_accepted("2025-03-03")
    client = sit("handler")
    assert (
        number
        in client.post(
            "/desk/petitions/find/", {"name": "王 示例", "phone": "+86 138-0000-0000"}
        ).content.decode()
    )
    assert ReadLog.objects.filter(case_number=number, data_class="D2").count() == 1
    assert (
        number
        not in client.post(
            "/desk/petitions/find/", {"name": "王示例", "phone": "13800000001"}
        ).content.decode()
    )
    assert (
        number
        not in client.post(
            "/desk/petitions/find/", {"name": "王示", "phone": "13800000000"}
        ).content.decode()
    )
    assert (
        "写全"
        in client.post("/desk/petitions/find/", {"name": "王示例", "phone": "138"}).content.decode()
    )
    assert (
        number
        not in sit("handler2")
        .post("/desk/petitions/find/", {"name": "王示例", "phone": "13800000000"})
        .content.decode()
    )


def test_the_breach_list_is_for_supervisors_by_days_late(world: World, day: Day, sit: Sit):
    number = world.register("2025-03-03")
    late = world.register("2025-02-20")
    sweep(now=at("2025-04-01"))
    day.set("2025-04-01")
    text = sit("supervisor").get("/desk/oversight/breaches/").content.decode()
    assert text.index(late) < text.index(number)
    assert "登记之后转送、交办或者报请决定" in text
    assert sit("handler").get("/desk/oversight/breaches/").status_code == 404


def test_the_registry_shows_people_by_period_and_changes_through_acts(
    world: World, day: Day, sit: Sit
):
    client = sit("admin")
    page = client.get("/desk/registry/organ/YJ02/").content.decode()
    assert "郑样例" in page
    assert "2018-01-02" in page
    person = {"code": "YJ02-N", "name": "牛示例"}
    assert client.post("/desk/registry/organ/YJ02/enter_official/", person).status_code == 302
    form = {"organ": "YJ02", "code": "YJ02-P9", "leading": "staff", "title_zh": "科员"}
    assert client.post("/desk/registry/organ/YJ02/found_post/", form).status_code == 302
    form = {"official": "YJ02-N", "post": "YJ02-P9", "from": "2025-03-03"}
    assert client.post("/desk/registry/organ/YJ02/appoint/", form).status_code == 302
    assert (
        Appointment.objects.get(official=Official.objects.get(code="YJ02-N")).post.code == "YJ02-P9"
    )
    assert "牛示例" in client.get("/desk/registry/organ/YJ02/").content.decode()
    again = client.post("/desk/registry/organ/YJ02/appoint/", form)
    assert again.status_code == 422
    assert "先终止原登记" in again.content.decode()


def test_only_registrars_change_the_registry(world: World, day: Day, sit: Sit):
    client = sit("handler")
    assert client.get("/desk/registry/").status_code == 200
    assert client.get("/desk/registry/organ/YJ02/rename/").status_code == 404
    assert client.get("/desk/registry/new/").status_code == 404
    assert client.get("/desk/registry/import/").status_code == 404


def test_a_new_organ_is_registered(world: World, day: Day, sit: Sit):
    client = sit("admin")
    assert "登记机关、单位" in client.get("/desk/registry/new/").content.decode()
    form = {
        "code": "YJ20",
        "kind": "government_department",
        "level": "county",
        "name_zh": "云江区示例局",
    }
    assert client.post("/desk/registry/new/", form).status_code == 302
    assert "云江区示例局" in client.get("/desk/registry/", {"q": "YJ20"}).content.decode()


GOOD = (
    "code,name_zh,kind,level,territorial_parent\nYJ30,云江区一号示例局,government_department,county,"
    "YJQ\n"
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_list_is_previewed_then_registered_once(world: World, day: Day, sit: Sit, encoding: str):
    client = sit("admin")
    page = client.post(
        "/desk/registry/import/", {"list": SimpleUploadedFile("a.csv", GOOD.encode(encoding))}
    )
    assert "将登记 1 个" in page.content.decode()
    assert not Organ.objects.filter(code="YJ30").exists()
    form = {k: page.context[k] for k in ("uid", "kept", "digest")} | {"confirm": "1"}
    assert client.post("/desk/registry/import/", form).status_code == 302
    assert Organ.objects.filter(code="YJ30").count() == 1


def test_a_bad_row_is_named_and_nothing_is_written(world: World, day: Day, sit: Sit):
    bad = GOOD + "YJ31,,nonsense,county,YJQ\n"
    client = sit("admin")
    page = client.post(
        "/desk/registry/import/", {"list": SimpleUploadedFile("a.csv", bad.encode())}
    )
    assert page.status_code == 422
    assert ">3<" in page.content.decode()
    assert not Organ.objects.filter(code="YJ30").exists()
    tampered = {"kept": "aGFsbG8=", "digest": "0" * 64, "confirm": "1"}
    assert client.post("/desk/registry/import/", tampered).status_code == 422


def test_an_error_at_the_end_leaves_no_organ_behind_at_the_desk(world: World, day: Day, sit: Sit):
    """The last row names a division that does not exist: the preview says so, and so does the
    door."""
    bad = GOOD.replace("territorial_parent", "territorial_parent,division").replace(
        "YJQ\n", "YJQ,\n"
    )
    bad += "YJ31,云江区二号示例局,政府工作部门,区、县,YJQ,999999\n"
    client = sit("admin")
    page = client.post(
        "/desk/registry/import/", {"list": SimpleUploadedFile("a.csv", bad.encode())}
    )
    assert page.status_code == 422
    assert ">999999<" in page.content.decode()
    assert "先导入行政区划" in page.content.decode()
    body = bad.encode()
    kept = {
        "kept": base64.b64encode(body).decode(),
        "digest": hashlib.sha256(body).hexdigest(),
        "confirm": "1",
    }
    assert client.post("/desk/registry/import/", kept).status_code == 422
    assert not Organ.objects.filter(code__in=("YJ30", "YJ31")).exists()


def test_divisions_are_taken_over_at_the_desk(world: World, day: Day, sit: Sit):
    rows = "code,name,level,parent\n9701,甲市,地级,97\n97,示例省,省级,\n"
    address = "/desk/registry/import/divisions/"
    assert address in sit("admin").get("/desk/registry/").content.decode()
    assert sit("handler").get(address).status_code == 404
    client = sit("admin")
    assert "区、县（county）" in client.get(address).content.decode()
    page = client.post(address, {"list": SimpleUploadedFile("a.csv", rows.encode())})
    assert "将采用 2 行行政区划" in page.content.decode()
    form = {k: page.context[k] for k in ("uid", "kept", "digest")} | {"confirm": "1"}
    for _press in range(2):
        assert client.post(address, form).status_code == 302
    assert Division.objects.filter(code__in=("97", "9701")).count() == 2


def test_the_breach_list_keeps_what_was_passed_on_long_ago(world: World, day: Day, sit: Sit):
    number = world.to_accepted("2025-03-03")
    sweep(now=at("2025-05-20"))
    day.set("2025-05-20")
    assert number in sit("supervisor").get("/desk/oversight/breaches/").content.decode()
