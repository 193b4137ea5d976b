// Incidents: points where the place is known, shaded areas where only a unit is known, a ring or
// an outline of uncertainty on selection, a list where several share a place.
(function () {
  "use strict";
  const viewer = (window.maliIncidents = window.maliIncidents || {});
  const COARSE_FIRST = ["country", "region", "cercle", "commune"];
  const EDGE = { weight: 0.8, opacity: 0.55 };
  // No sign reaches the core of another further than this, in pixels.
  const CELL = 40;
  // So many signs are drawn at once; of more, those in and near the window.
  const MANY = 1500;

  function gather(rows, key) {
    const groups = new Map();
    rows.forEach(function (row) {
      const name = key(row);
      if (!groups.has(name)) groups.set(name, []);
      groups.get(name).push(row);
    });
    return Array.from(groups.values());
  }

  function radius(group) {
    if (group.length > 1) return Math.min(10 + 2.2 * Math.sqrt(group.length), 22);
    return Math.min(5.5 + 1.3 * Math.sqrt(viewer.deaths(group[0]) || 0), 16);
  }

  // A sign a place; where one would cover the core of another, the number of a counted one above
  // all, one for both. A symbol's corners reach further than its radius. Only signs in the cells
  // around can be that near.
  function join(places, scale) {
    const signs = [];
    const cells = new Map();
    // The one that stands for more comes first, then the larger, then the earlier: in one number.
    const keys = places.map((group, i) => (group.length * 512 + Math.round(radius(group) * 16)) * 2 ** 20 + 2 ** 20 - 1 - i);
    Float64Array.from(keys).sort().reverse().forEach(function (key) {
      const group = places[2 ** 20 - 1 - (key % 2 ** 20)];
      const x = group[0].spot.x * scale;
      const y = group[0].spot.y * scale;
      const r = radius(group);
      const reach = group.length > 1 ? r : r * 1.25;
      // Cells far apart may share a number, which costs no more than a look.
      const cell = (dx, dy) => (((x / CELL + dx) & 32767) << 15) | ((y / CELL + dy) & 32767);
      let over = null;
      for (let near = 0; near < 9; near += 1) {
        for (const one of cells.get(cell((near % 3) - 1, Math.floor(near / 3) - 1)) || []) {
          if (over && over.rank < one.rank) continue;
          const far = Math.hypot(one.x - x, one.y - y);
          const its = one.group.length > 1 ? one.radius : one.radius * 1.25;
          if (far < its + r * 0.5 || far < reach + one.radius * 0.5) over = one;
        }
      }
      if (over) {
        if (over.places.length === 1) over.group = over.group.slice();
        over.group.push(...group);
        over.places.push(group);
        over.radius = radius(over.group);
        return;
      }
      const sign = { group: group, places: [group], radius: r, x: x, y: y, rank: signs.length };
      signs.push(sign);
      if (cells.has(cell(0, 0))) cells.get(cell(0, 0)).push(sign);
      else cells.set(cell(0, 0), [sign]);
    });
    // The larger below, so that a small symbol is never hidden.
    return signs.sort((one, other) => other.radius - one.radius);
  }

  // Where a point lies on the map at zoom 0, in pixels: one object a place.
  function spots(rows) {
    const known = new Map();
    rows.forEach(function (row) {
      if (row.lat === null) return;
      const key = row.lat + " " + row.lon;
      if (!known.has(key)) {
        const at = L.CRS.EPSG3857.latLngToPoint(L.latLng(row.lat, row.lon), 0);
        known.set(key, { x: at.x, y: at.y });
      }
      row.spot = known.get(key);
    });
  }

  // Even-odd over rings of [latitude, longitude].
  function holds(rings, at) {
    let inside = false;
    rings.forEach(function (ring) {
      for (let i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) {
        const one = ring[i];
        const other = ring[j];
        if (one[0] > at.lat === other[0] > at.lat) continue;
        if (at.lng < ((other[1] - one[1]) * (at.lat - one[0])) / (other[0] - one[0]) + one[1]) inside = !inside;
      }
    });
    return inside;
  }

  viewer.Incidents = L.LayerGroup.extend({
    initialize: function (names) {
      L.LayerGroup.prototype.initialize.call(this);
      this._names = names;
    },

    fill: function (data, rows, units, text) {
      this._units = units;
      this._text = text;
      this._area = data.area;
      this._unitNames = data.names;
      this.rows = rows;
      this.types = data.types;
      spots(this.rows);
      this._outlines = data.outlines;
      this._canvas = new viewer.Canvas({ padding: 0.4, tolerance: L.Browser.mobile ? 8 : 3 });
      this._shades = [];
      this._areas = [];
      this._signs = [];
      this._cache = new Map();
      text.changed(() => this._speak());
    },

    // Show the rows of these indices, and no others.
    show: function (indices) {
      this.chosen = indices.map((i) => this.rows[i]);
      const inUnit = (row) => row.unit !== null && row.unit !== "ML";
      this.points = [];
      this.outlined = [];
      this.areas = [];
      this.unplaced = [];
      this.chosen.forEach((row) => {
        if (row.lat !== null) this.points.push(row);
        else if (row.outline !== null) this.outlined.push(row);
        else (inUnit(row) ? this.areas : this.unplaced).push(row);
      });
      this._places = gather(this.points, (row) => row.spot);
      this._joined = null;
      if (this._begun) this._draw();
      else if (this._map) this._begin(this._map);
    },

    onAdd: function (map) {
      viewer.prepare(map);
      L.LayerGroup.prototype.onAdd.call(this, map);
      if (this.chosen) this._begin(map);
    },

    _begin: function (map) {
      map.on("moveend", this._drawSigns, this);
      map.on("popupclose", this._closed, this);
      L.DomEvent.on(document, "keydown", this._pressed, this);
      this._begun = true;
      this._draw();
    },

    // Say again what is said, in another language.
    _speak: function () {
      if (!this._begun) return;
      this._names.include(this._map, "incidents", this._counts());
      if (this._popup) this._again();
    },

    onRemove: function (map) {
      this._begun = false;
      map.off("moveend", this._drawSigns, this);
      map.off("popupclose", this._closed, this);
      L.DomEvent.off(document, "keydown", this._pressed, this);
      if (this._popup) map.closePopup(this._popup);
      this._names.exclude("incidents");
      L.LayerGroup.prototype.onRemove.call(this, map);
    },

    // How many incidents are drawn, as signs and as shades.
    shown: function () {
      return this.points.length + this.outlined.length + this.areas.length;
    },

    _draw: function () {
      if (this._popup && !this._listed.every((row) => this.chosen.includes(row))) this._map.closePopup(this._popup);
      this._clearSigns();
      this._drawAreas();
      this._drawSigns();
      this._names.include(this._map, "incidents", this._counts());
    },

    // A unit's shade tells how many incidents may lie there: those known to it and those known
    // only to a unit that holds it. The finer units within have shades of their own, so no two
    // shades lie on one another.
    _drawAreas: function () {
      const shaded = gather(this.areas, (row) => row.unit);
      const rank = (group) => COARSE_FIRST.indexOf(group[0].level);
      shaded.sort((one, other) => rank(one) - rank(other));
      const byUnit = new Map(shaded.map((group) => [group[0].unit, group]));
      const within = new Map(shaded.map((group) => [group[0].unit, []]));
      const above = new Map();
      byUnit.forEach(function (group, unit) {
        const holding = [];
        for (let at = unit.lastIndexOf("/"); at > 0; at = unit.lastIndexOf("/", at - 1)) {
          if (byUnit.has(unit.slice(0, at))) holding.push(unit.slice(0, at));
        }
        above.set(unit, holding);
        if (holding.length) within.get(holding[0]).push(unit);
      });
      const keep = (before, after) => {
        before.filter((layer) => !after.includes(layer)).forEach((layer) => this.removeLayer(layer));
        after.forEach((layer) => this.hasLayer(layer) || this.addLayer(layer));
        return after;
      };
      this._shades = keep(this._shades, shaded.map((group) => {
        const unit = group[0].unit;
        const holes = within.get(unit);
        const around = [group].concat(above.get(unit).map((one) => byUnit.get(one)));
        const layer = this._cached([unit].concat(holes).join("|"), () => this._shade(unit, holes));
        layer.group = group;
        layer.around = around;
        const count = around.reduce((sum, one) => sum + one.length, 0);
        const opacity = this._area.opacities[this._area.steps.findIndex((most) => count <= most)];
        if (opacity !== layer.options.fillOpacity) layer.setStyle({ fillOpacity: opacity });
        return layer;
      }));
      this._areas = keep(this._areas, gather(this.outlined, (row) => row.outline).map((group) => {
        const layer = this._cached(group[0].outline, () => this._outline(group[0].outline));
        layer.group = group;
        layer.around = [group];
        return layer;
      }));
    },

    // The finest first: they have the least room for their number.
    _counts: function () {
      return this._shades
        .slice()
        .reverse()
        .map((layer, number) => ({
          lat: layer.group[0].labelLat,
          lon: layer.group[0].labelLon,
          text: this._unitNames[layer.unit] + " · " + this._text.number(layer.group.length),
          short: this._text.number(layer.group.length),
          unit: layer.unit,
          area: layer,
          kind: "count-" + layer.group[0].level,
          rank: 20 + number / 1000,
          zoom: 4.5,
        }));
    },

    // Areas are drawn once, and shown again when a filter brings them back.
    _cached: function (key, make) {
      if (!this._cache.has(key)) {
        this._cache.set(key, make());
        this._dress(this._cache.get(key));
      }
      return this._cache.get(key);
    },

    _shade: function (unit, holes) {
      const rings = [unit].concat(holes).flatMap((one) => this._units.rings(one));
      const layer = L.polygon(rings, {
        renderer: this._canvas,
        color: this._area.colour,
        fillColor: this._area.colour,
        smoothFactor: 0.6,
        ...EDGE,
      });
      // What a name needs to know of the area, and a list of what may lie in it.
      layer.unit = unit;
      layer.bounds = L.latLngBounds(rings[0]);
      layer.holds = (at) => holds(rings, at);
      return layer;
    },

    // An area that words tell and no unit is: dashed, and not shaded, as shades count units.
    _outline: function (number) {
      const rings = this._outlines[number];
      const layer = L.polygon(rings, {
        renderer: this._canvas,
        color: this._area.colour,
        dashArray: "6 4",
        fillColor: this._area.colour,
        fillOpacity: 0.02,
        smoothFactor: 0.6,
        ...EDGE,
      });
      layer.holds = (at) => holds(rings, at);
      return layer;
    },

    _clearSigns: function () {
      this._signs.forEach((layer) => this.removeLayer(layer));
      this._signs = [];
    },

    _drawSigns: function () {
      const zoom = this._map.getZoom();
      const scale = 2 ** zoom;
      const fresh = !this._joined || this._zoom !== zoom;
      if (fresh) this._joined = join(this._places, scale);
      this._zoom = zoom;
      const many = this._joined.length > MANY;
      // What is drawn already is not drawn anew because the map was moved.
      if (!fresh && this._signs.length && !many) return;
      this._clearSigns();
      const bounds = this._map.getPixelBounds();
      const room = bounds.getSize().multiplyBy(0.4);
      const seen = L.bounds(bounds.min.subtract(room), bounds.max.add(room));
      this._signs = this._joined
        .filter((sign) => !many || seen.contains([sign.x, sign.y]))
        .map((sign) => this._addSign(sign));
      if (this._selected) this._select(this._selected);
    },

    _addSign: function (sign) {
      const group = sign.group;
      const counted = group.length > 1;
      const parts = gather(group, (row) => row.type.name).map((rows) => ({
        colour: rows[0].type.colour,
        count: rows.length,
      }));
      const layer = new viewer.Symbol([group[0].lat, group[0].lon], {
        renderer: this._canvas,
        radius: sign.radius,
        shape: group[0].type.shape,
        fillColor: group[0].type.colour,
        open: !counted && viewer.deaths(group[0]) === null,
        parts: counted ? parts : null,
        total: group.length,
      });
      layer.group = group;
      layer.places = sign.places;
      this._dress(layer);
      this.addLayer(layer);
      return layer;
    },

    _dress: function (layer) {
      if (!L.Browser.mobile) layer.on("mouseover", (event) => this._hint(layer, event.latlng));
      layer.on("click", (event) => {
        L.DomEvent.stopPropagation(event);
        layer.closeTooltip();
        this.open(layer, event.latlng);
      });
    },

    _hint: function (layer, at) {
      if (this._popup && this._popup.isOpen()) return;
      const words = function () {
        const first = layer.group[0];
        return layer.group.length > 1
          ? this._heading(layer.group, layer.places)
          : [this._text.date(first.start, first.end, first.precision), first.placed].filter(Boolean).join(" · ");
      };
      if (!layer.getTooltip()) {
        layer.bindTooltip(() => viewer.make("span", "", words.call(this)), { sticky: true, direction: "top", className: "mi-hint" });
        layer.on("tooltipopen", () => {
          if (this._popup && this._popup.isOpen()) layer.closeTooltip();
        });
      }
      layer.openTooltip(at);
    },

    _heading: function (group, places) {
      return places && places.length > 1
        ? this._text.say("place.close", { n: group.length })
        : this._text.say("place.incidents", { n: group.length, place: group[0].placed || "" });
    },

    // Boxes of the symbols in container pixels, for names to keep clear of.
    boxes: function () {
      if (!this._begun) return [];
      return this._signs.map((layer) => {
        const at = this._map.latLngToContainerPoint(layer.getLatLng());
        const r = layer.getRadius() + 2;
        return [at.x - r, at.y - r, at.x + r, at.y + r];
      });
    },

    _layerOf: function (incident) {
      return this._shades.concat(this._areas, this._signs).find((layer) => layer.group.includes(incident));
    },

    // Open one incident by itself, wherever it is listed.
    choose: function (incident) {
      const drawn = incident.lat !== null || this._layerOf(incident);
      const spot = incident.lat !== null ? [incident.lat, incident.lon] : [incident.labelLat, incident.labelLon];
      this._show(drawn ? L.latLng(spot) : this._map.getCenter(), [{ group: [incident] }], !drawn);
    },

    // Open what a sign stands for; of an area, all that may lie at a point of it.
    open: function (layer, at) {
      if (layer instanceof viewer.Symbol) {
        this._show(layer.getLatLng(), [{ group: layer.group, places: layer.places }], false);
        return;
      }
      const here = this._areas.concat(this._shades).filter((one) => one !== layer && one.holds(at));
      const groups = [layer].concat(here).flatMap((one) => one.around);
      this._show(at, groups.map((group) => ({ group: group })), false);
    },

    _show: function (spot, sections, untipped) {
      const map = this._map;
      const opener = document.activeElement;
      if (this._popup) map.closePopup(this._popup);
      if (!map.getBounds().contains(spot)) map.panTo(spot, { animate: false });
      const body = viewer.make("div", "mi-content");
      body.tabIndex = -1;
      // A click that replaces the button it came from would look to Leaflet like one on the map,
      // which closes the popup.
      L.DomEvent.on(body, "click", L.DomEvent.stopPropagation);
      const popup = popupFor(map, untipped).setLatLng(spot);
      const all = sections.flatMap((section) => section.group);
      const fill = (parts, incidents, focus, again) => {
        body.replaceChildren(...parts);
        this._select(incidents);
        this.fire("chosen", { incident: incidents.length === 1 ? incidents[0] : null });
        this._again = again;
        if (!popup.isOpen()) return;
        // Its size has changed: fit it into the window again.
        popup.update();
        if (focus) (focus() || body).focus({ preventScroll: true });
      };
      const show = (incident, still) => {
        const parts = [viewer.card(incident, this._text)];
        if (all.length > 1) {
          const back = viewer.make("button", "mi-back", this._text.say("list.back", { n: all.length }));
          back.type = "button";
          back.addEventListener("click", () => list(incident));
          parts.unshift(back);
        }
        const focus = still === true ? null : () => body.querySelector(".mi-back");
        fill(parts, [incident], focus, () => show(incident, true));
      };
      const list = (from, still) => {
        const parts = sections.flatMap((section, number) => this._section(section, number, show));
        const entry = () => Array.from(body.querySelectorAll(".mi-list button")).find((one) => one.incident === from);
        fill(parts, sections[0].group, still ? null : entry, () => list(from, true));
      };
      if (all.length > 1) list();
      else show(all[0]);
      this._listed = all;
      popup.setContent(body).openOn(map);
      this._popup = popup;
      this._opener = opener;
      body.focus({ preventScroll: true });
    },

    _section: function (section, number, show) {
      const group = section.group;
      const make = viewer.make;
      const several = section.places && section.places.length > 1;
      const parts = [make("h2", "mi-heading", this._heading(group, section.places))];
      if (number === 1) parts.unshift(make("p", "mi-wider", this._text.say("list.wider")));
      if (!several) parts.push(make("p", "mi-precision", viewer.precision(group[0], this._text)));
      parts.push(viewer.list(group, this._text, show));
      return parts;
    },

    _pressed: function (event) {
      if (event.key === "Escape" && this._popup) this._map.closePopup(this._popup);
    },

    _closed: function (event) {
      if (event.popup !== this._popup) return;
      const opener = this._opener;
      const active = document.activeElement;
      this._popup = null;
      this._opener = null;
      this._select(null);
      this.fire("chosen", { incident: null });
      // A filter that closes what it leaves out keeps the focus.
      const free = active === document.body || event.popup.getElement()?.contains(active);
      if (free && opener && document.contains(opener)) opener.focus({ preventScroll: true });
    },

    // Mark what incidents stand for: the sign and the rings of uncertainty, or the area's outline.
    _select: function (incidents) {
      if (this._marked) {
        if (this._marked instanceof viewer.Symbol) this._mark(this._marked, false);
        else this._marked.setStyle(EDGE);
      }
      if (this._rings) this._rings.remove();
      this._rings = null;
      this._selected = incidents;
      const layer = (this._marked = incidents && this._layerOf(incidents[0]));
      if (!layer) return;
      if (!(layer instanceof viewer.Symbol)) {
        layer.setStyle({ weight: 2.5, opacity: 1 });
        return;
      }
      this._mark(layer, true);
      const circles = gather(
        incidents.filter((one) => one.radius !== null),
        (one) => [one.lat, one.lon, one.radius].join(" "),
      );
      const style = { interactive: false, color: "#202124", weight: 1.5, dashArray: "5 4", fillOpacity: 0.06 };
      this._rings = L.layerGroup(
        circles.map((group) => L.circle([group[0].lat, group[0].lon], { radius: group[0].radius, ...style })),
      ).addTo(this._map);
    },

    _mark: function (layer, chosen) {
      L.setOptions(layer, { chosen: chosen });
      if (layer._map) layer.redraw();
    },
  });

  // A popup that fits into what the panel and the buttons leave free.
  function popupFor(map, untipped) {
    const size = map.getSize();
    const free = viewer.margins(map);
    // What Leaflet adds round the content.
    const frame = 40;
    const width = Math.min(360, size.x - free.topLeft[0] - free.bottomRight[0] - frame);
    return L.popup({
      className: "mi-popup" + (untipped ? " mi-untipped" : ""),
      maxWidth: width,
      minWidth: Math.min(width, 280),
      maxHeight: Math.max(160, Math.min(460, size.y - free.topLeft[1] - free.bottomRight[1] - frame - 20)),
      autoPanPaddingTopLeft: free.topLeft,
      autoPanPaddingBottomRight: free.bottomRight,
    });
  }
})();
