"""What a scheme must not reward: the lint of indicators.

A `refuse` finding makes a scheme unfit for approval; a `flag` finding must be answered by the
people who approve it.
The measure is Art. 10 of the responsibility rules (S): assessment is oriented to lawful, timely,
on-the-spot solution.
That petitions are never ranked by number is a rule of this house, drawn from what such rankings led
to; it is said
as such and not as an article.

What each trick would pay is simulated in `tricks`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from dengwen.law.indicators.indicator import (
    COUNTED,
    HIGHER,
    LOWER,
    SCORED_KINDS,
    UNPROVED,
    WATCHED_KINDS,
    Indicator,
    Scheme,
    Watch,
)
from dengwen.law.indicators.tricks import SHARES, Gain, simulate
from dengwen.law.packs.rules import Basis

REFUSE, FLAG = "refuse", "flag"
RATING_WEIGHT = Decimal("0.20")
"""Above this share of the whole, ratings rule the score (house rule, no article gives a number)."""
FAILURES: Mapping[str, frozenset[str]] = {
    **{
        kind: frozenset({"late", "missed"})
        for kind in ("registration", "notification", "conclusion", "leader_duty")
    },
    "objection": frozenset({"upheld"}),
    "resolution": frozenset({"reviewed", "repeated"}),
    "review": frozenset({"changed", "revoked"}),
    "execution": frozenset({"late", "missed"}),
    "suggestion": frozenset({"unanswered"}),
    "invitation": frozenset({"unrated"}),
    "rating": frozenset({"dissatisfied"}),
    "finding": frozenset({"overdue"}),
    "reply_sample": frozenset({"poor"}),
}
"""Outcomes that went wrong; a denominator that leaves one out hides it."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a scheme would reward: `grade` refuse or flag, where, why and the mend, and what
    it rests on."""

    grade: str
    code: str
    entry: str
    zh: str
    en: str
    mend_zh: str
    mend_en: str
    basis: Basis


def lint(scheme: Scheme) -> tuple[Finding, ...]:
    """Return everything in a scheme that would reward turning people away, volume, or
    satisfaction for its own sake."""
    found: list[Finding] = []
    for one in scheme.indicators:
        for check in (_watched, _volume, _channels, _hidden, _turned, _cliff, _mixed):
            found += check(scheme, one)
    found += _last_days(scheme)
    found += _late(scheme)
    found += _satisfaction(scheme)
    found += _unwatched(scheme)
    return tuple(found)


def refused(findings: tuple[Finding, ...]) -> bool:
    """Say whether a scheme with these findings may not be approved."""
    return any(f.grade == REFUSE for f in findings)


WATCHED_WHY: Mapping[str, tuple[str, str]] = {
    "contact": (
        "奖励不登记，或者奖励让人不来",
        "it rewards not registering, or keeping people away",
    ),
    "refusal": (
        "奖励多拒或者少拒，与问题是否解决无关",
        "it rewards refusing, or never refusing, whatever is solved",
    ),
    "redirect": ("奖励转出了事", "it rewards closing by redirect"),
    "withdrawal": ("奖励劝人撤回", "it rewards pressing people to withdraw"),
    "link": ("奖励并件", "it rewards linking matters away"),
    "split": ("奖励拆件", "it rewards splitting matters"),
    "extension": (
        "奖励或惩罚延期，与是否解决无关",
        "it rewards or punishes extensions, whatever is solved",
    ),
    "recoding": (
        "奖励改数据，或者惩罚如实更正",
        "it rewards changing data, or punishes honest correction",
    ),
    "backlog": (
        "奖励登记得少，来件多的单位吃亏",
        "it rewards registering less; who receives more loses",
    ),
    "excuse": (
        "事后录入的事由由判断的人斟酌，不自动加减分",
        "what is claimed afterwards is for whoever judges, and moves no figure by itself",
    ),
}


def _watched(scheme: Scheme, one: Indicator) -> Iterator[Finding]:
    for kind in sorted({one.numerator.kind, one.denominator.kind} & set(WATCHED_KINDS)):
        zh, en = WATCHED_WHY[kind]
        yield Finding(
            REFUSE,
            "scores-watched",
            one.id,
            f"“{kind}”只用来看异常，不能计分：{zh}",
            f"“{kind}” is only watched and never scored: {en}",
            "改为 [[watch]]，或者删去",
            "make it a [[watch]], or drop it",
            scheme.basis,
        )


def _volume(scheme: Scheme, one: Indicator) -> Iterator[Finding]:
    """A numerator that is no part of its denominator measures how much came, not what became of
    it."""
    above, below = one.numerator, one.denominator
    inside = above.kind == below.kind and all(
        not wide or (narrow and set(narrow) <= set(wide))
        for narrow, wide in (
            (above.outcome, below.outcome),
            (above.sort, below.sort),
            (above.channel, below.channel),
            (above.entered, below.entered),
        )
    )
    if not inside or above.last_days != below.last_days:
        yield Finding(
            REFUSE,
            "volume",
            one.id,
            "分子不是分母的一部分：比的是来件多少，会奖励少登记。按数量排名曾使数据被删改，本系统从不按数量计分",
            "the numerator is no part of the denominator: it compares how much came and "
            "rewards registering less. "
            "Ranking by number once made a trade of deleting data; here volume is never scored",
            "分子只取分母中的若干结果",
            "let the numerator be some outcomes of the denominator",
            scheme.basis,
        )
    elif above.outcome == below.outcome and above != below:
        yield Finding(
            REFUSE,
            "composition",
            one.id,
            "分子只按类别、渠道或录入方式挑选，比的是来了什么件（例如越级走访占多少），会奖励少登记、改记这一类",
            "the numerator picks by sort, channel or way of entering: it compares what came "
            "(the share of visits "
            "upward, for instance) and rewards not registering it, or recording it as "
            "something else",
            "按结果取分子",
            "let outcomes make the numerator",
            scheme.basis,
        )
    elif above == below:
        yield Finding(
            REFUSE,
            "volume",
            one.id,
            "分子与分母相同，恒为百分之百",
            "numerator and denominator are the same: always 100 %",
            "写明分子取哪些结果",
            "say which outcomes the numerator takes",
            scheme.basis,
        )


def _channels(scheme: Scheme, one: Indicator) -> Iterator[Finding]:
    if one.numerator.channel or one.denominator.channel:
        yield Finding(
            REFUSE,
            "channel",
            one.id,
            "按渠道计分会奖励少走访、少越级，使人把来访改记成别的；信访人可以选择渠道",
            "scoring by channel rewards fewer visits and fewer visits upward, and invites "
            "recording a visit as "
            "something else; the petitioner chooses the channel",
            "去掉 channel，需要时只在 [[watch]] 里看",
            "drop channel; watch it at most",
            Basis("R22", "17"),
        )
    if one.numerator.entered or one.denominator.entered:
        yield Finding(
            REFUSE,
            "entered",
            one.id,
            "只计某种录入方式的，会奖励补录或者导入",
            "counting one way of entering only rewards entering late or importing",
            "去掉 entered",
            "drop entered",
            scheme.basis,
        )


def _hidden(scheme: Scheme, one: Indicator) -> Iterator[Finding]:
    failures = FAILURES.get(one.denominator.kind, frozenset())
    left_out = sorted(failures - set(one.denominator.outcome)) if one.denominator.outcome else []
    if left_out:
        yield Finding(
            REFUSE,
            "failures-left-out",
            one.id,
            f"分母漏掉了没有办好的结果：{'、'.join(left_out)}",
            f"the denominator leaves out what went wrong: {', '.join(left_out)}",
            "把这些结果写进 denominator 的 outcome",
            "add them to the outcomes of the denominator",
            scheme.basis,
        )


def _turned(scheme: Scheme, one: Indicator) -> Iterator[Finding]:
    failures = FAILURES.get(one.numerator.kind, frozenset())
    outcomes = set(one.numerator.outcome)
    unfinished = frozenset({"open"}) & frozenset(SCORED_KINDS.get(one.numerator.kind, ()))
    rewarded = (
        outcomes & (failures | unfinished) if one.direction == HIGHER else outcomes - failures
    )
    if (
        one.direction == LOWER and not rewarded
    ):  # what lies open makes a small share of failures smaller
        rewarded = set(unfinished & set(one.denominator.outcome or unfinished))
    if one.numerator.kind in SCORED_KINDS and rewarded:
        word = "高" if one.direction == HIGHER else "低"
        yield Finding(
            REFUSE,
            "direction",
            one.id,
            f"方向反了：“{'、'.join(sorted(rewarded))}”却以{word}为好",
            f"the wrong way round: {one.direction} is better although it counts "
            f"{', '.join(sorted(rewarded))}",
            f"改 direction 为 {LOWER if one.direction == HIGHER else HIGHER}，或者改分子",
            f"make the direction {LOWER if one.direction == HIGHER else HIGHER}, or change "
            "the numerator",
            scheme.basis,
        )


def _cliff(scheme: Scheme, one: Indicator) -> Iterator[Finding]:
    if 100 * one.weight > scheme.rounding.resolution * one.floor:
        least = (
            -(-100 * one.weight // scheme.rounding.resolution)
            if scheme.rounding.resolution
            else "∞"
        )
        yield Finding(
            FLAG,
            "cliff",
            one.id,
            f"最低数量 {one.floor} 太小：一件事就能使总分变动超过 {scheme.rounding.resolution} 分",
            f"a floor of {one.floor} is too small: one matter moves the total by more than "
            f"{scheme.rounding.resolution}",
            f"floor 至少 {least}，或者降低权重",
            f"a floor of at least {least}, or a smaller weight",
            scheme.basis,
        )


def _mixed(_scheme: Scheme, one: Indicator) -> Iterator[Finding]:
    if one.denominator.kind == "rating" and len(one.denominator.sort) != 1:
        yield Finding(
            REFUSE,
            "rated-sides",
            one.id,
            "把对信访部门和对责任单位的评价混在一起",
            "it mixes the ratings of the petition department and of the competent organ",
            '写上 sort = ["competent"] 或 ["department"]',
            'write sort = ["competent"] or ["department"]',
            Basis("国信发〔2022〕11号", "", verified=False),
        )


def _satisfaction(scheme: Scheme) -> Iterator[Finding]:
    rated = [i for i in scheme.indicators if i.denominator.kind == "rating"]
    weight = sum((i.weight for i in rated), Decimal(0))
    if weight > RATING_WEIGHT:
        yield Finding(
            REFUSE,
            "satisfaction",
            "、".join(i.id for i in rated),
            f"满意度权重合计 {weight}，会奖励“全部满意”：人人九十五分时名次只是噪声，诉求不合理的件会被推给最弱的单位",
            f"ratings weigh {weight}: this rewards total satisfaction. "
            "Where everybody has 95, rank is noise, and "
            "demands that cannot be met are pushed to the weakest organ",
            f"合计不超过 {RATING_WEIGHT}（本系统的规则，条文没有数字）",
            f"at most {RATING_WEIGHT} in all (a rule of the house)",
            scheme.basis,
        )
    if rated and not any(i.denominator.kind == "invitation" for i in scheme.indicators):
        yield Finding(
            REFUSE,
            "participation",
            "、".join(i.id for i in rated),
            "只计满意率，不计参评率：会奖励只请满意的人评价",
            "satisfaction without participation rewards inviting only the happy",
            "加一项 invitation 的参评率",
            "add an indicator on invitations rated",
            scheme.basis,
        )


def _unwatched(scheme: Scheme) -> Iterator[Finding]:
    """Flag a trick that pays and that no watch looks for, and one whose watches are too lax to
    see it."""
    for gain in _worst_gains(scheme):
        yield _too_lax(scheme, gain) if gain.watches else _no_watch(scheme, gain)
    yield from _unplayed(scheme)


def _worst_gains(scheme: Scheme) -> Iterable[Gain]:
    """Return for each trick that could stay unseen the share at which it shows worst."""
    worst: dict[str, Gain] = {}
    for gain in simulate(scheme):
        pays = gain.gain >= scheme.rounding.resolution
        if pays and not gain.watches:
            so_far = worst.get(gain.trick, gain)
            worst[gain.trick] = so_far if so_far.gain > gain.gain else gain
        elif gain.watches and not gain.seen and (pays or gain.share == max(SHARES)):
            worst.setdefault(gain.trick, gain)
    return worst.values()


def _no_watch(scheme: Scheme, gain: Gain) -> Finding:
    many = f"{100 * gain.share:f}"
    return Finding(
        FLAG,
        "unwatched",
        gain.trick,
        f"“{gain.zh}”在 {many}% 的件上可多得 {gain.gain} 分，而方案没有看它的 [[watch]]",
        f"to {gain.en} in {many} % of the load would pay {gain.gain} points, and "
        "no [[watch]] looks for it",
        f'加一个 trick = "{gain.trick}" 的 [[watch]]',
        f'add a [[watch]] with trick = "{gain.trick}"',
        scheme.basis,
    )


def _too_lax(scheme: Scheme, gain: Gain) -> Finding:
    many = f"{100 * gain.share:f}"
    return Finding(
        FLAG,
        "unwatched",
        gain.trick,
        f"“{gain.zh}”在 {many}% 的件上可多得 {gain.gain} 分，而看它的 "
        f"{'、'.join(gain.watches)} 太松，提示不了",
        f"to {gain.en} in {many} % of the load would pay {gain.gain} points, and "
        f"what looks for it ({', '.join(gain.watches)}) is too lax to flag it",
        "减小 margin 或 ratio",
        "a smaller margin or ratio",
        scheme.basis,
    )


def _unplayed(scheme: Scheme) -> Iterator[Finding]:
    """Flag the ways of entering that score and that no watch sees on a tenth of the matters;
    none is simulated."""
    scored = {
        "importing": scheme.imported == COUNTED,
        "entering_late": scheme.late_entered == COUNTED,
    }
    for trick, (zh, en) in ENTERING.items():
        watches = [w for w in scheme.watches if w.trick == trick]
        if (watches and min(w.margin for w in watches) > TENTH) or (scored[trick] and not watches):
            yield Finding(
                FLAG,
                "unwatched",
                trick,
                f"“{zh}”占到一成也没有 [[watch]] 提示",
                f"no [[watch]] flags it when a tenth is {en}",
                f'加一个 trick = "{trick}" 的 [[watch]]，margin 不超过 {TENTH}',
                f'add a [[watch]] with trick = "{trick}" and a margin of at most {TENTH}',
                scheme.basis,
            )


TENTH = Decimal("0.10")
ENTERING: Mapping[str, tuple[str, str]] = {
    "importing": ("导入", "imported"),
    "entering_late": ("补录", "entered late"),
}


def _late(scheme: Scheme) -> Iterator[Finding]:
    """Flag a scheme by which entering late pays, or takes a fact out of the score."""
    if scheme.late_entered != UNPROVED:
        counted = scheme.late_entered == COUNTED
        yield Finding(
            FLAG,
            "late-entered",
            "scheme",
            "补录的照算：先办后补、凭事后主张按期也得分"
            if counted
            else "补录的不计分：把没有办好的改为补录，就不再计入",
            "what is entered late scores like the rest: a claim of having been in time pays"
            if counted
            else "what is entered late leaves the score: entering a failure late takes it out",
            f'late_entered = "{UNPROVED}"（留在分母，不得分）',
            f'late_entered = "{UNPROVED}" (it stays below the line)',
            scheme.basis,
        )


def _last_days(scheme: Scheme) -> Iterator[Finding]:
    """Look at what counts the end of the period only: an indicator that does is refused, a watch
    that does flagged."""
    measures: list[Indicator | Watch] = [*scheme.indicators, *scheme.watches]
    for one in measures:
        days = one.numerator.last_days
        if days and days == one.denominator.last_days:
            scored = isinstance(one, Indicator)
            yield Finding(
                REFUSE if scored else FLAG,
                "last-days",
                one.id,
                f"分子、分母都只看最后 {days} 日："
                + ("此前没有办好的不再计入" if scored else "此前的做法看不到"),
                f"both sides count the last {days} days only: "
                + (
                    "what went wrong before is left out"
                    if scored
                    else "what was done before is not seen"
                ),
                "去掉 last_days，或者只写在分母",
                "drop last_days, or write it in the denominator only",
                scheme.basis,
            )
