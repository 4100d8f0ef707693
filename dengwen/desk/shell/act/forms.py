"""The form of an act: a form of Django whose fields are those the pack declares.

Every field of a pack has its type from a closed list (`law.packs.vocabulary.FIELD_TYPES`);
`FIELD_OF` names the form field of each: how it is asked, and how what was typed becomes a value of
the step.
Whether a value is allowed is the law core's answer, not the form's. Nothing typed is ever lost, and
files stay sealed between attempts.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any, Self, cast

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from dengwen.access.keys.keyring import key_ring
from dengwen.cases.case_numbers import read_number as read_case_number
from dengwen.cases.files.content_type import MOST_FILES
from dengwen.cases.files.held_files import Held, Paper
from dengwen.cases.files.paper_field import PaperField, found_in
from dengwen.cases.models import Act
from dengwen.cases.read.case_view import CaseFile
from dengwen.cases.wall.visibility import find
from dengwen.cases.write.correction import BREACHES
from dengwen.cases.write.references import FROM_REGISTRY
from dengwen.cases.write.running_call import APPROVER
from dengwen.desk.shell.act.code_words import PlaceAsked
from dengwen.desk.shell.act.field_choices import choices_of
from dengwen.desk.shell.frame.seat import CHINA, Seat
from dengwen.law.bilingual import Language, headline, words_in
from dengwen.law.duties.late_entry import SECOND
from dengwen.law.duties.step import FieldValue
from dengwen.law.packs.rules import ActRule, FieldRule
from dengwen.law.packs.vocabulary import TEXT_TYPES
from dengwen.ui.components import Choice, FieldType
from dengwen.ui.form_fields import (
    Area,
    Asked,
    AskedField,
    Day,
    Number,
    PageForm,
    Row,
    SomeOf,
    Tick,
    Ticked,
    Word,
    Words,
    choose_words,
    is_open,
    read_number,
)

TYPED_DIGESTS = frozenset({"outside_no", "code_digest"})
"""Digest fields whose value is a number somebody types, never a file."""
NEVER_ASKED = frozenset({"code_digest", *FROM_REGISTRY, SECOND, APPROVER, BREACHES})
"""Fields that the system fills in by itself."""
OCCURRED, LATE_REASON, LATE_PAPER = "occurred_on", "late_reason", "late_paper"
MOST_ACTS = 10
"""Digits of the place of an act in its case."""
LATE = (OCCURRED, LATE_REASON, LATE_PAPER)
"""Fields of a late entry: asked once a page, beside those of the act."""


# --- a field for each type ------------------------------------------------------------------------
class OfRule(Asked):
    """A field that a pack declares: its words and its choices come from there."""

    rule: FieldRule
    seat: Seat
    file: CaseFile | None = None

    @classmethod
    def of_rule(cls, rule: FieldRule) -> OfRule:
        """Return the field for a rule."""
        field = cls(needed=rule.required, rows=2 if rule.data_class == "D1" else 5)
        field.rule = rule
        field.type = _type(rule)
        return field

    def label_words(self) -> str:
        """Return what is asked for."""
        label = headline(self.rule, self.seat.language)
        if self.rule.type in ("digest", "digests"):  # the paper or number, not what is kept of it
            for ending in ("的摘要", "（摘要）", " (digest)"):
                label = label.removesuffix(ending)
            for beginning in ("Digest of the ", "Digests of the "):
                label = label.removeprefix(beginning)
        return label[:1].upper() + label[1:]

    def hint_words(self) -> str:
        """Return what stands beside the field."""
        if self.rule.from_today:
            return _("不早于今天")
        return _("不晚于今天") if self.rule.until_today else ""

    def offered(self, typed: Sequence[str], search: str) -> tuple[Choice, ...]:
        """Return what this seat can choose from, as far as the wall lets it see."""
        return choices_of(self.seat, self.rule, self.file, typed, search)


class RuledText(OfRule, Area):
    """`text`, and `person` where it asks for whom a text is about."""


class RuledWord(OfRule, Word):
    """`person`, `code`, `word`: one line, or one of what is offered."""


class RuledDigest(OfRule, Word):
    """A number somebody types, kept as its digest."""

    def value_of(self, text: str) -> str:
        """Return the digest of the number."""
        return key_ring().digest("index", "number", text)


class RuledCodes(OfRule, Ticked):
    """`codes`: those that were ticked; the law core says which are none."""


class RuledWords(OfRule, Words):
    """`words`: several in one line, or ticked one by one."""

    def hint_words(self) -> str:
        """Return how several are written."""
        return _("几个代码用空格隔开")


class RuledNumber(OfRule, Number):
    """`number`."""


class RuledRow(OfRule, Row):
    """`organ`, `official`: a row id, chosen from a list."""


class RuledRows(OfRule, SomeOf):
    """`organs`: row ids, as they were ticked."""

    def values_of(self, chosen: tuple[str, ...]) -> tuple[int, ...]:
        """Return the row ids."""
        numbers = [number for one in chosen if (number := read_number(one)) is not None]
        if len(numbers) < len(chosen):
            raise ValidationError(choose_words())
        return tuple(numbers)


class RuledDay(OfRule, Day):
    """`date`."""


class RuledTick(OfRule, Tick):
    """`flag`."""


class RuledPlace(PlaceAsked, OfRule):
    """`division`: the code of a place as chosen or typed, or its name."""


class RuledCase(OfRule, Word):
    """`case`: the number of a case that this seat may learn of."""

    def hint_words(self) -> str:
        """Return how a number looks."""
        return _("登记编号，例如 YJ01-2026-483907215-0")

    def value_of(self, text: str) -> str:
        """Return the number of a visible case; a hidden one and none are told alike."""
        try:
            number = read_case_number(text)
        except ValueError as error:
            words = number_error(error, self.seat.language) + pgettext("forms", "。")
            raise ValidationError(words) from None
        if find(self.seat.viewer, self.seat.today, number) is None:
            raise ValidationError(_("没有这个编号的办理件，或者不在您可见的范围内。"))
        return number


class RuledAct(OfRule, Word):
    """`act`: the row of an act of the case on the page, chosen by its place in the case: row ids
    count hidden cases."""

    def value_of(self, text: str) -> int:
        """Return the row of the act at a place of the case."""
        place = read_number(text) if len(text) < MOST_ACTS else None
        match = self.seat.request.resolver_match
        number = match.kwargs.get("number", "") if match else ""
        if place is not None and number:
            acts = Act.objects.filter(case=self.seat.case(number), seq=place)
            found = acts.values_list("pk", flat=True).first()
            if found is not None:
                return found
        raise ValidationError(choose_words())


class RuledPapers(OfRule, PaperField):
    """`digest`, `digests`: files, of which the act keeps the digests."""

    def hint_words(self) -> str:
        """Return what is taken."""
        return _("PDF、JPEG、PNG 或者 DOCX，每个不超过 20 MB；摘要写入存证，文件加密保存")


FIELD_OF: Mapping[str, type[OfRule]] = {
    "text": RuledText,
    "person": RuledText,
    "code": RuledWord,
    "codes": RuledCodes,
    "word": RuledWord,
    "words": RuledWords,
    "organ": RuledRow,
    "organs": RuledRows,
    "official": RuledRow,
    "division": RuledPlace,
    "date": RuledDay,
    "number": RuledNumber,
    "flag": RuledTick,
    "case": RuledCase,
    "act": RuledAct,
    "digest": RuledPapers,
    "digests": RuledPapers,
}
"""The form field of each type of the closed list."""


def field_of(rule: FieldRule) -> OfRule:
    """Return the form field for a field that a pack declares."""
    made = RuledDigest if rule.name in TYPED_DIGESTS else FIELD_OF[rule.type]
    return made.of_rule(rule)


def _type(asked: FieldRule) -> FieldType:
    """Return how a field is asked on the page."""
    if asked.type == "words" or asked.name in TYPED_DIGESTS:
        return "word"
    if asked.type == "text" and asked.data_class == "D1":
        return "person"  # a name or a title: one line
    return cast(FieldType, asked.type)  # the same closed list


def number_error(error: ValueError, language: Language) -> str:
    """Return what is wrong with a number of a case: its error says both languages in one line."""
    chinese, _sep, english = str(error).partition(" / ")
    return words_in((chinese, english), language)


def _late_fields() -> dict[str, Asked]:
    """Return the fields for an act that happened on an earlier day and is entered now."""
    return {
        OCCURRED: Day(gettext_lazy("实际发生的日期"), hint=gettext_lazy("今天发生的不用填")),
        LATE_REASON: Area(
            gettext_lazy("补录的理由"),
            hint=gettext_lazy("补录的事动到期限的必须写明，附纸质材料，并由第二人同意"),
            rows=2,
        ),
        LATE_PAPER: PaperField(gettext_lazy("所依据的纸质材料"), type="digest"),
    }


# --- the form -------------------------------------------------------------------------------------
class RuledForm(PageForm):
    """What a form of declared fields reads: the values of the step and its texts, the files, and
    on which day it happened."""

    def __init__(
        self,
        seat: Seat,
        file: CaseFile | None,
        asked: Mapping[str, Asked],
        **more: Any,  # noqa: ANN401  # those of Django's form
    ) -> None:
        super().__init__(asked, **more)
        self.seat = seat
        self.values: dict[str, FieldValue] = {}
        self.texts: dict[str, str] = {}
        self.papers: list[Paper] = []
        self.occurred: datetime | None = None
        self.late_reason = ""
        self.paper = ""
        for field in self.fields.values():
            if isinstance(field, OfRule):
                field.seat, field.file = seat, file
            if isinstance(field, PaperField):
                field.clock = self._now

    def _now(self) -> datetime:
        return self.seat.now

    @property
    def claims_late(self) -> bool:
        """Whether a late entry was begun, or something about it is wrong."""
        return self.occurred is not None or not self.errors.keys().isdisjoint(LATE)

    @property
    def full(self) -> bool:
        """Whether the disk took no more files."""
        papers = [field for field in self.fields.values() if isinstance(field, PaperField)]
        return any(field.found.full for field in papers)

    @property
    def carried(self) -> Sequence[str]:
        """The names of the fields that the page sent along unasked."""
        return self.data.getlist("carried") if isinstance(self.data, QueryDict) else ()

    @property
    def ruled(self) -> tuple[str, ...]:
        """The names of the declared fields that a page asks."""
        return tuple(name for name, field in self.fields.items() if isinstance(field, OfRule))

    def fields_of_act(self, without: Collection[str] = ()) -> tuple[AskedField, ...]:
        """Return the declared fields as the page asks them, less those left out."""
        return self.asked(self.ruled, without)

    def late_fields(self) -> tuple[AskedField, ...]:
        """Return the fields of a late entry."""
        return self.asked(LATE)

    def clean(self) -> dict[str, Any]:
        """Sort what was read into values, texts and files; not more files than an act takes."""
        for name, field in self.fields.items():
            if isinstance(field, PaperField):
                self.papers += [(name, one) for one in field.found.papers]
            if isinstance(field, OfRule):
                self._keep(name, field)
        if OCCURRED in self.fields:
            self._keep_claim()
        if len(self.papers) > MOST_FILES:
            words = _("一次最多 %(most)s 个文件。") % {"most": MOST_FILES}
            self.add_error(self.papers[-1][0], words)
        return self.cleaned_data

    def _keep(self, name: str, field: OfRule) -> None:
        """Keep the value of a declared field for the step."""
        value: Any = self.cleaned_data.get(name)
        if isinstance(field, RuledPapers):
            digests = tuple(one.digest for one in field.found.papers)
            value = digests if field.several else "".join(digests[:1])
        if is_open(value):
            return
        if field.rule.type in TEXT_TYPES:
            self.texts[name] = value
        else:
            self.values[name] = value

    def _keep_claim(self) -> None:
        """Keep on which day the act happened where that is not today, with what a late entry rests
        on."""
        day: date | None = self.cleaned_data.get(OCCURRED)
        if day is not None and day != self.seat.today:
            self.occurred = datetime.combine(day, time(12), CHINA)
        self.late_reason = self.cleaned_data.get(LATE_REASON) or ""
        for name, one in self.papers:
            if name == LATE_PAPER:
                self.paper = one.digest

    def found_in(self, name: str) -> list[Held]:
        """Return the sealed files of a field."""
        return found_in(self, name)

    def restrict(self, rule: ActRule) -> Self:
        """Keep what belongs to one act, where the form asks for several that share fields."""
        own = {asked.name for asked in rule.fields}
        for name in self.fields.keys() - own:
            self.errors.pop(name, None)
            self.values.pop(name, None)
            self.texts.pop(name, None)
        self.papers = [(name, one) for name, one in self.papers if name in own]
        return self

    def forgive(self) -> Self:
        """Keep what was typed and chosen, and forget what it means: somebody only searched."""
        super().forgive()
        self.values, self.texts = {}, {}
        self.occurred = None
        return self


def _fields(
    rules: Sequence[FieldRule], *, late: bool, more: Mapping[str, Asked] | None
) -> dict[str, Asked]:
    """Return the fields that are declared, those of a late entry where it is asked for, and what a
    page adds."""
    declared = {rule.name: field_of(rule) for rule in rules if rule.name not in NEVER_ASKED}
    return {**declared, **(_late_fields() if late else {}), **(more or {})}


def act_form(
    seat: Seat,
    rule: ActRule,
    file: CaseFile | None = None,
    *,
    prefix: str = "",
    given: Mapping[str, Any] | None = None,
    posted: bool | None = None,
    more: Mapping[str, Asked] | None = None,
) -> RuledForm:
    """Return the form of an act: as posted, or as it begins with what is `given`.

    Names carry `prefix` where a page asks several acts; when it happened is asked once a page, by
    the form without prefix.
    """
    return ruled_form(
        seat,
        [_at_desk(field, rule) for field in rule.fields],
        file,
        prefix=prefix,
        given=given,
        posted=posted,
        late=not prefix,
        more=more,
    )


def _at_desk(field: FieldRule, rule: ActRule) -> FieldRule:
    """Return a field as an office is asked for it: the petitioner's own paper is always needed."""
    return replace(field, required=True) if field.name == rule.own_paper else field


def ruled_form(
    seat: Seat,
    rules: Sequence[FieldRule],
    file: CaseFile | None = None,
    *,
    prefix: str = "",
    given: Mapping[str, Any] | None = None,
    posted: bool | None = None,
    late: bool = False,
    more: Mapping[str, Asked] | None = None,
) -> RuledForm:
    """Return the form that asks for declared fields, whatever act or acts they are of."""
    fields, request = _fields(rules, late=late, more=more), seat.request
    if request.method == "POST" if posted is None else posted:
        form = RuledForm(seat, file, fields, data=request.POST, files=request.FILES, prefix=prefix)
        form.full_clean()
        return form
    return RuledForm(seat, file, fields, prefix=prefix, initial=dict(given or {}))
