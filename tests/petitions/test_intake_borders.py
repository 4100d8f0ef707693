"""Where a matter comes in: mandates by day, lists by place, visits by number, days in a text."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from dengwen.law.duties.step import Step
from dengwen.petitions import effects as petition_effects
from dengwen.petitions.errors import PetitionError
from dengwen.petitions.intake import (
    accused,
    agents,
    groups,
    inheritance,
    intake,
    lookalikes,
    member_list,
)
from dengwen.petitions.intake.lookalikes import Pieces
from tests.invented_rows import table

DAY = timedelta(days=1)
TODAY = date(2025, 3, 18)
FACTS: Any = SimpleNamespace(case_id=1, act_id=2, day=TODAY, organ=3, case="N")


# --- mandates -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("begins", "ends", "stands"),
    [
        (TODAY, TODAY, True),  # a mandate of one day
        (TODAY, TODAY - DAY, False),
        (TODAY, TODAY + DAY, True),
        (TODAY, None, True),
        (None, TODAY, True),  # from the day of the act
        (None, TODAY - DAY, False),
    ],
)
def test_a_mandate_does_not_end_before_it_begins(
    begins: date | None, ends: date | None, monkeypatch: pytest.MonkeyPatch, *, stands: bool
) -> None:
    party = table()
    monkeypatch.setattr(agents, "Party", party)
    monkeypatch.setattr(agents, "_agent_row", lambda *_: SimpleNamespace(pk=7))
    fields: Any = {"stands_as": "agent", "agent_from": begins, "agent_until": ends}
    step = Step(act="name_agent", fields=fields)
    if not stands:
        with pytest.raises(PetitionError) as refused:
            agents.agent_named(step, FACTS)
        assert refused.value.where == "agent_until"
        assert party.objects.made == []
        return
    agents.agent_named(step, FACTS)
    [made] = party.objects.made
    assert (made["since"], made["until"]) == (begins or TODAY, ends)


@pytest.mark.parametrize(
    ("until", "ended_on", "ends"),
    [
        (None, TODAY, TODAY),
        (None, None, TODAY),
        (TODAY + DAY, TODAY, TODAY),
        (TODAY - DAY, TODAY, TODAY - DAY),  # it had ended before
        (TODAY, TODAY, TODAY),  # on that very day: nothing is written anew
        (None, TODAY - 9 * DAY, TODAY - 9 * DAY),  # on its very first day
        (None, TODAY - 10 * DAY, None),
    ],
)
def test_a_mandate_ends_once_and_never_before_its_first_day(
    until: date | None, ended_on: date | None, ends: date | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved: list[Any] = []
    newest = SimpleNamespace(
        since=TODAY - 9 * DAY, until=until, save=lambda **what: saved.append(what["update_fields"])
    )
    monkeypatch.setattr(agents, "Party", table(newest))
    fields: Any = {"ended_on": ended_on} if ended_on else {}
    step = Step(act="end_agent", fields=fields)
    if ends is None:
        with pytest.raises(PetitionError, match="早于"):
            agents.agent_ended(step, FACTS)
        assert saved == []
        return
    agents.agent_ended(step, FACTS)
    assert newest.until == ends
    assert saved == ([["until"]] if ends != until else [])


def test_where_nobody_stands_nothing_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(agents, "Party", table())
    assert agents.agent_ended(Step(act="end_agent"), FACTS) == ()


# --- people who come together ---------------------------------------------------------------------
@pytest.mark.parametrize(
    ("first", "count", "taken"),
    [(3, 2, True), (2, 2, False), (4, 2, False), (3, 1, False), (3, 3, False), (None, None, False)],
)
def test_a_list_goes_on_where_it_stopped(
    first: int | None, count: int | None, monkeypatch: pytest.MonkeyPatch, *, taken: bool
) -> None:
    members = table("one", "two")
    monkeypatch.setattr(groups, "Member", members)
    monkeypatch.setattr(groups, "Case", table(False))
    monkeypatch.setattr(groups, "people_of", lambda _text: ["王", "李"])
    monkeypatch.setattr(groups, "_row", lambda person, place, *_, **__: (person, place))
    fields: Any = {"first": first, "count": count}
    step = Step(act="enter_members", fields=fields)
    if not taken:
        with pytest.raises(PetitionError, match="序号接不上"):
            groups.members_entered(step, FACTS)
        assert members.objects.made == []
        return
    groups.members_entered(step, FACTS)
    assert members.objects.made == [("王", 3), ("李", 4)]


@pytest.mark.parametrize(
    ("persons", "limit", "opens"),
    [
        (6, "5", True),
        (5, "5", False),
        (4, "5", False),
        (500, None, False),
        (500, "many", False),
        (None, "5", False),
    ],
)
def test_an_incident_opens_above_the_local_limit_and_without_one_never(
    persons: int | None, limit: str | None, monkeypatch: pytest.MonkeyPatch, *, opens: bool
) -> None:
    found = SimpleNamespace(value=limit) if limit is not None else None
    monkeypatch.setattr(groups, "setting", lambda *_: found)
    monkeypatch.setattr(groups, "_group_visit", lambda _step: persons)
    monkeypatch.setattr(groups, "_incident_fields", lambda *_: {})
    steps = groups.incident_of(Step(act="register"), FACTS)
    assert [(step.act, step.kind) for step in steps] == ([("open", "incident")] if opens else [])


# --- who a petitioner is --------------------------------------------------------------------------
def test_only_what_was_asked_for_and_said_is_read_of_an_identity(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    texts = [
        {"petitioner": "王示例", "phone": "1", "note": "别的"},
        {"petitioner": "", "phone": "2"},  # an empty word takes nothing back
    ]
    monkeypatch.setattr(inheritance, "Content", table(*texts))
    monkeypatch.setattr(inheritance, "open_package", lambda row: row)
    case: Any = None
    found = inheritance.identity_in(case, ("petitioner", "phone"))
    assert found == {"petitioner": "王示例", "phone": "2"}


# --- look-alikes ----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("1月1日", 1),
        ("12月31日", 1),
        ("0月1日", 0),
        ("13月1日", 0),
        ("1月0日", 0),
        ("1月32日", 0),
        ("1月1日和2月1日", 2),
        ("没有日子", 0),
    ],
)
def test_a_text_names_days_of_the_calendar_alone(
    text: str, days: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lookalikes, "_secrets", lambda _ring: (3, 5, 7, 11))
    ring: Any = None
    monkeypatch.setattr(lookalikes, "_PRIME", 2**61 - 1)
    monkeypatch.setattr(lookalikes, "_DIGEST_BITS", 61)
    assert len(lookalikes._days(text, ring)) == days


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        # both whole: all counts
        (Pieces(3, (1, 2, 9), ()), Pieces(3, (1, 2, 8), ()), 2 / 3),
        # one cut off at 5: what lies above says nothing of the other
        (Pieces(9, (1, 5), ()), Pieces(4, (1, 5, 7, 8), ()), 1.0),
        (Pieces(4, (1, 5, 7, 8), ()), Pieces(9, (1, 5), ()), 1.0),
        # the very last kept digest is known of both
        (Pieces(9, (1, 5), ()), Pieces(3, (2, 5, 6), ()), 1 / 2),
        (Pieces(9, (1, 5), ()), Pieces(3, (1, 4, 6), ()), 1 / 2),
        # both cut off: the smaller of the two ends
        (Pieces(9, (1, 5), ()), Pieces(9, (1, 7), ()), 1.0),
        (Pieces(9, (1, 5), ()), Pieces(9, (2, 3, 5, 9), ()), 1 / 2),
        (Pieces(0, (), ()), Pieces(9, (1, 5), ()), 0.0),
        (Pieces(9, (6,), ()), Pieces(9, (7, 8), ()), 0.0),
    ],
)
def test_likeness_is_counted_where_both_sketches_are_whole(
    one: Pieces, other: Pieces, alike: float
) -> None:
    assert lookalikes.containment(one, other) == pytest.approx(alike)
    assert lookalikes.containment(other, one) == pytest.approx(alike)


# --- what goes with an accusation -----------------------------------------------------------------
def accusing(*roles: str) -> Step:
    parties: Any = [SimpleNamespace(role=role) for role in roles]
    texts = {"subject": "反映", "content": "屋顶漏水多年无人修理"}
    fields: Any = {"channel": "letter", "outside_no": "X1", "outside_source": "局"}
    return Step(act="register", parties=parties, texts=texts, fields=fields)


@pytest.mark.parametrize(
    ("roles", "kept"),
    [
        ((), True),
        (("agent",), True),
        (("accused_unit",), False),
        (("agent", "accused_person"), False),
    ],
)
def test_an_accusation_keeps_no_outside_number_and_enters_no_index(
    roles: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, *, kept: bool
) -> None:
    row = petition_effects._petition(accusing(*roles), FACTS, TODAY)
    assert (row.outside_index, row.outside_source) == (("X1", "局") if kept else ("", ""))
    looked: list[str] = []
    monkeypatch.setattr(lookalikes, "key_ring", lambda: None)

    def pieces_of(text: str, _ring: Any) -> Pieces:
        looked.append(text)
        return Pieces(0, (), ())

    monkeypatch.setattr(lookalikes, "pieces_of", pieces_of)
    lookalikes.enter(accusing(*roles), FACTS, TODAY)
    assert bool(looked) is kept


@pytest.mark.parametrize(
    ("proposed", "asked"), [("accusation", True), ("claim", False), ("", False)]
)
def test_only_what_is_proposed_as_an_accusation_has_an_accused_side(
    proposed: str, monkeypatch: pytest.MonkeyPatch, *, asked: bool
) -> None:
    monkeypatch.setattr(intake, "accused_side", lambda *_, **__: ("side",))
    handed: Any = SimpleNamespace(
        proposed_class=proposed,
        text=lambda _name: "",
        requests=(),
        accused_officials=(),
        accused_organs=(),
    )
    office: Any = SimpleNamespace(pk=3)
    side: Any = intake.accused_parties(handed, office, TODAY)
    assert side == (("side",) if asked else ())


@pytest.mark.parametrize(
    ("there", "entries", "made"),
    [
        ([], [("accused_person", None, 11)], 1),
        ([("accused_person", None, 11)], [("accused_person", None, 11)], 0),
        ([("accused_person", None, 11)], [("accused_person", None, 12)], 1),
        ([("accused_unit", 11, None)], [("accused_person", None, 11)], 1),
        ([("accused_unit", 1, None)], [("accused_unit", None, None)], 0),  # somebody stands there
        ([], [("accused_unit", None, None)], 1),
    ],
)
def test_an_accused_is_entered_once(
    there: list[Any], entries: list[Any], made: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = table(*there)
    written: list[Any] = []

    class Party(SimpleNamespace):
        objects = rows.objects

    monkeypatch.setattr(accused, "Party", Party)
    monkeypatch.setattr(rows.objects, "bulk_create", written.extend)
    case: Any = None
    asked: Any = [
        SimpleNamespace(role=role, organ=organ, official=official)
        for role, organ, official in entries
    ]
    accused.enter(case, asked, FACTS)
    assert len(written) == made


# --- what the pack declares -----------------------------------------------------------------------
def declared(name: str, data_class: str, type_: str = "text") -> Any:
    return SimpleNamespace(name=name, data_class=data_class, type=type_, asked_at=("desk",))


def test_identity_and_content_are_the_texts_of_their_class(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fields = (
        declared("petitioner", "D2"),
        declared("content", "D3"),
        declared("age", "D2", "number"),
        declared("subject", "D3"),
        declared("papers", "D3", "files"),
    )
    rule: Any = SimpleNamespace(fields=fields, one_of=())
    monkeypatch.setattr(inheritance, "_rule", lambda *_: rule)
    case: Any = None
    now: Any = None
    assert inheritance.identity_names(case, "register", now) == ("petitioner",)
    assert intake.content_names(rule) == ("content", "subject")


def test_a_visit_counts_people_once_in_a_chain_of_matters() -> None:
    fields: Any = {"visit_kind": "group", "channel": "visit", "persons": 6}
    carried = min(inheritance.CARRIED_ON)

    def visit(*links: str, **more: Any) -> int | None:
        step = Step(
            act="register",
            fields={**fields, **more},
            links=tuple((kind, "N") for kind in links),
        )
        return groups._group_visit(step)

    assert visit() == 6
    assert visit("repeats") == 6
    assert visit(carried) is None
    assert visit("repeats", carried) is None
    assert visit(channel="letter") is None
    assert visit(visit_kind="single") is None


def test_whoever_was_named_last_stands_in_a_carried_matter_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(agents, "Content", table())
    acts = [
        SimpleNamespace(id=n, act=name, data={"n": n})
        for n, name in enumerate(("register", "name_agent", "name_agent", "forward"))
    ]

    def carried(represented: str) -> Step | None:
        view = SimpleNamespace(facts={"represented": represented})
        call: Any = SimpleNamespace(view_of_case=lambda _case: view, acts_of=lambda _case: acts)
        case: Any = None
        now: Any = None
        return agents.carried_agent(case, now, None, 3, call)

    step = carried("true")
    assert step is not None
    assert step.fields == {"n": 2}
    assert carried("false") is None


# --- lists ----------------------------------------------------------------------------------------
def test_a_list_has_at_most_so_many_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(member_list, "MOST_ROWS", 2)
    assert member_list.read_roster("王一\n李二").errors == ()
    assert len(member_list.read_roster("王一\n李二\n赵三").errors) == 1


@pytest.mark.parametrize(
    ("name", "address", "taken"),
    [
        (60, 200, True),
        (61, 1, False),
        (1, 201, False),
        (1, 0, True),
    ],
)
def test_a_name_and_an_address_are_as_long_as_they_may_be(
    name: int, address: int, *, taken: bool
) -> None:
    person = member_list.Person("王" * name, "", "路" * address)
    assert (member_list._wrong(1, person, {}) is None) is taken
