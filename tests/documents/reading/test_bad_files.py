"""Files that cannot be read: each is refused by name, with what to do next, and harms nothing."""

import contextlib
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pypdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bestvalue.documents.reading import check_importable, read_report
from bestvalue.errors import ReportError

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
WORDS = "<w:p><w:r><w:t>Recommendation 1: The force should count its vehicles each year and publish the count.</w:t></w:r></w:p>"
CONTENT_TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'


def pdf(*, pages: int = 1, password: str = "") -> bytes:
    """A PDF of empty pages, as a scanner's file without a text layer looks to a reader."""
    writer = pypdf.PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(width=595, height=842)
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def word(body: str = WORDS, *, prologue: str = "", extra: dict[str, bytes] | None = None) -> bytes:
    document = f'<?xml version="1.0"?>{prologue}<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", CONTENT_TYPES)
        archive.writestr("word/document.xml", document)
        for name, content in (extra or {}).items():
            archive.writestr(name, content)
    return buffer.getvalue()


def spoilt(content: bytes) -> bytes:
    """A zip whose packed bytes were changed on the way: the directory is whole, the parts are not."""
    return content[:120] + bytes(200) + content[320:]


BAD: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "a PDF cut short": ("report.pdf", lambda: pdf(pages=3)[:300], "damaged or cut short"),
    "an encrypted PDF": ("report.pdf", lambda: pdf(password="secret"), "encrypted and needs a password"),
    "a scanned PDF without text": ("report.pdf", lambda: pdf(pages=2), "has no text in it"),
    "a zip bomb": ("report.docx", lambda: word("<w:p/>" * 3_000_000), "no report does"),
    "external entities": (
        "report.docx",
        lambda: word(prologue='<!DOCTYPE d [<!ENTITY e SYSTEM "file:///etc/passwd">]>', body="<w:p><w:r><w:t>&e;</w:t></w:r></w:p>"),
        "declares entities",
    ),
    "a Word file cut short": ("report.docx", lambda: word()[:200], "damaged or cut short"),
    "a Word file with spoilt bytes": ("report.docx", lambda: spoilt(word(WORDS * 400)), "damaged or cut short"),
    "a zip that is no Word file": ("report.docx", lambda: _zip({"notes.txt": b"hello"}), "has no part word/document.xml"),
    "an old Word file": ("report.doc", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "cannot be read"),
    "a picture": ("report.png", lambda: b"\x89PNG\r\n\x1a\n" + bytes(600), "cannot be read"),
    "bytes that are no text": ("report.txt", lambda: bytes(range(256)) * 40, "not text"),
    "an empty file": ("report.txt", lambda: b"", "empty"),
    "a file of blanks": ("report.txt", lambda: b" \n\n \n", "empty"),
    "a file with a word in it": ("report.txt", lambda: b"Hello", "next to no words"),
}


def _zip(parts: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


@pytest.mark.parametrize("case", BAD, ids=str)
def test_is_refused_by_name_with_what_to_do(case: str, tmp_path: Path) -> None:
    name, content, said = BAD[case]
    path = tmp_path / name
    path.write_bytes(content())
    with pytest.raises(ReportError, match=said) as refused:
        read_report(path)
    assert refused.value.where == name
    assert refused.value.next_step.endswith(".")
    assert refused.value.exit_code == 2
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_and_an_absent_file_are_refused_with_their_path(tmp_path: Path) -> None:
    for path, said in ((tmp_path, "is a folder"), (tmp_path / "absent.txt", "no such file")):
        with pytest.raises(ReportError, match=said) as refused:
            read_report(path)
        assert refused.value.where == str(path)


def test_a_file_that_may_not_be_read_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "report.txt"
    path.write_text("words", encoding="utf-8")

    def refuse(_: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)  # root may read anything, so the mode of the file proves nothing
    with pytest.raises(ReportError, match="Permission denied"):
        read_report(path)


def test_a_report_without_recommendations_is_read_and_only_its_import_is_refused() -> None:
    report = read_report(Path(__file__).parent / "habits" / "no-recommendations.txt")
    assert len(report.paragraphs) == 3
    with pytest.raises(ReportError, match="No recommendations found") as refused:
        check_importable(report)
    assert "--allow-none" in refused.value.next_step
    assert refused.value.where == "no-recommendations.txt"


def test_macros_of_a_word_file_are_left_alone_and_mentioned(tmp_path: Path) -> None:
    path = tmp_path / "report.docm"
    path.write_bytes(word(extra={"word/vbaProject.bin": b"\xd0\xcf\x11\xe0 macro"}))
    report = read_report(path)
    assert len(report.recommendations) == 1
    assert any("macro" in note for note in report.notes)


def test_text_of_an_old_encoding_is_read_and_mentioned(tmp_path: Path) -> None:
    path = tmp_path / "report.txt"
    path.write_bytes("1.1 The force’s vehicles cost £2m – more than it says.\n\n1.2 I recommend that it counts them.\n".encode("cp1252"))
    report = read_report(path)
    assert "force’s vehicles cost £2m –" in report.paragraphs[0].text
    assert any("Windows-1252" in note for note in report.notes)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-be"])
def test_text_of_other_unicode_encodings_is_the_same_report(encoding: str, tmp_path: Path) -> None:
    text = "1.1 The force’s vehicles cost £2m.\n\n1.2 I recommend that the force counts them each year.\n"
    plain, other = tmp_path / "plain.txt", tmp_path / "other.txt"
    plain.write_text(text, encoding="utf-8")
    other.write_bytes(text.encode(encoding))
    assert read_report(other).paragraphs == read_report(plain).paragraphs


def test_five_thousand_pages_of_text_keep_their_numbers(tmp_path: Path) -> None:
    page = "{0}.1 The force has {0} vehicles and a plan for each of them in the year.\n\n{0}.2 It is well kept.\n\n\f"
    path = tmp_path / "long.txt"
    path.write_text("".join(page.format(number) for number in range(1, 1000)) * 5, encoding="utf-8")
    report = read_report(path)
    assert len({each.number for each in report.paragraphs}) == len(report.paragraphs) == 9990


def test_a_pdf_of_more_pages_than_are_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "report.pdf"
    path.write_bytes(pdf(pages=4))
    monkeypatch.setattr("bestvalue.documents.reading.source_pdf.MOST_PAGES", 3)
    with pytest.raises(ReportError, match="has 4 pages"):
        read_report(path)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=400), name=st.sampled_from(["r.txt", "r.html", "r.docx", "r.pdf", "r.odt"]))
def test_any_bytes_are_read_or_refused_but_never_crash(content: bytes, name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes({"r.pdf": b"%PDF-1.7\n", "r.docx": b"PK\x03\x04", "r.odt": b"PK\x03\x04"}.get(name, b"") + content)
    with contextlib.suppress(ReportError):  # any other error fails the test
        read_report(path)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    lines=st.lists(
        st.sampled_from(
            ["", "1", "1.", "1.1", "(a)", "a x", "- ", "Recommendation 1", "Recommendations:", "Recommendations", "R1 It should.",
             "Contents", "Priority: High", "We recommend:", "2.1 The force should act.", "1 Introduction", "Q 12", "1 Q 12", "Office.1",
             "# Title", "---", "Area for improvement", "Judgement 1: How good?", "HM Inspector judged the service as Good.",
             "(see Recommendation 4)", "ﬀ|\f"]
        ),
        max_size=25,
    )
)  # fmt: skip
def test_any_order_of_a_reports_parts_is_read_with_every_number_used_once(lines: list[str], tmp_path: Path) -> None:
    path = tmp_path / "report.txt"
    path.write_text("The words of a report that is long enough to be read as one.\n\n" + "\n".join(lines), encoding="utf-8")
    report = read_report(path)
    numbers = [each.number for each in report.paragraphs]
    keys = [each.key for each in report.recommendations]
    assert len(set(numbers)) == len(numbers)
    assert len(set(keys)) == len(keys)
