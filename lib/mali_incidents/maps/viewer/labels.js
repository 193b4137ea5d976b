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
const SQUARE = 64;
const widths = new Map();

// All the names of a map, entries of {lat, lon, text, kind, rank, zoom} and perhaps {spots, area, short,
// unit}. A lower rank is placed first; zoom is the least; spots are other points it may stand on; area is
// the land it must lie in, short what is written where text has no room; a unit is named once.
// symbols() gives boxes [left, top, right, bottom] in container pixels.
viewer.Labels = L.Layer.extend({
  initialize(symbols) {
    Object.assign(this, { _groups: new Map(), _symbols: symbols, quiet: false });
  },

  together(change) {
    this.quiet = true;
    change();
    this.quiet = false;
    this.draw();
  },

  include(map, key, entries) {
    this._groups.set(key, entries);
    if (map.hasLayer(this)) this.draw();
    else this.addTo(map);
  },

  exclude(key) {
    this._groups.delete(key);
    this.draw();
  },

  onAdd(map) {
    this._canvas = viewer.add(map.getPane("mi-labels"), "canvas.leaflet-zoom-hide.mi-labels", { "aria-hidden": "true" });
    this.draw();
    window.addEventListener("load", () => this.draw(), { once: true });
  },

  onRemove() {
    this._canvas.remove();
  },

  getEvents() {
    return { moveend: this.draw, resize: this.draw };
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
    const signs = this._symbols();
    const symbols = shelf(signs);
    const taken = shelf([...signs, ...controls(map)]);
    const zoom = map.getZoom();
    const units = new Set();
    Object.assign(this, { shown: [], boxes: [] });
    const entries = [...this._groups.values()].flat().sort((one, other) => one.rank - other.rank);
    entries.forEach((entry) => {
      if (zoom < entry.zoom || units.has(entry.unit)) return;
      // A cercle or commune with the name of a town that is written already.
      if (/^(cercle|commune)$/.test(entry.kind) && this.shown.includes(entry.text)) return;
      const style = STYLES[entry.kind];
      for (const text of [entry.text, entry.short]) {
        const found = text && find(map, pen, entry, text, { symbols, taken, margin, size });
        if (!found) continue;
        const { box, at, dot } = found;
        taken.put(box);
        if (dot || style.drawn) taken.put(around(at, style.dot));
        if (dot) {
          viewer.trace(pen, "disc", at.x, at.y, style.dot);
          viewer.fill(pen, style.colour);
          viewer.stroke(pen, "#fff", 1);
        }
        write(pen, text, box, style);
        this.shown.push(text);
        this.boxes.push(box);
        if (entry.unit) units.add(entry.unit);
        return;
      }
    });
  },
});

// A layer with names among those of the map. It may be added before it is filled: _begin(map) is called
// when it is both.
viewer.Layer = L.LayerGroup.extend({
  initialize(names, nameKey) {
    L.LayerGroup.prototype.initialize.call(this);
    Object.assign(this, { _names: names, nameKey });
  },

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

function controls(map) {
  const frame = map.getContainer().getBoundingClientRect();
  return Array.from(map.getContainer().querySelectorAll(".leaflet-control"), (control) => {
    const { left, top, right, bottom } = control.getBoundingClientRect();
    return [left - frame.left - 4, top - frame.top - 4, right - frame.left + 4, bottom - frame.top + 4];
  });
}

const apart = (one, other) => one[2] < other[0] || one[0] > other[2] || one[3] < other[1] || one[1] > other[3];

// Boxes by the squares of a grid that they touch, so that few are looked at.
function shelf(boxes) {
  const squares = new Map();
  const touched = ([left, top, right, bottom], act) => {
    for (let x = Math.floor(left / SQUARE); x <= right / SQUARE; x += 1) {
      for (let y = Math.floor(top / SQUARE); y <= bottom / SQUARE; y += 1) if (act(x * 4096 + y)) return true;
    }
    return false;
  };
  const put = (box) => {
    touched(box, (at) => {
      if (squares.has(at)) squares.get(at).push(box);
      else squares.set(at, [box]);
    });
  };
  boxes.forEach(put);
  return { put, free: (box) => !touched(box, (at) => squares.get(at)?.some((other) => !apart(box, other))) };
}

const around = (viewer.around = (at, r) => [at.x - r, at.y - r, at.x + r, at.y + r]);

function dress(pen, { weight, size, spaced }) {
  pen.font = weight + " " + size + "px " + viewer.FONT;
  pen.letterSpacing = spaced ? "1.5px" : "0px";
}

// To measure takes long, and the same names are placed at every step, their counts apart.
function widthOf(pen, text, kind) {
  return text.split(/(?<= · )/).reduce((sum, part) => {
    const key = kind + " " + part;
    if (!widths.has(key)) {
      dress(pen, STYLES[kind]);
      widths.set(key, pen.measureText(part).width);
    }
    return sum + widths.get(key);
  }, 0);
}

// The first place where a text covers nothing: its box, and the point it belongs to.
function find(map, pen, { kind, area, lat, lon, spots = [[lat, lon]], text: whole }, text, { symbols, taken, margin, size }) {
  const style = STYLES[kind];
  const half = widthOf(pen, text, kind) / 2 + 2;
  const tall = style.size * 0.58 + 1;
  const reach = text === whole ? half : half / 2;
  const drawn = [-margin, -margin, size.x + margin, size.y + margin];
  const uncut = (box) => (box[0] > 1 && box[1] > 1 && box[2] < size.x - 1 && box[3] < size.y - 1) || apart(box, [0, 0, size.x, size.y]);
  const inside = (x, y) => [-reach, 0, reach].every((aside) => area.holds(map.containerPointToLatLng([x + aside, y])));
  const seen = area && inPixels(map, area);
  if (seen && (seen.max.x - seen.min.x < 2 * reach || apart([seen.min.x, seen.min.y, seen.max.x, seen.max.y], drawn))) return null;
  for (const spot of spots) {
    const at = map.latLngToContainerPoint(spot);
    if (!area && apart(around(at, 0), drawn)) continue;
    // A town needs room for its dot as well, unless a symbol stands for the town.
    const dot = style.dot && !style.drawn && symbols.free(around(at, 0));
    if (dot && !taken.free(around(at, style.dot))) continue;
    const gaps = kind !== "town" ? [4, 8, 12, 16, 20, 24, 28, 32, 36] : dot ? [4] : [9, 14, 19];
    for (const [x, y] of area ? places(size, seen, at, reach) : style.dot ? beside(at, half, tall, style.dot, gaps) : [[at.x, at.y]]) {
      const box = [x - half, y - tall, x + half, y + tall];
      if (uncut(box) && taken.free(box) && (!area || inside(x, y))) return { box, at, dot };
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

function write(pen, text, [left, top, , bottom], style) {
  dress(pen, style);
  Object.assign(pen, { textBaseline: "middle", lineWidth: 3, strokeStyle: "rgba(255, 255, 255, 0.85)", fillStyle: style.colour });
  pen.strokeText(text, left + 2, (top + bottom) / 2);
  pen.fillText(text, left + 2, (top + bottom) / 2);
}
