"""Misconduct to practise on: written whole through the door, keyed truly, and found by the
finders."""

from __future__ import annotations

import hashlib
import json
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction

from dengwen.access.models import ReadLog
from dengwen.accountability.finders import find
from dengwen.cases import replay, rulebooks
from dengwen.cases.models import Act, Case
from dengwen.editions.models import CalendarNotice, LocalSetting
from dengwen.law.duties.act_record import civil
from dengwen.organs.models import Substitute
from dengwen.practice.district.settings import set_targets
from dengwen.practice.district.staff import NotPracticeError, Staff
from dengwen.practice.district.street_offices import found_further
from dengwen.practice.misconduct.answer_key import INNOCENT, MISCONDUCT, Key, Line, read_key
from dengwen.practice.misconduct.catalogue import KINDS
from dengwen.practice.misconduct.errors import MisconductError
from dengwen.practice.misconduct.finder_score import Score, score, table
from dengwen.practice.misconduct.injection import KEPT_KEY, Injected, inject
from dengwen.practice.misconduct.orders import read_orders
from dengwen.practice.misconduct.pen import Ground
from dengwen.practice.misconduct.placement import INNOCENTS, WAYS, Placer
from dengwen.practice.misconduct.script import Stage
from tests.practice.test_simulate import as_a_test_case
from tests.world import FOUNDED, World, prepare

HERE = Path(__file__).parent
SMALL, STANDING = HERE / "misconduct.toml", HERE.parents[1] / "tools" / "misconduct.toml"
UNTIL = datetime(2025, 12, 31, 2, tzinfo=UTC)
PETITIONS, ORGANS = 1_000 if os.environ.get("DENGWEN_TEST_LONG") == "1" else 500, 12
"""`make long` writes a thousand petitions; CI the same misconduct among half as many."""


@dataclass(frozen=True)
class Played:
    """The load, its key as read, what was late by itself, and the scores of the finders."""

    done: Injected
    path: Path
    key: Key
    ordinary: Any
    scores: dict[str, Score]

    def lines(self, kind: str, sort: str, how: str = "") -> list[Line]:
        """Return the records of a kind."""
        return [
            x for x in self.key.lines if (x.kind, x.sort) == (kind, sort) and how in ("", x.how)
        ]


@pytest.fixture(scope="module")
def played(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any
) -> Iterator[Played]:
    """One load with every kind in it, scored once, rolled back afterwards."""
    before = settings.DATA, settings.PRACTICE
    with django_db_blocker.unblock(), as_a_test_case():
        folder = tmp_path_factory.mktemp("misconduct")
        prepare(folder / "office", settings)
        World()
        set_targets(FOUNDED)
        found_further(ORGANS - 3, FOUNDED, None)
        path = folder / "key.jsonl"
        done = inject(
            SMALL, path, petitions=PETITIONS, months=12, seed=5, until=UNTIL, organs=ORGANS
        )
        key, ordinary = read_key(path)
        scores = {s.finder: s for s in score(key, ordinary, find(now=UNTIL))}
        yield Played(done, path, key, ordinary, scores)
        transaction.set_rollback(True)
    settings.DATA, settings.PRACTICE = before


# --- what can be ordered --------------------------------------------------------------------------
def test_every_way_and_reason_of_the_catalogue_has_its_road_and_stands_in_the_docs() -> None:
    folder = HERE.parents[1] / "docs" / "how-to" / "developer"
    pages = [(folder / f"practice.{one}.md").read_text("utf-8") for one in ("zh", "en")]
    for name, kind in KINDS.items():
        assert set(kind.ways) == set(WAYS[name]), name
        assert set(kind.innocent) == set(INNOCENTS[name]), name
        for word in (name, *kind.ways, *kind.innocent):
            assert all(f"`{word}`" in page for page in pages), (name, word)


def test_the_standing_file_has_a_hundred_of_each_kind_and_three_hundred_look_alikes() -> None:
    orders = read_orders(STANDING, None).entries
    for kind in KINDS:
        assert sum(o.count for o in orders if (o.kind, o.sort) == (kind, "inject")) >= 100, kind
        assert sum(o.count for o in orders if (o.kind, o.sort) == (kind, "innocent")) >= 300, kind


@pytest.mark.parametrize(
    ("text", "code", "entry"),
    [
        ("", "empty", "-"),
        ("[[inject]\n", "not-toml", ""),
        ("[[injects]]\ncount=1\n", "unknown-table", "injects"),
        ('[[inject]]\nkind="no_such"\ncount=1\n', "unknown-kind", "[[inject]] 1"),
        ('[[inject]]\nkind="not_handled"\ncount=1\nplace="YJ02"\n', "unknown-key", "[[inject]] 1"),
        ('[[inject]]\nkind="not_handled"\ncount=0\n', "no-number", "[[inject]] 1"),
        ('[[inject]]\nkind="not_handled"\ncount=true\n', "no-number", "[[inject]] 1"),
        ('[[inject]]\nkind="not_handled"\nhow="gently"\ncount=1\n', "unknown-way", "[[inject]] 1"),
        (
            '[[innocent]]\nlike="not_handled"\nbecause="holiday"\ncount=1\n',
            "unknown-way",
            "[[innocent]] 1",
        ),
        (
            '[[inject]]\nkind="not_handled"\ncount=1\norgan="YJ99"\n',
            "unknown-organ",
            "[[inject]] 1",
        ),
        ('[[inject]]\nkind="not_handled"\ncount=1\norgan=7\n', "no-organ", "[[inject]] 1"),
        ('[[inject]]\nkind="not_handled"\ncount=1\nfrom="2025-03-01"\n', "no-day", "[[inject]] 1"),
        (
            '[[inject]]\nkind="not_handled"\ncount=1\nfrom=2025-05-01\nuntil=2025-03-01\n',
            "no-days",
            "[[inject]] 1",
        ),
        ('[[inject]]\nkind="not_handled"\ncount=1\nsize=4\n', "no-size", "[[inject]] 1"),
        ('[[inject]]\nkind="closing_burst"\ncount=1\nsize=2\n', "no-number", "[[inject]] 1"),
        ("inject = 3\n", "not-a-list", "inject"),
    ],
)
def test_a_wrong_file_is_told_with_entry_reason_and_mend(
    tmp_path: Path, text: str, code: str, entry: str
) -> None:
    file = tmp_path / "wrong.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(MisconductError) as told:
        read_orders(file, {"YJ01", "YJ02"})
    assert told.value.code == code
    assert told.value.where.endswith(entry)
    assert told.value.mend_zh
    assert told.value.mend_en


@pytest.mark.django_db
def test_nothing_is_written_where_file_key_or_number_cannot_be(
    tmp_path: Path, settings: Any
) -> None:
    prepare(tmp_path / "office", settings)
    World()
    cases = Case.objects.count()

    def refused(code: str, file: str, key: Path, petitions: int = 50) -> None:
        path = tmp_path / "file.toml"
        path.write_text(file, encoding="utf-8")
        with pytest.raises(MisconductError) as told:
            inject(path, key, petitions=petitions, months=12, seed=1, until=UNTIL)
        assert told.value.code == code
        assert Case.objects.count() == cases

    one = '[[inject]]\nkind="not_accepted"\ncount=1\n'
    there = tmp_path / "there.jsonl"
    there.write_text("", encoding="utf-8")
    refused("key-inside", one, tmp_path / "office" / "key.jsonl")
    refused("key-there", one, there)
    refused(
        "too-many",
        '[[inject]]\nkind="closing_burst"\ncount=1\n',
        tmp_path / "key.jsonl",
        petitions=5,
    )
    refused(
        "no-room",
        '[[innocent]]\nlike="closing_burst"\ncount=200\n',
        tmp_path / "key.jsonl",
        petitions=9000,
    )
    settings.PRACTICE = False
    with pytest.raises(NotPracticeError):
        inject(
            tmp_path / "file.toml",
            tmp_path / "key.jsonl",
            petitions=5,
            months=12,
            seed=1,
            until=UNTIL,
        )


@pytest.mark.django_db
def test_the_same_seed_plans_the_same_deeds(tmp_path: Path, settings: Any) -> None:
    prepare(tmp_path, settings)
    World()
    staff = Staff.load(civil(UNTIL))
    handling = list(staff.handling())
    file = tmp_path / "file.toml"
    file.write_text(
        "".join(f'[[inject]]\nkind="{kind}"\ncount=1\n' for kind in KINDS), encoding="utf-8"
    )

    def scripts(seed: int) -> list[Any]:
        calendar = rulebooks.calendars().newest
        first, last = date(2024, 12, 1), date(2025, 12, 30)
        ground = Ground(Random(seed), calendar, Stage.load(staff), handling, first, last)
        return list(Placer(ground, seed).place(read_orders(file, None)).scripts())

    def planned(seed: int) -> list[Any]:
        return [(d.at, d.code, [x.act for x in d.drafts]) for s in scripts(seed) for d in s.deeds]

    assert planned(3) == planned(3)
    assert planned(3) != planned(4)
    for script in scripts(3):
        drafts = [draft for deed in script.deeds for draft in deed.drafts]
        named = {draft.on for draft in drafts if draft.kind}
        assert {draft.on for draft in drafts if not draft.case} <= named, script.uid


# --- what is written ------------------------------------------------------------------------------
@pytest.mark.long
def test_everything_ordered_is_written_and_nothing_refused(played: Played) -> None:
    assert played.done.load.refused == []
    assert played.done.load.petitions == PETITIONS
    orders = read_orders(SMALL, None).entries
    for kind in KINDS:
        for sort, name in (("inject", MISCONDUCT), ("innocent", INNOCENT)):
            wanted = sum(o.count for o in orders if (o.kind, o.sort) == (kind, sort))
            assert len(played.lines(kind, name)) == wanted, (kind, name)


@pytest.mark.long
def test_rows_equal_replay(played: Played) -> None:
    assert list(replay.check()) == []


@pytest.mark.long
def test_the_key_is_the_owners_alone_and_its_digest_stands_in_the_ledger(played: Played) -> None:
    assert stat.S_IMODE(played.path.stat().st_mode) == 0o600
    digest = hashlib.sha256(played.path.read_bytes()).hexdigest()
    file = hashlib.sha256(SMALL.read_bytes()).hexdigest()
    assert (played.done.key_sha256, played.key.digest) == (digest, digest)
    assert LocalSetting.objects.get(key=KEPT_KEY).value == f"{digest} {file}"
    assert (
        json.loads(played.path.read_text(encoding="utf-8").splitlines()[0])["file_sha256"] == file
    )


SHOWN = {"shirking": "refuse_return", "late_entered": "accept", "closing_burst": "settle"}
"""By which act a pattern of several matters shows."""


@pytest.mark.long
@pytest.mark.parametrize("kind", SHOWN)
def test_the_key_says_the_days_on_which_a_pattern_shows(played: Played, kind: str) -> None:
    lines = [x for x in played.lines(kind, MISCONDUCT) if x.how != "round"]
    assert lines
    for line in lines:
        acts = Act.objects.filter(act=SHOWN[kind], case__number__in=line.cases)
        days = [civil(at) for at in acts.values_list("recorded_at", flat=True)]
        assert (line.first, line.last) == (min(days), max(days)), line


BREACHED = {
    "not_registered": {"sort", "direct_notice"},
    "not_forwarded": {"sort", "sort_again"},
    "not_accepted": {"direct_notice", "notify_transferred"},
    "not_handled": {"handle"},
    "not_supervised": {"handle"},
    "not_executed": {"execute"},
}


@pytest.mark.long
@pytest.mark.parametrize("kind", BREACHED)
def test_what_is_ordered_late_is_late_and_nothing_else_of_it(played: Played, kind: str) -> None:
    for line in played.lines(kind, MISCONDUCT):
        found = set(
            Act.objects.filter(act="breach", case__number__in=line.cases).values_list(
                "duty", flat=True
            )
        )
        assert found, line
        assert found <= BREACHED[kind], line


@pytest.mark.long
@pytest.mark.parametrize("kind", [k for k in KINDS if k not in BREACHED and k != "late_entered"])
def test_other_misconduct_and_its_look_alikes_are_late_in_nothing(
    played: Played, kind: str
) -> None:
    for line in (*played.lines(kind, MISCONDUCT), *played.lines(kind, INNOCENT)):
        assert not Act.objects.filter(act="breach", case__number__in=line.cases).exists(), line


@pytest.mark.long
def test_whoever_was_ill_has_a_substitute_on_record_on_the_due_day(played: Played) -> None:
    lines = [x for k in BREACHED for x in played.lines(k, INNOCENT, "illness")]
    assert lines
    for line in lines:
        breach = Act.objects.filter(act="breach", case__number__in=line.cases).earliest("pk")
        eve = civil(breach.occurred_at)
        assert Substitute.objects.filter(
            organ__code=line.unit, valid_from__lte=eve, reason="leave"
        ).exists(), line


@pytest.mark.long
def test_corrections_have_a_second_person_and_readings_their_row(played: Played) -> None:
    corrections = Act.objects.filter(act="correct")
    assert corrections.exists()
    assert all(act.data["second"] for act in corrections)
    for line in played.lines("accused_told", MISCONDUCT, "read"):
        rows = ReadLog.objects.filter(
            case_number=line.cases[0], organ__code=line.unit, result="granted"
        )
        assert rows.exists(), line


@pytest.mark.long
def test_a_day_moved_by_a_notice_leaves_a_breach_and_no_finding(played: Played) -> None:
    lines = played.lines("not_forwarded", INNOCENT, "calendar")
    assert lines
    found = find(now=UNTIL, only=["not_forwarded"])
    for line in lines:
        breach = Act.objects.get(act="breach", duty="sort", case__number=line.cases[0])
        moved = CalendarNotice.objects.order_by("pk").last()
        assert moved is not None
        assert (civil(breach.occurred_at) - timedelta(days=1)).isoformat() in moved.off
        assert not any(line.cases[0] in one.cases for one in found)


# --- what is found --------------------------------------------------------------------------------
# Of the five findings of shirking here one may be chance: three objections of the load itself
# refused within a month.
FLOORS = dict.fromkeys(KINDS, (0.99, 0.95)) | {"shirking": (0.99, 0.8)}


@pytest.mark.long
@pytest.mark.parametrize("kind", KINDS)
def test_each_finder_keeps_its_floor(played: Played, kind: str) -> None:
    one, (recall, precision) = played.scores[kind], FLOORS[kind]
    assert one.recall.good >= recall * one.recall.of, table([one])
    assert one.precision.good >= precision * one.precision.of, table([one])


@pytest.mark.long
def test_little_of_the_load_is_late_by_itself(played: Played) -> None:
    assert len(played.ordinary) <= PETITIONS // 50
