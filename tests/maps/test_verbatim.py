"""No text is a template: whatever a record, title or name says stands in the page as it is."""

import re
from html.parser import HTMLParser
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from branca.element import Figure
from hypothesis import given, settings
from hypothesis import strategies as st
from made_located import COVERAGE

from mali_incidents.maps.incident_map import IncidentMap, incident_map
from mali_incidents.maps.layers import MapData
from mali_incidents.maps.messages import set_name
from mali_incidents.maps.payload import read_block, unpack_table
from mali_incidents.places.gazetteer import Gazetteer
from mali_incidents.places.locate import locate_incidents
from mali_incidents.records.read import read_incidents
from mali_incidents.storage import shipped
from mali_incidents.tables import Source

PIECES = ["{{", "}}", "{%", "%}", "{#", "#}", "</script>", "${", "}", "`", "{", "for x", "\n"]
HOSTILE = st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=6).map("".join)
TEXTS = (
    "incident_id",
    "target",
    "actor",
    "summary",
    "location_text",
    "admin1_name",
    "admin2_name",
    "admin3_name",
)


@pytest.fixture(scope="module")
def located() -> gpd.GeoDataFrame:
    """A few of the shipped incidents, located."""
    incidents, _ = read_incidents(shipped("incidents", "incidents.csv"))
    return locate_incidents(incidents.head(2))


class Said(HTMLParser):
    """The data blocks of a page, its title and the name of its map, as a browser reads them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.blocks: list[str] = []
        self.title = self.label = self.description = ""
        self._into = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self._into = tag if tag == "title" or given.get("type") == "application/json" else ""
        if self._into == "script":
            self.blocks.append("")
        if tag == "main":
            self.label = str(given["aria-label"])
        if given.get("name") == "description":
            self.description = str(given["content"])

    def handle_data(self, data: str) -> None:
        if self._into == "title":
            self.title += data
        elif self._into:
            self.blocks[-1] += data

    def handle_endtag(self, tag: str) -> None:
        self._into = ""


def map_saying(located: gpd.GeoDataFrame, text: str) -> IncidentMap:
    """A map that says a text wherever it can say one."""
    said = located.assign(**dict.fromkeys(TEXTS, text))
    said["sources"] = pd.Series([[Source(text, text, text)]] * len(said), index=said.index)
    places = pd.DataFrame(
        {
            "place_id": ["a", "b"],
            "name": [f"a {text}", f"b {text}"],
            "other_names": ["here", "there"],
            "kind": "town",
            "admin1": "Koulikoro",
            "admin2": "Kangaba",
            "latitude": [12.2, 12.6],
            "longitude": [-8.5, -8.0],
            "extent_km": 1.0,
        }
    )
    return incident_map(
        said,
        around="here",
        radius_km=60,
        way_to="there",
        title=f"A title {text}",
        coverage=COVERAGE._replace(
            units=("ML",), selection={"en": text, "fr": text}, title={"en": text, "fr": text}
        ),
        gazetteer=Gazetteer(name=text, places=places),
    )


@settings(max_examples=30)
@given(text=HOSTILE)
def test_any_text_stands_in_the_page_as_it_is(located: gpd.GeoDataFrame, text: str) -> None:
    drawn = map_saying(located, text)
    said = Said(drawn.page())
    (block,) = said.blocks
    data = read_block(block)
    for captions in data["captions"].values():
        assert captions["title"] == f"A title {text}"
        assert captions["coverage"] == text
        assert f"a {text}" in captions["around"]
    assert data["rings"]["way"]["to"]["name"] == set_name(f"b {text}")
    columns = unpack_table(data["incidents"]["columns"], tables=data["tables"])
    for name in ("id", "target", "actor", "summary", "reported"):
        assert columns[name] == [text] * len(located)
    assert columns["sources"] == [[[text] * 3]] * len(located)
    assert said.title == f"A title {text}"
    assert said.description == drawn.alt_text
    assert said.label == drawn.alt_text


@given(text=HOSTILE)
def test_a_block_of_data_is_the_same_however_the_figure_is_rendered(text: str) -> None:
    figure = Figure()
    figure.add_child(MapData({"text": text, text: [text, {}]}))
    block = re.search(r'<script type="application/json"[^>]*>(.*?)</script>', figure.render())
    assert block
    assert read_block(block[1]) == {"text": text, text: [text, {}]}


@pytest.mark.parametrize(
    "payload",
    [
        "{{{{ cycler.__init__.__globals__.os.popen('echo > {file}').read() }}}}",
        "{{% set _ = cycler.__init__.__globals__.os.system('echo > {file}') %}}",
    ],
)
def test_a_payload_does_nothing(located: gpd.GeoDataFrame, tmp_path: Path, payload: str) -> None:
    file = tmp_path / "executed"
    drawn = map_saying(located, payload.format(file=file))
    drawn.save(tmp_path / "saved.html")
    drawn._repr_html_()
    drawn.get_root().render()
    assert [path.name for path in tmp_path.iterdir()] == ["saved.html"]


@pytest.mark.parametrize("text", ["{# open", "{% for %}", "{{ 1 / 0 }}", "{% raw %}", "{{"])
def test_a_broken_template_is_text(located: gpd.GeoDataFrame, text: str) -> None:
    assert text in Said(map_saying(located, text).page()).title
