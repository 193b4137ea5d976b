"""The atlas: every incident in one list, the contents true, the pages readable, the same bytes."""

import re
from collections import Counter

import pytest
from made_figures import FRAME, at, faults_of, many_rows, texts_of, words_of
from made_located import COVERAGE, HOSTILE, in_unit, located_table
from pypdf import PdfReader

from mali_incidents.errors import MapError
from mali_incidents.maps.atlas import incident_atlas, write_atlas
from mali_incidents.tables import Source


def _atlas(rows, **asked):
    given = {"coverage": COVERAGE, "frame": FRAME, **asked}
    return list(incident_atlas(located_table(rows), **given))


def _read(path):
    pdf = PdfReader(path)
    return pdf, [" ".join(page.extract_text().split()) for page in pdf.pages]


def test_every_incident_stands_in_the_list_of_its_cercle_and_in_no_other(tmp_path):
    rows = many_rows(60)
    table = located_table(rows)
    path = write_atlas(table, tmp_path / "atlas.pdf", coverage=COVERAGE, frame=FRAME)
    pdf, pages = _read(path)
    chapter_of = {}
    current = None
    for page in pages[2:]:
        (head,) = re.findall(r"^(Cercle of \w+|Known to no single cercle)", page)
        current = head
        for village in re.findall(r"(Village \d+) \(", page):
            assert village not in chapter_of
            chapter_of[village] = current
    assert len(chapter_of) == len(rows)
    for row in table.to_dict("records"):
        name = row["admin2_name"]
        wanted = f"Cercle of {name}" if isinstance(name, str) else "Known to no single cercle"
        assert chapter_of[row["location_text"]] == wanted
    counts = Counter(table["admin2_id"].dropna())
    for bookmark in pdf.outline[1:]:
        page = pdf.get_destination_page_number(bookmark)
        assert pages[page].startswith(bookmark.title)
    assert len(pdf.outline) == 1 + len(counts) + 1


def test_the_contents_say_counts_and_pages_and_lead_there(tmp_path):
    table = located_table(many_rows(60))
    path = write_atlas(table, tmp_path / "atlas.pdf", coverage=COVERAGE, frame=FRAME)
    pdf, pages = _read(path)
    said = pages[1]
    assert said.startswith("Contents")
    rows = re.findall(r"(Cercle of \w+|Known to no single cercle) (\d+) (\d+)", said)
    assert sum(int(count) for _, count, _ in rows) == 60
    for name, _, page in rows:
        assert pages[int(page) - 1].startswith(name)
    led = [
        pdf.get_page_number(link.get_object()["/Dest"][0].get_object())
        if hasattr(link.get_object()["/Dest"][0], "get_object")
        else int(link.get_object()["/Dest"][0])
        for link in pdf.pages[1]["/Annots"]
        if "/Dest" in link.get_object()
    ]
    assert led == [int(page) - 1 for _, _, page in rows]
    assert f"page 2 of {len(pages)}" in said


def test_units_without_incidents_are_named_by_what_is_known_of_them():
    pages = _atlas([at(-8.4, 12.3), in_unit(FRAME, "ML-2017/east")])
    words = words_of(pages[1])
    assert "Covered, with no incident shown: north, north." in words
    assert "Not covered by these records: south." in words
    assert "With no incident shown" in words_of(_atlas([], coverage=None)[1])
    assert "1 more incident, known only to the region or to Mali, may lie here" in words_of(
        pages[2]
    )


def test_an_incident_is_said_with_its_day_place_toll_and_sources(tmp_path):
    sources = [Source("Paper A", "https://example.org/a?b=(1)"), Source("Paper B", "ftp://no")]
    rows = [
        at(
            -8.4,
            12.3,
            date_start="2025-05-01",
            location_text="Near the bridge",
            summary="A made thing happened.",
            fatalities_low=2,
            fatalities_best=3,
            fatalities_high=5,
            sources=sources,
        ),
        at(-8.4, 12.3, date_start="2025-05-03", fatalities_low=10),
    ]
    path = write_atlas(located_table(rows), tmp_path / "a.pdf", frame=FRAME, lang="fr")
    pdf, pages = _read(path)
    said = pages[2]
    for words in (
        "Cercle de south",
        "1er mai 2025",
        "Combats · Affrontement armé",
        "morts : 2–5",
        "morts : au moins 10",
        "Near the bridge (connu à la ville ou au village)",
        "A made thing happened.",
        "Paper A; Paper B",
    ):
        assert words in said
    links = [one.get_object().get("/A", {}).get("/URI") for one in pdf.pages[2]["/Annots"]]
    assert links == ["https://example.org/a?b=(1)"]
    assert pdf.root_object["/Lang"] == "fr"
    assert pdf.metadata.title == "Atlas des incidents au Mali"


def test_a_long_list_goes_on_over_pages_and_hostile_text_stays_text():
    rows = [at(-8.4, 12.3, summary=f"{HOSTILE} {'long ' * 150}") for _ in range(12)]
    pages = _atlas(rows)
    heads = [texts_of(page)[0].get_text() for page in pages[2:]]
    assert heads[0] == "Cercle of south"
    assert set(heads[1:]) == {"Cercle of south, continued"}
    assert len(heads) > 2
    assert not [text for page in pages for text in texts_of(page) if "\u202e" in text.get_text()]


def test_a_summary_longer_than_a_page_is_cut_and_says_so():
    (page,) = _atlas([at(-8.4, 12.3, summary="x" * 100_000)])[2:]
    assert "…" in words_of(page)


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_nothing_on_a_page_is_too_small_cut_off_or_covered(lang):
    notice = {"en": "Internal", "fr": "Interne"}
    for figure in _atlas(many_rows(80), lang=lang, notice=notice):
        apart = {repr(t.get_text()) for t in texts_of(figure) if not t.get_text().isdigit()}
        faults = faults_of(figure)
        assert [one for one in faults if " covers " not in one] == []
        assert [one for one in faults if set(one.split(" covers ")) <= apart] == []
        assert figure.about.alt_text


def test_the_same_table_is_the_same_bytes(tmp_path):
    table = located_table(many_rows(12))
    one = write_atlas(table, tmp_path / "one.pdf", coverage=COVERAGE, frame=FRAME)
    two = write_atlas(table, tmp_path / "two.pdf", coverage=COVERAGE, frame=FRAME)
    assert one.read_bytes() == two.read_bytes()


def test_an_atlas_is_a_pdf():
    with pytest.raises(MapError, match=r"written as \.pdf, got 'atlas\.png'"):
        write_atlas(located_table([]), "atlas.png", frame=FRAME)


def test_an_empty_table_is_an_overview_and_contents():
    assert len(_atlas([])) == 2
