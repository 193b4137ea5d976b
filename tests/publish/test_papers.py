"""Notebooks as papers: what a reader of a DOCX or a PDF gets, and what it must never hold."""

import base64
import io
import secrets
import time
import zipfile
from pathlib import Path
from typing import Any

import docx
import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from PIL import Image
from pypdf import PdfReader

from mali_incidents.publish.papers import write_papers

HOSTILE = '<script>alert(1)</script> #panic("x") $x$ \\input{x} @ref _a_'


def picture(colour: str = "navy") -> str:
    """A small picture as text."""
    held = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(held, "PNG")
    return base64.b64encode(held.getvalue()).decode()


def executed() -> Any:
    """An executed notebook with words, code, a table, a map and what a hostile record holds."""
    live = (
        "<style>@media print { .mali-live { display: none } }</style>"
        f'<div style="position:relative"><img src="data:image/png;base64,{picture()}" '
        'alt="Two incidents near Bamako" style="width:100%">'
        "<iframe class='mali-live' srcdoc='&lt;p&gt;the live map&lt;/p&gt;'></iframe></div>"
    )
    escaped = HOSTILE.replace("<", "&lt;")
    table = (
        f'<table id="T_{secrets.token_hex(3)}"><thead>'
        "<tr><th>incident_id</th><th>summary</th></tr></thead><tbody>"
        f"<tr><td>A-1</td><td>{escaped}</td></tr><tr><td>A-2</td><td>Élevé à Ségou</td></tr>"
        "</tbody></table>"
    )
    outputs = [
        new_output("execute_result", {"text/html": html}, execution_count=1)
        for html in (table, live, '<img src="https://example.org/seen.png" alt="far away">')
    ]
    plot = new_output("display_data", {"image/png": picture("green"), "text/plain": "<Figure>"})
    return new_notebook(
        cells=[
            new_markdown_cell("# What happened\n\nA *short* introduction.", id="a"),
            new_code_cell("secret_code = 1", id="b", outputs=outputs),
            new_markdown_cell("## Then\n\n[a report](https://example.org/report)", id="c"),
            new_code_cell("plot()", id="d", outputs=[plot]),
        ]
    )


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("papers")
    return write_papers(executed(), folder / "paper", title="What happened", lang="fr")


def test_the_docx_has_the_words_the_table_and_the_map_as_a_picture(papers: list[Path]) -> None:
    document = docx.Document(str(papers[0]))
    words = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert words.count("What happened") == 1
    assert "A short introduction." in words
    assert "secret_code" not in words
    (table,) = document.tables
    cells = [[cell.text for cell in row.cells] for row in table.rows]
    assert cells == [["incident_id", "summary"], ["A-1", HOSTILE], ["A-2", "Élevé à Ségou"]]
    drawn = [shape._inline.docPr.get("descr") for shape in document.inline_shapes]
    assert drawn == ["Two incidents near Bamako", "Then"]
    assert "far away" in words
    styles = {paragraph.style.name for paragraph in document.paragraphs if paragraph.style}
    assert {"Title", "Heading 2"} <= styles
    assert document.core_properties.title == "What happened"


def test_the_pdf_has_them_too(papers: list[Path]) -> None:
    read = PdfReader(papers[1])
    assert read.metadata is not None
    assert read.metadata.title == "What happened"
    assert read.metadata.creation_date is None
    assert read.root_object["/Lang"] == "fr"
    words = " ".join(" ".join(page.extract_text() for page in read.pages).split())
    for said in ("A short introduction.", '#panic("x")', "Élevé à Ségou", "far away", "Then"):
        assert said in words
    assert "secret_code" not in words
    assert sum(len(page.images) for page in read.pages) == 2


def test_nothing_is_linked_but_what_the_words_link(papers: list[Path]) -> None:
    with zipfile.ZipFile(papers[0]) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert not any(b"seen.png" in part or b"the live map" in part for part in parts.values())
    assert any(b"https://example.org/report" in part for part in parts.values())
    assert b"seen.png" not in papers[1].read_bytes()


def test_the_same_notebook_gives_the_same_bytes(papers: list[Path], tmp_path: Path) -> None:
    # A zip's clock ticks every other second.
    time.sleep(2.1)
    again = write_papers(executed(), tmp_path / "paper", title="What happened", lang="fr")
    assert [one.read_bytes() for one in again] == [one.read_bytes() for one in papers]


def test_a_table_wider_than_the_page_stays_on_it(tmp_path: Path) -> None:
    heads = "".join(f"<th>a_long_name_of_column_{n}</th>" for n in range(9))
    row = "".join(f"<td>{'words ' * n}</td>" for n in range(9))
    html = f"<table><tr>{heads}</tr><tr>{row}</tr></table>"
    cell = new_code_cell("", outputs=[new_output("display_data", {"text/html": html})])
    _, pdf = write_papers(new_notebook(cells=[cell]), tmp_path / "wide", title="W", lang="en")
    (page,) = PdfReader(pdf).pages
    ends: list[float] = []
    page.extract_text(visitor_text=lambda text, cm, tm, *_: ends.append(tm[4] * cm[0] + cm[4]))
    assert max(ends) < page.mediabox.width - 50
    for n in range(9):
        assert str(n) in page.extract_text()


def test_a_notebook_of_no_output_is_a_paper(tmp_path: Path) -> None:
    nothing = nbformat.v4.new_notebook(cells=[new_markdown_cell("Only words.")])
    _, pdf = write_papers(nothing, tmp_path / "words", title='Quotes " and \\', lang="en")
    metadata = PdfReader(pdf).metadata
    assert metadata is not None
    assert metadata.title == 'Quotes " and \\'
