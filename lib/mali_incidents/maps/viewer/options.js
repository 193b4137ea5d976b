// What else the map may show: units shaded, how sure each place is, deaths on the signs; with the
// legend of the shades.

const { make, dropdown, field } = viewer;

viewer.options = (incidents, store, text) => {
  const { say } = text;
  const shade = () => store.change({ shade: level.value && level.value + "." + measure.value });
  const measures = ["incidents", "deaths"].map((one) => [one, say("measure." + one)]);
  const level = dropdown([["", say("shade.off")], ...viewer.SHADED.map((one) => [one, say("level." + one)])], shade);
  const measure = viewer.label(dropdown(measures, shade), say("shade.measure"));
  const sign = dropdown(measures, () => store.change({ sign: sign.value === "deaths" ? "deaths" : "" }));
  const rings = make("input", { type: "checkbox", onchange: () => store.change({ rings: rings.checked ? "1" : "" }) });
  const legend = make("div");
  const note = make("p.mi-note", { role: "status" });
  const warn = () => (note.textContent = incidents.many ? say("sure.many", { n: incidents.many }) : "");
  incidents.off("sure").on("sure", warn);

  function explain({ edges, counts, measure: by, level: of, coarser, untold }) {
    const { colours, land } = incidents.choropleth.data;
    const line = (kind, words, swatch, colour = "") =>
      make("li", make("span" + swatch, { style: { backgroundColor: colour } }), make("span", words), make("b", text.number(counts[kind] || 0)));
    const classes = [...edges, undefined].map((high, kind) => {
      const low = kind ? edges[kind - 1] + 1 : 1;
      const words = high === undefined ? say("shade.more", { low }) : low === high ? text.number(low) : say("toll.range", { low, high });
      return line(kind, words, ".mi-class", colours[kind]);
    });
    const notes = Object.entries({ coarser, untold, areas: incidents.areas.length });
    return [
      make("h2", say("shade.heading." + by, { level: say("shade.level." + of) })),
      make("ul.mi-types", classes, line("zero", say("shade.zero"), ".mi-class", land), line("missing", say("shade.missing"), ".mi-hatch")),
      notes.map(([key, n]) => n > 0 && make("p.mi-note", say("shade." + key, { n }))),
    ];
  }

  return {
    element: make("div.mi-options", field(say("shade.by"), level, measure), legend, field(say("sign.number"), sign),
      make("label.mi-field", rings, make("span", say("sure.show"))), note),
    update(state) {
      const [chosen, by] = state.shade.split(".");
      const { told } = incidents.choropleth;
      level.value = chosen;
      measure.hidden = !chosen;
      if (by) measure.value = by;
      sign.value = state.sign || "incidents";
      rings.checked = Boolean(state.rings);
      warn();
      legend.replaceChildren();
      if (told) viewer.put(legend, explain(told));
    },
  };
};
