"""What a record of a cadre or an organ says on a day: what stood, what ended, what was undone by
then."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from dengwen.accountability.errors import AccountabilityError
from dengwen.accountability.finders.material import Material
from dengwen.accountability.measures import (
    appeal_effects,
    law_question,
    opening_effects,
    queries,
)
from dengwen.accountability.measures.queries import HonourBan, Measure
from dengwen.accountability.personnel import (
    cadre_opinion,
    duties_held,
    extracts,
    honours,
    notification,
)
from dengwen.assessment.frozen import manifest
from dengwen.editions.as_of import Settings
from dengwen.law.duties.act_record import BY_CLAIM, CLOSED, IN_TIME, LATE, OPEN, VOID
from dengwen.law.duties.step import Step
from dengwen.law.liability.conduct_words import HONOURS
from dengwen.law.liability.influence_period import DAY_BEFORE
from dengwen.law.liability.provisions import Liability
from dengwen.organs.kinds import KINDS
from tests.accountability.read_inquiries import HERE, LI, THERE, WANG
from tests.invented_rows import table
from tests.world import at

DAY = timedelta(days=1)
TODAY = date(2025, 3, 18)
NOW = datetime(2025, 3, 18, 4, tzinfo=UTC)
FACTS: Any = SimpleNamespace(organ=HERE, day=TODAY, case="N", case_id=5, act_id=6)


def test_the_last_day_of_an_influence_is_said_with_how_it_is_counted() -> None:
    one: Any = SimpleNamespace(
        verified=True,
        zh="诫勉",
        decided=TODAY,
        decided_by="示例机关",
        effect_zh="六个月",
        last=TODAY,
    )
    assert "末日按满期前一日算" in cadre_opinion._measure(one, DAY_BEFORE)
    assert "末日按对应日算" in cadre_opinion._measure(one, "other")


def test_periods_are_counted_by_how_they_stand() -> None:
    periods = tuple(
        duties_held.Period(TODAY, TODAY, state, TODAY, TODAY, shared=False, stood_in=0)
        for state in (duties_held.MET, duties_held.MET, duties_held.SLOW)
    )
    kept = duties_held.Kept("r", "zh", "en", "S", "1", "", "", local=False, periods=periods)
    assert [kept.count(state) for state in duties_held.STATES] == [2, 1, 0, 0, 0, 0]


@pytest.mark.parametrize(
    ("state", "closed", "timeliness", "due", "stood"),
    [
        (CLOSED, TODAY, LATE, TODAY - DAY, duties_held.SLOW),
        (CLOSED, TODAY, IN_TIME, TODAY, duties_held.MET),
        (CLOSED, TODAY, BY_CLAIM, TODAY, duties_held.MET),
        (CLOSED, TODAY, BY_CLAIM, TODAY - DAY, duties_held.SLOW),  # a longer time claimed later
        (CLOSED, TODAY + DAY, IN_TIME, TODAY, duties_held.AHEAD),  # not done yet on the day
        (CLOSED, TODAY + DAY, LATE, TODAY - DAY, duties_held.MISSED),
        (OPEN, None, "", TODAY, duties_held.AHEAD),
        (OPEN, None, "", TODAY - DAY, duties_held.MISSED),
        (OPEN, None, "", None, duties_held.AHEAD),
        (VOID, TODAY, "", TODAY - DAY, duties_held.EXCUSED),
    ],
)
def test_how_a_duty_stood_on_a_day(
    state: str, closed: date | None, timeliness: str, due: date | None, stood: str
) -> None:
    assert duties_held._state(state, closed, timeliness, due, TODAY) == stood


@pytest.mark.parametrize(
    ("until", "end"),
    [
        (None, None),
        (TODAY, TODAY - DAY),
        (TODAY + DAY, TODAY),  # to the very last day asked
        (TODAY + 2 * DAY, None),  # it goes on
    ],
)
def test_an_extract_says_the_end_of_what_ended_within_it(
    until: date | None, end: date | None
) -> None:
    assert extracts._end_within(until, TODAY) == end


@pytest.mark.parametrize(
    ("begins", "ends", "held"),
    [
        (TODAY, None, True),
        (TODAY + 9 * DAY, None, True),  # on the last day
        (TODAY + 10 * DAY, None, False),
        (TODAY - DAY, TODAY, False),  # until the day before
        (TODAY - DAY, TODAY + DAY, True),
    ],
)
def test_an_assessment_counts_for_whoever_held_the_post_on_one_of_its_days(
    begins: date, ends: date | None, *, held: bool
) -> None:
    post: Any = SimpleNamespace(valid_from=begins, valid_to=ends)
    case: Any = None
    assessed = extracts._Assessed(case, TODAY, TODAY + 9 * DAY, frozenset())
    assert extracts._held_in(post, assessed) is held


def test_an_extract_holds_the_exemptions_from_its_first_day_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    some = [SimpleNamespace(on=TODAY + n * DAY) for n in (-1, 0, 1)]
    for name in ("_posts", "_charges", "register_duties", "counted_duties", "_scores"):
        monkeypatch.setattr(extracts, name, lambda *_: ())
    monkeypatch.setattr(extracts, "measures_in_force", lambda *_: ())
    monkeypatch.setattr(extracts, "convention_on", lambda _on: DAY_BEFORE)
    monkeypatch.setattr(extracts, "exemptions_of", lambda *_: some)
    official: Any = SimpleNamespace(code="c", name="王", pk=WANG)
    made = extracts.extract_of(official, TODAY, TODAY + DAY, TODAY + DAY)
    assert list(made.exemptions) == some[1:]
    assert list(extracts.extract_of(official, TODAY, TODAY, TODAY).exemptions) == some[1:]
    with pytest.raises(ValueError, match="in order"):
        extracts.extract_of(official, TODAY, TODAY - DAY, TODAY)
    with pytest.raises(ValueError, match="in order"):
        extracts.extract_of(official, TODAY, TODAY + DAY, TODAY)


# --- measures and honours on a day ----------------------------------------------------------------
def measure(decided: date, corrected: date | None = None, instead: str = "") -> Measure:
    return Measure(
        "N", "500000", WANG, None, "demerit", decided, HERE, 1, corrected=corrected, instead=instead
    )


@pytest.mark.parametrize(
    ("decided", "corrected", "instead", "stands"),
    [
        (TODAY, None, "", ["demerit"]),
        (TODAY + DAY, None, "", []),
        (TODAY, TODAY, "", []),  # undone on the very day
        (TODAY, TODAY + DAY, "", ["demerit"]),
        (TODAY - DAY, TODAY, "warning", ["warning"]),
        (TODAY - DAY, TODAY + DAY, "warning", ["demerit"]),
        (TODAY - DAY, TODAY - DAY, "", []),
    ],
)
def test_a_measure_stands_from_its_day_until_it_is_undone(
    decided: date, corrected: date | None, instead: str, stands: list[str]
) -> None:
    found = extracts.standing_on([measure(decided, corrected, instead)], TODAY)
    assert [one.measure for one in found] == stands
    assert all(one.corrected is None or one.corrected > TODAY for one in found)


@pytest.mark.parametrize(
    ("decided", "lifted", "bans"),
    [
        (TODAY, None, 1),
        (TODAY + DAY, None, 0),
        (TODAY, TODAY + DAY, 1),
        (TODAY - DAY, TODAY, 0),  # lifted on the day itself
    ],
)
def test_honours_are_barred_from_the_day_decided_until_they_are_given_back(
    decided: date, lifted: date | None, bans: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    ban = HonourBan("N", HERE, "unit", 2025, decided, lifted)
    monkeypatch.setattr(honours, "honour_bans", lambda *_: [ban])
    assert len(honours.bans_on(HERE, 2025, TODAY)) == bans


def test_an_organ_loses_the_honours_that_name_it(monkeypatch: pytest.MonkeyPatch) -> None:
    names = list(HONOURS)
    data = {names[0]: HERE, names[1]: THERE}
    act = SimpleNamespace(case=SimpleNamespace(number="N"), data=data, seq=1, occurred_at=NOW)
    monkeypatch.setattr(queries, "Act", table(act))
    monkeypatch.setattr(queries, "read_file", lambda _case: None)
    monkeypatch.setattr(queries, "_undone", lambda *_: None)
    assert [ban.as_ for ban in queries.honour_bans(HERE, 2025)] == [names[0]]
    assert queries.honour_bans(3, 2025) == []


@pytest.mark.parametrize(
    ("year", "asked"),
    [
        (2025, True),
        (2026, False),
        (2017, True),
        (2016, False),
        ("2025", False),
    ],
)
def test_honours_are_asked_of_the_years_there_are(
    year: Any, monkeypatch: pytest.MonkeyPatch, *, asked: bool
) -> None:
    monkeypatch.setattr(notification, "bans_on", lambda *_: ())
    monkeypatch.setattr(notification, "deciders", lambda _bans: frozenset())
    monkeypatch.setattr(notification, "enter_in_role", lambda *_, **__: None)
    step = Step(act="ask_honours", fields={"year": year, "unit": HERE})
    if asked:
        assert notification.honours_asked(step, FACTS)
        return
    with pytest.raises(AccountabilityError, match="年度应在"):
        notification.honours_asked(step, FACTS)


# --- notices --------------------------------------------------------------------------------------
@pytest.mark.parametrize(("holder", "made"), [(HERE, True), (THERE, False), (None, False)])
def test_a_decision_is_notified_by_the_organ_that_made_it(
    holder: int | None, monkeypatch: pytest.MonkeyPatch, *, made: bool
) -> None:
    rows = [SimpleNamespace(holder_id=holder)] if holder is not None else []
    monkeypatch.setattr(notification, "Case", table(*rows))
    for name in ("_as_decided", "same_level", "no_particulars"):
        monkeypatch.setattr(notification, name, lambda *_: None)
    step = Step(act="notify", fields={"decision": "N", "organisation": 3, "personnel": 4})
    if made:
        assert notification.notified(step, FACTS) == ()
        return
    with pytest.raises(AccountabilityError, match="没有编号为此的追责决定"):
        notification.notified(step, FACTS)


@pytest.mark.parametrize(
    ("official", "said", "as_decided"),
    [
        (WANG, {"demerit"}, True),
        (LI, {"demerit"}, False),
        (WANG, {"dismissal"}, False),
        (WANG, set(), False),
    ],
)
def test_a_notice_says_the_person_and_the_measures_decided(
    official: int, said: set[str], monkeypatch: pytest.MonkeyPatch, *, as_decided: bool
) -> None:
    file = SimpleNamespace(official=WANG, organ=None)
    monkeypatch.setattr(notification, "read_file", lambda _case: file)
    monkeypatch.setattr(notification, "measures_in", lambda _file: [measure(TODAY)])
    monkeypatch.setattr(notification, "_measures_said", lambda _step: said)
    fields: Any = {"official": official, "decided": TODAY}
    decision: Any = None
    step = Step(act="notify", fields=fields)
    if as_decided:
        notification._as_decided(step, decision, TODAY)
        return
    with pytest.raises(AccountabilityError, match="与决定不一致"):
        notification._as_decided(step, decision, TODAY)


@pytest.mark.parametrize(("organ", "may"), [(HERE, True), (THERE, True), (3, False), (None, False)])
def test_only_the_two_departments_notified_act(organ: int | None, *, may: bool) -> None:
    facts: Any = SimpleNamespace(organ=organ, case="N")
    notice: Any = SimpleNamespace(data={"organisation": HERE, "personnel": THERE})
    if may:
        notification._addressed(facts, notice)
        return
    with pytest.raises(AccountabilityError, match="没有通报本部门"):
        notification._addressed(facts, notice)


@pytest.mark.parametrize(
    ("ends", "used"), [(TODAY, True), (TODAY - DAY, False), (TODAY + DAY, True), (None, True)]
)
def test_a_measure_is_used_up_to_the_last_day_of_its_influence(
    ends: date | None, monkeypatch: pytest.MonkeyPatch, *, used: bool
) -> None:
    monkeypatch.setattr(notification, "Act", table("notice"))
    monkeypatch.setattr(notification, "_addressed", lambda *_: None)
    monkeypatch.setattr(notification, "last_day", lambda *_: ends)
    monkeypatch.setattr(notification, "no_particulars", lambda _step: None)
    step = Step(act="record_use")
    if used:
        assert notification.use_recorded(step, FACTS) == ()
        return
    with pytest.raises(AccountabilityError, match="期满的不再使用"):
        notification.use_recorded(step, FACTS)


@pytest.mark.parametrize(
    ("lasts", "last"),
    [
        ([TODAY, TODAY + DAY], TODAY + DAY),
        ([TODAY, None], None),  # one without a number has no known end
        ([None], None),
        ([], None),
    ],
)
def test_the_last_day_of_a_notice_is_known_where_all_are(
    lasts: list[date | None], last: date | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notification, "Case", table("case"))
    monkeypatch.setattr(notification, "read_file", lambda _case: None)
    monkeypatch.setattr(notification, "measures_in", lambda _file: [measure(TODAY)])
    effects = [SimpleNamespace(last=one) for one in lasts]
    monkeypatch.setattr(notification, "effects_of", lambda *_: effects)
    notice: Any = SimpleNamespace(data={"decision": "N", "measures": ["demerit"]})
    assert notification.last_day(notice, TODAY) == last
    other: Any = SimpleNamespace(data={"decision": "N", "measures": ["dismissal"]})
    assert notification.last_day(other, TODAY) is None


@pytest.mark.parametrize(("convention", "way"), [(DAY_BEFORE, "满期前一日"), ("other", "对应日")])
def test_a_notice_says_how_the_last_day_is_counted(
    convention: str, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    basis = SimpleNamespace(cite=lambda _instruments: "政务处分法第八条")
    rule = SimpleNamespace(zh="记过", basis=basis)
    known: Any = {"demerit": rule}
    rules = Liability(measures=known)
    effect = SimpleNamespace(zh="十二个月", last=TODAY, basis=basis)
    monkeypatch.setattr(notification, "provisions", SimpleNamespace(in_force=lambda *_: rules))
    monkeypatch.setattr(notification, "effects_of", lambda *_: [effect])
    monkeypatch.setattr(notification, "convention_on", lambda _on: convention)
    assert f"末日按{way}算" in notification.measure_words(measure(TODAY), TODAY)


# --- civil days -----------------------------------------------------------------------------------
@pytest.mark.parametrize(("hour", "counts"), [(0, False), (23, False)])
def test_an_assessment_concluded_at_any_hour_of_the_next_day_is_not_known_yet(
    hour: int, monkeypatch: pytest.MonkeyPatch, *, counts: bool
) -> None:
    data = {"first": "2025-01-01", "last": "2025-03-01", "organs": [HERE]}
    act = SimpleNamespace(case_id=5, case="case", data=data, occurred_at=at(TODAY + DAY, hour))
    monkeypatch.setattr(extracts, "Act", table(act))
    assert bool(list(extracts._concluded(TODAY))) is counts
    assert len(list(extracts._concluded(TODAY + DAY))) == 1
    assert len(list(extracts._concluded(TODAY + 2 * DAY))) == 1


def test_a_second_instance_counts_from_the_day_the_decision_of_the_first_was_received(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    started: list[date] = []

    def ask(_library: Any, _clock: Any, start: date) -> Any:
        started.append(start)
        basis = SimpleNamespace(verified=True)
        return SimpleNamespace(
            counted=SimpleNamespace(due=start), clock=SimpleNamespace(basis=basis)
        )

    monkeypatch.setattr(appeal_effects, "due_date", SimpleNamespace(ask=ask))
    steps = [SimpleNamespace(apply="first"), SimpleNamespace(apply="second")]
    rules: Any = SimpleNamespace(routes=[SimpleNamespace(id="r", steps=steps)])
    before: Any = SimpleNamespace(case_id=5, occurred_at=at(TODAY - 9 * DAY, 0))
    service = SimpleNamespace(data={"received_on": TODAY.isoformat()})
    monkeypatch.setattr(appeal_effects, "Act", table(service))
    served: Any = SimpleNamespace(served=TODAY - DAY)
    assert appeal_effects.last_day(rules, served, "r", before) == TODAY
    assert appeal_effects.last_day(rules, served, "r") == TODAY - DAY
    monkeypatch.setattr(appeal_effects, "Act", table())
    assert appeal_effects.last_day(rules, served, "r", before) is None  # not served yet
    assert started == [TODAY, TODAY - DAY]


# --- duties of a cadre ----------------------------------------------------------------------------
def held(*leaders: tuple[int | None, date]) -> list[tuple[date, date]]:
    duty: Any = SimpleNamespace(
        due=TODAY + 9 * DAY,
        start=TODAY,
        state=OPEN,
        closed_on=None,
        timeliness="",
        leaders=leaders,
        corrections=[],
        holder=None,
    )
    days = duties_held.Days(TODAY, TODAY + 9 * DAY, TODAY)
    found = duties_held._periods(duty, WANG, days, (), Settings(()))
    return [(one.held_first, one.held_last) for one in found]


def test_a_period_is_a_cadres_on_the_days_they_held_the_seat() -> None:
    change = TODAY + 5 * DAY
    assert held((WANG, TODAY), (LI, change)) == [(TODAY, change - DAY)]
    assert held((LI, TODAY), (WANG, change)) == [(change, TODAY + 9 * DAY)]
    assert held((LI, TODAY)) == []
    assert held((WANG, TODAY - 5 * DAY), (LI, TODAY)) == []  # to the day before
    last = TODAY + 9 * DAY
    assert held((LI, TODAY), (WANG, last)) == [(last, last)]


def test_missed_periods_that_follow_each_other_are_said_as_one_span() -> None:
    def missed(first: int, last: int, state: str = duties_held.MISSED) -> duties_held.Period:
        begin, end = TODAY + first * DAY, TODAY + last * DAY
        return duties_held.Period(begin, end, state, begin, end, shared=False, stood_in=0)

    one, two = missed(0, 9), missed(10, 19)
    assert cadre_opinion._follows([one], two)
    assert not cadre_opinion._follows([one], missed(11, 19))
    assert not cadre_opinion._follows([one], missed(9, 19))
    met = missed(20, 29, duties_held.MET)
    kept = duties_held.Kept(
        "r", "接访", "receive", "S", "1", "", "", local=False, periods=(one, two, met)
    )
    words = cadre_opinion._kept(kept)
    assert "应履行 3 期" in words
    assert "按期 1" in words
    assert "未履行 2（" in words
    assert "，2 期）" in words


# --- what an assessment says of an organ headed ---------------------------------------------------
@pytest.mark.parametrize(
    ("known", "organ", "sound"),
    [("digest", HERE, True), ("other", HERE, False), ("digest", 9, False)],
)
def test_a_score_is_quoted_from_the_file_the_ledger_knows(
    known: str, organ: int, tmp_path: Any, monkeypatch: pytest.MonkeyPatch, *, sound: bool
) -> None:
    said = {"scores": {"totals": [{"organ": HERE, "total": "91.5", "low": None, "high": "93"}]}}
    monkeypatch.setattr(extracts, "home", lambda _number: tmp_path)
    monkeypatch.setattr(manifest, "read_file", lambda _path: said)
    monkeypatch.setattr(manifest, "digest_of", lambda _said: "digest")
    case: Any = SimpleNamespace(number="N")
    row = extracts._frozen_row(case, organ, known)
    assert (row is not None) is sound
    assert extracts._published(row, "total") == ("91.5" if sound else "")
    assert extracts._published(row, "low") == ""


@pytest.mark.parametrize(
    ("sound", "total", "low", "high", "words"),
    [
        (False, "", "", "", "不引用"),
        (True, "91.5", "90", "93", "91.5（区间 90 至 93）"),
        (True, "91.5", "", "93", "：91.5（考核"),
        (True, "91.5", "90", "", "：91.5（考核"),
        (True, "", "", "", "没有可以计算的数字"),
    ],
)
def test_a_score_is_said_with_its_interval_where_there_is_one(
    total: str, low: str, high: str, words: str, *, sound: bool
) -> None:
    one = extracts.Scored("N", "示例局", TODAY, TODAY, total, low, high, "digest", sound)
    assert words in cadre_opinion._scored(one)


# --- whose proposal -------------------------------------------------------------------------------
def test_a_proposal_received_is_about_the_same_subject_and_in_the_same_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(opening_effects, "letter_digest", lambda text: f"#{text}")
    made: Any = SimpleNamespace(data={"subject_official": WANG})
    same = opening_effects._same_subject
    assert same(made, Step(act="x", fields={"subject_official": WANG}))
    assert not same(made, Step(act="x", fields={"subject_official": LI}))
    assert not same(made, Step(act="x", fields={"subject_organ": HERE}))
    monkeypatch.setattr(opening_effects, "_texts", lambda _told: {"proposal": "建议"})
    assert opening_effects._same_letter(made, Step(act="x", fields={"letter": "#建议"}))
    assert not opening_effects._same_letter(made, Step(act="x", fields={"letter": "#另一"}))


def test_corrections_are_found_by_the_act_they_correct() -> None:
    acts = [SimpleNamespace(data={"target": target}) for target in (1, 2, 1, "x", None)]
    material: Any = SimpleNamespace(acts=lambda _name: acts)
    found = Material.corrections.func(material)  # type: ignore[attr-defined]
    assert dict(found) == {1: [acts[0], acts[2]], 2: [acts[1]]}


@pytest.mark.parametrize(
    ("to", "by", "found"), [(HERE, THERE, True), (THERE, THERE, False), (HERE, LI, False)]
)
def test_a_proposal_is_received_by_whom_it_was_made_to_and_from_whom_it_came(
    to: int, by: int, monkeypatch: pytest.MonkeyPatch, *, found: bool
) -> None:
    for name in ("_same_subject", "_same_letter", "_says_the_same"):
        monkeypatch.setattr(opening_effects, name, lambda *_: True)
    made: Any = SimpleNamespace(proposals=[SimpleNamespace(data={"to": to}, organ=by)])
    step = Step(act="receive_proposal", fields={"from_office": THERE})
    if found:
        opening_effects._as_made(step, FACTS, made)
        return
    with pytest.raises(AccountabilityError, match="没有向本机关提出建议"):
        opening_effects._as_made(step, FACTS, made)


def test_a_decision_knows_a_party_organisation(monkeypatch: pytest.MonkeyPatch) -> None:
    file: Any = SimpleNamespace(official=None, organ=HERE)
    for kind, declared in KINDS.items():
        monkeypatch.setattr(law_question, "Organ", table(SimpleNamespace(kind=kind)))
        subject = law_question._subject(Step(act="decide"), file, TODAY)
        assert subject.party_organisation is (declared.group == "party")
