"""The scoreboard and the page of an organ: pictures with tables, shares with their own
intervals, on paper too."""

from __future__ import annotations

import html
import os
import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as configured
from django.test import Client
from playwright.sync_api import Browser, Page

from dengwen.assessment.frozen.manifest import scheme_body, scheme_of
from dengwen.cases import rulebooks
from dengwen.cases.models import Case
from dengwen.desk.assessment import board, organ
from dengwen.desk.assessment.scoreboard import (
    Line,
    confidence,
    every_month,
    folded,
    intervals,
    trend,
)
from dengwen.desk.shell.frame import clock
from dengwen.law.indicators.indicator import Scheme
from dengwen.law.indicators.score import wilson
from dengwen.ui.svg import text_width
from tests.assessment import quarter
from tests.desk.conftest import BACKEND, Day, Sit
from tests.desk.schemes import CLERK, in_force
from tests.world import World, at, prepare

NAMES = (
    "云江区人力社保局",
    "Labour and Social Security Bureau of Yunjiang District",
    "Government of Example City",
)
LINES = [Line(name, Decimal("43.19"), Decimal("56.81"), Decimal("70.44")) for name in NAMES]
PERIOD = {"first": "2025-01-01", "last": "2025-06-30"}
A4_ON_ITS_SIDE, A4 = 1016, 657
"""What is between the margins of a sheet, in CSS pixels (269 mm and 174 mm)."""
CUT = """() => [...document.querySelectorAll('main *')]
    .filter(e => e.getClientRects().length && !e.closest('.vh')
    && !(e.closest('thead') && getComputedStyle(e.closest('thead')).position === 'absolute')
    && (e.getBoundingClientRect().right > document.documentElement.clientWidth + 1
        || (getComputedStyle(e).overflowX !== 'visible' && e.scrollWidth > e.clientWidth + 1)))
    .map(e => e.outerHTML.slice(0, 90))"""
SCROLLED = """e => new Promise(done => {
    let frames = 0
    const look = () => e.scrollLeft > 0 || ++frames > 300
        ? done(e.scrollLeft > 0) : requestAnimationFrame(look)
    look()
})"""
SHOWN = "s => [...document.querySelectorAll(s)].filter(e => e.getClientRects().length).length"


# --- drawings -------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Drawn:
    """Texts of a drawing with left end, right end and baseline, and lines of the scale with
    place, top and bottom."""

    texts: list[tuple[float, float, float]]
    scale: list[tuple[float, float, float]]


def read(svg: str) -> Drawn:
    """Measure the names and the lines of the scale in a drawing of intervals."""
    found = re.findall(r'<text class="name" x="([\d.]+)" y="([\d.]+)">([^<]*)<', svg)
    texts = [(float(x), float(x) + text_width(html.unescape(t), 13), float(y)) for x, y, t in found]
    scale = re.findall(r'class="dotted ext-ahead" d="M([\d.]+) ([\d.]+)V([\d.]+)"', svg)
    return Drawn(texts, [(float(x), float(top), float(bottom)) for x, top, bottom in scale])


@pytest.mark.parametrize("wide", [True, False])
def test_no_line_of_the_scale_runs_through_a_name(wide: bool) -> None:
    drawn = read(intervals(LINES, ("a", "b"), "x", wide=wide))
    assert len(drawn.texts) >= len(NAMES)
    assert len(drawn.scale) == 5 * len(NAMES)
    for left, right, baseline in drawn.texts:
        for x, top, bottom in drawn.scale:
            assert not (left <= x <= right and top < baseline and bottom > baseline - 11), (
                left,
                right,
                x,
            )


def test_a_wide_picture_uses_its_width_and_a_name_keeps_to_its_column() -> None:
    svg = intervals(LINES, ("a", "b"), "x", wide=True)
    drawn = read(svg)
    assert max(x for x, _, _ in drawn.scale) - min(x for x, _, _ in drawn.scale) > 450
    assert max(right for _, right, _ in drawn.texts) < min(x for x, _, _ in drawn.scale)
    assert "56.81<" in svg
    assert "43.19–70.44<" in svg


def test_a_long_name_breaks_between_words_and_loses_none() -> None:
    for name in NAMES:
        lines = folded(name, 150)
        assert all(text_width(line, 13) <= 150 for line in lines)
        assert "".join(lines).replace(" ", "") == name.replace(" ", "")
    assert folded(NAMES[1], 150)[0] == "Labour and Social"


def test_a_month_without_a_fact_is_drawn_as_none() -> None:
    months = every_month({at("2025-11-01").date(): (1, 2), at("2026-02-01").date(): (3, 3)})
    assert [f"{m:%y-%m}" for m in months] == ["25-11", "25-12", "26-01", "26-02"]
    for wide in (True, False):
        svg = trend(months, ("a", "b"), wide=wide)
        assert svg.count('class="track"') == 2
        assert re.findall(r">([\d/—]+|\d\d-\d\d)</text>", svg).count("—") == 2
    assert every_month({}) == {}


def test_a_phone_has_room_for_the_months_of_a_year() -> None:
    year = {at(f"2025-{month:02}-01").date(): (1, 2) for month in range(1, 13)}
    width = re.search(r'viewBox="0 0 (\d+) ', trend(year, ("a", "b"), wide=False))
    assert width
    assert int(width[1]) <= 328  # a phone of 360 px, without the margins of the page


@pytest.mark.parametrize(
    ("z", "level"), [("1.96", "95"), ("1.645", "90"), ("2.576", "99"), ("3", "99.7")]
)
def test_the_level_follows_from_z(z: str, level: str) -> None:
    assert confidence(Decimal(z)) == level


# --- pages ----------------------------------------------------------------------------------------
@pytest.fixture
def scheme(world: World, day: Day) -> str:
    """A quarter played, a scheme in force, everything sealed, and the day after it."""
    number = in_force(world)
    quarter.sealed(world)
    day.set("2025-07-01")
    return number


def turned(world: World, **said: Any) -> str:
    """Draft a scheme of another level, with one indicator turned so that less of it is better;
    return its case."""
    raw = tomllib.loads(
        (Path(rulebooks.packs_folder()) / "schemes" / "starting.toml").read_text(encoding="utf-8")
    )
    raw["scheme"].update(said)
    for indicator in raw["indicator"]:
        indicator["floor"] = 1
        if indicator["id"] == "concluded_in_time":
            indicator["numerator"]["outcome"] = ["missed"]
            indicator["direction"] = "lower"
    body = scheme_body(raw)
    given: dict[str, Any] = {"scheme": raw["scheme"]["id"], "digest": scheme_of(body).digest}
    texts = {"subject": "另一方案", "body": body}
    return world.act(CLERK, "draft", kind="scheme", on="2025-07-01", texts=texts, **given).case


def shares(page: str) -> list[tuple[str, int, int, str, str]]:
    """Return points, good, whole and the printed interval of every figure of a board."""
    found = re.findall(
        r'<span class="num">([\d.]+)</span><span class="small">\D*?(\d+)/(\d+) '
        r'<span class="num">\[([\d.]+)–([\d.]+) %\]',
        page,
    )
    return [(points, int(good), int(whole), low, high) for points, good, whole, low, high in found]


def test_every_interval_is_of_the_share_printed_beside_it(
    world: World, day: Day, sit: Sit, scheme: str
) -> None:
    z = Decimal("1.645")
    for number, level in ((scheme, Decimal("1.96")), (turned(world, z=str(z)), z)):
        page = (
            sit(CLERK)
            .get("/desk/assessment/choose/", {"scheme": number, **PERIOD})
            .content.decode()
        )
        found = shares(page)
        assert len(found) >= 3
        for points, good, whole, low, high in found:
            assert Decimal(points) == round(Decimal(100 * good) / whole, 2)
            assert (low, high) == tuple(
                f"{100 * round(end, 4):.1f}" for end in wilson(good, whole, level)
            )
    assert "90 % 区间" in page
    assert "95 %" not in page
    assert re.search(
        r"越少越好.*?未发生 3/4 ", page, re.DOTALL
    )  # one of four was missed: three were not


def test_indicators_stand_in_the_order_of_the_scheme(sit: Sit, day: Day, scheme: str) -> None:
    page = sit(CLERK).get("/desk/assessment/choose/", {"scheme": scheme, **PERIOD}).content.decode()
    raw = tomllib.loads(
        (Path(rulebooks.packs_folder()) / "schemes" / "starting.toml").read_text(encoding="utf-8")
    )
    listed = [indicator["zh"] for indicator in raw["indicator"]]
    for part in page.split('<section class="board"')[1:]:
        rows = re.findall(r'<th scope="row">([^<]+)<span class="small">权重', part)
        without = re.search(r"本期没有可计的事实：([^<]*)</p>", part)
        assert rows == [name for name in listed if name in rows]
        assert sorted(rows + (without[1].split("；") if without else [])) == sorted(listed)


def test_a_large_group_is_shown_in_parts(
    sit: Sit, day: Day, scheme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        Scheme, "group_of", lambda *_asked: "department"
    )  # every organ in one group
    asked = {"scheme": scheme, **PERIOD}
    whole = sit(CLERK).get("/desk/assessment/choose/", asked).content.decode()
    monkeypatch.setattr(board, "ACROSS", 1)
    page = sit(CLERK).get("/desk/assessment/choose/", asked).content.decode()
    assert re.search(r"1/[2-9]</span>：得分", page)
    assert all(
        len(re.findall(r'<th scope="col">', head)) <= 2
        for head in re.findall(r'class="rows steps measured">.*?</thead>', page, re.DOTALL)
    )
    assert sorted(shares(page)) == sorted(shares(whole))


def test_the_board_says_in_words_what_it_draws(sit: Sit, day: Day, scheme: str) -> None:
    page = sit(CLERK).get("/desk/assessment/choose/", {"scheme": scheme, **PERIOD}).content.decode()
    board = page.split('<section class="board"')[-1]
    totals = re.findall(
        r'<th scope="row">([^<]+)</th>\s*<td data-label="总分"><span class="num">([\d.]+)</'
        r"span></td>\s*"
        r'<td data-label="95 % 区间"><span class="num">([\d.–]+)<',
        board,
    )
    described = re.findall(r"<desc[^>]*>([^<]*)</desc>", board)
    assert len(described) == 2  # for a desk and for a phone
    assert set(described) == {"；".join(f"{name} {total} [{ends}]" for name, total, ends in totals)}
    assert len(set(re.findall(r' id="([^"]+)"', page))) == len(re.findall(r' id="([^"]+)"', page))


def test_a_long_list_is_folded_under_its_count(
    sit: Sit, day: Day, scheme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    clerk = sit(CLERK)
    assert clerk.post("/desk/assessment/choose/", {"scheme": scheme, **PERIOD}).status_code == 302
    address = f"/desk/assessment/{Case.objects.get(kind='assessment').number}/YJ02/"

    def listed(**asked: str) -> str:
        page = clerk.get(address, asked).content.decode()
        return page.split('id="concluded_in_time"', 1)[1].split("</section>", 1)[0]

    assert '<details class="behind" open>' in listed()
    monkeypatch.setattr(organ, "SHORT", 3)
    section = listed()
    assert '<details class="behind"><summary>4 项，做到 2 项' in section
    assert section.count("<tr>") == 5  # folded, not left out
    assert "lists=open" in clerk.get(address).content.decode()
    assert '<details class="behind" open>' in listed(lists="open")
    assert '<details class="behind" open>' in listed(quarter="2025-2")  # a link leads to this list


# --- screen and paper -----------------------------------------------------------------------------
Window = Callable[..., Page]


@pytest.fixture
def played(
    transactional_db: None, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> tuple[World, str]:
    """The district with its quarter played, a scheme in force, on the day after it."""
    monkeypatch.setitem(
        os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "1"
    )  # the driver's loop runs in this thread
    prepare(tmp_path, settings)
    world = World()
    scheme = in_force(world)
    quarter.sealed(world)
    monkeypatch.setattr(clock, "now", lambda: at("2025-07-01"))
    return world, scheme


@pytest.fixture
def window(played: tuple[World, str], browser: Browser, live_server: Any) -> Iterator[Window]:
    """A browser of somebody of the district, signed in."""
    contexts = []

    def opened(username: str, locale: str = "zh-CN") -> Page:
        client = Client()
        client.force_login(played[0].office.users[username], backend=BACKEND)
        context = browser.new_context(
            viewport={"width": 1280, "height": 900}, locale=locale, base_url=live_server.url
        )
        cookie = client.cookies[configured.SESSION_COOKIE_NAME].value
        context.add_cookies(
            [{"name": configured.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}]
        )
        contexts.append(context)
        return context.new_page()

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def address(played: tuple[World, str]) -> str:
    """The address of an assessment just begun."""
    client = Client()
    client.force_login(played[0].office.users[CLERK], backend=BACKEND)
    assert (
        client.post("/desk/assessment/choose/", {"scheme": played[1], **PERIOD}).status_code == 302
    )
    return f"/desk/assessment/{Case.objects.get(kind='assessment').number}/"


def test_a_wide_table_is_reached_by_keyboard_shows_that_it_goes_on_and_prints_whole(
    window: Window,
) -> None:
    page = window("supervisor", "en-GB")
    page.set_viewport_size({"width": 920, "height": 900})
    page.goto("/desk/oversight/figures/")
    region = page.get_by_role("region", name="Total")
    assert region.evaluate("e => e.scrollWidth > e.clientWidth")
    assert "gradient" in region.evaluate("e => getComputedStyle(e).backgroundImage")
    region.focus()
    page.keyboard.press("ArrowRight")
    assert region.evaluate(SCROLLED)
    page.emulate_media(media="print")
    page.set_viewport_size({"width": A4, "height": 900})
    assert page.evaluate(CUT) == []
    assert page.evaluate(SHOWN, "main form") == 0


def test_every_wide_table_has_a_name_and_a_place_for_the_keyboard() -> None:
    templates = sorted(Path(board.__file__).parents[1].glob("templates/desk/*/*.html"))
    opening = re.compile(r'<div class="wide[^>]*>')
    wide = [
        (path.name, tag) for path in templates for tag in opening.findall(path.read_text("utf-8"))
    ]
    assert len(wide) > 3
    assert [
        tag for tag in wide if not re.search(r'role="region" tabindex="0" aria-label="', tag[1])
    ] == []


def test_nothing_is_cut_on_screen_or_paper(window: Window, address: str) -> None:
    for language, word in (("zh-CN", "总分"), ("en-GB", "Total")):
        page = window(CLERK, language)
        for where, sheet in ((address, A4_ON_ITS_SIDE), (f"{address}YJ02/", A4)):
            for width in (1280, 1024, 360):
                page.set_viewport_size({"width": width, "height": 900})
                page.goto(where)
                assert word in page.inner_text("main")
                assert page.evaluate(CUT) == [], (language, where, width)
                wide = width > 900
                drawings = page.locator("svg.drawn-wide").count()
                assert page.evaluate(SHOWN, "svg.drawn-wide") == (drawings if wide else 0)
                assert page.evaluate(SHOWN, "svg.drawn-narrow") == (0 if wide else drawings)
            page.emulate_media(media="print")
            page.set_viewport_size({"width": sheet, "height": 900})
            assert page.evaluate(CUT) == [], (language, where, "paper")
            assert (
                page.evaluate(
                    SHOWN, "main form, main select, main input, main .btn, svg.drawn-narrow"
                )
                == 0
            )
            assert page.evaluate(SHOWN, "svg.drawn-wide") > 0
            page.emulate_media(media="screen")


def test_the_board_prints_on_a4_on_its_side_without_what_comes_next(
    window: Window, address: str
) -> None:
    page = window(CLERK)
    page.goto(address)
    assert page.evaluate(SHOWN, "#object_by") == 1
    printed = page.pdf(prefer_css_page_size=True)
    assert re.search(rb"/MediaBox\s*\[\s*0 0 84[12][\d.]* 59[45]", printed), "not A4 on its side"
    page.emulate_media(media="print")
    assert "下一步" not in page.inner_text("main")
    last = page.locator(".measured tbody tr").last
    assert last.bounding_box() is not None
    page.goto(f"{address}YJ02/")
    assert re.search(
        rb"/MediaBox\s*\[\s*0 0 59[45][\d.]* 84[12]", page.pdf(prefer_css_page_size=True)
    ), "not A4"
