"""What stands beside the button of whoever puts a name under somebody else's draft: the whole paper
as it will go out,
who drafted it, what was asked and answered, and the way to send it back.

Reading the paper leaves a row in the read log, as reading an issued one does; no row, no paper, and
without the digest
of the paper the write door takes no signature.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from dengwen.access.models import User
from dengwen.access.read_log import open_logged
from dengwen.cases import rulebooks
from dengwen.cases.models import Act, Case, CaseLink
from dengwen.cases.read.case_view import CaseFile
from dengwen.cases.wall.decided_files import DECIDING_KINDS, decided_on
from dengwen.cases.write.papers.draft import Draft, draft_of, issuing_rule, sends_back
from dengwen.desk.shell.forms import Filled, form_fields
from dengwen.desk.shell.protected_text import Texts, opening, paper_role, texts_of
from dengwen.desk.shell.seat import Seat, case_href, fresh_uid
from dengwen.law.bilingual import headline
from dengwen.law.duties.act_record import civil
from dengwen.law.duties.admissibility import refusals
from dengwen.law.packs.rules import ActRule
from dengwen.law.packs.vocabulary import SHOWN
from dengwen.petitions.models import Request
from dengwen.ui.components import FormField, Link

ASKS = ("request", "reasons")
"""What a review or re-examination was asked for with, where there are no single requests."""
REMARKS = ("remarks", "dissent")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A paper on the page: its title, its body, and the sentence of what it still lacks."""

    title: str
    body: SafeString
    lacking: str


@dataclass(frozen=True, slots=True)
class Hand:
    """One act on the draft: what, by whom, on which day, and what was said with it."""

    title: str
    who: str
    day: date
    words: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Answered:
    """One thing asked and the answer drafted to it."""

    number: int
    asks: str
    outcome: str
    answer: str


@dataclass(frozen=True, slots=True)
class Back:
    """The form that sends the draft back."""

    title: str
    href: str
    uid: str
    fields: tuple[FormField, ...]


def beside(
    seat: Seat, file: CaseFile, rule: ActRule, filled: Filled, *, possible: bool
) -> dict[str, Any]:
    """Return what the page of an approving act shows of the draft; nothing of it where the seat
    may not read papers."""
    role = paper_role(seat, file.case)
    texts = texts_of(seat, file.case)
    draft = _read(seat, file, rule, filled, role) if role and drafted(file, rule) else None
    return {
        "sheets": _sheets(draft, seat) if draft else (),
        "shown": draft.digest if draft else "",
        "hands": hands(file, rule, texts, seat),
        "answers": _answers(file, rule, texts, seat),
        "asked": [(label, text) for label, text in _asked(texts) if file.case.kind != "petition"],
        "sending_back": sends_back(file.kind, rule),
        "may_press": possible and draft is not None,
        "back": _back(seat, file, rule) if possible else None,
    }


def drafted(file: CaseFile, rule: ActRule) -> Act | None:
    """Return the newest act that drafted what `rule` approves, None where nothing was drafted
    yet."""
    return next((row for row in reversed(file.rows) if row.act == rule.approves[0]), None)


def _read(seat: Seat, file: CaseFile, rule: ActRule, filled: Filled, role: str) -> Draft:
    """Open the draft as a paper, with its row in the read log."""
    day = civil(filled.occurred or seat.now)
    book = rulebooks.in_force(day, file.case.place, seat.now).book
    names = [f"draft.{name}" for name in issuing_rule(file.kind, rule).documents] or [
        f"draft.{rule.id}"
    ]
    row = opening(seat, file.case, "D4" if file.case.protected else "D3", names, role)
    uids = {act.pk: act.uid for act in file.rows}
    with transaction.atomic(durable=True):
        return open_logged(
            row,
            lambda: draft_of(
                file.case,
                book.kind(file.case.kind).acts[rule.id],
                file.view,
                book,
                day,
                uids,
                file.records,
                filled.fields,
            ),
        )


def _sheets(draft: Draft, seat: Seat) -> tuple[Sheet, ...]:
    zh = seat.language == "zh"
    found = []
    for paper in draft.papers:
        lacking = "" if paper.lacking is None else (paper.lacking.zh if zh else paper.lacking.en)
        found.append(Sheet(paper.title, mark_safe(paper.html), lacking))  # noqa: S308  # `render` escapes every value
    return tuple(found)


def hands(file: CaseFile, rule: ActRule, texts: Texts, seat: Seat) -> list[Hand]:
    """Return who drafted, checked and sent back, the newest first: with remarks, grounds and
    reasons."""
    known = {
        rule.approves[0],
        *(a.id for a in file.kind.acts.values() if a.approves[:1] == rule.approves[:1]),
    }
    rows = [row for row in file.rows if row.act in known and row.act in file.kind.acts]
    users = {
        u.pk: u
        for u in User.objects.filter(pk__in={r.actor for r in rows}).select_related("official")
    }
    return [_hand(file, row, users, texts, seat) for row in reversed(rows)]


def _hand(file: CaseFile, row: Act, users: Mapping[int, User], texts: Texts, seat: Seat) -> Hand:
    rule, user = file.kind.acts[row.act], users.get(row.actor or 0)
    words = [
        (t.label, t.text)
        for t in texts.opened
        if t.act == row.pk and t.field in (*REMARKS, "reasons")
    ]
    who = "" if user is None else (user.official.name if user.official else user.username)
    return Hand(
        headline(rule, seat.language),
        who,
        civil(row.occurred_at),
        (*coded(rule, row.data, seat), *words),
    )


def coded(rule: ActRule, data: Mapping[str, Any], seat: Seat) -> tuple[tuple[str, str], ...]:
    """Return the choices an act recorded (conclusion, ground of a return), in words."""
    index = 0 if seat.language == "zh" else 1
    return tuple(
        (headline(field, seat.language), field.option_names[str(data[field.name])][index])
        for field in rule.fields
        if str(data.get(field.name, "")) in field.option_names
    )


def _answers(file: CaseFile, rule: ActRule, texts: Texts, seat: Seat) -> list[Answered]:
    """Return each request of a petition with the answer drafted to it."""
    answering = file.kind.acts.get(rule.approves[-1])
    outcome = answering.field_rule("request_outcome") if answering else None
    names = outcome.option_names if outcome else {}
    index = 0 if seat.language == "zh" else 1
    return [
        Answered(
            row.number,
            texts.of(row.entered_act, "asks"),
            names.get(row.outcome, ("", ""))[index],
            texts.of(row.outcome_act or 0, "answer"),
        )
        for row in Request.objects.filter(case=file.case).order_by("number")
    ]  # the wall let the case through


def _asked(texts: Texts) -> list[tuple[str, str]]:
    """Return the words with which a review was asked for: those of its first act."""
    first = texts.opened[0].act if texts.opened else 0
    return [(t.label, t.text) for t in texts.opened if t.act == first and t.field in ASKS]


def _back(seat: Seat, file: CaseFile, rule: ActRule) -> Back | None:
    """Return the form that sends this draft back, None where that is not for this person now or
    is the page itself."""
    for one in file.kind.acts.values():
        same = one.approves[:1] == rule.approves[:1] and one.id != rule.id
        if same and sends_back(file.kind, one) and not sends_back(file.kind, rule):
            if refusals(file.kind, one, file.view, seat.actor, seat.today):
                continue
            fields = form_fields(seat, one, file, without={SHOWN})
            href = reverse("desk:act", args=[file.case.number, one.id])
            return Back(headline(one, seat.language), href, fresh_uid(seat), fields)
    return None


def returned(seat: Seat, file: CaseFile, rule: ActRule, texts: Texts | None = None) -> Hand | None:
    """Return why the draft that `rule` writes was sent back, None where it was not, or was drafted
    anew since.

    `texts` are those of the case, for a caller that has opened them.
    """
    for row in reversed(file.rows):
        if row.act == rule.id:
            return None
        known = file.kind.acts.get(row.act)
        if known is not None and known.approves[:1] == (rule.id,) and sends_back(file.kind, known):
            users = {
                u.pk: u for u in User.objects.filter(pk=row.actor or 0).select_related("official")
            }
            return _hand(file, row, users, texts or texts_of(seat, file.case), seat)
    return None


def files_decided_on(seat: Seat, case: Case) -> list[Link]:
    """Return the files that a review or re-examination decides on, as far as this seat reads
    them."""
    decider = seat.decider
    if case.kind not in DECIDING_KINDS or decider is None or not case.pk:
        return []
    linked = CaseLink.objects.filter(case=case).values_list("other_id", flat=True)
    files = decided_on(decider).filter(pk__in=[*linked])
    return [
        Link(f"{seat.title(one)} {one.number}".strip(), case_href(one.number))
        for one in files.order_by("pk")
    ]
