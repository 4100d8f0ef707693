"""What opens a file of accountability: a proposal, a hand-over, or the organ itself (S 17).

A proposal is bound to its inquiry, its subject and its letter: nobody receives another one than was
made.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from dengwen.accountability.errors import AccountabilityError
from dengwen.accountability.inquiry.inquiry_before import row_id
from dengwen.accountability.inquiry.posts_on_day import refuse_stranger
from dengwen.accountability.inquiry.queries import Inquiry, read_inquiry
from dengwen.accountability.inquiry.report import letter_digest
from dengwen.accountability.measures.management_authority import managers_of, manages
from dengwen.accountability.measures.parties import concern, just
from dengwen.accountability.measures.queries import read_file
from dengwen.accountability.measures.refusals import in_words, refuse
from dengwen.cases.models import Act, Case, Content, Party
from dengwen.cases.write.case_parties import enter_in_role
from dengwen.cases.write.contents import open_package
from dengwen.law.duties.step import Facts, Step
from dengwen.oversight.inspections.queries import Told

SUBJECTS = ("subject_official", "subject_organ")
"""The fields that name whom a proposal is about."""
BOUND = ("situations", "gravity", "measures")
"""What a proposal received must say as the one that was made."""


def proposal_received(step: Step, facts: Facts) -> Sequence[Step]:
    """Take a proposal in at the organ with management authority, as it was made and once (S 17
    para. 2)."""
    official, organ = _subject(step)
    made = _concluded(step)
    _as_made(step, facts, made)
    earlier = Act.objects.filter(
        act="receive_proposal",
        case__kind="accountability",
        data__inquiry=made.number,
        data__letter=str(step.fields["letter"]),
    )
    if earlier.exclude(pk=facts.act_id).exists():
        raise refuse(
            "received-twice",
            "letter",
            (
                "这份建议书已经收到并立项",
                "this letter of proposal was received already",
            ),
            ("在已有的件里办理", "go on with the file there is"),
            under="inquiry",
        )
    manages(facts, official, organ, "to")
    office = step.fields["from_office"]
    if isinstance(office, int) and office != facts.organ:
        enter_in_role(facts, "assisting_organ", organs=[office])
    concern(facts, just(official), just(organ))
    return ()


def _concluded(step: Step) -> Inquiry:
    """Return the inquiry of a proposal; refuse one that is not there or not concluded."""
    case = Case.objects.filter(number=str(step.fields["inquiry"]), kind="inquiry").first()
    if case is None:
        raise refuse(
            "no-inquiry",
            "inquiry",
            (
                "没有这件核查；建议须经核查",
                "there is no such inquiry; a proposal follows one",
            ),
            ("核对核查的编号", "check the number of the inquiry"),
            under="proposes_only",
        )
    made = read_inquiry(case)
    if made.concluded is None:
        raise refuse(
            "not-concluded",
            "inquiry",
            (
                "核查还没有作出结论，不能提出、接收建议",
                "the inquiry is not concluded: nothing is proposed yet",
            ),
            ("等核查作出结论", "wait until it is concluded"),
            under="inquiry",
        )
    return made


def _as_made(step: Step, facts: Facts, made: Inquiry) -> None:
    """Refuse a proposal about another subject, to another organ, by another office, or with another
    letter (S 17)."""
    office = step.fields["from_office"]
    sent = [p for p in made.proposals if p.data.get("to") == facts.organ and p.organ == office]
    if not sent:
        raise _other(
            "no-proposal",
            "inquiry",
            "核查没有向本机关提出建议",
            "the inquiry proposed nothing to this organ",
        )
    about = [proposal for proposal in sent if _same_subject(proposal, step)]
    if not about:
        raise _other(
            "other-subject",
            "subject_official",
            "建议的不是这个人（单位）",
            "the proposal is about somebody else",
        )
    letters = [proposal for proposal in about if _same_letter(proposal, step)]
    if not letters:
        raise _other(
            "other-letter",
            "letter",
            "建议书的摘要与发出的不一致",
            "the digest is not that of the letter sent",
        )
    if not any(_says_the_same(proposal, step) for proposal in letters):
        raise _other(
            "other-proposal",
            "measures",
            "情形、情节、措施或者事实与建议书不一致",
            "it does not say what was proposed",
        )


def _same_subject(proposed: Told, step: Step) -> bool:
    """Say whether a proposal that was made is about the person or organ of the one received."""
    return all(proposed.data.get(name) == step.fields.get(name) for name in SUBJECTS)


def _same_letter(proposed: Told, step: Step) -> bool:
    """Say whether the letter received is the one that was sent, by its digest."""
    return letter_digest(_texts(proposed).get("proposal", "")) == step.fields["letter"]


def _says_the_same(proposed: Told, step: Step) -> bool:
    """Say whether a proposal received has the words, circumstances and measures of the one made."""
    said = _texts(proposed)
    for name in ("facts", "reasons"):
        if said.get(name) != step.texts.get(name):
            return False
    for name in BOUND:
        given = step.fields.get(name)
        plain = list(given) if isinstance(given, tuple) else given
        if plain != proposed.data.get(name):
            return False
    return True


def _texts(told: Told) -> dict[str, str]:
    """Return the sealed words of a proposal: they go into a comparison and are shown to nobody, so
    no opening."""
    found: dict[str, str] = {}
    for row in Content.objects.filter(act_id=told.pk).select_related("act"):
        found |= open_package(row)
    return found


def _other(code: str, where: str, zh: str, en: str) -> AccountabilityError:
    """Return the refusal of a proposal that is not the one made."""
    return refuse(
        code,
        where,
        (
            f"{zh}：信访部门核查后提出",
            f"{en}",
        ),
        (
            "按发出的建议书接收；有误的，由信访部门重新提出",
            "receive it as sent; where wrong, the office proposes anew",
        ),
        under="inquiry",
    )


def opened_own(step: Step, facts: Facts) -> Sequence[Step]:
    """Let an organ open a file by itself, on somebody it manages who stood in the unit on the day
    (S 11, 17)."""
    in_words(step, "facts")
    official, organ = _subject(step)
    unit = row_id(step.fields["unit"])
    if official is not None:
        refuse_stranger(official, {unit}, _day(step, facts), "subject_official")
    elif unit != organ:
        raise refuse(
            "other-unit",
            "unit",
            (
                "追究单位的，所在单位就是责任单位",
                "a file on an organ names that organ as the unit",
            ),
            ("写责任单位", "name the organ concerned"),
            under="measures",
        )
    manages(facts, official, organ, facts.case)
    concern(facts, just(official), just(organ))
    return ()


def opened_handed(step: Step, facts: Facts) -> Sequence[Step]:
    """Open what was handed over with unit and day of the conduct, on which the person stood there
    (S 11, 12)."""
    file = read_file(Case.objects.get(pk=facts.case_id), before=facts.act_id)
    if file.official is not None:
        refuse_stranger(file.official, {row_id(step.fields["unit"])}, _day(step, facts), "unit")
    return ()


def _day(step: Step, facts: Facts) -> date:
    """Return the day of the conduct, today where none is given."""
    given = step.fields.get("day_of_conduct")
    return given if isinstance(given, date) else facts.day


def _subject(step: Step) -> tuple[int | None, int | None]:
    """Return the person or the organ a file concerns; refuse both and neither."""
    official, organ = step.fields.get("subject_official"), step.fields.get("subject_organ")
    if isinstance(official, int) == isinstance(organ, int):
        raise refuse(
            "one-subject",
            "subject_official",
            ("一件只追究一个人或者一个单位", "a file concerns one person or one organ"),
            ("责任人、责任单位只写一项", "give the person or the organ, not both"),
        )
    if isinstance(official, int):
        return official, None
    return None, organ if isinstance(organ, int) else None


# --- when management changes while a file runs ----------------------------------------------------
def file_handed(step: Step, facts: Facts) -> Sequence[Step]:
    """Let a file go only to the organ that manages its subject today, from one that does not any
    more.

    Authority is asked on the day of the decision: whoever lost it can decide nothing, not even that
    no measure is taken, so the file would stay for ever.
    """
    file = read_file(Case.objects.get(pk=facts.case_id), before=facts.act_id)
    names = managers_of(file.official, file.organ, facts.day)
    if facts.organ in names:
        raise refuse(
            "still-manages",
            facts.case,
            ("本机关今天仍有管理权限", "this organ still has management authority today"),
            ("由本机关决定", "let this organ decide"),
            under="management",
        )
    if step.fields["to"] not in names:
        shown = "、".join(names.values()) or "（没有登记管理权限）"
        raise refuse(
            "no-authority",
            "to",
            (
                "移交的机关今天对其没有管理权限",
                "the organ it would go to has no management authority today",
            ),
            (f"移交{shown}", f"hand it to {shown}"),
            under="management",
        )
    return ()


def file_taken(_step: Step, facts: Facts) -> Sequence[Step]:
    """End the standing of the investigators of the organ that handed the file on."""
    named = Party.objects.filter(case_id=facts.case_id, role="investigator", until__isnull=True)
    named.update(until=facts.day)
    return ()
