// Title, legend with counts, what is counted round the centre, coverage, the list of all incidents.
(function () {
  "use strict";
  const viewer = (window.maliIncidents = window.maliIncidents || {});

  viewer.Panel = L.Control.extend({
    options: { position: "topleft" },

    initialize: function (names) {
      this._names = names;
    },

    // It stands among the controls at once, unseen until there is something to say.
    onAdd: function (map) {
      this._panel = viewer.make("section");
      L.DomEvent.disableClickPropagation(this._panel);
      // A click that replaces the button it came from would look to Leaflet like one on the map.
      L.DomEvent.on(this._panel, "click", L.DomEvent.stopPropagation);
      L.DomEvent.disableScrollPropagation(this._panel);
      if (this._data) this._write(map);
      return this._panel;
    },

    fill: function (data, incidents, text) {
      this._data = data;
      this._incidents = incidents;
      this._text = text;
      text.changed(() => this._map && this._write(this._map));
      if (this._map) this._write(this._map);
    },

    // Say that the data cannot be read here.
    refuse: function (words) {
      const said = viewer.make("p", "", words);
      said.setAttribute("role", "alert");
      this._panel.classList.add("mi-panel");
      this._panel.replaceChildren(said);
    },

    _write: function (map) {
      const make = viewer.make;
      const say = this._text.say;
      const data = this._data;
      const panel = this._panel;
      const before = Array.from(panel.querySelectorAll("details"), (one) => one.open);
      panel.classList.add("mi-panel");
      panel.setAttribute("aria-label", this._text.caption("title"));
      panel.replaceChildren(this._switch(), make("h1", "", this._text.caption("title")));
      panel.appendChild(make("p", "mi-subtitle", this._text.caption("subtitle")));

      const fold = (this._fold = make("details"));
      if (!before.length) viewer.whenSized(map, () => (fold.open = viewer.isWide(map)));
      fold.addEventListener("toggle", () => this._names.draw());
      fold.appendChild(make("summary", "", say("legend.title")));
      const body = make("div", "mi-body");
      fold.appendChild(body);
      body.appendChild(make("p", "mi-subtitle", this._text.caption("records")));
      this._types(body);
      if (this._incidents.areas.length) this._areas(body);
      if (this._data.outlined) this._outlined(body);
      if (data.rings.length) this._rings(body);
      if (this._incidents.unplaced.length) this._unplaced(body);
      this._coverage(body);
      this._everything(body);
      body.appendChild(make("p", "mi-note", say("disclaimer")));
      panel.appendChild(fold);
      panel.querySelectorAll("details").forEach((one, number) => {
        if (before[number]) one.open = true;
      });
      // Names keep clear of it.
      this._names.draw();
    },

    // The button that makes the page speak the other language.
    _switch: function () {
      const button = viewer.make("button", "mi-lang", this._text.other().toUpperCase());
      button.type = "button";
      button.lang = this._text.other();
      button.title = this._text.say("language.other");
      button.addEventListener("click", () => {
        this._text.use(button.lang);
        this._panel.querySelector(".mi-lang").focus();
      });
      return button;
    },

    _types: function (body) {
      body.appendChild(viewer.make("h2", "", this._text.caption("heading")));
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
      table.appendChild(make("caption", "", this._text.caption("around")));
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
      body.appendChild(viewer.make("p", "mi-note", this._text.caption("coverage")));
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
