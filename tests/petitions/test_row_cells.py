"""A row of a file cell by cell: read by the type of its field, passed over where it says which row
it is, refused by name where a word is none; and files as they come: lines, headings, encodings."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from dengwen.law.packs.vocabulary import DOORS
from dengwen.petitions.history import message_classes, message_fields, message_file
from dengwen.petitions.history.message_classes import CLASS_FILE, Choice, read_classes, words_of
from dengwen.petitions.history.message_fields import READ_WITH_THE_ROW, read_fields
from dengwen.petitions.history.message_file import (
    COLUMNS,
    ENCODINGS,
    NEEDED,
    ColumnMap,
    FileRefused,
    RowError,
    RowRefused,
    encoding_of,
    raw_rows,
    read_map,
)
from dengwen.petitions.history.message_row import MessageRow

CAME = datetime(2023, 3, 1, 1, tzinfo=UTC)
OPTIONS = {"visit": ("走访", "visit"), "letter": ("来信", "letter")}


def row(**cells: Any) -> MessageRow:
    return MessageRow(4, "", "7", "", "", CAME, "", None, "", "", "", cells)


def fields_of(monkeypatch: pytest.MonkeyPatch, **types: str) -> None:
    """Let a pack ask an import for fields of these types."""
    asked = [
        SimpleNamespace(name=name, type=kind, zh="项", en="item", option_names=OPTIONS)
        for name, kind in types.items()
    ]
    monkeypatch.setattr(message_fields, "asked_at", lambda _door, _rule: asked)


RULE: Any = None


@pytest.mark.parametrize(
    ("kind", "cell", "value"),
    [
        ("text", " 第一行_x000D_\n第二行 ", "第一行\n第二行"),
        ("person", " 王\u3000示例 ", "王 示例"),
        ("word", " A\n1 ", "A 1"),
        ("division", " 500112 ", "500112"),
        ("code", " 走访 ", "visit"),
        ("codes", "visit、来信", ("visit", "letter")),
        ("words", "甲；乙", ("甲", "乙")),
        ("date", "2019-04-24 00:30", date(2019, 4, 24)),
        ("number", "12", 12),
        ("flag", "是", True),
    ],
)
def test_a_cell_is_read_by_the_type_of_its_field(
    kind: str, cell: str, value: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    fields_of(monkeypatch, f=kind)
    assert read_fields(row(f=cell), ColumnMap(), RULE).values == {"f": value}
    for nothing in ("", " \u3000", None):
        assert read_fields(row(f=nothing), ColumnMap(), RULE).values == {}
    assert read_fields(row(), ColumnMap(), RULE).values == {}


def test_every_type_an_import_may_ask_can_be_read() -> None:
    assert set(message_fields._READERS) == DOORS["import"]


def test_what_says_which_row_it_is_sets_no_field(monkeypatch: pytest.MonkeyPatch) -> None:
    names = {*COLUMNS, "subject", "place", "note"}
    fields_of(monkeypatch, **dict.fromkeys(sorted(names), "text"))
    cells = {COLUMNS.get(name, name): f"says {name}" for name in names}
    found = read_fields(row(**cells), ColumnMap(), RULE).values
    assert found == {"petitioner": "says petitioner", "note": "says note"}
    assert names - set(found) == READ_WITH_THE_ROW


def test_an_unknown_word_is_refused_but_an_unknown_category_is_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fields_of(monkeypatch, category="code", how="code", note="text")
    said = read_fields(row(category="城建", note="x"), ColumnMap(), RULE)
    assert (said.unknown_category, said.values) == ("城建", {"note": "x"})
    with pytest.raises(RowRefused) as refused:
        read_fields(row(方式="飞鸽"), ColumnMap({"how": "方式"}), RULE)
    assert refused.value.error.field == "方式"
    assert refused.value.error.row == 4


def test_a_map_turns_words_of_a_file_into_codes(monkeypatch: pytest.MonkeyPatch) -> None:
    fields_of(monkeypatch, how="code", ways="codes")
    words = {"how": {"上门": "visit"}, "ways": {"上门": "visit"}}
    mapping = ColumnMap({"how": "方式"}, words)
    found = read_fields(row(方式="上门", ways="上门，来信"), mapping, RULE).values
    assert found == {"how": "visit", "ways": ("visit", "letter")}


def test_channels_are_those_of_every_edition_and_an_edition_without_any_is_passed_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = SimpleNamespace(option_names=OPTIONS)
    rules = [
        SimpleNamespace(field_rule=lambda _name: asked),
        SimpleNamespace(field_rule=lambda _name: None),
    ]
    monkeypatch.setattr(message_fields, "_registrations", lambda: iter(rules))
    assert message_fields.channels() == OPTIONS


# --- files ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("suffix", [".jsonl", ".ndjson", ".json", ".JSONL", ".txt"])
def test_a_file_of_json_is_known_by_its_name_or_its_first_character(
    encoding: str, suffix: str, tmp_path: Path
) -> None:
    path = tmp_path / f"messages{suffix}"
    text = "\n" + json.dumps({"source_no": "甲1"}, ensure_ascii=False) + "\n \n[1]\n{"
    path.write_bytes(text.encode(encoding))
    assert encoding_of(path) == encoding
    rows = list(raw_rows(path, ColumnMap()))
    assert rows[0] == (1, {"source_no": "甲1"})
    assert [number for number, _ in rows] == [1, 2, 3]
    assert all(isinstance(found, RowError) for _, found in rows[1:])


def test_a_mark_at_the_beginning_is_dropped(tmp_path: Path) -> None:
    path = tmp_path / "messages.jsonl"
    path.write_bytes('{"a": "甲"}\n{"a": "乙"}\n'.encode("utf-8-sig"))
    assert encoding_of(path) == "utf-8-sig"
    assert [found for _, found in raw_rows(path, ColumnMap())] == [{"a": "甲"}, {"a": "乙"}]


@pytest.mark.parametrize(
    ("length", "end", "taken"),
    [
        (20, "\n", True),
        (19, "", True),  # the last line needs no end
        (21, "\n", False),
        (50, "\n", False),
        (60, "", False),
    ],
)
def test_a_line_too_long_is_refused_and_the_next_one_read(
    length: int, end: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, taken: bool
) -> None:
    monkeypatch.setattr(message_file, "MAX_LINE", 20)
    path = tmp_path / "messages.jsonl"
    line = '{"a": "' + "x" * (length - len(end) - 9) + '"}'
    path.write_text(f"{line}{end}" + ('{"b": 1}\n' if end else ""), encoding="utf-8")
    rows = list(raw_rows(path, ColumnMap()))
    assert isinstance(rows[0][1], dict) is taken
    assert [number for number, _ in rows] == ([1, 2] if end else [1])
    if end:
        assert rows[1][1] == {"b": 1}


def test_a_table_names_every_needed_column(tmp_path: Path) -> None:
    path = tmp_path / "messages.csv"
    needed = [COLUMNS[target] for target in NEEDED]
    for left_out in needed:
        names = [name for name in needed if name != left_out]
        path.write_text(",".join([*names, "other"]) + "\n1,2,3\n", encoding="utf-8")
        with pytest.raises(FileRefused, match=left_out):
            list(raw_rows(path, ColumnMap()))
    path.write_text(";".join(needed) + "\n1;2;3\n\n;;\n4;5\n", encoding="utf-8")
    rows = list(raw_rows(path, ColumnMap()))
    assert rows[0] == (1, dict(zip(needed, "123", strict=True)))
    assert [number for number, _ in rows] == [1, 2]  # empty lines are no rows
    assert "2" in str(rows[1][1])


def test_a_column_is_named_by_the_map_else_by_the_house_else_like_its_field() -> None:
    mapping = ColumnMap({"number": "编号", "content": ""})
    assert mapping.column("number") == "编号"
    assert mapping.column("content") == COLUMNS["content"]
    assert mapping.column("note") == "note"
    assert len(set(COLUMNS.values())) == len(COLUMNS)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[columns]\nnumber = "编号"\n', None),
        ('source = "某县"\n', None),
        ('[values.note]\n"a" = "b"\n', "note"),
        ('[columns]\nnote = "b"\n', "note"),
        ('origin = "某县"\n', "origin"),
        ("= no toml", "TOML"),
    ],
)
def test_a_map_names_what_is_known(text: str, said: str | None, tmp_path: Path) -> None:
    path = tmp_path / "map.toml"
    path.write_text(text, encoding="utf-8")
    if said is None:
        read_map(path, COLUMNS)
        return
    with pytest.raises(FileRefused, match=said):
        read_map(path, COLUMNS)


# --- classes --------------------------------------------------------------------------------------
@pytest.fixture
def classes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two classes, one of which has a path."""
    book = SimpleNamespace(kind=lambda _kind: None)
    library = SimpleNamespace(rulebook=lambda _day: book)
    monkeypatch.setattr(message_classes, "rulebooks", SimpleNamespace(library=lambda: library))
    words = {"class": {"claim": "claim", "申诉求决": "claim"}, "path": {"31(6)": "31(6)"}}
    monkeypatch.setattr(message_classes, "words_of", lambda _kind, _act, name: words[name])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("number,class,path\n 1 ,申诉求决,31(6)\n2,claim,\n",
         {"1": Choice("claim", "31(6)"), "2": Choice("claim")}),
        ("source_no,class\n1,claim\n", {"1": Choice("claim")}),
        ('{"number": 1, "class": "claim"}', {"1": Choice("claim")}),
        ("number,class\n,claim\n", None),  # no number
        ("number,class\n1,举手\n", None),
        ("number,class,path\n1,claim,七\n", None),
        ('{"number": 1, "class": "claim"}\n[1]', None),
        ("number,path\n1,31(6)\n", None),  # no class at all
    ],
)  # fmt: skip
@pytest.mark.usefixtures("classes")
def test_a_file_of_classes_names_number_and_class(
    text: str, found: dict[str, Choice] | None, tmp_path: Path
) -> None:
    path = tmp_path / "classes.txt"
    path.write_text(text, encoding="utf-8")
    if found is None:
        with pytest.raises(FileRefused):
            read_classes(path, date(2023, 3, 1))
        return
    assert read_classes(path, date(2023, 3, 1)) == found
    assert set(CLASS_FILE.columns) == set(NEEDED)


def test_words_of_a_field_are_its_codes_and_their_chinese_names() -> None:
    field = SimpleNamespace(option_names=OPTIONS)
    sorts: Any = SimpleNamespace(
        acts={
            "classify": SimpleNamespace(field_rule=lambda name: field if name == "class" else None)
        }
    )
    assert words_of(sorts, "classify", "class") == {
        "visit": "visit",
        "走访": "visit",
        "letter": "letter",
        "来信": "letter",
    }
    assert words_of(sorts, "classify", "path") == {}
    assert words_of(sorts, "decide", "class") == {}
