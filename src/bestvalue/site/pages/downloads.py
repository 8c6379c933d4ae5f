"""Answers that the browser saves instead of showing."""

from pathlib import Path
from typing import IO

from django.http import FileResponse, HttpResponse

TYPES = {
    ".csv": "text/csv; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".json": "application/json",
}
ANY = "application/octet-stream"
SANDBOX = "sandbox; default-src 'none'"


def text_download(text: str, *, name: str) -> HttpResponse:
    """A text as a file of this name."""
    response = HttpResponse(text, content_type=TYPES.get(Path(name).suffix.lower(), ANY))
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Content-Security-Policy"] = SANDBOX
    return response


def bytes_download(written: bytes, *, name: str) -> HttpResponse:
    """A file that was just written and is not kept, under this name."""
    response = HttpResponse(written, content_type=TYPES.get(Path(name).suffix.lower(), ANY))
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Content-Security-Policy"] = SANDBOX
    return response


def file_download(file: Path | IO[bytes], *, name: str) -> FileResponse:
    """A file, under a name of our choosing; never shown inside the site, whatever is in it."""
    opened = file.open("rb") if isinstance(file, Path) else file
    response = FileResponse(opened, as_attachment=True, filename=name, content_type=TYPES.get(Path(name).suffix.lower(), ANY))
    response.headers["Content-Security-Policy"] = SANDBOX
    return response
