// Title, how much is shown, filters, legend with counts, what is counted round the centre, coverage,
// the list of all that is shown.
(function () {
  "use strict";
  const viewer = (window.maliIncidents = window.maliIncidents || {});

  const isArea = (row) => row.lat === null && row.outline === null;
  const isUnplaced = (row) => isArea(row) && (row.unit === null || row.unit === "ML");
  const isShaded = (row) => isArea(row) && !isUnplaced(row);

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

    // tools: a function from a map to what else stands in the panel.
    fill: function (data, incidents, text, store, naming, tools) {
      this._store = store;
      this._naming = naming;
      this._tools = tools;
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
      const store = this._store;
      const panel = this._panel;
      const before = Array.from(panel.querySelectorAll("details"), (one) => one.open);
      panel.classList.add("mi-panel");
      panel.setAttribute("aria-label", this._text.caption("title"));
      panel.replaceChildren(this._switch(), make("h1", "", this._text.caption("title")));
      panel.appendChild(make("p", "mi-subtitle", this._text.caption("subtitle")));

      this._updates = [];
      this._filters(panel, map);
      const body = this._folded(panel, map, "legend.title", !before.length);
      body.appendChild(make("p", "mi-subtitle", this._text.caption("records")));
      this._types(body);
      if (store.data.rows.some(isShaded)) this._areas(body);
      if (this._data.outlined) this._outlined(body);
      if (data.rings.length) this._rings(body);
      if (store.data.rows.some(isUnplaced)) this._listed(body, "unplaced", isUnplaced);
      this._coverage(body);
      this._listed(body, "list.all", () => true);
      body.appendChild(make("p", "mi-note", say("disclaimer")));
      this._folded(panel, map, "copy.title").appendChild(make("div", "mi-tools")).append(...this._far);
      panel.querySelectorAll("details").forEach((one, number) => {
        if (before[number]) one.open = true;
      });
      if (this._quit) this._quit();
      this._quit = store.listen((result, state) => {
        const rows = result.shown.map((i) => store.data.rows[i]);
        const framed = rows.filter((row) => data.radius === null || (row.nearest ?? Infinity) <= data.radius);
        this._updates.forEach((act) => act(framed, rows, result, state));
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

    _folded: function (panel, map, key, opened) {
      const fold = panel.appendChild(viewer.make("details", "mi-fold"));
      fold.appendChild(viewer.make("summary", "", this._text.say(key)));
      fold.addEventListener("toggle", () => this._names.draw());
      if (opened) viewer.whenSized(map, () => (fold.open = viewer.isWide(map)));
      return fold.appendChild(viewer.make("div", key === "legend.title" ? "mi-body" : ""));
    },

    // How much is shown and how to go back stand above all else, folded or not.
    _filters: function (panel, map) {
      const store = this._store;
      const say = this._text.say;
      const line = panel.appendChild(viewer.make("p", "mi-status"));
      line.setAttribute("role", "status");
      const tools = panel.appendChild(viewer.make("div", "mi-tools"));
      const undo = tools.appendChild(viewer.button("", say("filter.undo"), () => store.undo()));
      const reset = tools.appendChild(viewer.button("", say("filter.reset"), () => store.change(store.start)));
      const more = this._tools(map);
      tools.appendChild(more.near);
      this._far = more.far;
      const facets = viewer.facets(store, this._text, this._naming, this._data.centre);
      this._folded(panel, map, "filter.title").appendChild(facets.element);
      const mark = panel.querySelector(".mi-fold summary").appendChild(viewer.make("span", "mi-set"));
      this._updates.push((framed, rows, result, state) => {
        line.textContent = viewer.status(store, this._text);
        undo.disabled = !store.undoable();
        reset.disabled = viewer.toAddress(state, store.start) === "";
        mark.textContent = String(viewer.FILTERS.filter((name) => viewer.isSet(state, name)).length || "");
        facets.update(result, state);
      });
    },

    _types: function (body) {
      body.appendChild(viewer.make("h2", "", this._text.caption("heading")));
      const list = viewer.make("ul", "mi-types");
      this._data.types.forEach((pair) => {
        const item = viewer.make("li");
        const type = this._incidents.types[pair[0]];
        item.appendChild(viewer.swatch(type));
        item.appendChild(viewer.make("span", "", type.name));
        const number = item.appendChild(viewer.make("b"));
        list.appendChild(item);
        this._updates.push((framed) => (number.textContent = this._text.number(framed.filter((row) => row.type === type).length)));
      });
      body.appendChild(list);
      body.appendChild(viewer.make("p", "mi-note", this._text.say("legend.symbols")));
    },

    _outlined: function (body) {
      const line = viewer.make("p", "mi-coverage");
      line.appendChild(viewer.make("span", "mi-dashed"));
      this._counted(line.appendChild(viewer.make("span", "mi-note")), "legend.outlines", (row) => row.lat === null && row.outline !== null);
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
      this._counted(body.appendChild(viewer.make("p", "mi-note")), "legend.areas", isShaded);
    },

    // A sentence with the count of what is shown and like this.
    _counted: function (element, key, like) {
      this._updates.push((framed) => (element.textContent = this._text.say(key, { n: framed.filter(like).length })));
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
        const cells = [row.insertCell(), row.insertCell()];
        this._updates.push((framed, shown) => {
          const near = shown.filter((one) => (one.nearest ?? Infinity) <= ring.km);
          const certain = near.filter((one) => one.farthest <= ring.km).length;
          cells[0].textContent = this._text.number(certain);
          cells[1].textContent = this._text.number(near.length - certain);
        });
      });
      body.appendChild(table);
      body.appendChild(make("p", "mi-note", say("rings.note")));
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

    // A list that is made when it is opened, and made anew when what is shown changes.
    _listed: function (body, key, like) {
      const fold = body.appendChild(viewer.make("details", "mi-inner"));
      const summary = fold.appendChild(viewer.make("summary"));
      let rows = [];
      const fill = () => {
        fold.querySelectorAll("ol").forEach((list) => list.remove());
        if (fold.open) fold.appendChild(this._list(rows));
      };
      fold.addEventListener("toggle", fill);
      this._updates.push((framed, shown) => {
        rows = shown.filter(like);
        summary.textContent = this._text.say(key, { n: rows.length });
        fill();
      });
    },

    // Narrow windows are too small for the map and what is folded out.
    fold: function () {
      if (!viewer.isWide(this._map)) this.getContainer().querySelectorAll(".mi-fold").forEach((fold) => (fold.open = false));
    },

    _list: function (incidents) {
      return viewer.list(incidents, this._text, (one) => {
        this.fold();
        this._incidents.choose(one);
      });
    },
  });
})();
