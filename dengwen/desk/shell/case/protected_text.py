"""Opening what is protected: texts on the case page, identities on a click, each with a row in the
read log.

No row, no data: the rows are written in the transaction that reads, and the page is sent after it
(access model 7). Which role may read which class is the table `access.permission_matrix`; the wall
was asked before, by `Seat.case`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from dengwen.access.keys.keyring import key_ring
from dengwen.access.keys.randomness import token_bytes
from dengwen.access.permission_matrix import right
from dengwen.access.read_log import MOST_FIELDS, Opening, log_denied, open_logged
from dengwen.cases import rulebooks
from dengwen.cases.models import Case, Content, Document
from dengwen.cases.wall.identity import kept_from
from dengwen.cases.wall.visibility import (
    ACCOUNT,
    ACCOUNT_KINDS,
    PERSONNEL_KINDS,
    WORKING_ROLES,
    is_told,
)
from dengwen.cases.write.contents import LATE_REASON, open_package
from dengwen.cases.write.papers.issue import open_body
from dengwen.desk.shell.frame.seat import Seat
from dengwen.law.bilingual import words_in
from dengwen.law.duties.proposal import PROPOSE

IDENTITY = "D2"
LOGGED = frozenset({"D2", "D3", "D4", "D5", "D7"})
"""Classes whose reading leaves a row; a reply (D6) or a registry word (D1) is read without one."""
PROTECTED_AS = {"D3": "D4", "D5": "D4"}
"""What belongs to an accusation is D4, whatever class its field has."""
ANSWERING = ("R", "C", "A")
"""Who writes or approves a reply (D6) reads it; of no other class does writing imply reading."""
PURPOSE_OF = {
    "R3": "register",
    "R4": "register",
    "R5": "route",
    "R6": "handle",
    "R7": "approve",
    "R8": "review",
    "R9": "supervise",
    "R10": "supervise",
    "R11": "investigate",
    "R12": "account",
}


@dataclass(frozen=True, slots=True)
class Text:
    """One opened text: the act it belongs to, its field, its words."""

    act: int
    field: str
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts of a case a seat may read, and the classes it may not."""

    opened: tuple[Text, ...]
    closed: tuple[str, ...]

    def of(self, act: int, field: str) -> str:
        """Return one text, "" where there is none or it may not be read."""
        for text in self.opened:
            if text.act == act and text.field == field:
                return text.text
        return ""

    def newest(self, field: str) -> str:
        """Return the newest text of that field in the case."""
        for text in reversed(self.opened):
            if text.field == field:
                return text.text
        return ""


def role_for(seat: Seat, data_class: str, action: str = "R", *, protected: bool = False) -> str:
    """Return the role by which the seat may do `action` with a class here, "" where it may not."""
    wanted = PROTECTED_AS.get(data_class, data_class) if protected else data_class
    actions = ANSWERING if wanted == "D6" and action == "R" else (action,)
    for role in sorted(seat.roles):
        allowed = right(role, wanted)
        if any(allowed.may(one) for one in actions):
            return role
    if wanted == "D7" and ACCOUNT in seat.viewer.compartments:
        return _working_role(seat)  # the compartment opens D7 beyond the role
    return ""


def _working_role(seat: Seat) -> str:
    """Return the first role in which the seat works on cases, "" where it has none."""
    return min(seat.roles & WORKING_ROLES, default="")


def opening(
    seat: Seat, case: Case, data_class: str, fields: Iterable[str], role: str, purpose: str = ""
) -> Opening:
    """Return the row of the read log for an opening by this seat."""
    session = seat.request.session.session_key or ""
    usual = "account" if data_class == "D7" else PURPOSE_OF.get(role, "handle")
    return Opening(
        at=seat.now,
        user=seat.user,
        role=role,
        organ=seat.organ.pk if seat.organ else None,
        case_number=case.number,
        data_class=data_class,
        fields=_short(fields),
        purpose=purpose or seat.reads_for or usual,
        request_id=token_bytes(16).hex(),
        session_digest=key_ring().digest("recognise", "session", session) if session else "",
    )


def _short(fields: Iterable[str]) -> tuple[str, ...]:
    """Return distinct names of fields that fit into a row."""
    kept: list[str] = []
    for name in dict.fromkeys(fields):
        if len(",".join([*kept, name])) > MOST_FIELDS:
            break
        kept.append(name)
    return tuple(kept)


def texts_of(seat: Seat, case: Case) -> Texts:
    """Open every text of a case that the seat's roles may read, except identities; one row per
    class."""
    groups = _contents_by_class(case)
    opened: list[Text] = []
    closed: list[str] = []
    with transaction.atomic(durable=True):
        for data_class, contents in groups.items():
            role = _role_for_texts(seat, case, data_class)
            if role:
                opened += _open_class(seat, case, data_class, contents, role)
            else:
                closed.append(data_class)
    order = {row.act_id: row.act.seq for contents in groups.values() for row in contents}
    opened.sort(key=lambda text: order[text.act])
    return Texts(tuple(opened), tuple(sorted(closed)))


def _contents_by_class(case: Case) -> dict[str, list[Content]]:
    """Return the sealed texts of a case by class, in the order of the acts, except identities."""
    groups: dict[str, list[Content]] = {}
    rows = Content.objects.filter(case=case).exclude(data_class=IDENTITY).select_related("act")
    rows = rows.exclude(act__act=PROPOSE)  # read on the page of the second person
    for row in rows.order_by("act__seq", "data_class"):
        groups.setdefault(row.data_class, []).append(row)
    return groups


def _role_for_texts(seat: Seat, case: Case, data_class: str) -> str:
    """Return the role by which the seat may read the texts of a class in a case, "" where it may
    not."""
    role = role_for(seat, data_class, protected=case.protected)
    if role:
        return role
    if data_class == "D7" and is_told(seat.viewer, case):
        role = _working_role(seat)  # whom it concerns reads what was decided
    if not role and case.kind in ACCOUNT_KINDS and ACCOUNT in seat.viewer.compartments:
        role = _working_role(seat)  # the file of accountability is read whole
    return role


def _open_class(
    seat: Seat, case: Case, data_class: str, contents: Sequence[Content], role: str
) -> list[Text]:
    """Open the texts of one class, logged where its reading leaves a row."""
    logged = PROTECTED_AS.get(data_class, data_class) if case.protected else data_class
    if logged not in LOGGED:
        return _open_all(seat, case, contents)
    names = (f"{row.act.seq}.{row.act.act}" for row in contents)
    row = opening(seat, case, logged, names, role)
    return open_logged(row, lambda: _open_all(seat, case, contents))


def _open_all(seat: Seat, case: Case, contents: Iterable[Content]) -> list[Text]:
    """Open sealed texts; for callers that wrote the read log first."""
    found = []
    for row in contents:
        rule = rulebooks.by_row(row.act.rules_id).kind(case.kind).acts[row.act.act]
        for name, text in open_package(row).items():
            declared = rule.field_rule(name)
            label = words_in(declared, seat.language) if declared else _label(name)
            found.append(Text(row.act_id, name, label, text))
    return found


def _label(name: str) -> str:
    """Return what a text is called that no rule declares."""
    return _("补录的理由") if name == LATE_REASON else name


@dataclass(frozen=True, slots=True)
class Identity:
    """One line of an opened identity, masked where the role reads only so."""

    label: str
    text: str


def identity_of(
    seat: Seat, case: Case, role: str, purpose: str, *, clear: bool
) -> tuple[Identity, ...]:
    """Open who stands behind a case, logged with its purpose; without `clear` names and numbers are
    masked.

    Nothing, and a row that says so, where the petitioner let only the registering office know
    (`cases.wall.identity`).
    """
    if kept_from(case, seat.organ.code if seat.organ else ""):
        deny_identity(seat, case, purpose)
        return ()
    sealed = Content.objects.filter(case=case, data_class=IDENTITY).select_related("act")
    sealed = sealed.exclude(act__act=PROPOSE)
    rows = list(sealed.order_by("act__seq"))
    if not rows:
        return ()
    ending = "" if clear else ".masked"
    names = (f"{row.act.seq}.{row.act.act}{ending}" for row in rows)
    with transaction.atomic(durable=True):
        row = opening(seat, case, IDENTITY, names, role, purpose)
        found = open_logged(row, lambda: _open_all(seat, case, rows))
    # Nobody else needs the whole number of a card.
    hidden = () if purpose == "investigate" else ("id_number",)
    return tuple(_line(text, clear=clear and text.field not in hidden) for text in found)


def _line(text: Text, *, clear: bool) -> Identity:
    """Return one line of an identity, masked unless it may be read clear."""
    return Identity(text.label, text.text if clear else masked(text.field, text.text))


def deny_identity(seat: Seat, case: Case, purpose: str) -> None:
    """Log that an identity was asked for and not opened: over the quota, or no role for it."""
    role = next(iter(sorted(seat.roles)), "-")
    log_denied(opening(seat, case, IDENTITY, ("identity",), role, purpose))


def masked(field: str, text: str) -> str:
    """Return a masked form: 张**, 138****1234, the first three characters of an address."""
    plain = text.strip()
    if field == "phone":
        return f"{plain[:3]}****{plain[-4:]}" if len(plain) >= 9 else "****"
    return plain[:3] + "******" if field == "address" else plain[:1] + "**"


def paper_class(case: Case) -> str:
    """Return the class of the papers of a case: a reply, or part of a file of accountability or
    personnel."""
    return "D7" if case.kind in (*ACCOUNT_KINDS, *PERSONNEL_KINDS) else "D6"


def paper_role(seat: Seat, case: Case) -> str:
    """Return the role by which the seat may read the papers of a case, "" where it may not."""
    role = role_for(seat, paper_class(case))
    if not role and paper_class(case) == "D7" and is_told(seat.viewer, case):
        return _working_role(seat)  # whom it concerns reads what was decided
    return role


def document_body(seat: Seat, case: Case, document: Document, role: str) -> str:
    """Open the body of a document, logged: it names people."""
    data_class = "D7" if paper_class(case) == "D7" else "D3"
    data_class = "D4" if case.protected else data_class
    row = opening(seat, case, data_class, (f"document.{document.rule}",), role)
    with transaction.atomic(durable=True):
        return open_logged(row, lambda: open_body(document))
