// What else the map may show: units shaded, how sure each place is, deaths on the signs; with the
// legend of the shades.

const { add, make } = viewer;

// Writes into the panel, and gives what brings it up to date.
viewer.options = (panel, incidents, store, text) => {
  const { say } = text;
  const body = add(panel, "div", "mi-options");
  const field = (key, control) => {
    const label = add(body, "label", "mi-field");
    add(label, "span", "", say(key));
    return label.appendChild(control);
  };
  const select = (values, act) => {
    const list = make("select");
    values.forEach(([value, key]) => (add(list, "option", "", say(key)).value = value));
    list.addEventListener("change", act);
    return list;
  };
  const shade = () => store.change({ shade: level.value && level.value + "." + measure.value });
  const measures = ["incidents", "deaths"].map((one) => [one, "measure." + one]);
  const level = field("shade.by", select([["", "shade.off"], ...viewer.SHADED.map((one) => [one, "level." + one])], shade));
  const measure = level.parentNode.appendChild(select(measures, shade));
  viewer.label(measure, say("shade.measure"));
  const legend = add(body, "div");
  const sign = field("sign.number", select(measures, () => store.change({ sign: sign.value === "deaths" ? "deaths" : "" })));
  const rings = field("sure.show", make("input"));
  rings.type = "checkbox";
  rings.parentNode.prepend(rings);
  rings.addEventListener("change", () => store.change({ rings: rings.checked ? "1" : "" }));
  const note = add(body, "p", "mi-note");
  note.setAttribute("role", "status");
  const warn = () => (note.textContent = incidents.many ? say("sure.many", { n: incidents.many }) : "");
  incidents.off("sure").on("sure", warn);

  // Classes with how many units are in each; what is zero, and what is not known; what is left out.
  const explain = (told) => {
    const { edges, counts } = told;
    const { colours, land } = incidents.choropleth.data;
    add(legend, "h2", "", say("shade.heading." + told.measure, { level: say("shade.level." + told.level) }));
    const list = add(legend, "ul", "mi-types");
    const line = (kind, words, colour) => {
      const item = add(list, "li");
      const swatch = add(item, "span", kind === "missing" ? "mi-hatch" : "mi-class");
      if (colour) swatch.style.backgroundColor = colour;
      add(item, "span", "", words);
      add(item, "b", "", text.number(counts[kind] || 0));
    };
    for (let kind = 0; kind <= edges.length; kind += 1) {
      const low = kind ? edges[kind - 1] + 1 : 1;
      const high = edges[kind];
      const words = high === undefined ? say("shade.more", { low }) : low === high ? text.number(low) : say("toll.range", { low, high });
      line(kind, words, colours[kind]);
    }
    line("zero", say("shade.zero"), land);
    line("missing", say("shade.missing"));
    const areas = incidents.areas.length;
    const notes = [
      told.coarser && say("shade.coarser", { n: told.coarser }),
      told.untold && say("shade.untold", { n: told.untold }),
      areas && say("shade.areas", { n: areas }),
    ];
    notes.filter(Boolean).forEach((words) => add(legend, "p", "mi-note", words));
  };

  return (framed, rows, state) => {
    const [chosen, by] = state.shade.split(".");
    level.value = chosen;
    measure.hidden = !chosen;
    if (by) measure.value = by;
    sign.value = state.sign || "incidents";
    rings.checked = Boolean(state.rings);
    warn();
    legend.replaceChildren();
    panel.classList.toggle("mi-shaded", Boolean(incidents.choropleth.told));
    if (incidents.choropleth.told) explain(incidents.choropleth.told);
  };
};
