"""The stage on which two worlds are compared: an office, the people who must learn nothing, and
what holds time still.

Built once per database inside a transaction that is never committed; what a world adds is rolled
back to a savepoint.
"""

from __future__ import annotations

import random
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from unittest import mock

from django.db import connection, transaction
from django.template.base import Template
from django.test.utils import _TestState

from dengwen.access.keys import randomness
from dengwen.access.models import User
from dengwen.access.roles import ROLES
from dengwen.accountability.inquiry.evidence_sources import bound_of
from dengwen.cases.models import Act
from dengwen.cases.write.perform import By, perform
from dengwen.desk.shell.frame import clock as desk_clock
from dengwen.law.duties.step import FieldValue, Step
from dengwen.ledger import event_log
from dengwen.merkle.disclosure import digest
from dengwen.organs.models import Official, Organ
from dengwen.portal import clock as portal_clock
from dengwen.practice.district.founder import Founder, OrganPlan, PersonPlan
from dengwen.practice.district.office import open_office
from tests.world import FOUNDED, World, at

ACCUSED_UNIT, ACCUSED_HEAD, HEAD_CODE = "YJ02", "郑样例", "YJ02-Z"
UNIT_NAME = "云江区住房建设局"
SEALED_ORGAN = "YJ09"
RECUSED_ORGAN, RECUSED_CODE = "YJ04", "YJ04-recused"
NOW = at("2025-03-21", 15)
PASSWORD = "示例口令-only-for-tests-1"
GRANTED = tuple(code for code, role in ROLES.items() if role.grantable)


@dataclass(frozen=True)
class Actor:
    """Somebody who looks: an account (none for the public), the organ sat down for, and the
    language."""

    name: str
    username: str = ""
    organ: str = ""
    language: str = "zh-hans"


@dataclass
class Stage:
    """The founded office with everybody who looks."""

    world: World
    actors: list[Actor] = field(default_factory=list)
    inspection: str = ""
    lead: str = ""
    inquiry: str = ""
    decision: str = ""
    notice: str = ""
    opinion: str = ""

    @property
    def users(self) -> dict[str, User]:
        """Accounts by user name."""
        return self.world.office.users

    def organ(self, code: str) -> int:
        """Return the row id of an organ."""
        return self.world.organ(code)


def build() -> Stage:
    """Found the office and its people. Needs a data folder with keys and an open transaction."""
    world = World(open_office(FOUNDED, None))  # an office of its own: people are added to it
    founder = Founder(FOUNDED, "wall")
    world.office.organs["YJ02A"] = founder.found(
        OrganPlan(
            "YJ02A",
            "云江区房屋安全示例中心",
            "Example Housing Centre",
            "direct_institution",
            "county",
            territorial=ACCUSED_UNIT,
        )
    )
    stage = Stage(world)
    _accused_unit(stage, founder)
    _moved(stage, founder)
    _recused(stage, founder)
    _others(stage)
    stage.inspection = _inspection(stage)
    stage.lead = _lead(stage)
    stage.inquiry = _inquiry(stage)
    for username in ("unit-R3", "handler", "head"):
        stage.users[username].set_password(PASSWORD)
        stage.users[username].save(update_fields=["password"])
    return stage


def _inspection(stage: Stage) -> str:
    """Plan an inspection of the accused unit, as far as a deposited secret, and return its
    number."""
    world = stage.world
    given: dict[str, Any] = {
        "to": world.organ(ACCUSED_UNIT),
        "type": "special",
        "texts": {"subject": "示例督查"},
    }
    number = world.act("supervisor", "plan", kind="inspection", on="2025-03-03", **given).case
    world.act("supervisor", "ask_deposit", number, on="2025-03-03", depositor=world.organ("YJ04"))
    world.act(
        "handler3",
        "deposit",
        number,
        on="2025-03-03",
        secret_digest=sha256(bytes(range(32))).hexdigest(),
    )
    return number


def _lead(stage: Stage) -> str:
    """Raise a lead about the accused unit and its head, with nothing it rests on, and return its
    number."""
    given: dict[str, Any] = {
        "finder": "person",
        "unit": stage.organ(ACCUSED_UNIT),
        "situations": ("S.11.2",),
        "strength": "acts",
        "day_of_conduct": date(2025, 3, 3),
        "texts": {"facts": "示例", "innocent": "示例"},
    }
    return stage.world.act("supervisor", "raise_lead", kind="lead", on="2025-03-03", **given).case


def _inquiry(stage: Stage) -> str:
    """Open an inquiry about a member of the accused unit, who was told the facts, and return its
    number."""
    world, day = stage.world, "2025-03-04"
    given: dict[str, Any] = {"unit": world.organ(ACCUSED_UNIT), "situations": ("S.11.2",)}
    people = {code: Official.objects.get(code=code).pk for code in ("YJ02-L", "YJ01-Z", "YJ01-S")}
    given |= {"official": people["YJ02-L"], "day_of_conduct": date(2025, 3, 3)}
    number = world.act("supervisor", "open_inquiry", kind="inquiry", on=day, **given).case
    for code in ("YJ01-Z", "YJ01-S"):
        world.act(
            "supervisor",
            "name_investigator",
            number,
            on=day,
            official=people[code],
            declared="none",
        )
    bound = bound_of(world.case(stage.inspection), 1)
    pinned: dict[str, Any] = {
        "source": stage.inspection,
        "place": 1,
        "bound": bound,
        "disclose": "open",
    }
    world.act(
        "supervisor", "pin_evidence", number, on=day, texts={"shows": "列入督查计划"}, **pinned
    )
    words = {"facts": "示例：到期没有办理", "grounds": "细则第十一条"}
    told: dict[str, Any] = {"official": people["YJ02-L"], "answer_by": date(2025, 4, 30)}
    world.act("supervisor", "tell_person", number, on=day, texts=words, **told)
    return number


def _join(
    stage: Stage,
    founder: Founder,
    username: str,
    roles: tuple[str, ...],
    organ: str,
    compartment: str = "",
    code: str = "",
) -> None:
    person = PersonPlan(code, username, "staff", "", username, roles, compartment)
    users, office = stage.users, stage.world.office
    if username not in users:
        fields: dict[str, FieldValue] = {
            "username": username,
            **({"official": code} if code else {}),
        }
        number = founder._do(Step(act="open_account", kind="account", fields=fields))
        users[username] = User.objects.get(username=username)
        founder.cases = {**getattr(founder, "cases", {}), users[username].pk: number}
        office.people[username] = (person, organ)
    founder.grant(
        users[username],
        roles,
        organ,
        by=users["security"],
        approver=users["auditor"],
        compartment=compartment,
    )


def _accused_unit(stage: Stage, founder: Founder) -> None:
    """Every role in the accused unit, cleared people there, and somebody of the unit below it."""
    for role in GRANTED:
        _join(stage, founder, f"unit-{role}", (role,), ACCUSED_UNIT)
        stage.actors.append(Actor(f"accused unit, {role}", f"unit-{role}"))
    for role in ("R5", "R11"):
        _join(stage, founder, f"unit-cleared-{role}", (role,), ACCUSED_UNIT, "accuse")
        stage.actors.append(Actor(f"accused unit, cleared {role}", f"unit-cleared-{role}"))
    _join(stage, founder, "below", ("R6", "R5"), "YJ02A", "accuse")
    stage.actors += [
        Actor("unit below, cleared", "below"),
        Actor("handler of the unit", "handler"),
        Actor("handler of the unit, English", "handler", language="en"),
        Actor("checker of the unit", "checker"),
    ]


def _moved(stage: Stage, founder: Founder) -> None:
    """The accused himself in two posts, a former member now cleared elsewhere, and who stands in
    for the accused."""
    head = stage.users["head"]
    founder.cases = {**getattr(founder, "cases", {}), head.pk: _account_case(head)}
    _join(stage, founder, "head", ("R11",), SEALED_ORGAN, "accuse")
    _join(stage, founder, "head", ("R4", "R9"), "YJ01", "accuse")
    stage.actors += [
        Actor("accused person at the own unit", "head", ACCUSED_UNIT),
        Actor("accused person, cleared post elsewhere", "head", SEALED_ORGAN),
        Actor("accused person, supervisor elsewhere", "head", "YJ01"),
        Actor("accused person before choosing a post", "head"),
    ]
    for name, title in (("former", "曾示例"), ("delegate", "戴样本")):
        _official(founder, f"{SEALED_ORGAN}-{name}", title, SEALED_ORGAN)
        _join(stage, founder, name, ("R11",), SEALED_ORGAN, "accuse", f"{SEALED_ORGAN}-{name}")
    post = f"{ACCUSED_UNIT}-former"
    _registry(
        founder,
        ACCUSED_UNIT,
        Step(
            act="found_post",
            fields={
                "organ": ACCUSED_UNIT,
                "code": post,
                "leading": "staff",
                "from": FOUNDED.date(),
            },
            texts={"title_zh": "科员"},
        ),
        Step(
            act="appoint",
            fields={"official": f"{SEALED_ORGAN}-former", "post": post, "from": FOUNDED.date()},
        ),
    )
    away: dict[str, FieldValue] = {
        "official": f"{SEALED_ORGAN}-former",
        "post": post,
        "from": at("2021-06-01").date(),
    }
    _registry(founder, ACCUSED_UNIT, Step(act="relieve", fields=away), now=at("2021-06-01"))
    since = at("2025-01-06").date()
    stand_in: dict[str, FieldValue] = {
        "official": HEAD_CODE,
        "substitute": f"{SEALED_ORGAN}-delegate",
        "reason": "away",
        "from": since,
    }
    _registry(founder, ACCUSED_UNIT, Step(act="substitute", fields=stand_in), now=at("2025-01-06"))
    stage.actors += [
        Actor("former member, cleared elsewhere", "former"),
        Actor("delegate of the accused, cleared", "delegate"),
    ]


def _recused(stage: Stage, founder: Founder) -> None:
    """Somebody of a third bureau who recused from a case there and may not see it, and who
    stands in for him."""
    for name, title in (("recused", "邵示例"), ("stand-in", "汤样本")):
        _official(founder, f"{RECUSED_ORGAN}-{name}", title, RECUSED_ORGAN)
        _join(
            stage,
            founder,
            name,
            ("R3", "R4", "R5", "R6"),
            RECUSED_ORGAN,
            "",
            f"{RECUSED_ORGAN}-{name}",
        )
    away: dict[str, FieldValue] = {
        "official": RECUSED_CODE,
        "substitute": f"{RECUSED_ORGAN}-stand-in",
        "reason": "recusal",
        "from": at("2025-01-06").date(),
    }
    _registry(founder, RECUSED_ORGAN, Step(act="substitute", fields=away), now=at("2025-01-06"))
    stage.actors += [
        Actor("recused official", "recused"),
        Actor("who stands in for the recused", "stand-in"),
    ]


def _others(stage: Stage) -> None:
    """Petition office without the compartment, other organs, administrators, the public."""
    names = {
        "clerk": "petition office clerk",
        "router": "petition office router",
        "supervisor": "petition office supervisor",
        "handler2": "another bureau's handler",
        "head2": "another bureau's head",
        "reviewer": "reviewer above",
        "review-head": "head of the reviewing bureau",
        "review-head2": "head of the government",
        "rechecker": "rechecker of the city",
        "admin": "system administrator",
        "security": "security administrator",
        "auditor": "audit administrator",
        "organiser": "organisation department",
        "personnel": "personnel department",
        "committee": "Party committee, cleared for accountability",
        "sanction-officer": "supervisory organ, cleared for accountability",
        "sanction-head": "head of the supervisory organ, cleared for accountability",
    }
    stage.actors += [Actor(words, username) for username, words in names.items()]
    stage.actors += [Actor("the public"), Actor("the public, English", language="en")]


def _account_case(user: User) -> str:
    grant = user.grants.order_by("pk").first()
    assert grant is not None
    return Act.objects.select_related("case").get(pk=grant.act).case.number


def _official(founder: Founder, code: str, name: str, organ: str) -> None:
    for step in founder._appointment(organ, PersonPlan(code, name, "staff", "科员", "", ())):
        _registry(founder, organ, step)


def _registry(founder: Founder, organ: str, *steps: Step, now: datetime | None = None) -> None:
    number = Organ.objects.get(code=organ).registry_case
    for step in steps:
        founder.count += 1
        one = Step(act=step.act, case=number, fields=step.fields, texts=step.texts)
        perform(
            one,
            by=By(None, None, frozenset({"registrar"})),
            now=now or FOUNDED,
            uid=f"wall/registry/{founder.count}",
        )


# --- holding still --------------------------------------------------------------------------------
@contextmanager
def drawn(label: str) -> Iterator[None]:
    """Draw all randomness inside the block from a seed of its own, so that nothing drawn
    elsewhere can shift it."""
    with randomness.drawn_from(random.Random(label).randbytes):
        yield


def _choice(sequence: Any) -> Any:
    return sequence[int.from_bytes(randomness.token_bytes(4), "big") % len(sequence)]


def _token_bytes(count: int | None = None) -> bytes:
    return randomness.token_bytes(count or 32)


def _hidden_digest(disclosure: str) -> bytes:
    """The ideal commitment in the place of SHA-256(salt, name, value): it depends on the salt
    alone.

    What an unopened disclosure says cannot be had from its digest (32 bytes of salt); a real digest
    would differ
    between worlds all the same. Whatever a page or receipt *opens* is compared byte by byte.
    """
    return digest(disclosure[:56])


@contextmanager
def held_still() -> Iterator[None]:
    """One instant for the doors and for the expiry of cookies; seeded randomness; ideal
    commitments."""
    with (
        mock.patch.object(desk_clock, "now", return_value=NOW),
        mock.patch.object(portal_clock, "now", return_value=NOW),
        mock.patch.object(time, "time", return_value=NOW.timestamp()),
        mock.patch.object(secrets, "choice", _choice),
        mock.patch.object(secrets, "token_bytes", _token_bytes),
        mock.patch.object(event_log, "digest", _hidden_digest),
        # Templates render as in an office: the test runner would copy the context of every part of
        # every page.
        mock.patch.object(Template, "_render", _TestState.saved_data.template_render),  # type: ignore[attr-defined]
    ):
        yield


@contextmanager
def undone() -> Iterator[None]:
    """Do something and take it back: a savepoint that is always rolled back."""
    point = transaction.savepoint()
    try:
        yield
    finally:
        connection.needs_rollback = False
        transaction.savepoint_rollback(point)
        transaction.savepoint_commit(point)


@contextmanager
def swept(folder: Path) -> Iterator[None]:
    """Remove the files that were put into a folder meanwhile: a savepoint does not take them
    back."""
    before = set(folder.rglob("*"))
    try:
        yield
    finally:
        for path in set(folder.rglob("*")) - before:
            if path.is_file():
                path.unlink()


class Counted:
    """Counts the statements sent to the database, savepoints included; nothing is kept of them."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        """Count one statement and send it."""
        self.count += 1
        return execute(sql, params, many, context)
