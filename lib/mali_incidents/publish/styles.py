"""The look of a report: real styles, so that a house's own template can replace it."""

from collections.abc import Callable
from typing import Any, Final

from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_LINE_SPACING
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt, RGBColor
from docx.styles.style import ParagraphStyle

CELL: Final = "Incident Cell"
HEAD_CELL: Final = "Incident Cell Head"
FIGURE: Final = "Key Figure"
LABEL: Final = "Key Label"
NOTICE: Final = "Release Notice"
SMALL: Final = "Small Print"
TABLE: Final = "Incident Table"
LINK: Final = "Hyperlink"

_FONT: Final = "Arial"
_INK, _DARK, _SOFT, _LINK_BLUE = (
    RGBColor.from_string(one) for one in ("22262B", "1F3A4D", "5A626B", "1A5A96")
)
# Points; before and after a paragraph, size, whether bold, its colour, whether kept with the next.
_LOOKS: Final[dict[str, tuple[float, float, float, bool, RGBColor, bool]]] = {
    "Normal": (0, 5, 10, False, _INK, False),
    "Title": (0, 2, 22, True, _DARK, True),
    "Subtitle": (0, 8, 11.5, False, _SOFT, True),
    "Heading 1": (16, 5, 14, True, _DARK, True),
    "Heading 2": (10, 3, 11, True, _DARK, True),
    "Caption": (3, 6, 8.5, False, _SOFT, False),
    "List Bullet": (0, 3, 10, False, _INK, False),
    "Header": (0, 0, 8, False, _SOFT, False),
    "Footer": (0, 0, 8, False, _SOFT, False),
    CELL: (1.5, 1.5, 8.5, False, _INK, False),
    HEAD_CELL: (2, 2, 8.5, True, _DARK, True),
    FIGURE: (4, 0, 17, True, _DARK, True),
    LABEL: (0, 4, 8.5, False, _SOFT, False),
    NOTICE: (0, 8, 9.5, True, RGBColor.from_string("7A1F1F"), False),
    SMALL: (3, 3, 8.5, False, _SOFT, False),
}
# Thin lines under rows, a darker one under the heads: nothing that a reader has to look past.
_TABLE_XML: Final = f"""
<w:style {nsdecls("w")} w:type="table" w:customStyle="1" w:styleId="IncidentTable">
  <w:name w:val="{TABLE}"/><w:uiPriority w:val="99"/>
  <w:tblPr><w:tblBorders>
    <w:top w:val="single" w:sz="8" w:space="0" w:color="1F3A4D"/>
    <w:bottom w:val="single" w:sz="8" w:space="0" w:color="1F3A4D"/>
    <w:insideH w:val="single" w:sz="4" w:space="0" w:color="D5DAE0"/>
  </w:tblBorders><w:tblCellMar>
    <w:left w:w="70" w:type="dxa"/><w:right w:w="70" w:type="dxa"/>
  </w:tblCellMar></w:tblPr>
  <w:tblStylePr w:type="firstRow"><w:tcPr>
    <w:tcBorders><w:bottom w:val="single" w:sz="8" w:space="0" w:color="1F3A4D"/></w:tcBorders>
    <w:shd w:val="clear" w:color="auto" w:fill="EEF2F5"/>
  </w:tcPr></w:tblStylePr>
</w:style>
"""


def wrong_styles(document: Document) -> list[str]:
    """Say which styles of a template are of another kind than a report needs.

    Parameters
    ----------
    document : docx.document.Document
        The template.

    Returns
    -------
    list of str
        Each style, what it must be and what it is; empty when all is well.
    """
    wanted = {**dict.fromkeys(_LOOKS, WD_STYLE_TYPE.PARAGRAPH), TABLE: WD_STYLE_TYPE.TABLE}
    wanted[LINK] = WD_STYLE_TYPE.CHARACTER
    return [
        f"{style.name!r} as a {wanted[style.name].name.lower()} style, and there it is a "
        f"{style.type.name.lower()} style"
        for style in document.styles
        if style.name in wanted and style.type != wanted[style.name]
    ]


def set_styles(document: Document, *, house: bool) -> None:
    """Give a document the styles that a report uses.

    Parameters
    ----------
    document : docx.document.Document
        The document, changed in place.
    house : bool
        Whether it is a house's own template: what it has stays as it is, what it lacks is added.
    """
    styles = document.styles
    there = {style.name for style in styles}
    for name, look in _LOOKS.items():
        if name not in there:
            style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
            style.base_style = styles["Normal"]
        elif house:
            continue
        _dress(styles[name], *look)
    if TABLE not in there:
        styles.element.append(parse_xml(_TABLE_XML))
    if LINK not in there:
        style = styles.add_style(LINK, WD_STYLE_TYPE.CHARACTER)
        style.font.color.rgb, style.font.underline = _LINK_BLUE, True
    section = document.sections[0]
    if not house or section.page_width is None:
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = Cm(2)
        section.top_margin, section.bottom_margin = Cm(2), Cm(1.9)
        section.header_distance = section.footer_distance = Cm(0.9)


def set_language(document: Document, lang: str) -> None:
    """Set the language that the text is in, for spelling and for those who are read to."""
    code = {"en": "en-GB", "fr": "fr-FR"}[lang]
    defaults = document.styles.element.find(qn("w:docDefaults"))
    changed = list(document.styles.element.iter(qn("w:lang")))
    if not changed and defaults is not None:
        properties = defaults.find(f"{qn('w:rPrDefault')}/{qn('w:rPr')}")
        if properties is not None:
            changed = [_add(properties, "w:lang")]
    normal = document.styles["Normal"].element.get_or_add_rPr()
    changed.append(_add(normal, "w:lang"))
    for element in changed:
        element.set(qn("w:val"), code)
    document.core_properties.language = code


def _add(parent: Any, tag: str) -> Any:
    """Add an empty element, or give the one that is there."""
    found = parent.find(qn(tag))
    if found is None:
        found = parent.makeelement(qn(tag))
        parent.append(found)
    return found


def _dress(
    style: ParagraphStyle,
    before: float,
    after: float,
    size: float,
    bold: bool,  # noqa: FBT001 -- a row of a table of looks
    colour: RGBColor,
    keep: bool,  # noqa: FBT001
) -> None:
    """Give a style of paragraphs its look."""
    font, layout = style.font, style.paragraph_format
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    # A theme's font would win over the one named.
    fonts.attrib.clear()
    for script in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{script}"), _FONT)
    font.size, font.bold, font.italic, font.color.rgb = Pt(size), bold, False, colour
    layout.space_before, layout.space_after = Pt(before), Pt(after)
    layout.keep_with_next = keep
    layout.line_spacing_rule = WD_LINE_SPACING.SINGLE
    if style.name == "Title":
        _without(style.element.get_or_add_pPr(), "w:pBdr")
    _without(style.element.get_or_add_rPr(), "w:spacing", "w:kern")


def _without(parent: Any, *tags: str) -> None:
    """Take elements away."""
    drop: Callable[[Any], object] = parent.remove
    for tag in tags:
        for found in parent.findall(qn(tag)):
            drop(found)
