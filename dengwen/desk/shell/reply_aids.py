"""Aids beside a reply on the case page: what whoever checks or inspects it may want to look at.
Never a score."""

from __future__ import annotations

from dengwen.cases.models import Case
from dengwen.desk.shell.protected_text import Texts
from dengwen.desk.shell.seat import Seat
from dengwen.petitions.models import Request
from dengwen.petitions.reply_quality import NO_REMEDY, aids, requests_in

OPINION = ("claim", "facts_reasons", "opinion", "legal_basis")
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
    opinion = [texts.newest(name) for name in OPINION]
    answers = [texts.of(row.outcome_act or 0, "answer") for row in requests]
    is_opinion = bool(texts.newest("opinion"))
    parts = [*opinion[1:], *answers] if is_opinion else [texts.newest(name) for name in OTHER]
    asked = [text for row in requests if (text := texts.of(row.entered_act, "asks"))]
    found = aids(
        "\n".join(part for part in parts if part), asked or requests_in(texts.newest("content"))
    )
    at = 0 if seat.language == "zh" else 1
    return [
        (aid.words()[at], aid.sentence)
        for aid in found
        if not (is_opinion and aid.kind == NO_REMEDY)
    ]
