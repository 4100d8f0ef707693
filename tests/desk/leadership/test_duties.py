"""The register pages: a year of an organ or a leader, local targets as such, who held what,
nothing for strangers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from dengwen.access.models import User
from dengwen.cases.duties.registers import keep
from dengwen.cases.models import Case
from dengwen.cases.write.perform import By, perform
from dengwen.desk.shell.frame import clock
from dengwen.law.duties.step import Step
from dengwen.organs.models import Organ
from dengwen.practice.district.founder import Founder, PersonPlan
from dengwen.practice.year.registers_office import (
    Area,
    enter,
    found_area,
    replace_leader,
    set_interval,
)
from tests.world import at, prepare

BACKEND = "dengwen.access.login.sign_in.PasswordBackend"
FOUNDED = at("2024-12-30")
Sit = Callable[..., Client]


@pytest.fixture
def area(db: None, tmp_path: Path, settings: Any) -> Area:  # pytest-django's settings wrapper
    """A petition office and a department with three leaders each; receptions monthly, hearings
    quarterly."""
    prepare(tmp_path, settings)
    return found_area(
        2, 6, FOUNDED, {"register.hear_report": "quarter", "register.receive": "month"}
    )


@pytest.fixture
def sit(area: Area, monkeypatch: pytest.MonkeyPatch) -> Sit:
    """Sit a leader of the area down at the desk, with a role in the organ, on a day."""
    founder = Founder(FOUNDED, "accounts")
    admins: list[User] = []

    def down(
        code: str, organ: str, *roles: str, on: str = "2025-07-10", language: str = "zh-hans"
    ) -> Client:
        monkeypatch.setattr(clock, "now", lambda: at(on))
        if not admins:
            for name in ("a1", "a2"):
                person = PersonPlan(f"{name}-p", "安样本", "staff", "", name, ())
                enter_official(area, person.code)
                admins.append(founder.account(person))
            founder.grant(admins[0], ("R15",), "", by=None, approver=None)
            founder.grant(admins[1], ("R16",), "", by=admins[0], approver=None)
        user = User.objects.filter(username=code.lower()).first()
        if user is None:
            user = founder.account(PersonPlan(code, "", "", "", code.lower(), ()))
            founder.grant(user, roles, organ, by=admins[0], approver=admins[1])
        client = Client(headers={"accept-language": language})
        client.force_login(user, backend=BACKEND)
        return client

    return down


def enter_official(area: Area, code: str) -> None:
    """Enter somebody without a post."""
    step = Step(
        act="enter_official",
        case=area.organs["RG01"].registry_case,
        fields={"code": code},
        texts={"name": "安样本"},
    )
    perform(step, by=By(None, None, frozenset({"registrar"})), now=FOUNDED, uid=f"t/{code}")


def page(client: Client, path: str) -> str:
    """Return the text of a page that must be there."""
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.content.decode()


def test_an_organ_sees_its_year_with_law_and_local_targets_apart(area: Area, sit: Sit) -> None:
    keep(now=at("2025-01-02"))
    keep(now=at("2025-07-10"))
    text = page(sit("RG02-1", "RG02", "R7"), "/desk/leadership/duties/organ/RG02/")
    assert "开展信访工作和责任制落实情况专项督查" in text
    assert "每年" in text
    assert "每季度（本地目标，条文没有数字）" in text
    assert text.count("未履行") >= 2  # both quarters
    assert "条文没有数字，也没有设本地间隔" in text
    assert "register.analyse" in text
    assert "/desk/leadership/duties/do/meeting/call/" in text  # where the hearing can be begun
    assert 'href="#r1-1"' in text  # a mark leads to its period


def test_what_met_a_duty_is_a_link(area: Area, sit: Sit) -> None:
    keep(now=at("2025-01-02"))
    client = sit("RG02-1", "RG02", "R6", "R7", on="2025-03-05")
    assert 'href="/desk/oversight/inspections/new/"' in page(
        client, "/desk/leadership/duties/organ/RG02/"
    )
    held: dict[str, Any] = {"type": "special", "circular_scope": "system"}
    step = Step(
        act="conclude", kind="inspection", fields=held, texts={"findings": "已反馈"}, imported=True
    )
    perform(
        step,
        by=By(None, area.organs["RG02"].pk, frozenset({"clerk"})),
        now=at("2025-03-05"),
        uid="t/held",
    )
    keep(now=at("2025-03-06"))
    number = Case.objects.get(kind="inspection").number
    text = page(client, "/desk/leadership/duties/organ/RG02/")
    assert f"/desk/case/{number}/" in text
    assert "2025-03-05 履行" in text


def test_a_special_inspection_without_plan_and_sample_does_not_meet_the_year(
    area: Area, sit: Sit
) -> None:
    keep(now=at("2025-01-02"))
    client = sit("RG02-1", "RG02", "R6", "R7", on="2025-03-05")
    form = {"type": "special", "circular_scope": "system", "findings": "已反馈"}
    answer = client.post("/desk/leadership/duties/do/inspection/conclude/", form)
    assert answer.status_code == 422
    assert "专项督查没有方案" in answer.content.decode()
    assert not Case.objects.filter(kind="inspection").exists()
    prompt = client.post(
        "/desk/leadership/duties/do/inspection/conclude/", {**form, "type": "prompt"}
    )
    assert prompt.status_code == 302
    keep(now=at("2025-03-06"))
    assert "2025-03-05 履行" not in page(client, "/desk/leadership/duties/organ/RG02/")


def test_a_circular_without_a_scope_is_refused_with_its_article(area: Area, sit: Sit) -> None:
    client = sit("RG02-1", "RG02", "R6", on="2025-03-05")
    answer = client.post(
        "/desk/leadership/duties/do/inspection/conclude/", {"type": "special", "findings": "已反馈"}
    )
    assert answer.status_code == 422
    assert not Case.objects.filter(kind="inspection").exists()


@pytest.mark.case("G09")
@pytest.mark.sentence("S7.1", "S7.2")
def test_the_principal_head_keeps_overall_responsibility_whatever_a_deputy_has_in_charge(
    area: Area, sit: Sit
) -> None:
    case = area.organs["RG02"].registry_case
    enter(
        "divide_work",
        at("2025-01-02"),
        "t/a",
        "",
        case,
        organ="RG02",
        field="petitions",
        official="RG02-2",
    )
    keep(now=at("2025-01-02"))
    client = sit("RG02-1", "RG02", "R7")
    text = page(client, "/desk/leadership/duties/organ/RG02/")
    assert "负总责" in text
    assert "主要领导责任" in text
    head, deputy = area.officials["RG02-1"].name, area.officials["RG02-2"].name
    assert "负总责" in page(client, "/desk/leadership/duties/leader/RG02-1/")
    own = page(client, "/desk/leadership/duties/leader/RG02-2/")
    assert "负总责" not in own.replace("总责。", "")
    assert "主要领导责任" in own
    assert head in text
    assert deputy in text


def test_a_period_over_a_change_shows_each_holder_with_days(area: Area, sit: Sit) -> None:
    keep(now=at("2025-06-02"))
    replace_leader(
        area.organs["RG02"], "RG02-RG02-1", "RG02-1", "RG02-9", at("2025-06-15"), date(2025, 6, 15)
    )
    keep(now=at("2025-07-03"))
    client = sit("RG02-2", "RG02", "R7")
    for code in ("RG02-1", "RG02-9"):
        text = page(client, f"/desk/leadership/duties/leader/{code}/")
        assert "跨越变更：由谁负责，由人认定" in text
        assert "06-01 周日–06-14 周六" in text
        assert "06-15 周日–06-30 周一" in text


def test_recurring_duties_stand_on_the_home_of_their_holder_and_lead_to_the_register(
    area: Area, sit: Sit
) -> None:
    keep(now=at("2025-07-02"))
    mine = page(sit("RG02-1", "RG02", "R7"), "/desk/")
    assert "定期接待来访群众" in mine
    assert "/desk/leadership/duties/leader/RG02-1/?year=2025" in mine
    assert "/desk/leadership/duties/leader/RG02-2/" not in mine
    assert "/desk/leadership/duties/organ/RG02/" in mine
    assert "本地目标" in mine


def test_the_petition_office_follows_the_area_and_others_see_nothing(area: Area, sit: Sit) -> None:
    keep(now=at("2025-01-02"))
    office = sit("RG01-1", "RG01", "R4")
    assert "专项督查" in page(office, "/desk/leadership/duties/organ/RG02/")
    stranger = sit("RG02-1", "RG02", "R7")
    for path in (
        "/desk/leadership/duties/organ/RG01/",
        "/desk/leadership/duties/leader/RG01-1/",
        "/desk/leadership/duties/organ/X/",
        "/desk/leadership/duties/leader/X/",
        "/desk/leadership/duties/do/petition/register/",
        "/desk/leadership/duties/do/inspection/x/",
    ):
        assert stranger.get(path).status_code == 404, path


def test_other_years_and_english(area: Area, sit: Sit) -> None:
    keep(now=at("2025-01-02"))
    client = sit("RG02-1", "RG02", "R7", language="en")
    text = page(client, "/desk/leadership/duties/organ/RG02/?year=2025")
    assert "local target; the text has no number" in text
    assert "Register of duties" in text
    assert "No recurring duty was opened" in page(
        client, "/desk/leadership/duties/organ/RG02/?year=2024"
    )
    assert page(client, "/desk/leadership/duties/organ/RG02/?year=x")


def test_no_page_leads_to_a_year_that_the_reader_would_not_find(area: Area, sit: Sit) -> None:
    keep(now=at("2025-01-02"))
    office = sit("RG01-1", "RG01", "R4")
    for path in ("organ/RG02/", "leader/RG02-1/"):
        address = f"/desk/leadership/duties/{path}"
        shown = page(office, address)
        for year in (2023, 2024, 2025, 2026):
            there = office.get(f"{address}?year={year}").status_code == 200
            assert there or f"{address}?year={year}" not in shown, (path, year)
    own = page(sit("RG02-1", "RG02", "R7"), "/desk/leadership/duties/organ/RG02/")
    assert "/desk/leadership/duties/organ/RG02/?year=2024" in own


@pytest.mark.case("G22")
def test_an_interpretation_stands_beside_the_duty_it_is_about(area: Area, sit: Sit) -> None:
    set_interval("register.analyse", "year", FOUNDED, FOUNDED.date(), "t/analyse")
    keep(now=at("2025-01-02"))
    office, asking = area.organs["RG01"].pk, area.organs["RG02"].pk
    Organ.objects.filter(pk=office).update(level="prefecture", is_petition_office=True)
    fields: dict[str, Any] = {"to": office, "rules": ("special_inspection",)}
    ask = Step(
        act="ask", kind="interpretation", fields=fields, texts={"subject": "联合督查算不算？"}
    )
    number = perform(
        ask, by=By(None, asking, frozenset({"clerk"})), now=at("2025-02-01"), uid="t/ask"
    ).case
    said = {"question": "联合督查算不算？", "answer": "示例：牵头的算。"}
    given: dict[str, Any] = {"day": date(2025, 2, 3), "rules": ("special_inspection",)}
    reply = Step(act="answer", case=number, fields=given, texts=said)
    perform(reply, by=By(None, office, frozenset({"clerk"})), now=at("2025-02-03"), uid="t/answer")
    client = sit("RG02-1", "RG02", "R7")
    assert "联合督查算不算？" in page(client, "/desk/leadership/duties/organ/RG02/")


@pytest.mark.parametrize(
    ("language", "words", "edition"),
    [
        ("zh-hans", ("定期听取信访工作汇报", "每季度"), "信访工作条例 2022-05-01"),
        ("en", ("Hear reports on petition work regularly", "quarterly"), "(2022) 2022-05-01"),
    ],
)
def test_the_register_as_a_case_says_names_and_no_ids(
    area: Area, sit: Sit, language: str, words: tuple[str, str], edition: str
) -> None:
    keep(now=at("2025-01-02"))
    register = Case.objects.get(kind="register", holder__code="RG02", handler=None)
    text = page(
        sit("RG02-1", "RG02", "R7", language=language), f"/desk/case/{register.number}/"
    ).lower()
    assert all(word.lower() in text for word in words)
    assert "register.hear_report=" not in text
    assert "national/2022" not in text.partition("<footer")[2]
    assert edition.lower() in text.partition("<footer")[2]
    assert ("下一个日期" in text or "下一个法定日期" in text) is (language == "zh-hans")
