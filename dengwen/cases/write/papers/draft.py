"""The paper as it will be issued, before anybody puts a name under it, and the digest of what was
looked at.

Whoever checks, issues or sends back a draft names the digest of the paper that was on the page. The
write door asks again what the paper would be and refuses another one, so that what is signed is
what was read. Number and date of the paper are no part of the digest: the one is open until it is
issued, the other is the day of the act.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings

from dengwen.cases import rulebooks
from dengwen.cases.act_records import record_of, view_of
from dengwen.cases.models import Act, Case
from dengwen.cases.wall.identity import without_names
from dengwen.cases.write.call_context import CallContext, Held, outside
from dengwen.cases.write.check import Refused
from dengwen.cases.write.papers.issue import gather, limits_of
from dengwen.documents.issuance import Previewed, preview
from dengwen.law.duties.act_record import CORRECT, ActRecord, CaseView, Refusal, civil
from dengwen.law.duties.step import FieldValue, Step
from dengwen.law.packs.library import Rulebook
from dengwen.law.packs.rules import ActRule, DocumentRule, KindRule
from dengwen.law.packs.vocabulary import SHOWN


@dataclass(frozen=True, slots=True)
class Draft:
    """What an act would put a name under: the papers as they will be issued, and the digest of
    what they say."""

    papers: tuple[Previewed, ...]
    digest: str


def issuing_rule(kind: KindRule, rule: ActRule) -> ActRule:
    """Return the act that will issue the paper which `rule` approves: itself, or the one that
    comes after it."""
    if rule.documents:
        return rule
    same = (
        one for one in kind.acts.values() if one.documents and one.approves[:1] == rule.approves[:1]
    )
    return next(same, rule)


def sends_back(kind: KindRule, rule: ActRule) -> bool:
    """Say whether an act sends a draft back: it opens what is closed by drafting anew."""
    drafting = rule.approves[:1]
    return any(
        rule.id in duty.opens and set(drafting) & set(duty.closes) for duty in kind.duties.values()
    )


def draft_of(
    case: Case,
    rule: ActRule,
    view: CaseView,
    book: Rulebook,
    day: date,
    uids: Mapping[int, str],
    records: Sequence[ActRecord],
    fields: Mapping[str, FieldValue] | None = None,
    call: CallContext | None = None,
) -> Draft:
    """Return what `rule` would put a name under on `day`, by the acts of the case so far.

    `records` are these acts and `uids` their uids by id; `fields` are those of the act itself,
    which the paper it issues may print; `call` is the running call, where one asks. It opens
    texts: whoever shows them writes the read log first.
    """
    call = call or outside()
    kind = book.kind(case.kind)
    issuing, holder = issuing_rule(kind, rule), call.organ(view.holder)
    own = _printed_fields(rule, fields or {}) if issuing is rule else {}
    step = Step(act=issuing.id, case=case.number, fields=own)
    gathered = gather(step, kind, case, view, holder, day, uids, records, call)
    values = dict(without_names(gathered, view.facts, kind))
    office = holder.name_zh if holder else case.office
    papers = []
    for name in issuing.documents:
        document = kind.documents[name]
        printed = {**values, "limits": limits_of(document, book, view, day)}
        papers.append(_preview(document, book, case.number, office, day, printed))
    return Draft(tuple(papers), _digest(rule, papers, uids, records))


def _preview(
    document: DocumentRule,
    book: Rulebook,
    number: str,
    office: str,
    day: date,
    values: Mapping[str, str],
) -> Previewed:
    """Return a paper of the case `number` as `office` would issue it on a day."""
    return preview(
        rule=document,
        basis_text=document.basis.cite(book.instruments),
        organ_name=office,
        day=day,
        practice=settings.PRACTICE,
        values=values,
        case_number=number,
    )


def _printed_fields(rule: ActRule, fields: Mapping[str, FieldValue]) -> dict[str, FieldValue]:
    """Return the fields of an act that its paper may print: all it knows, less the digest of the
    draft that was shown."""
    return {
        name: value for name, value in fields.items() if name != SHOWN and rule.field_rule(name)
    }


def _digest(
    rule: ActRule,
    papers: Sequence[Previewed],
    uids: Mapping[int, str],
    records: Sequence[ActRecord],
) -> str:
    """Return the SHA-256 over the acts that wrote the draft, what corrected them, and all that
    the papers print."""
    wrote = {record.id for record in records if record.act in rule.approves}
    wrote |= {r.id for r in records if r.act == CORRECT and r.data.get("target") in wrote}
    said = {
        "acts": [uids[record.id] for record in records if record.id in wrote],
        "papers": {paper.rule: dict(paper.values) for paper in papers},
    }
    body = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(body.encode()).hexdigest()


def newest_digest(
    number: str,
    act: str,
    now: datetime,
    day: date | None = None,
    fields: Mapping[str, FieldValue] | None = None,
) -> str:
    """Return the digest of the newest draft of a case, for programs that have it signed without a
    page.

    `day` is the civil day of the act, today where none is given; `fields` are those of the act. ""
    where the rules of that day know no such act, or it approves no draft.
    """
    case = Case.objects.get(number=number)
    day = civil(now) if day is None else day
    book = rulebooks.in_force(day, case.place, now).book
    rule = book.kind(case.kind).acts.get(act)
    if rule is None or not rule.approves:
        return ""
    rows = list(Act.objects.filter(case=case).order_by("seq"))
    records = [record_of(row, case.kind) for row in rows]
    view = view_of(case.kind, records)
    return draft_of(
        case, rule, view, book, day, {row.pk: row.uid for row in rows}, records, fields
    ).digest


def must_be_shown(
    step: Step, rule: ActRule, held: Held, book: Rulebook, day: date, call: CallContext
) -> None:
    """Refuse an act that puts a name under another draft than the one that was looked at."""
    call.looked = True

    def draft(fields: Mapping[str, FieldValue] | None = None) -> Draft:
        case, view = held.case, held.view
        return draft_of(case, rule, view, book, day, held.uids, held.records, fields, call)

    if step.fields.get(SHOWN) == draft(step.fields).digest:
        return
    raise Refused(step, [refusal(step, rule, draft())], rule.zh, rule.en)


def refusal(step: Step, rule: ActRule, without_own: Draft) -> Refusal:
    """Return why a step may not put a name under the newest draft: it was not shown, or another one
    was.

    `without_own` is the newest draft without what the step itself writes into the paper.
    """
    given = step.fields.get(SHOWN)
    if not given:
        return Refusal(
            "not-shown",
            f"“{rule.zh}”以前须看过文稿：没有给出所看文稿的摘要",
            f"“{rule.en}” needs the draft to be looked at first: the digest of the draft as "
            "seen is missing",
            rule.basis,
            "打开这一步的页面，看过文稿再办；命令行写 --set shown=摘要，以最新一稿为准的写 --set shown=newest",
            "open the page of this step and read the draft there; "
            "on the command line give its digest by "
            "--set shown=…, or say --set shown=newest for the newest draft",
        )
    if given == without_own.digest:
        return Refusal(
            "look-again",
            "您填的内容写进了文书，文书和刚才看的不一样，没有写入",
            "what you filled in is printed on the paper, which is no longer the one you saw; "
            "nothing was written",
            rule.basis,
            "请看加上这些内容的文书，再办一次",
            "look at the paper with it, then do it once more",
        )
    return Refusal(
        "draft-changed",
        "您看过以后文稿有变动，没有写入",
        "the draft changed since you looked; nothing was written",
        rule.basis,
        "请看新稿，再办一次",
        "look again, then do it once more",
    )
