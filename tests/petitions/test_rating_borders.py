"""Who is rated, by whom and until when; and since when a petitioner sees what."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from dengwen.petitions import own_matter, rating_figures, ratings
from dengwen.petitions.errors import PetitionError

DAY = timedelta(days=1)
TODAY = date(2025, 3, 18)
FACTS: Any = SimpleNamespace(case_id=1, act_id=2, day=TODAY, organ=3, case="N")


# --- ratings --------------------------------------------------------------------------------------
def organs(**kinds: str) -> Any:
    rows = {
        int(pk.removeprefix("o")): SimpleNamespace(
            pk=int(pk.removeprefix("o")), kind=kind, is_petition_office=kind == "petition_office"
        )
        for pk, kind in kinds.items()
    }
    return rows.get


@pytest.mark.parametrize(
    ("kind", "link", "protected", "why"),
    [
        ("government_department", "", False, None),
        ("congress", "", False, "人大、法院、检察院的事项"),
        ("court", "", False, "人大、法院、检察院的事项"),
        ("procuratorate", "", False, "人大、法院、检察院的事项"),
        ("government_department", "", True, "检举控告事项不宜公开"),
        ("government_department", "repeats", False, "不是初次信访事项"),
        ("government_department", "anew_after", False, "不是初次信访事项"),
        ("government_department", "new_facts_after", False, "不是初次信访事项"),
        ("government_department", "concerns", False, None),
    ],
)
def test_which_matters_are_not_evaluated(
    kind: str, link: str, why: str | None, *, protected: bool
) -> None:
    links = [SimpleNamespace(kind=link)] if link else []
    unit = SimpleNamespace(read=lambda *_: links)
    call: Any = SimpleNamespace(organ=organs(o5=kind), unit=unit)
    case: Any = SimpleNamespace(protected=protected, holder_id=5, pk=1)
    found = ratings._shut(case, call)
    assert (found[0] if found else None) == why


@pytest.mark.parametrize(
    ("acted", "department"),
    [
        ([4, 5], 4),
        ([5], None),  # it gave the reply itself
        ([6, 4, 7], 4),  # the first of them that is one
        ([7, 4], 7),
        ([6], None),
        ([None, 4], 4),
        ([], None),
    ],
)
def test_the_department_rated_is_the_first_other_than_the_holder(
    acted: list[int | None], department: int | None
) -> None:
    known = organs(o4="petition_office", o5="petition_office", o6="court", o7="petition_office")
    acts = [SimpleNamespace(organ=pk) for pk in acted]
    call: Any = SimpleNamespace(acts_of=lambda _case: acts, organ=known)
    case: Any = SimpleNamespace(holder_id=5)
    assert ratings._department(case, call) == department


# --- ratings by day and by whom -------------------------------------------------------------------
@pytest.mark.parametrize(
    ("channel", "organ", "independent"),
    [
        ("portal", None, True),
        ("portal", 9, False),
        ("telephone", None, False),
        ("telephone", 9, True),
        ("telephone", 5, False),
        ("telephone", 4, False),
    ],
)
def test_a_rating_is_the_petitioners_or_entered_by_an_organ_that_is_not_rated(
    channel: str, organ: int | None, *, independent: bool
) -> None:
    row: Any = SimpleNamespace(competent_id=5, department_id=4)
    if independent:
        ratings._independent(row, channel, organ)
        return
    with pytest.raises(PetitionError, match="未被评价的机关"):
        ratings._independent(row, channel, organ)


@pytest.mark.parametrize(
    ("last", "still"), [(TODAY, True), (TODAY - DAY, False), (TODAY + DAY, True), (None, True)]
)
def test_an_evaluation_is_open_through_its_last_day(
    last: date | None, monkeypatch: pytest.MonkeyPatch, *, still: bool
) -> None:
    monkeypatch.setattr(ratings, "last_day", lambda _row: last)
    row: Any = None
    if still:
        ratings._still_open(row, FACTS)
        return
    with pytest.raises(PetitionError, match="评价到"):
        ratings._still_open(row, FACTS)


@pytest.mark.parametrize(
    ("whose", "address", "own"),
    [
        (5, "10.2.3.4", True),
        (4, "10.2.3.4", True),
        (None, "10.2.3.4", False),
        (5, "10.3.0.1", False),
        (5, "nowhere", False),
    ],
)
def test_a_network_is_an_organs_own_by_its_own_setting(
    whose: int | None, address: str, monkeypatch: pytest.MonkeyPatch, *, own: bool
) -> None:
    found = SimpleNamespace(organ=whose, value="10.2.0.0/16, 2001:db8::/48")
    held = SimpleNamespace(on=lambda _key, pk, _day: found if whose in (pk, None) else None)
    monkeypatch.setattr(ratings, "settings_of", lambda _key: held)
    row: Any = SimpleNamespace(competent_id=5, department_id=4)
    assert ratings.in_own_network(row, address, TODAY) is own


@pytest.mark.parametrize(
    ("rated_on", "outcome"), [(TODAY, "rated"), (TODAY + DAY, "unrated"), (None, "unrated")]
)
def test_an_invitation_was_followed_by_the_day_asked(rated_on: date | None, outcome: str) -> None:
    row: Any = SimpleNamespace(
        pk=1,
        rated_on=rated_on,
        opened_on=TODAY,
        competent_id=5,
        competent_level="",
        department_id=None,
    )
    [fact] = rating_figures._invitations(row, TODAY)
    assert fact.outcome == outcome


def test_a_quarter_is_closed_when_the_whole_next_one_has_passed() -> None:
    last = rating_figures._span(2024, 3)[2]
    assert last == date(2024, 12, 31)
    assert (2024, 3) not in rating_figures._finished(last, 1)
    assert (2024, 3) in rating_figures._finished(last + DAY, 1)


# --- what a petitioner follows --------------------------------------------------------------------
def test_an_outcome_reached_the_petitioner_when_it_was_served_agreed_or_answered() -> None:
    def served(state: str, *days: str) -> bool:
        view: Any = SimpleNamespace(days=dict.fromkeys(days), state=state)
        return own_matter._is_served(view)

    assert served("decided", "serve")
    assert served("settled")
    assert served("answered")
    assert not served("decided", "sign")


def test_a_holder_has_a_matter_since_the_last_act_by_which_it_came_to_them() -> None:
    coming = min(own_matter.COMING)
    acts: Any = [
        SimpleNamespace(day=TODAY, act="x", organ=3),
        SimpleNamespace(day=TODAY + DAY, act=coming, organ=3),
        SimpleNamespace(day=TODAY + 2 * DAY, act=coming, organ=9),
        SimpleNamespace(day=TODAY + 3 * DAY, act="x", organ=3),
    ]
    view: Any = SimpleNamespace(holder=3)
    assert own_matter._since(view, acts) == TODAY + DAY
    view.holder = 9
    assert own_matter._since(view, acts) == TODAY + 2 * DAY
    view.holder = 7
    assert own_matter._since(view, acts) == TODAY
