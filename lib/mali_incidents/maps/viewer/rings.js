// Rings round the centre with their distances, and the way to another place.
(function () {
  "use strict";
  const viewer = (window.maliIncidents = window.maliIncidents || {});
  // Where on a ring its distance is tried, as shares of the ring from north; north first.
  const TURNS = [0, 0.04, -0.04, 0.08, -0.08, 0.12, -0.12, 0.18, -0.18, 0.25, -0.25, 0.33, -0.33, 0.42, 0.5];
  // On the way, the middle first.
  const SHARES = [0.5, 0.4, 0.6, 0.3, 0.7, 0.2];

  viewer.Rings = L.LayerGroup.extend({
    initialize: function (data, text, names) {
      L.LayerGroup.prototype.initialize.call(this);
      this._data = data;
      this._text = text;
      this._names = names;
    },

    onAdd: function (map) {
      viewer.prepare(map);
      if (!this._drawn) this._draw();
      L.LayerGroup.prototype.onAdd.call(this, map);
      this._names.include(map, "rings", this._labels);
    },

    onRemove: function (map) {
      this._names.exclude("rings");
      L.LayerGroup.prototype.onRemove.call(this, map);
    },

    _draw: function () {
      const data = this._data;
      const say = this._text.say;
      const pen = new viewer.Canvas({ pane: "mi-rings", padding: 0.4 });
      const style = { renderer: pen, pane: "mi-rings", interactive: false, color: data.colour };
      const centre = [data.centre.lat, data.centre.lon];
      // Before all other names: the centre and the distances are what the map is about.
      const labels = [{ lat: centre[0], lon: centre[1], text: data.centre.name, kind: "centre", rank: -30, zoom: 0 }];
      const named = (spots, words) =>
        labels.push({ spots: spots, text: words, kind: "ring", rank: labels.length - 30, zoom: 0 });
      data.rings.forEach((ring) => {
        this.addLayer(L.polyline(ring.line, Object.assign({ weight: 1.1, opacity: 0.75, dashArray: "2 4" }, style)));
        const last = ring.line.length - 1;
        named(TURNS.map((turn) => ring.line[Math.round(turn * last + last) % last]), say("ring.km", { km: ring.km }));
      });
      if (data.way) {
        const to = [data.way.to.lat, data.way.to.lon];
        this.addLayer(L.polyline([centre, to], Object.assign({ weight: 2, opacity: 0.85 }, style)));
        const between = (share) => [0, 1].map((i) => centre[i] + share * (to[i] - centre[i]));
        named(SHARES.map(between), say("way.label", { place: data.way.to.name, km: Math.round(data.way.km) }));
      }
      const mark = { weight: 1.5, opacity: 1, fillColor: "#fff", fillOpacity: 1, radius: 4 };
      this.addLayer(L.circleMarker(centre, Object.assign(mark, style)));
      this._labels = labels;
      this._drawn = true;
    },
  });
})();
