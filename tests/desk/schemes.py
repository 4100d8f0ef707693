"""A scheme of the district government that is in force for the first half of 2025, and who does
what."""

from __future__ import annotations

import tomllib
from datetime import date
from typing import Any

from dengwen.assessment.frozen.freeze import Run
from dengwen.assessment.frozen.manifest import scheme_body, scheme_of
from dengwen.assessment.interim_figures import trial
from dengwen.cases import rulebooks
from dengwen.ledger import sequencer
from dengwen.oversight.statistics import newest_position
from tests.assessment import quarter
from tests.kept import once
from tests.world import World, at

CLERK, SECOND, HEAD = "secretary", "reviewer2", "review-head2"


@once
def in_force(world: World, month: str = "2024-12", last: date = quarter.LAST) -> str:
    """Bring the starting scheme, with floors of one, into force in the first half of a month and
    return its case.

    It is approved on the eleventh, for a period from the first day of 2025.
    """
    raw = tomllib.loads(
        (rulebooks.packs_folder() / "schemes" / "starting.toml").read_text(encoding="utf-8")
    )
    for indicator in raw["indicator"]:
        indicator["floor"] = 1
    body = scheme_body(raw)
    digest = scheme_of(body).digest
    texts = {"subject": "起步考核方案", "body": body}
    given: dict[str, Any] = {"scheme": "starting", "digest": digest}
    number = world.act(CLERK, "draft", kind="scheme", on=f"{month}-02", texts=texts, **given).case
    sequencer.tick(now=at(f"{month}-02"))
    world.act(
        CLERK,
        "dry_run",
        number,
        on=f"{month}-02",
        texts={"moves": "没有往年数据"},
        **trial_of(body),
    )
    until = at(f"{month}-10").date()
    world.act(
        CLERK, "consult", number, on=f"{month}-02", organs=(world.organ("YJ02"),), answer_by=until
    )
    world.act(
        HEAD,
        "approve",
        number,
        on=f"{month}-11",
        body="government",
        digest=digest,
        approval="ab" * 32,
    )
    world.act(CLERK, "put_in_force", number, on=f"{month}-12", first=quarter.FIRST, last=last)
    return number


def trial_of(body: str) -> dict[str, Any]:
    """Return what trying a scheme on the first half of 2024 at the newest checkpoint gives, as
    the act says it."""
    first, last, position = (
        quarter.FIRST.replace(year=2024),
        quarter.LAST.replace(year=2024),
        newest_position(),
    )
    scores = trial(Run(body, first, last, position)).manifest["scores_sha256"]
    return {"first": first, "last": last, "position": position, "scores": scores}
