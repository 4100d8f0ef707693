"""What is dear to make and the same for every process of tests lies in build/, made once and read.

Its name has the digest of everything that could make it another one, so that whatever changes
begins a new file; what uses it checks it as it would check one made just now.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
KEPT = ROOT / "build"
PROGRAM = (("dengwen", "*.py"), ("config", "*.py"), ("requirements", "*.lock"))
"""The whole program, for its parts may call any of it, and the locked packages."""
FILES = 4
"""How many files of a kind stay: those of two Pythons, before and after a change."""


def files_of(folders: Iterable[tuple[str, str]], root: Path = ROOT) -> list[Path]:
    """Return the files below some folders that match the pattern of each."""
    return [path for folder, pattern in folders for path in sorted((root / folder).rglob(pattern))]


def digest(files: Iterable[Path], versions: Iterable[object], root: Path = ROOT) -> str:
    """Return the name of what these files make with these versions."""
    found = hashlib.sha256(repr([str(version) for version in versions]).encode())
    for file in files:
        content = file.read_bytes()
        found.update(f"\0{file.relative_to(root)}\0{len(content)}\0".encode())
        found.update(content)
    return found.hexdigest()[:32]


def keep(file: Path, write: Callable[[Path], object]) -> None:
    """Let a file be written aside, then rename it, so that nobody reads a half of it; older ones
    of its kind go."""
    file.parent.mkdir(parents=True, exist_ok=True)
    kind = file.name.partition("-")[0]
    with tempfile.TemporaryDirectory(prefix=f"{kind}.", dir=file.parent) as aside:
        whole = Path(aside) / file.name
        write(whole)
        whole.replace(file)
    others = sorted(file.parent.glob(f"{kind}-*{file.suffix}"), key=_written, reverse=True)
    for old in [other for other in others if other != file][FILES - 1 :]:
        old.unlink(missing_ok=True)


def _written(file: Path) -> float:
    """Return when a file was written; one that another process put away meanwhile is the oldest."""
    with suppress(FileNotFoundError):
        return file.stat().st_mtime
    return 0.0
