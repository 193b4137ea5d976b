"""Figures as files: PDF and SVG whose text is text, and PNG; the same bytes each time."""

import base64
import io
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple
from xml.sax.saxutils import escape, quoteattr

import matplotlib.style
from fontTools import subset
from fontTools.ttLib import TTFont
from matplotlib.backends.backend_pdf import PdfPages
from matplotlib.figure import Figure
from matplotlib.font_manager import findfont
from matplotlib.text import Text
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import Link
from pypdf.generic import (
    ArrayObject,
    BooleanObject,
    DictionaryObject,
    Fit,
    IndirectObject,
    NameObject,
    NumberObject,
    StreamObject,
    TextStringObject,
)

from mali_incidents.errors import MapError
from mali_incidents.maps.figure import LOOK, figure_png
from mali_incidents.maps.sheet import FAMILY, About, SheetFigure, Style, font_of
from mali_incidents.storage import write_bytes

_PROGRAM: Final = "mali-incidents"
_KINDS: Final = (".pdf", ".svg", ".png")
_LEAST_DPI, _MOST_DPI = 36, 600
_VECTORS: Final[dict[str, Any]] = {
    # TrueType, whole letters with what they mean: text that can be selected, searched and read out.
    "pdf.fonttype": 42,
    "pdf.compression": 9,
    "svg.fonttype": "none",
    # Without it every name inside an SVG is new each time.
    "svg.hashsalt": _PROGRAM,
}
_NO_DATE: Final = {"CreationDate": None, "Creator": _PROGRAM, "Producer": _PROGRAM}
_NONE: Final = "there is no figure to write: an iterator can be gone through only once"


class Jump(NamedTuple):
    """A place on one page that leads to another page.

    Attributes
    ----------
    page : int
        The page it stands on, from 0.
    box : tuple of float
        Left, bottom, right and top in points, from the lower left of the page.
    to : int
        The page it leads to.
    """

    page: int
    box: tuple[float, float, float, float]
    to: int


def write_figure(
    figures: Figure | Iterable[Figure], path: str | Path, *, dpi: float = 200
) -> tuple[Path, ...]:
    """Write a figure, or the pages of several, as the ending of a name asks.

    Parameters
    ----------
    figures : matplotlib.figure.Figure or iterable of it
        What :func:`incident_figure`, :func:`incident_multiples` or :func:`incident_atlas` gives.
    path : str or pathlib.Path
        Where the file is to stand: ``.pdf``, ``.svg`` or ``.png``. Several pages are one PDF; of
        the other two each page is a file of its own, with ``-1``, ``-2`` before the ending.
    dpi : float
        Dots per inch of a PNG, 36 to 600.

    Returns
    -------
    tuple of pathlib.Path
        The files written, whose bytes are the same for the same figures. Title, language and what
        the figure shows in words travel in each: as a PDF's title and subject, an SVG's ``title``
        and ``desc``, a PNG's Title and Description. Fonts are embedded.

    Raises
    ------
    MapError
        When the ending is none of these, the dots per inch are too few or too many, or there is
        no figure.
    PublishError
        When a file cannot be written; what stood there before still stands.
    """
    file = Path(path)
    if wrong := wrong_with_file(file, dpi=dpi):
        raise MapError("; ".join(wrong))
    kind = file.suffix.lower()
    pages = [figures] if isinstance(figures, Figure) else figures
    if kind == ".pdf":
        return (write_bytes(file, figures_pdf(pages)),)
    drawn = [figure_svg(one) if kind == ".svg" else _png(one, dpi) for one in pages]
    if not drawn:
        raise MapError(_NONE)
    if len(drawn) == 1:
        return (write_bytes(file, drawn[0]),)
    digits = len(str(len(drawn)))
    return tuple(
        write_bytes(file.with_name(f"{file.stem}-{number:0{digits}d}{file.suffix}"), content)
        for number, content in enumerate(drawn, start=1)
    )


def wrong_with_file(path: str | Path, *, dpi: float) -> list[str]:
    """Say why no figure can be written as a file.

    Parameters
    ----------
    path : str or pathlib.Path
        Where the file is to stand.
    dpi : float
        Dots per inch of a PNG.

    Returns
    -------
    list of str
        What is wrong, in words; empty when all is well.
    """
    file = Path(path)
    wrong = []
    if file.suffix.lower() not in _KINDS:
        wrong.append(f"a figure is written as {', '.join(_KINDS)}, got {file.name!r}")
    elif file.is_dir():
        wrong.append(f"a figure is written to a file, and {file} is a folder: name a file in it")
    if not _LEAST_DPI <= dpi <= _MOST_DPI:
        wrong.append(f"dpi must be {_LEAST_DPI} to {_MOST_DPI}, got {dpi!r}")
    return wrong


def figures_pdf(
    figures: Iterable[Figure],
    *,
    about: About | None = None,
    chapters: Sequence[tuple[str, int]] = (),
    jumps: Sequence[Jump] = (),
) -> bytes:
    """Write figures as the pages of one PDF.

    Parameters
    ----------
    figures : iterable of matplotlib.figure.Figure
        The pages, each drawn and let go of before the next is asked for.
    about : About, optional
        What the document is; what its first page is by default.
    chapters : sequence of (str, int)
        What a reader's contents list, and their pages, from 0.
    jumps : sequence of Jump
        Places that lead to other pages.

    Returns
    -------
    bytes
        Tagged for those who are read to: a figure's page has its alternative text, a list is read.

    Raises
    ------
    MapError
        When there is no figure.
    """
    raw = io.BytesIO()
    described = []
    with matplotlib.style.context([*LOOK, _VECTORS]), PdfPages(raw, metadata=_NO_DATE) as pages:
        for figure in figures:
            pages.savefig(figure)
            described.append(_about(figure))
            about = about or described[-1]
        if not pages.get_pagecount():
            raise MapError(_NONE)
        if about is not None:
            pages.infodict().update(Title=about.title, Subject=about.alt_text)
    # matplotlib writes neither the language, nor what is read out, nor contents and links.
    writer = PdfWriter(clone_from=PdfReader(raw))
    root = writer.root_object
    if about is not None:
        root[NameObject("/Lang")] = TextStringObject(about.lang)
    root[NameObject("/ViewerPreferences")] = _entries(DisplayDocTitle=BooleanObject(value=True))
    _tag(writer, described)
    for title, page in chapters:
        writer.add_outline_item(title=title, page_number=page)
    for jump in jumps:
        leads = Link(rect=jump.box, target_page_index=jump.to, fit=Fit.fit())
        writer.add_annotation(page_number=jump.page, annotation=leads)
    whole = io.BytesIO()
    writer.write(whole)
    return whole.getvalue()


def _tag(writer: PdfWriter, described: Sequence[About | None]) -> None:
    """Say what each page is, as PDF 1.7 (ISO 32000-1, 14.7 and 14.8) has it.

    A page is one Figure with its alternative text, or a text in the order it was drawn.
    """
    tree = DictionaryObject()
    root = writer._add_object(tree)
    document = _entries(Type="/StructElem", S="/Document", P=root)
    whole = writer._add_object(document)
    kinds = ["/P" if about is not None and about.is_read else "/Figure" for about in described]
    begin = {kind: _stream(writer, f"{kind} <</MCID 0>> BDC") for kind in sorted({*kinds})}
    end = _stream(writer, "EMC")
    parts: list[IndirectObject] = []
    for page, kind, about in zip(writer.pages, kinds, described, strict=True):
        part = _entries(
            Type="/StructElem", S=kind, P=whole, Pg=page.indirect_reference, K=NumberObject(0)
        )
        if about is not None and not about.is_read:
            part.update(_entries(Alt=TextStringObject(about.alt_text)))
        content = page.raw_get("/Contents")
        page[NameObject("/Contents")] = ArrayObject([begin[kind], content, end])
        page.update(_entries(StructParents=NumberObject(len(parts)), Tabs="/S"))
        parts.append(writer._add_object(part))
    document.update(_entries(K=ArrayObject(parts)))
    numbers = [
        one for at, part in enumerate(parts) for one in (NumberObject(at), ArrayObject([part]))
    ]
    tree.update(
        _entries(
            Type="/StructTreeRoot",
            K=ArrayObject([whole]),
            ParentTree=_entries(Nums=ArrayObject(numbers)),
            ParentTreeNextKey=NumberObject(len(parts)),
        )
    )
    marked = _entries(Marked=BooleanObject(value=True))
    writer.root_object.update(_entries(StructTreeRoot=root, MarkInfo=marked))


def _entries(**values: Any) -> DictionaryObject:
    """Make a PDF's dictionary; a text that is given plain is a name."""
    return DictionaryObject(
        {
            NameObject(f"/{key}"): NameObject(value) if type(value) is str else value
            for key, value in values.items()
        }
    )


def _stream(writer: PdfWriter, content: str) -> IndirectObject:
    """Add a piece of what a page draws."""
    stream = StreamObject()
    stream.set_data(content.encode())
    return writer._add_object(stream)


def figure_svg(figure: Figure) -> bytes:
    """Write a figure as an SVG with its fonts inside.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        The figure.

    Returns
    -------
    bytes
        Its text is text; only the letters that it has are in the fonts.
    """
    raw = io.BytesIO()
    with matplotlib.style.context([*LOOK, _VECTORS]):
        figure.savefig(raw, format="svg", metadata={"Date": None, "Creator": _PROGRAM})
    svg = raw.getvalue().decode()
    head, body = re.split(r"(?<=<svg )", svg, maxsplit=1)
    opening, rest = body.split(">", maxsplit=1)
    said = ""
    if (about := _about(figure)) is not None:
        title, alt_text, lang, _ = about
        opening += (
            f' role="img" xml:lang={quoteattr(lang)} aria-labelledby="figure-title figure-desc"'
        )
        said = (
            f'\n <title id="figure-title">{escape(title)}</title>'
            f'\n <desc id="figure-desc">{escape(alt_text)}</desc>'
        )
    fonts = "".join(_font_face(figure, weight=weight) for weight in (400, 700))
    return f"{head}{opening}>{said}\n <style>{fonts}</style>{rest}".encode()


def _about(figure: Figure) -> About | None:
    """Give what a figure is in words; None for one of another's making."""
    return figure.about if isinstance(figure, SheetFigure) else None


def _png(figure: Figure, dpi: float) -> bytes:
    """Write a figure as a PNG that says what it shows."""
    about = _about(figure)
    if about is None:
        return figure_png(figure, dpi=dpi)
    title, alt_text, lang, _ = about
    return figure_png(figure, dpi=dpi, texts={"Title": title, "Description": alt_text}, lang=lang)


def _font_face(figure: Figure, *, weight: int) -> str:
    """Give a style rule with the letters of one weight that a figure has."""
    letters = {
        letter
        for text in figure.findobj(Text)
        if text.get_fontweight() == weight
        for letter in text.get_text()
    }
    if not letters:
        return ""
    file = findfont(font_of(Style(10, weight=weight)))
    options = subset.Options(flavor="woff", recalc_timestamp=False, notdef_outline=True)
    # The notes of the program the font was made with.
    options.drop_tables += ["FFTM"]
    cut = subset.Subsetter(options)
    cut.populate(text="".join(sorted(letters)))
    # As it is in the font: with the time of now, each file would be another one.
    font = TTFont(file, recalcTimestamp=False)
    cut.subset(font)
    font.flavor = "woff"
    woff = io.BytesIO()
    font.save(woff)
    data = base64.b64encode(woff.getvalue()).decode()
    return (
        f"@font-face{{font-family:'{FAMILY}';font-weight:{weight};"
        f"src:url(data:font/woff;base64,{data}) format('woff')}}"
    )
