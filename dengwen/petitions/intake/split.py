"""Splitting a letter that holds several matters (分件) into parts of their own (case B10).

All are opened, classed and numbered in one call. Every part has only its own words and its own
access; who asks, how and where, and the days that are used stay.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import transaction

from dengwen.access.keys.receipt_codes import new_code, written
from dengwen.cases.act_records import records_of, view_of
from dengwen.cases.models import Case, Content
from dengwen.cases.write.call_context import outside
from dengwen.cases.write.contents import open_package
from dengwen.cases.write.perform import By, Performed, perform
from dengwen.law.duties.act_record import CaseView
from dengwen.law.duties.step import FieldValue, Step
from dengwen.organs.models import Organ
from dengwen.petitions.errors import PetitionError
from dengwen.petitions.intake.agents import carried_agent
from dengwen.petitions.intake.inheritance import (
    IDENTITY,
    REGISTER,
    SPLIT_FROM,
    as_system,
    carried_facts,
    identity_in,
    identity_names,
)
from dengwen.petitions.intake.intake import HandedIn, register_step
from dengwen.petitions.models import Request

RUNNING = ("sort", "sort_again", "direct_notice", "direct_again", "notify_transferred")
"""Duties whose period runs from the receipt by the organ that splits: it goes on in the parts, not
anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One sub-matter of a letter that holds several: its class and only the words that belong to it
    (case B10).

    `requests` are numbers of requests of the letter; they are entered in the part again, from one
    on.
    """

    proposed_class: str
    path: str = ""
    content: str
    subject: str = ""
    category: str = ""
    requests: Sequence[int] = ()
    accused_officials: Sequence[int] = ()
    accused_organs: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Opened:
    """One sub-matter as opened: its class, its number, and its query code as printed once."""

    proposed_class: str
    number: str
    code: str


@dataclass(frozen=True, slots=True)
class Divided:
    """What splitting wrote: the acts, and the parts in order; a repeated call gives no codes."""

    performed: Performed
    parts: tuple[Opened, ...]


@dataclass(frozen=True, slots=True)
class _Letter:
    """A mixed letter opened for splitting: what every part takes over from it."""

    case: Case
    office: Organ
    facts: Mapping[str, FieldValue]
    received: date
    known: Mapping[str, str]
    """The texts that say who asks."""
    agent: Step | None
    asks: Mapping[int, str]
    """The words of each request by its number."""


def split(
    number: str, parts: Sequence[Part], *, by: By, now: datetime, uid: str, note: str = ""
) -> Divided:
    """Split a matter into sub-matters with an access of their own; the days already used stay used
    (R22 28(2)).

    Each part is registered, classified and linked, the requests given to it are entered there, and
    the mixed matter ends, all in one call. Raises `PetitionError` where a request is left over or
    given twice, `Refused` as ever.
    """
    case = Case.objects.get(number=number)
    office = Organ.objects.get(pk=case.holder_id or 0)
    _check_requests(case, parts)
    letter = _open_letter(case, office, by, now)
    codes = [new_code() for _ in parts]
    steps: list[Step] = []
    for place, (part, code) in enumerate(zip(parts, codes, strict=True), 1):
        steps += _steps_of_part(letter, part, f"part{place}", code, now)
    # Last, so that the parts are there when it is checked, and so that its note is sealed with an
    # accusation.
    texts = {"note": note} if note else {}
    steps.append(Step(act="split", case=number, fields={"parts": len(parts)}, texts=texts))
    performed = perform(*steps, by=by, now=now, uid=uid)
    return Divided(performed, _opened(performed, parts, codes))


def _open_letter(case: Case, office: Organ, by: By, now: datetime) -> _Letter:
    """Open what the parts take over, each opening with its line in the read log."""
    data_class = "D4" if case.protected else "D3"
    with transaction.atomic(durable=True):
        names = identity_names(case, REGISTER, now)
        known = as_system(
            case, names, IDENTITY, now, by.user, by.organ, lambda: identity_in(case, names)
        )
        agent = carried_agent(case, now, by.user, by.organ, outside())
        asks = as_system(case, ("asks",), data_class, now, by.user, by.organ, lambda: _asks(case))
    view = view_of(case.kind, records_of(case))
    facts = carried_facts(case, view, now)
    return _Letter(case, office, facts, _received(case, view), known, agent, asks)


def _steps_of_part(letter: _Letter, part: Part, ref: str, code: str, now: datetime) -> list[Step]:
    """Return the steps that open one part under a ref of the call.

    They come in the order of a letter that came alone and was sorted at once: nothing shows that
    there were others.
    """
    office = letter.office.pk
    first = _first(letter, part, code, now)
    steps = [replace(first, open_as=ref, links=((SPLIT_FROM, letter.case.number),))]
    for number, old in enumerate(part.requests, 1):
        if letter.asks.get(old):
            fields: dict[str, FieldValue] = {"request": number}
            asks = {"asks": letter.asks[old]}
            steps.append(
                Step(act="enter_request", ref=ref, organ=office, fields=fields, texts=asks)
            )
    if letter.agent is not None:
        steps.append(replace(letter.agent, ref=ref, organ=office))
    chosen: dict[str, FieldValue] = {"class": part.proposed_class}
    if part.path:
        chosen["path"] = part.path
    steps.append(Step(act="classify", ref=ref, organ=office, fields=chosen))
    return steps


def _first(letter: _Letter, part: Part, code: str, now: datetime) -> Step:
    """Return the registration of a part: its own words, and who asked, how, where and when."""
    known = letter.known
    said: dict[str, FieldValue] = {
        **known,
        "channel": letter.case.petition.channel,
        "content": part.content,
        "subject": part.subject,
        "received_on": letter.received,
    }
    handed = HandedIn(
        said,
        proposed_class=part.proposed_class,
        accused_officials=part.accused_officials,
        accused_organs=part.accused_organs,
    )
    step = register_step(handed, letter.office, code, now, asks=True)
    fields = {**step.fields, **letter.facts}
    if part.category:
        fields["category"] = part.category
    return replace(step, fields=fields)


def _received(case: Case, view: CaseView) -> date:
    """Return the day the organ that splits got the matter: the start of its running period, else
    the first receipt."""
    for rule in RUNNING:
        duty = view.find_open(rule)
        if duty:
            return duty.start
    received: date = case.petition.received_on
    return received


def _asks(case: Case) -> dict[int, str]:
    """Return the words of each request. For callers that wrote the read log first."""
    numbers = dict(Request.objects.filter(case=case).values_list("entered_act", "number"))
    rows = Content.objects.filter(act_id__in=list(numbers)).select_related("act")
    return {numbers[row.act_id]: open_package(row).get("asks", "") for row in rows}


def _check_requests(case: Case, parts: Sequence[Part]) -> None:
    """Refuse parts that do not have each request of the letter exactly once (R22 28(2))."""
    there = sorted(Request.objects.filter(case=case).values_list("number", flat=True))
    given = sorted(number for part in parts for number in part.requests)
    if given == there:
        return
    there_zh = "、".join(map(str, there)) or "零"
    given_zh = "、".join(map(str, given)) or "零"
    raise PetitionError(
        "requests-of-parts",
        where=case.number,
        zh="每一项诉求须归入一件，不能漏也不能重（信访工作条例第二十八条第二款）："
        f"原件有第{there_zh}项，归入的是第{given_zh}项",
        en=(
            f"each request goes to exactly one part (R22 28(2)): there are {there}, given are "
            f"{given}"
        ),
        mend_zh="给每一项诉求选一件",
        mend_en="choose a part for every request",
    )


def _opened(
    performed: Performed, parts: Sequence[Part], codes: Sequence[str]
) -> tuple[Opened, ...]:
    """Return the parts as opened, in order."""
    numbers = [act.case for act in performed.acts if act.act == "register"]
    shown = ["" if performed.repeated else written(code) for code in codes]
    classes = [part.proposed_class for part in parts]
    # A repeated call answers with what was written then, however many parts are asked for now.
    return tuple(Opened(c, n, s) for c, n, s in zip(classes, numbers, shown, strict=False))
