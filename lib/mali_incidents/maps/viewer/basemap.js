// The ground: land, hatching where nothing was collected, waters, borders and names.
(function () {
  "use strict";
  const viewer = (window.maliIncidents = window.maliIncidents || {});
  // Least zoom at which the borders of a level are drawn: country, region, cercle, commune.
  const FROM_ZOOM = [0, 0, 6.5, 9];

  // Panes below tiles (so that tiles cover the ground where they load) and above them.
  const PANES = { "mi-ground": 150, "mi-lines": 250, "mi-rings": 380, "mi-labels": 640 };

  viewer.prepare = function (map) {
    if (map.getPane("mi-ground")) return;
    Object.keys(PANES).forEach(function (name) {
      map.createPane(name).style.zIndex = PANES[name];
      map.getPane(name).style.pointerEvents = "none";
    });
  };

  viewer.Basemap = L.LayerGroup.extend({
    initialize: function (names) {
      L.LayerGroup.prototype.initialize.call(this);
      this._names = names;
    },

    fill: function (data, units, text) {
      this._data = data;
      this._units = units;
      this._text = text;
      text.changed(() => this._map && this._name(this._map));
      this._draw();
      if (this._map) this._begin(this._map);
    },

    onAdd: function (map) {
      viewer.prepare(map);
      L.LayerGroup.prototype.onAdd.call(this, map);
      if (this._data) this._begin(map);
    },

    _name: function (map) {
      const written = (entry) => (entry.texts ? Object.assign({}, entry, { text: entry.texts[this._text.lang] }) : entry);
      this._names.include(map, "basemap", this._data.labels.map(written));
    },

    _begin: function (map) {
      map.on("zoomend", this._byZoom, this);
      this._byZoom();
      this._name(map);
      // Not so far out that the edge of what is drawn shows, unless the view itself is as wide.
      const ground = L.latLngBounds(this._data.land.flat(2));
      viewer.whenSized(map, () => map.setMinZoom(Math.min(map.getZoom(), map.getBoundsZoom(ground, true))));
    },

    onRemove: function (map) {
      this._names.exclude("basemap");
      map.off("zoomend", this._byZoom, this);
      L.LayerGroup.prototype.onRemove.call(this, map);
    },

    _draw: function () {
      const data = this._data;
      const paper = data.paper;
      const ground = new viewer.Canvas({ pane: "mi-ground", padding: 0.4 });
      const top = new viewer.Canvas({ pane: "mi-lines", padding: 0.4 });
      const area = (rings, options) =>
        this.addLayer(
          L.polygon(rings, Object.assign(
            { renderer: ground, pane: "mi-ground", stroke: false, fillOpacity: 1, interactive: false, smoothFactor: 0.6 },
            options,
          )),
        );
      const line = (lines, options) => {
        const layer = L.polyline(lines, Object.assign(
          { renderer: top, pane: "mi-lines", interactive: false, smoothFactor: 0.6 },
          options,
        ));
        this.addLayer(layer);
        return layer;
      };
      data.land.forEach((rings) => area(rings, { fillColor: paper.neighbour }));
      line(data.frontiers, { color: paper.country_border, weight: 0.8, opacity: 0.6, dashArray: "6 3" });
      area(this._units.rings("ML"), { fillColor: paper.land });
      data.uncovered.forEach((id) => area(this._units.rings(id), { hatch: paper.hatch }));
      data.lakes.forEach((rings) => area(rings, { fillColor: paper.water, stroke: true, color: paper.river, weight: 0.5 }));
      line(data.rivers, { color: paper.river, weight: 1.4 });
      const styles = [
        { color: paper.country_border, weight: 2 },
        { color: paper.region_border, weight: 1.3 },
        { color: paper.cercle_border, weight: 0.9 },
        { color: paper.commune_border, weight: 0.7 },
      ];
      this._borders = styles.map((style, level) => line(this._units.borders(level), style));
    },

    _byZoom: function () {
      const zoom = this._map.getZoom();
      this._borders.forEach((layer, level) => {
        const wanted = zoom >= FROM_ZOOM[level];
        if (wanted !== this.hasLayer(layer)) this[wanted ? "addLayer" : "removeLayer"](layer);
      });
    },
  });
})();
