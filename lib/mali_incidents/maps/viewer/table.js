// What is shown as a table and in words, in a drawer over the foot of the map.

const { add, make, button } = viewer;
const PAGE = 25;

// How many, when, of which types, with how many deaths: all that the map says, in sentences.
viewer.inWords = (store, text, naming) => {
  const say = text.say;
  const sum = store.result().totals;
  const rows = store.rows();
  const kinds = viewer.gather(rows, (row) => row.event).sort((one, other) => other.length - one.length);
  const listed = kinds.map((group) => naming("types", group[0].event || "") + " " + text.number(group.length));
  // "At least ten": a lower end without an upper one.
  const open = rows.some((row) => row.low !== null && row.high === null);
  const key = open ? "words.deaths_open" : sum.low === sum.high ? "words.deaths" : "words.deaths_range";
  const deaths = say(key, { low: sum.low, high: sum.high });
  return viewer.sentences(
    viewer.status(store, text),
    viewer.period(rows, text),
    sum.undated && say("words.undated", { n: sum.undated }),
    listed.length && say("words.types", { types: listed.join(say("words.separator")) }),
    sum.n > sum.unknown && deaths + (sum.unknown ? " " + say("words.unknown", { n: sum.unknown }) : ""),
  );
};

viewer.sentences = (...said) => said.filter(Boolean).join(". ") + ".";

viewer.period = (rows, text) => ((span) => span && text.date(...span, "day"))(viewer.span(rows));

// The drawer, and the button that opens it for the panel.
viewer.table = (store, text, naming, choose) => {
  const say = text.say;
  const columns = [
    { key: "date", of: (row) => row.start, say: text.when },
    { key: "type", say: (row) => [naming("types", row.event || ""), row.subEvent && naming("subTypes", row.subEvent)].filter(Boolean).join(" · ") },
    { key: "place", say: (row) => row.placed || "" },
    { key: "deaths", of: viewer.deaths, say: (row) => text.toll(row.low, row.best, row.high) },
    { key: "actor", say: (row) => row.actor || "" },
    { key: "precision", of: (row) => viewer.LEVELS.indexOf(row.level), say: (row) => naming("levels", row.level) },
  ];
  const collator = new Intl.Collator();
  const drawer = make("section", "mi-drawer");
  const table = make("table");
  const caption = table.createCaption().appendChild(make("span"));
  const headings = table.createTHead().insertRow();
  const body = table.createTBody();
  let sorted = columns[0];
  let down = true;
  let page = 0;
  let rows = [];

  const opener = button("", say("table.open"), () => show(drawer.hidden));
  opener.setAttribute("aria-expanded", "false");
  const bar = add(drawer, "div", "mi-drawer-bar");
  add(bar, "h2", "", say("table.title")).tabIndex = -1;
  const back = bar.appendChild(button("", "‹", () => turn(page - 1)));
  const where = add(bar, "span", "mi-page");
  const on = bar.appendChild(button("", "›", () => turn(page + 1)));
  const close = bar.appendChild(button("mi-close", "×", () => show(false)));
  [[back, "table.back"], [on, "table.next"], [close, "popup.close"]].forEach(([one, key]) => viewer.label(one, say(key)));
  const scroller = add(drawer, "div", "mi-scroll");
  scroller.appendChild(table);
  viewer.label(drawer, say("table.title"));
  drawer.hidden = true;

  add(headings, "th", "", say("table.open_one")).scope = "col";
  columns.forEach((column) => {
    column.cell = add(headings, "th");
    column.cell.scope = "col";
    column.cell.appendChild(button("", say("table." + column.key), () => {
      down = sorted === column ? !down : column.key === "date" || column.key === "deaths";
      sorted = column;
      fill();
    }));
  });

  // What is not known comes last, whichever way it is sorted.
  function compare(one, other) {
    const [a, b] = [one[1], other[1]];
    if (a === null || b === null) return (a === null) - (b === null);
    const order = typeof a === "number" ? a - b : collator.compare(a, b);
    return (down ? -order : order) || one[0].index - other[0].index;
  }

  function fill() {
    if (drawer.hidden) return;
    const of = sorted.of || ((row) => sorted.say(row) || null);
    rows = store.rows().map((row) => [row, of(row)]).sort(compare).map((pair) => pair[0]);
    columns.forEach((column) => column.cell.setAttribute("aria-sort", column !== sorted ? "none" : down ? "descending" : "ascending"));
    caption.textContent = viewer.inWords(store, text, naming);
    turn(0);
  }

  function turn(to) {
    page = to;
    const pages = Math.max(1, Math.ceil(rows.length / PAGE));
    back.disabled = page === 0;
    on.disabled = page >= pages - 1;
    where.textContent = say("table.page", { page: page + 1, pages });
    scroller.scrollTop = 0;
    body.replaceChildren(...rows.slice(page * PAGE, page * PAGE + PAGE).map((row) => {
      const line = make("tr");
      const shower = button("", say("table.show"), () => {
        // The drawer would cover what is opened on a small screen.
        if (drawer.offsetHeight > drawer.parentNode.offsetHeight * 0.7) show(false);
        choose(row);
      });
      viewer.label(shower, say("table.show_one", { what: columns[1].say(row) + ", " + columns[0].say(row) }));
      add(line, "td").appendChild(shower);
      columns.forEach((column, i) => {
        const cell = add(line, i ? "td" : "th", "", column.say(row));
        if (!i) cell.scope = "row";
      });
      return line;
    }));
  }

  function show(open) {
    drawer.hidden = !open;
    opener.setAttribute("aria-expanded", String(open));
    fill();
    if (open) {
      stand();
      bar.querySelector("h2").focus();
    }
    if (!open && (drawer.contains(document.activeElement) || document.activeElement === document.body)) opener.focus();
  }

  // On a wide map it leaves the panel and the dates free.
  function stand() {
    const frame = drawer.parentNode.getBoundingClientRect();
    const dates = drawer.parentNode.querySelector(".mi-time");
    const wide = frame.width > 900;
    drawer.style.left = wide ? drawer.parentNode.querySelector(".mi-panel").getBoundingClientRect().right - frame.left + 20 + "px" : "";
    drawer.style.bottom = wide && dates ? frame.bottom - dates.getBoundingClientRect().top + 8 + "px" : "";
  }

  drawer.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    show(false);
  });
  const quit = store.listen(fill);

  return {
    open(map) {
      map.getContainer().appendChild(drawer);
      viewer.shield(drawer);
      return opener;
    },
    remove() {
      quit();
      drawer.remove();
    },
  };
};
