"""What acts of an inquiry ask before they count, and how what the law refuses is said."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from dengwen.accountability.inquiry import effects, inquiry_before, posts_on_day
from dengwen.accountability.measures import refusals
from dengwen.law.duties.act_record import Refusal
from dengwen.law.duties.step import Step
from tests.accountability.bare_files import FACTS, TODAY, code
from tests.accountability.read_inquiries import HERE, WANG, ZHAO, inquiry
from tests.invented_rows import table

DAY = timedelta(days=1)
NONE: Any = None


# --- what acts of an inquiry ask ------------------------------------------------------------------
@pytest.mark.parametrize(("value", "pk"), [(7, 7), (True, 0), ("7", 0), (None, 0)])
def test_a_field_names_a_row_by_its_id(value: Any, pk: int) -> None:
    assert inquiry_before.row_id(value) == pk


@pytest.mark.parametrize(("value", "given"), [(("1", 2), ("1", "2")), ("1", ()), (None, ())])
def test_evidence_is_given_as_a_list(value: Any, given: tuple[str, ...]) -> None:
    step = Step(act="x", fields={} if value is None else {"evidence": value})
    assert inquiry_before.evidence_given(step) == given


CASE = SimpleNamespace(number="N9", kind="meeting")


@pytest.mark.parametrize(
    ("fields", "found", "bound", "refused"),
    [
        ({"papers": ("p",)}, None, "", ""),
        ({}, None, "", "no-source"),
        ({"source": "N9", "place": 3, "bound": "ab"}, CASE, "ab", ""),
        ({"source": "N9", "place": 3, "bound": "ab"}, None, "ab", "not-there"),
        ({"source": "N9", "place": 3, "bound": "ab"}, CASE, "cd", "not-there"),
        ({"source": "N9", "place": 3, "bound": ""}, CASE, "", "not-there"),
    ],
)
def test_evidence_comes_from_an_act_as_the_ledger_has_it_or_from_a_paper(
    fields: dict[str, Any], found: Any, bound: str, refused: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(effects, "source", lambda *_: found)
    monkeypatch.setattr(effects, "bound_of", lambda _case, place: bound if place == 3 else "")
    step = Step(act="pin_evidence", fields=fields)
    assert code(lambda: effects._source_of(inquiry(), step, FACTS)) == refused
    if not refused:
        assert effects._source_of(inquiry(), step, FACTS) == (
            found if fields.get("source") else None
        )


@pytest.mark.parametrize(
    ("disclose", "case", "asked"),
    [
        ("open", None, [(["甲"], ["known"])]),
        ("open", CASE, [(["甲"], ["known", CASE])]),
        ("closed", CASE, []),
    ],
)
def test_only_what_is_disclosed_must_name_nobody_sealed(
    disclose: str, case: Any, asked: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Any] = []
    monkeypatch.setattr(effects, "investigated", lambda _facts: inquiry())
    monkeypatch.setattr(effects, "_source_of", lambda *_: case)
    monkeypatch.setattr(effects, "sources_of", lambda _made: ["known"])

    def shown(_made: Any, _facts: Any, texts: Any, _where: str, sources: Any) -> None:
        seen.append((list(texts), list(sources)))

    monkeypatch.setattr(effects, "shown_to_person", shown)
    step = Step(act="pin_evidence", fields={"disclose": disclose}, texts={"shows": "甲"})
    assert effects.evidence_pinned(step, FACTS) == ()
    assert seen == asked


@pytest.mark.parametrize(
    ("finding", "needed"), [("shown", True), ("not_shown", False), ("cannot", False)]
)
def test_only_what_is_found_to_be_shown_needs_evidence(
    finding: str, monkeypatch: pytest.MonkeyPatch, *, needed: bool
) -> None:
    asked: list[bool] = []
    monkeypatch.setattr(effects, "investigated", lambda _facts: inquiry())
    monkeypatch.setattr(effects, "rules_of_day", lambda _made: None)
    rules = SimpleNamespace(
        element_known=lambda *_: None, on_the_board=lambda *_, needed, **_kw: asked.append(needed)
    )
    monkeypatch.setattr(effects, "rules", rules)
    effects.element_found(
        Step(act="establish", fields={"trigger": "t", "element": "e", "finding": finding}), FACTS
    )
    assert asked == [needed]


@pytest.mark.parametrize(
    ("meeting", "there", "refused"),
    [
        (SimpleNamespace(kind="meeting"), True, ""),
        (SimpleNamespace(kind="meeting"), False, "no-minutes"),
        (SimpleNamespace(kind="petition"), True, "no-minutes"),
        (None, True, "no-minutes"),
    ],
)
def test_a_decision_is_considered_from_its_minutes(
    meeting: Any, refused: str, monkeypatch: pytest.MonkeyPatch, *, there: bool
) -> None:
    if meeting is not None:
        meeting.positions = table(*([1] if there else [])).objects
    monkeypatch.setattr(effects, "investigated", lambda _facts: inquiry())
    monkeypatch.setattr(effects, "source", lambda *_: meeting)
    step = Step(act="consider_decision", fields={"meeting": "M", "item": 2})
    assert code(lambda: effects.decision_considered(step, FACTS)) == refused


@pytest.mark.parametrize(
    ("objected", "defended", "on", "asked"),
    [
        ((), None, TODAY - DAY, (TODAY - DAY, False, False)),
        (("A1",), None, TODAY - DAY, (TODAY - DAY, True, False)),
        ((), 5, "x", (TODAY, False, True)),
    ],
)
def test_a_deed_is_of_its_day_an_objection_needs_its_record_and_a_late_deed_new_evidence(
    objected: Any,
    defended: int | None,
    on: Any,
    asked: tuple[date, bool, bool],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen: dict[str, Any] = {"again": False}
    one = inquiry()
    one.first_defence = lambda who: defended if who == WANG else None
    monkeypatch.setattr(effects, "investigated", lambda _facts: one)
    monkeypatch.setattr(
        effects, "refuse_stranger", lambda _who, _units, day, _where: seen.update(day=day)
    )
    monkeypatch.setattr(
        effects,
        "rules",
        SimpleNamespace(on_the_board=lambda *_, needed, **_kw: seen.update(needed=needed)),
    )
    monkeypatch.setattr(effects, "_refuse_unknown_codes", lambda _codes: None)
    monkeypatch.setattr(
        effects, "line_rules", SimpleNamespace(not_for_defending=lambda *_: seen.update(again=True))
    )
    fields = {"official": WANG, "organ": HERE, "on": on, "objected": objected}
    effects.deed_considered(Step(act="consider_deed", fields=fields), FACTS)
    assert (seen["day"], seen["needed"], seen["again"]) == asked


@pytest.mark.parametrize(
    ("codes", "refused"), [(("A1",), ""), (("A1", "Z9"), "no-official"), ((), ""), ("Z9", "")]
)
def test_objecting_leaders_are_named_by_codes_of_the_registry(
    codes: Any, refused: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(effects, "Official", table("A1"))
    assert code(lambda: effects._refuse_unknown_codes(codes)) == refused


@pytest.mark.parametrize(("how", "written"), [("written", True), ("in_person", False)])
def test_an_answer_in_writing_must_be_there(
    how: str, monkeypatch: pytest.MonkeyPatch, *, written: bool
) -> None:
    asked: list[str] = []
    rules = SimpleNamespace(
        was_told=lambda *_: None,
        earlier_signed=lambda *_: None,
        record_there=lambda *_, **_kw: None,
        may_be_silent=lambda *_, recorded: asked.append(f"recorded {recorded}"),
        answered_in_writing=lambda *_: asked.append("written"),
    )
    monkeypatch.setattr(effects, "rules", rules)
    monkeypatch.setattr(effects, "investigated", lambda _facts: inquiry())
    fields: dict[str, Any] = {"official": WANG, "how": how, "record": "ab"}
    effects.person_heard(Step(act="hear", fields=fields, texts={"statement": "陈述"}), FACTS)
    assert asked == ["recorded True", *(["written"] if written else [])]
    silent = Step(act="hear", fields=fields, texts={"statement": "……"})
    assert code(lambda: effects.person_heard(silent, FACTS)) == "no-words"


# --- refusals -------------------------------------------------------------------------------------
def test_refusals_of_the_law_are_carried_with_their_rules_and_mends() -> None:
    basis: Any = SimpleNamespace(cite=lambda _i: "第十四条", law="S", article="14")
    found = [Refusal("a", "甲", "first", basis, "改甲", "mend first"), Refusal("b", "乙", "second")]
    rules: Any = SimpleNamespace(instruments={})
    error = refusals.refuse_as(found, "measures", rules)
    assert error.code == "a"
    assert "甲（第十四条）；乙" in str(error)
    assert "first (S 14); second" in str(error)
    assert "改甲" in str(error)
    general = refusals.refuse_as(found[1:], "measures", rules)
    assert "由有管理权限的机关决定" in str(general)


@pytest.mark.parametrize(
    ("text", "refused"), [("事实", ""), ("x", ""), ("", "no-words"), ("——。", "no-words")]
)
def test_texts_say_something(text: str, refused: str) -> None:
    step = Step(act="hear", texts={"facts": "事", "grounds": text})
    assert code(lambda: refusals.in_words(step, "facts", "grounds")) == refused


class _Named:
    """Names of organs, as the registry gives them."""

    def order_by(self, *_: Any) -> Any:
        return SimpleNamespace(values_list=lambda *_, **_kw: ["示例局"])


@pytest.mark.parametrize("held", [True, False])
def test_somebody_is_concerned_where_they_held_a_post_on_the_day(
    monkeypatch: pytest.MonkeyPatch, *, held: bool
) -> None:
    monkeypatch.setattr(posts_on_day, "held_post", lambda *_: held)
    monkeypatch.setattr(posts_on_day, "Official", table("王"))
    monkeypatch.setattr(
        posts_on_day, "Organ", SimpleNamespace(objects=SimpleNamespace(filter=lambda **_: _Named()))
    )
    assert (
        bool(code(lambda: posts_on_day.refuse_stranger(ZHAO, {HERE}, TODAY, "official")))
        is not held
    )
