// Incidents on the map: points where the place is known, shaded areas where only a unit is known,
// rings of uncertainty of what is chosen or of all. What opens on a click is in popups.js.

const { make } = viewer;
const COARSE_FIRST = ["country", "region", "cercle", "commune"];
const EDGE = { weight: 0.8, opacity: 0.55 };
const BOLD = { weight: 2.5, opacity: 1 };
// Rings of uncertainty: of what is chosen, and of all.
const CHOSEN = { color: "#202124", weight: 1.5, dashArray: "5 4", fillOpacity: 0.06 };
const SURE = { color: "#202124", weight: 0.8, opacity: 0.7, dashArray: "3 3", fill: false, pane: "mi-rings" };
// So many signs are drawn at once; of more, those in and near the window.
const MANY = 1500;

// How an incident stands on the map: as a point, an outline or a shade, or not at all.
viewer.drawnAs = (row) => {
  if (row.lat !== null) return "points";
  if (row.outline !== null) return "outlined";
  return row.unit === null || row.unit === "ML" ? "unplaced" : "areas";
};

// Lists of the rows that have the same key.
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
  // page: its text, units and naming.
  fill(data, rows, { text, units, naming }) {
    Object.assign(this, { _data: data, _units: units, _text: text, _naming: naming, rows, types: data.types, _shades: [], _areas: [], _signs: [] });
    viewer.spots(rows);
    this._canvas = new viewer.Canvas({ padding: 0.4, tolerance: L.Browser.mobile ? 8 : 3 });
    this._sure = L.layerGroup();
    this._surePen = new viewer.Canvas({ pane: "mi-rings", padding: 0.4 });
    this._said = make("p", "mi-said");
    this._said.setAttribute("aria-live", "polite");
    this.choropleth = new viewer.Choropleth(data.choropleth, units);
    this._cache = new Map();
    text.changed(() => this._speak());
  },

  // Show the rows of these indices, and no others, as a state wants them shown.
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
    [this.choropleth, this._sure].forEach((layer) => this.addLayer(layer));
    map.getContainer().appendChild(this._said);
    this._begun = true;
    this._draw();
  },

  // Say again what is said, in another language.
  _speak() {
    if (!this._begun) return;
    this._names.include(this._map, this.nameKey, this._counts());
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

  // How many incidents are drawn, as signs and as shades.
  shown() {
    return this.chosen.length - this.unplaced.length;
  },

  _draw() {
    const kept = new Set(this._popup && this.chosen);
    if (this._popup && !this._listed.every((row) => kept.has(row))) this._map.closePopup(this._popup);
    if (this._popup && this._card) this._tellStep();
    this._drawAreas();
    this._moved();
    this._names.include(this._map, this.nameKey, this._counts());
  },

  // A unit's shade tells how many incidents may lie there: those known to it and those known
  // only to a unit that holds it. The finer units within have shades of their own, so no two
  // shades lie on one another.
  _drawAreas() {
    const rank = (group) => COARSE_FIRST.indexOf(group[0].level);
    const shaded = gather(this.areas, (row) => row.unit).sort((one, other) => rank(one) - rank(other));
    const byUnit = new Map(shaded.map((group) => [group[0].unit, group]));
    const within = new Map(shaded.map((group) => [group[0].unit, []]));
    // The shaded units that hold a unit, the finest first.
    const holders = (unit) => unit.split("/").map((part, i, all) => all.slice(0, i).join("/")).filter((one) => byUnit.has(one)).reverse();
    const above = new Map(shaded.map(([{ unit }]) => [unit, holders(unit)]));
    above.forEach(([finest], unit) => finest && within.get(finest).push(unit));
    const keep = (before, after) => {
      const kept = new Set(after);
      before.forEach((layer) => kept.has(layer) || this.removeLayer(layer));
      after.forEach((layer) => this.addLayer(layer));
      return after;
    };
    const { opacities, steps } = this._data.area;
    this._shades = keep(this._shades, shaded.map((group) => {
      const unit = group[0].unit;
      const parts = [unit, ...within.get(unit)];
      const layer = this._area(parts.join("|"), () => parts.flatMap(this._units.rings));
      const around = [group, ...above.get(unit).map((one) => byUnit.get(one))];
      const count = around.reduce((sum, one) => sum + one.length, 0);
      // While units are shaded otherwise, no fill has two meanings.
      const fillOpacity = this.choropleth.told ? 0 : opacities[steps.findIndex((most) => count <= most)];
      tint(layer, fillOpacity);
      return Object.assign(layer, { unit, group, around });
    }));
    // An area that words tell and no unit is: dashed, and not shaded, as shades count units.
    this._areas = keep(this._areas, gather(this.outlined, (row) => row.outline).map((group) => {
      const number = group[0].outline;
      const layer = this._area(number, () => this._data.outlines[number], { dashArray: "6 4" });
      tint(layer, this.choropleth.told ? 0 : 0.02);
      return Object.assign(layer, { group, around: [group] });
    }));
  },

  // The finest first: they have the least room for their number.
  _counts() {
    return this._shades.slice().reverse().map((layer, number) => {
      const { labelLat: lat, labelLon: lon, level } = layer.group[0];
      const short = this._text.number(layer.group.length);
      const text = this._data.names[layer.unit] + " · " + short;
      return { lat, lon, text, short, unit: layer.unit, area: layer, kind: "count-" + level, rank: 20 + number / 1000, zoom: 4.5 };
    });
  },

  // Areas are drawn once, and shown again when a filter brings them back.
  _area(key, find, options) {
    if (!this._cache.has(key)) {
      const rings = find();
      const colour = this._data.area.colour;
      const layer = L.polygon(rings, { renderer: this._canvas, color: colour, fillColor: colour, smoothFactor: 0.6, ...EDGE, ...options });
      // What a name needs to know of the area, and a list of what may lie in it.
      layer.bounds = L.latLngBounds(rings[0]);
      layer.holds = (at) => viewer.holds(rings, at);
      this._dress(layer);
      this._cache.set(key, layer);
    }
    return this._cache.get(key);
  },

  _clearSigns() {
    this._signs.forEach((layer) => this.removeLayer(layer));
    this._signs = [];
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
    this._clearSigns();
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

  // The rings of uncertainty of all points in the window, where they are not too many to be read.
  _drawSure() {
    const seen = this._map.getBounds().pad(0.2);
    const points = this._state.rings ? this.points.filter((row) => seen.contains([row.lat, row.lon])) : [];
    const circles = circlesOf(points, { ...SURE, renderer: this._surePen });
    this._sure.clearLayers();
    this.many = circles.length > MANY ? circles.length : 0;
    if (!this.many) circles.forEach((circle) => this._sure.addLayer(circle));
    this.fire("sure");
  },

  _addSign(sign) {
    const { group, places, radius: size } = sign;
    const first = group[0];
    const counted = group.length > 1;
    const parts = gather(group, (row) => row.type).map((rows) => ({ colour: rows[0].type.colour, count: rows.length }));
    const layer = new viewer.Symbol([first.lat, first.lon], {
      renderer: this._canvas,
      radius: size,
      shape: first.type.shape,
      fillColor: first.type.colour,
      open: !counted && viewer.deaths(first) === null,
      parts: counted ? parts : null,
      total: group.length,
      label: sign.label,
    });
    Object.assign(layer, { group, places });
    this._dress(layer);
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
    const words = () => {
      const first = layer.group[0];
      return layer.group.length > 1
        ? this._heading(layer.group, layer.places)
        : [this._text.when(first), first.placed].filter(Boolean).join(" · ");
    };
    if (!layer.getTooltip()) {
      layer.bindTooltip(() => make("span", "", words()), { sticky: true, direction: "top", className: "mi-hint" });
      layer.on("tooltipopen", () => this._popup && layer.closeTooltip());
    }
    layer.openTooltip(at);
  },

  // Boxes of the symbols in container pixels, for names to keep clear of.
  boxes() {
    if (!this._begun) return [];
    return this._signs.map((layer) => {
      const at = this._map.latLngToContainerPoint(layer.getLatLng());
      const r = layer.getRadius() + 2;
      return [at.x - r, at.y - r, at.x + r, at.y + r];
    });
  },

  _layerOf(incident) {
    return [...this._shades, ...this._areas, ...this._signs].find((layer) => layer.group.includes(incident));
  },

  // Mark what incidents stand for: the sign and the rings of uncertainty, or the area's outline.
  _select(incidents) {
    if (this._marked) mark(this._marked, false);
    if (this._rings) this._rings.remove();
    this._rings = null;
    this._selected = incidents;
    this._marked = incidents && this._layerOf(incidents[0]);
    if (!this._marked) return;
    mark(this._marked, true);
    if (!this._marked.places) return;
    this._rings = L.layerGroup(circlesOf(incidents, CHOSEN)).addTo(this._map);
  },
});

// A sign has places, an area has none.
const mark = (layer, chosen) => layer.setStyle(layer.places ? { chosen } : chosen ? BOLD : EDGE);

const tint = (layer, fillOpacity) => fillOpacity !== layer.options.fillOpacity && layer.setStyle({ fillOpacity });

// The circles that hold where incidents may be, each once.
function circlesOf(incidents, style) {
  const known = incidents.filter((one) => one.radius !== null);
  return gather(known, (one) => [one.lat, one.lon, one.radius].join(" "))
    .map(([one]) => L.circle([one.lat, one.lon], { radius: one.radius, interactive: false, ...style }));
}
