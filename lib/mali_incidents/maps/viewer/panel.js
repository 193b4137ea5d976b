// Title, how much is shown, filters, legend with counts, coverage, the list of all that is shown.

const { make, put, button, label } = viewer;
const drawn = (as) => (row) => viewer.drawnAs(row) === as;
const within = (row, km) => (row.nearest ?? Infinity) <= km;

viewer.panel = (panel, map, page, incidents, names) => {
  const { store, text, words, data: { panel: data, incidents: { area } } } = page;
  const { say, caption, number } = text;
  // Called with the rows in the frame, all that are shown, and the state.
  let updates = [];
  const opener = viewer.table(map, page, choose);

  // Narrow windows are too small for the map and what is folded out.
  function choose(row) {
    if (!viewer.isWide(map)) panel.querySelectorAll(".mi-fold").forEach((fold) => (fold.open = false));
    incidents.choose(row);
  }

  const folded = (summary, inside, kind = "") =>
    make("details.mi-fold" + kind, { ontoggle: () => names.draw() }, make("summary", summary), inside);

  function write() {
    const before = [...panel.querySelectorAll("details")].map((one) => one.open);
    updates = [];
    panel.replaceChildren();
    panel.classList.add("mi-panel");
    label(put(panel, contents()), caption("title"));
    panel.querySelectorAll("details").forEach((one, i) => (one.open = before[i] ?? false));
    if (!before.length) viewer.whenSized(map, () => (panel.querySelector(".mi-legend").open = viewer.isWide(map)));
    names.draw();
  }

  function tell() {
    const rows = store.rows();
    const framed = rows.filter((row) => data.radius === null || within(row, data.radius));
    updates.forEach((act) => act(framed, rows, store.state()));
  }

  function contents() {
    const subtitle = make("p.mi-subtitle", caption("subtitle"));
    updates.push((framed, rows) => {
      // It counts all that there is: beside a choice it would contradict the status.
      subtitle.hidden = rows.length < store.data.rows.length;
      const told = viewer.sentences(caption("notice"), caption("title"), words.summary());
      label(map.getContainer(), subtitle.hidden ? told : caption("alt"));
    });
    return [
      caption("notice") && make("p.mi-notice", caption("notice")),
      other(),
      make("h1", caption("title")),
      subtitle,
      filters(),
      folded(say("legend.title"), legend(), ".mi-legend"),
      folded(say("copy.title"), viewer.downloads(page)),
    ];
  }

  function other() {
    const lang = text.other();
    const turn = () => {
      names.together(() => text.use(lang));
      panel.querySelector(".mi-lang").focus();
    };
    return viewer.set(button(lang.toUpperCase(), turn, ".mi-lang"), { lang, title: say("language.other") });
  }

  function filters() {
    const line = make("p.mi-status", { role: "status" });
    const undo = button(say("filter.undo"), store.undo);
    const reset = button(say("filter.reset"), () => store.change(store.start));
    const facets = viewer.facets(page);
    const mark = make("span.mi-set");
    updates.push((framed, rows, state) => {
      line.textContent = words.status();
      undo.disabled = !store.undoable();
      reset.disabled = viewer.toAddress(state, store.start) === "";
      mark.textContent = viewer.FILTERS.filter((name) => viewer.isSet(state, name)).length || "";
      facets.update(state);
    });
    return [line, make("div.mi-tools", undo, reset, opener), folded([say("filter.title"), mark], facets.element)];
  }

  function legend() {
    const some = (as) => store.data.rows.some(drawn(as));
    const options = viewer.options(incidents, store, text);
    const tints = area.labels.map((one, step) => make("span.mi-shade", { style: { backgroundColor: area.tints[step] } }, one));
    const body = make("div.mi-body",
      make("p.mi-subtitle", caption("records")),
      types(),
      options.element,
      some("areas") && [make("p.mi-shades", tints), counted("legend.areas", "areas", "p.mi-note")],
      data.outlined && make("p.mi-coverage", make("span.mi-dashed"), counted("legend.outlines", "outlined", "span.mi-note")),
      data.rings.length > 0 && rings(),
      some("unplaced") && listed("unplaced", drawn("unplaced")),
      data.hatched && make("p.mi-coverage", make("span.mi-hatch"), make("span", say("coverage.hatched"))),
      make("p.mi-note.mi-origin", viewer.sentences(caption("coverage"), words.dated())),
      caption("note") && make("p.mi-note", caption("note")),
      listed("list.all", () => true),
      make("p.mi-note.mi-origin", say("disclaimer")),
      make("p.mi-note.mi-keys", say("keys")));
    updates.push((framed, rows, state) => {
      options.update(state);
      body.classList.toggle("mi-shaded", Boolean(incidents.choropleth.told));
    });
    return body;
  }

  function types() {
    const lines = data.types.map(([index]) => {
      const type = incidents.types[index];
      const count = make("b");
      const bar = make("i.mi-bar", { style: { backgroundColor: type.colour } });
      return { type, count, bar, item: make("li", viewer.swatch(type), make("span", type.name), count, bar) };
    });
    const heading = make("h2");
    updates.push((framed) => {
      heading.textContent = say("cite.filter", { name: caption("heading"), values: framed.length });
      const counts = lines.map(({ type }) => framed.filter((row) => row.type === type).length);
      lines.forEach(({ count, bar }, i) => {
        count.textContent = number(counts[i]);
        bar.style.width = (100 * counts[i]) / Math.max(...counts, 1) + "%";
      });
    });
    return [heading, make("ul.mi-types", lines.map((one) => one.item)), make("p.mi-note", say("legend.symbols"))];
  }

  function counted(key, as, kind) {
    const line = make(kind);
    updates.push((framed, rows) => (line.textContent = say(key, { n: rows.filter(drawn(as)).length })));
    return line;
  }

  function rings() {
    const lines = data.rings.map(({ km }) => {
      const cells = [make("td"), make("td")];
      updates.push((framed, rows) => {
        const near = rows.filter((one) => within(one, km));
        const certain = near.filter((one) => one.farthest <= km).length;
        [certain, near.length - certain].forEach((count, i) => (cells[i].textContent = number(count)));
      });
      return make("tr", make("td", say("ring.km", { km })), cells);
    });
    const head = ["within", "certain", "possible"].map((key) => make("th", say("rings." + key)));
    const table = make("table.mi-rings", make("caption", caption("around")), make("thead", make("tr", head)), make("tbody", lines));
    return [table, make("p.mi-note", say("rings.note"))];
  }

  // Made when it is opened, and anew when what is shown changes.
  function listed(key, like) {
    const summary = make("summary");
    const place = make("div");
    let rows = [];
    const fill = () => place.replaceChildren(...(fold.open ? [viewer.list(rows, text, choose)] : []));
    const fold = make("details.mi-inner", { ontoggle: fill }, summary, place);
    updates.push((framed, shown) => {
      rows = shown.filter(like);
      summary.textContent = say(key, { n: rows.length });
      fill();
    });
    return fold;
  }

  write();
  store.listen(tell);
  text.changed(() => {
    write();
    tell();
  });
};
