import io
import zipfile
from typing import Any

import docx
import pytest
from docx.document import Document
from docx.oxml.ns import qn
from tests.documents.samples import AWKWARD, DAY, table

from bestvalue.documents.model import Bullets, Report, Section
from bestvalue.documents.numbering import numbered
from bestvalue.documents.word import word_of


@pytest.fixture(scope="module")
def written(ready: Report) -> bytes:
    return word_of(ready)


@pytest.fixture(scope="module")
def word(written: bytes) -> Document:
    return docx.Document(io.BytesIO(written))


def _texts(word: Document, style: str) -> list[str]:
    return [paragraph.text for paragraph in word.paragraphs if paragraph.style.name == style]


def _values(part: Any, tag: str, attribute: str = "w:val") -> list[str]:
    return [found.get(qn(attribute)) for found in part.iter(qn(tag))]


def test_every_style_that_is_used_is_in_the_document(word: Document) -> None:
    defined = {style.style_id for style in word.styles}
    body = word.element.body
    used = {name for tag in ("w:pStyle", "w:rStyle", "w:tblStyle") for name in _values(body, tag)}
    assert used <= defined
    assert all(paragraph._p.pPr.pStyle is not None for paragraph in word.paragraphs)


def test_headings_have_the_styles_of_their_levels(word: Document) -> None:
    assert _texts(word, "Title") == ["Operational support"]
    assert _texts(word, "Heading 1") == ["1  Executive summary", "2  Findings", "Annex A  Evidence"]
    assert _texts(word, "Heading 2") == ["2.1  Resources"]


def test_tables_have_our_style_and_repeat_their_headings(word: Document) -> None:
    assert len(word.tables) == 3
    for made in word.tables:
        assert made.style.name == "Report Table"
        first, *others = (row._tr for row in made.rows)
        assert len(_headers(first)) == 1
        assert not any(_headers(row) for row in others)
        assert _values(made._tbl, "w:tblLook", "w:firstRow") == ["1"]


def _headers(row: Any) -> list[Any]:
    return list(row.iter(qn("w:tblHeader")))


def test_a_row_longer_than_a_page_may_be_broken_and_others_not() -> None:
    long = table(rows=(("Ash", "long " * 1000), ("Birch", "7")))
    report = Report(title="T", issuer="A", on=DAY, sections=(Section(heading="H", blocks=(long,)),))
    (made,) = docx.Document(io.BytesIO(word_of(numbered(report)))).tables
    assert [bool(list(row._tr.iter(qn("w:cantSplit")))) for row in made.rows] == [True, False, True]


def test_captions_stand_above_with_the_number_that_a_field_counts_too(word: Document) -> None:
    assert _texts(word, "Caption") == [
        "Table 1: Calls by area",
        "Figure 1: Ash calls most",
        "Data for Figure 1: Calls drawn",
        "Table 2: Evidence held",
    ]
    codes = [code.text.split()[:2] for code in word.element.body.iter(qn("w:instrText")) if "SEQ" in code.text]
    assert codes == [["SEQ", "Table"], ["SEQ", "Figure"], ["SEQ", "Table"]]


def test_the_picture_has_its_alternative_text(word: Document) -> None:
    described = [found.get("descr") for found in word.element.body.iter(qn("wp:docPr"))]
    assert described == ["Bars: Ash 12, Birch 7."]


def test_every_link_inside_leads_to_a_bookmark(word: Document) -> None:
    body = word.element.body
    anchors = {anchor for anchor in _values(body, "w:hyperlink", "w:anchor") if anchor}
    bookmarks = _values(body, "w:bookmarkStart", "w:name")
    assert len(anchors) >= 8
    assert anchors <= set(bookmarks)
    assert len(bookmarks) == len(set(bookmarks))


def test_the_contents_are_a_field_that_is_filled_already(word: Document) -> None:
    codes = [code.text for code in word.element.body.iter(qn("w:instrText"))]
    assert sum("TOC" in code for code in codes) == 1
    listed = [paragraph for paragraph in word.element.body.iter(qn("w:p")) if set(_values(paragraph, "w:pStyle")) & {"TOC1", "TOC2"}]
    words = ["".join(text.text for text in entry.iter(qn("w:t"))) for entry in listed]
    assert words == ["1  Executive summary", "2  Findings", "2.1  Resources", "Annex A  Evidence"]


def test_fields_end_as_often_as_they_begin(word: Document) -> None:
    kinds = _values(word.element.body, "w:fldChar", "w:fldCharType")
    assert kinds.count("begin") == kinds.count("separate") == kinds.count("end") > 0


def test_the_language_the_title_and_the_issuer_are_set(word: Document) -> None:
    properties = word.core_properties
    assert (properties.title, properties.author, properties.language) == ("Operational support", "Authority of Ashshire", "en-GB")
    assert properties.created.date() == DAY
    assert set(_values(word.styles.element.find(qn("w:docDefaults")), "w:lang")) == {"en-GB"}


def test_the_edges_of_every_page_carry_marking_notice_and_page_number(word: Document) -> None:
    page = word.sections[0]
    assert [paragraph.text for paragraph in page.header.paragraphs] == ["OFFICIAL", "Made-up data: describes no real force"]
    codes = [code.text.strip() for code in page.footer._element.iter(qn("w:instrText"))]
    assert codes == ["PAGE", "NUMPAGES"]
    assert page.footer.paragraphs[-1].text == "OFFICIAL"


def test_each_ordered_list_begins_at_one() -> None:
    lists = Bullets(items=("a", "b"), ordered=True)
    report = Report(title="T", issuer="A", on=DAY, sections=(Section(heading="H", blocks=(lists, lists)),))
    word = docx.Document(io.BytesIO(word_of(numbered(report))))
    numbers = [paragraph._p.pPr.numPr.numId.val for paragraph in word.paragraphs if paragraph.style.name == "List Number"]
    assert numbers[0] == numbers[1] != numbers[2] == numbers[3]
    starts = [found.get(qn("w:val")) for found in word.part.numbering_part.element.iter(qn("w:startOverride"))]
    assert starts == ["1", "1"]


def test_the_parts_of_a_paragraph_and_a_table_stand_in_the_order_that_word_demands(word: Document) -> None:
    orders = {
        "w:pPr": (
            "pStyle",
            "keepNext",
            "keepLines",
            "pageBreakBefore",
            "numPr",
            "pBdr",
            "shd",
            "tabs",
            "spacing",
            "ind",
            "jc",
            "outlineLvl",
        ),
        "w:tblPr": ("tblStyle", "tblW", "tblLayout", "tblLook", "tblCaption"),
        "w:tcPr": ("tcW", "tcBorders", "vAlign"),
    }
    for root in (word.element.body, word.styles.element):
        for tag, order in orders.items():
            for properties in root.iter(qn(tag)):
                places = [order.index(name) for child in properties if (name := child.tag.rpartition("}")[2]) in order]
                assert places == sorted(places)


def test_what_an_author_wrote_is_set_as_it_stands(word: Document) -> None:
    assert any(text.startswith(f"2.1.1\t{AWKWARD} wait") for text in _texts(word, "Numbered Paragraph"))


def test_the_same_report_is_the_same_file(ready: Report, written: bytes) -> None:
    assert word_of(ready) == written
    with zipfile.ZipFile(io.BytesIO(written)) as parts:
        assert {part.date_time for part in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
