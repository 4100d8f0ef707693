"""A plugin of pytest: imports one file of the program as a mutant has it, whatever its bytecode
says. `DENGWEN_MUTANT` names a file with the path and the changed text."""

from __future__ import annotations

import json
import os
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType

PATH, TEXT = json.loads(Path(os.environ["DENGWEN_MUTANT"]).read_text(encoding="utf-8"))
_get_code = SourceFileLoader.get_code


def changed(loader: SourceFileLoader, fullname: str) -> CodeType | None:
    """Return the changed code of the one file, and everybody else's as it is."""
    if loader.path == PATH:
        return compile(TEXT, PATH, "exec")
    return _get_code(loader, fullname)


SourceFileLoader.get_code = changed  # type: ignore[method-assign, assignment]
