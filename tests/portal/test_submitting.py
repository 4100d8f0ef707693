"""Submitting over the network: steps that carry the draft, one registration however often it is
sent."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.test import Client

from dengwen.cases.models import Act, Case, Content, Document, Party
from dengwen.cases.wall.identity import kept_from
from dengwen.cases.write.papers.issue import open_body
from dengwen.ledger.act_receipts import INVALID, NOT_YET, verify_receipt
from dengwen.merkle.note import split_note
from dengwen.merkle.promise import Promise
from dengwen.merkle.strict_base64 import to_base64
from dengwen.petitions.intake.online_submission import code_of, new_token, uid_of
from dengwen.petitions.models import Petition, Request
from dengwen.portal.receipt_sheet import FIGURES, SIGNED, qr_text
from dengwen.ui.qr import QUIET, qr_svg
from tests.portal.petitioner import CLAIM, Petitioner
from tests.ui.qr_reader import modules, text_of
from tests.world import World


@pytest.mark.sentence("P2.2")
def test_a_claim_goes_from_the_first_page_to_a_number(petitioner: Petitioner, world: World) -> None:
    number, code = petitioner.submit(request_1="修复三号楼屋面")
    case = world.case(number)
    assert (case.state, case.holder_id, case.petition.channel) == (
        "registered",
        world.organ("YJ01"),
        "network",
    )
    assert code in petitioner.text()
    assert Request.objects.filter(case=case).count() == 1
    act = Act.objects.get(case=case, act="register")
    assert (act.actor, act.capacity, act.organ_id) == (None, "clerk", world.organ("YJ01"))
    assert world.duty(number, "sort").due is not None


def test_no_address_and_no_cookie_says_anything_about_the_matter(
    petitioner: Petitioner, world: World
) -> None:
    petitioner.submit("accusation", accused="李样本")
    assert petitioner.page.wsgi_request.get_full_path() == "/submit/"
    assert set(petitioner.client.cookies) <= {"csrf"}
    assert petitioner.page["Cache-Control"].count("no-store") == 1
    assert "unsafe" not in petitioner.page["Content-Security-Policy"]
    assert "<script" not in petitioner.text()


def test_the_draft_travels_in_the_form_and_nothing_is_kept_before_it_is_sent(
    petitioner: Petitioner,
) -> None:
    petitioner.fill()
    assert Case.objects.filter(kind="petition").count() == 0
    assert Content.objects.filter(case__kind="petition").count() == 0
    assert petitioner.form().fields["name"] == "王示例"


def test_requests_are_added_and_removed_without_script(petitioner: Petitioner) -> None:
    petitioner.begin()
    petitioner.press("next", story="屋面渗水")
    petitioner.press("add", request_1="修复")
    petitioner.press("add", request_2="赔偿")
    petitioner.press("drop-1")
    fields = petitioner.form().fields
    assert [fields[name] for name in fields if name.startswith("request-")] == ["赔偿", ""]


def test_another_channel_is_named_and_nothing_is_blocked(
    petitioner: Petitioner, world: World
) -> None:
    petitioner.begin()
    petitioner.press("next", story="我不服行政处罚决定，被罚款五百元")
    petitioner.press("next", request_1="撤销罚款")
    text = petitioner.text()
    assert "行政复议" in text
    assert "60 日" in text
    petitioner.press("next")
    assert petitioner.form().fields["step"] == "who"


def test_no_hint_where_no_word_asks_for_one(petitioner: Petitioner) -> None:
    petitioner.begin()
    petitioner.press("next", story="屋面渗水")
    petitioner.press("next", request_1="修复")
    assert petitioner.form().fields["step"] == "who"


def test_sent_twice_it_is_registered_once_and_shows_the_same_receipt(
    petitioner: Petitioner,
) -> None:
    petitioner.fill()
    form = petitioner.form()
    first = petitioner.client.post(form.action, {**form.fields, "go": "send"})
    again = petitioner.client.post(form.action, {**form.fields, "story": "别的话", "go": "send"})
    assert first.context["sheet"].number == again.context["sheet"].number
    assert first.context["sheet"].code == again.context["sheet"].code
    assert Petition.objects.count() == 1


def test_what_is_stored_gives_nobody_the_code(petitioner: Petitioner, world: World) -> None:
    number, code = petitioner.submit()
    token = petitioner.page.context["token"]
    assert uid_of(token) == Act.objects.get(case__number=number, act="register").call
    stored = json.dumps(
        list(Act.objects.filter(case__number=number).values("data", "uid", "call")), default=str
    )
    assert token not in stored
    assert code not in stored
    assert code.replace("-", "") not in stored
    assert code_of(token) == code != code_of(new_token())


def test_the_receipt_verifies_with_public_keys_only(
    petitioner: Petitioner, world: World, tmp_path: Path
) -> None:
    number, _ = petitioner.submit()
    petitioner.press("save")
    assert petitioner.page["Content-Disposition"] == f'attachment; filename="{number}.xf-receipt"'
    keys = [(tmp_path / "keys" / f"{name}.vkey").read_text().strip() for name in ("log", "promise")]
    verdict = verify_receipt(petitioner.text(), keys)
    assert (verdict.code, verdict.fields["case_no"]) == (NOT_YET, number)
    assert (
        verify_receipt(petitioner.text().replace("2025-03-03T", "2025-03-02T"), keys).code
        == INVALID
    )


def test_the_code_holds_the_whole_promise_and_never_the_query_code(petitioner: Petitioner) -> None:
    number, code = petitioner.submit()
    sheet = petitioner.page.context["sheet"]
    assert sheet.qr == qr_text(number, sheet.promise)
    read = text_of(modules(qr_svg(sheet.qr, "code", "q"), QUIET))
    mark, said, instant, figures, log = read.split(" ")
    signed = int(figures).to_bytes(SIGNED, "big")
    text, lines = split_note(sheet.promise)
    promise = Promise.parse(text)
    assert (mark, said, log) == ("XFR2", number, promise.origin)
    assert instant == text.split("\n")[3]
    assert signed[:32] == promise.event_hash
    assert to_base64(signed[32:]) == lines[0].rsplit(" ", 1)[-1].strip()
    assert code not in read
    assert code.replace("-", "") not in read


def test_a_hash_that_begins_with_noughts_keeps_them(petitioner: Petitioner) -> None:
    number, _ = petitioner.submit()
    text, lines = split_note(petitioner.page.context["sheet"].promise)
    hashed = text.split("\n")[2]
    nought = text.replace(hashed, to_base64(bytes(31) + b"\x07"))
    _, figures, _ = qr_text(number, f"{nought}\n{lines[0]}\n")
    assert len(figures) == FIGURES
    assert int(figures).to_bytes(SIGNED, "big")[:32] == bytes(31) + b"\x07"


def test_the_receipt_page_has_three_ways_out_and_no_other(petitioner: Petitioner) -> None:
    petitioner.submit()
    assert [value for form in (petitioner.form("print"),) for _, value in form.buttons] == [
        "print",
        "save",
        "kept",
    ]
    main = petitioner.text().split("<main")[1]
    assert "<a " not in main.replace('href="#main"', "")
    petitioner.press("print")
    petitioner.press("kept")
    assert "/follow/" in petitioner.text()


def test_an_accusation_is_sealed_at_once_even_if_nobody_in_it_is_known(
    petitioner: Petitioner, world: World
) -> None:
    number, _ = petitioner.submit("accusation", story="收受财物", accused="登记册里没有的人")
    case = world.case(number)
    assert case.protected
    assert case.title == ""
    assert (
        Party.objects.filter(case=case, role="accused_person", official=None, organ=None).count()
        == 1
    )


@pytest.mark.sentence("P7.2.5", "P12.1")
def test_whoever_is_named_in_an_accusation_stands_behind_the_wall(
    petitioner: Petitioner, world: World
) -> None:
    number, _ = petitioner.submit("accusation", story="收受财物", accused="云江区住房建设局 李样本")
    parties = Party.objects.filter(case__number=number)
    assert parties.filter(role="accused_unit", organ=world.organ("YJ02")).exists()
    assert parties.filter(role="accused_person", official__name="李样本").exists()


def test_the_receipt_of_an_accusation_does_not_say_so(petitioner: Petitioner, world: World) -> None:
    petitioner.submit("accusation", story="收受财物", accused="云江区住房建设局")
    sheet = petitioner.text().split('<article class="sheet"')[1]
    assert "检举" not in sheet
    assert "住房建设局" not in sheet


def test_a_hidden_name_reaches_no_paper_and_no_other_organ(
    petitioner: Petitioner, world: World
) -> None:
    number, _ = petitioner.submit(identity="hidden", name="赵示例甲")
    world.act("clerk", "classify", number, on="2025-03-03", **CLAIM)
    world.act("router", "forward", number, on="2025-03-03", to=world.organ("YJ02"))
    world.act("handler", "receive", number, on="2025-03-04")
    world.act("handler", "accept", number, on="2025-03-04", texts={"procedure": "信访程序"})
    papers = [open_body(row) for row in Document.objects.filter(case__number=number)]
    assert len(papers) > 3
    assert not any("赵示例甲" in body or "13800000000" in body for body in papers)
    assert kept_from(world.case(number), "YJ02")
    assert not kept_from(world.case(number), "YJ01")


def test_an_open_name_is_printed_on_the_papers(petitioner: Petitioner, world: World) -> None:
    number, _ = petitioner.submit(name="赵示例乙")
    assert any("赵示例乙" in open_body(row) for row in Document.objects.filter(case__number=number))
    assert not kept_from(world.case(number), "YJ02")


def test_an_anonymous_matter_keeps_no_name_even_if_one_was_typed(
    petitioner: Petitioner, world: World
) -> None:
    number, _ = petitioner.submit(identity="anonymous", name="赵示例丙")
    assert not Content.objects.filter(case__number=number, data_class="D2").exists()
    assert Act.objects.get(case__number=number, act="register").data["anonymous"] is True


@pytest.mark.parametrize(
    ("step", "answers", "mend"),
    [
        ("story", {"story": " \x00\x07 "}, "请写下发生了什么"),
        ("story", {"story": "水", "happened": "2999-01-01"}, "到今天之间"),
        ("story", {"story": "水", "happened": "1800-01-01"}, "到今天之间"),
        ("story", {"story": "水", "happened": "昨天"}, "这不是日期"),
        ("story", {"story": "水" * 20_000}, "最多 19000 个"),
        ("requests", {"request-1": ""}, "请至少写一项请求"),
        ("who", {"identity": "open", "name": ""}, "请写姓名"),
        ("who", {"identity": "open", "name": "王" * 10_000}, "最多 100 个"),
        ("who", {"identity": "everybody", "name": "王示例"}, "请选一项"),
    ],
)
def test_what_cannot_be_taken_is_said_with_its_mend(
    petitioner: Petitioner, step: str, answers: dict[str, str], mend: str
) -> None:
    given = {
        "kind": "claim",
        "story": "水",
        "step": step,
        "go": "next",
        "token": new_token(),
        **answers,
    }
    if step == "who":
        given["request-1"] = "修复"
    answer = petitioner.client.post("/submit/", given)
    assert answer.status_code == 422
    assert mend in answer.content.decode()
    assert Petition.objects.count() == 0


def test_everything_is_checked_again_when_it_is_sent(petitioner: Petitioner) -> None:
    answer = petitioner.client.post(
        "/submit/", {"kind": "claim", "story": "水", "go": "send", "step": "check"}
    )
    assert (answer.status_code, Petition.objects.count()) == (422, 0)


def test_strings_that_break_others_come_back_as_they_were_written(
    petitioner: Petitioner, samples: Path
) -> None:
    strings = json.loads((samples / "data/vectors/strings/blns.json").read_text(encoding="utf-8"))
    assert len(strings) > 400
    whole = "\n".join(strings)
    petitioner.submit(story="一\n" + whole, name="王\x00示例", request_1=strings[100] or "请求")
    text = petitioner.text()
    assert "<script>alert" not in text
    row = Content.objects.get(data_class="D3", act__act="register")
    assert "DROP TABLE users" in bytes(row.body).decode()
    assert Petition.objects.count() == 1


@pytest.mark.parametrize(
    "form",
    [{}, {"kind": "x"}, {"kind": "claim", "step": "../etc", "go": "edit-x"}, {"go": "drop-"}],
)
def test_a_form_that_is_none_of_ours_registers_nothing(
    petitioner: Petitioner, form: dict[str, str]
) -> None:
    answer = petitioner.client.post("/submit/", form)
    assert answer.status_code in (200, 302)
    assert Petition.objects.count() == 0


def test_the_language_changes_without_losing_a_word(petitioner: Petitioner) -> None:
    petitioner.begin()
    form = petitioner.form()
    petitioner.page = petitioner.client.post(
        form.action, {**form.fields, "story": "屋面渗水", "language": "en"}
    )
    assert 'lang="en"' in petitioner.text()
    assert "What happened" in petitioner.text()
    assert petitioner.form().fields["story"] == "屋面渗水"


def test_without_a_petition_office_the_page_says_so(db: None, client: Client) -> None:
    assert "信访部门" in client.get("/", headers={"accept-language": "zh-hans"}).content.decode()


def test_a_form_from_elsewhere_is_refused(world: World, today: object) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/submit/", {"kind": "claim", "go": "next"}).status_code == 403
