"""The breach list: an order from a line, a batch of reminders with previews, the reply, and what
the list then says."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from django.test import Client

from dengwen.access.models import ReadLog
from dengwen.cases.duties.sweep import sweep
from dengwen.cases.models import Act, Case, CaseLink, Document, Duty
from dengwen.desk.oversight import breaches
from dengwen.organs.models import Official
from tests.desk.conftest import Day, Sit
from tests.world import ACCUSATION, World, at


def late_matter(world: World, on: str = "2025-03-03") -> str:
    """Return a matter the housing bureau accepted and let lie past its sixty days."""
    number = world.to_accepted(on)
    sweep(now=at("2025-06-20"))
    return number


def key_of(number: str) -> str:
    """Return the key of the late line of a matter: the duty of the sixty days stands at its
    place in the case."""
    row = Duty.objects.get(case__number=number, rule="handle")
    place = list(Duty.objects.filter(case=row.case).order_by("pk")).index(row) + 1
    return f"{number}.{place}"


def form_of(page: str) -> dict[str, str]:
    """Return what the form of a page would send as it stands."""
    form = page[page.index('id="act-form"') :]
    form = form[: form.index("</form>")]
    sent = dict(re.findall(r'<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"', form))
    sent |= dict(re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>([^<]*)</textarea>', form))
    for name, options in re.findall(
        r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL
    ):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        sent[name] = chosen[1] if chosen else ""
    for tag in re.findall(r"<input[^>]*checked[^>]*>", form):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and value:
            sent[name[1]] = value[1]
    return sent


@pytest.fixture
def supervisor(sit: Sit, day: Day) -> Client:
    day.set("2025-06-20")
    return sit("supervisor")


def test_an_order_goes_out_in_two_clicks_from_its_line(
    world: World, supervisor: Client, sit: Sit, day: Day
) -> None:
    number = late_matter(world)
    page = supervisor.get("/desk/oversight/breaches/").content.decode()
    link = f"/desk/oversight/breaches/order/?line={key_of(number)}"
    assert link in page  # the first click

    letter = supervisor.get(link).content.decode()
    sent = form_of(letter) | {"reply_by": "2025-06-27"}
    assert number in sent["defect"]
    assert "第三十四条" in sent["defect"]
    assert "王示例" not in letter
    answer = supervisor.post(link, sent)  # the second
    assert answer.status_code == 302, answer.content.decode()

    case = Case.objects.get(kind="supervision")
    assert CaseLink.objects.get(case=case).other.number == number
    assert Duty.objects.get(case=case, rule="supervise_reply").holder_id == world.organ("YJ02")
    assert Document.objects.get(case=case).rule == "supervision_letter"
    head = Official.objects.get(name="郑样例")
    assert case.parties.get(role="leader_in_charge").official_id == head.pk
    shown = supervisor.get("/desk/oversight/breaches/").content.decode()
    assert "已督办，待回复" in shown

    handler = sit("handler")
    reply = handler.post(
        f"/desk/case/{case.number}/reply/", {"stand": "doing", "report": "正在办理"}
    )
    assert reply.status_code == 302, reply.content.decode()
    assert supervisor.post(f"/desk/case/{case.number}/verify/", {}).status_code == 302
    assert Case.objects.get(pk=case.pk).state == "verified"


def test_a_forged_hidden_value_is_refused_with_its_name(world: World, supervisor: Client) -> None:
    link = f"/desk/oversight/breaches/order/?line={key_of(late_matter(world))}"
    page = supervisor.get(link)
    found = re.findall(r'type="hidden"\s+name="([a-z_]+)"', page.content.decode())
    hidden = sorted(set(found) - {"csrfmiddlewaretoken", "uid", "carried", "line", "next"})
    assert hidden
    sent = form_of(page.content.decode()) | {"reply_by": "2025-06-27"}
    for name in hidden:
        answer = supervisor.post(link, sent | {name: ["Amt", "Hof"]})
        assert answer.status_code == 422, name
        assert "这一项只能填一个值" in answer.content.decode(), name
    assert not Case.objects.filter(kind="supervision").exists()


def test_a_batch_shows_every_letter_before_it_goes(world: World, supervisor: Client) -> None:
    numbers = [late_matter(world, "2025-03-03"), late_matter(world, "2025-03-04")]
    query = "&".join(f"line={key_of(n)}" for n in numbers)
    page = supervisor.get(f"/desk/oversight/breaches/reminders/?{query}").content.decode()
    assert all(n in page for n in numbers)
    assert page.count('class="letter"') == 2
    assert Case.objects.filter(kind="supervision").count() == 0  # nothing goes before it is sent

    form = {"line": [key_of(n) for n in numbers], "send": "1"}
    without = supervisor.post("/desk/oversight/breaches/reminders/", form)
    assert without.status_code == 422  # no local setting, so the date is asked for
    assert (
        supervisor.post(
            "/desk/oversight/breaches/reminders/", {**form, "reply_by": "2025-06-27"}
        ).status_code
        == 302
    )
    cases = Case.objects.filter(kind="supervision")
    assert [c.state for c in cases] == ["reminded", "reminded"]
    assert Document.objects.filter(case__in=cases, rule="reminder_letter").count() == 2
    again = supervisor.get("/desk/oversight/breaches/reminders/?all=1").content.decode()
    assert again.count('class="letter"') == 2


def test_a_supervisor_reads_the_matter_and_does_nothing_in_it(
    world: World, supervisor: Client
) -> None:
    number = late_matter(world)
    assert supervisor.get(f"/desk/case/{number}/").status_code == 200
    assert ReadLog.objects.filter(
        case_number=number, user=world.office.users["supervisor"]
    ).exists()
    assert supervisor.get(f"/desk/case/{number}/note/").status_code == 404
    assert supervisor.post(f"/desk/case/{number}/note/", {"text": "x"}).status_code == 404
    assert "note" not in Act.objects.filter(case__number=number).values_list("act", flat=True)


def test_what_is_not_classed_or_an_accusation_is_out_of_a_supervisors_sight(
    world: World, supervisor: Client, sit: Sit
) -> None:
    unclassed = world.register("2025-03-03", who="handler", office="organ")
    accusing = world.register("2025-03-03", who="handler", office="organ")
    world.act("handler", "classify", accusing, on="2025-03-03", **ACCUSATION)
    for number in (unclassed, accusing):
        assert supervisor.get(f"/desk/case/{number}/").status_code == 404
        assert supervisor.get(f"/desk/oversight/breaches/order/?line={number}.1").status_code == 404
    assert sit("handler").get("/desk/oversight/breaches/order/?line=x").status_code == 404


def test_no_letter_about_a_protected_matter(world: World, supervisor: Client) -> None:
    accusing = world.register("2025-03-03")
    world.act("clerk", "classify", accusing, on="2025-03-03", **ACCUSATION)
    form = {
        "about": accusing,
        "to": str(world.organ("YJ02")),
        "defect_ground": "delay",
        "reply_by": "2025-06-27",
        "subject": "督办",
        "defect": "逾期",
        "demand": "办结",
    }
    assert supervisor.post("/desk/open/supervision/order/", form).status_code == 422
    assert Case.objects.filter(kind="supervision").count() == 0


@pytest.mark.parametrize(
    "path",
    [
        "/desk/oversight/suggestions/",
        "/desk/oversight/figures/?month=2025-03",
        "/desk/oversight/figures/year/?year=2025",
        "/desk/oversight/figures/cases/?month=2025-03&figure=matters",
    ],
)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_pages_answer_in_both_languages(
    world: World, sit: Sit, day: Day, path: str, language: str
) -> None:
    late_matter(world)
    day.set("2025-06-20")
    page = sit("supervisor", language).get(path)
    assert page.status_code == 200
    assert sit("clerk", language).get(path).status_code == (200 if "suggestions" in path else 404)


def test_an_order_says_in_words_which_duty_it_is_about_and_asks_for_no_ids(
    world: World, supervisor: Client
) -> None:
    line = key_of(late_matter(world))
    page = supervisor.get(f"/desk/oversight/breaches/order/?line={line}")
    assert not {"duty", "opened"} & {f.name for f in page.context["fields"]}
    text = page.content.decode()
    assert "哪一项责任" in text
    assert "的“受理”开启" in page.context["concerning"]
    assert '<input type="hidden" name="duty" value="handle">' in text
    sent = form_of(text) | {"reply_by": "2025-06-27"}
    assert supervisor.post(f"/desk/oversight/breaches/order/?line={line}", sent).status_code == 302
    act = Act.objects.get(act="order")
    assert act.data["duty"] == "handle"
    by_hand = supervisor.get("/desk/open/supervision/order/").content.decode()
    assert 'name="duty"' not in by_hand
    assert "哪一项责任" not in by_hand


def test_the_conference_is_led_to_no_letter_it_cannot_write(
    world: World, sit: Sit, day: Day
) -> None:
    number = late_matter(world)
    day.set("2025-06-20")
    page = sit("conference").get("/desk/oversight/breaches/").content.decode()
    assert number in page
    assert "/breaches/order/" not in page
    assert 'name="line"' not in page
    assert "催办最早的二十件" not in page
    link = f"/desk/oversight/breaches/order/?line={key_of(number)}"
    assert sit("conference").get(link).status_code == 404
    assert link in sit("supervisor").get("/desk/oversight/breaches/").content.decode()


def test_late_duties_are_sorted_as_the_address_asks(world: World, supervisor: Client) -> None:
    numbers = [late_matter(world, on) for on in ("2025-03-24", "2025-03-10", "2025-03-17")]
    path = "/desk/oversight/breaches/"

    def order(query: str) -> list[str]:
        page = supervisor.get(f"{path}?{query}")
        assert page.status_code == 200, query
        return [line.case_number for line in page.context["table"].lines]

    by_day = [numbers[1], numbers[2], numbers[0]]
    assert order("") == order("sort=due") == by_day
    assert order("sort=-due") == by_day[::-1]
    assert order("sort=case") == sorted(numbers)
    assert order("sort=-case&statutory=yes") == sorted(numbers, reverse=True)
    assert order("sort=due&page=1") == by_day
    newest = supervisor.get(f"{path}?sort=-due")
    oldest = supervisor.get(path)
    assert newest.context["rail"] == oldest.context["rail"]
    assert 'aria-current="true"' in newest.content.decode()
    for wrong in ("sort=bar", "sort=-case__title", "sort=holder", "page=0"):
        refused = supervisor.get(f"{path}?{wrong}")
        assert refused.status_code == 422, wrong
        assert [line.case_number for line in refused.context["table"].lines] == by_day


def test_sorted_late_duties_go_on_page_by_page(
    world: World, supervisor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = [late_matter(world, on) for on in ("2025-03-03", "2025-03-04", "2025-03-05")]
    monkeypatch.setattr(breaches, "LATE", replace(breaches.LATE, size=2))
    first = supervisor.get("/desk/oversight/breaches/?sort=-case")
    assert "sort=-case&amp;page=2" in first.content.decode()
    second = supervisor.get("/desk/oversight/breaches/?sort=-case&page=2")
    shown = [line.case_number for page in (first, second) for line in page.context["table"].lines]
    assert shown == sorted(numbers, reverse=True)
