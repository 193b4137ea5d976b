"""The leak check: clean files pass, a leak planted in any format is found, the unreadable fails."""

import base64
import csv
import gzip
import io
import json
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from made_secret import EDGE, FRAME, SPOT, VILLAGE, gazetteer, secret_table
from matplotlib.figure import Figure
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from mali_incidents.errors import ReleaseError
from mali_incidents.maps.incident_map import incident_map
from mali_incidents.maps.payload import pack_numbers, write_block
from mali_incidents.publish.files import write_files, write_located
from mali_incidents.publish.leaks import check_leaks, decimals_of, find_leaks
from mali_incidents.release.prepare import prepare_release
from mali_incidents.release.profiles import read_profile

TABLE = secret_table()
DAY = pd.Timestamp("2025-06-30").date()
EDITIONS = {
    name: prepare_release(TABLE, read_profile(name), as_of=DAY, frame=FRAME, gazetteer=gazetteer())
    for name in ("public", "partner")
}
RELEASE = EDITIONS["public"]
LONGITUDE, LATITUDE = SPOT
ID = "MLI-tooNew-6"
WORDS = "Withheld words about the caravan of salt."


def leaks(*files: Path, name: str = "public") -> pd.DataFrame:
    """What is found in files."""
    return find_leaks(files, original=TABLE, release=EDITIONS[name], frame=FRAME)


@pytest.mark.parametrize("name", EDITIONS)
def test_what_is_written_of_an_edition_is_clean(tmp_path: Path, name: str) -> None:
    located = EDITIONS[name].located
    write_files(located, tmp_path)
    write_located(located, tmp_path / "incidents.parquet")
    drawn = incident_map(located, frame=FRAME)
    drawn.save(tmp_path / "map.html")
    (tmp_path / "map.png").write_bytes(drawn.picture())
    assert leaks(tmp_path, name=name).to_dict("records") == []
    kwargs: dict[str, Any] = {"original": TABLE, "release": EDITIONS[name], "frame": FRAME}
    assert check_leaks(tmp_path, **kwargs) == 6


def test_the_name_of_a_unit_with_the_word_for_it_is_no_secret(tmp_path: Path) -> None:
    table = TABLE.assign(location_text="commune de field")
    page = tmp_path / "page.html"
    page.write_text("<p>Commune de field, commune of field; old mill of field</p>", "utf-8")
    known = {"release": RELEASE, "frame": FRAME}
    assert find_leaks(page, original=table, **known).empty
    assert len(find_leaks(page, original=table.assign(target="old mill of field"), **known))


@pytest.mark.parametrize("name", EDITIONS)
def test_what_was_written_of_the_original_is_not(tmp_path: Path, name: str) -> None:
    write_files(TABLE, tmp_path)
    write_located(TABLE, tmp_path / "incidents.parquet")
    incident_map(TABLE, frame=FRAME).save(tmp_path / "map.html")
    found = leaks(tmp_path, name=name)
    for file in ("incidents.csv", "incidents.geojson", "incidents.gpkg", "incidents.parquet",
                 "map.html"):  # fmt: skip
        assert set(found.loc[found["file"] == file, "code"]) >= {"coordinate", "id", "value"}, file
    with pytest.raises(ReleaseError, match=r"profile 'p.*\n- incidents\.csv: it has"):
        check_leaks(tmp_path, original=TABLE, release=EDITIONS[name], frame=FRAME)


def write_docx(path: Path, text: str) -> None:
    """A document whose runs are cut in the middle of words."""
    runs = "".join(
        f"<w:r><w:t>{text[at : at + 5].replace('&', '&amp;')}</w:t></w:r>"
        for at in range(0, len(text), 5)
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(
            "word/document.xml", f'<w:document xmlns:w="w"><w:p>{runs}</w:p></w:document>'
        )


def write_xlsx(path: Path, text: str) -> None:
    book = openpyxl.Workbook()
    book.active.append(["a", "b"])
    book.active.append([1, text])
    book.save(path)


def write_comment(path: Path, text: str) -> None:
    """A workbook with a comment, in a sheet that says it has one cell."""
    book = openpyxl.Workbook()
    book.active.append([1])
    book.active["A1"].comment = openpyxl.comments.Comment(text, "x")
    book.save(path)


def write_beyond(path: Path, text: str) -> None:
    """A workbook with a cell beyond what its sheet says it has."""
    whole = io.BytesIO()
    book = openpyxl.Workbook()
    book.active.append(["a", "b"])
    book.active.append([1, text])
    book.save(whole)
    with zipfile.ZipFile(whole) as parts, zipfile.ZipFile(path, "w") as archive:
        for name in parts.namelist():
            archive.writestr(name, parts.read(name).replace(b'ref="A1:B2"', b'ref="A1:A1"'))


def write_pdf(path: Path, text: str) -> None:
    figure = Figure()
    figure.text(0.02, 0.5, text, fontsize=7)
    figure.savefig(path, metadata={"CreationDate": None})


def write_pdf_title(path: Path, text: str) -> None:
    Figure().savefig(path, metadata={"Title": text, "CreationDate": None})


def write_png(path: Path, text: str) -> None:
    said = PngInfo()
    said.add_text("Comment", text, zip=True)
    Image.new("RGB", (2, 2)).save(path, pnginfo=said)


def write_jpeg(path: Path, text: str) -> None:
    exif = Image.Exif()
    exif[0x010E] = text
    Image.new("RGB", (2, 2)).save(path, exif=exif)


def write_deleted(path: Path, text: str) -> None:
    """A database in which the row was deleted."""
    with sqlite3.connect(path) as base:
        base.execute("PRAGMA secure_delete = OFF")
        base.execute("CREATE TABLE rows (a TEXT)")
        base.executemany("INSERT INTO rows VALUES (?)", [("x" * 50,), (text,), ("y" * 50,)])
        base.commit()
        base.execute("DELETE FROM rows WHERE a = ?", (text,))
    base.close()


def write_zip(path: Path, text: str) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("deep/note.txt", text)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("inner.zip", inner.getvalue())


def notebook(text: str) -> str:
    output = {"output_type": "display_data", "data": {"text/html": [f"<p title='{text}'>", "</p>"]}}
    return json.dumps({"cells": [{"cell_type": "code", "source": [], "outputs": [output]}]})


def html(body: str) -> str:
    return f"<!DOCTYPE html><html><body>{body}</body></html>"


PLANTS: dict[str, Callable[[Path, str], object]] = {
    "a.txt": lambda path, text: path.write_text(text, "utf-8"),
    "utf16.txt": lambda path, text: path.write_text(text, "utf-16"),
    "a.csv": lambda path, text: path.write_text(f'a;b\n1;"{text}"\n', "utf-8"),
    "a.json": lambda path, text: path.write_text(json.dumps({"a": [{"b": text}]}), "utf-8"),
    "text.html": lambda path, text: path.write_text(html(f"<p>{text}</p>"), "utf-8"),
    "comment.html": lambda path, text: path.write_text(html(f"<!-- {text} -->"), "utf-8"),
    "attribute.html": lambda path, text: path.write_text(html(f'<i title="{text}">'), "utf-8"),
    "script.html": lambda path, text: path.write_text(
        html(f"<script>var a = {json.dumps(text)};</script>"), "utf-8"
    ),
    "block.html": lambda path, text: path.write_text(
        html(
            '<script type="application/json">'
            + write_block({"a": text, "filler": ["x" * 100] * 9})
            + "</script>"
        ),
        "utf-8",
    ),
    "frame.html": lambda path, text: path.write_text(
        html(f'<iframe srcdoc="&lt;p&gt;{text}&lt;/p&gt;"></iframe>'), "utf-8"
    ),
    "data.html": lambda path, text: path.write_text(
        html(
            "<iframe src='data:text/html;charset=utf-8;base64,"
            + base64.b64encode(html(text).encode()).decode()
            + "'></iframe>"
        ),
        "utf-8",
    ),
    "a.ipynb": lambda path, text: path.write_text(notebook(text), "utf-8"),
    "a.svg": lambda path, text: path.write_text(f"<svg><text>{text}</text></svg>", "utf-8"),
    "comment.svg": lambda path, text: path.write_text(f"<svg><!--{text}--></svg>", "utf-8"),
    "a.kml": lambda path, text: path.write_text(
        f"<kml><Placemark><description>{text}</description></Placemark></kml>", "utf-8"
    ),
    "numbers.kml": lambda path, text: path.write_text(
        f"<kml><coordinates>1,2 {text} 3,4</coordinates></kml>", "utf-8"
    ),
    "a.txt.gz": lambda path, text: path.write_bytes(gzip.compress(text.encode())),
    "a.svgz": lambda path, text: path.write_bytes(
        gzip.compress(f"<svg><text>{text[:20]}<tspan>{text[20:]}</tspan></text></svg>".encode())
    ),
    "a.docx": write_docx,
    "a.xlsx": write_xlsx,
    "comment.xlsx": write_comment,
    "beyond.xlsx": write_beyond,
    "a.pdf": write_pdf,
    "title.pdf": write_pdf_title,
    "a.png": write_png,
    "a.jpg": write_jpeg,
    "deleted.gpkg": write_deleted,
    "a.zip": write_zip,
}


@pytest.mark.parametrize("name", PLANTS)
@pytest.mark.parametrize(
    ("text", "code"),
    [
        (WORDS, "value"),
        (f"see {ID} there", "id"),
        (f"at {LATITUDE:.4f}, {LONGITUDE:.4f}", "coordinate"),
    ],
)
def test_a_planted_leak_is_found_in_every_format(
    tmp_path: Path, name: str, text: str, code: str
) -> None:
    PLANTS[name](tmp_path / name, "Nothing that is withheld.")
    assert leaks(tmp_path).to_dict("records") == []
    (tmp_path / name).unlink()
    PLANTS[name](tmp_path / name, text)
    found = leaks(tmp_path)
    assert code in set(found["code"]), found.to_dict("records")
    assert set(found["file"]) == {name}


@pytest.mark.parametrize(
    "written",
    [
        f"{LATITUDE}, {LONGITUDE}",
        f"{LATITUDE:.3f} {LONGITUDE:.3f}",
        f"{LATITUDE:.2f}, {LONGITUDE:.2f}",
        "12.4876 -9.7623",  # cut off
        f"POINT ({LONGITUDE} {LATITUDE})",
        f"{abs(LONGITUDE):.5f} W and then {LATITUDE:.5f} N",
        "12\u00b029'15.6\"N 9\u00b045'44.4\"W",
        "12\u00b029'N 9\u00b046'W",
        f'"y": {LATITUDE:.6f}, "label": "x", "x": {LONGITUDE:.6f}',
        f"[{LATITUDE * 1e7:.0f}, {LONGITUDE * 1e7:.0f}]",
        "12,4877 ; -9,7623",
    ],
)
def test_a_coordinate_is_found_however_it_is_written(tmp_path: Path, written: str) -> None:
    (tmp_path / "a.txt").write_text(f"x {written} y", "utf-8")
    assert "coordinate" in set(leaks(tmp_path)["code"])


def test_what_is_as_coarse_as_allowed_is_no_leak(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("12.5, -9.8 and 12, -10 and 12\u00b0N 10\u00b0W", "utf-8")
    assert len(leaks(tmp_path)) == 0
    (tmp_path / "a.txt").write_text("12.49, -9.76", "utf-8")
    assert len(leaks(tmp_path, name="partner")) == 0
    (tmp_path / "a.txt").write_text("12.488, -9.762", "utf-8")
    assert set(leaks(tmp_path, name="partner")["code"]) == {"coordinate"}


@pytest.mark.parametrize("scale", [1e4, 1e5, 1e6])
def test_scaled_and_stepped_numbers_are_read(tmp_path: Path, scale: float) -> None:
    both = np.array([[-8.5, 13.1], list(SPOT), list(EDGE), [-9.1, 12.2]])
    whole = np.rint(both * scale).astype(int)
    line = np.diff(whole, axis=0, prepend=0).ravel().tolist()
    column = {
        name: pack_numbers(both[:, at], parts=int(scale)) for at, name in enumerate(("lon", "lat"))
    }
    for data in ({"line": line}, {"columns": column}, {"flat": whole.ravel().tolist()}):
        (tmp_path / "a.json").write_text(json.dumps(data), "utf-8")
        assert "coordinate" in set(leaks(tmp_path)["code"]), data


def test_geometries_are_read_in_other_systems_too(tmp_path: Path) -> None:
    points = gpd.GeoDataFrame({"a": [1]}, geometry=[shapely.Point(SPOT)], crs="EPSG:4326")
    points.to_file(tmp_path / "degrees.gpkg", engine="pyogrio")
    points.to_crs("EPSG:32629").to_file(tmp_path / "utm.gpkg", engine="pyogrio")
    points.to_parquet(tmp_path / "degrees.parquet")
    points.to_crs("EPSG:3857").to_parquet(tmp_path / "web.parquet")
    points.to_file(tmp_path / "a.geojson", engine="pyogrio")
    found = leaks(tmp_path)
    assert set(found["file"]) == {path.name for path in tmp_path.iterdir()}
    assert set(found["code"]) == {"coordinate"}


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("a.kml", "<kml><coordinates>\n1.5,2.5,0\n{x:.5f},{y:.5f},0 </coordinates></kml>"),
        ("b.kml", "<kml><Point><coordinates>{x},{y}</coordinates></Point></kml>"),
        ("a.json", '{{"ring": [[1.5, 2.5], [{x}, {y}], [3, 4]]}}'),
        ("b.json", '{{"ring": [[1.5, 2.5, 0], [{x}, {y}, 3]]}}'),
        ("c.json", '{{"line": [[{x6}, {y6}], [3, 4]]}}'),
        ("d.json", '{{"line": [[3, 4], [{dx6}, {dy6}]]}}'),
    ],
)
def test_the_corners_of_a_line_are_read(tmp_path: Path, name: str, written: str) -> None:
    whole = {"x6": round(LONGITUDE * 1e6), "y6": round(LATITUDE * 1e6)}
    steps = {"dx6": whole["x6"] - 3, "dy6": whole["y6"] - 4}
    text = written.format(x=LONGITUDE, y=LATITUDE, **whole, **steps)
    (tmp_path / name).write_text(text, "utf-8")
    assert set(leaks(tmp_path)["code"]) == {"coordinate"}


def test_what_stands_beside_an_archive_is_found_in_both(tmp_path: Path) -> None:
    for name, text in {"a.txt": f"see {ID}", "b.txt": "nothing", "c.csv": "x"}.items():
        (tmp_path / name).write_text(text, "utf-8")
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for name in ("a.txt", "b.txt", "c.csv"):
            archive.write(tmp_path / name, name)
        # The bytes of a clean file, read as another format.
        archive.writestr("c.json", (tmp_path / "c.csv").read_bytes())
    found = leaks(tmp_path)
    assert set(found["file"]) == {"a.txt", "a.zip"}
    assert set(found.loc[found["file"] == "a.zip", "code"]) == {"unreadable"}
    (tmp_path / "a.zip").unlink()
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.write(tmp_path / "a.txt", "a.txt")
        archive.write(tmp_path / "b.txt", f"{ID}.txt")
    found = leaks(tmp_path)
    assert found[["file", "code"]].value_counts().to_dict() == {
        ("a.txt", "id"): 1,
        ("a.zip", "id"): 1,
    }


def test_bytes_that_begin_like_a_curve_are_none_and_a_curve_cannot_be_read(tmp_path: Path) -> None:
    curve = shapely.to_wkb(shapely.LineString([(0, 0), (1, 1)])).replace(b"\x02", b"\x08", 1)
    file = tmp_path / "a.gpkg"
    for head, codes in ((b"", []), (b"GP\x00\x01\xe6\x10\x00\x00", ["unreadable"])):
        with sqlite3.connect(file) as base:
            base.execute("DROP TABLE IF EXISTS rows")
            base.execute("CREATE TABLE rows (a BLOB)")
            base.execute("INSERT INTO rows VALUES (?)", (head + curve,))
        base.close()
        assert list(leaks(file)["code"]) == codes


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", b"%PDF-1.7 broken"),
        ("a.zip", b"PK\x03\x04 broken"),
        ("a.png", b"\x89PNG\r\n\x1a\n broken"),
        ("a.gpkg", b"SQLite format 3\0 broken"),
        ("a.parquet", b"PAR1 broken"),
        ("a.json", b"{"),
        ("a.shp", b"anything"),
        ("a.bin", b"\x00\x01\x02"),
        ("a.svg", b"<svg>"),
        ("a.docx", b"no archive"),
        ("a.html", b'<script type="application/json">"AAAA"</script>'),
    ],
)
def test_a_file_that_cannot_be_read_is_a_failure(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    assert list(leaks(tmp_path)["code"]) == ["unreadable"]
    with pytest.raises(ReleaseError, match=f"{name}: cannot be read"):
        check_leaks(tmp_path, original=TABLE, release=RELEASE, frame=FRAME)


def test_the_name_of_a_file_is_read_too(tmp_path: Path) -> None:
    (tmp_path / f"{ID}.txt").write_text("Nothing.")
    assert set(leaks(tmp_path)["code"]) == {"id"}


def test_what_limits_a_table_elsewhere_is_left_as_it_was(tmp_path: Path) -> None:
    before = csv.field_size_limit()
    (tmp_path / "a.csv").write_text("name\n" + "x" * 200_000)
    assert leaks(tmp_path).empty
    assert csv.field_size_limit() == before


def test_a_village_is_found_as_a_name_and_in_an_address(tmp_path: Path) -> None:
    for text in (f"near {VILLAGE}", f"https://paper.example/2025/{VILLAGE.lower()}-raid"):
        (tmp_path / "a.txt").write_text(text)
        assert set(leaks(tmp_path)["code"]) == {"value"}


@given(st.integers(-1_250_000_000, 1_250_000_000), st.integers(0, 6))
def test_decimals_are_counted_as_written(number: int, digits: int) -> None:
    value = round(number / 10**7, digits)
    written = f"{value:.{digits}f}".rstrip("0").partition(".")[2]
    assert decimals_of(np.array([value]))[0] == len(written)
