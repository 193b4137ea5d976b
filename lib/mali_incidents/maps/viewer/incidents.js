// Incidents: points where the place is known, shaded areas where only a unit is known, a ring or
// an outline of uncertainty on selection, a list where several share a place.
(function () {
  "use strict";
  const viewer = (window.maliIncidents = window.maliIncidents || {});
  const COARSE_FIRST = ["country", "region", "cercle", "commune"];
  const EDGE = { weight: 0.8, opacity: 0.55 };

  function gather(rows, key) {
    const groups = new Map();
    rows.forEach(function (row) {
      const name = key(row);
      if (!groups.has(name)) groups.set(name, []);
      groups.get(name).push(row);
    });
    return Array.from(groups.values());
  }

  // The deaths that a symbol's size stands for: null when no report gives any.
  function deaths(row) {
    return [row.best, row.high, row.low].find((number) => number !== null) ?? null;
  }

  function radius(group) {
    if (group.length > 1) return Math.min(10 + 2.2 * Math.sqrt(group.length), 22);
    return Math.min(5.5 + 1.3 * Math.sqrt(deaths(group[0]) || 0), 16);
  }

  // Whether a sign would cover the core of another: the number of a counted one above all. A
  // symbol's corners reach further than its radius.
  function hides(one, other) {
    const reach = one.group.length > 1 ? one.radius : one.radius * 1.25;
    return one.at.distanceTo(other.at) < reach + other.radius * 0.5;
  }

  // Even-odd over rings of [latitude, longitude].
  function holds(rings, at) {
    let inside = false;
    rings.forEach(function (ring) {
      for (let i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) {
        const one = ring[i];
        const other = ring[j];
        if (one[0] > at.lat === other[0] > at.lat) continue;
        if (at.lng < ((other[1] - one[1]) * (at.lat - one[0])) / (other[0] - one[0]) + one[1]) inside = !inside;
      }
    });
    return inside;
  }

  viewer.Incidents = L.LayerGroup.extend({
    initialize: function (names) {
      L.LayerGroup.prototype.initialize.call(this);
      this._names = names;
    },

    fill: function (data, rows, units, text) {
      this._units = units;
      this._text = text;
      this._area = data.area;
      this._unitNames = data.names;
      this.rows = rows;
      this.types = data.types;
      this.points = this.rows.filter((row) => row.lat !== null);
      const areas = this.rows.filter((row) => row.lat === null);
      const inUnit = (row) => row.unit !== null && row.unit !== "ML";
      this.outlined = areas.filter((row) => row.outline !== null);
      this.areas = areas.filter((row) => row.outline === null && inUnit(row));
      this.unplaced = areas.filter((row) => row.outline === null && !inUnit(row));
      this._outlines = data.outlines;
      text.changed(() => this._speak());
      this._draw();
      if (this._map) this._begin(this._map);
    },

    onAdd: function (map) {
      viewer.prepare(map);
      L.LayerGroup.prototype.onAdd.call(this, map);
      if (this.rows) this._begin(map);
    },

    _begin: function (map) {
      map.on("zoomend", this._drawSigns, this);
      map.on("popupclose", this._closed, this);
      L.DomEvent.on(document, "keydown", this._pressed, this);
      this._drawSigns();
      this._names.include(map, "incidents", this._counts());
    },

    // Say again what is said, in another language.
    _speak: function () {
      if (!this._map) return;
      this._names.include(this._map, "incidents", this._counts());
      if (this._popup) this._again();
    },

    onRemove: function (map) {
      map.off("zoomend", this._drawSigns, this);
      map.off("popupclose", this._closed, this);
      L.DomEvent.off(document, "keydown", this._pressed, this);
      if (this._popup) map.closePopup(this._popup);
      this._names.exclude("incidents");
      L.LayerGroup.prototype.onRemove.call(this, map);
    },

    // How many incidents are drawn, as signs and as shades.
    shown: function () {
      return this._shades.concat(this._areas, this._signs).reduce((sum, layer) => sum + layer.group.length, 0);
    },

    _draw: function () {
      this._canvas = new viewer.Canvas({ padding: 0.4, tolerance: L.Browser.mobile ? 8 : 3 });
      this._signs = [];
      this._places = gather(this.points, (row) => row.lat + " " + row.lon);
      const shaded = gather(this.areas, (row) => row.unit);
      const rank = (group) => COARSE_FIRST.indexOf(group[0].level);
      shaded.sort((one, other) => rank(one) - rank(other));
      this._shades = shaded.map((group) => this._addShade(group, shaded));
      this._areas = gather(this.outlined, (row) => row.outline).map((group) => this._addOutline(group));
    },

    // The finest first: they have the least room for their number.
    _counts: function () {
      return this._shades
        .slice()
        .reverse()
        .map((layer, number) => ({
          lat: layer.group[0].labelLat,
          lon: layer.group[0].labelLon,
          text: this._unitNames[layer.unit] + " · " + this._text.number(layer.group.length),
          short: this._text.number(layer.group.length),
          unit: layer.unit,
          area: layer,
          kind: "count-" + layer.group[0].level,
          rank: 20 + number / 1000,
          zoom: 4.5,
        }));
    },

    // A unit's shade tells how many incidents may lie there: those known to it and those known
    // only to a unit that holds it. The finer units within have shades of their own, so no two
    // shades lie on one another.
    _addShade: function (group, shaded) {
      const unit = group[0].unit;
      const inside = (one, other) => one.startsWith(other + "/");
      const within = shaded.map((one) => one[0].unit).filter((one) => inside(one, unit));
      const holes = within.filter((one) => !within.some((other) => inside(one, other)));
      const around = shaded.filter((one) => one === group || inside(unit, one[0].unit)).reverse();
      const count = around.reduce((sum, one) => sum + one.length, 0);
      const rings = [unit].concat(holes).flatMap((one) => this._units.rings(one));
      const layer = L.polygon(rings, {
        renderer: this._canvas,
        color: this._area.colour,
        fillColor: this._area.colour,
        fillOpacity: this._area.opacities[this._area.steps.findIndex((most) => count <= most)],
        smoothFactor: 0.6,
        ...EDGE,
      });
      // What a name needs to know of the area, and a list of what may lie in it.
      layer.unit = unit;
      layer.around = around;
      layer.bounds = L.latLngBounds(rings[0]);
      layer.holds = (at) => holds(rings, at);
      this._dress(layer, group);
      return layer;
    },

    // An area that words tell and no unit is: dashed, and not shaded, as shades count units.
    _addOutline: function (group) {
      const rings = this._outlines[group[0].outline];
      const layer = L.polygon(rings, {
        renderer: this._canvas,
        color: this._area.colour,
        dashArray: "6 4",
        fillColor: this._area.colour,
        fillOpacity: 0.02,
        smoothFactor: 0.6,
        ...EDGE,
      });
      layer.around = [group];
      layer.holds = (at) => holds(rings, at);
      this._dress(layer, group);
      return layer;
    },

    // A sign a place; where one would cover the core of another at this zoom, one for both.
    _drawSigns: function () {
      const zoom = this._map.getZoom();
      this._signs.forEach((layer) => this.removeLayer(layer));
      const signs = [];
      this._places
        .map((group) => ({ group: group, places: [group], radius: radius(group), at: this._map.project([group[0].lat, group[0].lon], zoom) }))
        .sort((one, other) => other.group.length - one.group.length || other.radius - one.radius)
        .forEach((sign) => {
          const over = signs.find((one) => hides(one, sign) || hides(sign, one));
          if (!over) {
            signs.push(sign);
            return;
          }
          over.group = over.group.concat(sign.group);
          over.places.push(sign.group);
          over.radius = radius(over.group);
        });
      // The larger below, so that a small symbol is never hidden.
      this._signs = signs.sort((one, other) => other.radius - one.radius).map((sign) => this._addSign(sign));
      if (this._selected) this._select(this._selected);
    },

    _addSign: function (sign) {
      const group = sign.group;
      const counted = group.length > 1;
      const parts = gather(group, (row) => row.type.name).map((rows) => ({
        colour: rows[0].type.colour,
        count: rows.length,
      }));
      const layer = new viewer.Symbol([group[0].lat, group[0].lon], {
        renderer: this._canvas,
        radius: sign.radius,
        shape: group[0].type.shape,
        fillColor: group[0].type.colour,
        open: !counted && deaths(group[0]) === null,
        parts: counted ? parts : null,
        total: group.length,
      });
      layer.places = sign.places;
      this._dress(layer, group);
      return layer;
    },

    _dress: function (layer, group) {
      layer.group = group;
      const first = group[0];
      const hint = () =>
        viewer.make(
          "span",
          "",
          group.length > 1
            ? this._heading(group, layer.places)
            : [this._text.date(first.start, first.end, first.precision), first.placed].filter(Boolean).join(" · "),
        );
      if (!L.Browser.mobile) {
        layer.bindTooltip(hint, { sticky: true, direction: "top", className: "mi-hint" });
        layer.on("tooltipopen", () => {
          if (this._popup && this._popup.isOpen()) layer.closeTooltip();
        });
      }
      layer.on("click", (event) => {
        L.DomEvent.stopPropagation(event);
        layer.closeTooltip();
        this.open(layer, event.latlng);
      });
      this.addLayer(layer);
    },

    _heading: function (group, places) {
      return places && places.length > 1
        ? this._text.say("place.close", { n: group.length })
        : this._text.say("place.incidents", { n: group.length, place: group[0].placed || "" });
    },

    // Boxes of the symbols in container pixels, for names to keep clear of.
    boxes: function () {
      if (!this._map || !this._signs) return [];
      return this._signs.map((layer) => {
        const at = this._map.latLngToContainerPoint(layer.getLatLng());
        const r = layer.getRadius() + 2;
        return [at.x - r, at.y - r, at.x + r, at.y + r];
      });
    },

    _layerOf: function (incident) {
      return this._shades.concat(this._areas, this._signs).find((layer) => layer.group.includes(incident));
    },

    // Open one incident by itself, wherever it is listed.
    choose: function (incident) {
      const layer = this._layerOf(incident);
      const spot = incident.lat !== null ? [incident.lat, incident.lon] : [incident.labelLat, incident.labelLon];
      this._show(layer ? L.latLng(spot) : this._map.getCenter(), [{ group: [incident] }], !layer);
    },

    // Open what a sign stands for; of an area, all that may lie at a point of it.
    open: function (layer, at) {
      if (layer instanceof viewer.Symbol) {
        this._show(layer.getLatLng(), [{ group: layer.group, places: layer.places }], false);
        return;
      }
      const here = this._areas.concat(this._shades).filter((one) => one !== layer && one.holds(at));
      const groups = [layer].concat(here).flatMap((one) => one.around);
      this._show(at, groups.map((group) => ({ group: group })), false);
    },

    _show: function (spot, sections, untipped) {
      const map = this._map;
      const opener = document.activeElement;
      if (this._popup) map.closePopup(this._popup);
      if (!map.getBounds().contains(spot)) map.panTo(spot, { animate: false });
      const body = viewer.make("div", "mi-content");
      body.tabIndex = -1;
      // A click that replaces the button it came from would look to Leaflet like one on the map,
      // which closes the popup.
      L.DomEvent.on(body, "click", L.DomEvent.stopPropagation);
      const popup = popupFor(map, untipped).setLatLng(spot);
      const all = sections.flatMap((section) => section.group);
      const fill = (parts, incidents, focus, again) => {
        body.replaceChildren(...parts);
        this._select(incidents);
        this._again = again;
        if (!popup.isOpen()) return;
        // Its size has changed: fit it into the window again.
        popup.update();
        if (focus) (focus() || body).focus({ preventScroll: true });
      };
      const show = (incident, still) => {
        const parts = [viewer.card(incident, this._text)];
        if (all.length > 1) {
          const back = viewer.make("button", "mi-back", this._text.say("list.back", { n: all.length }));
          back.type = "button";
          back.addEventListener("click", () => list(incident));
          parts.unshift(back);
        }
        const focus = still === true ? null : () => body.querySelector(".mi-back");
        fill(parts, [incident], focus, () => show(incident, true));
      };
      const list = (from, still) => {
        const parts = sections.flatMap((section, number) => this._section(section, number, show));
        const entry = () => Array.from(body.querySelectorAll(".mi-list button")).find((one) => one.incident === from);
        fill(parts, sections[0].group, still ? null : entry, () => list(from, true));
      };
      if (all.length > 1) list();
      else show(all[0]);
      popup.setContent(body).openOn(map);
      this._popup = popup;
      this._opener = opener;
      body.focus({ preventScroll: true });
    },

    _section: function (section, number, show) {
      const group = section.group;
      const make = viewer.make;
      const several = section.places && section.places.length > 1;
      const parts = [make("h2", "mi-heading", this._heading(group, section.places))];
      if (number === 1) parts.unshift(make("p", "mi-wider", this._text.say("list.wider")));
      if (!several) parts.push(make("p", "mi-precision", viewer.precision(group[0], this._text)));
      parts.push(viewer.list(group, this._text, show));
      return parts;
    },

    _pressed: function (event) {
      if (event.key === "Escape" && this._popup) this._map.closePopup(this._popup);
    },

    _closed: function (event) {
      if (event.popup !== this._popup) return;
      const opener = this._opener;
      this._popup = null;
      this._opener = null;
      this._select(null);
      if (opener && document.contains(opener)) opener.focus({ preventScroll: true });
    },

    // Mark what incidents stand for: the sign and the rings of uncertainty, or the area's outline.
    _select: function (incidents) {
      if (this._marked) {
        if (this._marked instanceof viewer.Symbol) this._mark(this._marked, false);
        else this._marked.setStyle(EDGE);
      }
      if (this._rings) this._rings.remove();
      this._rings = null;
      this._selected = incidents;
      const layer = (this._marked = incidents && this._layerOf(incidents[0]));
      if (!layer) return;
      if (!(layer instanceof viewer.Symbol)) {
        layer.setStyle({ weight: 2.5, opacity: 1 });
        return;
      }
      this._mark(layer, true);
      const circles = gather(
        incidents.filter((one) => one.radius !== null),
        (one) => [one.lat, one.lon, one.radius].join(" "),
      );
      const style = { interactive: false, color: "#202124", weight: 1.5, dashArray: "5 4", fillOpacity: 0.06 };
      this._rings = L.layerGroup(
        circles.map((group) => L.circle([group[0].lat, group[0].lon], { radius: group[0].radius, ...style })),
      ).addTo(this._map);
    },

    _mark: function (layer, chosen) {
      L.setOptions(layer, { chosen: chosen });
      if (layer._map) layer.redraw();
    },
  });

  // A popup that fits into what the panel and the buttons leave free.
  function popupFor(map, untipped) {
    const size = map.getSize();
    const free = viewer.margins(map);
    // What Leaflet adds round the content.
    const frame = 40;
    const width = Math.min(360, size.x - free.topLeft[0] - free.bottomRight[0] - frame);
    return L.popup({
      className: "mi-popup" + (untipped ? " mi-untipped" : ""),
      maxWidth: width,
      minWidth: Math.min(width, 280),
      maxHeight: Math.max(160, Math.min(460, size.y - free.topLeft[1] - free.bottomRight[1] - frame - 20)),
      autoPanPaddingTopLeft: free.topLeft,
      autoPanPaddingBottomRight: free.bottomRight,
    });
  }
})();
