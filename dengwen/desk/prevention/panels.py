"""What a case page of prevention shows besides its acts: positions, disputes, who is
responsible, evidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from dengwen.cases.models import Case, CaseLink
from dengwen.cases.read.case_view import CaseFile
from dengwen.cases.wall.visibility import for_user
from dengwen.desk.prevention.registers import evidence_of, option, turned_out, warning_title
from dengwen.desk.shell.case.protected_text import Texts, role_for
from dengwen.desk.shell.frame.seat import Seat, case_href, organ_name
from dengwen.organs.lists.handling_list import Listed, entry_of
from dengwen.prevention.models import Dispute, Position, RaisedWarning, Responsible
from dengwen.prevention.positions import STANDS
from dengwen.ui.components import Link

NOTES = "D5"
"""Data class of positions: handling notes."""


@dataclass(frozen=True, slots=True)
class Stood:
    """One person's position as the page shows it."""

    name: str
    stand: str
    words: str
    against: bool


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a meeting: number, what it was about, outcome, who decided, the decision, and
    the positions."""

    number: int
    title: str
    outcome: str
    decided_by: str
    decision: str
    stood: tuple[Stood, ...]


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


def _meeting(seat: Seat, file: CaseFile, texts: Texts) -> Mapping[str, object] | None:
    readable = bool(role_for(seat, NOTES, protected=file.case.protected))
    rows = (
        Position.objects.filter(meeting=file.case)
        .select_related("official")
        .order_by("item", "line")
    )
    by_item: dict[int, list[Position]] = {}
    for row in rows if readable else ():
        by_item.setdefault(row.item, []).append(row)
    items = []
    for act, record in zip(file.rows, file.records, strict=True):
        if record.act != "record_item" or not readable:
            continue
        number = int(str(record.data["item"]))
        stood = by_item.get(number, [])
        lines = texts.of(act.pk, "positions").splitlines()
        decider = next(
            (p.official.name for p in stood if p.official_id == record.data.get("decided_by")), ""
        )
        items.append(
            Item(
                number,
                texts.of(act.pk, "title"),
                option(file.kind, "record_item", "outcome", str(record.data["outcome"]), seat),
                decider,
                texts.of(act.pk, "decision"),
                tuple(_stood(seat, p, lines) for p in stood),
            )
        )
    return {"template": "desk/prevention/_meeting.html", "items": items} if items else None


def _stood(seat: Seat, row: Position, lines: list[str]) -> Stood:
    line = lines[row.line - 1] if row.line <= len(lines) else ""
    words = line.split("；", 2)[2] if line.count("；") >= 2 else ""
    stand = STANDS[row.stand][0 if seat.language == "zh" else 1]
    return Stood(row.official.name, stand, words, row.stand in ("objection", "reservation"))


def _decision(seat: Seat, file: CaseFile, texts: Texts) -> Mapping[str, object]:
    """Show whether an assessment was needed and why, its result, how the decision was taken, and
    what it caused."""
    newest = {
        record.act: (row, record) for row, record in zip(file.rows, file.records, strict=True)
    }
    need = file.view.facts.get("need", "")
    said_by = newest.get("need_none") or newest.get("need_assessment")
    assessed = newest.get("assess")
    taken = newest.get("decide") or newest.get("decide_without")
    visible = for_user(seat.viewer, seat.today).filter(protected=False)
    links = CaseLink.objects.filter(other=file.case, kind="caused_by").values("case_id")
    caused = visible.filter(pk__in=links).order_by("opened_on", "number")
    return {
        "template": "desk/prevention/_decision.html",
        "need": need,
        "why": texts.of(said_by[0].pk, "why") if said_by else "",
        "assessed_on": assessed[1].data.get("assessed_on") if assessed else None,
        "result": option(file.kind, "assess", "result", str(assessed[1].data["result"]), seat)
        if assessed
        else "",
        "adjusted": "adjust" in newest,
        "decided_on": taken[1].data.get("decided_on") if taken else None,
        "without": "decide_without" in newest,
        "late": "assess_late" in newest,
        "caused": [_link(c) for c in caused],
    }


def _screening(seat: Seat, file: CaseFile, texts: Texts) -> Mapping[str, object] | None:
    rows = (
        Dispute.objects.filter(screening=file.case)
        .select_related("owner", "leader")
        .order_by("number")
    )
    found = [
        Found(
            row.number,
            texts.of(row.act, "what"),
            organ_name(row.owner, seat.language),
            row.leader.name if row.leader else "",
            row.defuse_by,
            option(file.kind, "report_result", "result", row.result, seat) if row.result else "",
            not row.result and row.defuse_by < seat.today,
        )
        for row in rows
    ]
    return {"template": "desk/prevention/_screening.html", "disputes": found} if found else None


def _problem(seat: Seat, file: CaseFile, _texts: Texts) -> Mapping[str, object] | None:
    rows = (
        Responsible.objects.filter(record=file.case)
        .select_related("organ", "leader", "staff")
        .order_by("-pk")
    )
    lines = [
        (row.since, organ_name(row.organ, seat.language), row.leader.name, row.staff.name)
        for row in rows
    ]
    return {"template": "desk/prevention/_problem.html", "people": lines}


def _warning(seat: Seat, file: CaseFile, _texts: Texts) -> Mapping[str, object] | None:
    row = RaisedWarning.objects.filter(case=file.case).first()
    if row is None:
        return None
    raised = next((r for r in file.records if r.act == "raise"), None)
    cases = [(_link(case), case.number, case.opened_on) for case in evidence_of(seat, row)]
    name = option(file.kind, "raise", "detector", row.detector, seat)
    record = next((t.record for t in turned_out(seat) if t.record.detector == row.detector), None)
    return {
        "template": "desk/prevention/_warning.html",
        "title": warning_title(seat, file.case, file.kind),
        "cases": cases,
        "days": raised.data.get("days") if raised else "",
        "threshold": raised.data.get("threshold") if raised else "",
        "share": row.detector == "unanswered",
        "record": record,
        "detector": name,
    }


def _link(case: Case) -> Link:
    return Link(case.title or case.number, case_href(case.number))


def _petition(_seat: Seat, file: CaseFile, _texts: Texts) -> Mapping[str, object] | None:
    """Show the entry of the list that was followed when the path was proposed, as it was in
    force that day (G04)."""
    followed = [
        (r.day, entry)
        for r in file.records
        if r.act == "classify" and (entry := followed_entry(r.data))
    ]
    return (
        {"template": "desk/prevention/_followed.html", "followed": followed} if followed else None
    )


def followed_entry(data: Mapping[str, object]) -> Listed | None:
    """Return the entry of a list that an act names, None where it names none."""
    return entry_of(str(data.get("list_entry") or ""))
