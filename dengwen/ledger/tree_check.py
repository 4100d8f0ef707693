"""The part of the check that is about the tree: leaves, nodes, signed heads, the mark outside
(L3, L4, L7 to L9)."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence

from dengwen.ledger import watermark
from dengwen.ledger.errors import DamagedError, RecoveryError
from dengwen.ledger.findings import Finding
from dengwen.ledger.log_keys import Keys
from dengwen.ledger.models import Checkpoint, Leaf, Node, Tree
from dengwen.ledger.stored_tree import TILE_HEIGHT, TILE_WIDTH, StoredTree
from dengwen.ledger.unreadable_rows import guarded, unreadable
from dengwen.merkle.checkpoint import Checkpoint as Head
from dengwen.merkle.disclosure import entry_of
from dengwen.merkle.errors import RejectedError
from dengwen.merkle.note import VerifierKey, open_note
from dengwen.merkle.tree import CompactRange, leaf_hash, root_by_levels

_STEP = 2000
_LEAF, _HEAD, _NODE, _TREE = "ledger_leaf", "ledger_checkpoint", "ledger_node", "ledger_tree"


def leaves_and_heads(keys: Keys, trusted: Sequence[VerifierKey]) -> Iterator[Finding]:
    """Walk the leaves once, comparing every signed head and every stored node on the way."""
    # The size is read first: whatever is sealed later lies beyond it and is left to the next check.
    tree = Tree.objects.filter(origin=keys.origin).first()
    yield from _strangers(keys)
    edge, heads, nodes = CompactRange(), _Heads(keys, trusted), _Nodes()
    is_whole = yield from _walk(tree.size if tree else 0, edge, heads, nodes)
    if not is_whole:
        return
    parts: tuple[tuple[str, Callable[[], Iterable[Finding]]], ...] = (
        ("tree", lambda: _tree(tree, edge)),
        ("leaves", lambda: _beyond(keys)),
        ("heads", heads.rest),
        ("nodes", nodes.rest),
        ("mark", lambda: _mark(keys)),
    )
    for name, part in parts:
        yield from guarded(f"ledger:{name}", part, lambda finding: finding)


def _strangers(keys: Keys) -> Iterator[Finding]:
    """Find trees of other logs than that of these keys."""
    for other in Tree.objects.exclude(origin=keys.origin):
        yield Finding(
            "L7",
            _TREE,
            other.origin,
            "origin",
            f"不是本机密钥的存证 {keys.origin!r}",
            f"not the log of these keys, {keys.origin!r}",
        )


def _walk(
    size: int, edge: CompactRange, heads: _Heads, nodes: _Nodes
) -> Generator[Finding, None, bool]:
    """Check the leaves of a tree of this size in order and put each on the edge; returns whether
    all could be read, for nothing after a gap can be checked."""
    leaves = Leaf.objects.filter(idx__lt=size).order_by("idx")
    columns = leaves.values_list("idx", "kind", "event_id", "entry", "leaf_hash", "event__hash")
    for idx, kind, event, entry, hashed, known in columns.iterator(_STEP):
        if idx != edge.size:
            yield Finding(
                "L3",
                _LEAF,
                str(edge.size),
                "idx",
                f"第 {edge.size} 号叶不见了，其后的树无法核对",
                f"leaf {edge.size} is missing; nothing after it can be checked",
            )
            return False
        try:
            yield from _leaf(idx, kind, event, bytes(entry), bytes(hashed), known)
        except TypeError as error:  # text where bytes belong
            yield unreadable(_LEAF, idx, error)
            return False
        computed = leaf_hash(bytes(entry))
        edge.append(computed)
        yield from nodes.add(computed)
        yield from heads.at(edge)
    return True


def _leaf(
    idx: int,
    kind: str,
    event: int | None,
    entry: bytes,
    hashed: bytes,
    known: bytes | memoryview | None,
) -> Iterator[Finding]:
    row = str(idx)
    if kind != "event":
        # Cover leaves and lost bodies are not written yet: a leaf that claims to be one hides an
        # event.
        yield Finding(
            "L3",
            _LEAF,
            row,
            "kind",
            f"没有 {kind!r} 这种叶",
            f"there are no leaves of kind {kind!r}",
        )
    if event is None or known is None:
        yield Finding(
            "L3",
            _LEAF,
            row,
            "event",
            "它的事件被删" if event is not None else "它没有事件",
            f"its event {event} was deleted" if event is not None else "it has no event",
        )
    elif entry != entry_of(bytes(known)):
        yield Finding(
            "L4", _LEAF, row, "entry", "叶与其事件的摘要不符", "the entry is not that of its event"
        )
    if hashed != leaf_hash(entry):
        yield Finding(
            "L4", _LEAF, row, "leaf_hash", "叶的摘要不符", "the hash is not that of the entry"
        )


def _tree(tree: Tree | None, edge: CompactRange) -> Iterator[Finding]:
    if tree is None:
        if Leaf.objects.exists() or Checkpoint.objects.exists():
            yield Finding(
                "L7",
                _TREE,
                "",
                "origin",
                "树的状态行被删",
                "the row with the state of the tree was deleted",
            )
        return
    if edge.size != tree.size:
        yield Finding(
            "L3",
            _LEAF,
            str(edge.size),
            "idx",
            f"应有 {tree.size} 叶，只有 {edge.size} 叶",
            f"the tree has {tree.size} leaves, only {edge.size} are there",
        )
        return
    if edge.root() != bytes(tree.root):
        yield Finding(
            "L7",
            _TREE,
            tree.origin,
            "root",
            "树根不是这些叶的根",
            "the root is not that of the leaves",
        )
    if edge.dump() != bytes(tree.edge):
        yield Finding(
            "L7",
            _TREE,
            tree.origin,
            "edge",
            "树的右缘不是这些叶的",
            "the edge is not that of the leaves",
        )


def _size_now(keys: Keys) -> int:
    """The size asked again: a sequencer may have gone on since the walk began."""
    return Tree.objects.filter(origin=keys.origin).values_list("size", flat=True).first() or 0


def _beyond(keys: Keys) -> Iterator[Finding]:
    # Leaves first, then the size: both only grow, and leaves never before it.
    last = Leaf.objects.order_by("-idx").values_list("idx", flat=True).first()
    if last is not None and last >= _size_now(keys):
        yield Finding(
            "L3", _LEAF, str(last), "idx", "在树的长度之外", "lies beyond the size of the tree"
        )


class _Heads:
    """The stored checkpoints in order of size, each met when the walk has as many leaves."""

    def __init__(self, keys: Keys, trusted: Sequence[VerifierKey]) -> None:
        self._keys, self._trusted = keys, trusted
        self._rows = (
            Checkpoint.objects.order_by("size").only("size", "root", "body").iterator(_STEP)
        )
        self._next = next(self._rows, None)

    def at(self, edge: CompactRange) -> Iterator[Finding]:
        """Compare the head over exactly these leaves, if one was signed."""
        while self._next is not None and self._next.size <= edge.size:
            head = self._next
            self._next = next(self._rows, None)
            if head.size < 1 or head.size != edge.size:
                yield Finding(
                    "L7",
                    _HEAD,
                    str(head.size),
                    "size",
                    "检查点的长度不可能",
                    "a checkpoint of impossible size",
                )
                continue
            try:
                yield from self._signature(head)
                if bytes(head.root) != edge.root():
                    yield Finding(
                        "L7",
                        _HEAD,
                        str(head.size),
                        "root",
                        "不是这些叶的根",
                        "the root is not that of the leaves",
                    )
            except (TypeError, ValueError) as error:
                yield unreadable(_HEAD, head.size, error)

    def _signature(self, row: Checkpoint) -> Iterator[Finding]:
        try:
            note = open_note(row.body, self._trusted)
            head = Head.parse(note.text)
            if not note.signed_by(self._keys.origin):
                raise RejectedError("not signed by the log key")
        except RejectedError as error:
            yield Finding(
                "L7",
                _HEAD,
                str(row.size),
                "body",
                f"检查点的签名不成立（{error}）",
                f"the note does not hold ({error})",
            )
            return
        if (head.origin, head.size, head.root) != (self._keys.origin, row.size, bytes(row.root)):
            yield Finding(
                "L7",
                _HEAD,
                str(row.size),
                "body",
                "签署的文字与栏目不符",
                "the signed text does not say what the columns say",
            )

    def rest(self) -> Iterator[Finding]:
        """Heads beyond the tree as it was when the walk began: the tree was cut (or went on
        meanwhile)."""
        now = _size_now(self._keys)
        while self._next is not None:
            if self._next.size > now:
                yield Finding(
                    "L7",
                    _HEAD,
                    str(self._next.size),
                    "size",
                    f"签署过 {self._next.size} 叶，现只有 {now} 叶：树被截断",
                    f"{self._next.size} leaves were signed and {now} are left: the tree was cut",
                )
            self._next = next(self._rows, None)


class _Nodes:
    """The stored roots of full tiles, compared as the tiles fill up."""

    def __init__(self) -> None:
        self._stored = {
            (level, index): bytes(value)
            for level, index, value in Node.objects.values_list("level", "index", "hash").iterator()
        }
        self._open: list[list[bytes]] = [[]]
        self._done: list[int] = [0]

    def add(self, hashed: bytes, depth: int = 0) -> Iterator[Finding]:
        """Take the next hash of a row of the tree; a full tile hands its root up."""
        if depth == len(self._open):
            self._open.append([])
            self._done.append(0)
        self._open[depth].append(hashed)
        if len(self._open[depth]) < TILE_WIDTH:
            return
        level, index = (depth + 1) * TILE_HEIGHT, self._done[depth]
        root = root_by_levels(self._open[depth])
        self._open[depth] = []
        self._done[depth] += 1
        if self._stored.pop((level, index), None) != root:
            yield Finding(
                "L9",
                _NODE,
                f"{level}/{index}",
                "hash",
                "不是其下各叶的根，或不见了",
                "not the root of its leaves, or gone",
            )
        yield from self.add(root, depth + 1)

    def rest(self) -> Iterator[Finding]:
        """Rows left over belong to no full tile (or to one that filled up since the walk began)."""
        for level, index in self._stored:
            if not Leaf.objects.filter(idx=((index + 1) << level) - 1).exists():
                yield Finding(
                    "L9", _NODE, f"{level}/{index}", "index", "多余的结点", "a node of no full tile"
                )


def _mark(keys: Keys) -> Iterator[Finding]:
    try:
        mark = watermark.read(keys)
        watermark.compare(mark, _size_now(keys), StoredTree())
    except (RecoveryError, DamagedError) as error:
        place = str(watermark.place())
        yield Finding(
            "L8",
            "high-water",
            place,
            "root",
            f"与库外的标记矛盾：{error}",
            f"contradicts the mark outside: {error}",
        )
        return
    if mark is not None and not Checkpoint.objects.filter(size=mark.size).exists():
        yield Finding(
            "L8",
            _HEAD,
            str(mark.size),
            "size",
            "签署过的检查点被删",
            "a checkpoint that was signed has been deleted",
        )
