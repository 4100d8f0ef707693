"""What is shown to a person is checked against the sealed identity, and a second person releases
what may tell it (S 8, 11(8); R22 30(3))."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dengwen.accountability.inquiry import rules
from dengwen.accountability.inquiry.disclosure_to_person import sealed_words, sources_of
from dengwen.accountability.inquiry.hearing_effects import signs_themselves
from dengwen.accountability.inquiry.identity_traces import bare, traces
from dengwen.accountability.inquiry.inquiry_before import (
    acting_official,
    heard_again,
    investigated,
)
from dengwen.accountability.inquiry.queries import Inquiry
from dengwen.accountability.inquiry.rules import refused
from dengwen.accountability.measures.refusals import in_words
from dengwen.cases.models import Case
from dengwen.law.duties.step import Facts, Step

WORDS = {
    "split": ("拆开的姓名", "a name taken apart"),
    "nickname": ("称呼、绰号", "a nickname"),
    "initials": ("姓名的字母缩写", "initials"),
    "address": ("地址的一部分", "a piece of an address"),
    "number": ("号码的一部分", "a piece of a number"),
}
"""The traces in words."""


def text_released(step: Step, facts: Facts) -> Sequence[Step]:
    """Take from an investigator that a text tells nobody who petitioned, read word for word."""
    made = investigated(facts)
    in_words(step, "text")
    signs_themselves(step, facts)
    rules.no_identity(step.texts.values(), sealed_words(sources_of(made)), "text")
    return ()


def shown_to_person(
    made: Inquiry,
    facts: Facts,
    texts: Iterable[str],
    where: str = "facts",
    sources: Sequence[Case] | None = None,
) -> None:
    """Let texts be shown that carry no sealed identity; what carries a trace of one, once another
    investigator released it (S 8, 11(8); R22 30(3))."""
    given = [text for text in texts if text]
    sealed = sealed_words(sources_of(made) if sources is None else sources)
    rules.no_identity(given, sealed, where)
    again = made.missed.seq if made.missed is not None and heard_again(made, facts) else None
    for text in given:
        found = traces(text, sealed)
        if found and not _released(made, acting_official(facts), text, again):
            raise _unreleased(found, where)


def _released(made: Inquiry, acting: int | None, text: str, again: int | None = None) -> bool:
    """Say whether another investigator released this text, word for word; after the act `again` by
    which a goal was missed, another person of the organ that holds the file (S 14, 15)."""
    wanted = bare(text)
    for told in made.releases:
        who = int(told.data["investigator"])
        may = who in made.investigators or (again is not None and told.seq > again)
        if who != acting and may and bare(told.texts["text"]) == wanted:
            return True
    return False


def _unreleased(found: Iterable[str], where: str) -> Exception:
    """Return the refusal of a text that may tell who petitioned."""
    words = [WORDS[one] for one in sorted(found)]
    zh, en = "、".join(one for one, _ in words), ", ".join(one for _, one in words)
    return refused(
        "identity-trace",
        where,
        f"文字里可能看得出信访人是谁（{zh}），没有另一名核查人员核对放行",
        f"the text may tell who petitioned ({en}); no other investigator released it",
        (
            "改写，或者请另一名核查人员逐字核对后放行",
            "write it otherwise, or let the other investigator read and release it",
        ),
        under="sealed",
    )
