"""A proposal may say only what was found: the person answers, the circumstances are met, the
rung is open (S 11–17)."""

from __future__ import annotations

from datetime import date

from dengwen.accountability.inquiry import rules as rules_of
from dengwen.accountability.inquiry.queries import Inquiry
from dengwen.accountability.inquiry.responsibility import grounds_of
from dengwen.accountability.inquiry.rules import bearing, refused
from dengwen.cases import rulebooks
from dengwen.law.duties.step import FieldValue, Step
from dengwen.law.liability.ladder import Gravity, rungs
from dengwen.law.liability.provisions import in_force

CLASS_OF = {
    "light": "light",
    "serious": "serious",
    "especially_serious": "especially",
    "": "between",
}
"""How a class of gravity of the ladder is written in a proposal."""


def found_so(made: Inquiry, step: Step, subject: str, day: date) -> None:
    """Propose only what was found: the person bears responsibility, the circumstances are met,
    the rung is open."""
    who, rules = _int(step.fields[subject]), in_force(rulebooks.library(), made.day, made.place)
    if subject == "subject_official" and not bearing(made, who, grounds_of(made)):
        raise refused(
            "bears-none",
            subject,
            "核查没有认定这个人承担责任（细则第十一条第二款）",
            "the inquiry found no responsibility of this person (S 11)",
            ("只对认定承担责任的人提出", "propose for somebody found responsible"),
        )
    if subject == "subject_organ" and who != made.unit:
        raise refused(
            "other-unit",
            subject,
            "这不是被核查的单位（细则第十七条）",
            "this is not the unit concerned (S 17)",
            ("写被核查的单位", "name the unit concerned"),
        )
    asked, met = step.fields["situations"], rules_of.circumstances_met(made, rules)
    beyond = [s for s in asked if s not in met] if isinstance(asked, tuple) else []
    if beyond:
        raise refused(
            "not-met",
            "situations",
            f"“{beyond[0]}”的行为和各项要件没有都得到证明（细则第十一条）",
            f"{beyond[0]} is not shown in conduct and every element (S 11)",
            ("只写认定成立的情形", "name circumstances that were found"),
        )
    gravity = made.gravity or Gravity()
    if step.fields["gravity"] != CLASS_OF[gravity.classed]:
        raise refused(
            "other-gravity",
            "gravity",
            "与核查认定的情节不同（细则第十三条至第十五条）",
            "not the gravity that was found (S 13–15)",
            ("按认定的写", "write what was found"),
        )
    _measures(step, subject, gravity, day, made)


def _measures(step: Step, subject: str, gravity: Gravity, day: date, made: Inquiry) -> None:
    """Ask of the rules of today (procedure follows today): is each measure for this subject, is
    its rung open."""
    today = in_force(rulebooks.library(), day, made.place)
    asked = step.fields["measures"]
    wanted = "organ" if subject == "subject_organ" else "person"
    for measure in asked if isinstance(asked, tuple) else ():
        rule = today.measures.get(str(measure))
        if rule is None or rule.kind == "supervision" or wanted not in rule.on:
            zh, en = (rule.zh, rule.en) if rule else (str(measure), str(measure))
            whom = ("机关", "an organ") if wanted == "organ" else ("个人", "a person")
            raise refused(
                "wrong-measure",
                "measures",
                f"“{zh}”不是对{whom[0]}的措施（细则第十二条）",
                f"“{en}” is no measure for {whom[1]} (S 12)",
                ("从目录里选", "choose from the catalogue"),
            )
        for answer in rungs(today, gravity, (), day):
            if str(measure) in answer.rung.measures and not answer.open:
                raise refused(
                    "rung-closed",
                    "measures",
                    f"“{rule.zh}”：{answer.zh}（{answer.basis.law} {answer.basis.article}）",
                    f"“{rule.en}”: {answer.en} ({answer.basis.law} {answer.basis.article})",
                    ("选已经打开的一档", "choose a rung that is open"),
                )


def _int(value: FieldValue | None) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0
