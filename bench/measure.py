"""One office on one database, measured from first intake to last check: `python -m bench.measure
FILE quick|full`.

Started by `bench` with the office's folder and database in the environment. Django must be set up
before anything of
the office is imported, hence the two halves.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any

from dengwen.cli.office import data_folder


def main() -> int:
    """Set the office up and measure it."""
    data_folder.prepare(
        data_folder.data_folder(), practice=True, origin=data_folder.PRACTICE_ORIGIN
    )
    data_folder.set_up()
    course: Any = importlib.import_module("bench.course")
    course.run(Path(sys.argv[1]), quick=sys.argv[2] == "quick")
    return 0


if __name__ == "__main__":
    sys.exit(main())
