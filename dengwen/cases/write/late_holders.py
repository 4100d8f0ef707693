"""Entries of the registry made after their day: who led, had charge or stood in on days that have
passed.

They change who held a duty of the registers on those days. So they need what every late entry
needs: a reason, a paper and a second person; and nobody enters or approves one about themselves.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from django.db.models import Q

from dengwen.access.models import User
from dengwen.cases.duties.first_register import began
from dengwen.cases.models import Case
from dengwen.cases.write.late_check import Entry, window
from dengwen.law.duties import late_entry
from dengwen.law.duties.act_record import Refusal, civil
from dengwen.law.duties.late_entry import Support
from dengwen.law.duties.recurrence import REGISTER
from dengwen.law.duties.step import FieldValue, Step
from dengwen.law.packs.rules import ActRule
from dengwen.organs.kinds import LEADING_GROUP, code_of
from dengwen.organs.models import Appointment, Official, Organ, Portfolio, Post

REGISTRY = "registry"
OF_POSTS, STAND_IN = ("appoint", "relieve"), ("substitute", "end_substitute")
DIVIDE = "divide_work"
HOLDING = frozenset({*OF_POSTS, *STAND_IN, DIVIDE})
"""Acts of the registry that change who holds a post or a field of work."""
PERSONS = ("official", "substitute")
Fields = Mapping[str, FieldValue]


def refusals(entry: Entry, support: Support) -> list[Refusal]:
    """Return what an entry about days that have passed still lacks; empty where it is none."""
    step, rule, now = entry.step, entry.rule, entry.now
    if entry.case.kind != REGISTRY or rule.id not in HOLDING or step.imported:
        return []
    first = _first_day(step, now)
    if not _is_late(step, rule, first, now, window(entry.actor.organ, entry.today, entry.call)):
        return []
    zh = f"“{rule.zh}”自{first}起，改变已经过去的日子由谁承担责任，"
    en = f"“{rule.en}” from {first} changes who held duties on days that have passed; "
    found = late_entry.unsupported_claim(zh, en, rule.basis, support)
    return [*found, own_refusal(rule)] if is_about(rule, step.fields, entry.actor.user) else found


def is_about(rule: ActRule, fields: Fields, user: int | None) -> bool:
    """Say whether an entry is about the person whose account this is: named in it, or in charge of
    the field of work that it gives to somebody else."""
    concerned = _persons(fields)
    if rule.id == DIVIDE:
        concerned |= _in_charge(fields)
    if user is None or not concerned:
        return False
    return User.objects.filter(pk=user, official__in=concerned).exists()


def _in_charge(fields: Fields) -> set[int]:
    """Return who has or had a field of work of an organ in charge."""
    rows = Portfolio.objects.filter(
        organ__in=_organs_named(fields), field=code_of("field", str(fields.get("field", "")))
    )
    return set(rows.values_list("official_id", flat=True))


def _first_day(step: Step, now: datetime) -> date:
    """Return the day from which an entry changes who held what."""
    given = step.fields.get("from")
    if isinstance(given, date) and not isinstance(given, datetime):
        return given
    return civil(step.occurred_at or now)


def _is_late(step: Step, rule: ActRule, first: date, now: datetime, days: int) -> bool:
    """Say whether registers were kept on a day that passed before the entry, in an organ where it
    changes who led or had charge."""
    today = civil(now)
    if first + timedelta(days=days) >= today:
        return False
    until = step.fields.get("to")
    begun = began(now)
    if begun >= today or (isinstance(until, date) and until <= begun):
        return False
    return Case.objects.filter(kind=REGISTER, holder__in=_organs(step.fields, rule)).exists()


def _organs(fields: Fields, rule: ActRule) -> set[int]:
    """Return the organs in which an entry changes who leads or has charge."""
    if rule.id in OF_POSTS:
        return _organ_of_post(fields, rule)
    if rule.id in STAND_IN:
        return _organs_of_absent(fields)
    return _organs_named(fields)


def _organ_of_post(fields: Fields, rule: ActRule) -> set[int]:
    """Return the organ of a leading post; of any post where its holder loses fields of work with
    it."""
    post = Post.objects.filter(_named(fields, "post")).first()
    if post is None:
        return set()
    if post.leading in LEADING_GROUP:
        return {post.organ_id}
    charged = Portfolio.objects.filter(organ=post.organ_id, official__in=_persons(fields))
    return {post.organ_id} if rule.id == "relieve" and charged.exists() else set()


def _organs_of_absent(fields: Fields) -> set[int]:
    """Return the organs in which somebody who is stood in for leads or has charge."""
    absent = Official.objects.filter(_named(fields, "official"))
    led = Appointment.objects.filter(official__in=absent, post__leading__in=LEADING_GROUP)
    charged = Portfolio.objects.filter(official__in=absent)
    found = set(led.values_list("post__organ_id", flat=True))
    found |= set(charged.values_list("organ_id", flat=True))
    if fields.get("organ"):
        found &= _organs_named(fields)
    return found


def _persons(fields: Fields) -> set[int]:
    """Return the officials whom an entry names."""
    given = [name for name in PERSONS if fields.get(name)]
    named = Q(pk__in=())
    for name in given:
        named |= _named(fields, name)
    return set(Official.objects.filter(named).values_list("pk", flat=True)) if given else set()


def _named(fields: Fields, name: str) -> Q:
    """Return the condition on the row that a field names by id or code."""
    value = fields.get(name)
    return Q(pk=value) if isinstance(value, int) else Q(code=str(value or ""))


def _organs_named(fields: Fields) -> set[int]:
    return set(Organ.objects.filter(_named(fields, "organ")).values_list("pk", flat=True))


def own_refusal(rule: ActRule) -> Refusal:
    """Return why nobody enters or approves such an entry about themselves."""
    return Refusal(
        "own-holding",
        f"“{rule.zh}”补录的是本人在已经过去的日子里承担的责任，本人不能录入，也不能同意",
        f"“{rule.en}” is entered afterwards and about yourself: you may neither enter nor "
        "approve it",
        rule.basis,
        "由与此事无关的人录入，由另一人同意",
        "let somebody enter it whom it is not about, and another approve it",
    )
