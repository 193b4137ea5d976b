// Rings round the centre with their distances, and the way to another place.
(function () {
  "use strict";
  const viewer = (window.maliIncidents = window.maliIncidents || {});

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
      const labels = [];
      const named = (point, words, rank) =>
        labels.push({ lat: point[0], lon: point[1], text: words, kind: "ring", rank: rank, zoom: 0 });
      data.rings.forEach((ring) => {
        this.addLayer(L.polyline(ring.line, Object.assign({ weight: 1.1, opacity: 0.75, dashArray: "2 4" }, style)));
        named(ring.line[0], say("ring.km", { km: ring.km }), ring.km);
      });
      if (data.way) {
        this.addLayer(L.polyline(data.way.line, Object.assign({ weight: 2, opacity: 0.85 }, style)));
        named(data.way.label, say("way.label", { place: data.way.name, km: Math.round(data.way.km) }), 0);
      }
      if (data.centre) {
        const cross = { weight: 1.5, opacity: 1, fillColor: "#fff", fillOpacity: 1, radius: 4 };
        this.addLayer(L.circleMarker(data.centre, Object.assign(cross, style)));
      }
      this._labels = labels;
      this._drawn = true;
    },
  });
})();
