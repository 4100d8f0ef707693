"""The receipt of a submission as a sheet to print: made from the acts, so that the same form
gives the same sheet."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from dengwen.access.statements import Statement
from dengwen.cases import rulebooks
from dengwen.cases.act_records import acts_of, record_of, view_of
from dengwen.cases.files.held_files import files_of_call
from dengwen.cases.models import Act, Case
from dengwen.cases.write.call_context import stored_organ
from dengwen.law.duties.act_record import CaseView, DutyView, civil
from dengwen.law.duties.running_terms import count_clock
from dengwen.ledger.log_keys import current
from dengwen.merkle.note import split_note
from dengwen.merkle.promise import Promise
from dengwen.merkle.strict_base64 import from_base64, to_base64
from dengwen.organs.models import Organ
from dengwen.petitions.intake.intake import PAPERS, Registered
from dengwen.portal.page import organ_name
from dengwen.portal.papers import digests
from dengwen.portal.reach import reach_of
from dengwen.ui import dates
from dengwen.ui.components import Fact, Receipt

QR_MARK = "XFR2"
"""First word of the text in the code: receipt, second form. Of the first, its hash and its
signature in base64, receipts are in people's hands."""
SIGNED = 100
"""Bytes of hash, key id and signature (32, 4 and 64)."""
FIGURES = len(str(256**SIGNED))
"""Figures of the number that so many bytes are."""


def sheet_of(made: Registered) -> Receipt:
    """Return the sheet of a registered submission in the language of the page."""
    act, view = _registration(made)
    promise = made.performed.acts[0].promise
    signed = Promise.parse(split_note(promise)[0])
    due, raw = _first(view, act)
    first = due or raw or civil(act.recorded_at)
    organ = act.organ
    return Receipt(
        organ=organ_name(organ),
        number=made.number,
        code=made.code,
        registered_at=act.recorded_at,
        first_due=first,
        first_label=_("转到有权处理的单位，最迟"),
        received=_received(made, act, view),
        ahead=_ahead(view, act, first),
        promise=promise,
        merge_by=signed.merge_by,
        qr=qr_text(made.number, promise),
        check=_(
            "用核验程序打开回执文件（dengwen ledger verify），不联网也能核对；不会用电脑的，带这张纸到任何接待窗口。查进展：编号加查询码。"
            "丢了查询码，带身份证件到窗口。"
        ),
        complain=_complain(first, organ),
        provisional=due is None,
    )


def _registration(made: Registered) -> tuple[Act, CaseView]:
    """Return the act of the registration, with its case and its organ, and the case as its acts
    say it stands."""
    case = _CASE.first(Case, (), text=made.number)
    if case is None:
        raise Case.DoesNotExist(made.number)
    rows = acts_of(case)
    act = next(row for row in rows if row.pk == made.performed.acts[0].act_id)
    act.case = case
    if act.organ_id is not None:
        act.organ = stored_organ(act.organ_id)
    return act, view_of(case.kind, [record_of(row, case.kind) for row in rows])


_CASE = Statement(lambda _groups, _day, number: Case.objects.filter(number=number))


def qr_text(number: str, promise: str) -> tuple[str, ...]:
    """Return the text of the QR code in parts that one kind of letter makes up: mark, number and
    time, event hash with signature as one number, log; never the query code.

    With the log's public key this is the whole signed promise, for `merge_by` is a day after
    `recorded_at`. Figures need the fewest modules: the code is smaller than one in base64.
    """
    text, lines = split_note(promise)
    signed = Promise.parse(text)
    signature = from_base64(lines[0].rsplit(" ", 1)[-1].strip())
    instant = text.split("\n")[3]
    number_signed = int.from_bytes(signed.event_hash + signature, "big")
    return (
        f"{QR_MARK} {number} {instant} ",
        f"{number_signed:0{FIGURES}}",
        f" {signed.origin}",
    )


def _first(view: CaseView, act: Act) -> tuple[date | None, date | None]:
    """Return the day of the duty that the registration opened, as due and as computed raw."""
    duty = _opened_by(view, act)
    return (duty.due, duty.raw) if duty else (None, None)


def _opened_by(view: CaseView, act: Act) -> DutyView | None:
    """Return the first duty that an act opened."""
    return next((duty for duty in view.duties if duty.opened_by == act.pk), None)


def _received(made: Registered, act: Act, view: CaseView) -> tuple[Fact, ...]:
    """Say what was received: how, how many requests, whose, which files, under which digest."""
    asked = [one for one in made.performed.acts if one.act == "enter_request"]
    facts = [Fact(pgettext("receipt_sheet", "怎样提交"), _("网上"))]
    if asked:
        count = pgettext("receipt_sheet", "%(count)s 项") % {"count": len(asked)}
        facts.append(Fact(_("诉求"), count))
    leaf = to_base64(made.performed.acts[0].hash)
    return (
        *facts,
        Fact(_("姓名"), _who_sees_the_name(view) + _("；不印在回执上")),
        *_files(act),
        Fact(_("内容摘要"), act.content.upper(), mono=True),
        Fact(_("存证"), f"{current().origin} {leaf}", mono=True),
    )


def _who_sees_the_name(view: CaseView) -> str:
    who = view.facts.get("identity", "")
    words = {
        "open": _("登记和承办的单位可以看到"),
        "hidden": _("只有登记的单位可以看到"),
    }
    return words.get(who, _("没有留姓名"))


def _files(act: Act) -> tuple[Fact, ...]:
    """Say how many files came with the matter, each with its type, size and digest; their names
    are not printed."""
    if not act.data.get(PAPERS):
        return ()
    rows = files_of_call(act)
    words = ngettext(
        "%(count)s 个文件；完整摘要在回执文件里",
        "%(count)s 个文件；完整摘要在回执文件里",
        len(rows),
    )
    count = words % {"count": len(rows)}
    return (Fact(_("材料"), count), Fact(_("逐个摘要"), digests(rows), mono=True))


def _ahead(view: CaseView, act: Act, first: date) -> tuple[Fact, ...]:
    """Say until which day what must happen: it is sent on, and the petitioner is informed."""
    book = rulebooks.by_row(act.rules_id)
    facts = []
    duty = _opened_by(view, act)
    if duty is not None:
        cite = duty.rule.basis.cite(book.instruments, dates.page_language())
        words = _("最迟这天，转到有权处理的单位，或者依规定作出其他处理（%(cite)s）。")
        facts.append(Fact(_day(first), words % {"cite": cite}))
    # The same words for every kind of matter: the paper must not betray what it is about.
    notice = book.kind("petition").duties.get("notify_transferred")
    if notice is not None:
        counted = count_clock(notice.clock, first, rulebooks.calendars().newest)
        day = counted and (counted.due or counted.raw)
        if day:
            cite = notice.basis.cite(book.instruments, dates.page_language())
            facts.append(Fact(_day(day), _notice_words() % {"cite": cite}))
    return tuple(facts)


def _notice_words() -> str:
    return _(
        "收到转送的单位书面告诉您怎么办，最迟这天（%(cite)s，收到之日起算，提前转送的相应提前）；另有规定的，依其规定。"
        "姓名、住址不清的，无法书面告知。"
    )


def _day(day: date) -> str:
    return dates.with_weekday(day, dates.page_language())


def _complain(first: date, organ: Organ | None) -> str:
    """Say from which day on to ask where the matter is, and whom."""
    phone = reach_of(organ, first).phone
    day = dates.with_weekday(first, dates.page_language())
    call = _("，或者拨 %(phone)s") % {"phone": phone} if phone else ""
    return _("%(day)s 以后查不到去向，可以凭编号到窗口查问%(call)s") % {"day": day, "call": call}
