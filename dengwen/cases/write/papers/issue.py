"""Documents that an act issues: what they say is gathered here; `documents` numbers, checks and
renders them.

Values are taken from the act itself, then from what earlier acts said (an opinion is signed days
after it was drafted), then from the facts of the case. The stored body is sealed, since it names
people.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.conf import settings

from dengwen.access.keys.keyring import key_ring
from dengwen.access.keys.sealed_values import COMPARTMENT_OF, CaseKeys, Place, seal, unseal
from dengwen.cases.models import Act, Case, Content, Document
from dengwen.cases.placed_fields import on_record
from dengwen.cases.read.liability_words import liability_words
from dengwen.cases.wall.identity import without_names
from dengwen.cases.write.call_context import CallContext, Texts
from dengwen.cases.write.check import Refused
from dengwen.cases.write.contents import open_package
from dengwen.cases.write.papers.paper_contents import known, petitioner_elsewhere
from dengwen.documents.document_words import (
    ADDRESSED,
    HOLDER,
    SERVED_BY,
    THE_DECIDING_ORGAN,
    wording_of,
)
from dengwen.documents.errors import DocumentError
from dengwen.documents.issuance import issue
from dengwen.law.bilingual import Language, words_in
from dengwen.law.duties.act_record import ActRecord, CaseView, Refusal, civil
from dengwen.law.duties.printed_limits import printed_limits
from dengwen.law.duties.step import FieldValue, Step
from dengwen.law.packs.library import Rulebook
from dengwen.law.packs.rules import ActRule, DocumentRule, FieldRule, KindRule
from dengwen.organs.models import Official, Organ, Superior
from dengwen.store.row_queries import Wanted
from dengwen.ui import dates

PAPER_LANGUAGE: Language = "zh"
"""Papers are issued in Chinese, whatever the page of whoever issues them is in."""
REMEDY = {"petition": "review", "review": "recheck"}
"""What may be asked of the next higher organ after the opinion of each kind (R22 35, 36)."""
ABOVE = (
    "(SELECT superior_id FROM organs_superior WHERE organ_id = %s AND valid_to IS NULL ORDER "
    "BY id LIMIT 1)"
)
"""An organ that decides on remedies against another: usually the one that is asked for."""

NAMES_REMEDY = frozenset({"D16", "D21"})
"""The papers that name the organ of the next remedy: handling opinion and review opinion (list
of documents)."""
ALWAYS_ASKED = frozenset({"petitioner", "agent", "subject", "content"})
"""What a paper may print beyond its required contents: whom it answers and on what. Nothing else of
earlier acts reaches a paper, so that no internal note does."""

WHOM = ("subject_official", "appellant", "subject_organ")
"""Facts that name the person or organ a file of accountability, or an appeal, is about."""


@dataclass(frozen=True, slots=True)
class Issued:
    """A document as issued: the rule, its number and the digest the ledger keeps."""

    rule: str
    number: str
    digest: str


def issue_all(
    step: Step,
    rule: ActRule,
    case: Case,
    act: Act,
    view: CaseView,
    book: Rulebook,
    organ: Organ | None,
    now: datetime,
    uids: Mapping[int, str],
    records: Sequence[ActRecord],
    call: CallContext,
) -> list[Issued]:
    """Issue every document the rule of the act names and keep it sealed.

    `uids` are those of all acts of the case, by id; `records` are these acts, the one that issues
    included. Raises `Refused` where a required content is missing, so that the act is refused with
    it.
    """
    kind = book.kind(case.kind)
    day = civil(act.occurred_at)
    told = gather(step, kind, case, view, organ, day, uids, records, call, own=act.pk)
    values = dict(without_names(told, view.facts, kind))
    rows: list[Document] = []
    for name in rule.documents:
        document = kind.documents[name]
        if wording_of(document).declared:
            document = replace(document, declared=on_record(rule))
        printed = {**values, "limits": limits_of(document, book, view, day)}
        rows.append(_issue(document, book, printed, case, act, organ, now, step, rule, call))
    call.unit.add(*rows)
    return [Issued(row.rule, row.number, row.digest) for row in rows]


def _issue(
    document: DocumentRule,
    book: Rulebook,
    values: Mapping[str, str],
    case: Case,
    act: Act,
    organ: Organ | None,
    now: datetime,
    step: Step,
    rule: ActRule,
    call: CallContext,
) -> Document:
    try:
        made = issue(
            rule=document,
            basis_text=document.basis.cite(book.instruments),
            organ_code=organ.code if organ else case.office,
            organ_name=organ.name_zh if organ else "",
            day=civil(act.occurred_at),
            protected=case.protected,
            practice=settings.PRACTICE,
            values=values,
            case_number=case.number,
            ask=call.unit.run_all,
        )
    except DocumentError as error:
        reason = Refusal(
            "document",
            error.zh,
            error.en,
            document.basis,
            error.mend_zh,
            error.mend_en,
            field=error.content,
        )
        raise Refused(step, [reason], rule.zh, rule.en) from error
    place = _place(act.uid, document.id, protected=case.protected)
    return Document(
        case_id=case.pk,
        act_id=act.pk,
        rule=document.id,
        number=made.number,
        title=made.title,
        digest=made.digest,
        compartment=place.compartment,
        body=seal(key_ring(), case.pk, place, made.html.encode(), now, call.keys),
    )


def _place(uid: str, name: str, *, protected: bool) -> Place:
    return Place("cases_document", uid, name, "D4" if protected else "D3")


def open_body(document: Document) -> str:
    """Return the stored body of a document. Reading it is for callers that wrote the read log
    first.

    A document stays sealed in the compartment of its day, whatever the case became later.
    """
    protected = document.compartment == COMPARTMENT_OF["D4"]
    place = _place(document.act.uid, document.rule, protected=protected)
    return unseal(key_ring(), document.case_id, place, bytes(document.body)).decode()


def gather(
    step: Step,
    kind: KindRule,
    case: Case,
    view: CaseView,
    organ: Organ | None,
    day: date,
    uids: Mapping[int, str],
    records: Sequence[ActRecord],
    call: CallContext,
    *,
    own: int = 0,
) -> Mapping[str, str]:
    """Return what the documents of an act may print, by the names they ask for.

    Later sources win: the case, earlier acts, its parties and papers, the remedy, the act itself.
    `own` is the id of the act that issues them, where it is written already (0 where it is not).
    """
    rule = kind.acts[step.act]
    documents = [kind.documents[name] for name in rule.documents]
    numbers = {document.number for document in documents}
    values = _of_case(kind, view, case, day, call)
    if any(document.to == THE_DECIDING_ORGAN for document in documents):
        holder = call.organ(case.holder_id)
        values[HOLDER] = holder.name_zh if holder else ""
    remedy = REMEDY.get(case.kind) if numbers & NAMES_REMEDY else None
    wanted = _wanted(documents)
    missing = wanted - {*values, *step.fields, *step.texts}
    if case.seq and missing:  # a case without a number of acts has no earlier one
        earlier = _earlier(case, uids, own, organ if remedy else None, call)
        values |= {name: text for name, text in earlier.items() if name in wanted}
    if _lacks_petitioner(values, step, view):
        values["petitioner"] = petitioner_elsewhere(case, records, call)
    values |= known(numbers, step, kind, case, view, records, organ.pk if organ else None, call)
    if remedy and organ is not None:
        values |= _remedy(remedy, organ, day, call)
    values |= _of_act(step, rule, kind, case, day, call)
    return {**values, SERVED_BY: served_by(values, view.facts, day)}


def _wanted(documents: Iterable[DocumentRule]) -> set[str]:
    """Return the names that documents may print of what earlier acts said."""
    wanted = set(ALWAYS_ASKED)
    for document in documents:
        wanted.update(document.needs)
    return wanted


def _lacks_petitioner(values: Mapping[str, str], step: Step, view: CaseView) -> bool:
    """Say whether the petitioner is still to be found: nobody said who it is, nor that they stay
    unnamed."""
    if "petitioner" in values or "petitioner" in step.texts:
        return False
    return view.facts.get("anonymous") != "true"


def _of_case(
    kind: KindRule, view: CaseView, case: Case, day: date, call: CallContext
) -> dict[str, str]:
    """Return what the case itself says: its number and title, its days and its facts."""
    return {
        "case_number": case.number,
        "title": case.title,
        **_days_of(view),
        **_facts(kind, view, case, day, call),
    }


def _of_act(
    step: Step, rule: ActRule, kind: KindRule, case: Case, day: date, call: CallContext
) -> dict[str, str]:
    """Return what the act says in its fields and texts."""
    values: dict[str, str] = {}
    for name, value in step.fields.items():
        declared = rule.field_rule(name)
        if declared is not None:
            said = liability_words(kind, declared, value, day, case.place, PAPER_LANGUAGE)
            values[name] = said or shown(declared.type, declared.option_names, value, call)
    values |= {name: text for name, text in step.texts.items() if text}
    return values


def served_by(values: Mapping[str, str], facts: Mapping[str, str], day: date) -> str:
    """Return who is served in the petitioner's place on a day, by standing and name; "" where the
    petitioner is.

    Heirs always are; an agent or guardian where the mandate says so, until its last day. `values`
    has both in words.
    """
    name = values.get("agent", "")
    asked = facts.get("agent_served") == "true" or facts.get("stands_as") == "heir"
    if not name or not asked or facts.get("represented") != "true":
        return ""
    until = facts.get("agent_until", "")
    if until and day > date.fromisoformat(until):
        return ""
    return f"{values.get('stands_as', '')}{name}"


def limits_of(document: DocumentRule, book: Rulebook, view: CaseView, day: date) -> str:
    """Return the time limits a document prints by itself, a line each, with their articles; ""
    where none is known."""
    lines = []
    for clock in printed_limits(document, book, view, day):
        if clock.term is None:
            continue
        term = dates.days(clock.term.amount, PAPER_LANGUAGE, clock.term.unit)
        cite = clock.basis.cite(book.instruments)
        notice = f"{clock.notice}。" if clock.notice else ""
        lines.append(f"{clock.zh}：{term}，自{clock.starts}之日起算（{cite}）。{notice}")
    return "\n".join(lines)


def _earlier(
    case: Case, uids: Mapping[int, str], own: int, organ: Organ | None, call: CallContext
) -> dict[str, str]:
    """Return what the acts of the case said, the newest word for each name.

    A call reads them once: the paper that was to be shown was made from them, and the act since,
    `own`, brings its texts along. `organ` is one whose superiors will be asked for: they are read
    in the same wait.
    """
    kept = call.texts_of(case.pk)
    if kept is None or not _is_usable(kept, uids, own):
        kept = Texts(frozenset(uids), _read_texts(case, organ, call))
    if kept.said is None:
        kept.said = _opened(kept.rows, uids, call.keys)
        if not own:
            call.keep_texts(case.pk, kept)
    waiting = [row for row in call.unit.waiting(Content) if row.case_id == case.pk]
    return kept.said | _opened(waiting, uids, call.keys)


def _is_usable(kept: Texts, uids: Mapping[int, str], own: int) -> bool:
    """Say whether texts that were read still are all, but for those of the act that issues; once
    it is written they must have been opened before."""
    if not uids.keys() - kept.known <= {own}:
        return False
    return kept.said is not None or not own


def _opened(rows: Iterable[Content], uids: Mapping[int, str], keys: CaseKeys) -> dict[str, str]:
    found: dict[str, str] = {}
    for row in rows:
        found |= open_package(row, uids[row.act_id], keys)
    return found


def _read_texts(case: Case, organ: Organ | None, call: CallContext) -> list[Content]:
    """Read the texts of a case that are stored, and what stands above an organ together with
    them."""
    texts = Wanted(Content, "case", case.pk, "act")  # the later act has the higher id
    if organ is None:
        return call.unit.stored(texts)[0]
    call.unit.flush_for(Superior)
    call.unit.flush_for(Organ)
    superiors, above = Wanted(Superior, "organ", organ.pk), Wanted(Organ, "id", organ.pk, via=ABOVE)
    found, ranks, organs = call.unit.stored(texts, superiors, above)
    call.keep_superiors(organ.pk, ranks, organs)
    return found


def _remedy(purpose: str, organ: Organ, day: date, call: CallContext) -> dict[str, str]:
    """Name the organ of the next remedy, where the registry knows it."""
    for row in call.superiors_of(organ.pk):
        if row.purpose == purpose and row.holds_on(day):
            higher = call.organ(row.superior_id)
            return {f"{purpose}_organ": higher.name_zh} if higher else {}
    return {}


def _facts(
    kind: KindRule, view: CaseView, case: Case, day: date, call: CallContext
) -> dict[str, str]:
    """Return the facts of the case as people read them, and whom a file of accountability is
    about by name."""
    asked: dict[str, FieldRule] = {}
    for rule in kind.acts.values():
        asked.update({field.name: field for field in rule.fields if field.fact})
    found = {
        name: _fact_in_words(kind, asked.get(name), value, case, day, call)
        for name, value in view.facts.items()
    }
    whom = next((found[name] for name in WHOM if found.get(name)), "")
    return {**found, ADDRESSED: whom} if whom else found


def _fact_in_words(
    kind: KindRule, field: FieldRule | None, value: str, case: Case, day: date, call: CallContext
) -> str:
    """Return a fact as people read it; as it is where no field says how."""
    if field is None:
        return value
    said = liability_words(kind, field, value, day, case.place, PAPER_LANGUAGE)
    if said or not value:
        return said or value
    return shown(field.type, field.option_names, value, call)


def _days_of(view: CaseView) -> dict[str, str]:
    due = {f"{d.rule.id}_due": d.due.isoformat() for d in view.duties if d.due}
    return {**due, **{f"{act}_on": day.isoformat() for act, day in view.days.items()}}


def shown(
    kind: str, names: Mapping[str, tuple[str, str]], value: FieldValue, call: CallContext
) -> str:
    """Return a field value as people read it on a paper: options, organs and officials by name,
    flags as yes or no."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, date):
        return value.isoformat()
    if kind == "organ":
        found = call.organ(value) if isinstance(value, int) else None
        return found.name_zh if found else str(value)
    if kind == "official":
        official = Official.objects.filter(pk=str(value))
        return official.values_list("name", flat=True).first() or str(value)
    chosen: Sequence[object] = value if isinstance(value, tuple) else (value,)
    words = []
    for one in chosen:
        pair = names.get(str(one))
        words.append(str(one) if pair is None else words_in(pair, PAPER_LANGUAGE))
    return "、".join(words)
