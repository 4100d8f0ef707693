"""What a fact is called says neither when it came in nor how much else did (access model 4.2)."""

from __future__ import annotations

from itertools import pairwise

import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dengwen.assessment.facts.fact_names import CASE, FACT, MOST, Naming
from dengwen.assessment.frozen import frozen_tables
from dengwen.assessment.frozen.freeze import Frozen

KEYS = st.binary(min_size=32, max_size=32)
NUMBERS = st.integers(0, MOST - 1)


@given(KEYS, NUMBERS, st.sampled_from([FACT, CASE]))
def test_the_office_finds_the_row_again(key: bytes, number: int, what: bytes):
    naming = Naming(key)
    name = naming.hide(number, what)
    assert 0 <= name < MOST
    assert naming.reveal(name, what) == number
    assert (name == 0) == (number == 0)


@given(KEYS, st.lists(NUMBERS, unique=True, max_size=50))
def test_no_two_facts_have_one_name(key: bytes, numbers: list[int]):
    assert len({Naming(key).hide(n) for n in numbers}) == len(numbers)


@given(KEYS, KEYS)
def test_another_run_gives_other_names(one: bytes, other: bytes):
    numbers = range(1, 40)
    names = [[Naming(key).hide(n) for n in numbers] for key in (one, other)]
    assert (names[0] == names[1]) == (one == other)
    assert not set(names[0]) & {Naming(one).hide(n, CASE) for n in numbers}


def test_names_keep_no_order():
    names = [Naming(b"k" * 32).hide(n) for n in range(1, 2001)]
    rising = sum(a < b for a, b in pairwise(names))
    assert 900 < rising < 1100  # half of 1,999, far inside four standard deviations (45 each)
    assert max(names) - min(names) > MOST * 0.9


def test_a_number_that_is_too_large_is_refused():
    with pytest.raises(ValueError, match="36 bits"):
        Naming(b"k" * 32).hide(MOST)


def test_a_frozen_file_is_in_order_of_the_names(frozen: Frozen):
    ids = pq.read_table(frozen.folder / frozen_tables.FACTS).column("id").to_pylist()
    assert ids == sorted(ids)
    assert len(set(ids)) == len(ids) > 10
    assert ids[len(ids) // 2] > 1 << 30  # rows of a small office have small numbers
    assert sorted(p.name for p in frozen.folder.iterdir()) == [
        "exclusions.parquet",
        "facts.parquet",
        "manifest.json",
        "marks.parquet",
        "organs.parquet",
        "past.parquet",
    ]
