"""The sample of an inspection: seed, draw without replacement, no bias, and the same answer from
the lone script."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from hashlib import sha256
from itertools import pairwise
from math import ceil, comb, log2
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dengwen.merkle.checkpoint import Checkpoint
from dengwen.merkle.errors import RejectedError
from dengwen.merkle.sample import below, draw, draw_strata, opens, secret_digest, seed_of

SCRIPT = Path(__file__).resolve().parents[2] / "tools" / "redraw.py"
PLAN, ROOT, SECRET = bytes(range(32)), bytes(range(32, 64)), bytes(range(64, 96))
SEED = seed_of(PLAN, ROOT, SECRET)
UNITS = [f"YJ02-2025-{n:04}" for n in range(1, 41)]


def test_the_seed_is_the_digest_of_the_three_parts_in_their_order() -> None:
    assert sha256(bytes(range(96))).digest() == SEED
    assert (
        len({seed_of(PLAN, ROOT, SECRET), seed_of(ROOT, PLAN, SECRET), seed_of(PLAN, SECRET, ROOT)})
        == 3
    )


@pytest.mark.parametrize("place", range(3))
def test_a_part_of_another_length_is_refused(place: int) -> None:
    parts = [PLAN, ROOT, SECRET]
    parts[place] = parts[place][:-1]
    with pytest.raises(RejectedError, match="31 bytes"):
        seed_of(*parts)


def test_a_secret_opens_only_its_own_digest() -> None:
    digest = secret_digest(SECRET)
    assert opens(SECRET, digest)
    assert not opens(PLAN, digest)
    assert not opens(SECRET + b"x", digest)
    with pytest.raises(RejectedError):
        secret_digest(b"short")


def by_hand(seed: bytes, stratum: str, population: list[str], size: int) -> list[str]:
    """Draw as the page describes it, written a second time: pick from what is left, the first
    takes its place."""
    out: list[str] = []
    left, i = sorted(population), 0
    while len(out) < size:
        block = sha256(
            b"dengwen-draw/1\0" + seed + sha256(stratum.encode()).digest() + i.to_bytes(8, "big")
        )
        i += 1
        bits = ceil(log2(len(left))) if len(left) > 1 else 0
        number = int(block.hexdigest()[:16], 16) % 2**bits
        if number < len(left):
            out.append(left[number])
            left[number] = left[0]
            left = left[1:]
    return out


VECTORS = (("转送件", 5, 3), ("交办件", 40, 10), ("全部", 1, 1), ("全部", 33, 33), ("", 7, 0))


@pytest.mark.parametrize(("name", "units", "size"), VECTORS)
def test_vectors_of_a_second_writing(name: str, units: int, size: int) -> None:
    assert list(draw(SEED, name, UNITS[:units], size)) == by_hand(SEED, name, UNITS[:units], size)


def test_known_vector() -> None:
    assert SEED.hex() == "08359b108fa567f5dcf319fa3434da6abbc1d595f426372666447f09cc5a87dc"
    drawn = draw(SEED, "全部", UNITS, 4)
    assert drawn == ("YJ02-2025-0021", "YJ02-2025-0029", "YJ02-2025-0024", "YJ02-2025-0007")


@given(
    seed=st.binary(min_size=32, max_size=32),
    units=st.sets(st.text(max_size=6), max_size=40),
    data=st.data(),
)
def test_a_sample_is_of_the_population_without_replacement_whatever_its_order(
    seed: bytes, units: set[str], data: st.DataObject
) -> None:
    size = data.draw(st.integers(0, len(units)))
    shuffled = data.draw(st.permutations(sorted(units)))
    drawn = draw(seed, "甲", shuffled, size)
    assert len(drawn) == len(set(drawn)) == size
    assert set(drawn) <= units
    assert drawn == draw(seed, "甲", sorted(units), size)
    assert draw(seed, "甲", sorted(units), max(0, size - 1)) == drawn[: max(0, size - 1)]


def test_strata_are_drawn_each_by_itself() -> None:
    together = draw_strata(SEED, {"甲": (UNITS[:20], 5), "乙": (UNITS[20:], 5)})
    assert together == draw_strata(SEED, {"乙": (UNITS[20:], 5), "甲": (UNITS[:20], 5)})
    assert together["甲"] == draw(SEED, "甲", UNITS[:20], 5)
    assert draw(SEED, "甲", UNITS, 10) != draw(SEED, "乙", UNITS, 10)


def test_what_cannot_be_drawn_is_refused() -> None:
    for population, size in ((UNITS[:3], 4), (UNITS[:3], -1), ([UNITS[0], UNITS[0]], 1)):
        with pytest.raises(RejectedError):
            draw(SEED, "甲", population, size)
    with pytest.raises(RejectedError):
        draw(b"x", "甲", UNITS, 1)


def test_too_big_a_number_is_thrown_away_and_not_reduced() -> None:
    assert below(iter([7, 5, 4]), 5) == 4
    assert below(iter([9]), 1) == 0
    counted = Counter(below(iter([n, 0]), 5) for n in range(8))
    assert counted == {0: 4, 1: 1, 2: 1, 3: 1, 4: 1}  # 5, 6 and 7 went to the next number, here 0


def test_every_unit_is_equally_likely() -> None:
    """Ten thousand seeds: each of 5 units stands first, and each pair is drawn, about as often
    as any other."""
    firsts, pairs = Counter[str](), Counter[frozenset[str]]()
    for n in range(10_000):
        one, two = draw(sha256(str(n).encode()).digest(), "甲", UNITS[:5], 2)
        firsts[one] += 1
        pairs[frozenset((one, two))] += 1
    for found, cells in ((firsts, 5), (pairs, comb(5, 2))):
        mean = 10_000 / cells
        assert len(found) == cells
        assert (
            sum((n - mean) ** 2 / mean for n in found.values()) < 33.7
        )  # chi-square, 9 degrees: p < 0.0001


def test_one_changed_bit_draws_another_sample() -> None:
    parts = (PLAN, ROOT, SECRET)
    flipped = [
        seed_of(*(bytes([p[0] ^ 1]) + p[1:] if n == place else p for n, p in enumerate(parts)))
        for place in range(3)
    ]
    samples = [draw(seed, "全部", UNITS, 8) for seed in (SEED, *flipped)]
    assert all(a != b for a, b in pairwise(samples))


def test_the_lone_script_draws_the_same_from_published_files_alone(tmp_path: Path) -> None:
    strata = [
        {"name": "甲", "size": 3, "population": UNITS[:20]},
        {"name": "乙", "size": 4, "population": UNITS[20:]},
    ]
    raw = json.dumps(
        {"secret_digest": secret_digest(SECRET).hex(), "strata": strata}, ensure_ascii=False
    ).encode()
    (tmp_path / "plan.json").write_bytes(raw)
    note = Checkpoint("practice.example/2025", 12, ROOT).body() + "\n— practice.example/2025 AAAA\n"
    (tmp_path / "note.txt").write_text(note, encoding="utf-8")

    def redraw(secret: bytes) -> subprocess.CompletedProcess[str]:
        files = [str(tmp_path / "plan.json"), str(tmp_path / "note.txt"), secret.hex()]
        command = [sys.executable, "-I", "-S", str(SCRIPT), *files]
        return subprocess.run(
            command, capture_output=True, text=True, encoding="utf-8", check=False, cwd=tmp_path
        )

    seed = seed_of(sha256(raw).digest(), ROOT, SECRET)
    answer = json.loads(redraw(SECRET).stdout)
    assert answer["seed"] == seed.hex()
    assert answer["sample"] == {
        "甲": list(draw(seed, "甲", UNITS[:20], 3)),
        "乙": list(draw(seed, "乙", UNITS[20:], 4)),
    }
    assert redraw(PLAN).returncode == 1
    assert "import dengwen" not in SCRIPT.read_text(encoding="utf-8")
