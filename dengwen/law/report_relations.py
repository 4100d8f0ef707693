"""How the figures of a published report hang together: sums, shares, changes, margins of a table.

All arithmetic is on exact fractions of what is printed; a share agrees where the exact value lies
within half of the printed step, so both directions of rounding an exact half are accepted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

NO_NOTE = ("", "")
RELATIONS: Mapping[str, frozenset[str]] = {
    "sum": frozenset({"total", "plus", "minus", "per"}),
    "share": frozenset({"part", "whole", "printed", "step"}),
    "quotient": frozenset({"dividend", "by", "printed", "step"}),
    "count": frozenset({"entries", "printed"}),
    "weighted": frozenset({"entries", "total"}),
    "change": frozenset({"now", "before", "printed", "step"}),
    "margins": frozenset({"cells", "total"}),
}
"""What one rule can say, and with which keys beside `relation`, `zh`, `en`:

`sum` total = plus − minus (`per`: the total is in units of so many, rounded); `share` printed % of
part in whole;
`quotient` printed = dividend / by; `count` printed = how many entries; `weighted` total = each
entry times the number
it is named by; `change` printed % = growth of now over before (without `before`: over some whole
number); `margins` in
a table of rows and columns, the row and the column called `total` are the sums of the others."""


Figures = Mapping[str, Decimal]
"""Every number of a report by its path, in the order of the report."""


@dataclass(frozen=True)
class Rule:
    """One relation that must hold between figures of a report."""

    relation: str
    zh: str
    en: str
    said: Mapping[str, Any]

    def words(self, key: str) -> tuple[str, ...]:
        """Return the paths under a key, none where it is not said."""
        value = self.said.get(key, ())
        return (value,) if isinstance(value, str) else tuple(value)


@dataclass(frozen=True)
class Finding:
    """A figure that does not follow: which relation, what it gives, what is printed, and which
    figures take part."""

    rule: Rule
    figure: str
    computed: str
    printed: str
    figures: tuple[str, ...]
    note: tuple[str, str] = ("", "")

    def as_dict(self) -> dict[str, Any]:
        """Return the finding as plain data."""
        return {
            "relation": self.rule.relation,
            "zh": self.rule.zh,
            "en": self.rule.en,
            "figure": self.figure,
            "computed": self.computed,
            "printed": self.printed,
            "figures": list(self.figures),
            "note_zh": self.note[0],
            "note_en": self.note[1],
        }


class MissingFigureError(Exception):
    """A figure that a rule needs is not in the report."""


def matching(pattern: str, figures: Figures) -> list[str]:
    """Return the paths a pattern stands for; `*` is exactly one step of a path."""
    wanted = pattern.split("/")
    return [path for path in figures if _fits(wanted, path.split("/"))]


def _fits(wanted: Sequence[str], steps: Sequence[str]) -> bool:
    if len(wanted) != len(steps):
        return False
    return all(word in ("*", step) for word, step in zip(wanted, steps, strict=True))


def _paths(patterns: Sequence[str], figures: Figures) -> list[str]:
    found: list[str] = []
    for pattern in patterns:
        paths = matching(pattern, figures)
        if not paths:
            raise MissingFigureError(pattern)
        found += paths
    return found


def _one(pattern: str, figures: Figures) -> str:
    paths = _paths((pattern,), figures)
    if len(paths) > 1:
        raise MissingFigureError(pattern)
    return paths[0]


def _total(paths: Sequence[str], figures: Figures) -> Fraction:
    return sum((Fraction(figures[p]) for p in paths), Fraction(0))


def _step(rule: Rule, printed: Decimal) -> Fraction:
    if "step" in rule.said:
        return Fraction(str(rule.said["step"]))
    exponent = printed.as_tuple().exponent
    return Fraction(10) ** exponent if isinstance(exponent, int) else Fraction(1)


def _agrees(exact: Fraction, printed: Decimal, step: Fraction) -> bool:
    return abs(exact - Fraction(printed)) * 2 <= step


def _shown(exact: Fraction, step: Fraction) -> str:
    """Show an exact value one digit finer than it is printed, so that one sees on which side it
    lies."""
    if exact.denominator == 1:
        return str(exact.numerator)
    digits = 1
    while step < 1:
        step, digits = step * 10, digits + 1
    return f"{float(exact):.{digits}f}"


def _check_sum(rule: Rule, figures: Figures) -> Iterator[Finding | None]:
    total = _one(rule.said["total"], figures)
    plus, minus = _paths(rule.words("plus"), figures), _paths(rule.words("minus"), figures)
    per = Fraction(rule.said.get("per", 1))
    exact = (_total(plus, figures) - _total(minus, figures)) / per
    step = _step(rule, figures[total]) if per != 1 else Fraction(0)
    if _agrees(exact, figures[total], step):
        yield None
        return
    note = NO_NOTE
    if _agrees(exact, figures[total], _slack(rule, (*plus, *minus, total), figures)):
        note = (
            "各数是舍入后的数，相差在舍入可能造成的范围内",
            "the figures are rounded; rounding could explain the difference",
        )
    shown, printed = _shown(exact, Fraction(1, 100)), str(figures[total])
    yield Finding(rule, total, shown, printed, (total, *plus, *minus), note)


def _slack(rule: Rule, paths: Sequence[str], figures: Figures) -> Fraction:
    """Return by how much rounding can move a sum of these figures: a step of each that has
    places."""
    slack = Fraction(0)
    for path in paths:
        if Fraction(figures[path]).denominator != 1:
            slack += _step(rule, figures[path])
    return slack


def _check_share(rule: Rule, figures: Figures) -> Iterator[Finding | None]:
    whole = _paths(rule.words("whole"), figures)
    base = _total(whole, figures)
    pairs = _shares(rule, figures)
    if not pairs or base == 0:
        raise MissingFigureError("、".join(rule.words("whole")))
    note = NO_NOTE
    if _total([share for _, share in pairs], figures) == 100:
        note = ("各占比相加正好是一百", "the shares add up to exactly one hundred")
    for part, share in pairs:
        exact = _total(part, figures) * 100 / base
        step = _step(rule, figures[share])
        if _agrees(exact, figures[share], step):
            yield None
            continue
        takes_part = tuple(dict.fromkeys((share, *part, *whole)))
        yield Finding(rule, share, _shown(exact, step), str(figures[share]), takes_part, note)


def _shares(rule: Rule, figures: Figures) -> list[tuple[list[str], str]]:
    """Return the parts with the path of their printed share; with `*`, those of the same name."""
    parts, printed = _paths(rule.words("part"), figures), _paths(rule.words("printed"), figures)
    if "*" not in rule.said["printed"]:
        return [(parts, printed[0])]
    by_name = {_last_step(path): path for path in parts}
    return [([by_name[_last_step(p)]], p) for p in printed if _last_step(p) in by_name]


def _last_step(path: str) -> str:
    return path.rsplit("/", 1)[-1]


def _check_quotient(rule: Rule, figures: Figures) -> Iterator[Finding | None]:
    dividend, printed = _paths(rule.words("dividend"), figures), _one(rule.said["printed"], figures)
    by = rule.said["by"]
    divisors = [] if isinstance(by, int) else _paths(rule.words("by"), figures)
    divisor = Fraction(by) if isinstance(by, int) else _total(divisors, figures)
    if divisor == 0:
        raise MissingFigureError("、".join(divisors))
    exact, step = _total(dividend, figures) / divisor, _step(rule, figures[printed])
    if _agrees(exact, figures[printed], step):
        yield None
    else:
        yield Finding(
            rule,
            printed,
            _shown(exact, step),
            str(figures[printed]),
            (printed, *dividend, *divisors),
        )


def _check_count(rule: Rule, figures: Figures) -> Iterator[Finding | None]:
    printed, entries = _one(rule.said["printed"], figures), _paths(rule.words("entries"), figures)
    if figures[printed] == len(entries):
        yield None
    else:
        yield Finding(rule, printed, str(len(entries)), str(figures[printed]), (printed,))


def _check_weighted(rule: Rule, figures: Figures) -> Iterator[Finding | None]:
    total, entries = _one(rule.said["total"], figures), _paths(rule.words("entries"), figures)
    exact = sum((Fraction(_last_step(p)) * Fraction(figures[p]) for p in entries), Fraction(0))
    if exact == Fraction(figures[total]):
        yield None
    else:
        yield Finding(
            rule, total, _shown(exact, Fraction(1)), str(figures[total]), (total, *entries)
        )


def _check_change(rule: Rule, figures: Figures) -> Iterator[Finding | None]:
    now, printed = _one(rule.said["now"], figures), _one(rule.said["printed"], figures)
    said, step = figures[printed], _step(rule, figures[printed])
    before = _paths(rule.words("before"), figures)
    growths = _growths(Fraction(figures[now]), said, [figures[path] for path in before])
    if not growths:
        raise MissingFigureError(f"{now}、{printed}")
    if any(_agrees(growth, said, step) for growth in growths):
        yield None
        return
    nearest = min(growths, key=lambda growth: abs(growth - Fraction(said)))
    note = NO_NOTE if before else NO_WHOLE_NUMBER
    yield Finding(rule, printed, _shown(nearest, step), str(said), (printed, now, *before), note)


NO_WHOLE_NUMBER = ("没有一个整数的上期能得出这个增减", "no whole number before gives this change")


def _growths(value: Fraction, said: Decimal, before: Sequence[Decimal]) -> list[Fraction]:
    """Return the change in per cent from the figure before; where none is printed, from the whole
    numbers that could lead to what is said."""
    tried = [Fraction(before[0])] if before else _whole_numbers_before(value, said)
    return [(value / base - 1) * 100 for base in tried if base > 0]


def _whole_numbers_before(value: Fraction, percent: Decimal) -> list[Fraction]:
    """Return the whole numbers from which a change of so many per cent could lead to the value."""
    guess = Fraction(0)
    if percent > -100:
        guess = value / (1 + Fraction(percent) / 100)
    return [Fraction(int(guess) + near) for near in (-1, 0, 1, 2)]


def _check_margins(rule: Rule, figures: Figures) -> Iterator[Finding | None]:
    cells, name = rule.said["cells"], rule.said["total"]
    lines = _margins(_paths((f"{cells}/*/*",), figures), name)
    if not lines:
        raise MissingFigureError(f"{cells}/*/{name}")
    for total, parts in lines:
        exact = _total(parts, figures)
        if exact == Fraction(figures[total]):
            yield None
        else:
            shown = _shown(exact, Fraction(1))
            yield Finding(rule, total, shown, str(figures[total]), (total, *parts))


def _margins(paths: Sequence[str], name: str) -> list[tuple[str, list[str]]]:
    """Return each total of a table with its parts: first those of the rows, then of the columns."""
    rows: dict[str, dict[str, str]] = {}
    columns: dict[str, dict[str, str]] = {}
    for path in paths:
        row, column = path.split("/")[-2:]
        rows.setdefault(row, {})[column] = path
        columns.setdefault(column, {})[row] = path
    found = []
    for lines, order in ((rows, columns), (columns, rows)):
        for line in lines.values():
            if name in line:
                parts = [line[other] for other in order if other != name and other in line]
                found.append((line[name], parts))
    return found


CHECKS = {
    "sum": _check_sum,
    "share": _check_share,
    "quotient": _check_quotient,
    "count": _check_count,
    "weighted": _check_weighted,
    "change": _check_change,
    "margins": _check_margins,
}
