import base64
import hashlib
import re
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from tests.documents.samples import AWKWARD

from bestvalue.documents.html import html_of
from bestvalue.documents.model import Report

VOID = {"meta", "link", "br", "img", "input", "hr", "path", "rect", "line", "circle"}


class _Page(HTMLParser):
    """The elements of a page with their attributes, and whether each is closed where it was opened."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag

    def all(self, *tags: str) -> list[dict[str, str]]:
        return [attributes for tag, attributes in self.elements if tag in tags]


@pytest.fixture(scope="module")
def page(ready: Report) -> str:
    return html_of(ready)


@pytest.fixture(scope="module")
def parsed(page: str) -> _Page:
    return _Page(page)


def test_every_element_is_closed_where_it_was_opened(parsed: _Page) -> None:
    assert parsed.open == []


def test_no_id_stands_twice_and_every_link_inside_leads_to_one(parsed: _Page) -> None:
    ids = [attributes["id"] for _, attributes in parsed.elements if "id" in attributes]
    targets = {attributes["href"][1:] for attributes in parsed.all("a") if attributes["href"].startswith("#")}
    named = {name for _, attributes in parsed.elements for name in attributes.get("aria-labelledby", "").split()}
    assert len(ids) == len(set(ids))
    assert targets | named <= set(ids)


def test_headings_begin_with_one_title_and_skip_no_level(parsed: _Page) -> None:
    levels = [int(tag[1]) for tag, _ in parsed.elements if re.fullmatch(r"h[1-6]", tag)]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_the_policy_lets_in_nothing_but_the_style_of_the_page(page: str, parsed: _Page) -> None:
    policy = next(each["content"] for each in parsed.all("meta") if each.get("http-equiv") == "Content-Security-Policy")
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert policy.startswith("default-src 'none'; ")
    assert f"style-src 'sha256-{digest}'" in policy
    assert not parsed.all("script", "iframe", "object")
    assert all("style" not in attributes for _, attributes in parsed.elements)


def test_nothing_is_fetched_from_elsewhere(page: str) -> None:
    fetched = re.findall(r'(?:src|srcset|poster|data)="([^"]*)"|url\(([^)]*)\)', page)
    assert all(value.startswith(("data:", "#")) for pair in fetched for value in pair if value)


def test_a_picture_says_in_words_what_it_shows(parsed: _Page) -> None:
    pictures = parsed.all("svg")
    assert [(picture["role"], picture["aria-label"]) for picture in pictures] == [("img", "Bars: Ash 12, Birch 7.")]


def test_headings_of_tables_say_what_they_head(parsed: _Page) -> None:
    headings = parsed.all("th")
    assert headings
    assert {heading["scope"] for heading in headings} == {"col", "row"}


def test_what_an_author_wrote_is_shown_and_never_read_as_markup(page: str) -> None:
    assert "Units &lt;b&gt;&amp; &quot;teams&quot;" in page
    assert AWKWARD not in page


def test_the_language_the_marking_and_the_notice_of_made_up_data_are_there(page: str, parsed: _Page) -> None:
    assert parsed.all("html") == [{"lang": "en-GB"}]
    assert page.count('<p class="marking">OFFICIAL</p>') == 2
    assert page.count("come from a made-up force") == 2


def test_the_same_report_is_the_same_page(ready: Report, page: str) -> None:
    assert html_of(ready) == page
