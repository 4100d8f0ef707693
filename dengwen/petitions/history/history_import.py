"""Messages and replies of the past, brought in through the write door and marked as imported.

Each row is one call: `register`, then `classify` where a class is known, then `import_reply`. A row
is all or nothing; a wrong one is reported with its number, column and mend, and the others stand.
The same row is known again by source and source number, so a file can be imported twice, or again
when its replies or classes are there.

Where the edition in force on the day of a message sorts by class (since 2022-05-01), a message
without a class is registered and waits for sorting; its reply is entered by a later run, once a
class is given.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path

from dengwen.cases import rulebooks
from dengwen.cases.models import Act, Case
from dengwen.cases.write.perform import By, Call, Outcome, perform_many
from dengwen.law.duties.act_record import civil
from dengwen.law.duties.step import FieldValue, Step
from dengwen.law.packs.rules import ActRule, KindRule
from dengwen.law.packs.vocabulary import TEXT_TYPES
from dengwen.organs.models import Organ
from dengwen.petitions.history.message_classes import KIND, Choice, words_of
from dengwen.petitions.history.message_fields import SaidInRow, read_fields
from dengwen.petitions.history.message_file import ColumnMap, RowError, RowRefused, raw_rows
from dengwen.petitions.history.message_row import MessageRow, read_row
from dengwen.petitions.history.row_errors import as_row_error, reused
from dengwen.petitions.intake.intake import REGISTER, HandedIn, accused_parties, outside_index
from dengwen.petitions.models import ImportedRow

OPENED = "message"
BATCH = 200
"""Rows of one commit: enough to share the cost of writing it down, few enough to lose little when
power fails."""
KEPT_ERRORS = 1000
"""Errors a report keeps; all are counted, and all go to `errors_to`."""
STANDS_FOR = {"claim": "opinion", "suggestion": "suggestion_reply", "accusation": "feedback"}
"""What a reply of the past counts as, by the class of its matter; without a class it is a reply and
no more."""


@dataclass(slots=True)
class ImportReport:
    """What became of a file. Rows = registered + repeated + refused; the others say what was done
    with them.

    `waiting`: registered or known, without the class their edition sorts by. `held_replies`:
    replies not entered because of that. `unknown_categories`: words of the file that are no
    category here; they stay unknown.
    """

    rows: int = 0
    registered: int = 0
    repeated: int = 0
    refused: int = 0
    classified: int = 0
    replies: int = 0
    waiting: int = 0
    held_replies: int = 0
    unknown_categories: Counter[str] = field(default_factory=Counter)
    errors: list[RowError] = field(default_factory=list)

    def as_dict(self) -> dict[str, object]:
        """Return the report as plain data."""
        names = [n for n in self.__slots__ if n not in ("errors", "unknown_categories")]
        return {
            **{name: getattr(self, name) for name in names},
            "unknown_categories": dict(self.unknown_categories.most_common()),
            "errors": [e.as_dict() for e in self.errors],
        }


def import_messages(
    path: Path,
    *,
    organ: int,
    channel: str,
    by: By,
    now: datetime,
    mapping: ColumnMap | None = None,
    class_by: Mapping[str, Choice] | None = None,
    batch: int = BATCH,
    errors_to: Callable[[RowError], None] | None = None,
) -> ImportReport:
    """Import a file of messages into the office of `organ`; returns what became of its rows.

    `by` acts as clerk of that organ, `now` is the instant the ledger gets them (aware, UTC); a
    row's own times become `occurred_at`. FileRefused where the file cannot be read at all. Memory
    holds one batch, whatever the file.
    """
    office = Organ.objects.get(pk=organ)
    work = _Import(office, channel, by, now, mapping or ColumnMap(), class_by or {}, errors_to)
    rows = work.read(path)
    while some := list(islice(rows, batch)):
        work.take(some)
    return work.report


@dataclass(frozen=True, slots=True)
class _Known:
    """What the office already has of a row: its case, what it said, whether reply and class are
    entered."""

    case: str
    digest: str
    replied: bool
    classified: str


@dataclass(frozen=True, slots=True)
class _Needs:
    """What a row needs now: how it is sorted, and whether it is to be classified and answered."""

    choice: Choice
    class_: str
    """The class it has, or gets; "" while it waits for one."""
    classifies: bool
    has_reply: bool
    waits: bool

    @property
    def replies(self) -> bool:
        """Whether the reply is entered: it is there, and nothing has to be waited for."""
        return self.has_reply and not self.waits


@dataclass(slots=True)
class _Planned:
    """A row with the call that is to bring it in, and what that call does."""

    row: MessageRow
    call: Call
    fresh: bool
    classifies: bool
    replies: bool


@dataclass
class _Import:
    """One running import."""

    office: Organ
    channel: str
    by: By
    now: datetime
    mapping: ColumnMap
    classes: Mapping[str, Choice]
    errors_to: Callable[[RowError], None] | None
    report: ImportReport = field(default_factory=ImportReport)

    def read(self, path: Path) -> Iterator[MessageRow]:
        """Yield the readable rows of a file; the others are reported."""
        today = civil(self.now)
        for number, raw in raw_rows(path, self.mapping):
            self.report.rows += 1
            if isinstance(raw, RowError):
                self.refuse(raw)
                continue
            try:
                yield read_row(number, raw, self.mapping, today)
            except RowRefused as refused:
                self.refuse(refused.error)

    def refuse(self, error: RowError) -> None:
        """Count and report a row that was not taken."""
        self.report.refused += 1
        if len(self.report.errors) < KEPT_ERRORS:
            self.report.errors.append(error)
        if self.errors_to is not None:
            self.errors_to(error)

    def take(self, rows: list[MessageRow]) -> None:
        """Bring one batch in: one look at what is known, one commit, one note of what came from
        where."""
        known = self._known({row.key for row in rows})
        planned: list[_Planned] = []
        here: dict[str, MessageRow] = {}
        for row in rows:
            if row.key in here:
                self._again(row, here[row.key])
                continue
            here[row.key] = row
            plan = self._plan(row, known.get(row.key))
            if plan is not None:
                planned.append(plan)
        outcomes = perform_many(plan.call for plan in planned)
        done = []
        for plan, outcome in zip(planned, outcomes, strict=True):
            if self._settle(plan, outcome):
                done.append((plan, outcome))
        self._note(done)

    def _again(self, row: MessageRow, earlier: MessageRow) -> None:
        """Count a row that came before in the same batch, or refuse it where it says something
        else."""
        if earlier.digest == row.digest:
            self.report.repeated += 1
        else:
            self.refuse(reused(row, f"第{earlier.row}行", f"row {earlier.row}"))

    def _known(self, keys: Iterable[str]) -> dict[str, _Known]:
        """Return what the office has of these rows already, by key."""
        columns = ("key", "digest", "replied", "case_id", "case__number")
        rows = list(ImportedRow.objects.filter(key__in=list(keys)).values_list(*columns))
        classes = _classes_of([case for _, _, _, case, _ in rows])
        found = {}
        for key, digest, replied, case, number in rows:
            found[key] = _Known(number, digest, replied, classes.get(case, ""))
        return found

    def _plan(self, row: MessageRow, known: _Known | None) -> _Planned | None:
        """Return the call a row needs now, or None where nothing is left to do or the row
        contradicts itself."""
        if known is not None and known.digest != row.digest:
            self.refuse(reused(row, f"已登记的{known.case}", f"{known.case}, registered before"))
            return None
        try:
            kind = self._rules(row)
            choice = self._choice(row, kind)
            said = read_fields(row, self.mapping, kind.acts[REGISTER])
        except RowRefused as refused:
            self.refuse(refused.error)
            return None
        needs = _needs(row, known, kind, choice)
        if needs.waits:
            self.report.waiting += 1
            self.report.held_replies += bool(needs.has_reply)
        steps = self._steps(row, known, needs, kind, said)
        if not steps:
            self.report.repeated += 1
            return None
        call = Call(tuple(steps), self.by, self.now, _uid(row, known, needs, len(steps)))
        return _Planned(row, call, known is None, needs.classifies, needs.replies)

    def _steps(
        self,
        row: MessageRow,
        known: _Known | None,
        needs: _Needs,
        kind: KindRule,
        said: SaidInRow,
    ) -> list[Step]:
        """Return the steps a row needs: registered unless it is known, then sorted, then
        answered."""
        steps: list[Step] = []
        if known is None:
            case, ref = "", OPENED
            steps.append(self._register(row, needs.choice, kind.acts[REGISTER], said))
        else:
            case, ref = known.case, ""
        if needs.classifies:
            steps.append(self._classify(needs.choice, case, ref))
        if needs.replies:
            steps.append(self._reply(row, needs.class_, kind, case, ref))
        return steps

    def _rules(self, row: MessageRow) -> KindRule:
        """Return the procedure in force on the day of a message."""
        day = civil(row.received)
        place = row.place or self.office.division_code
        if not rulebooks.knows(KIND, day, place):
            raise RowRefused(
                RowError(
                    row.row,
                    self.mapping.column("received"),
                    f"{day}没有收录施行中的条例",
                    f"no edition in force on {day} is held",
                    "核对日期；更早的来信不在本系统范围",
                    "check the day; earlier messages are outside this system",
                )
            )
        return rulebooks.in_force(day, place, self.now).book.kind(KIND)

    def _choice(self, row: MessageRow, kind: KindRule) -> Choice:
        """Return how a row is sorted, by the file of classes or by its own columns; RowRefused for
        unknown words."""
        found = self.classes.get(row.number)
        if found is not None or not row.class_:
            return found or Choice("")
        known, paths = words_of(kind, "classify", "class"), words_of(kind, "classify", "path")
        if not known:
            return Choice("")
        self._refuse_unknown(row, "class", row.class_, known)
        self._refuse_unknown(row, "path", row.path, paths)
        return Choice(known[row.class_], paths.get(row.path, ""))

    def _refuse_unknown(
        self, row: MessageRow, column: str, word: str, words: Mapping[str, str]
    ) -> None:
        """Refuse a word of a row that is none of these; an empty one says nothing."""
        if not word or word in words:
            return
        raise RowRefused(
            RowError(
                row.row,
                self.mapping.column(column),
                f"没有“{word}”这一类",
                f"“{word}” is not known here",
                f"可用：{'、'.join(sorted(words))}",
                f"known: {', '.join(sorted(words))}",
            )
        )

    def _register(self, row: MessageRow, choice: Choice, rule: ActRule, said: SaidInRow) -> Step:
        """Return the registration of a message, said to be of the past."""
        if said.unknown_category:
            self.report.unknown_categories[said.unknown_category] += 1
        texts = {"subject": row.subject, "content": row.content or row.subject}
        fields = self._settled(row)
        for name, value in said.values.items():
            declared = rule.field_rule(name)
            if declared is not None and declared.type in TEXT_TYPES:
                texts[name] = str(value)
            else:
                fields[name] = value
        handed = HandedIn(
            {"content": row.content, "subject": row.subject}, proposed_class=choice.class_
        )
        return Step(
            act=REGISTER,
            kind=KIND,
            open_as=OPENED,
            organ=self.office.pk,
            fields=fields,
            texts={name: text for name, text in texts.items() if text},
            parties=accused_parties(handed, self.office, civil(row.received)),
            occurred_at=row.received,
            imported=True,
        )

    def _settled(self, row: MessageRow) -> dict[str, FieldValue]:
        """Return what an import settles itself, whatever a column says."""
        number = f"{row.source}/{row.number}" if row.source else row.number
        fields: dict[str, FieldValue] = {
            "channel": self.channel,
            "office": "petition_office" if self.office.is_petition_office else "organ",
            "received_on": civil(row.received),
            "outside_source": "other",
            "outside_no": outside_index("other", number),
        }
        if row.place:
            fields["place"] = row.place
        return fields

    def _classify(self, choice: Choice, case: str, ref: str) -> Step:
        """Sort a message as its file says. Sorting happens now: nobody claims that it was done in
        the past."""
        fields: dict[str, FieldValue] = {"class": choice.class_}
        if choice.path:
            fields["path"] = choice.path
        return Step(act="classify", case=case, ref=ref, organ=self.office.pk, fields=fields)

    def _reply(self, row: MessageRow, class_: str, kind: KindRule, case: str, ref: str) -> Step:
        """Return the step that enters the reply of the past."""
        if row.replied is None:
            raise ValueError(f"row {row.row} has no reply")
        fields: dict[str, FieldValue] = {"replied_on": civil(row.replied)}
        if kind.acts["import_reply"].field_rule("stands_for") is not None:
            fields["stands_for"] = STANDS_FOR.get(class_, "reply")
        return Step(
            act="import_reply",
            case=case,
            ref=ref,
            organ=self.office.pk,
            fields=fields,
            texts={"reply": row.reply} if row.reply else {},
            occurred_at=row.replied,
            imported=True,
        )

    def _settle(self, plan: _Planned, outcome: Outcome) -> bool:
        """Count an outcome; returns whether the row is in the office."""
        if outcome.performed is None:
            self.refuse(as_row_error(plan.row, self.mapping, outcome.error))
            return False
        if plan.fresh and not outcome.performed.repeated:
            self.report.registered += 1
        else:
            self.report.repeated += 1
        if plan.classifies:
            self.report.classified += 1
        if plan.replies:
            self.report.replies += 1
        return True

    def _note(self, done: list[tuple[_Planned, Outcome]]) -> None:
        """Keep from which row each case came. A crash before this is healed by the next run, which
        finds the acts."""
        fresh = {}
        for plan, outcome in done:
            if plan.fresh and outcome.performed:
                fresh[outcome.performed.case] = plan
        cases = dict(Case.objects.filter(number__in=list(fresh)).values_list("number", "pk"))
        rows = [
            ImportedRow(
                case_id=cases[number],
                key=plan.row.key,
                digest=plan.row.digest,
                replied=plan.replies,
            )
            for number, plan in fresh.items()
        ]
        ImportedRow.objects.bulk_create(rows, ignore_conflicts=True)
        later = [plan.row.key for plan, _ in done if not plan.fresh and plan.replies]
        if later:
            ImportedRow.objects.filter(key__in=later).update(replied=True)


def _classes_of(cases: Sequence[int]) -> dict[int, str]:
    """Return by row id the class each of these cases was sorted into last."""
    acts = Act.objects.filter(case__in=cases, act="classify").order_by("pk")
    rows = acts.values_list("case_id", "data")
    return {case: str(data.get("class", "")) for case, data in rows}


def _needs(row: MessageRow, known: _Known | None, kind: KindRule, choice: Choice) -> _Needs:
    """Return what a row needs, by what the office has of it and the rules of its day."""
    classified = known.classified if known else ""
    replied = known.replied if known else False
    class_ = classified or choice.class_
    return _Needs(
        choice=choice,
        class_=class_,
        classifies=bool(choice.class_) and not classified,
        has_reply=row.replied is not None and not replied,
        waits="classify" in kind.acts and not class_,
    )


def _uid(row: MessageRow, known: _Known | None, needs: _Needs, steps: int) -> str:
    """Return the uid of the call for a row: the same row in the same state has the same."""
    uid = f"import/{row.key[:48]}"
    if known is None:
        return uid
    return f"{uid}/{steps}{'c' if needs.classifies else 'a'}"
