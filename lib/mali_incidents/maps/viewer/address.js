// The state of a map as a part of the page's address, so that a link brings the same view back.

const DAY = 86400000;
const NAMES = {
  types: "type", subTypes: "sub", actors: "by", attribution: "claim",
  verification: "info", units: "in", levels: "level",
};

const written = (at) => (at === null ? "" : new Date(at * DAY).toISOString().slice(0, 10));
const coded = (value) => encodeURIComponent(value).replace(/%20/g, "+").replace(/%2F/g, "/");

function decoded(value) {
  try {
    return decodeURIComponent(value.replace(/\+/g, " "));
  } catch {
    return null;
  }
}

function dayOf(text) {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(at) ? null : at / DAY;
}

// More deaths or kilometres than there can be are none.
const amount = (text) => (/^\d{1,6}(\.\d+)?$/.test(text) ? Number(text) : null);

// Two ends, the lower first, either perhaps open: "2024-01-01..".
const pair = (name, low, high, write, read) => ({
  name,
  write: (state) => write(state[low]) + ".." + write(state[high]),
  read(text) {
    const ends = text.split("..").map(read);
    if (ends.length !== 2) return null;
    if (!ends.includes(null)) ends.sort((one, other) => one - other);
    return { [low]: ends[0], [high]: ends[1] };
  },
});

const SHOWN = { shade: /^(region|cercle|commune)\.(incidents|deaths)$/, rings: /^1$/, sign: /^deaths$/ };

const PARTS = [
  pair("t", "from", "to", written, dayOf),
  ...viewer.FACETS.map((facet) => ({
    name: NAMES[facet],
    // "-" is what is not stated, and "--" a choice that is written so.
    write: (state) => state[facet].map((one) => (one === "" ? "-" : coded(one.replace(/^-+$/, "-$&")))).sort().join(","),
    read(text) {
      const read = text === "" ? [] : text.split(",").map(decoded);
      return read.includes(null) ? null : { [facet]: read.map((one) => (/^-+$/.test(one) ? one.slice(1) : one)) };
    },
  })),
  pair("deaths", "deathsMin", "deathsMax", (number) => number ?? "", amount),
  { name: "km", write: (state) => String(state.withinKm ?? ""), read: (text) => ({ withinKm: amount(text) }) },
  {
    name: "q",
    write: (state) => coded(state.text),
    read(text) {
      const words = decoded(text);
      return words === null ? null : { text: words };
    },
  },
  ...Object.entries(SHOWN).map(([name, known]) => ({
    name,
    write: (state) => state[name],
    read: (text) => ({ [name]: known.test(text) ? text : "" }),
  })),
];

function toAddress(state, start) {
  return PARTS.filter((part) => part.write(state) !== part.write(start || viewer.EVERYTHING))
    .map((part) => part.name + "=" + part.write(state))
    .join("&");
}

function fromAddress(text, start) {
  const state = { ...(start || viewer.EVERYTHING) };
  text.split("&").forEach((one) => {
    const at = one.indexOf("=");
    const part = PARTS.find((other) => other.name === one.slice(0, at));
    if (part) Object.assign(state, part.read(one.slice(at + 1)));
  });
  return state;
}

const placed = ({ lat, lng }, zoom) => [lat.toFixed(zoom > 9 ? 4 : 2), lng.toFixed(zoom > 9 ? 4 : 2), zoom.toFixed(2)].map(Number).join(",");

function placeOf(text) {
  const at = text.split(",").map((one) => (/^-?\d+(\.\d+)?$/.test(one) ? Number(one) : NaN));
  return at.length === 3 && Math.abs(at[0]) < 85 && Math.abs(at[1]) <= 180 && at[2] >= 0 ? at : null;
}

// What of the page's address is one map's, whose parts begin with name; whole: the first and last day there is.
function address(name, start, whole) {
  // A page in another page's source has no address: its link is what can stand behind that of the page round it.
  const own = /^(file|https?):$/.test(location.protocol);
  const parts = () => location.hash.slice(1).split("&").filter(Boolean);
  const mine = () => parts().filter((one) => one.startsWith(name)).map((one) => one.slice(name.length));
  const told = (key) => mine().filter((one) => one.startsWith(key + "=")).map((one) => one.slice(key.length + 1))[0] || "";
  const hash = () => {
    const all = parts().filter((one) => !one.startsWith(name)).concat(now.map((one) => name + one));
    return all.length ? "#" + all.join("&") : "";
  };
  const link = () => (own ? location.href.split("#")[0] : "") + hash();
  let now = mine();
  let waiting = null;
  return {
    state() {
      const state = fromAddress(mine().join("&"), start);
      // Dates that lie before or after all there are would leave an empty map.
      const beyond = whole && (state.from > whole[1] || (state.to ?? Infinity) < whole[0]);
      return beyond ? { ...state, from: start.from, to: start.to } : state;
    },
    incident: () => decoded(told("i")) || null,
    place: () => placeOf(told("at")),
    write(state, incident, at) {
      now = [...toAddress(state, start).split("&"), incident && "i=" + coded(incident), at && "at=" + at].filter(Boolean);
      clearTimeout(waiting);
      // Not at every step of a drag: browsers refuse an address that changes all the time.
      if (own) waiting = setTimeout(put, 200);
    },
    link,
    // For a citation: of a file its name alone, as its folder is nobody else's.
    cited: () => (location.protocol === "file:" ? decoded(location.pathname.split("/").at(-1)) + hash() : link()),
  };

  function put() {
    try {
      window.history.replaceState(window.history.state, "", hash() || location.pathname + location.search);
    } catch {
      // A sandbox may forbid it.
    }
  }
}

Object.assign(viewer, { written, dayOf, placed, toAddress, fromAddress, address });
