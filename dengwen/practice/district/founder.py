"""Founding an office: organs, posts, people, accounts and roles, each by an act of the write door.

Used for the practice office and for tests; a real office does the same through its registry pages
and CSV.
The district, its organs and its people are invented.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.contrib.auth.hashers import make_password

from dengwen.access.models import User
from dengwen.cases.write.perform import By, perform
from dengwen.cases.write.proposal_doors import approve, digest_of_proposal, propose
from dengwen.law.duties.step import FieldValue, Step
from dengwen.organs.lists.import_tray import StagedDivision, stage
from dengwen.organs.models import Organ

REGISTRAR = frozenset({"registrar"})
AUDITOR = frozenset({"auditor"})
SINCE = "from"


@dataclass(frozen=True, slots=True)
class PersonPlan:
    """Somebody to appoint: staff code, name, rank of the post, title, account name and roles."""

    code: str
    name: str
    rank: str
    title: str
    username: str
    roles: tuple[str, ...]
    compartment: str = ""


@dataclass(frozen=True, slots=True)
class OrganPlan:
    """An organ to found with its people and what it may decide."""

    code: str
    name: str
    english: str
    kind: str
    level: str
    petition_office: bool = False
    joint_conference: bool = False
    territorial: str = ""
    vertical: str = ""
    division: str = ""
    categories: tuple[str, ...] = ()
    superiors: tuple[tuple[str, str, str], ...] = ()
    people: tuple[PersonPlan, ...] = field(default_factory=tuple)


class Founder:
    """Founds organs and people, one call of the write door per organ or person."""

    def __init__(self, now: datetime, prefix: str) -> None:
        self.now, self.prefix, self.count = now, prefix, 0
        self.registry: dict[str, str] = {}
        self.hashes: dict[str, str] = {}

    def _do(self, *steps: Step, user: int | None = None) -> str:
        """Do steps in one call and return the number of their case."""
        self.count += 1
        by = By(user, None, REGISTRAR)
        return perform(*steps, by=by, now=self.now, uid=f"{self.prefix}/{self.count}").case

    def found(self, plan: OrganPlan) -> Organ:
        """Register an organ with its competence, superiors, posts and people; returns its row."""
        day = self.now.date()
        steps = [_founding(plan, day), *_competence(plan, day), *_superiors(plan, day)]
        for person in plan.people:
            steps += self._appointment(plan.code, person)
        self.registry[plan.code] = self._do(*steps)
        return Organ.objects.get(code=plan.code)

    def put_under(
        self, organ: str, *, posts: Sequence[tuple[str, str]], manager: str, basis: str
    ) -> None:
        """Register management authority: over the organ itself, and over each post by the organ
        named with it."""
        fields: dict[str, FieldValue] = {"basis": basis, SINCE: self.now.date()}
        steps = [
            Step(
                act="set_management",
                case=self.registry[organ],
                fields={**fields, "post": post, "manager": by},
            )
            for post, by in posts
        ]
        if organ != manager:
            of_organ: dict[str, FieldValue] = {**fields, "organ": organ, "manager": manager}
            steps.append(Step(act="set_management", case=self.registry[organ], fields=of_organ))
        self._do(*steps)

    def divide(self, organ: str, divisions: Sequence[StagedDivision], seat: str) -> None:
        """Enter divisions in the registry case of an organ founded before, and seat that organ
        in one of them."""
        number = self.registry[organ]
        fields: dict[str, FieldValue] = {"digest": stage(divisions), "count": len(divisions)}
        place: dict[str, FieldValue] = {"organ": organ, "division": seat, SINCE: self.now.date()}
        self._do(
            Step(act="import_divisions", case=number, fields=fields),
            Step(act="place", case=number, fields=place),
        )

    def _appointment(self, organ: str, person: PersonPlan) -> list[Step]:
        """Return the steps that enter a person, found their post and appoint them to it."""
        day, post = self.now.date(), f"{organ}-{person.code}"
        return [
            Step(
                act="enter_official",
                ref="organ",
                fields={"code": person.code, SINCE: day},
                texts={"name": person.name},
            ),
            Step(
                act="found_post",
                ref="organ",
                fields={"organ": organ, "code": post, "leading": person.rank, SINCE: day},
                texts={"title_zh": person.title},
            ),
            Step(
                act="appoint",
                ref="organ",
                fields={"official": person.code, "post": post, SINCE: day},
            ),
        ]

    def account(self, person: PersonPlan, password: str | None = None) -> User:
        """Open the account of a person; roles come with `grant`, a password only for practice."""
        number = self._do(
            Step(
                act="open_account",
                kind="account",
                fields={"username": person.username, "official": person.code},
            )
        )
        user = User.objects.get(username=person.username)
        if password is not None:
            user.password = self._hash(password)
            user.save(update_fields=["password"])
        self.cases = {**getattr(self, "cases", {}), user.pk: number}
        return user

    def _hash(self, password: str) -> str:
        """Hash a password once: all practice accounts have the same, which the demo prints, and
        Argon2 is dear."""
        if password not in self.hashes:
            self.hashes[password] = make_password(password)
        return self.hashes[password]

    def grant(
        self,
        user: User,
        roles: Sequence[str],
        organ: str,
        *,
        by: User | None,
        approver: User | None,
        compartment: str = "",
    ) -> None:
        """Grant roles in an organ, decided by one administrator and approved by another."""
        for role in roles:
            fields: dict[str, FieldValue] = {"user": user.pk, "role": role, SINCE: self.now.date()}
            if organ:
                fields["organ"] = organ
            if compartment:
                fields["compartment"] = compartment
            step = Step(act="grant_role", case=self.cases[user.pk], fields=fields)
            if by is not None and approver is not None:
                self._do_by_two(step, by, approver)
            else:
                self._do(step, user=by.pk if by else None)

    def _do_by_two(self, step: Step, proposer: User, approver: User) -> None:
        """Put a step before a second person, who approves it from the own account."""
        self.count += 1
        uid = f"{self.prefix}/{self.count}"
        by = By(proposer.pk, None, REGISTRAR)
        waits = propose(step, by=by, now=self.now, uid=uid).acts[0].act_id
        second = By(approver.pk, None, AUDITOR)
        seen = digest_of_proposal(waits)
        approve(step.case, waits, seen, by=second, now=self.now, uid=f"{uid}/second")


def _founding(plan: OrganPlan, day: date) -> Step:
    """Return the founding of an organ under what stands above it."""
    fields: dict[str, FieldValue] = {
        "code": plan.code,
        "kind": plan.kind,
        "level": plan.level,
        "petition_office": plan.petition_office,
        "joint_conference": plan.joint_conference,
        SINCE: day,
    }
    above = {
        "territorial_parent": plan.territorial,
        "vertical_parent": plan.vertical,
        "division": plan.division,
    }
    fields |= {name: value for name, value in above.items() if value}
    return Step(
        act="found_organ",
        kind="registry",
        open_as="organ",
        fields=fields,
        texts={"name_zh": plan.name, "name_en": plan.english},
    )


def _competence(plan: OrganPlan, day: date) -> list[Step]:
    """Return a step for each category of matters an organ may decide."""
    return [
        Step(
            act="set_competence",
            ref="organ",
            fields={"organ": plan.code, "category": category, SINCE: day},
        )
        for category in plan.categories
    ]


def _superiors(plan: OrganPlan, day: date) -> list[Step]:
    """Return a step for each superior of an organ, with the purpose it is one for."""
    steps: list[Step] = []
    for purpose, superior, basis in plan.superiors:
        fields: dict[str, FieldValue] = {
            "organ": plan.code,
            "purpose": purpose,
            "superior": superior,
            "basis": basis,
            SINCE: day,
        }
        steps.append(Step(act="set_superior", ref="organ", fields=fields))
    return steps
