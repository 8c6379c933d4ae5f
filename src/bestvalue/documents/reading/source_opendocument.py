"""OpenDocument text: paragraphs, headings, lists and tables."""

from xml.etree.ElementTree import Element

from bestvalue.documents.reading.office_file import OfficeFile
from bestvalue.documents.reading.source_line import Extract, Line

TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_SKIPPED = {f"{TEXT}note", f"{TEXT}tracked-changes", f"{OFFICE}annotation"}


def lines_of_opendocument(content: bytes, name: str) -> Extract:
    """One line a paragraph, a blank line after each; a list item has a bullet, a table row is a line of cells.

    Raises:
        ReportError: the file is damaged, encrypted, a bomb, declares entities, or is no OpenDocument text.
    """
    body = OfficeFile(content, name).part("content.xml").find(f"{OFFICE}body/{OFFICE}text")
    lines: list[Line] = []
    if body is not None:
        _add(body, lines, depth=0)
    return Extract(lines=tuple(lines))


def _add(parent: Element, lines: list[Line], *, depth: int) -> None:
    for child in parent:
        if child.tag in _SKIPPED:
            continue
        if child.tag in {f"{TEXT}p", f"{TEXT}h"}:
            heading = int(child.get(f"{TEXT}outline-level", "1")) if child.tag == f"{TEXT}h" else None
            bullet = f"{'  ' * (depth - 1)}- " if depth and heading is None else ""
            text = _text_of(child).strip()
            if text:
                lines.append(Line(number=len(lines) + 1, text=f"{bullet}{text}", heading=heading, joined=True))
            lines.append(Line(number=len(lines) + 1, text=""))
        elif child.tag == f"{TABLE}table-row":
            cells = tuple(" ".join(_text_of(cell).split()) for cell in child.iter(f"{TABLE}table-cell"))
            lines.append(Line(number=len(lines) + 1, text=" | ".join(cells), cells=cells, joined=True))
        else:
            _add(child, lines, depth=depth + (child.tag == f"{TEXT}list"))


def _text_of(element: Element) -> str:
    parts = [element.text or ""]
    for child in element:
        if child.tag in {f"{TEXT}s", f"{TEXT}tab", f"{TEXT}line-break"}:
            parts.append(" ")
        elif child.tag not in _SKIPPED:
            parts.append(_text_of(child))
        parts.append(child.tail or "")
    return "".join(parts)
