// Rings round the centre with their distances, and the way to another place.

// Shares of a ring from north, where its distance is tried; of the way, the middle first.
const TURNS = [0, 0.04, -0.04, 0.08, -0.08, 0.12, -0.12, 0.18, -0.18, 0.25, -0.25, 0.33, -0.33, 0.42, 0.5];
const SHARES = [0.5, 0.4, 0.6, 0.3, 0.7, 0.2];

viewer.Rings = viewer.Layer.extend({
  _name(map) {
    this._names.include(map, this.nameKey, this._labels());
  },

  _draw() {
    const data = this._data;
    const style = { renderer: L.canvas({ pane: "mi-rings", padding: 0.4 }), pane: "mi-rings", interactive: false, color: data.colour };
    const centre = [data.centre.lat, data.centre.lon];
    data.rings.forEach((ring) => {
      this.addLayer(L.polyline(ring.line, { weight: 1.1, opacity: 0.75, dashArray: "2 4", ...style }));
    });
    if (data.way) {
      const to = [data.way.to.lat, data.way.to.lon];
      this.addLayer(L.polyline([centre, to], { weight: 2, opacity: 0.85, ...style }));
    }
    const mark = { weight: 1.5, opacity: 1, fillColor: "#fff", fillOpacity: 1, radius: 4 };
    this.addLayer(L.circleMarker(centre, { ...mark, ...style }));
  },

  // Before all other names: the centre and the distances are what the map is about.
  _labels() {
    const { centre, rings, way } = this._data;
    const say = this._text.say;
    const labels = [{ lat: centre.lat, lon: centre.lon, text: centre.name, kind: "centre", rank: -30, zoom: 0 }];
    const named = (spots, words) =>
      labels.push({ spots, text: words, kind: "ring", rank: labels.length - 30, zoom: 0 });
    rings.forEach((ring) => {
      const last = ring.line.length - 1;
      named(TURNS.map((turn) => ring.line[Math.round(turn * last + last) % last]), say("ring.km", { km: ring.km }));
    });
    if (way) {
      const between = (share) => ["lat", "lon"].map((axis) => centre[axis] + share * (way.to[axis] - centre[axis]));
      named(SHARES.map(between), say("way.label", { place: way.to.name, km: Math.round(way.km) }));
    }
    return labels;
  },
});
