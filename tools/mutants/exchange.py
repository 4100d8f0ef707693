"""Puts a mutant into a running process: the code of its functions is exchanged in place, so that
names imported elsewhere follow; a constant is given its new value wherever it is bound.
"""

from __future__ import annotations

import ast
import functools
import gc
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from types import CodeType, FunctionType, ModuleType
from typing import Any

from tools.mutants.mutant import ROOT, Mutant, module_name

OURS = ("dengwen.", "config.", "tests.", "tools.")
Undo = list[tuple[object, str, object]]
"""What was bound where before a change, under which name."""
PLAIN = (int, str, float, bytes, bool, type(None))
"""Values that may be one object by chance: these follow their name alone."""


class ColdError(Exception):
    """A change of a module's or a class's own body, which only a fresh import makes."""


class Process:
    """The functions and caches of this process, found once before it is forked."""

    def __init__(self) -> None:
        self.functions: dict[str, list[FunctionType]] = defaultdict(list)
        self.caches: dict[str, list[Any]] = defaultdict(list)
        gc.unfreeze()  # what the tests froze would not be seen
        for one in gc.get_objects():
            if issubclass(type(one), FunctionType):  # a lazy object would be awakened
                self.functions[one.__code__.co_filename].append(one)
            elif issubclass(type(one), functools._lru_cache_wrapper):  # noqa: SLF001  # its only name
                self.caches[getattr(one, "__module__", "")].append(one)

    def put_in(self, mutant: Mutant) -> Callable[[], None]:
        """Change this process and return what takes the change out again; ColdError where only a
        fresh import would do."""
        path = ROOT / mutant.file
        module = sys.modules[module_name(mutant.file)]
        source = path.read_text(encoding="utf-8")
        after = mutant.mutated(source)
        caches = self.caches[module.__name__]
        if mutant.constant:
            undo = rebind(module, ast.parse(after), mutant.constant)
        else:
            undo = self._exchange(str(path), source, after)
        _forget(caches)

        def take_out() -> None:
            take_back(undo)
            _forget(caches)

        return take_out

    def _exchange(self, path: str, before: str, after: str) -> Undo:
        old, new = (_by_place(compile(text, path, "exec")) for text in (before, after))
        pairs = {
            (*place, a.co_code): b
            for place, codes in old.items()
            for a, b in zip(
                codes, new.get(place, ()), strict=False
            )  # what is never reached is gone
            if _differs(a, b)
        }
        undo: Undo = []
        for function in self.functions[path]:
            code = function.__code__
            other = pairs.get((code.co_qualname, code.co_firstlineno, code.co_code))
            if other is not None:
                try:
                    function.__code__ = other
                except ValueError as error:  # it closes over fewer names than before
                    raise ColdError from error
                undo.append((function, "__code__", code))
        if not undo:
            raise ColdError
        return undo


def _forget(caches: list[Any]) -> None:
    """Drop what functions keep, and the questions the program keeps ready for its database."""
    for cache in caches:
        cache.cache_clear()
    statements = sys.modules.get("dengwen.access.statements")
    if statements is not None:
        statements.forget()


def _codes(code: CodeType) -> Iterator[CodeType]:
    """Yield a code object and all in it, each once, in the order they stand."""
    yield code
    for one in code.co_consts:
        if isinstance(one, CodeType):
            yield from _codes(one)


def _by_place(code: CodeType) -> dict[tuple[str, int], list[CodeType]]:
    """Return code objects by name and first line; lambdas of one line in their order."""
    found: dict[tuple[str, int], list[CodeType]] = defaultdict(list)
    for one in _codes(code):
        found[one.co_qualname, one.co_firstlineno].append(one)
    return found


def _differs(one: CodeType, other: CodeType) -> bool:
    return (one.co_code, one.co_consts, one.co_names) != (
        other.co_code,
        other.co_consts,
        other.co_names,
    )


def rebind(module: ModuleType, tree: ast.Module, name: str) -> Undo:
    """Give a constant of a module the value that a changed text gives it, and what is made of it
    in that module as well; return what was bound before."""
    changed = {name}
    undo: Undo = []
    for statement in tree.body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=target)], value=value):
                pass
            case ast.AnnAssign(target=ast.Name(id=target), value=ast.expr() as value):
                pass
            case _:
                continue
        if target == name or (changed & _read(value) and target.isupper()):
            code = compile(ast.Expression(value), str(module.__file__), "eval")
            old = getattr(module, target)
            try:
                new = eval(code, vars(module))  # noqa: S307  # our own text, changed by us
            except Exception:
                take_back(undo)
                raise
            changed.add(target)
            undo += _follow(target, old, new)
    return undo


def take_back(undo: Undo) -> None:
    """Bind what was bound before, the last first."""
    for place, name, value in reversed(undo):
        setattr(place, name, value)


def _read(value: ast.expr) -> set[str]:
    return {node.id for node in ast.walk(value) if isinstance(node, ast.Name)}


def _follow(name: str, old: object, new: object) -> Undo:
    """Bind a new value wherever the old one is bound under a name of ours; return where it was."""
    undo: Undo = []
    for module in list(sys.modules.values()):
        if not getattr(module, "__name__", "").startswith(OURS):
            continue
        for bound, value in list(vars(module).items()):
            if value is old and (bound == name or not isinstance(old, PLAIN)):
                setattr(module, bound, new)
                undo.append((module, bound, value))
    return undo


def constant_users(sources: dict[str, str], name: str, home: str) -> dict[str, set[int]]:
    """Return the lines of functions that name a constant: in its file and where it is imported."""
    word = re.compile(rf"\b{re.escape(name)}\b")
    short = module_name(home).rpartition(".")[2]
    found: dict[str, set[int]] = {}
    for file, source in sources.items():
        if file != home and (name not in source or short not in source):
            continue
        lines = source.splitlines()
        found[file] = {n for n, line in enumerate(lines, start=1) if word.search(line)}
    return found
