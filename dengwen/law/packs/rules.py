"""What a rule pack can say, as frozen data: kinds, states, acts, duties, clocks, documents,
interpretations.

The *Rule* side (`ActRule`, `DutyRule`, …) is law; the bare nouns (`Act`, `Duty`, …) are what
happened.
Every rule carries its `Basis`: instrument, article, and whether the text itself was seen.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from dengwen.law.packs.vocabulary import ANY_STATE
from dengwen.law.time.terms import Term


@dataclass(frozen=True, slots=True)
class Basis:
    """Where a rule stands: short name of the instrument and article. `verified` = the passage
    itself was read."""

    law: str
    article: str
    verified: bool = True
    note: str = ""

    def cite(self, instruments: Mapping[str, Instrument], language: str = "zh") -> str:
        """Return the citation as people write it, with a mark where the text was not seen."""
        known = instruments.get(self.law)
        if known is not None and not known.binds:
            return PRACTICE[0] if language == "zh" else PRACTICE[1]
        if language == "zh" and not self.article[:1].isdigit():
            return _article_words(self.article) + ("" if self.verified else "（未核原文）")
        if language == "zh":
            name, items = (known.zh, known.items) if known else (self.law, ())
            return f"《{name}》{article_zh(self.article, items)}" + (
                "" if self.verified else "（未核原文）"
            )
        return f"{known.en if known else self.law} {self.article}" + (
            "" if self.verified else " (text not seen)"
        )


PRACTICE = ("本系统的做法", "practice of this system")
"""How a rule is cited where the instrument it was made after binds nobody."""
_DIGITS = "〇一二三四五六七八九"


def number_zh(number: int) -> str:
    """Write 1–99 as Chinese numerals, as articles are numbered."""
    tens, ones = divmod(number, 10)
    if not tens:
        return _DIGITS[ones]
    return ("" if tens == 1 else _DIGITS[tens]) + "十" + (_DIGITS[ones] if ones else "")


def article_zh(article: str, items: tuple[str, ...] = ()) -> str:
    """Write "23(3)" as 第二十三条第三款 and, for articles in `items`, "31(6)" as 第三十一条第（六）项.

    A paragraph that has items beside it is written "11 para. 2": 第十一条第二款. Anything else is returned
    as it stands.
    """
    paragraph = re.fullmatch(r"(\d{1,2}) para\. (\d{1,2})", article)
    if paragraph:
        return f"第{number_zh(int(paragraph[1]))}条第{number_zh(int(paragraph[2]))}款"
    found = re.fullmatch(r"(\d{1,2})(?:\((\d{1,2})\))?(?:\((\d{1,2})\))?", article)
    if not found:
        return article
    head, first, second = found.groups()
    text = f"第{number_zh(int(head))}条"
    if first and head in items:
        return f"{text}第（{number_zh(int(first))}）项"
    if first:
        text += f"第{number_zh(int(first))}款"
    return text + (f"第（{number_zh(int(second))}）项" if second else "")


def _article_words(text: str) -> str:
    """Write the "art. 47" of a citation that names its instrument itself as people write it."""
    return re.sub(
        r"arts?\. (\d{1,2}(?:\(\d{1,2}\))*)", lambda found: article_zh(found.group(1)), text
    )


@dataclass(frozen=True, slots=True)
class Instrument:
    """A law, regulation or rule a pack cites: short name, titles, in force from (None = not
    established).

    `items` lists the articles whose first bracket counts items (项) instead of paragraphs (款): "31"
    makes
    31(6) read 第三十一条第(六)项, while 23(3) reads 第二十三条第三款. One with a `place` (the beginning of
    codes of divisions) binds only there: in a rulebook of another place `binds` is false.
    """

    id: str
    zh: str
    en: str
    since: date | None = None
    until: date | None = None
    verified: bool = True
    items: tuple[str, ...] = ()
    place: str = ""
    binds: bool = True


@dataclass(frozen=True, slots=True)
class FieldRule:
    """A declared field of an act: form, API schema, CLI flag, import column and placeholder all
    come from it.

    `fact` makes the value a fact of the case that later conditions read; `second` asks a second
    person for
    its correction; `from_today` and `until_today` refuse a date before or after the day of the act,
    `not_before` one
    before that of another field. `least` and `at_most` (another field) bound a number. `stands`
    says how the case or
    organ named must stand (`words.STANDS`). `needed_if` makes it required under conditions on facts
    and fields.

    `section` is the part of the form of a registration in which the field stands, in the order of
    the pack ("" = the system fills it in); `asked_at` names the doors that ask it, `printed` puts
    it on the registration record.
    """

    name: str
    type: str
    data_class: str
    zh: str
    en: str
    required: bool = False
    options: tuple[str, ...] = ()
    option_names: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    fact: bool = False
    second: bool = False
    from_today: bool = False
    until_today: bool = False
    not_before: str = ""
    least: int | None = None
    at_most: str = ""
    stands: tuple[str, ...] = ()
    needed_if: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    section: str = ""
    asked_at: tuple[str, ...] = ()
    printed: bool = False


@dataclass(frozen=True, slots=True)
class Cap:
    """A number a field may not exceed under a condition on the facts, with its own basis."""

    field: str
    most: int
    where: Mapping[str, tuple[str, ...]]
    basis: Basis


@dataclass(frozen=True, slots=True)
class ActRule:
    """An act (行为) the law knows: who may do it, from which states, what it becomes, under which
    conditions.

    Conditions, all from a closed vocabulary: `within` (the named duty or right is open and not past
    its day,
    `unless` one of these fields is given); `only_if` / `never_if` (facts of the case); `must_be`
    (flags that
    must be true); `other_person_than` (not whoever did the last act of these ids); `needs_act`
    (such an act
    happened); `approves` (whoever does it puts a name under what these acts wrote, the first of
    them the draft: the
    digest of what was shown comes with it, in the field `shown`); `not_twice` (it did not happen
    yet);
    `needs_closed` (no such duty is open); `needs_open` (such a duty is
    open, and about what the act is about); `in_time_for` (the last day of such a duty, were it
    opened now, has not passed);
    `named_in` (by the organ that this field named last, for acts of a named organ);
    `must_be_unless` (facts under which the flags of
    `must_be` need not be true); `tells` (it turns to the petitioner, who must be known);
    `one_of` (at least one of these fields says something; a rule of the house,
    asked at the write door alone); `history` (entered only with imported history, asked there too);
    `caps`;
    `own_hand` (the official whom this field names, here and in earlier acts, signs in person:
    nobody signs for them);
    `two_persons` (it always waits for a second person, who approves it from the own account; a rule
    of the house, asked at the write door alone); `own_paper` (it is the petitioner's own: an office
    that enters it names in this field the paper the petitioner signed, asked at the write door);
    `two_persons_if` (it waits so where one of these fields says something, and whoever approves
    must be able to do such an act themselves; asked there too).
    `unplayed` says why no scenario does it
    (`vocabulary.UNPLAYED`).
    """

    id: str
    zh: str
    en: str
    by: str
    basis: Basis
    after: tuple[str, ...]
    to: str
    fields: tuple[FieldRule, ...] = ()
    documents: tuple[str, ...] = ()
    effects: tuple[str, ...] = ()
    takes: bool = False
    addresses: str = ""
    within: str = ""
    unless: tuple[str, ...] = ()
    only_if: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    never_if: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    must_be: tuple[str, ...] = ()
    other_person_than: tuple[str, ...] = ()
    needs_act: tuple[str, ...] = ()
    approves: tuple[str, ...] = ()
    one_of: tuple[str, ...] = ()
    history: bool = False
    not_twice: bool = False
    needs_closed: tuple[str, ...] = ()
    needs_open: tuple[str, ...] = ()
    in_time_for: tuple[str, ...] = ()
    named_in: str = ""
    must_be_unless: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    tells: bool = False
    caps: tuple[Cap, ...] = ()
    sets: Mapping[str, str] = field(default_factory=dict)
    handler: str = ""
    own_hand: str = ""
    two_persons: bool = False
    own_paper: str = ""
    two_persons_if: tuple[str, ...] = ()
    unplayed: str = ""
    remedy_zh: str = ""
    remedy_en: str = ""

    def field_rule(self, name: str) -> FieldRule | None:
        """Return the declared field of that name, or None."""
        for declared in self.fields:
            if declared.name == name:
                return declared
        return None


@dataclass(frozen=True, slots=True)
class Extension:
    """How a period may be lengthened: cap in the unit of the term, who approves, through which act
    and field.

    `most` = -1 where the text allows it without a number. The cap holds for the sum of all
    extensions.
    `basis` is set where another text than that of the period allows the extension (a local rule).
    """

    most: int
    approver: str
    act: str = ""
    field: str = ""
    reason: bool = True
    basis: Basis | None = None


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A stretch that is not counted (only where the text says so): the act that records it and
    its two dates."""

    what: str
    act: str = ""
    first: str = ""
    last: str = ""


@dataclass(frozen=True, slots=True)
class ClockRule:
    """A time limit of the law, known by its id: a term, a frequency, or a duty to which the text
    gives no number.

    Exactly one of `term`, `per`, `none` and `by_field` is set. `mode` says which.
    """

    id: str
    zh: str
    en: str
    actor: str
    starts: str
    basis: Basis
    edition: str
    term: Term | None = None
    per: str = ""
    at_least: int = 0
    none: bool = False
    by_field: str = ""
    extension: Extension | None = None
    exclusion: Exclusion | None = None
    notice: str = ""

    @property
    def mode(self) -> str:
        """One of period, frequency, field (a date set in the act) and none (a duty without a
        number)."""
        if self.term:
            return "period"
        if self.per:
            return "frequency"
        return "field" if self.by_field else "none"


@dataclass(frozen=True, slots=True)
class ClosedBy:
    """Which acts in other cases of the same holder close a recurring duty: kind, act and
    conditions on its fields.

    With `worded` it counts only where something was written with it; `once` names fields of the
    act, or of the one that opened its case, by which acts say the same again, so that only the
    first of them counts (`@day`: its day; `@case`: the case in which it is done).
    """

    kind: str
    act: str
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    where_not: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    worded: bool = False
    once: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DutyRule:
    """Who owes what by when by which article, opened and closed by which acts.

    `right` marks a petitioner's period, which lapses instead of being breached. The count starts on
    the day of
    the opening act, unless `starts_on` names its date field that says when the event was,
    `counts_from` an
    earlier act, or `continues` earlier duties whose time goes on running (time is never reset;
    with `stands_still`
    the days between the end of the earlier one and the opening of this one do not count).
    `tells` marks what is owed to the petitioner in person, who must be known.
    With `in_place_of` it opens only where none of these duties ever opened for its holder.
    `outlives` names the final states in which it goes on although the case has ended, by
    `outlives_basis` ("*": all);
    `ends_with_case` voids it with
    any act that ends the case.
    It opens only if the facts meet `where` and none meets `where_not`. `matching` names a field
    whose value
    must be the same in the closing act as in the opening one, and in an act that lengthens it
    where that has the field.
    `local` names the local setting that gives a target where the text has no number; it is always
    shown as local.
    `alongside` names a duty of the same case by whose day such a duty is sorted while nobody set
    that target.
    `shared` leaves it with the organ instead of the handler: others of the organ do it (审核, 签发).
    `jointly` says that several organs owe it together: the act of one of them closes it for all.
    `official` is the field (or fact) that names the person in the holding organ who owes the duty.
    `of` makes it recurring (whose: `words.OF`), `closed_by` says by which acts elsewhere it is met,
    `applies` for whom
    it holds (`words.APPLIES`). A `standing` one is a label: somebody bears it, and no single act
    discharges it.
    """

    id: str
    zh: str
    en: str
    holder: str
    clock: ClockRule
    basis: Basis
    opens: tuple[str, ...] = ()
    closes: tuple[str, ...] = ()
    voids: tuple[str, ...] = ()
    right: bool = False
    counts_from: tuple[str, ...] = ()
    continues: tuple[str, ...] = ()
    stands_still: bool = False
    in_place_of: tuple[str, ...] = ()
    tells: bool = False
    starts_on: str = ""
    matching: str = ""
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    where_not: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    named_by: str = ""
    close_by_holder: bool = False
    local: str = ""
    shared: bool = False
    jointly: bool = False
    alongside: str = ""
    official: str = ""
    of: str = ""
    closed_by: tuple[ClosedBy, ...] = ()
    applies: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    standing: bool = False
    outlives: tuple[str, ...] = ()
    outlives_basis: Basis | None = None
    ends_with_case: bool = False
    otherwise_zh: str = ""
    otherwise_en: str = ""
    otherwise_basis: Basis | None = None

    def goes_on_in(self, final: str) -> bool:
        """Say whether the duty goes on although its case has ended in this state."""
        return final in self.outlives or ANY_STATE in self.outlives


@dataclass(frozen=True, slots=True)
class LimitRule:
    """A time limit a document prints by itself: the clock, for which facts of the case, and from
    which day on.

    `since` is there where the clock cites a text that papers of an earlier day must not cite.
    """

    clock: str
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    since: date | None = None


@dataclass(frozen=True, slots=True)
class DocumentRule:
    """A document (文书): its id in the list of documents, names, what it must contain, its layout
    and basis.

    `declared` are the fields of the act that issues it, where the paper is the form of that act: no
    pack writes them twice.
    """

    id: str
    number: str
    zh: str
    en: str
    basis: Basis
    needs: tuple[str, ...] = ()
    layout: str = "common"
    to: str = ""
    in_law: bool = False
    limits: tuple[LimitRule, ...] = ()
    declared: tuple[FieldRule, ...] = ()


@dataclass(frozen=True, slots=True)
class StateRule:
    """A state of a kind of case; a final state takes no further acts except those that name it."""

    id: str
    zh: str
    en: str
    final: bool = False


@dataclass(frozen=True, slots=True)
class FactRule:
    """What people call a fact that acts settle by themselves (`sets`), and its values; forms
    name the others."""

    id: str
    zh: str
    en: str
    option_names: Mapping[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Interpretation:
    """An answer on how to read rules (seed art. 19): shown wherever one of these rules is
    explained."""

    date: date
    organ: str
    question: str
    answer: str
    rules: tuple[str, ...]
    basis: Basis


@dataclass(frozen=True)
class KindRule:
    """One procedure: its states, acts, duties and documents, in the order of the text."""

    id: str
    zh: str
    en: str
    states: Mapping[str, StateRule] = field(default_factory=dict)
    acts: Mapping[str, ActRule] = field(default_factory=dict)
    duties: Mapping[str, DutyRule] = field(default_factory=dict)
    documents: Mapping[str, DocumentRule] = field(default_factory=dict)
    facts: Mapping[str, FactRule] = field(default_factory=dict)
    nobody_told: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Facts any of which means that the petitioner cannot be told anything."""

    def ends(self, act: str) -> bool:
        """Say whether an act brings a case into a final state."""
        state = self.states.get(self.acts[act].to)
        return state is not None and state.final
