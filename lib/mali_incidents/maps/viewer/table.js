// What is shown as a table and in words, in a drawer over the foot of the map.

const { make, button, label } = viewer;

// Gives the button that opens it; choose(row) is called when one is to be shown on the map.
viewer.table = (map, { store, text, words }, choose) => {
  const { say } = text;
  const columns = [
    { key: "date", of: (row) => row.start, say: text.when },
    { key: "type", say: words.kind },
    { key: "place", say: (row) => row.placed || "" },
    { key: "deaths", of: viewer.deaths, say: (row) => text.toll(row.low, row.best, row.high) },
    { key: "actor", say: (row) => row.actor || "" },
    { key: "precision", of: (row) => viewer.LEVELS.indexOf(row.level), say: (row) => words.name("levels", row.level) },
  ];
  const collator = new Intl.Collator();
  let sorted = columns[0];
  let down = true;

  const opener = button("", () => show(drawer.hidden));
  const title = make("h2", { tabIndex: -1 });
  const close = button("×", () => show(false), ".mi-close");
  const pages = viewer.pages(text, fill);
  const caption = make("span");
  const first = make("th", { scope: "col" });
  columns.forEach((column) => {
    column.heading = button("", () => {
      down = sorted === column ? !down : column.key === "date" || column.key === "deaths";
      sorted = column;
      sort();
    });
    column.cell = make("th", { scope: "col" }, column.heading);
  });
  const body = make("tbody");
  const head = make("thead", make("tr", first, columns.map((column) => column.cell)));
  const scroller = make("div.mi-scroll", make("table", make("caption", caption), head, body));
  const onkeydown = (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    show(false);
  };
  const drawer = make("section.mi-drawer", { hidden: true, onkeydown }, make("div.mi-drawer-bar", title, pages.parts, close), scroller);
  map.getContainer().append(drawer);
  viewer.shield(drawer);

  // What is not known comes last, whichever way it is sorted.
  function compare([one, a], [other, b]) {
    if (a === null || b === null) return (a === null) - (b === null);
    const order = typeof a === "number" ? a - b : collator.compare(a, b);
    return (down ? -order : order) || one.index - other.index;
  }

  function sort(to) {
    if (drawer.hidden) return;
    const of = sorted.of || ((row) => sorted.say(row) || null);
    columns.forEach((column) => column.cell.setAttribute("aria-sort", column !== sorted ? "none" : down ? "descending" : "ascending"));
    caption.textContent = words.summary();
    pages.show(store.rows().map((row) => [row, of(row)]).sort(compare).map(([row]) => row), to);
  }

  function fill(rows) {
    scroller.scrollTop = 0;
    body.replaceChildren(...rows.map((row) => {
      const shower = button(say("table.show"), () => {
        // The drawer would cover what is opened on a small screen.
        if (drawer.offsetHeight > map.getSize().y * 0.7) show(false);
        choose(row);
      });
      label(shower, say("table.show_one", { what: words.kind(row) + ", " + text.when(row) }));
      const [date, ...others] = columns.map((column) => column.say(row));
      return make("tr", make("td", shower), make("th", { scope: "row" }, date), others.map((one) => make("td", one)));
    }));
  }

  function show(open) {
    drawer.hidden = !open;
    opener.setAttribute("aria-expanded", open);
    sort();
    if (open) {
      stand();
      title.focus();
    } else if (drawer.contains(document.activeElement) || document.activeElement === document.body) opener.focus();
  }

  // On a wide map it leaves the panel and the dates free.
  function stand() {
    const frame = map.getContainer();
    const box = (one) => one?.getBoundingClientRect();
    const wide = viewer.isWide(map);
    const dates = box(frame.querySelector(".mi-time"));
    drawer.style.left = wide ? box(frame.querySelector(".mi-panel")).right - box(frame).left + 20 + "px" : "";
    drawer.style.bottom = wide && dates ? box(frame).bottom - dates.top + 8 + "px" : "";
  }

  map.on("resize", () => drawer.hidden || stand());
  store.listen(() => sort());
  text.follow(() => {
    title.textContent = say("table.title");
    viewer.set(opener, { textContent: say("table.open"), "aria-expanded": !drawer.hidden });
    first.textContent = say("table.open_one");
    columns.forEach((column) => (column.heading.textContent = say("table." + column.key)));
    label(drawer, say("table.title"));
    label(close, say("popup.close"));
    sort(pages.page());
  });
  return opener;
};
