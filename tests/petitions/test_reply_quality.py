"""Aids for reading replies: what each finds, and how often they agree with two readings of real
replies."""

from __future__ import annotations

from pathlib import Path

from dengwen.petitions.reply_quality import aids, requests_in
from tools import reply_quality as measured

REQUESTS = ("请修复三号楼屋面渗水", "请退还多收的停车费用并公布收费标准")
PAGE = Path(__file__).parent.parent.parent / "docs" / "why" / "chapters" / "reply-quality.zh.md"


def kinds(reply: str, requests: tuple[str, ...] = ()) -> dict[str, str]:
    """Return what was found, with the sentence that shows it."""
    return {aid.kind: aid.sentence for aid in aids(reply, requests)}


def test_a_request_that_is_not_touched_is_shown_in_its_own_words() -> None:
    reply = "经现场核实，三号楼屋面防水层老化，依据《示例条例》第一条，年底以前修复。不服的，三十日内可以请求复查。"
    assert kinds(reply, REQUESTS) == {"unanswered": REQUESTS[1]}
    whole = reply + "多收的停车费用已经退还，收费标准公布在小区门口。"
    assert kinds(whole, REQUESTS) == {}


def test_forwarded_is_no_answer_and_the_sentence_says_so() -> None:
    found = kinds("您好！您反映的问题已转交县住建局核实、办理。2017年11月22日")
    assert found["forwarded"].startswith("您反映的问题已转交县住建局")
    assert "no_basis" in found  # what another is to verify is no finding
    assert "forwarded" not in kinds(
        "您的来信已转县住建局。经该局现场查看，路灯线路被施工挖断，已于三月五日接通并恢复照明。"
    )


def test_set_phrases_alone_are_boilerplate() -> None:
    assert "boilerplate" in kinds("您的留言已收悉，我们高度重视。感谢您的关心、理解与支持！")
    assert "boilerplate" not in kinds(
        "该路段属规划绿地，暂时没有条件建设停车场，明年列入改造计划。"
    )


def test_a_missing_basis_and_a_missing_remedy_are_shown() -> None:
    found = kinds("这件事情我们认为不应当由本单位承担，请自行解决。")
    assert found["no_basis"]
    assert found["no_remedy"] == "这件事情我们认为不应当由本单位承担，请自行解决。"
    assert "no_remedy" not in kinds("不服本意见的，可以自收到之日起三十日内请求复查。")
    assert kinds("") == {}


def test_requests_are_found_where_nobody_listed_them() -> None:
    assert requests_in("路面坏了两年。请问什么时候修复示例路的路面？谢谢。") == (
        "请问什么时候修复示例路的路面？",
    )


def test_kappa_and_agreement_follow_their_definition() -> None:
    one = measured.Agreement(20, 5, 10, 15)  # a known example: 0.70 observed, 0.50 by chance
    assert (str(one.share), str(one.kappa)) == ("0.70", "0.40")
    assert measured.Agreement(0, 0, 0, 9).kappa is None


def test_the_page_says_what_the_rules_reach_on_the_drawn_replies(shared: Path) -> None:
    folder = shared / "data"
    assert measured.drawn(list(measured.read_replies(folder))) == list(measured.read_marks())
    page = PAGE.read_text(encoding="utf-8")
    for line in measured.table(folder):
        assert line in page
