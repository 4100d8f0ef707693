"""Aids beside a reply: seen by who may read it, with the sentence, and gone where nothing is
missing."""

from __future__ import annotations

from tests.desk.conftest import Day, Sit
from tests.world import World

FORWARDED = {
    "claim": "修复屋面",
    "facts_reasons": "收悉",
    "opinion": "您的来信已转交物业公司处理。",
    "legal_basis": "无",
}
WHOLE = {
    "claim": "修复屋面",
    "facts_reasons": "经现场查看，三号楼屋面防水层老化属实。",
    "opinion": "由物业公司在五月底以前修复三号楼屋面渗水。",
    "legal_basis": "《示例条例》第一条",
}


def drafted(world: World, texts: dict[str, str]) -> str:
    """Return a matter with a drafted opinion."""
    number = world.to_accepted()
    world.act(
        "handler",
        "enter_request",
        number,
        on="2025-03-05",
        request=1,
        texts={"asks": "修复三号楼屋面渗水问题"},
    )
    world.act("handler", "draft", number, on="2025-03-10", outcome="support", texts=texts)
    return number


def test_the_checker_sees_what_may_be_missing_with_its_sentence(world: World, day: Day, sit: Sit):
    number = drafted(world, FORWARDED)
    day.set("2025-03-11")
    text = sit("checker").get(f"/desk/case/{number}/").content.decode()
    panel = text.split('id="reply-aids"')[1].split("</section>")[0]
    assert "已转办" in panel
    assert "您的来信已转交物业公司处理。" in panel
    assert "修复三号楼屋面渗水问题" in panel
    assert "不打分" in panel
    assert 'id="reply-aids"' not in sit("handler2").get(f"/desk/case/{number}/").content.decode()


def test_a_whole_opinion_has_no_aids(world: World, day: Day, sit: Sit):
    number = drafted(world, WHOLE)
    day.set("2025-03-11")
    assert 'id="reply-aids"' not in sit("checker").get(f"/desk/case/{number}/").content.decode()
