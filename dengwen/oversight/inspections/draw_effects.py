"""What acts of a plan and a draw set in motion, checked against the ledger (S 9).

Whether a secret opens its digest and whether a sample is the one the seed gives is asked here;
nothing a page sends is believed. A refusal rolls the whole call back.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from hashlib import sha256

from dengwen.cases.models import Act
from dengwen.law.duties.step import Facts, Step
from dengwen.merkle.sample import opens
from dengwen.organs.names_in_text import named_in
from dengwen.oversight.errors import OversightError, refused
from dengwen.oversight.inspections.published_plan import checkpoint_after, draw_now, plan_of
from dengwen.oversight.inspections.queries import (
    MOST_ITEMS,
    MOST_SAMPLE,
    Inspection,
    Stratum,
    inspection_of,
)

_DIGEST = re.compile("[0-9a-f]{64}", re.ASCII)


def deposit_asked(step: Step, facts: Facts) -> Sequence[Step]:
    """Let another organ deposit than the inspecting one, and after a lapse another than the one
    that let it lapse."""
    asked, made = step.fields["depositor"], inspection_of(facts)
    if asked == facts.organ:
        raise refused(
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
        raise refused(
            "let-it-lapse",
            "depositor",
            "这个单位上次没有按期公开，方案因此失效，不能再由它交存（抽样规则）",
            "this organ let the last plan lapse by not opening its secret; it cannot deposit again",
            ("另请一个单位交存", "ask another organ"),
        )
    return ()


def deposited(step: Step, facts: Facts) -> Sequence[Step]:
    """Take the digest of a secret from the organ that was asked, and only a digest."""
    _by_depositor(inspection_of(facts), facts)
    if not _DIGEST.fullmatch(str(step.fields["secret_digest"])):
        raise _not_hex("secret_digest")
    return ()


def _by_depositor(made: Inspection, facts: Facts) -> None:
    if made.depositor != facts.organ:
        raise refused(
            "not-the-depositor",
            facts.case,
            "只有被请交存的单位才能交存、公开秘密数（抽样规则）",
            "only the organ that was asked deposits and opens the secret",
            ("由被请交存的单位办理", "let the organ that was asked do it"),
        )


def _not_hex(where: str) -> OversightError:
    return refused(
        "not-hex",
        where,
        "应为 64 个十六进制字符（0–9、a–f）",
        "64 hexadecimal digits (0–9, a–f) are needed",
        ("用 tools/redraw.py secret 生成", "make it with tools/redraw.py secret"),
    )


def plan_filed(step: Step, facts: Facts) -> Sequence[Step]:
    """Check that the digest is that of the plan as its acts say it, and that it can be drawn (S
    9)."""
    made = inspection_of(facts)
    _can_be_drawn(step, made)
    if not 0 < len(made.items) <= MOST_ITEMS or not all(item.question for item in made.items):
        raise refused(
            "no-checklist",
            "checklist",
            f"检查清单须有一至 {MOST_ITEMS} 项，每行写“依据｜问题”",
            f"a checklist has 1 to {MOST_ITEMS} items, each line “clause｜question”",
            ("补写或者删减清单", "complete or shorten the list"),
        )
    if not _DIGEST.fullmatch(step.texts["salt"].strip()):
        raise _not_hex("salt")
    _names_nobody(step, made, facts)
    if not _is_plan_of(made, step):
        raise refused(
            "not-this-plan",
            "plan",
            "方案与已记录的对象、总体、交存不一致",
            "the plan is not the one its acts describe",
            ("重新打开方案页面再提交", "open the page of the plan anew and submit it"),
        )
    return ()


def _can_be_drawn(step: Step, made: Inspection) -> None:
    """Refuse sizes that no draw can give, or that are not those of the strata listed."""
    strata = made.strata.values()
    total = sum(len(stratum.population) for stratum in strata)
    sample = sum(stratum.size for stratum in strata)
    possible = 0 < sample <= MOST_SAMPLE and all(map(_is_possible, strata))
    if not possible or (total, sample) != (step.fields["population"], step.fields["sample"]):
        raise refused(
            "no-sample",
            "sample",
            f"总体 {total} 件、抽取 {sample} 件，抽不出这样的样本（每层至少一件，合计最多 {MOST_SAMPLE} 件）",
            f"no such sample of {sample} from {total} (at least one of each stratum, "
            f"{MOST_SAMPLE} in all)",
            ("改范围或者件数", "change the scope or the size"),
        )


def _is_possible(stratum: Stratum) -> bool:
    """Say whether so many can be drawn from a stratum, none of whose cases is listed twice."""
    many = len(stratum.population)
    return 0 < stratum.size <= many == len(set(stratum.population))


def _is_plan_of(made: Inspection, step: Step) -> bool:
    """Say whether a step files the plan that the acts of the inspection describe."""
    if not made.deposit or made.depositor != step.fields["depositor"]:
        return False
    if made.to is None or made.filing is None:
        return False
    return sha256(plan_of(made.filing)).hexdigest() == step.fields["plan"]


def _names_nobody(step: Step, made: Inspection, facts: Facts) -> None:
    """Refuse a scope or checklist that names an official or a case: the plan is published to
    everybody."""
    numbers = {n for stratum in made.strata.values() for n in stratum.population}
    for name in ("scope", "checklist"):
        text = step.texts.get(name, "")
        if named_in(text, facts.day).officials or any(number in text for number in numbers):
            raise refused(
                "names-somebody",
                name,
                "方案向社会公开，不能写个人姓名或者信访事项编号（公开方案是本系统的做法）",
                "the plan is public: it names no person and no matter ("
                "publishing it is this system's way)",
                ("删去姓名、编号", "take names and numbers out"),
                under="inspection",
            )


def secret_opened(step: Step, facts: Facts) -> Sequence[Step]:
    """Open a secret only with the right number, and only after a checkpoint covers the plan: the
    root must be fixed."""
    made, secret = inspection_of(facts), str(step.fields["secret"])
    _by_depositor(made, facts)
    if not _DIGEST.fullmatch(secret):
        raise _not_hex("secret")
    if not opens(bytes.fromhex(secret), bytes.fromhex(made.deposit)):
        raise refused(
            "other-secret",
            "secret",
            "这个数与交存的摘要不符",
            "this is not the number whose digest was deposited",
            ("核对交存时保存的秘密数", "check the number kept at the deposit"),
        )
    if checkpoint_after(made.plan) is None:
        raise refused(
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
        raise refused(
            "not-lapsed",
            facts.case,
            "公开秘密数的期限还没有过，方案仍然有效（抽样规则）",
            "the day for opening the secret has not passed; the plan stands",
            ("等期限过后", "wait until the day has passed"),
        )
    return ()


def drawn(step: Step, facts: Facts) -> Sequence[Step]:
    """Check a sample against the one that plan, checkpoint and secret give."""
    found = draw_now(inspection_of(facts))
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
        raise refused(
            "not-this-sample",
            "drawn",
            "这不是由方案、检查点和秘密数得出的样本",
            "this is not the sample that plan, checkpoint and secret give",
            ("由页面抽取", "let the page draw it"),
        )
    return ()
