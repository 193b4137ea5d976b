"""The report pack: whole, the same each time, hostile to nobody, and no surer than the records."""

import datetime as dt
import hashlib
import json
import os
import re
import shutil
import subprocess
import zipfile
from itertools import pairwise
from pathlib import Path

import docx
import geopandas as gpd
import pandas as pd
import pytest
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml.ns import qn
from made_located import COVERAGE, HOSTILE, disc, in_unit, located_table, small_frame
from shapely import Point

from mali_incidents.errors import LocateError, MapError, PublishError
from mali_incidents.maps.messages import LANGUAGES, message
from mali_incidents.maps.page import data_blocks
from mali_incidents.maps.payload import read_block
from mali_incidents.publish import brief
from mali_incidents.publish.contents import read_contents
from mali_incidents.publish.files import FORMATS
from mali_incidents.publish.report import Report, write_report
from mali_incidents.publish.styles import TABLE
from mali_incidents.records.coverage import Coverage
from mali_incidents.release.prepare import prepare_release
from mali_incidents.tables import Reason, Source

OFFICE = shutil.which("soffice")
DAY = dt.date(2025, 3, 15)
NOTICE = {"en": "Internal: not to be passed on", "fr": "Interne\u00a0: ne pas diffuser"}
STATEMENT = {"en": "Two rows were left out.\nPlaces are coarser.", "fr": "Deux lignes retirées."}


def rows(count: int = 6) -> list[dict]:
    """Some of every kind: known to a place, to a unit, nowhere, without a date, hostile."""
    frame = small_frame()
    reason = {"reason": Reason("none", {})}
    kinds = [
        {
            "footprint": disc(-8.5, 12.6, 900),
            "geometry": Point(-8.5, 12.6),
            "admin1_id": "ML-2017/east",
            "admin1_name": "east",
            "fatalities_low": 3,
            "sources": [
                Source("A [report] & <more>", "https://example.org/a?b=1&c=2", "2025-01-01"),
                Source("Bad", "javascript:alert(1)", None),
                Source("Worse", "file:///etc/passwd", None),
                Source("Nothing", None, None),
            ],
        },
        in_unit(frame, "ML-2017/east/north") | {"fatalities_low": 1, "fatalities_high": 5},
        in_unit(frame, "ML-2017/west") | {"event_type": None, "sub_event_type": None},
        {"actor": None, "summary": None, "target": None, "location_text": "\x01\x00 nowhere"},
        {"date_start": pd.NaT, "date_end": None, "date_precision": None},
    ]
    days = pd.date_range("2024-11-01", periods=count, freq="40D")
    return [
        {"date_start": days[number], "incident_id": f"{HOSTILE} {number}"}
        | reason
        | kinds[number % len(kinds)]
        for number in range(count)
    ]


def report(out: Path, count: int = 6, **options: object) -> Report:
    table = located_table(rows(count))
    given = {"coverage": COVERAGE, "frame": small_frame(), "around": (12.6, -8.5)} | options
    return write_report(table, out, **given)


@pytest.fixture(scope="module")
def packs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Report]:
    """A pack of hostile records in each language."""
    folder = tmp_path_factory.mktemp("packs")
    return {
        lang: report(folder / lang, lang=lang, notice=NOTICE, statement=STATEMENT)
        for lang in LANGUAGES
    }


@pytest.fixture(scope="module")
def shipped_pack(
    shipped_located: gpd.GeoDataFrame,
    shipped_coverage: Coverage,
    tmp_path_factory: pytest.TempPathFactory,
) -> Report:
    """A French pack of what ships."""
    out = tmp_path_factory.mktemp("shipped") / "pack"
    return write_report(shipped_located, out, lang="fr", coverage=shipped_coverage, around="Bamako")


def names_in(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


FIGURES = ("pdf", "svg", "png")


def document_of(pack: Report) -> docx.document.Document:
    return docx.Document(str(next(path for path in pack.files if path.suffix == ".docx")))


def text_of(document: docx.document.Document) -> str:
    """All that stands in a document's body, tables included."""
    return "\n".join(
        "".join(one.text or "" for one in paragraph.iter(qn("w:t")))
        for paragraph in document.element.body.iter(qn("w:p"))
    )


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_file_of_an_internal_pack_says_so(
    shipped_located: gpd.GeoDataFrame, tmp_path: Path, lang: str
) -> None:
    release = prepare_release(shipped_located, "internal", as_of=DAY, lang=lang)
    pack = write_report(
        release.located.head(30),
        tmp_path / "pack",
        lang=lang,
        around="Bamako",
        as_of=DAY,
        notice=release.notice,
        statement=release.statement,
    )
    word = {"en": "internal", "fr": "interne"}[lang]
    silent = {
        path.name
        for path in pack.files
        if not any(re.search(rf"\b{word}\b", text, re.I) for text in read_contents(path).texts)
    }
    # Lines that are no checksum of a file would be taken for damage.
    assert silent == {"SHA256SUMS"}
    assert {path.suffix for path in pack.files} == {
        *(".html", ".docx", ".pdf", ".svg", ".png", ".md", ".json", ".zip", ""),
        *(f".{name}" for name in FORMATS),
    }
    with zipfile.ZipFile(pack.archive) as archive:
        assert archive.comment.decode() == release.notice[lang]


def test_a_pack_has_all_that_it_lists(shipped_pack: Report) -> None:
    folder = shipped_pack.folder
    there = names_in(folder)
    assert there == {
        "rapport.docx", "carte.html", "carte-alentours.html",
        *(f"figures/carte{which}.{ending}" for which in ("", "-alentours") for ending in FIGURES),
        "donnees/codebook.md", "manifest.json", "SHA256SUMS",
        "mali-incidents-2026-01-31.zip",
        *(f"donnees/incidents.{one}" for one in FORMATS),
    }  # fmt: skip
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    assert set(manifest["files"]) == there - {
        "manifest.json",
        "SHA256SUMS",
        "mali-incidents-2026-01-31.zip",
    }
    sums = [line.split("  ") for line in (folder / "SHA256SUMS").read_text().splitlines()]
    assert {name for _, name in sums} == {*manifest["files"], "manifest.json"}
    for digest, name in sums:
        content = (folder / name).read_bytes()
        assert hashlib.sha256(content).hexdigest() == digest
        if name in manifest["files"]:
            assert manifest["files"][name] == {"bytes": len(content), "sha256": digest}
    with zipfile.ZipFile(shipped_pack.archive) as archive:
        assert archive.testzip() is None
        stem = shipped_pack.archive.stem
        held = {name.removeprefix(f"{stem}/"): archive.read(name) for name in archive.namelist()}
    assert set(held) == there - {shipped_pack.archive.name}
    assert all((folder / name).read_bytes() == content for name, content in held.items())
    assert sum(path.stat().st_size for path in shipped_pack.files) < 12_000_000


def test_the_same_input_gives_the_same_bytes(
    packs: dict[str, Report], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "Asia/Kathmandu")
    again = report(tmp_path / "elsewhere", lang="fr", notice=NOTICE, statement=STATEMENT)
    assert names_in(again.folder) == names_in(packs["fr"].folder)
    for path in again.files:
        name = path.relative_to(again.folder)
        assert path.read_bytes() == (packs["fr"].folder / name).read_bytes(), name


def test_the_document_has_no_clock_and_says_what_it_is(packs: dict[str, Report]) -> None:
    core = document_of(packs["fr"]).core_properties
    assert core.title == "Fait"
    assert core.author == "mali-incidents"
    assert (core.created.date(), core.modified.date()) == (DAY, DAY)
    assert core.language == "fr-FR"


def test_the_document_is_accessible(packs: dict[str, Report]) -> None:
    for lang, pack in packs.items():
        document = document_of(pack)
        code = {"en": "en-GB", "fr": "fr-FR"}[lang]
        said = {one.get(qn("w:val")) for one in document.styles.element.iter(qn("w:lang"))}
        assert said == {code}
        pictures = list(document.element.body.iter(qn("wp:docPr")))
        assert len(pictures) == 2
        assert all(len(one.get("descr")) > 40 for one in pictures)
        assert len({one.get("id") for one in pictures}) == 2
        levels = [
            int(paragraph.style.name[-1])
            for paragraph in document.paragraphs
            if paragraph.style.name.startswith("Heading")
        ]
        assert levels[0] == 1
        assert all(now - before <= 1 for before, now in pairwise(levels))
        tables = [table for table in document.tables if table.style.name == TABLE]
        assert len(tables) == 7
        for table in tables:
            head = table.rows[0]._tr.trPr
            assert head.find(qn("w:tblHeader")) is not None
            assert table._tbl.tblPr.find(qn("w:tblDescription")).get(qn("w:val"))
            assert all(cell.text for cell in table.rows[0].cells)


def test_links_lead_to_the_web_or_nowhere(packs: dict[str, Report]) -> None:
    part = document_of(packs["en"]).part
    outside = {rel.target_ref for rel in part.rels.values() if rel.is_external}
    assert outside == {"https://example.org/a?b=1&c=2"}
    texts = [
        "".join(one.text for one in link.iter(qn("w:t")))
        for link in part.element.iter(qn("w:hyperlink"))
    ]
    assert set(texts) == {"A [report] & <more>"}
    text = text_of(document_of(packs["en"]))
    assert all(word in text for word in ("Bad", "Worse", "Nothing"))
    assert "javascript" not in text


def test_hostile_text_is_text(packs: dict[str, Report]) -> None:
    shown = HOSTILE.split("\u202e")[0]
    for pack in packs.values():
        document = document_of(pack)
        assert shown in text_of(document)
        fields = [one.text for one in document.element.body.iter(qn("w:instrText"))]
        assert fields == []
        assert "\ufffd\ufffd nowhere" in text_of(document)
        # It would turn our own words round too.
        assert "\u202e" not in text_of(document)
        with zipfile.ZipFile(next(one for one in pack.files if one.suffix == ".docx")) as archive:
            assert not [name for name in archive.namelist() if "vba" in name or "ole" in name]
            assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_what_is_said_is_in_the_language(packs: dict[str, Report]) -> None:
    spoken = {lang: text_of(document_of(pack)) for lang, pack in packs.items()}
    for key in ("brief", "map", "by_type", "by_unit", "by_year", "incidents", "method", "pack"):
        for lang, other in (("en", "fr"), ("fr", "en")):
            assert message(f"report.{key}", lang) in spoken[lang]
            assert message(f"report.{key}", other) not in spoken[lang]
    assert "Un tiret" in spoken["fr"]
    assert not re.search(r"\w [:;!?»]", spoken["fr"].replace(HOSTILE, ""))
    for lang, pack in packs.items():
        manifest = json.loads((pack.folder / "manifest.json").read_text("utf-8"))
        assert manifest["lang"] == lang
        page = next(path for path in pack.files if path.name in {"map.html", "carte.html"})
        assert f'<html lang="{lang}">' in page.read_text("utf-8")


def test_the_map_has_the_title_of_the_collection_in_both_languages(
    shipped_pack: Report, shipped_coverage: Coverage
) -> None:
    (block,), _ = data_blocks((shipped_pack.folder / "carte.html").read_text("utf-8"))
    captions = read_block(block)["captions"]
    assert {lang: captions[lang]["title"] for lang in LANGUAGES} == shipped_coverage.title


def test_the_notice_is_on_the_face_and_what_was_left_out_is_said(packs: dict[str, Report]) -> None:
    document = document_of(packs["fr"])
    assert document.paragraphs[0].text == NOTICE["fr"]
    assert [one.text for one in document.sections[0].header.paragraphs] == [NOTICE["fr"]]
    assert STATEMENT["fr"] in text_of(document)
    english = text_of(document_of(packs["en"]))
    assert "Two rows were left out." in english
    assert "Places are coarser." in english
    manifest = json.loads((packs["fr"].folder / "manifest.json").read_text("utf-8"))
    assert (manifest["notice"], manifest["statement"]) == (NOTICE, STATEMENT)


def test_no_word_claims_more_than_the_data(packs: dict[str, Report]) -> None:
    text = text_of(document_of(packs["en"]))
    assert "at least 3" in text
    assert "7–11 or more" in text
    assert "Deaths reported: 7 to 11 or more (not known for 3 incidents)." in text
    assert "of 6 known only to a commune or coarser: somewhere in an area (2 not on" in text
    assert "which is not calm" in text
    assert "Date unknown" in text
    assert "no single year known" in text
    assert "cercle not known" in text
    assert "Region not known" in text
    tables = document_of(packs["en"]).tables
    rings = next(table for table in tables if "Certain" in table_text(table))
    assert rings.rows[1].cells[0].text == "50 km"
    assert "at least 6" in table_text(rings)


def table_text(table: docx.table.Table) -> str:
    return " | ".join(cell.text for row in table.rows for cell in row.cells)


def test_the_tables_add_up(shipped_pack: Report, shipped_located: gpd.GeoDataFrame) -> None:
    tables = document_of(shipped_pack).tables
    counted = [table for table in tables if table.rows[0].cells[1].text == "Incidents"]
    kinds, units, years = (
        [[cell.text for cell in row.cells] for row in table.rows[1:]] for table in counted
    )
    whole = len(shipped_located)
    for listed in (kinds, years):
        assert sum(int(row[1]) for row in listed) == whole
    regions = [row for row in units if not row[0].startswith("\u2003")]
    cercles = [row for row in units if row[0].startswith("\u2003")]
    assert sum(int(row[1]) for row in regions) == whole
    nowhere = next(int(row[1]) for row in regions if row[0] == "Région inconnue")
    assert sum(int(row[1]) for row in cercles) == whole - nowhere
    listed = next(table for table in tables if table.rows[0].cells[-1].text == "Sources")
    assert len(listed.rows) == whole + 1


@pytest.mark.parametrize("count", [0, 1, 4])
def test_few_or_no_records_make_a_pack_too(tmp_path: Path, count: int) -> None:
    pack = report(tmp_path / "pack", count, coverage=None, around=None)
    assert pack.archive.name == "mali-incidents.zip"
    text = text_of(document_of(pack))
    assert message("figure.coverage_unknown", "en") in text
    assert document_of(pack).core_properties.created.year == 2000


def test_a_hostile_title_is_text_too(tmp_path: Path) -> None:
    pack = report(tmp_path / "pack", 1, title=HOSTILE, around=None)
    document = document_of(pack)
    shown = HOSTILE.replace("\u202e", "\ufffd")
    assert document.core_properties.title == shown
    assert shown in text_of(document)


def test_a_long_list_is_cut_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(brief, "MOST_LISTED", 4)
    text = text_of(document_of(report(tmp_path / "pack", around=None)))
    assert "The 4 latest of 6; all are in the data." in text


def test_the_table_is_as_it_was(tmp_path: Path) -> None:
    table = located_table(rows())
    before = table.copy(deep=True)
    write_report(table, tmp_path / "pack", frame=small_frame())
    pd.testing.assert_frame_equal(table, before)


def test_a_houses_template_is_used(tmp_path: Path) -> None:
    house = docx.Document()
    house.add_paragraph("Write here")
    house.styles["Heading 1"].font.name = "Georgia"
    house.styles["Heading 1"].font.size = docx.shared.Pt(31)
    house.sections[0].page_width = docx.shared.Cm(25)
    house.sections[0].header.paragraphs[0].text = "The House"
    house.sections[0].footer.paragraphs[0].text = "Its address"
    styles = house.styles.element
    styles.remove(house.styles["Caption"].element)
    house.save(tmp_path / "house.docx")
    pack = report(tmp_path / "pack", template=tmp_path / "house.docx", notice=NOTICE)
    document = document_of(pack)
    assert "Write here" not in text_of(document)
    assert document.styles["Heading 1"].font.size == docx.shared.Pt(31)
    assert document.styles["Caption"].font.size == docx.shared.Pt(8.5)
    section = document.sections[0]
    assert round(section.page_width.cm) == 25
    assert [one.text for one in section.header.paragraphs] == ["The House", NOTICE["en"]]
    assert [one.text for one in section.footer.paragraphs] == ["Its address", "Made · 1 / 1"]


def wrong_templates(folder: Path) -> list[tuple[str, dict[str, Path]]]:
    """Write what is no template, with what is to be said of it."""
    (folder / "not.docx").write_text("no")
    (folder / "empty.docx").write_text("")
    docx.Document().save(folder / "house.docx")
    house = zipfile.ZipFile(folder / "house.docx")
    parts = {name: house.read(name) for name in house.namelist()}
    types, text = "[Content_Types].xml", "word/document.xml"
    other = parts[types].replace(b"document.main+xml", b"template.main+xml")
    for name, changed in (("dot", {types: other}), ("cut", {text: parts[text][:200]})):
        with zipfile.ZipFile(folder / f"{name}.docx", "w") as made:
            for part, content in (parts | changed).items():
                made.writestr(part, content)
    styled = docx.Document()
    styled.styles.element.remove(styled.styles["Title"].element)
    styled.styles.add_style("Title", WD_STYLE_TYPE.CHARACTER)
    styled.styles.add_style("Incident Table", WD_STYLE_TYPE.PARAGRAPH)
    styled.save(folder / "styled.docx")
    said = {
        "not": r"it is something else, or damaged, not a Word document \(\.docx\)\. Open it",
        "empty": "it is empty, not a Word document",
        "dot": r"it is a template of Word's \(\.dotx\), not a Word document",
        "cut": "it is something else, or damaged, not a Word document",
        "styled": "'Title' as a paragraph style, and there it is a character style; 'Incident "
        "Table' as a table style, and there it is a paragraph style. Rename",
    }
    return [(words, {"template": folder / f"{name}.docx"}) for name, words in said.items()]


def test_a_template_that_is_none_is_refused_before_any_work(tmp_path: Path) -> None:
    begun: list[str] = []
    for said, template in wrong_templates(tmp_path):
        with pytest.raises(PublishError, match=said):
            report(tmp_path / "pack", **template, progress=begun.append)
    assert begun == []
    assert not (tmp_path / "pack").exists()


def test_a_template_without_a_page_or_styles_gets_them(tmp_path: Path) -> None:
    house = docx.Document()
    house.element.body.remove(house.element.body.sectPr)
    for style in list(house.styles.element.style_lst):
        house.styles.element.remove(style)
    house.save(tmp_path / "bare.docx")
    document = document_of(report(tmp_path / "pack", template=tmp_path / "bare.docx"))
    assert round(document.sections[0].page_width.cm) == 21
    assert document.styles["Heading 1"].font.size == docx.shared.Pt(14)


def test_what_cannot_be_done_is_refused_before_any_work(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "thesis.txt").write_text("mine")
    begun: list[str] = []
    for error, said, options in (
        (PublishError, "it is not there; give the path of a Word", {"template": "none.docx"}),
        (PublishError, "it is a folder; give the path", {"template": mine}),
        (MapError, "lang must be", {"lang": "de"}),
        (PublishError, "it is a file", {"out": tmp_path / "file"}),
        (PublishError, r"of no report \(thesis\.txt\)", {"out": mine}),
        # A pack takes with it what stands in its folder, and is no edition.
        (PublishError, "would go with what stands", {"editions": tmp_path / "pack" / "kept"}),
        (PublishError, "would go with what stands", {"editions": tmp_path / "pack"}),
        (PublishError, "among the editions", {"editions": tmp_path}),
    ):
        given = {"out": tmp_path / "pack", "progress": begun.append} | options
        with pytest.raises(error, match=said):
            report(**given)
    with pytest.raises(LocateError):
        report(tmp_path / "pack", around="Nowhere at all")
    with pytest.raises(PublishError, match="located table"):
        write_report(located_table([]).drop(columns="level"), tmp_path / "pack")
    assert begun == []
    assert names_in(tmp_path) == {"file", "mine/thesis.txt"}


def test_a_pack_replaces_a_pack_and_nothing_else(tmp_path: Path) -> None:
    first = report(tmp_path / "pack", lang="fr")
    second = report(tmp_path / "pack", lang="en", around=None)
    assert "rapport.docx" in {path.name for path in first.files}
    assert names_in(tmp_path) == {path.relative_to(tmp_path).as_posix() for path in second.files}
    (tmp_path / "pack" / "notes.txt").write_text("mine")
    with pytest.raises(PublishError, match=r"notes\.txt"):
        report(tmp_path / "pack")
    assert (tmp_path / "pack" / "notes.txt").read_text() == "mine"


@pytest.mark.skipif(
    OFFICE is None and os.environ.get("CI") != "true",
    reason="no LibreOffice here: install libreoffice-writer to try the document in it",
)
def test_the_document_opens_in_libreoffice(
    shipped_pack: Report, packs: dict[str, Report], tmp_path: Path
) -> None:
    assert OFFICE, "CI needs LibreOffice: tests/install_office.py installs it"
    home = f"-env:UserInstallation={(tmp_path / 'home').as_uri()}"
    for number, pack in enumerate([shipped_pack, *packs.values()]):
        out = tmp_path / str(number)
        file = next(path for path in pack.files if path.suffix == ".docx")
        for kind in ("pdf", "txt:Text (encoded):UTF8"):
            words = [OFFICE, "--headless", home, "--convert-to", kind, "--outdir", out, file]
            subprocess.run(list(map(str, words)), check=True, capture_output=True)
        pdf = (out / file.with_suffix(".pdf").name).read_bytes()
        assert pdf.startswith(b"%PDF-")
        assert pdf.count(b"/Type/Page\n") + pdf.count(b"/Type/Page/") >= 4
        text = (out / file.with_suffix(".txt").name).read_text("utf-8-sig")
        for paragraph in document_of(pack).paragraphs:
            assert paragraph.text.strip() in text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_report_of_nothing_says_so_and_counts_nothing(tmp_path: Path, lang: str) -> None:
    empty = located_table(rows(1)).head(0)
    done = write_report(empty, tmp_path / "pack", lang=lang, frame=small_frame(), as_of=DAY)
    (path,) = (file for file in done.files if file.suffix == ".docx")
    document = docx.Document(str(path))
    texts = [one.text for one in document.paragraphs]
    assert message("report.none", lang) in texts
    assert message("report.by_type", lang) not in texts
    assert not any(message("report.signs", lang) in text for text in texts)
    assert message("report.key.deaths", lang) not in "".join(
        cell.text for table in document.tables for row in table.rows for cell in row.cells
    )
    assert all(len(table.rows) > 1 for table in document.tables)
