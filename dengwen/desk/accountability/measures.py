"""Decisions on accountability (责任追究) at the desk: the inbox, one file, the decision with what is
open and why not.

Nothing here decides: a page shows the rungs that are open and the reasons of those that are not,
and asks. The decision
is a person's with the own sign-in, and the write door refuses what does not go.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from dengwen.accountability.inquiry.queries import read_inquiry
from dengwen.accountability.measures.appeal_effects import last_day
from dengwen.accountability.measures.law_question import rules_for
from dengwen.accountability.measures.queries import (
    APPEAL,
    KIND,
    AccountFile,
    Measure,
    earlier_of,
    influences_of,
    measures_in,
    read_file,
)
from dengwen.cases import rulebooks
from dengwen.cases.models import Case, CaseLink
from dengwen.cases.read.case_view import CaseFile, cited, state_words
from dengwen.cases.read.case_view import read_file as read_case
from dengwen.cases.wall.visibility import for_user, is_told
from dengwen.desk.shell.act.act_refusals import UNPROCESSABLE
from dengwen.desk.shell.act.submit import may, write
from dengwen.desk.shell.case.protected_text import Texts, texts_of
from dengwen.desk.shell.frame.seat import Seat, at_desk, case_href, organ_name, uid_of
from dengwen.law.bilingual import headline
from dengwen.law.duties.step import FieldValue, Step
from dengwen.law.liability import influence_period
from dengwen.law.liability.ladder import Gravity, RungAnswer, rungs
from dengwen.law.liability.provisions import Liability
from dengwen.organs.models import Official, Organ
from dengwen.ui.components import Link

PAGE = "measures"
MOST = 200
STATES = {
    "handed": 0,
    "proposed": 1,
    "considering": 2,
    "not_met": 2,
    "decided": 3,
    "reported": 4,
    "served": 5,
    "met": 6,
    "corrected": 6,
}
"""Which group of the list a file stands in, by its state; what is final comes last."""
GROUPS = (
    ("收到移送，待立案", "Handed over, to be opened"),
    ("收到建议，待书面答复", "Proposals to be answered in writing"),
    ("待决定", "To be decided"),
    ("待送达", "To be served"),
    ("待验收", "To be accepted"),
    ("执行、整改中", "Being carried out"),
    ("待办结", "To be closed"),
    ("已办结", "Closed"),
)
GRAVE: Mapping[str, tuple[dict[str, FieldValue], tuple[str, str]]] = {
    "light": ({"light": True}, ("情节较轻", "relatively light")),
    "serious": (
        {"harm": "serious", "influence": "serious"},
        ("危害严重以及影响重大", "serious harm and great influence"),
    ),
    "especially": (
        {"harm": "especially", "influence": "especially"},
        ("危害特别严重以及影响特别重大", "especially serious harm and especially great influence"),
    ),
    "between": ({}, ("介于两档之间（写明理由）", "between two classes (with reasons)")),
}
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


@dataclass(frozen=True, slots=True)
class Page:
    """What every page of one file needs: the case file, the reading, the opened texts, the rules
    of today."""

    file: CaseFile
    made: AccountFile
    texts: Texts
    rules: Liability
    official: Official | None
    organ: Organ | None
    told: bool

    @property
    def number(self) -> str:
        """The number of the file."""
        return self.made.case.number

    @property
    def place(self) -> str:
        """Where its rules hold."""
        return self.made.case.place

    def subject(self, language: str) -> str:
        """Whom it concerns, by name."""
        if self.official is not None:
            return self.official.name
        return organ_name(self.organ, "zh" if language == "zh" else "en")


def page_of(seat: Seat, number: str) -> Page:
    """Open a file the wall lets this seat see, its texts through the read log; 404 for
    everything else."""
    case = seat.case(number)
    if case.kind != KIND:
        raise Http404
    made = read_file(case)
    return Page(
        read_case(case, seat.now),
        made,
        texts_of(seat, case),
        rules_for(seat.today, case.place),
        Official.objects.filter(pk=made.official or 0).first(),
        Organ.objects.filter(pk=made.organ or 0).first(),
        is_told(seat.viewer, case),
    )


def can(seat: Seat, page: Page, act: str) -> bool:
    """Say whether this seat can do an act of the file now."""
    return may(seat, page.file, act)


# --- the list -------------------------------------------------------------------------------------
@require_safe
@at_desk
def measures(seat: Seat) -> HttpResponse:
    """List the files this seat may see by what has to be done next, proposals to be answered
    first."""
    found = for_user(seat.viewer, seat.today).filter(kind=KIND).order_by("opened_on", "pk")[:MOST]
    groups: list[list[dict[str, object]]] = [[] for _ in GROUPS]
    for case in found:
        made, file = read_file(case), read_case(case, seat.now)
        groups[STATES.get(case.state, len(GROUPS) - 1)].append(
            {
                "href": reverse("desk:measure", args=[case.number]),
                "number": case.number,
                "opened": case.opened_on,
                "subject": subject_words(seat, made),
                "state": state_words(file, seat.language),
                "measures": measure_words(seat, [m.measure for m in measures_in(made)], case.place),
                "deadline": made.deadline if made.met is None else None,
                "late": made.deadline is not None
                and made.met is None
                and made.deadline < seat.today,
            }
        )
    appeals = (
        for_user(seat.viewer, seat.today).filter(kind=APPEAL).order_by("-opened_on", "-pk")[:MOST]
    )
    shown = [
        {
            "href": case_href(c.number),
            "number": c.number,
            "opened": c.opened_on,
            "state": state_words(read_case(c, seat.now), seat.language),
        }
        for c in appeals
    ]
    named = [(GROUPS[n][seat.language != "zh"], lines) for n, lines in enumerate(groups) if lines]
    begin = reverse("desk:open", args=[KIND, "open_own"]) if "clerk" in seat.capacities else ""
    return seat.page("accountability/measures.html", PAGE, groups=named, appeals=shown, begin=begin)


def subject_words(seat: Seat, made: AccountFile) -> str:
    """Return the name of the person or organ a file concerns."""
    if made.official is not None:
        return Official.objects.values_list("name", flat=True).get(pk=made.official)
    return organ_name(Organ.objects.filter(pk=made.organ or 0).first(), seat.language)


def measure_words(seat: Seat, ids: Iterable[str], place: str) -> str:
    """Return measures as people say them."""
    rules = rules_for(seat.today, place)
    names = [
        (r.zh, r.en)[seat.language != "zh"] for i in ids if (r := rules.measures.get(i)) is not None
    ]
    return (_("、")).join(names)


# --- one file -------------------------------------------------------------------------------------
@require_safe
@at_desk
def measure(seat: Seat, number: str) -> HttpResponse:
    """Show one file: the proposal, the decision, the rectification, the ways to appeal, and what
    comes next."""
    return show(seat, page_of(seat, number))


def show(seat: Seat, page: Page, why: Sequence[str] = ()) -> HttpResponse:
    """Render the page of a file."""
    made, texts = page.made, page.texts
    names, post = page.file.kind.acts, seat.request.POST
    following = (
        []
        if page.told
        else [
            Link(headline(names[a], seat.language), case_href(page.number, a))
            for a in FOLLOWING
            if can(seat, page, a)
        ]
    )
    opened = made.opening
    answer = made.last("answer_proposal") or made.last("decline_proposal")
    report, refusal = made.last("report_rectification"), made.last("reject_rectification")
    office = Organ.objects.filter(pk=made.from_office or 0).first()
    return seat.page(
        "accountability/measure.html",
        PAGE,
        UNPROCESSABLE if why else 200,
        page=page,
        made=made,
        case=made.case,
        why=why,
        subject=page.subject(seat.language),
        state=state_words(page.file, seat.language),
        following=following,
        uid=uid_of(seat),
        office=organ_name(office, seat.language),
        begun=_BEGUN[opened.act][seat.language != "zh"] if opened else "",
        heard=_heard(page),
        facts=texts.of(opened.pk, "facts") if opened else "",
        reasons=texts.of(opened.pk, "reasons") if opened else "",
        proposed=measure_words(seat, made.proposed, page.place),
        gravity=_grave(seat, made.gravity),
        answer=texts.of(answer.pk, "answer") if answer else "",
        may_answer=can(seat, page, "answer_proposal"),
        decide=reverse("desk:measure_decide", args=[page.number])
        if can(seat, page, "decide")
        else "",
        given=_given(seat, page),
        report=texts.of(report.pk, "done") if report else "",
        missed=texts.of(refusal.pk, "why") if refusal else "",
        may_report=_may_report(seat, page),
        may_accept=can(seat, page, "accept_rectification"),
        may_reject=can(seat, page, "reject_rectification") and _over(seat, page),
        ways=_ways(seat, page),
        typed=post,
        appeals=_appeals(seat, page),
        whole=case_href(page.number),
        late=made.deadline is not None and made.met is None and made.deadline < seat.today,
        others=_rungs_next(seat, page),
    )


_BEGUN = {
    "receive_proposal": ("建议", "Proposal"),
    "receive_hand_over": ("移送", "Handed over"),
    "open_own": ("立项", "Opened by the organ itself"),
}


def _heard(page: Page) -> list[dict[str, object]]:
    """Return who was told and heard in this file, when, and what was said (PSL 43)."""
    made, found = read_inquiry(page.made.case), []
    for who, told in made.told.items():
        heard = made.heard.get(who)
        found.append(
            {
                "name": Official.objects.filter(pk=who).values_list("name", flat=True).first()
                or "",
                "told_on": told.day,
                "told": page.texts.of(told.pk, "facts"),
                "heard_on": heard.day if heard else None,
                "statement": page.texts.of(heard.pk, "statement") if heard else "",
            }
        )
    return found


def _grave(seat: Seat, gravity: str) -> str:
    return GRAVE[gravity][1][seat.language != "zh"] if gravity in GRAVE else ""


def _may_report(seat: Seat, page: Page) -> bool:
    """Whether the person at the desk may report: the one concerned, or staff of the organ
    concerned."""
    if not can(seat, page, "report_rectification") or page.made.deadline is None:
        return False
    if page.made.official is not None:
        return seat.user.official_id == page.made.official
    return seat.organ is not None and seat.organ.pk == page.made.organ


def _over(seat: Seat, page: Page) -> bool:
    """Whether it can be said that a goal was missed: somebody reported, or the date has passed."""
    made = page.made
    return made.case.state == "reported" or (
        made.deadline is not None and made.deadline < seat.today
    )


def _given(seat: Seat, page: Page) -> list[dict[str, object]]:
    """Return the measures decided, each with what it works until, and whether it stands."""
    index = int(seat.language != "zh")
    found: list[dict[str, object]] = []
    for one in measures_in(page.made):
        rule = rules_for(one.decided, one.place).measures.get(one.measure)
        if rule is None:
            continue
        effects = influences_of([one], rulebooks.library())
        decision = next(a for a in page.made.decisions if a.pk == one.decision)
        found.append(
            {
                "words": (rule.zh, rule.en)[index],
                "cite": cited(rule.basis, page.file.installed, seat.language),
                "on": one.decided,
                "deadline": one.deadline,
                "met": one.met,
                "corrected": one.corrected,
                "served": one.served,
                "by": organ_name(
                    Organ.objects.filter(pk=one.decided_by or 0).first(), seat.language
                ),
                "decider": Official.objects.filter(pk=decision.data.get("decider") or 0).first(),
                "instead": measure_words(seat, [one.instead], one.place) if one.instead else "",
                "effects": [((e.zh, e.en)[index], e.last, e.basis.verified) for e in effects],
                **{
                    n: page.texts.of(one.decision, n)
                    for n in ("facts", "responsibility", "reasons", "goal")
                },
            }
        )
    return found


def _rungs_next(seat: Seat, page: Page) -> list[tuple[str, str, str]]:
    """After a missed goal: which rung is now possible and on which ground, never more than a
    ground (S 14, 15)."""
    if page.made.case.state != "not_met":
        return []
    answers = rungs(page.rules, Gravity(), earlier_of(page.made, page.rules), seat.today)
    return [
        _said_rung(seat, page, a) for a in answers if a.open and a.ground == "failed_rectification"
    ]


def _said_rung(seat: Seat, page: Page, answer: RungAnswer) -> tuple[str, str, str]:
    index = int(seat.language != "zh")
    cite = cited(answer.basis, page.file.installed, seat.language)
    return (answer.rung.zh, answer.rung.en)[index], (answer.zh, answer.en)[index], cite


# --- answer ---------------------------------------------------------------------------------------
@require_http_methods(["POST"])
@at_desk
def answer(seat: Seat, number: str) -> HttpResponse:
    """Answer a proposal in writing: adopted, in part, or not (R22 40(4))."""
    page = page_of(seat, number)
    post, text = seat.request.POST, {"answer": seat.request.POST.get("answer", "").strip()}
    adopted = post.get("adopted", "")
    if adopted == "not":
        step = Step(act="decline_proposal", case=number, texts=text)
    else:
        step = Step(act="answer_proposal", case=number, fields={"adopted": adopted}, texts=text)
    return write(
        seat, [step], lambda why: show(seat, page, why), reverse("desk:measure", args=[number])
    )


# --- follow-up ------------------------------------------------------------------------------------
@require_http_methods(["POST"])
@at_desk
def report(seat: Seat, number: str) -> HttpResponse:
    """Let whom the file concerns report what was done."""
    page = page_of(seat, number)
    fields: dict[str, FieldValue] = (
        {} if page.made.official is None else {"subject_official": page.made.official}
    )
    text = {"done": seat.request.POST.get("done", "").strip()}
    step = Step(act="report_rectification", case=number, fields=fields, texts=text)
    return write(
        seat, [step], lambda why: show(seat, page, why), reverse("desk:measure", args=[number])
    )


@require_http_methods(["POST"])
@at_desk
def follow(seat: Seat, number: str) -> HttpResponse:
    """Say whether the goal is met, on what evidence; missed, it is only a ground for a new
    decision."""
    page = page_of(seat, number)
    met = seat.request.POST.get("met") == "yes"
    act, name = ("accept_rectification", "seen") if met else ("reject_rectification", "why")
    step = Step(act=act, case=number, texts={name: seat.request.POST.get("seen", "").strip()})
    return write(
        seat, [step], lambda why: show(seat, page, why), reverse("desk:measure", args=[number])
    )


# --- appeal ---------------------------------------------------------------------------------------
def _ways(seat: Seat, page: Page) -> list[dict[str, object]]:
    """Return every way to appeal that is open: the measure, where, the last day, whether its
    text was seen."""
    made, index = page.made, int(seat.language != "zh")
    found: list[dict[str, object]] = []
    decision = made.decision
    if decision is None or not made.served or made.official is None:
        return []
    status = str(decision.data.get("status") or "")
    for one in measures_in(made):
        if not one.stands or one.served is None or one.decision != decision.pk:
            continue
        rules = rules_for(one.decided, one.place)
        for way in influence_period.appeals(
            rulebooks.library(), rules, one.measure, status, one.served
        ):
            first = way.stations[0]
            found.append(
                {
                    "key": f"{one.measure}/{way.route.id}",
                    "measure": measure_words(seat, [one.measure], one.place),
                    "route": (way.route.zh, way.route.en)[index],
                    "where": (first.zh, first.en)[index],
                    "last": first.last,
                    "seen": way.verified,
                    "over": _late(rules, one, way.route.id, seat.today),
                    "cite": cited(way.route.basis, page.file.installed, seat.language),
                    "mine": seat.user.official_id == made.official,
                }
            )
    return found


def _late(rules: Liability, one: Measure, route: str, today: date) -> bool:
    last = last_day(rules, one, route)
    return last is not None and last < today


def _appeals(seat: Seat, page: Page) -> list[tuple[str, str, str]]:
    """Return the appeals about this file that the seat may see."""
    linked = CaseLink.objects.filter(
        other=page.made.case, kind="concerns", case__kind=APPEAL
    ).values("case")
    cases = for_user(seat.viewer, seat.today).filter(pk__in=linked).order_by("pk")
    return [(c.number, case_href(c.number), _state(seat, c)) for c in cases]


def _state(seat: Seat, case: Case) -> str:
    return state_words(read_case(case, seat.now), seat.language)


@require_http_methods(["POST"])
@at_desk
def appeal(seat: Seat, number: str) -> HttpResponse:
    """Appeal against one measure by its own way; the deciding organ takes the first instance."""
    page = page_of(seat, number)
    post = seat.request.POST
    one, _, route = post.get("way", "").partition("/")
    fields: dict[str, FieldValue] = {
        "decision": number,
        "measure": one,
        "appellant": seat.user.official_id or 0,
        "route": route,
        "instance": "first",
        "to": page.made.case.holder_id or 0,
    }
    texts = {n: post.get(n, "").strip() for n in ("grounds", "obstacle")}
    step = Step(
        act="appeal", kind=APPEAL, fields=fields, texts={n: t for n, t in texts.items() if t}
    )
    return write(seat, [step], lambda why: show(seat, page, why), case_href)
