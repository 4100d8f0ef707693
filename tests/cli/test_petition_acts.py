"""The commands of cases: acts, what happened, a letter split into its parts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Dengwen
from tests.cli.walk import Walk

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
OPINION = {
    "claim": "请求修复屋面",
    "facts_reasons": "经查属实",
    "opinion": "予以支持",
    "legal_basis": "《信访工作条例》第三十二条",
}
SIGNED_FOR = {"witness": "本人签收"}


def _decide(walk: Walk, practice: Dengwen, proof: Path) -> None:
    """Take a letter from its registration to the opinion that is served."""
    walk(
        "clerk",
        "register",
        "2026-03-02",
        channel="letter",
        office="petition_office",
        address_clear="true",
        received_on="2026-03-02",
        texts={"subject": "屋面渗水", "content": "屋面渗水", "petitioner": "王示例"},
    )
    walk("clerk", "classify", "2026-03-02", class_="claim", path="31(6)")
    walk("router", "forward", "2026-03-03", to="YJ02")
    walk("handler", "receive", "2026-03-04")
    contact = {"procedure": "信访程序", "contact": "000-00000000"}
    walk("handler", "accept", "2026-03-05", texts=contact)
    walk("handler", "hear_petitioner", "2026-03-10", how="phone", texts={"said": "每逢下雨就渗水"})
    walk("handler", "draft", "2026-04-01", outcome="support", texts=OPINION)
    blind = practice(
        "act", walk.number, "check", "--by", "checker", "--clock", "2026-04-02", code=1
    )
    assert "没有给出所看文稿的摘要" in blind.err
    assert "shown=newest" in blind.err
    walk("checker", "check", "2026-04-02", shown="newest")
    walk("head", "sign", "2026-04-03", shown="newest")
    walk("handler", "serve", "2026-04-07", way="direct", proof=f"@{proof}", texts=SIGNED_FOR)


def _review(walk: Walk, review: str, proof: Path) -> None:
    """Take a review to the opinion that is served."""
    told = {k: v for k, v in OPINION.items() if k not in {"claim", "facts_reasons"}} | {
        "findings": "查明属实"
    }
    walk("reviewer", "draft", "2026-05-06", review, outcome="uphold", texts=told)
    walk("review-checker", "check", "2026-05-07", review, shown="newest")
    walk("review-head", "sign", "2026-05-08", review, outcome="uphold", shown="newest")
    served = {"way": "post", "proof": f"@{proof}"}
    walk("reviewer", "serve", "2026-05-09", review, texts=SIGNED_FOR, **served)


@pytest.mark.sentence("P7.3.7", "P9.3", "P9.4")
def test_a_petition_goes_from_registration_to_re_examination(
    practice: Dengwen, tmp_path: Path
) -> None:
    walk, proof = Walk(practice), tmp_path / "proof.pdf"
    proof.write_bytes(PDF)
    _decide(walk, practice, proof)
    review = walk(
        "handler", "request_review", "2026-04-20", texts={"request": "请求复查", "reasons": "不服"}
    )
    _review(walk, review, proof)
    recheck = walk(
        "reviewer",
        "request_recheck",
        "2026-05-20",
        review,
        texts={"request": "请求复核", "reasons": "不服"},
    )
    shown = practice(
        "case", "show", recheck, "--by", "rechecker", "--clock", "2026-05-21", "--json"
    ).data
    assert (shown["kind"], shown["state"]) == ("recheck", "lodged")
    assert shown["duties"][0]["computed"]
    main = practice(
        "case", "show", walk.number, "--by", "handler", "--clock", "2026-05-21", "--json"
    ).data
    assert main["state"] == "reviewing"
    assert [a["act"] for a in main["timeline"]][:5] == [
        "register",
        "classify",
        "forward",
        "receive",
        "accept",
    ]
    assert "第二十二条" in main["timeline"][2]["basis"]
    assert practice("rederive", "--check").code == 0


def test_a_case_of_a_local_procedure_is_opened_at_its_place(practice: Dengwen) -> None:
    """The municipality's own rules know inquiries; those of the country or another place do not."""
    words = (
        "act",
        "--open",
        "inquiry",
        "open_inquiry",
        "--by",
        "router",
        "--clock",
        "2026-03-02",
        "--set",
        "unit=YJ02",
        "--set",
        "situations=S.11.2",
        "--set",
        "day_of_conduct=2026-02-02",
        "--text",
        "matter=逾期未复",
    )
    elsewhere = practice(*words, "--set", "place=330106", code=2)
    assert "没有程序“inquiry”" in elsewhere.err
    opened = practice(*words, "--json").data
    assert opened["acts"][0]["act"] == "open_inquiry"
    shown = practice(
        "case", "show", opened["case"], "--by", "router", "--clock", "2026-03-03", "--json"
    ).data
    assert (shown["kind"], shown["state"]) == ("inquiry", "opened")


def test_refusals_cite_their_rule_and_hidden_is_missing(practice: Dengwen) -> None:
    walk = Walk(practice)
    number = walk(
        "clerk",
        "register",
        "2026-03-02",
        channel="phone",
        office="petition_office",
        texts={"content": "x"},
    )
    letter = ("--set", "channel=letter", "--set", "office=petition_office")
    nothing = ("--open", "petition", "register", "--by", "clerk", *letter, "--clock", "2026-03-02")
    assert "没有任何内容" in practice("act", *nothing, code=1).err
    assert practice("act", *nothing, "--set", "no_content=empty", "--json").data["case"]
    refused = practice("act", number, "forward", "--by", "router", "--clock", "2026-03-02", code=1)
    assert "R22 22(1)(1)" in refused.err
    assert "Traceback" not in refused.err
    hidden = practice("case", "show", number, "--by", "handler2", "--clock", "2026-03-03", code=1)
    other = number[:-1] + str((int(number[-1]) + 1) % 10)
    assert "没有编号为" in hidden.err
    assert practice("case", "show", other, "--by", "handler2", code=2).err
    for words, told in (
        (("act", number, "fly", "--by", "clerk"), "没有行为"),
        (("act", number, "classify", "--by", "clerk", "--set", "colour=red"), "没有字段"),
        (("act", number, "assign", "--by", "router", "--set", "deadline=soon"), "2026-03-02"),
        (("act", number, "classify", "--by", "nobody"), "没有账号"),
        (("act", number, "classify", "--by", "clerk", "--set", "class"), "等号"),
    ):
        assert told in practice(*words, code=2).err


@pytest.mark.case("B10")
def test_a_letter_is_split_from_a_file_and_its_parts_have_codes(
    practice: Dengwen, tmp_path: Path
) -> None:
    walk = Walk(practice)
    walk(
        "clerk",
        "register",
        "2026-03-02",
        channel="letter",
        office="petition_office",
        address_clear="true",
        received_on="2026-03-02",
        texts={"subject": "几件事", "content": "屋面渗水；建议设灯", "petitioner": "王示例"},
    )
    walk("clerk", "enter_request", "2026-03-02", request="1", texts={"asks": "修复屋面"})
    parts = tmp_path / "parts.json"
    first = {"class": "claim", "path": "31(6)", "content": "屋面渗水", "requests": [1]}
    words = (walk.number, str(parts), "--by", "router", "--clock", "2026-03-04", "--json")
    parts.write_text(json.dumps([first, {"class": "suggestion"}]), encoding="utf-8")
    assert "class 和 content" in practice("split", *words, code=1).err
    parts.write_text(json.dumps([first]), encoding="utf-8")
    assert "R22 28(2)" in practice("split", *words, code=1).err
    accusing = {"class": "accusation", "content": "某人收钱", "accused": "郑样例 查无此人"}
    parts.write_text(json.dumps([first, accusing]), encoding="utf-8")
    unknown = practice("split", *words, code=1).err
    assert "查无此人" in unknown
    assert "郑样例" not in unknown.split("；")[0]
    claiming = {"class": "suggestion", "content": "建议设灯", "accused": "郑样例"}
    parts.write_text(json.dumps([first, claiming]), encoding="utf-8")
    assert "这样不封存" in practice("split", *words, code=1).err
    parts.write_text(
        json.dumps([first, {"class": "suggestion", "content": "建议设灯"}]), encoding="utf-8"
    )
    made = practice("split", *words).data
    assert [p["class"] for p in made["parts"]] == ["claim", "suggestion"]
    assert all(p["code"] for p in made["parts"])
    shown = practice(
        "case",
        "show",
        made["parts"][0]["case"],
        "--by",
        "router",
        "--clock",
        "2026-03-04",
        "--json",
    ).data
    assert [d["due"] for d in shown["duties"] if d["rule"] == "sort"] == ["2026-03-17"]
