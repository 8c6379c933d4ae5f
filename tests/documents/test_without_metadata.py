"""A copy says nothing of its makers, and shows what the original shows."""

import io
import struct
import zipfile
import zlib
from pathlib import Path

import docx
import openpyxl
import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import FreeText
from pypdf.generic import NameObject, TextStringObject

from bestvalue.documents.without_metadata import without_metadata
from bestvalue.errors import ReportError

AUTHOR = "Sergeant Zebra"
PLACE = b"51.5007N"


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def told_of(content: bytes) -> list[str]:
    """The parts that still name the author or the place."""
    return [name for name, said in parts(content).items() if AUTHOR.encode() in said or PLACE in said]


def jpeg(*, turned: int = 1) -> bytes:
    """A JPEG of segments alone: JFIF, Exif with GPS words and orientation, XMP, a comment, a table and the picture's data."""
    tiff = b"II*\0" + struct.pack("<IHHHIHHI", 8, 1, 274, 3, 1, turned, 0, 0) + PLACE
    segments = [
        (0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0"),
        (0xE1, b"Exif\0\0" + tiff),
        (0xE1, b"http://ns.adobe.com/xap/1.0/\0" + AUTHOR.encode()),
        (0xE2, b"ICC_PROFILE\0\1\1colours"),
        (0xED, b"Photoshop 3.0\0" + AUTHOR.encode()),
        (0xFE, AUTHOR.encode()),
        (0xDB, b"\0" * 65),
    ]
    written = b"".join(b"\xff" + bytes([mark]) + struct.pack(">H", len(said) + 2) + said for mark, said in segments)
    return b"\xff\xd8" + written + b"\xff\xda\0\x08the picture\xff\xd9"


def png() -> bytes:
    def chunk(kind: bytes, said: bytes) -> bytes:
        return struct.pack(">I", len(said)) + kind + said + struct.pack(">I", zlib.crc32(kind + said))

    chunks = [chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)), chunk(b"tEXt", b"Author\0" + AUTHOR.encode())]
    chunks += [chunk(b"eXIf", PLACE), chunk(b"IDAT", zlib.compress(b"\0\0")), chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def kept(folder: Path, content: bytes) -> Path:
    path = folder / "kept"
    path.write_bytes(content)
    return path


def test_a_word_file_keeps_its_words_and_loses_its_authors_and_the_places_of_its_pictures(tmp_path: Path) -> None:
    document = docx.Document()
    document.core_properties.author = document.core_properties.last_modified_by = AUTHOR
    run = document.add_paragraph("The board met.").runs[0]
    document.add_comment(run, text="Is that so?", author=AUTHOR, initials="SZ")
    held = io.BytesIO()
    document.save(held)
    with zipfile.ZipFile(held, "a") as archive:
        archive.writestr("word/media/image1.jpg", jpeg())
        archive.writestr("docProps/custom.xml", f'<Properties xmlns="c"><property name="Clerk"><v>{AUTHOR}</v></property></Properties>')
    assert len(told_of(held.getvalue())) == 4
    copy = without_metadata(kept(tmp_path, held.getvalue()), name="minutes.docx")
    assert told_of(copy) == []
    opened = docx.Document(io.BytesIO(copy))
    assert [paragraph.text for paragraph in opened.paragraphs] == ["The board met."]
    assert [comment.text for comment in opened.comments] == ["Is that so?"]


def test_a_workbook_keeps_its_cells_and_loses_its_authors(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.properties.creator = book.properties.lastModifiedBy = AUTHOR
    book.active["A1"] = "Author"
    book.active["A1"].comment = openpyxl.comments.Comment("Why?", AUTHOR)
    held = io.BytesIO()
    book.save(held)
    copy = without_metadata(kept(tmp_path, held.getvalue()), name="costs.xlsx")
    assert told_of(copy) == []
    cell = openpyxl.load_workbook(io.BytesIO(copy)).active["A1"]
    assert (cell.value, cell.comment.text) == ("Author", "Why?")


@pytest.mark.parametrize(
    ("name", "part", "said"),
    [
        ("a.pptx", "ppt/commentAuthors.xml", f'<p:cmAuthorLst><p:cmAuthor id="0" name="{AUTHOR}" initials="SZ"/></p:cmAuthorLst>'),
        ("a.odt", "meta.xml", f'<m xmlns:d="d"><d:creator>{AUTHOR}</d:creator><initial-creator>{AUTHOR}</initial-creator></m>'),
        ("a.odt", "content.xml", f"<o><dc:creator>{AUTHOR}</dc:creator><p>The board met.</p></o>"),
        ("a.docx", "word/people.xml", f'<w15:people><w15:person w15:author="{AUTHOR}"/></w15:people>'),
    ],
)
def test_every_part_that_names_people_is_cleared(tmp_path: Path, name: str, part: str, said: str) -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr(part, said)
    copy = without_metadata(kept(tmp_path, held.getvalue()), name=name)
    assert told_of(held.getvalue()) == [part]
    assert told_of(copy) == []
    assert ("The board met." in said) == (b"The board met." in parts(copy)[part])


def test_a_pdf_keeps_its_pages_and_comments_and_loses_who_made_them(tmp_path: Path) -> None:
    writer = PdfWriter()
    writer.add_blank_page(width=100, height=100)
    writer.add_metadata({"/Author": AUTHOR, "/Title": "Minutes"})
    writer.xmp_metadata = f"<x:xmpmeta xmlns:x='adobe:ns:meta/'>{AUTHOR}</x:xmpmeta>".encode()
    note = FreeText(text="Why?", rect=(0, 0, 50, 50))
    note[NameObject("/T")] = TextStringObject(AUTHOR)
    writer.add_annotation(0, note)
    held = io.BytesIO()
    writer.write(held)
    path = kept(tmp_path, held.getvalue())
    copy = without_metadata(path, name="minutes.pdf")
    read = PdfReader(io.BytesIO(copy))
    assert AUTHOR.encode() in held.getvalue()
    assert AUTHOR.encode() not in copy
    assert (len(read.pages), read.metadata.get("/Author") if read.metadata else None, read.xmp_metadata) == (1, None, None)
    assert read.pages[0]["/Annots"][0]["/Contents"] == "Why?"


@pytest.mark.parametrize("turned", [1, 6])
def test_a_photograph_keeps_its_picture_its_colours_and_how_it_is_turned(tmp_path: Path, turned: int) -> None:
    copy = without_metadata(kept(tmp_path, jpeg(turned=turned)), name="scene.JPG")
    assert PLACE not in copy
    assert AUTHOR.encode() not in copy
    assert b"ICC_PROFILE\0\1\1colours" in copy
    assert copy.endswith(b"\xff\xda\0\x08the picture\xff\xd9")
    assert (b"Exif" in copy) == (turned != 1)
    if turned != 1:  # Exif 2.32, 4.6.2: the tag 274, one SHORT
        assert struct.pack(">HHIH", 274, 3, 1, turned) in copy


def test_a_png_keeps_its_pixels_alone(tmp_path: Path) -> None:
    copy = without_metadata(kept(tmp_path, png()), name="map.png")
    assert AUTHOR.encode() not in copy
    assert PLACE not in copy
    assert [kind for kind in (b"IHDR", b"IDAT", b"IEND") if kind in copy] == [b"IHDR", b"IDAT", b"IEND"]


@pytest.mark.parametrize("name", ["minutes.docx", "minutes.pdf", "minutes.exe"])
def test_what_cannot_be_copied_so_is_refused_and_never_copied_as_it_is(tmp_path: Path, name: str) -> None:
    with pytest.raises(ReportError, match="A copy without metadata cannot be made"):
        without_metadata(kept(tmp_path, b"MZ"), name=name)


@pytest.mark.parametrize("name", ["a.docx", "a.odt"])
def test_a_part_that_is_no_xml_is_told_and_not_copied(tmp_path: Path, name: str) -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for part in ("word/_rels/document.xml.rels", "_rels/.rels", "[Content_Types].xml", "docProps/core.xml", "meta.xml", "content.xml"):
            archive.writestr(part, "<a><b></a>")
    with pytest.raises(ReportError, match="A copy without metadata cannot be made"):
        without_metadata(kept(tmp_path, held.getvalue()), name=name)


def test_a_text_says_nothing_of_its_makers_and_is_copied(tmp_path: Path) -> None:
    assert without_metadata(kept(tmp_path, b"The board met."), name="minutes.txt") == b"The board met."
