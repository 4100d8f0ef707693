"""Who may not decide, and whom the law frees: dissent on record, absence, no part in it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from dengwen.accountability.errors import AccountabilityError
from dengwen.cases import rulebooks
from dengwen.cases.models import Act
from dengwen.cases.write.check import Refused
from dengwen.cases.write.proposal_doors import propose
from dengwen.law.duties.proposal import PROPOSE
from dengwen.law.duties.step import Step
from dengwen.law.liability.provisions import in_force
from dengwen.organs.models import Organ
from tests.accountability.inquiries import (
    SERIOUS,
    Case,
    met,
    with_leaders,
)
from tests.accountability.inquiries import opened as inquire
from tests.accountability.measuring import (
    GRAVE,
    LIGHT,
    SAID,
    SCOPE,
    as_head,
    decide,
    honours,
    late,
    official,
    opened,
    opened_bare,
    rectified,
    refused,
    untouched,
)
from tests.world import PAPER, World, at


# --- who may not ----------------------------------------------------------------------------------
def test_the_accused_the_investigator_and_the_concerned_decide_nothing(world: World) -> None:
    number = opened(world)
    fields: dict[str, Any] = {"measures": ("circular",), **LIGHT, **rectified(world), **SCOPE}
    for who, code in (("head", "YJ02-Z"), ("supervisor", "YJ01-Z")):
        step = Step(
            act="decide", case=number, fields={"decider": official(code), **fields}, texts=SAID
        )
        with refused("not-impartial") as error:
            as_head(world, who, "YJW", step)
        assert "政务处分法第四十七条" in error.value.zh
        none = Step(
            act="decide_none",
            case=number,
            fields={"decider": official(code), "ground": "not_shown"},
            texts={"reasons": "示例"},
        )
        with refused("not-impartial"):
            as_head(world, who, "YJW", none)
    assert untouched()


def test_a_decision_is_never_dated_back_and_never_empty(world: World) -> None:
    number = opened(world)
    given: dict[str, Any] = {
        "decider": official("YJW-S"),
        "measures": ("circular",),
        **LIGHT,
        **SCOPE,
    }
    given |= rectified(world)
    with refused("entered-late"):
        world.act(
            "decider",
            "decide",
            number,
            on="2025-03-20",
            entered="2025-04-01",
            texts=SAID,
            step=late("YJW-F"),
            **given,
        )
    for name in ("facts", "responsibility", "reasons"):
        with pytest.raises((Refused, AccountabilityError)):
            decide(
                world,
                number,
                "circular",
                **LIGHT,
                **rectified(world),
                **SCOPE,
                texts={name: " —。"},
            )
    assert untouched()


def test_a_decision_dated_back_is_refused_when_it_is_proposed(world: World) -> None:
    """It would be refused at its approval: so nobody waits for that."""
    number = opened(world)
    fields: dict[str, Any] = {"measures": ("circular",), **LIGHT, **rectified(world), **SCOPE}
    step = Step(
        act="decide",
        case=number,
        fields={"decider": official("YJW-S"), **fields},
        texts=SAID,
        occurred_at=at("2025-03-20"),
        late_reason="示例",
        paper=PAPER,
    )
    seq = Act.objects.filter(case__number=number).count()
    with refused("entered-late"):
        propose(step, by=world.by("decider"), now=at("2025-04-01"), uid="back")
    assert Act.objects.filter(case__number=number).count() == seq
    assert not Act.objects.filter(act=PROPOSE, case__number=number).exists()
    assert untouched()


# --- freed by law ---------------------------------------------------------------------------------
def collective(
    world: World, who: str, minutes: str, found: str, work_away: bool = False, entered: str = ""
) -> str:
    """Inquire into a decision of the bureau, its minutes entered on a day, and propose on somebody;
    return the number of the file."""
    with_leaders(world, charge="YJ02-F")
    before = "" if entered else met(world, minutes, on="2025-02-03")
    case = inquire(world, "2025-02-10", official=official(who), day_of_conduct=date(2025, 2, 3))
    meeting = before or met(world, minutes, on="2025-02-03", entered=entered)
    item = case.act(
        "pin_evidence", texts={"shows": "会议决定不再受理"}, papers=("cd" * 32,), disclose="open"
    )
    rule = in_force(rulebooks.library(), case.made.day, case.made.place).triggers["S.11.2"]
    for element in (rule.conduct[0], *rule.elements):
        case.find("S.11.2", element, item)
    case.act("consider_decision", meeting=meeting, item=1, work="petitions")
    case.tell(who, until="2025-02-11")
    case.act("hear", texts={"statement": "没有异议"}, official=official(who), how="heard")
    for number, ground in case.grounds.items():
        for line in ground.lines:
            mine = line.official == str(official(who))
            case.confirm(
                int(line.official),
                number,
                line.kind,
                line.responsibility,
                found if mine else "none",
            )
    case.act("find_gravity", texts={"reasons": "见证据"}, evidence=(str(item),), **SERIOUS)
    case.conclude()
    return case.number


def test_a_recorded_objector_and_who_took_no_part_bear_nothing(world: World) -> None:
    minutes = "YJ02-Z；同意；\nYJ02-F；同意；\nYJ02-M；明确反对；没有评估\nYJ02-N；缺席；"
    with refused("objected") as error:
        collective(world, "YJ02-M", minutes, "main")
    assert "细则第十一条第二款" in error.value.zh
    free = collective_again(world, "YJ02-N", minutes)
    with refused("took-no-part"):
        free.confirm(
            official("YJ02-N"), next(iter(free.grounds)), "collective", "none", "important"
        )


def collective_again(world: World, who: str, minutes: str) -> Case:
    """Inquire about another member of the same bureau, whose leaders stand already."""
    meeting = met(world, minutes, on="2025-02-03")
    case = inquire(world, "2025-02-11", official=official(who), day_of_conduct=date(2025, 2, 3))
    case.act("consider_decision", meeting=meeting, item=1, work="petitions")
    return case


def test_dissent_under_discretion_is_answered_in_words_and_absence_weighed(world: World) -> None:
    minutes = "YJ02-Z；缺席；\nYJ02-F；保留意见；建议先评估\nYJ02-M；同意；\nYJ02-N；同意；"
    reserved = collective(world, "YJ02-F", minutes, "main")
    number = opened_bare(world, "YJ02-F")
    given: dict[str, Any] = {**GRAVE, **rectified(world), **honours(world), "inquiry": reserved}
    manage(world, "YJ02-YJ02-F")
    with refused("dissent-unanswered") as error:
        decide(world, number, "admonition", **given)
    assert "问责条例第十七条" in error.value.zh
    assert (
        "第三十八条" not in error.value.zh
    )  # not registered as a major decision: the standards are kept apart
    decide(
        world,
        number,
        "admonition",
        **given,
        texts={"dissent_answer": "保留意见未提出替代办法，不予免责"},
    )


def test_dissent_entered_afterwards_is_a_claim_the_decision_answers(world: World) -> None:
    """A clear objection written down once the inquiry was open frees nobody by itself, and is not
    passed over either."""
    minutes = "YJ02-Z；同意；\nYJ02-F；明确反对；没有评估\nYJ02-M；同意；\nYJ02-N；同意；"
    inquiry = collective(world, "YJ02-F", minutes, "main", entered="2025-02-10")
    number = opened_bare(world, "YJ02-F")
    given: dict[str, Any] = {**GRAVE, **rectified(world), **honours(world), "inquiry": inquiry}
    manage(world, "YJ02-YJ02-F")
    with refused("dissent-unanswered") as error:
        decide(world, number, "admonition", **given)
    assert "事后才录入的不同意见" in error.value.zh
    answer = {"dissent_answer": "其他到会人员都证实当场没有反对"}
    decide(world, number, "admonition", **given, texts=answer)


def test_a_head_who_was_absent_answers_only_with_reasons(world: World) -> None:
    minutes = "YJ02-Z；缺席；\nYJ02-F；同意；\nYJ02-M；同意；\nYJ02-N；同意；"
    inquiry = collective(world, "YJ02-Z", minutes, "main")
    number = opened_bare(world)
    given: dict[str, Any] = {**GRAVE, **rectified(world), **honours(world), "inquiry": inquiry}
    with refused("absence-unweighed"):
        decide(world, number, "admonition", **given)
    decide(world, number, "admonition", **given, texts={"absence_reasons": "会前审定议题并同意"})


def manage(world: World, post: str) -> None:
    """Register that the Party committee manages a post of the bureau."""
    registry = Organ.objects.get(code="YJ02").registry_case
    since: dict[str, Any] = {"from": date(2025, 2, 1)}
    world.act(
        "admin",
        "set_management",
        registry,
        on="2025-02-01",
        post=post,
        manager="YJW",
        basis="示例",
        **since,
    )
