"""What a case page of prevention shows besides its acts: positions, disputes, who is
responsible, evidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _lazy

from dengwen.cases.models import Case, CaseLink
from dengwen.cases.read.case_view import CaseFile
from dengwen.cases.wall.visibility import for_user
from dengwen.desk.prevention.kind_rules import option
from dengwen.desk.prevention.raised_warnings import evidence_of, turned_out, warning_title
from dengwen.desk.shell.case.listed_entries import EntryShown, entries_shown
from dengwen.desk.shell.case.protected_text import Texts, role_for
from dengwen.desk.shell.frame.seat import Seat, case_href, organ_name
from dengwen.law.bilingual import words_in
from dengwen.law.duties.act_record import ActRecord
from dengwen.organs.lists.handling_list import Listed, entry_of
from dengwen.prevention.models import Dispute, Position, RaisedWarning, Responsible
from dengwen.prevention.positions import STANDS
from dengwen.prevention.watch import Record
from dengwen.ui.cells import Part, day, linked, name_of, number, text
from dengwen.ui.components import Link
from dengwen.ui.list_table import Column, ListOf, ListTable

NOTES = "D5"
"""Data class of positions: handling notes."""


@dataclass(frozen=True, slots=True)
class Stood:
    """One person's position as the page shows it."""

    name: str
    stand: str
    words: str
    against: bool


STOOD = ListOf(
    caption=_lazy("各人的态度"),
    columns=(
        Column("name", _lazy("人员"), name_of("name")),
        Column("stand", _lazy("态度"), Part("desk/prevention/_stand.html")),
        Column("words", _lazy("意见"), text("words")),
    ),
)
"""Everybody's position on an item, in the order of the minutes."""


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a meeting: number, what it was about, outcome, who decided, the decision, and
    the positions."""

    number: int
    title: str
    outcome: str
    decided_by: str
    decision: str
    stood: ListTable


@dataclass(frozen=True, slots=True)
class Found:
    """One dispute of a round."""

    number: int
    what: str
    owner: str
    leader: str
    until: date
    result: str
    late: bool


DISPUTES = ListOf(
    caption=_lazy("发现的纠纷"),
    columns=(
        Column("what", _lazy("第几件"), Part("desk/prevention/_dispute.html")),
        Column("owner", _lazy("责任单位"), Part("desk/prevention/_dispute_owner.html")),
        Column("until", _lazy("化解日期"), day("until")),
        Column("result", _lazy("结果"), Part("desk/prevention/_dispute_result.html")),
    ),
)
"""The disputes a round found, by number."""


@dataclass(frozen=True, slots=True)
class _Recorded:
    """An item as it was recorded: its number, the act, and the positions."""

    number: int
    act: int
    record: ActRecord
    stood: list[Position]


def case_panel(seat: Seat, file: CaseFile, texts: Texts) -> dict[str, object]:
    """Return what belongs to a case of prevention, as a part of the case page."""
    return {"panel": panel_of(seat, file, texts)}


def panel_of(seat: Seat, file: CaseFile, texts: Texts) -> Mapping[str, object] | None:
    """Return the part of the page that belongs to this kind of case, None where there is none."""
    makers = {
        "meeting": _meeting,
        "screening": _screening,
        "responsibility_record": _problem,
        "warning": _warning,
        "petition": _petition,
        "decision": _decision,
    }
    maker = makers.get(file.case.kind)
    return maker(seat, file, texts) if maker else None


# --- meetings -------------------------------------------------------------------------------------
def _meeting(seat: Seat, file: CaseFile, texts: Texts) -> Mapping[str, object] | None:
    """Show the items of a meeting with everybody's position, to whom may read handling notes."""
    if not role_for(seat, NOTES, protected=file.case.protected):
        return None
    items = [_item(seat, file, texts, recorded) for recorded in _recorded(file)]
    if not items:
        return None
    return {"template": "desk/prevention/_meeting.html", "items": items}


def _recorded(file: CaseFile) -> list[_Recorded]:
    """Return the items of a meeting as they were recorded."""
    positions = _positions_by_item(file.case)
    found = []
    for act, record in zip(file.rows, file.records, strict=True):
        if record.act != "record_item":
            continue
        number = int(str(record.data["item"]))
        stood = positions.get(number, [])
        found.append(_Recorded(number, act.pk, record, stood))
    return found


def _positions_by_item(meeting: Case) -> dict[int, list[Position]]:
    """Return everybody's positions by item, in the order of the minutes."""
    positions = Position.objects.filter(meeting=meeting)
    rows = positions.select_related("official").order_by("item", "line")
    found: dict[int, list[Position]] = {}
    for row in rows:
        found.setdefault(row.item, []).append(row)
    return found


def _item(seat: Seat, file: CaseFile, texts: Texts, item: _Recorded) -> Item:
    """Return an item as the page shows it."""
    outcome = str(item.record.data["outcome"])
    lines = texts.of(item.act, "positions").splitlines()
    return Item(
        number=item.number,
        title=texts.of(item.act, "title"),
        outcome=option(file.kind, "record_item", "outcome", outcome, seat),
        decided_by=_decider(item),
        decision=texts.of(item.act, "decision"),
        stood=STOOD.fixed(_stood(seat, row, lines) for row in item.stood),
    )


def _decider(item: _Recorded) -> str:
    """Return who decided after the discussion, "" where nobody did."""
    for row in item.stood:
        if row.official_id == item.record.data.get("decided_by"):
            return row.official.name
    return ""


def _stood(seat: Seat, row: Position, lines: list[str]) -> Stood:
    """Return one person's position; what was said stands in the line of the text it names."""
    line = lines[row.line - 1] if row.line <= len(lines) else ""
    return Stood(
        name=row.official.name,
        stand=words_in(STANDS[row.stand], seat.language),
        words=_words_said(line),
        against=row.stand in ("objection", "reservation"),
    )


def _words_said(line: str) -> str:
    """Return the third part of a line of positions: what the person said."""
    parts = line.split("；", 2)
    return parts[2] if len(parts) == 3 else ""


# --- decisions ------------------------------------------------------------------------------------
def _decision(seat: Seat, file: CaseFile, texts: Texts) -> Mapping[str, object]:
    """Show whether an assessment was needed and why, its result, how the decision was taken, and
    what it caused."""
    newest = {
        record.act: (row, record) for row, record in zip(file.rows, file.records, strict=True)
    }
    said_by = newest.get("need_none") or newest.get("need_assessment")
    taken = newest.get("decide") or newest.get("decide_without")
    return {
        "template": "desk/prevention/_decision.html",
        "need": file.view.facts.get("need", ""),
        "why": texts.of(said_by[0].pk, "why") if said_by else "",
        "adjusted": "adjust" in newest,
        "decided_on": taken[1].data.get("decided_on") if taken else None,
        "without": "decide_without" in newest,
        "late": "assess_late" in newest,
        "caused": _caused(seat, file.case),
        **_assessed(seat, file),
    }


def _assessed(seat: Seat, file: CaseFile) -> dict[str, object]:
    """Return the day and the result of the newest assessment of a decision."""
    made = [record.data for record in file.records if record.act == "assess"]
    if not made:
        return {"assessed_on": None, "result": ""}
    newest = made[-1]
    result = str(newest["result"])
    return {
        "assessed_on": newest.get("assessed_on"),
        "result": option(file.kind, "assess", "result", result, seat),
    }


def _caused(seat: Seat, decision: Case) -> list[Link]:
    """Return the petitions a decision caused, of those the wall lets be seen."""
    links = CaseLink.objects.filter(other=decision, kind="caused_by")
    visible = for_user(seat.viewer, seat.today).filter(protected=False)
    caused = visible.filter(pk__in=links.values("case_id"))
    return [_link(case) for case in caused.order_by("opened_on", "number")]


# --- screening and problems -----------------------------------------------------------------------
def _screening(seat: Seat, file: CaseFile, texts: Texts) -> Mapping[str, object] | None:
    """Show the disputes a round found."""
    rows = (
        Dispute.objects.filter(screening=file.case)
        .select_related("owner", "leader")
        .order_by("number")
    )
    found = [_found(seat, file, texts, row) for row in rows]
    if not found:
        return None
    return {"template": "desk/prevention/_screening.html", "disputes": DISPUTES.fixed(found)}


def _found(seat: Seat, file: CaseFile, texts: Texts, row: Dispute) -> Found:
    """Return a dispute as the page shows it."""
    result = ""
    if row.result:
        result = option(file.kind, "report_result", "result", row.result, seat)
    return Found(
        number=row.number,
        what=texts.of(row.act, "what"),
        owner=organ_name(row.owner, seat.language),
        leader=row.leader.name if row.leader else "",
        until=row.defuse_by,
        result=result,
        late=not row.result and row.defuse_by < seat.today,
    )


def _problem(seat: Seat, file: CaseFile, _texts: Texts) -> Mapping[str, object] | None:
    """Show who is responsible for a problem, the newest first."""
    rows = (
        Responsible.objects.filter(record=file.case)
        .select_related("organ", "leader", "staff")
        .order_by("-pk")
    )
    lines = []
    for row in rows:
        organ = organ_name(row.organ, seat.language)
        lines.append((row.since, organ, row.leader.name, row.staff.name))
    return {"template": "desk/prevention/_problem.html", "people": lines}


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """A matter a warning rests on, with its number and its day."""

    link: Link
    number: str
    day: date


EVIDENCE = ListOf(
    caption=_lazy("所依据的、您可以看到的办理件"),
    columns=(
        Column("case", _lazy("名称"), linked("link.text", "link.href", small="")),
        Column("number", _lazy("编号"), number("number")),
        Column("day", _lazy("日期"), day("day")),
    ),
)


# --- warnings -------------------------------------------------------------------------------------
def _warning(seat: Seat, file: CaseFile, _texts: Texts) -> Mapping[str, object] | None:
    """Show what a warning rests on, by which thresholds, and how often such ones were right."""
    row = RaisedWarning.objects.filter(case=file.case).first()
    if row is None:
        return None
    raised = next((record for record in file.records if record.act == "raise"), None)
    return {
        "template": "desk/prevention/_warning.html",
        "title": warning_title(seat, file.case, file.kind),
        "cases": EVIDENCE.fixed(_evidence_lines(seat, row)),
        "days": raised.data.get("days") if raised else "",
        "threshold": raised.data.get("threshold") if raised else "",
        "share": row.detector == "unanswered",
        "record": _record_of(seat, row.detector),
        "detector": option(file.kind, "raise", "detector", row.detector, seat),
    }


def _evidence_lines(seat: Seat, row: RaisedWarning) -> list[EvidenceLine]:
    """Return the matters a warning rests on."""
    return [
        EvidenceLine(_link(case), case.number, case.opened_on) for case in evidence_of(seat, row)
    ]


def _record_of(seat: Seat, detector: str) -> Record | None:
    """Return how the warnings of a detector turned out."""
    for turned in turned_out(seat):
        if turned.record.detector == detector:
            return turned.record
    return None


def _link(case: Case) -> Link:
    """Return a link to a case, under its title or its number."""
    return Link(case.title or case.number, case_href(case.number))


# --- petitions ------------------------------------------------------------------------------------
def _petition(_seat: Seat, file: CaseFile, _texts: Texts) -> Mapping[str, object] | None:
    """Show the entry of the list that was followed when the path was proposed, as it was in
    force that day (G04)."""
    followed = []
    for record in file.records:
        entry = followed_entry(record.data) if record.act == "classify" else None
        if entry:
            followed.append(EntryShown(entry, record.day))
    if not followed:
        return None
    shown = entries_shown(_lazy("提出途径时依据的清单"), followed)
    return {"template": "desk/prevention/_followed.html", "followed": shown}


def followed_entry(data: Mapping[str, object]) -> Listed | None:
    """Return the entry of a list that an act names, None where it names none."""
    return entry_of(str(data.get("list_entry") or ""))
