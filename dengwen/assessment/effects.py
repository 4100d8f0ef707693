"""What acts of assessments set in motion, and what is said against them; named in `config.effects`.

The packs say who may act in which state. Asked here is whether the second person is another one
than the first, whether a fact, an indicator or an objection is one of this assessment, and whether
a digest is that of what was frozen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dengwen.assessment.act_checks import check_sealed, days_of, invite, refusal
from dengwen.assessment.frozen import manifest
from dengwen.assessment.frozen.freeze import Run, as_rows, home, in_order
from dengwen.assessment.frozen.frozen_tables import Fact
from dengwen.assessment.inputs import (
    SCHEME,
    UPHELD,
    Assessment,
    Objected,
    Proposed,
    approved_on,
    assessment_of,
    drafted,
    is_retroactive,
    run_of,
)
from dengwen.assessment.interim_figures import fact_named, outcomes_open_to, position_of
from dengwen.cases.models import Act, Case
from dengwen.cases.write.right_notices import tell_of_right
from dengwen.law.duties.step import Facts, Step
from dengwen.oversight.statistics import newest_position


def opened(step: Step, facts: Facts) -> Sequence[Step]:
    """Refuse a scheme that is not in force over the whole period."""
    first, last = days_of(step, facts)
    number = str(step.fields.get("scheme", ""))
    case = Case.objects.filter(number=number, kind=SCHEME, state="in_force").first()
    scheme = drafted(case) if case is not None else None
    if (
        scheme is None
        or scheme.digest != step.fields.get("digest")
        or not scheme.covers(first, last)
    ):
        words = (
            f"方案 {number} 没有在整个考核期内施行，或者摘要不符",
            f"scheme {number} is not in force over the whole period, or has another digest",
        )
        mend = ("用在整个考核期内施行的方案", "use a scheme in force over the whole period")
        raise refusal("not-in-force", facts.case, words, mend)
    return ()


def exclusion_proposed(step: Step, facts: Facts) -> Sequence[Step]:
    """Refuse a number used before, a fact that is none of this assessment's, an indicator its
    scheme has not."""
    _new(step, facts, "exclude", "number")
    run = _run(facts)
    _fact(run, step, facts)
    _indicator(run, step, facts)
    return ()


def _new(step: Step, facts: Facts, act: str, name: str) -> None:
    """Refuse a number that an act of this name has used before."""
    value = step.fields.get(name)
    used = (
        Act.objects.filter(case_id=facts.case_id, act=act)
        .exclude(pk=facts.act_id)
        .values_list("data", flat=True)
    )
    if any(data.get(name) == value for data in used):
        words = (f"第 {value} 项已经有了", f"number {value} was used before")
        raise refusal("twice", facts.case, words, ("用下一个号", "take the next number"))


def _before(facts: Facts) -> Assessment:
    """Return the assessment as it stood before the act."""
    return assessment_of(Case.objects.get(pk=facts.case_id), facts.act_id)


def _run(facts: Facts) -> Run:
    """Return what would be frozen of the assessment as it stood before the act."""
    one = _before(facts)
    return run_of(one, position_of(one, newest_position()))


def _fact(run: Run, step: Step, facts: Facts) -> Fact:
    """Return the fact a step names; refuse one that is none of this assessment."""
    name = step.fields.get("fact")
    found = fact_named(run, name) if isinstance(name, int) else None
    if found is None:
        words = (
            f"这次考核没有编号为 {name} 的事实",
            f"no fact of this assessment has the number {name}",
        )
        mend = (
            "从机关的页面上打开这项事实，编号自动带入",
            "start from the fact on the page of the organ: it fills in the number",
        )
        raise refusal("no-fact", facts.case, words, mend)
    return found


def _indicator(run: Run, step: Step, facts: Facts) -> None:
    """Refuse an indicator that the scheme has not; none may be named."""
    name = step.fields.get("indicator") or ""
    if name and name not in {i.id for i in manifest.scheme_of(run.body).indicators}:
        words = (f"方案里没有指标“{name}”", f"the scheme has no indicator “{name}”")
        mend = ("用方案里指标的编号，或者不写", "use the id of an indicator, or none")
        raise refusal("no-indicator", facts.case, words, mend)


def _proposed(step: Step, facts: Facts) -> Proposed:
    """Return the exclusion a step is about; refuse one nobody proposed, and one that was
    withdrawn."""
    number = step.fields.get("number")
    found = next((e for e in _before(facts).exclusions if e.number == number), None)
    if found is None or found.withdrawn:
        words = (
            f"没有第 {number} 项排除，或者已经撤回",
            f"there is no exclusion {number}, or it was withdrawn",
        )
        mend = ("先提出排除", "propose an exclusion first")
        raise refusal("no-exclusion", facts.case, words, mend)
    return found


def exclusion_confirmed(step: Step, facts: Facts) -> Sequence[Step]:
    """Refuse whoever proposed this very exclusion, a number nobody proposed, and a second
    confirmation."""
    found = _proposed(step, facts)
    if found.second:
        words = (
            f"第 {found.number} 项排除已经确认",
            f"exclusion {found.number} is confirmed already",
        )
        raise refusal("twice", facts.case, words, ("不必再确认", "nothing is left to confirm"))
    acts = Act.objects.filter(case_id=facts.case_id, act="exclude")
    if any(a.data.get("number") == found.number and a.actor == facts.actor for a in acts):
        words = (
            f"第 {found.number} 项排除须由提出人以外的人确认",
            f"exclusion {found.number} is confirmed by somebody else than who proposed it",
        )
        raise refusal("second", facts.case, words, ("请另一人确认", "ask another person"))
    return ()


def exclusion_withdrawn(step: Step, facts: Facts) -> Sequence[Step]:
    """Refuse to withdraw an exclusion nobody proposed, or one that was withdrawn."""
    _proposed(step, facts)
    return ()


def sent(step: Step, facts: Facts) -> Sequence[Step]:
    """Let the organs assessed read the case, and refuse a position without a signed checkpoint."""
    check_sealed(step, facts)
    organs = assessment_of(Case.objects.get(pk=facts.case_id)).organs
    invite(facts, organs)
    tell_of_right(facts, organs=organs)
    return ()


def objected(step: Step, facts: Facts) -> Sequence[Step]:
    """Refuse a number used before, a fact that is none, one of another organ, an indicator the
    scheme has not."""
    _new(step, facts, "object", "objection")
    run = _run(facts)
    if _fact(run, step, facts).organ != facts.organ:
        words = (
            f"事实 {step.fields.get('fact')} 不是本机关、单位的",
            f"fact {step.fields.get('fact')} is of another organ",
        )
        mend = ("只对自己的事实提出异议", "object to facts of the own organ")
        raise refusal("other-organ", facts.case, words, mend)
    _indicator(run, step, facts)
    return ()


def answered(_step: Step, facts: Facts) -> Sequence[Step]:
    """Refuse an answer of an organ that is not assessed, and the same answer twice."""
    one = _before(facts)
    if facts.organ not in one.organs:
        words = ("不是被考核的机关、单位", "this organ is not assessed")
        mend = ("由被考核的机关、单位答复", "an organ that is assessed answers")
        raise refusal("other-organ", facts.case, words, mend)
    if facts.organ in one.satisfied:
        words = ("已经答复没有异议", "it has answered already that it has no objection")
        raise refusal("twice", facts.case, words, ("不必再答复", "nothing is left to answer"))
    return ()


def ruled(step: Step, facts: Facts) -> Sequence[Step]:
    """Refuse a ruling on an objection nobody raised or that is ruled on, and a correction that is
    none of the fact.

    Facts are corrected, never scores; and a fact is left out by an exclusion alone, which two
    persons decide.
    """
    one = _before(facts)
    objection = _unruled(one, step, facts)
    if step.fields.get("ruling") != UPHELD:
        return ()
    run = run_of(one, position_of(one, newest_position()))
    outcome = step.fields.get("outcome")
    fact = fact_named(run, objection.fact)
    possible = outcomes_open_to(manifest.scheme_of(run.body), fact) if fact else ()
    if outcome not in possible:
        words = (
            (
                f"这项事实不能改为“{outcome or ''}”：不是它这一类的结果，或者没有改变，"
                "或者会使它不再计入指标"
            ),
            (
                f"this fact cannot become “{outcome or ''}”: of another kind, no change, or "
                "taken out of a figure"
            ),
        )
        mend = (
            f"写改正后的结果（{'、'.join(possible)}）；要不计入，由两人排除",
            f"say the outcome as corrected ({', '.join(possible)}); two persons leave a fact out",
        )
        raise refusal("no-outcome", facts.case, words, mend)
    return ()


def _unruled(one: Assessment, step: Step, facts: Facts) -> Objected:
    """Return the objection a ruling is about; refuse one nobody raised, and one that is ruled
    on."""
    number = step.fields.get("objection")
    found = next((o for o in one.objections if o.number == number), None)
    if found is not None and not found.ruling:
        return found
    words = (
        f"没有第 {number} 项异议，或者已经裁定",
        f"there is no objection {number}, or it is ruled on already",
    )
    mend = ("裁定还没有裁定的异议", "rule on an objection that waits for its ruling")
    code = "no-objection" if found is None else "twice"
    raise refusal(code, facts.case, words, mend)


def frozen(step: Step, facts: Facts) -> Sequence[Step]:
    """Refuse to freeze while organs may still object, and what is not what was sent, with every
    ruling in it."""
    check_sealed(step, facts)
    one = _before(facts)
    _check_window(one, facts)
    held = _frozen_here(step, facts)
    _check_as_sent(held, run_of(one, _sent_at(facts)), facts)
    return ()


def _check_window(one: Assessment, facts: Facts) -> None:
    """Refuse while organs may still object and not all of them have said that they do not."""
    if one.object_by is not None and (facts.day > one.object_by or one.all_answered):
        return
    words = (
        f"异议期到 {one.object_by} 为止，还有被考核单位没有答复“没有异议”",
        f"organs may object until {one.object_by}, and not all of them have said they do not",
    )
    mend = (
        "等异议期满，或者等全部被考核单位答复没有异议",
        "wait for the end of the window, or for every answer",
    )
    raise refusal("window-open", facts.case, words, mend)


def _frozen_here(step: Step, facts: Facts) -> Mapping[str, Any]:
    """Return the manifest that was frozen here; refuse position and digests that are not its."""
    path = home(facts.case) / manifest.NAME
    held = manifest.read_file(path) if path.is_file() else {}
    given = (step.fields.get("position"), step.fields.get("manifest"), step.fields.get("scores"))
    if held and given == (
        held["ledger"]["size"],
        manifest.digest_of(held),
        held["scores_sha256"],
    ):
        return held
    words = (
        "摘要不是本办公室为这次考核冻结的",
        "the digests are not those of what was frozen here for this assessment",
    )
    mend = (
        "先 dengwen assess freeze，再照清单填写",
        "freeze first (dengwen assess freeze), then copy the digests",
    )
    raise refusal("not-frozen", facts.case, words, mend)


def _check_as_sent(held: Mapping[str, Any], sent: Run, facts: Facts) -> None:
    """Refuse a manifest whose position, exclusions or rulings are not those that were sent."""
    corrected, left_out = manifest.decided(held)
    of_manifest = held["ledger"]["size"], corrected, left_out
    of_sending = sent.position, dict(sent.corrections), as_rows(in_order(sent.exclusions))
    if of_manifest != of_sending:
        words = (
            "冻结的不是发出的数字：存证位、排除或者裁定不同",
            "what was frozen is not what was sent: position, exclusions or rulings differ",
        )
        mend = ("在发出的存证位重新冻结", "freeze again at the position of the sending")
        raise refusal("not-sent", facts.case, words, mend)


def _sent_at(facts: Facts) -> int:
    """Return the ledger position at which the figures were sent last."""
    act = Act.objects.filter(case_id=facts.case_id, act="send").order_by("seq").last()
    return int(act.data["position"]) if act is not None else 0


def concluded(step: Step, facts: Facts) -> Sequence[Step]:
    """Refuse a circular without a stated scope, of another manifest, or silent on a scheme
    approved afterwards."""
    _check_scope(step, facts)
    act = Act.objects.filter(case_id=facts.case_id, act="freeze").last()
    if act is None:
        return ()
    frozen_digest = act.data["manifest"]
    if step.fields.get("manifest") not in (None, "", frozen_digest):
        words = (
            "清单的摘要不是冻结的那一份",
            "the digest is not that of the manifest that was frozen",
        )
        mend = (f"写 {frozen_digest}", f"say {frozen_digest}")
        raise refusal("not-frozen", facts.case, words, mend)
    _check_approved_after(step, facts)
    return ()


def _check_scope(step: Step, facts: Facts) -> None:
    """Refuse the scope “other” that is not written out."""
    written = step.texts.get("scope_text", "").strip()
    if step.fields.get("circular_scope") == "other" and not written:
        words = (
            "选了“另行写明”，没有写在什么范围内通报",
            "“other” was chosen, but no scope is written",
        )
        raise refusal("no-scope", facts.case, words, ("写明通报范围", "write the scope"))


def _check_approved_after(step: Step, facts: Facts) -> None:
    """Refuse a circular that does not name the day of a scheme approved after the period began, or
    names one where it was approved before."""
    one = _before(facts)
    approved = approved_on(one) if is_retroactive(one) else None
    if step.fields.get("approved_after") == approved:
        return
    if approved:
        words = (
            f"方案的审定日 {approved} 在考核期首日 {one.first} 以后，通报须写明",
            (
                f"the scheme was approved on {approved}, after the period began on {one.first}: "
                "the circular says so"
            ),
        )
        mend = (f"写审定日 {approved}", f"say {approved}")
    else:
        words = ("方案在考核期以前已经审定", "the scheme was approved before the period began")
        mend = ("不写审定日", "leave the day out")
    raise refusal("retroactive", facts.case, words, mend)


def transmitted(step: Step, facts: Facts) -> Sequence[Step]:
    """Let the organ that gets the result read the case."""
    invite(facts, [step.fields.get("to")])
    return ()
