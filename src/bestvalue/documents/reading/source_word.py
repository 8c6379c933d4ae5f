"""Word: paragraphs with the numbers that Word itself gives them, which stand nowhere in the text."""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from bestvalue.documents.reading.office_file import OfficeFile
from bestvalue.documents.reading.source_line import Extract, Line
from bestvalue.documents.reading.word_numbering import Numbering

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SKIPPED = {f"{W}del", f"{W}moveFrom", f"{W}instrText", f"{W}footnoteReference", f"{W}txbxContent"}
_HEADING = re.compile(r"heading ?(\d)", re.IGNORECASE)


def lines_of_word(content: bytes, name: str) -> Extract:
    """One line a paragraph, with its number or bullet, a blank line after each; a table row is a line of cells.

    Deleted text of tracked changes is left out and inserted text is taken, as Word prints it.

    Raises:
        ReportError: the file is damaged, encrypted, a bomb, declares entities, or is no Word file.
    """
    file = OfficeFile(content, name)
    body = file.part("word/document.xml").find(f"{W}body")
    styles = _styles_of(file.part_or_none("word/styles.xml"))
    numbering = Numbering(file.part_or_none("word/numbering.xml"))
    lines: list[Line] = []
    for block in _blocks(body) if body is not None else ():
        if block.tag == f"{W}tbl":
            _add_table(block, lines)
        else:
            _add_paragraph(block, styles, numbering, lines)
        lines.append(Line(number=len(lines) + 1, text=""))
    notes = ("The file has macros; none was run.",) if file.has_part("word/vbaProject.bin") else ()
    return Extract(lines=tuple(lines), title=_title_of(file.part_or_none("docProps/core.xml")), notes=notes)


def _blocks(parent: Element) -> Iterator[Element]:
    for child in parent:
        if child.tag in {f"{W}p", f"{W}tbl"}:
            yield child
        elif child.tag in {f"{W}sdt", f"{W}sdtContent", f"{W}ins", f"{W}customXml"}:
            yield from _blocks(child)


class _Style:
    """What a style says of its paragraphs, with what it inherits."""

    def __init__(self, element: Element) -> None:
        name = element.find(f"{W}name")
        match = _HEADING.match(name.get(f"{W}val", "") if name is not None else "")
        self.heading = int(match[1]) if match else None
        self.parent = _value(element, f"{W}basedOn")
        self.numbering = element.find(f"{W}pPr/{W}numPr")


def _styles_of(root: Element | None) -> dict[str, _Style]:
    elements = root.iter(f"{W}style") if root is not None else ()
    return {element.get(f"{W}styleId", ""): _Style(element) for element in elements}


def _lineage(style_id: str, styles: dict[str, _Style]) -> Iterator[_Style]:
    seen: set[str] = set()
    while style_id in styles and style_id not in seen:
        seen.add(style_id)
        yield styles[style_id]
        style_id = styles[style_id].parent


def _add_paragraph(element: Element, styles: dict[str, _Style], numbering: Numbering, lines: list[Line]) -> None:
    text = _text_of(element).strip()
    if not text:
        return
    properties = element.find(f"{W}pPr")
    style_id = _value(properties, f"{W}pStyle") if properties is not None else ""
    lineage = list(_lineage(style_id, styles))
    own = properties.find(f"{W}numPr") if properties is not None else None
    number = own if own is not None else next((style.numbering for style in lineage if style.numbering is not None), None)
    marker = numbering.next_marker(number) if number is not None else ""
    heading = next((style.heading for style in lineage if style.heading is not None), None)
    lines.append(Line(number=len(lines) + 1, text=f"{marker}{text}", heading=heading, joined=True))


def _add_table(element: Element, lines: list[Line]) -> None:
    for row in element.iter(f"{W}tr"):
        cells = tuple(" ".join(_text_of(paragraph).strip() for paragraph in cell.iter(f"{W}p")).strip() for cell in row.iter(f"{W}tc"))
        if len(cells) == 1:
            # A table of one cell is how Word users draw a box.
            for cell in row.iter(f"{W}tc"):
                for paragraph in cell.iter(f"{W}p"):
                    lines.append(Line(number=len(lines) + 1, text=_text_of(paragraph).strip(), joined=True))
                    lines.append(Line(number=len(lines) + 1, text=""))
        elif any(cells):
            lines.append(Line(number=len(lines) + 1, text=" | ".join(cells), cells=cells, joined=True))


def _text_of(element: Element) -> str:
    if element.tag in _SKIPPED:
        return ""
    if element.tag == f"{W}t":
        return element.text or ""
    if element.tag in {f"{W}tab", f"{W}br", f"{W}cr"}:
        return " "
    if element.tag == f"{W}noBreakHyphen":
        return "-"
    return "".join(_text_of(child) for child in element)


def _value(element: Element, tag: str) -> str:
    child = element.find(tag)
    return child.get(f"{W}val", "") if child is not None else ""


def _title_of(properties: Element | None) -> str:
    title = properties.find("{http://purl.org/dc/elements/1.1/}title") if properties is not None else None
    return (title.text or "") if title is not None else ""
