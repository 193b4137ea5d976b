"""Saved maps, opened in a browser from disk with the network off."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import geopandas as gpd
import pytest
from playwright.sync_api import Browser, Page

from mali_incidents.maps.incident_map import incident_map
from mali_incidents.records.coverage import Coverage

WIDE = {"width": 1400, "height": 900}
MAPS = {
    "mali": {},
    "bamako": {"around": "Bamako"},
    "narena": {"around": "Narena", "radius_km": 60, "way_to": "Bamako"},
}


class Opened:
    """A page opened from disk with the network off, and all that it asked and said."""

    def __init__(self, page: Page, path: Path) -> None:
        self.page = page
        self.said: list[str] = []
        self.asked: list[str] = []
        page.on("console", lambda entry: self.said.append(entry.text))
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.on("dialog", lambda dialog: self.said.append(f"dialog {dialog.message}"))
        page.on("request", lambda request: self.asked.append(request.url))
        page.goto(path.as_uri())
        page.wait_for_selector(".mi-panel")
        self.asked = [
            url for url in self.asked if url != path.as_uri() and not url.startswith("data:")
        ]
        self._layer = page.evaluate(
            "Object.keys(window).find((name) => name.startsWith('incident_layer_'))"
        )

    def incidents(self, script: str, given: object = None) -> object:
        """Ask the page's layer of incidents, by a function of it."""
        return self.page.evaluate(f"given => ({script})(window['{self._layer}'], given)", given)

    def names(self) -> list[str]:
        """The names written on the map."""
        return self.incidents("layer => layer._names.shown")


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[..., Opened]]:
    """Open written files, offline."""
    contexts = []

    def opened(path: Path, viewport: dict = WIDE) -> Opened:
        context = browser.new_context(viewport=viewport, offline=True)
        contexts.append(context)
        return Opened(context.new_page(), path)

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def saved(
    shipped_located: gpd.GeoDataFrame,
    shipped_coverage: Coverage,
    tmp_path_factory: pytest.TempPathFactory,
) -> Callable[..., Path]:
    """Save each of the three maps once in each language."""
    folder = tmp_path_factory.mktemp("maps")
    draw = partial(incident_map, shipped_located, coverage=shipped_coverage)

    def save(name: str, lang: str = "en") -> Path:
        path = folder / f"{name}-{lang}.html"
        if not path.exists():
            draw(lang=lang, **MAPS[name]).save(path)
        return path

    return save
