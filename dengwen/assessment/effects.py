"""What acts of schemes and assessments set in motion, and what is said against them; named in
`config.effects`.

The packs say who may act in which state. Whether a scheme is one, whether it is in force over the
period, whether the
second person is another one than the first, and whether a digest is that of what was frozen, is
asked here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from dengwen.assessment.errors import AssessmentError
from dengwen.assessment.frozen import manifest
from dengwen.assessment.frozen.freeze import Run, as_rows, home
from dengwen.assessment.frozen.frozen_tables import Fact
from dengwen.assessment.inputs import (
    SCHEME,
    UPHELD,
    Assessment,
    Proposed,
    approved_on,
    assessment_of,
    drafted,
    is_retroactive,
    run_of,
)
from dengwen.assessment.interim_figures import fact_named, outcomes_open_to, position_of, trial
from dengwen.cases.models import Act, Case, Party
from dengwen.law.duties.step import Facts, Step
from dengwen.law.errors import PackError
from dengwen.law.indicators.lint import REFUSE, lint
from dengwen.ledger.models import Checkpoint
from dengwen.organs.models import Organ
from dengwen.oversight.statistics import newest_position
from dengwen.store.rows import insert

STANDING = "assisting_organ"
"""How the organs asked, assessed or informed stand to the case: they may read it."""


def _refuse(
    code: str, where: str, words: tuple[str, str], mend: tuple[str, str]
) -> AssessmentError:
    """Return a refusal that cites the article on assessment (S 10)."""
    return AssessmentError(
        code,
        where=where,
        zh=f"{words[0]}（S 10）",
        en=f"{words[1]} (S 10)",
        mend_zh=mend[0],
        mend_en=mend[1],
    )


def _invite(facts: Facts, organs: Iterable[object]) -> None:
    """Let organs read the case from now on, each entered once."""
    known = set(
        Party.objects.filter(case_id=facts.case_id, role=STANDING).values_list(
            "organ_id", flat=True
        )
    )
    new = sorted({o for o in organs if isinstance(o, int)} - known)
    insert(
        *(
            Party(
                case_id=facts.case_id,
                role=STANDING,
                organ_id=o,
                act_id=facts.act_id,
                since=facts.day,
            )
            for o in new
        )
    )


def _listed(step: Step, name: str) -> tuple[object, ...]:
    value = step.fields.get(name)
    return tuple(value) if isinstance(value, tuple) else ()


# --- schemes --------------------------------------------------------------------------------------
def scheme_drafted(step: Step, facts: Facts) -> Sequence[Step]:
    """Refuse a text that is no scheme, or whose digest is not the one given."""
    try:
        scheme = manifest.scheme_of(step.texts.get("body", ""))
    except (PackError, ValueError, TypeError, AttributeError) as error:
        words = (f"方案读不出：{error}", f"the scheme cannot be read: {error}")
        mend = ("用 dengwen 认得的方案文件", "use a scheme file as documented")
        raise _refuse("no-scheme", facts.case, words, mend) from error
    if (scheme.id, scheme.digest) != (step.fields.get("scheme"), step.fields.get("digest")):
        words = ("编号或者摘要不是这个方案的", "id or digest is not that of this scheme")
        raise _refuse(
            "other-scheme",
            facts.case,
            words,
            (f"摘要 {scheme.digest}", f"the digest is {scheme.digest}"),
        )
    return ()


def asked(step: Step, facts: Facts) -> Sequence[Step]:
    """Let the organs consulted read the scheme."""
    _invite(facts, _listed(step, "organs"))
    return ()


def tried(step: Step, facts: Facts) -> Sequence[Step]:
    """Refuse a trial whose scores are not those the newest draft gives over these days at this
    ledger position.

    They are computed here again; where the page has just shown them, they are read from what it
    kept.
    """
    _sealed(step, facts)
    first, last = _days(step, facts)
    draft, position = drafted(Case.objects.get(pk=facts.case_id)), step.fields.get("position")
    if not isinstance(position, int):
        raise TypeError(position)
    made = trial(Run(draft.body, first, last, position)).manifest
    scores = made["scores_sha256"]
    if not made["population"] and position != newest_position():
        words = (
            f"存证第 {position} 位还没有事实，试算是空的",
            f"at ledger position {position} there is no fact: an empty trial",
        )
        raise _refuse(
            "empty",
            facts.case,
            words,
            ("用最新检查点的位置", "use the position of the newest checkpoint"),
        )
    if step.fields.get("scores") != scores:
        words = (
            "这不是现在的草案在这段期间、这个存证位的试算结果",
            "this is not what the newest draft gives over these days at this ledger position",
        )
        mend = (
            f"在“比较两个方案”上试算，结果自动带入（{scores}）",
            f"try it on the page that compares two schemes: it fills in the digest ({scores})",
        )
        raise _refuse("not-tried", facts.case, words, mend)
    return ()


def scheme_approved(step: Step, facts: Facts) -> Sequence[Step]:
    """Refuse an approval of a text that is not the newest draft, was not tried or rewards turning
    people away.

    And one before the organs asked could answer, and by a body that the approving organ is not.
    """
    _heard_and_tried(facts)
    _competent(step, facts)
    draft = drafted(Case.objects.get(pk=facts.case_id))
    stands = draft.digest
    if stands != step.fields.get("digest"):
        words = ("审定的不是最后的草案", "what is approved is not the last draft")
        raise _refuse(
            "other-scheme",
            facts.case,
            words,
            (f"草案的摘要 {stands}", f"the draft has the digest {stands}"),
        )
    fit_for_approval(draft.body, facts.case)
    return ()


def _heard_and_tried(facts: Facts) -> None:
    """Refuse before the day for comments has passed or all organs asked have commented, and
    without a trial since."""
    acts = list(Act.objects.filter(case_id=facts.case_id).exclude(pk=facts.act_id).order_by("seq"))
    place = max((n for n, a in enumerate(acts) if a.act == "consult"), default=None)
    asked = acts[place] if place is not None else None
    if asked is not None and facts.day <= date.fromisoformat(asked.data["answer_by"]):
        heard = {a.organ_id for a in acts[place:] if a.act == "comment"}
        silent = set(asked.data["organs"]) - heard
        if silent:
            until = asked.data["answer_by"]
            words = (
                f"征求意见到 {until} 为止，还有 {len(silent)} 个机关、单位没有提出意见",
                f"organs may comment until {until}, and {len(silent)} of them have not",
            )
            mend = (
                "等期满，或者等全部机关、单位提出意见（没有意见也可以写明）",
                "wait for the end, or for a comment of every organ",
            )
            raise _refuse("still-asked", facts.case, words, mend)
    draft = max(n for n, a in enumerate(acts) if a.act == "draft")
    if not any(a.act == "dry_run" for a in acts[draft:]):
        words = (
            "最后的草案没有试算过：试算的是改动以前的",
            "the newest draft was not tried: what was tried came before it",
        )
        raise _refuse(
            "not-tried", facts.case, words, ("用最后的草案再试算一次", "try the newest draft")
        )


APPROVES = {"party_committee": "committee", "government": "government"}
"""What a kind of organ approves as; every other one by its leading body."""


def approves_as(kind: str) -> str:
    """Return as which body an organ of a kind approves a scheme."""
    return APPROVES.get(kind, "leading_body")


def _competent(step: Step, facts: Facts) -> None:
    """Refuse an approval in the name of a body that the organ is not."""
    kind = Organ.objects.values_list("kind", flat=True).filter(pk=facts.organ or 0).first() or ""
    fits, words_of = (
        approves_as(kind),
        {"committee": "党委", "government": "政府", "leading_body": "本机关、单位领导班子"},
    )
    if step.fields.get("body") != fits:
        words = (
            f"审定的机关不是所写的“{words_of.get(str(step.fields.get('body')), '')}”",
            f"the organ that approves is not what is said ({step.fields.get('body')})",
        )
        raise _refuse("other-body", facts.case, words, (f"写“{words_of[fits]}”", f"say {fits}"))


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
        raise _refuse("perverse", where, words, mend)


def scheme_in_force(step: Step, facts: Facts) -> Sequence[Step]:
    """Refuse days in the wrong order, days that are over, and days on which another scheme of the
    organ is in force.

    A period that began before the approval is no mistake: what is assessed under it says so
    (`Assessment.retroactive`).
    """
    first, last = _days(step, facts)
    if last < facts.day:
        words = (
            f"适用期间到 {last} 为止，已经过去：没有人能照它办事",
            f"the period ends on {last} and is over: nobody could go by it",
        )
        mend = (
            "期间的末日不早于施行之日；早于审定的那一段，考核时标明事后审定",
            "let it end on or after that day; what lies before the approval is marked",
        )
        raise _refuse("over", facts.case, words, mend)
    others = Case.objects.filter(kind=SCHEME, state="in_force", holder_id=facts.organ).exclude(
        pk=facts.case_id
    )
    for other in others:
        one = drafted(other)
        if (
            one.first is not None
            and one.last is not None
            and one.first <= last
            and first <= one.last
        ):
            words = (
                f"{one.first} 至 {one.last} 已施行方案 {other.number}",
                f"scheme {other.number} is in force {one.first} to {one.last}",
            )
            raise _refuse(
                "overlap",
                facts.case,
                words,
                ("换期间，或者先停止那一个", "choose other days, or end that one first"),
            )
    return ()


def _days(step: Step, facts: Facts) -> tuple[date, date]:
    first, last = step.fields.get("first"), step.fields.get("last")
    if not isinstance(first, date) or not isinstance(last, date) or last < first:
        words = ("末日在首日之前", "the last day is before the first")
        raise _refuse("days", facts.case, words, ("改正日期", "mend the days"))
    return first, last


# --- assessment -----------------------------------------------------------------------------------
def opened(step: Step, facts: Facts) -> Sequence[Step]:
    """Refuse a scheme that is not in force over the whole period."""
    first, last = _days(step, facts)
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
        raise _refuse("not-in-force", facts.case, words, mend)
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
    value = step.fields.get(name)
    used = (
        Act.objects.filter(case_id=facts.case_id, act=act)
        .exclude(pk=facts.act_id)
        .values_list("data", flat=True)
    )
    if any(data.get(name) == value for data in used):
        words = (f"第 {value} 项已经有了", f"number {value} was used before")
        raise _refuse("twice", facts.case, words, ("用下一个号", "take the next number"))


def _before(facts: Facts) -> Assessment:
    """Return the assessment as it stood before the act."""
    return assessment_of(Case.objects.get(pk=facts.case_id), facts.act_id)


def _run(facts: Facts) -> Run:
    """Return what would be frozen of the assessment as it stood before the act."""
    one = _before(facts)
    return run_of(one, position_of(one, newest_position()))


def _fact(run: Run, step: Step, facts: Facts) -> Fact:
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
        raise _refuse("no-fact", facts.case, words, mend)
    return found


def _indicator(run: Run, step: Step, facts: Facts) -> None:
    name = step.fields.get("indicator") or ""
    if name and name not in {i.id for i in manifest.scheme_of(run.body).indicators}:
        words = (f"方案里没有指标“{name}”", f"the scheme has no indicator “{name}”")
        raise _refuse(
            "no-indicator",
            facts.case,
            words,
            ("用方案里指标的编号，或者不写", "use the id of an indicator, or none"),
        )


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
        raise _refuse(
            "no-exclusion", facts.case, words, ("先提出排除", "propose an exclusion first")
        )
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
        raise _refuse("twice", facts.case, words, ("不必再确认", "nothing is left to confirm"))
    acts = Act.objects.filter(case_id=facts.case_id, act="exclude")
    if any(a.data.get("number") == found.number and a.actor == facts.actor for a in acts):
        words = (
            f"第 {found.number} 项排除须由提出人以外的人确认",
            f"exclusion {found.number} is confirmed by somebody else than who proposed it",
        )
        raise _refuse("second", facts.case, words, ("请另一人确认", "ask another person"))
    return ()


def exclusion_withdrawn(step: Step, facts: Facts) -> Sequence[Step]:
    """Refuse to withdraw an exclusion nobody proposed, or one that was withdrawn."""
    _proposed(step, facts)
    return ()


def sent(step: Step, facts: Facts) -> Sequence[Step]:
    """Let the organs assessed read the case, and refuse a position without a signed checkpoint."""
    _sealed(step, facts)
    _invite(facts, assessment_of(Case.objects.get(pk=facts.case_id)).organs)
    return ()


def _sealed(step: Step, facts: Facts) -> None:
    position = step.fields.get("position")
    if not isinstance(position, int) or not Checkpoint.objects.filter(size=position).exists():
        words = (
            f"存证第 {position} 位没有签名的检查点",
            f"no checkpoint was signed at ledger position {position}",
        )
        raise _refuse(
            "no-checkpoint",
            facts.case,
            words,
            ("用最新检查点的位置", "use the position of the newest checkpoint"),
        )


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
        raise _refuse(
            "other-organ",
            facts.case,
            words,
            ("只对自己的事实提出异议", "object to facts of the own organ"),
        )
    _indicator(run, step, facts)
    return ()


def answered(_step: Step, facts: Facts) -> Sequence[Step]:
    """Refuse an answer of an organ that is not assessed, and the same answer twice."""
    one = _before(facts)
    if facts.organ not in one.organs:
        words = ("不是被考核的机关、单位", "this organ is not assessed")
        raise _refuse(
            "other-organ",
            facts.case,
            words,
            ("由被考核的机关、单位答复", "an organ that is assessed answers"),
        )
    if facts.organ in one.satisfied:
        words = ("已经答复没有异议", "it has answered already that it has no objection")
        raise _refuse("twice", facts.case, words, ("不必再答复", "nothing is left to answer"))
    return ()


def ruled(step: Step, facts: Facts) -> Sequence[Step]:
    """Refuse a ruling on an objection nobody raised or that is ruled on, and a correction that is
    none of the fact.

    Facts are corrected, never scores; and a fact is left out by an exclusion alone, which two
    persons decide.
    """
    number = step.fields.get("objection")
    one = _before(facts)
    found = next((o for o in one.objections if o.number == number), None)
    if found is None or found.ruling:
        words = (
            f"没有第 {number} 项异议，或者已经裁定",
            f"there is no objection {number}, or it is ruled on already",
        )
        mend = ("裁定还没有裁定的异议", "rule on an objection that waits for its ruling")
        raise _refuse("no-objection" if found is None else "twice", facts.case, words, mend)
    if step.fields.get("ruling") != UPHELD:
        return ()
    run, outcome = run_of(one, position_of(one, newest_position())), step.fields.get("outcome")
    fact = fact_named(run, found.fact)
    possible = outcomes_open_to(manifest.scheme_of(run.body), fact) if fact else ()
    if outcome not in possible:
        words = (
            f"这项事实不能改为“{outcome or ''}”：不是它这一类的结果，或者没有改变，或者会使它不再计入指标",
            (
                f"this fact cannot become “{outcome or ''}”: of another kind, no change, or "
                "taken out of a figure"
            ),
        )
        mend = (
            f"写改正后的结果（{'、'.join(possible)}）；要不计入，由两人排除",
            f"say the outcome as corrected ({', '.join(possible)}); two persons leave a fact out",
        )
        raise _refuse("no-outcome", facts.case, words, mend)
    return ()


def frozen(step: Step, facts: Facts) -> Sequence[Step]:
    """Refuse to freeze while organs may still object, and what is not what was sent, with every
    ruling in it."""
    _sealed(step, facts)
    one = _before(facts)
    if one.object_by is None or (facts.day <= one.object_by and not one.all_answered):
        words = (
            f"异议期到 {one.object_by} 为止，还有被考核单位没有答复“没有异议”",
            f"organs may object until {one.object_by}, and not all of them have said they do not",
        )
        mend = (
            "等异议期满，或者等全部被考核单位答复没有异议",
            "wait for the end of the window, or for every answer",
        )
        raise _refuse("window-open", facts.case, words, mend)
    path = home(facts.case) / manifest.NAME
    held = manifest.read_file(path) if path.is_file() else {}
    given = (step.fields.get("position"), step.fields.get("manifest"), step.fields.get("scores"))
    if not held or given != (
        held["ledger"]["size"],
        manifest.digest_of(held),
        held["scores_sha256"],
    ):
        words = (
            "摘要不是本办公室为这次考核冻结的",
            "the digests are not those of what was frozen here for this assessment",
        )
        mend = (
            "先 dengwen assess freeze，再照清单填写",
            "freeze first (dengwen assess freeze), then copy the digests",
        )
        raise _refuse("not-frozen", facts.case, words, mend)
    run = run_of(one, _sent_at(facts))
    out = as_rows(sorted(run.exclusions, key=lambda e: (e.fact, e.indicator, e.number)))
    if (held["ledger"]["size"], *manifest.decided(held)) != (
        run.position,
        dict(run.corrections),
        out,
    ):
        words = (
            "冻结的不是发出的数字：存证位、排除或者裁定不同",
            "what was frozen is not what was sent: position, exclusions or rulings differ",
        )
        mend = ("在发出的存证位重新冻结", "freeze again at the position of the sending")
        raise _refuse("not-sent", facts.case, words, mend)
    return ()


def _sent_at(facts: Facts) -> int:
    """Return the ledger position at which the figures were sent last."""
    act = Act.objects.filter(case_id=facts.case_id, act="send").order_by("seq").last()
    return int(act.data["position"]) if act is not None else 0


def concluded(step: Step, facts: Facts) -> Sequence[Step]:
    """Refuse a circular without a stated scope, of another manifest, or silent on a scheme
    approved afterwards."""
    if (
        step.fields.get("circular_scope") == "other"
        and not step.texts.get("scope_text", "").strip()
    ):
        words = (
            "选了“另行写明”，没有写在什么范围内通报",
            "“other” was chosen, but no scope is written",
        )
        raise _refuse("no-scope", facts.case, words, ("写明通报范围", "write the scope"))
    act = Act.objects.filter(case_id=facts.case_id, act="freeze").last()
    if act is None:
        return ()
    if step.fields.get("manifest") not in (None, "", act.data["manifest"]):
        words = (
            "清单的摘要不是冻结的那一份",
            "the digest is not that of the manifest that was frozen",
        )
        raise _refuse(
            "not-frozen",
            facts.case,
            words,
            (f"写 {act.data['manifest']}", f"say {act.data['manifest']}"),
        )
    one = _before(facts)
    approved = approved_on(one) if is_retroactive(one) else None
    if step.fields.get("approved_after") != approved:
        words = (
            f"方案的审定日 {approved} 在考核期首日 {one.first} 以后，通报须写明"
            if approved
            else "方案在考核期以前已经审定",
            (
                f"the scheme was approved on {approved}, after the period began on {one.first}: "
                "the circular says so"
            )
            if approved
            else "the scheme was approved before the period began",
        )
        mend = (
            (f"写审定日 {approved}", f"say {approved}")
            if approved
            else ("不写审定日", "leave the day out")
        )
        raise _refuse("retroactive", facts.case, words, mend)
    return ()


def transmitted(step: Step, facts: Facts) -> Sequence[Step]:
    """Let the organ that gets the result read the case."""
    _invite(facts, [step.fields.get("to")])
    return ()
