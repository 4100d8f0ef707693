"""What came of the mutants: the results kept while they are tried, what is recorded of them in the
repository, the survivors that change nothing, and the page that shows all of it.
"""

from __future__ import annotations

import json
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tools.docs_tables import table
from tools.mutants.edits import all_mutants
from tools.mutants.lines_by_test import KEPT
from tools.mutants.mutant import PACKAGES, ROOT, Mutant
from tools.mutants.trials import COLD, KILLED, SURVIVED, UNTRIED, Result

RESULTS = KEPT / "results.jsonl"
FOLDER = Path(__file__).parent
RECORDED = FOLDER / "recorded.json"
EQUIVALENT = FOLDER / "equivalent.toml"
PAGE = ROOT / "docs" / "reference" / "mutants.md"
HEAD = FOLDER / "page_head.md"
LONGEST = 90
"""Characters of a condition that the page shows."""
AT_MOST = 0.05
"""The share of survivors that is borne."""
ALIVE = (SURVIVED, UNTRIED)


def results() -> dict[str, Result]:
    """Return the newest result of each mutant that was tried in this checkout."""
    if not RESULTS.exists():
        return {}
    lines = [json.loads(line) for line in RESULTS.read_text(encoding="utf-8").splitlines()]
    return {line["name"]: Result(**line["result"]) for line in lines}


def keep(mutant: Mutant, result: Result) -> None:
    """Write down a result at once, so that a run can be broken off and gone on with."""
    line = {"name": mutant.name, **mutant.told(), "result": asdict(result)}
    with RESULTS.open("a", encoding="utf-8") as lines:
        lines.write(json.dumps(line, ensure_ascii=False) + "\n")


def equivalent() -> dict[str, str]:
    """Return the sentence of proof of each survivor that changes nothing, by its name."""
    read = tomllib.loads(EQUIVALENT.read_text(encoding="utf-8"))
    return {one["name"]: one["proof"] for one in read.get("mutant", [])}


def stale(mutants: Iterable[Mutant], found: dict[str, Result]) -> Iterator[str]:
    """Yield what is wrong with the file of proofs: a mutant that is none any more, that a test
    notices, or another one than the entry says."""
    by_name = {mutant.name: mutant for mutant in mutants}
    for one in tomllib.loads(EQUIVALENT.read_text(encoding="utf-8")).get("mutant", []):
        mutant = by_name.get(one["name"])
        said = f"{EQUIVALENT.name}: {one['name']} ({one['file']}, {one['within']}, {one['change']})"
        if mutant is None:
            yield f"{said} is no mutant any more. Mend: take the entry out"
        elif (mutant.file, mutant.within, mutant.change) != (
            one["file"],
            one["within"],
            one["change"],
        ):
            yield f"{said} is another mutant: {mutant.told()}. Mend: copy what it is"
        elif found.get(one["name"], Result("")).state == KILLED:
            yield f"{said} is noticed by {found[one['name']].by}. Mend: take the entry out"


def stale_names() -> Iterator[str]:
    """Yield what is wrong with the file of proofs, looking only into the files it names."""
    read = tomllib.loads(EQUIVALENT.read_text(encoding="utf-8"))
    named = sorted({one["file"] for one in read.get("mutant", [])})
    there = [ROOT / file for file in named if (ROOT / file).exists()]
    yield from stale(all_mutants(there), {})


def summary(mutants: list[Mutant], found: dict[str, Result]) -> dict[str, Any]:
    """Return what is recorded: the numbers of each package, and every survivor."""
    proofs = equivalent()
    packages = {}
    survivors = []
    for package in PACKAGES:
        own = [mutant for mutant in mutants if mutant.package == package]
        tried = [m for m in own if m.name in found and found[m.name].state != COLD]
        alive = [mutant for mutant in tried if found[mutant.name].state in ALIVE]
        packages[package] = {
            "listed": len(own),
            "guards": sum(mutant.guards for mutant in own),
            "tried": len(tried),
            "guards_tried": sum(mutant.guards for mutant in tried),
            "equivalent": sum(mutant.name in proofs for mutant in alive),
            "survived": sum(mutant.name not in proofs for mutant in alive),
            "guards_survived": sum(m.guards and m.name not in proofs for m in alive),
        }
        survivors += [
            {
                "name": m.name,
                **m.told(),
                "state": found[m.name].state,
                "played": found[m.name].tests,
                "of": found[m.name].of,
            }
            for m in alive
        ]
    return {"packages": packages, "survivors": survivors}


def how(told: dict[str, Any]) -> str:
    """Return in a sentence how many of how many were tried."""
    total = Counter[str]()
    for numbers in told["packages"].values():
        total.update(numbers)
    rest, tried = total["listed"] - total["guards"], total["tried"] - total["guards_tried"]
    return (
        f"{total['guards_tried']} of {total['guards']} guarding mutants and {tried} of {rest} "
        "others were tried on SQLite, within a package in an order drawn by a fixed seed. Of the "
        f"others tried {_alive(total)}."
    )


def _alive(total: Counter[str]) -> str:
    """Return how many of the tried that do not guard survive, in words."""
    tried, alive = total["tried"] - total["guards_tried"], _others_alive(total)
    share = 100 * alive / tried if tried else 0
    return f"{alive} survive ({share:.0f} %)"


def _others_alive(total: Counter[str]) -> int:
    return total["survived"] - total["guards_survived"]


def failures(told: dict[str, Any]) -> list[str]:
    """Return why the table does not pass; nothing where it does."""
    total = Counter[str]()
    for numbers in told["packages"].values():
        total.update(numbers)
    wrong = []
    if total["survived"] > AT_MOST * total["tried"]:
        share = 100 * total["survived"] / total["tried"]
        wrong.append(f"{share:.1f} % of the mutants tried survive, at most {100 * AT_MOST:.0f} %")
    elif _others_alive(total) > AT_MOST * (total["tried"] - total["guards_tried"]):
        wrong.append(f"of the mutants that do not guard {_alive(total)}")
    if total["guards_survived"]:
        wrong.append(
            f"{total['guards_survived']} of them in a comparison of dates, persons or rights"
        )
    return wrong


def number_lines(told: dict[str, Any]) -> Iterator[str]:
    """Yield the table of numbers."""
    heads = (
        "listed",
        "guards",
        "tried",
        "guards_tried",
        "survived",
        "guards_survived",
        "equivalent",
    )
    total = Counter[str]()
    rows = []
    for package, numbers in told["packages"].items():
        total.update(numbers)
        rows.append((f"`{package}`", *(str(numbers[head]) for head in heads)))
    rows.append(("all", *(str(total[head]) for head in heads)))
    yield from table(
        (
            "package",
            "mutants",
            "of these guarding",
            "tried",
            "guarding, tried",
            "survived",
            "guarding, survived",
            "change nothing",
        ),
        rows,
    )


def record(told: dict[str, Any], day: str) -> None:
    """Keep the result of a day in the repository, and write its page."""
    whole = {"date": day, "how": how(told), **told}
    words = json.dumps(whole, ensure_ascii=False, indent=1)
    RECORDED.write_text(words + "\n", encoding="utf-8")
    PAGE.write_text(page(whole), encoding="utf-8")


def page(told: dict[str, Any]) -> str:
    """Return the page of the documents."""
    proofs = equivalent()
    alive = [one for one in told["survivors"] if one["name"] not in proofs]
    same = [one for one in told["survivors"] if one["name"] in proofs]
    lines = [
        "<!-- made from tools/mutants by `make mutate`; do not edit -->",
        HEAD.read_text(encoding="utf-8"),
        f"Recorded on {told['date']}: {told['how']}",
        "",
        *number_lines(told),
        "## Survivors",
        "",
        "No test that was played notices these. Played were the likeliest of the tests that run",
        "the line, as many as fit into the seconds of one trial; a longer one",
        "(`--survivors --seconds 60`) may still find one that does.",
        "",
        *_survivors(alive, _remark),
        "## Survivors that change nothing",
        "",
        *_survivors(same, lambda one: proofs[one["name"]]),
    ]
    return "\n".join(lines).rstrip() + "\n"


def _survivors(some: list[dict[str, Any]], last: Callable[[dict[str, Any]], str]) -> Iterator[str]:
    yield from table(
        ("name", "where", "condition or constant", "change", "remark"),
        (
            (
                f"`{one['name']}`",
                f"`{one['file'].removeprefix('dengwen/')}` `{one['within']}`",
                _code(one["text"]),
                _code(one["change"]),
                last(one),
            )
            for one in some
        ),
    )


def _remark(one: dict[str, Any]) -> str:
    """Return how hard a survivor was tried, and whether it guards."""
    tried = f"{one['played']} of {one['of']} tests" if one["of"] else "no measured test"
    return f"guards, {tried}" if one["guards"] else tried


def _code(text: str) -> str:
    short = text if len(text) <= LONGEST else text[:LONGEST] + " …"
    return "`" + short.replace("`", "'") + "`"
