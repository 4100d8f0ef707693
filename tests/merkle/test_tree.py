"""The tree against an independent recursive reference, public vectors, and one accumulated
digest of our own."""

from __future__ import annotations

import base64
import json
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dengwen.merkle.errors import RejectedError
from dengwen.merkle.tree import (
    EMPTY_ROOT,
    CompactRange,
    Leaves,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root_at,
    root_by_levels,
    root_of,
    verify_consistency,
    verify_inclusion,
)

LEAVES = [leaf_hash(str(number).encode()) for number in range(301)]

# The probe whose "roots" are one short text: upstream compares them without looking, we refuse what
# is no hash.
ROOTS_THAT_ARE_NO_HASHES = "additional/sizes-are-equal-one-and-proof-is-empty.json"


def reference_root(leaves: list[bytes]) -> bytes:
    """MTH of RFC 6962 section 2.1, word for word."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return sha256(b"\x01" + reference_root(leaves[:k]) + reference_root(leaves[k:])).digest()


def test_two_ways_to_a_root_equal_the_recursive_reference_for_every_size_up_to_300() -> None:
    edge = CompactRange()
    read = Leaves(LEAVES)
    for size in range(301):
        expected = reference_root(LEAVES[:size])
        assert edge.root() == root_by_levels(LEAVES[:size]) == root_at(size, read) == expected, size
        if size < 300:
            edge.append(LEAVES[size])
    assert root_of(LEAVES[:300]) == reference_root(LEAVES[:300])


def test_an_edge_can_be_put_away_and_taken_up_again_at_any_size() -> None:
    edge = CompactRange()
    for size in range(1, 200):
        edge = CompactRange(edge.size, edge.dump())
        edge.append(LEAVES[size - 1])
        assert edge.root() == reference_root(LEAVES[:size])


@pytest.mark.parametrize(
    ("size", "edge"), [(1, b""), (0, b"x" * 32), (3, b"x" * 32), (2, b"x" * 31), (-1, b"")]
)
def test_an_edge_that_does_not_fit_its_size_is_refused(size: int, edge: bytes) -> None:
    with pytest.raises(RejectedError):
        CompactRange(size, edge)


def test_a_leaf_that_is_no_hash_is_refused() -> None:
    with pytest.raises(RejectedError):
        CompactRange().append(b"short")
    with pytest.raises(RejectedError):
        root_by_levels([LEAVES[0], b"short"])


@pytest.mark.doc("ledger.md#15")
def test_every_proof_up_to_130_leaves_equals_the_accumulated_digests(shared: Path) -> None:
    wanted = json.loads((shared / "data/vectors/own/accumulated_130.json").read_text())
    leaves = [leaf_hash(bytes([number])) for number in range(130)]
    read = Leaves(leaves)
    roots, inclusion, consistency = sha256(), sha256(), sha256()
    for size in range(131):
        root = root_of(leaves[:size])
        roots.update(f"{size} {root.hex()}\n".encode())
        for index in range(size):
            path = inclusion_proof(index, size, read)
            verify_inclusion(index=index, size=size, leaf=leaves[index], proof=path, root=root)
            inclusion.update(
                (f"{index} {size}" + "".join(f" {one.hex()}" for one in path) + "\n").encode()
            )
        for old in range(1, size + 1):
            path = consistency_proof(old, size, read)
            verify_consistency(
                old=old, old_root=root_at(old, read), new=size, new_root=root, proof=path
            )
            consistency.update(
                (f"{old} {size}" + "".join(f" {one.hex()}" for one in path) + "\n").encode()
            )
    assert roots.hexdigest() == wanted["roots"]["sha256"]
    assert inclusion.hexdigest() == wanted["inclusion"]["sha256"]
    assert consistency.hexdigest() == wanted["consistency"]["sha256"]


def test_the_certificate_transparency_reference_tree(shared: Path) -> None:
    known = json.loads((shared / "data/vectors/rfc6962_reference_tree.json").read_text())
    leaves = [leaf_hash(bytes.fromhex(text)) for text in known["leaf_inputs_hex"]]
    for size, root in enumerate(known["roots_hex_by_size"]):
        assert root_of(leaves[:size]).hex() == root
    read = Leaves(leaves)
    for level, row in enumerate(known["node_hashes_hex_by_level"]):
        assert [read(level, index).hex() for index in range(len(row))] == row
    assert leaf_hash(b"L123456").hex() == known["hasher"][2]["hash"]
    assert node_hash(b"N123", b"N456").hex() == known["hasher"][3]["hash"]


def _hash(text: str | None) -> bytes:
    return base64.b64decode(text or "")


def test_all_98_inclusion_probes(shared: Path) -> None:
    files = sorted((shared / "data/vectors/merkle/testdata/inclusion").rglob("*.json"))
    assert len(files) == 98
    for file in files:
        probe = json.loads(file.read_text())
        try:
            verify_inclusion(
                index=probe["leafIdx"],
                size=probe["treeSize"],
                leaf=_hash(probe["leafHash"]),
                proof=[_hash(one) for one in probe["proof"] or []],
                root=_hash(probe["root"]),
            )
        except RejectedError:
            assert probe["wantErr"], file.name
        else:
            assert not probe["wantErr"], file.name


def test_97_of_98_consistency_probes_and_the_one_we_refuse_on_purpose(shared: Path) -> None:
    folder = shared / "data/vectors/merkle/testdata/consistency"
    files = sorted(folder.rglob("*.json"))
    assert len(files) == 98
    differs = []
    for file in files:
        probe = json.loads(file.read_text())
        try:
            verify_consistency(
                old=probe["size1"],
                old_root=_hash(probe["root1"]),
                new=probe["size2"],
                new_root=_hash(probe["root2"]),
                proof=[_hash(one) for one in probe["proof"] or []],
            )
            refused = False
        except RejectedError:
            refused = True
        if refused != probe["wantErr"]:
            differs.append(str(file.relative_to(folder)))
    assert differs == [ROOTS_THAT_ARE_NO_HASHES]


def test_nothing_is_in_an_empty_tree_and_only_the_empty_root_belongs_to_it() -> None:
    with pytest.raises(RejectedError):
        verify_inclusion(index=0, size=0, leaf=LEAVES[0], proof=[], root=EMPTY_ROOT)
    verify_consistency(old=0, old_root=EMPTY_ROOT, new=5, new_root=LEAVES[0], proof=[])
    with pytest.raises(RejectedError):
        verify_consistency(old=0, old_root=LEAVES[0], new=5, new_root=LEAVES[1], proof=[])
    with pytest.raises(RejectedError):
        verify_consistency(old=0, old_root=LEAVES[0], new=0, new_root=LEAVES[0], proof=[])


@given(size=st.integers(2, 300), data=st.data())
def test_a_proof_with_any_single_byte_changed_is_rejected(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    read = Leaves(LEAVES)
    proof = inclusion_proof(index, size, read)
    at = data.draw(st.integers(0, len(proof) * 32 - 1))
    flip = data.draw(st.integers(1, 255))
    whole = bytearray(b"".join(proof))
    whole[at] ^= flip
    bent = [bytes(whole[start : start + 32]) for start in range(0, len(whole), 32)]
    with pytest.raises(RejectedError):
        verify_inclusion(
            index=index, size=size, leaf=LEAVES[index], proof=bent, root=root_at(size, read)
        )


@given(new=st.integers(2, 300), data=st.data())
def test_a_consistency_proof_bent_in_any_way_is_rejected(new: int, data: st.DataObject) -> None:
    old = data.draw(st.integers(1, new - 1))
    read = Leaves(LEAVES)
    proof = consistency_proof(old, new, read)
    old_root, new_root = root_at(old, read), root_at(new, read)
    kind = data.draw(
        st.sampled_from(["bit", "short", "long", "swapped", "old+1", "new+1", "new^2"])
    )
    bent, first, second = list(proof), old_root, new_root
    sizes = (old, new)
    if kind == "bit":
        at = data.draw(st.integers(0, len(bent) - 1))
        bit = data.draw(st.integers(0, 255))
        bent[at] = (int.from_bytes(bent[at], "big") ^ 1 << bit).to_bytes(32, "big")
    elif kind == "short":
        bent.pop(data.draw(st.integers(0, len(bent) - 1)))
    elif kind == "long":
        bent.insert(data.draw(st.integers(0, len(bent))), LEAVES[0])
    elif kind == "swapped":
        first, second = second, first
    else:
        # Another size may by chance have a proof of the same shape; then the roots still decide,
        # and they are
        # those of the true sizes, so only shapes that are truly equal could pass.
        sizes = {
            "old+1": (old + 1, new),
            "new+1": (old, new + 1),
            "new^2": (old, max(old, new ^ 2)),
        }[kind]
        if _same_path(old, new, *sizes):
            return
    with pytest.raises(RejectedError):
        verify_consistency(old=sizes[0], old_root=first, new=sizes[1], new_root=second, proof=bent)


def _same_path(old: int, new: int, other_old: int, other_new: int) -> bool:
    """Whether two pairs of sizes read the very same proof in the very same way (RFC 6962 proofs
    do not carry sizes)."""
    if not 0 < other_old < other_new:
        return False
    return _steps(old, new) == _steps(other_old, other_new)


def _steps(old: int, new: int) -> list[str]:
    """The turns of RFC 6962 SUBPROOF: which hash of the proof goes to which side of which root."""
    steps = []
    low, high = 0, new
    while high != old:
        width = 1
        while width * 2 < high - low:
            width *= 2
        if old <= low + width:
            steps.append("new on the right")
            high = low + width
        else:
            steps.append("both on the left")
            low += width
    return [*steps, "piece in common" if low else "whole old tree"]
