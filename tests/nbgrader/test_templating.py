"""Templates show texts as texts: escaped, in their place, and never left out without a word."""

from __future__ import annotations

import pytest
from jinja2 import UndefinedError

from autograder.feedback.templating import between_tags, count, template

HOSTILE = "<script>`x` & 'y'</script>\u202e"


@pytest.fixture
def shown(tmp_path):
    """What a template makes of texts."""

    def show(source: str, **texts: object) -> str:
        (tmp_path / "page.html.j2").write_text(source, "utf-8")
        return template(tmp_path / "page.html.j2").render(**texts)

    return show


def test_what_is_shown_is_escaped_and_turns_no_text_round(shown):
    page = shown("<p title='{{ text }}'>{{ text }}</p>", text=HOSTILE)
    assert "<script>" not in page and "\u202e" not in page and "'y'" not in page
    assert page.count("&lt;script&gt;`x` &amp; &#39;y&#39;&lt;/script&gt;") == 2


def test_code_in_a_text_is_set_as_code_and_the_rest_is_escaped(shown):
    page = shown("{{ text | words }}", text=HOSTILE)
    assert page.startswith("&lt;script&gt;<code>x</code> &amp; ") and "\u202e" not in page


def test_a_text_between_tags_is_as_long_as_its_quotes():
    assert between_tags("<b> 'x' \"y\" & &#39;\u202e") == "&lt;b&gt; 'x' \"y\" &amp; &amp;#39;\ufffd"


def test_a_name_may_break_where_its_words_end(shown):
    assert shown("{{ name | breaks }}", name="my_<task>") == "my_<wbr>&lt;task&gt;"


def test_macros_escape_what_they_are_given_once(shown):
    assert shown("{% macro item(text) %}<li>{{ text }}</li>{% endmacro %}{{ item(text) }}", text="a < b") == "<li>a &lt; b</li>"


def test_a_name_that_nobody_gave_is_an_error(shown):
    with pytest.raises(UndefinedError, match="'nothing' is undefined"):
        shown("{{ nothing }}")


def test_numbers_stand_before_what_they_are_of():
    assert (count(1, "answer"), count(0, "answer"), count(2, "class", "classes")) == ("1 answer", "0 answers", "2 classes")
