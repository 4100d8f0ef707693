"""A proposal may say only what an inquiry found (S 11–17).

The person answers, the circumstances are met, the rung is open.
"""

from __future__ import annotations

from datetime import date

from dengwen.accountability.inquiry.conclusion.completeness import circumstances_met
from dengwen.accountability.inquiry.inquiry_before import row_id
from dengwen.accountability.inquiry.line_rules import bearing
from dengwen.accountability.inquiry.queries import Inquiry
from dengwen.accountability.inquiry.responsibility import grounds_of
from dengwen.accountability.inquiry.rules import refused
from dengwen.cases import rulebooks
from dengwen.law.duties.step import FieldValue, Step
from dengwen.law.liability.ladder import Gravity, rungs
from dengwen.law.liability.provisions import Liability, MeasureRule, in_force

CLASS_OF = {
    "light": "light",
    "serious": "serious",
    "especially_serious": "especially",
    "": "between",
}
"""How a class of gravity of the ladder is written in a proposal."""


def found_so(made: Inquiry, step: Step, subject: str, day: date) -> None:
    """Propose only what was found: the person bears responsibility, the circumstances are met, the
    rung is open."""
    _subject_answers(made, subject, row_id(step.fields[subject]))
    _all_met(made, step.fields["situations"])
    gravity = made.gravity or Gravity()
    if step.fields["gravity"] != CLASS_OF[gravity.classed]:
        raise refused(
            "other-gravity",
            "gravity",
            "与核查认定的情节不同",
            "not the gravity that was found",
            ("按认定的写", "write what was found"),
            under="ladder",
        )
    # procedure follows today: so do the measures and their rungs
    today = in_force(rulebooks.library(), day, made.place)
    asked = step.fields["measures"]
    for measure in asked if isinstance(asked, tuple) else ():
        rule = _measure_for(today, str(measure), subject)
        _rung_open(today, rule, gravity, day)


def _subject_answers(made: Inquiry, subject: str, who: int) -> None:
    """Refuse a person found to bear nothing, and an organ that was not inquired into."""
    if subject == "subject_official" and not bearing(made, who, grounds_of(made)):
        raise refused(
            "bears-none",
            subject,
            "核查没有认定这个人承担责任",
            "the inquiry found no responsibility of this person",
            ("只对认定承担责任的人提出", "propose for somebody found responsible"),
            under="attribution",
        )
    if subject == "subject_organ" and who != made.unit:
        raise refused(
            "other-unit",
            subject,
            "这不是被核查的单位",
            "this is not the unit concerned",
            ("写被核查的单位", "name the unit concerned"),
            under="proposes_only",
        )


def _all_met(made: Inquiry, situations: FieldValue) -> None:
    """Refuse circumstances that are not shown in conduct and every element."""
    met = circumstances_met(made, in_force(rulebooks.library(), made.day, made.place))
    asked = situations if isinstance(situations, tuple) else ()
    beyond = [name for name in asked if name not in met]
    if beyond:
        raise refused(
            "not-met",
            "situations",
            f"“{beyond[0]}”的行为和各项要件没有都得到证明",
            f"{beyond[0]} is not shown in conduct and every element",
            ("只写认定成立的情形", "name circumstances that were found"),
            under="circumstances",
        )


def _measure_for(today: Liability, measure: str, subject: str) -> MeasureRule:
    """Return the rule of a measure that may be taken against this subject, or refuse it."""
    rule = today.measures.get(measure)
    wanted = "organ" if subject == "subject_organ" else "person"
    if rule is None or rule.kind == "supervision" or wanted not in rule.on:
        zh, en = (rule.zh, rule.en) if rule else (measure, measure)
        whom_zh, whom_en = ("机关", "an organ") if wanted == "organ" else ("个人", "a person")
        raise refused(
            "wrong-measure",
            "measures",
            f"“{zh}”不是对{whom_zh}的措施",
            f"“{en}” is no measure for {whom_en}",
            ("从目录里选", "choose from the catalogue"),
            under="measures",
        )
    return rule


def _rung_open(today: Liability, rule: MeasureRule, gravity: Gravity, day: date) -> None:
    """Refuse a measure whose rung the gravity does not open."""
    for answer in rungs(today, gravity, (), day):
        if rule.id in answer.rung.measures and not answer.open:
            raise refused(
                "rung-closed",
                "measures",
                f"“{rule.zh}”：{answer.zh}（{answer.basis.law} {answer.basis.article}）",
                f"“{rule.en}”: {answer.en} ({answer.basis.law} {answer.basis.article})",
                ("选已经打开的一档", "choose a rung that is open"),
            )
