"""A test that reads a page in English leaves Chinese to the next one."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.utils import translation


@pytest.mark.parametrize("turn", [1, 2])
def test_each_test_begins_in_the_language_of_the_settings(turn: int) -> None:
    assert translation.get_language() == settings.LANGUAGE_CODE
    translation.activate("en")
    assert translation.get_language() == "en"
