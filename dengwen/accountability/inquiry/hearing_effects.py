"""What belongs to a hearing: its record countersigned, a refusal to sign, that nothing more comes.

Somebody speaks from the own account, or on a paper they signed, bound by its digest; what
investigators alone say of somebody counts for nothing, but that both of them record a refusal to
sign (PSL 42, 43).
"""

from __future__ import annotations

from collections.abc import Sequence

from dengwen.accountability.inquiry import rules
from dengwen.accountability.inquiry.conclusion.odd_findings import contradictions
from dengwen.accountability.inquiry.inquiry_before import (
    acting_official,
    heard_again,
    inquiry_before,
    investigated,
    row_id,
)
from dengwen.accountability.inquiry.queries import IN_PERSON, Inquiry
from dengwen.accountability.inquiry.responsibility import grounds_of
from dengwen.accountability.inquiry.rules import refused
from dengwen.accountability.measures.refusals import in_words
from dengwen.law.duties.step import Facts, Step


def in_person(made: Inquiry, facts: Facts, official: int) -> None:
    """Let somebody speak for themselves; what they say to the investigators is entered by these,
    two of them being named."""
    if official not in made.officials:
        raise rules.person_not_concerned()
    rules.was_told(made, official)
    acting = acting_official(facts)
    if acting == official or heard_again(made, facts):
        return
    if acting not in made.investigators:
        raise rules.not_concerned()
    rules.two_investigators(made, acting)


def _own_word(made: Inquiry, step: Step, facts: Facts) -> int:
    """Return who speaks: from the own account, or on the paper they signed (PSL 43)."""
    official = row_id(step.fields["official"])
    in_person(made, facts, official)
    if acting_official(facts) != official and not step.fields.get("paper"):
        raise refused(
            "no-signed-paper",
            "paper",
            "不是本人登录办理的，要附本人签名的材料（政务处分法第四十三条）",
            "not from the person's own account: attach the paper they signed (PSL 43)",
            ("请本人登录办理，或者附上本人签名的材料", "let the person do it, or attach it"),
        )
    return official


def nothing_more_said(step: Step, facts: Facts) -> Sequence[Step]:
    """Take from somebody that nothing more comes from them before the day set (PSL 43)."""
    _own_word(inquiry_before(facts), step, facts)
    return ()


def hearing_signed(step: Step, facts: Facts) -> Sequence[Step]:
    """Take somebody's signature under the record of their last hearing in person (PSL 43)."""
    made = inquiry_before(facts)
    _record_there(made, _own_word(made, step, facts))
    return ()


def signature_refused(step: Step, facts: Facts) -> Sequence[Step]:
    """Record, each investigator for themselves, that somebody refused to sign (PSL 42)."""
    made, official = investigated(facts), row_id(step.fields["official"])
    rules.was_told(made, official)
    in_words(step, "reasons")
    _record_there(made, official)
    signs_themselves(step, facts)
    if row_id(step.fields["investigator"]) in made.refused_before(official):
        raise refused(
            "recorded-before",
            "investigator",
            "同一名核查人员已经记明：要两名核查人员各自记明（政务处分法第四十二条）",
            "the same investigator recorded it before; two record it, each for themselves (PSL 42)",
            ("由另一名核查人员记明", "let the other investigator record it"),
        )
    return ()


def _record_there(made: Inquiry, official: int) -> None:
    """Refuse to sign where nobody was heard in person, and what is signed already."""
    heard = made.heard.get(official)
    if heard is None or heard.data.get("how") != IN_PERSON:
        raise refused(
            "no-record",
            "official",
            "没有当面听取本人的笔录",
            "there is no record of a hearing in person",
            ("先当面听取并附笔录", "hear the person and attach the record first"),
        )
    signed = made.countersigned.get(official)
    if signed is not None and signed.seq > heard.seq:
        raise refused(
            "signed-before",
            "official",
            "本人已经在这份笔录上签名",
            "the person has signed this record already",
            ("不必再办", "nothing is left to do"),
        )


def signs_themselves(step: Step, facts: Facts) -> None:
    """Let an investigator sign or record for themselves alone (PSL 42)."""
    if row_id(step.fields["investigator"]) != acting_official(facts):
        raise refused(
            "not-yourself",
            "investigator",
            "只能以本人名义签名、记明（政务处分法第四十二条）",
            "one signs and records for oneself alone (PSL 42)",
            ("由该核查人员本人办理", "let that investigator do it"),
        )


# --- what is shown, and what contradicts ----------------------------------------------------------
def contradiction_reasoned(step: Step, facts: Facts) -> Sequence[Step]:
    """Reason in words a contradiction the inquiry has now; it then stands in the report (S 11)."""
    made = investigated(facts)
    in_words(step, "reasons")
    known = {one.key for one in contradictions(made, grounds_of(made))}
    if step.fields["contradiction"] not in known:
        raise refused(
            "no-contradiction",
            "contradiction",
            "现在没有这一处矛盾：有关的认定已经改变，或者没有过",
            "there is no such contradiction now",
            ("从核查页面选择", "choose it on the page of the inquiry"),
        )
    return ()
