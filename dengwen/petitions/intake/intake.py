"""Taking a matter in: one petition, its requests, its people (R22 17–23).

The number comes first, then the content. `register` turns what was handed in into the steps of one
call of the write door. Registration is unconditional: nothing here refuses a matter; what cannot be
accepted is refused later, by an act, on its ground.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from dengwen.access.keys.keyring import key_ring
from dengwen.access.keys.receipt_codes import code_digest, new_code, written
from dengwen.cases.files.held_files import Held
from dengwen.cases.write.call_context import stored_organ
from dengwen.cases.write.perform import By, Performed, perform
from dengwen.law.duties.act_record import civil
from dengwen.law.duties.blank_text import is_blank
from dengwen.law.duties.step import FieldValue, PartyEntry, Step
from dengwen.organs.models import Organ
from dengwen.petitions.intake.accused import accused_side

OPENED = "intake"
NOT_CONTENT = frozenset({"petitioner", "address", "phone", "id_number"})
"""Texts of a registration that say who handed it in, not what."""
PAPERS = "papers"
"""The field of a registration that names the digests of the files handed in with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """What was handed in, as the door parsed it. Texts as written; dates civil; ids of registry
    rows.

    `proposed_class` is what the petitioner or clerk thinks it is; an accusation closes the wall at
    once. `no_content` says why there is nothing to register but that somebody came or wrote (a code
    of the pack).
    """

    channel: str
    content: str
    subject: str = ""
    requests: Sequence[str] = ()
    received_on: date | None = None
    petitioner: str = ""
    address: str = ""
    phone: str = ""
    history: str = ""
    purpose: str = ""
    situation: str = ""
    suggests: str = ""
    id_number: str = ""
    persons: int | None = None
    representatives: int | None = None
    visit_kind: str = ""
    category: str = ""
    place: str = ""
    outside_source: str = ""
    outside_no: str = ""
    urgent: bool = False
    proposed_class: str = ""
    accused_officials: Sequence[int] = ()
    accused_organs: Sequence[int] = ()
    identity: str = ""
    papers: Sequence[Held] = ()
    no_content: str = ""
    extra: Mapping[str, FieldValue] = field(default_factory=dict)


REQUESTS_SAY_IT = "requests"
"""The reason recorded where nothing is written but single requests."""


def is_empty(intake: Intake) -> bool:
    """Say whether nothing was handed in: no text or request that can be read, no file."""
    texts = (
        intake.subject,
        intake.content,
        intake.history,
        intake.purpose,
        intake.situation,
        intake.suggests,
    )
    return not intake.papers and all(is_blank(text) for text in (*texts, *intake.requests))


@dataclass(frozen=True, slots=True)
class Registered:
    """The number, the query code as printed once, and the acts with their promises."""

    number: str
    code: str
    performed: Performed


def register(
    intake: Intake,
    *,
    by: By,
    now: datetime,
    uid: str,
    organ: int | None = None,
    code: str = "",
    onward: Sequence[Step] = (),
) -> Registered:
    """Register a matter and its requests in one call; returns the number and the query code.

    `onward` are steps on the new case (by the ref `OPENED`) that follow in the same call: sorted
    and sent on at once.

    The code is shown once and kept only as a digest; a repeated call returns the number without a
    code. `code` is one the door made itself (`online.code_of`); without it a fresh one is drawn.
    Raises `cases.Refused` with every reason and its article, `FileError` where a file is no longer
    here.
    """
    office = stored_organ(organ or by.organ)
    if office is None:
        raise Organ.DoesNotExist(f"no organ {organ or by.organ}")
    steps, code = steps_of(intake, office, now, code)
    papers = [(PAPERS, one) for one in intake.papers]
    performed = perform(
        *steps, *onward, by=by, now=now, uid=uid, papers=papers, organs={office.pk: office}
    )
    return Registered(performed.case, "" if performed.repeated else code, performed)


def steps_of(
    intake: Intake, office: Organ, now: datetime, code: str = ""
) -> tuple[tuple[Step, ...], str]:
    """Return the steps that register a matter and its requests, and the query code as printed once.

    For `perform_many`; whoever registers one matter calls `register`.
    """
    code = code or new_code()
    # there are no requests that would say it
    if intake.no_content == REQUESTS_SAY_IT and is_empty(intake):
        intake = replace(intake, no_content="")
    steps = (register_step(intake, office, code, now), *_request_steps(intake, office))
    return steps, written(code)


SAID = (
    "received_on",
    "persons",
    "representatives",
    "visit_kind",
    "category",
    "place",
    "outside_source",
    "identity",
)
"""What an intake says in a field of the same name, where it says it."""
TOLD = (
    "content",
    "history",
    "purpose",
    "situation",
    "suggests",
    "id_number",
    "petitioner",
    "address",
    "phone",
)
"""What an intake says in a text of the same name, beside the subject."""


def register_step(intake: Intake, office: Organ, code: str, now: datetime) -> Step:
    """Return the step that opens the matter at `office`, under the query code as drawn (R22
    21(2))."""
    today = civil(now)
    fields = _fields(intake, office, code, today)
    texts = _texts(intake)
    why = intake.no_content if is_empty(intake) else REQUESTS_SAY_IT
    if why and not intake.papers and not texts.keys() - NOT_CONTENT:
        fields["no_content"] = why
    return Step(
        act="register",
        kind="petition",
        open_as=OPENED,
        organ=office.pk,
        fields=fields,
        texts=texts,
        parties=accused_parties(intake, office, today),
    )


def _fields(intake: Intake, office: Organ, code: str, today: date) -> dict[str, FieldValue]:
    """Return the fields of a registration: what was said, and what follows from it."""
    named = not is_blank(intake.petitioner)
    fields: dict[str, FieldValue] = {
        "channel": intake.channel,
        "office": "petition_office" if office.is_petition_office else "organ",
        "anonymous": not named,
        "address_clear": named and not is_blank(intake.address),
        # The code is checked against the number at look-up, so the digest is over the code alone
        # here.
        "code_digest": code_digest(key_ring(), "", code),
        **intake.extra,
    }
    for name in SAID:
        value = getattr(intake, name)
        if value not in (None, ""):
            fields[name] = value
    fields.setdefault("received_on", today)
    if intake.outside_no:
        fields["outside_no"] = outside_index(intake.outside_source, intake.outside_no)
    if intake.urgent:
        fields["urgent"] = True
    if intake.papers:
        fields[PAPERS] = tuple(one.digest for one in intake.papers)
    return fields


def _texts(intake: Intake) -> dict[str, str]:
    """Return the texts of a registration that say something; the first line stands for a missing
    subject."""
    texts = {"subject": intake.subject or first_line(intake.content)}
    for name in TOLD:
        texts[name] = getattr(intake, name)
    return {name: text for name, text in texts.items() if not is_blank(text)}


def outside_index(source: str, number: str) -> str:
    """Return the keyed digest under which another system's number of the same matter is kept and
    found."""
    return key_ring().digest("index", "outside", source, number.strip())


def first_line(text: str, limit: int = 40) -> str:
    """Return the first line that says something, cut to `limit` characters: a subject for what has
    none."""
    return next((line.strip()[:limit] for line in text.splitlines() if not is_blank(line)), "")


def _request_steps(intake: Intake, office: Organ) -> list[Step]:
    """Return the steps that enter the single requests, numbered from one."""
    texts = [t.strip() for t in intake.requests if not is_blank(t)]
    return [
        Step(
            act="enter_request",
            ref=OPENED,
            organ=office.pk,
            fields={"request": n},
            texts={"asks": text},
        )
        for n, text in enumerate(texts, 1)
    ]


def accused_parties(intake: Intake, office: Organ, day: date) -> tuple[PartyEntry, ...]:
    """Return the accused side of a matter proposed as an accusation, nobody for any other (access
    model 4.1)."""
    if intake.proposed_class != "accusation":
        return ()
    return accused_side(
        "\n".join((intake.subject, intake.content, *intake.requests)),
        officials=intake.accused_officials,
        organs=intake.accused_organs,
        office=office.pk,
        day=day,
    )
