"""A petitioner is known from no text shown to a person: not by a name taken apart, by initials, a
nickname, a piece of the address, a telephone number."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

import pytest

from dengwen.accountability.errors import AccountabilityError
from dengwen.accountability.inquiry import identity_release
from dengwen.accountability.inquiry.identity_traces import carries, first_letter, traces
from dengwen.accountability.inquiry.queries import Inquiry
from dengwen.law.duties.step import Facts
from tests.accountability.inquiries import official, ready, refused
from tests.accountability.read_inquiries import HERE, told
from tests.world import World

SEALED = ("王示例", "示例路1号院3幢", "13800001234")


@pytest.mark.parametrize(
    "text",
    [
        "王示例反映",
        "王 示 例反映",
        "王-示·例反映",
        "王\u200b示\u200b例",
        "电话138 0000 1234",
        "电话138-0000-1234",
        "电话１３８００００１２３４",
        "电话一三八零零零零一二三四",
        "住示例路 1 号院 3 幢",
    ],
)
def test_what_is_sealed_is_found_however_it_is_written(text: str) -> None:
    assert carries(text, SEALED)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("老王来过", "nickname"),
        ("王某某来过", "nickname"),
        ("王先生的材料", "nickname"),
        ("示例的材料", "nickname"),
        ("阿例来过", "nickname"),
        ("姓王，名示，字例", "split"),
        ("W.S.L.的材料", "initials"),
        ("wsl反映", "initials"),
        ("Wang Shili的材料", "initials"),
        ("W某的材料", "initials"),
        ("住在示例路1号附近", "address"),
        ("尾号1234", "number"),
        ("电话1380000开头", "number"),
    ],
)
def test_traces_are_found(text: str, kind: str) -> None:
    assert kind in traces(text, SEALED)


@pytest.mark.parametrize(
    "text",
    ["二月受理的事项到期没有办理", "细则第十一条第（二）项", "2025年2月3日", "李局长批示", ""],
)
def test_plain_facts_are_no_traces(text: str) -> None:
    assert not traces(text, SEALED)
    assert not carries(text, SEALED)


@pytest.mark.parametrize(("one", "letter"), [("王", "w"), ("示", "s"), ("阿", "a"), ("a", ""),
                                             ("座", "z"), ("龘", "")])  # fmt: skip
def test_the_letter_a_character_begins_with(one: str, letter: str) -> None:
    assert first_letter(one) == letter


def test_a_text_with_a_trace_is_told_only_after_another_investigator_released_it(
    world: World,
) -> None:
    case, _board, _deed = ready(world)
    facts = "老王家的屋面渗水没有处理"
    with refused("identity-trace"):
        case.tell("YJ02-L", facts=facts)
    own, other = official("YJ01-Z"), official("YJ01-S")
    case.done("release_text", texts={"text": facts}, investigator=own)
    with refused("identity-trace"):  # nobody releases what they tell themselves
        case.tell("YJ02-L", facts=facts)
    with refused("not-yourself"):
        case.done("release_text", texts={"text": facts}, investigator=other)
    with refused("sealed-identity"):
        case.done("release_text", "router", {"text": "王示例家"}, investigator=other)
    case.done("release_text", "router", {"text": facts}, investigator=other)
    with refused("identity-trace"):  # another text than the one that was read
        case.tell("YJ02-L", facts=facts + "，在示例路1")
    case.tell("YJ02-L", facts=facts)
    with refused("sealed-identity"):
        case.tell("YJ02-L", facts="王 示 例家的屋面")


def test_after_a_missed_goal_another_person_of_the_organ_releases_a_text(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    mine, other = 1, 2
    made = Inquiry("N", "500199", HERE, ())
    monkeypatch.setattr(identity_release, "sealed_words", lambda _sources: SEALED)
    read = told(9, "release_text", investigator=other)
    read.texts["text"] = "老王家"
    made.releases = [read]

    def shown(who: int, organ: int = HERE) -> bool:
        """Say whether the text may be shown by somebody acting for an organ."""
        monkeypatch.setattr(identity_release, "acting_official", lambda _facts: who)
        facts = cast("Facts", SimpleNamespace(organ=organ))
        try:
            identity_release.shown_to_person(made, facts, ["老王家"], sources=[])
        except AccountabilityError as error:
            return error.code != "identity-trace"
        return True

    assert not shown(mine)
    made.missed = told(5, "reject_rectification")
    assert shown(mine)
    assert not shown(mine, HERE + 1)
    assert not shown(other)  # nobody releases what they show themselves
    made.missed = told(10, "reject_rectification")
    assert not shown(mine)  # read before the goal was missed, by no investigator


@pytest.mark.parametrize("text", ["姓王的老人反映", "王主任的房子", "王婆婆家门口", "王书记来过"])
def test_a_surname_is_told_by_any_common_title_too(text: str) -> None:
    assert traces(text, SEALED) == {"nickname"}
