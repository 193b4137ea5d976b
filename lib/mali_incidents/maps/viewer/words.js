// What a reader chose, and what that leaves, in words: for the panel, the table, paper, a citation.

const KNOWN = { types: "type.", subTypes: "subtype.", attribution: "attribution.", verification: "verification.", levels: "level." };
const FIELDS = { time: ["from", "to"], text: ["text"], deaths: ["deathsMin", "deathsMax"], distance: ["withinKm"] };
const FILTERS = ["time", "text", ...viewer.FACETS, "deaths", "distance"];
const MOST = 6;

const fieldsOf = (name) => FIELDS[name] || [name];
const isSet = (state, name) => fieldsOf(name).some((field) => state[field] !== null && state[field].length !== 0);
const lifted = (names) => Object.fromEntries(names.flatMap(fieldsOf).map((field) => [field, viewer.EVERYTHING[field]]));
// A text that ends as a sentence has no second stop.
const sentences = (...said) => (said.filter(Boolean).join(". ") + ".").replace(/([.!?])\.(?= |$)/g, "$1");

viewer.words = ({ data, store, text, address, whole }, unitNames) => {
  const { say } = text;
  const joined = (parts, mark = say("words.separator")) => viewer.joined(parts, mark);

  function name(facet, value) {
    // An address may name what no list of words has.
    const known = (key) => (text.knows(key) ? say(key) : value);
    if (facet === "types") return known("type." + (value || "unknown"));
    if (value === "") return say("choice.none");
    if (KNOWN[facet]) return known(KNOWN[facet] + value);
    return facet === "units" ? unitNames[value] || value : value;
  }

  const kind = (row) => joined([name("types", row.event || ""), row.subEvent && name("subTypes", row.subEvent)], " · ");

  function status() {
    const { n, coarse, unlocated } = store.result().totals;
    return joined([
      say(data.panel.radius === null ? "status.shown" : "status.whole", { shown: n, n: store.data.rows.length }),
      coarse && say("status.coarse", { n: coarse }),
      unlocated && say("status.unlocated", { n: unlocated }),
    ], say("status.separator"));
  }

  function extent() {
    const span = viewer.span(store.rows());
    const { undated } = store.result().totals;
    return [status(), span && text.date(...span, "day"), undated && say("words.undated", { n: undated })];
  }

  const ranked = (things, key) => viewer.gather(things, key).sort((one, other) => other.length - one.length);

  function types() {
    const listed = ranked(store.rows(), (row) => row.event).map((group) => name("types", group[0].event || "") + " " + text.number(group.length));
    return listed.length && say("words.types", { types: joined(listed) });
  }

  function toll() {
    const { n, unknown, low, high } = store.result().totals;
    if (n === unknown) return "";
    // "At least ten": a lower end without an upper one.
    const open = store.rows().some((row) => row.low !== null && row.high === null);
    const key = open ? "words.deaths_open" : low === high ? "words.deaths" : "words.deaths_range";
    return joined([say(key, { low, high }), unknown && say("words.unknown", { n: unknown })], " ");
  }

  function chosen() {
    const state = store.state();
    const said = {
      time: () => text.date(state.from ?? whole[0], state.to ?? whole[1], "day"),
      text: () => state.text,
      deaths: () => joined(Object.entries({ at_least: state.deathsMin, at_most: state.deathsMax }).map(([key, n]) => n !== null && say("toll." + key, { n })), ", "),
      distance: () => say("ring.km", { km: state.withinKm }),
    };
    const values = (filter) => said[filter]?.() ?? state[filter].map((value) => name(filter, value)).join(", ");
    const set = FILTERS.filter((filter) => isSet(state, filter));
    return joined(set.map((filter) => say("cite.filter", { name: say("filter." + filter), values: values(filter) })));
  }

  // The day that a collection was closed, else that of its newest incident.
  const dated = () => Object.entries(data.dated).map(([key, day]) => say("cite." + key, { day: text.date(day, null, "day") }))[0];

  // By its title, or by the names in the records where there is none or several are mixed.
  function source() {
    const codes = [...new Set(store.rows().map((row) => row.dataset).filter(Boolean))].sort().join(", ");
    const title = text.caption("collection");
    const sources = title && codes.includes(", ") ? title + " (" + codes + ")" : title || codes;
    return sources && say("cite.sources", { sources });
  }

  function publishers() {
    const named = ranked(store.rows().flatMap((row) => [...new Set(row.sources.map((one) => one[0]))]), (one) => one);
    const names = named.slice(0, MOST).map((group) => group[0] + " (" + text.number(group.length) + ")").join(", ");
    const more = named.length - MOST;
    return names && say("cite.publishers", { names }) + (more > 0 ? " " + say("cite.more", { n: more }) : "");
  }

  return {
    name, kind, status, dated,
    summary: () => sentences(...extent(), types(), toll()),
    citation: () => joined([sentences(text.caption("title"), ...extent(), chosen(), source(), dated()), address.cited()], " "),
    // On paper, where the map says the count itself.
    printed: () => sentences(...extent().slice(1), chosen(), source(), dated(), publishers(), text.caption("coverage"), say("disclaimer")),
  };
};

Object.assign(viewer, { FILTERS, isSet, lifted, sentences });
