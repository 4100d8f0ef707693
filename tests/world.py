"""The invented district as a world for tests: an office in a folder of its own, and people who
act in it."""

from __future__ import annotations

import pickle
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import AutoField, Model

from dengwen.access.keys import keyring
from dengwen.access.models import User
from dengwen.access.roles import capacities
from dengwen.cases import rulebooks
from dengwen.cases.models import Act, Case, Duty
from dengwen.cases.write.check import Refused, needs_second
from dengwen.cases.write.papers.draft import newest_digest
from dengwen.cases.write.perform import By, Performed, perform
from dengwen.cases.write.proposal_doors import approve, propose
from dengwen.law.duties.act_record import CHINA
from dengwen.law.duties.step import FieldValue, Step
from dengwen.law.packs.vocabulary import SHOWN
from dengwen.ledger.log_keys import create_keys
from dengwen.organs.models import Official, Organ
from dengwen.practice.district.office import Office, open_office
from dengwen.store.row_tables import table_of
from tests import made_once
from tests.made_once import KEPT, PROGRAM

ORIGIN = "practice.yunjiang.example/2025"
FOUNDED = datetime(2018, 1, 2, 1, tzinfo=UTC)
PAPER = "ab" * 32
APPROVING = ("check", "sign", "return_draft", "return_checked")
"""Acts under a drafted opinion: in this world whoever does them has read the newest draft."""
OWN_PAPERS = {"withdraw": "withdrawal_paper", "settle": "agreement_paper"}
"""Acts of petitioners that an office enters: in this world it holds the paper they signed."""

SENT_ON, LEFT = ("forward", "assign", "pass_on"), "class_left"
"""Acts that send a matter on, and the word by which whoever looked through it leaves the class to
the receiver: in this world somebody looked (R22 22(2), 30(3))."""
HEARING = "hear_petitioner"
"""The act, and the duty, of hearing the petitioner before the opinion (R22 31(6))."""
AT_ONCE = 500
"""Rows of one statement: fewer values than a database takes."""
CLAIM: dict[str, Any] = {"class": "claim", "path": "31(6)"}
ACCUSATION: dict[str, Any] = {"class": "accusation"}


def at(day: str | date, hour: int = 10) -> datetime:
    """Return an instant on a civil day in China."""
    civil = date.fromisoformat(day) if isinstance(day, str) else day
    return datetime.combine(civil, time(hour), CHINA).astimezone(UTC)


def prepare(folder: Path, settings: Any) -> None:  # pytest-django's settings wrapper
    """Give a test a data folder with keys of its own."""
    settings.DATA = folder
    settings.PRACTICE = True
    kept = _kept()
    if kept is None:
        create_keys(folder, ORIGIN)
        keyring.create(folder / "keys")
    else:
        (folder / "keys").mkdir(parents=True)
        for name, (body, mode) in kept.keys.items():
            (folder / "keys" / name).write_bytes(body)
            (folder / "keys" / name).chmod(mode)
    keyring.key_ring.cache_clear()
    rulebooks.forget_rows()


@dataclass(frozen=True)
class _Kept:
    """An office founded once: its rows as they were, and the keys its texts are sealed under."""

    office: Office
    rows: tuple[tuple[str, list[Any] | None], ...]
    """Statements that put all rows back, with their values where the database takes these apart."""
    keys: dict[str, tuple[bytes, int]]


_KEPT: list[_Kept] = []
"""At most one: the office this process founds again and again."""


@cache
def _place() -> Path:
    """Return where the office lies that another process founded with this program and its packs."""
    files = made_once.files_of((*PROGRAM, ("packs", "*.toml"), ("tests", "world.py")))
    versions = (sys.version_info[:3], connection.vendor)
    return KEPT / f"founded-{made_once.digest(files, versions)}.pickle"


def _kept() -> _Kept | None:
    """Return the office that was founded before, by this process or by another one."""
    if not _KEPT:
        with suppress(FileNotFoundError):
            _KEPT.append(pickle.loads(_place().read_bytes()))
    return _KEPT[0] if _KEPT else None


def _keep(office: Office) -> None:
    folder = Path(settings.DATA) / "keys"
    keys = {p.name: (p.read_bytes(), p.stat().st_mode & 0o777) for p in _files(folder)}
    rows = [(said, _plain(values)) for said, values in written_out(_all_statements())]
    _KEPT.append(_Kept(office, tuple(rows), keys))
    made_once.keep(_place(), lambda whole: whole.write_bytes(pickle.dumps(_KEPT[0])))


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if path.is_file()]


def _plain(values: list[Any] | None) -> list[Any] | None:
    """Return values as they can be written down: bytes in the place of a view of them."""
    if values is None:
        return None
    return [bytes(one) if isinstance(one, memoryview) else one for one in values]


def _empty() -> bool:
    """Say whether nobody has written anything yet: only then is what was founded the district."""
    return not any(model._base_manager.exists() for model in models_kept())


def founded() -> Office:
    """Found the district; from the second time on, put back the rows of the first instead of
    acting it out again."""
    kept = _kept()
    if kept is None or Organ.objects.exists():
        alone = kept is None and _empty()
        office = open_office(FOUNDED, None)
        if alone:
            _keep(office)
        return office
    with transaction.atomic(), connection.cursor() as cursor:
        for statement, values in kept.rows:
            cursor.execute(statement, values)
    organs = {organ.code: organ for organ in Organ.objects.filter(code__in=kept.office.organs)}
    return Office(organs, {user.username: user for user in User.objects.all()}, kept.office.people)


def models_kept() -> list[type[Model]]:
    """Return the tables of Dengwen."""
    return [model for model in apps.get_models() if model.__module__.startswith("dengwen.")]


def _all_statements() -> Iterator[tuple[str, list[Any]]]:
    for model in models_kept():
        yield from statements_of(model, list(model._default_manager.all()))


def statements_of(model: type[Model], rows: Sequence[Model]) -> Iterator[tuple[str, list[Any]]]:
    """Yield what writes rows of a table again as they are."""
    table = table_of(model)
    head, places = (
        (table.numbered_head, table.numbered_places)
        if table.numbered
        else (table.head, table.places)
    )
    for n in range(0, len(rows), AT_ONCE):
        some = rows[n : n + AT_ONCE]
        values = [
            v
            for row in some
            for v in ((row.pk, *table.values(row)) if table.numbered else table.values(row))
        ]
        yield head + ", ".join([places] * len(some)), values


def written_out(
    statements: Iterator[tuple[str, list[Any]]],
) -> Iterator[tuple[str, list[Any] | None]]:
    """Write the values into the statements for PostgreSQL, whose driver else looks for their
    places each time anew."""
    if connection.vendor != "postgresql":
        yield from statements
        return
    with connection.cursor() as cursor:
        yield from (
            (cursor.cursor.mogrify(statement, values), None) for statement, values in statements
        )
        yield ";".join(_counters(cursor)), None


def _counters(cursor: CursorWrapper) -> Iterator[str]:
    """Yield what puts the counters of ids behind the rows."""
    for statement in connection.ops.sequence_reset_sql(no_style(), models_kept()):
        cursor.execute(statement)
    for model in models_kept():
        if isinstance(model._meta.pk, AutoField):
            table = f'"{model._meta.db_table}"'
            cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [table, model._meta.pk.column])
            (name,) = cursor.fetchone()
            cursor.execute(f"SELECT last_value, is_called FROM {name}")
            last, called = cursor.fetchone()
            yield f"SELECT setval('{name}', {last}, {str(called).lower()})"


def _is_unclassified(number: str, on: str) -> bool:
    """Say whether nobody classified a matter of the regulation of 2022 yet."""
    classified = Act.objects.filter(case__number=number, act="classify")
    return on >= "2022-05-01" and not classified.exists()


@dataclass
class World:
    """People of the district doing things on days."""

    office: Office = field(default_factory=founded)
    count: int = 0

    def by(self, username: str) -> By:
        """Return somebody as an actor of the write door."""
        person, organ = self.office.people[username]
        held = capacities(frozenset(person.roles))
        return By(
            self.office.users[username].pk, self.office.organs[organ].pk if organ else None, held
        )

    def organ(self, code: str) -> int:
        """Return the row id of an organ."""
        return self.office.organs[code].pk

    def official(self, code: str) -> int:
        """Return the row id of an official."""
        return Official.objects.get(code=code).pk

    def act(
        self,
        who: str,
        act: str,
        case: str = "",
        *,
        on: str,
        entered: str = "",
        kind: str = "",
        texts: dict[str, str] | None = None,
        uid: str = "",
        step: dict[str, Any] | None = None,
        **fields: FieldValue,
    ) -> Performed:
        """Let somebody do an act claimed `on` a day and entered on the same or a later one."""
        self.count += 1
        now, more = at(entered or on), dict(step or {})
        second = more.pop("second", None) or (act == "correct" and fields.pop("second", None))
        if act in APPROVING and case and SHOWN not in fields:
            shown = newest_digest(case, act, now, date.fromisoformat(on), fields)
            fields |= {SHOWN: shown} if shown else {}
        if act in OWN_PAPERS and who not in ("system", "petitioner"):
            fields.setdefault(OWN_PAPERS[act], PAPER)

        if act in SENT_ON and LEFT not in fields and _is_unclassified(case, on):
            fields[LEFT] = True
        one = Step(
            act=act,
            case=case,
            kind=kind,
            fields=fields,
            texts=texts or {},
            occurred_at=at(on) if entered else None,
            **more,
        )
        by = self.by(who) if who != "system" else By.system()
        key = uid or f"t/{self.count}"
        if act == "sign" and case:
            self._hear(case, on=entered or on, uid=f"{key}/heard")
        if not second:
            return perform(one, by=by, now=now, uid=key)
        try:
            return perform(one, by=by, now=now, uid=key)
        except Refused as refused:
            if not any(map(needs_second, refused.reasons)):
                raise
        waits = propose(one, by=by, now=now, uid=key)
        return self.approve(waits, int(str(second)))

    def _hear(self, case: str, *, on: str, uid: str) -> None:
        """Let the petitioner be heard where nobody was yet: in this world that comes before an
        opinion is issued."""
        owed = Duty.objects.filter(case__number=case, rule=HEARING, state="open").first()
        if owed is None:
            return
        unit = next(c for c, o in self.office.organs.items() if o.pk == owed.holder_id)
        who = next(
            name
            for name, (person, organ) in self.office.people.items()
            if organ == unit and {"clerk", "handler"} & capacities(frozenset(person.roles))
        )
        texts = {"said": "屋面渗水多年，请求修复"}
        self.act(who, HEARING, case, on=on, uid=uid, how="phone", texts=texts)

    def approve(self, proposed: Performed, official: int, on: str = "") -> Performed:
        """Let the person with this official's account approve what waits; return the acts of it."""
        self.count += 1
        row = Act.objects.get(pk=proposed.acts[-1].act_id)
        names = {user.official_id: name for name, user in self.office.users.items()}
        now = at(on) if on else row.recorded_at
        by, key = self.by(names[official]), f"t/{self.count}"
        done = approve(proposed.case, row.pk, row.content, by=by, now=now, uid=key)
        return Performed(done.acts[1:])

    def register(
        self, on: str, who: str = "clerk", office: str = "petition_office", **fields: FieldValue
    ) -> str:
        """Register a letter and return its number."""
        texts = {
            "subject": "示例小区屋面渗水",
            "content": "三号楼屋面渗水多年，请求修复。",
            "petitioner": "王示例",
            "address": "示例路1号",
            "phone": "13800000000",
        }
        given: dict[str, Any] = {
            "channel": "letter",
            "office": office,
            "address_clear": True,
            "received_on": date.fromisoformat(on),
            **fields,
        }
        return self.act(who, "register", kind="petition", on=on, texts=texts, **given).case

    def to_accepted(self, on: str = "2025-03-03") -> str:
        """Bring a claim from registration to acceptance by the housing bureau within three days."""
        first = date.fromisoformat(on)
        number = self.register(on)
        self.act("clerk", "classify", number, on=on, **CLAIM)
        self.act("router", "forward", number, on=on, to=self.organ("YJ02"))
        self.act("handler", "receive", number, on=on)
        self.act(
            "handler",
            "accept",
            number,
            on=first.isoformat(),
            texts={"procedure": "信访程序", "contact": "李样本 0000-0000000"},
        )
        return number

    def case(self, number: str) -> Case:
        """Return the row of a case."""
        return Case.objects.get(number=number)

    def duty(self, number: str, rule: str) -> Duty:
        """Return the newest duty of a rule in a case."""
        found = Duty.objects.filter(case__number=number, rule=rule).order_by("id").last()
        assert found is not None, f"{number} has no duty {rule}"
        return found
