"""One file of accountability: the proposal, the decision, the rectification, what comes next.

Nothing here decides: a page shows the rungs that are open and the reasons of those that are not,
and asks. The decision is a person's with the own sign-in, and the write door refuses what does not
go.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from dengwen.accountability.inquiry.disclosure_to_person import days_to_answer
from dengwen.accountability.inquiry.queries import read_inquiry
from dengwen.accountability.measures.law_question import rules_for
from dengwen.accountability.measures.queries import (
    APPEAL,
    Measure,
    earlier_of,
    influences_of,
    measures_in,
)
from dengwen.cases import rulebooks
from dengwen.cases.models import Act
from dengwen.cases.read.case_view import cited, state_words
from dengwen.desk.accountability.measures.appeals import Way, appeals_about, ways_to_appeal
from dengwen.desk.accountability.measures.measure_page import (
    CLASSES,
    PAGE,
    Page,
    can,
    is_late,
    measure_words,
    page_of,
)
from dengwen.desk.accountability.nine_steps import ShownStep, appeal_day, steps_of_file
from dengwen.desk.shell.act.act_refusals import UNPROCESSABLE
from dengwen.desk.shell.act.submit import write
from dengwen.desk.shell.frame.seat import Seat, at_desk, case_href, organ_name, uid_of
from dengwen.law.bilingual import headline, words_in
from dengwen.law.duties.late_entry import SECOND
from dengwen.law.duties.step import FieldValue, Step
from dengwen.law.liability.ladder import Gravity, RungAnswer, rungs
from dengwen.law.liability.provisions import MeasureRule
from dengwen.organs.models import Official, Organ
from dengwen.oversight.inspections.queries import Told
from dengwen.ui.components import Link
from dengwen.ui.form_fields import Area, AskedField, AskedForm, Word

FOLLOWING = (
    "open_handed",
    "decline_handed",
    "name_investigator",
    "recuse_investigator",
    "add_person",
    "pin_evidence",
    "establish",
    "consider_decision",
    "consider_deed",
    "weigh_diligence",
    "tell_person",
    "defend",
    "hand_in",
    "hear",
    "answer_point",
    "confirm_line",
    "find_gravity",
    "serve_decision",
    "record_talk",
    "notify_personnel",
    "extend_rectification",
    "hand_over_crime",
    "decide_none",
    "correct_wrongful",
    "close",
    "hand_in_self_criticism",
)
"""Steps offered as links; the others have their place on the page."""
BEGUN = {
    "receive_proposal": pgettext_lazy("begun", "建议"),
    "receive_hand_over": pgettext_lazy("begun", "移送"),
    "open_own": pgettext_lazy("begun", "立项"),
}
"""How a file began."""


class StepForm(AskedForm):
    """What the steps on the page of a file say: an answer, a report, what was seen, an appeal."""

    adopted = Word(
        gettext_lazy("是否采纳"),
        needed=True,
        choices=(
            ("adopted", gettext_lazy("采纳，研究决定")),
            ("partly", pgettext_lazy("measure", "部分采纳")),
            ("not", gettext_lazy("不采纳（写明理由）")),
        ),
        initial="adopted",
    )
    answer = Area(gettext_lazy("书面答复"), needed=True, rows=3)
    done = Area(gettext_lazy("做了什么，目标是否达到"), needed=True)
    met = Word()
    seen = Area(gettext_lazy("看到的证据，或者哪里没有达到"), needed=True, rows=3)
    way = Word(gettext_lazy("措施和途径"), needed=True)
    grounds = Area(gettext_lazy("申诉的事实和理由"), needed=True)
    obstacle = Area(
        gettext_lazy("逾期的，障碍是什么、何时消除（没有逾期的不填）"), conditional=True, rows=2
    )


@require_safe
@at_desk
def measure(seat: Seat, number: str) -> HttpResponse:
    """Show one file: the proposal, the decision, the rectification, the ways to appeal, and what
    comes next."""
    return _show(seat, page_of(seat, number), StepForm.of(seat.request))


def _show(seat: Seat, page: Page, form: StepForm, why: Sequence[str] = ()) -> HttpResponse:
    """Render the page of a file."""
    made = page.made
    may = _may(seat, page)
    ways = ways_to_appeal(seat, page)
    drawn = _drawn(form, may, ways)
    return seat.page(
        "accountability/measures/measure.html",
        PAGE,
        UNPROCESSABLE if why or form.errors else 200,
        page=page,
        made=made,
        case=made.case,
        cites=seat.cites(made.case.place),
        why=[*form.complaints_elsewhere(drawn), *why],
        drawn=drawn,
        form={asked.name: asked for asked in drawn},
        uid=uid_of(seat),
        steps=_steps(seat, page, ways),
        subject=page.subject(seat.language),
        state=state_words(page.file, seat.language),
        following=_following(seat, page),
        heard=_heard(page),
        given=[_given(seat, page, one, rule) for one, rule in _measures_known(page)],
        ways=ways,
        appeals=appeals_about(seat, page),
        whole=case_href(page.number),
        **may,
        **_beginning(seat, page),
        **_rectification(seat, page),
    )


def _steps(seat: Seat, page: Page, ways: Sequence[Way]) -> list[ShownStep]:
    """Return where the file stands among the nine steps."""
    appeal_by = appeal_day(page.made, [way.last for way in ways])
    return steps_of_file(seat, page.made, read_inquiry(page.made.case), appeal_by)


def _may(seat: Seat, page: Page) -> dict[str, bool]:
    """Return which steps on the page this seat can do now."""
    return {
        "may_answer": can(seat, page, "answer_proposal"),
        "may_report": _may_report(seat, page),
        "may_accept": can(seat, page, "accept_rectification"),
        "may_reject": can(seat, page, "reject_rectification") and _is_over(seat, page),
    }


def _drawn(form: StepForm, may: Mapping[str, bool], ways: Sequence[Way]) -> tuple[AskedField, ...]:
    """Return the fields that the page asks this seat."""
    names: list[str] = []
    if may["may_answer"]:
        names += ["adopted", "answer"]
    if may["may_report"]:
        names += ["done"]
    if may["may_accept"] or may["may_reject"]:
        names += ["seen"]
    if ways and ways[0].mine:
        names += ["way", "grounds", "obstacle"]
    return form.asked(names)


def _beginning(seat: Seat, page: Page) -> dict[str, object]:
    """Return how the file began, what was proposed and answered, and where it is decided."""
    made, opened = page.made, page.made.opening
    office = Organ.objects.filter(pk=made.from_office or 0).first()
    answer = made.last("answer_proposal") or made.last("decline_proposal")
    decide = reverse("desk:measure_decide", args=[page.number])
    return {
        "begun": str(BEGUN[opened.act]) if opened else "",
        "office": organ_name(office, seat.language),
        "facts": page.text(opened, "facts"),
        "reasons": page.text(opened, "reasons"),
        "proposed": measure_words(seat, made.proposed, page.place),
        "gravity": str(CLASSES.get(made.gravity, "")),
        "answer": page.text(answer, "answer"),
        "decide": decide if can(seat, page, "decide") else "",
    }


def _rectification(seat: Seat, page: Page) -> dict[str, object]:
    """Return what was reported and missed, and what a missed goal opens."""
    made = page.made
    return {
        "late": is_late(made, seat.today),
        "report": page.text(made.last("report_rectification"), "done"),
        "missed": page.text(made.last("reject_rectification"), "why"),
        "others": _rungs_next(seat, page),
    }


def _following(seat: Seat, page: Page) -> list[Link]:
    """Return the steps this seat can do now, as links; for whoever was only told of it, where they
    answer."""
    if page.told:
        return _to_answer(seat, page)
    rules = page.file.kind.acts
    possible = [act for act in FOLLOWING if can(seat, page, act)]
    return [
        Link(headline(rules[act], seat.language), case_href(page.number, act)) for act in possible
    ]


def _to_answer(seat: Seat, page: Page) -> list[Link]:
    """Return where the person told anew since a goal was missed answers, while they can."""
    running = days_to_answer(seat.user.official_id or 0)
    if page.number not in {case.number for case, _until in running}:
        return []
    words = _("说明我的情况（陈述、申辩，提交材料，申请回避）")
    return [Link(words, reverse("desk:about_me_inquiry", args=[page.number]))]


# --- told and heard -------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class HeardRow:
    """Somebody who was told and heard in this file, when, and what was said (PSL 43)."""

    name: str
    told_on: date
    told: str
    heard_on: date | None
    statement: str


def _heard(page: Page) -> list[HeardRow]:
    """Return who was told and heard in this file, when, and what was said (PSL 43)."""
    made = read_inquiry(page.made.case)
    return [_heard_row(page, who, told, made.heard.get(who)) for who, told in made.told.items()]


def _heard_row(page: Page, who: int, told: Told, heard: Told | None) -> HeardRow:
    """Return when somebody was told and heard, and what was said."""
    name = Official.objects.filter(pk=who).values_list("name", flat=True).first()
    return HeardRow(
        name=name or "",
        told_on=told.day,
        told=page.texts.of(told.pk, "facts"),
        heard_on=heard.day if heard else None,
        statement=page.texts.of(heard.pk, "statement") if heard else "",
    )


# --- measures decided -----------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Given:
    """A measure decided, with its texts, what it works until, and whether it stands."""

    words: str
    cite: str
    on: date
    deadline: date | None
    met: bool | None
    corrected: date | None
    served: date | None
    by: str
    decider: Official | None
    instead: str
    effects: list[tuple[str, date | None, bool]]
    facts: str
    responsibility: str
    reasons: str
    goal: str
    other_reasons: str
    """Of another measure (等): why none of the listed ones fits."""
    approved_by: Official | None
    """Of another measure (等): who approved it."""


def _measures_known(page: Page) -> list[tuple[Measure, MeasureRule]]:
    """Return the measures decided with their rules of that day, those the rules do not know left
    out."""
    found = []
    for one in measures_in(page.made):
        rule = one.rule(rules_for(one.decided, one.place))
        if rule is not None:
            found.append((one, rule))
    return found


def _given(seat: Seat, page: Page, one: Measure, rule: MeasureRule) -> Given:
    """Return one measure decided."""
    decision = _decision_of(page, one)
    decided_by = Organ.objects.filter(pk=one.decided_by or 0).first()
    return Given(
        words=words_in(rule, seat.language),
        cite=cited(rule.basis, page.file.installed, seat.language),
        on=one.decided,
        deadline=one.deadline,
        met=one.met,
        corrected=one.corrected,
        served=one.served,
        by=organ_name(decided_by, seat.language),
        decider=Official.objects.filter(pk=decision.data.get("decider") or 0).first(),
        instead=measure_words(seat, [one.instead], one.place) if one.instead else "",
        effects=_effects(seat, one),
        facts=page.text(decision, "facts"),
        responsibility=page.text(decision, "responsibility"),
        reasons=page.text(decision, "reasons"),
        goal=page.text(decision, "goal"),
        **_approval(page, decision, rule),
    )


def _approval(page: Page, decision: Act, rule: MeasureRule) -> dict[str, Any]:
    """Return why another measure (等) was taken and who approved it, nothing for a listed one."""
    if rule.id not in page.rules.open_lists:
        return {"other_reasons": "", "approved_by": None}
    return {
        "other_reasons": page.text(decision, "other_reasons"),
        "approved_by": Official.objects.filter(pk=decision.data.get(SECOND) or 0).first(),
    }


def _decision_of(page: Page, one: Measure) -> Act:
    """Return the act by which a measure was decided."""
    decisions = page.made.decisions
    return next(act for act in decisions if act.pk == one.decision)


def _effects(seat: Seat, one: Measure) -> list[tuple[str, date | None, bool]]:
    """Return what a measure rules out, until which day, and whether the text of that was seen."""
    effects = []
    for effect in influences_of([one], rulebooks.library()):
        words = words_in(effect, seat.language)
        effects.append((words, effect.last, effect.basis.verified))
    return effects


# --- rectification --------------------------------------------------------------------------------
def _may_report(seat: Seat, page: Page) -> bool:
    """Whether the person at the desk may report: the one concerned, or staff of the organ
    concerned."""
    if not can(seat, page, "report_rectification") or page.made.deadline is None:
        return False
    if page.made.official is not None:
        return seat.user.official_id == page.made.official
    return seat.organ is not None and seat.organ.pk == page.made.organ


def _is_over(seat: Seat, page: Page) -> bool:
    """Whether it can be said that a goal was missed: somebody reported, or the date has passed."""
    made = page.made
    if made.case.state == "reported":
        return True
    return made.deadline is not None and made.deadline < seat.today


def _rungs_next(seat: Seat, page: Page) -> list[tuple[str, str, str]]:
    """After a missed goal: which rung is now possible and on which ground, never more than a
    ground (S 14, 15)."""
    if page.made.case.state != "not_met":
        return []
    answers = rungs(page.rules, Gravity(), earlier_of(page.made, page.rules), seat.today)
    opened = [one for one in answers if one.open and one.ground == "failed_rectification"]
    return [_rung_words(seat, page, one) for one in opened]


def _rung_words(seat: Seat, page: Page, answer: RungAnswer) -> tuple[str, str, str]:
    """Return a rung, why it is possible, and the article."""
    cite = cited(answer.basis, page.file.installed, seat.language)
    return words_in(answer.rung, seat.language), words_in(answer, seat.language), cite


# --- steps on the page ----------------------------------------------------------------------------
@require_http_methods(["POST"])
@at_desk
def answer(seat: Seat, number: str) -> HttpResponse:
    """Answer a proposal in writing: adopted, in part, or not (R22 40(4))."""
    page = page_of(seat, number)
    form = StepForm.of(seat.request)
    adopted = form.value("adopted")
    texts = {"answer": form.value("answer")}
    if adopted == "not":
        return _do(seat, page, form, _step(page, "decline_proposal", texts))
    step = _step(page, "answer_proposal", texts, {"adopted": adopted})
    return _do(seat, page, form, step)


@require_http_methods(["POST"])
@at_desk
def report(seat: Seat, number: str) -> HttpResponse:
    """Let whom the file concerns report what was done."""
    page = page_of(seat, number)
    form = StepForm.of(seat.request)
    fields: dict[str, FieldValue] = {}
    if page.made.official is not None:
        fields["subject_official"] = page.made.official
    step = _step(page, "report_rectification", {"done": form.value("done")}, fields)
    return _do(seat, page, form, step)


@require_http_methods(["POST"])
@at_desk
def follow(seat: Seat, number: str) -> HttpResponse:
    """Say whether the goal is met, on what evidence; missed, it is only a ground for a new
    decision."""
    page = page_of(seat, number)
    form = StepForm.of(seat.request)
    seen = form.value("seen")
    if form.value("met") == "yes":
        return _do(seat, page, form, _step(page, "accept_rectification", {"seen": seen}))
    return _do(seat, page, form, _step(page, "reject_rectification", {"why": seen}))


@require_http_methods(["POST"])
@at_desk
def appeal(seat: Seat, number: str) -> HttpResponse:
    """Appeal against one measure by its own way; the deciding organ takes the first instance."""
    page = page_of(seat, number)
    form = StepForm.of(seat.request)
    one, _slash, route = form.value("way").partition("/")
    fields: dict[str, FieldValue] = {
        "decision": number,
        "measure": one,
        "appellant": seat.user.official_id or 0,
        "route": route,
        "instance": "first",
        "to": page.made.case.holder_id or 0,
    }
    texts = form.texts_of(("grounds", "obstacle"))
    step = Step(act="appeal", kind=APPEAL, fields=fields, texts=texts)
    return _do(seat, page, form, step, case_href)


def _step(
    page: Page,
    act: str,
    texts: Mapping[str, str],
    fields: Mapping[str, FieldValue] | None = None,
) -> Step:
    """Return a step of the file."""
    return Step(act=act, case=page.number, fields=fields or {}, texts=texts)


def _do(
    seat: Seat,
    page: Page,
    form: StepForm,
    step: Step,
    back: Callable[[str], str] | None = None,
) -> HttpResponse:
    """Do a step and show the file again, or go on to what it opened; refused, with every
    reason."""
    if form.errors:
        return _show(seat, page, form)
    to = back or reverse("desk:measure", args=[page.number])
    return write(seat, [step], lambda why: _show(seat, page, form, why), to, form=form)
