"""The interactive map: a folium map that needs nothing but its own file."""

import base64
import datetime as dt
import html
import warnings
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import folium
import geopandas as gpd
import pandas as pd
import xyzservices.providers
from folium.template import Template

from mali_incidents.errors import MapError
from mali_incidents.maps.captions import noticed
from mali_incidents.maps.figure import asked_view, cut_out, draw_figure, figure_png
from mali_incidents.maps.framed import as_srcdoc, framed_map
from mali_incidents.maps.layers import (
    BasemapLayer,
    IncidentLayer,
    MapData,
    Panel,
    RingsLayer,
    captions_of,
    page_data,
)
from mali_incidents.maps.messages import LANGUAGES, message
from mali_incidents.maps.page import own_length, page_of
from mali_incidents.maps.sheet import Box
from mali_incidents.maps.size import LARGE_MB, LargeMapWarning, large_map_words, large_parts
from mali_incidents.maps.summary import summarize
from mali_incidents.maps.verbatim import VerbatimMacros
from mali_incidents.maps.view import View
from mali_incidents.places.frames import AdminFrame
from mali_incidents.places.gazetteer import Gazetteer
from mali_incidents.records.coverage import Coverage
from mali_incidents.storage import write_text

# The simplified borders say nothing finer than this.
_MAX_ZOOM: Final = 14


class OnlineContentWarning(UserWarning):
    """A saved map will ask the network for something."""


class IncidentMap(folium.Map, VerbatimMacros):
    """A folium map of incidents whose saved file works anywhere.

    Made by :func:`incident_map`. Any folium layer can be added to it; folium runs the texts of its
    own popups and tooltips as templates and scripts, so nothing of a record belongs into them.

    Attributes
    ----------
    title : str
        The map's title.
    view : View
        What it frames.
    subtitle : str
        How many incidents it frames, how surely, and when they fell.
    alt_text : str
        What it shows, in words, for those who do not see it.
    notice : str or None
        The line that stands above it.
    size : int
        About how many bytes its file has; layers that were added are not counted.
    """

    default_js: list[tuple[str, str]] = []  # noqa: RUF012 -- folium reads class attributes
    default_css: list[tuple[str, str]] = []  # noqa: RUF012

    _template = Template(
        """
        {% macro header(this, kwargs) %}
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <style>html, body { height: 100%; margin: 0; }
        #{{ this.get_name() }} { position: relative; height: 100%; }</style>
        {% endmacro %}
        {% macro html(this, kwargs) %}
        <main class="mali-map" id="{{ this.get_name() }}" lang="{{ this.lang }}"
            aria-label="{{ this.alt_text | e }}"></main>
        <noscript><p class="mi-noscript">{{ this.noscript | e }}</p></noscript>
        {% endmacro %}
        {% macro script(this, kwargs) %}
        var {{ this.get_name() }} = L.map("{{ this.get_name() }}", {{ this.leaflet | tojson }});
        L.control.zoom({{ this.zoom | tojson }}).addTo({{ this.get_name() }});
        L.control.attribution({prefix: false}).addAttribution({{ this.credits | tojson }})
            .addTo({{ this.get_name() }});
        L.control.scale({imperial: false, position: "bottomright", maxWidth: 150})
            .addTo({{ this.get_name() }});
        maliIncidents.frame({{ this.get_name() }}, {{ this.bounds | tojson }});
        {% endmacro %}
        """
    )

    def __init__(
        self,
        located: gpd.GeoDataFrame,
        *,
        frame: AdminFrame,
        view: View,
        title: str | Mapping[str, str] | None,
        coverage: Coverage | None,
        lang: str,
        opens_with: tuple[pd.Timestamp, pd.Timestamp] | None = None,
        downloads: bool = True,
        notice: Mapping[str, str] | None = None,
        note: Mapping[str, str] | None = None,
    ) -> None:
        south, west, north, east = view.bounds
        super().__init__(location=((south + north) / 2, (west + east) / 2), tiles=None)
        self.view = view
        self.lang = lang
        # Leaflet takes it as markup; a frame's source is a text of its files.
        sources = {
            one: message("credits", one, boundaries=html.escape(frame.credit)) for one in LANGUAGES
        }
        self.credits = sources[lang]
        self.zoom = {
            "position": "topright",
            "zoomInTitle": message("zoom.in", lang),
            "zoomOutTitle": message("zoom.out", lang),
        }
        self.bounds = [[south, west], [north, east]]
        self.leaflet = {
            "zoomControl": False,
            "attributionControl": False,
            "zoomSnap": 0.25,
            "zoomDelta": 0.5,
            "minZoom": 4,
            "maxZoom": _MAX_ZOOM,
        }
        self.noscript = message("noscript", lang)
        self._located = located
        self._coverage = coverage
        self._frame = frame
        self._summary = summarize(located, view=view)
        captions = captions_of(
            located, view=view, summary=self._summary, title=title, coverage=coverage
        )
        for one in LANGUAGES:
            captions[one]["credits"] = sources[one]
            if coverage is not None:
                captions[one]["collection"] = coverage.title[one]
            if note is not None:
                captions[one]["note"] = note[one]
            if notice is not None:
                captions[one]["notice"] = notice[one]
                captions[one]["alt"] = noticed(captions[one]["alt"], notice=notice[one])
        self._captions = captions[lang]
        self.notice = None if notice is None else notice[lang]
        self.title = captions[lang]["title"]
        content = page_data(
            located,
            frame=frame,
            view=view,
            summary=self._summary,
            captions=captions,
            coverage=coverage,
            lang=lang,
            opens_with=opens_with,
            downloads=downloads,
        )
        content["dated"] = _dated(located, coverage)
        data = MapData(content, lang=lang)
        self.size = own_length() + len(data.block)
        if self.size > LARGE_MB * 1e6:
            words = large_map_words(self.size, parts=large_parts(content))
            warnings.warn(words, LargeMapWarning, stacklevel=3)
        self.add_child(data)
        self.add_child(BasemapLayer(data, name=message("basemap.borders", lang)))
        if view.centre is not None:
            self.add_child(RingsLayer(data, name=message("layer.rings", lang)))
        self.add_child(IncidentLayer(data, name=message("layer.incidents", lang)))
        self.add_child(Panel(data))

    @property
    def subtitle(self) -> str:
        """How many incidents the map frames, how surely, and when they fell."""
        return self._captions["subtitle"]

    @property
    def alt_text(self) -> str:
        """What the map shows, in words."""
        return self._captions["alt"]

    def picture(self) -> bytes:
        """Draw the map as a still picture, with its title, legend and notes.

        Returns
        -------
        bytes
            A PNG, the same bytes for the same map. Layers that were added are not on it.
        """
        return self._picture[0]

    def thumbnail(self) -> bytes:
        """Draw the map alone as a still picture.

        Returns
        -------
        bytes
            A PNG, cut out of :meth:`picture`.
        """
        return cut_out(*self._picture)

    @cached_property
    def _picture(self) -> tuple[bytes, Box]:
        """The still picture, and where on it the map stands."""
        drawing = draw_figure(
            self._located,
            view=self.view,
            summary=self._summary,
            title=self.title,
            coverage=self._coverage,
            lang=self.lang,
            frame=self._frame,
            notice=self.notice,
        )
        return figure_png(drawing.figure), drawing.window

    def save(self, outfile: str | Path, **_: Any) -> None:  # type: ignore[override]
        """Write the map as one HTML file with everything inside.

        Parameters
        ----------
        outfile : str or pathlib.Path
            Where the file is to stand.

        Raises
        ------
        PublishError
            When the file cannot be written; what stood there before still stands.

        Warns
        -----
        OnlineContentWarning
            When a layer that was added needs the network, naming what.
        """
        write_text(outfile, self.page())

    def page(self) -> str:
        """Write the map as the text of one HTML page, saying what of it will ask the network."""
        page = page_of(
            self.get_root(),  # type: ignore[arg-type]
            title=self.title,
            lang=self.lang,
            description=self.alt_text,
        )
        if page.online:
            warnings.warn(
                "this map will ask the network for what no Python package carries: "
                + ", ".join(page.online)
                + ". Without it the rest of the map still works.",
                OnlineContentWarning,
                stacklevel=3,
            )
        return page.html

    def _repr_html_(self, **_: Any) -> str:
        """Show the map in a notebook: a picture, which the live map covers where scripts run."""
        picture = base64.b64encode(self.picture()).decode()
        return framed_map(
            source=as_srcdoc(self.page()),
            title=f"{message('map.alt_live', self.lang)}: {self.title}",
            alt=self.alt_text,
            picture=f"data:image/png;base64,{picture}",
            height=640,
        )


def incident_map(
    located: gpd.GeoDataFrame,
    *,
    around: str | tuple[float, float] | None = None,
    radius_km: float = 150,
    rings_km: tuple[float, ...] | None = None,
    way_to: str | None = None,
    title: str | Mapping[str, str] | None = None,
    coverage: Coverage | None = None,
    lang: str = "en",
    tiles: str | None = None,
    opens_with: tuple[str | dt.date, str | dt.date] | None = None,
    downloads: bool = True,
    notice: Mapping[str, str] | None = None,
    note: Mapping[str, str] | None = None,
    frame: AdminFrame | None = None,
    gazetteer: Gazetteer | None = None,
) -> IncidentMap:
    """Draw located incidents as an interactive map.

    Parameters
    ----------
    located : geopandas.GeoDataFrame
        A located table, as ``locate_incidents`` gives it.
    around : str or (latitude, longitude), optional
        A place of the gazetteer, or a point in WGS 84 degrees, to centre on; the whole country
        by default. Around, radius and rings frame the view and the counts; they hide nothing.
    radius_km : float
        How far round the centre the view reaches, in kilometres.
    rings_km : tuple of float, optional
        Radii of the rings, in kilometres; by default even steps of a round length up to
        ``radius_km``.
    way_to : str, optional
        A place of the gazetteer to draw the way to, with its distance.
    title : str or mapping of str to str, optional
        The map's title: one for both languages, or one in each, e.g. ``{"en": "Attacks in May",
        "fr": "Attaques en mai"}``; made from ``around`` by default.
    coverage : Coverage, optional
        What the records claim to cover; the rest is hatched, never blank as if calm.
    lang : {"en", "fr"}
        The map's first language; a reader can switch to the other.
    tiles : str, optional
        An online map to lay over the offline one, by its name in xyzservices, e.g.
        ``"Esri.WorldGrayCanvas"``; none by default. Offline it fails quietly. Its terms are the
        user's to keep; OpenStreetMap's own servers, which refuse pages opened from disk, and
        maps that need a key are refused.
    opens_with : (first day, last day), optional
        The window of dates that is chosen when the map is opened, e.g. ``("2024-09-01",
        "2025-08-31")``; all dates by default. It hides nothing: a reader widens it, and all
        incidents are in the file.
    downloads : bool
        Whether the page offers what it shows as CSV and GeoJSON. What it shows is in the file
        either way.
    notice : mapping of str to str, optional
        A line above the map in each language, e.g. ``{"en": "Internal: not for publication",
        "fr": "Interne : ne pas publier"}``; also printed, and part of ``alt_text``.
    note : mapping of str to str, optional
        A text in each language below what the records cover, such as what changed since the last
        edition.
    frame : AdminFrame, optional
        The units the records were located in; the shipped ones by default.
    gazetteer : Gazetteer, optional
        Where ``around`` and ``way_to`` are looked up; the shipped one by default.

    Returns
    -------
    IncidentMap
        A ``folium.Map``: show it in a notebook, add folium layers, ``save(path)`` it.

    Raises
    ------
    MapError
        When the table was not located, a radius, a language, a window of dates, a title, a notice
        or an online map is not one, or the table, the frame and the coverage do not name the same
        units.
    LocateError
        When ``around`` or ``way_to`` is not a place of the gazetteer.

    Warns
    -----
    LargeMapWarning
        When the file will be too large for mail or a phone, naming what makes it so.
    """
    view, units = asked_view(
        located,
        around=around,
        radius_km=radius_km,
        rings_km=rings_km,
        way_to=way_to,
        coverage=coverage,
        lang=lang,
        frame=frame,
        gazetteer=gazetteer,
    )
    drawn = IncidentMap(
        located,
        frame=units,
        view=view,
        title=title if isinstance(title, str) else _lines(title, of="title"),
        coverage=coverage,
        lang=lang,
        opens_with=_days(opens_with),
        downloads=downloads,
        notice=_lines(notice, of="notice"),
        note=_lines(note, of="note"),
    )
    if tiles is not None:
        drawn.add_child(_online(tiles, lang))
    return drawn


def _days(
    window: tuple[str | dt.date, str | dt.date] | None,
) -> tuple[pd.Timestamp, pd.Timestamp] | None:
    """Read a window of dates."""
    if window is None:
        return None
    try:
        first, last = (pd.Timestamp(day).tz_localize(None).normalize() for day in window)
        # Not so either when one is missing.
        ordered = bool(first <= last)
    except (TypeError, ValueError):
        ordered = False
    if not ordered:
        raise MapError(
            "opens_with must be a first day and a last day, e.g. ('2024-09-01', '2025-08-31'), "
            f"got {window!r}"
        )
    return first, last


def _lines(written: Mapping[str, str] | None, *, of: str) -> dict[str, str] | None:
    """Read a title or a notice, a line in each language."""
    if written is None:
        return None
    given = dict(written) if isinstance(written, Mapping) else {}
    lines = {lang: " ".join(str(given.get(lang) or "").split()) for lang in LANGUAGES}
    if set(given) != set(LANGUAGES) or not all(lines.values()):
        raise MapError(
            f"{of} must be a line in each language, e.g. {{'en': 'Internal: not for publication', "
            f"'fr': 'Interne : ne pas publier'}}, got {written!r}"
        )
    return lines


def _dated(located: gpd.GeoDataFrame, coverage: Coverage | None) -> dict[str, int]:
    """Give the day of the data since 1970: when it was closed, else of its newest incident."""
    if coverage is not None:
        return {"as_of": (pd.Timestamp(coverage.as_of) - pd.Timestamp(0)).days}
    newest = located[["date_start", "date_end"]].max().max()
    return {} if pd.isna(newest) else {"newest": (newest - pd.Timestamp(0)).days}


def _online(name: str, lang: str) -> folium.TileLayer:
    """Make a layer of online tiles, laid over the offline map."""
    try:
        provider = xyzservices.providers.query_name(name)
    except ValueError as error:
        raise MapError(
            f"tiles must be a map that xyzservices knows, e.g. 'Esri.WorldGrayCanvas', got {name!r}"
        ) from error
    if provider.name.startswith("OpenStreetMap."):
        raise MapError(
            f"tiles={name!r} would stay blank: the volunteers' servers of OpenStreetMap refuse "
            "pages opened from disk; try 'Esri.WorldGrayCanvas'"
        )
    if provider.requires_token():
        raise MapError(
            f"tiles={name!r} needs a key, which would be readable in every copy of the map; "
            "try 'Esri.WorldGrayCanvas', or add a folium.TileLayer with your own key"
        )
    return folium.TileLayer(provider, name=message("layer.tiles", lang), overlay=True)
