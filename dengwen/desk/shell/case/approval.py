"""What stands beside the button of whoever puts a name under somebody else's draft: the whole paper
as it will go out, who drafted it, what was asked and answered, and the way to send it back.

Reading the paper leaves a row in the read log, as reading an issued one does; no row, no paper, and
without the digest of the paper the write door takes no signature.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
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
from dengwen.desk.shell.act.code_words import option_words
from dengwen.desk.shell.act.forms import RuledForm, act_form
from dengwen.desk.shell.case.protected_text import Texts, opening, paper_role, texts_of
from dengwen.desk.shell.frame.seat import Seat, case_href, fresh_uid
from dengwen.law.bilingual import headline, words_in
from dengwen.law.duties.act_record import civil
from dengwen.law.duties.admissibility import refusals
from dengwen.law.packs.rules import ActRule
from dengwen.law.packs.vocabulary import SHOWN
from dengwen.petitions.models import Request
from dengwen.ui.components import Link
from dengwen.ui.form_fields import AskedField

ASKS = ("request", "reasons")
"""What a review or re-examination was asked for with, where there are no single requests."""
SAID = ("remarks", "dissent", "reasons")
"""What is said with an act on a draft."""


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
    fields: tuple[AskedField, ...]


def beside(
    seat: Seat, file: CaseFile, rule: ActRule, form: RuledForm, *, possible: bool
) -> dict[str, Any]:
    """Return what the page of an approving act shows of the draft; nothing of it where the seat
    may not read papers."""
    role = paper_role(seat, file.case)
    texts = texts_of(seat, file.case)
    draft = _read(seat, file, rule, form, role) if role and drafted(file, rule) else None
    return {
        "sheets": _sheets(draft, seat) if draft else (),
        "shown": draft.digest if draft else "",
        "hands": hands(file, rule, texts, seat),
        "answers": _answers(file, rule, texts, seat),
        "asked": _asked(texts) if file.case.kind != "petition" else [],
        "sending_back": sends_back(file.kind, rule),
        "may_press": possible and draft is not None,
        "back": _back(seat, file, rule) if possible else None,
    }


def drafted(file: CaseFile, rule: ActRule) -> Act | None:
    """Return the newest act that drafted what `rule` approves, None where nothing was drafted
    yet."""
    for row in reversed(file.rows):
        if row.act == rule.approves[0]:
            return row
    return None


def _read(seat: Seat, file: CaseFile, rule: ActRule, form: RuledForm, role: str) -> Draft:
    """Open the draft as a paper, with its row in the read log."""
    day = civil(form.occurred or seat.now)
    book = rulebooks.in_force(day, file.case.place, seat.now).book
    documents = issuing_rule(file.kind, rule).documents or (rule.id,)
    names = [f"draft.{name}" for name in documents]
    row = opening(seat, file.case, "D4" if file.case.protected else "D3", names, role)

    def open_draft() -> Draft:
        return draft_of(
            file.case,
            book.kind(file.case.kind).acts[rule.id],
            file.view,
            book,
            day,
            {act.pk: act.uid for act in file.rows},
            file.records,
            form.values,
        )

    with transaction.atomic(durable=True):
        return open_logged(row, open_draft)


def _sheets(draft: Draft, seat: Seat) -> tuple[Sheet, ...]:
    """Return the papers of the draft, each with what it still lacks."""
    found = []
    for paper in draft.papers:
        lacking = words_in(paper.lacking, seat.language) if paper.lacking else ""
        body = mark_safe(paper.html)  # noqa: S308  # `render` escapes every value
        found.append(Sheet(paper.title, body, lacking))
    return tuple(found)


def hands(file: CaseFile, rule: ActRule, texts: Texts, seat: Seat) -> list[Hand]:
    """Return who drafted, checked and sent back, the newest first: with remarks, grounds and
    reasons."""
    drafts = rule.approves[0]
    approving = {act.id for act in file.kind.acts.values() if act.approves[:1] == (drafts,)}
    known = (approving | {drafts}) & file.kind.acts.keys()
    rows = [row for row in file.rows if row.act in known]
    users = _users({row.actor for row in rows if row.actor})
    return [_hand(file, row, users, texts, seat) for row in reversed(rows)]


def _users(accounts: Collection[int]) -> dict[int, User]:
    """Return accounts by row id, each with its person."""
    found = User.objects.filter(pk__in=accounts).select_related("official")
    return {user.pk: user for user in found}


def _hand(file: CaseFile, row: Act, users: Mapping[int, User], texts: Texts, seat: Seat) -> Hand:
    """Return one act on the draft, with what was chosen and said in it."""
    rule = file.kind.acts[row.act]
    words = list(coded(rule, row.data, seat))
    for text in texts.opened:
        if text.act == row.pk and text.field in SAID:
            words.append((text.label, text.text))
    user = users.get(row.actor or 0)
    return Hand(
        headline(rule, seat.language),
        _name_of(user) if user else "",
        civil(row.occurred_at),
        tuple(words),
    )


def _name_of(user: User) -> str:
    """Return the name of a person, of the account where there is none."""
    return user.official.name if user.official else user.username


def coded(rule: ActRule, data: Mapping[str, Any], seat: Seat) -> tuple[tuple[str, str], ...]:
    """Return the choices an act recorded (conclusion, ground of a return), in words."""
    found = []
    for field in rule.fields:
        words = field.option_names.get(str(data.get(field.name, "")))
        if words is not None:
            found.append((headline(field, seat.language), words_in(words, seat.language)))
    return tuple(found)


def _answers(file: CaseFile, rule: ActRule, texts: Texts, seat: Seat) -> list[Answered]:
    """Return each request of a petition with the answer drafted to it. The wall let the case
    through."""
    answering = file.kind.acts.get(rule.approves[-1])
    outcomes = option_words(answering, "request_outcome", seat.language)
    return [
        Answered(
            row.number,
            texts.of(row.entered_act, "asks"),
            outcomes.get(row.outcome, ""),
            texts.of(row.outcome_act or 0, "answer"),
        )
        for row in Request.objects.filter(case=file.case).order_by("number")
    ]


def _asked(texts: Texts) -> list[tuple[str, str]]:
    """Return the words with which a review was asked for: those of its first act."""
    first = texts.opened[0].act if texts.opened else 0
    return [(t.label, t.text) for t in texts.opened if t.act == first and t.field in ASKS]


def _back(seat: Seat, file: CaseFile, rule: ActRule) -> Back | None:
    """Return the form that sends this draft back, None where that is not for this person now or
    is the page itself."""
    if sends_back(file.kind, rule):
        return None
    for one in file.kind.acts.values():
        of_same_draft = one.approves[:1] == rule.approves[:1] and one.id != rule.id
        if not of_same_draft or not sends_back(file.kind, one):
            continue
        if not refusals(file.kind, one, file.view, seat.actor, seat.today):
            fields = act_form(seat, one, file, posted=False).fields_of_act({SHOWN})
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
            users = _users({row.actor or 0})
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
