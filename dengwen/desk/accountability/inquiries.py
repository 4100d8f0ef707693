"""Inquiries (核查) at the desk: the list, one inquiry as it stands, and each of its steps with what
there is to choose.

The evidence board stands in `desk.evidence_board`, roles and the end in `desk.attributing`, the
page of the person
concerned in `desk.about_me`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from dengwen.accountability.inquiry.evidence_sources import records_of_unit
from dengwen.accountability.inquiry.queries import DEED, KIND, Inquiry, read_inquiry
from dengwen.accountability.inquiry.report import FINDINGS, KINDS, RESULTS, word_of
from dengwen.accountability.inquiry.responsibility import Ground, grounds_of
from dengwen.accountability.inquiry.rules import missing
from dengwen.cases import rulebooks
from dengwen.cases.models import Act, Case
from dengwen.cases.read.case_view import CaseFile, cited, read_file, state_words
from dengwen.cases.read.register_words import FIELDS
from dengwen.cases.wall.visibility import for_user
from dengwen.desk.shell.act.act_refusals import UNPROCESSABLE
from dengwen.desk.shell.act.forms import Filled, form_fields, read_form
from dengwen.desk.shell.act.submit import may, write, zh
from dengwen.desk.shell.case.protected_text import Texts, texts_of
from dengwen.desk.shell.frame.seat import Seat, at_desk, case_href, organ_name, uid_of
from dengwen.law.bilingual import Language, headline, words_in
from dengwen.law.duties.step import Step
from dengwen.law.liability.attribution import RESPONSIBILITIES
from dengwen.law.liability.provisions import Liability, in_force
from dengwen.law.packs.rules import ActRule
from dengwen.organs.models import Official, Organ, Portfolio
from dengwen.organs.structure.lines import line_above, subtree
from dengwen.organs.structure.posts_held import appointments_on
from dengwen.organs.structure.relations import upper_office
from dengwen.ui.components import Choice, FormField, Link

PAGE = "inquiries"
FIXED = frozenset({"trigger", "element", "official", "ground", "point"})
"""Fields a link to a step settles: then they are said in words and not asked."""
GRAVE = {
    "light": ("情节较轻", "relatively light"),
    "serious": ("危害严重以及影响重大", "serious harm and great influence"),
    "especially_serious": (
        "危害特别严重以及影响特别重大",
        "especially serious harm, especially great influence",
    ),
    "": ("介于两档之间", "in between"),
}
STEPS = (
    "name_investigator",
    "recuse_investigator",
    "add_person",
    "consider_decision",
    "consider_deed",
    "find_gravity",
    "hand_over",
    "hand_up",
    "take_over",
)
"""Steps offered at the head of an inquiry; the others stand beside what they are about."""


@dataclass(frozen=True, slots=True)
class Page:
    """What every page of one inquiry needs: the case file, the reading, the opened texts, names
    and rules."""

    file: CaseFile
    made: Inquiry
    texts: Texts
    people: Mapping[int, str]
    unit: str
    rules: Liability
    grounds: Mapping[int, Ground]

    @property
    def number(self) -> str:
        """The number of the inquiry."""
        return self.made.number

    def name(self, official: int | str) -> str:
        """Return the name of an official of this inquiry."""
        return self.people.get(int(official), "")


def page_of(seat: Seat, number: str) -> Page:
    """Open an inquiry the wall lets this seat see, its texts through the read log; 404 for
    everything else."""
    case = seat.case(number)
    if case.kind != KIND:
        raise Http404
    made = read_inquiry(case)
    grounds = grounds_of(made)
    unit = Organ.objects.filter(pk=made.unit).first()
    wanted = {int(x.official) for g in grounds.values() for x in g.lines} | {
        *made.officials,
        *made.declared,
    }
    people = dict(Official.objects.filter(pk__in=wanted).values_list("pk", "name"))
    rules = in_force(rulebooks.library(), made.day, made.place)
    return Page(
        read_file(case, seat.now),
        made,
        texts_of(seat, case),
        people,
        organ_name(unit, seat.language),
        rules,
        grounds,
    )


def can(seat: Seat, page: Page, act: str) -> bool:
    """Say whether this seat can do an act of the inquiry now."""
    return may(seat, page.file, act)


def investigates(seat: Seat, page: Page) -> bool:
    """Say whether the person at the desk is one of the two investigators an inquiry needs."""
    return seat.user.official_id in page.made.investigators and len(page.made.investigators) > 1


def href(page: Page, name: str, *more: object) -> str:
    """Return the address of a page of this inquiry."""
    return reverse(f"desk:{name}", args=[page.number, *more])


def step_href(page: Page, act: str, **given: object) -> str:
    """Return the address of a step, with what the link settles."""
    query = "&".join(f"{name}={value}" for name, value in given.items())
    return href(page, "inquiry_step", act) + (f"?{query}" if query else "")


# --- the list -------------------------------------------------------------------------------------
@require_safe
@at_desk
def inquiries(seat: Seat) -> HttpResponse:
    """List the inquiries this seat may see, those still open first."""
    found = for_user(seat.viewer, seat.today).filter(kind=KIND).order_by("-opened_on", "-pk")[:100]
    lines = []
    for case in found:
        made, file = read_inquiry(case), read_file(case, seat.now)
        unit = Organ.objects.filter(pk=made.unit).first()
        lines.append(
            {
                "href": reverse("desk:inquiry", args=[case.number]),
                "number": case.number,
                "opened": case.opened_on,
                "unit": organ_name(unit, seat.language),
                "state": state_words(file, seat.language),
                "people": len(made.officials),
                "open": len(made.unanswered()),
                "done": made.concluded is not None,
            }
        )
    lines.sort(key=lambda line: bool(line["done"]))
    begin = (
        reverse("desk:open", args=["inquiry", "open_inquiry"])
        if "router" in seat.capacities
        else ""
    )
    return seat.page("accountability/inquiries.html", PAGE, lines=lines, begin=begin)


# --- one inquiry ----------------------------------------------------------------------------------
@require_safe
@at_desk
def inquiry(seat: Seat, number: str) -> HttpResponse:
    """Show one inquiry: who investigates, the board, each element, who was told and heard, the
    lines, the end."""
    page = page_of(seat, number)
    made, index = page.made, int(seat.language != "zh")
    names = page.file.kind.acts
    following = [
        Link(headline(names[a], seat.language), step_href(page, a))
        for a in STEPS
        if can(seat, page, a)
    ]
    mine = investigates(seat, page)
    gravity = made.gravity
    lacking = list(dict.fromkeys(m[index] for m in missing(made, page.rules, page.grounds, "")))
    return seat.page(
        "accountability/inquiry.html",
        PAGE,
        page=page,
        made=made,
        case=page.file.case,
        unit=page.unit,
        mine=mine,
        state=state_words(page.file, seat.language),
        following=following,
        investigators=[page.name(o) for o in made.investigators],
        recused=[page.name(o) for o in made.recused],
        elements=elements(seat, page),
        people=[_person(seat, page, o) for o in made.officials],
        lines=lines_of(seat, page),
        points=_points(seat, page),
        lacking=[] if made.concluded else lacking,
        gravity=GRAVE[gravity.classed][index] if gravity else "",
        board=href(page, "inquiry_board"),
        roles=href(page, "inquiry_roles"),
        end=href(page, "inquiry_end"),
        whole=case_href(page.number),
        matter=page.texts.newest("matter"),
        day=made.day,
        handed=[t.day for t in made.handed_over],
    )


def elements(seat: Seat, page: Page) -> list[dict[str, object]]:
    """Return every circumstance of the inquiry with its conducts and elements, what was found,
    and where to find it."""
    made, index = page.made, int(seat.language != "zh")
    mine = investigates(seat, page) and can(seat, page, "establish")
    found: list[dict[str, object]] = []
    for trigger in dict.fromkeys((*made.situations, *(t for t, _e in made.findings))):
        rule = page.rules.triggers.get(trigger)
        if rule is None:
            found.append({"words": trigger, "cite": "", "rows": []})
            continue
        rows = []
        for element in (
            *rule.conduct,
            *rule.elements,
            *(("written_reasons",) if rule.open else ()),
        ):
            told = made.findings.get((trigger, element))
            rows.append(
                {
                    "words": word_of(element, index),
                    "result": element in rule.elements,
                    "finding": _finding(told.data["finding"], index) if told else "",
                    "evidence": told.data.get("evidence", ()) if told else (),
                    "reasons": page.texts.of(told.pk, "reasons") if told else "",
                    "href": step_href(page, "establish", trigger=trigger, element=element)
                    if mine
                    else "",
                }
            )
        found.append(
            {
                "words": (rule.zh, rule.en)[index],
                "cite": cited(rule.basis, page.file.installed, seat.language),
                "rows": rows,
            }
        )
    return found


def _finding(word: object, index: int) -> str:
    english = {"shown": "shown", "not_shown": "not shown", "cannot": "cannot be shown"}
    return english[str(word)] if index else FINDINGS[str(word)]


def _person(seat: Seat, page: Page, official: int) -> dict[str, object]:
    """Return how a person concerned stands: told, heard, and what can be done next."""
    made, mine = page.made, investigates(seat, page)
    told, heard = made.told.get(official), made.heard.get(official)
    acts = [
        a
        for a in ("tell_person", "hear")
        if mine and can(seat, page, a) and (a == "tell_person" or told)
    ]
    names = page.file.kind.acts
    return {
        "name": page.name(official),
        "told": told.day if told else None,
        "heard": heard.day if heard else None,
        "until": date.fromisoformat(str(told.data["answer_by"])) if told else None,
        "statement": page.texts.of(heard.pk, "statement") if heard else "",
        "links": [
            Link(headline(names[a], seat.language), step_href(page, a, official=official))
            for a in acts
        ],
    }


def _points(seat: Seat, page: Page) -> list[dict[str, object]]:
    """Return each point of a defence with its answer, or where to answer it."""
    index, found = int(seat.language != "zh"), []
    results = {"upheld": "accepted", "partly": "accepted in part", "rejected": "not well founded"}
    for point in page.made.points.values():
        answer = point.answer
        word = str(answer.data["result"]) if answer else ""
        may = answer is None and investigates(seat, page) and can(seat, page, "answer_point")
        found.append(
            {
                "number": point.number,
                "name": page.name(point.official),
                "said": page.texts.of(point.told.pk, "defence"),
                "result": (results[word] if index else RESULTS[word]) if answer else "",
                "reasons": page.texts.of(answer.pk, "reasons") if answer else "",
                "href": step_href(page, "answer_point", point=point.number) if may else "",
            }
        )
    return found


def lines_of(seat: Seat, page: Page) -> list[dict[str, object]]:
    """Return the confirmed lines, each with what was proposed where it was changed."""
    index, found = int(seat.language != "zh"), []
    for (official, number, kind), told in page.made.lines.items():
        now, was = str(told.data["responsibility"]), str(told.data["proposed"])
        found.append(
            {
                "name": page.name(official),
                "ground": number,
                "kind": KINDS[kind] if not index else f"{kind} responsibility",
                "found": RESPONSIBILITIES[now][index],
                "was": RESPONSIBILITIES[was][index] if was != now else "",
                "reasons": page.texts.of(told.pk, "reasons"),
            }
        )
    return found


# --- one step -------------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def step(seat: Seat, number: str, act: str) -> HttpResponse:
    """Ask for a step of an inquiry with the people, evidence and elements there are, or do it."""
    page = page_of(seat, number)
    rule = page.file.kind.acts.get(act)
    if rule is None or rule.by == "system" or "new" in rule.after or not can(seat, page, act):
        raise Http404
    if seat.request.method != "POST":
        return _step_page(seat, page, rule, None)
    filled = read_step(seat, rule)
    if filled.errors:
        return _step_page(seat, page, rule, filled)
    one = Step(act=rule.id, case=number, fields=filled.fields, texts=filled.texts)
    return write(
        seat,
        [one],
        lambda why: _step_page(seat, page, rule, filled, why),
        href(page, "inquiry"),
        filled.papers,
    )


def read_step(seat: Seat, rule: ActRule) -> Filled:
    """Read a step as posted; numbers of the board come as ticked boxes."""
    filled = read_form(seat, rule)
    for asked in rule.fields:
        if asked.type == "words":
            filled.fields.pop(asked.name, None)
            chosen = tuple(v for v in seat.request.POST.getlist(asked.name) if v.strip())
            words = tuple(w for v in chosen for w in v.replace("、", " ").replace(",", " ").split())
            if words:
                filled.fields[asked.name] = words
    return filled


def _step_page(
    seat: Seat, page: Page, rule: ActRule, filled: Filled | None, why: Sequence[str] = ()
) -> HttpResponse:
    post, asked = (
        seat.request.POST,
        {k: str(v) for k, v in seat.request.GET.items() if rule.field_rule(k)},
    )
    given = {**_defaults(seat, page, rule), **asked}
    fixed = {
        name: post.get(name, asked.get(name, ""))
        for name in FIXED
        if name in asked or f"fixed-{name}" in post
    }
    fields = form_fields(seat, rule, None, filled, given=given, without=fixed)
    offered = _offered(seat, page, rule)
    fields = tuple(_with_choices(seat, f, offered.get(f.name), filled, given) for f in fields)
    bad = bool(why or (filled and filled.errors))
    return seat.page(
        "accountability/inquiry_step.html",
        PAGE,
        UNPROCESSABLE if bad else 200,
        page=page,
        title=headline(rule, seat.language),
        article=cited(rule.basis, page.file.installed, seat.language),
        note=zh(seat, rule.basis.note, ""),
        fields=fields,
        why=why,
        uid=uid_of(seat),
        fixed=[(n, v, _fixed_words(seat, page, n, v)) for n, v in sorted(fixed.items())],
        back=href(page, "inquiry"),
        remedy=zh(seat, rule.remedy_zh, rule.remedy_en),
    )


def _with_choices(
    seat: Seat,
    field: FormField,
    offered: Iterable[tuple[str, str]] | None,
    filled: Filled | None,
    given: Mapping[str, str],
) -> FormField:
    """Put what there is to choose into a field; several numbers of the board can be ticked."""
    if offered is None:
        return field
    post = seat.request.POST
    typed = post.getlist(field.name) if filled is not None else [given.get(field.name, "")]
    choices = tuple(Choice(value, text, value in typed) for value, text in offered)
    if field.name in ("evidence", "objected"):
        return replace(field, type="words", choices=choices, hint="")
    return replace(field, type="official", choices=choices, hint="")


def _defaults(seat: Seat, page: Page, rule: ActRule) -> dict[str, str]:
    """Return what a form begins with: today, the next point, the field of petition work."""
    found = {
        "work": "petitions",
        "held_on": seat.today.isoformat(),
        "point": str(len(page.made.points) + 1),
        "how": "heard",
    }
    if rule.id == "consider_deed":
        found |= {"on": page.made.day.isoformat(), "organ": str(page.made.unit)}
    return {name: value for name, value in found.items() if rule.field_rule(name)}


def _fixed_words(seat: Seat, page: Page, name: str, value: str) -> str:
    """Say in words what a link settled."""
    if name == "official" and value.isdecimal():
        return (
            page.name(value)
            or Official.objects.filter(pk=int(value)).values_list("name", flat=True).first()
            or ""
        )
    if name == "element":
        return word_of(value, int(seat.language != "zh"))
    if name == "trigger":
        rule = page.rules.triggers.get(value)
        return cited(rule.basis, page.file.installed, seat.language) if rule else value
    words = {"ground": ("第{}项", "number {}"), "point": ("第{}点", "point {}")}
    return words[name][seat.language != "zh"].format(value) if name in words else value


Offered = list[tuple[str, str]]


def board_choices(page: Page) -> Offered:
    """Return the numbers of the board with what each shows."""
    return [
        (str(i.number), f"{i.number}　{page.texts.of(i.told.pk, 'shows')}")
        for i in page.made.items.values()
    ]


def _offered(seat: Seat, page: Page, rule: ActRule) -> dict[str, Offered]:
    """Return what each field of a step can be, from the inquiry and the registry."""
    made = page.made
    found: dict[str, Offered] = {"evidence": board_choices(page)}
    if rule.id == "name_investigator":
        found["official"] = _of_organ(seat.organ, seat.today)
    elif rule.id == "recuse_investigator":
        found["official"] = [(str(o), page.name(o)) for o in made.investigators]
    elif rule.id in ("tell_person", "hear", "hand_over"):
        found["official"] = [(str(o), page.name(o)) for o in made.officials]
    elif rule.id in ("add_person", "consider_deed", "weigh_diligence"):
        people = _of_unit(made, seat.today)
        found |= {
            "official": people,
            "superior": people,
            "objected": _codes(people),
            "organ": _units(seat, made),
        }
    if rule.id in ("consider_decision", "consider_deed"):
        index = int(seat.language != "zh")
        found["work"] = [(w, FIELDS.get(w, (w, w))[index]) for w in _works(made)]
        found["meeting"] = _meetings(made, seat.today)
    if rule.id == "weigh_diligence":
        found["ground"] = [(str(n), f"{n}") for n, t in made.grounds.items() if t.act == DEED]
    if rule.id == "hand_up" and seat.organ:
        upper = upper_office(seat.organ, seat.today)
        above = ([upper] if upper else []) + list(line_above(seat.organ, seat.today, "territorial"))
        found["to"] = [(str(o.pk), organ_name(o, seat.language)) for o in dict.fromkeys(above)]
    return found


def _of_organ(organ: Organ | None, day: date) -> Offered:
    rows = appointments_on(organ, day) if organ else ()
    return [(str(a.official_id), f"{a.official.name}，{a.post.title_zh}") for a in rows]


def _of_unit(made: Inquiry, today: date) -> Offered:
    """Return the people of the unit concerned on the day of the conduct, then those of today."""
    unit = Organ.objects.filter(pk=made.unit).first()
    both = [*_of_organ(unit, made.day), *_of_organ(unit, today)]
    return list(dict(both).items())


def _codes(people: Offered) -> Offered:
    names = dict(people)
    rows = Official.objects.filter(pk__in=[int(pk) for pk in names]).values_list("pk", "code")
    return [(code, names[str(pk)]) for pk, code in rows]


def _units(seat: Seat, made: Inquiry) -> Offered:
    unit = Organ.objects.get(pk=made.unit)
    below = Organ.objects.filter(pk__in={made.unit} | subtree(unit, seat.today)).order_by("code")
    return [(str(o.pk), organ_name(o, seat.language)) for o in below]


def _works(made: Inquiry) -> list[str]:
    rows = Portfolio.objects.filter(organ_id=made.unit).values_list("field", flat=True)
    return list(dict.fromkeys(("petitions", *rows.order_by("field"))))


def _meetings(made: Inquiry, today: date) -> Offered:
    """Return the meetings of the unit concerned, the nearest to the day of the conduct first."""
    rows = list(records_of_unit(made, today).filter(kind="meeting"))
    held = dict(
        Act.objects.filter(case__in=rows, act="call").values_list("case__number", "data__held_on")
    )
    rows.sort(
        key=lambda c: abs((date.fromisoformat(held.get(c.number, "1949-10-01")) - made.day).days)
    )
    return [(c.number, f"{held.get(c.number, '')}　{c.title}") for c in rows[:30]]


def case_words(case: Case, language: Language) -> str:
    """Return the kind of a case in words."""
    kind = rulebooks.library().rulebook(case.opened_on, case.place).kinds.get(case.kind)
    return case.kind if kind is None else words_in(kind, language)


def gone(page: Page) -> HttpResponse:
    """Go back to the inquiry."""
    return redirect(href(page, "inquiry"))
