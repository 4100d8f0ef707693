"""What acts of a file of accountability set in motion, and what is said against them (S 11–18); see
`config.effects`.

The packs say who may act in which state. Whether the organ has management authority over the person
on the day, whether
the rung is open, what must come along with a measure and what must not stand beside it is asked
here, of the law core
and of the registry. No effect decides: `decide` is signed by a person's own sign-in, and whatever
only executes a
decision is refused where no such decision stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from dengwen.access.models import User
from dengwen.accountability.errors import AccountabilityError
from dengwen.accountability.measures.decision_door import (
    apart,
    authority,
    fair,
    impartial,
    not_the_subject,
    of_the_organ,
    opened_by,
    reasoned,
    resting,
    timely,
)
from dengwen.accountability.measures.grounds import finding_of
from dengwen.accountability.measures.law_question import proposal_of, rules_for
from dengwen.accountability.measures.management_authority import managers_of, manages
from dengwen.accountability.measures.parties import tell
from dengwen.accountability.measures.queries import (
    CONVENTION,
    ISSUED,
    KIND,
    AccountFile,
    measures_in,
    read_file,
)
from dengwen.accountability.measures.refusals import Words, refuse, refuse_as
from dengwen.accountability.measures.sanction_handover import SUPERVISORY
from dengwen.accountability.personnel.notification import correction_steps, notice_step
from dengwen.cases import rulebooks
from dengwen.cases.models import Act, Case
from dengwen.law.duties.step import Facts, FieldValue, Step
from dengwen.law.liability import influence_period
from dengwen.law.liability.influence_period import Imposed
from dengwen.law.liability.proposed_decision import Correction, correction_refusals, refusals
from dengwen.law.liability.provisions import Liability, MeasureRule
from dengwen.organs.kinds import AXES, KINDS
from dengwen.organs.models import Official, Organ
from dengwen.organs.structure.lines import line_above
from dengwen.organs.structure.management import authority_over

__all__ = [
    "appeal_noted",
    "appeal_told",
    "by_subject",
    "closing",
    "decided",
    "decided_none",
    "executed",
    "managers_of",
    "personnel_notified",
    "rectification_extended",
    "rectification_rejected",
    "served",
    "set_aside",
    "wrong_corrected",
]

SCOPES = ("person", "other", "system", "public")
"""How widely a measure was made known, from the narrowest."""
_WIDEST = {scope: place for place, scope in enumerate(SCOPES)}


# --- deciding -------------------------------------------------------------------------------------
def decided(step: Step, facts: Facts) -> Sequence[Step]:
    """Check a decision against every rule, then give each measure its paper, the honours at the
    same time (S 12–16).

    Nothing is decided but on a confirmed finding about the subject, or on a missed goal with the
    subject heard again.
    """
    file, rules = _file(facts), rules_for(facts.day, _place(facts))
    _by_own_hand(step, facts)
    timely(facts)
    proposal = proposal_of(step, file, facts, rules)
    found = refusals(rules, proposal)
    if found:
        raise refuse_as(found, facts.case, rules)
    chosen = [rules.measures[str(m)] for m in _words(step, "measures")]
    apart(chosen, file)
    _competent(chosen, file, facts)
    authority(file, facts)
    rests = resting(step, file, facts)
    impartial(file, rests, _decider(step), facts.day)
    of_the_organ(_decider(step), facts)
    opened_by(chosen, rests, proposal, rules, file, step)
    fair(step, file, rests)
    _complete(step, chosen, facts)
    return [_issue(step, rule, file, facts, rules) for rule in chosen] + _honours(
        step, chosen, facts
    )


def decided_none(step: Step, facts: Facts) -> Sequence[Step]:
    """Let only a person of the organ with authority, and nobody concerned, find that nobody is
    held to account."""
    file = _file(facts)
    _by_own_hand(step, facts)
    timely(facts)
    manages(facts, file.official, file.organ, facts.case)
    impartial(file, finding_of(file), _decider(step), facts.day)
    of_the_organ(_decider(step), facts)
    reasoned(step)
    return ()


def _decider(step: Step) -> int:
    given = step.fields.get("decider")
    return given if isinstance(given, int) else 0


def _by_own_hand(step: Step, facts: Facts) -> None:
    """A decision is a person's: signed in, and the one it names (S 17; never the worker, never a
    consequence)."""
    named = _decider(step)
    if facts.actor is None or not User.objects.filter(pk=facts.actor, official_id=named).exists():
        raise refuse(
            "nobody-decided",
            "decider",
            (
                "没有人作出决定：须由有管理权限的机关的负责人本人登录决定，系统不作决定（细则第十四条、第十七条）",
                (
                    "nobody decided: the head of the organ with authority decides with the own "
                    "sign-in (S 14, 17)"
                ),
            ),
            ("由载明的人本人登录决定", "let the person named decide with the own sign-in"),
        )
    not_the_subject(_file(facts), named, facts.day)


def _competent(chosen: Iterable[MeasureRule], file: AccountFile, facts: Facts) -> None:
    """Refuse a sanction by another body than the competent one: it is handed over, not imposed
    here (S 16)."""
    organ = Organ.objects.get(pk=facts.organ or 0)
    for rule in chosen:
        body = competent_for(
            rule, organ, manages=facts.organ in managers_of(file.official, file.organ, facts.day)
        )
        if body is not None:
            raise refuse(
                "not-competent",
                "measures",
                (
                    f"“{rule.zh}”由{body[0]}依照有关规定决定（细则第十六条）",
                    f"“{rule.en}” is decided by {body[1]} (S 16)",
                ),
                (f"移送{body[0]}", f"hand it over to {body[1]}"),
            )


def competent_for(rule: MeasureRule, organ: Organ, *, manages: bool) -> Words | None:
    """Return the body that decides on a measure where it is not this organ; None where this
    organ may (S 16, PSL 2)."""
    if rule.by == "supervisory" and organ.kind not in SUPERVISORY:
        return "监察机关", "the supervisory organ"
    if rule.by == "party" and KINDS[organ.kind].group != "party":
        return "有权的党组织", "the competent party organisation"
    if rule.by == "appointing" and not manages:
        return "任免机关、单位", "the appointing organ or unit"
    return None


def _file(facts: Facts) -> AccountFile:
    return read_file(Case.objects.get(pk=facts.case_id), before=facts.act_id)


def _place(facts: Facts) -> str:
    return Case.objects.values_list("place", flat=True).get(pk=facts.case_id)


def _words(step: Step, name: str) -> tuple[str, ...]:
    value = step.fields.get(name)
    return tuple(str(v) for v in value) if isinstance(value, tuple) else ()


NEEDS_SCOPE = frozenset({"circular", "organ_circular"})
NEEDS_UNIT = frozenset({"circular", "admonition", "self_criticism"})


def _complete(step: Step, chosen: Iterable[MeasureRule], facts: Facts) -> None:
    """Refuse a circular without its scope, and a measure to be rectified by nobody in particular
    (S 12–14)."""
    ids = {rule.id for rule in chosen}
    if ids & NEEDS_SCOPE:
        if not step.fields.get("scope"):
            raise refuse(
                "no-scope",
                "scope",
                (
                    "通报须写明范围（细则第十二条、第十三条）",
                    "a circular says within which scope (S 12, 13)",
                ),
                ("选择通报范围", "choose the scope"),
            )
        if step.fields["scope"] == "other" and not _words(step, "circulated_to"):
            raise refuse(
                "no-scope",
                "circulated_to",
                ("没有写明通报到哪些机关、单位", "the organs it is circulated to are not named"),
                ("写上机关、单位的代码", "give the codes of the organs"),
            )
    _known_organs(_words(step, "circulated_to"), "circulated_to")
    if ids & NEEDS_UNIT and not isinstance(step.fields.get("rectifier"), int):
        raise refuse(
            "no-rectifier",
            "rectifier",
            ("没有写明整改责任单位", "the unit that rectifies is not named"),
            ("写上责任人所在的单位", "name the unit of the person"),
        )
    if (
        facts.organ is not None
        and "admonition" in ids
        and step.fields.get("year") != facts.day.year
    ):
        raise refuse(
            "honours-beyond",
            "year",
            (
                "取消的是作出决定当年的荣誉资格（细则第十四条）",
                "the honours are those of this year (S 14)",
            ),
            (f"写 {facts.day.year}", f"give {facts.day.year}"),
        )


def _known_organs(codes: Iterable[str], where: str) -> None:
    wanted = set(codes)
    missing = wanted - set(Organ.objects.filter(code__in=wanted).values_list("code", flat=True))
    if missing:
        shown = "、".join(sorted(missing))
        raise refuse(
            "no-organ",
            where,
            (f"登记中没有这些机关、单位：{shown}", f"the registry has no organs {shown}"),
            ("写机关、单位的代码", "give codes of organs"),
        )


PAPER = {
    "self_criticism": "order_self_criticism",
    "organ_circular": "issue_organ_circular",
    "circular": "issue_circular",
    "admonition": "issue_admonition",
}
PAPER_OF_KIND = {
    "organisational": "issue_treatment",
    "government": "issue_sanction",
    "unit": "issue_sanction",
    "party": "issue_party_decision",
    "organ": "issue_party_decision",
}


def _issue(
    step: Step, rule: MeasureRule, file: AccountFile, facts: Facts, rules: Liability
) -> Step:
    """Return the step that gives one decided measure its paper, with the words of the decision."""
    act = PAPER.get(rule.id) or PAPER_OF_KIND[rule.kind]
    wanted = (
        rulebooks.in_force(facts.day, file.case.place, facts.recorded_at)
        .book.kind(KIND)
        .acts[act]
        .fields
    )
    fields: dict[str, FieldValue] = {"measure": rule.id}
    if any(f.name == "period" for f in wanted):
        fields["period"] = _until(rule, facts.day, rules)
    if any(f.name == "appeal_route" for f in wanted):
        fields["appeal_route"] = "；".join(_ways(rule, step, facts.day, rules)) or "—"
    if any(f.name == "person" for f in wanted):
        fields["person"] = _person(file, facts.day)
    if file.official is not None:
        fields["subject_official"] = file.official
    fields |= {
        n: step.fields[n]
        for n in ("rectifier", "deadline", "scope", "circulated_to")
        if n in step.fields
    }
    names = {f.name for f in wanted}
    return Step(
        act=act,
        case=facts.case,
        organ=facts.organ,
        occurred_at=step.occurred_at,
        fields={n: v for n, v in fields.items() if n in names},
        texts={n: t for n, t in step.texts.items() if n in names},
    )


def _until(rule: MeasureRule, day: date, rules: Liability) -> str:
    top = influence_period.longest(
        influence_period.influences(rules, [Imposed(rule.id, day)], CONVENTION)
    )
    return top.last.isoformat() if top is not None and top.last is not None else "—"


def _ways(rule: MeasureRule, step: Step, day: date, rules: Liability) -> list[str]:
    status = str(step.fields.get("status") or "")
    return [
        a.route.zh
        for a in influence_period.appeals(rulebooks.library(), rules, rule.id, status, day)
    ]


def _person(file: AccountFile, day: date) -> str:
    official = Official.objects.get(pk=file.official or 0)
    held = [a for _, a in authority_over(official, day).managers] + list(
        authority_over(official, day).unknown
    )
    posts = "、".join(f"{a.post.organ.name_zh}{a.post.title_zh}" for a in held)
    return f"{official.name}，{posts}" if posts else official.name


def _honours(step: Step, chosen: Sequence[MeasureRule], facts: Facts) -> list[Step]:
    """Return the ban of this year's comprehensive honours that comes with an admonition, at the
    same time (S 14)."""
    if not any(rule.id == "admonition" for rule in chosen):
        return []
    year = facts.day.year
    fields: dict[str, FieldValue] = {n: step.fields[n] for n in ("area", "department", "unit")}
    return [
        Step(
            act="cancel_honours",
            case=facts.case,
            organ=facts.organ,
            occurred_at=step.occurred_at,
            fields={**fields, "year": year, "until": date(year, 12, 31)},
            texts={"reasons": step.texts.get("reasons", "")},
        )
    ]


def executed(step: Step, facts: Facts) -> Sequence[Step]:
    """Refuse a paper of a measure that no standing decision of a person named, or that has its
    paper already."""
    file = _file(facts)
    decision = file.decision
    wanted = "admonition" if step.act == "cancel_honours" else str(step.fields.get("measure"))
    if (
        decision is None
        or decision.actor is None
        or wanted not in decision.data.get("measures", ())
    ):
        raise _no_decision()
    since = [a for a in file.acts if a.seq > decision.seq and a.act in (*ISSUED, "cancel_honours")]
    if any(
        a.act == step.act and a.data.get("measure") == step.fields.get("measure") for a in since
    ):
        raise _no_decision()
    return ()


def _no_decision() -> AccountabilityError:
    return refuse(
        "nobody-decided",
        "measure",
        (
            "没有人作出过这项决定，措施不能单独作出（细则第十七条）",
            "nobody decided this measure; it is not imposed by itself (S 17)",
        ),
        ("由有管理权限的机关的负责人作出决定", "let the head of the organ with authority decide"),
    )


# --- after the decision ---------------------------------------------------------------------------
def served(step: Step, facts: Facts) -> Sequence[Step]:
    """Let the person or the organ read the file from now on, and tell every way to appeal of
    every measure."""
    file = _file(facts)
    tell(facts, _one(file.official), _one(file.organ))
    received, decision = step.fields["received_on"], file.decision
    if file.official is None or decision is None or not isinstance(received, date):
        return ()
    rules = rules_for(facts.day, file.case.place)
    status = str(decision.data.get("status") or "")
    routes: dict[str, None] = {}
    for measure in decision.data["measures"]:
        for way in influence_period.appeals(
            rulebooks.library(), rules, str(measure), status, received
        ):
            routes[way.route.id] = None
    return [
        Step(
            act="tell_appeal",
            case=facts.case,
            organ=facts.organ,
            occurred_at=step.occurred_at,
            fields={"route": route, "subject_official": file.official, "received_on": received},
        )
        for route in routes
    ]


def _one(pk: int | None) -> tuple[int, ...]:
    return () if pk is None else (pk,)


def appeal_told(_step: Step, facts: Facts) -> Sequence[Step]:
    """Refuse to tell of an appeal where nothing was served."""
    if not _file(facts).served:
        raise refuse(
            "not-served",
            facts.case,
            ("决定还没有送达", "the decision is not served"),
            ("先送达", "serve it first"),
        )
    return ()


def by_subject(_step: Step, facts: Facts) -> Sequence[Step]:
    """Let only whom the file concerns report or hand in: the person with the own sign-in, or
    staff of the organ."""
    file = _file(facts)
    if file.official is not None:
        mine = User.objects.filter(pk=facts.actor or 0, official_id=file.official).exists()
    else:
        mine = facts.organ == file.organ
    unit = file.decision is not None and facts.organ == file.decision.data.get("rectifier")
    if not (mine or (file.official is None and unit)):
        raise refuse(
            "not-the-subject",
            facts.case,
            (
                "只有责任人本人、责任单位的人员可以提交（细则第十三条、第十四条）",
                "only the person or the organ concerned reports (S 13, 14)",
            ),
            ("由责任人本人登录提交", "let the person concerned do it with the own sign-in"),
        )
    return ()


def rectification_extended(step: Step, facts: Facts) -> Sequence[Step]:
    """Set a new date by a person of the deciding organ, later than the one before and with one
    before (S 13, 14)."""
    file = _file(facts)
    _by_own_hand(step, facts)
    new = step.fields["deadline"]
    if file.deadline is None or not isinstance(new, date) or new <= file.deadline:
        raise refuse(
            "no-later-date",
            "deadline",
            (
                "没有整改期限，或者新的日期不晚于原来的日期",
                "there is no date to rectify, or the new one is not later",
            ),
            ("写晚于原期限的日期", "give a later date"),
        )
    return ()


def rectification_rejected(_step: Step, facts: Facts) -> Sequence[Step]:
    """Refuse to say that a goal was missed before its date while nobody reported; it opens no
    measure by itself."""
    file = _file(facts)
    last = file.last("report_rectification")
    decision = file.decision
    reported = last is not None and decision is not None and last.seq > decision.seq
    if not reported and (file.deadline is None or file.deadline >= facts.day):
        raise refuse(
            "not-over",
            facts.case,
            (
                "整改期限没有过，也没有整改报告（细则第十四条、第十五条：按期）",
                "the date is not over and nobody reported (S 14, 15)",
            ),
            ("等报告，或者等期限过后", "wait for the report or until the date has passed"),
        )
    return ()


def personnel_notified(step: Step, facts: Facts) -> Sequence[Step]:
    """Open the notice to both departments of the same level (S 18)."""
    organisation, personnel = (
        int(str(step.fields[name])) for name in ("organisation", "personnel")
    )
    notice = notice_step(
        _file(facts).case,
        day=facts.day,
        organ=facts.organ,
        organisation=organisation,
        personnel=personnel,
        facts=step.texts["facts"],
    )
    return [replace(notice, occurred_at=step.occurred_at)]


def appeal_noted(step: Step, facts: Facts) -> Sequence[Step]:
    """Note an appeal that was made against this file; nothing stops by it."""
    _an_appeal(step, facts)
    return ()


def set_aside(step: Step, facts: Facts) -> Sequence[Step]:
    """Note what an appeal decided on a measure of this file; only an appeal about it can do so."""
    _an_appeal(step, facts)
    return ()


def _an_appeal(step: Step, facts: Facts) -> None:
    number = str(step.fields.get("appeal", ""))
    found = Act.objects.filter(
        case__number=number, case__kind="accountability_appeal", act="appeal"
    )
    if not any(act.data.get("decision") == facts.case for act in found):
        raise refuse(
            "no-appeal",
            "appeal",
            ("没有针对本件的这件申诉", "there is no such appeal against this file"),
            ("核对编号", "check the number"),
        )


def wrong_corrected(step: Step, facts: Facts) -> Sequence[Step]:
    """Correct measures by a person of the deciding organ or of one above it, said as widely as
    they were (AC19 21)."""
    file, rules = _file(facts), rules_for(facts.day, _place(facts))
    _by_own_hand(step, facts)
    _own_or_above(file, facts)
    standing = {m.measure for m in measures_in(file)}
    strange = set(_words(step, "measures")) - standing
    if strange or not _words(step, "measures"):
        raise refuse(
            "not-imposed",
            "measures",
            ("本件没有这些措施", "the file has no such measures"),
            ("写本件的措施", "name measures of the file"),
        )
    _known_organs(_words(step, "told"), "told")
    found = correction_refusals(
        Correction("person", file.circulated, frozenset(_words(step, "told")))
    )
    if found:
        raise refuse_as(found, facts.case, rules)
    widest = max((_WIDEST[s] for s in file.scopes), default=0)
    if _WIDEST[str(step.fields["scope"])] < widest:
        raise refuse(
            "said-less-widely",
            "scope",
            (
                "更正的范围小于原来的通报范围（问责条例第二十一条；同样范围是本系统的要求）",
                (
                    "the correction is said less widely than the circular was (AC19 21; "
                    "as widely is this system's demand)"
                ),
            ),
            ("用不小于原来的范围", "use a scope at least as wide"),
        )
    return correction_steps(file.case, _words(step, "measures"), step, facts)


def _own_or_above(file: AccountFile, facts: Facts) -> None:
    holder = file.case.holder
    lines = [line_above(holder, facts.day, axis) for axis in AXES] if holder else []
    above = {o.pk for line in lines for o in line}
    if facts.organ not in {file.case.holder_id, *above}:
        raise refuse(
            "no-authority",
            facts.case,
            (
                "只有作出决定的机关或者其上级可以纠正（问责条例第二十一条）",
                "only the deciding organ or one above it corrects (AC19 21)",
            ),
            ("由作出决定的机关或者其上级纠正", "let the deciding organ or one above it correct"),
        )


def closing(step: Step, facts: Facts) -> Sequence[Step]:
    """Refuse to close a file as transferred: accountability runs beside a transfer (S 12 para.
    2; PSL 49)."""
    file, rules = _file(facts), rules_for(facts.day, _place(facts))
    if step.fields.get("ending") == "transferred":
        found = [
            r
            for r in refusals(
                rules, proposal_of(step, file, facts, rules, closed_as_transferred=True)
            )
            if r.code == "closed-as-transferred"
        ]
        raise refuse_as(found, "ending", rules)
    return ()
