"""What guards lists, parts, the own matter and look-alikes: each refusal, and what just passes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from dengwen.cases.models import Case
from dengwen.law.duties.act_record import ActRecord
from dengwen.law.duties.step import Facts, Step
from dengwen.petitions import linked_case_effects, own_matter
from dengwen.petitions.errors import PetitionError
from dengwen.petitions.intake import groups, lookalikes
from dengwen.petitions.intake import split as splitting
from dengwen.petitions.intake.intake import HandedIn, _request_steps, first_line, handed_in
from dengwen.petitions.intake.lookalikes import Pieces, Suggestion
from dengwen.petitions.intake.member_list import Person
from tests.invented_rows import table

TODAY = date(2025, 3, 18)
DAY = timedelta(days=1)
NOW = datetime(2025, 3, 18, 4, tzinfo=UTC)
HERE, THERE = 1, 2
FACTS = Facts(
    act_id=6, act_uid="u", case_id=5, case="N5", organ=HERE, actor=1, day=TODAY, recorded_at=NOW
)
ANY: Any = None


def refused(run: Any, *args: Any) -> str:
    """The code with which something is refused; "" where it is done."""
    try:
        run(*args)
    except PetitionError as error:
        return error.code
    return ""


# --- lists ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("phone", "indexed", "kept"),
    [
        ("138", True, ("name:王", "phone:138")),
        ("", True, ("name:王", "")),
        ("138", False, ("", "")),
        ("", False, ("", "")),
    ],
)
def test_nothing_of_an_accusation_is_indexed_and_no_empty_number(
    phone: str, kept: tuple[str, str], monkeypatch: pytest.MonkeyPatch, *, indexed: bool
) -> None:
    monkeypatch.setattr(groups, "key_ring", lambda: None)
    monkeypatch.setattr(groups, "blind_index", lambda _ring, kind, text: f"{kind}:{text}")
    row = groups._row(Person("王", phone), 3, FACTS, indexed=indexed)
    assert (row.name_index, row.phone_index, row.place) == (*kept, 3)


class Places:
    """The members of a list by their places."""

    def __init__(self, *places: int, marked: list[tuple[int, ...]] | None = None) -> None:
        self.objects = self
        self.places = places
        self.marked = marked if marked is not None else []
        self.given: list[Any] = []

    def filter(self, **asked: Any) -> Places:
        wanted = asked.get("place__in", self.places)
        least = asked.get("place__gte", 0)
        some = [one for one in self.places if one in wanted and one >= least]
        return Places(*some, marked=self.marked)

    def count(self) -> int:
        return len(self.places)

    def update(self, *, representative: bool) -> None:
        if representative:
            self.marked.append(self.places)

    def order_by(self, _name: str) -> list[Any]:
        return [SimpleNamespace(place=place, code_digest="") for place in self.places]

    def bulk_update(self, rows: Any, _names: Any) -> None:
        self.given += [(row.place, row.code_digest) for row in rows]


@pytest.mark.parametrize(
    ("which", "code"),
    [
        (("1", "3"), ""),
        (("2",), ""),
        (("1", "1"), "no-member"),
        (("1", "4"), "no-member"),
        (("4",), "no-member"),
        (("1", "x"), "no-member"),
        ((), "no-member"),
        ("12", "no-member"),
        (None, "no-member"),
    ],
)
def test_representatives_are_different_members_of_the_list(
    which: Any, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    members = Places(1, 2, 3)
    monkeypatch.setattr(groups, "Member", members)
    step = Step(act="elect", fields={"which": which})
    assert refused(groups.representatives_elected, step, FACTS) == code
    assert members.marked == ([] if code else [tuple(map(int, which))])


def test_codes_are_given_in_order_of_the_list_and_never_more_than_there_are_members(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    members = Places(1, 2, 3)
    monkeypatch.setattr(groups, "Member", members)

    def give(first: Any, codes: Any) -> str:
        step = Step(act="give_member_codes", fields={"first": first, "codes": codes})
        return refused(groups.member_codes_given, step, FACTS)

    assert give(2, ("a", "b")) == ""
    assert members.given == [(2, "a"), (3, "b")]
    assert give(2, ("a", "b", "c")) == "no-member"
    for first, codes in (("2", ("a",)), (2, ["a"]), (None, None)):
        with pytest.raises(TypeError):
            give(first, codes)


# --- parts ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("opened", "said", "code"),
    [(2, 2, ""), (3, 3, ""), (3, 2, "no-parts"), (1, 1, "no-parts"), (0, 0, "no-parts")],
)
def test_a_matter_is_split_into_two_parts_at_least_opened_by_the_same_call(
    opened: int, said: int, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = ["N1", "N2", "N3", "N4"]
    call = SimpleNamespace(opened_here=lambda number: number in there[:opened])
    monkeypatch.setattr(linked_case_effects, "CaseLink", table(*there))
    monkeypatch.setattr(linked_case_effects, "call_of", lambda _facts: call)
    step = Step(act="split", fields={"parts": said})
    assert refused(linked_case_effects.split, step, FACTS) == code


def part(*requests: int, **more: str) -> splitting.Part:
    plain: dict[str, Any] = {"proposed_class": "claim", "content": "示例", **more}
    return splitting.Part(requests=requests, **plain)


@pytest.mark.parametrize(
    ("there", "given", "code"),
    [
        ((1, 2), ((1,), (2,)), ""),
        ((1, 2), ((2, 1), ()), ""),
        ((1, 2), ((1,), ()), "requests-of-parts"),
        ((1, 2), ((1, 2), (2,)), "requests-of-parts"),
        ((), ((1,),), "requests-of-parts"),
        ((), ((), ()), ""),
    ],
)
def test_each_request_goes_to_exactly_one_part(
    there: tuple[int, ...],
    given: tuple[tuple[int, ...], ...],
    code: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(splitting, "Request", table(*there))
    parts = [part(*some) for some in given]
    assert refused(splitting._check_requests, Case(number="N5"), parts) == code


def test_what_is_refused_of_requests_says_both_sides_in_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(splitting, "Request", table())
    with pytest.raises(PetitionError, match="原件有第零项，归入的是第2、3项"):
        splitting._check_requests(Case(number="N5"), [part(3), part(2)])
    monkeypatch.setattr(splitting, "Request", table(1))
    with pytest.raises(PetitionError, match="原件有第1项，归入的是第零项"):
        splitting._check_requests(Case(number="N5"), [part()])


@pytest.mark.parametrize(
    "running", ["sort", "sort_again", "direct_notice", "direct_again", "notify_transferred", ""]
)
def test_the_running_period_of_the_letter_goes_on_in_its_parts(running: str) -> None:
    begun = SimpleNamespace(start=TODAY - 9 * DAY)
    view: Any = SimpleNamespace(find_open=lambda rule: begun if rule == running else None)
    case: Any = SimpleNamespace(petition=SimpleNamespace(received_on=TODAY - 30 * DAY))
    days = 9 if running else 30
    assert splitting._received(case, view) == TODAY - days * DAY


def test_a_part_brings_its_requests_its_path_and_its_agent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(splitting, "_first", lambda *_: Step(act="register"))
    agent = Step(act="name_agent")

    def steps(one: splitting.Part, named: Step | None) -> list[tuple[str, dict[str, Any]]]:
        letter: Any = SimpleNamespace(
            office=SimpleNamespace(pk=HERE),
            case=SimpleNamespace(number="N5"),
            asks={1: "甲", 2: "", 3: "丙"},
            agent=named,
        )
        found = splitting._steps_of_part(letter, one, "part1", "code", NOW)
        assert all(step.organ == HERE for step in found[1:])
        return [(step.act, dict(step.fields)) for step in found]

    classed = {"class": "claim"}
    assert steps(part(), None) == [("register", {}), ("classify", classed)]
    assert steps(part(2, 3, path="31(6)"), agent) == [
        ("register", {}),
        ("enter_request", {"request": 2}),
        ("name_agent", {}),
        ("classify", {**classed, "path": "31(6)"}),
    ]


def test_a_repeated_split_gives_no_code_again() -> None:
    done = (("register", "N6"), ("classify", "N6"), ("register", "N7"), ("split", "N5"))
    acts = [SimpleNamespace(act=act, case=case) for act, case in done]
    for repeated in (False, True):
        performed: Any = SimpleNamespace(acts=acts, repeated=repeated)
        opened = splitting._opened(performed, [part(), part()], ["123456789012"] * 2)
        assert [one.number for one in opened] == ["N6", "N7"]
        assert [bool(one.code) for one in opened] == [not repeated] * 2


# --- review and new handling ----------------------------------------------------------------------
def lodged(kind: str, place: str = "", **fields: Any) -> dict[str, Any]:
    case = Case(number="N5", place=place)
    return dict(linked_case_effects._lodged(case, Step(act="x", fields=fields), FACTS, kind))


def test_a_lodged_request_says_since_when_it_runs_where_and_why_it_is_late(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(linked_case_effects, "_root", lambda _case: Case(number="N1"))
    plain = {"received_on": TODAY, "original": "N1"}
    assert lodged("review") == plain
    assert lodged("review", "500000") == {**plain, "place": "500000"}
    assert lodged("recheck") == {**plain, "review_case": "N5"}
    assert lodged("review", received_on=TODAY - DAY)["received_on"] == TODAY - DAY
    late = {**plain, "late": True, "good_reason": True}
    assert lodged("review", good_reason=True) == late
    assert lodged("review", good_reason=False) == plain


@pytest.mark.parametrize(
    ("link", "outcome", "holder", "noted", "anew"),
    [
        ("reviews", "order_anew", HERE, "review", True),
        ("rechecks", "order_anew", HERE, "recheck", True),
        ("reviews", "uphold", HERE, "review", False),
        ("reviews", "order_anew", None, "review", False),
        ("", "order_anew", HERE, "", False),
    ],
)
def test_a_review_is_noted_and_new_handling_opens_where_it_was_ordered(
    link: str,
    outcome: str,
    holder: int | None,
    noted: str,
    monkeypatch: pytest.MonkeyPatch,
    *,
    anew: bool,
) -> None:
    root = Case(number="N1", holder_id=holder)
    found = SimpleNamespace(kind=link, other=root) if link else None
    monkeypatch.setattr(linked_case_effects, "_reviewed", lambda _case: found)
    monkeypatch.setattr(linked_case_effects, "_root", lambda case: case)
    monkeypatch.setattr(linked_case_effects, "_anew", lambda *_: [Step(act="take_up_anew")])
    step = Step(act="decide", fields={"outcome": outcome})
    steps = linked_case_effects.after_review(step, FACTS)
    assert [one.act for one in steps] == ["note_review"] * bool(link) + ["take_up_anew"] * anew
    assert [one.fields["stage"] for one in steps[:1]] == [noted] * bool(link)


# --- the own matter -------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("act", "comes"),
    [
        ("register", True),
        ("receive", True),
        ("receive_onward", True),
        ("take_over", True),
        ("take_up_anew", True),
        ("lodge", True),
        ("agree_return", True),
        ("agree_return_within", True),
        ("forward", False),
    ],
)
def test_the_holder_has_a_matter_since_the_act_by_which_it_came(act: str, *, comes: bool) -> None:
    first = ActRecord(1, "open", NOW - 9 * DAY, NOW, organ=THERE)
    came = ActRecord(2, act, NOW - 3 * DAY, NOW, organ=HERE)
    elsewhere = ActRecord(3, "receive", NOW - DAY, NOW, organ=THERE)
    view: Any = SimpleNamespace(holder=HERE)
    since = own_matter._since(view, [first, came, elsewhere])
    assert since == TODAY - (3 if comes else 9) * DAY


@pytest.mark.parametrize(
    ("there", "code_of", "member_of", "found"),
    [
        (True, 5, 0, True),
        (True, 4, 0, True),  # the matter it comes from
        (True, 0, 4, True),
        (True, 99, 99, False),
        (True, 77, 77, False),
        (False, 5, 0, False),
    ],
)
def test_a_code_opens_a_matter_and_what_came_from_it(
    code_of: int, member_of: int, monkeypatch: pytest.MonkeyPatch, *, there: bool, found: bool
) -> None:
    case: Any = SimpleNamespace(pk=5)
    monkeypatch.setattr(own_matter, "Case", table(*([case] if there else [])))
    monkeypatch.setattr(own_matter, "read_number", lambda number: number)
    monkeypatch.setattr(own_matter, "key_ring", lambda: None)
    monkeypatch.setattr(own_matter, "code_digest", lambda *_: "nothing")
    monkeypatch.setattr(own_matter, "_is_code_of", lambda pk, *_: pk == code_of)
    monkeypatch.setattr(own_matter, "is_member", lambda pk, _code: pk == member_of)
    monkeypatch.setattr(own_matter, "_comes_from", lambda pk: {5: 4}.get(pk, 0))
    assert own_matter.find("N5", "code") is (case if found else None)


def test_where_no_code_was_given_none_is_right(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_matter, "key_ring", lambda: None)
    monkeypatch.setattr(own_matter, "fits", lambda _ring, _about, code, kept: code == kept)
    monkeypatch.setattr(own_matter, "Petition", table("kept"))
    assert own_matter._is_code_of(5, "kept", "nothing")
    assert not own_matter._is_code_of(5, "other", "nothing")
    monkeypatch.setattr(own_matter, "Petition", table())
    assert not own_matter._is_code_of(5, "nothing", "nothing")


@pytest.mark.parametrize(
    ("protected", "class_", "neutral"),
    [
        (False, "claim", False),
        (True, "claim", True),
        (False, "accusation", True),
        (True, "accusation", True),
    ],
)
def test_a_protected_matter_and_an_accusation_show_a_neutral_state_alone(
    class_: str, monkeypatch: pytest.MonkeyPatch, *, protected: bool, neutral: bool
) -> None:
    record = ActRecord(1, "register", NOW, NOW)
    view = SimpleNamespace(facts={"class": class_}, days={}, state="")
    book = SimpleNamespace(in_force=lambda *_: SimpleNamespace(book=None))
    monkeypatch.setattr(own_matter, "Act", table("row"))
    monkeypatch.setattr(own_matter, "record_of", lambda *_: record)
    monkeypatch.setattr(own_matter, "view_of", lambda *_: view)
    monkeypatch.setattr(own_matter, "rulebooks", book)
    monkeypatch.setattr(own_matter, "_since", lambda *_: TODAY)
    shown = ("_happened", "_asked", "_papers", "_own_files", "_steps", "_also", "who_viewed")
    for name in shown:
        monkeypatch.setattr(own_matter, name, lambda *_, **__: ("shown",))
    case = Case(number="N5", protected=protected)
    followed = own_matter.follow(case, NOW)
    assert followed.neutral == neutral
    assert (followed.happened, followed.papers) == ((("shown",),) * 2 if not neutral else ((), ()))


# --- look-alikes ----------------------------------------------------------------------------------
def pieces(*kept: int, days: tuple[int, ...] = ()) -> Pieces:
    return Pieces(len(kept), kept, days)


def test_what_is_alike_is_suggested_from_the_threshold_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lookalikes, "key_ring", lambda: None)
    monkeypatch.setattr(lookalikes, "_phrases", lambda *_: ())

    def found(alike: float, place: str, where: str, days: tuple[int, ...]) -> list[Any]:
        monkeypatch.setattr(lookalikes, "containment", lambda *_: alike)
        row: Any = (5, "N5", where, 1, b"", lookalikes.pack(days))
        some = lookalikes._most_alike("x", pieces(1, days=(7,)), [row], place)
        return [(one.score, one.same_place, one.same_days) for one in some]

    assert found(0.149, "", "", ()) == []
    assert found(0.15, "", "", ()) == [(0.15, False, False)]
    assert found(0.2, "50", "50", ()) == [(0.25, True, False)]
    assert found(0.2, "50", "51", (7,)) == [(0.25, False, True)]
    assert found(0.2, "50", "50", (7,)) == [(0.3, True, True)]
    assert found(0.99, "50", "50", (7,)) == [(1.0, True, True)]


def test_a_suggestion_says_why_in_both_languages() -> None:
    def why(*phrases: str, place: bool = False, days: bool = False) -> tuple[str, str]:
        return Suggestion(5, "N5", 0.5, place, days, phrases).why

    assert why() == ("内容相近", "similar content")
    assert why("拖欠工资") == ("相同语句：“拖欠工资”", "shared words: “拖欠工资”")
    assert why(place=True) == ("同一属地", "same place")
    assert why(days=True) == ("提到同一日期", "a date both name")


def test_the_same_matter_of_one_person_is_alike_from_its_own_threshold_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    scores = [0.31, 0.3, 0.299]
    some = [Suggestion(n, f"N{n}", score, False, False, ()) for n, score in enumerate(scores)]

    class Rows(list[Any]):
        def values(self, *_: Any, **__: Any) -> Rows:
            return self

        filter = exclude = order_by = values

    monkeypatch.setattr(lookalikes, "key_ring", lambda: None)
    monkeypatch.setattr(lookalikes, "pieces_of", lambda *_: pieces(1))
    monkeypatch.setattr(
        lookalikes, "Sketch", SimpleNamespace(objects=SimpleNamespace(filter=lambda **_: Rows()))
    )
    monkeypatch.setattr(lookalikes, "_rows", lambda _rows: [])
    monkeypatch.setattr(lookalikes, "_cases_of", lambda *_: Rows())
    monkeypatch.setattr(lookalikes, "_most_alike", lambda *_: some)
    found = lookalikes.same_person_same_matter("王", "", "x", day=TODAY)
    assert [one.score for one in found] == [0.31, 0.3]


def test_a_text_without_pieces_is_like_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert lookalikes.containment(pieces(), pieces(1, 2)) == 0
    assert lookalikes.containment(pieces(1, 2), pieces()) == 0
    cut = Pieces(9, (), ())
    assert lookalikes.containment(cut, pieces(1, 2)) == 0
    monkeypatch.setattr(lookalikes, "key_ring", lambda: None)
    monkeypatch.setattr(lookalikes, "pieces_of", lambda *_: pieces())
    monkeypatch.setattr(lookalikes, "_candidates", lambda *_: ["row"])
    monkeypatch.setattr(lookalikes, "_most_alike", lambda *_: ["all rows"])
    assert lookalikes.suggest("，。", day=TODAY) == []


def test_stretches_are_runs_of_neighbours_and_only_long_ones_are_phrases(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    yes, no = True, False
    assert lookalikes._stretches([no, yes, yes, no, no, yes]) == [(1, 2), (5, 5)]
    assert lookalikes._stretches([]) == []
    monkeypatch.setattr(
        lookalikes, "_digests_in_order", lambda letters, _ring: list(map(int, letters))
    )
    assert lookalikes._phrases("1234567", {3, 4, 5}, ANY) == ("34567",)  # five letters in all
    assert lookalikes._phrases("1234567", {3, 4}, ANY) == ()


# --- what was handed in ---------------------------------------------------------------------------
def test_what_is_not_said_is_no_field_and_what_is_blank_no_request_and_no_subject() -> None:
    assert dict(handed_in(phone=None, channel="visit").said) == {"channel": "visit"}
    office: Any = SimpleNamespace(pk=HERE)
    steps = _request_steps(HandedIn(requests=(" 甲 ", "　", "乙")), office)
    assert [(one.fields["request"], one.texts["asks"]) for one in steps] == [(1, "甲"), (2, "乙")]
    assert first_line("\n 　\n  拖欠工资\n其余") == "拖欠工资"
    assert first_line(" \n") == ""
