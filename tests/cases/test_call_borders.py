"""What a call has at hand and what it writes, one question at a time: organs, cases, rules, texts,
papers, and the checks that compare rows with what was sealed."""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from dengwen.cases import rulebooks
from dengwen.cases.rulebooks import RulesOfCall
from dengwen.cases.wall import identity
from dengwen.cases.wall.visibility import ACCOUNT, ACCUSE, Viewer, as_groups, of_groups
from dengwen.cases.write import (
    call_keys,
    check,
    contents,
    correction,
    handover,
    list_entry,
    perform,
)
from dengwen.cases.write.call_context import CallContext, Texts
from dengwen.cases.write.papers import issue
from dengwen.law.duties.act_record import OCCURRED, Refusal
from dengwen.law.duties.step import Step
from tests.cases.bare_rules import bare_act, noted
from tests.invented_rows import table

NOW = datetime(2025, 3, 18, 4, tzinfo=UTC)
TODAY = date(2025, 3, 18)
DAY = timedelta(days=1)
NONE: Any = None


# --- the wall -------------------------------------------------------------------------------------
@pytest.mark.parametrize("official", [None, 7])
@pytest.mark.parametrize("held", [(), (ACCOUNT,), (ACCUSE,), (ACCOUNT, ACCUSE)])
def test_a_viewer_is_asked_by_groups_and_is_the_same_again(
    official: int | None, held: tuple[str, ...]
) -> None:
    viewer = Viewer(
        user=None, official=official, organs=frozenset({1}), walled_organs=frozenset({2}),
        compartments=frozenset(held), stands_for=frozenset({3}), scope=frozenset({4}),
        personnel=frozenset({5}),
    )  # fmt: skip
    assert of_groups(as_groups(viewer)) == viewer


def test_whatever_names_a_petitioner_is_kept_off_a_paper() -> None:
    """Who asks, where they live, how they are reached, their number, and who speaks for them."""
    said = dict.fromkeys(
        ("petitioner", "address", "phone", "id_number", "witness", "agent", "served_by", "subject"),
        "x",
    )
    kind: Any = SimpleNamespace(acts={})
    hidden = identity.without_names(said, {"identity": identity.HIDDEN}, kind)
    assert set(hidden) == {"subject"}


# --- a call ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("written", "records", "opened"),
    [(0, 0, False), (0, 2, False), (1, 2, False), (2, 2, True), (1, 1, True)],
)
def test_a_call_opened_a_case_where_it_wrote_all_of_it(
    written: int, records: int, *, opened: bool
) -> None:
    held: Any = SimpleNamespace(written=written, records=[1] * records)
    call: Any = SimpleNamespace(cases={"N": held})
    assert CallContext.opened_here(call, "N") is opened
    assert CallContext.opened_here(call, "M") is False


def test_rules_of_a_call_are_asked_once_and_anew_where_one_was_entered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []

    def asking(name: str) -> Any:
        return lambda *args: noted(asked, name, f"{name}{args}")

    for name in ("calendars", "local_settings", "_calendars_at", "_settings_at"):
        monkeypatch.setattr(rulebooks, name, asking(name))
    monkeypatch.setattr(rulebooks, "_stand", lambda _what: ("1/1", "2/2"))
    rules: Any = RulesOfCall()
    assert [rules.calendars() for _ in range(3)] == ["calendars()"] * 3
    assert [rules.local_settings("x") for _ in range(2)] == ["local_settings('x',)"] * 2
    assert asked == ["calendars", "local_settings", "local_settings"]
    rules.begin("3/3", "4/4")
    assert (rules.calendars(), rules.local_settings("x")) == (
        "_calendars_at('3/3',)",
        "_settings_at('4/4',)",
    )
    rules.calendars_changed()
    assert rules.calendars() == "calendars()"
    rules.begin()
    assert rules.calendars() == "_calendars_at('1/1',)"
    rules.begin("9/9")  # how the settings stand is not known: both are asked
    assert (rules.calendars(), rules.local_settings("x")) == (
        "_calendars_at('1/1',)",
        "_settings_at('2/2',)",
    )


def test_a_refusal_names_the_act_and_every_reason() -> None:
    reasons = [Refusal("a", "甲", "first"), Refusal("b", "乙", "second")]
    bare = check.Refused(Step(act="note"), reasons)
    assert (bare.act_zh, bare.act_en, str(bare)) == ("note", "note", "甲 / first; 乙 / second")
    said = check.Refused(Step(act="note"), reasons, "备注", "note it")
    assert (said.act_zh, said.act_en) == ("备注", "note it")


@pytest.mark.parametrize(("organ", "acts_for"), [(None, 5), (6, 6), (0, 0)])
def test_a_step_is_done_for_the_organ_it_names_or_for_the_own(
    organ: int | None, acts_for: int
) -> None:
    by = perform.By(9, 5, frozenset({"clerk"}))
    actor: Any = by.actor(organ)
    assert (actor.user, actor.organ, actor.capacities) == (9, acts_for, {"clerk"})


@pytest.mark.parametrize("cases", [0, 1, 15, 16, 17, 32, 40])
def test_all_further_cases_of_a_call_are_found(cases: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(call_keys, "key_of", lambda uid, place: f"{uid}.{place}")
    there = {call_keys.key_of("call", n): n for n in range(1, cases + 1)}
    asked: list[int] = []

    def rows(call__in: list[str]) -> list[Any]:
        asked.append(len(call__in))
        return [SimpleNamespace(call=key) for key in call__in if key in there]

    monkeypatch.setattr(perform, "Act", SimpleNamespace(objects=SimpleNamespace(filter=rows)))
    assert len(perform._further("call")) == cases
    assert len(asked) == cases // perform.KEYS_ASKED + 1  # no more than needed


# --- texts ----------------------------------------------------------------------------------------
CLASSES = {"name": "D2", "note": "D3", "more": "D3"}
TEXTS: Any = SimpleNamespace(
    field_rule=lambda name: SimpleNamespace(data_class=CLASSES[name]) if name in CLASSES else None
)


def test_texts_lie_by_class_and_salted_so_that_nobody_guesses_a_short_one() -> None:
    said = {"name": "王", "note": "甲", "more": "", "forged": "x"}
    packages = contents.pack(TEXTS, said, "停电")
    read = {one.data_class: json.loads(one.body) for one in packages}
    assert {name: one["fields"] for name, one in read.items()} == {
        "D2": {"name": "王"},
        "D3": {"note": "甲"},
        "D5": {"late_reason": "停电"},
    }
    salts = {one["salt"] for one in read.values()}
    assert len(salts) == len(read)
    assert {len(base64.b64decode(salt)) for salt in salts} == {hashlib.sha256().digest_size}
    assert [one.digest for one in packages] == [
        hashlib.sha256(one.body).hexdigest() for one in packages
    ]
    assert "D5" not in {one.data_class for one in contents.pack(TEXTS, said)}
    assert contents.digest_of([]) == ""
    assert len({contents.digest_of(packages), contents.digest_of(packages[:1])}) == 2


def test_a_text_is_intact_where_its_digest_fits() -> None:
    body = b'{"fields":{}}'
    row: Any = SimpleNamespace(sealed=False, body=body, digest=hashlib.sha256(body).hexdigest())
    assert contents.intact(row)
    row.digest = "00"
    assert not contents.intact(row)


# --- papers ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(("protected", "sealed_as"), [(True, "D4"), (False, "D3")])
def test_a_paper_of_an_accusation_lies_with_the_accusations(
    sealed_as: str, *, protected: bool
) -> None:
    assert issue._place("u", "opinion", protected=protected).data_class == sealed_as


def test_a_paper_is_signed_by_the_organ_that_acts_or_by_the_office_of_the_case(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    signed: list[tuple[str, str]] = []

    def made(**more: Any) -> Any:
        signed.append((more["organ_code"], more["organ_name"]))
        return SimpleNamespace(number="1", title="t", digest="d", html="h")

    monkeypatch.setattr(issue, "issue", made)
    monkeypatch.setattr(issue, "seal", lambda *_: b"")
    monkeypatch.setattr(issue, "key_ring", lambda: None)
    monkeypatch.setattr(issue, "Document", lambda **columns: columns)
    document: Any = SimpleNamespace(id="opinion", basis=SimpleNamespace(cite=lambda _i: ""))
    book: Any = SimpleNamespace(instruments={})
    case: Any = SimpleNamespace(pk=1, number="N", office="YJ01", protected=False)
    act: Any = SimpleNamespace(pk=2, uid="u", occurred_at=NOW)
    call: Any = SimpleNamespace(unit=SimpleNamespace(run_all=None), keys=None)
    organ: Any = SimpleNamespace(code="YJ02", name_zh="示例局")
    for who in (organ, None):
        issue._issue(document, book, {}, case, act, who, NOW, Step(act="sign"), bare_act(), call)
    assert signed == [("YJ02", "示例局"), ("YJ01", "")]


def test_a_paper_prints_whom_it_answers_and_on_what_besides_its_contents() -> None:
    documents: Any = [SimpleNamespace(needs=("outcome",)), SimpleNamespace(needs=())]
    assert issue._wanted(documents) == {"petitioner", "agent", "subject", "content", "outcome"}


def test_an_act_prints_what_it_says_and_no_empty_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        issue, "liability_words", lambda _k, field, *_: "严重" if field.name == "grade" else ""
    )
    fields = {
        name: SimpleNamespace(name=name, type="word", option_names={}) for name in ("grade", "path")
    }
    step = Step(
        act="sign",
        fields={"grade": "3", "path": "a", "forged": "x"},
        texts={"note": "甲", "empty": ""},
    )
    case: Any = SimpleNamespace(place="")
    found = issue._of_act(step, bare_act(names=fields), NONE, case, TODAY, NONE)
    assert found == {"grade": "严重", "path": "a", "note": "甲"}


@pytest.mark.parametrize(
    ("own", "usable", "kept_then"), [(0, True, True), (0, False, True), (3, True, False)]
)
def test_texts_of_a_case_are_read_once_in_a_call(
    own: int, monkeypatch: pytest.MonkeyPatch, *, usable: bool, kept_then: bool
) -> None:
    read: list[int] = []
    monkeypatch.setattr(issue, "_read_texts", lambda case, *_: noted(read, case.pk, []))
    monkeypatch.setattr(issue, "_opened", lambda rows, *_: {one.text: "x" for one in rows})
    monkeypatch.setattr(issue, "_is_usable", lambda *_: usable)
    first = Texts(frozenset({1}), [SimpleNamespace(text="stored")])  # type: ignore[list-item]
    kept: list[Texts] = []
    waiting = [SimpleNamespace(case_id=1, text="mine"), SimpleNamespace(case_id=2, text="other")]
    call: Any = SimpleNamespace(
        texts_of=lambda _pk: first, keep_texts=lambda _pk, texts: kept.append(texts), keys=None,
        unit=SimpleNamespace(waiting=lambda _model: waiting),
    )  # fmt: skip
    case: Any = SimpleNamespace(pk=1)
    found = issue._earlier(case, {1: "u"}, own, None, call)
    assert found == ({"stored": "x", "mine": "x"} if usable else {"mine": "x"})
    assert read == ([] if usable else [1])
    assert bool(kept) is kept_then


# --- corrections ----------------------------------------------------------------------------------
def test_a_corrected_value_is_kept_as_a_form_would_keep_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(correction, "as_kept", lambda of, text: f"{of}:{text}")
    declared: Any = "path"

    def kept(**fields: Any) -> Any:
        return correction.as_kept_step(Step(act="correct", fields=fields), declared).fields.get(
            "new"
        )

    assert kept(field="path", new="程序") == "path:程序"
    assert kept(field=OCCURRED, new="昨天") == "None:昨天"
    assert kept(field="path", new=7) == 7  # forged: no text
    assert kept(field="path") is None


# --- handing over, lists --------------------------------------------------------------------------
def test_what_cannot_be_handed_over_and_is_owed_still_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cases = [SimpleNamespace(pk=n, number=f"N{n}") for n in (1, 2, 3)]
    monkeypatch.setattr(handover, "open_cases", lambda *_: cases)
    monkeypatch.setattr(handover, "can_be_handed_over", lambda case, _now: case.pk == 1)
    monkeypatch.setattr(handover, "_owed", lambda *_: table(1, 2).objects)
    monkeypatch.setattr(
        handover, "perform", lambda *steps, uid, **_: (uid, [one.case for one in steps])
    )
    official: Any = SimpleNamespace(pk=7)
    done: Any = handover.hand_over_all(
        official, official, 5, by=NONE, now=NOW, uid="u", note="休假"
    )
    assert (done.cases, done.calls, done.left) == (("N1",), (("u.0", ["N1"]),), ("N2",))
    noted, plain = (handover._handing(cases[0], official, 5, note) for note in ("休假", ""))  # type: ignore[arg-type]
    assert (noted.texts, plain.texts) == ({"note": "休假"}, {})


def test_a_refused_row_of_a_list_is_named_by_its_code() -> None:
    step = Step(act="found", fields={"code": "YJ09"})
    call: Any = SimpleNamespace(steps=(step,))
    why = [Refusal("x", "甲", "first", None, "改", "mend"), Refusal("y", "乙", "second")]
    row = list_entry._row_error(3, call, check.Refused(step, why))
    assert (row.row, row.column, row.value) == (3, "code", "YJ09")
    assert "甲；改；乙" in str(vars(row) if hasattr(row, "__dict__") else row)
    other = list_entry._row_error(4, call, ValueError("broken"))
    assert (other.row, other.column, other.code, other.value) == (4, "code", "failed", "YJ09")
