"""The RFC 6962 Merkle tree over SHA-256: hashes, roots, inclusion and consistency proofs.

Two ways to a root are kept apart on purpose. ``CompactRange`` carries like a binary counter and is
what the
sequencer appends with; ``root_by_levels`` folds whole rows of the tree and is what is asked before
signing
(ledger.md D8), so that one programming error or one flipped bit cannot fool both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256

from dengwen.merkle.errors import RejectedError

HASH_SIZE = 32
EMPTY_ROOT = sha256(b"").digest()

ReadSubtree = Callable[[int, int], bytes]
"""Gives the root of the complete subtree ``(level, index)``: leaves ``index << level`` up to
``(index + 1)
<< level``.
"""


def leaf_hash(entry: bytes) -> bytes:
    """Hash of a leaf, RFC 6962 section 2.1: SHA-256(0x00 || entry)."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of an inner node, RFC 6962 section 2.1: SHA-256(0x01 || left || right)."""
    return sha256(b"\x01" + left + right).digest()


class CompactRange:
    """The right edge of a growing tree: the roots of its complete subtrees, largest first.

    ``size`` is the number of leaves; the edge holds one hash for each one-bit of ``size``.
    """

    def __init__(self, size: int = 0, edge: bytes = b"") -> None:
        """Take up a tree again from what ``dump`` gave; raise ``RejectedError`` if edge and size
        do not fit."""
        if size < 0 or len(edge) != size.bit_count() * HASH_SIZE:
            raise RejectedError(
                f"an edge of {len(edge)} bytes cannot belong to a tree of {size} leaves"
            )
        self.size = size
        self._hashes = [edge[at : at + HASH_SIZE] for at in range(0, len(edge), HASH_SIZE)]

    def append(self, leaf: bytes) -> None:
        """Add one leaf hash; raise ``RejectedError`` unless it has 32 bytes."""
        _require_hashes(leaf)
        carry, count = leaf, self.size
        while count & 1:
            carry = node_hash(self._hashes.pop(), carry)
            count >>= 1
        self._hashes.append(carry)
        self.size += 1

    def root(self) -> bytes:
        """Root of the tree as it stands; the hash of nothing when it is empty."""
        if not self._hashes:
            return EMPTY_ROOT
        root = self._hashes[-1]
        for left in reversed(self._hashes[:-1]):
            root = node_hash(left, root)
        return root

    def dump(self) -> bytes:
        """The edge as bytes, to be stored beside ``size``."""
        return b"".join(self._hashes)


def root_of(leaves: Iterable[bytes]) -> bytes:
    """Root over leaf hashes in order, in constant memory."""
    edge = CompactRange()
    for leaf in leaves:
        edge.append(leaf)
    return edge.root()


def root_by_levels(leaves: Sequence[bytes]) -> bytes:
    """Root over leaf hashes computed row by row, independent of ``CompactRange``.

    A row that ends in a single node hands that node up unpaired, which is the shape RFC 6962 gives.
    """
    if not leaves:
        return EMPTY_ROOT
    row = list(leaves)
    _require_hashes(*row)
    while len(row) > 1:
        pairs = [
            sha256(b"\x01" + row[at] + row[at + 1]).digest() for at in range(0, len(row) - 1, 2)
        ]
        row = pairs + row[-1:] if len(row) % 2 else pairs
    return row[0]


class Leaves:
    """Reader of complete subtrees over leaf hashes in memory; each subtree is computed once."""

    def __init__(self, leaves: Sequence[bytes]) -> None:
        """Keep the leaf hashes (not copied)."""
        self._leaves = leaves
        self._known: dict[tuple[int, int], bytes] = {}

    def __call__(self, level: int, index: int) -> bytes:
        """Root of the complete subtree ``(level, index)``; IndexError beyond the last leaf."""
        if level == 0:
            return self._leaves[index]
        if (level, index) not in self._known:
            self._known[level, index] = node_hash(
                self(level - 1, 2 * index), self(level - 1, 2 * index + 1)
            )
        return self._known[level, index]


def range_root(low: int, high: int, read: ReadSubtree) -> bytes:
    """Root over the leaves ``low`` to ``high`` (not included), as RFC 6962 splits a tree.

    ``low`` must be a multiple of the power of two that holds the range, as it is for every split of
    a tree.
    """
    width = high - low
    if width <= 0:
        raise ValueError(f"empty range {low}..{high}")
    level = width.bit_length() - 1
    if width == 1 << level and low % width == 0:
        return read(level, low >> level)
    middle = low + _split(width)
    return node_hash(range_root(low, middle, read), range_root(middle, high, read))


def root_at(size: int, read: ReadSubtree) -> bytes:
    """Root of the tree of the first ``size`` leaves."""
    return range_root(0, size, read) if size else EMPTY_ROOT


def inclusion_proof(index: int, size: int, read: ReadSubtree) -> list[bytes]:
    """Audit path of RFC 6962 section 2.1.1, from the leaf's sibling up; ValueError if there is
    no such leaf."""
    if not 0 <= index < size:
        raise ValueError(f"no leaf {index} in a tree of {size}")
    path: list[bytes] = []
    low, high = 0, size
    while high - low > 1:
        middle = low + _split(high - low)
        if index < middle:
            path.append(range_root(middle, high, read))
            high = middle
        else:
            path.append(range_root(low, middle, read))
            low = middle
    return path[::-1]


def consistency_proof(old: int, new: int, read: ReadSubtree) -> list[bytes]:
    """Proof of RFC 6962 section 2.1.2 that the tree of ``old`` leaves is the beginning of the tree
    of ``new``.

    Empty when the sizes are equal. ValueError for ``old`` of zero or more than ``new``.
    """
    if not 0 < old <= new:
        raise ValueError(f"no consistency proof from {old} to {new}")
    path: list[bytes] = []
    low, high = 0, new
    while high != old:
        middle = low + _split(high - low)
        if old <= middle:
            path.append(range_root(middle, high, read))
            high = middle
        else:
            path.append(range_root(low, middle, read))
            low = middle
    if low:
        # The old tree is not a complete subtree of the new one: name the piece both have in common.
        path.append(range_root(low, high, read))
    return path[::-1]


def verify_inclusion(
    *, index: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes
) -> None:
    """Check that ``leaf`` is leaf number ``index`` of the tree ``(size, root)``.

    Raises ``RejectedError`` if that is not shown. A tree of size zero holds nothing and is always
    rejected, as are
    hashes that are not 32 bytes.
    """
    if not 0 <= index < size:
        raise RejectedError(f"no leaf {index} in a tree of {size}")
    _require_hashes(leaf, root, *proof)
    inner, border = _path_lengths(index, size)
    if len(proof) != inner + border:
        raise RejectedError(
            f"an inclusion proof of {len(proof)} hashes where {inner + border} are needed"
        )
    known = leaf
    for level, sibling in enumerate(proof[:inner]):
        known = node_hash(sibling, known) if index >> level & 1 else node_hash(known, sibling)
    for sibling in proof[inner:]:
        known = node_hash(sibling, known)
    if known != root:
        raise RejectedError("the inclusion proof leads to another root")


def verify_consistency(
    *, old: int, old_root: bytes, new: int, new_root: bytes, proof: Sequence[bytes]
) -> None:
    """Check that the tree ``(new, new_root)`` only appended to ``(old, old_root)``.

    Raises ``RejectedError`` if that is not shown. From the empty tree only the known empty root and
    an empty proof are
    accepted.
    """
    if not 0 <= old <= new:
        raise RejectedError(f"no tree of {new} leaves continues one of {old}")
    _require_hashes(old_root, new_root, *proof)
    if old in (0, new):
        if proof:
            raise RejectedError("a consistency proof where none is needed")
        if old_root != (EMPTY_ROOT if old == 0 else new_root) or (
            new == 0 and new_root != EMPTY_ROOT
        ):
            raise RejectedError("the roots differ")
        return
    _verify_growth(old, old_root, new, new_root, list(proof))


def _verify_growth(
    old: int, old_root: bytes, new: int, new_root: bytes, proof: list[bytes]
) -> None:
    """The case 0 < old < new: climb once and rebuild both roots from the same hashes."""
    # Start at the largest complete subtree on the right edge of the old tree.
    start = (old & -old).bit_length() - 1
    inner, border = _path_lengths(old - 1, new)
    inner -= start
    if old == 1 << start:
        proof = [old_root, *proof]
    if len(proof) != 1 + inner + border:
        raise RejectedError(
            f"a consistency proof of {len(proof)} hashes does not fit sizes {old} and {new}"
        )
    was, now = _both_roots((old - 1) >> start, proof[0], proof[1 : 1 + inner], proof[1 + inner :])
    if was != old_root:
        raise RejectedError("the consistency proof leads to another old root")
    if now != new_root:
        raise RejectedError("the consistency proof leads to another new root")


def _both_roots(
    place: int, seed: bytes, inner: list[bytes], border: list[bytes]
) -> tuple[bytes, bytes]:
    """Climb from a subtree at `place`: only what lies to the left belongs to the old tree too."""
    was = now = seed
    for level, sibling in enumerate(inner):
        if place >> level & 1:
            was, now = node_hash(sibling, was), node_hash(sibling, now)
        else:
            now = node_hash(now, sibling)
    for sibling in border:
        was, now = node_hash(sibling, was), node_hash(sibling, now)
    return was, now


def _path_lengths(index: int, size: int) -> tuple[int, int]:
    """How many steps of the path lie below the right edge of the tree, and how many on it."""
    inner = (index ^ (size - 1)).bit_length()
    return inner, (index >> inner).bit_count()


def _split(width: int) -> int:
    """Largest power of two smaller than ``width`` (width > 1)."""
    return 1 << ((width - 1).bit_length() - 1)


def _require_hashes(*hashes: bytes) -> None:
    for value in hashes:
        if len(value) != HASH_SIZE:
            raise RejectedError(f"a hash of {len(value)} bytes where SHA-256 gives {HASH_SIZE}")
