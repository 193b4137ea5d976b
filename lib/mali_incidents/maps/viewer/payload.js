// The data of a page, from its one block to rows: the format is described in maps/payload.py.
(function (root) {
  "use strict";
  const payload = {};

  payload.numbers = function ({ numbers, steps, parts = 1 }) {
    let sum = 0;
    const whole = steps ? (step) => (sum += step) : (number) => number;
    return (steps || numbers).map((one) => (one === null ? null : whole(one) / parts));
  };

  payload.column = function (column, tables) {
    if (column.lengths) return records(column, tables);
    if (column.numbers || column.steps) return payload.numbers(column);
    const table = column.table || tables[column.of];
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

  payload.columns = (packed, tables) =>
    Object.fromEntries(Object.entries(packed).map(([name, column]) => [name, payload.column(column, tables)]));

  // One object an incident; what is said in words speaks the page's language of the moment. Fields
  // set one by one: set by a name that varies, they take ten times as long.
  payload.rows = function (c, types, text) {
    class Row {
      constructor(i, type) {
        this.index = i;
        this.type = type;
        this.id = c.id[i]; this.event = c.event[i]; this.subEvent = c.subEvent[i]; this.dataset = c.dataset[i];
        this.start = c.start[i]; this.end = c.end[i]; this.precision = c.precision[i]; this.summary = c.summary[i];
        this.target = c.target[i]; this.actor = c.actor[i]; this.attribution = c.attribution[i];
        this.verification = c.verification[i]; this.low = c.low[i]; this.best = c.best[i]; this.high = c.high[i];
        this.injured = c.injured[i]; this.abducted = c.abducted[i]; this.reported = c.reported[i];
        this.placed = c.placed[i]; this.sources = c.sources[i]; this.level = c.level[i]; this.lat = c.lat[i];
        this.lon = c.lon[i]; this.labelLat = c.labelLat[i]; this.labelLon = c.labelLon[i]; this.radius = c.radius[i];
        this.admin1 = c.admin1[i]; this.admin2 = c.admin2[i]; this.admin3 = c.admin3[i]; this.unit = c.unit[i];
        this.outline = c.outline[i]; this.how = c.how[i];
        for (const name of more) this[name] = c[name][i];
      }
      get subType() {
        return this.subEvent && text.say("subtype." + this.subEvent);
      }
      get reason() {
        return text.reason(c.reason[this.index]);
      }
    }
    const more = [];
    const known = new Row(0);
    more.push(...Object.keys(c).filter((name) => !(name in known)));
    const kinds = new Map(types.map((type) => [type.key, type]));
    return c.id.map((id, i) => new Row(i, kinds.get(c.event[i])));
  };

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

  // In one pass, so that braces in a record's own words stay as they are.
  payload.reason = function (reason, words) {
    const fill = ([code, ...values]) =>
      words.sentences[code].replace(/\{(\w+)\}/g, function (slot, name) {
        const value = values[words.slots[code].indexOf(name)];
        return name === "level" ? words.levels[value] || "" : value;
      });
    return reason.map(fill).join(" ");
  };

  if (typeof module === "object") module.exports = payload;
  else (root.maliIncidents = root.maliIncidents || {}).payload = payload;
})(typeof window === "object" ? window : globalThis);
