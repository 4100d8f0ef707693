"""The end of an inquiry: the conclusion with its report, then a proposal about each subject."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.http import Http404, HttpResponse
from django.utils.translation import pgettext, pgettext_lazy
from django.views.decorators.http import require_http_methods

from dengwen.accountability.inquiry.conclusion.completeness import circumstances_met
from dengwen.accountability.inquiry.conclusion.proposal_check import CLASS_OF
from dengwen.accountability.inquiry.queries import Inquiry
from dengwen.accountability.inquiry.report import proposal_text, report_texts
from dengwen.accountability.inquiry.responsibility import names_of
from dengwen.cases import rulebooks
from dengwen.cases.read.case_view import cited
from dengwen.desk.accountability.finding_words import gravity_word
from dengwen.desk.accountability.inquiries.inquiry_page import (
    PAGE,
    Page,
    href,
    investigates,
    lacking_for,
    may_investigate,
    page_of,
)
from dengwen.desk.accountability.measure_rungs import answers_by_measure
from dengwen.desk.accountability.offers import as_choices, organs_offered
from dengwen.desk.shell.act.act_refusals import UNPROCESSABLE
from dengwen.desk.shell.act.submit import write
from dengwen.desk.shell.frame.seat import Seat, at_desk, organ_name, uid_of
from dengwen.law.bilingual import words_in
from dengwen.law.duties.step import FieldValue, Step
from dengwen.law.liability.attribution import NONE
from dengwen.law.liability.ladder import Gravity, RungAnswer
from dengwen.law.liability.proposed_decision import ORGAN, PERSON
from dengwen.law.liability.provisions import Liability, MeasureRule, in_force
from dengwen.organs.models import Official, Organ
from dengwen.organs.structure.lines import organs_on
from dengwen.organs.structure.management import authority_over, manager_of_organ
from dengwen.oversight.inspections.queries import Told
from dengwen.ui.components import Choice
from dengwen.ui.form_fields import Area, AskedForm, Row, Ticked, Word, read_number

SUBJECT_FIELDS = {ORGAN: "subject_organ", PERSON: "subject_official"}
"""The field of a proposal that names its subject, by what the subject is."""
OUTCOMES = ("propose", "no_responsibility")
REPORT_LABELS = {
    "elements": pgettext_lazy("report", "逐项事实"),
    "attribution": pgettext_lazy("report", "责任认定"),
    "defence": pgettext_lazy("report", "陈述申辩和答复"),
}


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def end(seat: Seat, number: str) -> HttpResponse:
    """Conclude an inquiry, then propose: which rung is open, why the others are closed, and who
    may decide."""
    page = page_of(seat, number)
    if seat.request.method != "POST":
        return _end_page(seat, page)
    if not investigates(seat, page):
        raise Http404
    form = EndForm.of(seat.request)
    if form.errors:
        return _end_page(seat, page, form.complaints())
    if page.made.concluded is None:
        step, back = _conclusion(page, form), href(page, "inquiry_end")
    else:
        step, back = _proposal(seat, page, form), href(page, "inquiry")
    return write(seat, [step], lambda why: _end_page(seat, page, why), back)


# --- the steps ------------------------------------------------------------------------------------
class EndForm(AskedForm):
    """How an inquiry ends, or what is proposed after it: about whom, which measures, to whom."""

    outcome = Word()
    findings = Area()
    subject = Word()
    measures = Ticked()
    to = Row()
    facts = Area()
    reasons = Area()


def _conclusion(page: Page, form: EndForm) -> Step:
    """Return the step that concludes the inquiry with the report composed from its acts."""
    return Step(
        act="conclude",
        case=page.number,
        fields={"outcome": form.value("outcome")},
        texts={**_report(page), **form.texts_of(["findings"])},
    )


def _report(page: Page) -> dict[str, str]:
    """Return the parts of the report that follow from the acts of the inquiry."""
    names = names_of(page.grounds, page.made.officials)
    return report_texts(page.made, page.rules, page.grounds, names)


def _proposal(seat: Seat, page: Page, form: EndForm) -> Step:
    """Return the step that proposes measures about one subject to whoever may decide."""
    made = page.made
    subject = _subject_chosen(form)
    measures = list(form.cleaned_data["measures"])
    gravity = made.gravity or Gravity()
    fields: dict[str, FieldValue] = {
        "situations": circumstances_met(made, page.rules),
        "gravity": CLASS_OF[gravity.classed],
        "measures": tuple(measures),
        **subject,
    }
    if form.cleaned_data["to"] is not None:
        fields["to"] = form.cleaned_data["to"]
    letter = proposal_text(made, page.rules, _rules_today(seat, made), subject, measures)
    texts = form.texts_of(["facts", "reasons"])
    if letter:
        texts["proposal"] = letter
    return Step(act="propose_measure", case=page.number, fields=fields, texts=texts)


def _subject_chosen(form: EndForm) -> dict[str, int]:
    """Read whom a proposal is about, written `person-1` or `organ-1`; empty for anything else."""
    what, _dash, text = form.value("subject").partition("-")
    pk = read_number(text)
    if what not in SUBJECT_FIELDS or pk is None:
        return {}
    return {SUBJECT_FIELDS[what]: pk}


def _rules_today(seat: Seat, made: Inquiry) -> Liability:
    """Return the rules of today: a measure is proposed by them, whenever the conduct was."""
    return in_force(rulebooks.library(), seat.today, made.place)


# --- the page -------------------------------------------------------------------------------------
def _end_page(seat: Seat, page: Page, why: Sequence[str] = ()) -> HttpResponse:
    """Render the conclusion, or what it lacks, and the proposals that can be made after it."""
    made, form = page.made, EndForm.of(seat.request)
    done = made.concluded
    return seat.page(
        "accountability/inquiries/end.html",
        PAGE,
        UNPROCESSABLE if why else 200,
        page=page,
        why=why,
        uid=uid_of(seat),
        done=done,
        outcome=str(done.data["outcome"]) if done else form.typed("outcome"),
        lacking={} if done else _lacking(seat, page),
        report=[(str(REPORT_LABELS[name]), text) for name, text in _report(page).items()],
        gravity=gravity_word(made.gravity),
        may_conclude=done is None and may_investigate(seat, page, "conclude"),
        findings=form.at("findings").value(),
        may_propose=may_investigate(seat, page, "propose_measure"),
        subjects=_subjects(seat, page) if done else [],
        facts=form.at("facts").value() or _findings(page, done),
        reasons=form.at("reasons").value(),
        proposals=[_proposed(page, told) for told in made.proposals],
        back=href(page, "inquiry"),
    )


def _lacking(seat: Seat, page: Page) -> dict[str, list[str]]:
    """Return what each outcome still lacks."""
    return {outcome: lacking_for(seat, page, outcome) for outcome in OUTCOMES}


def _findings(page: Page, done: Told | None) -> str:
    """Return what the conclusion found, to begin the facts of a proposal with."""
    return page.texts.of(done.pk, "findings") if done else ""


def _proposed(page: Page, told: Told) -> tuple[str, str]:
    """Return the facts and the reasons of a proposal made."""
    facts = page.texts.of(told.pk, "facts")
    reasons = page.texts.of(told.pk, "reasons")
    return facts, reasons


# --- subjects -------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Measures:
    """The measures that can be proposed now, and the others, each with the reason why not."""

    open: list[tuple[str, str, str]] = field(default_factory=list)
    closed: list[tuple[str, str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Subject:
    """Somebody a proposal can be about: the measures, who is registered as manager, the organs to
    send it to."""

    key: str
    name: str
    measures: list[tuple[str, str, str]]
    closed: list[tuple[str, str, str]]
    registered: bool
    manager: str
    to: tuple[Choice, ...]


def _subjects(seat: Seat, page: Page) -> list[Subject]:
    """Return whom a proposal can be about: everybody found responsible, and the unit, each with
    its open measures."""
    made = page.made
    done = {_subject_of(told) for told in made.proposals}
    bearing = [official for official in _bearing(made) if (official, None) not in done]
    found = [_person(seat, page, official) for official in bearing]
    if (None, made.unit) not in done:
        found.append(_unit(seat, page))
    return found


def _subject_of(told: Told) -> tuple[int | None, int | None]:
    """Return the official and the organ a proposal names; one of them is None."""
    return told.data.get("subject_official"), told.data.get("subject_organ")


def _bearing(made: Inquiry) -> list[int]:
    """Return the officials found responsible for anything, each once."""
    bearing = [
        official
        for (official, _ground, _kind), told in made.lines.items()
        if told.data["responsibility"] != NONE
    ]
    return list(dict.fromkeys(bearing))


def _person(seat: Seat, page: Page, official: int) -> Subject:
    """Return somebody found responsible as a subject; who manages them decides."""
    person = Official.objects.get(pk=official)
    manager = authority_over(person, seat.today).only
    measures = _measures(seat, page, PERSON)
    key = f"{PERSON}-{official}"
    return _subject(seat, key, page.name(official), measures, manager)


def _unit(seat: Seat, page: Page) -> Subject:
    """Return the unit of the inquiry as a subject; who manages its leading group decides."""
    unit = Organ.objects.get(pk=page.made.unit)
    manager = manager_of_organ(unit, seat.today)
    measures = _measures(seat, page, ORGAN)
    key = f"{ORGAN}-{unit.pk}"
    return _subject(seat, key, page.unit, measures, manager)


def _subject(seat: Seat, key: str, name: str, measures: Measures, manager: Organ | None) -> Subject:
    """Return a subject with its measures, and whom the proposal can go to."""
    unknown = pgettext("inquiry_roles", "没有登记")
    return Subject(
        key=key,
        name=name,
        measures=measures.open,
        closed=measures.closed,
        registered=manager is not None,
        manager=organ_name(manager, seat.language) if manager else unknown,
        to=_addressees(seat, manager),
    )


def _addressees(seat: Seat, manager: Organ | None) -> tuple[Choice, ...]:
    """Return every organ but the own one; the registered manager is chosen already."""
    own = seat.organ.pk if seat.organ else 0
    organs = organs_on(seat.today).exclude(pk=own).order_by("code")
    registered = [str(manager.pk)] if manager else []
    return as_choices(organs_offered(organs, seat.language), registered)


def _measures(seat: Seat, page: Page, on: str) -> Measures:
    """Return the measures on persons or on organs, parted by what the gravity found opens."""
    rules = _rules_today(seat, page.made)
    gravity = page.made.gravity or Gravity()
    answers = answers_by_measure(rules, gravity, (), seat.today)
    found = Measures()
    for rule in rules.measures.values():
        if not _is_proposable(rule, on, answers):
            continue
        answer = answers.get(rule.id)
        words = words_in(rule, seat.language)
        cite = cited(rule.basis, page.file.installed, seat.language)
        if answer is None or answer.open:
            found.open.append((rule.id, words, cite))
        else:
            found.closed.append((words, words_in(answer, seat.language), cite))
    return found


def _is_proposable(rule: MeasureRule, on: str, answers: Mapping[str, RungAnswer]) -> bool:
    """Say whether an inquiry proposes such a measure at all: supervision is no accountability, and
    a person answers by the ladder alone."""
    if on not in rule.on or rule.kind == "supervision":
        return False
    return on != PERSON or rule.id in answers
