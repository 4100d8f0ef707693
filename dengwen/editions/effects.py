"""The only writer of notices, settings and interpretations: each comes from an act, each adds a
row.

Every function is an effect `(step, facts) -> steps`; the fields each act declares stand in
docs/reference/organs.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db.models import Max

from dengwen.editions.errors import EditionError
from dengwen.editions.models import CalendarNotice, Interpretation, LocalSetting
from dengwen.law.duties.step import Facts, FieldValue, Step
from dengwen.law.time.calendar import expand

FIRST_YEAR, LAST_YEAR = 1949, 2200


def publish_calendar(step: Step, facts: Facts) -> Sequence[Step]:
    """Enter the yearly notice on rest days, or its amendment: a further version of the whole year.

    Rest days cannot be computed (case F08), so nothing is filled in. All days lie in the year
    itself: a notice that
    also moves days of the year before is entered as an amendment of that year, too.
    """
    year = _year(step, facts)
    off, work = _days(step, facts, "off", year), _days(step, facts, "work", year)
    if both := off & work:
        raise _refuse(
            step,
            facts,
            "both",
            "work",
            zh=f"{min(both)}既放假又上班",
            en=f"{min(both)} is both off and worked",
            mend_zh="按通知原文核对",
            mend_en="check it against the text of the notice",
        )
    source = step.texts.get("source", "").strip()
    if not source:
        raise _missing(step, facts, "source")
    newest = (
        CalendarNotice.objects.filter(year=year).aggregate(version=Max("version"))["version"] or 0
    )
    CalendarNotice.objects.create(
        year=year,
        version=newest + 1,
        off=[day.isoformat() for day in sorted(off)],
        work=[day.isoformat() for day in sorted(work)],
        source=source[:300],
        entered_at=facts.recorded_at,
        act=facts.act_id,
    )
    return ()


def set_local_target(step: Step, facts: Facts) -> Sequence[Step]:
    """Set a local target from a day on, for one organ or for all; shown as local, never as
    statutory (design 1.3)."""
    key, value = _code(step, facts, "key"), _value(step, facts)
    organ = step.fields.get("organ")
    if organ is not None and (isinstance(organ, bool) or not isinstance(organ, int)):
        raise _refuse(
            step,
            facts,
            "wrong_type",
            "organ",
            zh="应为机关的编号",
            en="is not the id of an organ",
            mend_zh="从名录中选择机关",
            mend_en="choose the organ from the registry",
        )
    LocalSetting.objects.create(
        key=key, organ=organ, value=value, valid_from=_day(step, facts, "from"), act=facts.act_id
    )
    return ()


def add_interpretation(step: Step, facts: Facts) -> Sequence[Step]:
    """Keep an answer how to read the rules, with its day, its organ and the rules it is about (S
    19, case G22)."""
    question, answer = step.texts.get("question", "").strip(), step.texts.get("answer", "").strip()
    for name, text in (("question", question), ("answer", answer)):
        if not text:
            raise _missing(step, facts, name)
    organ = step.fields.get("organ", facts.organ)
    if organ is None or isinstance(organ, bool) or not isinstance(organ, int):
        raise _missing(step, facts, "organ")
    rules = step.fields.get("rules", ())
    if not isinstance(rules, tuple) or not rules:
        raise _missing(step, facts, "rules")
    Interpretation.objects.create(
        day=_day(step, facts, "day"),
        organ=organ,
        question=question,
        answer=answer,
        rules=[str(rule) for rule in rules],
        act=facts.act_id,
    )
    return ()


def _year(step: Step, facts: Facts) -> int:
    year = step.fields.get("year")
    if isinstance(year, bool) or not isinstance(year, int) or not FIRST_YEAR <= year <= LAST_YEAR:
        raise _refuse(
            step,
            facts,
            "bad_year",
            "year",
            zh=f"年份{year}不成立",
            en=f"{year!r} is no year",
            mend_zh="写四位年份，如2027",
            mend_en="give a year such as 2027",
        )
    return year


def _days(step: Step, facts: Facts, field: str, year: int) -> frozenset[date]:
    spans = step.fields.get(field, ())
    try:
        days = (
            expand(str(span) for span in spans)
            if isinstance(spans, tuple)
            else expand([str(spans)])
        )
    except ValueError as error:
        raise _refuse(
            step,
            facts,
            "bad_days",
            field,
            zh=f"日期写法不对：{error}",
            en=f"days are not written well: {error}",
            mend_zh="写成2027-02-06或2027-02-06/2027-02-12",
            mend_en="write 2027-02-06 or 2027-02-06/2027-02-12",
        ) from error
    strange = sorted(day for day in days if day.year != year)
    if strange:
        raise _refuse(
            step,
            facts,
            "other_year",
            field,
            zh=f"{strange[0]}不在{year}年",
            en=f"{strange[0]} is not in {year}",
            mend_zh=f"把它作为{strange[0].year}年通知的修订另行录入",
            mend_en=f"enter it as an amendment of {strange[0].year}",
        )
    return days


def _day(step: Step, facts: Facts, field: str) -> date:
    value = step.fields.get(field, facts.day)
    if not isinstance(value, date) or isinstance(value, datetime):
        raise _refuse(
            step,
            facts,
            "wrong_type",
            field,
            zh="应为日期",
            en="is not a date",
            mend_zh="改为日期",
            mend_en="give a date",
        )
    return value


def _code(step: Step, facts: Facts, field: str) -> str:
    value = step.fields.get(field)
    if not isinstance(value, str) or not value.strip():
        raise _missing(step, facts, field)
    return value.strip()


def _value(step: Step, facts: Facts) -> str:
    value: FieldValue | None = step.fields.get("value")
    if value is None or value == "" or isinstance(value, tuple):
        raise _missing(step, facts, "value")
    return str(value)


def _missing(step: Step, facts: Facts, field: str) -> EditionError:
    return _refuse(
        step,
        facts,
        "missing",
        field,
        zh="没有填写",
        en="is missing",
        mend_zh="填写后再提交",
        mend_en="give a value",
    )


def _refuse(
    step: Step, facts: Facts, code: str, field: str, *, zh: str, en: str, mend_zh: str, mend_en: str
) -> EditionError:
    where = f"{facts.case or '-'} · {step.act} · {field}"
    return EditionError(code, where=where, zh=zh, en=en, mend_zh=mend_zh, mend_en=mend_en)
