"""Small words and numbers that others rely on: a check digit, a duty's own word, where a day comes
from, what the disk is left, and who learns of which case a duty was met in."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings

from dengwen.cases import case_numbers, models, placed_fields, read_log_act, replay, rulebooks
from dengwen.cases.duties import open_periods, registers
from dengwen.cases.duties.bearers import Bearer
from dengwen.cases.duties.periods import Span
from dengwen.cases.read import act_words, duty_lines, interpretations, register_view
from dengwen.cases.wall import decided_files
from dengwen.cases.wall.decided_files import Decider
from dengwen.cases.wall.visibility import Viewer
from dengwen.cases.write import second_person
from dengwen.law.duties.act_record import ActRecord
from dengwen.ledger.findings import Finding
from dengwen.organs.models import Organ
from tests.cases.bare_rules import noted
from tests.invented_rows import table

NOW = datetime(2025, 3, 18, 4, tzinfo=UTC)
TODAY = date(2025, 3, 18)
DAY = timedelta(days=1)
NONE: Any = None


@pytest.mark.parametrize(("digits", "check"), [("0794", "5")])
def test_the_check_digit_is_that_of_the_standard(digits: str, check: str) -> None:
    """ISO 7064, MOD 11,10: the example of the standard is 0794 5; a letter counts by its place, so
    that ABC is checked like 123."""
    assert case_numbers.check_digit(digits) == check
    assert case_numbers.check_digit("ABC") == case_numbers.check_digit("123")


def test_acts_links_and_papers_are_guarded_tables() -> None:
    """What is written once is never changed: the tables of these models refuse it."""
    for model in (models.Act, models.CaseLink, models.Document):
        assert model._meta.db_table in settings.APPEND_ONLY_TABLES


# --- words of duties ------------------------------------------------------------------------------
def duty(**more: Any) -> Any:
    clock = SimpleNamespace(none=more.pop("none", False), term=more.pop("term", None))
    rule = SimpleNamespace(of=more.pop("of", ""), clock=clock, alongside="")
    return SimpleNamespace(rule=rule, counted=None, fixed=None, **more)


@pytest.mark.parametrize(
    ("of", "none", "said"),
    [
        ("holder", True, "本地目标"),
        ("holder", False, "条例没有天数"),
        ("", True, "条例没有天数"),
        ("", False, "条例没有天数"),
    ],
)
def test_a_recurring_duty_without_a_number_has_a_local_target(
    of: str, said: str, *, none: bool
) -> None:
    assert duty_lines._silence(duty(of=of, none=none), NONE, None, "zh") == said


@pytest.mark.parametrize(
    ("unit", "said"),
    [
        ("calendar", "第三十四条，60 日"),
        ("working", "第三十四条，60 个工作日"),
        ("month", "第三十四条"),
        (None, "第三十四条"),
    ],
)
def test_an_article_is_said_with_its_days(unit: str | None, said: str) -> None:
    term = None if unit is None else SimpleNamespace(amount=60, unit=unit)
    assert duty_lines._with_term("第三十四条", duty(term=term), "zh") == said


def test_only_papers_are_counted_under_the_name_of_their_papers() -> None:
    def note(type_: str, value: Any) -> str:
        field: Any = SimpleNamespace(
            name="f", type=type_, zh="文稿的摘要", en="Digests of the draft", option_names={}
        )
        rule: Any = SimpleNamespace(fields=(field,))
        kind: Any = SimpleNamespace(id="petition", duties={}, acts={})
        return act_words.field_notes(
            kind, rule, ActRecord(1, "note", NOW, NOW, data={"f": value}), {}, "", "zh"
        )

    assert note("digests", ("ab", "cd")) == "文稿：2"
    assert note("word", "ab") == "文稿的摘要：ab"


def test_an_organ_is_named_in_english_where_it_has_an_english_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows = [
        SimpleNamespace(pk=1, name_zh="示例局", name_en="bureau"),
        SimpleNamespace(pk=2, name_zh="示例站", name_en=""),
    ]
    monkeypatch.setattr(interpretations, "Organ", table(*rows))
    assert interpretations._organ_names([1, 2], "en") == {1: "bureau", 2: "示例站"}
    assert interpretations._organ_names([1, 2], "zh") == {1: "示例局", 2: "示例站"}


def test_where_a_duty_was_met_is_shown_to_whoever_sees_that_case(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(register_view, "Act", table((7, 70), (8, 80)))
    monkeypatch.setattr(register_view, "for_user", lambda *_: table((70, "N70")).objects)
    duties: Any = [SimpleNamespace(evidence=one) for one in (7, 8, None)]
    assert register_view._evidence(duties, NONE, TODAY) == {7: "N70"}


# --- registers ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("begins", "asked"),
    [
        (TODAY, []),
        (TODAY + DAY, [TODAY + DAY]),
        (TODAY + 9 * DAY, [TODAY + 9 * DAY]),
        (TODAY + 10 * DAY, []),
    ],
)
def test_the_rules_of_a_span_are_those_of_every_edition_in_it(
    begins: date, asked: list[date]
) -> None:
    days: list[date] = []

    def rules_on(_place: str, day: date) -> dict[str, Any]:
        days.append(day)
        return {
            "a": SimpleNamespace(id="a", of="holder"),
            "b": SimpleNamespace(id="b", of="leader"),
        }

    desk: Any = SimpleNamespace(editions=(begins,), rules_on=rules_on)
    bearer: Any = SimpleNamespace(organ=SimpleNamespace(division_code=""), of="holder")
    span = Span(TODAY, TODAY, TODAY + 9 * DAY, (begins,))
    assert registers._Desk._rule_ids(desk, bearer, span) == ["a"]
    assert days == [TODAY, *asked]


def test_nobody_owes_in_a_lower_post_what_they_owe_in_a_higher_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = [SimpleNamespace(first=TODAY), SimpleNamespace(first=TODAY + DAY)]
    monkeypatch.setattr(registers, "periods", lambda *_: found)
    desk: Any = SimpleNamespace(
        rules_on=None, settings=None, _twice=lambda _bearer, day: day == TODAY
    )
    bearer: Any = SimpleNamespace(
        organ=SimpleNamespace(division_code=""), filled_late=lambda: False
    )
    assert registers._Desk._periods(desk, "a", bearer, NONE, ()) == found[1:]


def test_only_registers_that_are_open_are_written(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[Any] = []
    key, lost = (5, None, 2025), (6, None, 2025)
    organ = SimpleNamespace(pk=5)
    desk: Any = SimpleNamespace(
        today=TODAY,
        begun=TODAY,
        editions=(),
        registers={key: "case"},
        every=[
            SimpleNamespace(of="holder", organ=organ),
            SimpleNamespace(of="leader", organ=organ),
        ],
        _wanted=lambda _span: {key: ["step"], lost: ["other"]},
        _open_register=lambda key, _bearer: key,
        _call=lambda case, steps: (case, steps),
        _do=lambda calls, _kept: done.append(calls),
    )
    desk.every.append(SimpleNamespace(of="holder", organ=SimpleNamespace(pk=6)))
    registers._Desk.open_year(desk, 2025, registers.Kept())
    assert done == [[lost], [("case", ["step"])]]


# --- the record -----------------------------------------------------------------------------------
LOST = Finding("L0", "cases_act", "7", "data", "坏了", "broken")


@pytest.mark.parametrize(
    ("broken", "named"), [(True, ["cases_act", "cases_act"]), (False, ["cases_act"])]
)
def test_acts_of_a_case_that_cannot_be_read_are_named(
    monkeypatch: pytest.MonkeyPatch, named: list[str], *, broken: bool
) -> None:
    act = SimpleNamespace(pk=3, occurred_at=NOW, recorded_at=None if broken else NOW)
    monkeypatch.setattr(replay, "readable", lambda _rows: iter([LOST, act]))
    monkeypatch.setattr(replay, "Act", table())
    monkeypatch.setattr(replay, "record_of", lambda *_: None)
    case: Any = SimpleNamespace(pk=9, kind="petition")
    assert [one.table for one in replay._unread(case, ValueError("x"))] == named
    monkeypatch.setattr(replay, "readable", lambda _rows: iter([]))
    assert [one.table for one in replay._unread(case, ValueError("x"))] == ["cases_case"]


@pytest.mark.parametrize(
    ("after", "sealed"), [(timedelta(minutes=4, seconds=59), 0), (timedelta(minutes=5), 2)]
)
def test_an_hour_is_sealed_five_minutes_after_its_end(
    after: timedelta, sealed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A transaction that read in it may still be open until then."""
    hour = datetime(2025, 3, 18, 4, tzinfo=UTC)
    monkeypatch.setattr(read_log_act, "Act", table())
    monkeypatch.setattr(read_log_act, "first_reading", lambda: hour - timedelta(hours=1))
    monkeypatch.setattr(
        read_log_act, "root_between", lambda *_: SimpleNamespace(count=2, root="ab")
    )
    monkeypatch.setattr(read_log_act, "perform", lambda *_, **__: None)
    assert read_log_act.seal(now=hour + after) == sealed


def test_rows_known_to_stand_are_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []
    monkeypatch.setattr(rulebooks, "_calendars", {})
    monkeypatch.setattr(
        rulebooks, "_read_calendars", lambda: noted(read, 1, f"history {len(read) + 1}")
    )
    kept_at: Any = rulebooks._calendars_at
    assert [kept_at("1/1") for _ in range(3)] == ["history 1"] * 3
    assert kept_at("2/2") == "history 2"
    there: Any = rulebooks._calendars
    assert there == {"2/2": "history 2"}  # one at a time
    monkeypatch.setattr(rulebooks, "_stand", lambda _what: ("2/2",))
    known: Any = rulebooks.calendars()
    assert known == "history 2"
    assert len(read) == 2


def test_settings_known_to_stand_are_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []
    monkeypatch.setattr(rulebooks, "_settings", {})
    monkeypatch.setattr(
        rulebooks, "settings_of", lambda _key: noted(read, 1, f"set {len(read) + 1}")
    )
    kept_at: Any = rulebooks._settings_at
    assert [kept_at("1/1"), kept_at("1/1"), kept_at("2/2"), kept_at("2/2")] == [
        "set 1",
        "set 1",
        "set 2",
        "set 2",
    ]
    there: Any = rulebooks._settings
    assert there == {"2/2": "set 2"}


@pytest.mark.parametrize(("atomic", "times"), [(True, 2), (False, 1)])
def test_a_rulebook_is_remembered_once_its_row_stands(
    times: int, monkeypatch: pytest.MonkeyPatch, *, atomic: bool
) -> None:
    """What a transaction puts in may be rolled back with it, and its id given out again."""
    put_in: list[str] = []
    book = SimpleNamespace(digest="d", title="t")
    monkeypatch.setattr(rulebooks, "_composed", lambda *_: ((), book))
    monkeypatch.setattr(rulebooks, "connection", SimpleNamespace(in_atomic_block=atomic))
    monkeypatch.setattr(rulebooks, "to_text", lambda _packs: "text")
    monkeypatch.setattr(
        rulebooks, "install", lambda *args: noted(put_in, args[1], SimpleNamespace(id=7))
    )
    for name in ("_rows", "_books", "_sources"):
        monkeypatch.setattr(rulebooks, name, {})
    found: Any = [rulebooks.in_force(TODAY, "", NOW) for _ in range(2)]
    assert [(one.row, one.book) for one in found] == [(7, book)] * 2
    assert put_in == ["text"] * times
    assert (7 in rulebooks._books) is not atomic


def test_installed_packs_count_once_the_process_begins_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rulebooks, "_folders", {})
    monkeypatch.setattr(
        rulebooks, "settings", SimpleNamespace(DATA=tmp_path, ROOT=Path("/delivered"))
    )
    assert rulebooks.packs_folder() == Path("/delivered/packs")
    (tmp_path / "packs" / "calendar").mkdir(parents=True)
    assert rulebooks.packs_folder() == Path("/delivered/packs")
    rulebooks._folders.clear()
    assert rulebooks.packs_folder() == tmp_path / "packs"


@pytest.mark.parametrize(
    ("kinds", "of", "bears"),
    [(("court",), "holder", True), (("bank",), "holder", False), (("court",), "leader", False)],
)
def test_a_duty_is_borne_by_the_organs_it_applies_to(
    kinds: tuple[str, ...], of: str, *, bears: bool
) -> None:
    organ: Any = Organ(pk=1, kind="court", level="county")
    bearer = Bearer(organ, "holder", "", TODAY, None, ((None, TODAY),))
    rule: Any = SimpleNamespace(of=of, applies={"kind": kinds})
    assert bearer.bears(rule, TODAY) is bears


def test_a_period_without_a_last_day_has_the_shortest_lead() -> None:
    clock = SimpleNamespace(per="")
    one: Any = SimpleNamespace(law=SimpleNamespace(clock=clock), due=None, start=TODAY, organ=1)
    settings_: Any = SimpleNamespace(on=lambda *_: None)
    assert open_periods.lead_time(one, settings_, TODAY) == min(open_periods.LEADS.values())


@pytest.mark.parametrize(
    ("differs", "unread", "may"), [(True, None, True), (False, None, False), (True, LOST, False)]
)
def test_a_case_is_written_anew_where_it_differs_and_can_be_read(
    unread: Any, monkeypatch: pytest.MonkeyPatch, *, differs: bool, may: bool
) -> None:
    found = [SimpleNamespace(unread=unread)] if differs else []
    monkeypatch.setattr(replay, "differences", lambda _case: iter(found))
    anew: list[Any] = []
    monkeypatch.setattr(replay, "rewrite", anew.append)
    case = models.Case(pk=9)
    assert replay.follow_calendar([case]) == int(may)
    assert replay.follow_calendar([]) == 0
    assert anew == ([9] if may else [])
    monkeypatch.setattr(replay, "cases_to_check", lambda: iter([LOST, case]))
    assert replay.follow_calendar() == int(may)


def test_delivered_places_are_those_of_the_packs() -> None:
    places = placed_fields._delivered("register")
    assert placed_fields.CHANNEL in places
    assert all(field.section for field in places.values())
    assert placed_fields._delivered("no such act") == {}


# --- who decides ----------------------------------------------------------------------------------
VIEWER = Viewer(
    user=None,
    official=7,
    organs=frozenset({5}),
    walled_organs=frozenset(),
    compartments=frozenset(),
    stands_for=frozenset(),
    scope=frozenset(),
    personnel=frozenset(),
)


@pytest.mark.parametrize(
    ("roles", "organ", "asked"),
    [
        ({"R7"}, 5, (1, 0)),
        ({"R8"}, 5, (1, 0)),
        ({"R6"}, 5, None),
        ({"R7"}, 6, None),  # not where this person sits
        ({"R7"}, None, None),
        (set(), 5, None),
    ],
)
def test_the_file_of_a_review_is_found_by_whoever_decides_it(
    roles: set[str],
    organ: int | None,
    asked: tuple[int, int] | None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen: list[Any] = []
    find = SimpleNamespace(first=lambda _model, groups, *_: noted(seen, groups, "case"))
    monkeypatch.setattr(decided_files, "_FIND", find)
    monkeypatch.setattr(decided_files, "ROLES", {})
    found: Any = decided_files.find_decided_on(Decider(VIEWER, organ, frozenset(roles)), "N")
    assert found == ("case" if asked else None)
    assert [tuple(map(len, groups[-2:])) for groups in seen] == ([asked] if asked else [])


@pytest.mark.parametrize(
    ("kind", "found", "supervises", "sees"),
    [
        ("registry", False, False, True),  # around the house's own registers there is no wall
        ("petition", True, False, True),
        ("petition", False, False, False),
        ("petition", True, True, False),  # who only supervises does nothing in it
    ],
)
def test_whoever_works_on_a_case_may_see_its_proposals(
    kind: str, monkeypatch: pytest.MonkeyPatch, *, found: bool, supervises: bool, sees: bool
) -> None:
    viewers: list[Viewer] = []
    wide = Viewer(
        user=None,
        official=7,
        organs=frozenset({5, 6}),
        walled_organs=frozenset(),
        compartments=frozenset(),
        stands_for=frozenset(),
        scope=frozenset(),
        personnel=frozenset({6}),
    )
    monkeypatch.setattr(second_person, "viewer_of", lambda *_: wide)
    monkeypatch.setattr(
        second_person, "find", lambda viewer, *_: noted(viewers, viewer, 1 if found else None)
    )
    monkeypatch.setattr(second_person, "only_supervises", lambda *_: supervises)
    case = SimpleNamespace(kind=kind, number="N")
    asked: Any = SimpleNamespace(held=SimpleNamespace(case=case), day=TODAY)
    user: Any = None
    assert second_person._sees(user, 5, asked) is sees
    assert [(set(one.organs), set(one.personnel)) for one in viewers] == (
        [] if kind == "registry" else [({5}, set())]
    )
    viewers.clear()
    second_person._sees(user, None, asked)
    assert all(not one.organs for one in viewers)


@pytest.mark.parametrize(
    ("officials", "same"), [([7, 7], True), ([7, 8], False), ([7], False), ([], False)]
)
def test_two_accounts_of_one_official_are_one_person(
    officials: list[int], monkeypatch: pytest.MonkeyPatch, *, same: bool
) -> None:
    asked: list[Any] = []
    rows = SimpleNamespace(values_list=lambda *_, **_kw: officials)

    def accounts(**which: Any) -> Any:
        asked.append(which["pk__in"])
        return rows

    monkeypatch.setattr(
        second_person, "User", SimpleNamespace(objects=SimpleNamespace(filter=accounts))
    )
    assert second_person._same_person(1, 1)
    assert second_person._same_person(1, 2) is same
    assert second_person._same_person(1, None) is same
    assert asked == [(1, 2), (1, 0)]


@pytest.mark.parametrize(
    ("user", "sees", "against", "may"),
    [
        (True, True, [], True),
        (False, True, [], False),
        (True, False, [], False),
        (True, True, ["own"], False),
    ],
)
def test_a_proposal_is_decided_by_somebody_who_sees_it(
    against: list[str], monkeypatch: pytest.MonkeyPatch, *, user: bool, sees: bool, may: bool
) -> None:
    monkeypatch.setattr(second_person, "User", table(*([1] if user else [])))
    monkeypatch.setattr(second_person, "_sees", lambda *_: sees)
    monkeypatch.setattr(second_person, "_against", lambda *_: against)
    asked: Any = SimpleNamespace(by=SimpleNamespace(user=1, organ=5))
    assert second_person.may_decide(NONE, asked) is may
