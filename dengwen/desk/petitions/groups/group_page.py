"""How far a group visit is: list, representatives, requests, slips; and what its pages share.

Journey 3. Names are typed once and sealed; pages show places and masked names, each showing logged.
Duplicates are for staff only. Codes exist on the printed sheet alone: giving them again makes new
ones.
"""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from dengwen.cases.models import CaseLink
from dengwen.cases.read.case_view import CaseFile, rail, read_file
from dengwen.cases.wall.visibility import for_user
from dengwen.cases.write.check import Refused
from dengwen.desk.petitions.groups.member_names import shown_members
from dengwen.desk.shell.act.act_refusals import as_part, as_reason
from dengwen.desk.shell.frame.chapter import matter_parts
from dengwen.desk.shell.frame.seat import Seat, at_desk, case_href, uid_of
from dengwen.law.bilingual import headline
from dengwen.law.duties.admissibility import refusals
from dengwen.ui.components import Link, Refusal

KIND, GROUP = "petition", "group"
DURING = ("explain_talk", "visit_conduct", "give_help", "report_up", "propose_improvement")
"""What can be recorded while the visit lasts."""
PAGES = ("group_members", "group_representatives", "group_requests", "group_receipts")


@require_safe
@at_desk
def group(seat: Seat, number: str) -> HttpResponse:
    """Show how far a group is: list, representatives, requests, slips; what the list may share
    with other matters."""
    file = group_file(seat, number)
    return group_page(
        seat,
        "petitions/groups/group_page.html",
        file,
        members=shown_members(seat, file.case),
        during=_acts_during(seat, file),
        **matter_parts(seat, file.case),
    )


def _acts_during(seat: Seat, file: CaseFile) -> list[Link]:
    """Return what staff can record of the visit itself, each an act of the matter."""
    actor = seat.actor_in(file.case)
    rules = [file.kind.acts[name] for name in DURING if name in file.kind.acts]
    return [
        Link(headline(rule, seat.language), case_href(file.case.number, rule.id))
        for rule in rules
        if not refusals(file.kind, rule, file.view, actor, seat.today)
    ]


# --- what its pages share -------------------------------------------------------------------------
def group_file(seat: Seat, number: str) -> CaseFile:
    """Return the file of a group visit; Http404 for what is hidden, missing, or no group visit."""
    file = read_file(seat.case(number), seat.now)
    if file.case.kind != KIND or file.view.facts.get("visit_kind") != GROUP:
        raise Http404
    return file


def refusals_now(seat: Seat, file: CaseFile, act: str) -> list[Refusal]:
    """Return why this seat cannot do an act in the matter now, as parts of the page; [] where it
    can."""
    rule, actor = file.kind.acts[act], seat.actor_in(file.case)
    reasons = refusals(file.kind, rule, file.view, actor, seat.today)
    return [as_part(seat, file, rule, reason) for reason in reasons]


def refused_parts(seat: Seat, file: CaseFile, act: str, error: Exception) -> list[Refusal]:
    """Return what was refused as parts of the page, each with its article."""
    rule = file.kind.acts[act]
    reasons = error.reasons if isinstance(error, Refused) else (as_reason(error, rule),)
    return [as_part(seat, file, rule, reason) for reason in reasons]


def incident_of(seat: Seat, number: str) -> Link | None:
    """Return the incident that a visit of this size opened, if the wall lets this seat see it."""
    opened = CaseLink.objects.filter(
        other__number=number, kind__in=("about", "concerns"), case__kind="incident"
    )
    visible = for_user(seat.viewer, seat.today).filter(pk__in=opened.values("case_id"))
    case = visible.order_by("pk").first()
    if case is None:
        return None
    return Link(seat.title(case) or case.number, reverse("desk:incident", args=[case.number]))


def group_page(
    seat: Seat, template: str, file: CaseFile, status: int = 200, **context: object
) -> HttpResponse:
    """Render a page of the group, with how far it is and the ways to its other pages."""
    case = file.case
    addresses = {name: reverse(f"desk:{name}", args=[case.number]) for name in PAGES}
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
        incident=incident_of(seat, case.number),
        whole=case_href(case.number),
        **context,
    )
