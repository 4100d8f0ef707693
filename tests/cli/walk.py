"""A petition taken through its procedure on the command line, each act on its day."""

from __future__ import annotations

from tests.cli.conftest import Dengwen


class Walk:
    """Acts on one petition, each on its day."""

    def __init__(self, dengwen: Dengwen) -> None:
        self.dengwen, self.number = dengwen, ""

    def __call__(
        self,
        who: str,
        act: str,
        day: str,
        case: str = "",
        texts: dict[str, str] | None = None,
        **fields: str,
    ) -> str:
        """Do an act as a practice account with the clock on a day; returns the number of the
        first case touched."""
        words = [*(["--open", "petition"] if act == "register" else [case or self.number]), act]
        words += [w for k, v in fields.items() for w in ("--set", f"{k.rstrip('_')}={v}")]
        words += [w for k, v in (texts or {}).items() for w in ("--text", f"{k}={v}")]
        done = self.dengwen("act", *words, "--by", who, "--clock", day, "--json").data
        self.number = self.number or done["case"]
        return str(done["acts"][-1]["case"])
