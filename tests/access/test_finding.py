"""Blind indexes, receipt codes and the one source of randomness."""

from __future__ import annotations

import math
import random
from collections import Counter

import pytest

from dengwen.access.keys import blind_index as finding
from dengwen.access.keys import keyring, receipt_codes
from dengwen.access.keys.blind_index import blind_index
from dengwen.access.keys.randomness import digits, drawn_from, letters, token_bytes


@pytest.mark.parametrize(
    ("field", "one", "other"),
    [
        ("phone", "138-0000 0000", "+8613800000000"),
        ("phone", "１３８００００００００", "0086 138 0000 0000"),
        ("id_number", "50010119900101 123x", "50010119900101123X"),
        ("name", "王 示例", "王示例"),
        ("name", "阿依·古丽", "阿依古丽"),
    ],
)
def test_two_ways_of_writing_the_same_give_the_same_index(ring, field, one, other):
    assert blind_index(ring, field, one) == blind_index(ring, field, other) != ""
    assert finding.same(field, one, other)


def test_a_name_index_is_short_and_the_others_are_not(ring):
    assert len(blind_index(ring, "name", "王示例")) * 4 == 16
    assert len(blind_index(ring, "phone", "13800000000")) * 4 == 64
    assert len(blind_index(ring, "id_number", "50010119900101123X")) * 4 == 64


def test_fields_and_installations_do_not_share_indexes(ring, tmp_path):
    other = keyring.create(tmp_path / "other")
    value = "13800000000"
    assert blind_index(ring, "phone", value) != blind_index(ring, "id_number", value)
    assert blind_index(ring, "phone", value) != blind_index(other, "phone", value)
    assert blind_index(ring, "phone", " ") == ""


@pytest.mark.sentence("P12.1")
@pytest.mark.wall
def test_accusations_are_never_indexed(ring):
    with pytest.raises(ValueError, match="never indexed"):
        blind_index(ring, "name", "王示例", data_class="D4")


def test_a_short_index_finds_too_much_and_the_comparison_sorts_it_out(ring):
    """With 16 bits, strangers share an index on purpose; opening and comparing tells them apart."""
    buckets: dict[str, list[str]] = {}
    for number in range(3000):
        buckets.setdefault(blind_index(ring, "name", f"样本{number}"), []).append(f"样本{number}")
    shared = next(names for names in buckets.values() if len(names) > 1)
    assert not finding.same("name", shared[0], shared[1])


def test_a_receipt_code_is_hard_to_guess_and_easy_to_type(ring):
    code = receipt_codes.new_code()
    assert len(receipt_codes.plain_code(code)) == 20
    assert 20 * math.log2(len(receipt_codes.ALPHABET)) >= 96
    assert not set("0O1IL") & set(receipt_codes.ALPHABET)
    stored = receipt_codes.code_digest(ring, "YJ01-2026-1", code)
    assert receipt_codes.fits(ring, "YJ01-2026-1", f" {code.lower().replace('-', ' ')} ", stored)
    assert not receipt_codes.fits(ring, "YJ01-2026-2", code, stored)
    assert not receipt_codes.fits(ring, "YJ01-2026-1", receipt_codes.new_code(), stored)
    assert not receipt_codes.fits(ring, "YJ01-2026-1", "", stored)
    assert receipt_codes.plain_code(code) not in stored
    assert receipt_codes.written(receipt_codes.plain_code(code)) == code
    assert code.count("-") == 3


def test_receipt_codes_do_not_repeat_and_use_every_character():
    codes = [receipt_codes.new_code() for _ in range(500)]
    assert len(set(codes)) == 500
    assert set("".join(codes)) - {"-"} == set(receipt_codes.ALPHABET)


def test_no_character_is_favoured():
    """31 does not divide 256: a plain remainder would draw the first eight characters an eighth
    more often."""
    with drawn_from(random.Random(1).randbytes):
        drawn = Counter(letters(receipt_codes.ALPHABET, 31_000))
    expected = 1000
    chi_square = sum((drawn[ch] - expected) ** 2 / expected for ch in receipt_codes.ALPHABET)
    assert chi_square < 67  # 30 degrees of freedom, one in ten thousand


def test_a_world_can_be_replayed():
    def draw():
        return token_bytes(8), digits(9), receipt_codes.new_code()

    with drawn_from(random.Random(7).randbytes):
        first = draw()
    with drawn_from(random.Random(7).randbytes):
        assert draw() == first
    assert draw() != first
    assert len(first[1]) == 9
    assert first[1].isdigit()
