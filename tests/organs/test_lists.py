"""Lists for classified handling: row errors, versions, and the list of the day on which a path
was proposed."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from dengwen.cases.write.check import Refused
from dengwen.organs.errors import RegistryError
from dengwen.organs.lists.handling_list import COLUMNS, entries_on, entry_of, list_on, preview_list
from dengwen.organs.lists.import_tray import stage_list
from dengwen.organs.models import HandlingEntry, Organ
from tests.world import World, prepare

HEAD = ",".join(COLUMNS)
FIRST = f"{HEAD}\nc01,房屋质量,31(6),信访程序,六十日,条例第三十四条\nc01,物业服务,31(5),申请查处,二个月,物业管理条例\n"
SECOND = f"{HEAD}\nc01,房屋质量,31(4),行政裁决,六十日,房屋质量办法\n"


@pytest.fixture
def world(db: None, tmp_path: Path, settings: Any) -> World:  # pytest-django's settings wrapper
    """The district, founded on 2018-01-02."""
    prepare(tmp_path, settings)
    return World()


def publish(world: World, csv: str, on: str, since: str, organ: str = "YJ02") -> None:
    """Publish a list of an organ on a day, in force since a day."""
    preview = preview_list(csv.encode())
    assert not preview.errors
    fields: dict[str, Any] = {
        "organ": organ,
        "digest": stage_list(preview.rows),
        "count": len(preview.rows),
        "from": date.fromisoformat(since),
    }
    number = Organ.objects.get(code=organ).registry_case
    world.act("admin", "publish_list", number, on=on, **fields)


@pytest.mark.sentence("S5.1")
def test_versions_by_day(world: World) -> None:
    publish(world, FIRST, "2025-03-03", "2025-03-03")
    publish(world, SECOND, "2025-06-02", "2025-06-10")
    organ = Organ.objects.get(code="YJ02")
    assert list_on(organ, date(2025, 3, 2)) is None
    by_day = {
        d: [(e.version, e.entry.path) for e in entries_on([organ], "c01", date.fromisoformat(d))]
        for d in ("2025-06-09", "2025-06-10")
    }
    assert by_day == {"2025-06-09": [(1, "31(6)"), (1, "31(5)")], "2025-06-10": [(2, "31(4)")]}
    assert entries_on([organ], "c04", date(2025, 6, 10)) == []


@pytest.mark.case("G04")
@pytest.mark.sentence("S5.1", "S5.2")
def test_a_matter_keeps_the_list_of_the_day_of_its_proposal(world: World) -> None:
    publish(world, FIRST, "2025-03-03", "2025-03-03")
    number = world.register("2025-03-04", category="c01")
    chosen: dict[str, Any] = {"class": "claim", "path": "31(6)", "list_entry": "YJ02/1/1"}
    world.act("clerk", "classify", number, on="2025-03-05", **chosen)
    before = list(world.case(number).acts.values_list("act", "data"))
    publish(world, SECOND, "2025-06-02", "2025-06-02")
    assert list(world.case(number).acts.values_list("act", "data")) == before
    kept = entry_of("YJ02/1/1")
    assert kept is not None
    assert (kept.version, kept.entry.demand, kept.entry.path) == (1, "房屋质量", "31(6)")


def test_a_list_never_reaches_back(world: World) -> None:
    with pytest.raises(Refused):
        publish(world, FIRST, "2025-03-03", "2025-03-02")
    publish(world, FIRST, "2025-03-03", "2025-04-01")
    with pytest.raises(RegistryError) as error:
        publish(world, SECOND, "2025-03-04", "2025-03-10")
    assert error.value.code == "later_list"
    preview = preview_list(SECOND.encode())
    fields: dict[str, Any] = {
        "organ": "YJ02",
        "digest": stage_list(preview.rows),
        "count": 1,
        "from": date(2025, 4, 2),
    }
    with pytest.raises(RegistryError) as error:
        world.act(
            "admin",
            "publish_list",
            Organ.objects.get(code="YJ02").registry_case,
            on="2025-04-02",
            entered="2025-04-20",
            **fields,
        )
    assert error.value.code == "back_dated"


def test_a_changed_tray_is_not_published(world: World) -> None:
    digest = stage_list(preview_list(FIRST.encode()).rows)
    HandlingEntry.objects.filter(digest=digest, row=1).update(path="31(4)")
    fields: dict[str, Any] = {
        "organ": "YJ02",
        "digest": digest,
        "count": 2,
        "from": date(2025, 3, 3),
    }
    with pytest.raises(RegistryError) as error:
        world.act(
            "admin",
            "publish_list",
            Organ.objects.get(code="YJ02").registry_case,
            on="2025-03-03",
            **fields,
        )
    assert error.value.code == "not_staged"


def test_every_bad_row_is_named() -> None:
    bad = (
        f"{HEAD}\nc01,甲,31(9),程序,六十日,依据\nc01,,31(6),程序,六十日,依据\nc02,=乙,31(6),程序,六十日,依据\nc01,丙,"
        f"31(6),程序,{'长' * 61},依据\n"
    )
    preview = preview_list(bad.encode(), {"31(6)", "31(4)"})
    assert {(e.row, e.column, e.code) for e in preview.errors} == {
        (2, "path", "unknown_path"),
        (3, "demand", "missing"),
        (4, "demand", "formula"),
        (5, "term", "too_long"),
    }
    twice = preview_list(
        f"{HEAD}\nc01,甲,31(6),程序,六十日,依据\nc01,甲,31(4),程序,六十日,依据\n".encode()
    )
    assert [(e.row, e.code) for e in twice.errors] == [(3, "duplicate")]
    assert [e.code for e in preview_list(f"{HEAD}\n".encode()).errors] == ["empty"]
    with pytest.raises(RegistryError):
        preview_list("甲,乙\n1,2\n".encode())


@pytest.mark.sentence("S5.1")
def test_a_department_draws_up_its_own_list_and_no_other(world: World) -> None:
    rows = preview_list(FIRST.encode()).rows
    fields: dict[str, Any] = {
        "digest": stage_list(rows),
        "count": len(rows),
        "from": date(2025, 3, 3),
    }
    numbers = {code: Organ.objects.get(code=code).registry_case for code in ("YJ02", "YJ03")}
    with pytest.raises(Refused):
        world.act(
            "handler", "publish_list", numbers["YJ02"], on="2025-03-03", organ="YJ02", **fields
        )
    with pytest.raises(RegistryError, match="各工作部门自己制定"):
        world.act("head", "publish_list", numbers["YJ03"], on="2025-03-03", organ="YJ03", **fields)
    world.act("head", "publish_list", numbers["YJ02"], on="2025-03-03", organ="YJ02", **fields)
    listed = list_on(Organ.objects.get(code="YJ02"), date(2025, 3, 3))
    assert listed is not None
    assert listed.version == 1
