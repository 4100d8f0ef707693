"""What an act leaves behind: who stands to the case, who is told, what is sealed, what is kept."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from dengwen.access.keys.sealed_values import CaseKeys, StoredKeys
from dengwen.cases import read_log_act, rulebooks
from dengwen.cases.files import held_files
from dengwen.cases.files.content_type import look
from dengwen.cases.files.held_files import clear, held, hold
from dengwen.cases.models import Act, Case, Party
from dengwen.cases.read import liability_words
from dengwen.cases.read.possible_acts import _is_closed_by_holder_alone
from dengwen.cases.wall import propagation
from dengwen.cases.wall.decided_files import Decider
from dengwen.cases.wall.identity import HIDDEN
from dengwen.cases.write import case_parties, first_query, recipients, record
from dengwen.cases.write.papers import paper_contents
from dengwen.law.bilingual import words_in
from dengwen.law.duties.step import PartyEntry
from tests.invented_rows import table
from tests.leadership.people import official, present
from tests.world import ACCUSATION, World, at

NOW = datetime(2025, 3, 18, 4, 30, tzinfo=UTC)
SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
HERE, THERE = 1, 2
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


# --- who holds it, whom it was sent to ------------------------------------------------------------
@pytest.mark.parametrize(
    ("takes", "organ", "holder", "moved"),
    [
        (True, THERE, HERE, True),
        (True, HERE, HERE, False),  # who holds it already stays
        (True, None, HERE, False),
        (False, THERE, HERE, False),  # sending on takes nothing over
    ],
)
def test_a_case_gets_a_new_holder_only_where_another_takes_it(
    organ: int | None, holder: int, monkeypatch: pytest.MonkeyPatch, *, takes: bool, moved: bool
) -> None:
    ended: list[tuple[str, int]] = []
    monkeypatch.setattr(
        case_parties,
        "_end_parties",
        lambda _case, _act, role, _unit, save_for: ended.append((role, save_for)),
    )
    monkeypatch.setattr(case_parties, "_party", lambda _case, _act, role, pk: (role, pk))
    rule: Any = SimpleNamespace(takes=takes, addresses=not takes)
    case: Any = SimpleNamespace(seq=3, holder_id=holder)
    act: Any = SimpleNamespace(organ_id=organ)
    view: Any = SimpleNamespace(addressee=9)
    unit: Any = SimpleNamespace(flush_for=lambda _model: None)
    rows: list[Any] = case_parties._moved_parties(rule, case, act, view, unit)
    assert ([row for row in rows if row[0] == "holder"] == [("holder", organ)]) is moved
    assert (("holder", 0) in ended) is moved
    assert (("addressee", 9) in rows) is not takes
    assert ("addressee", (organ or 0) if takes else 0) in ended


# --- who is told ----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("seq", "to", "told"),
    [
        (2, ["信访人"], True),
        (2, ["收件单位", "信访人"], True),
        (2, ["收件单位"], False),
        (2, [], False),
        (1, ["信访人"], False),  # the first act is the petitioner's own
    ],
)
def test_a_petitioner_is_told_of_a_paper_to_them(seq: int, to: list[str], *, told: bool) -> None:
    added: list[Any] = []
    call: Any = SimpleNamespace(unit=SimpleNamespace(add=lambda *rows: added.extend(rows)))
    case: Any = SimpleNamespace(kind="petition", number="N")
    act: Any = SimpleNamespace(
        imported=False, seq=seq, pk=5, organ_id=HERE, actor=None, data={}, recorded_at=NOW
    )
    view: Any = SimpleNamespace(duties=[], addressee=None)
    names = [f"D{n}" for n in range(len(to))]
    documents = {name: SimpleNamespace(to=whom) for name, whom in zip(names, to, strict=True)}
    kind: Any = SimpleNamespace(documents=documents)
    rule: Any = SimpleNamespace(documents=names, effects=(), addresses=False, fields=())
    recipients.tell(case, act, view, kind, rule, call)
    assert [row.recipient for row in added] == (["petitioner"] if told else [])


# --- the wall goes along --------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("was", "becomes", "roles", "opening", "spreads"),
    [
        (False, True, (), False, True),
        (True, True, (), False, False),
        (False, False, (), False, False),
        (False, False, ("agent",), False, False),
        (True, True, ("agent", "accused_person"), False, True),
        (False, False, ("recused",), False, True),
        (False, True, ("accused_unit",), True, False),  # nothing is about it yet
    ],
)
def test_the_wall_goes_along_where_it_was_raised_or_somebody_came_behind_it(
    roles: tuple[str, ...],
    monkeypatch: pytest.MonkeyPatch,
    *,
    was: bool,
    becomes: bool,
    opening: bool,
    spreads: bool,
) -> None:
    spread: list[Any] = []

    def protect(case: Any, *_: Any) -> None:
        case.protected = becomes

    monkeypatch.setattr(record, "_protect", protect)
    monkeypatch.setattr(record, "enter_parties", lambda *_: None)
    monkeypatch.setattr(record, "spread", lambda case, *_: spread.append(case))
    case = SimpleNamespace(protected=was)
    step: Any = SimpleNamespace(parties=[SimpleNamespace(role=role) for role in roles])
    left: Any = SimpleNamespace(case=case, view=None)
    act: Any = SimpleNamespace(recorded_at=NOW)
    rule: Any = None
    call: Any = SimpleNamespace(keys=None)
    record._write_standing(step, rule, left, act, call, opening=opening)
    assert spread == ([case] if spreads else [])


def test_whoever_stands_behind_the_wall_is_put_there_once(world: World) -> None:
    petition = world.register("2025-03-03")
    letter = present(world, petition)
    world.act(
        "clerk",
        "classify",
        petition,
        on="2025-03-06",
        step={"parties": [PartyEntry(role="accused_person", official=official())]},
        **ACCUSATION,
    )
    matter = Case.objects.get(number=petition)
    behind = Party.objects.filter(case__number=letter, role="accused_person")
    assert [party.official_id for party in behind] == [official()]
    act = Act.objects.filter(case=matter).order_by("-seq")[0]
    propagation.spread(matter, act, at("2025-03-07"), CaseKeys(StoredKeys()))
    assert behind.count() == 1


# --- the day a case was opened --------------------------------------------------------------------
@pytest.mark.parametrize(
    ("stood", "says", "changed"),
    [
        (date(2025, 3, 3), date(2025, 3, 3), []),
        (date(2025, 3, 3), date(2025, 3, 2), ["opened_on"]),
        (date(2025, 3, 3), None, []),
    ],
)
def test_the_day_a_case_was_opened_follows_a_corrected_first_act(
    stood: date, says: date | None, changed: list[str]
) -> None:
    moved: list[str] = []
    case: Any = SimpleNamespace(opened_on=stood)
    view: Any = SimpleNamespace(
        state="s", holder=1, handler=2, opened_on=says, next_due=lambda: None
    )
    unit: Any = SimpleNamespace(change=lambda _row, *names: moved.extend(names))
    record.settle(case, view, unit)
    assert moved == changed
    assert case.opened_on == (says or stood)


# --- what a call asks first -----------------------------------------------------------------------
@pytest.mark.parametrize(
    ("cases", "ahead", "with_case"),
    [([], True, False), (["A"], True, True), (["A", "A"], True, True), (["A", "B"], False, False)],
)
def test_a_call_about_several_cases_looks_for_none_ahead(
    cases: list[str], monkeypatch: pytest.MonkeyPatch, *, ahead: bool, with_case: bool
) -> None:
    taken = SimpleNamespace(asked=("ahead", ()), ids=lambda answer: {Act: answer})
    monkeypatch.setattr(first_query, "ahead_statement", lambda _usual: taken)
    wanted = SimpleNamespace(statement=lambda: ("of the case", ()), rows=lambda answer: [answer])
    monkeypatch.setattr(first_query, "_of_case", lambda *_, **__: [wanted] * 5)
    asked: list[str] = []

    def run_all(statements: list[Any]) -> list[Any]:
        asked.extend(words for words, _ in statements[1:])
        return [[(1, "notices", "settings")], *(words for words, _ in statements[1:])]

    steps: Any = [SimpleNamespace(kind="", act="x", case=case, links=()) for case in cases]
    unit: Any = SimpleNamespace(run_all=run_all)
    found: Any = first_query.first_look(unit, steps, "uid", HERE)
    assert asked == ["of the case"] * 5 * with_case + ["ahead"] * ahead
    assert (found.known is not None) is with_case
    assert found.ids == ({Act: "ahead"} if ahead else {})


# --- whose name a later matter bears --------------------------------------------------------------
@pytest.mark.parametrize(
    ("kind", "classes", "hidden", "name"),
    [
        ("petition", ["D2"], False, "王示例"),
        ("review", ["D3", "D2"], False, "王示例"),
        ("inquiry", ["D2"], False, ""),  # not from a petitioner
        ("petition", ["D2"], True, ""),
        ("petition", ["D3"], False, ""),  # a name in another class is nobody's own
    ],
)
def test_the_petitioner_of_the_matter_before_is_read_from_the_identity_alone(
    kind: str, classes: list[str], name: str, monkeypatch: pytest.MonkeyPatch, *, hidden: bool
) -> None:
    monkeypatch.setattr(paper_contents, "open_package", lambda _row: {"petitioner": "王示例"})
    rows = [SimpleNamespace(data_class=one) for one in classes]
    monkeypatch.setattr(
        paper_contents, "_rows", lambda model, *_: rows if model.__name__ == "Content" else []
    )
    earlier = SimpleNamespace(pk=1, kind="inquiry", protected=False)
    facts = {"identity": HIDDEN} if hidden else {}
    call: Any = SimpleNamespace(
        case_numbered=lambda _number: earlier,
        view_of_case=lambda _case: SimpleNamespace(facts=facts),
        acts_of=lambda _case: [SimpleNamespace(data={})],
    )
    case: Any = SimpleNamespace(kind=kind, pk=2)
    first: Any = SimpleNamespace(data={"original": "N"})
    assert paper_contents.petitioner_elsewhere(case, [first], call) == name


# --- files that wait ------------------------------------------------------------------------------
def test_a_file_waits_a_day_to_the_second(world: World) -> None:
    came = at("2025-03-03")
    ticket = hold(look(PDF), came).ticket()
    assert held(ticket, came + DAY - SECOND) is not None
    assert held(ticket, came + DAY) is None


def test_what_was_never_handed_in_goes_after_a_day_and_an_hour_to_the_second(
    world: World,
) -> None:
    came = at("2025-03-03")
    one = hold(look(PDF), came)
    assert clear(came + DAY + HOUR).files == 0
    assert held_files._path(one.name).exists()
    assert clear(came + DAY + HOUR + SECOND).files == 1
    assert not held_files._path(one.name).exists()


# --- the read log ---------------------------------------------------------------------------------
@pytest.fixture
def sealed(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Seal at half past noon in China after a stretch that ended at an hour of a day; what was
    performed."""
    performed: list[Any] = []
    monkeypatch.setattr(read_log_act, "perform", lambda step, **_: performed.append(step))
    monkeypatch.setattr(
        read_log_act, "root_between", lambda *_: SimpleNamespace(count=2, root="ab")
    )

    def run(end: datetime, occurred: datetime, now: datetime = NOW) -> list[Any]:
        performed.clear()
        case = SimpleNamespace(number="LOG-1")
        data = {"end": end.strftime("%Y-%m-%dT%H:%MZ")}
        last = SimpleNamespace(case=case, data=data, occurred_at=occurred)
        monkeypatch.setattr(read_log_act, "Act", table(last))
        assert read_log_act.seal(now=now) == 2 * len(performed)
        return list(performed)

    return run


def test_an_hour_is_sealed_once_and_when_it_is_full(sealed: Any) -> None:
    hour = NOW.replace(minute=0)
    assert sealed(hour, NOW) == []
    assert sealed(hour + timedelta(hours=1), NOW) == []  # a clock put back
    [step] = sealed(hour - timedelta(hours=1), NOW)
    assert (step.fields["start"], step.fields["end"]) == ("2025-03-18T03:00Z", "2025-03-18T04:00Z")


def test_a_reading_log_case_holds_a_day_of_china(sealed: Any) -> None:
    start = NOW - timedelta(hours=20)
    [same] = sealed(start, at("2025-03-18", 0))
    assert (same.case, same.kind) == ("LOG-1", "")
    [other] = sealed(start, at("2025-03-17", 23))
    assert (other.case, other.kind) == ("", read_log_act.KIND)


# --- small words ----------------------------------------------------------------------------------
def test_only_a_known_role_that_handles_lets_somebody_handle() -> None:
    viewer: Any = None

    def handles(*roles: str) -> bool:
        return Decider(viewer, HERE, frozenset(roles)).handles

    assert not handles()
    assert not handles("no such role")
    assert handles("no such role", "R6")
    assert not handles("R7", "R1")


def test_only_its_holder_closes_what_only_its_holder_may_close() -> None:
    def alone(holder: int, *, by_holder: bool) -> bool:
        duty: Any = SimpleNamespace(rule=SimpleNamespace(close_by_holder=by_holder), holder=holder)
        view: Any = SimpleNamespace(holder=HERE)
        return _is_closed_by_holder_alone(duty, view)

    assert alone(THERE, by_holder=True)
    assert not alone(HERE, by_holder=True)
    assert not alone(THERE, by_holder=False)


def test_an_element_is_said_in_its_own_words_and_any_other_code_is_not() -> None:
    name, words = next(iter(sorted(liability_words.NAMED_ELEMENTS.items())))
    kind: Any = SimpleNamespace(acts={})
    rules: Any = SimpleNamespace(measures={}, triggers={})

    def said(field: str, text: str) -> str:
        asked: Any = SimpleNamespace(name=field)
        return liability_words._one(kind, asked, text, rules, "zh")

    assert said("element", name) == words_in(words, "zh")
    assert said("element", "no such element") == ""
    assert said("ground", name) == ""


def test_rules_of_days_are_kept_up_to_a_number_and_then_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rulebooks, "MOST_DAYS", 2)
    monkeypatch.setattr(rulebooks, "_days", {})
    kept = []
    for day in (1, 2, 2, 3, 1):
        rulebooks.rules_on(date(2025, 3, day), "")
        kept.append(len(rulebooks._days))
    assert kept == [1, 2, 2, 1, 2]
