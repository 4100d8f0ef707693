"""Rungs, measures, periods and appeals: what may be decided, and every refusal with its rule."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.effects import EFFECTS
from dengwen.law.liability import (
    conduct_words,
    influence_period,
    ladder,
    proposed_decision,
    provisions,
)
from dengwen.law.liability.influence_period import DAY_BEFORE, Imposed
from dengwen.law.liability.ladder import ESPECIALLY, NEITHER, SERIOUS, Earlier, Gravity
from dengwen.law.liability.proposed_decision import Chosen, Proposal, Subject
from dengwen.law.liability.put_right import Correction, correction_refusals
from dengwen.law.packs.library import Library

LIBRARY = Library.load(Path(__file__).resolve().parents[2] / "packs", EFFECTS)
DAY = date(2025, 3, 10)
RULES = provisions.in_force(LIBRARY, DAY, "500153")
LIGHT = Gravity(light=True)
GRAVE = Gravity(harm=SERIOUS, influence=SERIOUS)
GRAVEST = Gravity(harm=ESPECIALLY, influence=ESPECIALLY)
HONOURS = tuple((who, 2025) for who in conduct_words.HONOURS)


def proposed(*chosen: str, **more: object) -> Proposal:
    base = Proposal(
        Subject(),
        tuple(Chosen(c) for c in chosen),
        DAY,
        decided_by="区委组织部",
        managed_by="区委组织部",
        decider="王示例",
        gravity=LIGHT,
        goal="补办登记并告知",
        deadline=date(2025, 4, 10),
    )
    return replace(base, **more)  # type: ignore[arg-type]


def refused(proposal: Proposal) -> dict[str, tuple[str, str]]:
    found = {}
    for r in proposed_decision.refusals(RULES, proposal):
        assert r.basis is not None
        found[r.code] = (r.basis.law, r.basis.article)
    return found


def opened(gravity: Gravity, *earlier: Earlier, today: date = DAY) -> dict[str, str]:
    return {a.rung.id: a.ground for a in ladder.rungs(RULES, gravity, earlier, today) if a.open}


@pytest.mark.sentence("S13.1", "S17.1")
def test_a_sound_circular_passes() -> None:
    assert refused(proposed("circular")) == {}
    assert opened(LIGHT) == {"13": ladder.BY_GRAVITY}


@pytest.mark.case("E13")
@pytest.mark.sentence("S13.2")
def test_a_circular_without_a_date_to_rectify_is_incomplete() -> None:
    for missing in ({"deadline": None}, {"goal": " "}, {"deadline": DAY}):
        assert refused(proposed("circular", **missing)) == {"no-rectification": ("S", "13")}


CIRCULAR = Earlier("13", date(2025, 1, 6), "补办登记", date(2025, 2, 6), met=False)


@pytest.mark.case("E14")
@pytest.mark.sentence("S14.1")
def test_a_missed_goal_is_a_ground_for_a_new_decision_of_a_person() -> None:
    assert opened(LIGHT, CIRCULAR) == {"13": ladder.BY_GRAVITY, "14": ladder.BY_FAILURE}
    again = proposed("admonition", earlier=(CIRCULAR,), honours=HONOURS)
    assert refused(again) == {}
    assert refused(replace(again, decider="")) == {"nobody-decided": ("S", "17")}
    for gap in ({"goal": ""}, {"deadline": None}, {"met": None}, {"met": True}, {"deadline": DAY}):
        assert "14" not in opened(LIGHT, replace(CIRCULAR, **gap))
        assert "rung-closed" in refused(replace(again, earlier=(replace(CIRCULAR, **gap),)))


@pytest.mark.case("E15")
@pytest.mark.sentence("S15.1")
def test_especially_serious_opens_article_15_directly() -> None:
    assert opened(GRAVEST) == {"15": ladder.BY_GRAVITY}
    assert refused(proposed("removal", gravity=GRAVEST)) == {}
    admonition = Earlier("14", date(2025, 1, 6), "补办登记", date(2025, 2, 6), met=False)
    assert opened(GRAVE, admonition) == {"14": ladder.BY_GRAVITY, "15": ladder.BY_FAILURE}
    assert "15" not in opened(GRAVE, CIRCULAR)
    assert refused(proposed("removal", gravity=GRAVE))["rung-closed"] == ("S", "15")


@pytest.mark.sentence("S14.1", "S15.1")
@pytest.mark.parametrize(
    ("harm", "influence_"), [(SERIOUS, NEITHER), (NEITHER, SERIOUS), (ESPECIALLY, NEITHER)]
)
def test_one_adjective_alone_has_no_automatic_answer(harm: int, influence_: int) -> None:
    half = Gravity(harm=harm, influence=influence_)
    assert half.classed == ladder.BETWEEN
    assert opened(half) == {}
    assert opened(replace(half, reasons="一段理由")) == {
        "13": ladder.BY_REASONS,
        "14": ladder.BY_REASONS,
    }
    assert refused(proposed("circular", gravity=half)) == {"reasons-needed": ("S", "13")}


def test_both_adjectives_are_needed_at_the_higher_grade_too() -> None:
    assert opened(Gravity(harm=ESPECIALLY, influence=SERIOUS)) == {"14": ladder.BY_GRAVITY}


@pytest.mark.case("E17")
@pytest.mark.sentence("S14.2", "S14.3")
def test_an_admonition_cancels_the_honours_of_the_year_at_the_same_time() -> None:
    sound = proposed("admonition", gravity=GRAVE, honours=HONOURS)
    assert refused(sound) == {}
    assert refused(replace(sound, deadline=None)) == {"no-rectification": ("S", "14")}
    for n in range(3):
        assert refused(replace(sound, honours=HONOURS[:n])) == {"honours-missing": ("S", "14")}
    assert refused(replace(sound, honours=(*HONOURS, ("unit", 2026)))) == {
        "honours-beyond": ("S", "14")
    }


@pytest.mark.case("E18")
@pytest.mark.sentence("S12.2", "S15.2")
def test_an_admonition_is_no_organisational_treatment() -> None:
    wrong = proposed(
        gravity=GRAVE,
        honours=HONOURS,
        measures=(Chosen("admonition", entered_as="organisational"),),
    )
    assert refused(wrong) == {"wrong-kind": ("S", "12")}
    treatments = [m.id for m in RULES.measures.values() if m.kind == "organisational"]
    assert treatments == [
        "suspension",
        "post_adjustment",
        "ordered_resignation",
        "demotion",
        "removal",
    ]
    assert list(RULES.rungs["15"].measures) == treatments


@pytest.mark.case("E20")
@pytest.mark.sentence("S12.3", "S16.1")
def test_admonition_beside_a_sanction_for_the_same_minor_act() -> None:
    both = proposed("admonition", "gov_warning", gravity=GRAVE, honours=HONOURS, minor=True)
    assert refused(both) == {"substitute": ("PSL", "12")}
    assert refused(replace(both, minor=False)) == {}
    two_acts = replace(both, measures=(Chosen("admonition", "甲"), Chosen("gov_warning", "乙")))
    assert refused(two_acts) == {}
    double = proposed("gov_warning", "unit_warning")
    assert refused(double) == {"both-sanctions": ("PSL", "16")}
    assert refused(proposed("gov_warning", "party_warning")) == {}


@pytest.mark.case("E22")
def test_several_sanctions() -> None:
    def span(*sanctions: str) -> tuple[str, int, int]:
        e = influence_period.executed(RULES, sanctions)
        return e.sanction, e.least, e.most

    assert span("demerit", "major_demerit") == ("major_demerit", 18, 18)
    assert span("demerit", "demerit") == ("demerit", 12, 24)
    assert span("removal", "removal", "removal") == ("removal", 24, 48)
    assert span("warning") == ("warning", 6, 6)
    with pytest.raises(ValueError, match="admonition"):
        influence_period.executed(RULES, ["admonition"])
    months = {m: p.months for p in RULES.periods for m in p.measures}
    order = RULES.sums["PSL.15"].order
    assert [months.get(f"gov_{s}") for s in order] == [6, 12, 18, 24, 24, None]
    assert [months.get(f"unit_{s}") for s in order] == [6, 12, 18, 24, 24, None]
    assert span("dismissal", "dismissal") == ("dismissal", 0, 0)


@pytest.mark.case("E23")
def test_the_retired_get_no_sanction() -> None:
    retired = Subject(retired=True)
    assert refused(proposed("gov_demerit", subject=retired)) == {"retired": ("PSL", "27")}
    assert refused(proposed("party_warning", subject=retired)) == {}


@pytest.mark.case("E24", "G21")
@pytest.mark.sentence("S17.1", "S17.2")
def test_only_the_organ_with_authority_on_the_day_of_the_decision() -> None:
    elsewhere = proposed("circular", managed_by="外市组织部")
    assert refused(elsewhere) == {"no-authority": ("S", "13")}
    found = proposed_decision.refusals(RULES, elsewhere)[0]
    assert "外市组织部" in found.remedy_zh
    assert refused(replace(elsewhere, decided_by="外市组织部")) == {}
    office = proposed("circular", decided_by="区信访办", decider_is_petition_department=True)
    assert refused(office) == {"proposal-only": ("S", "17")}


@pytest.mark.case("E26")
def test_circular_and_admonition_are_not_for_the_civil_servants_law() -> None:
    for measure in ("circular", "admonition"):
        found = influence_period.route_refusal(RULES, measure, "civil_servant", "csl")
        assert found is not None
        assert found.basis == next(r for r in RULES.routes if r.id == "csl").basis
        ways = influence_period.appeals(LIBRARY, RULES, measure, "civil_servant", DAY)
        assert [(a.route.id, a.verified) for a in ways] == [("ac19", False)]
    for measure in ("unit_demerit", "demotion", "removal"):
        assert influence_period.route_refusal(RULES, measure, "civil_servant", "csl") is None


@pytest.mark.case("E27")
@pytest.mark.sentence("S12.4")
def test_a_suspected_crime_runs_beside() -> None:
    assert refused(proposed("circular", crime_suspected=True)) == {}
    wrong = proposed("circular", crime_suspected=True, closed_as_transferred=True)
    assert refused(wrong) == {"closed-as-transferred": ("S", "12")}


@pytest.mark.case("E28")
def test_who_is_elected_is_removed_by_law_first() -> None:
    elected = Subject(elected=True)
    for measure in ("gov_removal", "gov_dismissal", "removal", "ordered_resignation"):
        wrong = proposed(measure, gravity=GRAVEST, subject=elected)
        assert refused(wrong) == {"elected": ("PSL", "50")}
        assert refused(replace(wrong, subject=replace(elected, removed_by_law=True))) == {}
    assert refused(proposed("gov_demerit", subject=elected)) == {}


@pytest.mark.case("E30")
def test_a_manager_of_a_state_enterprise_appeals_within_a_month() -> None:
    (way,) = influence_period.appeals(
        LIBRARY, RULES, "unit_demerit", "soe_manager", date(2025, 1, 31)
    )
    assert (way.route.id, way.stations[0].apply, way.stations[0].last) == (
        "soe",
        "soe.reconsider.apply",
        date(2025, 2, 28),
    )
    before = provisions.in_force(LIBRARY, date(2024, 8, 31), "500153")
    assert (
        influence_period.appeals(LIBRARY, before, "unit_demerit", "soe_manager", date(2024, 8, 31))
        == []
    )
    (servant,) = influence_period.appeals(
        LIBRARY, RULES, "unit_demerit", "civil_servant", date(2025, 3, 3)
    )
    assert (servant.route.id, servant.stations[0].last) == ("csl", date(2025, 4, 2))


@pytest.mark.case("E32")
def test_an_organisation_is_not_held_accountable_alone() -> None:
    party = proposed("organ_circular", subject=Subject("organ", party_organisation=True))
    assert refused(party) == {"members-too": ("AC19", "6(2)")}
    assert refused(replace(party, responsible_members=("李样本",))) == {}


def test_reorganisation_follows_the_party_constitution_and_no_decision_under_the_seed() -> None:
    assert refused(proposed("reorganisation", subject=Subject("organ"))) == {
        "by-constitution": ("AC19", "8")
    }


@pytest.mark.sentence("S14.1")
def test_with_neither_adjective_the_second_rung_is_closed_and_with_one_it_asks_for_reasons() -> (
    None
):
    """S 14 joins both adjectives; the text has no rule for one alone, and none of them opens
    nothing."""
    reasons = "后果介于两档之间"
    neither = Gravity(reasons=reasons)
    one = Gravity(harm=ladder.SERIOUS, reasons=reasons)
    for gravity, opened in ((neither, ["13"]), (one, ["13", "14"]), (replace(one, reasons=""), [])):
        answers = ladder.rungs(RULES, gravity, (), date(2025, 4, 1))
        assert [a.rung.id for a in answers if a.open] == opened


@pytest.mark.case("E33")
def test_a_wrong_accountability_is_corrected_and_said_as_widely() -> None:
    told = frozenset({"区委组织部", "区教委"})
    assert correction_refusals(Correction("王示例", told, told)) == []
    less = correction_refusals(Correction("", told, frozenset({"区教委"})))
    assert [(r.code, r.basis and r.basis.article) for r in less] == [
        ("nobody-decided", "21"),
        ("said-less-widely", "21"),
    ]


@pytest.mark.case("G20")
@pytest.mark.sentence("S12.1", "S12.2")
def test_a_talk_is_no_measure_of_article_12() -> None:
    assert refused(proposed("talk")) == {"not-accountability": ("S", "12")}
    assert proposed_decision.refusals(RULES, proposed("talk"))[0].remedy_zh == "依 R22 39(3) 另办"
    assert refused(proposed("self_criticism")) == {"wrong-subject": ("S", "12")}
    organ = Subject("organ")
    assert refused(proposed("self_criticism", "organ_circular", subject=organ)) == {}
    assert refused(proposed("admonition", subject=organ, gravity=GRAVE, honours=HONOURS)) == {
        "wrong-subject": ("S", "12")
    }
    assert refused(proposed("scolding")) == {"not-a-measure": ("S", "12")}


@pytest.mark.sentence("S17.3")
def test_the_seed_cites_the_regulation_of_its_day() -> None:
    assert provisions.said_today(RULES, "按照信访条例调查核实") == "按照信访工作条例调查核实"


def test_periods_begin_with_the_decision_and_the_longest_counts() -> None:
    given_ = [Imposed("admonition", DAY), Imposed("removal", DAY), Imposed("circular", DAY)]
    found = influence_period.influences(RULES, given_, DAY_BEFORE)
    assert [(i.measure, i.last, i.basis.verified) for i in found] == [
        ("admonition", date(2025, 9, 9), False),
        ("removal", date(2026, 3, 9), True),
        ("removal", date(2027, 3, 9), True),
        ("circular", None, False),
    ]
    top = influence_period.longest(found)
    assert top is not None
    assert top.last == date(2027, 3, 9)
    assert influence_period.influences(RULES, given_[:1], influence_period.CORRESPONDING)[
        0
    ].last == date(2025, 9, 10)
    assert [i.measure for i in influence_period.in_force_on(found, date(2025, 9, 10))] == [
        "removal",
        "removal",
    ]
    assert influence_period.longest(found[-1:]) is None
    with pytest.raises(ValueError, match="noon"):
        influence_period.last_day(DAY, 6, "noon")


def test_appeals_of_supervisory_sanctions_and_what_was_not_seen() -> None:
    (psl,) = influence_period.appeals(
        LIBRARY, RULES, "gov_warning", "civil_servant", date(2025, 3, 10)
    )
    assert [(s.last, s.apply, s.decide) for s in psl.stations] == [
        (date(2025, 4, 10), "psl.review.apply", "psl.review.decide"),
        (None, "psl.recheck.apply", "psl.recheck.decide"),
    ]
    ways = {
        a.route.id: a.verified
        for a in influence_period.appeals(LIBRARY, RULES, "removal", "civil_servant", DAY)
    }
    assert ways == {"csl": True, "ot21": False}
    (party,) = influence_period.appeals(LIBRARY, RULES, "party_warning", "civil_servant", DAY)
    assert [(s.last, s.decide) for s in party.stations] == [(None, "party.appeal.recheck")]
    kinds = set(conduct_words.MEASURE_KINDS) - {"supervision", "organ"}
    assert {k for r in RULES.routes for k in r.kinds} == kinds


RENAMED = {
    "ordered_resignation": "resignation_leading",
    "ordered_resignation_higher": "resignation_higher",
}


def test_the_periods_are_those_of_the_shared_description(shared: Path) -> None:
    said = tomllib.loads((shared / "law" / "clocks.toml").read_text(encoding="utf-8"))["period"]
    ours = {p.id: (p.months, p.basis.verified) for p in RULES.periods if p.stated is None}
    for one in said:
        if one["id"] == "gov_cap":
            assert one["months"] == RULES.sums["PSL.15"].most
            continue
        months = None if one["months"] == -1 else one["months"]
        assert ours.pop(RENAMED.get(one["id"], one["id"].removeprefix("gov_"))) == (
            months,
            one["verified"],
        ), one["id"]
    assert ours == {}


GRADES = st.sampled_from([NEITHER, SERIOUS, ESPECIALLY])
FINDINGS = st.builds(Gravity, st.booleans(), GRADES, GRADES, st.sampled_from(["", "理由"]))
EARLIER = st.lists(
    st.builds(
        Earlier,
        st.sampled_from(["13", "14"]),
        st.just(date(2025, 1, 6)),
        st.sampled_from(["", "目标"]),
        st.sampled_from([None, date(2025, 2, 6), date(2025, 6, 6)]),
        st.sampled_from([None, False, True]),
    ),
    max_size=3,
)
MEASURES = st.lists(st.sampled_from(sorted(RULES.measures)), min_size=1, max_size=3)


@given(MEASURES, FINDINGS, EARLIER, st.booleans())
def test_no_measure_stands_without_a_person_who_decides(
    chosen: list[str], gravity: Gravity, earlier: list[Earlier], honours: bool
) -> None:
    nobody = proposed(
        *chosen,
        decider="",
        gravity=gravity,
        earlier=tuple(earlier),
        honours=HONOURS if honours else (),
    )
    assert "nobody-decided" in refused(nobody)


@given(FINDINGS, EARLIER, st.integers(0, 400))
def test_a_rung_opens_only_by_a_finding_or_by_a_recorded_failure(
    gravity: Gravity, earlier: list[Earlier], days: int
) -> None:
    today = date(2025, 1, 7) + timedelta(days=days)
    for answer in ladder.rungs(RULES, gravity, earlier, today):
        failed = any(e.rung == answer.rung.after and e.failed(today) for e in earlier)
        assert answer.zh
        assert answer.en
        if answer.open and answer.ground == ladder.BY_FAILURE:
            assert failed
        if answer.open and answer.ground == ladder.BY_GRAVITY:
            assert gravity.classed == answer.rung.gravity
        if answer.open and answer.ground == ladder.BY_REASONS:
            assert gravity.reasons
            assert answer.rung.id != "15"
