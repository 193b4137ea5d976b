// What canvases of the map show: areas and lines, then signs with shapes, or rings of counted parts.

const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif";
const INK = "#202124";
const BOLD = { weight: 2.5, opacity: 1 };

const hatchings = {};

function hatching(colour) {
  const tile = document.createElement("canvas");
  tile.width = tile.height = 8;
  const pen = tile.getContext("2d");
  pen.strokeStyle = colour;
  pen.lineWidth = 1;
  for (let at = -8; at <= 8; at += 8) {
    pen.moveTo(at, 8);
    pen.lineTo(at + 8, 0);
  }
  pen.stroke();
  return tile;
}

const CORNERS = {
  diamond: [[0, -1.25], [1.25, 0], [0, 1.25], [-1.25, 0]],
  square: [[-0.9, -0.9], [0.9, -0.9], [0.9, 0.9], [-0.9, 0.9]],
  triangle: [[0, -1.2], [1.1, 0.8], [-1.1, 0.8]],
  "triangle-down": [[0, 1.2], [1.1, -0.8], [-1.1, -0.8]],
  cross: [
    [-0.4, -1.1], [0.4, -1.1], [0.4, -0.4], [1.1, -0.4], [1.1, 0.4], [0.4, 0.4],
    [0.4, 1.1], [-0.4, 1.1], [-0.4, 0.4], [-1.1, 0.4], [-1.1, -0.4], [-0.4, -0.4],
  ],
};

function trace(pen, shape, x, y, r) {
  pen.beginPath();
  if (CORNERS[shape]) CORNERS[shape].forEach(([right, down]) => pen.lineTo(x + right * r, y + down * r));
  else pen.arc(x, y, r, 0, 2 * Math.PI);
  pen.closePath();
}

// A pen in CSS pixels, as sharp as the screen.
function penOf(canvas, wide, tall, dense = window.devicePixelRatio || 1) {
  const pen = canvas.getContext("2d");
  if (canvas.width !== Math.floor(wide * dense) || canvas.height !== Math.floor(tall * dense)) {
    Object.assign(canvas, { width: wide * dense, height: tall * dense });
  }
  Object.assign(canvas.style, { width: wide + "px", height: tall + "px" });
  pen.setTransform(dense, 0, 0, dense, 0, 0);
  pen.clearRect(0, 0, wide, tall);
  return pen;
}

function fill(pen, colour) {
  pen.fillStyle = colour;
  pen.fill();
}

function stroke(pen, colour, width) {
  pen.strokeStyle = colour;
  pen.lineWidth = width;
  pen.stroke();
}

const breadths = {};

// How broad a sign's number is in a font of one pixel: to measure takes long.
function broad(pen, label) {
  pen.font = "600 10px " + FONT;
  return (breadths[label] ??= pen.measureText(label).width / 10);
}

function drawCounted(pen, { x, y, parts, label, radius: r, group }) {
  // A range of deaths is longer than a number of incidents.
  const inner = r * (label.includes("–") ? 0.8 : 0.66);
  let from = -Math.PI / 2;
  parts.forEach((part) => {
    const to = from + (2 * Math.PI * part.count) / group.length;
    pen.beginPath();
    pen.moveTo(x, y);
    pen.arc(x, y, r, from, to);
    pen.closePath();
    fill(pen, part.colour);
    // A white edge parts neighbours that look alike in grey.
    stroke(pen, "#fff", 1);
    from = to;
  });
  trace(pen, "disc", x, y, inner);
  fill(pen, "#fff");
  pen.fillStyle = INK;
  const size = Math.min(r * 0.72, (inner * 1.8) / broad(pen, label));
  pen.font = "600 " + size.toFixed(1) + "px " + FONT;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.fillText(label, x, y + 0.5);
}

function drawSign(pen, sign, edge) {
  const { x, y, parts, shape, colour, open, radius: r } = sign;
  trace(pen, parts ? "disc" : shape, x, y, parts ? r + 1.5 : r);
  if (parts) {
    fill(pen, edge);
    drawCounted(pen, sign);
  } else if (open) {
    // Nothing is known of the deaths: an empty symbol, in a white edge that parts it from others.
    stroke(pen, edge, 5);
    fill(pen, "#fff");
    stroke(pen, colour, 2);
  } else {
    fill(pen, colour);
    stroke(pen, edge, edge === INK ? 2.5 : 1.25);
  }
}

// Positions are pixels at zoom 0 from a point amid what is drawn: small numbers, as paths are not exact.
const worldly = ([lat, lon]) => L.CRS.EPSG3857.latLngToPoint(L.latLng(lat, lon), 0);
const ORIGIN = worldly([17, -4]);
const flat = (at) => worldly(at).subtract(ORIGIN);
const scaleOf = (map) => 2 ** map.getZoom();
// Where that point is among the pixels of the map's layers.
const shift = (map) => ORIGIN.multiplyBy(scaleOf(map)).subtract(map.getPixelOrigin());

// Lines, or the rings of an area, as a path for each zoom: no finer than a screen shows.
function outline(lines, open) {
  const whole = lines.map((line) => line.map(flat));
  const paths = {};
  return (zoom) => (paths[zoom] ??= whole.reduce((path, line) => {
    L.LineUtil.simplify(line, 0.6 / 2 ** zoom).forEach(({ x, y }, i) => path[i ? "lineTo" : "moveTo"](x, y));
    if (!open) path.closePath();
    return path;
  }, new Path2D()));
}

function drawOutline(pen, scale, path, { fillColor, fillOpacity = 1, hatch, color, weight, opacity = 1, dash = [] }) {
  pen.globalAlpha = fillOpacity;
  if (fillColor && fillOpacity) {
    pen.fillStyle = fillColor;
    pen.fill(path, "evenodd");
  }
  pen.globalAlpha = 1;
  if (hatch) {
    hatchings[hatch] ??= hatching(hatch);
    pen.fillStyle = pen.createPattern(hatchings[hatch], "repeat");
    pen.fillStyle.setTransform(new DOMMatrix([1 / scale, 0, 0, 1 / scale, 0, 0]));
    pen.fill(path, "evenodd");
  }
  if (!weight) return;
  pen.globalAlpha = opacity;
  pen.strokeStyle = color;
  pen.lineWidth = weight / scale;
  // On a hairline nobody sees the corners, and round ones take long.
  pen.lineJoin = weight > 1 ? "round" : "bevel";
  pen.setLineDash(dash.map((length) => length / scale));
  pen.stroke(path);
}

// One layer for all that is drawn on a canvas: areas, each with an outline and its style, and above them
// signs, each with its spot; they are as many objects as Leaflet would need, and much faster to change.
const Painting = L.Path.extend({
  initialize(pane, options) {
    L.setOptions(this, { interactive: false, pane, ...options });
    this.options.renderer = L.canvas({ pane, padding: 0.4, ...options });
    this.areas = [];
    // Signs may differ from zoom to zoom.
    this.signs = () => [];
  },

  // While a zoom runs the canvas stands at the old one, and the end of the move draws it anew.
  redraw() {
    if (this._map && this._renderer._zoom === this._map.getZoom()) L.Path.prototype.redraw.call(this);
    return this;
  },

  _project() {
    this._zoom = this._map.getZoom();
    this._scale = scaleOf(this._map);
    this._shift = shift(this._map);
  },

  _update() {
    this._pxBounds = this._renderer._bounds;
  },

  _updatePath() {
    const pen = this._renderer._ctx;
    const { x, y } = this._shift;
    pen.save();
    pen.lineCap = "round";
    pen.translate(x, y);
    pen.save();
    pen.scale(this._scale, this._scale);
    const marked = (one) => this.marked && one.group.includes(this.marked);
    const corners = [this._pxBounds.getTopLeft(), this._pxBounds.getBottomRight()];
    const seenAreas = L.latLngBounds(corners.map((at) => this._map.layerPointToLatLng(at)));
    this.areas.forEach((area) => {
      if (area.zoom > this._zoom || !area.bounds.intersects(seenAreas)) return;
      drawOutline(pen, this._scale, area.outline(Math.floor(this._zoom)), marked(area) ? { ...area, ...BOLD } : area);
    });
    pen.restore();
    const seen = L.bounds(this._pxBounds.min.subtract(this._shift), this._pxBounds.max.subtract(this._shift));
    this.signs(this._scale).forEach((sign) => seen.contains([sign.x, sign.y]) && drawSign(pen, sign, marked(sign) ? INK : "#fff"));
    pen.restore();
  },

  _containsPoint(point) {
    const { x, y } = point.subtract(this._shift);
    const near = this._clickTolerance();
    // Where nothing is hit, what a finger may have meant: a small area beside it.
    const around = [[0, 0], ...(near > 6 ? [[near, 0], [-near, 0], [0, near], [0, -near]] : [])];
    const spots = around.map((aside) => this._map.layerPointToLatLng(point.add(aside)));
    this.found = this.signs(this._scale).findLast((sign) => Math.hypot(sign.x - x, sign.y - y) <= sign.radius + near);
    spots.forEach((at) => (this.found ??= this.areas.findLast((area) => area.holds(at))));
    return Boolean(this.found);
  },
});

Object.assign(viewer, { FONT, penOf, trace, fill, stroke, flat, shift, outline, scaleOf, Painting });
