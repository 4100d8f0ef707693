"""Late-entered and imported facts are counted apart in month, funnel and ageing; only special
inspections cover."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from dengwen.assessment.facts.entry_modes import Share, Tally
from dengwen.assessment.frozen.freeze import Frozen, Run, freeze
from dengwen.assessment.interim_figures import months
from dengwen.assessment.portrait import AGES, Portrait, portrait
from dengwen.cases.models import Case
from dengwen.ledger import sequencer
from dengwen.oversight.statistics import newest_position
from dengwen.petitions.history.history_import import import_messages
from dengwen.petitions.history.message_classes import Choice
from tests.assessment import quarter
from tests.kept import kept
from tests.oversight.inspecting import concluded, planned
from tests.world import World, at

NOW = "2025-07-01"
PAPER: dict[str, Any] = {"late_reason": "系统停机", "paper": "ab" * 32}
"""What a late entry is asked for."""


def bring(world: World, folder: Path) -> None:
    """Bring over two messages of April from paper, with the days on which they were answered."""
    rows = [
        {
            "source": "示例平台",
            "source_no": n,
            "user": "王示例",
            "subject": "示例",
            "body": "请求修复。",
            "time": "2025-04-01T16:03:40",
            "reply": "已安排。",
            "reply_time": f"2025-04-0{n} 09:00:00",
        }
        for n in (3, 4)
    ]
    path = folder / "messages.jsonl"
    path.write_text(
        "\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\n", encoding="utf-8"
    )
    import_messages(
        path,
        organ=world.organ("YJ02"),
        channel="network",
        by=world.by("handler"),
        now=at(NOW),
        class_by={"3": Choice("claim", "31(6)"), "4": Choice("claim", "31(6)")},
    )


def late_entered(world: World) -> None:
    """Decide a matter in time by what is claimed, and write it down two months later."""
    number = world.to_accepted("2025-03-07")
    texts = {
        "claim": "修复",
        "facts_reasons": "已查明",
        "opinion": "予以支持",
        "legal_basis": "条例",
    }
    done: list[tuple[str, str, dict[str, Any]]] = [
        ("handler", "draft", {"outcome": "support"}),
        ("handler", "hear_petitioner", {"how": "phone"}),
        ("checker", "check", {}),
        ("head", "sign", {}),
    ]
    said = {"draft": texts, "hear_petitioner": {"said": "已听取陈述"}}
    for who, act, more in done:
        step = {**PAPER, "second": world.official("YJ02-Z" if who == "checker" else "YJ02-W")}
        world.act(
            who,
            act,
            number,
            on="2025-04-20",
            entered="2025-06-29",
            texts=said.get(act, {}),
            step=step,
            **more,
        )


@pytest.fixture
def mixed(world: World, body: str, tmp_path: Path) -> Frozen:
    """A quarter of the district with one matter entered late and two imported ones, frozen."""
    folder = tmp_path / "mixed"

    def happen() -> Frozen:
        quarter.play(world)
        late_entered(world)
        bring(world, tmp_path)
        sequencer.tick(now=at(NOW))
        return freeze(Run(body, quarter.FIRST, quarter.LAST, newest_position()), folder)

    return replace(
        kept(world, "a quarter with late and imported matters frozen", happen, folder),
        folder=folder,
    )


def seen(frozen: Frozen, world: World) -> Portrait:
    return portrait(frozen, world.organ("YJ02"), Case.objects.filter(kind="inspection"))


def test_the_month_trend_counts_them_apart(mixed: Frozen, world: World) -> None:
    found = months(mixed, world.organ("YJ02"))
    whole = Share(
        sum(s.good for s in found.values()),
        Tally(
            *(
                sum(getattr(s.every, name) for s in found.values())
                for name in ("number", "late", "imported")
            )
        ),
    )
    assert (whole.every.late, whole.every.imported) == (1, 2)
    assert (
        whole.every.number == 7
    )  # four played, one of them missed; one entered late; two imported
    assert whole.good == 4  # as the indicator: what was entered late proves nothing by itself
    assert found[date(2025, 4, 1)].every == Tally(2, 0, 2)


def test_the_funnel_counts_them_apart_at_each_step(mixed: Frozen, world: World) -> None:
    steps = dict(seen(mixed, world).funnel)
    assert steps["matters"] == Tally(7, 0, 2)  # the matter itself was registered at the time
    assert steps["concluded"] == Tally(6, 1, 2)
    assert steps["told"].imported == 2


def test_the_ageing_counts_apart_what_was_taken_in_late(
    world: World, body: str, tmp_path: Path
) -> None:
    number = world.register("2025-05-05")
    claim: dict[str, Any] = {"class": "claim", "path": "31(6)"}
    world.act("clerk", "classify", number, on="2025-05-05", **claim)
    world.act("router", "forward", number, on="2025-05-05", to=world.organ("YJ02"))
    said: list[tuple[str, dict[str, str]]] = [
        ("receive", {}),
        ("accept", {"procedure": "信访程序", "contact": "李样本"}),
    ]
    for act, texts in said:
        world.act(
            "handler",
            act,
            number,
            on="2025-05-06",
            entered="2025-06-20",
            texts=texts,
            step={**PAPER, "second": world.official("YJ02-W")},
        )
    world.to_accepted("2025-05-06")
    sequencer.tick(now=at(NOW))
    frozen = freeze(Run(body, quarter.FIRST, quarter.LAST, newest_position()), tmp_path / "open")
    ages = dict(seen(frozen, world).ages)
    assert ages[AGES[1]] == Tally(2, 1, 0)


@pytest.mark.case("G12")
def test_only_special_inspections_that_were_concluded_cover_a_year(
    world: World, body: str, tmp_path: Path
) -> None:
    prompt: dict[str, Any] = {
        "type": "prompt",
        "to": world.organ("YJ02"),
        "texts": {"subject": "一件重要事项"},
    }
    end: dict[str, Any] = {
        "type": "prompt",
        "circular_scope": "inspected",
        "texts": {"findings": "已查"},
    }
    for month in ("03", "04", "05"):
        number = world.act(
            "supervisor", "plan", kind="inspection", on=f"2025-{month}-10", **prompt
        ).case
        world.act("supervisor", "conclude", number, on=f"2025-{month}-20", **end)
    planned(world, "2025-05-25")  # only begun
    sequencer.tick(now=at("2025-06-02"))
    before = freeze(Run(body, quarter.FIRST, quarter.LAST, newest_position()), tmp_path / "before")
    found = seen(before, world)
    assert found.inspections[-1] == (2025, Tally())
    assert found.prompt[2025] == Tally(3)
    concluded(world)
    assert seen(before, world).inspections[-1] == (2025, Tally(1))
