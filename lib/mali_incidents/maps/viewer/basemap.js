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
    this._name(map);
    // Not so far out that the edge of what is drawn shows, unless the view itself is as wide.
    const ground = L.latLngBounds(this._data.land.flat(2));
    viewer.whenSized(map, () => map.setMinZoom(Math.min(map.getZoom(), map.getBoundsZoom(ground, true))));
  },

  _draw() {
    const { paper, land, frontiers, uncovered, lakes, rivers } = this._data;
    const units = this._units;
    const ground = new viewer.Painting("mi-ground");
    const top = new viewer.Painting("mi-lines");
    const area = (shape, style) => ground.areas.push({ ...shape, ...style });
    // A frame may lack a level, and its borders.
    const line = (lines, color, weight, style) =>
      lines.length && top.areas.push({ outline: viewer.outline(lines, true), bounds: L.latLngBounds(lines.flat()), color, weight, ...style });
    land.forEach((rings) => area(viewer.shape(rings), { fillColor: paper.neighbour }));
    area(units.shape("ML"), { fillColor: paper.land });
    uncovered.forEach((id) => area(units.shape(id), { fillColor: paper.land, hatch: paper.hatch }));
    lakes.forEach((rings) => area(viewer.shape(rings), { fillColor: paper.water, color: paper.river, weight: 0.5 }));
    // One by one, as dashes far outside the window would be drawn as well.
    frontiers.forEach((one) => line([one], paper.country_border, 0.8, { opacity: 0.6, dash: [6, 3] }));
    line(rivers, paper.river, 1.4);
    BORDERS.forEach(([name, weight, zoom], level) => line(units.borders(level), paper[name + "_border"], weight, { zoom }));
    this.addLayer(ground).addLayer(top);
  },
});
