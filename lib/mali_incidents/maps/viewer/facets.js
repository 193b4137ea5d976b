// The filters in the panel: what may be chosen, with counts that follow the other filters.

const { add, make, button } = viewer;
// Of a longer list this many choices are offered at first.
const FEW = 8;
const LEVELS = (viewer.LEVELS = ["site", "place", "commune", "cercle", "region", "country", "none"]);
// How a choice is named where its facet is a list of known words.
const WORDS = { types: "type.", subTypes: "subtype.", attribution: "attribution.", verification: "verification.", levels: "level." };
const PARTS = { deaths: ["deathsMin", "deathsMax"], distance: ["withinKm"], text: ["text"], time: ["from", "to"] };

// What a choice is called.
viewer.naming = (text, unitNames) => {
  return (facet, value) => {
    // An address may name what no list of words has.
    const word = (key) => (text.knows(key) ? text.say(key) : value);
    if (facet === "types") return word("type." + (value || "unknown"));
    if (value === "") return text.say("choice.none");
    if (WORDS[facet]) return word(WORDS[facet] + value);
    return facet === "units" ? unitNames[value] || value : value;
  };
};

viewer.isSet = (state, name) => (PARTS[name] || [name]).some((part) => state[part] !== null && state[part].length !== 0);
viewer.FILTERS = ["time", "text"].concat(viewer.FACETS, "deaths", "distance");

// "34 of 256 incidents, of which 12 located only to a cercle or coarser, 3 not located".
viewer.status = (store, text) => {
  const sum = store.result().totals;
  return [
    text.say("status.shown", { shown: sum.n, n: store.data.rows.length }),
    sum.coarse && text.say("status.coarse", { n: sum.coarse }),
    sum.unlocated && text.say("status.unlocated", { n: sum.unlocated }),
  ].filter(Boolean).join(text.say("status.separator"));
};

viewer.facets = (store, text, naming, centre) => {
  const say = text.say;
  const data = store.data;
  const every = viewer.select(data, viewer.EVERYTHING).counts;
  // What brings choices, fields and groups up to date.
  const paints = [];
  const body = make("div", "mi-filters");

  const choice = (facet, value) => {
    const item = make("li");
    const label = add(item, "label");
    const box = add(label, "input");
    box.type = "checkbox";
    box.addEventListener("change", () => {
      const others = store.state()[facet].filter((one) => one !== value);
      store.change({ [facet]: box.checked ? [...others, value].sort() : others });
    });
    add(label, "span", "", naming(facet, value));
    const number = add(label, "b");
    const paint = () => {
      const count = store.result().counts[facet].get(value) || 0;
      box.checked = store.state()[facet].includes(value);
      number.textContent = text.number(count);
      item.classList.toggle("mi-none", !count && !box.checked);
    };
    paints.push(paint);
    paint();
    return item;
  };

  const group = (name, fill) => {
    const fold = add(body, "details", "mi-inner");
    const summary = add(fold, "summary", "", say("filter." + name));
    const mark = add(summary, "span", "mi-set");
    paints.push((state) => (mark.textContent = viewer.isSet(state, name) ? state[name]?.length ?? "•" : ""));
    const inside = add(fold, "div", "mi-choices");
    inside.setAttribute("role", "group");
    viewer.label(inside, say("filter." + name));
    // Filled when it is first opened: a page may have thousands of choices.
    fold.addEventListener("toggle", () => fold.open && !inside.firstChild && fill(inside));
  };

  const list = (facet) => {
    // A choice that an address named is offered even where no incident has it.
    const values = [...new Set(data.choices[facet].concat(store.state()[facet]))];
    const rank = (value) => (facet === "levels" ? LEVELS.indexOf(value) : -(every[facet].get(value) || 0));
    values.sort((one, other) => rank(one) - rank(other) || naming(facet, one).localeCompare(naming(facet, other)));
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
  };

  // Regions; in each, when asked, its cercles, and in these their communes.
  const units = () => {
    const inside = new Map();
    data.rows.forEach((row) => [row.admin1, row.admin2, row.admin3].forEach((unit, depth, all) => {
      const holder = depth ? all[depth - 1] : null;
      if (!unit && depth) return;
      if (!inside.has(holder)) inside.set(holder, new Set());
      inside.get(holder).add(unit ?? "");
    }));
    const branch = (holder) => {
      const items = make("ul");
      [...(inside.get(holder) || [])]
        .sort((one, other) => (one === "") - (other === "") || naming("units", one).localeCompare(naming("units", other)))
        .forEach((unit) => {
          const item = items.appendChild(choice("units", unit));
          if (!inside.has(unit)) return;
          const opener = button("mi-branch", "", () => {
            const shown = opener.getAttribute("aria-expanded") === "true";
            opener.setAttribute("aria-expanded", String(!shown));
            if (!item.querySelector("ul")) item.appendChild(branch(unit));
            item.querySelector("ul").hidden = shown;
          });
          opener.setAttribute("aria-expanded", "false");
          viewer.label(opener, say("filter.within", { place: naming("units", unit) }));
          item.prepend(opener);
        });
      return items;
    };
    group("units", (place) => {
      place.appendChild(branch(null));
      add(place, "p", "mi-note", say("filter.units.note"));
    });
  };

  const field = (type, name, words) => {
    const label = make("label", "mi-field");
    add(label, "span", "", words);
    const input = add(label, "input");
    input.type = type;
    const read = () => (type !== "number" ? input.value : input.valueAsNumber >= 0 ? input.valueAsNumber : null);
    if (type === "number") Object.assign(input, { min: 0, step: "any", inputMode: "numeric" });
    input.addEventListener("input", () => store.change({ [name]: read() }, name));
    const write = () => {
      if (read() !== store.state()[name]) input.value = store.state()[name] ?? "";
    };
    paints.push(write);
    write();
    return label;
  };

  body.appendChild(field("search", "text", say("filter.text")));
  ["types", "subTypes", "actors", "attribution", "verification"].forEach(list);
  units();
  list("levels");
  group("deaths", (inside) => {
    add(inside, "div", "mi-pair").append(
      field("number", "deathsMin", say("filter.deaths.least")),
      field("number", "deathsMax", say("filter.deaths.most")),
    );
    add(inside, "p", "mi-note", say("filter.deaths.note"));
  });
  if (centre) {
    group("distance", (inside) => {
      inside.appendChild(field("number", "withinKm", say("filter.distance.field", { place: centre.name })));
      add(inside, "p", "mi-note", say("filter.distance.note"));
    });
  }

  return { element: body, update: (state) => paints.forEach((paint) => paint(state)) };
};
