"""Flags of an assessment on pages: rates that moved like a trick, each a question to somebody
and never a finding."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from dengwen.assessment.frozen.manifest import from_list
from dengwen.desk.shell.act.submit import zh
from dengwen.desk.shell.frame.seat import Seat
from dengwen.law.indicators.flags import too_few
from dengwen.law.indicators.indicator import Organ, Scheme

TRICKS = {
    "not_registering": ("不登记", "not registering"),
    "splitting": ("拆分", "splitting"),
    "linking": ("并件", "linking"),
    "recoding": ("改类别", "changing codes"),
    "extending": ("一律延期", "extending all"),
    "redirecting": ("以转送办结", "closing as forwarded"),
    "inviting_the_happy": ("只邀满意的", "inviting only the happy"),
    "rejecting_early": ("提前不予受理", "rejecting early"),
    "pressing_to_withdraw": ("劝其撤回", "pressing to withdraw"),
    "pushing_on": ("积压转下期", "pushing backlog on"),
    "entering_late": ("事后补录", "entering late"),
    "importing": ("导入代替办理", "importing instead of handling"),
    "not_supporting": ("不出支持意见", "avoiding supporting opinions"),
    "keeping_from_review": ("劝阻复查", "keeping from review"),
}
"""What a rate that moves like this can mean; also what an honest change can leave."""

CONTACT = "contact"
"""Kind of facts in which alone it shows that a matter was not registered."""


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
) -> list[Raised]:
    """Return the flags of the organs named, in the order of the names."""
    words = {w.id: (w.zh, w.en) for w in scheme.watches}
    order = {organ: place for place, organ in enumerate(names)}
    found = []
    for row in sorted(
        (f for f in said.get("flags", ()) if f["organ"] in order), key=lambda f: order[f["organ"]]
    ):
        found.append(
            Raised(
                names[row["organ"]],
                zh(seat, *words.get(row["watch"], (row["watch"],) * 2)),
                zh(seat, *TRICKS.get(row["trick"], (row["trick"],) * 2)),
                f"{row['numerator']}/{row['denominator']}",
                f"{row['past_numerator']}/{row['past_denominator']}",
                percent(row["expected"]),
                percent(row["rate"]),
                "< 0.0001" if float(row["probability"]) < 0.0001 else row["probability"][:6],
            )
        )
    return found


def unseen(
    seat: Seat, scheme: Scheme, said: Mapping[str, Any], names: Mapping[int, str]
) -> list[tuple[str, str]]:
    """Return of which organs a tenth of which tricks could stay unseen, in words: there no flag
    proves nothing.

    What was never registered is seen through contacts alone; of an organ without any, nothing can
    be seen of it.
    """
    organs = [Organ(o["organ"], o["name"], o["group"]) for o in said["population"]]
    now, before = (list(from_list(said.get(part, ()))) for part in ("watches", "past_watches"))
    words = {w.id: zh(seat, *TRICKS.get(w.trick, (w.trick,) * 2)) for w in scheme.watches}
    found: dict[int, list[str]] = {}
    seen = {(one.organ, one.indicator) for one in now if one.denominator}
    bare = [
        (o.organ, w.id)
        for w in scheme.watches
        if w.denominator.kind == CONTACT
        for o in organs
        if (o.organ, w.id) not in seen
    ]
    for organ, watch in (*bare, *too_few(scheme, now, before, organs)):
        found.setdefault(organ, []).append(words[watch])
    return [(names[o], _("、").join(found[o])) for o in names if o in found]


def percent(share: str) -> str:
    """Return a share of one, such as 0.1234, as per cent with one place."""
    return f"{float(share) * 100:.1f}%"


def compared_with(said: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the days of earlier years the flags compare with."""
    return [(first, last) for first, last in said.get("past", {}).get("periods", ())]
