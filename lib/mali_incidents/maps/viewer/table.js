// What is shown as a table and in words, in a drawer over the foot of the map.

const { add, make, button } = viewer;
const PAGE = 25;

// The drawer, and the button that opens it; choose(row) is called when one is to be shown on the map.
viewer.table = (map, { store, text, words }, choose) => {
  const say = (key, values) => text.say(key, values);
  const columns = [
    { key: "date", of: (row) => row.start, say: (row) => text.when(row) },
    { key: "type", say: words.kind },
    { key: "place", say: (row) => row.placed || "" },
    { key: "deaths", of: viewer.deaths, say: (row) => text.toll(row.low, row.best, row.high) },
    { key: "actor", say: (row) => row.actor || "" },
    { key: "precision", of: (row) => viewer.LEVELS.indexOf(row.level), say: (row) => words.name("levels", row.level) },
  ];
  const collator = new Intl.Collator();
  let sorted = columns[0];
  let down = true;
  let page = 0;
  let rows = [];

  const opener = button("", "", () => show(drawer.hidden));
  const drawer = make("section", "mi-drawer");
  const bar = add(drawer, "div", "mi-drawer-bar");
  const title = add(bar, "h2");
  const back = bar.appendChild(button("", "‹", () => turn(page - 1)));
  const where = add(bar, "span", "mi-page");
  const on = bar.appendChild(button("", "›", () => turn(page + 1)));
  const close = bar.appendChild(button("mi-close", "×", () => show(false)));
  const scroller = add(drawer, "div", "mi-scroll");
  const table = add(scroller, "table");
  const caption = table.createCaption().appendChild(make("span"));
  const headings = table.createTHead().insertRow();
  const body = table.createTBody();
  const first = add(headings, "th");
  columns.forEach((column) => {
    column.cell = add(headings, "th");
    column.heading = column.cell.appendChild(button("", "", () => {
      down = sorted === column ? !down : column.key === "date" || column.key === "deaths";
      sorted = column;
      fill();
    }));
  });
  [...headings.cells].forEach((cell) => (cell.scope = "col"));
  title.tabIndex = -1;
  drawer.hidden = true;
  opener.setAttribute("aria-expanded", "false");
  map.getContainer().appendChild(drawer);
  viewer.shield(drawer);

  // What is not known comes last, whichever way it is sorted.
  function compare(one, other) {
    const [a, b] = [one[1], other[1]];
    if (a === null || b === null) return (a === null) - (b === null);
    const order = typeof a === "number" ? a - b : collator.compare(a, b);
    return (down ? -order : order) || one[0].index - other[0].index;
  }

  function fill(to = 0) {
    if (drawer.hidden) return;
    const of = sorted.of || ((row) => sorted.say(row) || null);
    rows = store.rows().map((row) => [row, of(row)]).sort(compare).map((pair) => pair[0]);
    columns.forEach((column) => column.cell.setAttribute("aria-sort", column !== sorted ? "none" : down ? "descending" : "ascending"));
    caption.textContent = words.summary();
    turn(to);
  }

  function turn(to) {
    const pages = Math.max(1, Math.ceil(rows.length / PAGE));
    page = to;
    back.disabled = page === 0;
    on.disabled = page >= pages - 1;
    where.textContent = say("table.page", { page: page + 1, pages });
    scroller.scrollTop = 0;
    body.replaceChildren(...rows.slice(page * PAGE, page * PAGE + PAGE).map((row) => {
      const line = make("tr");
      const shower = add(line, "td").appendChild(button("", say("table.show"), () => {
        // The drawer would cover what is opened on a small screen.
        if (drawer.offsetHeight > map.getSize().y * 0.7) show(false);
        choose(row);
      }));
      viewer.label(shower, say("table.show_one", { what: words.kind(row) + ", " + text.when(row) }));
      columns.forEach((column, i) => add(line, i ? "td" : "th", "", column.say(row)));
      line.querySelector("th").scope = "row";
      return line;
    }));
  }

  function show(open) {
    drawer.hidden = !open;
    opener.setAttribute("aria-expanded", String(open));
    fill();
    if (open) {
      stand();
      title.focus();
    } else if (drawer.contains(document.activeElement) || document.activeElement === document.body) opener.focus();
  }

  // On a wide map it leaves the panel and the dates free.
  function stand() {
    const box = (selector) => map.getContainer().querySelector(selector)?.getBoundingClientRect();
    const frame = map.getContainer().getBoundingClientRect();
    const wide = viewer.isWide(map);
    const dates = box(".mi-time");
    drawer.style.left = wide ? box(".mi-panel").right - frame.left + 20 + "px" : "";
    drawer.style.bottom = wide && dates ? frame.bottom - dates.top + 8 + "px" : "";
  }

  drawer.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    show(false);
  });
  map.on("resize", () => drawer.hidden || stand());
  store.listen(() => fill());
  text.follow(() => {
    title.textContent = say("table.title");
    opener.textContent = say("table.open");
    first.textContent = say("table.open_one");
    columns.forEach((column) => (column.heading.textContent = say("table." + column.key)));
    [[drawer, say("table.title")], [back, say("table.back")], [on, say("table.next")], [close, text.say("popup.close")]].forEach((pair) => viewer.label(...pair));
    fill(page);
  });
  return opener;
};
