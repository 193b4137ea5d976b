// Names on the map that never cover one another: the more important is placed first.

const STYLES = {
  centre: { size: 14, weight: 700, colour: "#2B2A27", dot: 5, drawn: true },
  capital: { size: 14, weight: 700, colour: "#2B2A27", dot: 3.5 },
  town: { size: 12, weight: 500, colour: "#2B2A27", dot: 2.5 },
  region: { size: 12.5, weight: 600, colour: "#5A5448", spaced: true },
  cercle: { size: 11, weight: 500, colour: "#5A5448" },
  commune: { size: 10.5, weight: 400, colour: "#5A5448" },
  country: { size: 13, weight: 600, colour: "#7A7363", spaced: true },
  ring: { size: 11, weight: 600, colour: "#3C4043" },
  "count-region": { size: 12, weight: 700, colour: "#3B1F5E", spaced: true },
  "count-cercle": { size: 11.5, weight: 700, colour: "#3B1F5E" },
  "count-commune": { size: 11, weight: 500, colour: "#3B1F5E" },
};
// Where an area's name is tried besides its middle, in pixels, the nearest first.
const SHIFTS = [-54, -36, -18, 0, 18, 36, 54]
  .flatMap((y) => [-72, -48, -24, 0, 24, 48, 72].map((x) => [x, y]))
  .sort((one, other) => Math.hypot(...one) - Math.hypot(...other));
const GRID = 36;
const widths = new Map();

// One layer for all the names of a map, whichever layer they belong to.
// An entry: {lat, lon, text, kind, rank, zoom} and perhaps {spots, area, short, unit}. A lower
// rank is placed first; zoom is the least zoom it shows at; spots are other points it may stand
// on; area is the land it must lie in, and short what is written where text has no room there;
// unit is what it names, which is named once.
// symbols() gives boxes [left, top, right, bottom] in container pixels.
viewer.Labels = L.Layer.extend({
  initialize(symbols) {
    this._groups = new Map();
    this._entries = [];
    this._symbols = symbols;
    this.quiet = false;
  },

  // Draw once for a whole change.
  together(change) {
    this.quiet = true;
    change();
    this.quiet = false;
    this.draw();
  },

  // Show the entries of a layer on a map, until they are excluded again.
  include(map, key, entries) {
    this._groups.set(key, entries);
    this._sort();
    if (map.hasLayer(this)) this.draw();
    else this.addTo(map);
  },

  exclude(key) {
    this._groups.delete(key);
    this._sort();
    this.draw();
  },

  _sort() {
    this._entries = [...this._groups.values()].flat().sort((one, other) => one.rank - other.rank);
  },

  onAdd(map) {
    this._canvas = L.DomUtil.create("canvas", "leaflet-zoom-hide mi-labels");
    this._canvas.setAttribute("aria-hidden", "true");
    map.getPane("mi-labels").appendChild(this._canvas);
    this.draw();
    window.addEventListener("load", () => this.draw(), { once: true });
  },

  onRemove() {
    this._canvas.remove();
  },

  getEvents() {
    return { moveend: this.draw, zoomend: this.draw, resize: this.draw };
  },

  draw() {
    const map = this._map;
    // While the page loads, layers and controls are still to come.
    if (!map || this.quiet || document.readyState !== "complete") return;
    const size = map.getSize();
    // A margin round the window, so that names are there while the map is dragged.
    const margin = Math.round(size.x * 0.15);
    const pen = viewer.penOf(this._canvas, size.x + 2 * margin, size.y + 2 * margin);
    L.DomUtil.setPosition(this._canvas, map.containerPointToLayerPoint([-margin, -margin]));
    pen.translate(margin, margin);
    pen.lineJoin = "round";
    const symbols = this._symbols();
    const taken = symbols.concat(controls(map));
    const zoom = map.getZoom();
    this.shown = [];
    this.boxes = [];
    const units = new Set();
    this._entries.forEach((entry) => {
      if (zoom < entry.zoom || (entry.unit && units.has(entry.unit))) return;
      // A cercle or commune with the name of a town that is written already.
      if ((entry.kind === "cercle" || entry.kind === "commune") && this.shown.includes(entry.text)) return;
      const style = STYLES[entry.kind];
      const placed = [entry.text, entry.short].filter(Boolean).some((text) => {
        const corner = find(map, pen, entry, text, { symbols, taken, margin });
        if (!corner) return false;
        taken.push(corner.box);
        if (corner.dot || style.drawn) taken.push(around(corner.at, style.dot));
        if (corner.dot) mark(pen, corner.at, style);
        write(pen, text, corner.box, style);
        this.shown.push(text);
        this.boxes.push(corner.box);
        return true;
      });
      if (placed && entry.unit) units.add(entry.unit);
    });
  },
});

// A layer that has names among those of the map, and a name of its own. It may be added before it is
// filled, which sets _text: _begin(map) is called when it is both.
viewer.Layer = L.LayerGroup.extend({
  initialize(names, nameKey) {
    L.LayerGroup.prototype.initialize.call(this);
    Object.assign(this, { _names: names, nameKey });
  },

  // What it shows, and the words for its names.
  fill(data, text, units) {
    Object.assign(this, { _data: data, _text: text, _units: units });
    this._draw();
    text.changed(() => this._map && this._name(this._map));
    if (this._map) this._begin(this._map);
  },

  _begin(map) {
    this._name(map);
  },

  onAdd(map) {
    viewer.prepare(map);
    L.LayerGroup.prototype.onAdd.call(this, map);
    if (this._text) this._begin(map);
  },

  onRemove(map) {
    this._names.exclude(this.nameKey);
    L.LayerGroup.prototype.onRemove.call(this, map);
  },
});

// Boxes of what stands over the map: the panel, the buttons, the scale, the credits.
function controls(map) {
  const frame = map.getContainer().getBoundingClientRect();
  return Array.from(map.getContainer().querySelectorAll(".leaflet-control"), (control) => {
    const box = control.getBoundingClientRect();
    return [box.left - frame.left - 4, box.top - frame.top - 4, box.right - frame.left + 4, box.bottom - frame.top + 4];
  });
}

const apart = (one, other) => one[2] < other[0] || one[0] > other[2] || one[3] < other[1] || one[1] > other[3];
const around = (at, r) => [at.x - r, at.y - r, at.x + r, at.y + r];

function dress(pen, { weight, size, spaced }) {
  pen.font = weight + " " + size + "px " + viewer.FONT;
  pen.letterSpacing = spaced ? "1.5px" : "0px";
}

// To measure takes long, and the same names are placed at every step.
function widthOf(pen, text, kind) {
  const key = kind + " " + text;
  if (!widths.has(key)) {
    dress(pen, STYLES[kind]);
    widths.set(key, pen.measureText(text).width);
  }
  return widths.get(key);
}

// The first place where a text covers nothing: its box, and the point it belongs to.
function find(map, pen, entry, text, { symbols, taken, margin }) {
  const style = STYLES[entry.kind];
  const half = widthOf(pen, text, entry.kind) / 2 + 2;
  const tall = style.size * 0.58 + 1;
  const size = map.getSize();
  const free = (box) => taken.every((other) => apart(box, other));
  const near = (at) => at.x > -margin && at.y > -margin && at.x < size.x + margin && at.y < size.y + margin;
  const fits = (box) => {
    // No name is cut by the edge of the window.
    const within = box[0] > 1 && box[1] > 1 && box[2] < size.x - 1 && box[3] < size.y - 1;
    const beyond = box[2] < 0 || box[3] < 0 || box[0] > size.x || box[1] > size.y;
    return (within || beyond) && free(box);
  };
  const area = entry.area;
  const reach = text === entry.text ? half : half / 2;
  const seen = area && inPixels(map, area);
  if (seen && (seen.getSize().x < 2 * reach || !seen.intersects(L.bounds([-margin, -margin], [size.x + margin, size.y + margin])))) return null;
  const lies = (x, y) => [-reach, 0, reach].every((aside) => area.holds(map.containerPointToLatLng([x + aside, y])));
  for (const spot of entry.spots || [[entry.lat, entry.lon]]) {
    const at = map.latLngToContainerPoint(spot);
    if (!area && !near(at)) continue;
    // A town needs room for its dot as well, unless a symbol stands for the town.
    const dot = style.dot && !style.drawn && !symbols.some((box) => at.x > box[0] && at.x < box[2] && at.y > box[1] && at.y < box[3]);
    if (dot && !free(around(at, style.dot))) continue;
    const gaps = entry.kind === "town" ? (dot ? [4] : [9, 14, 19]) : [4, 8, 12, 16, 20, 24, 28, 32, 36];
    const point = style.dot ? beside(at, half, tall, style.dot, gaps) : [[at.x, at.y]];
    for (const [x, y] of area ? places(size, seen, at, reach) : point) {
      const box = [x - half, y - tall, x + half, y + tall];
      if (fits(box) && (!area || lies(x, y))) return { box, at, dot };
    }
  }
  return null;
}

// Places in an area, the nearest to its middle first; then those in what the window shows of it.
function* places(size, { min, max }, at, reach) {
  const within = ([x, y]) => x - reach >= min.x && x + reach <= max.x && y >= min.y && y <= max.y;
  yield* SHIFTS.map(([x, y]) => [at.x + x, at.y + y]).filter(within);
  for (let y = Math.max(min.y, 0) + GRID / 2; y < Math.min(max.y, size.y); y += GRID) {
    for (let x = Math.max(min.x, 0) + GRID / 2; x < Math.min(max.x, size.x); x += GRID) {
      if (within([x, y])) yield [x, y];
    }
  }
}

const inPixels = (map, { bounds }) =>
  L.bounds([bounds.getNorthWest(), bounds.getSouthEast()].map((one) => map.latLngToContainerPoint(one)));

// A town's name stands beside its dot, or the symbol on it; a capital's where there is room.
function beside(at, half, tall, dot, gaps) {
  return gaps.flatMap((gap) => {
    const far = dot + gap;
    return [
      ...[0, -tall, tall].flatMap((y) => [[at.x + far + half - 2, at.y + y], [at.x - far - half + 2, at.y + y]]),
      ...[0, half / 2, -half / 2, half, -half].flatMap((x) => [[at.x + x, at.y - far - tall], [at.x + x, at.y + far + tall]]),
    ];
  });
}

function mark(pen, at, { dot, colour }) {
  viewer.trace(pen, "disc", at.x, at.y, dot);
  viewer.fill(pen, colour);
  viewer.stroke(pen, "#fff", 1);
}

function write(pen, text, box, style) {
  dress(pen, style);
  pen.textAlign = "left";
  pen.textBaseline = "middle";
  pen.lineWidth = 3;
  pen.strokeStyle = "rgba(255, 255, 255, 0.85)";
  const y = (box[1] + box[3]) / 2;
  pen.strokeText(text, box[0] + 2, y);
  pen.fillStyle = style.colour;
  pen.fillText(text, box[0] + 2, y);
}
