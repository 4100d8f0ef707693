"""Lists of organs and divisions, good and bad, invented and real."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest

from dengwen.organs.errors import RegistryError
from dengwen.organs.lists import csv_table, division_list, import_tray, organ_list
from dengwen.organs.models import Division, DivisionStage, Line, Organ
from dengwen.organs.structure.lines import division_on, division_successors, subtree

DAY = date(2020, 1, 1)
HEAD = "code,name_zh,kind,level,territorial_parent\n"


def organs(text: str, encoding: str = "utf-8", **options: object) -> organ_list.OrganPreview:
    """Preview an organ list given as text."""
    return organ_list.preview_organs((HEAD + text).encode(encoding), day=DAY, **options)  # type: ignore[arg-type]


def test_parents_come_first_whatever_the_order_of_rows():
    preview = organs("A2,二局,government_department,county,A1\nA1,一府,government,county,\n")
    assert preview.errors == ()
    assert [row.code for row in preview.rows] == ["A1", "A2"]
    assert preview.depth == 2
    first, second = preview.steps()
    assert first.act == second.act == "found_organ"
    assert second.fields["territorial_parent"] == "A1"
    assert second.texts == {"name_zh": "二局"}
    assert first.imported


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_three_encodings_are_read(encoding):
    preview = organs("A1,镕堃喆府,government,county,\n", encoding)
    assert (preview.encoding, preview.rows[0].texts["name_zh"]) == (encoding, "镕堃喆府")


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ("A1,一府,government,county,ZZ\n", [(2, "unknown_parent")]),
        (
            "A1,一府,government,county,A2\nA2,二府,government,county,A1\n",
            [(2, "circle"), (3, "circle")],
        ),
        ("A1,一府,government,county,\nA1,二府,government,county,\n", [(3, "duplicate")]),
        ("A1," + "府" * 101 + ",government,county,\n", [(2, "too_long")]),
        ("A1,=cmd|' /C calc'!A0,government,county,\n", [(2, "formula")]),
        ("A1,@SUM(A1),government,county,\n", [(2, "formula")]),
        ("A1,,government,county,\n", [(2, "missing")]),
        ("a-1,一府,government,county,\n", [(2, "bad_code")]),
        ("A1,一府,ministry,county,\n", [(2, "unknown_kind")]),
        ("A1,一府,government,planet,\n", [(2, "unknown_level")]),
    ],
)
def test_each_bad_row_is_named(rows, found):
    preview = organs(rows)
    assert [(error.row, error.code) for error in preview.errors] == found
    assert all(error.zh and error.en for error in preview.errors)
    with pytest.raises(RegistryError) as refused:
        preview.steps()
    assert refused.value.code == "errors_left"


def test_codes_already_registered_may_be_parents_and_may_not_come_again():
    assert organs("A2,二局,government_department,county,A1\n", known={"A1"}).errors == ()
    assert [e.code for e in organs("A1,一府,government,county,\n", known={"A1"}).errors] == [
        "taken"
    ]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ("编码,名称\n".encode(), "columns"),
        ("代码".encode("utf-16"), "utf16"),
        (b"\x00\x01\x02", "binary"),
        (b"\xff\xff\xff\xff", "unknown_encoding"),
        (HEAD.encode() + b'A1,"open,government,county,\n', "csv"),
    ],
)
def test_an_unreadable_file_is_refused_as_a_whole(data, code):
    with pytest.raises(RegistryError) as error:
        organ_list.preview_organs(data, day=DAY)
    assert error.value.code == code


def test_a_staged_list_that_was_changed_is_refused(enter):
    preview = division_list.preview_divisions(
        "code,name,level\n50,示例市,province\n".encode(), day=DAY
    )
    digest = import_tray.stage(preview.rows)
    DivisionStage.objects.filter(digest=digest).update(name="改过的市")
    with pytest.raises(RegistryError) as error:
        enter("import_divisions", DAY, **preview.step().fields)
    assert error.value.code == "stage_differs"
    assert not Division.objects.exists()
    import_tray.stage(preview.rows)
    enter("import_divisions", DAY, **preview.step().fields)
    assert Division.objects.get().name == "示例市"
    assert not DivisionStage.objects.exists()


def test_a_later_list_ends_what_changed_and_keeps_what_did_not(enter):
    head = "code,name,level,parent,valid_from,valid_to,successors\n"
    first = head + "50,示例市,province,,,,\n5001,甲县,county,50,,,\n5002,乙县,county,50,,,\n"
    second = head + (
        "50,示例市,province,,,,\n5001,甲区,county,50,2022-01-01,,\n5002,乙县,county,50,2020-01-01,"
        "2023-01-01,5001\n"
    )
    for text in (first, second):
        preview = division_list.preview_divisions(text.encode(), day=DAY)
        assert preview.errors == ()
        import_tray.stage(preview.rows)
        enter("import_divisions", DAY, **preview.step().fields)
    assert Division.objects.filter(code="50").count() == 1
    names = [division_on("5001", day) for day in (date(2021, 12, 31), date(2022, 1, 1))]
    assert [row and row.name for row in names] == ["甲县", "甲区"]
    assert division_on("5002", date(2023, 1, 1)) is None
    assert division_successors("5002", date(2023, 1, 1)) == ("5001",)


def test_a_real_tree_of_1273_party_bodies_is_read_and_registered(shared, enter):
    data = (shared / "data" / "admin" / "rongchang_party_orgs.csv").read_bytes()
    preview = organ_list.preview_organs(
        data,
        day=DAY,
        columns={
            "code": "id",
            "name_zh": "name",
            "kind": "type",
            "territorial_parent": "parent_id",
        },
        kinds={"0": "basic_party_body", "1": "basic_party_body", "2": "basic_party_body"},
        defaults={"level": "county"},
        prefix="RC",  # its own ids are of three kinds, some too long for case numbers
    )
    assert preview.errors == ()
    assert len(preview.rows) == 1273
    assert preview.depth == 5
    for step in preview.steps():
        enter(step.act, DAY, texts=dict(step.texts), **step.fields)
    assert Organ.objects.count() == 1273
    root = Organ.objects.get(name_zh="荣昌区委")
    assert len(subtree(root, DAY)) == 1273
    assert Line.objects.count() == 1272


def test_real_divisions_of_a_city_with_their_reorganisation(shared, enter):
    """Codes need dates and heirs: 江北区 and 渝北区 ended in November 2025 (unofficial source, see the
    data's README)."""
    admin = shared / "data" / "admin"
    areas = division_list.preview_divisions(
        (admin / "chongqing_areas.csv").read_bytes(),
        day=DAY,
        columns={"code": "code", "name": "name", "parent": "provinceCode"},
        defaults={"level": "county"},
        known={"50"},
    )
    streets = division_list.preview_divisions(
        (admin / "chongqing_streets.csv").read_bytes(),
        day=DAY,
        columns={"code": "code", "name": "name", "parent": "areaCode"},
        defaults={"level": "township"},
        known={row.code for row in areas.rows},
    )
    assert areas.errors == streets.errors == ()
    assert (len(areas.rows), len(streets.rows)) == (38, 1031)
    lists = [
        areas,
        streets,
        _reorganised((admin / "chongqing_districts_2026_with_sites.csv").read_text("utf-8")),
    ]
    for preview in lists:
        assert preview.errors == ()
        import_tray.stage(preview.rows)
        enter("import_divisions", DAY, **preview.step().fields)
    assert Division.objects.on(date(2025, 10, 31)).filter(level="county").count() == 38
    assert Division.objects.on(date(2025, 12, 1)).filter(level="county").count() == 37
    assert division_successors("500105", date(2025, 12, 1)) == ("500157",)
    assert division_successors("500105", date(2025, 10, 31)) == ("500105",)


def _reorganised(text: str) -> division_list.DivisionPreview:
    """Turn the list's remarks ("abolished 2025-11") into periods and heirs, as an administrator
    would."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["code", "name", "parent", "valid_from", "valid_to", "successors"])
    for row in csv.DictReader(io.StringIO(text)):
        change = row["change"]
        ended = "2025-11-07" if change.startswith("abolished") else ""
        begun = "2025-11-07" if change.startswith("established") else ""
        writer.writerow([row["code"], row["name"], "50", begun, ended, "500157" if ended else ""])
    return division_list.preview_divisions(
        out.getvalue().encode(), day=DAY, defaults={"level": "county"}, known={"50"}
    )


def test_real_villages_are_read_quickly_and_without_error(shared):
    preview = division_list.preview_divisions(
        (shared / "data" / "admin" / "chongqing_villages.csv").read_bytes(),
        day=DAY,
        columns={"code": "code", "name": "name", "parent": "streetCode"},
        defaults={"level": "village"},
        known={
            row["code"]
            for row in csv.DictReader(
                io.StringIO(
                    (shared / "data" / "admin" / "chongqing_streets.csv").read_text("utf-8")
                )
            )
        },
    )
    assert len(preview.rows) == 11270
    assert preview.errors == ()


@pytest.mark.parametrize(
    ("file", "verdict"),
    [
        ("utf16le_bom.txt", "utf16"),
        ("gb18030_name_list.csv", "columns"),
        ("csv_injection.csv", None),
    ],
)
def test_hostile_files_are_refused_or_named(samples, file, verdict):
    data = (samples / "data" / "upload_abuse" / "generated" / file).read_bytes()
    if verdict:
        with pytest.raises(RegistryError) as error:
            organ_list.preview_organs(data, day=DAY)
        assert error.value.code == verdict
        return
    _, text = csv_table.decode(data)
    header = next(csv.reader(io.StringIO(text)))
    preview = organ_list.preview_organs(
        data,
        day=DAY,
        columns={"code": header[0], "name_zh": header[1]},
        defaults={"kind": "private_body", "level": "county"},
    )
    assert "formula" in {error.code for error in preview.errors}
