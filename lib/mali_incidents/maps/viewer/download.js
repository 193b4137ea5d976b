// To take along: what is shown as CSV or GeoJSON, a line to cite it by, a link that brings it back.

const { add, make, button, written } = viewer;

// columns: the names of the table's columns, each with that of a row's field.
function flat(row, columns) {
  const values = Object.fromEntries(Object.entries(columns).map(([name, field]) => [name, row[field] ?? null]));
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

function csv(rows, columns) {
  const names = Object.keys(columns).concat("sources");
  const lines = rows.map((row) => flat(row, columns)).map((row) => names.map((name) => viewer.cell(row[name])).join(","));
  // Excel reads UTF-8 only behind this mark.
  return "\ufeff" + [names.join(","), ...lines, ""].join("\r\n");
}

// Where only an area is known there is no point, as on the map.
function geojson(rows, columns) {
  const features = rows.map((row) => ({
    type: "Feature",
    id: row.id,
    properties: flat(row, columns),
    geometry: row.lat === null ? null : { type: "Point", coordinates: [row.lon, row.lat] },
  }));
  return JSON.stringify({ type: "FeatureCollection", features });
}

// Tools of the panel.
viewer.downloads = ({ data, store, text, words, address }) => {
  const tools = make("div", "mi-tools");

  // A text in a field, to be copied by hand.
  function offer(content, name, note) {
    tools.querySelectorAll(".mi-offer").forEach((one) => one.remove());
    const place = add(tools, "div", "mi-offer");
    if (note) add(place, "p", "mi-note", note);
    const field = add(place, "textarea", "mi-copy");
    Object.assign(field, { readOnly: true, rows: 3, value: content });
    viewer.label(field, name);
    if (!note) field.select();
  }

  function copier(key, told) {
    const name = text.say(key);
    const copy = tools.appendChild(button("", name, () => {
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
    }));
  }

  function saver(name, ending, type, write) {
    tools.appendChild(button("", name, () => {
      const content = write(store.rows(), data.downloads);
      const anchor = make("a");
      anchor.href = URL.createObjectURL(new Blob([content], { type }));
      anchor.download = "incidents." + ending;
      anchor.click();
      setTimeout(() => URL.revokeObjectURL(anchor.href), 60000);
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
