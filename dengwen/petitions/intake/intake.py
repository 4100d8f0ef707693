"""Taking a matter in: one petition, its requests, its people (R22 17–23).

The number comes first, then the content. `register` turns what was handed in into the steps of one
call of the write door. Registration is unconditional: nothing here refuses a matter; what cannot be
accepted is refused later, by an act, on its ground.

Which fields a registration has, the pack says (`section`, `asked_at`); here only those have a name
from which something follows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from dengwen.access.keys.keyring import key_ring
from dengwen.access.keys.receipt_codes import code_digest, new_code, written
from dengwen.cases import rulebooks
from dengwen.cases.files.held_files import Held
from dengwen.cases.write.call_context import stored_organ
from dengwen.cases.write.perform import By, Performed, perform
from dengwen.cases.write.record import place_of_new
from dengwen.law.duties.act_record import civil
from dengwen.law.duties.blank_text import is_blank
from dengwen.law.duties.step import FieldValue, PartyEntry, Step
from dengwen.law.packs.rules import ActRule
from dengwen.law.packs.vocabulary import TEXT_TYPES
from dengwen.organs.models import Organ
from dengwen.petitions.intake.accused import accused_side

KIND, REGISTER = "petition", "register"
OPENED = "intake"
PAPERS = "papers"
"""The field of a registration that names the digests of the files handed in with it."""
SUBJECT, CONTENT = "subject", "content"
"""The text whose first line stands for a missing subject."""
NO_CONTENT = "no_content"
"""The field that says why nothing was handed in but that somebody came or wrote."""
REQUESTS_SAY_IT = "requests"
"""The reason recorded where nothing is written but single requests."""
OUTSIDE_SOURCE, OUTSIDE_NO = "outside_source", "outside_no"


@dataclass(frozen=True, slots=True)
class HandedIn:
    """What was handed in, as the door parsed it: what it says in the fields and texts of
    `register`, by name, and what is no field.

    `proposed_class` is what the petitioner or clerk thinks it is; an accusation closes the wall at
    once.
    """

    said: Mapping[str, FieldValue] = field(default_factory=dict)
    requests: Sequence[str] = ()
    papers: Sequence[Held] = ()
    proposed_class: str = ""
    accused_officials: Sequence[int] = ()
    accused_organs: Sequence[int] = ()

    def text(self, name: str) -> str:
        """Return what it says in a text or code, "" where it says nothing."""
        value = self.said.get(name)
        return value if isinstance(value, str) else ""


def handed_in(
    *,
    requests: Sequence[str] = (),
    papers: Sequence[Held] = (),
    proposed_class: str = "",
    accused_officials: Sequence[int] = (),
    accused_organs: Sequence[int] = (),
    **said: FieldValue | None,
) -> HandedIn:
    """Return what was handed in, its fields and texts by name; one without a value says nothing."""
    given = {name: value for name, value in said.items() if value is not None}
    return HandedIn(given, requests, papers, proposed_class, accused_officials, accused_organs)


def is_empty(handed: HandedIn, rule: ActRule) -> bool:
    """Say whether nothing was handed in: no text or request that can be read, no file."""
    texts = [handed.text(name) for name in content_names(rule)]
    return not handed.papers and all(is_blank(text) for text in (*texts, *handed.requests))


def content_names(rule: ActRule) -> tuple[str, ...]:
    """Return the texts of a registration that say what it is about, as its rule counts them."""
    counted = rule.one_of or tuple(f.name for f in rule.fields if f.data_class == "D3")
    return tuple(name for name in counted if name not in (PAPERS, NO_CONTENT))


@dataclass(frozen=True, slots=True)
class Registered:
    """The number, the query code as printed once, and the acts with their promises."""

    number: str
    code: str
    performed: Performed


def register(
    handed: HandedIn,
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
    steps, code = steps_of(handed, office, now, code)
    papers = [(PAPERS, one) for one in handed.papers]
    performed = perform(
        *steps, *onward, by=by, now=now, uid=uid, papers=papers, organs={office.pk: office}
    )
    return Registered(performed.case, "" if performed.repeated else code, performed)


def register_rule(said: Mapping[str, FieldValue], office: Organ, day: date) -> ActRule:
    """Return the act of registration of the edition that judges it: that of the day, where the
    matter is."""
    book = rulebooks.rules_on(day, place_of_new(said, office))
    return book.kind(KIND).acts[REGISTER]


def steps_of(
    handed: HandedIn, office: Organ, now: datetime, code: str = ""
) -> tuple[tuple[Step, ...], str]:
    """Return the steps that register a matter and its requests, and the query code as printed once.

    For `perform_many`; whoever registers one matter calls `register`.
    """
    code = code or new_code()
    steps = (register_step(handed, office, code, now), *_request_steps(handed, office))
    return steps, written(code)


def register_step(
    handed: HandedIn, office: Organ, code: str, now: datetime, *, asks: bool = False
) -> Step:
    """Return the step that opens the matter at `office`, under the query code as drawn (R22
    21(2)).

    `asks` says that requests follow which `handed` does not name.
    """
    today = civil(now)
    rule = register_rule(handed.said, office, today)
    texts = _texts(handed, rule)
    fields = _fields(handed, rule, office, code, today)
    if handed.papers or any(name in texts for name in content_names(rule)):
        fields.pop(NO_CONTENT, None)
    elif asks or any(not is_blank(text) for text in handed.requests):
        fields[NO_CONTENT] = REQUESTS_SAY_IT
    elif fields.get(NO_CONTENT) == REQUESTS_SAY_IT:  # there are no requests that would say it
        del fields[NO_CONTENT]
    return Step(
        act=REGISTER,
        kind=KIND,
        open_as=OPENED,
        organ=office.pk,
        fields=fields,
        texts=texts,
        parties=accused_parties(handed, office, today),
    )


def _fields(
    handed: HandedIn, rule: ActRule, office: Organ, code: str, today: date
) -> dict[str, FieldValue]:
    """Return the fields of a registration: what was said, and what follows from it."""
    said = {
        name: value
        for name, value in handed.said.items()
        if value is not False and value not in ("", ()) and not _is_text(rule, name)
    }
    fields: dict[str, FieldValue] = {"received_on": today, **said}
    named = not is_blank(handed.text("petitioner"))
    fields |= {
        "office": "petition_office" if office.is_petition_office else "organ",
        "anonymous": not named,
        "address_clear": named and not is_blank(handed.text("address")),
        # The code is checked against the number at look-up, so the digest is over the code alone
        # here.
        "code_digest": code_digest(key_ring(), "", code),
    }
    if number := handed.text(OUTSIDE_NO):
        fields[OUTSIDE_NO] = outside_index(handed.text(OUTSIDE_SOURCE), number)
    if handed.papers:
        fields[PAPERS] = tuple(one.digest for one in handed.papers)
    return fields


def _is_text(rule: ActRule, name: str) -> bool:
    declared = rule.field_rule(name)
    return declared is not None and declared.type in TEXT_TYPES


def _texts(handed: HandedIn, rule: ActRule) -> dict[str, str]:
    """Return the texts of a registration that say something; the first line stands for a missing
    subject."""
    texts: dict[str, str] = {}
    for name, value in handed.said.items():
        if not _is_text(rule, name):
            continue
        if not isinstance(value, str):
            raise TypeError(f"{name} of a registration is a text")
        texts[name] = value
    texts[SUBJECT] = handed.text(SUBJECT) or first_line(handed.text(CONTENT))
    return {name: text for name, text in texts.items() if not is_blank(text)}


def outside_index(source: str, number: str) -> str:
    """Return the keyed digest under which another system's number of the same matter is kept and
    found."""
    return key_ring().digest("index", "outside", source, number.strip())


def first_line(text: str, limit: int = 40) -> str:
    """Return the first line that says something, cut to `limit` characters: a subject for what has
    none."""
    return next((line.strip()[:limit] for line in text.splitlines() if not is_blank(line)), "")


def _request_steps(handed: HandedIn, office: Organ) -> list[Step]:
    """Return the steps that enter the single requests, numbered from one."""
    texts = [t.strip() for t in handed.requests if not is_blank(t)]
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


def accused_parties(handed: HandedIn, office: Organ, day: date) -> tuple[PartyEntry, ...]:
    """Return the accused side of a matter proposed as an accusation, nobody for any other (access
    model 4.1)."""
    if handed.proposed_class != "accusation":
        return ()
    return accused_side(
        "\n".join((handed.text(SUBJECT), handed.text(CONTENT), *handed.requests)),
        officials=handed.accused_officials,
        organs=handed.accused_organs,
        office=office.pk,
        day=day,
    )
