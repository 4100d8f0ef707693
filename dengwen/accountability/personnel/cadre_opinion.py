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
from dengwen.accountability.personnel.duties_held import (
    EXCUSED,
    MET,
    MISSED,
    NOT_JUDGED,
    SLOW,
    Counted,
    Kept,
    Period,
)
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
    lines = ["一、任职和分工"]
    lines += [_held(held) for held in (*made.posts, *made.charges)]
    lines.append("二、责任台账")
    lines += [_kept(kept) for kept in made.duties]
    if not made.duties:
        lines.append("这一期间责任台账里没有由其承担的周期责任。")
    if made.counted:
        lines.append("三、具体承担的责任（件数，检举控告不计）")
        lines += [_counted(counted) for counted in made.counted]
    if made.scores:
        lines.append(
            "四、任主要负责人期间所在机关、单位的考核（是对机关、单位的考核，不是个人得分，供参考）"
        )
        lines += [_scored(scored) for scored in made.scores]
    return "\n".join(line for line in lines if line)


def _held(one: Held) -> str:
    """Return a post or field of work in words, with its days."""
    since = numeric(one.first, "zh")
    until = numeric(one.last, "zh") if one.last else "今"
    rank = f"（{RANK_WORDS[one.rank][0]}）" if one.rank else ""
    return f"{since} 至 {until}：{one.organ}{one.what}{rank}"


def _kept(one: Kept) -> str:
    """Return a duty of a register in words: how many periods stand how."""
    late, excused = one.count(SLOW), one.count(EXCUSED)
    missed = [period for period in one.periods if period.state == MISSED]
    parts = [f"应履行 {len(one.periods)} 期", f"按期 {one.count(MET)}"]
    if late:
        parts.append(f"逾期履行 {late}")
    if missed:
        spans = "、".join(_runs(missed))
        parts.append(f"未履行 {len(missed)}（{spans}）")
    if left_out := one.count(NOT_JUDGED):
        parts.append(f"期间到任、不计 {left_out}")
    if excused:
        parts.append(f"作废 {excused}")
    local = "，间隔为本地目标，非法定" if one.local else ""
    return f"{one.zh}（{one.seat}{local}）：{'，'.join(parts)}"


def _counted(one: Counted) -> str:
    """Return the counts of one duty in words."""
    return (
        f"{one.zh}：按时 {one.met}，逾期后办 {one.late}，逾期未办 {one.missed}，"
        f"作废 {one.excused}，未到期 {one.open}"
    )


def _runs(missed: Sequence[Period]) -> Iterable[str]:
    """Yield the periods not met in words: those that follow each other as one span, whatever needs
    a word by itself."""
    runs: list[list[Period]] = []
    for period in missed:
        if runs and _follows(runs[-1], period):
            runs[-1].append(period)
        else:
            runs.append([period])
    for run in runs:
        first, last = run[0], run[-1]
        periods = f"，{len(run)} 期" if len(run) > 1 else ""
        span = f"{numeric(first.first, 'zh')} 至 {numeric(last.last, 'zh')}"
        yield f"{span}{periods}{_apart(first)}"


def _follows(run: Sequence[Period], period: Period) -> bool:
    """Say whether a period goes on a run without a word of its own."""
    if _apart(period) or _apart(run[0]):
        return False
    return run[-1].last + DAY == period.first


def _apart(period: Period) -> str:
    """Return what has to be said of a period by itself, "" where nothing has."""
    said = []
    if period.shared:
        said.append(_shared(period))
    if period.learnt is not None:
        names = "原记由本人承担，后改为他人" if period.was else "改由本人承担"
        said.append(f"{numeric(period.learnt, 'zh')} 补录：{names}，两人都在册")
    if period.stood_in:
        said.append(f"其中 {period.stood_in} 天有人代行")
    if period.stood_in_claimed:
        said.append(f"另有 {period.stood_in_claimed} 天称有人代行，事后才录入")
    return f"，{'，'.join(said)}" if said else ""


def _scored(one: Scored) -> str:
    """Return in words what an assessment says of an organ; an unsound file is not quoted."""
    days = f"{numeric(one.first, 'zh')} 至 {numeric(one.last, 'zh')}"
    if not one.sound:
        return (
            f"{one.organ} {days}：冻结的考核清单不在本机或者与存证不符，不引用（考核 {one.case}）"
        )
    total = one.total or "没有可以计算的数字"
    interval = f"（区间 {one.low} 至 {one.high}）" if one.low and one.high else ""
    return f"{one.organ} {days}：{total}{interval}（考核 {one.case}）"


def in_force_words(made: Extract) -> str:
    """Return the measures in force in words, “无” where there is none; expired ones are no part."""
    return "\n".join(_measure(m, made.convention) for m in made.measures) or NONE


def _measure(one: InForce, convention: str) -> str:
    """Return a measure in force in words, with the last day of its influence."""
    given = f"{one.zh}，{numeric(one.decided, 'zh')} 由{one.decided_by}决定：{one.effect_zh}"
    if one.last is None:
        return given
    seen = "" if one.verified else "，影响期未核原文"
    way = "满期前一日" if convention == DAY_BEFORE else "对应日"
    return f"{given}，至 {numeric(one.last, 'zh')}（末日按{way}算{seen}）"


def exempted_words(made: Extract) -> str:
    """Return the exemptions found in words, “无” where there is none on record."""
    found: Iterable[str] = (
        f"{numeric(e.on, 'zh')}：{GROUNDS[e.ground][0]}" for e in made.exemptions
    )
    return "\n".join(found) or NONE


def _shared(period: Period) -> str:
    """Return how a period that changed hands is judged, and by which rule."""
    if period.local:
        return "期间换过人，按本地规则由本人承担，条文没有写"
    return "期间换过人，由谁负责须由人认定"
