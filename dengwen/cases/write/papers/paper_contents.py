"""What papers say that no single act holds: the day of receipt, what was served, the material, the
opinion attached.

All of it is read from the acts, documents and files of the case, so that nobody types it a second
time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from datetime import date
from typing import TypeVar

from dengwen.cases.models import Case, CaseLink, Content, Document, File
from dengwen.cases.wall.identity import HIDDEN
from dengwen.cases.write.call_context import CallContext
from dengwen.cases.write.contents import open_package
from dengwen.law.duties.act_record import VOID, ActRecord, CaseView
from dengwen.law.duties.corrected_acts import corrected
from dengwen.law.duties.step import FieldValue, Step
from dengwen.law.packs.rules import ActRule, KindRule

Row = TypeVar("Row", Content, Document, File, CaseLink)

GATHERED = frozenset({"received_on", "materials", "served", "attached", "assigned_by", "request"})
"""Contents no act has to give: they are read from the case."""
RECEIVES = frozenset({"register", "receive", "receive_onward", "take_over"})
"""Acts by which an organ gets a matter: from the petitioner, from a sender, from an organ that
ended."""
SAYS_RECEIVED = frozenset({"D01", "D03", "D04", "D06"})
LISTS_MATERIAL = frozenset({"D03", "D04", "D09", "D24"})
ATTACHES = frozenset({"D17", "D20"})
NAMES_SENDER = frozenset({"D16", "D17"})
ANSWERS = ("D14", "D16", "D21", "D22", "D23")
"""Papers that answer the petitioner: what is served, attached to a completion report, or put
before a review."""
FROM_PETITIONERS = frozenset({"petition", "review", "recheck"})
AFTER = frozenset({"split_from", "new_facts_after", "anew_after"})
"""How a matter is linked to the one before it whose petitioner is its own."""


def known(
    numbers: Set[str],
    step: Step,
    kind: KindRule,
    case: Case,
    view: CaseView,
    records: Sequence[ActRecord],
    organ: int | None,
    call: CallContext,
) -> dict[str, str]:
    """Return what the papers with these `numbers` in the list of documents say of themselves, as
    far as it is known."""
    acts = corrected(records)
    found = {}
    if numbers & SAYS_RECEIVED:
        found["received_on"] = _day_received(acts, organ)
    if numbers & LISTS_MATERIAL:
        found["materials"] = _material(case, call)
    if "D19" in numbers:
        found["served"] = _served(step, kind, case, acts, call)
    if numbers & ATTACHES:
        found["attached"] = _opinion(case, acts, call)
    if numbers & NAMES_SENDER:
        found["assigned_by"] = _assigning_organ(view, acts, call)
    if "D18" in numbers:
        found |= _promised(step, acts, call)
    return {name: value for name, value in found.items() if value}


def _day_received(acts: Sequence[ActRecord], organ: int | None) -> str:
    """Return the day on which this organ got the matter: the day its act states, else that of
    the act."""
    got = next((act for act in reversed(acts) if act.act in RECEIVES and act.organ == organ), None)
    if got is None:
        return ""
    said = got.data.get("received_on")
    return (said if isinstance(said, date) else got.day).isoformat()


def _rows(model: type[Row], case: Case, call: CallContext) -> list[Row]:
    """Return the rows of a case, those included that the running call has yet to write."""
    return call.unit.read_without_writing(model, "case", case.pk)


def _answers(case: Case, acts: Sequence[ActRecord], call: CallContext) -> list[Document]:
    """Return the papers that answer the petitioner, by the rules each act was judged by."""
    rules = {act.id: call.rules.by_row(act.rules).kind(case.kind).documents for act in acts}
    rows = _rows(Document, case, call)
    return [row for row in rows if rules[row.act_id][row.rule].number in ANSWERS]


def _named(document: Document) -> str:
    return f"《{document.title}》（{document.number}）"


def _opinion(case: Case, acts: Sequence[ActRecord], call: CallContext) -> str:
    """Name the newest paper that answers the petitioner, "" where none was issued."""
    return next((_named(row) for row in reversed(_answers(case, acts, call))), "")


def _served(
    step: Step, kind: KindRule, case: Case, acts: Sequence[ActRecord], call: CallContext
) -> str:
    """Name what is served: the newest answer on paper, else the act that answered and its day."""
    rule = kind.acts[step.act]
    answered = next((act for act in reversed(acts) if _ends_in(kind.acts.get(act.act), rule)), None)
    paper = next(
        (
            row
            for row in reversed(_answers(case, acts, call))
            if answered is None or row.act_id >= answered.id
        ),
        None,
    )
    if paper is not None or answered is None:
        return _named(paper) if paper else ""
    return f"{kind.acts[answered.act].zh}（{answered.day.isoformat()}，系统内没有另行出具编号文书）"


def _ends_in(rule: ActRule | None, served: ActRule) -> bool:
    return rule is not None and rule.id != served.id and rule.to in served.after


def _material(case: Case, call: CallContext) -> str:
    """List what goes with a matter: its registration record and the files handed in, each with
    its digest."""
    papers = _rows(Document, case, call)
    record = next((row for row in papers if row.rule == "registration_record"), None)
    lines = [_named(record) if record else f"登记记录（{case.number}）"]
    files = _rows(File, case, call)
    lines += [f"{row.extension.upper()} 文件，摘要 {row.digest[:16]}" for row in files]
    return "\n".join(f"{n}. {line}" for n, line in enumerate(lines, 1))


def _assigning_organ(view: CaseView, acts: Sequence[ActRecord], call: CallContext) -> str:
    """Name the organ that assigned the matter with a deadline which still stands, "" where none
    did."""
    duty = next(
        (d for d in reversed(view.duties) if d.rule.id == "assigned_report" and d.state != VOID),
        None,
    )
    assigned = next((act for act in acts if duty and act.id == duty.opened_by), None)
    found = call.organ(assigned.organ) if assigned else None
    return found.name_zh if found else ""


def _promised(step: Step, acts: Sequence[ActRecord], call: CallContext) -> dict[str, str]:
    """Return who was to carry out what is proved, and by when, from the promise of the same
    request."""

    def same(act: ActRecord) -> bool:
        return act.act == "promise" and act.data.get("request") == step.fields.get("request")

    promise = next((act for act in reversed(acts) if same(act)), None)
    data: Mapping[str, FieldValue] = promise.data if promise else {}
    unit, by = data.get("unit"), data.get("execute_by")
    named = call.organ(unit) if isinstance(unit, int) else None
    return {
        "unit": named.name_zh if named else "",
        "execute_by": by.isoformat() if isinstance(by, date) else "",
    }


def petitioner_elsewhere(case: Case, records: Sequence[ActRecord], call: CallContext) -> str:
    """Name the petitioner of a matter that was opened after another one: of the review who asked
    for it, of a part of a letter or of new handling who wrote first. "" where the name is kept from
    others there, or nobody gave one."""
    if case.kind not in FROM_PETITIONERS:
        return ""
    said = records[0].data.get("original") or records[0].data.get("review_case")
    if isinstance(said, str):
        earlier = call.case_numbered(said)
    else:
        links = [row.other_id for row in _rows(CaseLink, case, call) if row.kind in AFTER]
        earlier = next(iter(call.unit.read(Case, "id", links[0])), None) if links else None
    if (
        earlier is None
        or earlier.protected
        or call.view_of_case(earlier).facts.get("identity") == HIDDEN
    ):
        return ""
    name = ""
    for row in _rows(Content, earlier, call):
        if row.data_class == "D2":
            name = open_package(row).get("petitioner") or name
    return name or petitioner_elsewhere(earlier, call.acts_of(earlier), call)
