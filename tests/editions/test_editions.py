"""Notices, settings, interpretations and rulebooks, each dated."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from itertools import count

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from dengwen.editions import effects
from dengwen.editions.as_of import calendars_as_of, interpretations, setting, years_without_notice
from dengwen.editions.errors import EditionError
from dengwen.editions.installed_packs import install, source_of
from dengwen.editions.models import APPEND_ONLY, CalendarNotice, InstalledRulebook, LocalSetting
from dengwen.law.duties.step import Facts, Step
from dengwen.law.time.calendar import Calendar, CalendarHistory
from dengwen.ledger import guards

NOW = datetime(2026, 11, 24, 1, tzinfo=UTC)
DAY = date(2026, 11, 24)
NOTICE_2025 = {
    "year": 2025,
    "off": (
        "2025-01-01",
        "2025-01-28/2025-02-04",
        "2025-04-04/2025-04-06",
        "2025-05-01/2025-05-05",
        "2025-05-31/2025-06-02",
        "2025-10-01/2025-10-08",
    ),
    "work": ("2025-01-26", "2025-02-08", "2025-04-27", "2025-09-28", "2025-10-11"),
}


@pytest.fixture
def enter(db):
    """Run one effect as `perform` would."""
    numbers = count(1)

    def run(act, *, at=NOW, day=DAY, texts=None, **fields):
        number = next(numbers)
        if "since" in fields:
            fields["from"] = fields.pop("since")
        facts = Facts(
            act_id=number,
            act_uid=f"a{number}",
            case_id=1,
            case="R1",
            organ=3,
            actor=1,
            day=day,
            recorded_at=at,
        )
        return getattr(effects, act)(
            Step(act=act, case="R1", fields=fields, texts=texts or {}), facts
        )

    return run


@pytest.mark.case("F08")
def test_the_calendar_is_what_the_notice_says(enter):
    enter("publish_calendar", **NOTICE_2025, texts={"source": "国办发明电〔2024〕12号"})
    [(entered_at, table)] = calendars_as_of()
    assert entered_at == NOW
    assert table.source == "国办发明电〔2024〕12号"
    calendar = Calendar({2025: table})
    assert calendar.is_working(date(2025, 1, 26)) is True
    assert calendar.is_working(date(2025, 1, 28)) is False
    assert calendar.is_working(date(2026, 1, 1)) is None


@pytest.mark.sentence("P4.7")
@pytest.mark.case("A04")
def test_the_objection_period_counts_make_up_days_of_an_entered_notice(enter):
    enter("publish_calendar", **NOTICE_2025, texts={"source": "国办发明电〔2024〕12号"})
    calendar = CalendarHistory.of(Calendar(), calendars_as_of()).newest
    assert calendar.add_working_days(date(2025, 1, 24), 5) == date(2025, 2, 7)


def test_an_amendment_is_a_further_version_and_the_earlier_knowledge_stays(enter):
    early, late = datetime(2019, 11, 25, tzinfo=UTC), datetime(2020, 1, 27, tzinfo=UTC)
    enter(
        "publish_calendar",
        at=early,
        year=2020,
        off=("2020-01-24/2020-01-30",),
        texts={"source": "甲"},
    )
    enter(
        "publish_calendar",
        at=late,
        year=2020,
        off=("2020-01-24/2020-02-02",),
        texts={"source": "乙"},
    )
    history = CalendarHistory.of(Calendar(), calendars_as_of())
    friday = date(2020, 1, 31)
    assert history.at(early).is_working(friday) is True
    assert history.at(late).is_working(friday) is False
    assert [table.version for _, table in calendars_as_of()] == [1, 2]
    assert len(calendars_as_of(early)) == 1
    assert history.at(early).version != history.newest.version


@pytest.mark.parametrize(
    ("fields", "texts", "code"),
    [
        ({"year": 20}, {"source": "x"}, "bad_year"),
        ({"year": 2027, "off": ("2027-13-01",)}, {"source": "x"}, "bad_days"),
        ({"year": 2027, "off": ("2027-02-12/2027-02-06",)}, {"source": "x"}, "bad_days"),
        ({"year": 2027, "off": ("2026-12-31",)}, {"source": "x"}, "other_year"),
        ({"year": 2027, "off": ("2027-01-01",), "work": ("2027-01-01",)}, {"source": "x"}, "both"),
        ({"year": 2027, "off": ("2027-01-01",)}, {}, "missing"),
    ],
)
def test_a_bad_notice_is_refused_with_its_mend(enter, fields, texts, code):
    with pytest.raises(EditionError) as error:
        enter("publish_calendar", **fields, texts=texts)
    assert error.value.code == code
    assert all(error.value.as_dict().values())
    assert not CalendarNotice.objects.exists()


def test_real_notices_of_twelve_years_are_entered(shared, enter):
    for file in sorted((shared / "data" / "holidays" / "holiday-cn").glob("20*.json")):
        notice = json.loads(file.read_text("utf-8"))
        days = [day for day in notice["days"] if day["date"].startswith(str(notice["year"]))]
        if not days:
            continue
        enter(
            "publish_calendar",
            year=notice["year"],
            off=tuple(d["date"] for d in days if d["isOffDay"]),
            work=tuple(d["date"] for d in days if not d["isOffDay"]),
            texts={"source": notice["papers"][0]},
        )
    assert years_without_notice(range(2015, 2028)) == (2027,)


def test_a_local_target_holds_from_its_day_and_the_organs_own_goes_first(enter):
    enter("set_local_target", key="incident.report_hours", value=4, since=date(2026, 1, 1))
    enter("set_local_target", key="incident.report_hours", value=2, since=date(2026, 6, 1), organ=7)
    enter("set_local_target", key="incident.report_hours", value=3, since=date(2026, 9, 1))
    key = "incident.report_hours"
    asked = [
        (key, 7, date(2025, 12, 31)),
        (key, 7, date(2026, 1, 1)),
        (key, 7, date(2026, 5, 31)),
        (key, 7, date(2026, 6, 1)),
        (key, 7, date(2026, 10, 1)),
        (key, 8, date(2026, 10, 1)),
        (key, None, date(2026, 8, 31)),
        ("other", 7, date(2026, 10, 1)),
    ]
    values = [found and found.value for found in (setting(*question) for question in asked)]
    assert values == [None, "4", "4", "2", "2", "3", "4", None]
    assert all(row.local for row in LocalSetting.objects.all())


def test_a_local_target_can_never_pose_as_statutory(enter):
    enter("set_local_target", key="k", value="1")
    with pytest.raises(IntegrityError), transaction.atomic():
        LocalSetting.objects.update(local=False)


@pytest.mark.parametrize(
    ("act", "fields", "texts", "code"),
    [
        ("set_local_target", {"value": "1"}, {}, "missing"),
        ("set_local_target", {"key": "k"}, {}, "missing"),
        ("set_local_target", {"key": "k", "value": "1", "organ": "YJ01"}, {}, "wrong_type"),
        ("add_interpretation", {"rules": ("accept",)}, {"question": "问"}, "missing"),
        ("add_interpretation", {}, {"question": "问", "answer": "答"}, "missing"),
    ],
)
def test_bad_entries_are_refused(enter, act, fields, texts, code):
    with pytest.raises(EditionError) as error:
        enter(act, **fields, texts=texts)
    assert error.value.code == code


@pytest.mark.case("G22")
def test_an_interpretation_is_kept_with_its_day_and_shown_beside_the_rule(enter):
    enter(
        "add_interpretation",
        day=date(2026, 3, 1),
        rules=("special_inspection",),
        texts={"question": "每年是否指公历年？", "answer": "是。"},
    )
    [found] = interpretations(["special_inspection", "accept"], date(2026, 3, 1))
    assert (found.organ, found.answer) == (3, "是。")
    assert interpretations(["accept"], DAY) == ()
    assert interpretations(["special_inspection"], date(2026, 2, 28)) == ()


@pytest.mark.django_db
def test_a_rulebook_is_kept_once_and_exactly():
    book = install("国家 2022-05-01", '{"acts": []}', NOW)
    assert install("别名", '{"acts": []}', NOW) == book
    assert source_of(book.digest) == '{"acts": []}'
    with guards.lifted(connection, APPEND_ONLY):  # a dishonest operator
        InstalledRulebook.objects.update(source='{"acts": [1]}')
    with pytest.raises(EditionError) as error:
        source_of(book.digest)
    assert error.value.code == "changed"
    with pytest.raises(EditionError) as error:
        source_of("0" * 64)
    assert error.value.code == "unknown"
    with pytest.raises(EditionError):
        install("空", " ", NOW)


def test_what_was_entered_cannot_be_changed(enter):
    guards.install(connection, APPEND_ONLY)
    enter("set_local_target", key="k", value="1")
    enter("publish_calendar", **NOTICE_2025, texts={"source": "x"})
    for change in (
        lambda: LocalSetting.objects.update(value="2"),
        lambda: CalendarNotice.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
