"""`dengwen law check --soundness`: what is unsound in the packs, and what stands open."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dengwen.cli.rules.delivered_packs import FAILED, OK, packs_folder, print_json
from dengwen.law.packs.library import Library
from dengwen.law.soundness.accepted import Known, read_known, unknown
from dengwen.law.soundness.survey import Explored, Survey, survey


def run_soundness(library: Library, *, as_json: bool) -> int:
    """Explore all packs and print nodes, findings and what stands open; fail where something is
    new."""
    found = survey(library, packs_folder())
    known = read_known(packs_folder())
    fresh = unknown(found.findings, known)
    standing = [known[finding.key] for finding in found.findings if finding.key in known]
    if as_json:
        print_json(_as_dict(found, [error.as_dict() for error in fresh], standing))
    else:
        for line in nodes_of(found.explored):
            print(line)
        for one in standing:
            print(f"· {one.key}: {one.zh} / {one.en}")
        for error in fresh:
            print(f"✗ {error}")
        for text in found.unconfirmed:
            print(f"✗ 未能证实 / not confirmed: {text}")
        print(_sum(found, len(fresh), len(standing)))
    return FAILED if fresh or found.unconfirmed else OK


def nodes_of(explored: Sequence[Explored]) -> list[str]:
    """Return a line for each kind of case under each combination of editions at each place."""
    return [
        f"{one.kind} · {one.place or '全国 / nationwide'} · {' + '.join(one.packs)}: {one.nodes}"
        for one in explored
    ]


def _sum(found: Survey, fresh: int, standing: int) -> str:
    nodes = sum(one.nodes for one in found.explored)
    return (
        f"种类 × 版本 × 地方 / kinds × editions × places: {len(found.explored)}；"
        f"节点 / nodes: {nodes}；发现 / findings: {fresh}；"
        f"已知未改 / known and open: {standing}"
    )


def _as_dict(
    found: Survey, fresh: Sequence[dict[str, str]], standing: Sequence[Known]
) -> dict[str, Any]:
    return {
        "explored": [
            {"kind": one.kind, "place": one.place, "packs": one.packs, "nodes": one.nodes}
            for one in found.explored
        ],
        "findings": fresh,
        "open": [{"key": one.key, "zh": one.zh, "en": one.en} for one in standing],
        "unconfirmed": found.unconfirmed,
    }
