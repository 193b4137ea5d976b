// The filters in the panel: what may be chosen, with counts that follow the other filters.

const { add, make, button } = viewer;
const FEW = 8;
const LEVELS = (viewer.LEVELS = ["site", "place", "commune", "cercle", "region", "country", "none"]);

viewer.facets = ({ data: { panel }, store, text, words }) => {
  const { say } = text;
  const data = store.data;
  const every = viewer.select(data, viewer.EVERYTHING).counts;
  const paints = [];
  const painted = (paint) => {
    paints.push(paint);
    paint(store.state());
  };
  const body = make("div.mi-filters");

  function choice(facet, value) {
    const box = make("input", { type: "checkbox", onchange() {
      const others = store.state()[facet].filter((one) => one !== value);
      store.change({ [facet]: box.checked ? [...others, value].sort() : others });
    } });
    const number = make("b");
    const item = make("li", make("label", box, make("span", words.name(facet, value)), number));
    painted((state) => {
      const count = store.result().counts[facet].get(value) || 0;
      box.checked = state[facet].includes(value);
      number.textContent = text.number(count);
      item.classList.toggle("mi-none", !count && !box.checked);
    });
    return item;
  }

  // Filled when it is first opened: a page may have thousands of choices.
  function group(name, fill, noted) {
    const heading = say("filter." + name);
    const mark = make("span.mi-set");
    const inside = make("div.mi-choices", { role: "group", "aria-label": heading });
    painted((state) => (mark.textContent = viewer.isSet(state, name) ? state[name]?.length ?? "•" : ""));
    const fold = add(body, "details.mi-inner", make("summary", heading, mark), inside);
    fold.ontoggle = () => {
      if (fold.open && !inside.firstChild) viewer.put(inside, fill(), noted && make("p.mi-note", say("filter." + name + ".note")));
    };
  }

  function list(facet) {
    // A choice that an address named is offered even where no incident has it.
    const values = [...new Set(data.choices[facet].concat(store.state()[facet]))];
    const rank = (value) => (facet === "levels" ? LEVELS.indexOf(value) : -(every[facet].get(value) || 0));
    values.sort((one, other) => rank(one) - rank(other) || words.name(facet, one).localeCompare(words.name(facet, other)));
    group(facet, () => {
      const few = values.length > FEW + 2 ? FEW : values.length;
      const offer = (some) => some.map((value) => choice(facet, value));
      const first = values.filter((value, i) => i < few || store.state()[facet].includes(value));
      const items = make("ul", offer(first));
      const more = button(say("filter.more", { n: values.length }), () => {
        items.append(...offer(values.filter((value) => !first.includes(value))));
        more.remove();
        items.querySelectorAll("input")[few].focus();
      }, ".mi-more");
      return [items, few < values.length && more];
    });
  }

  // Regions; in each, when asked, its cercles, and in these their communes.
  function units() {
    const inside = new Map();
    data.rows.forEach((row) => [row.admin1, row.admin2, row.admin3].forEach((unit, depth, all) => {
      if (!unit && depth) return;
      const holder = depth ? all[depth - 1] : null;
      if (!inside.has(holder)) inside.set(holder, new Set());
      inside.get(holder).add(unit ?? "");
    }));
    const named = (unit) => words.name("units", unit);
    const item = (unit) => {
      const line = choice("units", unit);
      if (!inside.has(unit)) return line;
      const opener = button("", () => {
        const shown = opener.getAttribute("aria-expanded") === "true";
        opener.setAttribute("aria-expanded", !shown);
        if (!line.querySelector("ul")) line.append(branch(unit));
        line.querySelector("ul").hidden = shown;
      }, ".mi-branch");
      line.prepend(viewer.set(opener, { "aria-expanded": false, "aria-label": say("filter.within", { place: named(unit) }) }));
      return line;
    };
    const branch = (holder) => {
      const held = [...(inside.get(holder) || [])];
      held.sort((one, other) => (one === "") - (other === "") || named(one).localeCompare(named(other)));
      return make("ul", held.map(item));
    };
    group("units", () => branch(null), true);
  }

  function field(name, named, counted) {
    const input = make("input", counted ? { type: "text", inputMode: "decimal" } : { type: "search" });
    const read = () => (counted ? text.amount(input.value) : input.value);
    const write = () => {
      const value = store.state()[name];
      input.value = typeof value === "number" ? text.number(value) : value ?? "";
    };
    viewer.set(input, { oninput: () => store.change({ [name]: read() }, name), onchange: write });
    painted((state) => read() !== state[name] && write());
    return viewer.field(named, input);
  }

  body.append(field("text", say("filter.text")));
  ["types", "subTypes", "actors", "attribution", "verification"].forEach(list);
  units();
  list("levels");
  const ends = { deathsMin: "least", deathsMax: "most" };
  group("deaths", () => make("div.mi-pair", Object.entries(ends).map(([name, end]) => field(name, say("filter.deaths." + end), true))), true);
  if (panel.centre) group("distance", () => field("withinKm", say("filter.distance.field", { place: panel.centre.name }), true), true);

  return { element: body, update: (state) => paints.forEach((paint) => paint(state)) };
};
