"""Which edits of the bare database `dengwen check` finds, which it does not:
docs/why/ledger.en.md says just this."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings as configured
from django.db import connection, transaction

from config.settings import ROOT
from dengwen.access.read_log import Opening, open_logged
from dengwen.cases import record_proof
from dengwen.cases.read_log_act import seal
from dengwen.ledger import guards, sequencer
from tests.world import ACCUSATION, World, at

PAGE, SISTER = (ROOT / "docs" / "why" / f"ledger.{language}.md" for language in ("en", "zh"))
CLAIMED = (
    "(SELECT id FROM cases_case WHERE kind = 'petition' AND NOT protected ORDER BY id LIMIT 1)"
)
ACCUSED = "(SELECT id FROM cases_case WHERE kind = 'petition' AND protected ORDER BY id LIMIT 1)"
ACT = f"(SELECT min(id) FROM cases_act WHERE case_id = {CLAIMED} AND act = 'accept')"
CONTENT = f"(SELECT min(id) FROM cases_content WHERE case_id = {CLAIMED})"
DUTY = f"(SELECT min(id) FROM cases_duty WHERE case_id = {CLAIMED})"
EVENT = "(SELECT max(event_id) FROM ledger_leaf)"

FOUND = {
    "the kind, the time, the organ, the actor or a field of an act": (
        f"UPDATE cases_act SET actor = 1 WHERE id = {ACT}"
    ),
    "an act deleted": f"DELETE FROM cases_act WHERE id = {ACT}",
    "the state or the holder of a case": (
        f"UPDATE cases_case SET state = 'finished' WHERE id = {CLAIMED}"
    ),
    "the due day, the state or the verdict of a duty": (
        f"UPDATE cases_duty SET due = '2030-01-01' WHERE id = {DUTY}"
    ),
    "a duty deleted": f"DELETE FROM cases_duty WHERE id = {DUTY}",
    "a text of an act exchanged": (
        f"UPDATE cases_content SET body = substr(body, 1, 9) WHERE id = {CONTENT}"
    ),
    "the number of a case": (
        f"UPDATE cases_case SET number = 'DW-2025-000000000-0' WHERE id = {CLAIMED}"
    ),
    "an event altered": (
        f"UPDATE ledger_event SET recorded_at = '2020-01-01 00:00:00+00' WHERE id = {EVENT}"
    ),
    "a leaf altered": "UPDATE ledger_leaf SET entry = leaf_hash WHERE idx = 1",
    "a checkpoint deleted": "DELETE FROM ledger_checkpoint",
    "a sealed reading deleted": "DELETE FROM access_readlog",
}
"""What is found: the words of docs/why/ledger.en.md, and one edit of the sort."""

UNSEEN = {
    "the protection of an accusation": f"UPDATE cases_case SET protected = %s WHERE id = {ACCUSED}",
    "who is accused": f"DELETE FROM cases_party WHERE case_id = {ACCUSED} AND role LIKE 'accused%'",
    "the title of a case": f"UPDATE cases_case SET title = '' WHERE id = {CLAIMED}",
    "the serial of a case": f"UPDATE cases_case SET serial = 999 WHERE id = {CLAIMED}",
    "the day a letter was received": "UPDATE petitions_petition SET received_on = '2020-01-01'",
    "the query code of a petition": "UPDATE petitions_petition SET code_digest = 'x'",
    "the outcome of a request": "UPDATE petitions_request SET outcome = 'explain'",
    "the indexes by which a petitioner is found": (
        "UPDATE petitions_petitioner SET name_index = 'x'"
    ),
    "a text deleted whole": f"DELETE FROM cases_content WHERE id = {CONTENT}",
    "a paper exchanged": "UPDATE cases_document SET body = ''",
    "a paper deleted": "DELETE FROM cases_document",
    "a link between cases": (
        f"INSERT INTO cases_caselink (case_id, other_id, kind, act_id) SELECT {CLAIMED}, "
        f"{ACCUSED}, 'repeats', {ACT}"
    ),
    "a role granted": (
        "INSERT INTO access_rolegrant (user_id, role, organ_id, compartment, valid_from, "
        "valid_to, act, end_act)"
        " SELECT user_id, 'R11', organ_id, 'accuse', valid_from, NULL, act, NULL FROM "
        "access_rolegrant LIMIT 1"
    ),
    "a password": "UPDATE access_user SET password = 'x'",
    "an account opened or closed": "UPDATE access_user SET is_active = %s",
    "an appointment ended": "UPDATE organs_appointment SET valid_to = '2030-01-01'",
    "a division of work": (
        "INSERT INTO organs_portfolio (valid_from, act, official_id, organ_id, field)"
        f" SELECT '2025-01-01', {ACT}, min(o.id), min(n.id), 'petitions' FROM "
        "organs_official o, organs_organ n"
    ),
    "the name of an organ": "UPDATE organs_organ SET name_zh = 'x' WHERE code = 'YJ02'",
    "the line an organ hangs on": "DELETE FROM organs_line",
    "the name of an official": "UPDATE organs_official SET name = 'x'",
    "a competence": "DELETE FROM organs_competence",
    "a local setting": (
        "INSERT INTO editions_localsetting (key, organ, value, valid_from, act, local)"
        f" SELECT 'portal.office', NULL, 'YJ02', '2025-01-01', {ACT}, 1 = 1"
    ),
    "a notice to be sent": "DELETE FROM notices_outbox",
    "a reading of the hour that is not sealed yet": (
        "DELETE FROM access_readlog WHERE at > '2025-03-05 04:00:00+00'"
    ),
    "the sign-in log": (
        "INSERT INTO access_signinlog (at, user_id, name_digest, source_digest, result)"
        " SELECT '2025-03-05 04:00:00+00', min(id), 'x', 'x', 'ok' FROM access_user"
    ),
}
"""What is not found yet: the words of docs/why/ledger.en.md, and one edit of the sort."""

SHARES = 4
"""Every check reads the whole office after each edit: so many parts, of which an ordinary run plays
one."""


@pytest.fixture
def sealed(world: World) -> World:
    """A claim and an accusation, read once in an hour that is sealed, once in one that is not."""
    number = world.to_accepted("2025-03-03")
    letter = world.register("2025-03-03")
    world.act("clerk", "classify", letter, on="2025-03-03", **ACCUSATION)
    asking = world.register("2025-03-03")
    world.act(
        "clerk", "enter_request", asking, on="2025-03-03", request=1, texts={"asks": "修复屋面"}
    )
    for hour in (10, 15):
        asked = Opening(
            at=at("2025-03-05", hour),
            user=world.office.users["handler"],
            role="R6",
            organ=world.organ("YJ02"),
            case_number=number,
            data_class="D2",
            fields=("name",),
            purpose="handle",
            request_id="示例",
        )
        open_logged(asked, lambda: None)
    seal(now=at("2025-03-05", 12))
    sequencer.tick(now=at("2025-03-05", 12))
    assert list(record_proof.prove()) == []
    return world


def found_after(statement: str) -> list[str]:
    """Edit with guards and foreign keys away, check, and take the edit back."""
    sqlite = connection.vendor == "sqlite"
    undo = transaction.savepoint()
    with guards.lifted(connection, configured.APPEND_ONLY_TABLES), connection.cursor() as cursor:
        if not sqlite:
            cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement, [False] if "%s" in statement else None)
        assert cursor.rowcount, f"nothing there to edit: {statement}"
        if not sqlite:
            cursor.execute("SET LOCAL session_replication_role = origin")
        lines = [line for _, line in record_proof.prove()]
        transaction.savepoint_rollback(undo)
    return lines


@pytest.mark.long(keep=1)
@pytest.mark.parametrize("share", range(SHARES))
def test_what_is_said_to_be_found_is_found(sealed: World, share: int) -> None:
    edits = list(FOUND.items())[share::SHARES]
    assert edits
    assert [said for said, edit in edits if not found_after(edit)] == []


@pytest.mark.long(keep=1)
@pytest.mark.parametrize("share", range(SHARES))
def test_what_is_said_not_to_be_found_is_still_not(sealed: World, share: int) -> None:
    """Where one of these is found one day, it moves to the other list and on the page."""
    edits = list(UNSEEN.items())[share::SHARES]
    assert edits
    assert [(said, lines) for said, edit in edits if (lines := found_after(edit))] == []


def listed(page: Path, marker: str) -> list[str]:
    """Return the entries of a list of a page, found by the mark before it."""
    found = re.search(rf"<!-- {marker} -->\n(.*?)<!-- end -->", page.read_text("utf-8"), re.DOTALL)
    assert found is not None
    return re.findall(r"^- (.*)$", found[1], re.MULTILINE)


def test_the_page_says_exactly_this_and_its_sister_as_many_things() -> None:
    for marker, said in (("found", FOUND), ("not-found", UNSEEN)):
        assert listed(PAGE, marker) == list(said)
        assert len(set(listed(SISTER, marker))) == len(said)
