"""An extract in words, as the draft of the opinion on a cadre (D38).

Facts and days, no judgement and no petitioner. The words are Chinese, as the paper is. A person of
the petition department reads, changes and signs them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date

from django.db import transaction

from dengwen.access.read_log import Opening, open_logged
from dengwen.accountability.inquiry.exemptions import GROUNDS
from dengwen.accountability.personnel.duties_held import EXCUSED, MET, MISSED, SLOW, Kept, Period
from dengwen.accountability.personnel.extracts import (
    DAY,
    Extract,
    Held,
    InForce,
    Scored,
    extract_of,
)
from dengwen.cases.models import Case
from dengwen.law.liability.influence_period import DAY_BEFORE
from dengwen.organs.models import Official
from dengwen.ui.dates import numeric

NONE = "无"
RANK_WORDS = {
    "principal": ("主要负责人", "principal head"),
    "deputy": ("副职", "deputy"),
    "member": ("班子成员", "member"),
    "staff": ("工作人员", "staff"),
}


def looked_up(
    request: Case,
    cadre: Official,
    first: date,
    last: date,
    on: date,
    opening: Callable[[Case], Opening],
) -> Extract:
    """Read the extract of a cadre for a request, through the read log; the days as `extract_of`
    takes them.

    `opening` gives the row of the log for a case. One row says that the extract was read for this
    request, and one for every decision and inquiry it repeats, so that whoever decided sees that it
    was looked up. No row, no extract.
    """
    with transaction.atomic(durable=True):
        made = open_logged(opening(request), lambda: extract_of(cadre, first, last, on))
        numbers = {m.case for m in made.measures} | {e.case for e in made.exemptions}
        for decision in Case.objects.filter(number__in=numbers).order_by("number"):
            open_logged(opening(decision), lambda: None)
    return made


def performance_words(made: Extract) -> str:
    """Return how petition duties were performed, in words: posts, each duty with its periods,
    counts, organs headed."""
    lines = [
        "一、任职和分工",
        *(_held(p) for p in (*made.posts, *made.charges)),
        "二、责任台账",
        *map(_kept, made.duties),
    ]
    if not made.duties:
        lines.append("这一期间责任台账里没有由其承担的周期责任。")
    if made.counted:
        lines.append("三、具体承担的责任（件数，检举控告不计）")
        lines += [
            f"{c.zh}：按时 {c.met}，逾期后办 {c.late}，逾期未办 {c.missed}，作废 {c.excused}，未到期 {c.open}"
            for c in made.counted
        ]
    if made.scores:
        lines.append(
            "四、任主要负责人期间所在机关、单位的考核（是对机关、单位的考核，不是个人得分，供参考）"
        )
        lines += map(_scored, made.scores)
    return "\n".join(line for line in lines if line)


def _held(one: Held) -> str:
    until = numeric(one.last, "zh") if one.last else "今"
    rank = f"（{RANK_WORDS[one.rank][0]}）" if one.rank else ""
    return f"{numeric(one.first, 'zh')} 至 {until}：{one.organ}{one.what}{rank}"


def _kept(one: Kept) -> str:
    parts = [f"应履行 {len(one.periods)} 期", f"按期 {one.count(MET)}"]
    if late := [p for p in one.periods if p.state == SLOW]:
        parts.append(f"逾期履行 {len(late)}")
    if missed := [p for p in one.periods if p.state == MISSED]:
        parts.append(f"未履行 {len(missed)}（{'、'.join(_runs(missed))}）")
    if excused := one.count(EXCUSED):
        parts.append(f"作废 {excused}")
    local = "，间隔为本地目标，非法定" if one.local else ""
    return f"{one.zh}（{one.seat}{local}）：{'，'.join(parts)}"


def _runs(missed: Sequence[Period]) -> Iterable[str]:
    """Yield the periods not met in words: those that follow each other as one span, whatever needs
    a word by itself."""
    runs: list[list[Period]] = []
    for one in missed:
        alone = bool(_apart(one.shared, one.stood_in))
        follows = (
            runs
            and runs[-1][-1].last + DAY == one.first
            and not _apart(runs[-1][0].shared, runs[-1][0].stood_in)
        )
        if follows and not alone:
            runs[-1].append(one)
        else:
            runs.append([one])
    for run in runs:
        periods = f"，{len(run)} 期" if len(run) > 1 else ""
        said = _apart(run[0].shared, run[0].stood_in)
        yield f"{numeric(run[0].first, 'zh')} 至 {numeric(run[-1].last, 'zh')}{periods}{said}"


def _apart(shared: bool, stood_in: int) -> str:
    said = ["期间换过人，由谁负责须由人认定"] if shared else []
    said += [f"其中 {stood_in} 天有人代行"] if stood_in else []
    return f"，{'，'.join(said)}" if said else ""


def _scored(one: Scored) -> str:
    days = f"{numeric(one.first, 'zh')} 至 {numeric(one.last, 'zh')}"
    if not one.sound:
        return (
            f"{one.organ} {days}：冻结的考核清单不在本机或者与存证不符，不引用（考核 {one.case}）"
        )
    interval = f"（区间 {one.low} 至 {one.high}）" if one.low and one.high else ""
    return f"{one.organ} {days}：{one.total or '没有可以计算的数字'}{interval}（考核 {one.case}）"


def in_force_words(made: Extract) -> str:
    """Return the measures within their influence period in words, “无” where there is none; expired
    ones are no part."""
    return "\n".join(_measure(m, made.convention) for m in made.measures) or NONE


def _measure(one: InForce, convention: str) -> str:
    seen = "" if one.verified else "，影响期未核原文"
    way = "满期前一日" if convention == DAY_BEFORE else "对应日"
    return (
        f"{one.zh}，{numeric(one.decided, 'zh')} 由{one.decided_by}决定：{one.effect_zh}，"
        f"至 {numeric(one.last, 'zh')}（末日按{way}算{seen}）"
    )


def exempted_words(made: Extract) -> str:
    """Return the exemptions found in words, “无” where there is none on record."""
    found: Iterable[str] = (
        f"{numeric(e.on, 'zh')}：{GROUNDS[e.ground][0]}" for e in made.exemptions
    )
    return "\n".join(found) or NONE
