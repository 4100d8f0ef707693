"""What doors of petitions hand on: registering, splitting, lists, ratings, look-alikes; the write
door and tables are invented."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.db.models import Q

from dengwen.law.duties.step import Step
from dengwen.organs.models import Organ
from dengwen.petitions import rating_figures, ratings
from dengwen.petitions.errors import PetitionError
from dengwen.petitions.intake import groups, intake, lookalikes, online_submission, split
from dengwen.petitions.intake.intake import HandedIn
from dengwen.petitions.intake.lookalikes import Pieces
from dengwen.petitions.intake.split import Part
from tests.invented_rows import table

TODAY = date(2025, 3, 18)
NOW = datetime(2025, 3, 18, 2, tzinfo=UTC)
NOTHING: Any = None
BY: Any = SimpleNamespace(user=6, organ=3)


def given(**what: Any) -> Any:
    return SimpleNamespace(**what)


class _Door:
    """The write door: keeps what it was handed, and says whether it was handed before."""

    def __init__(self, *, repeated: bool = False) -> None:
        self.steps: Any = []
        self.repeated = repeated

    def __call__(self, *steps: Step, **_: Any) -> Any:
        self.steps += steps
        return given(case="N", repeated=self.repeated, acts=())


# --- registering ----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("content", "requests", "papers", "empty"),
    [
        ("", (), (), True),
        (" \n", (" ",), (), True),
        ("示例", (), (), False),
        ("", ("示例",), (), False),
        ("", (), ("paper",), False),
        ("示例", (), ("paper",), False),
    ],
)
def test_nothing_is_handed_in_where_no_text_and_no_paper_is(
    content: str, requests: tuple[str, ...], papers: Any, *, empty: bool
) -> None:
    rule: Any = given(one_of=("content",), fields=())
    handed = HandedIn({"content": content}, requests=requests, papers=papers)
    assert intake.is_empty(handed, rule) is empty


@pytest.mark.parametrize(
    ("organ", "repeated", "office", "code"),
    [(None, False, 3, "code"), (5, False, 5, "code"), (5, True, 5, "")],
)
def test_a_code_is_printed_once_and_by_the_organ_asked(
    organ: int | None, office: int, code: str, monkeypatch: pytest.MonkeyPatch, *, repeated: bool
) -> None:
    asked: Any = []

    def stored_organ(pk: Any) -> Any:
        asked.append(pk)
        return given(pk=pk)

    monkeypatch.setattr(intake, "stored_organ", stored_organ)
    monkeypatch.setattr(intake, "steps_of", lambda *_: ((), "code"))
    monkeypatch.setattr(intake, "perform", _Door(repeated=repeated))
    found = intake.register(HandedIn(), by=BY, now=NOW, uid="u", organ=organ)
    assert (asked[0], found.code) == (office, code)


def test_no_organ_registers_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "stored_organ", lambda _pk: None)
    with pytest.raises(Organ.DoesNotExist, match="no organ 3"):
        intake.register(HandedIn(), by=BY, now=NOW, uid="u")


@pytest.mark.parametrize(("code", "used"), [("own", "own"), ("", "fresh")])
def test_a_code_the_door_made_is_kept(
    code: str, used: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "new_code", lambda: "fresh")
    monkeypatch.setattr(intake, "register_step", lambda _handed, _office, code, _now: code)
    monkeypatch.setattr(intake, "_request_steps", lambda *_: [])
    monkeypatch.setattr(intake, "written", lambda code: f"written {code}")
    found: Any = intake.steps_of(HandedIn(), NOTHING, NOW, code)
    assert found == ((used,), f"written {used}")


@pytest.mark.parametrize(
    ("said", "texts"),
    [
        ({"subject": "标题", "content": "第一行\n第二行"},
         {"subject": "标题", "content": "第一行\n第二行"}),
        ({"subject": "", "content": "第一行\n第二行"},
         {"subject": "第一行", "content": "第一行\n第二行"}),
        ({"subject": " ", "content": " "}, {}),
        ({"content": "x", "channel": 3}, {"subject": "x", "content": "x"}),
    ],
)  # fmt: skip
def test_the_first_line_stands_for_a_missing_subject(
    said: dict[str, Any], texts: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "_is_text", lambda _rule, name: name in ("subject", "content"))
    assert intake._texts(HandedIn(said), NOTHING) == texts


def test_a_text_of_a_registration_is_a_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "_is_text", lambda *_: True)
    with pytest.raises(TypeError, match="is a text"):
        intake._texts(HandedIn({"content": 3}), NOTHING)


def test_requests_follow_on_the_case_that_opens(monkeypatch: pytest.MonkeyPatch) -> None:
    office: Any = given(pk=3)
    steps = intake._request_steps(HandedIn(requests=("一", " ", "二")), office)
    assert [(step.ref, step.fields["request"]) for step in steps] == [("intake", 1), ("intake", 2)]
    monkeypatch.setattr(intake, "register_rule", lambda *_: NOTHING)
    monkeypatch.setattr(intake, "_texts", lambda *_: {})
    monkeypatch.setattr(intake, "_fields", lambda *_: {})
    monkeypatch.setattr(intake, "content_names", lambda _rule: ())
    assert intake.register_step(HandedIn(), office, "code", NOW).open_as == "intake"


def test_the_receiving_office_is_the_one_set_under_its_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: Any = []
    offices = [given(code=code, level="county", holds_on=lambda _day: True) for code in ("A", "B")]

    def on(name: str, *_: Any) -> Any:
        asked.append(name)
        return given(value="B")

    monkeypatch.setattr(online_submission, "_OFFICES", given(rows=lambda *_: offices))
    monkeypatch.setattr(online_submission, "rulebooks", given(every_setting=lambda: given(on=on)))
    found = online_submission.receiving_office(TODAY)
    assert found is not None
    assert (found.code, asked) == ("B", ["portal.office"])


# --- splitting ------------------------------------------------------------------------------------
@pytest.mark.parametrize(("note", "texts"), [("说明", {"note": "说明"}), ("", {})])
def test_a_note_on_a_split_is_kept_where_there_is_one(
    note: str, texts: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    door = _Door()
    monkeypatch.setattr(split, "Case", table(given(holder_id=3)))
    monkeypatch.setattr(split, "Organ", table(given(pk=3)))
    for name in ("_check_requests", "_open_letter", "_opened"):
        monkeypatch.setattr(split, name, lambda *_: ())
    monkeypatch.setattr(split, "perform", door)
    split.split("N", (), by=BY, now=NOW, uid="u", note=note)
    assert [(step.act, step.texts) for step in door.steps] == [("split", texts)]


@pytest.mark.parametrize(("protected", "data_class"), [(True, "D4"), (False, "D3")])
def test_requests_of_an_accusation_are_read_as_sealed(
    data_class: str, monkeypatch: pytest.MonkeyPatch, *, protected: bool
) -> None:
    read: Any = []

    def as_system(_case: Any, names: Any, asked: str, *_: Any) -> Any:
        read.append((names, asked))
        return {}

    @contextmanager
    def atomic(**_: Any) -> Any:
        yield

    monkeypatch.setattr(split, "transaction", given(atomic=atomic))
    monkeypatch.setattr(split, "as_system", as_system)
    for name in ("identity_names", "carried_agent", "view_of", "records_of", "carried_facts",
                 "_received", "outside"):  # fmt: skip
        monkeypatch.setattr(split, name, lambda *_: ())
    case: Any = given(protected=protected, kind="petition")
    split._open_letter(case, NOTHING, BY, NOW)
    assert read == [((), "D2"), (("asks",), data_class)]


@pytest.mark.parametrize(("category", "kept"), [("c02", "c02"), ("", "c01")])
def test_a_part_has_its_own_category_or_that_of_the_letter(
    category: str, kept: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(split, "register_step", lambda *_, **__: Step(act="register"))
    letter: Any = given(
        known={}, case=given(petition=given(channel="letter")), received=TODAY, office=NOTHING,
        facts={"category": "c01"},
    )  # fmt: skip
    part = Part(proposed_class="claim", content="示例", category=category)
    assert split._first(letter, part, "code", NOW).fields == {"category": kept}


def test_a_part_is_linked_to_the_letter_it_was_split_from(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(split, "_first", lambda *_: Step(act="register"))
    letter: Any = given(case=given(number="N"), office=given(pk=3), asks={2: "求"}, agent=None)
    part = Part(proposed_class="claim", content="示例", requests=(2, 9))
    steps = split._steps_of_part(letter, part, "part1", "code", NOW)
    assert steps[0].links == (("split_from", "N"),)
    assert [(step.act, step.ref) for step in steps[1:]] == [
        ("enter_request", "part1"),
        ("classify", "part1"),
    ]


# --- lists ----------------------------------------------------------------------------------------
def test_a_list_is_entered_a_hundred_people_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    door = _Door()
    monkeypatch.setattr(groups, "perform", door)
    people: Any = [given(line=lambda: "王示例")] * 201
    case: Any = given(number="N", members=table().objects)
    groups.enter(case, people, by=BY, now=NOW, uid="u")
    assert [(step.act, step.fields["first"], step.fields["count"]) for step in door.steps] == [
        ("enter_members", 1, 100),
        ("enter_members", 101, 100),
        ("enter_members", 201, 1),
    ]


# --- ratings --------------------------------------------------------------------------------------
def test_settings_of_ratings_are_read_under_their_names(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: Any = []

    def setting(name: str, *_: Any) -> Any:
        asked.append(name)

    row: Any = given(competent_id=3, department_id=None, opened_on=TODAY)
    monkeypatch.setattr(ratings, "setting", setting)
    monkeypatch.setattr(rating_figures, "setting", setting)
    assert ratings.last_day(row) is None
    assert rating_figures.floor_on(3, TODAY) == rating_figures.FLOOR
    assert asked == ["evaluation.days", "evaluation.floor"]


def test_networks_are_read_under_their_name(monkeypatch: pytest.MonkeyPatch) -> None:
    def settings_of(name: str) -> Any:
        def on(asked: str, organ: int, _day: date) -> Any:
            right = name == asked == "evaluation.networks"
            return given(organ=organ, value="10.2.0.0/16") if right else None

        return given(on=on)

    row: Any = given(competent_id=3, department_id=None)
    monkeypatch.setattr(ratings, "settings_of", settings_of)
    assert ratings.in_own_network(row, "10.2.3.4", TODAY)
    assert not ratings.in_own_network(row, "10.3.3.4", TODAY)


def test_a_code_of_a_rating_is_no_query_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ratings, "key_ring", lambda: NOTHING)
    monkeypatch.setattr(ratings, "code_digest", lambda _ring, place, code: f"{place} {code}")
    assert ratings.digest_of("code") == "evaluation code"


@pytest.mark.parametrize(("department", "mend"), [(4, "各选一档"), (None, "只选一项")])
def test_each_of_the_rated_is_rated_and_nobody_else(department: int | None, mend: str) -> None:
    row: Any = given(department_id=department)
    level = {} if department else {"department_level": "satisfied"}
    with pytest.raises(PetitionError) as refused:
        ratings._both_apart(row, Step(act="rate", fields=level))
    assert refused.value.mend_zh == mend


@pytest.mark.parametrize(("repeated", "code"), [(False, "fresh"), (True, "")])
def test_a_code_of_a_rating_is_shown_once(
    code: str, monkeypatch: pytest.MonkeyPatch, *, repeated: bool
) -> None:
    monkeypatch.setattr(ratings, "new_code", lambda: "fresh")
    monkeypatch.setattr(ratings, "digest_of", lambda code: code)
    monkeypatch.setattr(ratings, "perform", _Door(repeated=repeated))
    row: Any = given(case=given(number="N"))
    assert ratings.give_code(row, way="paper", by=BY, now=NOW, uid="u") == code


def test_without_a_finished_quarter_nothing_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: Any) -> Any:
        raise AssertionError("nothing to be counted")

    monkeypatch.setattr(rating_figures, "_finished", lambda *_: [])
    monkeypatch.setattr(rating_figures, "_alike", never)
    monkeypatch.setattr(rating_figures, "floor_on", lambda *_: 10)
    assert rating_figures.quarters_of(3, TODAY, NOTHING) == ()


# --- look-alikes ----------------------------------------------------------------------------------
SECRETS = (3, 5, 7, 11)


@pytest.fixture
def secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Known coefficients in place of those that follow from a key."""
    large = tuple(number * 10**16 + 1 for number in SECRETS)
    monkeypatch.setattr(lookalikes, "_secrets", lambda _ring: large)


@pytest.mark.usefixtures("secrets")
def test_a_sketch_keeps_the_256_smallest_digests_and_sixteen_keys() -> None:
    text = "".join(chr(0x4E00 + n) for n in range(400))
    found = lookalikes.pieces_of(text, NOTHING)
    assert (found.count, len(found.kept)) == (398, 256)
    assert list(found.kept) == sorted(found.kept)
    keys = lookalikes.keys_of(range(1000))
    assert keys == list(range(16))


@pytest.mark.parametrize(
    ("more", "digest"), [(-1, (2**61 - 2) >> 29), (0, 0), (2**29 - 1, 0), (2**29, 1)]
)
def test_a_digest_is_taken_modulo_a_prime(
    more: int, digest: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lookalikes, "_secrets", lambda _ring: (0, 0, 0, 2**61 - 1 + more))
    assert lookalikes.pieces_of("abc", NOTHING).kept == (digest,)


def test_three_shared_phrases_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    phrases = ["abcdefgh", "ijklmno", "pqrstu", "vwxyz"]
    text = "0".join(phrases)
    monkeypatch.setattr(
        lookalikes,
        "_digests_in_order",
        lambda letters, _ring: [
            int("0" not in letters[n : n + 3]) for n in range(len(letters) - 2)
        ],
    )
    assert lookalikes._phrases(text, {1}, NOTHING) == tuple(phrases[:3])


class _Sliced:
    """A question of which only the first rows are read: notes how many."""

    def __init__(self) -> None:
        self.most: Any = []

    def __call__(self, *_: Any, **__: Any) -> _Sliced:
        return self

    filter = exclude = values = annotate = order_by = values_list = __call__

    def __getitem__(self, part: slice) -> list[Any]:
        self.most.append(part.stop)
        return []


def test_sixty_sketches_are_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = _Sliced()
    monkeypatch.setattr(lookalikes, "SketchKey", given(objects=asked))
    monkeypatch.setattr(lookalikes, "Sketch", given(objects=_Sliced()))
    monkeypatch.setattr(lookalikes, "_rows", lambda _sketches: [])
    assert lookalikes._candidates(Pieces(1, (5,), ()), TODAY, None, 0) == []
    assert asked.most == [60]


@pytest.mark.parametrize("narrowed", [True, False])
def test_two_hundred_matters_of_one_person_are_compared_as_far_as_they_may_be_seen(
    monkeypatch: pytest.MonkeyPatch, *, narrowed: bool
) -> None:
    asked: Any = _Sliced()
    seen: Any = []
    monkeypatch.setattr(lookalikes, "Sketch", given(objects=asked))
    monkeypatch.setattr(lookalikes, "key_ring", lambda: NOTHING)
    monkeypatch.setattr(lookalikes, "_cases_of", lambda *_: _Sliced())
    monkeypatch.setattr(lookalikes, "among", lambda visible, _name: seen.append(visible))
    for name in ("pieces_of", "_rows", "_most_alike"):
        monkeypatch.setattr(lookalikes, name, lambda *_: [])
    visible: Any = "visible" if narrowed else None
    found = lookalikes.same_person_same_matter("王", "", "x", day=TODAY, viewer_filter=visible)
    assert (found, asked.most) == ([], [200])
    assert seen == (["visible"] if narrowed else [])


class _Noting:
    """A table that notes by what it is narrowed down."""

    def __init__(self) -> None:
        self.known: Any = []

    def filter(self, *known: Any, **_: Any) -> _Noting:
        self.known += known
        return self

    def values(self, *_: Any) -> list[int]:
        return []


@pytest.mark.parametrize(
    ("phone", "known"),
    [
        ("138", Q(name_index="name 王") & Q(phone_index__in=("phone 138", ""))),
        ("", Q(name_index="name 王")),
    ],
)
def test_a_person_is_found_by_name_and_by_a_telephone_both_gave(
    phone: str, known: Q, monkeypatch: pytest.MonkeyPatch
) -> None:
    def blind_index(_ring: Any, kind: str, text: str) -> str:
        return f"{kind} {text}" if text else ""

    people = _Noting()
    monkeypatch.setattr(lookalikes, "blind_index", blind_index)
    monkeypatch.setattr(lookalikes, "Petitioner", given(objects=people))
    monkeypatch.setattr(lookalikes, "Member", given(objects=_Noting()))
    monkeypatch.setattr(lookalikes, "Case", given(objects=_Noting()))
    assert lookalikes._cases_of("王", phone, NOTHING) is not None
    assert people.known == [known]
    assert lookalikes._cases_of("", phone, NOTHING) is None
