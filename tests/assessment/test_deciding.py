"""What people decide about facts of an assessment: one person alone leaves nothing out, no
window is skipped."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from dengwen.assessment.errors import AssessmentError
from dengwen.assessment.frozen.freeze import freeze, home
from dengwen.assessment.frozen.frozen_tables import FACTS, Fact, read
from dengwen.assessment.inputs import assessment_of, drafted, run_of
from dengwen.assessment.interim_figures import figures_of, position_of
from dengwen.cases.models import Case
from dengwen.cases.write.check import Refused
from dengwen.ledger import sequencer
from dengwen.oversight.statistics import newest_position
from tests.assessment import quarter
from tests.desk.schemes import CLERK, HEAD, SECOND, in_force
from tests.kept import once
from tests.world import World, at

SENT, WINDOW = "2025-07-02", "2025-07-09"


@pytest.fixture
def opened(world: World) -> str:
    """The case of an assessment of two organs over a quarter that was played, its facts drawn."""
    scheme = in_force(world)
    quarter.sealed(world)
    return _opened(world, scheme)


@once
def _opened(world: World, scheme: str) -> str:
    digest = drafted(Case.objects.get(number=scheme)).digest
    organs = (world.organ("YJ01"), world.organ("YJ02"))
    return world.act(
        CLERK,
        "open",
        kind="assessment",
        on="2025-07-01",
        first=quarter.FIRST,
        last=quarter.LAST,
        scheme=scheme,
        digest=digest,
        organs=organs,
        texts={"subject": "上半年"},
    ).case


@pytest.fixture
def sent(world: World, opened: str) -> str:
    """The same, sent to the organs with a week to object."""
    return send(world, opened)


@once
def send(world: World, number: str, on: str = SENT, until: str = WINDOW) -> str:
    """Send the figures to the organs."""
    position = newest_position()
    return world.act(
        CLERK, "send", number, on=on, object_by=date.fromisoformat(until), position=position
    ).case


def conclusions(world: World, number: str, code: str = "YJ02") -> dict[str, Fact]:
    """Return conclusions of an organ by outcome, under the names they bear in the assessment."""
    frozen = figures_of(assessment_of(Case.objects.get(number=number)), newest_position())
    facts = [Fact(**row) for row in read(frozen.folder / FACTS, FACTS)]
    return {f.outcome: f for f in facts if f.kind == "conclusion" and f.organ == world.organ(code)}


def refused(world: World, who: str, act: str, case: str, on: str = SENT, **given: Any) -> str:
    """Return the code with which an act is refused; its words cite the article in both languages
    and say the mend."""
    with pytest.raises(AssessmentError) as found:
        world.act(who, act, case, on=on, **given)
    error = found.value
    assert "S 10" in error.zh
    assert "S 10" in error.en
    assert error.mend_zh
    assert error.mend_en
    assert error.where == case
    return error.code


def exclude(fact: int, number: int = 1, indicator: str = "concluded_in_time") -> dict[str, Any]:
    """Return what an exclusion says."""
    return {
        "number": number,
        "fact": fact,
        "indicator": indicator,
        "clause": "S 10",
        "texts": {"reason": "系统停机"},
    }


def objection(fact: int, number: int = 1, indicator: str = "concluded_in_time") -> dict[str, Any]:
    """Return what an objection says."""
    return {
        "objection": number,
        "fact": fact,
        "indicator": indicator,
        "texts": {"reasons": "当日已经出具"},
    }


def ruling(number: int, said: str, outcome: str = "") -> dict[str, Any]:
    """Return what a ruling says."""
    given: dict[str, Any] = {
        "objection": number,
        "ruling": said,
        "texts": {"reasons": "签发记录在"},
    }
    return given | ({"outcome": outcome} if outcome else {})


def frozen_now(world: World, number: str, on: str) -> None:
    """Freeze the assessment as it stands on a day."""
    one = assessment_of(Case.objects.get(number=number))
    made = freeze(run_of(one, position_of(one, newest_position())), home(number))
    world.act(
        HEAD,
        "freeze",
        number,
        on=on,
        position=made.manifest["ledger"]["size"],
        manifest=made.digest,
        scores=str(made.manifest["scores_sha256"]),
    )


def state(number: str) -> str:
    """Return the state of a case."""
    return Case.objects.get(number=number).state


# --- exclusions -----------------------------------------------------------------------------------
def test_what_does_not_exist_is_not_left_out(world: World, opened: str) -> None:
    late = conclusions(world, opened)["late"].id
    assert refused(world, CLERK, "exclude", opened, **exclude(12345)) == "no-fact"
    assert (
        refused(world, CLERK, "exclude", opened, **exclude(late, indicator="no_such"))
        == "no-indicator"
    )
    world.act(CLERK, "exclude", opened, on=SENT, **exclude(late))


def test_two_open_proposals_do_not_block_each_other(world: World, opened: str) -> None:
    found = conclusions(world, opened)
    world.act(CLERK, "exclude", opened, on=SENT, **exclude(found["late"].id))
    world.act(SECOND, "exclude", opened, on=SENT, **exclude(found["missed"].id, 2))
    assert refused(world, CLERK, "confirm_exclusion", opened, number=1) == "second"
    world.act(SECOND, "confirm_exclusion", opened, on=SENT, number=1)
    assert refused(world, SECOND, "confirm_exclusion", opened, number=2) == "second"
    world.act(CLERK, "confirm_exclusion", opened, on=SENT, number=2)
    one = assessment_of(Case.objects.get(number=opened))
    assert [e.fact for e in one.left_out] == [found["late"].id, found["missed"].id]


def test_an_exclusion_is_confirmed_once_and_not_after_it_was_withdrawn(
    world: World, opened: str
) -> None:
    found = conclusions(world, opened)
    world.act(CLERK, "exclude", opened, on=SENT, **exclude(found["late"].id))
    assert refused(world, CLERK, "withdraw_exclusion", opened, number=7) == "no-exclusion"
    assert refused(world, SECOND, "confirm_exclusion", opened, number=7) == "no-exclusion"
    world.act(CLERK, "withdraw_exclusion", opened, on=SENT, number=1)
    assert refused(world, SECOND, "confirm_exclusion", opened, number=1) == "no-exclusion"
    world.act(CLERK, "exclude", opened, on=SENT, **exclude(found["late"].id, 2))
    world.act(SECOND, "confirm_exclusion", opened, on=SENT, number=2)
    assert refused(world, SECOND, "confirm_exclusion", opened, number=2) == "twice"
    assert len(assessment_of(Case.objects.get(number=opened)).left_out) == 1


# --- objections and rulings -----------------------------------------------------------------------
def test_an_organ_objects_to_facts_of_its_own_that_exist(world: World, sent: str) -> None:
    late = conclusions(world, sent)["late"].id
    other = registrations_of(world, sent, "YJ01")
    assert refused(world, "handler", "object", sent, **objection(999)) == "no-fact"
    assert refused(world, "handler", "object", sent, **objection(2**40)) == "no-fact"
    assert refused(world, "handler", "object", sent, **objection(other)) == "other-organ"
    assert (
        refused(world, "handler", "object", sent, **objection(late, indicator="nix"))
        == "no-indicator"
    )
    world.act("handler", "object", sent, on=SENT, **objection(late))


def registrations_of(world: World, number: str, code: str) -> int:
    """Return a registration of an organ, under its name."""
    frozen = figures_of(assessment_of(Case.objects.get(number=number)), newest_position())
    rows = [Fact(**row) for row in read(frozen.folder / FACTS, FACTS)]
    return next(f.id for f in rows if f.organ == world.organ(code) and f.kind == "registration")


@pytest.mark.parametrize("outcome", ["adopted", "open", "late", "upheld", "", "no_such"])
def test_a_ruling_says_another_outcome_of_the_kind_that_stays_in_the_figure(
    world: World, sent: str, outcome: str
) -> None:
    late = conclusions(world, sent)["late"].id
    world.act("handler", "object", sent, on=SENT, **objection(late))
    assert refused(world, SECOND, "rule", sent, **ruling(1, "upheld", outcome)) == "no-outcome"
    assert assessment_of(Case.objects.get(number=sent)).corrected == {}
    world.act(SECOND, "rule", sent, on=SENT, **ruling(1, "upheld", "in_time"))
    assert assessment_of(Case.objects.get(number=sent)).corrected == {late: "in_time"}


def test_an_objection_is_ruled_on_once_and_only_where_one_was_raised(
    world: World, sent: str
) -> None:
    found = conclusions(world, sent)
    world.act("handler", "object", sent, on=SENT, **objection(found["late"].id))
    assert refused(world, SECOND, "rule", sent, **ruling(77, "refused")) == "no-objection"
    world.act(SECOND, "rule", sent, on=SENT, **ruling(1, "refused"))
    assert refused(world, SECOND, "rule", sent, **ruling(1, "upheld", "in_time")) == "twice"


def test_what_a_ruling_put_right_is_the_fact_a_second_objection_is_about(
    world: World, sent: str
) -> None:
    late = conclusions(world, sent)["late"].id
    world.act("handler", "object", sent, on=SENT, **objection(late))
    world.act(SECOND, "rule", sent, on=SENT, **ruling(1, "upheld", "in_time"))
    world.act("handler", "object", sent, on=SENT, **objection(late, 2))
    assert (
        refused(world, SECOND, "rule", sent, **ruling(2, "upheld", "in_time")) == "no-outcome"
    )  # it is that already


# --- the window -----------------------------------------------------------------------------------
def test_nothing_is_frozen_while_an_organ_may_still_object(world: World, sent: str) -> None:
    one = assessment_of(Case.objects.get(number=sent))
    made = freeze(run_of(one, position_of(one, newest_position())), home(sent))
    given: dict[str, Any] = {
        "position": made.manifest["ledger"]["size"],
        "manifest": made.digest,
        "scores": str(made.manifest["scores_sha256"]),
    }
    assert (
        refused(world, HEAD, "freeze", sent, WINDOW, **given) == "window-open"
    )  # its last day included
    world.act("handler", "no_objection", sent, on=SENT)
    assert (
        refused(world, HEAD, "freeze", sent, SENT, **given) == "window-open"
    )  # one organ has not answered
    world.act(HEAD, "freeze", sent, on="2025-07-10", **given)
    assert state(sent) == "frozen"


def test_answers_of_every_organ_end_the_window_early(world: World, sent: str) -> None:
    late = conclusions(world, sent)["late"].id
    world.act("handler", "no_objection", sent, on=SENT)
    assert refused(world, "handler", "no_objection", sent) == "twice"
    world.act("clerk", "no_objection", sent, on=SENT)
    world.act(
        "handler", "object", sent, on=SENT, **objection(late)
    )  # it thinks again: its answer is gone
    world.act(SECOND, "rule", sent, on="2025-07-03", **ruling(1, "upheld", "in_time"))
    with pytest.raises(AssessmentError, match="异议期"):
        frozen_now(world, sent, "2025-07-03")
    world.act("handler", "no_objection", sent, on="2025-07-03")
    frozen_now(world, sent, "2025-07-03")
    assert state(sent) == "frozen"


def test_after_the_sending_nothing_is_left_out_unless_the_figures_are_taken_back(
    world: World, sent: str
) -> None:
    late = conclusions(world, sent)["late"].id
    with pytest.raises(Refused):
        world.act(CLERK, "exclude", sent, on=SENT, **exclude(late))
    world.act("handler", "no_objection", sent, on=SENT)
    world.act("clerk", "no_objection", sent, on=SENT)
    world.act(CLERK, "take_back", sent, on="2025-07-03", texts={"why": "停机的件没有列全"})
    world.act(CLERK, "exclude", sent, on="2025-07-03", **exclude(late))
    world.act(SECOND, "confirm_exclusion", sent, on="2025-07-03", number=1)
    sequencer.tick(now=at("2025-07-04"))
    send(world, sent, "2025-07-04", "2025-07-11")
    one = assessment_of(Case.objects.get(number=sent))
    assert one.satisfied == frozenset()  # what they answered before was about other figures
    assert position_of(one, 0) == newest_position()
    with pytest.raises(AssessmentError, match="异议期"):
        frozen_now(world, sent, "2025-07-11")
    frozen_now(world, sent, "2025-07-12")
    assert state(sent) == "frozen"


def test_figures_frozen_before_a_ruling_are_not_the_ones_to_freeze(world: World, sent: str) -> None:
    late = conclusions(world, sent)["late"].id
    world.act("handler", "object", sent, on=SENT, **objection(late))
    one = assessment_of(Case.objects.get(number=sent))
    made = freeze(run_of(one, position_of(one, newest_position())), home(sent))
    world.act(SECOND, "rule", sent, on="2025-07-03", **ruling(1, "upheld", "in_time"))
    given: dict[str, Any] = {
        "position": made.manifest["ledger"]["size"],
        "manifest": made.digest,
        "scores": str(made.manifest["scores_sha256"]),
    }
    assert refused(world, HEAD, "freeze", sent, "2025-07-10", **given) == "not-sent"
