"""A list of people as typed: what is read, and what each wrong row says."""

from __future__ import annotations

import pytest

from dengwen.petitions.intake.member_list import MOST_ROWS, Person, decoded, people_of, read_roster


def test_a_list_is_read_however_it_is_separated():
    text = "姓名,电话,住址\n王示例,13800000001,示例路1号\n李样本，13800000002，示例路2号\n\n赵示例\t13800000003\n钱样本"
    found = read_roster(text)
    assert found.errors == ()
    assert found.people == (
        Person("王示例", "13800000001", "示例路1号"),
        Person("李样本", "13800000002", "示例路2号"),
        Person("赵示例", "13800000003"),
        Person("钱样本"),
    )
    assert people_of("\n".join(p.line() for p in found.people)) == list(found.people)


@pytest.mark.parametrize(
    ("text", "row", "why"),
    [
        ("王示例,13800000001\n,13800000002", 2, "没有姓名"),
        ("王示例,一三八", 1, "不像电话号码"),
        ("王示例,13800000001\n李样本\n王 示例,138-0000-0001", 3, "与第 1 行相同"),
        ("马示例,13800000009", 1, "先前已记"),
        ("王" * 61, 1, "请缩短"),
    ],
)
def test_a_wrong_row_says_which_and_why(text: str, row: int, why: str):
    found = read_roster(text, [Person("马示例", "13800000009")])
    assert [e.row for e in found.errors] == [row]
    assert why in found.errors[0].zh
    assert found.errors[0].en


@pytest.mark.parametrize(
    ("person", "fits"),
    [
        (Person("王" * 60), True),
        (Person("王" * 61), False),
        (Person("王示例", "", "路" * 200), True),
        (Person("王示例", "", "路" * 201), False),
    ],
)
def test_names_of_sixty_and_addresses_of_two_hundred_characters_fit(person: Person, fits: bool):
    found = read_roster(person.line())
    assert (found.people == (person,), found.errors == ()) == (fits, fits)


@pytest.mark.parametrize(("rows", "fits"), [(MOST_ROWS, True), (MOST_ROWS + 1, False)])
def test_a_list_has_at_most_so_many_rows(rows: int, fits: bool):
    found = read_roster("\n".join(f"王示例{n},138{n:08}" for n in range(rows)))
    assert len(found.people) == rows
    assert (found.errors == ()) is fits
    assert MOST_ROWS == 2_000


def test_hostile_cells_stay_in_their_line():
    found = read_roster('"王示例\n李样本",13800000001\n"赵\t示例"')
    assert [p.name for p in found.people] == ["王示例 李样本", "赵,示例"]
    assert people_of("\n".join(p.line() for p in found.people)) == list(found.people)


def test_older_spreadsheets_are_read_and_pictures_are_not():
    assert decoded("王示例".encode("gb18030")) == "王示例"
    assert decoded("\ufeff王示例".encode()) == "王示例"
    with pytest.raises(ValueError, match="neither"):
        decoded(b"\xff\xff\xff\xff")
