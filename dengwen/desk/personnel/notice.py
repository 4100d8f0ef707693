"""A notification of results of accountability: what it says, signing for it, recording its use."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from dengwen.accountability.personnel.notification import NOTICE, last_day
from dengwen.cases.models import Act
from dengwen.cases.read.case_view import CaseFile, rail, read_file, state_words
from dengwen.desk.personnel.personnel_page import (
    PAGE,
    case_of,
    departments_notified,
    looks_at,
    receipts_of_newest,
    write,
)
from dengwen.desk.shell.act.act_refusals import UNPROCESSABLE
from dengwen.desk.shell.act.submit import may
from dengwen.desk.shell.case.case_links import document_links
from dengwen.desk.shell.case.protected_text import Texts, texts_of
from dengwen.desk.shell.frame.seat import Seat, at_desk, case_href, organ_name, uid_of
from dengwen.law.bilingual import words_in
from dengwen.law.duties.act_record import civil
from dengwen.law.duties.step import Step
from dengwen.organs.models import Organ
from dengwen.ui.form_fields import Area, AskedForm, Word


class Use(NamedTuple):
    """A use of a notification: who, when, for what, how it was weighed."""

    name: str
    on: date
    use: str
    text: str


class Receipt(NamedTuple):
    """A department notified, and the day it signed; None while it has not."""

    name: str
    on: date | None


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def notice(seat: Seat, number: str) -> HttpResponse:
    """Show a notification: who, which measure, until when; sign for it, record its use; the
    sender sees both."""
    file = case_of(seat, number, NOTICE)
    if seat.request.method != "POST":
        return _notice_page(seat, file)
    form = UseForm.of(seat.request)
    if form.errors:
        return _notice_page(
            seat, file, [str(error) for one in form.asked() for error in one.errors]
        )
    return write(
        seat,
        _posted_step(form, number),
        lambda why: _notice_page(seat, read_file(file.case, seat.now), why),
        "personnel_notice",
    )


class UseForm(AskedForm):
    """How a notification was used, and how it was weighed."""

    use = Word()
    weighed = Area()


def _posted_step(form: UseForm, number: str) -> Step:
    """Return what was posted: a use with how it was weighed, or the receipt."""
    if not form.at("use").typed:
        return Step(act="sign_receipt", case=number)
    return Step(
        act="record_use",
        case=number,
        fields={"use": form.value("use")},
        texts={"weighed": form.value("weighed")},
    )


def _notice_page(seat: Seat, file: CaseFile, why: Sequence[str] = ()) -> HttpResponse:
    """Render a notification."""
    case = file.case
    texts = texts_of(seat, case)
    first = next(act for act in file.rows if act.act == "notify")
    kept = UseForm.of(seat.request)
    return seat.page(
        "personnel/notice.html",
        PAGE,
        UNPROCESSABLE if why else 200,
        case=case,
        why=why,
        uid=uid_of(seat),
        state=state_words(file, seat.language),
        rail=rail(file, seat.today, seat.language),
        by=organ_name(case.holder, seat.language),
        sent=civil(first.occurred_at),
        decided=date.fromisoformat(first.data["decided"]),
        shown=_shown(first, texts),
        corrections=_corrections(file, texts),
        options=_use_options(seat, file).items(),
        kept={"use": kept.typed("use"), "weighed": kept.at("weighed").value()},
        viewed=_looks(seat, file, first),
        papers=document_links(seat, case),
        whole=case_href(case.number),
        **_departments(seat, file, texts),
        **_possible(seat, file, first),
    )


def _own(seat: Seat) -> int:
    """Return the id of the own organ, 0 for a seat without one."""
    return seat.organ.pk if seat.organ else 0


def _is_sender(seat: Seat, file: CaseFile) -> bool:
    """Say whether the own organ sent the notification."""
    return file.case.holder_id == _own(seat)


# --- what it says ---------------------------------------------------------------------------------
def _shown(first: Act, texts: Texts) -> dict[str, str]:
    """Return what the notification said: whom it concerns, the measures, the facts."""
    return {
        "concerned": texts.of(first.pk, "concerned"),
        "measures": texts.of(first.pk, "measures_said"),
        "facts": texts.of(first.pk, "facts"),
    }


def _corrections(file: CaseFile, texts: Texts) -> list[tuple[date, str]]:
    """Return the corrections sent after it, each with its day."""
    return [
        (civil(act.occurred_at), texts.of(act.pk, "correction"))
        for act in file.rows
        if act.act == "notify_correction"
    ]


def _looks(seat: Seat, file: CaseFile, first: Act) -> object:
    """Return who looked at the notification and its decision, None for all but the sender."""
    if not _is_sender(seat, file):
        return None
    return looks_at(seat, [file.case.number, str(first.data["decision"])])


# --- the departments ------------------------------------------------------------------------------
def _departments(seat: Seat, file: CaseFile, texts: Texts) -> dict[str, object]:
    """Return which departments signed, and which uses this seat may see."""
    notified = departments_notified(file.rows)
    organs = {act.organ_id or 0 for act in file.rows}
    names = _names(seat, organs.union(notified))
    return {
        "receipts": [_receipt(file.rows, organ, names) for organ in notified],
        "uses": _uses(seat, file, texts, names),
    }


def _names(seat: Seat, ids: Iterable[int]) -> dict[int, str]:
    """Return the names of organs by their ids."""
    organs = Organ.objects.filter(pk__in=ids)
    return {organ.pk: organ_name(organ, seat.language) for organ in organs}


def _receipt(acts: Sequence[Act], organ: int, names: Mapping[int, str]) -> Receipt:
    """Return when a department signed last."""
    signed = _signed_by(acts, organ)
    last = civil(signed[-1].occurred_at) if signed else None
    return Receipt(names.get(organ, ""), last)


def _signed_by(acts: Sequence[Act], organ: int) -> list[Act]:
    """Return every receipt a department signed, the newest last."""
    return [act for act in acts if act.act == "sign_receipt" and act.organ_id == organ]


def _use_options(seat: Seat, file: CaseFile) -> dict[str, str]:
    """Return what a notification can be used for, in words."""
    rule = file.kind.acts["record_use"].field_rule("use")
    options = rule.option_names if rule else {}
    return {code: words_in(words, seat.language) for code, words in options.items()}


def _uses(seat: Seat, file: CaseFile, texts: Texts, names: Mapping[int, str]) -> list[Use]:
    """Return the uses recorded: all for the sender, else those of the own organ."""
    options = _use_options(seat, file)
    sees_all, own = _is_sender(seat, file), _own(seat)
    uses = []
    for act in file.rows:
        if act.act != "record_use":
            continue
        if sees_all or act.organ_id == own:
            use = options[act.data["use"]]
            weighed = texts.of(act.pk, "weighed")
            uses.append(Use(names.get(act.organ_id or 0, ""), civil(act.occurred_at), use, weighed))
    return uses


# --- what can be done -----------------------------------------------------------------------------
def _possible(seat: Seat, file: CaseFile, first: Act) -> dict[str, object]:
    """Return until when the notification holds, and whether this seat may sign or record a use."""
    ends = last_day(first, seat.today)
    has_expired = ends is not None and ends < seat.today
    return {
        "ends": ends,
        "expired": has_expired,
        "to_sign": _may_sign(seat, file),
        "may_use": not has_expired and _may_use(seat, file),
    }


def _may_sign(seat: Seat, file: CaseFile) -> bool:
    """Say whether the own organ was notified and has not signed for the newest act."""
    own = _own(seat)
    if own not in departments_notified(file.rows) or not may(seat, file, "sign_receipt"):
        return False
    return all(act.organ_id != own for act in receipts_of_newest(file.rows))


def _may_use(seat: Seat, file: CaseFile) -> bool:
    """Say whether the own organ was notified, has ever signed, and may record a use."""
    own = _own(seat)
    if own not in departments_notified(file.rows):
        return False
    has_signed = bool(_signed_by(file.rows, own))
    return has_signed and may(seat, file, "record_use")
