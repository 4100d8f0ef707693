"""Which mutants a file has. The changes of single nodes are mutmut's; which nodes are changed, and
the forced conditions and shortened constants, are ours.

Changed are comparisons, `and` and `or`, `not`, the conditions of `if`, `while`, ternaries and
filters, and the values of UPPER_CASE names of a module. Left alone are docstrings, annotations,
`assert`, logging, `TYPE_CHECKING` and words that are translated. Left out as well is what says
nothing new: a whole condition turned round, where both its forced values are tried, and a loop
forced to go on for ever.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import libcst as cst
import libcst.matchers as m
from libcst.metadata import ByteSpanPositionProvider, MetadataWrapper, PositionProvider
from mutmut.mutation import mutators

from tools.mutants.guards import guards
from tools.mutants.mutant import ROOT, Mutant, digest

CONSTANT = re.compile(r"_?[A-Z][A-Z0-9_]+")
WORDS = re.compile(r"[\u3000-\u9fff\uff00-\uffef]")
"""What is written in Chinese is read by people."""
QUIET_CALLS = frozenset({"_", "gettext", "gettext_lazy", "pgettext", "ngettext", "TypeVar"})
"""What is called with words that people read, or with a name of a type."""
LOGGERS = frozenset({"log", "logger", "logging", "LOG", "LOGGER"})
ORDERS = (cst.LessThan, cst.LessThanEqual, cst.GreaterThan, cst.GreaterThanEqual)
TURNED: dict[type[cst.CSTNode], type[cst.BaseCompOp]] = {
    cst.LessThan: cst.GreaterThanEqual,
    cst.LessThanEqual: cst.GreaterThan,
    cst.GreaterThan: cst.LessThanEqual,
    cst.GreaterThanEqual: cst.LessThan,
}
"""Orders turned round, besides mutmut's step to the border."""
TIMES = 10
LISTED = ROOT / "build" / "mutants" / "listed"
MAKERS = [Path(__file__).with_name(name) for name in ("edits.py", "guards.py", "guards.toml")]
"""What decides which mutants a file has."""


@dataclass(frozen=True)
class _Place:
    """Where a walk stands: in which function, in which whole expression, under which constant."""

    within: tuple[str, ...] = ()
    text: str = ""
    constant: str = ""
    whole: cst.CSTNode | None = None
    """The condition whose both values are forced."""
    member: bool = False
    """Whether it stands in a member of a collection, which is dropped and not emptied."""


@dataclass(frozen=True)
class _Edit:
    node: cst.CSTNode
    by: str
    change: str
    place: _Place
    guards: bool


class _Walk:
    """A walk through one file that writes down its edits."""

    def __init__(self, module: cst.Module) -> None:
        self.module = module
        self.edits: list[_Edit] = []

    def code(self, node: cst.CSTNode) -> str:
        return self.module.code_for_node(node)

    def add(
        self, node: cst.CSTNode, by: str, change: str, place: _Place, *, guarding: bool = False
    ) -> None:
        text = place if place.text else replace(place, text=_flat(self.code(node)))
        self.edits.append(_Edit(node, by, change, text, guarding))

    def go(self, node: cst.CSTNode, place: _Place) -> None:
        """Walk a node and all below it."""
        if _is_quiet(node):
            return
        if isinstance(node, cst.FunctionDef | cst.ClassDef):
            place = replace(place, within=(*place.within, node.name.value))
        elif isinstance(node, cst.SimpleStatementLine) and not place.within:
            place = replace(place, constant=_constant(node), text="")
        elif isinstance(node, cst.BaseSmallStatement) and place.constant:
            place = replace(place, within=(place.constant,))
        outer = place
        place = self.condition(node, place)
        self.expression(node, place)
        if place.constant:
            self.constant(node, place)
        for child in node.children:
            below = place
            if isinstance(node, cst.If | cst.While | cst.IfExp | cst.CompIf):
                below = place if child is node.test else outer
            if isinstance(child, cst.BaseSuite | cst.Else | cst.If):
                below = replace(below, text="", whole=None)
            inside = place.member or isinstance(node, cst.BaseElement)
            self.go(child, replace(below, member=inside))

    def condition(self, node: cst.CSTNode, place: _Place) -> _Place:
        """Force the condition of a node to both its values; return the place of what is below."""
        if not isinstance(node, cst.If | cst.While | cst.IfExp | cst.CompIf):
            return place
        test = node.test
        inner = replace(place, text=_flat(self.code(test)), whole=test)
        if inner.text in {"True", "False"}:
            return inner
        choice = cst.IfExp(test=test, body=cst.Name("a"), orelse=cst.Name("b"))
        guarding = any(guards(one) for one in _comparisons(test))
        for forced in mutators.operator_if_exp(choice):
            never = m.matches(forced.test, m.BooleanOperation(operator=m.And()))
            if never or not isinstance(node, cst.While):
                change = "never" if never else "always"
                self.add(test, f"({self.code(forced.test)})", change, inner, guarding=guarding)
        return inner

    def expression(self, node: cst.CSTNode, place: _Place) -> None:
        """Change a comparison, an `and` or `or`, a `not`."""
        if isinstance(node, cst.Comparison):
            self.comparison(node, place)
        elif isinstance(node, cst.BooleanOperation):
            for other in mutators.operator_swap_op(node):
                turned = cst.ensure_type(other, cst.BooleanOperation).operator
                change = f"{_sign(node.operator)} → {_sign(turned)}"
                self.add(node, f"({self.code(other)})", change, place)
        elif (
            isinstance(node, cst.UnaryOperation)
            and isinstance(node.operator, cst.Not)
            and node is not place.whole
        ):
            self.add(node, f"({self.code(node.expression)})", "not dropped", place)

    def comparison(self, node: cst.Comparison, place: _Place) -> None:
        for n, target in enumerate(node.comparisons):
            ordered = isinstance(target.operator, ORDERS)
            if not ordered and node is place.whole and len(node.comparisons) == 1:
                continue  # turned round as a whole: both forced values stand for it
            others = [
                cst.ensure_type(one, cst.ComparisonTarget).operator
                for one in mutators.operator_swap_op(target)
            ]
            others += [
                one
                for one in mutators.operator_keywords(target.operator)
                if isinstance(one, cst.BaseCompOp)
            ]
            if ordered and node is not place.whole:
                others.append(TURNED[type(target.operator)]())
            for operator in others:
                targets = list(node.comparisons)
                targets[n] = target.with_changes(operator=operator)
                by = self.code(node.with_changes(comparisons=targets))
                change = f"{_sign(target.operator)} → {_sign(operator)}"
                self.add(node, f"({by})", change, place, guarding=guards(node))

    def constant(self, node: cst.CSTNode, place: _Place) -> None:
        """Change a number, a string or the members of a collection in a constant."""
        if isinstance(node, cst.Integer | cst.Float):
            for other in mutators.operator_number(node):
                more = self.code(other)
                self.add(node, more, f"{node.value} → {more}", place)
            if node.evaluated_value:
                times = repr(node.evaluated_value * TIMES)
                self.add(node, times, f"{node.value} → {times}", place)
        elif isinstance(node, cst.SimpleString | cst.ConcatenatedString):
            prefix = getattr(node, "prefix", "")
            empty = f'{prefix}""'
            if not place.member and not WORDS.search(self.code(node)) and self.code(node) != empty:
                self.add(node, empty, "emptied", place)
        elif isinstance(node, cst.Set | cst.Tuple | cst.List | cst.Dict):
            self.dropped(node, place)

    def dropped(self, node: cst.Set | cst.Tuple | cst.List | cst.Dict, place: _Place) -> None:
        """Drop one member after the other."""
        empty = {cst.Set: "set()", cst.Tuple: "()", cst.List: "[]", cst.Dict: "{}"}[type(node)]
        for n, one in enumerate(node.elements):
            rest = [*node.elements[:n], *node.elements[n + 1 :]]
            by = self.code(node.with_changes(elements=rest)) if rest else empty
            if isinstance(node, cst.Tuple) and len(rest) == 1:
                by = f"({self.code(rest[0].value)},)"
            elif isinstance(node, cst.Tuple) and rest and not node.lpar:
                by = f"({by})"
            told = _flat(self.code(one.with_changes(comma=cst.MaybeSentinel.DEFAULT)))
            self.add(node, by, f"without {told}", place)


def mutants(path: Path, source: str | None = None) -> list[Mutant]:
    """Return the mutants of a file in the order of its lines."""
    source = path.read_text(encoding="utf-8") if source is None else source
    wrapper = MetadataWrapper(cst.parse_module(source), unsafe_skip_copy=True)
    walk = _Walk(wrapper.module)
    walk.go(wrapper.module, _Place())
    spans = wrapper.resolve(ByteSpanPositionProvider)
    lines = wrapper.resolve(PositionProvider)
    whole = source.encode()
    file = str(path.relative_to(ROOT)) if path.is_absolute() else str(path)
    found, seen = [], Counter[tuple[str, ...]]()
    for edit in walk.edits:
        span = spans[edit.node]
        start = len(whole[: span.start].decode())
        end = start + len(whole[span.start : span.start + span.length].decode())
        alike = (".".join(edit.place.within), edit.place.text, edit.change)
        seen[alike] += 1
        found.append(
            Mutant(
                file, *alike, seen[alike], lines[edit.node].start.line, start, end, edit.by,
                constant=edit.place.constant, guards=edit.guards, source=digest(source),
            )
        )  # fmt: skip
    return sorted(found, key=lambda mutant: (mutant.line, mutant.start))


def all_mutants(paths: Iterable[Path]) -> list[Mutant]:
    """Return the mutants of several files; those of a file that did not change are read again."""
    makers = b"".join(path.read_bytes() for path in MAKERS)
    LISTED.mkdir(parents=True, exist_ok=True)
    found = []
    for path in paths:
        source = path.read_text(encoding="utf-8")
        made = hashlib.sha256(makers + f"{path.relative_to(ROOT)}\0{source}".encode())
        kept = LISTED / f"{made.hexdigest()[:32]}.json"
        if not kept.exists():
            told = [asdict(mutant) for mutant in mutants(path, source)]
            kept.write_text(json.dumps(told), encoding="utf-8")
        found += [Mutant(**one) for one in json.loads(kept.read_text(encoding="utf-8"))]
    return found


def _flat(text: str) -> str:
    return " ".join(re.sub(r"#.*", "", line).strip() for line in text.splitlines()).strip()


def _sign(operator: cst.CSTNode) -> str:
    return cst.Module([]).code_for_node(operator).strip()


def _constant(line: cst.SimpleStatementLine) -> str:
    """Return the UPPER_CASE name a statement gives a value to, or nothing."""
    match line.body[0]:
        case cst.Assign(targets=[cst.AssignTarget(target=cst.Name(value=name))]):
            return name if CONSTANT.fullmatch(name) else ""
        case cst.AnnAssign(target=cst.Name(value=name), value=value) if value is not None:
            return name if CONSTANT.fullmatch(name) else ""
    return ""


def _is_quiet(node: cst.CSTNode) -> bool:
    """Whether nothing in a node is changed: annotations, assertions, logging, translated words."""
    match node:
        case cst.Annotation() | cst.Assert() | cst.Import() | cst.ImportFrom():
            return True
        case cst.If(test=cst.Name(value="TYPE_CHECKING")):
            return True
        case cst.Call(func=cst.Name(value=name)):
            return name in QUIET_CALLS
        case cst.Call(func=cst.Attribute(value=cst.Name(value=name))):
            return name in LOGGERS
    return False


def _comparisons(node: cst.CSTNode) -> Iterator[cst.Comparison]:
    if isinstance(node, cst.Comparison):
        yield node
    for child in node.children:
        yield from _comparisons(child)
