// What of a map a window shows, beside the panel, and what paper does.

const WIDE = 900;
// From this width on, map and dates stand beside the panel, and else below it.
const BESIDE = 641;
// As viewer.css has it.
const PAPER = { width: "716px", height: "576px" };
// Less room than this between panel and dates is none.
const LEAST = 90;
const RESET = { reset: true };

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
  const { topLeft, bottomRight } = viewer.margins(map);
  // In a small frame what stands on the map leaves too little of it.
  const small = map.getSize().y - topLeft[1] - bottomRight[1] < LEAST;
  const padding = small ? { padding: [10, 10] } : { paddingTopLeft: topLeft, paddingBottomRight: bottomRight };
  unsnapped(map, () => map.fitBounds(bounds, { ...padding, animate: false }));
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
  const draw = (size, bounds) => {
    Object.assign(container.style, size);
    map.invalidateSize({ pan: false });
    unsnapped(map, () => (bounds ? map.setView(bounds.getCenter(), map.getBoundsZoom(bounds), RESET) : map.setView(...shown.view, RESET)));
    // Leaflet waits for the next frame, which paper does not have.
    map.eachLayer((layer) => layer instanceof L.Canvas && Object.assign(layer, { _redrawBounds: null })._redraw());
  };
  window.addEventListener("beforeprint", () => {
    const legend = container.querySelector(".mi-legend");
    const { topLeft, bottomRight } = viewer.margins(map);
    const corners = [topLeft, map.getSize().subtract(bottomRight)].map((at) => map.containerPointToLatLng(at));
    shown = { view: [map.getCenter(), map.getZoom()], open: legend.open };
    legend.open = true;
    foot.textContent = words.printed();
    container.classList.add("mi-print");
    draw(PAPER, L.latLngBounds(corners));
    Object.assign(container.style, { width: "", height: "" });
  });
  window.addEventListener("afterprint", () => {
    container.querySelector(".mi-legend").open = shown.open;
    container.classList.remove("mi-print");
    draw({});
  });
};
