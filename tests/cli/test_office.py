"""The commands of every day: packs, calendar, registry, accounts, acts, receipts, import, the
demo."""

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

REPOSITORY = Path(__file__).resolve().parents[2]
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
OPINION = {
    "claim": "请求修复屋面",
    "facts_reasons": "经查属实",
    "opinion": "予以支持",
    "legal_basis": "《信访工作条例》第三十二条",
}


class Walk:
    """Acts on one petition, each on its day."""

    def __init__(self, dengwen: Dengwen) -> None:
        self.dengwen, self.number = dengwen, ""

    def __call__(
        self,
        who: str,
        act: str,
        day: str,
        case: str = "",
        texts: dict[str, str] | None = None,
        **fields: str,
    ) -> str:
        """Do an act as a practice account with the clock on a day; returns the number of the
        first case touched."""
        words = [*(["--open", "petition"] if act == "register" else [case or self.number]), act]
        words += [w for k, v in fields.items() for w in ("--set", f"{k.rstrip('_')}={v}")]
        words += [w for k, v in (texts or {}).items() for w in ("--text", f"{k}={v}")]
        done = self.dengwen("act", *words, "--by", who, "--clock", day, "--json").data
        self.number = self.number or done["case"]
        return str(done["acts"][-1]["case"])


@pytest.mark.sentence("P7.3.7", "P9.3", "P9.4")
def test_a_petition_goes_from_registration_to_re_examination(
    practice: Dengwen, tmp_path: Path
) -> None:
    walk, proof = Walk(practice), tmp_path / "proof.pdf"
    proof.write_bytes(PDF)
    walk(
        "clerk",
        "register",
        "2026-03-02",
        channel="letter",
        office="petition_office",
        address_clear="true",
        received_on="2026-03-02",
        texts={"subject": "屋面渗水", "content": "屋面渗水", "petitioner": "王示例"},
    )
    walk("clerk", "classify", "2026-03-02", class_="claim", path="31(6)")
    walk("router", "forward", "2026-03-03", to="YJ02")
    walk("handler", "receive", "2026-03-04")
    walk(
        "handler",
        "accept",
        "2026-03-05",
        texts={"procedure": "信访程序", "contact": "000-00000000"},
    )
    walk("handler", "draft", "2026-04-01", outcome="support", texts=OPINION)
    blind = practice(
        "act", walk.number, "check", "--by", "checker", "--clock", "2026-04-02", code=1
    )
    assert "没有给出所看文稿的摘要" in blind.err
    assert "shown=newest" in blind.err
    walk("checker", "check", "2026-04-02", shown="newest")
    walk("head", "sign", "2026-04-03", shown="newest")
    walk(
        "handler",
        "serve",
        "2026-04-07",
        way="direct",
        proof=f"@{proof}",
        texts={"witness": "本人签收"},
    )
    review = walk(
        "handler", "request_review", "2026-04-20", texts={"request": "请求复查", "reasons": "不服"}
    )
    told = {k: v for k, v in OPINION.items() if k not in {"claim", "facts_reasons"}} | {
        "findings": "查明属实"
    }
    for who, act, day, fields in (
        ("reviewer", "draft", "2026-05-06", {"outcome": "uphold", "texts": told}),
        ("review-checker", "check", "2026-05-07", {"shown": "newest"}),
        ("review-head", "sign", "2026-05-08", {"outcome": "uphold", "shown": "newest"}),
        (
            "reviewer",
            "serve",
            "2026-05-09",
            {"way": "post", "proof": f"@{proof}", "texts": {"witness": "本人签收"}},
        ),
    ):
        walk(who, act, day, review, **fields)
    recheck = walk(
        "reviewer",
        "request_recheck",
        "2026-05-20",
        review,
        texts={"request": "请求复核", "reasons": "不服"},
    )
    shown = practice(
        "case", "show", recheck, "--by", "rechecker", "--clock", "2026-05-21", "--json"
    ).data
    assert (shown["kind"], shown["state"]) == ("recheck", "lodged")
    assert shown["duties"][0]["computed"]
    main = practice(
        "case", "show", walk.number, "--by", "handler", "--clock", "2026-05-21", "--json"
    ).data
    assert main["state"] == "reviewing"
    assert [a["act"] for a in main["timeline"]][:5] == [
        "register",
        "classify",
        "forward",
        "receive",
        "accept",
    ]
    assert "第二十二条" in main["timeline"][2]["basis"]
    assert practice("rederive", "--check").code == 0


def test_a_case_of_a_local_procedure_is_opened_at_its_place(practice: Dengwen) -> None:
    """The municipality's own rules know inquiries; those of the country or another place do not."""
    words = (
        "act",
        "--open",
        "inquiry",
        "open_inquiry",
        "--by",
        "router",
        "--clock",
        "2026-03-02",
        "--set",
        "unit=YJ02",
        "--set",
        "situations=S.11.2",
        "--set",
        "day_of_conduct=2026-02-02",
        "--text",
        "matter=逾期未复",
    )
    elsewhere = practice(*words, "--set", "place=330106", code=2)
    assert "没有程序“inquiry”" in elsewhere.err
    opened = practice(*words, "--json").data
    assert opened["acts"][0]["act"] == "open_inquiry"
    shown = practice(
        "case", "show", opened["case"], "--by", "router", "--clock", "2026-03-03", "--json"
    ).data
    assert (shown["kind"], shown["state"]) == ("inquiry", "opened")


def test_refusals_cite_their_rule_and_hidden_is_missing(practice: Dengwen) -> None:
    walk = Walk(practice)
    number = walk(
        "clerk",
        "register",
        "2026-03-02",
        channel="phone",
        office="petition_office",
        texts={"content": "x"},
    )
    letter = ("--set", "channel=letter", "--set", "office=petition_office")
    nothing = ("--open", "petition", "register", "--by", "clerk", *letter, "--clock", "2026-03-02")
    assert "没有任何内容" in practice("act", *nothing, code=1).err
    assert practice("act", *nothing, "--set", "no_content=empty", "--json").data["case"]
    refused = practice("act", number, "forward", "--by", "router", "--clock", "2026-03-02", code=1)
    assert "R22 22(1)(1)" in refused.err
    assert "Traceback" not in refused.err
    hidden = practice("case", "show", number, "--by", "handler2", "--clock", "2026-03-03", code=1)
    other = number[:-1] + str((int(number[-1]) + 1) % 10)
    assert "没有编号为" in hidden.err
    assert practice("case", "show", other, "--by", "handler2", code=2).err
    for words, told in (
        (("act", number, "fly", "--by", "clerk"), "没有行为"),
        (("act", number, "classify", "--by", "clerk", "--set", "colour=red"), "没有字段"),
        (("act", number, "assign", "--by", "router", "--set", "deadline=soon"), "2026-03-02"),
        (("act", number, "classify", "--by", "nobody"), "没有账号"),
        (("act", number, "classify", "--by", "clerk", "--set", "class"), "等号"),
    ):
        assert told in practice(*words, code=2).err


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
    assert (
        copy("case", "show", number, "--by", "clerk", "--clock", "2026-12-25", "--json").data[
            "duties"
        ][0]["due"]
        is None
    )
    done = copy(
        "calendar",
        "publish",
        "2027",
        "--off",
        "2027-01-01/2027-01-03",
        "2027-01-09/2027-01-10",
        "--source",
        "示例通知",
        "--by",
        "admin",
        "--clock",
        "2026-12-26",
        "--json",
    ).data
    assert done["moved_cases"] >= 1
    due = copy("case", "show", number, "--by", "clerk", "--clock", "2026-12-26", "--json").data[
        "duties"
    ][0]["due"]
    assert due == "2027-01-11"
    assert copy("rederive", "--check").code == 0
    assert copy(
        "calendar",
        "publish",
        "2028",
        "--off",
        "2027-01-01",
        "--source",
        "x",
        "--by",
        "admin",
        code=1,
    ).err
    assert copy(
        "calendar",
        "publish",
        "2028",
        "--off",
        "2028-01-01",
        "--source",
        "x",
        "--by",
        "clerk",
        code=1,
    ).err


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
    assert dengwen("account", "grant", "registry", "R14", "--by", "security", code=1).err
    dengwen("account", "grant", "registry", "R14", "--by", "security", "--approver", "audit")
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
        "grant registry R14 --by security --approver audit",
    ):
        dengwen("account", *line.split())
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
    loops = "sweep registers sequencer outbox files guesses read_log watch nightly"
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


@pytest.mark.case("B10")
def test_a_letter_is_split_from_a_file_and_its_parts_have_codes(
    practice: Dengwen, tmp_path: Path
) -> None:
    walk = Walk(practice)
    walk(
        "clerk",
        "register",
        "2026-03-02",
        channel="letter",
        office="petition_office",
        address_clear="true",
        received_on="2026-03-02",
        texts={"subject": "几件事", "content": "屋面渗水；建议设灯", "petitioner": "王示例"},
    )
    walk("clerk", "enter_request", "2026-03-02", request="1", texts={"asks": "修复屋面"})
    parts = tmp_path / "parts.json"
    first = {"class": "claim", "path": "31(6)", "content": "屋面渗水", "requests": [1]}
    words = (walk.number, str(parts), "--by", "router", "--clock", "2026-03-04", "--json")
    parts.write_text(json.dumps([first, {"class": "suggestion"}]), encoding="utf-8")
    assert "class 和 content" in practice("split", *words, code=1).err
    parts.write_text(json.dumps([first]), encoding="utf-8")
    assert "R22 28(2)" in practice("split", *words, code=1).err
    parts.write_text(
        json.dumps([first, {"class": "suggestion", "content": "建议设灯"}]), encoding="utf-8"
    )
    made = practice("split", *words).data
    assert [p["class"] for p in made["parts"]] == ["claim", "suggestion"]
    assert all(p["code"] for p in made["parts"])
    shown = practice(
        "case",
        "show",
        made["parts"][0]["case"],
        "--by",
        "router",
        "--clock",
        "2026-03-04",
        "--json",
    ).data
    assert [d["due"] for d in shown["duties"] if d["rule"] == "sort"] == ["2026-03-17"]
