"""Notification of a result to the departments of the level (责任追究情况通报, S 18).

`notice_step` is what the case of the decision asks for; the effects check that it says what was
decided, that both departments are of the level of the deciding organ, and that no particular of a
petitioner slips in. Opinions on a cadre (S 10(2)) and queries about honours (S 14) have their
effects here too. A refusal rolls the whole call back.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date

from django.db.models import QuerySet

from dengwen.accountability.inquiry.rules import refused
from dengwen.accountability.measures.queries import KIND, Measure, measures_in, read_file
from dengwen.accountability.personnel.extracts import convention_on, effects_of, standing_on
from dengwen.accountability.personnel.honours import FIRST_YEAR, bans_on, deciders
from dengwen.cases import rulebooks
from dengwen.cases.models import Act, Case
from dengwen.cases.write.case_parties import enter_in_role
from dengwen.law.duties.step import Facts, FieldValue, PartyEntry, Step
from dengwen.law.liability import provisions
from dengwen.law.liability.influence_period import DAY_BEFORE
from dengwen.organs.models import Official, Organ
from dengwen.organs.structure.posts_held import posts_held
from dengwen.ui.dates import numeric

NOTICE, OPINION, QUERY = "personnel_notice", "personnel_opinion", "honour_query"
PARTICULARS = (
    ("mobile", re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)"), "手机号码", "a mobile number"),
    ("identity", re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)"), "身份证号码", "an identity number"),
    (
        "case",
        re.compile(r"[A-Z0-9]{2,20}-[0-9]{4}-[0-9]{9}-[0-9]"),
        "办理件编号",
        "the number of a case",
    ),
)
"""What points to a petitioner and can be told from its form. Names cannot: the signer answers for
those."""


# --- the notification -----------------------------------------------------------------------------
def notice_step(
    case: Case, *, day: date, organ: int | None, organisation: int, personnel: int, facts: str
) -> Step:
    """Return the step that notifies both departments (row ids) of what `organ` decided in a file of
    accountability.

    Only measures that stand on `day` are notified; the words of person, measure, basis and
    influence period are written from the decision, so that nobody types them anew.
    AccountabilityError where nothing was decided.
    """
    file = read_file(case)
    standing = standing_on(measures_in(file), day)
    if not standing:
        raise refused(
            "nothing-decided",
            case.number,
            "还没有作出、或者已经撤销，没有可以通报的决定",
            "nothing was decided, or it was revoked: there is no result to notify",
            ("作出决定以后再通报", "notify once it is decided"),
            under="notice",
        )
    decided = max(one.decided for one in standing)
    fields: dict[str, FieldValue] = {
        "decision": case.number,
        "organisation": organisation,
        "personnel": personnel,
        "measures": tuple(sorted({one.measure for one in standing})),
        "decided": decided,
    }
    if file.official is not None:
        fields["official"] = file.official
    elif file.organ is not None:
        fields["unit"] = file.organ
    texts = {
        "concerned": _concerned(file.official, file.organ, decided),
        "measures_said": "\n".join(measure_words(one, day) for one in standing),
        "facts": facts,
    }
    return Step(
        act="notify",
        kind=NOTICE,
        organ=organ,
        fields=fields,
        texts=texts,
        parties=_behind(file.official, file.organ),
        links=(("concerns", case.number),),
    )


def notices_of(decision: str) -> QuerySet[Case]:
    """Return the notifications of what was decided in a case of accountability, by its number, the
    newest first."""
    sent = Act.objects.filter(case__kind=NOTICE, act="notify", data__decision=decision).values(
        "case"
    )
    return Case.objects.filter(pk__in=sent).order_by("-opened_at", "-pk")


def correction_steps(case: Case, measures: Iterable[str], step: Step, facts: Facts) -> list[Step]:
    """Return the steps that tell whoever was notified of these measures that they were put right
    (AC19 21)."""
    wanted = set(measures)
    standing = {one.measure for one in measures_in(read_file(case)) if one.stands}
    steps = []
    for notice in notices_of(case.number):
        told = set(Act.objects.get(case=notice, act="notify").data["measures"])
        said = sorted(wanted & told)
        if not said or _corrected_whole(notice):
            continue
        fields: dict[str, FieldValue] = {"measures": tuple(said), "whole": not told & standing}
        steps.append(
            Step(
                act="notify_correction",
                case=notice.number,
                organ=facts.organ,
                fields=fields,
                texts={"correction": _correction(case, said, facts.day)},
                occurred_at=step.occurred_at,
            )
        )
    return steps


def _corrected_whole(notice: Case) -> bool:
    """Say whether everything in a notification was put right already."""
    whole = Act.objects.filter(case=notice, act="notify_correction", data__whole=True)
    return whole.exists()


def _correction(case: Case, measures: Iterable[str], day: date) -> str:
    """Return the words by which departments learn that measures were put right on a day."""
    rules = provisions.in_force(rulebooks.library(), day, case.place)
    decided = {one.measure: one.rule(rules) for one in measures_in(read_file(case))}
    names = "、".join(rule.zh if (rule := decided.get(name)) else name for name in measures)
    return f"原通报的{names}已于 {numeric(day, 'zh')} 纠正，不再作为依据，以前的使用应当重新考虑。"


def _behind(official: int | None, unit: int | None) -> tuple[PartyEntry, ...]:
    """Return whom the wall of a notification keeps out: the person or the organ concerned."""
    if official is not None:
        return (PartyEntry(role="concerned_person", official=official),)
    return (PartyEntry(role="concerned_unit", organ=unit),) if unit is not None else ()


def _concerned(official: int | None, unit: int | None, day: date) -> str:
    """Return who is concerned in words: the person with the posts of that day, or the organ."""
    if official is None:
        return Organ.objects.get(pk=unit or 0).name_zh
    person = Official.objects.get(pk=official)
    posts = [f"{p.post.organ.name_zh}{p.post.title_zh}" for p in posts_held(person, day, day)]
    return f"{person.name}（{'、'.join(posts)}）" if posts else person.name


def measure_words(one: Measure, on: date) -> str:
    """Return a measure in words: name, basis, day of the decision, influence period with its last
    day."""
    rules = provisions.in_force(rulebooks.library(), one.decided, one.place)
    rule = one.rule(rules) or rules.measures[one.measure]
    said = [f"{rule.zh}（{rule.basis.cite(rules.instruments)}，{numeric(one.decided, 'zh')}决定）"]
    for effect in effects_of(one, on):
        if effect.last is None:
            said.append(f"影响期：{effect.zh}")
            continue
        way = "满期前一日" if convention_on(on) == DAY_BEFORE else "对应日"
        basis = effect.basis.cite(rules.instruments)
        said.append(
            f"影响期：{effect.zh}，至 {numeric(effect.last, 'zh')}（{basis}；末日按{way}算）"
        )
    return "；".join(said)


def notified(step: Step, facts: Facts) -> Sequence[Step]:
    """Check that a notification says what the deciding organ decided, to both departments of its
    level (S 18)."""
    decision = Case.objects.filter(number=str(step.fields["decision"]), kind=KIND).first()
    if decision is None or decision.holder_id != facts.organ:
        raise refused(
            "no-decision",
            "decision",
            "本机关没有编号为此的追责决定",
            "this organ made no such decision on accountability",
            ("从作出决定的案件通报", "notify from the case of the decision"),
            under="notice",
        )
    _as_decided(step, decision, facts.day)
    for name in ("organisation", "personnel"):
        same_level(facts.organ, step.fields[name], name)
    no_particulars(step)
    return ()


def _as_decided(step: Step, decision: Case, day: date) -> None:
    """Refuse a notification of another person, other measures or another day than those decided."""
    file = read_file(decision)
    standing = {one.measure: one for one in standing_on(measures_in(file), day)}
    said = _measures_said(step)
    concerned = (step.fields.get("official"), step.fields.get("unit"))
    if concerned != (file.official, file.organ) or not said or said - set(standing):
        raise refused(
            "not-as-decided",
            "measures",
            "通报的人、措施与决定不一致",
            "person or measures are not those of the decision",
            ("按决定填写", "write what was decided"),
            under="notice",
        )
    if step.fields["decided"] not in {standing[measure].decided for measure in said}:
        raise refused(
            "not-as-decided",
            "decided",
            "决定日期与决定不一致",
            "that is not the day of the decision",
            ("按决定填写", "write the day of the decision"),
        )


def _measures_said(step: Step) -> set[str]:
    """Return the measures a notification names, none where it names them in no proper way."""
    said = step.fields["measures"]
    return {str(measure) for measure in said} if isinstance(said, tuple) else set()


def same_level(sender: int | None, addressee: object, where: str) -> None:
    """Refuse a department that is not of the level of the deciding organ (S 18: 同级组织、人事部门)."""
    one = Organ.objects.get(pk=sender or 0)
    other = Organ.objects.get(pk=addressee if isinstance(addressee, int) else 0)
    if one.level != other.level:
        raise refused(
            "not-same-level",
            where,
            f"{other.name_zh}与{one.name_zh}不同级：同级组织、人事部门",
            f"{other.name_en or other.name_zh} is not of the level of {one.name_en or one.name_zh}",
            ("改为同级的组织部门、人事部门", "name the departments of the same level"),
            under="notice",
        )


def no_particulars(step: Step) -> None:
    """Refuse texts that hold what points to a petitioner: a mobile number, an identity number, a
    number of a case."""
    for where, text in step.texts.items():
        for _code, pattern, zh, en in PARTICULARS:
            if pattern.search(text):
                raise refused(
                    "particulars",
                    where,
                    f"里面有{zh}：通报和意见不写信访人的任何情况",
                    f"it holds {en}: nothing about a petitioner goes in",
                    (
                        "删去，只写人员的事实、措施、日期",
                        "take it out; write facts of the person, measures and days only",
                    ),
                    under="notice_words",
                )


def correction_notified(step: Step, facts: Facts) -> Sequence[Step]:
    """Notify a correction only of measures that were undone, and only what this notification had
    said (AC19 21)."""
    first = Act.objects.get(case_id=facts.case_id, act="notify")
    decided = measures_in(read_file(Case.objects.get(number=first.data["decision"])))
    undone = {one.measure for one in decided if not one.stands}
    standing = {one.measure for one in decided if one.stands}
    known = set(first.data["measures"])
    whole = not known & standing
    said = _measures_said(step)
    if not said or said - (undone & known) or bool(step.fields.get("whole")) != whole:
        raise refused(
            "not-undone",
            "measures",
            "这些措施没有撤销、变更，或者没有通报过，或者是否全部更正与决定不符",
            "these measures were not undone, or not notified here, or whether nothing stands "
            "any more is not so",
            (
                "只更正已撤销、变更的措施，如实写是否全部更正",
                "correct what was undone, and say whether that is all",
            ),
        )
    no_particulars(step)
    return ()


def receipt_signed(_step: Step, facts: Facts) -> Sequence[Step]:
    """Let each of the two departments sign once for the notification, and once more for a
    correction."""
    acts = Act.objects.filter(case_id=facts.case_id).order_by("seq")
    _addressed(facts, acts.get(act="notify"))
    newest = acts.filter(act__in=("notify", "notify_correction")).order_by("-seq")[0]
    signed = acts.filter(act="sign_receipt", organ=facts.organ, seq__gt=newest.seq)
    if signed.exclude(pk=facts.act_id).exists():
        raise refused(
            "signed-before",
            facts.case,
            "本部门已经签收",
            "this department has signed for it",
            ("不必再签", "nothing more to sign"),
            under="notice",
        )
    return ()


def _addressed(facts: Facts, notice: Act) -> None:
    """Refuse a department that was not notified."""
    if facts.organ not in (notice.data["organisation"], notice.data["personnel"]):
        raise refused(
            "not-addressed",
            facts.case,
            "没有通报本部门",
            "this department was not notified",
            ("由被通报的两个部门办理", "the two departments notified do it"),
            under="notice",
        )


def use_recorded(step: Step, facts: Facts) -> Sequence[Step]:
    """Let a department record a use after its own receipt, while what was notified still stands and
    has effect.

    A measure with a known influence period is not used after its end; one without a number stays a
    fact on record.
    """
    acts = Act.objects.filter(case_id=facts.case_id)
    notice = acts.get(act="notify")
    _addressed(facts, notice)
    if not acts.filter(act="sign_receipt", organ=facts.organ).exists():
        raise refused(
            "not-signed",
            facts.case,
            "本部门还没有签收",
            "this department has not signed for it yet",
            ("先签收", "sign for it first"),
            under="notice",
        )
    ends = last_day(notice, facts.day)
    if ends is not None and ends < facts.day:
        raise refused(
            "expired",
            facts.case,
            f"影响期已于 {ends} 届满，期满的不再使用（CADRE 24(6) 只及于影响期未满的；本系统的设计）",
            f"the influence period ended on {ends}: what is expired is no longer used (CADRE "
            "24(6); our design)",
            ("不记录，也不作为依据", "leave it, and do not rest on it"),
        )
    no_particulars(step)
    return ()


def last_day(notice: Act, on: date) -> date | None:
    """Return the last day of influence of what a notification said; None where a measure has no
    known number."""
    decision = Case.objects.get(number=notice.data["decision"])
    days: list[date | None] = []
    for one in standing_on(measures_in(read_file(decision)), on):
        if one.measure in notice.data["measures"]:
            days += [effect.last for effect in effects_of(one, on)] or [None]
    known = [day for day in days if day is not None]
    return max(known) if known and len(known) == len(days) else None


# --- the opinion on a cadre -----------------------------------------------------------------------
def opinion_asked(step: Step, facts: Facts) -> Sequence[Step]:
    """Ask a petition department, and keep the cadre concerned away from the request (S 10(2))."""
    to = Organ.objects.get(pk=int(str(step.fields["to"])))
    if not to.is_petition_office:
        raise refused(
            "no-petition-office",
            "to",
            f"{to.name_zh}不是信访部门",
            f"{to.name_en or to.name_zh} is no petition department",
            ("向信访部门征求意见", "ask the petition department"),
            under="cadre_opinion",
        )
    cadre = int(str(step.fields["cadre"]))
    enter_in_role(facts, "concerned_person", officials=[cadre])
    return ()


def opinion_given(step: Step, _facts: Facts) -> Sequence[Step]:
    """Check the days of an opinion and that nothing about a petitioner is in it (S 10(2))."""
    first, last = step.fields["first"], step.fields["last"]
    if isinstance(first, date) and isinstance(last, date) and first > last:
        raise refused(
            "days",
            "first",
            "起始日期晚于截止日期",
            "the first day is after the last",
            ("改正日期", "mend the days"),
        )
    no_particulars(step)
    return ()


# --- queries about honours ------------------------------------------------------------------------
def honours_asked(step: Step, facts: Facts) -> Sequence[Step]:
    """Answer a query from the register at once, by the system, and let the deciding organs see that
    it was asked."""
    year, unit = step.fields["year"], step.fields["unit"]
    if not isinstance(year, int) or not FIRST_YEAR <= year <= facts.day.year:
        raise refused(
            "year",
            "year",
            f"年度应在 {FIRST_YEAR} 至 {facts.day.year} 之间",
            f"the year lies between {FIRST_YEAR} and {facts.day.year}",
            ("改正年度", "mend the year"),
        )
    found = bans_on(int(str(unit)), year, facts.day)
    fields: dict[str, FieldValue] = {"eligible": not found}
    if found:
        fields["decisions"] = tuple(sorted({ban.case for ban in found}))
    enter_in_role(facts, "supervising_organ", organs=deciders(found))
    return [
        Step(
            act="answer",
            case=facts.case,
            organ=facts.organ,
            fields=fields,
            occurred_at=step.occurred_at,
        )
    ]


def honours_answered(step: Step, facts: Facts) -> Sequence[Step]:
    """Refuse an answer that is not the one of the register: nobody words it by hand."""
    asked = Act.objects.get(case_id=facts.case_id, act="ask")
    found = bans_on(int(asked.data["unit"]), int(asked.data["year"]), facts.day)
    wanted = (not found, tuple(sorted({ban.case for ban in found})))
    if (step.fields["eligible"], step.fields.get("decisions", ())) != wanted:
        raise refused(
            "not-the-register",
            facts.case,
            "答复与登记簿不一致",
            "that is not what the register says",
            ("由系统按登记簿答复", "let the system answer from the register"),
            under="honours",
        )
    return ()
