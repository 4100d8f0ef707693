"""Evaluating by a one-time code: the sheet with the code, the two questions, and where the remedy
is.

Nothing about the rater is kept. A rating changes nothing in the matter, and the page says so and
names the remedy with
its last day. The code alone opens the form, so that a paper sheet is enough.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_http_methods, require_POST

from dengwen.access.keys.keyring import key_ring
from dengwen.access.login import throttle
from dengwen.access.login.source_address import source_of
from dengwen.cases.write.check import Refused
from dengwen.law.bilingual import words_in
from dengwen.petitions import ratings
from dengwen.petitions.errors import PetitionError
from dengwen.petitions.intake.online_submission import by_petitioner, is_token, new_token, uid_of
from dengwen.petitions.models import Evaluation
from dengwen.petitions.rating_figures import LEVELS
from dengwen.portal import clock
from dengwen.portal.follow import FORBIDDEN, LONGEST, TOO_MANY, look, matter, not_found
from dengwen.portal.own_text import OwnText
from dengwen.portal.page import page, show
from dengwen.portal.reasons import all_reasons
from dengwen.ui.dates import page_language
from dengwen.ui.form_fields import Asked, AskedForm, OneOf, form_of, pressed

SEND = "send"
UNPROCESSABLE = 422
FIELDS = ("competent", "department")
FREE = ("contacted", "rude")
"""What the petitioner may say beside the levels, or leave."""
YES_NO = {"yes": True, "no": False}


def level_words(level: str) -> str:
    """Return a level in words, in the language of the page."""
    words = {
        "satisfied": pgettext("rating level", "满意"),
        "basically": pgettext("rating level", "基本满意"),
        "dissatisfied": pgettext("rating level", "不满意"),
    }
    return words[level]


@page
@require_POST
def sheet(request: HttpRequest) -> HttpResponse:
    """Give the petitioner, known by number and query code, the own sheet with a fresh evaluation
    code."""
    now = clock.now()
    found = look(request, now)
    if found.case is None:
        return not_found(request, found)
    row = None if found.member else ratings.open_for(found.case)
    if row is None:
        return matter(request, found, now)
    token = CodeForm.of(request).value("token")
    code = _fresh(row, token if is_token(token) else new_token(), now)
    context = {
        "number": found.number,
        "evaluation_code": code,
        "carried": found.carried(),
        "token": new_token(),
        "competent": words_in(ratings.organ_named(row.competent), page_language()),
        "department": words_in(ratings.organ_named(row.department), page_language()),
        "last": ratings.last_day(row),
        "remedy_day": ratings.remedy_day(row),
    }
    return show(request, "evaluation_sheet", context)


def _fresh(row: Evaluation, token: str, now: datetime) -> str:
    """Return a new code, or "" where this form was sent before or the rating came in between."""
    try:
        return ratings.give_code(row, way="portal", by=by_petitioner(), now=now, uid=uid_of(token))
    except Refused:
        return ""


class CodeForm(AskedForm):
    """The evaluation code; `token` makes the rating happen once."""

    evaluation_code = OwnText(
        gettext_lazy("评价码"),
        needed=True,
        hint=gettext_lazy("二十个字母和数字，大小写、横线不要紧；不是查询码"),
    )
    token = OwnText()


@dataclass(slots=True)
class Answer:
    """What was typed before the levels: the code, and what is wrong with it."""

    code: str
    token: str
    wrong: str = ""
    status: int = FORBIDDEN


@page
@require_http_methods(["GET", "POST"])
def rate(request: HttpRequest) -> HttpResponse:
    """Ask for the code, then for the two levels; then thank, and say once more where the remedy
    is."""
    only_language = "language" in request.POST and not CodeForm.of(request).typed("evaluation_code")
    if request.method != "POST" or only_language:
        return _ask_code(request)
    now = clock.now()
    answer = _read(request)
    if answer.token and ratings_done(answer.token):
        return show(request, "rated", {"carried": []})
    row = _found(request, answer, now)
    if row is None:
        return _ask_code(request, answer.wrong, answer.status)
    form = _levels(request, row)
    if pressed(request) != SEND:
        return _form(request, row, answer, form.forgive())
    if form.errors:
        return _form(request, row, answer, form, status=UNPROCESSABLE)
    return _sent(request, row, answer, form, now)


def _ask_code(request: HttpRequest, wrong: str = "", status: int = 200) -> HttpResponse:
    """Ask for the code, with what is wrong with the one that was typed; it is not repeated."""
    code = CodeForm().at("evaluation_code")
    shown = code.but(errors=(wrong,) if wrong else (), attributes=CODE_INPUT)
    return show(request, "rate", {"code": shown, "drawn": [shown], "carried": []}, status=status)


CODE_INPUT = {"maxlength": str(LONGEST), "autocapitalize": "characters", "spellcheck": "false"}
"""How a code is typed: as it stands on the sheet."""


def _sides(row: Evaluation) -> list[str]:
    """Return the sides that are rated: the department only where one sent the matter on."""
    return [name for name in FIELDS if name == "competent" or row.department is not None]


def ratings_done(token: str) -> bool:
    """Say whether this form was sent before."""
    return is_token(token) and ratings.done_before(uid_of(token))


def _read(request: HttpRequest) -> Answer:
    """Read what was typed; a missing token becomes a new one."""
    form = CodeForm.of(request)
    token = form.value("token")
    code = form.value("evaluation_code")[:LONGEST]
    return Answer(code, token if is_token(token) else new_token())


def _found(request: HttpRequest, answer: Answer, now: datetime) -> Evaluation | None:
    """Find the evaluation of a code; wrong guesses count against the source, and all misses are
    the same."""
    key = key_ring().digest("recognise", "portal rating", source_of(request))
    row = ratings.find(answer.code)
    if row is not None:
        return row
    if throttle.wrong({key: throttle.FREE_OF_A_SOURCE}, now).counted:
        answer.wrong = _("没有这个评价码，或者它已经用过、已经换发。一件事项只评价一次。")
        return None
    answer.status = TOO_MANY
    answer.wrong = _(
        "没有这个评价码，而且从这里试错的次数太多：请过几分钟再试。对的评价码随时能用，不用等。"
    )
    return None


def _sent(
    request: HttpRequest, row: Evaluation, answer: Answer, form: AskedForm, now: datetime
) -> HttpResponse:
    """Write the rating and thank, or show the form again with what is wrong."""
    answer.wrong = _why_not_written(request, row, answer, form, now)
    if answer.wrong:
        return _form(request, row, answer, form, status=UNPROCESSABLE)
    return show(request, "rated", {"carried": [], "remedy_day": ratings.remedy_day(row)})


def _why_not_written(
    request: HttpRequest, row: Evaluation, answer: Answer, form: AskedForm, now: datetime
) -> str:
    """Write the rating; returns why it was not written, "" where it was."""
    rating = ratings.Rating(
        form.value("competent"),
        form.value("department"),
        **{name: YES_NO.get(form.value(name)) for name in FREE},
    )
    try:
        ratings.rate(row, rating, address=source_of(request), now=now, uid=uid_of(answer.token))
    except Refused as refused:
        return all_reasons(refused.reasons)
    except PetitionError as error:
        pair = (f"{error.zh}。{error.mend_zh}", f"{error.en}. {error.mend_en}")
        return words_in(pair, page_language())
    return ""


def _form(
    request: HttpRequest, row: Evaluation, answer: Answer, form: AskedForm, *, status: int = 200
) -> HttpResponse:
    context = {
        "fields": form.asked(),
        "carried": [("evaluation_code", answer.code), ("token", answer.token)],
        "whole_error": answer.wrong,
        "last": ratings.last_day(row),
        "remedy_day": ratings.remedy_day(row),
    }
    return show(request, "rate_form", context, status=status)


def _levels(request: HttpRequest, row: Evaluation) -> AskedForm:
    """Return the form of the rating: a level for each side, and two questions that may be left."""
    asked: dict[str, Asked] = {name: _level_asked(name, row) for name in _sides(row)}
    free = {
        "contacted": _("办理中有没有人联系过您？"),
        "rude": _("工作人员有没有态度恶劣、作风粗暴？"),
    }
    words = {"yes": _("有"), "no": pgettext("rate", "没有")}
    answers = [(value, words[value]) for value in YES_NO]
    for name in FREE:
        asked[name] = OneOf(free[name], choices=answers)
    return form_of(request, asked)


def _level_asked(name: str, row: Evaluation) -> OneOf:
    """Return the question for the level of one side: the competent organ or the department."""
    side = {
        "competent": _("有权处理的机关、单位"),
        "department": pgettext("rate", "信访部门"),
    }[name]
    organ = {"competent": row.competent, "department": row.department}[name]
    words = {"side": side, "organ": words_in(ratings.organ_named(organ), page_language())}
    return OneOf(
        _("%(side)s：%(organ)s") % words,
        needed=True,
        missing=_("请选一项。"),
        choices=[(level, level_words(level)) for level in LEVELS],
    )
