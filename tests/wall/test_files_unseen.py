"""Nobody learns from a page or a list whether there is a file on somebody who was not told yet.

Two worlds that differ in nothing but a file: a lead about the head of the bureau, an inquiry with
evidence, or a file that an organ opened by itself. Whoever reported, the head, colleagues,
superiors and everybody without the compartment get the same answers, byte by byte, after as many
questions to the database.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache

from dengwen.cases import rulebooks
from dengwen.cases.models import Act, Case
from dengwen.desk.accountability import about_me
from dengwen.organs.models import Official
from tests.wall.asking import Ask, get, post
from tests.wall.harness import Harness, Planned, Seen
from tests.wall.highs import Known, low_before
from tests.wall.stage import ACCUSED_UNIT, HEAD_CODE, Stage, drawn, held_still, swept, undone

pytestmark = [pytest.mark.wall, pytest.mark.django_db]
READERS = (
    "accused person at the own unit",
    "the public",
    "checker of the unit",
    "head of the government",
    "petition office clerk",
)
"""The accused, whoever reported (and follows the matter), a colleague, a superior, and a clerk of
the office that inquires, without the compartment."""
DAY = "2025-03-18"
HIDDEN = "hidden"


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """404 and 403 are what is asked for: no log lines of them."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def _head() -> int:
    return Official.objects.get(code=HEAD_CODE).pk


def _lead(stage: Stage, about: str) -> str:
    """Raise a lead about the head, from the matter that the petitioner follows."""
    given: dict[str, Any] = {
        "finder": "person",
        "unit": stage.organ(ACCUSED_UNIT),
        "official": _head(),
        "situations": ("S.11.2",),
        "strength": "acts",
        "day_of_conduct": date(2025, 3, 3),
        "about": about,
        "texts": {"facts": "示例", "innocent": "示例"},
    }
    return stage.world.act("supervisor", "raise_lead", kind="lead", on=DAY, **given).case


def _inquired(stage: Stage, about: str) -> str:
    """Take the lead into an inquiry and pin evidence; nobody is told."""
    lead = _lead(stage, about)
    world = stage.world
    rests: dict[str, Any] = {"papers": ("bb" * 32,), "texts": {"what": "当日的登记"}}
    world.act("supervisor", "add_evidence", lead, on=DAY, **rests)
    done = world.act("supervisor", "take", lead, on=DAY, no_conflict=True)
    number = done.acts[-1].case
    _evidence(stage, number, "supervisor", ("YJ01-Z", "YJ01-S"))
    return number


def _own_file(stage: Stage, _about: str) -> str:
    """Let the supervisory organ open a file about the head by itself; nobody is told."""
    given: dict[str, Any] = {
        "subject_official": _head(),
        "situations": ("S.11.2",),
        "unit": stage.organ(ACCUSED_UNIT),
        "day_of_conduct": date(2025, 3, 3),
        "texts": {"facts": "示例"},
    }
    world = stage.world
    done = world.act("sanction-officer", "open_own", kind="accountability", on=DAY, **given)
    _evidence(stage, done.case, "sanction-officer", ("YJ09-G", "YJ09-T"))
    return done.case


def _evidence(stage: Stage, number: str, who: str, investigators: tuple[str, str]) -> None:
    world = stage.world
    for code in investigators:
        official = Official.objects.get(code=code).pk
        world.act(who, "name_investigator", number, on=DAY, official=official, declared="none")
    pinned: dict[str, Any] = {"papers": ("aa" * 32,), "disclose": "open"}
    world.act(who, "pin_evidence", number, on=DAY, texts={"shows": "登记簿"}, **pinned)


FILES: dict[str, Callable[[Stage, str], str]] = {
    "a lead": _lead,
    "an inquiry": _inquired,
    "an own file": _own_file,
}


def _asks(known: Known, file: str) -> list[Ask]:
    """Return what somebody may ask to find a file: every list, its number on every page."""
    lists = (
        "/desk/",
        "/desk/?who=all",
        "/desk/oversight/breaches/",
        "/desk/accountability/leads/",
        "/desk/accountability/inquiries/",
        "/desk/accountability/measures/",
        "/desk/accountability/about-me/",
        f"/desk/petitions/find/?q={file}",
        "/desk/petitions/find/?q=示例",
    )
    pages = ("case/{}/", "accountability/leads/{}/", "accountability/inquiries/{}/")
    own = ("accountability/measures/{}/", "accountability/about-me/{}/")
    code = {"number": known.online, "code": known.code}
    return [
        *get(*lists),
        *get(*(f"/desk/{page.format(file)}" for page in (*pages, *own))),
        post(f"/desk/accountability/about-me/{file}/", stand="disagree", defence="示例"),
        post(f"/desk/accountability/measures/{file}/appeal/", way="admonition/ac19", grounds="x"),
        post("/follow/", **code),
        post("/follow/receipt/", **code),
        post("/follow/", number=file, code=known.code),
        *get(f"/desk/case/{known.online}/", f"/desk/case/{known.online}/link/"),
    ]


def _answers(
    stage: Stage, kind: str, readers: tuple[str, ...], file: str, *, there: bool
) -> Iterator[tuple[str, Seen]]:
    """Play one world and yield what the readers see, the mailboxes last; it is taken back."""
    cache.clear()
    rulebooks.forget_rows()
    with held_still(), undone(), swept(settings.DATA / "files"):
        known = low_before(stage, random.Random("files"), 0)
        if there:
            made = FILES[kind](stage, known.online)
            assert file in {made, HIDDEN}
            file = made
        actors = [actor for actor in stage.actors if actor.name in readers]
        assert len(actors) == len(readers)
        harness = Harness(replace(stage, actors=actors))
        for actor in actors:
            client = harness.client(actor, "files")
            for n, ask in enumerate(_asks(known, file)):
                with drawn(f"files/{actor.name}/{n}"):
                    yield f"{actor.name}, {ask}", harness.seen(client, actor, ask)
        assert not harness.figures.broken, harness.figures.broken
        yield from (("mailboxes", seen) for seen in harness.outbox(list[Planned]()))


def _number(stage: Stage, kind: str) -> str:
    """Return the number that the file gets in the world in which there is one."""
    cache.clear()
    rulebooks.forget_rows()
    with held_still(), undone(), swept(settings.DATA / "files"):
        known = low_before(stage, random.Random("files"), 0)
        return FILES[kind](stage, known.online)


def _differences(stage: Stage, kind: str, readers: tuple[str, ...]) -> list[str]:
    """Play both worlds and return what differs, each with where."""
    with drawn("number"):
        file = _number(stage, kind)
    with drawn("number"):
        one = list(_answers(stage, kind, readers, file, there=True))
    with drawn("number"):
        other = list(_answers(stage, kind, readers, file, there=False))
    assert not Case.objects.filter(number=file).exists()
    assert len(one) == len(other) > 20
    assert {seen.status for _what, seen in one} >= {200, 404}
    return [
        f"{what}: {aspect}"
        for (what, seen), (_same, expected) in zip(one, other, strict=True)
        for (aspect, left), (_aspect, right) in zip(seen.aspects(), expected.aspects(), strict=True)
        if left != right
    ]


@pytest.mark.parametrize("kind", FILES)
@pytest.mark.long(keep=1)
def test_worlds_with_and_without_a_file_read_the_same(stage: Stage, kind: str) -> None:
    assert _differences(stage, kind, READERS) == []


@pytest.mark.long(keep=1)
def test_a_file_that_showed_before_telling_would_be_found(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def untold(official: int) -> list[Case]:
        opened = Act.objects.filter(act="open_inquiry", data__official=official)
        return list(Case.objects.filter(pk__in=opened.values("case")))

    monkeypatch.setattr(about_me, "concerning", untold)
    found = _differences(stage, "an inquiry", READERS[:1])
    assert any("about-me" in where for where in found), found
