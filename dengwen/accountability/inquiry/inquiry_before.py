"""The inquiry as it stood before the act that runs now, and what its effects ask."""

from __future__ import annotations

from dengwen.access.models import User
from dengwen.accountability.inquiry import rules
from dengwen.accountability.inquiry.queries import Inquiry, read_inquiry
from dengwen.cases import rulebooks
from dengwen.cases.models import Case
from dengwen.law.duties.step import Facts, FieldValue, Step
from dengwen.law.liability.provisions import Liability, in_force


def inquiry_before(facts: Facts) -> Inquiry:
    """Return the inquiry as it stood before the act that runs now."""
    made = read_inquiry(Case.objects.get(pk=facts.case_id))
    earlier = tuple(t for t in made.acts if t.pk != facts.act_id)
    return rules.reread(made, earlier)


def acting_official(facts: Facts) -> int | None:
    """Return the official behind the account that acts, or None."""
    return User.objects.filter(pk=facts.actor or 0).values_list("official_id", flat=True).first()


def investigated(facts: Facts) -> Inquiry:
    """Return the inquiry, once two investigators are named and one of them acts.

    Hearing somebody again after a missed goal is no investigation: staff of the deciding organ does
    it (S 14, 15).
    """
    made = inquiry_before(facts)
    if not heard_again(made, facts):
        rules.two_investigators(made, acting_official(facts))
    return made


def heard_again(made: Inquiry, facts: Facts) -> bool:
    """Say whether the organ that holds a file hears somebody again because a goal was missed (S 14,
    15)."""
    return made.missed is not None and facts.organ == made.holder


def rules_of_day(made: Inquiry) -> Liability:
    """Return the rules by which conduct is judged: those in force on its day at the place of the
    inquiry (S 20)."""
    return in_force(rulebooks.library(), made.day, made.place)


def row_id(value: FieldValue | None) -> int:
    """Return the row id a field names, 0 where it names none."""
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def evidence_given(step: Step) -> tuple[str, ...]:
    """Return the numbers of the evidence board that a step names."""
    value = step.fields.get("evidence", ())
    return tuple(str(v) for v in value) if isinstance(value, tuple) else ()
