"""A Word document (DOCX) piece by piece: headings, tables, pictures, links."""

import io
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple
from zipfile import BadZipFile

import docx
from docx.document import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Emu, RGBColor
from docx.table import Table
from docx.text.paragraph import Paragraph

from mali_incidents.errors import PublishError
from mali_incidents.publish.archives import OFFICE_DAY, office_file
from mali_incidents.publish.markup import own_line, xml_text
from mali_incidents.publish.styles import (
    CELL,
    HEAD_CELL,
    LINK,
    TABLE,
    set_language,
    set_styles,
    wrong_styles,
)

# What a link may lead to: nothing that does something on the reader's machine.
_ADDRESS: Final = re.compile(r"https?://[^\s<>\"\x00-\x20]+", re.IGNORECASE)
_ZERO: Final = Emu(0)
# A table of no more lines stands on one page.
_KEPT_WHOLE: Final = 18
# How far a cell's text stands from its edge, in twentieths of a point: the lines begin with text.
_MARGIN: Final = 70


class Link(NamedTuple):
    """A text that leads to an address; where that is no web address, the text alone."""

    text: str
    address: str | None


class Coloured(NamedTuple):
    """A sign in a colour (hex), with a text after it."""

    sign: str
    colour: str
    text: str


class Column(NamedTuple):
    """A column of a table: its head, its width in centimetres, whether it holds numbers."""

    head: str
    width: float
    numbers: bool = False


Piece = str | Link | Coloured
Content = Piece | Sequence[Piece]


def start_document(*, lang: str, template: str | Path | None = None) -> Document:
    """Begin a document.

    Parameters
    ----------
    lang : {"en", "fr"}
        The language of its text.
    template : str or pathlib.Path, optional
        A DOCX whose page, header, footer and styles to use; its text is left out.

    Returns
    -------
    docx.document.Document

    Raises
    ------
    PublishError
        When the template is no Word document, or has a style of another kind than a report needs.
    """
    document = docx.Document() if template is None else _read_template(template)
    body = document.element.body
    for element in list(body):
        if element.tag != qn("w:sectPr"):
            body.remove(element)
    # A picture of an empty page, which some programs would show for this one.
    for key, relation in list(document.part.package.rels.items()):
        if relation.reltype.endswith("/thumbnail"):
            del document.part.package.rels[key]
    # One without a section has no page yet.
    body.get_or_add_sectPr()
    if template is not None and (wrong := wrong_styles(document)):
        raise PublishError(
            f"cannot use the template {template}: a report sets {'; '.join(wrong)}. Rename these "
            "styles in it, or remove them: what a template lacks is added"
        )
    set_styles(document, house=template is not None)
    set_language(document, lang)
    return document


def _read_template(template: str | Path) -> Document:
    """Read a house's own DOCX; say what it is where it is none."""
    file = Path(template)
    if not file.is_file():
        came = "is a folder" if file.is_dir() else "is not there"
        raise PublishError(
            f"cannot use the template {template}: it {came}; give the path of a Word document "
            "(.docx)"
        )
    try:
        return docx.Document(str(file))
    except OSError as error:
        raise PublishError(f"cannot read the template {template}: {error.strerror}") from error
    # What is in the file decides what fails: no archive, no document in it, no XML.
    except (PackageNotFoundError, BadZipFile, KeyError, ValueError, SyntaxError) as error:
        came = "is empty" if not file.stat().st_size else "is something else, or damaged"
        if "wordprocessingml.template" in str(error):
            came = "is a template of Word's (.dotx)"
        raise PublishError(
            f"cannot use the template {template}: it {came}, not a Word document (.docx). Open it "
            "in Word or LibreOffice and save it as .docx"
        ) from error


def save_document(document: Document, path: Path, *, day: str | None = None) -> None:
    """Write a document without a clock: the same content gives the same bytes.

    Parameters
    ----------
    document : docx.document.Document
        The document.
    path : pathlib.Path
        The draft to write.
    day : str, optional
        The day that it says it was made, ``YYYY-MM-DD``.
    """
    saved = io.BytesIO()
    document.save(saved)
    office_file(saved, path, day=OFFICE_DAY if day is None else f"{day}T00:00:00Z")


def add_text(place: Any, content: Content, *, style: str) -> Paragraph:
    """Add a paragraph to a document, a cell, a header or a footer.

    Parameters
    ----------
    place : docx object
        What holds paragraphs.
    content : str, Link, Coloured or sequence of them
        What it says; blanks of all kinds become one, other than those that do not break.
    style : str
        The name of its style.

    Returns
    -------
    docx.text.paragraph.Paragraph
    """
    paragraph: Paragraph = place.add_paragraph(style=style)
    _fill(paragraph, content)
    return paragraph


def add_picture(
    document: Document,
    png: bytes,
    *,
    alt: str,
    width_cm: float,
    most_cm: float,
    caption: str = "",
) -> None:
    """Add a picture as wide as asked and no higher, with its text for those who do not see it."""
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.keep_with_next = bool(caption)
    paragraph.paragraph_format.space_after = _ZERO
    shape = paragraph.add_run().add_picture(io.BytesIO(png), width=Cm(width_cm))
    inline = shape._inline
    for side in "TBLR":
        # Where it is not said, LibreOffice leaves three millimetres.
        inline.set(f"dist{side}", "0")
    over = shape.height / Cm(most_cm)
    if over > 1:
        shape.width, shape.height = Emu(round(shape.width / over)), Cm(most_cm)
    # The library has no way for it yet.
    inline.docPr.set("descr", xml_text(alt))
    if caption:
        # A picture and what is said of it stand on one page.
        add_text(document, caption, style="Caption").paragraph_format.keep_together = True


def add_table(
    document: Document,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Content]],
    *,
    about: str,
    bold: Iterable[int] = (),
    whole: bool = True,
) -> Table:
    """Add a table whose heads stand again on each page.

    Parameters
    ----------
    document : docx.document.Document
        The document.
    columns : sequence of Column
        Its columns.
    rows : iterable of sequence
        What stands in each row, in the order of the columns.
    about : str
        What the table is about, for those who do not see it.
    bold : iterable of int
        Rows that are set in bold, the first is 0.
    whole : bool
        Whether it stands on one page, where it is short enough.

    Returns
    -------
    docx.table.Table
    """
    table = _bare_table(document, [column.width for column in columns], style=TABLE)
    properties = table._tbl.tblPr
    described = OxmlElement("w:tblDescription")
    described.set(qn("w:val"), xml_text(about))
    properties.append(described)
    heavy = set(bold)
    # Looking a style up for each cell would take most of the time.
    styles = {name: document.styles[name].style_id for name in (CELL, HEAD_CELL, LINK)}
    lines = [[column.head for column in columns], *rows]
    kept = whole and len(lines) <= _KEPT_WHOLE
    for number, row in enumerate(lines):
        head = number == 0
        line = table.add_row()  # type: ignore[no-untyped-call]
        settings = line._tr.get_or_add_trPr()
        settings.append(OxmlElement("w:cantSplit"))
        if head:
            settings.append(OxmlElement("w:tblHeader"))
        for cell, content, column in zip(line.cells, row, columns, strict=True):
            paragraph = cell.paragraphs[0]
            paragraph._p.style = styles[HEAD_CELL if head else CELL]
            if column.numbers:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            if kept and number < len(lines) - 1:
                paragraph.paragraph_format.keep_with_next = True
            _fill(paragraph, content, link=styles[LINK])
            if number - 1 in heavy:
                for run in paragraph.runs:
                    run.bold = True
    return table


def add_figures(
    document: Document,
    figures: Sequence[tuple[str, str]],
    *,
    widths: Sequence[float],
    styles: tuple[str, str],
) -> None:
    """Add numbers side by side, each over what it counts; widths in centimetres."""
    table = _bare_table(document, widths, style=None)
    line = table.add_row()  # type: ignore[no-untyped-call]
    for cell, pair in zip(line.cells, figures, strict=True):
        for paragraph, text, style in zip(
            (cell.paragraphs[0], cell.add_paragraph()), pair, styles, strict=True
        ):
            paragraph.style = style
            _fill(paragraph, text)


def add_page_numbers(paragraph: Paragraph, *, before: str) -> None:
    """Add a text and "page / pages" to a paragraph, as fields that the reader's program fills."""
    paragraph.add_run(own_line(before))
    _field(paragraph, "PAGE")
    paragraph.add_run(" / ")
    _field(paragraph, "NUMPAGES")


def _bare_table(document: Document, widths: Sequence[float], *, style: str | None) -> Table:
    """Add a table without rows, its columns as wide as asked."""
    table: Table = document.add_table(rows=0, cols=len(widths))
    if style is not None:
        table.style = style
    table.alignment = WD_TABLE_ALIGNMENT.LEFT
    table.autofit = False
    if style is not None:
        indent = OxmlElement("w:tblInd")
        indent.set(qn("w:w"), str(_MARGIN))
        indent.set(qn("w:type"), "dxa")
        layout = table._tbl.tblPr.find(qn("w:tblLayout"))
        layout.addprevious(indent)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)
    return table


def _fill(paragraph: Paragraph, content: Content, *, link: str | None = None) -> None:
    """Write text, links and signs into a paragraph."""
    pieces = [content] if isinstance(content, str | Link | Coloured) else content
    for piece in pieces:
        if isinstance(piece, Link):
            _add_link(paragraph, piece, style=link)
        elif isinstance(piece, Coloured):
            sign = paragraph.add_run(f"{piece.sign} ")
            sign.font.color.rgb = RGBColor.from_string(piece.colour.removeprefix("#"))
            paragraph.add_run(own_line(piece.text))
        else:
            paragraph.add_run(own_line(piece))


def _add_link(paragraph: Paragraph, link: Link, *, style: str | None) -> None:
    """Add a link, or its text alone where the address is none of the web."""
    text = own_line(link.text)
    if link.address is None or not _ADDRESS.fullmatch(link.address):
        paragraph.add_run(text)
        return
    address = xml_text(link.address)
    number = paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    element = OxmlElement("w:hyperlink")
    element.set(qn("r:id"), number)
    run = paragraph.add_run(text)
    if style is None:
        run.style = LINK
    else:
        run._r.style = style
    element.append(run._r)
    paragraph._p.append(element)


def _field(paragraph: Paragraph, code: str) -> None:
    """Add a field of Word's."""
    instruction = OxmlElement("w:instrText")
    instruction.text = code
    marks = {}
    for kind in ("begin", "separate", "end"):
        marks[kind] = OxmlElement("w:fldChar")
        marks[kind].set(qn("w:fldCharType"), kind)
    for part in (marks["begin"], instruction, marks["separate"]):
        paragraph.add_run()._r.append(part)
    paragraph.add_run("1")
    paragraph.add_run()._r.append(marks["end"])
