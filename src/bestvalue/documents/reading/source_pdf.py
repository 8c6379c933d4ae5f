"""PDF: the text of each page. Nothing is read from pictures: a scan without a text layer is refused and says so."""

import io
import logging

from pypdf import PdfReader
from pypdf.errors import DependencyError, PdfReadError, PyPdfError

from bestvalue.documents.reading.source_line import Extract, Line
from bestvalue.errors import ReportError

FEWEST_LETTERS_A_PAGE = 20
MOST_PAGES = 5_000

# pypdf logs each oddity of a file; what the reader needs to know of them is in the notes.
logging.getLogger("pypdf").setLevel(logging.ERROR)


def lines_of_pdf(content: bytes, name: str) -> Extract:
    """Lines of a PDF, page by page.

    Raises:
        ReportError: it is damaged, needs a password, has too many pages, or holds pictures of pages and no text.
    """
    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted and not reader.decrypt(""):
            raise _locked(name)
        if len(reader.pages) > MOST_PAGES:
            raise ReportError(f"The PDF has {len(reader.pages):,} pages", where=name, next_step="Import the report without its annexes.")
        texts = [page.extract_text() or "" for page in reader.pages]
        title = str(reader.metadata.title or "") if reader.metadata is not None else ""
    except DependencyError as locked:
        raise _locked(name) from locked
    except (PyPdfError, PdfReadError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError, OSError) as broken:
        # Damaged files make pypdf fail in all these ways.
        raise ReportError(
            f"The PDF is damaged or cut short: {broken}", where=name, next_step="Fetch it again, or print it to a new PDF from a viewer."
        ) from broken
    if sum(sum(map(str.isalpha, text)) for text in texts) < FEWEST_LETTERS_A_PAGE * len(texts) / 2:
        raise ReportError(
            f"The PDF has no text in it: its {len(texts):,} pages are pictures, as a scanner makes them",
            where=name,
            next_step="Have the text recognised (OCR) and import the result, or ask the issuer for the original.",
        )
    empty = [str(page) for page, text in enumerate(texts, start=1) if not text.strip()]
    notes = (f"No text on page {', '.join(empty[:10])}: pictures are not read.",) if empty else ()
    lines: list[Line] = []
    for page, text in enumerate(texts, start=1):
        lines.extend(Line(number=len(lines) + at, text=written, page=page) for at, written in enumerate(text.splitlines(), start=1))
    return Extract(lines=tuple(lines), pages=len(texts), title=title, notes=notes)


def _locked(name: str) -> ReportError:
    return ReportError("The PDF is encrypted and needs a password", where=name, next_step="Save it without a password and import that.")
