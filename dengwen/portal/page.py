"""What every page of the portal has in common: language, no storing, the frame, and who knocks.

A language button belongs to the form of the page (`form="carrier"`), so that nothing typed is lost
by changing it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from datetime import date
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.cache import never_cache

from dengwen.law.bilingual import words_in
from dengwen.law.duties.act_record import civil
from dengwen.organs.models import Organ
from dengwen.petitions.intake.online_submission import receiving_office
from dengwen.portal import clock
from dengwen.ui.components import Frame
from dengwen.ui.dates import page_language
from dengwen.ui.form_fields import pressed

View = Callable[[HttpRequest], HttpResponse]
A_YEAR = 365 * 24 * 60 * 60
_offices: ContextVar[dict[date, Organ | None] | None] = ContextVar(
    "dengwen_portal_offices", default=None
)
"""The receiving office by day, as the page being answered has found it."""


def page(view: View) -> View:
    """Let a view answer in the language asked for in its form, and let nobody store the answer."""

    @wraps(view)
    @never_cache
    def answered(request: HttpRequest) -> HttpResponse:
        chosen = pressed(request, "language")
        known = dict(settings.LANGUAGES)
        if chosen in known:
            translation.activate(chosen)
            request.LANGUAGE_CODE = chosen
        token = _offices.set({})
        try:
            response = view(request)
        finally:
            _offices.reset(token)
        if chosen in known:
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME,
                chosen,
                max_age=A_YEAR,
                secure=settings.HTTPS,
                httponly=True,
                samesite="Lax",
            )
            response["Content-Language"] = chosen
        return response

    return answered


def office() -> Organ | None:
    """Return the office that receives here today; a page asks several times and the registry is
    asked once."""
    day, kept = civil(clock.now()), _offices.get()
    if kept is None:
        return receiving_office(day)
    if day not in kept:
        kept[day] = receiving_office(day)
    return kept[day]


def organ_name(organ: Organ | None) -> str:
    """Return the name of an organ in the language of the page; in Chinese where it has no other."""
    if organ is None:
        return ""
    return words_in((organ.name_zh, organ.name_en or organ.name_zh), page_language())


def show(
    request: HttpRequest, template: str, context: Mapping[str, Any], *, status: int = 200
) -> HttpResponse:
    """Render a page of the portal in its frame."""
    frame = Frame(organ=organ_name(office()), home=reverse("portal:start"))
    whole = {
        "frame": frame,
        "practice": settings.PRACTICE,
        "posted": request.method == "POST",
        **context,
    }
    return render(request, f"portal/{template}.html", whole, status=status)
