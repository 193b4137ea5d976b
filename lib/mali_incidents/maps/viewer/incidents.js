// Incidents: points where the place is known, shaded areas where only a unit is known, a ring or
// an outline of uncertainty on selection, a list where several share a place.

const { make } = viewer;
const COARSE_FIRST = ["country", "region", "cercle", "commune"];
const EDGE = { weight: 0.8, opacity: 0.55 };
const BOLD = { weight: 2.5, opacity: 1 };
// No sign reaches the core of another further than this, in pixels.
const CELL = 40;
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
  Float64Array.from(keys).sort().reverse().forEach((key) => {
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
    const sign = { group, places: [group], radius: r, x, y, rank: signs.length };
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
  rows.forEach((row) => {
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
  rings.forEach((ring) => {
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) {
      const one = ring[i];
      const other = ring[j];
      if (one[0] > at.lat === other[0] > at.lat) continue;
      if (at.lng < ((other[1] - one[1]) * (at.lat - one[0])) / (other[0] - one[0]) + one[1]) inside = !inside;
    }
  });
  return inside;
}

viewer.Incidents = viewer.Layer.extend({
  fill(data, rows, units, text) {
    Object.assign(this, { _data: data, _units: units, _text: text, rows, types: data.types, _shades: [], _areas: [], _signs: [] });
    spots(rows);
    this._canvas = new viewer.Canvas({ padding: 0.4, tolerance: L.Browser.mobile ? 8 : 3 });
    this._cache = new Map();
    text.changed(() => this._speak());
  },

  // Show the rows of these indices, and no others.
  show(indices) {
    this.chosen = indices.map((i) => this.rows[i]);
    Object.assign(this, { points: [], outlined: [], areas: [], unplaced: [] });
    this.chosen.forEach((row) => this[viewer.drawnAs(row)].push(row));
    this._places = gather(this.points, (row) => row.spot);
    this._joined = null;
    if (this._begun) this._draw();
    else if (this._map) this._begin(this._map);
  },

  _begin(map) {
    map.on({ moveend: this._drawSigns, popupclose: this._closed }, this);
    L.DomEvent.on(document, "keydown", this._pressed, this);
    this._begun = true;
    this._draw();
  },

  // Say again what is said, in another language.
  _speak() {
    if (!this._begun) return;
    this._names.include(this._map, this.nameKey, this._counts());
    if (this._popup) this._again();
  },

  onRemove(map) {
    this._begun = false;
    if (this._popup) map.closePopup(this._popup);
    map.off({ moveend: this._drawSigns, popupclose: this._closed }, this);
    L.DomEvent.off(document, "keydown", this._pressed, this);
    viewer.Layer.prototype.onRemove.call(this, map);
  },

  // How many incidents are drawn, as signs and as shades.
  shown() {
    return this.chosen.length - this.unplaced.length;
  },

  _draw() {
    if (this._popup && !this._listed.every((row) => this.chosen.includes(row))) this._map.closePopup(this._popup);
    this._clearSigns();
    this._drawAreas();
    this._drawSigns();
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
    const above = new Map();
    byUnit.forEach((group, unit) => {
      const holding = [];
      for (let at = unit.lastIndexOf("/"); at > 0; at = unit.lastIndexOf("/", at - 1)) {
        if (byUnit.has(unit.slice(0, at))) holding.push(unit.slice(0, at));
      }
      above.set(unit, holding);
      if (holding.length) within.get(holding[0]).push(unit);
    });
    const keep = (before, after) => {
      before.filter((layer) => !after.includes(layer)).forEach((layer) => this.removeLayer(layer));
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
      const fillOpacity = opacities[steps.findIndex((most) => count <= most)];
      if (fillOpacity !== layer.options.fillOpacity) layer.setStyle({ fillOpacity });
      return Object.assign(layer, { unit, group, around });
    }));
    // An area that words tell and no unit is: dashed, and not shaded, as shades count units.
    this._areas = keep(this._areas, gather(this.outlined, (row) => row.outline).map((group) => {
      const number = group[0].outline;
      const layer = this._area(number, () => this._data.outlines[number], { dashArray: "6 4", fillOpacity: 0.02 });
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
      layer.holds = (at) => holds(rings, at);
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
      this.open(layer, event.latlng);
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

  _heading(group, places) {
    const key = places?.length > 1 ? "place.close" : "place.incidents";
    return this._text.say(key, { n: group.length, place: group[0].placed || "" });
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

  // Open one incident by itself, wherever it is listed.
  choose(incident) {
    const located = incident.lat !== null;
    const drawn = located || this._layerOf(incident);
    const spot = located ? [incident.lat, incident.lon] : [incident.labelLat, incident.labelLon];
    this._show(drawn ? L.latLng(spot) : this._map.getCenter(), [{ group: [incident] }], !drawn);
  },

  // Open what a sign stands for; of an area, all that may lie at a point of it.
  open(layer, at) {
    if (layer.places) {
      this._show(layer.getLatLng(), [layer]);
      return;
    }
    const here = [...this._areas, ...this._shades].filter((one) => one !== layer && one.holds(at));
    const groups = [layer, ...here].flatMap((one) => one.around);
    this._show(at, groups.map((group) => ({ group })));
  },

  // sections: lists of incidents, each a group of one place or of several.
  _show(spot, sections, untipped) {
    const map = this._map;
    const opener = document.activeElement;
    if (this._popup) map.closePopup(this._popup);
    if (!map.getBounds().contains(spot)) map.panTo(spot, { animate: false });
    const body = make("div", "mi-content");
    body.tabIndex = -1;
    viewer.shield(body);
    const popup = popupFor(map, untipped).setLatLng(spot);
    const all = sections.flatMap((section) => section.group);
    // One incident, or the list of all, in which the focus returns to that it comes from.
    const turn = (one, from, still) => {
      const parts = one ? [viewer.card(one, this._text)] : sections.flatMap((section, number) => this._section(section, number, turn));
      if (one && all.length > 1) parts.unshift(viewer.button("mi-back", this._text.say("list.back", { n: all.length }), () => turn(null, one)));
      body.replaceChildren(...parts);
      const marked = one ? [one] : sections[0].group;
      this._select(marked);
      this.fire("chosen", { incident: marked.length === 1 ? marked[0] : null });
      this._again = () => turn(one, from, true);
      if (!popup.isOpen()) return;
      // Its size has changed: fit it into the window again.
      popup.update();
      const next = body.querySelector(".mi-back") || [...body.querySelectorAll(".mi-list button")].find((entry) => entry.incident === from);
      if (!still) (next || body).focus({ preventScroll: true });
    };
    turn(all.length > 1 ? null : all[0]);
    popup.setContent(body).openOn(map);
    Object.assign(this, { _popup: popup, _opener: opener, _listed: all });
    body.focus({ preventScroll: true });
  },

  _section({ group, places }, number, choose) {
    const parts = [make("h2", "mi-heading", this._heading(group, places))];
    if (number === 1) parts.unshift(make("p", "mi-wider", this._text.say("list.wider")));
    if (!(places?.length > 1)) parts.push(make("p", "mi-precision", viewer.precision(group[0], this._text)));
    return [...parts, viewer.list(group, this._text, choose)];
  },

  _pressed(event) {
    if (event.key === "Escape" && this._popup) this._map.closePopup(this._popup);
  },

  _closed(event) {
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
  _select(incidents) {
    if (this._marked) mark(this._marked, false);
    if (this._rings) this._rings.remove();
    this._rings = null;
    this._selected = incidents;
    this._marked = incidents && this._layerOf(incidents[0]);
    if (!this._marked) return;
    mark(this._marked, true);
    if (!this._marked.places) return;
    const circles = gather(
      incidents.filter((one) => one.radius !== null),
      (one) => [one.lat, one.lon, one.radius].join(" "),
    );
    const style = { interactive: false, color: "#202124", weight: 1.5, dashArray: "5 4", fillOpacity: 0.06 };
    this._rings = L.layerGroup(
      circles.map(([one]) => L.circle([one.lat, one.lon], { radius: one.radius, ...style })),
    ).addTo(this._map);
  },
});

// A sign has places, an area has none.
const mark = (layer, chosen) => layer.setStyle(layer.places ? { chosen } : chosen ? BOLD : EDGE);

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
