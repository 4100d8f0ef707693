"""Who led and who was in charge on a day."""

from __future__ import annotations

from datetime import date

import pytest

from dengwen.organs.errors import RegistryError
from dengwen.organs.models import Appointment, Official, Portfolio
from dengwen.organs.names_in_text import named_in
from dengwen.organs.structure.posts_held import (
    in_charge,
    led_on,
    organs_of,
    posts_held,
    principal_on,
)

JULY = date(2024, 7, 1)


@pytest.fixture
def bureau(city, enter):
    """A bureau with a head (王示例), two deputies (李样本, 赵虚构) and a clerk (钱假设)."""
    for code, rank in (("P1", "principal"), ("P2", "deputy"), ("P3", "deputy"), ("P4", "staff")):
        enter("found_post", organ="JJ", code=code, leading=rank, texts={"title_zh": f"岗位{code}"})
    for code, name, post in (
        ("W", "王示例", "P1"),
        ("L", "李样本", "P2"),
        ("Z", "赵虚构", "P3"),
        ("Q", "钱假设", "P4"),
    ):
        enter("enter_official", code=code, texts={"name": name})
        enter("appoint", official=code, post=post)
    return city["JJ"]


def names(appointments):
    return [appointment.official.name for appointment in appointments]


@pytest.mark.case("G06")
def test_a_portfolio_passes_on_a_day_and_the_days_before_stay_where_they_were(bureau, enter):
    enter("divide_work", organ="JJ", field="petitions", official="L")
    enter("divide_work", JULY, organ="JJ", field="petitions", official="Z")
    june, july = (
        in_charge(bureau, "petitions", date(2024, 6, 30)),
        in_charge(bureau, "petitions", JULY),
    )
    assert june is not None
    assert july is not None
    assert (june.holder.name, july.holder.name) == ("李样本", "赵虚构")
    assert Portfolio.objects.filter(organ=bureau).count() == 2


def test_a_division_of_work_is_written_in_the_words_of_its_paper(bureau, enter):
    enter("divide_work", organ="JJ", field="城乡建设、房屋管理", official="L")
    enter("divide_work", organ="JJ", field="信访工作", official="Z")
    building, petitions = (
        in_charge(bureau, field, JULY) for field in ("城乡建设、房屋管理", "petitions")
    )
    assert building is not None
    assert petitions is not None
    assert (building.holder.name, petitions.holder.name) == ("李样本", "赵虚构")
    for wrong in ("=1+1", "甲\n乙", "长" * 41, " "):
        with pytest.raises(RegistryError) as refused:
            enter("divide_work", organ="JJ", field=wrong, official="L")
        assert refused.value.code in {"bad_work", "missing"}


def test_ranks_and_kinds_are_taken_in_chinese_and_refused_with_the_chinese_words(bureau, enter):
    enter("found_post", organ="JJ", code="P9", leading="班子成员", texts={"title_zh": "岗位P9"})
    enter("enter_official", code="X", texts={"name": "孙虚拟"})
    enter("appoint", official="X", post="P9")
    assert names(led_on(bureau, JULY)) == ["王示例", "李样本", "赵虚构", "孙虚拟"]
    with pytest.raises(RegistryError, match="主要负责人（principal）"):
        enter("found_post", organ="JJ", code="P8", leading="一把手", texts={"title_zh": "岗位P8"})


@pytest.mark.case("G09")
def test_the_head_stays_responsible_whatever_the_division_of_work(bureau, enter):
    enter("divide_work", organ="JJ", field="petitions", official="L")
    head = principal_on(bureau, JULY)
    assert head is not None
    assert head.name == "王示例"
    nobody_else = in_charge(bureau, "archives", JULY)
    assert nobody_else is not None
    assert (nobody_else.holder.name, nobody_else.by) == ("王示例", "principal")


def test_the_leading_group_comes_in_order_and_without_staff(bureau):
    assert names(led_on(bureau, JULY)) == ["王示例", "李样本", "赵虚构"]
    assert led_on(bureau, date(2017, 12, 31)) == ()


def test_relief_ends_the_post_and_the_portfolio_there_on_the_same_day(bureau, enter):
    enter("divide_work", organ="JJ", field="petitions", official="L")
    enter("relieve", JULY, official="L", post="P2")
    deputy = Official.objects.get(code="L")
    assert bureau.pk in organs_of(deputy, date(2024, 6, 30))
    assert organs_of(deputy, JULY) == frozenset()
    after = in_charge(bureau, "petitions", JULY)
    assert after is not None
    assert after.by == "principal"
    before = in_charge(bureau, "petitions", date(2024, 6, 30))
    assert before is not None
    assert before.holder == deputy
    assert [a.post.code for a in posts_held(deputy, date(2020, 1, 1), date(2026, 1, 1))] == ["P2"]
    assert posts_held(deputy, JULY, date(2026, 1, 1)) == ()


def test_a_substitute_acts_while_the_holder_keeps_the_duty(bureau, enter):
    enter("divide_work", organ="JJ", field="petitions", official="L")
    enter("substitute", JULY, official="L", substitute="Z", reason="away", to=date(2024, 7, 15))
    enter(
        "substitute",
        date(2024, 7, 5),
        official="Z",
        substitute="W",
        reason="leave",
        to=date(2024, 7, 10),
    )
    for day, acting in (
        (date(2024, 6, 30), "李样本"),
        (JULY, "赵虚构"),
        (date(2024, 7, 6), "王示例"),
        (date(2024, 7, 10), "赵虚构"),
        (date(2024, 7, 15), "李样本"),
    ):
        charge = in_charge(bureau, "petitions", day)
        assert charge is not None
        assert (charge.holder.name, charge.acting.name) == ("李样本", acting)


def test_substitutes_may_not_stand_in_for_each_other(bureau, enter):
    enter("substitute", JULY, official="L", substitute="Z", reason="away")
    with pytest.raises(RegistryError) as error:
        enter("substitute", JULY, official="Z", substitute="L", reason="away")
    assert error.value.code == "circle"
    enter("end_substitute", date(2024, 8, 1), official="L", substitute="Z")
    enter("substitute", date(2024, 8, 1), official="Z", substitute="L", reason="away")


def test_a_principal_post_has_one_holder_at_a_time(bureau, enter):
    enter("enter_official", code="S", texts={"name": "孙设想"})
    with pytest.raises(RegistryError) as error:
        enter("appoint", JULY, official="S", post="P1")
    assert error.value.code == "overlaps"
    enter("relieve", JULY, official="W", post="P1")
    enter("appoint", JULY, official="S", post="P1")
    assert names(led_on(bureau, JULY))[0] == "孙设想"
    assert names(led_on(bureau, date(2024, 6, 30)))[0] == "王示例"


def test_work_is_divided_only_among_those_in_office(bureau, enter):
    enter("enter_official", code="S", texts={"name": "孙设想"})
    with pytest.raises(RegistryError) as error:
        enter("divide_work", JULY, organ="JJ", field="petitions", official="S")
    assert error.value.code == "holds_no_post"
    assert "任职" in error.value.mend_zh


def test_a_mistaken_appointment_is_emptied_and_stays_in_sight(bureau, enter):
    enter("enter_official", code="S", texts={"name": "孙设想"})
    enter("appoint", JULY, official="S", post="P4")
    enter("relieve", JULY, official="S", post="P4")
    row = Appointment.objects.get(official__code="S")
    assert row.valid_from == row.valid_to == JULY
    assert organs_of(row.official, JULY) == frozenset()
    assert row.end_act is not None
    assert row.end_act > row.act


def test_names_in_a_text_are_found_whatever_hides_them(bureau, enter):
    enter("rename", JULY, organ="JM", texts={"name_zh": "甲区民政和救助局"})
    organ = {code: Official.objects.get(code=code).pk for code in "WLZQ"}
    found = named_in("举报甲 区\n住建局的王　示例收钱，他和乙区人民政府无关", date(2024, 8, 1))
    assert organ["W"] in found.officials
    assert organ["L"] not in found.officials
    codes = {o.code for o in type(bureau).objects.filter(pk__in=found.organs)}
    assert codes == {"JJ", "YF"}
    former = named_in("甲区民政局的旧账", date(2024, 8, 1))
    short = named_in("甲住建的人", date(2024, 8, 1))
    assert {o.code for o in type(bureau).objects.filter(pk__in=former.organs | short.organs)} == {
        "JM",
        "JJ",
    }
    assert named_in("甲区民政和救助局", date(2024, 6, 30)).organs == frozenset()
    hidden = named_in("王\u200b示例", date(2024, 8, 1))
    assert organ["W"] in hidden.officials
