"""No measure on hearsay: what a decision may rest on, how heavy it may be, who may not take it,
what it must answer.

Tried at the write door as the hearsay decider, the proposer, the accused and the colleague.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from dengwen.accountability.errors import AccountabilityError
from dengwen.accountability.measures.grounds import about, finding_of
from dengwen.accountability.measures.queries import measures_of, read_file
from dengwen.cases.models import Act
from dengwen.cases.models import Case as CaseRow
from dengwen.cases.write.check import Refused
from dengwen.law.duties.step import Step
from tests.accountability.inquiries import (
    Case,
    concluded,
    propose,
)
from tests.accountability.inquiries import opened as inquire
from tests.accountability.measuring import (
    GRAVE,
    GRAVEST,
    LIGHT,
    SAID,
    SCOPE,
    answered,
    as_head,
    circular,
    decide,
    found_here,
    heard_again,
    honours,
    late,
    missed,
    official,
    opened,
    opened_bare,
    opened_bare_on_organ,
    rectified,
    refused,
    serve,
    untouched,
)
from tests.world import World


# --- hearsay --------------------------------------------------------------------------------------
def test_the_committee_that_opened_a_file_on_hearsay_expels_and_warns_nobody(world: World) -> None:
    number = opened_bare(world)
    with refused("not-complete") as error:
        circular(world, number)
    assert "细则第十一条、第十七条；政务处分法第四十二条、第四十三条" in error.value.zh
    assert "没有告知" in error.value.zh
    with refused("sanction-apart"):
        decide(world, number, "party_expulsion", **GRAVEST)
    with refused("not-complete"):
        decide(world, number, "removal", **GRAVEST)
    assert untouched()


def test_an_inquiry_under_way_or_without_responsibility_is_no_basis(world: World) -> None:
    running = inquire(
        world, "2025-02-10", official=official("YJ02-Z"), day_of_conduct=date(2025, 2, 3)
    )
    none = concluded(
        world, outcome="no_responsibility", gravity=LIGHT | {"harm": "none", "influence": "none"}
    )
    number = opened_bare(world)
    wrong = {
        "not-concluded": running.number,
        "found-none": none.number,
        "no-finding": number[:-1] + "x",
    }
    for code, inquiry in wrong.items():
        with refused(code):
            circular(world, number, inquiry=inquiry)
    assert untouched()


def test_a_finding_about_somebody_else_is_no_basis(world: World) -> None:
    about_staff = concluded(world, "YJ02-L")
    number = opened_bare(world)
    with refused(
        "no-finding"
    ) as error:  # as one that does not exist: who may not know of it learns nothing
        circular(world, number, inquiry=about_staff.number)
    assert "细则第十一条、第十七条第二款" in error.value.zh
    mine = concluded(world, "YJ02-Z")
    circular(world, number, inquiry=mine.number)
    assert [m.measure for m in measures_of(official("YJ02-Z"))] == ["circular"]


def test_a_file_from_a_proposal_rests_on_its_own_inquiry(world: World) -> None:
    number, other = opened(world), concluded(world, "YJ02-Z", conduct="2025-01-06")
    with refused("other-inquiry"):
        circular(world, number, inquiry=other.number)


def test_what_an_inquiry_does_can_be_done_in_the_own_file_and_nothing_of_it_left_out(
    world: World,
) -> None:
    number = opened_bare(world, on="2025-03-04", by="sanction-officer")
    case = Case(world, number, "2025-03-20", "sanction-officer")
    with pytest.raises((Refused, AccountabilityError)):
        case.tell("YJ02-Z", until="2025-03-20")  # no investigators, nothing on the board
    found_here(world, number)
    case.act(
        "defend",
        texts={"defence": "当日请假"},
        official=official("YJ02-Z"),
        point=1,
        stand="disagree",
    )
    with refused("not-complete") as error:
        decide(world, number, "gov_demerit", who="sanction-head", by="YJ09-Q", **LIGHT)
    assert "第1点申辩没有答复" in error.value.zh
    case.act("answer_point", texts={"reasons": "考勤记录相反"}, point=1, result="rejected")
    decide(world, number, "gov_demerit", who="sanction-head", by="YJ09-Q", **LIGHT)


def test_the_time_to_answer_cannot_be_entered_late_nor_be_over_too_early(world: World) -> None:
    case = inquire(
        world, "2025-02-10", official=official("YJ02-Z"), day_of_conduct=date(2025, 2, 3)
    )
    case.act("pin_evidence", texts={"shows": "逾期"}, papers=("cd" * 32,), disclose="open")
    with refused("no-time-to-answer"):
        world.act(
            "supervisor",
            "tell_person",
            case.number,
            on="2025-02-11",
            entered="2025-03-20",
            step=late("YJ01-S"),
            official=official("YJ02-Z"),
            answer_by=date(2025, 2, 20),
            texts={"facts": "逾期没有办理", "grounds": "细则第十一条"},
        )
    case.tell("YJ02-Z", until="2025-02-20")
    with refused("may-still-answer"):
        case.act("hear", texts={"statement": "没有答复"}, official=official("YJ02-Z"), how="absent")


# --- how heavy ------------------------------------------------------------------------------------
def test_nothing_heavier_than_was_found(world: World) -> None:
    number = opened(world, gravity=LIGHT | {"harm": "none", "influence": "none"})
    for measure, stated in (("admonition", GRAVE), ("removal", GRAVEST)):
        with refused("heavier-than-found") as error:
            decide(world, number, measure, **stated, **rectified(world), **honours(world))
        assert "细则第十三条至第十五条" in error.value.zh
    with refused("rung-closed"):
        decide(world, number, "admonition", **rectified(world), **honours(world))
    assert untouched()


def test_an_organ_has_no_rungs_and_is_decided_on_after_a_light_finding(world: World) -> None:
    case = concluded(world, "YJ02-Z", gravity=LIGHT | {"harm": "none", "influence": "none"})
    number = answered(
        world, propose(case, "organ_circular", organ="YJ02", on="2025-03-03"), "2025-03-04"
    )
    with refused("heavier-than-found"):
        decide(world, number, "organ_circular", **GRAVEST, **SCOPE)
    decide(world, number, "organ_circular", **SCOPE)
    other = opened_bare_on_organ(world, "YJ03", by="sanction-officer")
    with refused("not-about"):
        file = read_file(CaseRow.objects.get(number=other))
        found = finding_of(file, case.number)
        assert found is not None
        about(found, file, date(2025, 4, 1))


def test_between_two_classes_asks_for_one_of_the_adjectives(world: World) -> None:
    number = opened(world)
    with refused("rung-closed"):
        decide(
            world,
            number,
            "admonition",
            harm="none",
            influence="none",
            **rectified(world),
            **honours(world),
        )
    decide(
        world,
        number,
        "admonition",
        harm="serious",
        influence="none",
        **rectified(world),
        **honours(world),
    )


def test_after_a_missed_goal_only_the_next_rung_and_only_once_heard_again(world: World) -> None:
    number = opened(world)
    circular(world, number)
    serve(world, number)
    world.act(
        "committee", "reject_rectification", number, on="2025-07-03", texts={"why": "两件没有办结"}
    )
    step: dict[str, Any] = {**LIGHT, **rectified(world, date(2025, 9, 30)), **honours(world)}
    with refused("not-heard-again") as error:
        decide(world, number, "admonition", on="2025-07-04", **step)
    assert "政务处分法第四十三条" in error.value.zh
    heard_again(world, number, "2025-07-04")
    with refused("not-opened-by-failure"):
        decide(world, number, "removal", on="2025-07-04", **GRAVEST)
    with refused("twice"):
        decide(
            world,
            number,
            "circular",
            on="2025-07-04",
            **LIGHT,
            **rectified(world, date(2025, 9, 30)),
            **SCOPE,
        )
    decide(world, number, "admonition", on="2025-07-04", **step)
    assert [m.measure for m in measures_of(official("YJ02-Z"))] == ["circular", "admonition"]


def test_a_goal_reported_early_and_rejected_is_no_failure_before_its_date(world: World) -> None:
    number = opened(world)
    circular(world, number)
    serve(world, number)
    world.act(
        "head",
        "report_rectification",
        number,
        on="2025-05-06",
        texts={"done": "两件办结"},
        subject_official=official("YJ02-Z"),
    )
    missed(world, number, "2025-05-08")
    with refused("rung-closed"):
        decide(world, number, "removal", on="2025-05-09", **LIGHT)
    with refused("no-failure"):
        decide(
            world,
            number,
            "admonition",
            on="2025-05-09",
            **GRAVE,
            **rectified(world),
            **honours(world),
        )


def test_the_same_finding_is_decided_on_once(world: World) -> None:
    number = opened(world)
    circular(world, number)
    again = opened_bare(world)
    inquiry = read_file(CaseRow.objects.get(number=number)).inquiry
    with refused("twice"):
        circular(world, again, inquiry=inquiry)
    with refused("decided-elsewhere"):
        decide(world, again, "removal", **GRAVEST, inquiry=inquiry)


# --- sanctions ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "measure", ["party_warning", "party_expulsion", "gov_dismissal", "unit_demerit"]
)
def test_no_sanction_is_chosen_in_a_decision_under_the_seed(world: World, measure: str) -> None:
    number = opened(world)
    with refused("sanction-apart") as error:
        decide(world, number, measure, **GRAVEST)
    assert "细则第十六条" in error.value.zh
    assert "D60" in error.value.mend_zh
    assert untouched()


def test_reorganisation_is_never_decided_under_the_seed(world: World) -> None:
    number = opened_bare(world, by="sanction-officer")
    with refused("by-constitution") as error:
        decide(world, number, "reorganisation", who="sanction-head", by="YJ09-Q")
    assert "党章" in error.value.zh


# --- the proposal ---------------------------------------------------------------------------------
def test_a_proposal_is_received_as_it_was_sent_and_once(world: World) -> None:
    case = concluded(world, "YJ02-Z")
    number = propose(case, "removal", who="YJ02-Z", on="2025-03-03")
    row = Act.objects.get(case__number=number, act="receive_proposal")
    fields: dict[str, Any] = {
        n: tuple(v) if isinstance(v, list) else v for n, v in row.data.items()
    }
    texts = {"facts": "三件信访事项没有按期办理。", "reasons": "情形和要件都已证明"}
    tries: list[tuple[str, dict[str, Any]]] = [
        ("received-twice", {}),
        ("other-subject", {"subject_official": official("YJ02-L")}),
        ("other-letter", {"letter": "ab" * 32}),
        ("other-proposal", {"measures": ("removal", "demotion")}),
        ("other-proposal", {"gravity": "light"}),
        ("no-proposal", {"from_office": world.organ("YJ03")}),
        ("no-inquiry", {"inquiry": number}),
    ]
    for code, changed in tries:
        with refused(code):
            world.act(
                "committee",
                "receive_proposal",
                kind="accountability",
                on="2025-03-04",
                texts=texts,
                **(fields | changed),
            )
    running = inquire(
        world, "2025-02-10", official=official("YJ02-Z"), day_of_conduct=date(2025, 2, 3)
    )
    with refused("not-concluded"):
        world.act(
            "committee",
            "receive_proposal",
            kind="accountability",
            on="2025-03-04",
            texts=texts,
            **(fields | {"inquiry": running.number}),
        )
    assert CaseRow.objects.filter(kind="accountability").count() == 1


# --- people of the unit on the day ----------------------------------------------------------------
def test_nobody_from_elsewhere_is_drawn_in(world: World) -> None:
    with refused("not-of-the-unit") as error:
        inquire(world, "2025-02-10", official=official("YJ03-C"), day_of_conduct=date(2025, 2, 3))
    assert "细则第七条、第十一条第二款" in error.value.zh
    with refused("not-of-the-unit"):
        opened_bare(world, "YJ02-Z", unit=world.organ("YJ03"))
    with refused("not-of-the-unit"):
        opened_bare(world, "YJ02-Z", day_of_conduct=date(2017, 6, 1))  # nobody held the post yet
    case = inquire(
        world, "2025-02-10", official=official("YJ02-Z"), day_of_conduct=date(2025, 2, 3)
    )
    with refused("not-of-the-unit"):
        case.act("add_person", texts={"reasons": "示例"}, official=official("YJ03-C"))


def test_a_finding_is_not_taken_up_by_another_organ(world: World) -> None:
    case = concluded(world, "YJ02-Z")
    number = propose(case, "removal", who="YJ02-Z", on="2025-03-03")
    answered(world, number, "2025-03-04")
    step = Step(
        act="decide",
        case=number,
        texts=SAID,
        fields={"decider": official("YJ09-Q"), "measures": ("removal",), **GRAVEST},
    )
    with pytest.raises((Refused, AccountabilityError)):
        as_head(world, "sanction-head", "YJ09", step)
    assert untouched()
