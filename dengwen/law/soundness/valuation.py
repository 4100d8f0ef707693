"""What is known of a case while it is explored: a set of valuations of its facts, as one number.

A *variable* is a fact of the case, an act that was done (`done:…`) or a duty that is open
(`open:…`). A *valuation* gives each variable one of its values; a set of valuations is an integer
with one bit each. Facts are compared as the fold compares them (`CaseView.matches`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from dengwen.law.duties.act_record import CaseView

UNSET = None
"""The value of a fact nobody has settled."""
OTHER = "…"
"""Stands for every value of a fact that no condition names."""
YES, NO = "yes", "no"
"""The values of what was done or is open."""
Value = str | None


def done(act: str) -> str:
    """Return the variable that says whether an act was done."""
    return f"done:{act}"


def is_open(duty: str) -> str:
    """Return the variable that says whether a duty is open."""
    return f"open:{duty}"


@dataclass(frozen=True)
class Space:
    """The variables that are followed, each with its values, the first the one it begins with."""

    values: Mapping[str, tuple[Value, ...]]

    @cached_property
    def size(self) -> int:
        """How many valuations there are."""
        product = 1
        for values in self.values.values():
            product *= len(values)
        return product

    @cached_property
    def all(self) -> int:
        """The set of all valuations."""
        return (1 << self.size) - 1

    @cached_property
    def _stride(self) -> dict[str, int]:
        strides, stride = {}, 1
        for name, values in self.values.items():
            strides[name] = stride
            stride *= len(values)
        return strides

    @cached_property
    def _where(self) -> dict[tuple[str, Value], int]:
        """The set of valuations in which a variable has a value."""
        found = {}
        for name, values in self.values.items():
            stride, run = self._stride[name], (1 << self._stride[name]) - 1
            period = stride * len(values)
            first = 0
            for start in range(0, self.size, period):
                first |= run << start
            for place, value in enumerate(values):
                found[name, value] = first << (place * stride)
        return found

    def where(self, name: str, wanted: Collection[Value]) -> int:
        """Return the valuations in which a variable has one of these values; all where it is not
        followed."""
        if name not in self.values:
            return self.all
        found = 0
        for value in self.values[name]:
            if value in wanted:
                found |= self._where[name, value]
        return found

    def meeting(self, conditions: Mapping[str, tuple[str, ...]]) -> int:
        """Return the valuations that meet conditions on facts, as the fold reads them."""
        found = self.all
        for name, wanted in conditions.items():
            if name in self.values:
                fitting = [v for v in self.values[name] if _matches(name, v, wanted)]
                found &= self.where(name, fitting)
        return found

    def meeting_any(self, conditions: Mapping[str, tuple[str, ...]]) -> int:
        """Return the valuations that meet at least one condition on a fact that is followed."""
        found = 0
        for name, wanted in conditions.items():
            if name in self.values:
                found |= self.meeting({name: wanted})
        return found

    def known(self, name: str, value: str) -> Value:
        """Return a value as this space tells it apart."""
        return value if value in self.values[name] else OTHER

    def assigned(self, bits: int, name: str, values: Iterable[Value]) -> int:
        """Return the valuations once a variable got one of these values."""
        lowest = self._any(bits, name, self.values[name])
        return self._spread(lowest, name, values)

    def before(self, bits: int, name: str, values: Iterable[Value]) -> int:
        """Return the valuations that can come into `bits` when a variable gets one of these
        values."""
        return self._spread(self._any(bits, name, values), name, self.values[name])

    def _any(self, bits: int, name: str, values: Iterable[Value]) -> int:
        """Return valuations with the first value of a variable, for those in `bits` with one of
        these."""
        stride, names = self._stride[name], self.values[name]
        found = 0
        for value in values:
            found |= (bits & self._where[name, value]) >> (names.index(value) * stride)
        return found

    def _spread(self, lowest: int, name: str, values: Iterable[Value]) -> int:
        stride, names = self._stride[name], self.values[name]
        found = 0
        for value in values:
            found |= lowest << (names.index(value) * stride)
        return found

    def read(self, bit: int) -> dict[str, Value]:
        """Return the valuation with a place."""
        return {
            name: values[bit // self._stride[name] % len(values)]
            for name, values in self.values.items()
        }


def _matches(name: str, value: Value, wanted: tuple[str, ...]) -> bool:
    """Say whether a fact with a value meets a condition, asked of the case itself."""
    view = CaseView("")
    if value is not UNSET:
        view.facts[name] = value
    return view.matches({name: wanted})


def lowest(bits: int) -> int:
    """Return the place of the lowest bit of a set that is not empty."""
    return (bits & -bits).bit_length() - 1
