import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from bestvalue.dataset.files import open_document
from bestvalue.dataset.files.open import open_file
from bestvalue.dataset.files.source import find_sources
from bestvalue.errors import TableError

CONTENT = """<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 office:version="1.2"><office:body><office:spreadsheet>
<table:table table:name="Table_1">
<table:table-row><table:table-cell office:value-type="string"><text:p>Table 1: Cats</text:p></table:table-cell></table:table-row>
<table:table-row><table:table-cell/></table:table-row>
<table:table-row><table:table-cell office:value-type="string"><text:p> Cleveland </text:p></table:table-cell>
<table:table-cell office:value-type="float" office:value="12.5"><text:p>13</text:p></table:table-cell></table:table-row>
</table:table></office:spreadsheet></office:body></office:document-content>""".replace("\n", " ").replace("> <", "><")
MANIFEST = """<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">
<manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/></manifest:manifest>"""


def workbook(folder: Path, *, extra: Mapping[str, str] | None = None, mimetype: str = "", manifest: str = MANIFEST) -> Path:
    path = folder / "table.ods"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", mimetype or "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", CONTENT)
        archive.writestr("META-INF/manifest.xml", manifest)
        for name, text in (extra or {}).items():
            archive.writestr(name, text)
    return path


def test_a_workbook_is_a_grid_of_text_with_the_sheet_and_its_title(tmp_path: Path) -> None:
    opened = open_file(find_sources([workbook(tmp_path)], sheet="x")[0])
    assert list(opened.header) == ["Table 1: Cats"]
    batch = next(opened.batches())
    assert batch.frame.row(2) == ("Table_1", "Table 1: Cats", "3", "Cleveland", "12.5")
    assert batch.row_numbers.tolist() == [1, 2, 3]


@pytest.mark.parametrize(
    ("made", "says"),
    [
        ({"extra": {"Basic/script.xml": ""}}, "macros"),
        ({"mimetype": "application/vnd.oasis.opendocument.text"}, "not an OpenDocument sheet"),
        ({"manifest": "<encryption-data/>"}, "password"),
    ],
)
def test_macros_passwords_and_other_documents_are_refused(tmp_path: Path, made: dict, says: str) -> None:
    with pytest.raises(TableError, match=says):
        open_document.check_document(workbook(tmp_path, **made))


def test_a_workbook_that_unpacks_to_more_than_is_sane_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(open_document, "MOST_UNPACKED_BYTES", 100)
    with pytest.raises(TableError, match="unpacks to more"):
        open_document.check_document(workbook(tmp_path))


def test_a_cut_off_archive_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path)
    path.write_bytes(path.read_bytes()[:400])
    with pytest.raises(TableError, match="damaged"):
        open_document.check_document(path)
