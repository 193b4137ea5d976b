// Names on the map that never cover one another: the more important is placed first.
(function () {
  "use strict";
  const viewer = (window.maliIncidents = window.maliIncidents || {});
  const STYLES = {
    town: { size: 12, weight: 500, colour: "#2B2A27", dot: 2.5 },
    capital: { size: 14, weight: 700, colour: "#2B2A27", dot: 3.5 },
    region: { size: 12.5, weight: 600, colour: "#7A7264", spaced: true },
    cercle: { size: 11, weight: 500, colour: "#8B8375" },
    commune: { size: 10.5, weight: 400, colour: "#8B8375" },
    country: { size: 13, weight: 600, colour: "#98917F", spaced: true },
    ring: { size: 11, weight: 600, colour: "#3C4043" },
    count: { size: 11.5, weight: 700, colour: "#4A2C6B" },
  };

  // One layer for all the names of a map, whichever layer they belong to.
  // An entry: {lat, lon, text, kind, rank, zoom}; a lower rank is placed first, zoom is the least
  // zoom it shows at. obstacles() gives boxes [left, top, right, bottom] in container pixels.
  viewer.Labels = L.Layer.extend({
    initialize: function (obstacles) {
      this._groups = new Map();
      this._entries = [];
      this._obstacles = obstacles;
    },

    // Show the entries of a layer on a map, until they are excluded again.
    include: function (map, key, entries) {
      this._groups.set(key, entries);
      this._sort();
      if (map.hasLayer(this)) this.draw();
      else this.addTo(map);
    },

    exclude: function (key) {
      this._groups.delete(key);
      this._sort();
      this.draw();
    },

    _sort: function () {
      this._entries = Array.from(this._groups.values()).flat().sort((one, other) => one.rank - other.rank);
    },

    onAdd: function (map) {
      this._canvas = L.DomUtil.create("canvas", "leaflet-zoom-hide mi-labels");
      this._canvas.setAttribute("aria-hidden", "true");
      map.getPane("mi-labels").appendChild(this._canvas);
      this.draw();
    },

    onRemove: function () {
      this._canvas.remove();
    },

    getEvents: function () {
      return { moveend: this.draw, zoomend: this.draw, resize: this.draw };
    },

    draw: function () {
      const map = this._map;
      if (!map) return;
      const size = map.getSize();
      const dense = window.devicePixelRatio || 1;
      const canvas = this._canvas;
      // A margin round the window, so that names are there while the map is dragged.
      const margin = Math.round(size.x * 0.15);
      canvas.width = (size.x + 2 * margin) * dense;
      canvas.height = (size.y + 2 * margin) * dense;
      canvas.style.width = size.x + 2 * margin + "px";
      canvas.style.height = size.y + 2 * margin + "px";
      L.DomUtil.setPosition(canvas, map.containerPointToLayerPoint([-margin, -margin]));
      const pen = canvas.getContext("2d");
      pen.scale(dense, dense);
      pen.translate(margin, margin);
      pen.lineJoin = "round";
      const taken = this._obstacles();
      const zoom = map.getZoom();
      this.shown = [];
      this._entries.forEach((entry) => {
        if (zoom < entry.zoom) return;
        const at = map.latLngToContainerPoint([entry.lat, entry.lon]);
        if (at.x < -margin || at.y < -margin || at.x > size.x + margin || at.y > size.y + margin) return;
        if (this._place(pen, entry, at, taken)) this.shown.push(entry.text);
      });
    },

    _place: function (pen, entry, at, taken) {
      const style = STYLES[entry.kind];
      pen.font = style.weight + " " + style.size + "px " + viewer.FONT;
      pen.letterSpacing = style.spaced ? "1.5px" : "0px";
      const width = pen.measureText(entry.text).width;
      const height = style.size * 1.15;
      const gap = (style.dot || 0) + 4;
      // A town's name stands beside its dot; an area's stands on its middle.
      const beside = (far) => [
        [far, -height / 2], [-far - width, -height / 2], [-width / 2, -far - height], [-width / 2, far],
      ];
      // A capital keeps its name even where a symbol stands on it.
      const corners = !style.dot
        ? [[-width / 2, -height / 2]]
        : entry.kind === "capital" ? beside(gap).concat(beside(gap + 18)) : beside(gap);
      const free = corners
        .map((corner) => [at.x + corner[0], at.y + corner[1]])
        .find((corner) => {
          const box = [corner[0] - 2, corner[1] - 1, corner[0] + width + 2, corner[1] + height + 1];
          return taken.every(
            (other) => box[2] < other[0] || box[0] > other[2] || box[3] < other[1] || box[1] > other[3],
          );
        });
      if (!free) return false;
      taken.push([free[0] - 2, free[1] - 1, free[0] + width + 2, free[1] + height + 1]);
      const covered = taken.some((box) => box.symbol && at.x > box[0] && at.x < box[2] && at.y > box[1] && at.y < box[3]);
      if (style.dot && !covered) {
        taken.push([at.x - style.dot, at.y - style.dot, at.x + style.dot, at.y + style.dot]);
        pen.beginPath();
        pen.arc(at.x, at.y, style.dot, 0, 2 * Math.PI);
        pen.fillStyle = style.colour;
        pen.fill();
        pen.lineWidth = 1;
        pen.strokeStyle = "#fff";
        pen.stroke();
      }
      pen.textAlign = "left";
      pen.textBaseline = "top";
      pen.lineWidth = 3;
      pen.strokeStyle = "rgba(255, 255, 255, 0.85)";
      pen.strokeText(entry.text, free[0], free[1]);
      pen.fillStyle = style.colour;
      pen.fillText(entry.text, free[0], free[1]);
      return true;
    },
  });
})();
