"""What registry acts do to the tables, and what they refuse."""

from __future__ import annotations

import ast
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from dengwen import organs
from dengwen.organs.errors import RegistryError
from dengwen.organs.models import Appointment, Line, Organ, OrganName, Post, Superior
from dengwen.organs.structure.lines import (
    line_above,
    name_on,
    organ_on,
    organs_on,
    seat_on,
    seated_in,
    subtree,
)

JULY = date(2024, 7, 1)


def code_of(error: pytest.ExceptionInfo[RegistryError]) -> str:
    """The stable word of a refusal, after making sure that it says what to do in both languages."""
    words = error.value.as_dict()
    assert all(words.values())
    return error.value.code


def test_an_organ_exists_on_its_days_only(city, enter):
    assert organ_on("JM", date(2017, 12, 31)) is None
    assert organ_on("JM", date(2018, 1, 1)) == city["JM"]
    enter("abolish", JULY, organ="JM")
    assert organ_on("JM", date(2024, 6, 30)) == city["JM"]
    assert organ_on("JM", JULY) is None
    assert organs_on(JULY).count() == len(city) - 1


def test_a_new_name_leaves_old_papers_alone(city, enter):
    enter("rename", JULY, organ="JM", texts={"name_zh": "甲区救助局", "name_en": "Relief Office"})
    organ = Organ.objects.get(code="JM")
    before, after = name_on(organ, date(2024, 6, 30)), name_on(organ, JULY)
    assert before is not None
    assert after is not None
    assert (before.zh, after.zh, organ.name_zh) == ("甲区民政局", "甲区救助局", "甲区救助局")
    with pytest.raises(RegistryError) as error:
        enter("rename", JULY, organ="JM", since=date(2024, 1, 1), texts={"name_zh": "别名"})
    assert code_of(error) == "later_row"


def test_a_correction_on_the_same_day_empties_the_wrong_row(city, enter):
    enter("rename", JULY, organ="JM", texts={"name_zh": "写错的名"})
    enter("rename", JULY, organ="JM", texts={"name_zh": "甲区救助局"})
    wrong = OrganName.objects.get(zh="写错的名")
    assert wrong.valid_from == wrong.valid_to
    right = name_on(Organ.objects.get(code="JM"), JULY)
    assert right is not None
    assert right.zh == "甲区救助局"


def test_lines_and_subtrees_follow_the_day(city, enter):
    assert [o.code for o in line_above(city["JJ"], JULY, "territorial")] == ["JF", "SF", "SW"]
    assert [o.code for o in line_above(city["JJ"], JULY, "vertical")] == ["SJ"]
    below = {o.code for o in Organ.objects.filter(pk__in=subtree(city["SJ"], JULY))}
    assert below == {"SJ", "JJ", "YJ"}
    enter("place", JULY, organ="JJ", vertical_parent="", territorial_parent="YF")
    assert next(o.code for o in line_above(city["JJ"], JULY, "territorial")) == "YF"
    assert next(o.code for o in line_above(city["JJ"], date(2024, 6, 30), "territorial")) == "JF"
    assert city["JJ"].pk not in subtree(city["SJ"], JULY)
    assert city["JJ"].pk in subtree(city["SJ"], date(2024, 6, 30))


def test_a_division_is_redrawn_and_the_organ_goes_on(city, enter, found):
    town = found("ZF", "甲区一镇人民政府", kind="government", level="township", division="990101")
    enter("place", date(2025, 11, 6), organ="ZF", division="990301")
    assert seat_on(town, date(2025, 11, 5)) == "990101"
    assert seat_on(town, date(2025, 11, 6)) == "990301"
    assert list(seated_in("990101", date(2025, 11, 5))) == [town]
    assert list(seated_in("990101", date(2025, 11, 6))) == []
    enter("abolish", date(2026, 1, 1), organ="ZF")
    ended = Organ.objects.get(code="ZF")
    assert seat_on(ended, date(2026, 6, 1)) == "990301"
    assert list(seated_in("990301", date(2026, 6, 1))) == []


def test_a_circle_of_parents_is_refused(city, enter):
    with pytest.raises(RegistryError) as error:
        enter("place", JULY, organ="SF", territorial_parent="JJ")
    assert code_of(error) == "circle"


def test_a_merger_takes_the_units_along_and_ends_what_hung_on_the_organ(city, enter, found):
    found("JM1", "甲区救助站", kind="direct_institution", division="9901", territorial_parent="JM")
    enter("found_post", organ="JM", code="JM-1", leading="principal", texts={"title_zh": "局长"})
    enter("enter_official", code="W", texts={"name": "王示例"})
    enter("appoint", official="W", post="JM-1")
    enter("set_superior", organ="YM", purpose="review", superior="JM", basis="X 1")
    enter("merge", JULY, organ="JM", into="JJ")
    station = Organ.objects.get(code="JM1")
    assert station.territorial_parent == city["JJ"]
    assert next(o.code for o in line_above(station, date(2024, 6, 30), "territorial")) == "JM"
    for row in (Post.objects.get(), Appointment.objects.get(), Superior.objects.get()):
        assert row.valid_to == JULY
    assert not Line.objects.on(JULY).filter(organ__code="JM").exists()


def test_an_organ_merged_into_its_own_unit_leaves_its_place_to_it(city, enter):
    enter("merge", JULY, organ="JF", into="JM")
    heir = Organ.objects.get(code="JM")
    assert [o.code for o in line_above(heir, JULY, "territorial")] == ["SF", "SW"]
    assert [o.code for o in line_above(city["JJ"], JULY, "territorial")] == ["JM", "SF", "SW"]


def test_a_merger_that_would_close_a_circle_is_refused(city, enter, found):
    found("JM1", "甲区救助站", kind="direct_institution", territorial_parent="JM")
    with pytest.raises(RegistryError) as error:
        enter("merge", JULY, organ="JF", into="JM1")
    assert code_of(error) == "circle"


def test_an_organ_with_units_below_cannot_simply_vanish(city, enter):
    with pytest.raises(RegistryError) as error:
        enter("abolish", JULY, organ="JF")
    assert code_of(error) == "units_below"
    assert "2" in error.value.zh


@pytest.mark.parametrize(
    ("fields", "name", "code"),
    [
        ({"code": "jj"}, "某局", "bad_code"),
        ({"code": "JJ"}, "某局", "taken"),
        ({"kind": "ministry"}, "某局", "unknown_word"),
        ({"level": "galaxy"}, "某局", "unknown_word"),
        ({"division": "12345"}, "某局", "unknown_division"),
        ({"territorial_parent": "ZZ"}, "某局", "unknown"),
        ({}, "", "missing"),
        ({}, "=HYPERLINK(1)", "looks_like_formula"),
        ({}, "局" * 101, "too_long"),
    ],
)
def test_a_bad_founding_is_refused_with_its_mend(city, enter, fields, name, code):
    filled = {"code": "NEU", "kind": "government_department", "level": "county", **fields}
    with pytest.raises(RegistryError) as error:
        enter("found_organ", JULY, texts={"name_zh": name}, **filled)
    assert code_of(error) == code
    assert not Organ.objects.filter(code="NEU").exists()


def test_changes_of_an_organ_are_not_entered_ahead_of_time(city, enter):
    with pytest.raises(RegistryError) as error:
        enter("abolish", date(2024, 6, 1), organ="JM", since=JULY)
    assert code_of(error) == "in_the_future"


def test_a_designee_needs_an_organ_that_ended(city, enter):
    with pytest.raises(RegistryError) as error:
        enter("designate", JULY, organ="JM", into="JJ")
    assert code_of(error) == "still_there"


@pytest.mark.parametrize(
    ("column", "value"), [("valid_to", date(2017, 1, 1)), ("kind", "ministry"), ("name_zh", "")]
)
def test_the_database_itself_refuses_what_cannot_be(city, column, value):
    with pytest.raises(IntegrityError), transaction.atomic():
        Organ.objects.filter(code="JM").update(**{column: value})


def test_the_database_allows_one_running_line_per_axis(city):
    with pytest.raises(IntegrityError), transaction.atomic():
        Line.objects.create(
            organ=city["JM"], axis="territorial", parent=city["SF"], valid_from=JULY, act=1
        )


WRITING = {
    "create",
    "bulk_create",
    "update",
    "bulk_update",
    "delete",
    "save",
    "update_or_create",
    "get_or_create",
}
ALLOWED = {"effects.py", "post_effects.py", "row_periods.py", "staging.py", "lists.py"}


def test_only_effects_write_the_registry():
    writers = set()
    for file in Path(organs.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in WRITING
            ):
                writers.add(file.name)
    assert writers <= ALLOWED


def test_every_row_names_the_act_that_wrote_it(city, enter):
    assert sorted(Organ.objects.values_list("act", flat=True)) == list(range(2, 12))
    assert OrganName.objects.filter(short=False).count() == 10


@pytest.mark.parametrize("value", [datetime(2024, 7, 1, tzinfo=UTC), "2024-07-01", 20240701])
def test_a_legal_date_is_a_civil_date_and_nothing_else(city, enter, value):
    with pytest.raises(RegistryError) as error:
        enter("abolish", JULY, organ="JM", since=value)
    assert code_of(error) == "wrong_type"
