"""Which links, acts and people a step follows, by name: tables and the door are invented."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from dengwen.law.duties.step import PartyEntry, Step
from dengwen.petitions import effects, linked_case_effects, own_matter
from dengwen.petitions.errors import PetitionError
from dengwen.petitions.intake import accused, agents, groups, inheritance
from dengwen.petitions.intake.member_list import people_of, read_roster
from tests.invented_rows import table

DAY = timedelta(days=1)
TODAY = date(2025, 3, 18)
NOW = datetime(2025, 3, 18, 2, tzinfo=UTC)
NOTHING: Any = None
FACTS: Any = SimpleNamespace(
    case_id=1, act_id=2, act_uid="u", day=TODAY, organ=3, case="N", actor=6, recorded_at=NOW
)


def given(**what: Any) -> Any:
    return SimpleNamespace(**what)


# --- the own matter -------------------------------------------------------------------------------
@pytest.mark.parametrize(("found", "comes_from"), [((7, 8), 7), ((), 0)])
def test_a_code_opens_what_came_from_its_matter_by_any_of_five_links(
    found: tuple[int, ...], comes_from: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    links = table(*found)
    monkeypatch.setattr(own_matter, "CaseLink", links)
    assert own_matter._comes_from(5) == comes_from
    assert set(links.objects.asked["kind__in"]) == {
        *("reviews", "rechecks", "split_from", "anew_after", "new_facts_after")
    }


def test_review_recheck_and_withdrawal_are_the_petitioners_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    names = ("request_review", "request_recheck", "withdraw", "sign")
    kind = given(acts={name: name for name in names}, states={})
    monkeypatch.setattr(own_matter, "_own_step", lambda _kind, rule, *_: rule)
    book: Any = given(kind=lambda _name: kind)
    view: Any = given(state="accepted")
    case: Any = given(kind="petition")
    found: Any = own_matter._steps(case, view, book, TODAY)
    assert found == names[:3]


@pytest.mark.parametrize(
    ("addresses", "data", "organ", "named"),
    [
        ("to", {"to": 4}, 3, {3, 4}),
        ("to", {"to": 4}, None, {4}),
        ("to", {"to": "YJ04"}, 3, {3}),  # what is no organ of the register
        ("to", {}, 3, {3}),
        ("", {"": 4}, 3, {3}),  # an act that addresses nobody
        ("to", {}, None, set()),
    ],
)
def test_organs_that_act_or_are_addressed_are_named(
    addresses: str,
    data: dict[str, Any],
    organ: int | None,
    named: set[int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows = table()
    monkeypatch.setattr(own_matter, "Organ", rows)
    one: Any = given(
        record=given(data=data), rule=given(addresses=addresses), row=given(organ_id=organ)
    )
    followed = own_matter.Followed(
        NOTHING, NOTHING, NOTHING, neutral=False, served=False, since=TODAY, happened=(one,)
    )
    assert followed.organs() == {}
    assert rows.objects.asked["pk__in"] == named


# --- mandates -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("fields", "days"),
    [
        ({"agent_from": TODAY - DAY}, (TODAY - DAY, None)),
        ({"agent_from": "", "agent_until": ""}, (TODAY, None)),  # blank days are none
        ({"agent_until": TODAY + DAY}, (TODAY, TODAY + DAY)),
    ],
)
def test_a_mandate_stands_from_the_day_it_names(
    fields: dict[str, Any], days: tuple[Any, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    party = table()
    monkeypatch.setattr(agents, "Party", party)
    monkeypatch.setattr(agents, "_agent_row", lambda *_: given(pk=7))
    agents.agent_named(Step(act="name_agent", fields={"stands_as": "agent", **fields}), FACTS)
    assert (party.objects.made[0]["since"], party.objects.made[0]["until"]) == days


def test_agent_guardian_and_heir_cease_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    party = table()
    monkeypatch.setattr(agents, "Party", party)
    agents.agent_ended(Step(act="end_agent"), FACTS)
    assert set(party.objects.asked["role__in"]) == {"agent", "guardian", "heir"}


@pytest.mark.parametrize(("rows", "texts"), [((), {}), ((given(act="act"),), {"agent": "赵示例"})])
def test_the_name_of_an_agent_goes_along_where_it_is_known(
    rows: tuple[Any, ...], texts: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(agents, "Content", table(*rows))
    monkeypatch.setattr(agents, "as_system", lambda *_: {"agent": "赵示例"})
    act = given(act="name_agent", id=8, data={"stands_as": "agent"})
    call: Any = given(
        view_of_case=lambda _case: given(facts={"represented": "true"}),
        acts_of=lambda _case: [act],
    )
    step = agents.carried_agent(NOTHING, NOW, 6, 3, call)
    assert step is not None
    assert (step.fields, step.texts) == ({"stands_as": "agent"}, texts)


# --- what is carried on ---------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("link", "persons", "counted"),
    [
        ("", 40, 40),
        ("repeats", 40, 40),
        ("split_from", 40, None),  # they came once, for the matter it comes from
        ("new_facts_after", 40, None),
        ("", "四十", None),  # no number
    ],
)
def test_people_who_came_once_are_counted_once(
    link: str, persons: Any, counted: int | None
) -> None:
    fields: Any = {"visit_kind": "group", "channel": "visit", "persons": persons}
    links = ((link, "N1"),) if link else ()
    assert groups._group_visit(Step(act="register", fields=fields, links=links)) == counted


@pytest.mark.parametrize(
    ("section", "carried"),
    [("how", True), ("who", True), ("visit", True), ("where", True), ("what", False)],
)
def test_of_a_registration_how_who_and_where_go_along(
    section: str, monkeypatch: pytest.MonkeyPatch, *, carried: bool
) -> None:
    declared = given(name="x", fact=True, section=section)
    monkeypatch.setattr(inheritance, "_rule", lambda *_: NOTHING)
    monkeypatch.setattr(inheritance, "placed", lambda _rule: [declared])
    monkeypatch.setattr(inheritance, "value_of", lambda _declared, text: text)
    view: Any = given(facts={"x": "said"})
    found = inheritance.carried_facts(NOTHING, view, NOW)
    assert found == ({"x": "said"} if carried else {})


def test_who_asks_is_told_by_three_acts(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = table()
    monkeypatch.setattr(inheritance, "Content", rows)
    assert inheritance.identity_in(NOTHING, ("petitioner",)) == {}
    assert set(rows.objects.asked["act__act__in"]) == {"register", "take_up_anew", "add_contact"}


@pytest.mark.parametrize(("actor", "asked"), [(6, 6), (None, 0)])
def test_the_log_of_a_reading_names_whose_step_it_was(
    actor: int | None, asked: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    users = table()
    monkeypatch.setattr(inheritance, "User", users)
    monkeypatch.setattr(inheritance, "open_logged", lambda opening, _read: opening.user)
    case: Any = given(number="N")
    inheritance.as_system(case, ("asks",), "D3", NOW, actor, 3, lambda: NOTHING)
    assert users.objects.asked["pk"] == asked


# --- linked cases ---------------------------------------------------------------------------------
def test_without_a_holder_nobody_is_the_next_higher_organ() -> None:
    case: Any = given(holder_id=None, number="N")
    with pytest.raises(LookupError, match="no holder"):
        linked_case_effects._superior(case, "review", FACTS)


def test_a_recheck_goes_back_through_its_review(monkeypatch: pytest.MonkeyPatch) -> None:
    links = {3: given(other=given(pk=2)), 2: given(other=given(pk=1))}
    monkeypatch.setattr(linked_case_effects, "_reviewed", links.get)
    recheck: Any = given(pk=3)
    assert linked_case_effects._root(recheck).pk == 1


@pytest.mark.parametrize(
    ("petition", "channel"), [(None, "letter"), (given(channel="phone"), "phone")]
)
def test_new_facts_come_the_way_the_old_matter_came(
    petition: Any, channel: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(linked_case_effects, "Petition", table(*filter(None, [petition])))
    monkeypatch.setattr(linked_case_effects, "carried_facts", lambda *_: {})
    monkeypatch.setattr(
        linked_case_effects, "call_of", lambda _facts: given(view_of_case=lambda _case: NOTHING)
    )
    monkeypatch.setattr(linked_case_effects, "_office", lambda _organ: "organ")
    found = linked_case_effects._fields_on_new_facts(NOTHING, FACTS)
    assert (found["channel"], found["office"]) == (channel, "organ")


@pytest.mark.parametrize(("rows", "said"), [((), "organ"), ((1,), "petition_office")])
def test_who_registers_is_a_petition_office_or_another_organ(
    rows: tuple[int, ...], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    organs = table(*rows)
    monkeypatch.setattr(linked_case_effects, "Organ", organs)
    assert linked_case_effects._office(5) == said
    assert organs.objects.asked["pk"] == 5


@pytest.mark.parametrize(("in_call", "case"), [("this one", "this one"), (None, "the row")])
@pytest.mark.parametrize("agent", [None, Step(act="name_agent")])
def test_a_matter_on_new_facts_takes_the_agent_along(
    in_call: str | None, case: str, agent: Step | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: Any = []

    def fields(asked: Any, _facts: Any) -> Any:
        seen.append(asked)
        return {}

    number = {"this one": given(number="this one"), "the row": given(number="the row")}
    module = linked_case_effects
    monkeypatch.setattr(module, "call_of", lambda _: given(
        case_numbered=lambda _number: number[in_call] if in_call else None))  # fmt: skip
    monkeypatch.setattr(module, "Case", table(number["the row"]))
    monkeypatch.setattr(module, "_fields_on_new_facts", fields)
    monkeypatch.setattr(module, "_walled", lambda _case: ())
    monkeypatch.setattr(module, "carried_agent", lambda *_: agent)
    monkeypatch.setattr(module, "carried_identity", lambda *_: {})
    steps = module.new_matter(Step(act="new_facts", texts={"what_is_new": "新的\n详情"}), FACTS)
    assert [one.number for one in seen] == [case]
    assert [step.act for step in steps] == ["register", *(["name_agent"] if agent else [])]
    assert steps[0].links == (("new_facts_after", case),)


# --- accusations ----------------------------------------------------------------------------------
def test_the_accused_are_looked_for_in_the_texts_of_the_matter(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows, users = table(), table()
    monkeypatch.setattr(accused, "Content", rows)
    monkeypatch.setattr(accused, "User", users)
    monkeypatch.setattr(accused, "open_logged", lambda *_: "")
    assert accused._text(NOTHING, FACTS) == ""
    assert (set(rows.objects.asked["data_class__in"]), users.objects.asked["pk"]) == (
        {"D3", "D4"},
        FACTS.actor,
    )


def test_an_empty_text_names_nobody_and_is_not_searched(monkeypatch: pytest.MonkeyPatch) -> None:
    def named_in(text: str, _day: date) -> Any:
        assert text
        return given(officials=(4,), organs=())

    monkeypatch.setattr(accused, "named_in", named_in)
    monkeypatch.setattr(accused, "led_by", lambda *_: set())
    unknown = (PartyEntry(role="accused_person"),)
    side: Any = {"officials": (), "organs": (), "office": 3, "day": TODAY}
    assert accused.accused_side("", **side) == unknown
    assert accused.accused_side("示例", **side) == (PartyEntry(role="accused_person", official=4),)


@pytest.mark.parametrize(("accused_units", "refused"), [((), False), ((5,), True), ((9,), False)])
def test_where_nobody_is_accused_nobody_is_asked_who_stands_above(
    accused_units: tuple[int, ...], monkeypatch: pytest.MonkeyPatch, *, refused: bool
) -> None:
    asked: Any = []

    def viewer(organ: int, _day: date) -> Any:
        asked.append(organ)
        return given(walled_organs={5})

    monkeypatch.setattr(accused, "Party", table(*accused_units))
    monkeypatch.setattr(accused, "viewer_of_organ", viewer)
    step = Step(act="transfer", fields={"to": 5})
    if refused:
        with pytest.raises(PetitionError):
            accused.not_to_them(step, FACTS)
    else:
        accused.not_to_them(step, FACTS)
    assert bool(asked) == bool(accused_units)


def test_a_request_that_accuses_makes_a_matter_suspected(monkeypatch: pytest.MonkeyPatch) -> None:
    requests = table()
    monkeypatch.setattr(accused, "call_of", lambda _facts: NOTHING)
    monkeypatch.setattr(accused, "Case", table(NOTHING))
    monkeypatch.setattr(accused, "Party", table())
    monkeypatch.setattr(accused, "Request", requests)
    assert accused.classed_before(Step(act="forward"), FACTS) == ()
    assert requests.objects.asked["class_code"] == "accusation"


@pytest.mark.parametrize(
    ("phone", "index"), [("", ""), ("  ", ""), ("13800000000", "phone 13800000000")]
)
def test_without_a_telephone_none_is_indexed(
    phone: str, index: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: Any = []
    monkeypatch.setattr(effects, "key_ring", lambda: NOTHING)
    monkeypatch.setattr(effects, "blind_index", lambda _ring, kind, text: f"{kind} {text}")
    monkeypatch.setattr(effects, "call_of", lambda _facts: given(unit=given(add=kept.append)))
    effects.keep_petitioner(
        Step(act="register", texts={"petitioner": "王示例", "phone": phone}), FACTS
    )
    assert [(one.name_index, one.phone_index) for one in kept] == [("name 王示例", index)]


# --- people who come together ---------------------------------------------------------------------
def test_a_limit_of_visits_is_read_under_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: Any = []

    def setting(name: str, *_: Any) -> Any:
        asked.append(name)

    monkeypatch.setattr(groups, "setting", setting)
    fields: Any = {"visit_kind": "group", "channel": "visit", "persons": 40}
    assert groups.incident_of(Step(act="register", fields=fields), FACTS) == ()
    assert asked == ["visit.size_limit"]


@pytest.mark.parametrize("protected", [True, False])
def test_members_of_an_accusation_are_not_indexed(
    monkeypatch: pytest.MonkeyPatch, *, protected: bool
) -> None:
    members = table()
    monkeypatch.setattr(groups, "Member", members)
    monkeypatch.setattr(groups, "Case", table(protected))
    monkeypatch.setattr(groups, "_row", lambda _who, place, _facts, indexed: (place, indexed))
    fields: Any = {"first": 1, "count": 2}
    step = Step(act="enter_members", fields=fields, texts={"members": "王示例\n\n \n李示例"})
    groups.members_entered(step, FACTS)
    assert members.objects.made == [(1, not protected), (2, not protected)]


def test_a_stored_list_has_no_empty_people() -> None:
    assert [one.name for one in people_of("王示例\t138\n \n\n李示例")] == ["王示例", "李示例"]


@pytest.mark.parametrize("heading", ["姓名", "name", "Name", "NAME"])
def test_the_heading_of_a_list_is_nobody(heading: str) -> None:
    roster = read_roster(f"{heading},phone\n王示例,13800000000\n")
    assert [one.name for one in roster.people] == ["王示例"]
    assert roster.errors == ()
