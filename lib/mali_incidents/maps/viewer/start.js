// From the data block of a page to the layers that draw it, and what of the map a window shows.

// From this width on the panel stands open beside the map; in a narrower window it is folded.
const WIDE = 900;
// From this width on, the map and its dates stand beside the panel, and else below it.
const BESIDE = 641;
// What both A4 and Letter hold in landscape inside margins of 10 mm, in CSS pixels.
const PAPER = [971, 718];
// How many maps the page has had so far.
let maps = 0;

// The layers are there at once, for folium to add, and filled when the data is read: `ready`
// is a promise of the handle with data, rows, text and units.
viewer.read = (id) => {
  const block = document.getElementById(id);
  const handle = {};
  // In the order of the page, whichever data is read first.
  const name = "m" + (maps += 1) + ".";
  const names = new viewer.Labels(() => incidents.boxes());
  const incidents = new viewer.Incidents(names, "layer.incidents");
  handle.ready = read(block).then((data) => {
    const text = viewer.speech(data);
    data.incidents.types.forEach((type) =>
      Object.defineProperty(type, "name", { get: () => text.say("type." + (type.key || "unknown")) }),
    );
    const unpack = (held, part) => (held[part] = viewer.payload.lines(held[part], data.parts));
    ["land", "frontiers", "lakes", "rivers"].forEach((part) => unpack(data.basemap, part));
    unpack(data.incidents, "outlines");
    if (data.rings) data.rings.rings.forEach((ring) => unpack(ring, "line"));
    const columns = viewer.payload.columns(data.incidents.columns, data.tables);
    const rows = viewer.payload.rows(columns, data.incidents.types, text);
    const start = { ...viewer.EVERYTHING, ...data.start };
    const address = viewer.address(name, start);
    const store = viewer.store(viewer.digest(rows), start, address.state());
    const unitNames = Object.fromEntries(data.basemap.labels.filter((one) => one.unit).map((one) => [one.unit, one.kind === "region" ? capital(one.text) : one.text]));
    const naming = viewer.naming(text, unitNames);
    return Object.assign(handle, { data, rows, text, units: viewer.units(data.topology), store, naming, address });
  });
  // Names are placed once, when all that fills the map is there.
  names.quiet = true;
  handle.ready.catch(() => {}).then(() => names.together(() => {}));
  const filled = (layer, fill, refuse) => {
    handle.ready.then(fill, refuse || (() => {}));
    return layer;
  };
  filled(incidents, () => {
    incidents.fill(handle.data.incidents, handle.rows, handle);
    handle.store.listen((result, state) => incidents.show(result.shown, state));
  });
  handle.incidents = () => incidents;
  const layer = (Kind, nameKey, part) => () => {
    const made = new Kind(names, nameKey);
    return filled(made, () => made.fill(handle.data[part], handle.text, handle.units));
  };
  handle.basemap = layer(viewer.Basemap, "basemap.borders", "basemap");
  handle.rings = layer(viewer.Rings, "layer.rings", "rings");
  handle.panel = () => {
    const panel = new viewer.Panel(names);
    const fill = () => {
      const { data, store, naming, text } = handle;
      panel.fill({ area: data.incidents.area, ...data.panel }, incidents, {
        text, store, naming,
        tools: (map) => tools(map, handle, panel, incidents),
      });
      addressed(panel._map, handle, incidents);
      timed(panel._map, handle, incidents);
      speak(panel._map, handle);
    };
    return filled(panel, fill, (error) => {
      console.warn(String(error));
      panel.refuse(block.dataset.unreadable);
    });
  };
  return handle;
};

// In a page of several maps, what they share stands in a block of its own (maps/fragment.py).
async function read(block) {
  const shared = document.getElementById(block.dataset.shared);
  const [own, common] = await Promise.all([block, shared].map((one) => one && viewer.payload.read(one.textContent)));
  return shared ? viewer.payload.join(common, own) : own;
}

// Names of regions are written in capitals on the map, and not in lists.
const capital = (name) => name.toLowerCase().replace(/(^|[\s’-])\p{L}/gu, (letter) => letter.toUpperCase());

// What stands in the panel besides filters and legend: made anew when the language changes.
function tools(map, handle, panel, incidents) {
  const { data, store, naming, text, address } = handle;
  if (handle.close) handle.close();
  const table = viewer.table(store, text, naming, (row) => {
    panel.fold();
    incidents.choose(row);
  });
  handle.close = table.remove;
  return { near: table.open(map), far: viewer.downloads(store, text, naming, data.captions[text.lang].title, address.link, data.downloads) };
}

// The address follows the state, and the state the address where a reader changes that.
function addressed(map, handle, incidents) {
  const { store, address } = handle;
  let opened = address.incident();
  const write = () => address.write(store.state(), opened);
  const open = () => {
    const row = handle.rows.find((one) => one.id === opened);
    if (row) viewer.whenSized(map, () => incidents.choose(row));
  };
  open();
  store.listen(write);
  incidents.on("chosen", (event) => {
    opened = event.incident && event.incident.id;
    write();
  });
  window.addEventListener("hashchange", () => {
    opened = address.incident();
    store.change(address.state());
    open();
  });
}

function timed(map, handle, incidents) {
  let control = null;
  const renew = () => {
    if (control) control.remove();
    control = viewer.time(handle.store, handle.text, () => incidents._names.draw()).addTo(map);
  };
  renew();
  handle.text.changed(renew);
}

const layerControls = [];
L.Control.Layers.addInitHook(function () {
  layerControls.push(this);
});

// What stands round the layers follows the language: the document, the buttons, the credits.
function speak(map, handle) {
  const text = handle.text;
  let before = handle.data.captions[text.lang];
  text.changed(() => {
    const now = handle.data.captions[text.lang];
    const main = map.getContainer();
    main.lang = text.lang;
    viewer.label(main, now.alt);
    // A page of several maps, or of another's, has a title and a language of its own.
    if (document.title === before.title) {
      document.title = now.title;
      document.documentElement.lang = text.lang;
    }
    ["in", "out"].forEach((way) => {
      const button = main.querySelector(".leaflet-control-zoom-" + way);
      if (button) viewer.entitle(button, text.say("zoom." + way));
    });
    if (map.attributionControl) map.attributionControl.removeAttribution(before.credits).addAttribution(now.credits);
    layerControls.filter((one) => one._map === map).forEach((control) => {
      control._layers.forEach((one) => (one.name = one.layer.nameKey ? text.say(one.layer.nameKey) : one.name));
      control._update();
    });
    before = now;
  });
}

viewer.whenSized = (map, act) => {
  if (map.getSize().x && map.getSize().y) act();
  else map.once("resize", () => viewer.whenSized(map, act));
};

viewer.isBeside = (map) => map.getSize().x >= BESIDE;
viewer.isWide = (map) => map.getSize().x >= WIDE;

// What the panel and the buttons leave free: pixels at the left and top, at the right and bottom.
viewer.margins = (map) => {
  const panel = map.getContainer().querySelector(".mi-panel");
  const strip = map.getContainer().querySelector(".mi-time");
  const drawer = map.getContainer().querySelector(".mi-drawer");
  // An open table stands on the dates; on a small screen it covers all, and closes before a card.
  const table = drawer && drawer.offsetHeight < map.getSize().y * 0.7 ? drawer.offsetHeight : 0;
  const dates = (strip ? strip.offsetHeight : 100) + table;
  const box = panel ? panel.getBoundingClientRect() : { width: 300, height: 230 };
  return viewer.isBeside(map)
    ? { topLeft: [box.width + 20, 10], bottomRight: [60, dates + 30] }
    : { topLeft: [10, Math.min(box.height, map.getSize().y * 0.4) + 20], bottomRight: [10, dates + 54] };
};

// Fit a view beside the panel on a wide window, and below it on a narrow one.
viewer.frame = (map, bounds) => {
  // A frame that is not laid out yet has no size: fit when it has.
  map.setView(L.latLngBounds(bounds).getCenter(), map.getMinZoom());
  viewer.whenSized(map, () => fit(map, bounds));
  printable(map);
};

function fit(map, bounds) {
  const free = viewer.margins(map);
  // As large as there is room for, between the steps of the buttons as well.
  const snap = map.options.zoomSnap;
  map.options.zoomSnap = 0.05;
  map.fitBounds(bounds, { paddingTopLeft: free.topLeft, paddingBottomRight: free.bottomRight, animate: false });
  map.options.zoomSnap = snap;
}

// On paper the map is what the window shows, scaled: a canvas drawn anew for the paper would
// wipe out those below it.
function printable(map) {
  const container = map.getContainer();
  const legend = () => container.querySelector(".mi-legend");
  let folded = false;
  window.addEventListener("beforeprint", () => {
    folded = Boolean(legend()) && !legend().open;
    if (folded) legend().open = true;
    const size = map.getSize();
    const paper = size.x > size.y ? PAPER : PAPER.slice().reverse();
    const scale = Math.min(paper[0] / size.x, paper[1] / size.y);
    container.classList.add("mi-print", size.x > size.y ? "mi-landscape" : "mi-portrait");
    Object.assign(container.style, { width: size.x + "px", height: size.y + "px", zoom: scale });
  });
  window.addEventListener("afterprint", () => {
    if (folded) legend().open = false;
    container.classList.remove("mi-print", "mi-landscape", "mi-portrait");
    Object.assign(container.style, { width: "", height: "", zoom: "" });
  });
}
