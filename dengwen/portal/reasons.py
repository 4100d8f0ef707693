"""What was refused, said to the petitioner in the language of the page."""

from __future__ import annotations

from collections.abc import Sequence

from dengwen.law.bilingual import Bilingual, words_in
from dengwen.ui.dates import page_language


def all_reasons(reasons: Sequence[Bilingual]) -> str:
    """Return every reason in one sentence."""
    chinese = "；".join(reason.zh for reason in reasons)
    english = "; ".join(reason.en for reason in reasons)
    return words_in((chinese, english), page_language())
