"""A page that asks in its own way puts a late step before a second person, with what was typed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from dengwen.cases.models import Act, Case, Duty, File
from dengwen.cases.write import proposal_doors
from dengwen.desk.shell.act import put_before as between
from dengwen.law.duties.proposal import PROPOSE
from dengwen.law.duties.step import Step
from tests.desk.conftest import Day, Sit
from tests.desk.leadership.test_incidents import REPORT, opened
from tests.world import World

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
REASON, PAPER = "claim_reason", "claim_paper"


def paper() -> SimpleUploadedFile:
    """Return the scan of a paper."""
    return SimpleUploadedFile("纸.pdf", PDF, "application/pdf")


@pytest.fixture
def asked(world: World, day: Day, sit: Sit) -> tuple[Client, str, Any]:
    """An urgent report said to have been given yesterday, and the answer to it."""
    day.set("2025-03-03", 16)
    client = sit("clerk")
    number = opened(client)
    day.set("2025-03-04", 10)
    address = f"/desk/leadership/incidents/{number}/report/"
    return client, number, client.post(address, REPORT | {"to": ["report", "inform_department"]})


def carried(page: str) -> dict[str, list[str]]:
    """Return the hidden fields of a page by name."""
    found: dict[str, list[str]] = {}
    form = page.split('id="claim-form"')[1].split("</form>", maxsplit=1)[0]
    for name, value in re.findall(r'type="hidden"\s+name="([^"]+)"\s+value="([^"]*)"', form):
        found.setdefault(name, []).append(unescape(value))
    return found


def sent_on(client: Client, number: str, answer: Any, **more: Any) -> Any:
    """Post the page between again, with what it carries."""
    given = {**carried(answer.content.decode()), **more}
    return client.post(f"/desk/leadership/incidents/{number}/report/", given)


def reports(number: str) -> int:
    return Act.objects.filter(case__number=number, act__in=("report", "inform_department")).count()


def test_it_asks_for_reason_and_paper_and_carries_what_was_typed(
    asked: tuple[Client, str, Any],
) -> None:
    _client, number, answer = asked
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "送第二人同意" in text
    kept = carried(text)
    assert kept["to"] == ["report", "inform_department"]
    assert kept["cause"] == [REPORT["cause"]]
    assert reports(number) == 0
    assert not Act.objects.filter(case__number=number, act=PROPOSE).exists()


@pytest.mark.parametrize("missing", [REASON, PAPER, ""])
def test_it_waits_once_both_are_given_and_not_before(
    asked: tuple[Client, str, Any], missing: str
) -> None:
    client, number, answer = asked
    given: dict[str, Any] = {REASON: "值班电话先报（示例）", PAPER: paper()}
    given |= {missing: ""} if missing else {}
    again = sent_on(client, number, answer, **given)
    waiting = Act.objects.filter(case__number=number, act=PROPOSE)
    if missing:
        assert (again.status_code, waiting.count()) == (422, 0)
        assert carried(again.content.decode())["cause"] == [REPORT["cause"]]
        return
    assert again.status_code == 302, again.content.decode()
    assert waiting.count() >= 1
    assert File.objects.filter(call=waiting[0].call).count() == 1
    assert Duty.objects.get(case__number=number, rule="report_own").state == "open"
    text = client.get("/desk/approvals/").content.decode()
    assert number in text
    assert PDF not in text.encode()


def test_what_is_refused_for_another_reason_stays_on_its_own_page(
    asked: tuple[Client, str, Any],
) -> None:
    client, number, answer = asked
    given = {REASON: "示例", PAPER: paper(), "told_on": "2025-03-09"}
    again = sent_on(client, number, answer, **given)
    assert "claim-form" not in again.content.decode()
    assert reports(number) == 0
    assert Case.objects.get(number=number).seq == 1


def test_whoever_goes_back_finds_what_was_typed_and_nothing_is_written(
    asked: tuple[Client, str, Any],
) -> None:
    client, number, answer = asked
    given = {REASON: "示例", PAPER: paper(), "claim_back": "1"}
    assert 'name="claim_back"' in answer.content.decode()
    text = sent_on(client, number, answer, **given).content.decode()
    assert "claim-form" not in text
    assert "尚未写入" in text
    assert REPORT["cause"] in text
    assert reports(number) == 0
    assert not Act.objects.filter(case__number=number, act=PROPOSE).exists()


def test_a_page_between_reads_in_english(world: World, day: Day, sit: Sit) -> None:
    day.set("2025-03-03", 16)
    number = opened(sit("clerk"))
    day.set("2025-03-04", 10)
    address = f"/desk/leadership/incidents/{number}/report/"
    text = sit("clerk", "en").post(address, REPORT | {"to": ["report"]}).content.decode()
    assert "Put before a second person" in text
    main = text.split("<main")[1].split("</main>")[0]
    assert not re.search("[一-鿿]", re.sub(r'value="[^"]*"|lang="zh[^>]*>[^<]*', "", main))


@pytest.mark.parametrize("given", [True, False])
def test_a_withdrawal_is_entered_with_the_signed_paper_alone(
    world: World, day: Day, sit: Sit, given: bool
) -> None:
    number = world.to_accepted("2025-03-03")
    day.set("2025-03-10")
    sent: dict[str, Any] = {"reason": "已经解决"}
    if given:
        sent["withdrawal_paper"] = paper()
    answer = sit("handler").post(f"/desk/case/{number}/withdraw/", sent)
    assert answer.status_code == (302 if given else 422)
    assert Act.objects.filter(case__number=number, act="withdraw").exists() is given
    if given:
        assert File.objects.filter(field="withdrawal_paper").count() == 1


OPINION = dict.fromkeys(("claim", "facts_reasons", "opinion", "legal_basis"), "示例")


@pytest.mark.parametrize("given", [True, False])
def test_a_late_draft_waits_with_what_its_own_page_asked(
    world: World, day: Day, sit: Sit, given: bool
) -> None:
    """The page of an opinion asks for reason and paper itself, and keeps what was typed."""
    number = world.to_accepted("2025-03-03")
    day.set("2025-04-20")
    sent: dict[str, Any] = {**OPINION, "outcome": "explain", "occurred_on": "2025-04-05"}
    if given:
        sent |= {"late_reason": "停电（示例）", "late_paper": paper()}
    answer = sit("handler").post(f"/desk/case/{number}/draft/", sent)
    waiting = Act.objects.filter(case__number=number, act=PROPOSE)
    assert (answer.status_code, waiting.count()) == ((302, 1) if given else (422, 0))
    assert not Act.objects.filter(case__number=number, act="draft").exists()
    if not given:
        text = answer.content.decode()
        assert "claim-form" not in text
        assert "补录须写明理由" in text


def test_what_would_be_lost_behind_a_late_step_is_said_before_anything_is_written(
    asked: tuple[Client, str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page whose later step waits for the one before: here every page is one until somebody says
    that the later step may be left."""
    client, number, answer = asked
    doors = proposal_doors.do_all_or_propose

    def answering(steps: Sequence[Step], *, leaving: bool, **more: Any) -> Any:
        if not leaving:
            raise proposal_doors._left_aside(steps[-1], ())
        return doors(steps, leaving=leaving, **more)

    monkeypatch.setattr(between, "do_all_or_propose", answering)
    given: dict[str, Any] = {REASON: "值班电话先报（示例）", PAPER: paper()}
    page = sent_on(client, number, answer, **given)
    text = page.content.decode()
    assert (page.status_code, Case.objects.get(number=number).seq) == (422, 1)
    assert "这次不会保存" in text
    assert 'name="claim_leave"' in text
    assert "值班电话先报（示例）" in text
    assert carried(text)["cause"] == [REPORT["cause"]]
    again = sent_on(client, number, page, **{**given, PAPER: paper(), "claim_leave": "1"})
    assert again.status_code == 302
    assert Act.objects.filter(case__number=number, act=PROPOSE).exists()


def test_sorting_and_sending_on_are_one_call_as_before(world: World, day: Day, sit: Sit) -> None:
    number = world.register("2025-03-03")
    sent = {"class": "claim", "path": "31(6)", "onward": "forward"}
    sent["on_to"] = str(world.organ("YJ02"))
    answer = sit("router").post(f"/desk/case/{number}/classify/", sent)
    acts = list(Act.objects.filter(case__number=number).values_list("act", flat=True))
    assert (answer.status_code, acts) == (302, ["register", "classify", "forward"]), acts
