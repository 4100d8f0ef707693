"""What no history of an inquiry can bring about: leadership for an objector, a heavier end for
whoever defends himself.

Histories are made of acts in memory, so that many thousand can be asked; what the database adds
stands in
`test_inquiring`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dengwen.accountability.errors import AccountabilityError
from dengwen.accountability.inquiry.disclosure_to_person import clean
from dengwen.accountability.inquiry.identity_traces import bare
from dengwen.accountability.inquiry.line_rules import gravity_may, heaviest_allowed, line_may
from dengwen.accountability.inquiry.queries import DECISION, DEED, WEIGHT, Inquiry, read_acts
from dengwen.accountability.inquiry.responsibility import Ground, objected, position_of
from dengwen.accountability.inquiry.rules import no_identity
from dengwen.cases import rulebooks
from dengwen.law.liability import attribution
from dengwen.law.liability.attribution import LEADING, Decision, Deed, Diligence, Portfolio, Post
from dengwen.law.liability.ladder import Gravity
from dengwen.oversight.inspections.queries import Told
from dengwen.prevention.positions import STANDS

PLACE, DAY = "500199", date(2025, 4, 1)
NOW = datetime(2025, 5, 6, 2, tzinfo=UTC)
HEAD, CHARGED, MEMBER, OTHER, CLERK = 1, 2, 3, 4, 5
SINCE = date(2020, 1, 1)
POSTS = [
    Post(str(n), "9", role, SINCE)
    for n, role in (
        (HEAD, attribution.HEAD),
        (CHARGED, attribution.MEMBER),
        (MEMBER, attribution.MEMBER),
        (OTHER, attribution.MEMBER),
        (CLERK, attribution.STAFF),
    )
]
CHARGE = [Portfolio(str(CHARGED), "9", "petitions", SINCE)]


def history(*acts: tuple[str, dict[str, Any]]) -> Inquiry:
    """Read an inquiry from acts in memory, numbered from 1."""
    told = [
        Told(
            n,
            f"u/{n}",
            n,
            name,
            data,
            {"reasons": "理由", "shows": "证据"},
            7,
            1,
            NOW,
            NOW,
            imported=False,
        )
        for n, (name, data) in enumerate(acts, 1)
    ]
    return read_acts("X", PLACE, 7, told)


OPEN = (
    "open_inquiry",
    {"unit": 9, "situations": ["S.11.2"], "day_of_conduct": DAY.isoformat(), "official": CLERK},
)
PEOPLE = [("add_person", {"official": n}) for n in (HEAD, CHARGED, MEMBER, OTHER)]
PIN = ("pin_evidence", {"source": "A", "place": 1, "bound": "00", "disclose": "open"})


def decided(stands: dict[int, str], outcome: str) -> Ground:
    """Return what is proposed for a decision with these stands."""
    positions = tuple(position_of(str(who), stand, outcome) for who, stand in stands.items())
    made = Decision("9", "petitions", DAY, positions)
    lines = tuple(attribution.attribute(rulebooks.library(), POSTS, CHARGE, [made], place=PLACE))
    told = history(OPEN, (DECISION, {"meeting": "M", "item": 1, "work": "petitions"})).grounds[2]
    return Ground(
        2, told, 9, DAY, lines, frozenset(int(p.official) for p in positions if objected(p))
    )


def done(tested: Diligence) -> Ground:
    """Return what is proposed for a deed of the clerk with this test of diligence."""
    deed = Deed(str(CLERK), "9", "petitions", DAY)
    lines = tuple(
        attribution.attribute(
            rulebooks.library(),
            POSTS,
            CHARGE,
            deeds=[deed],
            diligence={str(CLERK): tested},
            place=PLACE,
        )
    )
    told = history(
        OPEN, (DEED, {"official": CLERK, "organ": 9, "work": "petitions", "on": DAY.isoformat()})
    ).grounds[2]
    return Ground(2, told, 9, DAY, lines, frozenset())


# --- a recorded objection -------------------------------------------------------------------------
@pytest.mark.sentence("S11.12")
@settings(max_examples=300, deadline=None)
@given(
    stands=st.fixed_dictionaries(
        {n: st.sampled_from(sorted(STANDS)) for n in (HEAD, CHARGED, MEMBER, OTHER)}
    ),
    outcome=st.sampled_from(["adopted", "amended", "rejected", "deferred"]),
    found=st.sampled_from(sorted(WEIGHT)),
    reasons=st.text(min_size=1, max_size=20),
)
def test_whoever_clearly_objected_and_was_not_followed_never_bears_leadership_responsibility(
    stands: dict[int, str], outcome: str, found: str, reasons: str
) -> None:
    ground = decided(stands, outcome)
    made = history(OPEN, *PEOPLE, PIN)
    for who, stand in stands.items():
        line = ground.line(who, "collective")
        assert line is not None
        fields: dict[str, Any] = {
            "proposed": line.responsibility,
            "responsibility": found,
            "evidence": ("6",),
        }
        free = stand == "objection" and outcome in ("adopted", "amended")
        assert (who in ground.objectors) == free
        if free:
            assert line.responsibility == "none"
            if found in LEADING:
                with pytest.raises(AccountabilityError, check=lambda e: e.code == "objected"):
                    line_may(made, ground, who, "collective", fields, reasons)


# --- defending oneself ----------------------------------------------------------------------------
ANSWERS = st.lists(
    st.sampled_from(
        [
            ("defend", {"official": CLERK, "point": 1, "stand": "disagree"}),
            ("hand_in", {"official": CLERK}),
            ("hear", {"official": CLERK, "how": "heard"}),
            ("answer_point", {"point": 1, "result": "rejected"}),
            ("tell_person", {"official": CLERK, "answer_by": "2025-05-20"}),
        ]
    ),
    max_size=8,
)
EARLIER = st.lists(st.sampled_from(sorted(WEIGHT)), max_size=3)


def confirmed(words: Sequence[str]) -> list[tuple[str, dict[str, Any]]]:
    """Return confirmations of the clerk's line one after the other."""
    return [
        (
            "confirm_line",
            {
                "official": CLERK,
                "ground": 2,
                "kind": "individual",
                "proposed": "direct",
                "responsibility": word,
            },
        )
        for word in words
    ]


@settings(max_examples=300, deadline=None)
@given(
    earlier=EARLIER, answers=ANSWERS, tested=st.tuples(*[st.sampled_from([True, False, None])] * 4)
)
def test_defending_oneself_never_lets_a_heavier_line_be_found(
    earlier: list[str], answers: list[Any], tested: tuple[bool | None, ...]
) -> None:
    ground = done(Diligence(*tested))
    before = [OPEN, ("note", {}), PIN, *confirmed(earlier)]
    without = heaviest_allowed(history(*before), ground, CLERK, "individual")
    with_it = heaviest_allowed(history(*before, *answers), ground, CLERK, "individual")
    assert with_it <= without
    heard = [n for n, (name, _) in enumerate(answers) if name in ("defend", "hand_in", "hear")]
    line = ground.line(CLERK, "individual")
    assert line is not None
    if heard:
        assert with_it <= (WEIGHT[earlier[-1]] if earlier else WEIGHT[line.responsibility])


GRADES = st.sampled_from(["none", "serious", "especially"])


@settings(max_examples=300, deadline=None)
@given(
    harm=GRADES,
    influence=GRADES,
    light=st.booleans(),
    later_harm=st.integers(0, 2),
    later_influence=st.integers(0, 2),
)
def test_the_gravity_never_becomes_heavier_after_a_defence_without_new_evidence(
    harm: str, influence: str, light: bool, later_harm: int, later_influence: int
) -> None:
    was = {"light": light and harm == influence == "none", "harm": harm, "influence": influence}
    acts = [
        OPEN,
        PIN,
        ("find_gravity", was),
        ("defend", {"official": CLERK, "point": 1, "stand": "partly"}),
    ]
    made = history(*acts)
    earlier = made.gravity
    assert earlier is not None
    found = Gravity(False, later_harm, later_influence)
    if found.harm > earlier.harm or found.influence > earlier.influence or earlier.light:
        with pytest.raises(AccountabilityError, check=lambda e: e.code == "aggravated"):
            gravity_may(made, found, ("2",))
        gravity_may(
            history(*acts, PIN), found, ("5",)
        )  # new evidence of the investigators may show it
    else:
        gravity_may(made, found, ("2",))


# --- diligence ------------------------------------------------------------------------------------
@pytest.mark.sentence("S11.14")
@settings(max_examples=200, deadline=None)
@given(tested=st.tuples(*[st.sampled_from([True, False, None])] * 4), which=st.integers(0, 3))
def test_more_evidence_of_diligence_never_makes_the_result_heavier(
    tested: tuple[bool | None, ...], which: int
) -> None:
    less = Diligence(*tested)
    name = ("done_in_time", "procedure_sound", "nothing_concealed", "cause_elsewhere")[which]
    more = replace(less, **{name: True})
    made = history(OPEN, ("note", {}), PIN)
    lines = [done(d).line(CLERK, "individual") for d in (less, more)]
    weights = [WEIGHT[line.responsibility] for line in lines if line]
    assert weights[1] <= weights[0]
    assert heaviest_allowed(made, done(more), CLERK, "individual") <= heaviest_allowed(
        made, done(less), CLERK, "individual"
    )


# --- sealed identity ------------------------------------------------------------------------------
NAMES = st.lists(st.text(min_size=2, max_size=6), min_size=1, max_size=4)


@settings(max_examples=300, deadline=None)
@given(
    names=NAMES, before=st.text(max_size=10), after=st.text(max_size=10), plain=st.text(max_size=20)
)
def test_no_text_that_carries_a_sealed_word_is_told_or_disclosed(
    names: list[str], before: str, after: str, plain: str
) -> None:
    for name in names:
        assert not clean(before + name + after, names)
        with pytest.raises(AccountabilityError, check=lambda e: e.code == "sealed-identity"):
            no_identity([plain, before + name + after], names)
    words = {bare(name) for name in names if len(bare(name)) > 1}
    if not any(name in plain for name in names) and not any(word in bare(plain) for word in words):
        no_identity([plain], names)
        assert clean(plain, names)
