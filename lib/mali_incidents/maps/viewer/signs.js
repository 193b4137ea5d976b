// Signs of places with incidents; where one would cover the core of another, one for both.

// No sign reaches the core of another further than this, in pixels.
const CELL = 48;

const plus = (one, other) => ({
  low: one.low + other.low, best: one.best + other.best, high: one.high + other.high,
  open: one.open || other.open, known: one.known || other.known,
});

// Deaths summed as in state.js; open: one of them has no upper end.
const tollOf = (rows) => rows.map(({ low, best, high }) => ({
  low: low ?? 0, best: best ?? low ?? 0, high: high ?? best ?? low ?? 0, open: high === null, known: (low ?? best ?? high) !== null,
})).reduce(plus);

function inShort({ low, high, open, known }) {
  if (!known) return "?";
  return open ? low + "+" : low === high ? String(low) : low + "–" + high;
}

function radius(group, toll) {
  if (group.length === 1) return Math.min(5.5 + 1.3 * Math.sqrt(viewer.deaths(group[0]) || 0), 16);
  const size = Math.min(10 + 2.2 * Math.sqrt(toll ? toll.best / 3 : group.length), 22);
  return toll ? Math.max(size, Math.min(5 + 2.6 * inShort(toll).length, 30)) : size;
}

viewer.spots = (rows) => {
  const known = new Map();
  rows.forEach((row) => {
    if (row.lat === null) return;
    const key = row.lat + " " + row.lon;
    if (!known.has(key)) known.set(key, viewer.flat([row.lat, row.lon]));
    row.spot = known.get(key);
  });
};

// A symbol's corners reach further than its radius.
const reach = ({ group, radius: r }) => (group.length > 1 ? r : r * 1.25);

function looks({ group, toll }, byDeaths) {
  const [{ type }] = group;
  const counted = group.length > 1;
  return {
    shape: type.shape, colour: type.colour, open: !counted && viewer.deaths(group[0]) === null,
    label: byDeaths ? inShort(toll) : String(group.length),
    parts: counted && viewer.gather(group, (row) => row.type).map((rows) => ({ colour: rows[0].type.colour, count: rows.length })),
  };
}

// Signs for places, each a list of incidents. Only those in the cells around can cover one another.
viewer.signs = (places, scale, byDeaths) => {
  const signs = [];
  const cells = new Map();
  const tolls = byDeaths ? places.map(tollOf) : [];
  // The one that stands for more comes first, then the larger, then the earlier: in one number.
  const keys = places.map((group, i) => (group.length * 512 + Math.round(radius(group, tolls[i]) * 16)) * 2 ** 20 + 2 ** 20 - 1 - i);
  Float64Array.from(keys).sort().reverse().forEach((key) => {
    const number = 2 ** 20 - 1 - (key % 2 ** 20);
    const group = places[number];
    const toll = tolls[number];
    const x = group[0].spot.x * scale;
    const y = group[0].spot.y * scale;
    const sign = { group, places: [group], toll, radius: radius(group, toll), x, y, rank: signs.length };
    // Cells far apart may share a number, which costs no more than a look.
    const cell = (dx, dy) => (((x / CELL + dx) & 32767) << 15) | ((y / CELL + dy) & 32767);
    let over = null;
    for (let near = 0; near < 9; near += 1) {
      for (const one of cells.get(cell((near % 3) - 1, Math.floor(near / 3) - 1)) || []) {
        if (over && over.rank < one.rank) continue;
        const far = Math.hypot(one.x - x, one.y - y);
        if (far < Math.max(reach(one) + sign.radius * 0.5, reach(sign) + one.radius * 0.5)) over = one;
      }
    }
    if (over) {
      if (over.places.length === 1) over.group = over.group.slice();
      group.forEach((row) => over.group.push(row));
      over.places.push(group);
      if (byDeaths) over.toll = plus(over.toll, toll);
      over.radius = radius(over.group, over.toll);
      return;
    }
    signs.push(sign);
    if (cells.has(cell(0, 0))) cells.get(cell(0, 0)).push(sign);
    else cells.set(cell(0, 0), [sign]);
  });
  signs.forEach((sign) => Object.assign(sign, looks(sign, byDeaths)));
  // The larger below, so that a small symbol is never hidden.
  return signs.sort((one, other) => other.radius - one.radius);
};
