"""Finders over duties that were not done in time, from registering to executing (S 11(2))."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from dengwen.accountability.finders.excuses import claims_on
from dengwen.accountability.finders.found import Evidence, Finder, Seen
from dengwen.accountability.finders.material import Did, Material, Owed
from dengwen.cases.models import CaseLink
from dengwen.law.duties.act_record import VOID
from dengwen.law.duties.excuse import Excuse, applies, claims

SUPERVISE_DAYS = 20
"""Days a late handling may go on before nobody having supervised it is worth a look; local, the
text says promptly."""
SENDING = ("forward", "assign", "pass_on")


def _late(material: Material, duties: Iterable[Owed], zh: str, en: str) -> list[Seen]:
    """Make something seen of each late duty; `zh` and `en` say what was not done."""
    found = []
    for duty in duties:
        if duty.due is None or duty.holder is None:
            continue
        done_zh, done_en = _done(duty, material.today)
        found.append(
            Seen(
                cases=(duty.case,),
                unit=duty.holder,
                day=duty.due,
                zh=f"{zh}，末日 {duty.due}{done_zh}",
                en=f"{en}: last day {duty.due}{done_en}",
                evidence=_course(material.matters[duty.case].number, duty)
                + _claimed(material, duty),
                mark=f"{duty.rule}/{duty.opened_by}",
                official=material.responsible(duty),
                act=duty.breach or duty.closed_by or duty.opened_by,
                duty=duty.pk,
                claims=claims_on(material, duty),
            )
        )
    return found


def _done(duty: Owed, today: date) -> tuple[str, str]:
    """Return in both languages when a late duty was done, or that it is not done today."""
    if duty.state == VOID:
        return f"，没有完成，{duty.ended_on} 终止", f", not done; it ended on {duty.ended_on}"
    if duty.closed_on:
        return f"，{duty.closed_on} 才完成", f", done on {duty.closed_on}"
    return f"，至 {today} 仍未完成", f", still not done on {today}"


def _course(number: str, duty: Owed) -> tuple[Evidence, ...]:
    """Return the acts a late duty shows in: its beginning, its breach, its end."""
    evidence = [
        Evidence(
            number,
            duty.opened_by,
            duty.pk,
            f"责任自此开启，末日 {duty.due}",
            f"the duty began here, last day {duty.due}",
        )
    ]
    if duty.breach is not None:
        evidence.append(
            Evidence(number, duty.breach, duty.pk, "系统记下的逾期", "the breach as recorded")
        )
    if duty.closed_by is not None:
        zh, en = f"{duty.closed_on} 的行为", f"the act of {duty.closed_on}"
        evidence.append(Evidence(number, duty.closed_by, duty.pk, zh, en))
    return tuple(evidence)


def _claimed(material: Material, duty: Owed) -> tuple[Evidence, ...]:
    """Return what says that a duty rests on something entered late: for whoever judges."""
    if duty.pk not in material.by_claim:
        return ()
    number = material.matters[duty.case].number
    zh = "事后补录开启、移动或者了结了这一责任，只凭事后主张，由作判断的人认定"
    en = "a late entry opened, moved or ended this duty: by claim only, for whoever judges"
    return (Evidence(number, duty.opened_by, duty.pk, zh, en),)


def _registered_late(material: Material) -> dict[int, Did]:
    """Return by case the registrations of a day after the last day of the duty they opened.

    One that claims an earlier day and rests on its paper counts by that day, as it does for every
    other duty.
    """
    registered = {did.pk: did for did in material.acts("register")}
    found: dict[int, Did] = {}
    for duty in material.duties("sort", "direct_notice"):
        did = registered.get(duty.opened_by)
        if did is not None and duty.due is not None and did.day > duty.due and not did.imported:
            found[duty.case] = did
    return found


def not_registered(material: Material) -> list[Seen]:
    """Look for matters that were entered only after the whole time for sorting them was over (R22
    22(1), 23(2))."""
    late = _registered_late(material)
    duties = (d for d in material.late_duties("sort", "direct_notice") if d.case in late)
    return _late(
        material,
        duties,
        "收到以后没有按规定登记",
        "not registered as prescribed after it was received",
    )


def not_forwarded(material: Material) -> list[Seen]:
    """Look for matters registered in time and not sent on in time (R22 22(1))."""
    late = _registered_late(material)
    duties = (
        d
        for d in material.late_duties("sort", "sort_again", "route_reported")
        if d.case not in late
    )
    return _late(
        material, duties, "登记以后没有按期转送、交办", "not forwarded or assigned in time"
    )


def not_accepted(material: Material) -> list[Seen]:
    """Look for petitioners who were not told in time whether and how their matter is taken up (R22
    23(2), 23(3))."""
    late = _registered_late(material)
    rules = (
        "notify_transferred",
        "direct_notice",
        "direct_again",
        "tell_when_known",
        "simple_accept",
    )
    duties = (
        d
        for d in material.late_duties(*rules)
        if d.case not in late or d.rule == "notify_transferred"
    )
    return _late(
        material,
        duties,
        "没有按期受理、告知",
        "not accepted, or the petitioner not told, in time",
    )


HANDLING: tuple[str, ...] = (
    "handle",
    "simple_decide",
    "perform_or_answer",
    "review_decide",
    "recheck_decide",
)


def not_handled(material: Material) -> list[Seen]:
    """Look for matters not finished in the time for handling, extensions counted in (R22 34)."""
    return _late(material, material.late_duties(*HANDLING), "没有按期办结", "not handled in time")


def not_executed(material: Material) -> list[Seen]:
    """Look for promises of a supported opinion that were not carried out by their day (R22 32(1),
    33).

    A later promise for the same request moves the day where it was on record by the old one; one
    entered afterwards is a claim of one side.
    """
    promises = {did.pk: did for did in material.acts("promise")}
    same: dict[tuple[int, object], list[Did]] = defaultdict(list)
    for did in promises.values():
        same[did.case, did.data.get("request")].append(did)
    found = []
    for duty in material.late_duties("execute"):
        first = promises.get(duty.opened_by)
        asked = same[duty.case, first.data.get("request")] if first is not None else []
        moved = _promised_anew(duty, first, asked)
        if not applies(moved):
            found += [
                replace(seen, claims=(*seen.claims, *claims(moved)))
                for seen in _late(
                    material, [duty], "处理意见没有按期执行", "the opinion was not executed in time"
                )
            ]
    return found


def _promised_anew(duty: Owed, first: Did | None, promises: Iterable[Did]) -> list[Excuse]:
    """Return the promises for the same request that came after the first one, for its last day."""
    if duty.due is None or first is None:
        return []
    return [
        Excuse(
            f"单方另行承诺 {did.data.get('execute_by', '')}",
            f"one side promised {did.data.get('execute_by', '')} instead",
            did.recorded,
            duty.due,
            did.case,
            did.pk,
        )
        for did in promises
        if did.pk > first.pk
    ]


@dataclass(frozen=True, slots=True)
class _Sending:
    """A matter sent on by a petition department: the act, the department, the official behind
    it."""

    act: int
    department: int
    official: int | None


def not_supervised(material: Material) -> list[Seen]:
    """Look for late handling of a matter sent by a petition department that nobody supervised (R22
    36; S 6)."""
    wait = material.local("supervise_days", SUPERVISE_DAYS)
    sent = _sent_by_departments(material)
    letters = _letters()
    found = []
    for duty in material.late_duties("handle"):
        sending = sent.get(duty.case)
        if sending is None or sending.department == duty.holder or duty.due is None:
            continue
        last = duty.due + timedelta(days=wait)
        end = duty.ended_on or material.today
        supervised = _supervised(letters.get(duty.case, ()), last)
        if end <= last or applies(supervised):
            continue
        number = material.matters[duty.case].number
        seen = _unsupervised(number, duty, sending, last, wait)
        found.append(replace(seen, claims=claims(supervised)))
    return found


def _sent_by_departments(material: Material) -> dict[int, _Sending]:
    """Return by case the last act by which a petition department sent it on."""
    sent: dict[int, _Sending] = {}
    for did in material.acts(*SENDING):
        organ = material.organs.get(did.organ or 0)
        if organ is not None and organ.is_petition_office:
            official = material.official_of.get(did.actor or 0)
            sent[did.case] = _Sending(did.pk, organ.pk, official)
    return sent


@dataclass(frozen=True, slots=True)
class _Letter:
    """A supervision of a matter: the day it claims, when it was entered, and where."""

    opened_on: date
    recorded: datetime
    case: int
    act: int


def _letters() -> dict[int, list[_Letter]]:
    """Return by case the supervisions of it."""
    found: dict[int, list[_Letter]] = defaultdict(list)
    rows = CaseLink.objects.filter(kind="concerns", case__kind="supervision").order_by("pk")
    for about, opened_on, recorded, case, act in rows.values_list(
        "other_id", "case__opened_on", "act__recorded_at", "act__case_id", "act_id"
    ):
        found[about].append(_Letter(opened_on, recorded, case, act))
    return found


def _supervised(letters: Iterable[_Letter], last: date) -> list[Excuse]:
    """Return the supervisions that say they were made by a day, whenever they were entered."""
    return [
        Excuse(
            "督办、催办",
            "supervision or a reminder",
            letter.recorded,
            last,
            letter.case,
            letter.act,
        )
        for letter in letters
        if letter.opened_on <= last
    ]


def _unsupervised(number: str, duty: Owed, sending: _Sending, last: date, wait: int) -> Seen:
    """Return what is seen of late handling that the sending department did not supervise."""
    return Seen(
        cases=(duty.case,),
        unit=sending.department,
        day=last,
        zh=f"转送以后办理逾期超过 {wait} 天，没有督办",
        en=f"late for more than {wait} days and not supervised",
        evidence=(
            Evidence(
                number, sending.act, None, "由信访部门转送、交办", "sent by the petition department"
            ),
            Evidence(number, duty.breach, duty.pk, "办理逾期", "handling was late"),
        ),
        mark=f"{duty.rule}/{duty.opened_by}",
        official=sending.official,
        act=sending.act,
        duty=duty.pk,
    )


FINDER_OF_RULE = {
    "sort": "not_forwarded",
    "sort_again": "not_forwarded",
    "route_reported": "not_forwarded",
    "notify_transferred": "not_accepted",
    "direct_notice": "not_accepted",
    "direct_again": "not_accepted",
    "tell_when_known": "not_accepted",
    "simple_accept": "not_accepted",
    "execute": "not_executed",
    **dict.fromkeys(HANDLING, "not_handled"),
}
"""Which finder a late duty belongs to: whoever raises a lead by hand begins with what it would
say."""

ABSENT_ZH = (
    "如果情有可原，会看到：末日以前登记的替班、延期，更正，凭纸质材料的补录，或者放假通知把末日改成了休息日；"
    "末日以后才录入的只是主张，由判断的人斟酌"
)
ABSENT_EN = (
    "if it were innocent: a substitution or an extension entered by the last day, a correction, "
    "a late entry with its paper, or a notice that made the last day a rest day; what was entered "
    "after it is a claim for whoever judges"
)
FINDERS = (
    Finder(
        "not_registered",
        "没有登记",
        "not registered",
        ("not_registered",),
        ABSENT_ZH,
        ABSENT_EN,
        "ledger",
        not_registered,
    ),
    Finder(
        "not_forwarded",
        "没有转送、交办",
        "not forwarded",
        ("not_forwarded", "not_assigned"),
        ABSENT_ZH + "；或者是依法退回后在期限内另行转送",
        ABSENT_EN + "; or sent back lawfully and sent on again in time",
        "ledger",
        not_forwarded,
    ),
    Finder(
        "not_accepted",
        "没有受理、告知",
        "not accepted",
        ("not_accepted", "not_told_acceptance"),
        ABSENT_ZH,
        ABSENT_EN,
        "ledger",
        not_accepted,
    ),
    Finder(
        "not_handled",
        "没有办理",
        "not handled",
        ("not_handled",),
        ABSENT_ZH,
        ABSENT_EN,
        "ledger",
        not_handled,
    ),
    Finder(
        "not_supervised",
        "没有督办",
        "not supervised",
        ("not_supervised",),
        "如果情有可原，会看到：及时发出的提醒或者督办单",
        "if it were innocent: a reminder or supervision letter sent in time",
        "acts",
        not_supervised,
    ),
    Finder(
        "not_executed",
        "没有执行处理意见",
        "opinion not executed",
        ("opinion_not_executed",),
        "如果情有可原，会看到：原定日期以前登记的另一日期，或者凭纸质材料补录的执行证明；以后才录入的单方承诺只是主张",
        "if it were innocent: another day entered by the old one, or proof entered late with its "
        "paper; a promise of one side entered afterwards is a claim",
        "ledger",
        not_executed,
    ),
)
