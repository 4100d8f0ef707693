"""What follows from what was handed in: who receives it, what a registration says, what opens."""

from __future__ import annotations

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from dengwen.cases.models import Case
from dengwen.law.duties.step import Facts, Step
from dengwen.petitions import linked_case_effects
from dengwen.petitions.errors import PetitionError
from dengwen.petitions.intake import accused, agents, groups, intake, online_submission
from dengwen.petitions.intake.classification import sorting_steps
from dengwen.petitions.intake.intake import HandedIn
from dengwen.petitions.intake.member_list import Person
from tests.invented_rows import Rows, table

TODAY = date(2025, 3, 18)
NOW = datetime(2025, 3, 18, 4, tzinfo=UTC)
HERE, THERE = 1, 2
WANG, LI = 11, 12
FACTS = Facts(
    act_id=6, act_uid="u", case_id=5, case="N5", organ=HERE, actor=1, day=TODAY, recorded_at=NOW
)
ANY: Any = None


# --- online ---------------------------------------------------------------------------------------
def office(code: str, level: str, *, there: bool = True) -> Any:
    return SimpleNamespace(code=code, level=level, holds_on=lambda _day: there)


def receiving(patch: pytest.MonkeyPatch, *offices: Any, chosen: str = "") -> str:
    row = SimpleNamespace(value=chosen) if chosen else None
    patch.setattr(online_submission, "_OFFICES", SimpleNamespace(rows=lambda *_: offices))
    setting = SimpleNamespace(on=lambda *_: row)
    patch.setattr(online_submission, "rulebooks", SimpleNamespace(every_setting=lambda: setting))
    found = online_submission.receiving_office(TODAY)
    return found.code if found is not None else ""


def test_the_lowest_office_receives_unless_another_is_set_that_is_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    levels = ["other", "national", "province", "prefecture", "county", "township"]
    offices = [office(f"XF{n}", level) for n, level in enumerate(levels)]
    for n in range(len(levels)):
        assert receiving(monkeypatch, *offices[: n + 1]) == f"XF{n}"
    assert receiving(monkeypatch, *offices, chosen="XF2") == "XF2"
    assert receiving(monkeypatch, *offices, chosen="XF9") == "XF5"
    closed = office("XF7", "township", there=False)
    assert receiving(monkeypatch, offices[1], closed) == "XF1"
    assert receiving(monkeypatch, offices[1], closed, chosen="XF7") == "XF1"
    assert receiving(monkeypatch) == ""


def test_a_form_is_known_by_a_token_of_its_length_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    token = online_submission.new_token()
    assert len(token) == 32
    for text, known in ((token, True), (token[1:], False), (token + token[0], False), ("", False)):
        assert online_submission.is_token(text) == known
    asked: list[str] = []
    earlier = SimpleNamespace(case="N5")
    answers: list[Any] = [earlier, None]

    def stored(uid: str) -> Any:
        asked.append(uid)
        return answers.pop(0)

    monkeypatch.setattr(online_submission, "stored", stored)
    monkeypatch.setattr(online_submission, "code_of", lambda _token: "code")
    found = online_submission.submitted(token)
    assert found is not None
    assert (found.number, found.code) == ("N5", "code")
    assert online_submission.submitted(token) is None
    assert online_submission.submitted("no token") is None
    assert len(asked) == 2
    with pytest.raises(ValueError, match="not one of ours"):
        online_submission.submit(HandedIn(), token="no token", office=ANY, now=NOW)


# --- what a registration says ---------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "papers", "requests", "asks", "said", "kept"),
    [
        (True, False, (), False, "told", None),
        (False, True, (), False, "told", None),
        (False, False, ("甲",), False, "told", "requests"),
        (False, False, (), True, "told", "requests"),
        (False, False, ("　",), False, "told", "told"),
        (False, False, ("　",), False, "requests", None),
    ],
)
def test_a_registration_says_why_it_has_no_content_where_it_has_none(
    requests: tuple[str, ...],
    said: str,
    kept: str | None,
    monkeypatch: pytest.MonkeyPatch,
    *,
    text: bool,
    papers: bool,
    asks: bool,
) -> None:
    rule = SimpleNamespace(one_of=("content",))
    monkeypatch.setattr(intake, "register_rule", lambda *_: rule)
    monkeypatch.setattr(intake, "_texts", lambda *_: {"content": "x"} if text else {"name": "王"})
    monkeypatch.setattr(intake, "_fields", lambda *_: {"no_content": said})
    monkeypatch.setattr(intake, "accused_parties", lambda *_: ())
    held: Any = SimpleNamespace(digest="d")
    handed = HandedIn(requests=requests, papers=[held] if papers else [])
    where: Any = SimpleNamespace(pk=HERE)
    step = intake.register_step(handed, where, "code", NOW, asks=asks)
    assert step.fields.get("no_content") == kept


def test_only_what_was_said_and_is_no_text_is_a_field(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "key_ring", lambda: None)
    monkeypatch.setattr(intake, "code_digest", lambda *_: "digest")
    monkeypatch.setattr(intake, "outside_index", lambda source, number: f"{source}:{number}")
    texts = {"petitioner": SimpleNamespace(type="text")}
    rule: Any = SimpleNamespace(field_rule=texts.get)
    where: Any = SimpleNamespace(is_petition_office=True)

    def fields(papers: tuple[Any, ...] = (), **said: Any) -> dict[str, Any]:
        handed = HandedIn(said=said, papers=papers)
        return dict(intake._fields(handed, rule, where, "code", TODAY))

    plain = {
        "received_on": TODAY,
        "office": "petition_office",
        "anonymous": True,
        "address_clear": False,
        "code_digest": "digest",
    }
    assert fields(phone="", urgent=False, themes=()) == plain
    assert fields(petitioner="王", address="　") == {**plain, "anonymous": False, "address": "　"}
    assert fields(urgent=True)["urgent"] is True
    number: dict[str, Any] = {intake.OUTSIDE_NO: "7", intake.OUTSIDE_SOURCE: "示例"}
    assert fields(**number)[intake.OUTSIDE_NO] == "示例:7"
    held: Any = SimpleNamespace(digest="d")
    assert fields((held,))[intake.PAPERS] == ("d",)


def test_a_matter_is_classed_and_sent_on_only_where_that_was_asked() -> None:
    onward = Step(act="forward", case="N5")
    assert [one.act for one in sorting_steps("N5", {})] == ["classify"]
    assert [one.act for one in sorting_steps("N5", {}, onward)] == ["classify", "forward"]


@pytest.mark.parametrize(
    ("official", "organs", "found"),
    [
        (WANG, (HERE, THERE), ({WANG}, {HERE, THERE})),
        ("王", (HERE, "乙"), (set(), {HERE})),
        (None, "甲", (set(), set())),
        (None, None, (set(), set())),
    ],
)
def test_accused_are_those_named_by_their_rows(official: Any, organs: Any, found: Any) -> None:
    step = Step(act="x", fields={"accused_official": official, "accused_organs": organs})
    assert accused.fields_of(step) == found


@pytest.mark.parametrize(
    ("stands", "named", "text", "entered"),
    [
        (False, False, "信", True),
        (True, False, "", False),
        (True, True, "", True),
        (False, True, "信", True),
    ],
)
def test_the_text_is_read_only_where_no_accused_side_stands(
    text: str, monkeypatch: pytest.MonkeyPatch, *, stands: bool, named: bool, entered: bool
) -> None:
    sides: list[str] = []
    organs: list[Any] = []

    def side(read: str, **more: Any) -> tuple[Any, ...]:
        sides.append(read)
        organs.append(more["office"])
        return ()

    monkeypatch.setattr(accused, "Case", table(Case(pk=5, holder_id=THERE)))
    monkeypatch.setattr(accused, "Party", table(*([1] if stands else [])))
    monkeypatch.setattr(accused, "_text", lambda *_: "信")
    monkeypatch.setattr(accused, "accused_side", side)
    monkeypatch.setattr(accused, "enter", lambda *_: None)
    fields: Any = {"accused_official": WANG} if named else {}
    accused.close(Step(act="classify", fields=fields), FACTS)
    assert sides == [text] * entered
    assert organs == [HERE] * entered  # the organ that acts, not the one that holds the case


# --- groups and agents ----------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("is_office", "official", "place"), [(True, WANG, "500000"), (False, None, None)]
)
def test_an_incident_says_where_it_was_and_who_knew(
    official: int | None, place: str | None, monkeypatch: pytest.MonkeyPatch, *, is_office: bool
) -> None:
    monkeypatch.setattr(groups, "Organ", table(*([1] if is_office else [])))
    monkeypatch.setattr(groups, "User", table(official))
    step = Step(act="register", fields={"place": place} if place else {})
    expected = {
        "type": "collective_visit",
        "office": "petition_office" if is_office else "organ",
        "persons": 7,
        **({"place": place} if place else {}),
        **({"known_by": official} if official else {}),
    }
    assert groups._incident_fields(step, FACTS, 7) == expected


@pytest.mark.parametrize("repeated", [False, True])
def test_codes_and_own_matters_are_told_once(
    monkeypatch: pytest.MonkeyPatch, *, repeated: bool
) -> None:
    acts = [
        SimpleNamespace(act=a, case=c) for a, c in (("enter_request", "N5"), ("register", "N6"))
    ]
    made: Any = SimpleNamespace(repeated=repeated, acts=acts)
    monkeypatch.setattr(groups, "perform", lambda *_, **__: made)
    monkeypatch.setattr(groups, "key_ring", lambda: None)
    monkeypatch.setattr(groups, "code_digest", lambda *_: "d")
    monkeypatch.setattr(groups, "_own", lambda *_: ([Step(act="register")], "code"))
    case: Any = SimpleNamespace(number="N5", members=Rows(1, 2, 3), requests=Rows())
    _, codes = groups.give_codes(case, by=ANY, now=NOW, uid="u")
    assert len(codes) == (0 if repeated else 3)
    _, own = groups.ask(case, ["甲"], {2: "乙"}, {2: Person("王")}, by=ANY, now=NOW, uid="u")
    expected = [] if repeated else [(2, "N6", "code")]
    assert [(one.place, one.number, one.code) for one in own] == expected


def test_what_all_ask_for_follows_the_requests_there_are() -> None:
    case: Any = SimpleNamespace(number="N5", requests=Rows(1, 2))
    steps = groups._common_requests(case, ["丙", "丁"])
    assert [one.fields["request"] for one in steps] == [3, 4]


def test_a_member_stands_elsewhere_where_name_and_telephone_agree(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    people = [SimpleNamespace(place=n, name_index=f"n{n}", phone_index=f"p{n}") for n in (1, 2)]
    found = [("n1", "p1", "N8"), ("n1", "p1", "N7"), ("n2", "p1", "N9")]
    monkeypatch.setattr(groups, "_standing", lambda *_: found)

    class Members(Rows):
        def __iter__(self) -> Any:
            return iter(people)

    members = Members()
    members.exclude = members.order_by = lambda *_, **__: members  # type: ignore[method-assign]
    case: Any = SimpleNamespace(pk=5, members=members)
    visible: Any = Rows()
    assert groups.also_in(case, visible) == {1: ["N7", "N8"]}


@pytest.mark.parametrize(("phone", "kept"), [(" 138 ", "phone:138"), ("  ", "")])
def test_an_agent_without_a_telephone_has_no_index_of_one(
    phone: str, kept: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = table()
    monkeypatch.setattr(agents, "Petitioner", rows)
    monkeypatch.setattr(agents, "key_ring", lambda: None)
    monkeypatch.setattr(agents, "blind_index", lambda _ring, kind, text: f"{kind}:{text}")
    step = Step(act="name_agent", texts={"agent": " 李 ", "agent_phone": phone})
    row = agents._agent_row(step, FACTS, "agent")
    assert (row.name_index, row.phone_index) == ("name:李", kept)


# --- what opens -----------------------------------------------------------------------------------
def test_a_request_goes_to_the_organ_asked_else_to_the_next_higher_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(linked_case_effects, "Case", table(Case(pk=5, holder_id=HERE)))
    monkeypatch.setattr(linked_case_effects, "_lodged", lambda *_: {})
    monkeypatch.setattr(linked_case_effects, "_superior", lambda *_: 77)

    def lodged(**fields: Any) -> Step:
        texts = {"request": "撤销", "reasons": "理由", "note": "不带走"}
        step = Step(act="request_review", fields=fields, texts=texts)
        (only,) = linked_case_effects.open_review(step, FACTS)
        return only

    assert lodged(organ=THERE).organ == THERE
    assert lodged().organ == 77
    assert lodged().texts == {"request": "撤销", "reasons": "理由"}


def test_nobody_chooses_a_higher_organ_that_is_not_on_record(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    above = [SimpleNamespace(organ=SimpleNamespace(pk=THERE)), SimpleNamespace(organ=None)]
    monkeypatch.setattr(linked_case_effects, "Organ", table(None))
    monkeypatch.setattr(linked_case_effects, "next_higher", lambda *_: above.pop(0))
    held = Case(number="N5", holder_id=HERE)
    assert linked_case_effects._superior(held, "review", FACTS) == THERE
    with pytest.raises(PetitionError, match="R22 35"):
        linked_case_effects._superior(held, "review", FACTS)
    with pytest.raises(LookupError):
        linked_case_effects._superior(Case(number="N5"), "review", FACTS)


@pytest.mark.parametrize(("place", "agent"), [("500000", True), ("", False)])
def test_new_handling_keeps_fault_day_place_and_agent(
    place: str, monkeypatch: pytest.MonkeyPatch, *, agent: bool
) -> None:
    named = Step(act="name_agent") if agent else None
    monkeypatch.setattr(linked_case_effects, "carried_identity", lambda *_: {})
    monkeypatch.setattr(linked_case_effects, "carried_agent", lambda *_: named)
    monkeypatch.setattr(linked_case_effects, "call_of", lambda _facts: None)
    monkeypatch.setattr(linked_case_effects, "_walled", lambda _case: ())
    root = Case(number="N1", holder_id=THERE, place=place)
    step = Step(act="decide", fields={"fault": "facts", "other": 1})
    first, *more = linked_case_effects._anew(step, FACTS, root)
    kept = {"review_case": "N5", "fault": "facts"}
    assert first.fields == ({**kept, "place": place} if place else kept)
    assert [(one.act, one.organ) for one in more] == [("name_agent", THERE)] * agent


@pytest.mark.parametrize("channel", ["visit", ""])
def test_new_handling_came_by_the_channel_of_the_first(
    channel: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    petitions = table(*([SimpleNamespace(channel=channel)] if channel else []))
    monkeypatch.setattr(linked_case_effects, "Petition", petitions)
    monkeypatch.setattr(
        linked_case_effects,
        "CaseLink",
        SimpleNamespace(objects=SimpleNamespace(filter=lambda **_: SimpleNamespace(values=str))),
    )
    monkeypatch.setattr(linked_case_effects, "keep_petitioner", lambda *_: None)
    linked_case_effects.taken_up_anew(Step(act="take_up_anew"), FACTS)
    assert [one["channel"] for one in petitions.objects.made] == [channel or "letter"]
