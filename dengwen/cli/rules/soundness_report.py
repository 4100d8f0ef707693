"""`dengwen law check --soundness`: what is unsound in the packs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dengwen.cli.rules.delivered_packs import FAILED, OK, packs_folder, print_json
from dengwen.law.packs.library import Library
from dengwen.law.soundness.survey import Explored, Survey, survey


def run_soundness(library: Library, *, as_json: bool) -> int:
    """Explore all packs and print nodes and findings; fail where there is any."""
    found = survey(library, packs_folder())
    if as_json:
        print_json(_as_dict(found))
    else:
        for line in nodes_of(found.explored):
            print(line)
        for finding in found.findings:
            print(f"✗ {finding}")
        for text in found.unconfirmed:
            print(f"✗ 未能证实 / not confirmed: {text}")
        print(_sum(found))
    return FAILED if found.findings or found.unconfirmed else OK


def nodes_of(explored: Sequence[Explored]) -> list[str]:
    """Return a line for each kind of case under each combination of editions at each place."""
    return [
        f"{one.kind} · {one.place or '全国 / nationwide'} · {' + '.join(one.packs)}: {one.nodes}"
        for one in explored
    ]


def _sum(found: Survey) -> str:
    nodes = sum(one.nodes for one in found.explored)
    return (
        f"种类 × 版本 × 地方 / kinds × editions × places: {len(found.explored)}；"
        f"节点 / nodes: {nodes}；发现 / findings: {len(found.findings)}"
    )


def _as_dict(found: Survey) -> dict[str, Any]:
    return {
        "explored": [
            {"kind": one.kind, "place": one.place, "packs": one.packs, "nodes": one.nodes}
            for one in found.explored
        ],
        "findings": [finding.error.as_dict() for finding in found.findings],
        "unconfirmed": found.unconfirmed,
    }
