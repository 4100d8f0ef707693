"""The file of accountability as it stood before the act that runs now, and what its effects ask."""

from __future__ import annotations

from collections.abc import Iterable

from dengwen.access.models import User
from dengwen.accountability.measures.decision_door import not_the_subject
from dengwen.accountability.measures.queries import AccountFile, read_file
from dengwen.accountability.measures.refusals import refuse
from dengwen.cases.models import Case
from dengwen.law.duties.step import Facts, Step
from dengwen.organs.models import Organ


def file_before(facts: Facts) -> AccountFile:
    """Return the file without the act that runs now."""
    return read_file(Case.objects.get(pk=facts.case_id), before=facts.act_id)


def place_of(facts: Facts) -> str:
    """Return the place by whose rules the file is judged: its division code."""
    return Case.objects.values_list("place", flat=True).get(pk=facts.case_id)


def words(step: Step, name: str) -> tuple[str, ...]:
    """Return the words a field lists, none where it is not given."""
    value = step.fields.get(name)
    return tuple(str(v) for v in value) if isinstance(value, tuple) else ()


def decider(step: Step) -> int:
    """Return the official named as who decides, 0 where none is."""
    given = step.fields.get("decider")
    return given if isinstance(given, int) else 0


def by_own_hand(step: Step, facts: Facts) -> None:
    """Refuse a decision that is not a person's own: signed in, and the one it names (S 17).

    Neither the worker decides, nor does a decision come as a consequence of another act.
    """
    named = decider(step)
    acting = User.objects.filter(pk=facts.actor or 0, official_id=named)
    if facts.actor is None or not acting.exists():
        raise refuse(
            "nobody-decided",
            "decider",
            (
                "没有人作出决定：须由有管理权限的机关的负责人本人登录决定，系统不作决定",
                (
                    "nobody decided: the head of the organ with authority decides with the own "
                    "sign-in"
                ),
            ),
            ("由载明的人本人登录决定", "let the person named decide with the own sign-in"),
            under="person_decides",
        )
    not_the_subject(file_before(facts), named, facts.day)


def refuse_unknown_organs(codes: Iterable[str], where: str) -> None:
    """Refuse codes of organs that the registry does not have."""
    wanted = set(codes)
    known = Organ.objects.filter(code__in=wanted).values_list("code", flat=True)
    missing = wanted - set(known)
    if missing:
        shown = "、".join(sorted(missing))
        raise refuse(
            "no-organ",
            where,
            (f"登记中没有这些机关、单位：{shown}", f"the registry has no organs {shown}"),
            ("写机关、单位的代码", "give codes of organs"),
        )
