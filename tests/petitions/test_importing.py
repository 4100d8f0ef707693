"""Files of messages: what is taken, what is refused and why, twice is once, unknown stays
unknown."""

from __future__ import annotations

import csv
import json
import tracemalloc
from collections import deque
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from dengwen.cases import replay
from dengwen.cases.duties.sweep import sweep
from dengwen.cases.models import Act, Case, Content, Duty
from dengwen.cases.write.contents import open_package
from dengwen.law.time.terms import EARLIEST
from dengwen.petitions.history import message_file
from dengwen.petitions.history.history_import import ImportReport, import_messages
from dengwen.petitions.history.message_classes import Choice, read_classes
from dengwen.petitions.history.message_fields import targets
from dengwen.petitions.history.message_file import ColumnMap, FileRefused, encoding_of, read_map
from dengwen.petitions.models import ImportedRow, Petition, Petitioner
from tests.world import World, at

NOW = "2026-11-24"
Bring = Callable[..., ImportReport]


def message(number: object = 1, **more: Any) -> dict[str, Any]:
    """Return an invented message as a row of JSON."""
    return {
        "source": "示例平台",
        "source_no": number,
        "user": "王示例",
        "subject": "示例小区屋面渗水",
        "body": "三号楼屋面渗水多年，请求修复。",
        "time": "2019-04-24T16:03:40",
        **more,
    }


@pytest.fixture
def bring(world: World, tmp_path: Path) -> Bring:
    """Import rows written to a file of JSON lines, or a file that is given."""

    def run(*rows: Any, path: Path | None = None, **more: Any) -> ImportReport:
        if path is None:
            path = tmp_path / "messages.jsonl"
            lines = [
                row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows
            ]
            path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        given = {"organ": world.organ("YJ02"), "by": world.by("handler"), "now": at(NOW), **more}
        return import_messages(path, channel="network", **given)

    return run


def case_of(number: str = "") -> Case:
    """Return the one imported case."""
    return Case.objects.get(kind="petition", **({"number": number} if number else {}))


def texts_of(case: Case, act: str) -> dict[str, str]:
    """Return all texts of an act."""
    found: dict[str, str] = {}
    for row in Content.objects.filter(case=case, act__act=act).select_related("act"):
        found |= open_package(row)
    return found


def only_error(report: ImportReport) -> tuple[int, str, str]:
    """Return row, field and Chinese words of the one error of a report, which must say its mend
    in both languages."""
    (error,) = report.errors
    assert all((error.zh, error.en, error.mend_zh, error.mend_en))
    return error.row, error.field, error.zh


def test_a_message_keeps_its_own_times_and_is_marked(bring: Bring) -> None:
    report = bring(message(reply="已安排维修。", reply_time="2019-05-09 09:49:10"))
    assert (report.rows, report.registered, report.replies, report.refused) == (1, 1, 1, 0)
    case = case_of()
    assert (case.imported, case.state, case.opened_on) == (True, "answered", date(2019, 4, 24))
    first, last = Act.objects.filter(case=case).order_by("seq")
    assert first.occurred_at == datetime(2019, 4, 24, 8, 3, 40, tzinfo=UTC)
    assert first.recorded_at == at(NOW)
    assert last.occurred_at == datetime(2019, 5, 9, 1, 49, 10, tzinfo=UTC)
    assert (first.imported, last.imported) == (True, True)
    assert last.data == {"replied_on": "2019-05-09", "stands_for": "reply"}
    assert texts_of(case, "import_reply") == {"reply": "已安排维修。"}
    assert list(replay.check()) == []


def test_what_a_row_lacks_stays_unknown(bring: Bring) -> None:
    bring(message(user=None, category=None))
    first = Act.objects.get(case=case_of())
    assert set(first.data) == {"channel", "office", "received_on", "outside_source", "outside_no"}
    assert not Petitioner.objects.exists()


def test_imported_history_is_never_breached(bring: Bring) -> None:
    bring(message())
    sweep(now=at(NOW))
    assert not Act.objects.filter(act="breach", case=case_of()).exists()
    assert {d.timeliness for d in Duty.objects.filter(case=case_of())} == {""}


def test_the_same_file_twice_is_once(bring: Bring) -> None:
    rows = [message(n, body=f"第{n}件，请求修复屋面。") for n in range(5)]
    assert bring(*rows, batch=2).registered == 5
    acts = Act.objects.count()
    again = bring(*rows, batch=3)
    assert (again.registered, again.repeated, again.refused) == (0, 5, 0)
    assert Act.objects.count() == acts


def test_an_import_that_was_cut_off_is_healed(bring: Bring) -> None:
    bring(message())
    ImportedRow.objects.all().delete()  # as if the machine had stopped after the commit of the acts
    again = bring(message())
    assert (again.registered, again.repeated) == (0, 1)
    assert ImportedRow.objects.get().case == case_of()


def test_a_reused_number_with_another_text_is_refused(bring: Bring) -> None:
    report = bring(message(7), message(7, body="另一件事：路灯不亮。"), message(7))
    assert (report.registered, report.repeated, report.refused) == (1, 1, 1)
    assert only_error(report)[:2] == (2, "number")
    later = bring(message(7, body="又一件事：井盖缺失。"))
    assert case_of().number in only_error(later)[2]


def test_the_same_number_from_two_sources_is_two_matters(bring: Bring) -> None:
    assert bring(message(7), message(7, source="另一平台", body="路灯不亮。")).registered == 2
    assert Petition.objects.values("outside_index").distinct().count() == 2


def test_a_reply_that_comes_later_is_entered(bring: Bring) -> None:
    bring(message())
    report = bring(message(reply="已修复。", reply_time="2019-06-01"))
    assert (report.registered, report.repeated, report.replies) == (0, 1, 1)
    assert case_of().state == "answered"
    assert bring(message(reply="已修复。", reply_time="2019-06-01")).replies == 0


def test_without_a_class_a_message_of_the_new_edition_waits(bring: Bring) -> None:
    row = message(time="2023-03-01", reply="已修复。", reply_time="2023-03-20")
    report = bring(row)
    assert (report.registered, report.waiting, report.held_replies, report.replies) == (1, 1, 1, 0)
    assert case_of().state == "registered"
    sorted_now = bring(row, class_by={"1": Choice("claim", "31(6)")})
    assert (sorted_now.classified, sorted_now.replies, sorted_now.waiting) == (1, 1, 0)
    assert case_of().state == "answered"
    reply = Act.objects.get(case=case_of(), act="import_reply")
    assert reply.data["stands_for"] == "opinion"
    assert list(replay.check()) == []


def test_a_matter_sorted_by_hand_gets_its_reply_at_the_next_run(bring: Bring, world: World) -> None:
    row = message(time="2023-03-01", reply="建议已采纳。", reply_time="2023-03-20")
    bring(row)
    chosen: dict[str, Any] = {"class": "suggestion"}
    world.act("handler", "classify", case_of().number, on=NOW, **chosen)
    assert bring(row).replies == 1
    assert Act.objects.get(act="import_reply").data["stands_for"] == "suggestion_reply"


def test_an_accusation_is_sealed_with_its_reply(bring: Bring) -> None:
    row = message(
        time="2023-03-01",
        body="举报云江区住房建设局有人收钱。",
        reply="已转办。",
        reply_time="2023-03-20",
    )
    bring(row, class_by={"1": Choice("accusation")})
    case = case_of()
    assert (case.protected, case.title, case.state) == (True, "", "answered")
    assert set(Content.objects.filter(case=case).values_list("sealed", flat=True)) == {True}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"time": "1948-12-31"}, "time"),
        ({"time": "1987-05-01"}, "time"),
        ({"time": "2027-01-01"}, "time"),
        ({"time": "昨天"}, "time"),
        ({"time": "2019-02-30"}, "time"),
        ({"time": ""}, "time"),
        ({"reply": "答复", "reply_time": None}, "reply_time"),
        ({"reply": "答复", "reply_time": "2019-04-23"}, "reply_time"),
        ({"reply": "答复", "reply_time": "2029-04-23"}, "reply_time"),
        ({"user": "王" * 10_000}, "user"),
        ({"source_no": None}, "source_no"),
        ({"body": " _x000D_ ", "subject": "\u3000"}, "body"),
        ({"body": "字" * 20_001}, "content"),
        ({"time": "2023-01-01", "class": "举手"}, "class"),
    ],
)
def test_a_bad_row_is_named_and_the_others_stand(
    bring: Bring, change: dict[str, Any], field: str
) -> None:
    report = bring(message(1), message(2, **change), message(3, body="路灯不亮，请求维修。"))
    assert (report.rows, report.registered, report.refused) == (3, 2, 1)
    assert only_error(report)[:2] == (2, field)
    assert Case.objects.filter(kind="petition").count() == 2


@pytest.mark.parametrize(
    "change",
    [
        {"time": f"{NOW}T09:00:00"},  # today
        {"reply": "答复", "time": "2019-04-24T16:03:40", "reply_time": "2019-04-24T16:03:40"},
    ],
)
def test_times_at_the_border_are_taken(bring: Bring, change: dict[str, Any]) -> None:
    report = bring(message(1, **change))
    assert (report.registered, report.refused, report.errors) == (1, 0, [])


@pytest.mark.parametrize(
    "change",
    [
        {"time": (date.fromisoformat(NOW) + timedelta(days=1)).isoformat()},
        {"time": (EARLIEST - timedelta(days=1)).isoformat()},
        {"reply": "答复", "time": "2019-04-24T16:03:40", "reply_time": "2019-04-24T16:03:39"},
    ],
)
def test_times_beyond_the_border_are_refused(bring: Bring, change: dict[str, Any]) -> None:
    assert bring(message(1, **change)).refused == 1


def test_before_the_earliest_day_is_no_year_and_on_it_no_rules(bring: Bring) -> None:
    report = bring(message(1, time=EARLIEST.isoformat()))
    assert f"早于{EARLIEST}" not in only_error(report)[2]
    report = bring(message(1, time=(EARLIEST - timedelta(days=1)).isoformat()))
    assert f"早于{EARLIEST}" in only_error(report)[2]


def test_lines_that_are_no_rows(bring: Bring) -> None:
    report = bring(message(1), "{ 坏行", "[1]", "", message(2, body="路灯不亮。"))
    assert (report.rows, report.registered, [e.row for e in report.errors]) == (4, 2, [2, 3])


def test_real_traps_are_taken(bring: Bring) -> None:
    odd = message(
        1,
        subject="\u3000路 ",
        body="第一行_x000D_\n第二行\u00a0末\u200b",
        time="2019/4/24 9:03:07",
        category=" 城乡建设 ",
    )
    long = message(2, body="字" * 6_999, time="2019-04-24")
    assert bring(odd, long).registered == 2
    first, second = Case.objects.filter(kind="petition").order_by("pk")
    assert texts_of(first, "register")["content"] == "第一行\n第二行 末"
    assert first.title == "路"
    assert first.opened_at == datetime(2019, 4, 24, 1, 3, 7, tzinfo=UTC)
    assert Act.objects.get(case=first).data["category"] == "c01"
    assert second.opened_at == datetime(2019, 4, 24, 4, tzinfo=UTC)


def test_unknown_categories_are_reported_and_stay_unknown(bring: Bring) -> None:
    report = bring(message(1, category="城建"), message(2, body="路灯不亮。", category="城建"))
    assert report.unknown_categories == {"城建": 2}
    mapped = bring(
        message(3, body="井盖缺失。", category="城建"),
        mapping=ColumnMap(values={"category": {"城建": "c01"}}),
    )
    assert (mapped.registered, mapped.unknown_categories) == (1, {})


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("mark", [",", "\t"])
def test_tables_in_three_encodings(bring: Bring, tmp_path: Path, encoding: str, mark: str) -> None:
    path = tmp_path / "messages.csv"
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file, delimiter=mark)
        writer.writerow(["source_no", "subject", "body", "time", "reply", "reply_time"])
        writer.writerow(
            ["1", "屋面", "多行\n正文，带逗号\t和制表", "2019年4月24日", "已修", "2019-05-01 8:00"]
        )
        writer.writerow(["2", "少一格", "正文"])
        writer.writerow([])
        writer.writerow(["3", "路灯", "路灯不亮", "2020-01-02", "", ""])
    report = bring(path=path)
    assert (report.rows, report.registered, report.replies) == (3, 2, 1)
    assert only_error(report)[0] == 2


def test_files_that_cannot_be_read(bring: Bring, tmp_path: Path) -> None:
    path = tmp_path / "messages.csv"
    unreadable = [
        (b"a,b\n1,2\n", "source_no"),
        ("字".encode("utf-16"), "UTF-16"),
        (b"a\xff\xff\n", "GB18030"),
    ]
    for content, word in unreadable:
        path.write_bytes(content)
        with pytest.raises(FileRefused, match=word):
            bring(path=path)
    with pytest.raises(FileRefused, match="no such file"):
        bring(path=tmp_path / "absent.csv")
    assert not Case.objects.filter(kind="petition").exists()


def test_a_map_of_columns(bring: Bring, tmp_path: Path) -> None:
    (tmp_path / "map.toml").write_text(
        'source = "某县留言"\n[columns]\nnumber = "编号"\ncontent = "内容"\nreceived = "日期"\n'
        '[values.category]\n"城建" = "c01"\n',
        encoding="utf-8",
    )
    mapping = read_map(tmp_path / "map.toml", targets())
    report = bring(
        {"编号": "甲-1", "内容": "路灯不亮", "日期": "2019.4.24", "category": "城建"},
        mapping=mapping,
    )
    assert report.registered == 1
    assert Act.objects.get(case=case_of()).data["category"] == "c01"
    (tmp_path / "map.toml").write_text('[columns]\nnumbre = "x"\n', encoding="utf-8")
    with pytest.raises(FileRefused, match="numbre"):
        read_map(tmp_path / "map.toml", targets())


def test_a_file_of_classes(world: World, tmp_path: Path) -> None:
    path = tmp_path / "classes.csv"
    path.write_text("number,class,path\n1,申诉求决,31(6)\n2,suggestion,\n", encoding="utf-8-sig")
    day = date(2026, 11, 24)
    assert read_classes(path, day) == {"1": Choice("claim", "31(6)"), "2": Choice("suggestion")}
    path.write_text("number,class\n1,信访\n", encoding="utf-8")
    with pytest.raises(FileRefused, match="row 1"):
        read_classes(path, day)


def test_memory_is_bounded(tmp_path: Path) -> None:
    path = tmp_path / "long.jsonl"
    with path.open("w", encoding="utf-8") as file:
        for number in range(3000):
            file.write(json.dumps(message(number, body="字" * 3000), ensure_ascii=False) + "\n")
        file.write("x" * (3 * message_file.MAX_LINE) + "\n")
    assert path.stat().st_size > 36_000_000
    assert encoding_of(path) == "utf-8"
    tracemalloc.start()
    rows, last = deque(message_file.raw_rows(path, ColumnMap()), maxlen=1)[0]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert rows == 3001
    assert isinstance(last, message_file.RowError)
    assert peak < 30_000_000


def test_the_real_files_import(bring: Bring, shared: Path) -> None:
    """`teddy_labelled` holds the reused source number; the two big files are imported by
    test_timeliness.py."""
    report = bring(path=shared / "data/messages/teddy_labelled.jsonl")
    assert (report.rows, report.registered, report.refused) == (801, 801, 0)
    again = bring(path=shared / "data/messages/teddy_labelled.jsonl")
    assert (again.registered, again.repeated) == (0, 801)
