"""The formatter of templates: one tag a line, and the page stays what it was."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dengwen.ui.page_layout import without_layout
from tools.template_format import MOST, ROOT, formatted, main, too_long

WRITTEN = {
    "short pairs stay on a line": ("<p><b>甲</b></p>", "<p><b>甲</b></p>\n"),
    "a loop never does": (
        "<ul>{% for a in b %}<li>{{ a }}</li>{% endfor %}</ul>",
        "<ul>\n  {% for a in b %}\n    <li>{{ a }}</li>\n  {% endfor %}\n</ul>\n",
    ),
    "a space between two lines is written": (
        "<p><b>一</b> <i>二</i> <b>三</b></p>",
        "<p>\n  <b>一</b>&#32;\n  <i>二</i>&#32;\n  <b>三</b>\n</p>\n",
    ),
    "words of one sentence run on": (
        "<div>{% for a in b %}第{{ a }}件{% endfor %}</div>",
        "<div>\n  {% for a in b %}\n    第{{ a }}件\n  {% endfor %}\n</div>\n",
    ),
    "half a pair in a branch stands alone": (
        "{% if a %}<section>{% endif %}<p>甲</p>{% if a %}</section>{% endif %}",
        "{% if a %}<section>{% endif %}\n<p>甲</p>\n{% if a %}</section>{% endif %}\n",
    ),
}


@pytest.mark.parametrize("what", WRITTEN)
def test_what_is_written(what: str):
    source, wanted = WRITTEN[what]
    assert formatted(source) == wanted


def test_a_long_tag_of_html_has_an_attribute_a_line():
    name = "n" * 60
    source = (
        f'<input type="text" name="{name}" value="{{{{ v }}}}"{{% if a %}} required{{% endif %}}>'
    )
    assert formatted(source).splitlines() == [
        "<input",
        '    type="text"',
        f'    name="{name}"',
        '    value="{{ v }}"',
        "    {% if a %} required{% endif %}>",
    ]


def test_a_long_text_of_the_catalogue_is_broken_after_a_mark_and_read_back_whole():
    text = "这一句很长，所以要断开。" * 12
    source = f"<p>{{% blocktranslate %}}{text}{{% endblocktranslate %}}</p>"
    written = formatted(source)
    assert max(map(len, written.splitlines())) <= MOST
    assert without_layout(written) == source


def test_a_tag_without_its_end_is_an_error():
    with pytest.raises(ValueError, match="has no end"):
        formatted("{% if a %}<p>甲</p>")


pieces = st.recursive(
    st.sampled_from(["甲", "乙，", " ", "{{ a }}", "{% url 'x' %}", '<br class="b">', "one two"]),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4).map("".join),
        inner.map(lambda body: f"<p>{body}</p>"),
        inner.map(lambda body: f'<a href="/" class="x">{body}</a>'),
        inner.map(lambda body: f"{{% if a %}}{body}{{% else %}}{body}{{% endif %}}"),
        inner.map(lambda body: f"{{% for a in b %}}{body}{{% endfor %}}"),
    ),
    max_leaves=30,
)


@given(pieces)
def test_any_template_keeps_its_page_and_its_second_writing_is_its_first(source: str):
    written = formatted(source)
    assert formatted(written) == written
    kept = re.sub(r"[ ]+", " ", without_layout(written).replace("&#32;", " ")).strip()
    assert kept == re.sub(r"[ ]+", " ", without_layout(source)).strip()


def test_every_template_of_the_house_is_written_so(capsys: pytest.CaptureFixture[str]):
    assert main(["--check"]) == 0, capsys.readouterr().out
    assert list(ROOT.glob("dengwen/*/templates/**/*.html"))


def test_a_line_that_cannot_be_broken_is_named():
    assert list(too_long("<p>甲</p>\n" + "x" * (MOST + 1))) == [
        f"2: {MOST + 1} characters, at most {MOST}. Mend: an include, or asvar"
    ]
