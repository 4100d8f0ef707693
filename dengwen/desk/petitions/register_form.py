"""The form of the registration: how it came, who, what, where, and what is asked only sometimes."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from dengwen.cases.files.paper_field import ACCEPT, kept_files
from dengwen.cases.read.case_view import CaseFile
from dengwen.desk.petitions.proposal import proposal_fields
from dengwen.desk.shell.act.code_words import place_hint
from dengwen.desk.shell.act.field_choices import choices_of
from dengwen.desk.shell.act.filled import Filled
from dengwen.desk.shell.frame.seat import Seat
from dengwen.law.bilingual import headline
from dengwen.law.packs.rules import ActRule, FieldRule
from dengwen.petitions.intake.intake import PAPERS, REQUESTS_SAY_IT
from dengwen.ui.components import FieldType, FormField
from dengwen.ui.form_fields import AskedField

NO_CONTENT = "no_content"
OF_2022 = ("purpose", "situation", "suggests", "id_number")
"""What the rules on handling online of 2022 add to a registration; all may be left out."""

Groups = dict[str, list[FormField | AskedField]]
"""Fields by the part of the page they stand in."""


@dataclass(frozen=True, slots=True)
class RegisterForm:
    """What the fields are made from: who asks, the act as the edition declares it, what was typed
    (None at first)."""

    seat: Seat
    rule: ActRule
    filled: Filled | None

    def typed(self, name: str, start: str = "") -> str:
        """Return what was typed into a field, before that its first value."""
        if self.filled is None:
            return start
        return self.seat.request.POST.get(name, "")

    def errors(self, name: str) -> tuple[str, ...]:
        """Return what is wrong with a field."""
        return tuple(self.filled.errors.get(name, ())) if self.filled else ()

    def asked(
        self, name: str, *, hint: str = "", rows: int = 4, start: str = "", required: bool = False
    ) -> FormField:
        """Return a field as the edition declares it; as a bare line where it does not ask for
        it."""
        declared = self.rule.field_rule(name)
        value = self.typed(name, start)
        if declared is None:
            return FormField(name, "person", name, value=value)
        return FormField(
            name,
            _input_type(declared),
            headline(declared, self.seat.language),
            required=required,
            hint=hint,
            value=value,
            errors=self.errors(name),
            choices=choices_of(self.seat, declared, None, [value]),
            rows=rows,
        )


def _input_type(declared: FieldRule) -> FieldType:
    """Return how a field is asked: a subject in one line, a digest as the number it is made of."""
    if declared.name == "subject":
        return "person"
    if declared.type == "digest":
        return "word"
    return declared.type  # type: ignore[return-value]  # the same closed list


def field_groups(seat: Seat, file: CaseFile, filled: Filled | None, *, empty: bool) -> Groups:
    """Return the fields in the order of the page; `empty` asks also why nothing was handed in."""
    rule = file.kind.acts["register"]
    form = RegisterForm(seat, rule, filled)
    groups: Groups = {
        "how": [
            form.asked("channel", start="letter", required=True),
            form.asked("received_on", start=seat.today.isoformat()),
        ],
        "who": [
            form.asked("petitioner", hint=_("不填为匿名")),
            form.asked("address", hint=_("不清楚的，不能书面告知")),
            form.asked("phone"),
        ],
        "what": [
            form.asked("subject", hint=_("不填取正文第一行")),
            form.asked("content", rows=10),
            _requests(form),
            _scans(form),
        ],
        "where": [
            form.asked("category"),
            form.asked("place", hint=place_hint(seat)),
        ],
        "care": [
            form.asked("read_back"),
            form.asked("urgent"),
            _accusation(form),
            _accused(form),
        ],
        "more": _asked_sometimes(form),
        "sort": proposal_fields(seat, file, filled),
    }
    why = rule.field_rule(NO_CONTENT)
    if why is not None and (empty or form.typed(NO_CONTENT)):
        groups["why"] = [_why_nothing(form, why)]
    return groups


def _requests(form: RegisterForm) -> FormField:
    return FormField(
        "requests",
        "text",
        _("诉求，一行一项"),
        rows=3,
        value=form.typed("requests"),
        hint=_("每一项单独答复、单独落实"),
    )


def _scans(form: RegisterForm) -> FormField:
    """Return the field for scans, with those the form carries already."""
    kept = kept_files(form.filled.kept.get(PAPERS, ())) if form.filled else ()
    return FormField(
        PAPERS,
        "digests",
        _("来信扫描件、材料"),
        accept=ACCEPT,
        hint=_(
            "PDF、JPEG、PNG 或者 DOCX，每个不超过 20 MB，最多 20 个；摘要印在回执上，文件加密保存"
        ),
        errors=form.errors(PAPERS),
        kept=kept,
    )


def _accusation(form: RegisterForm) -> FormField:
    return FormField(
        "accusation",
        "flag",
        _("含检举控告内容：封存，只有指定的人能看到"),
        hint=_("文中点到的在册单位和人员一律看不到这一件，直到纪检监察机关核实。"),
        value=form.typed("accusation"),
    )


def _accused(form: RegisterForm) -> FormField:
    return FormField(
        "accused",
        "person",
        _("被检举的单位、人员（文中没写全名的）"),
        value=form.typed("accused"),
        hint=_("写在册的名称或者姓名，用空格隔开"),
    )


def _asked_sometimes(form: RegisterForm) -> list[FormField]:
    """Return what stands folded: visits of many, other systems, the history, and what 2022 adds."""
    of_2022 = [form.asked(name, rows=2) for name in OF_2022 if form.rule.field_rule(name)]
    return [
        form.asked("persons"),
        form.asked("visit_kind"),
        form.asked("representatives"),
        form.asked("outside_source"),
        form.asked("outside_no", hint=_("其他系统给同一事项的编号，只存摘要")),
        form.asked("history"),
        *of_2022,
    ]


def _why_nothing(form: RegisterForm, asked: FieldRule) -> FormField:
    """Return the question why there is no content, without the reason that the system records by
    itself."""
    typed = form.typed(NO_CONTENT)
    offered = choices_of(form.seat, asked, None, [typed])
    choices = tuple(choice for choice in offered if choice.value != REQUESTS_SAY_IT)
    label = headline(asked, form.seat.language)
    return FormField(NO_CONTENT, "code", label, value=typed, choices=choices)
