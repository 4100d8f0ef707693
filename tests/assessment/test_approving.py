"""A scheme that rewards turning people away cannot be approved."""

from __future__ import annotations

import json

import pytest

from dengwen.assessment.errors import AssessmentError
from dengwen.assessment.scheme_effects import fit_for_approval


def test_the_starting_scheme_may_be_approved(body: str):
    fit_for_approval(body, "考核方案第1号")


def test_a_scheme_that_rewards_fewer_registrations_is_refused_with_the_reason(body: str):
    raw = json.loads(body)
    raw["indicator"][0].update(
        numerator={"kind": "registration"}, denominator={"kind": "contact"}, direction="lower"
    )
    with pytest.raises(AssessmentError) as refused:
        fit_for_approval(json.dumps(raw), "考核方案第1号")
    assert refused.value.code == "perverse"
    assert "registered_in_time" in refused.value.zh
    assert "registering less" in refused.value.en
    assert refused.value.mend_zh
