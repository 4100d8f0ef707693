"""Keep a small filled office of this checkout, which later programs must be able to open.

`make keep-office TAG=0.2.0` founds it twice, on SQLite and on a throw-away PostgreSQL, lets the
same people do the same acts on the same days, and keeps both backups in `tests/kept_offices/`.
People, organs and letters are invented; keys are made for this office and serve no other one.

Only the command line and the founding of the practice office are asked, so that the file also
runs in a checkout of 0.1.0.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from unittest import mock

import psycopg

ROOT = Path(__file__).resolve().parents[1]
KEPT = ROOT / "tests" / "kept_offices"
PLACE = "office.example:/srv/dengwen"
"""The machine and folder that the kept office says it was made on."""
MOST = 1_000_000
"""Bytes of one kept office."""
BEGUN, ENDED = "2026-03-01T02:00:00+00:00", "2026-06-01T02:00:00+00:00"
"""When the folder is made, and when it is backed up."""
FOUNDING = ("dengwen.practice.district.office", "dengwen.practice.office")
"""Where the founding of the practice office lies: today, and in 0.1.0."""
PEOPLE = frozenset(
    {
        *("clerk", "router", "supervisor"),
        *("handler", "checker", "head"),
        *("reviewer", "review-checker", "review-head"),
        *("decider", "security", "auditor"),
    }
)
PLACES = frozenset({"SZF", "SZJ", "YJQ", "YJ01", "YJ02", "YJW"})
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
LETTERS = {
    "roof": ("屋面渗水", "雨天屋面渗水，请求修复。", "王示例"),
    "lift": ("电梯停运", "小区电梯停运多日，请求恢复。", "李样本"),
    "stairs": ("楼道堆物", "楼道堆放杂物，请求清理。", "张试样"),
}
HEARD = {"said": "信访人陈述了事实和理由"}
OPINION = {
    "claim": "请求修复屋面",
    "facts_reasons": "经查属实",
    "opinion": "予以支持",
    "legal_basis": "《信访工作条例》第三十二条",
}
REVIEW = {
    "findings": "查明属实",
    "opinion": "予以维持",
    "legal_basis": "《信访工作条例》第三十五条",
}
ACCEPTED = {"procedure": "信访程序", "contact": "000-00000000"}
PROOF = "@proof.pdf"
"""Stands for the paper that proves a service: the path of the file is put in its place."""


@dataclass(frozen=True)
class Deed:
    """An act of the script: in which case, who does what on which day, and what they say."""

    case: str
    who: str
    act: str
    day: str
    fields: Mapping[str, str]
    texts: Mapping[str, str]
    leads_to: str = ""
    """The name under which the script knows the case that the act opened."""


def deed(
    case: str,
    who: str,
    act: str,
    day: str,
    *,
    texts: Mapping[str, str] | None = None,
    leads_to: str = "",
    **fields: str,
) -> Deed:
    """An act of the script; a field that is a word of Python carries an underscore at its end."""
    told = {name.rstrip("_"): value for name, value in fields.items()}
    return Deed(case, who, act, day, told, texts or {}, leads_to)


def registered(case: str, day: str) -> Iterator[Deed]:
    """A letter is registered and sorted as a claim."""
    subject, content, petitioner = LETTERS[case]
    texts = {"subject": subject, "content": content, "petitioner": petitioner}
    yield deed(
        case,
        "clerk",
        "register",
        day,
        channel="letter",
        office="petition_office",
        address_clear="true",
        received_on=day,
        texts=texts,
    )
    yield deed(case, "clerk", "classify", day, class_="claim", path="31(6)")


def script() -> Iterator[Deed]:
    """One petition up to its review, one accepted, one that still waits to be passed on."""
    yield from registered("roof", "2026-03-02")
    yield deed("roof", "router", "forward", "2026-03-03", to="YJ02")
    yield deed("roof", "handler", "receive", "2026-03-04")
    yield deed("roof", "handler", "accept", "2026-03-05", texts=ACCEPTED)
    yield deed("roof", "handler", "draft", "2026-04-01", outcome="support", texts=OPINION)
    yield deed("roof", "handler", "hear_petitioner", "2026-04-01", how="phone", texts=HEARD)
    yield deed("roof", "checker", "check", "2026-04-02", shown="newest")
    yield deed("roof", "head", "sign", "2026-04-03", shown="newest")
    said = {"witness": "本人签收"}
    yield deed("roof", "handler", "serve", "2026-04-07", way="direct", proof=PROOF, texts=said)
    asked = {"request": "请求复查", "reasons": "不服"}
    yield deed(
        "roof", "handler", "request_review", "2026-04-20", texts=asked, leads_to="roof, review"
    )
    again = "roof, review"
    yield deed(again, "reviewer", "draft", "2026-05-06", outcome="uphold", texts=REVIEW)
    yield deed(again, "review-checker", "check", "2026-05-07", shown="newest")
    yield deed(again, "review-head", "sign", "2026-05-08", outcome="uphold", shown="newest")
    yield deed(again, "reviewer", "serve", "2026-05-09", way="post", proof=PROOF, texts=said)
    yield from registered("lift", "2026-05-11")
    yield deed("lift", "router", "forward", "2026-05-12", to="YJ02")
    yield deed("lift", "handler", "receive", "2026-05-13")
    yield deed("lift", "handler", "accept", "2026-05-14", texts=ACCEPTED)
    yield from registered("stairs", "2026-05-29")


class Office:
    """The program of this checkout on one data folder, each command at an instant of its own."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder = folder
        self.environment = {**os.environ, "DENGWEN_DATA": str(folder / "office")}
        self.environment.pop("DENGWEN_DATABASE_URL", None)
        if url:
            self.environment["DENGWEN_DATABASE_URL"] = url

    def __call__(self, instant: str, *words: str) -> str:
        """Run a command and return what it printed; one that fails ends the making."""
        return self._run("tests.cli.forking", instant, *words)

    def found(self) -> None:
        """Make the folder, and found the organs and people in it."""
        self(BEGUN, "init", "--practice")
        self._run("tools.keep_office", "found")

    def play(self) -> dict[str, str]:
        """Do the acts of the script; returns the number of each case by its name in the script."""
        (self.folder / "proof.pdf").write_bytes(PDF)
        numbers: dict[str, str] = {}
        for one in script():
            done = json.loads(self._act(one, numbers))
            numbers.setdefault(one.case, done["case"])
            if one.leads_to:
                numbers[one.leads_to] = done["acts"][-1]["case"]
            if one.act in {"register", "sign"}:
                self(f"{one.day}T04:00:00+00:00", "ledger", "tick")
        self(ENDED, "worker", "--once")
        self(ENDED, "ledger", "tick")
        self._run("tools.keep_office", "hide")
        return numbers

    def _act(self, one: Deed, numbers: Mapping[str, str]) -> str:
        proof = f"@{self.folder / 'proof.pdf'}"
        case = ["--open", "petition"] if one.act == "register" else [numbers[one.case]]
        words = [*case, one.act, "--by", one.who, "--json"]
        for name, value in one.fields.items():
            words += ["--set", f"{name}={proof if value == PROOF else value}"]
        for name, value in one.texts.items():
            words += ["--text", f"{name}={value}"]
        return self(f"{one.day}T03:00:00+00:00", "act", *words)

    def _run(self, module: str, *words: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", module, *words],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise SystemExit(f"{' '.join(words)}: {done.stdout}{done.stderr}")
        return done.stdout


def hide() -> None:
    """Put an invented machine in the place of this one, which is noted beside each key.

    The table is guarded: the guard is taken away for this one statement and put back.
    """
    connection = importlib.import_module("django.db").connection
    change = f"UPDATE access_keyprint SET folder = '{PLACE}'"  # noqa: S608  # a constant
    if connection.vendor == "postgresql":
        before = ["ALTER TABLE access_keyprint DISABLE TRIGGER USER"]
        after = ["ALTER TABLE access_keyprint ENABLE TRIGGER USER"]
    else:
        guard = "append_only_update_access_keyprint"
        with connection.cursor() as cursor:
            cursor.execute("SELECT sql FROM sqlite_master WHERE name = %s", [guard])
            before, after = [f"DROP TRIGGER {guard}"], [cursor.fetchone()[0]]
    with connection.cursor() as cursor:
        for statement in [*before, change, *after]:
            cursor.execute(statement)


def found() -> None:
    """Found the few organs and people of the script in the data folder of the environment."""
    office = importlib.import_module(_founding())
    few: dict[str, Any] = {
        "CITY": _few(office.CITY),
        "DISTRICT": _few(office.DISTRICT),
        "ADMINISTRATORS": _people(office.ADMINISTRATORS),
    }
    with mock.patch.multiple(office, **few):
        office.open_office(office.FOUNDED)


def _founding() -> str:
    for name in FOUNDING:
        try:
            if importlib.util.find_spec(name):
                return name
        except ModuleNotFoundError:
            continue
    raise SystemExit(f"none of {FOUNDING} is here. Mend: name the module that founds the district")


def _few(plans: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(replace(p, people=_people(p.people)) for p in plans if p.code in PLACES)


def _people(people: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(person for person in people if person.username in PEOPLE)


@contextmanager
def postgres(folder: Path) -> Iterator[str]:
    """A throw-away server that waits for the disk, with an empty database; yields its address."""
    own = {
        **os.environ,
        "DENGWEN_POSTGRES_RECORD": str(folder / "postgres.record"),
        "DENGWEN_POSTGRES_FSYNC": "on",
    }

    def asked(word: str) -> str:
        done = subprocess.run(
            [str(ROOT / "tools" / "postgres.sh"), word],
            cwd=ROOT,
            env=own,
            stdout=subprocess.PIPE,
            check=True,
        )
        return done.stdout.decode().strip()

    address = asked("start")
    try:
        with psycopg.connect(address, autocommit=True) as server:
            server.execute("CREATE DATABASE office")
        yield f"{address.rpartition('/')[0]}/office"
    finally:
        asked("stop")


def keep(folder: Path, url: str, file: Path) -> dict[str, str]:
    """Found and fill an office, see that its record is sound, and write its backup to `file`."""
    folder.mkdir()
    office = Office(folder, url)
    office.found()
    numbers = office.play()
    office(ENDED, "check")
    office(ENDED, "rederive", "--check")
    office(ENDED, "backup", str(file))
    size = file.stat().st_size
    if size > MOST:
        raise SystemExit(f"{file.name} has {size} bytes, more than {MOST}. Mend: fewer acts")
    print(f"{file.name}: {size} bytes")
    return numbers


def main() -> None:
    """Keep the office of this checkout under the name of a tag; `found`, `hide`: its own steps."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tag", help="the name of the folder, such as 0.2.0")
    tag = parser.parse_args().tag
    if step := {"found": found, "hide": hide}.get(tag):
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
        importlib.import_module("django").setup()
        step()
        return
    kept = KEPT / tag
    kept.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        numbers = {"sqlite": keep(scratch / "sqlite", "", kept / "sqlite.tgz")}
        with postgres(scratch) as url:
            numbers["postgres"] = keep(scratch / "postgres", url, kept / "postgres.tgz")
    text = json.dumps(numbers, ensure_ascii=False, indent=2)
    (kept / "cases.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
