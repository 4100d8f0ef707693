"""Words of findings in the language of the page: what is shown, who answers how, how grave it is.

A report of an inquiry has its own words, which are Chinese (`accountability.inquiry.report`).
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy, pgettext_lazy

from dengwen.accountability.inquiry.report import word_of
from dengwen.law.bilingual import Language, words_in
from dengwen.law.liability.attribution import RESPONSIBILITIES
from dengwen.law.liability.ladder import Gravity

FINDINGS = {
    "shown": pgettext_lazy("finding", "已证明"),
    "not_shown": pgettext_lazy("finding", "没有证明"),
    "cannot": pgettext_lazy("finding", "无法证明"),
}
ANSWERS = {
    "upheld": pgettext_lazy("answer", "成立，予以采纳"),
    "partly": pgettext_lazy("answer", "部分成立"),
    "rejected": pgettext_lazy("answer", "不成立"),
}
STANDS = {
    "agree": pgettext_lazy("stand", "认可"),
    "partly": pgettext_lazy("stand", "部分认可"),
    "disagree": pgettext_lazy("stand", "不认可"),
}
LINE_KINDS = {
    "collective": gettext_lazy("集体责任"),
    "individual": gettext_lazy("个人责任"),
}
CLASSES = {
    "light": pgettext_lazy("gravity found", "情节较轻"),
    "serious": pgettext_lazy("gravity found", "危害严重以及影响重大"),
    "especially_serious": pgettext_lazy("gravity found", "危害特别严重以及影响特别重大"),
    "": pgettext_lazy("gravity found", "介于两档之间"),
}


def finding_word(code: object) -> str:
    """Return what was found about an element."""
    return str(FINDINGS[str(code)])


def answer_word(code: object) -> str:
    """Return how a point of a defence was answered."""
    return str(ANSWERS[str(code)])


def stand_word(code: object) -> str:
    """Return where the person stands on the facts disclosed."""
    return str(STANDS[str(code)])


def line_kind_word(code: object) -> str:
    """Return whether a line is of collective or of individual responsibility."""
    return str(LINE_KINDS[str(code)])


def gravity_word(gravity: Gravity | None) -> str:
    """Return the class of the gravity found, "" where none was."""
    return "" if gravity is None else str(CLASSES[gravity.classed])


def responsibility_word(code: object, language: Language) -> str:
    """Return a responsibility as the law names it."""
    return words_in(RESPONSIBILITIES[str(code)], language)


def element_word(element: str, language: Language) -> str:
    """Return a conduct or an element of a circumstance in words."""
    chinese, english = word_of(element), word_of(element, 1)
    return words_in((chinese, english), language)
