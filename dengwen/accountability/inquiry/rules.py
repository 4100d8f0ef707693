"""What an inquiry may not do: rules over what its acts say, each refusal with its article and mend.

As careful with exculpation as with blame: nothing is found on the word of the person alone, and
nothing before they were told and heard. How responsibility is found is in `line_rules`, what an
inquiry lacks before it ends in `conclusion.completeness`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from dengwen.accountability.errors import AccountabilityError
from dengwen.accountability.inquiry.identity_traces import carries
from dengwen.accountability.inquiry.queries import IN_PERSON, NEEDED, Inquiry, read_acts
from dengwen.law.duties.step import FieldValue
from dengwen.law.liability.provisions import Liability
from dengwen.law.liability.triggers import REASONS
from dengwen.oversight.inspections.queries import Told

Mend = tuple[str, str]


def refused(
    code: str, where: str, zh: str, en: str, mend: Mend, *, under: str = ""
) -> AccountabilityError:
    """Return what is refused, why, under which rule of the packs, and the mend."""
    return AccountabilityError(
        code, where=where, zh=zh, en=en, mend_zh=mend[0], mend_en=mend[1], under=under
    )


def reread(made: Inquiry, acts: tuple[Told, ...]) -> Inquiry:
    """Return an inquiry as only these of its acts tell it."""
    return read_acts(made.number, made.place, made.holder, acts)


def not_concerned() -> AccountabilityError:
    """Return the refusal of somebody who is neither concerned nor investigates."""
    return refused(
        "not-concerned",
        "official",
        "只有被核查人员本人和核查人员才能这样做（政务处分法第四十三条）",
        "only the person concerned and the investigators do this (PSL 43)",
        ("由本人办理，或者由核查人员记入", "let the person do it, or an investigator enter it"),
    )


def person_not_concerned() -> AccountabilityError:
    """Return the refusal to tell or hear somebody whom the inquiry is not about."""
    return refused(
        "not-concerned",
        "official",
        "这个人不是被核查人员",
        "this person is not concerned",
        ("先列入被核查人员", "add the person first"),
    )


# --- investigators --------------------------------------------------------------------------------
def two_investigators(made: Inquiry, official: int | None) -> None:
    """Let nothing be done before two investigators are named, and by nobody else than one of them
    (PSL 42)."""
    if len(made.investigators) < NEEDED:
        raise refused(
            "too-few",
            made.number,
            f"核查人员不足{NEEDED}人，现有{len(made.investigators)}人（政务处分法第四十二条）",
            f"an inquiry needs at least {NEEDED} investigators, here "
            f"{len(made.investigators)} (PSL 42)",
            (
                "补充没有利害关系的人员；本机关不足的，提请上一级",
                "name more without a conflict; or hand up to the next higher organ",
            ),
        )
    if official not in made.investigators:
        raise refused(
            "not-an-investigator",
            made.number,
            "只有本件的核查人员才能这样做（政务处分法第四十二条）",
            "only an investigator of this inquiry does this (PSL 42)",
            ("由核查人员办理", "let an investigator do it"),
        )


# --- evidence -------------------------------------------------------------------------------------
def on_the_board(made: Inquiry, evidence: Iterable[object], *, needed: bool, why: Mend) -> None:
    """Take only numbers of the board; where needed, at least one that the person did not hand in
    themselves (PSL 43)."""
    given = [str(number) for number in evidence]
    numbers = [int(number) if number.isdecimal() else 0 for number in given]
    strange = [
        text for text, number in zip(given, numbers, strict=True) if number not in made.items
    ]
    if strange:
        raise refused(
            "not-on-the-board",
            "evidence",
            f"证据板上没有第{strange[0]}号",
            f"there is no number {strange[0]} on the board",
            ("先固定证据，或者改序号", "pin it first, or mend the number"),
        )
    if needed and all(made.items[number].own for number in numbers):
        raise refused(
            "no-evidence",
            "evidence",
            f"{why[0]}，不能只凭本人陈述或者本人提交的材料",
            f"{why[1]}, and not on the word of the person alone",
            ("在证据板上选证据", "choose evidence on the board"),
            under="evidence",
        )


def element_known(made: Inquiry, rules: Liability, trigger: str, element: str) -> None:
    """Take only circumstances in force on the day of the conduct, and only what their text asks for
    (S 11, 20)."""
    rule = rules.triggers.get(trigger)
    if rule is None:
        raise refused(
            "no-such-circumstance",
            "trigger",
            f"{made.day}在当地没有“{trigger}”这一情形：按行为发生当日的规定",
            f"on {made.day} there was no circumstance {trigger} here",
            ("选当日有效的情形", "choose one in force on that day"),
            under="by_day",
        )
    asked = (*rule.conduct, *rule.all_elements, *((REASONS,) if rule.open else ()))
    if element not in asked:
        raise refused(
            "not-an-element",
            "element",
            f"“{rule.zh}”不问这一项（{rule.basis.law} {rule.basis.article}）",
            f"{rule.basis.law} {rule.basis.article} does not ask for this",
            ("选条文写明的行为或者要件", "choose a conduct or element of the text"),
        )


# --- told and heard -------------------------------------------------------------------------------
def no_identity(texts: Iterable[str], sealed: Iterable[str], where: str = "facts") -> None:
    """Let nothing that is told or disclosed carry a sealed identity, number or address (S 8, 11(8);
    R22 30(3))."""
    words = sorted(sealed)
    if any(carries(text, words) for text in texts):
        raise refused(
            "sealed-identity",
            where,
            "文字里有信访人的身份、联系方式或者密封件的编号，不得告知被核查人员",
            "the text names a petitioner or a sealed case; never told to the person concerned",
            ("只写事实和行为", "state facts and acts only"),
            under="sealed",
        )


def can_still_answer(answer_by: FieldValue, recorded: date) -> None:
    """Refuse to tell somebody of a time to answer that leaves no day, counted from when it was
    entered.

    No law gives a number of days; that at least the next day is left is this system's demand.
    """
    if isinstance(answer_by, date) and answer_by <= recorded:
        raise refused(
            "no-time-to-answer",
            "answer_by",
            f"录入的今天（{recorded}）以后没有留出一天陈述、申辩，也不得补录期满（政务处分法第四十三条；至少留一天是本系统的把关）",
            f"no day is left to answer after this was entered on {recorded}; "
            "it cannot be entered late "
            "(PSL 43; at least one day is this system's demand)",
            ("写明天或者以后的日期", "give tomorrow or a later day"),
        )


def told_something(made: Inquiry) -> None:
    """Refuse to tell anybody facts of which nothing stands on the board, except that a goal was
    missed (PSL 43)."""
    if not made.items and made.missed is None:
        raise refused(
            "no-evidence",
            made.number,
            "证据板上没有证据，没有可以告知的事实（政务处分法第四十二条、第四十三条）",
            "nothing is on the evidence board: there are no facts to tell (PSL 42, 43)",
            ("先固定证据", "pin evidence first"),
        )


def was_told(made: Inquiry, official: int) -> None:
    """Hear only somebody who was told the facts and grounds first (PSL 43)."""
    if official not in made.told:
        raise refused(
            "not-told",
            "official",
            "还没有向这个人告知事实和依据（政务处分法第四十三条）",
            "this person was not told facts and grounds yet (PSL 43)",
            ("先告知", "tell the person first"),
        )


def has_written(made: Inquiry, official: int) -> bool:
    """Say whether somebody made a point since they were told last."""
    since = made.told[official].seq
    return any(p.official == official and p.told.seq > since for p in made.points.values())


def answered_in_writing(made: Inquiry, official: int) -> None:
    """Write "answered in writing" only where the person made a point since they were told last (PSL
    43)."""
    if not has_written(made, official):
        raise refused(
            "no-answer",
            "how",
            "告知以后本人没有书面答复（政务处分法第四十三条）",
            "the person gave no written answer since they were told (PSL 43)",
            ("当面听取，或者等期满", "hear the person, or wait until the day set"),
        )


def earlier_signed(made: Inquiry, official: int) -> None:
    """Enter another hearing only once the record of the last one in person is countersigned, or the
    refusal to sign it recorded: a later entry takes no earlier word away (PSL 42, 43)."""
    if official in made.heard and not made.hearing_stands(official):
        raise refused(
            "unsigned",
            "official",
            "上一次当面听取的笔录本人还没有签名，也没有记明拒绝签名，不能再记一次听取（政务处分法第四十二条、第四十三条）",
            "the record of the last hearing in person is neither countersigned nor its refusal "
            "recorded; no other hearing is entered over it (PSL 42, 43)",
            (
                "请本人签名；拒绝签名的，由两名核查人员各自记明",
                "let the person sign; where they refuse, two investigators record it",
            ),
        )


def record_there(how: str, *, recorded: bool) -> None:
    """Write "heard in person" only with the record of the hearing (PSL 43)."""
    if how == IN_PERSON and not recorded:
        raise refused(
            "no-record",
            "record",
            "当面听取要有谈话笔录（政务处分法第四十三条）",
            "a hearing in person needs its record (PSL 43)",
            ("附谈话笔录，再由本人签名", "attach the record, then let the person sign it"),
        )


def may_be_silent(made: Inquiry, official: int, how: str, today: date, *, recorded: bool) -> None:
    """Write "no answer" only after the day until which the person may answer, "declined" before
    only with a record."""
    if how == "absent" or (how == "declined" and not recorded):
        may_be_absent(made, official, today)
    if how == "absent" and has_written(made, official):
        raise refused(
            "has-answered",
            "how",
            "告知以后本人已经书面陈述、申辩，不能记为没有答复（政务处分法第四十三条）",
            "the person answered in writing since they were told; this is no silence (PSL 43)",
            ("记为书面答复", "enter that they answered in writing"),
        )


def may_be_absent(made: Inquiry, official: int, today: date) -> None:
    """Write "no answer" only after the day until which the person may answer."""
    last = made.answer_until(official, today)
    if last is not None:
        raise refused(
            "may-still-answer",
            "how",
            f"本人可以陈述、申辩到{last}，还没有期满（政务处分法第四十三条）",
            f"the person may answer until {last} (PSL 43)",
            (
                "等期满，或者当面听取；本人当时就表示不陈述的，附谈话笔录",
                "wait, or hear the person; where they declined on the spot, attach the record",
            ),
        )


def next_point(made: Inquiry, point: object) -> None:
    """Number the points of a defence without gaps, so that none can be left out."""
    if point != len(made.points) + 1:
        raise refused(
            "other-point",
            "point",
            f"下一点是第{len(made.points) + 1}点",
            f"the next point is no. {len(made.points) + 1}",
            ("按顺序编号", "number them in order"),
        )


def point_open(made: Inquiry, point: object) -> None:
    """Answer a point that was made."""
    if point not in made.points:
        raise refused(
            "no-point",
            "point",
            "没有这一点申辩",
            "there is no such point",
            ("核对第几点", "check the number"),
        )
