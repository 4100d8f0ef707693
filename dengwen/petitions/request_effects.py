"""What acts on single requests set in motion: entered, decided, promised, proved (R22 29–32).

An opinion that leaves a request without an answer, or says another result than the one drafted, is
refused here.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from dengwen.cases.write.call_context import call_of
from dengwen.law.duties.step import Facts, Step
from dengwen.petitions.errors import PetitionError
from dengwen.petitions.models import Request


# --- the request an act is about ------------------------------------------------------------------
def _number(step: Step, facts: Facts) -> int:
    """Return the number of the request an act names."""
    value = step.fields.get("request")
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise PetitionError(
            "no-number",
            where=facts.case,
            zh="没有写明第几项诉求",
            en="the number of the request is missing",
            mend_zh="填写诉求序号",
            mend_en="give the number of the request",
        )
    return value


def _request(step: Step, facts: Facts) -> Request:
    """Return the request an act names; refuse a number that was never entered."""
    number = _number(step, facts)
    found = Request.objects.filter(case_id=facts.case_id, number=number).first()
    if found is None:
        raise PetitionError(
            "no-request",
            where=facts.case,
            zh=f"没有第{number}项诉求",
            en=f"there is no request {number}",
            mend_zh="先列明诉求",
            mend_en="enter the request first",
        )
    return found


def request_entered(step: Step, facts: Facts) -> Sequence[Step]:
    """Write a row for one thing asked; its number is given once and never reused."""
    number = _number(step, facts)
    own = isinstance(step.fields.get("request_class"), str)
    chosen, path = _own_class(step) if own else _class_of_matter(facts)
    request = Request(
        case_id=facts.case_id,
        number=number,
        entered_act=facts.act_id,
        class_code=chosen,
        path=path,
        class_act=facts.act_id if own else None,
    )
    if not call_of(facts).unit.add_unless_taken(request):
        raise PetitionError(
            "request-taken",
            where=facts.case,
            zh=f"第{number}项诉求已列明",
            en=f"request {number} is entered already",
            mend_zh="用下一个序号",
            mend_en="use the next number",
        )
    return ()


def request_classed(step: Step, facts: Facts) -> Sequence[Step]:
    """Give one request a class and a path of its own (R22 29-31), whatever the matter as a whole
    is."""
    request = _request(step, facts)
    request.class_code, request.path = _own_class(step)
    request.class_act = facts.act_id
    request.save(update_fields=["class_code", "path", "class_act"])
    return ()


def _own_class(step: Step) -> tuple[str, str]:
    """Return the class and path an act gives a request; only a claim has a path (R22 31)."""
    chosen = str(step.fields.get("request_class", ""))
    path = str(step.fields.get("request_path", ""))
    if path and chosen != "claim":
        raise PetitionError(
            "path-of-claims",
            where="request_path",
            zh="途径只有申诉求决类才选（信访工作条例第三十一条）",
            en="only a claim has a path (R22 31)",
            mend_zh="不选途径，或者类别选申诉求决",
            mend_en="leave the path out, or choose the class of claims",
        )
    return chosen, path


def _class_of_matter(facts: Facts) -> tuple[str, str]:
    """Return class and path of the matter as it stands, "" while it is not sorted."""
    call = call_of(facts)
    case = call.case_numbered(facts.case)
    known = call.view_of_case(case).facts if case is not None else {}
    chosen = known.get("class", "")
    return chosen, known.get("path", "") if chosen == "claim" else ""


def follow_matter(facts: Facts) -> None:
    """Let the requests that have no class of their own follow that of the matter."""
    chosen, path = _class_of_matter(facts)
    Request.objects.filter(case_id=facts.case_id, class_act__isnull=True).update(
        class_code=chosen, path=path
    )


def requests_answered(_step: Step, facts: Facts) -> Sequence[Step]:
    """Refuse to issue an opinion that leaves a request without an outcome (R22 32(1), R05 34)."""
    left = Request.objects.filter(case_id=facts.case_id, outcome="").order_by("number")
    numbers = list(left.values_list("number", flat=True))
    if numbers:
        named_zh = "、".join(map(str, numbers))
        named_en = ", ".join(map(str, numbers))
        raise PetitionError(
            "requests-open",
            where=facts.case,
            zh=f"第{named_zh}项诉求还没有结论：书面答复、处理意见须逐项回应诉求"
            "（信访工作条例第三十二条第一款，二〇〇五年条例第三十四条）",
            en=f"no outcome yet for request {named_en}: the opinion answers what is asked "
            "(R22 32(1), R05 34)",
            mend_zh="逐项答复以后再签发；已审核的，重新拟制时逐项答复",
            mend_en="decide each request, then issue; where it was checked already, with a new "
            "draft",
        )
    return ()


def as_drafted(step: Step, facts: Facts) -> Sequence[Step]:
    """Refuse to issue another result than the one that was drafted and checked: its text says
    something else."""
    call = call_of(facts)
    case = call.case_numbered(facts.case)
    acts = call.acts_of(case) if case is not None else ()
    drafted = next((a.data.get("outcome") for a in reversed(acts) if a.act == "draft"), None)
    if drafted is not None and step.fields.get("outcome") != drafted:
        raise PetitionError(
            "not-as-drafted",
            where="outcome",
            zh="签发的结论和拟制、审核的不一致，意见书的正文是按拟制的结论写的"
            "（信访工作条例第三十五条、第三十六条，二〇〇五年条例第三十四条、第三十五条）",
            en="the result differs from the one drafted and checked, which the text of the "
            "opinion gives reasons for (R22 35, 36; R05 34, 35)",
            mend_zh="按拟制的结论签发，或者重新拟制、审核",
            mend_en="issue it as drafted, or have it drafted and checked anew",
        )
    return ()


def request_decided(step: Step, facts: Facts) -> Sequence[Step]:
    """Write the outcome of one request (R22 32: supported, explained, not supported)."""
    request = _request(step, facts)
    request.outcome, request.outcome_act = str(step.fields["request_outcome"]), facts.act_id
    request.save(update_fields=["outcome", "outcome_act"])
    return ()


def request_promised(step: Step, facts: Facts) -> Sequence[Step]:
    """Write what was promised for a request and until when (R22 32(2)); one for the whole matter
    has no number."""
    if step.fields.get("request") is None:
        return ()
    request, until = _request(step, facts), step.fields["execute_by"]
    request.promised_on = until if isinstance(until, date) else None
    request.promise_act = facts.act_id
    request.save(update_fields=["promised_on", "promise_act"])
    return ()


def request_proved(step: Step, facts: Facts) -> Sequence[Step]:
    """Write that a promise was carried out and proved; only now is the request solved."""
    if step.fields.get("request") is None:
        return ()
    request = _request(step, facts)
    request.proved_on, request.proof_act = facts.day, facts.act_id
    request.save(update_fields=["proved_on", "proof_act"])
    return ()
