"""An office's own look: fields are filled in a sandbox, and a template that reaches further is refused."""

import io
import zipfile
from datetime import date
from pathlib import Path

import docx
import pytest

from bestvalue.documents.model import Bullets, Paragraph, Report, Section
from bestvalue.documents.word_template import starter
from bestvalue.documents.writing import write_report
from bestvalue.errors import ReportError

REPORT = Report(
    title="Support",
    issuer="Police Authority",
    on=date(2026, 11, 25),
    marking="OFFICIAL-SENSITIVE",
    sections=(Section(heading="Findings", blocks=(Paragraph(text="Nights are thin."), Bullets(items=("One",), ordered=True))),),
)


@pytest.fixture
def template(tmp_path: Path) -> Path:
    path = tmp_path / "report.docx"
    path.write_bytes(starter())
    return path


def written(template: Path, tmp_path: Path) -> docx.document.Document:
    return docx.Document(str(write_report(REPORT, tmp_path / "out.docx", word_template=template)))


def changed(template: Path, old: str, new: str) -> Path:
    """The template with one field written otherwise, as somebody types it in Word."""
    document = docx.Document(str(template))
    for found in document.paragraphs:
        if old in found.text:
            found.runs[0].text = found.text.replace(old, new)
    document.save(str(template))
    return template


def test_the_starter_is_filled_with_what_the_report_says_of_itself(template: Path, tmp_path: Path) -> None:
    made = written(template, tmp_path)
    words = [found.text for found in made.paragraphs]
    assert words[:2] == ["Police Authority", "Support"]
    assert any("25 November 2026" in each for each in words)
    assert any("Nights are thin." in each for each in words)
    assert "{{" not in "".join(words)
    assert made.sections[0].header.paragraphs[0].text == "OFFICIAL-SENSITIVE"


def test_a_style_that_an_office_changed_is_kept(template: Path, tmp_path: Path) -> None:
    document = docx.Document(str(template))
    document.styles["Heading 1"].font.size = docx.shared.Pt(33)
    document.save(str(template))
    assert written(template, tmp_path).styles["Heading 1"].font.size == docx.shared.Pt(33)


@pytest.mark.parametrize(
    "hostile",
    [
        "{{ title.__class__.__mro__ }}",
        "{{ ''.__class__.__base__.__subclasses__() }}",
        "{{ cycler.__init__.__globals__ }}",
        "{{ secret }}",
        "{{ title ",
    ],
)
def test_a_field_that_reaches_further_than_the_report_is_refused(template: Path, tmp_path: Path, hostile: str) -> None:
    with pytest.raises(ReportError, match="cannot be filled"):
        written(changed(template, "{{ title }}", hostile), tmp_path)
    assert not (tmp_path / "out.docx").exists()


def test_a_template_without_the_place_of_the_text_is_refused(template: Path, tmp_path: Path) -> None:
    with pytest.raises(ReportError, match="last paragraph"):
        written(changed(template, "{{ body }}", "The text"), tmp_path)


def test_a_template_that_hides_the_marking_is_refused(template: Path, tmp_path: Path) -> None:
    document = docx.Document(str(template))
    document.sections[0].header.paragraphs[0].text = "Ours"
    document.save(str(template))
    with pytest.raises(ReportError, match="does not show"):
        written(template, tmp_path)


def test_a_template_of_somebody_elses_styles_is_told_to_start_from_ours(tmp_path: Path) -> None:
    other = tmp_path / "other.docx"
    docx.Document().save(str(other))
    with pytest.raises(ReportError, match="lacks the style"):
        written(other, tmp_path)


def test_macros_are_refused(template: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(template, "a") as parts:
        parts.writestr("word/vbaProject.bin", b"macro")
    with pytest.raises(ReportError, match="runs or is fetched"):
        written(template, tmp_path)


def test_an_attached_template_is_refused(template: Path, tmp_path: Path) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(template) as old, zipfile.ZipFile(content, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "word/_rels/document.xml.rels":
                remote = b'<Relationship Id="rId99" Type="http://x/attachedTemplate" Target="https://x" TargetMode="External"/>'
                data = data.replace(b"</Relationships>", remote + b"</Relationships>")
            new.writestr(name, data)
    template.write_bytes(content.getvalue())
    with pytest.raises(ReportError, match="runs or is fetched"):
        written(template, tmp_path)


def test_what_is_no_word_file_says_so(tmp_path: Path) -> None:
    other = tmp_path / "other.docx"
    other.write_bytes(b"text")
    with pytest.raises(ReportError, match="damaged"):
        written(other, tmp_path)
