"""What the ledger itself answers to whether somebody was diligent, before anybody else does.

Three questions are answered from duties and acts of the matters an inquiry rests on: was it done in
time, was it reported, was help asked for. An investigator confirms the answer or contradicts it in
words; nobody writes it (S 11 para. 2). Where the ledger has nothing of somebody, it answers
nothing.
"""

from __future__ import annotations

from collections.abc import Mapping

from dengwen.access.models import User
from dengwen.accountability.inquiry.disclosure_to_person import sources_of
from dengwen.accountability.inquiry.queries import DEED, Inquiry
from dengwen.cases.models import Act, Duty

REPORTED = frozenset(
    {"report_up", "report_information", "report_urgent", "report", "completion_report"}
    | {"assist_report", "reply"}
)
"""Acts by which somebody reports: upward, to a leader, to whoever supervises."""
HELPED = frozenset({"assist", "extend", "refer_dispute", "propose_improvement", "recuse"})
"""Acts by which somebody asks for help or for time."""
YES, NO, UNKNOWN = "yes", "no", "unknown"
ASKED = ("ledger_in_time", "ledger_reported", "ledger_helped")
WORDS = {
    "ledger_in_time": ("是否及时", "in time?"),
    "ledger_reported": ("是否报告过", "reported?"),
    "ledger_helped": ("是否请求过协助", "help asked for?"),
    YES: ("是", "yes"),
    NO: ("否", "no"),
    UNKNOWN: ("没有记录", "nothing on record"),
}
"""The fields and answers in the words of the form."""
"""The fields in which a weighing repeats what the ledger answers."""


def answered_by_ledger(made: Inquiry, ground: int) -> dict[str, str]:
    """Return what the ledger answers about whoever did a deed, by the fields of a weighing."""
    told = made.grounds.get(ground)
    if told is None or told.act != DEED:
        return dict.fromkeys(ASKED, UNKNOWN)
    official = int(told.data["official"])
    cases = [case.pk for case in sources_of(made)]
    duties = list(Duty.objects.filter(case__in=cases, official_id=official, right=False))
    accounts = list(User.objects.filter(official_id=official).values_list("pk", flat=True))
    done = set(Act.objects.filter(case__in=cases, actor__in=accounts).values_list("act", flat=True))
    # without an own account others enter what somebody did: then nothing here is no answer
    there = bool(accounts and (duties or done))
    return {
        "ledger_in_time": _in_time(duties),
        "ledger_reported": _did(done & REPORTED, there=there),
        "ledger_helped": _did(done & HELPED, there=there),
    }


def _in_time(duties: list[Duty]) -> str:
    """Say whether all somebody owed was done in time: one breach answers no, an open duty
    nothing."""
    if any(duty.breach_id is not None for duty in duties):
        return NO
    if duties and all(duty.state == "closed" for duty in duties):
        return YES
    return UNKNOWN


def _did(found: object, *, there: bool) -> str:
    """Say whether somebody did it; nothing where the ledger has nothing of them at all."""
    if found:
        return YES
    return NO if there else UNKNOWN


def ledger_words(ledger: Mapping[str, str]) -> tuple[str, str]:
    """Return in both languages what to enter where a weighing says something else."""
    pairs = [(WORDS[name], WORDS[answer]) for name, answer in ledger.items()]
    zh = "，".join(f"{name[0]}：{answer[0]}" for name, answer in pairs)
    en = "; ".join(f"{name[1]} {answer[1]}" for name, answer in pairs)
    return f"填写存证记录的回答：{zh}", f"enter what the ledger answers: {en}"
