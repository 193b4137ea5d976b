// Incidents on the map: signs where the place is known, shaded areas where only a unit is, and rings
// of uncertainty. What opens on a click is in popups.js.

const { make, joined } = viewer;
const EDGE = { weight: 0.8, opacity: 0.55 };
const BOLD = { weight: 2.5, opacity: 1 };
const RING = { interactive: false, color: "#202124" };
const CHOSEN = { ...RING, weight: 1.5, dashArray: "5 4", fillOpacity: 0.06 };
const SURE = { ...RING, weight: 0.8, opacity: 0.7, dashArray: "3 3", fill: false, pane: "mi-rings" };
// So many signs are drawn at once; of more, those in and near the window.
const MANY = 1500;

viewer.drawnAs = (row) => {
  if (row.lat !== null) return "points";
  if (row.outline !== null) return "outlined";
  return row.unit === null || row.unit === "ML" ? "unplaced" : "areas";
};

const gather = (viewer.gather = (rows, key) => {
  const groups = new Map();
  rows.forEach((row) => {
    const name = key(row);
    if (!groups.has(name)) groups.set(name, []);
    groups.get(name).push(row);
  });
  return [...groups.values()];
});

viewer.Incidents = viewer.Layer.extend({
  fill(data, rows, { text, units, naming }) {
    Object.assign(this, {
      rows, types: data.types, choropleth: new viewer.Choropleth(data.choropleth, units),
      _data: data, _units: units, _text: text, _naming: naming, _shades: [], _areas: [], _signs: [], _cache: new Map(),
      _canvas: viewer.pen(null, { tolerance: L.Browser.mobile ? 8 : 3 }), _surePen: viewer.pen("mi-rings"),
      _sure: L.layerGroup(), _said: make("p.mi-said", { "aria-live": "polite" }),
    });
    viewer.spots(rows);
    text.changed(() => this._speak());
  },

  show(indices, state) {
    this.chosen = indices.map((i) => this.rows[i]);
    this._state = state;
    this._timed = null;
    this.choropleth.show(this.chosen, state.shade);
    Object.assign(this, { points: [], outlined: [], areas: [], unplaced: [] });
    this.chosen.forEach((row) => this[viewer.drawnAs(row)].push(row));
    this._places = gather(this.points, (row) => row.spot);
    this._joined = null;
    if (this._begun) this._draw();
    else if (this._map) this._begin(this._map);
  },

  _begin(map) {
    this._events = { moveend: this._moved, popupopen: this._nameClosing, popupclose: this._closed, click: (event) => this._unitAt(event.latlng) };
    map.on(this._events, this);
    L.DomEvent.on(document, "keydown", this._pressed, this);
    this.addLayer(this.choropleth).addLayer(this._sure);
    map.getContainer().appendChild(this._said);
    this._begun = true;
    this._draw();
  },

  _speak() {
    if (!this._begun) return;
    this._name();
    if (!this._popup) return;
    this._again();
    this._nameClosing({ popup: this._popup });
  },

  onRemove(map) {
    this._begun = false;
    if (this._popup) map.closePopup(this._popup);
    map.off(this._events, this);
    L.DomEvent.off(document, "keydown", this._pressed, this);
    this._said.remove();
    viewer.Layer.prototype.onRemove.call(this, map);
  },

  _draw() {
    const kept = new Set(this._popup && this.chosen);
    if (this._popup && !this._listed.every((row) => kept.has(row))) this._map.closePopup(this._popup);
    if (this._popup && this._card) this._tellStep();
    this._drawAreas();
    this._moved();
    this._name();
  },

  // A unit's shade tells how many incidents may lie there: those known to it and those known only to
  // a unit that holds it. The finer units within have shades of their own, so no two lie on one another.
  _drawAreas() {
    const { opacities, steps } = this._data.area;
    const shade = (layer, group, around, opacity) => {
      // While units are shaded otherwise, no fill has two meanings.
      const fillOpacity = this.choropleth.told ? 0 : opacity;
      if (layer.options.fillOpacity !== fillOpacity) layer.setStyle({ fillOpacity });
      return Object.assign(layer, { group, around });
    };
    const keep = (before, after) => {
      before.forEach((layer) => after.includes(layer) || this.removeLayer(layer));
      after.forEach((layer) => this.addLayer(layer));
      return after;
    };
    const byUnit = new Map(gather(this.areas, (row) => row.unit).map((group) => [group[0].unit, group]));
    const units = [...byUnit.keys()].sort((one, other) => one.split("/").length - other.split("/").length);
    // The shaded units that hold a unit, the finest first.
    const holders = (unit) => unit.split("/").map((part, i, all) => all.slice(0, i).join("/")).filter((one) => byUnit.has(one)).reverse();
    const nearest = (unit) => holders(unit)[0];
    const within = new Map(gather(units, nearest).map((held) => [nearest(held[0]), held]));
    this._shades = keep(this._shades, units.map((unit) => {
      const parts = [unit, ...(within.get(unit) || [])];
      const layer = this._area(parts.join("|"), () => parts.flatMap(this._units.rings));
      const around = [unit, ...holders(unit)].map((one) => byUnit.get(one));
      const count = around.reduce((sum, one) => sum + one.length, 0);
      return Object.assign(shade(layer, around[0], around, opacities[steps.findIndex((most) => count <= most)]), { unit });
    }));
    // An area that words tell and no unit is: not shaded, as shades count units.
    this._areas = keep(this._areas, gather(this.outlined, (row) => row.outline).map((group) => {
      const layer = this._area(group[0].outline, () => this._data.outlines[group[0].outline], { dashArray: "6 4" });
      return shade(layer, group, [group], 0.02);
    }));
  },

  // Names of units with their counts, the finest first: they have the least room.
  _name() {
    this._names.include(this._map, this.nameKey, this._shades.slice().reverse().map((area, number) => {
      const { unit, group: [{ labelLat: lat, labelLon: lon, level }] } = area;
      const short = this._text.number(area.group.length);
      const text = this._data.names[unit] + " · " + short;
      return { lat, lon, text, short, unit, area, kind: "count-" + level, rank: 20 + number / 1000, zoom: 4.5 };
    }));
  },

  // Areas are drawn once, and shown again when a filter brings them back.
  _area(key, find, options) {
    if (!this._cache.has(key)) {
      const rings = find();
      const colour = this._data.area.colour;
      const layer = L.polygon(rings, { renderer: this._canvas, color: colour, fillColor: colour, smoothFactor: 0.6, ...EDGE, ...options });
      layer.bounds = L.latLngBounds(rings[0]);
      layer.holds = (at) => viewer.holds(rings, at);
      this._dress(layer);
      this._cache.set(key, layer);
    }
    return this._cache.get(key);
  },

  _drawSigns() {
    const zoom = this._map.getZoom();
    const scale = 2 ** zoom;
    const fresh = !this._joined || this._zoom !== zoom;
    if (fresh) this._joined = viewer.signs(this._places, scale, this._state.sign === "deaths");
    this._zoom = zoom;
    const many = this._joined.length > MANY;
    // What is drawn already is not drawn anew because the map was moved.
    if (!fresh && this._signs.length && !many) return;
    this._signs.forEach((layer) => this.removeLayer(layer));
    const bounds = this._map.getPixelBounds();
    const room = bounds.getSize().multiplyBy(0.4);
    const seen = L.bounds(bounds.min.subtract(room), bounds.max.add(room));
    this._signs = this._joined
      .filter((sign) => !many || seen.contains([sign.x, sign.y]))
      .map((sign) => this._addSign(sign));
    if (this._selected) this._select(this._selected);
  },

  _moved() {
    this._drawSigns();
    this._drawSure();
  },

  _drawSure() {
    const seen = this._map.getBounds().pad(0.2);
    const points = this._state.rings ? this.points.filter((row) => seen.contains([row.lat, row.lon])) : [];
    const circles = circlesOf(points, { ...SURE, renderer: this._surePen });
    this._sure.clearLayers();
    this.many = circles.length > MANY ? circles.length : 0;
    if (!this.many) circles.forEach((circle) => this._sure.addLayer(circle));
    this.fire("sure");
  },

  _addSign({ group, places, radius, label }) {
    const [{ lat, lon, type }] = group;
    const counted = group.length > 1;
    const parts = gather(group, (row) => row.type).map((rows) => ({ colour: rows[0].type.colour, count: rows.length }));
    const layer = new viewer.Symbol([lat, lon], {
      renderer: this._canvas, radius, label, shape: type.shape, fillColor: type.colour, total: group.length,
      parts: counted ? parts : null, open: !counted && viewer.deaths(group[0]) === null,
    });
    this._dress(Object.assign(layer, { group, places }));
    this.addLayer(layer);
    return layer;
  },

  _dress(layer) {
    if (!L.Browser.mobile) layer.on("mouseover", (event) => this._hint(layer, event.latlng));
    layer.on("click", (event) => {
      L.DomEvent.stopPropagation(event);
      layer.closeTooltip();
      if (layer.places || !this._unitAt(event.latlng)) this.open(layer, event.latlng);
    });
  },

  _hint(layer, at) {
    if (this._popup) return;
    const words = ({ group, places }) =>
      group.length > 1 ? this._heading(group, places) : joined([this._text.when(group[0]), group[0].placed]);
    if (!layer.getTooltip()) {
      layer.bindTooltip(() => make("span", words(layer)), { sticky: true, direction: "top", className: "mi-hint" });
      layer.on("tooltipopen", () => this._popup && layer.closeTooltip());
    }
    layer.openTooltip(at);
  },

  boxes() {
    return this._begun ? this._signs.map((layer) => viewer.around(this._map.latLngToContainerPoint(layer.getLatLng()), layer.getRadius() + 2)) : [];
  },

  _layerOf(incident) {
    return [...this._shades, ...this._areas, ...this._signs].find((layer) => layer.group.includes(incident));
  },

  _select(incidents) {
    if (this._marked) mark(this._marked, false);
    if (this._rings) this._rings.remove();
    this._rings = null;
    this._selected = incidents;
    this._marked = incidents && this._layerOf(incidents[0]);
    if (!this._marked) return;
    mark(this._marked, true);
    if (this._marked.places) this._rings = L.layerGroup(circlesOf(incidents, CHOSEN)).addTo(this._map);
  },
});

// A sign has places, an area has none.
const mark = (layer, chosen) => layer.setStyle(layer.places ? { chosen } : chosen ? BOLD : EDGE);

const circlesOf = (incidents, style) =>
  gather(incidents.filter((one) => one.radius !== null), (one) => [one.lat, one.lon, one.radius].join(" "))
    .map(([{ lat, lon, radius }]) => L.circle([lat, lon], { ...style, radius }));
