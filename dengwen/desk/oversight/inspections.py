"""Inspections (督查): the year's plan with who was inspected, a new inspection, its plan, the secret,
the draw.

What was found and put right stands in `desk.examining`; the secret and the re-check are acts of the
generic page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from dengwen.cases.models import Case
from dengwen.cases.read.case_view import CaseFile, blank_file, rail, read_file, state_words
from dengwen.cases.wall.visibility import for_user
from dengwen.desk.shell.act.act_refusals import UNPROCESSABLE
from dengwen.desk.shell.act.field_choices import organ_choices
from dengwen.desk.shell.act.forms import read_day
from dengwen.desk.shell.act.submit import write, zh
from dengwen.desk.shell.case.protected_text import Texts, texts_of
from dengwen.desk.shell.frame.seat import Seat, at_desk, case_href, organ_name, uid_of
from dengwen.law.bilingual import headline
from dengwen.law.duties.admissibility import refusals
from dengwen.law.duties.step import FieldValue, Step
from dengwen.organs.models import Official, Organ
from dengwen.oversight.inspections.draws import STATES, PlannedDraw, planned_draws
from dengwen.oversight.inspections.inspection_plan import FINISHED, RUNNING, open_lines
from dengwen.oversight.inspections.published_plan import checkpoint_after, labels_of
from dengwen.oversight.inspections.queries import KIND, Inspection, Line, Told, read_inspection
from dengwen.ui.components import Choice, FieldType, FormField, Link

PAGE, GOVERNMENT = "inspections", "government_inspection"
OPEN_DAYS, CARRY_DAYS = 7, 30
"""Days first proposed for opening a secret and for putting right what is carried over; the plan
writes its own."""


def inspection_href(number: str) -> str:
    """Return the address of an inspection."""
    return reverse("desk:inspection", args=[number])


def type_words(made: Inspection) -> str:
    """Return the kind of inspection in words."""
    return _("专项督查") if made.type == "special" else _("及时督查")


def may_begin(seat: Seat, act: str, of: str = KIND) -> bool:
    """Say whether this seat could begin a case of a kind by an act now."""
    if seat.organ is None:
        return False
    file = blank_file(of, seat.organ.division_code, seat.now)
    kind = file.installed.book.kinds.get(of)
    return bool(
        kind
        and act in kind.acts
        and not refusals(kind, kind.acts[act], file.view, seat.actor, seat.today)
    )


# --- a new one ------------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def begin(seat: Seat) -> HttpResponse:
    """Plan an inspection of an organ: what earlier ones left open comes along, and a depositor
    is asked."""
    if not may_begin(seat, "plan") or seat.organ is None:
        return redirect("desk:inspections")
    if seat.request.method != "POST":
        return _begin_page(seat, {})
    post = seat.request.POST
    errors: dict[str, str] = {}
    to, depositor = _organ(post.get("to", "")), _organ(post.get("depositor", ""))
    until, begins = read_day(post.get("until", "")), read_day(post.get("begins", ""))
    missing = _("请选择或者填写。")
    subject = post.get("subject", "").strip()
    for name, value in (
        ("to", to),
        ("depositor", depositor),
        ("subject", subject),
        ("until", until),
        ("begins", begins),
    ):
        if not value:
            errors[name] = missing
    if errors or to is None or depositor is None or until is None or begins is None:
        return _begin_page(seat, errors)
    steps = [
        Step(
            act="plan",
            kind=KIND,
            open_as="i",
            fields={"type": post.get("type", ""), "to": to, "begins": begins},
            texts={"subject": subject},
        ),
        *carried(seat, to, until, ref="i"),
        Step(act="ask_deposit", ref="i", fields={"depositor": depositor}),
    ]
    return write(seat, steps, lambda why: _begin_page(seat, {}, why), inspection_href)


def _organ(text: str) -> int | None:
    known = text.isdecimal() and len(text) < 12 and Organ.objects.filter(pk=int(text)).exists()
    return int(text) if known else None


def carried(
    seat: Seat, to: int, until: date, *, ref: str = "", into: Inspection | None = None
) -> list[Step]:
    """Return the steps that bring along what is open against an organ, with the words of the
    finding.

    They go into the case that the call opens as `ref`, or into an inspection that has begun, and
    number its lines on.
    """
    steps: list[Step] = []
    number, last = (into.case.number, max(into.lines, default=0)) if into else ("", 0)
    for made, line in open_lines(seat.viewer, seat.today, seat.organ.pk if seat.organ else 0, to):
        if into is not None and made.case.pk >= into.case.pk:
            continue
        what = texts_of(seat, made.case).of(line.listed.pk, "what") or line.what
        fields: dict[str, FieldValue] = {
            "from": made.case.number,
            "from_line": line.number,
            "line": last + len(steps) + 1,
            "owner": line.owner,
            "until": until,
        }
        steps.append(
            Step(act="carry_over", ref=ref, case=number, fields=fields, texts={"what": what})
        )
    return steps


def _begin_page(seat: Seat, errors: dict[str, str], why: Sequence[str] = ()) -> HttpResponse:
    post = seat.request.POST
    kinds = (("special", pgettext("inspections", "专项督查")), ("prompt", _("重要事项及时督查")))
    chosen = post.get("type", "special")
    values = {
        "subject": _("信访工作和责任落实情况"),
        "until": (seat.today + timedelta(days=CARRY_DAYS)).isoformat(),
        "begins": seat.today.isoformat(),
    }

    def one(
        name: str, kind: FieldType, label: str, choices: tuple[Choice, ...] = (), hint: str = ""
    ) -> FormField:
        return FormField(
            name,
            kind,
            label,
            required=True,
            choices=choices,
            hint=hint,
            value=post.get(name, values.get(name, "")),
            errors=(errors[name],) if name in errors else (),
        )

    fields = [
        one(
            "to", "organ", _("被督查的机关、单位"), organ_choices(seat, None, [post.get("to", "")])
        ),
        one("type", "code", _("类型"), tuple(Choice(v, w, v == chosen) for v, w in kinds)),
        one("begins", "date", _("拟开始日期")),
        one(
            "depositor",
            "organ",
            _("由谁交存秘密数"),
            organ_choices(seat, None, [post.get("depositor", "")]),
            _("被督查单位或者第三方单位，不能是本机关"),
        ),
        one("subject", "person", _("督查对象和内容")),
        one("until", "date", _("上次未整改问题的新期限")),
    ]
    bad = bool(errors or why)
    status = UNPROCESSABLE if bad else 200
    return seat.page(
        "oversight/inspection_new.html", PAGE, status, fields=fields, why=why, uid=uid_of(seat)
    )


# --- one inspection -------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Page:
    """What every page of one inspection needs: the case file, the reading, the opened texts, the
    names of organs."""

    file: CaseFile
    made: Inspection
    texts: Texts
    names: dict[int, str]

    def name(self, organ: int | None) -> str:
        """Return the name of an organ of this inspection."""
        return self.names.get(organ or 0, "")


def page_of(seat: Seat, number: str) -> Page:
    """Open an inspection the wall lets this seat see, its texts through the read log; 404 for
    everything else."""
    case = seat.case(number)
    if case.kind != KIND:
        raise Http404
    made = read_inspection(case)
    wanted = {
        made.to,
        made.depositor,
        case.holder_id,
        *(line.owner for line in made.lines.values()),
    }
    names = {
        o.pk: organ_name(o, seat.language)
        for o in Organ.objects.filter(pk__in={w for w in wanted if w})
    }
    return Page(read_file(case, seat.now), made, texts_of(seat, case), names)


def can(seat: Seat, page: Page, act: str) -> bool:
    """Say whether this seat can do an act of the inspection now."""
    rule = page.file.kind.acts.get(act)
    return rule is not None and not refusals(
        page.file.kind, rule, page.file.view, seat.actor_in(page.file.case), seat.today
    )


@require_safe
@at_desk
def inspection(seat: Seat, number: str) -> HttpResponse:
    """Show one inspection: where it stands, what comes next, the sample, the findings, the
    rectification list."""
    return show(seat, page_of(seat, number))


STRATA_IN = {RUNNING: "running", FINISHED: "finished"}
"""Strata of a plan in English; the plan itself, which is digested, keeps their names."""
NEXT = ("ask_deposit", "deposit", "open_secret", "lapse_plan")


def show(seat: Seat, page: Page, why: Sequence[str] = ()) -> HttpResponse:
    """Render the page of an inspection."""
    made, file = page.made, page.file
    visible = {
        c.number: c
        for c in for_user(seat.viewer, seat.today).filter(number__in=made.drawn, protected=False)
    }
    labels = labels_of(made)
    sample = [_sampled(seat, page, n, visible[n], labels) for n in made.drawn if n in visible]
    following = [
        Link(headline(file.kind.acts[a], seat.language), case_href(file.case.number, a))
        for a in NEXT
        if can(seat, page, a)
        and (
            a not in ("deposit", "open_secret") or (seat.organ and made.depositor == seat.organ.pk)
        )
        and (a != "ask_deposit" or made.depositor is None)
    ]
    checkpoint = checkpoint_after(made.plan)
    return seat.page(
        "oversight/inspection.html",
        PAGE,
        UNPROCESSABLE if why else 200,
        case=file.case,
        made=made,
        page=page,
        why=why,
        state=state_words(file, seat.language),
        type=type_words(made),
        rail=rail(file, seat.today, seat.language),
        to=page.name(made.to),
        by=page.name(file.case.holder_id),
        depositor=page.name(made.depositor),
        sample=sample,
        strata=[
            (zh(seat, name, STRATA_IN.get(name, name)), stratum)
            for name, stratum in sorted(made.strata.items())
        ],
        checkpoint=checkpoint,
        following=following,
        unexamined=next(
            (one["examine"] for one in sample if not one["check"] and not one["heard"]), ""
        ),
        scope=page.texts.of(made.plan.pk, "scope") if made.plan else "",
        begins=read_day(made.begins),
        uid=uid_of(seat),
        lines=[_finding(seat, page, line) for line in made.lines.values()],
        answers=_answers(seat, page, visible),
        ends=_ending(seat, page),
        open_by=date.fromisoformat(made.plan.data["open_by"]) if made.plan else None,
        may={
            a: can(seat, page, a)
            for a in (
                "file_plan",
                "draw",
                "take_pack",
                "check_case",
                "send_findings",
                "call_petitioner",
                "answer_finding",
                "conclude",
                "list_finding",
            )
        },
        copies=_copies(seat, page),
        draws=_draws(seat, page),
        placed=len(made.filings),
        may_plan=may_file(seat, page),
        whole=case_href(file.case.number),
        takers=officials_of(seat),
        return_by=seat.today + timedelta(days=OPEN_DAYS),
        summary=page.texts.of(made.sent.pk, "summary") if made.sent else "",
    )


def _draws(seat: Seat, page: Page) -> list[tuple[PlannedDraw, str, bool]]:
    """Return every draw planned for this organ by this inspecting organ, in words, and whether
    it came to nothing."""
    made = page.made
    if made.to is None or made.case.holder_id is None:
        return []
    index, found = seat.language != "zh", []
    for one in planned_draws(inspecting=made.case.holder_id, inspected=made.to):
        if one.inspection == made.case.number or one.public(seat.today):
            state = one.state(seat.today)
            found.append((one, STATES[state][index], state in ("overdue", "lapsed", "unused")))
    return found


def _copies(seat: Seat, page: Page) -> list[Copy]:
    """Return the packs that were signed for, each with the day it is due and the link that gives
    it back."""
    made = page.made
    taken = [told.data["taker"] for told in made.packs.values()]
    takers = dict(Official.objects.filter(pk__in=taken).values_list("pk", "name"))
    gives, found = can(seat, page, "return_pack"), []
    for n, told in made.packs.items():
        due, back = date.fromisoformat(told.data["return_by"]), made.returned.get(n)
        link = (
            case_href(made.case.number, "return_pack") + f"?copy={n}"
            if gives and back is None
            else ""
        )
        late = (back.day if back else seat.today) > due
        found.append(
            Copy(
                n,
                told.day,
                takers.get(told.data["taker"], ""),
                due,
                back.day if back else None,
                late,
                link,
            )
        )
    return found


@dataclass(frozen=True, slots=True)
class Copy:
    """One numbered pack: who signed for it and when, when it is due and came back, and how to
    give it back."""

    number: int
    taken: date
    taker: str
    due: date
    back: date | None
    late: bool
    give_back: str


def _answers(seat: Seat, page: Page, visible: Mapping[str, Case]) -> list[dict[str, str]]:
    """Return what the organ said, each beside its finding; nothing about a case that is hidden
    meanwhile."""
    items = {item.number: item for item in page.made.items}
    found = []
    for told in page.made.answers:
        subject = str(told.data.get("subject", ""))
        if subject and subject not in visible:
            continue
        item, check = items.get(int(told.data.get("item", 0))), page.made.checks.get(subject)
        found.append(
            {
                "subject": subject,
                "title": visible[subject].title if subject else "",
                "question": f"{item.number}　{item.question}" if item else "",
                "clause": item.clause if item else "",
                "remarks": page.texts.of(check.pk, "remarks") if check else "",
                "stand": _stand(seat, page, told),
                "answer": page.texts.of(told.pk, "answer"),
            }
        )
    return found


def _ending(seat: Seat, page: Page) -> dict[str, Any] | None:
    """Return what was concluded: the day, the findings, and within which scope it was circulated
    (S 9)."""
    told = page.made.concluded
    if told is None:
        return None
    rule = page.file.kind.acts["conclude"].field_rule("circular_scope")
    scope = (
        rule.option_names.get(str(told.data.get("circular_scope")), ("", "")) if rule else ("", "")
    )
    return {
        "day": told.day,
        "findings": page.texts.of(told.pk, "findings"),
        "scope": scope[seat.language != "zh"],
        "scope_text": page.texts.of(told.pk, "scope_text"),
    }


def may_file(seat: Seat, page: Page) -> bool:
    """Say whether the plan can be written now: the digest of a secret is there, and the
    population can be listed."""
    return bool(page.made.deposit) and can(seat, page, "list_population")


def officials_of(seat: Seat) -> list[tuple[int, str]]:
    """Return who may take a pack: the person at the desk."""
    own = seat.user.official
    return [(own.pk, own.name)] if own else []


def _stand(seat: Seat, page: Page, told: Told) -> str:
    rule = page.file.kind.acts["answer_finding"].field_rule("stand")
    return rule.option_names[told.data["stand"]][seat.language != "zh"] if rule else ""


def _sampled(
    seat: Seat, page: Page, number: str, case: Case, labels: Mapping[str, str]
) -> dict[str, object]:
    """Return one drawn case: how it was answered, the call, and where to examine it."""
    check, call = page.made.checks.get(number), page.made.calls.get(number)
    answers = check.data["answers"] if check else []
    noted = [
        page.made.items[n]
        for n, answer in enumerate(answers)
        if answer == "no" and n < len(page.made.items)
    ]
    rule = page.file.kind.acts["call_petitioner"].field_rule("says")
    says = (
        rule.option_names.get(str(call.data.get("says")), ("", ""))[seat.language != "zh"]
        if call and rule
        else ""
    )
    reached = page.file.kind.acts["call_petitioner"].field_rule("reached")
    called = (
        reached.option_names[call.data["reached"]][seat.language != "zh"]
        if call and reached
        else ""
    )
    args = [page.made.case.number, number]
    return {
        "number": number,
        "title": case.title,
        "href": case_href(number),
        "label": labels.get(number, ""),
        "examine": reverse("desk:inspection_case", args=args),
        "call": reverse("desk:inspection_call", args=args),
        "check": check,
        "noted": noted,
        "called": called,
        "says": says,
        "own": seat.user.pk in page.made.did("check_case", number),
        "heard": seat.user.pk in page.made.did("call_petitioner", number),
        "remarks": page.texts.of(check.pk, "remarks") if check else "",
    }


def _finding(seat: Seat, page: Page, line: Line) -> dict[str, object]:
    """Return one line of the rectification list with what can be done about it now."""
    outcome = line.outcome(seat.today)
    words = {
        "rectified": ("整改到位", "put right"),
        "overdue": ("逾期", "overdue"),
        "open": ("整改中", "open"),
    }
    text = words[outcome][seat.language != "zh"]
    if line.carried:
        text = _("已带入下一次督查")
    elif line.reported and line.accepted is None:
        text = _("已报告，待复查")
    number, own = line.number, seat.organ is not None and line.owner == seat.organ.pk
    waiting = line.open and line.reported is not None
    acts = []
    if line.open and not waiting and own:
        acts = ["report_rectified"]
    elif waiting:
        acts = ["accept_rectified", "return_rectified"]
    links = [
        Link(
            headline(page.file.kind.acts[a], seat.language),
            f"{case_href(page.made.case.number, a)}?line={number}",
        )
        for a in acts
        if can(seat, page, a)
    ]
    return {
        "line": line,
        "owner": page.name(line.owner),
        "text": text,
        "late": outcome == "overdue",
        "links": links,
        "what": page.texts.of(line.listed.pk, "what"),
    }
