"""Tricks and honest changes for the gaming table: what each does to the matters of an organ.

A trick takes the matters that cost most; an honest change does not choose. `size` is a share of the
organ's load.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random

from tools.gaming_world import NOW, Matter, Rates, matter, year

BAD = ("late", "missed")


def _worst(matters: list[Matter], size: float) -> list[Matter]:
    """Return the matters a trick would take: the costliest first, the still open ones last."""
    order = sorted(matters, key=lambda m: (-m.badness, m.concluded == "open", m.number))
    return order[: round(size * len(matters))]


def _mark(name: str) -> Callable[[list[Matter], float], None]:
    def trick(matters: list[Matter], size: float) -> None:
        for one in _worst(matters, size):
            one.marks.add(name)
            one.concluded, one.entered = "in_time", "timely"
            one.told = "in_time"

    return trick


def not_registering(matters: list[Matter], size: float) -> None:
    """The matter is never written down; only who was counted at the gate or rang is seen from
    outside."""
    for one in _worst(matters, size):
        one.marks.add("gone")
        one.hidden = True


def splitting(matters: list[Matter], size: float) -> None:
    """An easy, well settled matter becomes two."""
    for one in _worst(matters, 1)[::-1][: round(size * len(matters))]:
        one.doubled = True
        one.marks.add("split")


def recoding(matters: list[Matter], size: float) -> None:
    """A claim becomes a suggestion, which has no time limit and no review."""
    for one in _worst(matters, size):
        one.marks.add("recoding")
        one.claim = False
        one.told = "in_time"


def extending(matters: list[Matter], size: float) -> None:
    """Late or not, it is extended, and what was late is now in time."""
    late = [m for m in _worst(matters, 1) if m.concluded in BAD]
    others = [m for m in matters if m.concluded not in BAD]
    for one in [*late, *others][: round(size * len(matters))]:
        one.marks.add("extension")
        if one.concluded in BAD:
            one.concluded = "in_time"


def inviting_the_happy(matters: list[Matter], size: float) -> None:
    """Whoever will be unhappy, and then whoever would not answer, gets no code."""
    order = sorted(
        matters, key=lambda m: (m.rating != "dissatisfied", bool(m.rating), not m.invited, m.number)
    )
    for one in order[: round(size * len(matters))]:
        one.invited, one.rating = False, ""


def pushing_on(matters: list[Matter], size: float) -> None:
    """What would be late stays open into the next period."""
    late = [m for m in _worst(matters, 1) if m.concluded != "open"]
    for one in late[: round(size * len(matters))]:
        one.concluded = "open"


def entering_late(matters: list[Matter], size: float) -> None:
    """What was late is entered afterwards as done in time."""
    late = [m for m in _worst(matters, 1) if m.concluded != "open"]
    for one in late[: round(size * len(matters))]:
        one.concluded, one.entered = "in_time", "late"


def extending_afterwards(matters: list[Matter], size: float) -> None:
    """What was late gets an extension that is entered after the day: it stays late, and the
    extension is a claim."""
    for one in _late(matters, size):
        one.marks.add("extension")
        one.excuse = "extension"


def leave_afterwards(matters: list[Matter], size: float) -> None:
    """What was late gets a leave of its handler that is entered after the day: it stays late."""
    for one in _late(matters, size):
        one.excuse = "leave"


def withdrawn_afterwards(matters: list[Matter], size: float) -> None:
    """What was late is entered afterwards as withdrawn before the day: it stays missed, and nothing
    comes of it any more."""
    for one in _late(matters, size):
        one.marks.add("withdrawal")
        one.concluded, one.excuse = "missed", "withdrawal"


def _late(matters: list[Matter], size: float) -> list[Matter]:
    """Return so many of the matters that were late, the costliest first."""
    late = [m for m in _worst(matters, 1) if m.concluded in BAD]
    return late[: round(size * len(matters))]


def keeping_from_review(matters: list[Matter], size: float) -> None:
    """Petitioners are talked out of asking for review."""
    order = sorted(
        matters, key=lambda m: (m.review not in {"changed", "revoked"}, not m.review, m.number)
    )
    for one in order[: round(size * len(matters))]:
        if one.review:
            one.review, one.resolution = "", "settled"


def not_supporting(matters: list[Matter], size: float) -> None:
    """Opinions that would be hard to execute are written so that there is nothing to execute."""
    order = sorted(matters, key=lambda m: (m.execution not in BAD, not m.execution, m.number))
    for one in order[: round(size * len(matters))]:
        one.execution = ""


TRICKS: dict[str, tuple[str, str, Callable[[list[Matter], float], None]]] = {
    "not_registering": ("不登记", "do not register", not_registering),
    "splitting": ("拆分", "split easy matters", splitting),
    "linking": ("并入其他事项", "link into other matters", _mark("link")),
    "recoding": ("改类别", "re-code", recoding),
    "extending": ("一律延期", "extend all", extending),
    "redirecting": ("以转送办结", "close as forwarded", _mark("redirect")),
    "inviting_the_happy": ("只邀满意的评价", "invite only the happy", inviting_the_happy),
    "rejecting_early": ("提前不予受理", "reject early", _mark("refusal")),
    "pressing_to_withdraw": ("劝其撤回", "press to withdraw", _mark("withdrawal")),
    "pushing_on": ("积压转下期", "push backlog into the next period", pushing_on),
    "entering_late": ("事后补录", "enter late as in time", entering_late),
    "extending_afterwards": ("事后延期", "extend afterwards", extending_afterwards),
    "leave_afterwards": ("事后补假", "leave afterwards", leave_afterwards),
    "withdrawn_afterwards": ("事后撤回", "withdrawn afterwards", withdrawn_afterwards),
    "keeping_from_review": ("劝阻复查", "keep from review", keeping_from_review),
    "not_supporting": ("不出支持意见", "avoid supporting opinions", not_supporting),
}


@dataclass(frozen=True)
class Year:
    """What an honest change works with: randomness, the organ's rates, its matters, the size."""

    random: Random
    rates: Rates
    matters: list[Matter]
    size: float

    @property
    def many(self) -> int:
        """So many matters are of this size."""
        return round(self.size * len(self.matters))

    def some(self) -> list[Matter]:
        """Choose so many matters blindly."""
        return self.random.sample(self.matters, self.many)

    def more(self, rates: Rates | None = None, tail: bool = False) -> list[Matter]:
        """Draw so many new matters."""
        first = len(self.matters) + 1
        return [
            matter(self.random, rates or self.rates, first + i, NOW, tail) for i in range(self.many)
        ]


def flood(y: Year) -> list[Matter]:
    """More petitions for the same staff: more are late, and somewhat more are extended."""
    pressed = {**y.rates}
    for name in ("late_hard", "late_easy", "told_late", "registered_late"):
        pressed[name] = min(0.9, pressed[name] * (1 + y.size))
    for name in ("extended_hard", "extended_easy"):
        pressed[name] *= 1 + 0.3 * y.size
    return year(y.random, pressed, len(y.matters) + y.many, NOW)


def new_clerk(y: Year) -> list[Matter]:
    """A new clerk registers and tells late, and mends a few codes."""
    for one in y.some():
        one.registered, one.told = y.random.choice(["late", "in_time"]), "late"
        if y.random.random() < 0.04:
            one.marks.add("recoding")
    return y.matters


def merger(y: Year) -> list[Matter]:
    """Another organ with habits of its own is merged into this one; its past comes along."""
    return y.matters + y.more(other_habits(y.rates))


def other_habits(rates: Rates) -> Rates:
    """Return the rates of the organ that is merged in: it forwards, links and extends more, and
    is slower."""
    return {
        **rates,
        **{
            k: min(0.9, rates[k] * 1.6)
            for k in ("redirected", "linked", "extended_hard", "late_hard", "recoded")
        },
    }


def late_calendar(y: Year) -> list[Matter]:
    """The calendar came late: what was thought in time was not, and some is extended (all organs
    alike)."""
    for one in y.some():
        if one.concluded == "in_time" and y.random.random() < 0.3:
            one.concluded = "late"
        elif y.random.random() < 0.2:
            one.marks.add("extension")
    return y.matters


def better_work(y: Year) -> list[Matter]:
    """Real improvement: matters are settled, in time and to satisfaction."""
    for one in y.some():
        one.concluded = "in_time" if one.concluded in BAD else one.concluded
        one.resolution, one.review = (
            ("settled", "") if y.random.random() < 0.5 else (one.resolution, one.review)
        )
        one.rating = (
            "satisfied" if one.rating == "dissatisfied" and y.random.random() < 0.5 else one.rating
        )
    return y.matters


def new_hotline(y: Year) -> list[Matter]:
    """A telephone line brings more, easier matters, each seen from outside."""
    return y.matters + y.more({**y.rates, "seen": 1.0, "hard": y.rates["hard"] * 0.6})


def busy_autumn(y: Year) -> list[Matter]:
    """So many of the year's matters come in the last sixty days; half of them are rightly still
    open."""
    return y.matters[y.many :] + y.more(tail=True)


def illness(y: Year) -> list[Matter]:
    """Staff is missing: so many are late who were not."""
    for one in y.some():
        one.concluded = "late" if one.concluded == "in_time" else one.concluded
    return y.matters


def new_law(y: Year) -> list[Matter]:
    """A new law moves a field to another path: more is rightly not accepted (all organs alike)."""
    for one in y.some():
        if y.random.random() < 0.3:
            one.marks.add("refusal")
    return y.matters


def campaign(y: Year) -> list[Matter]:
    """Everybody is invited to evaluate, and more answer, happy or not."""
    for one in y.some():
        if not one.rating and one.concluded != "open":
            one.invited = True
            one.rating = y.random.choice(["satisfied", "basically", "dissatisfied"])
    return y.matters


def harder_matters(y: Year) -> list[Matter]:
    """Harder matters come: more late, extended, reviewed, repeated, dissatisfied."""
    return year(y.random, {**y.rates, "hard": y.rates["hard"] * (1 + y.size)}, len(y.matters), NOW)


def extended_in_time(y: Year) -> list[Matter]:
    """Expert reports are needed everywhere: extensions are entered before the day, and what would
    have been late is in time (all organs alike)."""
    for one in y.some():
        if one.concluded in BAD:
            one.concluded = "in_time"
        if one.hard:
            one.marks.add("extension")
    return y.matters


def leave_in_time(y: Year) -> list[Matter]:
    """Handlers are on leave, entered before the day: so many are done on return, and late."""
    for one in y.some():
        if one.hard and one.concluded == "in_time":
            one.concluded = "late"
    return y.matters


def withdrawn_in_time(y: Year) -> list[Matter]:
    """A common cause is gone, and petitioners withdraw before the day (all organs alike)."""
    for one in y.some():
        if one.concluded in BAD or y.random.random() < 0.2:
            one.concluded = "in_time"
            one.marks.add("withdrawal")
    return y.matters


def more_suggestions(y: Year) -> list[Matter]:
    """More of what comes is a suggestion from the first day on."""
    for one in y.some():
        one.claim = False
    return y.matters


HONEST: dict[str, tuple[str, str, Callable[[Year], list[Matter]]]] = {
    "flood": ("来件激增", "a flood of new petitions", flood),
    "new_clerk": ("新手经办", "a new clerk", new_clerk),
    "merger": ("机构合并", "a merger of organs", merger),
    "late_calendar": ("放假安排公布晚", "a late calendar", late_calendar),
    "better_work": ("工作确有改进", "work that is really better", better_work),
    "new_hotline": ("新开热线", "a new telephone line", new_hotline),
    "busy_autumn": ("年底集中", "a busy end of the year", busy_autumn),
    "illness": ("人手不足", "staff missing", illness),
    "new_law": ("新法改变途径", "a new law moves a field", new_law),
    "campaign": ("广泛邀请评价", "all are invited to evaluate", campaign),
    "harder_matters": ("事项更难", "harder matters", harder_matters),
    "more_suggestions": ("建议增多", "more suggestions", more_suggestions),
    "extended_in_time": ("事前延期", "extensions entered in time", extended_in_time),
    "leave_in_time": ("事前登记的休假", "leave entered in time", leave_in_time),
    "withdrawn_in_time": ("事前撤回", "withdrawals entered in time", withdrawn_in_time),
}
FOR_ALL = frozenset({"late_calendar", "new_law", "extended_in_time", "withdrawn_in_time"})
"""Changes that befall every comparable organ in the same period."""


def copied(matters: list[Matter]) -> list[Matter]:
    """Return matters that can be changed without touching the originals."""
    return [replace(m, marks=set(m.marks)) for m in matters]
