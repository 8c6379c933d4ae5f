"""How does a report look in Word? By styles alone, so that an office can give it a look of its own without touching a paragraph.

The base is the blank document of python-docx, which has Word's own styles; here they get our look, and the ones that it lacks.
"""

from dataclasses import dataclass
from typing import Any

from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml.ns import qn
from docx.shared import Length, Mm, Pt, RGBColor

from bestvalue.documents.word_elements import element

FONT = "Arial"
"""On every machine that opens Word documents, or with a twin of the same widths."""
INK, QUIET, BLUE, GREEN, GREY, LINK = "0B0C0C", "484F54", "12436D", "00703C", "B1B4B6", "1A5A92"
INDENT, HANG = Mm(15), Mm(5)
"""From the number of a paragraph to its words, and from the mark of a list to its."""
TEXT_WIDTH = Mm(168)


@dataclass(frozen=True, kw_only=True)
class Look:
    """How one style looks.

    Args:
        name: as Word shows it; one that is there is changed, another is made.
        size_points: of the letters; 0 as the style it is based on.
        before_points, after_points: space above and below.
        kind: paragraph or character style.
        edge, wash: colours of a line at the left and of the ground; empty for none.
        keep_next: never the last line of a page.
    """

    name: str
    size_points: float = 0
    bold: bool | None = None
    colour: str = INK
    before_points: float = 0
    after_points: float = 6
    based_on: str = "Normal"
    kind: WD_STYLE_TYPE = WD_STYLE_TYPE.PARAGRAPH
    edge: str = ""
    wash: str = ""
    keep_next: bool = False


BUILT_IN = {"toc 1": "TOC1", "toc 2": "TOC2", "Hyperlink": "Hyperlink"}
"""Styles that Word knows, and by which id, though the blank document lacks them."""

LOOKS = (
    Look(name="Title", size_points=28, bold=True, before_points=90, after_points=10),
    Look(name="Subtitle", size_points=15, bold=False, colour=QUIET, after_points=24),
    Look(name="Heading 1", size_points=19, bold=True, before_points=30, after_points=10, keep_next=True),
    Look(name="Heading 2", size_points=14, bold=True, before_points=20, after_points=8, keep_next=True),
    Look(name="Heading 3", size_points=11.5, bold=True, before_points=14, after_points=6, keep_next=True),
    Look(name="TOC Heading", size_points=19, bold=True, after_points=10, keep_next=True),
    Look(name="toc 1", bold=True, before_points=6, after_points=2),
    Look(name="toc 2", after_points=1),
    Look(name="Numbered Paragraph"),
    Look(name="List Bullet", after_points=4),
    Look(name="List Number", after_points=4),
    Look(name="Quote"),
    Look(name="Quote Source", size_points=9, colour=QUIET),
    Look(name="Caption", size_points=10, bold=True, before_points=14, after_points=4, keep_next=True),
    Look(name="Picture", after_points=6, keep_next=True),
    Look(name="Table Text", size_points=8.5, before_points=2, after_points=2),
    Look(name="Table Number", based_on="Table Text", before_points=2, after_points=2),
    Look(name="Wide Table Text", size_points=7, based_on="Table Text", before_points=2, after_points=2),
    Look(name="Wide Table Number", size_points=7, based_on="Table Number", before_points=2, after_points=2),
    Look(name="Table Note", size_points=8.5, colour=QUIET, before_points=3, after_points=6),
    Look(name="Box Recommendation", edge=BLUE, wash="F2F6F9", after_points=4),
    Look(name="Box Good Practice", edge=GREEN, wash="F0F7F3", after_points=4),
    Look(name="Box Notice", edge="B58800", wash="FFF7DF", after_points=4),
    Look(name="Spacer", size_points=4),
    Look(name="Issuer", size_points=13, bold=True, colour=BLUE),
    Look(name="Marking", size_points=9, bold=True, after_points=0),
    Look(name="Header", size_points=8, colour=QUIET, after_points=0),
    Look(name="Footer", size_points=8, colour=QUIET, after_points=0),
    Look(name="Number", colour=BLUE, kind=WD_STYLE_TYPE.CHARACTER, based_on="Default Paragraph Font"),
    Look(name="Hyperlink", colour=LINK, kind=WD_STYLE_TYPE.CHARACTER, based_on="Default Paragraph Font"),
)


def dress(document: Document, *, language: str) -> None:
    """Give a blank document our page, language and styles."""
    _set_defaults(document, language)
    for look in LOOKS:
        _set_style(document, look)
    _set_layout(document)
    _add_table_style(document)
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = Mm(21)
    page.top_margin, page.bottom_margin = Mm(27), Mm(24)
    page.header_distance = page.footer_distance = Mm(11)


def _set_defaults(document: Document, language: str) -> None:
    defaults = document.styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    _replace(defaults, element("rFonts", ascii=FONT, hAnsi=FONT, eastAsia=FONT, cs=FONT))
    defaults.find(qn("w:lang")).set(qn("w:val"), language)
    settings = document.settings.element
    settings.find(qn("w:themeFontLang")).set(qn("w:val"), language)
    for setting in settings.iter(qn("w:compatSetting")):
        if setting.get(qn("w:name")) == "compatibilityMode":
            setting.set(qn("w:val"), "15")  # else Word opens the file in its compatibility mode of 2010
    normal = document.styles["Normal"]
    normal.font.size, normal.font.color.rgb = Pt(10.5), RGBColor.from_string(INK)
    normal.paragraph_format.space_after, normal.paragraph_format.line_spacing = Pt(6), 1.15


def _set_style(document: Document, look: Look) -> None:
    known = {style.name: style for style in document.styles}
    style = known.get(look.name) or _made_style(document, look)
    if style.name != look.based_on:
        style.base_style = document.styles[look.based_on]
    style.hidden = style.unhide_when_used = False
    # Word's own headings take their letters and colours from the theme, which would win over ours.
    properties = style.element.get_or_add_rPr()
    for tag in ("w:rFonts", "w:color", "w:spacing", "w:kern"):
        for found in properties.findall(qn(tag)):
            properties.remove(found)
    style.font.color.rgb = RGBColor.from_string(look.colour)
    if look.size_points:
        style.font.size = Pt(look.size_points)
    if look.bold is not None:
        style.font.bold, style.font.italic = look.bold, False
    if look.kind == WD_STYLE_TYPE.PARAGRAPH:
        _set_paragraphs(style, look)


def _made_style(document: Document, look: Look) -> Any:
    built_in = BUILT_IN.get(look.name)
    made = document.styles.add_style(look.name, look.kind, builtin=built_in is not None)
    if built_in is not None:
        made.element.styleId = built_in
    return made


def _set_paragraphs(style: Any, look: Look) -> None:
    how = style.paragraph_format
    how.space_before, how.space_after, how.keep_with_next = Pt(look.before_points), Pt(look.after_points), look.keep_next
    properties = style.element.get_or_add_pPr()
    for tag in ("w:pBdr", "w:contextualSpacing"):
        for found in properties.findall(qn(tag)):
            properties.remove(found)
    if look.edge:
        edge = element("left", val="single", sz="24", space="8", color=look.edge)
        properties.insert_element_before(element("pBdr", edge), "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:outlineLvl")
        ground = element("shd", val="clear", color="auto", fill=look.wash)
        properties.insert_element_before(ground, "w:tabs", "w:spacing", "w:ind", "w:jc", "w:outlineLvl")
        how.left_indent, how.right_indent = Mm(4), Mm(2)


def _set_layout(document: Document) -> None:
    """Where the lines of each style begin."""
    styles = document.styles
    numbered = styles["Numbered Paragraph"].paragraph_format
    numbered.left_indent, numbered.first_line_indent = INDENT, -INDENT
    numbered.tab_stops.add_tab_stop(INDENT)
    _indent_lists(document)
    styles["Hyperlink"].font.underline = True  # colour alone would not tell a link from the words around it
    for name in ("Quote", "Quote Source"):
        styles[name].paragraph_format.left_indent = INDENT
    styles["toc 2"].paragraph_format.left_indent = Mm(6)
    for name, at in (("Table Number", "right"), ("Wide Table Number", "right"), ("Marking", "center")):
        styles[name].element.get_or_add_pPr().append(element("jc", val=at))
    for name in ("Table Text", "Table Number", "Wide Table Text", "Wide Table Number"):
        styles[name].paragraph_format.line_spacing = 1.0
    for name in ("Header", "Footer"):
        stops = styles[name].paragraph_format.tab_stops
        while len(stops):
            del stops[0]


def _indent_lists(document: Document) -> None:
    """Lists begin where the words of numbered paragraphs do. Their indent belongs to the numbering, which wins over the style."""
    for level in document.part.numbering_part.element.iter(qn("w:lvl")):
        style = level.find(qn("w:pStyle"))
        if style is not None and style.get(qn("w:val")) in {"ListBullet", "ListNumber"}:
            properties = level.find(qn("w:pPr"))
            for found in list(properties):
                properties.remove(found)
            properties.append(element("ind", left=str(Length(INDENT + HANG).twips), hanging=str(HANG.twips)))


def _add_table_style(document: Document) -> None:
    line = {"val": "single", "sz": "4", "space": "0", "color": GREY}
    heavy = {"val": "single", "sz": "8", "space": "0", "color": INK}
    document.styles.element.append(
        element(
            "style",
            element("name", val="Report Table"),
            element("basedOn", val="TableNormal"),
            element("uiPriority", val="59"),
            element("qFormat"),
            element(
                "tblPr",
                element("tblBorders", element("bottom", **line), element("insideH", **line)),
                element("tblCellMar", element("left", w="70", type="dxa"), element("right", w="70", type="dxa")),
            ),
            element(
                "tblStylePr",
                element("rPr", element("b")),
                element("tcPr", element("tcBorders", element("bottom", **heavy)), element("vAlign", val="bottom")),
                type="firstRow",
            ),
            type="table",
            styleId="ReportTable",
            customStyle="1",
        )
    )


def _replace(properties: Any, made: Any) -> None:
    for found in properties.findall(made.tag):
        properties.remove(found)
    properties.insert(0, made)
