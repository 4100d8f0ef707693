"""Which acts and duties a petitioner sees of the own matter: all but what is internal, and every
one that a pack adds is decided on."""

from __future__ import annotations

from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

import pytest

from dengwen.cases import rulebooks
from dengwen.law.duties.act_record import BREACH, LAPSE
from dengwen.law.duties.proposal import PROPOSAL_ACTS
from dengwen.petitions import own_matter

INTERNAL_ACTS = {
    *("draft", "check", "return_draft", "return_checked", "classify_request", "decide_request"),
    *("classify", "choose_simple", "choose_simple_suggestion", "assign_handler", "hand_over"),
    *("link", "note", "note_conduct", "visit_conduct", "visit_police", "trace_cause"),
    *("name_accused", "accused_is_cadre"),
    *("assist", "assist_report", "give_help", "explain_talk", "report_up", "report_urgent"),
    *("report_information", "completion_report", "extend_assignment", "propose_improvement"),
    *("recuse", "decide_recusal", "drop_execution", "record_death", "feed_back"),
    *("elect_representatives", "enter_members", "give_member_codes"),
    *("open_evaluation", "withhold_evaluation", "forward_accusation", "notify_cadre"),
    *("aftercare", *PROPOSAL_ACTS),
}
"""Drafts, checks, notes, help among organs, lists of people, what is kept from an accused side, and
what waits for a second person or came of it."""
INTERNAL_DUTIES = {
    *("accusation_feedback", "anew", "answer_objection", "assigned_report", "assist_report"),
    *("check_draft", "decide_dispute", "object", "promise_execution", "recusal", "redraft"),
    *("lead_over", "route_reported", "sign_opinion", "urgent_report", "propose_urgent"),
    *("aftercare", "classify_left", "tell_organisation"),
}
"""Duties among organs, and those that only lead to one a petitioner sees."""


def named(part: str) -> set[str]:
    """Return the acts or duties of matters and their reviews, in every edition and place."""
    library = rulebooks.library()
    found: set[str] = set()
    for day in {pack.since for pack in library.packs}:
        for place in {pack.place for pack in library.packs}:
            kinds = library.rulebook(day, place).kinds
            for kind in ("petition", "review", "recheck"):
                found |= set(getattr(kinds[kind], part)) if kind in kinds else set()
    return found


def shown_acts(names: Iterable[str]) -> set[str]:
    rows: list[Any] = [SimpleNamespace(act=name, duty="") for name in names]
    return {row.act for row in rows if own_matter._is_shown(row)}


def shown_duties(names: Iterable[str]) -> set[str]:
    open_duties = [SimpleNamespace(rule=SimpleNamespace(id=name)) for name in names]
    view = SimpleNamespace(open_duties=lambda: open_duties)
    matter: Any = SimpleNamespace(neutral=False, view=view)
    return {duty.rule.id for duty in own_matter.Followed.open_duties(matter)}


def test_every_act_is_shown_but_the_internal_ones() -> None:
    acts = named("acts")
    assert acts >= INTERNAL_ACTS
    assert shown_acts(acts - {BREACH, LAPSE}) == acts - INTERNAL_ACTS - {BREACH, LAPSE}


def test_every_duty_is_shown_but_the_internal_ones() -> None:
    duties = named("duties")
    assert duties >= INTERNAL_DUTIES
    assert shown_duties(duties) == duties - INTERNAL_DUTIES


@pytest.mark.parametrize("act", [BREACH, LAPSE])
def test_a_breach_is_shown_of_a_duty_that_is(act: str) -> None:
    of_shown: Any = SimpleNamespace(act=act, duty="handle")
    of_internal: Any = SimpleNamespace(act=act, duty="check_draft")
    assert own_matter._is_shown(of_shown)
    assert not own_matter._is_shown(of_internal)


def test_of_a_neutral_matter_nothing_is_owed() -> None:
    view = SimpleNamespace(open_duties=lambda: [SimpleNamespace(rule=SimpleNamespace(id="handle"))])
    matter: Any = SimpleNamespace(neutral=True, view=view)
    assert own_matter.Followed.open_duties(matter) == []
