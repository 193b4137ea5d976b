// Regions, cercles or communes shaded by the incidents, or the deaths, known to lie in each.

const COLUMNS = { region: "admin1", cercle: "admin2", commune: "admin3" };

viewer.SHADED = Object.keys(COLUMNS);

viewer.Choropleth = L.LayerGroup.extend({
  initialize(data, units) {
    L.LayerGroup.prototype.initialize.call(this);
    Object.assign(this, { data, _units: units, _painting: new viewer.Painting("mi-shades"), told: null });
    this.addLayer(this._painting);
  },

  // shade: "cercle.deaths", or nothing.
  show(rows, shade) {
    const edges = this.data.edges[shade];
    const [level, measure] = shade.split(".");
    if (this._level !== level) this._shapes = edges ? this._outlined(level) : [];
    this._level = level;
    this.told = null;
    const before = this._painting.areas;
    this._painting.areas = this._shapes;
    // A canvas that is empty and was is left alone.
    if (before.length || this._shapes.length) this._painting.redraw();
    if (!edges) return;
    const unitOf = (row) => row[COLUMNS[level]];
    const known = rows.filter((row) => unitOf(row) !== null);
    const groups = new Map(viewer.gather(known, unitOf).map((group) => [unitOf(group[0]), group]));
    const counts = { zero: 0, missing: 0 };
    this._shapes.forEach((shape) => {
      shape.group = groups.get(shape.unit) || [];
      const value = this._value(shape, measure);
      const kind = value === null ? "missing" : value === 0 ? "zero" : edges.filter((edge) => value > edge).length;
      counts[kind] = (counts[kind] || 0) + 1;
      Object.assign(shape, { value, kind }, this._style(kind));
    });
    const untold = measure === "deaths" ? known.filter((row) => viewer.deaths(row) === null).length : 0;
    this.told = { level, measure, edges, counts, coarser: rows.length - known.length, untold };
  },

  // Nothing is known of a unit that is not covered and has no incident, or none with a figure.
  _value({ unit, group }, measure) {
    const { covered } = this.data;
    if (!group.length) return covered.some((one) => one === "ML" || (unit + "/").startsWith(one + "/")) ? 0 : null;
    if (measure === "incidents") return group.length;
    const told = group.filter((row) => viewer.deaths(row) !== null);
    return told.length ? told.reduce((sum, row) => sum + (row.best ?? row.low ?? 0), 0) : null;
  },

  _style(kind) {
    const { colours, land, hatch } = this.data;
    return { fillColor: colours[kind] || land, fillOpacity: kind === "zero" ? 0 : 1, hatch: kind === "missing" ? hatch : null };
  },

  _outlined(level) {
    const units = this._units.of(viewer.SHADED.indexOf(level) + 1);
    return units.map((unit) => ({ unit, color: this.data.land, weight: 0.7, ...this._units.shape(unit) }));
  },

  at(point) {
    return this.told && this._shapes.find((shape) => shape.holds(point));
  },
});
