"""Which words of a file are found, and that no file can do harm by being read."""

import zipfile
from pathlib import Path

import pytest

from bestvalue.record.search.texts import MOST_CHARACTERS, text_of


def held(folder: Path, name: str, *members: tuple[str, str]) -> Path:
    path = folder / "kept"
    if not members:
        path.write_text("The board met at night.")
        return path
    with zipfile.ZipFile(path, "w") as archive:
        for member, content in members:
            archive.writestr(member, content)
    assert name
    return path


@pytest.mark.parametrize(
    ("name", "members"),
    [
        ("a.txt", ()),
        ("a.md", ()),
        ("a.csv", ()),
        ("a.docx", (("word/document.xml", '<d xmlns="w"><p><t>The board met</t><t>at night.</t></p></d>'),)),
        ("a.xlsx", (("xl/sharedStrings.xml", '<s xmlns="x"><t>The board met at night.</t></s>'),)),
        ("a.pptx", (("ppt/slides/slide1.xml", '<s xmlns="p"><t>The board met at night.</t></s>'),)),
        ("a.odt", (("content.xml", '<o xmlns="o"><p>The board met at night.</p></o>'),)),
    ],
    ids=["text", "markdown", "csv", "word", "excel", "slides", "open document"],
)
def test_the_words_of_a_file_are_read(tmp_path: Path, name: str, members: tuple[tuple[str, str], ...]) -> None:
    assert text_of(held(tmp_path, name, *members), name=name) == "The board met at night."


ENTITIES = '<!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><d><t>&b;</t></d>'
OUTSIDE = '<!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/passwd">]><d><t>&a;</t></d>'


@pytest.mark.parametrize("content", [ENTITIES, OUTSIDE, "<d><t>never closed"], ids=["entity bomb", "file outside", "damaged"])
def test_a_file_that_would_do_harm_has_no_words(tmp_path: Path, content: str) -> None:
    assert text_of(held(tmp_path, "a.docx", ("word/document.xml", content)), name="a.docx") == ""


def test_a_picture_and_a_broken_pdf_have_no_words_and_a_long_text_only_its_first(tmp_path: Path) -> None:
    path = tmp_path / "kept"
    path.write_text("word " * MOST_CHARACTERS)
    assert (text_of(path, name="a.png"), text_of(path, name="a.pdf")) == ("", "")
    assert len(text_of(path, name="a.txt")) == MOST_CHARACTERS
