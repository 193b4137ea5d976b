// The data of a page, from its one block to rows: the format is described in maps/payload.py.
(function (root) {
  "use strict";
  const payload = {};

  // Whole numbers, or steps from one known number to the next; null for nothing.
  payload.numbers = function (column) {
    const parts = column.parts || 1;
    if (!column.steps) return parts === 1 ? column.numbers : column.numbers.map((one) => (one === null ? null : one / parts));
    let sum = 0;
    return column.steps.map(function (step) {
      if (step === null) return null;
      sum += step;
      return parts === 1 ? sum : sum / parts;
    });
  };

  payload.column = function (column, tables) {
    if (column.lengths) return records(column, tables);
    if (column.numbers || column.steps) return payload.numbers(column);
    const table = column.table || column.values || tables[column.of];
    return column.at ? payload.numbers(column.at).map((at) => (at < 0 ? null : table[at])) : table;
  };

  function records(column, tables) {
    const fields = column.fields.map((field) => payload.column(field, tables));
    let next = 0;
    return payload.numbers(column.lengths).map(function (length) {
      const list = [];
      for (const end = next + length; next < end; next += 1) list.push(fields.map((field) => field[next]));
      return list;
    });
  }

  payload.columns = function (packed, tables) {
    const columns = {};
    Object.keys(packed).forEach((name) => (columns[name] = payload.column(packed[name], tables || {})));
    return columns;
  };

  // One object an incident; what is said in words speaks the page's language of the moment.
  payload.rows = function (columns, types, text) {
    class Row {
      get subType() {
        return this.subEvent && text.say("subtype." + this.subEvent);
      }
      get reason() {
        return text.reason(columns.reason[this.index]);
      }
    }
    const names = Object.keys(columns).filter((name) => name !== "reason");
    const kinds = new Map(types.map((type) => [type.key, type]));
    return columns.id.map(function (id, i) {
      const row = new Row();
      row.index = i;
      row.type = kinds.get(columns.event[i]);
      for (const name of names) row[name] = columns[name][i];
      return row;
    });
  };

  // Whether this browser can read what is compressed.
  payload.readable = (text) => text[0] !== '"' || typeof DecompressionStream === "function";

  // A promise of the data in a block's text.
  payload.read = async function (text) {
    const data = JSON.parse(text);
    if (typeof data !== "string") return data;
    const letters = atob(data);
    const bytes = new Uint8Array(letters.length);
    for (let i = 0; i < letters.length; i += 1) bytes[i] = letters.charCodeAt(i);
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
    return new Response(stream).json();
  };

  // Why an incident was located as it was. In one pass, so that braces in a record's own words
  // stay as they are.
  payload.reason = function (reason, words) {
    return [reason].concat(reason[2] || []).map(function (one) {
      const values = one[1];
      return words.sentences[one[0]].replace(/\{(\w+)\}/g, function (slot, name) {
        return name === "level" ? words.levels[values.level] || "" : values[name];
      });
    }).join(" ");
  };

  if (typeof module === "object") module.exports = payload;
  else (root.maliIncidents = root.maliIncidents || {}).payload = payload;
})(typeof window === "object" ? window : globalThis);
