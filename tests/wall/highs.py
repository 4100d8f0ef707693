"""The two parts of a world: low cases that everybody may know of, and protected ones that must
leave no trace.

Everything here goes through the write door. The protected cases use the words, persons, numbers and
files of the low
ones, so that they collide wherever anything is compared. Whether a protected case exists, what it
says and how far it
has come is all that differs between two worlds.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from dengwen.cases.files.content_type import look
from dengwen.cases.files.held_files import Held, hold
from dengwen.cases.models import Case, CaseLink, File
from dengwen.cases.write.perform import perform
from dengwen.notices.outbox import queue
from dengwen.organs.models import Official
from dengwen.petitions.intake.classification import sorting_steps
from dengwen.petitions.intake.intake import HandedIn, handed_in, register
from dengwen.petitions.intake.online_submission import submit
from dengwen.petitions.models import Request
from dengwen.worker import loops
from tests.wall.stage import (
    ACCUSED_HEAD,
    ACCUSED_UNIT,
    HEAD_CODE,
    NOW,
    RECUSED_CODE,
    SEALED_ORGAN,
    UNIT_NAME,
    Stage,
    drawn,
)
from tests.world import CLAIM, PAPER, at

PEOPLE = (("王示例", "示例路1号", "13800000000"), ("赵样本", "示例路2号", "13900000000"))
MATTERS = (
    "示例小区三号楼屋面渗水多年，物业一直推诿，请求尽快修复屋面并赔偿装修损失。",
    "示例小区二号楼电梯停运半年，老人上下楼困难，请求尽快修复电梯并公布维修资金。",
)
ACCUSING = "反映有关单位在处理中收受好处、弄虚作假，请依法查处。"
OUTSIDE = ("hotline", "GD-2025-0301", "GD-2025-0302")
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
STAGES = 4
RECEPTION = date(2025, 3, 28)
LAID_BEFORE = 2
"""The protected case that was laid before its accused before it proved to accuse him."""
HIGH = 5
"""Hidden cases a world can have at most: four accusations, and one whose official recused
(hidden from him alone)."""
RECUSED = 4
SUPERVISORS = ("YJ01-Z", "YJ02-Z")
"""Officials who supervise from the petition office: its deputy, and the accused head in his
second post."""
TOKENS = ("23456789ABCDEFGHJKMNPQRSTVWXYZ23", "3456789ABCDEFGHJKMNPQRSTVWXYZ234")


@dataclass
class Known:
    """What the probes of a group of worlds know: numbers of low and protected cases, what else
    they ask for."""

    low: list[str] = field(default_factory=list)
    high: list[str] = field(default_factory=list)
    code: str = ""
    online: str = ""
    papers: list[tuple[str, str]] = field(default_factory=list)
    files: list[tuple[str, str]] = field(default_factory=list)
    leading: list[str] = field(default_factory=list)
    hidden_leading: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class High:
    """One protected case as a world has it: which of the collisions it makes, whom it accuses,
    how far it came."""

    place: int
    accused: str
    stage: int
    notice: bool


def variant(rnd: random.Random, *, full: bool) -> tuple[High, ...]:
    """Return the protected part of a world; the full one has every case, all sent on, so that
    all numbers are known."""
    if full:
        return tuple(
            High(n, ("head", "unit", "head", "both", "")[n], STAGES - 1, notice=n != RECUSED)
            for n in range(HIGH)
        )
    places = [n for n in range(HIGH) if rnd.random() < 0.45]
    accused = ("unit", "head", "both")
    return tuple(
        High(n, rnd.choice(accused), rnd.randrange(STAGES), n != RECUSED and rnd.random() < 0.5)
        for n in places
    )


# --- low ------------------------------------------------------------------------------------------
def low_before(stage: Stage, rnd: random.Random, group: int) -> Known:
    """Write the low cases of a group: some in every state, then what chance adds."""
    known = Known()
    for n, road in enumerate((*ROADS, *rnd.sample(ROADS, 2))):
        with drawn(f"low/{group}/{n}"):
            known.low.append(
                road(
                    stage,
                    f"low/{group}/{n}",
                    rnd.randrange(2),
                    "2025-03-0" + str(3 + rnd.randrange(3)),
                )
            )
    with drawn(f"online/{group}"):
        made = submit(
            _online(0),
            token=TOKENS[0],
            office=stage.world.office.organs["YJ01"],
            now=at("2025-03-04"),
        )
    known.online, known.code = made.number, made.code
    known.low.append(made.number)
    known.leading = _leading(stage, f"leading/{group}", known.low[2])
    known.files.append((known.low[2], File.objects.get(case__number=known.low[2]).name))
    return known


def _leading(stage: Stage, uid: str, petition: str) -> list[str]:
    """Lay a low matter before the head who is accused elsewhere, and book a talk with him:
    letter, talk, day."""
    with drawn(f"{uid}/day"):
        fields: dict[str, Any] = {
            "hours": "9:00–11:30",
            "room": "示例接待室",
            "day": RECEPTION,
            **_head(stage),
        }
        day = stage.world.act(
            "clerk", "schedule", kind="reception", on="2025-03-10", uid=f"{uid}/day", **fields
        ).case
    with drawn(f"{uid}/letter"):
        letter, talk = _before_the_head(stage, uid, petition, day, "2025-03-10")
    return [letter, talk, day]


def _head(stage: Stage) -> dict[str, Any]:
    return {"leader": Official.objects.get(code=HEAD_CODE).pk, "organ": stage.organ(ACCUSED_UNIT)}


def _before_the_head(stage: Stage, uid: str, petition: str, day: str, on: str) -> tuple[str, str]:
    about: dict[str, Any] = {"petition": petition, **_head(stage)}
    letter = stage.world.act(
        "clerk", "present", kind="instruction", on=on, uid=f"{uid}/letter", **about
    ).case
    booked: dict[str, Any] = {"reception": day, "day": RECEPTION, **about}
    return letter, stage.world.act(
        "clerk", "book", kind="interview", on=on, uid=f"{uid}/talk", **booked
    ).case


def _scan(day: str) -> Held:
    """Hold a file, as a door does; the same bytes everywhere."""
    return hold(look(PDF), at(day), "来信.pdf")


def _online(who: int) -> HandedIn:
    name, address, phone = PEOPLE[who]
    return handed_in(
        channel="network",
        content=MATTERS[who],
        subject=MATTERS[who][:20],
        petitioner=name,
        address=address,
        phone=phone,
        requests=["修复", "公布"],
        proposed_class="claim",
        identity="open",
    )


def _letter(stage: Stage, uid: str, who: int, day: str, outside: str = "") -> str:
    name, address, phone = PEOPLE[who]
    intake = handed_in(
        channel="letter",
        content=MATTERS[who],
        subject=MATTERS[who][:20],
        petitioner=name,
        address=address,
        phone=phone,
        requests=["修复"],
        outside_source=OUTSIDE[0] if outside else "",
        outside_no=outside,
        papers=[_scan(day)],
    )
    return register(intake, by=stage.world.by("clerk"), now=at(day), uid=uid).number


def _to_unit(stage: Stage, uid: str, who: int, day: str, organ: str = ACCUSED_UNIT) -> str:
    number = _letter(stage, uid, who, day)
    world = stage.world
    world.act("clerk", "classify", number, on=day, uid=f"{uid}/1", **CLAIM)
    world.act("router", "forward", number, on=day, uid=f"{uid}/2", to=world.organ(organ))
    return number


def _accepted(
    stage: Stage, uid: str, who: int, day: str, organ: str = ACCUSED_UNIT, handler: str = "handler"
) -> str:
    number = _to_unit(stage, uid, who, day, organ)
    stage.world.act(handler, "receive", number, on=day, uid=f"{uid}/3")
    texts = {"procedure": "信访程序", "contact": "李样本 0000-0000000"}
    stage.world.act(handler, "accept", number, on=day, uid=f"{uid}/4", texts=texts)
    return number


def _decided(stage: Stage, uid: str, who: int, day: str) -> str:
    number = _accepted(stage, uid, who, day)
    opinion = {
        "claim": "修复",
        "facts_reasons": "属实",
        "opinion": "支持",
        "legal_basis": "示例条例第一条",
    }
    for asked in (
        Request.objects.filter(case__number=number)
        .order_by("number")
        .values_list("number", flat=True)
    ):
        stage.world.act(
            "handler",
            "decide_request",
            number,
            on="2025-03-10",
            uid=f"{uid}/5/{asked}",
            request=asked,
            request_outcome="support",
            texts={"answer": "支持"},
        )
    stage.world.act(
        "handler",
        "draft",
        number,
        on="2025-03-10",
        uid=f"{uid}/5",
        outcome="support",
        texts=opinion,
    )
    stage.world.act("checker", "check", number, on="2025-03-11", uid=f"{uid}/6")
    stage.world.act("head", "sign", number, on="2025-03-12", uid=f"{uid}/7")
    return number


def _elsewhere(stage: Stage, uid: str, who: int, day: str) -> str:
    return _accepted(stage, uid, who, day, "YJ03", "handler2")


def _under_review(stage: Stage, uid: str, who: int, day: str) -> str:
    """One whose opinion is under review by the bureau above, whose reviewers and head read its
    file."""
    number = _decided(stage, uid, who, day)
    stage.world.act(
        "handler", "serve", number, on="2025-03-13", uid=f"{uid}/8", way="direct", proof=PAPER
    )
    asked = {"request": "请求复查", "reasons": "不服"}
    stage.world.act(
        "handler", "request_review", number, on="2025-03-14", uid=f"{uid}/9", texts=asked
    )
    return number


Road = Callable[[Stage, str, int, str], str]
ROADS: tuple[Road, ...] = (_letter, _to_unit, _accepted, _decided, _elsewhere, _under_review)


def low_after(stage: Stage, group: int, known: Known) -> Known:
    """Write low cases after the protected ones: row ids, serials and document numbers shift if
    they tell anything."""
    day = "2025-03-20"
    more = []
    for n, road in enumerate((_to_unit, _accepted, _elsewhere)):
        with drawn(f"after/{group}/{n}"):
            more.append(road(stage, f"after/{group}/{n}", n % 2, day))
    with drawn(f"worker/{group}"):
        loops.turn_sweep(NOW)
        loops.turn_outbox(NOW)
    return replace(known, low=[*known.low, *more])


# --- high -----------------------------------------------------------------------------------------
def write_high(stage: Stage, group: int, parts: Sequence[High], low: str) -> dict[int, str]:
    """Write the protected cases of a world and return their numbers by place; one may be linked
    to the case `low`."""
    numbers = {}
    for part in parts:
        uid = f"high/{group}/{part.place}"
        with drawn(uid):
            number = _PLACES[part.place](stage, uid, part)
        for n, (who, act, day, more) in enumerate(_further(stage, part, low)[: part.stage]):
            with drawn(f"{uid}/further/{n}"):
                stage.world.act(who, act, number, on=day, uid=f"{uid}/further/{n}", **more)
        if part.notice:  # as an act would, in its transaction
            for kind, ref in (
                ("organ", ACCUSED_UNIT),
                ("official", str(stage.users["handler"].pk)),
            ):
                queue(
                    uid=f"{uid}/{kind}",
                    case_number=number,
                    channel="screen",
                    recipient=kind,
                    recipient_ref=ref,
                    now=NOW,
                )
        numbers[part.place] = number
        if part.place == LAID_BEFORE:
            about = CaseLink.objects.filter(other__number=number, kind="about").order_by("case_id")
            numbers |= {
                HIGH + n: link.case.number for n, link in enumerate(about.select_related("case"))
            }
    return numbers


def _text(part: High) -> str:
    named = {
        "unit": f"反映{UNIT_NAME}。",
        "head": f"反映{ACCUSED_HEAD}。",
        "both": f"反映{UNIT_NAME}{ACCUSED_HEAD}。",
    }
    return MATTERS[part.place % 2] + named[part.accused] + ACCUSING


def _intake(part: High, who: int, outside: str = "") -> HandedIn:
    name, address, phone = PEOPLE[who]
    return handed_in(
        channel="letter",
        content=_text(part),
        subject=MATTERS[part.place % 2][:20],
        petitioner=name,
        address=address,
        phone=phone,
        requests=["修复", "查处"],
        proposed_class="accusation",
        papers=[_scan("2025-03-17")],
        outside_source=OUTSIDE[0] if outside else "",
        outside_no=outside,
    )


def _by_letter(stage: Stage, uid: str, part: High) -> str:
    done = register(
        _intake(part, 0, OUTSIDE[1]), by=stage.world.by("clerk"), now=at("2025-03-17"), uid=uid
    )
    return done.number


def _online_accusation(stage: Stage, uid: str, part: High) -> str:
    office = stage.world.office.organs["YJ01"]
    return submit(_intake(part, 1), token=TOKENS[1], office=office, now=at("2025-03-18")).number


def _found_later(stage: Stage, uid: str, part: High) -> str:
    """A letter that looked like a claim and proved to be an accusation when it was sorted."""
    name, address, phone = PEOPLE[0]
    plain = handed_in(
        channel="letter",
        content=_text(part),
        subject=MATTERS[part.place % 2][:20],
        petitioner=name,
        address=address,
        phone=phone,
        requests=["修复"],
        outside_source=OUTSIDE[0],
        outside_no=OUTSIDE[2],
        papers=[_scan("2025-03-17")],
    )
    number = register(plain, by=stage.world.by("clerk"), now=at("2025-03-17"), uid=uid).number
    day = Case.objects.filter(kind="reception").earliest("pk")
    _before_the_head(stage, uid, number, day.number, "2025-03-17")
    steps = sorting_steps(number, {"class": "accusation"})
    perform(*steps, by=stage.world.by("clerk"), now=at("2025-03-18"), uid=f"{uid}/sort")
    return number


def _second_letter(stage: Stage, uid: str, part: High) -> str:
    """One that was left lying, so that the sweep finds a breach."""
    return register(
        _intake(part, 1), by=stage.world.by("clerk"), now=at("2025-02-12"), uid=uid
    ).number


def _recused_from(stage: Stage, uid: str, part: High) -> str:
    """A claim handed in at a third bureau, whose official recused: in the words of the low ones, no
    accusation.

    So did both supervisors of the petition office, who read the classed matters of the whole area
    and not this one.
    """
    name, address, phone = PEOPLE[0]
    intake = handed_in(
        channel="letter",
        content=MATTERS[0],
        subject=MATTERS[0][:20],
        petitioner=name,
        address=address,
        phone=phone,
        requests=["修复"],
    )
    number = register(intake, by=stage.world.by("handler3"), now=at("2025-02-17"), uid=uid).number
    for n, code in enumerate((RECUSED_CODE, *SUPERVISORS)):
        recused = Official.objects.get(code=code).pk
        stage.world.act(
            "handler3",
            "recuse",
            number,
            on="2025-02-18",
            uid=f"{uid}/1{n or ''}",
            official=recused,
            texts={"reasons": "系亲属"},
        )
        stage.world.act(
            "head3",
            "decide_recusal",
            number,
            on="2025-02-19",
            uid=f"{uid}/2{n or ''}",
            official=recused,
            decision="recuse",
        )
    return number


_PLACES: tuple[Callable[[Stage, str, High], str], ...] = (
    _by_letter,
    _online_accusation,
    _found_later,
    _second_letter,
    _recused_from,
)
Further = tuple[str, str, str, dict[str, Any]]


def _further(stage: Stage, part: High, low: str) -> list[Further]:
    """What may happen next to a hidden case: sorted, linked to a low one, sent to the discipline
    organ; or accepted."""
    if part.place == RECUSED:
        texts = {"procedure": "信访程序", "contact": "严样本 0000-0000000"}
        return [
            ("handler3", "classify", "2025-03-19", CLAIM),
            ("handler3", "accept", "2025-03-19", {"texts": texts}),
            ("handler3", "note", "2025-03-20", {"texts": {"text": "备注"}}),
        ]
    sort: Further = ("clerk", "classify", "2025-03-19", {"class": "accusation"})
    same: dict[str, Any] = {
        "other": low,
        "how": "same_matter",
        "step": {"links": (("same_matter", low),)},
    }
    link: Further = ("sealed", "link", "2025-03-19", same)
    send: Further = (
        "sealed",
        "forward_accusation",
        "2025-03-19",
        {"to": stage.organ(SEALED_ORGAN)},
    )
    return [link, send] if part.place == 2 else [sort, link, send]
