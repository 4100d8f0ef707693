"""`simulate --misconduct`, `leads score`: digests first, a wrong file writes nothing, a foreign
key is not scored."""

from __future__ import annotations

import hashlib
import json

from dengwen.practice.misconduct.answer_key import FORMAT
from tests.cli.conftest import Dengwen

FILE = """
[[inject]]
kind = "suggestion_unanswered"
how = "never"
count = 2
until = 2025-08-01
[[innocent]]
like = "suggestion_unanswered"
because = "refused"
count = 2
"""
LOAD = (
    "simulate",
    "--petitions",
    "2",
    "--months",
    "12",
    "--until",
    "2025-12-31",
    "--seed",
    "3",
    "--misconduct",
)


def test_a_file_is_written_keyed_and_scored(dengwen: Dengwen) -> None:
    dengwen.found("init", "--practice")
    beside = dengwen.folder.parent
    file, wrong, foreign = beside / "file.toml", beside / "wrong.toml", beside / "foreign.jsonl"
    file.write_text(FILE, encoding="utf-8")
    wrong.write_text(FILE.replace("never", "sometimes"), encoding="utf-8")
    told = dengwen(*LOAD, str(wrong), code=1).err
    assert "wrong.toml · [[inject]] 1" in told
    assert "never" in told
    assert "--key goes with --misconduct" in dengwen("simulate", "--key", "x", code=2).err
    assert (
        "数据文件夹" in dengwen(*LOAD, str(file), "--key", str(dengwen.folder / "key"), code=1).err
    )
    out = dengwen(*LOAD, str(file)).out
    key = beside / "office.answer-key.jsonl"
    digests = [hashlib.sha256(path.read_bytes()).hexdigest() for path in (key, file)]
    assert all(digest in out for digest in digests)
    assert "already" in dengwen(*LOAD, str(file), code=1).err
    scored = dengwen("leads", "score", "--key", str(key)).out
    assert scored.index(digests[0]) < scored.index("| finder |")
    assert "suggestion_unanswered" in scored
    data = dengwen(
        "leads", "score", "--key", str(key), "--only", "suggestion_unanswered", "--json"
    ).data
    (one,) = data["scores"]
    assert (one["recall"]["of"], one["innocents"]) == (2, 2)
    head = {"format": FORMAT, "file_sha256": "0", "until": "2025-12-31"}
    foreign.write_text(json.dumps(head) + "\n", encoding="utf-8")
    refused = dengwen("leads", "score", "--key", str(foreign), code=1)
    assert "| finder |" not in refused.out
    assert "存证" in refused.err
    assert (
        "no kind" in dengwen("leads", "score", "--key", str(key), "--only", "laziness", code=2).err
    )
