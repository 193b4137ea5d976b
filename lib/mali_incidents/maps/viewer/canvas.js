// Leaflet's canvas, taught three things more: hatching, symbols with shapes, and counted rings.

const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif";
const INK = "#202124";

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
  canvas.width = wide * dense;
  canvas.height = tall * dense;
  Object.assign(canvas.style, { width: wide + "px", height: tall + "px" });
  const pen = canvas.getContext("2d");
  pen.scale(dense, dense);
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

function drawCounted(pen, { parts, total, label }, x, y, r) {
  // A range of deaths is longer than a number of incidents.
  const inner = r * (label.includes("–") ? 0.8 : 0.66);
  let from = -Math.PI / 2;
  parts.forEach((part) => {
    const to = from + (2 * Math.PI * part.count) / total;
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
  const sized = (size) => (pen.font = "600 " + size + "px " + FONT);
  sized(Math.round(r * 0.72));
  sized(Math.round(r * 7.2 * Math.min(1, (inner * 1.8) / pen.measureText(label).width)) / 10);
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.fillText(label, x, y + 0.5);
}

Object.assign(viewer, { FONT, penOf, trace, fill, stroke });

viewer.Canvas = L.Canvas.extend({
  _fillStroke(pen, layer) {
    L.Canvas.prototype._fillStroke.call(this, pen, layer);
    const hatch = layer.options.hatch;
    if (!hatch) return;
    pen.globalAlpha = 1;
    pen.fillStyle = pen.createPattern(hatching(hatch), "repeat");
    pen.fill("evenodd");
  },

  _updateSymbol(layer) {
    if (!this._drawing || layer._empty()) return;
    const pen = this._ctx;
    const { x, y } = layer._point;
    const { parts, shape, fillColor, open, chosen } = layer.options;
    const r = layer._radius;
    const edge = chosen ? INK : "#fff";
    // An outline drawn before may have been dashed.
    pen.setLineDash([]);
    pen.globalAlpha = 1;
    trace(pen, parts ? "disc" : shape, x, y, parts ? r + 1.5 : r);
    if (parts) {
      fill(pen, edge);
      drawCounted(pen, layer.options, x, y, r);
    } else if (open) {
      // Nothing is known of the deaths: an empty symbol, in a white edge that parts it from others.
      stroke(pen, edge, 5);
      fill(pen, "#fff");
      stroke(pen, fillColor, 2);
    } else {
      fill(pen, fillColor);
      stroke(pen, edge, chosen ? 2.5 : 1.25);
    }
  },
});

viewer.pen = (pane, options) => new viewer.Canvas({ ...(pane && { pane }), padding: 0.4, ...options });

viewer.Symbol = L.CircleMarker.extend({
  _updatePath() {
    this._renderer._updateSymbol(this);
  },
});
