"""A map knows how large its file will be, and says what makes it large."""

import base64

import geopandas as gpd
import numpy as np
import pytest

from mali_incidents.maps import incident_map as module
from mali_incidents.maps.incident_map import incident_map
from mali_incidents.maps.size import LargeMapWarning
from mali_incidents.tables import Source


def test_the_size_is_known_before_anything_is_written(
    shipped_located: gpd.GeoDataFrame, tmp_path
) -> None:
    drawn = incident_map(shipped_located, around="Bamako")
    drawn.save(tmp_path / "map.html")
    written = (tmp_path / "map.html").stat().st_size
    assert abs(drawn.size - written) < 0.03 * written


@pytest.mark.parametrize(("column", "said"), [("summary", "summaries"), ("sources", "sources")])
def test_a_large_map_is_told_with_what_makes_it_large(
    shipped_located: gpd.GeoDataFrame, monkeypatch: pytest.MonkeyPatch, column: str, said: str
) -> None:
    located = shipped_located.head(40).copy()
    random = np.random.default_rng(1)
    texts = [random.bytes(2000).hex() for _ in range(len(located))]
    sources = [[Source("x", f"https://x.example/{text}")] for text in texts]
    located[column] = texts if column == "summary" else sources
    monkeypatch.setattr(module, "LARGE_MB", 0.1)
    with pytest.warns(LargeMapWarning, match=rf"\(borders.* MB, {said} 0.1 MB") as warned:
        incident_map(located)
    assert warned[0].filename == __file__


def test_a_notebooks_output_is_hardly_larger_than_the_file(
    shipped_located: gpd.GeoDataFrame,
) -> None:
    drawn = incident_map(shipped_located)
    shown = len(drawn._repr_html_()) - len(base64.b64encode(drawn.picture()))
    assert shown < 1.25 * len(drawn.page())
