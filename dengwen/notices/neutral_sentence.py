"""The one sentence a notice may say. What it is about is never in it: whoever reads over a shoulder
learns nothing.

Access model, N8: no message carries names, contents, accusations or opinions; only that there is
news, and the number.
"""

from __future__ import annotations

SENTENCES = {
    "zh": "有新进展，登记编号{case}。请凭登记编号查询。",
    "en": "There is news, number {case}. Please look it up with this number.",
}


def sentence(case_number: str, language: str) -> str:
    """Return the neutral sentence in `language` ("zh" or "en"). Raises KeyError for another
    language."""
    return SENTENCES[language].format(case=case_number)
