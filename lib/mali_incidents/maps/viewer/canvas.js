// Leaflet's canvas, taught three things more: hatching, symbols with shapes, and counted rings.
(function () {
  "use strict";
  const viewer = window.maliIncidents;

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

  function trace(pen, shape, x, y, r) {
    const corners = {
      diamond: [[0, -1.25], [1.25, 0], [0, 1.25], [-1.25, 0]],
      square: [[-0.9, -0.9], [0.9, -0.9], [0.9, 0.9], [-0.9, 0.9]],
      triangle: [[0, -1.2], [1.1, 0.8], [-1.1, 0.8]],
      "triangle-down": [[0, 1.2], [1.1, -0.8], [-1.1, -0.8]],
      cross: [
        [-0.4, -1.1], [0.4, -1.1], [0.4, -0.4], [1.1, -0.4], [1.1, 0.4], [0.4, 0.4],
        [0.4, 1.1], [-0.4, 1.1], [-0.4, 0.4], [-1.1, 0.4], [-1.1, -0.4], [-0.4, -0.4],
      ],
    }[shape];
    pen.beginPath();
    if (!corners) {
      pen.arc(x, y, r, 0, 2 * Math.PI);
      return;
    }
    corners.forEach((corner, i) => {
      pen[i ? "lineTo" : "moveTo"](x + corner[0] * r, y + corner[1] * r);
    });
    pen.closePath();
  }
  viewer.trace = trace;

  // A ring cut into the colours of its parts, with a count inside.
  viewer.drawCounted = (pen, parts, total, x, y, r) => {
    let from = -Math.PI / 2;
    parts.forEach((part) => {
      const to = from + (2 * Math.PI * part.count) / total;
      pen.beginPath();
      pen.moveTo(x, y);
      pen.arc(x, y, r, from, to);
      pen.closePath();
      pen.fillStyle = part.colour;
      pen.fill();
      // A white edge parts neighbours that look alike in grey.
      pen.lineWidth = 1;
      pen.strokeStyle = "#fff";
      pen.stroke();
      from = to;
    });
    pen.beginPath();
    pen.arc(x, y, r * 0.66, 0, 2 * Math.PI);
    pen.fillStyle = "#fff";
    pen.fill();
    pen.fillStyle = "#202124";
    pen.font = "600 " + Math.round(r * 0.72) + "px " + viewer.FONT;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.fillText(String(total), x, y + 0.5);
  };
  viewer.FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif";

  viewer.Canvas = L.Canvas.extend({
    _fillStroke(pen, layer) {
      const hatch = layer.options.hatch;
      if (hatch) {
        pen.fillStyle = pen.createPattern(hatching(hatch), "repeat");
        pen.fill("evenodd");
        return;
      }
      L.Canvas.prototype._fillStroke.call(this, pen, layer);
    },

    _updateSymbol(layer) {
      if (!this._drawing || layer._empty()) return;
      const pen = this._ctx;
      const at = layer._point;
      const options = layer.options;
      const r = layer._radius;
      // An outline drawn before may have been dashed.
      pen.setLineDash([]);
      pen.globalAlpha = 1;
      if (options.parts) {
        pen.beginPath();
        pen.arc(at.x, at.y, r + 1.5, 0, 2 * Math.PI);
        pen.fillStyle = options.chosen ? "#202124" : "#fff";
        pen.fill();
        viewer.drawCounted(pen, options.parts, options.total, at.x, at.y, r);
        return;
      }
      if (options.open) {
        // Nothing is known of the deaths: an empty symbol, in a white edge that parts it from others.
        trace(pen, options.shape, at.x, at.y, r);
        pen.lineWidth = 5;
        pen.strokeStyle = options.chosen ? "#202124" : "#fff";
        pen.stroke();
        pen.fillStyle = "#fff";
        pen.fill();
        pen.lineWidth = 2;
        pen.strokeStyle = options.fillColor;
        pen.stroke();
        return;
      }
      trace(pen, options.shape, at.x, at.y, r);
      pen.fillStyle = options.fillColor;
      pen.fill();
      pen.lineWidth = options.chosen ? 2.5 : 1.25;
      pen.strokeStyle = options.chosen ? "#202124" : "#fff";
      pen.stroke();
    },
  });

  viewer.Symbol = L.CircleMarker.extend({
    _updatePath() {
      this._renderer._updateSymbol(this);
    },
  });
})();
