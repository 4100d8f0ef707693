"""Numbers: gapless within office, year and series, also under threads and after a roll-back;
never shared by two."""

from __future__ import annotations

import threading
from datetime import date
from typing import Any

import pytest
from django.db import connection, transaction

from dengwen.documents.document_numbers import (
    BY_CASE,
    OTHER,
    PROTECTED,
    SERIES,
    agree_word,
    next_number,
    next_serial,
    word_and_serial,
    word_candidates,
)
from dengwen.documents.errors import DocumentError
from dengwen.documents.models import OfficeWord, Series
from tests.documents.samples import CASE, RULES, issued

SLIP = RULES["2022-05-01/petition/forwarding_slip"]


def number(document: str = "D03", **changed: object) -> str:
    asked: dict[str, Any] = {
        "document": document,
        "organ_code": "YL01",
        "organ_name": "云岭市信访局",
        "day": date(2026, 11, 24),
        "protected": False,
        "case_number": CASE,
        **changed,
    }
    return next_number(**asked)


@pytest.mark.django_db
def test_number_reads_as_the_standard_has_it():
    assert [number(), number()] == ["云信访转〔2026〕1号", "云信访转〔2026〕2号"]
    assert number("D04") == "云信访交〔2026〕1号"
    assert number(day=date(2027, 1, 4)) == "云信访转〔2027〕1号"
    assert number(organ_code="YL02", organ_name="云岭市住房和城乡建设局") == "云住房转〔2026〕1号"
    assert number("D88") == "云信访文〔2026〕1号"


@pytest.mark.django_db
def test_protected_cases_leave_no_gap_in_the_open_series():
    """Whatever happens in sealed cases, the open series counts on as if they were not there."""
    seen = []
    for step in range(6):
        seen.append(number())
        number("D03" if step % 2 else "D16", protected=True)
        number("D24")
    assert seen == [f"云信访转〔2026〕{n}号" for n in range(1, 7)]
    assert number("D07", protected=True) == "云信访专〔2026〕13号"


@pytest.mark.django_db
def test_what_is_issued_with_the_registration_bears_the_case_number():
    assert number("D01") == f"登 {CASE}"
    assert number("D02") == f"码 {CASE}"
    assert [number("D20"), number("D20")] == [f"申 {CASE}", f"申2 {CASE}"]
    assert not Series.objects.filter(office="YL01").exists()


def test_series_words_can_be_told_apart():
    words = [*SERIES.values(), *BY_CASE.values(), OTHER, PROTECTED]
    assert len(set(words)) == len(words)
    assert {len(word) for word in words} == {1}


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("云岭市信访局", "云信访"),
        ("云岭省云岭市城北区信访局", "云城信访"),
        ("中共云岭市委员会办公室", "云委员"),
        ("云岭市人民政府", "云府"),
        ("云岭市城北区人民政府办公室", "云城府"),
        ("示例单位", "示例"),
        ("", "YL01"),
        ("市", "市"),
    ],
)
def test_word_of_an_office(name, word):
    candidates = list(word_candidates(name, "YL01"))
    assert candidates[0] == word
    assert candidates[-1] == "YL01"


@pytest.mark.django_db
def test_two_offices_never_share_a_word_and_keep_theirs():
    words = [
        word_and_serial(code, "云岭市住房和城乡建设局", 2026, "转")[0]
        for code in ("A1", "A2", "A3", "A4")
    ]
    assert words == ["云住房", "云住房和城", "云住房和城乡建", "A4"]
    assert word_and_serial("A1", "云岭市住房保障局", 2026, "转") == ("云住房", 2)
    OfficeWord.objects.create(office="B1", word="A5")
    with pytest.raises(DocumentError) as caught:
        word_and_serial("A5", "", 2026, "转")
    assert caught.value.code == "no_office_word"


@pytest.mark.django_db
def test_agreed_word_comes_before_the_derived_one():
    agree_word(office="YL01", word="云信")
    agree_word(office="YL01", word="云信")
    assert number() == "云信转〔2026〕1号"
    with pytest.raises(DocumentError, match="原代字") as in_use:
        agree_word(office="YL01", word="云访")
    with pytest.raises(DocumentError, match="另一机关") as taken:
        agree_word(office="YL09", word="云信")
    assert (in_use.value.code, taken.value.code) == ("word_in_use", "word_taken")


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_no_number_is_given():
    with pytest.raises(DocumentError) as caught:
        next_serial("YL01", 2026, "转")
    assert caught.value.code == "no_transaction"
    assert not Series.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_rolled_back_number_is_given_again():
    for fail in (False, True, True, False):
        try:
            with transaction.atomic():
                last = issued(SLIP).number
                if fail:
                    raise RuntimeError
        except RuntimeError:
            continue
    assert last == "云信访转〔2026〕2号"


@pytest.mark.django_db(transaction=True)
def test_two_threads_take_every_number_once():
    """Both begin with an office nobody knows, and every third transaction fails."""
    kept: list[int] = []
    errors: list[Exception] = []
    barrier = threading.Barrier(2)

    def work(mine: int) -> None:
        try:
            barrier.wait(timeout=20)
            for turn in range(12):
                try:
                    with transaction.atomic():
                        taken = issued(SLIP, code="YL07", name="云岭市城北区信访局").number
                        if (turn + mine) % 3 == 0:
                            raise RuntimeError
                    kept.append(int(taken.partition("〕")[2].removesuffix("号")))
                except RuntimeError:
                    continue
        except Exception as error:  # noqa: BLE001 — seen in the main thread
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(n,)) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert not errors
    assert sorted(kept) == list(range(1, 17))
    assert Series.objects.get(office="YL07").last == 16
    assert OfficeWord.objects.filter(office="YL07").count() == 1
