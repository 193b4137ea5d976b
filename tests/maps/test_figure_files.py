"""Figures as files: read back by another library, the same bytes each time."""

import base64
import io
import re
from xml.etree import ElementTree as ET

import pytest
from fontTools.ttLib import TTFont
from made_figures import FRAME, many_rows, words_of
from made_located import COVERAGE, HOSTILE, located_table
from matplotlib.figure import Figure
from PIL import Image
from pypdf import PdfReader

from mali_incidents.errors import MapError
from mali_incidents.maps.figure import incident_figure
from mali_incidents.maps.figure_files import write_figure

SVG = "{http://www.w3.org/2000/svg}"


def _figure(count=20, **asked):
    given = {"coverage": COVERAGE, "frame": FRAME, "page": "a4", **asked}
    return incident_figure(located_table(many_rows(count)), **given)


def _squeezed(text):
    return re.sub(r"\s+", "", text)


@pytest.mark.parametrize("ending", ["pdf", "svg", "png"])
def test_the_same_figure_is_the_same_bytes(tmp_path, ending):
    first, second = tmp_path / f"one.{ending}", tmp_path / f"two.{ending}"
    assert write_figure(_figure(), first, dpi=60) == (first,)
    figure = _figure()
    # Writing it in another way before changes nothing.
    write_figure(figure, tmp_path / "other.png", dpi=50)
    write_figure(figure, second, dpi=60)
    assert first.read_bytes() == second.read_bytes()


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_a_pdf_has_the_words_as_text_its_fonts_and_what_it_is(tmp_path, lang):
    figure = _figure(lang=lang)
    (file,) = write_figure(figure, tmp_path / "map.pdf")
    pdf = PdfReader(file)
    (page,) = pdf.pages
    assert (float(page.mediabox.width), float(page.mediabox.height)) == pytest.approx(
        (841.89, 595.28), abs=0.01
    )
    # Numbers in rings and letters that are turned come in another order.
    read = _squeezed(page.extract_text())
    for line in ("geoBoundaries", "EPSG:32629", COVERAGE.selection[lang], figure.about.title):
        assert _squeezed(line) in read
    for words in words_of(figure).split():
        assert words in read or len(words) == 1
    fonts = [font.get_object() for font in page["/Resources"]["/Font"].values()]
    assert fonts
    for font in fonts:
        (inner,) = font.get("/DescendantFonts", (font,))
        assert inner.get_object()["/FontDescriptor"]["/FontFile2"]
    assert pdf.metadata.title == figure.about.title
    assert pdf.metadata.subject == figure.about.alt_text
    assert pdf.root_object["/Lang"] == lang
    assert "/CreationDate" not in pdf.metadata
    assert "atplotlib" not in str(dict(pdf.metadata))


def test_a_pdf_says_what_each_page_is_to_those_who_are_read_to(tmp_path):
    figures = [_figure(3), _figure(4, lang="fr")]
    figures[1].about = figures[1].about._replace(is_read=True)
    (file,) = write_figure(figures, tmp_path / "map.pdf")
    pdf = PdfReader(file)
    root = pdf.root_object
    assert root["/MarkInfo"]["/Marked"].value is True
    assert root["/ViewerPreferences"]["/DisplayDocTitle"].value is True
    tree = root["/StructTreeRoot"]
    (document,) = tree["/K"]
    assert document.get_object()["/S"] == "/Document"
    parts = [part.get_object() for part in document.get_object()["/K"]]
    assert [part["/S"] for part in parts] == ["/Figure", "/P"]
    assert [part.get("/Alt") for part in parts] == [figures[0].about.alt_text, None]
    numbers = tree["/ParentTree"]["/Nums"]
    for at, (page, part) in enumerate(zip(pdf.pages, parts, strict=True)):
        assert part["/Pg"].get_object() == page.get_object()
        assert page["/StructParents"] == numbers[2 * at] == at
        assert numbers[2 * at + 1][part["/K"]].get_object() == part
        drawn = page.get_contents().get_data().split()
        assert drawn[:4] == [part["/S"].encode(), b"<</MCID", b"0>>", b"BDC"]
        assert drawn[-1] == b"EMC"
        assert drawn.count(b"BDC") == drawn.count(b"EMC") == 1


def test_an_svg_has_the_words_as_text_its_letters_and_what_it_is(tmp_path):
    figure = _figure(lang="fr")
    (file,) = write_figure(figure, tmp_path / "map.svg")
    root = ET.parse(file).getroot()
    assert root.find(f"{SVG}title").text == figure.about.title
    assert root.find(f"{SVG}desc").text == figure.about.alt_text
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == "fr"
    written = " ".join(text for one in root.iter(f"{SVG}text") for text in one.itertext())
    assert sorted(_squeezed(written)) == sorted(_squeezed(words_of(figure)))
    text = file.read_text("utf-8")
    assert "<dc:date>" not in text
    assert "atplotlib" not in text
    fonts = re.findall(r"font-weight:(\d+);src:url\(data:font/woff;base64,([^)]+)\)", text)
    assert [weight for weight, _ in fonts] == ["400", "700"]
    letters = [set(TTFont(io.BytesIO(base64.b64decode(font))).getBestCmap()) for _, font in fonts]
    assert set(map(ord, _squeezed(written))) <= letters[0] | letters[1]


def test_a_png_has_the_size_asked_for_and_says_what_it_shows(tmp_path):
    figure = _figure()
    (file,) = write_figure(figure, tmp_path / "map.png", dpi=100)
    with Image.open(file) as picture:
        assert picture.size == (1169, 826)
        assert picture.info["dpi"] == pytest.approx((100, 100), abs=0.1)
        assert picture.text == {"Title": figure.about.title, "Description": figure.about.alt_text}
    assert figure.dpi == 100


def test_hostile_words_stay_words(tmp_path):
    figure = _figure(title=HOSTILE, filters=HOSTILE)
    for ending in ("pdf", "svg", "png"):
        write_figure(figure, tmp_path / f"map.{ending}", dpi=40)
    root = ET.parse(tmp_path / "map.svg").getroot()
    assert not [one for one in root.iter() if one.tag.endswith(("script", "img"))]
    assert "<script" not in (tmp_path / "map.svg").read_text("utf-8").replace("</script", "")
    assert PdfReader(tmp_path / "map.pdf").metadata.title == figure.about.title
    assert "\u202e" not in figure.about.title


def test_several_figures_are_pages_or_files(tmp_path):
    pages = [_figure(3), _figure(4)]
    (pdf,) = write_figure(iter(pages), tmp_path / "all.pdf")
    assert len(PdfReader(pdf).pages) == 2
    files = write_figure(pages, tmp_path / "all.png", dpi=40)
    assert [file.name for file in files] == ["all-1.png", "all-2.png"]
    assert all(file.exists() for file in files)


def test_what_cannot_be_written_is_refused_all_at_once(tmp_path):
    with pytest.raises(MapError, match=r"got 'map\.jpg'; dpi must be 36 to 600, got 7"):
        write_figure(_figure(), tmp_path / "map.jpg", dpi=7)
    for ending in ("pdf", "png"):
        with pytest.raises(MapError, match="there is no figure"):
            write_figure([], tmp_path / f"map.{ending}")
    assert list(tmp_path.iterdir()) == []
    folder = tmp_path / "map.pdf"
    folder.mkdir()
    with pytest.raises(MapError, match="is a folder: name a file in it"):
        write_figure(_figure(), folder)


def test_a_plain_figure_of_anothers_making_has_no_words_and_is_written(tmp_path):
    (file,) = write_figure([Figure()], tmp_path / "map.pdf")
    assert len(PdfReader(file).pages) == 1
