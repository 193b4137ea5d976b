// From the data block of a page to the layers that draw it, and what follows the address and the language.

let maps = 0;

// The layers are there at once, for folium to add, and filled when `ready` has the page's data.
viewer.read = (id) => {
  const block = document.getElementById(id);
  const page = {};
  // In the order of the page, whichever data is read first.
  const name = "m" + (maps += 1) + ".";
  const names = new viewer.Labels(() => incidents.boxes());
  const incidents = new viewer.Incidents(names, "layer.incidents");
  page.ready = read(block).then((data) => prepare(page, data, name));
  // Names are placed once, when all that fills the map is there.
  names.quiet = true;
  page.ready.catch(() => {}).then(() => names.together(() => {}));
  const filled = (layer, fill, refuse = () => {}) => {
    page.ready.then(fill, refuse);
    return layer;
  };
  filled(incidents, () => {
    incidents.fill(page.data.incidents, page.rows, page);
    page.store.listen((result, state) => incidents.show(page.store.rows(), state));
  });
  page.incidents = () => incidents;
  const layer = (Kind, nameKey, part) => () => {
    const made = new Kind(names, nameKey);
    return filled(made, () => made.fill(page.data[part], page.text, page.units));
  };
  page.basemap = layer(viewer.Basemap, "basemap.borders", "basemap");
  page.rings = layer(viewer.Rings, "layer.rings", "rings");
  page.panel = () => {
    const control = new L.Control({ position: "topleft" });
    const panel = viewer.make("section");
    // It stands among the controls at once, unseen until there is something to say.
    control.onAdd = () => {
      viewer.shield(panel);
      return panel;
    };
    const fill = () => {
      const map = control._map;
      viewer.panel(panel, map, page, incidents, names);
      viewer.printable(map, page.words);
      addressed(map, page, incidents);
      if (page.whole) viewer.time(page, () => names.draw()).addTo(map);
      speak(map, page);
    };
    return filled(control, fill, (error) => {
      console.warn(String(error));
      panel.classList.add("mi-panel");
      viewer.add(panel, "p", { role: "alert" }, block.dataset.unreadable);
    });
  };
  return page;
};

// In a page of several maps, what they share stands in a block of its own (maps/fragment.py).
async function read(block) {
  const shared = document.getElementById(block.dataset.shared);
  const [own, common] = await Promise.all([block, shared].map((one) => one && viewer.payload.read(one.textContent)));
  return shared ? viewer.payload.join(common, own) : own;
}

// Names of regions are written in capitals on the map, and not in lists.
const capital = (name) => name.toLowerCase().replace(/(^|[\s’-])\p{L}/gu, (letter) => letter.toUpperCase());

function prepare(page, data, name) {
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
  const whole = viewer.whole(rows);
  const start = { ...viewer.EVERYTHING, ...data.start };
  const address = viewer.address(name, start, whole);
  const store = viewer.store(viewer.digest(rows), start, address.state());
  Object.assign(page, { data, rows, whole, text, units: viewer.units(data.topology), store, address });
  const named = data.basemap.labels.filter((one) => one.unit);
  page.words = viewer.words(page, Object.fromEntries(named.map((one) => [one.unit, one.kind === "region" ? capital(one.text) : one.text])));
  page.naming = page.words.name;
  return page;
}

// The address follows state, opened incident and a moved map, and these the address.
function addressed(map, { data, store, address, rows, text }, incidents) {
  const land = L.latLngBounds(data.basemap.labels.map(({ lat, lon }) => [lat, lon])).pad(0.5);
  let opened = null;
  let at = "";
  let touched = false;
  const found = () => rows.find((one) => one.id === opened);
  const write = () => address.write(store.state(), opened, at);
  const go = () => {
    const [lat, lng, zoom] = address.place() || [];
    // Where nothing is drawn a reader would be lost.
    const known = zoom !== undefined && land.contains([lat, lng]);
    at = known ? viewer.placed({ lat, lng }, zoom) : "";
    if (known) viewer.whenSized(map, () => map.setView([lat, lng], zoom, { animate: false }));
    const before = opened;
    opened = address.incident();
    const row = found();
    if (row) viewer.whenSized(map, () => incidents.choose(row));
    else if (before && incidents._popup) map.closePopup(incidents._popup);
  };
  const touch = (event) => (touched ||= !event.target.closest(".mi-panel, .mi-time, .mi-drawer"));
  ["wheel", "pointerdown", "keydown"].forEach((kind) => map.getContainer().addEventListener(kind, touch, { capture: true, passive: true }));
  map.on("moveend", () => {
    if (!touched) return;
    at = viewer.placed(map.getCenter(), map.getZoom());
    write();
  });
  window.addEventListener("hashchange", () => {
    store.change(address.state());
    go();
    write();
  });

  // A link may open an incident that the filters leave out: the card says so.
  const note = () => {
    const row = found();
    if (!row || !incidents._popup || store.rows().includes(row)) return;
    const late = store.result().untimed.includes(row.index);
    const show = () => {
      store.change(viewer.lifted(late ? ["time"] : viewer.FILTERS));
      incidents.choose(row);
    };
    const more = viewer.button(text.say(late ? "time.all" : "card.show_all"), show, ".mi-more");
    incidents._popup.getContent().prepend(viewer.make("p.mi-out", text.say("card.left_out") + " ", more));
    incidents._popup.update();
  };
  map.on("popupopen", () => setTimeout(note));
  text.changed(note);
  incidents.on("chosen", (event) => {
    opened = event.incident && event.incident.id;
    write();
  });
  go();
  store.listen(write);
}

const layerControls = [];
L.Control.Layers.addInitHook(function () {
  layerControls.push(this);
});

// What stands round the layers follows the language: the document, the buttons, the credits.
function speak(map, { data, text }) {
  let before = data.captions[text.lang];
  text.changed(() => {
    const now = data.captions[text.lang];
    const main = map.getContainer();
    main.lang = text.lang;
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
