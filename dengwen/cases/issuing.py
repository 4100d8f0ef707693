"""Documents that an act issues: values gathered, numbered and rendered by `documents`, kept with their digest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings

from dengwen.cases.models import Act, Case, Document
from dengwen.documents.issuing import issue
from dengwen.law.library import Rulebook
from dengwen.law.record import CaseView, civil
from dengwen.law.rules import ActRule
from dengwen.law.steps import FieldValue, Step
from dengwen.organs.models import Official, Organ


@dataclass(frozen=True, slots=True)
class Issued:
    """A document as issued: the rule, its number and the digest the ledger keeps."""

    rule: str
    number: str
    digest: str


def issue_all(step: Step, rule: ActRule, case: Case, act: Act, view: CaseView, book: Rulebook) -> list[Issued]:
    """Issue every document the rule of the act names and keep it; nothing for imported history."""
    if not rule.documents or step.imported:
        return []
    kind = book.kind(case.kind)
    values = _values(step, rule, case, view)
    organ = Organ.objects.filter(pk=act.organ_id).first()
    found: list[Issued] = []
    rows: list[Document] = []
    for name in rule.documents:
        document = kind.documents[name]
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
        )
        rows.append(
            Document(
                case=case,
                act=act,
                rule=name,
                number=made.number,
                title=made.title,
                digest=made.digest,
                body=made.html.encode(),
            )
        )
        found.append(Issued(name, made.number, made.digest))
    Document.objects.bulk_create(rows)
    return found


def _values(step: Step, rule: ActRule, case: Case, view: CaseView) -> Mapping[str, str]:
    """Return every field, text and date of the act as people read it, by the names documents ask for."""
    values = {"case_number": case.number, "title": case.title, **_days(view), **_known(view, rule)}
    for name, value in step.fields.items():
        declared = rule.field_rule(name)
        if declared is not None:
            values[name] = _shown(declared.type, declared.option_names, value)
    values.update({k: v for k, v in step.texts.items() if v})
    return values


def _known(view: CaseView, rule: ActRule) -> dict[str, str]:
    return {name: value for name, value in view.facts.items() if rule.field_rule(name) is None}


def _days(view: CaseView) -> dict[str, str]:
    days = {f"{d.rule.id}_due": d.due.isoformat() for d in view.duties if d.due}
    return {**days, **{f"{act}_on": day.isoformat() for act, day in view.days.items()}}


def _shown(kind: str, names: Mapping[str, tuple[str, str]], value: FieldValue) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, date):
        return value.isoformat()
    if kind == "organ":
        return Organ.objects.filter(pk=value).values_list("name_zh", flat=True).first() or str(value)
    if kind == "official":
        return Official.objects.filter(pk=value).values_list("name", flat=True).first() or str(value)
    chosen: Sequence[object] = value if isinstance(value, tuple) else (value,)
    return "、".join(names[str(v)][0] if str(v) in names else str(v) for v in chosen)
