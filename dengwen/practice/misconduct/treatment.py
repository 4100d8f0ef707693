"""Roads of how people are dealt with: shirking, rough treatment, the accused told, replies,
ratings, visits, bursts.

`pen.day` is the day on which it happens. Of a pattern a road plans one matter; the pattern is
several of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from dengwen.access.keys.randomness import token_bytes
from dengwen.access.keys.receipt_codes import new_code
from dengwen.access.models import User
from dengwen.access.read_log import Opening, open_now
from dengwen.cases.models import Content
from dengwen.cases.write.contents import open_package
from dengwen.law.duties.step import PartyEntry
from dengwen.petitions import ratings
from dengwen.petitions.models import Evaluation
from dengwen.practice.district import matters
from dengwen.practice.district.staff import DISCIPLINE, PETITION_OFFICE
from dengwen.practice.misconduct.pen import DAY, Pen, Road
from dengwen.practice.misconduct.script import MATTER, PETITIONER, Draft, Script, Stage, act_of

FORWARDED = (
    "您反映的问题已转交有关部门办理。",
    "来信收悉。您的来信已转示例街道办事处处理，感谢您对我们工作的关心。",
    "您好，您反映的问题我们高度重视，已将来信转至责任单位，由其及时回复。",
)
ANSWERED = (
    "来信已转市政养护所办理。经三月五日现场查看，样本街12号门前路灯线路老化，已于三月十日更换灯具两盏。不服的，可以请求复查。",
    "您的来信已交物业科核实：经查，三号楼屋面防水层破损约40平方米，维修单位四月二日进场，四月二十日前完工。如不服本意见，可申请复查。",
)
RUDE = (
    "窗口工作人员态度恶劣，当众训斥来访人，说“没空管你们这些事”。",
    "到窗口反映问题，工作人员作风粗暴，推搡来访人并拒收材料。",
)
GROUP = 14
"""Persons of an ordinary group visit here: below the local size from which a visit opens an
incident."""


# --- shirking -------------------------------------------------------------------------------------
REASONS = {"reasons": "认为不属本单位职责（示例）", "materials": "无"}


def _object(pen: Pen, day: Any, unit: str, answer: str) -> Any:  # noqa: ANN401  # days
    """Plan an objection of a unit and the sender's answer; returns the day of the answer."""
    pen.do(day, unit, "handler", Draft(act="object", texts=REASONS))
    answered = pen.after(day, 1)
    texts = (
        {"reasons": "职责清单列明属该单位职责（示例）"}
        if answer == "refuse_return"
        else {"verified": "经核实（示例）"}
    )
    pen.do(answered, PETITION_OFFICE, "router", Draft(act=answer, texts=texts))
    return answered


def objection_refused(pen: Pen) -> None:
    """The unit objects, the petition office finds it competent, the unit accepts and settles."""
    received = pen.sent(pen.day - 5 * DAY, pen.unit, accepted=False)
    answered = _object(pen, pen.after(received, 1, 2), pen.unit, "refuse_return")
    pen.shows(answered)
    accepted = pen.after(answered, 1, 2)
    pen.do(accepted, pen.unit, "handler", pen.accept())
    pen.settle(pen.after(accepted, 8, 25), pen.unit)


def round_and_round(pen: Pen) -> None:
    """Three units push the same matter out one after the other; the fourth takes it."""
    first = pen.work(pen.day - 6 * DAY)
    pen.do(
        first,
        PETITION_OFFICE,
        "clerk",
        pen.register(first, office="petition_office"),
        pen.classify(),
    )
    day, units = pen.after(first, 1), [pen.unit, *pen.others(3)]
    for unit in units[:3]:
        pen.do(day, PETITION_OFFICE, "router", Draft(act="forward", fields={"to": pen.organ(unit)}))
        pen.do(day, unit, "handler", Draft(act="receive"))
        pen.do(day, unit, "handler", Draft(act="object", texts=REASONS))
        pen.shows(day)
        day = pen.after(day, 1)
        pen.do(
            day,
            PETITION_OFFICE,
            "router",
            Draft(act="agree_return", texts={"verified": "经核实（示例）"}),
        )
    received = pen.forwarded(day, units[3])
    pen.settle(pen.after(received, 8, 25), units[3])


def moved(pen: Pen) -> None:
    """One objection, justified; the next unit takes the matter."""
    received = pen.sent(pen.day - 5 * DAY, pen.unit, accepted=False)
    agreed = _object(pen, pen.after(received, 1), pen.unit, "agree_return")
    other = pen.others(1)[0]
    taken = pen.forwarded(pen.after(agreed, 1), other)
    pen.settle(pen.after(taken, 8, 25), other)


# --- rough treatment ------------------------------------------------------------------------------
def _complained(pen: Pen, channel: str, *, official: bool) -> Any:  # noqa: ANN401  # a day
    """Plan a complaint about conduct sent to another unit; returns when it came, and where."""
    day = pen.work(pen.day)
    stage = pen.ground.stage
    more: dict[str, Any] = {"about_conduct": True, "conduct_organ": pen.organ(pen.unit)}
    if official:
        more["conduct_official"] = stage.official(pen.unit, "handler")[0]
    if channel == "visit":
        more |= {"persons": 1, "visit_kind": "single"}
    name = matters.person(pen.random)[0]
    draft = pen.register(
        day,
        office="petition_office",
        channel=channel,
        subject="反映工作人员态度（虚构）",
        content=pen.random.choice(RUDE),
        petitioner=name,
        **more,
    )
    pen.do(day, PETITION_OFFICE, "clerk", draft, pen.classify())
    pen.shows(day)
    other = pen.others(1)[0]
    received = pen.forwarded(pen.after(day, 1, 3), other)
    return received, other


def _complaint(channel: str, *, official: bool) -> Road:
    """Return the road of a complaint by a channel, about the unit or an official of it."""

    def road(pen: Pen) -> None:
        """A complaint about conduct, registered as one, and not refuted."""
        received, other = _complained(pen, channel, official=official)
        pen.settle(pen.after(received, 8, 25), other)

    return road


def complaint_refuted(pen: Pen) -> None:
    """A complaint about conduct, verified, and refuted."""
    received, other = _complained(pen, "letter", official=True)
    texts = {"found": "调看窗口录像并询问在场人，没有来信所说的情形（示例）"}
    day = pen.after(received, 2, 6)
    pen.do(
        day, other, "handler", Draft(act="note_conduct", fields={"result": "refuted"}, texts=texts)
    )
    pen.settle(pen.after(day, 3, 15), other)


def praise(pen: Pen) -> None:
    """A letter of thanks."""
    day = pen.work(pen.day)
    draft = pen.register(
        day,
        office="petition_office",
        channel="letter",
        subject="感谢信（虚构）",
        content="窗口工作人员态度和蔼、耐心细致，三天就帮我办好，特此感谢。",
    )
    pen.do(day, PETITION_OFFICE, "clerk", draft, pen.classify(**{"class": "suggestion"}))
    other = pen.others(1)[0]
    pen.do(
        pen.after(day, 1, 3),
        PETITION_OFFICE,
        "router",
        Draft(act="forward", fields={"to": pen.organ(other)}),
    )
    received = pen.after(day, 4, 6)
    told = Draft(act="notify_received", texts={"procedure": "已收到，转告本人（示例）"})
    texts = {"reply": "来信已转告本人，并在科室传阅。感谢您的鼓励（示例）。"}
    pen.do(received, other, "handler", Draft(act="receive"), told)
    reply = Draft(act="reply_suggestion", fields={"adopted": "adopted"}, texts=texts)
    pen.do(pen.after(received, 1, 8), other, "handler", reply)


# --- ratings --------------------------------------------------------------------------------------
NETWORKS = "evaluation.networks"


def network_of(place: int) -> str:
    """Return the invented network of the organ with a place in the list of units."""
    return f"10.{100 + place}.0.0/16"


def _row(script: Script) -> Evaluation:
    rows = Evaluation.objects.select_related("case")
    return rows.get(petition__number=script.numbers[MATTER])


def _rated(pen: Pen, day: Any, level: str, *, own: bool = False, **said: bool) -> None:  # noqa: ANN401  # a day
    """Plan that the petitioner takes a code and rates, from the unit's network or from
    elsewhere."""
    place = pen.ground.handling.index(pen.unit)
    address = (
        f"10.{100 + place}.3.{pen.random.randrange(1, 250)}"
        if own
        else f"203.0.113.{pen.random.randrange(1, 250)}"
    )
    when = pen.after(day, 1, 9)

    def number(script: Script) -> str:
        return _row(script).case.number

    def network(script: Script) -> bool:
        return ratings.in_own_network(_row(script), address, when)

    code = {"way": "portal", "code_digest": ratings.digest_of(new_code())}
    fields: dict[str, Any] = {
        "competent_level": level,
        "channel": "portal",
        "own_network": network,
        **said,
    }
    if said.get("rude"):
        pen.shows(when)
    pen.do(
        when,
        PETITIONER,
        "",
        Draft(act="give_code", case=number, fields=code),
        Draft(act="rate", case=number, fields=fields),
    )


def _suggested(pen: Pen, reply: str) -> Any:  # noqa: ANN401  # a day
    """Plan a suggestion that the unit receives itself and replies to on the day; returns the day
    of the reply."""
    came = pen.ground.back(pen.day - timedelta(days=pen.random.randint(6, 14)))
    subject, content, _ = matters.worded(pen.random.choice(matters.SUGGESTIONS), pen.random)
    told = Draft(act="notify_received", texts={"procedure": "已收到，研究后答复（示例）"})
    draft = pen.register(came, subject=subject, content=content)
    pen.do(came, pen.unit, "handler", draft, pen.classify(**{"class": "suggestion"}), told)
    day = pen.work(pen.day)
    given = Draft(act="reply_suggestion", fields={"adopted": "partly"}, texts={"reply": reply})
    pen.do(day, pen.unit, "handler", given)
    return day


def _rating(level: str, *, own: bool = False, **said: bool) -> Road:
    """Return the road of a suggestion rated at a level."""

    def road(pen: Pen) -> None:
        """A suggestion answered, and rated."""
        _rated(pen, _suggested(pen, pen.random.choice(ANSWERED)), level, own=own, **said)

    return road


def _supported(*, contact: bool, said: bool) -> Road:
    """Return the road of a claim supported, by whether contact was made and claimed."""

    def road(pen: Pen) -> None:
        """A claim supported, with or without contact on record, and rated."""
        accepted = pen.direct(pen.day - timedelta(days=pen.random.randint(25, 35)), pen.unit)
        if contact:
            texts = {"with_whom": "信访人本人", "explained": "核实情况，说明办理进度（示例）"}
            way = {"way": pen.random.choice(("phone", "face", "visit_home")), "count": 1}
            talked = pen.after(accepted, 2, 8)
            pen.do(talked, pen.unit, "handler", Draft(act="explain_talk", fields=way, texts=texts))
        served = pen.opinion(pen.day - 6 * DAY, pen.unit)
        _rated(pen, served, "dissatisfied" if not said else "satisfied", contacted=said)

    return road


# --- replies --------------------------------------------------------------------------------------
def _replied(texts: tuple[str, ...]) -> Road:
    """Return the road of a suggestion replied to by one of these texts."""

    def road(pen: Pen) -> None:
        """A suggestion, and the reply to it."""
        _suggested(pen, pen.random.choice(texts))

    return road


def opinion_forwarded(pen: Pen) -> None:
    """An opinion that says only where the matter went."""
    text = pen.random.choice(FORWARDED)
    pen.direct(pen.day - timedelta(days=20), pen.unit)
    pen.opinion(
        pen.day - 6 * DAY, pen.unit, "explain", facts_reasons=text, opinion=text, legal_basis="无"
    )


def opinion_answered(pen: Pen) -> None:
    """An opinion that says where the matter went, and answers."""
    pen.direct(pen.day - timedelta(days=20), pen.unit)
    pen.opinion(pen.day - 6 * DAY, pen.unit, "explain", opinion=pen.random.choice(ANSWERED))


# --- visits ---------------------------------------------------------------------------------------
MISCOUNTED = "登记时人数录错，与现场名单不符（示例）"


def _visited(pen: Pen, persons: int, listed: int) -> tuple[Any, datetime]:
    """Plan a group visit with its list of members; returns the day and the instant of
    registration."""
    day = pen.work(pen.day)
    names = "\n".join(matters.person(pen.random)[0] + f"{n}" for n in range(listed))
    draft = pen.register(
        day, channel="visit", persons=persons, visit_kind="group", representatives=min(listed, 5)
    )
    members = Draft(
        act="enter_members", fields={"first": 1, "count": listed}, texts={"members": names}
    )
    at = pen.do(day, pen.unit, "handler", draft, members, pen.classify())
    return day, at


def _ended(pen: Pen, day: Any) -> None:  # noqa: ANN401  # a day
    """Plan that a visit registered on a day is accepted and settled in time, after whatever is
    corrected."""
    accepted = pen.after(day, 1, 3)
    pen.do(accepted, pen.unit, "handler", pen.accept())
    pen.settle(pen.after(day, 22, 40), pen.unit)


def to_single(pen: Pen) -> None:
    """A group of many, corrected to a single visit days later; the list still has them all."""
    persons = pen.random.randrange(7, GROUP)
    day, _ = _visited(pen, persons, persons)
    later = pen.after(day, 4, 18)
    registered = act_of(f"{MATTER}.register")
    pen.correct(later, pen.unit, registered, "visit_kind", "group", "single", "应为个体访（示例）")
    pen.correct(later, pen.unit, registered, "persons", persons, 1, "应为一人（示例）")
    _ended(pen, day)


def to_fewer(pen: Pen) -> None:
    """A group of many, corrected to a few days later; the list still has them all."""
    persons = pen.random.randrange(7, GROUP)
    day, _ = _visited(pen, persons, persons)
    later = pen.after(day, 4, 18)
    pen.correct(
        later, pen.unit, act_of(f"{MATTER}.register"), "persons", persons, 3, "应为三人（示例）"
    )
    _ended(pen, day)


def miscounted(pen: Pen) -> None:
    """Thirty typed instead of the six on the list; two persons correct it within the hour."""
    real = pen.random.randrange(5, 9)
    day, at = _visited(pen, real * 4, real)
    after = at + timedelta(minutes=pen.random.randint(5, 45))
    pen.correct(
        day,
        pen.unit,
        act_of(f"{MATTER}.register"),
        "persons",
        real * 4,
        real,
        MISCOUNTED,
        after=after,
    )
    _ended(pen, day)


# --- the accused told -----------------------------------------------------------------------------
ACCUSED = "反映某单位工作人员在验收中弄虚作假，请求依法调查（虚构）。"


def _accusation(pen: Pen) -> Any:  # noqa: ANN401  # a day
    """Plan an accusation of the unit, sealed at once and passed on, as it must be to the discipline
    organ.

    Returns the day on which it was passed on.
    """
    day = pen.work(pen.day - timedelta(days=12))
    parties = (PartyEntry(role="accused_unit", organ=pen.organ(pen.unit)),)
    draft = pen.register(
        day,
        office="petition_office",
        channel="letter",
        subject="检举（虚构）",
        content=ACCUSED,
        parties=parties,
    )
    pen.do(day, PETITION_OFFICE, "clerk", draft)
    named = {"class": "accusation", "accused_organs": (pen.organ(pen.unit),)}
    pen.do(pen.after(day, 1), PETITION_OFFICE, "sealed", pen.classify(**named))
    sent = pen.after(day, 2, 4)
    to = {"to": pen.organ(DISCIPLINE)}
    pen.do(sent, PETITION_OFFICE, "sealed", Draft(act="forward_accusation", fields=to))
    return sent


def _opens(pen: Pen, day: Any, code: str, part: str, data_class: str, role: str) -> None:  # noqa: ANN401  # a day
    """Plan that somebody opens what was written, through the access door and its log."""

    def read(script: Script, stage: Stage, at: datetime) -> None:
        by = stage.staff.by(code, part)
        number = script.numbers[MATTER]
        opening = Opening(
            at=at,
            user=User.objects.get(pk=by.user or 0),
            role=role,
            organ=by.organ,
            case_number=number,
            data_class=data_class,
            fields=("1.register",),
            purpose="handle",
            request_id=token_bytes(16).hex(),
        )
        rows = Content.objects.filter(
            case__number=number, data_class__in=("D3", "D4")
        ).select_related("act")
        open_now(opening, lambda: [open_package(row) for row in rows])

    pen.aside(pen.work(day), read)


def accused_reads(pen: Pen) -> None:
    """Somebody of the accused unit opens the accusation after the unit was named."""
    sent = _accusation(pen)
    _opens(pen, pen.after(sent, 2, 12), pen.unit, "handler", "D4", "R6")


def entitled_reads(pen: Pen) -> None:
    """The sealed desk opens it, which it is there for."""
    sent = _accusation(pen)
    _opens(pen, pen.after(sent, 1, 3), PETITION_OFFICE, "sealed", "D4", "R5")


def named_later(pen: Pen) -> None:
    """The unit read a plain claim it was sent; later it turns out that its own people are meant."""
    received = pen.sent(pen.day - timedelta(days=10), pen.unit, accepted=False)
    _opens(pen, received, pen.unit, "handler", "D3", "R6")
    named = {"accused_organs": (pen.organ(pen.unit),)}
    to = {"to": pen.organ(DISCIPLINE)}
    pen.do(
        pen.after(received, 3, 9),
        pen.unit,
        "handler",
        Draft(act="name_accused", fields=named),
        pen.classify(**{"class": "accusation"}),
        Draft(act="forward_accusation", fields=to),
    )


# --- patterns of closing and of late entries ------------------------------------------------------
def closed(pen: Pen) -> None:
    """One of a batch: received by the unit before, settled on the day."""
    came = pen.ground.back(pen.day - timedelta(days=pen.random.randint(9, 40)))
    pen.direct(came, pen.unit)
    pen.shows(pen.settle(pen.day, pen.unit))


WAYS: Mapping[str, Mapping[str, Road]] = {
    "shirking": {"refused_objections": objection_refused, "round": round_and_round},
    "rough_treatment": {
        "letters": _complaint("letter", official=True),
        "window": _complaint("visit", official=False),
        "ratings": _rating("dissatisfied", rude=True),
    },
    "accused_told": {"read": accused_reads},
    "closed_never_contacted": {"rating": _supported(contact=False, said=False)},
    "closing_burst": {"settled": closed},
    "visit_recoded": {"to_single": to_single, "fewer": to_fewer},
    "forwarded_as_answer": {"suggestion": _replied(FORWARDED), "opinion": opinion_forwarded},
    "network_satisfaction": {"own_network": _rating("satisfied", own=True)},
}
INNOCENT: Mapping[str, Mapping[str, Road]] = {
    "shirking": {"lawful_transfer": moved, "one_refused": objection_refused},
    "rough_treatment": {"praise": praise, "refuted": complaint_refuted},
    "accused_told": {"entitled": entitled_reads, "named_later": named_later},
    "closed_never_contacted": {
        "contacted": _supported(contact=True, said=False),
        "said_so": _supported(contact=False, said=True),
    },
    "closing_burst": {"after_holiday": closed},
    "visit_recoded": {"typing_error": miscounted},
    "forwarded_as_answer": {"answered": _replied(ANSWERED), "answered_opinion": opinion_answered},
    "network_satisfaction": {
        "elsewhere": _rating("satisfied"),
        "dissatisfied": _rating("dissatisfied", own=True),
    },
}
