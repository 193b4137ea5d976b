// What a reader chose, and what that leaves of the incidents. Nothing here knows of a page or a map.

const LISTS = {
  types: ["event"],
  subTypes: ["subEvent"],
  actors: ["actor"],
  attribution: ["attribution"],
  verification: ["verification"],
  units: ["admin1", "admin2", "admin3"],
  levels: ["level"],
};
const FACETS = Object.keys(LISTS);
const COARSE = ["cercle", "region", "country"];

const EVERYTHING = Object.freeze({
  from: null, to: null, types: [], subTypes: [], actors: [], attribution: [], verification: [],
  units: [], levels: [], deathsMin: null, deathsMax: null, withinKm: null, text: "",
  shade: "", rings: "", sign: "",
});

// The deaths that stand for an incident: null when no report gives any.
const deaths = (row) => row.best ?? row.high ?? row.low ?? null;

// Letters without accents, case and unseen signs; ligatures and apostrophes as they are typed.
const UNSEEN = /[\p{M}\p{Cf}]/gu;
const fold = (text) =>
  text.normalize("NFKD").replace(UNSEEN, "").toLowerCase().replace(UNSEEN, "").replace(/œ/g, "oe").replace(/[’ʼ]/g, "'");

// Rows to what filters read fast: a code for each choice.
function digest(rows) {
  const data = { rows, choices: {}, codes: {}, folded: null };
  FACETS.forEach((facet) => {
    const known = new Map();
    data.codes[facet] = LISTS[facet].map((column, depth) =>
      Int32Array.from(rows, (row) => {
        const value = row[column] ?? "";
        // A row without a cercle has "not stated" once, as its region.
        if (value === "" && depth) return -1;
        if (!known.has(value)) known.set(value, known.size);
        return known.get(value);
      }),
    );
    data.choices[facet] = [...known.keys()];
  });
  ["start", "end", "nearest"].forEach((name) => (data[name] = Float64Array.from(rows, (row) => row[name] ?? NaN)));
  data.end.forEach((day, i) => (data.end[i] = Number.isNaN(day) ? data.start[i] : day));
  data.deaths = Float64Array.from(rows, (row) => deaths(row) ?? NaN);
  return data;
}

function folded(data) {
  data.folded ??= data.rows.map((row) =>
    fold([row.summary, row.reported, row.placed, row.actor, row.target, row.id].filter(Boolean).join("\n")),
  );
  return data.folded;
}

function tests(data, state) {
  const set = [];
  FACETS.forEach((facet) => {
    if (!state[facet].length) return;
    const wanted = data.choices[facet].map((choice) => state[facet].includes(choice));
    const codes = data.codes[facet];
    set.push([facet, codes.length === 1 ? (i) => wanted[codes[0][i]] : (i) => codes.some((column) => wanted[column[i]])]);
  });
  // An interval is in a window that it touches; one without a date is in none.
  const range = (name, least, most, lows, highs = lows) => {
    if (least === null && most === null) return;
    const low = least ?? -Infinity;
    const high = most ?? Infinity;
    set.push([name, (i) => highs[i] >= low && lows[i] <= high]);
  };
  range("time", state.from, state.to, data.start, data.end);
  range("deaths", state.deathsMin, state.deathsMax, data.deaths);
  range("distance", null, state.withinKm, data.nearest);
  const words = fold(state.text).split(/\s+/).filter(Boolean);
  if (words.length) {
    const texts = folded(data);
    set.push(["text", (i) => words.every((word) => texts[i].includes(word))]);
  }
  return set;
}

// What a state leaves: shown, indices of rows; untimed, those that at most the dates leave out;
// counts, for each choice under all other filters.
function select(data, state) {
  const size = data.rows.length;
  const failures = new Uint8Array(size);
  const culprit = new Uint8Array(size);
  const set = tests(data, state);
  set.forEach(([, passes], k) => {
    for (let i = 0; i < size; i += 1) {
      if (passes(i)) continue;
      failures[i] += 1;
      culprit[i] = k;
    }
  });
  const under = (name) => {
    const kept = [];
    for (let i = 0; i < size; i += 1) {
      if (!failures[i] || (failures[i] === 1 && set[culprit[i]][0] === name)) kept.push(i);
    }
    return kept;
  };
  const shown = under(null);
  const others = (name) => (set.some((pair) => pair[0] === name) ? under(name) : shown);
  const counts = {};
  FACETS.forEach((facet) => {
    const choices = data.choices[facet];
    const tally = new Int32Array(choices.length);
    const kept = others(facet);
    data.codes[facet].forEach((column) => {
      for (const i of kept) if (column[i] >= 0) tally[column[i]] += 1;
    });
    counts[facet] = new Map(choices.map((choice, code) => [choice, tally[code]]));
  });
  return { shown, untimed: others("time"), counts, totals: totals(data, shown) };
}

// Deaths as the suite sums them (counts/totals.py): an end that is missing is that before it.
function totals(data, shown) {
  const sum = { n: shown.length, coarse: 0, unlocated: 0, undated: 0, low: 0, best: 0, high: 0, unknown: 0 };
  shown.forEach((i) => {
    const row = data.rows[i];
    if (COARSE.includes(row.level)) sum.coarse += 1;
    if (row.level === "none") sum.unlocated += 1;
    if (Number.isNaN(data.start[i])) sum.undated += 1;
    if (deaths(row) === null) sum.unknown += 1;
    const low = row.low ?? 0;
    const best = row.best ?? low;
    sum.low += low;
    sum.best += best;
    sum.high += row.high ?? best;
  });
  return sum;
}

function span(rows) {
  let ends = null;
  rows.forEach(({ start, end }) => {
    if (start === null) return;
    const last = end ?? start;
    ends = ends ? [Math.min(ends[0], start), Math.max(ends[1], last)] : [start, last];
  });
  return ends;
}

// The one state of a map: listeners are told what it leaves. Changes of one gesture are undone together.
function store(data, start, now = start) {
  const listeners = [];
  const past = [];
  let state = now;
  let result = select(data, state);
  let before = null;
  const turn = (next, gesture) => {
    before = gesture;
    state = next;
    result = select(data, state);
    listeners.forEach((act) => act(result, state));
  };
  return {
    data,
    start,
    state: () => state,
    result: () => result,
    rows: () => (result.rows ??= result.shown.map((i) => data.rows[i])),
    undoable: () => past.length > 0,
    change(patch, gesture) {
      const next = { ...state, ...patch };
      if (JSON.stringify(next) === JSON.stringify(state)) return;
      if (!gesture || gesture !== before) past.push(state);
      turn(next, gesture);
    },
    undo: () => past.length && turn(past.pop(), null),
    listen(act) {
      listeners.push(act);
      act(result, state);
      return () => listeners.splice(listeners.indexOf(act), 1);
    },
  };
}

Object.assign(viewer, { EVERYTHING, FACETS, fold, deaths, digest, select, span, store });
