"""Behind each figure: what was left out and why, every page of a long list, and enough to know a
fact by."""

from __future__ import annotations

import re

import pytest

from dengwen.cases.models import Case, Duty
from dengwen.desk.assessment import organ
from dengwen.ledger import sequencer
from tests.desk.assessment.test_assessments import post, scheme
from tests.desk.conftest import Day, Sit
from tests.desk.schemes import CLERK, SECOND
from tests.kept import kept
from tests.world import World, at

__all__ = ["scheme"]


@pytest.fixture
def opened(world: World, day: Day, sit: Sit, scheme: str) -> str:  # the fixture of the journey
    """An assessment of the first half of 2025, opened; its number."""

    def happen() -> str:
        post(
            sit(CLERK),
            "/desk/assessment/choose/",
            scheme=scheme,
            first="2025-01-01",
            last="2025-06-30",
        )
        return Case.objects.get(kind="assessment").number

    return kept(world, "an assessment chosen at the desk", happen)


def section_of(page: str, indicator: str = "concluded_in_time") -> str:
    """Return the part of an organ's page on one indicator."""
    return page.split(f'id="{indicator}"', 1)[1].split("</section>", 1)[0]


def facts_in(section: str) -> list[int]:
    """Return the numbers of the facts listed."""
    return [int(n) for n in re.findall(r'<span class="small num">(\d+)</span>', section)]


def test_the_organ_is_told_what_was_left_out_by_which_clause_why_and_with_which_effect(
    world: World, day: Day, sit: Sit, opened: str
) -> None:
    address = f"/desk/assessment/{opened}/"
    section = section_of(sit(CLERK).get(f"{address}YJ02/").content.decode())
    late = next(row for row in section.split("<tr>") if ">逾期未完成<" in row)
    (fact,) = facts_in(late)
    world.act(
        CLERK,
        "exclude",
        opened,
        on="2025-07-01",
        number=1,
        fact=fact,
        indicator="concluded_in_time",
        clause="S 10",
        texts={"reason": "系统停机三天"},
    )
    world.act(SECOND, "confirm_exclusion", opened, on="2025-07-01", number=1)
    post(sit(CLERK), address, what="send", object_by="2025-07-08")
    told = section_of(sit("handler").get(f"{address}YJ02/").content.decode())
    row = next(r for r in told.split("<tr>") if str(fact) in r)
    assert "已排除，依据 S 10：系统停机三天" in row
    assert "分子/分母 0/−1" in row
    assert "3 项，做到 2 项" in told  # what counts, as in the figure
    assert "另有 1 项已排除" in told
    english = section_of(sit("handler", "en").get(f"{address}YJ02/").content.decode())
    assert "left out under S 10" in english


def test_a_long_list_has_pages_with_plain_links_to_every_fact(
    world: World, day: Day, sit: Sit, opened: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(organ, "MOST_LISTED", 3)
    address = f"/desk/assessment/{opened}/YJ02/"
    first = section_of(sit(CLERK).get(address).content.decode())
    links = [h.replace("&amp;", "&") for h in re.findall(r'href="(\?of=[^"]*)"', first)]
    assert links == [f"?of=concluded_in_time&page={n}#concluded_in_time" for n in (1, 2)]
    pages = [
        facts_in(section_of(sit(CLERK).get(address + h.split("#")[0]).content.decode()))
        for h in links
    ]
    assert [len(p) for p in pages] == [3, 1]
    assert len({n for p in pages for n in p}) == 4
    other = sit(CLERK).get(f"{address}?of=concluded_in_time&page=99").content.decode()
    assert facts_in(section_of(other)) == pages[1]


def test_who_leaves_a_fact_out_reads_what_it_is(
    world: World, day: Day, sit: Sit, opened: str
) -> None:
    clerk, address = sit(CLERK), f"/desk/assessment/{opened}/"
    section = section_of(clerk.get(f"{address}YJ02/").content.decode())
    assert "不可见" not in section.replace("件号不可见", "")
    href = re.findall(r'href="([^"]*exclude/[^"]*)"', section)[0].replace("&amp;", "&")
    form = clerk.get(href).content.decode()
    said = re.search(r"<strong>(\d+)　([^<]*)</strong>", form)
    assert said is not None
    organ, kind, when, outcome, *_number = said[2].split("，")
    assert (organ, kind) == ("云江区住房建设局", "办结")
    assert re.fullmatch(r"2025[-年.]\d+.*", when)
    assert outcome in {"按期", "逾期完成", "逾期未完成"}
    other = int(said[1])
    world.act(
        CLERK,
        "exclude",
        opened,
        on="2025-07-01",
        number=1,
        fact=other,
        clause="S 10",
        texts={"reason": "示例"},
    )
    board = clerk.get(address).content.decode()
    assert said[2].split("，", 1)[0] in board
    assert f"{organ}，{kind}，{when}，{outcome}" in board


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("zh-hans", "事后主张：事后延期（2025-07-01 录入，针对 {due}）"),
        ("en", "Claimed, entered on 2025-07-01 for {due}: extended afterwards"),
    ],
)
def test_what_was_claimed_afterwards_stands_beside_the_fact_and_earns_nothing(
    world: World, day: Day, sit: Sit, scheme: str, language: str, said: str
) -> None:
    owed = Duty.objects.filter(rule="handle", state="open", due__lte="2025-06-30")
    duty = owed.select_related("case").get()
    support = {"late_reason": "停电", "paper": "ab" * 32, "second": world.official("YJ02-W")}
    world.act(
        "head",
        "extend",
        duty.case.number,
        on="2025-05-02",
        entered="2025-07-01",
        texts={"reason": "需要检测"},
        step=support,
        days=30,
        told_petitioner=True,
    )
    sequencer.tick(now=at("2025-07-01", 11))
    days = {"first": "2025-01-01", "last": "2025-06-30"}
    post(sit(CLERK), "/desk/assessment/choose/", scheme=scheme, **days)
    number = Case.objects.get(kind="assessment").number
    page = sit(CLERK, language).get(f"/desk/assessment/{number}/YJ02/").content.decode()
    section = section_of(page)
    rows = [row for row in section.split("<tr>") if said.format(due=duty.due) in row]
    assert len(rows) == 1, section
    assert ("逾期未完成" if language != "en" else "overdue, not done") in rows[0].lower()
