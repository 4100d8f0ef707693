"""Who may be heard, sign, release and still answer, and when a lead lapses: to the act and the
day. What stands around each is invented."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from dengwen.accountability.errors import AccountabilityError
from dengwen.accountability.inquiry import (
    disclosure_to_person,
    hearing_effects,
    identity_release,
    identity_traces,
    rules,
)
from dengwen.accountability.inquiry.conclusion import completeness, effects, odd_findings
from dengwen.accountability.inquiry.queries import DEED, IN_PERSON, Inquiry
from dengwen.accountability.leads import lapsed_leads
from dengwen.accountability.measures import decision_words
from dengwen.law.duties.step import Step
from dengwen.law.liability.attribution import NONE
from tests.invented_rows import table

DAY = timedelta(days=1)
TODAY = date(2025, 3, 18)
NOW = datetime(2025, 3, 18, 2, tzinfo=UTC)
NOTHING: Any = None
WANG, LI, ZHAO = 11, 12, 13


def given(**what: Any) -> Any:
    return SimpleNamespace(**what)


def told(seq: int = 5, texts: Any = None, **data: Any) -> Any:
    return given(seq=seq, data=data, texts=texts or {})


# --- hearings -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("told_at", "heard_at", "missed", "stands", "again"),
    [
        (5, 6, None, True, True),
        (5, 6, 4, True, True),
        (5, 6, 5, True, False),  # told before the goal was missed
        (5, 5, None, True, False),
        (6, 5, None, True, False),
        (0, 6, None, True, False),
        (5, None, None, True, False),
        (None, 6, None, True, False),
        (5, 6, None, False, False),
    ],
)
def test_who_was_told_and_heard_again(
    told_at: int | None, heard_at: int | None, missed: int | None, *, stands: bool, again: bool
) -> None:
    made: Any = given(
        officials=[WANG], missed=None if missed is None else told(missed),
        told={} if told_at is None else {WANG: told(told_at)},
        heard={} if heard_at is None else {WANG: told(heard_at)},
        hearing_stands=lambda _who: stands,
    )  # fmt: skip
    found = Inquiry.heard_anew.fget(made)  # type: ignore[attr-defined]  # a property's function
    assert found == ([WANG] if again else [])


@pytest.mark.parametrize(
    ("how", "signed", "refusals", "stands"),
    [
        (None, None, 2, False),
        ("in writing", None, 0, True),
        (IN_PERSON, None, 0, False),
        (IN_PERSON, 6, 0, True),
        (IN_PERSON, 5, 0, False),  # under an earlier record
        (IN_PERSON, None, 1, False),
        (IN_PERSON, None, 2, True),
    ],
)
def test_a_hearing_in_person_is_countersigned_or_refused_before_two(
    how: str | None, signed: int | None, refusals: int, *, stands: bool
) -> None:
    made: Any = given(
        heard={} if how is None else {WANG: told(5, how=how)},
        countersigned={} if signed is None else {WANG: told(signed)},
        refused_before=lambda _who: set(range(refusals)),
    )
    assert Inquiry.hearing_stands(made, WANG) is stands


@pytest.mark.parametrize(
    ("seq", "official", "counts"), [(6, WANG, True), (5, WANG, False), (4, WANG, False),
                                    (6, LI, False)]
)  # fmt: skip
def test_a_refusal_counts_for_the_last_record_of_that_person(
    seq: int, official: int, *, counts: bool
) -> None:
    made: Any = given(
        heard={WANG: told(5)},
        refusals=[told(seq, official=official, investigator=ZHAO)],
        recused=set(),
    )
    assert Inquiry.refused_before(made, WANG) == ({ZHAO} if counts else set())
    made.recused = {ZHAO}  # what somebody recorded who withdrew counts no longer
    assert Inquiry.refused_before(made, WANG) == set()


@pytest.mark.parametrize(
    ("last", "nothing_more", "until"),
    [
        (TODAY, None, TODAY),
        (TODAY + DAY, None, TODAY + DAY),
        (TODAY - DAY, None, None),
        (TODAY, 6, None),
        (TODAY, 4, TODAY),  # said before they were told
    ],
)
def test_until_when_somebody_may_answer(
    last: date, nothing_more: int | None, until: date | None
) -> None:
    made = Inquiry("N1", "500199", None, ())
    made.told = {WANG: told(5, answer_by=last.isoformat(), official=WANG)}
    made.nothing_more = {} if nothing_more is None else {WANG: told(nothing_more)}
    assert made.answer_until(WANG, TODAY) == until
    assert made.answer_until(LI, TODAY) is None


def acted(act: str, seq: int, **data: Any) -> Any:
    """An act about the head of an inquiry, at its place."""
    one = told(seq, official=WANG, **data)
    one.act = act
    return one


@pytest.mark.parametrize(
    ("acts", "until"),
    [
        ([("tell_person", 2, TODAY + DAY), ("tell_person", 4, TODAY)], TODAY + DAY),
        ([("tell_person", 2, TODAY), ("tell_person", 4, TODAY + DAY)], TODAY + DAY),
        ([("tell_person", 2, TODAY), ("say_nothing_more", 3, None)], None),
        ([("tell_person", 2, TODAY), ("say_nothing_more", 3, None), ("defend", 4, None)], TODAY),
        ([("tell_person", 2, TODAY), ("say_nothing_more", 3, None), ("hand_in", 4, None)], TODAY),
        ([("tell_person", 2, TODAY), ("defend", 3, None), ("say_nothing_more", 4, None)], None),
        ([("tell_person", 2, TODAY), ("say_nothing_more", 3, None), ("hear", 4, None)], None),
    ],
)
def test_telling_anew_shortens_no_time_and_what_is_brought_takes_the_last_word_back(
    acts: list[tuple[str, int, date | None]], until: date | None
) -> None:
    done = [
        acted(act, seq, **({"answer_by": day.isoformat()} if day else {})) for act, seq, day in acts
    ]
    made = Inquiry("N1", "500199", None, tuple(done))
    made.told = {WANG: [one for one in done if one.act == "tell_person"][-1]}
    made.nothing_more.update((WANG, one) for one in done if one.act == "say_nothing_more")
    assert made.answer_until(WANG, TODAY) == until


@pytest.mark.parametrize(("how", "recorded", "taken"), [(IN_PERSON, True, True),
                         (IN_PERSON, False, False), ("no_answer", False, True)])  # fmt: skip
def test_heard_in_person_is_written_with_its_record(
    how: str, *, recorded: bool, taken: bool
) -> None:
    if taken:
        rules.record_there(how, recorded=recorded)
        return
    with pytest.raises(AccountabilityError):
        rules.record_there(how, recorded=recorded)


@pytest.mark.parametrize(
    ("concerned", "acting", "again", "allowed"),
    [
        (True, WANG, False, True),
        (True, ZHAO, False, True),
        (True, LI, False, False),  # neither the person nor an investigator
        (True, LI, True, True),
        (False, WANG, False, False),
    ],
)
def test_the_person_or_an_investigator_enters_what_was_said(
    acting: int, monkeypatch: pytest.MonkeyPatch, *, concerned: bool, again: bool, allowed: bool
) -> None:
    asked: Any = []
    monkeypatch.setattr(hearing_effects, "acting_official", lambda _facts: acting)
    monkeypatch.setattr(hearing_effects, "heard_again", lambda *_: again)
    monkeypatch.setattr(rules, "was_told", lambda *_: None)
    monkeypatch.setattr(rules, "two_investigators", lambda *_: asked.append(1))
    made: Any = given(officials={WANG} if concerned else {LI}, investigators={ZHAO})
    if not allowed:
        with pytest.raises(AccountabilityError):
            hearing_effects.in_person(made, NOTHING, WANG)
        return
    hearing_effects.in_person(made, NOTHING, WANG)
    assert bool(asked) is (acting == ZHAO)


@pytest.mark.parametrize(
    ("acting", "paper", "allowed"), [(WANG, None, True), (ZHAO, "p", True), (ZHAO, None, False)]
)
def test_the_own_word_is_given_from_the_own_account_or_on_paper(
    acting: int, paper: str | None, monkeypatch: pytest.MonkeyPatch, *, allowed: bool
) -> None:
    monkeypatch.setattr(hearing_effects, "acting_official", lambda _facts: acting)
    monkeypatch.setattr(hearing_effects, "in_person", lambda *_: None)
    fields: Any = {"official": WANG, **({"paper": paper} if paper else {})}
    step = Step(act="nothing_more", fields=fields)
    if allowed:
        assert hearing_effects._own_word(NOTHING, step, NOTHING) == WANG
        return
    with pytest.raises(AccountabilityError):
        hearing_effects._own_word(NOTHING, step, NOTHING)


@pytest.mark.parametrize(("before", "allowed"), [({LI}, True), (set(), True), ({ZHAO}, False)])
def test_each_investigator_records_a_refusal_once(
    before: set[int], monkeypatch: pytest.MonkeyPatch, *, allowed: bool
) -> None:
    made = given(refused_before=lambda _who: before)
    monkeypatch.setattr(hearing_effects, "investigated", lambda _facts: made)
    monkeypatch.setattr(rules, "was_told", lambda *_: None)
    for name in ("in_words", "_record_there", "signs_themselves"):
        monkeypatch.setattr(hearing_effects, name, lambda *_: None)
    step = Step(act="refused", fields={"official": WANG, "investigator": ZHAO})
    if allowed:
        assert hearing_effects.signature_refused(step, NOTHING) == ()
        return
    with pytest.raises(AccountabilityError):
        hearing_effects.signature_refused(step, NOTHING)


@pytest.mark.parametrize(
    ("how", "signed", "allowed"),
    [(IN_PERSON, None, True), (IN_PERSON, 4, True), (IN_PERSON, 6, False),
     ("in writing", None, False), (None, None, False)],
)  # fmt: skip
def test_a_record_of_a_hearing_in_person_is_signed_once(
    how: str | None, signed: int | None, *, allowed: bool
) -> None:
    made: Any = given(
        heard={} if how is None else {WANG: told(5, how=how)},
        countersigned={} if signed is None else {WANG: told(signed)},
    )
    if allowed:
        hearing_effects._record_there(made, WANG)
        return
    with pytest.raises(AccountabilityError):
        hearing_effects._record_there(made, WANG)


@pytest.mark.parametrize(("acting", "allowed"), [(ZHAO, True), (LI, False), (None, False)])
def test_an_investigator_signs_for_themselves(
    acting: int | None, monkeypatch: pytest.MonkeyPatch, *, allowed: bool
) -> None:
    monkeypatch.setattr(hearing_effects, "acting_official", lambda _facts: acting)
    step = Step(act="sign", fields={"investigator": ZHAO})
    if allowed:
        hearing_effects.signs_themselves(step, NOTHING)
        return
    with pytest.raises(AccountabilityError):
        hearing_effects.signs_themselves(step, NOTHING)


# --- a second investigator ------------------------------------------------------------------------
SECOND = pytest.mark.parametrize(
    ("who", "same", "counts"),
    [(LI, True, True), (ZHAO, True, False), (WANG, True, False), (LI, False, False)],
)


@SECOND
def test_a_conclusion_is_signed_by_another_investigator_word_for_word(
    who: int, monkeypatch: pytest.MonkeyPatch, *, same: bool, counts: bool
) -> None:
    monkeypatch.setattr(effects, "report_digest", lambda *_: "digest")
    monkeypatch.setattr(effects, "acting_official", lambda _facts: ZHAO)
    signed = told(report="digest" if same else "other", investigator=who)
    made: Any = given(signatures=[signed], investigators={LI, ZHAO})
    step = Step(act="conclude", fields={"outcome": "x"})
    if counts:
        effects._signed_by_another(made, step, NOTHING)
        return
    with pytest.raises(AccountabilityError):
        effects._signed_by_another(made, step, NOTHING)


@SECOND
def test_a_text_is_released_by_another_investigator_word_for_word(
    who: int, monkeypatch: pytest.MonkeyPatch, *, same: bool, counts: bool
) -> None:
    monkeypatch.setattr(identity_release, "bare", lambda text: text)
    released = told(texts={"text": "示例" if same else "另一"}, investigator=who)
    made: Any = given(releases=[released], investigators={LI, ZHAO})
    assert identity_release._released(made, ZHAO, "示例") is counts


# --- what is odd, lacking or shown ----------------------------------------------------------------
@pytest.mark.parametrize(
    ("who", "responsibility", "bears"),
    [(WANG, "direct", True), (LI, "direct", False), (WANG, NONE, False)],
)
def test_who_bears_by_a_confirmed_line(who: int, responsibility: str, *, bears: bool) -> None:
    line = told(responsibility=responsibility)
    made: Any = given(lines={(who, 1, "individual"): line})
    assert odd_findings._bearing(made, WANG) == ([line] if bears else [])


@pytest.mark.parametrize(
    ("objectors", "deed_of", "odd"),
    [({WANG}, LI, True), ({LI}, WANG, True), ({LI}, LI, False), (set(), None, False)],
)
def test_direct_responsibility_beside_an_objection_is_odd(
    objectors: set[int], deed_of: int | None, *, odd: bool
) -> None:
    deed = given(act=DEED, data={"official": deed_of, "told_wrong": True})
    made: Any = given(
        lines={(WANG, 1, "individual"): told(responsibility="direct")}, grounds={2: deed}
    )
    grounds: Any = {1: given(objectors=objectors)}
    assert bool(list(odd_findings._direct_and_objected(made, grounds))) is odd


@pytest.mark.parametrize(
    ("heard", "stands", "lacks"), [(True, False, True), (True, True, False), (False, False, False)]
)
def test_a_hearing_that_does_not_stand_is_to_be_mended(
    *, heard: bool, stands: bool, lacks: bool
) -> None:
    made: Any = given(
        answer_until=lambda *_: None, hearing_stands=lambda _who: stands,
        heard={WANG: told()} if heard else {},
    )  # fmt: skip
    assert bool(list(completeness._time_and_record(made, WANG, TODAY))) is lacks


@pytest.mark.parametrize(
    ("act", "official", "shown"),
    [(next(iter(disclosure_to_person.HEARING)), WANG, True),
     (next(iter(disclosure_to_person.HEARING)), LI, False), ("pin_evidence", WANG, False)],
)  # fmt: skip
def test_somebody_reads_the_acts_of_their_own_hearing(
    act: str, official: int, monkeypatch: pytest.MonkeyPatch, *, shown: bool
) -> None:
    one = given(act=act, data={"official": official}, texts={})
    for name, found in (("_board", []), ("_lines_about", []), ("sources_of", []),
                        ("sealed_words", frozenset())):  # fmt: skip
        monkeypatch.setattr(disclosure_to_person, name, lambda *_, found=found: found)
    monkeypatch.setattr(disclosure_to_person, "_clean_told", lambda told, _sealed: told)
    made: Any = given(acts=[one], told={}, items={}, points={}, heard={}, concluded=None,
                      lines={}, hearing=[])  # fmt: skip
    monkeypatch.setattr(disclosure_to_person, "read_inquiry", lambda _case: made)
    assert disclosure_to_person.disclosed(NOTHING, WANG).hearing == ((one,) if shown else ())


@pytest.mark.parametrize(
    ("own", "official", "listed"), [(False, LI, True), (True, WANG, True), (True, LI, False)]
)
def test_what_others_handed_in_is_not_among_the_evidence_listed(
    official: int, monkeypatch: pytest.MonkeyPatch, *, own: bool, listed: bool
) -> None:
    monkeypatch.setattr(decision_words, "_used", lambda _made: {1})
    made: Any = given(items={1: given(number=1, own=own, official=official)})
    said = decision_words.evidence_words(made, WANG, others_read=True)
    assert said == ("证据 1，目录附卷" if listed else "认定没有列出证据")


@pytest.mark.parametrize(("day", "asked"), [(TODAY, "of its day"), (date.min, "of now")])
def test_circumstances_are_named_by_the_rules_of_the_day_of_the_conduct(
    day: date, asked: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: Any = []
    now: Any = given(name="of now", instruments=NOTHING)
    monkeypatch.setattr(decision_words, "rules_of_day", lambda _made: given(name="of its day"))
    monkeypatch.setattr(
        decision_words, "circumstances_met", lambda _made, found: seen.append(found.name) or []
    )
    rule: Any = given(zh="示例", basis=given(cite=lambda _instruments: "第一条"))
    assert decision_words.kind_words(rule, now, given(day=day)) == "示例：第一条"
    assert seen == [asked]


@pytest.mark.parametrize(("character", "letter"), [("啊", "a"), ("芭", "b"), ("澳", "a"),
                         ("擦", "c"), ("怖", "b"), ("匝", "z"), ("a", ""), ("齄", "")])  # fmt: skip
def test_the_first_letter_of_a_character(character: str, letter: str) -> None:
    assert identity_traces.first_letter(character) == letter


# --- leads that lapse -----------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("until", "lapses"), [(TODAY, False), (TODAY - DAY, True), (TODAY + DAY, False), (None, False)]
)
def test_a_lead_lapses_on_the_day_after_its_last(
    until: date | None, monkeypatch: pytest.MonkeyPatch, *, lapses: bool
) -> None:
    done: Any = []
    waiting = None if until is None else given(until=until)
    periods = given(own=given(rows=(1,)), of=lambda *_: waiting)
    monkeypatch.setattr(lapsed_leads, "Case", table(given(number="N", pk=1, holder_id=2)))
    monkeypatch.setattr(lapsed_leads, "Periods", given(read=lambda: periods))
    monkeypatch.setattr(lapsed_leads, "_came", lambda _leads: {1: TODAY})
    monkeypatch.setattr(lapsed_leads, "perform", lambda step, **_: done.append(step))
    assert lapsed_leads.lapse_leads(NOW) == lapsed_leads.Lapsed(len(done), 0)
    assert len(done) == int(lapses)


@pytest.mark.parametrize(
    ("recorded", "claimed", "lapses"),
    [(1, 1, True), (0, 1, False), (1, 0, False), (-1, 1, False), (1, -1, False)],
)
def test_no_lead_lapses_by_hand_before_its_day(
    recorded: int, claimed: int, monkeypatch: pytest.MonkeyPatch, *, lapses: bool
) -> None:
    monkeypatch.setattr(lapsed_leads, "Case", table(3))
    monkeypatch.setattr(lapsed_leads, "_period", lambda *_: given(until=TODAY))
    facts: Any = given(case_id=1, case="N", recorded_at=NOW + recorded * DAY,
                       day=TODAY + claimed * DAY)  # fmt: skip
    if lapses:
        assert lapsed_leads.lead_lapsed(Step(act="lapse"), facts) == ()
        return
    with pytest.raises(AccountabilityError):
        lapsed_leads.lead_lapsed(Step(act="lapse"), facts)
