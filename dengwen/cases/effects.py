"""What acts of every procedure do to who stands how to a case: recusal (R22 28(3), R05 30).

Each function is an effect `(step, facts) -> steps`, named in `config.effects`, run inside the
transaction.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q, QuerySet

from dengwen.access.models import User
from dengwen.cases.errors import CaseError
from dengwen.cases.models import Act, Case, CaseLink, Party
from dengwen.cases.wall.propagation import ABOUT, spread
from dengwen.cases.write.call_context import call_of
from dengwen.cases.write.case_parties import enter_in_role
from dengwen.law.duties.step import Facts, Step
from dengwen.organs.models import Substitute

RECUSED = "recused"


def recusal_decided(step: Step, facts: Facts) -> Sequence[Step]:
    """Shut a recused official out of the case, or let one back in who need not recuse.

    The party of role `recused` is what the wall reads (access model 4.1 point 3). The law says that
    staff with a direct interest recuse, not who decides; that nobody decides on their own recusal
    is a rule of this house. Raises `CaseError` where nobody asked for it, or where the case would
    be left to somebody who may not see it.
    """
    official = _official(step, "official")
    recused = step.fields.get("decision") == "recuse"
    _asked_for(official, facts)
    _not_oneself(official, facts)
    if recused:
        _shut_out(official, facts)
    else:
        _let_in(official, facts)
    substitute = step.fields.get("substitute")
    if isinstance(substitute, int):
        _may_handle(substitute, facts)
    elif recused and _handled_by(official, facts):
        raise CaseError(
            "no-substitute",
            where=facts.case,
            zh="回避的是本件承办人，须同时确定接手人（第二十八条第三款）",
            en="the recused official handles this case, so somebody must take over (R22 28(3))",
            mend_zh="填写决定后的承办人",
            mend_en="name the handler after the decision",
        )
    return ()


def _standing_recusals(official: int) -> QuerySet[Party]:
    return Party.objects.filter(role=RECUSED, official_id=official, until__isnull=True)


def _let_in(official: int, facts: Facts) -> None:
    """End the recusal in the case, and in the cases about it."""
    about = CaseLink.objects.filter(other_id=facts.case_id, kind=ABOUT).values("case")
    in_them = Q(case_id=facts.case_id) | Q(case__in=about)
    _standing_recusals(official).filter(in_them).update(until=facts.day)


def _shut_out(official: int, facts: Facts) -> None:
    """Note the recusal, unless it stands already, in the case and in those about it."""
    if _standing_recusals(official).filter(case_id=facts.case_id).exists():
        return
    enter_in_role(facts, RECUSED, officials=[official])
    case = Case.objects.get(pk=facts.case_id)
    act = Act.objects.get(pk=facts.act_id)
    spread(case, act, facts.recorded_at, call_of(facts).keys)


def handler_named(step: Step, facts: Facts) -> Sequence[Step]:
    """Refuse to give a case to somebody who recused from it or stands in for whoever did (R22
    28(3))."""
    official = step.fields.get("official")
    if isinstance(official, int):
        _may_handle(official, facts)
    return ()


def _official(step: Step, name: str) -> int:
    value = step.fields.get(name)
    return value if isinstance(value, int) else 0


def _handled_by(official: int, facts: Facts) -> bool:
    return Case.objects.filter(pk=facts.case_id, handler_id=official).exists()


def _asked_for(official: int, facts: Facts) -> None:
    asked = Act.objects.filter(case_id=facts.case_id, act="recuse")
    if not any(act.data.get("official") == official for act in asked):
        raise CaseError(
            "not-asked",
            where=facts.case,
            zh="本件没有人申明或者申请此人回避（第二十八条第三款）",
            en="nobody declared or asked for the recusal of this person in this case (R22 28(3))",
            mend_zh="先记载申明或者申请回避",
            mend_en="record the declaration or the request first",
        )


def _not_oneself(official: int, facts: Facts) -> None:
    if (
        facts.actor is not None
        and User.objects.filter(pk=facts.actor, official_id=official).exists()
    ):
        raise CaseError(
            "own-recusal",
            where=facts.case,
            zh="本人不决定自己的回避（第二十八条第三款未写由谁决定，这是系统的把关）",
            en=(
                "nobody decides on their own recusal (R22 28(3) does not say who decides; "
                "this is a rule of the house)"
            ),
            mend_zh="由另一位负责人决定",
            mend_en="let another head decide",
        )


def _may_handle(official: int, facts: Facts) -> None:
    stands_for = (
        Substitute.objects.on(facts.day).filter(substitute_id=official).values("official_id")
    )
    shut_out = Party.objects.filter(case_id=facts.case_id, role=RECUSED, until__isnull=True)
    if (
        shut_out.filter(official_id=official).exists()
        or shut_out.filter(official_id__in=stands_for).exists()
    ):
        raise CaseError(
            "recused-handler",
            where=facts.case,
            zh="此人已回避本件，或者正代行回避人员的职务，不得承办（第二十八条第三款）",
            en=(
                "this person recused from the case, or stands in for somebody who did, and must "
                "not handle it (28(3))"
            ),
            mend_zh="另选承办人",
            mend_en="name somebody else",
        )
