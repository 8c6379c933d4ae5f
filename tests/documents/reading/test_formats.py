"""One report in five formats is one structure: what differs is only where in the file it stands."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
import typst

from bestvalue.documents.reading import PublishedReport, read_report

TITLE = "Managing the vehicles of Westshire Police"
PARAGRAPHS = {
    "1.1": "The force has 412 vehicles, and each of its commands keeps a list of its own.",
    "1.2": "Nobody compares the lists. I therefore recommend that the force keep one list of its vehicles and check it each year.",
    "2.1": "Drivers spoke well of the workshop, which mends nine vehicles of ten within a day of their coming in.",
    "2.2": "The workshop should tell drivers when a vehicle will be ready.",
}
HEADINGS = {"1.1": "1 Vehicles", "2.1": "2 Workshop"}


def as_text() -> bytes:
    parts = [TITLE, "National Audit Office", "12 May 2021"]
    for number, text in PARAGRAPHS.items():
        parts += [HEADINGS[number]] if number in HEADINGS else []
        parts.append(f"{number} {text}")
    return "\n\n".join(parts).encode()


def as_html() -> bytes:
    body = f"<h1>{TITLE}</h1><p>National Audit Office</p><p>12 May 2021</p>"
    for number, text in PARAGRAPHS.items():
        body += f"<h2>{HEADINGS[number]}</h2>" if number in HEADINGS else ""
        body += f"<p>{number} {text}</p>"
    head = f"<title>{TITLE}</title><script>Recommendation 9: none</script>"
    return f"<!doctype html><html><head>{head}</head><body>{body}</body></html>".encode()


def as_word() -> bytes:
    document = docx.Document()
    for line in (TITLE, "National Audit Office", "12 May 2021"):
        document.add_paragraph(line)
    for number, text in PARAGRAPHS.items():
        if number in HEADINGS:
            document.add_heading(HEADINGS[number], level=1)
        document.add_paragraph(f"{number} {text}")
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def as_open_document() -> bytes:
    names = 'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    body = "".join(f"<text:p>{line}</text:p>" for line in (TITLE, "National Audit Office", "12 May 2021"))
    for number, text in PARAGRAPHS.items():
        body += f'<text:h text:outline-level="1">{HEADINGS[number]}</text:h>' if number in HEADINGS else ""
        body += f"<text:p>{number} {text}</text:p>"
    content = f"<office:document-content {names}><office:body><office:text>{body}</office:text></office:body></office:document-content>"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr("content.xml", content)
    return buffer.getvalue()


def as_pdf() -> bytes:
    source = f'#set page(paper: "a4")\n#set par(justify: false)\n{TITLE}\n\nNational Audit Office\n\n12 May 2021\n#pagebreak()\n'
    for number, text in PARAGRAPHS.items():
        source += f'\n#text("{HEADINGS[number]}")\n\n' if number in HEADINGS else ""
        source += f'\n#text("{number} {text}")\n\n'
    made: bytes = typst.compile(source.encode())
    return made


FORMATS: dict[str, Callable[[], bytes]] = {
    "report.txt": as_text,
    "report.html": as_html,
    "report.docx": as_word,
    "report.odt": as_open_document,
    "report.pdf": as_pdf,
}


@pytest.fixture(params=FORMATS)
def report(request: pytest.FixtureRequest, tmp_path: Path) -> PublishedReport:
    path = tmp_path / request.param
    path.write_bytes(FORMATS[request.param]())
    return read_report(path)


def test_paragraphs_and_headings_are_the_same_in_every_format(report: PublishedReport) -> None:
    assert {each.number: " ".join(each.text.split()) for each in report.paragraphs} == PARAGRAPHS
    assert [(each.number, each.title) for each in report.sections][-2:] == [("1", "Vehicles"), ("2", "Workshop")]


def test_cover_recommendation_and_candidate_are_the_same_in_every_format(report: PublishedReport) -> None:
    assert (report.title, report.issuer_abbreviation, report.published) == (TITLE, "NAO", "2021-05-12")
    assert [each.key for each in report.recommendations] == ["NAO/managing-the-vehicles-of-westshire-police-2021/1.2"]
    assert [each.paragraph for each in report.candidates] == ["2.2"]


def test_a_pdf_tells_the_page_of_every_item(tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    path.write_bytes(as_pdf())
    report = read_report(path)
    assert report.pages == 2
    assert {each.span.page for each in report.paragraphs} == {2}


def test_word_counts_its_paragraphs_itself_and_the_reader_counts_with_it(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("Report on stores")
    document.add_paragraph("We recommend that the force:")
    for text in ("Count what is in each store.", "Lock the stores at night."):
        document.add_paragraph(text, style="List Number")
    path = tmp_path / "report.docx"
    document.save(str(path))
    counted = {each.number: each.text for each in read_report(path).paragraphs if each.numbered}
    assert counted == {"1": "Count what is in each store.", "2": "Lock the stores at night."}


def test_the_bytes_tell_the_format_where_the_name_says_another(tmp_path: Path) -> None:
    path = tmp_path / "report.txt"
    path.write_bytes(as_pdf())
    assert read_report(path).pages == 2
