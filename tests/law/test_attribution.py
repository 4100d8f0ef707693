"""Who may answer for what: the proposals follow posts and positions on the day, and exculpate as
carefully as blame."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.effects import EFFECTS
from dengwen.law.liability import attribution as a
from dengwen.law.liability import provisions
from dengwen.law.liability.attribution import (
    Decision,
    Deed,
    Diligence,
    Line,
    Order,
    Portfolio,
    Position,
    Post,
)
from dengwen.law.packs.library import Library

LIBRARY = Library.load(Path(__file__).resolve().parents[2] / "packs", EFFECTS)
DAY = date(2023, 5, 10)
CITY = "500153"
POSTS = [
    Post("县长", "县政府", a.HEAD, date(2020, 1, 1)),
    Post("分管副县长", "县政府", a.MEMBER, date(2020, 1, 1)),
    Post("副县长甲", "县政府", a.MEMBER, date(2020, 1, 1)),
    Post("副县长乙", "县政府", a.MEMBER, date(2020, 1, 1)),
    Post("经办人", "县政府", a.STAFF, date(2020, 1, 1)),
]
CHARGE = [Portfolio("分管副县长", "县政府", "信访", date(2020, 1, 1))]
DILIGENT = Diligence(True, True, True, True)


def decided(*positions: Position, on: date = DAY, major: bool = False) -> Decision:
    return Decision("县政府", "信访", on, positions, major)


def of(lines: list[Line], official: str) -> dict[str, str]:
    return {line.kind: line.responsibility for line in lines if line.official == official}


def collective(
    *positions: Position, place: str = CITY, on: date = DAY, major: bool = False
) -> list[Line]:
    return a.attribute(
        LIBRARY, POSTS, CHARGE, [decided(*positions, on=on, major=major)], place=place
    )


def individual(
    deed: Deed, diligence: dict[str, Diligence] | None = None, place: str = CITY
) -> list[Line]:
    return a.attribute(LIBRARY, POSTS, CHARGE, deeds=[deed], diligence=diligence, place=place)


CLERK = Deed("经办人", "县政府", "信访", DAY)


@pytest.mark.case("E01")
@pytest.mark.sentence("S11.10")
def test_the_leader_in_charge_and_the_head_bear_main_responsibility() -> None:
    lines = collective(Position("县长"), Position("分管副县长"), Position("副县长甲"))
    assert of(lines, "县长") == of(lines, "分管副县长") == {a.COLLECTIVE: a.MAIN}
    assert all(
        line.basis.law == "S" and line.basis.article == "11 para. 2" and line.proposal
        for line in lines
    )


@pytest.mark.case("E02")
@pytest.mark.sentence("S11.11")
def test_who_took_no_part_bears_none_and_who_took_part_bears_important() -> None:
    lines = collective(Position("副县长甲"), Position("副县长乙", present=False, took_part=False))
    assert of(lines, "副县长甲") == {a.COLLECTIVE: a.IMPORTANT}
    assert of(lines, "副县长乙") == {a.COLLECTIVE: a.NONE}


@pytest.mark.case("E03")
@pytest.mark.sentence("S11.12")
def test_a_recorded_clear_objection_that_was_not_followed_frees() -> None:
    objection = Position("副县长甲", stance="objected", recorded=True)
    assert of(collective(objection), "副县长甲") == {a.COLLECTIVE: a.NONE}
    assert of(collective(replace(objection, followed=True)), "副县长甲") == {
        a.COLLECTIVE: a.IMPORTANT
    }
    unrecorded = collective(replace(objection, recorded=False))
    assert of(unrecorded, "副县长甲") == {a.COLLECTIVE: a.IMPORTANT}
    assert [
        n.standard for line in unrecorded if line.official == "副县长甲" for n in line.notes
    ] == ["record"]


def test_the_three_standards_of_dissent_stay_apart() -> None:
    def standards(stance: str) -> tuple[str, list[tuple[str, str]]]:
        lines = collective(Position("副县长甲", stance=stance, recorded=True), major=True)
        line = next(x for x in lines if x.official == "副县长甲")
        return line.responsibility, [(n.standard, n.effect) for n in line.notes]

    assert standards("objected") == (a.NONE, [("AC19", "may"), ("MAD", "by_rules")])
    assert standards("reserved") == (a.IMPORTANT, [("AC19", "may")])
    assert standards("different") == (a.IMPORTANT, [("MAD", "by_rules")])
    assert standards("for") == (a.IMPORTANT, [])


@pytest.mark.case("E05")
def test_an_objector_answers_for_deeds_of_his_own() -> None:
    lines = a.attribute(
        LIBRARY,
        POSTS,
        CHARGE,
        [decided(Position("副县长甲", stance="objected", recorded=True))],
        [Deed("副县长甲", "县政府", "信访", DAY)],
        place=CITY,
    )
    assert of(lines, "副县长甲") == {a.COLLECTIVE: a.NONE, a.INDIVIDUAL: a.DIRECT}


@pytest.mark.case("E07")
def test_an_order_after_an_objection_is_answered_for_by_the_superior() -> None:
    order = Order("分管副县长", told_wrong=True, insisted=True)
    lines = individual(replace(CLERK, order=order))
    assert of(lines, "经办人") == {a.INDIVIDUAL: a.NONE}
    assert a.SUPERIOR in [x.responsibility for x in lines if x.official == "分管副县长"]
    assert {x.basis.law for x in lines if x.official == "经办人"} == {"CSL"}
    for other in (
        replace(order, insisted=False),
        replace(order, told_wrong=False),
        replace(order, obviously_illegal=True),
    ):
        assert of(individual(replace(CLERK, order=other), {"经办人": Diligence()}), "经办人") == {
            a.INDIVIDUAL: a.DIRECT
        }


@pytest.mark.case("E08")
@pytest.mark.sentence("S11.13", "S11.14", "S11.15")
def test_diligence_frees_from_individual_responsibility_with_its_test_shown() -> None:
    lines = individual(CLERK, {"经办人": DILIGENT})
    line = next(x for x in lines if x.official == "经办人")
    assert line.responsibility == a.NONE
    assert line.diligence is not None
    rule = provisions.in_force(LIBRARY, DAY, CITY).diligences["diligence"]
    assert [getattr(line.diligence, item.id) for item in rule.test] == [True] * 4
    assert of(lines, "县长") == of(lines, "分管副县长") == {a.INDIVIDUAL: a.LEADERSHIP}
    for item in fields(Diligence):
        short = replace(DILIGENT, **{item.name: None})
        assert of(individual(CLERK, {"经办人": short}), "经办人") == {a.INDIVIDUAL: a.DIRECT}


def test_under_the_parent_alone_diligence_is_a_reason_to_weigh() -> None:
    line = next(
        x for x in individual(CLERK, {"经办人": DILIGENT}, place="33") if x.official == "经办人"
    )
    assert (line.basis.law, line.responsibility) == ("P16", a.DIRECT)
    assert [n.standard for n in line.notes] == ["diligence"]


@pytest.mark.case("E24")
def test_the_post_on_the_day_counts_not_the_post_of_today() -> None:
    moved = [
        replace(POSTS[0], until=date(2023, 6, 1)),
        Post("新县长", "县政府", a.HEAD, date(2023, 6, 1)),
        *POSTS[1:],
    ]
    for day, head, other in (
        (date(2023, 5, 31), "县长", "新县长"),
        (date(2023, 6, 1), "新县长", "县长"),
    ):
        lines = a.attribute(LIBRARY, moved, CHARGE, [decided(on=day)], place=CITY)
        assert of(lines, head) == {a.COLLECTIVE: a.MAIN}
        assert of(lines, other) == {}


def test_which_text_holds_on_which_day() -> None:
    assert a.law_of(LIBRARY, date(2017, 5, 23), CITY) == "S"
    assert (
        a.law_of(LIBRARY, date(2017, 5, 22), CITY)
        == a.law_of(LIBRARY, date(2016, 10, 8), "33")
        == "P16"
    )
    assert a.law_of(LIBRARY, date(2016, 10, 7), CITY) == ""
    assert collective(on=date(2016, 10, 7)) == []


def test_an_absent_head_is_shown_as_something_to_weigh() -> None:
    line = next(x for x in collective() if x.official == "县长")
    assert (line.responsibility, [n.standard for n in line.notes]) == (a.MAIN, ["absent"])


SIDES = st.builds(
    Position,
    official=st.sampled_from([p.official for p in POSTS]),
    present=st.booleans(),
    took_part=st.booleans(),
    stance=st.sampled_from(a.STANCES),
    recorded=st.booleans(),
    followed=st.booleans(),
)
TRIED = st.builds(Diligence, *[st.sampled_from([None, False, True]) for _ in fields(Diligence)])
ORDERS = st.none() | st.builds(
    Order,
    superior=st.just("分管副县长"),
    told_wrong=st.booleans(),
    insisted=st.booleans(),
    obviously_illegal=st.booleans(),
)
PLACES = st.sampled_from([CITY, "33"])
DAYS = st.dates(date(2016, 1, 1), date(2024, 12, 31))


@given(st.lists(SIDES, max_size=5), SIDES, PLACES, DAYS, st.booleans())
@pytest.mark.sentence("S11.12")
def test_no_recorded_unadopted_objection_ever_yields_leadership_responsibility(
    others: list[Position], one: Position, place: str, on: date, major: bool
) -> None:
    objection = replace(one, stance="objected", recorded=True, followed=False)
    positions = [*[p for p in others if p.official != one.official], objection]
    for line in collective(*positions, place=place, on=on, major=major):
        if line.official == one.official and line.kind == a.COLLECTIVE:
            assert line.responsibility not in a.LEADING


@given(
    TRIED,
    st.sampled_from([f.name for f in fields(Diligence)]),
    ORDERS,
    PLACES,
    st.sampled_from(["经办人", "县长"]),
)
@pytest.mark.sentence("S11.13")
def test_more_evidence_of_diligence_never_worsens_anything(
    less: Diligence, item: str, order: Order | None, place: str, who: str
) -> None:
    deed = replace(CLERK, order=order)
    before = individual(deed, {who: less}, place)
    after = individual(deed, {who: replace(less, **{item: True})}, place)
    assert [x.official for x in before] == [x.official for x in after]
    for old, new in zip(before, after, strict=True):
        assert new.responsibility in (old.responsibility, a.NONE)


@given(st.lists(SIDES, max_size=5), TRIED, ORDERS, PLACES, DAYS)
def test_every_line_is_a_proposal_with_its_sentence(
    positions: list[Position], shown: Diligence, order: Order | None, place: str, on: date
) -> None:
    lines = a.attribute(
        LIBRARY,
        POSTS,
        CHARGE,
        [decided(*positions, on=on)],
        [replace(CLERK, order=order, on=on)],
        {"经办人": shown},
        place,
    )
    for line in lines:
        assert line.proposal
        assert line.zh
        assert line.en
        assert line.responsibility in a.RESPONSIBILITIES
        assert line.basis.law in {"S", "P16", "CSL"}
