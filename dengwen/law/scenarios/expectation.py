"""What a scenario expects of its case: state, holder, facts, duties, and what can be done now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from dengwen.law.duties.act_record import CaseView, DutyView
from dengwen.law.duties.admissibility import refusals
from dengwen.law.duties.printed_limits import printed_limits
from dengwen.law.scenarios.played_case import PlayedCase, actor_of
from dengwen.law.scenarios.scenario_file import EXPECT_KEYS


def differences(case: PlayedCase, view: CaseView, wanted: Mapping[str, Any]) -> Iterator[str]:
    """Yield in what the case differs from one expectation."""
    strange = sorted(set(wanted) - EXPECT_KEYS)
    if strange:
        yield f"expect: 不认识的词 {strange} / unknown words {strange}"
        return
    yield from _compare_case(case, view, wanted)
    if "can" in wanted or "cannot" in wanted:
        yield from _compare_possible(case, view, wanted)
    if "duty" in wanted:
        yield from _compare_duty(case, view, wanted)
    if "prints" in wanted:
        yield from _compare_printed(case, view, wanted)


def _compare_case(case: PlayedCase, view: CaseView, wanted: Mapping[str, Any]) -> Iterator[str]:
    if "case_state" in wanted and view.state != wanted["case_state"]:
        state = wanted["case_state"]
        yield f"状态为 {view.state}，应为 {state} / state should be {state}"
    for key, number in (
        ("case_holder", view.holder),
        ("case_addressee", view.addressee),
        ("case_sender", view.sender),
        ("case_handler", view.handler),
    ):
        if key in wanted and case.cast.name(number) != wanted[key]:
            name = case.cast.name(number)
            yield f"{key} 为 {name}，应为 {wanted[key]} / should be {wanted[key]}"
    if "fact" in wanted:
        name = wanted["fact"]
        value = view.facts.get(name)
        if value != wanted["is"]:
            yield f"{name} = {value}，应为 {wanted['is']} / fact differs"


def _compare_possible(case: PlayedCase, view: CaseView, wanted: Mapping[str, Any]) -> Iterator[str]:
    """Ask whether an act can be done, as a page would ask."""
    day = wanted.get("at") or case.acts[-1].day
    kind = case.book(day).kind(case.kind)
    name = wanted.get("can") or wanted["cannot"]
    rule = kind.acts[name]
    found = refusals(kind, rule, view, actor_of(case, rule, wanted), day)
    if "can" in wanted and found:
        reasons = [(refusal.code, refusal.zh) for refusal in found]
        yield f"{name}: 应当可以 / should be possible: {reasons}"
    if "cannot" in wanted:
        codes, why = [refusal.code for refusal in found], wanted.get("why")
        if not codes or (why is not None and why not in codes):
            yield f"{name}: 应当以“{why}”不可以，得到 {codes} / should not be possible"


def _compare_printed(case: PlayedCase, view: CaseView, wanted: Mapping[str, Any]) -> Iterator[str]:
    """Ask which time limits a paper would print now."""
    day = wanted.get("at") or case.acts[-1].day
    book = case.book(day)
    paper = book.kind(case.kind).documents[wanted["paper"]]
    found = [clock.id for clock in printed_limits(paper, book, view, day)]
    if found != wanted["prints"]:
        yield f"{paper.id}: 印 {found}，应为 {wanted['prints']} / should print these"


def _compare_duty(case: PlayedCase, view: CaseView, wanted: Mapping[str, Any]) -> Iterator[str]:
    name = wanted["duty"]
    found = [duty for duty in view.duties if duty.rule.id == name]
    if "opened" in wanted:
        found = [duty for duty in found if duty.opened_on == wanted["opened"]]
    if wanted.get("absent"):
        if found:
            yield f"{name}: 不应有这项责任 / this duty should not exist"
        return
    if "count" in wanted and len(found) != wanted["count"]:
        many = wanted["count"]
        yield f"{name}: 有{len(found)}项，应为{many}项 / {len(found)} of them, expected {many}"
    if not found:
        yield f"{name}: 没有这项责任 / no such duty"
        return
    actual = _shown(case, found[-1])
    for key, value in wanted.items():
        if key in actual and actual[key] != (value if value != "" else None):
            yield f"{name}: {key} = {actual[key]}，应为 {value} / expected {value}"


def _shown(case: PlayedCase, duty: DutyView) -> dict[str, Any]:
    """Return a duty by the words in which scenarios expect it."""
    return {
        "raw": duty.raw,
        "due": duty.due,
        "holder": case.cast.name(duty.holder) or None,
        "state": duty.state,
        "closed": duty.closed_on,
        "met": duty.timeliness,
        "breach": duty.breach is not None,
        "provisional": duty.provisional,
        "law": duty.rule.basis.law,
        "article": duty.rule.basis.article,
        "number": duty.rule.clock.mode != "none",
        "official": case.cast.name(duty.official) or None,
        "original": duty.original_due,
        "right": duty.rule.right,
        "shared": duty.rule.shared,
        "claimed": duty.rests_on_claim,
    }
