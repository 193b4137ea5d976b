// To take along: what is shown as CSV or GeoJSON, a line to cite it by, a link that brings it back.

const { add, make, button, written } = viewer;
const COLUMNS = {
  incident_id: "id", date_start: "start", date_end: "end", date_precision: "precision", event_type: "event",
  sub_event_type: "subEvent", target: "target", actor: "actor", attribution: "attribution",
  fatalities_low: "low", fatalities_best: "best", fatalities_high: "high", injured: "injured", abducted: "abducted",
  summary: "summary", location_text: "reported", verification: "verification", dataset: "dataset",
  level: "level", located: "placed", located_latitude: "lat", located_longitude: "lon", uncertainty_m: "radius",
  admin1_id: "admin1", admin2_id: "admin2", admin3_id: "admin3",
};

function flat(row) {
  const values = Object.fromEntries(Object.entries(COLUMNS).map(([name, field]) => [name, row[field] ?? null]));
  const sources = row.sources.map((one) => one.filter(Boolean).join(", ")).join("; ");
  return { ...values, date_start: written(row.start), date_end: written(row.end), sources };
}

// A text that a spreadsheet would take for a formula has an apostrophe before it, as in the
// tables that Python writes (storage.py).
viewer.cell = (value) => {
  if (typeof value !== "string") return String(value ?? "");
  const text = /^'*[=+\-@\t\r\n]/.test(value) ? "'" + value : value;
  return /[",\r\n]/.test(text) ? '"' + text.replace(/"/g, '""') + '"' : text;
};

viewer.csv = (rows) => {
  const names = Object.keys(COLUMNS).concat("sources");
  const lines = rows.map(flat).map((row) => names.map((name) => viewer.cell(row[name])).join(","));
  // Excel reads UTF-8 only behind this mark.
  return "\ufeff" + [names.join(","), ...lines, ""].join("\r\n");
};

// Where only an area is known there is no point, as on the map.
viewer.geojson = (rows) => {
  const features = rows.map((row) => ({
    type: "Feature",
    id: row.id,
    properties: flat(row),
    geometry: row.lat === null ? null : { type: "Point", coordinates: [row.lon, row.lat] },
  }));
  return JSON.stringify({ type: "FeatureCollection", features });
};

// What is chosen, in words.
function chosen(store, text, naming) {
  const state = store.state();
  const say = text.say;
  const between = (low, high) => [low !== null && say("toll.at_least", { n: low }), high !== null && say("toll.at_most", { n: high })].filter(Boolean).join(", ");
  const words = {
    time: () => [written(state.from), written(state.to)].join(" – "),
    text: () => state.text,
    deaths: () => between(state.deathsMin, state.deathsMax),
    distance: () => say("ring.km", { km: state.withinKm }),
  };
  return viewer.FILTERS.filter((name) => viewer.isSet(state, name)).map((name) => {
    const said = words[name] ? words[name]() : state[name].map((value) => naming(name, value)).join(", ");
    return say("cite.filter", { name: say("filter." + name), values: said });
  });
}

viewer.citation = (title, store, text, naming) => {
  const rows = store.rows();
  const sources = [...new Set(rows.map((row) => row.dataset).filter(Boolean))].sort().join(", ");
  return viewer.sentences(
    title,
    viewer.status(store, text),
    viewer.period(rows, text),
    store.result().totals.undated && text.say("words.undated", { n: store.result().totals.undated }),
    chosen(store, text, naming).join(text.say("words.separator")),
    sources && text.say("cite.sources", { sources }),
  );
};

// Where the clipboard is closed to the page, the text stands in a field, to be copied by hand.
function copier(key, say, words) {
  const copy = button("", say(key), () => {
    const told = words();
    const done = () => {
      copy.textContent = say("copy.done");
      setTimeout(() => (copy.textContent = say(key)), 1500);
    };
    const byHand = () => {
      copy.parentNode.querySelectorAll(".mi-copy").forEach((one) => one.remove());
      const field = add(copy.parentNode, "input", "mi-copy");
      Object.assign(field, { readOnly: true, value: told });
      viewer.label(field, say(key));
      field.select();
    };
    // Asked of a frame that may not, a browser complains.
    const policy = document.featurePolicy;
    if (navigator.clipboard && (!policy || policy.allowsFeature("clipboard-write"))) navigator.clipboard.writeText(told).then(done, byHand);
    else byHand();
  });
  return copy;
}

function save(content, type, name) {
  const anchor = make("a");
  anchor.href = URL.createObjectURL(new Blob([content], { type }));
  anchor.download = name;
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(anchor.href), 60000);
}

// Tools of the panel.
viewer.downloads = (store, text, naming, title, link, allowed) => {
  const copiers = [
    copier("copy.link", text.say, link),
    copier("copy.citation", text.say, () => viewer.citation(title, store, text, naming)),
  ];
  return allowed ? [
    ...copiers,
    button("", "CSV", () => save(viewer.csv(store.rows()), "text/csv", "incidents.csv")),
    button("", "GeoJSON", () => save(viewer.geojson(store.rows()), "application/geo+json", "incidents.geojson")),
  ] : copiers;
};
