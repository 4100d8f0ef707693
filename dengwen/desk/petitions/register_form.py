"""The form of the registration: the fields that the pack lets the desk ask, section by section, and
what is no field of it: single requests, an accusation and whom it accuses, how it is sorted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from dengwen.cases.placed_fields import asked_at
from dengwen.cases.read.case_view import CaseFile
from dengwen.cases.write.check import Refused
from dengwen.desk.petitions.proposal import CLASSIFY, ONWARD, Proposal, propose
from dengwen.desk.shell.act.act_refusals import as_part
from dengwen.desk.shell.act.forms import RuledForm, ruled_form
from dengwen.desk.shell.frame.seat import Seat
from dengwen.law.bilingual import headline, words_in
from dengwen.law.duties.step import FieldValue, Step
from dengwen.law.packs.rules import ActRule
from dengwen.law.packs.vocabulary import FORM_SECTIONS
from dengwen.organs.names_in_text import Named, named_in, words_naming_nobody
from dengwen.petitions.intake.classification import ACCUSATION
from dengwen.petitions.intake.intake import (
    CONTENT,
    NO_CONTENT,
    OUTSIDE_NO,
    PAPERS,
    REGISTER,
    REQUESTS_SAY_IT,
    SUBJECT,
    HandedIn,
)
from dengwen.ui.components import Refusal
from dengwen.ui.form_fields import Area, Asked, AskedField, Tick, pressed

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

DOOR = "desk"
CHANNEL, RECEIVED_ON = "channel", "received_on"
REQUESTS, ACCUSES, ACCUSED = "requests", "accusation", "accused"
CLASS = "class"
WHY, SORT = "why", "sort"
FOLDED = ("visit", "more")
"""Sections that are asked only sometimes: folded until something in them is wrong."""
MOST_NUMBER = 999_999
"""The greatest number of people or anything else that a registration counts."""
NOBODY = Named(frozenset(), frozenset())
HINTS: Mapping[str, StrPromise | str] = {
    RECEIVED_ON: "",
    "petitioner": gettext_lazy("不填为匿名"),
    "address": gettext_lazy("不清楚的，不能书面告知"),
    SUBJECT: gettext_lazy("不填取正文第一行"),
    OUTSIDE_NO: gettext_lazy("其他系统给同一事项的编号，只存摘要"),
    PAPERS: gettext_lazy(
        "PDF、JPEG、PNG 或者 DOCX，每个不超过 20 MB，最多 20 个；摘要印在回执上，文件加密保存"
    ),
}
"""What stands beside some fields, in words of this page."""
ROWS = {CONTENT: 10, "history": 4}
"""Lines of the texts that need more than the others."""
FEW_ROWS = 2

Groups = dict[str, list[AskedField]]
"""Fields by the part of the page they stand in."""


def _beside() -> dict[str, Asked]:
    """Return what the page asks beside the fields of the pack."""
    return {
        REQUESTS: Area(
            gettext_lazy("诉求，一行一项"), rows=3, hint=gettext_lazy("每一项单独答复、单独落实")
        ),
        ACCUSES: Tick(
            gettext_lazy("含检举控告内容：封存，只有指定的人能看到"),
            hint=gettext_lazy("文中点到的在册单位和人员一律看不到这一件，直到纪检监察机关核实。"),
        ),
        ACCUSED: Asked(
            gettext_lazy("被检举的单位、人员（文中没写全名的）"),
            hint=gettext_lazy("写在册的名称或者姓名，用空格隔开"),
        ),
    }


AFTER = {CONTENT: (REQUESTS,)}
"""What the page asks after a field of the pack."""
LAST = {"care": (ACCUSES, ACCUSED)}
"""What the page asks at the end of a section."""


@dataclass
class RegisterForm:
    """The form of a registration, as posted or as it begins, with the proposal how it is sorted."""

    seat: Seat
    file: CaseFile
    rule: ActRule
    form: RuledForm
    no_room: bool = False
    whole: list[Refusal] = field(default_factory=list)
    """What was refused and belongs to no field."""

    @property
    def wrong(self) -> bool:
        """Whether something that was typed cannot be taken."""
        return bool(self.form.errors) or (self.proposes and self.proposal.wrong)

    @property
    def proposes(self) -> bool:
        """Whether a class was chosen: without one nothing is sorted."""
        return bool(pressed(self.seat.request, CLASS))

    @cached_property
    def proposal(self) -> Proposal:
        """How the clerk would sort it."""
        return propose(self.seat, self.file)

    def steps_onward(self) -> tuple[Step, ...]:
        """Return the steps that follow the registration: none where it was not sorted, or where
        it is sealed and left to whoever is cleared for it."""
        if not self.proposes or (self.accuses and not self.proposal.accuses):
            return ()
        return self.proposal.steps()

    @property
    def full(self) -> bool:
        """Whether the disk took no more."""
        return self.no_room or self.form.full

    @property
    def accuses(self) -> bool:
        """Whether the clerk takes it for an accusation: then the wall closes with the
        registration."""
        if self.form.cleaned_data.get(ACCUSES):
            return True
        return self.proposes and self.proposal.accuses

    def handed(self) -> HandedIn:
        """Return what was handed in, as it was typed."""
        said: dict[str, FieldValue] = {RECEIVED_ON: self.seat.today}
        said |= self.form.values | self.form.texts
        said.pop(PAPERS, None)
        if OUTSIDE_NO in said:
            said[OUTSIDE_NO] = self.form.typed(OUTSIDE_NO)  # kept as a digest with its source
        named = self.form.cleaned_data.get(ACCUSED) or ""
        accused = named_in(named, self.seat.today) if self.accuses else NOBODY
        return HandedIn(
            said,
            requests=_lines(self.form.cleaned_data.get(REQUESTS) or ""),
            papers=self.form.found_in(PAPERS) if PAPERS in self.form.fields else (),
            proposed_class=ACCUSATION if self.accuses else "",
            accused_officials=sorted(accused.officials),
            accused_organs=sorted(accused.organs),
        )

    def refuse(self, refused: Refused) -> None:
        """Note each reason at its field, and as a part of the page what belongs to none."""
        act, rule = refused.step.act, self.file.kind.acts[refused.step.act]
        form, named = self.form, {"asks": REQUESTS}
        if act in ONWARD and self.proposal.sent is not None:
            form, named = self.proposal.sent, {}
        elif act == CLASSIFY and self.proposal.sorting is not None:
            form, named = self.proposal.sorting, {}
        for reason in refused.reasons:
            name = named.get(reason.field, reason.field)
            if name in form.fields:
                form.wrong(name, words_in(reason, self.seat.language))
            else:
                self.whole.append(as_part(self.seat, self.file, rule, reason))

    # --- on the page ---
    def groups(self, *, empty: bool) -> Groups:
        """Return the fields in the order of the page; `empty` asks also why nothing was handed
        in."""
        found: Groups = {section: [] for section in FORM_SECTIONS}
        for declared in asked_at(DOOR, self.rule):
            group = found[declared.section]
            group.append(self._shown(declared.name))
            group += self.form.asked(AFTER.get(declared.name, ()))
        for section, names in LAST.items():
            found[section] += self.form.asked(names)
        if not empty and not self.form.typed(NO_CONTENT):
            found[WHY] = []
        found[SORT] = self.proposal.fields()
        return found

    def _shown(self, name: str) -> AskedField:
        """Return a field of the pack as this page asks it."""
        asked = self.form.at(name)
        changes: dict[str, object] = {"rows": ROWS.get(name, FEW_ROWS)}
        if name in HINTS:
            changes["hint"] = str(HINTS[name])
        if name == SUBJECT:
            changes["type"] = "person"  # one line
        elif name == OUTSIDE_NO:
            declared = self.rule.field_rule(name)
            changes["label"] = headline(declared, self.seat.language) if declared else name
        elif name == PAPERS:
            changes["label"] = _("来信扫描件、材料")
        elif name == NO_CONTENT:  # but the reason that the system records by itself
            changes["choices"] = tuple(c for c in asked.choices if c.value != REQUESTS_SAY_IT)
        return asked.but(**changes)


def register_form(seat: Seat, file: CaseFile) -> RegisterForm:
    """Return the form of a registration: as posted, or as it begins."""
    rule = file.kind.acts[REGISTER]
    begins = {CHANNEL: "letter", RECEIVED_ON: seat.today}
    form = ruled_form(seat, asked_at(DOOR, rule), given=begins, more=_beside())
    made = RegisterForm(seat, file, rule, form)
    if form.is_bound:
        _check(made)
    return made


def _check(made: RegisterForm) -> None:
    """Note what the form itself must say: how it came, numbers that count something, and names of
    accused that would be lost."""
    if named := made.form.cleaned_data.get(ACCUSED):
        for words in accused_words(named, made.seat, sealed=made.accuses):
            made.form.wrong(ACCUSED, words)
    if not made.form.typed(CHANNEL):
        made.form.wrong(CHANNEL, _("请选择怎样提交。"))
    for name, value in made.form.values.items():
        if isinstance(value, int) and value > MOST_NUMBER and name in made.form.fields:
            declared = made.rule.field_rule(name)
            if declared is not None and declared.type == "number":
                made.form.wrong(name, _("请填整数。"))


def accused_words(named: str, seat: Seat, *, sealed: bool) -> tuple[str, ...]:
    """Return what is wrong with the names of accused that were typed: nothing seals the case, or
    one of them is nobody in the registry; nothing that was typed is dropped silently."""
    if not sealed:
        return (
            _(
                "填了被检举的单位、人员，但没有选作检举控告，这样登记不封存。是检举控告的，请选；不是的，请把这一项删空。"
            ),
        )
    lost = words_naming_nobody(named, seat.today)
    if not lost:
        return ()
    words = _(
        "登记的单位和人员里没有“%(names)s”，封存时挡不住。请写在册的全名；不在册的，从这一项删去，写在正文里。"
    )
    return (words % {"names": pgettext("names", "、").join(lost)},)


def _lines(text: str) -> list[str]:
    """Return the lines in which something stands."""
    return [line.strip() for line in text.splitlines() if line.strip()]
