"""The page of an act: its fields, its article, what it opens and closes with dates, who will be
told; then the act.

Generated from the rule pack; hand-made pages (registration, sorting, opinion) use the same parts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.contrib import messages
from django.db import DatabaseError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dengwen.access.errors import AccessError
from dengwen.accountability.errors import AccountabilityError
from dengwen.assessment.errors import AssessmentError
from dengwen.cases import rulebooks
from dengwen.cases.errors import CaseError
from dengwen.cases.files.content_type import FileError
from dengwen.cases.models import Case
from dengwen.cases.read.case_view import CaseFile, cited, rail, read_file
from dengwen.cases.read.duty_lines import duty_bar
from dengwen.cases.read.possible_acts import look_ahead
from dengwen.cases.wall.visibility import find
from dengwen.cases.write.check import Refused
from dengwen.cases.write.entry_on_behalf import against
from dengwen.cases.write.perform import Performed, perform
from dengwen.desk.shell.approval import beside, files_decided_on, returned
from dengwen.desk.shell.chapter import with_choices, words_of
from dengwen.desk.shell.forms import (
    LATE_PAPER,
    LATE_REASON,
    LATE_SECOND,
    OCCURRED,
    Filled,
    claim_fields,
    form_fields,
    many_organs,
    read_form,
)
from dengwen.desk.shell.seat import Seat, at_desk, case_href, organ_name, uid_of
from dengwen.editions.errors import EditionError
from dengwen.law.bilingual import headline, words_in
from dengwen.law.duties.act_record import CORRECT, DutyView
from dengwen.law.duties.act_record import Refusal as Reason
from dengwen.law.duties.admissibility import refusals
from dengwen.law.duties.step import Step
from dengwen.law.packs.rules import ActRule
from dengwen.law.packs.vocabulary import SHOWN
from dengwen.leadership.errors import LeadershipError
from dengwen.ledger.durability import disk_full
from dengwen.organs.errors import RegistryError
from dengwen.organs.models import Organ
from dengwen.oversight.errors import OversightError
from dengwen.petitions.errors import PetitionError
from dengwen.prevention.errors import PreventionError
from dengwen.ui.components import DateRail, FormField, Refusal
from dengwen.ui.dates import with_weekday

EFFECT_ERRORS = (
    RegistryError,
    PetitionError,
    EditionError,
    AccessError,
    CaseError,
    LeadershipError,
    FileError,
    PreventionError,
    OversightError,
    AssessmentError,
    AccountabilityError,
)
QUIET = ("duty", "opened")
"""Fields that say in ids which duty a letter is about: kept by the form and shown in words,
never asked."""
CARRIED = ("position", "figures", "fact", "indicator", "objection", "number", "line")
"""Places and digests that a link to a form has filled in: said on the form and sent along, not
asked again."""
CLAIM_FIELDS = frozenset({OCCURRED, LATE_REASON, LATE_PAPER, LATE_SECOND})
_REASON_AT = {CORRECT: "paper"}
"""Where an act that states reason and paper in fields of its own says what its late entry lacks."""
UNPROCESSABLE = 422
FULL = 507


@dataclass(frozen=True, slots=True)
class Foreseen:
    """One duty an act would open or close: its name, its day in words, its article, who owes it."""

    title: str
    day: str
    basis: str
    holder: str


@dataclass(frozen=True, slots=True)
class Way:
    """Where a page of an act stands: what is above its title, where it leads back to, and the
    kind it opens if any."""

    back: str
    kicker: str
    number: str = ""
    kind: str = ""


def behalf_of(seat: Seat, file: CaseFile) -> Organ | None:
    """Return the unit without accounts whose acts this organ writes down in a case, or None."""
    if seat.organ is None or not file.case.seq:
        return None
    for organ in dict.fromkeys((file.view.holder, file.view.addressee)):
        if (
            organ
            and organ != seat.organ.pk
            and not against(
                organ, seat.organ.pk, seat.actor_in(file.case).capacities, file.view, seat.today
            )
        ):
            return Organ.objects.get(pk=organ)
    return None


def way_of(case: Case, title: str = "") -> Way:
    """Return the way of an act of a case."""
    return Way(case_href(case.number), title or case.title, case.number)


def act_of(seat: Seat, number: str, act: str) -> tuple[CaseFile, ActRule]:
    """Return a case the wall lets this seat see, and an act its rules know; 404 for everything
    else."""
    file = read_file(seat.case(number), seat.now)
    rule = file.kind.acts.get(act)
    if rule is None:
        raise Http404
    return file, rule


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def act_page(seat: Seat, number: str, act: str) -> HttpResponse:
    """Ask for an act of a case, or do it; with `for` in the name of a unit that has no account,
    from its paper."""
    file, rule = act_of(seat, number, act)
    if rule.by == "system" or rule.after == ("new",) or not seat.actor_in(file.case).capacities:
        raise Http404
    asked = seat.request.POST if seat.request.method == "POST" else seat.request.GET
    if code := asked.get("for", ""):
        unit = behalf_of(seat, file)
        if unit is None or unit.code != code:
            raise Http404
        seat = replace(seat, behalf=unit)
    return answer(seat, file, rule, way_of(file.case, seat.title(file.case)))


def answer(
    seat: Seat, file: CaseFile, rule: ActRule, way: Way, given: Mapping[str, str] | None = None
) -> HttpResponse:
    """Answer a request for the page of an act: ask, search for an organ, or do it."""
    if seat.request.method != "POST":
        asked = {k: str(v) for k, v in seat.request.GET.items() if rule.field_rule(k)}
        return ask(seat, file, rule, way, given={**asked, **(given or {})})
    if "find" in seat.request.POST:
        return ask(seat, file, rule, way, Filled(kept=read_form(seat, rule).kept))
    filled = read_form(seat, rule)
    if filled.errors:
        return ask(seat, file, rule, way, filled)
    return submit(seat, file, rule, way, filled)


def submit(seat: Seat, file: CaseFile, rule: ActRule, way: Way, filled: Filled) -> HttpResponse:
    """Do the act with its files, and go on; or show what is refused with everything still typed
    and chosen."""
    step = step_of(file.case.number, rule, filled, way.kind)
    if seat.behalf is not None:
        step = replace(step, organ=seat.behalf.pk)
    try:
        performed = perform(step, by=seat.by, now=seat.now, uid=uid_of(seat), papers=filled.papers)
    except Refused as refused:
        return ask(seat, file, rule, way, filled, refused.reasons)
    except EFFECT_ERRORS as error:
        return ask(seat, file, rule, way, filled, (as_reason(error, rule),))
    except DatabaseError as error:
        if not disk_full(error):
            raise
        return ask(seat, file, rule, way, filled, (full_reason(),), status=FULL)
    return done(seat, way, rule, performed)


def step_of(number: str, rule: ActRule, filled: Filled, kind: str = "") -> Step:
    """Return the step that a filled form asks for; with `kind` it opens a case."""
    return Step(
        act=rule.id,
        case=number,
        kind=kind,
        fields=filled.fields,
        texts=filled.texts,
        occurred_at=filled.occurred,
        late_reason=filled.late_reason,
        paper=filled.paper,
        second=filled.second,
    )


def done(seat: Seat, way: Way, rule: ActRule, performed: Performed) -> HttpResponse:
    """Say what was written and go back to the case, or home where it is no longer to be seen
    from here."""
    words = {"act": headline(rule, seat.language), "number": performed.case}
    if performed.repeated:
        messages.info(seat.request, _("“%(act)s”先前已经写入，没有重复登记。") % words)
    else:
        messages.success(seat.request, _("已写入存证：%(act)s，%(number)s。") % words)
    hidden = way.number and find(seat.viewer, seat.today, way.number) is None
    return redirect("desk:home") if hidden else redirect(way.back)


def as_reason(error: Exception, rule: ActRule) -> Reason:
    """Return an error of an effect as a reason: what, why and the mend."""
    zh, en = getattr(error, "zh", str(error)), getattr(error, "en", str(error))
    where = str(getattr(error, "where", ""))
    field = where if rule.field_rule(where) else ""
    return Reason(
        getattr(error, "code", "effect"),
        zh,
        en,
        rule.basis,
        getattr(error, "mend_zh", ""),
        getattr(error, "mend_en", ""),
        field,
    )


def full_reason() -> Reason:
    """Return what is said where the disk takes no more: nothing was written, and what was typed
    is still there."""
    return Reason(
        "disk",
        "磁盘写不下，什么也没有写入；填的内容还在这一页",
        "the disk takes no more: nothing was written; what you typed is still on this page",
        None,
        "请告诉系统管理员，腾出空间以后再交一次",
        "tell the system administrator, and submit again once there is room",
    )


def status_of(filled: Filled) -> int:
    """Return the status of a form that is asked again: the disk is full, or something in it
    cannot be taken."""
    return FULL if filled.full else UNPROCESSABLE


def sort_reasons(
    seat: Seat,
    file: CaseFile,
    rule: ActRule,
    filled: Filled,
    reasons: Sequence[Reason],
    prefix: str = "",
) -> list[Refusal]:
    """Put reasons that belong to a field at the field; return the others as parts of the page
    with their articles."""
    zh, whole = seat.language == "zh", []
    for reason in reasons:
        if reason.code == "late-entry":
            filled.wrong(_REASON_AT.get(rule.id, LATE_REASON), reason.zh if zh else reason.en)
        elif reason.code == "second-person" and rule.field_rule(reason.field) is None:
            filled.wrong(LATE_SECOND, reason.zh if zh else reason.en)
        elif reason.code == "paper":
            filled.wrong(LATE_PAPER, reason.zh if zh else reason.en)
        elif reason.field:
            mend = reason.remedy_zh if zh else reason.remedy_en
            stop = _("。")
            text = (reason.zh if zh else reason.en) + (f"{stop}{mend}" if mend else "")
            filled.wrong(prefix + reason.field, text)
        else:
            whole.append(as_part(seat, file, rule, reason))
    return whole


def as_part(seat: Seat, file: CaseFile | None, rule: ActRule, reason: Reason) -> Refusal:
    """Return a reason as a part of a page."""
    zh = seat.language == "zh"
    basis = reason.basis or rule.basis
    article = (
        cited(basis, file.installed, seat.language) if file else f"{basis.law} {basis.article}"
    )
    title = _("不能“%(act)s”") % {"act": headline(rule, seat.language)}
    return Refusal(
        title, reason.zh if zh else reason.en, article, reason.remedy_zh if zh else reason.remedy_en
    )


def ask(
    seat: Seat,
    file: CaseFile,
    rule: ActRule,
    way: Way,
    filled: Filled | None = None,
    reasons: Sequence[Reason] = (),
    status: int = 0,
    given: Mapping[str, str] | None = None,
) -> HttpResponse:
    """Render the page of an act, with what was typed and what was refused."""
    against = refusals(
        file.kind, rule, file.view, seat.actor, seat.today, set(filled.fields) if filled else ()
    )
    shown = list(reasons) or (list(against) if filled is None else [])
    typed = filled or Filled()
    refused = sort_reasons(seat, file, rule, typed, shown)
    quiet = quiet_fields(seat, rule, filled is not None, given or {})
    carried = carried_fields(seat, rule, filled, given or {})
    without = (*quiet_names(rule), SHOWN, *(name for name, _label, _value in carried))
    fields = form_fields(seat, rule, file, filled and typed, given=given, without=without)
    fields = with_choices(seat, file, rule, fields, fresh=filled is None)
    claims = claim_fields(seat, filled and typed)
    code = status or (status_of(typed) if filled is not None and (reasons or typed.errors) else 200)
    draft = beside(seat, file, rule, typed, possible=not against) if rule.approves else {}
    return seat.page(
        "shell/approval.html" if rule.approves else "shell/act_page.html",
        "",
        code,
        way=way,
        case=file.case,
        rule=rule,
        title=headline(rule, seat.language),
        article=article_of(seat, file, rule),
        note=rule.basis.note if seat.language == "zh" else "",
        fields=fields,
        claims=claims,
        refused=refused,
        quiet=quiet,
        carried=carried,
        carried_words=carried_words(seat, file.case, carried),
        concerning=duty_words(seat, quiet),
        claim_open=bool(typed.errors.keys() & CLAIM_FIELDS)
        or typed.occurred is not None
        or seat.behalf is not None,
        uid=uid_of(seat),
        behalf=seat.behalf,
        behalf_name=organ_name(seat.behalf, seat.language),
        rail=rail_of(seat, file) if way.number else None,
        searches=searches(seat, fields),
        possible=not against,
        returned=returned(seat, file, rule),
        decided_files=files_decided_on(seat, file.case),
        **ahead(seat, file, rule, typed),
        **draft,
    )


def quiet_names(rule: ActRule) -> tuple[str, ...]:
    """Return the fields of an act that are never asked: those that together say which duty a
    letter is about."""
    return QUIET if all(rule.field_rule(name) for name in (*QUIET, "about")) else ()


def quiet_fields(
    seat: Seat, rule: ActRule, typed: bool, given: Mapping[str, str]
) -> dict[str, str]:
    """Return what the form carries unasked, with the matter it is about; empty where it names no
    duty."""
    names = quiet_names(rule)
    found = {
        n: seat.request.POST.get(n, "") if typed else given.get(n, "")
        for n in (*names, "about")
        if names
    }
    return (
        {n: found[n] for n in names} | {"about": found["about"]}
        if names and all(found.values())
        else {}
    )


def carried_fields(
    seat: Seat, rule: ActRule, filled: Filled | None, given: Mapping[str, str]
) -> list[tuple[str, str, str]]:
    """Return what the form carries because a link gave it: name, label, value. What is wrong is
    asked after all."""
    post = seat.request.POST
    kept = set(post.getlist("carried")) if filled is not None else set(given)
    found = []
    for name in CARRIED:
        asked = rule.field_rule(name)
        value = (post.get(name, "") if filled is not None else given.get(name, "")).strip()
        if asked and value and name in kept and not (filled and filled.errors.get(name)):
            found.append((name, headline(asked, seat.language), value))
    return found


def carried_words(
    seat: Seat, case: Case, carried: Sequence[tuple[str, str, str]]
) -> list[tuple[str, str]]:
    """Return what the form carries as people read it: label and value, an indicator by its name."""
    return [(label, words_of(seat, case, name, value)) for name, label, value in carried]


def duty_words(seat: Seat, quiet: Mapping[str, str]) -> str:
    """Return in words which duty of which act a letter is about, "" where it is about none that
    can be seen."""
    case = find(seat.viewer, seat.today, quiet.get("about", ""))
    if case is None:
        return ""
    file = read_file(case, seat.now)
    opened = quiet["opened"]
    act = next((r for n, r in enumerate(file.records, 1) if str(n) == opened), None)
    named = [d for d in file.view.duties if d.rule.id == quiet["duty"]]
    duty = next((d for d in named if act is not None and d.opened_by == act.id), None)
    if act is None or duty is None:
        return ""
    rule = file.kind.acts.get(act.act)
    article = cited(duty.rule.basis, file.installed, seat.language)
    words = {
        "duty": headline(duty.rule, seat.language),
        "article": article,
        "act": headline(rule, seat.language) if rule else act.act,
        "day": with_weekday(act.day, seat.language),
    }
    return _("%(duty)s（%(article)s），由 %(day)s 的“%(act)s”开启") % words


def rail_of(seat: Seat, file: CaseFile) -> DateRail:
    """Return the date of the case beside an act; how it was computed stands on the case page."""
    shown = rail(file, seat.today, seat.language)
    return replace(shown, how=case_href(file.case.number) + shown.how) if shown.how else shown


def article_of(seat: Seat, file: CaseFile, rule: ActRule) -> str:
    """Return the article an act rests on, as people write it."""
    return cited(rule.basis, file.installed, seat.language)


def searches(seat: Seat, fields: Sequence[FormField]) -> list[tuple[FormField, str]]:
    """Return the organ fields that need a search by name, each with what was searched last."""
    if not any(f.type in ("organ", "organs") for f in fields) or not many_organs(seat):
        return []
    return [
        (f, seat.request.POST.get(f"q_{f.name}", ""))
        for f in fields
        if f.type in ("organ", "organs")
    ]


def ahead(seat: Seat, file: CaseFile, rule: ActRule, filled: Filled) -> dict[str, object]:
    """Return what the act would close and open, and whom it tells, for the side of its page."""
    seen = look_ahead(file, rule, filled.fields, seat.actor, filled.occurred or seat.now, seat.now)
    names = _names([*seen.closed, *seen.opened], seat)
    documents = [file.kind.documents[d] for d in rule.documents]
    state = file.kind.states.get(seen.state)
    return {
        "closes": [_foreseen(seat, file, d, names) for d in seen.closed],
        "opens": [_foreseen(seat, file, d, names) for d in seen.opened],
        "papers": [
            (words_in(d, seat.language), d.to if seat.language == "zh" else "") for d in documents
        ],
        "after": "" if state is None else (words_in(state, seat.language)),
    }


def _names(duties: Sequence[DutyView], seat: Seat) -> dict[int, str]:
    found = Organ.objects.filter(pk__in={d.holder for d in duties if d.holder})
    return {o.pk: organ_name(o, seat.language) for o in found}


def _foreseen(seat: Seat, file: CaseFile, duty: DutyView, names: dict[int, str]) -> Foreseen:
    bar = duty_bar(duty, seat.today, rulebooks.calendars().newest)
    if bar.end is None:
        words = _("没有法定天数")
    else:
        words = with_weekday(bar.end, seat.language)
        words += (_("（暂定）")) if bar.open_ended else ""
    return Foreseen(
        headline(duty.rule, seat.language),
        words,
        cited(duty.rule.basis, file.installed, seat.language),
        names.get(duty.holder or 0, ""),
    )
