"""What is asked of the pages of one case: its identity, its papers and files, and its acts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.wall.asking import NOBODY, Ask, Asks, get, numbers, post
from tests.wall.highs import PDF, Known
from tests.wall.stage import UNIT_NAME, Stage


def identity(_stage: Stage, known: Known) -> Asks:
    purposes = ("handle", "register", "investigate", "serve", "")
    return [
        post(f"/desk/case/{n}/identity/open/", purpose=purposes[i % 5])
        for i, n in enumerate(numbers(known))
    ]


def document(_stage: Stage, known: Known) -> Asks:
    low = [f"/desk/case/{number}/documents/{paper}/" for number, paper in known.papers]
    high = [
        f"/desk/case/{n}/documents/{paper}/"
        for n, (_low, paper) in zip(known.high, known.papers, strict=False)
    ]
    mixed = [p for pair in zip(low, high, strict=False) for p in pair] + low
    return get(
        *mixed,
        f"/desk/case/{known.high[0]}/documents/1/registered/",
        f"/desk/case/{NOBODY}/documents/1/x/",
    )


def download(_stage: Stage, known: Known) -> Asks:
    """Ask for a low file where it lies, in a protected case, and for one that is nowhere."""
    (number, name), nowhere = known.files[0], "ab" * 32
    pairs = [
        (number, name),
        *((n, name) for n in known.high),
        (number, nowhere),
        (known.high[0], nowhere),
    ]
    return get(*(f"/desk/case/{n}/files/{f}/" for n, f in pairs))


def sort(_stage: Stage, known: Known) -> Asks:
    asks = []
    for n in [known.low[0], *numbers(known)]:
        path = f"/desk/case/{n}/classify/"
        found = {"find": "on_to", "q_on_to": "示例", "part": "1"}
        asks += [
            *get(path),
            post(path, **{"class": "claim", "path": "31(6)", "onward": ""}),
            post(path, **found),
        ]
    return [
        *asks,
        post(f"/desk/case/{known.low[0]}/classify/", **{"class": "accusation", "onward": ""}),
    ]


def draft(_stage: Stage, known: Known) -> Asks:
    asks = []
    opinion = {
        "outcome": "support",
        "claim": "修复",
        "facts_reasons": "属实",
        "opinion": "支持",
        "legal_basis": "第一条",
    }
    for n in numbers(known):
        asks += [*get(f"/desk/case/{n}/draft/"), post(f"/desk/case/{n}/draft/", **opinion)]
    return asks


def divide(_stage: Stage, known: Known) -> Asks:
    parts = {
        "p1_class": "claim",
        "p1_path": "31(6)",
        "p1_content": "修复",
        "p2_class": "suggestion",
        "p2_content": "设灯",
    }
    accusing = {**parts, "p2_class": "accusation", "p2_accused": UNIT_NAME}
    asks: list[Ask] = []
    for n in numbers(known):
        path = f"/desk/case/{n}/split/"
        asks += [*get(path), post(path, blocks="3", **parts, r1="1", r2="2"), post(path, more="1")]
    return [
        *asks,
        post(f"/desk/case/{known.low[0]}/split/", blocks="2", **accusing, r1="1", r2="1"),
    ]


ACTS: tuple[tuple[str, Mapping[str, Any]], ...] = (
    ("receive", {}),
    ("note", {"text": "备注"}),
    ("accept", {"procedure": "信访程序", "contact": "李样本"}),
    ("attach_repeat", {"running": "{high}"}),
    ("extend", {"days": "30", "reason": "检测未完", "told_petitioner": "true"}),
    ("link", {"other": "{high}", "how": "same_matter"}),
    ("object", {"reason": "不属本机关职权"}),
    ("correct", {"reason": "笔误", "target": "1"}),
    ("forward", {"note": "请办理"}),
    ("forward_accusation", {}),
    ("link", {"other": "{low}", "how": "same_matter"}),
    ("add_contact", {"address": "示例路9号"}),
    ("add_material", {"note": "收据"}),
    ("breach", {}),
    ("register", {}),
)


def act(_stage: Stage, known: Known) -> Asks:
    asks = []
    for i, n in enumerate(numbers(known) * 2):
        name, form = ACTS[i % len(ACTS)]
        path = f"/desk/case/{n}/{name}/"
        filled = {
            k: str(v).format(high=known.high[i % len(known.high)], low=known.low[0])
            for k, v in form.items()
        }
        upload = {"papers": ("beleg.pdf", PDF)} if name == "add_material" and i % 2 else {}
        asks += [*get(path), post(path, **filled, **upload)]
    named = [
        post(f"/desk/case/{n}/forward/", find="to", q_to="示例", part="1") for n in numbers(known)
    ]
    return [
        *asks[3::4],
        *asks[2::4],
        *asks[1::4],
        *asks[0::4],
        *named,
    ]  # open cases have the odd places: acts on them first
