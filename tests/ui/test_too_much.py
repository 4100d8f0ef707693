"""A form that is too big is answered with a page that says what, why and the mend, in the language
of whoever sent it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import translation


@pytest.mark.parametrize(
    ("language", "said"),
    [("zh-hans", ("这次提交收不下", "太长", "缩短")), ("en", ("too much", "too long", "shorten"))],
)
def test_a_form_that_is_too_big_is_answered_in_words(
    db: None, settings: Any, language: str, said: tuple[str, ...]
) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    client = Client(headers={"accept-language": language})
    with translation.override("zh-hans"):  # the language of the request ends with the test
        answer = client.post("/submit/", {"content": "x" * 2000})
    text = answer.content.decode()
    assert answer.status_code == 400
    for words in said:
        assert words in text
