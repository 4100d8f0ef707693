"""Signing in and out, and choosing for which organ one works."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import login, logout
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from dengwen.access.grants import grants_of
from dengwen.access.login.hash_budget import RETRY_SECONDS
from dengwen.access.login.sign_in import SignIn, sign_in
from dengwen.access.login.source_address import source_of
from dengwen.access.models import User
from dengwen.desk.shell.frame import clock
from dengwen.desk.shell.frame.seat import (
    CHINA,
    ORGAN_CHOSEN,
    Seat,
    at_desk,
    organ_name,
    organs_of_grants,
)
from dengwen.ledger.durability import disk_full
from dengwen.ledger.full_disk import no_room
from dengwen.ui.form_fields import Asked, AskedForm, OneOf, Secret, form_of

DEVICE_COOKIE = "__Host-device" if settings.HTTPS else "device"
DEVICE_AGE = 400 * 24 * 60 * 60
STATUS = {"wait": 429, "busy": 503}
"""Status by outcome of an attempt, where it is to be repeated later."""
MOST_SHOWN = 80
"""Characters of an account that the page repeats."""
BACKEND = "dengwen.access.login.sign_in.PasswordBackend"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest) -> HttpResponseBase:
    """Show the sign-in page, or judge an attempt."""
    if request.method != "POST":
        if isinstance(request.user, User):
            return redirect(_next(request))
        return _form(request, "")
    return _attempt(request)


class EnterForm(AskedForm):
    """Account and password, and where to go on to."""

    username = Asked(
        gettext_lazy("账号"),
        needed=True,
        autocomplete="username",
        attributes={"autocapitalize": "none", "spellcheck": "false"},
    )
    password = Secret(gettext_lazy("密码"), needed=True, autocomplete="current-password")
    next = Asked()

    def typed_as_it_is(self, name: str) -> str:
        """Return a text as it was sent: a password is neither mended nor shortened."""
        return self.at(name).typed[-1] if self.at(name).typed else ""


def _attempt(request: HttpRequest) -> HttpResponse:
    """Sign in, and remember the device; or say why not."""
    form = EnterForm.of(request)
    found = sign_in(
        form.typed_as_it_is("username"),
        form.typed_as_it_is("password"),
        source=source_of(request),
        now=clock.now(),
        device=request.COOKIES.get(DEVICE_COOKIE, ""),
    )
    if found.outcome != "ok" or found.user is None:
        return _not_let_in(request, found)
    login(request, found.user, backend=BACKEND)
    answer = redirect(_next(request))
    if found.device:
        answer.set_cookie(
            DEVICE_COOKIE,
            found.device,
            max_age=DEVICE_AGE,
            secure=settings.HTTPS,
            httponly=True,
            samesite="Strict",
        )
    return answer


def _not_let_in(request: HttpRequest, found: SignIn) -> HttpResponse:
    """Say why nobody was signed in, and when to try again where that is later."""
    status = STATUS.get(found.outcome, 422)
    answer = _form(request, _refused(found), status=status)
    if found.outcome == "busy":
        answer["Retry-After"] = str(RETRY_SECONDS)
    elif found.outcome == "wait" and found.until is not None:
        seconds = int((found.until - clock.now()).total_seconds())
        answer["Retry-After"] = str(max(1, seconds))
    return answer


def _refused(found: SignIn) -> str:
    """Say why nobody was signed in, alike for an unknown account and a wrong password."""
    if found.outcome == "busy":
        return _("这一刻登录的人太多，这次没有核对密码。请过两三秒再按一次“登录”。")
    if found.outcome == "wait" or found.until is not None:
        until = found.until.astimezone(CHINA).strftime("%H:%M") if found.until else ""
        words = _(
            "账号或者密码不对，而且试得太多：请等到 %(time)s 再试。账号和密码都对的，随时能登录，不用等。"
        )
        return words % {"time": until}
    if found.outcome == "conflict":
        return _("这个账号持有互相排斥的角色，暂不能登录；请找安全管理员处理。")
    return _("账号或者密码不对。请核对后再试；忘了密码请找安全管理员。")


def _form(request: HttpRequest, error: str, status: int = 200) -> HttpResponse:
    """Show the form, with what is wrong; the cursor stands where the next thing is typed."""
    typed = EnterForm.of(request).typed_as_it_is("username")[:MOST_SHOWN]
    form = EnterForm(initial={"username": typed})
    first = form.at("password" if error else "username")
    first.attributes = {**first.attributes, "autofocus": ""}
    context = {
        "error": error,
        "fields": form.asked(("username", "password")),
        "next": _next(request),
        "practice": settings.PRACTICE,
    }
    return render(request, "desk/shell/frame/sign_in.html", context, status=status)


def _next(request: HttpRequest) -> str:
    """Return where somebody goes after signing in: the page they asked for, if it is one of
    ours."""
    wanted = EnterForm.of(request).typed("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(
        wanted, {request.get_host()}, require_https=request.is_secure()
    )
    return wanted if wanted.startswith("/") and safe else reverse("desk:home")


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """End the session. Where the disk is too full to do so, this browser at least forgets it."""
    try:
        logout(request)
    except DatabaseError as error:
        if not disk_full(error):
            raise
        answer = no_room(request, error, signing_out=True)
        answer.delete_cookie(settings.SESSION_COOKIE_NAME)
        return answer
    return redirect("desk:sign_in")


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def choose_organ(seat: Seat) -> HttpResponse:
    """Let somebody who works in several organs say for which one now."""
    organs = organs_of_grants(grants_of(seat.user, seat.today))
    organ = OneOf(
        _("现在为哪个机关、单位工作"),
        type="organ",
        needed=True,
        choices=[(str(pk), organ_name(one, seat.language)) for pk, one in organs.items()],
        initial=seat.organ.pk if seat.organ else None,
    )
    form = form_of(seat.request, {"organ": organ})
    if form.value("organ"):
        seat.request.session[ORGAN_CHOSEN] = int(form.value("organ"))
        return redirect("desk:home")
    return seat.page("shell/frame/organ.html", "", field=form.at("organ"))
