"""From the declared fields of an act to a form, and from what was typed to a step. Nothing typed is
ever lost.

Every field of a pack has its type from a closed list (`law.packs.vocabulary.FIELD_TYPES`); this is
the one place that knows how each is asked and read. Whether a value is allowed is the law core's
answer, not the form's.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from dengwen.access.keys.keyring import key_ring
from dengwen.cases.case_numbers import read_number
from dengwen.cases.files.content_type import MOST_FILES, FileError
from dengwen.cases.files.held_files import Held, Paper, Tray, tray
from dengwen.cases.models import Act
from dengwen.cases.read.case_view import CaseFile
from dengwen.cases.wall.visibility import find
from dengwen.cases.write.references import UNBOUND
from dengwen.desk.shell.act.code_words import place_hint, read_place
from dengwen.desk.shell.act.field_choices import choices_of, people_here
from dengwen.desk.shell.frame.seat import CHINA, Seat
from dengwen.law.bilingual import Language, headline, words_in
from dengwen.law.duties.step import FieldValue
from dengwen.law.packs.rules import ActRule, FieldRule
from dengwen.law.packs.vocabulary import TEXT_TYPES
from dengwen.law.time.terms import EARLIEST
from dengwen.ui.components import Choice, FieldType, FormField, KeptFile

TYPED_DIGESTS = frozenset({"outside_no", "code_digest"})
"""Digest fields whose value is a number somebody types, never a file."""
NEVER_ASKED = frozenset({"code_digest", UNBOUND})
ACCEPT = "application/pdf,image/jpeg,image/png,.docx"
OCCURRED, LATE_REASON, LATE_PAPER, LATE_SECOND = (
    "occurred_on",
    "late_reason",
    "late_paper",
    "late_second",
)
LATE = (LATE_REASON, LATE_PAPER, LATE_SECOND)


@dataclass(slots=True)
class Filled:
    """What a form carried: values for the step, what is wrong with which field, and the files of
    each field."""

    fields: dict[str, FieldValue] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    errors: dict[str, list[str]] = field(default_factory=dict)
    papers: list[Paper] = field(default_factory=list)
    kept: dict[str, list[Held]] = field(default_factory=dict)
    full: bool = False
    occurred: datetime | None = None
    late_reason: str = ""
    paper: str = ""
    second: int | None = None

    def wrong(self, name: str, error: str) -> None:
        """Note an error at a field."""
        self.errors.setdefault(name, []).append(error)


def read_form(seat: Seat, rule: ActRule, *, prefix: str = "") -> Filled:
    """Read the values of an act's fields from what was posted; names carry `prefix` where a page
    asks several acts."""
    filled = Filled()
    for asked in rule.fields:
        if asked.name in NEVER_ASKED:
            continue
        if asked.type in ("digest", "digests") and asked.name not in TYPED_DIGESTS:
            _read_files(seat, asked, prefix + asked.name, filled)
        else:
            _read_value(seat, asked, prefix + asked.name, filled)
    if not prefix:  # when it happened is asked once a page
        _read_claim(seat, filled)
    if len(filled.papers) > MOST_FILES:
        name = filled.papers[-1][0]
        filled.wrong(name, _("一次最多 %(most)s 个文件。") % {"most": MOST_FILES})
    return filled


def _read_value(seat: Seat, asked: FieldRule, name: str, filled: Filled) -> None:
    """Read one field that is no file: what was ticked, a text, a flag, or one typed value."""
    if asked.type in ("codes", "organs"):
        _read_several(seat, asked, name, filled)
        return
    text = _posted_text(seat, asked, name)
    if asked.type in TEXT_TYPES:
        if text.strip():
            filled.texts[asked.name] = text.strip()
    elif asked.type == "flag":
        if text == "true":
            filled.fields[asked.name] = True
    elif text.strip():
        value = _value(seat, asked, text.strip(), filled, name)
        if value is not None:
            filled.fields[asked.name] = value


def _read_several(seat: Seat, asked: FieldRule, name: str, filled: Filled) -> None:
    """Read a field of which several values can be ticked: codes, or organs by row id."""
    chosen = [value for value in seat.request.POST.getlist(name) if value]
    if not chosen:
        return
    if asked.type == "organs":
        filled.fields[asked.name] = tuple(int(value) for value in chosen if value.isdecimal())
    else:
        filled.fields[asked.name] = tuple(chosen)


def _posted_text(seat: Seat, asked: FieldRule, name: str) -> str:
    """Return a field as one text: words can be ticked, so that they come one by one."""
    post = seat.request.POST
    given = " ".join(post.getlist(name)) if asked.type == "words" else post.get(name, "")
    return given.replace("\r\n", "\n").replace("\x00", "")


def _value(seat: Seat, asked: FieldRule, text: str, filled: Filled, name: str) -> FieldValue | None:
    """Return one typed value, or note at its field what it should look like."""
    if asked.type in _LOOKED_UP:
        return _LOOKED_UP[asked.type](seat, text, filled, name)
    if asked.type in ("organ", "official", "number"):
        return _integer(asked, text, filled, name)
    if asked.type == "date":
        return _day(text, filled, name)
    if asked.type == "words":
        return tuple(text.replace("、", " ").replace("，", " ").replace(",", " ").split())
    if asked.type == "digest":
        return key_ring().digest("index", "number", text)
    return text


def _day(text: str, filled: Filled, name: str) -> date | None:
    """Return a day, or note at the field that it is none."""
    found = read_day(text)
    if found is None:
        filled.wrong(name, _("日期请写成 2026-11-24 这样，在 1949-10-01 以后。"))
    return found


def _integer(asked: FieldRule, text: str, filled: Filled, name: str) -> int | None:
    """Return a whole number, or note at the field that it is none."""
    if text.isdecimal() and len(text) < 12:
        return int(text)
    filled.wrong(name, _("请填整数。") if asked.type == "number" else _("请从列表中选择。"))
    return None


def _act(seat: Seat, text: str, filled: Filled, name: str) -> int | None:
    """Return the row of an act of the case on the page, chosen by its place in the case: row ids
    count hidden cases."""
    match = seat.request.resolver_match
    number = match.kwargs.get("number", "") if match else ""
    if text.isdecimal() and len(text) < 10 and number:
        acts = Act.objects.filter(case=seat.case(number), seq=int(text))
        found = acts.values_list("pk", flat=True).first()
        if found is not None:
            return found
    filled.wrong(name, _("请从列表中选择。"))
    return None


def _case(seat: Seat, text: str, filled: Filled, name: str) -> str | None:
    """Return the number of a visible case, or note at the field why it is none."""
    try:
        number = read_number(text)
    except ValueError as error:
        filled.wrong(name, number_error(error, seat.language) + pgettext("forms", "。"))
        return None
    if find(seat.viewer, seat.today, number) is None:
        filled.wrong(name, _("没有这个编号的办理件，或者不在您可见的范围内。"))
        return None
    return number


def number_error(error: ValueError, language: Language) -> str:
    """Return what is wrong with a number of a case: its error says both languages in one line."""
    chinese, _sep, english = str(error).partition(" / ")
    return words_in((chinese, english), language)


def place_typed(seat: Seat, text: str, filled: Filled, name: str) -> str:
    """Return the code of a place as chosen or typed, or note at its field why it is none."""
    code, wrong = read_place(text, seat.today)
    if wrong:
        filled.wrong(name, wrong)
    return code


_LOOKED_UP: Mapping[str, Callable[[Seat, str, Filled, str], FieldValue | None]] = {
    "act": _act,
    "case": _case,
    "division": place_typed,
}
"""How what was typed is looked up, by type of field."""


def read_day(text: str) -> date | None:
    """Return a day as typed, or None for what is none or lies before the Republic."""
    try:
        found = date.fromisoformat(text.strip().replace("/", "-").replace(".", "-"))
    except ValueError:
        return None
    return found if found >= EARLIEST else None


def _read_files(seat: Seat, asked: FieldRule, name: str, filled: Filled) -> None:
    """Read the files of a field, and keep their digests as its value."""
    found = read_papers(seat, name, filled, several=asked.type == "digests")
    filled.papers += [(asked.name, one) for one in found]
    if found:
        filled.fields[asked.name] = (
            tuple(one.digest for one in found) if asked.type == "digests" else found[0].digest
        )


def read_papers(seat: Seat, name: str, filled: Filled, *, several: bool = True) -> list[Held]:
    """Take the files of one field: those the form carries already and those just chosen; the newest
    where one is asked.

    What is not taken is said at the field; what is taken need not be chosen again.
    """
    post, uploads = seat.request.POST, seat.request.FILES.getlist(name)
    chosen = [(upload.name or "", upload) for upload in (uploads if several else uploads[:1])]
    tickets = post.getlist(f"{name}-kept") if several or not chosen else ()
    found: Tray = tray(tickets, post.getlist(f"{name}-drop"), chosen, seat.now)
    for title, error in found.refused:
        filled.wrong(name, file_words(title, error, seat.language))
    filled.full = filled.full or found.full
    if found.papers:
        filled.kept[name] = found.papers
    return found.papers


def file_words(title: str, error: FileError, language: Language) -> str:
    """Return what is wrong with a file, and the mend, in the language of the page."""
    mend = headline((error.mend_zh, error.mend_en), language)
    chinese, english = f"{error.zh}。{mend}。", f"{error.en}. {mend}."
    if title:
        chinese, english = f"“{title}”：{chinese}", f"“{title}”: {english}"
    return words_in((chinese, english), language)


def kept_files(papers: Sequence[Held]) -> tuple[KeptFile, ...]:
    """Return the files a form carries along, as the page lists them."""
    return tuple(
        KeptFile(p.ticket(), p.name, p.title, p.extension, p.size, p.digest, p.active)
        for p in papers
    )


def _read_claim(seat: Seat, filled: Filled) -> None:
    """Read on which day the act happened where that is not today, with what a late entry rests
    on."""
    post = seat.request.POST
    text = post.get(OCCURRED, "").strip()
    given = any(post.get(name) or seat.request.FILES.get(name) for name in LATE)
    if not text and seat.behalf is None and not given:
        return
    day = _day(text, filled, OCCURRED) if text else seat.today
    if day is not None and day != seat.today:
        filled.occurred = datetime.combine(day, time(12), CHINA)
    filled.late_reason = post.get(LATE_REASON, "").strip()
    second = post.get(LATE_SECOND, "")
    if second.isdecimal() and len(second) < 12:
        filled.second = int(second)
    for one in read_papers(seat, LATE_PAPER, filled, several=False):
        filled.papers.append((LATE_PAPER, one))
        filled.paper = one.digest


# --- from rules to fields -------------------------------------------------------------------------
def form_fields(
    seat: Seat,
    rule: ActRule,
    file: CaseFile | None,
    filled: Filled | None = None,
    *,
    prefix: str = "",
    given: Mapping[str, str] | None = None,
    without: Collection[str] = (),
) -> tuple[FormField, ...]:
    """Return the fields of an act as the page asks them, with what was typed (or `given` at
    first) and its errors."""
    made = []
    for asked in rule.fields:
        if asked.name not in NEVER_ASKED and asked.name not in without:
            made.append(_field(seat, asked, file, filled, prefix, given or {}))
    return tuple(made)


def _field(
    seat: Seat,
    asked: FieldRule,
    file: CaseFile | None,
    filled: Filled | None,
    prefix: str,
    given: Mapping[str, str],
) -> FormField:
    """Return one field with its choices, what was typed or given, and what is wrong with it."""
    name = prefix + asked.name
    post = seat.request.POST
    if filled is not None:
        typed = post.getlist(name)
    else:
        typed = [given[asked.name]] if asked.name in given else []
    return FormField(
        name=name,
        type=_type(asked),
        label=_label(seat, asked),
        required=asked.required,
        hint=_hint(seat, asked),
        value=typed[0] if typed else "",
        errors=tuple(filled.errors.get(name, ())) if filled else (),
        choices=choices_of(seat, asked, file, typed, post.get(f"q_{name}", "")),
        rows=2 if asked.data_class == "D1" else 5,
        accept=ACCEPT,
        kept=kept_files(filled.kept.get(name, ())) if filled else (),
    )


def _label(seat: Seat, asked: FieldRule) -> str:
    """Return what is asked for: the paper itself where the act keeps only its digest."""
    label = headline(asked, seat.language)
    if asked.type in ("digest", "digests"):
        for ending in ("的摘要", "（摘要）", " (digest)"):
            label = label.removesuffix(ending)
        for beginning in ("Digest of the ", "Digests of the "):
            label = label.removeprefix(beginning)
    return label[:1].upper() + label[1:]


def _type(asked: FieldRule) -> FieldType:
    if asked.type == "words" or asked.name in TYPED_DIGESTS:
        return "word"
    if asked.type == "text" and asked.data_class == "D1":
        return "person"  # a name or a title: one line
    return asked.type  # type: ignore[return-value]  # the same closed list, `words` left out above


def _hint(seat: Seat, asked: FieldRule) -> str:
    if asked.type == "division":
        return place_hint(seat)
    if asked.type == "case":
        return _("登记编号，例如 YJ01-2026-483907215-0")
    if asked.type in ("digest", "digests") and asked.name not in TYPED_DIGESTS:
        return _("PDF、JPEG、PNG 或者 DOCX，每个不超过 20 MB；摘要写入存证，文件加密保存")
    if asked.type == "words":
        return _("几个代码用空格隔开")
    if asked.from_today:
        return _("不早于今天")
    return _("不晚于今天") if asked.until_today else ""


def claim_fields(seat: Seat, filled: Filled | None) -> tuple[FormField, ...]:
    """Return the fields for an act that happened on an earlier day and is entered now."""
    post = seat.request.POST if filled is not None else {}
    errors = filled.errors if filled else {}
    day = FormField(
        OCCURRED,
        "date",
        _("实际发生的日期"),
        hint=_("今天发生的不用填"),
        value=post.get(OCCURRED, ""),
        errors=tuple(errors.get(OCCURRED, ())),
    )
    reason = FormField(
        LATE_REASON,
        "text",
        _("补录的理由"),
        hint=_("期限已过才补录的，以及补录延期、听证时间的，必须写明"),
        value=post.get(LATE_REASON, ""),
        rows=2,
        errors=tuple(errors.get(LATE_REASON, ())),
    )
    paper = FormField(
        LATE_PAPER,
        "digest",
        _("所依据的纸质材料"),
        accept=ACCEPT,
        errors=tuple(errors.get(LATE_PAPER, ())),
        kept=kept_files(filled.kept.get(LATE_PAPER, ())) if filled else (),
    )
    second = FormField(
        LATE_SECOND,
        "official",
        _("共同签字人"),
        hint=_("补录须由另一人共同签字，本人不能为自己作证"),
        value=post.get(LATE_SECOND, ""),
        errors=tuple(errors.get(LATE_SECOND, ())),
        choices=_seconds(seat, post.get(LATE_SECOND, "")),
    )
    return day, reason, paper, second


def _seconds(seat: Seat, typed: str) -> tuple[Choice, ...]:
    """Return who may sign a late entry as well: the people of this organ but whoever sits here."""
    own = str(seat.viewer.official)
    return tuple(one for one in people_here(seat, (typed,)) if one.value != own)
