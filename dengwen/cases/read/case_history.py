"""The history of a case in words: every act with its article, who did it, and its place in the
ledger; then what is owed next."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from dengwen.access.models import User
from dengwen.cases import rulebooks
from dengwen.cases.models import Act
from dengwen.cases.read.act_words import BETWEEN_SENTENCES, field_notes
from dengwen.cases.read.case_view import CaseFile
from dengwen.cases.read.correction_words import correction_in_words
from dengwen.cases.write.correction import of_breaches
from dengwen.cases.write.entry_on_behalf import ENTERED_BY
from dengwen.law.bilingual import Language, headline, words_in
from dengwen.law.duties.act_record import BREACH, LAPSE, ActRecord, DutyView, civil
from dengwen.law.packs.library import Rulebook
from dengwen.law.packs.rules import ActRule, Basis
from dengwen.ledger.models import Event
from dengwen.organs.models import Organ
from dengwen.ui.components import TimelineEntry

SHORT_DIGEST = 8


@dataclass(frozen=True, slots=True)
class _Names:
    organs: Mapping[int, str]
    people: Mapping[int, str]

    def organ(self, pk: int | None) -> str:
        """Return the name of an organ, "" where there is none."""
        return self.organs.get(pk or 0, "")

    def person(self, pk: int | None) -> str:
        """Return the name of an account, "" where there is none."""
        return self.people.get(pk or 0, "")


@dataclass(frozen=True, slots=True)
class _Page:
    """What every entry of a history needs: the case, the names in it, where its events lie (leaf
    and short digest, by uid), the language, and the address of a proof by place of the act."""

    file: CaseFile
    names: _Names
    leaves: Mapping[str, tuple[int | None, str]]
    language: Language
    proof: Callable[[int], str]


def history(file: CaseFile, language: Language, proof: Callable[[int], str]) -> list[TimelineEntry]:
    """Return every act with its article, who did it and its place in the ledger, then the open
    duties as next steps."""
    leaves = _leaves(file.rows)
    page = _Page(file, _names_in(file.rows, language), leaves, language, proof)
    entries = [
        _entry(page, row, record) for row, record in zip(file.rows, file.records, strict=True)
    ]
    for duty in file.view.open_duties():
        entry = _next_step(page, duty)
        if entry is not None:
            entries.append(entry)
    return entries


def _leaves(rows: Sequence[Act]) -> dict[str, tuple[int | None, str]]:
    """Return the leaf of the event of each act (None: not sealed yet) and the beginning of its
    digest, by uid."""
    events = Event.objects.filter(uid__in=[row.uid for row in rows])
    return {
        uid: (leaf, bytes(digest).hex()[:SHORT_DIGEST])
        for uid, leaf, digest in events.values_list("uid", "leaf__idx", "hash")
    }


def _next_step(page: _Page, duty: DutyView) -> TimelineEntry | None:
    """Return the entry of an open duty that has a day; rights are none."""
    day = duty.due or duty.raw
    if day is None or duty.rule.right:
        return None
    instruments = rulebooks.by_row(duty.rules).instruments
    return TimelineEntry(
        day=day,
        title=headline(duty.rule, page.language),
        basis=duty.rule.basis.cite(instruments, page.language),
        kind="next",
        who=page.names.organ(duty.holder),
    )


def _names_in(rows: Sequence[Act], language: Language) -> _Names:
    """Return the names of the organs and people in acts, in three queries."""
    organs: set[int] = {row.organ_id for row in rows if row.organ_id}
    for row in rows:
        for value in row.data.values():
            values = value if isinstance(value, list) else [value]
            organs.update(one for one in values if isinstance(one, int))
    known = Organ.objects.filter(pk__in=organs).values_list("pk", "name_zh", "name_en")
    names = {pk: words_in((zh, en or zh), language) for pk, zh, en in known}
    actors = {row.actor for row in rows if row.actor}
    users = User.objects.filter(pk__in=actors).select_related("official")
    people = {user.pk: user.official.name if user.official else user.username for user in users}
    return _Names(names, people)


def _entry(page: _Page, row: Act, record: ActRecord) -> TimelineEntry:
    """Return the entry of one act, by the rules it was judged by."""
    case, language = page.file.case, page.language
    book = rulebooks.by_row(row.rules_id)
    kind = book.kind(case.kind)
    rule = kind.acts[row.act]
    leaf, digest = page.leaves.get(row.uid, (None, ""))
    title, basis = _title(book, case.kind, row, rule, language)
    said = correction_in_words(record, page.file.records, case.kind, language)
    note = field_notes(kind, rule, said, page.names.organs, case.place, language)
    if row.act == BREACH:
        note = _mended(page.file, row.pk, language) or note
    elif record.entered_late:
        parts = (note, *_claimed(page.file, record, language))
        note = words_in(BETWEEN_SENTENCES, language).join(part for part in parts if part)
    return TimelineEntry(
        day=record.day,
        title=title,
        basis=basis.cite(book.instruments, language),
        who=_who(row, page.names),
        kind="breach" if row.act == BREACH else "act",
        leaf=leaf,
        digest=digest,
        href=page.proof(row.seq),
        recorded=civil(row.recorded_at),
        note=note,
    )


def _title(
    book: Rulebook, kind: str, row: Act, rule: ActRule, language: Language
) -> tuple[str, Basis]:
    """Return what an act is called and its article; a breach or a lapse is that of its duty."""
    title = headline(rule, language)
    if row.act not in (BREACH, LAPSE):
        return title, rule.basis
    duty = book.kind(kind).duties.get(row.duty)
    about = headline(duty, language) if duty else row.duty
    return _("{act}：{duty}").format(act=title, duty=about), duty.basis if duty else rule.basis


def _who(row: Act, names: _Names) -> str:
    """Say who did an act: organ and person, or the unit and who entered it from its paper."""
    organ = names.organ(row.organ_id) or pgettext("who did an act", "系统")
    person = names.person(row.actor)
    writer = names.organ(int(row.data.get(ENTERED_BY) or 0))
    if writer:
        paper = row.paper[:SHORT_DIGEST].upper()
        return organ + _("（{writer} {person} 凭其纸质材料 {paper} 代录）").format(
            writer=writer, person=person, paper=paper
        )
    if not person:
        return organ
    return _("{organ}，{person}").format(organ=organ, person=person)


def _claimed(file: CaseFile, record: ActRecord, language: Language) -> list[str]:
    """Say of each duty that an act entered late opened, moved or ended that this is by claim, with
    its original day."""
    found = []
    for duty in file.view.duties:
        if record.id not in duty.by_claim:
            continue
        day = duty.unclaimed_due
        said = (
            _("“{duty}”因此变动，只凭事后主张（原到期日 {day}）")
            if day
            else _("“{duty}”因此变动，只凭事后主张")
        )
        found.append(said.format(duty=headline(duty.rule, language), day=day))
    return found


def _mended(file: CaseFile, breach: int, language: Language) -> str:
    """Point from a breach, which stays, to the corrections that touch it."""
    places = {act.id: place for place, act in enumerate(file.records, 1)}
    touched = _("已由{day}的更正（第{place}个行为）说明，记录保留")
    parts = [
        touched.format(day=act.day.isoformat(), place=places[act.id])
        for act in of_breaches(file.records).get(breach, ())
    ]
    return words_in(BETWEEN_SENTENCES, language).join(parts)
