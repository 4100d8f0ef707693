"""Every refusal says in both languages what is wrong and by which rule."""

from __future__ import annotations

from datetime import date

import pytest

from dengwen.law.duties.act_record import CaseView
from dengwen.law.duties.admissibility import Actor, refusals
from dengwen.law.duties.field_values import MAX_TEXT, MAX_WORD
from dengwen.law.duties.step import FieldValue
from dengwen.law.duties.step_fields import field_refusals
from tests.law.stage import BUREAU, LIBRARY

DAY = date(2025, 3, 3)
KIND = LIBRARY.rulebook(DAY).kinds["petition"]
CLERK = Actor(1, BUREAU, frozenset({"clerk"}))


def at(state: str, **facts: str) -> CaseView:
    view = CaseView("petition", state=state, holder=BUREAU)
    view.facts.update(facts)
    return view


def test_facts_are_said_in_the_words_of_the_form() -> None:
    found = refusals(
        KIND,
        KIND.acts["accept"],
        at("received", office="organ", **{"class": "suggestion", "path": "31(6)"}),
        CLERK,
        DAY,
    )
    assert [r.code for r in found] == ["facts"]
    assert "“信访事项类别”为“申诉求决”" in found[0].zh
    assert "建议意见" in found[0].zh
    assert "“class of the matter” is “claim”" in found[0].en
    assert found[0].remedy_zh
    assert found[0].basis == KIND.acts["accept"].basis


def test_facts_that_no_form_asks_for_have_names_too() -> None:
    found = refusals(KIND, KIND.acts["agree_return"], at("objected", sent_by="organ"), CLERK, DAY)
    text = " ".join(r.zh for r in found)
    assert "转送、交办的单位" in text
    assert "sent_by" not in text


def test_flags_are_said_as_yes_and_no() -> None:
    found = refusals(
        KIND,
        KIND.acts["forward"],
        at("registered", office="petition_office", several="true"),
        CLERK,
        DAY,
    )
    assert "为“是”" in found[0].zh
    assert "is “yes”" in found[0].en


@pytest.mark.parametrize("act", sorted(KIND.acts))
def test_no_refusal_shows_a_code_where_people_read_words(act: str) -> None:
    outsider = Actor(9, 9, frozenset())
    for state in (*KIND.states, "new"):
        for refusal in refusals(KIND, KIND.acts[act], at(state), outsider, DAY):
            assert refusal.zh
            assert refusal.en
            words = refusal.zh.replace("“", " ").replace("”", " ").split()
            assert not {"class", "path", "office", "sent_by", "assigned", "channel"} & set(words), (
                refusal.zh
            )


def test_a_step_is_refused_for_every_reason_at_once() -> None:
    codes = [
        r.code
        for r in refusals(
            KIND, KIND.acts["accept"], at("guided"), Actor(9, 9, frozenset({"system"})), DAY
        )
    ]
    assert codes == ["state", "capacity", "facts", "facts", "facts"]
    assert (
        refusals(
            KIND, KIND.acts["withdraw"], at("guided"), Actor(9, 9, frozenset({"petitioner"})), DAY
        )[0].code
        == "state"
    )


@pytest.mark.parametrize(
    ("fields", "texts", "code"),
    [
        ({"channel": "pigeon", "office": "organ"}, {}, "field-option"),
        ({"channel": "letter"}, {}, "missing-field"),
        ({"channel": 3, "office": "organ"}, {}, "field-type"),
        ({"channel": "letter", "office": "organ", "persons": True}, {}, "field-type"),
        ({"channel": "letter", "office": "organ", "colour": "red"}, {}, "unknown-field"),
        ({"channel": "letter", "office": "organ"}, {"content": "信" * (MAX_TEXT + 1)}, "too-long"),
        (
            {"channel": "letter", "office": "organ", "received_on": date(2025, 3, 4)},
            {},
            "future-date",
        ),
        ({"channel": "visit", "office": "organ", "representatives": 6}, {}, "cap"),
    ],
)
def test_a_bad_field_is_refused(
    fields: dict[str, FieldValue], texts: dict[str, str], code: str
) -> None:
    found = field_refusals(KIND.acts["register"], at("new"), fields, texts, DAY)
    assert code in [r.code for r in found]
    assert all(r.zh and r.en for r in found)


def test_a_word_is_short() -> None:
    fields: dict[str, FieldValue] = {"target": 1, "field": "x" * (MAX_WORD + 1), "new": "y"}
    found = field_refusals(KIND.acts["correct"], at("registered"), fields, {"reason": "笔误"}, DAY)
    assert [r.code for r in found] == ["too-long"]


def test_a_full_form_is_not_refused() -> None:
    assert (
        field_refusals(
            KIND.acts["register"], at("new"), {"channel": "letter", "office": "organ"}, {}, DAY
        )
        == []
    )
