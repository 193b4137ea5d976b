"""Executed notebooks as papers to hand over: DOCX and PDF, maps as pictures, without their code.

pandoc reads what the cells left and writes the DOCX; for the PDF it writes typst's markup, which
typst sets. Both come as packages, so that no TeX and no browser is needed.
"""

import io
import json
import re
import warnings
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import docx
import matplotlib as mpl
import pypandoc
import typst
from bs4 import BeautifulSoup, Tag
from docx.shared import Mm, Pt
from nbconvert import HTMLExporter

from mali_incidents.publish.archives import office_file
from mali_incidents.storage import write_bytes, write_text

# How many letters a line of a table holds, and the most that a column asks for.
_LINE, _WIDEST = 84, 90
# What nbconvert says of a picture that says nothing of itself.
_NO_WORDS: Final = "No description has been provided for this image"
# typst has one notion of a page; pandoc gives it headings, tables and pictures.
_LOOK: Final = """
#set page(paper: "a4", margin: (x: 1.9cm, top: 2cm, bottom: 2.2cm), numbering: "1 / 1")
#set text(font: "DejaVu Sans", size: 9.5pt)
#set par(leading: 0.72em, spacing: 1.1em)
#set table(inset: (x: 5pt, y: 4.5pt), stroke: (x: none, y: 0.5pt + luma(205)), align: left)
#set figure(numbering: none)
#set figure.caption(separator: none)
#show figure: set block(breakable: true)
#show table: set align(left)
#show table: set text(size: 7.8pt, hyphenate: true)
#show table: set par(leading: 0.6em)
#show table.cell.where(y: 0): set text(weight: "bold")
#show raw: set text(font: "DejaVu Sans Mono", size: 8.6pt)
#show link: set text(fill: rgb("#0b57d0"))
#show heading: set block(above: 1.9em, below: 0.9em, sticky: true)
#show heading.where(level: 1): set text(size: 17pt)
#show heading.where(level: 2): set text(size: 12.5pt)
#show title: set text(size: 19pt)
#let horizontalrule = line(length: 100%, stroke: 0.5pt + luma(180))
"""


def write_papers(content: Any, path: str | Path, *, title: str, lang: str) -> list[Path]:
    """Write an executed notebook as DOCX and as PDF.

    Parameters
    ----------
    content : nbformat.NotebookNode
        The executed notebook.
    path : str or pathlib.Path
        Where the files are to stand, without an ending.
    title : str
        The papers' title; a first heading that says the same is not said twice.
    lang : str
        Their language, BCP 47.

    Returns
    -------
    list of pathlib.Path
        The DOCX and the PDF: the same bytes for the same content.

    Raises
    ------
    PublishError
        When a file cannot be written.
    """
    page = _as_page(content, title)
    place = Path(path)
    return [
        write_bytes(place.with_name(f"{place.name}.docx"), _docx(page, title=title, lang=lang)),
        write_bytes(place.with_name(f"{place.name}.pdf"), _pdf(page, title=title, lang=lang)),
    ]


def _as_page(content: Any, title: str) -> str:
    """Write what a reader of a paper reads as plain HTML: words, tables, pictures."""
    exporter = HTMLExporter(  # type: ignore[no-untyped-call]
        template_name="basic", exclude_input=True, exclude_output_prompt=True
    )
    page, _ = exporter.from_notebook_node(content)
    soup = BeautifulSoup(page, "html.parser")
    for live in soup.select("iframe.mali-live"):
        # The still picture stands before the live map that covers it on a screen.
        _keep_picture(soup, live)
    for unread in soup.select("style, script, iframe, .anchor-link"):
        unread.decompose()
    for named in soup.select("[id]"):
        # pandas draws ids at random, and pandoc keeps them.
        del named["id"]
    for picture in soup.select("img"):
        if picture.get("alt", _NO_WORDS) == _NO_WORDS:
            # A plot is what its chapter is about.
            chapter = picture.find_previous(["h1", "h2", "h3"])
            picture["alt"] = chapter.get_text().strip() if chapter else ""
        # Nothing is fetched: a picture is in the notebook, or its words stand for it.
        if not str(picture.get("src", "")).startswith("data:image/"):
            picture.replace_with(str(picture.get("alt", "")))
    for table in soup.select("table"):
        _set_widths(soup, table)
    heading = soup.find("h1")
    if heading is not None and heading.get_text().strip() == title:
        heading.decompose()
    return str(soup)


def _keep_picture(soup: BeautifulSoup, live: Tag) -> None:
    """Let a map's picture stand for the map."""
    shown = live.find_parent("div")
    picture = shown.find("img") if shown is not None else None
    if isinstance(picture, Tag) and shown is not None:
        alone = soup.new_tag("p")
        del picture["style"]
        picture["width"] = "100%"
        alone.append(picture.extract())
        shown.replace_with(alone)


def _set_widths(soup: BeautifulSoup, table: Tag) -> None:
    """Make columns as wide as what stands in them asks for."""
    rows = [row.find_all(["th", "td"]) for row in table.find_all("tr")]
    if not rows or any(cell.get("colspan") or cell.get("rowspan") for row in rows for cell in row):
        return
    columns = [
        [row[at].get_text().strip() for row in rows if at < len(row)]
        for at in range(max(map(len, rows)))
    ]
    # Each has room for its longest word, and what is left goes where most is written.
    least = [_longest_word(texts, r"[\s/-]") for texts in columns]
    if sum(least) > _LINE:
        least = [_longest_word(texts, r"[\s/_-]") for texts in columns]
        # Columns' names may then be parted where their words are.
        for name in table.select("th"):
            name.string = name.get_text().replace("_", "_\u200b")
    more = [
        max(0, min(max(map(len, texts)), _WIDEST) - room)
        for texts, room in zip(columns, least, strict=True)
    ]
    share = min(1, max(0, _LINE - sum(least)) / max(1, sum(more)))
    wanted = [room + share * rest for room, rest in zip(least, more, strict=True)]
    # A narrow table stays narrow.
    whole = max(sum(wanted), _LINE)
    group = soup.new_tag("colgroup")
    for width in wanted:
        group.append(soup.new_tag("col", style=f"width: {100 * width / whole:.1f}%"))
    table.insert(0, group)


def _longest_word(texts: list[str], parted: str) -> int:
    """Count the letters of the longest word in a column, with the room beside it."""
    return max(len(word) for text in texts for word in re.split(parted, text)) + 3


def _docx(page: str, *, title: str, lang: str) -> bytes:
    """Write a page as DOCX."""
    with TemporaryDirectory() as folder:
        made = Path(folder, "paper.docx")
        told = [f"--metadata=title={title}", f"--metadata=lang={lang}"]
        style = f"--reference-doc={_styles(Path(folder))}"
        pypandoc.convert_text(
            page, "docx", format="html", outputfile=made, extra_args=[*told, style]
        )
        office_file(io.BytesIO(made.read_bytes()), made)
        return made.read_bytes()


def _styles(folder: Path) -> Path:
    """Write a document that has pandoc's styles with the look of the PDF."""
    path = folder / "styles.docx"
    pypandoc.convert_text("", "docx", format="html", outputfile=path)
    document = docx.Document(str(path))
    for section in document.sections:
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.left_margin = section.right_margin = Mm(19)
        section.top_margin = section.bottom_margin = Mm(20)
    sizes = {
        "Normal": 10,
        "Body Text": 10,
        "Compact": 8.5,
        "Verbatim Char": 9,
        "Title": 20,
        "Heading 1": 16,
        "Heading 2": 13,
    }
    for name, size in sizes.items():
        document.styles[name].font.size = Pt(size)
    document.save(str(path))
    return path


def _pdf(page: str, *, title: str, lang: str) -> bytes:
    """Write a page as PDF, its text to be selected and read aloud."""
    with TemporaryDirectory() as folder:
        body = pypandoc.convert_text(
            page, "typst", format="html", extra_args=[f"--extract-media={folder}"]
        )
        # JSON's strings are typst's; no other value of ours stands in the markup.
        head = (
            f"#set document(title: {json.dumps(title, ensure_ascii=False)}, date: none)\n"
            f"#set text(lang: {json.dumps(lang)})\n"
        )
        source = write_text(
            Path(folder, "paper.typ"), f"{head}{_LOOK}\n#title()\n{body.replace(folder + '/', '')}"
        )
        fonts = Path(mpl.get_data_path(), "fonts", "ttf")
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            return typst.compile(
                source, root=Path(folder), font_paths=[fonts], ignore_system_fonts=True
            )
