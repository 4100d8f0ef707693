"""What acts of an inspection set in motion: the checks that need rows, the ledger or the registry
(S 9; GDI 11).

The packs say who may do what after what. Whether every drawn case was examined and whether a
government is one is asked here; nothing a page sends is believed. A refusal rolls the whole call
back. Plan and draw are in `draw_effects`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta

from dengwen.cases.models import Act, Case, CaseLink, Duty
from dengwen.law.duties.step import Facts, FieldValue, Step
from dengwen.organs.models import Organ
from dengwen.oversight.errors import OversightError, refused
from dengwen.oversight.inspections.draws import others_of, short
from dengwen.oversight.inspections.queries import (
    ANSWERS,
    KIND,
    Inspection,
    Line,
    inspection_of,
    lines_left_open,
    read_inspection,
)

COMMENT_DAYS = 10
"""Days an organ has to answer findings where no local target `inspection.comment_days` is set;
local, never law."""
_DIGEST = re.compile("[0-9a-f]{64}", re.ASCII)


# --- examining ------------------------------------------------------------------------------------
def _in_sample(made: Inspection, step: Step) -> None:
    if step.fields["subject"] not in made.drawn:
        raise refused(
            "not-drawn",
            "subject",
            "这件没有被抽到",
            "this case was not drawn",
            ("改选样本里的一件", "choose one of the sample"),
        )


def case_checked(step: Step, facts: Facts) -> Sequence[Step]:
    """Take an answer to every item; a “no” needs proof. Who called the petitioner of a case does
    not examine it."""
    made = inspection_of(facts)
    _in_sample(made, step)
    if facts.actor in made.did("call_petitioner", str(step.fields["subject"])):
        raise refused(
            "same-person",
            "subject",
            "回访过这一件的信访人的，不能再检查这一件（回访由独立的人进行，是本系统的做法）",
            "who called the petitioner of this case does not examine it ("
            "that the caller is independent is this "
            "system's way)",
            ("由没有回访这一件的人检查", "let somebody examine it who did not call"),
            under="inspection",
        )
    answers = step.fields["answers"]
    if (
        not isinstance(answers, tuple)
        or len(answers) != len(made.items)
        or set(answers) - set(ANSWERS)
    ):
        raise refused(
            "not-answered",
            "answers",
            f"清单有 {len(made.items)} 项，每一项都要回答",
            f"the checklist has {len(made.items)} items, and each is answered",
            ("补选没有回答的项", "answer what is missing"),
        )
    if "no" in answers and not (
        step.fields.get("evidence") or step.texts.get("remarks", "").strip()
    ):
        raise refused(
            "no-proof",
            "remarks",
            "有答“否”的项：写明事实和出处，或者附上证明材料",
            "an answer “no” needs proof",
            ("写明事实和出处，或者附上材料", "say what was seen and where, or attach a file"),
        )
    return ()


def petitioner_called(step: Step, facts: Facts) -> Sequence[Step]:
    """Keep what a petitioner says only with consent, from a caller outside the organ who never
    examined the case."""
    made = inspection_of(facts)
    _in_sample(made, step)
    answered = step.fields.get("says") or step.texts.get("said", "").strip()
    talked = step.fields["reached"] == "talked"
    if made.to == facts.organ:
        raise refused(
            "own-caller",
            facts.case,
            "被督查单位的人不能回访",
            "nobody of the organ inspected makes the call",
            ("由督查机关的人回访", "let the inspecting organ call"),
        )
    if facts.actor in made.did("check_case", str(step.fields["subject"])):
        raise refused(
            "same-person",
            "subject",
            "检查过这一件的，不能回访这一件的信访人（回访由独立的人进行，是本系统的做法）",
            "who examined this case does not call its petitioner ("
            "that the caller is independent is this system's "
            "way)",
            ("由没有检查这一件的人回访", "let somebody call who did not examine it"),
            under="inspection",
        )
    if (talked and step.fields.get("consent") is not True) or (answered and not talked):
        raise refused(
            "no-consent",
            "consent",
            "没有信访人的同意，不记录回答",
            "without consent no answer is recorded",
            ("先征得同意；不同意的选“不愿回答”", "ask for consent, or choose “declined”"),
        )
    return ()


def pack_taken(step: Step, facts: Facts) -> Sequence[Step]:
    """Let each numbered copy of the pack be signed for once: a second signature would hide the
    first."""
    if _copies(facts, "take_pack", step) > 1:
        raise refused(
            "same-copy",
            "copy",
            "这一份已经有人签领（编号、签收、交还是本系统的做法）",
            "this copy was signed for already (numbers and signatures are this system's way)",
            ("换一个序号", "take another number"),
            under="inspection",
        )
    return ()


def pack_returned(step: Step, facts: Facts) -> Sequence[Step]:
    """Take back only a copy that is out."""
    if not _copies(facts, "take_pack", step) or _copies(facts, "return_pack", step) > 1:
        raise refused(
            "not-out",
            "copy",
            "这一份没有签领，或者已经交还（编号、签收、交还是本系统的做法）",
            "this copy was never signed for, or is back already ("
            "numbers and signatures are this system's way)",
            ("核对份数", "check the number of the copy"),
            under="inspection",
        )
    return ()


def _copies(facts: Facts, act: str, step: Step) -> int:
    rows = Act.objects.filter(case_id=facts.case_id, act=act)
    return sum(row.data.get("copy") == step.fields["copy"] for row in rows)


def findings_sent(_step: Step, facts: Facts) -> Sequence[Step]:
    """Feed findings back only once every drawn case was examined: none of the sample may be left
    out."""
    missing = inspection_of(facts).missing
    if missing:
        raise refused(
            "not-examined",
            facts.case,
            f"还有 {len(missing)} 件没有检查：{'、'.join(missing[:3])}",
            f"{len(missing)} of the sample are not examined: {', '.join(missing[:3])}",
            ("检查完样本再反馈", "examine the whole sample first"),
        )
    return ()


def inspection_concluded(step: Step, facts: Facts) -> Sequence[Step]:
    """Conclude with a stated scope, a drawn sample, nothing left behind, and the organ heard (S 9;
    case G13).

    History brought over from paper (`imported`) only says its scope: it has no sample here, and is
    marked everywhere.
    """
    if step.fields["circular_scope"] == "other" and not step.texts.get("scope_text", "").strip():
        raise refused(
            "no-scope",
            "scope_text",
            "选了“另行写明”，没有写在什么范围内通报",
            "“other” was chosen, but no scope is written",
            ("写明通报范围", "write the scope"),
            under="inspection",
        )
    if step.imported:
        return ()
    made = inspection_of(facts)
    if step.fields["type"] == "special" and made.drawing is None:
        raise _without_sample(facts)
    _nothing_left(made, facts)
    _draws_named(step, made, facts)
    if made.sent is None or made.answers:
        return ()
    duty = Duty.objects.filter(case_id=facts.case_id, rule="comment").order_by("-pk").first()
    last = (duty.sort_day if duty else None) or made.sent.day + timedelta(days=COMMENT_DAYS)
    if facts.day <= last:
        raise refused(
            "not-heard",
            facts.case,
            f"被督查单位还没有说明；可以说明到 {last}（本地期限，非法定）",
            f"the organ has not answered yet; it can until {last} (local period, not law)",
            ("等说明，或者等期限过后办结", "wait for the answer or for the end of the period"),
        )
    return ()


def inspection_corrected(step: Step, facts: Facts) -> Sequence[Step]:
    """Let nothing that was concluded without a sample be corrected into the special inspection
    of the year."""
    if (step.fields["field"], step.fields["new"]) != ("type", "special"):
        return ()
    made = Act.objects.filter(case_id=facts.case_id, act="conclude", imported=False).values_list(
        "pk", flat=True
    )
    if step.fields["target"] in made and inspection_of(facts).drawing is None:
        raise _without_sample(facts)
    return ()


def _without_sample(facts: Facts) -> OversightError:
    return refused(
        "no-sample",
        facts.case,
        "专项督查没有方案、没有抽取样本，不能办结，也不算本年的专项督查（抽样是本系统的做法）",
        "a special inspection without plan and sample is not concluded and does not count "
        "for the year (the "
        "sample is this system's way)",
        (
            "先列入计划、制定方案、抽取样本并检查；单件重要事项选“及时督查”",
            (
                "plan it, file the plan, draw and examine the sample; "
                "for one important matter choose “prompt”"
            ),
        ),
        under="inspection",
    )


def _draws_named(step: Step, made: Inspection, facts: Facts) -> None:
    """Refuse a conclusion that is silent on other draws of the organ: who dislikes a sample
    could plan anew unseen."""
    said = step.texts.get("draws", "")
    others = others_of(facts.case, facts.organ, made.to, facts.day) if made.drawing else []
    silent = [one for one in others if short(one.digest) not in said]
    if silent:
        shown = [f"{one.inspection} / {one.place}" for one in silent[:3]]
        raise refused(
            "draws-not-named",
            "draws",
            f"一年内对这个单位还有 {len(silent)} 次抽样没有写明：{'、'.join(shown)}（写明各次抽样是本系统的做法）",
            f"{len(silent)} other draws of this organ within a year are not named: "
            f"{', '.join(shown)} (naming "
            "every draw is this system's way)",
            (
                "由报告页面写入，或者逐次写明方案摘要的前 16 位",
                (
                    "let the page of the report name them, or write the first 16 digits of each "
                    "plan's digest"
                ),
            ),
            under="inspection",
        )


def _nothing_left(made: Inspection, facts: Facts) -> None:
    """Refuse to conclude while a finding of an earlier inspection of the organ is neither
    carried on nor re-checked."""
    left = [
        (earlier.case.number, line.number)
        for earlier, line in lines_left_open(facts.organ, made.to)
        if earlier.case.pk < made.case.pk
    ]
    if left:
        shown = [f"{number} / {line}" for number, line in left[:3]]
        raise refused(
            "left-behind",
            facts.case,
            f"对这个单位的上次督查还有 {len(left)} 项没有整改完，也没有带入本次：{'、'.join(shown)}（带入是本系统的做法）",
            f"{len(left)} findings of earlier inspections of this organ are open and were "
            "not carried over: "
            f"{', '.join(shown)} (carrying over is this system's way)",
            ("带入本次督查，或者先复查", "carry them over, or re-check them first"),
            under="inspection",
        )


# --- putting right --------------------------------------------------------------------------------
def finding_listed(step: Step, facts: Facts) -> Sequence[Step]:
    """Give each finding a number of its own."""
    same = Act.objects.filter(case_id=facts.case_id, act__in=("list_finding", "carry_over"))
    if sum(row.data.get("line") == step.fields["line"] for row in same) > 1:
        raise refused(
            "same-line",
            "line",
            "这一项的序号已经用过",
            "this line number is taken",
            ("换一个序号", "take another number"),
        )
    return ()


def _line(step: Step, facts: Facts, *, reported: bool) -> Line:
    """Return the line a step is about as it stood before it; refuse one that does not exist or
    waits for another."""
    before = [t for t in inspection_of(facts).acts if t.pk != facts.act_id]
    number = step.fields["line"]
    about = [t.act for t in before if t.data.get("line") == number]
    waiting = bool(about) and about[-1] == "report_rectified"
    line = inspection_of(facts).lines.get(number if isinstance(number, int) else 0)
    if line is None or waiting is not reported or {"accept_rectified", "carried_on"} & set(about):
        raise refused(
            "no-such-line",
            "line",
            "没有这一项，或者它现在不等这一步",
            "there is no such line, or it does not wait for this",
            ("核对序号", "check the number"),
        )
    return line


def rectified_reported(step: Step, facts: Facts) -> Sequence[Step]:
    """Let only whoever has to put a finding right report that it was."""
    if _line(step, facts, reported=False).owner != facts.organ:
        raise refused(
            "not-the-owner",
            "line",
            "这一项由别的单位整改",
            "another organ has to put this right",
            ("由整改责任单位报告", "let that organ report it"),
        )
    return ()


def rechecked(step: Step, facts: Facts) -> Sequence[Step]:
    """Re-check only what was reported, with its proof."""
    _line(step, facts, reported=True)
    return ()


def carried_over(step: Step, facts: Facts) -> Sequence[Step]:
    """Tie a finding to the inspection it comes from, and end it there: it counts once."""
    finding_listed(step, facts)
    earlier = Case.objects.filter(
        number=str(step.fields["from"]), kind=KIND, holder_id=facts.organ
    ).first()
    number = step.fields["from_line"]
    line = (
        read_inspection(earlier).lines.get(number if isinstance(number, int) else 0)
        if earlier
        else None
    )
    if earlier is None or line is None or not line.open:
        raise refused(
            "nothing-open",
            "from",
            "上次督查没有这一项未整改的问题",
            "the earlier inspection has no such open finding",
            ("核对编号和序号", "check number and line"),
        )
    CaseLink.objects.get_or_create(
        case_id=facts.case_id, other=earlier, kind="concerns", defaults={"act_id": facts.act_id}
    )
    fields: dict[str, FieldValue] = {"line": line.number, "next": facts.case}
    return [
        Step(
            act="carried_on",
            case=earlier.number,
            organ=facts.organ,
            fields=fields,
            occurred_at=step.occurred_at,
        )
    ]


# --- government inspection ------------------------------------------------------------------------
def government_authorised(_step: Step, facts: Facts) -> Sequence[Step]:
    """Check that a people's government authorises: an inspection body does not start by itself
    (GDI 11; case D06)."""
    organ = Organ.objects.get(pk=facts.organ or 0)
    if organ.kind != "government":
        raise refused(
            "no-government",
            facts.case,
            f"{organ.name_zh}不是人民政府，不能决定、批准政府督查（政府督查工作条例第十一条）",
            f"{organ.name_en or organ.name_zh} is no government and cannot authorise one (GDI 11)",
            (
                "报请本级人民政府决定、指示或者批准",
                "ask the government for its decision, instruction or approval",
            ),
        )
    return ()


def government_body_acts(_step: Step, facts: Facts) -> Sequence[Step]:
    """Check that the body which was authorised acts, and no other organ named in the case (GDI
    11)."""
    given = Act.objects.filter(case_id=facts.case_id, act="authorise").order_by("seq").first()
    if given is None or given.data.get("body") != facts.organ:
        raise refused(
            "not-authorised",
            facts.case,
            "由获得授权的督查机构办理（政府督查工作条例第十一条）",
            "this is for the inspection body that was authorised (GDI 11)",
            ("由该督查机构办理", "let that body act"),
        )
    return ()
