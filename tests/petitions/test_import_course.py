"""What an import makes of each row: sorted or waiting, answered or held, counted once, noted where
it came from. No database is asked: rows, rules and outcomes are invented."""

from __future__ import annotations

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from dengwen.cases import rulebooks
from dengwen.petitions.history import history_import
from dengwen.petitions.history.history_import import ImportReport, _Import, _Known, _Needs
from dengwen.petitions.history.message_classes import Choice
from dengwen.petitions.history.message_fields import SaidInRow
from dengwen.petitions.history.message_file import ColumnMap, RowError, RowRefused
from dengwen.petitions.history.message_row import MessageRow
from tests.invented_rows import Rows

CAME = datetime(2023, 3, 1, 1, tzinfo=UTC)
ANSWERED = datetime(2023, 3, 20, 1, tzinfo=UTC)
SORTING: Any = SimpleNamespace(acts={"classify": None, "register": None})
UNSORTED: Any = SimpleNamespace(acts={"register": None})


def row(**more: Any) -> MessageRow:
    plain: dict[str, Any] = {
        "row": 1,
        "source": "示例平台",
        "number": "7",
        "subject": "屋面渗水",
        "content": "请求修复",
        "received": CAME,
        "reply": "",
        "replied": None,
        "place": "",
        "class_": "",
        "path": "",
        "cells": {},
    }
    return MessageRow(**{**plain, **more})


def running(**more: Any) -> _Import:
    office: Any = SimpleNamespace(pk=3, is_petition_office=False, division_code="500100")
    by: Any = None
    given: dict[str, Any] = {"classes": {}, "errors_to": None, **more}
    return _Import(office, "network", by, ANSWERED, ColumnMap(), **given)


def known(**more: Any) -> _Known:
    plain: dict[str, Any] = {"case": "N", "digest": "d", "replied": False, "classified": ""}
    return _Known(**{**plain, **more})


# --- the report -----------------------------------------------------------------------------------
def test_a_report_says_every_count_the_words_it_did_not_know_and_its_errors() -> None:
    report = ImportReport(rows=3, registered=2, waiting=1)
    report.unknown_categories.update(["城建", "其他", "城建"])
    report.errors.append(RowError(2, "time", "甲", "a", "乙", "b"))
    said = report.as_dict()
    assert (said["rows"], said["registered"], said["waiting"], said["replies"]) == (3, 2, 1, 0)
    assert said["unknown_categories"] == {"城建": 2, "其他": 1}
    assert said["errors"] == [report.errors[0].as_dict()]
    assert set(said) == set(ImportReport.__slots__)


@pytest.mark.parametrize("asked", [True, False])
def test_all_errors_are_counted_and_handed_on_and_some_are_kept(
    monkeypatch: pytest.MonkeyPatch, *, asked: bool
) -> None:
    monkeypatch.setattr(history_import, "KEPT_ERRORS", 2)
    handed: list[RowError] = []
    work = running(errors_to=handed.append if asked else None)
    errors = [RowError(n, "time", "甲", "a", "乙", "b") for n in range(1, 5)]
    for error in errors:
        work.refuse(error)
    assert work.report.refused == 4
    assert work.report.errors == errors[:2]
    assert handed == (errors if asked else [])


# --- what a row needs -----------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("kind", "there", "choice", "answered", "expected"),
    [
        # (class, classifies, has_reply, waits, replies)
        (SORTING, None, "", True, ("", False, True, True, False)),
        (SORTING, None, "claim", True, ("claim", True, True, False, True)),
        (SORTING, None, "claim", False, ("claim", True, False, False, False)),
        (SORTING, known(classified="claim"), "", True, ("claim", False, True, False, True)),
        # what an office sorted stands, whatever a file says later
        (SORTING, known(classified="claim"), "x", True, ("claim", False, True, False, True)),
        (SORTING, known(replied=True), "claim", True, ("claim", True, False, False, False)),
        (SORTING, known(), "", False, ("", False, False, True, False)),
        (UNSORTED, None, "", True, ("", False, True, False, True)),
    ],
)
def test_a_row_is_sorted_once_and_answered_once_it_is_sorted(
    kind: Any, there: _Known | None, choice: str, expected: tuple[Any, ...], *, answered: bool
) -> None:
    given = row(replied=ANSWERED if answered else None)
    needs = history_import._needs(given, there, kind, Choice(choice))
    found = (needs.class_, needs.classifies, needs.has_reply, needs.waits, needs.replies)
    assert found == expected


def test_the_same_row_in_the_same_state_is_the_same_call() -> None:
    plain = _Needs(Choice(""), "", classifies=False, has_reply=True, waits=False)
    sorts = _Needs(Choice("x"), "x", classifies=True, has_reply=True, waits=False)
    states: list[tuple[_Known | None, _Needs, int]] = [
        (None, plain, 2),
        (known(), plain, 1),
        (known(), sorts, 1),
        (known(), sorts, 2),
    ]
    uids = [history_import._uid(row(), *state) for state in states]
    assert len(set(uids)) == len(uids)
    assert history_import._uid(row(), None, sorts, 3) == uids[0]  # registered once, however sorted
    assert not {history_import._uid(row(number="8"), *state) for state in states} & set(uids)


@pytest.mark.parametrize(
    ("class_", "declared", "counts_as"),
    [
        ("claim", True, "opinion"),
        ("suggestion", True, "suggestion_reply"),
        ("accusation", True, "feedback"),
        ("", True, "reply"),
        ("claim", False, None),  # an edition that does not ask
    ],
)
def test_a_reply_of_the_past_counts_as_what_its_class_is_answered_by(
    class_: str, counts_as: str | None, *, declared: bool
) -> None:
    rule = SimpleNamespace(field_rule=lambda _name: "asked" if declared else None)
    kind: Any = SimpleNamespace(acts={"import_reply": rule})
    step = running()._reply(row(replied=ANSWERED, reply="已修复"), class_, kind, "N", "")
    assert step.fields.get("stands_for") == counts_as
    assert (step.fields["replied_on"], step.texts) == (date(2023, 3, 20), {"reply": "已修复"})
    assert step.imported
    bare = running()._reply(row(replied=ANSWERED), class_, kind, "N", "")
    assert bare.texts == {}
    with pytest.raises(ValueError, match="no reply"):
        running()._reply(row(), class_, kind, "N", "")


def test_what_a_reply_counts_as_is_an_option_of_the_pack() -> None:
    rule = rulebooks.library().rulebook(date(2023, 3, 1)).kind("petition").acts["import_reply"]
    field = rule.field_rule("stands_for")
    assert field is not None
    assert {*history_import.STANDS_FOR.values(), "reply"} <= set(field.option_names)


# --- how a row is sorted --------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("class_", "path", "known_words", "sorted_as"),
    [
        ("", "", {"申诉求决": "claim"}, Choice("")),
        ("申诉求决", "", {"申诉求决": "claim"}, Choice("claim")),
        ("申诉求决", "六", {"申诉求决": "claim"}, Choice("claim", "31(6)")),
        ("申诉求决", "七", {"申诉求决": "claim"}, "途径"),
        ("信访", "", {"申诉求决": "claim"}, "信访"),
        ("信访", "", {}, Choice("")),  # an edition that sorts nothing
    ],
)
def test_a_row_is_sorted_by_words_its_edition_knows(
    class_: str,
    path: str,
    known_words: dict[str, str],
    sorted_as: Choice | str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    words = {"class": known_words, "path": {"六": "31(6)"}}
    monkeypatch.setattr(history_import, "words_of", lambda _kind, _act, name: words[name])
    given, kind = row(class_=class_, path=path), SORTING
    if isinstance(sorted_as, Choice):
        assert running()._choice(given, kind) == sorted_as
        by_file = {"7": Choice("suggestion")}
        assert running(classes=by_file)._choice(given, kind) == Choice("suggestion")
        return
    with pytest.raises(RowRefused) as refused:
        running()._choice(given, kind)
    assert refused.value.error.field == ("path" if sorted_as == "途径" else "class")


# --- what is registered ---------------------------------------------------------------------------
def test_an_import_settles_where_a_message_came_from(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history_import, "outside_index", lambda *parts: "|".join(parts))
    work = running()
    fields = work._settled(row())
    assert (fields["office"], fields["outside_no"]) == ("organ", "other|示例平台/7")
    assert fields["received_on"] == date(2023, 3, 1)
    assert "place" not in fields
    assert work._settled(row(source="", place="500112"))["outside_no"] == "other|7"
    assert work._settled(row(place="500112"))["place"] == "500112"
    petition_office: Any = SimpleNamespace(pk=3, is_petition_office=True)
    work.office = petition_office
    assert work._settled(row())["office"] == "petition_office"


def test_a_row_is_registered_with_its_words_and_the_fields_it_says(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    types = {"petitioner": "person", "persons": "number", "note": "text"}

    def declared(name: str) -> Any:
        return SimpleNamespace(type=types[name]) if name in types else None

    rule: Any = SimpleNamespace(field_rule=declared)
    monkeypatch.setattr(history_import, "TEXT_TYPES", {"person", "text"})
    monkeypatch.setattr(history_import, "accused_parties", lambda *_: ())
    monkeypatch.setattr(_Import, "_settled", lambda *_: {"channel": "network"})
    said = SaidInRow({"petitioner": "王示例", "persons": 3, "unheard": "x", "note": ""}, "城建")
    work = running()
    step = work._register(row(content=""), Choice(""), rule, said)
    assert step.texts == {"subject": "屋面渗水", "content": "屋面渗水", "petitioner": "王示例"}
    assert step.fields == {"channel": "network", "persons": 3, "unheard": "x"}
    assert work.report.unknown_categories == {"城建": 1}
    work._register(row(), Choice(""), rule, SaidInRow({}))
    assert work.report.unknown_categories == {"城建": 1}
    assert work._classify(Choice("claim", "31(6)"), "N", "").fields == {
        "class": "claim",
        "path": "31(6)",
    }
    assert work._classify(Choice("suggestion"), "N", "").fields == {"class": "suggestion"}


# --- what came of it ------------------------------------------------------------------------------
def planned(*, fresh: bool = True, replies: bool = False, classifies: bool = False) -> Any:
    call: Any = SimpleNamespace()
    return history_import._Planned(row(), call, fresh=fresh, classifies=classifies, replies=replies)


def outcome(*, repeated: bool = False, refused: bool = False) -> Any:
    done = None if refused else SimpleNamespace(repeated=repeated, case="N")
    return SimpleNamespace(performed=done, error=ValueError("no") if refused else None)


@pytest.mark.parametrize(
    ("plan", "came", "counted"),
    [
        # (registered, repeated, refused, classified, replies)
        (planned(), outcome(), (1, 0, 0, 0, 0)),
        (planned(), outcome(repeated=True), (0, 1, 0, 0, 0)),
        (planned(fresh=False, replies=True), outcome(), (0, 1, 0, 0, 1)),
        (planned(classifies=True, replies=True), outcome(), (1, 0, 0, 1, 1)),
        (planned(classifies=True, replies=True), outcome(refused=True), (0, 0, 1, 0, 0)),
    ],
)
def test_every_row_is_counted_once(plan: Any, came: Any, counted: tuple[int, ...]) -> None:
    work = running()
    assert work._settle(plan, came) is (counted[2] == 0)
    report = work.report
    found = (
        report.registered,
        report.repeated,
        report.refused,
        report.classified,
        report.replies,
    )
    assert found == counted


def test_a_row_twice_in_a_batch_is_repeated_or_contradicts_itself() -> None:
    work = running()
    work._again(row(row=2), row())
    assert (work.report.repeated, work.report.refused) == (1, 0)
    work._again(row(row=3, content="别的"), row())
    assert (work.report.repeated, work.report.refused) == (1, 1)
    assert work.report.errors[0].row == 3


class _Noted(Rows):
    """Notes of imported rows: what is entered, and what is marked as answered."""

    def bulk_create(self, rows: Any, **_: Any) -> None:
        self.made += [{"case": one.case_id, "replied": one.replied} for one in rows]

    def update(self, **columns: Any) -> None:
        self.made.append(columns)


def test_only_what_was_taken_is_noted(monkeypatch: pytest.MonkeyPatch) -> None:
    noted = _Noted()

    class Row(SimpleNamespace):
        objects = noted

    monkeypatch.setattr(history_import, "ImportedRow", Row)
    monkeypatch.setattr(
        history_import, "Case", SimpleNamespace(objects=SimpleNamespace(filter=lambda **_: Cases()))
    )

    class Cases:
        def values_list(self, *_: str) -> list[tuple[str, int]]:
            return [("N", 11)]

    work = running()
    work._note([(planned(replies=True), outcome())])
    assert noted.made == [{"case": 11, "replied": True}]
    noted.made.clear()
    work._note([(planned(fresh=False, replies=True), outcome())])
    assert noted.made == [{"replied": True}]
    noted.made.clear()
    work._note([(planned(fresh=False), outcome())])
    assert noted.made == []


def test_a_refused_reply_is_not_noted_as_entered(monkeypatch: pytest.MonkeyPatch) -> None:
    work, plan = running(), planned(fresh=False, replies=True)
    done: list[Any] = []
    monkeypatch.setattr(_Import, "_known", lambda *_: {})
    monkeypatch.setattr(_Import, "_plan", lambda _self, one, _known: None if one.row == 9 else plan)
    monkeypatch.setattr(_Import, "_note", lambda _self, rows: done.extend(rows))
    monkeypatch.setattr(plan, "call", "call")
    monkeypatch.setattr(
        history_import, "perform_many", lambda calls: [outcome(refused=True) for _ in calls]
    )
    work.take([row(), row(row=9, number="9")])
    assert (done, work.report.refused) == ([], 1)
