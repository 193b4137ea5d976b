import html
import io
import json
import re
from importlib import resources

import matplotlib as mpl
import numpy as np
import pytest
from made_figures import LEAST_POINTS, at, texts_of
from made_located import COVERAGE, HOSTILE, disc, in_unit, located_table, small_frame
from matplotlib._pylab_helpers import Gcf
from matplotlib.text import Text
from PIL import Image
from shapely import Point

from mali_incidents.errors import MapError
from mali_incidents.maps.captions import title_of
from mali_incidents.maps.figure import (
    alt_text,
    cut_out,
    draw_figure,
    figure_png,
    incident_figure,
)
from mali_incidents.maps.messages import message
from mali_incidents.maps.paper import paper_of
from mali_incidents.maps.summary import summarize
from mali_incidents.maps.view import Spot, View, Way

FRAME = small_frame()
WHOLE = View(bounds=(12, -10, 14, -8))
BAMAKO = Spot("Bamako", 12.6392, -8.0029)
TOWN = Spot("Ansongo", 13.0, -9.0)
AROUND = View(
    bounds=(12.3, -9.7, 13.7, -8.3),
    centre=TOWN,
    radius_km=60,
    rings_km=(20, 40, 62.5),
    way=Way(BAMAKO, 115.2, 110.0),
)


def _at(longitude, latitude, **values):
    footprint = disc(longitude, latitude, 1000)
    return {"footprint": footprint, "geometry": Point(longitude, latitude), **values}


ROWS = [
    _at(-9.1, 13.1, fatalities_low=1, fatalities_high=3, admin2_name="north"),
    _at(-9.1, 13.1, event_type="Protests", sub_event_type="Peaceful protest", fatalities_best=0),
    _at(-9.3, 12.8, event_type="Riots", sub_event_type="Mob violence", admin2_name="north"),
    _at(-9.4, 13.3, event_type=None, sub_event_type=None),
    in_unit(FRAME, "ML-2017/east/south"),
    in_unit(FRAME, "ML-2017/west") | {"date_start": "2023-02-03"},
    {"level": "none", "method": "none"},
]


def _figure(rows=ROWS, *, view=AROUND, coverage=COVERAGE, lang="en", title=None, **asked):
    table = located_table(rows)
    summary = summarize(table, view=view)
    size = {name: asked.pop(name) for name in ("page", "width_px", "height_px") if name in asked}
    paper = paper_of(size.pop("page", None), **size)
    title = title or title_of(view, lang=lang)
    given = {"title": title, "lang": lang, "frame": FRAME, "paper": paper, **asked}
    return draw_figure(table, view=view, summary=summary, coverage=coverage, **given).figure


def _alt_text(rows, *, view, **asked):
    return alt_text(summarize(located_table(rows), view=view), view=view, **asked)


def _texts(figure):
    return [text.get_text() for text in figure.findobj(Text) if text.get_text()]


def _all_words(figure):
    """Every word in order, whatever lines it was broken into."""
    return " ".join(_texts(figure))


def test_the_figure_says_what_it_shows():
    texts = _texts(_figure())
    words = " ".join(texts)
    assert "Incidents around Ansongo" in texts
    assert (
        "4 incidents within 60 km of Ansongo, 2 more possibly · "
        "2 located only to a commune or coarser · 2023–2025"
    ) in texts
    assert {"Battles", "Protests", "Riots", "Type not stated"} <= set(texts)
    assert {"20 km", "40 km", "62.5 km", "Bamako, 115 km", "Ansongo"} <= set(texts)
    assert "EAST" in words.replace("\u200a", "")
    assert "south · 1" in words
    assert "A made selection." in texts
    assert "1 incident could not be placed on the map" in words
    assert "Projection: WGS 84 / UTM zone 29N (EPSG:32629)." in words
    assert "geoBoundaries" in words
    assert "Not covered by these records" in words


def test_a_figure_is_asked_for_as_a_map_is():
    figure = incident_figure(
        located_table(ROWS), around=(13.0, -9.0), radius_km=60, way_to="Bamako", frame=FRAME
    )
    words = _all_words(figure)
    assert "4 incidents within 60 km of 13.0000, -9.0000" in words
    assert "Bamako, 115 km" in words


def test_the_map_alone_is_cut_out_of_the_picture():
    drawing = draw_figure(
        located_table(ROWS),
        view=WHOLE,
        summary=summarize(located_table(ROWS), view=WHOLE),
        title="Made",
        coverage=None,
        lang="en",
        frame=FRAME,
        paper=paper_of(None, width_px=700, height_px=450),
    )
    picture = Image.open(io.BytesIO(cut_out(figure_png(drawing.figure), drawing.window)))
    width, height = picture.size
    left, top, right, bottom = map(round, drawing.window)
    assert (width, height) == (right - left, bottom - top)
    assert 0.6 < width / 700 < 0.8
    corners = {picture.convert("RGB").getpixel(at) for at in ((3, 3), (width - 4, height - 4))}
    assert (255, 255, 255) not in corners


def test_the_figure_speaks_french():
    words = _all_words(_figure(lang="fr"))
    assert "4 incidents à moins de 60 km d’Ansongo, 2 autres peut-être" in words
    assert "62,5 km" in words
    assert "Émeutes" in words
    assert "Une sélection inventée." in words
    assert "1 incident n’a pas pu être placé" in words
    assert "Projection\u00a0: WGS 84 / UTM fuseau 29N (EPSG:32629)." in words


def test_a_map_of_the_whole_counts_all_and_has_no_rings():
    texts = _texts(_figure(view=WHOLE))
    assert "Incidents in Mali" in texts
    assert any(text.startswith("7 incidents ·") for text in texts)
    assert not any(text.startswith("within") for text in texts)


def test_no_name_on_the_map_covers_another():
    figure = _figure(view=WHOLE)
    renderer = figure.canvas.get_renderer()
    on_map = [text for text in figure.findobj(Text) if text.get_text() and text.get_clip_on()]
    boxes = [text.get_window_extent(renderer) for text in on_map]
    assert len(boxes) > 5
    overlapping = [
        (on_map[i].get_text(), on_map[j].get_text())
        for i in range(len(boxes))
        for j in range(i)
        if boxes[i].overlaps(boxes[j])
    ]
    assert overlapping == []


def test_what_is_not_covered_is_hatched_and_said_to_be():
    hatched = [patch for patch in _figure().axes[0].patches if patch.get_hatch()]
    assert len(hatched) == 2  # the ground and its swatch in the legend
    whole = _figure(coverage=COVERAGE._replace(units=("ML",)))
    assert not [patch for patch in whole.axes[0].patches if patch.get_hatch()]
    assert "Not covered by these records" not in _all_words(whole)


def test_without_a_coverage_the_figure_says_that_nothing_is_known_of_it():
    figure = _figure(coverage=None)
    assert "Which area and period these records cover is not stated" in _all_words(figure)
    assert not [patch for patch in figure.axes[0].patches if patch.get_hatch()]


def test_no_text_of_a_record_reaches_the_figure_and_a_title_stays_text():
    figure = _figure(title=f"{HOSTILE}\n {HOSTILE * 3}")
    texts = _texts(figure)
    # On as many lines as it needs, without the sign that turns the direction of writing.
    hostile = f"{HOSTILE} {HOSTILE * 3}".replace("\u202e", "")
    assert " ".join(hostile.split()) in " ".join(texts)
    assert not [text for text in texts if "\n" in text or "\u202e" in text]
    assert all(not text.get_parse_math() for text in figure.findobj(Text) if text.get_text())


def test_an_empty_table_makes_a_figure():
    assert any(text.startswith("0 incidents") for text in _texts(_figure([])))


def test_the_png_is_small_plain_and_the_same_each_time_whatever_the_users_style():
    first = figure_png(_figure())
    with mpl.rc_context({"font.size": 30, "lines.linewidth": 9, "savefig.dpi": 30}):
        second = figure_png(_figure())
        assert mpl.rcParams["font.size"] == 30
    assert first == second
    assert len(first) < 300_000
    picture = Image.open(io.BytesIO(first))
    assert picture.size == (1400, 900)
    assert picture.text == {}


def test_the_colours_of_rare_symbols_survive_the_small_palette():
    row = _at(-9.0, 13.2, event_type="Explosions/Remote violence", sub_event_type="Grenade")
    png = figure_png(_figure([row, *ROWS]))
    pixels = np.asarray(Image.open(io.BytesIO(png)).convert("RGB")).astype(int)
    wanted = np.array([0x88, 0x22, 0x55])
    assert (np.abs(pixels - wanted).max(axis=-1) <= 14).sum() > 60


def test_pyplot_knows_nothing_of_the_figure():
    _figure()
    assert Gcf.figs == {}


@pytest.mark.parametrize(("width", "height"), [(700, 700), (1000, 600)])
def test_other_sizes_come_as_asked(width, height):
    png = figure_png(_figure(width_px=width, height_px=height))
    assert Image.open(io.BytesIO(png)).size == (width, height)


@pytest.mark.parametrize(("width", "height"), [(500, 400), (1400, 300), (700, 2000)])
def test_a_size_without_room_is_refused(width, height):
    with pytest.raises(MapError, match=f"{width} × {height}"):
        _figure(width_px=width, height_px=height)


def test_more_rings_than_the_legend_has_room_for_are_refused():
    with pytest.raises(MapError, match="fewer rings"):
        _figure(view=AROUND._replace(rings_km=tuple(range(1, 40))))


def test_a_language_that_is_none_is_refused():
    with pytest.raises(MapError, match="'de'"):
        _figure(lang="de")


def test_the_alternative_text_says_it_in_words():
    said = _alt_text(ROWS, view=AROUND, coverage=COVERAGE)
    assert said == (
        "Incidents around Ansongo. 4 incidents within 60 km of Ansongo, 2 more possibly, "
        "2023–2025. Certain or possible within 60 km: Battles 3; Protests 1; Riots 1; "
        "Type not stated 1. Most in the cercle of north: 2. "
        "Deaths reported: 1 to 3 (not known for 4 incidents). "
        "2 located only to a commune or coarser. "
        "1 incident could not be placed on the map. A made selection."
    )


def test_the_alternative_text_of_nothing_claims_nothing():
    said = _alt_text([], view=WHOLE, lang="fr")
    assert said.startswith("Incidents au Mali. 0 incident. La zone et la période")


def test_the_alternative_text_is_french_in_french():
    rows = [{**row, "admin2_name": "Ansongo"} for row in ROWS[:3]]
    said = _alt_text(rows, view=WHOLE, lang="fr")
    assert "Incidents par type\u00a0: Combats 1\u00a0; Manifestations 1\u00a0; Émeutes 1." in said
    assert "Le plus dans le cercle d’Ansongo\u00a0: 3." in said
    words = _all_words(_figure(lang="fr"))
    assert "Autour d’Ansongo" in words


def test_deaths_without_an_upper_end_are_said_to_be_open():
    open_ended = {"fatalities_low": 10, "fatalities_best": 10, "fatalities_high": None}
    rows = [ROWS[0], _at(-9.1, 13.1, **open_ended)]
    assert "Deaths reported: 11 to 13 or more." in _alt_text(rows, view=WHOLE)
    assert "Morts rapportés\u00a0: 11 à 13 ou plus." in _alt_text(rows, view=WHOLE, lang="fr")


def test_names_are_set_with_the_apostrophe_of_print():
    texts = _texts(incident_figure(located_table([]), around="Bamako", radius_km=40))
    assert not [text for text in texts if "'" in text]
    assert "N’Gabacoro" in "".join(texts)


def test_where_no_single_cercle_leads_none_is_named():
    rows = [{**row, "admin2_name": name} for row, name in zip(ROWS[:4], "aabb", strict=True)]
    assert "Most in" not in _alt_text(rows, view=WHOLE)


def test_every_message_of_the_figure_is_there_in_both_languages():
    folder = resources.files("mali_incidents.maps") / "viewer" / "messages"
    english, french = (
        json.loads((folder / f"{lang}.json").read_text("utf-8")) for lang in ("en", "fr")
    )
    keys = {key for key in english if key.startswith("figure.")}
    assert keys
    assert keys == {key for key in french if key.startswith("figure.")}


def test_a_notebook_shows_the_page_and_says_what_it_shows(shipped_located) -> None:
    figure = incident_figure(shipped_located, around="Narena", radius_km=60, page="a4")
    shown = figure._repr_html_()
    assert shown.startswith('<img src="data:image/png;base64,iVBOR')
    assert f'alt="{html.escape(figure.about.alt_text)}"' in shown
    assert shown == figure._repr_html_()


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_where_nothing_is_covered_nought_is_not_calm(lang):
    covered = COVERAGE._replace(units=("ML-2017/west",))
    drawn = incident_figure(
        located_table([]),
        around=(13.6, -8.3),
        radius_km=10,
        coverage=covered,
        frame=FRAME,
        lang=lang,
    )
    words = message("coverage.hatched", lang)
    assert texts_of(drawn)[2].get_text() == words
    assert drawn.about.alt_text.endswith(f"{words}.")
    for unsaid in ((12.5, -9.5), (13.0, -9.0)):
        drawn = incident_figure(
            located_table([]), around=unsaid, radius_km=10, coverage=covered, frame=FRAME, lang=lang
        )
        assert words not in drawn.about.alt_text


@pytest.mark.parametrize(("lang", "number"), [("en", "1,200"), ("fr", "1\u202f200")])
def test_thousands_stand_apart_wherever_a_figure_counts(lang, number):
    rows = [at(-8.4, 12.3, event_type="Riots", sub_event_type=None, fatalities_best=2)] * 1200
    rows += [in_unit(FRAME, "ML-2017/east/north")] * 1300
    drawn = incident_figure(
        located_table(rows), around=(12.5, -8.5), radius_km=1500, frame=FRAME, lang=lang
    )
    said = [text.get_text() for text in texts_of(drawn)]
    shaded, both = number.replace("2", "3"), number.replace("1", "2").replace("200", "500")
    # In the ring and in the legend; in the shade and in the legend; certain within the outer ring.
    assert said.count(number) == 2
    assert said.count(shaded) >= 1
    assert both in said
    assert any(one.startswith(f"{both} incidents") for one in said)
    assert any(one.endswith(number.replace("200", "500") + " km") for one in said)
    assert number in drawn.about.alt_text
    assert not re.search(r"(?<!\.)\b(1200|1300|1500|2500)\b", " ".join(said))
    (ring,) = [
        text for text in texts_of(drawn) if text.get_text() == number and text.get_ha() == "center"
    ]
    assert ring.get_fontsize() >= LEAST_POINTS


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_a_slide_is_more_map_than_legend(lang):
    kinds = ("Battles", "Strategic developments", "Explosions/Remote violence", "Riots")
    rows = [at(-8.4, 12.3, event_type=kind, sub_event_type=None) for kind in kinds]
    rows += [in_unit(FRAME, "ML-2017/east/north")]
    table = located_table(rows)
    view = View(bounds=(12, -9, 13, -8), centre=BAMAKO, radius_km=50, rings_km=(15, 30, 50))
    drawn = draw_figure(
        table,
        view=view,
        summary=summarize(table, view=view),
        title="Made",
        coverage=COVERAGE._replace(selection={lang: "made " * 50}),
        lang=lang,
        frame=FRAME,
        paper=paper_of("slide"),
        notice="Internal",
        filters="made " * 18,
    )
    assert drawn.window.width > 0.55 * drawn.figure.bbox.width
    assert min(text.get_fontsize() for text in texts_of(drawn.figure)) >= 9
