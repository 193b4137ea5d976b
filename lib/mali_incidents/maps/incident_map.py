"""The interactive map: a folium map that needs nothing but its own file."""

import base64
import html
import warnings
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import folium
import geopandas as gpd
import xyzservices.providers
from folium.template import Template

from mali_incidents.errors import MapError
from mali_incidents.maps.captions import title_of
from mali_incidents.maps.figure import alt_text, figure_png, incident_figure
from mali_incidents.maps.layers import (
    BasemapLayer,
    IncidentLayer,
    MapData,
    Panel,
    RingsLayer,
    page_data,
)
from mali_incidents.maps.messages import message
from mali_incidents.maps.page import page_of
from mali_incidents.maps.verbatim import VerbatimMacros
from mali_incidents.maps.view import View, frame_view
from mali_incidents.places.frames import AdminFrame, read_frame
from mali_incidents.places.gazetteer import Gazetteer, read_gazetteer
from mali_incidents.records.coverage import Coverage
from mali_incidents.storage import write_text
from mali_incidents.tables import why_not_located

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
    alt_text : str
        What it shows, in words, for those who do not see it.
    """

    default_js: list[tuple[str, str]] = []  # noqa: RUF012 -- folium reads class attributes
    default_css: list[tuple[str, str]] = []  # noqa: RUF012

    _template = Template(
        """
        {% macro header(this, kwargs) %}
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <style>html, body { height: 100%; margin: 0; }
        #{{ this.get_name() }} { position: absolute; inset: 0; }</style>
        {% endmacro %}
        {% macro html(this, kwargs) %}
        <main class="mali-map" id="{{ this.get_name() }}"
            aria-label="{{ this.alt_text | e }}"></main>
        {% endmacro %}
        {% macro script(this, kwargs) %}
        var {{ this.get_name() }} = L.map("{{ this.get_name() }}", {{ this.leaflet | tojson }});
        L.control.zoom({position: "topright"}).addTo({{ this.get_name() }});
        L.control.scale({imperial: false, position: "bottomleft"}).addTo({{ this.get_name() }});
        L.control.attribution({prefix: false}).addAttribution({{ this.credits | tojson }})
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
        title: str,
        coverage: Coverage | None,
        lang: str,
    ) -> None:
        south, west, north, east = view.bounds
        super().__init__(location=((south + north) / 2, (west + east) / 2), tiles=None)
        self.view = view
        self.title = title
        self.lang = lang
        self.credits = message("credits", lang)
        self.bounds = [[south, west], [north, east]]
        self.leaflet = {
            "zoomControl": False,
            "attributionControl": False,
            "zoomSnap": 0.25,
            "zoomDelta": 0.5,
            "minZoom": 4,
            "maxZoom": _MAX_ZOOM,
        }
        self._located = located
        self._coverage = coverage
        data = MapData(
            page_data(located, frame=frame, view=view, title=title, coverage=coverage, lang=lang)
        )
        self.add_child(data)
        self.add_child(BasemapLayer(data, name=message("basemap.borders", lang)))
        if view.centre is not None:
            self.add_child(RingsLayer(data, name=message("layer.rings", lang)))
        self.add_child(IncidentLayer(data, name=message("layer.incidents", lang)))
        self.add_child(Panel(data))

    @cached_property
    def alt_text(self) -> str:
        """What the map shows, in words."""
        return alt_text(self._located, view=self.view, coverage=self._coverage, lang=self.lang)

    def picture(self) -> bytes:
        """Draw the map as a still picture.

        Returns
        -------
        bytes
            A PNG, the same bytes for the same map.
        """
        figure = incident_figure(
            self._located,
            view=self.view,
            title=self.title,
            coverage=self._coverage,
            lang=self.lang,
        )
        return figure_png(figure)

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
        write_text(outfile, self._page())

    def _page(self) -> str:
        """Write the page and say what of it will ask the network."""
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
        page = self._page().replace("&", "&amp;").replace("'", "&#39;")
        alt = html.escape(self.alt_text)
        live = html.escape(f"{message('map.alt_live', self.lang)}: {self.title}")
        return (
            '<div style="position:relative;width:100%;height:640px;overflow:hidden">'
            f'<img src="data:image/png;base64,{picture}" alt="{alt}" '
            'style="width:100%;height:100%;object-fit:contain">'
            f"<iframe srcdoc='{page}' title=\"{live}\" "
            'sandbox="allow-scripts allow-popups allow-popups-to-escape-sandbox allow-downloads" '
            'style="position:absolute;left:0;top:0;width:100%;height:100%;border:0"></iframe></div>'
        )


def incident_map(
    located: gpd.GeoDataFrame,
    *,
    around: str | tuple[float, float] | None = None,
    radius_km: float = 150,
    rings_km: tuple[float, ...] | None = None,
    way_to: str | None = None,
    title: str | None = None,
    coverage: Coverage | None = None,
    lang: str = "en",
    tiles: str | None = None,
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
        Radii of the rings, in kilometres; three even steps up to ``radius_km`` by default.
    way_to : str, optional
        A place of the gazetteer to draw the way to, with its distance.
    title : str, optional
        The map's title; made from ``around`` by default.
    coverage : Coverage, optional
        What the records claim to cover; the rest is hatched, never blank as if calm.
    lang : {"en", "fr"}
        The map's language.
    tiles : str, optional
        An online map to lay over the offline one, by its name in xyzservices, e.g.
        ``"Esri.WorldGrayCanvas"``; none by default. Offline it fails quietly. Its terms are the
        user's to keep: OpenStreetMap's own server refuses pages opened from disk.
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
        When the table was not located, or a radius, a language or an online map is not one.
    LocateError
        When ``around`` or ``way_to`` is not a place of the gazetteer.
    """
    if wrong := why_not_located(located):
        raise MapError(wrong)
    units = frame if frame is not None else read_frame()
    view = frame_view(
        around,
        radius_km=radius_km,
        rings_km=rings_km,
        way_to=way_to,
        whole=tuple(units.units.loc["ML"].geometry.bounds),
        gazetteer=gazetteer if gazetteer is not None else read_gazetteer(),
    )
    drawn = IncidentMap(
        located,
        frame=units,
        view=view,
        title=title or title_of(view, lang=lang),
        coverage=coverage,
        lang=lang,
    )
    if tiles is not None:
        drawn.add_child(_online(tiles, lang))
    return drawn


def _online(name: str, lang: str) -> folium.TileLayer:
    """Make a layer of online tiles, laid over the offline map."""
    try:
        provider = xyzservices.providers.query_name(name)
    except ValueError as error:
        raise MapError(
            f"tiles must be a map that xyzservices knows, e.g. 'Esri.WorldGrayCanvas', got {name!r}"
        ) from error
    return folium.TileLayer(provider, name=message("layer.tiles", lang), overlay=True)
