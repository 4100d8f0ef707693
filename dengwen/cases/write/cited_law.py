"""How a refusal cites the rule behind it: as the packs of the place say, and not at all where they
say nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from dengwen.cases import rulebooks
from dengwen.law.errors import StatedError
from dengwen.law.liability.provisions import in_force


def cited(error: StatedError, day: date, place: str) -> StatedError:
    """Return what was refused with the citation of its rule on a day at a place.

    An error under a rule of which this place has none stays as it is: no office is shown the
    article of another place.
    """
    said = in_force(rulebooks.library(), day, place).cited.get(error.under)
    return error if said is None else error.citing(said.zh, said.en)


@contextmanager
def cite_refusals(day: date, place: str) -> Iterator[None]:
    """Cite what is refused inside, under a rule it names, as the packs of the place state it."""
    try:
        yield
    except StatedError as error:
        if not error.under:
            raise
        raise cited(error, day, place) from None
