"""`law due`: when does a time limit end? One answer, with its trace, for any clock id of any
edition."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from dengwen.law.duties.running_terms import count_clock
from dengwen.law.packs.builder import build_interpretation
from dengwen.law.packs.library import Library
from dengwen.law.packs.pack import Pack
from dengwen.law.packs.rules import ClockRule
from dengwen.law.time.start_words import start_in_english
from dengwen.law.time.terms import EARLIEST, LATEST, Counted, Traced, parse_day

UNIT_NAMES = {"calendar": "calendar", "working": "working", "month": "month", "year": "year"}


class DueError(ValueError):
    """A question that has no answer: what is wrong, why, and the mend, in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        self.zh, self.en = zh, en
        super().__init__(f"{zh} / {en}")


@dataclass(frozen=True, slots=True)
class DueAnswer:
    """What `law due` says. `raw` and `due` are None where the law has no number or a year is
    unpublished."""

    clock: ClockRule
    pack: Pack
    on: date
    counted: Counted | None
    trace: tuple[Traced, ...]
    extend: int
    exclude: int

    def as_dict(self) -> dict[str, Any]:
        """Return the answer as plain data with the documented names."""
        clock, counted = self.clock, self.counted
        amount, unit = amount_of(clock)
        return {
            "clock": clock.id,
            "on": self.on.isoformat(),
            "raw": _iso(counted.raw if counted else None),
            "due": _iso(counted.due if counted else None),
            "provisional": bool(counted and counted.provisional),
            "days": amount,
            "unit": unit,
            "mode": "none" if clock.by_field else clock.mode,
            "basis": {
                "law": clock.basis.law,
                "article": clock.basis.article,
                "note": clock.basis.note,
            },
            "edition": clock.edition,
            "pack": self.pack.id,
            "verified": clock.basis.verified and self.pack.verified,
            "extended": self.extend,
            "excluded": self.exclude,
            "calendar": counted.calendar if counted else None,
            "trace": [
                {"step": t.step, "day": _iso(t.day), "zh": t.zh, "en": t.en} for t in self.trace
            ],
        }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def amount_of(clock: ClockRule) -> tuple[int, str]:
    """Return amount and unit as people list them: (60, calendar), (1, year), or (-1, none)
    without a number."""
    if clock.term:
        return clock.term.amount, UNIT_NAMES[clock.term.unit]
    return (clock.at_least or 1, clock.per) if clock.per else (-1, "none")


ALIKE = 5
"""How many limits with a like name an error names."""


def ask(
    library: Library, clock_id: str, on: date, *, extend: int = 0, exclude: int = 0
) -> DueAnswer:
    """Return when the time limit `clock_id` that starts with an event on `on` ends.

    `extend` (in the unit of the clock) only where its text allows an extension, up to its cap;
    `exclude`
    (calendar days) only where its text says that something is not counted. Raises DueError
    otherwise.
    """
    clock, pack = _found(library, clock_id)
    _check_day(on)
    _check_extension(clock, extend)
    _check_exclusion(clock, exclude)
    counted = count_clock(clock, on, library.calendar, extend=extend, exclude=exclude)
    trace = (
        _headline(clock, pack),
        *(counted.trace if counted else (_silent(clock),)),
        *_marks(clock, pack, counted, library),
        *_answers(clock, library),
    )
    return DueAnswer(clock, pack, on, counted, trace, extend, exclude)


def _found(library: Library, clock_id: str) -> tuple[ClockRule, Pack]:
    """Return a time limit with the pack that states it; DueError names some called alike."""
    if clock_id in library.clocks:
        return library.clocks[clock_id]
    last = clock_id.rsplit(".", maxsplit=1)[-1]
    close = [name for name in sorted(library.clocks) if last in name][:ALIKE]
    raise DueError(
        f"没有期限编号“{clock_id}”。相近的：{'、'.join(close) or '见 dengwen law clocks'}",
        f"no clock “{clock_id}”. Close: {', '.join(close) or 'see dengwen law clocks'}",
    )


def _headline(clock: ClockRule, pack: Pack) -> Traced:
    """Return the first line of an answer: what the limit is, from which event, by which article."""
    cited = f"{clock.basis.law} {clock.basis.article}"
    return Traced(
        "rule",
        None,
        f"{clock.starts or '起算事件'}：{clock.zh}（{cited}，{pack.zh}）",
        f"from {start_in_english(clock.starts)}: {clock.en} ({cited}, {pack.en})",
    )


def _answers(clock: ClockRule, library: Library) -> list[Traced]:
    """Return the answers on how this limit is read that stand in the packs (seed art. 19),
    oldest first."""
    found = [build_interpretation(raw) for pack in library.packs for raw in pack.interpretations]
    mine = sorted((one for one in found if clock.id in one.rules), key=lambda one: one.date)
    return [
        Traced(
            "interpretation",
            one.date,
            f"{one.organ}解释：问：{one.question} 答：{one.answer}",
            f"interpretation of {one.date} by {one.organ}: asked “{one.question}”, answered "
            f"“{one.answer}”",
        )
        for one in mine
    ]


def _silent(clock: ClockRule) -> Traced:
    if clock.by_field:
        return Traced(
            "none",
            None,
            "原文没有天数，日期由该行为指定",
            "the text has no number; the date is set in the act itself",
        )
    return Traced(
        "none",
        None,
        "原文只定义务，没有天数；内部目标由本地设置给出，并显示为非法定",
        "the text sets a duty but no number; an internal target is a local setting and shown "
        "as local",
    )


def _marks(clock: ClockRule, pack: Pack, counted: Counted | None, library: Library) -> list[Traced]:
    lines = []
    if not (clock.basis.verified and pack.verified):
        lines.append(
            Traced(
                "unverified",
                None,
                f"未核原文：{clock.basis.note or pack.note or '数字来自转述'}",
                "the text itself was not seen; the figure is second-hand",
            )
        )
    if counted and counted.raw and not clock.per:
        table = library.calendar.years.get(counted.raw.year)
        if table is not None and table.kept:
            lines.append(
                Traced(
                    "kept",
                    None,
                    f"{counted.raw.year}年工作日取自留存的程序库（{table.source}），未与通知原文核对",
                    f"working days of {counted.raw.year} from a library ({table.source}), "
                    "not checked with the notice",
                )
            )
    return lines


def _check_day(on: date) -> None:
    if not EARLIEST <= on <= LATEST:
        raise DueError(
            f"{on}超出可用范围{EARLIEST}至{LATEST}", f"{on} lies outside {EARLIEST} to {LATEST}"
        )


def _check_extension(clock: ClockRule, extend: int) -> None:
    if extend == 0:
        return
    cite = f"{clock.basis.law} {clock.basis.article}"
    if extend < 0:
        raise DueError(
            f"延长数须为正数，给的是{extend}", f"an extension must be positive, not {extend}"
        )
    if clock.extension is None or clock.term is None:
        raise DueError(f"{cite} 没有规定可以延长", f"{cite} allows no extension")
    if 0 <= clock.extension.most < extend:
        raise DueError(
            f"{cite} 延长合计不得超过{clock.extension.most}，给的是{extend}",
            f"{cite}: at most {clock.extension.most} may be added, not {extend}",
        )


def _check_exclusion(clock: ClockRule, exclude: int) -> None:
    if exclude == 0:
        return
    cite = f"{clock.basis.law} {clock.basis.article}"
    if exclude < 0:
        raise DueError(
            f"不计算的天数须为正数，给的是{exclude}",
            f"days not counted must be positive, not {exclude}",
        )
    if clock.exclusion is None:
        raise DueError(f"{cite} 没有规定不计入期限的时间", f"{cite} leaves nothing uncounted")


def ask_line(library: Library, line: Mapping[str, Any]) -> dict[str, Any]:
    """Answer one line of a batch: the same names in, the same names out; an error stands in
    `error`."""
    unknown = sorted(set(line) - {"clock", "on", "extend", "exclude"})
    echo = {"clock": line.get("clock"), "on": line.get("on")}
    try:
        if unknown:
            raise DueError(
                f"不认识的项：{'、'.join(unknown)}", f"unknown names: {', '.join(unknown)}"
            )
        numbers = {k: line.get(k, 0) or 0 for k in ("extend", "exclude")}
        if not all(isinstance(v, int) and not isinstance(v, bool) for v in numbers.values()):
            raise DueError("extend、exclude 须为整数", "extend and exclude must be whole numbers")
        on = parse_day(str(line.get("on", "")))
        return ask(library, str(line.get("clock", "")), on, **numbers).as_dict()
    except DueError as error:
        return {**echo, "error": {"zh": error.zh, "en": error.en}}
    except ValueError as error:
        zh, _, en = str(error).partition(" / ")
        return {**echo, "error": {"zh": zh, "en": en or zh}}
