"""Aids beside a reply on the case page: what whoever checks or inspects it may want to look at.
Never a score."""

from __future__ import annotations

from collections.abc import Sequence

from dengwen.cases.models import Case
from dengwen.desk.shell.case.protected_text import Texts
from dengwen.desk.shell.frame.seat import Seat
from dengwen.law.bilingual import words_in
from dengwen.petitions.models import Request
from dengwen.petitions.reply_quality import NO_REMEDY, aids, requests_in

OPINION = ("facts_reasons", "opinion", "legal_basis")
"""The elements of an opinion, but the claim: that one is the petitioner's."""
OTHER = ("reply",)


def aids_beside(seat: Seat, case: Case, texts: Texts) -> list[tuple[str, str]]:
    """Return what may be missing in the newest reply, each with its sentence; [] where the seat may
    not read it.

    Only texts that the page opened anyway are looked at. The paper of an opinion prints the remedy
    by itself (D16).
    """
    if case.kind != "petition":
        return []
    requests = list(Request.objects.filter(case=case).order_by("number"))
    is_opinion = bool(texts.newest("opinion"))
    asked = [text for row in requests if (text := texts.of(row.entered_act, "asks"))]
    found = aids(
        _reply(texts, requests, is_opinion=is_opinion),
        asked or requests_in(texts.newest("content")),
    )
    return [
        (words_in(aid.words(), seat.language), aid.sentence)
        for aid in found
        if not (is_opinion and aid.kind == NO_REMEDY)
    ]


def _reply(texts: Texts, requests: Sequence[Request], *, is_opinion: bool) -> str:
    """Return the newest reply as one text: an opinion with its answers, or another reply."""
    if is_opinion:
        parts = [texts.newest(name) for name in OPINION]
        parts += [texts.of(row.outcome_act or 0, "answer") for row in requests]
    else:
        parts = [texts.newest(name) for name in OTHER]
    return "\n".join(part for part in parts if part)
