"""A file of accountability as it is read from its acts, how the law core is asked about a decision,
and what its papers say."""

from __future__ import annotations

from dataclasses import astuple
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from dengwen.accountability.measures import (
    law_question,
    queries,
)
from dengwen.law.duties.step import Step
from dengwen.law.liability.ladder import ESPECIALLY, NEITHER, SERIOUS, Gravity
from tests.accountability.bare_files import (
    NOW,
    RULES,
    TODAY,
    account_file,
    code,
)
from tests.accountability.read_inquiries import HERE, THERE, WANG
from tests.invented_rows import table

DAY = timedelta(days=1)


# --- the file as it is read -----------------------------------------------------------------------
def row(seq: int, act: str, **data: Any) -> Any:
    return SimpleNamespace(
        pk=seq, seq=seq, act=act, data=data, occurred_at=NOW + seq * DAY, organ_id=HERE
    )


def read(*acts: Any) -> queries.AccountFile:
    case: Any = SimpleNamespace(number="F1", pk=5, place="500000")
    found = queries.AccountFile(case, acts)
    for one in acts:
        queries._read(found, one)
    return found


@pytest.mark.parametrize("act", ["receive_proposal", "open_own", "receive_hand_over"])
def test_a_file_begins_with_whom_it_is_about_and_what_was_proposed(act: str) -> None:
    found = read(
        row(
            1,
            act,
            subject_official=WANG,
            inquiry="Q1",
            from_office=HERE,
            situations=["t1"],
            measures=["m"],
            gravity="serious",
        )
    )
    assert (found.official, found.organ, found.on, found.inquiry, found.from_office) == (
        WANG,
        None,
        "person",
        "Q1",
        HERE,
    )
    assert (found.situations, found.proposed, found.gravity) == (("t1",), ("m",), "serious")
    assert found.opening is found.acts[0]
    bare = read(row(1, "note"), row(2, act, subject_organ=THERE))
    assert (bare.official, bare.organ, bare.on, bare.inquiry, bare.proposed) == (
        None,
        THERE,
        "organ",
        "",
        (),
    )
    assert bare.opening is bare.acts[1]
    assert read(row(1, "note")).opening is None


@pytest.mark.parametrize(
    ("act", "into"),
    [
        ("serve_decision", "served"),
        ("correct_wrongful", "corrected"),
        ("set_aside", "changed"),
        ("cancel_honours", "honours"),
        ("note_appeal", "appeals"),
        ("notify_personnel", "notified"),
        ("hand_over_crime", "transferred"),
    ],
)
def test_each_act_of_a_file_is_kept_among_its_like(act: str, into: str) -> None:
    found = read(row(1, act))
    lists = (
        "decisions",
        "served",
        "corrected",
        "changed",
        "honours",
        "appeals",
        "notified",
        "transferred",
    )
    assert {name: len(getattr(found, name)) for name in lists} == {
        name: int(name == into) for name in lists
    }


def test_the_date_to_rectify_and_the_verdict_are_those_of_the_newest_decision() -> None:
    first = row(1, "decide", deadline="2025-05-01")
    put_off, met = (
        row(2, "extend_rectification", deadline="2025-06-01"),
        row(3, "accept_rectification"),
    )
    assert (read(first).deadline, read(first).met) == (date(2025, 5, 1), None)
    assert read(first, put_off).deadline == date(2025, 6, 1)
    assert read(first, put_off, met).met is True
    assert read(first, row(3, "reject_rectification")).met is False
    again = read(first, put_off, met, row(4, "decide"))
    assert (again.deadline, again.met, again.decision) == (None, None, again.acts[3])
    assert read(row(1, "note")).decision is None
    assert read(first, met, row(5, "decide")).last("decide") is not first
    assert read(first).last("note") is None


def test_where_a_measure_was_made_known_is_gathered() -> None:
    found = read(
        row(1, "decide", circulated_to=["A", "B"], scope="organ"),
        row(2, "decide", circulated_to=["B"]),
        row(3, "decide", scope=""),
    )
    assert found.circulated == {"A", "B"}
    assert found.scopes == {"organ"}


@pytest.mark.parametrize(
    ("acts", "undone"),
    [
        ([row(5, "set_aside", measure="circular")], 5),
        ([row(5, "set_aside", measure="other")], None),
        ([row(3, "set_aside", measure="circular")], None),  # of an earlier decision
        ([row(2, "set_aside", measure="circular")], None),
        ([row(5, "correct_wrongful", measures=["circular", "x"])], 5),
        ([row(5, "correct_wrongful", measures=["x"])], None),
        ([row(5, "correct_wrongful")], None),
        ([row(5, "note", measure="circular", measures=["circular"])], None),
        (
            [
                row(6, "set_aside", measure="circular"),
                row(7, "correct_wrongful", measures=["circular"]),
            ],
            6,
        ),
    ],
)
def test_a_measure_is_undone_by_the_first_act_after_its_decision(
    acts: list[Any], undone: int | None
) -> None:
    found = queries._undone(read(*acts), 3, "circular")
    assert (found.seq if found else None) == undone


def test_measures_are_listed_with_what_became_of_them() -> None:
    acts = (
        row(1, "decide", measures=["circular", "x"], deadline="2025-05-01", months=6),
        row(2, "serve_decision", received_on="2025-03-20"),
        row(3, "serve_decision", received_on="2025-03-25"),
        row(4, "set_aside", measure="x", instead="y", appeal="A1"),
        row(5, "decide", measures=["admonition"]),
        row(6, "accept_rectification"),
    )
    circular, other, admonition = queries.measures_in(read(*acts))
    assert (circular.measure, circular.deadline, circular.served, circular.met) == (
        "circular",
        date(2025, 5, 1),
        date(2025, 3, 20),
        None,
    )
    assert (circular.months, circular.decision, circular.stands) == (6, 1, True)
    assert (circular.instead, circular.appeal, circular.corrected) == ("", "", None)
    assert (other.stands, other.instead, other.appeal, other.corrected) == (
        False,
        "y",
        "A1",
        date(2025, 3, 22),
    )
    assert (admonition.met, admonition.served, admonition.deadline, admonition.months) == (
        True,
        None,
        None,
        0,
    )


@pytest.mark.parametrize(("value", "months"), [(6, 6), (0, 0), (True, 0), ("6", 0), (None, 0)])
def test_months_are_a_number_that_the_decision_states(value: Any, months: int) -> None:
    assert queries.months_of({"months": value}) == months
    assert queries.months_of({}) == 0


@pytest.mark.parametrize(
    ("data", "gravity"),
    [
        ({}, Gravity(False, NEITHER, NEITHER, "因")),
        ({"light": True}, Gravity(True, NEITHER, NEITHER, "因")),
        ({"harm": "serious", "influence": "especially"}, Gravity(False, SERIOUS, ESPECIALLY, "因")),
        ({"harm": "", "influence": "none"}, Gravity(False, NEITHER, NEITHER, "因")),
    ],
)
def test_the_gravity_a_decision_states(data: dict[str, Any], gravity: Gravity) -> None:
    assert queries.gravity_of(data, "因") == gravity


def test_earlier_measures_are_grounds_of_the_ladder_while_they_stand(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def one(name: str, *, stands: bool = True, deadline: date | None = TODAY) -> Any:
        return SimpleNamespace(
            measure=name, stands=stands, decided=TODAY, deadline=deadline, met=False
        )

    known = [
        one("circular"),
        one("admonition", deadline=None),
        one("circular", stands=False),
        one("warning"),
    ]
    monkeypatch.setattr(queries, "measures_in", lambda _file: known)
    found = queries.earlier_of(read(), RULES)
    assert [(ground.rung, bool(ground.goal), ground.deadline) for ground in found] == [
        ("low", True, TODAY),
        ("high", False, None),
    ]


# --- how the law core is asked --------------------------------------------------------------------
def step(texts: Any = None, **fields: Any) -> Step:
    return Step(act="decide", fields=fields, texts=texts or {})


def test_measures_are_put_to_the_law_with_their_deeds_and_kinds() -> None:
    asked = step(measures=("a", "b"), deeds=("a=bribe", "c"), entered_as=("b=minor=x",), months=6)
    found = [astuple(one) for one in law_question._chosen(asked, "")]
    assert found == [
        ("a", "bribe", "", "", "", "", 6, None),
        ("b", "", "minor=x", "", "", "", 6, None),
    ]
    assert list(law_question._chosen(step(measures="a"), "")) == []
    assert list(law_question._chosen(step(), "")) == []


@pytest.mark.parametrize(
    ("takes_post", "removes"), [("yes", True), ("no", False), ("", None), (True, None)]
)
def test_another_measure_is_put_to_the_law_with_its_words_reasons_and_approval(
    takes_post: Any, *, removes: bool | None
) -> None:
    asked = step(
        {"other_reasons": "因"},
        measures=("a",),
        other_measure="责令检查",
        other_takes_post=takes_post,
    )
    found = [astuple(one) for one in law_question._chosen(asked, "A2")]
    assert found == [("a", "", "", "责令检查", "因", "A2", 0, removes)]


@pytest.mark.parametrize(
    ("fields", "cancelled"),
    [
        ({"year": 2025, "area": 1, "unit": 3}, [("area", 2025), ("unit", 2025)]),
        ({"year": True, "area": 1}, []),
        ({"year": "2025", "area": 1}, []),
        ({"area": 1}, []),
        ({"year": 2025, "area": "x"}, []),
        ({"year": 2025}, []),
    ],
)
def test_honours_are_cancelled_of_organs_and_a_year(
    fields: dict[str, Any], cancelled: list[Any]
) -> None:
    assert list(law_question._honours(step(**fields))) == cancelled


def test_honours_left_out_say_why_and_are_not_cancelled() -> None:
    texts = {"area_left_out": "因", "department_left_out": " ", "unit_left_out": "因"}
    assert list(law_question._left_out(step(texts, unit=3))) == [("area", "因")]


@pytest.mark.parametrize(
    ("fields", "transferred", "suspected"),
    [
        ({}, [], False),
        ({"crime_suspected": True}, [], True),
        ({"crime_suspected": "true"}, [], False),
        ({}, [row(1, "hand_over_crime", matter="crime")], True),
        ({}, [row(1, "hand_over_crime", matter="discipline")], False),
    ],
)
def test_a_crime_is_suspected_by_the_step_or_was_handed_over(
    fields: dict[str, Any], transferred: list[Any], *, suspected: bool
) -> None:
    assert (
        law_question._crime_suspected(step(**fields), account_file(transferred=transferred))
        is suspected
    )


class _Authority:
    def __init__(self, *managers: Any, left: bool = False) -> None:
        self.managers = [(one, None) for one in managers]
        self.left, self.unknown = left, ()

    def includes(self, pk: int) -> bool:
        return any(one.pk == pk for one, _ in self.managers)


MINE, OTHER = SimpleNamespace(pk=HERE, name_zh="本委"), SimpleNamespace(pk=THERE, name_zh="他委")


@pytest.mark.parametrize(
    ("organ", "managers", "named"),
    [
        (MINE, (OTHER, MINE), "本委"),
        (MINE, (OTHER,), "他委"),
        (None, (OTHER, MINE), "他委、本委"),
        (MINE, (), law_question.NOT_REGISTERED),
    ],
)
def test_who_manages_a_person_is_the_own_organ_where_it_is_among_them(
    organ: Any, managers: Any, named: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(law_question, "Official", table("王"))
    monkeypatch.setattr(law_question, "authority_over", lambda *_: _Authority(*managers))
    assert law_question._managed_by(account_file(), organ, TODAY) == named
    monkeypatch.setattr(law_question, "Organ", table("局"))
    manager = managers[0] if managers else None
    monkeypatch.setattr(law_question, "manager_of_organ", lambda *_: manager)
    of_organ = law_question._managed_by(account_file(official=None, organ=HERE), organ, TODAY)
    assert of_organ == (manager.name_zh if manager else law_question.NOT_REGISTERED)


@pytest.mark.parametrize("left", [True, False])
@pytest.mark.parametrize(
    ("fields", "retired", "elected", "removed"),
    [
        ({}, False, False, False),
        ({"retired": True}, True, False, False),
        ({"elected": True, "removed_by_law": True}, False, True, True),
        ({"retired": "true", "elected": 1, "removed_by_law": "x"}, False, False, False),
    ],
)
def test_a_person_is_put_to_the_law_as_they_stand(
    fields: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
    *,
    retired: bool,
    elected: bool,
    removed: bool,
    left: bool,
) -> None:
    monkeypatch.setattr(law_question, "Official", table("王"))
    monkeypatch.setattr(law_question, "authority_over", lambda *_: _Authority(left=left))
    found = law_question._subject(step(**fields), account_file(), TODAY)
    assert (found.retired, found.elected, found.removed_by_law) == (
        retired or left,
        elected,
        removed,
    )


@pytest.mark.parametrize(
    ("members", "organ", "refused"),
    [
        (("A1", "A2"), HERE, ""),
        (("A1", "A9"), HERE, "not-a-member"),
        ((), HERE, ""),
        (None, HERE, ""),
        (("A9",), None, ""),  # a person is held to account with nobody
    ],
)
def test_members_held_to_account_belong_to_the_leading_body(
    members: Any, organ: int | None, refused: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = [SimpleNamespace(official=SimpleNamespace(code=one)) for one in ("A1", "A2")]
    monkeypatch.setattr(law_question, "Organ", table("局"))
    monkeypatch.setattr(law_question, "led_on", lambda *_: body)
    fields = {} if members is None else {"members": members}
    one = account_file(official=None if organ else WANG, organ=organ)
    assert code(lambda: law_question._members(step(**fields), one, TODAY)) == refused
