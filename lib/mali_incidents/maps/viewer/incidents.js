// Incidents on the map: signs where the place is known, shaded areas where only a unit is, and rings
// of uncertainty. What opens on a click is in popups.js.

const { make, joined } = viewer;
const EDGE = { weight: 0.8, opacity: 0.55 };
const RING = { interactive: false, color: "#202124" };
const CHOSEN = { ...RING, weight: 1.5, dashArray: "5 4", fillOpacity: 0.06 };
const SURE = { ...RING, weight: 0.8, opacity: 0.7, dashArray: "3 3", fill: false, pane: "mi-rings" };
// More rings than these would be a blot.
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

// A shape with others left out.
const without = (shape, held) => ({
  bounds: shape.bounds,
  holds: (at) => shape.holds(at) && !held.some((one) => one.holds(at)),
  outline(zoom) {
    const path = new Path2D(shape.outline(zoom));
    held.forEach((one) => path.addPath(one.outline(zoom)));
    return path;
  },
});

// The units that may hold one, the finest first: what comes before each slash of its id.
const chains = {};
const holding = (unit) => (chains[unit] ??= unit.split("/").map((part, i, all) => all.slice(0, i).join("/")).reverse());
const depth = (unit) => holding(unit).length;

viewer.Incidents = viewer.Layer.extend({
  fill(data, rows, { text, units, naming }) {
    Object.assign(this, {
      rows, types: data.types, choropleth: new viewer.Choropleth(data.choropleth, units),
      _data: data, _units: units, _text: text, _naming: naming, _shades: [], _areas: [], _told: {},
      _painting: new viewer.Painting("overlayPane", { interactive: true, padding: 0.1, tolerance: L.Browser.mobile ? 8 : 3 }),
      _surePen: L.canvas({ pane: "mi-rings", padding: 0.2 }), _sure: L.layerGroup(),
      _said: make("p.mi-said", { "aria-live": "polite" }), _tip: L.tooltip({ direction: "top", className: "mi-hint" }),
    });
    this._painting.signs = (scale) => this.signs(scale);
    viewer.spots(rows);
    text.changed(() => this._speak());
  },

  show(rows, state) {
    this.chosen = rows;
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
    this._events = { moveend: this._drawSure, zoomstart: () => this._tip.remove(), popupopen: this._nameClosing, popupclose: this._closed, click: (event) => this._unitAt(event.latlng) };
    map.on(this._events, this);
    this._painting.on({ click: this._clicked, mousemove: this._hint, mouseout: () => this._tip.remove() }, this);
    L.DomEvent.on(document, "keydown", this._pressed, this);
    [this.choropleth, this._painting, this._sure].forEach((layer) => this.addLayer(layer));
    map.getContainer().appendChild(this._said);
    this._begun = true;
    this._draw();
  },

  _speak() {
    if (!this._begun) return;
    this._tip.remove();
    this._name();
    if (!this._popup) return;
    this._again();
    this._nameClosing({ popup: this._popup });
  },

  onRemove(map) {
    this._begun = false;
    if (this._popup) map.closePopup(this._popup);
    this._tip.remove();
    map.off(this._events, this);
    this._painting.off();
    L.DomEvent.off(document, "keydown", this._pressed, this);
    this._said.remove();
    viewer.Layer.prototype.onRemove.call(this, map);
  },

  _draw() {
    const kept = new Set(this._popup && this.chosen);
    if (this._popup && !this._listed.every((row) => kept.has(row))) this._map.closePopup(this._popup);
    if (this._popup && this._card) this._tellStep();
    this._shade();
    this._painting.areas = [...this._shades, ...this._areas];
    this._select(this._selected);
    this._drawSure();
    this._name();
  },

  // A unit's shade tells how many incidents may lie there: those known to it and those known only to
  // a unit that holds it. The finer units within have shades of their own, so no two lie on one another.
  _shade() {
    const { colour, opacities, steps } = this._data.area;
    // While units are shaded otherwise, no fill has two meanings.
    const style = (opacity) => ({ color: colour, fillColor: colour, ...EDGE, fillOpacity: this.choropleth.told ? 0 : opacity });
    const byUnit = new Map(gather(this.areas, (row) => row.unit).map((group) => [group[0].unit, group]));
    // The coarser first, as they are longer by a part for each level.
    const units = [...byUnit.keys()].sort((one, other) => depth(one) - depth(other));
    // The shaded units that hold a unit, the finest first.
    const holders = (unit) => holding(unit).filter((one) => byUnit.has(one));
    const nearest = (unit) => holders(unit)[0];
    const within = new Map(gather(units, nearest).map((held) => [nearest(held[0]), held]));
    this._shades = units.map((unit) => {
      const held = (within.get(unit) || []).map(this._units.shape);
      const around = [unit, ...holders(unit)].map((one) => byUnit.get(one));
      const count = around.reduce((sum, one) => sum + one.length, 0);
      const opacity = opacities[steps.findIndex((most) => count <= most)];
      return { unit, group: around[0], around, ...style(opacity), ...without(this._units.shape(unit), held) };
    });
    // An area that words tell and no unit is: not shaded, as shades count units.
    this._areas = gather(this.outlined, (row) => row.outline).map((group) => {
      const key = group[0].outline;
      this._told[key] ??= viewer.shape(this._data.outlines[key]);
      return { group, around: [group], ...style(0.02), dash: [6, 4], ...this._told[key] };
    });
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

  // Signs at the map's zoom: which of them are joined changes with it.
  signs(scale = viewer.scaleOf(this._map)) {
    if (this._joined?.scale !== scale) this._joined = { scale, signs: viewer.signs(this._places, scale, this._state.sign === "deaths") };
    return this._joined.signs;
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

  _clicked(event) {
    const { found } = this._painting;
    L.DomEvent.stopPropagation(event);
    this._tip.remove();
    if (found.places || !this._unitAt(event.latlng)) this.open(found, event.latlng);
  },

  _hint({ latlng }) {
    if (L.Browser.mobile || this._popup) return this._tip.remove();
    const { group, places } = this._painting.found;
    const words = group.length > 1 ? this._heading(group, places) : joined([this._text.when(group[0]), group[0].placed]);
    return this._tip.setContent(make("span", words)).setLatLng(latlng).addTo(this._map);
  },

  boxes() {
    if (!this._begun) return [];
    const { x, y } = this._map.layerPointToContainerPoint(viewer.shift(this._map));
    return this.signs().map((sign) => viewer.around({ x: sign.x + x, y: sign.y + y }, sign.radius + 2));
  },

  _select(incidents) {
    if (this._rings) this._rings.remove();
    this._rings = null;
    this._selected = incidents;
    this._painting.marked = incidents?.[0];
    this._painting.redraw();
    this._tip.remove();
    if (this.points.includes(incidents?.[0])) this._rings = L.layerGroup(circlesOf(incidents, CHOSEN)).addTo(this._map);
  },
});

const circlesOf = (incidents, style) =>
  gather(incidents.filter((one) => one.radius !== null), (one) => [one.lat, one.lon, one.radius].join(" "))
    .map(([{ lat, lon, radius }]) => L.circle([lat, lon], { ...style, radius }));
