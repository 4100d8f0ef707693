"""The delivered rule packs, and how a question about them is answered: in words or as JSON, with an
exit code."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

from config.effects import EFFECTS
from dengwen.law.errors import PackError, StatedError
from dengwen.law.liability import provisions
from dengwen.law.packs.library import Library

OK, FAILED, USAGE = 0, 1, 2


def packs_folder() -> Path:
    """Return the folder of rule packs: `DENGWEN_PACKS`, or `packs` beside the code."""
    return Path(os.environ.get("DENGWEN_PACKS") or Path(__file__).resolve().parents[3] / "packs")


def load_library() -> Library:
    """Load and check the delivered packs; PackError names what cannot be."""
    library = Library.load(packs_folder(), EFFECTS)
    provisions.check(library)
    return library


def guarded(run: Callable[[argparse.Namespace], int]) -> Callable[[argparse.Namespace], int]:
    """Turn errors of packs and questions into a message and exit code 2."""

    def outer(args: argparse.Namespace) -> int:
        try:
            return run(args)
        except (PackError, StatedError, ValueError, OSError) as error:
            print(error, file=sys.stderr)
            return USAGE

    return outer


def print_json(data: object) -> None:
    """Print plain data as one line of JSON, days as text."""
    print(json.dumps(data, ensure_ascii=False, default=str))
