"""What the write door refused, as a page says it: at its field, or as a part with its article."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from django.utils.translation import gettext as _

from dengwen.access.errors import AccessError
from dengwen.accountability.errors import AccountabilityError
from dengwen.assessment.errors import AssessmentError
from dengwen.cases.errors import CaseError
from dengwen.cases.files.content_type import FileError
from dengwen.cases.read.case_view import CaseFile, cited
from dengwen.cases.write.check import Refused, needs_second
from dengwen.desk.shell.act.forms import LATE_PAPER, LATE_REASON
from dengwen.desk.shell.frame.seat import Seat
from dengwen.editions.errors import EditionError
from dengwen.law.bilingual import Language, headline, words_in
from dengwen.law.duties.act_record import CORRECT
from dengwen.law.duties.act_record import Refusal as Reason
from dengwen.law.errors import StatedError
from dengwen.law.packs.rules import ActRule
from dengwen.leadership.errors import LeadershipError
from dengwen.organs.errors import RegistryError
from dengwen.oversight.errors import OversightError
from dengwen.petitions.errors import PetitionError
from dengwen.prevention.errors import PreventionError
from dengwen.ui.components import Refusal
from dengwen.ui.form_fields import AskedForm

EFFECT_ERRORS = (
    RegistryError,
    PetitionError,
    EditionError,
    AccessError,
    CaseError,
    LeadershipError,
    FileError,
    PreventionError,
    OversightError,
    AssessmentError,
    AccountabilityError,
)
_REASON_AT = {CORRECT: "paper"}
"""Where an act that states reason and paper in fields of its own says what its late entry lacks."""
UNPROCESSABLE = 422
FULL = 507
"""Status of an answer while the disk takes no more."""


def as_reason(error: Exception, rule: ActRule) -> Reason:
    """Return an error of an effect as a reason: what, why and the mend."""
    zh, en = getattr(error, "zh", str(error)), getattr(error, "en", str(error))
    where = str(getattr(error, "where", ""))
    field = where if rule.field_rule(where) else ""
    return Reason(
        getattr(error, "code", "effect"),
        zh,
        en,
        rule.basis,
        getattr(error, "mend_zh", ""),
        getattr(error, "mend_en", ""),
        field,
    )


def why_refused(error: Refused | StatedError | FileError, language: Language) -> tuple[str, ...]:
    """Return every reason in words: those of the rules, or that of an effect with its mend."""
    if isinstance(error, Refused):
        return tuple(words_in(reason, language) for reason in error.reasons)
    pair = (f"{error.zh}。{error.mend_zh}。", f"{error.en}. {error.mend_en}.")
    return (words_in(pair, language),)


def note_refused(
    form: AskedForm, error: Refused | StatedError | FileError, language: Language
) -> tuple[str, ...]:
    """Note each reason at the field of the form it is about; return the others in words."""
    elsewhere = []
    for where, words in zip(_places_of(error), why_refused(error, language), strict=True):
        if where in form.fields:
            form.wrong(where, words)
        else:
            elsewhere.append(words)
    return tuple(elsewhere)


def _places_of(error: Refused | StatedError | FileError) -> tuple[str, ...]:
    """Return the field each reason is about, "" for none."""
    if isinstance(error, Refused):
        return tuple(reason.field for reason in error.reasons)
    return (str(getattr(error, "where", "")),)


def full_reason() -> Reason:
    """Return what is said where the disk takes no more: nothing was written, and what was typed
    is still there."""
    return Reason(
        "disk",
        "磁盘写不下，什么也没有写入；填的内容还在这一页",
        "the disk takes no more: nothing was written; what you typed is still on this page",
        None,
        "请告诉系统管理员，腾出空间以后再交一次",
        "tell the system administrator, and submit again once there is room",
    )


class Typed(Protocol):
    """A form, as far as it can be told what is wrong with a field of it."""

    def wrong(self, name: str, error: str) -> None:
        """Note at a field what is wrong with it."""


class TypedFiles(Protocol):
    """A form that asks for files."""

    @property
    def full(self) -> bool:
        """Whether the disk took no more of them."""


def status_of(filled: TypedFiles) -> int:
    """Return the status of a form that is asked again: the disk is full, or something in it
    cannot be taken."""
    return FULL if filled.full else UNPROCESSABLE


def sort_reasons(
    seat: Seat,
    file: CaseFile,
    rule: ActRule,
    form: Typed,
    reasons: Sequence[Reason],
    prefix: str = "",
) -> list[Refusal]:
    """Put reasons that belong to a field at the field; return the others as parts of the page
    with their articles."""
    whole = []
    for reason in reasons:
        claim_field = _claim_field(rule, reason)
        if claim_field:
            form.wrong(claim_field, words_in(reason, seat.language))
        elif reason.field and not needs_second(reason):
            form.wrong(prefix + reason.field, _with_mend(seat, reason))
        else:
            whole.append(as_part(seat, file, rule, reason))
    return whole


def _claim_field(rule: ActRule, reason: Reason) -> str:
    """Return the field of a late entry that a reason is about, "" where it is about none."""
    if reason.code == "late-entry":
        return _REASON_AT.get(rule.id, LATE_REASON)
    return LATE_PAPER if reason.code == "paper" else ""


def _with_mend(seat: Seat, reason: Reason) -> str:
    """Return a reason with its mend, as it stands at a field."""
    words = words_in(reason, seat.language)
    mend = _mend(seat, reason)
    return f"{words}{_('。')}{mend}" if mend else words


def _mend(seat: Seat, reason: Reason) -> str:
    """Return what to do about a reason."""
    return words_in((reason.remedy_zh, reason.remedy_en), seat.language)


def as_part(seat: Seat, file: CaseFile | None, rule: ActRule, reason: Reason) -> Refusal:
    """Return a reason as a part of a page."""
    basis = reason.basis or rule.basis
    if file is not None:
        article = cited(basis, file.installed, seat.language)
    else:
        article = f"{basis.law} {basis.article}"
    title = _("不能“%(act)s”") % {"act": headline(rule, seat.language)}
    return Refusal(title, words_in(reason, seat.language), article, _mend(seat, reason))
