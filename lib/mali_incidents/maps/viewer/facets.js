// The filters in the panel: what may be chosen, with counts that follow the other filters.

const { add, make, button } = viewer;
// Of a longer list this many choices are offered at first.
const FEW = 8;
const LEVELS = (viewer.LEVELS = ["site", "place", "commune", "cercle", "region", "country", "none"]);

viewer.facets = ({ data: { panel }, store, text, words }) => {
  const say = text.say;
  const data = store.data;
  const every = viewer.select(data, viewer.EVERYTHING).counts;
  // What brings choices, fields and groups up to date.
  const paints = [];
  const painted = (paint) => {
    paints.push(paint);
    paint(store.state());
  };
  const body = make("div", "mi-filters");

  function choice(facet, value) {
    const item = make("li");
    const label = add(item, "label");
    const box = add(label, "input");
    box.type = "checkbox";
    box.addEventListener("change", () => {
      const others = store.state()[facet].filter((one) => one !== value);
      store.change({ [facet]: box.checked ? [...others, value].sort() : others });
    });
    add(label, "span", "", words.name(facet, value));
    const number = add(label, "b");
    painted((state) => {
      const count = store.result().counts[facet].get(value) || 0;
      box.checked = state[facet].includes(value);
      number.textContent = text.number(count);
      item.classList.toggle("mi-none", !count && !box.checked);
    });
    return item;
  }

  // Filled when it is first opened: a page may have thousands of choices.
  function group(name, fill, note) {
    const fold = add(body, "details", "mi-inner");
    const summary = add(fold, "summary", "", say("filter." + name));
    const mark = add(summary, "span", "mi-set");
    painted((state) => (mark.textContent = viewer.isSet(state, name) ? state[name]?.length ?? "•" : ""));
    const inside = add(fold, "div", "mi-choices");
    inside.setAttribute("role", "group");
    viewer.label(inside, say("filter." + name));
    fold.addEventListener("toggle", () => {
      if (!fold.open || inside.firstChild) return;
      fill(inside);
      if (note) add(inside, "p", "mi-note", say("filter." + name + ".note"));
    });
  }

  function list(facet) {
    // A choice that an address named is offered even where no incident has it.
    const values = [...new Set(data.choices[facet].concat(store.state()[facet]))];
    const rank = (value) => (facet === "levels" ? LEVELS.indexOf(value) : -(every[facet].get(value) || 0));
    values.sort((one, other) => rank(one) - rank(other) || words.name(facet, one).localeCompare(words.name(facet, other)));
    group(facet, (inside) => {
      const items = add(inside, "ul");
      const few = values.length > FEW + 2 ? FEW : values.length;
      const offer = (some) => items.append(...some.map((value) => choice(facet, value)));
      const first = values.filter((value, i) => i < few || store.state()[facet].includes(value));
      offer(first);
      if (few === values.length) return;
      const more = inside.appendChild(button("mi-more", say("filter.more", { n: values.length }), () => {
        const offered = new Set(first);
        offer(values.filter((value) => !offered.has(value)));
        more.remove();
        items.querySelectorAll("input")[few].focus();
      }));
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
    const branch = (holder) => {
      const items = make("ul");
      const held = [...(inside.get(holder) || [])];
      held.sort((one, other) => (one === "") - (other === "") || named(one).localeCompare(named(other)));
      held.forEach((unit) => {
        const item = items.appendChild(choice("units", unit));
        if (!inside.has(unit)) return;
        const opener = button("mi-branch", "", () => {
          const shown = opener.getAttribute("aria-expanded") === "true";
          opener.setAttribute("aria-expanded", String(!shown));
          if (!item.querySelector("ul")) item.appendChild(branch(unit));
          item.querySelector("ul").hidden = shown;
        });
        opener.setAttribute("aria-expanded", "false");
        viewer.label(opener, say("filter.within", { place: named(unit) }));
        item.prepend(opener);
      });
      return items;
    };
    group("units", (place) => place.appendChild(branch(null)), true);
  }

  function field(name, label, amount) {
    const line = make("label", "mi-field");
    add(line, "span", "", label);
    const input = add(line, "input");
    Object.assign(input, amount ? { type: "text", inputMode: "decimal" } : { type: "search" });
    const read = () => (amount ? text.amount(input.value) : input.value);
    const write = () => {
      const value = store.state()[name];
      input.value = typeof value === "number" ? text.number(value) : value ?? "";
    };
    input.addEventListener("input", () => store.change({ [name]: read() }, name));
    // As it is said elsewhere, once it is typed.
    input.addEventListener("change", write);
    painted((state) => read() !== state[name] && write());
    return line;
  }

  body.appendChild(field("text", say("filter.text")));
  ["types", "subTypes", "actors", "attribution", "verification"].forEach(list);
  units();
  list("levels");
  const ends = () => [field("deathsMin", say("filter.deaths.least"), true), field("deathsMax", say("filter.deaths.most"), true)];
  group("deaths", (inside) => add(inside, "div", "mi-pair").append(...ends()), true);
  if (panel.centre) {
    const label = say("filter.distance.field", { place: panel.centre.name });
    group("distance", (inside) => inside.appendChild(field("withinKm", label, true)), true);
  }

  return { element: body, update: (state) => paints.forEach((paint) => paint(state)) };
};
