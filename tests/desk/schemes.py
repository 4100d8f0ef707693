"""A scheme of the district government that is in force for the first half of 2025, and who does what."""

from __future__ import annotations

import tomllib
from typing import Any

from dengwen.assessment.manifest import scheme_body, scheme_of
from dengwen.cases import rulebooks
from tests.assessment import quarter
from tests.world import World, at

CLERK, SECOND, HEAD = "secretary", "reviewer2", "review-head2"


def in_force(world: World) -> str:
    """Bring the starting scheme, with floors of one, into force and return its case."""
    raw = tomllib.loads((rulebooks.packs_folder() / "schemes" / "starting.toml").read_text(encoding="utf-8"))
    for indicator in raw["indicator"]:
        indicator["floor"] = 1
    body = scheme_body(raw)
    digest = scheme_of(body).digest
    texts = {"subject": "起步考核方案", "body": body}
    given: dict[str, Any] = {"scheme": "starting", "digest": digest}
    number = world.act(CLERK, "draft", kind="scheme", on="2025-01-02", texts=texts, **given).case
    world.act(CLERK, "dry_run", number, on="2025-01-02", first=quarter.FIRST.replace(year=2024),
              last=quarter.LAST.replace(year=2024), position=0, scores="0", texts={"moves": "没有往年数据"})  # fmt: skip
    until = at("2025-01-10").date()
    world.act(CLERK, "consult", number, on="2025-01-02", organs=(world.organ("YJ02"),), answer_by=until)
    world.act(HEAD, "approve", number, on="2025-01-03", body="government", digest=digest, approval="ab" * 32)
    world.act(CLERK, "put_in_force", number, on="2025-01-04", first=quarter.FIRST, last=quarter.LAST)
    return number
