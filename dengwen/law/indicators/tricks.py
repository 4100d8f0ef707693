"""Who would gain by which trick: every trick played against a scheme, in whole numbers and without
chance.

An organ of 1 000 matters, 250 of them hard; each trick takes the hard ones first. It answers for
any scheme, since it asks only what an indicator counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from dengwen.law.indicators.flags import flags
from dengwen.law.indicators.indicator import Count, Organ, Scheme, Selector
from dengwen.law.indicators.score import score

Cell = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Gain:
    """What a trick at a share of the load would pay: total before and after.

    `watches` look for it; `seen` are those of them that would raise a flag, the profile being the
    organ's own past.
    """

    trick: str
    zh: str
    en: str
    share: Decimal
    before: Decimal | None
    after: Decimal | None
    watches: tuple[str, ...]
    seen: tuple[str, ...] = ()

    @property
    def gain(self) -> Decimal:
        """Points won; zero where there is no total."""
        return Decimal(0) if self.before is None or self.after is None else self.after - self.before


PROFILE: Mapping[Cell, tuple[int, int]] = {
    ("registration", "in_time", ""): (230, 740),
    ("registration", "late", ""): (20, 10),
    ("notification", "in_time", ""): (220, 730),
    ("notification", "late", ""): (30, 20),
    ("conclusion", "in_time", ""): (150, 720),
    ("conclusion", "late", ""): (80, 25),
    ("conclusion", "missed", ""): (20, 5),
    ("objection", "upheld", ""): (6, 18),
    ("objection", "refused", ""): (14, 42),
    ("resolution", "settled", ""): (110, 690),
    ("resolution", "reviewed", ""): (60, 20),
    ("resolution", "repeated", ""): (80, 40),
    ("review", "upheld", ""): (42, 17),
    ("review", "changed", ""): (11, 2),
    ("review", "revoked", ""): (7, 1),
    ("execution", "done", ""): (40, 170),
    ("execution", "late", ""): (12, 15),
    ("execution", "missed", ""): (8, 5),
    ("invitation", "rated", ""): (80, 230),
    ("invitation", "unrated", ""): (140, 420),
    ("contact", "registered", ""): (150, 450),
    ("extension", "", ""): (70, 25),
    ("refusal", "", ""): (10, 40),
    ("recoding", "class", ""): (8, 22),
    ("link", "", ""): (10, 30),
    ("redirect", "", ""): (20, 60),
    ("split", "", ""): (5, 15),
    ("withdrawal", "", ""): (15, 25),
    ("backlog", "", ""): (30, 60),
    **{
        ("rating", o, s): n
        for s in ("competent", "department")
        for o, n in (("satisfied", (20, 160)), ("basically", (16, 52)), ("dissatisfied", (44, 18)))
    },
}
"""(of hard matters, of easy matters) for each kind, outcome and sort."""
ASIDE: Mapping[Cell, int] = {
    ("suggestion", "adopted", ""): 20,
    ("suggestion", "partly", ""): 8,
    ("suggestion", "refused", ""): 8,
    ("suggestion", "unanswered", ""): 4,
    ("leader_duty", "in_time", ""): 53,
    ("leader_duty", "late", ""): 5,
    ("leader_duty", "missed", ""): 2,
    ("finding", "rectified", ""): 26,
    ("finding", "overdue", ""): 4,
    ("reply_sample", "good", ""): 30,
    ("reply_sample", "fair", ""): 21,
    ("reply_sample", "poor", ""): 9,
}
HARD = 250
Tally = Counter[Cell]


def _drop(tally: Tally, kinds: tuple[str, ...], many: int) -> None:
    """Take away what so many hard matters (at most 250) left in these kinds."""
    for (kind, outcome, sort), (hard, _) in PROFILE.items():
        if kind in kinds:
            tally[kind, outcome, sort] -= hard * min(many, HARD) // HARD


def _turn(tally: Tally, kind: str, bad: tuple[str, ...], good: str, many: int) -> None:
    """Make so many bad outcomes good ones."""
    for outcome in bad:
        moved = min(many, tally[kind, outcome, ""])
        tally[kind, outcome, ""] -= moved
        tally[kind, good, ""] += moved
        many -= moved


AFTER = ("resolution", "review", "execution", "invitation", "rating")
WORK = ("conclusion", "extension", *AFTER)


def _unregistered(tally: Tally, many: int) -> None:
    _drop(tally, ("registration", "notification", "objection", "contact", *WORK), many)
    tally["contact", "unregistered", ""] += 3 * many // 5


def _split(tally: Tally, many: int) -> None:
    for kind, outcome in (
        ("registration", "in_time"),
        ("notification", "in_time"),
        ("conclusion", "in_time"),
    ):
        tally[kind, outcome, ""] += many
    tally["resolution", "settled", ""] += many
    tally["split", "", ""] += many


def _aside(kind: str, outcome: str = "") -> Callable[[Tally, int], None]:
    def trick(tally: Tally, many: int) -> None:
        _drop(tally, WORK, many)
        tally[kind, outcome, ""] += many

    return trick


def _closed(kind: str) -> Callable[[Tally, int], None]:
    def trick(tally: Tally, many: int) -> None:
        _drop(tally, AFTER, many)
        _turn(tally, "conclusion", ("missed", "late"), "in_time", many * 2 // 5)
        tally[kind, "", ""] += many

    return trick


def _extend(tally: Tally, many: int) -> None:
    _turn(tally, "conclusion", ("missed", "late"), "in_time", many)
    tally["extension", "", ""] += many


def _happy(tally: Tally, many: int) -> None:
    for sort in ("competent", "department"):
        tally["rating", "dissatisfied", sort] -= min(many, tally["rating", "dissatisfied", sort])
    gone = min(many, 62)
    tally["invitation", "rated", ""] -= gone
    tally["invitation", "unrated", ""] -= min(many - gone, tally["invitation", "unrated", ""])


def _push(tally: Tally, many: int) -> None:
    for outcome in ("missed", "late"):
        moved = min(many, tally["conclusion", outcome, ""])
        tally["conclusion", outcome, ""] -= moved
        tally["conclusion", "open", ""] += moved
        tally["backlog", "", ""] += moved
        many -= moved


def _quiet(tally: Tally, many: int) -> None:
    for outcome in ("revoked", "changed", "upheld"):
        gone = min(many, tally["review", outcome, ""])
        tally["review", outcome, ""] -= gone
        _turn(tally, "resolution", ("reviewed",), "settled", gone)
        many -= gone


def _unsupported(tally: Tally, many: int) -> None:
    for outcome in ("missed", "late", "done"):
        gone = min(many, tally["execution", outcome, ""])
        tally["execution", outcome, ""] -= gone
        many -= gone


TRICKS: Mapping[str, tuple[str, str, Callable[[Tally, int], None]]] = {
    "not_registering": ("不登记", "do not register", _unregistered),
    "splitting": ("拆分", "split easy matters", _split),
    "linking": ("并入其他事项", "link into other matters", _aside("link")),
    "recoding": ("改类别", "re-code", _aside("recoding", "class")),
    "extending": ("一律延期", "extend all", _extend),
    "redirecting": ("以转送办结", "close as forwarded", _closed("redirect")),
    "inviting_the_happy": ("只邀满意的评价", "invite only the happy", _happy),
    "rejecting_early": ("提前不予受理", "reject early", _aside("refusal")),
    "pressing_to_withdraw": ("劝其撤回", "press to withdraw", _closed("withdrawal")),
    "pushing_on": ("积压转下期", "push backlog into the next period", _push),
    "keeping_from_review": ("劝阻复查", "keep from review", _quiet),
    "not_supporting": ("不出支持意见", "avoid supporting opinions", _unsupported),
}
SHARES = (Decimal("0.01"), Decimal("0.10"), Decimal("0.25"))


def _select(tally: Tally, selector: Selector) -> int:
    return sum(
        n
        for (kind, outcome, sort), n in tally.items()
        if kind == selector.kind
        and (not selector.outcome or outcome in selector.outcome)
        and (not selector.sort or sort in selector.sort)
    )


def _counts(scheme: Scheme, tally: Tally) -> Iterator[Count]:
    for one in scheme.indicators:
        part, whole = _select(tally, one.numerator), _select(tally, one.denominator)
        yield Count(1, one.id, part, max(part, whole))


def _seen(scheme: Scheme, trick: str, before: Tally, after: Tally) -> tuple[str, ...]:
    """Return the watches on a trick that raise a flag where an organ goes from one tally to the
    other."""
    group = scheme.groups[0].id if scheme.groups else ""

    def counted(tally: Tally) -> list[Count]:
        return [
            Count(1, w.id, _select(tally, w.numerator), _select(tally, w.denominator))
            for w in scheme.watches
            if w.trick == trick
        ]

    raised = flags(scheme, counted(after), counted(before), [Organ(1, "示例局", group)])
    return tuple(sorted({f.watch for f in raised if f.trick == trick}))


def simulate(scheme: Scheme) -> tuple[Gain, ...]:
    """Return what each trick at 1, 10 and 25 % of the load would pay an organ under this scheme."""
    organs = [Organ(1, "示例局", scheme.groups[0].id if scheme.groups else "")]
    before = Counter({cell: hard + easy for cell, (hard, easy) in PROFILE.items()}) + Counter(ASIDE)
    start = score(scheme, _counts(scheme, before), organs).total(1).total
    found = []
    for name, (zh, en, trick) in TRICKS.items():
        watches = tuple(w.id for w in scheme.watches if w.trick == name)
        for share in SHARES:
            tally = before.copy()
            trick(tally, int(1000 * share))
            end = score(scheme, _counts(scheme, tally), organs).total(1).total
            found.append(
                Gain(name, zh, en, share, start, end, watches, _seen(scheme, name, before, tally))
            )
    return tuple(found)
