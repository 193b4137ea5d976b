// Title, legend with counts, what is counted round the centre, coverage, the list of all incidents.
(function () {
  "use strict";
  const viewer = (window.maliIncidents = window.maliIncidents || {});

  viewer.Panel = L.Control.extend({
    options: { position: "topleft" },

    initialize: function (data, incidents, text, names) {
      this._data = data;
      this._incidents = incidents;
      this._text = text;
      this._names = names;
    },

    onAdd: function (map) {
      const make = viewer.make;
      const say = this._text.say;
      const data = this._data;
      const panel = make("section", "mi-panel");
      panel.setAttribute("aria-label", data.title);
      panel.appendChild(make("h1", "", data.title));
      panel.appendChild(make("p", "mi-subtitle", data.subtitle));

      const fold = (this._fold = make("details"));
      viewer.whenSized(map, () => (fold.open = viewer.isWide(map)));
      fold.addEventListener("toggle", () => this._names.draw());
      fold.appendChild(make("summary", "", say("legend.title")));
      const body = make("div", "mi-body");
      fold.appendChild(body);
      body.appendChild(make("p", "mi-subtitle", data.records));
      this._types(body);
      if (this._incidents.areas.length) this._areas(body);
      if (this._data.outlined) this._outlined(body);
      if (data.rings.length) this._rings(body);
      if (this._incidents.unplaced.length) this._unplaced(body);
      this._coverage(body);
      this._everything(body);
      body.appendChild(make("p", "mi-note", say("disclaimer")));
      panel.appendChild(fold);
      L.DomEvent.disableClickPropagation(panel);
      L.DomEvent.disableScrollPropagation(panel);
      return panel;
    },

    _types: function (body) {
      body.appendChild(viewer.make("h2", "", this._data.heading));
      const list = viewer.make("ul", "mi-types");
      this._data.types.forEach((pair) => {
        const item = viewer.make("li");
        const type = this._incidents.types[pair[0]];
        item.appendChild(viewer.swatch(type));
        item.appendChild(viewer.make("span", "", type.name));
        item.appendChild(viewer.make("b", "", this._text.number(pair[1])));
        list.appendChild(item);
      });
      body.appendChild(list);
      body.appendChild(viewer.make("p", "mi-note", this._text.say("legend.symbols")));
    },

    _outlined: function (body) {
      const line = viewer.make("p", "mi-coverage");
      line.appendChild(viewer.make("span", "mi-dashed"));
      line.appendChild(viewer.make("span", "mi-note", this._text.say("legend.outlines", { n: this._data.outlined })));
      body.appendChild(line);
    },

    _areas: function (body) {
      const line = viewer.make("p", "mi-shades");
      const area = this._data.area;
      area.opacities.forEach((opacity, step) => {
        const shade = viewer.make("span", "mi-shade", area.labels[step]);
        shade.style.backgroundColor = area.tints[step];
        line.appendChild(shade);
      });
      body.appendChild(line);
      body.appendChild(viewer.make("p", "mi-note", this._text.say("legend.areas", { n: this._data.shaded })));
    },

    _rings: function (body) {
      const make = viewer.make;
      const say = this._text.say;
      const table = make("table", "mi-rings");
      table.appendChild(make("caption", "", this._data.around));
      const head = table.createTHead().insertRow();
      ["rings.within", "rings.certain", "rings.possible"].forEach((key) => head.appendChild(make("th", "", say(key))));
      const rows = table.createTBody();
      this._data.rings.forEach((ring) => {
        const row = rows.insertRow();
        row.appendChild(make("td", "", say("ring.km", { km: ring.km })));
        row.appendChild(make("td", "", this._text.number(ring.certain)));
        row.appendChild(make("td", "", this._text.number(ring.possible)));
      });
      body.appendChild(table);
      body.appendChild(make("p", "mi-note", say("rings.note")));
    },

    _unplaced: function (body) {
      const fold = viewer.make("details", "mi-inner");
      fold.appendChild(viewer.make("summary", "", this._text.say("unplaced", { n: this._incidents.unplaced.length })));
      fold.appendChild(this._list(this._incidents.unplaced));
      body.appendChild(fold);
    },

    _coverage: function (body) {
      if (this._data.hatched) {
        const line = viewer.make("p", "mi-coverage");
        line.appendChild(viewer.make("span", "mi-hatch"));
        line.appendChild(viewer.make("span", "", this._text.say("coverage.hatched")));
        body.appendChild(line);
      }
      body.appendChild(viewer.make("p", "mi-note", this._data.coverage));
    },

    _everything: function (body) {
      const fold = viewer.make("details", "mi-inner");
      fold.appendChild(viewer.make("summary", "", this._text.say("list.all", { n: this._incidents.rows.length })));
      fold.addEventListener("toggle", () => {
        if (fold.open && !fold.querySelector("ol")) fold.appendChild(this._list(this._incidents.rows));
      });
      body.appendChild(fold);
    },

    _list: function (incidents) {
      return viewer.list(incidents, this._text, (one) => {
        // In a narrow window the panel would cover what is opened.
        if (!viewer.isWide(this._map)) this._fold.open = false;
        this._incidents.choose(one);
      });
    },
  });
})();
