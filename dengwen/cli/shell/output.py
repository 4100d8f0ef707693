"""How the command line answers: errors that say what, where, why and the mend; data as JSON."""

from __future__ import annotations

import json
import sys
from typing import Any

OK, WRONG, USAGE = 0, 1, 2
"""Exit codes: done; found something wrong or was refused; cannot be asked like that."""
NO_ROOM = (
    "磁盘写不下，这一次什么也没有写入 / the disk takes no more: nothing was written this time\n"
    "  办法 / mend: 腾出空间以后再运行一次 / make room, then run the command again"
)


class CommandError(Exception):
    """Something the person at the keyboard can mend; nothing was changed."""

    def __init__(self, *, what: str, where: str = "", mend: str = "", code: int = USAGE) -> None:
        self.what, self.where, self.mend, self.code = what, where, mend, code
        super().__init__(what)

    def __str__(self) -> str:
        """One line for each of: what, where, mend."""
        lines = [
            self.what,
            self.where and f"  在 / at: {self.where}",
            self.mend and f"  办法 / mend: {self.mend}",
        ]
        return "\n".join(line for line in lines if line)


def tell(text: str) -> None:
    """Print one line of an answer."""
    print(text, flush=True)


def tell_json(data: Any) -> None:  # noqa: ANN401  # whatever JSON can hold
    """Print data for a program."""
    print(json.dumps(data, ensure_ascii=False, default=str), flush=True)


def complain(text: str) -> None:
    """Print to standard error."""
    print(text, file=sys.stderr, flush=True)
