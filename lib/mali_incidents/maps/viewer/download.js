// To take along: what is shown as CSV or GeoJSON, a line to cite it by, a link that brings it back.

const { add, make, button, written } = viewer;

// columns: a table's columns, each with a row's field.
function flat(row, columns) {
  const values = Object.fromEntries(Object.entries(columns).map(([name, field]) => [name, row[field] ?? null]));
  const sources = row.sources.map((one) => one.filter(Boolean).join(", ")).join("; ");
  return { ...values, date_start: written(row.start), date_end: written(row.end), sources };
}

// A spreadsheet takes such a text for a formula: an apostrophe before it, as in storage.py.
viewer.cell = (value) => {
  if (typeof value !== "string") return String(value ?? "");
  const text = /^'*[=+\-@\t\r\n]/.test(value) ? "'" + value : value;
  return /[",\r\n]/.test(text) ? '"' + text.replace(/"/g, '""') + '"' : text;
};

function csv(rows, columns) {
  const names = Object.keys(columns).concat("sources");
  const lines = rows.map((row) => flat(row, columns)).map((row) => names.map((name) => viewer.cell(row[name])).join(","));
  // Excel reads UTF-8 only behind this mark.
  return "\ufeff" + [names.join(","), ...lines, ""].join("\r\n");
}

function geojson(rows, columns) {
  const features = rows.map((row) => ({
    type: "Feature",
    id: row.id,
    properties: flat(row, columns),
    geometry: row.lat === null ? null : { type: "Point", coordinates: [row.lon, row.lat] },
  }));
  return JSON.stringify({ type: "FeatureCollection", features });
}

viewer.downloads = ({ data, store, text, words, address }) => {
  const tools = make("div.mi-tools");

  function offer(content, name, note) {
    tools.querySelector(".mi-offer")?.remove();
    const copy = make("textarea.mi-copy", { readOnly: true, rows: 3, value: content, "aria-label": name });
    add(tools, "div.mi-offer", note && make("p.mi-note", note), copy);
    if (!note) copy.select();
  }

  function copier(key, told) {
    const name = text.say(key);
    const copy = button(name, () => {
      const content = told();
      const byHand = () => offer(content, name);
      const done = () => {
        copy.textContent = text.say("copy.done");
        setTimeout(() => (copy.textContent = name), 1500);
      };
      // Asked of a frame that may not, a browser complains.
      const policy = document.featurePolicy;
      if (navigator.clipboard && (!policy || policy.allowsFeature("clipboard-write"))) navigator.clipboard.writeText(content).then(done, byHand);
      else byHand();
    });
    tools.append(copy);
  }

  function saver(name, ending, type, write) {
    tools.append(button(name, () => {
      const content = write(store.rows(), data.downloads);
      const href = URL.createObjectURL(new Blob([content], { type }));
      make("a", { href, download: "incidents." + ending }).click();
      setTimeout(() => URL.revokeObjectURL(href), 60000);
      // A frame may forbid it, and does not say so.
      if (window.parent !== window) offer(content, name, text.say("copy.framed"));
    }));
  }

  copier("copy.link", address.link);
  copier("copy.citation", words.citation);
  if (data.downloads) {
    saver("CSV", "csv", "text/csv", csv);
    saver("GeoJSON", "geojson", "application/geo+json", geojson);
  }
  return tools;
};
