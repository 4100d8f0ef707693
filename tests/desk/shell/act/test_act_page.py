"""Acts through the generic page: asked, looked ahead to, done once, refused with everything
still typed."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from dengwen.access.models import ReadLog
from dengwen.cases.files.content_type import look
from dengwen.cases.files.held_files import hold
from dengwen.cases.models import Act, Case, File
from tests.desk.conftest import Day, Sit
from tests.world import CLAIM, World

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def uid(page) -> str:
    return str(page.context["uid"])


def to_decided(world: World) -> str:
    number = world.to_accepted("2025-03-03")
    opinion = {
        "claim": "修复",
        "facts_reasons": "属实",
        "opinion": "支持",
        "legal_basis": "示例条例第一条",
    }
    world.act("handler", "draft", number, on="2025-03-10", outcome="support", texts=opinion)
    world.act("checker", "check", number, on="2025-03-11")
    world.act("head", "sign", number, on="2025-03-12")
    return number


def test_the_page_says_what_an_act_opens_and_closes(world: World, day: Day, sit: Sit):
    number = world.register("2025-03-03")
    world.act("clerk", "classify", number, on="2025-03-03", **CLAIM)
    world.act("router", "forward", number, on="2025-03-03", to=world.organ("YJ02"))
    day.set("2025-03-04")
    text = sit("handler").get(f"/desk/case/{number}/receive/").content.decode()
    assert "第二十三条第三款" in text
    assert "2025-03-19" in text  # fifteen days from receipt
    assert "开启" in text


def test_an_act_is_done_once_however_often_it_is_posted(world: World, day: Day, sit: Sit):
    number = world.to_accepted("2025-03-03")
    day.set("2025-03-10")
    client = sit("head")
    key = uid(client.get(f"/desk/case/{number}/extend/"))
    form = {"uid": key, "days": "30", "reason": "检测未完", "told_petitioner": "true"}
    first = client.post(f"/desk/case/{number}/extend/", form)
    again = client.post(f"/desk/case/{number}/extend/", form)
    assert first.status_code == again.status_code == 302
    assert Act.objects.filter(case__number=number, act="extend").count() == 1
    assert world.duty(number, "handle").due == date(2025, 6, 3)


def test_a_key_of_somebody_else_is_not_taken(world: World, day: Day, sit: Sit):
    number = world.to_accepted("2025-03-03")
    day.set("2025-03-10")
    key = uid(sit("checker").get(f"/desk/case/{number}/note/"))
    sit("head").post(f"/desk/case/{number}/note/", {"uid": key, "text": "备注"})
    assert not Act.objects.filter(call=key).exists()
    assert Act.objects.filter(case__number=number, act="note").count() == 1


def test_a_refusal_names_field_article_and_mend_and_loses_nothing(world: World, day: Day, sit: Sit):
    number = world.to_accepted("2025-03-03")
    day.set("2025-03-10")
    client = sit("head")
    page = client.post(
        f"/desk/case/{number}/extend/",
        {"days": "31", "reason": "现场检测还没有做完", "told_petitioner": "true"},
    )
    text = page.content.decode()
    assert page.status_code == 422
    assert "有 1 处要改" in text
    assert "延长合计不得超过30" in text
    assert "合计延长不超过三十日" in text  # the mend
    assert "现场检测还没有做完" in text
    assert 'value="31"' in text
    assert not Act.objects.filter(case__number=number, act="extend").exists()


def test_a_missing_field_is_said_at_the_field(world: World, day: Day, sit: Sit):
    number = world.to_accepted("2025-03-03")
    page = sit("head").post(f"/desk/case/{number}/extend/", {"days": "viel"})
    assert "请填整数" in page.content.decode()
    page = sit("head").post(
        f"/desk/case/{number}/extend/", {"days": "3", "told_petitioner": "true"}
    )
    assert "请填写“延期理由”" in page.content.decode()


def test_an_act_that_is_not_possible_says_why_before_it_is_asked(world: World, day: Day, sit: Sit):
    number = world.to_accepted("2025-03-03")
    text = sit("handler").get(f"/desk/case/{number}/sign/").content.decode()
    assert "只能在这些状态下进行" in text
    assert "须由本机关、单位负责人办理" in text


@pytest.mark.parametrize("act", ["breach", "lapse", "register", "nothing"])
def test_acts_of_the_system_and_unknown_ones_have_no_page(
    world: World, day: Day, sit: Sit, act: str
):
    number = world.to_accepted("2025-03-03")
    assert sit("handler").get(f"/desk/case/{number}/{act}/").status_code == 404


def test_service_takes_its_proof_as_a_file_and_hands_it_out_only_as_a_download(
    world: World, day: Day, sit: Sit
):
    number = to_decided(world)
    day.set("2025-03-13")
    client = sit("handler")
    key = uid(client.get(f"/desk/case/{number}/serve/"))
    proof = SimpleUploadedFile("回证.exe", PDF, content_type="image/svg+xml")
    form = {"uid": key, "way": "direct", "witness": "王示例", "proof": proof}
    assert client.post(f"/desk/case/{number}/serve/", form).status_code == 302
    kept = File.objects.get()
    act = Act.objects.get(case__number=number, act="serve")
    assert act.data["proof"] == kept.digest
    assert (kept.extension, kept.size, kept.call) == ("pdf", len(PDF), act.call)
    before = ReadLog.objects.count()
    answer = client.get(f"/desk/case/{number}/files/{kept.name}/")
    assert answer.content == PDF
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment;")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert ReadLog.objects.count() == before + 1
    assert sit("handler2").get(f"/desk/case/{number}/files/{kept.name}/").status_code == 404


def test_a_refused_act_hands_in_no_file_and_the_form_carries_it_on(
    world: World, day: Day, sit: Sit, settings
):
    number = to_decided(world)
    day.set("2025-03-13")
    client = sit("handler")
    form = {"way": "pigeon", "proof": SimpleUploadedFile("回证.pdf", PDF)}
    page = client.post(f"/desk/case/{number}/serve/", form)
    assert page.status_code == 422
    assert "回证.pdf" in page.content.decode()
    assert not File.objects.exists()
    ticket = re.search(r'name="proof-kept" value="([^"]+)"', page.content.decode())
    assert ticket
    again = client.post(f"/desk/case/{number}/serve/", {"way": "direct", "proof-kept": ticket[1]})
    assert again.status_code == 302
    assert client.get(f"/desk/case/{number}/files/{File.objects.get().name}/").content == PDF


def test_a_later_choice_takes_the_place_of_the_carried_file(
    world: World, day: Day, sit: Sit, settings
):
    number = to_decided(world)
    day.set("2025-03-13")
    one = hold(look(PDF), day.now, "旧.pdf")
    form = {
        "way": "direct",
        "proof-kept": one.ticket(),
        "proof": SimpleUploadedFile("新.pdf", PDF + b"2"),
    }
    assert sit("handler").post(f"/desk/case/{number}/serve/", form).status_code == 302
    assert [row.size for row in File.objects.all()] == [len(PDF) + 1]


def test_a_full_disk_refuses_the_act_whole(
    world: World, day: Day, sit: Sit, monkeypatch: pytest.MonkeyPatch
):
    number = to_decided(world)
    day.set("2025-03-13")

    def full(*args: object, **kwargs: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("dengwen.cases.files.held_files.os.fsync", full)
    form = {"way": "direct", "proof": SimpleUploadedFile("p.pdf", PDF)}
    page = sit("handler").post(f"/desk/case/{number}/serve/", form)
    assert page.status_code == 507
    assert "磁盘写不下" in page.content.decode()
    assert not File.objects.exists()
    assert Case.objects.get(number=number).state == "decided"


def test_a_late_entry_needs_its_reason_and_its_paper(world: World, day: Day, sit: Sit):
    number = world.register("2025-03-03")
    world.act("clerk", "classify", number, on="2025-03-03", **CLAIM)
    world.act("router", "forward", number, on="2025-03-03", to=world.organ("YJ02"))
    world.act("handler", "receive", number, on="2025-03-03")
    day.set("2025-04-01")
    client = sit("handler")
    form = {"procedure": "信访程序", "occurred_on": "2025-03-10"}
    page = client.post(f"/desk/case/{number}/accept/", form)
    assert page.status_code == 422
    assert "补录须写明理由" in page.content.decode()
    late = {
        **form,
        "late_reason": "当日停电",
        "late_paper": SimpleUploadedFile("p.pdf", PDF),
    }
    assert client.post(f"/desk/case/{number}/accept/", late).status_code == 302
    proposed = Act.objects.get(case__number=number, act="propose_step")
    assert not Act.objects.filter(case__number=number, act="accept").exists()
    shown = {"number": number, "seq": proposed.seq, "seen": proposed.content, "answer": "approve"}
    assert sit("checker").post("/desk/approvals/", shown).status_code == 302
    act = Act.objects.get(case__number=number, act="accept")
    assert act.paper == File.objects.get().digest
    assert world.duty(number, "notify_transferred").timeliness == "by_claim"
    assert "仅凭事后主张" in client.get(f"/desk/case/{number}/").content.decode()


def test_a_proof_of_the_ledger_can_be_taken_home(world: World, day: Day, sit: Sit):
    number = world.to_accepted("2025-03-03")
    answer = sit("handler").get(f"/desk/case/{number}/proof/1/")
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith("attachment;")
    assert sit("handler").get(f"/desk/case/{number}/proof/99/").status_code == 404


def test_a_document_is_shown_as_issued_and_logged(world: World, day: Day, sit: Sit):
    number = world.to_accepted("2025-03-03")
    client = sit("handler")
    link = client.get(f"/desk/case/{number}/").context["documents"][-1].links[0].href
    before = ReadLog.objects.count()
    answer = client.get(link)
    assert answer.status_code == 200
    assert "云江区住房建设局" in answer.content.decode()
    assert ReadLog.objects.count() == before + 1


def test_an_extension_entered_late_is_asked_for_all_it_rests_on(world: World, day: Day, sit: Sit):
    number = world.to_accepted("2025-03-03")
    day.set("2025-05-20")
    client, path = sit("head"), f"/desk/case/{number}/extend/"
    form = {
        "days": "30",
        "reason": "需委托检测",
        "told_petitioner": "true",
        "occurred_on": "2025-05-05",
    }
    page = client.post(path, form)
    assert page.status_code == 422
    body = page.content.decode()
    assert "补录须写明理由" in body
    assert "补录须第二人同意" in body
    assert 'name="late_second"' not in body
    paper = SimpleUploadedFile("p.pdf", PDF)
    late = {"late_reason": "停电", "late_paper": paper}
    assert client.post(path, {**form, **late}).status_code == 302
    assert Act.objects.filter(case__number=number).latest("seq").act == "propose_step"
    assert world.duty(number, "handle").due == date(2025, 5, 6)


def test_the_page_of_issuing_says_that_nobody_was_heard_and_what_to_do(
    world: World, day: Day, sit: Sit
):
    number = world.to_accepted("2025-03-03")
    opinion = {"claim": "修", "facts_reasons": "属实", "opinion": "支持", "legal_basis": "条例"}
    world.act("handler", "draft", number, on="2025-03-10", outcome="support", texts=opinion)
    world.act("checker", "check", number, on="2025-03-11")
    day.set("2025-03-12")
    page = sit("head").post(f"/desk/case/{number}/sign/", {"uid": "sign-unheard"})
    text = page.content.decode()
    assert "听取信访人陈述事实和理由" in text
    assert "联系不上或者本人不愿陈述的，把经过记在这一步里" in text
    assert world.case(number).state == "checked"
    heard = {"how": "not_reached", "said": "三次去电无人接听"}
    page = sit("handler").get(f"/desk/case/{number}/hear_petitioner/")
    sit("handler").post(f"/desk/case/{number}/hear_petitioner/", heard | {"uid": uid(page)})
    assert world.duty(number, "hear_petitioner").state == "closed"


def test_the_page_of_sending_on_asks_whether_somebody_looked(world: World, day: Day, sit: Sit):
    number = world.register("2025-03-03")
    day.set("2025-03-04")
    client = sit("router")
    asked = client.get(f"/desk/case/{number}/forward/")
    assert "不是检举控告" in asked.content.decode()
    form = {"uid": uid(asked), "to": str(world.organ("YJ02"))}
    refused = client.post(f"/desk/case/{number}/forward/", form)
    assert refused.status_code != 302
    assert "须确认" in refused.content.decode()
    assert world.case(number).state == "registered"
    sent = client.post(f"/desk/case/{number}/forward/", form | {"class_left": "true"})
    assert sent.status_code == 302
    assert world.case(number).state == "forwarded"


def test_the_page_of_sending_on_settles_the_class_once_an_accused_is_recorded(
    world: World, day: Day, sit: Sit
):
    number = world.register("2025-03-03")
    accused = (world.organ("YJ02"),)
    world.act("clerk", "name_accused", number, on="2025-03-03", accused_organs=accused)
    day.set("2025-03-04")
    path = f"/desk/case/{number}/forward/"
    assert sit("router").post(path, {"uid": "sent-1"}).status_code == 404
    form = {"uid": "sent-2", "to": str(world.organ("YJ09")), "class_left": "true"}
    refused = sit("sealed").post(path, form)
    assert refused.status_code != 302
    assert "须先认定类别" in refused.content.decode()
    assert world.case(number).state == "registered"
