"""Receipts from the database, judged without it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from dengwen.ledger import act_receipts, guards
from dengwen.ledger.act_receipts import MISBEHAVIOUR, NOT_YET, OK, compare_receipts, verify_receipt
from dengwen.ledger.log_keys import Keys
from dengwen.ledger.models import Event, Leaf
from dengwen.ledger.sequencer import tick
from tests.ledger.conftest import NOW, ORIGIN, Write

pytestmark = pytest.mark.django_db
PETITIONER = {"type", "case_no", "case_seq", "prev", "recorded_at", "claimed_at"}


def test_the_promise_comes_first_and_the_proof_with_the_next_checkpoint(
    write: Write, keys: Keys
) -> None:
    write()
    event = Event.objects.get()
    assert act_receipts.proven(event) is None
    early = act_receipts.receipt(event, names=PETITIONER)
    assert early == act_receipts.promised(event, names=PETITIONER)
    verdict = verify_receipt(early, keys.vkeys())
    assert (verdict.code, set(verdict.fields)) == (NOT_YET, PETITIONER)
    write("XF-0002")
    tick(now=NOW)
    late = act_receipts.receipt(event, names=PETITIONER)
    verdict = verify_receipt(late, keys.vkeys())
    assert (verdict.code, verdict.origin, verdict.index, verdict.size) == (OK, ORIGIN, 0, 2)
    assert set(verdict.fields) == PETITIONER
    assert verdict.hidden == 4  # uid, unit, the list of sealed ones, and the sealed one
    assert compare_receipts(early, late, keys.vkeys()).code == OK


def test_every_event_of_a_growing_log_gets_a_proof_that_holds(write: Write, keys: Keys) -> None:
    for number in range(12):
        write(f"XF-{number % 5}")
        tick(now=NOW)
        for event in Event.objects.all():
            text = act_receipts.proven(event)
            assert text is not None
            assert verify_receipt(text, keys.vkeys()).code == OK


def test_a_sealed_field_is_opened_to_whom_the_caller_opens_it(write: Write, keys: Keys) -> None:
    written = write()
    event = Event.objects.get()
    assert "claimant" not in verify_receipt(act_receipts.promised(event), keys.vkeys()).fields
    text = act_receipts.promised(event, sealed=written.sealed_disclosures)
    verdict = verify_receipt(text, keys.vkeys())
    assert verdict.fields["claimant"] == "王示例"
    assert verdict.hidden == 0


def test_where_the_stored_tree_has_a_hole_the_promise_still_binds(write: Write, keys: Keys) -> None:
    for case in ("XF-0001", "XF-0002", "XF-0003"):
        write(case)
    tick(now=NOW)
    with guards.lifted(connection, ["ledger_leaf"]):
        Leaf.objects.filter(idx=2).delete()
    event = Event.objects.get(case_key="XF-0001")
    assert verify_receipt(act_receipts.receipt(event), keys.vkeys()).code == NOT_YET


def test_an_office_that_tells_two_stories_is_proven_wrong_by_two_receipts(
    write: Write, keys: Keys
) -> None:
    """The event is rewritten and promised anew with the true key: the older paper proves it."""
    write()
    kept = act_receipts.promised(Event.objects.get())
    with guards.lifted(connection, ["ledger_event"]):
        Event.objects.get().pending.delete()
        Event.objects.all()._raw_delete("default")
    write(amount=1)
    shown = act_receipts.promised(Event.objects.get())
    verdict = compare_receipts(kept, shown, keys.vkeys())
    assert verdict.code == MISBEHAVIOUR


def test_a_stranger_judges_without_django_database_or_network(
    write: Write, keys: Keys, tmp_path: Path
) -> None:
    write()
    tick(now=NOW)
    file = tmp_path / "my.receipt"
    file.write_text(act_receipts.receipt(Event.objects.get(), names=PETITIONER), encoding="utf-8")
    program = (
        "import sys, pathlib\n"
        "from dengwen.merkle.receipt import verify_receipt\n"
        "verdict = verify_receipt(pathlib.Path(sys.argv[1]).read_text('utf-8'), sys.argv[2:])\n"
        "assert not any(name.split('.')[0] in ('django', 'sqlite3', 'psycopg') for name in "
        "sys.modules)\n"
        "print(*(said.zh for said in (*verdict.proved, *verdict.not_proved)), sep='\\n')\n"
        "sys.exit(verdict.code)\n"
    )
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(
        [sys.executable, "-c", program, str(file), *map(str, keys.vkeys())],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(root), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "没有外部见证人" in done.stdout
    assert "不证明所写内容属实" in done.stdout
