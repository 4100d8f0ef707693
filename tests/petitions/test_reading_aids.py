"""Where the aids for reading a reply begin and end: what is too little, which words say nothing,
how many requests are shown, and what each aid says."""

from __future__ import annotations

import re

import pytest

from dengwen.petitions import reply_quality
from dengwen.petitions.reply_quality import (
    BOILERPLATE,
    FORWARDED,
    KINDS,
    LEAST,
    MOST_UNANSWERED,
    NO_BASIS,
    NO_REMEDY,
    UNANSWERED,
    Aid,
    aids,
    requests_in,
)

STEMS = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥"
"""Characters that say nothing of forwarding, of a basis or of thanks."""
OF_ANY_LETTER = {
    "asking": "请问 是否 能否 希望 什么 时候 怎么 如何 为什 何时 咨询 建议 要求 可以 能不 不能",
    "greeting": "你好 您好 谢谢 我们 你们",
    "whom": "领导 政府 部门 相关 有关",
    "who": "小区 业主 百姓 居民 市民",
    "filling": "这个 解决 处理 问题 尽快 没有 现在 一个",
}
"""Pairs that stand in letters about anything: sharing one is no answer."""


def kinds(reply: str, *requests: str) -> list[str]:
    return [aid.kind for aid in aids(reply, requests)]


@pytest.mark.parametrize("sort", sorted(OF_ANY_LETTER))
def test_words_of_any_letter_answer_nothing(sort: str) -> None:
    for pair in OF_ANY_LETTER[sort].split():
        request = f"{pair}{STEMS[:8]}"
        assert UNANSWERED in kinds(f"{pair}。{STEMS[10:]}。", request)
        assert UNANSWERED not in kinds(f"{STEMS[6:]}。", request)
    held = {pair for some in OF_ANY_LETTER.values() for pair in some.split()}
    assert held == reply_quality._COMMON


@pytest.mark.parametrize("kind", [UNANSWERED, FORWARDED, BOILERPLATE, NO_BASIS, NO_REMEDY])
def test_every_aid_is_said_in_both_languages(kind: str) -> None:
    zh, en = Aid(kind, "").words()
    assert re.search("[一-鿿]", zh)
    assert en
    assert not re.search("[一-鿿]", en)
    assert len(KINDS) == len({*KINDS.values()}) == 5


def test_twenty_characters_are_more_than_a_set_phrase() -> None:
    assert len(STEMS) > LEAST
    assert BOILERPLATE not in kinds(STEMS[:20])
    assert BOILERPLATE in kinds(STEMS[:19])
    assert BOILERPLATE not in kinds(f"{STEMS[:10]}，{STEMS[10:20]}")  # all clauses together
    assert BOILERPLATE in kinds(f"{STEMS[:19]}，感谢您的来信")


@pytest.mark.parametrize(
    ("reply", "lacks"),
    [
        (f"{STEMS}", [NO_BASIS, NO_REMEDY]),
        (f"{STEMS}，依据条例", [NO_REMEDY]),
        (f"{STEMS}，不服可以申请复查", [NO_BASIS]),
        (f"{STEMS}，依据条例，不服可以申请复查", []),
        (f"{STEMS}，2017年11月22日，不服可以申请复查", [NO_BASIS]),  # a date alone
        (f"{STEMS}，已转住建局核实，不服可以申请复查", [NO_BASIS]),  # what another is to verify
    ],
)
def test_a_basis_and_a_remedy_are_looked_for(reply: str, lacks: list[str]) -> None:
    assert kinds(reply) == lacks


@pytest.mark.parametrize(
    ("request_", "asks", "shown"),
    [
        (f"请{STEMS[:6]}", True, True),  # six pairs
        (f"请{STEMS[:5]}", False, False),
        (f"{STEMS[:8]}", False, True),  # nobody asks: no request of a letter, but one of a list
    ],
)
def test_a_request_says_enough_with_six_pairs(request_: str, *, asks: bool, shown: bool) -> None:
    assert requests_in(f"{request_}。") == ((f"{request_}。",) if asks else ())
    assert (UNANSWERED in kinds(f"{STEMS[10:]}。", request_)) is shown


@pytest.mark.parametrize("untouched", range(6))
def test_the_first_requests_left_are_shown(untouched: int) -> None:
    requests = [f"请{n}{STEMS[:8]}" for n in range(untouched)]
    found = [aid.sentence for aid in aids(f"{STEMS[10:]}。", requests)][:untouched]
    assert [one for one in found if one in requests] == requests[:MOST_UNANSWERED]
    assert MOST_UNANSWERED == 3


def test_only_what_has_words_is_a_sentence_a_clause_or_a_pair() -> None:
    assert reply_quality._sentences("甲乙。_x000D_--- 。123！丙丁") == ["甲乙。", "丙丁"]
    assert reply_quality._clauses("甲乙，1，---；丙") == ["甲乙", "丙"]
    assert reply_quality._pairs("甲a乙丙1") == {"乙丙"}
    assert reply_quality._pairs("请问") == frozenset()


def test_of_a_reply_without_a_basis_its_longest_clause_is_shown() -> None:
    [aid] = aids(f"{STEMS}。感谢您。不服可以申请复查。", ())
    assert (aid.kind, aid.sentence.rstrip("。")) == (NO_BASIS, STEMS)
