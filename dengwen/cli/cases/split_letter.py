"""`dengwen split`: a letter that holds several matters, split into its parts (R22 28(2)).

dengwen split YJ01-2026-483907215-0 parts.json --by router

The file is a JSON list; each part has `class` and `content`, and may have `path`, `subject`,
`category`, `requests` (numbers of those of the letter that go to it) and `accused` (names of the
registry, separated by spaces).
"""

from __future__ import annotations

import argparse
import json
from datetime import date
from pathlib import Path
from typing import Any

from dengwen.access.keys.randomness import token_bytes
from dengwen.cli.cases.act import find_case
from dengwen.cli.shell.account import acting
from dengwen.cli.shell.answer import now_of
from dengwen.cli.shell.output import OK, WRONG, CommandError, tell, tell_json
from dengwen.law.duties.act_record import civil
from dengwen.organs.names_in_text import Named, named_in, words_naming_nobody
from dengwen.petitions.intake.split import Part, split

TEXTS = ("class", "path", "subject", "content", "category", "accused")
KNOWN = frozenset({*TEXTS, "requests"})
ACCUSATION = "accusation"
NOBODY = Named(frozenset(), frozenset())


def run_split(args: argparse.Namespace) -> int:
    """Split a matter and print number and query code of each part, once."""
    now = now_of(args)
    by = acting(args.by, args.organ, civil(now))
    case = find_case(args.case, args.by, now, "split")
    parts = _parts(Path(args.file), civil(now))
    uid = args.uid or f"cli/act/{token_bytes(8).hex()}"
    done = split(case.number, parts, by=by, now=now, uid=uid, note=args.note)
    if args.json:
        rows = [{"case": p.number, "class": p.proposed_class, "code": p.code} for p in done.parts]
        tell_json({"case": case.number, "repeated": done.performed.repeated, "parts": rows})
        return OK
    for part in done.parts:
        tell(f"{part.number}  {part.proposed_class}  查询码 / code {part.code or '—'}")
    return OK


def _parts(path: Path, day: date) -> list[Part]:
    """Return the parts a file describes; CommandError where it is no JSON list."""
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise _wrong(str(path), f"读不出 / cannot be read: {error}") from error
    if not isinstance(rows, list):
        raise _wrong(str(path), "不是 JSON 列表 / not a JSON list")
    return [_part(row, f"{path} [{n}]", day) for n, row in enumerate(rows, 1)]


def _part(row: Any, where: str, day: date) -> Part:  # noqa: ANN401  # whatever JSON can hold
    """Return the part a row of the file describes; CommandError where it describes none."""
    if not _is_part(row):
        raise _wrong(
            where,
            "每一件须有 class 和 content / each part has class and content; 可有 / may have: "
            f"{'、'.join(sorted(KNOWN - {'class', 'content'}))}",
        )
    text = {name: row.get(name, "") for name in TEXTS}
    requests = row.get("requests", [])
    all_texts = all(isinstance(one, str) for one in text.values())
    if not _are_numbers(requests) or not all_texts:
        raise _wrong(
            where,
            "requests 是序号的列表，其余是文字 / requests is a list of numbers, the rest are texts",
        )
    accused = _accused(text["class"], text["accused"], where, day)
    return Part(
        proposed_class=text["class"],
        path=text["path"],
        subject=text["subject"],
        content=text["content"],
        category=text["category"],
        requests=requests,
        accused_officials=sorted(accused.officials),
        accused_organs=sorted(accused.organs),
    )


def _accused(of_class: str, names: str, where: str, day: date) -> Named:
    """Return who is named as accused; CommandError for a part that is no accusation, and for names
    of nobody in the registry: dropped silently, they would leave the wall open."""
    if not names.strip():
        return NOBODY
    if of_class != ACCUSATION:
        raise _wrong(
            where,
            "写了 accused，class 却不是 accusation，这样不封存 / accused is given, but the class is "
            "not accusation: nothing would be sealed",
        )
    lost = words_naming_nobody(names, day)
    if lost:
        raise _wrong(
            where,
            f"登记的单位和人员里没有 / nobody in the registry is called: {'、'.join(lost)}；"
            "请写在册的全名，不在册的写在 content 里 / give full names of the registry; name others "
            "in the content",
        )
    return named_in(names, day)


def _is_part(row: Any) -> bool:  # noqa: ANN401  # whatever JSON can hold
    """Say whether a row has what every part has, and nothing unknown."""
    if not isinstance(row, dict) or not row.keys() <= KNOWN:
        return False
    return bool(row.get("class") and row.get("content"))


def _are_numbers(value: object) -> bool:
    """Say whether a value is a list of whole numbers."""
    return isinstance(value, list) and all(type(number) is int for number in value)


def _wrong(where: str, what: str) -> CommandError:
    """Return a refusal of the file, with an example of one."""
    return CommandError(
        what=what,
        where=where,
        code=WRONG,
        mend='[{"class": "claim", "path": "31(6)", "content": "…", "requests": [1]}, '
        '{"class": "suggestion", "content": "…"}]',
    )
