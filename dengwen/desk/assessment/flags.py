"""Flags of an assessment on pages: rates that moved like a trick, each a question to somebody
and never a finding."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import pgettext_lazy

from dengwen.assessment.frozen.manifest import from_list
from dengwen.desk.shell.frame.seat import Seat
from dengwen.law.bilingual import words_in
from dengwen.law.indicators.flags import too_few
from dengwen.law.indicators.indicator import Count, Organ, Scheme
from dengwen.ui.cells import Part, name_of, number, words
from dengwen.ui.list_table import Column, ListOf, ListTable

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

TRICKS: Mapping[str, StrPromise] = {
    "not_registering": pgettext_lazy("trick", "不登记"),
    "splitting": pgettext_lazy("trick", "拆分"),
    "linking": pgettext_lazy("trick", "并件"),
    "recoding": pgettext_lazy("trick", "改类别"),
    "extending": pgettext_lazy("trick", "一律延期"),
    "redirecting": pgettext_lazy("trick", "以转送办结"),
    "inviting_the_happy": pgettext_lazy("trick", "只邀满意的"),
    "rejecting_early": pgettext_lazy("trick", "提前不予受理"),
    "pressing_to_withdraw": pgettext_lazy("trick", "劝其撤回"),
    "pushing_on": pgettext_lazy("trick", "积压转下期"),
    "entering_late": pgettext_lazy("trick", "事后补录"),
    "extending_afterwards": pgettext_lazy("trick", "事后延期"),
    "leave_afterwards": pgettext_lazy("trick", "事后补假"),
    "withdrawn_afterwards": pgettext_lazy("trick", "事后撤回"),
    "importing": pgettext_lazy("trick", "导入代替办理"),
    "not_supporting": pgettext_lazy("trick", "不出支持意见"),
    "keeping_from_review": pgettext_lazy("trick", "劝阻复查"),
}
"""What a rate that moves like this can mean; also what an honest change can leave."""

CONTACT = "contact"
"""Kind of facts in which alone it shows that a matter was not registered."""


FLAGS = ListOf(
    caption=_lazy("异常提示"),
    columns=(
        Column("organ", _lazy("机关、单位"), name_of("organ")),
        Column("rate", _lazy("哪个比率"), words("rate")),
        Column("found", _lazy("本期"), Part("desk/assessment/_flag_share.html")),
        Column("before", _lazy("以往"), number("before")),
        Column("expected", _lazy("按以往和同组应为"), number("expected")),
        Column("chance", _lazy("偶然的可能"), number("chance")),
        Column("trick", _lazy("可以是"), words("trick")),
    ),
)
"""The flags of an assessment, in the order of its organs."""


@dataclass(frozen=True, slots=True)
class Raised:
    """One flag in words: the rate, what it can mean, now and before as integers and shares, the
    chance in words."""

    organ: str
    rate: str
    trick: str
    now: str
    before: str
    expected: str
    found: str
    chance: str


def raised(
    seat: Seat, scheme: Scheme, said: Mapping[str, Any], names: Mapping[int, str]
) -> ListTable:
    """Return the flags of the organs named, in the order of the names."""
    rates = {watch.id: words_in(watch, seat.language) for watch in scheme.watches}
    flags = said.get("flags", ())
    found = []
    for organ, name in names.items():
        for row in flags:
            if row["organ"] == organ:
                rate = rates.get(row["watch"], row["watch"])
                found.append(_raised(row, name, rate))
    return FLAGS.fixed(found)


def _raised(row: Mapping[str, Any], organ: str, rate: str) -> Raised:
    """Return one flag in words."""
    tiny = float(row["probability"]) < 0.0001
    return Raised(
        organ=organ,
        rate=rate,
        trick=trick_words(row["trick"]),
        now=f"{row['numerator']}/{row['denominator']}",
        before=f"{row['past_numerator']}/{row['past_denominator']}",
        expected=percent(row["expected"]),
        found=percent(row["rate"]),
        chance="< 0.0001" if tiny else row["probability"][:6],
    )


def trick_words(trick: str) -> str:
    """Return a trick in words; the code itself where it has none."""
    return str(TRICKS.get(trick, trick))


def unseen(
    scheme: Scheme, said: Mapping[str, Any], names: Mapping[int, str]
) -> list[tuple[str, str]]:
    """Return of which organs a tenth of which tricks could stay unseen, in words: there no flag
    proves nothing.

    What was never registered is seen through contacts alone; of an organ without any, nothing can
    be seen of it.
    """
    named = {watch.id: trick_words(watch.trick) for watch in scheme.watches}
    tricks: dict[int, list[str]] = {}
    for organ, watch in _blind(scheme, said):
        tricks.setdefault(organ, []).append(named[watch])
    found = []
    for organ, name in names.items():
        if organ in tricks:
            found.append((name, _("、").join(tricks[organ])))
    return found


def _blind(scheme: Scheme, said: Mapping[str, Any]) -> list[tuple[int, str]]:
    """Return the (organ, watch) where a trick could raise no flag."""
    organs = [Organ(one["organ"], one["name"], one["group"]) for one in said["population"]]
    now = list(from_list(said.get("watches", ())))
    before = list(from_list(said.get("past_watches", ())))
    bare = _without_contacts(scheme, organs, now)
    few = too_few(scheme, now, before, organs)
    return [*bare, *few]


def _without_contacts(
    scheme: Scheme, organs: Sequence[Organ], now: Sequence[Count]
) -> list[tuple[int, str]]:
    """Return the (organ, watch) where a watch looks at contacts and the organ had none."""
    seen = {(count.organ, count.indicator) for count in now if count.denominator}
    found = []
    for watch in scheme.watches:
        if watch.denominator.kind != CONTACT:
            continue
        for organ in organs:
            if (organ.organ, watch.id) not in seen:
                found.append((organ.organ, watch.id))
    return found


def percent(share: str) -> str:
    """Return a share of one, such as 0.1234, as per cent with one place."""
    return f"{float(share) * 100:.1f}%"


def compared_with(said: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the days of earlier years the flags compare with: the first and the last of each."""
    past = said.get("past", {})
    return [(first, last) for first, last in past.get("periods", ())]
