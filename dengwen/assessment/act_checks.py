"""What acts of schemes and of assessments are asked alike: days in order, a sealed position; and
who may read the case from then on."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from dengwen.assessment.errors import AssessmentError
from dengwen.cases.models import Party
from dengwen.cases.write.case_parties import enter_in_role
from dengwen.law.duties.step import Facts, Step
from dengwen.ledger.models import Checkpoint

STANDING = "assisting_organ"
"""How the organs asked, assessed or informed stand to the case: they may read it."""


def refusal(
    code: str, where: str, words: tuple[str, str], mend: tuple[str, str]
) -> AssessmentError:
    """Return a refusal that cites the article on assessment (S 10); words and mend are given in
    Chinese and English."""
    zh, en = words
    mend_zh, mend_en = mend
    return AssessmentError(
        code,
        where=where,
        zh=f"{zh}（S 10）",
        en=f"{en} (S 10)",
        mend_zh=mend_zh,
        mend_en=mend_en,
    )


def invite(facts: Facts, organs: Iterable[object]) -> None:
    """Let organs read the case from now on, each entered once."""
    parties = Party.objects.filter(case_id=facts.case_id, role=STANDING)
    known = set(parties.values_list("organ_id", flat=True))
    wanted = {organ for organ in organs if isinstance(organ, int)}
    enter_in_role(facts, STANDING, organs=wanted - known)


def days_of(step: Step, facts: Facts) -> tuple[date, date]:
    """Return the first and the last day a step names; refuse days in the wrong order."""
    first, last = step.fields.get("first"), step.fields.get("last")
    if not isinstance(first, date) or not isinstance(last, date) or last < first:
        words = ("末日在首日之前", "the last day is before the first")
        raise refusal("days", facts.case, words, ("改正日期", "mend the days"))
    return first, last


def check_sealed(step: Step, facts: Facts) -> None:
    """Refuse a ledger position at which no checkpoint was signed."""
    position = step.fields.get("position")
    if isinstance(position, int) and Checkpoint.objects.filter(size=position).exists():
        return
    words = (
        f"存证第 {position} 位没有签名的检查点",
        f"no checkpoint was signed at ledger position {position}",
    )
    mend = ("用最新检查点的位置", "use the position of the newest checkpoint")
    raise refusal("no-checkpoint", facts.case, words, mend)
