"""The end of an inquiry: the conclusion with its report, then a proposal about each subject."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import Http404, HttpResponse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy
from django.views.decorators.http import require_http_methods

from dengwen.accountability.inquiry.conclusion.completeness import circumstances_met
from dengwen.accountability.inquiry.conclusion.proposal_check import CLASS_OF
from dengwen.accountability.inquiry.queries import Inquiry
from dengwen.accountability.inquiry.report import proposal_text, report_digest, report_texts
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
from dengwen.desk.shell.act.act_refusals import UNPROCESSABLE
from dengwen.desk.shell.act.field_choices import OrganAsked
from dengwen.desk.shell.act.field_search import found_part, searches
from dengwen.desk.shell.act.submit import write
from dengwen.desk.shell.frame.seat import Seat, at_desk, organ_name, uid_of
from dengwen.law.bilingual import words_in
from dengwen.law.duties.step import FieldValue, Step
from dengwen.law.liability.attribution import NONE
from dengwen.law.liability.ladder import Gravity, RungAnswer
from dengwen.law.liability.proposed_decision import ORGAN, PERSON
from dengwen.law.liability.provisions import Liability, MeasureRule, in_force
from dengwen.organs.models import Official, Organ
from dengwen.organs.structure.management import authority_over, manager_of_organ
from dengwen.oversight.inspections.queries import Told
from dengwen.ui.components import Choice
from dengwen.ui.form_fields import Area, AskedField, AskedForm, Row, Ticked, Word, read_number

SUBJECT_FIELDS = {ORGAN: "subject_organ", PERSON: "subject_official"}
"""The field of a proposal that names its subject, by what the subject is."""
OUTCOMES = ("propose", "no_responsibility")
OUTCOME_WORDS = {
    "propose": gettext_lazy("向有管理权限的机关提出建议"),
    "no_responsibility": gettext_lazy("不予追责"),
}
REPORT_LABELS = {
    "elements": pgettext_lazy("report", "逐项事实"),
    "attribution": pgettext_lazy("report", "责任认定"),
    "defence": pgettext_lazy("report", "陈述申辩和答复"),
    "contradictions": pgettext_lazy("report", "矛盾和理由"),
}


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def end(seat: Seat, number: str) -> HttpResponse:
    """Conclude an inquiry, then propose: which rung is open, why the others are closed, and who
    may decide."""
    page = page_of(seat, number)
    form = _form(seat, page)
    if not form.is_bound:
        return _end_page(seat, page, form)
    if not investigates(seat, page):
        raise Http404
    if (part := found_part(seat, _own(form, _subjects_of(seat, page, form)))) is not None:
        return part
    if form.errors:
        return _end_page(seat, page, form)
    if isinstance(form, ConclusionForm):
        step, back = _conclusion(seat, page, form), href(page, "inquiry_end")
    else:
        step, back = _proposal(seat, page, form), href(page, "inquiry")
    return write(seat, [step], lambda why: _end_page(seat, page, form, why), back, form=form)


# --- the steps ------------------------------------------------------------------------------------
class ConclusionForm(AskedForm):
    """How an inquiry ends, and what it found."""

    outcome = Word(pgettext_lazy("inquiry_end", "结论"), needed=True, choices=OUTCOME_WORDS.items())
    findings = Area(gettext_lazy("核查结论和理由"), needed=True, rows=5)


class ProposalForm(AskedForm):
    """What is proposed after an inquiry: about whom, which measures, to whom."""

    subject = Word(gettext_lazy("对谁提出建议"))
    measures = Ticked(gettext_lazy("现在可以建议的措施"), needed=True)
    to: Row
    facts = Area(gettext_lazy("核实的事实"), needed=True)
    reasons = Area(gettext_lazy("建议的理由"), needed=True, rows=3)


def _form(seat: Seat, page: Page) -> AskedForm:
    """Return the form the page asks: the conclusion, and once that is there a proposal."""
    if page.made.concluded is None:
        return ConclusionForm.of(seat.request)
    own = frozenset({seat.organ.pk} if seat.organ else ())
    to = OrganAsked(_("有管理权限的机关"), seat, without=own, needed=True)
    to.opens = True
    of_seat: type[ProposalForm] = type("ProposalForm", (ProposalForm,), {"to": to})
    return of_seat.of(seat.request)


def _conclusion(seat: Seat, page: Page, form: AskedForm) -> Step:
    """Return the step that signs the report composed from the acts, or that concludes the inquiry
    where another investigator signed just this report."""
    outcome, texts = form.value("outcome"), {**_report(page), **form.texts_of(["findings"])}
    said = report_digest(outcome, texts)
    if any(told.data["report"] == said for told in _signed_by_others(seat, page)):
        return Step(act="conclude", case=page.number, fields={"outcome": outcome}, texts=texts)
    return Step(
        act="sign_report",
        case=page.number,
        fields={"investigator": seat.user.official_id or 0, "outcome": outcome, "report": said},
        texts=form.texts_of(["findings"]),
    )


def _signed_by_others(seat: Seat, page: Page) -> list[Told]:
    """Return the signatures of other investigators under a report, the newest first."""
    others = page.made.investigators.keys() - {seat.user.official_id}
    return [told for told in reversed(page.made.signatures) if told.data["investigator"] in others]


def _waiting(seat: Seat, page: Page) -> Told | None:
    """Return the newest signature of another investigator under the report as it is now, None
    where there is none."""
    report = _report(page)
    for told in _signed_by_others(seat, page):
        whole = {**report, "findings": told.texts.get("findings", "")}
        if told.data["report"] == report_digest(str(told.data["outcome"]), whole):
            return told
    return None


def _report(page: Page) -> dict[str, str]:
    """Return the parts of the report that follow from the acts of the inquiry."""
    names = names_of(page.grounds, page.made.officials)
    return report_texts(page.made, page.rules, page.grounds, names)


def _proposal(seat: Seat, page: Page, form: AskedForm) -> Step:
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


def _subject_chosen(form: AskedForm) -> dict[str, int]:
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
def _end_page(seat: Seat, page: Page, form: AskedForm, why: Sequence[str] = ()) -> HttpResponse:
    """Render the conclusion, or what it lacks, and the proposals that can be made after it."""
    done = page.made.concluded
    lacking = {} if done else _lacking(seat, page)
    concludes = done is None and may_investigate(seat, page, "conclude")
    proposes = may_investigate(seat, page, "propose_measure")
    waiting = _waiting(seat, page) if concludes else None
    asked = _asked(form, page, lacking, waiting) if concludes else ()
    subjects = _subjects_of(seat, page, form) if proposes else []
    drawn = [*asked, *(one for subject in subjects for one in subject.drawn)]
    own = [*asked, *_own(form, subjects)]
    return seat.page(
        "accountability/inquiries/end.html",
        PAGE,
        UNPROCESSABLE if why or form.errors else 200,
        page=page,
        cites=seat.cites(page.made.place),
        why=[*form.complaints_elsewhere(own), *why],
        drawn=drawn,
        uid=uid_of(seat),
        asked=asked,
        lacking=lacking,
        may_conclude=concludes,
        waiting=page.name(waiting.data["investigator"]) if waiting else "",
        signed=[(page.name(told.data["investigator"]), told.day) for told in page.made.signatures],
        **_concluded(page),
        subjects=subjects,
        proposals=[_proposed(page, told) for told in page.made.proposals],
        back=href(page, "inquiry"),
    )


def _concluded(page: Page) -> dict[str, Any]:
    """Return how the inquiry ended, where it did, and the report that is composed of its acts."""
    done = page.made.concluded
    return {
        "done": done,
        "outcome": OUTCOME_WORDS.get(str(done.data["outcome"]), "") if done else "",
        "report": [(str(REPORT_LABELS[name]), text) for name, text in _report(page).items()],
        "gravity": gravity_word(page.made.gravity),
    }


def _asked(
    form: AskedForm, page: Page, lacking: Mapping[str, list[str]], waiting: Told | None
) -> tuple[AskedField, ...]:
    """Return the fields of the conclusion; a new form begins with what the other investigator
    signed, else with the outcome that lacks nothing."""
    possible = [outcome for outcome, missing in lacking.items() if not missing]
    form.initial["outcome"] = "".join(possible[:1])
    if waiting is not None:
        form.initial["outcome"] = str(waiting.data["outcome"])
        form.initial["findings"] = page.texts.of(waiting.pk, "findings")
    return form.asked()


def _lacking(seat: Seat, page: Page) -> dict[str, list[str]]:
    """Return what each outcome still lacks."""
    return {outcome: lacking_for(seat, page, outcome) for outcome in OUTCOMES}


def _findings(page: Page) -> str:
    """Return what the conclusion found, to begin the facts of a proposal with."""
    done = page.made.concluded
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
    """Somebody a proposal can be about: the fields of the proposal, and the measures that cannot
    be proposed. `measures` is None where none is open."""

    key: str
    name: str
    measures: AskedField | None
    closed: list[tuple[str, str, str]]
    fields: tuple[AskedField, ...]
    searches: tuple[AskedField, ...]

    @property
    def drawn(self) -> tuple[AskedField, ...]:
        """All fields as the page asks them."""
        measures = (self.measures,) if self.measures is not None else ()
        return (*measures, *self.fields)


def _subjects_of(seat: Seat, page: Page, form: AskedForm) -> list[Subject]:
    """Return the subjects of the page, none before the conclusion."""
    return _subjects(seat, page, form) if isinstance(form, ProposalForm) else []


def _own(form: AskedForm, subjects: Sequence[Subject]) -> list[AskedField]:
    """Return the fields about the subject that was posted."""
    return [one for subject in subjects for one in subject.drawn if one.form is form]


def _subjects(seat: Seat, page: Page, form: ProposalForm) -> list[Subject]:
    """Return whom a proposal can be about: everybody found responsible, and the unit, each with
    its open measures."""
    made = page.made
    done = {_subject_of(told) for told in made.proposals}
    bearing = [official for official in _bearing(made) if (official, None) not in done]
    found = [_person(seat, page, form, official) for official in bearing]
    if (None, made.unit) not in done:
        found.append(_unit(seat, page, form))
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


def _person(seat: Seat, page: Page, form: ProposalForm, official: int) -> Subject:
    """Return somebody found responsible as a subject; who manages them decides."""
    person = Official.objects.get(pk=official)
    manager = authority_over(person, seat.today).only
    named = f"{PERSON}-{official}", page.name(official)
    return _subject(seat, page, form, named, _measures(seat, page, PERSON), manager)


def _unit(seat: Seat, page: Page, form: ProposalForm) -> Subject:
    """Return the unit of the inquiry as a subject; who manages its leading group decides."""
    unit = Organ.objects.get(pk=page.made.unit)
    manager = manager_of_organ(unit, seat.today)
    named = f"{ORGAN}-{unit.pk}", page.unit
    return _subject(seat, page, form, named, _measures(seat, page, ORGAN), manager)


def _subject(
    seat: Seat,
    page: Page,
    form: ProposalForm,
    named: tuple[str, str],
    measures: Measures,
    manager: Organ | None,
) -> Subject:
    """Return a subject (key and name) with its measures, and whom the proposal can go to."""
    key, name = named
    own = _form_about(page, form, key, manager)
    ticked = own.at("measures").typed
    choices = [
        Choice(one, capfirst(words), one in ticked, (cite,)) for one, words, cite in measures.open
    ]
    unknown = pgettext("inquiry_roles", "没有登记")
    registered = organ_name(manager, seat.language) if manager else unknown
    to = own.at("to").but(hint=_("名录登记的：") + registered)
    return Subject(
        key=key,
        name=name,
        measures=own.at("measures").but(choices=tuple(choices)) if choices else None,
        closed=measures.closed,
        fields=(to, *own.asked(("facts", "reasons"))),
        searches=searches(seat, [to]),
    )


def _form_about(page: Page, form: ProposalForm, key: str, manager: Organ | None) -> ProposalForm:
    """Return the form about one subject: the one that was posted, or one that begins with what
    the conclusion found and the registered manager."""
    own = form
    if not form.is_bound or form.typed("subject") != key:
        begun = {"facts": _findings(page), "to": manager.pk if manager else None}
        own = type(form)(initial=begun)
    own.spot = f"{key}-"
    return own


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
