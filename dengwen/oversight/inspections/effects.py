"""What acts of an inspection set in motion: the checks that need rows, the ledger or the registry
(S 9; GDI 11).

The packs say who may do what after what. Whether a secret opens its digest, whether a sample is the
one the seed gives
and whether a government is one is asked here; nothing a page sends is believed. A refusal rolls the
whole call back.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from hashlib import sha256

from dengwen.cases.models import Act, Case, CaseLink, Duty
from dengwen.law.duties.step import Facts, FieldValue, Step
from dengwen.merkle.sample import opens
from dengwen.organs.models import Organ
from dengwen.organs.names_in_text import named_in
from dengwen.oversight.errors import OversightError
from dengwen.oversight.inspections.draws import others_of, short
from dengwen.oversight.inspections.published_plan import checkpoint_after, draw_now, plan_of
from dengwen.oversight.inspections.queries import (
    ANSWERS,
    KIND,
    MOST_ITEMS,
    MOST_SAMPLE,
    Inspection,
    Line,
    lines_left_open,
    read_inspection,
)

COMMENT_DAYS = 10
"""Days an organ has to answer findings where no local target `inspection.comment_days` is set;
local, never law."""
_DIGEST = re.compile("[0-9a-f]{64}", re.ASCII)


def _refused(code: str, where: str, zh: str, en: str, mend: tuple[str, str]) -> OversightError:
    return OversightError(code, where=where, zh=zh, en=en, mend_zh=mend[0], mend_en=mend[1])


def _read(facts: Facts) -> Inspection:
    return read_inspection(Case.objects.get(pk=facts.case_id))


# --- plan and draw --------------------------------------------------------------------------------
def deposit_asked(step: Step, facts: Facts) -> Sequence[Step]:
    """Let another organ deposit than the inspecting one, and after a lapse another than the one
    that let it lapse."""
    asked, made = step.fields["depositor"], _read(facts)
    if asked == facts.organ:
        raise _refused(
            "own-secret",
            "depositor",
            "秘密数不能由督查机关自己交存（抽样规则，见督查说明）",
            "the inspecting organ cannot deposit the secret itself (rules of the draw)",
            (
                "改由被督查单位或者第三方单位交存",
                "let the organ inspected or a third one deposit it",
            ),
        )
    if asked in made.lapsed:
        raise _refused(
            "let-it-lapse",
            "depositor",
            "这个单位上次没有按期公开，方案因此失效，不能再由它交存（抽样规则）",
            "this organ let the last plan lapse by not opening its secret; it cannot deposit again",
            ("另请一个单位交存", "ask another organ"),
        )
    return ()


def deposited(step: Step, facts: Facts) -> Sequence[Step]:
    """Take the digest of a secret from the organ that was asked, and only a digest."""
    _by_depositor(_read(facts), facts)
    if not _DIGEST.fullmatch(str(step.fields["secret_digest"])):
        raise _not_hex("secret_digest")
    return ()


def _by_depositor(made: Inspection, facts: Facts) -> None:
    if made.depositor != facts.organ:
        raise _refused(
            "not-the-depositor",
            facts.case,
            "只有被请交存的单位才能交存、公开秘密数（抽样规则）",
            "only the organ that was asked deposits and opens the secret",
            ("由被请交存的单位办理", "let the organ that was asked do it"),
        )


def _not_hex(where: str) -> OversightError:
    return _refused(
        "not-hex",
        where,
        "应为 64 个十六进制字符（0–9、a–f）",
        "64 hexadecimal digits (0–9, a–f) are needed",
        ("用 tools/redraw.py secret 生成", "make it with tools/redraw.py secret"),
    )


def plan_filed(step: Step, facts: Facts) -> Sequence[Step]:
    """Check that the digest is that of the plan as its acts say it, and that it can be drawn (S
    9)."""
    made = _read(facts)
    sizes = [(s.size, len(s.population), len(set(s.population))) for s in made.strata.values()]
    total, sample = sum(p for _, p, _ in sizes), sum(n for n, _, _ in sizes)
    fits = all(0 < n <= p == u for n, p, u in sizes) and 0 < sample <= MOST_SAMPLE
    if not fits or (total, sample) != (step.fields["population"], step.fields["sample"]):
        raise _refused(
            "no-sample",
            "sample",
            f"总体 {total} 件、抽取 {sample} 件，抽不出这样的样本（每层至少一件，合计最多 {MOST_SAMPLE} 件）",
            f"no such sample of {sample} from {total} (at least one of each stratum, "
            f"{MOST_SAMPLE} in all)",
            ("改范围或者件数", "change the scope or the size"),
        )
    if not 0 < len(made.items) <= MOST_ITEMS or not all(i.question for i in made.items):
        raise _refused(
            "no-checklist",
            "checklist",
            f"检查清单须有一至 {MOST_ITEMS} 项，每行写“依据｜问题”",
            f"a checklist has 1 to {MOST_ITEMS} items, each line “clause｜question”",
            ("补写或者删减清单", "complete or shorten the list"),
        )
    if not _DIGEST.fullmatch(step.texts["salt"].strip()):
        raise _not_hex("salt")
    _names_nobody(step, made, facts)
    if (
        not made.deposit
        or made.depositor != step.fields["depositor"]
        or made.to is None
        or made.filing is None
        or sha256(plan_of(made.filing)).hexdigest() != step.fields["plan"]
    ):
        raise _refused(
            "not-this-plan",
            "plan",
            "方案与已记录的对象、总体、交存不一致",
            "the plan is not the one its acts describe",
            ("重新打开方案页面再提交", "open the page of the plan anew and submit it"),
        )
    return ()


def _names_nobody(step: Step, made: Inspection, facts: Facts) -> None:
    """Refuse a scope or checklist that names an official or a case: the plan is published to
    everybody."""
    numbers = {n for stratum in made.strata.values() for n in stratum.population}
    for name in ("scope", "checklist"):
        text = step.texts.get(name, "")
        if named_in(text, facts.day).officials or any(number in text for number in numbers):
            raise _refused(
                "names-somebody",
                name,
                "方案向社会公开，不能写个人姓名或者信访事项编号（细则第九条；公开方案是本系统的做法）",
                "the plan is public: it names no person and no matter (S 9; "
                "publishing it is this system's way)",
                ("删去姓名、编号", "take names and numbers out"),
            )


def secret_opened(step: Step, facts: Facts) -> Sequence[Step]:
    """Open a secret only with the right number, and only after a checkpoint covers the plan: the
    root must be fixed."""
    made, secret = _read(facts), str(step.fields["secret"])
    _by_depositor(made, facts)
    if not _DIGEST.fullmatch(secret):
        raise _not_hex("secret")
    if not opens(bytes.fromhex(secret), bytes.fromhex(made.deposit)):
        raise _refused(
            "other-secret",
            "secret",
            "这个数与交存的摘要不符",
            "this is not the number whose digest was deposited",
            ("核对交存时保存的秘密数", "check the number kept at the deposit"),
        )
    if checkpoint_after(made.plan) is None:
        raise _refused(
            "no-checkpoint",
            "secret",
            "方案之后还没有检查点；现在公开，检查点就可能被挑选",
            "no checkpoint covers the plan yet; opened now, the checkpoint could be chosen",
            ("等下一个检查点签出以后再公开", "open it after the next checkpoint"),
        )
    return ()


def plan_lapsed(_step: Step, facts: Facts) -> Sequence[Step]:
    """Let a plan lapse only once the day for opening the secret has passed."""
    filed = Act.objects.filter(case_id=facts.case_id, act="file_plan").order_by("-seq").first()
    if filed is None or facts.day <= date.fromisoformat(filed.data["open_by"]):
        raise _refused(
            "not-lapsed",
            facts.case,
            "公开秘密数的期限还没有过，方案仍然有效（抽样规则）",
            "the day for opening the secret has not passed; the plan stands",
            ("等期限过后", "wait until the day has passed"),
        )
    return ()


def drawn(step: Step, facts: Facts) -> Sequence[Step]:
    """Check a sample against the one that plan, checkpoint and secret give."""
    found = draw_now(_read(facts))
    wanted = found and (
        found.checkpoint.size,
        bytes(found.checkpoint.root).hex(),
        found.seed.hex(),
        len(found.numbers),
        "\n".join(found.numbers),
    )
    given = (
        *(step.fields[n] for n in ("checkpoint", "root", "seed", "count")),
        step.texts["drawn"],
    )
    if wanted != given:
        raise _refused(
            "not-this-sample",
            "drawn",
            "这不是由方案、检查点和秘密数得出的样本",
            "this is not the sample that plan, checkpoint and secret give",
            ("由页面抽取", "let the page draw it"),
        )
    return ()


# --- examining ------------------------------------------------------------------------------------
def _in_sample(made: Inspection, step: Step) -> None:
    if step.fields["subject"] not in made.drawn:
        raise _refused(
            "not-drawn",
            "subject",
            "这件没有被抽到",
            "this case was not drawn",
            ("改选样本里的一件", "choose one of the sample"),
        )


def case_checked(step: Step, facts: Facts) -> Sequence[Step]:
    """Take an answer to every item; a “no” needs proof. Who called the petitioner of a case does
    not examine it."""
    made = _read(facts)
    _in_sample(made, step)
    if facts.actor in made.did("call_petitioner", str(step.fields["subject"])):
        raise _refused(
            "same-person",
            "subject",
            "回访过这一件的信访人的，不能再检查这一件（细则第九条；回访由独立的人进行，是本系统的做法）",
            "who called the petitioner of this case does not examine it (S 9; "
            "that the caller is independent is this "
            "system's way)",
            ("由没有回访这一件的人检查", "let somebody examine it who did not call"),
        )
    answers = step.fields["answers"]
    if (
        not isinstance(answers, tuple)
        or len(answers) != len(made.items)
        or set(answers) - set(ANSWERS)
    ):
        raise _refused(
            "not-answered",
            "answers",
            f"清单有 {len(made.items)} 项，每一项都要回答",
            f"the checklist has {len(made.items)} items, and each is answered",
            ("补选没有回答的项", "answer what is missing"),
        )
    if "no" in answers and not (
        step.fields.get("evidence") or step.texts.get("remarks", "").strip()
    ):
        raise _refused(
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
    made = _read(facts)
    _in_sample(made, step)
    answered = step.fields.get("says") or step.texts.get("said", "").strip()
    talked = step.fields["reached"] == "talked"
    if made.to == facts.organ:
        raise _refused(
            "own-caller",
            facts.case,
            "被督查单位的人不能回访",
            "nobody of the organ inspected makes the call",
            ("由督查机关的人回访", "let the inspecting organ call"),
        )
    if facts.actor in made.did("check_case", str(step.fields["subject"])):
        raise _refused(
            "same-person",
            "subject",
            "检查过这一件的，不能回访这一件的信访人（细则第九条；回访由独立的人进行，是本系统的做法）",
            "who examined this case does not call its petitioner (S 9; "
            "that the caller is independent is this system's "
            "way)",
            ("由没有检查这一件的人回访", "let somebody call who did not examine it"),
        )
    if (talked and step.fields.get("consent") is not True) or (answered and not talked):
        raise _refused(
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
        raise _refused(
            "same-copy",
            "copy",
            "这一份已经有人签领（细则第九条；编号、签收、交还是本系统的做法）",
            "this copy was signed for already (S 9; numbers and signatures are this system's way)",
            ("换一个序号", "take another number"),
        )
    return ()


def pack_returned(step: Step, facts: Facts) -> Sequence[Step]:
    """Take back only a copy that is out."""
    if not _copies(facts, "take_pack", step) or _copies(facts, "return_pack", step) > 1:
        raise _refused(
            "not-out",
            "copy",
            "这一份没有签领，或者已经交还（细则第九条；编号、签收、交还是本系统的做法）",
            "this copy was never signed for, or is back already (S 9; "
            "numbers and signatures are this system's way)",
            ("核对份数", "check the number of the copy"),
        )
    return ()


def _copies(facts: Facts, act: str, step: Step) -> int:
    rows = Act.objects.filter(case_id=facts.case_id, act=act)
    return sum(row.data.get("copy") == step.fields["copy"] for row in rows)


def findings_sent(_step: Step, facts: Facts) -> Sequence[Step]:
    """Feed findings back only once every drawn case was examined: none of the sample may be left
    out."""
    missing = _read(facts).missing
    if missing:
        raise _refused(
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
        raise _refused(
            "no-scope",
            "scope_text",
            "选了“另行写明”，没有写在什么范围内通报（细则第九条：在适当范围内通报）",
            "“other” was chosen, but no scope is written (S 9: circulated within an "
            "appropriate scope)",
            ("写明通报范围", "write the scope"),
        )
    if step.imported:
        return ()
    made = _read(facts)
    if step.fields["type"] == "special" and made.drawing is None:
        raise _without_sample(facts)
    _nothing_left(made, facts)
    _draws_named(step, made, facts)
    if made.sent is None or made.answers:
        return ()
    duty = Duty.objects.filter(case_id=facts.case_id, rule="comment").order_by("-pk").first()
    last = (duty.sort_day if duty else None) or made.sent.day + timedelta(days=COMMENT_DAYS)
    if facts.day <= last:
        raise _refused(
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
    if step.fields["target"] in made and _read(facts).drawing is None:
        raise _without_sample(facts)
    return ()


def _without_sample(facts: Facts) -> OversightError:
    return _refused(
        "no-sample",
        facts.case,
        "专项督查没有方案、没有抽取样本，不能办结，也不算本年的专项督查（细则第九条；抽样是本系统的做法）",
        "a special inspection without plan and sample is not concluded and does not count "
        "for the year (S 9; the "
        "sample is this system's way)",
        (
            "先列入计划、制定方案、抽取样本并检查；单件重要事项选“及时督查”",
            (
                "plan it, file the plan, draw and examine the sample; "
                "for one important matter choose “prompt”"
            ),
        ),
    )


def _draws_named(step: Step, made: Inspection, facts: Facts) -> None:
    """Refuse a conclusion that is silent on other draws of the organ: who dislikes a sample
    could plan anew unseen."""
    said = step.texts.get("draws", "")
    others = others_of(facts.case, facts.organ, made.to, facts.day) if made.drawing else []
    silent = [one for one in others if short(one.digest) not in said]
    if silent:
        shown = [f"{one.inspection} / {one.place}" for one in silent[:3]]
        raise _refused(
            "draws-not-named",
            "draws",
            f"一年内对这个单位还有 {len(silent)} 次抽样没有写明：{'、'.join(shown)}（细则第九条；写明各次抽样是本系统的做法）",
            f"{len(silent)} other draws of this organ within a year are not named: "
            f"{', '.join(shown)} (S 9; naming "
            "every draw is this system's way)",
            (
                "由报告页面写入，或者逐次写明方案摘要的前 16 位",
                (
                    "let the page of the report name them, or write the first 16 digits of each "
                    "plan's digest"
                ),
            ),
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
        raise _refused(
            "left-behind",
            facts.case,
            f"对这个单位的上次督查还有 {len(left)} 项没有整改完，也没有带入本次：{'、'.join(shown)}（细则第九条；带入是本系统的做法）",
            f"{len(left)} findings of earlier inspections of this organ are open and were "
            "not carried over: "
            f"{', '.join(shown)} (S 9; carrying over is this system's way)",
            ("带入本次督查，或者先复查", "carry them over, or re-check them first"),
        )


# --- putting right --------------------------------------------------------------------------------
def finding_listed(step: Step, facts: Facts) -> Sequence[Step]:
    """Give each finding a number of its own."""
    same = Act.objects.filter(case_id=facts.case_id, act__in=("list_finding", "carry_over"))
    if sum(row.data.get("line") == step.fields["line"] for row in same) > 1:
        raise _refused(
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
    before = [t for t in _read(facts).acts if t.pk != facts.act_id]
    number = step.fields["line"]
    about = [t.act for t in before if t.data.get("line") == number]
    waiting = bool(about) and about[-1] == "report_rectified"
    line = _read(facts).lines.get(number if isinstance(number, int) else 0)
    if line is None or waiting is not reported or {"accept_rectified", "carried_on"} & set(about):
        raise _refused(
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
        raise _refused(
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
        raise _refused(
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
        raise _refused(
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
        raise _refused(
            "not-authorised",
            facts.case,
            "由获得授权的督查机构办理（政府督查工作条例第十一条）",
            "this is for the inspection body that was authorised (GDI 11)",
            ("由该督查机构办理", "let that body act"),
        )
    return ()
