"""Finders over decisions, suggestions, incidents, objections and complaints about conduct (S
11(1), (3)–(5), (7))."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from dengwen.accountability.finders.found import Evidence, Finder, Seen
from dengwen.accountability.finders.material import Did, Material, grouped
from dengwen.accountability.finders.runs import runs
from dengwen.law.duties.act_record import CLOSED, LATE, OPEN
from dengwen.petitions.models import Evaluation

FEEDBACK_DAYS = 90
"""Days after which a suggestion without an answer is worth a look; local, R22 40(4) names no
number."""
UNSOLVED_DAYS = 180
"""Days after an adopted suggestion from which the problem it named, still unsolved, is worth a
look; local: the text
says only 长期."""
REPORT_HOURS = 24
"""Hours within which a report is looked for; local, R22 25 says promptly."""
REFUSED, REFUSED_WITHIN = 3, timedelta(days=30)
"""Objections refused within a month: one or two may be honest doubts, not a third after being
told twice."""
ORGANS_IN_TURN, OBJECTIONS_IN_TURN = 3, 2
COMPLAINTS, COMPLAINTS_WITHIN = 3, timedelta(days=60)


# --- decisions without the assessment -------------------------------------------------------------
def no_risk_assessment(material: Material) -> list[Seen]:
    """Look for decisions taken without the prescribed risk assessment that petitions were traced
    back to (S 4, 11(1)).

    An assessment made before the decision, and a reasoned finding that none is needed, leave
    another trace.
    """
    assessed = grouped(material.acts("assess"))
    traced: dict[str, list[Did]] = defaultdict(list)
    for did in material.acts("trace_cause"):
        traced[str(did.data.get("decision", ""))].append(did)
    received = {did.case: did for did in material.acts("register")}
    found = []
    for did in material.acts("decide_without"):
        matter = material.matters[did.case]
        before = any(a.pk < did.pk for a in assessed.get(did.case, ()))
        decided = _date(did.data.get("decided_on")) or did.day
        after = [
            t
            for t in traced[matter.number]
            if t.case not in received or received[t.case].day >= decided
        ]
        if before or did.organ is None or not after:
            continue
        leader = _leader(material, did.case)
        evidence = [
            Evidence(
                matter.number, did.pk, None, "没有评估就作了决定", "decided without the assessment"
            )
        ]
        evidence += [
            Evidence(
                material.matters[t.case].number,
                t.pk,
                None,
                "信访事项起因于这一决定",
                "a petition was traced to it",
            )
            for t in after
        ]
        found.append(
            Seen(
                (did.case, *dict.fromkeys(t.case for t in after)),
                did.organ,
                decided,
                f"应当评估而没有评估就作了决定，此后有 {len(after)} 件信访事项起因于此",
                "decided without the assessment that was needed; "
                f"{len(after)} petitions were traced to it",
                tuple(evidence),
                f"decision/{did.pk}",
                leader,
                did.pk,
            )
        )
    return found


def _leader(material: Material, case: int) -> int | None:
    """Return the leader whom the entry of a decision names."""
    entered = next(
        (d for d in material.by_case("enter").get(case, ()) if d.data.get("leader")), None
    )
    leader = entered.data.get("leader") if entered is not None else None
    return leader if isinstance(leader, int) and leader in material.officials else None


def _date(value: object) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) and value else None


# --- suggestions ----------------------------------------------------------------------------------
def suggestion_unanswered(material: Material) -> list[Seen]:
    """Look for suggestions of a petition department that got no answer, or one after long (R22
    40(4), R05 36(2)), and
    for adopted ones whose problem stays unsolved for long (S 11(5)).

    A suggestion refused with reasons is answered.
    """
    wait = timedelta(days=material.local("suggestion_days", FEEDBACK_DAYS))
    found = []
    for duty in material.duties("feedback", "feedback_government"):
        if duty.holder is None or duty.state not in (OPEN, CLOSED):
            continue
        last = duty.due or duty.opened_on + wait
        ended = duty.closed_on or material.today
        late = duty.timeliness == LATE if duty.state == CLOSED and duty.due else ended > last
        if not late:
            continue
        number = material.matters[duty.case].number
        answered_zh = f"，{duty.closed_on} 才答复" if duty.closed_on else "，至今没有答复"
        answered_en = f", answered on {duty.closed_on}" if duty.closed_on else ", not answered yet"
        found.append(
            Seen(
                (duty.case,),
                duty.holder,
                last,
                f"{duty.opened_on} 提出的建议{answered_zh}",
                f"a suggestion of {duty.opened_on}{answered_en}",
                (
                    Evidence(number, duty.opened_by, duty.pk, "建议", "the suggestion"),
                    *(
                        [Evidence(number, duty.closed_by, duty.pk, "答复", "the answer")]
                        if duty.closed_by
                        else []
                    ),
                ),
                f"{duty.rule}/{duty.opened_by}",
                None,
                duty.opened_by,
                duty.pk,
            )
        )
    return found + list(_unsolved(material))


def _unsolved(material: Material) -> Iterator[Seen]:
    """Yield adopted suggestions that came of supervising a matter in which the work owed is open
    long after."""
    wait = timedelta(days=material.local("unsolved_days", UNSOLVED_DAYS))
    numbers = {matter.number: matter.pk for matter in material.matters.values()}
    urged = {did.case: str(did.data.get("about", "")) for did in material.acts("order", "remind")}
    made = {did.case: did for did in material.acts("make")}
    adopted = {
        did.pk: did
        for did in material.acts("answer")
        if did.data.get("adopted") in ("adopted", "partly")
    }
    owed = {
        duty.case: duty
        for duty in material.duties("handle", "execute", "perform_or_answer")
        if duty.state == OPEN
    }
    for duty in material.duties("feedback", "feedback_government"):
        first, answer = made.get(duty.case), adopted.get(duty.closed_by or 0)
        supervision = numbers.get(str(first.data.get("about", "")), 0) if first is not None else 0
        still = owed.get(numbers.get(urged.get(supervision, ""), 0))
        if answer is None or still is None or duty.holder is None:
            continue
        since = answer.day + wait
        if since >= material.today or still.due is None or still.due >= material.today:
            continue
        yield Seen(
            (duty.case, still.case),
            duty.holder,
            since,
            f"{answer.day} 采纳的建议，所指的事项至今没有解决",
            f"a suggestion adopted on {answer.day}; the matter it is about is still unsolved",
            (
                Evidence(
                    material.matters[duty.case].number,
                    duty.opened_by,
                    duty.pk,
                    "建议",
                    "the suggestion",
                ),
                Evidence(material.matters[duty.case].number, answer.pk, duty.pk, "采纳", "adopted"),
                Evidence(
                    material.matters[still.case].number,
                    still.opened_by,
                    still.pk,
                    "至今没有办结",
                    "still open",
                ),
            ),
            f"unsolved/{duty.opened_by}",
            None,
            answer.pk,
            still.pk,
        )


# --- incidents ------------------------------------------------------------------------------------
REPORTS = (
    "report_own",
    "inform_department",
    "inform_conference",
    "report_higher",
    "report_national",
    "staff_report",
    "urgent_report",
    "notice_department",
    "notice_conference",
)


def report_late(material: Material) -> list[Seen]:
    """Look for reports of major urgent matters that came late or not at all: one finding for a
    matter (R22 25)."""
    limit = timedelta(hours=material.local("report_hours", REPORT_HOURS))
    instants = {
        did.pk: did
        for did in material.acts(
            "open",
            "register",
            "report",
            "inform_department",
            "inform_conference",
            "report_higher",
            "report_national",
            "report_information",
        )
    }
    missed: dict[int, list[tuple[Evidence, int, int, date, int]]] = defaultdict(list)
    for duty in material.duties(*REPORTS):
        began = instants.get(duty.opened_by)
        if began is None or duty.holder is None or duty.state not in (OPEN, CLOSED):
            continue
        done = instants.get(duty.closed_by or 0)
        end = done.occurred if done is not None else material.now
        if end - began.occurred <= limit or (duty.state == CLOSED and done is None):
            continue
        number = material.matters[duty.case].number
        hours = int((end - began.occurred).total_seconds() // 3600)
        evidence = Evidence(
            number,
            duty.closed_by or duty.opened_by,
            duty.pk,
            f"知悉后 {hours} 小时才报告、通报" if done else f"知悉后 {hours} 小时仍未报告、通报",
            f"reported {hours} hours after it was known"
            if done
            else f"not reported {hours} hours after it was known",
        )
        missed[duty.case].append((evidence, duty.holder, duty.opened_by, duty.start, duty.pk))
    found = []
    for case, ones in missed.items():
        evidence, unit, opened, start, duty_id = ones[0]
        opening = Evidence(
            material.matters[case].number, opened, None, "知悉、登记", "when it was known"
        )
        found.append(
            Seen(
                (case,),
                unit,
                start,
                f"重大紧急事项没有及时报告：{len(ones)} 项报告、通报逾期（{evidence.zh}）",
                f"a major urgent matter was not reported promptly: {len(ones)} reports late "
                f"({evidence.en})",
                (opening, *(one[0] for one in ones)),
                f"reports/{opened}",
                material.official_of.get(instants[opened].actor or 0),
                opened,
                duty_id,
            )
        )
    return found


def measures_late(material: Material) -> list[Seen]:
    """Look for incidents that grew before the first measure was taken, or without any (R22 25; S
    11(4))."""
    measures = material.by_case("measure", "attend")
    found = []
    for case, trends in material.by_case("trend").items():
        rising = next(
            (t for t in sorted(trends, key=_when) if t.data.get("direction") == "rising"), None
        )
        if rising is None or material.matters[case].kind != "incident":
            continue
        first = min(measures.get(case, ()), key=_when, default=None)
        if first is not None and first.occurred <= rising.occurred:
            continue
        opened = next((d for d in material.by_case("open").get(case, ())), None)
        unit = (opened.organ if opened else None) or rising.organ
        if unit is None:
            continue
        number = material.matters[case].number
        evidence = [Evidence(number, rising.pk, None, "事态升级", "it grew")]
        if first is not None:
            evidence.append(Evidence(number, first.pk, None, "第一次采取措施", "the first measure"))
        found.append(
            Seen(
                (case,),
                unit,
                rising.day,
                "事态升级以后才采取措施" if first else "事态升级，没有采取措施的记录",
                "measures came after it grew" if first else "it grew and no measure is recorded",
                tuple(evidence),
                "measures",
                material.official_of.get((opened.actor if opened else None) or 0),
                rising.pk,
            )
        )
    return found


def _when(did: Did) -> datetime:
    return did.occurred


# --- shirking -------------------------------------------------------------------------------------
def shirking(material: Material) -> list[Seen]:
    """Look for objections refused as unfounded again and again, and matters sent round several
    organs (S 11(3)).

    One objection that was upheld and sent on is a lawful transfer and is not seen here.
    """
    return [*_refused_often(material), *_sent_round(material)]


def _refused_often(material: Material) -> Iterator[Seen]:
    objected = material.by_case("object")
    by_organ: dict[int, list[tuple[Did, Did]]] = defaultdict(list)
    for answer in material.acts("refuse_return"):
        asked = [o for o in objected.get(answer.case, ()) if o.pk < answer.pk]
        if asked and asked[-1].organ is not None:
            by_organ[asked[-1].organ].append((asked[-1], answer))
    least = material.local("refused_objections", REFUSED)
    for organ, pairs in sorted(by_organ.items()):
        for run in runs(pairs, REFUSED_WITHIN, lambda pair: pair[1].occurred, least):
            told = run[0][1].occurred
            if sum(o.occurred > told for o, _ in run) < least - 1:
                # one doubt about several matters at once, raised before anybody had answered it
                continue
            numbers = list(dict.fromkeys(o.case for o, _ in run))
            evidence = tuple(
                Evidence(
                    material.matters[a.case].number,
                    a.pk,
                    None,
                    "异议被认定不成立",
                    "an objection found unfounded",
                )
                for _, a in run
            )
            yield Seen(
                tuple(numbers),
                organ,
                run[0][1].day,
                f"{(run[-1][1].day - run[0][1].day).days + 1} 天内 {len(run)} 次异议被认定不成立",
                f"{len(run)} objections found unfounded within "
                f"{(run[-1][1].day - run[0][1].day).days + 1} days",
                evidence,
                f"refused/{run[0][1].pk}",
                _common(material, [o for o, _ in run]),
                run[0][1].pk,
            )


def _sent_round(material: Material) -> Iterator[Seen]:
    objections = material.by_case("object", "refer_dispute")
    for case, received in material.by_case("receive", "receive_onward").items():
        organs = list(dict.fromkeys(d.organ for d in received if d.organ is not None))
        against = objections.get(case, [])
        if (
            len(organs) < ORGANS_IN_TURN
            or len(against) < OBJECTIONS_IN_TURN
            or against[0].organ is None
        ):
            continue
        number = material.matters[case].number
        evidence = tuple(
            Evidence(number, d.pk, None, "提出异议或者争议", "an objection or dispute")
            for d in against
        )
        yield Seen(
            (case,),
            against[0].organ,
            against[0].day,
            f"同一件先后到过 {len(organs)} 个机关、单位，{len(against)} 次异议",
            f"one matter went through {len(organs)} organs, {len(against)} objections",
            evidence,
            "round",
            _common(material, against),
            against[0].pk,
        )


def _common(material: Material, acts: Sequence[Did]) -> int | None:
    """Return the one official behind all of these acts, or None where there is more than one."""
    who = {material.official_of.get(did.actor or 0) for did in acts}
    return who.pop() if len(who) == 1 else None


# --- complaints about conduct ---------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class _Complaint:
    """One complaint: the petition, where it stands in the ledger (case and act), its day, by
    which road it came."""

    case: int
    stands: int
    act: int
    day: date
    road: str


ROADS = {
    "rating": ("评价时反映", "said with a rating"),
    "window": ("窗口反映", "said at the window"),
    "letter": ("来信反映", "said in a letter"),
}


def rough_treatment(material: Material) -> list[Seen]:
    """Look for several complaints about the conduct of one official or one unit within a short time
    (S 11(3), 8).

    A complaint that was looked into and refuted does not count, nor does praise. Complaints are
    counted by whom they
    are about, never by who makes them.
    """
    found = []
    for unit, official, complaints in _about(material):
        for run in runs(complaints, COMPLAINTS_WITHIN, lambda c: c.day, COMPLAINTS):
            evidence = tuple(
                Evidence(material.matters[c.stands].number, c.act, None, *ROADS[c.road])
                for c in run
            )
            found.append(
                Seen(
                    tuple(dict.fromkeys(c.case for c in run)),
                    unit,
                    run[0].day,
                    f"{(run[-1].day - run[0].day).days + 1} 天内有 {len(run)} 次关于态度、作风的反映",
                    f"{len(run)} complaints about conduct within "
                    f"{(run[-1].day - run[0].day).days + 1} days",
                    evidence,
                    f"conduct/{official or 'unit'}/{run[0].act}",
                    official,
                    run[0].act,
                )
            )
    return found


def _about(material: Material) -> Iterator[tuple[int, int | None, list[_Complaint]]]:
    """Yield the complaints that stand, by the official they name, and by the unit where they
    name none."""
    refuted = {
        did.case for did in material.acts("note_conduct") if did.data.get("result") == "refuted"
    }
    found: dict[tuple[int, int | None], list[_Complaint]] = defaultdict(list)
    for did in material.acts("register"):
        unit, official = did.data.get("conduct_organ"), did.data.get("conduct_official")
        if (
            did.data.get("about_conduct") is not True
            or did.case in refuted
            or unit not in material.organs
        ):
            continue
        road = "window" if did.data.get("channel") == "visit" else "letter"
        key = official if isinstance(official, int) and official in material.officials else None
        found[int(str(unit)), key].append(_Complaint(did.case, did.case, did.pk, did.day, road))
    rude = {did.case: did for did in material.acts("rate") if did.data.get("rude") is True}
    rows = Evaluation.objects.filter(case__protected=False, petition__protected=False)
    for case, petition, unit in rows.values_list("case_id", "petition_id", "competent_id").iterator(
        chunk_size=2000
    ):
        said = rude.get(case)
        if said is not None and petition not in refuted:
            found[unit, None].append(_Complaint(petition, case, said.pk, said.day, "rating"))
    for (unit, official), complaints in sorted(
        found.items(), key=lambda item: (item[0][0], item[0][1] or 0)
    ):
        yield unit, official, sorted(complaints, key=lambda c: (c.day, c.act))


FINDERS = (
    Finder(
        "no_risk_assessment",
        "没有风险评估",
        "no risk assessment",
        ("no_risk_assessment",),
        "如果情有可原，会看到：决定之前的评估，或者写明理由的不需要评估",
        "if it were innocent: an assessment before the decision, or a reasoned finding that "
        "none was needed",
        "ledger",
        no_risk_assessment,
    ),
    Finder(
        "suggestion_unanswered",
        "建议没有答复、长期没有落实",
        "suggestion unanswered, or unsolved for long",
        ("suggestion_ignored", "sanction_suggestion_ignored"),
        "如果情有可原，会看到：按期的采纳反馈，或者写明理由的不采纳",
        "if it were innocent: an answer in time, or a refusal with reasons",
        "ledger",
        suggestion_unanswered,
    ),
    Finder(
        "report_late",
        "迟报、漏报",
        "report late or missing",
        ("concealment",),
        "如果情有可原，会看到：知悉的时间比登记的晚，或者另一渠道的及时报告已经补录",
        "if it were innocent: it was known later than entered, or a prompt report on another "
        "way, entered later",
        "acts",
        report_late,
    ),
    Finder(
        "measures_late",
        "措施晚于升级",
        "measures after growth",
        (
            "collective_visit_mishandled",
            "large_collective_visit_mishandled",
            "opinion_mishandled",
            "extreme_act_mishandled",
            "no_measures_in_time",
        ),
        "如果情有可原，会看到：升级之前已经采取的措施，只是后来才写明",
        "if it were innocent: measures taken before it grew, only written down later",
        "acts",
        measures_late,
    ),
    Finder(
        "shirking",
        "推诿",
        "shirking",
        ("shirking",),
        "如果情有可原，会看到：异议成立，依法退回一次并另行转送；或者几次异议都在第一次被认定不成立以前提出",
        "if it were innocent: the objection was well founded, taken back once and sent on; "
        "or all were raised "
        "before the first was refused",
        "acts",
        shirking,
    ),
    Finder(
        "rough_treatment",
        "态度、作风",
        "rough treatment",
        ("rough_treatment",),
        "如果情有可原，会看到：查明不属实的反映，或者表扬",
        "if it were innocent: complaints found untrue, or praise",
        "statement",
        rough_treatment,
    ),
)
