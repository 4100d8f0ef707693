"""Every document of the packs: complete, refused without each content, escaped, marked, and
closed to the outside."""

from __future__ import annotations

import calendar
import hashlib
import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.db import transaction

from dengwen.documents import renderer
from dengwen.documents.document_words import NAMED_ADDRESSEE, OPTIONAL, PLAIN, wording_of
from dengwen.documents.errors import DocumentError
from dengwen.documents.headings import CONTENTS, heading
from dengwen.documents.issuance import page
from dengwen.law.packs.builder import build_document
from tests.documents.samples import CASE, PACKS, RULES, VALUES, issued, values_for

NEEDS = [(key, need) for key, rule in RULES.items() for need in rule.needs]
TAGS = {
    "article",
    "header",
    "footer",
    "section",
    "div",
    "p",
    "h1",
    "h2",
    "bdi",
    "br",
    "dl",
    "dt",
    "dd",
    "table",
    "tr",
    "th",
    "td",
}
CLASSES = {
    "paper",
    "letter",
    "form",
    "practice",
    "covered",
    "mark",
    "number",
    "to",
    "text",
    "end",
    "signature",
    "signing",
    "rows",
    "tall",
    "digest",
    "small",
    "dates",
    "strong",
    "sample",
    "nb",
    "cover",
    "cover-to",
    "cover-note",
    "cover-from",
}
TEMPLATES = Path(renderer.__file__).parent / "templates" / "documents"
pytestmark = pytest.mark.django_db


class Reader(HTMLParser):
    """Collects tags, attributes and text of a stored body."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def read(html: str) -> Reader:
    """Read a body and insist on its rules: known tags and classes, no other attribute,
    everything closed."""
    reader = Reader(html)
    assert not reader.open
    assert reader.tags <= TAGS
    for name, value in reader.attributes:
        assert name in {"class", "lang", "scope"}
        if name == "class":
            assert set(value.split()) <= CLASSES
    return reader


def test_the_list_is_complete():
    chapter_2 = {"D30", "D31", "D32", "D33", "D34", "D36", "D39"}
    assert {rule.number for rule in RULES.values()} >= {
        f"D{n:02}" for n in range(1, 27)
    } | chapter_2
    own = {
        "D03",
        "D04",
        "D06",
        "D09",
        "D11",
        "D12",
        "D15",
        "D16",
        "D19",
        "D20",
        "D21",
        "D22",
        "D24",
    }
    assert {rule.layout for rule in RULES.values()} == own | {"common"}


def test_every_content_has_a_heading():
    assert {need for rule in RULES.values() for need in rule.needs} <= set(CONTENTS)


def test_papers_of_accountability_are_headed_in_words():
    found = [
        build_document(raw)
        for file in sorted((PACKS.parent / "chongqing").glob("*/*.toml"))
        for raw in tomllib.loads(file.read_text(encoding="utf-8")).get("document", [])
    ]
    papers = [rule for rule in found if "D50" <= rule.number <= "D61" or rule.number == "D38"]
    assert {rule.number for rule in papers} == {"D38", *(f"D{n}" for n in range(50, 62))}
    bare = {(r.id, n) for r in papers for n in r.needs if heading(n, "zh", r.number) == n}
    assert bare == set()
    assert {r.id for r in papers if wording_of(r) is PLAIN} == set()


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("key", RULES)
def test_document_prints_everything_it_needs(key, language):
    rule = RULES[key]
    made = issued(rule, values_for(rule), language=language)
    text = read(made.html).text
    for need in rule.needs:
        for line in VALUES[need].splitlines():
            assert shown(need, line, language) in text
    assert (rule.zh if language == "zh" else rule.en.lower()) in (
        text if language == "zh" else text.lower()
    )
    assert made.number in text
    assert CASE in text
    assert rule.basis.article in text
    assert made.digest == hashlib.sha256(made.html.encode()).hexdigest()
    assert made.rule == rule.id
    assert "http" not in made.html


def shown(need: str, line: str, language: str) -> str:
    """How a line of the samples stands on paper: days and the outcome in words."""
    if need == "outcome":
        return "责令重新办理" if language == "zh" else "new handling ordered"
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", line):
        return line
    year, month, day = (int(number) for number in line.split("-"))
    return (
        f"{year}年{month}月{day}日"
        if language == "zh"
        else f"{day} {calendar.month_name[month]} {year}"
    )


@pytest.mark.parametrize(("key", "need"), NEEDS)
def test_document_is_refused_without_each_content(key, need):
    rule = RULES[key]
    for values in (
        values_for(rule, without=need),
        {**values_for(rule, without=need), need: "  \n"},
    ):
        with pytest.raises(DocumentError) as caught:
            issued(rule, values)
        error = caught.value
        assert (error.code, error.content) == ("missing_content", need)
        assert need in error.where
        assert rule.zh in error.zh
        assert heading(need, "zh", rule.number) in error.zh
        assert heading(need, "zh", rule.number) in error.mend_zh
        assert heading(need, "en", rule.number) in error.en
        assert set(error.as_dict()) == {
            "code",
            "where",
            "content",
            "zh",
            "en",
            "mend_zh",
            "mend_en",
        }


def hostile(samples) -> Iterator[str]:
    naughty = json.loads((samples / "data/vectors/strings/blns.json").read_text(encoding="utf-8"))
    chosen = [text for text in naughty if text.strip()]
    step = 60
    for start in range(0, len(chosen), step):
        yield "\n".join(chosen[start : start + step])
    yield "\x00\x1b[31m\ud800\u202e{{ v.claim }}{% include 'x' %}{case}"


def test_hostile_contents_stay_text(samples):
    by_layout = {rule.layout + rule.number: rule for rule in RULES.values()}
    for text in hostile(samples):
        for rule in by_layout.values():
            made = issued(
                rule, dict.fromkeys(VALUES, f"<b>甲</b>\n{text}"), name="云岭市<b>信访局</b>"
            )
            reader = read(made.html)
            if rule.number != "D02":  # prints no content at all
                assert "<b>甲</b>" in reader.text
            assert (
                "云岭市<b>信访局</b>" in reader.text or rule.number == "D20"
            )  # the petitioner's own paper
            assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]", made.html)
            full = page(made.html, text, "zh")
            assert len(re.findall("<script", full)) == 0
            assert re.findall(r'<link[^>]*href="([^"]*)"', full) == [
                "/static/documents/paper.svg",
                "/static/documents/print.css",
            ]


def test_what_was_written_is_printed_as_it_was():
    rule = RULES["2022-05-01/petition/extension_notice"]
    made = issued(rule, {**VALUES, "reason": "{{ v.claim }} {case} 2026-02-30 <i>&amp;</i>"})
    assert "{{ v.claim }} {case} 2026-02-30 <i>&amp;</i>" in read(made.html).text.replace("\n", "")


@pytest.mark.parametrize("key", RULES)
def test_practice_mark_in_head_and_foot(key):
    rule = RULES[key]
    plain, practice = (issued(rule, practice=flag).html for flag in (False, True))
    assert "示例" not in plain.replace("王示例", "").replace("云岭示例物业公司", "")
    marks = [m.start() for m in re.finditer("示例 · 演练文书，无法律效力", practice)]
    assert len(marks) >= 2
    assert marks[0] < practice.index("<h1>") < practice.index("<footer>") < marks[-1]
    assert re.search(r'<article class="paper \w+ practice', practice)
    assert "SAMPLE" in issued(rule, practice=True, language="en").html


@pytest.mark.sentence("P8.12", "P8.14")
@pytest.mark.case("C02")
def test_handling_opinion_states_its_four_elements_and_the_remedy():
    rule = RULES["2022-05-01/petition/handling_opinion"]
    text = read(issued(rule).html).text
    for number, name in zip(
        "一二三四五",
        ("信访人投诉请求", "事实和理由", "处理意见", "法律法规依据", "救济途径和期限"),
        strict=True,
    ):
        assert f"{number}、{name}" in text
    assert (
        "自收到本意见书之日起30日内，请求云岭市信访局的上一级机关、单位复查（《信访工作条例》第三十五条）"
        in text
    )
    named = read(issued(rule, {**VALUES, "review_organ": "云岭市人民政府"}).html).text
    assert "30日内，向云岭市人民政府请求复查" in named
    older = read(issued(RULES["2005-05-01/petition/written_reply"]).html).text
    assert "上一级行政机关复查（《信访条例》第三十四条）" in older


@pytest.mark.sentence("P6.2")
def test_end_of_the_ladder_is_said():
    for key in ("2022-05-01/petition/no_longer_notice", "2022-05-01/recheck/recheck_opinion"):
        text = read(issued(RULES[key]).html).text
        assert (
            "同一事实和理由提出的投诉请求，各级党委和政府信访部门以及其他机关、单位不再受理（《信访工作条例》第三十六条第三款）"
            in text
        )
    older = read(issued(RULES["2005-05-01/recheck/recheck_opinion"]).html).text
    assert "各级人民政府信访工作机构和其他行政机关不再受理（《信访条例》第三十五条第三款）" in older
    assert (
        "复核（《信访工作条例》第三十六条第一款）"
        in read(issued(RULES["2022-05-01/review/review_opinion"]).html).text
    )


@pytest.mark.sentence("P8.16")
def test_extension_states_approval_reason_and_new_date():
    rule = RULES["2022-05-01/petition/extension_notice"]
    text = read(issued(rule).html).text
    assert "经本机关、单位负责人于2026年11月24日批准，办理期限延长30日。" in text
    assert VALUES["reason"] in text
    assert "2027年2月22日" in text
    unknown = {name: value for name, value in VALUES.items() if name != "handle_due"}
    assert "有关年度放假安排公布后书面告知" in read(issued(rule, unknown).html).text


@pytest.mark.sentence("P4.13")
def test_acceptance_states_both_days():
    text = read(issued(RULES["2022-05-01/petition/acceptance_notice"]).html).text
    assert re.search(r"受理日期\s*2026年11月24日", text)
    assert re.search(r"办结期限\s*2027年2月22日", text)
    assert "适用途径：《信访工作条例》第三十一条第（六）项。" in text
    worded = issued(
        RULES["2022-05-01/petition/acceptance_notice"], {**VALUES, "path": "信访程序（第六项）"}
    )
    assert "适用途径：信访程序（第六项）。" in read(worded.html).text


@pytest.mark.sentence("P7.2.5", "P12.1")
def test_sealed_letter_is_neutral_outside():
    made = issued(RULES["2022-05-01/petition/accusation_transfer"], protected=True)
    cover = made.html[made.html.index('<section class="cover">') : made.html.index("</section>")]
    for telling in ("检举", "控告", "信访事项", CASE):
        assert telling not in cover
    assert "检举" not in made.title
    assert (
        "accus" not in issued(RULES["2022-05-01/petition/accusation_transfer"], language="en").title
    )


@pytest.mark.parametrize("key", RULES)
def test_nothing_is_printed_that_was_not_asked_for(key):
    """A case knows more than an addressee may: notes between organs, reasons of an objection,
    the accused."""
    rule = RULES[key]
    secret = dict.fromkeys(("accused", "handler_note", "class_reason", "code"), "不可见的内容")
    assert "不可见的内容" not in issued(rule, {**VALUES, **secret}).html
    if rule.to == "信访人":
        inner = {
            n: "内部说明"
            for n in ("note", "reasons", "proposal", "materials", "verified")
            if n not in rule.needs
        }
        assert "内部说明" not in issued(rule, {**VALUES, **inner}).html


@pytest.mark.sentence("P4.8")
def test_answer_to_an_objection_says_what_was_decided():
    rule = RULES["2022-05-01/petition/objection_answer"]
    said = {"verified": "经核实属水利职权", "reasons": "属你单位职权"}
    agreed = read(
        issued(
            rule, {**said, "agree_return_on": "2026-11-24", "refuse_return_on": "2026-11-02"}
        ).html
    ).text
    refused = read(
        issued(
            rule, {**said, "agree_return_on": "2026-11-02", "refuse_return_on": "2026-11-24"}
        ).html
    ).text
    assert "同意你单位的异议，请将材料交还" in agreed
    assert "属你单位职权" not in agreed
    assert "不同意你单位的异议" in refused
    assert "经核实属水利职权" not in refused


def test_the_day_of_registration_never_stands_for_the_day_of_receipt():
    """Whoever registers on the 23rd what came on the 20th may not print the 23rd."""
    for key in ("forwarding_slip", "assignment_letter", "acceptance_notice"):
        rule = RULES[f"2022-05-01/petition/{key}"]
        values = {name: value for name, value in VALUES.items() if name != "received_on"}
        with pytest.raises(DocumentError) as caught:
            issued(rule, {**values, "register_on": "2026-11-23"})
        assert caught.value.content == "received_on"


def test_what_a_layout_prints_is_listed_and_what_is_listed_is_printed():
    """Also contents that no rule needs any more reach their layout; nothing is listed in vain."""
    for number in {rule.layout for rule in RULES.values()} - {"common"}:
        source = (TEMPLATES / f"{number}.html").read_text(encoding="utf-8")
        printed = set(re.findall(r"\bv\.(\w+)", source))
        addressee = {"petitioner"} if "petitioner" in OPTIONAL[number] else set()
        if number in NAMED_ADDRESSEE:
            addressee = {"to"}
        assert printed | addressee == set(OPTIONAL[number]), number


def test_same_input_same_digest():
    rule = RULES["2022-05-01/petition/registration_record"]
    assert issued(rule) == issued(rule)


@pytest.mark.parametrize("layout", ["D99", "../face/base", "no_such"])
def test_unknown_layout_is_refused_and_takes_no_number(layout):
    rule = replace(RULES["2022-05-01/petition/extension_notice"], layout=layout)
    with pytest.raises(DocumentError, match="没有版式") as caught, transaction.atomic():
        issued(rule)
    assert caught.value.code == "unknown_layout"
    assert issued(replace(rule, layout="D15")).number.endswith("〕1号")


def test_unknown_language_is_refused():
    with pytest.raises(DocumentError) as caught:
        issued(RULES["2022-05-01/petition/extension_notice"], language="fr")
    assert caught.value.code == "unknown_language"
