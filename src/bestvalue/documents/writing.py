"""How does a report become a file? One front door for all formats; the name of the file says which."""

from collections.abc import Callable, Mapping
from pathlib import Path

from bestvalue.documents.html import html_of
from bestvalue.documents.model import Report
from bestvalue.documents.numbering import numbered
from bestvalue.documents.pdf import pdf_of
from bestvalue.documents.word import word_of
from bestvalue.errors import ReportError

WRITERS: Mapping[str, Callable[[Report], bytes]] = {
    "html": lambda report: html_of(report).encode("utf-8"),
    "pdf": pdf_of,
    "docx": word_of,
}
"""What writes each format, from a numbered report."""
FORMATS = tuple(WRITERS)


def write_report(report: Report, path: Path, *, word_template: Path | None = None) -> Path:
    """Number a report and write it in the format that the path ends in.

    Args:
        report: not yet numbered.
        path: of the file, which ends in one of `FORMATS`.
        word_template: an office's own look for Word; the other formats do not ask for it.

    Raises:
        ReportError: no such format, or the report cannot be set in it.
    """
    writer = WRITERS.get(path.suffix.lstrip("."))
    if writer is None:
        raise ReportError(f"A report is not written as {path.suffix!r}", where=str(path), next_step=f"Choose from {', '.join(FORMATS)}.")
    ready = numbered(report)
    path.write_bytes(word_of(ready, template=word_template) if word_template and path.suffix == ".docx" else writer(ready))
    return path
