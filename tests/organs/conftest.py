"""A small invented registry, entered through the same effects as a real one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from itertools import count

import pytest
from django.utils.module_loading import import_string

from config.effects import EFFECTS
from dengwen.law.duties.step import Facts, FieldValue, Step
from dengwen.organs.lists import division_list, import_tray
from dengwen.organs.models import Organ

Enter = Callable[..., Sequence[Step]]
SINCE = date(2018, 1, 1)

DIVISIONS = """code,name,level,parent,valid_from,valid_to,successors
99,示例市,province,,2000-01-01,,
9901,甲区,county,99,2000-01-01,2025-11-06,9903
9902,乙区,county,99,2000-01-01,,
9903,丙新区,county,99,2025-11-06,,
990101,甲区一镇,township,9901,2000-01-01,2025-11-06,990301
990301,丙新区一镇,township,9903,2025-11-06,,
"""


@pytest.fixture
def enter(db: None) -> Enter:
    """Run one effect as `perform` would: `enter("appoint", day, official="W1", …)`; texts are
    those in `texts`."""
    numbers = count(1)

    def run(
        act: str, day: date = SINCE, *, texts: dict[str, str] | None = None, **fields: FieldValue
    ) -> Sequence[Step]:
        number = next(numbers)
        if "since" in fields:
            fields["from"] = fields.pop("since")
        step = Step(act=act, kind="registry", fields=fields, texts=texts or {})
        facts = Facts(
            act_id=number,
            act_uid=f"act-{number}",
            case_id=number,
            case=f"R{number:03d}",
            organ=None,
            actor=1,
            day=day,
            recorded_at=datetime(2026, 11, 24, tzinfo=UTC),
        )
        effect: Callable[[Step, Facts], Sequence[Step]] = import_string(EFFECTS[f"organs.{act}"])
        return effect(step, facts)

    return run


@pytest.fixture
def places(enter: Enter) -> None:
    """The invented divisions."""
    preview = division_list.preview_divisions(DIVISIONS.encode(), day=date(2000, 1, 1))
    assert preview.errors == ()
    import_tray.stage(preview.rows)
    enter("import_divisions", SINCE, **preview.step().fields)


@pytest.fixture
def found(enter: Enter, places: None) -> Callable[..., Organ]:
    """Found an organ: `found("JZ", "甲区住建局", kind=…, …)`."""

    def run(code: str, name: str, day: date = SINCE, **fields: FieldValue) -> Organ:
        texts = {"name_zh": name}
        if short := fields.pop("short_name", None):
            texts["short_name"] = str(short)
        filled: dict[str, FieldValue] = {
            "kind": "government_department",
            "level": "county",
            **fields,
        }
        enter("found_organ", day, texts=texts, code=code, **filled)
        return Organ.objects.get(code=code)

    return run


@pytest.fixture
def city(found: Callable[..., Organ]) -> dict[str, Organ]:
    """A city with two districts: Party committees, governments, bureaus with their city bureau
    above them."""
    organs = [
        found("SW", "示例市委", kind="party_committee", level="province", division="99"),
        found(
            "SF",
            "示例市人民政府",
            kind="government",
            level="province",
            division="99",
            territorial_parent="SW",
        ),
        found("SJ", "示例市住建委", level="province", division="99", territorial_parent="SF"),
        found("JW", "甲区委", kind="party_committee", division="9901", territorial_parent="SW"),
        found("JF", "甲区人民政府", kind="government", division="9901", territorial_parent="SF"),
        found("YF", "乙区人民政府", kind="government", division="9902", territorial_parent="SF"),
        found(
            "JJ",
            "甲区住建局",
            division="9901",
            territorial_parent="JF",
            vertical_parent="SJ",
            short_name="甲住建",
        ),
        found("YJ", "乙区住建局", division="9902", territorial_parent="YF", vertical_parent="SJ"),
        found("JM", "甲区民政局", division="9901", territorial_parent="JF"),
        found("YM", "乙区民政局", division="9902", territorial_parent="YF"),
    ]
    return {organ.code: organ for organ in organs}
