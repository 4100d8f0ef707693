"""Every part on a page: sound, labelled, in order, in both languages, without style or script of
its own."""

from __future__ import annotations

import json
import re
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from django.template import engines
from django.template.loader import render_to_string
from django.test import Client
from django.utils import translation

from dengwen.law.packs.vocabulary import FIELD_TYPES
from dengwen.law.time.terms import Term
from dengwen.ui import bound_field, components
from dengwen.ui.templatetags import ui
from dengwen.ui.worklist_groups import grouped
from tests.ui import gallery, samples, sheets
from tests.ui.reading import Reader, read

CSS = Path(ui.__file__).resolve().parents[1] / "static/ui/ui.css"
ERRORS = ("404.html", "403.html", "403_csrf.html", "500.html", "400.html")
PAGES = [(page, language) for page in (*gallery.PAGES, *ERRORS) for language in gallery.LANGUAGES]


def page_text(page: str, language: str) -> str:
    if page in gallery.PAGES:
        return gallery.render(page, "en" if language == "en" else "zh")
    with translation.override("en" if language == "en" else "zh-hans"):
        return render_to_string(page)


@pytest.fixture(params=PAGES, ids="-".join)
def name(request: pytest.FixtureRequest) -> tuple[str, str]:
    found: tuple[str, str] = request.param
    return found


@pytest.fixture
def seen(name: tuple[str, str]) -> Reader:
    return read(page_text(*name))


def test_it_is_well_formed_and_in_one_language(seen, name):
    assert seen.unbalanced == []
    assert seen.of("html")[0].attributes["lang"] == ("en" if name[1] == "en" else "zh-Hans")
    assert seen.of("title")[0].text.strip(" —")


def test_ids_are_unique_and_every_reference_leads_somewhere(seen):
    ids = [e.attributes["id"] for e in seen.elements if "id" in e.attributes]
    assert sorted(ids) == sorted(set(ids))
    for element in seen.elements:
        for attribute in ("aria-labelledby", "aria-describedby", "for"):
            assert set(element.attributes.get(attribute, "").split()) <= set(ids), (
                element.attributes
            )
        href = element.attributes.get("href", "")
        if href.startswith("#") and len(href) > 1:
            assert href[1:] in ids, href


def test_headings_begin_with_one_h1_and_skip_no_level(seen):
    levels = [int(e.tag[1]) for e in seen.of("h1", "h2", "h3", "h4", "h5", "h6")]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels)), levels


def test_every_field_has_a_label(seen):
    labelled = {e.attributes["for"] for e in seen.of("label") if "for" in e.attributes}
    for element in seen.of("input", "textarea", "select"):
        if element.attributes.get("type") == "hidden":
            continue
        assert "label" in element.path or element.attributes.get("id") in labelled, (
            element.attributes
        )


def test_every_link_and_button_has_a_name(seen):
    for element in seen.of("a", "button", "summary"):
        pictures = [e for e in element.inside if e.tag == "title"]
        assert element.text.strip() or element.attributes.get("aria-label") or pictures, (
            element.attributes
        )


def test_pictures_have_a_name_or_are_hidden(seen):
    for element in seen.of("svg"):
        named = {"aria-labelledby", "aria-label", "aria-hidden"} & set(element.attributes)
        assert named, element.attributes
        if element.attributes.get("role") == "img":
            assert any(e.tag == "title" and e.text for e in element.inside)


def test_nothing_comes_from_outside_and_nothing_is_styled_in_place(seen):
    for element in seen.elements:
        assert "style" not in element.attributes
        assert element.tag != "style"
        assert not [a for a in element.attributes if a.startswith("on")]
        for attribute in ("href", "src", "action"):
            assert "//" not in element.attributes.get(attribute, "")
    assert all(e.attributes.get("src") for e in seen.of("script")), "an inline script"


def test_only_the_desk_has_a_script(seen, name):
    if name[0] == "desk":
        assert [e.attributes["src"] for e in seen.of("script")] == [
            "/static/django_htmx/htmx-2.min.js"
        ]
        metas = {e.attributes.get("name"): e.attributes.get("content") for e in seen.of("meta")}
        config = json.loads(metas["htmx-config"])
        assert config["includeIndicatorStyles"] is False
        assert config["allowEval"] is False
        assert config["historyCacheSize"] == 0, "a page would stay in the browser"
    else:
        assert seen.of("script") == []


def test_every_class_is_in_the_style_sheet(seen):
    known = set(re.findall(r"\.([a-zA-Z][\w-]*)", CSS.read_text(encoding="utf-8")))
    said = {c for e in seen.elements for c in e.attributes.get("class", "").split()}
    # words for tests and machines: pages that want their own look, states whose look is the plain
    # one
    plain = {"portal", "organ", "duties", "strip", "said", "act"}
    assert said - known - plain == set()


def test_no_chinese_is_left_unmarked_on_an_english_page(seen, name):
    if name[1] != "en":
        return
    chinese = re.compile(r"[\u4e00-\u9fff]+")
    left = [text for lang, text in seen.texts if lang == "en" and chinese.search(text)]
    assert set(left) <= {"班"}  # the sign on a make-up day, as it stands in every calendar


def test_the_skip_link_comes_first_and_leads_to_the_content(seen):
    first = seen.of("a")[0]
    assert (first.attributes["class"], first.attributes["href"]) == ("skip", "#main")
    assert seen.of("main")[0].attributes["id"] == "main"


@pytest.mark.parametrize("language", gallery.LANGUAGES)
def test_the_language_is_switched_by_a_form_that_returns_here(language):
    page = read(gallery.render("desk", language))
    form = next(e for e in page.of("form") if e.attributes.get("action") == "/language/")
    fields = {
        e.attributes["name"]: e.attributes.get("value", "")
        for e in form.inside
        if "name" in e.attributes
    }
    assert form.attributes["method"] == "post"
    assert fields["csrfmiddlewaretoken"]
    assert fields["next"] == "/face/?q=1"
    other = next(e for e in form.inside if e.tag == "button")
    assert (other.attributes["value"], other.lang) == (
        ("en", "en") if language == "zh" else ("zh-hans", "zh-Hans")
    )


def test_the_switch_really_changes_the_language():
    client = Client()
    answer = client.post("/language/", {"language": "en", "next": "/no-such-page"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/no-such-page")
    assert "There is no such page" in client.get("/no-such-page").content.decode()
    client.post("/language/", {"language": "zh-hans", "next": "/no-such-page"})
    assert "没有这个页面" in client.get("/no-such-page").content.decode()


def test_a_missing_page_says_the_same_whatever_was_asked():
    client = Client()
    answers = []
    for path in ("case-1", "other-2"):
        answer = client.get(f"/{path}")
        assert answer.status_code == 404
        text = re.sub(r'(csrfmiddlewaretoken" value=")\w+', r"\1", answer.content.decode())
        answers.append((text.replace(path, ""), sorted(answer.headers)))
    assert answers[0] == answers[1]


@pytest.mark.parametrize("which", gallery.PAGES)
@pytest.mark.parametrize("language", gallery.LANGUAGES)
def test_practice_is_said_in_both_languages_on_every_page(which, language):
    text = gallery.render(which, language, practice=True)
    banner = next(e for e in read(text).elements if e.attributes.get("class") == "practice")
    assert "演练数据，没有效力" in banner.text
    assert "practice data, no force" in banner.text
    assert "演练数据，没有效力" not in gallery.render(which, language)
    if which == "receipt":  # the sheet and the part to cut off say it too
        assert text.count("演练数据，没有效力") == 3


def part(source: str, **context: object) -> Reader:
    template = engines["django"].from_string("{% load ui %}" + source)
    return read(template.render(context))


def test_the_field_types_are_those_of_the_law():
    assert set(bound_field.KINDS) == set(FIELD_TYPES)


@pytest.mark.parametrize("type_", FIELD_TYPES)
def test_each_field_type_has_an_input_with_its_hint_and_error(type_):
    asked = samples.asked("some_name", type_, "标签", True, "提示", errors=("错了，请改。",))
    page = part("{% field asked %}", asked=asked)
    control = page.of("input", "textarea", "select")[0].attributes
    assert control["name"] == "some_name"
    assert control["aria-describedby"].split() == ["f-some-name-hint", "f-some-name-error"]
    assert control["aria-invalid"] == "true"
    assert "required" in control


def test_what_was_typed_comes_back_escaped():
    page = part(
        "{% field asked %}",
        asked=samples.asked("a", "text", "标签", value='</textarea><script>"&'),
    )
    assert page.of("script") == []
    assert page.of("textarea")[0].text.strip() == '</textarea><script>"&'


def test_choices_are_radios_while_few_and_a_list_when_many():
    few = tuple(components.Choice(str(n), str(n)) for n in range(bound_field.FEW))
    many = (*few, components.Choice("9", "9"))
    one = part("{% field asked %}", asked=samples.asked("a", "code", "标签", choices=few))
    assert {e.attributes["type"] for e in one.of("input")} == {"radio"}
    assert part("{% field asked %}", asked=samples.asked("a", "code", "标签", choices=many)).of(
        "select"
    )
    several = part("{% field asked %}", asked=samples.asked("a", "codes", "标签", choices=many))
    assert {e.attributes["type"] for e in several.of("input")} == {"checkbox"}
    assert several.of("legend")


def test_the_summary_leads_to_each_wrong_field():
    fields = samples.fields(zh=True)
    page = part("{% error_summary fields %}", fields=fields)
    assert [e.attributes["href"] for e in page.of("a")] == ["#f-facts", "#f-parts"]
    assert (
        part("{% error_summary fields %}", fields=[f.but(errors=()) for f in fields]).elements == []
    )


def duties() -> tuple[components.DutyLine, ...]:
    return samples.duties(samples.bars(gallery.bar, zh=True), zh=True)


def test_duties_stand_by_date_in_groups_and_only_the_first_show_their_reasons():
    groups = grouped(reversed(duties()))
    assert [(g.group, len(g.lines)) for g in groups] == [
        ("late", 1),
        ("last", 1),
        ("soon", 1),
        ("later", 4),
    ]
    shown = [listed.unfolded for g in groups for listed in g.lines]
    assert shown == [True] * 3 + [False] * 4
    page = part("{% duty_list lines %}", lines=duties())
    assert len(page.of("details")) == 4


def test_late_is_said_in_words_beside_its_colour():
    page = part("{% duty_list lines %}", lines=duties())
    red = [e for e in page.of("span") if "late" in e.attributes.get("class", "").split()]
    assert [e.text for e in red] == ["逾期 1 日", "今天是末日"]


def test_a_provisional_duty_is_never_late():
    bar = gallery.bar(Term(60, "calendar"), date(2026, 11, 9), date(2027, 2, 1))
    line = components.DutyLine("d", "出具意见", "#", bar)
    assert [g.group for g in grouped([line])] == ["soon"]
    page = part("{% duty_row line %}", line=line)
    assert not [e for e in page.elements if "late" in e.attributes.get("class", "").split()]
    assert "暂不记逾期" in page.of("li")[0].text
    assert "2027 年，暂定" in page.of("li")[0].text


def test_where_the_law_has_no_number_the_rail_says_none_and_calls_the_local_target_local():
    rail = components.DateRail(
        "法定期限", sheets.TODAY, none_why="细则没有规定天数", own="本地目标 12 月 18 日"
    )
    page = part("{% date_rail rail %}", rail=rail)
    assert [e.text.split() for e in page.of("dd")] == [
        ["无"],
        ["细则没有规定天数"],
        ["本地目标", "12", "月", "18", "日", "非法定"],
    ]
    assert page.of("time") == []


def test_a_timeline_says_breaches_late_entries_and_what_has_not_happened():
    page = part("{% timeline entries %}", entries=samples.entries(zh=True))
    items = [e for e in page.of("li") if "ol" in e.path]
    assert [e.attributes.get("class", "").split() for e in items] == [
        [],
        [],
        ["breach"],
        ["claimed"],
        ["before-next"],
        ["next"],
    ]
    assert "逾期：15 日内没有书面告知" in items[2].text
    assert "2026-09-03 周四 才写入存证" in items[3].text
    assert "正在写入存证" in items[4].text
    assert "尚未发生" in items[5].text


def test_each_cannot_names_its_article_and_the_next_remedy_with_its_last_day():
    steps = samples.steps(zh=True)
    page = part("{% can_cannot can cannot %}", **steps)
    barred = [e.text for e in page.of("li") if "ul" in e.path][-1]
    assert "第二十三条第三款" in barred
    assert "最迟 2026-12-01 周二" in barred
    with pytest.raises(TypeError):
        components.NotPossible("不行", "因为")  # type: ignore[call-arg]  # without an article there is no such thing


def test_a_receipt_says_what_it_proves_and_what_not_and_holds_the_promise_word_for_word():
    sheet = sheets.sheet(zh=True)
    page = part("{% receipt sheet %}", sheet=sheet)
    assert page.of("pre")[0].text == sheet.promise
    article = page.of("article")[0].text
    for said in (
        "它能证明",
        "它不能证明",
        "2026-11-24 周二 09:42:07（北京时间）",
        sheet.number,
        sheet.code,
    ):
        assert said in article
