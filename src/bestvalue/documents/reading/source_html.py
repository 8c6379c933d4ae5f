"""HTML: the text that a reader of the page sees, with its headings, lists and tables."""

import re
from html.parser import HTMLParser

from bestvalue.documents.reading.source_line import Extract, Line
from bestvalue.documents.reading.source_text import decode

_HIDDEN = {"script", "style", "nav", "head", "footer", "template", "noscript", "svg", "form", "button"}
_BLOCKS = {
    "p", "div", "section", "article", "main", "header", "footer", "aside", "blockquote", "ul", "ol", "li", "dl", "dt", "dd", "table", "tr",
    "h1", "h2", "h3", "h4", "h5", "h6", "br", "hr", "figure", "figcaption", "details", "summary", "pre", "body",
}  # fmt: skip


def lines_of_html(content: bytes, name: str) -> Extract:
    """One line a block of text, a blank line after each; list items have their bullet or number, a table row is a line of cells.

    Raises:
        ReportError: the bytes are not text.
    """
    decoded = decode(content, name)
    page = _Page()
    page.feed(decoded.text)
    page.close()
    page.end_block()
    return Extract(lines=tuple(page.lines), title=page.title.strip(), notes=(decoded.note,) if decoded.note else ())


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[Line] = []
        self.title = ""
        self._hidden: list[str] = []
        self._in_title = False
        self._text = ""
        self._heading: int | None = None
        self._marker = ""
        self._lists: list[int | None] = []
        self._cells: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an element."""
        if tag == "title":
            self._in_title = True
        if tag in _HIDDEN or (tag == "a" and "skip" in (dict(attrs).get("class") or "")):
            # A link that skips the menu is for those who cannot see the page, and no word of the report.
            self._hidden.append(tag)
        if self._hidden:
            return  # a list of a menu gives no bullet to what follows it
        if self._cells is not None and tag not in {"tr", "table", "td", "th"}:
            self._text += " "
            return
        if tag in _BLOCKS:
            self.end_block()
        if re.fullmatch(r"h[1-6]", tag):
            self._heading = int(tag[1])
        elif tag in {"ul", "ol"}:
            start = dict(attrs).get("start") or "1"
            self._lists.append((int(start) if start.isdigit() else 1) if tag == "ol" else None)
        elif tag == "li":
            self._marker = self._next_marker()
        elif tag == "tr":
            self._cells = []

    def handle_endtag(self, tag: str) -> None:
        """Close an element."""
        if tag == "title":
            self._in_title = False
        if self._hidden:
            if tag == self._hidden[-1]:
                self._hidden.pop()
            return
        if self._cells is not None:
            if tag in {"td", "th"}:
                self._cells.append(" ".join(self._text.split()))
                self._text = ""
            if tag in {"tr", "table"}:
                self._end_row()
            return
        if tag in _BLOCKS:
            self.end_block()
        if tag in {"ul", "ol"} and self._lists:
            self._lists.pop()

    def handle_data(self, data: str) -> None:
        """Take text that is seen."""
        if self._in_title:
            self.title += data
        elif not self._hidden:
            self._text += data

    def end_block(self) -> None:
        """Write the block as a line, and a blank line after it."""
        text = " ".join(self._text.split())
        self._text = ""
        if text:
            number = len(self.lines) + 1
            self.lines.append(Line(number=number, text=f"{self._marker}{text}", heading=self._heading, joined=True))
            self.lines.append(Line(number=number + 1, text=""))
            self._marker = ""
        self._heading = None

    def _end_row(self) -> None:
        cells = tuple(self._cells or ())
        self._cells = None
        if any(cells):
            self.lines.append(Line(number=len(self.lines) + 1, text=" | ".join(cells), cells=cells, joined=True))

    def _next_marker(self) -> str:
        depth = max(len(self._lists) - 1, 0)
        count = self._lists[-1] if self._lists else None
        if count is None:
            return f"{'  ' * depth}- "
        self._lists[-1] = count + 1
        return f"{'  ' * depth}{count}. "
