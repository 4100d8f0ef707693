"""What acts of schemes and assessments set in motion, and what is said against them; named in `config.effects`.

The packs say who may act in which state. Whether a scheme is one, whether it is in force over the period, whether the
second person is another one than the first, and whether a digest is that of what was frozen, is asked here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from dengwen.assessment import manifest
from dengwen.assessment.errors import AssessmentError
from dengwen.assessment.freezing import home
from dengwen.assessment.inputs import SCHEME, assessment_of, drafted
from dengwen.cases.models import Act, Case, Party
from dengwen.law.errors import PackError
from dengwen.law.indicators import SCORED_KINDS
from dengwen.law.indicators_lint import REFUSE, lint
from dengwen.law.steps import Facts, Step
from dengwen.ledger.models import Checkpoint
from dengwen.ledger.rows import insert

STANDING = "assisting_organ"
"""How the organs asked, assessed or informed stand to the case: they may read it."""


def _refuse(code: str, where: str, words: tuple[str, str], mend: tuple[str, str]) -> AssessmentError:
    return AssessmentError(code, where=where, zh=words[0], en=words[1], mend_zh=mend[0], mend_en=mend[1])


def _invite(facts: Facts, organs: Iterable[object]) -> None:
    """Let organs read the case from now on, each entered once."""
    known = set(Party.objects.filter(case_id=facts.case_id, role=STANDING).values_list("organ_id", flat=True))
    new = sorted({o for o in organs if isinstance(o, int)} - known)
    insert(
        *(Party(case_id=facts.case_id, role=STANDING, organ_id=o, act_id=facts.act_id, since=facts.day) for o in new)
    )


def _listed(step: Step, name: str) -> tuple[object, ...]:
    value = step.fields.get(name)
    return tuple(value) if isinstance(value, tuple) else ()


# --- schemes ------------------------------------------------------------------------------------------------------
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
        raise _refuse("other-scheme", facts.case, words, (f"摘要 {scheme.digest}", f"the digest is {scheme.digest}"))
    return ()


def asked(step: Step, facts: Facts) -> Sequence[Step]:
    """Let the organs consulted read the scheme."""
    _invite(facts, _listed(step, "organs"))
    return ()


def scheme_approved(step: Step, facts: Facts) -> Sequence[Step]:
    """Refuse an approval of another text than the one drafted last, and of one that rewards turning people away."""
    draft = drafted(Case.objects.get(pk=facts.case_id))
    stands = draft.digest
    if stands != step.fields.get("digest"):
        words = ("审定的不是最后的草案", "what is approved is not the last draft")
        raise _refuse("other-scheme", facts.case, words, (f"草案的摘要 {stands}", f"the draft has the digest {stands}"))
    fit_for_approval(draft.body, facts.case)
    return ()


def fit_for_approval(body: str, where: str) -> None:
    """Refuse a scheme with an indicator the lint refuses (fewer registrations, fewer visits, volume …): S 10."""
    found = [f for f in lint(manifest.scheme_of(body)) if f.grade == REFUSE]
    if found:
        words = ("；".join(f"{f.entry}：{f.zh}" for f in found), "; ".join(f"{f.entry}: {f.en}" for f in found))
        mend = ("；".join(f.mend_zh for f in found), "; ".join(f.mend_en for f in found))
        raise _refuse("perverse", where, words, mend)


def scheme_in_force(step: Step, facts: Facts) -> Sequence[Step]:
    """Refuse days in the wrong order, and days on which another scheme of the organ is in force."""
    first, last = _days(step, facts)
    others = Case.objects.filter(kind=SCHEME, state="in_force", holder_id=facts.organ).exclude(pk=facts.case_id)
    for other in others:
        one = drafted(other)
        if one.first is not None and one.last is not None and one.first <= last and first <= one.last:
            words = (f"{one.first} 至 {one.last} 已施行方案 {other.number}",
                     f"scheme {other.number} is in force {one.first} to {one.last}")  # fmt: skip
            raise _refuse("overlap", facts.case, words, ("换期间，或者先停止那一个", "choose other days, or end that one first"))
    return ()


def _days(step: Step, facts: Facts) -> tuple[date, date]:
    first, last = step.fields.get("first"), step.fields.get("last")
    if not isinstance(first, date) or not isinstance(last, date) or last < first:
        words = ("末日在首日之前", "the last day is before the first")
        raise _refuse("days", facts.case, words, ("改正日期", "mend the days"))
    return first, last


# --- assessment ---------------------------------------------------------------------------------------------------
def opened(step: Step, facts: Facts) -> Sequence[Step]:
    """Refuse a scheme that is not in force over the whole period."""
    first, last = _days(step, facts)
    number = str(step.fields.get("scheme", ""))
    case = Case.objects.filter(number=number, kind=SCHEME, state="in_force").first()
    scheme = drafted(case) if case is not None else None
    if scheme is None or scheme.digest != step.fields.get("digest") or not scheme.covers(first, last):
        words = (f"方案 {number} 没有在整个考核期内施行，或者摘要不符",
                 f"scheme {number} is not in force over the whole period, or has another digest")  # fmt: skip
        mend = ("用在整个考核期内施行的方案", "use a scheme in force over the whole period")
        raise _refuse("not-in-force", facts.case, words, mend)
    return ()


def exclusion_proposed(step: Step, facts: Facts) -> Sequence[Step]:
    """Refuse a number used before."""
    _new(step, facts, "exclude", "number")
    return ()


def _new(step: Step, facts: Facts, act: str, name: str) -> None:
    value = step.fields.get(name)
    used = Act.objects.filter(case_id=facts.case_id, act=act).exclude(pk=facts.act_id).values_list("data", flat=True)
    if any(data.get(name) == value for data in used):
        words = (f"第 {value} 项已经有了", f"number {value} was used before")
        raise _refuse("twice", facts.case, words, ("用下一个号", "take the next number"))


def exclusion_confirmed(step: Step, facts: Facts) -> Sequence[Step]:
    """Refuse whoever proposed this very exclusion, and a number nobody proposed."""
    number = step.fields.get("number")
    found = [a for a in Act.objects.filter(case_id=facts.case_id, act="exclude") if a.data.get("number") == number]
    if not found or found[-1].actor == facts.actor:
        words = (f"第 {number} 项排除须由提出人以外的人确认",
                 f"exclusion {number} is confirmed by somebody else than who proposed it")  # fmt: skip
        raise _refuse("second", facts.case, words, ("请另一人确认", "ask another person"))
    return ()


def sent(step: Step, facts: Facts) -> Sequence[Step]:
    """Let the organs assessed read the case, and refuse a position without a signed checkpoint."""
    _sealed(step, facts)
    _invite(facts, assessment_of(Case.objects.get(pk=facts.case_id)).organs)
    return ()


def _sealed(step: Step, facts: Facts) -> None:
    position = step.fields.get("position")
    if not isinstance(position, int) or not Checkpoint.objects.filter(size=position).exists():
        words = (f"存证第 {position} 位没有签名的检查点", f"no checkpoint was signed at ledger position {position}")
        raise _refuse("no-checkpoint", facts.case, words, ("用最新检查点的位置", "use the position of the newest checkpoint"))


def objected(step: Step, facts: Facts) -> Sequence[Step]:
    """Refuse a number used before."""
    _new(step, facts, "object", "objection")
    return ()


def ruled(step: Step, facts: Facts) -> Sequence[Step]:
    """Refuse an upheld objection that corrects nothing, and an outcome no fact can have (facts, never scores)."""
    outcome = step.fields.get("outcome")
    known = {word for words in SCORED_KINDS.values() for word in words}
    if step.fields.get("ruling") == "upheld" and outcome not in known:
        words = (f"“{outcome or ''}”不是事实的结果", f"“{outcome or ''}” is no outcome of a fact")
        mend = ("写改正后的结果，如 in_time", "say the outcome as corrected, such as in_time")
        raise _refuse("no-outcome", facts.case, words, mend)
    return ()


def frozen(step: Step, facts: Facts) -> Sequence[Step]:
    """Refuse digests that are not those of what this office froze for the case."""
    _sealed(step, facts)
    path = home(facts.case) / manifest.NAME
    held = manifest.read_file(path) if path.is_file() else {}
    given = (step.fields.get("position"), step.fields.get("manifest"), step.fields.get("scores"))
    if not held or given != (held["ledger"]["size"], manifest.digest_of(held), held["scores_sha256"]):
        words = ("摘要不是本办公室为这次考核冻结的", "the digests are not those of what was frozen here for this assessment")
        mend = ("先 dengwen assess freeze，再照清单填写", "freeze first (dengwen assess freeze), then copy from the manifest")
        raise _refuse("not-frozen", facts.case, words, mend)
    return ()


def transmitted(step: Step, facts: Facts) -> Sequence[Step]:
    """Let the organ that gets the result read the case."""
    _invite(facts, [step.fields.get("to")])
    return ()
