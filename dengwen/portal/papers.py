"""Photos and papers on the pages of the portal: taken when they are sent, carried as tickets,
listed with digests.

A file lies here sealed under a key that only the page of whoever sent it carries; what is not
handed in goes after a day. So the form works without script, and a refused file costs nobody the
others, nor a word of what was typed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.http import HttpRequest
from django.utils.translation import gettext as _

from dengwen.cases.files.content_type import MOST_BYTES, MOST_FILES, FileError
from dengwen.cases.files.held_files import Held, Tray, tray
from dengwen.cases.files.paper_field import Files, PaperField
from dengwen.cases.models import File
from dengwen.law.bilingual import headline, words_in
from dengwen.ui.components import file_size
from dengwen.ui.dates import page_language

FIELD = "papers"
KEPT = f"{FIELD}-kept"
MULTIPART = "multipart/form-data"
WHOLE = "whole"
"""Last field of a form with files. Where it is missing, the upload broke off on the way."""
FEW = 4
SHORTER = 12
SHORT = 16
"""Characters of a digest on a page; the whole one stands in the receipt file."""


def read_papers(request: HttpRequest, now: datetime, *, asked: bool) -> Tray:
    """Take the files of a posted form: those carried along less those to be left out, and those
    just chosen.

    `asked` says that the form asks for files, so that its end must have come with them.
    """
    sent = Files().value_from_datadict(request.POST, request.FILES, FIELD)
    end_expected = bool(sent.chosen) or (asked and request.content_type == MULTIPART)
    broken_off = end_expected and WHOLE not in request.POST
    found = tray(sent.tickets, sent.dropped, [] if broken_off else sent.chosen, now)
    if broken_off:
        found.refused.append(("", _broken_off()))
    return found


def _broken_off() -> FileError:
    return FileError(
        "cut",
        "上传在半路断了，文件没有收全",
        "the upload broke off and the files did not all arrive",
        "请重新选择文件再交",
        "choose the files again",
    )


class OwnPapers(PaperField):
    """Asks for photos and papers; an upload that broke off on the way is said."""

    def __init__(self, request: HttpRequest, now: datetime, *, asked: bool, missing: str) -> None:
        super().__init__(
            _("照片、文件"),
            needed=True,
            missing=missing,
            hint=_hint(),
            clock=lambda: now,
        )
        self.request, self.asked = request, asked

    def clean(self, value: object) -> tuple[str, ...]:
        """Seal what came whole; what broke off is not taken."""
        del value
        self.found = read_papers(self.request, self.clock(), asked=self.asked)
        return self.taken()


def refused_words(found: Tray) -> str:
    """Return what was not taken and the mend, a line for each file; "" where everything was."""
    lines = []
    for title, error in found.refused:
        name = _("“%(title)s”：") % {"title": title} if title else ""
        mend = headline((error.mend_zh, error.mend_en), page_language())
        why = words_in((f"{error.zh}。{mend}。", f"{error.en}. {mend}."), page_language())
        lines.append(name + why)
    return "\n".join(lines)


def carried(papers: Iterable[Held]) -> list[tuple[str, str]]:
    """Return the tickets of files as fields to be carried along unseen."""
    return [(KEPT, one.ticket()) for one in papers]


def papers_asked(papers: Sequence[Held]) -> PaperField:
    """Return the field that asks for files, with those that are here already."""
    field = PaperField(_("照片、文件"), hint=_hint())
    field.found = Tray(papers=list(papers))
    return field


def _hint() -> str:
    """Return what is taken."""
    words = {"value": MOST_BYTES >> 20, "MOST_FILES": MOST_FILES}
    return (
        _(
            "PDF、JPEG、PNG 或者 DOCX，每个不超过 %(value)s MB，最多 %(MOST_FILES)s 个，可以一次选几个。"
        )
        % words
    )


def read_back_lines(papers: Iterable[Held]) -> list[str]:
    """Return the files as they are read back: number, name, type, size and digest."""
    return [
        f"{n}. {one.title or one.extension.upper()}　{_about(one)}"
        for n, one in enumerate(papers, 1)
    ]


def digests(rows: Iterable[File]) -> str:
    """Return the files of a receipt: number, type, size and the beginning of the digest; few have a
    line each.

    Their names are not printed: a name may tell what it is about. Many share lines, for one sheet.
    """
    found = list(rows)
    if len(found) <= FEW:
        return "\n".join(f"{n}. {_about(row)}" for n, row in enumerate(found, 1))
    return "  ".join(
        f"{n}.{row.extension.upper()} {file_size(row.size)} {row.digest[:SHORTER].upper()}"
        for n, row in enumerate(found, 1)
    )


def _about(one: Held | File) -> str:
    """Return type, size and the beginning of the digest of a file."""
    digest = one.digest[:SHORT].upper()
    word = _("摘要")
    space = words_in(("　", " "), page_language())
    return f"{one.extension.upper()} {file_size(one.size)}{space}{word} {digest}…"
