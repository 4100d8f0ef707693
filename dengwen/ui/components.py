"""What the parts of a page are filled with: frozen, typed, in the language of the page.

Desk and portal build these from domain data and hand them to the tags of `templatetags/ui.py`.
Texts are plain text (templates escape them). `uid` fields become parts of ids: letters, digits and
hyphens, unique on the page.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from dengwen.law.bilingual import Language, words_in
from dengwen.law.duties.act_record import DutyView
from dengwen.law.duties.explanation import Explained
from dengwen.law.time.calendar import Calendar
from dengwen.ui.term_days import TermBar, unit_of

__all__ = [
    "Button",
    "Choice",
    "ComputedLine",
    "DateRail",
    "DocumentLink",
    "DutyLine",
    "Fact",
    "Frame",
    "HowComputed",
    "Link",
    "NavItem",
    "NotPossible",
    "Possible",
    "Receipt",
    "Refusal",
    "RequestLine",
    "TermBar",
    "TimelineEntry",
    "YearMark",
    "YearRow",
    "YearStrip",
    "bar_of",
    "how_from",
    "interpretation_text",
]


@dataclass(frozen=True, slots=True)
class Link:
    """A text that leads somewhere."""

    text: str
    href: str


@dataclass(frozen=True, slots=True)
class NavItem:
    """One entry of the main navigation; `current` marks the page shown."""

    text: str
    href: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class Frame:
    """What surrounds a page, in its context as `frame`: whose page it is, who sees it, which
    editions apply."""

    organ: str = ""
    nav: tuple[NavItem, ...] = ()
    person: str = ""
    capacity: str = ""
    sign_out: str = ""
    editions: tuple[str, ...] = ()
    home: str = "/"


@dataclass(frozen=True, slots=True)
class Button:
    """A link that looks like a button. `described` completes its name for those who hear it:
    which duty, which case."""

    text: str
    href: str
    described: str = ""
    main: bool = False


@dataclass(frozen=True, slots=True)
class DateRail:
    """The date at the top right of a page.

    Without any date (`due` and `raw` None, `none_why` set) the law has no number.

    `label` is what the date is (下一个法定日期), `what` what is due then. `how` leads to the computation.
    A local target beside it is `own`, a whole sentence; it is always called not set by law.
    `since` is a day on which something began, in place of one that is due.
    """

    label: str
    today: date
    due: date | None = None
    raw: date | None = None
    what: str = ""
    how: str = ""
    statutory: bool = True
    none_why: str = ""
    own: str = ""
    since: date | None = None


@dataclass(frozen=True, slots=True)
class DutyLine:
    """One open duty in a list. `bar` carries its dates; `claimed` marks a duty that rests on what
    was entered late.

    `case_title` stays in the petitioner's own words, so it is marked as Chinese on an English page.
    """

    uid: str
    title: str
    href: str
    bar: TermBar
    case_title: str = ""
    case_number: str = ""
    why: str = ""
    basis: str = ""
    otherwise: str = ""
    button: Button | None = None
    note: str = ""
    claimed: bool = False


@dataclass(frozen=True, slots=True)
class RequestLine:
    """One thing asked for, with its path, its outcome and its execution (closed is not solved).

    `state` chooses the look of `outcome`: none yet, said, done, or late.
    """

    number: int
    text: str
    path: str = ""
    path_basis: str = ""
    other_case: Link | None = None
    state: Literal["none", "said", "done", "late"] = "none"
    outcome: str = ""
    outcome_note: str = ""
    execution: str = ""
    proof: Link | None = None


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One act, breach or coming step. `leaf` is the number in the ledger, `digest` its short
    digest.

    `recorded` is the day the ledger got an act that claims an earlier day: back-dating stays
    visible.
    """

    day: date
    title: str
    basis: str = ""
    who: str = ""
    kind: Literal["act", "breach", "next"] = "act"
    leaf: int | None = None
    digest: str = ""
    href: str = ""
    recorded: date | None = None
    note: str = ""

    @property
    def claimed(self) -> bool:
        """Whether the act was recorded after the day it claims."""
        return self.recorded is not None and self.recorded > self.day


@dataclass(frozen=True, slots=True)
class Possible:
    """Something that can be done now: what it is, what it needs, opens and closes, and its
    article."""

    title: str
    href: str
    detail: str = ""
    basis: str = ""


@dataclass(frozen=True, slots=True)
class NotPossible:
    """Something that cannot be done now: why, by which article, and the next remedy with its
    last day."""

    title: str
    reason: str
    basis: str
    remedy: str = ""
    remedy_until: date | None = None
    remedy_href: str = ""


@dataclass(frozen=True, slots=True)
class Refusal(NotPossible):
    """A refused step as a whole page part: what was refused, why, by which article, and what
    remains."""


FieldType = Literal[
    "text",
    "person",
    "code",
    "codes",
    "word",
    "organ",
    "organs",
    "official",
    "division",
    "date",
    "number",
    "flag",
    "words",
    "case",
    "act",
    "digest",
    "digests",
]
"""The field types of rule packs (`law.packs.vocabulary.FIELD_TYPES`)."""
InputType = FieldType | Literal["secret"]
"""What a form of this house asks: a field of a pack, or a password."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a field with its word; `notes` say below it where it rests and what opens it."""

    value: str
    text: str
    chosen: bool = False
    notes: tuple[str, ...] = ()


def file_size(size: int) -> str:
    """Return the size of a file as people read it."""
    return f"{size / 1024 / 1024:.1f} MB" if size >= 1024 * 1024 else f"{max(1, size // 1024)} KB"


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file that a form carries along since it was chosen: its ticket, and what the page says
    about it."""

    ticket: str
    name: str
    title: str
    extension: str
    size: int
    digest: str
    active: bool = False

    @property
    def about(self) -> str:
        """Type and size in words."""
        return f"{self.extension.upper()}　{file_size(self.size)}"


@dataclass(frozen=True, slots=True)
class DocumentLink:
    """A document: its number, its day, its forms (PDF, .docx), its size and digest."""

    title: str
    number: str
    day: date | None = None
    links: tuple[Link, ...] = ()
    note: str = ""
    digest: str = ""


@dataclass(frozen=True, slots=True)
class ComputedLine:
    """One step of a computation; `step` is a word of `law.time.terms.Traced`."""

    step: str
    day: date | None
    text: str


@dataclass(frozen=True, slots=True)
class HowComputed:
    """Everything behind a date: picture, steps, rules and calendar. `claims` say what of it rests
    on what was entered late; `open` shows it unfolded."""

    uid: str
    lines: tuple[ComputedLine, ...]
    bar: TermBar | None = None
    article: str = ""
    rules: str = ""
    calendar: str = ""
    verified: bool = True
    statutory: bool = True
    interpretations: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()
    open: bool = False


def bar_of(
    duty: DutyView, today: date, calendar: Calendar, *, local: bool = False, start_word: str = ""
) -> TermBar:
    """Show a duty as a term bar. `local` marks a date that comes from a local setting, never
    from law."""
    clock = duty.rule.clock
    counted = duty.counted
    return TermBar(
        start=counted.start if counted else duty.start,
        raw=duty.raw or duty.fixed,
        due=duty.due or duty.fixed,
        today=today,
        calendar=calendar,
        unit=unit_of(clock.term.unit) if clock.term else "fixed",
        extended=duty.extended,
        excluded=duty.excluded,
        statutory=clock.mode in {"period", "frequency"} and not local,
        provisional=duty.provisional,
        start_word=start_word,
    )


def interpretation_text(
    organ: str, day: date, question: str, answer: str, language: Language
) -> str:
    """Return an answer on how to read a rule with the question it was given on (seed art. 19)."""
    given = day.isoformat()
    pair = (
        f"{organ} {given}　问：{question}　答：{answer}",
        f"{organ} {given} · Question: {question} · Answer: {answer}",
    )
    return words_in(pair, language)


def how_from(
    explained: Explained, bar: TermBar | None, uid: str, language: Language, *, opened: bool = False
) -> HowComputed:
    """Fill the explanation of a date from what the law says about a duty
    (`law.duties.explanation.explain`)."""
    answers = [
        interpretation_text(i.organ, i.date, i.question, i.answer, language)
        for i in explained.interpretations
    ]
    return HowComputed(
        uid=uid,
        lines=tuple(ComputedLine(step, day, text) for step, day, text in explained.lines),
        bar=bar,
        article=explained.article,
        rules=explained.rules,
        calendar=explained.calendar,
        verified=explained.verified,
        statutory=explained.statutory,
        interpretations=tuple(answers),
        open=opened,
    )


@dataclass(frozen=True, slots=True)
class YearMark:
    """One duty in the year strip: its month (1–12), how it stands, the sentence that says so, and a
    day where known.

    `href` leads to the period itself; without it the mark leads to its row in the table.
    """

    month: int
    state: Literal["met", "open", "missed", "slow"]
    said: str
    day: date | None = None
    href: str = ""


@dataclass(frozen=True, slots=True)
class YearRow:
    """One kind of duty over a year; `local` where the interval is a local target and no law's."""

    uid: str
    title: str
    basis: str
    marks: tuple[YearMark, ...]
    local: bool = False


@dataclass(frozen=True, slots=True)
class YearStrip:
    """The duties of an organ or a leader over a calendar year; `today` is drawn where it lies in
    that year."""

    uid: str
    year: int
    today: date
    rows: tuple[YearRow, ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of a receipt: a word or a day, and what is said about it."""

    word: str
    text: str
    mono: bool = False


@dataclass(frozen=True, slots=True)
class Receipt:
    """The sheet a petitioner takes home. Instants are aware; they are shown in Beijing time.

    `promise` is the signed note, word for word; `merge_by` when the log will hold the event. `qr`
    is the text in the code. `code` is shown this once and never again. `complain` says whom to call
    when no notice comes.
    """

    organ: str
    number: str
    code: str
    registered_at: datetime
    first_due: date
    first_label: str
    received: tuple[Fact, ...]
    ahead: tuple[Fact, ...]
    promise: str
    merge_by: datetime
    qr: str
    check: str
    complain: str = ""
    proves: tuple[str, ...] = ()
    proves_not: tuple[str, ...] = ()
    provisional: bool = False
