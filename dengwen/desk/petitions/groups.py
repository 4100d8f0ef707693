"""People who come together, at the desk: number first, then the list, representatives, requests, a
slip for each.

Journey 3. Names are typed once and sealed; pages show places and masked names, each showing logged.
Duplicates are
for staff only. Codes exist on the printed sheet alone: giving them again makes new ones.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from dengwen.access.read_log import open_now, quota
from dengwen.cases.models import Case, CaseLink
from dengwen.cases.read.case_view import CaseFile, blank_file, rail, read_file
from dengwen.cases.wall.identity import kept_from
from dengwen.cases.wall.visibility import for_user
from dengwen.cases.write.check import Refused
from dengwen.cases.write.perform import perform
from dengwen.desk.petitions.register import GO, REGISTER, receipt_of
from dengwen.desk.shell.act_page import EFFECT_ERRORS, UNPROCESSABLE, article_of, as_part, as_reason
from dengwen.desk.shell.chapter import matter_parts
from dengwen.desk.shell.code_words import place_choices, place_hint
from dengwen.desk.shell.forms import Filled, place_typed
from dengwen.desk.shell.protected_text import IDENTITY, deny_identity, masked, opening, role_for
from dengwen.desk.shell.seat import TAKING_IN, Seat, at_desk, case_href, organ_name, uid_of
from dengwen.law.bilingual import headline, words_in
from dengwen.law.duties.admissibility import refusals
from dengwen.law.duties.blank_text import is_blank
from dengwen.law.duties.step import Step
from dengwen.petitions.intake import groups
from dengwen.petitions.intake.intake import Intake, register
from dengwen.petitions.intake.member_list import Person, RowError, decoded, read_roster
from dengwen.ui.components import Choice, FormField, Link, Refusal
from dengwen.ui.dates import numeric

MOST_BYTES = 2 * 1024 * 1024
KIND, GROUP = "petition", "group"
DURING = ("explain_talk", "visit_conduct", "give_help", "report_up", "propose_improvement")


@dataclass(frozen=True, slots=True)
class Shown:
    """A member as staff see one: the place, a masked name where the role may, elsewhere in,
    whether elected."""

    place: int
    name: str
    representative: bool
    elsewhere: tuple[Link, ...]


# --- number first ---------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def begin(seat: Seat) -> HttpResponse:
    """Register the visit: how many came and about what; the number is there before anything else
    is asked."""
    if seat.organ is None or not seat.capacities & TAKING_IN:
        return redirect("desk:home")
    file = blank_file(KIND, seat.organ.division_code, seat.now)
    filled = Filled()
    if seat.request.method != "POST":
        return _begin_page(seat, file, filled)
    post = seat.request.POST
    number = post.get("persons", "").strip()
    if not number.isdecimal() or not 2 <= int(number[:7]) <= 999_999:
        filled.wrong("persons", _("请填来了多少人，两人以上。"))
    if is_blank(post.get("subject", "")):
        filled.wrong("subject", _("请写一句大家为什么来。"))
    place = place_typed(seat, post.get("place", "").strip(), filled, "place")
    if filled.errors or post.get(GO) != REGISTER:
        return _begin_page(seat, file, filled, unsent=not filled.errors)
    subject = post["subject"].replace("\x00", "").strip()
    intake = Intake(
        channel="visit",
        visit_kind=GROUP,
        persons=int(number),
        subject=subject[:200],
        content=subject,
        received_on=seat.today,
        place=place,
    )
    try:
        made = register(intake, by=seat.by, now=seat.now, uid=uid_of(seat))
    except (Refused, *EFFECT_ERRORS) as error:
        return _begin_page(seat, file, filled, _parts(seat, file, "register", error))
    return seat.page(
        "petitions/group_opened.html",
        "register",
        number=made.number,
        code=made.code,
        sheet=receipt_of(seat, intake, made),
        repeated=made.performed.repeated,
        incident=_stub(seat, made.number),
    )


def _begin_page(
    seat: Seat,
    file: CaseFile,
    filled: Filled,
    refused: list[Refusal] | None = None,
    *,
    unsent: bool = False,
) -> HttpResponse:
    post, errors = seat.request.POST, filled.errors
    fields = (
        FormField(
            "persons",
            "number",
            _("来了多少人"),
            required=True,
            value=post.get("persons", ""),
            errors=tuple(errors.get("persons", ())),
        ),
        FormField(
            "subject",
            "person",
            _("为什么来（一句话）"),
            required=True,
            value=post.get("subject", ""),
            errors=tuple(errors.get("subject", ())),
        ),
        FormField(
            "place",
            "division",
            _("问题属地"),
            value=post.get("place", ""),
            hint=place_hint(seat),
            choices=place_choices(seat, post.get("place", "")),
            errors=tuple(errors.get("place", ())),
        ),
    )
    status = UNPROCESSABLE if errors or refused else 200
    article = article_of(seat, file, file.kind.acts["register"])
    return seat.page(
        "petitions/group_new.html",
        "register",
        status,
        fields=fields,
        refused=refused or [],
        uid=uid_of(seat),
        article=article,
        unsent=unsent,
    )


def _parts(seat: Seat, file: CaseFile, act: str, error: Exception) -> list[Refusal]:
    """Return what was refused as parts of the page, each with its article."""
    rule = file.kind.acts[act]
    reasons = error.reasons if isinstance(error, Refused) else (as_reason(error, rule),)
    return [as_part(seat, file, rule, reason) for reason in reasons]


def _stub(seat: Seat, number: str) -> Link | None:
    """Return the incident that a visit of this size opened, if the wall lets this seat see it."""
    opened = CaseLink.objects.filter(
        other__number=number, kind__in=("about", "concerns"), case__kind="incident"
    )
    case = (
        for_user(seat.viewer, seat.today)
        .filter(pk__in=opened.values("case_id"))
        .order_by("pk")
        .first()
    )
    return (
        None
        if case is None
        else Link(seat.title(case) or case.number, reverse("desk:incident", args=[case.number]))
    )


# --- where the group stands -----------------------------------------------------------------------
def _file(seat: Seat, number: str) -> CaseFile:
    file = read_file(seat.case(number), seat.now)
    if file.case.kind != KIND or file.view.facts.get("visit_kind") != GROUP:
        raise Http404
    return file


def _may(seat: Seat, file: CaseFile, act: str) -> list[Refusal]:
    rule, actor = file.kind.acts[act], seat.actor_in(file.case)
    return [
        as_part(seat, file, rule, r)
        for r in refusals(file.kind, rule, file.view, actor, seat.today)
    ]


def _during(seat: Seat, file: CaseFile) -> list[Link]:
    """Return what staff can record of the visit itself, each an act of the matter."""
    actor = seat.actor_in(file.case)
    rules = [file.kind.acts[name] for name in DURING if name in file.kind.acts]
    return [
        Link(headline(rule, seat.language), case_href(file.case.number, rule.id))
        for rule in rules
        if not refusals(file.kind, rule, file.view, actor, seat.today)
    ]


def _page(
    seat: Seat, template: str, file: CaseFile, status: int = 200, **context: object
) -> HttpResponse:
    case = file.case
    ways = ("group_members", "group_representatives", "group_requests", "group_receipts")
    addresses = {name: reverse(f"desk:{name}", args=[case.number]) for name in ways}
    return seat.page(
        template,
        "register",
        status,
        case=case,
        persons=file.view.facts.get("persons", ""),
        ways=addresses,
        entered=case.members.count(),
        elected=case.members.filter(representative=True).count(),
        coded=case.members.exclude(code_digest="").count(),
        asked=case.requests.count(),
        uid=uid_of(seat),
        rail=rail(file, seat.today, seat.language),
        incident=_stub(seat, case.number),
        whole=case_href(case.number),
        **context,
    )


@require_safe
@at_desk
def group(seat: Seat, number: str) -> HttpResponse:
    """Show how far a group is: list, representatives, requests, slips; what the list may share
    with other matters."""
    file = _file(seat, number)
    return _page(
        seat,
        "petitions/group.html",
        file,
        members=_shown(seat, file.case),
        during=_during(seat, file),
        **matter_parts(seat, file.case),
    )


def _shown(seat: Seat, case: Case) -> list[Shown]:
    """Return the members with masked names, the showing logged; by places alone where the role
    or the quota says no."""
    names = _names(seat, case)
    elsewhere = _elsewhere(seat, case)
    return [
        Shown(
            m.place,
            masked("petitioner", names[m.place].name) if m.place in names else "",
            m.representative,
            tuple(Link(n, case_href(n)) for n in elsewhere.get(m.place, ())),
        )
        for m in case.members.order_by("place")
    ]


def _names(seat: Seat, case: Case, purpose: str = "") -> dict[int, Person]:
    role = role_for(seat, IDENTITY, "M")
    if (
        not role
        or not case.members.exists()
        or kept_from(case, seat.organ.code if seat.organ else "")
    ):
        return {}
    if quota(seat.user, seat.now).over:
        deny_identity(seat, case, purpose or "register")
        return {}
    return open_now(
        opening(seat, case, IDENTITY, ("members.masked",), role, purpose),
        lambda: groups.people_on(case),
    )


def _elsewhere(seat: Seat, case: Case) -> dict[int, list[str]]:
    """Return where members may stand in other visible matters, for staff; not where a name is
    kept from this office."""
    if not role_for(seat, IDENTITY, "M"):
        return {}
    visible = for_user(seat.viewer, seat.today).filter(protected=False)
    found = groups.also_in(case, visible)
    here = seat.organ.code if seat.organ else ""
    numbers = {n for some in found.values() for n in some}
    hidden = {c.number for c in visible.filter(number__in=numbers) if kept_from(c, here)}
    kept = {place: [n for n in some if n not in hidden] for place, some in found.items()}
    return {place: some for place, some in kept.items() if some}


# --- the list -------------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def members(seat: Seat, number: str) -> HttpResponse:
    """Ask for the list, typed or as a file, and enter it; a wrong row says why and nothing is
    written."""
    file = _file(seat, number)
    refused = _may(seat, file, groups.ENTERED)
    if seat.request.method != "POST" or refused:
        return _members_page(seat, file, "", (), refused)
    text, wrong = _list(seat)
    known = list(_known(seat, file.case).values())
    roster = read_roster(text, known)
    if wrong or roster.errors or not roster.people:
        nothing = _("名单是空的：每行一位，姓名、电话、住址之间用逗号。")
        why = wrong or ("" if roster.errors or roster.people else nothing)
        return _members_page(seat, file, text, roster.errors, [], why)
    try:
        groups.enter(file.case, roster.people, by=seat.by, now=seat.now, uid=uid_of(seat))
    except (Refused, *EFFECT_ERRORS) as error:
        return _members_page(seat, file, text, (), _parts(seat, file, groups.ENTERED, error))
    messages.success(
        seat.request, _("已记 %(count)s 位，名单已封存。") % {"count": len(roster.people)}
    )
    return redirect("desk:group_representatives", number)


def _known(seat: Seat, case: Case) -> dict[int, Person]:
    """Open the list entered before, to see that nobody is entered twice; compared, not shown."""
    role = role_for(seat, IDENTITY, "M")
    if not role or not case.members.exists():
        return {}
    row = opening(seat, case, IDENTITY, ("members.compared",), role, "register")
    return open_now(row, lambda: groups.people_on(case))


def _list(seat: Seat) -> tuple[str, str]:
    """Return the list as typed, with that of a file after it, and what is wrong with the file."""
    typed = seat.request.POST.get("members", "").replace("\r\n", "\n")
    upload = seat.request.FILES.get("list")
    if upload is None:
        return typed, ""
    data = upload.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        return typed, _("文件太大，最多 2 MB。请分成几个。")
    try:
        return f"{typed.rstrip()}\n{decoded(data)}".lstrip("\n"), ""
    except ValueError:
        return typed, _("文件不是文本。请在表格软件里另存为 CSV（UTF-8）。")


def _members_page(
    seat: Seat,
    file: CaseFile,
    text: str,
    wrong: tuple[RowError, ...],
    refused: list[Refusal],
    why: str = "",
) -> HttpResponse:
    zh = seat.language == "zh"
    errors = tuple(
        _("第 %(row)s 行：%(why)s。") % {"row": e.row, "why": e.zh if zh else e.en}
        for e in wrong[:20]
    )
    if len(wrong) > len(errors):
        errors += (_("还有 %(count)s 行不对。") % {"count": len(wrong) - len(errors)},)
    fields = (
        FormField(
            "members",
            "text",
            _("成员名单"),
            value=text,
            rows=14,
            errors=((why,) if why else ()) + errors,
            hint=_("每行一位：姓名、电话、住址，用逗号隔开。电话、住址可以不写。"),
        ),
        FormField("list", "digest", _("或者名单文件（CSV）"), accept="text/csv,.csv,.txt"),
    )
    status = UNPROCESSABLE if wrong or why or (refused and seat.request.method == "POST") else 200
    return _page(
        seat,
        "petitions/group_members.html",
        file,
        status,
        fields=fields,
        refused=refused,
        article=article_of(seat, file, file.kind.acts[groups.ENTERED]),
    )


# --- representatives ------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def representatives(seat: Seat, number: str) -> HttpResponse:
    """Let the representatives be ticked on the list; how many there may be says the article."""
    file = _file(seat, number)
    act = "elect_representatives"
    refused = _may(seat, file, act)
    chosen = [v for v in seat.request.POST.getlist("which") if v.isdecimal() and len(v) < 7]
    if seat.request.method == "POST" and not refused:
        step = Step(act=act, case=number, fields={"which": tuple(chosen)})
        try:
            perform(step, by=seat.by, now=seat.now, uid=uid_of(seat))
        except (Refused, *EFFECT_ERRORS) as error:
            refused = _parts(seat, file, act, error)
        else:
            messages.success(seat.request, _("已记 %(count)s 名代表。") % {"count": len(chosen)})
            return redirect("desk:group_requests", number)
    shown = _shown(seat, file.case)
    ticked = (
        set(chosen)
        if seat.request.method == "POST"
        else {str(m.place) for m in shown if m.representative}
    )
    field = FormField(
        "which",
        "codes",
        _("代表"),
        required=True,
        choices=tuple(
            Choice(
                str(m.place),
                _("第 %(place)s 位") % {"place": m.place} + (f"　{m.name}" if m.name else ""),
                str(m.place) in ticked,
            )
            for m in shown
        ),
    )
    status = UNPROCESSABLE if refused and seat.request.method == "POST" else 200
    return _page(
        seat,
        "petitions/group_representatives.html",
        file,
        status,
        field=field,
        refused=refused,
        article=article_of(seat, file, file.kind.acts[act]),
        elsewhere=[m for m in shown if m.elsewhere],
        mandate=reverse("desk:group_mandate", args=[number]),
    )


@require_safe
@at_desk
def mandate(seat: Seat, number: str) -> HttpResponse:
    """Show the sheet on which the group says whom it sends, to be printed and signed."""
    file = _file(seat, number)
    chosen = [m for m in _shown(seat, file.case) if m.representative]
    return _page(
        seat,
        "petitions/group_mandate.html",
        file,
        chosen=chosen,
        organ=organ_name(seat.organ, seat.language),
        day=numeric(seat.today, seat.language),
    )


# --- requests -------------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def requests(seat: Seat, number: str) -> HttpResponse:
    """Ask what all ask for, and who asks something else: that becomes a linked matter of the
    own."""
    file = _file(seat, number)
    refused = _may(seat, file, "enter_request")
    common = [
        line.strip() for line in seat.request.POST.get("common", "").splitlines() if line.strip()
    ]
    also, errors = _also(seat, file.case)
    if seat.request.method != "POST" or refused or errors or not (common or also):
        empty = seat.request.method == "POST" and not (common or also or errors)
        return _requests_page(
            seat, file, errors, refused, _("请写大家共同的请求。") if empty else ""
        )
    people = _known(seat, file.case) if also else {}
    if also and not people:
        return _requests_page(seat, file, [_("您的角色不能为成员另立一件，请由登记人员办理。")], [])
    try:
        _made, own = groups.ask(
            file.case, common, also, people, by=seat.by, now=seat.now, uid=uid_of(seat)
        )
    except (Refused, *EFFECT_ERRORS) as error:
        return _requests_page(seat, file, [], _parts(seat, file, "enter_request", error))
    if own:
        return _page(seat, "petitions/group_own.html", file, own=own)
    messages.success(seat.request, _("已记 %(count)s 项共同请求。") % {"count": len(common)})
    return redirect("desk:group_receipts", number)


def _also(seat: Seat, case: Case) -> tuple[dict[int, str], list[str]]:
    """Read who asks something else: one line each, the place and what is asked."""
    most, found, errors = case.members.count(), {}, []
    for row, line in enumerate(seat.request.POST.get("also", "").splitlines(), 1):
        if not line.strip():
            continue
        place, _sep, text = line.strip().partition(" ")
        if not place.isdecimal() or not 1 <= int(place[:7]) <= most or not text.strip():
            errors.append(_("第 %(row)s 行：请写名单上的序号、空格、另外的请求。") % {"row": row})
        elif int(place) in found:
            errors.append(_("第 %(row)s 行：这一位已经写过，请并成一行。") % {"row": row})
        else:
            found[int(place)] = text.strip()
    return found, errors


def _requests_page(
    seat: Seat, file: CaseFile, errors: list[str], refused: list[Refusal], empty: str = ""
) -> HttpResponse:
    post = seat.request.POST
    fields = (
        FormField(
            "common",
            "text",
            _("共同的请求，一行一项"),
            rows=4,
            value=post.get("common", ""),
            errors=(empty,) if empty else (),
            hint=_("每一项单独答复、单独落实"),
        ),
        FormField(
            "also",
            "text",
            _("谁还有别的请求"),
            rows=4,
            value=post.get("also", ""),
            errors=tuple(errors),
            hint=_("一行一位：名单上的序号、空格、另外的请求。每位另立一件，与本件关联。"),
        ),
    )
    status = (
        UNPROCESSABLE if errors or empty or (refused and seat.request.method == "POST") else 200
    )
    return _page(
        seat,
        "petitions/group_requests.html",
        file,
        status,
        fields=fields,
        refused=refused,
        article=article_of(seat, file, file.kind.acts["enter_request"]),
    )


# --- slips ----------------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def receipts(seat: Seat, number: str) -> HttpResponse:
    """Give every member a code and print the slips with the sheet of the group; the codes are
    shown this once."""
    file = _file(seat, number)
    act = "give_member_codes"
    refused = _may(seat, file, act)
    if seat.request.method != "POST" or refused:
        return _page(
            seat,
            "petitions/group_receipts.html",
            file,
            refused=refused,
            article=article_of(seat, file, file.kind.acts[act]),
        )
    try:
        made, codes = groups.give_codes(file.case, by=seat.by, now=seat.now, uid=uid_of(seat))
    except (Refused, *EFFECT_ERRORS) as error:
        return _page(
            seat,
            "petitions/group_receipts.html",
            file,
            UNPROCESSABLE,
            refused=_parts(seat, file, act, error),
            article=article_of(seat, file, file.kind.acts[act]),
        )
    if made.repeated:
        messages.info(seat.request, _("这张表单交过一次。查询码只显示一次；要重印，请重新发码。"))
        return redirect("desk:group_receipts", number)
    shown = _shown(seat, file.case)
    slips = list(zip(shown, codes, strict=True))
    duties = [d for d in file.view.open_duties() if (d.due or d.raw) and not d.rule.right]
    first = duties[0] if duties else None
    return _page(
        seat,
        "petitions/group_slips.html",
        file,
        slips=slips,
        organ=organ_name(seat.organ, seat.language),
        day=numeric(file.case.opened_on, seat.language),
        chosen=[m for m in shown if m.representative],
        due=numeric(first.due or first.raw or seat.today, seat.language) if first else "",
        due_what=(words_in(first.rule, seat.language)) if first else "",
    )
