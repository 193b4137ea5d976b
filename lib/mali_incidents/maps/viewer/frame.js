// What of a map a window shows, beside the panel, and what paper does.

const WIDE = 900;
// From this width on, map and dates stand beside the panel, and else below it.
const BESIDE = 641;
// As viewer.css has it.
const PAPER = { width: "716px", height: "576px" };
// Less room than this between panel and dates is none.
const LEAST = 90;

viewer.whenSized = (map, act) => {
  if (map.getSize().x && map.getSize().y) act();
  else map.once("resize", () => viewer.whenSized(map, act));
};

viewer.isBeside = (map) => map.getSize().x >= BESIDE;
viewer.isWide = (map) => map.getSize().x >= WIDE;

// What the panel, the dates and the buttons take at the sides, in pixels.
viewer.margins = (map) => {
  const [panel, strip, drawer] = [".mi-panel", ".mi-time", ".mi-drawer"].map((one) => map.getContainer().querySelector(one));
  // An open table stands on the dates; on a small screen it closes before a card.
  const { x, y } = map.getSize();
  const table = drawer && drawer.offsetHeight < y * 0.7 ? drawer.offsetHeight : 0;
  const dates = (strip ? strip.offsetHeight : 100) + table + 50;
  const box = panel ? panel.getBoundingClientRect() : { width: 300, height: 230 };
  // On an upright screen there is more room below the panel; what is folded out gives way.
  return viewer.isBeside(map) && x > y
    ? { topLeft: [box.width + 20, 10], bottomRight: [60, dates] }
    : { topLeft: [10, Math.min(box.height, y * 0.4) + 20], bottomRight: [10, dates] };
};

viewer.frame = (map, bounds) => {
  // A frame that is not laid out yet has no size: fit when it has.
  map.setView(L.latLngBounds(bounds).getCenter(), map.getMinZoom());
  viewer.whenSized(map, () => fit(map, bounds));
};

function fit(map, bounds) {
  const [paddingTopLeft, paddingBottomRight] = free(map);
  unsnapped(map, () => map.fitBounds(bounds, { paddingTopLeft, paddingBottomRight, animate: false }));
}

// The margins of what is seen; in a small frame what stands on the map leaves too little of it.
function free(map) {
  const { topLeft, bottomRight } = viewer.margins(map);
  return map.getSize().y - topLeft[1] - bottomRight[1] < LEAST ? [[10, 10], [10, 10]] : [topLeft, bottomRight];
}

// As large as there is room for, also between the buttons' steps.
function unsnapped(map, act) {
  const { zoomSnap } = map.options;
  map.options.zoomSnap = 0;
  act();
  map.options.zoomSnap = zoomSnap;
}

// On paper the map is drawn anew, as large as it stands beside or above the legend on a sheet of A4.
viewer.printable = (map, words) => {
  const container = map.getContainer();
  const foot = viewer.add(container, "p.mi-foot");
  let shown = null;
  const draw = (size, view) => {
    Object.assign(container.style, size);
    map.invalidateSize({ pan: false });
    unsnapped(map, () => map.setView(...view(), { reset: true }));
    // Leaflet waits for the next frame, which paper does not have.
    map.eachLayer((layer) => layer instanceof L.Canvas && Object.assign(layer, { _redrawBounds: null })._redraw());
  };
  window.addEventListener("beforeprint", () => {
    const legend = container.querySelector(".mi-legend");
    const [topLeft, bottomRight] = free(map);
    const seen = L.latLngBounds([topLeft, map.getSize().subtract(bottomRight)].map((at) => map.containerPointToLatLng(at)));
    shown = { view: [map.getCenter(), map.getZoom()], open: legend.open };
    legend.open = true;
    foot.textContent = words.printed();
    container.classList.add("mi-print");
    draw(PAPER, () => [seen.getCenter(), map.getBoundsZoom(seen)]);
    Object.assign(container.style, { width: "", height: "" });
  });
  window.addEventListener("afterprint", () => {
    container.querySelector(".mi-legend").open = shown.open;
    container.classList.remove("mi-print");
    draw({}, () => shown.view);
  });
};
