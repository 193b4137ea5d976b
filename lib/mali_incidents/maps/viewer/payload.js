// The data of a page, from its one block to rows: the format is described in maps/payload.py.

const payload = (viewer.payload = {});

payload.numbers = ({ numbers, steps, parts = 1 }) => {
  let sum = 0;
  const whole = steps ? (step) => (sum += step) : (number) => number;
  return (steps || numbers).map((one) => (one === null ? null : whole(one) / parts));
};

payload.column = (column, tables) => {
  if (column.lengths) return records(column, tables);
  if (column.numbers || column.steps) return payload.numbers(column);
  const table = column.table || tables[column.of];
  return column.at ? payload.numbers(column.at).map((at) => (at < 0 ? null : table[at])) : table;
};

function records(column, tables) {
  const fields = column.fields.map((field) => payload.column(field, tables));
  let next = 0;
  return payload.numbers(column.lengths).map((length) => {
    const list = [];
    for (const end = next + length; next < end; next += 1) list.push(fields.map((field) => field[next]));
    return list;
  });
}

payload.columns = (packed, tables) =>
  Object.fromEntries(Object.entries(packed).map(([name, column]) => [name, payload.column(column, tables)]));

payload.lines = (packed, parts) => {
  if (typeof packed[0] !== "number") return packed.map((one) => payload.lines(one, parts));
  const line = [];
  for (let i = 0, x = 0, y = 0; i < packed.length; i += 2) {
    x += packed[i];
    y += packed[i + 1];
    line.push([y / parts, x / parts]);
  }
  return line;
};

// One object an incident, which reads its fields where they stand: to copy them takes much longer.
payload.rows = (columns, types, text) => {
  class Row {
    constructor(index, type) {
      this.index = index;
      this.type = type;
    }
    get subType() {
      return this.subEvent && text.say("subtype." + this.subEvent);
    }
    get reason() {
      return text.reason(columns.reason[this.index]);
    }
  }
  Object.entries(columns).forEach(([name, column]) => {
    const read = function () {
      return column[this.index];
    };
    if (name !== "reason") Object.defineProperty(Row.prototype, name, { get: read });
  });
  const kinds = new Map(types.map((type) => [type.key, type]));
  return columns.id.map((id, i) => new Row(i, kinds.get(columns.event[i])));
};

payload.read = async function (text) {
  const data = JSON.parse(text);
  if (typeof data !== "string") return data;
  const letters = atob(data);
  const bytes = new Uint8Array(letters.length);
  for (let i = 0; i < letters.length; i += 1) bytes[i] = letters.charCodeAt(i);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return new Response(stream).json();
};

// What maps of a page have in common, and what is one's own.
payload.join = (shared, own) => {
  const both = { ...shared, ...own };
  Object.keys(shared).forEach((key) => {
    if (key in own) both[key] = payload.join(shared[key], own[key]);
  });
  return both;
};

// In one pass, so that braces in a record's own words stay as they are.
payload.reason = (reason, words) => {
  const fill = ([code, ...values]) =>
    words.sentences[code].replace(/\{(\w+)\}/g, (slot, name) => {
      const value = values[words.slots[code].indexOf(name)];
      return words.words[name] ? words.words[name][value] || "" : value;
    });
  return reason.map(fill).join(" ");
};
