"""What happened once is put back: the rows and files it left, instead of acting it all out again in
every test.

    @once
    def play(world: World) -> list[str]: ...

    number = kept(world, "an assessment opened", lambda: ...)  # where more than the world is needed

The first test of a process lets it happen; to every later one database and data folder look as they
did after it.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Model

from dengwen.access.keys import keyring
from dengwen.cases import rulebooks
from dengwen.ledger.models import Event, Leaf
from tests.world import World, models_kept, statements_of, written_out

Given = TypeVar("Given")
Asked = ParamSpec("Asked")
Rows = dict[type[Model], dict[Any, Model]]
Files = dict[tuple[int, str], tuple[bytes, int]]
"""By number of the folder and name in it: what a file holds, and its mode."""


@dataclass(frozen=True)
class _Left:
    """What something left behind: what it returned, new, changed and deleted rows, files, the
    count of acts."""

    returned: bytes
    rows: tuple[tuple[str, list[Any] | None], ...]
    changed: tuple[tuple[type[Model], Any, dict[str, Any]], ...]
    gone: tuple[tuple[type[Model], list[Any]], ...]
    files: Files
    count: int


_LEFT: dict[tuple[object, ...], _Left] = {}


def kept(world: World, what: str, happen: Callable[[], Given], *folders: Path) -> Given:
    """Let something happen in a world the first time, and put back what it left every later time.

    Kept are the rows of Dengwen, the files of the data folder and of the `folders`, and what was
    returned (a copy each
    time). `what` names it in the whole process; where the ledger is another one than the first
    time, it happens anew.
    """
    places = (Path(settings.DATA), *folders)
    begins = (what, *_begun(world))
    if begins not in _LEFT:
        rows, files = _rows(), _files(places)
        found = happen()
        _LEFT[begins] = _compared(found, (rows, _rows()), (files, _files(places)), world.count)
        return found
    left = _LEFT[begins]
    _put_back(left, places)
    world.count = left.count
    return pickle.loads(left.returned)  # type: ignore[no-any-return]  # of the type that was pickled


def once(
    play: Callable[Concatenate[World, Asked], Given],
) -> Callable[Concatenate[World, Asked], Given]:
    """Keep what a function does in a world, by all it is asked, and put it back wherever it is
    asked the same again."""

    @wraps(play)
    def played(world: World, /, *args: Asked.args, **kwargs: Asked.kwargs) -> Given:
        what = f"{play.__module__}.{play.__qualname__} {args!r} {sorted(kwargs.items())!r}"
        assert " at 0x" not in what, (
            f"what is asked must have words that are the same in every test: {what}"
        )
        return kept(world, what, lambda: play(world, *args, **kwargs))

    return played


def at_first(
    play: Callable[Concatenate[World, Asked], Given],
) -> Callable[Concatenate[World, Asked], Given]:
    """Keep what a function does where nothing happened in a world yet; later it happens anew, for
    a beginning that no other test has is not worth keeping."""
    kept_play = once(play)

    @wraps(play)
    def played(world: World, /, *args: Asked.args, **kwargs: Asked.kwargs) -> Given:
        return (play if world.count else kept_play)(world, *args, **kwargs)

    return played


def _begun(world: World) -> tuple[object, ...]:
    """Return what tells a world from another one: the newest event, whose hash has what went
    before, and how many."""
    newest = Event.objects.order_by("-pk").values_list("pk", "hash").first()
    of = (*(newest or (0, b"")), Event.objects.count(), Leaf.objects.count(), world.count)
    return tuple(bytes(one) if isinstance(one, memoryview) else one for one in of)


def _rows() -> Rows:
    return {model: {row.pk: row for row in model._base_manager.all()} for model in models_kept()}


def _files(places: tuple[Path, ...]) -> Files:
    return {
        (n, str(path.relative_to(place))): (path.read_bytes(), path.stat().st_mode & 0o777)
        for n, place in enumerate(places)
        for path in sorted(place.rglob("*"))
        if path.is_file()
    }


def _compared(
    found: object, rows: tuple[Rows, Rows], files: tuple[Files, Files], count: int
) -> _Left:
    """Return what is otherwise after something happened than before."""
    before, after = rows
    new = {
        model: [row for pk, row in held.items() if pk not in before[model]]
        for model, held in after.items()
    }
    gone = {model: [pk for pk in held if pk not in after[model]] for model, held in before.items()}
    return _Left(
        returned=pickle.dumps(found),
        rows=tuple(
            written_out(one for model, some in new.items() for one in statements_of(model, some))
        ),
        changed=tuple(_changes(before, after)),
        gone=tuple((model, keys) for model, keys in gone.items() if keys),
        files={name: held for name, held in files[1].items() if files[0].get(name) != held},
        count=count,
    )


def _changes(before: Rows, after: Rows) -> Iterator[tuple[type[Model], Any, dict[str, Any]]]:
    """Yield the changed columns of rows that were there before."""
    for model, held in after.items():
        names = [field.attname for field in model._meta.concrete_fields]
        for pk, row in held.items():
            old = before[model].get(pk)
            if old is not None:
                changed = {n: getattr(row, n) for n in names if getattr(row, n) != getattr(old, n)}
                if changed:
                    yield model, pk, changed


def _put_back(left: _Left, places: tuple[Path, ...]) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        for model, keys in left.gone:
            model._base_manager.filter(pk__in=keys).delete()
        for statement, values in left.rows:
            cursor.execute(statement, values)
        for model, key, changed in left.changed:
            model._base_manager.filter(pk=key).update(**changed)
    for (n, name), (body, mode) in left.files.items():
        path = places[n] / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
        path.chmod(mode)
    keyring.key_ring.cache_clear()
    rulebooks.forget_rows()
