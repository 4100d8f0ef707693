"""Roles and the end of an inquiry: a proposal per person with its sentence, diligence,
conclusion, proposals."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods

from dengwen.accountability.inquiry.proposal_check import CLASS_OF
from dengwen.accountability.inquiry.queries import TESTS
from dengwen.accountability.inquiry.report import KINDS, proposal_text, report_texts
from dengwen.accountability.inquiry.responsibility import Ground, names_of, owing
from dengwen.accountability.inquiry.rules import circumstances_met, missing
from dengwen.cases import rulebooks
from dengwen.cases.read.case_view import cited
from dengwen.desk.accountability.inquiries import (
    GRAVE,
    PAGE,
    Page,
    can,
    href,
    investigates,
    page_of,
    step_href,
)
from dengwen.desk.shell.act.act_refusals import UNPROCESSABLE
from dengwen.desk.shell.act.submit import write
from dengwen.desk.shell.frame.seat import Seat, at_desk, organ_name, uid_of
from dengwen.law.duties.step import FieldValue, Step
from dengwen.law.liability.attribution import DILIGENCE, NONE, RESPONSIBILITIES, Line
from dengwen.law.liability.ladder import Gravity, rungs
from dengwen.law.liability.provisions import in_force
from dengwen.organs.models import Official, Organ
from dengwen.organs.structure.lines import organs_on
from dengwen.organs.structure.management import authority_over, manager_of_organ
from dengwen.ui.components import Choice

ON = {"organ": "subject_organ", "person": "subject_official"}
ANSWERS = (("yes", True), ("no", False), ("unknown", None))
YES = {True: ("是", "yes"), False: ("否", "no"), None: ("没有证据", "nothing shows it")}


# --- roles ----------------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def roles(seat: Seat, number: str) -> HttpResponse:
    """Confirm or change each proposed line: one click to confirm, two to change, each with its
    sentence of law."""
    page = page_of(seat, number)
    may = investigates(seat, page) and can(seat, page, "confirm_line")
    if seat.request.method != "POST":
        return _roles_page(seat, page, may=may)
    post = seat.request.POST
    if post.get("act") == "weigh_diligence":
        return _weigh(seat, page)
    official, ground, kind = post.get("official", ""), post.get("ground", ""), post.get("kind", "")
    if not may or not official.isdecimal() or not ground.isdecimal():
        raise Http404
    fields: dict[str, FieldValue] = {
        "official": int(official),
        "ground": int(ground),
        "kind": kind,
        "proposed": post.get("proposed", ""),
        "responsibility": post.get("responsibility", ""),
    }
    evidence = tuple(v for v in post.getlist("evidence") if v.isdecimal())
    if evidence:
        fields["evidence"] = evidence
    reasons = post.get("reasons", "").strip()
    step = Step(
        act="confirm_line",
        case=number,
        fields=fields,
        texts={"reasons": reasons} if reasons else {},
    )
    return write(
        seat, [step], lambda why: _roles_page(seat, page, why, may=may), href(page, "inquiry_roles")
    )


def _weigh(seat: Seat, page: Page) -> HttpResponse:
    """Record the test of diligence as filled in beside a line."""
    post = seat.request.POST
    official, ground = post.get("official", ""), post.get("ground", "")
    if not investigates(seat, page) or not official.isdecimal() or not ground.isdecimal():
        raise Http404
    fields: dict[str, FieldValue] = {"official": int(official), "ground": int(ground)}
    fields |= {name: post.get(name, "unknown") for name in TESTS}
    evidence = tuple(v for v in post.getlist("evidence") if v.isdecimal())
    if evidence:
        fields["evidence"] = evidence
    reasons = post.get("reasons", "").strip()
    step = Step(
        act="weigh_diligence",
        case=page.number,
        fields=fields,
        texts={"reasons": reasons} if reasons else {},
    )
    return write(
        seat,
        [step],
        lambda why: _roles_page(seat, page, why, may=True),
        href(page, "inquiry_roles"),
    )


def _roles_page(seat: Seat, page: Page, why: Sequence[str] = (), *, may: bool) -> HttpResponse:
    made = page.made
    grounds = [_ground(seat, page, ground) for ground in page.grounds.values()]
    hints = []
    entered = {(t.data.get("official"), t.data.get("organ")) for t in made.grounds.values()}
    for one in owing(made):
        if one.official is not None and (one.official, one.organ) not in entered and may:
            name = (
                Official.objects.filter(pk=one.official).values_list("name", flat=True).first()
                or ""
            )
            given = {
                "official": one.official,
                "organ": one.organ,
                "on": one.on,
                "evidence": one.item,
            }
            link = step_href(page, "consider_deed", **given)
            hints.append((name, one.item, link))
    return seat.page(
        "accountability/inquiry_roles.html",
        PAGE,
        UNPROCESSABLE if why else 200,
        page=page,
        grounds=grounds,
        why=why,
        may=may,
        uid=uid_of(seat),
        back=href(page, "inquiry"),
        hints=hints,
        decision=step_href(page, "consider_decision"),
        deed=step_href(page, "consider_deed"),
        board=[(str(i.number), page.texts.of(i.told.pk, "shows")) for i in made.items.values()],
    )


def _ground(seat: Seat, page: Page, ground: Ground) -> dict[str, object]:
    told = ground.told
    words = page.texts.of(told.pk, "deed") if not ground.collective else ""
    return {
        "number": ground.number,
        "collective": ground.collective,
        "on": ground.on,
        "words": words,
        "meeting": _("会议 %(value)s　第%(value_2)s项议题")
        % {"value": told.data["meeting"], "value_2": told.data["item"]}
        if ground.collective
        else "",
        "lines": [_line(seat, page, ground, line) for line in ground.lines],
    }


def _line(seat: Seat, page: Page, ground: Ground, line: Line) -> dict[str, object]:
    """Return one proposed line: the sentence, what else to weigh, the test of diligence, what
    was confirmed."""
    index = int(seat.language != "zh")
    who = int(line.official)
    told = page.made.lines.get((who, ground.number, line.kind))
    now = str(told.data["responsibility"]) if told else line.responsibility
    tests = []
    if line.diligence is not None:
        values = [value for _zh, _en, value in line.diligence.items()]
        tests = [
            (TESTS[n], DILIGENCE[n][index], _answers(value, index), YES[value][index])
            for n, value in enumerate(values)
        ]
    basis = (
        cited(line.basis, page.file.installed, seat.language)
        or f"{line.basis.law} {line.basis.article}"
    )
    return {
        "official": who,
        "name": page.name(who),
        "kind": line.kind,
        "kind_words": KINDS[line.kind] if not index else f"{line.kind} responsibility",
        "proposed": line.responsibility,
        "words": RESPONSIBILITIES[line.responsibility][index],
        "sentence": (line.zh, line.en)[index],
        "basis": basis,
        "notes": [
            ((n.zh, n.en)[index], cited(n.basis, page.file.installed, seat.language))
            for n in line.notes
        ],
        "tests": tests,
        "confirmed": RESPONSIBILITIES[now][index] if told else "",
        "reasons": page.texts.of(told.pk, "reasons") if told else "",
        "choices": [Choice(w, pair[index], w == now) for w, pair in RESPONSIBILITIES.items()],
        "concerned": who in page.made.officials or line.responsibility == NONE,
        "add": step_href(page, "add_person", official=who),
        "weigh": not ground.collective and line.diligence is not None,
    }


def _answers(value: bool | None, index: int) -> list[Choice]:
    return [Choice(word, YES[answer][index], answer is value) for word, answer in ANSWERS]


# --- the end --------------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def end(seat: Seat, number: str) -> HttpResponse:
    """Conclude an inquiry, then propose: which rung is open, why the others are closed, and who
    may decide."""
    page = page_of(seat, number)
    if seat.request.method != "POST":
        return _end_page(seat, page)
    act = "conclude" if page.made.concluded is None else "propose_measure"
    if not investigates(seat, page):
        raise Http404
    step = _conclusion(seat, page) if act == "conclude" else _proposal(seat, page)
    back = href(page, "inquiry_end") if act == "conclude" else href(page, "inquiry")
    return write(seat, [step], lambda why: _end_page(seat, page, why), back)


def _conclusion(seat: Seat, page: Page) -> Step:
    names = names_of(page.grounds, page.made.officials)
    texts = report_texts(page.made, page.rules, page.grounds, names)
    findings = seat.request.POST.get("findings", "").strip()
    return Step(
        act="conclude",
        case=page.number,
        fields={"outcome": seat.request.POST.get("outcome", "")},
        texts={**texts, **({"findings": findings} if findings else {})},
    )


def _proposal(seat: Seat, page: Page) -> Step:
    post = seat.request.POST
    subject, _, who = post.get("subject", "").partition("-")
    gravity = page.made.gravity or Gravity()
    fields: dict[str, FieldValue] = {
        "situations": circumstances_met(page.made, page.rules),
        "gravity": CLASS_OF[gravity.classed],
        "measures": tuple(post.getlist("measures")),
    }
    if subject in ON and who.isdecimal():
        fields[ON[subject]] = int(who)
    if post.get("to", "").isdecimal():
        fields["to"] = int(post["to"])
    today = in_force(rulebooks.library(), seat.today, page.made.place)
    whom = {ON[subject]: int(who)} if subject in ON and who.isdecimal() else {}
    texts = {n: post.get(n, "").strip() for n in ("facts", "reasons")}
    texts["proposal"] = proposal_text(page.made, page.rules, today, whom, post.getlist("measures"))
    return Step(
        act="propose_measure",
        case=page.number,
        fields=fields,
        texts={n: t for n, t in texts.items() if t},
    )


def _end_page(seat: Seat, page: Page, why: Sequence[str] = ()) -> HttpResponse:
    made, index, post = page.made, int(seat.language != "zh"), seat.request.POST
    done = made.concluded
    lacking = (
        {
            outcome: list(
                dict.fromkeys(m[index] for m in missing(made, page.rules, page.grounds, outcome))
            )
            for outcome in ("propose", "no_responsibility")
        }
        if done is None
        else {}
    )
    names = names_of(page.grounds, made.officials)
    report = report_texts(made, page.rules, page.grounds, names)
    labels = {
        "elements": ("逐项事实", "Facts element by element"),
        "attribution": ("责任认定", "Attribution"),
        "defence": ("陈述申辩和答复", "Defence and answers"),
    }
    outcome = str(done.data["outcome"]) if done else post.get("outcome", "")
    may = investigates(seat, page)
    return seat.page(
        "accountability/inquiry_end.html",
        PAGE,
        UNPROCESSABLE if why else 200,
        page=page,
        why=why,
        done=done,
        lacking=lacking,
        report=[(labels[n][index], text) for n, text in report.items()],
        outcome=outcome,
        uid=uid_of(seat),
        may_conclude=may and done is None and can(seat, page, "conclude"),
        findings=post.get("findings", ""),
        may_propose=may and can(seat, page, "propose_measure"),
        subjects=_subjects(seat, page) if done else [],
        gravity=GRAVE[made.gravity.classed][index] if made.gravity else "",
        back=href(page, "inquiry"),
        facts=post.get("facts", "") or (page.texts.of(done.pk, "findings") if done else ""),
        reasons=post.get("reasons", ""),
        proposals=[_proposed(page, t.pk) for t in made.proposals],
    )


def _proposed(page: Page, pk: int) -> tuple[str, str]:
    return page.texts.of(pk, "facts"), page.texts.of(pk, "reasons")


def _subjects(seat: Seat, page: Page) -> list[dict[str, object]]:
    """Return whom a proposal can be about: everybody found responsible, and the unit, each with
    its open measures."""
    made = page.made
    bearing = dict.fromkeys(
        o for (o, _g, _k), t in made.lines.items() if t.data["responsibility"] != NONE
    )
    done = {(t.data.get("subject_official"), t.data.get("subject_organ")) for t in made.proposals}
    found = [
        _subject(
            seat,
            page,
            f"person-{o}",
            page.name(o),
            authority_over(Official.objects.get(pk=o), seat.today).only,
        )
        for o in bearing
        if (o, None) not in done
    ]
    if (None, made.unit) not in done:
        unit = Organ.objects.get(pk=made.unit)
        found.append(
            _subject(seat, page, f"organ-{unit.pk}", page.unit, manager_of_organ(unit, seat.today))
        )
    return found


def _subject(
    seat: Seat, page: Page, key: str, name: str, manager: Organ | None
) -> dict[str, object]:
    index, on = int(seat.language != "zh"), key.partition("-")[0]
    today = in_force(rulebooks.library(), seat.today, page.made.place)
    answers = {
        m: a
        for a in rungs(today, page.made.gravity or Gravity(), (), seat.today)
        for m in a.rung.measures
    }
    measures, closed = [], []
    for rule in today.measures.values():
        if (
            on not in rule.on
            or rule.kind == "supervision"
            or (on == "person" and rule.id not in answers)
        ):
            continue
        answer = answers.get(rule.id)
        words = (rule.zh, rule.en)[index]
        cite = cited(rule.basis, page.file.installed, seat.language)
        if answer is None or answer.open:
            measures.append((rule.id, words, cite))
        else:
            closed.append((words, (answer.zh, answer.en)[index], cite))
    organs = organs_on(seat.today).exclude(pk=seat.organ.pk if seat.organ else 0).order_by("code")
    return {
        "key": key,
        "name": name,
        "measures": measures,
        "closed": closed,
        "registered": manager is not None,
        "manager": organ_name(manager, seat.language)
        if manager
        else pgettext("inquiry_roles", "没有登记"),
        "to": [Choice(str(o.pk), organ_name(o, seat.language), o == manager) for o in organs],
    }
