"""The commands of every day: packs, calendar, registry, accounts, receipts, import, the demo."""

from __future__ import annotations

import json
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Dengwen
from tests.cli.walk import Walk

REPOSITORY = Path(__file__).resolve().parents[2]


def test_the_calendar_is_published_by_an_act_and_moves_open_duties(
    practice: Dengwen, another: Callable[[Path], Dengwen], tmp_path: Path
) -> None:
    copy = another(tmp_path / "copy")
    shutil.copytree(practice.folder, copy.folder)
    assert "尚未录入" in copy("calendar", "show", "2027", code=2).err
    walk = Walk(copy)
    number = walk(
        "clerk",
        "register",
        "2026-12-25",
        channel="phone",
        office="petition_office",
        texts={"content": "x"},
    )
    assert _due(copy, number, "2026-12-25") is None
    off = ("2027-01-01/2027-01-03", "2027-01-09/2027-01-10")
    notice = ("--off", *off, "--source", "示例通知", "--by", "admin")
    done = copy("calendar", "publish", "2027", *notice, "--clock", "2026-12-26", "--json").data
    assert done["moved_cases"] >= 1
    assert _due(copy, number, "2026-12-26") == "2027-01-11"
    assert copy("rederive", "--check").code == 0
    for off_day, who in (("2027-01-01", "admin"), ("2028-01-01", "clerk")):
        wrong = ("--off", off_day, "--source", "x", "--by", who)
        assert copy("calendar", "publish", "2028", *wrong, code=1).err


def _due(dengwen: Dengwen, number: str, day: str) -> str | None:
    """The day on which the first duty of a case falls due, as it is shown on a day."""
    shown = dengwen("case", "show", number, "--by", "clerk", "--clock", day, "--json").data
    due: str | None = shown["duties"][0]["due"]
    return due


def test_a_pack_is_installed_only_when_sound_and_never_with_a_calendar(
    practice: Dengwen, tmp_path: Path
) -> None:
    pack = tmp_path / "beijing" / "2006-01-01"
    shutil.copytree(REPOSITORY / "packs" / "beijing" / "2006-01-01", pack)
    calendar = {p.name: p.read_bytes() for p in (practice.folder / "packs" / "calendar").iterdir()}
    (tmp_path / "calendar").mkdir()
    (tmp_path / "calendar" / "2027.toml").write_text("year = 2027\n", encoding="utf-8")
    assert "日历未动" in practice("pack", "install", str(tmp_path)).out
    assert {
        p.name: p.read_bytes() for p in (practice.folder / "packs" / "calendar").iterdir()
    } == calendar
    text = (pack / "petition.toml").read_text(encoding="utf-8")
    assert "basis = " in text
    (pack / "petition.toml").write_text(text.replace("basis = ", "colour = "), encoding="utf-8")
    shutil.rmtree(tmp_path / "calendar")
    before = (practice.folder / "packs" / "beijing" / "2006-01-01" / "petition.toml").read_bytes()
    assert "petition.toml" in practice("pack", "install", str(pack), code=1).err
    assert (
        practice.folder / "packs" / "beijing" / "2006-01-01" / "petition.toml"
    ).read_bytes() == before
    assert practice("pack", "check", str(pack), "--json", code=1).data["sound"] is False
    assert practice("pack", "check", "--json").data["sound"] is True


def test_accounts_and_organs_of_a_new_office(empty: Dengwen, tmp_path: Path) -> None:
    dengwen = empty
    for name, role in (("security", "R15"), ("audit", "R16")):
        dengwen("account", "create", name)
        dengwen("account", "grant", name, role, *(["--by", "security"] if role == "R16" else []))
    assert "--by" in dengwen("account", "create", "third", code=2).err
    dengwen("account", "create", "registry", "--by", "security")
    waits = dengwen("account", "grant", "registry", "R14", "--by", "security").err
    number, place = waits.partition("second approve ")[2].split()[:2]
    assert dengwen("second", "approve", number, place, "--by", "security", code=1).err
    dengwen("second", "approve", number, place, "--by", "audit")
    assert "15" in dengwen("account", "password", "registry", given="short\n", code=2).err
    dengwen("account", "password", "registry", given="a long invented sentence\n")
    organs = tmp_path / "organs.csv"
    organs.write_text(
        "code,name_zh,kind,level,territorial_parent\nQZF,示例区政府,government,county,\nXFJ,"
        "示例区信访局,party_organ,county,QZF\n",
        encoding="utf-8",
    )
    words = ("organ", "import", str(organs), "--by", "registry", "--json")
    none_yet = {"rows": 2, "encoding": "utf-8", "unread": [], "errors": [], "entered": 0}
    assert dengwen(*words, "--preview").data == none_yet
    assert dengwen(*words).data["entered"] == 2
    again = dengwen(*words, code=1).data
    assert [e["code"] for e in again["errors"]] == ["taken", "taken"]
    assert (
        "不是"
        in dengwen(
            "organ", "import", str(organs), "--by", "registry", "--since", "soon", code=2
        ).err
    )


def test_divisions_come_first_and_a_list_of_organs_is_all_or_nothing(
    empty: Dengwen, tmp_path: Path
) -> None:
    dengwen = empty
    for line in (
        "create security",
        "grant security R15",
        "create audit",
        "grant audit R16 --by security",
        "create registry --by security",
    ):
        dengwen("account", *line.split())
    waits = dengwen("account", "grant", "registry", "R14", "--by", "security").err
    number, place = waits.partition("second approve ")[2].split()[:2]
    dengwen("second", "approve", number, place, "--by", "audit")
    columns = [
        w
        for pair in ("code=代码", "name=名称", "level=层级", "parent=上级")
        for w in ("--column", pair)
    ]
    listed = str(REPOSITORY / "tests" / "organs" / "divisions.csv")
    divisions = ("organ", "import", "--divisions", listed, *columns, "--by", "registry", "--json")
    assert dengwen(*divisions, "--preview").data["entered"] == 0
    assert dengwen(*divisions).data["entered"] == 31
    head, row = (
        "code,name_zh,kind,level,territorial_parent,division\n",
        "QZF,示例区政府,人民政府,区、县,,970101\n",
    )
    organs = tmp_path / "organs.csv"
    words = ("organ", "import", str(organs), "--by", "registry", "--json")
    for bad, column in (
        ("XFJ,示例局,政府工作部门,县级,QZF,990101\n", "division"),
        ("XFJ,示例局,衙门,县级,QZF,\n", "kind"),
    ):
        organs.write_text(head + row + bad, encoding="utf-8")
        preview, entry = dengwen(*words, "--preview", code=1).data, dengwen(*words, code=1).data
        assert preview["errors"] == entry["errors"]
        (error,) = entry["errors"]
        assert (error["file"], error["row"], error["column"], entry["entered"]) == (
            "organs.csv",
            3,
            column,
            0,
        )
    organs.write_text(head + row, encoding="utf-8")
    assert dengwen(*words).data["entered"] == 1, "nothing of the refused lists was left behind"
    assert dengwen("ledger", "check").code == 0


def test_a_receipt_is_verified_without_database(
    practice: Dengwen, another: Callable[[Path], Dengwen], tmp_path: Path
) -> None:
    nowhere = another(tmp_path / "nowhere")
    torn = tmp_path / "torn.receipt"
    torn.write_text("xf-receipt/v1\nextra AAAA\n\nnothing\n", encoding="utf-8")
    key = str(practice.folder / "keys" / "promise.vkey")
    assert nowhere("ledger", "verify", str(torn), "--key", key, code=20).out
    assert "--key" in nowhere("ledger", "verify", str(torn), code=2).err
    assert (
        "not a public key"
        in nowhere("ledger", "verify", str(torn), "--key", "nonsense", code=2).err
    )


def test_messages_are_imported_once_and_reported(empty: Dengwen, tmp_path: Path) -> None:
    dengwen = empty
    rows = [
        {
            "id": f"M{n}",
            "source": "示例",
            "source_no": n,
            "subject": "路灯",
            "body": f"路灯不亮{n}",
            "sent": "2019-03-01 10:00",
            "reply": "已修复",
            "replied": replied,
        }
        for n, replied in ((1, "2019-03-20 10:00"), (2, "2019-05-20 10:00"))
    ]
    columns = tmp_path / "map.toml"
    columns.write_text(
        '[columns]\nreceived = "sent"\nreplied = "replied"\nreply = "reply"\n', encoding="utf-8"
    )
    file = tmp_path / "messages.jsonl"
    file.write_text(
        "\n".join(json.dumps(r, ensure_ascii=False) for r in rows) + "\nnot json\n",
        encoding="utf-8",
    )
    words = ("import", "messages", str(file), "--map", str(columns), "--json")
    first = dengwen(*words, code=1).data
    assert (first["rows"], first["registered"], first["refused"]) == (3, 2, 1)
    assert dengwen(*words, code=1).data["repeated"] == 2
    report = dengwen("report", "timeliness", "--json").data
    assert (report["registered"], report["answered"], report["over_60_days"]) == (2, 2, 1)
    assert dengwen("rederive", "--check").code == 0


def test_the_worker_does_each_loop_once(practice: Dengwen) -> None:
    done = practice("worker", "--once", "--json").data
    loops = "sweep registers sequencer outbox files guesses leads read_log watch nightly"
    assert set(done) == set(loops.split())
    again = practice("worker", "--once", "--json").data
    # What the first round writes after its sequencer (on some days a warning) has its turn in the
    # next.
    assert again["sequencer"]["sequenced"] == done["watch"]["warnings"]
    assert practice("worker", "--once", "--json").data["sequencer"]["sequenced"] == 0


def test_the_demo_serves_a_page_and_ends_with_its_children(practice: Dengwen) -> None:
    with socket.socket() as taken:  # the usual port may be taken: another one is found
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        child = subprocess.Popen(
            practice.command("demo", "--serve", "--port", str(port)),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=practice.own(),
            cwd=REPOSITORY,
        )
        told, address = _until_open(child)
        assert str(port) not in address
        assert "dengwen-practice-2026" in told
        assert "/ follow:" in told
        assert _answers(f"{address}language/")
        children = _children(child.pid)
        child.send_signal(signal.SIGTERM)
        assert child.wait(timeout=30) == 0
        child.stdout.close()  # type: ignore[union-attr]
    assert len(children) >= 2
    assert not [pid for pid in children if Path(f"/proc/{pid}/exe").exists()]


def _until_open(child: subprocess.Popen[str]) -> tuple[str, str]:
    assert child.stdout is not None
    told = ""
    for line in child.stdout:
        told += line
        found = re.search(r"http://127\.0\.0\.1:\d+/", line)
        if found:
            return told, found[0]
    raise AssertionError(told)


def _answers(address: str) -> bool:
    for _ in range(100):
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:
                return bool(answer.status < 500)
        except urllib.error.HTTPError as error:
            return error.code < 500
        except OSError:
            time.sleep(0.2)
    return False


def _children(pid: int) -> list[int]:
    return [
        int(p) for p in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    ]


@pytest.mark.parametrize("words", [("law", "clocks"), ("ledger", "verify", "x"), ("pack", "check")])
def test_what_needs_no_database_loads_no_django(words: tuple[str, ...]) -> None:
    program = (
        "import sys; from dengwen.cli import main\n"
        "from dengwen.cli.record import verify\n"
        "from dengwen.cli.rules import pack_install\n"
        "assert 'django' not in sys.modules, 'django was loaded'\n"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
