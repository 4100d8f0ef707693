"""Told, a day to answer, heard, answered in words: nothing is held against somebody who was not
told of it (PSL 43)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from dengwen.accountability.measures.queries import measures_in, measures_of, read_file
from dengwen.cases.models import Act
from dengwen.cases.write.check import Refused
from dengwen.cases.write.perform import By, perform
from dengwen.law.duties.step import Step
from tests.accountability.inquiries import (
    LIGHT,
    Case,
    concluded,
    established,
    propose,
)
from tests.accountability.inquiries import opened as inquire
from tests.accountability.measuring import (
    GRAVEST,
    answered,
    circular,
    decide,
    found_here,
    honours,
    official,
    opened,
    opened_bare,
    rectified,
    refused,
    serve,
)
from tests.world import World, at

WHO, DAY = "YJ02-Z", "2025-02-03"
EVEN: dict[str, Any] = {"harm": "especially", "influence": "especially"}


def begun(world: World) -> tuple[Case, int]:
    """Open an inquiry into one person, with one small thing on the board and a deed."""
    case = inquire(
        world, "2025-02-10", official=official(WHO), day_of_conduct=date.fromisoformat(DAY)
    )
    item = pinned(case, "aa", "晚了一天")
    case.deed(WHO, item, on=DAY)
    return case, item


def pinned(case: Case, digest: str, shows: str) -> int:
    """Pin a paper from outside."""
    return case.act("pin_evidence", texts={"shows": shows}, papers=(digest * 32,), disclose="open")


def told_and_heard(case: Case) -> None:
    """Tell the person and hear him."""
    case.tell(WHO, until="2025-02-20")
    case.act("hear", texts={"statement": "没有异议"}, official=official(WHO), how="heard")


def found(case: Case, item: int, gravity: dict[str, Any]) -> None:
    """Confirm the lines and find the gravity on a piece of evidence."""
    case.confirm_all_of(WHO)
    case.act("find_gravity", texts={"reasons": "见证据"}, evidence=(str(item),), **gravity)


# --- nothing held against somebody that he was not told of ----------------------------------------
def test_what_was_pinned_after_he_was_told_carries_nothing_until_he_is_told_of_it(
    world: World,
) -> None:
    case, _small = begun(world)
    told_and_heard(case)
    grave = pinned(case, "bb", "隐瞒了三个月")
    established(case, grave)
    found(case, grave, GRAVEST)
    with refused("not-complete") as error:
        case.conclude("propose")
    assert "认定所依据的证据、决策是告知以后才有的" in error.value.zh
    told_and_heard(case)
    case.conclude("propose")


def test_the_gravity_alone_is_not_raised_behind_his_back(world: World) -> None:
    case, small = begun(world)
    established(case, small)
    told_and_heard(case)
    found(case, small, LIGHT)
    grave = pinned(case, "bb", "隐瞒了三个月")
    case.act("find_gravity", texts={"reasons": "新的证据"}, evidence=(str(grave),), **EVEN)
    with refused("not-complete"):
        case.conclude("propose")


def test_who_is_told_anew_is_heard_anew(world: World) -> None:
    number = opened_bare(world, on="2025-03-04", by="sanction-officer")
    found_here(world, number).tell(WHO, until="2025-03-28", facts="另有一件")
    with refused("not-complete") as error:
        decide(world, number, "gov_demerit", who="sanction-head", by="YJ09-Q", **LIGHT)
    assert "重新告知以后没有再次听取本人" in error.value.zh


def test_the_own_file_is_held_to_the_same(world: World) -> None:
    number = opened_bare(world, on="2025-03-04", by="sanction-officer")
    case = found_here(world, number)
    late = pinned(case, "bb", "隐瞒了三个月")
    case.act("find_gravity", texts={"reasons": "新的证据"}, evidence=(str(late),), **GRAVEST)
    with refused("not-complete"):
        decide(world, number, "gov_demerit", who="sanction-head", by="YJ09-Q", **LIGHT)
    assert measures_of(official(WHO)) == []


# --- a day to answer, words, a record -------------------------------------------------------------
def test_nobody_is_given_no_day_to_answer(world: World) -> None:
    case, _ = begun(world)
    with refused("no-time-to-answer"):
        case.tell(WHO, until="2025-02-10")
    case.tell(WHO, until="2025-02-11")


@pytest.mark.parametrize("nothing", ["。", "—— ……", "- "])
def test_marks_tell_hear_and_answer_nothing(world: World, nothing: str) -> None:
    case, _ = begun(world)
    until = date(2025, 2, 20)
    for texts in ({"facts": nothing, "grounds": "细则"}, {"facts": "逾期", "grounds": nothing}):
        with refused("no-words"):
            case.act("tell_person", texts=texts, official=official(WHO), answer_by=until)
    case.tell(WHO, until="2025-02-20")
    case.act(
        "defend", texts={"defence": "当日请假"}, official=official(WHO), point=1, stand="disagree"
    )
    with refused("no-words"):
        case.act("answer_point", texts={"reasons": nothing}, point=1, result="rejected")
    with refused("no-words"):
        case.act("hear", texts={"statement": nothing}, official=official(WHO), how="heard")


def test_nobody_declines_at_once_without_a_record(world: World) -> None:
    case, _ = begun(world)
    case.tell(WHO, until="2025-02-20")
    declined: dict[str, Any] = {"official": official(WHO), "how": "declined"}
    with refused("may-still-answer"):
        case.act("hear", texts={"statement": "不陈述"}, **declined)
    case.act("hear", texts={"statement": "不陈述"}, record=("ef" * 32,), **declined)


def test_an_old_answer_is_no_answer_to_what_he_was_told_again(world: World) -> None:
    number = opened(world)
    circular(world, number, deadline=date(2025, 5, 1))
    serve(world, number)
    case = Case(world, number, "2025-05-10", "committee")
    case.act("reject_rectification", texts={"why": "两件没有办结"})
    written: dict[str, Any] = {
        "texts": {"statement": "见书面"},
        "official": official(WHO),
        "how": "written",
    }
    case.tell(WHO, until="2025-05-20", facts="目标没有达到")
    case.act(
        "defend", texts={"defence": "一件诉讼"}, official=official(WHO), point=1, stand="disagree"
    )
    case.act("hear", **written)
    case.tell(WHO, until="2025-05-21", facts="另一件也没有达到")
    with refused("no-answer"):
        case.act("hear", **written)


# --- whoever prepared it does not decide it -------------------------------------------------------
def both(world: World, act: str, number: str, **fields: Any) -> None:
    """Let the deputy secretary, who also keeps files here, do an act that staff does."""
    texts = fields.pop("texts")
    step = Step(act=act, case=number, fields=fields, texts=texts)
    decider = world.by("decider")
    by = By(decider.user, decider.organ, decider.capacities | {"clerk", "handler"})
    world.count += 1
    perform(step, by=by, now=at("2025-07-02"), uid=f"t/both/{world.count}")


@pytest.mark.parametrize("act", ["reject_rectification", "answer_point", "tell_person"])
def test_whoever_found_the_goal_missed_told_or_answered_does_not_decide(
    world: World, act: str
) -> None:
    number = opened(world, gravity=LIGHT)
    circular(world, number)
    serve(world, number)
    case = Case(world, number, "2025-07-02", "committee")
    if act == "reject_rectification":
        both(world, act, number, texts={"why": "两件没有办结"})
    else:
        case.act("reject_rectification", texts={"why": "两件没有办结"})
    told: dict[str, Any] = {"facts": "目标没有达到", "grounds": "细则第十四条"}
    if act == "tell_person":
        both(world, act, number, texts=told, official=official(WHO), answer_by=date(2025, 7, 20))
    case.tell(
        WHO, until="2025-07-20", facts="目标没有达到"
    )  # the last act of its kind is somebody else's
    case.act(
        "defend", texts={"defence": "一件诉讼"}, official=official(WHO), point=1, stand="disagree"
    )
    if act == "answer_point":
        both(world, act, number, texts={"reasons": "不免除"}, point=1, result="rejected")
    else:
        case.act("answer_point", texts={"reasons": "不免除"}, point=1, result="rejected")
    case.act("hear", texts={"statement": "一件正在诉讼"}, official=official(WHO), how="heard")
    along: dict[str, Any] = {**rectified(world, date(2025, 9, 30)), **honours(world)}
    with refused("not-impartial"):
        decide(world, number, "admonition", on="2025-07-21", **LIGHT, **along)


# --- an organ is heard through who leads it -------------------------------------------------------
def test_a_clerk_heard_in_an_inquiry_is_no_hearing_of_the_organ(world: World) -> None:
    clerk = concluded(world, "YJ02-L", "2025-02-10")
    number = answered(
        world, propose(clerk, "organ_circular", organ="YJ02", on="2025-03-03"), "2025-03-03"
    )
    with refused("unheard") as error:
        decide(world, number, "organ_circular", scope="system", **LIGHT)
    assert "政务处分法第四十三条" in error.value.zh
    assert measures_in(read_file(world.case(number))) == []


# --- what was found or decided is not corrected away ----------------------------------------------
def corrected(world: World, who: str, number: str, act: str, field: str, new: str) -> None:
    """Enter a correction of the newest act of its name, signed by two."""
    target = Act.objects.filter(case__number=number, act=act).latest("seq").pk
    given: dict[str, Any] = {
        "target": target,
        "field": field,
        "new": new,
        "second": official("YJW-S"),
    }
    world.act(who, "correct", number, on="2025-04-05", texts={"reason": "笔误"}, **given)


def test_no_correction_changes_a_finding_or_a_decision(world: World) -> None:
    number = opened(world)
    circular(world, number)
    serve(world, number)
    inquiry = str(Act.objects.get(case__number=number, act="receive_proposal").data["inquiry"])
    tries = (
        ("committee", number, "decide", "measures", "removal"),
        ("committee", number, "decide", "deadline", "2025-04-20"),
        ("committee", number, "serve_decision", "received_on", "2025-04-01"),
        ("committee", number, "receive_proposal", "subject_official", str(official("YJ02-L"))),
        ("supervisor", inquiry, "find_gravity", "harm", "serious"),
        ("supervisor", inquiry, "confirm_line", "responsibility", "none"),
        ("supervisor", inquiry, "hear", "how", "declined"),
    )
    for who, case, act, field, new in tries:
        with pytest.raises(Refused) as error:
            corrected(world, who, case, act, field, new)
        assert "found-anew" in {reason.code for reason in error.value.reasons}, act
    assert not Act.objects.filter(act="correct").exists()
