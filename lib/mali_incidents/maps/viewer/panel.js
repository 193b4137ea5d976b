// Title, how much is shown, filters, legend with counts, what is counted round the centre, coverage,
// the list of all that is shown.

const { add, make } = viewer;
const drawn = (as) => (row) => viewer.drawnAs(row) === as;
const within = (row, km) => (row.nearest ?? Infinity) <= km;

viewer.Panel = L.Control.extend({
  options: { position: "topleft" },

  initialize(names) {
    this._names = names;
  },

  // It stands among the controls at once, unseen until there is something to say.
  onAdd(map) {
    this._panel = make("section");
    viewer.shield(this._panel);
    if (this._data) this._write(map);
    return this._panel;
  },

  // page: what start.js makes of the data; opener: the button that opens the table.
  fill(incidents, page, opener) {
    Object.assign(this, { _data: page.data.panel, _incidents: incidents, _page: page, _opener: opener });
    page.text.changed(() => this._map && this._write(this._map));
    if (this._map) this._write(this._map);
  },

  // Say that the data cannot be read here.
  refuse(words) {
    this._panel.classList.add("mi-panel");
    this._panel.replaceChildren(make("p", "", words));
    this._panel.firstChild.setAttribute("role", "alert");
  },

  _write(map) {
    const { _data: data, _panel: panel } = this;
    const { text, store, words, data: { incidents: { area } } } = this._page;
    const { say, caption } = text;
    const folds = () => [...panel.querySelectorAll("details")];
    const before = folds().map((one) => one.open);
    const some = (as) => store.data.rows.some(drawn(as));
    panel.classList.add("mi-panel");
    viewer.label(panel, caption("title"));
    panel.replaceChildren();
    if (caption("notice")) add(panel, "p", "mi-notice", caption("notice"));
    panel.appendChild(this._switch());
    add(panel, "h1", "", caption("title"));
    const subtitle = add(panel, "p", "mi-subtitle", caption("subtitle"));

    this._updates = [];
    this._filters();
    const body = this._folded("legend.title");
    body.className = "mi-body";
    body.parentNode.classList.add("mi-legend");
    if (!before.length) viewer.whenSized(map, () => (body.parentNode.open = viewer.isWide(map)));
    add(body, "p", "mi-subtitle", caption("records"));
    this._types(body);
    this._updates.push(viewer.options(body, this._incidents, store, text));
    if (some("areas")) {
      const line = add(body, "p", "mi-shades");
      area.labels.forEach((label, step) => (add(line, "span", "mi-shade", label).style.backgroundColor = area.tints[step]));
      this._counted(add(body, "p", "mi-note"), "legend.areas", drawn("areas"));
    }
    if (data.outlined) this._counted(this._signed(body, "mi-dashed", "mi-note"), "legend.outlines", drawn("outlined"));
    if (data.rings.length) this._rings(body);
    if (some("unplaced")) this._listed(body, "unplaced", drawn("unplaced"));
    if (data.hatched) this._signed(body, "mi-hatch").textContent = say("coverage.hatched");
    add(body, "p", "mi-note", viewer.sentences(caption("coverage"), words.dated()));
    this._listed(body, "list.all", () => true);
    add(body, "p", "mi-note", say("disclaimer"));
    this._folded("copy.title").appendChild(viewer.downloads(this._page));
    folds().forEach((one, number) => before[number] && (one.open = true));
    if (this._quit) this._quit();
    this._quit = store.listen((result, state) => {
      const rows = store.rows();
      // It counts all that there is: beside a choice it would contradict the status.
      subtitle.hidden = rows.length < store.data.rows.length;
      const told = [caption("notice"), caption("title"), words.summary()].filter(Boolean);
      viewer.label(map.getContainer(), subtitle.hidden ? viewer.sentences(...told) : caption("alt"));
      const framed = rows.filter((row) => data.radius === null || within(row, data.radius));
      this._updates.forEach((act) => act(framed, rows, state));
    });
    // Names keep clear of it.
    this._names.draw();
  },

  // The button that makes the page speak the other language.
  _switch() {
    const text = this._page.text;
    const button = viewer.button("mi-lang", text.other().toUpperCase(), () => {
      this._names.together(() => text.use(button.lang));
      this._panel.querySelector(".mi-lang").focus();
    });
    button.lang = text.other();
    button.title = text.say("language.other");
    return button;
  },

  _folded(key) {
    const fold = add(this._panel, "details", "mi-fold");
    add(fold, "summary", "", this._page.text.say(key));
    fold.addEventListener("toggle", () => this._names.draw());
    return add(fold, "div");
  },

  // How much is shown and how to go back stand above all else, folded or not.
  _filters() {
    const { text, store, words } = this._page;
    const line = add(this._panel, "p", "mi-status");
    line.setAttribute("role", "status");
    const undo = viewer.button("", text.say("filter.undo"), store.undo);
    const reset = viewer.button("", text.say("filter.reset"), () => store.change(store.start));
    add(this._panel, "div", "mi-tools").append(undo, reset, this._opener);
    const facets = viewer.facets(this._page);
    const place = this._folded("filter.title");
    place.appendChild(facets.element);
    const mark = add(place.parentNode.firstChild, "span", "mi-set");
    this._updates.push((framed, rows, state) => {
      line.textContent = words.status();
      undo.disabled = !store.undoable();
      reset.disabled = viewer.toAddress(state, store.start) === "";
      mark.textContent = viewer.FILTERS.filter((name) => viewer.isSet(state, name)).length || "";
      facets.update(state);
    });
  },

  // Each type with its sign and its count, and the count as a bar.
  _types(body) {
    const text = this._page.text;
    add(body, "h2", "", text.caption("heading"));
    const list = add(body, "ul", "mi-types");
    const lines = this._data.types.map(([index]) => {
      const type = this._incidents.types[index];
      const item = add(list, "li");
      item.append(viewer.swatch(type), make("span", "", type.name));
      const number = add(item, "b");
      const bar = add(item, "i", "mi-bar");
      bar.style.backgroundColor = type.colour;
      return { type, number, bar };
    });
    this._updates.push((framed) => {
      const counts = lines.map(({ type }) => framed.filter((row) => row.type === type).length);
      lines.forEach(({ number, bar }, i) => {
        number.textContent = text.number(counts[i]);
        bar.style.width = (100 * counts[i]) / Math.max(...counts, 1) + "%";
      });
    });
    add(body, "p", "mi-note", text.say("legend.symbols"));
  },

  // A line with a sign before it.
  _signed(body, sign, words) {
    const line = add(body, "p", "mi-coverage");
    add(line, "span", sign);
    return add(line, "span", words);
  },

  // A sentence with the count of what is shown and like this.
  _counted(element, key, like) {
    this._updates.push((framed, rows) => (element.textContent = this._page.text.say(key, { n: rows.filter(like).length })));
  },

  _rings(body) {
    const { say, caption, number } = this._page.text;
    const table = add(body, "table", "mi-rings");
    add(table, "caption", "", caption("around"));
    const head = table.createTHead().insertRow();
    ["within", "certain", "possible"].forEach((key) => add(head, "th", "", say("rings." + key)));
    const rows = table.createTBody();
    this._data.rings.forEach(({ km }) => {
      const row = rows.insertRow();
      add(row, "td", "", say("ring.km", { km }));
      const cells = [add(row, "td"), add(row, "td")];
      this._updates.push((framed, shown) => {
        const near = shown.filter((one) => within(one, km));
        const certain = near.filter((one) => one.farthest <= km).length;
        cells[0].textContent = number(certain);
        cells[1].textContent = number(near.length - certain);
      });
    });
    add(body, "p", "mi-note", say("rings.note"));
  },

  // A list that is made when it is opened, and made anew when what is shown changes.
  _listed(body, key, like) {
    const text = this._page.text;
    const fold = add(body, "details", "mi-inner");
    const summary = add(fold, "summary");
    const place = add(fold, "div");
    const choose = (one) => {
      this.fold();
      this._incidents.choose(one);
    };
    let rows = [];
    const fill = () => place.replaceChildren(...(fold.open ? [viewer.list(rows, text, choose)] : []));
    fold.addEventListener("toggle", fill);
    this._updates.push((framed, shown) => {
      rows = shown.filter(like);
      summary.textContent = text.say(key, { n: rows.length });
      fill();
    });
  },

  // Narrow windows are too small for the map and what is folded out.
  fold() {
    if (!viewer.isWide(this._map)) this._panel.querySelectorAll(".mi-fold").forEach((fold) => (fold.open = false));
  },
});
