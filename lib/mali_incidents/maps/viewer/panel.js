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

  // page: the text, store and naming of the page, and tools, a function from a map to what else
  // stands in the panel.
  fill(data, incidents, page) {
    Object.assign(this, { _data: data, _incidents: incidents, _page: page });
    page.text.changed(() => this._map && this._write(this._map));
    window.addEventListener("beforeprint", () => this._print && this._print());
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
    const { text, store } = this._page;
    const { say, caption } = text;
    const folds = () => [...panel.querySelectorAll("details")];
    const before = folds().map((one) => one.open);
    panel.classList.add("mi-panel");
    viewer.label(panel, caption("title"));
    const subtitle = make("p", "mi-subtitle", caption("subtitle"));
    panel.replaceChildren(this._switch(), make("h1", "", caption("title")), subtitle);

    this._updates = [];
    const tools = this._page.tools(map);
    this._filters(tools.near);
    // On paper a reader sees no filters: what is chosen stands in words.
    const printed = add(panel, "p", "mi-printed");
    this._print = () => (printed.textContent = viewer.citation("", store, text, this._page.naming));
    const body = this._folded("legend.title");
    body.className = "mi-body";
    body.parentNode.classList.add("mi-legend");
    if (!before.length) viewer.whenSized(map, () => (body.parentNode.open = viewer.isWide(map)));
    add(body, "p", "mi-subtitle", caption("records"));
    this._types(body);
    this._updates.push(viewer.options(body, this._incidents, store, text));
    if (store.data.rows.some(drawn("areas"))) {
      const line = add(body, "p", "mi-shades");
      data.area.labels.forEach((label, step) => (add(line, "span", "mi-shade", label).style.backgroundColor = data.area.tints[step]));
      this._counted(add(body, "p", "mi-note"), "legend.areas", drawn("areas"));
    }
    if (data.outlined) this._counted(this._signed(body, "mi-dashed", "mi-note"), "legend.outlines", drawn("outlined"));
    if (data.rings.length) this._rings(body);
    if (store.data.rows.some(drawn("unplaced"))) this._listed(body, "unplaced", drawn("unplaced"));
    if (data.hatched) this._signed(body, "mi-hatch").textContent = say("coverage.hatched");
    add(body, "p", "mi-note", caption("coverage"));
    this._listed(body, "list.all", () => true);
    add(body, "p", "mi-note", say("disclaimer"));
    add(this._folded("copy.title"), "div", "mi-tools").append(...tools.far);
    folds().forEach((one, number) => before[number] && (one.open = true));
    if (this._quit) this._quit();
    this._quit = store.listen((result, state) => {
      const rows = store.rows();
      // It counts all that there is: beside a choice it would contradict the status.
      subtitle.hidden = rows.length < store.data.rows.length;
      viewer.label(map.getContainer(), subtitle.hidden ? caption("title") + ". " + viewer.inWords(store, text, this._page.naming) : caption("alt"));
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
  _filters(opener) {
    const { text, store, naming } = this._page;
    const line = add(this._panel, "p", "mi-status");
    line.setAttribute("role", "status");
    const undo = viewer.button("", text.say("filter.undo"), store.undo);
    const reset = viewer.button("", text.say("filter.reset"), () => store.change(store.start));
    add(this._panel, "div", "mi-tools").append(undo, reset, opener);
    const facets = viewer.facets(store, text, naming, this._data.centre);
    const place = this._folded("filter.title");
    place.appendChild(facets.element);
    const mark = add(place.parentNode.firstChild, "span", "mi-set");
    this._updates.push((framed, rows, state) => {
      line.textContent = viewer.status(store, text);
      undo.disabled = !store.undoable();
      reset.disabled = viewer.toAddress(state, store.start) === "";
      mark.textContent = viewer.FILTERS.filter((name) => viewer.isSet(state, name)).length || "";
      facets.update(state);
    });
  },

  _types(body) {
    const text = this._page.text;
    add(body, "h2", "", text.caption("heading"));
    const list = add(body, "ul", "mi-types");
    this._data.types.forEach(([index]) => {
      const item = add(list, "li");
      const type = this._incidents.types[index];
      item.append(viewer.swatch(type), make("span", "", type.name));
      const number = add(item, "b");
      this._updates.push((framed) => (number.textContent = text.number(framed.filter((row) => row.type === type).length)));
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
