"""Satisfaction ratings at the desk: entered from a call or a paper by an organ that is not rated,
and the own sums.

The one-time code alone finds the evaluation; no number of a matter is shown, and a code of an own
matter is answered as
a wrong one. A department that sent a matter on prints the sheet with a fresh code; it is shown once
and kept nowhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from operator import attrgetter

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import pgettext, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from dengwen.access.keys.keyring import key_ring
from dengwen.access.login import throttle
from dengwen.assessment.facts.fact_words import outcome_pair
from dengwen.cases.case_numbers import read_number
from dengwen.cases.wall.visibility import countable, find
from dengwen.cases.write.check import Refused
from dengwen.desk.shell.act.act_refusals import UNPROCESSABLE, why_refused
from dengwen.desk.shell.act.code_words import quarter_words
from dengwen.desk.shell.frame.seat import FIGURES, Seat, at_desk, organ_name, uid_of
from dengwen.law.bilingual import words_in
from dengwen.organs.models import Organ
from dengwen.petitions import ratings
from dengwen.petitions.errors import PetitionError
from dengwen.petitions.models import Evaluation
from dengwen.petitions.rating_figures import (
    COMPETENT,
    DEPARTMENT,
    LEVELS,
    Quarter,
    floor_on,
    quarters_of,
)
from dengwen.ui.cells import Part, name_of, number, words
from dengwen.ui.form_fields import Asked, AskedField, AskedForm, OneOf, form_of, pressed
from dengwen.ui.list_table import Column, ListOf, ListTable

PAGE, SEND, LONGEST = "ratings", "send", 60
CODE, CHANNEL = "evaluation_code", "channel"
WHOSE = (CHANNEL, CODE)
"""What is asked before the levels: how a rating came, and the code that finds it."""
CHANNELS = ("phone", "paper")
FORBIDDEN = 403
QUARTERS = ListOf(
    caption=_lazy("按季度"),
    columns=(
        Column("quarter", _lazy("季度"), name_of("quarter"), sort=("year", "quarter")),
        Column(
            "side",
            pgettext_lazy("ratings", "身份"),
            words("side"),
            sort=("side", "year", "quarter"),
        ),
        Column("rated", _lazy("参与"), number("took_part")),
        Column("good", _lazy("满意"), Part("desk/petitions/_level.html")),
        Column("fair", _lazy("基本满意"), number("fair"), idle=attrgetter("hidden")),
        Column("bad", _lazy("不满意"), number("bad"), idle=attrgetter("hidden")),
        Column(
            "channels",
            _lazy("渠道"),
            Part("desk/petitions/_channels.html"),
            idle=attrgetter("hidden"),
        ),
    ),
    nothing=_lazy("还没有可以出数的季度。"),
    name="quarters",
)
"""Sorted by quarter and side alone: an order by levels would tell those that are hidden."""


def may_enter(seat: Seat) -> bool:
    """Say whether this seat enters ratings from calls and papers."""
    return seat.organ is not None and "clerk" in seat.capacities


def channel_words(channel: str) -> str:
    """Return a channel in words."""
    words = {
        "phone": pgettext("rating channel", "电话"),
        "paper": pgettext("rating channel", "纸质"),
        "portal": pgettext("rating channel", "网上"),
    }
    return words[channel]


@dataclass(slots=True)
class Entered:
    """What was typed: code, channel and levels, and what is wrong with it."""

    form: AskedForm
    code: str
    channel: str
    levels: tuple[tuple[str, str], ...]
    why: tuple[str, ...] = ()


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def ratings_page(seat: Seat) -> HttpResponse:
    """Ask for channel and code, then for the levels, and write the rating; below stand the own
    sums by quarter."""
    if not may_enter(seat) and not seat.roles & FIGURES:
        raise Http404
    if seat.request.method != "POST":
        return _page(seat, _read(seat))
    if not may_enter(seat):
        raise Http404
    asked = _read(seat)
    if CHANNEL not in asked.form.errors and asked.channel not in CHANNELS:
        asked.form.wrong(CHANNEL, _("请选择评价渠道：电话或者纸质。"))
    if asked.form.errors.keys() & set(WHOSE):
        return _page(seat, asked, status=UNPROCESSABLE)
    row = _found(seat, asked)
    if row is None:
        return _page(seat, asked, status=FORBIDDEN)
    if pressed(seat.request) != SEND:
        return _levels_page(seat, row, asked)
    return _write(seat, row, asked)


def _read(seat: Seat) -> Entered:
    """Read code, channel and levels."""
    form = form_of(seat.request, _fields(seat))
    levels = tuple((side, form.value(side)) for side in (COMPETENT, DEPARTMENT))
    code = form.value(CODE)[:LONGEST]
    return Entered(form, code, form.value(CHANNEL), levels)


def _fields(seat: Seat) -> dict[str, Asked]:
    """Return what is asked: the code, by which way the rating came, and a level for each side."""
    levels = [
        (level, words_in(outcome_pair("rating", level), seat.language).capitalize())
        for level in LEVELS
    ]
    channels = [(one, channel_words(one).capitalize()) for one in CHANNELS]
    return {
        CODE: Asked(
            _("评价码"),
            needed=True,
            hint=_("二十个字母和数字，大小写、横线不要紧；不是查询码"),
            attributes={
                "maxlength": str(LONGEST),
                "autocapitalize": "characters",
                "spellcheck": "false",
            },
        ),
        CHANNEL: OneOf(_("评价渠道"), needed=True, choices=channels),
        COMPETENT: OneOf(needed=True, choices=levels),
        DEPARTMENT: OneOf(needed=True, choices=levels),
    }


def _found(seat: Seat, asked: Entered) -> Evaluation | None:
    """Find what a code opens; wrong guesses count against the account, and a code of an own
    matter is a wrong one."""
    key = key_ring().digest("recognise", "desk rating", str(seat.user.pk))
    row = ratings.find(asked.code)
    if row is not None and not _rates_own_organ(seat, row):
        throttle.succeeded(key)
        return row
    if not throttle.wrong({key: throttle.FREE}, seat.now).counted:
        wrong = _("评价码不对，试错的次数太多，请过几分钟再试。对的评价码随时能用，不用等。")
    else:
        wrong = _(
            "没有这个评价码，或者已经用过、已经换发，或者评价的是本机关：被评价的机关不录入。"
        )
    asked.form.wrong(CODE, wrong)
    return None


def _rates_own_organ(seat: Seat, row: Evaluation) -> bool:
    """Say whether the evaluation is one of the organ of this seat."""
    return seat.organ is not None and seat.organ.pk in (row.competent_id, row.department_id)


def _sides(row: Evaluation) -> list[tuple[str, Organ]]:
    """Return the sides that are rated, each with its organ; the department only where there is
    one."""
    both = [(COMPETENT, row.competent), (DEPARTMENT, row.department)]
    return [(side, organ) for side, organ in both if organ is not None]


def _write(seat: Seat, row: Evaluation, asked: Entered) -> HttpResponse:
    """Write the rating, or ask for the levels again with what is wrong."""
    asked.why = _why_not_written(seat, row, asked)
    if asked.why or asked.form.errors:
        return _levels_page(seat, row, asked, status=UNPROCESSABLE)
    channel = channel_words(asked.channel)
    said = _("评价已写入存证，渠道：%(channel)s。评价码已经失效。") % {"channel": channel}
    messages.success(seat.request, said)
    return redirect("desk:ratings")


def _why_not_written(seat: Seat, row: Evaluation, asked: Entered) -> tuple[str, ...]:
    """Write the rating; returns why it was not written, () where it was. A level that lacks is
    noted at its field."""
    levels = dict(asked.levels)
    sides = [side for side, _organ in _sides(row)]
    for side in sides:
        if levels[side] not in LEVELS and side not in asked.form.errors:
            asked.form.wrong(side, _("每个单位各选一档。"))
    if asked.form.errors:
        return ()
    rating = ratings.Rating(levels[COMPETENT], levels[DEPARTMENT] if DEPARTMENT in sides else "")
    try:
        ratings.rate(
            row,
            rating,
            address="",
            now=seat.now,
            uid=uid_of(seat),
            channel=asked.channel,
            by=seat.by,
        )
    except (Refused, PetitionError) as error:
        return why_refused(error, seat.language)
    return ()


def _page(seat: Seat, asked: Entered, status: int = 200, lost: str = "") -> HttpResponse:
    """Ask for channel and code, and for the number of a sheet to print; `lost` is what is wrong
    with that number. The code is not repeated: it opens one rating."""
    enters = may_enter(seat)
    quarters = _sums(seat) if seat.roles & FIGURES else None
    channel, code = asked.form.asked(WHOSE)
    sheet = form_of(seat.request, {"number": Asked(_("登记编号"), needed=True)})
    if lost:
        sheet.wrong("number", lost)
    number = sheet.at("number")
    return seat.page(
        "petitions/ratings.html",
        PAGE,
        max(status, quarters.status if quarters is not None else status),
        why=asked.why,
        enters=enters,
        uid=uid_of(seat),
        channel=channel,
        code=code.but(typed=[]),
        number=number,
        drawn=[channel, code, number],
        prints=enters and seat.organ is not None and seat.organ.is_petition_office,
        quarters=quarters,
        floor=floor_on(seat.organ.pk if seat.organ else None, seat.today),
    )


def _levels_page(seat: Seat, row: Evaluation, asked: Entered, status: int = 200) -> HttpResponse:
    """Ask for the level of each organ that is rated."""
    return seat.page(
        "petitions/rating_form.html",
        PAGE,
        status,
        fields=[_level_field(seat, asked, side, organ) for side, organ in _sides(row)],
        asked=asked,
        why=asked.why,
        uid=uid_of(seat),
        channel=channel_words(asked.channel),
        last=ratings.last_day(row),
    )


def _level_field(seat: Seat, asked: Entered, side: str, organ: Organ) -> AskedField:
    """Return the question for the level of one organ."""
    heads = {COMPETENT: _("有权处理的机关、单位："), DEPARTMENT: _("信访部门：")}
    label = heads[side] + organ_name(organ, seat.language)
    return asked.form.at(side).but(label=label)


# --- the own sums ---------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Sum:
    """One side of one quarter in words; the levels are empty where too few rated."""

    quarter: str
    side: str
    invited: int
    rated: int
    hidden: bool
    levels: tuple[int, ...]
    channels: str
    own_network: int

    @property
    def took_part(self) -> str:
        """How many rated, of how many invited."""
        return f"{self.rated}/{self.invited}"

    @property
    def fair(self) -> str:
        """How many were rather satisfied, "" where it is hidden."""
        return "" if self.hidden else str(self.levels[1])

    @property
    def bad(self) -> str:
        """How many were not satisfied, "" where it is hidden."""
        return "" if self.hidden else str(self.levels[2])


def _sums(seat: Seat) -> ListTable:
    """Return the list of the sums of the own organ by quarter."""
    quarters: Sequence[Quarter] = ()
    if seat.organ is not None:
        quarters = quarters_of(seat.organ.pk, seat.today, countable(seat.viewer))
    return QUARTERS.shown(
        seat.request.GET, quarters, lambda shown: [_sum(seat, one) for one in shown]
    )


def _sum(seat: Seat, one: Quarter) -> Sum:
    """Return one side of one quarter in words."""
    side = _("作为信访部门") if one.side == DEPARTMENT else _("作为有权处理的机关、单位")
    channels = [f"{channel_words(channel)} {number}" for channel, number in one.channels]
    return Sum(
        quarter_words(seat, one.year, one.quarter),
        side,
        one.invited,
        one.rated,
        one.hidden,
        tuple(number for _level, number in one.levels),
        _("，").join(channels),
        one.own_network,
    )


# --- the printed sheet ----------------------------------------------------------------------------
@require_POST
@at_desk
def print_sheet(seat: Seat) -> HttpResponse:
    """Print the evaluation sheet of a matter with a fresh code: the department that sent it on,
    nobody else."""
    if not may_enter(seat) or seat.organ is None:
        raise Http404
    row = _to_print(seat, form_of(seat.request, {"number": Asked()}).value("number"))
    if row is None:
        lost = _(
            "没有这个编号，或者这件没有待评价的评价单，或者不是由本机关转送的。登记员看不到的较早的件，由登记主管打印。"
        )
        return _page(seat, _read(seat), status=FORBIDDEN, lost=lost)
    try:
        code = ratings.give_code(row, way="paper", by=seat.by, now=seat.now, uid=uid_of(seat))
    except (Refused, PetitionError) as error:
        why = why_refused(error, seat.language)
        return _page(seat, replace(_read(seat), why=why), status=UNPROCESSABLE)
    return seat.page(
        "petitions/rating_sheet.html",
        PAGE,
        number=row.petition.number,
        evaluation_code=code,
        last=ratings.last_day(row),
        organs=[organ_name(organ, seat.language) for _side, organ in _sides(row)],
        remedy_day=ratings.remedy_day(row),
    )


def _to_print(seat: Seat, text: str) -> Evaluation | None:
    """Return the open evaluation of a matter that this organ sent on; None for everything else."""
    try:
        case = find(seat.viewer, seat.today, read_number(text.strip()))
    except ValueError:
        return None
    row = ratings.open_for(case) if case is not None else None
    if row is None or seat.organ is None or row.department_id != seat.organ.pk:
        return None
    return row
