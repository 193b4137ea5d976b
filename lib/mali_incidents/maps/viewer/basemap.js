// The ground: land, hatching where nothing was collected, waters, borders and names.

// Whose borders, how broad, from which zoom.
const BORDERS = [["country", 2, 0], ["region", 1.3, 0], ["cercle", 0.9, 6.5], ["commune", 0.7, 9]];

// Panes below tiles (so that tiles cover the ground where they load) and above them.
const PANES = { "mi-ground": 150, "mi-shades": 240, "mi-lines": 250, "mi-rings": 380, "mi-labels": 640 };

viewer.prepare = (map) => {
  if (map.getPane("mi-ground")) return;
  Object.entries(PANES).forEach(([name, zIndex]) => Object.assign(map.createPane(name).style, { zIndex, pointerEvents: "none" }));
};

viewer.Basemap = viewer.Layer.extend({
  _name(map) {
    const written = (entry) => (entry.texts ? { ...entry, text: entry.texts[this._text.lang] } : entry);
    this._names.include(map, this.nameKey, this._data.labels.map(written));
  },

  _begin(map) {
    this._byZoom();
    this._name(map);
    // Not so far out that the edge of what is drawn shows, unless the view itself is as wide.
    const ground = L.latLngBounds(this._data.land.flat(2));
    viewer.whenSized(map, () => map.setMinZoom(Math.min(map.getZoom(), map.getBoundsZoom(ground, true))));
  },

  getEvents() {
    return { zoomend: this._byZoom };
  },

  _draw() {
    const data = this._data;
    const paper = data.paper;
    const ground = viewer.pen("mi-ground");
    const top = viewer.pen("mi-lines");
    const drawn = { interactive: false, smoothFactor: 0.6 };
    const filled = { ...drawn, renderer: ground, pane: "mi-ground", stroke: false, fillOpacity: 1 };
    const area = (rings, options) => this.addLayer(L.polygon(rings, { ...filled, ...options }));
    const line = (lines, options) => {
      const layer = L.polyline(lines, { ...drawn, renderer: top, pane: "mi-lines", ...options });
      this.addLayer(layer);
      return layer;
    };
    data.land.forEach((rings) => area(rings, { fillColor: paper.neighbour }));
    line(data.frontiers, { color: paper.country_border, weight: 0.8, opacity: 0.6, dashArray: "6 3" });
    area(this._units.rings("ML"), { fillColor: paper.land });
    data.uncovered.forEach((id) => area(this._units.rings(id), { hatch: paper.hatch, fillColor: paper.land }));
    data.lakes.forEach((rings) => area(rings, { fillColor: paper.water, stroke: true, color: paper.river, weight: 0.5 }));
    line(data.rivers, { color: paper.river, weight: 1.4 });
    this._borders = BORDERS.map(([name, weight], level) => line(this._units.borders(level), { color: paper[name + "_border"], weight }));
  },

  _byZoom() {
    if (!this._borders) return;
    const zoom = this._map.getZoom();
    this._borders.forEach((layer, level) => this[zoom >= BORDERS[level][2] ? "addLayer" : "removeLayer"](layer));
  },
});
