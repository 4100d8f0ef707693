"""What acts of schemes set in motion, and what is said against them; named in `config.effects`.

The packs say who may act in which state. Asked here is whether a scheme is one, whether it was
tried and everybody heard, whether it rewards turning people away, and over which days it is in
force.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from dengwen.assessment.act_checks import check_sealed, days_of, invite, refusal
from dengwen.assessment.frozen import manifest
from dengwen.assessment.frozen.freeze import Run
from dengwen.assessment.inputs import SCHEME, drafted
from dengwen.assessment.interim_figures import trial
from dengwen.cases.models import Act, Case
from dengwen.law.duties.step import Facts, Step
from dengwen.law.errors import PackError
from dengwen.law.indicators.lint import REFUSE, lint
from dengwen.organs.models import Organ
from dengwen.oversight.statistics import newest_position


def scheme_drafted(step: Step, facts: Facts) -> Sequence[Step]:
    """Refuse a text that is no scheme, or whose digest is not the one given."""
    try:
        scheme = manifest.scheme_of(step.texts.get("body", ""))
    except (PackError, ValueError, TypeError, AttributeError) as error:
        words = (f"方案读不出：{error}", f"the scheme cannot be read: {error}")
        mend = ("用 dengwen 认得的方案文件", "use a scheme file as documented")
        raise refusal("no-scheme", facts.case, words, mend) from error
    if (scheme.id, scheme.digest) != (step.fields.get("scheme"), step.fields.get("digest")):
        words = ("编号或者摘要不是这个方案的", "id or digest is not that of this scheme")
        mend = (f"摘要 {scheme.digest}", f"the digest is {scheme.digest}")
        raise refusal("other-scheme", facts.case, words, mend)
    return ()


def asked(step: Step, facts: Facts) -> Sequence[Step]:
    """Let the organs consulted read the scheme."""
    organs = step.fields.get("organs")
    invite(facts, organs if isinstance(organs, tuple) else ())
    return ()


def tried(step: Step, facts: Facts) -> Sequence[Step]:
    """Refuse a trial whose scores are not those the newest draft gives over these days at this
    ledger position.

    They are computed here again; where the page has just shown them, they are read from what it
    kept.
    """
    check_sealed(step, facts)
    first, last = days_of(step, facts)
    draft = drafted(Case.objects.get(pk=facts.case_id))
    position = step.fields.get("position")
    if not isinstance(position, int):
        raise TypeError(position)
    made = trial(Run(draft.body, first, last, position)).manifest
    scores = made["scores_sha256"]
    if not made["population"] and position != newest_position():
        words = (
            f"存证第 {position} 位还没有事实，试算是空的",
            f"at ledger position {position} there is no fact: an empty trial",
        )
        mend = ("用最新检查点的位置", "use the position of the newest checkpoint")
        raise refusal("empty", facts.case, words, mend)
    if step.fields.get("scores") != scores:
        words = (
            "这不是现在的草案在这段期间、这个存证位的试算结果",
            "this is not what the newest draft gives over these days at this ledger position",
        )
        mend = (
            f"在“比较两个方案”上试算，结果自动带入（{scores}）",
            f"try it on the page that compares two schemes: it fills in the digest ({scores})",
        )
        raise refusal("not-tried", facts.case, words, mend)
    return ()


def scheme_approved(step: Step, facts: Facts) -> Sequence[Step]:
    """Refuse an approval of a text that is not the newest draft, was not tried or rewards turning
    people away.

    And one before the organs asked could answer, and by a body that the approving organ is not.
    """
    acts = _acts_before(facts)
    _check_heard(acts, facts)
    _check_tried(acts, facts)
    _check_competent(step, facts)
    draft = drafted(Case.objects.get(pk=facts.case_id))
    if draft.digest != step.fields.get("digest"):
        words = ("审定的不是最后的草案", "what is approved is not the last draft")
        mend = (f"草案的摘要 {draft.digest}", f"the draft has the digest {draft.digest}")
        raise refusal("other-scheme", facts.case, words, mend)
    fit_for_approval(draft.body, facts.case)
    return ()


def _acts_before(facts: Facts) -> list[Act]:
    """Return the acts of the case before the one that is checked, in order."""
    acts = Act.objects.filter(case_id=facts.case_id).exclude(pk=facts.act_id)
    return list(acts.order_by("seq"))


def _last_of(acts: Sequence[Act], name: str) -> int | None:
    """Return the place of the last act of a name, None where there is none."""
    for place in reversed(range(len(acts))):
        if acts[place].act == name:
            return place
    return None


def _check_heard(acts: Sequence[Act], facts: Facts) -> None:
    """Refuse before the day for comments has passed, or all organs asked have commented."""
    place = _last_of(acts, "consult")
    if place is None:
        return
    consultation = acts[place].data
    until = consultation["answer_by"]
    if facts.day > date.fromisoformat(until):
        return
    heard = {act.organ_id for act in acts[place:] if act.act == "comment"}
    silent = set(consultation["organs"]) - heard
    if silent:
        words = (
            f"征求意见到 {until} 为止，还有 {len(silent)} 个机关、单位没有提出意见",
            f"organs may comment until {until}, and {len(silent)} of them have not",
        )
        mend = (
            "等期满，或者等全部机关、单位提出意见（没有意见也可以写明）",
            "wait for the end, or for a comment of every organ",
        )
        raise refusal("still-asked", facts.case, words, mend)


def _check_tried(acts: Sequence[Act], facts: Facts) -> None:
    """Refuse where the newest draft was not tried since; ValueError where there is no draft."""
    draft = _last_of(acts, "draft")
    if draft is None:
        raise ValueError("no draft")
    if not any(act.act == "dry_run" for act in acts[draft:]):
        words = (
            "最后的草案没有试算过：试算的是改动以前的",
            "the newest draft was not tried: what was tried came before it",
        )
        mend = ("用最后的草案再试算一次", "try the newest draft")
        raise refusal("not-tried", facts.case, words, mend)


APPROVES = {"party_committee": "committee", "government": "government"}
"""What a kind of organ approves as; every other one by its leading body."""
BODIES = {"committee": "党委", "government": "政府", "leading_body": "本机关、单位领导班子"}
"""The bodies that approve, in words."""


def approves_as(kind: str) -> str:
    """Return as which body an organ of a kind approves a scheme."""
    return APPROVES.get(kind, "leading_body")


def _check_competent(step: Step, facts: Facts) -> None:
    """Refuse an approval in the name of a body that the organ is not."""
    kinds = Organ.objects.values_list("kind", flat=True)
    kind = kinds.filter(pk=facts.organ or 0).first() or ""
    fits, named = approves_as(kind), step.fields.get("body")
    if named != fits:
        words = (
            f"审定的机关不是所写的“{BODIES.get(str(named), '')}”",
            f"the organ that approves is not what is said ({named})",
        )
        mend = (f"写“{BODIES[fits]}”", f"say {fits}")
        raise refusal("other-body", facts.case, words, mend)


def fit_for_approval(body: str, where: str) -> None:
    """Refuse a scheme with an indicator the lint refuses (fewer registrations, fewer visits,
    volume …): S 10."""
    found = [f for f in lint(manifest.scheme_of(body)) if f.grade == REFUSE]
    if found:
        words = (
            "；".join(f"{f.entry}：{f.zh}" for f in found),
            "; ".join(f"{f.entry}: {f.en}" for f in found),
        )
        mend = ("；".join(f.mend_zh for f in found), "; ".join(f.mend_en for f in found))
        raise refusal("perverse", where, words, mend)


def scheme_in_force(step: Step, facts: Facts) -> Sequence[Step]:
    """Refuse days in the wrong order, days that are over, and days on which another scheme of the
    organ is in force.

    A period that began before the approval is no mistake: what is assessed under it says so
    (`inputs.is_retroactive`).
    """
    first, last = days_of(step, facts)
    if last < facts.day:
        words = (
            f"适用期间到 {last} 为止，已经过去：没有人能照它办事",
            f"the period ends on {last} and is over: nobody could go by it",
        )
        mend = (
            "期间的末日不早于施行之日；早于审定的那一段，考核时标明事后审定",
            "let it end on or after that day; what lies before the approval is marked",
        )
        raise refusal("over", facts.case, words, mend)
    in_force = Case.objects.filter(kind=SCHEME, state="in_force", holder_id=facts.organ)
    for other in in_force.exclude(pk=facts.case_id):
        scheme = drafted(other)
        if scheme.meets(first, last):
            words = (
                f"{scheme.first} 至 {scheme.last} 已施行方案 {other.number}",
                f"scheme {other.number} is in force {scheme.first} to {scheme.last}",
            )
            mend = ("换期间，或者先停止那一个", "choose other days, or end that one first")
            raise refusal("overlap", facts.case, words, mend)
    return ()
