"""The page of the second person: what waits for this seat, what each would change, and the two
buttons; below it, what this person proposed.

Everything the second person decides on stands here, and the approval names what was shown. The
texts of a proposal are opened with a row in the read log. Cases are named by number and place,
never by row id.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods

from dengwen.access.models import User
from dengwen.access.read_log import open_logged
from dengwen.cases.case_numbers import read_number
from dengwen.cases.files.held_files import files_of_call
from dengwen.cases.models import Act, Case, Content
from dengwen.cases.read.act_words import field_notes
from dengwen.cases.read.case_view import CaseFile, cited, read_file
from dengwen.cases.read.correction_words import correction_in_words
from dengwen.cases.read.waiting_proposals import (
    MOST,
    REGISTRY,
    Change,
    changes,
    found_for,
    has_made,
    made_by,
    of_house,
    of_registry,
)
from dengwen.cases.wall.visibility import find
from dengwen.cases.write import proposal_doors
from dengwen.cases.write.call_context import Held, outside
from dengwen.cases.write.check import HOUSE_KINDS, Refused
from dengwen.cases.write.proposed_step import read_proposal
from dengwen.cases.write.second_person import Asked, Overtaken, may_decide
from dengwen.desk.shell.act.act_refusals import EFFECT_ERRORS, why_refused
from dengwen.desk.shell.act.forms import MOST_ACTS
from dengwen.desk.shell.case.protected_text import IDENTITY, LOGGED, PROTECTED_AS, opening, role_for
from dengwen.desk.shell.frame.seat import (
    CHINA,
    REGISTRARS,
    Seat,
    at_desk,
    case_href,
    organ_name,
    uid_of,
)
from dengwen.law.bilingual import headline, words_in
from dengwen.law.duties.act_record import ActRecord
from dengwen.law.duties.proposal import PROPOSE
from dengwen.law.duties.step import Step
from dengwen.law.packs.rules import ActRule
from dengwen.organs.models import Organ
from dengwen.ui.components import DateRail
from dengwen.ui.form_fields import AskedForm, Word
from dengwen.ui.form_fields import read_number as whole_number

ADMINISTRATORS = frozenset({"R15", "R16"})
ENOUGH_FOR_IDENTITY = frozenset({IDENTITY, "D4"})
"""Classes that only a role of the table opens, also to a second person."""
APPROVE, REFUSE, TAKE_BACK = "approve", "refuse", "take_back"


@dataclass(frozen=True, slots=True)
class Line:
    """One proposal as the page shows it; `closed` names the classes this seat may not read."""

    number: str
    seq: int
    seen: str
    title: str
    case_title: str
    href: str
    article: str
    who: str
    when: datetime
    note: str
    claimed: str
    texts: tuple[tuple[str, str], ...]
    files: tuple[tuple[str, str], ...]
    changes: tuple[Change, ...]
    closed: bool
    own: bool
    uid: str


class DecisionForm(AskedForm):
    """What the page sends back: the proposal by case and place, what was shown, and the answer."""

    number = Word()
    seq = Word()
    seen = Word()
    answer = Word()
    why = Word()


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def approvals(seat: Seat) -> HttpResponse:
    """Show what waits for this second person, or take the decision on one."""
    if seat.request.method == "POST":
        return _decide(seat)
    return _page(seat)


def waits_for(seat: Seat) -> bool:
    """Say whether anything waits for this seat: what the home page says in one line."""
    return any(True for _row in _candidates(_Files(seat)))


class _Files:
    """The files of the cases in which something waits, each read once for one page."""

    def __init__(self, seat: Seat) -> None:
        self.seat = seat
        self._read: dict[int, CaseFile] = {}

    def of(self, case: Case) -> CaseFile:
        """Return the file of a case."""
        if case.pk not in self._read:
            self._read[case.pk] = read_file(case, self.seat.now)
        return self._read[case.pk]


def _candidates(files: _Files) -> Iterator[Act]:
    """Yield the proposals that this seat may decide on, each once: the door is asked."""
    seat, asked = files.seat, set[int]()
    for row in _waiting(seat):
        if row.pk in asked or row.actor == seat.user.pk:
            continue
        asked.add(row.pk)
        if may_decide(read_proposal(row), _asked(seat, files.of(row.case))):
            yield row


def _waiting(seat: Seat) -> Iterator[Act]:
    """Yield what waits where this seat may be the second person."""
    if seat.organ is not None and seat.capacities:
        yield from found_for(seat.viewer, seat.organ.pk, seat.today)
    if seat.roles & ADMINISTRATORS:
        yield from of_house()[:MOST]
    elif seat.roles & REGISTRARS:
        yield from of_registry()[:MOST]


def _asked(seat: Seat, file: CaseFile) -> Asked:
    """Return the question of the door as this seat would ask it."""
    held = Held(file.case, list(file.records), file.view)
    return Asked(held, file.installed.book, seat.by, seat.now, outside())


def _page(
    seat: Seat, refused: Sequence[str] = (), wrong: str = "", status: int = 200
) -> HttpResponse:
    """Render the page; `wrong` is the key of the line whose answer was refused."""
    files = _Files(seat)
    waiting = [_line(files, row, own=False) for row in _candidates(files)]
    mine = made_by(seat.user.pk, seat.viewer, seat.today)[:MOST]
    return seat.page(
        "shell/worklist/approvals.html",
        "home",
        status,
        waiting=waiting,
        mine=[_line(files, row, own=True) for row in mine],
        refused=refused,
        wrong=wrong,
        rail=_rail(seat, waiting),
    )


def _rail(seat: Seat, lines: Sequence[Line]) -> DateRail:
    """Return since when the oldest proposal waits: a date of the house, none of the law."""
    label = _("最早的一件")
    if not lines:
        return DateRail(label, seat.today, none_why=_("没有等您同意的"))
    day = lines[0].when.astimezone(CHINA).date()
    return DateRail(label, seat.today, since=day, what=pgettext("rail", "提出"))


# --- one proposal ---------------------------------------------------------------------------------
def _line(files: _Files, row: Act, *, own: bool) -> Line:
    """Return a proposal with everything that is decided on, as far as this seat may read it."""
    seat, file = files.seat, files.of(row.case)
    closed = _closed(seat, row)
    proposed = _opened(seat, row)
    rule = file.kind.acts.get(proposed.act)
    step = proposed.step(rule, row.case.number) if rule else Step(act=proposed.act)
    names = {one.pk: organ_name(one, seat.language) for one in _organs_in(step)}
    record = ActRecord(-1, step.act, seat.now, seat.now, data=dict(step.fields))
    record = correction_in_words(record, file.records, row.case.kind, seat.language)
    kind = file.kind
    claimed = step.occurred_at.astimezone(CHINA).date().isoformat() if step.occurred_at else ""
    return Line(
        number=row.case.number,
        seq=row.seq,
        seen=row.content,
        title=headline(rule, seat.language) if rule else step.act,
        case_title=seat.title(row.case),
        href="" if row.case.kind in HOUSE_KINDS else case_href(row.case.number),
        article=cited(rule.basis, file.installed, seat.language) if rule else "",
        who=_who(row),
        when=row.recorded_at,
        note=field_notes(kind, rule, record, names, row.case.place, seat.language) if rule else "",
        claimed=claimed,
        texts=() if closed else _texts(seat, rule, step),
        files=_files(row),
        changes=tuple(changes(file, step, row, seat.now, seat.language)) if rule else (),
        closed=closed,
        own=own,
        uid=uid_of(seat),
    )


def _closed(seat: Seat, row: Act) -> bool:
    """Say whether a proposal holds an identity or an accusation that this seat may not read."""
    return any(
        _read_as(row.case, one) in ENOUGH_FOR_IDENTITY
        and not role_for(seat, _read_as(row.case, one))
        for one in Content.objects.filter(act=row).values_list("data_class", flat=True)
    )


def _read_as(case: Case, data_class: str) -> str:
    return PROTECTED_AS.get(data_class, data_class) if case.protected else data_class


def _opened(seat: Seat, row: Act) -> Any:  # noqa: ANN401  # what the door reads back
    """Read a proposal, with a row in the read log for each class that asks for one."""
    classes = Content.objects.filter(act=row).values_list("data_class", flat=True)
    logged = sorted({_read_as(row.case, one) for one in classes} & LOGGED)
    role = min(seat.roles, default="-")
    with transaction.atomic(durable=True):
        for data_class in logged[1:]:
            open_logged(_row(seat, row, data_class, role), lambda: None)
        if not logged:
            return read_proposal(row)
        return open_logged(_row(seat, row, logged[0], role), lambda: read_proposal(row))


def _row(seat: Seat, row: Act, data_class: str, role: str) -> Any:  # noqa: ANN401  # a row of the read log
    name = f"{row.seq}.{row.act}"
    return opening(seat, row.case, data_class, (name,), role, "approve")


def _texts(seat: Seat, rule: ActRule | None, step: Step) -> tuple[tuple[str, str], ...]:
    """Return the texts of an act that waits, each with what it is called; why it is entered late
    among them."""
    found = []
    for name, text in step.texts.items():
        declared = rule.field_rule(name) if rule else None
        label = words_in(declared, seat.language) if declared else name
        found.append((label, text))
    if step.late_reason:
        found.append((_("补录的理由"), step.late_reason))
    return tuple(found)


def _files(row: Act) -> tuple[tuple[str, str], ...]:
    """Return the papers that came with a proposal, each with its address."""
    files = files_of_call(row)
    return tuple(
        (one.digest[:8].upper(), reverse("desk:file", args=[row.case.number, one.name]))
        for one in files
    )


def _organs_in(step: Step) -> Sequence[Organ]:
    """Return the organs that an act names."""
    ids: set[int] = set()
    for value in step.fields.values():
        values = value if isinstance(value, tuple) else (value,)
        ids.update(one for one in values if isinstance(one, int))
    return list(Organ.objects.filter(pk__in=ids))


def _who(row: Act) -> str:
    """Return who proposed it."""
    user = User.objects.filter(pk=row.actor or 0).select_related("official").first()
    if user is None:
        return ""
    return user.official.name if user.official else user.username


# --- the decision ---------------------------------------------------------------------------------
def _decide(seat: Seat) -> HttpResponse:
    """Take the decision, or show the page again with every reason; 404 for what this seat may not
    learn of."""
    form = DecisionForm.of(seat.request)
    row = _named(seat, form)
    number, uid = row.case.number, uid_of(seat)
    answer, why = form.value("answer"), form.value("why").strip()
    if answer == REFUSE and not why:
        return _page(seat, [_("退回的，须写一句原因。")], f"{number}/{row.seq}", 422)
    try:
        if answer == APPROVE:
            if _closed(seat, row):
                raise Http404
            proposal_doors.approve(
                number, row.pk, form.value("seen"), by=seat.by, now=seat.now, uid=uid
            )
            said = _("已同意，写入存证：%(number)s。")
        elif answer == REFUSE:
            proposal_doors.refuse(number, row.pk, why, by=seat.by, now=seat.now, uid=uid)
            said = _("已退回：%(number)s。")
        elif answer == TAKE_BACK:
            proposal_doors.take_back(number, row.pk, by=seat.by, now=seat.now, uid=uid)
            said = _("已撤回：%(number)s。")
        else:
            raise Http404
    except Overtaken as gone:
        reasons = [_("已不能办理，没有生效；提请留在卷内，写明了原因。")]
        return _page(seat, [*reasons, *why_refused(gone, seat.language)], "", 422)
    except (Refused, *EFFECT_ERRORS) as error:
        return _page(seat, why_refused(error, seat.language), f"{number}/{row.seq}", 422)
    messages.success(seat.request, said % {"number": number})
    return redirect("desk:approvals")


def _named(seat: Seat, form: DecisionForm) -> Act:
    """Return the proposal that the form names, as far as this seat may learn of its case."""
    typed = form.value("seq")
    seq = whole_number(typed) if len(typed) < MOST_ACTS else None
    try:
        number = read_number(form.value("number"))
    except ValueError:
        raise Http404 from None
    case = find(seat.viewer, seat.today, number)
    if case is None:
        case = Case.objects.filter(number=number, kind__in=_house_kinds(seat)).first()
    row = (
        Act.objects.filter(case=case or 0, seq=seq or 0, act=PROPOSE).select_related("case").first()
    )
    if row is None:
        raise Http404
    return row


def _house_kinds(seat: Seat) -> Collection[str]:
    """Return the registers of the house in which this seat may be the second person."""
    if seat.roles & ADMINISTRATORS:
        return HOUSE_KINDS
    return (REGISTRY,) if seat.roles & REGISTRARS else ()


def with_note(seat: Seat) -> dict[str, Any]:
    """Return what the home page says about proposals."""
    mine = has_made(seat.user.pk, seat.viewer, seat.today)
    return {"to_approve": waits_for(seat), "proposed": mine}
