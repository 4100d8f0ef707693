"""What acts of an inquiry (核查) set in motion: who stands concerned, who may investigate, what becomes of a proposal.

The packs say who may do what after what; what needs rows, the registry or the ledger is asked here, and a refusal rolls
the whole call back (S 17 para. 2; PSL 42, 43, 47).
"""

from __future__ import annotations

from collections.abc import Sequence

from dengwen.accountability.errors import AccountabilityError
from dengwen.cases.models import Case, CaseLink, Party
from dengwen.law.steps import Facts, FieldValue, Step
from dengwen.ledger.rows import insert

KIND, ACCOUNT = "inquiry", "accountability"
LEAD = "lead"


def _refused(code: str, where: str, zh: str, en: str, mend: tuple[str, str]) -> AccountabilityError:
    return AccountabilityError(code, where=where, zh=zh, en=en, mend_zh=mend[0], mend_en=mend[1])


# --- opening ------------------------------------------------------------------------------------------------------
def inquiry_opened(step: Step, facts: Facts) -> Sequence[Step]:
    """Put unit and official concerned behind the wall of the inquiry, and tie it to the lead it comes from."""
    unit, official = step.fields["unit"], step.fields.get("official")
    if unit == facts.organ:
        raise _refused(
            "own-inquiry", "unit", "本机关不能核查本机关（政务处分法第四十七条：调查人员应当回避）",
            "an organ does not inquire into itself (PSL 47: investigators recuse)",
            ("由上一级信访部门核查", "let the next higher petition department inquire"),
        )  # fmt: skip
    organ = unit if isinstance(unit, int) else None
    rows = [Party(case_id=facts.case_id, role="concerned_unit", organ_id=organ, act_id=facts.act_id, since=facts.day)]
    if isinstance(official, int):
        rows.append(
            Party(
                case_id=facts.case_id, role="concerned_person", official_id=official, act_id=facts.act_id,
                since=facts.day,
            )
        )  # fmt: skip
    insert(*rows)
    number = step.fields.get("lead")
    lead = Case.objects.filter(number=number, kind=LEAD).first() if number else None
    if number and lead is None:
        raise _refused(
            "no-lead", "lead", "没有这一条线索", "there is no such lead", ("核对编号，或者不写", "check the number, or leave it out")
        )
    if lead is not None and not CaseLink.objects.filter(case_id=facts.case_id, other=lead, kind="concerns").exists():
        insert(CaseLink(case_id=facts.case_id, other=lead, kind="concerns", act_id=facts.act_id))
    return ()


# --- proposing ----------------------------------------------------------------------------------------------------
def measure_proposed(step: Step, facts: Facts) -> Sequence[Step]:
    """Open the case of accountability at the organ with management authority: a proposal, never a measure (S 17)."""
    subjects = [name for name in ("subject_official", "subject_organ") if name in step.fields]
    if len(subjects) != 1:
        raise _refused(
            "one-subject", "subject_official", "一项建议只对一个人或者一个机关（细则第十二条分别规定）",
            "one proposal is about one person or one organ (S 12 treats them apart)",
            ("填写其中一项", "name one of them"),
        )  # fmt: skip
    to = step.fields["to"]
    if to == facts.organ:
        raise _refused(
            "proposal-only", "to", "信访部门调查核实、提出建议，不作出追究决定（细则第十七条）",
            "a petition department investigates and proposes; it does not impose (S 17)",
            ("写有管理权限的机关", "name the organ with management authority"),
        )  # fmt: skip
    fields: dict[str, FieldValue] = {
        "inquiry": facts.case, "from_office": facts.organ or 0, subjects[0]: step.fields[subjects[0]],
        **{name: step.fields[name] for name in ("situations", "gravity", "measures")},
    }  # fmt: skip
    texts = {name: step.texts[name] for name in ("facts", "reasons")}
    return [
        Step(
            act="receive_proposal", kind=ACCOUNT, organ=to if isinstance(to, int) else None, fields=fields, texts=texts,
            links=(("concerns", facts.case),), occurred_at=step.occurred_at,
        )
    ]  # fmt: skip
