"""Who sits at the desk in a request: user, organ, roles, what the wall lets through, and the
instant.

Every page of the desk takes a `Seat`; without somebody signed in there is none. What is hidden and
what is missing are the same 404.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import wraps
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.http.response import HttpResponseRedirectBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django_htmx.http import HttpResponseClientRedirect

from dengwen.access.grants import grants_of
from dengwen.access.keys.randomness import token_bytes
from dengwen.access.models import RoleGrant, User
from dengwen.access.roles import ROLES, capacities, conflicts
from dengwen.cases import rulebooks
from dengwen.cases.models import Case
from dengwen.cases.read.titles import title_of
from dengwen.cases.wall.decided_files import Decider, find_decided_on
from dengwen.cases.wall.visibility import (
    ACCOUNT,
    WORKING_ROLES,
    Viewer,
    find,
    only_supervises,
    scope_of,
    viewer_of,
)
from dengwen.cases.write.entry_on_behalf import actor_of
from dengwen.cases.write.perform import By
from dengwen.desk.shell.frame import clock
from dengwen.desk.shell.frame.chapter import nav_entries
from dengwen.desk.shell.frame.rule_citations import Citations
from dengwen.law.bilingual import Language, words_in
from dengwen.law.duties.admissibility import Actor
from dengwen.law.time.terms import EARLIEST
from dengwen.organs.models import Organ
from dengwen.ui.components import Frame, NavItem
from dengwen.ui.dates import language_of
from dengwen.ui.form_fields import pressed

CHINA = ZoneInfo("Asia/Shanghai")
ORGAN_CHOSEN = "organ"
REGISTRARS = frozenset({"R12", "R14"})
SUPERVISORS = frozenset({"R4", "R9", "R10", "R11"})
FIGURES = frozenset({"R4", "R7", "R9", "R10", "R13"})
"""Roles that read the monthly table and the annual report of their own organ."""
ASSESSING = frozenset({"R3", "R4", "R6", "R7", "R9", "R10"})
"""Roles that read assessments their organ makes or stands in."""
PERSONNEL_PAGES = {
    "personnel_notice": "desk:personnel_notice",
    "personnel_opinion": "desk:personnel_opinion",
    "honour_query": "desk:honours",
}
"""The pages of what organisation and personnel departments are told and ask, by kind."""
REVIEWING = "review"
"""The purpose (`access.read_log.PURPOSES`) for which the file of a review is read."""
DECIDING_ROLES = frozenset({"R6", "R7", "R8"})
"""Roles by which the file of a review is read: who drafts, checks and issues its opinion."""
TAKING_IN = frozenset({"clerk", "router"})


@dataclass(frozen=True)
class Seat:
    """Somebody at the desk in one request."""

    request: HttpRequest
    user: User
    organ: Organ | None
    roles: frozenset[str]
    viewer: Viewer
    now: datetime
    language: Language
    behalf: Organ | None = None
    """The unit without accounts whose act is being written down from its paper."""
    reads_for: str = ""
    """The purpose for which a case is read that is not the seat's own: a file that is decided
    on."""

    @property
    def today(self) -> date:
        """The civil day in China."""
        return self.now.astimezone(CHINA).date()

    @property
    def capacities(self) -> frozenset[str]:
        """What the person can be for the law in this organ today."""
        return capacities(self.roles)

    @property
    def by(self) -> By:
        """The person as the write door asks."""
        return By(self.user.pk, self.organ.pk if self.organ else None, self.capacities)

    @property
    def actor(self) -> Actor:
        """The person as the law core asks, or the unit they write for."""
        if self.behalf is not None:
            return actor_of(self.behalf.pk)
        organ = self.organ.pk if self.organ else None
        return Actor(self.user.pk, organ, self.capacities, official=self.user.official_id)

    def case(self, number: str) -> Case:
        """Return the case, or the one 404 for what is hidden and what does not exist."""
        found = find(self.viewer, self.today, number)
        if found is None:
            raise Http404
        return found

    @property
    def decider(self) -> Decider | None:
        """The person as somebody who may have a review to decide in this organ; None where the
        roles decide none."""
        decides = self.organ is not None and self.roles & DECIDING_ROLES
        return Decider(self.viewer, self.organ.pk, self.roles) if decides and self.organ else None

    def to_read(self, number: str) -> tuple[Seat, Case]:
        """Return the seat as it reads a case, and the case: one of its own, or the file it decides
        on (R22 35, 36).

        Whoever only decides on a file reads it for that purpose, by the roles that decide, and does
        nothing in it.
        """
        found = find(self.viewer, self.today, number)
        if found is not None:
            return self, found
        decider = self.decider
        file = None if decider is None else find_decided_on(decider, number)
        if file is None:
            raise Http404
        return replace(self, reads_for=REVIEWING, roles=self.roles & DECIDING_ROLES), file

    def title(self, case: Case) -> str:
        """Return the title of a case in the language of the page, as far as this house made it."""
        return title_of(case, self.language)

    def actor_in(self, case: Case) -> Actor:
        """Return the person as an actor in a case: nobody in particular where they only
        supervise it."""
        if self.reads_for:
            return Actor(self.user.pk, self.actor.organ, frozenset())
        if self.behalf is None and only_supervises(self.viewer, self.today, case.number):
            return Actor(self.user.pk, self.actor.organ, frozenset())
        return self.actor

    @property
    def place(self) -> str:
        """The division of the organ one sits in, "" in none: whose local rules hold here."""
        return self.organ.division_code if self.organ else ""

    def cites(self, place: str) -> Citations:
        """Return how a page cites the rules of a place: its own, or that of the case it shows."""
        return Citations(self.today, place, self.language)

    def page(self, template: str, current: str, status: int = 200, **context: Any) -> HttpResponse:  # noqa: ANN401
        """Render a page of the desk with its frame; a template of another package begins with a
        slash."""
        frame = {
            "frame": frame_of(self, current),
            "practice": settings.PRACTICE,
            "today": self.today,
            "cites": self.cites(self.place),
        }
        path = template[1:] if template.startswith("/") else f"desk/{template}"
        return render(self.request, path, {**frame, **context}, status=status)


NO_CONTENT = 204
"""Status of an answer that leaves the page as it is."""
View = Callable[..., HttpResponseBase]


def at_desk(view: View) -> View:
    """Let a view be asked only by somebody who sits at the desk; never cached."""

    @never_cache
    @wraps(view)
    def answer(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        seat = take_seat(request)
        shown = view(seat, *args, **kwargs) if isinstance(seat, Seat) else seat
        return _as_whole_page(request, shown)

    return answer


def _as_whole_page(request: HttpRequest, shown: HttpResponseBase) -> HttpResponseBase:
    """Let a page that only asked for a part of itself leave as a whole where it is sent elsewhere:
    to sign in again, above all. What is asked beside a form (by POST) leaves it as it is: whoever
    fills it in would lose what they typed."""
    is_part = request.headers.get("HX-Request") == "true"
    if not is_part or not isinstance(shown, HttpResponseRedirectBase):
        return shown
    if request.method == "POST":
        return HttpResponse(status=NO_CONTENT)
    return HttpResponseClientRedirect(shown.url)


def take_seat(request: HttpRequest) -> Seat | HttpResponse:
    """Return who sits at the desk, or where to go first: sign in, or choose the organ."""
    now = clock.now()
    if not isinstance(request.user, User):
        return _to_sign_in(request)
    grants = grants_of(request.user, now.astimezone(CHINA).date())
    if conflicts(frozenset(g.role for g in grants)):
        logout(request)
        return redirect("desk:sign_in")
    organs = organs_of_grants(grants)
    organ = _organ_chosen(request, organs)
    match = request.resolver_match
    if organ is None and len(organs) > 1 and match and match.url_name != "organ":
        return redirect("desk:organ")
    return _seat(request, request.user, organ, grants, now)


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    """Send somebody to sign in, and back to the page they asked for."""
    address = reverse("desk:sign_in")
    if request.method != "GET":
        return redirect(address)
    return redirect(f"{address}?{urlencode({'next': request.get_full_path()})}")


def _organ_chosen(request: HttpRequest, organs: Mapping[int, Organ]) -> Organ | None:
    """Return the organ chosen in this session; without a choice the only one, if there is one
    alone."""
    chosen = request.session.get(ORGAN_CHOSEN)
    if isinstance(chosen, int) and chosen in organs:
        return organs[chosen]
    return next(iter(organs.values())) if len(organs) == 1 else None


def organs_of_grants(grants: tuple[RoleGrant, ...]) -> dict[int, Organ]:
    """Return the organs somebody works in, by id."""
    return {g.organ.pk: g.organ for g in grants if g.organ is not None}


def _seat(
    request: HttpRequest,
    user: User,
    organ: Organ | None,
    grants: tuple[RoleGrant, ...],
    now: datetime,
) -> Seat:
    """Return the seat in one organ: the roles held there, and what the wall lets through there
    alone."""
    today = now.astimezone(CHINA).date()
    here = [g for g in grants if g.organ_id in {None, organ.pk if organ else None}]
    viewer = viewer_of(user, today, grants)
    working = frozenset(g.compartment for g in here if g.role in WORKING_ROLES and g.compartment)
    here_only = {organ.pk if organ else 0}
    viewer = replace(
        viewer,
        organs=viewer.organs & here_only,
        compartments=working,
        scope=scope_of(here, today) if len(viewer.organs) > 1 else viewer.scope,
        personnel=viewer.personnel & here_only,
    )
    roles = frozenset(g.role for g in here)
    return Seat(request, user, organ, roles, viewer, now, language_of(get_language()))


def frame_of(seat: Seat, current: str) -> Frame:
    """Return what surrounds every page of the desk."""
    nav = tuple(
        NavItem(str(entry.words), reverse(f"desk:{entry.page}"), entry.page == current)
        for entry in nav_entries()
        if entry.shown(seat)
    )
    official = seat.user.official
    return Frame(
        organ=organ_name(seat.organ, seat.language),
        nav=nav,
        person=official.name if official else seat.user.username,
        capacity=_("、").join(role_words(seat)),
        sign_out=reverse("desk:sign_out"),
        editions=_editions(seat),
        home=reverse("desk:home"),
    )


def _editions(seat: Seat) -> tuple[str, ...]:
    """Return the editions that apply here today, each with its first day."""
    texts = rulebooks.texts(seat.today, seat.place)
    return tuple(
        f"{words_in((name, english), seat.language)} {_since(day)}".strip()
        for name, english, day in texts
    )


def viewer_reads_results(viewer: Viewer) -> bool:
    """Say whether somebody works with results of accountability: R12, or cleared for its files."""
    return bool(viewer.personnel) or ACCOUNT in viewer.compartments


def _since(day: date) -> str:
    """Return the first day of an edition; the rules of the house itself begin before every other
    and say no day."""
    return "" if day <= EARLIEST else day.isoformat()


def organ_name(organ: Organ | None, language: Language) -> str:
    """Return the name of an organ in the language of the page; in Chinese where it has no other."""
    if organ is None:
        return ""
    return words_in((organ.name_zh, organ.name_en or organ.name_zh), language)


def role_words(seat: Seat) -> list[str]:
    """Return the roles held here as people say them."""
    codes = sorted(seat.roles, key=lambda code: int(code[1:]))
    return [words_in(ROLES[code], seat.language) for code in codes]


def case_href(number: str, act: str = "") -> str:
    """Return the address of a case, or of an act of it."""
    if act:
        return reverse("desk:act", args=[number, act])
    return reverse("desk:case", args=[number])


def fresh_uid(seat: Seat) -> str:
    """Return a new idempotency key for a form of this person."""
    return f"desk/{seat.user.pk}/{token_bytes(16).hex()}"


def uid_of(seat: Seat) -> str:
    """Return the key a form carries back, or a new one where it carries none of this person's."""
    given = pressed(seat.request, "uid")
    prefix = f"desk/{seat.user.pk}/"
    rest = given.removeprefix(prefix)
    good = given.startswith(prefix) and len(rest) == 32 and set(rest) <= set("0123456789abcdef")
    return given if good else fresh_uid(seat)
