from pathlib import Path

import pytest

from bestvalue.documents.model import Report
from bestvalue.documents.writing import FORMATS, write_report
from bestvalue.errors import ReportError


@pytest.mark.parametrize(("format_name", "begins"), [("html", b"<!doctype html>"), ("pdf", b"%PDF-1.7"), ("docx", b"PK\x03\x04")])
def test_the_name_of_the_file_says_its_format(report: Report, tmp_path: Path, format_name: str, begins: bytes) -> None:
    written = write_report(report, tmp_path / f"report.{format_name}")
    assert written.read_bytes().startswith(begins)


def test_a_format_that_nobody_writes_is_refused_and_leaves_no_file(report: Report, tmp_path: Path) -> None:
    with pytest.raises(ReportError, match=r"not written as '\.odt'") as refused:
        write_report(report, tmp_path / "report.odt")
    assert str(refused.value.next_step) == f"Choose from {', '.join(FORMATS)}."
    assert list(tmp_path.iterdir()) == []
