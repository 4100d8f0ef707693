"""What the case page links to: linked cases, documents issued, files of acts."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from dengwen.cases import rulebooks
from dengwen.cases.files.held_files import files_of
from dengwen.cases.models import Case, CaseLink, Document
from dengwen.cases.wall.decided_files import DECIDING_KINDS, decided_on
from dengwen.cases.wall.visibility import for_user
from dengwen.desk.shell.case.protected_text import paper_role, role_for
from dengwen.desk.shell.frame.seat import Seat, case_href
from dengwen.law.bilingual import headline
from dengwen.law.duties.act_record import civil
from dengwen.ui.components import DocumentLink, Link, file_size

SHORT = 16
LINK_WORDS = {
    "split_from": pgettext_lazy("case link", "分自"),
    "reviews": pgettext_lazy("case link", "复查的是"),
    "rechecks": pgettext_lazy("case link", "复核的是"),
    "repeats": pgettext_lazy("case link", "重复"),
    "same_matter": pgettext_lazy("case link", "同一事项"),
    "anew_after": pgettext_lazy("case link", "重新办理自"),
    "new_facts_after": pgettext_lazy("case link", "新事实另立自"),
    "concerns": pgettext_lazy("case link", "有关"),
    "caused_by": pgettext_lazy("case link", "起因于"),
    "about": pgettext_lazy("case link", "所涉"),
}


# --- linked cases ---------------------------------------------------------------------------------
def links(seat: Seat, case: Case) -> list[tuple[str, Link]]:
    """Return the linked cases that the wall lets this seat see; others are not there."""
    visible = _visible_linked(seat, case)
    found = []
    for row in CaseLink.objects.filter(case=case).order_by("pk"):
        if other := visible.get(row.other_id):
            found.append((str(LINK_WORDS[row.kind]), _link(seat, other)))
    for row in CaseLink.objects.filter(other=case).order_by("pk"):
        if other := visible.get(row.case_id):
            words = _("%(how)s（由该件指向本件）") % {"how": LINK_WORDS[row.kind]}
            found.append((words, _link(seat, other)))
    return found


def _visible_linked(seat: Seat, case: Case) -> dict[int, Case]:
    """Return the linked cases that may be seen, by row id: through the wall, and files this seat
    decides on."""
    # Asked also where nothing is linked: an empty list asks no question, and one question less
    # would show that.
    linked = [0, *_linked(case)]
    visible = {c.pk: c for c in for_user(seat.viewer, seat.today).filter(pk__in=linked)}
    decider = seat.decider if case.kind in DECIDING_KINDS else None
    if decider is not None:
        visible |= {c.pk: c for c in decided_on(decider).filter(pk__in=linked)}
    return visible


def _linked(case: Case) -> list[int]:
    """Return the row ids of all cases linked from or to this one."""
    here = CaseLink.objects.filter(case=case).values_list("other_id", flat=True)
    there = CaseLink.objects.filter(other=case).values_list("case_id", flat=True)
    return [*here, *there]


def _link(seat: Seat, case: Case) -> Link:
    """Return a case as a link: title and number."""
    return Link(f"{seat.title(case)} {case.number}".strip(), case_href(case.number))


# --- documents and files --------------------------------------------------------------------------
def document_links(seat: Seat, case: Case) -> list[DocumentLink]:
    """Return the documents issued in a case; each can be read and printed."""
    rows = Document.objects.filter(case=case).select_related("act").order_by("act__seq", "rule")
    found = []
    for row in rows:
        address = reverse("desk:document", args=[case.number, row.act.seq, row.rule])
        link = (Link(_("查看、打印"), address),) if paper_role(seat, case) else ()
        title = _document_title(seat, case, row)
        day = civil(row.act.occurred_at)
        found.append(DocumentLink(title, row.number, day, link, digest=_short(row.digest)))
    return found


def _document_title(seat: Seat, case: Case, row: Document) -> str:
    """Return what a document is called: as it was issued, or by the English name its rule has."""
    if seat.language == "zh":
        return row.title
    rule = rulebooks.by_row(row.act.rules_id).kind(case.kind).documents.get(row.rule)
    return headline(rule, seat.language) if rule is not None and rule.en else row.title


def file_links(seat: Seat, case: Case) -> list[DocumentLink]:
    """Return the files of acts; each is only ever a download."""
    acts = {act.call: act for act in case.acts.all()}
    found = []
    for row in files_of(case):
        address = reverse("desk:file", args=[case.number, row.name])
        link = (Link(_("下载"), address),) if role_for(seat, "D3", protected=case.protected) else ()
        note = _("含脚本或者嵌入文件，请小心打开") if row.active else ""
        title = f"{row.extension.upper()}　{file_size(row.size)}"
        day = civil(acts[row.call].occurred_at)
        found.append(DocumentLink(title, "", day, link, note, _short(row.digest)))
    return found


def _short(digest: str) -> str:
    return f"{digest[:SHORT]}…"
