// Incidents: points where the place is known, shaded areas where only a unit is known, a ring or
// an outline of uncertainty on selection, a list where several share a place.
(function () {
  "use strict";
  const viewer = (window.maliIncidents = window.maliIncidents || {});
  const COARSE_FIRST = ["country", "region", "cercle", "commune"];

  // Columns to one object an incident; the columns are what travels.
  viewer.rows = function (columns) {
    return columns.id.map(function (id, i) {
      const row = { index: i };
      Object.keys(columns).forEach((name) => (row[name] = columns[name][i]));
      return row;
    });
  };

  function gather(rows, key) {
    const groups = new Map();
    rows.forEach(function (row) {
      const name = key(row);
      if (!groups.has(name)) groups.set(name, []);
      groups.get(name).push(row);
    });
    return Array.from(groups.values());
  }

  viewer.Incidents = L.LayerGroup.extend({
    initialize: function (data, units, text, names) {
      L.LayerGroup.prototype.initialize.call(this);
      this._units = units;
      this._text = text;
      this._names = names;
      this._area = data.area;
      this.rows = viewer.rows(data.columns);
      this.rows.forEach((row) => (row.type = data.types[row.type]));
      this.points = this.rows.filter((row) => row.lat !== null);
      this.areas = this.rows.filter((row) => row.lat === null && row.unit !== null && row.unit !== "ML");
      this.unplaced = this.rows.filter((row) => row.lat === null && (row.unit === null || row.unit === "ML"));
    },

    onAdd: function (map) {
      viewer.prepare(map);
      if (!this._drawn) this._draw();
      L.LayerGroup.prototype.onAdd.call(this, map);
      this._names.include(map, "incidents", this._counts);
      map.on("popupclose", this._unchoose, this);
    },

    onRemove: function (map) {
      map.off("popupclose", this._unchoose, this);
      this._unchoose();
      this._names.exclude("incidents");
      L.LayerGroup.prototype.onRemove.call(this, map);
    },

    _draw: function () {
      this._canvas = new viewer.Canvas({ padding: 0.4, tolerance: L.Browser.mobile ? 8 : 3 });
      this._signs = [];
      const shaded = gather(this.areas, (row) => row.unit);
      const rank = (group) => COARSE_FIRST.indexOf(group[0].level);
      shaded.sort((one, other) => rank(one) - rank(other));
      shaded.forEach((group) => this._addArea(group));
      const places = gather(this.points, (row) => row.lat + " " + row.lon);
      // The larger below, so that a small symbol is never hidden.
      places.sort((one, other) => this._radius(other) - this._radius(one));
      places.forEach((group) => this._addPlace(group));
      this._counts = shaded.map((group) => ({
        lat: group[0].labelLat,
        lon: group[0].labelLon,
        text: group[0].placed.split(", ")[0] + " · " + this._text.number(group.length),
        kind: "count",
        rank: rank(group),
        zoom: 4.5,
      }));
      this.shown = this._signs.length;
      this._drawn = true;
    },

    _addArea: function (group) {
      const step = this._area.steps.findIndex((most) => group.length <= most);
      const layer = L.polygon(this._units.rings(group[0].unit), {
        renderer: this._canvas,
        color: this._area.colour,
        weight: 0.8,
        opacity: 0.55,
        fillColor: this._area.colour,
        fillOpacity: this._area.opacities[step],
        smoothFactor: 0.6,
      });
      this._dress(layer, group);
    },

    _addPlace: function (group) {
      const counted = group.length > 1;
      const parts = gather(group, (row) => row.type.name).map((rows) => ({
        colour: rows[0].type.colour,
        count: rows.length,
      }));
      const layer = new viewer.Symbol([group[0].lat, group[0].lon], {
        renderer: this._canvas,
        radius: this._radius(group),
        shape: group[0].type.shape,
        fillColor: group[0].type.colour,
        parts: counted ? parts : null,
        total: group.length,
      });
      this._dress(layer, group);
    },

    _radius: function (group) {
      if (group.length > 1) return Math.min(10 + 2.2 * Math.sqrt(group.length), 22);
      const deaths = group[0].best === null ? group[0].high : group[0].best;
      return Math.min(5.5 + 1.3 * Math.sqrt(deaths || 0), 16);
    },

    _dress: function (layer, group) {
      layer.group = group;
      const hint = () => {
        const first = group[0];
        const words =
          group.length > 1
            ? this._text.say("place.incidents", { n: group.length, place: first.placed || "" })
            : [this._text.date(first.start, first.end, first.precision), first.placed].filter(Boolean).join(" · ");
        return viewer.make("span", "", words);
      };
      if (!L.Browser.mobile) layer.bindTooltip(hint, { sticky: true, direction: "top", className: "mi-hint" });
      layer.on("click", (event) => {
        L.DomEvent.stopPropagation(event);
        this.open(group, event.latlng, layer);
      });
      this._signs.push(layer);
      this.addLayer(layer);
    },

    // Boxes of the symbols in container pixels, for names to keep clear of.
    boxes: function () {
      if (!this._map || !this._signs) return [];
      return this._signs
        .filter((layer) => layer instanceof viewer.Symbol)
        .map((layer) => {
          const at = this._map.latLngToContainerPoint(layer.getLatLng());
          const r = layer.getRadius() + 2;
          return Object.assign([at.x - r, at.y - r, at.x + r, at.y + r], { symbol: true });
        });
    },

    // Open one incident by itself, wherever it is listed.
    choose: function (incident) {
      const layer = this._signs.find((one) => one.group.includes(incident));
      if (layer) this.open([incident], null, layer);
      else this._popup(viewer.card(incident, this._text), this._map.getCenter());
    },

    open: function (group, at, layer) {
      const map = this._map;
      const spot = layer instanceof viewer.Symbol ? layer.getLatLng() : at || this._middle(group[0]);
      if (!map.getBounds().contains(spot)) map.panTo(spot, { animate: false });
      const body = viewer.make("div");
      // A click that replaces the button it came from would look to Leaflet like one on the map,
      // which closes the popup.
      L.DomEvent.on(body, "click", L.DomEvent.stopPropagation);
      const show = (incident) => {
        body.replaceChildren();
        if (group.length > 1) {
          const back = viewer.make("button", "mi-back", this._text.say("list.back", { n: group.length }));
          back.type = "button";
          back.addEventListener("click", () => list());
          body.appendChild(back);
        }
        body.appendChild(viewer.card(incident, this._text));
      };
      const list = () => {
        const words = { n: group.length, place: group[0].placed || "" };
        body.replaceChildren(
          viewer.make("h2", "mi-heading", this._text.say("place.incidents", words)),
          viewer.make("p", "mi-precision", viewer.precision(group[0], this._text)),
          viewer.list(group, this._text, show),
        );
      };
      if (group.length > 1) list();
      else show(group[0]);
      this._popup(body, spot);
      this._choose(layer);
    },

    _middle: function (row) {
      return L.latLng(row.labelLat, row.labelLon);
    },

    _popup: function (body, spot) {
      const size = this._map.getSize();
      const width = Math.min(360, size.x - 40);
      L.popup({
        className: "mi-popup",
        maxWidth: width,
        minWidth: Math.min(width, 280),
        maxHeight: Math.max(160, Math.min(460, size.y - 140)),
        autoPanPadding: [12, 12],
      })
        .setLatLng(spot)
        .setContent(body)
        .openOn(this._map);
    },

    _choose: function (layer) {
      this._unchoose();
      this._chosen = layer;
      if (layer instanceof viewer.Symbol) {
        const first = layer.group[0];
        L.setOptions(layer, { chosen: true });
        layer.redraw();
        if (first.radius === null) return;
        this._ring = L.circle(layer.getLatLng(), {
          radius: first.radius,
          interactive: false,
          color: "#202124",
          weight: 1.5,
          dashArray: "5 4",
          fillOpacity: 0.06,
          className: "mi-uncertainty",
        }).addTo(this._map);
      } else {
        layer.setStyle({ weight: 2.5, opacity: 1 });
      }
    },

    _unchoose: function () {
      const layer = this._chosen;
      this._chosen = null;
      if (this._ring) this._ring.remove();
      this._ring = null;
      if (!layer) return;
      if (layer instanceof viewer.Symbol) {
        L.setOptions(layer, { chosen: false });
        layer.redraw();
      } else {
        layer.setStyle({ weight: 0.8, opacity: 0.55 });
      }
    },
  });
})();
