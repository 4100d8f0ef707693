"""The tree as it lies in the tables: the second way to every root, by tiles of 256 (ledger.md
D8)."""

from __future__ import annotations

from dengwen.ledger.errors import DamagedError
from dengwen.ledger.models import Leaf, Node
from dengwen.merkle.tree import root_by_levels

TILE_HEIGHT = 8
TILE_WIDTH = 1 << TILE_HEIGHT


class StoredTree:
    """Reader of complete subtrees from Leaf and Node rows; a tile is read once, in one query."""

    def __init__(self) -> None:
        self._tiles: dict[tuple[int, int], dict[int, bytes]] = {}

    def __call__(self, level: int, index: int) -> bytes:
        """Root of the complete subtree ``(level, index)``; raise ``DamagedError`` if a row under
        it is missing."""
        above = level % TILE_HEIGHT
        ground = level - above
        first = index << above
        tile = self.tile(ground, first >> TILE_HEIGHT)
        try:
            return root_by_levels([tile[at] for at in range(first, first + (1 << above))])
        except KeyError as gone:
            table = "ledger_node" if ground else "ledger_leaf"
            raise DamagedError(
                f"{table}: row {gone} of level {ground} is missing. Mend: run the check"
            ) from None

    def tile(self, ground: int, number: int) -> dict[int, bytes]:
        """Hashes of one tile by index at its ground level (a multiple of 8), as far as there are
        any."""
        if (ground, number) not in self._tiles:
            low, high = number << TILE_HEIGHT, (number + 1) << TILE_HEIGHT
            rows = (
                Node.objects.filter(level=ground, index__gte=low, index__lt=high).values_list(
                    "index", "hash"
                )
                if ground
                else Leaf.objects.filter(idx__gte=low, idx__lt=high).values_list("idx", "leaf_hash")
            )
            self._tiles[ground, number] = {index: bytes(value) for index, value in rows}
        return self._tiles[ground, number]


def full_tiles(old: int, new: int, ground: int = 0) -> range:
    """Tiles of a ground level that became full while the log grew from ``old`` to ``new``
    leaves."""
    height = ground + TILE_HEIGHT
    return range(old >> height, new >> height)


def store_nodes(old: int, new: int) -> None:
    """Write the roots of the tiles that became full, level by level. The leaves must be stored
    already."""
    ground = 0
    while tiles := full_tiles(old, new, ground):
        stored = StoredTree()
        Node.objects.bulk_create(
            Node(level=ground + TILE_HEIGHT, index=tile, hash=tile_root(stored, ground, tile))
            for tile in tiles
        )
        ground += TILE_HEIGHT


def tile_root(stored: StoredTree, ground: int, number: int) -> bytes:
    """Root over a full tile, from the row below it; raise ``DamagedError`` unless all 256 hashes
    are there."""
    hashes = stored.tile(ground, number)
    if len(hashes) != TILE_WIDTH:
        raise DamagedError(
            f"tile {number} of level {ground} has {len(hashes)} hashes of {TILE_WIDTH}"
        )
    return root_by_levels([hashes[index] for index in sorted(hashes)])
