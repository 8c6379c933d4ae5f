"""What is a Word document made of below what python-docx has words for? Runs, links, bookmarks, fields, and the cells of tables.

They are built as XML at once: through the library's objects a table of a thousand cells takes seconds.
"""

import hashlib
import re
from typing import Any, TypeAlias

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from bestvalue.documents.model import Emphasis, Inline, Strong

Element: TypeAlias = Any
"""An lxml element of WordprocessingML; the library has no types for them."""


def element(tag: str, *inner: Element, **attributes: str) -> Element:
    """One element in Word's namespace, with its attributes and what stands in it."""
    made = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), value)
    made.extend(inner)
    return made


def paragraph(style: str, *inner: Element) -> Element:
    """A paragraph in the style of that id."""
    return element("p", element("pPr", element("pStyle", val=style)), *inner)


def run(words: str, *, style: str = "") -> Element:
    """Words in one character style, or in none."""
    text = element("t")
    text.text = words
    text.set(qn("xml:space"), "preserve")
    return element("r", element("rPr", element("rStyle", val=style)), text) if style else element("r", text)


def tab() -> Element:
    """A tabulator, as between the number of a paragraph and its words."""
    return element("r", element("tab"))


def marked(part: Inline) -> Element:
    """Words that are no link, in the character style of their mark."""
    match part:
        case str():
            return run(part)
        case Strong():
            return run(part.words, style="Strong")
        case Emphasis():
            return run(part.words, style="Emphasis")
        case _:
            raise TypeError(f"a link is set by whoever knows where it leads: {part!r}")


def inner_link(words: str, *, to: str, style: str = "Hyperlink") -> Element:
    """A link to what has that id in the same report."""
    return element("hyperlink", run(words, style=style), anchor=bookmark_name(to), history="1")


def outer_link(words: str, *, relation: str) -> Element:
    """A link out of the document, through a relation of its part."""
    made = element("hyperlink", run(words, style="Hyperlink"), history="1")
    made.set(qn("r:id"), relation)
    return made


def bookmark(name: str, number: int, *inner: Element) -> tuple[Element, ...]:
    """What a link to `name` leads to. Bookmarks of one document have different numbers."""
    start = element("bookmarkStart", id=str(number), name=bookmark_name(name))
    return (start, *inner, element("bookmarkEnd", id=str(number)))


def bookmark_name(name: str) -> str:
    """An id as Word takes it: letters, digits and lines, at most 40; what is cut or changed is told apart by a digest.

    Example:
        >>> bookmark_name("section-3.2") == bookmark_name("section-3-2"), len(bookmark_name("x" * 99))
        (False, 40)
    """
    plain = re.sub(r"[^A-Za-z0-9]", "_", name)[:28]
    return f"to_{plain}_{hashlib.sha256(name.encode()).hexdigest()[:8]}"


def field(instruction: str, shown: str) -> tuple[Element, ...]:
    """A field with what it shows until the reader's program works it out anew."""
    return (*field_start(instruction), run(shown), field_end())


def field_start(instruction: str) -> tuple[Element, ...]:
    """The beginning of a field; what follows up to `field_end` is what it shows."""
    code = element("instrText")
    code.text = f" {instruction} "
    code.set(qn("xml:space"), "preserve")
    parts = (element("fldChar", fldCharType="begin"), code, element("fldChar", fldCharType="separate"))
    return tuple(element("r", part) for part in parts)


def field_end() -> Element:
    """The end of a field."""
    return element("r", element("fldChar", fldCharType="end"))
