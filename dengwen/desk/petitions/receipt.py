"""The receipt of a registration: what the petitioner takes home, with the dates that follow."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _

from dengwen.cases.files.held_files import files_of
from dengwen.cases.models import Case, Duty
from dengwen.cases.read.case_view import CaseFile, blank_file, cited
from dengwen.desk.shell.act.code_words import option_words
from dengwen.desk.shell.frame.seat import Seat, organ_name
from dengwen.law.bilingual import words_in
from dengwen.ledger.event_log import MERGE_DELAY
from dengwen.merkle.strict_base64 import to_base64
from dengwen.organs.models import Organ
from dengwen.petitions.intake.intake import HandedIn, Registered
from dengwen.ui.components import Fact, Receipt, file_size
from dengwen.ui.dates import with_weekday

QR_HASH = 12
FILE_DIGEST, FILE_DIGEST_SHORT, FEW_FILES = 16, 12, 4


def receipt_of(seat: Seat, handed: HandedIn, done: Registered) -> Receipt | None:
    """Return the sheet the petitioner takes home; None where no dated duty was opened.

    The dates are those of the duties that this registration opened: part of the answer to it, not a
    look-up.
    """
    duties = _dated_duties(done)
    if not duties or seat.organ is None:
        return None
    first = duties[0]
    written = done.performed.acts[0]
    file = blank_file("petition", seat.organ.division_code, seat.now)
    return Receipt(
        organ=organ_name(seat.organ, seat.language),
        number=done.number,
        code=done.code,
        registered_at=seat.now,
        first_due=first.due or first.raw or seat.today,
        first_label=_("第一个期限"),
        received=_received(seat, file, handed, done.number, written.hash),
        ahead=tuple(_due_line(seat, file, duty) for duty in duties),
        promise=written.promise,
        merge_by=seat.now + MERGE_DELAY,
        qr=f"xf:{done.number}:{to_base64(written.hash)[:QR_HASH]}",
        check=_(
            "把回执文件交给任何一台装有核验程序的电脑核对，不需要联网，也不需要本系统。查进展：编号加查询码。"
        ),
        provisional=first.due is None,
    )


def _dated_duties(done: Registered) -> list[Duty]:
    """Return the duties with a day that the registration opened, the earliest first."""
    opened = Duty.objects.filter(opened_by_id=done.performed.acts[0].act_id, right=False)
    return [duty for duty in opened.order_by("sort_day", "pk") if duty.due or duty.raw]


def _received(
    seat: Seat, file: CaseFile, handed: HandedIn, number: str, digest: bytes
) -> tuple[Fact, ...]:
    """Say what was received: how, when, how many requests, which files, under which digest."""
    channels = option_words(file.kind.acts["register"], "channel", seat.language)
    said = handed.said.get("received_on")
    day = said if isinstance(said, date) else seat.today
    channel = handed.text("channel")
    return (
        Fact(_("怎样提交"), channels.get(channel, channel)),
        Fact(_("收到日期"), with_weekday(day, seat.language)),
        Fact(_("诉求"), _("%(count)s 项") % {"count": str(len(handed.requests))}),
        *_received_files(number),
        Fact(_("登记摘要"), digest.hex().upper(), mono=True),
    )


def _received_files(number: str) -> Sequence[Fact]:
    """Say how many files came with the matter, each with type, size and digest, never with a
    name."""
    rows = files_of(Case.objects.get(number=number))
    if not rows:
        return ()
    if len(rows) <= FEW_FILES:
        length, between = FILE_DIGEST, "\n"
    else:  # many share lines: one sheet must hold them
        length, between = FILE_DIGEST_SHORT, "  "
    lines = [
        f"{n}. {row.extension.upper()} {file_size(row.size)} {row.digest[:length].upper()}"
        for n, row in enumerate(rows, 1)
    ]
    count = _("%(count)s 个文件，完整摘要在存证证明里") % {"count": len(rows)}
    return (
        Fact(_("材料"), count),
        Fact(_("逐个摘要"), between.join(lines), mono=True),
    )


def _due_line(seat: Seat, file: CaseFile, duty: Duty) -> Fact:
    """Say until which day who must do what, with the article."""
    rule = file.kind.duties[duty.rule]
    until = with_weekday(duty.due or duty.raw or seat.today, seat.language)
    holder = organ_name(Organ.objects.filter(pk=duty.holder_id or 0).first(), seat.language)
    words = {
        "holder": holder,
        "duty": words_in(rule, seat.language),
        "article": cited(rule.basis, file.installed, seat.language),
    }
    return Fact(until, _("最迟这天，%(holder)s%(duty)s（%(article)s）。") % words)
